// Seals a package in a ZIP under a passphrase (AES-256), for agencies that have no key of their own.
import { ZipWriter } from "@zip.js/zip.js";
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
