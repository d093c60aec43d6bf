import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dataTypes, deliveredMap } from "../../../tests/fixtures/production.ts";
import { loadDataCategories } from "../../policy/data-categories.ts";
import type { LiveSchema } from "../shapes.ts";
import { readDataMap } from "./read-data-map.ts";
import { surveyDataMaps, type MapFinding } from "./survey-data-maps.ts";

const loaded = loadDataCategories("data-categories.yaml", readFileSync(new URL("../../../packs/data-categories.yaml", import.meta.url), "utf8"));
const categories = loaded.kind === "loaded" ? loaded.categories : assert.fail();

function survey(texts: readonly string[], live: readonly LiveSchema[] = []): readonly MapFinding[] {
  return surveyDataMaps({ readings: texts.map((text, index) => readDataMap(`map-${index + 1}.yaml`, text, dataTypes)), live, dataTypes, categories });
}
const told = (findings: readonly MapFinding[], code: MapFinding["code"]) =>
  findings.filter((each) => each.code === code).map(({ at, what }) => `${at === undefined ? "" : `${at.file}:${at.line}:${at.column} `}${what}`);

const head = "fides_key: product\ncollections:\n  - name: posts\n    fields:\n";
const marks = (text: string) => `fides_meta: { portcullis: { ${text} } }`;
const author = `      - { name: author, data_categories: [user.unique_id], ${marks("class: non-content, data_types: [messages], role: subject")} }\n`;
const sentAt = `      - { name: sent_at, data_categories: [user.behavior], ${marks("class: non-content, data_types: [messages], role: moment")} }\n`;
const body = `      - { name: body, data_categories: [user.content], ${marks("class: content, data_types: [messages]")} }\n`;

test("a map in which everything is judged has no fault, and it is said which data types no source holds", () => {
  const findings = survey([head + author + sentAt + body]);
  assert.ok(findings.every(({ severity, code }) => severity === "note" && code === "NOT_HELD"));
  assert.ok(told(findings, "NOT_HELD").includes("No source holds Drafts (`drafts`)."));
  assert.ok(!told(findings, "NOT_HELD").some((each) => each.includes("Message content") || each.includes("Live")), "held, or never collected");
});

test("a field without a class, and one with a class and no data type, are listed as never produced", () => {
  const findings = survey([`${head}${author}${sentAt}${body}      - { name: score }\n      - { name: rank, ${marks("class: non-content")} }\n`]);
  assert.deepEqual(told(findings, "NEVER_PRODUCED"), [
    "map-1.yaml:8:17 `posts.score` has no class: it is never produced.",
    "map-1.yaml:9:17 `posts.rank` has a class and no data type: it is never produced.",
  ]);
  assert.ok(findings.every(({ severity }) => severity === "note"));
});

test("content lent to a data type that is not content is a fault with its place, and then nobody says what is not held", () => {
  const findings = survey([head + author + sentAt + body.replace("[messages] }", "[contact] }")]);
  const lent = /^map-1.yaml:7:\d+ `body` is content and `contact` is not: a subpoena would reach content \(KDRP-11\)/;
  assert.ok(told(findings, "MAP_PROBLEM").some((each) => lent.test(each)));
  assert.ok(findings.every(({ severity }) => severity === "fault"));
  assert.deepEqual(told(findings, "NOT_HELD"), []);
});

test("columns that no map names, and names without a column, are faults", () => {
  const live: LiveSchema = {
    source: "product",
    collections: [
      {
        name: "posts",
        columns: [
          { name: "author", kind: "text" },
          { name: "sent_at", kind: "moment" },
          { name: "pinned", kind: "boolean" },
        ],
      },
      { name: "salaries", columns: [{ name: "amount", kind: "number" }] },
    ],
  };
  const findings = survey([head + author + sentAt + body], [live]);
  assert.deepEqual(told(findings, "NOT_THERE"), ["map-1.yaml:7:17 `posts` has no column `body`."]);
  assert.deepEqual(told(findings, "NOT_MAPPED"), [
    "map-1.yaml:1:1 product has the collection `salaries`, which the data map does not name: nothing of it is produced.",
    "map-1.yaml:3:11 `posts` has the column `pinned`, which the data map does not name: it is never produced.",
  ]);
  assert.ok([...told(findings, "NOT_THERE"), ...told(findings, "NOT_MAPPED")].length === findings.filter(({ severity }) => severity === "fault").length);
});

test("a collection that cannot say whose its records are is a fault with the reason, also when the way leads through another map", () => {
  const refers = (target: string) =>
    head +
    sentAt +
    body +
    `      - { name: thread, fides_meta: { references: [{ dataset: other, field: ${target} }], portcullis: { class: non-content, data_types: [messages] } } }\n`;
  const threads = `fides_key: other\ncollections:\n  - name: threads\n    fields:\n      - { name: id, ${marks("role: key")} }\n      - { name: member, ${marks("role: subject")} }\n`;
  assert.deepEqual(told(survey([refers("threads.id"), threads]), "NO_OWNER"), []);
  assert.deepEqual(told(survey([refers("threads.id")]), "NO_OWNER"), [
    "map-1.yaml:3:11 `posts` is never searched: `posts` refers to `threads.id`, which no data map describes.",
  ]);
  assert.deepEqual(told(survey([refers("threads.id"), threads.replace("role: subject", "role: workspace")]), "NO_OWNER"), [
    "map-1.yaml:3:11 `posts` is never searched: `threads` does not say whose its records are.",
  ]);
});

test("a collection with records of no date is a fault unless it is said to hold standing facts", () => {
  const undated = head.replace("    fields", `    ${marks("undated: true")}\n    fields`);
  assert.equal(told(survey([head + author + body]), "NO_DATE").length, 1);
  assert.deepEqual(told(survey([undated + author + body]), "NO_DATE"), []);
});

test("a kind of data that Fides does not name is a note, told once where it first stands, and never a fault", () => {
  const odd = body.replace("user.content", "acme.thoughts");
  const findings = survey([head + author + sentAt + odd + odd.replace("body", "title")]);
  assert.deepEqual(told(findings, "UNKNOWN_CATEGORY"), [
    "map-1.yaml:7:17 `acme.thoughts` is no kind of data that Fides names. It is shown under its nearest parent.",
  ]);
  assert.ok(findings.every(({ severity }) => severity === "note"));
});

test("the maps we deliver have no fault, and no kind of data that Fides does not name", () => {
  for (const name of ["workspace-database", "slack-export", "mail-archive"] as const) {
    const findings = surveyDataMaps({ readings: [{ kind: "read", maps: [deliveredMap(name)] }], live: [], dataTypes, categories });
    assert.deepEqual(
      findings.filter(({ severity, code }) => severity === "fault" || code === "UNKNOWN_CATEGORY"),
      [],
      name,
    );
  }
});
