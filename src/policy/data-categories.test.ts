import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { categoryWords, loadDataCategories } from "./data-categories.ts";

const ours = loadDataCategories("data-categories.yaml", readFileSync(new URL("../../packs/data-categories.yaml", import.meta.url), "utf8"));
const categories = ours.kind === "loaded" ? ours.categories : new Map<string, string>();
const published = new URL("../../../shared/data/fideslang/data_files/data_categories.json", import.meta.url);

test(
  "every kind of data that Fides knows has our plain words, and we have none that Fides does not know",
  { skip: existsSync(published) ? false : "the shared test data is not here" },
  () => {
    const file = z.object({ data_category: z.array(z.object({ fides_key: z.string() })) }).parse(JSON.parse(readFileSync(published, "utf8")));
    const keys = file.data_category.map(({ fides_key }) => fides_key);
    assert.ok(keys.length > 80);
    assert.deepEqual([...categories.keys()].toSorted(), keys.toSorted());
  },
);

test("no two kinds of data have the same words, and none is called by its key", () => {
  assert.equal(new Set(categories.values()).size, categories.size);
  for (const [key, label] of categories) assert.ok(!label.includes("_") && !label.includes(key.includes(".") ? key : "\u0000"), key);
});

test("a kind of data that is not known is called by its nearest parent, and one without a known parent has no words", () => {
  assert.equal(categoryWords(categories, "user.contact.email"), "e-mail addresses");
  assert.equal(categoryWords(categories, "user.contact.email.of_work"), "e-mail addresses");
  assert.equal(categoryWords(categories, "acme.secret"), undefined);
});

const faulty: readonly (readonly [string, string, RegExp])[] = [
  ["no YAML", "categories: {", /^1:\d+ This is not YAML/],
  ["no categories", "kinds: {}", /^1:1 The file holds no categories/],
  ["a key that is none", "categories:\n  User Name: names\n", /^2:3 `User Name` is no key/],
  ["a key without words", "categories:\n  user: people\n  user.name: ''\n", /^3:3 `user.name` has no words/],
  ["a child without its parent", "categories:\n  user.name: names\n", /^2:3 `user.name` stands without `user`/],
  ["a key twice", "categories:\n  user: people\n  user: persons\n", /^3:\d+ This is not YAML/],
  ["more than can be read", `# ${"x".repeat(200_001)}`, /^1:1 The file is too long/],
];
for (const [what, text, expected] of faulty) {
  test(`a table of kinds of data with ${what} is refused with its place and what to do`, () => {
    const reading = loadDataCategories("table.yaml", text);
    assert.ok(reading.kind === "refused");
    assert.match(reading.problems.map(({ line, column, what: said }) => `${line}:${column} ${said}`).join("\n"), expected);
    assert.ok(reading.problems.every(({ file, remedy }) => file === "table.yaml" && remedy.length > 3));
  });
}
