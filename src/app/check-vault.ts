// Opens every sealed value that a fact points at and holds it against the commitment in the fact.
import type { Json } from "../ledger/canonical-json.ts";
import type { Desk } from "./desk.ts";
import type { SealedValue } from "./vault-port.ts";

export interface VaultFinding {
  readonly stream: string;
  readonly version: number;
  readonly vault: string;
  readonly what: string;
}

const batch = 1000;

/** Values of forgotten cases are lawful gaps. Stops at the first ten that do not fit. */
export async function checkVault(desk: Desk): Promise<readonly VaultFinding[]> {
  const findings: VaultFinding[] = [];
  for (let from = 0; findings.length < 10; from += batch) {
    const facts = await desk.ports.ledger.readSealed(desk.id, from, batch);
    if (facts.length === 0) return findings;
    for (const { stream, version, fact } of facts) {
      for (const sealed of sealedIn(fact as Json)) {
        const what = await troubleWith(desk, sealed);
        if (what !== undefined) findings.push({ stream, version, vault: sealed.vault, what });
      }
    }
  }
  return findings;
}

function sealedIn(value: Json | undefined): readonly SealedValue[] {
  if (typeof value !== "object" || value === null) return [];
  const { vault, commitment } = value as { readonly vault?: unknown; readonly commitment?: unknown };
  if (typeof vault === "string" && typeof commitment === "string") return [{ vault, commitment }];
  return Object.values(value).flatMap((member) => sealedIn(member as Json));
}

async function troubleWith(desk: Desk, { vault, commitment }: SealedValue): Promise<string | undefined> {
  try {
    const opened = await desk.ports.vault.open(desk.id, vault, commitment);
    return opened.kind === "missing" ? "The sealed value is gone, though its case was not forgotten." : undefined;
  } catch {
    return "The sealed value, or the key of its case, is not the one that was sealed.";
  }
}
