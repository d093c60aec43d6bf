// Reads files that hold one JSON object a line, keeps numbers exactly as they are written, and tells which lines are no objects.
import { isUtf8 } from "node:buffer";
import { type FileRows, type RowBatch, brokenRows } from "./file-rows.ts";
import { type Row, flattened } from "./planned-rows.ts";

const lineFeed = 10;

export function jsonRows(pieces: AsyncIterable<Uint8Array>, file: { readonly name: string; readonly rowBytes: number }): FileRows {
  return { columns: [], batches: rowBatches(pieces, file) };
}

async function* rowBatches(pieces: AsyncIterable<Uint8Array>, file: { readonly name: string; readonly rowBytes: number }): AsyncGenerator<RowBatch> {
  const broken = brokenRows(file.name, "are not JSON objects in UTF-8, or are too long,");
  let number = 0;
  for await (const lines of lineBatches(pieces, file.rowBytes)) {
    const rows: Row[] = [];
    for (const line of lines) {
      number += 1;
      const row = line === "too long" ? undefined : rowIn(line, number === 1);
      if (row === undefined) broken.note(number);
      else if (row !== "blank") rows.push(row);
    }
    yield { rows, findings: [] };
  }
  yield { rows: [], findings: broken.findings() };
}

/** Whole lines, without their ends. One that is too long is passed over and takes no memory. */
async function* lineBatches(pieces: AsyncIterable<Uint8Array>, rowBytes: number): AsyncGenerator<readonly (Buffer | "too long")[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const hold = (part: Buffer) => {
    heldBytes += part.length;
    held = heldBytes > rowBytes ? [] : [...held, part];
  };
  const take = (): Buffer | "too long" => {
    const line = heldBytes > rowBytes ? "too long" : Buffer.concat(held, heldBytes);
    [held, heldBytes] = [[], 0];
    return line;
  };
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const lines: (Buffer | "too long")[] = [];
    let from = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, from)) {
      hold(bytes.subarray(from, end));
      lines.push(take());
      from = end + 1;
    }
    if (from < bytes.length) hold(bytes.subarray(from));
    yield lines;
  }
  if (heldBytes > 0) yield [take()];
}

function rowIn(line: Buffer, isFirst: boolean): Row | "blank" | undefined {
  if (!isUtf8(line)) return undefined;
  const text = line.toString("utf8");
  const said = isFirst && text.startsWith("\ufeff") ? text.slice(1) : text;
  if (said.trim() === "") return "blank";
  try {
    const value = exactly(said);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? flattened(value as { readonly [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

/** A number, where JSON can have one, that JavaScript may not give back as it was written. A false alarm costs time and nothing else. */
const doubtful = /[:,[]\s*(?:-0|-?\d{16}|-?\d+[.eE])/;

interface ExactJson {
  parse(text: string, reviver: (name: string, item: unknown, context: { readonly source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
// The runtime has these; the compiler's library does not know them yet.
const exactJson = JSON as unknown as ExactJson;

function exactly(text: string): unknown {
  if (!doubtful.test(text)) return JSON.parse(text);
  return settled(
    exactJson.parse(text, (_name, item, { source }) =>
      typeof item === "number" && source !== undefined && String(item) !== source ? exactJson.rawJSON(source) : item,
    ),
  );
}

/** As deep as `flattened` makes columns: such a number becomes text there. Further down it stays as written, because what holds it becomes text. */
const deepestColumn = 6;

function settled(value: unknown, depth = 1): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (exactJson.isRawJSON(value)) return JSON.stringify(value);
  if (depth > deepestColumn) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, settled(item, depth + 1)]));
}
