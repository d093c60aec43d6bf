// How often each clause of the partner program was kept, is open, overdue or excused today, over all partners.
import type { Desk } from "./desk.ts";
import type { ClauseCount } from "./ports.ts";
import { projectPartners } from "./project-partners.ts";

const newest = new WeakMap<
  Desk["ports"]["partnerViews"],
  { readonly id: Desk["id"]; readonly position: number; readonly atMs: number; readonly counts: ReadonlyMap<string, ClauseCount> }
>();
const freshMs = 10_000;

/** Counted anew when a fact has reached the lists or ten seconds have passed: over a million duties counting costs more than a page. */
export async function clauseCounts(desk: Desk): Promise<ReadonlyMap<string, ClauseCount>> {
  const { partnerViews: views, clock } = desk.ports;
  await projectPartners(desk);
  const position = await views.position(desk.id);
  const now = clock.now();
  const atMs = Temporal.Instant.from(now).epochMilliseconds;
  const known = newest.get(views);
  if (known?.id === desk.id && known.position === position && Math.abs(atMs - known.atMs) < freshMs) return known.counts;
  const counts = new Map((await views.clauseCounts(desk.id, now)).map((count) => [count.clause, count]));
  newest.set(views, { id: desk.id, position, atMs, counts });
  return counts;
}
