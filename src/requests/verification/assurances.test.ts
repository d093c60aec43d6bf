// What must be known of a sender before anything may leave, fact by fact, and how long a telephone call may be relied on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assured, at, fullyAssured, history, onDay, received, sealed, told } from "../../../tests/a-case.ts";
import { day } from "../../kernel/instant.ts";
import { assuredFacts, outstandingAssurances, requesterAssured } from "./assurances.ts";
import { recordCallBack } from "./record-call-back.ts";

const today = day("2026-11-16");

test("a sender of whom nothing is known owes all seven assurances", () => {
  const owed = outstandingAssurances(history([received()]), today);
  assert.deepEqual(
    owed.map(({ code }) => code),
    Array.from({ length: 7 }, () => "SENDER_UNVERIFIED"),
  );
  assert.deepEqual([...new Set(owed.map(({ clause }) => clause))], ["KDRP-3", "V01", "V02"]);
});

test("a sender is assured when every one of the seven is met, and not when any one is missing", () => {
  assert.ok(requesterAssured(history(fullyAssured), { today }));
  for (const fact of assuredFacts) assert.ok(!requesterAssured(history(fullyAssured.filter((assurance) => assurance.fact !== fact)), { today }), fact);
});

test("an assurance that is not met or unknown holds the case with its own reason", () => {
  for (const verdict of ["not-met", "unknown"] as const) {
    const facts = [...fullyAssured, assured("look-alike", { verdict, code: "LOOK_ALIKE", clause: "V01", because: "The domain imitates another." })];
    assert.deepEqual(outstandingAssurances(history(facts), today), [{ clause: "V01", code: "LOOK_ALIKE", because: "The domain imitates another." }]);
  }
});

test("the newest word on a fact counts, for and against", () => {
  const doubted = history([...fullyAssured, assured("reply-to", { verdict: "not-met" })]);
  assert.ok(!requesterAssured(doubted, { today }));
  assert.ok(requesterAssured(history([assured("reply-to")], at(), doubted), { today }));
});

test("a call-back may be relied on through its last day and not on the day after", () => {
  const facts = history([...fullyAssured.filter(({ fact }) => fact !== "call-back"), assured("call-back", { validTo: today })]);
  assert.ok(requesterAssured(facts, { today }));
  const [expired, ...more] = outstandingAssurances(facts, onDay("2026-11-17"));
  assert.equal(expired?.code, "ASSURANCE_EXPIRED");
  assert.deepEqual(more, []);
});

const call = { numberSource: "agency-directory", private: { number: "+1 303 555 0100", answeredBy: "Duty clerk" } };

test("a confirmed call-back of 16 November 2026 is good for ninety days, until 14 February 2027", () => {
  told(history([received()]), recordCallBack)
    .when({ answer: "confirmed", ...call }, at())
    .then({
      type: "AssuranceRecorded",
      fact: "call-back",
      verdict: "met",
      code: "CALL_BACK_CONFIRMED",
      clause: "V02",
      validTo: onDay("2027-02-14"),
      evidence: sealed("evidence-1"),
    });
});

test("a call that reached nobody proves nothing, and one that the agency denies counts against the request", () => {
  told(history([received()]), recordCallBack)
    .when({ answer: "not-reached", ...call }, at())
    .then({ verdict: "unknown", code: "CALL_BACK_NOT_REACHED", validTo: undefined });
  told(history([received()]), recordCallBack)
    .when({ answer: "denied", ...call }, at())
    .then({ verdict: "not-met", code: "CALL_BACK_DENIED", validTo: undefined });
});

test("a number that came from the message itself is no source for a call-back", () => {
  assert.throws(() => told(history([received()]), recordCallBack).when({ ...call, answer: "confirmed", numberSource: "the-message" }, at()));
});

test("nobody is called back about a case that is closed or unknown", () => {
  told([], recordCallBack)
    .when({ answer: "confirmed", ...call }, at())
    .refused("CASE_NOT_OPEN");
  told(history([received(), { type: "CaseClosed", outcome: "rejected" }]), recordCallBack)
    .when({ answer: "confirmed", ...call }, at())
    .refused("CASE_NOT_OPEN");
});

test("neither the telephone number nor who answered stands in the fact", () => {
  const { outcome } = told(history([received()]), recordCallBack).when({ answer: "confirmed", ...call }, at());
  assert.ok(!JSON.stringify(outcome).includes("555"));
  assert.ok(!JSON.stringify(outcome).includes("Duty"));
});
