// What the ledger says about security breaches: first suspicion, each notice with what it held, and the end.
import type { Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { breachBlocks, breachMailboxes } from "./breach-clock.ts";

/** Recorded again by counsel as a correction, it takes the place of the first. */
interface BreachSuspected {
  readonly type: "BreachSuspected";
  readonly breach: string;
  readonly suspectedAt: Instant;
  readonly touchesPersonalData: boolean;
  readonly causedByPartner: boolean;
  readonly isCorrection?: true;
}

interface BreachTold {
  readonly type: "BreachTold";
  readonly breach: string;
  readonly at: Instant;
  readonly to: readonly (typeof breachMailboxes)[number][];
  readonly blocks: readonly (typeof breachBlocks)[number][];
  readonly paper?: Vaulted;
}

interface BreachClosed {
  readonly type: "BreachClosed";
  readonly breach: string;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

export type BreachFact = BreachSuspected | BreachTold | BreachClosed;
