// Reads customer data from a product's MySQL or MariaDB database through planned reads only, with a role that cannot write.
import { connect, isIP, type Socket } from "node:net";
import { addAbortListener } from "node:events";
import { type Connection, type ConnectionOptions, createConnection } from "mysql2";
import type { Counted, Described, Opened, Source } from "../../app/production-port.ts";
import type { Instant } from "../../kernel/instant.ts";
import type { Collected, CollectedRecord, FieldValue, PlannedRead, SourceFailure, SourceFinding } from "../../production/shapes.ts";
import { clockText, identifier, isOneOf, kindOf, momentAt, type MysqlColumn, type Raw, selected, tooLarge, valueReader, witnessText } from "./mysql-columns.ts";
import { onlyLooks, readGrant } from "./mysql-grants.ts";

export interface MysqlDatabaseSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  readonly connection: MysqlConnection;
  /** The database whose tables are the collections. */
  readonly database: string;
  /** Zones of DATETIME columns, by `table.column`, such as `UTC`. A DATETIME that is not named here tells no moment and cannot be the moment of a read. */
  readonly clockZones?: { readonly [column: string]: string };
  readonly connectTimeoutMs?: number;
  /** The whole of a read must fit in it, with what is done to its records meanwhile. */
  readonly statementTimeoutMs?: number;
  /** A single value larger than this stops the read and does not leave the server. */
  readonly largestValueBytes?: number;
}

/** A Unix socket, or an address that is spoken to under TLS unless `tls` is `off`: then who stands between can take the password. Where `host` is a number, `serverName` says whose certificate it must show. */
interface MysqlConnection {
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user: string;
  readonly password?: string;
  readonly tls?: "off" | { readonly ca?: string; readonly serverName?: string };
}

type Settings = Required<MysqlDatabaseSettings>;

/**
 * Refuses a role that could do anything but look, and names what it could: by what the server lists of its rights anywhere, and by
 * what it lets it change in the database itself.
 */
export async function openMysqlDatabase(settings: MysqlDatabaseSettings): Promise<Opened> {
  const complete = { clockZones: {}, connectTimeoutMs: 10_000, statementTimeoutMs: 1_800_000, largestValueBytes: 128 * 1024 * 1024, ...settings };
  if (isUnnamed(complete.connection)) {
    const what = "The server is named by a number, and a certificate names it by a name. State the name (tls, serverName).";
    return { kind: "refused", findings: [finding(complete, "UNREACHABLE", what)] };
  }
  const session = await connected(complete);
  if ("code" in session) return { kind: "refused", findings: [finding(complete, "UNREACHABLE", `The database cannot be reached (${session.code}).`)] };
  try {
    const found = await againstRole(session, complete);
    if (found !== undefined) return { kind: "refused", findings: [found] };
  } catch (error) {
    return { kind: "refused", findings: [finding(complete, "UNREACHABLE", `The role's rights cannot be read (${codeOf(error)}).`)] };
  } finally {
    session.end();
  }
  return { kind: "open", source: mysqlDatabase(complete), findings: [] };
}

/** The driver would take a certificate of `localhost` for any number. */
function isUnnamed({ socketPath, host = "localhost", tls }: MysqlConnection): boolean {
  return socketPath === undefined && tls !== "off" && tls?.serverName === undefined && isIP(host) !== 0;
}

function mysqlDatabase(settings: Settings): Source {
  return {
    name: settings.source,
    describe: () => describe(settings),
    count: (read, signal) => count(settings, read, signal),
    read: (read, signal) => readRecords(settings, read, signal),
    close: () => Promise.resolve(),
  };
}

interface Session {
  readonly connection: Connection;
  /** A statement of the session itself, unprepared: MySQL does not prepare the start of a transaction. */
  tell(sql: string): Promise<void>;
  rows(sql: string, values?: readonly string[]): Promise<readonly (readonly Raw[])[]>;
  /** Rows one at a time; the server is held back while nobody takes one. */
  stream(sql: string, values: readonly string[]): AsyncIterable<readonly Raw[]>;
  /** There is nothing to keep: the connection is cut, also when the server still sends. */
  end(error?: Error): void;
}

async function connected(settings: Settings): Promise<Session | { readonly code: string }> {
  const { socketPath, host = "localhost", port = 3306 } = settings.connection;
  const socket = socketPath === undefined ? connect({ host, port, noDelay: true }) : connect(socketPath);
  // A line that died without a word must not hold a read for ever; the server's own limit comes first.
  socket.setTimeout(settings.statementTimeoutMs + settings.connectTimeoutMs, () => socket.destroy());
  try {
    const connection = createConnection(optionsOf(settings, socket));
    const session = sessionOf(connection, socket);
    await new Promise<void>((resolve, reject) => {
      connection.once("connect", () => resolve());
      connection.once("error", reject);
      socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "CONNECTION_LOST" })));
    });
    return session;
  } catch (error) {
    socket.destroy();
    return { code: codeOf(error) };
  }
}

function optionsOf({ connection, connectTimeoutMs }: Settings, socket: Socket): ConnectionOptions {
  const { socketPath, host = "localhost", user, password, tls } = connection;
  const isOpen = socketPath !== undefined || tls === "off";
  return {
    user,
    ...(password === undefined ? {} : { password }),
    // Only the name that its certificate is held against: the socket is connected already.
    host: (isOpen ? undefined : tls?.serverName) ?? host,
    stream: socket,
    // Not to connect to: it tells the driver that a password may be shown to the server, which asks for it at a role's first visit.
    ...(socketPath === undefined ? {} : { socketPath }),
    connectTimeout: connectTimeoutMs,
    charset: "utf8mb4_bin",
    // A server that is not what it seems may ask for a file of this machine; and no code is made from the names it sends.
    flags: ["-LOCAL_FILES"],
    disableEval: true,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    ...(isOpen ? {} : { ssl: { ...(tls?.ca === undefined ? {} : { ca: tls.ca }), rejectUnauthorized: true, verifyIdentity: true, minVersion: "TLSv1.2" } }),
  };
}

function sessionOf(connection: Connection, socket: Socket): Session {
  // The driver tells only the connection, and not the statement, when the server goes away: whoever waits is told here.
  let lost: Error | undefined;
  const waiting = new Set<(error: Error) => void>();
  const lose = (error: Error) => {
    lost ??= error;
    for (const tell of waiting) tell(lost);
  };
  connection.on("error", lose);
  socket.on("close", () => lose(Object.assign(new Error("closed"), { code: "CONNECTION_LOST" })));
  const answered = <Answer>(ask: (done: (error: Error | null, answer: unknown) => void) => void): Promise<Answer> => {
    const lease = Promise.withResolvers<Answer>();
    if (lost !== undefined) throw lost;
    waiting.add(lease.reject);
    ask((error, answer) => (error === null ? lease.resolve(answer as Answer) : lease.reject(error)));
    return lease.promise.finally(() => waiting.delete(lease.reject));
  };
  return {
    connection,
    async tell(sql) {
      await answered((done) => connection.query(sql, done));
    },
    async rows(sql, values = []) {
      return await answered((done) => connection.execute({ sql, values: [...values] }, done));
    },
    async *stream(sql, values) {
      if (lost !== undefined) throw lost;
      const rows = connection.execute({ sql, values: [...values] }).stream({ highWaterMark: 256 });
      const tell = (error: Error) => void rows.destroy(error);
      waiting.add(tell);
      try {
        yield* rows;
      } finally {
        waiting.delete(tell);
      }
    },
    end(error) {
      if (error !== undefined) lose(error);
      connection.destroy();
      socket.destroy();
    },
  };
}

async function againstRole(session: Session, settings: Settings): Promise<SourceFinding | undefined> {
  await session.tell("set session sql_mode = 'STRICT_ALL_TABLES'");
  const schemas = await session.rows("select 1 from information_schema.schemata where cast(schema_name as binary) = cast(? as binary)", [settings.database]);
  if (schemas.length === 0) return finding(settings, "NO_TABLES", `There is no database ${settings.database} that the role can see.`);
  const beyond = new Set([...(await grantedRights(session)), ...(await listedRights(session)), ...(await provenRights(session, settings))]);
  if (beyond.size === 0) return undefined;
  const what = `The role has rights beyond looking: ${[...beyond].toSorted().join(", ")}. Give the desk a role with SELECT alone.`;
  return finding(settings, "CAN_WRITE", what);
}

const mostRoles = 100;

/** Rights of the role itself and of every role it could take on. */
async function grantedRights(session: Session): Promise<string[]> {
  const isMariaDb = await speaksMariaDb(session);
  const beyond: string[] = [];
  const roles = new Set<string>();
  const note = (lines: readonly (readonly Raw[])[]) => {
    for (const grant of lines.map(([line]) => readGrant(String(line)))) {
      beyond.push(...grant.beyondLooking);
      for (const role of grant.roles) roles.add(role);
    }
  };
  note(await session.rows("show grants"));
  for (const role of roles) {
    if (roles.size > mostRoles) return [...beyond, `MORE THAN ${mostRoles} ROLES`];
    try {
      note(await rightsOfRole(session, role, isMariaDb));
    } catch (error) {
      beyond.push(`A ROLE WHOSE RIGHTS CANNOT BE READ (${codeOf(error)})`);
    }
  }
  return beyond;
}

/** The names come from the server, quoted by it. MariaDB shows a role's rights to who has taken it on, with those of the roles within. */
async function rightsOfRole(session: Session, role: string, isMariaDb: boolean): Promise<readonly (readonly Raw[])[]> {
  if (!isMariaDb) return await session.rows(`show grants for current_user() using ${role}`);
  await session.tell(`set role ${role}`);
  return await session.rows("show grants for current_role()");
}

async function speaksMariaDb(session: Session): Promise<boolean> {
  const [row] = await session.rows("select version()");
  return /mariadb/i.test(String(row?.[0]));
}

/** The same question asked of the catalogue, which lists rights on single tables and columns too. */
async function listedRights(session: Session): Promise<string[]> {
  const mine =
    "grantee = concat('''', replace(left(current_user(), char_length(current_user()) - locate('@', reverse(current_user()))), '''', ''''''), '''@''', substring_index(current_user(), '@', -1), '''')";
  const tables = ["user_privileges", "schema_privileges", "table_privileges", "column_privileges"];
  const rows = await session.rows(tables.map((table) => `select distinct privilege_type from information_schema.${table} where ${mine}`).join(" union "));
  return rows.map(([right]) => String(right)).filter((right) => !onlyLooks(right));
}

/** What no list shows (rights that everybody has in a database) shows when a change is explained and not made: the server must refuse even that. */
async function provenRights(session: Session, { database }: Settings): Promise<string[]> {
  const found = await session.rows(
    `select c.table_name, c.column_name from information_schema.columns c
     join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
     where c.table_schema = ? and c.extra not like '%GENERATED%' order by 1, c.ordinal_position limit 1`,
    [database],
  );
  const [table, column] = found[0] ?? [];
  if (typeof table !== "string" || typeof column !== "string") return [];
  const [at, of] = [`${identifier(database)}.${identifier(table)}`, identifier(column)];
  const changes = [
    ["DELETE", `delete from ${at} where 1 = 0`],
    ["INSERT", `insert into ${at} (${of}) select ${of} from ${at} where 1 = 0`],
    ["UPDATE", `update ${at} set ${of} = ${of} where 1 = 0`],
  ] as const;
  const proven: string[] = [];
  for (const [right, change] of changes) {
    const code = await session.rows(`explain ${change}`).then(() => undefined, codeOf);
    if (code === undefined) proven.push(right);
    else if (!refusals.has(code)) proven.push(`A RIGHT THAT CANNOT BE TOLD (${code})`);
  }
  return proven;
}

const refusals: ReadonlySet<string> = new Set(["ER_TABLEACCESS_DENIED_ERROR", "ER_COLUMNACCESS_DENIED_ERROR"]);

function finding(settings: Settings, code: SourceFinding["code"], what: string): SourceFinding {
  return { code, where: settings.source, what };
}

const columnsQuery = `
  select table_name, column_name, lower(data_type), character_set_name, collation_name from information_schema.columns
  where cast(table_schema as binary) = cast(? as binary) order by table_name, ordinal_position`;

/** Tables without transactions: what is read of them can change while it is read. */
const unsteadyQuery = `
  select t.table_name from information_schema.tables t left join information_schema.engines e on e.engine = t.engine
  where cast(t.table_schema as binary) = cast(? as binary) and t.table_type = 'BASE TABLE' and coalesce(e.transactions, 'NO') <> 'YES' order by 1`;

/** Throws when the database cannot be asked. */
async function describe(settings: Settings): Promise<Described> {
  const session = await connected(settings);
  if ("code" in session) throw new Error(`the source ${settings.source} cannot be reached (${session.code})`);
  try {
    const columns = (await session.rows(columnsQuery, [settings.database])).map((row) => ({ table: String(row[0]), column: columnOf(row, settings) }));
    const collections = [...Map.groupBy(columns, ({ table }) => table)].map(([name, of]) => ({
      name,
      columns: of.map(({ column }) => ({ name: column.name, kind: kindOf(column) })),
    }));
    const unsteady = await session.rows(unsteadyQuery, [settings.database]);
    return { schema: { source: settings.source, collections }, findings: unsteady.map(([table]) => noSnapshot(String(table))) };
  } finally {
    session.end();
  }
}

function noSnapshot(table: string): SourceFinding {
  return { code: "NO_SNAPSHOT", where: table, what: "The table keeps no snapshots: rows that change while it is read can be seen twice or not at all." };
}

function columnOf([table, name, type, characters, collation]: readonly Raw[], { clockZones }: Settings): MysqlColumn {
  const zone = clockZones[`${String(table)}.${String(name)}`];
  const order = typeof characters === "string" && typeof collation === "string" ? { order: { characters, collation } } : {};
  return { name: String(name), type: String(type), ...(zone === undefined ? {} : { zone }), ...order };
}

/** What stands against a read before the server is asked for any row. */
class Refused extends Error {
  readonly code: "NO_COLLECTION" | "NO_COLUMN" | "MOMENT_WITHOUT_ZONE" | "VALUE_TOO_LARGE" | "OUTSIDE_PLAN";

  constructor(code: Refused["code"]) {
    super(code);
    this.code = code;
  }
}

interface Statement {
  readonly columns: readonly MysqlColumn[];
  /** The zone of the clock whose times the server can only narrow down; they are told apart here. */
  readonly zone?: string;
  readonly from: string;
  readonly values: readonly string[];
}

async function statementOf(session: Session, read: PlannedRead, settings: Settings): Promise<Statement> {
  const { subject, workspace, moment, key } = read.witness;
  const live = await session.rows(`${columnsQuery.replace(" order by", " and cast(table_name as binary) = cast(? as binary) order by")}`, [
    settings.database,
    read.collection,
  ]);
  if (live.length === 0) throw new Refused("NO_COLLECTION");
  const known = new Map(live.map((row) => [String(row[1]), columnOf(row, settings)]));
  const column = (name: string) => known.get(name) ?? fail("NO_COLUMN");
  const columns = [...new Set([...read.columns, ...[subject, workspace, moment, key].filter((name) => name !== undefined)])].map(column);
  const conditions = [personCondition(column(subject), read.accounts)];
  if (workspace !== undefined) conditions.push(personCondition(column(workspace), [read.workspace]));
  if (moment !== undefined && read.from !== undefined && read.until !== undefined)
    conditions.push(rangeCondition(column(moment), { from: read.from, until: read.until }));
  const zone = moment === undefined ? undefined : clockOf(column(moment));
  return {
    columns,
    ...(zone === undefined ? {} : { zone }),
    from: `from ${identifier(settings.database)}.${identifier(read.collection)} where ${conditions.map(({ sql }) => sql).join(" and ")}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

function fail(code: Refused["code"]): never {
  throw new Refused(code);
}

interface Condition {
  readonly sql: string;
  readonly values: readonly string[];
}

function personCondition(column: MysqlColumn, values: readonly string[]): Condition {
  const { sql, timesGiven } = isOneOf(column, values.length);
  return { sql, values: timesGiven === 2 ? [...values, ...values] : values };
}

/** No clock is two days away from UTC. */
const anyClock = { hours: 48 };

function rangeCondition(column: MysqlColumn, { from, until }: { readonly from: Instant; readonly until: Instant }): Condition {
  if (kindOf(column) !== "moment") throw new Refused("MOMENT_WITHOUT_ZONE");
  const shift = clockOf(column) === undefined ? {} : anyClock;
  const name = identifier(column.name);
  const values = [clockText(from, Temporal.Duration.from({ hours: 0, ...shift }).negated()), clockText(until, { hours: 0, ...shift })];
  return { sql: `${name} >= ? and ${name} < ?`, values };
}

function clockOf({ type, zone }: MysqlColumn): string | undefined {
  return type === "datetime" && zone !== undefined && zone !== "UTC" ? zone : undefined;
}

async function count(settings: Settings, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  const progress: Progress = { records: 0, step: "connect" };
  try {
    using held = await begin(settings, signal);
    progress.step = "query";
    const statement = await statementOf(held.session, read, settings);
    await limitTime(held.session, settings);
    if (statement.zone !== undefined) return await countOneByOne(settings, read, signal);
    const [row] = await held.session.rows(`select count(*) ${statement.from}`, statement.values);
    return { kind: "counted", records: Number(row?.[0]) };
  } catch (error) {
    return { kind: "failed", failure: failureOf(read, progress, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  }
}

async function countOneByOne(settings: Settings, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  let records = 0;
  for await (const item of readRecords(settings, read, signal)) {
    if (item.kind === "failed") return item;
    if (item.kind === "record") records += 1;
  }
  return { kind: "counted", records };
}

interface Progress {
  records: number;
  step: SourceFailure["step"];
}

async function* readRecords(settings: Settings, read: PlannedRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  const progress: Progress = { records: 0, step: "connect" };
  try {
    using held = await begin(settings, signal);
    progress.step = "query";
    const statement = await statementOf(held.session, read, settings);
    await limitTime(held.session, settings);
    const record = recordReader(read, statement.columns);
    const doubtful = { atEdge: 0, within: 0 };
    for await (const row of held.session.stream(selectOf(read, statement, settings), statement.values)) {
      progress.step = "read";
      if (Number(row.at(-1)) !== 0) throw new Refused("VALUE_TOO_LARGE");
      if (statement.zone !== undefined && !isInRange(clockTextIn(row, read, statement), { read, zone: statement.zone, doubtful })) continue;
      yield { kind: "record", record: record(row) };
      progress.records += 1;
    }
    for (const found of doubtfulMoments(read, doubtful)) yield { kind: "finding", finding: found };
  } catch (error) {
    yield { kind: "failed", failure: failureOf(read, progress, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  }
}

function selectOf(read: PlannedRead, { columns, from }: Statement, { largestValueBytes }: Settings): string {
  const list = [...columns.map((column) => selected(column, largestValueBytes)), tooLarge(columns, largestValueBytes)].join(", ");
  const order = [read.witness.subject, read.witness.moment, read.witness.key].filter((name) => name !== undefined).map(identifier);
  return `select ${list} ${from} order by ${order.join(", ")}`;
}

function clockTextIn(row: readonly Raw[], read: PlannedRead, { columns }: Statement): string {
  return String(row[columns.findIndex(({ name }) => name === read.witness.moment)]);
}

interface Clock {
  readonly read: PlannedRead;
  readonly zone: string;
  readonly doubtful: { atEdge: number; within: number };
}

/** A time that the clock showed twice is inside only when both moments are. */
function isInRange(text: string, { read, zone, doubtful }: Clock): boolean {
  const moments = momentAt(text, zone);
  const inside = (moment: Instant) => read.from !== undefined && read.until !== undefined && moment >= read.from && moment < read.until;
  if (moments === undefined) return false;
  const [earlier, later] = [inside(moments.earlier), inside(moments.later)];
  if (moments.earlier !== moments.later && (earlier || later)) doubtful[earlier && later ? "within" : "atEdge"] += 1;
  return earlier && later;
}

function doubtfulMoments(read: PlannedRead, { atEdge, within }: Clock["doubtful"]): SourceFinding[] {
  const found = (what: string): SourceFinding => ({ code: "AMBIGUOUS_MOMENT", where: read.collection, what });
  return [
    ...(within === 0 ? [] : [found(`${within} records of line ${read.line} bear a time that the clock showed twice or skipped; the earlier moment is given.`)]),
    ...(atEdge === 0 ? [] : [found(`${atEdge} records of line ${read.line} bear such a time at the edge of the range and are left out.`)]),
  ];
}

/** One snapshot, read only: rows that change meanwhile are seen as they were, and nothing can be changed. Throws; `ABORTED` when the signal says so. */
async function begin(settings: Settings, signal?: AbortSignal): Promise<{ readonly session: Session } & Disposable> {
  signal?.throwIfAborted();
  const session = await connected(settings);
  if ("code" in session) throw Object.assign(new Error("not connected"), { code: session.code });
  const abort = signal === undefined ? undefined : addAbortListener(signal, () => session.end(new Error("aborted")));
  const held = { session, [Symbol.dispose]: () => (abort?.[Symbol.dispose](), session.end()) };
  try {
    const seconds = Math.ceil(settings.statementTimeoutMs / 1000);
    await session.tell(`set session net_write_timeout = ${Math.max(1, seconds)}, sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'`);
    await session.tell("set session transaction isolation level repeatable read");
    await session.tell("start transaction with consistent snapshot, read only");
    return held;
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

/** Set after the catalogue was read: MariaDB gives an empty catalogue, and no failure, when time runs out over it. */
async function limitTime(session: Session, settings: Settings): Promise<void> {
  const milliseconds = Math.max(1, Math.trunc(settings.statementTimeoutMs));
  const limit = (await speaksMariaDb(session)) ? `max_statement_time = ${milliseconds / 1000}` : `max_execution_time = ${milliseconds}`;
  await session.tell(`set session ${limit}`);
}

/** Every row is held against the plan once more: what the server gives beyond it stops the read. */
function recordReader(read: PlannedRead, columns: readonly MysqlColumn[]): (row: readonly Raw[]) => CollectedRecord {
  const accounts = new Set(read.accounts);
  const { source, collection, line, witness } = read;
  const named = [witness.subject, witness.workspace, witness.key];
  const readers = columns.map((column) => {
    const value = valueReader(column);
    return named.includes(column.name) ? (raw: Raw) => asText(value(raw)) : value;
  });
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const [subjectAt, workspaceAt, momentAtColumn, keyAt] = [at(witness.subject), at(witness.workspace), at(witness.moment), at(witness.key)];
  const leaving = read.columns.map((name) => ({ name, place: at(name) }));
  return (row) => {
    const values = readers.map((reader, place) => reader(row[place] ?? null));
    const text = (place: number) => witnessText(values[place] ?? null);
    const [subject, workspace, moment] = [text(subjectAt) ?? "", text(workspaceAt), text(momentAtColumn)];
    if (!accounts.has(subject) || (workspaceAt >= 0 && workspace !== read.workspace)) throw new Refused("OUTSIDE_PLAN");
    return {
      source,
      collection,
      line,
      key: text(keyAt) ?? subject,
      fields: Object.fromEntries(leaving.map(({ name, place }) => [name, values[place] ?? null])),
      witness: { subject, ...(workspace === undefined ? {} : { workspace }), ...(moment === undefined ? {} : { moment: moment as Instant }) },
    };
  };
}

/** What says whose a record is leaves as the text that it was found by. */
function asText(value: FieldValue): FieldValue {
  return value instanceof Uint8Array ? (witnessText(value) ?? null) : value;
}

function failureOf(read: PlannedRead, { records, step }: Progress, code: string): SourceFailure {
  const { source, collection, line } = read;
  return {
    source,
    collection,
    line,
    step,
    code,
    what: `${source} stopped at \`${collection}\` after ${records} records (${step}, ${code}).`,
    recordsBefore: records,
  };
}

/** The server's or the system's code, or an SQLSTATE where the driver has no name for it; never the message, which may quote data. */
function codeOf(error: unknown): string {
  const { code, sqlState } = (error ?? {}) as { readonly code?: unknown; readonly sqlState?: unknown };
  return [code, sqlState].find((word) => typeof word === "string") ?? "CONNECTION_LOST";
}
