// What a party can owe, and how long a breach can be cured (W-2, W-3).
import assert from "node:assert/strict";
import { test } from "node:test";
import { day, zone } from "../../kernel/instant.ts";
import { breachNotice, cureOf, lastDayToCancel, nonSolicitationEnds, upgradeFeeDue } from "./cure.ts";
import { liabilityCap, liabilityQuestion } from "./liability-cap.ts";

const payments = [
  { on: "2025-03-10", amount: "1200" },
  { on: "2025-11-01", amount: "400" },
  { on: "2026-02-15", amount: "250" },
];
const cap = (changes: object = {}) => liabilityCap(liabilityQuestion.parse({ eventOn: "2026-03-12", payments, ...changes }));

test("W-2: what was paid in the twelve months before the event is 650, and the cap is that (PPT-11)", () => {
  const { from, literal, extended, derivation, notes } = cap();
  assert.deepEqual([from, literal.paid, literal.cap, extended.cap], ["2025-03-12", "650.00", "650.00", "650.00"]);
  assert.equal(
    derivation,
    "paid from Wed 12 Mar 2025 until the day before Thu 12 Mar 2026: USD 650.00; the cap is the greater of USD 50.00 and that, USD 650.00, PPT-11",
  );
  assert.deepEqual(notes, []);
});

test("W-2: a partner that paid nothing has a cap of fifty dollars", () => {
  assert.equal(cap({ payments: [] }).literal.cap, "50.00");
  assert.equal(cap({ payments: [{ on: "2026-01-01", amount: "49.99" }] }).literal.cap, "50.00");
  assert.equal(cap({ payments: [{ on: "2026-01-01", amount: "50.01" }] }).literal.cap, "50.01");
});

test("W-2: a commission counts in the extended reading only, which makes 5,499.35 (X-27)", () => {
  const { literal, extended, notes } = cap({ payments: [...payments, { on: "2026-01-31", amount: "4849.35", kind: "commission" }] });
  assert.deepEqual([literal.cap, extended.cap], ["650.00", "5499.35"]);
  assert.match(notes[0] ?? "", /two readings differ/);
});

test("the first day of the window counts, the day of the event does not", () => {
  const on = (day: string) => cap({ payments: [{ on: day, amount: "100" }] }).literal.paid;
  assert.deepEqual(["2025-03-11", "2025-03-12", "2026-03-11", "2026-03-12"].map(on), ["0.00", "100.00", "100.00", "0.00"]);
});

test("indirect loss is lost, some duties lie outside the cap, and the rest is held under it", () => {
  const claim = [
    { kind: "direct", amount: "900" },
    { kind: "indirect", amount: "5000" },
    { kind: "fraud", amount: "30" },
    { kind: "payment-duty", amount: "20" },
    { kind: "data-indemnity", amount: "400" },
  ];
  const { literal, extended } = cap({ claim });
  assert.deepEqual([literal.excluded, literal.outsideCap, literal.underCap, literal.owed], ["5000.00", "50.00", "1300.00", "700.00"]);
  assert.deepEqual([extended.outsideCap, extended.underCap, extended.owed], ["450.00", "900.00", "1100.00"]);
});

const cure = (changes: object = {}) =>
  cureOf(breachNotice.parse({ zone: "America/Denver", receivedOn: "2026-01-31", asked: "2026-03-02T12:00:00-07:00", ...changes }));

test("W-3: a notice received on 31 January 2026 can be cured through 2 March, and the right to end arises on the 3rd at midnight (PPT-4a)", () => {
  const { lastDay, rightArisesAt, state, derivation } = cure();
  assert.deepEqual([lastDay, rightArisesAt, state], ["2026-03-02", "2026-03-03T07:00:00.000Z", "open"]);
  assert.match(derivation, /written notice received Sat 31 Jan 2026 \(day 0\); days 1 to 30 end on Mon 2 Mar 2026/);
  assert.equal(cure({ asked: "2026-03-03T06:59:59Z" }).state, "open");
  assert.equal(cure({ asked: "2026-03-03T07:00:00Z" }).state, "right-has-arisen");
});

test("W-3: a cure shown on 2 March at 23:40 keeps the agreement, one shown at midnight does not, and one that is still to come is none yet", () => {
  const asked = "2026-03-05T12:00:00Z";
  assert.equal(cure({ asked, curedAt: "2026-03-02T23:40:00-07:00" }).state, "cured");
  assert.equal(cure({ asked, curedAt: "2026-03-03T00:00:00-07:00" }).state, "right-has-arisen");
  assert.equal(cure({ asked: "2026-02-10T12:00:00Z", curedAt: "2026-02-11T12:00:00Z" }).state, "open");
});

test("W-3: an upgrade invoiced on 10 April 2026 is due on 10 May, and a renewal on 1 January 2027 is cancelled by 2 December (PPT-5a, PPT-5b)", () => {
  assert.equal(upgradeFeeDue(day("2026-04-10")).dueOn, "2026-05-10");
  assert.equal(lastDayToCancel(day("2027-01-01")).lastDay, "2026-12-02");
});

test("nobody is hired away for twelve months after the end, through the same day of the next year (PPT-10d)", () => {
  const { lastDay, freeAt } = nonSolicitationEnds(day("2026-09-30"), zone("America/Denver"));
  assert.deepEqual([lastDay, freeAt], ["2027-09-30", "2027-10-01T06:00:00.000Z"]);
  assert.equal(nonSolicitationEnds(day("2028-02-29"), zone("Europe/London")).lastDay, "2029-02-28");
});
