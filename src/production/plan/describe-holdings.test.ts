import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dataTypes, deliveredMap } from "../../../tests/fixtures/production.ts";
import { loadDataCategories } from "../../policy/data-categories.ts";
import type { DataMap, MappedCollection, MappedField } from "../shapes.ts";
import { describeHoldings } from "./describe-holdings.ts";

const loaded = loadDataCategories("data-categories.yaml", readFileSync(new URL("../../../packs/data-categories.yaml", import.meta.url), "utf8"));
const categories = loaded.kind === "loaded" ? loaded.categories : assert.fail();
const describe = (...collections: readonly MappedCollection[]) =>
  describeHoldings({ maps: [{ source: "zq-source", title: "Zq Title", collections } satisfies DataMap], dataTypes, categories });

const field = (changes: Partial<MappedField>): MappedField => ({
  name: "zq_column",
  categories: ["user.content"],
  class: "content",
  dataTypes: ["messages"],
  ...changes,
});
const collection = (fields: readonly MappedField[], retention?: string): MappedCollection => ({
  name: "zq_table",
  undated: false,
  fields,
  ...(retention === undefined ? {} : { retention }),
});

test("what is held is told by kinds of data and times of keeping, each once and in one order, and by no name of a source, table or column", () => {
  const kinds = [field({ categories: ["user.unique_id"], class: "non-content" }), field({ categories: ["user.content", "user.content"] })];
  const told = describe(collection(kinds, "Two years"), collection(kinds, "One year"), collection(kinds, "Two years"));
  assert.deepEqual(
    told.held.map(({ type, ...rest }) => [type.id, rest]),
    [
      [
        "messages",
        { kinds: ["what people wrote or uploaded", "numbers that stand for a person"], hasOther: false, kept: ["One year", "Two years"], keptUnsaid: false },
      ],
    ],
  );
  assert.doesNotMatch(JSON.stringify(told), /zq/i);
});

test("a field that nobody has classed is held by no data type", () => {
  const { class: _, ...unclassed } = field({});
  assert.deepEqual(describe(collection([unclassed])).held, []);
  assert.deepEqual(describe(collection([field({ dataTypes: [] })])).held, []);
});

test("a kind of data that is not known is called other, and a time that is not stated is said not to be", () => {
  const [held] = describe(collection([field({ categories: ["zq.column"] })]), collection([field({})], "A year")).held;
  assert.deepEqual(held && [held.hasOther, held.keptUnsaid, held.kinds], [true, true, ["what people wrote or uploaded"]]);
  assert.doesNotMatch(JSON.stringify(held), /zq/);
});

test("every data type of the policy is either held or not held, except real-time data, which is neither", () => {
  const { map } = deliveredMap("workspace-database");
  const { held, notHeld } = describeHoldings({ maps: [map], dataTypes, categories });
  assert.deepEqual(
    [...held.map(({ type }) => type.id), ...notHeld.map(({ id }) => id)].toSorted(),
    dataTypes.flatMap(({ id, kind }) => (kind === "real-time" ? [] : [id])).toSorted(),
  );
  assert.deepEqual(
    notHeld.map(({ id }) => id),
    ["location", "deleted-items"],
  );
});

test("what every record carries to be checked is told only of a data type that is made of nothing else", () => {
  const account = field({ categories: ["user.unique_id"], class: "non-content", dataTypes: ["messages", "account-id"], role: "subject" });
  const { held } = describe(collection([account, field({})]));
  assert.deepEqual(
    held.map(({ type, kinds }) => [type.id, kinds]),
    [
      ["account-id", ["numbers that stand for a person"]],
      ["messages", ["what people wrote or uploaded"]],
    ],
  );
});

test("a long remark about keeping is cut", () => {
  const [held] = describe(collection([field({})], "x".repeat(5000))).held;
  assert.equal(held?.kept[0]?.length, 201);
});
