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
import { redactionOf, redactionReasons } from "../redaction/redaction-state.ts";
import { unreadKinds } from "../redaction/events.ts";
import { reviewOf } from "../review/review-state.ts";
import type { Outcome } from "./events.ts";
import { gateReasons, notSealed } from "./gate.ts";
import { unfinishedPacking } from "./packing-state.ts";
import { approvers, aroundRelease, leftStanding, linesToProduce, releaseOf, type Release } from "./release-state.ts";

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
    const expected = reads.reduce((sum, read) => sum + read.expected, 0);
    if (expected > confirmedVolume(history)) return refuse(tooMany(expected, at));
    return accept({ type: "PlanCompiled", revision: revisionOf(history), plan, reads, nothingHeld, scope: evidenceOf(at) });
  },
});

/** More records than this are produced only when counsel has said so. */
const usualRecords = 100_000;

function confirmedVolume(history: History): number {
  return history.reduce((most, { fact }) => (fact.type === "VolumeConfirmed" ? Math.max(most, fact.upTo) : most), usualRecords);
}

function tooMany(expected: number, at: Circumstances): Reason {
  return {
    clause: cite(at.policy, "IGRP-9", "KDRP-5"),
    code: "VOLUME_UNCONFIRMED",
    because: `The plan would read ${expected.toLocaleString("en")} records. Narrow the lines, or have counsel confirm that the paper reaches so many.`,
  };
}

export const confirmVolume = decision({
  name: "ConfirmVolume",
  label: "Confirm a large volume",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("ConfirmVolume"),
    upTo: z.coerce.number().pipe(z.int().min(1).max(1_000_000_000)),
    private: z.strictObject({ reason: z.string().min(10).max(5000) }),
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
  decide: ({ upTo }, _history, at) => accept({ type: "VolumeConfirmed", upTo, reason: evidenceOf(at) }),
});

export const recordCheck = decision({
  name: "RecordCheck",
  label: "Check the records",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("RecordCheck"),
    plan: digest,
    records: count,
    outside: count,
    rules: z.string().max(100).optional(),
    redactions: z.record(z.string(), count).optional(),
    others: z.record(z.string(), count).optional(),
    papers: z.array(z.string().max(100)).max(1000).optional(),
    files: z.partialRecord(z.enum(unreadKinds), count).optional(),
  }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...reasonsWithoutPlan(history, at)],
  decide: ({ type: _, plan, records, outside, rules, ...seen }, history, at) => {
    if (releaseOf(history).plan?.plan !== plan) return refuse(planChanged(at));
    if (redactionOf(history).rules?.rules !== rules) return refuse(rulesChanged(at));
    const known = Object.fromEntries(Object.entries(seen).filter(([, each]) => each !== undefined && Object.keys(each).length > 0));
    return accept({ type: "RecordsChecked", plan, passed: outside === 0, records, outside, ...(rules === undefined ? {} : { rules }), ...known });
  },
});

function rulesChanged(at: Circumstances): Reason {
  return {
    clause: cite(at.policy, "IGRP-9", "KDRP-5"),
    code: "RULES_CHANGED",
    because: "The rules of redaction have changed in the meantime. Start this step again.",
  };
}

function reasonsWithoutPlan(history: History, at: Circumstances): readonly Reason[] {
  return releaseOf(history).plan === undefined ? [{ clause: cite(at.policy, "IGRP-9", "KDRP-5"), code: "NO_PLAN", because: "Compile the plan first." }] : [];
}

function planChanged(at: Circumstances): Reason {
  return { clause: cite(at.policy, "IGRP-9", "KDRP-5"), code: "PLAN_CHANGED", because: "The plan has changed in the meantime. Start this step again." };
}

function alreadyReleased(at: Circumstances): Reason {
  return { clause: cite(at.policy, "KDRP-5", "IGRP-9"), code: "ALREADY_RELEASED", because: "The production has been released. It is never replaced silently." };
}

const base64 = z.string().max(100_000);
const sealedShares = z.array(z.strictObject({ holder: z.string().max(100), sealed: base64 })).max(100);

export const sealPackage = decision({
  name: "SealPackage",
  label: "Seal the package",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("SealPackage"),
    packing: z.string().max(100).optional(),
    /** Revision of the details the package was made from: a key or an account that changed since then ends it. */
    revision: count,
    plan: digest,
    sha256: digest,
    bytes: count,
    sealedWith: z.enum(["age", "openpgp", "passphrase-zip"]),
    opening: digest,
    object: z.string(),
    records: z.record(z.string(), count),
    accounts: count,
    holders: z.array(z.string().max(100)).max(100),
    rules: z.string().max(100).optional(),
    redactions: z.record(z.string(), count).optional(),
    /** How often papers had been marked when it was packed. */
    marks: count.optional(),
    private: z.strictObject({ opening: base64, shares: sealedShares }),
  }),
  against: (history, at) => [
    ...reasonsUnlessOpen(history),
    ...reasonsWithoutPlan(history, at),
    ...reasonsUnchecked(history, at),
    ...(releaseOf(history).released === undefined ? [] : [alreadyReleased(at)]),
  ],
  decide: ({ type: _, rules, redactions, marks = 0, packing, ...sealed }, history, at) => {
    const begun = unfinishedPacking(history);
    if (packing !== undefined && (begun?.packing !== packing || begun.stale)) return refuse(planChanged(at));
    if (releaseOf(history).plan?.plan !== sealed.plan || revisionOf(history) !== sealed.revision) return refuse(planChanged(at));
    const redaction = redactionOf(history);
    if (redaction.rules?.rules !== rules || redaction.marks !== marks) return refuse(rulesChanged(at));
    if (new Set(sealed.holders).size < 2) return refuse(tooFewHolders(at));
    const redacted = { ...(rules === undefined ? {} : { rules }), ...(redactions === undefined ? {} : { redactions }) };
    const named = packing === undefined ? {} : { packing };
    return accept({ type: "PackageSealed", package: at.fresh, ...named, ...sealed, ...redacted, shares: evidenceOf(at) });
  },
});

/** Said before anything is packed, and again when it is recorded. */
export function tooFewHolders(at: Circumstances): Reason {
  return {
    clause: cite(at.policy, "IGRP-5", "KDRP-4"),
    code: "TOO_FEW_KEYS",
    because: "Fewer than two people who approve have a key of their own. Each of them makes one under “Your keys”; then the package can be sealed for them.",
  };
}

function reasonsUnchecked(history: History, at: Circumstances): readonly Reason[] {
  const { plan, check } = releaseOf(history);
  if (plan === undefined) return [];
  if (check?.passed !== true)
    return [{ clause: cite(at.policy, "IGRP-9", "KDRP-4"), code: "NOT_CHECKED", because: "The independent check must pass before anybody approves." }];
  return [...reasonsIfLinkedSincePlan(history, at), ...redactionReasons(history, check, at)];
}

/** The sealed package the approver has seen. */
const approval = { type: z.literal("ApproveRelease"), package: z.string().max(100) };

export const approveRelease = decision({
  name: "ApproveRelease",
  label: "Approve the release",
  askers: ["approver"],
  schema: z.discriminatedUnion("gives", [
    z.strictObject({ ...approval, gives: z.literal("share"), private: z.strictObject({ shares: sealedShares }) }),
    z.strictObject({ ...approval, gives: z.literal("opening"), private: z.strictObject({ opening: base64 }) }),
  ]),
  against: (history, at) => {
    const release = releaseOf(history);
    const reasons: Reason[] = [...reasonsUnlessOpen(history), ...reasonsWithoutPlan(history, at), ...reasonsUnchecked(history, at)];
    if (release.check?.passed === true && release.released === undefined) reasons.push(...reasonsUnsealed(release, at));
    if (approvers(release).has(at.by))
      reasons.push({ clause: cite(at.policy, "IGRP-5", "KDRP-4"), code: "SECOND_PERSON", because: "You have approved. A second, different person must." });
    if (release.released !== undefined) reasons.push(alreadyReleased(at));
    return reasons;
  },
  decide: ({ package: name, gives }, history, at) => {
    const { plan, sealed, approvals } = releaseOf(history);
    if (plan === undefined || sealed?.package !== name) return refuse(planChanged(at));
    const due = approvals.length === 0 ? "share" : "opening";
    if (gives !== due)
      return refuse({
        clause: cite(at.policy, "IGRP-5", "KDRP-4"),
        code: "OTHER_PART_DUE",
        because: "Somebody else has approved in the meantime, or their approval no longer counts. Open this page again.",
      });
    return accept({ type: "ReleaseApproved", plan: plan.plan, package: name, gives, part: evidenceOf(at) });
  },
});

function reasonsUnsealed({ sealed }: Release, at: Circumstances): readonly Reason[] {
  const clause = cite(at.policy, "IGRP-5", "KDRP-4");
  if (sealed === undefined) return [notSealed(at)];
  if (sealed.holders.includes(at.by)) return [];
  return [{ clause, code: "NO_SHARE", because: "The package was sealed before you had a key of your own, so you hold no share of it. Seal it anew." }];
}

export const release = decision({
  name: "Release",
  label: "Release the production",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("Release"), package: z.string().max(100), link: z.string().max(100) }),
  against: (history, at) => [...gateReasons(history, at), ...(releaseOf(history).released === undefined ? [] : [alreadyReleased(at)])],
  decide: ({ link, ...asked }, history, at) => {
    const { sealed } = releaseOf(history);
    return sealed === undefined || sealed.package !== asked.package || sealed.revision !== revisionOf(history)
      ? refuse(planChanged(at))
      : accept(releasedNow(sealed.package, link, at));
  },
});

function releasedNow(name: string, link: string, at: Circumstances) {
  const { downloads, downloadDays } = at.policy.settings;
  return { type: "ProductionReleased", package: name, expiresAt: addHours(at.now, downloadDays * 24), downloads, link } as const;
}

export const renewDownload = decision({
  name: "RenewDownload",
  label: "Send a new download link",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("RenewDownload"), link: z.string().max(100) }),
  against: (history, at) => {
    const { released } = releaseOf(history);
    if (released === undefined) return [notReleased];
    return standing(history) === "withdrawn" ? [withdrawn] : [...challengeReasons(history, at), ...stoppedSince(history, at)];
  },
  decide: ({ link }, history, at) => {
    const { released } = releaseOf(history);
    if (released === undefined) throw new Error("a link was renewed before release");
    return accept(releasedNow(released.package, link, at));
  },
});

export const recallProduction = decision({
  name: "RecallProduction",
  label: "Recall the production",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("RecallProduction"),
    ground: z.enum(["wrong-account", "outside-scope", "redaction-failed", "wrong-recipient", "other"]),
    private: z.strictObject({ words: z.string().min(10).max(5000) }),
  }),
  against: (history) => (releaseOf(history).released === undefined ? [notReleased] : []),
  decide: ({ ground }, history, at) => {
    const { released, downloads } = releaseOf(history);
    if (released === undefined) throw new Error("a production was recalled before release");
    return accept({ type: "ProductionRecalled", package: released.package, ground, downloads, words: evidenceOf(at) });
  },
});

export const answerRecall = decision({
  name: "AnswerRecall",
  label: "Record what the agency did",
  askers: ["officer", "analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("AnswerRecall"),
    answer: z.enum(["destroyed", "returned", "not-opened", "refused"]),
    private: z.strictObject({ words: z.string().min(2).max(5000) }),
  }),
  against: (history) => {
    const { recalled } = releaseOf(history);
    if (recalled.length === 0) return [{ clause: "KDRP-8", code: "NOT_RECALLED", because: "No production of this case was recalled." }];
    return recalled.some(isUnanswered)
      ? []
      : [{ clause: "KDRP-8", code: "RECALL_ANSWERED", because: "What the agency did with the recalled production is on record." }];
  },
  decide: ({ answer }, history, at) => {
    const waiting = releaseOf(history).recalled.find(isUnanswered);
    if (waiting === undefined) throw new Error("a recall was answered that does not wait");
    return accept({ type: "RecallAnswered", package: waiting.sealed.package, answer, words: evidenceOf(at) });
  },
});

function isUnanswered({ answer }: Release["recalled"][number]): boolean {
  return answer === undefined || answer.answer === "refused";
}

export const discardPackage = decision({
  name: "DiscardPackage",
  label: "Destroy a package nobody gets",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("DiscardPackage"), package: z.string().max(100) }),
  against: (history) =>
    releaseOf(history).toDiscard.length > 0 ? [] : [{ clause: "IGRP-9", code: "NOTHING_TO_DISCARD", because: "No package waits to be destroyed." }],
  decide: ({ package: name }, history, at) => {
    const sealed = releaseOf(history).toDiscard.find((each) => each.package === name);
    return sealed === undefined ? refuse(planChanged(at)) : accept({ type: "PackageDiscarded", package: name, object: sealed.object });
  },
});

const notReleased: Reason = { clause: "KDRP-8", code: "NOT_RELEASED", because: "Nothing has been released on this request." };
const withdrawn: Reason = { clause: "KDRP-8", code: "WITHDRAWN", because: "The agency has withdrawn the request. The package can no longer be fetched." };

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
    if (released === undefined) return [notReleased];
    if (standing(history) === "withdrawn") return [withdrawn];
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
  const { closed, plan } = releaseOf(history);
  if (closed !== undefined) return closed.outcome;
  const left = recordsThatLeft(releaseOf(history));
  if (left !== undefined) return left === 0 ? "no_records" : fullyProduced(history) ? "produced_full" : "produced_partial";
  if (plan !== undefined && plan.reads.every(({ expected }) => expected === 0)) return "no_records";
  return undefined;
}

/** A recall does not undo what was fetched before it. */
function recordsThatLeft({ released, sealed, recalled }: Release): number | undefined {
  const fetched = recalled.findLast(({ recall }) => recall.downloads > 0)?.sealed;
  if (released === undefined && fetched === undefined) return undefined;
  return recordsIn((released === undefined ? fetched : sealed)?.records);
}

/** Judged at the moment of release: details corrected afterwards change nothing about what left. */
function fullyProduced(history: History): boolean {
  const { then } = aroundRelease(history);
  return intakeOf(then).details?.lines.length === linesToProduce(then).length;
}

function recordsIn(records: Readonly<Record<string, number>> | undefined): number {
  return Object.values(records ?? {}).reduce((sum, n) => sum + n, 0);
}
