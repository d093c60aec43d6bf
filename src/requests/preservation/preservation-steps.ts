// The steps of keeping data for an agency: begin, seal, renew, release, let expire, and prove that it was destroyed.
import { z } from "zod";
import type { Day } from "../../kernel/instant.ts";
import { dayOf } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse, unless } from "../../kernel/outcome.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { releaseOf } from "../disclosure/release-state.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import { reasonsUnlessOpen } from "../open-case.ts";
import { findInstrument } from "../review/line-verdicts.ts";
import { compelsProduction, endOf, paperReasons, processIsPending, waitsForAnotherCase } from "./keeping-paper.ts";
import { linkedCopies, waitingProcesses } from "./linked-cases.ts";
import {
  keepingClock,
  livingPreservations,
  preservationsOf,
  undestroyedPreservations,
  unfinishedPreservations,
  type LivingPreservation,
} from "./preservation-state.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const id = z.string().min(1).max(100);
const words = z.string().trim().min(3).max(4000);

function clauseOf(at: Circumstances): string {
  return cite(at.policy, "KDRP-10", "IGRP-7");
}

export const beginSnapshot = decision({
  name: "BeginSnapshot",
  label: "Keep what the paper names",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("BeginSnapshot") }),
  against: (history, at) => {
    const reasons = [...reasonsUnlessOpen(history), ...paperReasons(history, at)];
    if (reasons.length > 0) return reasons;
    return [...periodReasons(history, at), ...secondReasons(history, at)];
  },
  decide: (_command, history, at) => accept({ type: "SnapshotBegun", preservation: at.fresh, revision: revisionOf(history) }),
});

function periodReasons(history: History, at: Circumstances): readonly Reason[] {
  const clock = keepingClock({ preservation: "", revision: revisionOf(history) }, history, at);
  if (clock === undefined || !clock.isOver) return [];
  return [
    {
      clause: clauseOf(at),
      code: "PERIOD_ENDED",
      because: `The time for which this paper lets data be kept is over: ${dayWords(clock.lastDay)} was its last day (${clock.running.clock.citation}). A new paper opens a new time.`,
    },
  ];
}

function secondReasons(history: History, at: Circumstances): readonly Reason[] {
  const revision = revisionOf(history);
  const reasons: Reason[] = [];
  if (livingPreservations(history).some((living) => living.revision === revision))
    reasons.push({
      clause: clauseOf(at),
      code: "ALREADY_KEPT",
      because: "A snapshot of these lines is kept already. One copy is enough; corrected details make room for another.",
    });
  if (unfinishedPreservations(history).length > 0)
    reasons.push({
      clause: clauseOf(at),
      code: "SNAPSHOT_UNDER_WAY",
      because: "A snapshot is being taken. Wait until it is sealed; one that was cut off is cleared away first.",
    });
  return reasons;
}

export const abandonSnapshot = decision({
  name: "AbandonSnapshot",
  label: "Give up half a snapshot",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("AbandonSnapshot"), preservation: id }),
  against: (history, at) =>
    unfinishedPreservations(history).length > 0 ? [] : [{ clause: clauseOf(at), code: "NOTHING_UNFINISHED", because: "No snapshot is unfinished." }],
  decide: ({ preservation }, history, at) => unless(notUnfinished(preservation, history, at), () => [{ type: "SnapshotAbandoned", preservation }]),
});

function notUnfinished(preservation: string, history: History, at: Circumstances): readonly Reason[] {
  if (unfinishedPreservations(history).some((each) => each.preservation === preservation)) return [];
  return [{ clause: clauseOf(at), code: "NOT_BEGUN", because: "This snapshot was not begun, is sealed already, or was given up. Start it again." }];
}

export const recordSnapshot = decision({
  name: "RecordSnapshot",
  label: "Seal the snapshot",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("RecordSnapshot"),
    preservation: id,
    object: id,
    sha256: digest,
    bytes: count,
    records: z.record(z.string().max(60), count),
  }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...paperReasons(history, at)],
  decide: ({ type: _, ...sealed }, history, at) => {
    const begun = unfinishedPreservations(history).find(({ preservation }) => preservation === sealed.preservation);
    const reasons = [...notUnfinished(sealed.preservation, history, at), ...periodReasons(history, at), ...changedReasons(begun?.revision, history, at)];
    return unless(reasons, () => [{ type: "SnapshotSealed", revision: begun?.revision ?? 0, ...sealed }]);
  },
});

function changedReasons(begun: number | undefined, history: History, at: Circumstances): readonly Reason[] {
  if (begun === undefined || begun === revisionOf(history)) return [];
  return [
    {
      clause: clauseOf(at),
      code: "DETAILS_CHANGED",
      because: "The details were corrected while the snapshot was taken. Take it again: it holds what is no longer asked.",
    },
  ];
}

export const renewPreservation = decision({
  name: "RenewPreservation",
  label: "Record a renewed request to keep",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("RenewPreservation"),
    private: z.strictObject({
      /** The renewed request: who asked, when, by what letter or form. */
      request: words,
    }),
  }),
  against: (history, at) => {
    const living = livingPreservations(history);
    return living.length === 0 ? [nothingKept(at)] : living.flatMap((each) => renewalReasons(each, history, at));
  },
  decide: (_command, history, at) => {
    const request = evidenceOf(at);
    return accept(
      ...livingPreservations(history).map(({ preservation, ...rest }): CaseFact => ({
        type: "PreservationRenewed",
        preservation,
        until: renewedUntil({ preservation, ...rest }, history, at),
        request,
      })),
    );
  },
});

function nothingKept(at: Circumstances): Reason {
  return {
    clause: clauseOf(at),
    code: "NOTHING_KEPT",
    because: "Nothing is kept in this case. Take the snapshot first, under a paper that asks to keep data.",
  };
}

/** Never silently more: the law says how often, and only while the time still runs. */
function renewalReasons(living: LivingPreservation, history: History, at: Circumstances): readonly Reason[] {
  const clock = keepingClock(living, history, at);
  if (clock === undefined)
    return [
      {
        clause: clauseOf(at),
        code: "NO_LAST_DAY",
        because: "The law of this paper names no last day: it is kept until it is produced or released. There is nothing to renew.",
      },
    ];
  const { renewal, citation } = clock.running.clock;
  const reasons: Reason[] = [];
  if (clock.isOver)
    reasons.push({
      clause: clauseOf(at),
      code: "PERIOD_ENDED",
      because: `The time is over: ${dayWords(clock.lastDay)} was the last day (${citation}). What has ended cannot be renewed; a new paper would be kept for anew.`,
    });
  if (renewal === undefined)
    reasons.push({
      clause: clauseOf(at),
      code: "NO_RENEWAL",
      because: `The law of this paper knows no renewal (${citation}). A new paper would be kept for anew.`,
    });
  else if (living.renewed.length >= renewal.times)
    reasons.push({
      clause: clauseOf(at),
      code: "RENEWALS_USED",
      because: `The law lets this be renewed ${renewal.times === 1 ? "once" : `${renewal.times} times`}, and it has been (${renewal.citation}). It ends on ${dayWords(clock.lastDay)}; process that comes before then would be answered from it.`,
    });
  return reasons;
}

function renewedUntil(living: LivingPreservation, history: History, at: Circumstances): Day {
  const [last] = history.slice(-1);
  if (last === undefined) throw new Error("a preservation was renewed in a case without facts");
  const fact: CaseFact = { type: "PreservationRenewed", preservation: living.preservation, until: dayOf(at.now, at.zone) };
  const clock = keepingClock(living, [...history, { ...last, fact }], at);
  if (clock === undefined) throw new Error("a preservation without a last day was renewed");
  return clock.lastDay;
}

export const releasePreservation = decision({
  name: "ReleasePreservation",
  label: "Let go of what is kept",
  askers: ["counsel"],
  schema: z.strictObject({ type: z.literal("ReleasePreservation"), private: z.strictObject({ reason: words }) }),
  against: (history, at) => {
    const living = livingPreservations(history);
    if (living.length === 0) return [nothingKept(at)];
    // Who asked to keep may let go of it; a paper of another case that compels it cannot be let go of for them.
    return living.every((each) => waitsForAnotherCase(each, history)) ? living.map((each) => notOver(each, history, at)) : [];
  },
  decide: (_command, history, at) => {
    const reason = evidenceOf(at);
    const free = livingPreservations(history).filter((each) => !waitsForAnotherCase(each, history));
    return accept(...free.map(({ preservation }): CaseFact => ({ type: "PreservationEnded", preservation, how: "released", reason })));
  },
});

export const expirePreservation = decision({
  name: "ExpirePreservation",
  label: "Let what is kept expire",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("ExpirePreservation") }),
  against: (history, at) => {
    const living = livingPreservations(history);
    if (living.length === 0) return [nothingKept(at)];
    if (living.some((each) => endOf(each, history, at) !== undefined)) return [];
    return living.map((each) => notOver(each, history, at));
  },
  decide: (_command, history, at) =>
    accept(
      ...livingPreservations(history).flatMap((each): CaseFact[] => {
        const how = endOf(each, history, at);
        return how === undefined ? [] : [{ type: "PreservationEnded", preservation: each.preservation, how }];
      }),
    ),
});

function notOver(living: LivingPreservation, history: History, at: Circumstances): Reason {
  const clock = keepingClock(living, history, at);
  const clause = clauseOf(at);
  if (processIsPending(living, history, at)) {
    const cases = waitingProcesses(history).flatMap((waiting) => (waiting.preservation === living.preservation ? [waiting.case] : []));
    const where = cases.length === 0 ? "" : ` in case ${cases.join(" and ")}`;
    return {
      clause,
      code: "PROCESS_PENDING",
      because: `A paper that compels production has come${where}. What is kept waits for its answer: release, rejection or withdrawal.`,
    };
  }
  if (clock === undefined)
    return { clause, code: "NO_LAST_DAY", because: "The law of this paper names no last day. It ends when it is produced, or when counsel lets go of it." };
  return {
    clause,
    code: "NOT_OVER",
    because: `It is kept through ${dayWords(clock.lastDay)} (${clock.running.clock.citation}). It ends by itself after that day, or when counsel lets go of it.`,
  };
}

export const recordSnapshotUse = decision({
  name: "RecordSnapshotUse",
  label: "Read from what was kept",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("RecordSnapshotUse"),
    preservation: id,
    /** The case that keeps it; absent: this one. */
    from: id.optional(),
    plan: digest,
    records: count,
  }),
  against: (history, at) => [
    ...reasonsUnlessOpen(history),
    ...(livingPreservations(history).length === 0 && linkedCopies(history).length === 0 ? [nothingKept(at)] : []),
  ],
  decide: ({ preservation, from, plan, records }, history, at) => {
    const reasons: Reason[] = [...unopenedReasons(history, at)];
    const own = livingPreservations(history).find((each) => each.preservation === preservation);
    const isKept =
      from === undefined
        ? own !== undefined && endOf(own, history, at) === undefined
        : linkedCopies(history).some((linked) => linked.from === from && linked.preservation === preservation);
    if (!isKept) reasons.push(nothingKept(at));
    if (releaseOf(history).plan?.plan !== plan)
      reasons.push({
        clause: cite(at.policy, "IGRP-9", "KDRP-5"),
        code: "PLAN_CHANGED",
        because: "What is kept is read only for the plan of the signed lines. Compile the plan and start this step again.",
      });
    return unless(reasons, () => [{ type: "SnapshotOpened", preservation, ...(from === undefined ? {} : { from }), plan, records }]);
  },
});

/** Only a paper that compels production opens what is kept, and only for lines that it reaches. */
function unopenedReasons(history: History, at: Circumstances): readonly Reason[] {
  const known = findInstrument(intakeOf(history).details?.instrument, at.laws);
  const reads = releaseOf(history).plan?.reads ?? [];
  if (known !== undefined && known.instrument.family !== "preservation" && reads.length > 0) return [];
  return [
    {
      clause: cite(at.policy, "IGRP-4", "KDRP-10"),
      code: "PRESERVATION_ONLY",
      because: "What is kept stays sealed until a paper that compels its production is confirmed and signed. A subpoena, court order or warrant would open it.",
    },
  ];
}

export const linkProcess = decision({
  name: "LinkProcess",
  label: "End what is kept: its process was answered",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("LinkProcess") }),
  against: (history, at) =>
    answered(history, at).length > 0
      ? []
      : [
          {
            clause: clauseOf(at),
            code: "NOT_ANSWERED",
            because: "No production has been released that was made from all that is kept. What process has not reached is kept through its last day.",
          },
        ],
  decide: (_command, history, at) =>
    accept(...answered(history, at).map(({ preservation }): CaseFact => ({ type: "PreservationEnded", preservation, how: "process-followed" }))),
});

/**
 * Snapshots whose every record was read for the production that was released: of one that served in part, the rest may still
 * be asked for until its last day. One without a last day is kept until its own paper is answered, and now it is.
 */
function answered(history: History, at: Circumstances): readonly LivingPreservation[] {
  return livingPreservations(history).filter(
    (living) => !waitsForAnotherCase(living, history) && (answeredHere(living, history, at) || answeredElsewhere(living, history, at)),
  );
}

function answeredHere(living: LivingPreservation, history: History, at: Circumstances): boolean {
  const { released, sealed: packed } = releaseOf(history);
  if (released === undefined || packed === undefined) return false;
  if (keepingClock(living, history, at) === undefined) return true;
  const use = living.opened.findLast(({ plan }) => plan === packed.plan);
  return use !== undefined && use.records >= total(living);
}

function answeredElsewhere(living: LivingPreservation, history: History, at: Circumstances): boolean {
  const taken = history.flatMap(({ fact }) =>
    fact.type === "LinkedProcessEnded" && fact.preservation === living.preservation && fact.records !== undefined ? [fact.records] : [],
  );
  if (taken.length === 0 || processIsPending(living, history, at)) return false;
  if (keepingClock(living, history, at) !== undefined) return Math.max(...taken) >= total(living);
  // A paper that compels production and keeps until then is answered in its own case.
  return !compelsProduction(history, at);
}

function total({ sealed }: LivingPreservation): number {
  return Object.values(sealed.records).reduce((sum, n) => sum + n, 0);
}

export const recordDestruction = decision({
  name: "RecordDestruction",
  label: "Prove the destruction",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("RecordDestruction"), preservation: id, object: id, sha256: digest }),
  against: (history, at) =>
    undestroyedPreservations(history).length > 0
      ? []
      : [
          {
            clause: clauseOf(at),
            code: "NOTHING_ENDED",
            because: "No preservation has ended whose snapshot is still there. Nothing is destroyed before its end is on record.",
          },
        ],
  decide: ({ preservation, object, sha256 }, history, at) => {
    const ended = undestroyedPreservations(history).find((each) => each.preservation === preservation);
    if (ended === undefined)
      return refuse({
        clause: clauseOf(at),
        code: preservationsOf(history).some((each) => each.preservation === preservation) ? "NOT_ENDED" : "NOT_KEPT",
        because: "This snapshot has not ended, or its destruction is on record already. Its end comes first.",
      });
    if (ended.sealed.object !== object || ended.sealed.sha256 !== sha256)
      return refuse({ clause: clauseOf(at), code: "OTHER_OBJECT", because: "The object or its digest is not the one that was sealed. Name the one that was." });
    return accept({ type: "SnapshotDestroyed", preservation, object, sha256 });
  },
});
