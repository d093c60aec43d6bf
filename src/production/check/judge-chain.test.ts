// What the second opinion says of chains that a faulty collector could hand it: whatever the maps do not allow is outside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { field, mapOf, refers, undated } from "../../../tests/fixtures/small-map.ts";
import type { Chain, ChainStep, CollectedRecord } from "../shapes.ts";
import { judgeFor } from "./judge-record.ts";

const members = undated("members", field("id", { role: "subject" }), field("team"));
const posts = undated("posts", field("id", { role: "key" }), field("author", { role: "subject" }), field("mentions", refers("members", "id", "from")));
const files = undated("files", field("id", { role: "key" }), field("post", refers("posts", "id", "from")));
const notes = undated("notes", field("id", { role: "key" }), field("file", refers("files", "id", "from")), field("team", refers("members", "team", "from")));
const badges = undated("badges", field("id", { role: "key" }), field("team", refers("members", "team", "from")));
const map = mapOf(members, posts, files, notes, badges);
const judge = judgeFor({ scope: scopeOf([lineOf("messages")], warrant), maps: [map], classOf: usClassOf });

function step(collection: string, out: readonly [string, string], more: Partial<ChainStep> = {}): ChainStep {
  return { source: "s", collection, out: { column: out[0], value: out[1] }, ...more };
}

function codesOf(collection: string, chain: Chain): readonly string[] {
  const record: CollectedRecord = { source: "s", collection, line: "L-messages", key: "1", fields: { id: "1" }, witness: { subject: "M-HARBOR-00" }, chain };
  const judgement = judge(record);
  return judgement.kind === "inside" ? [] : judgement.reasons.map(({ code }) => code);
}

const mine = step("posts", ["id", "7"], { subject: "M-HARBOR-00" });

test("a file of the subject's own post is inside", () => {
  assert.deepEqual(codesOf("files", { steps: [mine], column: "post", value: "7" }), []);
});

test("a chain may not pass through a collection that names a subject of its own", () => {
  const ada = step("members", ["id", "M-HARBOR-00"], { subject: "M-HARBOR-00" });
  const mentioned = step("posts", ["id", "7"], { in: { column: "mentions", value: "M-HARBOR-00" } });
  assert.deepEqual(codesOf("files", { steps: [ada, mentioned], column: "post", value: "7" }), ["BROKEN_CHAIN"]);
});

test("a collection that refers to two others and does not say by which it belongs to somebody belongs to nobody", () => {
  const file = step("files", ["id", "9"], { in: { column: "post", value: "7" } });
  assert.deepEqual(codesOf("notes", { steps: [mine, file], column: "file", value: "9" }), ["BROKEN_CHAIN"]);
});

test("a value that several people share makes nobody an owner", () => {
  const ada = step("members", ["team", "general"], { subject: "M-HARBOR-00" });
  assert.deepEqual(codesOf("badges", { steps: [ada], column: "team", value: "general" }), ["BROKEN_CHAIN"]);
});

test("a step that says two things of one column is not believed", () => {
  const other = step("members", ["id", "M-OTHER"], { subject: "M-HARBOR-00" });
  const loose = judgeFor({
    scope: scopeOf([lineOf("messages")], warrant),
    maps: [{ ...map, collections: [members, undated("cards", field("id", { role: "key" }), field("member", refers("members", "id", "from")))] }],
    classOf: usClassOf,
  });
  const record = (first: ChainStep): CollectedRecord => ({
    source: "s",
    collection: "cards",
    line: "L-messages",
    key: "1",
    fields: { id: "1" },
    witness: { subject: "M-HARBOR-00" },
    chain: { steps: [first], column: "member", value: first.out.value },
  });
  assert.equal(loose(record(other)).kind, "outside");
  assert.equal(loose(record(step("members", ["id", "M-HARBOR-00"], { subject: "M-HARBOR-00" }))).kind, "inside");
});
