// The ledger without a database: the same promises for as long as the program runs, for tests and for trying things out.
import type { DeskId } from "../kernel/ids.ts";
import { canonicalJson } from "./canonical-json.ts";
import { checkpointMoment, signCheckpoint } from "./checkpoint.ts";
import { recordText, saltBytes, startCommitting } from "./entry.ts";
import { inclusionNodes, leafHash, type Sha256 } from "./merkle.ts";
import type { Alongside, Append, Appended, Checkpoint, FactBody, Ledger, LedgerProof, OutboxRow, Recorded, Sealed } from "./port.ts";
import type { NoteSigner } from "./signed-note.ts";
import { base64 } from "./text-bytes.ts";
import { growTree, hashFromTiles } from "./tiles.ts";
import type { CheckpointRow, EntryRow, EventRow, LedgerRows, PendingRow, RecordName } from "./verify-ledger.ts";

/** Tables that the ledger fills beside its own: for the twins of the vault and the outbox. Keys are `desk/ref`. */
export interface MemoryTables {
  readonly vault: Map<string, { readonly caseId: string; ciphertext: Uint8Array }>;
  /** undefined stands for a key that was destroyed. */
  readonly caseKeys: Map<string, Uint8Array | undefined>;
  readonly outbox: Map<string, OutboxRow>;
  readonly claims: Map<string, string>;
}

export interface MemoryLedger extends Ledger {
  readonly tables: MemoryTables;
  readonly rows: (desk: DeskId) => LedgerRows;
}

export interface MemoryLedgerOptions {
  readonly sha256: Sha256;
  /** Unpredictable bytes, as many as asked for. */
  readonly random: (length: number) => Uint8Array;
  readonly signerFor: (desk: DeskId) => NoteSigner;
}

interface DeskLog {
  readonly streams: Map<string, EventRow[]>;
  pending: RecordName[];
  readonly entries: RecordName[];
  readonly tiles: Map<string, Uint8Array>;
  readonly checkpoints: (CheckpointRow & { readonly view: Checkpoint })[];
}

export function openMemoryLedger(options: MemoryLedgerOptions): MemoryLedger {
  const tables: MemoryTables = { vault: new Map(), caseKeys: new Map(), outbox: new Map(), claims: new Map() };
  const logs = new Map<DeskId, DeskLog>();
  const logOf = (desk: DeskId): DeskLog => {
    const log = logs.get(desk) ?? { streams: new Map(), pending: [], entries: [], tiles: new Map(), checkpoints: [] };
    logs.set(desk, log);
    return log;
  };
  return {
    tables,
    rows: (desk) => rowsOf(desk, logOf(desk), tables),
    append: async (request) => append(options, logOf(request.desk), tables, request),
    readStream: async (desk, stream) => (logOf(desk).streams.get(stream) ?? []).map((row) => recordedFrom(desk, row)),
    readSealed: async (desk, from, limit) => readSealed(desk, logOf(desk), from, limit),
    seal: async (desk, at) => seal(options, desk, logOf(desk), at),
    findCheckpoint: async (desk) => logOf(desk).checkpoints.at(-1)?.view,
    findProof: async (desk, stream, version) => findProof(options.sha256, desk, logOf(desk), { stream, version }),
  };
}

function append(options: MemoryLedgerOptions, log: DeskLog, tables: MemoryTables, request: Append): Appended {
  const { desk, stream, expectedVersion, at, by, facts, alongside = {} } = request;
  if (facts.length === 0) throw new RangeError("an append carries at least one fact");
  const commit = startCommitting(options.sha256);
  const rows = facts.map((fact, place): EventRow => {
    const row = { stream, version: expectedVersion + place + 1, at, by, body: canonicalJson(fact) };
    const salt = options.random(saltBytes);
    return { ...row, salt, commitment: commit(salt, recordText({ desk, ...row })) };
  });
  for (const { key } of alongside.claims ?? []) {
    const holder = tables.claims.get(`${desk}/${key}`);
    if (holder !== undefined && holder !== stream) return { kind: "claimed", key, stream: holder };
  }
  const known = log.streams.get(stream) ?? [];
  if (known.length !== expectedVersion || !keysFit(desk, tables, alongside)) return { kind: "conflict" };
  writeAlongside(desk, stream, tables, alongside);
  log.streams.set(stream, [...known, ...rows]);
  log.pending.push(...rows.map(({ version }) => ({ stream, version })));
  return { kind: "appended", version: expectedVersion + rows.length };
}

/** A case key may come again, but not another one: what was sealed with it could never be opened. */
function keysFit(desk: DeskId, tables: MemoryTables, { caseKeys = [] }: Alongside): boolean {
  return caseKeys.every(({ caseId, wrappedKey }) => {
    const held = tables.caseKeys.get(`${desk}/${caseId}`);
    return !tables.caseKeys.has(`${desk}/${caseId}`) || (held !== undefined && base64(held) === base64(wrappedKey));
  });
}

function writeAlongside(desk: DeskId, stream: string, tables: MemoryTables, { vault = [], caseKeys = [], letters = [], claims = [] }: Alongside): void {
  if (vault.some((row) => tables.vault.has(`${desk}/${row.ref}`))) throw new Error("a vault reference was used before");
  if (letters.some((letter) => tables.outbox.has(`${desk}/${letter.letterId}`))) throw new Error("a letter id was used before");
  for (const { ref, caseId, ciphertext } of vault) tables.vault.set(`${desk}/${ref}`, { caseId, ciphertext });
  for (const { caseId, wrappedKey } of caseKeys) tables.caseKeys.set(`${desk}/${caseId}`, wrappedKey);
  for (const letter of letters) tables.outbox.set(`${desk}/${letter.letterId}`, letter);
  for (const { key } of claims) tables.claims.set(`${desk}/${key}`, stream);
}

function recordedFrom(desk: DeskId, row: EventRow): Recorded {
  const { stream, version, at, by, body } = row;
  return { desk, stream, version, at: at as Recorded["at"], by: by as Recorded["by"], fact: JSON.parse(body) as FactBody };
}

function getEvent(log: DeskLog, { stream, version }: RecordName): EventRow {
  const event = log.streams.get(stream)?.[version - 1];
  if (!event) throw new Error("the ledger lost a fact");
  return event;
}

function readSealed(desk: DeskId, log: DeskLog, from: number, limit: number): readonly Sealed[] {
  return log.entries.slice(from, from + limit).map((entry, place) => ({ ...recordedFrom(desk, getEvent(log, entry)), position: from + place }));
}

function seal(options: MemoryLedgerOptions, desk: DeskId, log: DeskLog, at: Checkpoint["at"]): Checkpoint | undefined {
  if (log.pending.length === 0) return log.checkpoints.at(-1)?.view;
  const leaves = log.pending.map((name) => leafHash(options.sha256, getEvent(log, name).commitment));
  const growth = growTree(options.sha256, log.entries.length, (level, index) => log.tiles.get(`${level}/${index}`), leaves);
  const note = signCheckpoint(options.sha256, options.signerFor(desk), growth, at);
  log.entries.push(...log.pending);
  log.pending = [];
  for (const tile of growth.tiles) log.tiles.set(`${tile.level}/${tile.index}`, tile.data);
  const { size, root } = growth;
  const view = { desk, size, root: base64(root), note, at: checkpointMoment(at) };
  log.checkpoints.push({ number: log.checkpoints.length, size, root, note, view });
  return view;
}

function findProof(sha256: Sha256, desk: DeskId, log: DeskLog, name: RecordName): LedgerProof | undefined {
  const position = log.entries.findIndex((entry) => entry.stream === name.stream && entry.version === name.version);
  const checkpoint = log.checkpoints.at(-1);
  if (position < 0 || !checkpoint) return undefined;
  const event = getEvent(log, name);
  const findTile = (level: number, index: number) => log.tiles.get(`${level}/${index}`);
  const path = inclusionNodes(position, checkpoint.size).map((nodes) => base64(hashFromTiles(sha256, nodes, findTile)));
  const record = recordText({ desk, ...event });
  return { position, treeSize: checkpoint.size, path, checkpoint: checkpoint.note, salt: base64(event.salt), record };
}

const pageRows = 1000;

function rowsOf(desk: DeskId, log: DeskLog, tables: MemoryTables): LedgerRows {
  const eventOf = ({ stream, version }: RecordName): EventRow | undefined => log.streams.get(stream)?.[version - 1];
  const afterIndex = (after: RecordName | undefined): number =>
    after ? log.pending.findIndex((name) => name.stream === after.stream && name.version === after.version) + 1 : 0;
  return {
    desk,
    findState: async () => (log.checkpoints.length === 0 ? undefined : { size: log.entries.length, checkpoints: log.checkpoints.length }),
    entries: async (from) =>
      log.entries.slice(from, from + pageRows).map((name, place): EntryRow => ({ ...name, position: from + place, event: eventOf(name) })),
    tiles: async (level, from) => {
      const data = log.tiles.get(`${level}/${from}`);
      return data ? [{ index: from, data }] : [];
    },
    checkpoints: async (from) => log.checkpoints.slice(from, from + pageRows),
    pending: async (after) =>
      log.pending.slice(afterIndex(after), afterIndex(after) + pageRows).map((name): PendingRow => ({ ...name, event: eventOf(name), hasEntry: false })),
    lostVaultRefs: async (refs) => new Set(refs.filter((ref) => isLost(desk, tables, ref))),
    // In memory nothing can be changed behind the ledger's back.
    findStrayEvent: async () => undefined,
    findVersionGap: async () => undefined,
    findTileAbove: async () => undefined,
  };
}

/** Neither there nor forgotten together with its key. */
function isLost(desk: DeskId, { vault, caseKeys }: MemoryTables, ref: string): boolean {
  const value = vault.get(`${desk}/${ref}`);
  if (!value) return true;
  const key = `${desk}/${value.caseId}`;
  return value.ciphertext.length === 0 && !(caseKeys.has(key) && caseKeys.get(key) === undefined);
}
