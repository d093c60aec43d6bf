// What the ledger says about papers that confirm standing duties, about data sets and models, and about subcontracts.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

interface PaperFiled {
  readonly type: "PaperFiled";
  readonly filing: string;
  readonly paper: string;
  /** The day it speaks of: of the test, the signature, the report. */
  readonly on: Day;
  /** Its own last day, where it has one. */
  readonly until?: Day;
  /** When it reached the company by another way; absent: when it was recorded. */
  readonly receivedAt?: Instant;
  readonly confirms: readonly string[];
  /** Which of several proofs it is. */
  readonly proof?: string;
  readonly shows: readonly string[];
  /** Figures it states, by clause. */
  readonly figures: Readonly<Record<string, number>>;
  /** Findings that it leaves open; each has an agreed day in the remediation plan. */
  readonly openFindings: number;
  readonly highFindings: number;
  readonly text?: Vaulted;
}

/** The company found that a paper was wrong. */
interface PaperRejected {
  readonly type: "PaperRejected";
  readonly filing: string;
  readonly isFalse: boolean;
  readonly text?: Vaulted;
}

/** A set of data or a model, with what it was made from (AI-2). */
interface DataSetRecorded {
  readonly type: "DataSetRecorded";
  readonly dataSet: string;
  readonly kind: "data" | "model";
  readonly isVendorData: boolean;
  readonly madeFrom: readonly string[];
}

interface DataSetUsed {
  readonly type: "DataSetUsed";
  readonly dataSet: string;
  readonly purpose: "partnership" | "own-product" | "other-product";
  readonly on: Day;
}

interface SubcontractSigned {
  readonly type: "SubcontractSigned";
  readonly subcontract: string;
  readonly on: Day;
  readonly currency: string;
  readonly amount: string;
  readonly flowsDown: boolean;
}

export type AttestationFact = PaperFiled | PaperRejected | DataSetRecorded | DataSetUsed | SubcontractSigned;
