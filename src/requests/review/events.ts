// What the ledger says about the review of a request, line by line.
import type { Reason } from "../../kernel/outcome.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export type LineDecision = "allow" | "deny" | "ask" | "counsel";

export interface LineVerdict {
  readonly line: string;
  readonly decision: LineDecision;
  readonly reasons: readonly Reason[];
  /** What is to be known of a line that the paper reaches: nothing here stands against it. */
  readonly notes?: readonly Reason[];
  readonly citation: string;
  /** Which row of which version decided: `us@2026.1 US-SW`. */
  readonly rule?: string;
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

/** The agency was asked to make the paper clear; the law says what stands still meanwhile. */
interface ClarificationAsked {
  readonly type: "ClarificationAsked";
  readonly points: readonly Reason[];
}

interface ClarificationAnswered {
  readonly type: "ClarificationAnswered";
  readonly answer: Vaulted;
}

/** Why data under another country's protection may go: an agreement between states, or a derogation that two different people found. */
interface TransferGroundRecorded {
  readonly type: "TransferGroundRecorded";
  readonly ground: "agreement" | "derogation";
  /** Of the details it was found for: other places are another question. */
  readonly revision: number;
  readonly evidence: Vaulted;
}

/** The decision on an emergency request where a policy has switched such disclosure on. */
interface EmergencyDecided {
  readonly type: "EmergencyDecided";
  /** The officer's supervisor has vouched for the facts. */
  readonly supervisorAttests: boolean;
  readonly revision: number;
  readonly facts: Vaulted;
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

export type ReviewFact =
  | ClarificationAsked
  | ClarificationAnswered
  | TransferGroundRecorded
  | EmergencyDecided
  | CheckAnswered
  | ReferralMade
  | ReferralAnswered
  | ReferralWaived
  | ReviewSigned
  | RequestRejected
  | SentToCounsel;
