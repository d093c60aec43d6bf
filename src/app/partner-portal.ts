// The partner's own way in: a link to one of its mailboxes, a session for one partner and nothing else, and keys for its programs.
import { partnerStream, type Actor, type PartnerId } from "../kernel/ids.ts";
import { addHours, type Instant } from "../kernel/instant.ts";
import type { LedgerProof } from "../ledger/port.ts";
import type { Desk } from "./desk.ts";
import { faceUrl } from "./owner-notice.ts";
import type { PartnerHistory } from "../partners/partner.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import { appendPartnerFacts, partnerOfMailbox, readPartner } from "./partners.ts";
import { tokenDigest } from "./sign-in.ts";

const linkMinutes = 30;
export const partnerSessionHours = 8;
const daysOfKey = 365;

/**
 * Answers at once and looks the mailbox up afterwards: a page that waited would tell by its pace whether the mailbox is known. For an
 * unknown mailbox nothing is sent.
 */
export function offerPartnerLink(desk: Desk, mailbox: string, { isMailed }: { readonly isMailed: boolean }): "offered" | "no-mail" {
  if (desk.ports.letters === undefined) return "no-mail";
  if (isMailed) void mailLink(desk, mailbox).catch(() => undefined);
  return "offered";
}

async function mailLink(desk: Desk, mailbox: string): Promise<void> {
  const partner = await partnerOfMailbox(desk, mailbox);
  if (partner === undefined) return;
  const url = await makeLink(desk, partner, linkMinutes);
  await desk.ports.letters?.sendLetter({ id: desk.ports.chance.id(), to: mailbox, subject: "Your link to the partner pages", text: linkText(desk, url) });
}

/** A link that somebody of the company mails to the partner; false while no mail can be sent. That it was made is a fact. */
export async function mailPartnerLink(desk: Desk, partner: PartnerId, mailbox: string, by: Actor): Promise<boolean> {
  if (desk.ports.letters === undefined) return false;
  await note(desk, partner, by, { type: "PartnerLinkMade", how: "mailed" });
  await mailLink(desk, mailbox);
  return true;
}

/** A link that somebody of the company hands over by other ways: whoever has it acts for the partner, so that it is a fact first. */
export async function makePartnerLink(desk: Desk, partner: PartnerId, by: Actor, minutes = linkMinutes): Promise<string> {
  await note(desk, partner, by, { type: "PartnerLinkMade", how: "shown" });
  return makeLink(desk, partner, minutes);
}

/** Every session, link and key of the partner stops working: somebody left, or a mailbox is in other hands. */
export async function takeEverythingBack(desk: Desk, partner: PartnerId, by: Actor): Promise<void> {
  await note(desk, partner, by, { type: "PartnerKeysTakenBack" });
}

async function note(desk: Desk, partner: PartnerId, by: Actor, fact: PartnerFact): Promise<void> {
  for (;;) {
    const history = await readPartner(desk, partner);
    const version = await appendPartnerFacts(desk, { partner, by, expectedVersion: history.length, facts: [fact], alongside: {} });
    if (version !== undefined) return;
  }
}

/** Counts up whenever what was given out before must stop working: new mailboxes, or everything taken back. */
function epochOf(history: PartnerHistory): number {
  return (
    history.findLast(({ fact }) => fact.type === "PartnerRegistered" || fact.type === "PartnerDetailsChanged" || fact.type === "PartnerKeysTakenBack")
      ?.version ?? 0
  );
}

async function subjectFor(desk: Desk, partner: PartnerId): Promise<string> {
  return `${partnerStream(partner)}#${epochOf(await readPartner(desk, partner))}`;
}

/** The partner of a subject, while its epoch lasts. */
async function partnerOf(desk: Desk, subject: string): Promise<PartnerId | undefined> {
  const [, partner, epoch] = /^partner:(P-[\w-]+)#(\d+)$/.exec(subject) ?? [];
  if (partner === undefined) return undefined;
  return epochOf(await readPartner(desk, partner as PartnerId)) === Number(epoch) ? (partner as PartnerId) : undefined;
}

async function makeLink(desk: Desk, partner: PartnerId, minutes: number): Promise<string> {
  const { chance, clock, signIn } = desk.ports;
  const token = chance.token();
  const expiresAt = Temporal.Instant.from(clock.now()).add({ minutes }).toString({ smallestUnit: "millisecond" }) as Instant;
  await signIn.offer(desk.id, await tokenDigest(desk, token), { purpose: "partner", subject: await subjectFor(desk, partner), expiresAt });
  return faceUrl(desk, `/partner/link/${token}`);
}

function linkText(desk: Desk, url: string): string {
  const paragraphs = [
    "Good day,",
    `Somebody asked ${desk.profile.legalEntity} for a link to the pages of your partnership. The link opens them for you:`,
    url,
    `It opens a page with a button. The button works once, for ${linkMinutes} minutes.`,
    "If it was not you, do nothing: without the button the link runs out by itself.",
    `${desk.profile.legalEntity}\nPartner program`,
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

/** What a GET may know: whether the button would still work. */
export async function partnerLinkWorks(desk: Desk, token: string): Promise<boolean> {
  const subject = await desk.ports.signIn.peek(desk.id, await tokenDigest(desk, token), "partner", desk.ports.clock.now());
  return subject !== undefined && (await partnerOf(desk, subject)) !== undefined;
}

/** Spends the link and opens a session. Returns the secret for the cookie; undefined when the link was spent or has run out. */
export async function spendPartnerLink(desk: Desk, token: string): Promise<string | undefined> {
  const { signIn, clock, chance } = desk.ports;
  const subject = await signIn.spend(desk.id, await tokenDigest(desk, token), "partner", clock.now());
  if (subject === undefined || (await partnerOf(desk, subject)) === undefined) return undefined;
  const secret = chance.token();
  await signIn.open(desk.id, await tokenDigest(desk, secret), { subject: `visit:${subject}`, expiresAt: addHours(clock.now(), partnerSessionHours) });
  return secret;
}

/** The one partner of this session. */
export async function findPartnerSession(desk: Desk, secret: string): Promise<PartnerId | undefined> {
  const session = await desk.ports.signIn.find(desk.id, await tokenDigest(desk, secret), desk.ports.clock.now());
  return session?.subject.startsWith("visit:") === true ? partnerOf(desk, session.subject.slice("visit:".length)) : undefined;
}

/** What a key may do: `api` acts for the partner, `calendar` reads dates only. */
export type PartnerKeyKind = "api" | "calendar";

/** A fresh key; one given out before for the same use stops working. */
export async function givePartnerKey(desk: Desk, partner: PartnerId, kind: PartnerKeyKind, by: Actor): Promise<string> {
  await takePartnerKeyBack(desk, partner, kind);
  await note(desk, partner, by, { type: "PartnerKeyGiven", kind });
  const { chance, clock, signIn } = desk.ports;
  const token = chance.token();
  const digest = await keyDigest(desk, kind, token);
  const expiresAt = addHours(clock.now(), daysOfKey * 24);
  // Its place first: a key that no place names opens nothing.
  await signIn.open(desk.id, await placeOf(desk, partner, kind), { subject: digest, expiresAt });
  await signIn.open(desk.id, digest, { subject: `${kind}:${await subjectFor(desk, partner)}`, expiresAt });
  return token;
}

/** Until when the partner's key works; undefined when there is none. */
export async function partnerKeyUntil(desk: Desk, partner: PartnerId, kind: PartnerKeyKind): Promise<Instant | undefined> {
  return (await desk.ports.signIn.find(desk.id, await placeOf(desk, partner, kind), desk.ports.clock.now()))?.expiresAt;
}

export async function takePartnerKeyBack(desk: Desk, partner: PartnerId, kind: PartnerKeyKind): Promise<void> {
  const place = await placeOf(desk, partner, kind);
  const known = await desk.ports.signIn.find(desk.id, place, desk.ports.clock.now());
  if (known !== undefined) await desk.ports.signIn.close(desk.id, known.subject);
  await desk.ports.signIn.close(desk.id, place);
}

/** Whose key it is; undefined for one that was taken back, has expired, or is for another use. */
export async function findPartnerKey(desk: Desk, kind: PartnerKeyKind, token: string): Promise<PartnerId | undefined> {
  const { signIn, clock } = desk.ports;
  const digest = await keyDigest(desk, kind, token);
  const key = await signIn.find(desk.id, digest, clock.now());
  if (key?.subject.startsWith(`${kind}:`) !== true) return undefined;
  const partner = await partnerOf(desk, key.subject.slice(kind.length + 1));
  const place = partner === undefined ? undefined : await signIn.find(desk.id, await placeOf(desk, partner, kind), clock.now());
  return place?.subject === digest ? partner : undefined;
}

function keyDigest({ id, ports }: Desk, kind: PartnerKeyKind, token: string): Promise<string> {
  return ports.vault.digest(id, `partner-${kind}-key`, token);
}

/** Where the digest of a partner's present key is remembered, so that it can be taken back without knowing it. */
function placeOf({ id, ports }: Desk, partner: PartnerId, kind: PartnerKeyKind): Promise<string> {
  return ports.vault.digest(id, `partner-${kind}-key-of`, partner);
}

/** The proof that a fact of the partner stands in the ledger; seals what is only recorded. */
export async function partnerProof(desk: Desk, partner: PartnerId, version: number): Promise<LedgerProof | undefined> {
  const history = await readPartner(desk, partner);
  if (!history.some((each) => each.version === version)) return undefined;
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  return desk.ports.ledger.findProof(desk.id, partnerStream(partner), version);
}
