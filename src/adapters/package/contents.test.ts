import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { collected, fileRecord, fullScope, orderOf, record } from "../../../tests/fixtures/package.ts";
import { lineOf, scopeOf } from "../../../tests/fixtures/production.ts";
import { certificateText } from "../../production/package/certificate.ts";
import type { CollectedRecord, Scope } from "../../production/shapes.ts";
import { decryptAge } from "./age-payload.ts";
import { packageFile } from "./package-file.ts";
import { verifyPackage } from "./verify-package.ts";
import { packager } from "./write-package.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-contents-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let identity = "";
let recipient = "";
before(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

/** Packs, opens with the tar program, and gives the bag's folder. */
async function bagOf(records: Iterable<CollectedRecord>, changes: Parameters<typeof orderOf>[2] = {}, scope: Scope = fullScope): Promise<string> {
  const home = mkdtempSync(join(folder, "bag-"));
  const path = join(home, "package.age");
  const result = await packager.pack(orderOf(scope, [recipient], changes), collected(records), await packageFile(path));
  assert.equal(result.kind, "packed", JSON.stringify(result));
  const sealed = readFileSync(path);
  const plain = await Array.fromAsync(
    decryptAge(
      identity,
      (async function* () {
        yield sealed;
      })(),
    ),
  );
  writeFileSync(join(home, "package.tar"), Buffer.concat(plain));
  execFileSync("tar", ["-xf", "package.tar"], { cwd: home });
  return join(home, encodeURIComponent(scope.caseId));
}

const read = (bag: string, name: string) => readFileSync(join(bag, name), "utf8");
type Node = { readonly "@id": string; readonly "@type": string | readonly string[]; readonly [member: string]: unknown };

test("parts of records stay small, and every CSV has as many rows as its NDJSON has lines", async () => {
  const many = Array.from({ length: 250 }, (_, i) => record(i, { fields: { ...record(i).fields, body: `=${"y".repeat(40_000)}` } }));
  const records = join(await bagOf(many), "data/records");
  const names = readdirSync(records);
  assert.ok(names.length >= 6, names.join());
  for (const name of names) {
    assert.ok(statSync(join(records, name)).size < 5 * 1024 * 1024, name);
    if (!name.endsWith(".ndjson")) continue;
    const rows = read(records, name.replace(".ndjson", ".csv")).trimEnd().split("\r\n");
    assert.equal(rows.length - 1, read(records, name).trimEnd().split("\n").length);
    assert.match(rows[1] ?? "", /"'=yyy/);
  }
});

test("the dictionary says in a table and in words what each field is and how the files are written", async () => {
  const bag = await bagOf([record(1)]);
  assert.match(read(bag, "data/dictionary.csv"), /^"source","collection","field","kind"/);
  assert.match(read(bag, "data/dictionary.csv"), /"workspace-database","posts","body","made by people \(content\)"/);
  assert.match(read(bag, "data/dictionary.txt"), /has one apostrophe \('\) before it/);
});

test("what was searched and gave nothing is certified, whether a read was empty or nothing is held", async () => {
  const bag = await bagOf([record(1)]);
  const search = JSON.parse(read(bag, "data/negative-search.json"));
  assert.ok(search.emptyReads.some((one: { collection: string }) => one.collection === "files"));
  assert.ok(search.linesWithoutRecords.includes("L-files") && !search.linesWithoutRecords.includes("L-messages"));
  const words = read(bag, "data/negative-search.txt");
  assert.match(words, /CERTIFICATE OF SEARCH WITHOUT RESULT/);
  assert.match(words, /L-files {2}files in workspace-database, files, from 2026-01-10T00:00:00/);
});

test("a package in which every read gave something holds no certificate of silence", async () => {
  const scope = scopeOf([lineOf("name")]);
  const fields = { id: "M-HARBOR-00", workspace_id: "W-HARBOR", full_name: "Ada Ashdown" };
  const bag = await bagOf(
    [record(1, { collection: "members", line: "L-name", fields, witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR" } })],
    {},
    scope,
  );
  assert.equal(existsSync(join(bag, "data/negative-search.txt")), false);
});

test("the certificate of an American paper names the rules it follows, and one of another law claims none", async () => {
  const american = read(await bagOf([record(1)]), "data/certificate.txt");
  for (const rule of ["803(6)", "902(11)", "902(13)", "902(14)", "18 USC 2703(g)", "28 USC 1746"]) assert.ok(american.includes(rule), rule);
  assert.match(american, /holds 1 records?/);
  const order = orderOf({ ...fullScope, instrument: "EU-EPOC" }, [recipient]);
  const general = certificateText({ ...order.declaration, scope: order.scope, plan: order.plan, recordsByLine: { "L-messages": 3 } });
  assert.doesNotMatch(general, /USC|Federal Rules/);
  assert.match(general, /follows no particular country's form/);
});

test("blacked-out passages are counted by reason, in the declaration and as data", async () => {
  const bag = await bagOf([record(1)], { redactions: () => ({ THIRD_PARTY: 4, PRIVILEGED: 1 }) });
  assert.deepEqual(JSON.parse(read(bag, "data/redactions.json")), { THIRD_PARTY: 4, PRIVILEGED: 1 });
  assert.match(read(bag, "data/declaration.txt"), /Passages blacked out, by reason:\n {2}THIRD_PARTY: 4\n {2}PRIVILEGED: 1\n/);
});

const examples = new URL("../../../../shared/data/case-examples/", import.meta.url).pathname;
const skip = existsSync(examples) ? false : "the shared test data is not here";

/** Every class and every member the examples use of the shared vocabularies, with the prefixes they stand for. */
function vocabulary() {
  const prefixes = new Map<string, string>();
  const words = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== "object" || value === null) return;
    for (const type of [(value as Node)["@type"]].flat()) words.add(String(type));
    for (const [name, inner] of Object.entries(value)) {
      words.add(name);
      if (name === "@context") for (const [prefix, address] of Object.entries(inner as object)) prefixes.set(prefix, String(address));
      else walk(inner);
    }
  };
  for (const name of readdirSync(examples).filter((each) => each.endsWith(".json"))) walk(JSON.parse(readFileSync(join(examples, name), "utf8")));
  return { prefixes, words };
}

test("the chain of custody speaks the words that CASE's own examples speak", { skip }, async () => {
  const { prefixes, words } = vocabulary();
  const custody = JSON.parse(read(await bagOf([record(1), fileRecord(1, Buffer.from("one"))]), "data/chain-of-custody.jsonld"));
  for (const [prefix, address] of Object.entries(custody["@context"]))
    if (!["@vocab", "kb"].includes(prefix)) assert.equal(prefixes.get(prefix), address, prefix);
  const unknown = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== "object" || value === null) return;
    for (const name of [...Object.keys(value), ...[(value as Node)["@type"] ?? []].flat()]) if (!name.startsWith("@") && !words.has(name)) unknown.add(name);
    Object.values(value).forEach(walk);
  };
  walk(custody["@graph"]);
  assert.deepEqual([...unknown], []);
});

test("the chain of custody names each file with its digest, the two acts, one person, and points nowhere", async () => {
  const bag = await bagOf([record(1), fileRecord(1, Buffer.from("one"))]);
  const graph: Node[] = JSON.parse(read(bag, "data/chain-of-custody.jsonld"))["@graph"];
  const of = (type: string) => graph.filter((node) => node["@type"] === type);
  assert.equal(of("case-investigation:InvestigativeAction").length, 2);
  assert.deepEqual(
    of("uco-identity:Person").map((node) => node["uco-core:name"]),
    ["R. Keeper"],
  );
  assert.ok(!JSON.stringify(graph).includes("M-HARBOR"));
  const listed = new Map(
    read(bag, "manifest-sha256.txt")
      .trim()
      .split("\n")
      .map((line) => line.split("  ").toReversed() as [string, string]),
  );
  const files = of("uco-observable:File").map((node) => {
    const [file, content] = node["uco-core:hasFacet"] as readonly { readonly [name: string]: any }[];
    return [file?.["uco-observable:filePath"], content?.["uco-observable:hash"][0]["uco-types:hashValue"]["@value"]];
  });
  assert.ok(files.length >= 9);
  for (const [path, sum] of files) assert.equal(listed.get(path), sum, path);
  const ids = new Set(graph.map((node) => node["@id"]));
  const points = [...JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g)].map((match) => match[1] ?? "");
  for (const id of points) assert.ok(ids.has(id), id);
  assert.match([...ids][0] ?? "", /^kb:investigation-[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a bag that GNU tar packed again is good, and one whose CSV carries more than the NDJSON is not, although its manifest is true", async () => {
  const bag = await bagOf([record(1), fileRecord(1, Buffer.from("one"))]);
  const repacked = join(folder, "repacked.tar");
  const inOrder = () => {
    execFileSync("tar", [
      "-cf",
      repacked,
      "-C",
      join(bag, ".."),
      ...["bagit.txt", "data/instrument.json", "data/plan.json", "data/dictionary.json"].map((name) => `C-7F3K-2M9Q/${name}`),
    ]);
    execFileSync("tar", [
      "-rf",
      repacked,
      "-C",
      join(bag, ".."),
      "--exclude=bagit.txt",
      "--exclude=instrument.json",
      "--exclude=plan.json",
      "--exclude=dictionary.json",
      "C-7F3K-2M9Q",
    ]);
  };
  inOrder();
  assert.deepEqual((await verifyPackage(repacked)).findings, []);
  const table = join(bag, "data/records/workspace-database.posts.csv");
  writeFileSync(table, `${readFileSync(table, "utf8")}"L-messages","because","another person's words"\r\n`);
  const relisted = execFileSync("sh", ["-c", "find data -type f | sort | xargs sha256sum"], { cwd: bag });
  writeFileSync(join(bag, "manifest-sha256.txt"), relisted);
  rmSync(join(bag, "tagmanifest-sha256.txt"));
  writeFileSync(join(bag, "bag-info.txt"), "Source-Organization: x\n");
  inOrder();
  assert.deepEqual(
    (await verifyPackage(repacked)).findings.map(({ code, where }) => [code, where]),
    [["CSV_DIFFERS", "data/records/workspace-database.posts.csv"]],
  );
});

test("names that are too long for a plain header come out of the tar program as they went in", async () => {
  const caseId = `C-${"ü".repeat(20)}`;
  const home = await bagOf([record(1)], {}, { ...fullScope, caseId });
  assert.equal(existsSync(join(home, "data/records/workspace-database.posts.ndjson")), true);
});
