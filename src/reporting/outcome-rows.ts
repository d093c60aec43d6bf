// Says for every answer a case can have which row of each report it is: one code, one row.
import type { Outcome } from "../requests/disclosure/events.ts";
import type { CountedOutcome } from "./tally.ts";

/** How the statistics of the e-Evidence Regulation see an answer: fulfilled, wholly or in part; not fulfilled; not yet known. */
export type Fulfilment = "fulfilled" | "fulfilled-in-part" | "not-fulfilled" | "open";

interface OutcomeRow {
  /** The row, and the column of the yearly table. */
  readonly row: CountedOutcome;
  readonly fulfilment: Fulfilment;
}

const rows = {
  produced_full: { row: "produced_full", fulfilment: "fulfilled" },
  produced_partial: { row: "produced_partial", fulfilment: "fulfilled-in-part" },
  rejected: { row: "rejected", fulfilment: "not-fulfilled" },
  referred: { row: "referred", fulfilment: "not-fulfilled" },
  withdrawn: { row: "withdrawn", fulfilment: "not-fulfilled" },
  challenged: { row: "challenged", fulfilment: "not-fulfilled" },
  no_records: { row: "no_records", fulfilment: "not-fulfilled" },
  pending: { row: "pending", fulfilment: "open" },
} as const satisfies Readonly<Record<CountedOutcome, OutcomeRow>>;

/** The row of the transparency report. `not_a_request` was never one and is in none. */
export function reportRowOf(code: CountedOutcome): CountedOutcome;
export function reportRowOf(code: CountedOutcome | Outcome): CountedOutcome | undefined;
export function reportRowOf(code: CountedOutcome | Outcome): CountedOutcome | undefined {
  return code === "not_a_request" ? undefined : rows[code].row;
}

export function fulfilmentOf(code: CountedOutcome): Fulfilment {
  return rows[code].fulfilment;
}
