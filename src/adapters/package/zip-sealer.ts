// Seals a package in a ZIP under a passphrase (AES-256), for agencies that have no key of their own, and opens one again.
import { openAsBlob } from "node:fs";
import { BlobReader, ZipReader, ZipWriter } from "@zip.js/zip.js";
import { NotOpened } from "./age-payload.ts";
import type { Sealer } from "./age-sealer.ts";
import { streamSealer } from "./plain-stream.ts";

interface ZipSealing {
  readonly passphrase: string;
  /** Of the one file inside: a ZIP does not hide its names. */
  readonly name: string;
  readonly at: string;
  readonly write: (sealed: Uint8Array) => Promise<void>;
}

/** The format stretches a passphrase by a thousand rounds only: the passphrase itself must be strong enough, so nobody may choose it. */
const shortestPassphrase = 30;

export async function zipSealer({ passphrase, name, at, write }: ZipSealing): Promise<Sealer> {
  if (passphrase.length < shortestPassphrase) throw new Error("the passphrase of a package is made here, never chosen, and is longer than this one");
  return streamSealer(write, async (plain, put) => {
    const sealed = new WritableStream<Uint8Array>({ write: put });
    const zip = new ZipWriter(sealed, { password: passphrase, encryptionStrength: 3, level: 0, zip64: true, useWebWorkers: false });
    await zip.add(name, plain, { lastModDate: new Date(at) });
    await zip.close();
  });
}

/** The plain bytes of the one file in the ZIP. Nothing is to be believed until it has ended without `NotOpened`. */
export async function* decryptZip(file: string, passphrase: string): AsyncGenerator<Uint8Array> {
  const zip = new ZipReader(new BlobReader(await openAsBlob(file)), { password: passphrase, useWebWorkers: false, checkSignature: true });
  try {
    const entry = await onlyEntry(zip);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const reading = entry.getData(writable);
    // A failure may come before the first byte, and then the stream alone would wait for ever.
    const failing = reading.then(() => new Promise<never>(() => undefined));
    const plain = readable.getReader();
    for (;;) {
      const next = await Promise.race([plain.read(), failing]);
      if (next.done) break;
      yield next.value;
    }
    await reading;
  } catch (cause) {
    throw cause instanceof NotOpened ? cause : new NotOpened("the passphrase does not open this file, or the file was changed", { cause });
  } finally {
    await zip.close();
  }
}

async function onlyEntry(zip: ZipReader<Blob>) {
  for await (const entry of zip.getEntriesGenerator()) {
    if (entry.directory) break;
    if (!entry.encrypted) throw new NotOpened("the ZIP is not encrypted, so it is no package of ours");
    return entry;
  }
  throw new NotOpened("the ZIP does not hold a package");
}
