// Opens a package in a ZIP under a passphrase: in the terminal and in a browser.
import { BlobReader, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import { NotOpened } from "./not-opened.ts";

/** The plain bytes of the one file in the ZIP. Nothing is to be believed until it has ended without `NotOpened`. */
export async function* decryptZip(file: Blob, passphrase: string): AsyncGenerator<Uint8Array> {
  const zip = new ZipReader(new BlobReader(file), { password: passphrase, useWebWorkers: false, checkSignature: true });
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
