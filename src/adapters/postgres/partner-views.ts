// The lists of partners and of what is owed, in PostgreSQL: filled from the ledger, paged by key, instant at a million duties.
import type { Pool } from "pg";
import type { ClauseCount, DutyListQuery, DutyQueue, DutyRow, PartnerRow, PartnerViews, ProjectedPartner } from "../../app/ports.ts";
import type { DeskId, PartnerId } from "../../kernel/ids.ts";
import type { Instant } from "../../kernel/instant.ts";
import { moveView, viewPosition } from "./view-position.ts";

export function openPartnerViews(pool: Pool): PartnerViews {
  return {
    position: (desk) => viewPosition(pool, "partner_view_position", desk),
    advance: (desk, from, to, partners) => advance(pool, desk, from, to, partners),
    partners: (desk, query) => partnersOf(pool, desk, query),
    duties: (desk, query) => dutiesOf(pool, desk, query),
    counts: (desk, now) => counts(pool, desk, now),
    clauseCounts: (desk, now) => clauseCounts(pool, desk, now),
    waking: async (desk, now, limit) => {
      const text = "select partner from partner_list where desk = $1 and next_change_at <= $2 order by next_change_at limit $3";
      const { rows } = await pool.query<{ partner: string }>({ name: "partners-waking", text, values: [desk, now, limit] });
      return rows.map(({ partner }) => partner as PartnerId);
    },
    clear: async (desk) => {
      for (const table of ["partner_duties", "partner_list", "partner_view_position"]) await pool.query(`delete from ${table} where desk = $1`, [desk]);
    },
  };
}

/** What has no end comes last: no moment sorts behind this. */
const noEnd = "~";

function advance(pool: Pool, desk: DeskId, from: number, to: number, partners: readonly ProjectedPartner[]): Promise<boolean> {
  return moveView(pool, { table: "partner_view_position", desk, from, to }, async (client) => {
    await client.query(upsertPartners, [desk, JSON.stringify(partners.map(({ row, nextChangeAt }) => ({ ...row, nextChangeAt })))]);
    await client.query("delete from partner_duties where desk = $1 and partner = any($2)", [desk, partners.map(({ row }) => row.partner)]);
    await client.query(insertDuties, [desk, JSON.stringify(partners.flatMap(({ row, duties }) => duties.map((duty) => ({ ...duty, partner: row.partner }))))]);
  });
}

const upsertPartners = `
  insert into partner_list (desk, partner, country, state, open, disputed, next_due_at, next_due, next_change_at)
  select $1, r.partner, r.country, r.state, r.open, r.disputed, r."nextDueAt", r."nextDue", r."nextChangeAt"
  from json_to_recordset($2::json) as r(partner text, country text, state text, open int, disputed int, "nextDueAt" text, "nextDue" text, "nextChangeAt" text)
  on conflict (desk, partner) do update set country = excluded.country, state = excluded.state, open = excluded.open, disputed = excluded.disputed,
    next_due_at = excluded.next_due_at, next_due = excluded.next_due, next_change_at = excluded.next_change_at`;

const insertDuties = `
  insert into partner_duties (desk, partner, duty, clause, label, owed_by, state, due_at, is_right, is_disputed, also)
  select $1, r.partner, r.duty, r.clause, r.label, r."owedBy", r.state, coalesce(r."dueAt", '${noEnd}'), r."isRight", r."isDisputed", r.also
  from json_to_recordset($2::json) as r(partner text, duty text, clause text, label text, "owedBy" text, state text, "dueAt" text, "isRight" boolean, "isDisputed" boolean, also int)`;

interface ListedPartner {
  readonly partner: string;
  readonly country: string;
  readonly state: PartnerRow["state"];
  readonly open: number;
  readonly disputed: number;
  readonly next_due_at: string | null;
  readonly next_due: string | null;
}

async function partnersOf(pool: Pool, desk: DeskId, { late, after, limit, now }: Parameters<PartnerViews["partners"]>[1]): Promise<readonly PartnerRow[]> {
  const text = `select partner, country, state, open, disputed, next_due_at, next_due from partner_list
    where desk = $1 and (coalesce(next_due_at, '${noEnd}'), partner) > ($2, $3) and coalesce(next_due_at, '${noEnd}') <= $4
    order by coalesce(next_due_at, '${noEnd}'), partner limit $5`;
  const { rows } = await pool.query<ListedPartner>({
    name: "partners-by-end",
    text,
    values: [desk, after?.sort ?? "", after?.partner ?? "", late ? justBefore(now) : noEnd, limit],
  });
  return rows.map(({ partner, next_due_at: nextDueAt, next_due: nextDue, ...rest }) => ({
    ...rest,
    partner: partner as PartnerId,
    ...(nextDueAt === null ? {} : { nextDueAt: nextDueAt as Instant }),
    ...(nextDue === null ? {} : { nextDue }),
  }));
}

interface ListedDuty {
  readonly partner: string;
  readonly duty: string;
  readonly clause: string;
  readonly label: string;
  readonly owed_by: DutyRow["owedBy"];
  readonly state: DutyRow["state"];
  readonly due_at: string;
  readonly is_right: boolean;
  readonly is_disputed: boolean;
  readonly also: number | null;
}

const dueSoonHours = 72;
const soon = (now: Instant): string => Temporal.Instant.from(now).add({ hours: dueSoonHours }).toString({ smallestUnit: "millisecond" });
/** A duty is in time through the last moment it names. */
const justBefore = (now: Instant): string => Temporal.Instant.from(now).subtract({ milliseconds: 1 }).toString({ smallestUnit: "millisecond" });

/** First and last end of a queue, the first excluded. */
function boundsOf(queue: DutyQueue, now: Instant): readonly [string, string] {
  if (queue === "overdue") return ["", justBefore(now)];
  return queue === "due" ? [justBefore(now), soon(now)] : ["", noEnd];
}

async function dutiesOf(pool: Pool, desk: DeskId, { queue, owedBy, after, limit, now }: DutyListQuery): Promise<readonly DutyRow[]> {
  const [first, last] = boundsOf(queue, now);
  const which = queue === "disputed" ? "is_disputed" : "state = 'open' and not is_right and also is not null";
  const who = owedBy === undefined ? "" : " and owed_by = $7";
  const text = `select partner, duty, clause, label, owed_by, state, due_at, is_right, is_disputed, also from partner_duties
    where desk = $1 and ${which}${who} and (due_at, partner, duty) > ($2, $3, $4) and due_at <= $5 order by due_at, partner, duty limit $6`;
  const from = after ?? { dueAt: first, partner: queue === "due" ? noEnd : "", duty: "" };
  const values = [desk, from.dueAt, from.partner, from.duty, last, limit, ...(owedBy === undefined ? [] : [owedBy])];
  const { rows } = await pool.query<ListedDuty>({
    name: `duties-${queue === "disputed" ? "disputed" : "open"}${owedBy === undefined ? "" : "-of"}`,
    text,
    values,
  });
  return rows.map(({ partner, owed_by, due_at, is_right, is_disputed, also, ...rest }) => ({
    ...rest,
    partner: partner as PartnerId,
    owedBy: owed_by,
    isRight: is_right,
    isDisputed: is_disputed,
    ...(also === null ? {} : { also }),
    ...(due_at === noEnd ? {} : { dueAt: due_at as Instant }),
  }));
}

async function counts(pool: Pool, desk: DeskId, now: Instant): Promise<Record<DutyQueue, number>> {
  const text = `select count(*) filter (where due_at <= $2) as overdue, count(*) filter (where due_at > $2 and due_at <= $3) as due, count(*) as open,
      (select count(*) from partner_duties where desk = $1 and is_disputed) as disputed
    from partner_duties where desk = $1 and state = 'open' and not is_right and also is not null`;
  const { rows } = await pool.query<Record<DutyQueue, string>>({ name: "duty-counts", text, values: [desk, justBefore(now), soon(now)] });
  const [row] = rows;
  return { overdue: Number(row?.overdue ?? 0), due: Number(row?.due ?? 0), open: Number(row?.open ?? 0), disputed: Number(row?.disputed ?? 0) };
}

async function clauseCounts(pool: Pool, desk: DeskId, now: Instant): Promise<readonly ClauseCount[]> {
  const text = `select clause, count(*) filter (where state = 'met') as kept, count(*) filter (where state = 'late') as late,
      count(*) filter (where state = 'suspended' or (state = 'open' and due_at > $2)) as open,
      count(*) filter (where state = 'open' and due_at <= $2) as overdue, count(*) filter (where state = 'excused') as excused
    from partner_duties where desk = $1 and not is_right group by clause order by clause`;
  const { rows } = await pool.query<Record<keyof ClauseCount, string>>({ name: "clause-counts", text, values: [desk, justBefore(now)] });
  return rows.map(({ clause, kept, late, open, overdue, excused }) => ({
    clause,
    kept: Number(kept),
    late: Number(late),
    open: Number(open),
    overdue: Number(overdue),
    excused: Number(excused),
  }));
}
