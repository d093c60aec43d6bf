// Where the packing of a production stands: begun and under way, or cut off and to be gone on with.
import type { Instant } from "../../kernel/instant.ts";
import type { History } from "../decision.ts";
import type { PackingBegun } from "./events.ts";

export interface Packing extends PackingBegun {
  readonly by: string;
  readonly begunAt: Instant;
  /** What is packed is no longer what was checked last: it may not be sealed. */
  readonly stale: boolean;
}

/** After these, a package that was begun before is another one than the one that would be made now. */
const endsPacking: ReadonlySet<string> = new Set([
  "DetailsConfirmed",
  "ReviewSigned",
  "AuthorityAnswered",
  "ChallengeResolved",
  "PlanCompiled",
  "RecordsChecked",
  "RedactionsSet",
  "PaperMarked",
  "FilesAllowed",
]);

/** Begun, neither sealed nor given up. There is one at most. */
export function unfinishedPacking(history: History): Packing | undefined {
  let begun: Packing | undefined;
  for (const { fact, by, at } of history) {
    if (fact.type === "PackingBegun") begun = { ...fact, by, begunAt: at, stale: false };
    if (begun !== undefined && endsPacking.has(fact.type)) begun = { ...begun, stale: true };
    if (fact.type === "PackageSealed") begun = undefined;
    if (fact.type === "PackingAbandoned" && fact.packing === begun?.packing) begun = undefined;
  }
  return begun;
}
