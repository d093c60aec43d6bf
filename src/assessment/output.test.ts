// The published JSON Schema of a verdict is the one the program prints by, and every verdict keeps to it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { everyLaw, policyPackOf } from "../../tests/a-case.ts";
import { readFixtures } from "../adapters/packs/read-law.ts";
import { assess } from "./assess.ts";
import { mergedCase } from "./fixtures.ts";
import { assessmentOutput, assessmentSchemaText } from "./output.ts";

const file = new URL("../../docs/formats/assessment.schema.json", import.meta.url);
const shelf = { policies: [policyPackOf("data-request"), policyPackOf("government-request")], laws: everyLaw };

test("docs/formats/assessment.schema.json is what the verdict's format is today", () => {
  if (process.env["UPDATE_FORMATS"] === "1") writeFileSync(file, assessmentSchemaText());
  const [published, current]: unknown[] = [readFileSync(file, "utf8"), assessmentSchemaText()].map((text) => JSON.parse(text));
  assert.deepEqual(published, current, "the format has changed: run this test once with UPDATE_FORMATS=1, and the formatter after it");
});

test("the verdict on every pack's example keeps to the published format, and says the same twice", async () => {
  let seen = 0;
  for (const { fixtures } of await readFixtures(new URL("../../packs", import.meta.url).pathname))
    for (const example of fixtures?.cases ?? []) {
      const described = mergedCase(fixtures?.defaults ?? {}, example.case);
      const [once, again] = [assess(described, shelf), assess(described, shelf)];
      assert.deepEqual(once, again);
      if (once.kind !== "assessed") continue;
      const parsed = assessmentOutput.safeParse(JSON.parse(JSON.stringify(once.assessment)));
      assert.ok(parsed.success, `${example.name}: ${JSON.stringify(parsed.error?.issues[0])}`);
      seen += 1;
    }
  assert.ok(seen > 500, `only ${seen} verdicts were seen`);
});

test("a verdict speaks no name, no address and no identifier of the case", () => {
  const secrets = {
    name: "Inspector Grimsby",
    officer: "Constable Zeta",
    email: "zeta@agency.example",
    reference: "REF-4711",
    phone: "+44 20 7946 0000",
    technicalId: "DE-0815",
  };
  const described = {
    format: "portcullis-case/1",
    asked: "2026-11-16T10:00:00Z",
    paper: { instrument: "EU-EPOC", signedBy: "judge", issuedIn: "DE", servedAt: "2026-11-02T10:00:00Z" },
    authority: secrets,
    subjects: [{ id: "S1", workspace: "acme-secret-workspace", identifiers: [{ kind: "email", value: "jo@acme.example" }] }],
    lines: [{ id: "L1", dataType: "messages", from: "2026-01-01", to: "2026-02-01" }],
    notice: { sentAt: "2026-11-03T10:00:00Z" },
  };
  const found = assess(described, shelf);
  assert.ok(found.kind === "assessed");
  const text = JSON.stringify(found.assessment);
  for (const secret of [...Object.values(secrets), "jo@acme.example"]) assert.ok(!text.includes(secret), secret);
});
