// Which reading of a defect of the documents holds: the newest election of each, as the ledger has it.
import type { Instant } from "../kernel/instant.ts";
import type { DirectoryFact } from "../requests/directory/events.ts";
import type { Desk } from "./desk.ts";

export interface Election {
  readonly choice: string;
  readonly at: Instant;
}

/** By defect; without one the stricter reading is in force. */
export async function readElections({ id, ports }: Pick<Desk, "id" | "ports">): Promise<ReadonlyMap<string, Election>> {
  const facts = await ports.ledger.readStream(id, "elections");
  return new Map(
    facts.flatMap(({ fact, at }) => {
      const made = fact as unknown as DirectoryFact;
      return made.type === "ElectionMade" ? [[made.defect, { choice: made.choice, at }] as const] : [];
    }),
  );
}
