// How far a view has read the ledger: it moves together with the rows it stands for, or not at all.
import type { Pool, PoolClient } from "pg";
import type { DeskId } from "../../kernel/ids.ts";
import { inTransaction } from "./transaction.ts";

type PositionTable = "view_position" | "partner_view_position";

export async function viewPosition(pool: Pool, table: PositionTable, desk: DeskId): Promise<number> {
  const { rows } = await pool.query<{ position: string }>({
    name: `position-of-${table}`,
    text: `select position from ${table} where desk = $1`,
    values: [desk],
  });
  return Number(rows[0]?.position ?? 0);
}

interface Move {
  readonly table: PositionTable;
  readonly desk: DeskId;
  readonly from: number;
  readonly to: number;
}

/** False, and nothing is written, when another process moved it first. */
export function moveView(pool: Pool, { table, desk, from, to }: Move, fill: (client: PoolClient) => Promise<void>): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query(`insert into ${table} (desk, position) values ($1, 0) on conflict do nothing`, [desk]);
    const moved = await client.query(`update ${table} set position = $3 where desk = $1 and position = $2`, [desk, from, to]);
    if (moved.rowCount === 1) await fill(client);
    return moved.rowCount === 1;
  });
}
