// How fast the due list and the register of clauses open at ten thousand partners and a million open duties, beside the bare SQL.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DutyQueue, ProjectedPartner } from "../src/app/ports.ts";
import { partnerIdFrom, type PartnerId } from "../src/kernel/ids.ts";
import { addHours, instant } from "../src/kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../src/main.ts";

const { values } = parseArgs({
  options: { partners: { type: "string", default: "10000" }, duties: { type: "string", default: "100" }, rounds: { type: "string", default: "400" } },
});
const [partners, dutiesEach, rounds] = [values.partners, values.duties, values.rounds].map(Number) as [number, number, number];
const pageSize = 50;
const batch = 100;
const now = instant("2026-06-01T12:00:00Z");
const clauses = Array.from({ length: 140 }, (_, nth) => `DPA-${nth + 1}`);

/** The same partners in every run: ends lie between a month back and a year ahead. */
function projected(nth: number): ProjectedPartner {
  const duties = Array.from({ length: dutiesEach }, (_, index) => ({
    duty: `${clauses[(nth + index) % clauses.length]}:${index}`,
    clause: clauses[(nth + index) % clauses.length] ?? "",
    label: "Report of a penetration test",
    owedBy: index % 10 === 0 ? ("vendor" as const) : ("partner" as const),
    state: "open" as const,
    dueAt: addHours(now, ((nth * 7919 + index * 104_729) % 9500) - 750),
    isRight: false,
    isDisputed: (nth + index) % 997 === 0,
    also: 0,
  }));
  const [next] = duties.map(({ dueAt }) => dueAt).toSorted();
  return {
    row: {
      partner: idOf(nth),
      country: "US",
      state: "in-force",
      open: dutiesEach,
      disputed: 0,
      ...(next === undefined ? {} : { nextDueAt: next, nextDue: "Report of a penetration test" }),
    },
    duties,
    nextChangeAt: addHours(now, nth % 100),
  };
}

function idOf(nth: number): PartnerId {
  return partnerIdFrom(Uint8Array.of(nth & 255, (nth >> 8) & 255, (nth >> 16) & 255, 9, nth & 127));
}

async function fill({ ports, deskId, pool }: OpenInstallation): Promise<number> {
  const began = performance.now();
  for (let from = 0; from < partners; from += batch) {
    const to = Math.min(partners, from + batch);
    const rows = Array.from({ length: to - from }, (_, index) => projected(from + index));
    if (!(await ports.partnerViews.advance(deskId, from, to, rows))) throw new Error("the views did not take the rows");
  }
  await pool.query("analyze partner_duties");
  await pool.query("analyze partner_list");
  const { rows } = await pool.query<{ count: string }>("select count(*) from partner_duties");
  if (Number(rows[0]?.count) !== partners * dutiesEach) throw new Error(`the list holds ${rows[0]?.count} duties`);
  return (performance.now() - began) / 1000;
}

type Ask = () => Promise<number>;

async function latencyOf(ask: Ask, expected: number, times: number) {
  const taken: number[] = [];
  for (let round = -20; round < times; round++) {
    const began = performance.now();
    const got = await ask();
    if (round >= 0) taken.push(performance.now() - began);
    if (got !== expected) throw new Error(`a page of ${got} rows instead of ${expected}`);
  }
  taken.sort((one, other) => one - other);
  return { median: taken[Math.floor(taken.length / 2)] ?? 0, p99: taken[Math.floor(taken.length * 0.99)] ?? 0 };
}

const columns = "partner, duty, clause, label, owed_by, state, due_at, is_right, is_disputed";

let bares = 0;

/** The rival: the plainest query that fills the same page over the same pool, prepared, and nothing else. */
function bare({ pool, deskId }: OpenInstallation, where: string): Ask {
  const query = {
    name: `bare-${bares++}`,
    text: `select ${columns} from partner_duties where desk = $1 and state = 'open' and not is_right and also is not null ${where} order by due_at, partner, duty limit ${pageSize}`,
    values: [deskId],
  };
  return async () => (await pool.query(query)).rows.length;
}

function page({ ports, deskId }: OpenInstallation, queue: DutyQueue): Ask {
  return async () => (await ports.partnerViews.duties(deskId, { queue, limit: pageSize, now })).length;
}

async function middle({ ports, deskId, pool }: OpenInstallation): Promise<readonly [Ask, Ask]> {
  const { rows } = await pool.query<{ due_at: string; partner: string; duty: string }>(
    "select due_at, partner, duty from partner_duties where desk = $1 order by due_at, partner, duty offset $2 limit 1",
    [deskId, Math.floor((partners * dutiesEach) / 2)],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("there is no middle");
  const after = { dueAt: row.due_at, partner: row.partner, duty: row.duty };
  const query = {
    name: "bare-middle",
    text: `select ${columns} from partner_duties where desk = $1 and state = 'open' and not is_right and also is not null and (due_at, partner, duty) > ($2, $3, $4) order by due_at, partner, duty limit ${pageSize}`,
    values: [deskId, after.dueAt, after.partner, after.duty],
  };
  return [
    async () => (await ports.partnerViews.duties(deskId, { queue: "open", limit: pageSize, now, after })).length,
    async () => (await pool.query(query)).rows.length,
  ];
}

const dataDir = await mkdtemp(join(tmpdir(), "portcullis-bench-partners-"));
await chmod(dataDir, 0o711);
const installation = await openInstallation({ dataDir });
try {
  const seconds = await fill(installation);
  process.stdout.write(
    `${partners.toLocaleString("en")} partners with ${(partners * dutiesEach).toLocaleString("en")} open duties, filled in ${seconds.toFixed(0)} s\n`,
  );
  process.stdout.write("milliseconds a page of 50        ours p50   p99    bare SQL p50   p99    p99 ratio\n");
  const [ours, theirs] = await middle(installation);
  const pages: readonly (readonly [string, Ask, Ask])[] = [
    ["overdue", page(installation, "overdue"), bare(installation, `and due_at <= '${now}'`)],
    ["due soon", page(installation, "due"), bare(installation, `and due_at > '${now}' and due_at <= '${addHours(now, 72)}'`)],
    ["everything, first page", page(installation, "open"), bare(installation, "")],
    ["everything, in the middle", ours, theirs],
  ];
  for (const [name, mine, rival] of pages) {
    const [one, other] = [await latencyOf(mine, pageSize, rounds), await latencyOf(rival, pageSize, rounds)];
    process.stdout.write(
      `${name.padEnd(32)} ${one.median.toFixed(2).padStart(8)} ${one.p99.toFixed(2).padStart(6)} ${other.median.toFixed(2).padStart(14)} ${other.p99.toFixed(2).padStart(6)} ${(one.p99 / other.p99).toFixed(2).padStart(10)}\n`,
    );
  }
  const { ports, deskId } = installation;
  const late = await latencyOf(async () => (await ports.partnerViews.partners(deskId, { late: true, limit: pageSize, now })).length, pageSize, rounds);
  process.stdout.write(`${"who is late".padEnd(32)} ${late.median.toFixed(2).padStart(8)} ${late.p99.toFixed(2).padStart(6)}\n`);
  const counted = await latencyOf(async () => (await ports.partnerViews.clauseCounts(deskId, now)).length, clauses.length, 5);
  process.stdout.write(`${"counts by clause (kept 10 s)".padEnd(32)} ${counted.median.toFixed(0).padStart(8)} ${counted.p99.toFixed(0).padStart(6)}\n`);
} finally {
  await installation.stop();
  await rm(dataDir, { recursive: true, force: true });
}
