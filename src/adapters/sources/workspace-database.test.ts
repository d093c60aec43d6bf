import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ClientConfig } from "pg";
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
