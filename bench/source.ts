// How fast the workspace database is read through a planned read, beside COPY of the same rows to the same process.
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client, type ClientConfig, type Connection } from "pg";
import { dropDatabase } from "../tests/contracts/database.ts";
import { openDatabase } from "../src/adapters/postgres/supervisor.ts";
import { openWorkspaceDatabase } from "../src/adapters/sources/workspace-database.ts";
import type { Source } from "../src/app/production-port.ts";
import { instant } from "../src/kernel/instant.ts";
import type { PlannedRead } from "../src/production/shapes.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" }, rounds: { type: "string", default: "5" } } });
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];

const from = instant("2026-01-01T00:00:00Z");
const until = instant("2027-01-01T00:00:00Z");
const read: PlannedRead = {
  source: "workspace-database",
  collection: "posts",
  line: "L",
  dataType: "messages",
  columns: ["id", "workspace_id", "author_id", "sent_at", "channel_id", "channel_name", "body", "edited_at"],
  witness: { subject: "author_id", workspace: "workspace_id", moment: "sent_at", key: "id" },
  accounts: ["M-1", "M-2"],
  workspace: "W-1",
  from,
  until,
};

/** Two accounts hold all the rows that are asked for; as many again lie outside. */
const filling = `
  create table posts (id bigint primary key, workspace_id text not null, channel_id text not null, channel_name text not null, author_id text not null,
    body text not null, sent_at timestamptz not null, edited_at timestamptz);
  insert into posts select n, 'W-1', 'C-' || n % 50, 'general', 'M-' || 1 + n % 4, 'Note ' || n || ': "tea", 茶 & café' || repeat(' and so on', n % 12),
    timestamptz '2026-01-02 00:00:00+00' + n * interval '10 seconds', case when n % 10 = 0 then timestamptz '2026-02-02 00:00:00.123+00' end
    from generate_series(1, ${rows * 2}) n;
  create index on posts (author_id, sent_at);
  vacuum analyze posts;`;

const where = `from posts where author_id = any('{M-1,M-2}') and workspace_id = 'W-1' and sent_at >= '${from}' and sent_at < '${until}'`;
const copying = (order: string) => `copy (select ${read.columns.join(", ")} ${where} ${order}) to stdout`;

/** The rival: the driver's own connection hands over one row's bytes after another, and they are counted and dropped. */
async function copyOnce(client: Client, text: string): Promise<{ readonly records: number; readonly bytes: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly records: number; readonly bytes: number }>();
  let [records, bytes] = [0, 0];
  client.query({
    submit: (connection: Connection) => connection.query(text),
    handleCopyData({ chunk }: { readonly chunk: Uint8Array }) {
      records += 1;
      bytes += chunk.byteLength;
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery: () => resolve({ records, bytes }),
    handleError: reject,
  });
  return await promise;
}

async function readOnce(source: Source): Promise<number> {
  let records = 0;
  for await (const item of source.read(read)) {
    if (item.kind === "failed") throw new Error(item.failure.what);
    records += 1;
  }
  return records;
}

interface Taken {
  readonly seconds: number;
  /** Of this process alone: other work on the machine shows in the one figure and hardly in the other. */
  readonly cpuSeconds: number;
}

async function timeOf(work: () => Promise<unknown>): Promise<Taken> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

const median = (figures: readonly number[]) => figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN;
const medianOf = (taken: readonly Taken[]) => median(taken.map(({ seconds }) => seconds));
const fastestOf = (taken: readonly Taken[]) => Math.min(...taken.map(({ seconds }) => seconds));

async function measure(client: Client, source: Source): Promise<void> {
  const ordered = copying("order by author_id, sent_at, id");
  const { records, bytes } = await copyOnce(client, ordered);
  const given = await readOnce(source);
  if (given !== records) throw new Error(`${given} records were read, and there are ${records}`);
  const taken: { own: Taken[]; ordered: Taken[]; unordered: Taken[] } = { own: [], ordered: [], unordered: [] };
  for (let round = 0; round < rounds; round++) {
    taken.own.push(await timeOf(() => readOnce(source)));
    taken.ordered.push(await timeOf(() => copyOnce(client, ordered)));
    taken.unordered.push(await timeOf(() => copyOnce(client, copying(""))));
  }
  console.log(
    `${records.toLocaleString("en")} of ${(rows * 2).toLocaleString("en")} rows, ${Math.round(bytes / 1e6)} MB as COPY text (${rounds} rounds, in turns):`,
  );
  for (const [name, those] of [
    ["read as records, each value read", taken.own],
    ["COPY of the same rows in the same order", taken.ordered],
    ["COPY in whatever order", taken.unordered],
  ] as const) {
    const rate = Math.round(records / medianOf(those)).toLocaleString("en");
    const times = `reading takes ${(medianOf(taken.own) / medianOf(those)).toFixed(2)} times as long (fastest rounds: ${(fastestOf(taken.own) / fastestOf(those)).toFixed(2)})`;
    console.log(
      `  ${name.padEnd(40)} ${rate.padStart(9)} rows/s, ${median(those.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)} s of this process's CPU; ${times}`,
    );
  }
  console.log(`  memory of this process at its highest: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

async function fill(owner: ClientConfig, reader: ClientConfig & { readonly user?: string }): Promise<void> {
  const client = new Client(owner);
  await client.connect();
  try {
    for (const statement of filling.split(";\n")) await client.query(statement);
    const role = client.escapeIdentifier(reader.user ?? "");
    await client.query(`grant usage on schema public to ${role}; grant select on all tables in schema public to ${role}`);
  } finally {
    await client.end();
  }
}

async function main(): Promise<void> {
  const server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-bench-source") });
  const name = `bench_${randomBytes(8).toString("hex")}`;
  const { owner, app } = await server.createDatabase(name);
  const client = new Client(app);
  try {
    await fill(owner, app);
    await client.connect();
    const opened = await openWorkspaceDatabase({ source: "workspace-database", connection: app });
    if (opened.kind === "refused") throw new Error(opened.findings.map(({ what }) => what).join(" "));
    await measure(client, opened.source);
  } finally {
    await client.end();
    const administrator = new Client(server.owner);
    await administrator.connect();
    await dropDatabase(administrator, name);
    await administrator.end();
    await server.stop();
  }
}

await main();
