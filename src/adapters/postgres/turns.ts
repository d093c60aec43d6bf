// Lets one do at a time what two must never do together, over all processes and machines: the turn ends with the connection that holds it.
import type { Pool, PoolClient } from "pg";
import { TurnLost, type Turn, type Turns } from "../../app/vault-port.ts";

export function openTurns(pool: Pool): Turns {
  return { take: (name) => take(pool, name) };
}

/** A program that was killed holds its turn until the database notices that it is gone: a moment. */
const [tries, pauseMs] = [10, 200];

async function take(pool: Pool, name: string): Promise<Turn | undefined> {
  const client = await pool.connect();
  const lost = new AbortController();
  // Without a listener a connection that breaks would end the program.
  const onLost = (cause?: Error): void => lost.abort(new TurnLost(cause === undefined ? {} : { cause }));
  client.on("error", onLost);
  client.on("end", onLost);
  const letGo = (isBroken: boolean): void => {
    client.off("error", onLost);
    client.off("end", onLost);
    client.release(isBroken);
  };
  try {
    for (let attempt = 1; attempt <= tries; attempt++) {
      const text = "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken";
      const { rows } = await client.query<{ taken: boolean }>(text, [`portcullis/turn/${name}`]);
      if (rows[0]?.taken === true) return held(client, lost, letGo);
      if (attempt < tries) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    letGo(false);
    return undefined;
  } catch (error) {
    letGo(true);
    throw error;
  }
}

const answerMs = 10_000;

function held(client: PoolClient, lost: AbortController, letGo: (isBroken: boolean) => void): Turn {
  let isOver = false;
  return {
    lost: lost.signal,
    confirm: async () => {
      lost.signal.throwIfAborted();
      // An advisory lock lives as long as its session: one that still answers still has it. One that does not answer in time may have lost it.
      const late = AbortSignal.timeout(answerMs);
      const silence = new Promise<never>((_, reject) =>
        late.addEventListener("abort", () => reject(new Error("the database does not answer")), { once: true }),
      );
      await Promise.race([client.query("select 1"), silence]).catch((cause: unknown) => lost.abort(new TurnLost({ cause })));
      lost.signal.throwIfAborted();
    },
    end: async () => {
      if (isOver) return;
      isOver = true;
      // Thrown away, and the turn with it.
      letGo(true);
    },
  };
}
