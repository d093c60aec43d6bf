// Seals a stream piece by piece (STREAM, as age does it), so that every piece is checked before it is used and none can be
// moved, dropped or cut off.
import { createCipheriv, createDecipheriv } from "node:crypto";

export const pieceBytes = 64 * 1024;
export const tagBytes = 16;

/** The counter of the piece in 11 bytes, then 1 for the last piece and 0 for every other. The key must be used for one stream only. */
function nonceOf(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(counter), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

export function sealPiece(key: Uint8Array, counter: number, isLast: boolean, piece: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(counter, isLast));
  return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the piece was altered, moved, or is not the last although it stands last. */
export function openPiece(key: Uint8Array, counter: number, isLast: boolean, sealed: Uint8Array): Buffer {
  const end = sealed.length - tagBytes;
  if (end < 0) throw new Error("a sealed object is cut off");
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(counter, isLast), { authTagLength: tagBytes }).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch (error) {
    throw new Error(`piece ${counter} of a sealed object was altered, moved or cut off`, { cause: error });
  }
}

/** Cuts a stream into pieces of full size; only the last may be shorter, and it alone is marked. An empty stream is one empty piece. */
export async function* cutIntoPieces(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ readonly piece: Buffer; readonly isLast: boolean }> {
  let piece = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  for await (const chunk of content) {
    for (let taken = 0; taken < chunk.length;) {
      if (filled === pieceBytes) {
        yield { piece, isLast: false };
        [piece, filled] = [Buffer.allocUnsafe(pieceBytes), 0];
      }
      const part = chunk.subarray(taken, taken + pieceBytes - filled);
      piece.set(part, filled);
      [taken, filled] = [taken + part.length, filled + part.length];
    }
  }
  yield { piece: piece.subarray(0, filled), isLast: true };
}
