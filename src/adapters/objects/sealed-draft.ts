// Writes one large object over more than one life of the program: what is whole and on the disk stays, what was cut off is made again.
import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Draft, DraftMark, ResumedDraft, StoredObject } from "../../app/vault-port.ts";
import { isMissing, orNoRoom, readFully, syncFolder } from "./disk.ts";
import { drawnPieceBytes, openDrawnPiece, pieceBytes, sealDrawnPiece } from "./sealed-pieces.ts";

/** Where the draft lies, what it will be called, and how its key comes from the salt in its head. */
export interface DraftPlace {
  readonly objectId: string;
  readonly draft: string;
  readonly path: string;
  readonly keyOf: (salt: Uint8Array) => Uint8Array;
}

export const draftLabel = Buffer.from("portcullis/object/v2\n");
/** Of the commitment, as in every object: the first bytes of the sealed content. */
export const saltBytes = 32;
const headerBytes = draftLabel.length + saltBytes;

export async function beginDraft(place: DraftPlace): Promise<Draft> {
  const keySalt = randomBytes(saltBytes);
  const file = await open(place.draft, "wx", 0o600);
  return orNoRoom(dirname(place.path), async () => {
    await file.writeFile(Buffer.concat([draftLabel, keySalt]));
    await file.sync();
    await syncFolder(dirname(place.draft));
    const salt = randomBytes(saltBytes);
    return new SealedDraft({ place, file, key: place.keyOf(keySalt), salt }, { pieces: 0, rest: salt });
  });
}

export async function resumeDraft(place: DraftPlace, mark: DraftMark): Promise<ResumedDraft | undefined> {
  const file = await open(place.draft, "r+").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  const header = await readFully(file, Buffer.alloc(headerBytes), 0);
  const { size } = await file.stat();
  const pieces = Math.floor((size - headerBytes) / drawnPieceBytes);
  if (!header.subarray(0, draftLabel.length).equals(draftLabel) || pieces < mark.pieces || (mark.pieces === 0 && mark.rest.length < saltBytes)) {
    await file.close();
    return undefined;
  }
  return resumed({ place, file, key: place.keyOf(header.subarray(draftLabel.length)) }, pieces, mark);
}

interface OpenDraft {
  readonly place: DraftPlace;
  readonly file: FileHandle;
  readonly key: Uint8Array;
}

function resumed(draft: OpenDraft, pieces: number, mark: DraftMark): ResumedDraft {
  let writer: SealedDraft | undefined;
  const written = (): SealedDraft => {
    if (writer === undefined) throw new Error("a draft was written before what is stored was read");
    return writer;
  };
  const stored = async function* (): AsyncGenerator<Uint8Array> {
    const digest = createHash("sha256");
    let salt: Uint8Array | undefined;
    let bytes = 0;
    const seen = (piece: Uint8Array): Uint8Array => {
      const content = salt === undefined ? piece.subarray(saltBytes) : piece;
      salt ??= Uint8Array.from(piece.subarray(0, saltBytes));
      digest.update(content);
      bytes += content.length;
      return content;
    };
    const whole = yield* wholePieces(draft, pieces, mark.pieces, seen);
    // A piece that was whole when the mark was made, and one behind it, already hold what the mark calls the rest.
    const rest = whole === mark.pieces ? mark.rest : new Uint8Array(0);
    if (rest.length > 0) yield seen(rest);
    await draft.file.truncate(headerBytes + whole * drawnPieceBytes);
    writer = new SealedDraft({ ...draft, salt: salt ?? new Uint8Array(0) }, { pieces: whole, rest }, { digest, bytes });
  };
  return {
    objectId: draft.place.objectId,
    stored,
    append: (chunk) => written().append(chunk),
    flush: () => written().flush(),
    keep: () => written().keep(),
    close: () => (writer === undefined ? draft.file.close() : writer.close()),
  };
}

/** Gives the content of every whole piece and returns how many there are. Behind the mark the first one that does not open is an end: it was cut off, or is the last of a draft that was about to be kept. */
async function* wholePieces(
  { file, key }: OpenDraft,
  pieces: number,
  durable: number,
  seen: (piece: Uint8Array) => Uint8Array,
): AsyncGenerator<Uint8Array, number> {
  const buffer = Buffer.alloc(drawnPieceBytes);
  for (let counter = 0; counter < pieces; counter++) {
    const sealed = await readFully(file, buffer, headerBytes + counter * drawnPieceBytes);
    let piece: Uint8Array;
    try {
      piece = openDrawnPiece(key, counter, false, sealed);
    } catch (error) {
      if (counter < durable) throw error;
      return counter;
    }
    yield seen(piece);
  }
  return pieces;
}

interface Measured {
  readonly digest: ReturnType<typeof createHash>;
  readonly bytes: number;
}

/** Seals every piece as it fills. A piece that is not full stays in memory: only whole ones are ever on the disk before the end. */
class SealedDraft implements Draft {
  readonly objectId: string;
  private readonly open: OpenDraft & { readonly salt: Uint8Array };
  private readonly digest;
  private bytes: number;
  private pieces: number;
  private readonly piece = Buffer.alloc(pieceBytes);
  private filled: number;
  private isOpen = true;

  constructor(draft: OpenDraft & { readonly salt: Uint8Array }, from: DraftMark, measured: Measured = { digest: createHash("sha256"), bytes: 0 }) {
    this.open = draft;
    this.objectId = draft.place.objectId;
    this.digest = measured.digest;
    this.bytes = measured.bytes;
    this.pieces = from.pieces;
    this.piece.set(from.rest);
    this.filled = from.rest.length;
  }

  append(chunk: Uint8Array): Promise<void> {
    return this.orNoRoom(async () => {
      const ready: Buffer[] = [];
      for (let taken = 0; taken < chunk.length;) {
        // A full piece waits for the next byte: the last one of all is sealed as the last.
        if (this.filled === pieceBytes) ready.push(this.seal(ready.length, false));
        const part = chunk.subarray(taken, taken + pieceBytes - this.filled);
        this.piece.set(part, this.filled);
        [taken, this.filled] = [taken + part.length, this.filled + part.length];
      }
      await this.write(Buffer.concat(ready), ready.length);
      this.digest.update(chunk);
      this.bytes += chunk.length;
    });
  }

  flush(): Promise<DraftMark> {
    return this.orNoRoom(async () => {
      await this.open.file.datasync();
      return { pieces: this.pieces, rest: Uint8Array.from(this.piece.subarray(0, this.filled)) };
    });
  }

  async keep(): Promise<StoredObject> {
    const { place, file, salt } = this.open;
    await this.orNoRoom(async () => {
      await this.write(this.seal(0, true), 1);
      await file.sync();
    });
    await this.close();
    await rename(place.draft, place.path);
    await syncFolder(dirname(place.path));
    const sha256 = this.digest.digest();
    const commitment = createHash("sha256").update("portcullis/object/v1\n").update(salt).update(sha256).digest("base64");
    return { objectId: this.objectId, bytes: this.bytes, sha256: sha256.toString("hex"), commitment };
  }

  async close(): Promise<void> {
    if (this.isOpen) await this.open.file.close();
    this.isOpen = false;
  }

  private seal(ahead: number, isLast: boolean): Buffer {
    const sealed = sealDrawnPiece(this.open.key, this.pieces + ahead, isLast, this.piece.subarray(0, this.filled));
    this.filled = 0;
    return sealed;
  }

  private async write(sealed: Buffer, count: number): Promise<void> {
    const start = headerBytes + this.pieces * drawnPieceBytes;
    for (let at = 0; at < sealed.length;) at += (await this.open.file.write(sealed, at, sealed.length - at, start + at)).bytesWritten;
    this.pieces += count;
  }

  private orNoRoom<Result>(run: () => Promise<Result>): Promise<Result> {
    return orNoRoom(dirname(this.open.place.path), run);
  }
}
