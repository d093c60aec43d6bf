// Opens a web font (WOFF 1.0) into the plain font file that a printer reads: the type faces of pages and of letters are the same files.
import { inflateSync } from "node:zlib";

const signature = 0x774f4646;
const headerBytes = 44;
const woffEntryBytes = 20;
const fontHeaderBytes = 12;
const fontEntryBytes = 16;

interface FontTable {
  readonly tag: number;
  readonly checksum: number;
  readonly bytes: Uint8Array;
}

/** Source: W3C, WOFF File Format 1.0, sections 3 to 5. Throws a RangeError on anything else. */
export function unpackFont(woff: Uint8Array): Uint8Array {
  const view = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  if (woff.byteLength < headerBytes || view.getUint32(0) !== signature) throw new RangeError("this is not a WOFF font");
  return fontFile(view.getUint32(4), tablesOf(woff, view));
}

function tablesOf(woff: Uint8Array, view: DataView): readonly FontTable[] {
  return Array.from({ length: view.getUint16(12) }, (_, nth) => {
    const entry = headerBytes + nth * woffEntryBytes;
    const [offset, packedBytes, bytes] = [view.getUint32(entry + 4), view.getUint32(entry + 8), view.getUint32(entry + 12)];
    const packed = woff.subarray(offset, offset + packedBytes);
    const table = packedBytes < bytes ? inflateSync(packed, { maxOutputLength: bytes }) : packed;
    if (table.byteLength !== bytes) throw new RangeError("a table of the WOFF font has not the length it claims");
    return { tag: view.getUint32(entry), checksum: view.getUint32(entry + 16), bytes: table };
  });
}

function fontFile(flavour: number, tables: readonly FontTable[]): Uint8Array {
  const start = fontHeaderBytes + tables.length * fontEntryBytes;
  const file = new Uint8Array(tables.reduce((size, { bytes }) => size + padded(bytes), start));
  const view = new DataView(file.buffer);
  const power = Math.floor(Math.log2(tables.length));
  view.setUint32(0, flavour);
  view.setUint16(4, tables.length);
  view.setUint16(6, 16 * 2 ** power);
  view.setUint16(8, power);
  view.setUint16(10, 16 * (tables.length - 2 ** power));
  let offset = start;
  for (const [nth, { tag, checksum, bytes }] of tables.entries()) {
    const entry = fontHeaderBytes + nth * fontEntryBytes;
    [tag, checksum, offset, bytes.byteLength].forEach((value, at) => view.setUint32(entry + at * 4, value));
    file.set(bytes, offset);
    offset += padded(bytes);
  }
  return file;
}

function padded(bytes: Uint8Array): number {
  return (bytes.byteLength + 3) & ~3;
}
