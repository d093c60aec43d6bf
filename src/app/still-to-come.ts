// What of a plan is still to be packed after a stop: reads that are done are not asked again, and of the one that was cut off only what follows is given.
import { type NamedRead, readKey } from "../production/package/negative-search.ts";
import { passOverDone, type PackedKey, type PackingCheckpoint } from "../production/package/packing-state.ts";
import type { After, Collected, Plan, PlannedRead } from "../production/shapes.ts";

/** The records of reads in their order, those of the first `after` what it gave before. */
export type Collect = (reads: Plan["reads"], after?: After) => AsyncIterable<Collected>;

type Checkpoint = Pick<PackingCheckpoint, "isComplete" | "reads" | "findings" | "newPlaces" | "placed">;

/**
 * Undefined where nobody can tell: a read whose records have no key of their own may give them in another order the next time,
 * and then one would be lost and another packed twice. All checkpoints are needed, in order.
 */
export function stillToCome(
  checkpoints: readonly Checkpoint[],
  { reads }: Pick<Plan, "reads">,
  collect: Collect,
  keyOf: PackedKey,
): AsyncIterable<Collected> | undefined {
  const done = checkpoints.at(-1);
  if (done?.isComplete === true) return nothing();
  const last = done?.reads.at(-1);
  if (done === undefined || last === undefined) return passOverDone({ reads: [], findings: done?.findings ?? [] }, collect(reads), keyOf);
  const at = reads.findIndex((read) => isSame(read, last));
  const cutOff = reads[at];
  if (cutOff === undefined || !isOrdered(cutOff)) return undefined;
  const isEachOnce = reads.every((read, index) => reads.findIndex((other) => isSame(other, read)) === index);
  if (isEachOnce && done.placed !== null) {
    const places = checkpoints.flatMap(({ newPlaces }) => newPlaces.flatMap((each) => (isSame(each, last) ? [each.place] : [])));
    const since = { reads: [{ ...last, records: last.records - done.placed }], findings: [] };
    return passOverDone(since, collect(reads.slice(at), { places, records: done.placed }), keyOf);
  }
  // Findings come between the records of their reads: where there are some, everything is asked again and passed over in its order.
  const isPlain = done.findings.length === 0 && isEachOnce;
  return isPlain ? passOverDone({ reads: [last], findings: [] }, collect(reads.slice(at)), keyOf) : passOverDone(done, collect(reads), keyOf);
}

async function* nothing(): AsyncGenerator<Collected> {
  // A complete packing holds what its sources found, too.
}

function isSame(one: NamedRead, other: NamedRead): boolean {
  return readKey(one) === readKey(other);
}

function isOrdered({ witness, through }: PlannedRead): boolean {
  return witness.key !== undefined && (through?.places ?? []).every(({ key }) => key !== undefined);
}
