// Who may take each step of handing over, and under which clause of each company's own document a step is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approveCommand,
  packaged,
  assured,
  at,
  checked,
  compiled,
  details,
  fullyAssured,
  history,
  learning,
  line,
  onDay,
  opensAt,
  planA,
  planB,
  received,
  releasable,
  releaseCommand,
  reviewed,
  sealed,
  signed,
  take,
  told,
  verdict,
  without,
  workplace,
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Decision, History } from "../decision.ts";
import { gate } from "./gate.ts";
import { approveRelease, closeCase, countDownload, expireProduction, recordCheck, recordPlan, release } from "./release-steps.ts";

const on = at(opensAt);
const policies = { KDRP: workplace, IGRP: learning };
const referred: CaseFact = { type: "ReferralWaived", ground: "only-holder" };
const released = take(releasable, release, releaseCommand, on);
const planned = history([compiled()], at(), reviewed);
const inspected = history([checked()], at(), planned);
const wrapped = history([packaged()], at(), inspected);

const plan = {
  plan: planA,
  reads: [{ source: "database", collection: "messages", line: "L1", columns: ["text"], expected: 3 }],
  nothingHeld: [],
  private: { scope: "sealed" },
};

test("each step of handing over belongs to the people the policy names, and to nobody else", () => {
  const steps = [recordPlan, recordCheck, approveRelease, release, countDownload, expireProduction, closeCase];
  assert.deepEqual(
    steps.map(({ name, askers }) => [name, ...askers]),
    [
      ["RecordPlan", "desk"],
      ["RecordCheck", "desk"],
      ["ApproveRelease", "approver"],
      ["Release", "desk"],
      ["CountDownload", "officer"],
      ["ExpireProduction", "desk"],
      ["CloseCase", "analyst", "counsel", "desk"],
    ],
  );
});

test("every refusal of a step cites the clause of the document that is in force", () => {
  const refusals: readonly (readonly [Decision, History, Readonly<Record<string, unknown>>, string, string, string])[] = [
    [recordPlan, history([received(), ...fullyAssured, details()]), plan, "REVIEW_NOT_SIGNED", "KDRP-4", "IGRP-5"],
    [recordPlan, reviewed, { ...plan, reads: [{ ...plan.reads[0], line: "L9" }] }, "PLAN_OUTSIDE_LINES", "KDRP-5", "IGRP-9"],
    [recordPlan, released, plan, "ALREADY_RELEASED", "KDRP-5", "IGRP-9"],
    [recordCheck, reviewed, { plan: planA, records: 1, outside: 0 }, "NO_PLAN", "KDRP-5", "IGRP-9"],
    [recordCheck, planned, { plan: planB, records: 1, outside: 0 }, "PLAN_CHANGED", "KDRP-5", "IGRP-9"],
    [approveRelease, planned, approveCommand(), "NOT_CHECKED", "KDRP-4", "IGRP-9"],
    [approveRelease, take(wrapped, approveRelease, approveCommand(), on), approveCommand("opening"), "SECOND_PERSON", "KDRP-4", "IGRP-5"],
    [approveRelease, released, approveCommand(), "ALREADY_RELEASED", "KDRP-5", "IGRP-9"],
    [closeCase, releasable, {}, "NO_OUTCOME", "KDRP-14", "IGRP-5"],
  ];
  for (const [step, past, command, code, ...clauses] of refusals)
    assert.deepEqual(
      Object.values(policies).map((policy) =>
        told(past, step)
          .when(command, at(opensAt, { policy }))
          .refused(code)
          .map(({ clause }) => clause),
      ),
      clauses.map((clause) => [clause]),
      `${step.name} ${code}`,
    );
});

test("every bar that is down says what is missing under the clause of the document that is in force", () => {
  const open = history([referred], at(), releasable);
  const lacking = (type: CaseFact["type"]) =>
    without(
      open,
      open.findIndex(({ fact }) => fact.type === type),
    );
  const changed = (type: CaseFact["type"], fact: CaseFact) => open.map((entry) => (entry.fact.type === type ? { ...entry, fact } : entry));
  const consent = details({ instrument: { id: "US-CONSENT", signedBy: "customer", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } });
  const after = (...facts: readonly CaseFact[]) => history(facts, at("2026-11-04T17:00:00Z"), open);
  const bars: readonly (readonly [string, History, string, string])[] = [
    ["NO_INSTRUMENT", lacking("DetailsConfirmed"), "KDRP-10", "IGRP-7"],
    ["NOT_COMPULSORY", changed("DetailsConfirmed", consent), "KDRP-7", "IGRP-4"],
    ["REVIEW_NOT_SIGNED", lacking("ReviewSigned"), "KDRP-4", "IGRP-5"],
    ["NO_LINE_ALLOWED", changed("ReviewSigned", signed([verdict("L1", { decision: "deny" })])), "KDRP-11", "IGRP-9"],
    ["NOTICE_OWED", lacking("NoticeGiven"), "KDRP-13", "IGRP-1"],
    ["CHALLENGE_PENDING", after({ type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") }), "KDRP-5", "IGRP-8"],
    ["CHALLENGE_PENDING", after({ type: "ChallengeOpened", challenge: "C1", brought: "owner", grounds: sealed("g") }), "KDRP-13", "IGRP-1"],
    ["CLARIFICATION_PENDING", after({ type: "ClarificationAsked", points: [] }), "KDRP-5", "IGRP-5"],
    ["NO_PLAN", lacking("PlanCompiled"), "KDRP-5", "IGRP-9"],
    ["PLAN_OUTSIDE_LINES", changed("PlanCompiled", compiled(planA, ["L1", "L2"])), "KDRP-5", "IGRP-9"],
    ["NOT_CHECKED", lacking("RecordsChecked"), "KDRP-4", "IGRP-9"],
    ["RECORD_OUTSIDE_SCOPE", changed("RecordsChecked", checked(planA, 1)), "KDRP-4", "IGRP-9"],
    ["APPROVALS_MISSING", lacking("ReleaseApproved"), "KDRP-4", "IGRP-5"],
  ];
  for (const [code, past, ...clauses] of bars)
    assert.deepEqual(
      Object.values(policies).map(
        (policy) =>
          gate(past, at(opensAt, { policy }))
            .flatMap(({ reasons }) => reasons)
            .find((reason) => reason.code === code)?.clause,
      ),
      clauses,
      code,
    );
});

test("the last bar says how many people are still missing: two, or one who is not the first", () => {
  const words = (past: History) =>
    gate(past, on)
      .at(-1)
      ?.reasons.map(({ because }) => because);
  const none = releasable.filter(({ fact }) => fact.type !== "ReleaseApproved");
  assert.deepEqual(words(none), ["Nobody has approved the release. Two different people must."]);
  assert.deepEqual(words(releasable.slice(0, -1)), ["One person has approved. A second, different person must."]);
  assert.deepEqual(words(releasable), []);
});

test("a plan, a package and a release are named by a whole SHA-256 in lower case and nothing around it", () => {
  const isDigest = (text: string) => recordCheck.schema.safeParse({ type: "RecordCheck", plan: text, records: 1, outside: 0 }).success;
  assert.deepEqual([planA, "a".repeat(63), `a${planA}`, `${planA}a`, `.${planA}`, `${planA}\n`, planA.toUpperCase(), "g".repeat(64)].map(isDigest), [
    true,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("counts are whole and never below nothing, and a link's digest is at most a hundred letters", () => {
  const counts = (records: number) => recordCheck.schema.safeParse({ type: "RecordCheck", plan: planA, records, outside: 0 }).success;
  assert.deepEqual([-1, 0, 0.5, 1].map(counts), [false, true, false, true]);
  const links = (link: string) => release.schema.safeParse({ ...releaseCommand, type: "Release", link }).success;
  assert.deepEqual(
    [100, 101].map((length) => links("d".repeat(length))),
    [true, false],
  );
});

test("a step that is decided without asking what stands against it fails loudly and records nothing", () => {
  const decide = (step: Decision, past: History) => () => step.decide({ type: step.name } as never, past, on);
  assert.throws(decide(countDownload, releasable), /a download was counted before release/);
  assert.throws(decide(expireProduction, releasable), /a download expired before release/);
  assert.throws(decide(closeCase, releasable), /a case was closed without an outcome/);
});

test("what has no plan has none that changed: a check, an approval and a release of it are refused and never break", () => {
  const empty: History = [];
  for (const [step, command] of [
    [recordCheck, { plan: planA, records: 0, outside: 0 }],
    [approveRelease, approveCommand()],
    [release, releaseCommand],
  ] as const) {
    const outcome = (step as Decision).decide({ ...command, type: step.name } as never, empty, on);
    assert.deepEqual(outcome.kind === "refused" && outcome.reasons.map(({ code }) => code), ["PLAN_CHANGED"], step.name);
  }
});

test("a package made from details that were corrected since is not released, although nothing else has changed", () => {
  const stale = releasable.map((entry) => (entry.fact.type === "PackageSealed" ? { ...entry, fact: packaged({ revision: 2 }) } : entry));
  told(stale, release).when(releaseCommand, on).refused("PLAN_CHANGED");
});

test("a download that is not there, withdrawn, expired or used up is refused under the clause on downloads", () => {
  const clauses = (
    [
      [countDownload, releasable, "NOT_RELEASED"],
      [countDownload, history([{ type: "RequestWithdrawn", by: "agency" }], on, released), "WITHDRAWN"],
      [countDownload, history([{ type: "ProductionExpired", package: "p", unread: true }], on, released), "DOWNLOAD_EXPIRED"],
      [countDownload, history([{ type: "ProductionDownloaded", package: "p", nth: 3 }], on, released), "DOWNLOADS_USED"],
      [expireProduction, releasable, "NOT_EXPIRED"],
    ] as const
  ).map(([step, past, code]) => told(past, step).when({}, on).refused(code)[0]?.clause);
  assert.deepEqual(clauses, ["KDRP-8", "KDRP-8", "KDRP-8", "KDRP-8", "KDRP-8"]);
});

test("what can no longer be fetched is refused for the first reason: withdrawn, challenged, expired, used up", () => {
  const withdrawn: CaseFact = { type: "RequestWithdrawn", by: "agency" };
  const opened: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "owner", grounds: sealed("g") };
  const used: CaseFact = { type: "ProductionDownloaded", package: "package-1", nth: 3 };
  const late = at("2026-11-24T07:00:00.001Z");
  const refusal = (facts: readonly CaseFact[], when = on) => {
    const [reason] = countDownload.against(history(facts, on, released), when);
    return reason?.code;
  };
  assert.equal(refusal([]), undefined);
  assert.equal(refusal([withdrawn, opened, used], late), "WITHDRAWN");
  assert.equal(refusal([opened, used], late), "CHALLENGE_PENDING");
  assert.equal(refusal([used], late), "DOWNLOAD_EXPIRED");
  assert.equal(refusal([used]), "DOWNLOADS_USED");
  assert.equal(refusal([opened, { type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("r") }]), undefined);
  assert.equal(refusal([opened, { type: "ChallengeResolved", challenge: "C1", outcome: "upheld", ruling: sealed("r") }]), "CHALLENGE_UPHELD");
});

test("a case that closed after its release can still be fetched until the download's time is over", () => {
  const closed = take(released, closeCase, {}, on);
  told(closed, countDownload).when({}, on).then({ type: "ProductionDownloaded", package: "package-1", nth: 1 });
});

test("a doubt about the sender alone is named with the check that found it", () => {
  const doubted = history([assured("look-alike", { verdict: "not-met", code: "LOOK_ALIKE", clause: "V01" })], at(), releasable);
  assert.deepEqual(
    gate(doubted, on).flatMap(({ id, reasons }) => reasons.map(({ clause, code }) => [id, code, clause])),
    [["requester", "LOOK_ALIKE", "V01"]],
  );
});

test("a plan is of the revision it was compiled for, and every read of it is an allowed line", () => {
  const past = history([received(), ...fullyAssured, details({ revision: 4, lines: [line("L1"), line("L2")] }), signed([verdict("L1"), verdict("L2")], 4)]);
  told(past, recordPlan)
    .when({ ...plan, reads: [{ ...plan.reads[0], line: "L2" }], nothingHeld: ["L1"] }, on)
    .then({ type: "PlanCompiled", revision: 4, nothingHeld: ["L1"] });
});
