// The letter that reminds a partner of what falls due: every date with its derivation, and where to report it.
import type { PartnerId } from "../kernel/ids.ts";
import type { Duty } from "../partners/duty.ts";
import type { Side } from "../policy/contract-pack.ts";
import { zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partners/partner.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import { dayOf } from "../kernel/instant.ts";

interface Reminder {
  readonly partner: PartnerId;
  readonly name: string;
  readonly company: string;
  readonly url: string;
  /** One for each line, with every clause that it confirms. */
  readonly due: readonly { readonly duty: Duty; readonly clauses: readonly string[] }[];
  /** Whose duties these are. */
  readonly owedBy: Side;
  readonly history: PartnerHistory;
  readonly at: PartnerCircumstances;
}

/** The subject holds a number and no name: subjects travel in the clear. */
export function reminderLetter({ partner, name, company, url, due, owedBy, history, at }: Reminder): { readonly subject: string; readonly text: string } {
  const zone = zoneOf(history, at);
  const items = due.map(({ duty: { label, dueAt, derivation }, clauses }) => {
    const by = dueAt === undefined ? "without an end on record" : `by ${dayWords(dayOf(dueAt, zone))}`;
    return `- ${label}, ${by} [${clauses.join(", ")}]\n  Why this date: ${derivation}.`;
  });
  const paragraphs = [
    `To ${name},`,
    owedBy === "partner" ? `Under our agreement ${thingsWords(due.length)} due soon:` : `To partner ${partner} the company owes what falls due soon:`,
    items.join("\n"),
    `Report it here, or see what else is open: ${url}`,
    ...(owedBy === "partner" ? ["If it is done already, or if you see it otherwise, say so there: a dispute is kept on record beside the date."] : []),
    `${company}\nPartner program, ${partner}`,
  ];
  return { subject: `Reminder for ${partner}: ${due.length} due soon`, text: `${paragraphs.join("\n\n")}\n` };
}

function thingsWords(count: number): string {
  return count === 1 ? "one thing falls" : `${count} things fall`;
}
