// What is followed from record to record, and where following stops and says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memorySource, type Row } from "../../tests/fixtures/memory-source.ts";
import { lineOf } from "../../tests/fixtures/production.ts";
import type { After, Link, PlannedRead } from "../production/shapes.ts";
import { liveCollector } from "./collect-live.ts";
import type { Source } from "./production-port.ts";

const { line } = lineOf("messages");
const link = (from: string, column: string, to: string): Link => ({
  from: { source: "s", collection: from, column },
  to: { source: "s", collection: "files", column: to },
});

function read(changes: Partial<NonNullable<PlannedRead["through"]>> = {}): PlannedRead {
  const posts = { source: "s", collection: "posts", subject: "author", key: "id" };
  return {
    source: "s",
    collection: "files",
    line,
    dataType: "messages",
    columns: ["name"],
    witness: { subject: "post", key: "id" },
    accounts: ["ada"],
    workspace: "W",
    through: { places: [posts], links: [link("posts", "id", "post")], once: true, ...changes },
  };
}

async function itemsOf(planned: PlannedRead, posts: readonly Row[], files: readonly Row[]): Promise<readonly string[]> {
  const items = await Array.fromAsync(liveCollector([memorySource("s", { posts, files })]).read(planned));
  return items.map((item) =>
    item.kind === "record"
      ? String(item.record.fields["name"])
      : item.kind === "failed"
        ? item.failure.code
        : item.kind === "finding"
          ? item.finding.code
          : item.kind,
  );
}

test("an empty reference refers to nobody: what has none either is not brought together with it", async () => {
  const files = [
    { id: "1", post: "", name: "nobody's" },
    { id: "2", post: null, name: "nobody's either" },
    { id: "3", post: "7", name: "ada's" },
  ];
  const posts = [
    { id: "", author: "ada" },
    { id: "7", author: "ada" },
    { id: "8", author: "ben" },
  ];
  assert.deepEqual(await itemsOf(read(), posts, files), ["ada's"]);
});

test("a reference of bytes stops the read: nothing is lost in silence", async () => {
  assert.deepEqual(await itemsOf(read(), [{ id: new Uint8Array([7]), author: "ada" }], []), ["BYTES_AS_REFERENCE"]);
});

test("a record without a key that could be met twice stops the read, and one met twice comes once", async () => {
  const links = [link("posts", "id", "post"), link("files", "id", "parent")];
  const files = { source: "s", collection: "files", key: "id" };
  const twice = read({ links, once: false, places: [{ source: "s", collection: "posts", subject: "author", key: "id" }, files] });
  const posts = [{ id: "7", author: "ada" }];
  const rows = [
    { id: "1", post: "7", parent: null, name: "first" },
    { id: "2", post: "7", parent: "1", name: "second" },
    { id: "3", post: null, parent: "2", name: "third" },
  ];
  assert.deepEqual((await itemsOf(twice, posts, rows)).toSorted(), ["first", "second", "third"]);
  assert.ok((await itemsOf(twice, posts, [{ id: null, post: "7", parent: null, name: "keyless" }])).includes("NO_KEY"));
});

test("a source that is not connected, and references that lead on without an end, are failures", async () => {
  const [item] = await Array.fromAsync(liveCollector([]).read(read()));
  assert.equal(item?.kind === "failed" && item.failure.code, "NOT_CONNECTED");
  const links = [link("posts", "id", "post"), link("files", "id", "parent")];
  const chain = Array.from({ length: 100 }, (_, index) => ({
    id: `f${index}`,
    post: index === 0 ? "7" : null,
    parent: index === 0 ? null : `f${index - 1}`,
    name: `${index}`,
  }));
  const files = { source: "s", collection: "files", key: "id" };
  const deep = read({ links, once: false, places: [{ source: "s", collection: "posts", subject: "author", key: "id" }, files] });
  assert.equal((await itemsOf(deep, [{ id: "7", author: "ada" }], chain)).at(-1), "CHAIN_TOO_LONG");
});

test("a plain read keeps the places of its source and goes on behind them; a step of a way has none", async () => {
  const asked: unknown[] = [];
  const placing: Source = {
    ...memorySource("s", { posts: [{ id: "7", author: "ada" }], files: [{ id: "1", post: "7", name: "ada's" }] }),
    read: async function* (planned, signal, after) {
      asked.push(after);
      const { source, collection, line: of } = planned;
      yield { kind: "place", place: { source, collection, line: of, place: "page 2", records: 1 } };
      yield* memorySource("s", { posts: [{ id: "7", author: "ada" }], files: [{ id: "1", post: "7", name: "ada's" }] }).read(planned, signal);
    },
  };
  const collector = liveCollector([placing]);
  const kinds = async (planned: PlannedRead, after?: After) => (await Array.fromAsync(collector.read(planned, undefined, after))).map(({ kind }) => kind);
  assert.deepEqual(await kinds(read()), ["record"]);
  const { through: _through, ...plain } = read();
  const after = { places: ["page 2"], records: 1 };
  assert.deepEqual(await kinds({ ...plain, collection: "posts", columns: [], witness: { subject: "author", key: "id" } }, after), ["place", "record"]);
  assert.deepEqual(asked, [undefined, undefined, after]);
});
