import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { noteCrypto, random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { startIntegrator } from "../../src/adapters/postgres/integrator.ts";
import { verifyDesk } from "../../src/adapters/postgres/ledger-rows.ts";
import { openPostgresLedger, type PostgresLedger } from "../../src/adapters/postgres/ledger.ts";
import { migrate } from "../../src/adapters/postgres/migrations.ts";
import { openPool } from "../../src/adapters/postgres/pool.ts";
import type { DeskId } from "../../src/kernel/ids.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { appendOf, at, newDesk, signerFor, type Subject, testLedger, testPublicLog } from "./ledger.contract.ts";

let database: TestDatabase;
let ledger: PostgresLedger;

before(async () => {
  database = await openTestDatabase();
  ledger = openPostgresLedger({ pool: database.app, sha256, random, signerFor });
});
after(() => database.close());

const subject = (): Subject => ({
  ledger,
  log: ledger,
  verify: (desk, options) => verifyDesk(database.app, desk, options),
  count: async (desk, table) => {
    const { rows } = await database.owner.query<{ count: string }>(`select count(*) from ${table} where desk = $1`, [desk]);
    return Number(rows[0]?.count);
  },
});

testLedger("in PostgreSQL", subject);
testPublicLog("in PostgreSQL", subject);

test("the application can neither change nor remove what is recorded, nor a place in the tree, nor a checkpoint", async () => {
  const desk = newDesk();
  await ledger.append(appendOf(desk, "case:1", 0));
  await ledger.seal(desk, at);
  for (const table of ["events", "entries", "checkpoints", "claims"]) {
    for (const statement of [
      `update ${table} set desk = 'x'`,
      `delete from ${table}`,
      `truncate ${table}`,
      `drop table ${table}`,
      `alter table ${table} add column x int`,
    ]) {
      await assert.rejects(database.app.query(statement), { code: "42501" }, statement);
    }
  }
  await assert.rejects(database.app.query("delete from tiles"), { code: "42501" });
  await assert.rejects(database.app.query("create table mine (x int)"), { code: "42501" });
});

test("bringing the database up to date twice, or from two processes at once, changes nothing", async () => {
  const { rows } = await database.app.query<{ name: string }>("select current_user as name");
  const name = rows[0]?.name ?? "";
  assert.deepEqual((await Promise.all([migrate(database.owner, name), migrate(database.owner, name)])).flat(), []);
  const added = [{ id: "900-test", sql: 'create table if_new (x int); grant select on if_new to "app"' }];
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.owner, name, added)));
  assert.deepEqual(applied.flat(), ["900-test"]);
  await database.app.query("select * from if_new");
});

test("ledgers in several processes share streams, claims and the tree without losing a fact", async () => {
  const desk = newDesk();
  const pools = [1, 2, 3].map(() => openPool(database.connections.app, { max: 4 }));
  const ledgers = pools.map((pool) => openPostgresLedger({ pool, sha256, random, signerFor }));
  const acknowledged: number[] = [];
  const write = async (writer: number) => {
    const mine = ledgers[writer % ledgers.length] as PostgresLedger;
    for (let nth = 0; nth < 10; nth++) {
      const stream = `case:${(writer + nth) % 4}`;
      for (;;) {
        const { length } = await mine.readStream(desk, stream);
        const outcome = await mine.append(appendOf(desk, stream, length, [{ type: "A", id: writer * 100 + nth }]));
        if (outcome.kind === "appended") break;
      }
      acknowledged.push(writer * 100 + nth);
      if (nth % 3 === 0) await mine.seal(desk, at);
    }
  };
  await Promise.all(Array.from({ length: 9 }, (_, writer) => write(writer)));
  await ledger.seal(desk, at);
  const sealed = await ledger.readSealed(desk, 0, 1000);
  assert.deepEqual(sealed.map(({ fact }) => fact["id"] as number).sort(), acknowledged.sort());
  assert.equal((await verifyDesk(database.app, desk, { crypto: noteCrypto, key: signerFor(desk) })).kind, "whole");
  await Promise.all(pools.map((pool) => pool.end()));
});

test("what was acknowledged is there after the program is killed in the middle of writing", async () => {
  const desk = newDesk();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", new URL("./append-until-killed.ts", import.meta.url).pathname, JSON.stringify(database.connections.app), desk],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.length > 4000) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  const acknowledged = said.split("\n").slice(0, -1);
  assert.equal(child.signalCode, "SIGKILL");
  assert.ok(acknowledged.length > 100);
  for (const name of acknowledged) {
    const [stream = "", version] = name.split(" ");
    assert.ok((await ledger.readStream(desk, stream)).length >= Number(version), name);
  }
  await ledger.seal(desk, at);
  const verdict = await verifyDesk(database.app, desk, { crypto: noteCrypto, key: signerFor(desk) });
  assert.ok(verdict.kind === "whole" && verdict.size >= acknowledged.length && verdict.waiting === 0);
});

test("facts are sealed in the background soon after they are recorded, here or by another process, and once more at the end", async () => {
  const [desk, elsewhere, last] = [newDesk(), newDesk(), newDesk()];
  const pool = openPool(database.connections.app, { max: 3 });
  const other = openPostgresLedger({ pool, sha256, random, signerFor });
  const troubles: unknown[] = [];
  const options = { now: () => at, gatherMs: 10, pollMs: 60_000, onTrouble: (error: unknown) => troubles.push(error) };
  const integrators = [startIntegrator({ ...options, pool: database.app, ledger }), startIntegrator({ ...options, pool, ledger: other })];
  const sealedSoon = async (name: DeskId) => {
    for (let tries = 0; tries < 200; tries++) {
      if ((await ledger.findCheckpoint(name))?.size === 1) return true;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return false;
  };
  await ledger.append(appendOf(desk, "case:1", 0));
  assert.ok(await sealedSoon(desk));
  await other.append(appendOf(elsewhere, "case:1", 0));
  assert.ok(await sealedSoon(elsewhere));
  await (integrators[1] as { stop(): Promise<void> }).stop();
  await ledger.append(appendOf(last, "case:1", 0));
  await (integrators[0] as { stop(): Promise<void> }).stop();
  assert.equal((await ledger.findCheckpoint(last))?.size, 1);
  assert.deepEqual(troubles, []);
  await pool.end();
});

test("another process is woken by the database, not only by its own facts", async () => {
  const desk = newDesk();
  const pool = openPool(database.connections.app, { max: 3 });
  const other = openPostgresLedger({ pool, sha256, random, signerFor });
  const listening = startIntegrator({ pool: database.app, ledger, now: () => at, gatherMs: 10, pollMs: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await other.append(appendOf(desk, "case:1", 0));
  await pool.query("select pg_notify('portcullis_recorded', $1)", [desk]);
  for (let tries = 0; tries < 200 && !(await ledger.findCheckpoint(desk)); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.equal((await ledger.findCheckpoint(desk))?.size, 1);
  await listening.stop();
  await pool.end();
});
