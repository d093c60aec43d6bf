import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { dataTypes, lineOf, manyCases, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import type { LiveSchema } from "../shapes.ts";
import { compileScope } from "./compile-scope.ts";
import { draftDataMap, draftOnto, type Drafted } from "./draft-data-map.ts";
import { readDataMap } from "./read-data-map.ts";

const product: LiveSchema = {
  source: "product",
  collections: [
    {
      name: "posts",
      columns: [
        { name: "id", kind: "number" },
        { name: "member_id", kind: "text" },
        { name: "sent_at", kind: "moment" },
        { name: "body", kind: "text" },
      ],
    },
    {
      name: "members",
      columns: [
        { name: "id", kind: "text" },
        { name: "email", kind: "text" },
      ],
    },
  ],
};

function textOf(drafted: Drafted): string {
  assert.ok(drafted.kind === "drafted", JSON.stringify(drafted));
  return drafted.text;
}

function mapsIn(text: string) {
  const reading = readDataMap("draft.yaml", text, dataTypes);
  assert.ok(reading.kind === "read", JSON.stringify(reading));
  return reading.maps.map(({ map }) => map);
}

test("a draft names every column once, in the order of the names, with what its name suggests", () => {
  assert.equal(
    textOf(draftDataMap(product)).split("\n").slice(5).join("\n"),
    `dataset:
  - fides_key: product
    name: product
    collections:
      - name: members
        # suggested: fides_meta: { portcullis: { undated: true } }, if these are standing facts
        fields:
          - name: email
            data_categories: [user.contact.email]
          - name: id
            data_categories: [user.unique_id]
            # suggested role: subject
      - name: posts
        fields:
          - name: body
            data_categories: [user.content]
          - name: id
            data_categories: [system.operations]
            # suggested role: key
          - name: member_id
            data_categories: [user.unique_id]
            # suggested role: subject
            # suggested reference: { dataset: product, field: members.id, direction: from }
          - name: sent_at
            data_categories: [system.operations]
            # suggested role: moment
`,
  );
});

const schemas = fc
  .uniqueArray(
    fc.record({
      name: fc.oneof(fc.constantFrom("members", "posts", "on", "1", "a: b", "# no", "x\n- name: y"), fc.string({ unit: "binary", minLength: 1 })),
      columns: fc.uniqueArray(
        fc.record({
          name: fc.oneof(
            fc.constantFrom("id", "email", "member_id", "null", "- a", "{", "'\"", "fides_meta: { portcullis: { class: content } }"),
            fc.string({ unit: "binary", minLength: 1 }),
          ),
          kind: fc.constantFrom("text", "number", "boolean", "moment", "bytes", "other"),
        }),
        { selector: ({ name }) => name, maxLength: 6 },
      ),
    }),
    { selector: ({ name }) => name, maxLength: 4 },
  )
  .map((collections): LiveSchema => ({ source: "product", collections }));

test("whatever the columns are called, a draft is a map of just these columns, and nothing of it can be produced", () => {
  const scope = scopeOf(
    dataTypes.filter(({ kind }) => kind !== "real-time").map(({ id }) => lineOf(id)),
    { ...warrant },
  );
  fc.assert(
    fc.property(schemas, (schema) => {
      const maps = mapsIn(textOf(draftDataMap(schema)));
      assert.deepEqual(
        new Map(maps.flatMap(({ collections }) => collections.map((each) => [each.name, new Set(each.fields.map(({ name }) => name))]))),
        new Map(schema.collections.map((each) => [each.name, new Set(each.columns.map(({ name }) => name))])),
      );
      const fields = maps.flatMap(({ collections }) => collections.flatMap((each) => each.fields));
      assert.ok(
        fields.every((field) => field.class === undefined && field.dataTypes.length === 0 && field.role === undefined && field.references === undefined),
      );
      const compiled = compileScope({ scope, maps, classOf: usClassOf });
      assert.ok(compiled.kind === "planned" && compiled.plan.reads.length === 0);
    }),
    { numRuns: Math.min(manyCases, 1000) },
  );
});

test("the same columns give the same draft in whatever order they are told, and drafting over a draft changes nothing", () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      const text = textOf(draftDataMap(schema));
      const turned = { ...schema, collections: schema.collections.toReversed().map((each) => ({ ...each, columns: each.columns.toReversed() })) };
      assert.equal(textOf(draftDataMap(turned)), text);
      assert.deepEqual(draftOnto("draft.yaml", text, turned), { kind: "drafted", text, collections: 0, fields: 0 });
    }),
    { numRuns: Math.min(manyCases, 1000) },
  );
});

const judged = `# Ours.
dataset:
- fides_key: product   # the shop
  name: Product
  collections:
  - name: posts
    fields:
      - { name: author, fides_meta: { portcullis: { class: non-content, data_types: [messages], role: subject } } } # who wrote it
      - name: body
        description: |
          What people
          wrote.
        fides_meta: { portcullis: { class: content, data_types: [messages] } }
        # We looked at this one twice.

  - name: gone
    fields: [{ name: old }]
# The end.
`;

test("drafting over a map keeps every character that a person wrote and adds what is new where it belongs", () => {
  const drafted = draftOnto("map.yaml", judged, product);
  const text = textOf(drafted);
  assert.ok(drafted.kind === "drafted" && drafted.collections === 1 && drafted.fields === 5);
  assert.equal(
    text,
    judged
      .replace(
        "        # We looked at this one twice.\n",
        `        # We looked at this one twice.
      - name: id
        data_categories: [system.operations]
        # suggested role: key
      - name: member_id
        data_categories: [user.unique_id]
        # suggested role: subject
        # suggested reference: { dataset: product, field: members.id, direction: from }
      - name: sent_at
        data_categories: [system.operations]
        # suggested role: moment
`,
      )
      .replace(
        "    fields: [{ name: old }]\n",
        `    fields: [{ name: old }]
  - name: members
    # suggested: fides_meta: { portcullis: { undated: true } }, if these are standing facts
    fields:
      - name: email
        data_categories: [user.contact.email]
      - name: id
        data_categories: [user.unique_id]
        # suggested role: subject
`,
      ),
  );
  assert.deepEqual(draftOnto("map.yaml", text, product), { kind: "drafted", text, collections: 0, fields: 0 });
});

test("the fields that a person judged stay as they are, whatever comes to the source", () => {
  const [before] = mapsIn(judged);
  fc.assert(
    fc.property(schemas, (schema) => {
      const text = textOf(draftOnto("map.yaml", judged, schema));
      const [after] = mapsIn(text);
      for (const [index, collection] of (before?.collections ?? []).entries()) {
        const kept = after?.collections[index];
        assert.deepEqual({ ...kept, fields: kept?.fields.slice(0, collection.fields.length) }, collection);
      }
      assert.equal(textOf(draftOnto("map.yaml", text, schema)), text);
    }),
    { numRuns: Math.min(manyCases, 1000) },
  );
});

test("drafting over the maps we deliver keeps them, also where fields stand in one line, lines end with CR LF, or the last one does not end", () => {
  const delivered = readFileSync(new URL("../../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
  const live = { source: "workspace-database", collections: [{ name: "posts", columns: [{ name: "pinned", kind: "boolean" } as const] }] };
  const variants = [delivered, delivered.replaceAll("\n", "\r\n"), delivered.trimEnd()];
  for (const text of variants) {
    const onto = textOf(draftOnto("map.yaml", text, live));
    assert.equal(onto.replace(/ +- name: pinned\r?\n/, ""), text);
    assert.ok(
      mapsIn(onto)[0]
        ?.collections.find(({ name }) => name === "posts")
        ?.fields.some(({ name }) => name === "pinned"),
    );
  }
  const last = { source: "workspace-database", collections: [{ name: "zoo", columns: [] }] };
  assert.match(textOf(draftOnto("map.yaml", delivered.trimEnd(), last)), /\n {6}- name: zoo\n.*\n {8}fields: \[\]\n$/);
});

test("a column whose fields a person has spelt out one level deeper is not new", () => {
  const text =
    "fides_key: product\ncollections:\n  - name: members\n    fields:\n      - name: email\n        fields: [{ name: work }]\n      - { name: id.value }\n";
  const drafted = draftOnto("map.yaml", text, { source: "product", collections: product.collections.slice(1) });
  assert.equal(textOf(drafted), text);
});

const unfit: readonly (readonly [string, string, RegExp])[] = [
  ["that is no YAML", "dataset: [", /^1:\d+ The file holds no dataset/],
  ["of another source", "fides_key: other\ncollections: []\n", /^1:1 The file describes another source than product/],
  ["whose collections stand in one line", "fides_key: product\ncollections: []\n", /^1:1 `collections` is not a list with dashes/],
  [
    "whose fields stand in one line",
    "fides_key: product\ncollections:\n  - name: members\n    fields: [{ name: id }]\n",
    /^3:5 `fields` is not a list with dashes/,
  ],
];
for (const [what, text, expected] of unfit) {
  test(`a file ${what} is not added to, with its place and what to do`, () => {
    const drafted = draftOnto("map.yaml", text, product);
    assert.ok(drafted.kind === "refused");
    assert.match(`${drafted.problems[0].line}:${drafted.problems[0].column} ${drafted.problems[0].what}`, expected);
    assert.ok(drafted.problems[0].remedy.length > 3);
  });
}

test("a source that a list of datasets does not name yet is added to the list", () => {
  const text = textOf(draftOnto("map.yaml", "dataset:\n  - { fides_key: other, collections: [] }\n", product));
  assert.deepEqual(
    mapsIn(text).map(({ source, collections }) => [source, collections.length]),
    [
      ["other", 0],
      ["product", 2],
    ],
  );
});
