// What of a plan is still to be packed after a stop: reads that are done are not asked again, and of the one that was cut off only what follows is given.
import { passOverDone, type Done, type PackedKey } from "../production/package/packing-state.ts";
import type { Collected, Plan, PlannedRead } from "../production/shapes.ts";

export type Collect = (reads: Plan["reads"]) => AsyncIterable<Collected>;

/**
 * Undefined where nobody can tell: a read whose records have no key of their own may give them in another order the next time,
 * and then one would be lost and another packed twice.
 */
export function stillToCome(done: Done, { reads }: Pick<Plan, "reads">, collect: Collect, keyOf: PackedKey): AsyncIterable<Collected> | undefined {
  const last = done.reads.at(-1);
  if (last === undefined) return passOverDone(done, collect(reads), keyOf);
  const at = reads.findIndex((read) => isSame(read, last));
  const cutOff = reads[at];
  if (cutOff === undefined || !isOrdered(cutOff)) return undefined;
  // Findings come between the records of their reads: where there are some, everything is asked again and passed over in its order.
  const isPlain = done.findings.length === 0 && reads.every((read, index) => reads.findIndex((other) => isSame(other, read)) === index);
  return isPlain ? passOverDone({ reads: [last], findings: [] }, collect(reads.slice(at)), keyOf) : passOverDone(done, collect(reads), keyOf);
}

function isSame(one: Pick<PlannedRead, "source" | "collection" | "line">, other: Pick<PlannedRead, "source" | "collection" | "line">): boolean {
  return one.source === other.source && one.collection === other.collection && one.line === other.line;
}

function isOrdered({ witness, through }: PlannedRead): boolean {
  return witness.key !== undefined && (through?.places ?? []).every(({ key }) => key !== undefined);
}
