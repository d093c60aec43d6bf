// The partner's own way in: a link to one of its mailboxes, a session for one partner and nothing else, and keys for its programs.
import { partnerStream, type PartnerId } from "../kernel/ids.ts";
import { addHours, type Instant } from "../kernel/instant.ts";
import type { LedgerProof } from "../ledger/port.ts";
import type { Desk } from "./desk.ts";
import { faceUrl } from "./owner-notice.ts";
import { partnerOfMailbox, readPartner } from "./partners.ts";
import { tokenDigest } from "./sign-in.ts";

const linkMinutes = 30;
export const partnerSessionHours = 8;
const daysOfKey = 365;

/**
 * Hands the letter with the link to the relay without waiting for it: a page that waited would tell by its pace whether the mailbox is
 * known. For an unknown mailbox nothing is sent.
 */
export async function offerPartnerLink(desk: Desk, mailbox: string, { isMailed }: { readonly isMailed: boolean }): Promise<"offered" | "no-mail"> {
  const { letters, chance } = desk.ports;
  if (letters === undefined) return "no-mail";
  const partner = await partnerOfMailbox(desk, mailbox);
  const url = await makeLink(desk, partner);
  if (isMailed && partner !== undefined)
    void letters.sendLetter({ id: chance.id(), to: mailbox, subject: "Your link to the partner pages", text: linkText(desk, url) });
  return "offered";
}

/** A link that somebody of the company hands over by other ways. */
export function makePartnerLink(desk: Desk, partner: PartnerId, minutes = linkMinutes): Promise<string> {
  return makeLink(desk, partner, minutes);
}

/** For an unknown mailbox the link opens nothing, and costs the same. */
async function makeLink(desk: Desk, partner: PartnerId | undefined, minutes = linkMinutes): Promise<string> {
  const { chance, clock, signIn } = desk.ports;
  const token = chance.token();
  const expiresAt = Temporal.Instant.from(clock.now()).add({ minutes }).toString({ smallestUnit: "millisecond" }) as Instant;
  await signIn.offer(desk.id, await tokenDigest(desk, token), {
    purpose: "partner",
    subject: partner === undefined ? "nobody" : partnerStream(partner),
    expiresAt,
  });
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
  return subject?.startsWith("partner:") === true;
}

/** Spends the link and opens a session. Returns the secret for the cookie; undefined when the link was spent or has run out. */
export async function spendPartnerLink(desk: Desk, token: string): Promise<string | undefined> {
  const { signIn, clock, chance } = desk.ports;
  const subject = await signIn.spend(desk.id, await tokenDigest(desk, token), "partner", clock.now());
  if (subject?.startsWith("partner:") !== true) return undefined;
  const secret = chance.token();
  await signIn.open(desk.id, await tokenDigest(desk, secret), { subject: `visit:${subject}`, expiresAt: addHours(clock.now(), partnerSessionHours) });
  return secret;
}

/** The one partner of this session. */
export async function findPartnerSession(desk: Desk, secret: string): Promise<PartnerId | undefined> {
  const session = await desk.ports.signIn.find(desk.id, await tokenDigest(desk, secret), desk.ports.clock.now());
  return session?.subject.startsWith("visit:partner:") === true ? (session.subject.slice("visit:partner:".length) as PartnerId) : undefined;
}

/** What a key may do: `api` acts for the partner, `calendar` reads dates only. */
export type PartnerKeyKind = "api" | "calendar";

/** A fresh key; one given out before for the same use stops working. */
export async function givePartnerKey(desk: Desk, partner: PartnerId, kind: PartnerKeyKind): Promise<string> {
  await takePartnerKeyBack(desk, partner, kind);
  const { chance, clock, signIn } = desk.ports;
  const token = chance.token();
  const digest = await keyDigest(desk, kind, token);
  const expiresAt = addHours(clock.now(), daysOfKey * 24);
  await signIn.open(desk.id, digest, { subject: `${kind}:${partnerStream(partner)}`, expiresAt });
  await signIn.open(desk.id, await placeOf(desk, partner, kind), { subject: digest, expiresAt });
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
  const key = await desk.ports.signIn.find(desk.id, await keyDigest(desk, kind, token), desk.ports.clock.now());
  const prefix = `${kind}:partner:`;
  return key?.subject.startsWith(prefix) === true ? (key.subject.slice(prefix.length) as PartnerId) : undefined;
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
