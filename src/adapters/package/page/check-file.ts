// Checks a package in a browser, with the same modules as the terminal: only the digest, the signature and the opening come from elsewhere.
import { Decrypter } from "age-encryption";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { NoteCrypto } from "../../../ledger/signed-note.ts";
import { verifyProof } from "../../../ledger/verify-proof.ts";
import { NotOpened } from "../not-opened.ts";
import { decryptOpenPgp } from "../open-openpgp.ts";
import { decryptZip } from "../open-zip.ts";
import { isMissing, sealingOf, tellingBytes } from "../sealing-of.ts";
import { type VerifyPlatform, type VerifyResult, notOpened, verifyBag } from "../../../production/package/verify-bag.ts";

/** A browser's File. */
type PickedFile = Blob & { readonly name: string };

interface Asked {
  readonly file: PickedFile;
  /** An age identity or an armored OpenPGP private key; empty for a plain tar and a ZIP. */
  readonly identity: string;
  /** Of a ZIP, or of the OpenPGP private key; empty when there is none. */
  readonly passphrase: string;
  /** Empty when proof and signature are not to be checked. */
  readonly logKey: string;
  /** Share of the file that was read, 0 to 1. The check waits for it, so that the page stays alive. */
  readonly onProgress: (share: number) => Promise<void>;
}

export async function checkFile(asked: Asked): Promise<VerifyResult> {
  const { file, logKey, onProgress } = asked;
  switch (sealingOf(new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer()))) {
    case "tar":
      return verifyBag(platform, grounds(logKey), piecesOf(file, onProgress));
    case "age":
      return checkAge(asked);
    case "openpgp":
      return checkOpenPgp(asked);
    case "zip":
      return checkZip(asked);
    default:
      return notOpened(file.name, isMissing.none);
  }
}

async function checkOpenPgp({ file, identity, passphrase, logKey, onProgress }: Asked): Promise<VerifyResult> {
  if (!identity.includes("-----BEGIN PGP PRIVATE KEY BLOCK-----")) return notOpened(file.name, isMissing.openpgp);
  const sealed = streamOf(piecesOf(file, onProgress));
  return checkOpened(file, logKey, decryptOpenPgp(identity.trim(), passphrase === "" ? undefined : passphrase, sealed));
}

async function checkZip({ file, passphrase, logKey, onProgress }: Asked): Promise<VerifyResult> {
  if (passphrase === "") return notOpened(file.name, isMissing.zip);
  return checkOpened(file, logKey, withProgress(decryptZip(file, passphrase), file.size, onProgress));
}

/** What these give out is authentic only when they came to their end. */
async function checkOpened(file: PickedFile, logKey: string, plain: AsyncIterable<Uint8Array>): Promise<VerifyResult> {
  try {
    return await verifyBag(platform, grounds(logKey), plain);
  } catch (error) {
    if (error instanceof NotOpened) return notOpened(file.name, `The package cannot be opened: ${error.message}.`);
    throw error;
  }
}

async function* withProgress(plain: AsyncIterable<Uint8Array>, size: number, onProgress: Asked["onProgress"]): AsyncGenerator<Uint8Array> {
  let [read, told] = [0, 0];
  for await (const piece of plain) {
    yield piece;
    read += piece.length;
    if (read - told < pieceBytes) continue;
    told = read;
    await onProgress(Math.min(1, read / size));
  }
}

async function checkAge({ file, identity, logKey, onProgress }: Asked): Promise<VerifyResult> {
  const bytes = piecesOf(file, onProgress);
  const key = identityIn(identity);
  if (key === undefined) return notOpened(file.name, isMissing.age);
  const sealing = new Sealing();
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(key);
    const plain = await decrypter.decrypt(streamOf(bytes));
    return await verifyBag(platform, grounds(logKey), sealing.watch(plain));
  } catch (error) {
    if (sealing.read === 0) return notOpened(file.name, "The identity does not open this file, or its first bytes were changed.");
    if (sealing.broke)
      return notOpened(
        file.name,
        `The file was changed after it was sealed, or is cut short: it opens up to byte ${sealing.read} of the archive and no further.`,
      );
    throw error;
  }
}

/** Tells a file that was changed from a fault of ours: only the opening itself breaks off here. */
class Sealing {
  read = 0;
  broke = false;

  async *watch(plain: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    const reader = plain.getReader();
    for (;;) {
      const next = await reader.read().catch((error: unknown) => {
        this.broke = true;
        throw error;
      });
      if (next.done) return;
      this.read += next.value.length;
      yield next.value;
    }
  }
}

function identityIn(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line.startsWith("AGE-SECRET-KEY-"));
}

const pieceBytes = 1024 * 1024;

async function* piecesOf(file: PickedFile, onProgress: Asked["onProgress"]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += pieceBytes) {
    yield new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
    await onProgress(Math.min(1, (at + pieceBytes) / file.size));
  }
}

/** Not every browser makes a stream of an iteration by itself. */
function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (stream) => {
      const next = await pieces.next();
      if (next.done === true) stream.close();
      else stream.enqueue(next.value);
    },
    cancel: async () => void (await pieces.return(undefined)),
  });
}

const noteCrypto: NoteCrypto = {
  sha256,
  verify: (publicKey, message, signature) => {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};

function grounds(logKey: string) {
  const trusted = logKey.trim();
  return {
    noteCrypto,
    verifyProof: (proof: Parameters<typeof verifyProof>[1], key: string) => verifyProof(noteCrypto, proof, key),
    ...(trusted === "" ? {} : { trustedLogKey: trusted }),
  };
}

const encoder = new TextEncoder();

const platform: VerifyPlatform = {
  sha256: () => {
    const digest = sha256.create();
    return { update: (bytes) => void digest.update(bytes), hex: () => digest.digest().toHex() };
  },
  decode: (bytes, encoding) => new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes),
  encode: (text) => encoder.encode(text),
};
