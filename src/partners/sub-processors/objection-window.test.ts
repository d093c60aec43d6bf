// When a new sub-processor may start: days, objections, approvals, and the flows that silence never opens (W-6).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { intendedSubProcessor, noticeContents, objectionWindow } from "./objection-window.ts";

const complete = { receivedAt: "2026-07-17T09:00:00+02:00", says: [...noticeContents] };
const window = (changes: object = {}) =>
  objectionWindow(intendedSubProcessor.parse({ zone: "Europe/Berlin", notices: [complete], regimes: ["scc"], asked: "2026-08-10T12:00:00Z", ...changes }));
const midnight = (day: string) =>
  Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: "Europe/Berlin" }).toInstant().toString({ smallestUnit: "millisecond" });

test("W-6: a complete notice of 17 July 2026 ends its twenty days on 6 August and its thirty on the 16th; the earliest start is the 17th", () => {
  const { sccDay, contractDay, opensAt, state } = window();
  assert.deepEqual([sccDay, contractDay, opensAt, state], ["2026-08-06", "2026-08-16", midnight("2026-08-17"), "waiting"]);
  assert.equal(window({ asked: midnight("2026-08-17") }).state, "open");
});

test("W-6: a British flow is opened by a recorded approval and never by silence; the strictest wins where one serves both (X-01)", () => {
  for (const regimes of [["uk"], ["scc", "uk"], ["dpf", "uk"]]) {
    const { state, opensAt, reasons } = window({ regimes, asked: "2027-08-10T12:00:00Z" });
    assert.deepEqual([state, opensAt, reasons[0]?.code], ["needs-approval", undefined, "APPROVAL_NEEDED"]);
  }
  const approved = window({ regimes: ["uk"], approvedAt: "2026-07-20T10:00:00Z" });
  assert.deepEqual([approved.opensAt, approved.state], [midnight("2026-08-07"), "open"]);
});

test("W-6: a notice without details of the processing starts no time; the one that has them does (DPA-6.6a)", () => {
  const short = { ...complete, says: noticeContents.filter((content) => content !== "processing") };
  const { state, startsOn, reasons } = window({ notices: [short] });
  assert.deepEqual([state, startsOn, reasons.map(({ code }) => code)], ["incomplete", undefined, ["NOTICE_INCOMPLETE"]]);
  assert.equal(window({ notices: [short, { ...complete, receivedAt: "2026-07-20T09:00:00+02:00" }] }).startsOn, "2026-07-20");
  assert.equal(window({ notices: [{ ...complete, receivedAt: "2026-09-01T00:00:00Z" }] }).state, "incomplete", "one that is to come");
});

test("W-6: an objection on day thirty bars it, on day thirty-one it does not, and a withdrawn one bars no more (DPA-6.6c)", () => {
  const objected = (at: string, more: object = {}) => window({ objections: [{ at, ...more }], asked: "2026-09-01T00:00:00Z" }).state;
  assert.equal(objected("2026-08-16T23:59:59+02:00"), "barred");
  assert.equal(objected("2026-08-17T00:00:00+02:00"), "open");
  assert.equal(objected("2026-07-17T10:00:00+02:00"), "barred");
  assert.equal(objected("2026-07-18T10:00:00+02:00", { withdrawnAt: "2026-08-20T00:00:00Z" }), "open");
});

test("W-6: an approval opens earlier, under the clauses not before day twenty unless the vendor waives them", () => {
  const approvedAt = "2026-07-20T10:00:00Z";
  assert.equal(window({ approvedAt }).opensAt, midnight("2026-08-07"));
  assert.equal(window({ approvedAt, waived: true }).opensAt, "2026-07-20T10:00:00.000Z");
  assert.equal(window({ approvedAt, regimes: ["dpf"] }).opensAt, "2026-07-20T10:00:00.000Z");
  assert.equal(window({ approvedAt: "2026-08-12T10:00:00Z" }).opensAt, midnight("2026-08-17"), "an approval that is still to come opens nothing");
});

test("another regime never lets it start earlier", () => {
  const regimes = ["scc", "dpf", "uk", "domestic"];
  const later = (one: string | undefined, other: string | undefined) => one === undefined || (other !== undefined && one >= other);
  fc.assert(
    fc.property(fc.subarray(regimes, { minLength: 1 }), fc.constantFrom(...regimes), fc.boolean(), fc.boolean(), (some, more, approved, waived) => {
      const settled = { ...(approved ? { approvedAt: "2026-07-25T10:00:00Z" } : {}), waived };
      assert.ok(later(window({ regimes: [...some, more], ...settled }).opensAt, window({ regimes: some, ...settled }).opensAt));
    }),
  );
});
