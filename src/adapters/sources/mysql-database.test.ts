import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, type Socket, createConnection as connectTo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { dataTypes, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { mysqlServers, type RunningServer, type ServerKind } from "../../../tests/mysql-servers.ts";
import { selfSigned } from "../../../tests/self-signed.ts";
import type { Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import { readDataMap } from "../../production/plan/read-data-map.ts";
import type { Collected, CollectedRecord, PlannedRead } from "../../production/shapes.ts";
import { type MysqlDatabaseSettings, openMysqlDatabase } from "./mysql-database.ts";
import { readGrant } from "./mysql-grants.ts";

const marks = (dataTypesOf: string, role?: string, kind = "non-content") =>
  `fides_meta: { portcullis: { class: ${kind}, data_types: [${dataTypesOf}]${role === undefined ? "" : `, role: ${role}`} } }`;

const mapText = `
dataset:
  - fides_key: shop
    name: Shop database
    collections:
      - name: members
        fides_meta: { portcullis: { undated: true } }
        fields:
          - { name: id, data_categories: [user.unique_id], ${marks("name", "subject")} }
          - { name: workspace_id, data_categories: [user.workplace], ${marks("name", "workspace")} }
          - { name: full_name, data_categories: [user.name], ${marks("name")} }
      - name: posts
        fields:
          - { name: id, data_categories: [system.operations], ${marks("messages", "key")} }
          - { name: workspace_id, data_categories: [user.workplace], ${marks("messages", "workspace")} }
          - { name: author_id, data_categories: [user.unique_id], ${marks("messages", "subject")} }
          - { name: sent_at, data_categories: [user.behavior], ${marks("messages", "moment")} }
          - { name: body, data_categories: [user.content], ${marks("messages", undefined, "content")} }
`;

function locatedMap() {
  const reading = readDataMap("shop.yaml", mapText, dataTypes);
  assert.equal(reading.kind, "read", JSON.stringify(reading));
  return (reading.kind === "read" ? reading.maps[0] : undefined) ?? assert.fail("no map");
}

const tables = `
create database shop character set utf8mb4 collate utf8mb4_general_ci; use shop;
create table members (id varchar(40) primary key, workspace_id varchar(40) not null, full_name varchar(80), password_hash varchar(80));
create table posts (id bigint unsigned primary key, workspace_id varchar(40) not null, author_id varchar(40) not null, sent_at timestamp(6) null,
  body longtext, written_at datetime(3), index (author_id, sent_at));
create table things (id int primary key, owner varchar(40) collate utf8mb4_general_ci, number bigint, exact decimal(30,10), small float, big double,
  bits bit(40), paper longblob, code varbinary(20), drawn json, shape point, kept_at datetime, marked_at timestamp null, on_day date, at_time time, flags set('a','b'), index (owner));
create table counters (id int(8) zerofill primary key, owner int not null, note text);
create table latins (id int primary key, owner varchar(40) character set latin1 collate latin1_swedish_ci);
create table loose (id int primary key, owner varchar(40)) engine=MyISAM;
create user reader@localhost identified by 'look'; grant select on shop.* to reader@localhost;
`;

const readerOf = (server: RunningServer, user = "reader", password = "look"): MysqlDatabaseSettings => ({
  source: "shop",
  database: "shop",
  connection: { socketPath: server.socketPath, user, password },
});

async function opened(settings: MysqlDatabaseSettings): Promise<Source> {
  const opening = await openMysqlDatabase(settings);
  return opening.kind === "open" ? opening.source : assert.fail(JSON.stringify(opening.findings));
}

async function refusalOf(settings: MysqlDatabaseSettings): Promise<string> {
  const opening = await openMysqlDatabase(settings);
  return opening.kind === "refused" ? opening.findings.map(({ code, what }) => `${code} ${what}`).join("; ") : assert.fail("it was opened");
}

const recordsIn = (items: readonly Collected[]): CollectedRecord[] =>
  items.flatMap((item) => (item.kind === "record" ? [item.record] : item.kind === "failed" ? assert.fail(item.failure.what) : []));
const codesIn = (items: readonly Collected[]) => items.map((item) => (item.kind === "failed" ? item.failure.code : item.kind));

const from = instant("2026-01-10T00:00:00Z");
const until = instant("2026-03-01T00:00:00Z");
const postsRead: PlannedRead = {
  source: "shop",
  collection: "posts",
  line: "L",
  dataType: "messages",
  columns: ["id", "sent_at", "body"],
  witness: { subject: "author_id", workspace: "workspace_id", moment: "sent_at", key: "id" },
  accounts: ["M-HARBOR-00"],
  workspace: "W-HARBOR",
  from,
  until,
};
const thingsRead: PlannedRead = {
  source: "shop",
  collection: "things",
  line: "L",
  dataType: "files",
  columns: ["id"],
  witness: { subject: "owner", key: "id" },
  accounts: ["M-1"],
  workspace: "W",
};

test("of a grant, everything but looking is named", () => {
  const beyond = (line: string) => readGrant(line).beyondLooking;
  assert.deepEqual(beyond("GRANT USAGE ON *.* TO `u`@`h` IDENTIFIED BY PASSWORD '*7B9E'"), []);
  assert.deepEqual(beyond("GRANT SELECT, SHOW VIEW ON `shop`.* TO 'u'@'%'"), []);
  assert.deepEqual(beyond("GRANT SELECT, INSERT (`a`, `on`), EXECUTE ON `shop`.`x` TO `u`@`h`"), ["INSERT", "EXECUTE"]);
  assert.deepEqual(beyond("GRANT SELECT ON `a TO b``c`.* TO `u`@`h` WITH GRANT OPTION"), ["GRANT OPTION"]);
  assert.deepEqual(beyond("GRANT ALL PRIVILEGES ON *.* TO `u`@`h`"), ["ALL PRIVILEGES"]);
  assert.deepEqual(beyond("GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION"), ["PROXY", "GRANT OPTION"]);
  assert.deepEqual(beyond("GRANT BACKUP_ADMIN,SELECT ON *.* TO `u`@`h`"), ["BACKUP_ADMIN"]);
  assert.deepEqual(beyond("GRANT SELECT ON `unclosed TO x"), ["A GRANT THAT IS NOT UNDERSTOOD"]);
  assert.deepEqual(readGrant("GRANT `clerks`@`%`,`poets`@`%` TO `u`@`h`"), { beyondLooking: [], roles: ["`clerks`@`%`", "`poets`@`%`"] });
  assert.deepEqual(beyond("GRANT `clerks` TO `u`@`h` WITH ADMIN OPTION"), ["ADMIN OPTION"]);
});

test("a server that cannot be reached is refused and not thrown", async () => {
  assert.match(await refusalOf({ source: "shop", database: "shop", connection: { socketPath: "/nowhere/s.sock", user: "u" } }), /^UNREACHABLE .*ENOENT/);
});

test("a server that says nothing is given up", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-silent-"));
  const held: Socket[] = [];
  const silent = createServer((socket) => void held.push(socket));
  await new Promise<void>((resolve) => silent.listen(join(folder, "s.sock"), resolve));
  try {
    const connection = { socketPath: join(folder, "s.sock"), user: "u" };
    assert.match(await refusalOf({ source: "shop", database: "shop", connection, connectTimeoutMs: 100 }), /^UNREACHABLE .*ETIMEDOUT/);
  } finally {
    for (const socket of held) socket.destroy();
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

for (const kind of mysqlServers) describe(kind.name, { skip: kind.isMissing }, () => readsOnlyWhatIsPlanned(kind));

function readsOnlyWhatIsPlanned(kind: ServerKind): void {
  let server: RunningServer;
  let source: Source;

  before(async () => {
    server = await kind.start();
    await server.run(tables);
    await server.run(postRows());
    source = await opened(readerOf(server));
  });

  after(() => server.stop());

  keepsSourcePromises(kind.name, async () => ({
    source,
    located: locatedMap(),
    classOf: usClassOf,
    scope: scopeOf([lineOf("name"), lineOf("messages")], warrant),
    // Every third day a post: days 9 to 57 of the year lie in the range.
    expected: { "L-name": 1, "L-messages": 17 },
  }));

  test("a role with any right beyond looking is refused, and the right is named", async () => {
    const grants = {
      clerk: ["grant select on shop.* to clerk@localhost; grant insert on shop.posts to clerk@localhost", /CAN_WRITE .*INSERT/],
      scribe: ["grant select, update (body) on shop.posts to scribe@localhost", /UPDATE/],
      caller: ["grant select, execute on shop.* to caller@localhost", /EXECUTE/],
      filer: ["grant select on shop.* to filer@localhost; grant file on *.* to filer@localhost", /FILE/],
      locker: ["grant select, lock tables on shop.* to locker@localhost", /LOCK TABLES/],
      elsewhere: ["create database attic; grant select on shop.* to elsewhere@localhost; grant drop on attic.* to elsewhere@localhost", /DROP/],
      lender: ["grant select on shop.* to lender@localhost with grant option", /GRANT OPTION/],
      proxied: ["grant select on shop.* to proxied@localhost; grant proxy on reader@localhost to proxied@localhost", /PROXY/],
      roled: ["create role writers; grant delete on shop.* to writers; grant select on shop.* to roled@localhost; grant writers to roled@localhost", /DELETE/],
      nested: [
        "create role outer_role; grant writers to outer_role; grant select on shop.* to nested@localhost; grant outer_role to nested@localhost",
        /DELETE/,
      ],
    } as const;
    for (const [name, [sql, wanted]] of Object.entries(grants)) {
      await server.run(`create user ${name}@localhost identified by 'x'; ${sql}`);
      assert.match(await refusalOf(readerOf(server, name, "x")), wanted, name);
    }
    assert.match(await refusalOf(readerOf(server, "root", "")), /CAN_WRITE .*\bSUPER\b/);
  });

  test("a right that everybody has in a database is found although no list of the role shows it", async () => {
    await server.run(
      "create database test_open; create table test_open.t (a int); create user quiet@localhost identified by 'x'; grant select on *.* to quiet@localhost",
    );
    const quiet = { ...readerOf(server, "quiet", "x"), database: "test_open" };
    for (const right of ["Delete", "Insert", "Update"]) {
      await server.run(`insert into mysql.db (Host, Db, User, Select_priv, ${right}_priv) values ('%', 'test_open', '', 'Y', 'Y'); flush privileges`);
      assert.match(await refusalOf(quiet), new RegExp(`CAN_WRITE .*beyond looking: ${right.toUpperCase()}\\.`));
      await server.run("delete from mysql.db where Db = 'test_open' and User = ''; flush privileges");
    }
    await opened(quiet);
  });

  test("a role that the server lends to everybody counts as the role's own", { skip: kind.name === "MariaDB" ? "MariaDB lends none" : false }, async () => {
    await server.run(
      "create role everyones; grant insert on shop.* to everyones; create user plain@localhost identified by 'x'; grant select on shop.* to plain@localhost",
    );
    await opened(readerOf(server, "plain", "x"));
    await server.run("set global mandatory_roles = 'everyones'");
    assert.match(await refusalOf(readerOf(server, "plain", "x")), /CAN_WRITE .*INSERT/);
    await server.run("set global mandatory_roles = ''");
  });

  test("a role that looks through another role is taken", async () => {
    await server.run(
      `create role lookers; grant select on shop.* to lookers; create user through@localhost identified by 'x'; grant lookers to through@localhost; ${kind.defaultRole("lookers", "through@localhost")}`,
    );
    await opened(readerOf(server, "through", "x"));
  });

  test("a role that may look at some columns sees no others", async () => {
    await server.run("create user narrow@localhost identified by 'x'; grant select (id, author_id, workspace_id, sent_at) on shop.posts to narrow@localhost");
    const narrow = await opened(readerOf(server, "narrow", "x"));
    const { schema } = await narrow.describe();
    assert.deepEqual(
      schema.collections.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
      [["posts", ["id", "workspace_id", "author_id", "sent_at"]]],
    );
    assert.deepEqual(codesIn(await Array.fromAsync(narrow.read(postsRead))), ["NO_COLUMN"]);
    assert.equal(recordsIn(await Array.fromAsync(narrow.read({ ...postsRead, columns: ["id"] }))).length, 17);
  });

  test("a database the role cannot see is refused", async () => {
    assert.match(await refusalOf({ ...readerOf(server), database: "Shop" }), /^NO_TABLES/);
  });

  test("an account that only looks alike gives nothing", async () => {
    await server.run(`use shop; delete from things; delete from counters; delete from latins;
      insert into things (id, owner, code) values (1, 'M-1', 'M-1'), (2, 'm-1', 'm-1'), (3, 'café', 'café'), (4, 'M-1 ', 'M-1 ');
      insert into counters values (1, 1, 'one'), (12, 12, 'twelve'); insert into latins values (1, 'café'), (2, 'CAFE')`);
    const found = async (read: PlannedRead, ...accounts: string[]) => {
      const asked = { ...read, accounts };
      const keys = recordsIn(await Array.fromAsync(source.read(asked))).map(({ key }) => key);
      assert.deepEqual(await source.count(asked), { kind: "counted", records: keys.length });
      return keys;
    };
    assert.deepEqual(await found(thingsRead, "M-1"), ["1"]);
    assert.deepEqual(await found(thingsRead, "m-1"), ["2"]);
    assert.deepEqual(await found(thingsRead, "M-1 "), ["4"]);
    for (const alike of ["cafe", "CAFÉ", "cafe\u0301", "M-1  ", " M-1", "M-1\0", "M‑1", "", "0", "' or ''='", "M-_", "%"])
      assert.deepEqual(await found(thingsRead, alike), [], alike);
    assert.deepEqual(await found(thingsRead, "café"), ["3"]);
    const numbered = { ...thingsRead, collection: "counters" };
    assert.deepEqual(await found(numbered, "1"), ["1"]);
    for (const alike of ["1abc", "01", "1.0", "+1", " 1", "1 ", "1e0", "true"]) assert.deepEqual(await found(numbered, alike), [], alike);
    const zerofilled = { ...numbered, witness: { subject: "id" } };
    assert.deepEqual(await found(zerofilled, "12"), ["12"]);
    assert.deepEqual(await found(zerofilled, "00000012"), []);
    const latin = { ...thingsRead, collection: "latins" };
    assert.deepEqual(await found(latin, "café"), ["1"]);
    assert.deepEqual(await found(latin, "cafe", "茶"), []);
    const bytewise = { ...thingsRead, witness: { subject: "code", key: "id" } };
    assert.deepEqual(
      await found(bytewise, "M-1", "café"),
      ["3", "1"]
        .toSorted()
        .toReversed()
        .toSorted((a, b) => Number(a) - Number(b)),
    );
  });

  test("values come out as they are held: exact numbers, bytes, moments only where there is one", async () => {
    await server.run(`use shop; delete from things; set time_zone = '+00:00';
      insert into things values (7, 'M-1', -9007199254740993, 12345678901234567890.0123456789, 16777216, 0.1, b'1000000001', x'00ff10', x'fe01', '{"a": 9007199254740993}',
        point(1, 2), '2026-02-01 10:00:00', '2026-02-01 10:00:00', '2026-02-01', '-25:10:11', 'a,b'), (8, 'M-1', 5, null, 0.1, null, null, null, null, null, null, null, null, null, null, null)`);
    const columns = ["number", "exact", "small", "big", "bits", "paper", "code", "drawn", "shape", "kept_at", "marked_at", "on_day", "at_time", "flags"];
    const [first, second] = recordsIn(await Array.fromAsync(source.read({ ...thingsRead, columns })));
    assert.deepEqual(
      { ...first?.fields, shape: first?.fields["shape"] instanceof Uint8Array },
      {
        number: "-9007199254740993",
        exact: "12345678901234567890.0123456789",
        small: 16777216,
        big: 0.1,
        bits: 513,
        paper: new Uint8Array([0, 255, 16]),
        code: new Uint8Array([254, 1]),
        drawn: '{"a": 9007199254740993}',
        shape: true,
        kept_at: "2026-02-01 10:00:00",
        marked_at: "2026-02-01T10:00:00.000Z",
        on_day: "2026-02-01",
        at_time: "-25:10:11",
        flags: "a,b",
      },
    );
    assert.equal(second?.fields["small"], 0.1);
    assert.equal(second?.fields["number"], 5);
  });

  test("only a column that tells a moment is called one", async () => {
    const kindIn = async (from: Source, column: string) =>
      (await from.describe()).schema.collections.find(({ name }) => name === "things")?.columns.find(({ name }) => name === column)?.kind;
    assert.equal(await kindIn(source, "marked_at"), "moment");
    assert.equal(await kindIn(source, "kept_at"), "other");
    assert.equal(await kindIn(await opened({ ...readerOf(server), clockZones: { "things.kept_at": "Europe/Berlin" } }), "kept_at"), "moment");
    const read = { ...thingsRead, witness: { subject: "owner", moment: "kept_at" }, from, until };
    assert.deepEqual(codesIn(await Array.fromAsync(source.read(read))), ["MOMENT_WITHOUT_ZONE"]);
  });

  test("a time that a clock showed twice is produced only when both its moments are in the range, and this is told", async () => {
    await server.run(`use shop; delete from things; insert into things (id, owner, kept_at) values
      (1, 'M-1', '2026-10-25 01:59:59'), (2, 'M-1', '2026-10-25 02:30:00'), (3, 'M-1', '2026-10-25 03:00:00'), (4, 'M-1', '2026-10-24 12:00:00')`);
    const berlin = await opened({ ...readerOf(server), clockZones: { "things.kept_at": "Europe/Berlin" } });
    const keysOf = async (start: string, end: string) => {
      const read = { ...thingsRead, witness: { subject: "owner", moment: "kept_at", key: "id" }, from: instant(start), until: instant(end) };
      const items = await Array.fromAsync(berlin.read(read));
      const keys = recordsIn(items).map(({ key, witness }) => `${key} ${witness.moment ?? ""}`);
      assert.deepEqual(await berlin.count(read), { kind: "counted", records: keys.length });
      return [...keys, ...items.flatMap((item) => (item.kind === "finding" ? [item.finding.code] : []))];
    };
    assert.deepEqual(await keysOf("2026-10-24T23:00:00Z", "2026-10-25T01:00:00Z"), ["1 2026-10-24T23:59:59.000Z", "AMBIGUOUS_MOMENT"]);
    assert.deepEqual(await keysOf("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"), ["2 2026-10-25T00:30:00.000Z", "AMBIGUOUS_MOMENT"]);
    assert.deepEqual(await keysOf("2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z"), ["3 2026-10-25T02:00:00.000Z"]);
  });

  test("a range far outside what a TIMESTAMP holds asks in vain and does not fail", async () => {
    const wide = { ...postsRead, from: instant("1900-01-01T00:00:00Z"), until: instant("2200-01-01T00:00:00Z") };
    assert.equal(recordsIn(await Array.fromAsync(source.read(wide))).length, 30);
    assert.deepEqual(
      await source
        .read({ ...wide, until: instant("1950-01-01T00:00:00Z") })
        [Symbol.asyncIterator]()
        .next(),
      { done: true, value: undefined },
    );
  });

  test("a value that is too large stops the read", async () => {
    const narrow = await opened({ ...readerOf(server), largestValueBytes: 5 });
    assert.deepEqual(codesIn(await Array.fromAsync(narrow.read(postsRead))), ["VALUE_TOO_LARGE"]);
    assert.equal(recordsIn(await Array.fromAsync(narrow.read({ ...postsRead, columns: ["id"] }))).length, 17);
  });

  test("a column that is not there is a failure and not an empty answer", async () => {
    assert.deepEqual(codesIn(await Array.fromAsync(source.read({ ...postsRead, columns: ["body`, (select 1) `x"] }))), ["NO_COLUMN"]);
    assert.deepEqual(codesIn(await Array.fromAsync(source.read({ ...postsRead, columns: ["BODY"] }))), ["NO_COLUMN"]);
    assert.deepEqual((await source.count({ ...postsRead, collection: "POSTS" })).kind, "failed");
  });

  test("a read that takes too long is stopped by the server", async () => {
    const hasty = await opened({ ...readerOf(server), statementTimeoutMs: 1 });
    await server.run(`use shop; insert into counters (id, owner, note) select 1000 + seq, 5, repeat('x', 500) from ${kind.manyRows}`);
    const read = { ...thingsRead, collection: "counters", accounts: ["5"], columns: ["id", "note"], witness: { subject: "owner", key: "id" } };
    assert.equal(codesIn(await Array.fromAsync(hasty.read(read))).at(-1), kind.timeIsUp);
  });

  test("a read is one snapshot: what changes meanwhile is seen as it was", async () => {
    await server.run(`use shop; insert ignore into counters (id, owner, note) select 1000 + seq, 5, repeat('x', 500) from ${kind.manyRows}`);
    const read = { ...thingsRead, collection: "counters", accounts: ["5"], columns: ["note"], witness: { subject: "owner", key: "id" } };
    const before = await source.count(read);
    const items = source.read(read)[Symbol.asyncIterator]();
    assert.equal((await items.next()).value?.kind, "record");
    await server.run("use shop; delete from counters where owner = 5 and id > 20000; update counters set note = 'changed' where owner = 5");
    let records = 1;
    for (let item = await items.next(); item.done !== true; item = await items.next(), records++)
      assert.ok(item.value.kind === "record" && String(item.value.record.fields["note"]).startsWith("xxx"));
    assert.deepEqual(before, { kind: "counted", records });
  });

  test("a reader that stops early, or is told to, gives the connection back", async () => {
    const read = { ...thingsRead, collection: "counters", accounts: ["5"], columns: ["note"], witness: { subject: "owner", key: "id" } };
    for await (const item of source.read(read)) {
      assert.equal(item.kind, "record");
      break;
    }
    const ending = new AbortController();
    const codes: string[] = [];
    for await (const item of source.read(read, ending.signal)) {
      codes.push(...codesIn([item]));
      if (codes.length === 10) ending.abort();
    }
    assert.equal(codes.at(-1), "ABORTED");
    assert.ok(codes.length < 10_000);
  });

  test("a server that goes away in the middle is a failure that says where, after the records before", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portcullis-proxy-"));
    let cut = (): void => undefined;
    const proxy = createServer((near) => relay(near, server.socketPath, (end) => (cut = end)));
    await new Promise<void>((resolve) => proxy.listen(join(folder, "s.sock"), resolve));
    try {
      const direct = await opened({ ...readerOf(server), connection: { ...readerOf(server).connection, socketPath: join(folder, "s.sock") } });
      const read = { ...thingsRead, collection: "counters", accounts: ["5"], columns: ["note"], witness: { subject: "owner", key: "id" } };
      const items: Collected[] = [];
      for await (const item of direct.read(read)) {
        items.push(item);
        if (items.length === 20) cut();
      }
      const last = items.at(-1);
      assert.ok(last?.kind === "failed", "the cut must be seen");
      assert.equal(last.failure.step, "read");
      assert.equal(last.failure.recordsBefore, items.length - 1);
      assert.ok(items.length > 20);
    } finally {
      proxy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a table without snapshots is told as a finding", async () => {
    const { findings } = await source.describe();
    assert.deepEqual(
      findings.map(({ code, where }) => [code, where]),
      [["NO_SNAPSHOT", "loose"]],
    );
  });

  test("whatever rows there are, a read gives exactly what a plain filter gives", async () => {
    const name = fc.constantFrom("a", "A", "á", "a ", "b", "1", "01", "ß", "ss", "茶");
    const minute = fc.integer({ min: 0, max: 40 });
    const row = fc.record({ author: name, workspace: fc.constantFrom("W", "w"), minute: fc.option(minute, { nil: undefined }) });
    const at = (minutes: number) => Temporal.Instant.from("2026-05-01T00:00:00Z").add({ minutes }).toString({ smallestUnit: "millisecond" });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
        minute,
        minute,
        async (rows, accounts, start, end) => {
          const values = rows.map(
            (one, id) =>
              `(${id + 1}, '${one.workspace}', '${one.author}', ${one.minute === undefined ? "null" : `'${at(one.minute).slice(0, -1).replace("T", " ")}'`}, 'x', null)`,
          );
          await server.run(
            `use shop; set time_zone = '+00:00'; delete from posts; ${values.length === 0 ? "" : `insert into posts values ${values.join(", ")}`}`,
          );
          const read = { ...postsRead, accounts, workspace: "W", from: instant(at(start)), until: instant(at(end)) };
          const given = recordsIn(await Array.fromAsync(source.read(read)))
            .map(({ key }) => Number(key))
            .toSorted((a, b) => a - b);
          const wanted = rows.flatMap((one, id) => {
            const isIn = accounts.includes(one.author) && one.workspace === "W" && one.minute !== undefined && one.minute >= start && one.minute < end;
            return isIn ? [id + 1] : [];
          });
          assert.deepEqual(given, wanted);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("an address is spoken to under TLS alone, and only by its certified name", async (t) => {
    const pair = selfSigned("localhost");
    if (pair === undefined) return t.skip("no openssl here");
    const folder = mkdtempSync(join(tmpdir(), "portcullis-mysql-tls-"));
    for (const [name, pem] of Object.entries(pair)) writeFileSync(join(folder, name), pem);
    const port = await freePort();
    const server = await kind.start([`--port=${port}`, "--bind-address=127.0.0.1", `--ssl-key=${join(folder, "key")}`, `--ssl-cert=${join(folder, "cert")}`]);
    try {
      await server.run(
        "create database shop; use shop; create table t (a int); create user reader@'%' identified by 'look' require ssl; grant select on shop.* to reader@'%'",
      );
      const over = (host: string, tls?: "off" | { readonly ca?: string; readonly serverName?: string }): MysqlDatabaseSettings => ({
        source: "shop",
        database: "shop",
        connection: { host, port, user: "reader", password: "look", ...(tls === undefined ? {} : { tls }) },
      });
      await opened(over("localhost", { ca: pair.cert.toString() }));
      assert.match(await refusalOf(over("localhost")), /UNREACHABLE/);
      assert.match(await refusalOf(over("127.0.0.1", { ca: pair.cert.toString() })), /State the name/);
      assert.match(
        await refusalOf(over("127.0.0.1", { ca: pair.cert.toString(), serverName: "db.example" })),
        /UNREACHABLE .*ERR_TLS_CERT_ALTNAME_INVALID|HANDSHAKE/,
      );
      await opened(over("127.0.0.1", { ca: pair.cert.toString(), serverName: "localhost" }));
      assert.match(await refusalOf(over("localhost", "off")), /UNREACHABLE .*ER_ACCESS_DENIED_ERROR/);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

async function freePort(): Promise<number> {
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  await new Promise((resolve) => listening.close(resolve));
  return port;
}

/** A line between two ends that can be cut. */
function relay(near: Socket, path: string, onOpen: (cut: () => void) => void): void {
  const far = connectTo(path);
  onOpen(() => (near.destroy(), far.destroy()));
  far.on("error", () => near.destroy());
  near.on("error", () => far.destroy());
  near.pipe(far).pipe(near);
}

/** Fourteen members of three workspaces, and for each a post every third day from 1 January 2026. */
function postRows(): string {
  const people = ["HARBOR", "ORCHARD", "LANTERN"].flatMap((place) =>
    Array.from({ length: 14 }, (_, n) => ({ id: `M-${place}-${String(n).padStart(2, "0")}`, workspace: `W-${place}`, hours: n })),
  );
  const first = Temporal.Instant.from("2026-01-01T08:00:00Z");
  const members = people.map(({ id, workspace }) => `('${id}', '${workspace}', 'Ada Ashdown', 'never')`);
  const posts = people.flatMap(({ id, workspace, hours }, p) =>
    Array.from({ length: 30 }, (_, i) => {
      const at = first
        .add({ hours: i * 72 + hours, milliseconds: i * 7 })
        .toString({ smallestUnit: "millisecond" })
        .slice(0, -1)
        .replace("T", " ");
      return `(${p * 1000 + i + 1}, '${workspace}', '${id}', '${at}', 'Note ${i}: 茶 & café', '${at}')`;
    }),
  );
  return `use shop; set time_zone = '+00:00'; insert into members values ${members.join(", ")}; insert into posts values ${posts.join(", ")}`;
}
