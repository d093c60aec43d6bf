// What a production cost is recorded in whole numbers, and asked back where the law of the paper lets the company ask.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { unless } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { CaseFact } from "../case-facts.ts";
import { decision, evidenceOf, type Circumstances, type History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { findInstrument } from "../review/line-verdicts.ts";
import type { CostsRecorded } from "./events.ts";
import { releaseOf } from "./release-state.ts";

/** "12.5" → 1250. Text in and a whole number out: no sum of money ever passes through a fraction. */
const hundredths = z
  .string()
  .trim()
  .regex(/^\d{1,7}([.,]\d{1,2})?$/, "Enter a number with at most two decimals: 1.25.")
  .transform((text) => {
    const [whole, decimals = ""] = text.split(/[.,]/);
    return Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  });

const words = z.strictObject({
  work: z.string().trim().min(3).max(2000),
  expenses: z.string().trim().max(2000).optional(),
  /** Name and account, one line each. */
  payTo: z.string().trim().min(3).max(2000),
});
export type CostWords = z.output<typeof words>;

export const recordCosts = decision({
  name: "RecordCosts",
  label: "Record the costs and send the invoice",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("RecordCosts"),
    /** With at most two decimals: "1.25". */
    hours: hundredths,
    ratePerHour: hundredths,
    expenses: hundredths.optional(),
    currency: z.string().regex(/^[A-Z]{3}$/, "Enter the currency as three letters: USD."),
    /** The invoice that was written before was wrong, and this one takes its place. */
    replaces: z.boolean(),
    private: words,
  }),
  against: (history, at) => [...reasonsBeforeRelease(history, at), ...reasonsWithoutRule(history, at)],
  decide: ({ hours, ratePerHour, expenses = 0, currency, replaces }, history, at) => {
    const costs: Costs = { hundredthsOfHour: hours, centsPerHour: ratePerHour, expenseCents: expenses, currency };
    return unless([...nothingToPay(costs, at), ...reasonsAgainstSecond(replaces, history, at)], () => [
      { type: "CostsRecorded", ...costs, words: evidenceOf(at) } satisfies CaseFact,
    ]);
  },
});

type Costs = Omit<CostsRecorded, "type" | "words">;

function clauseOf({ policy }: Circumstances): string {
  return cite(policy, "KDRP-8", "IGRP-9");
}

function reasonsBeforeRelease(history: History, at: Circumstances): readonly Reason[] {
  if (releaseOf(history).released !== undefined) return [];
  return [
    { clause: clauseOf(at), code: "NOT_RELEASED", because: "Nothing has been released on this request. Costs are asked back for a production that was made." },
  ];
}

function reasonsWithoutRule(history: History, at: Circumstances): readonly Reason[] {
  const instrument = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument;
  if (instrument?.costs !== undefined) return [];
  const paper = instrument === undefined ? "No paper is known" : `The law of ${instrument.phrase} has no rule on costs (${instrument.citation})`;
  return [
    { clause: clauseOf(at), code: "NO_COSTS_RULE", because: `${paper}, so nothing can be asked back. A paper whose pack has such a rule would change this.` },
  ];
}

function nothingToPay({ hundredthsOfHour, centsPerHour, expenseCents }: Costs, at: Circumstances): readonly Reason[] {
  const work = (BigInt(hundredthsOfHour) * BigInt(centsPerHour) + 50n) / 100n;
  if (work + BigInt(expenseCents) > 0n) return [];
  return [{ clause: clauseOf(at), code: "NOTHING_TO_PAY", because: "The costs come to nothing. Enter hours and their rate, or expenses." }];
}

/** A second press of the button must not ask for the same money again. */
function reasonsAgainstSecond(replaces: boolean, history: History, at: Circumstances): readonly Reason[] {
  const isWritten = history.some(({ fact }) => fact.type === "CostsRecorded");
  if (isWritten === replaces) return [];
  const because = isWritten
    ? "The costs are on record and their invoice is written. Say that this one takes its place, where it was wrong."
    : "No invoice has been written that this one could take the place of. Say that it is the first.";
  return [{ clause: clauseOf(at), code: isWritten ? "COSTS_RECORDED" : "NO_INVOICE", because }];
}
