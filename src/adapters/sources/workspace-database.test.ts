import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client, type ClientConfig } from "pg";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { seedWorkspaceDatabase } from "../../rehearsal/workspace-database.ts";
import type { Source } from "../../app/production-port.ts";
import { compileScope } from "../../production/plan/compile-scope.ts";
import { checkDataMap } from "../../production/plan/check-data-map.ts";
import type { PlannedRead } from "../../production/shapes.ts";
import { type Database, openDatabase } from "../postgres/supervisor.ts";
import { openWorkspaceDatabase } from "./workspace-database.ts";

let server: Database;
let owner: ClientConfig;
let reader: ClientConfig & { user?: string };
let source: Source;

before(async () => {
  server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-test-database") });
  const connections = await server.createDatabase(`test_${randomBytes(8).toString("hex")}`);
  owner = connections.owner;
  reader = connections.app;
  await seedWorkspaceDatabase(owner, reader.user ?? "");
  const opened = await openWorkspaceDatabase({ source: "workspace-database", connection: reader });
  assert.equal(opened.kind, "open", JSON.stringify(opened));
  if (opened.kind === "open") source = opened.source;
});

after(() => server.stop());

const located = deliveredMap("workspace-database");

keepsSourcePromises("workspace database", async () => ({
  source,
  located,
  classOf: usClassOf,
  scope: scopeOf([lineOf("name"), lineOf("messages"), lineOf("message-metadata"), lineOf("billing")], warrant),
  // Every third day a post: days 9 to 57 of the year lie in the range. Two files; one card, and the invoice of 31 January.
  expected: { "L-name": 1, "L-messages": 17, "L-message-metadata": 17 + 2, "L-billing": 1 + 1 },
}));

function readOf(dataType: string, collection: string): PlannedRead {
  const compiled = compileScope({ scope: scopeOf([lineOf(dataType)], warrant), maps: [located.map], classOf: usClassOf });
  const read = compiled.kind === "planned" ? compiled.plan.reads.find((candidate) => candidate.collection === collection) : undefined;
  return read ?? assert.fail(`no read of ${collection}`);
}

test("a role that can write is refused, and told what it can change", async () => {
  const opened = await openWorkspaceDatabase({ source: "workspace-database", connection: owner });
  assert.equal(opened.kind, "refused");
  const [finding] = opened.findings;
  assert.equal(finding?.code, "CAN_WRITE");
  assert.match(finding?.what ?? "", /may change audit_events, channel_members,.*posts/);
});

test("a database that cannot be reached is refused and not thrown", async () => {
  const opened = await openWorkspaceDatabase({ source: "workspace-database", connection: { host: "/nowhere", port: 1 } });
  assert.deepEqual(opened.kind === "refused" && opened.findings.map((finding) => finding.code), ["UNREACHABLE"]);
});

test("live columns without a class are listed as never produced", async () => {
  const { schema } = await source.describe();
  const { neverProduced } = checkDataMap(located, schema);
  assert.ok(neverProduced.includes("members.password_hash") && neverProduced.includes("workspaces.name"));
});

test("a file's content comes out as bytes, a date as a moment, an exact number as a number", async () => {
  const records = await Array.fromAsync(source.read(readOf("files", "files")));
  const [first] = records;
  assert.ok(first?.kind === "record");
  assert.ok(first.record.fields["content"] instanceof Uint8Array);
  assert.equal(Buffer.from(first.record.fields["content"]).toString().split("\n")[0], "File 1 of M-HARBOR-00");
  assert.equal(first.record.fields["uploaded_at"], "2026-01-28T08:00:00.063Z");
});

test("values come out as they are held, whatever their type and wherever a calendar ends", async () => {
  const client = new Client(owner);
  await client.connect();
  await client.query(`create table oddities (id bigint primary key, person text, number numeric, small real, flag boolean, paper bytea, at timestamptz, "__proto__" text);
    insert into oddities values (1, 'M', 12345678901234567890.5, 0.1, true, '\\x00ff', '2026-01-31 09:30:00.123456+00', 'x'),
      (9007199254740993, 'M', 'NaN', 'infinity', null, '', 'infinity', ''), (3, 'M', null, null, false, null, '12026-01-31 00:00:00+00', null),
      (4, 'M', 0, 0, false, null, '0044-03-15 00:00:00+00 BC', null), (5, 'M', 0, 0, false, null, '2026-01-31 09:30:00.1+00', null), (6, 'm', 0, 0, false, null, null, null);
    grant select on oddities to ${client.escapeIdentifier(reader.user ?? "")}`);
  await client.end();
  const columns = ["id", "number", "small", "flag", "paper", "at", "__proto__"];
  const read: PlannedRead = { ...readOf("name", "members"), collection: "oddities", columns, witness: { subject: "person", key: "id" }, accounts: ["M"] };
  const rows = (await Array.fromAsync(source.read(read))).map((item) =>
    item.kind === "record" ? Object.entries(item.record.fields).map(([, value]) => value) : assert.fail(item.kind),
  );
  assert.deepEqual(rows, [
    [1, "12345678901234567890.5", 0.1, true, new Uint8Array([0, 255]), "2026-01-31T09:30:00.123Z", "x"],
    [3, null, null, false, null, "12026-01-31 00:00:00+00", null],
    [4, "0", 0, false, null, "0044-03-15 00:00:00+00 BC", null],
    [5, "0", 0, false, null, "2026-01-31T09:30:00.100Z", null],
    ["9007199254740993", "NaN", "Infinity", null, new Uint8Array(), "infinity", ""],
  ]);
});

test("a reader that stops early, or is told to in the middle, gives the connection back", async () => {
  const client = new Client(owner);
  await client.connect();
  await client.query(
    `create table marks as select n as id, 'M' as person, repeat('x', 100) as mark from generate_series(1, 30000) n; grant select on marks to ${client.escapeIdentifier(reader.user ?? "")}`,
  );
  const read: PlannedRead = {
    ...readOf("name", "members"),
    collection: "marks",
    columns: ["id", "mark"],
    witness: { subject: "person", key: "id" },
    accounts: ["M"],
  };
  for await (const item of source.read(read)) {
    assert.equal(item.kind, "record");
    break;
  }
  const ending = new AbortController();
  const kinds: string[] = [];
  for await (const item of source.read(read, ending.signal)) {
    kinds.push(item.kind === "failed" ? item.failure.code : item.kind);
    if (kinds.length === 20) ending.abort();
  }
  assert.equal(kinds.at(-1), "ABORTED");
  assert.ok(kinds.length < 10_000);
  const ids = (await Array.fromAsync(source.read(read))).map((item) => item.kind === "record" && item.record.fields["id"]);
  assert.deepEqual(
    ids,
    Array.from({ length: 30_000 }, (_, place) => place + 1),
  );
  const { rows } = await client.query(
    "select count(*)::int as open from pg_stat_activity where application_name = 'portcullis' and datname = current_database() and state <> 'idle'",
  );
  await client.end();
  assert.deepEqual(rows, [{ open: 0 }]);
});

test("a value that is too large stops the read with a failure", async () => {
  const opened = await openWorkspaceDatabase({ source: "workspace-database", connection: reader, largestValueBytes: 100 });
  assert.ok(opened.kind === "open");
  const items = await Array.fromAsync(opened.source.read(readOf("files", "files")));
  assert.deepEqual(
    items.map((item) => (item.kind === "failed" ? item.failure.code : item.kind)),
    ["VALUE_TOO_LARGE"],
  );
});

test("a database that goes down in the middle is a failure that says where, after the records before", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-proxy-"));
  const port = reader.port ?? 5432;
  const proxy = createServer((near) => {
    const far = createConnection(join(String(reader.host), `.s.PGSQL.${port}`));
    let fetches = 0;
    // The first batch passes; the server vanishes when the second is asked for.
    near.on("data", (chunk) => {
      fetches += chunk.includes("fetch forward") ? 1 : 0;
      if (fetches > 1) near.destroy();
      else far.write(chunk);
    });
    near.on("close", () => far.destroy());
    far.on("error", () => near.destroy());
    far.pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(join(folder, ".s.PGSQL.5432"), resolve));
  try {
    const direct = await openWorkspaceDatabase({ source: "workspace-database", connection: { ...reader, host: folder, port: 5432 } });
    assert.ok(direct.kind === "open");
    const items = await Array.fromAsync(direct.source.read(readOf("messages", "posts")));
    const last = items.at(-1);
    assert.ok(last?.kind === "failed", "the cut must be seen");
    assert.equal(last.failure.step, "read");
    assert.equal(last.failure.collection, "posts");
    assert.equal(last.failure.recordsBefore, items.length - 1);
    assert.ok(items.length > 1 && items.length < 18);
  } finally {
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
