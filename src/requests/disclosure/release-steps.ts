// The steps of handing over: record the plan and its check, approve, release, count downloads, expire, close.
import { z } from "zod";
import { addHours } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { authorityReasons } from "../challenge/authority-hold.ts";
import { noesAmong } from "../review/validity-checks.ts";
import { assurancesOf } from "../verification/assurances.ts";
import { challengeReasons } from "../challenge/pending-challenges.ts";
import { attemptReasons } from "../gag/open-gags.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import { noticeOf } from "../notice/notice-state.ts";
import { reasonsUnlessOpen, standing } from "../open-case.ts";
import { reasonsIfLinkedSincePlan } from "../preservation/linked-cases.ts";
import { reviewOf } from "../review/review-state.ts";
import type { Outcome } from "./events.ts";
import { gateReasons } from "./gate.ts";
import { approvers, aroundRelease, leftStanding, linesToProduce, releaseOf } from "./release-state.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

export const recordPlan = decision({
  name: "RecordPlan",
  label: "Compile the plan",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("RecordPlan"),
    plan: digest,
    reads: z.array(z.strictObject({ source: z.string(), collection: z.string(), line: z.string(), columns: z.array(z.string()), expected: count })),
    nothingHeld: z.array(z.string()),
    private: z.looseObject({}),
  }),
  against: (history, at) => [
    ...reasonsUnlessOpen(history),
    ...(reviewOf(history).signed === undefined
      ? [
          {
            clause: cite(at.policy, "IGRP-5", "KDRP-4"),
            code: "REVIEW_NOT_SIGNED",
            because: "Counsel signs the review first: only signed lines are collected.",
          },
        ]
      : []),
    ...(releaseOf(history).released === undefined ? [] : [alreadyReleased(at)]),
  ],
  decide: ({ plan, reads, nothingHeld }, history, at) => {
    const allowed = new Set(linesToProduce(history));
    const outside = reads.filter(({ line }) => !allowed.has(line));
    if (outside.length > 0)
      return refuse({ clause: cite(at.policy, "IGRP-9", "KDRP-5"), code: "PLAN_OUTSIDE_LINES", because: "The plan reads for a line that is not allowed." });
    return accept({ type: "PlanCompiled", revision: revisionOf(history), plan, reads, nothingHeld, scope: evidenceOf(at) });
  },
});

export const recordCheck = decision({
  name: "RecordCheck",
  label: "Check the records",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("RecordCheck"), plan: digest, records: count, outside: count }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...reasonsWithoutPlan(history, at)],
  decide: ({ plan, records, outside }, history, at) =>
    releaseOf(history).plan?.plan === plan ? accept({ type: "RecordsChecked", plan, passed: outside === 0, records, outside }) : refuse(planChanged(at)),
});

function reasonsWithoutPlan(history: History, at: Circumstances): readonly Reason[] {
  return releaseOf(history).plan === undefined ? [{ clause: cite(at.policy, "IGRP-9", "KDRP-5"), code: "NO_PLAN", because: "Compile the plan first." }] : [];
}

function planChanged(at: Circumstances): Reason {
  return { clause: cite(at.policy, "IGRP-9", "KDRP-5"), code: "PLAN_CHANGED", because: "The plan has changed in the meantime. Start this step again." };
}

function alreadyReleased(at: Circumstances): Reason {
  return { clause: cite(at.policy, "KDRP-5", "IGRP-9"), code: "ALREADY_RELEASED", because: "The production has been released. It is never replaced silently." };
}

export const approveRelease = decision({
  name: "ApproveRelease",
  label: "Approve the release",
  askers: ["approver"],
  schema: z.strictObject({ type: z.literal("ApproveRelease"), /** The plan the approver has seen. */ plan: digest }),
  against: (history, at) => {
    const release = releaseOf(history);
    const reasons: Reason[] = [...reasonsUnlessOpen(history), ...reasonsWithoutPlan(history, at)];
    if (release.plan !== undefined && release.check?.passed !== true)
      reasons.push({ clause: cite(at.policy, "IGRP-9", "KDRP-4"), code: "NOT_CHECKED", because: "The independent check must pass before anybody approves." });
    if (release.check?.passed === true) reasons.push(...reasonsIfLinkedSincePlan(history, at));
    if (approvers(release).has(at.by))
      reasons.push({ clause: cite(at.policy, "IGRP-5", "KDRP-4"), code: "SECOND_PERSON", because: "You have approved. A second, different person must." });
    if (release.released !== undefined) reasons.push(alreadyReleased(at));
    return reasons;
  },
  decide: ({ plan }, history, at) => (releaseOf(history).plan?.plan === plan ? accept({ type: "ReleaseApproved", plan }) : refuse(planChanged(at))),
});

export const release = decision({
  name: "Release",
  label: "Release the production",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("Release"),
    /** Revision of the details the package was made from: a key or an account that changed since then ends it. */
    revision: count,
    plan: digest,
    sha256: digest,
    bytes: count,
    object: z.string(),
    records: z.record(z.string(), count),
    accounts: count,
    link: z.string().max(100),
  }),
  against: (history, at) => [...gateReasons(history, at), ...(releaseOf(history).released === undefined ? [] : [alreadyReleased(at)])],
  decide: ({ type: _, link, revision, ...sealed }, history, at) => {
    if (releaseOf(history).plan?.plan !== sealed.plan || revisionOf(history) !== revision) return refuse(planChanged(at));
    const { downloads, downloadDays } = at.policy.settings;
    return accept(
      { type: "PackageSealed", package: at.fresh, ...sealed },
      { type: "ProductionReleased", package: at.fresh, expiresAt: addHours(at.now, downloadDays * 24), downloads, link },
    );
  },
});

/** The data leaves at the download: what came to light since the release still stops it. */
function stoppedSince(history: History, at: Circumstances): readonly Reason[] {
  const denied = [...assurancesOf(history).values()].filter(({ verdict }) => verdict === "not-met");
  return [
    ...authorityReasons(history),
    ...denied.map(({ clause, code, because }) => ({ clause, code, because })),
    ...struckReasons(history),
    // Neither new details nor a new signature changes what is in a package that is made.
    ...noesAmong({ since: aroundRelease(history).since, history }, at).map(({ id, ifNo, question }) => ({
      clause: id,
      code: ifNo,
      because: `The answer is no: ${question} The package waits until it is settled.`,
    })),
  ];
}

/** A sealed package is never cut: what was struck from it since keeps all of it back. */
function struckReasons(history: History): readonly Reason[] {
  const inside = linesToProduce(aroundRelease(history).then);
  if (leftStanding(inside, history).length === inside.length) return [];
  return [
    {
      clause: "V20",
      code: "LINE_REFUSED",
      because: "A line of this package was refused after its release. Nothing of it can be fetched unless the refusal is taken back.",
    },
  ];
}

export const countDownload = decision({
  name: "CountDownload",
  label: "Download",
  askers: ["officer"],
  schema: z.strictObject({ type: z.literal("CountDownload") }),
  against: (history, at) => {
    const { released, downloads, expired } = releaseOf(history);
    if (released === undefined) return [{ clause: "KDRP-8", code: "NOT_RELEASED", because: "Nothing has been released on this request." }];
    if (standing(history) === "withdrawn")
      return [{ clause: "KDRP-8", code: "WITHDRAWN", because: "The agency has withdrawn the request. The package can no longer be fetched." }];
    const stopped = [...challengeReasons(history, at), ...stoppedSince(history, at)];
    if (stopped.length > 0) return stopped;
    if (expired !== undefined || at.now > released.expiresAt)
      return [{ clause: "KDRP-8", code: "DOWNLOAD_EXPIRED", because: "The time for the download is over. Ask the desk for a new one." }];
    if (downloads >= released.downloads)
      return [
        { clause: "KDRP-8", code: "DOWNLOADS_USED", because: `The package may be downloaded ${released.downloads} times, and it has been. Ask the desk.` },
      ];
    return [];
  },
  decide: (_command, history) => {
    const { released, downloads } = releaseOf(history);
    if (released === undefined) throw new Error("a download was counted before release");
    return accept({ type: "ProductionDownloaded", package: released.package, nth: downloads + 1 });
  },
});

export const expireProduction = decision({
  name: "ExpireProduction",
  label: "Let the download expire",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("ExpireProduction") }),
  against: (history, at) => {
    const { released, expired } = releaseOf(history);
    return released !== undefined && expired === undefined && at.now > released.expiresAt
      ? []
      : [{ clause: "KDRP-8", code: "NOT_EXPIRED", because: "No download has passed its time." }];
  },
  decide: (_command, history) => {
    const { released, downloads } = releaseOf(history);
    if (released === undefined) throw new Error("a download expired before release");
    return accept({ type: "ProductionExpired", package: released.package, unread: downloads === 0 });
  },
});

export const closeCase = decision({
  name: "CloseCase",
  label: "Close the case",
  askers: ["analyst", "counsel", "desk"],
  schema: z.strictObject({ type: z.literal("CloseCase") }),
  against: (history, at) => {
    const reasons: Reason[] = [...reasonsUnlessOpen(history), ...attemptReasons(history)];
    if (closingOutcome(history) === undefined)
      reasons.push({
        clause: cite(at.policy, "KDRP-14", "IGRP-5"),
        code: "NO_OUTCOME",
        because: "The case has no outcome yet: release the production, reject the request, or record a withdrawal.",
      });
    return reasons;
  },
  decide: (_command, history) => {
    const outcome = closingOutcome(history);
    if (outcome === undefined) throw new Error("a case was closed without an outcome");
    return accept({ type: "CaseClosed", outcome });
  },
});

/** A customer who answers the agency itself takes the request over: such a case ends as referred. */
function closingOutcome(history: History): Outcome | undefined {
  return outcomeOf(history) ?? (noticeOf(history).ownerAnswers ? "referred" : undefined);
}

/** The answer state of the yearly report; undefined while the case is pending. */
export function outcomeOf(history: History): Outcome | undefined {
  const { closed, released, sealed, plan } = releaseOf(history);
  if (closed !== undefined) return closed.outcome;
  if (released !== undefined)
    return fullyProduced(history) && recordsIn(sealed?.records) > 0 ? "produced_full" : recordsIn(sealed?.records) === 0 ? "no_records" : "produced_partial";
  if (plan !== undefined && plan.reads.every(({ expected }) => expected === 0)) return "no_records";
  return undefined;
}

/** Judged at the moment of release: details corrected afterwards change nothing about what left. */
function fullyProduced(history: History): boolean {
  const { then } = aroundRelease(history);
  return intakeOf(then).details?.lines.length === linesToProduce(then).length;
}

function recordsIn(records: Readonly<Record<string, number>> | undefined): number {
  return Object.values(records ?? {}).reduce((sum, n) => sum + n, 0);
}
