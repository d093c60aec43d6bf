import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type FileKeyProvider, openFileKeyProvider, rotateKeyFile } from "../../src/adapters/keys/file-key-provider.ts";
import { noteCrypto, openLogSigners, random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { openMemoryVaultTables } from "../../src/adapters/keys/memory-vault-tables.ts";
import { openVault, rewrapCaseKeys } from "../../src/adapters/keys/sealed-vault.ts";
import { verifyDesk } from "../../src/adapters/postgres/ledger-rows.ts";
import { openPostgresLedger } from "../../src/adapters/postgres/ledger.ts";
import { openVaultTables } from "../../src/adapters/postgres/vault-tables.ts";
import type { DeskId } from "../../src/kernel/ids.ts";
import { openMemoryLedger } from "../../src/ledger/memory-ledger.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { appendOf, at, newDesk, signerFor } from "./ledger.contract.ts";
import { testVault, type VaultSubject } from "./vault.contract.ts";

let folder: string;
let provider: FileKeyProvider;
let database: TestDatabase;
const memory = openMemoryLedger({ sha256, random, signerFor });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "portcullis-keys-"));
  provider = await openFileKeyProvider(join(folder, "wrapping.key"));
  database = await openTestDatabase();
});
after(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

testVault("in memory", () => {
  const valueOf = (desk: DeskId, ref: string) => memory.tables.vault.get(`${desk}/${ref}`) as { ciphertext: Uint8Array };
  return {
    vault: openVault({ tables: openMemoryVaultTables(memory.tables), provider }),
    ledger: memory,
    read: async (desk, ref) => valueOf(desk, ref).ciphertext,
    damage: async (desk, ref, byte) => {
      const { ciphertext } = valueOf(desk, ref);
      ciphertext[byte] = (ciphertext[byte] ?? 0) ^ 1;
    },
    move: async (desk, from, to) => {
      valueOf(desk, to).ciphertext = valueOf(desk, from).ciphertext;
    },
  };
});

testVault("in PostgreSQL", inPostgres);

function inPostgres(): VaultSubject {
  return {
    vault: openVault({ tables: openVaultTables(database.app), provider }),
    ledger: openPostgresLedger({ pool: database.app, sha256, random, signerFor }),
    read: async (desk, ref) => {
      const { rows } = await database.owner.query<{ ciphertext: Uint8Array }>("select ciphertext from vault where desk = $1 and ref = $2", [desk, ref]);
      return rows[0]?.ciphertext as Uint8Array;
    },
    damage: async (desk, ref, byte) => {
      await database.owner.query("update vault set ciphertext = set_byte(ciphertext, $3, get_byte(ciphertext, $3) # 1) where desk = $1 and ref = $2", [
        desk,
        ref,
        byte,
      ]);
    },
    move: async (desk, from, to) => {
      await database.owner.query(
        "update vault set ciphertext = o.ciphertext from vault o where vault.desk = $1 and vault.ref = $3 and o.desk = $1 and o.ref = $2",
        [desk, from, to],
      );
    },
  };
}

test("a forgotten case leaves the ledger whole; a value emptied without that does not", async () => {
  const { vault, ledger } = inPostgres();
  const desk = newDesk();
  const check = async () => (await verifyDesk(database.app, desk, { crypto: noteCrypto, key: signerFor(desk) })).kind;
  for (const stream of ["case:1", "case:2"]) {
    const { values, alongside } = await vault.prepare(desk, stream, ["secret"]);
    await ledger.append(appendOf(desk, stream, 0, [{ type: "A", letter: { ...values[0] } }], alongside));
  }
  await ledger.seal(desk, at);
  await vault.forget(desk, "case:1");
  assert.equal(await check(), "whole");
  await database.owner.query("update vault set ciphertext = '' where desk = $1", [desk]);
  assert.equal(await check(), "broken");
});

test("after a rotation new keys are wrapped with the new key, old ones still open, and can be wrapped anew", async () => {
  const path = join(folder, "rotated.key");
  const tables = openVaultTables(database.app);
  const desk = newDesk();
  await database.owner.query("delete from case_keys");
  const old = await openFileKeyProvider(path);
  const before = Buffer.from(await openVault({ tables, provider: old }).obtain(desk, "case:1"));
  const next = await rotateKeyFile(path);
  assert.notEqual(next.activeKeyId, old.activeKeyId);
  const vault = openVault({ tables, provider: next });
  assert.deepEqual(Buffer.from((await vault.find(desk, "case:1")) ?? []), before);
  await vault.obtain(desk, "case:2");
  assert.equal(await rewrapCaseKeys({ tables, provider: next }, next.isCurrent), 1);
  assert.equal(await rewrapCaseKeys({ tables, provider: next }, next.isCurrent), 0);
  assert.deepEqual(Buffer.from((await vault.find(desk, "case:1")) ?? []), before);
  await assert.rejects(openVault({ tables, provider: old }).find(desk, "case:1"), /is not in the key file/);
});

test("a key file is made once, for its owner alone, also when many start at the same time", async () => {
  const path = join(folder, "race.key");
  const providers = await Promise.all(Array.from({ length: 8 }, () => openFileKeyProvider(path)));
  assert.equal(new Set(providers.map(({ activeKeyId }) => activeKeyId)).size, 1);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.includes("draft")),
    [],
  );
  const [first, last] = [providers[0] as FileKeyProvider, providers[7] as FileKeyProvider];
  const wrapped = await first.wrap(Buffer.alloc(32, 7), "here");
  assert.deepEqual(Buffer.from(await last.unwrap(wrapped, "here")), Buffer.alloc(32, 7));
  await assert.rejects(last.unwrap(wrapped, "there"), /altered or belongs elsewhere/);
  for (let byte = 0; byte < wrapped.length; byte++) {
    const changed = Uint8Array.from(wrapped, (value, place) => (place === byte ? value ^ 1 : value));
    await assert.rejects(last.unwrap(changed, "here"));
  }
});

test("a key file that others can read, or that is damaged, is refused with a sentence that helps", { skip: process.platform === "win32" }, async () => {
  const path = join(folder, "open.key");
  await openFileKeyProvider(path);
  for (const mode of [0o640, 0o604, 0o620, 0o666]) {
    await chmod(path, mode);
    await assert.rejects(openFileKeyProvider(path), /is open to others .* chmod 600/);
  }
  await chmod(path, 0o600);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.slice(0, -5));
  await assert.rejects(openFileKeyProvider(path), /is damaged/);
  await writeFile(path, "");
  await assert.rejects(openFileKeyProvider(path), /holds no key/);
});

test("the logs of an installation keep their keys, and no two desks or origins share one", async () => {
  const path = join(folder, "log.key");
  const [first, again] = [await openLogSigners(path, "desk.example"), await openLogSigners(path, "desk.example")];
  const elsewhere = await openLogSigners(path, "other.example");
  const keys = [first("a" as DeskId), first("b" as DeskId), elsewhere("a" as DeskId)].map(({ publicKey }) => Buffer.from(publicKey).toString("hex"));
  assert.equal(new Set(keys).size, 3);
  assert.deepEqual(first("a" as DeskId).publicKey, again("a" as DeskId).publicKey);
  assert.equal(first("a b" as DeskId).name, "desk.example/a%20b");
  await chmod(path, 0o644);
  await assert.rejects(openLogSigners(path, "desk.example"), /open to others/);
});
