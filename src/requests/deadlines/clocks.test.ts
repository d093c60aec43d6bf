// Every clock of a case with its golden date: from which fact it runs, until when, and the derivation that a reader can count again.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assured,
  at,
  details,
  everyLaw,
  failed,
  fullyAssured,
  history,
  learning,
  onDay,
  opensAt,
  planA,
  proposed,
  received,
  releasable,
  releaseCommand,
  reviewed,
  sealed,
  sent,
  take,
  workplace,
} from "../../../tests/a-case.ts";
import { day, instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { countDownload, expireProduction, release, renewDownload } from "../disclosure/release-steps.ts";
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
  assert.equal(answer.derivation, "return date on the paper Fri 20 Nov 2026 = end of Fri 20 Nov 2026 Denver, 18 USC 2703(a), (b), (c)(1)(A)");
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

test("a pending challenge suspends the waiting time, and never the keeping of data; the answer to the paper stands still only where its law says so", () => {
  const opened: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "owner", grounds: sealed("g") };
  assert.equal(clock(history([opened], at(), served("US-SW", { returnOn: onDay("2026-11-20") })), "answer").state, "open");
  const stayed: CaseFact = { type: "ChallengeStepTaken", challenge: "C1", step: "interim-measures-granted", on: onDay("2026-11-03"), papers: sealed("p") };
  assert.equal(clock(history([opened, stayed], at(), served("US-SW", { returnOn: onDay("2026-11-20") })), "answer").state, "suspended");
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
    ["2026-12-01T06:59:59.999Z", "LapseGags", "last day of the order Mon 30 Nov 2026 = end of Mon 30 Nov 2026 Denver, IGRP-1"],
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

test("a production that nobody has fetched is an alarm at half its time, and stays one until it is fetched or sent anew", () => {
  const released = take(releasable, release, releaseCommand, at(opensAt));
  const alarm = (past: History, when: string) => clock(past, "unread", at(when)).state;
  assert.equal(clock(released, "unread", at(opensAt)).dueAt, "2026-11-17T07:00:00.000Z");
  assert.equal(alarm(released, "2026-11-17T07:00:00.001Z"), "overdue");
  const late = at("2026-11-24T07:00:00.001Z");
  const expired = take(released, expireProduction, {}, late);
  assert.equal(clock(expired, "unread", late).state, "overdue");
  assert.equal(clock(take(expired, renewDownload, { link: "new" }, late), "unread", late).state, "open");
  assert.equal(clock(take(released, countDownload, {}, at(opensAt)), "unread", late).state, "kept");
  assert.match(clock(released, "unread", at(opensAt)).derivation, /^released .* \+ 168 hours = .*2026/);
  const over = history([{ type: "CaseClosed", outcome: "produced_full" }], late, released);
  assert.deepEqual(
    clocksOf(over, late).filter(({ id }) => id === "unread"),
    [],
    "nobody is called after the end of the case",
  );
});

test("a call-back shows the last day it may be relied on, counted from the call and from no other assurance", () => {
  const past = history([assured("reply-to")], at("2026-11-05T17:00:00Z"), history([received(), ...fullyAssured]));
  const relied = clock(past, "call-back");
  assert.deepEqual([relied.startedAt, relied.dueAt, relied.clause], ["2026-11-02T17:00:00.000Z", "2027-02-15T06:59:59.999Z", "V02"]);
  assert.ok(!clocksOf(history([{ type: "CaseClosed", outcome: "rejected" }], at(), past), at()).some(({ id }) => id === "call-back"));
});

test("the nearest date comes first, and every clock shows clause and derivation", () => {
  const past = history([{ type: "LetterSent", letter: "none", kind: "narrowing", transcript: planA }, failed("none"), gag], at(), reviewed);
  const clocks = clocksOf(past, at());
  assert.deepEqual(
    clocks.map(({ id }) => id),
    ["gag-attempt:G1:customer", "gag-attempt:G1:data-protection-authority", "gag-end:G1", "call-back"],
  );
  for (const { derivation, clause } of clocks) assert.ok(derivation.endsWith(`, ${clause}`), derivation);
});

function summary(past: History, on = at()): readonly (readonly [string, string, string, boolean, string | undefined, string | undefined])[] {
  return clocksOf(past, on).map(({ id, clause, state, isDuty, wakes, kind }) => [id, clause, state, isDuty, wakes, kind] as const);
}

const attempted = (on: string, beneficiary: "customer" | "data-protection-authority"): readonly [string, CaseFact] => [
  on,
  { type: "GagLiftAttempted", gag: "G1", addressee: "court", beneficiary, answer: "pending", argument: sealed("a") },
];

function after(past: History, ...steps: readonly (readonly [string, CaseFact])[]): History {
  return steps.reduce<History>((before, [moment, fact]) => history([fact], at(moment), before), past);
}

const gone = take(releasable, release, releaseCommand, at(opensAt));

test("each clock says whose clause it keeps, whether anybody is late when it is over, and what the desk does by itself", () => {
  const waited = history([assured("call-back", { validTo: day("2027-02-14") }), gag, sent("letter-1")], at("2026-11-02T17:00:00Z"), told());
  assert.deepEqual(summary(waited, at("2026-11-05T15:00:00Z")), [
    ["gag-attempt:G1:customer", "IGRP-10", "due", true, undefined, undefined],
    ["gag-attempt:G1:data-protection-authority", "IGRP-11", "due", true, undefined, undefined],
    ["waiting:acme", "KDRP-13", "open", false, "Look", undefined],
    ["gag-end:G1", "IGRP-1", "open", true, "LapseGags", undefined],
    ["call-back", "V02", "open", false, "Look", undefined],
  ]);
  assert.deepEqual(summary(gone, at(opensAt)), [
    ["waiting:acme", "KDRP-13", "kept", false, "Look", undefined],
    ["unread", "KDRP-8", "open", true, undefined, undefined],
    ["download", "KDRP-8", "open", true, "ExpireProduction", undefined],
    ["call-back", "V02", "kept", false, "Look", undefined],
  ]);
});

test("only a duty of ours can be late: what the law makes of its clock says so, and what the desk does when it is over", () => {
  const law = (id: string, facts: Readonly<Record<string, unknown>>, ...more: readonly CaseFact[]) =>
    history(more, at("2026-11-04T12:00:00Z"), served(id, facts));
  const everywhere = at(undefined, { laws: everyLaw });
  const asked: CaseFact = { type: "ClarificationAsked", points: [] };
  assert.deepEqual(summary(law("EU-EPOC", { emergency: false, authorityNotified: true }, asked), everywhere), [
    ["clarification", "Regulation (EU) 2023/1543, art. 10(6)", "overdue", false, "Look", "theirs"],
    ["challenge-1", "Regulation (EU) 2023/1543, art. 17(1) to 17(3)", "overdue", false, "Look", "option"],
    ["hold", "Regulation (EU) 2023/1543, art. 8(4), 10(2), 12(2)", "kept", false, "Look", "hold"],
    [
      "transmit",
      "House target, after Regulation (EU) 2023/1543, art. 10(2): at the end of the ten days, or as soon as possible once it clears",
      "suspended",
      true,
      undefined,
      "duty",
    ],
  ]);
  assert.deepEqual(summary(law("US-PRES", {})), [["preservation", "18 USC 2703(f)(2)", "open", false, "ExpirePreservation", "keep"]]);
});

test("a case that closed or was withdrawn owes nothing more under the paper, but what is kept stays kept until somebody ends it", () => {
  const ends: readonly CaseFact[] = [
    { type: "CaseClosed", outcome: "rejected" },
    { type: "RequestWithdrawn", by: "agency" },
    { type: "SetAside", as: "newsletter" },
  ];
  for (const end of ends) {
    const epoc = history([end], at(), served("EU-EPOC", { emergency: false, authorityNotified: true }));
    assert.deepEqual(
      clocksOf(epoc, at("2026-11-04T12:00:00Z", { laws: everyLaw })).map(({ id, state }) => [id, state]),
      [
        ["challenge-1", "kept"],
        ["hold", "kept"],
      ],
      end.type,
    );
    assert.equal(clock(history([end], at(), served("US-PRES")), "preservation").state, "open", end.type);
  }
});

test("a clock that stands still is neither due nor overdue, however late it is", () => {
  const opened: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") };
  const stayed: CaseFact = { type: "ChallengeStepTaken", challenge: "C1", step: "interim-measures-granted", on: onDay("2026-11-03"), papers: sealed("p") };
  const past = history([opened, stayed], at(), served("US-SW", { returnOn: onDay("2026-11-20") }));
  assert.equal(clock(past, "answer", at("2027-01-01T12:00:00Z")).state, "suspended");
  const ruled = history([{ type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("r") }], at(), past);
  assert.equal(clock(ruled, "answer", at("2027-01-01T12:00:00Z")).state, "overdue");
  const waiting = history([opened], at(), told(sent("letter-1")));
  assert.equal(clock(waiting, "waiting:acme", at("2026-12-01T12:00:00Z")).state, "suspended");
  const over = history([{ type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("r") }], at(), waiting);
  assert.equal(clock(over, "waiting:acme", at("2026-12-01T12:00:00Z")).state, "kept");
});

test("the customer's waiting time is over with the first moment of the day after it, and not a millisecond before", () => {
  const state = (now: string) => clock(told(sent("letter-1")), "waiting:acme", at(now)).state;
  assert.deepEqual(["2026-11-10T06:59:59.999Z", "2026-11-10T07:00:00.000Z"].map(state), ["due", "kept"]);
});

test("each attempt to lift an order is due on a track of its own, counted from the order's first day", () => {
  const past = history([received(), details(), gag]);
  const next = (steps: readonly (readonly [string, CaseFact])[]) =>
    ["customer", "data-protection-authority"].map((track) => clock(after(past, ...steps), `gag-attempt:G1:${track}`).dueAt.slice(0, 10));
  assert.deepEqual(next([]), ["2026-11-08", "2026-11-08"]);
  assert.deepEqual(next([attempted("2026-11-06T17:00:00Z", "customer")]), ["2026-12-03", "2026-11-08"]);
  assert.deepEqual(next([attempted("2026-11-06T17:00:00Z", "data-protection-authority")]), ["2026-11-08", "2026-12-03"]);
  const attempt = clock(past, "gag-attempt:G1:data-protection-authority");
  assert.equal(attempt.startedAt, "2026-11-02T07:00:00.000Z");
  assert.match(attempt.derivation, /^next attempt Sat 7 Nov 2026 = end of Sat 7 Nov 2026 Denver, IGRP-11$/);
});

test("where the policy asks for no attempt to lift an order, none falls due", () => {
  const silent = { ...workplace, settings: { ...workplace.settings, gagLiftAttemptDays: [] } };
  assert.deepEqual(
    clocksOf(history([received(), details(), gag]), at(undefined, { policy: silent })).map(({ id }) => id),
    ["gag-end:G1"],
  );
});

test("an order's last day is counted from its first, in the desk's own zone", () => {
  const end = clock(history([received(), details(), gag]), "gag-end:G1");
  assert.deepEqual([end.startedAt, end.state], ["2026-11-02T07:00:00.000Z", "open"]);
});

test("a ground for silence is looked at again from the newest one recorded, and no more once the customer was told", () => {
  const withheld = (reviewOn: string): CaseFact => ({ type: "NoticeWithheld", ground: "risk-of-harm", reviewOn: onDay(reviewOn) });
  const past = after(history([received(), details()]), ["2026-11-03T17:00:00Z", withheld("2026-12-01")], ["2026-11-30T17:00:00Z", withheld("2027-01-15")]);
  const review = clock(past, "withholding");
  assert.deepEqual(
    [review.startedAt, review.dueAt, review.clause, review.isDuty, review.derivation],
    [
      "2026-11-30T17:00:00.000Z",
      "2027-01-16T06:59:59.999Z",
      "KDRP-13",
      true,
      "review day of the ground Fri 15 Jan 2027 = end of Fri 15 Jan 2027 Denver, KDRP-13",
    ],
  );
  const given: CaseFact = { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, late: true, link: "d" };
  assert.deepEqual(clocksOf(history([given], at(), past), at()), []);
  const byOrder: CaseFact = { type: "NoticeWithheld", ground: "gag", gag: "G1" };
  assert.deepEqual(clocksOf(history([received(), details(), byOrder]), at()), []);
});

test("a late notice is owed from the newest day on which it fell due, under each company's own clause", () => {
  const late = (dueAt: string): CaseFact => ({ type: "LateNoticeFellDue", ground: "gag", dueAt: instant(dueAt), derivation: "three business days" });
  const past = after(
    history([received(), details()]),
    ["2026-11-10T17:00:00Z", late("2026-11-14T06:59:59.999Z")],
    ["2026-11-18T17:00:00Z", late("2026-11-24T06:59:59.999Z")],
  );
  const owed = clock(past, "late-notice");
  assert.deepEqual(
    [owed.startedAt, owed.dueAt, owed.clause, owed.derivation, owed.isDuty, owed.wakes],
    ["2026-11-18T17:00:00.000Z", "2026-11-24T06:59:59.999Z", "KDRP-13", "three business days", true, undefined],
  );
  assert.equal(clock(past, "late-notice", at(undefined, { policy: learning })).clause, "IGRP-1");
});

test("a notice that was written and never sent keeps no late notice", () => {
  const late: CaseFact = { type: "LateNoticeFellDue", ground: "gag", dueAt: instant("2026-11-24T06:59:59.999Z"), derivation: "three business days" };
  const given: CaseFact = { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, late: true, link: "d" };
  const past = history([received(), details(), late, given]);
  assert.equal(clock(past, "late-notice").state, "open");
  assert.equal(clock(history([sent("letter-1")], at(), past), "late-notice").state, "kept");
});

test("the words of a download count from its release, and its end is the one the officer was told", () => {
  const download = clock(gone, "download", at(opensAt));
  assert.equal(download.startedAt, "2026-11-10T07:00:00.000Z");
  assert.equal(download.derivation, "released Tue 10 Nov 2026 00:00 Denver + 336 hours = Tue 24 Nov 2026 00:00 Denver, KDRP-8");
  const shorter = { ...workplace, settings: { ...workplace.settings, downloadDays: 7 } };
  assert.equal(clock(gone, "download", at(opensAt, { policy: shorter })).dueAt, "2026-11-24T07:00:00.000Z");
  const twice = [1, 2].reduce<History>((past) => take(past, countDownload, {}, at(opensAt)), gone);
  assert.equal(clock(twice, "download", at(opensAt)).state, "open");
});

test("a call-back runs from the newest call, is no duty, and has done its work once the data has left", () => {
  const call = assured("call-back", { validTo: day("2027-02-14") });
  const again = after(history([received(), call]), ["2026-11-20T17:00:00Z", assured("call-back", { validTo: day("2027-02-18") })]);
  const relied = clock(again, "call-back", at("2026-11-21T15:00:00Z"));
  assert.deepEqual(
    [relied.startedAt, relied.dueAt, relied.state, relied.derivation],
    ["2026-11-20T17:00:00.000Z", "2027-02-19T06:59:59.999Z", "open", "last day of the call-back Thu 18 Feb 2027 = end of Thu 18 Feb 2027 Denver, V02"],
  );
  assert.equal(clock(gone, "call-back", at(opensAt)).state, "kept");
  assert.equal(clock(again, "call-back", at("2027-02-19T07:00:00Z")).state, "overdue");
  assert.deepEqual(clocksOf(history([received(), assured("call-back")]), at()), []);
});

const emergencies: typeof workplace = {
  ...workplace,
  settings: { ...workplace.settings, allowVoluntaryEmergency: true, emergency: { dataTypes: ["name"], paperWithinDays: 7 } },
};

function urgent(paper: string, ...more: readonly (readonly [string, CaseFact])[]): History {
  return after(history([received(), details({ instrument: { id: paper, signedBy: "agency", servedAt: instant("2026-11-02T17:00:00Z") } })]), ...more);
}

const handedOver: readonly [string, CaseFact] = [
  "2026-11-03T17:00:00Z",
  { type: "ProductionReleased", package: "p", expiresAt: instant("2026-11-17T17:00:00Z"), downloads: 3, link: "l" },
];

test("after a disclosure in an emergency the compulsory paper is looked for on the day the policy names, counted from the release", () => {
  const on = at("2026-11-03T18:00:00Z", { policy: emergencies });
  const paper = clock(urgent("US-EDR", handedOver), "paper-afterwards", on);
  assert.deepEqual(
    [paper.startedAt, paper.dueAt, paper.clause, paper.state, paper.isDuty, paper.wakes],
    ["2026-11-03T17:00:00.000Z", "2026-11-11T06:59:59.999Z", "KDRP-7", "open", false, "Look"],
  );
  assert.equal(paper.derivation, "released in an emergency Tue 3 Nov 2026 10:00 Denver + 7 days = end of Tue 10 Nov 2026 Denver, KDRP-7");
  const igrp = { ...learning, settings: emergencies.settings };
  assert.equal(clock(urgent("US-EDR", handedOver), "paper-afterwards", at("2026-11-03T18:00:00Z", { policy: igrp })).clause, "IGRP-4");
});

test("no paper is looked for afterwards before anything has left, where a warrant compelled it, or where no policy knows emergencies", () => {
  const awaited = (past: History, policy = emergencies) => clocksOf(past, at("2026-11-03T18:00:00Z", { policy })).some(({ id }) => id === "paper-afterwards");
  assert.ok(awaited(urgent("US-EDR", handedOver)));
  assert.ok(!awaited(urgent("US-EDR")));
  assert.ok(!awaited(urgent("US-SW", handedOver)));
  assert.ok(!awaited(urgent("XX-NONE", handedOver)));
  assert.ok(!awaited(after(history([received()]), handedOver)));
  assert.ok(!awaited(urgent("US-EDR", handedOver), workplace));
});

test("the clock of a duty tells its law, its days and its state, and that nobody but a person ends it", () => {
  assert.deepEqual(clock(served("US-SW", { returnOn: onDay("2026-11-20") }), "answer"), {
    id: "answer",
    label: "Answer to the paper",
    kind: "duty",
    startedAt: "2026-11-02T17:00:00.000Z",
    dueAt: "2026-11-21T06:59:59.999Z",
    derivation: "return date on the paper Fri 20 Nov 2026 = end of Fri 20 Nov 2026 Denver, 18 USC 2703(a), (b), (c)(1)(A)",
    clause: "18 USC 2703(a), (b), (c)(1)(A)",
    isDuty: true,
    state: "open",
  });
});

test("an urgent European order that nobody has confirmed runs its eight hours from receipt, marked as not confirmed", () => {
  const laws = [...everyLaw];
  const urgent = history([received("2026-11-02T17:00:00Z"), proposed({ instruments: ["EU-EPOC"], marks: ["emergency"] })]);
  const running = clocksOf(urgent, at("2026-11-02T18:00:00Z", { laws }));
  const answer = running.find(({ id }) => id === "proposed:answer");
  assert.deepEqual([answer?.dueAt, answer?.isDuty, answer?.label.startsWith("Not confirmed yet")], ["2026-11-03T01:00:00.000Z", true, true]);
  assert.ok(!clocksOf(history([details()], at(), urgent), at("2026-11-02T18:00:00Z", { laws })).some(({ id }) => id.startsWith("proposed:")));
});

// What a paper would run before anybody has confirmed it

/** An order that nobody has opened yet, received on Monday 2 November 2026 at ten in Denver. */
function unopened(instruments: readonly string[], marks: readonly "emergency"[] = [], ...more: readonly CaseFact[]): History {
  return history([received("2026-11-02T17:00:00Z"), proposed({ instruments, marks }), ...more]);
}

const underEveryLaw = at("2026-11-02T18:00:00Z", { laws: everyLaw });

test("of a paper that nobody has confirmed only what binds us and what holds is shown, each with its date, its law and its state", () => {
  assert.deepEqual(clocksOf(unopened(["EU-EPOC"], ["emergency"]), underEveryLaw), [
    {
      id: "proposed:answer",
      label: "Not confirmed yet: Produce the data in an emergency, or say by Form 3 why not",
      kind: "duty",
      startedAt: "2026-11-02T17:00:00.000Z",
      dueAt: "2026-11-03T01:00:00.000Z",
      derivation: "served Mon 2 Nov 2026 10:00 Denver + 8 hours = Mon 2 Nov 2026 18:00 Denver, Regulation (EU) 2023/1543, art. 10(4), (6), (8), 17(3)",
      clause: "Regulation (EU) 2023/1543, art. 10(4), (6), (8), 17(3)",
      isDuty: true,
      state: "due",
    },
  ]);
  assert.deepEqual(
    clocksOf(unopened(["EU-EPOC"]), underEveryLaw).map(({ id, kind, dueAt, isDuty, state }) => [id, kind, dueAt, isDuty, state]),
    [["proposed:hold", "hold", "2026-11-13T06:59:59.999Z", false, "open"]],
  );
  assert.deepEqual(clocksOf(unopened(["US-PRES"]), underEveryLaw), []);
});

test("where a message could be two papers, only the likelier one is counted before a person has looked", () => {
  const shown = (...papers: readonly string[]) => clocksOf(unopened(papers, ["emergency"]), underEveryLaw).map(({ id }) => id);
  assert.deepEqual(shown("EU-EPOC", "EU-DSA-10"), ["proposed:answer"]);
  assert.deepEqual(shown("US-PRES", "EU-EPOC"), []);
  assert.deepEqual(shown(), []);
  assert.deepEqual(clocksOf(history([received()]), underEveryLaw), []);
});

test("an unconfirmed order runs no clock once its case is closed, withdrawn or set aside", () => {
  for (const end of [
    { type: "CaseClosed", outcome: "rejected" },
    { type: "RequestWithdrawn", by: "agency" },
    { type: "SetAside", as: "newsletter" },
  ] as const)
    assert.deepEqual(clocksOf(unopened(["EU-EPOC"], ["emergency"], end), underEveryLaw), [], end.type);
});
