// Every no of the second opinion with its clause, and every way in which a chain can be broken: one fault at a time, planted in a record that is inside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { dated, field, mapOf, reference, refers, undated } from "../../../tests/fixtures/small-map.ts";
import { instant, type Instant } from "../../kernel/instant.ts";
import type { Chain, ChainStep, ClassOf, CollectedRecord, DataMap, FieldReference, MappedCollection, Scope, ScopeLine } from "../shapes.ts";
import { judgeFor } from "./judge-record.ts";

const from = (collection: string, column: string): FieldReference => reference(collection, column, "from");

/** A board holds posts, a post comments, a comment pins. Comments have no date and no place of their own; pins have both. */
const boards = undated("boards", field("id", { role: "subject" }));
const posts = dated(
  "posts",
  field("id", { role: "key" }),
  field("author", { role: "subject" }),
  field("room", { role: "workspace" }),
  field("at", { role: "moment" }),
  field("draft", { class: undefined as never }),
  field("internal", { dataTypes: [] }),
);
const comments = dated("comments", field("id", { role: "key" }), field("post", refers("posts", "id", "from")), field("text"));
const pins = dated(
  "pins",
  field("id", { role: "key" }),
  field("comment", refers("comments", "id", "from")),
  field("room", { role: "workspace" }),
  field("pinned", { role: "moment" }),
);
const marks = dated("marks", field("id", { role: "key" }), field("comment", refers("comments", "id", "from")));
const timeless = dated("timeless", field("id", { role: "key" }), field("owner", { role: "subject" }));
const maps: readonly DataMap[] = [mapOf(boards, posts, comments, pins, marks, timeless)];

const line = lineOf("messages");
const at = instant("2026-02-01T08:00:00Z");
const reached = scopeOf([line], warrant);

interface Under {
  readonly scope?: Scope;
  readonly maps?: readonly DataMap[];
  readonly classOf?: ClassOf;
}

/** Clause and code of every no, in order; every no names the record's line. */
function noes(record: CollectedRecord, under: Under = {}): readonly string[] {
  const judgement = judgeFor({ scope: reached, maps, classOf: usClassOf, ...under })(record);
  if (judgement.kind === "inside") return [];
  for (const reason of judgement.reasons) assert.ok(reason.line === record.line && reason.because.endsWith("."), JSON.stringify(reason));
  return judgement.reasons.map(({ clause, code }) => `${clause} ${code}`);
}

function post(changes: Partial<CollectedRecord> = {}): CollectedRecord {
  return {
    source: "s",
    collection: "posts",
    line: line.line,
    key: "7",
    fields: { id: "7", author: "M-HARBOR-00", room: "W-HARBOR", at },
    witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR", moment: at },
    ...changes,
  };
}

const lines = (changes: Partial<ScopeLine>, rest: Partial<Scope> = warrant): Scope => scopeOf([lineOf("messages", changes)], rest);
/** The fields that do not leave cannot contradict the witness. */
const silent = (witness: Partial<CollectedRecord["witness"]>): CollectedRecord => post({ fields: { id: "7" }, witness: { ...post().witness, ...witness } });

test("each no of the checker cites its clause, and a record without a fault has none", () => {
  const cases: readonly (readonly [readonly string[], CollectedRecord, Under?])[] = [
    [[], post()],
    [[], silent({})],
    [["IGRP-9 NO_SUCH_LINE"], post({ line: "L-9" })],
    [["IGRP-9 NOT_MAPPED"], post({ collection: "letters" })],
    [["IGRP-9 NOT_MAPPED"], post({ source: "t" })],
    [["KDRP-6 REALTIME"], post({ fields: {} }), { scope: lines({ dataClass: "REALTIME_META" }, { reach: ["REALTIME_META"] }), classOf: () => "REALTIME_META" }],
    [
      ["KDRP-6 REALTIME"],
      post({ fields: {} }),
      { scope: lines({ dataClass: "REALTIME_CONTENT" }, { reach: ["REALTIME_CONTENT"] }), classOf: () => "REALTIME_CONTENT" },
    ],
    [["KDRP-11 BEYOND_INSTRUMENT"], post(), { scope: lines({}, { reach: ["TRAFFIC"] }) }],
    [["KDRP-12 WRONG_CLASS"], post(), { classOf: () => "TRAFFIC" }],
    [["IGRP-9 OTHER_ACCOUNT"], silent({ subject: "M-HARBOR-01" })],
    [["IGRP-9 OTHER_ACCOUNT"], post({ fields: { ...post().fields, author: "M-HARBOR-01" } })],
    [["IGRP-9 OTHER_WORKSPACE"], silent({ workspace: "W-ORCHARD" })],
    [["IGRP-9 OTHER_WORKSPACE"], post({ fields: { ...post().fields, room: "W-ORCHARD" } })],
    [["KDRP-2c NO_MOMENT"], { ...silent({}), witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR" } }],
    [["KDRP-2c NO_DATE_RANGE"], post(), { scope: scopeOf([withoutFrom(line)], warrant) }],
    [["KDRP-2c BEFORE_RANGE"], silent({ moment: instant("2026-01-09T23:59:59.999Z") })],
    [["KDRP-2c AFTER_RANGE"], silent({ moment: instant("2026-03-01T00:00:00Z") })],
    [["IGRP-9 COLUMN_OUTSIDE"], post({ fields: { secret: "x" } })],
    [["IGRP-9 COLUMN_OUTSIDE"], post({ fields: { draft: "x" } })],
    [["IGRP-9 COLUMN_OUTSIDE"], post({ fields: { internal: "x" } })],
  ];
  for (const [expected, record, under] of cases) assert.deepEqual(noes(record, under), expected, JSON.stringify(record));
});

function withoutFrom({ from: _, ...rest }: ScopeLine): ScopeLine {
  return rest;
}

test("what is content, and a class that no instrument compels, has the clause of its kind", () => {
  const traffic: Under = { scope: lines({ dataClass: "TRAFFIC" }, { reach: ["TRAFFIC"] }), classOf: () => "TRAFFIC" };
  assert.deepEqual(noes(silent({}), traffic), ["KDRP-11 CONTENT_OUTSIDE"]);
  const beyond: Under = { scope: lines({ dataClass: "TRAFFIC" }, { reach: ["SUBSCRIBER"] }), classOf: () => "TRAFFIC" };
  assert.deepEqual(noes(post({ fields: {} }), beyond), ["KDRP-12 BEYOND_INSTRUMENT"]);
});

test("the day of service ends at midnight of the desk's zone, also where the clocks change, and nothing later leaves", () => {
  const until = instant("2026-12-31T00:00:00Z");
  const judged = (servedAt: string, moment: string) =>
    noes(silent({ moment: instant(moment) }), { scope: lines({ until }, { ...warrant, servedAt: instant(servedAt) }) });
  // Denver is six hours behind UTC in summer and seven in winter; on 2026-03-08 it goes over.
  assert.deepEqual(judged("2026-04-01T17:00:00Z", "2026-04-02T05:59:59.999Z"), []);
  assert.deepEqual(judged("2026-04-01T17:00:00Z", "2026-04-02T06:00:00Z"), ["KDRP-6 AFTER_SERVICE"]);
  assert.deepEqual(judged("2026-03-08T08:00:00Z", "2026-03-09T05:59:59.999Z"), []);
  assert.deepEqual(judged("2026-03-08T08:00:00Z", "2026-03-09T06:00:00Z"), ["KDRP-6 AFTER_SERVICE"]);
});

test("a moment that is no whole UTC moment, or that the record shows otherwise, is none", () => {
  const odd = ["x2026-02-01T08:00:00.000Z", "2026-02-01T08:00:00.000Zx", "2026-02-01", ""].map((moment) => moment as Instant);
  for (const moment of odd) assert.deepEqual(noes(silent({ moment })), ["KDRP-2c NO_MOMENT"], moment);
  for (const shown of [null, Uint8Array.of(1), "2026-02-01T08:00:00.001Z"])
    assert.deepEqual(noes(post({ fields: { ...post().fields, at: shown } })), ["KDRP-2c NO_MOMENT"], String(shown));
  const empty = { ...silent({}), witness: { ...post().witness, subject: "" }, fields: { author: null } };
  assert.deepEqual(noes(empty, { scope: lines({ accounts: [""] }) }), [], "a value that is null shows as nothing");
  const nothing = { ...silent({}), fields: { author: null } };
  assert.deepEqual(noes(nothing), ["IGRP-9 OTHER_ACCOUNT"]);
  for (const [account, author] of [
    ["77", Uint8Array.of(77)],
    ["null", null],
  ] as const) {
    const alike = { ...silent({ subject: account }), fields: { author } };
    assert.deepEqual(noes(alike, { scope: lines({ accounts: [account] }) }), ["IGRP-9 OTHER_ACCOUNT"], "bytes and nothing are no account");
  }
});

test("dated records whose map has no date stay out, whatever their source says", () => {
  const record = { ...post(), collection: "timeless", fields: { id: "7" } };
  assert.deepEqual(noes(record), ["KDRP-2c NO_MOMENT"]);
});

test("where a map marks a role twice, the first one counts, as it does for the plan", () => {
  const twice: DataMap = { source: "s", title: "S", collections: [{ ...posts, fields: [...posts.fields, field("editor", { role: "subject" })] }] };
  assert.deepEqual(noes(post({ fields: { ...post().fields, editor: "M-HARBOR-09" } }), { maps: [twice] }), []);
});

const step = (collection: string, out: readonly [string, string], more: Partial<ChainStep> = {}): ChainStep => ({
  source: "s",
  collection,
  out: { column: out[0], value: out[1] },
  ...more,
});
const mine = step("posts", ["id", "7"], { subject: "M-HARBOR-00", workspace: "W-HARBOR", moment: at });
const comment = step("comments", ["id", "c1"], { in: { column: "post", value: "7" } });

interface Reached {
  readonly fields?: CollectedRecord["fields"];
  readonly witness?: Partial<CollectedRecord["witness"]>;
  readonly chain?: Partial<Chain>;
}

/** A mark on a comment on the subject's own post: two links away, with neither date nor place of its own. */
function mark({ fields = { id: "m1", comment: "c1" }, witness = {}, chain = {} }: Reached = {}): CollectedRecord {
  return {
    ...post(),
    collection: "marks",
    key: "m1",
    fields,
    witness: { subject: "M-HARBOR-00", moment: at, ...witness },
    chain: { steps: [mine, comment], column: "comment", value: "c1", ...chain },
  };
}

/** A pin has its own date and place. */
function pin(room: string, pinned: string): CollectedRecord {
  return { ...mark({ fields: { id: "p1", comment: "c1" }, witness: { workspace: room, moment: pinned as Instant } }), collection: "pins", key: "p1" };
}

test("an unbroken chain is inside, with the date of the nearest record that has one", () => {
  assert.deepEqual(noes(mark()), []);
  assert.deepEqual(noes(mark({ fields: {} })), [], "the link need not leave with the record");
  assert.deepEqual(noes(pin("W-HARBOR", "2026-02-03T00:00:00.000Z")), [], "its own date counts, where it has one");
  const dated = { ...comments, fields: [...comments.fields, field("written", { role: "moment" })] };
  const withDates: Under = { maps: [{ source: "s", title: "S", collections: [boards, posts, dated, pins, marks] }] };
  const later = instant("2026-02-02T00:00:00Z");
  const written = [mine, { ...comment, moment: later }] as const;
  assert.deepEqual(noes(mark({ chain: { steps: written }, witness: { moment: later } }), withDates), []);
  assert.deepEqual(noes(mark({ chain: { steps: written } }), withDates), ["KDRP-2c NO_MOMENT"], "the nearest, not the first");
  assert.deepEqual(noes(mark(), withDates), [], "one that shows no date is passed over");
});

test("a date that no record of the chain has makes a record no younger and no older", () => {
  assert.deepEqual(noes(mark({ witness: { moment: instant("2026-02-01T08:00:00.001Z") } })), ["KDRP-2c NO_MOMENT"]);
  // The comment has a date of which the map knows nothing.
  const invented = instant("2026-02-05T00:00:00Z");
  assert.deepEqual(noes(mark({ chain: { steps: [mine, { ...comment, moment: invented }] }, witness: { moment: invented } })), ["KDRP-2c NO_MOMENT"]);
});

test("a chain that reaches into another workspace, or begins with another account, is outside", () => {
  assert.deepEqual(noes(mark({ chain: { steps: [{ ...mine, workspace: "W-ORCHARD" }, comment] } })), ["IGRP-9 OTHER_WORKSPACE"]);
  const { workspace: _, ...nowhere } = mine;
  assert.deepEqual(noes(mark({ chain: { steps: [nowhere, comment] } })), ["IGRP-9 OTHER_WORKSPACE"], "one that does not say where it lies lies elsewhere");
  assert.deepEqual(noes(pin("W-ORCHARD", at)), ["IGRP-9 OTHER_WORKSPACE"]);
  const theirs = { ...mine, subject: "M-HARBOR-01" };
  assert.deepEqual(noes(mark({ chain: { steps: [theirs, comment] }, witness: { subject: "M-HARBOR-01" } })), ["IGRP-9 OTHER_ACCOUNT"]);
  assert.deepEqual(noes(mark({ chain: { steps: [theirs, comment] } })), ["IGRP-9 OTHER_ACCOUNT"]);
  assert.deepEqual(noes(mark({ witness: { subject: "M-HARBOR-01" } })), ["IGRP-9 OTHER_ACCOUNT"]);
  const { subject: __, ...nobodys } = mine;
  assert.deepEqual(
    noes(mark({ chain: { steps: [nobodys, comment] }, witness: { subject: undefined as never } }), { scope: lines({ accounts: [undefined as never] }) }),
    ["IGRP-9 OTHER_ACCOUNT"],
  );
});

const broken: readonly (readonly [string, CollectedRecord])[] = [
  ["the first record names no subject in its map", mark({ chain: { steps: [step("comments", ["id", "c1"], { subject: "M-HARBOR-00" })] } })],
  ["the first record belongs to another one already", mark({ chain: { steps: [{ ...mine, in: { column: "id", value: "7" } }, comment] } })],
  ["the record shows another link than its chain", mark({ fields: { id: "m1", comment: "c2" } })],
  ["a value differs on the way", mark({ chain: { steps: [mine, { ...comment, in: { column: "post", value: "8" } }] } })],
  ["the last value differs", mark({ chain: { value: "c2" }, fields: { id: "m1" } })],
  ["a link is empty on both sides", mark({ chain: { steps: [mine, { ...comment, out: { column: "id", value: "" } }], value: "" }, fields: { id: "m1" } })],
  ["a step is missing", mark({ chain: { steps: [mine] } })],
  ["a step leads out by another column", mark({ chain: { steps: [mine, { ...comment, out: { column: "text", value: "c1" } }] } })],
  ["a step leads in by another column", mark({ chain: { steps: [mine, { ...comment, in: { column: "text", value: "7" } }] } })],
  ["the record refers by another column", mark({ chain: { column: "id" }, fields: {} })],
  ["a step has no way in", mark({ chain: { steps: [mine, step("comments", ["id", "c1"])] } })],
  ["a step is of a collection that no map knows", mark({ chain: { steps: [mine, { ...comment, collection: "letters" }] } })],
  ["a step is of a source that no map knows", mark({ chain: { steps: [mine, { ...comment, source: "t" }] } })],
  ["the first is of a collection that no map knows", mark({ chain: { steps: [{ ...mine, collection: "letters" }, comment] } })],
  ["a step passes through a collection with a subject", mark({ chain: { steps: [mine, { ...mine, in: { column: "author", value: "7" } }, comment] } })],
  ["a step says two things of its place in one column", mark({ chain: { steps: [{ ...mine, out: { column: "room", value: "W-ORCHARD" } }, comment] } })],
  ["the first says that its key is its author and somebody else", mark({ chain: { steps: [{ ...mine, out: { column: "author", value: "7" } }, comment] } })],
];
for (const [what, record] of broken)
  test(`a chain is broken where ${what}`, () => {
    assert.ok(noes(record).includes("IGRP-9 BROKEN_CHAIN"), JSON.stringify(noes(record)));
  });

test("a step that says one thing twice of a column is broken only where the two differ", () => {
  const twice = (value: string) =>
    mark({ chain: { steps: [mine, { ...comment, in: { column: "post", value: "7" }, out: { column: "id", value } }], value }, fields: {} });
  assert.deepEqual(noes(twice("c1")), []);
  const same = { ...comment, in: { column: "id", value: "7" }, out: { column: "id", value: "7" } };
  const selfish: Under = {
    maps: [{ source: "s", title: "S", collections: [posts, dated("comments", field("id", { role: "key", ...refers("posts", "id", "from") })), marks] }],
  };
  const shared = (step_: ChainStep) => mark({ chain: { steps: [mine, step_], value: step_.out.value }, fields: {} });
  assert.deepEqual(noes(shared(same), selfish), [], "the same value twice");
  assert.deepEqual(noes(shared({ ...same, out: { column: "id", value: "8" } }), selfish), ["IGRP-9 BROKEN_CHAIN"]);
});

test("a reference that both of its ends state is one reference, and two of them leave open whose a record is", () => {
  const both = (...more: MappedCollection[]): Under => ({ maps: [{ source: "s", title: "S", collections: [posts, comments, ...more] }] });
  const stating = { ...comments, fields: comments.fields.map((each) => (each.name === "id" ? { ...each, ...refers("marks", "comment", "to") } : each)) };
  const stated: Under = { maps: [{ source: "s", title: "S", collections: [posts, stating, marks] }] };
  assert.deepEqual(noes(mark(), stated), [], "stated from both ends");
  const second = (name: string, reference: FieldReference) => ({ ...marks, fields: [...marks.fields, field(name, { references: [reference] })] });
  for (const other of [second("post", from("posts", "id")), second("again", from("comments", "id")), second("words", from("comments", "text"))])
    assert.deepEqual(noes(mark(), both(other)), ["IGRP-9 BROKEN_CHAIN"], JSON.stringify(other.fields.at(-1)));
  const elsewhere: DataMap = { source: "t", title: "T", collections: [comments] };
  const abroad = {
    ...marks,
    fields: [...marks.fields, field("far", { references: [{ source: "t", collection: "comments", column: "id", direction: "from" }] })],
  };
  assert.deepEqual(noes(mark(), { maps: [...(both(abroad).maps ?? []), elsewhere] }), ["IGRP-9 BROKEN_CHAIN"]);
  const field_ = marks.fields.at(-1) ?? assert.fail();
  for (const [reference, ...more] of [[from("posts", "id")], [from("comments", "text")], [{ ...from("comments", "id"), source: "t" }, elsewhere]] as const) {
    const double = { ...marks, fields: [field("id", { role: "key" }), { ...field_, references: [from("comments", "id"), reference] }] };
    assert.deepEqual(noes(mark(), { maps: [...(both(double).maps ?? []), ...more] }), ["IGRP-9 BROKEN_CHAIN"], JSON.stringify(reference));
  }
  const owned = {
    ...marks,
    fields: [
      field("id", { role: "key" }),
      field("comment", { role: "owner", ...refers("comments", "id", "from") }),
      field("post", refers("posts", "id", "from")),
    ],
  };
  assert.deepEqual(noes(mark(), both(owned)), [], "the field that is marked decides");
  const byPost = mark({ chain: { steps: [mine], column: "post", value: "7" }, fields: {} });
  assert.deepEqual(noes(byPost, both(owned)), ["IGRP-9 BROKEN_CHAIN"], "and no other");
});

test("a reference without a direction is one from the record that is referred to", () => {
  const plain = { ...marks, fields: [field("id", { role: "key" }), field("comment", { references: [{ source: "s", collection: "comments", column: "id" }] })] };
  assert.deepEqual(noes(mark(), { maps: [{ source: "s", title: "S", collections: [posts, comments, plain] }] }), []);
});

test("undated records need no date, and a chain gives them none", () => {
  const undated: Under = { maps: [{ source: "s", title: "S", collections: [posts, comments, { ...marks, undated: true }] }] };
  const { moment: _, ...rest } = mark().witness;
  assert.deepEqual(noes({ ...mark(), witness: rest }, undated), []);
});

test("a link is followed from the collection and the source that the map names, and from none that only looks like it", () => {
  const threads = dated("threads", field("id", { role: "key" }), field("author", { role: "subject" }), field("at", { role: "moment" }));
  const alike: Under = {
    maps: [
      { source: "s", title: "S", collections: [threads, comments, marks] },
      { source: "t", title: "T", collections: [{ ...threads, name: "comments" }] },
    ],
  };
  const first = { ...step("threads", ["id", "c1"]), subject: "M-HARBOR-00", moment: at };
  assert.deepEqual(noes(mark({ chain: { steps: [first] } }), alike), ["IGRP-9 BROKEN_CHAIN"]);
  assert.deepEqual(noes(mark({ chain: { steps: [{ ...first, source: "t", collection: "comments" }] } }), alike), ["IGRP-9 BROKEN_CHAIN"]);
  const referring: Under = {
    maps: [{ source: "s", title: "S", collections: [threads, { ...marks, fields: [field("comment", refers("threads", "id", "from"))] }] }],
  };
  assert.deepEqual(noes(mark({ chain: { steps: [first] }, fields: {} }), referring), []);
  const loose: Under = { maps: [{ source: "s", title: "S", collections: [threads, { ...marks, fields: [field("id"), field("comment")] }] }] };
  assert.deepEqual(noes(mark({ chain: { steps: [first] } }), loose), ["IGRP-9 BROKEN_CHAIN"], "the map states no reference");
});

test("what a step does not say contradicts nothing, and what its map does not mark is not compared", () => {
  const rooms = { ...dated("rooms", field("owner", { role: "subject" }), field("room", { role: "workspace" })), undated: true };
  const cards = { ...dated("cards", field("id", { role: "key" }), field("room", { role: "owner", ...refers("rooms", "room", "from") })), undated: true };
  const shared: Under = { maps: [{ source: "s", title: "S", collections: [rooms, cards] }] };
  const card = (first: ChainStep): CollectedRecord => ({
    ...mark({ chain: { steps: [first], column: "room", value: "W-HARBOR" }, fields: { id: "k1" } }),
    collection: "cards",
  });
  const room = step("rooms", ["room", "W-HARBOR"], { subject: "M-HARBOR-00" });
  assert.deepEqual(noes(card({ ...room, workspace: "W-HARBOR" }), shared), []);
  assert.deepEqual(noes(card(room), shared), ["IGRP-9 OTHER_WORKSPACE"]);
  assert.deepEqual(
    noes(mark({ chain: { steps: [mine, { ...comment, workspace: "W-1", moment: instant("2026-02-09T00:00:00Z") }] } })),
    [],
    "marked by nothing",
  );
});
