// What the ledger says about what was collected, checked, approved and handed over.
import type { Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export interface PlanCompiled {
  readonly type: "PlanCompiled";
  readonly revision: number;
  /** SHA-256 of the plan as the package carries it, hexadecimal. */
  readonly plan: string;
  readonly reads: readonly {
    readonly source: string;
    readonly collection: string;
    readonly line: string;
    readonly columns: readonly string[];
    readonly expected: number;
  }[];
  readonly nothingHeld: readonly string[];
  readonly scope: Vaulted;
}

export interface RecordsChecked {
  readonly type: "RecordsChecked";
  readonly plan: string;
  readonly passed: boolean;
  readonly records: number;
  readonly outside: number;
}

interface ReleaseApproved {
  readonly type: "ReleaseApproved";
  readonly plan: string;
}

export interface PackageSealed {
  readonly type: "PackageSealed";
  readonly plan: string;
  readonly package: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly object: string;
  /** Records by data type. */
  readonly records: { readonly [dataType: string]: number };
  readonly accounts: number;
}

export interface ProductionReleased {
  readonly type: "ProductionReleased";
  readonly package: string;
  readonly expiresAt: Instant;
  readonly downloads: number;
  readonly link: string;
}

interface ProductionDownloaded {
  readonly type: "ProductionDownloaded";
  readonly package: string;
  readonly nth: number;
}

export interface ProductionExpired {
  readonly type: "ProductionExpired";
  readonly package: string;
  /** Nobody had fetched it: an alarm, not a routine. */
  readonly unread: boolean;
}

/** What the production cost, in whole numbers only; a later one takes the place of an earlier one. */
export interface CostsRecorded {
  readonly type: "CostsRecorded";
  /** 125 is an hour and a quarter. */
  readonly hundredthsOfHour: number;
  readonly centsPerHour: number;
  readonly expenseCents: number;
  /** ISO 4217. */
  readonly currency: string;
  /** What was done, what was spent, and where to pay. */
  readonly words: Vaulted;
}

export interface CaseClosed {
  readonly type: "CaseClosed";
  readonly outcome: Outcome;
}
/** The answer states of the transparency report, one a case. */
export type Outcome = "produced_full" | "produced_partial" | "rejected" | "referred" | "withdrawn" | "challenged" | "no_records" | "not_a_request";

export type DisclosureFact =
  | PlanCompiled
  | RecordsChecked
  | ReleaseApproved
  | PackageSealed
  | ProductionReleased
  | ProductionDownloaded
  | ProductionExpired
  | CostsRecorded
  | CaseClosed;
