// Somebody with every right on the database changes one thing in the ledger's tables; the check must say where.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { noteCrypto, random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { verifyDesk } from "../../src/adapters/postgres/ledger-rows.ts";
import { openPostgresLedger } from "../../src/adapters/postgres/ledger.ts";
import type { DeskId } from "../../src/kernel/ids.ts";
import type { LedgerFinding } from "../../src/ledger/verify-ledger.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { appendOf, at, signerFor } from "./ledger.contract.ts";

const desk = "desk-1" as DeskId;
const covered = ["events", "pending", "entries", "tiles", "checkpoints", "log_state"];
/** Not the ledger: states of work, and values whose alteration shows when they are opened. */
const notCovered = ["claims", "case_keys", "vault", "outbox", "schema_migrations"];

type Row = Readonly<Record<string, string | number | Buffer>>;
interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

let database: TestDatabase;
let columns: readonly Column[];

before(async () => {
  database = await openTestDatabase();
  const ledger = openPostgresLedger({ pool: database.app, sha256, random, signerFor });
  for (let nth = 0; nth < 260; nth++)
    void ledger.append(
      appendOf(desk, `case:${nth}`, 0, [
        { type: "Received", nth },
        { type: "Closed", nth },
      ]),
    );
  await ledger.drained();
  await ledger.seal(desk, at);
  for (let nth = 0; nth < 5; nth++) await ledger.append(appendOf(desk, `case:${nth}`, 2, [{ type: "Reopened", nth }]));
  await ledger.seal(desk, at);
  for (let nth = 0; nth < 5; nth++) await ledger.append(appendOf(desk, `case:late-${nth}`, 0, [{ type: "Received", nth }, { type: "Closed" }]));
  const { rows } = await database.owner.query<Column>(
    `select table_name as table, column_name as column, data_type as type from information_schema.columns where table_schema = 'public' order by 1, ordinal_position`,
  );
  columns = rows;
  for (const table of covered) await database.owner.query(`create table kept_${table} as table ${table}`);
});
after(() => database.close());

async function findingAfter(change: () => Promise<unknown>): Promise<LedgerFinding | undefined> {
  await change();
  const verdict = await verifyDesk(database.owner, desk, { crypto: noteCrypto, key: signerFor(desk) });
  for (const table of covered) await database.owner.query(`truncate ${table}`);
  for (const table of covered) await database.owner.query(`insert into ${table} select * from kept_${table}`);
  return verdict.kind === "broken" ? verdict.finding : undefined;
}

/** The first row, one in the middle and the last, in the order of the table's key. */
async function someRows(table: string): Promise<readonly Row[]> {
  const order = { events: "stream, version", pending: "stream, version", entries: "position", tiles: "level, index", checkpoints: "number", log_state: "size" }[
    table
  ];
  const { rows } = await database.owner.query<Row>(`select ctid::text as place, * from ${table} order by ${order}`);
  assert.ok(rows.length > 0, `${table} has rows`);
  return [...new Set([0, Math.floor(rows.length / 2), rows.length - 1])].map((index) => rows[index] as Row);
}

function changed(type: string, column: string): string {
  if (type === "bytea") return `set_byte("${column}", length("${column}") / 2, get_byte("${column}", length("${column}") / 2) # 1)`;
  if (type === "text")
    return `overlay("${column}" placing case substr("${column}", length("${column}"), 1) when 'x' then 'y' else 'x' end from length("${column}"))`;
  return `"${column}" + ${type === "smallint" ? 16 : 4096}`;
}

/** Whether a finding points at the row, by the name that its table gives it. */
function names(finding: LedgerFinding, table: string, row: Row): boolean {
  if (table === "tiles") return finding.record === `tile ${row["level"]}/${row["index"]}`;
  if (table === "checkpoints") return finding.record === `checkpoint ${row["number"]}`;
  if (table === "log_state") return finding.record !== undefined;
  if (table === "entries") return finding.position === Number(row["position"]) || (finding.stream === row["stream"] && finding.version === row["version"]);
  const stream = String(row["stream"]).slice(0, -1);
  return finding.stream?.startsWith(stream) === true && (finding.version === row["version"] || finding.version === (row["version"] as number) + 4096);
}

test("untouched, the ledger is whole", async () => {
  assert.equal(await findingAfter(async () => undefined), undefined);
});

test("every table belongs either to what the check covers or to what it says it does not", () => {
  const known = [...covered, ...notCovered].sort();
  assert.deepEqual([...new Set(columns.map(({ table }) => table))].filter((table) => !table.startsWith("kept_")).sort(), known);
});

test("one byte changed in any column of any covered table is found, and the row is named", async () => {
  let tried = 0;
  for (const { table, column, type } of columns.filter(({ table }) => covered.includes(table))) {
    for (const row of await someRows(table)) {
      const finding = await findingAfter(async () => {
        const { rowCount } = await database.owner.query(`update ${table} set "${column}" = ${changed(type, column)} where ctid = $1::tid`, [row["place"]]);
        assert.equal(rowCount, 1);
      });
      const what = `${table}.${column} of ${JSON.stringify({ ...row, data: undefined, salt: undefined, note: undefined })}: ${JSON.stringify(finding)}`;
      assert.ok(finding, `not found: ${what}`);
      assert.ok(names(finding, table, row), `not named: ${what}`);
      tried++;
    }
  }
  assert.ok(tried > 60);
});

test("a row that is deleted from any covered table is missed", async () => {
  for (const table of covered) {
    for (const row of await someRows(table)) {
      const finding = await findingAfter(() => database.owner.query(`delete from ${table} where ctid = $1::tid`, [row["place"]]));
      assert.ok(finding && names(finding, table, row), `${table} ${JSON.stringify(finding)}`);
    }
  }
});

const insertions: Readonly<Record<string, string>> = {
  events: `insert into events select desk, 'case:invented', 1, at, "by", body, salt, commitment from kept_events limit 1`,
  "events, at the end of a stream": `insert into events select desk, stream, 4, at, "by", body, salt, commitment from kept_events where stream = 'case:1' and version = 1`,
  "pending, for a sealed fact": "insert into pending select desk, stream, version from kept_entries where position = 9",
  "pending, for no fact": "insert into pending values ('desk-1', 'case:invented', 1)",
  entries: "insert into entries select desk, 525, stream, version from kept_pending limit 1",
  "entries, for no fact": "insert into entries values ('desk-1', 525, 'case:invented', 1)",
  "tiles, after the last": "insert into tiles select desk, level, index + 7, data from kept_tiles where level = 0 and index = 1",
  "tiles, above the top": "insert into tiles select desk, 5, 0, data from kept_tiles where level = 1",
  "tiles, below the bottom": "insert into tiles select desk, -1, 0, data from kept_tiles where level = 1",
  "checkpoints, at the end": "insert into checkpoints select desk, 2, 526, root, note from kept_checkpoints where number = 1",
  "tiles, longer than the tree": "update tiles set data = data || substr(data, 1, 32) where level = 0 and index = 2",
  "tiles, shorter than the tree": "update tiles set data = substr(data, 1, length(data) - 32) where level = 0 and index = 2",
};

for (const [where, statement] of Object.entries(insertions)) {
  test(`a row that does not belong is found: ${where}`, async () => {
    assert.ok(await findingAfter(() => database.owner.query(statement)));
  });
}

const swaps: Readonly<Record<string, string>> = {
  "two facts with all that belongs to them": `update events set at = o.at, body = o.body, salt = o.salt, commitment = o.commitment from kept_events o
    where o.version = events.version and ((events.stream = 'case:7' and o.stream = 'case:8') or (events.stream = 'case:8' and o.stream = 'case:7'))`,
  "the positions of two facts": `begin; delete from entries where position in (4, 300);
    insert into entries select desk, case position when 4 then 300 else 4 end, stream, version from kept_entries where position in (4, 300); commit`,
  "the notes of two checkpoints": "update checkpoints set note = o.note from kept_checkpoints o where o.number = 1 - checkpoints.number",
  "two tiles": "update tiles set data = o.data from kept_tiles o where tiles.level = 0 and o.level = 0 and tiles.index < 2 and o.index = 1 - tiles.index",
};

for (const [what, statement] of Object.entries(swaps)) {
  test(`a swap is found: ${what}`, async () => {
    assert.ok(await findingAfter(() => database.owner.query(statement)));
  });
}

test("a fact written anew with a fitting commitment is named, although its row fits in itself", async () => {
  const { rows } = await database.owner.query<Row>(
    "select v.*, e.position from events v join entries e using (desk, stream, version) where v.stream = 'case:9' and v.version = 1",
  );
  const [row] = rows as [Row];
  const { recordText, entryCommitment } = await import("../../src/ledger/entry.ts");
  const body = '{"type":"Invented"}';
  const record = recordText({ desk, stream: "case:9", version: 1, at: String(row["at"]), by: String(row["by"]), body });
  const commitment = entryCommitment(sha256, row["salt"] as Buffer, record);
  const finding = await findingAfter(() =>
    database.owner.query("update events set body = $1, commitment = $2 where stream = 'case:9' and version = 1", [body, commitment]),
  );
  assert.deepEqual([finding?.code, finding?.stream, finding?.version, finding?.position], ["ENTRY_DIFFERS", "case:9", 1, Number(row["position"])]);
});

test("with two things changed, the earlier record is named", async () => {
  const finding = await findingAfter(async () => {
    await database.owner.query("update events set body = '{}' where (stream, version) in (select stream, version from entries where position in (77, 400))");
    await database.owner.query("update checkpoints set root = $1 where number = 1", [Buffer.alloc(32)]);
  });
  assert.equal(finding?.position, 77);
});
