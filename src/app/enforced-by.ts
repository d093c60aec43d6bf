// Which folder of the program keeps a clause of a contract: said alike on pages and at the terminal.
import type { ContractClause } from "../policy/contract-pack.ts";

const roomOf = { paper: "attestations", answer: "answers", gate: "leaves", record: "leaves" } as const;

/** Undefined where nothing can enforce it by program: an incident against it is recorded and shown. */
export function enforcedBy({ topic, works }: Pick<ContractClause, "topic" | "works">): string | undefined {
  if (works !== undefined) return `src/partners/${roomOf[works.as]}`;
  if (topic === "none") return undefined;
  return topic === "requests" ? "src/requests" : `src/partners/${topic}`;
}
