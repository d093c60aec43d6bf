// The vault's rows without a database, over the tables of the in-memory ledger, for tests and for trying things out.
import type { CaseKeyState, VaultTables } from "../../app/vault-port.ts";
import type { DeskId } from "../../kernel/ids.ts";
import type { MemoryTables } from "../../ledger/memory-ledger.ts";

export function openMemoryVaultTables({ vault, caseKeys }: MemoryTables): VaultTables {
  const stateOf = (desk: DeskId, caseId: string): CaseKeyState | undefined => {
    const wrappedKey = caseKeys.get(`${desk}/${caseId}`);
    if (wrappedKey) return { kind: "held", wrappedKey };
    return caseKeys.has(`${desk}/${caseId}`) ? { kind: "forgotten" } : undefined;
  };
  return {
    findCaseKey: async (desk, caseId) => stateOf(desk, caseId),
    holdCaseKey: async (desk, caseId, wrappedKey) => {
      if (!caseKeys.has(`${desk}/${caseId}`)) caseKeys.set(`${desk}/${caseId}`, wrappedKey);
      return stateOf(desk, caseId) as CaseKeyState;
    },
    findValue: async (desk, ref) => {
      const value = vault.get(`${desk}/${ref}`);
      return value && { ...value, key: stateOf(desk, value.caseId) };
    },
    forgetCase: async (desk, caseId) => {
      caseKeys.set(`${desk}/${caseId}`, undefined);
      for (const [name, value] of vault) if (name.startsWith(`${desk}/`) && value.caseId === caseId) value.ciphertext = new Uint8Array(0);
    },
    keysAfter: async (last, limit) => {
      const names = [...caseKeys.keys()].sort().filter((name) => caseKeys.get(name) && (!last || name > `${last.desk}/${last.caseId}`));
      return names.slice(0, limit).map((name) => {
        const [desk = "", caseId = ""] = [name.slice(0, name.indexOf("/")), name.slice(name.indexOf("/") + 1)];
        return { desk: desk as DeskId, caseId, wrappedKey: caseKeys.get(name) as Uint8Array };
      });
    },
    replaceKey: async ({ desk, caseId }, newlyWrapped) => {
      if (caseKeys.get(`${desk}/${caseId}`)) caseKeys.set(`${desk}/${caseId}`, newlyWrapped);
    },
  };
}
