// Reads tables that lie in files (CSV, JSON lines, Parquet; plain or packed with gzip), in a folder or in object storage, through planned reads only.
import type { Counted, Described, Opened, Source } from "../../app/production-port.ts";
import { isZone } from "../../kernel/instant.ts";
import type { Collected, CollectedRecord, FieldValue, LiveCollection, PlannedRead, SourceFinding } from "../../production/shapes.ts";
import { type CsvForm, csvRows, faultOfForm } from "./csv-rows.ts";
import { byText, fileFolder } from "./file-folder.ts";
import { type FilePlace, Stopped, type StoredFile, isOddName, printable } from "./file-place.ts";
import { type FileRows, type RowBatch, isDamagedPacking, letGo, unpacked } from "./file-rows.ts";
import { jsonRows } from "./json-rows.ts";
import { momentIn } from "./moment-text.ts";
import { type BucketSettings, objectBucket } from "./object-bucket.ts";
import { parquetColumns, parquetRows } from "./parquet-rows.ts";
import { type Row, codeOf, failureOf, isAsked, recordOf } from "./planned-rows.ts";

export interface TableFilesSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  readonly place: { readonly kind: "folder"; readonly folder: string } | ({ readonly kind: "bucket" } & BucketSettings);
  readonly collections: { readonly [name: string]: TableSettings };
  readonly limits?: Partial<TableLimits>;
}

export interface TableSettings {
  /** Names below the place; `*` and `?` stay inside one folder, `**` does not. */
  readonly files: readonly [string, ...string[]];
  readonly format: CsvForm | { readonly kind: "json-lines" } | { readonly kind: "parquet" };
  /** The workspace of every row, confirmed by a person, where the rows do not say it: it becomes the column `workspace_id`. */
  readonly workspace?: string;
  /** What columns hold beyond what the files show. In CSV everything else is text. */
  readonly columns?: { readonly [column: string]: ColumnType };
  /** What an exporter writes in place of a value that was too large for it; such values are told. */
  readonly cutMarks?: readonly string[];
  /** How a column of JSON lines is called here, where its files call it otherwise. Two columns may not come to share a name. */
  readonly nameOf?: (column: string) => string;
}

/** `zone` is the IANA zone of values that do not say theirs; without it these are no moments. */
type ColumnType = { readonly kind: "text" | "number" | "boolean" } | { readonly kind: "moment"; readonly zone?: string };

interface TableLimits {
  /** Files of one collection. */
  readonly files: number;
  /** Of one file, unpacked. */
  readonly fileBytes: number;
  /** Of one row of CSV or JSON, as it lies in the file. */
  readonly rowBytes: number;
  /** Rows of a file that `describe` looks at where only rows show the columns. */
  readonly describedRows: number;
}

const ordinaryLimits: TableLimits = { files: 20_000, fileBytes: 256 * 1024 ** 3, rowBytes: 16 * 1024 ** 2, describedRows: 1_000_000 };

interface Tables {
  readonly settings: TableFilesSettings;
  readonly place: FilePlace;
  readonly limits: TableLimits;
}

/**
 * Refuses settings that cannot be meant and a place that cannot be read. CSV and JSON lines are parsed here as they
 * stream, also from object storage, and touch no disk; Parquet needs to be read out of order, so such an object is
 * kept in a private file without a name, which is gone as soon as it is closed, also when the process dies.
 */
export async function openTableFiles(settings: TableFilesSettings): Promise<Opened> {
  const [fault, ...faults] = faultsOf(settings);
  if (fault !== undefined) return { kind: "refused", findings: [fault, ...faults] };
  const limits = { ...ordinaryLimits, ...settings.limits };
  try {
    const place = settings.place.kind === "folder" ? await fileFolder(settings.place.folder) : await objectBucket(settings.place);
    const tables: Tables = { settings, place, limits };
    const listings = await Promise.all(Object.entries(settings.collections).map(([name, table]) => listed(tables, name, table)));
    const findings = listings.flatMap((listing) => listing.findings);
    if (listings.every((listing) => listing.names.length === 0))
      return {
        kind: "refused",
        findings: [finding("NO_TABLES", settings.source, "No file of any collection is there. Check the place and the names."), ...findings],
      };
    return { kind: "open", source: tableFiles(tables), findings };
  } catch (error) {
    return { kind: "refused", findings: [finding("UNREACHABLE", settings.source, `The place of the files cannot be read (${codeOf(error)}).`)] };
  }
}

function faultsOf({ source, collections }: TableFilesSettings): SourceFinding[] {
  const tell = (name: string, what: string) => finding("SETTINGS", name, what);
  const faults = Object.entries(collections).flatMap(([name, table]) => {
    const form = table.format.kind === "csv" ? faultOfForm(table.format) : undefined;
    const zones = Object.values(table.columns ?? {}).flatMap((type) =>
      type.kind === "moment" && type.zone !== undefined && !isZone(type.zone) ? [type.zone] : [],
    );
    return [
      ...(form === undefined ? [] : [tell(name, form)]),
      ...table.files
        .filter(isOddName)
        .map(() => tell(name, "A file is named by a path that leads outside or holds odd signs. Name it from the place on, with `/` between folders.")),
      ...zones.map(() => tell(name, "A moment's zone is none. Use an IANA name such as America/Denver.")),
    ];
  });
  return Object.keys(collections).length === 0 ? [tell(source, "No collection is named.")] : faults;
}

function finding(code: SourceFinding["code"], where: string, what: string): SourceFinding {
  return { code, where: printable(where), what };
}

function tableFiles(tables: Tables): Source {
  return {
    name: tables.settings.source,
    describe: () => describe(tables),
    count: (read, signal) => count(tables, read, signal),
    read: (read, signal) => readRecords(tables, read, signal),
    close: () => Promise.resolve(),
  };
}

async function listed(tables: Tables, name: string, table: TableSettings, signal?: AbortSignal) {
  const listing = await tables.place.list(table.files, signal);
  if (listing.names.length > tables.limits.files) throw new Stopped("TOO_MANY_FILES", "the collection has too many files");
  const none = finding("NO_ENTRIES", name, "No file of the collection is there.");
  return listing.names.length === 0 && listing.findings.length === 0 ? { ...listing, findings: [none] } : listing;
}

/** Opens every file to see its columns. Throws when the place cannot be read. */
async function describe(tables: Tables): Promise<Described> {
  const findings: SourceFinding[] = [];
  const collections: LiveCollection[] = [];
  for (const [name, table] of Object.entries(tables.settings.collections)) {
    const listing = await listed(tables, name, table);
    findings.push(...listing.findings);
    const files: FileColumns[] = [];
    for (const file of listing.names) files.push({ file, columns: await columnsOf(tables, { name: file, table, findings }) });
    collections.push({ name, columns: allColumns(table, files) });
    if (table.format.kind !== "json-lines") findings.push(...differences(files));
  }
  return { schema: { source: tables.settings.source, collections }, findings };
}

interface FileColumns {
  readonly file: string;
  readonly columns: LiveCollection["columns"];
}

function allColumns(table: TableSettings, files: readonly FileColumns[]): LiveCollection["columns"] {
  const kinds = new Map(files.flatMap(({ columns }) => columns.map((column) => [column.name, column.kind] as const)));
  for (const [column, type] of Object.entries(table.columns ?? {})) kinds.set(column, type.kind);
  if (table.workspace !== undefined) kinds.set("workspace_id", "text");
  return [...kinds].map(([name, kind]) => ({ name, kind }));
}

/** Columns are found by name, so another order is harmless; a file with other names or other kinds is told. */
function differences(files: readonly FileColumns[]): SourceFinding[] {
  const shape = ({ columns }: FileColumns) => JSON.stringify(columns.map(({ name, kind }) => `${kind} ${name}`).toSorted(byText));
  const [first, ...others] = files.filter(({ columns }) => columns.length > 0);
  return others
    .filter((file) => first !== undefined && shape(file) !== shape(first))
    .map(({ file }) => finding("OTHER_COLUMNS", file, `The file has other columns than ${printable(first?.file ?? "")}, or columns of another kind.`));
}

async function columnsOf(
  tables: Tables,
  asked: { readonly name: string; readonly table: TableSettings; readonly findings: SourceFinding[] },
): Promise<LiveCollection["columns"]> {
  const { name, table, findings } = asked;
  const file = await tables.place.open(name);
  try {
    if (table.format.kind === "parquet") return await parquetColumns(await file.localPath());
    const rows = await textRows(file, { name, table, limits: tables.limits });
    if (table.format.kind === "json-lines") return await columnsSeen(rows, tables.limits, findings);
    await letGo(rows);
    return rows.columns;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    findings.push(unreadable(name));
    return [];
  } finally {
    await file.close();
  }
}

async function columnsSeen(file: FileRows, limits: TableLimits, findings: SourceFinding[]): Promise<LiveCollection["columns"]> {
  const kinds = new Map<string, LiveCollection["columns"][number]["kind"]>();
  let rows = 0;
  for await (const batch of file.batches) {
    findings.push(...batch.findings);
    for (const row of batch.rows) for (const column in row) kinds.set(column, kindSeen(kinds.get(column), row[column] ?? null));
    rows += batch.rows.length;
    if (rows > limits.describedRows) break;
  }
  return [...kinds].map(([name, kind]) => ({ name, kind }));
}

function kindSeen(before: LiveCollection["columns"][number]["kind"] | undefined, value: FieldValue): LiveCollection["columns"][number]["kind"] {
  if (value === null) return before ?? "other";
  const kind = typeof value === "boolean" ? "boolean" : typeof value === "number" ? "number" : "text";
  return before === undefined || before === "other" || before === kind ? kind : "text";
}

function isUnreadable(error: unknown): boolean {
  return isDamagedPacking(error) || (error instanceof Stopped && error.code === "UNREADABLE");
}

function unreadable(name: string): SourceFinding {
  return finding("UNREADABLE", name, "The file is damaged or is not what its settings say. What follows the damage is not read.");
}

interface TextFile {
  readonly name: string;
  readonly table: TableSettings;
  readonly limits: TableLimits;
}

async function textRows(file: StoredFile, { name, table, limits }: TextFile, signal?: AbortSignal): Promise<FileRows> {
  const pieces = unpacked(file.pieces(signal), limits.fileBytes);
  const asked = { name: printable(name), rowBytes: limits.rowBytes };
  if (table.format.kind === "csv") return await csvRows(pieces, table.format, asked);
  const rows = jsonRows(pieces, asked);
  return table.nameOf === undefined ? rows : { ...rows, batches: renamed(rows.batches, table.nameOf) };
}

async function* renamed(batches: AsyncIterable<RowBatch>, nameOf: (column: string) => string): AsyncGenerator<RowBatch> {
  for await (const { rows, findings } of batches)
    yield { rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [nameOf(column), value]))), findings };
}

async function count(tables: Tables, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  let records = 0;
  for await (const item of readRecords(tables, read, signal)) {
    if (item.kind === "failed") return item;
    if (item.kind === "record") records += 1;
  }
  return { kind: "counted", records };
}

async function* readRecords(tables: Tables, read: PlannedRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  let records = 0;
  try {
    signal?.throwIfAborted();
    const table = Object.hasOwn(tables.settings.collections, read.collection) ? tables.settings.collections[read.collection] : undefined;
    if (table === undefined) throw new Stopped("NO_COLLECTION", "the settings name no such collection");
    const listing = await listed(tables, read.collection, table, signal);
    for (const found of listing.findings) yield { kind: "finding", finding: found };
    for (const name of listing.names) {
      for await (const item of recordsOfFile(tables, { name, table, read }, signal)) {
        yield item;
        if (item.kind === "record") records += 1;
      }
    }
  } catch (error) {
    yield { kind: "failed", failure: failureOf(read, records, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  }
}

interface FileRead {
  readonly name: string;
  readonly table: TableSettings;
  readonly read: PlannedRead;
}

async function* recordsOfFile(tables: Tables, asked: FileRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  const file = await tables.place.open(asked.name, signal);
  const tally: Tally = { undated: 0, withoutSubject: 0, cut: 0 };
  try {
    for await (const batch of readableBatches(file, { ...asked, limits: tables.limits }, signal)) {
      for (const found of batch.findings) yield { kind: "finding", finding: found };
      for (const record of recordsIn(batch, asked, tally)) {
        yield { kind: "record", record };
        signal?.throwIfAborted();
      }
    }
    await file.confirm();
  } finally {
    await file.close();
  }
  yield* findingsOf(asked, tally);
}

/** A damaged file is told, and what stood before the damage is given. */
async function* readableBatches(file: StoredFile, asked: FileRead & TextFile, signal?: AbortSignal): AsyncGenerator<RowBatch> {
  try {
    yield* batchesOf(file, asked, signal);
  } catch (error) {
    if (signal?.aborted === true || !isUnreadable(error)) throw error;
    yield { rows: [], findings: [unreadable(asked.name)] };
  }
}

async function* batchesOf(file: StoredFile, asked: FileRead & TextFile, signal?: AbortSignal): AsyncGenerator<RowBatch> {
  const { witness } = asked.read;
  const witnesses = [witness.subject, witness.workspace, witness.moment, witness.key].filter((column) => column !== undefined);
  const columns = [...new Set([...asked.read.columns, ...witnesses])];
  const { accounts } = asked.read;
  const rows =
    asked.table.format.kind === "parquet"
      ? await parquetRows(await file.localPath(signal), { columns, subject: witness.subject, accounts }, signal)
      : await textRows(file, asked, signal);
  const lacking =
    rows.columns.length === 0 ? [] : columns.filter((column) => !rows.columns.some((there) => there.name === column) && !isStated(asked.table, column));
  if (lacking.some((column) => witnesses.includes(column))) {
    await letGo(rows);
    throw new Stopped("NO_COLUMN", "the file lacks a column that says whose its rows are");
  }
  yield* rows.batches;
  const [first] = lacking;
  if (first === undefined) return;
  const what = `The file has no column \`${printable(first)}\`${lacking.length > 1 ? ` and lacks ${lacking.length - 1} more` : ""}; its rows leave without it.`;
  yield { rows: [], findings: [finding("OTHER_COLUMNS", asked.name, what)] };
}

function isStated(table: TableSettings, column: string): boolean {
  return column === "workspace_id" && table.workspace !== undefined;
}

/** What was left out of one file, or came out of it incomplete. */
interface Tally {
  undated: number;
  withoutSubject: number;
  cut: number;
}

function* recordsIn(batch: RowBatch, { table, read }: FileRead, tally: Tally): Generator<CollectedRecord> {
  const accounts = new Set(read.accounts);
  for (const plain of batch.rows) {
    const account = plain[read.witness.subject];
    if (account === undefined) tally.withoutSubject += 1;
    if (account === undefined || account === null || !accounts.has(String(account))) continue;
    const row = typed(plain, table, read.witness.moment);
    if (read.witness.moment !== undefined && row[read.witness.moment] === null) tally.undated += 1;
    if (!isAsked(row, read, accounts)) continue;
    tally.cut += read.columns.filter((column) => table.cutMarks?.includes(String(row[column])) === true).length;
    yield recordOf(row, read);
  }
}

function* findingsOf({ name, read }: FileRead, tally: Readonly<Tally>): Generator<Collected> {
  if (tally.withoutSubject > 0)
    yield {
      kind: "finding",
      finding: finding(
        "OTHER_COLUMNS",
        name,
        `${tally.withoutSubject} rows have no \`${read.witness.subject}\`, so nobody can say whose they are; they are left out.`,
      ),
    };
  if (tally.undated > 0) {
    const what = `${tally.undated} rows of the accounts asked for have no readable \`${read.witness.moment}\` with a zone; they are in no range and are left out.`;
    yield { kind: "finding", finding: finding("UNDATED", name, what) };
  }
  if (tally.cut > 0)
    yield {
      kind: "finding",
      finding: finding("TOO_LARGE", name, `${tally.cut} values were too large for whoever wrote the file; a mark stands in their place.`),
    };
}

/** The row with the values that the settings state, and with its moment as we write moments, or none. */
function typed(plain: Row, table: TableSettings, moment: string | undefined): Row {
  const row: { [column: string]: FieldValue } = { ...plain };
  if (table.workspace !== undefined && !Object.hasOwn(plain, "workspace_id")) row["workspace_id"] = table.workspace;
  for (const [column, type] of Object.entries(table.columns ?? {})) {
    const value = row[column];
    if (typeof value === "string") row[column] = typedValue(value, type);
  }
  if (moment !== undefined) row[moment] = momentOf(plain[moment], table.columns?.[moment]);
  return row;
}

/** What does not fit its type stays the text it is, so that nothing is lost or made up. */
function typedValue(text: string, type: ColumnType): FieldValue {
  if (type.kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type.kind === "number") return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
  return type.kind === "moment" ? (momentIn(text, type.zone) ?? text) : text;
}

function momentOf(value: FieldValue | undefined, type: ColumnType | undefined): FieldValue {
  return typeof value === "string" ? (momentIn(value, type?.kind === "moment" ? type.zone : undefined) ?? null) : null;
}
