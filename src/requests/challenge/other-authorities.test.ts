// Other authorities: what the one that was told answers, and what a court finds on a conflict with another country's law.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, line, onDay, received, sealed, take, told } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { authorityAnswer, authorityReasons, conflictsOf, linesLeftByAuthority } from "./authority-hold.ts";
import { openChallenge, resolveChallenge, takeChallengeStep } from "./challenge-steps.ts";
import { decideConflict, raiseConflict, recordAuthorityAnswer } from "./other-authorities.ts";

const paper = { id: "EU-EPOC", signedBy: "judge", issuedIn: "DE", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } as const;
const lines = [line("L1"), line("L2")];
const notified = history([received(), details({ instrument: { ...paper, authorityNotified: true }, lines })]);
const open = history([received(), details({ lines })]);
const closed: CaseFact = { type: "CaseClosed", outcome: "rejected" };
const released: CaseFact = { type: "ProductionReleased", package: "p", expiresAt: instant("2026-11-24T07:00:00Z"), downloads: 3, link: "l" };
const words = { private: { words: "We raise no ground for refusal." } };
const objection = { private: { law: "The law of Japan.", whyItApplies: "The customer is there.", conflict: "It forbids the answer." } };
const ruling = { private: { decision: "The court has weighed both laws." } };
const raised: CaseFact = { type: "ConflictRaised", conflict: "K1", reasons: sealed("r") };

function said(answer: "cleared" | "refused" | "partial", left?: readonly string[]): CaseFact {
  return { type: "AuthorityAnswered", answer, ...(left === undefined ? {} : { lines: left }), evidence: sealed("e") };
}

function decided(conflict: string, upheld: boolean): CaseFact {
  return { type: "ConflictDecided", conflict, upheld, decision: sealed("d") };
}

function codes(past: History): readonly string[] {
  return authorityReasons(past).map(({ clause, code }) => `${clause} ${code}`);
}

test("counsel alone challenges, objects and records what courts decide; an analyst too may record what an authority answers", () => {
  assert.deepEqual(
    [openChallenge, takeChallengeStep, resolveChallenge, recordAuthorityAnswer, raiseConflict, decideConflict].map(({ name, askers }) => [name, ...askers]),
    [
      ["OpenChallenge", "counsel"],
      ["TakeChallengeStep", "counsel"],
      ["ResolveChallenge", "counsel"],
      ["RecordAuthorityAnswer", "analyst", "counsel"],
      ["RaiseConflict", "counsel"],
      ["DecideConflict", "counsel"],
    ],
  );
});

test("the authority that was told clears the order, refuses it, or leaves some of its lines, and its words are sealed away", () => {
  for (const answer of ["cleared", "refused"] as const)
    assert.deepEqual(
      told(notified, recordAuthorityAnswer)
        .when({ answer, ...words }, at())
        .then({ answer }),
      [{ type: "AuthorityAnswered", answer, evidence: sealed("evidence-2") }],
    );
  told(notified, recordAuthorityAnswer)
    .when({ answer: "partial", lines: ["L2"], ...words }, at())
    .then({ type: "AuthorityAnswered", answer: "partial", lines: ["L2"] });
});

test("a partial refusal must say which lines of this request it leaves, though it may leave none; with any other answer no line is recorded", () => {
  const answer = (command: object) => told(notified, recordAuthorityAnswer).when({ ...command, ...words }, at());
  assert.deepEqual(
    answer({ answer: "partial" })
      .refused("PARTIAL_OF_WHAT")
      .map(({ clause }) => clause),
    ["V20"],
  );
  answer({ answer: "partial", lines: ["L1", "L9"] }).refused("PARTIAL_OF_WHAT");
  answer({ answer: "partial", lines: [] }).then({ answer: "partial", lines: [] });
  answer({ answer: "cleared", lines: ["L1"] }).then({ answer: "cleared", lines: undefined });
  answer({ answer: "refused", lines: ["L9"] }).then({ answer: "refused", lines: undefined });
});

test("no answer is recorded where no authority was told, in a case that is over, or after the data has left", () => {
  const command = { answer: "cleared", ...words };
  const refusal = (past: History, ...reasons: readonly string[]) =>
    told(past, recordAuthorityAnswer)
      .when(command, at())
      .refused(...reasons);
  assert.deepEqual(
    refusal(open, "NO_AUTHORITY_TOLD").map(({ clause }) => clause),
    ["V20"],
  );
  refusal(history([received(), details({ instrument: { ...paper, authorityNotified: false } })]), "NO_AUTHORITY_TOLD");
  const { instrument: _, ...noPaper } = details({ lines });
  refusal(history([received(), noPaper]), "NO_AUTHORITY_TOLD");
  refusal([], "CASE_NOT_OPEN", "NO_AUTHORITY_TOLD");
  refusal(history([received()]), "NO_AUTHORITY_TOLD");
  refusal(history([closed], at(), notified), "CASE_NOT_OPEN");
  refusal(history([released], at(), notified), "ALREADY_RELEASED");
});

test("a refusal stops the order until the authority takes it back: its newest answer counts", () => {
  assert.deepEqual(codes(notified), []);
  assert.equal(authorityAnswer(notified), undefined);
  assert.deepEqual(codes(history([said("refused")], at(), notified)), ["V20 AUTHORITY_REFUSED"]);
  assert.deepEqual(codes(history([said("refused"), said("cleared")], at(), notified)), []);
  assert.deepEqual(codes(history([said("cleared"), said("refused")], at(), notified)), ["V20 AUTHORITY_REFUSED"]);
  assert.deepEqual(codes(history([said("partial", ["L1"])], at(), notified)), []);
  const answer = authorityAnswer(history([said("cleared")], at("2026-11-05T09:00:00Z"), notified));
  assert.deepEqual([answer?.fact.answer, answer?.at], ["cleared", "2026-11-05T09:00:00.000Z"]);
});

test("a partial refusal leaves its lines standing, one without lines leaves none, and any other answer strikes none", () => {
  const left = (...facts: readonly CaseFact[]) => {
    const found = linesLeftByAuthority(history(facts, at(), notified));
    return found === undefined ? undefined : [...found];
  };
  assert.equal(left(), undefined);
  assert.deepEqual(left(said("partial", ["L2"])), ["L2"]);
  assert.deepEqual(left(said("partial")), []);
  assert.equal(left(said("partial", ["L2"]), said("cleared")), undefined);
  assert.equal(left(said("refused")), undefined);
});

test("counsel objects under the law of another country once at a time, in an open case, before the data has left", () => {
  told(open, raiseConflict)
    .when(objection, at())
    .then({ type: "ConflictRaised", conflict: "fresh-id", reasons: sealed("evidence-2") });
  const pending = history([raised], at(), open);
  assert.deepEqual(
    told(pending, raiseConflict)
      .when(objection, at())
      .refused("CONFLICT_PENDING")
      .map(({ clause }) => clause),
    ["V20"],
  );
  told(history([decided("K1", false)], at(), pending), raiseConflict)
    .when(objection, at())
    .then({ type: "ConflictRaised" });
  told([], raiseConflict).when(objection, at()).refused("CASE_NOT_OPEN");
  told(history([released], at(), open), raiseConflict)
    .when(objection, at())
    .refused("ALREADY_RELEASED");
});

test("a court that finds the other law does not forbid the answer lets the case go on; one that finds it does closes the case", () => {
  const pending = history([raised], at(), open);
  told(pending, decideConflict)
    .when({ conflict: "K1", upheld: false, ...ruling }, at())
    .then({ type: "ConflictDecided", conflict: "K1", upheld: false, decision: sealed("evidence-3") });
  told(pending, decideConflict)
    .when({ conflict: "K1", upheld: true, ...ruling }, at())
    .then({ type: "ConflictDecided", upheld: true }, { type: "CaseClosed", outcome: "challenged" });
  assert.deepEqual(codes(pending), ["V20 CONFLICT_PENDING"]);
  assert.deepEqual(codes(history([decided("K1", false)], at(), pending)), []);
  assert.deepEqual(codes(history([decided("K1", true)], at(), pending)), ["V20 CONFLICT_UPHELD"]);
});

test("only an objection that is pending is decided, and only once", () => {
  const decide = { conflict: "K1", upheld: false, ...ruling };
  const pending = history([raised], at(), open);
  assert.deepEqual(
    told(open, decideConflict)
      .when(decide, at())
      .refused("NO_CONFLICT_PENDING")
      .map(({ clause }) => clause),
    ["V20"],
  );
  told(pending, decideConflict)
    .when({ ...decide, conflict: "K2" }, at())
    .refused("NO_CONFLICT_PENDING");
  told(take(pending, decideConflict, decide, at()), decideConflict)
    .when(decide, at())
    .refused("NO_CONFLICT_PENDING");
  told([], decideConflict).when(decide, at()).refused("CASE_NOT_OPEN");
  const two = history([{ ...raised, conflict: "K2" }], at(), history([decided("K1", false)], at(), pending));
  told(two, decideConflict)
    .when({ ...decide, conflict: "K2" }, at())
    .then({ type: "ConflictDecided", conflict: "K2" });
});

test("two objections are two: each is pending until its own decision, and one that was upheld stops the order for good", () => {
  const past = history([raised, { ...raised, conflict: "K2" }, decided("K2", false)], at(), open);
  assert.deepEqual(
    conflictsOf(past).map(({ raised: { conflict }, decided: end }) => [conflict, end?.upheld]),
    [
      ["K1", undefined],
      ["K2", false],
    ],
  );
  assert.deepEqual(conflictsOf(history([raised], at(), open)), [{ raised, raisedAt: at().now }]);
  assert.deepEqual(codes(past), ["V20 CONFLICT_PENDING"]);
  assert.deepEqual(codes(history([decided("K1", true)], at(), past)), ["V20 CONFLICT_UPHELD"]);
  assert.deepEqual(codes(history([said("refused"), { ...raised, conflict: "K3" }, decided("K1", true)], at(), past)), [
    "V20 AUTHORITY_REFUSED",
    "V20 CONFLICT_PENDING",
    "V20 CONFLICT_UPHELD",
  ]);
});

test("an answer, an objection and a decision are recorded only with words that say something, and with no more than a record can hold", () => {
  const answer = (length: number) =>
    recordAuthorityAnswer.schema.safeParse({ type: "RecordAuthorityAnswer", answer: "cleared", private: { words: "w".repeat(length) } }).success;
  assert.deepEqual([0, 1, 20_000, 20_001].map(answer), [false, true, true, false]);
  const decision = (length: number) =>
    decideConflict.schema.safeParse({ type: "DecideConflict", conflict: "K1", upheld: true, private: { decision: "w".repeat(length) } }).success;
  assert.deepEqual([0, 1, 20_000, 20_001].map(decision), [false, true, true, false]);
  for (const part of ["law", "whyItApplies", "conflict"] as const) {
    const reasons = (length: number) =>
      raiseConflict.schema.safeParse({ type: "RaiseConflict", private: { ...objection.private, [part]: "w".repeat(length) } }).success;
    assert.deepEqual([2, 3, 5000, 5001].map(reasons), [false, true, true, false], part);
  }
});
