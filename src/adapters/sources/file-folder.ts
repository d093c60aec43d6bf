// Reads files of one folder and of nothing outside it, and notices when one of them changes while it is read.
import { constants } from "node:fs";
import { type FileHandle, open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { SourceFinding } from "../../production/shapes.ts";
import { type FilePlace, type Listing, Stopped, type StoredFile, isOddName, isPlainName, matcherOf, printable } from "./file-place.ts";

const deepestFolder = 8;
const mostEntries = 200_000;
const pieceBytes = 256 * 1024;

/** Links are followed only where they end inside the folder. Throws when there is no such folder. */
export async function fileFolder(folder: string): Promise<FilePlace> {
  const root = await realpath(folder);
  if (!(await stat(root)).isDirectory()) throw new Stopped("NOT_A_FILE", "the folder is none");
  return { list: (patterns, signal) => list(root, patterns, signal), open: (name) => openFile(root, name) };
}

async function list(root: string, patterns: readonly string[], signal?: AbortSignal): Promise<Listing> {
  const isWanted = matcherOf(patterns);
  const names: string[] = [];
  const findings: SourceFinding[] = [];
  let seen = 0;
  for (const folders = [""]; folders.length > 0;) {
    signal?.throwIfAborted();
    const folder = folders.pop() ?? "";
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      seen += 1;
      if (seen > mostEntries) throw new Stopped("TOO_MANY_FILES", "the folder holds too many files");
      const name = `${folder}${entry.name}`;
      if (entry.isDirectory() && name.split("/").length <= deepestFolder) folders.push(`${name}/`);
      else if (isWanted(name) && isOddName(name))
        findings.push({ code: "ODD_NAME", where: printable(name), what: "The file's name holds signs that no export writes; it is not read." });
      else if (isWanted(name)) names.push(name);
      else if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(root, name))))) findings.push(notFollowed(name));
    }
  }
  return { names: names.toSorted(byText), findings: [...findings, ...absent(patterns, names)] };
}

function notFollowed(name: string): SourceFinding {
  return { code: "ODD_NAME", where: printable(name), what: "The folder is a link, or lies too deep; it is not searched. Put the files where the source is." };
}

/** A file that the settings name and that is not there. */
export function absent(patterns: readonly string[], names: readonly string[]): SourceFinding[] {
  return patterns
    .filter((pattern) => isPlainName(pattern) && !names.includes(pattern))
    .map((pattern) => ({ code: "NO_ENTRIES", where: printable(pattern), what: "The file is named in the settings and is not there." }));
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function openFile(root: string, name: string): Promise<StoredFile> {
  const path = join(root, name);
  const handle = await opened(root, path);
  try {
    // The path was judged before; what was opened is judged here, so that nobody can exchange the one for the other in between.
    if (!isInside(root, await readlink(descriptorOf(handle)))) throw new Stopped("LEADS_OUTSIDE", "the file lies outside the folder");
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) throw new Stopped("NOT_A_FILE", "the name is not a file's");
    return {
      bytes: Number(before.size),
      pieces: (signal) => pieces(handle, signal),
      localPath: () => Promise.resolve(descriptorOf(handle)),
      confirm: async () => {
        const [now, there] = [await handle.stat({ bigint: true }), await stat(path, { bigint: true }).catch(() => undefined)];
        const isSame = [now, there].every(
          (seen) => seen?.dev === before.dev && seen.ino === before.ino && seen.size === before.size && seen.mtimeNs === before.mtimeNs,
        );
        if (!isSame) throw new Stopped("CHANGED", "the file changed while it was read");
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(root: string, path: string): Promise<FileHandle> {
  try {
    const real = await realpath(path);
    if (!isInside(root, real)) throw new Stopped("LEADS_OUTSIDE", "the file lies outside the folder");
    // Without waiting: a pipe in place of a file would otherwise hold the read for ever.
    return await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw error instanceof Stopped ? error : new Stopped("GONE", "the file cannot be opened", error);
  }
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Linux shows what a descriptor stands for, also when its file has no name any more. */
export function descriptorOf(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

async function* pieces(handle: FileHandle, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
