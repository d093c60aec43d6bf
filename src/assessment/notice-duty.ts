// Whether the customer must be told, from which day it may be and by which day it should be, and whom the paper forbids to tell.
import { addDays, dayOf, type Day } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { addBusinessDays, dayWords } from "../policy/deadline-rule.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { calendarOf, clocksOf } from "../requests/deadlines/module.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { bindingGags, gagsOf } from "../requests/gag/module.ts";
import { affectedWorkspaces, noticeOf, noticeReasons, silenceHolds } from "../requests/notice/module.ts";
import { findInstrument } from "../requests/review/module.ts";

export interface NoticeDuty {
  /** `undecided`: the paper may be secret and nobody has said; `bound`: an order binds and the silence is not yet on record; `deferred`: told when the keeping ends; `owed`: tell the customer; `waiting`: told, and its time to object runs; `given`: told and waited; `withheld`: silence is lawful today; `none`: nobody to tell. */
  readonly state: "undecided" | "bound" | "deferred" | "owed" | "waiting" | "given" | "withheld" | "none";
  readonly clause: string;
  /** First day on which the customer may be told; absent when an order binds without an end. */
  readonly earliest?: Day;
  /** Last day on which a notice still leaves the customer its whole time before the paper wants its answer; absent without a last day. */
  readonly latest?: Day;
  /** How both days were found. */
  readonly derivation: string;
  readonly reasons: readonly Reason[];
  /** Secrecy orders that bind today, and who may be told although they do. */
  readonly mustNotTell: readonly { readonly gag: string; readonly instrument: string; readonly until?: Day; readonly mayTell: readonly string[] }[];
}

export function noticeDuty(history: History, at: Circumstances): NoticeDuty {
  const gags = bindingGags(history, at.today);
  const clause = at.policy.clauses.some(({ id }) => id === "KDRP-13") ? "KDRP-13" : "IGRP-1";
  const { earliest, why } = earliestDay(history, at);
  const last = latestDay(history, at);
  return {
    state: stateOf(history, at),
    clause,
    ...(earliest === undefined ? {} : { earliest }),
    ...(last === undefined ? {} : { latest: last.day }),
    derivation: [why, last?.why ?? "no last day: the paper names no day for its answer"].join("; "),
    reasons: noticeReasons(history, at),
    mustNotTell: gags.map(({ gag, instrument, end }) => ({
      gag,
      instrument,
      ...(end === undefined ? {} : { until: end }),
      mayTell: findInstrument({ id: instrument }, at.laws)?.instrument.mayTell ?? [],
    })),
  };
}

function stateOf(history: History, at: Circumstances): NoticeDuty["state"] {
  if (affectedWorkspaces(history).length === 0) return "none";
  if (noticeReasons(history, at).some(({ code }) => code === "SECRECY_UNDECIDED")) return "undecided";
  const { given } = noticeOf(history);
  const reached = affectedWorkspaces(history).every((workspace) => given.get(workspace)?.sentAt !== undefined);
  if (reached) return noticeReasons(history, at).length === 0 ? "given" : "waiting";
  if (silenceHolds(history, at)) return "withheld";
  if (bindingGags(history, at.today).length > 0) return "bound";
  return familyOf(history, at) === "preservation" ? "deferred" : "owed";
}

function familyOf(history: History, at: Circumstances) {
  return findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument.family;
}

function earliestDay(history: History, at: Circumstances): { readonly earliest?: Day; readonly why: string } {
  if (stateOf(history, at) === "undecided") return { why: "whether the paper is secret is not on record (V18)" };
  const gags = bindingGags(history, at.today);
  if (gags.length === 0) return { earliest: at.today, why: `no order binds on ${dayWords(at.today)}` };
  const ends = gags.flatMap(({ end }) => end ?? []);
  if (ends.length < gags.length) return { why: "an order without an end binds: its end is chased (V18)" };
  const last = ends.toSorted().at(-1) ?? at.today;
  return { earliest: addDays(last, 1), why: `the last order binds until the end of ${dayWords(last)}` };
}

/** The day from which data may leave must not be later than the paper's own day; after a gag the house gives itself some working days. */
function latestDay(history: History, at: Circumstances): { readonly day: Day; readonly why: string } | undefined {
  const { lateNoticeBusinessDays, noticeDays } = at.policy.settings;
  const silence =
    bindingGags(history, at.today).length > 0
      ? bindingGags(history, at.today).map(({ end }) => end)
      : gagsOf(history).map(({ end, endedOn }) => endedOn ?? end);
  const gag = silence
    .flatMap((end) => end ?? [])
    .toSorted()
    .at(-1);
  if (stateOf(history, at) === "deferred") {
    const keep = clocksOf(history, at).find(({ kind }) => kind === "keep");
    const day = keep === undefined ? undefined : dayOf(keep.dueAt, at.zone);
    return day === undefined ? undefined : { day, why: `told when the keeping ends, ${dayWords(day)}, or when production is asked for (house)` };
  }
  if (gag !== undefined && stateOf(history, at) !== "given" && stateOf(history, at) !== "waiting") {
    const day = addBusinessDays(gag, lateNoticeBusinessDays, calendarOf(history, at));
    return { day, why: `${dayWords(gag)} + ${lateNoticeBusinessDays} business days = ${dayWords(day)} (house)` };
  }
  const answer = clocksOf(history, at).find(({ id, state }) => id === "answer" && state !== "kept");
  if (answer === undefined) return undefined;
  const due = dayOf(answer.dueAt, at.zone);
  const day = addDays(due, -(noticeDays + 1));
  return { day, why: `answer due ${dayWords(due)}, less ${noticeDays} days for the customer and the day of notice = ${dayWords(day)}` };
}
