import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { pack as tarPack } from "tar-stream";
import type { Header } from "tar-stream";
import { collected, fileRecord, fullScope, orderOf as orderFor, record } from "../../../tests/fixtures/package.ts";
import { lineOf, scopeOf } from "../../../tests/fixtures/production.ts";
import type { PackageOrder, PackageSink } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import type { LedgerProof } from "../../ledger/port.ts";
import { planText } from "../../production/package/papers.ts";
import type { Collected, Scope } from "../../production/shapes.ts";
import { decryptAge, makeAgeHeader } from "./age-payload.ts";
import { AgeSealer } from "./age-sealer.ts";
import { packageFile } from "./package-file.ts";
import { verifyPackage } from "./verify-package.ts";
import { packager } from "./write-package.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-package-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let identity = "";
let recipient = "";
before(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

const noAge = spawnSync("age", ["--version"]).status === 0 ? false : "the age program is not installed";
const proof: LedgerProof = { position: 4, treeSize: 9, path: [], checkpoint: "note", salt: "", record: "{}" };

function orderOf(scope: Scope, changes: Parameters<typeof orderFor>[2] = {}): PackageOrder {
  return orderFor(scope, [recipient], changes);
}

let files = 0;
function nextPath(): string {
  files += 1;
  return join(folder, `${files}.tar.age`);
}

async function packed(order: PackageOrder, items: AsyncIterable<Collected>): Promise<string> {
  const path = nextPath();
  const result = await packager.pack(order, items, await packageFile(path));
  assert.equal(result.kind, "packed", JSON.stringify(result));
  return path;
}

test("a package can be verified offline, and its figures are those of the packager", async () => {
  const order = orderOf(fullScope, { proof });
  const path = nextPath();
  const finding = { code: "UNREADABLE", where: "general/2026-03-02.json", what: "The entry is not a JSON list." } as const;
  const records = [record(1), record(2), fileRecord(1, Buffer.from("one")), fileRecord(2, new Uint8Array(0))];
  const result = await packager.pack(order, collected(records, { kind: "finding", finding }), await packageFile(path));
  assert.ok(result.kind === "packed");
  assert.equal(result.sha256, createHash("sha256").update(readFileSync(path)).digest("hex"));
  assert.equal(result.bytes, statSync(path).size);
  assert.deepEqual(result.figures.recordsByDataType, { messages: 2, files: 2 });
  assert.deepEqual(result.findings, [finding]);
  const verified = await verifyPackage(path, { identity });
  assert.deepEqual(verified, {
    ok: true,
    findings: [],
    records: 4,
    recordsByLine: { "L-messages": 2, "L-files": 2 },
    recordsByDataType: { messages: 2, files: 2 },
    proof: { kind: "not-checked" },
    signature: { kind: "absent" },
  });
});

test("the age program and tar open a package, and its bag holds exactly the records", { skip: noAge }, async () => {
  const path = await packed(orderOf(fullScope, { proof }), collected([record(1), fileRecord(1, Buffer.from("one"))]));
  const bag = join(folder, "opened");
  mkdirSync(bag);
  writeFileSync(join(folder, "key.txt"), `${identity}\n`);
  execFileSync("sh", ["-c", `age -d -i "${folder}/key.txt" "${path}" | tar -x -C "${bag}"`]);
  const top = join(bag, "C-7F3K-2M9Q");
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "manifest-sha256.txt"], { cwd: top });
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "tagmanifest-sha256.txt"], { cwd: top });
  const lines = readFileSync(join(top, "data/records/workspace-database.posts.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { fields: object });
  assert.deepEqual(
    lines.map((line) => line.fields),
    [record(1).fields],
  );
  assert.equal(readFileSync(join(top, "data/files/workspace-database.files.000001"), "utf8"), "one");
  assert.deepEqual(readdirSync(join(top, "data")).toSorted(), [
    "certificate.txt",
    "chain-of-custody.jsonld",
    "declaration.txt",
    "dictionary.csv",
    "dictionary.json",
    "dictionary.txt",
    "files",
    "instrument.json",
    "negative-search.json",
    "negative-search.txt",
    "plan.json",
    "proof.json",
    "records",
  ]);
  assert.match(readFileSync(join(top, "data/declaration.txt"), "utf8"), /L-messages {2}messages: 1\n/);
});

test("a subpoena's package holds no content column and no line about content", async () => {
  const scope = scopeOf([lineOf("name"), lineOf("billing")]);
  const fields = { id: "M-HARBOR-00", workspace_id: "W-HARBOR", full_name: "Ada Ashdown" };
  const order = orderOf(scope);
  const path = await packed(
    order,
    collected([record(1, { collection: "members", line: "L-name", fields, witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR" } })]),
  );
  let text = "";
  for await (const chunk of decryptAge(identity, collectedBytes(readFileSync(path)))) text += Buffer.from(chunk).toString("latin1");
  assert.ok(!/"class": "content"|\bposts\b|\bbody\b|CONTENT/.test(text));
  assert.equal((await verifyPackage(path, { identity })).ok, true);
});

test("one record outside the scope stops the package, and nothing is left", async () => {
  const path = nextPath();
  const bad = record(9, { witness: { subject: "M-HARBOR-01", workspace: "W-HARBOR", moment: instant("2026-02-01T08:00:00Z") } });
  const result = await packager.pack(orderOf(fullScope), collected([record(1), bad, record(2)]), await packageFile(path));
  assert.ok(result.kind === "outside");
  assert.equal(result.key, "key-9");
  assert.deepEqual(
    result.reasons.map((reason) => reason.code),
    ["OTHER_ACCOUNT"],
  );
  assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
});

test("a source that fails midway leaves nothing", async () => {
  const path = nextPath();
  const failure = {
    source: "workspace-database",
    collection: "posts",
    line: "L-messages",
    step: "read",
    code: "57P01",
    what: "stopped",
    recordsBefore: 1,
  } as const;
  const result = await packager.pack(orderOf(fullScope), collected([record(1)], { kind: "failed", failure }), await packageFile(path));
  assert.deepEqual(result, { kind: "failed", failure });
  assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
});

test("a full disk is thrown, the sink is dropped and collection ends", async () => {
  let dropped = false;
  const sink: PackageSink = {
    write: () => Promise.reject(new Error("no space")),
    keep: () => assert.fail("must not be kept"),
    drop: async () => void (dropped = true),
  };
  const endless = (function* () {
    for (let i = 0; ; i++) yield record(i, { fields: { ...record(i).fields, body: "x".repeat(100_000) } });
  })();
  await assert.rejects(packager.pack(orderOf(fullScope), collected(endless), sink), /could not be written/);
  assert.equal(dropped, true);
});

test("many records become several files, all in the manifest", async () => {
  const many = (function* () {
    for (let i = 0; i < 300; i++) yield record(i, { fields: { ...record(i).fields, body: "y".repeat(50_000) } });
  })();
  const path = await packed(orderOf(fullScope), collected(many));
  const verified = await verifyPackage(path, { identity });
  assert.deepEqual([verified.ok, verified.records], [true, 300]);
});

/** Opens a package, lets `change` alter its files, and writes it again as a plain tar with true manifests unless told otherwise. */
async function altered(path: string, change: (files: Map<string, Buffer>) => void, honest = true): Promise<string> {
  const bag = mkdtempSync(join(folder, "altered-"));
  const plain: Uint8Array[] = [];
  for await (const chunk of decryptAge(identity, collectedBytes(readFileSync(path)))) plain.push(chunk);
  writeFileSync(join(bag, "in.tar"), Buffer.concat(plain));
  execFileSync("tar", ["-xf", "in.tar"], { cwd: bag });
  const top = join(bag, "C-7F3K-2M9Q");
  const names = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1));
  const order = (name: string) => (/(instrument|plan|dictionary)\.json$/.test(name) ? 0 : 1);
  const contents = new Map(names.toSorted((a, b) => order(a) - order(b)).map((name) => [name, readFileSync(join(top, name))]));
  change(contents);
  if (honest) relist(contents);
  return writeTar([...contents].map(([name, bytes]) => ({ header: { name: `C-7F3K-2M9Q/${name}` }, bytes })));
}

function relist(contents: Map<string, Buffer>): void {
  const sum = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const payload = [...contents].filter(([name]) => name.startsWith("data/"));
  contents.set("manifest-sha256.txt", Buffer.from(payload.map(([name, bytes]) => `${sum(bytes)}  ${name}\n`).join("")));
  contents.set("bag-info.txt", Buffer.from("Source-Organization: x\n"));
  contents.delete("tagmanifest-sha256.txt");
}

async function writeTar(entries: readonly { readonly header: Partial<Header> & { name: string }; readonly bytes: Buffer }[]): Promise<string> {
  const tar = tarPack();
  for (const { header, bytes } of entries) tar.entry({ ...header, size: bytes.length }, bytes);
  tar.finalize();
  const path = nextPath();
  writeFileSync(path, Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>)));
  return path;
}

const swap = (name: string, from: RegExp, to: string) => (contents: Map<string, Buffer>) => {
  const before = contents.get(name)?.toString() ?? assert.fail(name);
  assert.match(before, from);
  contents.set(name, Buffer.from(before.replace(from, to)));
};
const posts = "data/records/workspace-database.posts.ndjson";
const forgeries: readonly (readonly [string, (contents: Map<string, Buffer>) => void, string])[] = [
  ["another account", swap(posts, /M-HARBOR-00/, "M-HARBOR-01"), "OUTSIDE_SCOPE"],
  ["a later date", swap(posts, /2026-02-01T/, "2026-03-02T"), "OUTSIDE_SCOPE"],
  ["a column more", swap(posts, /"body"/, '"password_hash":"x","body"'), "OUTSIDE_SCOPE"],
  ["another reason", swap(posts, /"why":"Line/, '"why":"Because'), "OUTSIDE_SCOPE"],
  ["a record of a denied line", swap(posts, /"line":"L-messages"/, '"line":"L-live"'), "OUTSIDE_SCOPE"],
  ["an instrument that reaches less", swap("data/instrument.json", /"CONTENT"\n\s+\],/, '"LOCATION"],'), "OUTSIDE_SCOPE"],
  ["no instrument", (contents) => contents.delete("data/instrument.json"), "NO_PAPER"],
  ["a line that is no record", swap(posts, /^\{/, "["), "UNREADABLE_RECORD"],
  ["a file nobody names", (contents) => contents.set("data/files/extra", Buffer.from("x")), "FILE_UNEXPLAINED"],
  ["a paper nobody knows", (contents) => contents.set("data/secret/extra.bin", Buffer.from("x")), "FILE_UNEXPLAINED"],
  ["another file's content", (contents) => contents.set("data/files/workspace-database.files.000001", Buffer.from("two")), "FILE_MISSING"],
];
for (const [what, change, code] of forgeries) {
  test(`a package that was made again with ${what} is not good, although its manifest is true`, async () => {
    const path = await packed(orderOf(fullScope), collected([record(1), fileRecord(1, Buffer.from("one"))]));
    const verified = await verifyPackage(await altered(path, change));
    assert.equal(verified.ok, false);
    assert.ok(
      verified.findings.some((finding) => finding.code === code),
      JSON.stringify(verified.findings),
    );
  });
}

test("the same package made again unaltered is good", async () => {
  const path = await packed(orderOf(fullScope), collected([record(1), fileRecord(1, Buffer.from("one"))]));
  const verified = await verifyPackage(await altered(path, () => undefined));
  assert.deepEqual([verified.ok, verified.records], [true, 2]);
});

test("a changed file is found by the manifest", async () => {
  const path = await packed(orderOf(fullScope), collected([record(1)]));
  const verified = await verifyPackage(await altered(path, swap("data/declaration.txt", /R\. Keeper/, "S. Keeper"), false));
  assert.deepEqual(
    verified.findings.map((finding) => [finding.code, finding.where]),
    [["CHANGED", "data/declaration.txt"]],
  );
});

test("the proof is checked with the log's key, and tied to the plan by its digest", async () => {
  const order = orderOf(fullScope, { proof });
  const path = await packed(order, collected([record(1)]));
  const plan = createHash("sha256").update(planText(order.plan)).digest("hex");
  const check = async (fact: object) =>
    await verifyPackage(path, { identity, trustedLogKey: "key", verifyProof: () => ({ kind: "proved", sealed: { fact } }) });
  const checked = { type: "RecordsChecked", plan, passed: true, records: 1, outside: 0 };
  assert.deepEqual((await check(checked)).proof, { kind: "proved", tied: true });
  const codes = async (fact: object) => (await check(fact)).findings.map((finding) => finding.code);
  assert.deepEqual(await codes({ ...checked, plan: "00" }), ["OTHER_PLAN", "SIGNATURE_ABSENT"]);
  assert.deepEqual(await codes({ ...checked, passed: false }), ["PROOF_OF_SOMETHING_ELSE", "SIGNATURE_ABSENT"]);
  assert.deepEqual(await codes({}), ["PROOF_OF_SOMETHING_ELSE", "SIGNATURE_ABSENT"]);
  const bare = await packed(orderOf(fullScope), collected([record(1)]));
  assert.deepEqual(
    (await verifyPackage(bare, { identity, trustedLogKey: "key" })).findings.map((finding) => finding.code),
    ["PROOF_ABSENT", "SIGNATURE_ABSENT"],
  );
  const refuted = await verifyPackage(path, { identity, trustedLogKey: "key", verifyProof: () => ({ kind: "refuted", code: "NOT_IN_TREE", because: "No." }) });
  assert.deepEqual([refuted.ok, refuted.proof], [false, { kind: "refuted", because: "No." }]);
});

test("an encrypted package without its identity, with another one, cut short or changed is not opened", async () => {
  const path = await packed(orderOf(fullScope), collected([record(1), fileRecord(1, randomBytes(200_000))]));
  const bytes = readFileSync(path);
  const flipped = Buffer.from(bytes);
  flipped[150_000] = (flipped[150_000] ?? 0) ^ 1;
  const cases: [Buffer, string | undefined][] = [
    [bytes, undefined],
    [bytes, await generateX25519Identity()],
    [bytes.subarray(0, 70_000), identity],
    [bytes.subarray(0, 60), identity],
    [flipped, identity],
  ];
  for (const [content, key] of cases) {
    const file = nextPath();
    writeFileSync(file, content);
    const verified = await verifyPackage(file, key === undefined ? {} : { identity: key });
    assert.deepEqual([verified.ok, verified.findings.at(-1)?.code], [false, "NOT_OPENED"]);
  }
});

const top = "C-1/";
const archives: readonly (readonly [string, readonly { readonly header: Partial<Header> & { name: string }; readonly bytes: Buffer }[]])[] = [
  ["a link", [{ header: { name: `${top}data/x`, type: "symlink", linkname: "/etc/passwd" }, bytes: Buffer.alloc(0) }]],
  ["a path that leads outside", [{ header: { name: `${top}../x` }, bytes: Buffer.from("x") }]],
  ["an absolute path", [{ header: { name: "/etc/x" }, bytes: Buffer.from("x") }]],
  [
    "two bags",
    [
      { header: { name: "a/x" }, bytes: Buffer.from("x") },
      { header: { name: "b/x" }, bytes: Buffer.from("x") },
    ],
  ],
  [
    "a name twice",
    [
      { header: { name: "a/x" }, bytes: Buffer.from("x") },
      { header: { name: "a/x" }, bytes: Buffer.from("y") },
    ],
  ],
  ["too many files", Array.from({ length: 12 }, (_, i) => ({ header: { name: `a/${i}` }, bytes: Buffer.from("x") }))],
  ["too many bytes", [{ header: { name: "a/x" }, bytes: Buffer.alloc(200_000) }]],
  ["nothing", []],
];
for (const [what, entries] of archives) {
  test(`an archive with ${what} is refused`, async () => {
    const verified = await verifyPackage(await writeTar(entries), { limits: { entries: 10, totalBytes: 100_000 } });
    assert.deepEqual([verified.ok, verified.findings.map((finding) => finding.code)], [false, ["BAD_ARCHIVE"]]);
  });
}

test("a file that is no package gives a finding", async () => {
  for (const content of ["", "hello", "x".repeat(3000)]) {
    const file = nextPath();
    writeFileSync(file, content);
    assert.equal((await verifyPackage(file)).findings[0]?.code, "BAD_ARCHIVE");
  }
});

async function* collectedBytes(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function sealedBytes(...pieces: Uint8Array[]): Promise<Buffer> {
  const sealed: Uint8Array[] = [];
  const sealer = new AgeSealer(await makeAgeHeader([recipient]), async (piece) => void sealed.push(Uint8Array.from(piece)));
  for (const piece of pieces) await sealer.write(piece);
  await sealer.end();
  return Buffer.concat(sealed);
}

const chunk = 64 * 1024;
const lengths = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 1, 40 * chunk, 40 * chunk + 7];

test("every length that touches the edge of a chunk is decrypted as it was encrypted, in whatever pieces it came", async () => {
  for (const length of lengths) {
    const plain = randomBytes(length);
    for (const size of [1 + Math.floor(length / 3), chunk, 100_003]) {
      const pieces = Array.from({ length: Math.ceil(length / size) }, (_, i) => plain.subarray(i * size, (i + 1) * size));
      const sealed = await sealedBytes(...pieces);
      const opened = Buffer.concat(await Array.fromAsync(decryptAge(identity, collectedBytes(sealed))));
      assert.ok(opened.equals(plain), `${length} in pieces of ${size}`);
    }
  }
});

test("the age program opens what we encrypt and we open what it encrypts, at every edge of a chunk", { skip: noAge }, async () => {
  const key = join(folder, "edge.txt");
  writeFileSync(key, `${identity}\n`);
  for (const length of lengths) {
    const plain = randomBytes(length);
    const sealed = await sealedBytes(plain);
    assert.ok(execFileSync("age", ["-d", "-i", key], { input: sealed, maxBuffer: 1e9 }).equals(plain), `theirs ${length}`);
    const theirs = execFileSync("age", ["-r", recipient], { input: plain, maxBuffer: 1e9 });
    assert.ok(Buffer.concat(await Array.fromAsync(decryptAge(identity, collectedBytes(theirs)))).equals(plain), `ours ${length}`);
  }
});

test("packing a great deal keeps memory flat", async () => {
  const script = new URL("../../../bench/package.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script, "pack", "300000000"]);
  const { peakBytes } = JSON.parse(stdout) as { peakBytes: number };
  assert.ok(peakBytes < 256 * 1024 * 1024, `peak of ${Math.round(peakBytes / 1e6)} MB`);
});
