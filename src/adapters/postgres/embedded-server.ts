// Starts, joins and stops the PostgreSQL server of one data folder. Who calls this has the turn.
import { spawn, type ChildProcess } from "node:child_process";
import { chown, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { run, serverEnvironment } from "./embedded-account.ts";
import type { Binaries } from "./embedded-binaries.ts";
import type { Home } from "./embedded-home.ts";
import { isAlive, parentOf, worksIn } from "../processes.ts";
import { codeOf, DatabaseTrouble, fileTrouble, serverTrouble } from "./embedded-trouble.ts";

export interface Server {
  readonly home: Home;
  readonly binaries: Binaries;
  readonly report: (text: string) => void;
}

export const administrator = "portcullis_admin";
const port = 5432;

const answerWithinMs = 5_000;
const fastStopMs = 60_000;
const immediateStopMs = 10_000;
const leftoversMs = 15_000;
const noticeEveryMs = 5_000;
const longestLogBytes = 4 * 1024 * 1024;

/** What the product's promises rest on: given at each start, so that no file in the data folder says otherwise. */
const promised = [
  "listen_addresses=",
  `port=${port}`,
  "unix_socket_permissions=0700",
  "fsync=on",
  "full_page_writes=on",
  "synchronous_commit=on",
  // The log is about the server; errors of statements would put their values, and so names, into it.
  "log_min_messages=log",
  "log_min_error_statement=panic",
  "log_error_verbosity=terse",
  "log_statement=none",
  "log_destination=stderr",
  "logging_collector=off",
];

/** A modest beginning, written once to postgresql.conf, where an operator may change it. */
const suggested = ["shared_buffers=64MB", "max_connections=60", "max_wal_size=512MB", "timezone=UTC", "log_timezone=UTC"];

/** A connection through the socket of `home`; nobody outside the socket's folder can make one, so it has no password. */
export function socketSettings(home: Home, user: string, database: string) {
  return { host: home.sockets, port, user, database, ssl: false } as const;
}

/**
 * Joins the server of this home, or starts it, making the cluster first when there is none. The connection that comes
 * back belongs to the administrator and bears `name`. Waits as long as a recovery after a crash takes.
 */
export async function joinOrStart(server: Server, name: string): Promise<Client> {
  const joined = await joinRunning(server, name);
  if (joined) return joined;
  await clearLeftovers(server);
  await makeCluster(server);
  return start(server, name);
}

async function joinRunning(server: Server, name: string): Promise<Client | undefined> {
  const client = await knockUntilOpen(server, name);
  if (!client) return undefined;
  if (await isOurs(client, server)) return client;
  const pid = await findServerProcess(client, server.home);
  await client.end();
  if (pid !== undefined) await stopProcess(pid, server);
  return undefined;
}

/** Ours: it works on this very cluster, and with the binaries of this program unless somebody else holds it. */
async function isOurs(client: Client, { home, binaries }: Server): Promise<boolean> {
  const { rows } = await client.query<{ lock: string | null; lib: string; version: string; holders: number }>(`
    select pg_read_file('postmaster.pid', true) as lock, current_setting('server_version') as version,
           (select setting from pg_config where name = 'LIBDIR') as lib, (${countHolders}) as holders`);
  const [found] = rows;
  if (!found?.lock || identity(found.lock) !== identity(await readLock(home))) return false;
  const current = binaries.version.startsWith(found.version) && found.lib === join(binaries.folder, "lib");
  return current || found.holders > 1;
}

/** Connections that hold the server bear a name of this form; the kernel closes them whichever way their process dies. */
export const holderPrefix = "portcullis holds ";
const countHolders = `select count(*)::int from pg_stat_activity where starts_with(application_name, '${holderPrefix}')`;

/** Stops the server when nobody holds it but the connection named `except`: the caller's own. */
export async function stopUnlessHeld(server: Server, except: string): Promise<void> {
  const client = await knockUntilOpen(server, "portcullis leaves");
  if (!client) return;
  const { rows } = await client.query<{ count: number }>(`${countHolders} and application_name <> $1`, [except]);
  const pid = await findServerProcess(client, server.home);
  await client.end();
  if (rows[0]?.count === 0 && pid !== undefined) await stopProcess(pid, server);
}

/** The server is the parent of each connection's process. Undefined when it lives in another container. */
async function findServerProcess(client: Client, home: Home): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = parentOf(rows[0]?.pid ?? 0);
  return pid !== undefined && worksIn(pid, home.cluster) ? pid : undefined;
}

async function knockUntilOpen(server: Server, name: string): Promise<Client | undefined> {
  const since = performance.now();
  let notices = 1;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs + 10, 250)) {
    const answer = await knock(server.home, name);
    if (answer !== "not yet") return answer === "silence" ? undefined : answer;
    if (performance.now() - since > notices * noticeEveryMs) {
      server.report("The database is finishing its recovery; this can take a while after a crash.");
      notices++;
    }
    await pause(pauseMs);
  }
}

async function knock(home: Home, name: string): Promise<Client | "not yet" | "silence"> {
  const client = new Client({
    ...socketSettings(home, administrator, "postgres"),
    application_name: name,
    connectionTimeoutMillis: answerWithinMs,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    const code = codeOf(error);
    // 57P03: it is starting, recovering or stopping.
    if (code === "57P03") return "not yet";
    if (["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", ""].includes(code)) return "silence";
    throw fileTrouble(error, home.sockets);
  }
}

/**
 * A server that does not answer is stopped. Lock files nobody stands behind any more are removed: their process number
 * may have been given to somebody else, or belong to a dead process nobody has collected, and PostgreSQL would wait for it.
 */
async function clearLeftovers(server: Server): Promise<void> {
  const { cluster, sockets } = server.home;
  const pid = Number.parseInt(await readLock(server.home), 10);
  if (pid > 0 && isAlive(pid) && worksIn(pid, cluster)) {
    server.report("A database server was left behind and does not answer; stopping it.");
    await stopProcess(pid, server);
  }
  for (const lock of [join(cluster, "postmaster.pid"), join(sockets, `.s.PGSQL.${port}.lock`)]) await rm(lock, { force: true });
}

async function readLock(home: Home): Promise<string> {
  return readFile(join(home.cluster, "postmaster.pid"), "utf8").catch(() => "");
}

/** The server's process number and start time: the first and third line of its lock file. */
function identity(lock: string): string {
  const lines = lock.split("\n");
  return `${lines[0]} ${lines[2]}`;
}

/**
 * Nothing but whole clusters ever bear the name: it is built beside and renamed. initdb's own sync to disk stays on: it
 * costs a tenth of a second, and without it a power cut soon after could take facts that were already acknowledged.
 */
async function makeCluster({ home, binaries, report }: Server): Promise<void> {
  if (await stat(home.cluster).catch(() => undefined)) return refuseOtherVersion(home, binaries);
  report("Making the database (first start only).");
  const half = `${home.cluster}.new`;
  try {
    await rm(half, { recursive: true, force: true });
    await mkdir(half, { mode: 0o700 });
    if (home.account) await chown(half, home.account.uid, home.account.gid);
    const made = await run(join(binaries.folder, "bin", "initdb"), initdbArguments(half), home.account, home.folder);
    if (made.exitCode !== 0) throw serverTrouble(made.output, home.folder);
    await rename(half, home.cluster);
    await syncFolder(home.folder);
  } catch (error) {
    await rm(half, { recursive: true, force: true }).catch(() => {});
    throw fileTrouble(error, home.folder);
  }
}

/** The built-in locale sorts alike on every machine: no index breaks when the system's C library is updated. */
function initdbArguments(folder: string): readonly string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${administrator}`,
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
    ...suggested.flatMap((setting) => ["-c", setting]),
  ];
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function refuseOtherVersion(home: Home, binaries: Binaries): Promise<void> {
  const file = join(home.cluster, "PG_VERSION");
  const found = (await readFile(file, "utf8").catch((error: unknown) => Promise.reject(fileTrouble(error, file)))).trim();
  if (binaries.version.split(".")[0] === found) return;
  throw new DatabaseTrouble(
    "OTHER_VERSION",
    `The database in ${home.cluster} was made by PostgreSQL ${found}; this program brings ${binaries.version}. Start it once more with the earlier release and carry it over with pg_dump.`,
  );
}

async function start(server: Server, name: string): Promise<Client> {
  await putLogAside(server.home.log);
  const since = performance.now();
  for (;;) {
    const started = await startOnce(server, name);
    if (started instanceof Client) return started;
    // Processes of a server that was killed leave within moments; until then a new one rightly refuses to start.
    const leaving = started.includes("pre-existing shared memory block");
    if (!leaving || performance.now() - since > leftoversMs) throw serverTrouble(started, server.home.cluster);
    await pause(100);
  }
}

/** Gives a connection, or what the server said before it gave up. */
async function startOnce(server: Server, name: string): Promise<Client | string> {
  const from = await sizeOf(server.home.log);
  const child = await spawnServer(server);
  let gone = "";
  child.once("error", (error) => (gone = error.message));
  child.once("exit", () => (gone ||= "it ended without a word"));
  while (gone === "") {
    const client = await knockUntilOpen(server, name);
    if (client) return client;
    await pause(10);
  }
  return (await readFrom(server.home.log, from)) || gone;
}

/** The server gets a session of its own: what kills us, or interrupts our terminal, leaves it to those who share it. */
async function spawnServer({ home, binaries }: Server): Promise<ChildProcess> {
  const log = await open(home.log, "a", 0o600);
  const settings = [...promised, `unix_socket_directories=${home.sockets}`];
  try {
    const child = spawn(join(binaries.folder, "bin", "postgres"), ["-D", home.cluster, ...settings.flatMap((setting) => ["-c", setting])], {
      ...home.account,
      cwd: home.folder,
      env: serverEnvironment(),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Asks for a fast stop, then for an immediate one, which the next start recovers from without loss. */
async function stopProcess(pid: number, { home }: Server): Promise<void> {
  for (const [signal, withinMs] of [
    ["SIGINT", fastStopMs],
    ["SIGQUIT", immediateStopMs],
  ] as const) {
    tell(pid, signal);
    for (const since = performance.now(); performance.now() - since < withinMs; await pause(5)) {
      if (!isAlive(pid)) return;
    }
  }
  throw new DatabaseTrouble(
    "DOES_NOT_STOP",
    `The database server of ${home.folder} (process ${pid}) does not stop. Look at what it waits for before you kill it.`,
  );
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it is gone already.
    if (codeOf(error) !== "ESRCH") throw fileTrouble(error, `process ${pid}`);
  }
}

async function putLogAside(log: string): Promise<void> {
  if ((await sizeOf(log)) > longestLogBytes) await rename(log, `${log}.1`);
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function readFrom(file: string, offset: number): Promise<string> {
  return (await readFile(file)).subarray(offset).toString();
}
