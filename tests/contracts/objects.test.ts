import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openFileKeyProvider } from "../../src/adapters/keys/file-key-provider.ts";
import { random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { openMemoryVaultTables } from "../../src/adapters/keys/memory-vault-tables.ts";
import { openVault } from "../../src/adapters/keys/sealed-vault.ts";
import { openSealedFolder, sweepDrafts } from "../../src/adapters/objects/sealed-folder.ts";
import type { CaseKeys, Objects, Vault } from "../../src/app/vault-port.ts";
import { openMemoryLedger } from "../../src/ledger/memory-ledger.ts";
import { newDesk, signerFor } from "./ledger.contract.ts";
import { contentOf, testObjects } from "./objects.contract.ts";

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

test("half-written objects are invisible, and a start sweeps away what a crash left", async () => {
  const desk = newDesk();
  const { objectId } = await objects.put(desk, "case:1", [Buffer.from("whole")]);
  const path = await pathOf(objectId);
  const half = join(path, "..", "AAAAAAAAAAAAAAAAAAAAAA");
  await writeFile(`${half}.draft`, "half");
  assert.equal(await objects.get(desk, "case:1", "AAAAAAAAAAAAAAAAAAAAAA"), undefined);
  assert.equal(await sweepDrafts(folder), 1);
  assert.equal(await sweepDrafts(folder), 0);
  assert.equal(await sweepDrafts(join(root, "nowhere")), 0);
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
