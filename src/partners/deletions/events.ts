// What the ledger says about return and deletion: requests, what is held back and why, store by store, and the certificate.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { Side } from "../../policy/contract-pack.ts";

interface DeletionAsked {
  readonly type: "DeletionAsked";
  readonly request: string;
  readonly receivedOn: Day;
  readonly how: "return" | "delete" | "both";
}

export const holdGrounds = {
  "legal-hold": "A legal hold",
  "us-preservation": "A preservation under 18 USC 2703(f)",
  "eu-preservation": "A European preservation order",
} as const;

/** A partner's hold counts when counsel has confirmed it: then it is recorded a second time. */
interface HoldPlaced {
  readonly type: "HoldPlaced";
  readonly hold: string;
  readonly store: string;
  readonly ground: keyof typeof holdGrounds;
  readonly until?: Day;
  /** Only this side lifts it. */
  readonly by: Side;
  readonly isConfirmed?: true;
  readonly paper?: Vaulted;
}

interface HoldLifted {
  readonly type: "HoldLifted";
  readonly hold: string;
  readonly on: Day;
}

export const storeKinds = { live: "Live system", backup: "Backup", recovery: "Recovery copy", archive: "Archive" } as const;

/** A store of the partner's that holds the company's data: named before it can be cleared. */
interface StoreNamed {
  readonly type: "StoreNamed";
  readonly store: string;
  readonly kind: keyof typeof storeKinds;
}

interface StoreCleared {
  readonly type: "StoreCleared";
  readonly store: string;
  readonly on: Day;
  readonly how: "returned" | "deleted" | "overwritten";
  readonly paper?: Vaulted;
}

interface CertificateAsked {
  readonly type: "CertificateAsked";
  readonly asked: string;
  readonly receivedAt: Instant;
}

interface CertificateGiven {
  readonly type: "CertificateGiven";
  readonly certificate: string;
  readonly at: Instant;
  /** The day through which it says that nothing is left. */
  readonly through: Day;
  readonly stores: readonly string[];
  readonly held: readonly string[];
  readonly paper?: Vaulted;
}

export type DeletionFact = DeletionAsked | HoldPlaced | HoldLifted | StoreNamed | StoreCleared | CertificateAsked | CertificateGiven;
