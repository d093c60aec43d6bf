// The partner's dates for its calendar program, by a link that reads dates and nothing else.
import { findPartnerKey } from "../../app/partner-portal.ts";
import { findPartnerView, partnerActor } from "../../app/partners.ts";
import { zoneOf } from "../../partners/partner.ts";
import { writeIcs } from "../ics.ts";
import { dutyEntries } from "../partner-calendar.ts";
import type { WebContext } from "../web.tsx";

/** Says the same of a link that never was and of one that was taken back. */
export async function partnerCalendar(c: WebContext) {
  const desk = c.get("desk");
  const partner = await findPartnerKey(desk, "calendar", c.req.param("token") ?? "");
  const view = partner === undefined ? undefined : await findPartnerView(desk, partner, partnerActor(partner));
  if (partner === undefined || view === undefined) return c.text("There is no calendar here.", 404);
  const url = desk.profile.publicUrl === undefined ? undefined : `${desk.profile.publicUrl}/partner`;
  c.header("Content-Type", "text/calendar; charset=utf-8");
  c.header("Content-Disposition", 'attachment; filename="calendar.ics"');
  c.header("Cache-Control", "no-store");
  return c.body(
    writeIcs({
      name: `${desk.profile.legalEntity}: what ${partner} owes`,
      description: "Duties and rights of the partnership by number and clause.",
      stamp: view.at.now,
      as: c.req.query("as") === "tasks" ? "tasks" : "events",
      entries: await dutyEntries(desk, partner, zoneOf(view.history, view.at), url, view.duties),
    }),
  );
}
