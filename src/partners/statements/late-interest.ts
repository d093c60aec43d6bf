// Interest on a share that is paid late: 1.5 % a month, compounded monthly, or the legal maximum if that is lower (AI-5c).
import { z } from "zod";
import type { Day } from "../../kernel/instant.ts";
import { daysBetween } from "../../kernel/instant.ts";
import { inCurrency, moneyWords, ratio, type Exactly } from "../../kernel/money.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { currencyCode, dayText, sum } from "../calculation.ts";

/**
 * What a part of a month costs; the documents are silent. `whole-months`: nothing, the house default. `simple-days`: the month's
 * rate for the days over thirty. `exponent`: the rate compounded over days × 12 ÷ 365.
 */
const partMonths = ["whole-months", "simple-days", "exponent"] as const;

const legalMaximum = z.strictObject({
  /** Law that governs the agreement (PPT-18). */
  law: z.string().min(1).max(100),
  /** Simple interest a year, in per cent, as text: "10"; or that the law sets no maximum. */
  percentPerYear: z.union([z.literal("none"), sum]),
  from: dayText.optional(),
  to: dayText.optional(),
  citation: z.string().min(1).max(300),
});

export const latePayment = z
  .strictObject({
    currency: currencyCode,
    principal: sum.refine((value) => value.isPositive() && !value.isZero(), "Interest runs on a sum above zero."),
    /** The last day on which it could be paid in time. */
    dueOn: dayText,
    /** The day of payment, or the day of the question. */
    until: dayText,
    partMonths: z.enum(partMonths).default("whole-months"),
    governingLaw: z.string().min(1).max(100).optional(),
    /** Dated; those of the governing law that were in force on the due day count. */
    legalMaxima: z.array(legalMaximum).max(200).default([]),
  })
  .refine(({ dueOn, until }) => until >= dueOn, { path: ["until"], error: "It was paid before it fell due: no interest runs." });
export type LatePayment = z.output<typeof latePayment>;

export interface LateInterest {
  readonly currency: string;
  /** Whole months since the due day. */
  readonly months: number;
  /** Days after the last whole month. */
  readonly days: number;
  /** Principal and interest by the contract. */
  readonly balance: string;
  readonly contractual: string;
  readonly legalMaximum?: { readonly interest: string; readonly law: string; readonly citation: string };
  /** The lower of the two, for the same period. */
  readonly interest: string;
  readonly derivation: string;
  readonly notes: readonly string[];
}

const monthly = ratio(15, 1000);

/** Stored and compared unrounded: rounding every month would be a cent off after a year. */
export function lateInterest(payment: LatePayment): LateInterest {
  const { currency, principal, dueOn, until } = payment;
  const since = sinceDue(dueOn, until);
  const contractual = balanceAfter(payment, since).minus(principal);
  const cap = lowest(payment, since);
  const interest = cap !== undefined && cap.interest.lessThan(contractual) ? cap.interest : contractual;
  const words = (value: Exactly) => moneyWords(value, currency);
  const capped = cap === undefined ? "" : `; at most ${words(cap.interest)} under the law of ${cap.law} (${cap.citation})`;
  return {
    currency,
    ...since,
    balance: inCurrency(principal.plus(contractual), currency),
    contractual: inCurrency(contractual, currency),
    ...(cap === undefined ? {} : { legalMaximum: { interest: inCurrency(cap.interest, currency), law: cap.law, citation: cap.citation } }),
    interest: inCurrency(interest, currency),
    derivation:
      `${words(principal)} due ${dayWords(dueOn)}, ${periodWords(payment, since)} to ${dayWords(until)} at 1.5 % a month compounded monthly = ` +
      `${words(principal.plus(contractual))}, interest ${words(contractual)}${capped}, AI-5c`,
    notes: notesOn(payment, since),
  };
}

interface SinceDue {
  readonly months: number;
  readonly days: number;
}

/** A month ends on the day number of the due day, clamped to the month's end. */
function sinceDue(dueOn: Day, until: Day): SinceDue {
  const from = Temporal.PlainDate.from(dueOn);
  const guess = from.until(Temporal.PlainDate.from(until), { largestUnit: "months" }).months;
  const after = (months: number) => from.add({ months }).toString() as Day;
  const months = after(guess + 1) <= until ? guess + 1 : guess;
  return { months, days: daysBetween(after(months), until) };
}

function balanceAfter({ principal, partMonths: part, dueOn, until }: LatePayment, { months, days }: SinceDue): Exactly {
  const grown = (power: Exactly | number) => principal.times(monthly.plus(1).pow(power));
  if (part === "exponent") return grown(ratio(daysBetween(dueOn, until) * 12, 365));
  const whole = grown(months);
  return part === "whole-months" ? whole : whole.times(monthly.times(ratio(days, 30)).plus(1));
}

interface Dated {
  readonly law: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the governing law says on the due day: nothing where nobody looked it up. */
export function inForce<T extends Dated>(maxima: readonly T[], governing: string | undefined, dueOn: string): readonly T[] {
  return maxima.filter(({ law, from, to }) => law === governing && (from === undefined || from <= dueOn) && (to === undefined || dueOn <= to));
}

/** Amounts for the same period are compared, not nominal rates: simple interest a year overtakes no compound one by its name. */
function lowest({ principal, partMonths: part, governingLaw, legalMaxima, dueOn, until }: LatePayment, { months, days }: SinceDue) {
  const years = part === "exponent" ? ratio(daysBetween(dueOn, until), 365) : ratio(months, 12).plus(part === "simple-days" ? ratio(days, 365) : ratio(0, 1));
  return inForce(legalMaxima, governingLaw, dueOn)
    .flatMap(({ law, citation, percentPerYear }) =>
      percentPerYear === "none" ? [] : [{ law, citation, interest: principal.times(percentPerYear).div(100).times(years) }],
    )
    .toSorted((one, other) => one.interest.comparedTo(other.interest))[0];
}

function periodWords({ partMonths: part, dueOn, until }: LatePayment, { months, days }: SinceDue): string {
  const whole = `${months} whole month${months === 1 ? "" : "s"}`;
  if (part === "exponent") return `${daysBetween(dueOn, until)} days`;
  return part === "simple-days" && days > 0 ? `${whole} and ${days} of 30 days` : whole;
}

function notesOn({ partMonths: part, governingLaw, legalMaxima, dueOn }: LatePayment, { days }: SinceDue): readonly string[] {
  const known = inForce(legalMaxima, governingLaw, dueOn);
  return [
    ...(part === "whole-months" && days > 0 ? [`${days} days of a month that is not over cost nothing: the documents are silent, counsel confirms.`] : []),
    ...known.flatMap(({ law, citation, percentPerYear }) => (percentPerYear === "none" ? [`The law of ${law} sets no maximum (${citation}).`] : [])),
    ...(known.length > 0 ? [] : ["No legal maximum of the governing law is on record: AI-5c asks for the lower of the two. Add it, with its citation."]),
  ];
}
