// Keeps the notes of work that may be cut off at any moment: sealed one by one, on the disk before anybody goes on, and overwritten when the work has ended.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { type FileHandle, open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { CaseKeys, Journals } from "../../app/vault-port.ts";
import type { DeskId } from "../../kernel/ids.ts";
import { canonicalJson, type Json } from "../../ledger/canonical-json.ts";
import { isMissing, makeFolder, orNoRoom, readFully, safeName, syncFolder } from "./disk.ts";

export interface JournalOptions {
  /** Made when it is missing, closed to group and others. */
  readonly folder: string;
  readonly keys: CaseKeys;
}

export function openSealedJournals(options: JournalOptions): Journals {
  return {
    add: (desk, name, entry) => orNoRoom(options.folder, () => add(options, desk, name, entry)),
    entries: (desk, name) => entries(options, desk, name),
    remove: (desk, name) => remove(options, desk, name),
    names: (desk) => names(options, desk),
  };
}

// File: label, then entries: length of what is sealed, nonce, sealed canonical JSON, tag. The number of the entry is bound to it.
const label = Buffer.from("portcullis/journal/v1\n");
const suffix = ".journal";
const [lengthBytes, nonceBytes, tagBytes] = [4, 12, 16];
const mostEntryBytes = 64 * 1024 * 1024;

function pathOf({ folder }: JournalOptions, desk: DeskId, name: string): string {
  return join(folder, safeName(desk), safeName(name) + suffix);
}

function keyOf(caseKey: Uint8Array, desk: DeskId, name: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", caseKey, new Uint8Array(0), canonicalJson(["portcullis/journal/v1", desk, name]), 32));
}

function numbered(entry: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(entry));
  return bytes;
}

async function add(options: JournalOptions, desk: DeskId, name: string, entry: Json): Promise<void> {
  const path = pathOf(options, desk, name);
  const key = keyOf(await options.keys.obtain(desk, name), desk, name);
  await makeFolder(join(options.folder, safeName(desk)), options.folder);
  const { file, isNew } = await openOrMake(path);
  try {
    if (isNew) await file.write(label, 0, label.length, 0);
    const { end, count } = await lastWhole(file, key);
    const sealed = seal(key, count, entry);
    // A longer one would be taken for a torn end, and go with the next entry.
    if (sealed.length > mostEntryBytes) throw new Error("the entry is too large for a journal");
    await file.truncate(end);
    for (let at = 0; at < sealed.length;) at += (await file.write(sealed, at, sealed.length - at, end + at)).bytesWritten;
    await file.sync();
  } finally {
    await file.close();
  }
  if (isNew) await syncFolder(join(options.folder, safeName(desk)));
}

async function openOrMake(path: string): Promise<{ readonly file: FileHandle; readonly isNew: boolean }> {
  const file = await open(path, "r+").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return { file: await open(path, "wx+", 0o600), isNew: true };
  // A start that was cut off right here leaves less than the label.
  return { file, isNew: (await file.stat()).size < label.length };
}

function seal(key: Uint8Array, number: number, entry: Json): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(numbered(number));
  const sealed = Buffer.concat([nonce, cipher.update(canonicalJson(entry)), cipher.final(), cipher.getAuthTag()]);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(sealed.length);
  return Buffer.concat([length, sealed]);
}

function unseal(key: Uint8Array, number: number, sealed: Buffer): Json {
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(numbered(number))
    .setAuthTag(sealed.subarray(end));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()]).toString()) as Json;
}

interface Framed {
  readonly start: number;
  readonly bytes: number;
  readonly number: number;
}

/** Entries by their lengths alone; ends where one is not complete. */
async function* framed(file: FileHandle): AsyncGenerator<Framed> {
  const { size } = await file.stat();
  for (let at = label.length, number = 0; at + lengthBytes <= size; number++) {
    const bytes = (await readFully(file, Buffer.alloc(lengthBytes), at)).readUInt32BE();
    if (bytes < nonceBytes + tagBytes || bytes > mostEntryBytes || at + lengthBytes + bytes > size) return;
    yield { start: at + lengthBytes, bytes, number };
    at += lengthBytes + bytes;
  }
}

async function lastWhole(file: FileHandle, key: Uint8Array): Promise<{ readonly end: number; readonly count: number }> {
  let last: Framed | undefined;
  for await (const entry of framed(file)) last = entry;
  if (last === undefined) return { end: label.length, count: 0 };
  const isWhole = (await opened(file, key, last)) !== undefined;
  return isWhole ? { end: last.start + last.bytes, count: last.number + 1 } : { end: last.start - lengthBytes, count: last.number };
}

async function opened(file: FileHandle, key: Uint8Array, { start, bytes, number }: Framed): Promise<{ readonly entry: Json } | undefined> {
  const sealed = await readFully(file, Buffer.alloc(bytes), start);
  try {
    return { entry: unseal(key, number, sealed) };
  } catch {
    return undefined;
  }
}

async function* entries(options: JournalOptions, desk: DeskId, name: string): AsyncGenerator<Json> {
  const caseKey = await options.keys.find(desk, name);
  const file = caseKey === undefined ? undefined : await openThere(pathOf(options, desk, name));
  if (file === undefined || caseKey === undefined) return;
  const key = keyOf(caseKey, desk, name);
  try {
    let unread: Framed | undefined;
    for await (const entry of framed(file)) {
      // Only the last one may have been written by halves.
      if (unread !== undefined) throw new Error(`entry ${unread.number} of a sealed journal was altered or moved`);
      const whole = await opened(file, key, entry);
      if (whole === undefined) unread = entry;
      else yield whole.entry;
    }
  } finally {
    await file.close();
  }
}

async function openThere(path: string): Promise<FileHandle | undefined> {
  return open(path, "r+").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

async function remove(options: JournalOptions, desk: DeskId, name: string): Promise<void> {
  const path = pathOf(options, desk, name);
  const file = await openThere(path);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    const zeros = Buffer.alloc(1024 * 1024);
    for (let at = 0; at < size; at += zeros.length) await file.write(zeros, 0, Math.min(zeros.length, size - at), at);
    await file.sync();
  } finally {
    await file.close();
  }
  await unlink(path);
  await syncFolder(join(options.folder, safeName(desk)));
}

async function names({ folder }: JournalOptions, desk: DeskId): Promise<readonly string[]> {
  const found = await readdir(join(folder, safeName(desk))).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return found.filter((name) => name.endsWith(suffix)).map((name) => decodeURIComponent(name.slice(0, -suffix.length)));
}
