import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { Client } from "pg";
import { deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../tests/fixtures/production.ts";
import { seedWorkspaceDatabase } from "../rehearsal/workspace-database.ts";
import { packageFile } from "../adapters/package/package-file.ts";
import { verifyPackage } from "../adapters/package/verify-package.ts";
import { packager } from "../adapters/package/write-package.ts";
import { type Database, openDatabase } from "../adapters/postgres/supervisor.ts";
import { openWorkspaceDatabase } from "../adapters/sources/workspace-database.ts";
import { instant } from "../kernel/instant.ts";
import { judgeFor } from "../production/check/judge-record.ts";
import { compileScope } from "../production/plan/compile-scope.ts";
import type { Plan, Scope } from "../production/shapes.ts";
import { liveCollector } from "./collect-live.ts";
import { type Packed, type Source, collectPlan, countPlan } from "./production-port.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-production-"));
const { map } = deliveredMap("workspace-database");
const noAge = spawnSync("age", ["--version"]).status === 0 ? false : "the age program is not installed";
let server: Database;
let source: Source;
let owner: Client;
let identity = "";

before(async () => {
  server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-test-database") });
  const connections = await server.createDatabase(`test_${randomBytes(8).toString("hex")}`);
  await seedWorkspaceDatabase(connections.owner, (connections.app as { user: string }).user);
  const opened = await openWorkspaceDatabase({ source: "workspace-database", connection: connections.app });
  source = opened.kind === "open" ? opened.source : assert.fail(JSON.stringify(opened));
  owner = new Client(connections.owner);
  await owner.connect();
  identity = await generateX25519Identity();
});

after(async () => {
  await owner.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function planOf(scope: Scope): Plan {
  const compiled = compileScope({ scope, maps: [map], classOf: usClassOf });
  return compiled.kind === "planned" ? compiled.plan : assert.fail(JSON.stringify(compiled));
}

async function produce(scope: Scope, plan: Plan, path: string): Promise<Packed> {
  return packager.pack(
    {
      scope,
      plan,
      maps: [map],
      asked: scope.lines.map((line) => ({ verdict: "produced", line: line.line, asked: line.dataType, why: `Line ${line.line}` })),
      declaration: { custodian: "R. Keeper", organisation: "Harbor Works Inc.", declaredAt: instant("2026-04-20T10:00:00Z") },
      recipients: [await identityToRecipient(identity)],
      packagedAt: instant("2026-04-20T10:00:00Z"),
      judge: judgeFor({ scope, maps: [map], classOf: usClassOf }),
    },
    collectPlan(plan, liveCollector([source])),
    await packageFile(path),
  );
}

/** Opens the package without any code of ours and reads every record of a collection. */
function readBag(path: string, name: string): Map<string, { line: string; fields: { [column: string]: unknown } }[]> {
  const bag = join(folder, name);
  mkdirSync(bag);
  writeFileSync(join(folder, "key.txt"), `${identity}\n`);
  execFileSync("sh", ["-c", `age -d -i "${folder}/key.txt" "${path}" | tar -x -C "${bag}"`]);
  const records = join(bag, "C-7F3K-2M9Q", "data/records");
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "manifest-sha256.txt"], { cwd: join(bag, "C-7F3K-2M9Q") });
  return new Map(
    readdirSync(records)
      .filter((file) => file.endsWith(".ndjson"))
      .map((file) => [
        file,
        readFileSync(join(records, file), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ]),
  );
}

test("a warrant's package holds exactly the rows an independent query finds, and no other", { skip: noAge }, async () => {
  const scope = scopeOf([lineOf("messages", { accounts: ["M-HARBOR-00", "M-HARBOR-03"] }), lineOf("files"), lineOf("name")], warrant);
  const plan = planOf(scope);
  const path = join(folder, "warrant.tar.age");
  const counted = (await countPlan(plan, liveCollector([source]))).map(({ counted: count }) => (count.kind === "counted" ? count.records : -1));
  const result = await produce(scope, plan, path);
  assert.ok(result.kind === "packed", JSON.stringify(result));
  assert.equal(
    result.figures.records,
    counted.reduce((sum, records) => sum + records, 0),
  );
  const { rows } = await owner.query<{ id: string; body: string }>(
    "select id, body from posts where author_id in ('M-HARBOR-00', 'M-HARBOR-03') and workspace_id = 'W-HARBOR' and sent_at >= '2026-01-10Z' and sent_at < '2026-03-01Z'",
  );
  const bag = readBag(path, "warrant");
  const posts = bag.get("workspace-database.posts.ndjson") ?? [];
  assert.deepEqual(posts.map((post) => [String(post.fields["id"]), post.fields["body"]]).toSorted(), rows.map((row) => [row.id, row.body]).toSorted());
  assert.deepEqual([...bag.keys()].toSorted(), ["workspace-database.files.ndjson", "workspace-database.members.ndjson", "workspace-database.posts.ndjson"]);
  const file = (bag.get("workspace-database.files.ndjson") ?? [])[0]?.fields["content"] as { file: string; sha256: string };
  const content = readFileSync(join(folder, "warrant/C-7F3K-2M9Q", file.file));
  assert.equal(createHash("sha256").update(content).digest("hex"), file.sha256);
  const verified = await verifyPackage(path, { identity });
  assert.deepEqual([verified.ok, verified.recordsByLine], [true, result.figures.recordsByLine]);
});

test("a subpoena's package holds no column that is content", { skip: noAge }, async () => {
  const scope = scopeOf(["name", "contact", "account-id", "registration", "sign-in-history", "billing"].map((type) => lineOf(type)));
  const path = join(folder, "subpoena.tar.age");
  const result = await produce(scope, planOf(scope), path);
  assert.ok(result.kind === "packed", JSON.stringify(result));
  const content = new Set(
    map.collections.flatMap((collection) =>
      collection.fields.filter((field) => field.class !== "non-content").map((field) => `${collection.name}.${field.name}`),
    ),
  );
  let records = 0;
  for (const [file, lines] of readBag(path, "subpoena")) {
    const collection = file.replace("workspace-database.", "").replace(".ndjson", "");
    assert.ok(!["posts", "drafts", "files"].includes(collection));
    for (const line of lines) {
      records += 1;
      assert.equal(line.fields["workspace_id"], "W-HARBOR");
      for (const column of Object.keys(line.fields)) assert.ok(!content.has(`${collection}.${column}`), column);
    }
  }
  assert.equal(records, result.figures.records);
  assert.ok(records > 5);
});

test("a fault planted in the plan is caught before release, and no file is left", async () => {
  const scope = scopeOf([lineOf("sign-in-history")]);
  const plan = planOf(scope);
  const faults: Plan[] = [
    { ...plan, reads: plan.reads.map((read) => ({ ...read, accounts: ["M-HARBOR-01"] })) },
    { ...plan, reads: plan.reads.map(({ from: _from, until: _until, ...read }) => read) },
    {
      ...plan,
      reads: plan.reads
        .map((read) => ({ ...read, collection: "members", columns: ["id", "password_hash"], witness: { subject: "id", workspace: "workspace_id" } }))
        .map(({ from: _from, until: _until, ...read }) => read),
    },
  ];
  for (const [index, faulty] of faults.entries()) {
    const path = join(folder, `faulty-${index}.tar.age`);
    assert.equal((await produce(scope, faulty, path)).kind, "outside");
    assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
  }
});

test("a plan whose source is not connected fails by name and releases nothing", async () => {
  const scope = scopeOf([lineOf("name")]);
  const plan = planOf(scope);
  const elsewhere = { ...plan, reads: plan.reads.map((read) => ({ ...read, source: "archive" })) };
  const result = await produce(scope, elsewhere, join(folder, "none.tar.age"));
  assert.ok(result.kind === "failed");
  assert.match(result.failure.what, /archive of the plan is not connected/);
  assert.equal((await countPlan(elsewhere, liveCollector([source])))[0]?.counted.kind, "failed");
});
