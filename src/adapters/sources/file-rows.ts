// What the readers of table files share: rows come in batches, and what could not be read is counted for each file and told once.
import { createGunzip } from "node:zlib";
import { Readable, pipeline } from "node:stream";
import type { LiveCollection, SourceFinding } from "../../production/shapes.ts";
import type { Row } from "./planned-rows.ts";
import { Stopped } from "./file-place.ts";

export interface RowBatch {
  readonly rows: readonly Row[];
  readonly findings: readonly SourceFinding[];
}

export interface FileRows {
  /** What the file itself says its columns are. Empty where only its rows show them. */
  readonly columns: LiveCollection["columns"];
  readonly batches: AsyncIterable<RowBatch>;
}

/** What a reader holds is let go where its rows begin and end: rows that nobody wants any more are begun for that. */
export async function letGo(rows: FileRows): Promise<void> {
  const batches = rows.batches[Symbol.asyncIterator]();
  await batches.next();
  await batches.return?.();
}

export function overlong(rowBytes: number): string {
  return `A row is longer than ${rowBytes} bytes.`;
}

interface BrokenRows {
  note(row: number): void;
  findings(): SourceFinding[];
}

/** Counts rows that were left out; says how many and which was the first. */
export function brokenRows(where: string, what: string): BrokenRows {
  let [count, first] = [0, 0];
  return {
    note: (row) => {
      if (count === 0) first = row;
      count += 1;
    },
    findings: () => (count === 0 ? [] : [{ code: "BROKEN_ROWS", where, what: `${count} rows ${what} and are left out; the first is row ${first}.` }]),
  };
}

/** Unpacks what is packed with gzip, whatever its name says, and stops where it would become larger than it may. */
export async function* unpacked(pieces: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const all = joined(first.value, source);
  let bytes = 0;
  for await (const piece of isPacked(first.value) ? gunzipped(all) : all) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new Stopped("TOO_LARGE", "the file is larger than the source may read");
    yield piece;
  }
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.(undefined);
  }
}

function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* gunzipped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Its errors come out of the iteration below; the pipeline only has to pass them on.
  const stream = pipeline(Readable.from(pieces, { objectMode: false }), createGunzip({ chunkSize: 256 * 1024 }), () => undefined);
  for await (const piece of stream) yield piece as Buffer;
}

/** Whether the packed bytes are damaged, rather than the place that keeps them. */
export function isDamagedPacking(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && code.startsWith("Z_");
}
