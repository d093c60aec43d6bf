// Finds the rows of a CSV file among its bytes by RFC 4180 to the letter, because a quote at the wrong place can hide a sale.
import { isUtf8 } from "node:buffer";

export type CsvRecord =
  | {
      readonly kind: "record";
      readonly fields: readonly string[];
      /** Where the following record begins. */
      readonly next: number;
      /** Of the file, that this record took: more than one when a quoted field holds line ends. */
      readonly lines: number;
    }
  | { readonly kind: "broken"; readonly what: string }
  /** The bytes end before the record does. */
  | { readonly kind: "unfinished" };

/** Bytes from the file up to `end`; nothing of the file comes after them when `isLast`. */
export interface Block {
  readonly bytes: Buffer;
  readonly end: number;
  readonly isLast: boolean;
}

export const comma = 44;
export const quote = 34;
export const lineFeed = 10;
export const carriageReturn = 13;

type Field =
  | { readonly kind: "field"; readonly from: number; readonly to: number; readonly isQuoted: boolean; readonly next: number; readonly isLastOfRecord: boolean }
  | { readonly kind: "broken"; readonly what: string }
  | { readonly kind: "unfinished"; readonly isOpen: boolean };
type Span = Extract<Field, { readonly kind: "field" }>;

const broken = (what: string) => ({ kind: "broken", what }) as const;
const unclosed = broken("A quote opens a field on this line and does not close it. Close it, and double every quote inside the field.");

/** Reads the record that begins at `from`. One longer than `most` bytes is broken, so that `unfinished` never asks for more than that. */
export function recordAt(block: Block, from: number, most: number): CsvRecord {
  const isCut = block.end - from > most;
  const view = isCut ? { bytes: block.bytes, end: from + most, isLast: false } : block;
  const spans: Span[] = [];
  for (let at = from; ;) {
    const field = at < view.end && view.bytes[at] === quote ? quotedAt(view, at) : plainAt(view, at);
    if (field.kind === "unfinished" && isCut) return field.isOpen ? unclosed : broken(`The line is longer than ${most} bytes. End every row with a line end.`);
    if (field.kind !== "field") return field;
    spans.push(field);
    if (field.isLastOfRecord) return recordOf(block.bytes.subarray(0, field.next), from, spans);
    at = field.next;
  }
}

function plainAt(block: Block, from: number): Field {
  const { bytes, end } = block;
  let at = from;
  while (at < end && bytes[at] !== comma && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) {
    if (bytes[at] === quote) return broken("A quote stands inside a field that does not begin with one. Put quotes around the field and double this one.");
    at++;
  }
  return endedField(block, { from, to: at, isQuoted: false }, at);
}

function quotedAt(block: Block, from: number): Field {
  const { bytes, end, isLast } = block;
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] !== quote) continue;
    if (at + 1 < end && bytes[at + 1] === quote) at++;
    else if (at + 1 < end || isLast) return endedField(block, { from: from + 1, to: at, isQuoted: true }, at + 1);
  }
  return isLast ? unclosed : { kind: "unfinished", isOpen: true };
}

/** Behind a field stands a comma, the end of its line or the end of the file. */
function endedField({ bytes, end, isLast }: Block, { from, to, isQuoted }: Pick<Span, "from" | "to" | "isQuoted">, at: number): Field {
  const width = at < end ? endWidth(bytes, at, end) : 0;
  if (width > 0 || (at >= end && isLast)) return { kind: "field", from, to, isQuoted, next: at + width, isLastOfRecord: bytes[at] !== comma || at >= end };
  if (at >= end || (bytes[at] === carriageReturn && at + 1 >= end && !isLast)) return { kind: "unfinished", isOpen: false };
  if (bytes[at] !== carriageReturn) return broken("Something stands behind the closing quote of a field. Double every quote inside the field.");
  return broken("A carriage return stands alone. End lines with a line feed, or with both.");
}

/** Bytes of what ends a field; 0 when nothing does. */
function endWidth(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] === comma || bytes[at] === lineFeed) return 1;
  return bytes[at] === carriageReturn && at + 1 < end && bytes[at + 1] === lineFeed ? 2 : 0;
}

function recordOf(bytes: Buffer, from: number, spans: readonly Span[]): CsvRecord {
  const record = bytes.subarray(from);
  if (!isUtf8(record)) return broken("The line is not UTF-8. Save the file as UTF-8.");
  if (record.includes(0)) return broken("The line holds a NUL byte. Take it out, or save the file as UTF-8.");
  const fields = spans.map(({ from: start, to, isQuoted }) => {
    const text = bytes.toString("utf8", start, to);
    return isQuoted ? text.replaceAll('""', '"') : text;
  });
  return { kind: "record", fields, next: bytes.length, lines: linesOf(record) };
}

function linesOf(record: Buffer): number {
  let lines = 0;
  for (let at = record.indexOf(lineFeed); at >= 0; at = record.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}
