// Shows that everything the desk may cite can be looked up, with the document's own words beside ours.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clauseRegister } from "./clause-register.ts";
import { loadPack } from "./load-pack.ts";

function packFrom(file: string) {
  const loaded = loadPack({ file, text: readFileSync(new URL(`../../packs/${file}`, import.meta.url), "utf8") });
  assert.ok(loaded.kind === "loaded");
  return loaded.pack;
}

const [us, workplace, learning] = ["jurisdictions/us.yaml", "policies/data-request.yaml", "policies/government-request.yaml"].map(packFrom);
assert.ok(us && workplace && learning);
const register = clauseRegister([us, workplace, learning]);

test("every clause of both policies and every check from V01 to V27 is there, clauses first", () => {
  const numbered = (prefix: string, last: number) => Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);
  const workplaceIds = numbered("KDRP-", 14).flatMap((id) => (id === "KDRP-2" ? ["KDRP-2a", "KDRP-2b", "KDRP-2c"] : [id]));
  const checkIds = Array.from({ length: 27 }, (_, index) => `V${String(index + 1).padStart(2, "0")}`);
  assert.deepEqual(
    register.list().map(({ id }) => id),
    [...workplaceIds, ...numbered("IGRP-", 12), ...checkIds],
  );
});

test("a clause is found with its rule, the document's sentence, its basis and what keeps it", () => {
  const clause = register.find("KDRP-3");
  assert.ok(clause);
  assert.equal(clause.kind, "clause");
  assert.equal(clause.basis, "document");
  assert.equal(
    clause.quote,
    "The request must also come from a government issued email account and include full contact information for the requesting officer.",
  );
  assert.equal(clause.source, "Data Request Policy, version 2026.1");
  assert.deepEqual(clause.related, ["V01", "V02"]);
  assert.ok(clause.rule.length > 10 && clause.kept.length > 10);
});

test("a check can be cited like a clause and names the clauses it keeps", () => {
  const check = register.find("V14");
  assert.ok(check);
  assert.equal(check.kind, "check");
  assert.equal(check.quote, "");
  assert.equal(check.source, "18 USC 2703(a)-(d)");
  assert.deepEqual(check.related, ["KDRP-11", "KDRP-12", "IGRP-7"]);
});

test("every clause a check keeps, and every check a clause names, can be looked up", () => {
  for (const { id, related } of register.list()) for (const other of related) assert.ok(register.find(other)?.related.includes(id), `${id} and ${other}`);
});

test("an id that no pack has is not found", () => {
  for (const id of ["KDRP-99", "V28", "constructor", ""]) assert.equal(register.find(id), undefined);
});

test("of two packs with one id the first one's words count, and it is listed once", () => {
  assert.ok(workplace.kind === "policy");
  const reworded = { ...workplace, clauses: workplace.clauses.map((clause) => ({ ...clause, rule: "Something else altogether." })) };
  assert.deepEqual(clauseRegister([workplace, reworded]).list(), clauseRegister([workplace]).list());
  assert.equal(clauseRegister([reworded, workplace]).find("KDRP-1")?.rule, "Something else altogether.");
});
