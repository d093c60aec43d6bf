// Reads customer data from the product's PostgreSQL database through planned reads only, with a role that cannot write.
import { Client, escapeIdentifier } from "pg";
import type { ClientConfig, Submittable } from "pg";
import type { Counted, Described, Opened, Source } from "../../app/production-port.ts";
import type { Instant } from "../../kernel/instant.ts";
import type { Collected, CollectedRecord, FieldValue, LiveCollection, PlannedRead, SourceFailure, SourceFinding } from "../../production/shapes.ts";

export interface WorkspaceDatabaseSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  /** A Unix socket or an address, and the role that may only read. */
  readonly connection: ClientConfig;
  /** The schema whose tables are the collections. */
  readonly schema?: string;
  readonly statementTimeoutMs?: number;
  /** A single value larger than this stops the read: a file that big must be produced another way. */
  readonly largestValueBytes?: number;
}

type Settings = Required<WorkspaceDatabaseSettings>;

const connectTimeoutMs = 10_000;
/** A batch is about this large, whatever the rows weigh. */
const batchBytes = 2 * 1024 * 1024;
const mostRowsPerBatch = 8000;

/** Refuses a role that could change, add or delete anything in the schema, and says how it could. */
export async function openWorkspaceDatabase(settings: WorkspaceDatabaseSettings): Promise<Opened> {
  const complete = { schema: "public", statementTimeoutMs: 300_000, largestValueBytes: 128 * 1024 * 1024, ...settings };
  const client = await connected(complete);
  if (!(client instanceof Client)) return { kind: "refused", findings: [finding(complete, "UNREACHABLE", `The database cannot be reached (${client.code}).`)] };
  try {
    const [first, ...rest] = await powers(client, complete);
    if (first !== undefined) return { kind: "refused", findings: [first, ...rest] };
  } finally {
    await client.end();
  }
  return { kind: "open", source: workspaceDatabase(complete), findings: [] };
}

function workspaceDatabase(settings: Settings): Source {
  return {
    name: settings.source,
    describe: () => describe(settings),
    count: (read, signal) => count(settings, read, signal),
    read: (read, signal) => readRecords(settings, read, signal),
    close: () => Promise.resolve(),
  };
}

async function connected(settings: Settings): Promise<Client | { readonly code: string }> {
  const client = new Client({ ...settings.connection, connectionTimeoutMillis: connectTimeoutMs, application_name: "portcullis" });
  // A connection that dies between two queries reports here; the next query reports it again, where it is handled.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    return { code: codeOf(error) };
  }
}

const powersQuery = `
  select r.rolsuper as superuser, r.rolcreaterole as makes_roles, r.rolcreatedb as makes_databases,
         has_schema_privilege($1, 'CREATE') as makes_tables,
         coalesce((select array_agg(c.relname::text order by c.relname) from pg_class c
                   where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r','p','v','m','f')
                     and (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                          or (c.relkind <> 'm' and has_any_column_privilege(c.oid, 'INSERT, UPDATE')))), '{}') as writes
  from pg_roles r where r.rolname = current_user`;

interface Powers {
  readonly superuser: boolean;
  readonly makes_roles: boolean;
  readonly makes_databases: boolean;
  readonly makes_tables: boolean;
  readonly writes: readonly string[];
}

async function powers(client: Client, settings: Settings): Promise<SourceFinding[]> {
  const { rows: schemas } = await client.query("select 1 from pg_namespace where nspname = $1", [settings.schema]);
  if (schemas.length === 0) return [finding(settings, "NO_TABLES", `There is no schema ${settings.schema}.`)];
  const { rows } = await client.query<Powers>(powersQuery, [settings.schema]);
  const can = rows[0];
  if (can === undefined) return [finding(settings, "CAN_WRITE", "The role's rights cannot be read.")];
  const words = [
    can.superuser && "is a superuser",
    can.makes_roles && "may create roles",
    can.makes_databases && "may create databases",
    can.makes_tables && "may create tables",
    can.writes.length > 0 && `may change ${can.writes.join(", ")}`,
  ].filter((word) => word !== false);
  if (words.length === 0) return [];
  return [finding(settings, "CAN_WRITE", `The role ${words.join(", ")}. Give the desk a role that may only connect and select.`)];
}

function finding(settings: Settings, code: SourceFinding["code"], what: string): SourceFinding {
  return { code, where: settings.source, what };
}

const columnsQuery = `
  select c.relname::text as collection, a.attname::text as name, format_type(a.atttypid, null) as type
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r','p','v','m','f')
    and has_column_privilege(c.oid, a.attnum, 'SELECT')
  order by c.relname, a.attnum`;

const kinds: { readonly [type: string]: LiveCollection["columns"][number]["kind"] } = {
  "timestamp with time zone": "moment",
  boolean: "boolean",
  bytea: "bytes",
  smallint: "number",
  integer: "number",
  bigint: "number",
  numeric: "number",
  real: "number",
  "double precision": "number",
  text: "text",
  "character varying": "text",
  character: "text",
  uuid: "text",
  inet: "text",
};

/** Throws when the database cannot be asked. */
async function describe(settings: Settings): Promise<Described> {
  const client = await connected(settings);
  if (!(client instanceof Client)) throw new Error(`the source ${settings.source} cannot be reached (${client.code})`);
  try {
    const { rows } = await client.query<{ collection: string; name: string; type: string }>(columnsQuery, [settings.schema]);
    const collections = [...Map.groupBy(rows, (row) => row.collection)].map(([name, columns]) => ({
      name,
      columns: columns.map((column) => ({ name: column.name, kind: kinds[column.type] ?? "other" })),
    }));
    return { schema: { source: settings.source, collections }, findings: [] };
  } finally {
    await client.end();
  }
}

/** The statement of a read. Identifiers are quoted, values are parameters; there is no other way to say which rows. */
interface Statement {
  readonly columns: readonly string[];
  readonly from: string;
  readonly values: readonly unknown[];
}

function statementOf(read: PlannedRead, settings: Settings): Statement {
  const { subject, workspace, moment, key } = read.witness;
  const values: unknown[] = [read.accounts];
  const conditions = [`${escapeIdentifier(subject)} = any($1)`];
  const demand = (column: string, sign: string, value: string) => conditions.push(`${escapeIdentifier(column)} ${sign} $${values.push(value)}`);
  if (workspace !== undefined) demand(workspace, "=", read.workspace);
  if (moment !== undefined && read.from !== undefined) demand(moment, ">=", read.from);
  if (moment !== undefined && read.until !== undefined) demand(moment, "<", read.until);
  const witnesses = [subject, workspace, moment, key].filter((column) => column !== undefined);
  const columns = [...new Set([...read.columns, ...witnesses])];
  const from = `from ${escapeIdentifier(settings.schema)}.${escapeIdentifier(read.collection)} where ${conditions.join(" and ")}`;
  return { columns, from, values };
}

function orderOf({ witness }: PlannedRead): string {
  return [witness.subject, witness.moment, witness.key]
    .filter((column) => column !== undefined)
    .map(escapeIdentifier)
    .join(", ");
}

async function count(settings: Settings, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  const progress = { records: 0, step: "connect" as SourceFailure["step"] };
  const session = await begin(settings, signal);
  if (!(session instanceof Client)) return { kind: "failed", failure: failureOf(read, progress, session.code) };
  try {
    progress.step = "query";
    const statement = statementOf(read, settings);
    const { rows } = await session.query<{ records: string }>({ text: `select count(*) as records ${statement.from}`, values: [...statement.values] });
    return { kind: "counted", records: Number(rows[0]?.records) };
  } catch (error) {
    return { kind: "failed", failure: failureOf(read, progress, codeOf(error)) };
  } finally {
    await leave(session);
  }
}

async function* readRecords(settings: Settings, read: PlannedRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  const progress = { records: 0, step: "connect" as SourceFailure["step"] };
  const session = await begin(settings, signal);
  if (!(session instanceof Client)) return yield { kind: "failed", failure: failureOf(read, progress, session.code) };
  try {
    progress.step = "query";
    const statement = statementOf(read, settings);
    const columns = statement.columns.map(escapeIdentifier).join(", ");
    await session.query({
      text: `declare disclosure no scroll cursor for select ${columns} ${statement.from} order by ${orderOf(read)}`,
      values: [...statement.values],
    });
    progress.step = "read";
    let record: ((row: RawRow) => CollectedRecord) | undefined;
    for await (const batch of batches(session, signal)) {
      record ??= recordReader(read, settings, { names: statement.columns, types: batch.types });
      for (const row of batch.rows) {
        yield { kind: "record", record: record(row) };
        progress.records += 1;
      }
    }
  } catch (error) {
    yield { kind: "failed", failure: failureOf(read, progress, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  } finally {
    await leave(session);
  }
}

/** One snapshot, read only: rows that change meanwhile are seen as they were, and nothing can be changed. */
async function begin(settings: Settings, signal?: AbortSignal): Promise<Client | { readonly code: string }> {
  if (signal?.aborted === true) return { code: "ABORTED" };
  const client = await connected(settings);
  if (!(client instanceof Client)) return client;
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    await client.query(
      "select set_config('statement_timeout', $1, true), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true), set_config('bytea_output', 'hex', true), set_config('cursor_tuple_fraction', '1', true)",
      [String(settings.statementTimeoutMs)],
    );
    return client;
  } catch (error) {
    await leave(client);
    return { code: codeOf(error) };
  }
}

async function leave(client: Client): Promise<void> {
  // The transaction has nothing to keep: closing the connection ends it, also when the server is gone.
  await client.end().catch(() => undefined);
}

/** Raw text comes out of the driver: what a value is, is decided here. */
type RawRow = readonly (string | null)[];

interface Batch {
  readonly rows: readonly RawRow[];
  /** The server's numbers of the columns' types. */
  readonly types: readonly number[];
}

/** Fetches as many rows at a time as fit a batch, judging by the rows before. The next batch is on its way while one is read. */
async function* batches(client: Client, signal?: AbortSignal): AsyncGenerator<Batch> {
  let rows = 8;
  signal?.throwIfAborted();
  for (let next = ahead(client, rows); ;) {
    const batch = await next;
    signal?.throwIfAborted();
    if (batch.rows.length === 0) return;
    rows = Math.max(1, Math.min(mostRowsPerBatch, rows * 4, Math.floor((batchBytes * batch.rows.length) / sizeOf(batch))));
    next = ahead(client, rows);
    yield batch;
  }
}

/** Whoever stops reading does not wait for what was fetched ahead, nor hears how it failed. */
function ahead(client: Client, rows: number): Promise<Batch> {
  const batch = fetchBatch(client, rows);
  batch.catch(() => undefined);
  return batch;
}

function sizeOf({ rows }: Batch): number {
  let size = 1;
  for (const row of rows) for (const value of row) size += value?.length ?? 0;
  return size;
}

/** What the driver tells a statement of its own, which keeps every value as the text that came. */
interface Fetching extends Submittable {
  handleRowDescription(message: { readonly fields: readonly { readonly dataTypeID: number }[] }): void;
  handleDataRow(message: { readonly fields: RawRow }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

async function fetchBatch(client: Client, most: number): Promise<Batch> {
  const { promise, resolve, reject } = Promise.withResolvers<Batch>();
  const rows: RawRow[] = [];
  let types: readonly number[] = [];
  client.query<Fetching>({
    submit: (connection) => connection.query(`fetch forward ${most} from disclosure`),
    handleRowDescription: ({ fields }) => void (types = fields.map((field) => field.dataTypeID)),
    handleDataRow: ({ fields }) => void rows.push(fields),
    handleCommandComplete: () => undefined,
    handleReadyForQuery: () => resolve({ rows, types }),
    handleError: reject,
  });
  return await promise;
}

interface Columns {
  readonly names: readonly string[];
  readonly types: readonly number[];
}

/** Where each column stands and how it is read is settled once, and not for every row. */
function recordReader(read: PlannedRead, settings: Settings, { names, types }: Columns): (row: RawRow) => CollectedRecord {
  const { source, collection, line, witness } = read;
  const readerOf = (name: string) => {
    const place = names.indexOf(name);
    const value = valueReader(types[place] ?? 0, settings);
    return (row: RawRow): FieldValue => {
      const text = row[place] ?? null;
      return text === null ? null : value(text);
    };
  };
  // What leaves anyway is not read a second time.
  const textOf = (name: string): ((row: RawRow, fields: Fields) => string) => {
    if (read.columns.includes(name)) return (_row, fields) => String(fields[name] ?? "");
    const value = readerOf(name);
    return (row) => String(value(row) ?? "");
  };
  const optional = (name: string | undefined) => (name === undefined ? () => undefined : textOf(name));
  const [subject, workspace, moment, key] = [textOf(witness.subject), optional(witness.workspace), optional(witness.moment), optional(witness.key)];
  const fieldsOf = fieldsReader(read.columns, read.columns.map(readerOf));
  return (row) => {
    const fields = fieldsOf(row);
    const person = subject(row, fields);
    const place = workspace(row, fields);
    const when = moment(row, fields) as Instant | undefined;
    return {
      source,
      collection,
      line,
      key: key(row, fields) ?? person,
      fields,
      witness: { subject: person, ...(place === undefined ? {} : { workspace: place }), ...(when === undefined ? {} : { moment: when }) },
    };
  };
}

type Fields = CollectedRecord["fields"];

function fieldsReader(names: readonly string[], readers: readonly ((row: RawRow) => FieldValue)[]): (row: RawRow) => Fields {
  const columns = names.map((name, place) => ({ name, read: readers[place] ?? (() => null) }));
  // An object takes this one name for its prototype when it is simply assigned.
  if (names.includes("__proto__")) return (row) => Object.fromEntries(columns.map(({ name, read }) => [name, read(row)]));
  return (row) => {
    const fields: { [column: string]: FieldValue } = {};
    for (const { name, read } of columns) fields[name] = read(row);
    return fields;
  };
}

const oid = { boolean: 16, bytes: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, moment: 1184 } as const;

/** Between day and time. */
const space = 0x20;

class TooLarge extends Error {
  readonly code = "VALUE_TOO_LARGE";
}

/** Numbers that JavaScript cannot hold exactly stay text. */
function valueReader(type: number, settings: Settings): (text: string) => FieldValue {
  if (type === oid.boolean) return (text) => text === "t";
  if (type === oid.int2 || type === oid.int4) return Number;
  if (type === oid.float4 || type === oid.float8) return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
  if (type === oid.int8) return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
  if (type === oid.moment) return momentOf;
  const most = settings.largestValueBytes * (type === oid.bytes ? 2 : 1);
  const held = (text: string) => {
    if (text.length > most) throw new TooLarge("a value is larger than the source may give");
    return text;
  };
  return type === oid.bytes ? (text) => new Uint8Array(Buffer.from(held(text).slice(2), "hex")) : held;
}

/** `2026-01-31 09:30:00.123456+00` becomes `2026-01-31T09:30:00.123Z`; what lies before year 1 or after 9999 stays as it is. */
function momentOf(text: string): string {
  if (text.charCodeAt(10) !== space || !text.endsWith("+00")) return text;
  const fraction = text.length === 22 ? "000" : text.slice(20, -3).slice(0, 3).padEnd(3, "0");
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

function failureOf(read: PlannedRead, progress: { readonly records: number; readonly step: SourceFailure["step"] }, code: string): SourceFailure {
  const { source, collection, line } = read;
  const what = `${source} stopped at \`${collection}\` after ${progress.records} records (${progress.step}, ${code}).`;
  return { source, collection, line, step: progress.step, code, what, recordsBefore: progress.records };
}

/** An SQLSTATE or a system code; never the message, which may quote data. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "CONNECTION_LOST";
}
