// Tells whether a process we once knew is still that process: numbers are given out again, start times are not.
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { stat } from "node:fs/promises";

/** Dead processes that nobody has collected yet (zombies) count as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return !(statOf(pid)?.startsWith("Z") ?? false);
}

/** When the process started, in a form that only equality is asked of; undefined when it cannot be known. */
function startOf(pid: number): string | undefined {
  if (process.platform === "linux") return statOf(pid)?.split(" ")[19];
  return ask("ps", ["-o", "lstart=", "-p", String(pid)])?.replaceAll(/\W+/g, "-");
}

export function parentOf(pid: number): number | undefined {
  const parent = process.platform === "linux" ? statOf(pid)?.split(" ")[1] : ask("ps", ["-o", "ppid=", "-p", String(pid)]);
  return parent === undefined ? undefined : Number(parent);
}

/** Whether the process is a PostgreSQL server at work in `folder`: such a server always stands in its data folder. */
export function worksIn(pid: number, folder: string): boolean {
  if (process.platform !== "linux") return (ask("ps", ["-ww", "-o", "command=", "-p", String(pid)]) ?? "").includes(folder);
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    // Root without the right to trace may not follow that link, but may read the command line.
    return readOrNothing(`/proc/${pid}/cmdline`).split("\0").includes(folder);
  }
}

/** Which start of which machine, and which container: process numbers mean something only within one. */
export function processSpace(): string {
  const boot = readOrNothing("/proc/sys/kernel/random/boot_id").slice(0, 8);
  try {
    return `${boot}.${readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "")}`;
  } catch {
    return `${boot}.0`;
  }
}

let holders = 0;

/** A file's name for this process and no other, ever: whoever finds it can ask whether its holder is still there. Fit for part of a file's name. */
export function holderName(): string {
  return `${processSpace()}.${process.pid}.${startOf(process.pid) ?? "0"}.${++holders}`;
}

/** Whether the process that holds `file` is still there. One in another container cannot be asked: it is, as long as the file is younger than `unknownMs`. */
export async function isHolderThere(holder: string, file: string, unknownMs: number): Promise<boolean> {
  const [boot, space, pid, start] = holder.split(".");
  const [ourBoot, ourSpace] = processSpace().split(".");
  if (boot !== ourBoot) return false;
  if (space !== ourSpace) return (await ageMs(file)) < unknownMs;
  if (!isAlive(Number(pid))) return false;
  const startNow = startOf(Number(pid));
  return startNow === undefined || startNow === start;
}

async function ageMs(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
}

/** The fields of /proc/PID/stat after the command's name, which may itself hold spaces: state, parent, … */
function statOf(pid: number): string | undefined {
  const text = readOrNothing(`/proc/${pid}/stat`);
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2);
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function ask(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || undefined;
  } catch {
    return undefined;
  }
}
