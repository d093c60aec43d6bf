import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { generateKey, readKey, revokeKey } from "openpgp";
import { packOtherwise } from "../../../tests/fixtures/pack-otherwise.ts";
import { collected, fileRecord, record } from "../../../tests/fixtures/package.ts";
import type { OtherSealing } from "../../app/production-port.ts";
import { readDeliveryKey } from "../../production/package/delivery-key.ts";
import { readOpenPgpKey } from "./openpgp-key.ts";
import { makePassphrase } from "./passphrase.ts";
import { verifyPackage } from "./verify-package.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-sealing-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const at = "2026-04-20T10:00:00Z";
const made = new Date("2026-01-05T00:00:00Z");
const user = { name: "Officer", email: "officer@example.gov" };
const has = (program: string, flag = "--version") => (spawnSync(program, [flag]).error === undefined ? false : `the ${program} program is not installed`);

let files = 0;
async function packed(sealing: OtherSealing): Promise<string> {
  files += 1;
  const path = join(folder, `${files}.sealed`);
  const content = Buffer.alloc(3_000_000, "tide ");
  const result = await packOtherwise(path, sealing, collected([record(1), record(2), fileRecord(1, content)]));
  assert.equal(result.sha256, createHash("sha256").update(readFileSync(path)).digest("hex"));
  assert.equal(result.bytes, readFileSync(path).length);
  return path;
}

function assertBag(tar: string): void {
  const bag = mkdtempSync(join(folder, "bag-"));
  execFileSync("tar", ["-xf", tar, "-C", bag]);
  for (const list of ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
    execFileSync("sha256sum", ["--check", "--strict", "--quiet", list], { cwd: join(bag, "C-7F3K-2M9Q") });
}

test("a package under an OpenPGP key is opened by our own verification with its private key, and by no other", async () => {
  const keys = await generateKey({ userIDs: [user], date: made, format: "armored" });
  const path = await packed({ kind: "openpgp", key: keys.publicKey });
  const verified = await verifyPackage(path, { identity: keys.privateKey });
  assert.deepEqual([verified.ok, verified.records, verified.findings], [true, 3, []]);
  const others = await generateKey({ userIDs: [user], date: made, format: "armored" });
  assert.equal((await verifyPackage(path, { identity: others.privateKey })).findings[0]?.code, "NOT_OPENED");
  assert.equal((await verifyPackage(path)).findings[0]?.code, "NOT_OPENED");
});

test("a package under an OpenPGP key that was changed is not opened", async () => {
  for (const preferAead of [false, true]) {
    const keys = await generateKey({ userIDs: [user], date: made, format: "armored", config: { aeadProtect: preferAead } });
    const path = await packed({ kind: "openpgp", key: keys.publicKey });
    const bytes = readFileSync(path);
    const at60 = Math.floor(bytes.length * 0.6);
    bytes[at60] = (bytes[at60] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const verified = await verifyPackage(path, { identity: keys.privateKey });
    assert.equal(verified.ok, false);
    assert.ok(["NOT_OPENED", "BAD_ARCHIVE", "CHANGED"].includes(verified.findings[0]?.code ?? ""), JSON.stringify(verified.findings[0]));
  }
});

test("a package under an OpenPGP key whose very end was changed is not opened either", async () => {
  const keys = await generateKey({ userIDs: [user], date: made, format: "armored" });
  const path = await packed({ kind: "openpgp", key: keys.publicKey });
  const bytes = readFileSync(path);
  bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  assert.equal((await verifyPackage(path, { identity: keys.privateKey })).findings[0]?.code, "NOT_OPENED");
});

test("gpg opens a package under the key that gpg made, and the bag inside is whole", { skip: has("gpg") }, async () => {
  for (const algorithm of ["future-default", "default"]) {
    const home = mkdtempSync(join(folder, "gpg-"));
    const gpg = (...words: string[]) =>
      execFileSync("gpg", ["--homedir", home, "--batch", "--yes", "--quiet", "--trust-model", "always", ...words], {
        maxBuffer: 1e9,
        stdio: ["ignore", "pipe", "ignore"],
      });
    gpg("--passphrase", "", "--no-tty", "--faked-system-time", "20260105T000000", "--quick-gen-key", "officer@example.gov", algorithm, "default", "never");
    const key = readDeliveryKey(gpg("--armor", "--export").toString());
    assert.ok(key.kind === "openpgp", JSON.stringify(key));
    const path = await packed(key);
    gpg("--output", `${path}.tar`, "--decrypt", path);
    assertBag(`${path}.tar`);
    execFileSync("gpgconf", ["--homedir", home, "--kill", "all"]);
  }
});

test("a key that is expired, revoked, weak or cannot encrypt is refused, and the reason says which", async () => {
  const codeOf = async (armored: string, moment = at) => {
    const reading = await readOpenPgpKey(armored, moment);
    return reading.kind === "usable" ? "usable" : reading.reasons[0].code;
  };
  const good = await generateKey({ userIDs: [user], date: made, format: "object" });
  assert.equal(await codeOf(good.publicKey.armor()), "usable");
  const short = await generateKey({ userIDs: [user], date: made, keyExpirationTime: 24 * 3600, format: "armored" });
  assert.deepEqual([await codeOf(short.publicKey), await codeOf(short.publicKey, "2026-01-05T12:00:00Z")], ["EXPIRED", "usable"]);
  const { publicKey: revoked } = await revokeKey({
    key: good.publicKey,
    revocationCertificate: good.revocationCertificate,
    date: new Date("2026-02-01T00:00:00Z"),
    format: "armored",
  });
  assert.equal(await codeOf(revoked), "REVOKED");
  const weak = await generateKey({ userIDs: [user], date: made, type: "rsa", rsaBits: 1024, format: "armored", config: { minRSABits: 1024 } });
  assert.equal(await codeOf(weak.publicKey), "WEAK");
  const signsOnly = await generateKey({ userIDs: [user], date: made, subkeys: [], format: "armored" });
  assert.equal(await codeOf(signsOnly.publicKey), "CANNOT_ENCRYPT");
  assert.equal((await readKey({ armoredKey: good.publicKey.armor() })).isPrivate(), false);
});

test("a package is not sealed to a key that is refused, and nothing is left", async () => {
  const weak = await generateKey({ userIDs: [user], date: made, type: "rsa", rsaBits: 1024, format: "armored", config: { minRSABits: 1024 } });
  const path = join(folder, "refused.sealed");
  await assert.rejects(packOtherwise(path, { kind: "openpgp", key: weak.publicKey }, collected([record(1)])), /could not be written/);
  assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
});

test("a package under a passphrase is opened with it, not with another one, and not when it was changed", async () => {
  const passphrase = makePassphrase();
  const path = await packed({ kind: "passphrase-zip", passphrase });
  const verified = await verifyPackage(path, { passphrase });
  assert.deepEqual([verified.ok, verified.records, verified.findings], [true, 3, []]);
  assert.equal((await verifyPackage(path, { passphrase: makePassphrase() })).findings[0]?.code, "NOT_OPENED");
  assert.equal((await verifyPackage(path)).findings[0]?.code, "NOT_OPENED");
  const bytes = readFileSync(path);
  assert.ok(!bytes.includes("Harbor Works") && !bytes.includes(passphrase));
  bytes[2_000_000] = (bytes[2_000_000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const changed = await verifyPackage(path, { passphrase });
  assert.deepEqual([changed.ok, changed.findings[0]?.code], [false, "NOT_OPENED"]);
});

const sevenZip = process.env["PORTCULLIS_7Z"] ?? "7z";
test("7-Zip opens a package under a passphrase, and the bag inside is whole", { skip: has(sevenZip, "i") }, async () => {
  const passphrase = makePassphrase();
  const path = await packed({ kind: "passphrase-zip", passphrase });
  const out = join(folder, "seven");
  mkdirSync(out);
  execFileSync(sevenZip, ["x", `-p${passphrase}`, `-o${out}`, path], { stdio: "ignore" });
  assertBag(join(out, "C-7F3K-2M9Q.tar"));
});

test("unzip lists a package under a passphrase as one encrypted tar", { skip: has("unzip", "-v") }, async () => {
  const path = await packed({ kind: "passphrase-zip", passphrase: makePassphrase() });
  const listed = execFileSync("unzip", ["-Z", path], { encoding: "utf8" });
  assert.match(listed, /B[lxX-]+ .*C-7F3K-2M9Q\.tar|C-7F3K-2M9Q\.tar/);
});

test("a passphrase is ten words, and never the same", () => {
  const several = Array.from({ length: 200 }, makePassphrase);
  assert.equal(new Set(several).size, several.length);
  for (const one of several) assert.match(one, /^(?:[a-z]{3,8}-){9}[a-z]{3,8}$/);
});

test("a passphrase that somebody chose is refused", async () => {
  const chosen = { kind: "passphrase-zip", passphrase: "correct horse" } as const;
  await assert.rejects(packOtherwise(join(folder, "chosen.sealed"), chosen, collected([record(1)])), /could not be written/);
});
