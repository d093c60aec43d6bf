// Seals a package to an officer's OpenPGP key, for agencies that have no age, and opens one again.
import { createMessage, decrypt, decryptKey, encrypt, readMessage, readPrivateKey } from "openpgp";
import { NotOpened } from "./age-payload.ts";
import type { Sealer } from "./age-sealer.ts";
import { readOpenPgpKey } from "./openpgp-key.ts";
import { streamSealer } from "./plain-stream.ts";

interface PgpSealing {
  /** Armored public key. */
  readonly key: string;
  readonly at: string;
  readonly write: (sealed: Uint8Array) => Promise<void>;
}

/** The key's own preferences choose the protection: authenticated encryption where it asks for it, otherwise a modification code. Throws for a key that may not be used. */
export async function openPgpSealer({ key, at, write }: PgpSealing): Promise<Sealer> {
  const reading = await readOpenPgpKey(key, at);
  if (reading.kind === "refused") throw new Error(reading.reasons.map(({ because }) => because).join(" "));
  return streamSealer(write, async (plain, put) => {
    const date = new Date(at);
    const message = await createMessage({ binary: plain, date });
    const sealed = await encrypt({ message, encryptionKeys: reading.key, format: "binary", date, config: { minRSABits: 2048 } });
    for await (const piece of sealed as unknown as AsyncIterable<Uint8Array>) await put(piece);
  });
}

/** The plain bytes. Bytes given out before the end may not be authentic: nothing is to be believed until it has ended without `NotOpened`. */
export async function* decryptOpenPgp(armoredKey: string, passphrase: string | undefined, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    const locked = await readPrivateKey({ armoredKey });
    const key = passphrase === undefined || locked.isDecrypted() ? locked : await decryptKey({ privateKey: locked, passphrase });
    const message = await readMessage({ binaryMessage: streamOf(sealed) });
    const opened = await decrypt({ message, decryptionKeys: key, format: "binary", config: { allowUnauthenticatedStream: true } });
    yield* opened.data as unknown as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new NotOpened("the key does not open this file, or the file was changed", { cause });
  }
}

function streamOf(bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return ReadableStream.from(bytes);
}
