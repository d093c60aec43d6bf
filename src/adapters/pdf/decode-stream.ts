// Undoes the packings of a stream, with a bound on what comes out: a small file may claim to hold more than the world has room for.
import { constants, inflateRawSync, inflateSync } from "node:zlib";
import type { PdfValue } from "./pdf-values.ts";

export type Decoded =
  | { readonly kind: "decoded"; readonly bytes: Uint8Array }
  /** A picture's own packing, or one that is not known: the bytes as they are. */
  | { readonly kind: "opaque"; readonly bytes: Uint8Array }
  | { readonly kind: "too-large" }
  | { readonly kind: "broken"; readonly bytes: Uint8Array };

const shortNames: { readonly [name: string]: string } = {
  Fl: "FlateDecode",
  AHx: "ASCIIHexDecode",
  A85: "ASCII85Decode",
  LZW: "LZWDecode",
  RL: "RunLengthDecode",
};
const mostFilters = 8;

export function decodeStream(bytes: Uint8Array, dictionary: ReadonlyMap<string, PdfValue>, mostBytes: number): Decoded {
  const filters = filtersOf(dictionary);
  if (filters.length > mostFilters) return { kind: "broken", bytes };
  let current = bytes;
  for (const filter of filters) {
    const decode = decoders[filter];
    if (decode === undefined) return { kind: "opaque", bytes: current };
    const next = decode(current, mostBytes);
    if (next === "too-large") return { kind: "too-large" };
    if (next === "broken") return { kind: "broken", bytes: current };
    current = next;
  }
  return { kind: "decoded", bytes: current };
}

function filtersOf(dictionary: ReadonlyMap<string, PdfValue>): string[] {
  const filter = dictionary.get("Filter") ?? dictionary.get("F");
  const named = filter?.kind === "list" ? filter.items : filter === undefined ? [] : [filter];
  return named.flatMap((each) => (each.kind === "name" ? [shortNames[each.name] ?? each.name] : []));
}

type Decode = (bytes: Uint8Array, mostBytes: number) => Uint8Array | "too-large" | "broken";

const decoders: { readonly [filter: string]: Decode } = {
  FlateDecode: inflate,
  ASCIIHexDecode: (bytes) =>
    Buffer.from(
      Buffer.from(bytes)
        .toString("latin1")
        .replace(/>.*$/s, "")
        .replaceAll(/[^0-9A-Fa-f]/g, ""),
      "hex",
    ),
  ASCII85Decode: fromBase85,
  LZWDecode: unpackLzw,
  RunLengthDecode: unpackRuns,
};

function inflate(bytes: Uint8Array, mostBytes: number): Uint8Array | "too-large" | "broken" {
  // What is cut off still holds its beginning, and a reader would show that.
  const settings = { maxOutputLength: mostBytes, finishFlush: constants.Z_SYNC_FLUSH };
  for (const unpack of [inflateSync, (data: Uint8Array, how: typeof settings) => inflateRawSync(data.subarray(2), how)]) {
    try {
      return unpack(bytes, settings);
    } catch (error) {
      if (error instanceof RangeError) return "too-large";
    }
  }
  return "broken";
}

function fromBase85(bytes: Uint8Array): Uint8Array | "broken" {
  const found: number[] = [];
  let group: number[] = [];
  const flush = (): void => {
    const missing = 5 - group.length;
    let value = 0;
    for (const digit of [...group, ...Array.from({ length: missing }, () => 84)]) value = value * 85 + digit;
    for (let byte = 3; byte >= missing; byte--) found.push(Math.floor(value / 256 ** byte) & 255);
    group = [];
  };
  for (const byte of bytes) {
    if (byte === 126) break;
    if (byte === 122 && group.length === 0) found.push(0, 0, 0, 0);
    else if (byte >= 33 && byte <= 117) group.push(byte - 33);
    else if (byte > 32) return "broken";
    if (group.length === 5) flush();
  }
  if (group.length > 1) flush();
  return Uint8Array.from(found);
}

function unpackRuns(bytes: Uint8Array, mostBytes: number): Uint8Array | "too-large" {
  const found: number[] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 128;) {
    const length = bytes[at] ?? 0;
    if (length < 128) {
      for (let index = 1; index <= length + 1; index++) found.push(bytes[at + index] ?? 0);
      at += length + 2;
    } else {
      for (let index = 0; index < 257 - length; index++) found.push(bytes[at + 1] ?? 0);
      at += 2;
    }
    if (found.length > mostBytes) return "too-large";
  }
  return Uint8Array.from(found);
}

const [clear, finish, firstCode, widestCode] = [256, 257, 258, 12];

function unpackLzw(bytes: Uint8Array, mostBytes: number): Uint8Array | "too-large" | "broken" {
  const found: number[] = [];
  let table: number[][] = [];
  let before: number[] | undefined;
  let [held, bits] = [0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffffff;
    bits += 8;
    const next = firstCode + table.length;
    const width = next >= 2047 ? widestCode : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
    if (bits < width) continue;
    const code = (held >> (bits - width)) & ((1 << width) - 1);
    bits -= width;
    if (code === finish) break;
    if (code === clear) {
      table = [];
      before = undefined;
      continue;
    }
    const known = code < clear ? [code] : table[code - firstCode];
    const entry = known ?? (before === undefined ? undefined : [...before, before[0] ?? 0]);
    if (entry === undefined) return "broken";
    if (before !== undefined && table.length < 4096 - firstCode) table.push([...before, entry[0] ?? 0]);
    for (const each of entry) found.push(each);
    before = entry;
    if (found.length > mostBytes) return "too-large";
  }
  return Uint8Array.from(found);
}
