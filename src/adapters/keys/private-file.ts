// Key files: made once, whole or not at all, and readable by nobody but their owner.
import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** The file's text; undefined when there is none. Throws when group or others may read or write it. */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(ignoreMissing);
  if (!status) return undefined;
  if (!status.isFile()) throw new Error(`the key file ${path} is not a file`);
  const mode = status.mode & 0o777;
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new Error(`the key file ${path} is open to others (mode ${mode.toString(8).padStart(4, "0")}); run: chmod 600 ${path}`);
  }
  return readFile(path, "utf8");
}

/** Creates the file with this text unless it exists; returns what the file holds afterwards. */
export async function createPrivateFile(path: string, text: string): Promise<string> {
  const draft = await writeDraft(path, text);
  try {
    // A link fails when the name is taken, so of two processes exactly one makes the key.
    await link(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await unlink(draft);
  }
  const held = await readPrivateFile(path);
  if (held === undefined) throw new Error(`the key file ${path} vanished`);
  return held;
}

/** Puts the text in the place of the old one in a single step. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  await rename(await writeDraft(path, text), path);
  await syncFolder(dirname(path));
}

async function writeDraft(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomBytes(8).toString("hex")}.draft`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) === "ENOENT") return undefined;
  throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
