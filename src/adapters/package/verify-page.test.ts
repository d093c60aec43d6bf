import assert from "node:assert/strict";
import { hash, generateKeyPairSync, sign, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { Browser, Page } from "playwright-core";
import axe from "axe-core";
import { generateKey } from "openpgp";
import { launchBrowser } from "../../../tests/browser.ts";
import { packOtherwise } from "../../../tests/fixtures/pack-otherwise.ts";
import { collected, fileRecord, fullScope, orderOf, record } from "../../../tests/fixtures/package.ts";
import { type NoteCrypto, type NoteSigner, verifierText } from "../../ledger/signed-note.ts";
import { decryptAge } from "./age-payload.ts";
import type { OtherSealing } from "../../app/production-port.ts";
import { makePassphrase } from "./passphrase.ts";
import { packageFile } from "./package-file.ts";
import { verifyPackage } from "./verify-package.ts";
import { packager } from "./write-package.ts";
import { verifyPageHtml } from "./write-verify-page.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-page-"));
const pagePath = join(folder, "check.html");
const sealedPath = join(folder, "package.tar.age");
const plainPath = join(folder, "package.tar");
let browser: Browser;
let identity = "";
let logKey = "";
let sealed: Buffer;
let plain: Buffer;

const sha256 = (bytes: Uint8Array) => new Uint8Array(hash("sha256", bytes, "buffer"));

function newSigner(): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  return { name: "log.example.org", publicKey: raw, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

const crypto: NoteCrypto = {
  sha256,
  verify: (publicKey, message, signature) =>
    verify(null, message, { key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]), format: "der", type: "spki" }, signature),
};

before(async () => {
  browser = await launchBrowser();
  writeFileSync(pagePath, await verifyPageHtml());
  identity = await generateX25519Identity();
  const signer = newSigner();
  logKey = verifierText(sha256, signer);
  const order = orderOf(fullScope, [await identityToRecipient(identity)], { sign: signer });
  const result = await packager.pack(order, collected([record(1), record(2), fileRecord(1, Buffer.alloc(1_500_000, "tide "))]), await packageFile(sealedPath));
  assert.equal(result.kind, "packed");
  sealed = readFileSync(sealedPath);
  plain = Buffer.concat(
    await Array.fromAsync(
      decryptAge(
        identity,
        (async function* () {
          yield sealed;
        })(),
      ),
    ),
  );
  writeFileSync(plainPath, plain);
});

after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Seen {
  readonly verdict: string;
  readonly text: string;
  readonly asked: readonly string[];
}

async function checkInPage(
  file: string,
  given: { readonly identity?: string; readonly passphrase?: string; readonly logKey?: string } = {},
  look?: (page: Page) => Promise<void>,
): Promise<Seen> {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(pathToFileURL(pagePath).href);
  await page.setInputFiles("#file", file);
  await page.fill("#identity", given.identity ?? "");
  await page.fill("#passphrase", given.passphrase ?? "");
  await page.fill("#key", given.logKey ?? "");
  await page.click("#button");
  await page.waitForSelector("#outcome:not([hidden])");
  const verdict = (await page.textContent("#verdict")) ?? "";
  const text = (await page.textContent("#outcome")) ?? "";
  assert.equal(await page.evaluate("document.activeElement.id"), "verdict", "the result has the focus");
  await look?.(page);
  assert.deepEqual(errors, []);
  await context.close();
  return { verdict, text, asked };
}

test("the page says of a good package that it is good, without a network, and asks nobody", async () => {
  const { verdict, text, asked } = await checkInPage(sealedPath, { identity: `# created: today\n${identity}\n` });
  assert.equal(verdict, "The package is good");
  assert.match(text, /3 records/);
  assert.match(text, /L-messages: 2 records/);
  assert.match(text, /signature was not checked/);
  assert.deepEqual(asked, [pathToFileURL(pagePath).href]);
});

test("the page opens a plain tar, and checks the manifest's signature with the desk's key", async () => {
  const own = await verifyPackage(plainPath, { trustedLogKey: logKey, noteCrypto: crypto });
  assert.deepEqual([own.signature, own.findings.map(({ code }) => code)], [{ kind: "signed", by: "log.example.org" }, ["PROOF_ABSENT"]]);
  const { text } = await checkInPage(plainPath, { logKey });
  assert.match(text, /manifest is signed with the key you gave/);
  assert.match(text, /Fault in data\/proof\.json/);
  const other = await checkInPage(plainPath, { logKey: verifierText(sha256, newSigner()) });
  assert.match(other.text, /Fault in signature-of-manifest\.txt: The manifest is not signed with this key/);
});

test("the page says of a package with a changed byte that it is not good, and where", async () => {
  const changed = Buffer.from(plain);
  const at = changed.indexOf("Text 2");
  changed[at] = 0x54 ^ 1;
  const path = join(folder, "changed.tar");
  writeFileSync(path, changed);
  const { verdict, text } = await checkInPage(path);
  assert.equal(verdict, "The package is not good");
  assert.match(text, /data\/records\/workspace-database\.posts\.ndjson/);
  assert.deepEqual(
    (await verifyPackage(path)).findings.map(({ code }) => code),
    ["CHANGED", "CSV_DIFFERS"],
  );
});

test("the page says of a sealed file with a changed byte that it opens only so far, and of a wrong key that it does not open", async () => {
  const flipped = Buffer.from(sealed);
  flipped[900_000] = (flipped[900_000] ?? 0) ^ 1;
  const path = join(folder, "flipped.tar.age");
  writeFileSync(path, flipped);
  const seen = await checkInPage(path, { identity });
  assert.equal(seen.verdict, "The package is not good");
  assert.match(seen.text, /opens up to byte \d+ of the archive/);
  assert.match((await checkInPage(sealedPath, { identity: await generateX25519Identity() })).text, /identity does not open this file/);
  assert.match((await checkInPage(sealedPath)).text, /Give the identity/);
});

async function packedAs(name: string, sealing: OtherSealing): Promise<string> {
  const path = join(folder, name);
  await packOtherwise(path, sealing, collected([record(1), record(2), fileRecord(1, Buffer.alloc(1_500_000, "tide "))]));
  return path;
}

test("the page opens a package under an OpenPGP key, also one with a passphrase, and no other key's", async () => {
  const at = { date: new Date("2026-01-05T00:00:00Z"), userIDs: [{ name: "Officer" }] };
  for (const aeadProtect of [false, true]) {
    const { privateKey, publicKey } = await generateKey({ ...at, format: "armored", passphrase: "the key's own", config: { aeadProtect } });
    const path = await packedAs(`package-${aeadProtect}.tar.gpg`, { kind: "openpgp", key: publicKey });
    const good = await checkInPage(path, { identity: privateKey, passphrase: "the key's own" });
    assert.equal(good.verdict, "The package is good", good.text);
    assert.match(good.text, /3 records/);
    assert.match((await checkInPage(path, { identity: privateKey })).text, /key does not open this file/);
    assert.match((await checkInPage(path, { identity: (await generateKey({ ...at, format: "armored" })).privateKey })).text, /key does not open this file/);
    assert.match((await checkInPage(path)).text, /Give the private key/);
    const bytes = readFileSync(path);
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    assert.equal((await checkInPage(path, { identity: privateKey, passphrase: "the key's own" })).verdict, "The package is not good");
  }
});

test("the page opens a package in a ZIP with its passphrase, and says of a wrong or missing one, or a changed byte, that it does not open", async () => {
  const passphrase = makePassphrase();
  const path = await packedAs("package.zip", { kind: "passphrase-zip", passphrase });
  const { verdict, text, asked } = await checkInPage(path, { passphrase });
  assert.equal(verdict, "The package is good", text);
  assert.deepEqual(asked, [pathToFileURL(pagePath).href]);
  assert.match((await checkInPage(path, { passphrase: makePassphrase() })).text, /passphrase does not open this file/);
  assert.match((await checkInPage(path)).text, /Give the passphrase/);
  const bytes = readFileSync(path);
  bytes[900_000] = (bytes[900_000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  assert.equal((await checkInPage(path, { passphrase })).verdict, "The package is not good");
});

test("the page says of any other file that it is no package", async () => {
  const path = join(folder, "armored.txt");
  writeFileSync(path, "-----BEGIN SOMETHING ELSE-----");
  assert.match((await checkInPage(path)).text, /neither a package sealed with age or OpenPGP/);
});

test("the page can be used by everybody: no fault that axe finds, before and after a check", async () => {
  await checkInPage(sealedPath, { identity }, async (page) => {
    await page.setViewportSize({ width: 390, height: 844 });
    // The page's policy runs no script from outside; the one that looks at it comes in past the page.
    const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as { violations: { id: string }[] };
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
  });
});

test("the page holds everything in itself, and its policy lets it fetch nothing", () => {
  const html = readFileSync(pagePath, "utf8");
  assert.match(
    html,
    /content="default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; form-action 'none'"/,
  );
  assert.doesNotMatch(html, /<(?:link|img|iframe|script [^>]*src)/);
});
