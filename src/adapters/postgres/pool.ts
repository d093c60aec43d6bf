// Connections to the database, a few of them, shared by everything that asks it something.
import pg from "pg";
import type { ConnectionSettings } from "./supervisor.ts";

export interface PoolOptions {
  /** Connections at most. Default 10. */
  readonly max?: number;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onTrouble?: (error: Error) => void;
}

/**
 * Statements of one connection go out without waiting for each other's answers, which saves the ledger round trips. A
 * statement that needs the answer of another must await it, as everywhere.
 */
export function openPool(settings: ConnectionSettings, { max = 10, onTrouble }: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({ ...settings, max, pipeline: true, keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as pg.PoolConfig);
  pool.on("error", (error) => onTrouble?.(error));
  return pool;
}
