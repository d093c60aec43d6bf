// The headers of a tar (POSIX ustar, with pax where a path is long): written from name, size and moment alone, so that the same bag is always the same bytes.
import { utf8 } from "../../ledger/text-bytes.ts";

const blockBytes = 512;

export interface TarEntry {
  /** With forward slashes. */
  readonly name: string;
  readonly bytes: number;
  readonly mtimeSeconds: number;
}

/** The block or blocks before a file's content. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const name = utf8(entry.name);
  if (name.length <= 100) return block(name, entry, "0");
  const record = paxRecord("path", name);
  const padded = new Uint8Array(record.length + tarPadding(record.length));
  padded.set(record);
  const extended = block(utf8("pax-header"), { ...entry, bytes: record.length }, "x");
  return joined([extended, padded, block(name.slice(0, 100), entry, "0")]);
}

/** How many zeros follow a file's content. */
export function tarPadding(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** Two empty blocks end a tar. */
export const tarEndBytes = 2 * blockBytes;

function block(name: Uint8Array, { bytes, mtimeSeconds }: TarEntry, type: "0" | "x"): Uint8Array {
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes >= 8 ** 11) throw new RangeError("a file in a tar is smaller than 8 GiB");
  const header = new Uint8Array(blockBytes);
  header.set(name, 0);
  const put = (text: string, at: number) => header.set(utf8(text), at);
  put("000644 \x00", 100);
  put("000000 \x00000000 \x00", 108);
  put(`${bytes.toString(8).padStart(11, "0")} `, 124);
  put(`${Math.max(0, mtimeSeconds).toString(8).padStart(11, "0")} `, 136);
  put(`        ${type}`, 148);
  put("ustar\x0000", 257);
  put("000000 \x00000000 \x00", 329);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** `length key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const rest = joined([utf8(` ${key}=`), value, utf8("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return joined([utf8(String(length)), rest]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
