// The desk's lists in PostgreSQL: filled from the ledger, paged by key, instant at a hundred thousand cases.
import type { Pool } from "pg";
import type { CaseListQuery, CaseRow, DueRow, ProjectedCase, Views } from "../../app/ports.ts";
import type { CaseId, DeskId } from "../../kernel/ids.ts";
import type { Instant } from "../../kernel/instant.ts";
import { moveView, viewPosition } from "./view-position.ts";

interface Row {
  readonly case_id: string;
  readonly received_at: string;
  readonly door: string;
  readonly stage: string;
  readonly instrument: string | null;
  readonly secret: boolean;
  readonly next_due_at: string | null;
  readonly next_due: string | null;
}

export function openViews(pool: Pool): Views {
  return {
    position: (desk) => viewPosition(pool, "view_position", desk),
    advance: (desk, from, to, cases) => advance(pool, desk, from, to, cases),
    reactedTo: async (desk) => {
      const { rows } = await pool.query<{ position: string }>("select position from reaction_position where desk = $1", [desk]);
      return Number(rows[0]?.position ?? 0);
    },
    markReacted: async (desk, to) => {
      await pool.query(
        "insert into reaction_position (desk, position) values ($1, $2) on conflict (desk) do update set position = greatest(reaction_position.position, excluded.position)",
        [desk, to],
      );
    },
    keptOf: (desk, workspaces, limit) => keptOf(pool, desk, workspaces, limit),
    list: (desk, query) => list(pool, desk, query),
    counts: (desk, now) => counts(pool, desk, now),
    due: (desk, now, limit) => due(pool, desk, now, limit),
    clear: (desk) => clear(pool, desk),
  };
}

function advance(pool: Pool, desk: DeskId, from: number, to: number, cases: readonly ProjectedCase[]): Promise<boolean> {
  return moveView(pool, { table: "view_position", desk, from, to }, async (client) => {
    await client.query(upsertCases, [desk, JSON.stringify(cases.map(({ row }) => row))]);
    await client.query("delete from due_list where desk = $1 and stream = any($2)", [desk, cases.map(({ row }) => `case:${row.caseId}`)]);
    await client.query(insertDue, [desk, JSON.stringify(cases.flatMap(({ due: rows }) => rows))]);
    await client.query("delete from kept_list where desk = $1 and case_id = any($2)", [desk, cases.map(({ row }) => row.caseId)]);
    await client.query(insertKept, [desk, JSON.stringify(cases.flatMap(({ row, kept }) => kept.map((each) => ({ ...each, caseId: row.caseId }))))]);
  });
}

const upsertCases = `
  insert into case_list (desk, case_id, received_at, door, stage, instrument, secret, next_due_at, next_due)
  select $1, r."caseId", r."receivedAt", r.door, r.stage, r.instrument, r.secret, r."nextDueAt", r."nextDue"
  from json_to_recordset($2::json) as r("caseId" text, "receivedAt" text, door text, stage text, instrument text, secret boolean, "nextDueAt" text, "nextDue" text)
  on conflict (desk, case_id) do update set stage = excluded.stage, instrument = excluded.instrument, secret = excluded.secret,
    next_due_at = excluded.next_due_at, next_due = excluded.next_due`;

const insertDue = `
  insert into due_list (desk, stream, clock, due_at, wakes)
  select $1, r.stream, r.clock, r."dueAt", r.wakes
  from json_to_recordset($2::json) as r(stream text, clock text, "dueAt" text, wakes text)`;

const insertKept = `
  insert into kept_list (desk, workspace, case_id, preservation)
  select $1, r.workspace, r."caseId", r.preservation
  from json_to_recordset($2::json) as r(workspace text, "caseId" text, preservation text)`;

async function keptOf(pool: Pool, desk: DeskId, workspaces: readonly string[], limit: number) {
  const text = "select distinct case_id, preservation from kept_list where desk = $1 and workspace = any($2) order by case_id, preservation limit $3";
  const { rows } = await pool.query<{ case_id: string; preservation: string }>({ name: "kept-of", text, values: [desk, workspaces, limit] });
  return rows.map(({ case_id: caseId, preservation }) => ({ caseId: caseId as CaseId, preservation }));
}

/** Stages of the queues that are not told by a clock. */
const stagesOf = {
  open: ["new", "checking", "review", "waiting", "ready", "released"],
  held: ["held", "suspended"],
  closed: ["closed", "withdrawn", "set-aside"],
} as const;

const columns = "case_id, received_at, door, stage, instrument, secret, next_due_at, next_due";
const dueSoonHours = 72;

async function list(pool: Pool, desk: DeskId, { queue, after, limit, now }: CaseListQuery): Promise<readonly CaseRow[]> {
  const { rows } = await (queue === "overdue" || queue === "due"
    ? listByClock(pool, desk, queue, after, limit, now)
    : listByStage(pool, desk, queue, after, limit));
  return rows.map(caseRow);
}

function listByClock(pool: Pool, desk: DeskId, queue: "overdue" | "due", after: CaseListQuery["after"], limit: number, now: Instant) {
  const [first, last] = queue === "overdue" ? ["", now] : [now, soon(now)];
  const text = `select ${columns} from case_list where desk = $1 and next_due_at > $2 and next_due_at <= $3 and (next_due_at, case_id) > ($4, $5) order by next_due_at, case_id limit $6`;
  return pool.query<Row>({ name: "list-by-clock", text, values: [desk, first, last, after?.sort ?? "", after?.caseId ?? "", limit] });
}

function soon(now: Instant): string {
  return Temporal.Instant.from(now).add({ hours: dueSoonHours }).toString({ smallestUnit: "millisecond" });
}

/** Newest first. Stages are merged by the server from one index, so a page costs the same however long the list is. */
function listByStage(pool: Pool, desk: DeskId, queue: "open" | "held" | "closed" | "all", after: CaseListQuery["after"], limit: number) {
  const bound = [after?.sort ?? "~", after?.caseId ?? ""];
  if (queue === "all") {
    const text = `select ${columns} from case_list where desk = $1 and (received_at < $2 or (received_at = $2 and case_id > $3)) and received_at <= $2 order by received_at desc, case_id limit $4`;
    return pool.query<Row>({ name: "list-all", text, values: [desk, ...bound, limit] });
  }
  const text = `select ${columns} from unnest($5::text[]) as s(name), lateral (
      select ${columns} from case_list where desk = $1 and stage = s.name and received_at <= $2 and (received_at < $2 or case_id > $3) order by received_at desc, case_id limit $4
    ) as newest order by received_at desc, case_id limit $4`;
  return pool.query<Row>({ name: "list-by-stage", text, values: [desk, ...bound, limit, stagesOf[queue]] });
}

function caseRow(row: Row): CaseRow {
  return {
    caseId: row.case_id as CaseId,
    receivedAt: row.received_at as Instant,
    door: row.door,
    stage: row.stage,
    secret: row.secret,
    ...(row.instrument === null ? {} : { instrument: row.instrument }),
    ...(row.next_due_at === null ? {} : { nextDueAt: row.next_due_at as Instant }),
    ...(row.next_due === null ? {} : { nextDue: row.next_due }),
  };
}

async function counts(pool: Pool, desk: DeskId, now: Instant): Promise<Record<CaseListQuery["queue"], number>> {
  const text = `select stage, count(*) as cases, count(*) filter (where next_due_at <= $2) as overdue,
      count(*) filter (where next_due_at > $2 and next_due_at <= $3) as due from case_list where desk = $1 group by stage`;
  const { rows } = await pool.query<{ stage: string; cases: string; overdue: string; due: string }>({
    name: "list-counts",
    text,
    values: [desk, now, soon(now)],
  });
  const sum = (pick: (row: (typeof rows)[number]) => string, stages?: readonly string[]) =>
    rows.filter(({ stage }) => stages?.includes(stage) ?? true).reduce((total, row) => total + Number(pick(row)), 0);
  const cases = (row: (typeof rows)[number]) => row.cases;
  return {
    overdue: sum((row) => row.overdue),
    due: sum((row) => row.due),
    open: sum(cases, stagesOf.open),
    held: sum(cases, stagesOf.held),
    closed: sum(cases, stagesOf.closed),
    all: sum(cases),
  };
}

async function due(pool: Pool, desk: DeskId, now: Instant, limit: number): Promise<readonly DueRow[]> {
  const text = "select stream, clock, due_at, wakes from due_list where desk = $1 and due_at < $2 and wakes is not null order by due_at limit $3";
  const { rows } = await pool.query<{ stream: string; clock: string; due_at: string; wakes: string }>({ name: "due-waking", text, values: [desk, now, limit] });
  return rows.map(({ stream, clock, due_at, wakes }) => ({ stream, clock, dueAt: due_at as Instant, wakes }));
}

async function clear(pool: Pool, desk: DeskId): Promise<void> {
  for (const table of ["case_list", "due_list", "kept_list", "view_position"]) await pool.query(`delete from ${table} where desk = $1`, [desk]);
}
