// What partners and the company owe each other, as a file for calendar programs: numbers, clauses and dates, no names.
import { findCalendarReader } from "../../app/calendar-link.ts";
import type { DutyRow } from "../../app/ports.ts";
import { projectPartners } from "../../app/project-partners.ts";
import { writeIcs } from "../ics.ts";
import { dutyEntries } from "../partner-calendar.ts";
import type { WebContext } from "../web.tsx";

/** A calendar of more entries helps nobody and stops calendar programs; what is overdue comes first. */
const mostEntries = 2000;

export async function partnersCalendar(c: WebContext) {
  const desk = c.get("desk");
  await projectPartners(desk);
  const now = desk.ports.clock.now();
  const rows = await desk.ports.partnerViews.duties(desk.id, { queue: "open", limit: mostEntries, now });
  const byPartner = Map.groupBy(rows, ({ partner }) => partner);
  const entries = await Promise.all(
    [...byPartner].map(([partner, duties]) => dutyEntries(desk, partner, desk.zone, urlOf(desk.profile.publicUrl, partner), duties.map(dated))),
  );
  c.header("Content-Type", "text/calendar; charset=utf-8");
  c.header("Content-Disposition", 'attachment; filename="partners.ics"');
  c.header("Cache-Control", "no-store");
  return c.body(
    writeIcs({
      name: `${desk.profile.legalEntity}: partner program`,
      description: "Open duties of the partner program by number and clause.",
      stamp: now,
      as: c.req.query("as") === "tasks" ? "tasks" : "events",
      entries: entries.flat(),
    }),
  );
}

/** The same link as for the desk's own calendar; it says the same of a link that never was and of one that was taken back. */
export async function subscribedPartnersCalendar(c: WebContext) {
  const reader = await findCalendarReader(c.get("desk"), c.req.param("token") ?? "");
  return reader === undefined ? c.text("There is no calendar here.", 404) : partnersCalendar(c);
}

function urlOf(publicUrl: string | undefined, partner: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl}/desk/partners/${partner}`;
}

function dated({ duty, clause, label, state, dueAt }: DutyRow) {
  return { id: duty, clause, label, state, ...(dueAt === undefined ? {} : { dueAt }) };
}
