// How fast a partner's sales ledger is read, checked and added up, beside PostgreSQL's own COPY of the same file into a table.
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { administrator } from "../src/adapters/postgres/embedded-server.ts";
import { openDatabase } from "../src/adapters/postgres/supervisor.ts";
import { readSalesLedger } from "../src/adapters/reading/read-sales-ledger.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "10000000" }, rounds: { type: "string", default: "3" } } });
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];

const kinds = ["sale", "sale", "sale", "sale", "tax", "credit", "expense"] as const;
const currencies = ["USD", "EUR", "GBP", "JPY"] as const;
const two = (figure: number) => String(figure).padStart(2, "0");

/** A year of twenty products in four currencies, every row with a reference of its own. */
function rowOf(nth: number): string {
  const currency = currencies[nth % currencies.length] ?? "USD";
  const amount = `${1 + ((nth * 7919) % 9999)}${currency === "JPY" ? "" : `.${two(nth % 100)}`}`;
  return `2026-${two(1 + (nth % 12))}-${two(1 + (nth % 28))},Assistant ${nth % 20},${currency},${kinds[nth % kinds.length]},${amount},INV-${nth}\n`;
}

function* ledger(): Generator<string> {
  yield "date,product,currency,kind,amount,reference\n";
  for (let from = 0; from < rows; from += 10_000) yield Array.from({ length: Math.min(10_000, rows - from) }, (_, nth) => rowOf(from + nth)).join("");
}

async function readOnce(file: string): Promise<number> {
  const reading = await readSalesLedger(createReadStream(file, { highWaterMark: 1 << 20 }), {
    onFault: ({ line, what }) => console.log(`line ${line}: ${what}`),
  });
  if (reading.kind !== "read" || reading.rows !== rows) throw new Error(`${reading.rows} rows were read, ${reading.kind}`);
  return reading.months.length;
}

/** The rival at its fastest: on the server itself, into a table that is not logged, without an index and without any check but the types. */
async function copyOnce(client: Client, file: string): Promise<void> {
  await client.query("drop table if exists sales");
  await client.query("create unlogged table sales (date date, product text, currency text, kind text, amount numeric, reference text)");
  const { rowCount } = await client.query(`copy sales from '${file}' with (format csv, header true)`);
  if (rowCount !== rows) throw new Error(`${rowCount} rows were copied`);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const median = (figures: readonly number[]) => figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN;
const perSecond = (seconds: number) => `${Math.round(rows / seconds).toLocaleString("en")} rows/s`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;

async function measure(client: Client, file: string): Promise<void> {
  const [mine, theirs]: [number[], number[]] = [[], []];
  const before = process.memoryUsage().rss;
  for (let round = 0; round < rounds; round++) {
    mine.push(await secondsOf(() => readOnce(file)));
    theirs.push(await secondsOf(() => copyOnce(client, file)));
  }
  const [own, copy] = [median(mine), median(theirs)];
  console.log(`a sales ledger of ${rows.toLocaleString("en")} rows, ${megabytes((await stat(file)).size)} (median of ${rounds}, in turns):`);
  console.log(`  every row checked, hashed and added up     ${perSecond(own)}`);
  console.log(`  COPY into an unlogged table, unchecked     ${perSecond(copy)}   reading is ${(copy / own).toFixed(1)} times as fast`);
  console.log(`  memory of this process: ${megabytes(before)} before, ${megabytes(process.resourceUsage().maxRSS * 1024)} at its highest`);
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-bench-sales-"));
  // The database's server runs as somebody else, who must be able to read the file.
  await chmod(folder, 0o755);
  const file = join(folder, "sales.csv");
  const server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-bench-database") });
  const client = new Client({ ...server.owner, user: administrator });
  await client.connect();
  try {
    await pipeline(Readable.from(ledger()), createWriteStream(file, { mode: 0o644 }));
    await measure(client, file);
  } finally {
    await client.query("drop table if exists sales");
    await client.end();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
