// The steps of a review: answer checks, refer the agency to the customer, sign, reject.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, unless } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import { reasonsUnlessOpen } from "../open-case.ts";
import type { LineVerdict } from "./events.ts";
import { missingReasons } from "./missing-contents.ts";
import { verdictsOf } from "./open-points.ts";
import { reviewOf } from "./review-state.ts";
import { checkStates, narrowingNoes, standingNoes } from "./validity-checks.ts";

function reasonsUnlessConfirmed(history: History): readonly Reason[] {
  const open = reasonsUnlessOpen(history);
  if (open.length > 0 || intakeOf(history).details !== undefined) return open;
  return [{ clause: "KDRP-4", code: "DETAILS_NOT_CONFIRMED", because: "Confirm the details first: the review reads confirmed details, not guesses." }];
}

export const answerChecks = decision({
  name: "AnswerChecks",
  label: "Record answers",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("AnswerChecks"),
    answers: z
      .array(z.strictObject({ check: z.string().regex(/^V\d\d$/), answer: z.enum(["yes", "no", "not-applicable"]) }))
      .min(1)
      .max(40),
    private: z.strictObject({ note: z.string().max(4000) }),
  }),
  against: reasonsUnlessConfirmed,
  decide: ({ answers }, history, at) => {
    const states = checkStates(history, at);
    const revision = revisionOf(history);
    const reasons = answers.flatMap(({ check, answer }): Reason[] => {
      const state = states.find(({ check: { id } }) => id === check);
      if (state === undefined) return [{ clause: check, code: "CHECK_DOES_NOT_APPLY", because: `The check ${check} does not apply to this case.` }];
      if (state.answeredBy === "machine" && answer !== state.answer)
        return [
          {
            clause: check,
            code: "FACTS_SAY_OTHERWISE",
            because: `The facts answer ${check} with "${state.answer}". Correct the details or the evidence instead.`,
          },
        ];
      return [];
    });
    return unless(reasons, () => answers.map(({ check, answer }) => ({ type: "CheckAnswered" as const, check, revision, answer, evidence: evidenceOf(at) })));
  },
});

export const referToCustomer = decision({
  name: "ReferToCustomer",
  label: "Refer to the customer",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("ReferToCustomer") }),
  against: (history) => {
    const { referral } = reviewOf(history);
    return [
      ...reasonsUnlessConfirmed(history),
      ...(referral === "not-tried"
        ? []
        : [{ clause: "IGRP-3", code: "REFERRAL_TRIED", because: "The agency has been referred to the customer, or the referral was waived." }]),
    ];
  },
  decide: () => accept({ type: "ReferralMade" }),
});

export const recordReferralAnswer = decision({
  name: "RecordReferralAnswer",
  label: "Record the agency's answer",
  askers: ["analyst", "counsel", "officer"],
  schema: z.strictObject({ type: z.literal("RecordReferralAnswer"), answer: z.enum(["agency-turns-to-customer", "agency-declines"]) }),
  against: (history) => [
    ...reasonsUnlessConfirmed(history),
    ...(reviewOf(history).referral === "made" ? [] : [{ clause: "IGRP-3", code: "NO_REFERRAL_PENDING", because: "No referral waits for an answer." }]),
  ],
  decide: ({ answer }) =>
    answer === "agency-declines"
      ? accept({ type: "ReferralAnswered", answer })
      : accept({ type: "ReferralAnswered", answer }, { type: "CaseClosed", outcome: "referred" }),
});

export const waiveReferral = decision({
  name: "WaiveReferral",
  label: "Waive the referral",
  askers: ["counsel"],
  schema: z.strictObject({ type: z.literal("WaiveReferral"), ground: z.enum(["law-prohibits", "only-holder", "customer-asked-us"]) }),
  against: (history) => {
    const { referral } = reviewOf(history);
    return [
      ...reasonsUnlessConfirmed(history),
      ...(referral === "not-tried" || referral === "made"
        ? []
        : [{ clause: "IGRP-3", code: "REFERRAL_SETTLED", because: "The referral has been answered or waived." }]),
    ];
  },
  decide: ({ ground }) => accept({ type: "ReferralWaived", ground }),
});

export const signReview = decision({
  name: "SignReview",
  label: "Sign the review",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("SignReview"),
    /** Lines the reviewer leaves out although the paper reaches them, or whose questions stay open: a person may only be stricter. */
    leaveOut: z.array(z.string()).default([]),
    private: z.strictObject({ reasoning: z.string().min(1).max(20_000) }),
  }),
  against: (history, at) => {
    const waiting = checkStates(history, at).filter(({ answer }) => answer === "waiting");
    return [
      ...reasonsUnlessConfirmed(history),
      ...missingReasons(history, at),
      ...waiting.map(({ check }) => ({ clause: check.id, code: "CHECK_WAITING", because: `Nobody has answered: ${check.question}` })),
      ...standingNoes(history, at).map(({ check }) => ({
        clause: check.id,
        code: check.ifNo,
        because: `The answer is no: ${check.question} Settle it, reject the request, or send it to counsel.`,
      })),
    ];
  },
  decide: ({ leaveOut }, history, at) => {
    const { details } = intakeOf(history);
    if (details === undefined) throw new Error("a review was signed before details were confirmed");
    const lines = verdictsOf(history, at).map((verdict) => (leaveOut.includes(verdict.line) ? leftOut(verdict, at) : verdict));
    const open = lines.filter(({ decision: decided }) => decided === "ask").flatMap(({ reasons }) => reasons);
    return unless([...open, ...unknownLines(leaveOut, lines), ...tooWide(leaveOut, history, at)], () => [
      { type: "ReviewSigned", revision: details.revision, lines, packs: [...at.policy.versions, ...at.laws.map(({ pack }) => `${pack.id}@${pack.version}`)] },
      ...(lines.some(({ decision: decided }) => decided === "counsel")
        ? [{ type: "SentToCounsel" as const, reasons: lines.filter(({ decision: decided }) => decided === "counsel").flatMap(({ reasons }) => reasons) }]
        : []),
    ]);
  },
});

/** KDRP-5: what a person found too wide, or not held, is not signed as it stands. */
function tooWide(leaveOut: readonly string[], history: History, at: Circumstances): readonly Reason[] {
  // Leaving out what the paper does not reach anyway narrows nothing.
  const narrows = verdictsOf(history, at).some(({ line, decision: decided }) => decided === "allow" && leaveOut.includes(line));
  if (narrows) return [];
  return narrowingNoes(history, at).map(({ check }) => ({
    clause: check.id,
    code: check.ifNo,
    because: `The answer is no: ${check.question} Leave out the lines it concerns, or confirm narrower details.`,
  }));
}

function leftOut(verdict: LineVerdict, at: Circumstances): LineVerdict {
  const reason: Reason = {
    clause: cite(at.policy, "IGRP-9", "KDRP-5"),
    code: "LEFT_OUT",
    because: "The reviewer left this line out of the smallest scope that the paper supports.",
    line: verdict.line,
  };
  return { ...verdict, decision: "deny", reasons: [...verdict.reasons, reason] };
}

function unknownLines(leaveOut: readonly string[], lines: readonly LineVerdict[]): readonly Reason[] {
  return leaveOut
    .filter((id) => !lines.some(({ line }) => line === id))
    .map((id) => ({ clause: "KDRP-4", code: "UNKNOWN_LINE", because: `There is no line called ${id} to leave out.` }));
}

export const rejectRequest = decision({
  name: "RejectRequest",
  label: "Reject the request",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("RejectRequest"),
    because: z.enum(["unverified-sender", "insufficient-process", "wrong-entity", "expired", "overbroad", "not-compulsory", "not-identifiable"]),
  }),
  against: (history) => [...reasonsUnlessOpen(history), ...reasonsIfReleased(history)],
  decide: ({ because }, history, at) => {
    const found = verdictsOf(history, at).flatMap(({ reasons }) => reasons);
    const reasons = [
      rejection(because, at),
      ...found.filter((reason, index) => found.findIndex(({ code, because: words }) => code === reason.code && words === reason.because) === index),
    ];
    return accept({ type: "RequestRejected", reasons }, { type: "CaseClosed", outcome: "rejected" });
  },
});

function reasonsIfReleased(history: History): readonly Reason[] {
  return history.some(({ fact }) => fact.type === "ProductionReleased")
    ? [{ clause: "KDRP-5", code: "ALREADY_RELEASED", because: "Data has been released on this request. It can be closed, not rejected." }]
    : [];
}

function rejection(because: string, { policy }: Circumstances): Reason {
  const known: Record<string, Reason> = {
    "unverified-sender": {
      clause: cite(policy, "KDRP-3", "IGRP-5"),
      code: "SENDER_UNVERIFIED",
      because:
        "We could not confirm that the request comes from the agency it names. A request from the agency's own mailbox, confirmed by telephone, would change this.",
    },
    "insufficient-process": {
      clause: cite(policy, "KDRP-11", "IGRP-7"),
      code: "INSUFFICIENT_PROCESS",
      because: "The paper does not reach what is asked for. The reasons below say which paper would.",
    },
    "wrong-entity": {
      clause: "V03",
      code: "WRONG_ENTITY",
      because: "The paper is addressed to another legal entity. One addressed to ours would change this.",
    },
    expired: { clause: "V08", code: "EXPIRED", because: "The paper has expired. A fresh one would change this." },
    overbroad: {
      clause: cite(policy, "KDRP-5", "IGRP-9"),
      code: "OVERBROAD",
      because: "The request is broader than a reasonable reading supports. Named accounts, types of data and dates would change this.",
    },
    "not-compulsory": {
      clause: cite(policy, "IGRP-4", "KDRP-7"),
      code: "NOT_COMPULSORY",
      because: "Nothing compels an answer. A subpoena, court order or search warrant would change this.",
    },
    "not-identifiable": {
      clause: cite(policy, "KDRP-2c", "IGRP-9"),
      code: "UNIDENTIFIABLE",
      because: "The accounts could not be identified. The workspace and the user's e-mail address or id would change this.",
    },
  };
  const reason = known[because];
  if (reason === undefined) throw new Error("a rejection without words");
  return reason;
}
