// What the ledger says about government requests that reach a partner: receipt, silence, assessment, challenge and what was given.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export const servedOnWords = { partner: "The partner", "sub-processor": "One of its sub-processors" } as const;

/** Recorded again by counsel as a correction, it takes the place of the first. */
interface AccessRequestSeen {
  readonly type: "AccessRequestSeen";
  readonly request: string;
  readonly receivedAt: Instant;
  readonly servedOn: keyof typeof servedOnWords;
  readonly isBinding: boolean;
  readonly country: string;
  readonly isCorrection?: true;
}

/** The notice to the company, with the summary that the clause asks for. */
interface AccessRequestTold {
  readonly type: "AccessRequestTold";
  readonly request: string;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

interface TellingForbidden {
  readonly type: "TellingForbidden";
  readonly request: string;
  readonly from: Instant;
  readonly paper?: Vaulted;
}

interface ProhibitionEnded {
  readonly type: "ProhibitionEnded";
  readonly request: string;
  readonly at: Instant;
}

interface WaiverTried {
  readonly type: "WaiverTried";
  readonly request: string;
  readonly at: Instant;
  readonly answer: "pending" | "granted" | "refused";
  readonly paper?: Vaulted;
}

interface LawfulnessAssessed {
  readonly type: "LawfulnessAssessed";
  readonly request: string;
  readonly hasGrounds: boolean;
  /** The last day on which the local law lets it be challenged. */
  readonly challengeBy?: Day;
  readonly paper?: Vaulted;
}

interface AccessChallenged {
  readonly type: "AccessChallenged";
  readonly request: string;
  readonly step: "challenge" | "appeal";
  readonly on: Day;
  readonly asksSuspension: boolean;
  readonly paper?: Vaulted;
}

interface ChallengeRuled {
  readonly type: "ChallengeRuled";
  readonly request: string;
  readonly outcome: "upheld" | "narrowed" | "rejected";
  readonly on: Day;
  /** The last day for an appeal; absent: there is none. */
  readonly appealBy?: Day;
  readonly paper?: Vaulted;
}

interface PartnerDisclosed {
  readonly type: "PartnerDisclosed";
  readonly request: string;
  readonly on: Day;
  readonly asked: number;
  readonly given: number;
  readonly paper?: Vaulted;
}

/** A public body reached data without asking (IGRP-2). */
interface DirectAccessFound {
  readonly type: "DirectAccessFound";
  readonly access: string;
  readonly knownAt: Instant;
  readonly paper?: Vaulted;
}

interface DirectAccessTold {
  readonly type: "DirectAccessTold";
  readonly access: string;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

export type AccessNoticeFact =
  | AccessRequestSeen
  | AccessRequestTold
  | TellingForbidden
  | ProhibitionEnded
  | WaiverTried
  | LawfulnessAssessed
  | AccessChallenged
  | ChallengeRuled
  | PartnerDisclosed
  | DirectAccessFound
  | DirectAccessTold;
