// The partner's monthly share: net revenue from five lines, and thirty per cent of it (AI-5a, AI-5b).
import { z } from "zod";
import { inCurrency, moneyWords, ratio, type Exactly } from "../../kernel/money.ts";
import { currencyCode, sum } from "../calculation.ts";

const deduction = sum.refine((value) => !value.isNegative() || value.isZero(), "What is deducted is written without a minus.");

export const revenueMonth = z.strictObject({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "A month is written 2026-03."),
  currency: currencyCode,
  /** Received for the AI Product through the marketplace in that month. */
  gross: deduction,
  taxes: deduction,
  /** Credits to customers. */
  credits: deduction,
  /** The vendor's expenses that are directly attributable. */
  expenses: deduction,
  /** Whole per cent; 30 by AI-5a, another one only by an election (X-11). */
  sharePercent: z.int().min(0).max(100).default(30),
});
export type RevenueMonth = z.output<typeof revenueMonth>;

interface StatementLine {
  readonly label: string;
  readonly sum: string;
  readonly clause: string;
}

export interface RevenueShare {
  readonly month: string;
  readonly currency: string;
  /** All five lines that a statement must show, in order; then the share. */
  readonly lines: readonly StatementLine[];
  readonly net: string;
  readonly share: string;
  readonly derivation: string;
  readonly notes: readonly string[];
}

/** Unrounded; below zero in a month that lost money. */
function netRevenue({ gross, taxes, credits, expenses }: Pick<RevenueMonth, "gross" | "taxes" | "credits" | "expenses">): Exactly {
  return gross.minus(taxes).minus(credits).minus(expenses);
}

/** Unrounded; never below zero: the documents know no carrying forward, so a lost month gives nothing and takes nothing. */
function shareOf(month: RevenueMonth): Exactly {
  const net = netRevenue(month);
  return net.isNegative() ? ratio(0, 1) : net.times(ratio(month.sharePercent, 100));
}

export function revenueShare(month: RevenueMonth): RevenueShare {
  const { currency, sharePercent } = month;
  const net = netRevenue(month);
  const share = shareOf(month);
  const line = (label: string, value: Exactly, clause = "AI-5b"): StatementLine => ({ label, sum: inCurrency(value, currency), clause });
  const words = (value: Exactly) => moneyWords(value, currency);
  const { gross, taxes, credits, expenses } = month;
  return {
    month: month.month,
    currency,
    lines: [
      line("Gross revenue", gross),
      line("Taxes", taxes),
      line("Credits to customers", credits),
      line("Directly attributable expenses", expenses),
      line("Net revenue", net),
      line(`Share of ${sharePercent} %`, share, "AI-5a"),
    ],
    net: inCurrency(net, currency),
    share: inCurrency(share, currency),
    derivation: `${words(gross)} − ${words(taxes)} − ${words(credits)} − ${words(expenses)} = ${words(net)}; ${net.isNegative() ? "below zero, so the share is" : `× ${sharePercent} % =`} ${words(share)}, AI-5a`,
    notes: net.isNegative()
      ? ["A month below zero is not carried forward: the documents do not say so, and the house default is no carrying (X-12). Counsel confirms."]
      : [],
  };
}
