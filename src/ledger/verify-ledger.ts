// Checks a whole ledger, row by row, against its signed checkpoints and names the first record that does not fit.
import { openCheckpoint } from "./checkpoint.ts";
import { recordText, saltBytes, startCommitting } from "./entry.ts";
import { type Frontier, frontierRoot, leafHash, pushLeaf } from "./merkle.ts";
import type { NoteCrypto, NoteKey } from "./signed-note.ts";
import { tileWidth, tileWidthAt } from "./tiles.ts";
import { base64, sameBytes } from "./text-bytes.ts";

export interface EventRow {
  readonly stream: string;
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly body: string;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
}

export interface RecordName {
  readonly stream: string;
  readonly version: number;
}

/** A row that gives a fact its position, with the fact when it is there. */
export interface EntryRow extends RecordName {
  readonly position: number;
  readonly event: EventRow | undefined;
}

/** A row that says a fact waits for its position. */
export interface PendingRow extends RecordName {
  readonly event: EventRow | undefined;
  readonly hasEntry: boolean;
}

export interface CheckpointRow {
  /** Counts from 0 without gaps. */
  readonly number: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** What the ledger says of itself: the size of its tree and how many checkpoints it signed. */
interface LogState {
  readonly size: number;
  readonly checkpoints: number;
}

/** One desk's rows as of one moment. Every list comes in order and in pages; an empty page is the end. */
export interface LedgerRows {
  readonly desk: string;
  findState(): Promise<LogState | undefined>;
  entries(fromPosition: number): Promise<readonly EntryRow[]>;
  tiles(level: number, fromIndex: number): Promise<readonly { readonly index: number; readonly data: Uint8Array }[]>;
  checkpoints(fromNumber: number): Promise<readonly CheckpointRow[]>;
  pending(after: RecordName | undefined): Promise<readonly PendingRow[]>;
  /** Of these vault references, those whose sealed value is neither there nor forgotten together with its key. */
  lostVaultRefs(refs: readonly string[]): Promise<ReadonlySet<string>>;
  /** The first fact that neither has a position nor waits for one. */
  findStrayEvent(): Promise<RecordName | undefined>;
  /** The first fact whose predecessor in its stream is missing. */
  findVersionGap(): Promise<RecordName | undefined>;
  /** The first tile whose level is above the top of a tree, which no reading by level would meet. */
  findTileAbove(levels: number): Promise<{ readonly level: number; readonly index: number } | undefined>;
}

type LedgerFault =
  | "STATE_MISSING"
  | "SIZE_DIFFERS"
  | "ENTRY_MISSING"
  | "ENTRY_DIFFERS"
  | "EVENT_MISSING"
  | "EVENT_CHANGED"
  | "EVENT_STRAY"
  | "VERSION_MISSING"
  | "TILE_MISSING"
  | "TILE_CHANGED"
  | "TILE_STRAY"
  | "CHECKPOINT_MISSING"
  | "CHECKPOINT_CHANGED"
  | "CHECKPOINT_UNTRUSTED"
  | "ROOT_DIFFERS"
  | "PENDING_STRAY"
  | "VAULT_MISSING"
  | "KNOWN_CHECKPOINT_DIFFERS";

/** The first record that does not fit. */
export interface LedgerFinding {
  readonly code: LedgerFault;
  readonly because: string;
  readonly stream?: string;
  readonly version?: number;
  readonly position?: number;
  /** `tile 0/17` or `checkpoint 4`, when the record at fault is not a fact. */
  readonly record?: string;
}

export type LedgerVerdict =
  | { readonly kind: "whole"; readonly size: number; readonly waiting: number; readonly checkpoints: number; readonly root: string }
  | { readonly kind: "broken"; readonly finding: LedgerFinding };

export interface VerifyOptions {
  readonly crypto: NoteCrypto;
  readonly key: NoteKey;
  /** Checkpoints of this log that somebody kept outside: only they show a ledger that was cut back or written anew. */
  readonly known?: readonly string[];
  readonly onProgress?: (progress: { readonly verified: number; readonly total: number }) => void;
  /** Stops between pages; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignalLike;
}

/** The part of an AbortSignal that is used here. */
interface AbortSignalLike {
  throwIfAborted(): void;
}

/** Thrown inside, caught at the top: a finding ends the check wherever it is made. */
class Broken extends Error {
  readonly finding: LedgerFinding;
  constructor(finding: LedgerFinding) {
    super(finding.because);
    this.finding = finding;
  }
}

/** Reads every row once, in order, with memory that does not grow with the ledger. */
export async function verifyLedger(rows: LedgerRows, options: VerifyOptions): Promise<LedgerVerdict> {
  try {
    return await verifyRows(rows, options);
  } catch (error) {
    if (error instanceof Broken) return { kind: "broken", finding: error.finding };
    throw error;
  }
}

async function verifyRows(rows: LedgerRows, options: VerifyOptions): Promise<LedgerVerdict> {
  const state = await getState(rows);
  const check = startCheck(rows, options, state);
  const root = await verifyEntries(check).catch((error: unknown) => {
    throw earlierFault(check, error);
  });
  await verifyTileEnds(check);
  verifyKnownSizes(check);
  const waiting = await verifyPending(check);
  await verifyStrays(rows);
  return { kind: "whole", size: state.size, waiting, checkpoints: state.checkpoints, root: base64(root) };
}

/** A desk without a state has nothing sealed; rows that say otherwise are found by the checks that follow. */
async function getState(rows: LedgerRows): Promise<LogState> {
  const state = await rows.findState();
  if (state) return state;
  const [[entry], [checkpoint]] = [await rows.entries(0), await rows.checkpoints(0)];
  if (!entry && !checkpoint) return { size: 0, checkpoints: 0 };
  throw new Broken({ code: "STATE_MISSING", because: "The log has entries or checkpoints, but the row that states its size is missing.", record: "log state" });
}

interface Check {
  readonly rows: LedgerRows;
  readonly options: VerifyOptions;
  readonly state: LogState;
  readonly commit: (salt: Uint8Array, record: string) => Uint8Array;
  readonly frontier: Frontier;
  readonly tiles: TileReader[];
  readonly checkpoints: Reader<CheckpointRow>;
  readonly known: Map<number, Uint8Array>;
  /** An entry whose leaf is not the one in its tile: the next root tells which of the two is wrong. */
  suspect: Suspect | undefined;
}

interface Suspect {
  readonly entry: EntryRow;
  readonly tile: LedgerFinding;
}

function startCheck(rows: LedgerRows, options: VerifyOptions, state: LogState): Check {
  return {
    rows,
    options,
    state,
    commit: startCommitting(options.crypto.sha256, options.crypto.writeText),
    frontier: { size: 0, waiting: [] },
    tiles: [],
    checkpoints: readPages((last) => rows.checkpoints(last === undefined ? 0 : last.number + 1)),
    known: knownRoots(options),
    suspect: undefined,
  };
}

function knownRoots({ crypto, key, known = [] }: VerifyOptions): Map<number, Uint8Array> {
  const roots = new Map<number, Uint8Array>();
  for (const note of known) {
    const opened = openCheckpoint(crypto, key, note);
    if (opened.kind === "refused") throw new RangeError(`a checkpoint kept outside cannot be used: ${opened.because}`);
    const same = roots.get(opened.size);
    if (same && !sameBytes(same, opened.root)) {
      throw new Broken({ code: "KNOWN_CHECKPOINT_DIFFERS", because: `Two checkpoints kept outside show different roots for ${opened.size} entries.` });
    }
    roots.set(opened.size, opened.root);
  }
  return roots;
}

/** Walks the entries with the tiles and checkpoints beside them; returns the root over all of them. */
async function verifyEntries(check: Check): Promise<Uint8Array> {
  const { rows, options, state, frontier } = check;
  const verifyLeaf = startLeafCheck(check);
  let page = rows.entries(0);
  let next = await nextCheckpoint(check);
  for (let entries = await page; entries.length > 0; entries = await page) {
    options.signal?.throwIfAborted();
    page = rows.entries((entries.at(-1)?.position ?? 0) + 1);
    // The next page is fetched while this one is checked; a finding in this one must not leave it unattended.
    page.catch(() => undefined);
    for (const entry of entries) {
      const waiting = verifyLeaf(entry);
      if (waiting) await waiting;
      if (next && next.size < frontier.size) throw checkpointFault(next, "CHECKPOINT_CHANGED", "It covers fewer entries than the checkpoint before it.");
      if (next?.size === frontier.size) {
        verifyRoot(check, next);
        next = await nextCheckpoint(check);
      }
      if (check.known.size > 0) verifyKnown(check);
    }
    await verifyVault(rows, entries);
    options.onProgress?.({ verified: frontier.size, total: state.size });
  }
  settleSuspect(check, false);
  verifySize(check, next);
  return frontierRoot(options.crypto.sha256, frontier);
}

/** Called at the end of the entries, with the first checkpoint that they did not reach. */
function verifySize({ state, frontier }: Check, next: CheckpointRow | undefined): void {
  const held = frontier.size;
  if (next && held < state.size) {
    throw new Broken({ code: "ENTRY_MISSING", because: `A checkpoint covers ${next.size} entries, the log holds ${held}.`, position: held });
  }
  if (next) throw checkpointFault(next, "CHECKPOINT_CHANGED", `It covers ${next.size} entries of a log that holds ${held}.`);
  if (held !== state.size) {
    throw new Broken({
      code: "SIZE_DIFFERS",
      because: `The log states ${state.size} entries and holds ${held}.`,
      record: "log state",
      position: Math.min(held, state.size),
    });
  }
}

/** Checks one entry; gives back a promise only where a tile must be fetched first, to keep the many others quick. */
function startLeafCheck(check: Check): (entry: EntryRow) => Promise<void> | undefined {
  const { options, frontier } = check;
  const { sha256 } = options.crypto;
  const finished: { level: number; hash: Uint8Array }[] = [];
  const completed = (level: number, hash: Uint8Array): void => {
    finished.push({ level, hash });
  };
  return (entry) => {
    verifyEvent(check, entry);
    const event = entry.event as EventRow;
    finished.length = 0;
    pushLeaf(sha256, frontier, leafHash(sha256, event.commitment), completed);
    const ready = finished.every(({ level }) => tileReader(check, level).isReady());
    if (!ready) return verifyTiles(check, entry, [...finished]);
    for (const { level, hash } of finished) verifyTileHash(check, entry, level, hash);
    return undefined;
  };
}

async function verifyTiles(check: Check, entry: EntryRow, finished: readonly { level: number; hash: Uint8Array }[]): Promise<void> {
  for (const { level, hash } of finished) {
    await tileReader(check, level).fetch();
    verifyTileHash(check, entry, level, hash);
  }
}

function verifyEvent(check: Check, entry: EntryRow): void {
  const { stream, version, position, event } = entry;
  if (position !== check.frontier.size) {
    const because = `No entry has position ${check.frontier.size}; the next one has ${position}.`;
    throw new Broken({ code: "ENTRY_MISSING", because, position: check.frontier.size, stream, version });
  }
  if (!event) throw new Broken({ code: "EVENT_MISSING", because: "The entry points to a fact that is not there.", stream, version, position });
  if (!isCommitted(check, event))
    throw new Broken({ code: "EVENT_CHANGED", because: "The fact is not the one its commitment was made for.", stream, version, position });
}

function isCommitted(check: Check, event: EventRow): boolean {
  const { stream, version, at, by, body, salt, commitment } = event;
  if (salt.length !== saltBytes || !body.isWellFormed()) return false;
  return sameBytes(check.commit(salt, recordText({ desk: check.rows.desk, stream, version, at, by, body })), commitment);
}

function verifyTileHash(check: Check, entry: EntryRow, level: number, hash: Uint8Array): void {
  const reader = tileReader(check, level);
  const { index, data, offset } = reader.take();
  const record = `tile ${level}/${index}`;
  const position = entry.position;
  if (!data) throw new Broken({ code: "TILE_MISSING", because: `The tile ${level}/${index} is missing.`, record, position });
  if (isSameAt(hash, data, offset)) return;
  const because = `Hash ${offset / 32} of the tile ${level}/${index} is not the hash of the entries it stands for.`;
  const finding: LedgerFinding = { code: "TILE_CHANGED", because, record, position };
  if (level > 0) throw new Broken(finding);
  check.suspect ??= { entry, tile: finding };
}

function isSameAt(hash: Uint8Array, data: Uint8Array, offset: number): boolean {
  for (let index = 0; index < 32; index++) if (hash[index] !== data[offset + index]) return false;
  return true;
}

function entryFinding({ stream, version, position }: EntryRow): LedgerFinding {
  return { code: "ENTRY_DIFFERS", because: "The fact at this position is not the one that was sealed there.", stream, version, position };
}

function settleSuspect(check: Check, rootFits: boolean): void {
  const { suspect } = check;
  check.suspect = undefined;
  if (suspect) throw new Broken(rootFits ? suspect.tile : entryFinding(suspect.entry));
}

/** A suspect that no root has settled yet stands before whatever was found after it. */
function earlierFault({ suspect }: Check, error: unknown): unknown {
  return error instanceof Broken && suspect ? new Broken(entryFinding(suspect.entry)) : error;
}

async function nextCheckpoint(check: Check): Promise<CheckpointRow | undefined> {
  const { checkpoints, state } = check;
  const row = await checkpoints.next();
  const expected = checkpoints.taken() - (row ? 1 : 0);
  if (!row && expected < state.checkpoints) {
    throw new Broken({
      code: "CHECKPOINT_MISSING",
      because: `The log states ${state.checkpoints} checkpoints and holds ${expected}.`,
      record: `checkpoint ${expected}`,
    });
  }
  if (!row) return undefined;
  if (row.number !== expected)
    throw new Broken({ code: "CHECKPOINT_MISSING", because: `The next checkpoint has number ${row.number}.`, record: `checkpoint ${expected}` });
  if (row.number >= state.checkpoints) throw checkpointFault(row, "CHECKPOINT_CHANGED", `The log states only ${state.checkpoints} checkpoints.`);
  verifyNote(check.options, row);
  return row;
}

function verifyNote({ crypto, key }: VerifyOptions, row: CheckpointRow): void {
  const opened = openCheckpoint(crypto, key, row.note);
  if (opened.kind === "refused") throw checkpointFault(row, "CHECKPOINT_UNTRUSTED", opened.because);
  if (opened.size !== row.size) throw checkpointFault(row, "CHECKPOINT_CHANGED", "Its row states another size than its note.");
  if (!sameBytes(opened.root, row.root)) throw checkpointFault(row, "CHECKPOINT_CHANGED", "Its row states another root hash than its note.");
  if (opened.size === 0) throw checkpointFault(row, "CHECKPOINT_CHANGED", "It covers nothing.");
}

function verifyRoot(check: Check, row: CheckpointRow): void {
  const fits = sameBytes(frontierRoot(check.options.crypto.sha256, check.frontier), row.root);
  settleSuspect(check, fits);
  if (!fits) throw checkpointFault(row, "ROOT_DIFFERS", "Its root hash is not the one of the entries it covers.");
}

function checkpointFault(row: CheckpointRow, code: LedgerFault, because: string): Broken {
  return new Broken({ code, because: `Checkpoint ${row.number}: ${because}`, record: `checkpoint ${row.number}`, position: row.size });
}

function verifyKnown(check: Check): void {
  const root = check.known.get(check.frontier.size);
  if (root && !sameBytes(root, frontierRoot(check.options.crypto.sha256, check.frontier))) {
    const because = `A checkpoint kept outside shows another root for the first ${check.frontier.size} entries: history was written anew.`;
    throw new Broken({ code: "KNOWN_CHECKPOINT_DIFFERS", because, position: check.frontier.size - 1 });
  }
}

function verifyKnownSizes({ known, frontier }: Check): void {
  const largest = Math.max(0, ...known.keys());
  if (largest <= frontier.size) return;
  const because = `A checkpoint kept outside covers ${largest} entries, the log holds ${frontier.size}: its end was cut off.`;
  throw new Broken({ code: "KNOWN_CHECKPOINT_DIFFERS", because, position: frontier.size });
}

async function verifyTileEnds(check: Check): Promise<void> {
  const { rows, frontier } = check;
  for (const [level, reader] of check.tiles.entries()) {
    const stray = await reader.findRest(frontier.size);
    if (stray !== undefined) throw tileStray(level, stray);
  }
  const above = await rows.findTileAbove(check.tiles.length);
  if (above) throw tileStray(above.level, above.index);
}

function tileStray(level: number, index: number): Broken {
  return new Broken({ code: "TILE_STRAY", because: `The tile ${level}/${index} holds more than the log has entries for.`, record: `tile ${level}/${index}` });
}

async function verifyPending(check: Check): Promise<number> {
  const pending = readPages((last: PendingRow | undefined) => check.rows.pending(last));
  for (let row = await pending.next(); row; row = await pending.next()) {
    check.options.signal?.throwIfAborted();
    const { stream, version, event } = row;
    if (row.hasEntry) throw new Broken({ code: "PENDING_STRAY", because: "The fact waits for a position and has one already.", stream, version });
    if (!event) throw new Broken({ code: "EVENT_MISSING", because: "A fact that waits for its position is not there.", stream, version });
    if (!isCommitted(check, event))
      throw new Broken({ code: "EVENT_CHANGED", because: "The fact is not the one its commitment was made for.", stream, version });
    await verifyVault(check.rows, [row]);
  }
  return pending.taken();
}

async function verifyStrays(rows: LedgerRows): Promise<void> {
  const stray = await rows.findStrayEvent();
  if (stray) throw new Broken({ code: "EVENT_STRAY", because: "The fact neither has a position nor waits for one.", ...stray });
  const gap = await rows.findVersionGap();
  if (gap) throw new Broken({ code: "VERSION_MISSING", because: "The fact before this one in its stream is missing.", ...gap });
}

async function verifyVault(rows: LedgerRows, page: readonly { readonly event: EventRow | undefined; readonly position?: number }[]): Promise<void> {
  const owners = new Map<string, (typeof page)[number]>();
  for (const row of page) for (const ref of row.event ? vaultRefs(row.event.body) : []) owners.set(ref, row);
  if (owners.size === 0) return;
  const lost = await rows.lostVaultRefs([...owners.keys()]);
  for (const [ref, { event, position }] of owners) {
    if (!lost.has(ref) || !event) continue;
    const where = { stream: event.stream, version: event.version, ...(position === undefined ? {} : { position }) };
    throw new Broken({ code: "VAULT_MISSING", because: `The sealed value ${ref} that the fact commits to is gone, and its key was not forgotten.`, ...where });
  }
}

/** The references of `{"commitment": …, "vault": …}` wherever they stand in a fact. */
function vaultRefs(body: string): readonly string[] {
  if (!body.includes('"vault":"')) return [];
  const refs: string[] = [];
  JSON.parse(body, (_name, value: unknown) => {
    const { vault, commitment } = (value ?? {}) as { vault?: unknown; commitment?: unknown };
    if (typeof vault === "string" && typeof commitment === "string") refs.push(vault);
    return value;
  });
  return refs;
}

interface Reader<Row> {
  next(): Promise<Row | undefined>;
  /** How many rows came so far. */
  taken(): number;
}

function readPages<Row>(fetch: (last: Row | undefined) => Promise<readonly Row[]>): Reader<Row> {
  let [page, place, count]: [readonly Row[], number, number] = [[], 0, 0];
  let last: Row | undefined;
  return {
    taken: () => count,
    async next() {
      if (place === page.length) [page, place] = [await fetch(last), 0];
      const row = page[place++];
      if (row === undefined) return undefined;
      last = row;
      count++;
      return row;
    },
  };
}

interface TileReader {
  /** Whether the tile of the next hash is in memory (or known to be missing). */
  isReady(): boolean;
  fetch(): Promise<void>;
  take(): { readonly index: number; readonly data: Uint8Array | undefined; readonly offset: number };
  /** The index of a tile that holds more than a tree of this size has. */
  findRest(size: number): Promise<number | undefined>;
}

function tileReader(check: Check, level: number): TileReader {
  return (check.tiles[level] ??= startTileReader(check.rows, level));
}

function startTileReader(rows: LedgerRows, level: number): TileReader {
  let hashes = 0;
  let current: { index: number; data: Uint8Array | undefined } | undefined;
  let page: readonly { readonly index: number; readonly data: Uint8Array }[] = [];
  const find = async (index: number) => {
    if (!page.some((tile) => tile.index >= index)) page = await rows.tiles(level, index);
    return page.find((tile) => tile.index === index)?.data;
  };
  const indexNow = () => Math.floor(hashes / tileWidth);
  return {
    isReady: () => current?.index === indexNow(),
    async fetch() {
      if (current?.index !== indexNow()) current = { index: indexNow(), data: await find(indexNow()) };
    },
    take() {
      const offset = (hashes % tileWidth) * 32;
      const index = indexNow();
      hashes++;
      const data = current?.index === index ? current.data : undefined;
      return { index, data: data && data.length >= offset + 32 ? data : undefined, offset };
    },
    async findRest(size) {
      for (let index = Math.max(0, indexNow() - 1); ;) {
        const tiles = await rows.tiles(level, index);
        const stray = tiles.find((tile) => tile.data.length !== tileWidthAt(size, level, tile.index) * 32);
        if (stray || tiles.length === 0) return stray?.index;
        index = (tiles.at(-1)?.index ?? 0) + 1;
      }
    },
  };
}
