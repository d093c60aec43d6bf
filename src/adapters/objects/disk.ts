// What the sealed files of this folder ask of a disk: names that last, reads that are whole, and a plain word when it is full.
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { NoRoom } from "../../app/vault-port.ts";

/** As much of the buffer as the file has from that position on. */
export async function readFully(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Makes the folder and lets every new name on the way to it reach the disk. */
export async function makeFolder(path: string, root: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === dirname(first) || folder === dirname(folder) || folder === dirname(root)) return;
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function safeName(name: string): string {
  const safe = encodeURIComponent(name);
  if (/^\.*$/.test(safe) || safe.length > 200) throw new RangeError("this name cannot be a folder");
  return safe;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** A full disk, or a used-up quota, is said as such; every other failure stays what it is. */
export async function orNoRoom<Result>(where: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) throw new NoRoom(where, error);
    throw error;
  }
}
