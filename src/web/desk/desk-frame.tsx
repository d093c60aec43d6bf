// The frame of every desk page behind the sign-in: queues at the side with their counts, who is signed in, the way out.
import type { Desk } from "../../app/desk.ts";
import type { Staff } from "../../app/directory.ts";
import type { CaseListQuery } from "../../app/ports.ts";
import type { CaseId } from "../../kernel/ids.ts";
import type { State } from "../look/icons.tsx";
import type { NavigationItem } from "../look/page.tsx";
import { frame, staffActor, type FramedPage, type WebContext } from "../web.tsx";

export type Queue = CaseListQuery["queue"];

/** By clock first, then by what holds them; `all` last. */
export const queues: readonly { readonly queue: Queue; readonly label: string; readonly state?: State }[] = [
  { queue: "overdue", label: "Overdue", state: "overdue" },
  { queue: "due", label: "Due soon", state: "due" },
  { queue: "open", label: "Open", state: "open" },
  { queue: "held", label: "Held", state: "held" },
  { queue: "closed", label: "Closed", state: "kept" },
  { queue: "all", label: "All" },
];

export function getStaff(c: WebContext): Staff {
  const staff = c.get("staff");
  if (staff === undefined) throw new Error("a desk page was reached without a session");
  return staff;
}

/** The case number of the address; undefined when it is none. */
export function caseIdOf(c: WebContext): CaseId | undefined {
  return readCaseNumber(c.req.param("id") ?? "");
}

/** "c7f3k2m9q", "C-7F3K-2M9Q": a number as people type it. */
export function readCaseNumber(text: string): CaseId | undefined {
  const digits = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replace(/^C(?=.{8}$)/, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(digits) ? (`C-${digits.slice(0, 4)}-${digits.slice(4)}` as CaseId) : undefined;
}

type Status = Parameters<typeof frame>[2];
export type DeskPage = Omit<FramedPage, "face" | "navigation" | "signedInAs" | "signOut"> & {
  readonly current?: Queue | "calendar" | "gags" | "partners" | "direct-access" | "set-up" | "report" | "passkeys";
};

export async function deskFrame(c: WebContext, { current, children, ...page }: DeskPage, status: Status = 200) {
  const staff = getStaff(c);
  const navigation = await navigationFor(c, staff, current);
  return frame(
    c,
    {
      ...page,
      face: "desk",
      navigation,
      signedInAs: staff.email,
      signOut: { action: "/desk/sign-out" },
      children: (
        <>
          <link rel="stylesheet" href="/desk/assets/desk.css" />
          {children}
        </>
      ),
    },
    status,
  );
}

type Counts = Readonly<Record<Queue, number>>;
const newest = new WeakMap<Desk["ports"]["views"], { readonly id: Desk["id"]; readonly position: number; readonly atMs: number; readonly counts: Counts }>();
const freshMs = 10_000;

/** Counted anew when a fact has reached the lists or ten seconds have passed: at 100,000 cases counting costs more than the page. */
async function queueCounts({ id, ports: { views, clock } }: Desk): Promise<Counts> {
  const position = await views.position(id);
  const now = clock.now();
  const atMs = Temporal.Instant.from(now).epochMilliseconds;
  const known = newest.get(views);
  if (known?.id === id && known.position === position && Math.abs(atMs - known.atMs) < freshMs) return known.counts;
  const counts = await views.counts(id, now);
  newest.set(views, { id, position, atMs, counts });
  return counts;
}

async function navigationFor(c: WebContext, staff: Staff, current: DeskPage["current"]): Promise<readonly NavigationItem[]> {
  const { roles } = staff;
  const worksOnCases = staffActor(staff).askers.length > 0;
  const places: readonly (NavigationItem & { readonly of: DeskPage["current"] })[] = [
    ...(worksOnCases
      ? [
          { label: "Calendar", href: "/desk/calendar", of: "calendar" as const },
          { label: "Secrecy orders", href: "/desk/gags", of: "gags" as const },
          { label: "Direct access", href: "/desk/direct-access", of: "direct-access" as const },
          { label: "Partners", href: "/desk/partners", of: "partners" as const },
        ]
      : []),
    ...(roles.includes("counsel") ? [{ label: "Report", href: "/desk/report", of: "report" as const }] : []),
    ...(roles.includes("admin") ? [{ label: "Set-up", href: "/desk/set-up", of: "set-up" as const }] : []),
    { label: "Your keys", href: "/desk/passkeys", of: "passkeys" },
  ];
  return [
    ...(worksOnCases ? queueItems(await queueCounts(c.get("desk")), current) : []),
    ...places.map(({ of, ...item }) => ({ ...item, current: of === current })),
  ];
}

function queueItems(counts: Counts, current: DeskPage["current"]): readonly NavigationItem[] {
  return queues.map(({ queue, label, state }) => ({
    label,
    href: `/desk?queue=${queue}`,
    count: counts[queue],
    current: queue === current,
    ...(state === undefined || counts[queue] === 0 ? {} : { state }),
  }));
}

/** For people whose roles take no step: an auditor reads elsewhere, an admin sets up. */
export function notForTheirRole(c: WebContext) {
  const text = getStaff(c).roles.includes("admin") ? (
    <p>
      Your role sets up the desk and admits people, so cases are closed to it. <a href="/desk/set-up">Go to set-up</a>, or ask another person with the role
      admin for a role that reads cases.
    </p>
  ) : (
    <p>
      Your role reads and does not act, so the desk's pages are closed to it. <a href="/auditor">Go to the audit pages</a>, or ask a person with the role admin
      for another role.
    </p>
  );
  return frame(
    c,
    { title: "This part is for the desk", face: "desk", navigation: [], signedInAs: getStaff(c).email, signOut: { action: "/desk/sign-out" }, children: text },
    403,
  );
}

export function noSuchCase(c: WebContext) {
  return deskFrame(
    c,
    {
      title: "There is no such case",
      children: (
        <p>
          Check the number: it has the form C-7F3K-2M9Q. <a href="/desk?queue=all">Go to all cases</a>
        </p>
      ),
    },
    404,
  );
}
