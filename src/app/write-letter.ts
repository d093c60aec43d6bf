// Turns a fact that owes a letter into words, sealed in the vault and waiting in the outbox.
import type { Actor, CaseId } from "../kernel/ids.ts";
import { caseStream } from "../kernel/ids.ts";
import { dayOf } from "../kernel/instant.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Alongside } from "../ledger/port.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { History } from "../requests/decision.ts";
import type { LetterFact, LetterKind } from "../requests/letters/events.ts";
import { letterText, owedLetter, type Letter } from "../requests/letters/module.ts";
import { agencyAddress, openSecrets } from "./case-secrets.ts";
import { composeOwed, issuerIsAgency } from "./compose-owed.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { findWorkspace } from "./directory.ts";
import type { JustSealed, Writing } from "./letter-matter.ts";

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

/** What goes into the ledger beside the facts that owe it. */
export interface WrittenLetter {
  readonly fact: LetterFact;
  readonly alongside: Alongside;
  /** Id of its printed page, which lies in the object store before the ledger knows of it. */
  readonly page?: string;
}

interface Step {
  /** Ends with the facts of the step. */
  readonly history: History;
  readonly facts: readonly CaseFact[];
  /** The link that a letter carries: it must not stand in a fact. */
  readonly link: string | undefined;
  readonly justSealed: JustSealed | undefined;
}

/** One letter for each fact that owes one. Where nobody can be written to, that is a fact too. */
export async function writeLetters(desk: Desk, caseId: CaseId, { history, facts, link, justSealed }: Step): Promise<readonly WrittenLetter[]> {
  const at = caseCircumstances(desk, history, "desk" as Actor, "");
  const owing = facts.flatMap((fact) => {
    const owed = owedLetter(fact, history, at);
    return owed === undefined ? [] : [{ fact, owed }];
  });
  if (owing.length === 0) return [];
  const secrets = await openSecrets(desk, caseId, history);
  const written: WrittenLetter[] = [];
  for (const { fact, owed } of owing) {
    const workspace = owed.workspace === undefined ? undefined : await findWorkspace(desk, owed.workspace);
    written.push(await writeLetter({ desk, caseId, history, at, secrets, workspace, fact, owed, link, justSealed }));
  }
  return written;
}

async function writeLetter(writing: Writing): Promise<WrittenLetter> {
  const { desk, caseId, secrets, owed } = writing;
  const addressed = await addressOf(writing);
  if (addressed.to === undefined) return { fact: { type: "LetterUnaddressed", kind: owed.kind, to: addressed.reader }, alongside: {} };
  const composed = await composeOwed(writing);
  const page = await printPage(desk, caseId, owed.kind, composed);
  const inReplyTo = owed.to === "agency" ? secrets.message?.messageId : undefined;
  return sealLetter(writing, {
    to: addressed.to,
    subject: composed.subject,
    text: letterText(composed),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(page === undefined ? {} : { page }),
  });
}

/** Of courts no address is known; of the issuer of a secrecy order only where it is the agency itself. */
async function addressOf(writing: Writing): Promise<{ readonly reader: "agency" | "owner" | "issuer" | "court"; readonly to: string | undefined }> {
  const { owed, fact, workspace, secrets } = writing;
  if (owed.to === "owner") return { reader: "owner", to: workspace?.owners[0]?.email };
  const reader = fact.type === "GagLiftAttempted" ? fact.addressee : "agency";
  const isKnown = fact.type !== "GagLiftAttempted" || reader === "agency" || (reader === "issuer" && (await issuerIsAgency(fact.gag, writing)));
  return { reader, to: isKnown ? agencyAddress(secrets) : undefined };
}

async function sealLetter({ desk, caseId, owed }: Writing, content: LetterContent): Promise<WrittenLetter> {
  const letter = owed.letter ?? desk.ports.chance.id();
  const { values, alongside } = await desk.ports.vault.prepare(desk.id, caseId, [content as unknown as Json]);
  const [sealed] = values;
  if (sealed === undefined) throw new Error("the vault sealed nothing");
  const { page } = content;
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
    ...(page?.kind === "printed" ? { page: page.object } : {}),
  };
}

/** Takes back the pages of letters that never were, because somebody else changed the case first. */
export async function dropPages(desk: Desk, caseId: CaseId, letters: readonly WrittenLetter[]): Promise<void> {
  for (const { page } of letters) if (page !== undefined) await desk.ports.objects.remove(desk.id, caseId, page);
}

async function printPage(desk: Desk, caseId: CaseId, kind: LetterKind, letter: Letter): Promise<LetterPage | undefined> {
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
