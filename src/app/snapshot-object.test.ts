// A snapshot comes back as it was written: every record, every file, and never a cut-off one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { instant, zone } from "../kernel/instant.ts";
import type { CollectedRecord, FieldValue, KeepingPlan } from "../production/shapes.ts";
import { openSnapshot, snapshotWriter } from "./snapshot-object.ts";

const plan: KeepingPlan = {
  keeping: {
    caseId: "C-TEST-CASE",
    instrument: "US-PRES",
    keeps: ["CONTENT"],
    servedAt: instant("2026-03-02T17:00:00Z"),
    zone: zone("America/Denver"),
    lines: [],
  },
  reads: [],
  nothingHeld: [],
};

const someValue: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.string({ unit: "binary" }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
);

const someRecord: fc.Arbitrary<CollectedRecord> = fc.record(
  {
    source: fc.constant("workspace-database"),
    collection: fc.constantFrom("posts", "files"),
    line: fc.constantFrom("L1", "L2"),
    key: fc.string(),
    fields: fc.dictionary(fc.constantFrom("id", "body", "content", "line\nfeed"), someValue, { noNullPrototype: true }),
    witness: fc.record({ subject: fc.string(), workspace: fc.string(), moment: fc.constant(instant("2026-02-01T08:00:00Z")) }, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

async function written(records: readonly CollectedRecord[], salt = "salt"): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const writer = snapshotWriter(
    async (chunk) => {
      chunks.push(Uint8Array.from(chunk));
    },
    { preservation: "P1", salt, plan },
  );
  for (const record of records) await writer.record(record);
  await writer.end(records.length);
  return Buffer.concat(chunks);
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readBack(bytes: AsyncIterable<Uint8Array>) {
  const { head, records } = await openSnapshot(bytes);
  const read: CollectedRecord[] = [];
  for await (const record of records) read.push(record);
  return { head, read };
}

test("records with text, numbers and files come back the same, whatever the pieces they are read in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someRecord, { maxLength: 8 }), fc.integer({ min: 1, max: 200 }), async (records, size) => {
      const { head, read } = await readBack(inPieces(await written(records), size));
      assert.deepEqual(head, { preservation: "P1", salt: "salt", plan });
      assert.deepEqual(read, records);
    }),
    { numRuns: 200 },
  );
});

const one: CollectedRecord = {
  source: "s",
  collection: "files",
  line: "L1",
  key: "1",
  fields: { id: 1, content: new Uint8Array(100).fill(10) },
  witness: { subject: "U-1" },
};

test("a snapshot that is cut off anywhere is never read as a whole one", async () => {
  const whole = await written([one, one]);
  for (let end = 0; end < whole.length; end += 7) await assert.rejects(readBack(inPieces(whole.subarray(0, end), 64)));
  assert.equal((await readBack(inPieces(whole, 64))).read.length, 2);
});

test("equal records under another salt have another digest, so that a digest tells nothing of what is kept", async () => {
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  assert.notEqual(digest(await written([one], "salt-1")), digest(await written([one], "salt-2")));
});

test("what is no snapshot is not opened", async () => {
  await assert.rejects(openSnapshot(inPieces(Buffer.from('{"format":"other/v1"}\n'), 8)), /not a snapshot/);
});
