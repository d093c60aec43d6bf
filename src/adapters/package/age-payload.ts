// The age format (C2SP) on this machine: the library makes and opens the header, the platform's own cipher does the bulk.
import { createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { Decrypter, Encrypter } from "age-encryption";
import { NotOpened } from "./not-opened.ts";
import { ChunkNonce, chunkBytes, tagBytes } from "./seal-chunks.ts";

const nonceBytes = 16;
const largestHeaderBytes = 64 * 1024;

export interface AgeHeader {
  /** Header and payload nonce: the first bytes of the file. */
  readonly opening: Uint8Array;
  readonly payloadKey: Uint8Array;
}

/** A header for `age1…` recipients and the key of its payload. Throws when a recipient is not one. */
export async function makeAgeHeader(recipients: readonly string[]): Promise<AgeHeader> {
  let fileKey: Uint8Array | undefined;
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  // The library draws the file key itself and shows it to each recipient; this one only listens and adds nothing to the header.
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const sealedNothing = await encrypter.encrypt(new Uint8Array(0));
  if (fileKey === undefined) throw new Error("the age library wrapped no file key");
  // A nonce of our own: the library has used its nonce for the empty payload that is thrown away here.
  const nonce = randomBytes(nonceBytes);
  const header = sealedNothing.subarray(0, sealedNothing.length - nonceBytes - tagBytes);
  return { opening: new Uint8Array(Buffer.concat([header, nonce])), payloadKey: payloadKeyOf(fileKey, nonce) };
}

function payloadKeyOf(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", fileKey, nonce, "payload", 32));
}

/** The plain bytes of an age file. Throws `NotOpened` when no identity fits or a byte was changed; bytes given out before that were authentic. */
export async function* decryptAge(identity: string, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces(sealed);
  const header = await readHeader(pieces);
  const fileKey = await fileKeyOf(identity, header);
  const key = payloadKeyOf(fileKey, await pieces.take(nonceBytes));
  const nonce = new ChunkNonce();
  for (let chunk = await pieces.takeUpTo(chunkBytes + tagBytes), first = true; ; first = false) {
    const following = await pieces.takeUpTo(chunkBytes + tagBytes);
    const isEnd = following.length === 0;
    const { plain, isLast } = openChunk(key, nonce, chunk, isEnd);
    if (isLast && plain.length === 0 && !first) throw new NotOpened("the file ends with an empty chunk");
    yield plain;
    if (isLast !== isEnd) throw new NotOpened(isEnd ? "the file is cut short" : "there is something behind the end of the file");
    if (isLast) return;
    chunk = following;
  }
}

/** A full chunk says by its nonce whether it is the last: one that says so too early, or not at the end, is authentic all the same. */
function openChunk(key: Uint8Array, nonce: ChunkNonce, chunk: Buffer, isEnd: boolean): { readonly plain: Buffer; readonly isLast: boolean } {
  const middle = Uint8Array.from(nonce.next());
  const last = Uint8Array.from(middle);
  last[11] = 1;
  try {
    return { plain: open(key, isEnd ? last : middle, chunk), isLast: isEnd };
  } catch (cause) {
    if (chunk.length < chunkBytes + tagBytes) throw cause;
    return { plain: open(key, isEnd ? middle : last, chunk), isLast: !isEnd };
  }
}

async function fileKeyOf(identity: string, header: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    throw new NotOpened("the identity does not open this file", { cause });
  }
}

async function readHeader(pieces: Pieces): Promise<Uint8Array> {
  const lines: Buffer[] = [];
  for (let bytes = 0; bytes < largestHeaderBytes;) {
    const line = await pieces.line(largestHeaderBytes - bytes);
    bytes += line.length;
    lines.push(line);
    if (lines.length === 1 && line.toString("latin1") !== "age-encryption.org/v1\n") throw new NotOpened("this is no age file");
    if (line.subarray(0, 3).toString("latin1") === "---") return new Uint8Array(Buffer.concat(lines));
  }
  throw new NotOpened("the header is too long");
}

function open(key: Uint8Array, nonce: Uint8Array, chunk: Buffer): Buffer {
  if (chunk.length < tagBytes) throw new NotOpened("the file ends in the middle of a chunk");
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(chunk.subarray(chunk.length - tagBytes));
  try {
    const plain = decipher.update(chunk.subarray(0, chunk.length - tagBytes));
    decipher.final();
    return plain;
  } catch (cause) {
    throw new NotOpened("the file was changed after it was sealed, or is cut short", { cause });
  }
}

/** Takes exact lengths from a stream of pieces of any length. */
class Pieces {
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Buffer[] = [];
  private heldBytes = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  async takeUpTo(bytes: number): Promise<Buffer> {
    while (this.heldBytes < bytes && (await this.more()));
    const all = this.held.length === 1 ? (this.held[0] as Buffer) : Buffer.concat(this.held);
    const taken = all.subarray(0, bytes);
    this.held = all.length > taken.length ? [all.subarray(taken.length)] : [];
    this.heldBytes = all.length - taken.length;
    return taken;
  }

  async take(bytes: number): Promise<Buffer> {
    const taken = await this.takeUpTo(bytes);
    if (taken.length < bytes) throw new NotOpened("the file ends too early");
    return taken;
  }

  async line(most: number): Promise<Buffer> {
    const seen = await this.takeUpTo(most);
    const end = seen.indexOf(10);
    if (end < 0) throw new NotOpened("this is no age file");
    this.held.unshift(seen.subarray(end + 1));
    this.heldBytes += seen.length - end - 1;
    return Buffer.from(seen.subarray(0, end + 1));
  }

  private async more(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done === true) return false;
    this.held.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
    this.heldBytes += next.value.length;
    return true;
  }
}
