// What the ledger says about the review of a request, line by line.
import type { Reason } from "../../kernel/outcome.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export type LineDecision = "allow" | "deny" | "ask" | "counsel";

export interface LineVerdict {
  readonly line: string;
  readonly decision: LineDecision;
  readonly reasons: readonly Reason[];
  readonly citation: string;
}

export interface CheckAnswered {
  readonly type: "CheckAnswered";
  readonly check: string;
  readonly revision: number;
  readonly answer: "yes" | "no" | "not-applicable";
  readonly evidence?: Vaulted;
}

interface ReferralMade {
  readonly type: "ReferralMade";
}

export interface ReferralAnswered {
  readonly type: "ReferralAnswered";
  readonly answer: "agency-turns-to-customer" | "agency-declines";
}

export interface ReferralWaived {
  readonly type: "ReferralWaived";
  readonly ground: "law-prohibits" | "only-holder" | "customer-asked-us";
}

export interface ReviewSigned {
  readonly type: "ReviewSigned";
  readonly revision: number;
  readonly lines: readonly LineVerdict[];
  readonly packs: readonly string[];
}

interface RequestRejected {
  readonly type: "RequestRejected";
  readonly reasons: readonly Reason[];
}

interface SentToCounsel {
  readonly type: "SentToCounsel";
  readonly reasons: readonly Reason[];
}

export type ReviewFact = CheckAnswered | ReferralMade | ReferralAnswered | ReferralWaived | ReviewSigned | RequestRejected | SentToCounsel;
