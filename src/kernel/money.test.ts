// Sums of money: what is written as a sum, how it is rounded, and that nothing is lost on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { currency, exactly, inCurrency, isCurrency, moneyWords, ratio } from "./money.ts";

const usd = currency("USD");

test("a sum is written with digits and one point, and nothing else is one", () => {
  for (const text of ["0", "-483.33", "18450.5", "999999999999999.999999"]) assert.equal(exactly(text).toFixed(), text);
  for (const text of ["", "1,000.00", "1e3", "0x10", "+1", "01", "1.", ".5", "1.0000001", "1000000000000000", "NaN", "Infinity", " 1"])
    assert.throws(() => exactly(text), RangeError, text);
});

test("sums are rounded once, half to even, at the last digit their currency has", () => {
  const rounded = (text: string, code: string) => inCurrency(exactly(text), currency(code));
  assert.deepEqual(
    ["0.125", "0.135", "-0.125", "2.5"].map((text) => rounded(text, "USD")),
    ["0.12", "0.14", "-0.12", "2.50"],
  );
  assert.deepEqual([rounded("2.5", "JPY"), rounded("3.5", "JPY"), rounded("1.2345", "KWD")], ["2", "4", "1.234"]);
  assert.equal(moneyWords(exactly("-1234567.8"), usd), "USD -1,234,567.80");
  assert.equal(moneyWords(exactly("1234"), currency("JPY")), "JPY 1,234");
});

test("a currency that does not exist is none", () => {
  assert.throws(() => currency("XYZ"), RangeError);
  assert.deepEqual([isCurrency("EUR"), isCurrency("eur"), isCurrency("")], [true, false, false]);
});

test("adding and taking away cents in any order gives the sum of whole cents", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), { minLength: 1 }), (cents) => {
      const sum = cents.map((n) => ratio(n, 100)).reduce((a, b) => a.plus(b));
      const whole = BigInt(cents.reduce((a, b) => a + b, 0));
      const sign = whole < 0n ? "-" : "";
      const digits = (whole < 0n ? -whole : whole).toString().padStart(3, "0");
      assert.equal(inCurrency(sum, usd), `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`);
    }),
  );
});

test("a ratio is made of whole numbers", () => {
  for (const [n, d] of [
    [1.5, 2],
    [1, 0],
    [Number.NaN, 1],
    [1, Infinity],
  ] as const)
    assert.throws(() => ratio(n, d), RangeError);
});
