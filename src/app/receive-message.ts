// A message arrives: its bytes are kept, it is read and its sender assessed, and one case stands in the ledger, whole or not at all.
import type { Actor, CaseId } from "../kernel/ids.ts";
import { caseIdFrom } from "../kernel/ids.ts";
import { dayOf, instant, type Instant } from "../kernel/instant.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Claim } from "../ledger/port.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { History } from "../requests/decision.ts";
import type { RequestReading } from "../requests/intake/details.ts";
import type { Door, KeptMessage, MessageRead, ReadingMark, ReadingProposed } from "../requests/intake/events.ts";
import { missingContents } from "../requests/intake/read-missing-contents.ts";
import { readRequest } from "../requests/intake/read-request.ts";
import { standing } from "../requests/open-case.ts";
import { assessSender, type Assurance, type SenderFacts } from "../requests/verification/assess-sender.ts";
import type { AssuranceRecorded, AssuredFact } from "../requests/verification/events.ts";
import { emptyRegister } from "../requests/verification/sender-domain.ts";
import { assurancesOf } from "../requests/verification/module.ts";
import { officerDigest, officersOf } from "./directory.ts";
import { withBadRedactions } from "./inspect-papers.ts";
import type { MessageContent } from "./case-secrets.ts";
import { openSecrets } from "./case-secrets.ts";
import type { Desk } from "./desk.ts";
import { appendFacts, handle, readCase } from "./handle.ts";
import {
  findEarlierOrder,
  formRead,
  heldAgainst,
  importForms,
  isOrderClaim,
  noEarlierOrder,
  orderClaims,
  pdfTexts,
  readingWithForms,
  textsWithoutForms,
  withFinding,
  withFormProblems,
  type KeptForm,
} from "./import-document.ts";
import type { MailAuthentication, RawMessage, ReadMessage } from "./reading-port.ts";
import type { PreparedValues } from "./vault-port.ts";

export interface IncomingMessage {
  readonly raw: RawMessage;
  readonly bytes: () => AsyncIterable<Uint8Array>;
  readonly door: Door;
  readonly clientIp: string;
  readonly helo: string;
  readonly mailFrom: string;
  readonly receivedAt: Instant;
  /** The officer's mailbox, when a single-use link proved that they hold it (portal). */
  readonly provenMailbox?: string;
}

export interface ReceivedCase {
  readonly caseId: CaseId;
  readonly how: "opened" | "duplicate" | "follow-up";
}

const byDesk = { by: "desk" as Actor, askers: ["desk"] as const };

/** A message with the forms it brings and what both of them say. */
interface Opened {
  readonly read: ReadMessage;
  readonly forms: readonly KeptForm[];
  readonly reading: RequestReading;
  readonly authentication: MailAuthentication;
}

export async function receiveMessage(desk: Desk, incoming: IncomingMessage): Promise<ReceivedCase> {
  const opened = await openMessage(desk, incoming);
  const followed = (await followUp(desk, incoming, opened)) ?? (await joinEarlierOrder(desk, incoming, opened));
  if (followed !== undefined) return { caseId: followed, how: "follow-up" };
  return openCase(desk, incoming, opened);
}

async function openMessage(desk: Desk, incoming: IncomingMessage): Promise<Opened> {
  const message = await withBadRedactions(desk, incoming.raw, await desk.ports.reader.read(incoming.raw));
  const authentication = await authenticate(desk, incoming);
  const found = await importForms(desk, incoming.raw, message);
  const read = withFormProblems(message, found);
  const pdfs = found.length === 0 ? [] : pdfTexts(read);
  const forms = heldAgainst(found, pdfs.length === 0 ? undefined : readingOf(desk, read, pdfs));
  const reading = readingWithForms(readingOf(desk, read, textsWithoutForms(read, forms)), forms, read);
  return { read, forms, reading, authentication };
}

function authenticate(desk: Desk, incoming: IncomingMessage): Promise<MailAuthentication> {
  const { raw, clientIp, helo, mailFrom, receivedAt } = incoming;
  return desk.ports.authenticate({ raw, clientIp, helo, mailFrom, receivedAt });
}

async function openCase(desk: Desk, incoming: IncomingMessage, opened: Opened): Promise<ReceivedCase> {
  const caseId = caseIdFrom(desk.ports.chance.bytes(5));
  const message = await keep(desk, caseId, incoming);
  const assurances = await assess(desk, incoming, opened.read, opened.reading, opened.authentication);
  const alone: Opened = {
    ...opened,
    forms: opened.forms.map((form) => (form.kind === "form-5" || form.kind === "form-6" ? withFinding(form, noEarlierOrder) : form)),
  };
  const received = await recordCase(desk, caseId, message, incoming, alone, assurances).catch(async (error: unknown) => {
    await dropUnrecorded(desk, caseId, message);
    throw error;
  });
  if (received.how === "opened") await firstReactions(desk, caseId, opened, assurances);
  return received;
}

/** The sender tries again and brings the bytes anew; a copy without a case would only fill the disk. In doubt it stays. */
async function dropUnrecorded(desk: Desk, caseId: CaseId, message: KeptMessage): Promise<void> {
  const isRecorded = await readCase(desk, caseId).then(
    (history) => history.length > 0,
    () => true,
  );
  if (!isRecorded) await desk.ports.objects.remove(desk.id, caseId, message.object);
}

async function recordCase(
  desk: Desk,
  caseId: CaseId,
  message: KeptMessage,
  incoming: IncomingMessage,
  opened: Opened,
  assurances: readonly Assurance[],
): Promise<ReceivedCase> {
  const { read, forms, reading, authentication } = opened;
  const sealed = await desk.ports.vault.prepare(desk.id, caseId, [
    contentOf(read),
    wellFormed(forms.length === 0 ? reading : { ...reading, forms }) as Json,
    ...assurances.map(({ evidence }) => wellFormed(evidence) as Json),
  ]);
  const facts: readonly CaseFact[] = [
    {
      type: "RequestReceived",
      door: incoming.door,
      receivedAt: incoming.receivedAt,
      message,
      packs: [...desk.policy.versions, ...desk.laws.map(({ pack }) => `${pack.id}@${pack.version}`)],
    },
    messageRead(read, sealed),
    ...assurances.map((assurance, index) => assured(assurance, sealed, index)),
    proposed(desk, opened, assurances, sealed),
  ];
  const claims = [...(await claimsOf(desk, read, authentication)), ...(await orderClaims(desk, reading, forms))];
  const answer = await appendFacts(desk, { caseId, by: byDesk.by, expectedVersion: 0, facts, alongside: [sealed.alongside], claims });
  if (answer.kind === "conflict") throw new Error("a fresh case number was taken");
  if (answer.kind === "claimed" && isOrderClaim(answer.key)) return recordCase(desk, caseId, message, incoming, opened, assurances);
  if (answer.kind === "claimed") return duplicate(desk, answer, caseId, message, incoming);
  return { caseId, how: "opened" };
}

async function keep(desk: Desk, caseId: CaseId, incoming: IncomingMessage): Promise<KeptMessage> {
  const { objectId, bytes, commitment } = await desk.ports.objects.put(desk.id, caseId, incoming.bytes());
  return { object: objectId, bytes, commitment };
}

function readingOf(desk: Desk, read: ReadMessage, sources: ReadMessage["sources"]): RequestReading {
  const sender = read.from[0]?.address;
  const ownDomains = desk.profile.mailboxes.flatMap((mailbox) => mailbox.split("@").slice(1));
  return readRequest({
    sources,
    readingPacks: desk.shelf.readings,
    jurisdictions: desk.laws,
    ownDomains,
    ...(read.date === undefined ? {} : { messageDate: read.date.slice(0, 10) }),
    ...(sender === undefined ? {} : { sender }),
  });
}

function contentOf(read: ReadMessage): Json {
  const content: MessageContent = {
    ...(read.messageId === undefined ? {} : { messageId: read.messageId }),
    ...(read.subject === undefined ? {} : { subject: read.subject }),
    from: read.from,
    replyTo: read.replyTo,
    ...(read.date === undefined ? {} : { date: read.date }),
    sources: read.sources.map(({ id, text }) => ({ id, text })),
    problems: [...read.problems, ...read.attachments.flatMap(({ problems }) => problems)],
    attachments: read.attachments.map(({ index, fileName, kind, sizeBytes }) => ({ index, fileName, kind, bytes: sizeBytes })),
  };
  return wellFormed(content) as Json;
}

/** Broken surrogates in hostile mail must not stop a case from being recorded. */
function wellFormed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_name, member: unknown) => (typeof member === "string" ? member.toWellFormed() : member)));
}

function messageRead(read: ReadMessage, sealed: PreparedValues): MessageRead {
  return {
    type: "MessageRead",
    attachments: read.attachments.map(({ index, kind, sizeBytes, text, problems }) => ({
      index,
      kind,
      bytes: sizeBytes,
      pages: text?.pages.length ?? 0,
      problems: problems.map(({ code }) => code),
    })),
    problems: read.problems.map(({ code }) => code),
    content: valueAt(sealed, 0),
  };
}

function assured({ evidence: _, ...assurance }: Assurance, sealed: PreparedValues, index: number): AssuranceRecorded {
  return { type: "AssuranceRecorded", ...assurance, evidence: valueAt(sealed, index + 2) };
}

function valueAt({ values }: PreparedValues, index: number) {
  const value = values[index];
  if (value === undefined) throw new Error("the vault sealed fewer values than it was given");
  return value;
}

function proposed(desk: Desk, { reading, forms }: Opened, assurances: readonly Assurance[], sealed: PreparedValues): ReadingProposed {
  const isGovernment = assurances.some(({ fact, verdict }) => fact === "domain-class" && verdict === "met");
  const missing =
    reading.sort === "request" || reading.sort === "unclear" ? missingContents(reading, desk.policy.requiredContents, isGovernment).map(({ id }) => id) : [];
  return {
    type: "ReadingProposed",
    sort: reading.sort,
    language: reading.language,
    languageKnown: reading.languageKnown,
    instruments: [...new Set(reading.instruments.map(({ value }) => value.id))],
    dataTypes: [...new Set(reading.dataTypes.map(({ value }) => value))],
    missing,
    marks: marksOf(reading, forms),
    ...(forms.length === 0 ? {} : { forms: forms.map(formRead) }),
    reading: valueAt(sealed, 1),
  };
}

function marksOf(reading: RequestReading, forms: readonly KeptForm[]): readonly ReadingMark[] {
  const marks: readonly (readonly [ReadingMark, boolean])[] = [
    ["everything", reading.everything !== undefined],
    ["emergency", reading.emergency !== undefined],
    ["real-time", reading.realTime !== undefined],
    ["gag-order", reading.gags.some(({ value }) => value.kind === "order")],
    ["gag-wish", reading.gags.some(({ value }) => value.kind === "wish")],
    ["contradiction", new Set(reading.instruments.map(({ value }) => value.id)).size > 1 || forms.some(({ contradictions }) => contradictions.length > 0)],
  ];
  return marks.filter(([, holds]) => holds).map(([mark]) => mark);
}

/** What is known of the sender: from the mail, from the papers, and from the desk's own register of officers it has called back. */
async function assess(desk: Desk, incoming: IncomingMessage, read: ReadMessage, reading: RequestReading, authentication: MailAuthentication) {
  const officers = await officersOf(desk);
  const address = authentication.fromAddress;
  const digest = address === undefined ? undefined : await officerDigest(desk, address);
  const known = officers.findLast(({ officer }) => officer === digest);
  const facts: SenderFacts = {
    authentication:
      incoming.provenMailbox === undefined ? authentication : { ...authentication, aligned: { kind: "aligned", by: ["mailbox-link"], policy: "enforced" } },
    replyTo: read.replyTo,
    contact: contactIn(reading, address),
    ...(known === undefined
      ? {}
      : { callBack: { outcome: "confirmed" as const, on: known.on, numberFrom: "independent" as const, validDays: desk.policy.settings.callBackValidDays } }),
    today: dayOf(incoming.receivedAt, desk.zone),
  };
  const { assurances } = assessSender(facts, {
    ...emptyRegister,
    verified: known === undefined ? [] : [known.domain],
    imitable: [...emptyRegister.imitable, ...officers.map(({ domain }) => domain)],
  });
  return read.from.length > 0 ? assurances : assurances.map(ofNobody);
}

/** Where nobody is named as the sender, nothing speaks against one; that is no assurance. */
function ofNobody(assurance: Assurance): Assurance {
  if (assurance.verdict !== "met") return assurance;
  const because = "The message names no sender, so nobody stands behind it. The same paper sent from the agency's own mailbox would change this.";
  return { ...assurance, verdict: "unknown", code: "NO_SENDER", because };
}

function contactIn({ officer }: RequestReading, address: string | undefined): SenderFacts["contact"] {
  const given = officer?.value;
  return {
    name: given?.name !== undefined,
    rankOrBadge: given?.rank !== undefined || given?.badge !== undefined,
    phone: given?.phone !== undefined,
    postalAddress: given?.address !== undefined,
    email: given?.email !== undefined || address !== undefined,
  };
}

/** Same bytes, or the same Message-ID vouched for by the same domain: one case. A stranger cannot claim another's Message-ID. */
async function claimsOf(desk: Desk, read: ReadMessage, authentication: MailAuthentication): Promise<readonly Claim[]> {
  const { vault } = desk.ports;
  const bytes = { key: `bytes:${await vault.digest(desk.id, "message-bytes", read.sha256)}` };
  if (read.messageId === undefined) return [bytes];
  if (authentication.aligned.kind !== "aligned") return [bytes];
  const voucher = authentication.fromDomain ?? "";
  return [bytes, { key: `message-id:${await vault.digest(desk.id, "message-id", `${voucher}\n${read.messageId}`)}` }];
}

async function duplicate(
  desk: Desk,
  taken: { readonly key: string; readonly stream: string },
  unused: CaseId,
  kept: KeptMessage,
  incoming: IncomingMessage,
): Promise<ReceivedCase> {
  const caseId = taken.stream.slice("case:".length) as CaseId;
  const message = await keep(desk, caseId, incoming);
  await desk.ports.objects.remove(desk.id, unused, kept.object);
  await addToCase(desk, caseId, [
    { type: "DuplicateArrived", door: incoming.door, same: taken.key.startsWith("bytes:") ? "bytes" : "message-id", receivedAt: incoming.receivedAt, message },
  ]);
  return { caseId, how: "duplicate" };
}

async function addToCase(desk: Desk, caseId: CaseId, facts: readonly CaseFact[], alongside?: PreparedValues["alongside"]): Promise<void> {
  for (;;) {
    const history = await readCase(desk, caseId);
    const answer = await appendFacts(desk, {
      caseId,
      by: byDesk.by,
      expectedVersion: history.length,
      facts,
      alongside: alongside === undefined ? [] : [alongside],
    });
    if (answer.kind === "appended") return;
  }
}

const caseNumber = /\bC-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/;

/** A later message belongs to the case it names, or whose letter it answers, when the same domain vouches for both; otherwise it opens a case of its own. */
async function followUp(desk: Desk, incoming: IncomingMessage, opened: Opened): Promise<CaseId | undefined> {
  const { read, reading, authentication } = opened;
  if (authentication.aligned.kind !== "aligned") return undefined;
  const caseId = (caseNumber.exec(read.subject ?? "")?.[0] as CaseId | undefined) ?? (await answeredCase(desk, read));
  if (caseId === undefined) return undefined;
  const history = await readCase(desk, caseId);
  const now = standing(history);
  const known = assurancesOf(history);
  if (now === "unknown" || known.get("mail-authentication")?.verdict !== "met" || known.get("domain-class")?.verdict !== "met") return undefined;
  const { sort } = reading;
  // A new paper must not disappear in a case that nobody works on any more.
  if (now !== "open" && sort !== "follow-up" && sort !== "withdrawal") return undefined;
  if ((await senderDomain(desk, caseId, history)) !== authentication.fromDomain) return undefined;
  await addFollowUp(desk, caseId, incoming, opened);
  return caseId;
}

/** In A-labels; undefined when the request names no sender, or the case was forgotten. */
async function senderDomain(desk: Desk, caseId: CaseId, history: History): Promise<string | undefined> {
  const { message } = await openSecrets(desk, caseId, history);
  return message?.from[0]?.address.split("@").at(-1)?.toLowerCase();
}

async function addFollowUp(desk: Desk, caseId: CaseId, incoming: IncomingMessage, { read, reading, forms }: Opened): Promise<void> {
  const kept = await keep(desk, caseId, incoming);
  const content = contentOf(read) as { readonly [member: string]: Json };
  const sealed = await desk.ports.vault.prepare(desk.id, caseId, [forms.length === 0 ? content : { ...content, forms: wellFormed(forms) as Json }]);
  const fact: CaseFact = {
    type: "FollowUpReceived",
    door: incoming.door,
    receivedAt: incoming.receivedAt,
    sort: reading.sort,
    message: kept,
    ...(forms.length === 0 ? {} : { forms: forms.map(formRead) }),
    content: valueAt(sealed, 0),
  };
  await addToCase(desk, caseId, [fact], sealed.alongside);
}

/**
 * Forms 5 and 6 belong to the case of the order they speak of: when the same domain stands behind both messages, or when a
 * person of the desk hands in the form itself. Anybody can write a number; whoever cannot be told apart gets a case of its own.
 */
async function joinEarlierOrder(desk: Desk, incoming: IncomingMessage, opened: Opened): Promise<CaseId | undefined> {
  const caseId = await findEarlierOrder(desk, opened.forms);
  if (caseId === undefined) return undefined;
  const handedIn = incoming.door === "terminal" && opened.read.from.length === 0;
  if (!handedIn && !(await isSameHand(desk, caseId, incoming, opened))) return undefined;
  await addFollowUp(desk, caseId, incoming, opened);
  return caseId;
}

async function isSameHand(desk: Desk, caseId: CaseId, { provenMailbox }: IncomingMessage, { authentication }: Opened): Promise<boolean> {
  if (provenMailbox === undefined && authentication.aligned.kind !== "aligned") return false;
  const history = await readCase(desk, caseId);
  if (assurancesOf(history).get("mail-authentication")?.verdict !== "met") return false;
  const domain = provenMailbox?.split("@").at(-1)?.toLowerCase() ?? authentication.fromDomain;
  return domain !== undefined && (await senderDomain(desk, caseId, history)) === domain;
}

/** The case of the letter this message answers: a letter's id is the first part of its Message-ID. */
async function answeredCase(desk: Desk, { inReplyTo }: ReadMessage): Promise<CaseId | undefined> {
  const letter = /^letter\.([\w-]{8,64})@/.exec(inReplyTo ?? "")?.[1];
  const stream = letter === undefined ? undefined : await desk.ports.outbox.streamOf(desk.id, letter);
  return stream?.startsWith("case:") === true ? (stream.slice("case:".length) as CaseId) : undefined;
}

const noRequest = ["court-notice", "automatic-reply", "not-a-request"] as const;

const mustNotSpeakAgainst: readonly AssuredFact[] = ["mail-authentication", "look-alike", "reply-to", "display-name"];

/**
 * What follows at once: a message that is no request is set aside; a sender whose domain stands behind the message is told
 * once that it arrived. Nobody is answered whose domain, reply address or name speaks against them.
 */
async function firstReactions(desk: Desk, caseId: CaseId, { read, reading }: Opened, assurances: readonly Assurance[]): Promise<void> {
  const as = noRequest.find((sort) => sort === reading.sort);
  if (as !== undefined) {
    await handle(desk, { caseId, ...byDesk, command: { type: "SetAside", as } });
    return;
  }
  const isVouched = assurances.some(({ fact, verdict }) => fact === "mail-authentication" && verdict === "met");
  const isDoubtful = assurances.some(({ fact, verdict }) => mustNotSpeakAgainst.includes(fact) && verdict === "not-met");
  if (isVouched && !isDoubtful && !read.automatic) await handle(desk, { caseId, ...byDesk, command: { type: "Acknowledge" } });
}

export function receivedNow(desk: Desk, text: string | undefined): Instant {
  return text === undefined ? desk.ports.clock.now() : instant(text);
}
