// A source that gives another number of records than it counted is stopped or told, and never trusted in silence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf } from "../../tests/fixtures/production.ts";
import type { Collected, PlannedRead } from "../production/shapes.ts";
import { bounded } from "./bounded-collector.ts";

const { line } = lineOf("messages");
const read: PlannedRead = {
  source: "s",
  collection: "posts",
  line,
  dataType: "messages",
  columns: ["id"],
  witness: { subject: "who" },
  accounts: ["M-HARBOR-00"],
  workspace: "W-HARBOR",
};
const record = (key: number): Collected => ({
  kind: "record",
  record: { source: "s", collection: "posts", line, key: String(key), fields: { id: key }, witness: { subject: "M-HARBOR-00" } },
});

let asked = 0;
async function* giving(records: number): AsyncGenerator<Collected> {
  for (asked = 0; asked < records; asked++) yield record(asked);
}

async function kindsOf(records: number, expected: number, before?: number): Promise<readonly string[]> {
  const collector = bounded({ read: () => giving(records), count: () => Promise.resolve({ kind: "counted", records: expected }) }, [
    { source: "s", collection: "posts", line, expected },
  ]);
  const items = await Array.fromAsync(collector.read(read, undefined, before === undefined ? undefined : { places: ["p"], records: before }));
  return items.flatMap((item) => (item.kind === "failed" ? [item.failure.code] : item.kind === "finding" ? [item.finding.code] : []));
}

test("ten million records where ten were expected stop after a few, and the plan must be made again", async () => {
  assert.deepEqual(await kindsOf(10_000_000, 10), ["MORE_THAN_COUNTED"]);
  assert.ok(asked < 100, `${asked} records were read`);
});

test("a few records more or fewer than were counted are told with the package", async () => {
  assert.deepEqual(await kindsOf(12, 10), ["CHANGED_MEANWHILE"]);
  assert.deepEqual(await kindsOf(8, 10), ["CHANGED_MEANWHILE"]);
  assert.deepEqual(await kindsOf(10, 10), []);
  assert.deepEqual(await kindsOf(1_100_000, 1_000_000), ["CHANGED_MEANWHILE"]);
});

test("what a read gave before it was cut off counts as given", async () => {
  assert.deepEqual(await kindsOf(4, 10, 6), []);
  assert.deepEqual(await kindsOf(10, 10, 6), ["CHANGED_MEANWHILE"]);
  assert.deepEqual(await kindsOf(60, 10, 6), ["MORE_THAN_COUNTED"]);
});
