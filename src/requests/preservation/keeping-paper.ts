// Which papers ask to keep data, whether this one can be followed, and whether process has come after it.
import { dayOf, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { Instrument } from "../../policy/pack.ts";
import { cite } from "../../policy/policy-in-force.ts";
import { classUnder } from "../../policy/process-ladder.ts";
import type { Circumstances, History } from "../decision.ts";
import type { DetailsConfirmed } from "../intake/events.ts";
import { intakeOf } from "../intake/request-details.ts";
import { standing } from "../open-case.ts";
import { findInstrument, type KnownInstrument } from "../review/line-verdicts.ts";
import type { PreservationEnded } from "./events.ts";
import { waitingProcesses } from "./linked-cases.ts";
import { keepingClock, livingPreservations, type Preservation } from "./preservation-state.ts";

/** Keeping is all that it asks, or the first thing: a European production order lets nothing be lost until it is answered. */
export function asksToKeep({ family, clocks, keepsUntilAnswered }: Instrument): boolean {
  return family === "preservation" || keepsUntilAnswered || clocks.some(({ kind }) => kind === "keep");
}

/** Every reason why nothing can be kept under the confirmed paper. */
export function paperReasons(history: History, at: Circumstances): readonly Reason[] {
  const { details } = intakeOf(history);
  const known = findInstrument(details?.instrument, at.laws);
  const clause = cite(at.policy, "KDRP-10", "IGRP-7");
  if (details === undefined || known === undefined)
    return [{ clause, code: "NO_INSTRUMENT", because: "No paper has been confirmed. Confirm the details: data is kept only for a paper that asks for it." }];
  if (!asksToKeep(known.instrument))
    return [
      {
        clause,
        code: "NOT_PRESERVATION",
        because: `${known.instrument.label} does not ask to keep data (${known.instrument.citation}). A preservation request or order would.`,
      },
    ];
  return lineReasons(details, known, at);
}

function lineReasons(details: DetailsConfirmed, { instrument, law }: KnownInstrument, at: Circumstances): readonly Reason[] {
  const clause = cite(at.policy, "KDRP-2c", "IGRP-9");
  if (details.lines.length === 0)
    return [{ clause, code: "NO_LINES", because: `The confirmed details hold no line. Say whose data of which kind is to be kept (${instrument.citation}).` }];
  return details.lines.flatMap((line): Reason[] => {
    const subject = details.subjects.find(({ id }) => id === line.subject);
    const reasons: Reason[] = [];
    if (subject?.resolved !== true || subject.workspace === undefined)
      reasons.push({
        clause,
        code: "UNIDENTIFIABLE",
        because: "The account of this line cannot be told apart (V11). Confirm its workspace and account: nobody else's data is kept.",
        line: line.id,
      });
    if (classUnder(law, line) === undefined)
      reasons.push({
        clause: cite(at.policy, "KDRP-12", "IGRP-9"),
        code: "UNKNOWN_DATA_TYPE",
        because: "The law of this paper does not know this kind of data. Take the line out, or have counsel class it.",
        line: line.id,
      });
    return reasons;
  });
}

type Kept = Pick<Preservation, "preservation" | "revision">;

/** A paper that compels production was announced, linked, or confirmed after the snapshot's, and its case is still on the way to an answer. */
export function processIsPending(kept: Kept, history: History, at: Circumstances): boolean {
  return waitsForAnotherCase(kept, history) || productionIsAnnounced(kept, history, at) || ownProcessIsPending(kept, history, at);
}

export function waitsForAnotherCase({ preservation }: Pick<Kept, "preservation">, history: History): boolean {
  return waitingProcesses(history).some((waiting) => waiting.preservation === preservation);
}

/** Form 5 of the e-Evidence Regulation: a production order follows, and the data is kept as long as that needs (art. 11(2)). */
function productionIsAnnounced({ preservation }: Kept, history: History, at: Circumstances): boolean {
  const announced = history.findLastIndex(({ fact }) => fact.type === "FollowUpReceived" && fact.forms?.some(({ kind }) => kind === "form-5") === true);
  if (announced < 0 || standing(history) !== "open") return false;
  const paper = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument;
  if (paper?.family !== "preservation" || paper.refusedBy !== "form-3") return false;
  // The order that was announced came as a case of its own, and its production has left.
  return !history.slice(announced).some(({ fact }) => fact.type === "LinkedProcessEnded" && fact.preservation === preservation && fact.records !== undefined);
}

function ownProcessIsPending(kept: Kept, history: History, at: Circumstances): boolean {
  const { details } = intakeOf(history);
  const keep = keepingClock(kept, history, at);
  // A paper that came after the last day finds nothing any more: what should have been destroyed is not kept for it.
  if (keep !== undefined && details?.instrument !== undefined && dayOf(details.instrument.servedAt, at.zone) > keep.lastDay) return false;
  if (details === undefined || details.revision <= kept.revision || standing(history) !== "open") return false;
  const released = history.some(({ fact }) => fact.type === "ProductionReleased");
  return compelsProduction(history, at) && !released;
}

/** The confirmed paper is one that compels production. */
export function compelsProduction(history: History, at: Circumstances): boolean {
  const paper = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument;
  return paper !== undefined && paper.compulsory && paper.compels.length > 0;
}

/** How a living snapshot ends now by itself; undefined while it has to be kept. */
export function endOf(kept: Kept, history: History, at: Circumstances): PreservationEnded["how"] | undefined {
  // The letter may be withdrawn, and the paper of the other case still compels.
  if (waitsForAnotherCase(kept, history)) return undefined;
  if (history.some(({ fact }) => fact.type === "RequestWithdrawn")) return "released";
  if (processIsPending(kept, history, at)) return undefined;
  return keepingClock(kept, history, at)?.isOver === true ? "expired" : undefined;
}

/** When a living snapshot ends by itself: a row for the list of what wakes the desk. It stays until the end is on record, however late. */
export function keepingDue(history: History, at: Circumstances): readonly { readonly preservation: string; readonly dueAt: Instant }[] {
  return livingPreservations(history).flatMap(({ preservation, revision }) => {
    const clock = keepingClock({ preservation, revision }, history, at);
    if (clock === undefined || processIsPending({ preservation, revision }, history, at)) return [];
    return [{ preservation, dueAt: clock.isOver && clock.running.dueAt > at.now ? at.now : clock.running.dueAt }];
  });
}
