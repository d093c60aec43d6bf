// Sends the letters that wait and writes their fate into the ledger: a letter that was not delivered is a fact too.
import type { Actor, CaseId, PartnerId } from "../kernel/ids.ts";
import { addHours } from "../kernel/instant.ts";
import type { LetterFact } from "../requests/letters/events.ts";
import { bindingGags, secrecyUndecided } from "../requests/gag/module.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { appendFacts, readCase } from "./handle.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import { appendPartnerFacts, readPartner } from "./partners.ts";
import type { WaitingLetter } from "./ports.ts";
import type { Letter, LetterFate, LetterSender } from "./reading-port.ts";
import { openPage, type LetterContent } from "./write-letter.ts";

export interface Sending {
  readonly sent: number;
  readonly failed: number;
}

const atOnce = 50;
const hoursBetweenTries = [0.1, 0.5, 2, 6, 12, 24, 48] as const;

/** One round. Without a mail relay the letters go on waiting. */
export async function sendLetters(desk: Desk): Promise<Sending> {
  const { letters, outbox, clock } = desk.ports;
  if (letters === undefined) return { sent: 0, failed: 0 };
  let figures: Sending = { sent: 0, failed: 0 };
  for (const waiting of await outbox.waiting(desk.id, clock.now(), atOnce)) {
    const isSent = await sendOne(desk, letters, waiting);
    figures = isSent ? { ...figures, sent: figures.sent + 1 } : { ...figures, failed: figures.failed + 1 };
  }
  return figures;
}

/** Letters to partners have no case, and no order of secrecy holds them back: what may not be told is never written. */
const isToPartner = ({ stream }: Pick<WaitingLetter, "stream">): boolean => stream.startsWith("partner:");

/** A secrecy order that came while a notice waited: the notice does not leave, and is owed again when the order ends. */
async function isSilenced(desk: Desk, waiting: WaitingLetter): Promise<boolean> {
  if (isToPartner(waiting)) return false;
  const history = await readCase(desk, caseOf(waiting));
  const written = history.find(({ fact }) => fact.type === "LetterWritten" && fact.letter === waiting.letter)?.fact;
  if (written?.type !== "LetterWritten" || written.to !== "owner") return false;
  const at = caseCircumstances(desk, history, "desk" as Actor, "");
  return bindingGags(history, at.today).length > 0 || secrecyUndecided(history, at);
}

async function sendOne(desk: Desk, letters: LetterSender, waiting: WaitingLetter): Promise<boolean> {
  const opened = await desk.ports.vault.open(desk.id, waiting.content).catch(() => ({ kind: "altered" as const }));
  if (opened.kind === "altered") return settle(desk, waiting, { kind: "failed", permanent: true, code: "CONTENT_ALTERED" });
  if (opened.kind !== "open") return settle(desk, waiting, { kind: "failed", permanent: true, code: "CONTENT_FORGOTTEN" });
  const content = opened.value as unknown as LetterContent;
  if (await isSilenced(desk, waiting)) return settle(desk, waiting, { kind: "failed", permanent: true, code: "SECRECY_ORDER" });
  const attachments = await attachedPage(desk, caseOf(waiting), content);
  if (attachments.kind === "failed") return settle(desk, waiting, attachments);
  const { to, subject, text, inReplyTo } = content;
  const letter: Letter = { id: waiting.letter, to, subject, text, attachments: attachments.pages, ...(inReplyTo === undefined ? {} : { inReplyTo }) };
  return settle(desk, waiting, await letters.sendLetter(letter));
}

type Attached = { readonly kind: "attached"; readonly pages: NonNullable<Letter["attachments"]> } | Extract<LetterFate, { kind: "failed" }>;

/** A letter that was printed never leaves without its page: what cannot be read now is tried again, and shows. */
async function attachedPage(desk: Desk, caseId: CaseId, content: LetterContent): Promise<Attached> {
  if (content.page?.kind !== "printed") return { kind: "attached", pages: [] };
  const pdf = await openPage(desk, caseId, content).catch(() => "unreadable" as const);
  if (pdf === "unreadable") return { kind: "failed", permanent: false, code: "PAGE_UNREADABLE" };
  if (pdf === undefined) return { kind: "failed", permanent: true, code: "PAGE_MISSING" };
  return { kind: "attached", pages: [{ fileName: content.page.fileName, mediaType: "application/pdf", content: pdf }] };
}

function caseOf({ stream }: Pick<WaitingLetter, "stream">): CaseId {
  return stream.slice("case:".length) as CaseId;
}

/** The fact first, the row second: a crash between them sends the letter again under the same Message-ID, and never loses its fate. */
async function settle(desk: Desk, waiting: WaitingLetter, fate: LetterFate): Promise<boolean> {
  const { outbox, clock } = desk.ports;
  const permanent = fate.kind === "failed" && (fate.permanent || waiting.attempts + 1 >= hoursBetweenTries.length);
  if (fate.kind === "sent" || permanent) await recordFate(desk, waiting, fate, permanent);
  if (fate.kind === "sent") await outbox.markSent(desk.id, waiting.letter, clock.now());
  else await outbox.markFailed(desk.id, waiting.letter, fate.code, permanent ? undefined : nextTry(desk, waiting.attempts));
  return fate.kind === "sent";
}

function nextTry(desk: Desk, attempts: number) {
  const hours = hoursBetweenTries[Math.min(attempts, hoursBetweenTries.length - 1)] ?? 48;
  return hours < 1 ? minutesLater(desk, hours * 60) : addHours(desk.ports.clock.now(), hours);
}

function minutesLater(desk: Desk, minutes: number) {
  return Temporal.Instant.from(desk.ports.clock.now()).add({ minutes }).toString({ smallestUnit: "millisecond" }) as ReturnType<typeof addHours>;
}

async function recordFate(desk: Desk, waiting: WaitingLetter, fate: LetterFate, permanent: boolean): Promise<void> {
  if (isToPartner(waiting)) return recordPartnerFate(desk, waiting, fate);
  const { letter, stream } = waiting;
  const caseId = caseOf({ stream });
  for (;;) {
    const history = await readCase(desk, caseId);
    const written = history.find(({ fact }) => fact.type === "LetterWritten" && fact.letter === letter)?.fact;
    const known = history.some(({ fact }) => (fact.type === "LetterSent" || fact.type === "LetterFailed") && fact.letter === letter);
    if (known || written?.type !== "LetterWritten") return;
    const fact: LetterFact =
      fate.kind === "sent"
        ? { type: "LetterSent", letter, kind: written.kind, transcript: fate.transcriptSha256 }
        : { type: "LetterFailed", letter, kind: written.kind, permanent, code: fate.code };
    const answer = await appendFacts(desk, { caseId, by: "desk" as Actor, expectedVersion: history.length, facts: [fact], alongside: [] });
    if (answer.kind === "appended") return;
  }
}

async function recordPartnerFate(desk: Desk, { letter, stream }: WaitingLetter, fate: LetterFate): Promise<void> {
  const partner = stream.slice("partner:".length) as PartnerId;
  for (;;) {
    const history = await readPartner(desk, partner);
    const known = history.some(({ fact }) => (fact.type === "PartnerLetterSent" || fact.type === "PartnerLetterFailed") && fact.letter === letter);
    if (known) return;
    const fact: PartnerFact = fate.kind === "sent" ? { type: "PartnerLetterSent", letter } : { type: "PartnerLetterFailed", letter, code: fate.code };
    const version = await appendPartnerFacts(desk, { partner, by: "desk" as Actor, expectedVersion: history.length, facts: [fact], alongside: {} });
    if (version !== undefined) return;
  }
}
