// All of it or nothing, on one connection.
import type { Pool, PoolClient } from "pg";

/** After an error the connection is thrown away, and with it whatever was begun. */
export async function inTransaction<T>(pool: Pool, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const done = await run(client);
    await client.query("commit");
    client.release();
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
