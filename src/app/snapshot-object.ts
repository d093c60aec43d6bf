// How a snapshot is written into one sealed object and read back: a head, then record by record, with files as plain bytes.
import { joinBytes } from "../ledger/text-bytes.ts";
import type { CollectedRecord, FieldValue, KeepingPlan } from "../production/shapes.ts";

const format = "portcullis/snapshot/v1";

/** The first line of the object. */
export interface SnapshotHead {
  readonly preservation: string;
  /** Random, so that the digest of the object tells nothing of what it holds. */
  readonly salt: string;
  readonly plan: KeepingPlan;
}

/** `{ "bytes": n }` in the place of a file's content; the n bytes follow the record's line. */
interface FollowingBytes {
  readonly bytes: number;
}
type WrittenRecord = Omit<CollectedRecord, "fields"> & { readonly fields: { readonly [column: string]: Exclude<FieldValue, Uint8Array> | FollowingBytes } };

type Write = (chunk: Uint8Array) => Promise<void>;

export interface SnapshotWriter {
  record(record: CollectedRecord): Promise<void>;
  /** The last line: a snapshot without it is half a snapshot and is not read. */
  end(records: number): Promise<void>;
}

const encoder = new TextEncoder();
const flushAt = 64 * 1024;

export function snapshotWriter(write: Write, head: SnapshotHead): SnapshotWriter {
  let waiting = `${JSON.stringify({ format, ...head })}\n`;
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = "";
    if (text !== "") await write(encoder.encode(text));
  };
  return {
    record: async (record) => {
      const { fields, ...rest } = record;
      const files: Uint8Array[] = [];
      const written = Object.entries(fields).map(([column, value]) => {
        if (!(value instanceof Uint8Array)) return [column, value] as const;
        files.push(value);
        return [column, { bytes: value.length }] as const;
      });
      waiting += `${JSON.stringify({ ...rest, fields: Object.fromEntries(written) })}\n`;
      if (files.length > 0 || waiting.length >= flushAt) await flush();
      for (const file of files) if (file.length > 0) await write(file);
    },
    end: async (records) => {
      waiting += `${JSON.stringify({ end: format, records })}\n`;
      await flush();
    },
  };
}

export interface OpenSnapshot {
  readonly head: SnapshotHead;
  /** Throws at the end when the snapshot is cut off. */
  readonly records: AsyncGenerator<CollectedRecord>;
  /** Lets go of the object; needed only when its records are not read. */
  readonly close: () => Promise<void>;
}

/** Throws when the bytes are no snapshot. They come from the sealed store, which has checked that they are the ones written. */
export async function openSnapshot(bytes: AsyncIterable<Uint8Array>): Promise<OpenSnapshot> {
  const reader = byteReader(bytes);
  const { format: written, ...head } = JSON.parse(await reader.line()) as SnapshotHead & { readonly format: string };
  if (written !== format) throw new Error("this object is not a snapshot");
  return { head, records: recordsIn(reader), close: reader.close };
}

async function* recordsIn(reader: ByteReader): AsyncGenerator<CollectedRecord> {
  try {
    for (let records = 0; ; records++) {
      const line = JSON.parse(await reader.line()) as WrittenRecord | { readonly end: string; readonly records: number };
      if ("end" in line) {
        if (line.records !== records) throw new Error("a snapshot does not hold as many records as it says");
        return;
      }
      yield await withFiles(line, reader);
    }
  } finally {
    await reader.close();
  }
}

async function withFiles({ fields, ...rest }: WrittenRecord, reader: ByteReader): Promise<CollectedRecord> {
  const read: [string, FieldValue][] = [];
  for (const [column, value] of Object.entries(fields)) {
    read.push([column, value !== null && typeof value === "object" ? await reader.take(value.bytes) : value]);
  }
  return { ...rest, fields: Object.fromEntries(read) };
}

interface ByteReader {
  /** Without its line feed. */
  line(): Promise<string>;
  take(length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

function byteReader(bytes: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = bytes[Symbol.asyncIterator]();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let held: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<Uint8Array> => {
    const next = await chunks.next();
    if (next.done === true) throw new Error("a snapshot is cut off");
    return next.value;
  };
  return {
    line: async () => {
      let end = held.indexOf(10);
      while (end < 0) {
        const from = held.length;
        held = joinBytes(held, await more());
        end = held.indexOf(10, from);
      }
      const line = held.subarray(0, end);
      held = held.subarray(end + 1);
      return decoder.decode(line);
    },
    take: async (length) => {
      const taken = new Uint8Array(length);
      for (let filled = 0; filled < length;) {
        if (held.length === 0) held = await more();
        const part = held.subarray(0, length - filled);
        taken.set(part, filled);
        held = held.subarray(part.length);
        filled += part.length;
      }
      return taken;
    },
    close: async () => {
      await chunks.return?.();
    },
  };
}
