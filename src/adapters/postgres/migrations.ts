// The tables of the ledger, the vault and the outbox, and who may do what to them; brought up to date in small steps.
import type { ClientBase, Pool } from "pg";

/** One step. It runs once, in its own transaction, as the owner. Steps are never edited after a release; a new one follows. */
export interface Migration {
  /** Sorts after every earlier one: `001`, `002` … */
  readonly id: string;
  /** Statements; `"app"` stands for the application's role and is replaced by its quoted name. */
  readonly sql: string;
}

// Portable to distributed PostgreSQL: every unique key begins with the desk, no generated columns, no sequences.
// Rows the application may not update or delete: events, entries, checkpoints, claims.
export const ledgerMigrations: readonly Migration[] = [
  {
    id: "001-ledger",
    sql: `
      create table events (
        desk text not null,
        stream text not null,
        version integer not null check (version > 0),
        at text not null,
        "by" text not null,
        body text not null,
        salt bytea not null,
        commitment bytea not null,
        primary key (desk, stream, version)
      );
      create table pending (
        desk text not null,
        stream text not null,
        version integer not null,
        primary key (desk, stream, version)
      );
      create table entries (
        desk text not null,
        position bigint not null check (position >= 0),
        stream text not null,
        version integer not null,
        primary key (desk, position),
        unique (desk, stream, version)
      );
      create table tiles (
        desk text not null,
        level smallint not null,
        index bigint not null,
        data bytea not null,
        primary key (desk, level, index)
      );
      create table checkpoints (
        desk text not null,
        number bigint not null check (number >= 0),
        size bigint not null,
        root bytea not null,
        note text not null,
        primary key (desk, number),
        unique (desk, size)
      );
      create table log_state (
        desk text primary key,
        size bigint not null,
        checkpoints bigint not null
      );
      create table claims (
        desk text not null,
        key text not null,
        stream text not null,
        primary key (desk, key)
      );
      grant select, insert on events, entries, checkpoints, claims to "app";
      grant select, insert, delete on pending to "app";
      grant select, insert, update on tiles, log_state to "app";
    `,
  },
  {
    id: "002-vault",
    sql: `
      create table case_keys (
        desk text not null,
        case_id text not null,
        wrapped_key bytea,
        primary key (desk, case_id)
      );
      create table vault (
        desk text not null,
        ref text not null,
        case_id text not null,
        ciphertext bytea not null,
        primary key (desk, ref)
      );
      create index vault_of_case on vault (desk, case_id);
      grant select, insert, update on case_keys, vault to "app";
    `,
  },
  {
    id: "003-outbox",
    sql: `
      create table outbox (
        desk text not null,
        letter_id text not null,
        stream text not null,
        content text not null,
        created_at text not null,
        attempts integer not null default 0,
        next_try_at text,
        sent_at text,
        last_error text,
        primary key (desk, letter_id)
      );
      create index outbox_due on outbox (desk, next_try_at) where next_try_at is not null;
      grant select, insert, update on outbox to "app";
    `,
  },
];

/** Brings the database up to date; safe to run from several processes at once. Returns the ids that it applied. */
export async function migrate(owner: Pool, appRole: string, migrations: readonly Migration[] = ledgerMigrations): Promise<readonly string[]> {
  await createMigrationTable(owner);
  const applied: string[] = [];
  for (const migration of [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (await applyOnce(owner, appRole, migration)) applied.push(migration.id);
  }
  return applied;
}

async function createMigrationTable(owner: Pool): Promise<void> {
  const create = () => owner.query("create table if not exists schema_migrations (id text primary key, applied_at timestamptz)");
  // Two processes that create the same table at once: one of them meets the other's row in the catalogue.
  await create().catch(create);
}

/** The row of a step is its lock: whoever comes second waits for it and then finds the step done. */
async function applyOnce(owner: Pool, appRole: string, { id, sql }: Migration): Promise<boolean> {
  await owner.query("insert into schema_migrations (id) values ($1) on conflict do nothing", [id]);
  const client = await owner.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ applied_at: Date | null }>("select applied_at from schema_migrations where id = $1 for update", [id]);
    const isNew = rows[0]?.applied_at === null;
    if (isNew) await apply(client, id, sql.replaceAll('"app"', quotedName(appRole)));
    await client.query("commit");
    client.release();
    return isNew;
  } catch (error) {
    client.release(true);
    throw new Error(`the database step ${id} failed`, { cause: error });
  }
}

async function apply(client: ClientBase, id: string, sql: string): Promise<void> {
  await client.query(sql);
  await client.query("update schema_migrations set applied_at = now() where id = $1", [id]);
}

function quotedName(role: string): string {
  if (role.length === 0 || role.includes("\0")) throw new RangeError("a role needs a name");
  return `"${role.replaceAll('"', '""')}"`;
}
