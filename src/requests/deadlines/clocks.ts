// Every clock of a case: from which fact it runs, until when, and the derivation in words.
import type { Day, Instant } from "../../kernel/instant.ts";
import { dueBy, endOfNamedDay, type DeadlineRule, type Due, type Trigger } from "../../policy/deadline-rule.ts";
import { cite } from "../../policy/policy-in-force.ts";
import { challengesOf } from "../challenge/pending-challenges.ts";
import type { Circumstances, History } from "../decision.ts";
import { releaseOf } from "../disclosure/release-state.ts";
import { beneficiaries, gagsOf, nextAttemptOn, type Gag } from "../gag/open-gags.ts";
import { intakeOf } from "../intake/request-details.ts";
import { affectedWorkspaces, noticeOf, waitingOf } from "../notice/notice-state.ts";
import { standing } from "../open-case.ts";
import { findInstrument } from "../review/line-verdicts.ts";
import { assurancesOf } from "../verification/assurances.ts";
import type { PaperClock } from "../../policy/pack.ts";
import { clocksOfPaper, paperClocksOf } from "./paper-clocks.ts";

export interface RunningClock {
  /** Stable within a case: `waiting:acme`, `gag-end:…`. */
  readonly id: string;
  readonly label: string;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  readonly derivation: string;
  readonly clause: string;
  readonly state: "open" | "due" | "overdue" | "kept" | "suspended";
  /** False when time merely passes and nobody is late: a waiting time ends, a call-back runs out. */
  readonly isDuty: boolean;
  /** What the desk does by itself when it is due; absent when a person must act. `Look`: the case stands differently from then on. */
  readonly wakes?: "LapseGags" | "ExpireProduction" | "MakeLateNoticeDue" | "ExpirePreservation" | "Look";
  /** What the paper's law makes of it; absent for clocks of the desk's own promises. */
  readonly kind?: PaperClock["kind"];
}

type Clock = Omit<RunningClock, "state" | "isDuty"> & { readonly kept: boolean; readonly suspended?: boolean; readonly isDuty?: boolean };

export function clocksOf(history: History, at: Circumstances): readonly RunningClock[] {
  const clocks = [
    ...lawClocks(history, at),
    ...proposedClocks(history, at),
    ...emergencyClocks(history, at),
    ...waitingClocks(history, at),
    ...gagClocks(history, at),
    ...withholdingClocks(history, at),
    ...downloadClocks(history, at),
    ...assuranceClocks(history, at),
  ];
  return clocks.map((clock) => running(clock, at.now)).toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

const dueSoonHours = 72;

function running({ kept, suspended, isDuty = true, ...rest }: Clock, now: Instant): RunningClock {
  const clock = { ...rest, isDuty };
  if (kept) return { ...clock, state: "kept" };
  if (suspended === true) return { ...clock, state: "suspended" };
  if (now > clock.dueAt) return { ...clock, state: "overdue" };
  const hoursLeft = Temporal.Instant.from(now).until(Temporal.Instant.from(clock.dueAt)).total("hours");
  return { ...clock, state: hoursLeft <= dueSoonHours ? "due" : "open" };
}

function due(rule: DeadlineRule, trigger: Trigger, at: Circumstances) {
  return dueUnder(rule.clause, dueBy(rule, trigger, { zone: at.zone, holidays: [] }));
}

function dueOnDay(event: string, on: Day, clause: string, at: Circumstances) {
  return dueUnder(clause, endOfNamedDay({ event, on }, clause, at));
}

function dueUnder(clause: string, { due: dueAt, derivation }: Due) {
  return { dueAt, derivation, clause };
}

/**
 * Before anybody has confirmed the paper: what it would run if it is what the text or the form says. Eight hours at night must not
 * wait for somebody to open the case.
 */
function proposedClocks(history: History, at: Circumstances): readonly Clock[] {
  const { received, reading, details } = intakeOf(history);
  if (received === undefined || reading === undefined || details !== undefined || standing(history) !== "open") return [];
  const emergency = reading.marks.includes("emergency");
  const likeliest = reading.instruments.slice(0, 1);
  return likeliest
    .flatMap((id) => clocksOfPaper({ instrument: { id, servedAt: received.receivedAt, emergency }, lines: [] }, history, at))
    .filter(({ clock: { kind } }) => kind === "duty" || kind === "hold")
    .map(({ clock, startedAt, dueAt, derivation }) => ({
      id: `proposed:${clock.id}`,
      label: `Not confirmed yet: ${clock.label}`,
      kind: clock.kind,
      startedAt,
      dueAt,
      derivation,
      clause: clock.citation,
      kept: false,
      isDuty: clock.kind === "duty",
    }));
}

/** Whether we are late when it is over, or time merely passes. */
const duties: readonly PaperClock["kind"][] = ["duty"];

/** The clocks of the paper's own law, with the state the case gives them. */
function lawClocks(history: History, at: Circumstances): readonly Clock[] {
  return paperClocksOf(history, at).map(({ clock, startedAt, dueAt, derivation, over, suspended }) => ({
    id: clock.id,
    label: clock.label,
    kind: clock.kind,
    startedAt,
    dueAt,
    derivation,
    clause: clock.citation,
    kept: over || (standing(history) !== "open" && clock.kind !== "keep"),
    suspended,
    isDuty: duties.includes(clock.kind),
    ...(clock.kind === "keep" ? { wakes: "ExpirePreservation" as const } : clock.kind === "duty" ? {} : { wakes: "Look" as const }),
  }));
}

function waitingClocks(history: History, at: Circumstances): readonly Clock[] {
  return [...noticeOf(history).given].flatMap(([workspace, told]): Clock[] => {
    const waiting = waitingOf(told, at);
    if (waiting === undefined || told.sentAt === undefined) return [];
    const suspended = challengesOf(history).some(({ resolved }) => resolved === undefined);
    return [
      {
        id: `waiting:${workspace}`,
        label: "Customer may object",
        startedAt: told.sentAt,
        dueAt: waiting.opensAt,
        derivation: waiting.derivation,
        clause: cite(at.policy, "KDRP-13", "IGRP-1"),
        kept: at.now >= waiting.opensAt && !suspended,
        suspended,
        isDuty: false,
        wakes: "Look",
      },
    ];
  });
}

function gagClocks(history: History, at: Circumstances): readonly Clock[] {
  return gagsOf(history).flatMap((gag) => [...gagEnd(gag, at), ...gagAttempt(gag, at)]);
}

function gagEnd(gag: Gag, at: Circumstances): readonly Clock[] {
  if (gag.end === undefined) return [];
  return [
    {
      id: `gag-end:${gag.gag}`,
      label: "Secrecy order ends; notice falls due",
      startedAt: startOf(gag.start, at),
      ...dueOnDay("last day of the order", gag.end, "IGRP-1", at),
      kept: gag.ended !== undefined,
      wakes: "LapseGags",
    },
  ];
}

const attemptFor = {
  customer: { clause: "IGRP-10", label: "Next attempt to lift the order, for the customer" },
  "data-protection-authority": { clause: "IGRP-11", label: "Next attempt to lift the order, for the data-protection authority" },
} as const;

function gagAttempt(gag: Gag, at: Circumstances): readonly Clock[] {
  return beneficiaries.flatMap((beneficiary): Clock[] => {
    const next = nextAttemptOn(gag, beneficiary, at.policy.settings.gagLiftAttemptDays);
    if (next === undefined) return [];
    const { clause, label } = attemptFor[beneficiary];
    return [
      {
        id: `gag-attempt:${gag.gag}:${beneficiary}`,
        label,
        startedAt: startOf(gag.start, at),
        ...dueOnDay("next attempt", next, clause, at),
        kept: false,
      },
    ];
  });
}

function startOf(date: Day, at: Circumstances): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: at.zone }).toInstant().toString({ smallestUnit: "millisecond" }) as Instant;
}

/** A ground other than a gag is looked at again on its day; a late notice has its own days. */
function withholdingClocks(history: History, at: Circumstances): readonly Clock[] {
  const { withheld, lateDue, given } = noticeOf(history);
  const clocks: Clock[] = [];
  if (withheld?.reviewOn !== undefined && given.size === 0)
    clocks.push({
      id: "withholding",
      label: "Ground for silence is looked at again",
      startedAt: recordedAt(history, "NoticeWithheld"),
      ...dueOnDay("review day of the ground", withheld.reviewOn, "KDRP-13", at),
      kept: false,
      wakes: "MakeLateNoticeDue",
    });
  if (lateDue !== undefined)
    clocks.push({
      id: "late-notice",
      label: "Late notice to the customer",
      startedAt: recordedAt(history, "LateNoticeFellDue"),
      dueAt: lateDue.dueAt,
      derivation: lateDue.derivation,
      clause: cite(at.policy, "IGRP-1", "KDRP-13"),
      kept: affectedWorkspaces(history).every((workspace) => given.get(workspace)?.sentAt !== undefined),
    });
  return clocks;
}

function recordedAt(history: History, type: History[number]["fact"]["type"]): Instant {
  const found = history.findLast(({ fact }) => fact.type === type);
  if (found === undefined) throw new Error(`a clock runs from ${type}, which never happened`);
  return found.at;
}

function calledBackAt(history: History): Instant {
  const call = history.findLast(({ fact }) => fact.type === "AssuranceRecorded" && fact.fact === "call-back");
  if (call === undefined) throw new Error("a call-back is relied on that was never made");
  return call.at;
}

function downloadClocks(history: History, at: Circumstances): readonly Clock[] {
  const { released, downloads, expired } = releaseOf(history);
  if (released === undefined) return [];
  const rule: DeadlineRule = { n: at.policy.settings.downloadDays * 24, unit: "hours", clause: cite(at.policy, "KDRP-8") };
  return [
    {
      id: "download",
      label: "Download for the officer",
      startedAt: recordedAt(history, "ProductionReleased"),
      ...due(rule, { event: "released", at: recordedAt(history, "ProductionReleased") }, at),
      dueAt: released.expiresAt,
      kept: expired !== undefined || downloads >= released.downloads,
      wakes: "ExpireProduction",
    },
    ...unreadClock(history, at, downloads > 0),
  ];
}

/** Half of the time is over and nobody has come: an alarm, also after the link has expired. Somebody calls the officer, or sends a new link. */
function unreadClock(history: History, at: Circumstances, fetched: boolean): readonly Clock[] {
  if (standing(history) !== "open") return [];
  const rule: DeadlineRule = { n: at.policy.settings.downloadDays * 12, unit: "hours", clause: cite(at.policy, "KDRP-8") };
  const released = recordedAt(history, "ProductionReleased");
  return [
    { id: "unread", label: "Production not fetched by anybody", startedAt: released, ...due(rule, { event: "released", at: released }, at), kept: fetched },
  ];
}

function assuranceClocks(history: History, at: Circumstances): readonly Clock[] {
  const callBack = assurancesOf(history).get("call-back");
  if (callBack?.validTo === undefined || standing(history) !== "open") return [];
  return [
    {
      id: "call-back",
      label: "Call-back may be relied on",
      startedAt: calledBackAt(history),
      ...dueOnDay("last day of the call-back", callBack.validTo, "V02", at),
      kept: releaseOf(history).released !== undefined,
      isDuty: false,
      wakes: "Look",
    },
  ];
}

/** After an emergency disclosure the compulsory paper must follow: the promise is looked at again on its day. */
function emergencyClocks(history: History, at: Circumstances): readonly Clock[] {
  const { details } = intakeOf(history);
  const known = findInstrument(details?.instrument, at.laws)?.instrument;
  const days = at.policy.settings.emergency?.paperWithinDays;
  if (known?.family !== "emergency" || days === undefined || releaseOf(history).released === undefined) return [];
  const releasedAt = recordedAt(history, "ProductionReleased");
  return [
    {
      id: "paper-afterwards",
      label: "The agency sends the compulsory paper",
      startedAt: releasedAt,
      ...due({ n: days, unit: "days", clause: cite(at.policy, "IGRP-4", "KDRP-7") }, { event: "released in an emergency", at: releasedAt }, at),
      kept: false,
      isDuty: false,
      wakes: "Look",
    },
  ];
}
