// The vault's rows in PostgreSQL: wrapped case keys and sealed values, with the one way to destroy them.
import type { Pool, PoolClient } from "pg";
import type { CaseKeyState, StoredKey, VaultTables } from "../../app/vault-port.ts";
import type { DeskId } from "../../kernel/ids.ts";
import { inTransaction } from "./transaction.ts";

/** Over connections of the application's role. */
export function openVaultTables(pool: Pool): VaultTables {
  return {
    findCaseKey: (desk, caseId) => findCaseKey(pool, desk, caseId),
    holdCaseKey: async (desk, caseId, wrappedKey) => {
      await pool.query("insert into case_keys (desk, case_id, wrapped_key) values ($1, $2, $3) on conflict do nothing", [desk, caseId, wrappedKey]);
      const state = await findCaseKey(pool, desk, caseId);
      if (!state) throw new Error("the case key was not stored");
      return state;
    },
    findValue: (desk, ref) => findValue(pool, desk, ref),
    forgetCase: (desk, caseId) => forgetCase(pool, desk, caseId),
    keysAfter: (last, limit) => keysAfter(pool, last, limit),
    replaceKey: (key, wrappedKey) => replaceKey(pool, key, wrappedKey),
  };
}

async function findCaseKey(pool: Pool, desk: DeskId, caseId: string): Promise<CaseKeyState | undefined> {
  const { rows } = await pool.query<{ wrapped_key: Uint8Array | null }>({
    name: "find-case-key",
    text: "select wrapped_key from case_keys where desk = $1 and case_id = $2",
    values: [desk, caseId],
  });
  return rows[0] && stateOf(rows[0].wrapped_key);
}

function stateOf(wrappedKey: Uint8Array | null): CaseKeyState {
  return wrappedKey === null ? { kind: "forgotten" } : { kind: "held", wrappedKey };
}

async function findValue(pool: Pool, desk: DeskId, ref: string) {
  const { rows } = await pool.query<{ case_id: string; ciphertext: Uint8Array; wrapped_key: Uint8Array | null; has_key: boolean }>({
    name: "find-value",
    text: `select v.case_id, v.ciphertext, k.wrapped_key, k.case_id is not null as has_key from vault v
      left join case_keys k on k.desk = v.desk and k.case_id = v.case_id where v.desk = $1 and v.ref = $2`,
    values: [desk, ref],
  });
  const [row] = rows;
  return row && { caseId: row.case_id, ciphertext: row.ciphertext, key: row.has_key ? stateOf(row.wrapped_key) : undefined };
}

/** The row of the key stays as a mark, so that nobody can give the case a new key and call the old one lost. */
function forgetCase(pool: Pool, desk: DeskId, caseId: string): Promise<void> {
  return inTransaction(pool, async (client) => {
    await destroyKey(client, desk, caseId);
    await client.query("update vault set ciphertext = '' where desk = $1 and case_id = $2", [desk, caseId]);
  });
}

async function destroyKey(client: PoolClient, desk: DeskId, caseId: string): Promise<void> {
  await client.query("insert into case_keys (desk, case_id, wrapped_key) values ($1, $2, null) on conflict (desk, case_id) do update set wrapped_key = null", [
    desk,
    caseId,
  ]);
}

async function keysAfter(pool: Pool, last: { readonly desk: string; readonly caseId: string } | undefined, limit: number): Promise<readonly StoredKey[]> {
  const { rows } = await pool.query<{ desk: DeskId; case_id: string; wrapped_key: Uint8Array }>(
    `select desk, case_id, wrapped_key from case_keys where wrapped_key is not null and (desk, case_id) > ($1, $2)
      order by desk, case_id limit $3`,
    [last?.desk ?? "", last?.caseId ?? "", limit],
  );
  return rows.map(({ desk, case_id, wrapped_key }) => ({ desk, caseId: case_id, wrappedKey: wrapped_key }));
}

async function replaceKey(pool: Pool, { desk, caseId, wrappedKey }: StoredKey, newlyWrapped: Uint8Array): Promise<void> {
  // A key that was destroyed or replaced meanwhile stays as it is.
  await pool.query("update case_keys set wrapped_key = $4 where desk = $1 and case_id = $2 and wrapped_key = $3", [desk, caseId, wrappedKey, newlyWrapped]);
}
