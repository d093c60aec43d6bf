// The ledger in PostgreSQL: durable when it says so, sealed in one order for everybody, provable to outsiders.
import type { Pool } from "pg";
import type { Actor, DeskId } from "../../kernel/ids.ts";
import type { Instant } from "../../kernel/instant.ts";
import { checkpointMoment } from "../../ledger/checkpoint.ts";
import { recordText } from "../../ledger/entry.ts";
import { consistencyNodes, inclusionNodes, type Sha256, type TreeNode } from "../../ledger/merkle.ts";
import type { Appended, Checkpoint, FactBody, Ledger, LedgerProof, PublicLog, Recorded, Sealed } from "../../ledger/port.ts";
import { type NoteSigner, splitNote } from "../../ledger/signed-note.ts";
import { base64 } from "../../ledger/text-bytes.ts";
import { entryBundle, hashFromTiles, tilePartOf, type TileName, tileWidth, tileWidthAt } from "../../ledger/tiles.ts";
import { type AppendOutcome, appendBatch, keysOf, type PreparedAppend, type PreparingOptions, startPreparing } from "./append.ts";
import { type Group, startGroup } from "./group-commit.ts";
import { readTiles, sealDesk } from "./seal.ts";

export interface PostgresLedgerOptions extends PreparingOptions {
  /** Connections of the application's role; pipelined ones (`pipeline: true`) save round trips. */
  readonly pool: Pool;
  readonly signerFor: (desk: DeskId) => NoteSigner;
  /** Appends in one transaction at most. Default 256. */
  readonly mostPerBatch?: number;
  /** Transactions under way at once. Default 2. */
  readonly lanes?: number;
}

export interface PostgresLedger extends Ledger, PublicLog {
  /** Tells in this process that facts of a desk were recorded; returns how to stop listening. A hint: it may be missed. */
  onRecorded(listener: (desk: DeskId) => void): () => void;
  /** Resolves when no append is under way. Call it before the pool is closed. */
  drained(): Promise<void>;
}

export function openPostgresLedger(options: PostgresLedgerOptions): PostgresLedger {
  const { pool } = options;
  const prepare = startPreparing(options);
  const listeners = new Set<(desk: DeskId) => void>();
  const group = startGroup<PreparedAppend, AppendOutcome>({
    carryOut: (batch) => appendBatch(pool, batch),
    keysOf,
    most: options.mostPerBatch ?? 256,
    lanes: options.lanes ?? 2,
  });
  return {
    append: async (request) => {
      const appended = await submit(group, prepare(request));
      if (appended.kind === "appended") for (const listener of listeners) listener(request.desk);
      return appended;
    },
    readStream: (desk, stream) => readStream(pool, desk, stream),
    readSealed: (desk, from, limit) => readSealed(pool, desk, from, limit),
    seal: async (desk, at) => {
      await sealDesk(options, desk, at);
      return findCheckpoint(pool, desk);
    },
    findCheckpoint: (desk) => findCheckpoint(pool, desk),
    findProof: (desk, stream, version) => findProof(options, desk, stream, version),
    findTile: (desk, name) => findTile(pool, desk, name),
    findConsistency: (desk, oldSize) => findConsistency(options, desk, oldSize),
    onRecorded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drained: () => group.drained(),
  };
}

async function submit(group: Group<PreparedAppend, AppendOutcome>, prepared: PreparedAppend): Promise<Appended> {
  const outcome = await group.submit(prepared);
  if (outcome.kind === "failed") throw new Error("the facts were not recorded, or it is unknown whether they were", { cause: outcome.error });
  return outcome.appended;
}

interface StoredEvent {
  readonly stream: string;
  readonly version: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly body: string;
}

function recordedFrom(desk: DeskId, { stream, version, at, by, body }: StoredEvent): Recorded {
  return { desk, stream, version, at, by, fact: JSON.parse(body) as FactBody };
}

async function readStream(pool: Pool, desk: DeskId, stream: string): Promise<readonly Recorded[]> {
  const { rows } = await pool.query<StoredEvent>({
    name: "read-stream",
    text: 'select stream, version, at, "by", body from events where desk = $1 and stream = $2 order by version',
    values: [desk, stream],
  });
  return rows.map((row) => recordedFrom(desk, row));
}

async function readSealed(pool: Pool, desk: DeskId, from: number, limit: number): Promise<readonly Sealed[]> {
  const { rows } = await pool.query<StoredEvent & { position: string }>({
    name: "read-sealed",
    text: `select e.position, v.stream, v.version, v.at, v."by", v.body
      from (select desk, position, stream, version from entries where desk = $1 and position >= $2 order by position limit $3) e
      join events v on v.desk = e.desk and v.stream = e.stream and v.version = e.version
      order by e.position`,
    values: [desk, from, limit],
  });
  return rows.map((row) => ({ ...recordedFrom(desk, row), position: Number(row.position) }));
}

async function findCheckpoint(pool: Pool, desk: DeskId): Promise<Checkpoint | undefined> {
  const { rows } = await pool.query<{ size: string; root: Uint8Array; note: string }>({
    name: "find-checkpoint",
    text: "select size, root, note from checkpoints where desk = $1 order by number desc limit 1",
    values: [desk],
  });
  const [row] = rows;
  return row && { desk, size: Number(row.size), root: base64(row.root), note: row.note, at: statedMoment(row.note) };
}

/** The moment the note states; who relies on it opens the note with the log's key. */
function statedMoment(note: string): Instant {
  const timed = splitNote(note)?.signatures.find(({ signature }) => signature.length === 72)?.signature;
  if (!timed) throw new Error("the newest checkpoint does not state its moment");
  const seconds = timed.slice(0, 8).reduce((value, byte) => value * 256 + byte, 0);
  return checkpointMoment(Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString() as Instant);
}

async function findProof(options: PostgresLedgerOptions, desk: DeskId, stream: string, version: number): Promise<LedgerProof | undefined> {
  const { pool, sha256 } = options;
  const { rows } = await pool.query<StoredEvent & { position: string; salt: Uint8Array }>({
    name: "find-proof",
    text: `select e.position, v.stream, v.version, v.at, v."by", v.body, v.salt from entries e
      join events v on v.desk = e.desk and v.stream = e.stream and v.version = e.version
      where e.desk = $1 and e.stream = $2 and e.version = $3`,
    values: [desk, stream, version],
  });
  const checkpoint = await findCheckpoint(pool, desk);
  const [row] = rows;
  if (!row || !checkpoint) return undefined;
  const position = Number(row.position);
  const path = await readPath(pool, sha256, desk, inclusionNodes(position, checkpoint.size));
  return { position, treeSize: checkpoint.size, path, checkpoint: checkpoint.note, salt: base64(row.salt), record: recordText({ desk, ...row }) };
}

async function findConsistency({ pool, sha256 }: PostgresLedgerOptions, desk: DeskId, oldSize: number) {
  const checkpoint = await findCheckpoint(pool, desk);
  if (!checkpoint || !Number.isSafeInteger(oldSize) || oldSize < 1 || oldSize > checkpoint.size) return undefined;
  return { checkpoint, path: await readPath(pool, sha256, desk, consistencyNodes(oldSize, checkpoint.size)) };
}

/** Tiles only ever grow, so those read after the checkpoint hold all that it covers. */
async function readPath(pool: Pool, sha256: Sha256, desk: DeskId, path: readonly (readonly TreeNode[])[]): Promise<readonly string[]> {
  const names = new Map(path.flat().map((node) => [`${tilePartOf(node).level}/${tilePartOf(node).index}`, tilePartOf(node)]));
  const tiles = await readTiles(pool, desk, [...names.values()]);
  return path.map((nodes) => base64(hashFromTiles(sha256, nodes, (level, index) => tiles.get(`${level}/${index}`))));
}

async function findTile(pool: Pool, desk: DeskId, { level, index, width }: TileName): Promise<Uint8Array | undefined> {
  const checkpoint = await findCheckpoint(pool, desk);
  if (!checkpoint || width > tileWidthAt(checkpoint.size, level === "entries" ? 0 : level, index)) return undefined;
  if (level === "entries") return readBundle(pool, desk, index, width);
  const tiles = await readTiles(pool, desk, [{ level, index }]);
  return tiles.get(`${level}/${index}`)?.subarray(0, width * 32);
}

async function readBundle(pool: Pool, desk: DeskId, index: number, width: number): Promise<Uint8Array> {
  const { rows } = await pool.query<{ commitment: Uint8Array }>(
    `select v.commitment from entries e join events v on v.desk = e.desk and v.stream = e.stream and v.version = e.version
      where e.desk = $1 and e.position >= $2 and e.position < $3 order by e.position`,
    [desk, index * tileWidth, index * tileWidth + width],
  );
  return entryBundle(rows.map(({ commitment }) => commitment));
}
