// PostgreSQL refuses to run as root, so its work is done by an ordinary account of the machine.
import { spawn } from "node:child_process";
import { codeOf, DatabaseTrouble } from "./embedded-trouble.ts";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** How a program ended; `refused` is the system's code when it could not be run at all, such as `EACCES`. */
export interface Ran {
  readonly exitCode: number;
  readonly output: string;
  readonly refused: string;
}

export function runningAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account root hands the server to: PORTCULLIS_DB_USER, else `postgres`, else `nobody`. */
export async function chooseAccount(): Promise<Account> {
  const wished = process.env["PORTCULLIS_DB_USER"];
  for (const name of wished ? [wished] : ["postgres", "_postgres", "nobody"]) {
    const account = await findAccount(name);
    if (account && account.uid !== 0) return account;
  }
  throw new DatabaseTrouble(
    "NO_ACCOUNT",
    wished
      ? `PORTCULLIS_DB_USER names ${wished}, which is root or no user of this machine. Name an ordinary user, or run the program as one.`
      : "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody. Name an ordinary user in PORTCULLIS_DB_USER, or run the program as one.",
  );
}

async function findAccount(name: string): Promise<Account | undefined> {
  const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return undefined;
  return { uid: Number(uid.output), gid: Number(gid.output) };
}

/** Asks the kernel rather than reading permission bits: access lists and mount options count too. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  const tried = await run("/bin/sh", ["-c", 'cd "$0"', folder], account);
  if (tried.refused === "EPERM" || tried.refused === "EINVAL") throw mayNotChangeAccount(account);
  return tried.exitCode === 0;
}

function mayNotChangeAccount(account: Account): DatabaseTrouble {
  return new DatabaseTrouble(
    "NO_ACCOUNT",
    `This root may not start a program as user ${account.uid}, as in some containers. Run the program itself as an ordinary user.`,
  );
}

/** Runs a program to its end, as `account` when given; output is what it wrote on both streams. Never rejects. */
export function run(program: string, args: readonly string[], account?: Account, folder = "/"): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...account, cwd: folder, env: serverEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (piece: Buffer) => void (output = (output + piece.toString()).slice(-16_384));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => resolve({ exitCode: -1, output: error.message, refused: codeOf(error) }));
    child.once("close", (exitCode) => resolve({ exitCode: exitCode ?? -1, output, refused: "" }));
  });
}

/** Nothing inherited may bend the server: no PG… variables, no locale, no zone. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}
