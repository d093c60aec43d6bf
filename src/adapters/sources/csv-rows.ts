// Takes the rows of a CSV file apart to the letter: every value is the text that stands there, and what is not a row is told and not guessed.
import { type FileRows, type RowBatch, brokenRows, overlong } from "./file-rows.ts";
import type { Row } from "./planned-rows.ts";

export interface CsvForm {
  readonly kind: "csv";
  /** One sign; a comma where nothing is said. */
  readonly delimiter?: string;
  /** One sign, or `none` where values are never quoted. */
  readonly quote?: string;
  readonly encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  /** What an unquoted field says when there is no value; nothing at all where the settings are silent. A quoted field always has one. */
  readonly missing?: string;
  /** The names of the columns, where the file's first row is not their names. */
  readonly header?: readonly string[];
}

type Form = Required<Omit<CsvForm, "header" | "kind">>;

const mostColumns = 5000;

/** Why a stated form cannot be read, in words; nothing when it can. */
export function faultOfForm(form: CsvForm): string | undefined {
  const { delimiter = ",", quote = '"' } = form;
  if ([...delimiter].length !== 1 || /[\r\n]/.test(delimiter)) return "The delimiter must be one sign.";
  if (quote !== "none" && (quote.length !== 1 || /[\r\n]/.test(quote) || quote === delimiter))
    return "The quote must be one sign other than the delimiter, or `none`.";
  return form.header === undefined ? undefined : faultOfHeader(form.header);
}

export async function csvRows(
  pieces: AsyncIterable<Uint8Array>,
  stated: CsvForm,
  file: { readonly name: string; readonly rowBytes: number },
): Promise<FileRows> {
  const form: Form = { delimiter: ",", quote: '"', encoding: "utf-8", missing: "", ...stated };
  const batches = recordBatches(pieces, form, file.rowBytes)[Symbol.asyncIterator]();
  const first = await firstOf(batches);
  const header = stated.header ?? first.records[0]?.map((value) => value ?? "");
  const fault = first.records.length === 0 ? first.fault : header === undefined ? undefined : faultOfHeader(header);
  if (header === undefined || fault !== undefined) {
    await batches.return?.(undefined);
    return { columns: [], batches: unreadable(file.name, fault ?? "The file is empty: not even its columns are named.") };
  }
  const rest = stated.header === undefined ? { ...first, records: first.records.slice(1) } : first;
  return {
    columns: header.map((name) => ({ name, kind: "text" as const })),
    batches: rowBatches(rest, batches, { header, name: file.name, hasHeader: stated.header === undefined }),
  };
}

/** The first records there are: a row can be longer than many pieces. */
async function firstOf(batches: AsyncIterator<Records>): Promise<Records> {
  for (let next = await batches.next(); next.done !== true; next = await batches.next())
    if (next.value.records.length > 0 || next.value.fault !== undefined) return next.value;
  return { records: [] };
}

function faultOfHeader(header: readonly string[]): string | undefined {
  if (header.length > mostColumns) return `The file names more than ${mostColumns} columns.`;
  if (header.some((name) => name === "")) return "A column has no name.";
  return new Set(header).size === header.length ? undefined : "Two columns have the same name.";
}

async function* unreadable(name: string, what: string): AsyncGenerator<RowBatch> {
  yield { rows: [], findings: [{ code: "UNREADABLE", where: name, what: `${what} The file is not read.` }] };
}

interface Shape {
  readonly header: readonly string[];
  readonly name: string;
  readonly hasHeader: boolean;
}

async function* rowBatches(first: Records, rest: AsyncIterator<Records>, shape: Shape): AsyncGenerator<RowBatch> {
  let row = shape.hasHeader ? 1 : 0;
  const broken = brokenRows(shape.name, `do not have the ${shape.header.length} values that their columns need`);
  try {
    for (let batch: Records | undefined = first; batch !== undefined; batch = await nextOf(rest)) {
      const rows: Row[] = [];
      for (const record of batch.records) {
        row += 1;
        if (record.length === shape.header.length) rows.push(rowOf(record, shape.header));
        else broken.note(row);
      }
      const what = batch.fault === undefined ? undefined : `${batch.fault} Nothing after row ${row} is read.`;
      yield { rows, findings: what === undefined ? [] : [{ code: "UNREADABLE", where: shape.name, what }] };
    }
    yield { rows: [], findings: broken.findings() };
  } finally {
    await rest.return?.(undefined);
  }
}

async function nextOf(batches: AsyncIterator<Records>): Promise<Records | undefined> {
  const next = await batches.next();
  return next.done === true ? undefined : next.value;
}

function rowOf(record: CsvRecord, header: readonly string[]): Row {
  const row: { [column: string]: string | null } = Object.create(null);
  for (let index = 0; index < header.length; index++) row[header[index] ?? ""] = record[index] ?? null;
  return row;
}

type CsvRecord = readonly (string | null)[];

interface Records {
  readonly records: readonly CsvRecord[];
  /** Why nothing can be read after these. */
  readonly fault?: string;
}

async function* recordBatches(pieces: AsyncIterable<Uint8Array>, form: Form, rowBytes: number): AsyncGenerator<Records> {
  let text = "";
  // A record longer than a piece is looked at again only when twice as much of it is there: time stays in step with its length.
  let enough = 0;
  for await (const piece of decoded(pieces, form.encoding)) {
    if (piece.kind === "fault") return yield { records: [], fault: piece.what };
    text += piece.text;
    if (text.length < enough && !piece.isLast) continue;
    const { records, next, fault } = recordsIn(text, form, piece.isLast);
    text = text.slice(next);
    enough = text.length * 2;
    if (fault !== undefined) return yield { records, fault };
    if (text.length > rowBytes) return yield { records, fault: overlong(rowBytes) };
    yield { records };
  }
}

type Decoded = { readonly kind: "text"; readonly text: string; readonly isLast: boolean } | { readonly kind: "fault"; readonly what: string };

async function* decoded(pieces: AsyncIterable<Uint8Array>, encoding: Form["encoding"]): AsyncGenerator<Decoded> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const piece of pieces) yield { kind: "text", text: textOf(decoder, piece), isLast: false };
    yield { kind: "text", text: textOf(decoder), isLast: true };
  } catch (error) {
    if (!(error instanceof NotText)) throw error;
    yield { kind: "fault", what: `The file is not ${encoding} as stated. State the encoding it has.` };
  }
}

class NotText extends Error {}

function textOf(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch (error) {
    throw new NotText("the bytes are not text of the encoding", { cause: error });
  }
}

interface Found {
  readonly records: readonly CsvRecord[];
  /** Where the first record begins that is not among these. */
  readonly next: number;
  readonly fault?: string;
}

function recordsIn(text: string, form: Form, isLast: boolean): Found {
  const records: CsvRecord[] = [];
  for (let at = 0; ;) {
    if (at >= text.length) return { records, next: at };
    const found = recordAt(text, at, { form, isLast });
    if (found === "unfinished") return { records, next: at };
    if (typeof found === "string") return { records, next: text.length, fault: found };
    // An empty line is no row, except where a row is one value.
    if (found.fields.length > 1 || (found.fields[0] ?? "") !== "" || found.next - at > 2) records.push(found.fields);
    at = found.next;
  }
}

interface Around {
  readonly form: Form;
  readonly isLast: boolean;
}

type Fault = "A quote is not closed." | "A quote stands where none can stand." | "A carriage return stands alone.";
type Field = { readonly value: string | null; readonly next: number; readonly ends: boolean } | "unfinished" | Fault;

function recordAt(text: string, from: number, around: Around): { readonly fields: CsvRecord; readonly next: number } | "unfinished" | Fault {
  const fields: (string | null)[] = [];
  for (let at = from; ;) {
    const field = text[at] === around.form.quote ? quotedAt(text, at, around) : plainAt(text, at, around);
    if (typeof field === "string") return field;
    fields.push(field.value);
    if (field.ends) return { fields, next: field.next };
    at = field.next;
  }
}

function plainAt(text: string, from: number, around: Around): Field {
  const { delimiter, quote, missing } = around.form;
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (sign === quote) return "A quote stands where none can stand.";
    if (sign !== delimiter && sign !== "\n" && sign !== "\r") continue;
    const value = text.slice(from, at);
    return endedAt(text, at, { value: value === missing ? null : value, isLast: around.isLast });
  }
  if (!around.isLast) return "unfinished";
  const value = text.slice(from);
  return { value: value === missing ? null : value, next: text.length, ends: true };
}

function quotedAt(text: string, from: number, { form, isLast }: Around): Field {
  const { quote, delimiter } = form;
  for (let at = from + 1; ;) {
    const end = text.indexOf(quote, at);
    if (end < 0) return isLast ? "A quote is not closed." : "unfinished";
    if (end + 1 >= text.length && !isLast) return "unfinished";
    if (text[end + 1] === quote) {
      at = end + 2;
      continue;
    }
    const value = text.slice(from + 1, end).replaceAll(quote + quote, quote);
    const after = text[end + 1];
    if (after === undefined) return { value, next: text.length, ends: true };
    if (after !== delimiter && after !== "\n" && after !== "\r") return "A quote stands where none can stand.";
    return endedAt(text, end + 1, { value, isLast });
  }
}

function endedAt(text: string, at: number, field: { readonly value: string | null; readonly isLast: boolean }): Field {
  const { value } = field;
  if (text[at] === "\n") return { value, next: at + 1, ends: true };
  if (text[at] !== "\r") return { value, next: at + 1, ends: false };
  if (text[at + 1] === "\n") return { value, next: at + 2, ends: true };
  return at + 1 >= text.length && !field.isLast ? "unfinished" : "A carriage return stands alone.";
}
