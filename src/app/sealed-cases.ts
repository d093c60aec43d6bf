// Walks every case among the sealed facts, fact by fact: what a report counts is what anybody can count again.
import type { Instant } from "../kernel/instant.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Desk } from "./desk.ts";

const batch = 2000;
const prefix = "case:";

/** One value a case, by case number, from the first `treeSize` sealed facts. */
export async function foldSealedCases<Value>(
  desk: Desk,
  treeSize: number,
  empty: Value,
  step: (value: Value, fact: CaseFact, at: Instant) => Value,
): Promise<ReadonlyMap<string, Value>> {
  const values = new Map<string, Value>();
  for (let from = 0; from < treeSize; from += batch) {
    for (const { stream, fact, at } of await desk.ports.ledger.readSealed(desk.id, from, Math.min(batch, treeSize - from))) {
      if (!stream.startsWith(prefix)) continue;
      const caseId = stream.slice(prefix.length);
      values.set(caseId, step(values.get(caseId) ?? empty, fact as unknown as CaseFact, at));
    }
  }
  return values;
}
