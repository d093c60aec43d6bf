// The monthly share and the interest on one that is late, to the cent (W-1).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { latePayment, lateInterest } from "./late-interest.ts";
import { revenueMonth, revenueShare } from "./revenue-share.ts";

const month = (changes: object = {}) =>
  revenueShare(
    revenueMonth.parse({ month: "2026-03", currency: "USD", gross: "18450.00", taxes: "1230.00", credits: "640.00", expenses: "415.50", ...changes }),
  );
const late = (changes: object = {}) =>
  lateInterest(latePayment.parse({ currency: "USD", principal: "4849.35", dueOn: "2026-01-31", until: "2026-02-28", ...changes }));
const refusals = (
  schema: { safeParse(value: unknown): { success: boolean; error?: { issues: readonly { path: readonly PropertyKey[] }[] } } },
  value: unknown,
) => schema.safeParse(value).error?.issues.map(({ path }) => path.join(".")) ?? [];

test("W-1: the share of a month with 18,450.00 gross is 4,849.35, and the statement shows all five lines (AI-5a, AI-5b)", () => {
  const { net, share, lines, derivation, notes } = month();
  assert.deepEqual([net, share], ["16164.50", "4849.35"]);
  assert.deepEqual(
    lines.map(({ label, sum }) => `${label}: ${sum}`),
    [
      "Gross revenue: 18450.00",
      "Taxes: 1230.00",
      "Credits to customers: 640.00",
      "Directly attributable expenses: 415.50",
      "Net revenue: 16164.50",
      "Share of 30 %: 4849.35",
    ],
  );
  assert.equal(derivation, "USD 18,450.00 − USD 1,230.00 − USD 640.00 − USD 415.50 = USD 16,164.50; × 30 % = USD 4,849.35, AI-5a");
  assert.deepEqual(notes, []);
});

test("W-1: a month below zero gives no share, shows its figure, and is not carried forward", () => {
  const { net, share, notes } = month({ gross: "500.00", taxes: "33.33", credits: "900.00", expenses: "50.00" });
  assert.deepEqual([net, share], ["-483.33", "0.00"]);
  assert.match(notes[0] ?? "", /not carried forward/);
});

test("W-1: interest is compounded monthly and stored unrounded: 948.62 after a year, where simple interest and monthly rounding go wrong (AI-5c)", () => {
  const after = ["2026-02-28", "2026-03-31", "2026-04-30", "2026-07-31", "2027-01-31"].map((until) => late({ until }));
  assert.deepEqual(
    after.map(({ months, balance, interest }) => [months, balance, interest]),
    [
      [1, "4922.09", "72.74"],
      [2, "4995.92", "146.57"],
      [3, "5070.86", "221.51"],
      [6, "5302.49", "453.14"],
      [12, "5797.97", "948.62"],
    ],
  );
});

test("W-1: seventy-five days cost two whole months, and by the two other readings of a silent text what the figures say", () => {
  const days75 = { dueOn: "2026-01-31", until: "2026-04-16" };
  const by = (partMonths: string) => late({ ...days75, partMonths }).interest;
  assert.deepEqual([by("whole-months"), by("exponent")], ["146.57", "181.34"]);
  assert.equal(late({ dueOn: "2026-03-31", until: "2026-06-14", partMonths: "simple-days" }).interest, "181.54");
  assert.match(late(days75).notes[0] ?? "", /documents are silent/);
});

test("W-1: the legal maximum is compared as an amount for the same period: ten per cent a year simple leaves 121.23 of 221.51", () => {
  const maximum = { law: "Delaware", percentPerYear: "10", citation: "a law of the example" };
  const three = { until: "2026-04-30", governingLaw: "Delaware" };
  const found = late({ ...three, legalMaxima: [maximum] });
  assert.deepEqual([found.contractual, found.legalMaximum?.interest, found.interest], ["221.51", "121.23", "121.23"]);
  assert.equal(late({ ...three, legalMaxima: [{ ...maximum, percentPerYear: "24" }] }).interest, "221.51");
  assert.equal(late({ ...three, legalMaxima: [{ ...maximum, law: "England and Wales" }] }).interest, "221.51");
  for (const dates of [{ from: "2026-02-01" }, { to: "2026-01-30" }])
    assert.equal(late({ ...three, legalMaxima: [{ ...maximum, ...dates }] }).interest, "221.51");
  for (const dates of [{ from: "2026-01-31" }, { to: "2026-01-31" }])
    assert.equal(late({ ...three, legalMaxima: [{ ...maximum, ...dates }] }).interest, "121.23");
  assert.match(late(three).notes.join(" "), /No legal maximum/);
  const free = late({ ...three, legalMaxima: [{ ...maximum, percentPerYear: "none" }] });
  assert.deepEqual([free.interest, free.legalMaximum, free.notes], ["221.51", undefined, ["The law of Delaware sets no maximum (a law of the example)."]]);
  assert.equal(late({ ...three, legalMaxima: [{ ...maximum, percentPerYear: "none" }, maximum] }).interest, "121.23");
});

test("a month ends on the day number of the due day, or on the month's last day where there is none", () => {
  const months = (dueOn: string, until: string) => [late({ dueOn, until }).months, late({ dueOn, until }).days];
  assert.deepEqual(months("2026-01-31", "2026-02-27"), [0, 27]);
  assert.deepEqual(months("2026-01-31", "2026-02-28"), [1, 0]);
  assert.deepEqual(months("2026-01-31", "2026-03-30"), [1, 30]);
  assert.deepEqual(months("2026-01-31", "2026-03-31"), [2, 0]);
  assert.deepEqual(months("2024-02-29", "2025-02-28"), [12, 0]);
  assert.deepEqual(months("2026-01-31", "2026-01-31"), [0, 0]);
});

test("a sum that is none, a currency that does not exist, a month that is none and a payment before its day are refused at their place", () => {
  const good = { month: "2026-03", currency: "USD", gross: "1", taxes: "0", credits: "0", expenses: "0" };
  assert.deepEqual(refusals(revenueMonth, { ...good, gross: "1,000", currency: "XXZ", month: "2026-13" }).toSorted(), ["currency", "gross", "month"]);
  assert.deepEqual(refusals(revenueMonth, { ...good, gross: 18450 }), ["gross"]);
  assert.deepEqual(refusals(revenueMonth, { ...good, taxes: "-1" }), ["taxes"]);
  assert.deepEqual(refusals(latePayment, { currency: "USD", principal: "1", dueOn: "2026-02-01", until: "2026-01-31" }), ["until"]);
  assert.deepEqual(refusals(latePayment, { currency: "USD", principal: "0", dueOn: "2026-02-30", until: "2026-03-31" }).toSorted(), ["dueOn", "principal"]);
});

test("interest never falls while a payment is late, and never exceeds a legal maximum", () => {
  const someDay = fc.integer({ min: 0, max: 1500 }).map((n) => Temporal.PlainDate.from("2026-01-31").add({ days: n }).toString());
  fc.assert(
    fc.property(
      someDay,
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom("whole-months", "exponent"),
      (until, more, percent, partMonths) => {
        const later = Temporal.PlainDate.from(until).add({ days: more }).toString();
        const legalMaxima = [{ law: "L", percentPerYear: String(percent), citation: "c" }];
        const now = late({ until, partMonths, governingLaw: "L", legalMaxima });
        const then = late({ until: later, partMonths, governingLaw: "L", legalMaxima });
        assert.ok(Number(then.interest) >= Number(now.interest), `${now.interest} ${then.interest}`);
        assert.ok(Number(now.interest) <= Number(now.legalMaximum?.interest ?? "0"));
      },
    ),
    { numRuns: 300 },
  );
});
