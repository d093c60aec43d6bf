// How much a party can owe the other: fifty dollars or what the partner paid in the twelve months before, whichever is more (PPT-11).
import { z } from "zod";
import type { Day } from "../../kernel/instant.ts";
import { exactly, inCurrency, moneyWords, ratio, type Exactly } from "../../kernel/money.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { currencyCode, dayText, sum } from "../calculation.ts";

/** `fee`: for an upgrade or a renewal. `commission`: the share of AI revenues, which the literal text does not name. */
const paymentKinds = ["fee", "commission"] as const;

/** What a part of a claim is for. `indirect` is excluded altogether; the others in this list lie outside the cap. */
const claimKinds = [
  "direct",
  "indirect",
  "death-or-injury",
  "fraud",
  "non-excludable",
  "payment-duty",
  "ip-indemnity",
  "ai-commission",
  "ai-indemnity",
  "data-indemnity",
  "corruption-indemnity",
] as const;
type ClaimKind = (typeof claimKinds)[number];

export const liabilityQuestion = z.strictObject({
  currency: currencyCode.default(() => currencyCode.parse("USD")),
  /** The day of the event that gave rise to the claim. */
  eventOn: dayText,
  /** What the partner paid; payments to the partner do not count. */
  payments: z.array(z.strictObject({ on: dayText, amount: sum, kind: z.enum(paymentKinds).default("fee") })).max(100_000),
  claim: z
    .array(z.strictObject({ kind: z.enum(claimKinds), amount: sum }))
    .max(1000)
    .default([]),
});
export type LiabilityQuestion = z.output<typeof liabilityQuestion>;

/** What one reading of the text comes to. */
interface CapReading {
  readonly paid: string;
  readonly cap: string;
  /** Of the claim: lost altogether, owed whatever the cap, and held under it. */
  readonly excluded: string;
  readonly outsideCap: string;
  readonly underCap: string;
  /** `outsideCap` and what the cap leaves of `underCap`. */
  readonly owed: string;
}

export interface LiabilityCap {
  readonly currency: string;
  /** The first day that counts, and the day of the event, which does not. */
  readonly from: Day;
  readonly to: Day;
  /** In force until a named person elects the other. */
  readonly literal: CapReading;
  readonly extended: CapReading;
  readonly derivation: string;
  readonly notes: readonly string[];
}

const least = exactly("50");

const everOutside: readonly ClaimKind[] = ["death-or-injury", "fraud", "non-excludable", "payment-duty", "ip-indemnity"];
/** The same kind of duty in an exhibit, which the sentence about sections 5 and 13 does not name. */
const outsideWhenExtended: readonly ClaimKind[] = ["ai-commission", "ai-indemnity", "data-indemnity", "corruption-indemnity"];

/** The cap is a sum in dollars; the question is asked in one currency, and in another one than dollars its least sum is counsel's to convert. */
export function liabilityCap(question: LiabilityQuestion): LiabilityCap {
  const { currency, eventOn, payments, claim } = question;
  const from = Temporal.PlainDate.from(eventOn).subtract({ months: 12 }).toString() as Day;
  const counted = payments.filter(({ on }) => from <= on && on < eventOn);
  const fees = total(counted.filter(({ kind }) => kind === "fee"));
  const literal = reading(question, fees, everOutside);
  const extended = reading(question, total(counted), [...everOutside, ...outsideWhenExtended]);
  return {
    currency,
    from,
    to: eventOn,
    literal,
    extended,
    derivation: `paid from ${dayWords(from)} until the day before ${dayWords(eventOn)}: ${moneyWords(fees, currency)}; the cap is the greater of ${moneyWords(least, currency)} and that, ${moneyWords(larger(least, fees), currency)}, PPT-11`,
    notes: [
      ...(literal.cap === extended.cap && literal.owed === extended.owed
        ? []
        : [
            "The two readings differ: the text names sections 5 and 13 only, and the exhibits have payments and indemnities of their own (X-27). Counsel elects.",
          ]),
      ...((currency as string) === "USD" ? [] : ["The least cap is fifty US dollars; counsel says what that is in this currency."]),
      ...(claim.some(({ kind }) => kind === "indirect")
        ? ["Indirect loss is excluded altogether; only what no law lets a party exclude would change this."]
        : []),
    ],
  };
}

function reading({ currency, claim }: LiabilityQuestion, paid: Exactly, outside: readonly ClaimKind[]): CapReading {
  const cap = larger(least, paid);
  const excluded = total(claim.filter(({ kind }) => kind === "indirect"));
  const outsideCap = total(claim.filter(({ kind }) => outside.includes(kind)));
  const underCap = total(claim.filter(({ kind }) => kind !== "indirect" && !outside.includes(kind)));
  const write = (value: Exactly) => inCurrency(value, currency);
  return {
    paid: write(paid),
    cap: write(cap),
    excluded: write(excluded),
    outsideCap: write(outsideCap),
    underCap: write(underCap),
    owed: write(outsideCap.plus(underCap.greaterThan(cap) ? cap : underCap)),
  };
}

function total(parts: readonly { readonly amount: Exactly }[]): Exactly {
  return parts.reduce((all, { amount }) => all.plus(amount), ratio(0, 1));
}

function larger(one: Exactly, other: Exactly): Exactly {
  return other.greaterThan(one) ? other : one;
}
