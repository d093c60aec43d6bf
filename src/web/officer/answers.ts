// What an officer has answered so far, as it travels from page to page, and what is wrong with it.
import { z } from "zod";
import type { Desk } from "../../app/desk.ts";
import { deliveryKeyProblems } from "../../app/portal.ts";
import type { Day } from "../../kernel/instant.ts";
import type { FormError } from "../look/forms.tsx";

/** The longest answer taken, in UTF-16 code units; what is longer is refused, never cut in silence. */
const longest = {
  agency: 200,
  officerName: 100,
  rank: 80,
  badge: 20,
  phone: 40,
  address: 300,
  reference: 60,
  nature: 10,
  instrument: 40,
  issuer: 120,
  signedBy: 12,
  signer: 100,
  issuedOn: 10,
  expiresOn: 10,
  workspace: 100,
  accounts: 12_000,
  dataTypes: 1000,
  from: 10,
  to: 10,
  secrecy: 40,
  secrecyEndsOn: 10,
  deliveryKey: 20_000,
  /** The key may be left open, but only by somebody who saw the question. */
  keyAsked: 3,
} as const;
export type AnswerName = keyof typeof longest;
export type Answers = Readonly<Partial<Record<AnswerName, string>>>;

export const answerNames = Object.keys(longest) as readonly AnswerName[];
const manyLines: readonly AnswerName[] = ["accounts", "address"];

/** One line without control or direction-changing characters; lists and addresses keep their lines. */
export function cleanAnswer(name: AnswerName, text: string): string {
  const lines = text
    .toWellFormed()
    .split(/\r\n?|\n|\u2028|\u2029/)
    .map((line) =>
      line
        .replaceAll(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
  return manyLines.includes(name) ? lines.filter((line) => line !== "").join("\n") : lines.join(" ").trim();
}

const carried = z.record(z.string().max(40), z.string().max(20_000));

/** The answers that a page carried in its hidden field; none when somebody tampered with it beyond reading. */
export function readCarried(text: string | undefined): Answers {
  try {
    const parsed = carried.safeParse(JSON.parse(text ?? "{}"));
    return parsed.success ? pickAnswers(parsed.data) : {};
  } catch {
    return {};
  }
}

function pickAnswers(given: Readonly<Record<string, string | undefined>>): Answers {
  return Object.fromEntries(answerNames.flatMap((name) => (given[name] === undefined || given[name] === "" ? [] : [[name, cleanAnswer(name, given[name])]])));
}

export function linesOf(text: string | undefined): readonly string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}

export function chosenTypes({ dataTypes }: Answers): readonly string[] {
  return (dataTypes ?? "").split(" ").filter((id) => id !== "");
}

const servedFamilies = ["production", "preservation", "emergency", "gag"] as const;

export function servablePapers({ laws }: Pick<Desk, "laws">) {
  return laws.flatMap(({ instruments }) => instruments.filter(({ family, names }) => names.length > 0 && servedFamilies.some((served) => served === family)));
}

export function secrecyPapers(desk: Pick<Desk, "laws">) {
  return servablePapers(desk).filter(({ family }) => family === "gag");
}

/** Types the desk can hold; live collection does not exist here (KDRP-6), so it cannot be asked for. */
export function askableTypes({ policy }: Pick<Desk, "policy">) {
  return policy.dataTypes.filter(({ kind }) => kind !== "real-time");
}

export const signers = [
  { value: "judge", label: "A judge or magistrate" },
  { value: "prosecutor", label: "A prosecutor" },
  { value: "clerk", label: "A clerk of the court" },
  { value: "agency", label: "The agency itself" },
] as const;

export const natures = [
  { value: "criminal", label: "Criminal" },
  { value: "civil", label: "Civil" },
] as const;

interface Checked {
  readonly answers: Answers;
  readonly desk: Desk;
  readonly today: Day;
}

type Check = (checked: Checked) => readonly FormError[];

/** Every complaint about one question; the names of the fields are the fields' ids. */
const checks = {
  agency: need("agency", "Enter the name of your agency"),
  officer: all(
    need("officerName", "Enter your name"),
    need("rank", "Enter your rank or title"),
    need("badge", "Enter your badge or service number"),
    phone,
    need("address", "Enter your postal address at the agency"),
  ),
  matter: all(reference, need("nature", "Say whether the matter is criminal or civil")),
  paper: all(paper, need("signedBy", "Say who signed the paper"), need("issuedOn", "Enter the date of the paper"), paperDates),
  workspace: need("workspace", "Enter the name of the workspace or of the customer it belongs to"),
  accounts,
  types,
  dates: all(need("from", "Enter the first day"), need("to", "Enter the last day"), range),
  secrecy,
  key: deliveryKey,
} as const satisfies Record<string, Check>;
export type QuestionId = keyof typeof checks;
export const questionIds = Object.keys(checks) as readonly QuestionId[];

function all(...each: readonly Check[]): Check {
  return (checked) => each.flatMap((check) => check(checked));
}

function need(name: AnswerName, text: string): Check {
  return ({ answers }) => {
    const value = answers[name] ?? "";
    if (value === "") return [{ field: name, text }];
    return value.length > longest[name] ? [{ field: name, text: `Shorten this answer to ${longest[name]} characters` }] : [];
  };
}

function phone({ answers: { phone: given = "" } }: Checked): readonly FormError[] {
  const digits = given.replaceAll(/\D/g, "").length;
  return given.length <= longest.phone && digits >= 7 && digits <= 15
    ? []
    : [{ field: "phone", text: "Enter a telephone number with 7 to 15 digits, such as +1 303 555 0100" }];
}

function reference({ answers: { reference: given = "" } }: Checked): readonly FormError[] {
  return given.length >= 3 && given.length <= longest.reference && /\d/.test(given)
    ? []
    : [{ field: "reference", text: "Enter the case or docket number; it has at least one digit" }];
}

function paper({ answers: { instrument }, desk }: Checked): readonly FormError[] {
  return servablePapers(desk).some(({ id }) => id === instrument) ? [] : [{ field: "instrument", text: "Choose the kind of paper" }];
}

export function isDay(text: string): boolean {
  return z.iso.date().safeParse(text).success;
}

function paperDates({ answers: { issuedOn, expiresOn }, today }: Checked): readonly FormError[] {
  const errors: FormError[] = [];
  if (issuedOn !== undefined && !isDay(issuedOn)) errors.push({ field: "issuedOn", text: "Enter the date of the paper as a day of the calendar" });
  else if (issuedOn !== undefined && issuedOn > today) errors.push({ field: "issuedOn", text: "The paper cannot be dated after today" });
  if (expiresOn !== undefined && !isDay(expiresOn)) errors.push({ field: "expiresOn", text: "Enter the day the paper expires as a day of the calendar" });
  else if (expiresOn !== undefined && issuedOn !== undefined && expiresOn < issuedOn)
    errors.push({ field: "expiresOn", text: "The paper cannot expire before it was issued" });
  return errors;
}

const mostAccounts = 100;

function accounts({ answers: { accounts: given } }: Checked): readonly FormError[] {
  const lines = linesOf(given);
  if (lines.length === 0) return [{ field: "accounts", text: "Enter at least one account" }];
  if (lines.length > mostAccounts) return [{ field: "accounts", text: `Enter at most ${mostAccounts} accounts; send the others in a second request` }];
  return lines.some((line) => line.length > 120) ? [{ field: "accounts", text: "Enter one account a line, each at most 120 characters" }] : [];
}

function types({ answers, desk }: Checked): readonly FormError[] {
  const known = new Set(askableTypes(desk).map(({ id }) => id));
  const chosen = chosenTypes(answers);
  return chosen.length > 0 && chosen.every((id) => known.has(id)) ? [] : [{ field: "dataTypes", text: "Choose at least one type of data" }];
}

function range({ answers: { from, to }, today }: Checked): readonly FormError[] {
  const errors: FormError[] = [];
  if (from !== undefined && !isDay(from)) errors.push({ field: "from", text: "Enter the first day as a day of the calendar" });
  if (to !== undefined && !isDay(to)) errors.push({ field: "to", text: "Enter the last day as a day of the calendar" });
  else if (to !== undefined && to > today) errors.push({ field: "to", text: "The last day cannot lie after today: nothing is collected in advance (KDRP-6)" });
  if (errors.length === 0 && from !== undefined && to !== undefined && to < from) errors.push({ field: "to", text: "The last day lies before the first" });
  return errors;
}

function secrecy({ answers: { secrecy: chosen, secrecyEndsOn }, desk }: Checked): readonly FormError[] {
  if (chosen === "no") return [];
  if (!secrecyPapers(desk).some(({ id }) => id === chosen)) return [{ field: "secrecy", text: "Say whether a secrecy order forbids us to tell the customer" }];
  return secrecyEndsOn === undefined || isDay(secrecyEndsOn) ? [] : [{ field: "secrecyEndsOn", text: "Enter the day the order ends as a day of the calendar" }];
}

function deliveryKey({ answers }: Checked): readonly FormError[] {
  const key = answers.deliveryKey;
  if (key === undefined)
    return answers.keyAsked === undefined ? [{ field: "deliveryKey", text: "Look at the question of the delivery key; you may leave it open" }] : [];
  return deliveryKeyProblems(key).map((text) => ({ field: "deliveryKey", text }));
}

export function errorsOf(id: QuestionId, checked: Checked): readonly FormError[] {
  return checks[id](checked);
}
