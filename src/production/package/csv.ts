// The records once more as CSV (RFC 4180), for a spreadsheet: nothing in them can be taken for a formula, and they say what the NDJSON says.
import type { FieldValue, Plan } from "../shapes.ts";
import type { FileReference, PackedRecord } from "./papers.ts";

/** What the dictionary says about the CSV files; a receiver needs nothing else to read them back. */
export const csvRules: readonly string[] = [
  "Each collection's records stand twice in data/records: as NDJSON (.ndjson) and as CSV (.csv). Both say the same; the NDJSON is the original.",
  "The CSV follows RFC 4180: UTF-8, commas, lines end in CR LF, the first line names the columns.",
  "Text stands in double quotes, with a double quote inside written twice. Numbers, true and false stand without quotes.",
  "A field with nothing in it, not even quotes, is empty in the source or is no column of that record's line.",
  "Text that begins with = + - @ or ' or with a tab or line break has one apostrophe (') before it, so that no spreadsheet takes it for a formula. Take that apostrophe away to have the text as it is in the source.",
  "A file is named by its path in this package; its digest stands in the manifest and in the NDJSON.",
];

export type PackedValue = Exclude<FieldValue, Uint8Array> | FileReference;

/** The first columns of every CSV; those of the collection follow. */
const ownColumns = ["line", "why"] as const;

export function csvHeader(columns: readonly string[]): string {
  return `${[...ownColumns, ...columns].map(csvText).join(",")}\r\n`;
}

export function csvRow(record: PackedRecord, columns: readonly string[]): string {
  let row = `${csvText(record.line)},${csvText(record.why)}`;
  for (const column of columns) row += `,${csvField(record.fields[column])}`;
  return `${row}\r\n`;
}

function csvField(value: PackedValue | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return csvText(value.file);
  return typeof value === "string" ? csvText(value) : String(value);
}

function csvText(text: string): string {
  const safe = opensFormula(text) ? `'${text}` : text;
  return `"${safe.includes('"') ? safe.replaceAll('"', '""') : safe}"`;
}

function opensFormula(text: string): boolean {
  return /^[=+\-@'\t\r\n]/.test(text);
}

/** The columns of a collection's CSV: those of its reads, and any other one from the record on that brings it. */
export class CsvColumns {
  private readonly known = new Map<string, string[]>();
  private readonly plan: Plan;

  constructor(plan: Plan, known: { readonly [place: string]: readonly string[] } = {}) {
    this.plan = plan;
    for (const [place, columns] of Object.entries(known)) this.known.set(place, [...columns]);
  }

  of({ source, collection }: Pick<PackedRecord, "source" | "collection">): readonly string[] {
    const place = `${source}\u0000${collection}`;
    const known = this.known.get(place);
    if (known !== undefined) return known;
    const reads = this.plan.reads.filter((read) => read.source === source && read.collection === collection);
    const columns = [...new Set(reads.flatMap((read) => read.columns))];
    this.known.set(place, columns);
    return columns;
  }

  /** Columns of this record that the CSV does not have yet. */
  missing(record: Pick<PackedRecord, "source" | "collection"> & { readonly fields: object }): readonly string[] {
    const columns = this.of(record);
    return Object.keys(record.fields).filter((name) => !columns.includes(name));
  }

  grow({ source, collection }: Pick<PackedRecord, "source" | "collection">, names: readonly string[]): void {
    this.known.set(`${source}\u0000${collection}`, [...this.of({ source, collection }), ...names]);
  }

  all(): { readonly [place: string]: readonly string[] } {
    return Object.fromEntries(this.known);
  }
}
