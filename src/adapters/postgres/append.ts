// Writes a batch of decisions in one transaction: all facts with their letters, keys and claims, or, for a loser, nothing.
import pg, { type PoolClient } from "pg";
import { canonicalJson } from "../../ledger/canonical-json.ts";
import { recordText, saltBytes, startCommitting } from "../../ledger/entry.ts";
import type { Sha256 } from "../../ledger/merkle.ts";
import type { Alongside, Append, Appended } from "../../ledger/port.ts";
import type { WriteText } from "../../ledger/text-bytes.ts";
import type { EventRow } from "../../ledger/verify-ledger.ts";

/** An append with its rows worked out. */
export interface PreparedAppend {
  readonly request: Append;
  readonly rows: readonly EventRow[];
}

export type AppendOutcome = { readonly kind: "done"; readonly appended: Appended } | { readonly kind: "failed"; readonly error: unknown };

export interface PreparingOptions {
  readonly sha256: Sha256;
  /** Unpredictable bytes, as many as asked for. */
  readonly random: (length: number) => Uint8Array;
  /** A faster way to write text, where the platform has it. */
  readonly writeText?: WriteText;
}

/** Works out the rows and throws a RangeError on what can never be stored, before anybody else's batch is touched. */
export function startPreparing({ sha256, random, writeText }: PreparingOptions): (request: Append) => PreparedAppend {
  const commit = startCommitting(sha256, writeText);
  return (request) => {
    const { desk, stream, expectedVersion, at, by, facts } = request;
    if (facts.length === 0) throw new RangeError("an append carries at least one fact");
    if (!Number.isSafeInteger(expectedVersion) || expectedVersion < 0) throw new RangeError("a version counts from 0");
    if ([desk, stream, at, by].some((text) => text.includes("\0"))) throw new RangeError("names in the ledger have no null character");
    const rows = facts.map((fact, place) => {
      const row = { stream, version: expectedVersion + place + 1, at, by, body: canonicalJson(fact) };
      const salt = random(saltBytes);
      return { ...row, salt, commitment: commit(salt, recordText({ desk, ...row })) };
    });
    return { request, rows };
  };
}

/** What two appends in one batch must not share: a stream, or a claim. */
export function keysOf({ request }: PreparedAppend): readonly string[] {
  const { desk, stream, alongside } = request;
  return [`stream ${desk} ${stream}`, ...(alongside?.claims ?? []).map(({ key }) => `claim ${desk} ${key}`)];
}

const mostAttempts = 5;

/**
 * Appends the batch and tells each request its own fate. A statement that the database refuses costs only the request it
 * belongs to. When the connection breaks, whether the batch was written is unknown: every request of it fails, none is tried again.
 */
export async function appendBatch(pool: pg.Pool, batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const appended = await appendWithoutLosers(pool, batch);
      return batch.map((prepared) => ({ kind: "done", appended: appended.get(prepared) as Appended }));
    } catch (error) {
      if (isRaceLost(error) && attempt < mostAttempts) continue;
      const [only] = batch;
      if (batch.length === 1 || !only || !isRefusal(error)) return batch.map(() => ({ kind: "failed", error }));
      return (await Promise.all(batch.map((prepared) => appendBatch(pool, [prepared])))).flat();
    }
  }
}

/** Serialization failure and deadlock: nothing was written, and the next attempt may go through. */
function isRaceLost(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "40001" || error.code === "40P01");
}

/** Integrity and data errors, or a race lost again and again: the transaction is certainly undone. */
function isRefusal(error: unknown): boolean {
  return isRaceLost(error) || (error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? ""));
}

async function appendWithoutLosers(pool: pg.Pool, batch: readonly PreparedAppend[]): Promise<ReadonlyMap<PreparedAppend, Appended>> {
  const outcomes = new Map<PreparedAppend, Appended>();
  let open = sorted(batch);
  while (open.length > 0) {
    const losers = await tryAppend(pool, open);
    for (const [loser, outcome] of losers) outcomes.set(loser, outcome);
    open = open.filter((prepared) => !losers.has(prepared));
    if (losers.size > 0) continue;
    for (const prepared of open) outcomes.set(prepared, { kind: "appended", version: prepared.rows.at(-1)?.version ?? 0 });
    break;
  }
  return outcomes;
}

/** One order for every process, so that two batches wait for each other in one direction only. */
function sorted(batch: readonly PreparedAppend[]): readonly PreparedAppend[] {
  const nameOf = ({ request }: PreparedAppend) => `${request.desk}\n${request.stream}`;
  return [...batch].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

type Losers = ReadonlyMap<PreparedAppend, Appended>;

/** Commits when nobody lost; undoes everything and names the losers otherwise. */
async function tryAppend(pool: pg.Pool, batch: readonly PreparedAppend[]): Promise<Losers> {
  const client = await pool.connect();
  try {
    // Not awaited one by one: on a pipelined connection the statements share a round trip.
    const [, claims, keys, events] = await settleAll([
      client.query("begin"),
      insertClaims(client, batch),
      insertCaseKeys(client, batch),
      insertEvents(client, batch),
    ]);
    const losers = new Map([...events, ...keys, ...claims]);
    if (losers.size > 0) await client.query("rollback");
    else await finish(client, batch);
    client.release();
    return losers;
  } catch (error) {
    await client.query("rollback").then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

async function finish(client: PoolClient, batch: readonly PreparedAppend[]): Promise<void> {
  const [, , , commit] = await settleAll([insertPending(client, batch), insertVault(client, batch), insertLetters(client, batch), client.query("commit")]);
  if (commit.command !== "COMMIT") throw new Error("the database did not commit");
}

/** Like Promise.all, but waits for every statement, so that none is under way when the transaction is undone. */
async function settleAll<T extends readonly unknown[]>(statements: readonly [...{ [K in keyof T]: Promise<T[K]> }]): Promise<T> {
  const list: readonly Promise<unknown>[] = statements;
  await Promise.allSettled(list);
  return (await Promise.all(list)) as unknown as T;
}

// Stands in no JSON text, so that bodies need no quoting on their way: they are the bulk of what is sent.
const separator = "\u001e";

async function insertEvents(client: PoolClient, batch: readonly PreparedAppend[]): Promise<Losers> {
  const rows = batch.flatMap(({ request, rows }) => rows.map((row) => ({ desk: request.desk, before: request.expectedVersion, ...row })));
  const { rows: written } = await client.query<{ desk: string; stream: string }>({
    name: "append-events",
    text: `insert into events (desk, stream, version, at, "by", body, salt, commitment)
      select n.desk, n.stream, n.version, n.at, n.who, n.body, n.salt, n.commitment
      from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::text[], $6::text[], string_to_array($7, '${separator}'), $8::bytea[], $9::bytea[])
        as n(desk, stream, before, version, at, who, body, salt, commitment)
      where n.before = 0 or exists (select 1 from events e where e.desk = n.desk and e.stream = n.stream and e.version = n.before)
      on conflict do nothing
      returning desk, stream`,
    values: [
      rows.map((row) => row.desk),
      rows.map((row) => row.stream),
      rows.map((row) => row.before),
      rows.map((row) => row.version),
      rows.map((row) => row.at),
      rows.map((row) => row.by),
      rows.map((row) => row.body).join(separator),
      rows.map((row) => row.salt),
      rows.map((row) => row.commitment),
    ],
  });
  const counts = Map.groupBy(written, ({ desk, stream }) => `${desk}\n${stream}`);
  const losers = batch.filter(({ request, rows }) => counts.get(`${request.desk}\n${request.stream}`)?.length !== rows.length);
  return new Map(losers.map((loser) => [loser, { kind: "conflict" }]));
}

async function insertPending(client: PoolClient, batch: readonly PreparedAppend[]): Promise<void> {
  const rows = batch.flatMap(({ request, rows }) => rows.map(({ version }) => ({ desk: request.desk, stream: request.stream, version })));
  await client.query({
    name: "append-pending",
    text: "insert into pending (desk, stream, version) select * from unnest($1::text[], $2::text[], $3::int[])",
    values: [rows.map((row) => row.desk), rows.map((row) => row.stream), rows.map((row) => row.version)],
  });
}

/** The rows of one kind that go alongside, each with the append it belongs to. */
function alongside<Kind extends keyof Alongside>(batch: readonly PreparedAppend[], kind: Kind) {
  type Row = NonNullable<Alongside[Kind]>[number];
  return batch.flatMap((owner) => ((owner.request.alongside?.[kind] ?? []) as readonly Row[]).map((row) => ({ owner, desk: owner.request.desk, row })));
}

async function insertClaims(client: PoolClient, batch: readonly PreparedAppend[]): Promise<Losers> {
  const claims = alongside(batch, "claims").sort((a, b) => (a.row.key < b.row.key ? -1 : 1));
  if (claims.length === 0) return new Map();
  const [desks, keys] = [claims.map(({ desk }) => desk), claims.map(({ row }) => row.key)];
  const inserted = client.query({
    name: "append-claims",
    text: "insert into claims (desk, key, stream) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing",
    values: [desks, keys, claims.map(({ owner }) => owner.request.stream)],
  });
  const found = client.query<{ desk: string; key: string; stream: string }>({
    name: "append-claims-held",
    text: "select c.desk, c.key, c.stream from unnest($1::text[], $2::text[]) as n(desk, key) join claims c on c.desk = n.desk and c.key = n.key",
    values: [desks, keys],
  });
  const [, { rows: held }] = await settleAll([inserted, found]);
  const holders = new Map(held.map(({ desk, key, stream }) => [`${desk}\n${key}`, stream]));
  const losers = new Map<PreparedAppend, Appended>();
  for (const { owner, desk, row } of claims) {
    const stream = holders.get(`${desk}\n${row.key}`);
    if (stream !== undefined && stream !== owner.request.stream) losers.set(owner, { kind: "claimed", key: row.key, stream });
  }
  return losers;
}

/** A case has one key for ever: whoever sealed with another one lost the race for it and must seal again. */
async function insertCaseKeys(client: PoolClient, batch: readonly PreparedAppend[]): Promise<Losers> {
  const keys = alongside(batch, "caseKeys").sort((a, b) => (a.row.caseId < b.row.caseId ? -1 : 1));
  if (keys.length === 0) return new Map();
  const [desks, cases, wrapped] = [keys.map(({ desk }) => desk), keys.map(({ row }) => row.caseId), keys.map(({ row }) => row.wrappedKey)];
  const inserted = client.query({
    name: "append-case-keys",
    text: "insert into case_keys (desk, case_id, wrapped_key) select * from unnest($1::text[], $2::text[], $3::bytea[]) on conflict do nothing",
    values: [desks, cases, wrapped],
  });
  const found = client.query<{ place: number }>({
    name: "append-case-keys-held",
    text: `select n.place from unnest($1::text[], $2::text[], $3::bytea[], $4::int[]) as n(desk, case_id, wrapped_key, place)
      join case_keys k on k.desk = n.desk and k.case_id = n.case_id and k.wrapped_key = n.wrapped_key`,
    values: [desks, cases, wrapped, keys.map((_key, place) => place)],
  });
  const [, { rows: held }] = await settleAll([inserted, found]);
  const ours = new Set(held.map(({ place }) => place));
  return new Map(keys.filter((_key, place) => !ours.has(place)).map(({ owner }) => [owner, { kind: "conflict" }]));
}

async function insertVault(client: PoolClient, batch: readonly PreparedAppend[]): Promise<void> {
  const rows = alongside(batch, "vault");
  if (rows.length === 0) return;
  await client.query({
    name: "append-vault",
    text: "insert into vault (desk, ref, case_id, ciphertext) select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[])",
    values: [rows.map(({ desk }) => desk), rows.map(({ row }) => row.ref), rows.map(({ row }) => row.caseId), rows.map(({ row }) => row.ciphertext)],
  });
}

async function insertLetters(client: PoolClient, batch: readonly PreparedAppend[]): Promise<void> {
  const letters = alongside(batch, "letters");
  if (letters.length === 0) return;
  await client.query({
    name: "append-letters",
    text: `insert into outbox (desk, letter_id, stream, content, created_at, next_try_at)
      select n.desk, n.letter_id, n.stream, n.content, n.at, n.at from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as n(desk, letter_id, stream, content, at)`,
    values: [
      letters.map(({ desk }) => desk),
      letters.map(({ row }) => row.letterId),
      letters.map(({ row }) => row.stream),
      letters.map(({ row }) => row.content),
      letters.map(({ owner }) => owner.request.at),
    ],
  });
}
