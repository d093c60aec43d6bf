// The details of a request as a form holds them: filled from what was read or confirmed, and turned into the command that confirms them.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { findAccount, findWorkspace } from "../../app/directory.ts";
import { instant, type Zone } from "../../kernel/instant.ts";
import type { FormValues } from "../web.tsx";
import { paperFields, questionsFor } from "./paper-questions.ts";

export interface SubjectRow {
  readonly id: string;
  /** As the paper names it. */
  readonly asWritten: string;
  /** Id, name or alias of the customer's workspace. */
  readonly workspace: string;
  /** As the source knows it; empty: looked up. */
  readonly account: string;
}

export interface LineRow {
  readonly id: string;
  readonly subject: string;
  readonly dataType: string;
  readonly from: string;
  readonly to: string;
  readonly onlyToIdentify: boolean;
}

/** What somebody saw on the paper; absent: nobody has looked. */
export type Seen = "shown" | "missing";

/** Single answers by field name, and the two lists. */
export interface DetailsForm {
  readonly text: Readonly<Record<string, string>>;
  readonly given: readonly string[];
  /** Content of the pack → what was seen of it. */
  readonly contents: Readonly<Record<string, Seen>>;
  /** Ticked marks; `noProtection` when somebody looked and found none; empty when nobody has looked. */
  readonly protection: readonly string[];
  readonly subjects: readonly SubjectRow[];
  readonly lines: readonly LineRow[];
}

/** Somebody has looked and nothing is specially protected. */
export const noProtection = "none";

const textFields = [
  "nature",
  "instrument.id",
  "instrument.signedBy",
  "instrument.issuedOn",
  "instrument.servedAt",
  "instrument.expiresOn",
  "instrument.returnOn",
  "private.agency",
  "private.matter",
  "private.court",
  "private.deliveryKey",
  "officer.name",
  "officer.rank",
  "officer.badge",
  "officer.phone",
  "officer.email",
  "officer.address",
  ...paperFields,
] as const;

/** From the confirmed details, else from what the text suggests, else empty with one row of each. */
export function formOf(view: CaseView, desk: Desk): DetailsForm {
  const { confirmed, proposal, privateDetails } = view;
  const details = confirmed ?? proposal;
  const secret = privateDetails ?? proposal?.private;
  const served = details?.instrument?.servedAt ?? view.receivedAt;
  const officer = secret?.officer ?? {};
  return {
    text: {
      nature: details?.nature ?? "unknown",
      "instrument.id": details?.instrument?.id ?? "",
      "instrument.signedBy": details?.instrument?.signedBy ?? "",
      "instrument.issuedOn": details?.instrument?.issuedOn ?? "",
      "instrument.servedAt": localTime(served, desk.zone),
      "instrument.expiresOn": details?.instrument?.expiresOn ?? "",
      "instrument.returnOn": details?.instrument?.returnOn ?? "",
      "private.agency": secret?.agency ?? "",
      "private.matter": secret?.matter ?? "",
      "private.court": secret?.court ?? "",
      "private.deliveryKey": secret?.deliveryKey ?? "",
      ...Object.fromEntries(Object.entries(officer).map(([name, value]) => [`officer.${name}`, value ?? ""])),
      ...paperText(details, desk),
    },
    contents: contentsOf(details),
    protection: confirmed?.protection?.length === 0 ? [noProtection] : (confirmed?.protection ?? []),
    given: confirmed === undefined ? (proposal?.given ?? []) : desk.policy.requiredContents.map(({ id }) => id).filter((id) => !confirmed.missing.includes(id)),
    subjects: atLeastOne(
      (details?.subjects ?? []).map(({ id, workspace }) => ({
        id,
        asWritten: secret?.subjects[id]?.asWritten ?? "",
        workspace: workspace ?? "",
        account: secret?.subjects[id]?.account ?? "",
      })),
      blankSubject,
    ),
    lines: atLeastOne(
      (details?.lines ?? []).map(({ id, subject, dataType, from, to, ...line }) => ({
        id,
        subject,
        dataType,
        from: from ?? "",
        to: to ?? "",
        onlyToIdentify: "onlyToIdentify" in line && line.onlyToIdentify === true,
      })),
      blankLine,
    ),
  };
}

type DetailsKnown = CaseView["confirmed"] | CaseView["proposal"];
/** The same members whether a person confirmed them or a form gave them; days and moments are text in both. */
type PaperFacts = Partial<NonNullable<NonNullable<DetailsKnown>["instrument"]>>;

/** What was confirmed of the paper itself, or what its form says of it. A text never suggests these: a person looks, or they stay open. */
function paperText(details: DetailsKnown, { zone }: Desk): Readonly<Record<string, string>> {
  const facts: PaperFacts = details?.instrument ?? {};
  const { offence, validatedAt } = facts;
  return {
    ...Object.fromEntries(paperFields.map((field) => [field, ""])),
    ...named("instrument", { ...facts, validatedAt: validatedAt === undefined ? undefined : localTime(validatedAt, zone) }),
    ...named("offence", offence),
    ...named("places", details?.places),
  };
}

function named(prefix: string, members: object | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(members ?? {}).flatMap(([name, value]: readonly [string, unknown]) => {
      const field = paperFields.find((each) => each === `${prefix}.${name}`);
      return field === undefined || value === undefined ? [] : [[field, asText(value)]];
    }),
  );
}

function asText(value: unknown): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

function contentsOf(details: DetailsKnown): DetailsForm["contents"] {
  const { shows = [], lacks = [] }: PaperFacts = details?.instrument ?? {};
  return Object.fromEntries([...shows.map((id) => [id, "shown"] as const), ...lacks.map((id) => [id, "missing"] as const)]);
}

function atLeastOne<Row>(rows: readonly Row[], blank: (rows: readonly Row[]) => Row): readonly Row[] {
  return rows.length === 0 ? [blank(rows)] : rows;
}

export function blankSubject(rows: readonly { readonly id: string }[]): SubjectRow {
  return { id: freshId("s", rows), asWritten: "", workspace: "", account: "" };
}

export function blankLine(rows: readonly LineRow[]): LineRow {
  const last = rows.at(-1);
  return { id: freshId("L", rows), subject: last?.subject ?? "s1", dataType: "", from: last?.from ?? "", to: last?.to ?? "", onlyToIdentify: false };
}

function freshId(prefix: string, rows: readonly { readonly id: string }[]): string {
  const highest = Math.max(0, ...rows.map(({ id }) => Number(/^[A-Za-z](\d+)$/.exec(id)?.[1] ?? 0)));
  return `${prefix}${highest + 1}`;
}

/** "2026-03-02T10:00:05": what a date-and-time field holds, in the desk's zone. */
function localTime(at: string, zone: Zone): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "second" });
}

/** Back to a moment; the recorded one, to the millisecond, when the field was not touched. Undefined for text that is no time. */
function momentOf(local: string, recorded: string, zone: Zone): string | undefined {
  try {
    const typed = Temporal.PlainDateTime.from(local);
    if (typed.toString({ smallestUnit: "second" }) === localTime(recorded, zone)) return recorded;
    return instant(typed.toZonedDateTime(zone).toInstant().toString());
  } catch {
    return undefined;
  }
}

/** The form as it was posted; rows are columns of equal length. */
export function readForm(values: FormValues, desk: Desk): DetailsForm {
  const column = (name: string) => values.many(name);
  const identifying = new Set(column("line.onlyToIdentify"));
  const [asWritten, workspace, account] = [column("subject.asWritten"), column("subject.workspace"), column("subject.account")];
  const [subject, dataType, from, to] = [column("line.subject"), column("line.dataType"), column("line.from"), column("line.to")];
  return {
    text: Object.fromEntries(textFields.map((name) => [name, values.one(name)])),
    given: column("given"),
    contents: readContents(values, desk),
    protection: column("protection"),
    subjects: column("subject.id").map((id, row) => ({ id, asWritten: asWritten[row] ?? "", workspace: workspace[row] ?? "", account: account[row] ?? "" })),
    lines: column("line.id").map((id, row) => ({
      id,
      subject: subject[row] ?? "",
      dataType: dataType[row] ?? "",
      from: from[row] ?? "",
      to: to[row] ?? "",
      onlyToIdentify: identifying.has(id),
    })),
  };
}

/** Answers about contents that the chosen paper is not asked for are left out. */
function readContents(values: FormValues, desk: Desk): DetailsForm["contents"] {
  const { contents } = questionsFor(values.one("instrument.id"), desk);
  return Object.fromEntries(
    contents.flatMap(({ id }): [string, Seen][] => {
      const seen = values.one(`content.${id}`);
      return seen === "shown" || seen === "missing" ? [[id, seen]] : [];
    }),
  );
}

/** Rows that were left empty do not count. */
export function withoutBlankRows(form: DetailsForm): DetailsForm {
  return { ...form, subjects: form.subjects.filter(({ asWritten }) => asWritten !== ""), lines: form.lines.filter(({ dataType }) => dataType !== "") };
}

/** The command that confirms the form. Workspaces and accounts are looked up: what the directory does not know stays unresolved. */
export async function commandOf(form: DetailsForm, view: CaseView, desk: Desk) {
  const { text, given, lines } = form;
  const subjects = await Promise.all(form.subjects.map((row) => resolve(row, desk)));
  const recorded = view.confirmed?.instrument?.servedAt ?? view.proposal?.instrument?.servedAt ?? view.receivedAt;
  const servedAt = momentOf(text["instrument.servedAt"] ?? "", recorded, desk.zone) ?? text["instrument.servedAt"];
  return {
    type: "ConfirmDetails",
    nature: text["nature"],
    ...(text["instrument.id"] === ""
      ? {}
      : {
          instrument: {
            ...filled({
              id: text["instrument.id"],
              signedBy: text["instrument.signedBy"],
              issuedOn: text["instrument.issuedOn"],
              servedAt,
              expiresOn: text["instrument.expiresOn"],
              returnOn: text["instrument.returnOn"],
            }),
            ...paperFacts(form, view, desk),
          },
        }),
    ...placesOf(text),
    ...(form.protection.length === 0 ? {} : { protection: form.protection.filter((mark) => mark !== noProtection) }),
    subjects: subjects.map(({ id, workspace, account }) => ({
      id,
      resolved: workspace !== undefined && account !== undefined,
      ...(workspace === undefined ? {} : { workspace: workspace.id }),
    })),
    lines: lines.map(({ onlyToIdentify, ...line }) => ({ ...filled(line), ...(onlyToIdentify ? { onlyToIdentify } : {}) })),
    private: {
      ...filled({ agency: text["private.agency"], matter: text["private.matter"], court: text["private.court"], deliveryKey: text["private.deliveryKey"] }),
      officer: filled(Object.fromEntries(textFields.flatMap((name) => (name.startsWith("officer.") ? [[name.slice("officer.".length), text[name]]] : [])))),
      subjects: Object.fromEntries(
        subjects.map(({ id, asWritten, workspace, account }) => [
          id,
          { asWritten, ...(account === undefined ? {} : { account }), ...(workspace === undefined ? {} : { workspaceName: workspace.name }) },
        ]),
      ),
    },
    given: [...given],
  };
}

/** An account id that a person typed stands as typed; otherwise the directory is asked for the name on the paper. */
async function resolve({ id, asWritten, workspace: name, account: typed }: SubjectRow, desk: Desk) {
  const workspace = name === "" ? undefined : await findWorkspace(desk, name);
  if (workspace === undefined) return { id, asWritten, workspace, account: typed === "" ? undefined : typed };
  const known = await findAccount(desk, workspace.id, typed === "" ? asWritten : typed);
  return { id, asWritten, workspace, account: known?.id ?? (typed === "" ? undefined : typed) };
}

/** What the paper says about itself; what was left open is absent, never a guess. */
function paperFacts({ text, contents }: DetailsForm, view: CaseView, { zone }: Desk): object {
  const seen = (as: Seen) => Object.keys(contents).filter((id) => contents[id] === as);
  const at = text["instrument.validatedAt"] ?? "";
  const offence = { ...numberOf("maxYears", text["offence.maxYears"]), ...yesNo("listed", text["offence.listed"]) };
  return {
    ...filled({
      validatedBy: text["instrument.validatedBy"],
      validatedAt: at === "" ? "" : (momentOf(at, view.confirmed?.instrument?.validatedAt ?? view.receivedAt, zone) ?? at),
      issuedIn: text["instrument.issuedIn"]?.toUpperCase(),
      servedBy: text["instrument.servedBy"],
      addressedTo: text["instrument.addressedTo"],
      language: text["instrument.language"]?.toLowerCase(),
      agreement: text["instrument.agreement"],
      seal: text["instrument.seal"],
    }),
    ...yesNo("translation", text["instrument.translation"]),
    ...yesNo("emergency", text["instrument.emergency"]),
    ...yesNo("authorityNotified", text["instrument.authorityNotified"]),
    ...yesNo("carriesSecrecy", text["instrument.carriesSecrecy"]),
    ...yesNo("newPlatform", text["instrument.newPlatform"]),
    ...(Object.keys(offence).length === 0 ? {} : { offence }),
    ...(seen("shown").length === 0 ? {} : { shows: seen("shown") }),
    ...(seen("missing").length === 0 ? {} : { lacks: seen("missing") }),
  };
}

function placesOf(text: DetailsForm["text"]): object {
  const places = filled({ customer: text["places.customer"], person: text["places.person"], data: text["places.data"] });
  return Object.keys(places).length === 0 ? {} : { places: Object.fromEntries(Object.entries(places).map(([place, region]) => [place, region.toUpperCase()])) };
}

function yesNo(name: string, answer: string | undefined): object {
  return answer === "yes" || answer === "no" ? { [name]: answer === "yes" } : {};
}

/** Text that is no number goes on as it is, so that the step's own schema says so. */
function numberOf(name: string, typed = ""): object {
  if (typed === "") return {};
  const number = Number(typed.replace(",", "."));
  return { [name]: Number.isNaN(number) ? typed : number };
}

function filled(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));
}
