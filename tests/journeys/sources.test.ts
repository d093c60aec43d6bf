// From the set-up file to a checked package: sources of several kinds, and records that are somebody's only through records of another source.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { packageFile } from "../../src/adapters/package/package-file.ts";
import { verifyPackage } from "../../src/adapters/package/verify-package.ts";
import { packager } from "../../src/adapters/package/write-package.ts";
import { openSource } from "../../src/adapters/sources/open-source.ts";
import { liveCollector } from "../../src/app/collect-live.ts";
import { collectPlan, countPlan, type Source } from "../../src/app/production-port.ts";
import { sourceSettings } from "../../src/app/source-settings.ts";
import { instant } from "../../src/kernel/instant.ts";
import { judgeFor } from "../../src/production/check/judge-record.ts";
import { compileScope } from "../../src/production/plan/compile-scope.ts";
import { readDataMap } from "../../src/production/plan/read-data-map.ts";
import type { Collected, DataMap } from "../../src/production/shapes.ts";
import { dataTypes, lineOf, scopeOf, usClassOf, warrant } from "../fixtures/production.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-sources-"));
let server: Server;
let identity = "";

before(async () => {
  identity = await generateX25519Identity();
  mkdirSync(join(folder, "tables"));
  mkdirSync(join(folder, "mail"));
  writeFileSync(
    join(folder, "tables", "posts.csv"),
    [
      "id,author,workspace,sent_at,body",
      "1,M-HARBOR-00,W-HARBOR,2026-01-12T10:00:00.000Z,inside",
      "2,M-HARBOR-00,W-HARBOR,2026-05-12T10:00:00.000Z,too late",
      "3,M-HARBOR-01,W-HARBOR,2026-01-12T10:00:00.000Z,another's",
      "4,M-HARBOR-00,W-ORCHARD,2026-01-12T10:00:00.000Z,elsewhere",
      "5,M-HARBOR-00,W-HARBOR,2026-02-01T10:00:00.000Z,inside too",
    ].join("\n"),
  );
  writeFileSync(join(folder, "mail", "ada.eml"), "From: a@b.example\nTo: ada@harbor.example\nDate: Mon, 12 Jan 2026 10:00:00 +0000\nSubject: Hello\n\nText\n");
  const reactions = [
    { id: "r1", post: "1", sign: "thumbs-up" },
    { id: "r2", post: "3", sign: "frown" },
    { id: "r3", post: "r-thread", sign: "wave" },
  ];
  const revisions = [
    { id: "v1", post: "1", before: null, text: "first words" },
    { id: "v2", post: null, before: "v1", text: "second words" },
    { id: "v3", post: null, before: "v2", text: "third words" },
    { id: "v4", post: "2", before: "v4", text: "of a post outside the range" },
    { id: "v5", post: "5", before: "v3", text: "reached twice" },
  ];
  server = createServer((request, response) => {
    const body = request.url?.startsWith("/reactions") === true ? reactions : revisions;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ items: body }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function settings(): readonly unknown[] {
  const columns = ["id", "post", "sign", "before", "text"].map((name) => ({ name, kind: "text" }));
  const collection = (name: string) => ({ name, path: name, records: "items", paging: { kind: "one-page" }, columns, id: "id" });
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return [
    {
      kind: "table-files",
      name: "tables",
      dataMap: tablesMap,
      place: { kind: "folder", folder: join(folder, "tables") },
      collections: { posts: { files: ["posts.csv"], format: { kind: "csv" }, columns: { sent_at: { kind: "moment" } } } },
    },
    { kind: "json-api", name: "api", dataMap: apiMap, baseUrl: api, collections: [collection("reactions"), collection("revisions")] },
    {
      kind: "mail-archive",
      name: "mail",
      dataMap: "",
      folder: join(folder, "mail"),
      workspace: "W-HARBOR",
      mailboxes: [{ account: "M-HARBOR-00", files: ["*.eml"] }],
    },
  ];
}

const mark = (marks: string) => `fides_meta: { portcullis: { ${marks} } }`;
const messages = "class: content, data_types: [messages]";
const refers = (field: string) => `references: [{ dataset: ${field.split(" ")[0]}, field: ${field.split(" ")[1]}, direction: from }]`;
const tablesMap = `
fides_key: tables
collections:
  - name: posts
    fields:
      - { name: id, ${mark(`${messages}, role: key`)} }
      - { name: author, ${mark(`${messages}, role: subject`)} }
      - { name: workspace, ${mark(`${messages}, role: workspace`)} }
      - { name: sent_at, ${mark(`${messages}, role: moment`)} }
      - { name: body, ${mark(messages)} }
`;
const apiMap = `
fides_key: api
collections:
  - name: reactions
    fields:
      - { name: id, ${mark(`${messages}, role: key`)} }
      - { name: post, fides_meta: { ${refers("tables posts.id")} } }
      - { name: sign, ${mark(messages)} }
  - name: revisions
    fields:
      - { name: id, ${mark(`${messages}, role: key`)} }
      - { name: post, fides_meta: { ${refers("tables posts.id")}, portcullis: { role: owner } } }
      - { name: before, fides_meta: { ${refers("api revisions.id")}, portcullis: { role: owner } } }
      - { name: text, ${mark(messages)} }
`;

async function opened(): Promise<{ readonly sources: readonly Source[]; readonly maps: readonly DataMap[] }> {
  const entries = settings().map((each) => sourceSettings.parse(each));
  const sources = await Promise.all(entries.map(openSource));
  const maps = entries.flatMap(({ name, dataMap }) => {
    const reading = dataMap === "" ? undefined : readDataMap(name, dataMap, dataTypes);
    return reading === undefined ? [] : reading.kind === "read" ? reading.maps.map(({ map }) => map) : assert.fail(JSON.stringify(reading.problems));
  });
  return { sources: sources.map((each) => (each.kind === "open" ? each.source : assert.fail(JSON.stringify(each)))), maps };
}

const scope = scopeOf([lineOf("messages")], warrant);

test("records that name nobody are found from the subject's own, over two sources and in a circle, each once; the package shows the chain", async () => {
  const { sources, maps } = await opened();
  const compiled = compileScope({ scope, maps, classOf: usClassOf });
  assert.ok(compiled.kind === "planned", JSON.stringify(compiled));
  assert.deepEqual(compiled.plan.nothingHeld, []);
  const collector = liveCollector(sources);
  const items = await Array.fromAsync(collectPlan(compiled.plan, collector));
  assert.ok(items.every(({ kind }) => kind !== "failed"));
  const keys = items.flatMap((item) => (item.kind === "record" ? [`${item.record.collection} ${item.record.key}`] : []));
  assert.deepEqual(keys.toSorted(), ["posts 1", "posts 5", "reactions r1", "revisions v1", "revisions v2", "revisions v3", "revisions v5"]);
  assert.deepEqual(
    (await countPlan(compiled.plan, collector)).map(({ counted }) => counted),
    [1, 4, 2].map((records) => ({ kind: "counted", records })),
  );
  const path = join(folder, "package.age");
  const judge = judgeFor({ scope, maps, classOf: usClassOf });
  const packed = await packager.pack(
    {
      scope,
      plan: compiled.plan,
      maps,
      asked: [{ verdict: "produced", line: "L-messages", asked: "messages", why: "The paper reaches this line." }],
      declaration: { custodian: "R. Keeper", organisation: "Harbor Works Inc.", declaredAt: instant("2026-04-20T10:00:00Z") },
      recipients: [await identityToRecipient(identity)],
      packagedAt: instant("2026-04-20T10:00:00Z"),
      judge,
    },
    collectedAgain(items),
    await packageFile(path),
  );
  assert.equal(packed.kind, "packed", JSON.stringify(packed));
  const verified = await verifyPackage(path, { identity });
  assert.deepEqual([verified.ok, verified.records, verified.findings], [true, 7, []]);
});

async function* collectedAgain(items: readonly Collected[]): AsyncGenerator<Collected> {
  yield* items;
}

test("a receiver finds a chain out that was cut or bent in the package", async () => {
  const { sources, maps } = await opened();
  const compiled = compileScope({ scope, maps, classOf: usClassOf });
  assert.ok(compiled.kind === "planned");
  const items = await Array.fromAsync(collectPlan(compiled.plan, liveCollector(sources)));
  const bent = items.map((item): Collected => {
    if (item.kind !== "record" || item.record.chain === undefined) return item;
    const [first, ...rest] = item.record.chain.steps;
    return { kind: "record", record: { ...item.record, chain: { ...item.record.chain, steps: [{ ...first, subject: "M-HARBOR-01" }, ...rest] } } };
  });
  const path = join(folder, "bent.age");
  await packager.pack(
    {
      scope,
      plan: compiled.plan,
      maps,
      asked: [{ verdict: "produced", line: "L-messages", asked: "messages", why: "The paper reaches this line." }],
      declaration: { custodian: "R. Keeper", organisation: "Harbor Works Inc.", declaredAt: instant("2026-04-20T10:00:00Z") },
      recipients: [await identityToRecipient(identity)],
      packagedAt: instant("2026-04-20T10:00:00Z"),
      // A desk whose own checker was broken.
      judge: () => ({ kind: "inside" }),
    },
    collectedAgain(bent),
    await packageFile(path),
  );
  const verified = await verifyPackage(path, { identity });
  assert.equal(verified.ok, false);
  assert.deepEqual([...new Set(verified.findings.map(({ code }) => code))], ["OUTSIDE_SCOPE"]);
  assert.equal(verified.findings.length, 5);
});
