// Two cases and one copy: which copies of other cases could answer this one, which do, and when a copy has waited long enough.
import type { Actor, CaseId } from "../kernel/ids.ts";
import { dayOf, type Day } from "../kernel/instant.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import {
  holdFor,
  keepingClock,
  linkedCopies,
  livingPreservations,
  openedForPlan,
  preservationsOf,
  processEnd,
  reasonsToLetGo,
  useKeptCopy,
  waitingProcesses,
  workspacesOf,
  type LivingPreservation,
} from "../requests/preservation/module.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { handle, readCase } from "./handle.ts";
import { isSecret } from "./project-views.ts";

/** A copy that another case keeps of a workspace of this one; of a sealed case nothing but its number. */
export interface KeptElsewhere {
  /** The case that keeps it. */
  readonly caseId: CaseId;
  readonly preservation: string;
  /** Absent for a sealed case. */
  readonly sealedOn?: Day;
  /** Its last day; absent for a sealed case, and where its law names none. */
  readonly until?: Day;
  readonly secret: boolean;
}

/** A copy of another case that answers this one. */
export interface LinkedCopy extends KeptElsewhere {
  /** It is there, and waits for this case. */
  readonly isKept: boolean;
  /** How many of its records the newest plan takes; absent: that plan does not read it. */
  readonly records?: number;
}

const most = 50;

/** Empty unless the confirmed paper compels production. Each was asked whether it would wait, and nothing is recorded. */
export async function findKeptElsewhere(desk: Desk, caseId: CaseId, history: History, at: Circumstances): Promise<readonly KeptElsewhere[]> {
  if (useKeptCopy.against(history, at).length > 0) return [];
  const rows = await desk.ports.views.keptOf(desk.id, [...workspacesOf(history)], most);
  const known = linkedCopies(history);
  const found: KeptElsewhere[] = [];
  for (const { caseId: from, preservation } of rows) {
    if (from === caseId || known.some((linked) => linked.from === from && linked.preservation === preservation)) continue;
    const keeping = await readCase(desk, from);
    const there = caseCircumstances(desk, keeping, at.by, "");
    if (reasonsToLetGo(holdFor(caseId, { preservation }, history, at), keeping, there).length > 0) continue;
    found.push(shownElsewhere(from, preservation, keeping, there));
  }
  return found;
}

export async function readLinkedCopies(desk: Desk, caseId: CaseId, history: History, at: Circumstances): Promise<readonly LinkedCopy[]> {
  const opened = openedForPlan(history);
  return Promise.all(
    linkedCopies(history).map(async ({ from, preservation }): Promise<LinkedCopy> => {
      const keeping = await readCase(desk, from as CaseId);
      const use = opened.find((each) => each.from === from && each.preservation === preservation);
      return {
        ...shownElsewhere(from as CaseId, preservation, keeping, caseCircumstances(desk, keeping, at.by, "")),
        isKept: findWaiting(keeping, caseId, preservation) !== undefined,
        ...(use === undefined ? {} : { records: use.records }),
      };
    }),
  );
}

function shownElsewhere(caseId: CaseId, preservation: string, keeping: History, there: Circumstances): KeptElsewhere {
  if (isSecret(keeping, there)) return { caseId, preservation, secret: true };
  const kept = preservationsOf(keeping).find((each) => each.preservation === preservation);
  const until = kept === undefined ? undefined : keepingClock(kept, keeping, there)?.lastDay;
  return {
    caseId,
    preservation,
    secret: false,
    ...(kept?.sealedAt === undefined ? {} : { sealedOn: dayOf(kept.sealedAt, there.zone) }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Of the copies that are linked to a case, those that are still there and wait for it. */
export async function findWaitingCopies(
  desk: Desk,
  caseId: CaseId,
  history: History,
): Promise<readonly { readonly from: CaseId; readonly living: LivingPreservation }[]> {
  const found = await Promise.all(
    linkedCopies(history).map(async ({ from, preservation }) => {
      const living = findWaiting(await readCase(desk, from as CaseId), caseId, preservation);
      return living === undefined ? [] : [{ from: from as CaseId, living }];
    }),
  );
  return found.flat();
}

function findWaiting(keeping: History, caseId: CaseId, preservation: string): LivingPreservation | undefined {
  const waits = waitingProcesses(keeping).some((waiting) => waiting.case === caseId && waiting.preservation === preservation);
  return waits ? livingPreservations(keeping).find((each) => each.preservation === preservation) : undefined;
}

/**
 * In the case that keeps: lets go of every paper that has been answered or has ended without an answer, and completes a link that
 * a crash cut off after its first half. May be repeated.
 */
export async function settleWaiting(desk: Desk, keeping: CaseId): Promise<void> {
  const byDesk = { by: "desk" as Actor, askers: ["desk"] as const };
  for (const { case: waiting, preservation } of waitingProcesses(await readCase(desk, keeping))) {
    const caseId = waiting as CaseId;
    await handle(desk, { caseId, ...byDesk, command: { type: "UseKeptCopy", from: keeping, preservation } });
    const history = await readCase(desk, caseId);
    const isLinked = linkedCopies(history).some((linked) => linked.from === keeping && linked.preservation === preservation);
    const end = isLinked ? processEnd({ from: keeping, preservation }, history) : {};
    if (end === undefined) continue;
    await handle(desk, { caseId: keeping, ...byDesk, command: { type: "RecordProcessEnd", case: waiting, preservation, ...end } });
  }
}
