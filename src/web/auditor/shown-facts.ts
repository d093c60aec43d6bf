// What an auditor sees of a fact: everything the ledger says, and of a case under a secrecy order nothing but its number.
import { readCase } from "../../app/handle.ts";
import { isSecret } from "../../app/project-views.ts";
import { circumstances, type Desk } from "../../app/desk.ts";
import type { Actor, CaseId } from "../../kernel/ids.ts";
import type { Sealed } from "../../ledger/port.ts";

/** `sealedCase` is the number of a case under a secrecy order: then nothing else of the fact may be shown. */
export type ShownFact = { readonly kind: "open"; readonly sealed: Sealed } | { readonly kind: "secret"; readonly position: number; readonly caseId: string };

/** Remembers for one request or one export which cases are secret, so that each case is read once. */
export function secrecy(desk: Desk): (facts: readonly Sealed[]) => Promise<readonly ShownFact[]> {
  const known = new Map<string, boolean>();
  return async (facts) => {
    const cases = [...new Set(facts.flatMap((fact) => caseOf(fact) ?? []))].filter((caseId) => !known.has(caseId));
    await Promise.all(
      cases.map(async (caseId) => known.set(caseId, isSecret(await readCase(desk, caseId as CaseId), circumstances(desk, "desk" as Actor, "")))),
    );
    return facts.map((sealed) => {
      const caseId = caseOf(sealed);
      return caseId !== undefined && known.get(caseId) === true ? { kind: "secret", position: sealed.position, caseId } : { kind: "open", sealed };
    });
  };
}

export function caseOf({ stream }: Pick<Sealed, "stream">): string | undefined {
  return stream.startsWith("case:") ? stream.slice("case:".length) : undefined;
}

/** A whole number a reader typed into an address; undefined for anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
}
