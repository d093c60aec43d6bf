// What the ledger says about data kept for an agency: a sealed snapshot with a last day, never produced without process.
import type { Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

/**
 * The desk begins to read and seal. Recorded before the first byte is written: a snapshot that was begun and never sealed
 * is half a snapshot, is found by this fact, and is destroyed.
 */
interface SnapshotBegun {
  readonly type: "SnapshotBegun";
  readonly preservation: string;
  /** Revision of the details whose lines are kept. */
  readonly revision: number;
}

/** Half a snapshot is given up: whatever was written for it goes, and nothing may be sealed under its id any more. */
interface SnapshotAbandoned {
  readonly type: "SnapshotAbandoned";
  readonly preservation: string;
}

/** The snapshot of what the plan for these lines would read, sealed; nobody has seen it and nothing has left. */
export interface SnapshotSealed {
  readonly type: "SnapshotSealed";
  readonly preservation: string;
  readonly revision: number;
  readonly object: string;
  /** SHA-256 of the snapshot as it was sealed, hexadecimal. It starts with random bytes, so the digest tells nothing of what it holds. */
  readonly sha256: string;
  readonly bytes: number;
  /** Records by data type; a type that was looked for and not held stands with zero. */
  readonly records: { readonly [dataType: string]: number };
}

/** A plan under a compulsory paper reads from the snapshot what it covers, and not from the live source. */
export interface SnapshotOpened {
  readonly type: "SnapshotOpened";
  readonly preservation: string;
  /** The case that keeps it; absent: this one. */
  readonly from?: string;
  /** Digest of that plan. */
  readonly plan: string;
  /** How many of its records the plan takes from the snapshot. */
  readonly records: number;
}

/** The agency asked for more time and the law gives it. */
export interface PreservationRenewed {
  readonly type: "PreservationRenewed";
  readonly preservation: string;
  /** The last day it is kept now. */
  readonly until: Day;
  /** The renewed request, sealed. */
  readonly request?: Vaulted;
}

export interface PreservationEnded {
  readonly type: "PreservationEnded";
  readonly preservation: string;
  /** `process-followed`: a compulsory paper came, and the snapshot served its production. */
  readonly how: "expired" | "released" | "process-followed";
  /** Why counsel let go of it, sealed. */
  readonly reason?: Vaulted;
}

/** The snapshot's bytes and its key are gone; the digest says which. */
export interface SnapshotDestroyed {
  readonly type: "SnapshotDestroyed";
  readonly preservation: string;
  readonly object: string;
  readonly sha256: string;
}

/** In the case of a paper that compels production: what another case keeps answers it. */
export interface KeptCopyLinked {
  readonly type: "KeptCopyLinked";
  readonly from: string;
  readonly preservation: string;
}

/** In the case that keeps: the paper of another case waits for this snapshot, which stays until that case has ended. */
export interface ProcessLinked {
  readonly type: "ProcessLinked";
  readonly preservation: string;
  readonly case: string;
}

/** In the case that keeps: the case that waited has ended. */
export interface LinkedProcessEnded {
  readonly type: "LinkedProcessEnded";
  readonly preservation: string;
  readonly case: string;
  /** How many of the snapshot's records its production took; absent: it ended without a production. */
  readonly records?: number;
}

export type PreservationFact =
  | SnapshotBegun
  | SnapshotAbandoned
  | SnapshotSealed
  | SnapshotOpened
  | KeptCopyLinked
  | ProcessLinked
  | LinkedProcessEnded
  | PreservationRenewed
  | PreservationEnded
  | SnapshotDestroyed;
