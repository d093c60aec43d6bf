// Seals a stream piece by piece (STREAM, as age does it), so that every piece is checked before it is used and none can be
// moved, dropped or cut off.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

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

const drawnNonceBytes = 12;
export const drawnPieceBytes = drawnNonceBytes + pieceBytes + tagBytes;

/**
 * A piece of an object that may be written more than once in the same place: a stop loses what was not on the disk, and what is
 * written there afterwards may be something else. Its nonce is drawn and stands before it, so that no two writings share one; its
 * place and whether it is the last are bound to it. A drawn nonce is good for 2^32 pieces under one key (NIST SP 800-38D, 8.3).
 */
export function sealDrawnPiece(key: Uint8Array, counter: number, isLast: boolean, piece: Uint8Array): Buffer {
  const nonce = randomBytes(drawnNonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(nonceOf(counter, isLast));
  return Buffer.concat([nonce, cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
}

/** As `openPiece`, for a piece with a drawn nonce. */
export function openDrawnPiece(key: Uint8Array, counter: number, isLast: boolean, sealed: Uint8Array): Buffer {
  const end = sealed.length - tagBytes;
  if (end < drawnNonceBytes) throw new Error("a sealed object is cut off");
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, drawnNonceBytes), { authTagLength: tagBytes })
    .setAAD(nonceOf(counter, isLast))
    .setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(drawnNonceBytes, end)), decipher.final()]);
  } catch (error) {
    throw new Error(`piece ${counter} of a sealed object was altered, moved or cut off`, { cause: error });
  }
}
