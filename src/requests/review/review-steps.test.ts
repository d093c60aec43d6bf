// The steps of a review: what stands against each of them, and what each of them writes.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assured,
  at,
  details,
  fullyAssured,
  history,
  learning,
  line,
  onDay,
  proposed,
  received,
  releasable,
  sealed,
  signed,
  take,
  told,
  verdict,
  workplace,
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Decision, History } from "../decision.ts";
import { missingReasons } from "./missing-contents.ts";
import { referralReasons, reviewOf } from "./review-state.ts";
import { answerChecks, recordReferralAnswer, referToCustomer, rejectRequest, signReview, waiveReferral } from "./review-steps.ts";
import { checkStates, looksForged } from "./validity-checks.ts";

const confirmed = history([received(), ...fullyAssured, details()]);
const released: CaseFact = { type: "ProductionReleased", package: "p", expiresAt: instant("2026-12-01T00:00:00Z"), downloads: 3, link: "l" };

function answered(past: History, answers: Readonly<Record<string, "yes" | "no">> = {}): History {
  const waiting = checkStates(past, at()).filter(({ answer }) => answer === "waiting");
  return take(
    past,
    answerChecks,
    { answers: waiting.map(({ check }) => ({ check: check.id, answer: answers[check.id] ?? "yes" })), private: { note: "" } },
    at(),
  );
}

const sign = { private: { reasoning: "Read and weighed." } };

test("no step of a review is taken before details are confirmed, nor in a case that is not open", () => {
  const closed = history([{ type: "CaseClosed", outcome: "rejected" }], at(), confirmed);
  for (const [past, code] of [
    [history([received()]), "DETAILS_NOT_CONFIRMED"],
    [closed, "CASE_NOT_OPEN"],
    [[], "CASE_NOT_OPEN"],
  ] as const) {
    for (const step of [referToCustomer, recordReferralAnswer, waiveReferral, answerChecks, signReview])
      assert.equal(step.against(past, at())[0]?.code, code, step.name);
  }
});

test("a review is signed only when every check is answered, and each waiting check is a reason of its own", () => {
  const waiting = checkStates(confirmed, at())
    .filter(({ answer }) => answer === "waiting")
    .map(({ check }) => check.id);
  assert.deepEqual(waiting, [
    "V01",
    "V02",
    "V03",
    "V04",
    "V05",
    "V06",
    "V07",
    "V08",
    "V09",
    "V10",
    "V11",
    "V12",
    "V13",
    "V15",
    "V16",
    "V17",
    "V19",
    "V20",
    "V21",
    "V25",
    "V27",
  ]);
  told(confirmed, signReview)
    .when(sign, at())
    .refused(...waiting.map(() => "CHECK_WAITING"));
});

test("a no that stands against the whole request stops the signature with the check's own code", () => {
  for (const [check, code] of [
    ["V03", "WRONG_ENTITY"],
    ["V05", "NO_JURISDICTION"],
    ["V19", "PROTECTED_DATA"],
    ["V20", "CONFLICT"],
    ["V21", "MISSING_ATTESTATION"],
    ["V25", "DUPLICATE"],
  ] as const) {
    told(answered(confirmed, { [check]: "no" }), signReview)
      .when(sign, at())
      .refused(code);
  }
});

test("a sender of whom something is still owed holds the signature (V01, V02)", () => {
  const past = answered(
    history([received(), ...fullyAssured, assured("call-back", { verdict: "unknown" }), assured("reply-to", { verdict: "not-met", clause: "V01" }), details()]),
  );
  told(past, signReview).when(sign, at()).refused("SENDER_UNVERIFIED", "CALL_BACK_MISSING");
});

test("where the policy tries the customer first, the review is signed only after the referral was made or waived", () => {
  const on = at(undefined, { policy: learning });
  const waiting = (past: History) =>
    checkStates(past, on)
      .filter(({ answer }) => answer === "waiting")
      .map(({ check }) => ({ check: check.id, answer: "yes" }));
  const untried = take(confirmed, answerChecks, { answers: waiting(confirmed), private: { note: "" } }, on);
  told(untried, signReview).when(sign, on).refused("REFERRED");
  const tried = take(untried, referToCustomer, {}, on);
  const all = take(tried, answerChecks, { answers: waiting(tried), private: { note: "" } }, on);
  told(all, signReview).when(sign, on).then({ type: "ReviewSigned" });
});

test("the signature names every line's verdict, the revision and the packs it was judged by", () => {
  told(answered(confirmed), signReview)
    .when(sign, at())
    .then({
      type: "ReviewSigned",
      revision: 1,
      lines: [verdict("L1", { citation: "18 USC 2703(a), (b), (c)(1)(A)", rule: "us@2026.1 US-SW" })],
      packs: ["data-request@2026.1", "us@2026.1"],
    });
});

test("the reviewer may leave a line out and can never add one", () => {
  const two = answered(history([received(), ...fullyAssured, details({ lines: [line("L1"), line("L2")] })]));
  const [fact] = told(two, signReview)
    .when({ ...sign, leaveOut: ["L2"] }, at())
    .then({ type: "ReviewSigned" });
  assert.deepEqual(fact?.type === "ReviewSigned" && fact.lines.map(({ line: id, decision, reasons }) => [id, decision, reasons.map(({ code }) => code)]), [
    ["L1", "allow", []],
    ["L2", "deny", ["LEFT_OUT"]],
  ]);
  told(two, signReview)
    .when({ ...sign, leaveOut: ["L9"] }, at())
    .refused("UNKNOWN_LINE");
});

test("a denied line stays denied in the signature, whoever signs", () => {
  const past = answered(
    history([
      received(),
      ...fullyAssured,
      details({ instrument: { id: "US-SUBP-GJ", signedBy: "clerk", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } }),
    ]),
  );
  const [fact] = told(past, signReview).when(sign, at()).then({ type: "ReviewSigned" });
  assert.deepEqual(fact?.type === "ReviewSigned" && fact.lines.map(({ decision }) => decision), ["deny"]);
});

test("open questions about a line stop the signature with the line's own reasons, unless it is left out", () => {
  const open = answered(history([received(), ...fullyAssured, details({ lines: [line("L1"), { id: "L2", subject: "S1", dataType: "messages" }] })]));
  told(open, signReview).when(sign, at()).refused("NO_DATE_RANGE");
  told(open, signReview)
    .when({ ...sign, leaveOut: ["L2"] }, at())
    .then({ type: "ReviewSigned" });
});

test("a line that belongs to counsel is signed as such and counsel is told why", () => {
  const live = answered(history([received(), ...fullyAssured, details({ lines: [line("L1", { dataType: "realtime-content" })] })]));
  const [, toCounsel] = told(live, signReview).when(sign, at()).then({ type: "ReviewSigned" }, { type: "SentToCounsel" });
  assert.deepEqual(toCounsel?.type === "SentToCounsel" && toCounsel.reasons.map(({ code, clause }) => [code, clause]), [["REALTIME", "KDRP-6"]]);
});

test("a signature for an earlier revision of the details no longer counts", () => {
  assert.notEqual(reviewOf(history([received(), details(), signed()])).signed, undefined);
  assert.equal(reviewOf(history([received(), details(), signed(), details({ revision: 2 })])).signed, undefined);
});

test("answers given for an earlier revision are asked again", () => {
  const again = history([details({ revision: 2 })], at(), answered(confirmed));
  assert.ok(checkStates(again, at()).some(({ check, answer }) => check.id === "V03" && answer === "waiting"));
});

test("what the facts answer a person cannot answer otherwise, and what does not apply cannot be answered", () => {
  const answer = (past: History, check: string, word: string) =>
    told(past, answerChecks).when({ answers: [{ check, answer: word }], private: { note: "" } }, at());
  answer(history([received(), details()]), "V01", "yes").refused("FACTS_SAY_OTHERWISE");
  answer(history([received(), ...fullyAssured, assured("call-back", { verdict: "unknown" }), details()]), "V02", "yes").refused("FACTS_SAY_OTHERWISE");
  answer(history([received(), ...fullyAssured, details({ missing: ["matter"] })]), "V10", "yes").refused("FACTS_SAY_OTHERWISE");
  answer(confirmed, "V23", "yes").refused("CHECK_DOES_NOT_APPLY");
  answer(confirmed, "V99", "yes").refused("CHECK_DOES_NOT_APPLY");
  answer(confirmed, "V03", "yes").then({ type: "CheckAnswered", check: "V03", revision: 1, answer: "yes", evidence: sealed(`evidence-${confirmed.length}`) });
});

test("the emergency check is asked only where the reading marks an emergency, the language check only where the language is unknown", () => {
  const marked = history([received(), proposed({ marks: ["emergency"], languageKnown: false }), ...fullyAssured, details()]);
  const ids = (past: History) => checkStates(past, at()).map(({ check }) => check.id);
  for (const id of ["V22", "V23"]) {
    assert.ok(ids(marked).includes(id), id);
    assert.ok(!ids(confirmed).includes(id), id);
  }
});

test("a referral is made once, and an answer or a waiver settles it", () => {
  told(confirmed, referToCustomer).when({}, at()).then({ type: "ReferralMade" });
  const made = take(confirmed, referToCustomer, {}, at());
  told(made, referToCustomer).when({}, at()).refused("REFERRAL_TRIED");
  told(confirmed, recordReferralAnswer).when({ answer: "agency-declines" }, at()).refused("NO_REFERRAL_PENDING");
  const declined = take(made, recordReferralAnswer, { answer: "agency-declines" }, at());
  told(declined, waiveReferral).when({ ground: "only-holder" }, at()).refused("REFERRAL_SETTLED");
  told(declined, recordReferralAnswer).when({ answer: "agency-declines" }, at()).refused("NO_REFERRAL_PENDING");
  const waived = take(made, waiveReferral, { ground: "law-prohibits" }, at());
  told(waived, referToCustomer).when({}, at()).refused("REFERRAL_TRIED");
  assert.equal(reviewOf(waived).waiver, "law-prohibits");
});

test("an agency that turns to the customer closes the case as referred", () => {
  const made = take(confirmed, referToCustomer, {}, at());
  told(made, recordReferralAnswer)
    .when({ answer: "agency-turns-to-customer" }, at())
    .then({ type: "ReferralAnswered" }, { type: "CaseClosed", outcome: "referred" });
});

test("a referral settles nothing for a customer that a later revision names; what a law forbids, it forbids for every customer", () => {
  const widened = details({
    revision: 2,
    subjects: [
      { id: "S1", workspace: "acme", resolved: true },
      { id: "S2", workspace: "bolt", resolved: true },
    ],
  });
  const after = (...facts: readonly CaseFact[]) => reviewOf(history([received(), details(), ...facts, widened])).referral;
  const made: CaseFact = { type: "ReferralMade" };
  assert.equal(after(made), "not-tried");
  assert.equal(after(made, { type: "ReferralAnswered", answer: "agency-declines" }), "not-tried");
  assert.equal(after({ type: "ReferralWaived", ground: "customer-asked-us" }), "not-tried");
  assert.equal(after({ type: "ReferralWaived", ground: "law-prohibits" }), "waived");
  const narrower = history([received(), widened, made, details({ revision: 3 })]);
  assert.equal(reviewOf(narrower).referral, "made", "a customer that falls away changes nothing");
});

test("the referral stays open until it is declined or waived: untried, unanswered and accepted each say so", () => {
  const because = (...facts: CaseFact[]) =>
    referralReasons(history([received(), details(), ...facts])).map((reason) => `${reason.code}: ${reason.because.split(".")[0]}`);
  assert.deepEqual(because(), ["REFERRAL_OPEN: The agency has not been referred to the customer"]);
  assert.deepEqual(because({ type: "ReferralMade" }), ["REFERRAL_OPEN: The agency has not answered the referral to the customer"]);
  assert.deepEqual(because({ type: "ReferralMade" }, { type: "ReferralAnswered", answer: "agency-turns-to-customer" }), [
    "REFERRAL_OPEN: The agency turned to the customer",
  ]);
  assert.deepEqual(because({ type: "ReferralMade" }, { type: "ReferralAnswered", answer: "agency-declines" }), []);
  assert.deepEqual(because({ type: "ReferralWaived", ground: "only-holder" }), []);
});

test("each ground of rejection has its clause in the company's own policy, and the case closes", () => {
  const clauseUnder = (because: string, policy = at().policy) => {
    const [fact] = told(history([received()]), rejectRequest)
      .when({ because }, at(undefined, { policy }))
      .then({ type: "RequestRejected" }, { type: "CaseClosed", outcome: "rejected" });
    return fact?.type === "RequestRejected" ? fact.reasons.map(({ clause, code }) => `${clause} ${code}`).join() : "";
  };
  assert.deepEqual(
    ["unverified-sender", "insufficient-process", "wrong-entity", "expired", "overbroad", "not-compulsory", "not-identifiable"].map((ground) => [
      clauseUnder(ground),
      clauseUnder(ground, learning),
    ]),
    [
      ["KDRP-3 SENDER_UNVERIFIED", "IGRP-5 SENDER_UNVERIFIED"],
      ["KDRP-11 INSUFFICIENT_PROCESS", "IGRP-7 INSUFFICIENT_PROCESS"],
      ["V03 WRONG_ENTITY", "V03 WRONG_ENTITY"],
      ["V08 EXPIRED", "V08 EXPIRED"],
      ["KDRP-5 OVERBROAD", "IGRP-9 OVERBROAD"],
      ["KDRP-7 NOT_COMPULSORY", "IGRP-4 NOT_COMPULSORY"],
      ["KDRP-2c UNIDENTIFIABLE", "IGRP-9 UNIDENTIFIABLE"],
    ],
  );
});

test("a rejection repeats what was found against the lines, each kind of reason once", () => {
  const past = history([
    received(),
    details({
      instrument: { id: "US-SUBP-GJ", signedBy: "clerk", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") },
      lines: [line("L1"), line("L2")],
    }),
  ]);
  const [fact] = told(past, rejectRequest).when({ because: "overbroad" }, at()).then({ type: "RequestRejected" }, { type: "CaseClosed" });
  assert.deepEqual(fact?.type === "RequestRejected" && fact.reasons.map(({ code }) => code), ["OVERBROAD", "INSUFFICIENT_PROCESS"]);
});

test("what has been released can be closed and not rejected; a closed case is not rejected again", () => {
  told(history([released], at(), releasable), rejectRequest)
    .when({ because: "overbroad" }, at())
    .refused("ALREADY_RELEASED");
  told(history([received(), { type: "CaseClosed", outcome: "rejected" }]), rejectRequest)
    .when({ because: "overbroad" }, at())
    .refused("CASE_NOT_OPEN");
});

test("a look-alike domain or a denied call-back makes the message look forged", () => {
  assert.ok(!looksForged(history(fullyAssured)));
  for (const fact of ["look-alike", "call-back"] as const) assert.ok(looksForged(history([...fullyAssured, assured(fact, { verdict: "not-met" })])), fact);
  assert.ok(!looksForged(history([assured("call-back", { verdict: "unknown" })])));
});

test("counsel alone signs, waives and rejects; analysts answer checks and refer; an officer may answer a referral", () => {
  const table: readonly (readonly [Decision, string, readonly string[]])[] = [
    [answerChecks, "AnswerChecks", ["analyst", "counsel"]],
    [referToCustomer, "ReferToCustomer", ["analyst", "counsel"]],
    [recordReferralAnswer, "RecordReferralAnswer", ["analyst", "counsel", "officer"]],
    [waiveReferral, "WaiveReferral", ["counsel"]],
    [signReview, "SignReview", ["counsel"]],
    [rejectRequest, "RejectRequest", ["counsel"]],
  ];
  for (const [step, name, askers] of table) {
    assert.deepEqual([step.name, step.askers], [name, askers]);
    assert.ok(!step.schema.safeParse({ ...commands[name], type: "Other" }).success, name);
    assert.ok(step.schema.safeParse({ ...commands[name], type: name }).success, name);
  }
});

const commands: Readonly<Record<string, object>> = {
  AnswerChecks: { answers: [{ check: "V05", answer: "yes" }], private: { note: "" } },
  ReferToCustomer: {},
  RecordReferralAnswer: { answer: "agency-declines" },
  WaiveReferral: { ground: "only-holder" },
  SignReview: sign,
  RejectRequest: { because: "overbroad" },
};

test("every refusal for want of details or of an open case cites its clause (KDRP-4, KDRP-1), one of the referral its own (IGRP-3)", () => {
  const clauses = (step: Decision, past: History) => step.against(past, at()).map(({ clause, code }) => `${clause} ${code}`);
  for (const step of [answerChecks, signReview]) {
    assert.equal(clauses(step, history([received()]))[0], "KDRP-4 DETAILS_NOT_CONFIRMED", step.name);
    assert.equal(clauses(step, history([received(), { type: "CaseClosed", outcome: "rejected" }]))[0], "KDRP-1 CASE_NOT_OPEN", step.name);
  }
  const declined = history([{ type: "ReferralMade" }, { type: "ReferralAnswered", answer: "agency-declines" }], at(), confirmed);
  assert.deepEqual(
    [clauses(referToCustomer, declined), clauses(recordReferralAnswer, confirmed), clauses(waiveReferral, declined)],
    [["IGRP-3 REFERRAL_TRIED"], ["IGRP-3 NO_REFERRAL_PENDING"], ["IGRP-3 REFERRAL_SETTLED"]],
  );
  assert.deepEqual(clauses(rejectRequest, history([released], at(), confirmed)), ["KDRP-5 ALREADY_RELEASED"]);
  assert.deepEqual(
    referralReasons(confirmed).map(({ clause }) => clause),
    ["IGRP-3"],
  );
});

test("answers name checks V01 to V99 as yes, no or not applicable, forty at most, with a note of four thousand letters at most", () => {
  const fits = (answers: readonly object[], note = "") => answerChecks.schema.safeParse({ type: "AnswerChecks", answers, private: { note } }).success;
  const one = (check: string, answer = "yes") => fits([{ check, answer }]);
  assert.deepEqual(
    ["V05", "V5", "V005", "xV05", "V05 ", "v05"].map((check) => one(check)),
    [true, false, false, false, false, false],
  );
  assert.deepEqual(
    ["yes", "no", "not-applicable", "maybe"].map((answer) => one("V05", answer)),
    [true, true, true, false],
  );
  const many = (count: number) => fits(Array.from({ length: count }, () => ({ check: "V05", answer: "yes" })));
  assert.deepEqual([0, 1, 40, 41].map(many), [false, true, true, false]);
  assert.deepEqual(
    [4000, 4001].map((letters) => fits([{ check: "V05", answer: "yes" }], "x".repeat(letters))),
    [true, false],
  );
});

test("a signature gives its reasons in one letter at least and twenty thousand at most", () => {
  const fits = (letters: number) => signReview.schema.safeParse({ type: "SignReview", private: { reasoning: "x".repeat(letters) } }).success;
  assert.deepEqual([0, 1, 20_000, 20_001].map(fits), [false, true, true, false]);
});

test("what the facts answer may be said again and not otherwise", () => {
  const say = (answer: string) => told(confirmed, answerChecks).when({ answers: [{ check: "V14", answer }], private: { note: "" } }, at());
  say("yes").then({ type: "CheckAnswered", check: "V14", answer: "yes" });
  for (const answer of ["no", "not-applicable"])
    assert.deepEqual(
      say(answer)
        .refused("FACTS_SAY_OTHERWISE")
        .map(({ clause }) => clause),
      ["V14"],
    );
});

test("a referral may be waived untried or unanswered, on each of the grounds that the policy knows (IGRP-3)", () => {
  const made = take(confirmed, referToCustomer, {}, at());
  for (const past of [confirmed, made])
    for (const ground of ["law-prohibits", "only-holder", "customer-asked-us"] as const)
      told(past, waiveReferral).when({ ground }, at()).then({ type: "ReferralWaived", ground });
  assert.ok(!waiveReferral.schema.safeParse({ type: "WaiveReferral", ground: "urgent" }).success);
});

test("counsel hears of the lines that are counsel's and of no other, beside lines that are allowed or denied", () => {
  const lines = [line("L1", { dataType: "name" }), line("L2"), line("L3", { dataType: "realtime-content" })];
  const subpoena = { id: "US-SUBP-GJ", signedBy: "clerk" as const, issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };
  const mixed = answered(history([received(), ...fullyAssured, details({ instrument: subpoena, lines })]));
  const [review, toCounsel] = told(mixed, signReview).when(sign, at()).then({ type: "ReviewSigned" }, { type: "SentToCounsel" });
  assert.deepEqual(review?.type === "ReviewSigned" && review.lines.map(({ decision }) => decision), ["allow", "deny", "counsel"]);
  assert.deepEqual(toCounsel?.type === "SentToCounsel" && toCounsel.reasons.map(({ line: id }) => id), ["L3"]);
});

test("a line left out keeps its own reasons beside the reviewer's, under the clause of the policy in force (IGRP-9, KDRP-5)", () => {
  const open = history([received(), ...fullyAssured, details({ lines: [line("L1"), { id: "L2", subject: "S1", dataType: "messages" }] })]);
  const under = (policy: typeof learning) => {
    const on = at(undefined, { policy });
    const tried = policy === learning ? take(open, referToCustomer, {}, on) : open;
    const waiting = checkStates(tried, on).flatMap(({ check, answer }) => (answer === "waiting" ? [{ check: check.id, answer: "yes" }] : []));
    const past = take(tried, answerChecks, { answers: waiting, private: { note: "" } }, on);
    const [fact] = told(past, signReview)
      .when({ ...sign, leaveOut: ["L2"] }, on)
      .then({ type: "ReviewSigned" });
    return fact?.type === "ReviewSigned" ? fact.lines[1]?.reasons.map(({ clause, code, line: id }) => `${clause} ${code} ${id}`) : [];
  };
  assert.deepEqual(under(at().policy), ["KDRP-2c NO_DATE_RANGE L2", "KDRP-5 LEFT_OUT L2"]);
  assert.deepEqual(under(learning), ["IGRP-9 NO_DATE_RANGE L2", "IGRP-9 LEFT_OUT L2"]);
});

test("a rejection gives each kind of reason once, with the first line it was found on", () => {
  const subpoena = { id: "US-SUBP-GJ", signedBy: "nobody" as const, issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };
  const past = history([received(), details({ instrument: subpoena, lines: [line("L1"), line("L2"), line("L3")] })]);
  const [fact] = told(past, rejectRequest).when({ because: "overbroad" }, at()).then({ type: "RequestRejected" }, { type: "CaseClosed" });
  assert.deepEqual(fact?.type === "RequestRejected" && fact.reasons.map(({ code, line: id }) => [code, id]), [
    ["OVERBROAD", undefined],
    ["NOT_SIGNED", "L1"],
    ["INSUFFICIENT_PROCESS", "L1"],
  ]);
});

test("a rejection keeps two reasons of one kind that say different things: each kind of data has its own remedy", () => {
  const subpoena = { id: "US-SUBP-GJ", signedBy: "clerk" as const, issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };
  const lines = [line("L1"), line("L2", { dataType: "audit-log" }), line("L3"), line("L4", { dataType: "audit-log" })];
  const [fact] = told(history([received(), details({ instrument: subpoena, lines })]), rejectRequest)
    .when({ because: "not-identifiable" }, at())
    .then({ type: "RequestRejected" }, { type: "CaseClosed" });
  assert.deepEqual(fact?.type === "RequestRejected" && fact.reasons.map(({ code, line: id }) => [code, id]), [
    ["UNIDENTIFIABLE", undefined],
    ["INSUFFICIENT_PROCESS", "L1"],
    ["INSUFFICIENT_PROCESS", "L2"],
  ]);
});

test("a rejection keeps two reasons of different kinds about one line", () => {
  const late = { id: "US-SW", signedBy: "agency" as const, issuedOn: onDay("2026-01-01"), servedAt: instant("2026-11-02T17:00:00Z") };
  const [fact] = told(history([received(), details({ instrument: late })]), rejectRequest)
    .when({ because: "expired" }, at())
    .then({ type: "RequestRejected" }, { type: "CaseClosed" });
  assert.deepEqual(fact?.type === "RequestRejected" && fact.reasons.map(({ code }) => code), ["EXPIRED", "WRONG_ISSUER", "EXPIRED"]);
});

test("a signature without confirmed details, and a check answered for them, are mistakes of the program and count for nothing", () => {
  const unread = history([received()]);
  assert.throws(() => signReview.decide({ type: "SignReview", leaveOut: [] }, unread, at()), /before details were confirmed/);
  const early = history([received(), { type: "CheckAnswered", check: "V05", revision: 1, answer: "yes" }]);
  assert.equal(reviewOf(early).answers.size, 0);
});

test("a review keeps its answers by check and its referral through a signature", () => {
  const past = history(
    [{ type: "ReferralWaived", ground: "only-holder" }, { type: "CheckAnswered", check: "V05", revision: 1, answer: "yes" }, signed()],
    at(),
    confirmed,
  );
  const { answers, referral, waiver, signed: signature } = reviewOf(past);
  assert.deepEqual([[...answers.keys()], referral, waiver, signature?.revision], [["V05"], "waived", "only-holder", 1]);
});

test("what a person found illegible stops the signature, and what was found too wide is signed only with something left out", () => {
  const two = history([received(), ...fullyAssured, details({ lines: [line("L1"), line("L2")] })]);
  const illegible = take(answered(two), answerChecks, { answers: [{ check: "V06", answer: "no" }], private: { note: "Page two is missing." } }, at());
  told(illegible, signReview).when(sign, at()).refused("ILLEGIBLE");
  const wide = take(answered(two), answerChecks, { answers: [{ check: "V15", answer: "no" }], private: { note: "Too much." } }, at());
  told(wide, signReview).when(sign, at()).refused("OVERBROAD");
  assert.equal(told(wide, signReview).when({ ...sign, leaveOut: ["L2"] }, at()).outcome.kind, "accepted");
});

test("who leaves out of a request found too wide only what the paper does not reach has narrowed nothing (KDRP-5)", () => {
  const past = history([received(), ...fullyAssured, details({ lines: [line("L1"), line("L2", { dataType: "realtime-content" })] })]);
  const wide = take(answered(past), answerChecks, { answers: [{ check: "V15", answer: "no" }], private: { note: "Too much." } }, at());
  told(wide, signReview)
    .when({ ...sign, leaveOut: ["L2"] }, at())
    .refused("OVERBROAD");
});

test("a customer who was tried once stays tried: for fewer accounts, for the same again, and for one that nobody could place (IGRP-3)", () => {
  const of = (...workspaces: readonly (string | undefined)[]) =>
    details({ subjects: workspaces.map((workspace, nth) => ({ id: `S${nth}`, resolved: true, ...(workspace === undefined ? {} : { workspace }) })) });
  for (const tried of [{ type: "ReferralMade" }, { type: "ReferralWaived", ground: "only-holder" }] as const) {
    const after = (...then: readonly CaseFact[]) => reviewOf(history([received(), of("acme", "bolt"), tried, ...then])).referral;
    const settled = after();
    assert.notEqual(settled, "not-tried");
    assert.equal(after(of("acme")), settled);
    assert.equal(after(of("acme"), of("acme", "bolt")), settled);
    assert.equal(after(of("acme", undefined)), settled);
    assert.equal(after(of("acme", "core")), "not-tried");
  }
});

test("of what is missing, the whole request lacks the agency and the matter; the rest is asked for with its line or of the sender (KDRP-2, KDRP-3)", () => {
  for (const policy of [workplace, learning]) {
    const missing = policy.requiredContents.map(({ id }) => id);
    const asked = missingReasons(history([received(), details({ missing })]), { policy }).map(({ code }) => code);
    assert.deepEqual(
      asked,
      policy.requiredContents.filter(({ id }) => id === "agency" || id === "matter").map(({ code }) => code),
    );
  }
  assert.deepEqual(missingReasons(history([received()]), { policy: workplace }), []);
});

test("a request that lacks a content of the whole is received and not signed (KDRP-2b)", () => {
  const incomplete = answered(history([received(), ...fullyAssured, details({ missing: ["matter"] })]));
  const { outcome } = told(incomplete, signReview).when(sign, at());
  assert.ok(outcome.kind === "refused");
  assert.ok(outcome.reasons.some(({ code, clause }) => code === "NO_MATTER" && clause === "KDRP-2b"));
});
