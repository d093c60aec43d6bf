// Everything that a partner and the company owe each other at a moment, from the partner's facts alone: lists, pages, reminders and figures read this.
import { accessDuties } from "./access-notices/access-steps.ts";
import { agreementDuties } from "./agreements/agreement-duties.ts";
import { openDisputes } from "./agreements/disputes.ts";
import { answerDuties, excusedAt } from "./answers/answer-duties.ts";
import { paperDuties } from "./attestations/paper-duties.ts";
import { breachDuties } from "./breaches/breach-steps.ts";
import { deletionDuties } from "./deletions/deletion-steps.ts";
import { isSettled, type Duty } from "./duty.ts";
import type { PartnerCircumstances, PartnerHistory } from "./partner.ts";
import { plannedReminders } from "./reminders/reminder-steps.ts";
import { rightsDuties } from "./rights-requests/rights-steps.ts";
import { statementDuties } from "./statements/statement-steps.ts";
import { subProcessorDuties } from "./sub-processors/sub-processor-steps.ts";
import { transferDuties } from "./transfers/transfer-steps.ts";
import { addDays, dayOf, startOfDay, type Instant } from "../kernel/instant.ts";
import { zoneOf } from "./partner.ts";
import { standingOf } from "./standing.ts";
import { all } from "./partner.ts";

const parts: readonly ((history: PartnerHistory, at: PartnerCircumstances) => readonly Duty[])[] = [
  accessDuties,
  breachDuties,
  rightsDuties,
  answerDuties,
  subProcessorDuties,
  deletionDuties,
  transferDuties,
  statementDuties,
  agreementDuties,
  paperDuties,
];

/** Every duty and right, open or settled. Those that are owed first come first; what has no end comes last. */
export function dutiesOf(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return parts
    .flatMap((part) => part(history, at))
    .map((duty) => excused(duty, history))
    .toSorted((one, other) =>
      (one.dueAt ?? "~") === (other.dueAt ?? "~") ? (one.id < other.id ? -1 : 1) : (one.dueAt ?? "~") < (other.dueAt ?? "~") ? -1 : 1,
    );
}

/** The side that is owed may let a duty go; what was kept already stays kept. */
function excused(duty: Duty, history: PartnerHistory): Duty {
  const at = excusedAt(duty.id, history);
  return at === undefined || isSettled(duty)
    ? duty
    : { ...duty, state: "excused", settledAt: at, derivation: `${duty.derivation}; let go by the side that is owed` };
}

export function isDisputed(duty: Duty, history: PartnerHistory): boolean {
  return openDisputes(history).some(({ about }) => about === duty.id);
}

/**
 * The next moment at which something changes by time alone: a duty falls due or overdue, a reminder is planned, a month begins, a
 * window opens. Nothing before it does.
 */
export function nextChange(history: PartnerHistory, at: PartnerCircumstances, duties = dutiesOf(history, at)): Instant | undefined {
  const { signed, begins, ends, today, runs } = standingOf(history, at);
  const zone = zoneOf(history, at);
  const given = new Set([...all(history, "ReminderGiven"), ...all(history, "ReminderMissed")].map(({ fact }) => `${fact.duty} ${fact.percent}`));
  const candidates = [
    ...duties.flatMap((duty) => {
      if (isSettled(duty)) return [];
      const after =
        duty.dueAt === undefined ? [] : [Temporal.Instant.from(duty.dueAt).add({ milliseconds: 1 }).toString({ smallestUnit: "millisecond" }) as Instant];
      return [...after, ...plannedReminders(duty).flatMap((planned) => (given.has(`${planned.duty} ${planned.percent}`) ? [] : [planned.at]))];
    }),
    ...(begins === undefined ? [] : [begins]),
    ...(ends === undefined ? [] : [ends]),
    ...(runs && signed?.aiProduct === true
      ? [startOfDay(`${Temporal.PlainYearMonth.from(today.slice(0, 7)).add({ months: 1 }).toString()}-01` as typeof today, zone)]
      : []),
    // Listings lapse and terms renew at midnight; a running agreement is looked at each day.
    ...(runs && all(history, "FlowRecorded").length > 0 ? [startOfDay(addDays(dayOf(at.now, zone), 1), zone)] : []),
  ];
  return candidates.filter((each) => each > at.now).toSorted()[0];
}
