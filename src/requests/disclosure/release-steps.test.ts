// Handing over, step by step: plan, check, two approvals, release, downloads, expiry, close.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import {
  approveCommand,
  approved,
  packaged,
  sealCommand,
  assured,
  at,
  checked,
  compiled,
  details,
  fullyAssured,
  history,
  line,
  opensAt,
  people,
  planA,
  planB,
  received,
  recorded,
  releasable,
  releaseCommand,
  reviewed,
  sealed,
  signed,
  take,
  told,
  verdict,
  without,
} from "../../../tests/a-case.ts";
import { addDays, instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { linesToProduce, releaseOf } from "./release-state.ts";
import { gateReasons } from "./gate.ts";
import {
  answerRecall,
  approveRelease,
  closeCase,
  confirmVolume,
  countDownload,
  discardPackage,
  expireProduction,
  outcomeOf,
  recallProduction,
  recordCheck,
  recordPlan,
  release,
  renewDownload,
  sealPackage,
} from "./release-steps.ts";

const on = at(opensAt);
const planned = history([compiled()], at(), reviewed);
const inspected = history([checked()], at(), planned);
const wrapped = history([packaged()], at(), inspected);
const gone = take(releasable, release, releaseCommand, on);
const closed: CaseFact = { type: "CaseClosed", outcome: "rejected" };

function plan(lines: readonly string[] = ["L1"], expected = 3) {
  return {
    plan: planA,
    reads: lines.map((id) => ({ source: "database", collection: "messages", line: id, columns: ["text"], expected })),
    nothingHeld: [],
    private: { scope: "sealed" },
  };
}

test("a plan is recorded for signed lines only, with its scope sealed away", () => {
  told(reviewed, recordPlan)
    .when(plan(), on)
    .then({ type: "PlanCompiled", revision: 1, plan: planA, scope: sealed(`evidence-${reviewed.length}`) });
  told(history([received(), ...fullyAssured, details()]), recordPlan)
    .when(plan(), on)
    .refused("REVIEW_NOT_SIGNED");
  told([], recordPlan).when(plan(), on).refused("CASE_NOT_OPEN", "REVIEW_NOT_SIGNED");
  told(gone, recordPlan).when(plan(), on).refused("ALREADY_RELEASED");
});

test("a plan that reads for an unknown, denied, asked or counsel's line is refused", () => {
  const lines = [verdict("L1"), verdict("L2", { decision: "deny" }), verdict("L3", { decision: "ask" }), verdict("L4", { decision: "counsel" })];
  const past = history([received(), details({ lines: lines.map((each) => line(each.line)) }), signed(lines)]);
  told(past, recordPlan)
    .when(plan(["L1"]), on)
    .then({ type: "PlanCompiled" });
  for (const id of ["L2", "L3", "L4", "L9"])
    told(past, recordPlan)
      .when(plan(["L1", id]), on)
      .refused("PLAN_OUTSIDE_LINES");
});

test("the checker's verdict passes only when no record lies outside, and only for the plan in force", () => {
  told(planned, recordCheck)
    .when({ plan: planA, records: 5, outside: 0 }, on)
    .then({ type: "RecordsChecked", plan: planA, passed: true, records: 5, outside: 0 });
  told(planned, recordCheck).when({ plan: planA, records: 5, outside: 1 }, on).then({ passed: false, outside: 1 });
  told(planned, recordCheck).when({ plan: planB, records: 5, outside: 0 }, on).refused("PLAN_CHANGED");
  told(reviewed, recordCheck).when({ plan: planA, records: 5, outside: 0 }, on).refused("NO_PLAN");
  told([], recordCheck).when({ plan: planA, records: 5, outside: 0 }, on).refused("CASE_NOT_OPEN", "NO_PLAN");
});

test("an approver approves the sealed package they have seen and hold a share of, after its plan passed the check, once, and not after release", () => {
  const approve = approveCommand();
  told(wrapped, approveRelease).when(approve, on).then({ type: "ReleaseApproved", plan: planA, package: "package-1", gives: "share" });
  told(wrapped, approveRelease).when(approveCommand("share", "package-2"), on).refused("PLAN_CHANGED");
  told(wrapped, approveRelease).when(approveCommand("opening"), on).refused("OTHER_PART_DUE");
  told(inspected, approveRelease).when(approve, on).refused("NOT_SEALED");
  told(history([packaged({ holders: [people.ben] })], at(), inspected), approveRelease)
    .when(approve, on)
    .refused("NO_SHARE");
  told(planned, approveRelease).when(approve, on).refused("NOT_CHECKED");
  told(history([checked(planA, 2)], at(), planned), approveRelease)
    .when(approve, on)
    .refused("NOT_CHECKED");
  told(reviewed, approveRelease).when(approve, on).refused("NO_PLAN");
  const once = take(wrapped, approveRelease, approve, on);
  told(once, approveRelease).when(approveCommand("opening"), on).refused("SECOND_PERSON");
  told(once, approveRelease)
    .when(approve, at(opensAt, { by: people.ben }))
    .refused("OTHER_PART_DUE");
  told(once, approveRelease)
    .when(approveCommand("opening"), at(opensAt, { by: people.ben }))
    .then({ type: "ReleaseApproved", gives: "opening" });
  told(gone, approveRelease).when(approve, on).refused("ALREADY_RELEASED");
  told(history([closed], at(), wrapped), approveRelease)
    .when(approve, on)
    .refused("CASE_NOT_OPEN");
  assert.deepEqual(approveRelease.askers, ["approver"]);
});

test("a plan that would read more than is usual waits until counsel has confirmed the volume", () => {
  const plan = (expected: number) => ({
    plan: planA,
    reads: [
      { source: "database", collection: "messages", line: "L1", columns: ["text"], expected },
      { source: "database", collection: "files", line: "L1", columns: ["text"], expected: 1 },
    ],
    nothingHeld: [],
    private: {},
  });
  told(reviewed, recordPlan).when(plan(99_999), on).then({ type: "PlanCompiled" });
  told(reviewed, recordPlan).when(plan(100_000), on).refused("VOLUME_UNCONFIRMED");
  const confirmed = take(reviewed, confirmVolume, { upTo: "200000", private: { reason: "The order names the whole workspace." } }, on);
  told(confirmed, recordPlan).when(plan(199_999), on).then({ type: "PlanCompiled" });
  told(confirmed, recordPlan).when(plan(200_000), on).refused("VOLUME_UNCONFIRMED");
  assert.deepEqual(confirmVolume.askers, ["counsel"]);
});

test("a package is sealed after the check has passed, for two people at least, and only from the plan and the details in force", () => {
  const { private: _, ...known } = sealCommand;
  told(inspected, sealPackage)
    .when(sealCommand, on)
    .then({ type: "PackageSealed", package: "fresh-id", ...known });
  told(planned, sealPackage).when(sealCommand, on).refused("NOT_CHECKED");
  told(inspected, sealPackage)
    .when({ ...sealCommand, plan: planB }, on)
    .refused("PLAN_CHANGED");
  told(inspected, sealPackage)
    .when({ ...sealCommand, revision: 2 }, on)
    .refused("PLAN_CHANGED");
  for (const holders of [[], [people.ben], [people.ben, people.ben]])
    told(inspected, sealPackage)
      .when({ ...sealCommand, holders }, on)
      .refused("TOO_FEW_KEYS");
  told(gone, sealPackage).when(sealCommand, on).refused("ALREADY_RELEASED");
});

test("a package that is sealed anew, or whose plan is made anew, ends its approvals and waits to be destroyed", () => {
  const anew = take(releasable, sealPackage, sealCommand, on);
  assert.deepEqual([releaseOf(anew).sealed?.package, releaseOf(anew).approvals], ["fresh-id", []]);
  told(anew, discardPackage).when({ package: "package-1" }, on).then({ type: "PackageDiscarded", package: "package-1", object: "object-1" });
  told(anew, discardPackage).when({ package: "fresh-id" }, on).refused("PLAN_CHANGED");
  const replanned = history([compiled(planB)], at(), releasable);
  assert.deepEqual(
    releaseOf(replanned).toDiscard.map((sealed) => sealed.package),
    ["package-1"],
  );
  told(take(anew, discardPackage, { package: "package-1" }, on), discardPackage)
    .when({ package: "package-1" }, on)
    .refused("NOTHING_TO_DISCARD");
  told(releasable, discardPackage).when({ package: "package-1" }, on).refused("NOTHING_TO_DISCARD");
});

test("a release opens three downloads for fourteen days of twenty-four hours", () => {
  told(releasable, release)
    .when(releaseCommand, on)
    .then({ type: "ProductionReleased", package: "package-1", expiresAt: instant("2026-11-24T07:00:00Z"), downloads: 3, link: "link-digest" });
});

test("a link that expired, was used up or never arrived is renewed, for the same package and only while nothing stands against its download", () => {
  told(releasable, renewDownload).when({ link: "new" }, on).refused("NOT_RELEASED");
  const spent = take(gone, countDownload, {}, on);
  const renewed = take(spent, renewDownload, { link: "new" }, on);
  assert.deepEqual([releaseOf(renewed).downloads, releaseOf(renewed).released?.link], [0, "new"]);
  const withdrawn = history([{ type: "RequestWithdrawn", by: "agency" }], on, gone);
  told(withdrawn, renewDownload).when({ link: "new" }, on).refused("WITHDRAWN");
  const challenged = history([{ type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") }], on, gone);
  told(challenged, renewDownload).when({ link: "new" }, on).refused("CHALLENGE_PENDING");
});

test("a production that is recalled can no longer be fetched, the agency says what it did, and what follows is a new version", () => {
  const recall = { ground: "wrong-account", private: { words: "Another customer's account was named." } } as const;
  told(releasable, recallProduction).when(recall, on).refused("NOT_RELEASED");
  const back = take(take(gone, countDownload, {}, on), recallProduction, recall, on);
  const { recalled, released, plan, toDiscard } = releaseOf(back);
  assert.deepEqual([recalled.length, recalled[0]?.recall.downloads, released, plan, toDiscard.length], [1, 1, undefined, undefined, 1]);
  told(back, countDownload).when({}, on).refused("NOT_RELEASED");
  assert.deepEqual(
    gateReasons(back, on).map(({ code }) => code),
    ["NO_PLAN", "NOT_CHECKED", "APPROVALS_MISSING"],
  );
  const refused = take(back, answerRecall, { answer: "refused", private: { words: "No." } }, on);
  const destroyed = take(refused, answerRecall, { answer: "destroyed", private: { words: "Wiped and logged." } }, on);
  assert.equal(releaseOf(destroyed).recalled[0]?.answer?.answer, "destroyed");
  told(destroyed, answerRecall)
    .when({ answer: "destroyed", private: { words: "Again." } }, on)
    .refused("RECALL_ANSWERED");
  told(gone, answerRecall)
    .when({ answer: "destroyed", private: { words: "What?" } }, on)
    .refused("NOT_RECALLED");
  const second = [compiled(), checked(), packaged({ package: "package-2" })];
  const anew = [
    ...history(second, on, destroyed),
    recorded(approved("share", "package-2"), { now: on.now, by: people.ben }, 40),
    recorded(approved("opening", "package-2"), { now: on.now, by: people.cleo }, 41),
  ];
  told(anew, release).when({ package: "package-2", link: "again" }, on).then({ type: "ProductionReleased", package: "package-2" });
});

test("a release is refused with everything that stands against it, whichever facts are missing", () => {
  for (const index of releasable.keys()) {
    const { outcome } = told(without(releasable, index), release).when(releaseCommand, on);
    assert.equal(outcome.kind, "refused", `without ${releasable[index]?.fact.type} at ${index}`);
  }
  told(releasable, release).when(releaseCommand, at("2026-11-10T06:59:59.999Z")).refused("NOTICE_WAITING");
});

test("a release of another package than the approved one is refused, and a production is never released twice", () => {
  told(releasable, release)
    .when({ ...releaseCommand, package: "package-2" }, on)
    .refused("PLAN_CHANGED");
  told(gone, release).when(releaseCommand, on).refused("ALREADY_RELEASED");
});

test("the package is downloaded as often as the policy says, until its time is over", () => {
  const first = take(gone, countDownload, {}, on);
  const third = take(take(first, countDownload, {}, on), countDownload, {}, on);
  assert.equal(releaseOf(third).downloads, 3);
  told(third, countDownload).when({}, on).refused("DOWNLOADS_USED");
  told(releasable, countDownload).when({}, on).refused("NOT_RELEASED");
  told(first, countDownload).when({}, at("2026-11-24T07:00:00Z")).then({ type: "ProductionDownloaded", package: "package-1", nth: 2 });
  told(first, countDownload).when({}, at("2026-11-24T07:00:00.001Z")).refused("DOWNLOAD_EXPIRED");
});

test("what comes to light after the release stops the download, each with its own reason, and lets it go on once it is settled", () => {
  const refusals = (...facts: readonly CaseFact[]) => countDownload.against(history(facts, on, gone), on).map(({ clause, code }) => `${clause} ${code}`);
  const answer = (said: "yes" | "no"): CaseFact => ({ type: "CheckAnswered", check: "V25", revision: 1, answer: said });
  const authority = (said: "refused" | "cleared"): CaseFact => ({ type: "AuthorityAnswered", answer: said, evidence: sealed("answer") });
  const denied = assured("look-alike", { verdict: "not-met", code: "LOOK_ALIKE", clause: "V01" });
  const opened: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "owner", grounds: sealed("grounds") };
  const dismissed: CaseFact = { type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("ruling") };
  assert.deepEqual(refusals(authority("refused")), ["V20 AUTHORITY_REFUSED"]);
  assert.deepEqual(refusals(denied), ["V01 LOOK_ALIKE"]);
  assert.deepEqual(refusals(answer("no")), ["V25 DUPLICATE"]);
  const stopped = [opened, authority("refused"), denied, answer("no")];
  assert.deepEqual(refusals(...stopped), ["KDRP-13 CHALLENGE_PENDING", "V20 AUTHORITY_REFUSED", "V01 LOOK_ALIKE", "V25 DUPLICATE"]);
  assert.deepEqual(refusals(...stopped, dismissed, authority("cleared"), assured("look-alike"), answer("yes")), []);
});

test("a no that was said after the release is settled by another answer only: new details and a new signature change nothing about the package", () => {
  const no: CaseFact = { type: "CheckAnswered", check: "V15", revision: 1, answer: "no" };
  const asked = history([no, signed(), details({ revision: 2 }), signed(undefined, 2)], on, gone);
  told(asked, countDownload).when({}, on).refused("OVERBROAD");
  told(history([{ ...no, revision: 2, answer: "yes" }], on, asked), countDownload)
    .when({}, on)
    .then({ type: "ProductionDownloaded" });
});

test("a no that counsel had weighed when signing was known when the package left, and stops no download", () => {
  const index = releasable.findIndex(({ fact }) => fact.type === "ReviewSigned");
  const no = history([{ type: "CheckAnswered", check: "V15", revision: 1, answer: "no" }]);
  told(take([...releasable.slice(0, index), ...no, ...releasable.slice(index)], release, releaseCommand, on), countDownload)
    .when({}, on)
    .then({ type: "ProductionDownloaded" });
});

test("an authority that strikes a line after the release keeps the whole package back, and nothing when it leaves every line in it standing", () => {
  const lines = ["L1", "L2", "L3"];
  const verdicts = signed([verdict("L1"), verdict("L2"), verdict("L3", { decision: "deny" })]);
  const two = take(
    releasable.map((entry) => {
      if (entry.fact.type === "DetailsConfirmed") return { ...entry, fact: details({ lines: lines.map((id) => line(id)) }) };
      if (entry.fact.type === "ReviewSigned") return { ...entry, fact: verdicts };
      return entry.fact.type === "PlanCompiled" ? { ...entry, fact: compiled(planA, ["L1", "L2"]) } : entry;
    }),
    release,
    releaseCommand,
    on,
  );
  const partial = (...left: readonly string[]): CaseFact => ({ type: "AuthorityAnswered", answer: "partial", lines: left, evidence: sealed("answer") });
  const refusals = (...facts: readonly CaseFact[]) => countDownload.against(history(facts, on, two), on).map(({ clause, code }) => `${clause} ${code}`);
  assert.deepEqual(refusals(partial("L1")), ["V20 LINE_REFUSED"]);
  assert.deepEqual(refusals(partial("L1"), details({ revision: 2 })), ["V20 LINE_REFUSED"], "also when the details are corrected");
  assert.deepEqual(refusals(partial("L1"), partial("L1", "L2")), []);
});

test("an assurance that became uncertain after the release does not stop the download: nobody has said that it is not met", () => {
  told(history([assured("call-back", { verdict: "unknown" })], on, gone), countDownload)
    .when({}, on)
    .then({ type: "ProductionDownloaded" });
});

test("a download that nobody fetched expires with an alarm, one that was fetched without", () => {
  const late = at("2026-11-24T07:00:00.001Z");
  told(gone, expireProduction).when({}, late).then({ type: "ProductionExpired", package: "package-1", unread: true });
  told(take(gone, countDownload, {}, on), expireProduction)
    .when({}, late)
    .then({ unread: false });
  told(gone, expireProduction).when({}, at("2026-11-24T07:00:00Z")).refused("NOT_EXPIRED");
  told(releasable, expireProduction).when({}, late).refused("NOT_EXPIRED");
  const expired = take(gone, expireProduction, {}, late);
  told(expired, expireProduction).when({}, late).refused("NOT_EXPIRED");
  told(expired, countDownload).when({}, on).refused("DOWNLOAD_EXPIRED");
});

test("a case closes with its outcome, and not while it has none", () => {
  told(gone, closeCase).when({}, on).then({ type: "CaseClosed", outcome: "produced_full" });
  told(releasable, closeCase).when({}, on).refused("NO_OUTCOME");
  told(history([closed], at(), gone), closeCase)
    .when({}, on)
    .refused("CASE_NOT_OPEN");
});

test("a gagged case does not close before an attempt to lift the order is on record (IGRP-12)", () => {
  const gag: CaseFact = { type: "GagRecorded", gag: "G1", instrument: "US-NDO", start: addDays(on.today, -5), defects: [], order: sealed("order") };
  const attempt: CaseFact = {
    type: "GagLiftAttempted",
    gag: "G1",
    addressee: "court",
    beneficiary: "customer",
    answer: "pending",
    argument: sealed("argument"),
  };
  told(history([gag], at(), gone), closeCase)
    .when({}, on)
    .refused("NO_LIFT_ATTEMPT");
  told(history([gag, attempt], at(), gone), closeCase)
    .when({}, on)
    .then({ type: "CaseClosed" });
});

test("the outcome is full, partial or no records by what was asked, allowed and held", () => {
  const two = [verdict("L1"), verdict("L2", { decision: "deny" })];
  const asked = (lines: readonly string[]) => details({ lines: lines.map((id) => line(id)) });
  const out = (facts: readonly CaseFact[], records: Readonly<Record<string, number>>) =>
    outcomeOf(
      history([
        received(),
        ...facts,
        packaged({ package: "p", records }),
        { type: "ProductionReleased", package: "p", expiresAt: on.now, downloads: 3, link: "l" },
      ]),
    );
  assert.equal(out([asked(["L1"]), signed()], { messages: 3 }), "produced_full");
  assert.equal(out([asked(["L1", "L2"]), signed(two)], { messages: 3 }), "produced_partial");
  assert.equal(out([asked(["L1", "L2"]), signed(two)], { messages: 0 }), "no_records");
  assert.equal(
    outcomeOf(history([received(), asked(["L1"]), signed(), ...[compiled()].map((fact) => (fact.type === "PlanCompiled" ? { ...fact, reads: [] } : fact))])),
    "no_records",
  );
  assert.equal(outcomeOf(planned), undefined);
});

test("of a release without details nobody can say that it was full", () => {
  const past = gone.filter(({ fact }) => fact.type !== "DetailsConfirmed");
  assert.equal(outcomeOf(past), "produced_partial");
});

test("what happens after the release does not change how full it was", () => {
  assert.equal(outcomeOf(history([details({ revision: 2 })], on, gone)), "produced_full");
});

function someHistory(lines: readonly { readonly decision: "allow" | "deny" | "ask" | "counsel"; readonly left: boolean }[]): History {
  const ids = lines.map((_, index) => `L${index}`);
  const ruling: CaseFact = {
    type: "ChallengeResolved",
    challenge: "C1",
    outcome: "narrowed",
    lines: ids.filter((_, index) => lines[index]?.left),
    ruling: sealed("ruling"),
  };
  return history([
    received(),
    details({ lines: ids.map((id) => line(id)) }),
    signed(ids.map((id, index) => verdict(id, { decision: lines[index]?.decision ?? "deny" }))),
    { type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") },
    ruling,
  ]);
}

test("a denied, asked or counsel's line, or one that a ruling struck, is never among the lines to produce", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ decision: fc.constantFrom("allow", "deny", "ask", "counsel"), left: fc.boolean() }), { maxLength: 8 }), (lines) => {
      const expected = lines.flatMap(({ decision, left }, index) => (decision === "allow" && left ? [`L${index}`] : []));
      assert.deepEqual(linesToProduce(someHistory(lines)), expected);
    }),
    runs,
  );
});
