// Decides where the database of a data folder lies and whose it is.
import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readlink, realpath, rmdir, stat, symlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { canEnter, chooseAccount, runningAsRoot, type Account } from "./embedded-account.ts";
import { machineFolder } from "./embedded-binaries.ts";
import { codeOf, DatabaseTrouble, fileTrouble } from "./embedded-trouble.ts";

/** Where everything of one embedded server is. All paths are real ones, without links. */
export interface Home {
  readonly folder: string;
  /** PostgreSQL's own data folder; absent until the first start. */
  readonly cluster: string;
  /** The folder of the Unix socket, mode 0700: whoever can enter it may connect. */
  readonly sockets: string;
  readonly log: string;
  /** Whom the server runs as; undefined: as ourselves. */
  readonly account: Account | undefined;
}

/** A socket's path has 104 bytes on macOS and 108 on Linux, with its final zero; PostgreSQL adds this name. */
const longestSocketPathBytes = 103;
const socketName = "/.s.PGSQL.5432";

/**
 * Finds or makes the home `pg` in the data folder. When running as root and the database's account cannot reach that
 * folder, `pg` becomes a link to a home under /var/lib/portcullis; the link is the only record of where it is.
 */
export async function settleHome(dataDir: string, report: (text: string) => void): Promise<Home> {
  const root = runningAsRoot();
  try {
    await makeFolder(dataDir, root ? 0o711 : 0o700);
    const entry = join(await realpath(dataDir), "pg");
    const folder = root ? await homeForRoot(entry, report) : await ownHome(entry);
    const cluster = join(folder, "cluster");
    const account = await accountOf(cluster, root);
    return { folder, cluster, account, sockets: await settleSockets(folder, account), log: join(folder, "server.log") };
  } catch (error) {
    throw fileTrouble(error, resolve(dataDir));
  }
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await chmod(folder, mode);
}

async function ownHome(entry: string): Promise<string> {
  await refuseDanglingLink(entry);
  await makeFolder(entry, 0o700);
  return realpath(entry);
}

async function homeForRoot(entry: string, report: (text: string) => void): Promise<string> {
  await refuseDanglingLink(entry);
  await makeFolder(entry, 0o711);
  const folder = await realpath(entry);
  const account = (await accountOf(join(folder, "cluster"), true)) as Account;
  if (await canEnter(folder, account)) return folder;
  const settled = (await lstat(join(folder, "cluster")).catch(() => undefined)) !== undefined;
  if (settled || basename(folder) !== "pg") {
    throw new DatabaseTrouble(
      "NO_PERMISSION",
      `User ${account.uid}, who owns the database in ${folder}, can no longer reach it. Let others pass through the folders above it (chmod o+x).`,
    );
  }
  return moveHome(entry, report);
}

/** Each data folder gets a home of its own, so that a new folder never wakes the data of a deleted one. */
async function moveHome(entry: string, report: (text: string) => void): Promise<string> {
  const shelf = join(machineFolder, "clusters");
  await mkdir(shelf, { recursive: true, mode: 0o755 });
  const mark = fingerprint(entry);
  const earlier = (await readdir(shelf)).filter((name) => name.startsWith(mark));
  const folder = await mkdtemp(join(shelf, `${mark}-`));
  await chmod(folder, 0o711);
  if (!(await putLink(entry, folder))) return realpath(entry);
  report(`The database lies in ${folder}, because its user cannot reach ${dirname(entry)}. Keep it with your backups.`);
  if (earlier.length > 0) report(`Left from an earlier data folder of the same name: ${earlier.map((name) => join(shelf, name)).join(", ")}.`);
  return folder;
}

/** False, and nothing left behind, when another process was first. */
async function putLink(entry: string, folder: string): Promise<boolean> {
  try {
    await rmdir(entry).catch(() => {});
    await symlink(folder, entry);
    return true;
  } catch (error) {
    await rmdir(folder);
    if (codeOf(error) !== "EEXIST") throw error;
    return false;
  }
}

/** Starting empty where there was a database would look like a desk that never had a case. */
async function refuseDanglingLink(entry: string): Promise<void> {
  const target = await readlink(entry).catch(() => undefined);
  if (target === undefined || (await stat(entry).catch(() => undefined))) return;
  throw new DatabaseTrouble(
    "CLUSTER_GONE",
    `The database of this data folder was in ${target} and is gone. Put it back from a backup, or remove the link ${entry} to begin with an empty one.`,
  );
}

/** A database that exists keeps its owner; a new one gets the account of the house. */
async function accountOf(cluster: string, root: boolean): Promise<Account | undefined> {
  const owner = await stat(cluster).catch(() => undefined);
  if (root) return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : chooseAccount();
  if (owner && owner.uid !== process.getuid?.()) {
    throw new DatabaseTrouble("NO_PERMISSION", `The database in ${cluster} belongs to user ${owner.uid}. Run the program as that user, or as root.`);
  }
  return undefined;
}

async function settleSockets(folder: string, account: Account | undefined): Promise<string> {
  const near = join(folder, "run");
  const sockets = Buffer.byteLength(near + socketName) <= longestSocketPathBytes ? near : join("/tmp", `portcullis-${fingerprint(folder)}`);
  if (Buffer.byteLength(sockets + socketName) > longestSocketPathBytes) {
    throw new DatabaseTrouble(
      "SOCKET_PATH_TOO_LONG",
      `The path of the database's socket in ${sockets} is longer than the system allows. Choose a shorter data folder.`,
    );
  }
  await mkdir(sockets, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
  });
  await claimSockets(sockets, account);
  return sockets;
}

/** In a folder anyone may write to, somebody else could have made ours first and wait for our connections. */
async function claimSockets(sockets: string, account: Account | undefined): Promise<void> {
  const found = await lstat(sockets);
  const wanted = account ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (!found.isDirectory() || ![wanted.uid, process.getuid?.()].includes(found.uid)) {
    throw new DatabaseTrouble("NO_PERMISSION", `${sockets}, the folder for the database's socket, belongs to user ${found.uid}. Remove it and start again.`);
  }
  if (found.uid !== wanted.uid) await chown(sockets, wanted.uid, wanted.gid);
  if ((found.mode & 0o777) !== 0o700) await chmod(sockets, 0o700);
}

function fingerprint(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}
