// Writes a package to a file that appears under its name only when it is whole.
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { PackageSink } from "../../app/production-port.ts";

/** A sink beside `path`: bytes go to `path.part`, readable by its owner only, and take the name when they are safe on disk. Throws when a part is there already. */
export async function packageFile(path: string): Promise<PackageSink> {
  const part = `${path}.part`;
  const file = await open(part, "wx", 0o600);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    write: async (chunk) => {
      for (let written = 0; written < chunk.length;) written += (await file.write(chunk, written)).bytesWritten;
    },
    keep: async () => {
      await file.sync();
      await close();
      await rename(part, path);
      await syncFolder(dirname(path));
    },
    drop: async () => {
      await close();
      await unlink(part).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
