// Where a disclosure stands: what ends a plan, which lines may leave, and how full an answer was.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approved,
  packaged,
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
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { linesToProduce, releaseOf } from "./release-state.ts";
import { closeCase, countDownload, outcomeOf, recordPlan, release } from "./release-steps.ts";

const on = at(opensAt);
const released = take(releasable, release, releaseCommand, on);

function three(...more: readonly CaseFact[]): History {
  const ids = ["L1", "L2", "L3"];
  return history([received(), ...fullyAssured, details({ lines: ids.map((id) => line(id)) }), signed(ids.map((id) => verdict(id))), ...more]);
}

function narrowed(lines?: readonly string[]): readonly CaseFact[] {
  return [
    { type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") },
    { type: "ChallengeResolved", challenge: "C1", outcome: "narrowed", ...(lines === undefined ? {} : { lines }), ruling: sealed("r") },
  ];
}

function partial(lines?: readonly string[]): CaseFact {
  return { type: "AuthorityAnswered", answer: "partial", ...(lines === undefined ? {} : { lines }), evidence: sealed("e") };
}

test("a case of which nothing is known has no plan, no check, no approval and no line that may leave", () => {
  assert.deepEqual(releaseOf([]), { approvals: [], downloads: 0, recalled: [], toDiscard: [] });
  assert.deepEqual(linesToProduce([]), []);
  assert.deepEqual(linesToProduce(history([received(), details()])), []);
});

test("a plan counts only for the newest details, a check only for the plan in force and an approval only for the package that is sealed", () => {
  const stale = releaseOf(history([compiled(planA, ["L1"], 0)], at(), reviewed));
  assert.equal(stale.plan, undefined);
  const other = releaseOf(history([compiled(), checked(planB), packaged(), approved("share", "package-2")], at(), reviewed));
  assert.deepEqual([other.check, other.approvals], [undefined, []]);
  const without = releaseOf(history([checked(), approved()], at(), reviewed));
  assert.deepEqual([without.check, without.approvals], [undefined, []]);
});

test("an approval names who gave it and when", () => {
  const past = [
    ...history([compiled(), checked(), packaged()], at(), reviewed),
    recorded(approved(), { now: instant("2026-11-03T17:00:00Z"), by: people.ben }, 20),
  ];
  assert.deepEqual(releaseOf(past).approvals, [{ by: people.ben, at: "2026-11-03T17:00:00.000Z", gives: "share", part: sealed("part") }]);
});

test("a new signature, an authority's answer and a ruling each end the plan, its check and its approvals, before anything has left", () => {
  const settling: readonly CaseFact[] = [
    signed(),
    { type: "AuthorityAnswered", answer: "cleared", evidence: sealed("e") },
    { type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("r") },
  ];
  for (const fact of settling) {
    const anew = releaseOf(history([fact], at(), releasable));
    assert.deepEqual([anew.plan, anew.check, anew.approvals], [undefined, undefined, []], fact.type);
    const gone = releaseOf(history([fact], on, released));
    assert.deepEqual([gone.plan?.plan, gone.check?.passed, gone.approvals.length], [planA, true, 2], fact.type);
  }
});

test("a check after the approvals asks for new approvals, and a new plan for a new check", () => {
  const rechecked = releaseOf(history([checked()], at(), releasable));
  assert.deepEqual([rechecked.check?.passed, rechecked.approvals], [true, []]);
  const replanned = releaseOf(history([compiled(planB)], at(), releasable));
  assert.deepEqual([replanned.plan?.plan, replanned.check, replanned.approvals], [planB, undefined, []]);
});

test("downloads are counted to the highest that was recorded, whatever order they arrive in", () => {
  const fetched = (...nths: readonly number[]) =>
    releaseOf(
      history(
        nths.map((nth) => ({ type: "ProductionDownloaded", package: "fresh-id", nth })),
        on,
        released,
      ),
    ).downloads;
  assert.deepEqual([fetched(), fetched(1, 2), fetched(2, 1), fetched(1, 1)], [0, 2, 2, 1]);
});

test("what left, what expired and how it ended stay on record", () => {
  const ended = releaseOf(
    history(
      [
        { type: "ProductionExpired", package: "fresh-id", unread: true },
        { type: "CaseClosed", outcome: "produced_full" },
      ],
      on,
      released,
    ),
  );
  assert.equal(ended.sealed?.sha256, "c".repeat(64));
  assert.equal(ended.released?.link, "link-digest");
  assert.equal(ended.expired?.unread, true);
  assert.equal(ended.closed?.outcome, "produced_full");
});

test("after a partial refusal only the lines that the authority leaves may go; one that names none leaves none", () => {
  assert.deepEqual(linesToProduce(three(partial(["L1", "L3"]))), ["L1", "L3"]);
  assert.deepEqual(linesToProduce(three(partial())), []);
  assert.deepEqual(linesToProduce(three(partial(["L1"]), { type: "AuthorityAnswered", answer: "cleared", evidence: sealed("e") })), ["L1", "L2", "L3"]);
});

test("a ruling and a partial refusal together leave only what both leave; a ruling that names no line leaves none", () => {
  assert.deepEqual(linesToProduce(three(...narrowed(["L1", "L2"]), partial(["L2", "L3"]))), ["L2"]);
  assert.deepEqual(linesToProduce(three(...narrowed(["L1", "L2"]))), ["L1", "L2"]);
  assert.deepEqual(linesToProduce(three(...narrowed())), []);
});

const packed = packaged({ package: "p" });

function outcome(past: History, records: Readonly<Record<string, number>>): string | undefined {
  return outcomeOf(
    history(
      [
        { ...packed, records },
        { type: "ProductionReleased", package: "p", expiresAt: on.now, downloads: 3, link: "l" },
      ],
      on,
      past,
    ),
  );
}

test("an answer is partial when a ruling or an authority struck a line, full when every line asked for left, and empty when no record did", () => {
  assert.equal(outcome(three(), { messages: 2, files: 1 }), "produced_full");
  assert.equal(outcome(three(...narrowed(["L1", "L2"])), { messages: 2 }), "produced_partial");
  assert.equal(outcome(three(partial(["L1"])), { messages: 2 }), "produced_partial");
  assert.equal(outcome(three(), { messages: 0, files: 0 }), "no_records");
  assert.equal(outcome(three(), { messages: 0, files: 1 }), "produced_full");
  assert.equal(outcome(three(), {}), "no_records");
});

test("a line corrected away after the release, and a ruling that came too late, do not make the answer less or more full", () => {
  const full = history(
    [
      { ...packed, records: { messages: 1 } },
      { type: "ProductionReleased", package: "p", expiresAt: on.now, downloads: 3, link: "l" },
    ],
    on,
    three(),
  );
  assert.equal(outcomeOf(history([details({ revision: 2, lines: [line("L1")] })], on, full)), "produced_full");
  assert.equal(outcomeOf(history([...narrowed(["L1"])], on, full)), "produced_full");
  const fetched: CaseFact = { type: "ProductionDownloaded", package: "p", nth: 1 };
  assert.equal(outcomeOf(history([details({ revision: 2, lines: [line("L1")] }), fetched], on, full)), "produced_full");
});

test("a plan that expects no record ends the case as no records; one that expects any leaves it without an outcome", () => {
  const read = (expected: number) => ({ source: "database", collection: "messages", line: "L1", columns: ["text"], expected });
  const planned = (...counts: readonly number[]) =>
    take(reviewed, recordPlan, { plan: planA, reads: counts.map(read), nothingHeld: [], private: { scope: "sealed" } }, on);
  assert.equal(outcomeOf(planned(0, 0)), "no_records");
  assert.equal(outcomeOf(planned(0, 2)), undefined);
  told(planned(0), closeCase).when({}, on).then({ type: "CaseClosed", outcome: "no_records" });
  told(planned(0, 2), closeCase).when({}, on).refused("NO_OUTCOME");
});

test("a customer who answers the agency itself ends the case as referred, unless data has left before", () => {
  const answers: CaseFact = { type: "OwnerWillAnswer" };
  told(history([answers], on, reviewed), closeCase)
    .when({}, on)
    .then({ type: "CaseClosed", outcome: "referred" });
  told(history([answers], on, released), closeCase)
    .when({}, on)
    .then({ type: "CaseClosed", outcome: "produced_full" });
  assert.equal(outcomeOf(history([answers], on, reviewed)), undefined);
});

test("a closed case keeps the outcome with which it was closed", () => {
  for (const ended of ["rejected", "withdrawn", "challenged", "referred", "not_a_request"] as const)
    assert.equal(outcomeOf(history([{ type: "CaseClosed", outcome: ended }], on, released)), ended);
});

test("a package that was never sealed counts as empty: no record is made up", () => {
  const unsealed = history([{ type: "ProductionReleased", package: "p", expiresAt: on.now, downloads: 1, link: "l" }], on, reviewed);
  assert.equal(outcomeOf(unsealed), "no_records");
  told(unsealed, countDownload).when({}, on).then({ type: "ProductionDownloaded", package: "p", nth: 1 });
});
