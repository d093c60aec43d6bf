// Everything that a partner and the company owe each other at a moment, from the partner's facts alone: lists, pages, reminders and figures read this.
import { accessDuties } from "./access-notices/access-steps.ts";
import { agreementDuties } from "./agreements/agreement-duties.ts";
import { openDisputes } from "./agreements/disputes.ts";
import { answerDuties, excusedAt } from "./answers/answer-duties.ts";
import { paperDuties } from "./attestations/paper-duties.ts";
import { breachDuties } from "./breaches/breach-steps.ts";
import { deletionDuties, openHolds } from "./deletions/deletion-steps.ts";
import { isSettled, type Duty } from "./duty.ts";
import type { PartnerCircumstances, PartnerHistory } from "./partner.ts";
import { doneReminders, plannedReminders, reminderKey } from "./reminders/reminder-steps.ts";
import { rightsDuties } from "./rights-requests/rights-steps.ts";
import { nextInterestOn, soldIn, statementDuties } from "./statements/statement-steps.ts";
import { subProcessorDuties, subProcessorsOf } from "./sub-processors/sub-processor-steps.ts";
import { transferDuties } from "./transfers/transfer-steps.ts";
import { addDays, dayOf, startOfDay, type Day, type Instant } from "../kernel/instant.ts";
import { zoneOf } from "./partner.ts";
import { nextRenewal, standingOf, termsOf } from "./standing.ts";
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
  const done = doneReminders(history);
  const moments = duties.flatMap((duty) => {
    if (isSettled(duty)) return [];
    const after = duty.dueAt === undefined ? [] : [afterwards(duty.dueAt)];
    return [...after, ...plannedReminders(duty).flatMap((planned) => (done.has(reminderKey(planned)) ? [] : [planned.at]))];
  });
  const zone = zoneOf(history, at);
  return [...moments, ...openingsOf(history, at), ...turningDays(history, at).map((on) => startOfDay(on, zone))].filter((each) => each > at.now).toSorted()[0];
}

function afterwards(moment: Instant): Instant {
  return Temporal.Instant.from(moment).add({ milliseconds: 1 }).toString({ smallestUnit: "millisecond" }) as Instant;
}

/** When sub-processors may begin. */
function openingsOf(history: PartnerHistory, at: PartnerCircumstances): readonly Instant[] {
  return subProcessorsOf(history, at).flatMap(({ window }) => (window?.opensAt === undefined ? [] : [window.opensAt]));
}

/** Days on which something changes at midnight, in the partner's zone. */
function turningDays(history: PartnerHistory, at: PartnerCircumstances): readonly Day[] {
  const { signed, ended, today, runs } = standingOf(history, at);
  const nextMonth = `${Temporal.PlainYearMonth.from(today.slice(0, 7)).add({ months: 1 }).toString()}-01` as Day;
  return [
    ...termsOf(history).flatMap((term) => [term.signed.startsOn, ...(term.ended === undefined ? [] : [addDays(term.ended.on, 1)])]),
    ...(runs && signed !== undefined && ended === undefined ? [nextRenewal(signed, today)] : []),
    // A month of sales begins.
    ...(soldIn(history).some(({ until }) => until === undefined || until >= nextMonth) ? [nextMonth] : []),
    ...nextInterestOn(today, history, at),
    // A running agreement is looked at each night; an entry of a list ends on its own day also after it.
    ...(runs && all(history, "FlowRecorded").length > 0 ? [addDays(today, 1)] : []),
    ...all(history, "ListingChecked").flatMap(({ fact }) => (fact.activeUntil === undefined ? [] : [addDays(fact.activeUntil, 1)])),
    ...at.contract.switchedOff.map(({ since }) => since as Day),
    ...all(history, "TermsRevised").map(({ fact }) => fact.effectiveOn),
    ...all(history, "RevisionNoticed").map(({ fact }) => addDays(dayOf(fact.at, zoneOf(history, at)), daysBeforeRevision)),
    ...openHolds(history, at).flatMap(({ until }) => (until === undefined ? [] : [addDays(until, 1)])),
  ];
}

const daysBeforeRevision = 30;
