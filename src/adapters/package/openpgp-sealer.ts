// Seals a package to an officer's OpenPGP key, for agencies that have no age.
import { createMessage, encrypt } from "openpgp";
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
