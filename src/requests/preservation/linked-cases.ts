// A paper that compels production often comes as a case of its own: which copy of which case answers it, and for whom a copy waits.
import type { Reason } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { standing } from "../open-case.ts";
import type { KeptCopyLinked, LinkedProcessEnded, ProcessLinked, SnapshotOpened } from "./events.ts";

/** In the case of the paper: the copies of other cases that answer it. */
export function linkedCopies(history: History): readonly KeptCopyLinked[] {
  return history.flatMap(({ fact }) => (fact.type === "KeptCopyLinked" ? [fact] : []));
}

/** In the case that keeps: cases whose paper still waits for a copy. */
export function waitingProcesses(history: History): readonly ProcessLinked[] {
  const waiting = new Map<string, ProcessLinked>();
  for (const { fact } of history) {
    if (fact.type === "ProcessLinked") waiting.set(`${fact.preservation} ${fact.case}`, fact);
    if (fact.type === "LinkedProcessEnded") waiting.delete(`${fact.preservation} ${fact.case}`);
  }
  return [...waiting.values()];
}

/** In the case of the paper: how it has ended for that copy; undefined while it still waits for its answer. */
export function processEnd(
  { from, preservation }: Pick<KeptCopyLinked, "from" | "preservation">,
  history: History,
): Pick<LinkedProcessEnded, "records"> | undefined {
  if (history.some(({ fact }) => fact.type === "ProductionReleased")) {
    const use = openedForPlan(history).find((opened) => opened.from === from && opened.preservation === preservation);
    return { records: use?.records ?? 0 };
  }
  return standing(history) === "open" ? undefined : {};
}

/** Copies that the newest plan was checked with, of this case and of others: exactly these may stand behind its release. */
export function openedForPlan(history: History): readonly SnapshotOpened[] {
  return sinceThePlan(history).flatMap(({ fact }) => (fact.type === "SnapshotOpened" ? [fact] : []));
}

/** A copy was linked that the newest plan has not been checked with: what was deleted since would be missing. */
export function reasonsIfLinkedSincePlan(history: History, at: Circumstances): readonly Reason[] {
  const isLinked = sinceThePlan(history).some(({ fact }) => fact.type === "KeptCopyLinked");
  return isLinked ? [linkedSincePlan(at)] : [];
}

export function linkedSincePlan(at: Circumstances): Reason {
  return {
    clause: cite(at.policy, "IGRP-9", "KDRP-4"),
    code: "COPY_LINKED_SINCE",
    because: "A copy that another case keeps was linked after the plan was compiled. Compile and check it again: what is released is what was checked.",
  };
}

function sinceThePlan(history: History): History {
  return history.slice(history.findLastIndex(({ fact }) => fact.type === "PlanCompiled") + 1);
}

/** Workspaces whose data the lines of this revision name; without one, of the newest. */
export function workspacesOf(history: History, revision?: number): ReadonlySet<string> {
  const then = history.flatMap(({ fact }) => (fact.type === "DetailsConfirmed" && fact.revision === revision ? [fact] : []))[0];
  const details = revision === undefined ? intakeOf(history).details : then;
  const asked = new Set(details?.lines.map(({ subject }) => subject));
  return new Set(details?.subjects.flatMap(({ id, workspace }) => (asked.has(id) && workspace !== undefined ? [workspace] : [])));
}
