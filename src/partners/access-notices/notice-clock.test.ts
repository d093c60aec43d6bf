// Seventy-two hours to tell the provider of a government request, through a change of the clock and through a prohibition (W-4).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accessRequest, noticeClock } from "./notice-clock.ts";

const friday = "2026-03-06T22:15:00-07:00";
const clock = (changes: object = {}) =>
  noticeClock(accessRequest.parse({ zone: "America/Denver", receipts: [{ at: friday, by: "partner" }], asked: "2026-03-08T12:00:00Z", ...changes }));

test("W-4: a request received on Friday 6 March 2026 at 22:15 in Denver is told of by Monday 23:15: the clock change costs no hour (DPA-8.1a)", () => {
  const { dueAt, state, derivation } = clock();
  assert.deepEqual([dueAt, state], ["2026-03-10T05:15:00.000Z", "open"]);
  assert.match(derivation, /request received Fri 6 Mar 2026 22:15 Denver \+ 72 hours = Mon 9 Mar 2026 23:15 Denver \(clocks went forward\)/);
});

test("the notice is met at the last moment and late one later; what is to come is not told yet", () => {
  const asked = "2026-03-20T00:00:00Z";
  assert.equal(clock({ asked, notifiedAt: "2026-03-10T05:15:00Z" }).state, "met");
  assert.equal(clock({ asked, notifiedAt: "2026-03-10T05:15:00.001Z" }).state, "late");
  assert.equal(clock({ asked }).state, "overdue");
  assert.equal(clock({ asked: "2026-03-10T05:15:00Z" }).state, "open");
  assert.equal(clock({ asked: "2026-03-10T05:15:00.001Z", notifiedAt: "2026-03-11T00:00:00Z" }).state, "overdue");
});

test("W-4: it starts when anybody of the partner has it, and a sub-processor is somebody of the partner (DPA-6.2)", () => {
  const receipts = [
    { at: friday, by: "partner" },
    { at: "2026-03-05T10:00:00-07:00", by: "sub-processor" },
  ];
  assert.equal(clock({ receipts }).startedAt, "2026-03-05T17:00:00.000Z");
});

test("W-4: a prohibition stops the clock, and when it ends a fresh day runs; its attempt log must not be empty (DPA-8.1b)", () => {
  const forbidden = { from: "2026-03-07T12:00:00Z" };
  const open = clock({ prohibitions: [forbidden], asked: "2026-06-01T00:00:00Z" });
  assert.deepEqual([open.state, open.dueAt, open.findings.map(({ code }) => code)], ["suspended", undefined, ["NO_ATTEMPT"]]);
  const ended = { ...forbidden, to: "2026-05-01T12:00:00Z" };
  const after = clock({ prohibitions: [ended], attempts: ["2026-04-01T12:00:00Z"], asked: "2026-05-01T13:00:00Z" });
  assert.deepEqual([after.state, after.dueAt, after.findings], ["open", "2026-05-02T12:00:00.000Z", []]);
  assert.equal(clock({ prohibitions: [ended], asked: "2026-05-02T12:00:00.001Z" }).state, "overdue");
  assert.equal(clock({ prohibitions: [ended], asked: "2026-04-01T00:00:00Z" }).state, "suspended");
  assert.equal(
    clock({ prohibitions: [ended], attempts: ["2026-03-01T00:00:00Z"], asked: "2026-05-01T13:00:00Z" }).findings.length,
    1,
    "an attempt from before is none",
  );
});

test("a prohibition that came when it was too late excuses nothing", () => {
  const late = clock({ prohibitions: [{ from: "2026-03-11T00:00:00Z" }], asked: "2026-03-12T00:00:00Z" });
  assert.deepEqual([late.state, late.dueAt], ["overdue", "2026-03-10T05:15:00.000Z"]);
});

const someMoment = fc.integer({ min: 0, max: 400 }).map((hours) => Temporal.Instant.from("2026-03-06T00:00:00Z").add({ hours }).toString());
const someProhibition = fc
  .tuple(someMoment, fc.integer({ min: 0, max: 100 }))
  .map(([from, hours]) => ({ from, to: Temporal.Instant.from(from).add({ hours }).toString() }));

test("a prohibition more never shortens the time, whatever the others are, and no order of the facts changes it", () => {
  fc.assert(
    fc.property(fc.array(someProhibition, { maxLength: 4 }), someProhibition, someMoment, (prohibitions, more, asked) => {
      const fewer = clock({ prohibitions, asked });
      const longer = clock({ prohibitions: [...prohibitions, more], asked });
      assert.ok((longer.dueAt ?? "9") >= (fewer.dueAt ?? "9"));
      assert.deepEqual(clock({ prohibitions: [...prohibitions, more].toReversed(), asked }).dueAt, longer.dueAt);
    }),
    { numRuns: 500 },
  );
});

test("a notice is never met and overdue at once", () => {
  fc.assert(
    fc.property(fc.array(someProhibition, { maxLength: 3 }), someMoment, fc.option(someMoment, { nil: undefined }), (prohibitions, asked, notifiedAt) => {
      const { state, dueAt } = clock({ prohibitions, asked, ...(notifiedAt === undefined ? {} : { notifiedAt }) });
      const told = notifiedAt !== undefined && notifiedAt <= asked;
      assert.equal(told, state === "met" || state === "late");
      if (state === "overdue") assert.ok(dueAt !== undefined && Temporal.Instant.compare(asked, dueAt) > 0);
    }),
    { numRuns: 500 },
  );
});
