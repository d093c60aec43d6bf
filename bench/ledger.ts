// How fast the ledger records and checks, beside what it is built on: the same database's plain inserts, and SHA-256 itself.
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Pool } from "pg";
import { noteCrypto, random, sha256, signerFrom, writeText } from "../src/adapters/keys/log-signing.ts";
import { verifyDesk } from "../src/adapters/postgres/ledger-rows.ts";
import { openPostgresLedger, type PostgresLedger } from "../src/adapters/postgres/ledger.ts";
import { migrate } from "../src/adapters/postgres/migrations.ts";
import { openPool } from "../src/adapters/postgres/pool.ts";
import { dropDatabase } from "../tests/contracts/database.ts";
import { openDatabase } from "../src/adapters/postgres/supervisor.ts";
import type { Actor, DeskId } from "../src/kernel/ids.ts";
import { instant } from "../src/kernel/instant.ts";
import { canonicalJson } from "../src/ledger/canonical-json.ts";
import { recordText } from "../src/ledger/entry.ts";
import type { FactBody } from "../src/ledger/port.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    callers: { type: "string", default: "64" },
    connections: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    verify: { type: "string", default: "100000" },
  },
});
const [seconds, callers, connections, rounds, verifyFacts] = [values.seconds, values.callers, values.connections, values.rounds, values.verify].map(Number) as [
  number,
  number,
  number,
  number,
  number,
];

const desk = "bench" as DeskId;
const at = instant("2026-03-01T08:09:10.500Z");
const by = "staff:7" as Actor;
const signer = signerFrom("bench.example/bench", new Uint8Array(32).fill(1));

/** A fact of ordinary size: some 400 bytes as canonical JSON. */
function factOf(nth: number): FactBody {
  return {
    type: "LineReviewed",
    line: `L-${nth}`,
    clauses: ["KDRP-2c", "KDRP-5", "DPA-8.1a"],
    instrument: { kind: "search-warrant", served: "2026-02-27", sufficient: true, digest: Buffer.alloc(32, nth % 256).toString("base64") },
    scope: { from: "2026-01-01", to: "2026-02-27", classes: ["subscriber", "connection-logs"] },
    reviewer: "staff:12",
    note: { vault: undefined, length: 312 },
    due: "2026-03-13",
    rule: "KDRP-4: 14 calendar days from receipt, in the desk's calendar",
  };
}

// The server allows 60 in all.
const wideConnections = Math.min(callers, 40);

let streams = 0;

async function recordedPerSecond(append: (stream: string, nth: number) => Promise<unknown>): Promise<number> {
  let count = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const caller = async () => {
    while (performance.now() < end) {
      await append(`case:${++streams}`, count);
      count++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return count / ((performance.now() - start) / 1000);
}

function viaLedger(ledger: PostgresLedger) {
  return (stream: string, nth: number) => ledger.append({ desk, stream, expectedVersion: 0, at, by, facts: [factOf(nth)] });
}

/** The least that a program without a ledger would do: one row, one transaction, the same columns but no proof. */
function viaPlainInsert(pool: Pool) {
  return (stream: string, nth: number) =>
    pool.query({
      name: "plain",
      text: "insert into plain_events (desk, stream, version, at, who, body) values ($1, $2, $3, $4, $5, $6)",
      values: [desk, stream, 1, at, by, canonicalJson(factOf(nth))],
    });
}

const median = (figures: readonly number[]) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] as number;
const whole = (figure: number) => Math.round(figure).toLocaleString("en");

async function benchAppends(owner: Pool, app: Pool, ledger: PostgresLedger, wide: Pool): Promise<void> {
  await owner.query(
    "create table plain_events (desk text, stream text, version int, at text, who text, body text, primary key (desk, stream, version)); grant all on plain_events to public",
  );
  const figures: Record<"ledger" | "plain" | "wide", number[]> = { ledger: [], plain: [], wide: [] };
  for (let round = 0; round < rounds; round++) {
    figures.plain.push(await recordedPerSecond(viaPlainInsert(app)));
    figures.ledger.push(await recordedPerSecond(viaLedger(ledger)));
    figures.wide.push(await recordedPerSecond(viaPlainInsert(wide)));
  }
  const [mine, plain, most] = [median(figures.ledger), median(figures.plain), median(figures.wide)];
  console.log(`append, ${callers} callers, durable commit each (median of ${rounds}):`);
  console.log(`  ledger, group commit over ${connections} connections  ${whole(mine)} facts/s`);
  console.log(`  plain one-row inserts, ${connections} connections     ${whole(plain)} rows/s   ledger is ${(mine / plain).toFixed(1)} times as fast`);
  console.log(`  plain one-row inserts, ${wideConnections} connections     ${whole(most)} rows/s   ledger is ${(mine / most).toFixed(1)} times as fast`);
}

async function fill(ledger: PostgresLedger, count: number): Promise<void> {
  const facts = Array.from({ length: 100 }, (_, nth) => factOf(nth));
  for (let done = 0; done < count; done += 10_000) {
    await Promise.all(
      Array.from({ length: 100 }, (_, nth) => ledger.append({ desk: "checked" as DeskId, stream: `case:${done + nth}`, expectedVersion: 0, at, by, facts })),
    );
    await ledger.seal("checked" as DeskId, at);
  }
}

async function benchVerify(owner: Pool, app: Pool, ledger: PostgresLedger): Promise<void> {
  const checked = "checked" as DeskId;
  const startSeal = performance.now();
  await ledger.seal(desk, at);
  const sealed = (await ledger.findCheckpoint(desk))?.size ?? 0;
  const sealSeconds = (performance.now() - startSeal) / 1000;
  await fill(ledger, verifyFacts);
  await owner.query("analyze");
  const records: Buffer[] = [];
  for (let nth = 0; nth < verifyFacts; nth++) {
    records.push(
      Buffer.concat([
        Buffer.alloc(51),
        Buffer.from(recordText({ desk: checked, stream: `case:${nth}`, version: 1, at, by, body: canonicalJson(factOf(nth % 100)) })),
      ]),
    );
  }
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  const check: number[] = [];
  const hashing: number[] = [];
  const reading: number[] = [];
  for (let round = 0; round < rounds; round++) {
    check.push(
      await timed(async () => {
        const verdict = await verifyDesk(app, checked, { crypto: noteCrypto, key: signer });
        if (verdict.kind !== "whole" || verdict.size < verifyFacts) throw new Error(`the ledger is not whole: ${JSON.stringify(verdict)}`);
      }),
    );
    hashing.push(
      await timed(async () => {
        for (const record of records) sha256(record);
      }),
    );
    reading.push(await timed(() => readAll(app, checked)));
  }
  const [mine, hash, read] = [median(check), median(hashing), median(reading)];
  console.log(`seal: ${whole(sealed / sealSeconds)} facts/s`);
  console.log(`verify, ${whole(verifyFacts)} facts, ${(bytes / verifyFacts).toFixed(0)} bytes each (median of ${rounds}):`);
  console.log(`  the whole ledger                                 ${whole(verifyFacts / mine)} facts/s  ${(bytes / mine / 1e6).toFixed(0)} MB/s`);
  console.log(
    `  SHA-256 of the same bytes, one record at a time  ${whole(verifyFacts / hash)} records/s  ${(bytes / hash / 1e6).toFixed(0)} MB/s   verify takes ${(mine / hash).toFixed(1)} times as long`,
  );
  console.log(
    `  reading the same rows and nothing else           ${whole(verifyFacts / read)} rows/s   verify takes ${(mine / read).toFixed(1)} times as long`,
  );
}

/** What any check must read, in the order it needs, and nothing done with it. */
async function readAll(pool: Pool, checked: DeskId): Promise<void> {
  for (let from = 0; ; from += 250) {
    const { rows } = await pool.query({
      name: "read-all",
      text: `select e.position, e.stream, e.version, v.at, v."by", v.body, v.salt, v.commitment
        from (select desk, position, stream, version from entries where desk = $1 and position >= $2 order by position limit 250) e
        join events v on v.desk = e.desk and v.stream = e.stream and v.version = e.version order by e.position`,
      values: [checked, from],
    });
    if (rows.length === 0) return;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function main(): Promise<void> {
  // The same folder every time, so that runs leave one server's files behind and not many; the database is new.
  const server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-bench-database") });
  const name = `bench_${randomBytes(8).toString("hex")}`;
  const database = await server.createDatabase(name);
  const [owner, app] = [openPool(database.owner, { max: 2 }), openPool(database.app, { max: connections })];
  const wide = openPool(database.app, { max: wideConnections });
  const keeper = openPool(server.owner, { max: 1 });
  try {
    const { rows } = await app.query<{ name: string }>("select current_user as name");
    await migrate(owner, rows[0]?.name ?? "");
    const ledger = openPostgresLedger({ pool: app, sha256, random, writeText, signerFor: () => signer });
    await benchAppends(owner, app, ledger, wide);
    await benchVerify(owner, app, ledger);
  } finally {
    await Promise.all([owner.end(), app.end(), wide.end()]);
    await dropDatabase(keeper, name);
    await keeper.end();
    await server.stop();
  }
}

await main();
