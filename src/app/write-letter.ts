// Turns a fact that owes a letter into words, sealed in the vault and waiting in the outbox.
import type { CaseId } from "../kernel/ids.ts";
import { caseStream } from "../kernel/ids.ts";
import { dayOf } from "../kernel/instant.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Alongside } from "../ledger/port.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { History } from "../requests/decision.ts";
import type { RequestLine } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import type { LetterWritten } from "../requests/letters/events.ts";
import { composeLetter, letterText, type ClarificationMatter, type Letter, type OwedLetter } from "../requests/letters/module.ts";
import { agencyAddress, openSecrets, type CaseSecrets } from "./case-secrets.ts";
import type { Desk } from "./desk.ts";
import { findWorkspace, type WorkspaceEntry } from "./directory.ts";

/** A letter as it lies in the vault until it is sent, and afterwards as the record of what was said. */
export interface LetterContent {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly inReplyTo?: string;
  /** The same letter as a page; absent where the desk has no printer. */
  readonly page?: LetterPage;
}

export type LetterPage =
  | {
      readonly kind: "printed";
      /** Id in the object store. */
      readonly object: string;
      /** Case number and kind, no name: it leaves in mail headers. */
      readonly fileName: string;
      readonly bytes: number;
      readonly sha256: string;
      /** Characters the type face lacks, shown as Unicode numbers. */
      readonly replaced: number;
    }
  /** It goes as text alone. */
  | { readonly kind: "failed"; readonly code: string };

export interface WrittenLetter {
  readonly fact: LetterWritten;
  readonly alongside: Alongside;
}

/** Undefined when nobody can be written to: the step stands, and the page shows that its letter has no address. */
export async function writeLetter(
  desk: Desk,
  caseId: CaseId,
  history: History,
  owed: OwedLetter,
  facts: readonly CaseFact[],
  link: string | undefined,
): Promise<WrittenLetter | undefined> {
  const secrets = await openSecrets(desk, caseId, history);
  const workspace = owed.workspace === undefined ? undefined : await findWorkspace(desk, owed.workspace);
  const to = owed.to === "owner" ? workspace?.owners[0]?.email : agencyAddress(secrets);
  if (to === undefined) return undefined;
  const letter = owed.letter ?? desk.ports.chance.id();
  const composed = composeLetter(owed.kind, matterOf(desk, caseId, history, secrets, workspace, owed, facts, link));
  const page = await printPage(desk, caseId, owed.kind, composed);
  const inReplyTo = owed.to === "agency" ? secrets.message?.messageId : undefined;
  const content: LetterContent = {
    to,
    subject: composed.subject,
    text: letterText(composed),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(page === undefined ? {} : { page }),
  };
  const { values, alongside } = await desk.ports.vault.prepare(desk.id, caseId, [content as unknown as Json]);
  const [sealed] = values;
  if (sealed === undefined) throw new Error("the vault sealed nothing");
  return {
    fact: {
      type: "LetterWritten",
      letter,
      kind: owed.kind,
      to: owed.to,
      content: sealed,
      ...(page?.kind === "failed" ? { unprinted: page.code } : {}),
    },
    alongside: { ...alongside, letters: [{ letterId: letter, stream: caseStream(caseId), content: sealed.vault }] },
  };
}

async function printPage(desk: Desk, caseId: CaseId, kind: OwedLetter["kind"], letter: Letter): Promise<LetterPage | undefined> {
  const { printer, objects, clock } = desk.ports;
  if (printer === undefined) return undefined;
  const printed = await printer.print(letter, dayOf(clock.now(), desk.zone));
  if (printed.kind === "failed") return printed;
  const { objectId, bytes, sha256 } = await objects.put(desk.id, caseId, [printed.pdf]);
  return { kind: "printed", object: objectId, fileName: `${caseId}-letter-${kind}.pdf`, bytes, sha256, replaced: printed.replaced };
}

/** The page as PDF; undefined when the letter has none or the case was forgotten. Throws when the stored page was altered. */
export async function openPage(desk: Desk, caseId: CaseId, { page }: LetterContent): Promise<Uint8Array | undefined> {
  if (page?.kind !== "printed") return undefined;
  const pieces = await desk.ports.objects.get(desk.id, caseId, page.object);
  if (pieces === undefined) return undefined;
  const pdf = new Uint8Array(page.bytes);
  let at = 0;
  for await (const piece of pieces) {
    pdf.set(piece, at);
    at += piece.byteLength;
  }
  return pdf;
}

function matterOf(
  desk: Desk,
  caseId: CaseId,
  history: History,
  secrets: CaseSecrets,
  workspace: WorkspaceEntry | undefined,
  owed: OwedLetter,
  facts: readonly CaseFact[],
  link: string | undefined,
): ClarificationMatter {
  const { details } = intakeOf(history);
  const own = (line: RequestLine) => owed.workspace === undefined || details?.subjects.find(({ id }) => id === line.subject)?.workspace === owed.workspace;
  const lines = (details?.lines ?? []).filter(own);
  const verdicts = facts.flatMap((fact) => (fact.type === "ReviewSigned" ? fact.lines : []));
  const refused = verdicts.filter(({ decision }) => decision === "deny");
  const words = (line: RequestLine) => lineWords(desk, line, secrets);
  const released = facts.find((fact) => fact.type === "ProductionReleased");
  return {
    caseId,
    company: desk.profile.legalEntity,
    mailbox: desk.profile.mailboxes[0] ?? "",
    ...optional("agency", secrets.details?.agency),
    ...optional("officer", secrets.details?.officer?.name),
    ...optional("matter", secrets.details?.matter),
    ...optional("workspace", workspace?.name),
    ...optional("owner", workspace?.owners[0]?.name),
    ...optional("link", link),
    ...optional("until", released === undefined ? undefined : dayWords(dayOf(released.expiresAt, desk.zone))),
    noticeDays: desk.policy.settings.noticeDays,
    lines: lines.filter(({ id }) => !refused.some(({ line }) => line === id)).map(words),
    refusedLines: refused.flatMap(({ line, reasons }) => lines.filter(({ id }) => id === line).map((asked) => ({ line: words(asked), reasons }))),
    reasons: facts.flatMap((fact) => (fact.type === "RequestRejected" ? fact.reasons : [])),
    questions: facts.flatMap((fact) => (fact.type === "ClarificationAsked" ? fact.points : [])),
    missing: desk.policy.requiredContents.filter(({ id }) => facts.some((fact) => fact.type === "MissingContentsAsked" && fact.missing.includes(id))),
  };
}

/** "messages of jo@acme.example, Sun 1 Mar 2026 to Tue 31 Mar 2026". */
export function lineWords(desk: Pick<Desk, "policy">, line: RequestLine, { details }: Pick<CaseSecrets, "details">): string {
  const type = desk.policy.dataTypes.find(({ id }) => id === line.dataType)?.label ?? line.dataType;
  const whose = details?.subjects[line.subject]?.asWritten;
  const range =
    line.from === undefined && line.to === undefined
      ? ""
      : `, ${line.from === undefined ? "up" : dayWords(line.from)} to ${line.to === undefined ? "the day of service" : dayWords(line.to)}`;
  return `${type}${whose === undefined ? "" : ` of ${whose}`}${range}`;
}

function optional<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: string });
}
