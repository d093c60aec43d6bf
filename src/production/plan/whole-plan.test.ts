// The plan as a whole, word for word: what each read asks for and leaves open, in which order, and why a place was not searched.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { dated, field, mapOf, refers, undated } from "../../../tests/fixtures/small-map.ts";
import type { ClassOf, DataMap, MappedCollection, MappedField, Plan, Scope, ScopeLine } from "../shapes.ts";
import { compileScope } from "./compile-scope.ts";
import { ownersIn, type Way } from "./find-owners.ts";

const posts = dated(
  "posts",
  field("id", { role: "key" }),
  field("author", { role: "subject" }),
  field("room", { role: "workspace" }),
  field("at", { role: "moment" }),
);
const line = lineOf("messages");
const { from: _from, ...openLine } = line;

function planOf(maps: readonly DataMap[], lines: readonly ScopeLine[] = [line]): Plan {
  const compiled = compileScope({ scope: scopeOf(lines, warrant), maps, classOf: usClassOf });
  return compiled.kind === "planned" ? compiled.plan : assert.fail(JSON.stringify(compiled));
}

function reasonsOf(scope: Scope, classOf: ClassOf = usClassOf): readonly string[] {
  const compiled = compileScope({ scope, maps: [mapOf(posts)], classOf });
  return compiled.kind === "refused" ? compiled.reasons.map(({ code, line: of }) => `${of} ${code}`) : [];
}

test("a read says no more than its map marks and its line bounds", () => {
  const bare = undated("bare", field("owner", { role: "subject" }), field("text"));
  const shared = { source: "s", line: "L-messages", dataType: "messages", accounts: ["M-HARBOR-00"], workspace: "W-HARBOR" };
  const twice = { ...line, accounts: ["M-HARBOR-00", "M-HARBOR-00"] };
  assert.deepEqual(planOf([mapOf(posts, bare)], [twice]).reads, [
    { ...shared, collection: "bare", columns: ["owner", "text"], witness: { subject: "owner" } },
    {
      ...shared,
      collection: "posts",
      columns: ["id", "author", "room", "at"],
      witness: { subject: "author", workspace: "room", moment: "at", key: "id" },
      from: line.from,
      until: line.until,
    },
  ]);
  assert.deepEqual(
    planOf([mapOf(posts, bare)], [openLine]).reads.map((read) => [read.collection, Object.hasOwn(read, "from"), Object.hasOwn(read, "until")]),
    [["bare", false, false]],
  );
});

test("a standing fact is not asked for a date, although a field of it is marked as one", () => {
  const members = undated("members", field("id", { role: "subject" }), field("joined", { role: "moment" }));
  assert.deepEqual(planOf([mapOf(members)]).reads[0]?.witness, { subject: "id" });
});

test("where a role is marked twice, the first field has it", () => {
  const two = { ...posts, fields: [...posts.fields, field("editor", { role: "subject" }), field("edited", { role: "moment" })] };
  assert.deepEqual(planOf([mapOf(two)]).reads[0]?.witness, { subject: "author", workspace: "room", moment: "at", key: "id" });
});

test("reads stand in the order of their sources, collections and lines, however maps and lines are given", () => {
  const names = ["b", "a", "c"];
  const collections = (source: string) => ({ source, title: source, collections: names.map((name) => undated(name, field("who", { role: "subject" }))) });
  const lines = ["L-2", "L-1", "L-3"].map((id) => lineOf("messages", { line: id }));
  const { reads } = planOf(["t", "s", "u"].map(collections), lines);
  const order = reads.map(({ source, collection, line: of }) => `${source} ${collection} ${of}`);
  assert.equal(order.length, 27);
  assert.deepEqual(order, order.toSorted());
});

test("a place is left out with its reason, on the line that it was left out for and on no other", () => {
  const loose = dated("loose", field("id", { role: "key" }), field("text"));
  const titles = undated("titles", field("who", { role: "subject", dataTypes: ["name"], class: "non-content" }));
  const { reads, nothingHeld } = planOf([mapOf(posts, loose, titles)], [line, lineOf("name")]);
  assert.deepEqual(
    reads.map(({ collection, line: of }) => [collection, of]),
    [
      ["posts", "L-messages"],
      ["titles", "L-name"],
    ],
  );
  assert.deepEqual(nothingHeld, [{ line: "L-messages", because: "`loose` of S was not searched: `loose` does not say whose its records are." }]);
});

test("what has no date of its own has that of the record it belongs to, and is left out where that has none either", () => {
  const files = dated("files", field("id", { role: "key" }), field("post", refers("posts", "id")));
  const plan = planOf([mapOf(posts, files)]);
  const read = plan.reads.find(({ collection }) => collection === "files");
  assert.deepEqual([read?.witness, read?.from, read?.through?.places.length], [{ subject: "post", key: "id" }, line.from, 1]);
  const undatedPosts = undated("posts", ...posts.fields);
  assert.deepEqual(planOf([mapOf(undatedPosts, files)]).nothingHeld, [
    { line: "L-messages", because: "`files` of S was not searched: its records have no date that could be held against the range." },
  ]);
  const between = dated("notes", field("id", { role: "key" }), field("file", refers("files", "id")));
  assert.deepEqual(planOf([mapOf(posts, files, between)]).nothingHeld, [], "one dated record on the way is enough");
});

test("of a place with a way the column is read that refers to its owner, in its own source and collection", () => {
  const files = undated("files", field("id", { role: "key" }), field("post", refers("posts", "id")));
  const parts = undated("parts", field("id", { role: "key" }), field("file", refers("files", "id")));
  const subjects = (...maps: readonly DataMap[]) =>
    Object.fromEntries(planOf(maps).reads.map(({ source, collection, witness }) => [`${source} ${collection}`, witness.subject]));
  assert.deepEqual(subjects(mapOf(posts, files, parts)), { "s files": "post", "s parts": "file", "s posts": "author" });
  // The same name in two sources, one leading to the other.
  const abroad: DataMap = {
    source: "t",
    title: "T",
    collections: [undated("files", field("id", { role: "key" }), field("origin", refers("files", "id")))],
  };
  assert.deepEqual(subjects(mapOf(posts, files), abroad), { "s files": "post", "s posts": "author", "t files": "origin" });
  const owned = undated(
    "notes",
    field("id", { role: "key" }),
    field("post", { ...refers("posts", "id"), role: "owner" }),
    field("file", { ...refers("files", "id"), role: "owner" }),
  );
  assert.equal(subjects(mapOf(posts, files, owned))["s notes"], "post", "the first of several");
});

test("a class that the law calls real time is never collected, whatever the line calls it", () => {
  assert.deepEqual(
    reasonsOf(scopeOf([line], warrant), () => "REALTIME_META"),
    ["L-messages REALTIME"],
  );
});

test("one blank account among several is none, and every number that stands twice is named once", () => {
  assert.deepEqual(reasonsOf(scopeOf([{ ...line, accounts: ["M-HARBOR-00", " "] }], warrant)), ["L-messages NO_ACCOUNT"]);
  const numbered = ["a", "b", "b", "a", "b"].map((id) => ({ ...line, line: id }));
  assert.deepEqual(reasonsOf(scopeOf(numbered, warrant)), ["b LINE_TWICE", "a LINE_TWICE"]);
});

function wayTo(name: string, ...collections: MappedCollection[]): Way {
  const maps = [mapOf(...collections)];
  return ownersIn(maps)({ source: "s", collection: collections.find((each) => each.name === name) ?? assert.fail() });
}

function throughOf(way: Way) {
  return way.kind === "way" ? way.through : assert.fail(way.because);
}

const because = (way: Way) => (way.kind === "none" ? way.because : assert.fail("a way was found"));

test("a way begins at those who name a subject, passes only what lies between, and says what each step is read by", () => {
  const files = dated("files", field("id", { role: "key" }), field("post", refers("posts", "id")), field("moved", { role: "moment" }));
  const notes = undated("notes", field("id", { role: "key" }), field("file", refers("files", "id")), field("seen", { role: "moment" }));
  const parts = dated("parts", field("id", { role: "key" }), field("note", refers("notes", "id")));
  assert.deepEqual(throughOf(wayTo("parts", posts, files, notes, parts)), {
    places: [
      { source: "s", collection: "notes", key: "id" },
      { source: "s", collection: "files", moment: "moved", key: "id" },
      { source: "s", collection: "posts", subject: "author", workspace: "room", moment: "at", key: "id" },
    ],
    links: [
      { from: { source: "s", collection: "notes", column: "id" }, to: { source: "s", collection: "parts", column: "note" } },
      { from: { source: "s", collection: "files", column: "id" }, to: { source: "s", collection: "notes", column: "file" } },
      { from: { source: "s", collection: "posts", column: "id" }, to: { source: "s", collection: "files", column: "post" } },
    ],
    once: true,
  });
});

test("a reference that both ends state is one link", () => {
  const stating = { ...posts, fields: [field("id", { role: "key", ...refers("files", "post", "to") }), ...posts.fields.slice(1)] };
  const files = dated("files", field("id", { role: "key" }), field("post", refers("posts", "id")));
  const way = throughOf(wayTo("files", stating, files));
  assert.deepEqual([way.links.length, way.once], [1, true]);
});

test("records are met once where every link begins at a key, enters a place of its own and none leads back", () => {
  const owner = { role: "owner" } as const;
  const files = dated("files", field("id", { role: "key" }), field("post", { ...refers("posts", "id"), ...owner }));
  const once = (...more: MappedCollection[]) => throughOf(wayTo("notes", posts, files, ...more)).once;
  const notes = (...fields: MappedField[]) => dated("notes", field("id", { role: "key" }), ...fields);
  assert.equal(once(notes(field("file", refers("files", "id")))), true);
  const post = field("post", { ...refers("posts", "id"), ...owner });
  const file = field("file", { ...refers("files", "id"), ...owner });
  assert.equal(once(notes(post, file)), false, "entered by two links");
  assert.equal(once(notes(field("parent", { ...refers("notes", "id"), ...owner }), post)), false, "leads back to itself");
  const looped = dated(
    "files",
    field("id", { role: "key" }),
    field("note", { ...refers("notes", "id"), ...owner }),
    field("post", { ...refers("posts", "id"), ...owner }),
  );
  assert.equal(throughOf(wayTo("notes", posts, looped, notes(file))).once, false, "a circle over another place");
  assert.equal(once(notes(field("room", { ...refers("posts", "room"), ...owner }))), false, "a value that is no key");
  const keyedOn = dated("notes", field("id", { role: "key" }), field("file", { ...refers("files", "id"), ...owner }));
  const byRoom = dated("files", field("id", { role: "key" }), field("room", { ...refers("posts", "room"), ...owner }));
  assert.equal(throughOf(wayTo("notes", posts, byRoom, keyedOn)).once, false, "one of two links begins at no key");
});

test("where records have no key, the account they are of is one", () => {
  const members = undated("members", field("id", { role: "subject" }));
  const cards = undated("cards", field("id", { role: "key" }), field("member", refers("members", "id")));
  assert.deepEqual(throughOf(wayTo("cards", members, cards)).places, [{ source: "s", collection: "members", subject: "id" }]);
  const two = { ...posts, fields: [...posts.fields, field("number", { role: "key" })] };
  const files = dated("files", field("id", { role: "key" }), field("post", refers("posts", "id")));
  assert.equal(throughOf(wayTo("files", two, files)).places[0]?.key, "id", "the first field that is marked");
});

test("the first reference that leads nowhere is named, also one that the other end states", () => {
  const owner = { role: "owner" } as const;
  const two = (one: Partial<MappedField>, other: Partial<MappedField>) => dated("notes", field("id", { role: "key" }), field("a", one), field("b", other));
  assert.match(
    because(wayTo("notes", posts, two({ ...refers("letters", "id"), ...owner }, { ...refers("parcels", "id"), ...owner }))),
    /refers to `letters\.id`, which no data map describes/,
  );
  assert.match(because(wayTo("notes", posts, two({ ...refers("posts", "nothing"), ...owner }, {}))), /refers to `posts\.nothing`, which no data map describes/);
  const stating = { ...posts, fields: [field("id", { role: "key", ...refers("notes", "missing", "to") }), ...posts.fields.slice(1)] };
  assert.match(because(wayTo("notes", stating, two({}, {}))), /refers to `posts\.id`, which no data map describes/);
});

test("a way that ends before anybody is named is none, although it passes other records", () => {
  const owner = { role: "owner" } as const;
  const rounds = dated("rounds", field("id", { role: "key" }), field("next", { ...refers("turns", "id"), ...owner }));
  const turns = dated("turns", field("id", { role: "key" }), field("next", { ...refers("rounds", "id"), ...owner }));
  assert.match(because(wayTo("rounds", posts, rounds, turns)), /never reach a record that names an account/);
});
