// Holds rows that a source shows as plain objects against a planned read: which of them are asked for, and what of each may leave.
import type { Instant } from "../../kernel/instant.ts";
import type { CollectedRecord, FieldValue, PlannedRead, SourceFailure } from "../../production/shapes.ts";

export interface Row {
  readonly [column: string]: FieldValue;
}

const deepest = 6;

/** Objects inside objects become `profile.email`; lists stay together as JSON text. */
export function flattened(value: { readonly [name: string]: unknown }, prefix = "", depth = 1): Row {
  const row: { [column: string]: FieldValue } = {};
  for (const [name, item] of Object.entries(value)) {
    if (typeof item === "object" && item !== null && !Array.isArray(item) && depth < deepest)
      Object.assign(row, flattened(item as { readonly [name: string]: unknown }, `${prefix}${name}.`, depth + 1));
    else row[prefix + name] = typeof item === "object" && item !== null ? JSON.stringify(item) : (item as FieldValue);
  }
  return row;
}

export function isAsked(row: Row, read: PlannedRead, accounts: ReadonlySet<string>): boolean {
  const { subject, workspace, moment } = read.witness;
  if (!accounts.has(textIn(row, subject) ?? "")) return false;
  if (workspace !== undefined && textIn(row, workspace) !== read.workspace) return false;
  if (moment === undefined) return true;
  const when = textIn(row, moment);
  return when !== undefined && read.from !== undefined && read.until !== undefined && when >= read.from && when < read.until;
}

export function recordOf(row: Row, read: PlannedRead): CollectedRecord {
  const { witness } = read;
  const subject = textIn(row, witness.subject) ?? "";
  const workspace = witness.workspace === undefined ? undefined : textIn(row, witness.workspace);
  const moment = witness.moment === undefined ? undefined : (textIn(row, witness.moment) as Instant | undefined);
  return {
    source: read.source,
    collection: read.collection,
    line: read.line,
    key: (witness.key === undefined ? undefined : textIn(row, witness.key)) ?? subject,
    fields: Object.fromEntries(read.columns.map((name) => [name, Object.hasOwn(row, name) ? (row[name] ?? null) : null])),
    witness: { subject, ...(workspace === undefined ? {} : { workspace }), ...(moment === undefined ? {} : { moment }) },
  };
}

function textIn(row: Row, column: string): string | undefined {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  return value === undefined || value === null ? undefined : String(value);
}

export function failureOf(read: PlannedRead, recordsBefore: number, code: string): SourceFailure {
  const { source, collection, line } = read;
  return {
    source,
    collection,
    line,
    step: "read",
    code,
    what: `${source} stopped at \`${collection}\` after ${recordsBefore} records (${code}).`,
    recordsBefore,
  };
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "UNREADABLE";
}
