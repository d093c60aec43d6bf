// The key that signs checkpoints: one secret in a file, from which each desk's log has a key of its own.
import { createPrivateKey, createPublicKey, hash, hkdfSync, type KeyObject, randomBytes, sign, verify } from "node:crypto";
import type { DeskId } from "../../kernel/ids.ts";
import { isKeyName, type NoteCrypto, type NoteSigner } from "../../ledger/signed-note.ts";
import { createPrivateFile, readPrivateFile } from "./private-file.ts";

/** SHA-256. Goes by way of a string: a buffer of its own for every 32 bytes costs three times the hashing. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash("sha256", bytes, "latin1"), "latin1");
}

let drawn: Uint8Array = new Uint8Array(0);

/** Unpredictable bytes. Small amounts are drawn from the operating system many at a time: every fact asks for a salt. */
export function random(length: number): Uint8Array {
  if (length > 1024) return randomBytes(length);
  if (drawn.length < length) drawn = randomBytes(8192);
  const bytes = Uint8Array.from(drawn.subarray(0, length));
  drawn.fill(0, 0, length);
  drawn = drawn.subarray(length);
  return bytes;
}

const encoder = new TextEncoder();

export function writeText(text: string, into: Uint8Array, offset: number): number {
  return offset + encoder.encodeInto(text, into.subarray(offset)).written;
}

export const noteCrypto: NoteCrypto = { sha256, verify: verifyEd25519, writeText };

// DER around 32 raw bytes (RFC 8410).
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");
const privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");

const publicKeys = new Map<string, KeyObject>();

function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return verify(null, message, publicKeyOf(publicKey), signature);
  } catch {
    return false;
  }
}

/** Reading a key costs as much as checking a signature, and a ledger has many signatures of few keys. */
function publicKeyOf(raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw).toString("base64");
  const known = publicKeys.get(name) ?? createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: "der", type: "spki" });
  if (publicKeys.size > 100) publicKeys.clear();
  publicKeys.set(name, known);
  return known;
}

/** The signer of a log. `seed` is 32 secret bytes. */
export function signerFrom(name: string, seed: Uint8Array): NoteSigner {
  if (seed.length !== 32) throw new RangeError("an Ed25519 seed has 32 bytes");
  if (!isKeyName(name)) throw new RangeError("a log's name has no spaces and no plus sign");
  const key = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(publicPrefix.length);
  return { name, publicKey: new Uint8Array(publicKey), sign: (message) => sign(null, message, key) };
}

const fileLabel = "portcullis-log-secret-v1";

/**
 * Opens the secret of an installation's logs and makes it when it is missing. A desk's log is named `origin/desk`, its key is
 * derived from the secret and that name; so neither two desks nor two origins share a key.
 */
export async function openLogSigners(path: string, origin: string): Promise<(desk: DeskId) => NoteSigner> {
  const text = (await readPrivateFile(path)) ?? (await createPrivateFile(path, `${fileLabel} ${randomBytes(32).toString("base64")}\n`));
  const secret = /^portcullis-log-secret-v1 ([A-Za-z0-9+/]{43}=)\n?$/.exec(text)?.[1];
  if (!secret) throw new Error(`the key file ${path} is damaged`);
  const signers = new Map<DeskId, NoteSigner>();
  return (desk) => {
    const signer = signers.get(desk) ?? derive(Buffer.from(secret, "base64"), `${origin}/${encodeURIComponent(desk)}`);
    signers.set(desk, signer);
    return signer;
  };
}

function derive(secret: Uint8Array, name: string): NoteSigner {
  return signerFrom(name, new Uint8Array(hkdfSync("sha256", secret, "", `portcullis/log-key/v1\n${name}`, 32)));
}
