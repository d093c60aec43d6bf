// Signing in: one-time links and sessions for people of the desk. There are no passwords.
import type { Actor } from "../kernel/ids.ts";
import { addHours, type Instant } from "../kernel/instant.ts";
import type { Desk } from "./desk.ts";
import { findStaff, recordEntry, type Staff } from "./directory.ts";
import { faceUrl } from "./owner-notice.ts";

const linkMinutes = 15;
const sessionHours = 12;

type Place = Pick<Desk, "id" | "ports" | "profile">;

/** A link for a member of staff; undefined when nobody has that id. The link is spent by the button behind it, never by opening it. */
export async function offerStaffLink(desk: Place, staffId: string, by: Actor, minutes = linkMinutes): Promise<string | undefined> {
  const staff = await findStaff(desk, staffId);
  if (staff === undefined) return undefined;
  await recordEntry(desk.ports, desk.id, { stream: `staff:${staffId}`, by, value: { minutes }, fact: () => ({ type: "StaffLinkMade", staff: staffId }) });
  const token = desk.ports.chance.token();
  await desk.ports.signIn.offer(desk.id, await tokenDigest(desk, token), { purpose: "staff", subject: staffId, expiresAt: later(desk, minutes) });
  return faceUrl(desk, `/${staff.roles.every((role) => role === "auditor") ? "auditor" : "desk"}/sign-in/${token}`);
}

function later(desk: Place, minutes: number): Instant {
  return Temporal.Instant.from(desk.ports.clock.now()).add({ minutes }).toString({ smallestUnit: "millisecond" }) as Instant;
}

export function tokenDigest(desk: Pick<Desk, "id" | "ports">, token: string): Promise<string> {
  return desk.ports.vault.digest(desk.id, "link", token);
}

/** What a page may show before the button is pressed: whether the link still works. */
export async function linkWorks(desk: Place, token: string): Promise<boolean> {
  return (await desk.ports.signIn.peek(desk.id, await tokenDigest(desk, token), "staff", desk.ports.clock.now())) !== undefined;
}

/** Spends the link and opens a session; undefined when it was spent or has expired. Returns the session's secret for the cookie. */
export async function spendStaffLink(desk: Place, token: string): Promise<string | undefined> {
  const staffId = await desk.ports.signIn.spend(desk.id, await tokenDigest(desk, token), "staff", desk.ports.clock.now());
  return staffId === undefined ? undefined : openSession(desk, staffId, "one-time-link");
}

export async function openSession(desk: Place, staffId: string, how: "passkey" | "one-time-link"): Promise<string> {
  const secret = desk.ports.chance.token();
  await desk.ports.signIn.open(desk.id, await tokenDigest(desk, secret), {
    subject: `staff:${staffId}`,
    expiresAt: addHours(desk.ports.clock.now(), sessionHours),
  });
  await recordEntry(desk.ports, desk.id, {
    stream: `staff:${staffId}`,
    by: `staff:${staffId}` as Actor,
    value: { how },
    fact: () => ({ type: "StaffSignedIn", staff: staffId, how }),
  });
  return secret;
}

export async function findSession(desk: Place, secret: string): Promise<Staff | undefined> {
  const session = await desk.ports.signIn.find(desk.id, await tokenDigest(desk, secret), desk.ports.clock.now());
  return session === undefined ? undefined : findStaff(desk, session.subject.replace(/^staff:/, ""));
}

export async function closeSession(desk: Place, secret: string): Promise<void> {
  await desk.ports.signIn.close(desk.id, await tokenDigest(desk, secret));
}
