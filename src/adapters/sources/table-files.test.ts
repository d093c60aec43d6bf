import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { usClassOf } from "../../../tests/fixtures/production.ts";
import {
  type Event,
  type Format,
  eventColumns,
  january,
  peopleRows,
  readOf,
  settingsOf,
  someEvents,
  tableMap,
  tableScope,
  textFiles,
  writtenByDuckDb,
  writtenByQuery,
} from "../../../tests/fixtures/table-files.ts";
import type { Opened, Source } from "../../app/production-port.ts";
import type { Collected, FieldValue } from "../../production/shapes.ts";
import { type TableFilesSettings, type TableSettings, openTableFiles } from "./table-files.ts";

const home = mkdtempSync(join(tmpdir(), "portcullis-tables-"));
after(() => rmSync(home, { recursive: true, force: true }));

let folders = 0;
function newFolder(files: { readonly [name: string]: string | Uint8Array } = {}): string {
  folders += 1;
  const folder = join(home, String(folders));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function open(folder: string, collections: TableFilesSettings["collections"], limits: TableFilesSettings["limits"] = {}): Promise<Opened> {
  return openTableFiles({ source: "table-files", place: { kind: "folder", folder }, collections, limits });
}

async function sourceOf(folder: string, collections: TableFilesSettings["collections"], limits?: TableFilesSettings["limits"]): Promise<Source> {
  const opened = await open(folder, collections, limits);
  return opened.kind === "open" ? opened.source : assert.fail(JSON.stringify(opened));
}

function trialOf(source: Source) {
  return { source, located: tableMap(), classOf: usClassOf, scope: tableScope(), expected: { "L-name": 1, "L-messages": 2 } };
}

for (const [kind, ending] of [
  ["csv", ".csv"],
  ["json-lines", ".jsonl"],
] as const) {
  for (const packing of ["plain", "gzip"]) {
    keepsSourcePromises(`Tables in ${kind}, ${packing}`, async () => {
      const { people, events } = textFiles(kind);
      const pack = (text: string) => (packing === "gzip" ? gzipSync(text) : text);
      return trialOf(await sourceOf(newFolder({ [`people${ending}`]: pack(people), [`events${ending}`]: pack(events) }), settingsOf(kind, ending)));
    });
  }
}

keepsSourcePromises("Tables in Parquet", async () => {
  const folder = newFolder();
  await writtenByDuckDb(join(folder, "people.parquet"), "format parquet", peopleRows, ["account", "workspace_id", "full_name"]);
  await writtenByDuckDb(
    join(folder, "events.parquet"),
    "format parquet",
    someEvents.map((event) => eventColumns.map((column) => event[column])),
    eventColumns,
  );
  return trialOf(await sourceOf(folder, settingsOf("parquet", ".parquet")));
});

interface Told {
  readonly fields: readonly { readonly [column: string]: FieldValue }[];
  readonly findings: readonly string[];
  readonly failures: readonly string[];
}

function told(items: readonly Collected[]): Told {
  return {
    fields: items.flatMap((item) => (item.kind === "record" ? [item.record.fields] : [])),
    findings: items.flatMap((item) => (item.kind === "finding" ? [`${item.finding.code} ${item.finding.where}: ${item.finding.what}`] : [])),
    failures: items.flatMap((item) => (item.kind === "failed" ? [item.failure.code] : [])),
  };
}

async function readCsv(text: string | Uint8Array, format: Partial<TableSettings["format"]> = {}, more: Partial<TableSettings> = {}): Promise<Told> {
  const source = await sourceOf(newFolder({ "events.csv": text }), {
    events: { files: ["events.csv"], format: { kind: "csv", ...format } as TableSettings["format"], ...more },
  });
  return told(await Array.fromAsync(source.read(readOf("events"))));
}

async function readJson(text: string | Uint8Array, more: Partial<TableSettings> = {}, limits?: TableFilesSettings["limits"]): Promise<Told> {
  const source = await sourceOf(newFolder({ "events.jsonl": text }), { events: { files: ["events.jsonl"], format: { kind: "json-lines" }, ...more } }, limits);
  return told(await Array.fromAsync(source.read(readOf("events"))));
}

const header = "id,account,workspace_id,happened_at,body";
const inRange = "007,W-1,2026-01-05T00:00:00Z";

const oddText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    "",
    "NULL",
    "null",
    "007",
    "7",
    "1e3",
    '"',
    '""',
    '"\n"',
    "a,b",
    "\r\n",
    "\ufeffBOM",
    "\ufeff",
    "😀",
    "'; drop table t; --",
    "\\N",
    " lead",
    "trail ",
    "0x10",
    "true",
    "1.10",
  ),
);
const oddEvent: fc.Arbitrary<Event> = fc.record({
  id: oddText,
  account: fc.option(fc.constantFrom("007", "7", "0007", "007 ", "oo7", "😀", 'q"uote'), { freq: 10 }),
  workspace_id: fc.constantFrom("W-1", "W-1", "W-1", "w-1", "W-2"),
  happened_at: fc.option(
    fc.constantFrom(
      "2026-01-01T00:00:00Z",
      "2025-12-31T23:59:59.999Z",
      "2026-01-31T23:59:59.999999Z",
      "2026-02-01T00:00:00Z",
      "2026-01-15 12:00:00+00",
      "2026-01-15T12:00:00",
      "2026-01-15",
      "soon",
    ),
    { freq: 10 },
  ),
  body: fc.option(oddText),
});

/** The plainest filter there is, over the same rows. */
function naive(events: readonly Event[], accounts: readonly string[]): readonly { readonly [column: string]: FieldValue }[] {
  return events.flatMap((event) => {
    const at = event.happened_at?.replace(" ", "T").replace(/\+00$/, "Z") ?? "";
    const moment = at.endsWith("Z") ? new Date(at) : undefined;
    if (moment === undefined || event.account === null || !accounts.includes(event.account) || event.workspace_id !== "W-1") return [];
    const isInside = moment >= new Date("2026-01-01T00:00:00Z") && moment < new Date("2026-02-01T00:00:00Z");
    return isInside ? [{ ...event, happened_at: moment.toISOString() }] : [];
  });
}

const writers: readonly (readonly [string, Format, string])[] = [
  ["events.csv", "csv", "format csv, header"],
  ["events.csv.gz", "csv", "format csv, header, force_quote *, compression gzip"],
  ["events.jsonl", "json-lines", "format json"],
  ["events.parquet", "parquet", "format parquet"],
  ["events.parquet", "parquet", "format parquet, compression zstd, row_group_size 2048"],
];
for (const [name, kind, options] of writers) {
  test(`whatever rows DuckDB writes (${options}), produced is exactly what a plain filter over them gives`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(oddEvent, { maxLength: 12 }), fc.subarray(["007", "7", "😀", 'q"uote'], { minLength: 1 }), async (events, accounts) => {
        const folder = newFolder();
        await writtenByDuckDb(
          join(folder, name),
          options,
          events.map((event) => eventColumns.map((column) => event[column])),
          eventColumns,
        );
        const source = await sourceOf(folder, { events: { files: [name], format: { kind } } });
        const { fields, failures } = told(await Array.fromAsync(source.read(readOf("events", { accounts }))));
        assert.deepEqual(failures, []);
        assert.deepEqual(fields, naive(events, accounts));
      }),
      { numRuns: 40 },
    );
  });
}

test("whatever rows we write as CSV, in any cut of the bytes, come back as they were", async () => {
  const quoted = (value: string | null) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(oddEvent, { maxLength: 20 }),
      fc.constantFrom(",", ";", "\t", "|"),
      fc.constantFrom("\n", "\r\n"),
      async (events, delimiter, end) => {
        const text = [eventColumns.join(delimiter), ...events.map((event) => eventColumns.map((column) => quoted(event[column])).join(delimiter))].join(end);
        const { fields, failures } = await readCsv(text, { delimiter });
        assert.deepEqual(failures, []);
        assert.deepEqual(fields, naive(events, ["007"]));
      },
    ),
    { numRuns: 100 },
  );
});

test("a row that spans many pieces of the file is read whole", async () => {
  const long = `${"long ".repeat(300_000)}"end`;
  const { fields } = await readCsv(`${header}\n1,${inRange},"${long.replaceAll('"', '""')}"\n2,${inRange},short\n`);
  assert.deepEqual(
    fields.map((row) => row["body"]),
    [long, "short"],
  );
});

test("account 007 is not account 7, and a value is never taken for a number", async () => {
  const { fields } = await readCsv(`${header}\n0001,${inRange},1.10\n2,7,W-1,2026-01-05T00:00:00Z,no\n`);
  assert.deepEqual(fields, [{ id: "0001", account: "007", workspace_id: "W-1", happened_at: "2026-01-05T00:00:00.000Z", body: "1.10" }]);
});

test("an empty field is missing, a quoted empty one is empty, and NULL is a word unless the settings say otherwise", async () => {
  const text = `${header}\n1,${inRange},\n2,${inRange},""\n3,${inRange},NULL\n4,${inRange},"NULL"\n`;
  assert.deepEqual(
    (await readCsv(text)).fields.map((row) => row["body"]),
    [null, "", "NULL", "NULL"],
  );
  assert.deepEqual((await readCsv(`${text}\n`, { missing: "NULL" })).findings, []);
  assert.deepEqual(
    (await readCsv(text, { missing: "NULL" })).fields.map((row) => row["body"]),
    ["", "", null, "NULL"],
  );
});

test("a column has another type only where the settings state it, and what does not fit stays as it is", async () => {
  const types = { body: { kind: "number" } } as const;
  const text = `${header}\n1,${inRange},12\n2,${inRange},12345678901234567890\n3,${inRange},1.10\n4,${inRange},twelve\n`;
  assert.deepEqual(
    (await readCsv(text, {}, { columns: types })).fields.map((row) => row["body"]),
    [12, "12345678901234567890", "1.10", "twelve"],
  );
});

test("rows with too few or too many values are left out and told with their number", async () => {
  const { fields, findings } = await readCsv(`${header}\n1,${inRange}\n2,${inRange},yes\n3,${inRange},a,b\n`);
  assert.deepEqual(
    fields.map((row) => row["id"]),
    ["2"],
  );
  assert.deepEqual(findings, ["BROKEN_ROWS events.csv: 2 rows do not have the 5 values that their columns need and are left out; the first is row 2."]);
});

for (const [what, rest] of [
  ["is not closed", `2,${inRange},"open\n3,${inRange},x\n`],
  ["stands inside a value", `2,${inRange},a"b\n3,${inRange},x\n`],
  ["is followed by more", `2,${inRange},"a"b\n3,${inRange},x\n`],
] as const) {
  test(`after a quote that ${what} nothing is read, because what follows could be anybody's`, async () => {
    const { fields, findings } = await readCsv(`${header}\n1,${inRange},ok\n${rest}`);
    assert.deepEqual(
      fields.map((row) => row["id"]),
      ["1"],
    );
    assert.match(findings.join(), /^UNREADABLE events\.csv: A quote .* Nothing after row 2 is read\.$/);
  });
}

test("columns are found by their names: another order in another file moves nothing", async () => {
  const folder = newFolder({
    "events-1.csv": `${header}\n1,${inRange},first\n`,
    "events-2.csv": `body,happened_at,workspace_id,account,id\nsecond,2026-01-06T00:00:00Z,W-1,007,2\n`,
  });
  const { fields, findings } = told(await Array.fromAsync((await sourceOf(folder, settingsOf("csv", ".csv"))).read(readOf("events"))));
  assert.deepEqual(
    fields.map((row) => [row["id"], row["body"]]),
    [
      ["1", "first"],
      ["2", "second"],
    ],
  );
  assert.deepEqual(findings, []);
});

test("a file without a column that is asked for is told, and one that cannot say whose its rows are stops the read", async () => {
  const first = `${header}\n1,${inRange},first\n`;
  const without = async (second: string) => {
    const source = await sourceOf(newFolder({ "events-1.csv": first, "events-2.csv": second }), {
      events: { files: ["events-*.csv"], format: { kind: "csv" } },
    });
    const { findings } = await source.describe();
    assert.deepEqual(
      findings.map((finding) => `${finding.code} ${finding.where}`),
      ["OTHER_COLUMNS events-2.csv"],
    );
    return told(await Array.fromAsync(source.read(readOf("events"))));
  };
  const bodyless = await without(`id,account,workspace_id,happened_at,text\n2,${inRange},second\n`);
  assert.deepEqual(
    bodyless.fields.map((row) => row["body"]),
    ["first", null],
  );
  assert.match(bodyless.findings.join(), /OTHER_COLUMNS events-2\.csv: The file has no column `body`/);
  assert.deepEqual((await without(`id,user,workspace_id,happened_at,body\n2,${inRange},second\n`)).failures, ["NO_COLUMN"]);
});

test("a header with a name twice or with none makes the file unreadable", async () => {
  for (const names of ["id,account,workspace_id,happened_at,body,account", "id,account,workspace_id,happened_at,body,"])
    assert.match((await readCsv(`${names}\n1,${inRange},x,y\n`)).findings.join(), /^UNREADABLE events\.csv/);
});

test("bytes that are not of the stated encoding are told, and a stated encoding is read", async () => {
  const row = `${header}\n1,${inRange},Zoë\n`;
  assert.match((await readCsv(Buffer.from(row, "latin1"))).findings.join(), /UNREADABLE events\.csv: The file is not utf-8 as stated/);
  for (const [encoding, bytes] of [
    ["windows-1252", Buffer.from(row, "latin1")],
    ["utf-16le", Buffer.from(`\ufeff${row}`, "utf16le")],
    ["utf-8", Buffer.from(`\ufeff${row}`)],
  ] as const)
    assert.deepEqual(
      (await readCsv(bytes, { encoding })).fields.map((found) => found["body"]),
      ["Zoë"],
    );
});

test("a moment without a zone is none, is told, and is one where the settings state the zone", async () => {
  const text = `${header}\n1,007,W-1,2026-01-31 23:30:00,late\n2,007,W-1,2026-01-31 14:30:00,in time\n`;
  const plain = await readCsv(text);
  assert.deepEqual(plain.fields, []);
  assert.match(plain.findings.join(), /UNDATED events\.csv: 2 rows of the accounts asked for have no readable `happened_at`/);
  const stated = await readCsv(text, {}, { columns: { happened_at: { kind: "moment", zone: "America/Denver" } } });
  assert.deepEqual(
    stated.fields.map((row) => row["happened_at"]),
    ["2026-01-31T21:30:00.000Z"],
  );
});

test("an hour that the clocks gave twice is no moment", async () => {
  const denver = { happened_at: { kind: "moment", zone: "America/Denver" } } as const;
  const twice = { ...january, until: "2026-12-01T00:00:00.000Z" as typeof january.until };
  const folder = newFolder({ "events.csv": `${header}\n1,007,W-1,2025-11-02 01:30:00,which?\n` });
  const source = await sourceOf(folder, { events: { files: ["events.csv"], format: { kind: "csv" }, columns: denver } });
  const read = { ...readOf("events"), from: "2025-10-01T00:00:00.000Z" as typeof january.from, until: twice.until };
  assert.match(told(await Array.fromAsync(source.read(read))).findings.join(), /^UNDATED/);
});

test("numbers in JSON stay as they are written where JavaScript would change them", async () => {
  const row = (body: string) => `{"id":463100000000007164,"account":"007","workspace_id":"W-1","happened_at":"2026-01-05T00:00:00Z","body":${body}}\n`;
  const { fields } = await readJson(["1.10", "12", "[1.10,463100000000007164]", "-0", "1e400", "null", "true", '"\\u0000x"'].map(row).join(""));
  assert.deepEqual(
    fields.map((found) => found["body"]),
    ["1.10", 12, "[1.10,463100000000007164]", "-0", "1e400", null, true, "\u0000x"],
  );
  assert.ok(fields.every((found) => found["id"] === "463100000000007164"));
});

test("whatever number stands in JSON, wherever it stands, it leaves as it was written", async () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,6})?([eE][+-]?\d{1,3})?$/);
  const space = fc.constantFrom("", " ", "\t ");
  await fc.assert(
    fc.asyncProperty(digits, digits, space, async (one, other, gap) => {
      const row = `{"account":"007","workspace_id":"W-1","happened_at":"2026-01-05T00:00:00Z","id":${gap}${one}${gap},"body":[${gap}${other},${gap}${one}${gap}]}`;
      const { fields } = await readJson(row);
      assert.deepEqual([String(fields[0]?.["id"]), fields[0]?.["body"]], [one, `[${other},${one}]`]);
    }),
    { numRuns: 200 },
  );
});

test("lines that are no objects, too long or not UTF-8 are told and the others are given", async () => {
  const good = JSON.stringify(someEvents[0]);
  const bytes = Buffer.concat([
    Buffer.from(`\ufeff${good}\n[1]\n{"id":\n\n`),
    Buffer.from([0xff, 0x0a]),
    Buffer.from(`{"id":"${"x".repeat(5000)}"}\n${"[".repeat(4000)}\n${good}`),
  ]);
  const { fields, findings } = await readJson(bytes, {}, { rowBytes: 4096 });
  assert.equal(fields.length, 2);
  assert.deepEqual(findings, ["BROKEN_ROWS events.jsonl: 5 rows are not JSON objects in UTF-8, or are too long, and are left out; the first is row 2."]);
});

test("rows of JSON that do not name anybody are told by their number", async () => {
  const { findings } = await readJson(`{"id":"1","user":"007"}\n{"id":"2","user":"007"}\n`);
  assert.match(findings.join(), /OTHER_COLUMNS events\.jsonl: 2 rows have no `account`/);
});

test("a workspace that the settings state fills what the rows do not say, and never overrules them", async () => {
  const own = JSON.stringify({ ...someEvents[0], workspace_id: "W-2" });
  const silent = JSON.stringify({ ...someEvents[0], workspace_id: undefined });
  assert.equal((await readJson(`${own}\n${silent}\n`, { workspace: "W-1" })).fields.length, 1);
});

test("Parquet keeps types exactly: moments, decimals, large numbers, lists, structs and bytes", async () => {
  const folder = newFolder();
  const query = `select 463100000000007164 as id, {'name': '007', 'at': timestamptz '2026-01-05 01:00:00.123456+01'} as "value", 'W-1' as workspace_id,
    1.10::decimal(20, 2) as amount, [1, 2] as list, map {'k': 1.50::decimal(4, 2)} as pairs, '\\xAA\\x00'::blob as raw, date '2026-01-05' as day, timestamp '2026-01-05 00:00:00' as local, null::varchar as nothing, 5 as small`;
  await writtenByQuery(join(folder, "events.parquet"), query);
  const source = await sourceOf(folder, { events: { files: ["events.parquet"], format: { kind: "parquet" } } });
  const columns = ["id", "value.name", "value.at", "amount", "list", "pairs", "raw", "day", "local", "nothing", "small"];
  const read = { ...readOf("events"), columns, witness: { subject: "value.name", workspace: "workspace_id", moment: "value.at", key: "id" } };
  const { fields, failures } = told(await Array.fromAsync(source.read(read)));
  assert.deepEqual(failures, []);
  assert.deepEqual(fields, [
    {
      id: "463100000000007164",
      "value.name": "007",
      "value.at": "2026-01-05T00:00:00.123Z",
      amount: "1.10",
      list: "[1,2]",
      pairs: '[{"key":"k","value":"1.50"}]',
      raw: new Uint8Array([0xaa, 0]),
      day: "2026-01-05",
      local: "2026-01-05 00:00:00",
      nothing: null,
      small: 5,
    },
  ]);
});

test("names of files and columns that could end a statement are names and nothing else", async () => {
  const folder = newFolder();
  const name = "events'); drop table t; --[*].parquet";
  await writtenByQuery(join(folder, "plain.parquet"), `select '007' as "a""; drop", {'it''s "x"': 'inside'} as "value", '007' as "account"`);
  renameSync(join(folder, "plain.parquet"), join(folder, name));
  writeFileSync(join(folder, "events.csv"), `"a""; drop","value.it's ""x""",account\n007,inside,007\n`);
  for (const [file, kind] of [
    [name, "parquet"],
    ["events.csv", "csv"],
  ] as const) {
    const source = await sourceOf(folder, { events: { files: [kind === "csv" ? file : "events'*.parquet"], format: { kind } } });
    const columns = ['a"; drop', 'value.it\'s "x"'];
    const { fields, failures } = told(
      await Array.fromAsync(
        source.read({
          source: "s",
          collection: "events",
          line: "L",
          dataType: "x",
          columns,
          witness: { subject: 'a"; drop' },
          accounts: ["007", "') or (1=1"],
          workspace: "W",
        }),
      ),
    );
    assert.deepEqual([fields, failures], [[{ 'a"; drop': "007", 'value.it\'s "x"': "inside" }], []]);
  }
});

test("a Parquet file of other kinds, and one that is none, are told", async () => {
  const folder = newFolder({ "events-3.parquet": "PAR1 is not enough" });
  await writtenByQuery(join(folder, "events-1.parquet"), "select '007' as account, 'x' as body");
  await writtenByQuery(join(folder, "events-2.parquet"), "select 7 as account, 'x' as body");
  const { findings } = await (await sourceOf(folder, { events: { files: ["events-*.parquet"], format: { kind: "parquet" } } })).describe();
  assert.deepEqual(
    findings.map((finding) => `${finding.code} ${finding.where}`),
    ["UNREADABLE events-3.parquet", "OTHER_COLUMNS events-2.parquet"],
  );
});

test("a Parquet file that is damaged inside stops the production instead of looking short", async () => {
  const folder = newFolder();
  const path = join(folder, "events.parquet");
  const query = `select i::varchar as id, '007' as account, 'W-1' as workspace_id, '2026-01-05T00:00:00Z' as happened_at, md5(i::varchar) as body from range(200000) t(i)`;
  await writtenByQuery(path, query, "format parquet, row_group_size 20480");
  const source = await sourceOf(folder, { events: { files: ["events.parquet"], format: { kind: "parquet" } } });
  assert.deepEqual(await source.count(readOf("events")), { kind: "counted", records: 200_000 });
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 100_000));
  const { failures } = told(await Array.fromAsync(source.read(readOf("events"))));
  assert.equal(failures.length, 1);
});

test("a packed file that is cut short is told, and what came before the cut is given", async () => {
  const rows = Array.from({ length: 50_000 }, (_, index) => `${index},${inRange},${Math.sin(index)}`);
  const packed = gzipSync(`${header}\n${rows.join("\n")}\n`);
  const { fields, findings, failures } = await readCsv(packed.subarray(0, packed.length / 2));
  assert.ok(fields.length > 1000 && fields.length < 50_000);
  assert.match(findings.join(), /UNREADABLE events\.csv: The file is damaged/);
  assert.deepEqual(failures, []);
});

test("a file that unpacks to more than it may stops the read", async () => {
  const folder = newFolder({ "events.csv": gzipSync(Buffer.alloc(3_000_000, " ")) });
  const source = await sourceOf(folder, { events: { files: ["events.csv"], format: { kind: "csv" } } }, { fileBytes: 1_000_000 });
  assert.deepEqual(told(await Array.fromAsync(source.read(readOf("events")))).failures, ["TOO_LARGE"]);
});

for (const [what, change] of [
  ["grows", (path: string) => appendFileSync(path, `9,${inRange},more\n`)],
  ["shrinks", (path: string) => truncateSync(path, 60)],
  ["is exchanged", (path: string) => (writeFileSync(`${path}.new`, `${header}\n1,${inRange},other\n`), renameSync(`${path}.new`, path))],
  ["goes away", (path: string) => rmSync(path)],
] as const) {
  test(`a file that ${what} while it is read stops the production`, async () => {
    const folder = newFolder({ "events.csv": `${header}\n1,${inRange},one\n2,${inRange},two\n` });
    const items: Collected[] = [];
    for await (const item of (await sourceOf(folder, settingsOf("csv", ".csv"))).read(readOf("events"))) {
      if (items.length === 0) change(join(folder, "events.csv"));
      items.push(item);
    }
    assert.equal(items.at(-1)?.kind, "failed");
    assert.deepEqual(told(items).failures, ["CHANGED"]);
  });
}

test("a link that leads out of the folder is never read, and one that stays inside is", async () => {
  const outside = newFolder({ "secret.csv": `${header}\n1,${inRange},secret\n` });
  const folder = newFolder({ "real.csv": `${header}\n1,${inRange},mine\n` });
  symlinkSync("real.csv", join(folder, "events.csv"));
  const settings = settingsOf("csv", ".csv");
  assert.equal(told(await Array.fromAsync((await sourceOf(folder, settings)).read(readOf("events")))).fields.length, 1);
  symlinkSync(join(outside, "secret.csv"), join(folder, "events.z.csv"));
  const { fields, failures } = told(await Array.fromAsync((await sourceOf(folder, settings)).read(readOf("events"))));
  assert.deepEqual(
    fields.map((row) => row["body"]),
    ["mine"],
  );
  assert.deepEqual(failures, ["LEADS_OUTSIDE"]);
  rmSync(join(folder, "events.z.csv"));
  symlinkSync(outside, join(folder, "more"));
  const { findings } = told(
    await Array.fromAsync((await sourceOf(folder, { events: { files: ["**/*.csv"], format: { kind: "csv" } } })).read(readOf("events"))),
  );
  assert.match(findings.join(), /ODD_NAME more: The folder is a link/);
});

test("a source with nothing in its place, with paths that lead outside or with an unreadable form is refused", async () => {
  const csv = { kind: "csv" } as const;
  const refusals: readonly (readonly [TableFilesSettings["collections"], string])[] = [
    [{ events: { files: ["events.csv"], format: csv } }, "NO_TABLES"],
    [{ events: { files: ["../events.csv"], format: csv } }, "SETTINGS"],
    [{ events: { files: ["/etc/passwd"], format: csv } }, "SETTINGS"],
    [{ events: { files: ["e.csv"], format: { ...csv, delimiter: "::" } } }, "SETTINGS"],
    [{ events: { files: ["e.csv"], format: { ...csv, quote: "," } } }, "SETTINGS"],
    [{ events: { files: ["e.csv"], format: csv, columns: { a: { kind: "moment", zone: "Mars/Olympus" } } } }, "SETTINGS"],
    [{}, "SETTINGS"],
  ];
  for (const [collections, code] of refusals) {
    const opened = await open(newFolder(), collections);
    assert.equal(opened.kind === "refused" && opened.findings[0].code, code);
  }
  const nowhere = await open(join(home, "nowhere"), { events: { files: ["e.csv"], format: csv } });
  assert.equal(nowhere.kind === "refused" && nowhere.findings[0].code, "UNREACHABLE");
});

test("a read that is aborted or left midway gives no more and holds nothing open", async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `${index},${inRange},x`).join("\n");
  const folder = newFolder({ "events.csv": `${header}\n${rows}\n` });
  await writtenByQuery(
    join(folder, "events.parquet"),
    `select i::varchar as id, '007' as account, 'W-1' as workspace_id, '2026-01-05T00:00:00Z' as happened_at, 'x' as body from range(100000) t(i)`,
  );
  writeFileSync(join(folder, "events.csv.gz"), gzipSync(readFileSync(join(folder, "events.csv"))));
  const openBefore = readdirSync("/proc/self/fd").length;
  for (const [kind, ending] of [
    ["csv", "csv"],
    ["csv", "csv.gz"],
    ["parquet", "parquet"],
  ] as const) {
    const source = await sourceOf(folder, { events: { files: [`events.${ending}`], format: { kind } } });
    await source.describe();
    const aborting = new AbortController();
    const items: Collected[] = [];
    for await (const item of source.read(readOf("events"), aborting.signal)) {
      items.push(item);
      if (items.length === 10) aborting.abort();
    }
    assert.deepEqual(told(items).failures, ["ABORTED"]);
    assert.ok(items.length < 100_000);
    for await (const item of source.read(readOf("events"))) if (item.kind === "record") break;
    assert.deepEqual(told(await Array.fromAsync(source.read({ ...readOf("events"), witness: { subject: "nobody" } }))).failures, ["NO_COLUMN"]);
    assert.deepEqual(await source.count(readOf("events")), { kind: "counted", records: 100_000 });
  }
  assert.equal(readdirSync("/proc/self/fd").length, openBefore);
});
