// What production needs from the outside: sources that give up only what a plan names, and a packager that seals it.
import type { LedgerProof } from "../ledger/port.ts";
import type { NoteSigner } from "../ledger/signed-note.ts";
import type { Instant } from "../kernel/instant.ts";
import type { After, AskedLine, Collected, DataMap, Judge, LiveSchema, Plan, PlannedRead, Scope, SourceFailure, SourceFinding } from "../production/shapes.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { PackingCheckpoint } from "../production/package/packing-state.ts";

export interface Described {
  readonly schema: LiveSchema;
  /** What the source itself shows to be wrong or incomplete. An empty list is not a promise of completeness. */
  readonly findings: readonly SourceFinding[];
}

/** A place that holds customer data. It can be read, never written, and only through a planned read. */
export interface Source {
  readonly name: string;
  /** The columns there are now. Reads no customer data beyond what it takes to see them. */
  describe(): Promise<Described>;
  /** How many records the read would give. Nothing leaves. */
  count(read: PlannedRead, signal?: AbortSignal): Promise<Counted>;
  /**
   * The records, one at a time, with flat memory. Failures come as the last item and are never thrown; ending the
   * iteration early or aborting the signal releases what the read holds. A source that gives places tells its findings behind
   * the last of them, goes on `after` them as if it had not been cut off, and fails with `CHANGED_SINCE` where it cannot.
   */
  read(read: PlannedRead, signal?: AbortSignal, after?: After): AsyncIterable<Collected>;
  close(): Promise<void>;
}

export type Counted = { readonly kind: "counted"; readonly records: number } | { readonly kind: "failed"; readonly failure: SourceFailure };

/** Opening a source either gives it or says everything that stands against it. */
export type Opened =
  | { readonly kind: "open"; readonly source: Source; readonly findings: readonly SourceFinding[] }
  | { readonly kind: "refused"; readonly findings: readonly [SourceFinding, ...SourceFinding[]] };

/** Where package bytes go. Nothing is visible to a reader before `keep`; `drop` leaves no trace and may follow any failure. */
export interface PackageSink {
  /** The chunk's memory is used again once the promise settles: a sink that keeps bytes copies them. */
  write(chunk: Uint8Array): Promise<void>;
  /** Durable when it returns. */
  keep(): Promise<void>;
  drop(): Promise<void>;
  /** Makes what was written so far durable, before a checkpoint names it. */
  flush?(): Promise<void>;
  /** Ends the writing and leaves what was written, unseen, for a packing that goes on later. */
  pause?(): Promise<void>;
}

/** Where a packing that was stopped goes on: what is written comes after what is stored. */
export interface ResumableSink extends PackageSink {
  /** All bytes that are there, also those after the last checkpoint. Read once, before anything is written. */
  stored(): AsyncIterable<Uint8Array>;
}

/** Ways to seal for an agency that has no age. Their libraries cannot go on in the middle. */
export type OtherSealing =
  /** One OpenPGP public key, armored, that was found usable. */
  | { readonly kind: "openpgp"; readonly key: string }
  /** An AES-256 ZIP that holds the tar. The passphrase is ours, of 100 bits at least; it goes another way and is kept nowhere. */
  | { readonly kind: "passphrase-zip"; readonly passphrase: string };

/** How a package is sealed: nothing leaves unencrypted (KDRP-8). A weaker way is taken only where the officer can do no better. */
export type Sealing = { readonly kind: "age"; readonly recipients: Recipients } | OtherSealing;

/** age recipients (`age1…`). */
export type Recipients = readonly [string, ...string[]];

/** Who declares the package to be what it is, and when. Names stand here because they leave with the package. */
interface CustodianDeclaration {
  readonly custodian: string;
  readonly organisation: string;
  readonly declaredAt: Instant;
  /** One sentence a line whose records come from a copy that was sealed earlier. */
  readonly keptCopies?: readonly string[];
}

export interface PackageOrder {
  readonly recipients: Recipients;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly maps: readonly DataMap[];
  /** Every line that was asked, the denied ones too. A produced line's `why` goes with each of its records. */
  readonly asked: readonly AskedLine[];
  readonly declaration: CustodianDeclaration;
  readonly proof?: LedgerProof;
  readonly packagedAt: Instant;
  readonly judge: Judge;
  /** Signs the manifest: the desk's log key, or a key for productions. Absent: the package says nothing about who made it. */
  readonly sign?: NoteSigner;
  /** How many passages were taken out, by reason code. Asked when every record is packed, since only then it is known. */
  readonly redactions?: () => { readonly [reason: string]: number };
  /**
   * Asks for checkpoints: where much was sealed, always right behind a record and before the next one is asked for. What it is
   * given must be kept sealed before it returns.
   */
  readonly onCheckpoint?: (checkpoint: PackingCheckpoint) => Promise<void>;
}

/** A whole package, and how it is sealed anew. */
export interface Resealing {
  /** Opens the package as it is: an age identity that was made for this. */
  readonly identity: string;
  readonly package: AsyncIterable<Uint8Array>;
  readonly sealing: OtherSealing;
  readonly caseId: string;
  readonly packagedAt: Instant;
}

export interface SealedFile {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface PackageFigures {
  readonly records: number;
  readonly recordsByDataType: { readonly [dataType: string]: number };
  readonly recordsByLine: { readonly [line: string]: number };
  readonly files: number;
  /** Of the payload inside the bag, as its Payload-Oxum says. */
  readonly payloadBytes: number;
}

export type Packed =
  /** Digest and bytes are of the encrypted file. */
  | ({ readonly kind: "packed"; readonly figures: PackageFigures; readonly findings: readonly SourceFinding[] } & SealedFile)
  /** The checker found a record outside the scope. `key` names it in its source; the sink was dropped. */
  | {
      readonly kind: "outside";
      readonly source: string;
      readonly collection: string;
      readonly line: string;
      readonly key: string;
      readonly reasons: readonly [Reason, ...Reason[]];
    }
  /** A source failed midway; the sink was dropped. */
  | { readonly kind: "failed"; readonly failure: SourceFailure };

/** `not-resumable`: the checkpoints, the order, the store and the sources do not fit together any more. Nothing was written; pack again from the beginning, with a key of its own. */
export type Resumed = Packed | { readonly kind: "not-resumable"; readonly because: string };

export interface Packager {
  /**
   * Packs in one pass. Everything but `packed` has dropped the sink; it throws, after dropping it, when the sink itself fails.
   * With `onCheckpoint` a failing source pauses the sink instead, where it can pause.
   */
  pack(order: PackageOrder, collected: AsyncIterable<Collected>, sink: PackageSink): Promise<Packed>;
  /**
   * Goes on with a packing that was stopped: all its checkpoints in order, the same order, what was not packed before the
   * last checkpoint, and a sink over what is stored. The package is the one that would have been without the stop.
   */
  resume(checkpoints: readonly PackingCheckpoint[], order: PackageOrder, collectedFromThere: AsyncIterable<Collected>, sink: ResumableSink): Promise<Resumed>;
  /** Opens a whole package piece by piece and seals the same plain bytes another way. Throws, after dropping the sink, when either fails. */
  reseal(resealing: Resealing, sink: PackageSink): Promise<SealedFile>;
}

/** What gives the records of planned reads, wherever they lie and whatever way leads to them. */
export interface Collector {
  count(read: PlannedRead, signal?: AbortSignal): Promise<Counted>;
  /** As `Source.read`. */
  read(read: PlannedRead, signal?: AbortSignal, after?: After): AsyncIterable<Collected>;
}

export interface ReadCount {
  readonly read: PlannedRead;
  readonly counted: Counted;
}

/** What `--dry-run` shows: the plan's reads with their counts. No record leaves its source. */
export async function countPlan(plan: Pick<Plan, "reads">, collector: Collector, signal?: AbortSignal): Promise<readonly ReadCount[]> {
  const counts: ReadCount[] = [];
  for (const read of plan.reads) counts.push({ read, counted: await collector.count(read, signal) });
  return counts;
}

/** The plan's records in its order, those of its first read `after` what that gave before. Stops after the first failure. */
export async function* collectPlan(plan: Pick<Plan, "reads">, collector: Collector, signal?: AbortSignal, after?: After): AsyncGenerator<Collected> {
  for (const [index, read] of plan.reads.entries()) {
    for await (const item of collector.read(read, signal, index === 0 ? after : undefined)) {
      yield item;
      if (item.kind === "failed") return;
    }
  }
}
