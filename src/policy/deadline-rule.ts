// Turns a period that a clause or a statute gives into a due date, and says in words how it was counted.
import type { Day, Instant, Zone } from "../kernel/instant.ts";
import { addDays, addHours, dayOf, daysBetween, endOfDay, startOfDay } from "../kernel/instant.ts";

export interface DeadlineRule {
  /** How many units; a whole number, 0 or more. */
  readonly n: number;
  readonly unit: "hours" | "days" | "business-days" | "months";
  /** `beginning-with`: the trigger's day is day 1; otherwise it is day 0. Hours are always elapsed hours. */
  readonly counts?: "after" | "beginning-with";
  /** A last day on a weekend or holiday moves to the next working day; hours never move. Absent: it stays. */
  readonly rolls?: boolean;
  /** The clause or statute that gives the period: `DPA-8.1a`, `18 USC 2703(h)(2)`. */
  readonly clause: string;
}

/** What starts the count: a moment, or a bare day such as the date on a warrant. `event` is the verb of the derivation: `received`. */
export type Trigger = { readonly event: string; readonly at: Instant } | { readonly event: string; readonly on: Day };

/** Whose clock and whose working days. Saturdays and Sundays are never working days. */
export interface Calendar {
  readonly zone: Zone;
  readonly holidays: readonly Day[];
}

export interface Due {
  /** The last moment at which it is still in time. */
  readonly due: Instant;
  /** The last day, when the period is counted in days; absent for hours. */
  readonly dueDay?: Day;
  /** One line that a reader can count again by hand. */
  readonly derivation: string;
}

const longestCount = 36_600;

/**
 * When the period ends. Hours are elapsed hours. Days, business days and months end with the last millisecond of their
 * last day in the calendar's zone; the day of the trigger is day 0. Months keep the day number, clamped to the month's end.
 * Hours from a bare day run from its first moment, the strictest reading. Throws a RangeError on a count that is not a
 * whole number from 0 to 36 600.
 */
export function dueBy(rule: DeadlineRule, trigger: Trigger, calendar: Calendar): Due {
  if (!Number.isInteger(rule.n) || rule.n < 0 || rule.n > longestCount) {
    throw new RangeError(`a period must be a whole number from 0 to ${longestCount}`);
  }
  return rule.unit === "hours" ? dueByHour(rule, trigger, calendar) : dueByDay(rule, trigger, calendar);
}

/** The end of a day that somebody named: the date on a paper, the last day of an order. Nothing is counted. */
export function endOfNamedDay({ event, on }: { readonly event: string; readonly on: Day }, clause: string, { zone }: Pick<Calendar, "zone">): Due {
  return { due: endOfDay(on, zone), dueDay: on, derivation: `${event} ${dayWords(on)} = ${endWords(on, zone)}, ${clause}` };
}

export interface WaitingPeriod {
  /** The last day that belongs to the one who waits. */
  readonly lastDay: Day;
  /** The first day after it, and its first moment: from here on the door is open. */
  readonly opensOn: Day;
  readonly opensAt: Instant;
  readonly derivation: string;
}

/** When a waiting time of whole days is over: the trigger's day is day 0, days 1 to `days` belong to the waiting, the door opens on the day after. */
export function opensAfter(period: { readonly days: number; readonly clause: string }, trigger: Trigger, calendar: Calendar): WaitingPeriod {
  const rule: DeadlineRule = { n: period.days, unit: "days", clause: period.clause };
  const lastDay = dueBy(rule, trigger, calendar).dueDay ?? triggerDay(trigger, calendar.zone);
  const opensOn = addDays(lastDay, 1);
  const waited = `days 1 to ${period.days} end on ${dayWords(lastDay)}`;
  const began = `${trigger.event} ${triggerWords(trigger, calendar.zone)} (day 0)`;
  return {
    lastDay,
    opensOn,
    opensAt: startOfDay(opensOn, calendar.zone),
    derivation: `${began}; ${period.days === 0 ? "no waiting days" : waited}; open from ${dayWords(opensOn)} ${cityOf(calendar.zone)}, ${period.clause}`,
  };
}

function dueByHour(rule: DeadlineRule, trigger: Trigger, calendar: Calendar): Due {
  const start = "at" in trigger ? trigger.at : startOfDay(trigger.on, calendar.zone);
  const due = addHours(start, rule.n);
  const sum = `${trigger.event} ${momentWords(start, calendar.zone)} + ${count(rule)} = ${momentWords(due, calendar.zone)}`;
  return { due, derivation: `${sum}${clockChange(start, due, calendar.zone)}, ${rule.clause}` };
}

function dueByDay(rule: DeadlineRule, trigger: Trigger, calendar: Calendar): Due {
  const start = triggerDay(trigger, calendar.zone);
  const counted = countedDay(rule, start, calendar);
  const dueDay = rule.rolls === true ? workingDayFrom(counted, calendar) : counted;
  const added = rule.n === 0 ? "" : ` + ${count(rule)}${rule.counts === "beginning-with" ? " beginning with that day" : ""}`;
  const sum = `${trigger.event} ${triggerWords(trigger, calendar.zone)}${added} = ${endWords(dueDay, calendar.zone)}`;
  const remarks = [
    ...(rule.unit === "business-days" ? skippedWords(start, dueDay, calendar) : []),
    ...(rule.unit === "months" ? clampWords(rule, start) : []),
    ...(dueDay === counted ? [] : [`${dayWords(counted)} is no working day`]),
    ...unknownHolidays(rule, start, dueDay, calendar),
  ];
  const remark = remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
  return { due: endOfDay(dueDay, calendar.zone), dueDay, derivation: `${sum}${remark}, ${rule.clause}` };
}

function endWords(date: Day, at: Zone): string {
  return `end of ${dayWords(date)} ${cityOf(at)}`;
}

/** The last day of a period of days or months that runs from a bare day, in no zone's hours: until when a paper can be served. */
export function countedFrom(start: Day, { n, unit, counts }: Pick<DeadlineRule, "n" | "unit" | "counts">): Day {
  const last = unit === "months" ? addMonths(start, n) : addDays(start, n);
  if (counts !== "beginning-with" || n === 0) return last;
  // A month that has no such day ends the period with its own last day: there is nothing to take back.
  const clamped = unit === "months" && last.slice(8) !== start.slice(8);
  return clamped ? last : addDays(last, -1);
}

function countedDay(rule: DeadlineRule, start: Day, calendar: Calendar): Day {
  if (rule.unit !== "business-days") return countedFrom(start, rule);
  return addBusinessDays(rule.counts === "beginning-with" && rule.n > 0 ? addDays(start, -1) : start, rule.n, calendar);
}

/** Keeps the day number, clamped to the end of the month: 31 January + 1 month is 28 or 29 February. */
function addMonths(from: Day, months: number): Day {
  return Temporal.PlainDate.from(from).add({ months }, { overflow: "constrain" }).toString() as Day;
}

/** The `n`th working day after `from`, which is day 0 whether it is a working day or not. */
export function addBusinessDays(from: Day, n: number, calendar: Calendar): Day {
  let date = from;
  for (let left = n; left > 0; left--) date = workingDayFrom(addDays(date, 1), calendar);
  return date;
}

/** The day itself when it is a working day, the next one otherwise. */
function workingDayFrom(from: Day, calendar: Calendar): Day {
  let date = from;
  while (!isWorkingDay(date, calendar)) date = addDays(date, 1);
  return date;
}

export function isWorkingDay(date: Day, calendar: Calendar): boolean {
  return !isWeekend(date) && !calendar.holidays.includes(date);
}

function isWeekend(date: Day): boolean {
  return Temporal.PlainDate.from(date).dayOfWeek >= 6;
}

function triggerDay(trigger: Trigger, at: Zone): Day {
  return "at" in trigger ? dayOf(trigger.at, at) : trigger.on;
}

function triggerWords(trigger: Trigger, at: Zone): string {
  return "at" in trigger ? momentWords(trigger.at, at) : dayWords(trigger.on);
}

function skippedWords(start: Day, end: Day, calendar: Calendar): string[] {
  const between = Array.from({ length: daysBetween(start, end) }, (_, index) => addDays(start, index + 1));
  const holidays = between.filter((date) => !isWeekend(date) && calendar.holidays.includes(date)).map(dayWords);
  const skipped = [...(between.some(isWeekend) ? ["weekends"] : []), ...holidays.map((date) => `the holiday of ${date}`)];
  return skipped.length === 0 ? [] : [`not counted: ${skipped.join(", ")}`];
}

function clampWords({ n }: DeadlineRule, start: Day): string[] {
  return addMonths(start, n).slice(8) === start.slice(8) ? [] : ["the month has no such day: its last day counts"];
}

/** A count over working days is only as good as its calendar: a year without any holiday in it is named. */
function unknownHolidays(rule: DeadlineRule, start: Day, end: Day, calendar: Calendar): string[] {
  if (rule.unit !== "business-days" && rule.rolls !== true) return [];
  const years = Array.from({ length: yearOf(end) - yearOf(start) + 1 }, (_, index) => yearOf(start) + index);
  const known = new Set(calendar.holidays.map(yearOf));
  return years.filter((year) => !known.has(year)).map((year) => `no holidays of ${year} are known`);
}

function yearOf(date: Day): number {
  return Temporal.PlainDate.from(date).year;
}

function clockChange(start: Instant, end: Instant, at: Zone): string {
  const [before, after] = [offsetOf(start, at), offsetOf(end, at)];
  if (before === after) return "";
  return before < after ? " (clocks went forward)" : " (clocks went back)";
}

function offsetOf(moment: Instant, at: Zone): number {
  return Temporal.Instant.from(moment).toZonedDateTimeISO(at).offsetNanoseconds;
}

const units = { hours: "hour", days: "day", "business-days": "business day", months: "month" } as const;

function count(rule: DeadlineRule): string {
  return `${rule.n} ${units[rule.unit]}${rule.n === 1 ? "" : "s"}`;
}

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `Fri 6 Mar 2026`: the same words everywhere a due date is explained. */
export function dayWords(date: Day): string {
  const { dayOfWeek, day, month, year } = Temporal.PlainDate.from(date);
  return `${weekdays[dayOfWeek - 1]} ${day} ${months[month - 1]} ${year}`;
}

/** `Fri 6 Mar 2026 22:15 Denver`: seconds only when they are not zero. */
function momentWords(moment: Instant, at: Zone): string {
  const local = Temporal.Instant.from(moment).toZonedDateTimeISO(at);
  const time = local.toPlainTime().toString({ smallestUnit: local.second === 0 ? "minute" : "second" });
  return `${dayWords(dayOf(moment, at))} ${time} ${cityOf(at)}`;
}

function cityOf(at: Zone): string {
  return (at.split("/").at(-1) ?? at).replaceAll("_", " ");
}
