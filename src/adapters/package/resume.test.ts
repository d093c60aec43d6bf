import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { collected, fileRecord, fullScope, orderOf, record } from "../../../tests/fixtures/package.ts";
import type { PackageOrder, PackageSink, ResumableSink } from "../../app/production-port.ts";
import { stillToCome, type Collect } from "../../app/still-to-come.ts";
import { type PackingCheckpoint, passOverDone } from "../../production/package/packing-state.ts";
import type { Collected, CollectedRecord } from "../../production/shapes.ts";
import { packageFile, resumedPackageFile } from "./package-file.ts";
import { verifyPackage } from "./verify-package.ts";
import { packager } from "./write-package.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-resume-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const noAge = spawnSync("age", ["--version"]).status === 0 ? false : "the age program is not installed";

let identity = "";
let recipient = "";
before(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  writeFileSync(join(folder, "key.txt"), `${identity}\n`);
});

/** Two collections in turn and large bodies, so that there are many parts. */
function records(change: (record: CollectedRecord) => CollectedRecord = (same) => same): CollectedRecord[] {
  const posts = Array.from({ length: 180 }, (_, i) => record(i, { fields: { ...record(i).fields, body: `${i} `.padEnd(60_000, "tide ") } }));
  const files = Array.from({ length: 6 }, (_, i) => fileRecord(i, Buffer.alloc(300_000 + i, i)));
  return [...posts, ...files, ...posts.slice(0, 3).map((post, i) => ({ ...post, key: `late-${i}` }))].map(change);
}

const finding = { code: "UNREADABLE", where: "general/2026-03-02.json", what: "The entry is not a JSON list." } as const;

async function* everything(change?: (record: CollectedRecord) => CollectedRecord): AsyncGenerator<Collected> {
  yield { kind: "finding", finding };
  yield* collected(records(change));
}

const ownKey = ({ key }: CollectedRecord) => key;

class Killed extends Error {}

/** A store in memory that dies with the process after so many bytes: what came before stays. */
class Store {
  bytes: Buffer = Buffer.alloc(0);
  isWhole = false;
  isDropped = false;

  sink(mostBytes = Number.POSITIVE_INFINITY): ResumableSink {
    const before = Buffer.from(this.bytes);
    return {
      write: async (chunk) => {
        const room = Math.max(0, mostBytes - this.bytes.length);
        this.bytes = Buffer.concat([this.bytes, chunk.subarray(0, room)]);
        if (chunk.length > room) throw new Killed();
      },
      keep: async () => void (this.isWhole = true),
      // A process that was killed drops nothing.
      drop: async () => void (this.isDropped = true),
      stored: async function* () {
        for (let at = 0; at < before.length; at += 700_001) yield before.subarray(at, at + 700_001);
      },
    };
  }
}

function order(onCheckpoint: (checkpoint: PackingCheckpoint) => Promise<void>): PackageOrder {
  return orderOf(fullScope, [recipient], { onCheckpoint });
}

interface Run {
  readonly store: Store;
  readonly checkpoints: PackingCheckpoint[];
}

async function pack(mostBytes?: number): Promise<Run> {
  const store = new Store();
  const checkpoints: PackingCheckpoint[] = [];
  const packing = packager.pack(
    order(async (checkpoint) => void checkpoints.push(structuredClone(checkpoint))),
    everything(),
    store.sink(mostBytes),
  );
  if (mostBytes === undefined) assert.equal((await packing).kind, "packed");
  else await assert.rejects(packing, (error: Error) => error.cause instanceof Killed);
  return { store, checkpoints };
}

async function resume({ store, checkpoints }: Run, mostBytes?: number, change?: (record: CollectedRecord) => CollectedRecord) {
  const more = order(async (checkpoint) => void checkpoints.push(structuredClone(checkpoint)));
  const last = checkpoints.at(-1) ?? assert.fail("there was no checkpoint");
  return packager.resume([...checkpoints], more, passOverDone(last, everything(change), ownKey), store.sink(mostBytes));
}

function opened(sealed: Buffer): Buffer {
  return execFileSync("age", ["-d", "-i", join(folder, "key.txt")], { input: sealed, maxBuffer: 1e9 });
}

test("a packing that was killed at any byte and resumed, more than once, is the package that would have been without it", { skip: noAge }, async () => {
  const reference = await pack();
  const whole = reference.store.bytes.length;
  const early = reference.checkpoints[0]?.seal.bytes ?? assert.fail("there was no checkpoint");
  const plain = opened(reference.store.bytes);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: early, max: whole - 1 }), fc.double({ min: 0, max: 1, noNaN: true }), async (first, share) => {
      const run = await pack(first);
      const second = Math.min(whole - 1, first + Math.floor((whole - first) * share));
      await assert.rejects(resume(run, second), (error: Error) => error.cause instanceof Killed);
      const result = await resume(run);
      assert.equal(result.kind, "packed", JSON.stringify(result));
      assert.ok(opened(run.store.bytes).equals(plain));
    }),
    { numRuns: 5 },
  );
});

/** Each read gives its records with a place before so many of them, other ones each time it is asked, and goes on behind the places it gave. */
function byPlaces(...everyTime: readonly number[]): Collect {
  const all = records().filter(({ key }) => !key.startsWith("late"));
  let time = 0;
  return async function* (reads, after) {
    const every = everyTime[time++ % everyTime.length] ?? assert.fail();
    for (const [index, { source, collection, line }] of reads.entries()) {
      const own = all.filter((one) => one.collection === collection && one.line === line);
      const goesOn = index === 0 && after !== undefined;
      const before = goesOn ? after.places.map((place) => place.split(":").map(Number)) : [];
      const [number = -1, start = 0] = before.at(-1) ?? [];
      if (goesOn) {
        assert.equal(after.records, start);
        assert.deepEqual(new Set(before.map(([each]) => each)), new Set(Array.from({ length: number + 1 }, (_, each) => each)), "no place is missing");
      }
      let next = number + 1;
      for (const [at, record] of own.entries()) {
        if (at < start) continue;
        if (at % every === 0 && !(goesOn && at === start)) yield { kind: "place", place: { source, collection, line, place: `${next++}:${at}`, records: at } };
        yield { kind: "record", record };
      }
      // As a list whose end is an empty page.
      if (own.length > 0) yield { kind: "place", place: { source, collection, line, place: `${next}:${own.length}`, records: own.length } };
      if (own.length > 0) yield { kind: "finding", finding };
    }
  };
}

test("a packing from sources that say their places goes on behind them, wherever it was killed", { skip: noAge }, async () => {
  const { plan } = order(async () => undefined);
  const packing = async (store: Store, collect: Collect, mostBytes?: number) => {
    const checkpoints: PackingCheckpoint[] = [];
    const wanted = order(async (checkpoint) => void checkpoints.push(structuredClone(checkpoint)));
    const result = await packager.pack(wanted, collect(plan.reads), store.sink(mostBytes)).catch(() => undefined);
    return { checkpoints, result };
  };
  const reference = new Store();
  const whole = await packing(reference, byPlaces(7));
  assert.equal(whole.result?.kind, "packed");
  const early = whole.checkpoints[0]?.seal.bytes ?? assert.fail("there was no checkpoint");
  const plain = opened(reference.bytes);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 2, max: 170 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
      async (every, shares) => {
        const store = new Store();
        const collect = byPlaces(...every);
        const limits = shares.map((share) => early + Math.floor(share * (reference.bytes.length - 1 - early))).toSorted((a, b) => a - b);
        const { checkpoints } = await packing(store, collect, limits[0]);
        for (const limit of [...limits.slice(1), undefined]) {
          const goingOn: Collect = (reads, after) => collect(reads, after ?? assert.fail("a read that gave its places was asked from its beginning"));
          const left = stillToCome(checkpoints, plan, goingOn, ownKey) ?? assert.fail("nobody can tell");
          const more = order(async (checkpoint) => void checkpoints.push(structuredClone(checkpoint)));
          const result = await packager.resume([...checkpoints], more, left, store.sink(limit)).catch(() => undefined);
          assert.ok(limit !== undefined || result?.kind === "packed", JSON.stringify(result));
        }
        assert.ok(opened(store.bytes).equals(plain));
      },
    ),
    {
      numRuns: 8,
      examples: [
        [[170], [0, 0.7]],
        [[2], [0.75, 0.9]],
        // Behind its last record.
        [[7], [1]],
        [
          [100, 3],
          [0.3, 0.7],
        ],
      ],
    },
  );
});

test("a packing that was killed exactly at a checkpoint goes on from there, with the same figures", { skip: noAge }, async () => {
  const whole = await pack();
  const plain = opened(whole.store.bytes);
  assert.ok(whole.checkpoints.length >= 3, `only ${whole.checkpoints.length} checkpoints`);
  for (const [index, { seal }] of whole.checkpoints.entries()) {
    const run = { store: new Store(), checkpoints: whole.checkpoints.slice(0, index + 1) };
    run.store.bytes = whole.store.bytes.subarray(0, seal.bytes);
    const result = await resume(run);
    assert.ok(result.kind === "packed");
    assert.deepEqual([result.figures.records, result.figures.files, result.findings.length], [189, 6, 1]);
    assert.ok(run.store.bytes.equals(whole.store.bytes), "even the sealed bytes are the same");
    assert.ok(opened(run.store.bytes).equals(plain));
  }
});

test("a source that gives something else after the stop is never sealed with the same key", async () => {
  const whole = await pack();
  const [first, second] = whole.checkpoints;
  assert.ok(first !== undefined && second !== undefined);
  const run = { store: new Store(), checkpoints: [first] };
  // More was stored than the checkpoint names: those bytes bind what may be sealed again.
  run.store.bytes = whole.store.bytes.subarray(0, second.seal.bytes);
  const before = Buffer.from(run.store.bytes);
  const after180 = (one: CollectedRecord) => (one.key === "key-100" ? { ...one, fields: { ...one.fields, body: "edited since" } } : one);
  const result = await resume(run, undefined, after180);
  assert.ok(result.kind === "not-resumable", result.kind);
  assert.match(result.because, /same key must not seal both/);
  assert.ok(run.store.bytes.equals(before), "nothing new was written");
  assert.deepEqual([run.store.isDropped, run.store.isWhole], [true, false]);
});

test("another order, a store that lost bytes or was changed, and no checkpoint are not gone on with", async () => {
  const whole = await pack();
  const [first] = whole.checkpoints;
  assert.ok(first !== undefined);
  const attempt = async (checkpoints: readonly PackingCheckpoint[], bytes: Buffer, changes: object = {}) => {
    const store = new Store();
    store.bytes = bytes;
    const result = await packager.resume(checkpoints, { ...order(async () => undefined), ...changes }, everything(), store.sink());
    assert.deepEqual([store.isDropped, store.isWhole], [true, false]);
    return result.kind === "not-resumable" ? result.because : result.kind;
  };
  const enough = whole.store.bytes.subarray(0, first.seal.bytes);
  const changed = Buffer.from(enough);
  changed[1000] = (changed[1000] ?? 0) ^ 1;
  assert.match(await attempt([], enough), /no checkpoint/);
  assert.match(await attempt([first], enough.subarray(0, -1)), /not what the checkpoint names/);
  assert.match(await attempt([first], changed), /not what the checkpoint names/);
  assert.match(await attempt([first], enough, { asked: [] }), /another order/);
  assert.match(await attempt([{ ...first, number: 1 }], enough), /A checkpoint is missing/);
});

test("a source whose records no longer fit what was packed before ends the passing over with a failure", async () => {
  const done = { findings: [], reads: [{ source: "workspace-database", collection: "posts", line: "L-messages", records: 3, lastKey: "key-2" }] };
  const kinds = async (items: AsyncIterable<Collected>) =>
    (await Array.fromAsync(passOverDone(done, items, ownKey))).map((item) => (item.kind === "record" ? item.record.key : item.kind));
  assert.deepEqual(await kinds(collected([record(0), record(1), record(2), record(3)])), ["key-3"]);
  assert.deepEqual(await kinds(collected([record(0), record(1), record(3), record(4)])), ["failed"]);
  assert.deepEqual(await kinds(collected([record(0), record(1)])), ["failed"]);
});

test("where hardly a record is taken, the places alone make a checkpoint; more of them than are kept leave the read without", async () => {
  const { source, collection, line } = record(0);
  const told = async (places: number) => {
    const checkpoints: PackingCheckpoint[] = [];
    const items = async function* (): AsyncGenerator<Collected> {
      yield { kind: "record", record: record(0) };
      for (let n = 0; n < places; n++) yield { kind: "place", place: { source, collection, line, place: `${n}`.padEnd(20_000, "cursor "), records: 1 } };
      for (const one of [1, 2]) yield { kind: "record", record: record(one) };
    };
    const asked = order(async (checkpoint) => void checkpoints.push(structuredClone(checkpoint)));
    assert.equal((await packager.pack(asked, items(), new Store().sink())).kind, "packed");
    return checkpoints.map(({ reads, newPlaces, placed }) => [reads.at(-1)?.records, newPlaces.length, placed]);
  };
  assert.deepEqual(await told(50), [[3, 50, 1]]);
  assert.deepEqual(await told(100), [
    [2, 100, 1],
    [3, 0, 1],
  ]);
  assert.deepEqual(await told(1000), [[3, 0, null]]);
});

test("a source that fails midway pauses a packing with checkpoints, and the file goes on later", async () => {
  const path = join(folder, "paused.tar.age");
  const checkpoints: PackingCheckpoint[] = [];
  const failure = {
    source: "workspace-database",
    collection: "posts",
    line: "L-messages",
    step: "read",
    code: "57P01",
    what: "stopped",
    recordsBefore: 150,
  } as const;
  const keep = order(async (checkpoint) => void checkpoints.push(checkpoint));
  const sink: PackageSink = await packageFile(path);
  const stopped = await packager.pack(keep, collected(records().slice(0, 150), { kind: "failed", failure }), sink);
  assert.equal(stopped.kind, "failed");
  const last = checkpoints.at(-1) ?? assert.fail("there was no checkpoint");
  const result = await packager.resume(checkpoints, keep, passOverDone(last, collected(records()), ownKey), await resumedPackageFile(path));
  assert.equal(result.kind, "packed", JSON.stringify(result));
  const verified = await verifyPackage(path, { identity });
  assert.deepEqual([verified.ok, verified.records], [true, 189]);
});
