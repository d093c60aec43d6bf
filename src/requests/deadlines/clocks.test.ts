// Every clock of a case with its golden date: from which fact it runs, until when, and the derivation that a reader can count again.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assured,
  at,
  details,
  failed,
  fullyAssured,
  history,
  learning,
  onDay,
  opensAt,
  planA,
  received,
  releasable,
  releaseCommand,
  reviewed,
  sealed,
  sent,
  take,
} from "../../../tests/a-case.ts";
import { day, instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { countDownload, expireProduction, release } from "../disclosure/release-steps.ts";
import { clocksOf, type RunningClock } from "./clocks.ts";

function clock(past: History, id: string, on = at()): RunningClock {
  return (
    clocksOf(past, on).find((each) => each.id === id) ??
    assert.fail(
      `no clock ${id} among ${clocksOf(past, on)
        .map((each) => each.id)
        .join(", ")}`,
    )
  );
}

function told(...more: readonly CaseFact[]): History {
  return history([
    received(),
    details(),
    { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, late: false, link: "d" },
    ...more,
  ]);
}

function served(paper: string, changes: Readonly<Record<string, unknown>> = {}): History {
  return history([
    received(),
    details({ instrument: { id: paper, signedBy: "clerk", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z"), ...changes } }),
  ]);
}

const gag: CaseFact = {
  type: "GagRecorded",
  gag: "G1",
  instrument: "US-NDO",
  start: onDay("2026-11-02"),
  end: onDay("2026-11-30"),
  defects: [],
  order: sealed("order"),
};

test("a preservation letter served on 2 November 2026 keeps data for ninety days, through 31 January 2027", () => {
  const keep = clock(served("US-PRES"), "preservation");
  assert.equal(keep.dueAt, "2027-02-01T06:59:59.999Z");
  assert.equal(keep.derivation, "served Mon 2 Nov 2026 10:00 Denver + 90 days = end of Sun 31 Jan 2027 Denver, 18 USC 2703(f)(2)");
});

test("a warrant is answered by the return date on its face, and a paper without one has no clock", () => {
  const answer = clock(served("US-SW", { returnOn: onDay("2026-11-20") }), "answer");
  assert.deepEqual([answer.dueAt, answer.startedAt], ["2026-11-21T06:59:59.999Z", "2026-11-02T17:00:00.000Z"]);
  assert.equal(answer.derivation, "return date on the paper Fri 20 Nov 2026 + 0 days = end of Fri 20 Nov 2026 Denver, 18 USC 2703(a), (b), (c)(1)(A)");
  assert.deepEqual(clocksOf(served("US-SW"), at()), []);
  assert.deepEqual(clocksOf(served("XX-NONE"), at()), []);
});

test("a clock is open, due in its last seventy-two hours, overdue after its last millisecond, and kept when the case has closed or released", () => {
  const past = served("US-SW", { returnOn: onDay("2026-11-20") });
  const state = (now: string) => clock(past, "answer", at(now)).state;
  assert.deepEqual(["2026-11-18T06:59:59.998Z", "2026-11-18T06:59:59.999Z", "2026-11-21T06:59:59.999Z", "2026-11-21T07:00:00Z"].map(state), [
    "open",
    "due",
    "due",
    "overdue",
  ]);
  assert.equal(clock(history([{ type: "CaseClosed", outcome: "rejected" }], at(), past), "answer").state, "kept");
});

test("a pending challenge suspends the answer and the waiting time, and never the keeping of data (W-4)", () => {
  const opened: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "owner", grounds: sealed("g") };
  assert.equal(clock(history([opened], at(), served("US-SW", { returnOn: onDay("2026-11-20") })), "answer").state, "suspended");
  assert.equal(clock(history([opened], at(), told(sent("letter-1"))), "waiting:acme").state, "suspended");
  assert.equal(clock(history([opened], at(), served("US-PRES")), "preservation").state, "open");
});

test("the customer's waiting time runs from the sending: notice of 2 November opens the door on the 10th", () => {
  const waiting = clock(told(sent("letter-1")), "waiting:acme", at("2026-11-03T15:00:00Z"));
  assert.deepEqual(
    [waiting.startedAt, waiting.dueAt, waiting.clause, waiting.state],
    ["2026-11-02T17:00:00.000Z", "2026-11-10T07:00:00.000Z", "KDRP-13", "open"],
  );
  assert.equal(
    waiting.derivation,
    "notice sent Mon 2 Nov 2026 10:00 Denver (day 0); days 1 to 7 end on Mon 9 Nov 2026; open from Tue 10 Nov 2026 Denver, KDRP-13",
  );
  assert.equal(clock(told(sent("letter-1")), "waiting:acme", at("2026-11-10T07:00:00Z")).state, "kept");
  assert.equal(clock(told(sent("letter-1")), "waiting:acme", at(undefined, { policy: learning })).clause, "IGRP-1");
  assert.deepEqual(clocksOf(told(), at()), []);
});

test("a secrecy order shows its last day and wakes the desk; a lapsed one is kept", () => {
  const past = history([gag], at(), history([received(), details()]));
  const end = clock(past, "gag-end:G1");
  assert.deepEqual(
    [end.dueAt, end.wakes, end.derivation],
    ["2026-12-01T06:59:59.999Z", "LapseGags", "last day of the order Mon 30 Nov 2026 + 0 days = end of Mon 30 Nov 2026 Denver, IGRP-1"],
  );
  assert.equal(clock(history([{ type: "GagEnded", gag: "G1", how: "lapsed", on: day("2026-11-30") }], at(), past), "gag-end:G1").state, "kept");
});

test("an order without an end has no end to show, and its next attempt is due all the same", () => {
  const { end: _, ...endless } = gag;
  const ids = clocksOf(history([received(), details(), endless]), at()).map(({ id }) => id);
  assert.deepEqual(ids, ["gag-attempt:G1:customer", "gag-attempt:G1:data-protection-authority"]);
});

test("the first attempt to lift an order is due five days after its start, and an ended order needs none", () => {
  const past = history([received(), details(), gag]);
  const attempt = clock(past, "gag-attempt:G1:customer");
  assert.deepEqual([attempt.dueAt, attempt.clause, attempt.state], ["2026-11-08T06:59:59.999Z", "IGRP-10", "overdue"]);
  const tried: CaseFact = { type: "GagLiftAttempted", gag: "G1", addressee: "court", beneficiary: "customer", answer: "pending", argument: sealed("a") };
  assert.equal(clock(history([tried], at(), past), "gag-attempt:G1:customer").dueAt, "2026-12-03T06:59:59.999Z");
  assert.ok(
    !clocksOf(history([{ type: "GagEnded", gag: "G1", how: "lifted", on: day("2026-11-10") }], at(), past), at()).some(({ id }) =>
      id.startsWith("gag-attempt"),
    ),
  );
});

test("a ground for silence is looked at again on its day, and then the desk wakes to make the notice due", () => {
  const past = history([received(), details(), { type: "NoticeWithheld", ground: "risk-of-harm", reviewOn: onDay("2026-12-01") }]);
  const review = clock(past, "withholding");
  assert.deepEqual([review.dueAt, review.wakes, review.state], ["2026-12-02T06:59:59.999Z", "MakeLateNoticeDue", "open"]);
});

test("a late notice is kept only when every affected customer was sent it", () => {
  const two = [
    { id: "S1", workspace: "acme", resolved: true },
    { id: "S2", workspace: "bolt", resolved: true },
  ];
  const late: CaseFact = { type: "LateNoticeFellDue", ground: "gag", dueAt: instant("2026-11-24T06:59:59.999Z"), derivation: "three business days" };
  const given = (workspace: string): CaseFact => ({
    type: "NoticeGiven",
    workspace,
    revision: 1,
    letter: `letter-${workspace}`,
    noticeDays: 7,
    late: true,
    link: "d",
  });
  const one = history([received(), details({ subjects: two }), late, given("acme"), sent("letter-acme")]);
  assert.deepEqual([clock(one, "late-notice").state, clock(one, "late-notice").dueAt], ["open", "2026-11-24T06:59:59.999Z"]);
  assert.equal(clock(one, "late-notice", at("2026-11-24T07:00:00Z")).state, "overdue");
  assert.equal(clock(history([given("bolt"), sent("letter-bolt")], at(), one), "late-notice").state, "kept");
});

test("a download lives fourteen days of twenty-four hours from release, over the change of the clock too", () => {
  const gone = take(releasable, release, releaseCommand, at(opensAt));
  const download = clock(gone, "download", at(opensAt));
  assert.deepEqual([download.dueAt, download.wakes, download.state], ["2026-11-24T07:00:00.000Z", "ExpireProduction", "open"]);
  const late = at("2026-11-24T07:00:00.001Z");
  assert.equal(clock(gone, "download", late).state, "overdue");
  assert.equal(clock(take(gone, expireProduction, {}, late), "download", late).state, "kept");
  let fetched = gone;
  for (let nth = 0; nth < 3; nth++) fetched = take(fetched, countDownload, {}, at(opensAt));
  assert.equal(clock(fetched, "download", at(opensAt)).state, "kept");
});

test("a call-back shows the last day it may be relied on, counted from the call and from no other assurance", () => {
  const past = history([assured("reply-to")], at("2026-11-05T17:00:00Z"), history([received(), ...fullyAssured]));
  const relied = clock(past, "call-back");
  assert.deepEqual([relied.startedAt, relied.dueAt, relied.clause], ["2026-11-02T17:00:00.000Z", "2027-02-15T06:59:59.999Z", "V02"]);
  assert.ok(!clocksOf(history([{ type: "CaseClosed", outcome: "rejected" }], at(), past), at()).some(({ id }) => id === "call-back"));
});

test("the nearest date comes first, and every clock shows clause and derivation", () => {
  const past = history([{ type: "LetterSent", letter: "none", kind: "verdict", transcript: planA }, failed("none"), gag], at(), reviewed);
  const clocks = clocksOf(past, at());
  assert.deepEqual(
    clocks.map(({ id }) => id),
    ["gag-attempt:G1:customer", "gag-attempt:G1:data-protection-authority", "gag-end:G1", "call-back"],
  );
  for (const { derivation, clause } of clocks) assert.ok(derivation.endsWith(`, ${clause}`), derivation);
});
