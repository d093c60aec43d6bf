// Gives the program its database: the PostgreSQL it brings along, or the one the operator named.
import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier } from "pg";
import { findBinaries } from "./embedded-binaries.ts";
import { settleHome } from "./embedded-home.ts";
import { holdServer } from "./embedded-hold.ts";
import { administrator, socketSettings, type Server } from "./embedded-server.ts";
import { codeOf, DatabaseTrouble } from "./embedded-trouble.ts";
import { inTurn } from "./embedded-turn.ts";

/** Goes as it is into `new Pool(…)`, `new Client(…)` or `new PgBoss(…)`. */
export type ConnectionSettings =
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string; readonly ssl: false }
  | { readonly connectionString: string };

/** The two roles of one database: `owner` migrates, `app` does only what it was granted. */
export interface Connections {
  readonly owner: ConnectionSettings;
  readonly app: ConnectionSettings;
}

export interface Database extends Connections {
  /**
   * Another database in the same embedded server, owned by the same role; one that exists is given as it is. The name
   * is lower-case letters, digits and underscores. Throws for a server that was named by a URL.
   */
  createDatabase(name: string): Promise<Connections>;
  readonly embedded: boolean;
  /** Lets go of the server; the last process to do so stops it. End your own connections first: a stop cuts them. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Made when absent. Several processes may open the same one: they share a server. Unused with `databaseUrl`. */
  readonly dataDir: string;
  /** Any PostgreSQL from version 15. PORTCULLIS_APP_DATABASE_URL may name a lesser role for `app`. */
  readonly databaseUrl?: string;
  /** Told in plain sentences, without names or secrets, what takes time and what went another way than usual. */
  readonly onProgress?: (text: string) => void;
}

const owner = "portcullis_owner";
const app = "portcullis_app";
const oldestVersion = 15;

/**
 * What is committed through these settings survives the kill of any process and, as far as the disk keeps its word, a
 * power cut. Throws DatabaseTrouble with a sentence for the operator.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const report = options.onProgress ?? (() => {});
  return options.databaseUrl ? openNamed(options.databaseUrl, report) : openEmbedded(options.dataDir, report);
}

async function openEmbedded(dataDir: string, report: (text: string) => void): Promise<Database> {
  const home = await settleHome(dataDir, report);
  const binaries = await findBinaries(home.account, home.folder, report);
  const server: Server = { home, binaries, report };
  const hold = await holdServer(server, randomBytes(6).toString("hex"), (client) => prepare(client));
  const connections = (database: string): Connections => ({
    owner: socketSettings(home, owner, database),
    app: socketSettings(home, app, database),
  });
  let stopped: Promise<void> | undefined;
  return {
    ...connections("portcullis"),
    embedded: true,
    createDatabase: async (name) => {
      const settings = socketSettings(home, administrator, "postgres");
      checkName(name);
      await inTurn(home.folder, report, () => asClient(settings, (client) => makeDatabase(client, name)));
      return connections(name);
    },
    stop: () => (stopped ??= hold.release()),
  };
}

/** Done at each opening, so that a first start cut short is finished by the next. */
async function prepare(client: Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>("select rolname from pg_roles where rolname in ($1, $2)", [owner, app]);
  for (const role of [owner, app]) {
    if (!rows.some((row) => row.rolname === role)) await client.query(`create role ${role} login`);
  }
  await makeDatabase(client, "portcullis");
}

/** The grants come last and are what is asked for, so that a database cut short of them is finished as well. */
async function makeDatabase(client: Client, name: string): Promise<void> {
  const { rows } = await client.query<{ open: boolean }>("select has_database_privilege($2, oid, 'TEMPORARY') as open from pg_database where datname = $1", [
    name,
    app,
  ]);
  const quoted = escapeIdentifier(name);
  if (rows[0]?.open === false) return;
  if (!rows[0]) await client.query(`create database ${quoted} owner ${owner}`);
  await client.query(`grant connect on database ${quoted} to ${app}`);
  await client.query(`revoke all on database ${quoted} from public`);
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return;
  throw new RangeError(
    `A database's name is up to 63 lower-case letters, digits and underscores and begins with a letter; this one is not: ${JSON.stringify(name)}`,
  );
}

async function openNamed(databaseUrl: string, report: (text: string) => void): Promise<Database> {
  const appUrl = process.env["PORTCULLIS_APP_DATABASE_URL"] || databaseUrl;
  await refuseOldServer(databaseUrl, "DATABASE_URL");
  if (appUrl === databaseUrl) {
    report("The desk works with the role that owns its tables. PORTCULLIS_APP_DATABASE_URL can name a lesser one, which may not change what is recorded.");
  } else {
    await refuseOldServer(appUrl, "PORTCULLIS_APP_DATABASE_URL");
  }
  return {
    owner: { connectionString: databaseUrl },
    app: { connectionString: appUrl },
    embedded: false,
    createDatabase: async () => {
      throw new Error("Databases are made only in the server the program brings along, not in the one DATABASE_URL names.");
    },
    stop: async () => {},
  };
}

async function refuseOldServer(url: string, variable: string): Promise<void> {
  const version = await asClient({ connectionString: checkedUrl(url, variable) }, readVersion).catch((error: unknown) => {
    throw new DatabaseTrouble(
      "UNREACHABLE",
      `The PostgreSQL that ${variable} names cannot be used: ${reasonOf(error)}. Check address, user, password and database.`,
      error,
    );
  });
  if (Math.floor(version / 10_000) >= oldestVersion) return;
  throw new DatabaseTrouble("OTHER_VERSION", `${variable} names a PostgreSQL ${Math.floor(version / 10_000)}; version ${oldestVersion} or later is needed.`);
}

/** A URL may hold a password, so an unreadable one is never repeated. */
function checkedUrl(url: string, variable: string): string {
  if (/^postgres(ql)?:\/\//.test(url)) return url;
  throw new DatabaseTrouble("UNREACHABLE", `${variable} is not the address of a database. It looks like postgres://user:password@host:5432/name.`);
}

async function readVersion(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
  return rows[0]?.version ?? 0;
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  return reason.replace(/\.$/, "");
}

async function asClient<Result>(settings: ConnectionSettings, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ ...settings, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
