// Keeps the desk's lists in step with the ledger: what the lists show can be thrown away and counted again.
import type { CaseId } from "../kernel/ids.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { readCase } from "./handle.ts";
import type { Actor } from "../kernel/ids.ts";
import { gagsOf, secrecyUndecided } from "../requests/gag/module.ts";
import { challengesOf } from "../requests/challenge/module.ts";
import { clocksOf, type RunningClock } from "../requests/deadlines/module.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { outcomeOf, releaseOf } from "../requests/disclosure/module.ts";
import { keepingDue, livingPreservations, workspacesOf } from "../requests/preservation/module.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { noticeOf } from "../requests/notice/module.ts";
import { standing } from "../requests/open-case.ts";
import { looksForged, reviewOf } from "../requests/review/module.ts";
import type { DueRow, ProjectedCase } from "./ports.ts";

/** Five words a list can show, and the ends a case can come to. */
export type Stage = "new" | "checking" | "review" | "waiting" | "ready" | "held" | "suspended" | "released" | "set-aside" | "withdrawn" | "closed";

export function stageOf(history: History, at: Circumstances): Stage {
  const now = standing(history);
  if (now === "set-aside" || now === "withdrawn") return now;
  if (now === "closed") return outcomeOf(history) === "withdrawn" ? "withdrawn" : "closed";
  if (releaseOf(history).released !== undefined) return "released";
  if (challengesOf(history).some(({ resolved }) => resolved === undefined) || noticeOf(history).ownerAnswers) return "suspended";
  if (looksForged(history)) return "held";
  const { details } = intakeOf(history);
  if (details === undefined) return "new";
  if (details.missing.length > 0 && reviewOf(history).signed === undefined) return "checking";
  if (reviewOf(history).signed === undefined) return "review";
  return noticeOf(history).given.size > 0 || noticeOf(history).withheld !== undefined ? (readyToRelease(history, at) ? "ready" : "waiting") : "review";
}

function readyToRelease(history: History, at: Circumstances): boolean {
  return clocksOf(history, at).every(({ id, state }) => !id.startsWith("waiting:") || state === "kept");
}

/** A case under a secrecy order, also one that starts later, shows nothing but its number in lists, titles and mail. */
export function isSecret(history: History, at: Circumstances): boolean {
  return secrecyUndecided(history, at) || gagsOf(history).some(({ ended, end }) => ended === undefined && (end === undefined || at.today <= end));
}

function caseRow(caseId: CaseId, history: History, at: Circumstances): ProjectedCase | undefined {
  const { received, details } = intakeOf(history);
  if (received === undefined) return undefined;
  const clocks = clocksOf(history, at).filter(({ state }) => state !== "kept" && state !== "suspended");
  const next = standing(history) === "open" ? (clocks.find(({ isDuty }) => isDuty) ?? clocks.find(({ dueAt }) => dueAt > at.now)) : undefined;
  const instrument = details?.instrument?.id ?? intakeOf(history).reading?.instruments[0];
  return {
    row: {
      caseId,
      receivedAt: received.receivedAt,
      door: received.door,
      stage: stageOf(history, at),
      ...(instrument === undefined ? {} : { instrument }),
      secret: isSecret(history, at),
      ...(next === undefined ? {} : { nextDueAt: next.dueAt, nextDue: next.label }),
    },
    // A waiting time that has passed has nothing left to wake.
    due: [
      ...clocks.filter(({ isDuty, dueAt, wakes }) => wakes !== "ExpirePreservation" && (isDuty || dueAt > at.now)).map((clock) => dueRow(caseId, clock)),
      // Whatever paper the case has come to rest on, what is kept ends on its own day.
      ...keepingDue(history, at).map(({ preservation, dueAt }) => ({
        stream: `case:${caseId}`,
        clock: `keep:${preservation}`,
        dueAt,
        wakes: "ExpirePreservation",
      })),
    ],
    kept: livingPreservations(history).flatMap(({ preservation, revision }) =>
      [...workspacesOf(history, revision)].map((workspace) => ({ workspace, preservation })),
    ),
  };
}

function dueRow(caseId: CaseId, { id, dueAt, wakes }: RunningClock): DueRow {
  return { stream: `case:${caseId}`, clock: id, dueAt, ...(wakes === undefined ? {} : { wakes }) };
}

/** Renews the rows of cases that stand differently because time has passed. */
export async function renewRows(desk: Desk, cases: readonly CaseId[]): Promise<void> {
  const rows = await rowsOf(desk, cases);
  const position = await desk.ports.views.position(desk.id);
  // Another projector that was faster has read the same clock.
  await desk.ports.views.advance(desk.id, position, position, rows);
}

async function rowOf(desk: Desk, caseId: CaseId) {
  const history = await readCase(desk, caseId);
  return caseRow(caseId, history, caseCircumstances(desk, history, "desk" as Actor, ""));
}

async function rowsOf(desk: Desk, cases: readonly CaseId[]) {
  const rows = await Promise.all(cases.map((caseId) => rowOf(desk, caseId)));
  return rows.flatMap((row) => (row === undefined ? [] : [row]));
}

const batch = 500;

/** Reads what was sealed since the last time and renews the rows of the cases it touches. Returns how many facts it saw. */
export async function projectViews(desk: Desk): Promise<number> {
  let seen = 0;
  for (;;) {
    const from = await desk.ports.views.position(desk.id);
    const facts = await desk.ports.ledger.readSealed(desk.id, from, batch);
    if (facts.length === 0) return seen;
    const cases = [...new Set(facts.flatMap(({ stream }) => (stream.startsWith("case:") ? [stream.slice(5) as CaseId] : [])))];
    if (await desk.ports.views.advance(desk.id, from, from + facts.length, await rowsOf(desk, cases))) seen += facts.length;
  }
}

/** Seals and projects what was just written: for a command line that must show its own result. */
export async function settleViews(desk: Desk): Promise<void> {
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  await projectViews(desk);
}
