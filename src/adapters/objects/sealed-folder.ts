// Keeps mail, attachments and packages as sealed files in a folder: whole or not there at all, and forgotten with their case.
import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { open, readdir, rename, rm, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CaseKeys, Draft, DraftMark, Objects, ResumedDraft, StoredObject } from "../../app/vault-port.ts";
import type { DeskId } from "../../kernel/ids.ts";
import { canonicalJson } from "../../ledger/canonical-json.ts";
import { holderName, isHolderThere } from "../processes.ts";
import { isMissing, makeFolder, orNoRoom, readFully, safeName, syncFolder } from "./disk.ts";
import { beginDraft, draftLabel, resumeDraft, saltBytes, type DraftPlace } from "./sealed-draft.ts";
import { cutIntoPieces, drawnPieceBytes, openDrawnPiece, openPiece, pieceBytes, sealPiece, tagBytes } from "./sealed-pieces.ts";

export interface FolderOptions {
  /** Made when it is missing, closed to group and others. */
  readonly folder: string;
  readonly keys: CaseKeys;
}

// File: label, key salt, pieces. The first 32 bytes of the sealed stream are the commitment's salt.
const label = Buffer.from("portcullis/object/v1\n");
const headerBytes = label.length + saltBytes;
/** Sixteen random bytes in base64url. */
const objectIdLength = 22;

export function openSealedFolder(options: FolderOptions): Objects {
  return {
    put: (desk, caseId, content) => put(options, desk, caseId, content),
    get: (desk, caseId, objectId, from = 0) => get(options, { desk, caseId, objectId }, from),
    begin: (desk, caseId) => begin(options, desk, caseId),
    resume: (desk, caseId, objectId, mark) => resume(options, { desk, caseId, objectId }, mark),
    sweep: (desk, caseId, named) => sweepUnfinished(caseFolder(options, desk, caseId), named),
    remove: async (desk, caseId, objectId) => {
      await rm(pathOf(options, { desk, caseId, objectId }), { force: true });
    },
    forget: async (desk, caseId) => {
      await rm(caseFolder(options, desk, caseId), { recursive: true, force: true });
    },
  };
}

const draftSuffix = ".draft";
/** A writer in another container cannot be asked; a draft of this age is nobody's any more. */
const unknownWriterMs = 24 * 3_600_000;

/** Removes drafts that a crash left behind; those of a process that is still writing stay. Call it at start. Returns how many there were. */
export async function sweepDrafts(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  let swept = 0;
  for (const name of names) {
    if (!name.endsWith(draftSuffix)) continue;
    const writer = basename(name).slice(objectIdLength + 1, -draftSuffix.length);
    if (await isHolderThere(writer, join(folder, name), unknownWriterMs)) continue;
    await rm(join(folder, name), { force: true });
    swept += 1;
  }
  return swept;
}

/** Of a draft that is written over several lives of the program: a start leaves it where it is. */
const unfinishedSuffix = ".unfinished";

async function sweepUnfinished(folder: string, named: readonly string[]): Promise<number> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const kept = new Set(named.map((id) => id + unfinishedSuffix));
  const left = names.filter((name) => name.endsWith(unfinishedSuffix) && !kept.has(name));
  for (const name of left) await rm(join(folder, name), { force: true });
  return left.length;
}

interface ObjectName {
  readonly desk: DeskId;
  readonly caseId: string;
  readonly objectId: string;
}

function caseFolder({ folder }: FolderOptions, desk: DeskId, caseId: string): string {
  return join(folder, safeName(desk), safeName(caseId));
}

function pathOf(options: FolderOptions, { desk, caseId, objectId }: ObjectName): string {
  if (!/^[A-Za-z0-9_-]+$/.test(objectId) || objectId.length !== objectIdLength) throw new RangeError("this is not the id of an object");
  return join(caseFolder(options, desk, caseId), objectId);
}

/** One key an object, so that counting pieces is enough for a nonce; bound to where the object belongs. */
function objectKey(caseKey: Uint8Array, salt: Uint8Array, { desk, caseId, objectId }: ObjectName, version: Version = "v1"): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", caseKey, salt, canonicalJson([`portcullis/object/${version}`, desk, caseId, objectId]), 32));
}

/** `v1`: written in one go, the nonces count. `v2`: written over several lives of the program, each piece brings its nonce. */
type Version = "v1" | "v2";

async function begin(options: FolderOptions, desk: DeskId, caseId: string): Promise<Draft> {
  const name = { desk, caseId, objectId: randomBytes(16).toString("base64url") };
  const caseKey = await options.keys.obtain(desk, caseId);
  return orNoRoom(options.folder, async () => {
    await makeFolder(caseFolder(options, desk, caseId), options.folder);
    return beginDraft(placeOf(options, name, caseKey));
  });
}

async function resume(options: FolderOptions, name: ObjectName, mark: DraftMark): Promise<ResumedDraft | undefined> {
  const caseKey = await options.keys.find(name.desk, name.caseId);
  return caseKey === undefined ? undefined : resumeDraft(placeOf(options, name, caseKey), mark);
}

function placeOf(options: FolderOptions, name: ObjectName, caseKey: Uint8Array): DraftPlace {
  const path = pathOf(options, name);
  return { objectId: name.objectId, path, draft: path + unfinishedSuffix, keyOf: (salt) => objectKey(caseKey, salt, name, "v2") };
}

async function put(options: FolderOptions, desk: DeskId, caseId: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StoredObject> {
  const name = { desk, caseId, objectId: randomBytes(16).toString("base64url") };
  const path = pathOf(options, name);
  const caseKey = await options.keys.obtain(desk, caseId);
  const draft = `${path}.${holderName()}${draftSuffix}`;
  try {
    const stored = await orNoRoom(options.folder, async () => {
      await makeFolder(dirname(path), options.folder);
      return writeSealed(draft, caseKey, name, content);
    });
    await rename(draft, path);
    await syncFolder(dirname(path));
    return stored;
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
}

async function writeSealed(
  draft: string,
  caseKey: Uint8Array,
  name: ObjectName,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<StoredObject> {
  const [keySalt, salt] = [randomBytes(saltBytes), randomBytes(saltBytes)];
  const key = objectKey(caseKey, keySalt, name);
  const digest = createHash("sha256");
  let bytes = 0;
  const measured = async function* () {
    yield salt;
    for await (const chunk of content) {
      digest.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const file = await open(draft, "wx", 0o600);
  try {
    await file.write(Buffer.concat([label, keySalt]));
    let counter = 0;
    for await (const { piece, isLast } of cutIntoPieces(measured())) await file.writeFile(sealPiece(key, counter++, isLast, piece));
    await file.sync();
  } finally {
    await file.close();
  }
  const sha256 = digest.digest();
  const commitment = createHash("sha256").update(label).update(salt).update(sha256).digest("base64");
  return { objectId: name.objectId, bytes, sha256: sha256.toString("hex"), commitment };
}

async function get(options: FolderOptions, name: ObjectName, from: number): Promise<AsyncIterable<Uint8Array> | undefined> {
  const path = pathOf(options, name);
  const caseKey = await options.keys.find(name.desk, name.caseId);
  if (!caseKey) return undefined;
  const file = await open(path, "r").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  await file?.close();
  // Opened when it is read, so that an object nobody reads holds no file.
  return file && readSealed(path, caseKey, name, from);
}

async function* readSealed(path: string, caseKey: Uint8Array, name: ObjectName, from: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    const header = await readFully(file, Buffer.alloc(headerBytes), 0);
    const version = versionOf(header.subarray(0, label.length));
    const key = objectKey(caseKey, header.subarray(label.length), name, version);
    const { size } = await file.stat();
    const buffer = Buffer.alloc(version === "v2" ? drawnPieceBytes : pieceBytes + tagBytes);
    const pieces = Math.max(1, Math.ceil((size - headerBytes) / buffer.length));
    const opened = version === "v2" ? openDrawnPiece : openPiece;
    const start = saltBytes + from;
    for (let counter = Math.min(Math.floor(start / pieceBytes), pieces - 1); counter < pieces; counter++) {
      const sealed = await readFully(file, buffer, headerBytes + counter * buffer.length);
      const piece = opened(key, counter, counter === pieces - 1, sealed);
      const content = piece.subarray(Math.max(0, start - counter * pieceBytes));
      if (counter === 0) holdsSalt(piece);
      if (content.length > 0) yield content;
    }
  } finally {
    await file.close();
  }
}

function versionOf(found: Buffer): Version {
  if (found.equals(label)) return "v1";
  if (found.equals(draftLabel)) return "v2";
  throw new Error("this is not a sealed object");
}

function holdsSalt(piece: Buffer): void {
  if (piece.length < saltBytes) throw new Error("a sealed object is cut off");
}
