// Every pack says what its own examples expect: one test an example, named after the row of the law it proves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFixtures } from "../adapters/packs/read-law.ts";
import { everyLaw, policyPackOf } from "../../tests/a-case.ts";
import { runFixtures } from "./fixtures.ts";

const shelf = { policies: [policyPackOf("data-request"), policyPackOf("government-request")], laws: everyLaw };
const files = await readFixtures(new URL("../../packs", import.meta.url).pathname);

for (const { file, fixtures, problems } of files) {
  assert.deepEqual(problems, [], file);
  if (fixtures === undefined) continue;
  for (const { name, differences } of runFixtures(fixtures, shelf)) test(`${fixtures.pack}: ${name}`, () => assert.deepEqual(differences, []));
}

test("every jurisdiction on the shelf has examples of its own", () => {
  assert.deepEqual(files.map(({ fixtures }) => fixtures?.pack).toSorted(), everyLaw.map(({ pack }) => pack.id).toSorted());
});

test("an example that expects something else is seen, whatever it expects", () => {
  const [example] = files.find(({ fixtures }) => fixtures?.pack === "us")?.fixtures?.cases ?? [];
  const defaults = files.find(({ fixtures }) => fixtures?.pack === "us")?.fixtures?.defaults ?? {};
  assert.ok(example !== undefined);
  const wrong = [
    { lines: { L1: { decision: "allow" as const } } },
    { lines: { L1: { decision: "deny" as const, codes: ["EXPIRED"] } } },
    { gate: { open: true } },
    { gate: { codes: ["EXPIRED"] } },
    { clocks: { answer: { dueAt: "2026-11-02T19:00:01Z" } } },
    { clocks: { answer: { dueDay: "2026-11-03" } } },
    { clocks: { answer: { kind: "hold" } } },
    { clocks: { answer: "absent" as const } },
    { clocks: { preservation: {} } },
    { notice: { state: "given" } },
    { counsel: true },
    { report: "subpoena" },
    { outcome: "produced_full" },
    { letter: null },
    { worksheet: { "california-attestation": "applies" as const } },
    { tells: ["customer"] },
    { costs: true },
    { bandsOnly: true },
    { challenge: ["motion to vacate"] },
    { duties: ["keep the order secret"] },
    { refused: ["SignReview"] },
    { asks: ["paper.instrument"] },
    { impossible: ["zone"] },
  ];
  for (const expect of wrong) {
    const [result] = runFixtures({ pack: "us", defaults, cases: [{ ...example, expect }] }, shelf);
    assert.notDeepEqual(result?.differences, [], JSON.stringify(expect));
  }
});
