// Opens a package file, however it was sealed, and has it checked away from the desk that made it.
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import type { BagGrounds, VerifyPlatform, VerifyResult } from "../../production/package/verify-bag.ts";
import { notOpened, verifyBag } from "../../production/package/verify-bag.ts";
import { decryptAge } from "./age-payload.ts";
import { NotOpened } from "./not-opened.ts";

export interface VerifyOptions extends BagGrounds {
  /** The officer's `AGE-SECRET-KEY-1…`, or armored OpenPGP private key. */
  readonly identity?: string;
  /** Of a package in a ZIP, or of the OpenPGP private key. */
  readonly passphrase?: string;
}

/** Works offline. A file that is no package gives findings; it throws only when the file cannot be read at all. */
export async function verifyPackage(file: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const tar = await opened(file, await firstBytes(file, 21), options);
  if (typeof tar === "string") return notOpened(file, tar);
  try {
    return await verifyBag(platform, options, tar);
  } catch (error) {
    if (error instanceof NotOpened) return notOpened(file, `The package cannot be opened: ${error.message}.`);
    throw error;
  }
}

/** The plain tar, or what is missing to open it. */
async function opened(file: string, first: Buffer, { identity, passphrase }: VerifyOptions): Promise<AsyncIterable<Uint8Array> | string> {
  const bytes = () => createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>;
  if (first.toString("latin1") === "age-encryption.org/v1")
    return identity === undefined ? "The package is encrypted. Give the identity it was encrypted to." : decryptAge(identity, bytes());
  if (first.subarray(0, 4).toString("latin1") === "PK\u0003\u0004")
    return passphrase === undefined
      ? "The package is a ZIP with a passphrase. Give the passphrase."
      : (await import("./open-zip.ts")).decryptZip(await openAsBlob(file), passphrase);
  // No path in a tar begins with such a byte, and every OpenPGP message does.
  if (((first[0] ?? 0) & 0x80) === 0) return bytes();
  return identity === undefined
    ? "The package is encrypted with OpenPGP. Give the private key it was encrypted to."
    : (await import("./open-openpgp.ts")).decryptOpenPgp(identity, passphrase, ReadableStream.from(bytes()));
}

const platform: VerifyPlatform = {
  sha256: () => {
    const digest = createHash("sha256");
    return { update: (bytes) => void digest.update(bytes), hex: () => digest.digest("hex") };
  },
  decode: (bytes, encoding) =>
    encoding === "utf-8"
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")
      : new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes),
  encode: (text) => Buffer.from(text),
};

async function firstBytes(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
