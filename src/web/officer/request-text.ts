// Writes a filled-in form as the message an officer would have sent: one labelled line a fact, in words that intake reads back.
import type { Desk } from "../../app/desk.ts";
import type { Instrument } from "../../policy/pack.ts";
import { chosenTypes, linesOf, servablePapers, type Answers } from "./answers.ts";

export interface RequestText {
  readonly subject: string;
  readonly text: string;
}

/** `mailbox` is the proven one. Expects answers that every check has passed. */
export function requestText(desk: Desk, mailbox: string, answers: Answers): RequestText {
  const paper = paperOf(desk, answers.instrument);
  const name = paper === undefined ? "Legal process" : distinctName(desk, paper);
  const blocks = [
    [`Request to ${desk.profile.legalEntity}, sent with the form of its request desk.`],
    [line("Agency", answers.agency), line("Case number", answers.reference), natureLine(answers)],
    // Before the paper: a date belongs to the paper whose title stands last before it or shortly after it.
    [secrecyLine(desk, answers)],
    [
      line("Legal process", name),
      line("Date issued", answers.issuedOn),
      line("Issuing court", answers.issuer),
      signedLine(answers),
      line("Expires", answers.expiresOn),
    ],
    [line("Workspace", answers.workspace), ...linesOf(answers.accounts).map((account) => line("Account", account)), rangeLine(answers)],
    ["Data requested:", ...chosenTypes(answers).map((id) => `- ${typeWords(desk, id)}`)],
    [line("Delivery key", answers.deliveryKey)],
    [
      line("Officer", answers.officerName),
      line("Rank", answers.rank),
      line("Badge", answers.badge),
      line("Phone", answers.phone),
      line("Email", mailbox),
      line("Address", linesOf(answers.address).join(", ")),
    ],
  ];
  const text = blocks
    .map((block) => block.filter((each) => each !== undefined))
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
  return { subject: `${name}, served through the request desk's form`, text: `${text}\n` };
}

function line(label: string, value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : `${label}: ${value}`;
}

function paperOf(desk: Desk, id: string | undefined): Instrument | undefined {
  return servablePapers(desk).find((paper) => paper.id === id);
}

/** The first name of the paper that no other paper shares, so that reading it finds this one and no other. */
function distinctName({ laws }: Pick<Desk, "laws">, { id, names, label }: Instrument): string {
  const others = new Set(
    laws.flatMap(({ instruments }) => instruments.filter((other) => other.id !== id).flatMap((other) => other.names.map((name) => name.toLowerCase()))),
  );
  return names.find((name) => !others.has(name.toLowerCase()) && /^\p{L}/u.test(name)) ?? label;
}

function natureLine({ nature }: Answers): string {
  return nature === "civil" ? "Nature of the proceedings: civil litigation, a lawsuit between a claimant and others" : "Nature of the proceedings: criminal";
}

const signerWords: Readonly<Record<string, string>> = { judge: "Judge", prosecutor: "Prosecutor", clerk: "Clerk of the court", agency: "the agency itself" };

function signedLine({ signedBy = "", signer }: Answers): string | undefined {
  const office = signerWords[signedBy];
  return office === undefined ? undefined : `Signed by: ${office}${signer === undefined ? "" : ` ${signer}`}`;
}

function rangeLine({ from, to }: Answers): string | undefined {
  return from === undefined || to === undefined ? undefined : `Date range: ${from} to ${to}`;
}

/** The first words by which the English reading pack knows the type; the policy's own label when there is no such pack. */
function typeWords(desk: Desk, id: string): string {
  const pack = desk.shelf.readings.find(({ language }) => language === "en");
  return pack?.data.types[id]?.words[0] ?? desk.policy.dataTypes.find((type) => type.id === id)?.label ?? id;
}

function secrecyLine(desk: Desk, { secrecy, secrecyEndsOn }: Answers): string | undefined {
  const order = secrecy === undefined ? undefined : paperOf(desk, secrecy);
  if (order === undefined) return undefined;
  return `Legal process: ${distinctName(desk, order)}, attached${secrecyEndsOn === undefined ? "" : `, in force until ${secrecyEndsOn}`}`;
}
