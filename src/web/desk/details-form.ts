// The details of a request as a form holds them: filled from what was read or confirmed, and turned into the command that confirms them.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { findAccount, findWorkspace } from "../../app/directory.ts";
import { instant, type Zone } from "../../kernel/instant.ts";
import type { FormValues } from "./desk-frame.tsx";

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
}

/** Single answers by field name, and the two lists. */
export interface DetailsForm {
  readonly text: Readonly<Record<string, string>>;
  readonly given: readonly string[];
  readonly subjects: readonly SubjectRow[];
  readonly lines: readonly LineRow[];
}

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
    },
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
      (details?.lines ?? []).map(({ id, subject, dataType, from, to }) => ({ id, subject, dataType, from: from ?? "", to: to ?? "" })),
      blankLine,
    ),
  };
}

function atLeastOne<Row>(rows: readonly Row[], blank: (rows: readonly Row[]) => Row): readonly Row[] {
  return rows.length === 0 ? [blank(rows)] : rows;
}

export function blankSubject(rows: readonly { readonly id: string }[]): SubjectRow {
  return { id: freshId("s", rows), asWritten: "", workspace: "", account: "" };
}

export function blankLine(rows: readonly LineRow[]): LineRow {
  const last = rows.at(-1);
  return { id: freshId("L", rows), subject: last?.subject ?? "s1", dataType: "", from: last?.from ?? "", to: last?.to ?? "" };
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
export function readForm(values: FormValues): DetailsForm {
  const column = (name: string) => values.many(name);
  const [asWritten, workspace, account] = [column("subject.asWritten"), column("subject.workspace"), column("subject.account")];
  const [subject, dataType, from, to] = [column("line.subject"), column("line.dataType"), column("line.from"), column("line.to")];
  return {
    text: Object.fromEntries(textFields.map((name) => [name, values.one(name)])),
    given: column("given"),
    subjects: column("subject.id").map((id, row) => ({ id, asWritten: asWritten[row] ?? "", workspace: workspace[row] ?? "", account: account[row] ?? "" })),
    lines: column("line.id").map((id, row) => ({ id, subject: subject[row] ?? "", dataType: dataType[row] ?? "", from: from[row] ?? "", to: to[row] ?? "" })),
  };
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
          instrument: filled({
            id: text["instrument.id"],
            signedBy: text["instrument.signedBy"],
            issuedOn: text["instrument.issuedOn"],
            servedAt,
            expiresOn: text["instrument.expiresOn"],
            returnOn: text["instrument.returnOn"],
          }),
        }),
    subjects: subjects.map(({ id, workspace, account }) => ({
      id,
      resolved: workspace !== undefined && account !== undefined,
      ...(workspace === undefined ? {} : { workspace: workspace.id }),
    })),
    lines: lines.map((line) => filled({ ...line })),
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

function filled(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));
}
