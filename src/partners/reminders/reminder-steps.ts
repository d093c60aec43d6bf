// Reminders at set fractions of each clock, written by the program; one that nobody could get is a fact too, and so is a duty that was not kept.
import { addHours, type Instant } from "../../kernel/instant.ts";
import { leadsOf, type Duty } from "../duty.ts";
import { all, type PartnerHistory } from "../partner.ts";
import type { PartnerFact } from "../partner-facts.ts";

/** Per cent of a clock that has run when its reminder goes out. */
const reminderPercents = [50, 75, 90] as const;

export interface PlannedReminder {
  readonly duty: string;
  readonly percent: number;
  readonly at: Instant;
}

/** When each reminder of a duty is planned; none for rights, for what is settled and for clocks without an end. */
export function plannedReminders({ id, began, dueAt, state, isRight }: Duty): readonly PlannedReminder[] {
  if (began === undefined || dueAt === undefined || isRight === true || (state !== "open" && state !== "overdue")) return [];
  const [from, to] = [Temporal.Instant.from(began).epochMilliseconds, Temporal.Instant.from(dueAt).epochMilliseconds];
  if (to <= from) return [];
  return reminderPercents.map((percent) => ({
    duty: id,
    percent,
    at: Temporal.Instant.fromEpochMilliseconds(Math.round(from + ((to - from) * percent) / 100)).toString({ smallestUnit: "millisecond" }) as Instant,
  }));
}

/** What tells one planned reminder from another: a duty whose end moved is reminded of again. */
export function reminderKey({ duty, percent, at }: PlannedReminder): string {
  return `${duty} ${percent} ${at}`;
}

/** Reminders that were given or missed. */
export function doneReminders(history: PartnerHistory): ReadonlySet<string> {
  return new Set(
    [...all(history, "ReminderGiven"), ...all(history, "ReminderMissed")].map(({ fact: { duty, percent, planned } }) =>
      reminderKey({ duty, percent, at: planned }),
    ),
  );
}

/** When it came on record that the duty runs: of what nobody could know, nobody could be reminded, and nothing was missed. */
function knownSince({ id }: Duty, history: PartnerHistory): Instant {
  const about = id.split(":");
  const first = history.find(({ fact }) => Object.values(fact).some((value) => typeof value === "string" && about.includes(value)));
  return first?.at ?? all(history, "AgreementSigned").at(-1)?.at ?? history[0]?.at ?? ("" as Instant);
}

/** A planned reminder that is found later than this is missed: the next one is nearer. */
const latestHours = 6;

export interface DueReminders {
  /** One for each duty: the newest that is due. */
  readonly give: readonly PlannedReminder[];
  readonly missed: readonly PartnerFact[];
  readonly overdue: readonly PartnerFact[];
}

/** What falls to be done now for these duties: reminders to give, those that were missed, duties that fell overdue. */
export function dueReminders(duties: readonly Duty[], history: PartnerHistory, now: Instant): DueReminders {
  const known = new Set(all(history, "DutyFellOverdue").map(({ fact }) => `${fact.duty} ${fact.dueAt}`));
  const overdue = duties.flatMap((duty): readonly PartnerFact[] =>
    duty.state === "overdue" && duty.dueAt !== undefined && !known.has(`${duty.id} ${duty.dueAt}`)
      ? [{ type: "DutyFellOverdue", duty: duty.id, clause: duty.clause, dueAt: duty.dueAt }]
      : [],
  );
  const done = doneReminders(history);
  const due = leadsOf(duties).flatMap((duty) => {
    const since = knownSince(duty, history);
    const planned = plannedReminders(duty).filter((each) => since <= each.at && each.at <= now && !done.has(reminderKey(each)));
    return planned.map((each, index) => ({ each, isNewest: index === planned.length - 1, duty }));
  });
  const isLate = ({ each, isNewest, duty }: (typeof due)[number]) => !isNewest || duty.state === "overdue" || now > addHours(each.at, latestHours);
  return {
    give: due.filter((each) => !isLate(each)).map(({ each }) => each),
    missed: due
      .filter(isLate)
      .map(({ each }) => ({ type: "ReminderMissed" as const, duty: each.duty, percent: each.percent, planned: each.at, why: "TOO_LATE" as const })),
    overdue,
  };
}
