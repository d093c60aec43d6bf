// What the faces outside the desk need: proof that an officer holds a mailbox, an owner's visit, the cases of one mailbox, receipts and downloads.
import type { Actor, CaseId } from "../kernel/ids.ts";
import { readDeliveryKey } from "../production/package/delivery-key.ts";
import { openPackage } from "./withheld-opening.ts";
import { caseStream } from "../kernel/ids.ts";
import { addHours, type Instant } from "../kernel/instant.ts";
import type { LedgerProof } from "../ledger/port.ts";
import { releaseOf } from "../requests/disclosure/module.ts";
import { customerCopies } from "../requests/redaction/module.ts";
import type { PackageSealed, ProductionReleased } from "../requests/disclosure/events.ts";
import { findCaseView, type CaseView } from "./case-view.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { isSecret } from "./project-views.ts";
import { plain } from "./directory.ts";
import { readCase } from "./handle.ts";
import { affectedWorkspaces } from "../requests/notice/module.ts";
import { faceUrl, workspaceOfLink } from "./owner-notice.ts";
import { tokenDigest } from "./sign-in.ts";

const linkMinutes = 30;
export const officerSessionHours = 8;
export const ownerSessionHours = 24;

const caseNumber = /^C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

/** A case number as a person may type it: without case and outer space; undefined when it is none. */
export function readCaseNumber(text: string): CaseId | undefined {
  const number = text.trim().toUpperCase();
  return caseNumber.test(number) ? (number as CaseId) : undefined;
}

/**
 * Makes a single-use link and, unless `isMailed` is false, hands its letter to the relay without waiting for the answer: a page
 * that waited would tell by its pace what became of the address. `no-mail` while no relay is set.
 */
export async function offerMailboxLink(desk: Desk, mailbox: string, { isMailed }: { readonly isMailed: boolean }): Promise<"offered" | "no-mail"> {
  const { letters, chance, clock, signIn } = desk.ports;
  if (letters === undefined) return "no-mail";
  const token = chance.token();
  await signIn.offer(desk.id, await tokenDigest(desk, token), {
    purpose: "officer",
    subject: await sealMailbox(desk, token, mailbox),
    expiresAt: minutesLater(clock.now(), linkMinutes),
  });
  if (isMailed)
    void letters.sendLetter({
      id: chance.id(),
      to: mailbox,
      subject: "Your link to the request desk",
      text: linkText(desk, faceUrl(desk, `/officer/link/${token}`)),
    });
  return "offered";
}

function linkText(desk: Desk, url: string): string {
  const paragraphs = [
    "Good day,",
    `Somebody asked the legal request desk of ${desk.profile.legalEntity} for a link to this mailbox. The link shows that you hold the mailbox:`,
    url,
    `It opens a page with a button. The button works once, for ${linkMinutes} minutes.`,
    "If it was not you, do nothing: without the button the link runs out by itself.",
    `${desk.profile.legalEntity}\nLegal requests, ${desk.profile.mailboxes[0] ?? ""}`,
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

function minutesLater(now: Instant, minutes: number): Instant {
  return Temporal.Instant.from(now).add({ minutes }).toString({ smallestUnit: "millisecond" }) as Instant;
}

/** What a GET may know: whether the button would still work. */
export async function mailboxLinkWorks(desk: Desk, token: string): Promise<boolean> {
  return (await desk.ports.signIn.peek(desk.id, await tokenDigest(desk, token), "officer", desk.ports.clock.now())) !== undefined;
}

/** Spends the link and opens a session for its mailbox. Returns the secret for the cookie; undefined when the link was spent or has run out. */
export async function spendMailboxLink(desk: Desk, token: string): Promise<string | undefined> {
  const { signIn, clock, chance } = desk.ports;
  const subject = await signIn.spend(desk.id, await tokenDigest(desk, token), "officer", clock.now());
  const mailbox = subject === undefined ? undefined : await openMailbox(desk, token, subject);
  if (mailbox === undefined) return undefined;
  const secret = chance.token();
  await signIn.open(desk.id, await tokenDigest(desk, secret), {
    subject: await sealMailbox(desk, secret, mailbox),
    expiresAt: addHours(clock.now(), officerSessionHours),
  });
  return secret;
}

/** The mailbox that this session proved; undefined when there is no such session. */
export async function findOfficer(desk: Desk, secret: string): Promise<string | undefined> {
  const session = await desk.ports.signIn.find(desk.id, await tokenDigest(desk, secret), desk.ports.clock.now());
  return session === undefined ? undefined : openMailbox(desk, secret, session.subject);
}

/**
 * The table of sessions holds no address: it holds a ciphertext whose key is made from the secret that only the officer has, and the
 * desk's own. Neither the table nor a backup of it opens it, and when the session is gone nobody can.
 */
async function sealMailbox(desk: Desk, secret: string, mailbox: string): Promise<string> {
  const iv = new Uint8Array(desk.ports.chance.bytes(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await mailboxKey(desk, secret), new TextEncoder().encode(mailbox));
  return `officer:${base64url(iv)}.${base64url(new Uint8Array(sealed))}`;
}

async function openMailbox(desk: Desk, secret: string, subject: string): Promise<string | undefined> {
  const [, iv, sealed] = /^officer:([\w-]+)\.([\w-]+)$/.exec(subject) ?? [];
  if (iv === undefined || sealed === undefined) return undefined;
  const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytesOf(iv) }, await mailboxKey(desk, secret), bytesOf(sealed));
  return new TextDecoder().decode(opened);
}

async function mailboxKey(desk: Desk, secret: string) {
  const key = await desk.ports.vault.digest(desk.id, "officer-mailbox", secret);
  return crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function bytesOf(text: string) {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}

/** An id that a submission and its repetition share, so that a button pressed twice opens one case. */
export async function submissionId(desk: Desk, ...parts: readonly string[]): Promise<string> {
  const domain = desk.profile.mailboxes[0]?.split("@").at(-1) ?? "localhost";
  return `${await desk.ports.vault.digest(desk.id, "portal-submission", JSON.stringify(parts))}@portal.${domain}`;
}

export function officerActor(caseId: CaseId): Actor {
  return `officer:${caseId}` as Actor;
}

/** The case, when the message that opened it came from this mailbox; undefined otherwise, as for a case that does not exist. */
export async function findOwnCase(desk: Desk, mailbox: string, number: string): Promise<CaseView | undefined> {
  const caseId = readCaseNumber(number);
  if (caseId === undefined) return undefined;
  const view = await findCaseView(desk, caseId, officerActor(caseId), ["officer"]);
  const [author, ...others] = view?.message?.from ?? [];
  return author !== undefined && others.length === 0 && plain(author.address) === plain(mailbox) ? view : undefined;
}

/** The proof that the arrival of the request stands in the ledger; seals what is only recorded. Undefined for a case without one. */
export async function receiptProof(desk: Desk, caseId: CaseId): Promise<LedgerProof | undefined> {
  const arrival = (await readCase(desk, caseId)).find(({ fact }) => fact.type === "RequestReceived");
  if (arrival === undefined) return undefined;
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  return desk.ports.ledger.findProof(desk.id, caseStream(caseId), arrival.version);
}

/** What stands against a key that an officer gives; empty when a package can be sealed to it, as far as its form tells. */
export function deliveryKeyProblems(key: string): readonly string[] {
  const reading = readDeliveryKey(key);
  return reading.kind === "refused" ? reading.reasons.map(({ because }) => because) : [];
}

export interface Download {
  readonly caseId: CaseId;
  readonly released: ProductionReleased;
  readonly sealed: PackageSealed;
  /** How often it was fetched so far. */
  readonly used: number;
  /** The file; undefined when it is no longer kept. */
  readonly open: (from?: number) => Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** The production that this link was written for; undefined for any other token, also for one of another case. */
export async function findDownload(desk: Desk, number: string, token: string): Promise<Download | undefined> {
  const caseId = readCaseNumber(number);
  if (caseId === undefined) return undefined;
  const { released, sealed, downloads } = releaseOf(await readCase(desk, caseId));
  if (released === undefined || sealed === undefined) return undefined;
  const digest = await desk.ports.vault.digest(desk.id, "officer-link", token);
  return released.link === digest ? { caseId, released, sealed, used: downloads, open: (from) => openPackage(desk, caseId, from) } : undefined;
}

const ticketHours = 24;
const ticketPurpose = "download-ticket";

/** One counted download: with it the file may be fetched in parts, and gone on with after a break, for a day. */
export async function offerTicket(desk: Desk, { caseId, released }: Download): Promise<string> {
  const { signIn, clock, chance } = desk.ports;
  const secret = chance.token();
  const expiresAt = addHours(clock.now(), ticketHours);
  await signIn.offer(desk.id, await tokenDigest(desk, secret), { purpose: ticketPurpose, subject: `${caseId}:${released.package}`, expiresAt });
  return secret;
}

export async function isTicketGood(desk: Desk, { caseId, released }: Download, secret: string): Promise<boolean> {
  const subject = await desk.ports.signIn.peek(desk.id, await tokenDigest(desk, secret), ticketPurpose, desk.ports.clock.now());
  return subject === `${caseId}:${released.package}`;
}

export interface DownloadReceipt {
  readonly caseId: CaseId;
  readonly sha256: string;
  readonly bytes: number;
  /** In the ledger: what was sealed, who approved it, that it was released and that it was fetched. */
  readonly proofs: readonly LedgerProof[];
}

/** What an officer can show of a download, and hold against the log: the digest of the file stands in a fact that two approvals name. */
export async function downloadReceipt(desk: Desk, { caseId, sealed }: Download): Promise<DownloadReceipt> {
  const told = new Set(["PackageSealed", "ReleaseApproved", "ProductionReleased", "ProductionDownloaded"]);
  const facts = (await readCase(desk, caseId)).filter(({ fact }) => told.has(fact.type) && "package" in fact && fact.package === sealed.package);
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  const proofs = await Promise.all(facts.map(({ version }) => desk.ports.ledger.findProof(desk.id, caseStream(caseId), version)));
  return { caseId, sha256: sealed.sha256, bytes: sealed.bytes, proofs: proofs.filter((proof) => proof !== undefined) };
}

/** What an owner may know of a copy before opening it. */
export interface CustomerCopy {
  readonly pages: number;
  /** Passages that are covered, by reason code. */
  readonly redactions: Readonly<Record<string, number>>;
  /** Name of the stored copy. */
  readonly object: string;
}

/** Copies of papers that the visitor's workspace was given; none while a secrecy order binds. */
export async function copiesFor(desk: Desk, { caseId, workspace }: OwnerVisit): Promise<readonly CustomerCopy[]> {
  const history = await readCase(desk, caseId);
  return isSecret(history, caseCircumstances(desk, history, `owner:${workspace}` as Actor))
    ? []
    : customerCopies(history).filter((copy) => copy.workspace === workspace);
}

/** The copy with this place in the list, from 1; undefined when there is none or the case was forgotten. */
export async function openCopy(desk: Desk, visit: OwnerVisit, place: number): Promise<AsyncIterable<Uint8Array> | undefined> {
  const copy = (await copiesFor(desk, visit))[place - 1];
  return copy === undefined ? undefined : desk.ports.objects.get(desk.id, visit.caseId, copy.object);
}

export interface OwnerVisit {
  readonly caseId: CaseId;
  readonly workspace: string;
}

/** Opens a session for the owner who holds the link of a notice. The link works as long as the case: an owner may come back to it. */
export async function openOwnerVisit(desk: Desk, number: string, token: string): Promise<string | undefined> {
  const caseId = readCaseNumber(number);
  const workspace = caseId === undefined ? undefined : await workspaceOfLink(desk, caseId, token);
  if (workspace === undefined) return undefined;
  const { signIn, clock, chance } = desk.ports;
  const secret = chance.token();
  await signIn.open(desk.id, await tokenDigest(desk, secret), { subject: `owner:${caseId}:${workspace}`, expiresAt: addHours(clock.now(), ownerSessionHours) });
  return secret;
}

/** Whose visit this is; undefined for another case than the one in the address of the page. */
export async function findOwnerVisit(desk: Desk, number: string, secret: string): Promise<OwnerVisit | undefined> {
  const session = await desk.ports.signIn.find(desk.id, await tokenDigest(desk, secret), desk.ports.clock.now());
  const [, caseId, workspace] = /^owner:([^:]+):(.+)$/s.exec(session?.subject ?? "") ?? [];
  if (caseId !== number || workspace === undefined) return undefined;
  const isAffected = affectedWorkspaces(await readCase(desk, caseId as CaseId)).includes(workspace);
  return isAffected ? { caseId: caseId as CaseId, workspace } : undefined;
}
