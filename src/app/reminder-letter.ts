// The letter that reminds a partner of what falls due: every date with its derivation, and where to report it.
import type { PartnerId } from "../kernel/ids.ts";
import type { Duty } from "../partners/duty.ts";
import { zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partners/partner.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import { dayOf } from "../kernel/instant.ts";

interface Reminder {
  readonly partner: PartnerId;
  readonly name: string;
  readonly company: string;
  readonly url: string;
  readonly due: readonly Duty[];
  readonly history: PartnerHistory;
  readonly at: PartnerCircumstances;
}

/** The subject holds a number and no name: subjects travel in the clear. */
export function reminderLetter({ partner, name, company, url, due, history, at }: Reminder): { readonly subject: string; readonly text: string } {
  const zone = zoneOf(history, at);
  const items = due.map(({ clause, label, dueAt, derivation }) => {
    const by = dueAt === undefined ? "without an end on record" : `by ${dayWords(dayOf(dueAt, zone))}`;
    return `- ${label}, ${by} [${clause}]\n  Why this date: ${derivation}.`;
  });
  const paragraphs = [
    `To ${name},`,
    due.length === 1 ? `Under our agreement one thing falls due soon:` : `Under our agreement ${due.length} things fall due soon:`,
    items.join("\n"),
    `Report it here, or see what else is open: ${url}`,
    "If it is done already, or if you see it otherwise, say so there: a dispute is kept on record beside the date.",
    `${company}\nPartner program, ${partner}`,
  ];
  return { subject: `Reminder for ${partner}: ${due.length} due soon`, text: `${paragraphs.join("\n\n")}\n` };
}
