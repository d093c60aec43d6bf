// One at a time: starting, joining and stopping the shared server is done by whoever has the turn.
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { holderName, isHolderThere } from "../processes.ts";
import { codeOf, DatabaseTrouble, fileTrouble } from "./embedded-trouble.ts";

const longestWaitMs = 10 * 60_000;
const noticeEveryMs = 5_000;
/** A holder in another container cannot be asked; after this long it is taken for gone. */
const unknownHolderMs = 60_000;

/**
 * Does `work` while no other process on this machine does any for the same folder. A process that died in its turn
 * holds up nobody. Throws BUSY after ten minutes,
 * CLUSTER_GONE when the folder is no longer there.
 */
export async function inTurn<Result>(folder: string, report: (text: string) => void, work: () => Promise<Result>): Promise<Result> {
  const holder = holderName();
  await waitForTurn(folder, holder, report);
  try {
    await clearAway(folder);
    return await work();
  } finally {
    await giveBack(join(folder, "turn"), holder);
  }
}

async function waitForTurn(folder: string, holder: string, report: (text: string) => void): Promise<void> {
  const since = performance.now();
  let nextNoticeMs = noticeEveryMs;
  const mine = join(folder, `turn.${holder}`);
  await mkdir(mine).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") throw new DatabaseTrouble("CLUSTER_GONE", `The database's folder ${folder} was removed.`, error);
    throw fileTrouble(error, folder);
  });
  await writeFile(join(mine, holder), "");
  while (!(await takeOver(mine, join(folder, "turn")))) {
    const waitedMs = performance.now() - since;
    if (waitedMs > nextNoticeMs) {
      report(`Waiting for process ${await whoHolds(folder)}, which is starting or stopping the database.`);
      nextNoticeMs += noticeEveryMs;
    }
    if (waitedMs > longestWaitMs) {
      const other = await whoHolds(folder);
      await rm(mine, { recursive: true });
      throw new DatabaseTrouble("BUSY", `Process ${other} has been starting or stopping the database in ${folder} for too long. End it and start again.`);
    }
    await pause(15);
  }
}

/**
 * The turn is a folder with one file in it, named after its holder. A prepared folder can be renamed onto it only
 * while it is absent or empty, and a dead holder's file is removed by its unique name: nobody alive can be robbed.
 */
async function takeOver(mine: string, turn: string): Promise<boolean> {
  try {
    await rename(mine, turn);
    return true;
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw error;
  }
  for (const holder of await list(turn)) {
    if (!(await isHolderThere(holder, join(turn, holder), unknownHolderMs))) await unlink(join(turn, holder)).catch(() => {});
  }
  return false;
}

async function giveBack(turn: string, holder: string): Promise<void> {
  await unlink(join(turn, holder)).catch(() => {});
  // Somebody else may have moved in already; then the folder is theirs.
  await rmdir(turn).catch(() => {});
}

/** Removes what those left who died while they were waiting. */
async function clearAway(folder: string): Promise<void> {
  for (const name of await list(folder)) {
    const holder = name.startsWith("turn.") ? name.slice("turn.".length) : undefined;
    if (holder !== undefined && !(await isHolderThere(holder, join(folder, name), unknownHolderMs)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function whoHolds(folder: string): Promise<string> {
  const [holder] = await list(join(folder, "turn"));
  return holder?.split(".")[2] ?? "that has just gone";
}

async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
