// The gate: nothing leaves unless every bar is up, and a bar that is down says what is missing and which clause asks for it.
import type { Reason } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import { challengeReasons } from "../challenge/pending-challenges.ts";
import type { Circumstances, History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { noticeReasons } from "../notice/notice-state.ts";
import { reasonsUnlessOpen } from "../open-case.ts";
import { findInstrument } from "../review/line-verdicts.ts";
import { missingReasons } from "../review/missing-contents.ts";
import { verdictsOf, worksheetOf } from "../review/open-points.ts";
import { referralReasons, reviewOf } from "../review/review-state.ts";
import { answeredNo } from "../review/validity-checks.ts";
import { authorityReasons } from "../challenge/authority-hold.ts";
import { clarificationOpen, holdReasons } from "../deadlines/paper-clocks.ts";
import { emergencyAllowed, emergencyReasons } from "../review/emergency.ts";
import { reasonsIfLinkedSincePlan } from "../preservation/linked-cases.ts";
import { redactionReasons } from "../redaction/redaction-state.ts";
import { outstandingAssurances } from "../verification/assurances.ts";
import { approvers, linesToProduce, releaseOf } from "./release-state.ts";

export interface Bar {
  readonly id: "requester" | "instrument" | "referral" | "notice" | "challenge" | "scope" | "check" | "approvals";
  readonly label: string;
  /** The clause the bar keeps when nothing is missing. */
  readonly clause: string;
  /** Empty: the bar is up. */
  readonly reasons: readonly Reason[];
}

type Condition = (history: History, at: Circumstances) => readonly Reason[];

const conditions: readonly { readonly id: Bar["id"]; readonly label: string; readonly clauses: readonly [string, ...string[]]; readonly against: Condition }[] =
  [
    { id: "requester", label: "Requester assured", clauses: ["KDRP-3", "IGRP-5"], against: (history, at) => outstandingAssurances(history, at.today) },
    { id: "instrument", label: "Paper compels each line", clauses: ["KDRP-11", "IGRP-7"], against: instrumentReasons },
    { id: "referral", label: "Customer tried first", clauses: ["IGRP-3"], against: referralBar },
    { id: "notice", label: "Customer told", clauses: ["KDRP-13", "IGRP-1"], against: noticeReasons },
    { id: "challenge", label: "No challenge or hold pending", clauses: ["IGRP-8", "KDRP-5"], against: standstillReasons },
    { id: "scope", label: "Scope inside the paper", clauses: ["IGRP-9", "KDRP-5"], against: scopeReasons },
    { id: "check", label: "Independent check passed", clauses: ["IGRP-9", "KDRP-4"], against: checkReasons },
    { id: "approvals", label: "Two people approved", clauses: ["IGRP-5", "KDRP-4"], against: approvalReasons },
  ];

export function gate(history: History, at: Circumstances): readonly Bar[] {
  return conditions.map(({ id, label, clauses, against }) => ({ id, label, clause: cite(at.policy, ...clauses), reasons: against(history, at) }));
}

/** Everything that stands against release; empty means that the last bar is up. */
export function gateReasons(history: History, at: Circumstances): readonly Reason[] {
  return [...reasonsUnlessOpen(history), ...gate(history, at).flatMap(({ reasons }) => reasons)];
}

function instrumentReasons(history: History, at: Circumstances): readonly Reason[] {
  const { details } = intakeOf(history);
  const { signed } = reviewOf(history);
  const known = findInstrument(details?.instrument, at.laws);
  if (known === undefined)
    return [
      {
        clause: cite(at.policy, "IGRP-7", "KDRP-10"),
        code: "NO_INSTRUMENT",
        because: "No legal instrument has been confirmed. Ask the agency for the paper that compels an answer.",
      },
    ];
  if (!known.instrument.compulsory && !emergencyAllowed(known.instrument, at.policy))
    return [
      {
        clause: cite(at.policy, "IGRP-4", "KDRP-7"),
        code: "NOT_COMPULSORY",
        because: "The paper compels nothing. Customer data leaves only when the law compels it.",
      },
    ];
  const locks = emergencyAllowed(known.instrument, at.policy) ? emergencyReasons(history, at) : [];
  if (locks.length > 0) return locks;
  if (signed === undefined)
    return [
      {
        clause: cite(at.policy, "IGRP-5", "KDRP-4"),
        code: "REVIEW_NOT_SIGNED",
        because: "Nobody has signed the review of these lines. Counsel signs it when every check is answered.",
      },
    ];
  if (linesToProduce(history).length === 0)
    return [
      {
        clause: cite(at.policy, "KDRP-11", "IGRP-9"),
        code: "NO_LINE_ALLOWED",
        because: "The paper reaches none of the lines. Reject the request with its reasons, or ask for the paper that would.",
      },
    ];
  return [
    ...missingReasons(history, at),
    ...changedVerdicts(history, at),
    ...worksheetReasons(history, at),
    ...protectionReasons(history),
    ...noes(history, at),
  ];
}

/** What was signed as allowed and is not any more: a place became known, a policy was added, a ground fell away. */
function changedVerdicts(history: History, at: Circumstances): readonly Reason[] {
  const leaving = new Set(linesToProduce(history));
  // A line that is allowed has no reason against it.
  return verdictsOf(history, at).flatMap(({ line, reasons }) => (leaving.has(line) ? reasons : []));
}

/** A rule of some country may stand in the way of a line that would leave, and nobody has recorded what decides it. */
function worksheetReasons(history: History, at: Circumstances): readonly Reason[] {
  const leaving = new Set(linesToProduce(history));
  return worksheetOf(history, at)
    .filter(({ answer, lines }) => answer === "open" && lines.some((line) => leaving.has(line)))
    .map(({ pack, rule, citation }) => ({
      clause: "V20",
      code: "WORKSHEET_OPEN",
      because: `Whether the rule ${rule} of ${pack} stands in the way is open (${citation}). Record the places, the issuing state or what the company is; then it can be told.`,
    }));
}

/** V19: counsel decides on specially protected data, and says so in the answer to the check. */
function protectionReasons(history: History): readonly Reason[] {
  const { details } = intakeOf(history);
  if ((details?.protection?.length ?? 0) === 0) return [];
  return [
    {
      clause: "V19",
      code: "PROTECTED_DATA",
      because: "The data or its owner is marked as specially protected (V19). Counsel narrows the request, challenges it, or corrects the mark with a reason.",
    },
  ];
}

function noes(history: History, at: Circumstances): readonly Reason[] {
  return answeredNo(history, at).map(({ id, ifNo, question }) => ({
    clause: id,
    code: ifNo,
    because: `The answer is no: ${question} Settle it and answer again, or reject the request.`,
  }));
}

/** IGRP-8 and the paper's own law: a challenge, a hold, a refusal or an open question each stop everything. */
function standstillReasons(history: History, at: Circumstances): readonly Reason[] {
  return [...challengeReasons(history, at), ...authorityReasons(history), ...holdReasons(history, at), ...clarificationReasons(history, at)];
}

function clarificationReasons(history: History, at: Circumstances): readonly Reason[] {
  if (!clarificationOpen(history)) return [];
  return [
    {
      clause: cite(at.policy, "KDRP-5", "IGRP-5"),
      code: "CLARIFICATION_PENDING",
      because: "The agency was asked to make the paper clear and has not answered. Record its answer, or reject the request.",
    },
  ];
}

function referralBar(history: History, at: Circumstances): readonly Reason[] {
  return at.policy.settings.referralFirst ? referralReasons(history) : [];
}

function scopeReasons(history: History, at: Circumstances): readonly Reason[] {
  const { plan } = releaseOf(history);
  const clause = cite(at.policy, "IGRP-9", "KDRP-5");
  if (plan === undefined)
    return [{ clause, code: "NO_PLAN", because: "No plan has been compiled for the signed lines. Compile it: it can name nothing outside them." }];
  const allowed = new Set(linesToProduce(history));
  const outside = plan.reads.filter(({ line }) => !allowed.has(line));
  return outside.length === 0 ? [] : [{ clause, code: "PLAN_OUTSIDE_LINES", because: "The plan reads for a line that is not allowed. Compile it anew." }];
}

function checkReasons(history: History, at: Circumstances): readonly Reason[] {
  const { plan, check } = releaseOf(history);
  const clause = cite(at.policy, "IGRP-9", "KDRP-4");
  if (plan === undefined || check === undefined)
    return [{ clause, code: "NOT_CHECKED", because: "The independent checker has not judged the records of this plan." }];
  if (!check.passed)
    return [
      {
        clause,
        code: "RECORD_OUTSIDE_SCOPE",
        because: `The independent checker found ${check.outside} of ${check.records} records outside the scope. Nothing leaves until the plan is right.`,
      },
    ];
  return [...reasonsIfLinkedSincePlan(history, at), ...redactionReasons(history, check, at)];
}

function approvalReasons(history: History, at: Circumstances): readonly Reason[] {
  const release = releaseOf(history);
  if (release.check?.passed === true && release.sealed === undefined) return [notSealed(at)];
  const count = approvers(release).size;
  if (count >= 2) return [];
  return [
    {
      clause: cite(at.policy, "IGRP-5", "KDRP-4"),
      code: "APPROVALS_MISSING",
      because: count === 0 ? "Nobody has approved the release. Two different people must." : "One person has approved. A second, different person must.",
    },
  ];
}

export function notSealed(at: Circumstances): Reason {
  return {
    clause: cite(at.policy, "IGRP-5", "KDRP-4"),
    code: "NOT_SEALED",
    because: "The production is not packed and sealed yet. Seal it: approvers approve exactly what leaves, and only two of them together can open it.",
  };
}
