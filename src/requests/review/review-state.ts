// What the review has settled so far, for the newest revision of the details.
import type { Reason } from "../../kernel/outcome.ts";
import { oncePerHistory, type History } from "../decision.ts";
import { revisionOf } from "../intake/request-details.ts";
import type { CheckAnswered, ReferralAnswered, ReferralWaived, ReviewSigned } from "./events.ts";

export interface Review {
  readonly answers: ReadonlyMap<string, CheckAnswered>;
  readonly referral: "not-tried" | "made" | "declined" | "accepted" | "waived";
  readonly waiver?: ReferralWaived["ground"];
  /** The signature for the newest revision; one for an earlier revision no longer counts. */
  readonly signed?: ReviewSigned;
  /** Checks answered since that signature: counsel has not weighed what they say. */
  readonly unweighed: ReadonlySet<string>;
}

export const reviewOf = oncePerHistory(readReview);

function readReview(history: History): Review {
  const revision = revisionOf(history);
  const answers = new Map<string, CheckAnswered>();
  const unweighed = new Set<string>();
  let review: Review = { answers, referral: "not-tried", unweighed };
  let asked: readonly string[] = [];
  let referred: readonly string[] = [];
  for (const { fact } of history) {
    if (fact.type === "DetailsConfirmed") {
      asked = fact.subjects.flatMap(({ workspace }) => workspace ?? []);
      // A customer whom nobody was referred to has not been tried; what a law forbids, it forbids whoever the customer is.
      if (review.waiver !== "law-prohibits" && asked.some((workspace) => !referred.includes(workspace))) review = untried(review);
    }
    if (fact.type === "ReferralMade" || fact.type === "ReferralWaived") referred = asked;
    if (fact.type === "CheckAnswered" && fact.revision === revision) {
      answers.set(fact.check, fact);
      unweighed.add(fact.check);
    }
    if (fact.type === "ReferralMade") review = { ...review, referral: "made" };
    if (fact.type === "ReferralAnswered") review = { ...review, referral: referralAfter(fact) };
    if (fact.type === "ReferralWaived") review = { ...review, referral: "waived", waiver: fact.ground };
    if (fact.type === "ReviewSigned" && fact.revision === revision) {
      review = { ...review, signed: fact };
      unweighed.clear();
    }
  }
  return review;
}

function untried({ waiver: _, ...review }: Review): Review {
  return { ...review, referral: "not-tried" };
}

function referralAfter(fact: ReferralAnswered): Review["referral"] {
  return fact.answer === "agency-declines" ? "declined" : "accepted";
}

/** IGRP-3: the customer is tried first. Only an answer or a recorded waiver closes the question. */
export function referralReasons(history: History): readonly Reason[] {
  const { referral } = reviewOf(history);
  if (referral === "declined" || referral === "waived") return [];
  const because = {
    "not-tried": "The agency has not been referred to the customer. Send the referral, or waive it with a recorded ground.",
    made: "The agency has not answered the referral to the customer. Record its answer, or waive the referral with a ground.",
    accepted: "The agency turned to the customer. The desk discloses nothing while they deal with each other.",
  }[referral];
  return [{ clause: "IGRP-3", code: "REFERRAL_OPEN", because }];
}
