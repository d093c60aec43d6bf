// What the ledger says about a challenge: while one is pending, nothing leaves.
import type { Vaulted } from "../../kernel/vaulted.ts";

export interface ChallengeOpened {
  readonly type: "ChallengeOpened";
  readonly challenge: string;
  readonly brought: "owner" | "desk";
  readonly grounds: Vaulted;
}

export interface ChallengeResolved {
  readonly type: "ChallengeResolved";
  readonly challenge: string;
  readonly outcome: "upheld" | "narrowed" | "dismissed" | "withdrawn";
  /** Lines that may still be produced after an outcome that narrowed the request. */
  readonly lines?: readonly string[];
  /** Why no appeal was brought, when none was. */
  readonly ruling: Vaulted;
}

export type ChallengeFact = ChallengeOpened | ChallengeResolved;
