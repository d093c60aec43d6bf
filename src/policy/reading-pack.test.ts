import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadReadingPack } from "./reading-pack.ts";

const folder = fileURLToPath(new URL("../../packs/reading/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
const english = readFileSync(`${folder}en.yaml`, "utf8");
const dataTypes = [
  "name",
  "contact",
  "phone",
  "account-id",
  "registration",
  "sign-in-history",
  "billing",
  "profile",
  "device",
  "settings",
  "audit-log",
  "member-list",
  "message-metadata",
  "location",
  "messages",
  "files",
  "file-names",
  "drafts",
  "deleted-items",
  "realtime-metadata",
  "realtime-content",
];

function problems(text: string, known?: readonly string[]) {
  const loaded = loadReadingPack("en.yaml", text, known);
  return loaded.kind === "refused" ? loaded.problems : [];
}

describe("the reading packs that come with the desk", () => {
  for (const file of files) {
    test(`${file} loads, is named after its language and knows every data type of the policy and no other`, () => {
      const loaded = loadReadingPack(file, readFileSync(folder + file, "utf8"), dataTypes);
      assert.ok(loaded.kind === "loaded", JSON.stringify(loaded));
      assert.equal(`${loaded.pack.language}.yaml`, file);
      assert.deepEqual(Object.keys(loaded.pack.data.types).sort(), [...dataTypes].sort());
    });
  }

  test("eight languages are there", () => {
    assert.deepEqual(files.sort(), ["de.yaml", "en.yaml", "es.yaml", "fr.yaml", "it.yaml", "nl.yaml", "pl.yaml", "pt.yaml"]);
  });
});

describe("a reading pack that cannot stand", () => {
  test("is refused with file, line, column, what and remedy", () => {
    const broken = english.replace("slashOrder: either", "slashOrder: sometimes");
    const line = english.split("\n").findIndex((text) => text.includes("slashOrder")) + 1;
    const [problem, ...rest] = problems(broken);
    assert.equal(rest.length, 0);
    assert.deepEqual([problem?.file, problem?.line, problem?.column], ["en.yaml", line, 15]);
    assert.match(problem?.what ?? "", /dates\.slashOrder/);
    assert.match(problem?.remedy ?? "", /Correct/);
  });

  test("is refused when a section is missing, when it is no YAML, and when a stem is too short", () => {
    assert.match(problems(english.replace(/^urgency:\n(?: {2}.*\n)+/m, ""))[0]?.what ?? "", /urgency/);
    assert.equal(problems("a: [").length > 0, true);
    assert.match(problems(english.replace("[subpoena,", "[su*,"))[0]?.what ?? "", /stem/);
  });

  test("is refused when the same words mean two papers or two kinds of data", () => {
    assert.match(problems(english.replace("court-order: [court order,", "court-order: [search warrant, court order,"))[0]?.what ?? "", /stands under/);
    assert.match(problems(english.replace("words: [drafts,", "words: [settings, drafts,"))[0]?.what ?? "", /stands under/);
  });

  test("is refused when it names a data type that the policy does not have", () => {
    assert.match(problems(english, dataTypes.slice(1))[0]?.what ?? "", /no data type name/);
  });
});
