// The clocks that a paper's own law starts: when we must answer, until when nothing may leave, how long data is kept, what the other side owes.
import { addDays, dayOf, daysBetween, endOfDay, startOfDay, zone as zoneOf, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { applies, type Applies } from "../../policy/circumstance.ts";
import { dayWords, dueBy, endOfNamedDay, type Calendar, type DeadlineRule, type Due, type Trigger } from "../../policy/deadline-rule.ts";
import type { clockStarts, Instrument, JurisdictionPack, PaperClock, Period } from "../../policy/pack.ts";
import { challengesOf } from "../challenge/pending-challenges.ts";
import { authorityAnswer, conflictsOf } from "../challenge/authority-hold.ts";
import type { ChallengeStepTaken } from "../challenge/events.ts";
import type { Circumstances, History } from "../decision.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../intake/events.ts";
import { intakeOf } from "../intake/request-details.ts";
import { situationOf } from "../review/case-situation.ts";
import { findInstrument, type KnownInstrument } from "../review/line-verdicts.ts";

export interface RunningPaperClock {
  readonly clock: PaperClock;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  readonly derivation: string;
  /** The last day, in the zone it was counted in. */
  readonly lastDay: Day;
  /** What it waited for has happened, or it has ended. */
  readonly over: boolean;
  /** Standing still: a challenge or a clarification is open. */
  readonly suspended: boolean;
}

type Start = (typeof clockStarts)[number];

/** Working days are those of the paper's own law; before a paper is known, of the desk's first one. */
export function calendarOf(history: History, at: Pick<Circumstances, "zone" | "laws">): Calendar {
  return calendarUnder(findInstrument(intakeOf(history).details?.instrument, at.laws)?.law ?? at.laws[0], at);
}

function calendarUnder(law: JurisdictionPack | undefined, { zone }: Pick<Circumstances, "zone">): Calendar {
  // Days of a pack were read as days when it was loaded.
  return { zone, holidays: (law?.holidays ?? []) as Day[] };
}

/**
 * Whose days count. A law that says where its days run is counted there and at the desk, and the stricter end holds; a law of
 * several States counts in that of our designated establishment, or, when the desk is in none of them, in all.
 */
function calendarsUnder(law: JurisdictionPack, at: Circumstances): Calendars {
  const home = calendarUnder(law, at);
  const states = Object.entries(law.zones);
  const ours = states.filter(([state]) => state === at.provider?.designatedIn?.slice(0, 2));
  const deskIsInOne = states.some(([, zone]) => zone === at.zone);
  const counted = ours.length > 0 ? ours : deskIsInOne ? [] : states;
  return [home, ...counted.map(([, zone]) => ({ ...home, zone: zoneOf(zone) }))];
}

/** The desk's own first. */
type Calendars = readonly [Calendar, ...Calendar[]];

/** What must be done by then is early in doubt; what must not happen before then, or what others may still do, is late. */
const strictest: Readonly<Record<PaperClock["kind"], (one: Instant, other: Instant) => boolean>> = {
  duty: (one, other) => one < other,
  option: (one, other) => one < other,
  hold: (one, other) => one > other,
  keep: (one, other) => one > other,
  theirs: (one, other) => one > other,
};

/** Where two days end together, the desk's own is named. */
function strictestOf<Counted extends { readonly due: Instant }>(
  kind: PaperClock["kind"],
  [home, ...others]: Calendars,
  count: (calendar: Calendar) => Counted,
): Counted {
  return others.map(count).reduce((best, each) => (strictest[kind](each.due, best.due) ? each : best), count(home));
}

export function paperClocksOf(history: History, at: Circumstances): readonly RunningPaperClock[] {
  const { details } = intakeOf(history);
  return details === undefined ? [] : clocksOfPaper(details, history, at);
}

/** The clocks of a paper as these details describe it, whether a person has confirmed them or not. */
export function clocksOfPaper(
  details: Pick<DetailsConfirmed, "instrument" | "lines" | "places" | "protection">,
  history: History,
  at: Circumstances,
): readonly RunningPaperClock[] {
  const facts = details.instrument;
  const known = findInstrument(facts, at.laws);
  if (facts === undefined || known === undefined) return [];
  const situations = [undefined, ...details.lines].map((line) => situationOf(details, known, at.provider, known.law, line));
  const answered = (answer: Applies) => (clock: PaperClock) => situations.some((each) => applies(clock.when, each, known.law.territory) === answer);
  const clocks = [...known.instrument.clocks, ...optionsOf(known)];
  const applying = clocks.filter(answered("yes"));
  // What the case does not say starts no clock, but it holds: nothing leaves before somebody has said that no authority may refuse.
  const holding = clocks.filter(({ kind }) => kind === "hold").filter(answered("unknown"));
  const running = { history, at, known, facts, applying, calendars: calendarsUnder(known.law, at) };
  return [...new Set([...applying, ...holding])].flatMap((clock) => run(clock, running));
}

interface Running {
  readonly calendars: Calendars;
  readonly history: History;
  readonly at: Circumstances;
  readonly known: KnownInstrument;
  readonly facts: InstrumentFacts;
  /** The clocks of its law that are known to be meant for this case. */
  readonly applying: readonly PaperClock[];
}

/** One of its calendars at a time. */
interface Counting extends Running {
  readonly calendar: Calendar;
}

/** A route of challenge with a time limit is a clock too: a right of ours that ends. */
function optionsOf({ instrument }: KnownInstrument): readonly PaperClock[] {
  return instrument.challenge.flatMap(({ route, within, when, citation }, index): PaperClock[] => {
    if (within === undefined) return [];
    const { from, basis, ...lasts } = within;
    return [
      {
        id: `challenge-${index + 1}`,
        label: lastDayFor(route),
        kind: "option",
        lasts,
        from,
        ...(when === undefined ? {} : { when }),
        suspendedBy: [],
        endedBy: [],
        citation,
        basis,
      },
    ];
  });
}

const lastDayFor = (route: string) => `Last day for: ${route}`;

function run(clock: PaperClock, running: Running): readonly RunningPaperClock[] {
  const start = startOf(clock.from, running);
  if (start === undefined) return [];
  const count = countOf(clock, start, running);
  if (count === undefined) return [];
  const end = strictestOf(clock.kind, running.calendars, (calendar) => {
    const counting = { ...running, calendar };
    const startedAt = "at" in start ? start.at : startOfDay(start.on, calendar.zone);
    return { calendar, startedAt, ...renewed(clock, stoodStill(clock, count(calendar), startedAt, counting), counting) };
  });
  return [
    {
      clock,
      startedAt: end.startedAt,
      dueAt: end.due,
      derivation: end.derivation,
      lastDay: dayOf(end.due, end.calendar.zone),
      over: isOver(clock, end.due, running),
      suspended: isSuspended(clock, running),
    },
  ];
}

/** How its end is counted from there; the paper itself may name the day, and a paper that names none starts no clock. */
function countOf({ lasts, citation }: PaperClock, start: Trigger, { facts: { returnOn } }: Running): ((calendar: Calendar) => Due) | undefined {
  if (lasts !== undefined) return (calendar) => dueBy(ruleOf(lasts, citation), start, calendar);
  if (returnOn === undefined) return undefined;
  return (calendar) => endOfNamedDay({ event: "return date on the paper", on: returnOn }, citation, calendar);
}

function ruleOf({ n, unit, counts, rolls }: Period, clause: string): DeadlineRule {
  return { n, unit, counts, rolls, clause };
}

function startOf(from: Start, running: Running): Trigger | undefined {
  const { history, facts } = running;
  switch (from) {
    case "served":
      return { event: "served", at: facts.servedAt };
    case "issued":
      return facts.issuedOn === undefined ? undefined : { event: "issued", on: facts.issuedOn };
    case "hold-ended":
      return holdEnd(running);
    case "clarification-asked":
      return momentOf(history, "ClarificationAsked", "clarification asked");
    case "gag-objected":
      return momentOf(history, "GagObjected", "objection sent");
    case "conflict-raised":
      return momentOf(history, "ConflictRaised", "objection raised");
    case "emergency-answered":
    case "effect-given":
      return momentOf(history, "ProductionReleased", "released");
    default:
      return from satisfies never;
  }
}

function momentOf(history: History, type: History[number]["fact"]["type"], event: string): Trigger | undefined {
  const found = history.findLast(({ fact }) => fact.type === type);
  return found === undefined ? undefined : { event, at: found.at };
}

/** When the other authority's time to refuse is over: by its word, or by the end of its period; with the last of them, where its law gives several. */
function holdEnd(running: Running): Moment | undefined {
  // A hold that begins when another ends cannot be what it waits for itself.
  const own = running.applying.filter(({ kind, from }) => kind === "hold" && from !== "hold-ended");
  const holds = own.flatMap((hold) => run(hold, running));
  if (holds.some(({ over }) => !over)) return undefined;
  const ends = holds.map((hold) => wordOf(hold, running) ?? { event: "the authority's time ended", at: hold.dueAt });
  return ends.toSorted((one, other) => one.at.localeCompare(other.at)).at(-1);
}

type Moment = Extract<Trigger, { readonly at: Instant }>;

/** The word that ended a hold: in its time, or after a refusal that it takes back. Later, it moves nothing. */
function wordOf({ clock, dueAt }: RunningPaperClock, { history }: Running): Moment | undefined {
  const word = authorityAnswer(history);
  if (word?.fact.answer !== "cleared" || !clock.endedBy.includes("authority-cleared")) return undefined;
  const takesBack = history.some(({ fact }) => fact.type === "AuthorityAnswered" && fact.answer === "refused");
  return takesBack || word.at <= dueAt ? { event: "authority cleared", at: word.at } : undefined;
}

/** While a clarification is open the clock stands still: what fell into its own run is added, hours to hours and days to days. */
function stoodStill(clock: PaperClock, counted: Due, startedAt: Instant, counting: Counting): Due {
  if (!clock.suspendedBy.includes("clarification")) return counted;
  const pauses: Pause[] = [];
  let due = counted;
  for (const { from, to } of clarifications(counting.history)) {
    const since = from < startedAt ? startedAt : from;
    // Its run is as long as the pauses before have made it.
    if (to === undefined || to <= since || since >= due.due) continue;
    pauses.push({ since, to });
    due = counted.dueDay === undefined ? laterByHours(counted, pauses, counting) : laterByDays(counted, counted.dueDay, pauses, counting);
  }
  return due;
}

interface Pause {
  readonly since: Instant;
  readonly to: Instant;
}

function laterByHours(counted: Due, pauses: readonly Pause[], { calendar: { zone } }: Counting): Due {
  const minutes = pauses.reduce((sum, { since, to }) => sum + Temporal.Instant.from(since).until(to).total("minutes"), 0);
  const due = Temporal.Instant.from(counted.due)
    .add({ minutes: Math.floor(minutes) })
    .toString({ smallestUnit: "millisecond" }) as Instant;
  const local = Temporal.Instant.from(due).toZonedDateTimeISO(zone);
  const words = `${dayWords(dayOf(due, zone))} ${local.toPlainTime().toString({ smallestUnit: "minute" })}`;
  return { due, derivation: `${counted.derivation}; stood still ${Math.floor(minutes)} minutes for a clarification = ${words}` };
}

function laterByDays(counted: Due, last: Day, pauses: readonly Pause[], { calendar }: Counting): Due {
  const days = pauses.reduce((sum, { since, to }) => sum + daysBetween(dayOf(since, calendar.zone), dayOf(to, calendar.zone)), 0);
  if (days === 0) return counted;
  const dueDay = addDays(last, days);
  const derivation = `${counted.derivation}; stood still ${days} ${days === 1 ? "day" : "days"} for a clarification = end of ${dayWords(dueDay)}`;
  return { due: endOfDay(dueDay, calendar.zone), dueDay, derivation };
}

function clarifications(history: History): readonly { readonly from: Instant; readonly to?: Instant }[] {
  const asked: { from: Instant; to?: Instant }[] = [];
  for (const { fact, at } of history) {
    if (fact.type === "ClarificationAsked") asked.push({ from: at });
    const open = asked.at(-1);
    if (fact.type === "ClarificationAnswered" && open !== undefined && open.to === undefined) open.to = at;
  }
  return asked;
}

export function clarificationOpen(history: History): boolean {
  return clarifications(history).some(({ to }) => to === undefined);
}

/** A renewal counts on from the day that went before; never more often than the law lets it. */
function renewed(clock: PaperClock, counted: Due, { history, calendar }: Counting): Due {
  const { renewal } = clock;
  if (renewal === undefined) return counted;
  const asked = history.filter(({ fact }) => fact.type === "PreservationRenewed").length;
  let due = counted;
  for (let time = 0; time < Math.min(asked, renewal.times); time++) {
    const from = dayOf(due.due, calendar.zone);
    const next = dueBy(ruleOf(renewal.lasts, renewal.citation), { event: "renewed, from", on: from }, calendar);
    due = { ...next, derivation: `${due.derivation}; ${next.derivation}` };
  }
  return due;
}

function isOver(clock: PaperClock, due: Instant, running: Running): boolean {
  const { history, at } = running;
  const { endedBy, from } = clock;
  const released = history.some(({ fact }) => fact.type === "ProductionReleased");
  const closed = history.some(({ fact }) => fact.type === "CaseClosed" || fact.type === "RequestWithdrawn");
  if (endedBy.includes("lapse") && lapsed(running)) return true;
  if (endedBy.includes("acknowledged") && history.some(({ fact }) => fact.type === "RequestAcknowledged")) return true;
  if (endedBy.includes("answer-sent") && !closed) return history.some(({ fact }) => fact.type === "LetterSent" && fact.kind === "production-ready");
  if (endedBy.includes("validated") && needsNoValidation(running)) return true;
  switch (clock.kind) {
    case "hold":
      return at.now > due || (clock.endedBy.includes("authority-cleared") && authorityAnswer(history)?.fact.answer === "cleared");
    case "keep":
      return history.some(({ fact }) => fact.type === "PreservationEnded");
    case "option":
      return released || closed || isTaken(clock, running) || conflictsOf(history).length > 0;
    case "theirs":
      return answeredByThem(clock, history);
    case "duty":
      if (authorityAnswer(history)?.fact.answer === "refused") return true;
      return closed || (released && from !== "effect-given" && from !== "emergency-answered");
    default:
      return clock.kind satisfies never;
  }
}

/** The route whose last day it is was taken. */
function isTaken(clock: PaperClock, { history, known }: Running): boolean {
  const taken = challengesOf(history).map(({ opened }) => opened.route);
  return known.instrument.challenge.some(({ route }) => taken.includes(route) && clock.label === lastDayFor(route));
}

/** A duty lapses when the authority left a clarification unanswered for as long as the law gives it. */
function lapsed(running: Running): boolean {
  const { history, at, applying, calendars } = running;
  const theirs = applying.filter(({ kind, from }) => kind === "theirs" && from === "clarification-asked");
  // What has lapsed stays lapsed: an answer that came too late does not bring the duty back.
  return clarifications(history).some(({ from, to = at.now }) => {
    const counts = theirs.flatMap((clock) => countOf(clock, { event: "clarification asked", at: from }, running) ?? []);
    return counts.length > 0 && counts.every((count) => to > strictestOf("theirs", calendars, count).due);
  });
}

/** Validated since, or issued by a rank that needs no validation. */
function needsNoValidation({ facts, known: { instrument } }: Running): boolean {
  const { signedBy, validatedBy } = facts;
  if (validatedBy !== undefined) return true;
  const ranks = instrument.tiers.length === 0 ? instrument.issuers : instrument.tiers.flatMap(({ issuers }) => issuers);
  return signedBy !== undefined && ranks.includes(signedBy);
}

function answeredByThem(clock: PaperClock, history: History): boolean {
  if (clock.from === "clarification-asked") return !clarificationOpen(history);
  if (clock.from === "conflict-raised") return conflictsOf(history).every(({ decided }) => decided !== undefined);
  if (clock.from === "gag-objected") return history.some(({ fact }) => fact.type === "GagEnded" || fact.type === "GagRenewed");
  return authorityAnswer(history) !== undefined;
}

function isSuspended(clock: PaperClock, running: Running): boolean {
  if (clock.suspendedBy.includes("challenge") && staysTheDuty(running)) return true;
  return clock.suspendedBy.includes("clarification") && clarificationOpen(running.history);
}

/**
 * That nothing leaves while a challenge is pending is our promise; that the duty to answer stands still is the law's to say:
 * by a route to which it gives that effect, taken in its time, or by a court's interim measures.
 */
function staysTheDuty(running: Running): boolean {
  const { history, known } = running;
  const pending = challengesOf(history).filter(({ resolved }) => resolved === undefined);
  const staying = known.instrument.challenge.filter(({ suspends }) => suspends);
  const conflicts = conflictsOf(history).filter(({ decided }) => decided === undefined);
  return (
    pending.some(({ opened }) => interimMeasures(opened.challenge, history)) ||
    pending.some(({ opened, openedAt }) => staying.some((each) => each.route === opened.route && inTime(each, openedAt, running))) ||
    conflicts.some(({ raisedAt }) => staying.some((each) => each.within !== undefined && inTime(each, raisedAt, running)))
  );
}

function interimMeasures(challenge: string, history: History): boolean {
  const steps = history.map(({ fact }) => fact).filter((fact) => fact.type === "ChallengeStepTaken");
  const newest = steps.findLast((each) => each.challenge === challenge && measures.includes(each.step));
  return newest?.step === "interim-measures-granted";
}

const measures: readonly ChallengeStepTaken["step"][] = ["interim-measures-granted", "interim-measures-refused"];

function inTime({ within, citation }: Instrument["challenge"][number], taken: Instant, running: Running): boolean {
  if (within === undefined) return true;
  const start = startOf(within.from, running);
  return start !== undefined && taken <= strictestOf("option", running.calendars, (calendar) => dueBy(ruleOf(within, citation), start, calendar)).due;
}

/** Every reason why the paper's own law does not let anything leave yet, or not any more. */
export function holdReasons(history: History, at: Circumstances): readonly Reason[] {
  const running = paperClocksOf(history, at);
  return [...validationReasons(running, at), ...authorityHolds(running)];
}

/** An urgent paper that nobody validated in time is withdrawn by its own law. */
function validationReasons(running: readonly RunningPaperClock[], at: Circumstances): readonly Reason[] {
  return running
    .filter(({ clock, over, dueAt }) => clock.endedBy.includes("validated") && !over && at.now > dueAt)
    .map(({ clock }) => ({
      clause: "V07",
      code: "VALIDATION_OVERDUE",
      because: `The paper was issued in an emergency and nobody has validated it in time (${clock.citation}). Its validation, or a fresh paper, would change this.`,
    }));
}

function authorityHolds(running: readonly RunningPaperClock[]): readonly Reason[] {
  return running
    .filter(({ clock, over }) => clock.kind === "hold" && !over)
    .map(({ clock, lastDay }) => ({
      clause: "V20",
      code: "AUTHORITY_HOLD",
      because: `The authority that was told of the order may refuse it until the end of ${dayWords(lastDay)} (${clock.citation}). Its word that it will not, or the end of that time, would change this.`,
    }));
}
