// What the lists of partners and duties promise: in the order of their ends, paged by key, counted by the clock, and nothing of another desk.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { deskMigrations } from "../../src/adapters/postgres/desk-tables.ts";
import { openPartnerViews } from "../../src/adapters/postgres/partner-views.ts";
import type { DutyRow, PartnerViews, ProjectedPartner } from "../../src/app/ports.ts";
import type { DeskId, PartnerId } from "../../src/kernel/ids.ts";
import { addHours, instant, type Instant } from "../../src/kernel/instant.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";

let database: TestDatabase;
let views: PartnerViews;

before(async () => {
  database = await openTestDatabase({ migrations: deskMigrations });
  views = openPartnerViews(database.app);
});
after(() => database.close());

const now = instant("2026-03-02T17:00:00Z");
const newDesk = () => randomUUID() as DeskId;

type Duty = ProjectedPartner["duties"][number];

function duty(id: string, more: Partial<Duty> = {}): Duty {
  return {
    duty: id,
    clause: "DPA-8.1a",
    label: "Tell of it",
    owedBy: "partner",
    state: "open",
    dueAt: addHours(now, 10),
    isRight: false,
    isDisputed: false,
    also: 0,
    ...more,
  };
}

function partner(id: string, duties: readonly Duty[], more: { readonly nextDueAt?: Instant; readonly nextChangeAt?: Instant } = {}): ProjectedPartner {
  const { nextChangeAt, ...row } = more;
  return {
    row: { partner: id as PartnerId, country: "US", state: "in-force", open: duties.length, disputed: 0, ...row },
    duties,
    ...(nextChangeAt === undefined ? {} : { nextChangeAt }),
  };
}

const idsOf = (rows: readonly Pick<DutyRow, "duty">[]) => rows.map((row) => row.duty);

test("a duty is overdue from the moment after its end, due soon in the three days before it, and open all along", async () => {
  const desk = newDesk();
  const at = (hours: number) => addHours(now, hours);
  await views.advance(desk, 0, 1, [
    partner("P-1", [
      duty("past", { dueAt: at(-1) }),
      duty("now", { dueAt: now }),
      duty("soon", { dueAt: at(72) }),
      duty("later", { dueAt: at(73) }),
      duty("kept", { dueAt: at(-2), state: "met" }),
      duty("right", { dueAt: at(-3), isRight: true }),
    ]),
  ]);
  const ask = async (queue: "overdue" | "due" | "open") => idsOf(await views.duties(desk, { queue, limit: 10, now }));
  assert.deepEqual([await ask("overdue"), await ask("due"), await ask("open")], [["past"], ["now", "soon"], ["past", "now", "soon", "later"]]);
  assert.deepEqual(await views.counts(desk, now), { overdue: 1, due: 2, open: 4, disputed: 0 });
});

test("pages of any size hold every duty once, in order, whatever the ends are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 5 })), { maxLength: 25 }),
      fc.integer({ min: 1, max: 7 }),
      async (made, limit) => {
        const desk = newDesk();
        const rows = made.map(([of, hours], index) => ({ of: `P-${of}`, row: duty(`D${index}`, { dueAt: addHours(now, hours) }) }));
        await views.advance(
          desk,
          0,
          1,
          [...Map.groupBy(rows, ({ of }) => of)].map(([id, some]) =>
            partner(
              id,
              some.map(({ row }) => row),
            ),
          ),
        );
        const found: string[] = [];
        let after: { readonly dueAt: string; readonly partner: string; readonly duty: string } | undefined;
        for (;;) {
          const page = await views.duties(desk, { queue: "open", limit, now, ...(after === undefined ? {} : { after }) });
          found.push(...idsOf(page));
          const last = page.at(-1);
          if (last === undefined) break;
          after = { dueAt: last.dueAt ?? "~", partner: last.partner, duty: last.duty };
        }
        const expected = rows
          .toSorted((one, other) => `${one.row.dueAt} ${one.of} ${one.row.duty}`.localeCompare(`${other.row.dueAt} ${other.of} ${other.row.duty}`, "en"))
          .map(({ row }) => row.duty);
        assert.deepEqual([...found].toSorted(), [...expected].toSorted());
        assert.equal(new Set(found).size, found.length);
      },
    ),
    { numRuns: 25 },
  );
});

test("partners come in the order of their next end, those without one last, and only the late ones when asked", async () => {
  const desk = newDesk();
  await views.advance(desk, 0, 1, [
    partner("P-3", []),
    partner("P-1", [duty("a")], { nextDueAt: addHours(now, 1) }),
    partner("P-2", [duty("b")], { nextDueAt: addHours(now, -1) }),
  ]);
  const ask = async (late: boolean, limit = 10) => (await views.partners(desk, { late, limit, now })).map((row) => row.partner);
  assert.deepEqual([await ask(false), await ask(true)], [["P-2", "P-1", "P-3"], ["P-2"]]);
  const next = await views.partners(desk, { late: false, limit: 1, now, after: { sort: addHours(now, 1), partner: "P-1" } });
  assert.deepEqual(
    next.map((row) => row.partner),
    ["P-3"],
  );
});

test("disputed duties are found in any state, and who owes is told apart", async () => {
  const desk = newDesk();
  await views.advance(desk, 0, 1, [partner("P-1", [duty("a", { isDisputed: true, state: "met" }), duty("b", { owedBy: "vendor" }), duty("c")])]);
  assert.deepEqual(idsOf(await views.duties(desk, { queue: "disputed", limit: 5, now })), ["a"]);
  assert.deepEqual(idsOf(await views.duties(desk, { queue: "open", owedBy: "vendor", limit: 5, now })), ["b"]);
});

test("what the same paper confirms stands in the lists once, and in the counts of each clause (SEC-1.1(a))", async () => {
  const desk = newDesk();
  const { also: _, ...second } = duty("second", { clause: "SEC-1.1(b)" });
  await views.advance(desk, 0, 1, [partner("P-1", [duty("first", { clause: "SEC-1.1(a)", also: 1 }), second])]);
  assert.deepEqual(
    (await views.duties(desk, { queue: "open", limit: 5, now })).map(({ duty: id, also }) => [id, also]),
    [["first", 1]],
  );
  assert.deepEqual([(await views.counts(desk, now)).open, (await views.clauseCounts(desk, now)).length], [1, 2]);
});

test("clauses are counted by the clock: kept, late, open, overdue, excused; rights are not", async () => {
  const desk = newDesk();
  const states = ["met", "late", "suspended", "excused", "open"] as const;
  await views.advance(desk, 0, 1, [
    partner("P-1", [...states.map((state) => duty(state, { state })), duty("overdue", { dueAt: addHours(now, -1) }), duty("right", { isRight: true })]),
  ]);
  assert.deepEqual(await views.clauseCounts(desk, now), [{ clause: "DPA-8.1a", kept: 1, late: 1, open: 2, overdue: 1, excused: 1 }]);
});

test("a partner wakes when its moment has come and not before; new rows take the place of the old ones", async () => {
  const desk = newDesk();
  await views.advance(desk, 0, 1, [partner("P-1", [duty("a")], { nextChangeAt: addHours(now, 1) })]);
  assert.deepEqual(await views.waking(desk, now, 10), []);
  assert.deepEqual(await views.waking(desk, addHours(now, 1), 10), ["P-1"]);
  await views.advance(desk, 1, 2, [partner("P-1", [duty("b")])]);
  assert.deepEqual(await views.waking(desk, addHours(now, 9), 10), []);
  assert.deepEqual(idsOf(await views.duties(desk, { queue: "open", limit: 5, now })), ["b"]);
});

test("no desk sees another one's rows, a projector that came too late is refused, and cleared lists begin anew", async () => {
  const [one, other] = [newDesk(), newDesk()];
  await views.advance(one, 0, 1, [partner("P-1", [duty("a")])]);
  assert.deepEqual(idsOf(await views.duties(other, { queue: "open", limit: 5, now })), []);
  assert.equal(await views.advance(one, 0, 1, [partner("P-1", [])]), false);
  await views.clear(one);
  assert.equal(await views.position(one), 0);
  assert.deepEqual(idsOf(await views.duties(one, { queue: "open", limit: 5, now })), []);
});
