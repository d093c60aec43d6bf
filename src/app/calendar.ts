// The desk's calendar: every running clock of every case, by day, and the register of secrecy orders by age.
import type { Actor, CaseId } from "../kernel/ids.ts";
import { addDays, dayOf, daysBetween, day, endOfDay, type Day, type Instant } from "../kernel/instant.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import type { PaperClock } from "../policy/pack.ts";
import { cite } from "../policy/policy-in-force.ts";
import { challengesOf } from "../requests/challenge/module.ts";
import { beneficiaries, nextAttemptOn } from "../requests/gag/open-gags.ts";
import { gagsOf, type Gag } from "../requests/gag/module.ts";
import { clocksOf, type RunningClock } from "../requests/deadlines/module.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { findInstrument } from "../requests/review/module.ts";
import { caseCircumstances, circumstances, type Desk } from "./desk.ts";
import { readCase } from "./handle.ts";
import type { DeskPorts } from "./ports.ts";
import { isSecret, projectViews } from "./project-views.ts";

export type ClockKind = PaperClock["kind"];

/** Where a clock stands in a calendar: `still` while the law, a court or a clarification suspends it. */
export type Span = "overdue" | "today" | "week" | "later" | "still";

export interface CalendarEntry {
  readonly caseId: CaseId;
  readonly clock: RunningClock;
  readonly kind: ClockKind;
  /** The day it is due, in the desk's zone. */
  readonly day: Day;
  readonly span: Span;
}

export interface DeskCalendar {
  readonly now: Instant;
  readonly today: Day;
  /** By moment; cases under a secrecy order are not among them. */
  readonly entries: readonly CalendarEntry[];
  /** Cases under a secrecy order that have a clock running, by how soon: the number and nothing else. */
  readonly sealed: Readonly<Record<Span, readonly CaseId[]>>;
}

/** `kinds` absent: all of them. */
export async function readCalendar(desk: Desk, kinds?: ReadonlySet<ClockKind>): Promise<DeskCalendar> {
  const at = circumstances(desk, "desk" as Actor, "");
  const cases = await runningCases(desk);
  const all = cases.flatMap(({ caseId, history }) => {
    const secret = isSecret(history, at);
    return entriesOf(caseId, history, ofCase(desk, history, at)).map((entry) => ({ entry, secret }));
  });
  const wanted = all.filter(({ entry }) => kinds === undefined || kinds.has(entry.kind));
  return {
    now: at.now,
    today: at.today,
    entries: wanted.flatMap(({ entry, secret }) => (secret ? [] : [entry])).toSorted(byMoment),
    sealed: sealedBySpan(all.flatMap(({ entry, secret }) => (secret ? [entry] : []))),
  };
}

/** The rules the case began with, at the one moment of this reading. */
function ofCase(desk: Desk, history: History, { now, today }: Circumstances): Circumstances {
  return { ...caseCircumstances(desk, history, "desk" as Actor, ""), now, today };
}

function entriesOf(caseId: CaseId, history: History, at: Circumstances): readonly CalendarEntry[] {
  return [...clocksOf(history, at), ...hearings(history, at)]
    .filter(({ state, isDuty, dueAt }) => state === "suspended" || (state !== "kept" && (isDuty || dueAt > at.now)))
    .map((clock) => {
      const due = dayOf(clock.dueAt, at.zone);
      return { caseId, clock, kind: kindOf(clock), day: due, span: spanOf(clock, due, at) };
    });
}

/** A hearing that is set stands in the calendar until its day is over or its challenge is decided. */
function hearings(history: History, at: Circumstances): readonly RunningClock[] {
  const pending = new Set(challengesOf(history).flatMap(({ opened, resolved }) => (resolved === undefined ? [opened.challenge] : [])));
  return history.flatMap(({ fact, at: startedAt }): RunningClock[] => {
    if (fact.type !== "ChallengeStepTaken" || fact.step !== "hearing-set" || !pending.has(fact.challenge)) return [];
    const dueAt = endOfDay(fact.on, at.zone);
    return [
      {
        id: `hearing:${fact.challenge}:${fact.on}`,
        label: "Hearing of the challenge",
        startedAt,
        dueAt,
        derivation: `set for ${dayWords(fact.on)}`,
        clause: cite(at.policy, "IGRP-8", "KDRP-5"),
        state: daysBetween(at.today, fact.on) <= 3 ? "due" : "open",
        isDuty: false,
        kind: "duty",
      },
    ];
  });
}

/** The law's own word where the paper's law started the clock; the desk's promises are sorted the same way. */
function kindOf({ kind, id, isDuty }: RunningClock): ClockKind {
  if (kind !== undefined) return kind;
  if (id.startsWith("waiting:")) return "hold";
  if (id === "paper-afterwards") return "theirs";
  return isDuty ? "duty" : "option";
}

function spanOf({ dueAt, state }: RunningClock, due: Day, { now, today }: Circumstances): Span {
  if (state === "suspended") return "still";
  if (dueAt < now) return "overdue";
  if (due === today) return "today";
  return due <= addDays(today, 7) ? "week" : "later";
}

function byMoment(a: CalendarEntry, b: CalendarEntry): number {
  if (a.clock.dueAt !== b.clock.dueAt) return a.clock.dueAt < b.clock.dueAt ? -1 : 1;
  if (a.caseId !== b.caseId) return a.caseId < b.caseId ? -1 : 1;
  return a.clock.id < b.clock.id ? -1 : 1;
}

const spans: readonly Span[] = ["overdue", "today", "week", "later", "still"];

/** Each number once, where its most urgent clock stands: a list of cases says no more either. */
function sealedBySpan(entries: readonly CalendarEntry[]): DeskCalendar["sealed"] {
  const most = new Map<CaseId, Span>();
  for (const { caseId, span } of entries) {
    const known = most.get(caseId);
    if (known === undefined || spans.indexOf(span) < spans.indexOf(known)) most.set(caseId, span);
  }
  const of = (span: Span) => [...most].flatMap(([caseId, stands]) => (stands === span ? [caseId] : [])).toSorted();
  return { overdue: of("overdue"), today: of("today"), week: of("week"), later: of("later"), still: of("still") };
}

/** When the next attempt to lift an order is due, for whom leave to speak is asked. */
interface NextAttempt {
  readonly beneficiary: (typeof beneficiaries)[number];
  readonly on: Day;
}

export interface OpenOrder {
  readonly caseId: CaseId;
  readonly gag: Gag;
  readonly ageDays: number;
  /** Longer than the yard-stick of its pack. */
  readonly tooLong: boolean;
  readonly lapsesThisMonth: boolean;
  readonly next: readonly NextAttempt[];
  /** Who may be told although it binds, in the pack's words. */
  readonly mayTell: readonly string[];
}

export interface OrderEvent {
  readonly caseId: CaseId;
  readonly what: "lapsed" | "lifted" | "renewed";
  readonly on: Day;
  /** For an order that ended: whether the notice has gone out since. */
  readonly noticeSent?: boolean;
}

export interface GagRegister {
  readonly today: Day;
  /** First those without an end, then the oldest first. */
  readonly open: readonly OpenOrder[];
  readonly month: { readonly first: Day; readonly last: Day };
  readonly lastMonth: { readonly first: Day; readonly last: Day; readonly events: readonly OrderEvent[] };
}

export async function readGagRegister(desk: Desk): Promise<GagRegister> {
  const at = circumstances(desk, "desk" as Actor, "");
  const kept = await keptOf(desk);
  const cases = await readAll(desk, kept, [...kept.gagged]);
  const month = monthOf(at.today);
  const before = monthOf(addDays(month.first, -1));
  const open = cases.flatMap(({ caseId, history }) =>
    gagsOf(history)
      .filter(({ ended }) => ended === undefined)
      .map((gag) => openOrder(caseId, gag, month, ofCase(desk, history, at))),
  );
  return {
    today: at.today,
    open: open.toSorted((a, b) => Number(b.gag.end === undefined) - Number(a.gag.end === undefined) || b.ageDays - a.ageDays || (a.caseId < b.caseId ? -1 : 1)),
    month,
    lastMonth: { ...before, events: cases.flatMap(({ caseId, history }) => eventsOf(caseId, history, before, at)).toSorted((a, b) => (a.on < b.on ? -1 : 1)) },
  };
}

function openOrder(caseId: CaseId, gag: Gag, month: { readonly first: Day; readonly last: Day }, at: Circumstances): OpenOrder {
  return {
    caseId,
    gag,
    ageDays: daysBetween(gag.start, at.today),
    tooLong: gag.defects.includes("NDO_TOO_LONG"),
    lapsesThisMonth: gag.end !== undefined && month.first <= gag.end && gag.end <= month.last,
    next: beneficiaries.flatMap((beneficiary) => {
      const on = nextAttemptOn(gag, beneficiary, at.policy.settings.gagLiftAttemptDays);
      return on === undefined ? [] : [{ beneficiary, on }];
    }),
    mayTell: findInstrument({ id: gag.instrument }, at.laws)?.instrument.mayTell ?? [],
  };
}

function monthOf(date: Day): { readonly first: Day; readonly last: Day } {
  const month = Temporal.PlainDate.from(date).toPlainYearMonth();
  return { first: day(month.toPlainDate({ day: 1 }).toString()), last: day(month.toPlainDate({ day: month.daysInMonth }).toString()) };
}

function eventsOf(caseId: CaseId, history: History, month: { readonly first: Day; readonly last: Day }, { zone }: Circumstances): readonly OrderEvent[] {
  return history.flatMap(({ fact, at }, index): OrderEvent[] => {
    const on = dayOf(at, zone);
    if (on < month.first || on > month.last) return [];
    if (fact.type === "GagRenewed") return [{ caseId, what: "renewed", on }];
    if (fact.type !== "GagEnded") return [];
    return [{ caseId, what: fact.how, on, noticeSent: noticeSentAfter(history, index) }];
  });
}

function noticeSentAfter(history: History, index: number): boolean {
  const notices = new Set(history.flatMap(({ fact }, at) => (at > index && fact.type === "NoticeGiven" ? [fact.letter] : [])));
  return history.some(({ fact }) => fact.type === "LetterSent" && notices.has(fact.letter));
}

interface Case {
  readonly caseId: CaseId;
  readonly history: History;
}

/** What was read of cases so far, kept in step with the sealed facts: a calendar of a thousand cases reads only those that changed. */
interface Kept {
  position: number;
  readonly histories: Map<CaseId, History>;
  /** Cases that ever had a secrecy order. */
  readonly gagged: Set<CaseId>;
}

const keptByLedger = new WeakMap<DeskPorts["ledger"], Map<Desk["id"], Kept>>();
const factsAtOnce = 2000;

async function keptOf({ id, ports: { ledger } }: Desk): Promise<Kept> {
  const desks = keptByLedger.get(ledger) ?? new Map<Desk["id"], Kept>();
  keptByLedger.set(ledger, desks);
  const kept = desks.get(id) ?? { position: 0, histories: new Map<CaseId, History>(), gagged: new Set<CaseId>() };
  desks.set(id, kept);
  for (;;) {
    const from = kept.position;
    const facts = await ledger.readSealed(id, from, factsAtOnce);
    for (const { stream, fact } of facts) {
      if (!stream.startsWith("case:")) continue;
      const caseId = stream.slice("case:".length) as CaseId;
      kept.histories.delete(caseId);
      if (fact.type === "GagRecorded") kept.gagged.add(caseId);
    }
    // Two readers at once go over the same facts; neither moves the position back.
    kept.position = Math.max(kept.position, from + facts.length);
    if (facts.length < factsAtOnce) return kept;
  }
}

const casesAtOnce = 500;
const historiesKept = 5000;

/** Cases that can have a clock running: open or held, waiting to be woken, or under a secrecy order, which outlives its case. */
async function runningCases(desk: Desk): Promise<readonly Case[]> {
  await projectViews(desk);
  const { views } = desk.ports;
  const now = desk.ports.clock.now();
  const waking = await views.due(desk.id, "9999-12-31T00:00:00.000Z" as Instant, 100_000);
  const kept = await keptOf(desk);
  const ids = new Set<CaseId>([...kept.gagged, ...waking.map(({ stream }) => stream.slice("case:".length) as CaseId)]);
  for (const queue of ["open", "held"] as const) {
    let after: { readonly sort: string; readonly caseId: string } | undefined;
    for (;;) {
      const rows = await views.list(desk.id, { queue, limit: casesAtOnce, now, ...(after === undefined ? {} : { after }) });
      for (const { caseId } of rows) ids.add(caseId);
      const last = rows.at(-1);
      if (rows.length < casesAtOnce || last === undefined) break;
      after = { sort: last.receivedAt, caseId: last.caseId };
    }
  }
  return readAll(desk, kept, [...ids]);
}

/** Twenty at a time: the database has other readers. */
async function readAll(desk: Desk, kept: Kept, ids: readonly CaseId[]): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (let from = 0; from < ids.length; from += 20) {
    const some = ids.slice(from, from + 20);
    cases.push(...(await Promise.all(some.map(async (caseId) => ({ caseId, history: kept.histories.get(caseId) ?? (await keep(desk, kept, caseId)) })))));
  }
  return cases;
}

async function keep(desk: Desk, kept: Kept, caseId: CaseId): Promise<History> {
  const { position } = kept;
  const history = await readCase(desk, caseId);
  // Facts that another reader went over meanwhile may be missing here: what is not certainly newest is not kept.
  if (kept.position === position && kept.histories.size < historiesKept) kept.histories.set(caseId, history);
  return history;
}
