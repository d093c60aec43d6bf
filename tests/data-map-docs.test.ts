// The worked example of docs/data-maps.md is a map that works: it is read, checked and planned from as it stands there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadDataCategories } from "../src/policy/data-categories.ts";
import { compileScope } from "../src/production/plan/compile-scope.ts";
import { readDataMap } from "../src/production/plan/read-data-map.ts";
import { surveyDataMaps } from "../src/production/plan/survey-data-maps.ts";
import { dataTypes, lineOf, scopeOf, usClassOf, warrant } from "./fixtures/production.ts";

const page = readFileSync(new URL("../docs/data-maps.md", import.meta.url), "utf8");
const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
const reading = readDataMap("docs/data-maps.md", example, dataTypes);

test("the example of the page about data maps has no fault", () => {
  const loaded = loadDataCategories("data-categories.yaml", readFileSync(new URL("../packs/data-categories.yaml", import.meta.url), "utf8"));
  assert.ok(loaded.kind === "loaded");
  const findings = surveyDataMaps({ readings: [reading], live: [], dataTypes, categories: loaded.categories });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === "fault"),
    [],
  );
  assert.equal(findings.filter(({ code }) => code === "NEVER_PRODUCED").length, 2);
});

test("its pages are read over the notebooks and over the pages above them, and over nothing they were copied from", () => {
  assert.ok(reading.kind === "read");
  const compiled = compileScope({ scope: scopeOf([lineOf("files")], warrant), maps: reading.maps.map(({ map }) => map), classOf: usClassOf });
  assert.ok(compiled.kind === "planned", JSON.stringify(compiled));
  const [read] = compiled.plan.reads;
  assert.deepEqual([compiled.plan.reads.length, read?.collection, compiled.plan.nothingHeld.length], [1, "pages", 0]);
  assert.deepEqual(read?.through?.links.map(({ from, to }) => `${from.collection}.${from.column} → ${to.collection}.${to.column}`).toSorted(), [
    "notebooks.id → pages.notebook_id",
    "pages.id → pages.parent_page_id",
  ]);
  assert.ok(!read?.columns.includes("copied_from_id"));
});

test("without its owners the example says why its pages are not searched", () => {
  const bare = readDataMap("docs/data-maps.md", example.replaceAll(", role: owner", ""), dataTypes);
  const findings = surveyDataMaps({ readings: [bare], live: [], dataTypes, categories: new Map() });
  assert.match(findings.find(({ code }) => code === "NO_OWNER")?.what ?? "", /refers to more than one record/);
});
