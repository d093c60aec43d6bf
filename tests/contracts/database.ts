// A real database for tests: the server is shared, each test file gets a fresh database with its tables and roles.
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import { ledgerMigrations, migrate, type Migration } from "../../src/adapters/postgres/migrations.ts";
import { openPool } from "../../src/adapters/postgres/pool.ts";
import { type Connections, openDatabase } from "../../src/adapters/postgres/supervisor.ts";

export interface TestDatabase {
  readonly owner: Pool;
  readonly app: Pool;
  /** For further connections, from this process or a child. */
  readonly connections: Connections;
  close(): Promise<void>;
}

/** Test processes that run at the same time share one server; the last one stops it. */
export async function openTestDatabase({
  migrations = ledgerMigrations,
  ...options
}: { readonly max?: number; readonly migrations?: readonly Migration[] } = {}): Promise<TestDatabase> {
  const server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-test-database") });
  const name = `test_${randomBytes(8).toString("hex")}`;
  const connections = await server.createDatabase(name);
  const [owner, app] = [openPool(connections.owner, options), openPool(connections.app, options)];
  const { rows } = await app.query<{ name: string }>("select current_user as name");
  await migrate(owner, rows[0]?.name ?? "", migrations);
  return {
    owner,
    app,
    connections,
    async close() {
      await Promise.all([owner.end(), app.end()]);
      await dropOn(server, name);
      await server.stop();
    },
  };
}

async function dropOn(server: Connections, name: string): Promise<void> {
  const pool = openPool(server.owner, { max: 1 });
  try {
    await dropDatabase(pool, name);
  } finally {
    await pool.end();
  }
}

export async function dropDatabase(administrator: Pick<Pool, "query">, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const refused = await administrator.query(`drop database ${name} with (force)`).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refused === undefined) return;
    // A session that has ended on our side is still there for a moment on the other, and one of another role may not be ended by force.
    const isBusy = refused instanceof Error && "code" in refused && (refused.code === "42501" || refused.code === "55006");
    if (!isBusy || tries === 50) throw refused;
    await pause(100);
  }
}
