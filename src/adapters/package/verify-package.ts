// Opens a package file, however it was sealed, and has it checked away from the desk that made it.
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import type { BagGrounds, VerifyPlatform, VerifyResult } from "../../production/package/verify-bag.ts";
import { notOpened, verifyBag } from "../../production/package/verify-bag.ts";
import { decryptAge } from "./age-payload.ts";
import { NotOpened } from "./not-opened.ts";
import { isMissing, sealingOf, tellingBytes, type Sealed } from "./sealing-of.ts";

export interface VerifyOptions extends BagGrounds {
  /** The officer's `AGE-SECRET-KEY-1…`, or armored OpenPGP private key. */
  readonly identity?: string;
  /** Of a package in a ZIP, or of the OpenPGP private key. */
  readonly passphrase?: string;
}

/** Works offline. A file that is no package gives findings; it throws only when the file cannot be read at all. */
export async function verifyPackage(file: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const tar = await opened(file, sealingOf(await firstBytes(file, tellingBytes)), options);
  if (typeof tar === "string") return notOpened(file, tar);
  try {
    return await verifyBag(platform, options, tar);
  } catch (error) {
    if (error instanceof NotOpened) return notOpened(file, `The package cannot be opened: ${error.message}.`);
    throw error;
  }
}

/** The plain tar, or what is missing to open it. */
async function opened(file: string, sealing: Sealed, { identity, passphrase }: VerifyOptions): Promise<AsyncIterable<Uint8Array> | string> {
  const bytes = () => createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>;
  switch (sealing) {
    case "tar":
      return bytes();
    case "age":
      return identity === undefined ? isMissing.age : decryptAge(identity, bytes());
    case "zip":
      return passphrase === undefined ? isMissing.zip : (await import("./open-zip.ts")).decryptZip(await openAsBlob(file), passphrase);
    case "openpgp":
      return identity === undefined
        ? isMissing.openpgp
        : (await import("./open-openpgp.ts")).decryptOpenPgp(identity, passphrase, ReadableStream.from(bytes()));
    default:
      return isMissing.none;
  }
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
