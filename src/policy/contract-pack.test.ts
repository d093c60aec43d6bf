// A contract as data: what the delivered one holds, and what is refused, each at its place.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import type { ContractPack } from "./contract-pack.ts";
import { isContract, loadPack } from "./load-pack.ts";

const file = "packs/policies/partner-program.yaml";
const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

function load(change: (pack: { clauses: Record<string, unknown>[]; defects: Record<string, unknown>[] } & Record<string, unknown>) => void = () => undefined) {
  const pack = parse(text);
  change(pack);
  return loadPack({ file, text: stringify(pack) });
}

function problems(change: Parameters<typeof load>[0]): readonly string[] {
  const loaded = load(change);
  return loaded.kind === "problems" ? loaded.problems.map(({ path, what }) => `${path}: ${what}`) : [];
}

const delivered: ContractPack = (() => {
  const loaded = load();
  return isContract(loaded) ? loaded.pack : assert.fail(JSON.stringify(loaded).slice(0, 500));
})();

test("the delivered contract names who owes whom, when and by when, for every clause of the program and its exhibits", () => {
  const prefixes = Map.groupBy(delivered.clauses, ({ id }) => id.split("-")[0]);
  assert.deepEqual([...prefixes.keys()].toSorted(), ["AI", "CMP", "DPA", "EUK", "PPT", "SCH1", "SEC", "UKA", "USP"]);
  assert.ok(delivered.clauses.length > 150);
  for (const { id, deadline, enforce } of delivered.clauses)
    if (enforce.includes("CLOCK")) assert.ok(deadline !== undefined, `${id} has a clock and says not by when`);
});

test("the twenty-eight defects of the documents have their readings, and one of each is in force", () => {
  assert.deepEqual(
    delivered.defects.map(({ id }) => id),
    Array.from({ length: 28 }, (_, index) => `X-${String(index + 1).padStart(2, "0")}`),
  );
  for (const { id, readings, inForce } of delivered.defects)
    assert.ok(
      readings.some((reading) => reading.id === inForce),
      id,
    );
  assert.match(delivered.defects.find(({ id }) => id === "X-11")?.blocks ?? "", /statement/);
});

test("a clause that stands twice, a party that nobody named and half a deadline are refused at their place", () => {
  const [first] = delivered.clauses;
  assert.match(problems(({ clauses }) => void clauses.push({ ...first })).join("\n"), /clauses\[\d+\]\.id: The clause \S+ stands here for the second time/);
  assert.match(problems(({ clauses }) => void (clauses[0] = { ...first, parties: "Z→V" })).join("\n"), /clauses\[0\]\.parties: Z→V names a party/);
  const half = { words: "72 hours", n: 72, basis: "document" };
  assert.match(
    problems(({ clauses }) => void (clauses[0] = { ...first, deadline: half })).join("\n"),
    /clauses\[0\]\.deadline: The deadline has a number without a unit/,
  );
});

test("a reading in force that is none, a defect twice, and a clause whose defect does not know it are refused", () => {
  const [defect] = delivered.defects;
  const [first] = delivered.clauses;
  assert.match(
    problems(({ defects }) => void (defects[0] = { ...defect, inForce: "no-such" })).join("\n"),
    /defects\[0\]\.inForce: no-such is no reading of X-01/,
  );
  assert.match(problems(({ defects }) => void defects.push({ ...defect })).join("\n"), /The defect X-01 stands here for the second time/);
  assert.match(
    problems(({ clauses }) => void (clauses[0] = { ...first, defects: ["X-28"] })).join("\n"),
    /clauses\[0\]\.defects: \S+ says that X-28 touches it/,
  );
});
