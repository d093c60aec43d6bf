import assert from "node:assert/strict";
import { test } from "node:test";
import type { After, Collected, CollectedRecord, PlannedRead } from "../production/shapes.ts";
import { stillToCome } from "./still-to-come.ts";

function read(collection: string, key?: string): PlannedRead {
  const witness = { subject: "author", ...(key === undefined ? {} : { key }) };
  return { source: "db", collection, line: "L1", dataType: "messages", columns: [], witness, accounts: ["A"], workspace: "W" };
}

function gives(asked: string[]) {
  return async function* (reads: readonly PlannedRead[]): AsyncGenerator<Collected> {
    for (const { source, collection, line } of reads) {
      asked.push(collection);
      for (const key of ["1", "2", "3"]) yield { kind: "record", record: { source, collection, line, key, fields: {}, witness: { subject: "A" } } };
    }
  };
}

const ownKey = ({ key }: CollectedRecord) => key;
const done = (collection: string, records: number) => ({ source: "db", collection, line: "L1", records, lastKey: String(records) });
type Checkpoints = Parameters<typeof stillToCome>[0];
const checkpoint = (...reads: readonly ReturnType<typeof done>[]): Checkpoints[number] => ({
  isComplete: false,
  reads,
  findings: [],
  newPlaces: [],
  placed: null,
});

async function keysOf(items: AsyncIterable<Collected> | undefined): Promise<readonly string[]> {
  const seen = await Array.fromAsync(items ?? assert.fail("nobody can tell"));
  return seen.map((item) => (item.kind === "record" ? `${item.record.collection} ${item.record.key}` : item.kind));
}

test("reads that are done are not asked again, and the one that was cut off goes on behind its last record", async () => {
  const asked: string[] = [];
  const reads = [read("posts"), read("files", "id"), read("events", "id")];
  const left = stillToCome([checkpoint(done("posts", 3), done("files", 2))], { reads }, gives(asked), ownKey);
  assert.deepEqual(await keysOf(left), ["files 3", "events 1", "events 2", "events 3"]);
  assert.deepEqual(asked, ["files", "events"]);
});

test("a read that was cut off and whose records have no key of their own cannot go on", () => {
  assert.equal(stillToCome([checkpoint(done("posts", 2))], { reads: [read("posts")] }, gives([]), ownKey), undefined);
});

test("where a source told of something wrong, everything is asked again and passed over in its order", async () => {
  const asked: string[] = [];
  const findings = [{ code: "UNREADABLE", where: "x", what: "y" }] as const;
  const collect = async function* (reads: readonly PlannedRead[]): AsyncGenerator<Collected> {
    yield { kind: "finding", finding: findings[0] };
    yield* gives(asked)(reads);
  };
  const left = stillToCome([{ ...checkpoint(done("posts", 3), done("files", 2)), findings }], { reads: [read("posts"), read("files", "id")] }, collect, ownKey);
  assert.deepEqual(await keysOf(left), ["files 3"]);
  assert.deepEqual(asked, ["posts", "files"]);
});

test("a record is told by the key it was packed with, which redaction may have changed", async () => {
  const reads = [read("files", "id")];
  const changed = { ...done("files", 2), lastKey: "record-of-2" };
  const keyOf = ({ key }: CollectedRecord) => `record-of-${key}`;
  assert.deepEqual(await keysOf(stillToCome([checkpoint(changed)], { reads }, gives([]), keyOf)), ["files 3"]);
  assert.deepEqual(await keysOf(stillToCome([checkpoint(changed)], { reads }, gives([]), ownKey)), ["failed"]);
});

test("a read that said its places goes on behind the last of them, and of the one before nothing is asked", async () => {
  const reads = [read("posts"), read("files", "id"), read("events", "id")];
  const place = (collection: string, word: string) => ({ source: "db", collection, line: "L1", place: word, records: 0 });
  const all: Checkpoints = [
    { ...checkpoint(), newPlaces: [place("posts", "of another read")] },
    { ...checkpoint(), newPlaces: [place("files", "one"), place("files", "two")] },
    { ...checkpoint(done("posts", 3), done("files", 5)), newPlaces: [place("files", "three")], placed: 4 },
  ];
  let asked: (After & { readonly of: readonly string[] }) | undefined;
  const collect = async function* (left: readonly PlannedRead[], after?: After): AsyncGenerator<Collected> {
    asked = { of: left.map(({ collection }) => collection), ...(after ?? assert.fail("from its beginning")) };
    for (const key of ["5", "6"])
      yield { kind: "record", record: { source: "db", collection: "files", line: "L1", key, fields: {}, witness: { subject: "A" } } };
    yield { kind: "place", place: place("files", "four") };
  };
  assert.deepEqual(await keysOf(stillToCome(all, { reads }, collect, ownKey)), ["files 6", "place"]);
  assert.deepEqual(asked, { of: ["files", "events"], places: ["one", "two", "three"], records: 4 });
});

test("where everything was packed, no source is asked again", async () => {
  const asked: string[] = [];
  const all = [checkpoint(done("posts", 3)), { ...checkpoint(done("posts", 3), done("files", 3)), isComplete: true }];
  assert.deepEqual(await keysOf(stillToCome(all, { reads: [read("posts", "id"), read("files", "id")] }, gives(asked), ownKey)), []);
  assert.deepEqual(asked, []);
});
