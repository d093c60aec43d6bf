// The ledger as the rest of the program sees it: facts go in once, in order, and can be proved afterwards.
import type { Actor, DeskId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/instant.ts";
import type { Json } from "./canonical-json.ts";
import type { TileName } from "./tiles.ts";

/** Any fact: a `type` in the past tense and codes, dates, counts, clause ids, digests and references. */
export type FactBody = { readonly type: string } & { readonly [name: string]: Json | undefined };

/** A fact as it stands in the ledger. `version` counts from 1 within its stream without gaps. */
export interface Recorded<Fact = FactBody> {
  readonly desk: DeskId;
  readonly stream: string;
  readonly version: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly fact: Fact;
}

/** A recorded fact that a checkpoint covers. `position` counts from 0 within the desk without gaps. */
export interface Sealed<Fact = FactBody> extends Recorded<Fact> {
  readonly position: number;
}

/** Rows that must be there exactly when the facts are: they are written in the same transaction. */
export interface Alongside {
  readonly vault?: readonly VaultRow[];
  readonly caseKeys?: readonly CaseKeyRow[];
  readonly letters?: readonly OutboxRow[];
  readonly claims?: readonly Claim[];
}

/** A sealed value: `ciphertext` opens only with the case key; `commitment` is what facts may carry. */
export interface VaultRow {
  readonly ref: string;
  readonly caseId: string;
  readonly ciphertext: Uint8Array;
}

interface CaseKeyRow {
  readonly caseId: string;
  readonly wrappedKey: Uint8Array;
}

/** A letter that waits to be sent. `content` is a vault reference; the letter's id is its idempotency key. */
export interface OutboxRow {
  readonly letterId: string;
  readonly stream: string;
  readonly content: string;
}

/** A key that one stream may hold, such as a keyed digest of a Message-ID: the second claimant is told who was first. */
export interface Claim {
  readonly key: string;
}

export interface Append {
  readonly desk: DeskId;
  readonly stream: string;
  /** The version the decision was made on; 0 for a stream that must not exist yet. */
  readonly expectedVersion: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly facts: readonly FactBody[];
  readonly alongside?: Alongside;
}

export type Appended =
  | { readonly kind: "appended"; readonly version: number }
  | { readonly kind: "conflict" }
  | { readonly kind: "claimed"; readonly key: string; readonly stream: string };

/** A proof that one entry is in the tree a checkpoint covers (RFC 6962), with what opens the entry's commitment. */
export interface LedgerProof {
  readonly position: number;
  readonly treeSize: number;
  /** Base64 sibling hashes, leaf side first. */
  readonly path: readonly string[];
  /** The signed note (C2SP tlog-checkpoint) the path leads to. */
  readonly checkpoint: string;
  /** Base64 32-byte salt of the entry's commitment. */
  readonly salt: string;
  /** The recorded fact in canonical JSON: what the commitment covers. */
  readonly record: string;
}

export interface Checkpoint {
  readonly desk: DeskId;
  readonly size: number;
  /** Base64 root hash. */
  readonly root: string;
  readonly note: string;
  readonly at: Instant;
}

export interface Ledger {
  /** All or nothing, durable when it returns. A lost race gives `conflict`; a taken claim gives `claimed`. */
  append(request: Append): Promise<Appended>;
  /** The stream's facts in version order; empty when it does not exist. */
  readStream(desk: DeskId, stream: string): Promise<readonly Recorded[]>;
  /** Sealed facts from `from` (inclusive) in position order, at most `limit`. */
  readSealed(desk: DeskId, from: number, limit: number): Promise<readonly Sealed[]>;
  /** Gives every recorded fact its position and signs a checkpoint; returns the newest one, or none for an empty desk. */
  seal(desk: DeskId, at: Instant): Promise<Checkpoint | undefined>;
  findCheckpoint(desk: DeskId): Promise<Checkpoint | undefined>;
  /** The proof for one fact against the newest checkpoint; none while it is only recorded. */
  findProof(desk: DeskId, stream: string, version: number): Promise<LedgerProof | undefined>;
}

/** What anybody may read of a log (C2SP tlog-tiles): enough to check it alone, and nothing about what happened. */
export interface PublicLog {
  findCheckpoint(desk: DeskId): Promise<Checkpoint | undefined>;
  /** A tile or an entry bundle as bytes; undefined when the newest checkpoint does not cover its full width. */
  findTile(desk: DeskId, name: TileName): Promise<Uint8Array | undefined>;
  /** Base64 hashes that lead from an older size to the newest checkpoint; undefined for size 0 and sizes not reached. */
  findConsistency(desk: DeskId, oldSize: number): Promise<{ readonly checkpoint: Checkpoint; readonly path: readonly string[] } | undefined>;
}
