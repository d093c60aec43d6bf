import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { openFileKeyProvider } from "../../src/adapters/keys/file-key-provider.ts";
import { random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { openMemoryVaultTables } from "../../src/adapters/keys/memory-vault-tables.ts";
import { openVault } from "../../src/adapters/keys/sealed-vault.ts";
import { openSealedFolder, sweepDrafts } from "../../src/adapters/objects/sealed-folder.ts";
import { holderName } from "../../src/adapters/processes.ts";
import { openSealedJournals } from "../../src/adapters/objects/sealed-journal.ts";
import { NoRoom, type CaseKeys, type Objects, type Vault } from "../../src/app/vault-port.ts";
import { openMemoryLedger } from "../../src/ledger/memory-ledger.ts";
import { newDesk, signerFor } from "./ledger.contract.ts";
import { contentOf, testDrafts, testObjects } from "./objects.contract.ts";

let root: string;
let folder: string;
let objects: Objects;
let keys: Vault & CaseKeys;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "portcullis-objects-"));
  folder = join(root, "objects");
  const { tables } = openMemoryLedger({ sha256, random, signerFor });
  keys = openVault({ tables: openMemoryVaultTables(tables), provider: await openFileKeyProvider(join(root, "key")) });
  objects = openSealedFolder({ folder, keys });
});
after(() => rm(root, { recursive: true }));

testObjects("in a folder", () => ({ objects, keys, forgetKey: (desk, caseId) => keys.forget(desk, caseId) }));

testDrafts("in a folder", () => ({ objects, forgetKey: (desk, caseId) => keys.forget(desk, caseId) }));

async function pathOf(objectId: string): Promise<string> {
  const name = (await readdir(folder, { recursive: true })).find((path) => path.endsWith(objectId));
  return join(folder, name ?? "");
}

test("the sealed file shows nothing of its content and is for its owner alone", async () => {
  const desk = newDesk();
  const { objectId } = await objects.put(desk, "case:1", [Buffer.from("a name that must not be seen")]);
  const path = await pathOf(objectId);
  assert.ok(!(await readFile(path)).includes("name"));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("an object that was altered, cut, lengthened or put in the place of another is not read to its end", async () => {
  const desk = newDesk();
  const content = Buffer.alloc(200_000, "content ");
  const { objectId } = await objects.put(desk, "case:1", [content]);
  const path = await pathOf(objectId);
  const sealed = await readFile(path);
  const read = async () => contentOf(await objects.get(desk, "case:1", objectId));
  for (const place of [0, 20, 25, 52, 60, 70_000, 131_300, sealed.length - 1]) {
    await writeFile(
      path,
      Uint8Array.from(sealed, (byte, index) => (index === place ? byte ^ 1 : byte)),
    );
    await assert.rejects(read(), `byte ${place}`);
  }
  const [header, piece] = [53, 65_552];
  for (const length of [0, 10, header, header + 16, header + piece, header + 2 * piece, sealed.length - 1]) {
    await writeFile(path, sealed.subarray(0, length));
    await assert.rejects(read(), `length ${length}`);
  }
  for (const more of [Buffer.of(0), sealed.subarray(header, header + piece), sealed.subarray(header)]) {
    await writeFile(path, Buffer.concat([sealed, more]));
    await assert.rejects(read());
  }
  const swapped = [
    sealed.subarray(0, header),
    sealed.subarray(header + piece, header + 2 * piece),
    sealed.subarray(header, header + piece),
    sealed.subarray(header + 2 * piece),
  ];
  await writeFile(path, Buffer.concat(swapped));
  await assert.rejects(read());
  const other = await objects.put(desk, "case:1", [content]);
  await rename(await pathOf(other.objectId), path);
  await assert.rejects(read());
  await writeFile(path, sealed);
  assert.ok((await read()).equals(content));
  await truncate(path, 0);
});

test("pieces that were checked come before the piece that fails", async () => {
  const desk = newDesk();
  const { objectId } = await objects.put(desk, "case:1", [Buffer.alloc(200_000, "x")]);
  const path = await pathOf(objectId);
  const sealed = await readFile(path);
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  await writeFile(path, sealed);
  let seen = 0;
  await assert.rejects(async () => {
    for await (const chunk of (await objects.get(desk, "case:1", objectId)) ?? []) seen += chunk.length;
  });
  assert.equal(seen, 3 * 65_536 - 32);
});

test("half-written objects are invisible, and a start sweeps away what a crash left, never what another process still writes", async () => {
  const desk = newDesk();
  const { objectId } = await objects.put(desk, "case:1", [Buffer.from("whole")]);
  const path = await pathOf(objectId);
  const half = join(path, "..", "AAAAAAAAAAAAAAAAAAAAAA");
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  await writeFile(`${half}.${holderName().replace(`.${process.pid}.`, `.${dead}.`)}.draft`, "half");
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const slow = async function* () {
    yield Buffer.from("still ");
    await mayGoOn;
    yield Buffer.from("written");
  };
  const writing = objects.put(desk, "case:1", slow());
  while (!(await readdir(dirname(path))).some((name) => name.includes(`.${process.pid}.`))) await pause(5);
  assert.equal(await objects.get(desk, "case:1", "AAAAAAAAAAAAAAAAAAAAAA"), undefined);
  assert.equal(await sweepDrafts(folder), 1);
  assert.equal(await sweepDrafts(folder), 0);
  assert.equal(await sweepDrafts(join(root, "nowhere")), 0);
  goOn();
  assert.ok((await contentOf(await objects.get(desk, "case:1", (await writing).objectId))).equals(Buffer.from("still written")));
  assert.ok((await contentOf(await objects.get(desk, "case:1", objectId))).equals(Buffer.from("whole")));
});

test("sealing and reading a large object needs no more memory than a small one", async () => {
  const desk = newDesk();
  const chunk = Buffer.alloc(1024 * 1024, 7);
  const large = async function* () {
    for (let nth = 0; nth < 128; nth++) yield chunk;
  };
  let highest = 0;
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
  const before = process.memoryUsage().rss;
  const { objectId, bytes } = await objects.put(desk, "case:1", large());
  let read = 0;
  for await (const piece of (await objects.get(desk, "case:1", objectId)) ?? []) read += piece.length;
  clearInterval(watch);
  assert.equal(bytes, 128 * 1024 * 1024);
  assert.equal(read, bytes);
  assert.ok(highest - before < 64 * 1024 * 1024, `${Math.round((highest - before) / 1024 / 1024)} MiB more`);
});

test(
  "a folder that cannot be written gives the reason and stores nothing",
  { skip: process.getuid?.() === 0 ? "the administrator may write everywhere" : false },
  async () => {
    await chmod(folder, 0o500);
    await assert.rejects(objects.put(newDesk(), "case:1", []), { code: "EACCES" });
    await chmod(folder, 0o700);
  },
);

test("a draft whose file was cut at any byte behind its mark goes on, and no piece was ever sealed twice with one nonce", async () => {
  const desk = newDesk();
  const content = Buffer.alloc(500_000, "sealed bytes ");
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 499_999 }), fc.double({ min: 0, max: 1, noNaN: true }), async (flushedAt, share) => {
      const draft = await objects.begin(desk, "case:cut");
      await draft.append(content.subarray(0, flushedAt));
      const mark = await draft.flush();
      const path = `${await pathOf(`${draft.objectId}.unfinished`)}`;
      const durable = (await stat(path)).size;
      await draft.append(content.subarray(flushedAt));
      await draft.close();
      const before = await readFile(path);
      await truncate(path, durable + Math.floor((before.length - durable) * share));
      const more = (await objects.resume(desk, "case:cut", draft.objectId, mark)) ?? assert.fail("the draft is gone");
      const stored = await contentOf(more.stored());
      assert.ok(stored.length >= flushedAt && stored.equals(content.subarray(0, stored.length)));
      await more.append(content.subarray(stored.length));
      await more.keep();
      const whole = await readFile(await pathOf(draft.objectId));
      assert.ok((await contentOf(await objects.get(desk, "case:cut", draft.objectId))).equals(content));
      const nonces = (bytes: Buffer) =>
        Array.from({ length: Math.floor((bytes.length - 53) / 65_564) }, (_, piece) =>
          bytes.subarray(53 + piece * 65_564, 65 + piece * 65_564).toString("hex"),
        );
      const [first, second] = [nonces(before), nonces(whole)];
      const remadeFrom = Math.floor((stored.length + 32) / 65_536);
      assert.equal(new Set([...first, ...second.slice(remadeFrom)]).size, first.length + second.length - remadeFrom);
    }),
    { numRuns: 20 },
  );
});

test("a draft whose durable part was altered is not read to its end, and one piece cannot stand for another", async () => {
  const desk = newDesk();
  const draft = await objects.begin(desk, "case:altered");
  await draft.append(Buffer.alloc(300_000, "x"));
  const mark = await draft.flush();
  await draft.close();
  const path = await pathOf(`${draft.objectId}.unfinished`);
  const sealed = await readFile(path);
  for (const place of [60, 70_000, 150_000]) {
    await writeFile(
      path,
      Uint8Array.from(sealed, (byte, index) => (index === place ? byte ^ 1 : byte)),
    );
    const more = (await objects.resume(desk, "case:altered", draft.objectId, mark)) ?? assert.fail("the draft is gone");
    await assert.rejects(contentOf(more.stored()), `byte ${place}`);
    await more.close();
  }
});

test("notes of a journal come back in their order; one that was written by halves is cut away; what is removed was overwritten", async () => {
  const desk = newDesk();
  const journals = openSealedJournals({ folder: join(root, "packing"), keys });
  const read = async () => Array.fromAsync(journals.entries(desk, "work:1"));
  assert.deepEqual(await read(), []);
  const notes = Array.from({ length: 5 }, (_, n) => ({ n, words: "a secret word ".repeat(n * 1000) }));
  for (const note of notes) await journals.add(desk, "work:1", note);
  assert.deepEqual(await read(), notes);
  assert.deepEqual(await journals.names(desk), ["work:1"]);
  const [file] = (await readdir(join(root, "packing"), { recursive: true })).filter((name) => name.endsWith(".journal"));
  const path = join(root, "packing", file ?? "");
  const whole = await readFile(path);
  assert.ok(!whole.includes("secret"));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  for (const length of [0, 5, 22, 30, whole.length - 1]) {
    await writeFile(path, whole.subarray(0, length));
    const left = await read();
    assert.deepEqual(left, notes.slice(0, left.length));
    await journals.add(desk, "work:1", "after");
    assert.deepEqual(await read(), [...left, "after"], `cut at ${length}`);
  }
  await writeFile(
    path,
    Uint8Array.from(whole, (byte, index) => (index === 60 ? byte ^ 1 : byte)),
  );
  await assert.rejects(read(), /altered/);
  await writeFile(path, whole);
  await assert.rejects(journals.add(desk, "work:1", "x".repeat(65 * 1024 * 1024)), /too large for a journal/);
  assert.deepEqual(await read(), notes, "what was there is there");
  const held = await open(path);
  await journals.remove(desk, "work:1");
  assert.ok((await held.readFile()).every((byte) => byte === 0));
  await held.close();
  assert.deepEqual(await journals.names(desk), []);
  await journals.add(desk, "work:1", "again");
  await keys.forget(desk, "work:1");
  assert.deepEqual(await read(), []);
  await journals.remove(desk, "work:1");
});

/** Only the administrator may mount, and not everywhere. */
function mayMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), "portcullis-probe-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", probe]).status === 0;
  if (mounted) spawnSync("umount", [probe]);
  rmdirSync(probe);
  return mounted;
}

test(
  "a disk that fills up is said by name; what was durable stays, and goes on when there is room",
  { skip: mayMount() ? false : "a small disk cannot be mounted here" },
  async () => {
    const disk = join(root, "disk");
    await mkdir(disk);
    assert.equal(spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status, 0);
    try {
      const small = openSealedFolder({ folder: disk, keys });
      const desk = newDesk();
      const content = Buffer.alloc(3_000_000, "more than there is room for ");
      const draft = await small.begin(desk, "case:1");
      await draft.append(content.subarray(0, 500_000));
      const mark = await draft.flush();
      await assert.rejects(draft.append(content.subarray(500_000)), (error: unknown) => error instanceof NoRoom && error.where.startsWith(disk));
      await draft.close();
      await assert.rejects(small.put(desk, "case:1", [content]), (error: unknown) => error instanceof NoRoom);
      assert.equal(spawnSync("mount", ["-o", "remount,size=8m", disk]).status, 0);
      const more = (await small.resume(desk, "case:1", draft.objectId, mark)) ?? assert.fail("the draft is gone");
      const stored = await contentOf(more.stored());
      assert.ok(stored.length >= 500_000);
      await more.append(content.subarray(stored.length));
      await more.keep();
      assert.ok((await contentOf(await small.get(desk, "case:1", draft.objectId))).equals(content));
    } finally {
      spawnSync("umount", [disk]);
    }
  },
);
