// What the ledger says about a challenge: while one is pending, nothing leaves.
import type { Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

/** What a challenge can rest on. */
export const challengeGrounds = [
  "wrong-issuer",
  "insufficient-process",
  "overbroad",
  "undue-burden",
  "vague",
  "privilege",
  "free-expression",
  "conflict-of-laws",
  "comity",
  "secrecy-unlawful",
  "not-held",
  "wrong-entity",
  "human-rights",
  "customer-objects",
  "other",
] as const;
export type ChallengeGround = (typeof challengeGrounds)[number];

export interface ChallengeOpened {
  readonly type: "ChallengeOpened";
  readonly challenge: string;
  readonly brought: "owner" | "desk";
  /** The route of the paper's law it takes: "motion to quash or modify". */
  readonly route?: string;
  readonly on?: readonly ChallengeGround[];
  readonly grounds: Vaulted;
}

/** Something happened in a challenge that is pending; the words lie in the vault. */
export interface ChallengeStepTaken {
  readonly type: "ChallengeStepTaken";
  readonly challenge: string;
  readonly step: "filed" | "interim-measures-asked" | "interim-measures-granted" | "interim-measures-refused" | "hearing-set" | "hearing-held" | "appealed";
  readonly on: Day;
  readonly papers: Vaulted;
}

export interface ChallengeResolved {
  readonly type: "ChallengeResolved";
  readonly challenge: string;
  readonly outcome: "upheld" | "narrowed" | "dismissed" | "withdrawn";
  /** Lines that may still be produced after an outcome that narrowed the request. */
  readonly lines?: readonly string[];
  /** Whether an appeal was brought; the reason for none lies with the ruling. */
  readonly appeal?: "brought" | "none";
  readonly ruling: Vaulted;
}

/** What the authority of our own state says of an order that another state sent us. */
export interface AuthorityAnswered {
  readonly type: "AuthorityAnswered";
  readonly answer: "cleared" | "refused" | "partial";
  /** Lines it leaves standing after a partial refusal. */
  readonly lines?: readonly string[];
  readonly evidence: Vaulted;
}

/** A reasoned objection that the law of another country forbids the answer. */
export interface ConflictRaised {
  readonly type: "ConflictRaised";
  readonly conflict: string;
  readonly reasons: Vaulted;
}

export interface ConflictDecided {
  readonly type: "ConflictDecided";
  readonly conflict: string;
  readonly upheld: boolean;
  readonly decision: Vaulted;
}

export type ChallengeFact = ChallengeOpened | ChallengeResolved | ChallengeStepTaken | AuthorityAnswered | ConflictRaised | ConflictDecided;
