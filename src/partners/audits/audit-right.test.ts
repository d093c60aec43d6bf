// One audit a year, another after a breach, and what a regulator asks for (W-8).
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditQuestion, auditRight } from "./audit-right.ts";

const records = [
  { id: "B-1", kind: "breach", on: "2026-09-15" },
  { id: "R-1", kind: "regulator", on: "2026-11-05", scope: "the letter's three systems" },
];
const right = (changes: object = {}) => auditRight(auditQuestion.parse({ askedOn: "2026-10-01", held: [{ on: "2026-03-10" }], records, ...changes }));

test("W-8: after an audit on 10 March 2026 the next may be asked for from 10 March 2027, or from New Year where the calendar counts (DPA-9.1, X-20)", () => {
  const { allowed, nextOrdinaryOn, reasons } = right();
  assert.deepEqual([allowed, nextOrdinaryOn, reasons.map(({ code }) => code)], [false, "2027-03-10", ["AUDIT_THIS_YEAR"]]);
  assert.equal(right({ year: "calendar" }).nextOrdinaryOn, "2027-01-01");
  assert.equal(right({ askedOn: "2027-03-09" }).allowed, false);
  assert.deepEqual([right({ askedOn: "2027-03-10" }).allowed, right({ askedOn: "2027-03-10" }).as], [true, "ordinary"]);
  assert.equal(right({ held: [] }).as, "ordinary");
});

test("W-8: a breach allows another audit now, which moves nothing; a regulator's letter allows one of its scope", () => {
  const extra = right({ because: "B-1" });
  assert.deepEqual([extra.allowed, extra.as, extra.nextOrdinaryOn], [true, "after-breach", "2027-03-10"]);
  const letter = right({ because: "R-1", askedOn: "2026-11-10" });
  assert.deepEqual([letter.allowed, letter.as, letter.scope], [true, "for-regulator", "the letter's three systems"]);
  const held = [{ on: "2026-03-10" }, { on: "2026-10-05", because: "B-1" }];
  assert.equal(right({ held, askedOn: "2027-01-01" }).nextOrdinaryOn, "2027-03-10");
});

test("W-8: an exception rests on its record: one that is unknown, used, or dated after the question allows none", () => {
  assert.equal(auditQuestion.safeParse({ askedOn: "2026-10-01", because: "B-9" }).success, false);
  assert.deepEqual(
    right({ because: "B-1", held: [{ on: "2026-09-20", because: "B-1" }] }).reasons.map(({ code }) => code),
    ["RECORD_USED"],
  );
  assert.deepEqual(
    right({ because: "R-1" }).reasons.map(({ code }) => code),
    ["RECORD_AHEAD"],
  );
});
