// Reads the written form of PDF values (names, strings, lists) straight from bytes, trusting no table of contents and no length.

export type PdfValue =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "string"; readonly bytes: Uint8Array }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "list"; readonly items: readonly PdfValue[] }
  | { readonly kind: "dictionary"; readonly entries: ReadonlyMap<string, PdfValue> }
  /** Anything else: `obj`, `stream`, `true`, or an operator of a page. */
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "comment"; readonly bytes: Uint8Array }
  /** A closing bracket that nothing opened. */
  | { readonly kind: "stray" };

export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
}

export function readerOf(bytes: Uint8Array, at = 0): Reader {
  return { bytes, at, end: bytes.length };
}

const deepest = 100;

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0;
}

/** ( ) < > [ ] { } / % */
const delimiters: ReadonlySet<number> = new Set([40, 41, 60, 62, 91, 93, 123, 125, 47, 37]);

/** The next value; none at the end. */
export function nextValue(reader: Reader, depth = 0): PdfValue | undefined {
  const { bytes, end } = reader;
  while (reader.at < end && isSpace(bytes[reader.at] ?? 0)) reader.at++;
  if (reader.at >= end) return undefined;
  const first = bytes[reader.at] ?? 0;
  const second = bytes[reader.at + 1] ?? 0;
  if (first === 37) return readComment(reader);
  if (first === 47) return readName(reader);
  if (first === 40) return readLiteral(reader);
  if (first === 60 && second === 60) return readDictionary(reader, depth);
  if (first === 60) return readHex(reader);
  if (first === 91) return readList(reader, depth);
  if (delimiters.has(first)) {
    reader.at += first === 62 && second === 62 ? 2 : 1;
    return { kind: "stray" };
  }
  return readWord(reader);
}

function readComment(reader: Reader): PdfValue {
  const from = reader.at + 1;
  while (reader.at < reader.end && reader.bytes[reader.at] !== 10 && reader.bytes[reader.at] !== 13) reader.at++;
  return { kind: "comment", bytes: reader.bytes.subarray(from, reader.at) };
}

function regular(reader: Reader): string {
  const from = reader.at;
  while (reader.at < reader.end && !isSpace(reader.bytes[reader.at] ?? 0) && !delimiters.has(reader.bytes[reader.at] ?? 0)) reader.at++;
  return Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + from, reader.at - from).toString("latin1");
}

function readName(reader: Reader): PdfValue {
  reader.at++;
  const name = regular(reader).replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { kind: "name", name };
}

function readWord(reader: Reader): PdfValue {
  const word = regular(reader);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(word) ? { kind: "number", value: Number(word) } : { kind: "word", word };
}

const escapes: { readonly [sign: string]: number } = { n: 10, r: 13, t: 9, b: 8, f: 12 };

function readLiteral(reader: Reader): PdfValue {
  const { bytes, end } = reader;
  const found: number[] = [];
  let open = 1;
  for (reader.at++; reader.at < end; reader.at++) {
    const byte = bytes[reader.at] ?? 0;
    if (byte === 92) readEscape(reader, found);
    else {
      open += byte === 40 ? 1 : byte === 41 ? -1 : 0;
      if (open === 0) break;
      found.push(byte);
    }
  }
  reader.at++;
  return { kind: "string", bytes: Uint8Array.from(found) };
}

function readEscape(reader: Reader, found: number[]): void {
  const next = reader.bytes[++reader.at] ?? 0;
  if (next === 13 && reader.bytes[reader.at + 1] === 10) reader.at++;
  if (next === 10 || next === 13) return;
  let octal = "";
  while (octal.length < 3 && /[0-7]/.test(String.fromCharCode(reader.bytes[reader.at + octal.length] ?? 0)))
    octal += String.fromCharCode(reader.bytes[reader.at + octal.length] ?? 0);
  if (octal === "") found.push(escapes[String.fromCharCode(next)] ?? next);
  else {
    found.push(Number.parseInt(octal, 8) & 255);
    reader.at += octal.length - 1;
  }
}

function readHex(reader: Reader): PdfValue {
  const from = ++reader.at;
  while (reader.at < reader.end && reader.bytes[reader.at] !== 62) reader.at++;
  const digits = Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + from, reader.at - from)
    .toString("latin1")
    .replaceAll(/[^0-9A-Fa-f]/g, "");
  reader.at++;
  return { kind: "string", bytes: Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, "hex") };
}

function readList(reader: Reader, depth: number): PdfValue {
  reader.at++;
  const items: PdfValue[] = [];
  while (depth < deepest) {
    const item = nextValue(reader, depth + 1);
    if (item === undefined || item.kind === "stray") break;
    items.push(item);
  }
  return { kind: "list", items };
}

function readDictionary(reader: Reader, depth: number): PdfValue {
  reader.at += 2;
  const entries = new Map<string, PdfValue>();
  let key: string | undefined;
  let last: PdfValue[] = [];
  const finish = (): void => {
    if (key === undefined) {
      if (last.length > 0) entries.set(`?${entries.size}`, { kind: "list", items: last });
    } else entries.set(entries.has(key) ? `${key}?${entries.size}` : key, last.length === 1 && last[0] !== undefined ? last[0] : { kind: "list", items: last });
    last = [];
  };
  while (depth < deepest) {
    const value = nextValue(reader, depth + 1);
    if (value === undefined || value.kind === "stray") break;
    // A name right after a key is its value; the next name is a key again.
    if (value.kind === "name" && (key === undefined || last.length > 0)) {
      finish();
      key = value.name;
    } else last.push(value);
  }
  finish();
  return { kind: "dictionary", entries };
}
