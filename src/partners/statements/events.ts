// What the ledger says about the monthly share: statements as they were made, and payments.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export interface StatementMade {
  readonly type: "StatementMade";
  readonly statement: string;
  /** `2026-03`. */
  readonly month: string;
  readonly currency: string;
  readonly gross: string;
  readonly taxes: string;
  readonly credits: string;
  readonly expenses: string;
  readonly sharePercent: number;
  readonly net: string;
  readonly share: string;
  /** A correction names the statement whose place it takes. */
  readonly replaces?: string;
  /** When it reached the company by another way; absent: when it was recorded. */
  readonly receivedAt?: Instant;
  /** Rows and SHA-256 of the sales ledger it was counted from. */
  readonly ledger?: { readonly rows: number; readonly sha256: string };
  readonly paper?: Vaulted;
}

interface SharePaid {
  readonly type: "SharePaid";
  readonly statement: string;
  readonly amount: string;
  readonly on: Day;
}

export type StatementFact = StatementMade | SharePaid;
