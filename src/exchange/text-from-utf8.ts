// Turns bytes into text, or says that they are not UTF-8: a paper must mean the same to every program that reads it.

const pieceUnits = 8192;

/** The text of strict UTF-8, without its byte-order mark; undefined when one byte breaks the rules (overlong forms and surrogates do). */
export function textFromUtf8(bytes: Uint8Array): string | undefined {
  const pieces: string[] = [];
  let units: number[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const length = lengthOf(bytes[at] ?? 0);
    const point = length === 0 ? undefined : pointAt(bytes, at, length);
    if (point === undefined) return undefined;
    units.push(point);
    at += length;
    if (units.length < pieceUnits) continue;
    pieces.push(String.fromCodePoint(...units));
    units = [];
  }
  return pieces.join("") + String.fromCodePoint(...units);
}

/** How many bytes a character takes, by its first byte; 0 when no character begins with it. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

const smallest = [0, 0, 0x80, 0x800, 0x10000] as const;
const firstBits = [0, 0x7f, 0x1f, 0x0f, 0x07] as const;

function pointAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  let point = (bytes[at] ?? 0) & (firstBits[length] ?? 0);
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return undefined;
    point = (point << 6) | (byte & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point < 0xe000;
  return point < (smallest[length] ?? 0) || isSurrogate || point > 0x10ffff ? undefined : point;
}
