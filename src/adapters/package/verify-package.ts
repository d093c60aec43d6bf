// Opens a package file, however it was sealed, and has it checked away from the desk that made it.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { BagGrounds, VerifyPlatform, VerifyResult } from "../../production/package/verify-bag.ts";
import { notOpened, verifyBag } from "../../production/package/verify-bag.ts";
import { NotOpened, decryptAge } from "./age-payload.ts";

export interface VerifyOptions extends BagGrounds {
  /** The officer's `AGE-SECRET-KEY-1…`. */
  readonly identity?: string;
}

/** Works offline. A file that is no package gives findings; it throws only when the file cannot be read at all. */
export async function verifyPackage(file: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const sealed = (await firstBytes(file, 21)) === "age-encryption.org/v1";
  if (sealed && options.identity === undefined) return notOpened(file, "The package is encrypted. Give the identity it was encrypted to.");
  const bytes = createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>;
  try {
    const tar = sealed && options.identity !== undefined ? decryptAge(options.identity, bytes) : bytes;
    return await verifyBag(platform, options, tar);
  } catch (error) {
    if (error instanceof NotOpened) return notOpened(file, `The package cannot be opened: ${error.message}.`);
    throw error;
  }
}

const platform: VerifyPlatform = {
  sha256: () => {
    const digest = createHash("sha256");
    return { update: (bytes) => void digest.update(bytes), hex: () => digest.digest("hex") };
  },
  decode: (bytes, encoding) =>
    encoding === "utf-8" ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8") : new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes),
  encode: (text) => Buffer.from(text),
};

async function firstBytes(file: string, bytes: number): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead).toString("latin1");
  } finally {
    await handle.close();
  }
}
