// Where the packing of a production stands: begun and under way, or cut off and to be gone on with.
import type { Instant } from "../../kernel/instant.ts";
import type { History } from "../decision.ts";
import type { PackingBegun } from "./events.ts";

export interface Packing extends PackingBegun {
  readonly by: string;
  readonly begunAt: Instant;
}

/** Begun, neither sealed nor given up. There is one at most. */
export function unfinishedPacking(history: History): Packing | undefined {
  let begun: Packing | undefined;
  for (const { fact, by, at } of history) {
    if (fact.type === "PackingBegun") begun = { ...fact, by, begunAt: at };
    if (fact.type === "PackageSealed") begun = undefined;
    if (fact.type === "PackingAbandoned" && fact.packing === begun?.packing) begun = undefined;
  }
  return begun;
}
