// Lets one do at a time what two must never do together, over all processes and machines: the turn ends with the connection that holds it.
import type { Pool } from "pg";
import type { Turns } from "../../app/vault-port.ts";

export function openTurns(pool: Pool): Turns {
  return { take: (name) => take(pool, name) };
}

/** A program that was killed holds its turn until the database notices that it is gone: a moment. */
const [tries, pauseMs] = [10, 200];

async function take(pool: Pool, name: string): Promise<(() => Promise<void>) | undefined> {
  const client = await pool.connect();
  // A connection that breaks while it waits tells so here; without a listener it would end the program.
  const ignore = (): void => undefined;
  client.on("error", ignore);
  try {
    for (let attempt = 1; attempt <= tries; attempt++) {
      const text = "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken";
      const { rows } = await client.query<{ taken: boolean }>(text, [`portcullis/turn/${name}`]);
      // Thrown away at the end, and the turn with it.
      if (rows[0]?.taken === true) return async () => client.release(true);
      if (attempt < tries) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    client.off("error", ignore);
    client.release();
    return undefined;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
