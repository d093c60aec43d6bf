// Reads Parquet files with a DuckDB that may open this one file, change nothing, fetch nothing and keep nothing.
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  JsonDuckDBValueConverter,
  quotedIdentifier,
} from "@duckdb/node-api";
import type { FieldValue, LiveCollection } from "../../production/shapes.ts";
import { Stopped } from "./file-place.ts";
import type { FileRows, RowBatch } from "./file-rows.ts";
import { momentIn } from "./moment-text.ts";
import type { Row } from "./planned-rows.ts";

type Kind = LiveCollection["columns"][number]["kind"];

interface Wanted {
  /** The columns that the read needs; absent: only their names are. */
  readonly columns: readonly string[];
  readonly subject: string;
  readonly accounts: readonly string[];
}

interface Leaf {
  readonly name: string;
  readonly kind: Kind;
  readonly type: DuckDBType;
  /** Where it lies: quoted names and nothing else. */
  readonly place: string;
  /** What gives the value: the place, and a conversion where JavaScript would not hold it exactly. */
  readonly expression: string;
}

const deepestColumn = 6;
const memoryLimit = "128MB";

/** The file's own columns; those inside a struct are named `value.name`. */
export async function parquetColumns(path: string): Promise<LiveCollection["columns"]> {
  const reader = await openReader(path);
  try {
    return (await leavesOf(reader, path)).map(({ name, kind }) => ({ name, kind }));
  } finally {
    reader.closeSync();
  }
}

export async function parquetRows(path: string, wanted: Wanted, signal?: AbortSignal): Promise<FileRows> {
  const reader = await openReader(path);
  const interrupt = () => reader.interrupt();
  signal?.addEventListener("abort", interrupt);
  const close = () => {
    signal?.removeEventListener("abort", interrupt);
    reader.closeSync();
  };
  try {
    const leaves = await leavesOf(reader, path);
    return { columns: leaves.map(({ name, kind }) => ({ name, kind })), batches: rowBatches({ reader, path, close }, leaves, wanted) };
  } catch (error) {
    close();
    throw error;
  }
}

/** Closing the connection gives the database's memory back: nothing else holds it. */
async function openReader(path: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: memoryLimit,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
  });
  const connection = await instance.connect();
  instance.closeSync();
  // The path is a descriptor of this process, never a name from outside.
  for (const statement of [
    "set TimeZone = 'UTC'",
    "set temp_directory = ''",
    `set allowed_paths = ['${path.replaceAll("'", "''")}']`,
    "set enable_external_access = false",
    "set lock_configuration = true",
  ])
    await connection.run(statement);
  return connection;
}

async function leavesOf(reader: DuckDBConnection, path: string): Promise<readonly Leaf[]> {
  const leaves = await leavesSeen(reader, path);
  // A column that says its name twice, also as `a.b` and as b inside a, could give one person's value for another's.
  if (new Set(leaves.map((leaf) => leaf.name)).size < leaves.length) throw new Stopped("UNREADABLE", "two columns have the same name");
  return leaves;
}

async function leavesSeen(reader: DuckDBConnection, path: string): Promise<readonly Leaf[]> {
  try {
    const shape = await reader.run("select * from read_parquet($1) limit 0", [path]);
    return shape.columnNames().flatMap((name, index) => leavesIn(name, quotedIdentifier(name), shape.columnType(index), 1));
  } catch (error) {
    throw new Stopped("UNREADABLE", "the file is not Parquet", error);
  }
}

function leavesIn(name: string, place: string, type: DuckDBType, depth: number): readonly Leaf[] {
  if (type instanceof DuckDBStructType && depth < deepestColumn)
    return type.entryNames.flatMap((entry, index) => {
      const inner = type.entryTypes[index];
      return inner === undefined ? [] : leavesIn(`${name}.${entry}`, `struct_extract(${place}, ${quotedText(entry)})`, inner, depth + 1);
    });
  const kind = kinds.get(type.typeId) ?? "other";
  return [{ name, kind, type, place, expression: asTheyAre.has(type.typeId) || nested.has(type.typeId) ? place : asText(place) }];
}

/** Text leaves as its bytes: the driver's own reading of text takes a byte order mark away. */
function asText(place: string): string {
  return `encode(cast(${place} as varchar))`;
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const kinds: ReadonlyMap<DuckDBTypeId, Kind> = new Map<DuckDBTypeId, Kind>([
  [DuckDBTypeId.VARCHAR, "text"],
  [DuckDBTypeId.ENUM, "text"],
  [DuckDBTypeId.UUID, "text"],
  [DuckDBTypeId.BOOLEAN, "boolean"],
  [DuckDBTypeId.BLOB, "bytes"],
  [DuckDBTypeId.TIMESTAMP_TZ, "moment"],
  ...[DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.BIGINT, DuckDBTypeId.HUGEINT].map((id) => [id, "number"] as const),
  ...[DuckDBTypeId.UTINYINT, DuckDBTypeId.USMALLINT, DuckDBTypeId.UINTEGER, DuckDBTypeId.UBIGINT, DuckDBTypeId.UHUGEINT].map((id) => [id, "number"] as const),
  ...[DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE, DuckDBTypeId.DECIMAL].map((id) => [id, "number"] as const),
]);

const asTheyAre: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.BLOB,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
]);

const nested: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.LIST, DuckDBTypeId.ARRAY, DuckDBTypeId.STRUCT, DuckDBTypeId.MAP, DuckDBTypeId.UNION]);

interface Reader {
  readonly reader: DuckDBConnection;
  readonly path: string;
  readonly close: () => void;
}

/** Rows of other accounts do not leave the database; whoever asked holds each row against the plan once more. */
async function* rowBatches({ reader, path, close }: Reader, leaves: readonly Leaf[], wanted: Wanted): AsyncGenerator<RowBatch> {
  try {
    const subject = leaves.find((leaf) => leaf.name === wanted.subject);
    const chosen = leaves.filter((leaf) => wanted.columns.includes(leaf.name));
    if (subject === undefined || chosen.length === 0) return;
    const rows = `from read_parquet($1) where cast(${subject.place} as varchar) in (${wanted.accounts.map((_, index) => `$${index + 2}`).join(", ")})`;
    const values = [path, ...wanted.accounts];
    const counted = await reader.run(`select count(*) ${rows}`, values);
    const expected = Number((await counted.getRows())[0]?.[0]);
    const result = await reader.stream(`select ${chosen.map((leaf) => leaf.expression).join(", ")} ${rows}`, values);
    let given = 0;
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      given += chunk.rowCount;
      yield { rows: chunk.getRows().map((found) => rowOf(found, chosen)), findings: [] };
    }
    // The driver ends a stream that fails midway as if it were complete: a damaged file would look like a short one.
    if (given !== expected) throw new Stopped("INCOMPLETE", "the file gave fewer rows than it holds");
  } finally {
    close();
  }
}

function rowOf(values: readonly DuckDBValue[], leaves: readonly Leaf[]): Row {
  const row: { [column: string]: FieldValue } = Object.create(null);
  for (const [index, leaf] of leaves.entries()) row[leaf.name] = fieldValue(values[index] ?? null, leaf);
  return row;
}

/** Numbers that JavaScript cannot hold exactly stay text, also inside lists. */
function fieldValue(value: DuckDBValue, { kind, type }: Leaf): FieldValue {
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof DuckDBBlobValue && kind === "bytes") return Uint8Array.from(value.bytes);
  if (value instanceof DuckDBBlobValue) {
    const text = Buffer.from(value.bytes).toString("utf8");
    return kind === "moment" ? (momentIn(text) ?? text) : text;
  }
  return JSON.stringify(JsonDuckDBValueConverter(value, type, JsonDuckDBValueConverter));
}
