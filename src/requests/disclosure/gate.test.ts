// The gate, bar by bar: what is missing, which clause asks for it, and that only the whole row opens.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  approved,
  at,
  assured,
  checked,
  compiled,
  details,
  everyLaw,
  fullyAssured,
  history,
  learning,
  line,
  onDay,
  opensAt,
  people,
  planA,
  planB,
  received,
  recorded,
  releasable,
  reviewed,
  sealed,
  signed,
  us,
  verdict,
  without,
} from "../../../tests/a-case.ts";
import { runs } from "../../../tests/random-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { gate, gateReasons } from "./gate.ts";

const on = at(opensAt);

function down(past: History, when = on): string[] {
  return gate(past, when).flatMap(({ id, reasons }) => reasons.map(({ clause, code }) => `${id}: ${code} ${clause}`));
}

function after(...facts: readonly CaseFact[]): History {
  return history(facts, at("2026-11-04T17:00:00Z"), releasable);
}

test("every bar is up on 10 November 2026, midnight in Denver, and one was down a millisecond before", () => {
  assert.deepEqual(gateReasons(releasable, on), []);
  assert.deepEqual(down(releasable, at("2026-11-10T06:59:59.999Z")), ["notice: NOTICE_WAITING KDRP-13"]);
});

test("a case of which nothing is known has every bar down but the challenge and, where no policy asks for it, the referral", () => {
  assert.deepEqual(
    gate([], on)
      .filter(({ reasons }) => reasons.length === 0)
      .map(({ id }) => id),
    ["referral", "challenge"],
  );
  assert.deepEqual(
    gate([], at(opensAt, { policy: learning }))
      .filter(({ reasons }) => reasons.length === 0)
      .map(({ id }) => id),
    ["challenge"],
  );
});

test("each company's bars cite its own document", () => {
  assert.deepEqual(
    gate(releasable, on).map(({ clause }) => clause),
    ["KDRP-3", "KDRP-11", "IGRP-3", "KDRP-13", "KDRP-5", "KDRP-5", "KDRP-4", "KDRP-4"],
  );
  assert.deepEqual(
    gate(releasable, at(opensAt, { policy: learning })).map(({ clause }) => clause),
    ["IGRP-5", "IGRP-7", "IGRP-3", "IGRP-1", "IGRP-8", "IGRP-9", "IGRP-9", "IGRP-5"],
  );
});

test("each fact that speaks for disclosure holds up a bar of its own: without it, that bar is down", () => {
  const missing = releasable.map(({ fact }, index) => [fact.type === "AssuranceRecorded" ? fact.fact : fact.type, down(without(releasable, index)).join(", ")]);
  assert.deepEqual(missing.slice(1), [
    ["mail-authentication", "requester: SENDER_UNVERIFIED KDRP-3"],
    ["domain-class", "requester: SENDER_UNVERIFIED KDRP-3"],
    ["look-alike", "requester: SENDER_UNVERIFIED V01"],
    ["reply-to", "requester: SENDER_UNVERIFIED V01"],
    ["display-name", "requester: SENDER_UNVERIFIED V01"],
    ["contact-details", "requester: SENDER_UNVERIFIED KDRP-3"],
    ["call-back", "requester: SENDER_UNVERIFIED V02"],
    [
      "DetailsConfirmed",
      "instrument: NO_INSTRUMENT KDRP-10, notice: NOTICE_OWED KDRP-13, scope: NO_PLAN KDRP-5, check: NOT_CHECKED KDRP-4, approvals: APPROVALS_MISSING KDRP-4",
    ],
    ["ReviewSigned", "instrument: REVIEW_NOT_SIGNED KDRP-4, scope: PLAN_OUTSIDE_LINES KDRP-5"],
    ["NoticeGiven", "notice: NOTICE_OWED KDRP-13"],
    ["LetterSent", "notice: NOTICE_NOT_SENT KDRP-13"],
    ["PlanCompiled", "scope: NO_PLAN KDRP-5, check: NOT_CHECKED KDRP-4, approvals: APPROVALS_MISSING KDRP-4"],
    ["RecordsChecked", "check: NOT_CHECKED KDRP-4"],
    ["PackageSealed", "approvals: NOT_SEALED KDRP-4"],
    ["ReleaseApproved", "approvals: APPROVALS_MISSING KDRP-4"],
    ["ReleaseApproved", "approvals: APPROVALS_MISSING KDRP-4"],
  ]);
});

test("a case that is closed or withdrawn opens no gate", () => {
  for (const fact of [
    { type: "CaseClosed", outcome: "rejected" },
    { type: "RequestWithdrawn", by: "agency" },
  ] as const) {
    assert.deepEqual(
      gateReasons(after(fact), on).map(({ code }) => code),
      ["CASE_NOT_OPEN"],
    );
  }
});

test("a doubt about the sender that comes after everything else brings the first bar down", () => {
  assert.deepEqual(down(after(assured("call-back", { verdict: "not-met", code: "CALL_BACK_DENIED", clause: "V02" }))), ["requester: CALL_BACK_DENIED V02"]);
  assert.deepEqual(down(releasable, at("2027-02-15T12:00:00Z")), ["requester: ASSURANCE_EXPIRED V02"]);
});

test("a paper that compels nothing opens nothing, although a review was signed on it", () => {
  const consent = releasable.map((entry) =>
    entry.fact.type === "DetailsConfirmed"
      ? {
          ...entry,
          fact: details({ instrument: { id: "US-CONSENT", signedBy: "nobody", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } }),
        }
      : entry,
  );
  assert.deepEqual(down(consent), ["instrument: NOT_COMPULSORY KDRP-7"]);
});

test("a review that allows no line leaves nothing to disclose", () => {
  const past = history([received(), ...fullyAssured, details(), signed([verdict("L1", { decision: "deny" })])]);
  assert.ok(down(past).includes("instrument: NO_LINE_ALLOWED KDRP-11"));
});

test("where the policy tries the customer first, the referral bar is down until it is declined or waived", () => {
  const learned = at(opensAt, { policy: learning });
  assert.deepEqual(down(releasable, learned), ["referral: REFERRAL_OPEN IGRP-3"]);
  assert.deepEqual(down(after({ type: "ReferralMade" }), learned), ["referral: REFERRAL_OPEN IGRP-3"]);
  assert.deepEqual(down(after({ type: "ReferralMade" }, { type: "ReferralAnswered", answer: "agency-declines" }), learned), []);
  assert.deepEqual(down(after({ type: "ReferralWaived", ground: "only-holder" }), learned), []);
});

/** The same case, as if these details and this signature had been there from the beginning. */
function instead(changes: Parameters<typeof details>[0], signature = signed()): History {
  return releasable.map((entry) => {
    if (entry.fact.type === "DetailsConfirmed") return { ...entry, fact: details(changes) };
    return entry.fact.type === "ReviewSigned" ? { ...entry, fact: signature } : entry;
  });
}

test("a request that lacks a content of the whole opens nothing, although its review was signed (KDRP-2)", () => {
  assert.deepEqual(down(instead({ missing: ["agency"] })), ["instrument: NO_AGENCY KDRP-2a"]);
});

test("a line signed as allowed that the law of another country has come to forbid does not leave; one that was not to leave keeps nothing back", () => {
  const past = instead(
    { places: { customer: "DE" }, lines: [line("L1"), line("L2", { dataType: "realtime-content" })] },
    signed([verdict("L1"), verdict("L2", { decision: "counsel" })]),
  );
  assert.deepEqual(down(past), []);
  const eu = everyLaw.find(({ country }) => country === "EU") ?? assert.fail("no pack of the Union");
  assert.deepEqual(down(past, at(opensAt, { laws: [us, eu] })), ["instrument: CONFLICT V20"]);
});

test("a challenge brings its bar down until it is decided, and what was planned before must be planned anew", () => {
  const opened: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "owner", grounds: sealed("grounds") };
  const resolved: CaseFact = { type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("ruling") };
  assert.deepEqual(down(after(opened)), ["challenge: CHALLENGE_PENDING KDRP-13"]);
  assert.deepEqual(down(after(opened, resolved)), ["scope: NO_PLAN KDRP-5", "check: NOT_CHECKED KDRP-4", "approvals: APPROVALS_MISSING KDRP-4"]);
  assert.deepEqual(down(after(opened, { ...resolved, outcome: "upheld" })).at(0), "challenge: CHALLENGE_UPHELD KDRP-5");
});

test("a plan that reads for a line outside the signed ones opens nothing", () => {
  const wide = releasable.map((entry) => (entry.fact.type === "PlanCompiled" ? { ...entry, fact: compiled(planA, ["L1", "L2"]) } : entry));
  assert.deepEqual(down(wide), ["scope: PLAN_OUTSIDE_LINES KDRP-5"]);
});

test("a record outside the scope stops everything, and the approvals given before the check no longer count", () => {
  assert.deepEqual(down(after(checked(planA, 1))), ["check: RECORD_OUTSIDE_SCOPE KDRP-4", "approvals: APPROVALS_MISSING KDRP-4"]);
});

test("a check of another plan or an approval of another package counts for nothing", () => {
  assert.deepEqual(down(after(checked(planB, 1))), []);
  const once = without(releasable, releasable.length - 1);
  assert.deepEqual(down([...once, recorded(approved("opening", "package-2"), { now: instant("2026-11-04T17:00:00Z"), by: people.cleo }, 17)]), [
    "approvals: APPROVALS_MISSING KDRP-4",
  ]);
});

test("a new plan needs a new check and two new approvals", () => {
  assert.deepEqual(down(after(compiled(planB))), ["check: NOT_CHECKED KDRP-4", "approvals: APPROVALS_MISSING KDRP-4"]);
  assert.deepEqual(down(after(compiled(planA))), ["check: NOT_CHECKED KDRP-4", "approvals: APPROVALS_MISSING KDRP-4"]);
});

test("a new signature of the review ends the plan that was made before it", () => {
  assert.deepEqual(down(after(signed())), ["scope: NO_PLAN KDRP-5", "check: NOT_CHECKED KDRP-4", "approvals: APPROVALS_MISSING KDRP-4"]);
});

test("one person who approves twice is one person", () => {
  const same = releasable.map((entry) => (entry.fact.type === "ReleaseApproved" ? { ...entry, by: people.ben } : entry));
  assert.deepEqual(down(same), ["approvals: APPROVALS_MISSING KDRP-4"]);
});

test("new details end the review, the notice and the plan together", () => {
  assert.deepEqual(down(after(details({ revision: 2 }))), [
    "instrument: REVIEW_NOT_SIGNED KDRP-4",
    "notice: NOTICE_OWED KDRP-13",
    "scope: NO_PLAN KDRP-5",
    "check: NOT_CHECKED KDRP-4",
    "approvals: APPROVALS_MISSING KDRP-4",
  ]);
});

test("a check answered with a no after the signature brings the instrument bar down again", () => {
  const no = after({ type: "CheckAnswered", check: "V25", revision: 1, answer: "no", evidence: sealed("note") });
  assert.deepEqual(down(no), ["instrument: DUPLICATE V25"]);
  assert.deepEqual(down(history([{ type: "CheckAnswered", check: "V25", revision: 1, answer: "yes", evidence: sealed("note") }], at(), no)), []);
});

test("no order and no repetition of the facts before notice opens the gate early", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...reviewed], { minLength: 0, maxLength: reviewed.length }), (shuffled) => {
      assert.ok(gateReasons([...shuffled, ...shuffled], on).length > 0);
    }),
    { numRuns: Math.min(runs.numRuns, 2000) },
  );
});

test("every reason of the gate cites a clause and tells in a sentence what is missing", () => {
  fc.assert(
    fc.property(fc.subarray([...releasable]), (some) => {
      for (const { clause, because, code } of gateReasons(some, on)) {
        assert.match(clause, /^(KDRP|IGRP)-\d+[a-z]?$|^V\d\d$/);
        assert.match(because, /^[A-Z].*\.$/);
        assert.match(code, /^[A-Z_]+$/);
      }
    }),
    { numRuns: Math.min(runs.numRuns, 2000) },
  );
});

test("a line asked twice is one line: duplicates in a plan change no bar", () => {
  const twice = releasable.map((entry) => (entry.fact.type === "PlanCompiled" ? { ...entry, fact: compiled(planA, ["L1", "L1"]) } : entry));
  assert.deepEqual(down(twice), []);
});
