// Where a packing stands, so that one that was stopped can go on: what was done, what was sealed, and nothing that was not stored.
import type { Collected, CollectedRecord, ReadPlace, SourceFinding } from "../shapes.ts";
import type { BagFile } from "./bag.ts";

export interface ReadProgress {
  readonly source: string;
  readonly collection: string;
  readonly line: string;
  readonly records: number;
  /** Key of the last record that was packed, as it was packed. */
  readonly lastKey: string;
}

export const checkpointVersion = 2;

/**
 * One checkpoint. It holds the key of the package's payload and up to 64 KiB of plain records: whoever keeps it keeps it
 * sealed, and destroys it when the package is whole or given up. `newFiles` and `newPlaces` are those since the checkpoint
 * before, so all checkpoints of a packing are kept, in order.
 */
export interface PackingCheckpoint {
  readonly version: typeof checkpointVersion;
  /** How many were made before it. */
  readonly number: number;
  /** Everything was packed that there was: nothing is still to come. */
  readonly isComplete: boolean;
  /** Digest of the order: another order cannot go on with it. */
  readonly order: string;
  readonly seal: {
    /** Base64. */
    readonly payloadKey: string;
    readonly chunks: number;
    readonly bytes: number;
    /** Of the sealed bytes so far, lower-case hexadecimal. */
    readonly sha256: string;
    /** Plain bytes not sealed yet, Base64. */
    readonly tail: string;
  };
  readonly newFiles: readonly BagFile[];
  readonly reads: readonly ReadProgress[];
  readonly findings: readonly SourceFinding[];
  /** Of the last of the reads. */
  readonly newPlaces: readonly ReadPlace[];
  /** How many records that read had given before the last place it said; null where it said none. */
  readonly placed: number | null;
  /** How many parts of records each place has. */
  readonly parts: { readonly [place: string]: number };
  readonly columns: { readonly [place: string]: readonly string[] };
  readonly originals: number;
}

export type Done = Pick<PackingCheckpoint, "reads" | "findings">;
/** The key with which a record is packed: redaction changes one that holds what is taken out. */
export type PackedKey = (record: CollectedRecord) => string;

/**
 * What is still to come of a collection that starts from its beginning: for sources that cannot start in the middle. Ends
 * with a failure when the source no longer gives what was packed before.
 */
export async function* passOverDone(done: Done, collected: AsyncIterable<Collected>, keyOf: PackedKey): AsyncGenerator<Collected> {
  let findings = done.findings.length;
  const left = done.reads.filter(({ records }) => records > 0).map((read) => ({ read, records: read.records }));
  for await (const item of collected) {
    const [first] = left;
    if (item.kind === "finding" && findings > 0) {
      findings -= 1;
      continue;
    }
    if (item.kind !== "record" || first === undefined) {
      yield item;
      continue;
    }
    const { record } = item;
    const { read } = first;
    first.records -= 1;
    const isSame = record.source === read.source && record.collection === read.collection && record.line === read.line;
    if (!isSame || (first.records === 0 && keyOf(record) !== read.lastKey)) return yield changedSince(read);
    if (first.records === 0) left.shift();
  }
  const [unread] = left;
  if (unread !== undefined) yield changedSince(unread.read);
}

function changedSince({ source, collection, line, records }: ReadProgress): Collected {
  const what = "The source no longer gives what it gave before the packing was stopped. Pack again from the beginning.";
  return { kind: "failed", failure: { source, collection, line, step: "read", code: "CHANGED_SINCE", what, recordsBefore: records } };
}
