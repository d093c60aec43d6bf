// What turns promise: one holder at a time over all processes, and a holder that lost its turn learns of it before it does more.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { openTurns } from "../../src/adapters/postgres/turns.ts";
import { TurnLost, type Turn } from "../../src/app/vault-port.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";

let database: TestDatabase;

before(async () => {
  database = await openTestDatabase({ migrations: [] });
});
after(async () => {
  await Promise.all(taken.map((turn) => turn.end()));
  await database.close();
});

/** What a test that fails leaves must not hold up the others. */
const taken: Turn[] = [];
async function take(name: string): Promise<Turn | undefined> {
  const turn = await openTurns(database.app).take(name);
  if (turn !== undefined) taken.push(turn);
  return turn;
}

test("a turn is for one at a time, and for the next when it ends", async () => {
  const first = (await take("packing/1")) ?? assert.fail("nobody has it");
  assert.equal(await take("packing/1"), undefined);
  const other = (await take("packing/2")) ?? assert.fail("another name is another turn");
  await first.confirm();
  assert.equal(first.lost.aborted, false);
  await first.end();
  await first.end();
  const next = (await take("packing/1")) ?? assert.fail("it was given back");
  await Promise.all([next.end(), other.end()]);
});

/** Of this database alone: other tests share the server. */
const endHolders =
  "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid() and database = (select oid from pg_database where datname = current_database())";

test("a turn whose connection broke is lost: its holder is told, is refused when it asks, and somebody else may have it", async () => {
  const turn = (await take("packing/3")) ?? assert.fail("nobody has it");
  const told = once(turn.lost, "abort");
  await database.app.query(endHolders);
  await told;
  await assert.rejects(turn.confirm(), TurnLost);
  const next = (await take("packing/3")) ?? assert.fail("the lost turn is free");
  await next.confirm();
  await Promise.all([turn.end(), next.end()]);
});
