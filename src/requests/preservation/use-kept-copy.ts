// A warrant that arrives as a case of its own is answered from what an earlier letter's case keeps: both cases agree, the keeping one first.
import { z } from "zod";
import { day, dayOf, type Day } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse, unless } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import { decision, type Circumstances, type History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { reasonsIfReleased, reasonsUnlessOpen } from "../open-case.ts";
import type { KeptCopyLinked } from "./events.ts";
import { compelsProduction, endOf } from "./keeping-paper.ts";
import { linkedCopies, waitingProcesses, workspacesOf } from "./linked-cases.ts";
import { keepingClock, livingPreservations } from "./preservation-state.ts";

const caseNumber = z.string().regex(/^C-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
const id = z.string().min(1).max(100);

function clauseOf(at: Circumstances): string {
  return cite(at.policy, "KDRP-10", "IGRP-7");
}

/** In the case of the paper that compels. The keeping case is asked with `holdFor` before the fact is written. */
export const useKeptCopy = decision({
  name: "UseKeptCopy",
  label: "Answer from what another case keeps",
  // The desk itself completes what a crash cut off between the two cases.
  askers: ["analyst", "counsel", "desk"],
  schema: z.strictObject({
    type: z.literal("UseKeptCopy"),
    /** The case that keeps the copy. */
    from: caseNumber,
    preservation: id,
  }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...reasonsIfReleased(history), ...paperReasons(history, at)],
  decide: ({ from, preservation }, history, at) => {
    const reasons: Reason[] = [];
    if (history[0]?.stream === `case:${from}`)
      reasons.push({ clause: clauseOf(at), code: "OWN_COPY", because: "The copy is kept in this very case. It answers this case's paper without a link." });
    if (linkedCopies(history).some((linked) => linked.from === from && linked.preservation === preservation))
      reasons.push({ clause: clauseOf(at), code: "ALREADY_LINKED", because: "This copy answers the case already. Compile the plan: it reads from it." });
    return unless(reasons, () => [{ type: "KeptCopyLinked", from, preservation }]);
  },
});

function paperReasons(history: History, at: Circumstances): readonly Reason[] {
  if (intakeOf(history).details?.instrument === undefined)
    return [
      {
        clause: clauseOf(at),
        code: "NO_INSTRUMENT",
        because: "No paper has been confirmed. Confirm the details: what is kept waits only for a paper that compels production.",
      },
    ];
  if (compelsProduction(history, at)) return [];
  return [
    {
      clause: cite(at.policy, "IGRP-4", "KDRP-10"),
      code: "NOT_COMPELLING",
      because: "The confirmed paper compels no production, and what is kept stays sealed for it. A subpoena, court order or warrant would open it.",
    },
  ];
}

interface WaitingPaper {
  readonly case: string;
  readonly preservation: string;
  /** Workspaces that its lines name. */
  readonly workspaces: readonly string[];
  /** The day on which it was served. */
  readonly servedOn: Day;
}

/** What the keeping case is asked: whose paper it is, whom it names, and when it came. */
export function holdFor(
  caseId: string,
  { preservation }: Pick<KeptCopyLinked, "preservation">,
  history: History,
  at: Circumstances,
): WaitingPaper & { readonly type: "HoldForProcess" } {
  const served = intakeOf(history).details?.instrument?.servedAt ?? at.now;
  return { type: "HoldForProcess", case: caseId, preservation, workspaces: [...workspacesOf(history)], servedOn: dayOf(served, at.zone) };
}

/** In the case that keeps. */
export const holdForProcess = decision({
  name: "HoldForProcess",
  label: "Keep it for the answer of another case",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("HoldForProcess"),
    case: caseNumber,
    preservation: id,
    workspaces: z.array(id),
    servedOn: z.iso.date().transform(day),
  }),
  against: (history, at) => (livingPreservations(history).length === 0 ? [notKept(at)] : []),
  decide: (command, history, at) => {
    const { case: caseId, preservation } = command;
    if (waitingProcesses(history).some((waiting) => waiting.case === caseId && waiting.preservation === preservation))
      return refuse({ clause: clauseOf(at), code: "ALREADY_WAITING", because: "What is kept waits for that case already." });
    return unless(reasonsToLetGo(command, history, at), () => [{ type: "ProcessLinked", preservation, case: caseId }]);
  },
});

/** Every reason why the copy cannot wait for that paper. */
export function reasonsToLetGo({ preservation, workspaces, servedOn }: WaitingPaper, history: History, at: Circumstances): readonly Reason[] {
  const living = livingPreservations(history).find((each) => each.preservation === preservation);
  if (living === undefined || endOf(living, history, at) !== undefined || history.some(({ fact }) => fact.type === "RequestWithdrawn")) return [notKept(at)];
  const clause = clauseOf(at);
  const reasons: Reason[] = [];
  const clock = keepingClock(living, history, at);
  if (clock !== undefined && servedOn > clock.lastDay)
    reasons.push({
      clause,
      code: "SERVED_TOO_LATE",
      // The case that keeps may be sealed: its days are not told to another.
      because: "The paper was served after the last day of that copy. What should have been destroyed by then is not kept for it.",
    });
  const covered = workspacesOf(history, living.revision);
  if (!workspaces.some((workspace) => covered.has(workspace)))
    reasons.push({
      clause: cite(at.policy, "IGRP-9", "KDRP-5"),
      code: "OTHER_CUSTOMER",
      because: "The copy holds nothing of a customer that this paper names. Choose a copy of the same workspace.",
    });
  return reasons;
}

function notKept(at: Circumstances): Reason {
  return {
    clause: clauseOf(at),
    code: "NOT_KEPT",
    because: "That case keeps no such copy, or keeps it no longer. The paper is answered from what the sources hold.",
  };
}

/** In the case that keeps, when the other one has been answered, closed, rejected or withdrawn. */
export const recordProcessEnd = decision({
  name: "RecordProcessEnd",
  label: "Record that the other case has ended",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("RecordProcessEnd"), case: caseNumber, preservation: id, records: z.int().min(0).optional() }),
  against: (history, at) => (waitingProcesses(history).length === 0 ? [notWaiting(at)] : []),
  decide: ({ case: caseId, preservation, records }, history, at) => {
    if (!waitingProcesses(history).some((waiting) => waiting.case === caseId && waiting.preservation === preservation)) return refuse(notWaiting(at));
    return accept({ type: "LinkedProcessEnded", preservation, case: caseId, ...(records === undefined ? {} : { records }) });
  },
});

function notWaiting(at: Circumstances): Reason {
  return { clause: clauseOf(at), code: "NOT_WAITING", because: "What is kept waits for no such case." };
}
