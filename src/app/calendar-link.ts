// A link by which a calendar program reads the desk's calendar: it shows dates and case numbers, opens nothing else, and can be taken back.
import { addHours, type Instant } from "../kernel/instant.ts";
import type { Desk } from "./desk.ts";
import { findStaff, type Staff } from "./directory.ts";
import { askersOf } from "./permissions.ts";

type Place = Pick<Desk, "id" | "ports">;

const hoursAYear = 365 * 24;

/** A fresh secret for this person's link; one given out before stops working. */
export async function offerCalendarLink(desk: Place, staffId: string): Promise<string> {
  await revokeCalendarLink(desk, staffId);
  const { chance, clock, signIn } = desk.ports;
  const token = chance.token();
  const digest = await digestOf(desk, token);
  const expiresAt = addHours(clock.now(), hoursAYear);
  await signIn.open(desk.id, digest, { subject: `calendar:${staffId}`, expiresAt });
  await signIn.open(desk.id, await placeOf(desk, staffId), { subject: digest, expiresAt });
  return token;
}

/** Until when the person's link works; undefined when there is none. */
export async function calendarLinkUntil(desk: Place, staffId: string): Promise<Instant | undefined> {
  return (await desk.ports.signIn.find(desk.id, await placeOf(desk, staffId), desk.ports.clock.now()))?.expiresAt;
}

export async function revokeCalendarLink(desk: Place, staffId: string): Promise<void> {
  const { signIn, clock } = desk.ports;
  const place = await placeOf(desk, staffId);
  const known = await signIn.find(desk.id, place, clock.now());
  if (known !== undefined) await signIn.close(desk.id, known.subject);
  await signIn.close(desk.id, place);
}

/** Whose link it is; undefined for one that was taken back, has expired, or whose owner no longer works at the desk. */
export async function findCalendarReader(desk: Desk, token: string): Promise<Staff | undefined> {
  const link = await desk.ports.signIn.find(desk.id, await digestOf(desk, token), desk.ports.clock.now());
  if (link === undefined || !link.subject.startsWith("calendar:")) return undefined;
  const staff = await findStaff(desk, link.subject.slice("calendar:".length));
  return staff === undefined || askersOf(staff.roles).length === 0 ? undefined : staff;
}

/** A purpose of its own: the secret of a calendar link never matches a session or a one-time link. */
function digestOf({ id, ports }: Place, token: string): Promise<string> {
  return ports.vault.digest(id, "calendar-link", token);
}

/** Where the digest of a person's present link is remembered, so that it can be taken back without knowing the secret. */
function placeOf({ id, ports }: Place, staffId: string): Promise<string> {
  return ports.vault.digest(id, "calendar-link-of", staffId);
}
