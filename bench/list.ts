// How fast the desk's list opens at a hundred thousand cases, beside the plainest query that could fill the same page.
import { mkdtemp, rm, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { CaseListQuery, CaseRow } from "../src/app/ports.ts";
import { openPool } from "../src/adapters/postgres/pool.ts";
import { caseIdFrom, type CaseId } from "../src/kernel/ids.ts";
import { addHours, instant, type Instant } from "../src/kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../src/main.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: process.env["PORTCULLIS_BENCH_CASES"] ?? "100000" },
    rounds: { type: "string", default: "400" },
  },
});
const [cases, rounds] = [values.cases, values.rounds].map(Number) as [number, number];
const pageSize = 50;
const batch = 5000;
const start = instant("2024-01-01T00:00:00Z");
const now = addHours(start, Math.floor(cases / 10));

/** Stages as they are spread in a desk that has worked for years: most cases are closed. */
const stages = ["closed", "closed", "closed", "closed", "closed", "closed", "withdrawn", "released", "review", "waiting"] as const;

/** The same cases in every run: ten arrive each hour, and one in ten still has a clock running. */
function rowOf(nth: number): CaseRow {
  const stage = stages[nth % stages.length] ?? "closed";
  const isRunning = stage === "review" || stage === "waiting";
  return {
    caseId: caseIdOf(nth),
    receivedAt: addHours(start, Math.floor(nth / 10)),
    door: nth % 3 === 0 ? "portal" : "mail",
    stage,
    instrument: nth % 2 === 0 ? "US-SW" : "US-SUBP-GJ",
    secret: nth % 50 === 0,
    ...(isRunning ? { nextDueAt: addHours(now, ((nth * 7) % 480) - 240), nextDue: "Answer the agency" } : {}),
  };
}

function caseIdOf(nth: number): CaseId {
  return caseIdFrom(Uint8Array.of(nth & 255, (nth >> 8) & 255, (nth >> 16) & 255, 7, nth & 127));
}

async function fill({ ports, deskId, pool }: OpenInstallation): Promise<void> {
  for (let from = 0; from < cases; from += batch) {
    const to = Math.min(cases, from + batch);
    const rows = Array.from({ length: to - from }, (_, index) => ({ row: rowOf(from + index), due: [], kept: [] }));
    if (!(await ports.views.advance(deskId, from, to, rows))) throw new Error("the views did not take the rows");
  }
  const { rows } = await pool.query<{ count: string }>("select count(*) from case_list");
  if (Number(rows[0]?.count) !== cases) throw new Error(`the list holds ${rows[0]?.count} cases instead of ${cases}`);
}

interface Latency {
  readonly median: number;
  readonly p99: number;
}

/** One caller, one question after the other, in milliseconds. The first few warm the caches and are not counted. */
async function latencyOf(ask: () => Promise<number>, expected: number): Promise<Latency> {
  const times: number[] = [];
  for (let round = -20; round < rounds; round++) {
    const began = performance.now();
    const got = await ask();
    if (round >= 0) times.push(performance.now() - began);
    if (got !== expected) throw new Error(`a page of ${got} rows instead of ${expected}`);
  }
  times.sort((a, b) => a - b);
  return { median: times[Math.floor(times.length / 2)] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

type Ask = () => Promise<number>;

function pageOf({ ports, deskId }: OpenInstallation, queue: CaseListQuery["queue"], after?: CaseListQuery["after"]): Ask {
  return async () => (await ports.views.list(deskId, { queue, limit: pageSize, now, ...(after === undefined ? {} : { after }) })).length;
}

const columns = "case_id, received_at, door, stage, instrument, secret, next_due_at, next_due";

/** The rival: the same columns in the same order from the same table over the same pool, prepared, and nothing else. */
function bare({ pool, deskId }: OpenInstallation, order: string, where = ""): Ask {
  const query = {
    name: `bare-${order}`,
    text: `select ${columns} from case_list where desk = $1 ${where} order by ${order} limit ${pageSize}`,
    values: [deskId],
  };
  return async () => (await pool.query(query)).rows.length;
}

function bareCount({ pool, deskId }: OpenInstallation): Ask {
  const query = { name: "bare-count", text: "select count(*) from case_list where desk = $1", values: [deskId] };
  return async () => Number((await pool.query<{ count: string }>(query)).rows[0]?.count);
}

const ms = (figure: number) => `${figure.toFixed(2)} ms`;

async function compare(name: string, mine: Ask, rival: Ask, expected: number): Promise<void> {
  const [own, other] = [await latencyOf(mine, expected), await latencyOf(rival, expected)];
  console.log(
    `${name.padEnd(26)} median ${ms(own.median).padStart(9)}  p99 ${ms(own.p99).padStart(9)}   bare SQL median ${ms(other.median).padStart(9)}  p99 ${ms(other.p99).padStart(9)}   ratio ${(own.median / other.median).toFixed(2)}`,
  );
}

async function middleOf({ pool, deskId }: OpenInstallation): Promise<{ readonly sort: string; readonly caseId: string }> {
  const { rows } = await pool.query<{ sort: Instant; caseId: string }>({
    text: 'select received_at as sort, case_id as "caseId" from case_list where desk = $1 order by received_at desc, case_id limit 1 offset $2',
    values: [deskId, Math.floor(cases / 2)],
  });
  if (rows[0] === undefined) throw new Error("the list has no middle");
  return rows[0];
}

async function measure(desk: OpenInstallation): Promise<void> {
  const newest = bare(desk, "received_at desc, case_id");
  const soonest = bare(desk, "next_due_at, case_id", "and next_due_at is not null");
  const { ports, deskId } = desk;
  console.log(`the desk's list, ${cases.toLocaleString("en")} cases, pages of ${pageSize}, ${rounds} rounds, one caller:`);
  await compare("first page, all", pageOf(desk, "all"), newest, pageSize);
  await compare("page in the middle, all", pageOf(desk, "all", await middleOf(desk)), newest, pageSize);
  await compare("first page, open", pageOf(desk, "open"), newest, pageSize);
  await compare("due queue", pageOf(desk, "due"), soonest, pageSize);
  await compare("overdue queue", pageOf(desk, "overdue"), soonest, pageSize);
  await compare("counts of every queue", async () => (await ports.views.counts(deskId, now)).all, bareCount(desk), cases);
}

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-bench-"));
  await chmod(dataDir, 0o711);
  const desk = await openInstallation({ dataDir });
  try {
    await fill(desk);
    await gatherStatistics(desk);
    await measure(desk);
  } finally {
    await desk.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The database's own housekeeping does this after a while; here it is asked to at once. */
async function gatherStatistics({ database }: OpenInstallation): Promise<void> {
  const owner = openPool(database.owner, { max: 1 });
  await owner.query("vacuum analyze case_list");
  await owner.end();
}

await main();
