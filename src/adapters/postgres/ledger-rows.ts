// Hands the rows of one desk's ledger to whoever checks them, as of one moment, page by page.
import type { Pool, PoolClient } from "pg";
import type { DeskId } from "../../kernel/ids.ts";
import type { CheckpointRow, EntryRow, EventRow, LedgerRows, LedgerVerdict, PendingRow, RecordName, VerifyOptions } from "../../ledger/verify-ledger.ts";
import { verifyLedger } from "../../ledger/verify-ledger.ts";

/** Checks every row of a desk's ledger against one snapshot, while others go on writing. */
export async function verifyDesk(pool: Pool, desk: DeskId, options: VerifyOptions): Promise<LedgerVerdict> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    const verdict = await verifyLedger(rowsOf(client, desk), options);
    await client.query("commit");
    isClean = true;
    return verdict;
  } finally {
    // A page may still be on its way when the check was interrupted.
    client.release(!isClean);
  }
}

const pageRows = 250;
const pageTiles = 64;

function rowsOf(client: PoolClient, desk: DeskId): LedgerRows {
  return {
    desk,
    findState: () => findState(client, desk),
    entries: (from) => readEntries(client, desk, from),
    tiles: (level, from) => readTilesFrom(client, desk, level, from),
    checkpoints: (from) => readCheckpoints(client, desk, from),
    pending: (after) => readPending(client, desk, after),
    lostVaultRefs: (refs) => findLostVaultRefs(client, desk, refs),
    findStrayEvent: () => findStrayEvent(client, desk),
    findVersionGap: () => findVersionGap(client, desk),
    findTileAbove: (levels) => findTileAbove(client, desk, levels),
  };
}

async function findState(client: PoolClient, desk: DeskId) {
  const { rows } = await client.query<{ size: string; checkpoints: string }>("select size, checkpoints from log_state where desk = $1", [desk]);
  const [row] = rows;
  return row && { size: Number(row.size), checkpoints: Number(row.checkpoints) };
}

interface JoinedEvent {
  readonly stream: string;
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly body: string;
  readonly salt: Uint8Array;
  /** null when there is no such fact. */
  readonly commitment: Uint8Array | null;
}

function eventOf(row: JoinedEvent): EventRow | undefined {
  return row.commitment === null ? undefined : (row as EventRow);
}

async function readEntries(client: PoolClient, desk: DeskId, from: number): Promise<readonly EntryRow[]> {
  const { rows } = await client.query<JoinedEvent & { position: string }>({
    name: "verify-entries",
    text: `select e.position, e.stream, e.version, v.at, v."by", v.body, v.salt, v.commitment
      from (select desk, position, stream, version from entries where desk = $1 and position >= $2 order by position limit ${pageRows}) e
      left join events v on v.desk = e.desk and v.stream = e.stream and v.version = e.version
      order by e.position`,
    values: [desk, from],
  });
  return rows.map((row) => ({ position: Number(row.position), stream: row.stream, version: row.version, event: eventOf(row) }));
}

async function readTilesFrom(client: PoolClient, desk: DeskId, level: number, from: number) {
  const { rows } = await client.query<{ index: string; data: Uint8Array }>({
    name: "verify-tiles",
    text: `select index, data from tiles where desk = $1 and level = $2 and index >= $3 order by index limit ${pageTiles}`,
    values: [desk, level, from],
  });
  return rows.map(({ index, data }) => ({ index: Number(index), data }));
}

async function readCheckpoints(client: PoolClient, desk: DeskId, from: number): Promise<readonly CheckpointRow[]> {
  const { rows } = await client.query<{ number: string; size: string; root: Uint8Array; note: string }>(
    `select number, size, root, note from checkpoints where desk = $1 and number >= $2 order by number limit ${pageRows}`,
    [desk, from],
  );
  return rows.map(({ number, size, root, note }) => ({ number: Number(number), size: Number(size), root, note }));
}

async function readPending(client: PoolClient, desk: DeskId, after: RecordName | undefined): Promise<readonly PendingRow[]> {
  const { rows } = await client.query<JoinedEvent & { has_entry: boolean }>(
    `select p.stream, p.version, v.at, v."by", v.body, v.salt, v.commitment, e.position is not null as has_entry
      from (select desk, stream, version from pending where desk = $1 and (stream, version) > ($2, $3) order by stream, version limit ${pageRows}) p
      left join events v on v.desk = p.desk and v.stream = p.stream and v.version = p.version
      left join entries e on e.desk = p.desk and e.stream = p.stream and e.version = p.version
      order by p.stream, p.version`,
    [desk, after?.stream ?? "", after?.version ?? -1],
  );
  return rows.map((row) => ({ stream: row.stream, version: row.version, event: eventOf(row), hasEntry: row.has_entry }));
}

async function findLostVaultRefs(client: PoolClient, desk: DeskId, refs: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ ref: string }>(
    `select n.ref from unnest($2::text[]) as n(ref)
      left join vault v on v.desk = $1 and v.ref = n.ref
      left join case_keys k on k.desk = v.desk and k.case_id = v.case_id
      where v.ref is null or (length(v.ciphertext) = 0 and (k.case_id is null or k.wrapped_key is not null))`,
    [desk, refs],
  );
  return new Set(rows.map(({ ref }) => ref));
}

async function findStrayEvent(client: PoolClient, desk: DeskId): Promise<RecordName | undefined> {
  const { rows } = await client.query<RecordName>(
    `select v.stream, v.version from events v where v.desk = $1
      and not exists (select 1 from entries e where e.desk = v.desk and e.stream = v.stream and e.version = v.version)
      and not exists (select 1 from pending p where p.desk = v.desk and p.stream = v.stream and p.version = v.version)
      order by v.stream, v.version limit 1`,
    [desk],
  );
  return rows[0];
}

async function findVersionGap(client: PoolClient, desk: DeskId): Promise<RecordName | undefined> {
  const { rows } = await client.query<RecordName>(
    `select v.stream, v.version from events v where v.desk = $1 and v.version > 1
      and not exists (select 1 from events b where b.desk = v.desk and b.stream = v.stream and b.version = v.version - 1)
      order by v.stream, v.version limit 1`,
    [desk],
  );
  return rows[0];
}

async function findTileAbove(client: PoolClient, desk: DeskId, levels: number) {
  const { rows } = await client.query<{ level: number; index: string }>(
    "select level, index from tiles where desk = $1 and (level < 0 or level >= $2) order by level, index limit 1",
    [desk, levels],
  );
  const [row] = rows;
  return row && { level: row.level, index: Number(row.index) };
}
