// A read that a kept copy covers gives the copy's records for the copy's time and live ones around it: no other row, no other column, none twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CaseId } from "../kernel/ids.ts";
import { instant, zone, type Instant } from "../kernel/instant.ts";
import type { CollectedRecord, KeepingPlan, PlannedRead } from "../production/shapes.ts";
import type { Collector, Source } from "./production-port.ts";
import { openSnapshot, snapshotWriter } from "./snapshot-object.ts";
import { liveCollector } from "./collect-live.ts";
import { keptWords, usesOf, withKept, type KeptCopy } from "./snapshot-source.ts";

const denver = zone("America/Denver");
const onDay = (n: number): Instant =>
  instant(
    Temporal.Instant.from("2026-01-01T00:00:00Z")
      .add({ hours: 24 * n })
      .toString(),
  );

function readOf(changes: Partial<PlannedRead> = {}): PlannedRead {
  const witness = { subject: "author", workspace: "workspace", moment: "at", key: "id" };
  return {
    source: "database",
    collection: "posts",
    line: "L9",
    dataType: "messages",
    columns: ["id", "body"],
    witness,
    accounts: ["U-1"],
    workspace: "acme",
    from: onDay(0),
    until: onDay(40),
    ...changes,
  };
}

function recordOn(n: number, from: "kept" | "live", account = "U-1"): CollectedRecord {
  return {
    source: "database",
    collection: "posts",
    line: "L1",
    key: `${n}-${account}`,
    fields: { id: n, body: from, secret: "not asked" },
    witness: { subject: account, workspace: "acme", moment: onDay(n) },
  };
}

async function copyOf(reads: readonly PlannedRead[], records: readonly CollectedRecord[], changes: Partial<KeptCopy> = {}): Promise<KeptCopy> {
  const chunks: Uint8Array[] = [];
  const plan: KeepingPlan = {
    keeping: { caseId: "C-TEST-CASE", instrument: "US-PRES", keeps: ["CONTENT"], servedAt: onDay(60), zone: denver, lines: [] },
    reads,
    nothingHeld: [],
  };
  const writer = snapshotWriter(
    async (chunk) => {
      chunks.push(Uint8Array.from(chunk));
    },
    { preservation: "P1", salt: "salt", plan },
  );
  for (const record of records) await writer.record(record);
  await writer.end(records.length);
  const sealed = { type: "SnapshotSealed", preservation: "P1", revision: 1, object: "o", sha256: "d".repeat(64), bytes: 1, records: {} } as const;
  const living = { preservation: "P1", revision: 1, begunAt: onDay(60), abandoned: false, renewed: [], opened: [], sealed, sealedAt: onDay(60) };
  return {
    living,
    reads,
    open: () =>
      openSnapshot(
        (async function* () {
          yield* chunks;
        })(),
      ),
    ...changes,
  };
}

/** A live source that has lost nothing: one record a day of U-1, made anew under the line of the read. */
const live: Source = {
  name: "database",
  describe: () => Promise.resolve({ schema: { source: "database", collections: [] }, findings: [] }),
  count: async (read) => ({ kind: "counted", records: liveRecords(read).length }),
  read: async function* (read) {
    for (const record of liveRecords(read)) yield { kind: "record", record };
  },
  close: () => Promise.resolve(),
};

function liveRecords(read: PlannedRead): readonly CollectedRecord[] {
  return Array.from({ length: 60 }, (_, n) => recordOn(n, "live"))
    .filter(({ witness: { moment = "" } }) => moment >= (read.from ?? "") && moment < (read.until ?? ""))
    .map((record) => ({ ...record, line: read.line, fields: { id: record.fields["id"] ?? null, body: "live" } }));
}

async function recordsOf(source: Collector, read: PlannedRead): Promise<readonly CollectedRecord[]> {
  const found: CollectedRecord[] = [];
  for await (const item of source.read(read)) if (item.kind === "record") found.push(item.record);
  return found;
}

const someDays = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 10 }))
  .map(([from, length]) => ({ from: onDay(from), until: onDay(from + length), first: from, last: from + length - 1 }));

test("every day of a read comes once: from the copy inside its time, live around it; and the count says the same", async () => {
  await fc.assert(
    fc.asyncProperty(someDays, someDays, async (kept, asked) => {
      const stored = readOf({ line: "L1", columns: ["id", "body", "secret"], accounts: ["U-1", "U-2"], from: kept.from, until: kept.until });
      const days = Array.from({ length: kept.last - kept.first + 1 }, (_, n) => kept.first + n);
      const copy = await copyOf(
        [stored],
        days.flatMap((n) => [recordOn(n, "kept"), recordOn(n, "kept", "U-2")]),
      );
      const source = withKept(liveCollector([live]), [copy]);
      const read = readOf({ from: asked.from, until: asked.until });
      const found = await recordsOf(source, read);
      const expected = Array.from({ length: asked.last - asked.first + 1 }, (_, n) => asked.first + n);
      assert.deepEqual(
        found.map(({ line, fields }) => [line, fields]),
        expected.map((n) => ["L9", { id: n, body: n >= kept.first && n <= kept.last ? "kept" : "live" }]),
      );
      assert.deepEqual(await source.count(read), { kind: "counted", records: expected.length });
      const inside = expected.filter((n) => n >= kept.first && n <= kept.last).length;
      assert.deepEqual(
        (await usesOf([read], [copy])).map(({ records }) => records),
        inside === 0 ? [] : [inside],
      );
      assert.equal(keptWords("L9", [read], [copy], denver) !== undefined, inside > 0);
    }),
    { numRuns: 150 },
  );
});

test("a read that no copy covers keeps its places, and one that comes in parts has none", async () => {
  const asked: unknown[] = [];
  const placing: Collector = {
    count: () => Promise.resolve({ kind: "counted", records: 0 }),
    read: async function* ({ source, collection, line }, _signal, after) {
      asked.push(after);
      yield { kind: "place", place: { source, collection, line, place: "page 2", records: 3 } };
    },
  };
  const copy = await copyOf([readOf({ from: onDay(10), until: onDay(20) })], []);
  const source = withKept(placing, [copy]);
  const kinds = async (read: PlannedRead) => (await Array.fromAsync(source.read(read))).map(({ kind }) => kind);
  assert.deepEqual(await kinds(readOf({ from: onDay(20), until: onDay(30) })), ["place"]);
  assert.deepEqual(await kinds(readOf({ from: onDay(0), until: onDay(30) })), []);
  const after = { places: ["page 2"], records: 3 };
  await Array.fromAsync(source.read(readOf({ from: onDay(20), until: onDay(30) }), undefined, after));
  assert.deepEqual(asked, [undefined, undefined, undefined, after]);
});

test("a copy of another account, workspace, column or meaning of a column covers nothing", async () => {
  const stored = readOf({ line: "L1" });
  const copy = await copyOf([stored], [recordOn(1, "kept")]);
  const others: readonly Partial<PlannedRead>[] = [
    { accounts: ["U-1", "U-2"] },
    { workspace: "bolt" },
    { columns: ["id", "body", "attachment"] },
    { collection: "drafts" },
    { witness: { subject: "owner", workspace: "workspace", moment: "at", key: "id" } },
  ];
  for (const other of others) assert.deepEqual(await usesOf([readOf(other)], [copy]), [], JSON.stringify(other));
  assert.equal((await usesOf([readOf()], [copy])).length, 1);
});

test("standing facts without a date come from the copy whole, also when the live source is gone", async () => {
  const { from: _, until: __, ...undated } = readOf({ line: "L1", collection: "members" });
  const { moment: ___, ...witness } = recordOn(1, "kept").witness;
  const copy = await copyOf([undated], [{ ...recordOn(1, "kept"), collection: "members", witness }]);
  const source = withKept(liveCollector([]), [copy]);
  assert.deepEqual(
    (await recordsOf(source, { ...undated, line: "L9" })).map(({ fields }) => fields),
    [{ id: 1, body: "kept" }],
  );
});

test("what the copy does not reach fails when the live source is gone: nothing is quietly left out", async () => {
  const copy = await copyOf([readOf({ line: "L1", until: onDay(10) })], [recordOn(1, "kept")]);
  const source = withKept(liveCollector([]), [copy]);
  const items: string[] = [];
  for await (const item of source.read(readOf())) items.push(item.kind);
  assert.deepEqual(items, ["record", "failed"]);
  assert.equal((await source.count(readOf())).kind, "failed");
});

test("two copies of one account share a read: each gives its own time, where they overlap the first alone, and every record counts once", async () => {
  await fc.assert(
    fc.asyncProperty(someDays, someDays, someDays, async (one, two, asked) => {
      const copies = await Promise.all(
        [one, two].map(({ from, until, first, last }) =>
          copyOf(
            [readOf({ line: "L1", from, until })],
            Array.from({ length: last - first + 1 }, (_, n) => recordOn(first + n, "kept")),
          ),
        ),
      );
      const source = withKept(liveCollector([live]), copies);
      const read = readOf({ from: asked.from, until: asked.until });
      const has = ({ first, last }: typeof one, n: number) => n >= first && n <= last;
      const days = Array.from({ length: asked.last - asked.first + 1 }, (_, n) => asked.first + n);
      assert.deepEqual(
        (await recordsOf(source, read)).map(({ fields }) => fields),
        days.map((n) => ({ id: n, body: has(one, n) || has(two, n) ? "kept" : "live" })),
      );
      const uses = await usesOf([read], copies);
      const taken = copies.map((copy) => uses.find((use) => use.copy === copy)?.records ?? 0);
      assert.deepEqual(taken, [days.filter((n) => has(one, n)).length, days.filter((n) => has(two, n) && !has(one, n)).length]);
    }),
    { numRuns: 150 },
  );
});

test("the papers of a package name every copy of a line by its day and digest, and never the other case that keeps it", async () => {
  const stored = (from: number, until: number) => [readOf({ line: "L1", from: onDay(from), until: onDay(until) })];
  const own = await copyOf(stored(0, 10), [recordOn(1, "kept")]);
  const elsewhere = await copyOf(stored(20, 30), [recordOn(21, "kept")], { from: "C-KEEP-CASE" as CaseId });
  const words = keptWords("L9", [readOf()], [own, elsewhere], denver) ?? assert.fail("no words");
  assert.equal(words.match(/Taken from the copy that was sealed on/g)?.length, 2);
  assert.equal(words.match(/preservation P1/g)?.length, 1);
  assert.doesNotMatch(words, /C-KEEP-CASE/);
});

test("what came into being on the day of service after the copy was begun is read live", async () => {
  const stored = readOf({ line: "L1", from: onDay(0), until: onDay(30) });
  const whole = await copyOf([stored], [recordOn(18, "kept"), recordOn(19, "kept")]);
  const copy = { ...whole, living: { ...whole.living, begunAt: onDay(20) } };
  const read = readOf({ from: onDay(18), until: onDay(23) });
  const found = await recordsOf(withKept(liveCollector([live]), [copy]), read);
  assert.deepEqual(
    found.map(({ fields }) => `${fields["id"]} ${fields["body"]}`),
    ["18 kept", "19 kept", "20 live", "21 live", "22 live"],
  );
  const later = readOf({ from: onDay(21), until: onDay(23) });
  assert.equal(keptWords("L9", [later], [copy], denver), undefined);
});
