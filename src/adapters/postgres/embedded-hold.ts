// Keeps the shared server running for as long as somebody needs it, and no longer.
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { holderPrefix, joinOrStart, stopUnlessHeld, type Server } from "./embedded-server.ts";
import { DatabaseTrouble } from "./embedded-trouble.ts";
import { inTurn } from "./embedded-turn.ts";

const longestPauseMs = 5_000;

export interface Hold {
  /** Lets go; the last one to do so stops the server. */
  release(): Promise<void>;
}

/** pg has these and its types do not: a program with nothing else to do may end without letting go. */
type Quiet = Client & { ref(): void; unref(): void };

/**
 * A hold is an open connection with a name of its own. The kernel closes it when its process dies, however that
 * happens, so the count of holders is never wrong and there are no notes about processes to clean up. When the server
 * itself is lost, the hold is taken again, which starts it again.
 */
export async function holdServer(server: Server, name: string, prepare: (administrator: Client) => Promise<void>): Promise<Hold> {
  const bears = holderPrefix + name;
  const leaving = new AbortController();
  let regaining: Promise<void> = Promise.resolve();

  const take = () =>
    inTurn(server.home.folder, server.report, async () => {
      const client = await joinOrStart(server, bears);
      await prepare(client).catch((error: unknown) => client.end().then(() => Promise.reject(error)));
      return watch(client);
    });
  const watch = (client: Client): Client => {
    (client as Quiet).unref();
    client.once("end", () => {
      if (!leaving.signal.aborted) regaining = regain();
    });
    return client;
  };
  const regain = async () => {
    server.report("The connection to the database server was lost; taking it up again.");
    for (let pauseMs = 100; !leaving.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        held = await take();
        return;
      } catch (error) {
        server.report(error instanceof Error ? error.message : String(error));
        if (isGone(error)) return;
        await pause(pauseMs, undefined, { ref: false, signal: leaving.signal }).catch(() => {});
      }
    }
  };

  let held = await take();
  return {
    release: async () => {
      leaving.abort();
      await regaining;
      try {
        await inTurn(server.home.folder, server.report, () => stopUnlessHeld(server, bears));
      } catch (error) {
        // A server whose folder was removed ends by itself within a minute.
        if (!isGone(error)) throw error;
      } finally {
        (held as Quiet).ref();
        await held.end().catch(() => {});
      }
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof DatabaseTrouble && error.code === "CLUSTER_GONE";
}
