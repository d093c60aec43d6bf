import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { dataTypes, deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import type { LiveSchema } from "../shapes.ts";
import { checkDataMap } from "./check-data-map.ts";
import { compileScope } from "./compile-scope.ts";
import { type DataMapReading, readDataMap } from "./read-data-map.ts";

const read = (text: string) => readDataMap("map.yaml", text, dataTypes);

const head = "fides_key: product\nname: Product\ncollections:\n  - name: posts\n    fields:\n";
const field = (name: string, marks: string) => `      - { name: ${name}, data_categories: [user.content], fides_meta: { portcullis: { ${marks} } } }\n`;
const subject = field("author", "class: non-content, data_types: [messages], role: subject");
const moment = field("sent_at", "class: non-content, data_types: [messages], role: moment");
const body = field("body", "class: content, data_types: [messages]");

function problemsOf(reading: DataMapReading): string[] {
  return reading.kind === "refused" ? reading.problems.map((problem) => `${problem.line}:${problem.column} ${problem.what}`) : [];
}

test("the maps we deliver can be read, and every collection shows whose its records are", () => {
  for (const name of ["workspace-database", "slack-export"] as const) {
    const { map } = deliveredMap(name);
    assert.equal(map.source, name);
    assert.ok(map.collections.every((collection) => collection.fields.some((mapped) => mapped.role === "subject")));
  }
});

test("a good map keeps its fields, classes and roles, and nested fields become one name", () => {
  const nested = "      - name: profile\n        fields:\n          - { name: email, data_categories: [user.contact.email] }\n";
  const reading = read(head + subject + moment + body + nested);
  assert.ok(reading.kind === "read", JSON.stringify(reading));
  assert.deepEqual(reading.maps[0]?.map.collections[0]?.fields.slice(1), [
    { name: "sent_at", categories: ["user.content"], class: "non-content", dataTypes: ["messages"], role: "moment" },
    { name: "body", categories: ["user.content"], class: "content", dataTypes: ["messages"] },
    { name: "profile.email", categories: ["user.contact.email"], dataTypes: [] },
  ]);
});

const faulty: readonly (readonly [string, string, RegExp])[] = [
  ["no YAML", "collections: [", /^\d+:\d+ This is not YAML/],
  ["no dataset", "- just a list", /^1:1 The file holds no dataset/],
  ["no key", "collections: []", /^1:1 A dataset needs a `fides_key`/],
  ["a field without class", head + subject + moment + field("body", "data_types: [messages]"), /^8:\d+ `body` has data types but no class/],
  ["an unknown data type", head + subject + moment + field("body", "class: content, data_types: [diaries]"), /^8:\d+ `diaries` is no data type/],
  ["real-time data", head + subject + moment + field("body", "class: content, data_types: [realtime-content]"), /never collected \(KDRP-6\)/],
  [
    "content given to a type that is not",
    head + subject + moment + field("body", "class: content, data_types: [contact]"),
    /a subpoena would reach content \(KDRP-11\)/,
  ],
  ["an unknown mark", head + subject + moment + field("body", "class: content, where: true"), /^8:\d+ `where` is no mark of ours/],
  ["an unknown role", head + subject + moment + field("body", "class: content, role: keeper"), /`role` is none of subject/],
  ["nobody whose records they are", head + moment + body, /does not say whose its records are/],
  ["two subjects", head + subject + moment + field("other", "class: non-content, data_types: [messages], role: subject"), /marks 2 fields as subject/],
  ["a field twice", head + subject + moment + body + body, /The field `body` is there twice/],
  ["a subject that stays behind", head + field("author", "class: non-content, role: subject") + moment + body, /without its subject `author`/],
  [
    "an undated collection with a moment",
    head.replace("    fields", "    fides_meta: { portcullis: { undated: true } }\n    fields") + subject + moment + body,
    /is marked undated and has a moment/,
  ],
];
for (const [what, text, expected] of faulty) {
  test(`a map with ${what} is refused with line and remedy`, () => {
    const reading = read(text);
    assert.ok(
      problemsOf(reading).some((problem) => expected.test(problem)),
      JSON.stringify(reading),
    );
    assert.ok(reading.kind === "refused" && reading.problems.every((problem) => problem.remedy.length > 3 && problem.file === "map.yaml"));
  });
}

test("all problems are told at once, in the order of the file", () => {
  const lines = problemsOf(read(head + field("a", "class: maybe") + field("b", "role: maybe") + field("c", "class: content, data_types: [diaries]")));
  assert.deepEqual(
    lines.map((problem) => problem.split(":")[0]),
    ["4", "6", "7", "8"],
  );
});

test("a map that names an unknown column or collection is told where, and what there is", () => {
  const reading = read(head + subject + moment + body + "  - name: ghosts\n    fields: []\n");
  assert.ok(reading.kind === "read" && reading.maps[0] !== undefined, JSON.stringify(reading));
  const live: LiveSchema = {
    source: "product",
    collections: [
      {
        name: "posts",
        columns: [
          { name: "author", kind: "text" },
          { name: "sent_at", kind: "text" },
          { name: "score", kind: "number" },
        ],
      },
    ],
  };
  const { problems, neverProduced } = checkDataMap(reading.maps[0], live);
  assert.deepEqual(
    problems.map((problem) => [problem.line, problem.what]),
    [
      [7, "`sent_at` is marked as the moment but holds no moment with a time zone."],
      [8, "`posts` has no column `body`."],
      [9, "product has no collection `ghosts`."],
    ],
  );
  assert.deepEqual(neverProduced, ["posts.score"]);
});

const demo = new URL("../../../../shared/data/fideslang/demo_resources/demo_dataset.yml", import.meta.url);
test(
  "a real Fides dataset without our marks loads, and nothing of it can be produced",
  { skip: existsSync(demo) ? false : "the shared test data is not here" },
  () => {
    const reading = readDataMap("demo_dataset.yml", readFileSync(demo, "utf8"), dataTypes);
    assert.ok(reading.kind === "read", JSON.stringify(reading));
    const fields = reading.maps.flatMap(({ map }) => map.collections.flatMap((collection) => collection.fields));
    assert.equal(fields.length, 6);
    assert.ok(fields.every((mapped) => mapped.class === undefined && mapped.dataTypes.length === 0));
  },
);

const fides = `
dataset:
  - fides_key: shop
    organization_fides_key: default_organization
    name: null
    description: What a shop keeps.
    retention: Two years after the account ends
    data_categories: [user.contact]
    meta: { owner: { team: shop } }
    fides_meta: { namespace: { database_name: shop, schema_name: public }, after: [other_dataset] }
    third_country_transfers: null
    collections:
      - name: customers
        description: null
        data_categories: null
        fides_meta: { after: [shop.orders], skip_processing: false }
        custom_of_ours: { anything: [1, 2] }
        fields:
          - name: id
            data_categories: [user.unique_id]
            fides_meta: { primary_key: true, identity: null, data_type: integer, length: null, read_only: false, references: null, return_all_elements: null }
          - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email, data_type: string, length: 120, read_only: true, custom_request_field: null } }
          - name: address
            data_categories: [user.contact.address]
            fides_meta: { data_type: object, return_all_elements: true }
            fields:
              - { name: city, data_categories: [user.contact.address.city, acme.of_our_own], fields: null }
              - { name: lines, fides_meta: { data_type: "string[]" }, fields: [{ name: first, data_categories: null }] }
          - { name: note, data_categories: null, description: Free text., fides_meta: null, fields: null }
          - { name: plan }
      - name: orders
        data_categories: [user.behavior.purchase_history]
        retention: Ten years
        fides_meta: { after: null, skip_processing: true, partitioning: { field: created, windows: [] }, erase_after: [shop.customers] }
        fields:
          - name: customer_id
            fides_meta:
              references:
                - { dataset: shop, field: customers.id, direction: from }
                - { dataset: other_dataset, field: people.profile.id, direction: to }
                - { dataset: other_dataset, field: people.id, direction: null }
          - { name: id, fidesops_meta: { primary_key: true } }
      - { name: later, fields: null }
  - fides_key: other_dataset
    collections:
      - { name: orders, fields: [{ name: id }] }
`;

test("a Fides dataset with everything that real ones use loads, and nothing of it can be produced", () => {
  const reading = read(fides);
  assert.ok(reading.kind === "read", JSON.stringify(reading));
  const collections = reading.maps.flatMap(({ map }) => map.collections);
  const fields = collections.flatMap((collection) => collection.fields);
  assert.deepEqual(
    fields.map(({ name }) => name),
    ["id", "email", "address.city", "address.lines.first", "note", "plan", "customer_id", "id", "id"],
  );
  assert.ok(fields.every((mapped) => mapped.class === undefined && mapped.dataTypes.length === 0));
  const scope = scopeOf([lineOf("messages"), lineOf("contact")], warrant);
  const compiled = compileScope({ scope, maps: reading.maps.map(({ map }) => map), classOf: usClassOf });
  assert.ok(compiled.kind === "planned" && compiled.plan.reads.length === 0);
});

test("a kind of data and a time of keeping that stand above hold for everything below that says nothing of its own", () => {
  const reading = read(fides);
  assert.ok(reading.kind === "read");
  const [customers, orders, later] = reading.maps[0]?.map.collections ?? [];
  assert.deepEqual(
    customers?.fields.map(({ categories }) => categories.join()),
    ["user.unique_id", "user.contact.email", "user.contact.address.city,acme.of_our_own", "user.contact.address", "user.contact", "user.contact"],
  );
  assert.deepEqual(
    [customers?.retention, orders?.retention, later?.retention],
    ["Two years after the account ends", "Ten years", "Two years after the account ends"],
  );
  assert.ok(!("retention" in (reading.maps[1]?.map.collections[0] ?? {})));
});

test("a primary key of one dataset identifies no record of another that has a collection of the same name", () => {
  const reading = read(fides);
  assert.ok(reading.kind === "read");
  assert.deepEqual(
    reading.maps.map(({ map }) => map.collections.find(({ name }) => name === "orders")?.fields.find(({ name }) => name === "id")?.role),
    ["key", undefined],
  );
});
