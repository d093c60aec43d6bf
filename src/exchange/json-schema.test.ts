// The published JSON Schema of the case format is the one the program uses.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { caseSchemaText } from "./json-schema.ts";

const file = new URL("../../docs/formats/case.schema.json", import.meta.url);

test("docs/formats/case.schema.json is what the case format is today", () => {
  if (process.env["UPDATE_FORMATS"] === "1") writeFileSync(file, caseSchemaText());
  const [published, current]: unknown[] = [readFileSync(file, "utf8"), caseSchemaText()].map((text) => JSON.parse(text));
  assert.deepEqual(published, current, "the case format has changed: run this test once with UPDATE_FORMATS=1, and the formatter after it");
});

test("the schema asks for the paper and its lines, and takes nothing it does not know", () => {
  const schema = JSON.parse(caseSchemaText()) as {
    readonly required: readonly string[];
    readonly additionalProperties: boolean;
    readonly properties: Readonly<Record<string, unknown>>;
  };
  assert.deepEqual(schema.required, ["format", "asked", "paper", "lines"]);
  assert.equal(schema.additionalProperties, false);
  assert.ok("gags" in schema.properties);
});
