import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { Decrypter, armor } from "age-encryption";
import { decryptAge } from "./age-payload.ts";

const folder = new URL("../../../../shared/data/age-testkit/testdata/", import.meta.url).pathname;
const skip = existsSync(folder) ? false : "the shared test data is not here";

interface Vector {
  readonly expect: string;
  readonly payload: string | undefined;
  readonly identities: readonly string[];
  readonly passphrase: string | undefined;
  readonly armored: boolean;
  readonly sealed: Buffer;
}

function readVector(name: string): Vector {
  const bytes = readFileSync(join(folder, name));
  const end = bytes.indexOf("\n\n");
  const lines = bytes.subarray(0, end).toString("latin1").split("\n");
  const all = (key: string) => lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2));
  const sealed = bytes.subarray(end + 2);
  return {
    expect: all("expect")[0] ?? assert.fail(name),
    payload: all("payload")[0],
    identities: all("identity"),
    passphrase: all("passphrase")[0],
    armored: all("armored")[0] === "yes",
    sealed: all("compressed")[0] === "zlib" ? inflateSync(sealed) : sealed,
  };
}

interface Outcome {
  readonly opened: boolean;
  readonly given: string;
}

/** Keys are opened by our own reader. Passphrases and armor are none of a package's: there the library is asked, of which ours takes the header. */
async function open({ sealed, armored, identities, passphrase }: Vector): Promise<Outcome> {
  const pieces: Uint8Array[] = [];
  const read = async () => {
    const file = armored ? armor.decode(sealed.toString("latin1")) : new Uint8Array(sealed);
    if (passphrase !== undefined) pieces.push(await openWithPassphrase(file, passphrase));
    else for await (const piece of decryptAge(identities[0] ?? "", inPieces(file))) pieces.push(piece);
  };
  const opened = await read().then(
    () => true,
    () => false,
  );
  return { opened, given: createHash("sha256").update(Buffer.concat(pieces)).digest("hex") };
}

async function openWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return decrypter.decrypt(file);
}

async function* inPieces(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += 40_000) yield file.subarray(at, at + 40_000);
}

const names = skip === false ? readdirSync(folder) : [];

test("the test files of age are here, all of them", { skip }, () => assert.equal(names.length, 143));

/** A payload failure says what may be given out before it: whole chunks that were authentic, and nothing more. */
const nothing = createHash("sha256").digest("hex");
for (const name of names) {
  const vector = readVector(name);
  const by = vector.passphrase === undefined ? (vector.armored ? "armor by the library, then ours" : "ours") : "by the library";
  test(`age's own test file ${name} (${by}) ends in: ${vector.expect}`, async () => {
    const { opened, given } = await open(vector);
    assert.equal(opened, vector.expect === "success");
    if (vector.passphrase === undefined) assert.equal(given, vector.payload ?? nothing);
    else if (opened) assert.equal(given, vector.payload);
  });
}
