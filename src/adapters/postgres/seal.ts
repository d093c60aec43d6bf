// Gives recorded facts their place in the tree and signs for it, in one transaction: the only writer of the tree.
import type { Pool, PoolClient } from "pg";
import type { DeskId } from "../../kernel/ids.ts";
import type { Instant } from "../../kernel/instant.ts";
import { signCheckpoint } from "../../ledger/checkpoint.ts";
import { leafHash, type Sha256 } from "../../ledger/merkle.ts";
import type { NoteSigner } from "../../ledger/signed-note.ts";
import { edgeTiles, type Growth, growTree } from "../../ledger/tiles.ts";

export interface SealOptions {
  readonly pool: Pool;
  readonly sha256: Sha256;
  readonly signerFor: (desk: DeskId) => NoteSigner;
}

const mostPerCheckpoint = 20_000;

/** Seals until nothing waits that waited at the start of the last round. Several processes may call it at once: they take turns. */
export async function sealDesk(options: SealOptions, desk: DeskId, at: Instant): Promise<void> {
  for (;;) {
    const client = await options.pool.connect();
    try {
      const sealed = await sealOnce(options, client, desk, at);
      client.release();
      if (sealed < mostPerCheckpoint) return;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

async function sealOnce(options: SealOptions, client: PoolClient, desk: DeskId, at: Instant): Promise<number> {
  const { sha256, signerFor } = options;
  await client.query("begin");
  const state = await takeTurn(client, desk);
  const waiting = inOrder(await readPending(client, desk));
  if (waiting.length === 0) {
    await client.query("rollback");
    return 0;
  }
  const edge = await readTiles(client, desk, edgeTiles(state.size));
  const leaves = waiting.map((row) => leafHash(sha256, row.commitment));
  const growth = growTree(sha256, state.size, (level, index) => edge.get(`${level}/${index}`), leaves);
  await writeEntries(client, desk, state.size, waiting);
  await writeTiles(client, desk, growth);
  await client.query("insert into checkpoints (desk, number, size, root, note) values ($1, $2, $3, $4, $5)", [
    desk,
    state.checkpoints,
    growth.size,
    growth.root,
    signCheckpoint(sha256, signerFor(desk), growth, at),
  ]);
  await client.query("update log_state set size = $2, checkpoints = $3 where desk = $1", [desk, growth.size, state.checkpoints + 1]);
  const { command } = await client.query("commit");
  if (command !== "COMMIT") throw new Error("the database did not commit");
  return waiting.length;
}

interface State {
  readonly size: number;
  readonly checkpoints: number;
}

/** The row of the desk's log is the turn: held until the transaction ends. */
async function takeTurn(client: PoolClient, desk: DeskId): Promise<State> {
  const lock = () => client.query<{ size: string; checkpoints: string }>("select size, checkpoints from log_state where desk = $1 for update", [desk]);
  let { rows } = await lock();
  if (rows.length === 0) {
    await client.query("insert into log_state (desk, size, checkpoints) values ($1, 0, 0) on conflict do nothing", [desk]);
    ({ rows } = await lock());
  }
  const [row] = rows;
  if (!row) throw new Error("the log of the desk has no state");
  return { size: Number(row.size), checkpoints: Number(row.checkpoints) };
}

interface WaitingRow {
  readonly stream: string;
  readonly version: number;
  readonly at: string;
  readonly commitment: Uint8Array;
}

// By stream and version, so that a cut never parts a fact from its predecessor.
async function readPending(client: PoolClient, desk: DeskId): Promise<readonly WaitingRow[]> {
  const { rows } = await client.query<WaitingRow>(
    `select p.stream, p.version, v.at, v.commitment
      from (select desk, stream, version from pending where desk = $1 order by stream, version limit $2) p
      join events v on v.desk = p.desk and v.stream = p.stream and v.version = p.version
      order by p.stream, p.version`,
    [desk, mostPerCheckpoint],
  );
  return rows;
}

/** Earlier moments first; within a stream always by version, even when a clock was set back in between. */
function inOrder(rows: readonly WaitingRow[]): readonly WaitingRow[] {
  let before: { stream: string; at: string } | undefined;
  const timed = rows.map((row) => {
    const at = before?.stream === row.stream && before.at > row.at ? before.at : row.at;
    before = { stream: row.stream, at };
    return { row, at };
  });
  return timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ row }) => row);
}

/** Tiles by `level/index`. */
export async function readTiles(
  client: Pick<PoolClient, "query">,
  desk: DeskId,
  names: readonly { readonly level: number; readonly index: number }[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (names.length === 0) return new Map();
  const { rows } = await client.query<{ level: number; index: string; data: Uint8Array }>(
    `select t.level, t.index, t.data from unnest($2::int[], $3::bigint[]) as n(level, index)
      join tiles t on t.desk = $1 and t.level = n.level and t.index = n.index`,
    [desk, names.map(({ level }) => level), names.map(({ index }) => index)],
  );
  return new Map(rows.map(({ level, index, data }) => [`${level}/${index}`, data]));
}

async function writeEntries(client: PoolClient, desk: DeskId, first: number, rows: readonly WaitingRow[]): Promise<void> {
  const [streams, versions] = [rows.map(({ stream }) => stream), rows.map(({ version }) => version)];
  await client.query("insert into entries (desk, position, stream, version) select $1, * from unnest($2::bigint[], $3::text[], $4::int[])", [
    desk,
    rows.map((_row, place) => first + place),
    streams,
    versions,
  ]);
  const { rowCount } = await client.query("delete from pending where desk = $1 and (stream, version) in (select * from unnest($2::text[], $3::int[]))", [
    desk,
    streams,
    versions,
  ]);
  if (rowCount !== rows.length) throw new Error("a waiting fact was taken by somebody else");
}

async function writeTiles(client: PoolClient, desk: DeskId, { tiles }: Growth): Promise<void> {
  await client.query(
    `insert into tiles (desk, level, index, data) select $1, * from unnest($2::int[], $3::bigint[], $4::bytea[])
      on conflict (desk, level, index) do update set data = excluded.data`,
    [desk, tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ data }) => data)],
  );
}
