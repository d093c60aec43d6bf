// Walks every case and partner among the sealed facts, fact by fact: what a report counts is what anybody can count again.
import type { Instant } from "../kernel/instant.ts";
import type { FactBody } from "../ledger/port.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Desk } from "./desk.ts";

const batch = 2000;

/** One value a case, by case number, from the first `treeSize` sealed facts. */
export function foldSealedCases<Value>(
  desk: Desk,
  treeSize: number,
  empty: Value,
  step: (value: Value, fact: CaseFact, at: Instant) => Value,
): Promise<ReadonlyMap<string, Value>> {
  return foldSealed(desk, "case:", treeSize, empty, (value, fact, at) => step(value, fact as unknown as CaseFact, at));
}

/** One value a partner, by its number. */
export function foldSealedPartners<Value>(
  desk: Desk,
  treeSize: number,
  empty: Value,
  step: (value: Value, fact: PartnerFact) => Value,
): Promise<ReadonlyMap<string, Value>> {
  return foldSealed(desk, "partner:", treeSize, empty, (value, fact) => step(value, fact as unknown as PartnerFact));
}

async function foldSealed<Value>(
  desk: Desk,
  prefix: string,
  treeSize: number,
  empty: Value,
  step: (value: Value, fact: FactBody, at: Instant) => Value,
): Promise<ReadonlyMap<string, Value>> {
  const values = new Map<string, Value>();
  for (let from = 0; from < treeSize; from += batch) {
    for (const { stream, fact, at } of await desk.ports.ledger.readSealed(desk.id, from, Math.min(batch, treeSize - from))) {
      if (!stream.startsWith(prefix)) continue;
      const id = stream.slice(prefix.length);
      values.set(id, step(values.get(id) ?? empty, fact, at));
    }
  }
  return values;
}
