// Opens a package that was sealed to an OpenPGP key: in the terminal and in a browser.
import { decrypt, decryptKey, readMessage, readPrivateKey } from "openpgp";
import { NotOpened } from "./not-opened.ts";

/** The plain bytes. Bytes given out before the end may not be authentic: nothing is to be believed until it has ended without `NotOpened`. */
export async function* decryptOpenPgp(armoredKey: string, passphrase: string | undefined, sealed: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    const locked = await readPrivateKey({ armoredKey });
    const key = passphrase === undefined || locked.isDecrypted() ? locked : await decryptKey({ privateKey: locked, passphrase });
    const message = await readMessage({ binaryMessage: sealed });
    const opened = await decrypt({ message, decryptionKeys: key, format: "binary", config: { allowUnauthenticatedStream: true } });
    const plain = (opened.data as unknown as ReadableStream<Uint8Array>).getReader();
    // Not every browser goes through a stream with a loop.
    for (let next = await plain.read(); !next.done; next = await plain.read()) yield next.value;
  } catch (cause) {
    throw new NotOpened("the key does not open this file, or the file was changed", { cause });
  }
}
