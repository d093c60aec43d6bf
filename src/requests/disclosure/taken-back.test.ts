// What the steps around a package ask for to the last sign, what they record, and where a production stands that was packed twice, taken back or made again.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approveCommand,
  assured,
  at,
  checked,
  compiled,
  details,
  fullyAssured,
  history,
  learning,
  line,
  opensAt,
  packaged,
  planA,
  planB,
  received,
  releasable,
  releaseCommand,
  reviewed,
  sealCommand,
  sealed,
  signed,
  take,
  told,
  verdict,
  workplace,
} from "../../../tests/a-case.ts";
import type { Actor } from "../../kernel/ids.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Decision, History } from "../decision.ts";
import { notSealed } from "./gate.ts";
import { unfinishedPacking } from "./packing-state.ts";
import { abandonPacking, beginPacking } from "./packing-steps.ts";
import { aroundRelease, approvers, releaseOf } from "./release-state.ts";
import {
  answerRecall,
  approveRelease,
  confirmVolume,
  countDownload,
  discardPackage,
  outcomeOf,
  recallProduction,
  recordCheck,
  recordPlan,
  release,
  renewDownload,
  sealPackage,
  tooFewHolders,
} from "./release-steps.ts";

const on = at(opensAt);
const policies = { KDRP: workplace, IGRP: learning };
const planned = history([compiled()], at(), reviewed);
const inspected = history([checked()], at(), planned);
const begun = take(inspected, beginPacking, {}, on);
const packing = unfinishedPacking(begun)?.packing ?? assert.fail("nothing was begun");
const released = take(releasable, release, releaseCommand, on);
const fetched = take(released, countDownload, {}, on);
const recallCommand = { ground: "wrong-account", private: { words: "The wrong account." } };
const back = take(fetched, recallProduction, recallCommand, on);
const withdrawal: CaseFact = { type: "RequestWithdrawn" } as CaseFact;

type Command = Readonly<Record<string, unknown>>;
const fits = (step: Decision, command: Command) => step.schema.safeParse({ type: step.name, ...command }).success;

function clausesOf(step: Decision, past: History, command: Command, code: string): readonly string[] {
  return Object.values(policies).flatMap((policy) =>
    told(past, step)
      .when(command, at(opensAt, { policy }))
      .refused(code)
      .filter((reason) => reason.code === code)
      .map(({ clause }) => clause),
  );
}

test("each step around a package belongs to its people and takes what it names up to its bounds, and nothing beyond", () => {
  const text = (length: number) => "x".repeat(length);
  const words = (length: number) => ({ private: { words: text(length) } });
  const volume = (upTo: number, length = 10) => ({ upTo, private: { reason: text(length) } });
  const check = { plan: planA, records: 1, outside: 0 };
  const share = (holder: string, length: number, times = 1) => ({
    opening: "AA==",
    shares: Array.from({ length: times }, () => ({ holder, sealed: text(length) })),
  });
  const cases: readonly (readonly [Decision, readonly string[], readonly Command[], readonly Command[]])[] = [
    [beginPacking, ["desk"], [{}], [{ packing }]],
    [
      abandonPacking,
      ["desk"],
      ["changed", "outside", "failed", "ended", "stopped"].map((ground) => ({ packing: text(100), ground })),
      [
        { packing: text(101), ground: "ended" },
        { packing, ground: "" },
      ],
    ],
    [confirmVolume, ["counsel"], [volume(1), volume(1_000_000_000), volume(7, 5000)], [volume(0), volume(1_000_000_001), volume(7, 9), volume(7, 5001)]],
    [
      recordCheck,
      ["desk"],
      [check, { ...check, rules: text(100) }, { ...check, papers: Array.from({ length: 1000 }, () => text(100)) }],
      [
        { ...check, rules: text(101) },
        { ...check, papers: [text(101)] },
        { ...check, papers: Array.from({ length: 1001 }, () => "p") },
      ],
    ],
    [
      sealPackage,
      ["desk"],
      [
        { ...sealCommand, packing: text(100), rules: text(100) },
        { ...sealCommand, sealedWith: "openpgp", holders: Array.from({ length: 100 }, () => text(100)) },
        { ...sealCommand, sealedWith: "passphrase-zip", private: share(text(100), 100_000, 100) },
        { ...sealCommand, private: { opening: text(100_000), shares: [] } },
      ],
      [
        { ...sealCommand, packing: text(101) },
        { ...sealCommand, rules: text(101) },
        { ...sealCommand, sealedWith: "" },
        { ...sealCommand, holders: [text(101)] },
        { ...sealCommand, holders: Array.from({ length: 101 }, () => "h") },
        { ...sealCommand, private: share(text(101), 1) },
        { ...sealCommand, private: share("h", 100_001) },
        { ...sealCommand, private: share("h", 1, 101) },
      ],
    ],
    [approveRelease, ["approver"], [approveCommand("share", text(100))], [approveCommand("share", text(101))]],
    [
      release,
      ["desk"],
      [{ package: text(100), link: text(100) }],
      [
        { package: "p", link: text(101) },
        { package: text(101), link: "l" },
      ],
    ],
    [renewDownload, ["desk"], [{ link: text(100) }], [{ link: text(101) }]],
    [
      recallProduction,
      ["counsel"],
      ["wrong-account", "outside-scope", "redaction-failed", "wrong-recipient", "other"].flatMap((ground) =>
        [10, 5000].map((length) => ({ ground, ...words(length) })),
      ),
      [
        { ground: "other", ...words(9) },
        { ground: "other", ...words(5001) },
        { ground: "", ...words(10) },
      ],
    ],
    [
      answerRecall,
      ["officer", "analyst", "counsel"],
      ["destroyed", "returned", "not-opened", "refused"].flatMap((answer) => [2, 5000].map((length) => ({ answer, ...words(length) }))),
      [
        { answer: "refused", ...words(1) },
        { answer: "refused", ...words(5001) },
        { answer: "", ...words(2) },
      ],
    ],
    [discardPackage, ["desk"], [{ package: text(100) }], [{ package: text(101) }]],
  ];
  for (const [step, askers, good, bad] of cases) {
    assert.deepEqual(step.askers, askers, step.name);
    for (const command of good) assert.ok(fits(step, command), `${step.name} ${JSON.stringify(command).slice(0, 200)}`);
    for (const command of bad) assert.ok(!fits(step, command), `${step.name} ${JSON.stringify(command).slice(0, 200)}`);
  }
});

test("every refusal around a package cites the clause of the document that is in force", () => {
  const volume = { upTo: 200_000, private: { reason: "The paper reaches so many." } };
  const unsigned = history([received(), ...fullyAssured, details()]);
  const alone = { ...sealCommand, holders: ["staff:ada", "staff:ada"] };
  const cases: readonly (readonly [Decision, History, Command, string, string, string])[] = [
    [beginPacking, begun, {}, "PACKING_UNFINISHED", "KDRP-5", "IGRP-9"],
    [beginPacking, reviewed, {}, "NO_PLAN", "KDRP-5", "IGRP-9"],
    [abandonPacking, inspected, { packing, ground: "ended" }, "NO_PACKING", "KDRP-5", "IGRP-9"],
    [abandonPacking, begun, { packing: "another", ground: "ended" }, "NO_PACKING", "KDRP-5", "IGRP-9"],
    [confirmVolume, unsigned, volume, "REVIEW_NOT_SIGNED", "KDRP-4", "IGRP-5"],
    [confirmVolume, released, volume, "ALREADY_RELEASED", "KDRP-5", "IGRP-9"],
    [recordCheck, planned, { plan: planA, records: 3, outside: 0, rules: "r" }, "RULES_CHANGED", "KDRP-5", "IGRP-9"],
    [sealPackage, inspected, alone, "TOO_FEW_KEYS", "KDRP-4", "IGRP-5"],
    [sealPackage, reviewed, sealCommand, "NO_PLAN", "KDRP-5", "IGRP-9"],
    [approveRelease, history([packaged()], at(), inspected), approveCommand("share", "another"), "PLAN_CHANGED", "KDRP-5", "IGRP-9"],
    [approveRelease, history([packaged()], at(), inspected), approveCommand("opening"), "OTHER_PART_DUE", "KDRP-4", "IGRP-5"],
    [approveRelease, history([packaged({ holders: ["staff:nobody"] })], at(), inspected), approveCommand(), "NO_SHARE", "KDRP-4", "IGRP-5"],
    [approveRelease, inspected, approveCommand(), "NOT_SEALED", "KDRP-4", "IGRP-5"],
    [discardPackage, history([packaged(), packaged({ package: "package-2" })], at(), inspected), { package: "another" }, "PLAN_CHANGED", "KDRP-5", "IGRP-9"],
  ];
  for (const [step, past, command, code, ...clauses] of cases) assert.deepEqual(clausesOf(step, past, command, code), clauses, `${step.name} ${code}`);
  assert.deepEqual(
    Object.values(policies).map((policy) => [tooFewHolders(at(opensAt, { policy })).clause, notSealed(at(opensAt, { policy })).clause]),
    [
      ["KDRP-4", "KDRP-4"],
      ["IGRP-5", "IGRP-5"],
    ],
  );
  const reads = [{ source: "database", collection: "messages", line: "L1", columns: ["text"], expected: 100_001 }];
  const large = { plan: planA, reads, nothingHeld: [], private: {} };
  assert.deepEqual(clausesOf(recordPlan, reviewed, large, "VOLUME_UNCONFIRMED"), ["KDRP-5", "IGRP-9"]);
  for (const step of [beginPacking, confirmVolume, sealPackage]) {
    const over = history([withdrawal], at(), inspected);
    const command = step === confirmVolume ? volume : step === sealPackage ? sealCommand : {};
    assert.notDeepEqual(told(over, step).when(command, on).refused("CASE_NOT_OPEN"), [], step.name);
  }
  assert.equal(abandonPacking.against(inspected, on).length, 1);
  assert.deepEqual(
    told(released, approveRelease)
      .when(approveCommand(), at(opensAt, { by: "staff:nobody" as Actor }))
      .refused("ALREADY_RELEASED")
      .map(({ code }) => code),
    ["ALREADY_RELEASED"],
    "what was released waits for no seal",
  );
});

test("a large volume is confirmed once for all that is not larger", () => {
  const confirm = (past: History, upTo: number) => take(past, confirmVolume, { upTo, private: { reason: "The paper reaches so many." } }, on);
  const reads = (expected: number) => ({
    plan: planA,
    reads: [{ source: "database", collection: "messages", line: "L1", columns: ["text"], expected }],
    nothingHeld: [],
    private: {},
  });
  const confirmed = confirm(confirm(reviewed, 300_000), 200_000);
  told(confirmed, recordPlan).when(reads(300_000), on).then({ type: "PlanCompiled" });
  told(confirmed, recordPlan).when(reads(300_001), on).refused("VOLUME_UNCONFIRMED");
});

test("a fact of these steps says what was seen and has no room for what was not", () => {
  const factOf = (past: History, step: Decision, command: Command) => take(past, step, command, on).at(-1)?.fact;
  const check = { plan: planA, records: 3, outside: 0 };
  const noted = { type: "RecordsChecked", plan: planA, passed: true, records: 3, outside: 0 };
  assert.deepEqual(factOf(planned, recordCheck, check), noted);
  assert.deepEqual(factOf(planned, recordCheck, { ...check, redactions: {}, others: {}, papers: [], files: {} }), noted);
  assert.deepEqual(factOf(planned, recordCheck, { ...check, others: { L1: 1 }, papers: ["p"] }), { ...noted, others: { L1: 1 }, papers: ["p"] });
  const { private: _, ...known } = sealCommand;
  const wrapped = { type: "PackageSealed", package: "fresh-id", ...known, shares: sealed(`evidence-${inspected.length}`) };
  assert.deepEqual(factOf(inspected, sealPackage, sealCommand), wrapped);
  const two = { ...sealCommand, holders: ["staff:ada", "staff:ben"] };
  assert.deepEqual(factOf(inspected, sealPackage, two), { ...wrapped, holders: two.holders }, "two are enough");
  assert.deepEqual(factOf(inspected, sealPackage, { ...sealCommand, redactions: { PRIVILEGE: 2 } }), { ...wrapped, redactions: { PRIVILEGE: 2 } });
  assert.deepEqual(factOf(begun, sealPackage, { ...sealCommand, packing }), { ...wrapped, packing, shares: sealed(`evidence-${begun.length}`) });
  assert.deepEqual(factOf(inspected, beginPacking, {}), { type: "PackingBegun", packing: "fresh-id", revision: 1, plan: planA });
  told(inspected, sealPackage)
    .when({ ...sealCommand, packing: "never begun" }, on)
    .refused("PLAN_CHANGED");
});

test("whatever changes what a package would hold makes a packing that is under way stale, and its own end ends it", () => {
  const changes: readonly CaseFact[] = [
    details({ revision: 2 }),
    signed([verdict("L1")], 1),
    { type: "AuthorityAnswered" } as CaseFact,
    { type: "ChallengeResolved" } as CaseFact,
    compiled(planB),
    checked(planB),
    { type: "RedactionsSet" } as CaseFact,
    { type: "PaperMarked" } as CaseFact,
    { type: "FilesAllowed" } as CaseFact,
  ];
  assert.equal(unfinishedPacking(begun)?.stale, false);
  for (const fact of changes) assert.equal(unfinishedPacking(history([fact], at(), begun))?.stale, true, fact.type);
  assert.equal(unfinishedPacking(history([packaged({ packing })], at(), begun)), undefined);
  const given = (name: string): CaseFact => ({ type: "PackingAbandoned", packing: name, ground: "ended" });
  assert.equal(unfinishedPacking(history([given(packing)], at(), begun)), undefined);
  assert.equal(unfinishedPacking(history([given("an earlier one")], at(), begun))?.packing, packing);
  assert.equal(unfinishedPacking(history([given("an earlier one")], at(), inspected)), undefined);
});

test("a package that is made anew leaves every earlier one to be destroyed, until it is", () => {
  const names = (past: History) => releaseOf(past).toDiscard.map((each) => each.package);
  const third = history([packaged(), packaged({ package: "package-2", object: "object-2" }), packaged({ package: "package-3" })], at(), inspected);
  assert.deepEqual(names(third), ["package-1", "package-2"]);
  told(third, discardPackage).when({ package: "package-2" }, on).then({ type: "PackageDiscarded", package: "package-2", object: "object-2" });
  const less = take(third, discardPackage, { package: "package-1" }, on);
  assert.deepEqual([names(less), releaseOf(less).sealed?.package], [["package-2"], "package-3"]);
  told(inspected, discardPackage).when({ package: "package-1" }, on).refused("NOTHING_TO_DISCARD");
  assert.deepEqual(names(history([packaged({ package: "package-2" })], at(), released)), [], "what was released stays what it is");
  assert.deepEqual(approvers(releaseOf(history([compiled(planB)], at(), releasable))), new Set());
  const marked = releaseOf(history([{ type: "PaperMarked" } as CaseFact], at(), released));
  assert.deepEqual([marked.sealed?.package, marked.approvals.length], ["package-1", 2], "nor does a mark change it");
  assert.deepEqual(names(history([{ type: "CaseClosed", outcome: "produced_full" }], at(), released)), [], "a case that is closed keeps what it released");
  assert.deepEqual(names(history([{ type: "CaseClosed", outcome: "rejected" } as CaseFact], at(), releasable)), ["package-1"]);
});

test("a production that was taken back stands as recalled, and the case where it stood before anything was planned", () => {
  const state = releaseOf(back);
  assert.deepEqual([state.plan, state.sealed, state.released, state.downloads, state.approvals], [undefined, undefined, undefined, 0, []]);
  assert.deepEqual(
    state.toDiscard.map((each) => each.package),
    ["package-1"],
  );
  assert.deepEqual(back.at(-1)?.fact, {
    type: "ProductionRecalled",
    package: "package-1",
    ground: "wrong-account",
    downloads: 1,
    words: sealed(`evidence-${fetched.length}`),
  });
  told(back, recallProduction).when(recallCommand, on).refused("NOT_RELEASED");
  told(back, renewDownload).when({ link: "another" }, on).refused("NOT_RELEASED");
  told(reviewed, recallProduction).when(recallCommand, on).refused("NOT_RELEASED");
  const stray = history([{ type: "ProductionRecalled", package: "package-1", ground: "other", downloads: 0, words: sealed("w") }], at(), inspected);
  assert.deepEqual(releaseOf(stray), releaseOf(inspected), "nothing was released");
  const unreleased = history([{ type: "ProductionRecalled", package: "package-1", ground: "other", downloads: 0, words: sealed("w") }], at(), releasable);
  assert.deepEqual(releaseOf(unreleased), releaseOf(releasable), "nothing was released yet");
});

/** The same again after a recall: another package of another plan, released. */
function again(past: History, name: string, records: number, link = "link-2"): History {
  const facts: readonly CaseFact[] = [
    compiled(planB),
    checked(planB),
    packaged({ package: name, plan: planB, object: `object of ${name}`, records: { messages: records } }),
    { type: "ProductionReleased", package: name, expiresAt: on.now, downloads: 3, link },
  ];
  return history(facts, on, past);
}

test("each recalled production is answered for itself, the oldest first, and a refusal may be followed by another answer", () => {
  told(reviewed, answerRecall)
    .when({ answer: "destroyed", private: { words: "Done." } }, on)
    .refused("NOT_RECALLED");
  const twice = take(again(back, "package-2", 2), recallProduction, recallCommand, on);
  const answers = (past: History) => releaseOf(past).recalled.map(({ sealed: of, answer }) => [of.package, answer?.answer]);
  const answer = (past: History, words: string) => take(past, answerRecall, { answer: words, private: { words: "By letter." } }, on);
  assert.deepEqual(answers(twice), [
    ["package-1", undefined],
    ["package-2", undefined],
  ]);
  const standing = answer(again(back, "package-2", 2), "destroyed");
  assert.equal(releaseOf(standing).released?.package, "package-2", "what is released meanwhile stays");
  const first = answer(twice, "destroyed");
  assert.deepEqual(answers(first), [
    ["package-1", "destroyed"],
    ["package-2", undefined],
  ]);
  const refused = answer(first, "refused");
  assert.deepEqual(answers(refused)[1], ["package-2", "refused"]);
  assert.deepEqual(answers(answer(refused, "returned"))[1], ["package-2", "returned"]);
  told(answer(refused, "returned"), answerRecall)
    .when({ answer: "destroyed", private: { words: "Done." } }, on)
    .refused("RECALL_ANSWERED");
  assert.equal(releaseOf(twice).toDiscard.length, 2);
});

test("what counts as produced is what was fetched: a recall does not undo it, and what was never fetched did not leave", () => {
  assert.equal(outcomeOf(back), "produced_full");
  const unread = take(released, recallProduction, recallCommand, on);
  assert.equal(outcomeOf(unread), undefined);
  assert.equal(outcomeOf(history([details({ revision: 2, lines: [line("L1"), line("L2")] })], at(), back)), "produced_full", "judged as it was then");
  assert.equal(outcomeOf(again(back, "package-2", 0)), "no_records", "the newest counts while it stands");
  const none = take(again(unread, "package-2", 0), countDownload, {}, on);
  assert.equal(outcomeOf(take(none, recallProduction, recallCommand, on)), "no_records", "the one that was fetched, not the one that was not");
  const later = take(again(back, "package-2", 0), countDownload, {}, on);
  assert.equal(outcomeOf(take(later, recallProduction, recallCommand, on)), "no_records", "the last that was fetched");
  const mixed = history(
    [packaged({ records: { messages: 2, files: 2 } }), { type: "ProductionReleased", package: "package-1", expiresAt: on.now, downloads: 3, link: "l" }],
    at(),
    inspected,
  );
  assert.equal(outcomeOf(mixed), "produced_full");
});

test("a new link is refused while something stands against the package that was released", () => {
  told(released, renewDownload).when({ link: "another" }, on).then({ type: "ProductionReleased", link: "another" });
  const doubted = history([assured("call-back", { verdict: "not-met", code: "DENIED" })], on, released);
  told(doubted, renewDownload).when({ link: "another" }, on).refused("DENIED");
});

test("a case is parted at its newest release, and a renewed link is none", () => {
  const before = releasable.length;
  assert.deepEqual([aroundRelease(released).then.length, aroundRelease(released).since.length], [before, 1]);
  const renewed = take(history([sealedNothing()], at(), released), renewDownload, { link: "another" }, on);
  assert.equal(aroundRelease(renewed).then.length, before, "the link is new, the release is not");
  const second = again(back, "package-2", 2);
  assert.equal(aroundRelease(second).then.length, second.length - 1);
  assert.equal(aroundRelease(take(second, renewDownload, { link: "third" }, on)).then.length, second.length - 1);
});

/** A fact that changes nothing here. */
function sealedNothing(): CaseFact {
  return { type: "LetterSent", letter: "letter-9", kind: "owner-notice", transcript: "0".repeat(64) };
}
