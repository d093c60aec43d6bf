// Sums of money as exact decimals: they come in as text, are counted in full and are rounded once, at the end.
import { Decimal } from "decimal.js";

/** Enough for a century of monthly compounding without losing a digit that a cent could depend on. */
const Exact = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -200, toExpPos: 200 });

/** An exact decimal number; never a binary fraction. */
export type Exactly = Decimal;

/** An ISO 4217 code, `USD`. */
export type Currency = string & { readonly __currency: unique symbol };

/** Digits behind the point that sums of this currency have. */
const minorDigits: ReadonlyMap<string, number> = new Map(
  Intl.supportedValuesOf("currency").map((code) => [
    code,
    new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits ?? 2,
  ]),
);

/** Throws a RangeError on a currency that does not exist. */
export function currency(code: string): Currency {
  if (!minorDigits.has(code)) throw new RangeError(`there is no currency ${code}`);
  return code as Currency;
}

export function isCurrency(code: string): boolean {
  return minorDigits.has(code);
}

/** How a sum is written: `18450.00`, `-640`. No grouping, no exponent, at most fifteen digits before the point and six after it. */
export const sumPattern = /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/;

/** Throws a RangeError on anything that is not written as a sum. */
export function exactly(text: string): Exactly {
  if (!sumPattern.test(text)) throw new RangeError("a sum is written with digits and at most one point: 18450.00");
  return new Exact(text);
}

/** A whole number or a fraction of two: `ratio(30, 100)`. */
export function ratio(numerator: number, denominator: number): Exactly {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator) || denominator === 0)
    throw new RangeError("a ratio is made of two whole numbers, the second not zero");
  return new Exact(numerator).div(denominator);
}

/** Rounds half to even at the last digit of the currency and writes it with all its digits: `4849.35`. */
export function inCurrency(sum: Exactly, code: Currency): string {
  return sum.toFixed(minorDigits.get(code) ?? 2, Decimal.ROUND_HALF_EVEN);
}

/** With grouping and code, for people: `USD 4,849.35`. */
export function moneyWords(sum: Exactly, code: Currency): string {
  const [whole = "0", decimals] = inCurrency(sum, code).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${code} ${grouped}${decimals === undefined ? "" : `.${decimals}`}`;
}
