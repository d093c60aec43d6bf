// Challenges: while one is pending everything stops, and its outcome says what may still leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, learning, line, received, sealed, take, told } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import { openChallenge, resolveChallenge, takeChallengeStep } from "./challenge-steps.ts";
import { challengeGrounds } from "./events.ts";
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

test("a challenge names the route of the paper's law it takes and the grounds it rests on, or neither", () => {
  told(open, openChallenge)
    .when({ ...grounds, route: "motion to quash or modify", on: ["overbroad", "privilege"] }, at())
    .then({ type: "ChallengeOpened", brought: "desk", route: "motion to quash or modify", on: ["overbroad", "privilege"] });
  told(open, openChallenge).when(grounds, at()).then({ route: undefined, on: undefined });
});

test("every ground of the list can be taken, at least one and no other", () => {
  const fits = (on: readonly string[]) => openChallenge.schema.safeParse({ type: "OpenChallenge", on, ...grounds }).success;
  for (const ground of challengeGrounds) assert.ok(fits([ground]), ground);
  assert.ok(fits(challengeGrounds));
  assert.deepEqual([[], ["because"], [...challengeGrounds, "other"]].map(fits), [false, false, false]);
  assert.deepEqual(
    [...challengeGrounds],
    [
      "wrong-issuer",
      "insufficient-process",
      "overbroad",
      "undue-burden",
      "vague",
      "privilege",
      "free-expression",
      "conflict-of-laws",
      "comity",
      "secrecy-unlawful",
      "not-held",
      "wrong-entity",
      "human-rights",
      "customer-objects",
      "other",
    ],
  );
});

test("what has been released can no longer be challenged before it leaves", () => {
  const released: CaseFact = { type: "ProductionReleased", package: "p", expiresAt: instant("2026-11-24T07:00:00Z"), downloads: 3, link: "l" };
  told(history([released], at(), open), openChallenge)
    .when(grounds, at())
    .refused("ALREADY_RELEASED");
});

const step = { challenge: "C1", on: "2026-11-20", private: { papers: "Filed with the clerk." } };

test("every step of a pending challenge is recorded with its day, and its papers are sealed away", () => {
  for (const name of ["filed", "interim-measures-asked", "interim-measures-granted", "interim-measures-refused", "hearing-set", "hearing-held", "appealed"])
    told(pending, takeChallengeStep)
      .when({ ...step, step: name }, at())
      .then({ type: "ChallengeStepTaken", challenge: "C1", step: name as "filed", on: "2026-11-20" as never, papers: sealed("evidence-3") });
});

test("interim measures, a hearing and an appeal change nothing about the standstill: only the outcome does", () => {
  for (const name of ["interim-measures-refused", "hearing-held", "appealed"])
    assert.deepEqual(
      challengeReasons(take(pending, takeChallengeStep, { ...step, step: name }, at()), at()).map(({ code }) => code),
      ["CHALLENGE_PENDING"],
      name,
    );
});

test("after the ruling only an appeal is a step of the challenge", () => {
  const ruled = history([resolved("C1", "dismissed")], at(), pending);
  told(ruled, takeChallengeStep)
    .when({ ...step, step: "appealed" }, at())
    .then({ type: "ChallengeStepTaken", step: "appealed" });
  assert.deepEqual(
    told(ruled, takeChallengeStep)
      .when({ ...step, step: "hearing-set" }, at())
      .refused("NO_CHALLENGE_PENDING")
      .map(({ clause }) => clause),
    ["IGRP-8"],
  );
});

test("a step belongs to a challenge of this case that is pending, in a case that is open", () => {
  const filed = { ...step, step: "filed" };
  assert.deepEqual(
    told(open, takeChallengeStep)
      .when(filed, at())
      .refused("NO_CHALLENGE_PENDING")
      .map(({ clause }) => clause),
    ["IGRP-8"],
  );
  told(pending, takeChallengeStep)
    .when({ ...filed, challenge: "C2" }, at())
    .refused("NO_CHALLENGE_PENDING");
  told(pending, takeChallengeStep)
    .when({ ...filed, challenge: "C2", step: "appealed" }, at())
    .refused("NO_CHALLENGE_PENDING");
  told([], takeChallengeStep).when(filed, at()).refused("CASE_NOT_OPEN", "NO_CHALLENGE_PENDING");
  told(history([{ type: "CaseClosed", outcome: "challenged" }], at(), pending), takeChallengeStep)
    .when(filed, at())
    .refused("CASE_NOT_OPEN");
});

test("the record says whether an appeal was brought, where somebody has said so", () => {
  const decide = { challenge: "C1", outcome: "dismissed", ...ruling };
  for (const appeal of ["brought", "none"] as const)
    told(pending, resolveChallenge)
      .when({ ...decide, appeal }, at())
      .then({ type: "ChallengeResolved", appeal });
  told(pending, resolveChallenge).when(decide, at()).then({ type: "ChallengeResolved", appeal: undefined });
});

test("a ruling is refused under the clause on challenges: unknown, decided already, or narrowed to nothing of this request", () => {
  const decide = { challenge: "C1", outcome: "narrowed", ...ruling };
  const clauses = (command: object, code: string, past = pending) =>
    told(past, resolveChallenge)
      .when({ ...decide, ...command }, at())
      .refused(code)
      .map(({ clause }) => clause);
  assert.deepEqual(clauses({ lines: [] }, "NARROWED_TO_WHAT"), ["IGRP-8"]);
  assert.deepEqual(clauses({ challenge: "C2" }, "NO_CHALLENGE_PENDING"), ["IGRP-8"]);
  assert.deepEqual(clauses({}, "NO_CHALLENGE_PENDING", open), ["IGRP-8"]);
  const other = history([opened("C2")], at(), history([resolved("C1", "dismissed")], at(), pending));
  assert.deepEqual(clauses({}, "NO_CHALLENGE_PENDING", other), ["IGRP-8"]);
});

test("each challenge that holds the answer back, or has stopped it, is named under the clause of the document in force", () => {
  const upheld = history([resolved("C1", "upheld")], at(), pending);
  assert.deepEqual(
    [at(), at(undefined, { policy: learning })].map((on) => challengeReasons(upheld, on).map(({ clause, code }) => [clause, code])),
    [[["KDRP-5", "CHALLENGE_UPHELD"]], [["IGRP-8", "CHALLENGE_UPHELD"]]],
  );
  const customers = history([opened("C1", "owner")], at(), open);
  assert.deepEqual(
    challengeReasons(customers, at(undefined, { policy: learning })).map(({ clause, because }) => [clause, because]),
    [["IGRP-1", "The customer has objected. Nothing leaves until the objection is decided."]],
  );
  assert.deepEqual(
    challengeReasons(pending, at()).map(({ because }) => because),
    ["The request is being challenged. Nothing leaves until the challenge is decided."],
  );
});

test("a ruling that narrowed without naming a line leaves none, and one that did not narrow leaves all", () => {
  assert.deepEqual([...(linesLeftByRulings(history([resolved("C1", "narrowed")], at(), pending)) ?? ["all"])], []);
  assert.equal(linesLeftByRulings(history([resolved("C1", "dismissed", ["L1"])], at(), pending)), undefined);
});

test("grounds, papers and rulings are recorded only with words that say something, and with no more than a record can hold", () => {
  const fits = (length: number, command: (text: string) => unknown, schema: { safeParse(value: unknown): { success: boolean } }) =>
    schema.safeParse(command("w".repeat(length))).success;
  const bounds = (lengths: readonly number[], command: (text: string) => unknown, schema: { safeParse(value: unknown): { success: boolean } }) =>
    lengths.map((length) => fits(length, command, schema));
  const challenge = (changes: object) => ({ type: "OpenChallenge", private: { ...grounds.private, ...changes } });
  assert.deepEqual(
    bounds([0, 1, 20_000, 20_001], (text) => challenge({ grounds: text }), openChallenge.schema),
    [false, true, true, false],
  );
  assert.deepEqual(
    bounds([300, 301], (text) => challenge({ forum: text }), openChallenge.schema),
    [true, false],
  );
  assert.deepEqual(
    bounds([2000, 2001], (text) => challenge({ interimMeasures: text }), openChallenge.schema),
    [true, false],
  );
  assert.deepEqual(
    bounds([300, 301], (text) => ({ ...challenge({}), route: text }), openChallenge.schema),
    [true, false],
  );
  const papers = (text: string) => ({ type: "TakeChallengeStep", ...step, step: "filed", private: { papers: text } });
  assert.deepEqual(bounds([0, 1, 20_000, 20_001], papers, takeChallengeStep.schema), [false, true, true, false]);
  const outcome = (changes: object) => ({ type: "ResolveChallenge", challenge: "C1", outcome: "dismissed", private: { ...ruling.private, ...changes } });
  assert.deepEqual(
    bounds([0, 1, 20_000, 20_001], (text) => outcome({ ruling: text }), resolveChallenge.schema),
    [false, true, true, false],
  );
  assert.deepEqual(
    bounds([0, 1, 5000, 5001], (text) => outcome({ appeal: text }), resolveChallenge.schema),
    [false, true, true, false],
  );
});

test("of two challenges that are pending each has steps and an outcome of its own", () => {
  const two = history([opened("C1"), opened("C2", "owner")], at(), open);
  for (const challenge of ["C1", "C2"]) {
    told(two, takeChallengeStep)
      .when({ ...step, challenge, step: "filed" }, at())
      .then({ type: "ChallengeStepTaken", challenge });
    told(two, resolveChallenge)
      .when({ challenge, outcome: "dismissed", ...ruling }, at())
      .then({ type: "ChallengeResolved", challenge, outcome: "dismissed" });
  }
  const ruled = history([resolved("C1", "dismissed")], at(), two);
  told(ruled, takeChallengeStep)
    .when({ ...step, challenge: "C2", step: "hearing-set" }, at())
    .then({ type: "ChallengeStepTaken", challenge: "C2" });
});

test("a request whose lines nobody has confirmed cannot be narrowed to any of them", () => {
  told(history([received(), opened("C1")]), resolveChallenge)
    .when({ challenge: "C1", outcome: "narrowed", lines: ["L1"], ...ruling }, at())
    .refused("NARROWED_TO_WHAT");
});

test("the record says what was said and nothing else: no empty route, no empty appeal, no lines where none were left", () => {
  const facts = (taken: ReturnType<ReturnType<typeof told>["when"]>) => (taken.outcome.kind === "accepted" ? taken.outcome.facts : []);
  assert.deepEqual(facts(told(open, openChallenge).when(grounds, at())), [
    { type: "ChallengeOpened", challenge: "fresh-id", brought: "desk", grounds: sealed("evidence-2") },
  ]);
  assert.deepEqual(facts(told(pending, resolveChallenge).when({ challenge: "C1", outcome: "withdrawn", lines: ["L1"], ...ruling }, at())), [
    { type: "ChallengeResolved", challenge: "C1", outcome: "withdrawn", ruling: sealed("evidence-3") },
  ]);
});
