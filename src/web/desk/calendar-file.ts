// The calendar as a file for calendar programs: for people who are signed in, and for a link that reads dates and nothing else.
import { readCalendar, type CalendarEntry } from "../../app/calendar.ts";
import { findCalendarReader } from "../../app/calendar-link.ts";
import type { Desk } from "../../app/desk.ts";
import { endOfDay, startOfDay } from "../../kernel/instant.ts";
import type { WebContext } from "../web.tsx";
import { writeIcs, type IcsEntry } from "../ics.ts";
import { clockKindWords } from "./law-words.ts";

export async function calendarFile(c: WebContext) {
  const desk = c.get("desk");
  const { now, entries } = await readCalendar(desk);
  const file = writeIcs({
    name: `${desk.profile.legalEntity}: clocks of the desk`,
    description: "Running clocks by case number and kind. Cases under a secrecy order are not in this calendar.",
    stamp: now,
    as: c.req.query("as") === "tasks" ? "tasks" : "events",
    entries: await Promise.all(entries.map((entry) => icsEntry(desk, entry))),
  });
  c.header("Content-Type", "text/calendar; charset=utf-8");
  c.header("Content-Disposition", 'attachment; filename="calendar.ics"');
  c.header("Cache-Control", "no-store");
  return c.body(file);
}

/** Says the same of a link that never was and of one that was taken back. */
export async function subscribedCalendar(c: WebContext) {
  const reader = await findCalendarReader(c.get("desk"), c.req.param("token") ?? "");
  return reader === undefined ? c.text("There is no calendar here.", 404) : calendarFile(c);
}

/** The id is a keyed digest: a clock's own id may name a customer's workspace. */
async function icsEntry({ id, ports, profile, zone }: Desk, { caseId, clock, kind, day }: CalendarEntry): Promise<IcsEntry> {
  const isWholeDay = clock.dueAt === endOfDay(day, zone) || clock.dueAt === startOfDay(day, zone);
  return {
    uid: `${await ports.vault.digest(id, "calendar-entry", `${caseId} ${clock.id}`)}@portcullis`,
    summary: `${caseId}: ${clockKindWords[kind]}`,
    due: isWholeDay ? { day } : { at: clock.dueAt },
    category: clockKindWords[kind],
    isSuspended: clock.state === "suspended",
    ...(profile.publicUrl === undefined ? {} : { url: `${profile.publicUrl}/desk/case/${caseId}` }),
  };
}
