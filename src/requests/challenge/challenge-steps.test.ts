// Challenges: while one is pending everything stops, and its outcome says what may still leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, learning, line, received, sealed, take, told } from "../../../tests/a-case.ts";
import type { CaseFact } from "../case-facts.ts";
import { openChallenge, resolveChallenge } from "./challenge-steps.ts";
import { challengeReasons, challengesOf, linesLeftByRulings } from "./pending-challenges.ts";

const open = history([received(), details({ lines: [line("L1"), line("L2"), line("L3")] })]);
const grounds = { private: { grounds: "It names no account.", forum: "D. Colo." } };
const ruling = { private: { ruling: "So ordered.", appeal: "None: the ruling is right." } };

function opened(challenge: string, brought: "owner" | "desk" = "desk"): CaseFact {
  return { type: "ChallengeOpened", challenge, brought, grounds: sealed("grounds") };
}

function resolved(challenge: string, outcome: "upheld" | "narrowed" | "dismissed" | "withdrawn", lines?: readonly string[]): CaseFact {
  return { type: "ChallengeResolved", challenge, outcome, ...(lines === undefined ? {} : { lines }), ruling: sealed("ruling") };
}

const pending = history([opened("C1")], at(), open);

test("counsel challenges a request in an open case, and the grounds are sealed away", () => {
  told(open, openChallenge)
    .when(grounds, at())
    .then({ type: "ChallengeOpened", challenge: "fresh-id", brought: "desk", grounds: sealed("evidence-2") });
  told([], openChallenge).when(grounds, at()).refused("CASE_NOT_OPEN");
});

test("a pending challenge holds everything back, and says whose it is", () => {
  assert.deepEqual(
    challengeReasons(pending, at()).map(({ clause, code }) => [clause, code]),
    [["KDRP-5", "CHALLENGE_PENDING"]],
  );
  assert.deepEqual(
    challengeReasons(pending, at(undefined, { policy: learning })).map(({ clause }) => clause),
    ["IGRP-8"],
  );
  assert.deepEqual(
    challengeReasons(history([opened("C1", "owner")], at(), open), at()).map(({ clause, code }) => [clause, code]),
    [["KDRP-13", "CHALLENGE_PENDING"]],
  );
  assert.deepEqual(challengeReasons(open, at()), []);
});

test("a challenge that succeeded closes the case, and nothing may be disclosed on the request", () => {
  told(pending, resolveChallenge)
    .when({ challenge: "C1", outcome: "upheld", ...ruling }, at())
    .then({ type: "ChallengeResolved", outcome: "upheld" }, { type: "CaseClosed", outcome: "challenged" });
  assert.deepEqual(
    challengeReasons(history([opened("C1"), resolved("C1", "upheld")], at(), open), at()).map(({ code }) => code),
    ["CHALLENGE_UPHELD"],
  );
});

test("a dismissed or withdrawn challenge lets the review go on", () => {
  for (const outcome of ["dismissed", "withdrawn"] as const) {
    told(pending, resolveChallenge)
      .when({ challenge: "C1", outcome, ...ruling }, at())
      .then({ type: "ChallengeResolved", challenge: "C1", outcome });
    assert.deepEqual(challengeReasons(take(pending, resolveChallenge, { challenge: "C1", outcome, ...ruling }, at()), at()), []);
  }
});

test("a ruling that narrows the request must name lines of the request", () => {
  told(pending, resolveChallenge)
    .when({ challenge: "C1", outcome: "narrowed", ...ruling }, at())
    .refused("NARROWED_TO_WHAT");
  told(pending, resolveChallenge)
    .when({ challenge: "C1", outcome: "narrowed", lines: ["L1", "L9"], ...ruling }, at())
    .refused("NARROWED_TO_WHAT");
  told(pending, resolveChallenge)
    .when({ challenge: "C1", outcome: "narrowed", lines: ["L1"], ...ruling }, at())
    .then({ type: "ChallengeResolved", lines: ["L1"], ruling: sealed("evidence-3") });
});

test("lines named with any other outcome are not recorded: only a narrowing narrows", () => {
  told(pending, resolveChallenge)
    .when({ challenge: "C1", outcome: "dismissed", lines: ["L1"], ...ruling }, at())
    .then({ type: "ChallengeResolved", lines: undefined });
});

test("two rulings leave only the lines that both left standing", () => {
  assert.equal(linesLeftByRulings(open), undefined);
  const ruled = history([opened("C1"), opened("C2"), resolved("C1", "narrowed", ["L1", "L2"]), resolved("C2", "narrowed", ["L2", "L3"])], at(), open);
  assert.deepEqual([...(linesLeftByRulings(ruled) ?? [])], ["L2"]);
});

test("only a pending challenge can be decided, and only once", () => {
  const decide = { challenge: "C1", outcome: "dismissed", ...ruling };
  told(open, resolveChallenge).when(decide, at()).refused("NO_CHALLENGE_PENDING");
  told(pending, resolveChallenge)
    .when({ ...decide, challenge: "C2" }, at())
    .refused("NO_CHALLENGE_PENDING");
  const done = take(pending, resolveChallenge, decide, at());
  told(done, resolveChallenge).when(decide, at()).refused("NO_CHALLENGE_PENDING");
  told([], resolveChallenge).when(decide, at()).refused("CASE_NOT_OPEN", "NO_CHALLENGE_PENDING");
});

test("two challenges are two: deciding one leaves the other pending", () => {
  const past = history([opened("C1"), opened("C2", "owner"), resolved("C1", "dismissed")], at(), open);
  assert.deepEqual(
    challengesOf(past).map(({ resolved: outcome }) => outcome?.outcome),
    ["dismissed", undefined],
  );
  assert.deepEqual(
    challengeReasons(past, at()).map(({ clause }) => clause),
    ["KDRP-13"],
  );
});

test("a ruling about a challenge that was never opened changes nothing", () => {
  assert.deepEqual(challengesOf(history([resolved("C7", "narrowed", [])], at(), open)), []);
});
