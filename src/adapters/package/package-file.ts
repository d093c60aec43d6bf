// Writes a package to a file that appears under its name only when it is whole.
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { PackageSink, ResumableSink } from "../../app/production-port.ts";

/** A sink beside `path`: bytes go to `path.part`, readable by its owner only, and take the name when they are safe on disk. Throws when a part is there already. */
export async function packageFile(path: string): Promise<PackageSink> {
  return sinkOver(path, await open(partOf(path), "wx", 0o600), 0);
}

/** The same sink over a part that was left behind by a packing that was stopped. Throws when there is none. */
export async function resumedPackageFile(path: string): Promise<ResumableSink> {
  const file = await open(partOf(path), "r+");
  const { size } = await file.stat();
  const sink = sinkOver(path, file, size);
  return { ...sink, stored: () => bytesOf(file, size) };
}

function partOf(path: string): string {
  return `${path}.part`;
}

/** The disk starts to keep what is written long before the end, so that the end need not wait for all of it. */
const bytesBetweenSyncs = 32 * 1024 * 1024;

function sinkOver(path: string, file: FileHandle, from: number): PackageSink {
  const part = partOf(path);
  let isOpen = true;
  let at = from;
  let syncedAt = from;
  let syncing: Promise<void> | undefined;
  let failure: { readonly cause: unknown } | undefined;
  const syncSometimes = () => {
    if (syncing !== undefined || at - syncedAt < bytesBetweenSyncs) return;
    syncedAt = at;
    syncing = file.datasync().then(
      () => (syncing = undefined),
      (cause: unknown) => {
        syncing = undefined;
        // The system tells a failed write once: it must not be forgotten.
        failure ??= { cause };
      },
    );
  };
  const close = async () => {
    await syncing;
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    write: async (chunk) => {
      for (let written = 0; written < chunk.length;) written += (await file.write(chunk, written, chunk.length - written, at + written)).bytesWritten;
      at += chunk.length;
      syncSometimes();
    },
    keep: async () => {
      await syncing;
      if (failure !== undefined) throw new Error("the disk did not keep what was written", { cause: failure.cause });
      await file.sync();
      await close();
      await rename(part, path);
      await syncFolder(dirname(path));
    },
    flush: () => file.datasync(),
    pause: close,
    drop: async () => {
      await close();
      await unlink(part).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
    },
  };
}

async function* bytesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(1024 * 1024), 0, 1024 * 1024, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
