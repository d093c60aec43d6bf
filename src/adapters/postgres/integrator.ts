// Seals what was recorded, in the background: soon after a hint, and every so often without one.
import type { Pool, PoolClient } from "pg";
import type { DeskId } from "../../kernel/ids.ts";
import type { Instant } from "../../kernel/instant.ts";
import type { Checkpoint } from "../../ledger/port.ts";
import type { PostgresLedger } from "./ledger.ts";

export interface IntegratorOptions {
  readonly pool: Pool;
  readonly ledger: PostgresLedger;
  readonly now: () => Instant;
  /** How long facts gather before a checkpoint. Default 200. */
  readonly gatherMs?: number;
  /** How often to look without a hint. Default 5,000. */
  readonly pollMs?: number;
  readonly onSealed?: (checkpoint: Checkpoint) => void;
  /** Told of every failed round; the next one follows after the polling time. */
  readonly onTrouble?: (error: unknown) => void;
}

export interface Integrator {
  /** Ends after the round under way, with one last round for what is recorded by then. */
  stop(): Promise<void>;
}

const channel = "portcullis_recorded";

/** Any number of processes may run one: they take turns on each desk. */
export function startIntegrator(options: IntegratorOptions): Integrator {
  const { ledger, pool, gatherMs = 200, pollMs = 5000 } = options;
  const bell = startBell();
  const notice = startNotice(pool, gatherMs);
  const stopListening = ledger.onRecorded((desk) => {
    bell.ring();
    notice.tell(desk);
  });
  let isStopping = false;
  const ears = startEars(pool, bell.ring);
  const run = async (): Promise<void> => {
    while (!isStopping) {
      await ears.open();
      const isFine = await sealAll(options);
      if (isFine) await bell.wait(pollMs);
      else await bell.wait(pollMs, "quiet");
      if (!isStopping) await bell.wait(gatherMs, "quiet");
    }
    await sealAll(options);
  };
  const running = run();
  return {
    async stop() {
      isStopping = true;
      stopListening();
      bell.end();
      await running;
      await Promise.all([notice.end(), ears.close()]);
    },
  };
}

async function sealAll({ pool, ledger, now, onSealed, onTrouble }: IntegratorOptions): Promise<boolean> {
  try {
    const { rows } = await pool.query<{ desk: DeskId }>("select distinct desk from pending");
    for (const { desk } of rows) {
      const checkpoint = await ledger.seal(desk, now());
      if (checkpoint) onSealed?.(checkpoint);
    }
    return true;
  } catch (error) {
    onTrouble?.(error);
    return false;
  }
}

/** Wakes the sleeper; a ring while nobody sleeps is kept for the next one. */
function startBell() {
  let [hasRung, hasEnded] = [false, false];
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      hasRung = true;
      wake?.();
    },
    end: () => {
      hasEnded = true;
      wake?.();
    },
    /** Sleeps until the bell rings or the time is over; a quiet sleep only the end of everything interrupts. */
    wait: (ms: number, manner?: "quiet") =>
      new Promise<void>((resolve) => {
        const done = (): void => {
          if (manner === "quiet" && !hasEnded) return;
          finish();
        };
        const finish = (): void => {
          clearTimeout(timer);
          wake = undefined;
          if (manner !== "quiet") hasRung = false;
          resolve();
        };
        const timer = setTimeout(finish, ms);
        wake = done;
        if (hasEnded || (hasRung && manner !== "quiet")) finish();
      }),
  };
}

/** Passes the hint on to other processes, at most once in a while: a notice costs the database a lock. */
function startNotice(pool: Pool, everyMs: number) {
  const desks = new Set<DeskId>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  const send = (): void => {
    timer = undefined;
    const told = [...desks];
    desks.clear();
    // Only a hint: where the database has no notices, the others find the facts when they look.
    sending = Promise.all(told.map((desk) => pool.query("select pg_notify($1, $2)", [channel, desk]))).catch(() => undefined);
  };
  return {
    tell: (desk: DeskId) => {
      desks.add(desk);
      timer ??= setTimeout(send, everyMs);
    },
    end: async () => {
      clearTimeout(timer);
      await sending;
    },
  };
}

/** One connection that listens; when it breaks, the next round opens another. */
function startEars(pool: Pool, onHint: () => void) {
  let client: PoolClient | undefined;
  const drop = (): void => {
    client?.release(true);
    client = undefined;
  };
  return {
    open: async () => {
      if (client) return;
      try {
        const opened = await pool.connect();
        client = opened;
        opened.on("notification", onHint);
        opened.on("error", drop);
        await opened.query(`listen ${channel}`);
      } catch {
        drop();
      }
    },
    close: async () => drop(),
  };
}
