// Seals chunks of an age file's payload (C2SP age): the platform's own cipher, a nonce that counts, and no library, so that a thread can do it alone.
import { type Hash, createCipheriv, createHash } from "node:crypto";
import { giveBack } from "../give-back.ts";

export const chunkBytes = 64 * 1024;
export const tagBytes = 16;
const sealedChunkBytes = chunkBytes + tagBytes;

/** How many chunks are sealed at a time. */
const slabChunks = 16;
export const slabBytes = slabChunks * chunkBytes;

/** Eleven bytes that count chunks and one that marks the last. */
export class ChunkNonce {
  private readonly bytes = Buffer.alloc(12);
  private count: number;

  constructor(count = 0) {
    this.count = count;
  }

  next(): Uint8Array {
    this.bytes.writeUIntBE(this.count, 5, 6);
    this.count += 1;
    return this.bytes;
  }

  last(): Uint8Array {
    const nonce = Buffer.from(this.next());
    nonce[11] = 1;
    return nonce;
  }

  get used(): number {
    return this.count;
  }
}

/** Where a sealed stream stands: enough to go on with it, together with the key. */
export interface SealedSoFar {
  readonly chunks: number;
  readonly bytes: number;
  /** Of all sealed bytes so far, lower-case hexadecimal. */
  readonly sha256: string;
}

/** Seals slabs in their order and keeps the digest of everything sealed. */
export class SlabSealer {
  private readonly key: Uint8Array;
  private readonly nonce: ChunkNonce;
  private readonly digest: Hash = createHash("sha256");
  private bytes = 0;

  constructor(key: Uint8Array, chunks = 0) {
    this.key = key;
    this.nonce = new ChunkNonce(chunks);
  }

  /** Bytes that belong to the file and are not sealed here: its header, or what was sealed before. */
  passBy(sealed: Uint8Array): void {
    this.digest.update(sealed);
    this.bytes += sealed.length;
  }

  /** Seals `plain` into `out` and returns how much of it is used. Every chunk but the last of the file is full. */
  seal(plain: Uint8Array, isLast: boolean, out: Uint8Array): number {
    let used = 0;
    let at = 0;
    do {
      const end = Math.min(at + chunkBytes, plain.length);
      const nonce = isLast && end === plain.length ? this.nonce.last() : this.nonce.next();
      used += sealChunk(this.key, nonce, plain.subarray(at, end), out.subarray(used));
      at = end;
    } while (at < plain.length);
    this.passBy(out.subarray(0, used));
    return used;
  }

  soFar(): SealedSoFar {
    return { chunks: this.nonce.used, bytes: this.bytes, sha256: this.digest.copy().digest("hex") };
  }
}

function sealChunk(key: Uint8Array, nonce: Uint8Array, chunk: Uint8Array, out: Uint8Array): number {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: tagBytes });
  const sealed = cipher.update(chunk);
  out.set(sealed);
  // The cipher gives new memory each time: given back at once, the same stretch serves again.
  giveBack(sealed);
  cipher.final();
  out.set(cipher.getAuthTag(), chunk.length);
  return chunk.length + tagBytes;
}

/** Room for a sealed slab. */
export const sealedSlabBytes = slabChunks * sealedChunkBytes;
