// Twenty-four hours from the first suspicion, to both mailboxes, with all four blocks (W-5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { breachBlocks, breachClock, breachMailboxes, suspectedBreach } from "./breach-clock.ts";

const clock = (changes: object = {}) =>
  breachClock(suspectedBreach.parse({ zone: "Europe/Berlin", suspectedAt: "2026-10-24T09:00:00+02:00", asked: "2026-10-25T12:00:00Z", ...changes }));
const whole = { at: "2026-10-25T06:59:00Z", to: [...breachMailboxes], blocks: [...breachBlocks] };

test("W-5: suspected on Saturday 24 October 2026 at 09:00 in Berlin, told by Sunday 08:00: the night has an hour more (SEC-2.1a)", () => {
  const { dueAt, state, derivation } = clock();
  assert.deepEqual([dueAt, state], ["2026-10-25T07:00:00.000Z", "overdue"]);
  assert.match(derivation, /Sun 25 Oct 2026 08:00 Berlin \(clocks went back\)/);
  assert.equal(clock({ asked: "2026-10-25T07:00:00Z" }).state, "open");
});

test("W-5: without the privacy mailbox it is not met, and the missing one is named", () => {
  const { state, findings } = clock({ notices: [{ ...whole, to: ["security"] }] });
  assert.equal(state, "overdue");
  assert.deepEqual(
    findings.map(({ code, because }) => `${code} ${because.slice(0, 19)}`),
    ["MAILBOX_MISSING The privacy mailbox"],
  );
  assert.equal(clock({ notices: [whole] }).state, "met");
});

test("a block that is missing keeps the notice open; one that says it is not known yet is there (SEC-2.1b)", () => {
  const first = { ...whole, blocks: ["nature", "contact"] };
  const { state, findings } = clock({ notices: [first], asked: "2026-10-25T06:59:30Z" });
  assert.deepEqual([state, findings.map(({ code }) => code)], ["open", ["BLOCK_MISSING", "BLOCK_MISSING"]]);
  const second = { at: "2026-10-25T07:00:00Z", to: [], blocks: ["consequences", "measures"] };
  const both = clock({ notices: [second, first] });
  assert.deepEqual([both.state, both.completeAt, both.findings], ["met", "2026-10-25T07:00:00.000Z", []]);
  assert.equal(clock({ notices: [first, { ...second, at: "2026-10-25T07:00:00.001Z" }] }).state, "late");
});

test("a notice that is still to come has not been given", () => {
  assert.equal(clock({ asked: "2026-10-25T06:58:00Z", notices: [whole] }).state, "open");
});
