// Which tests prove which clause: the list is fresh, and no clause that something must keep stays without a test unnoticed.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { collectProofs, proofsText } from "../scripts/proofs.ts";

const root = new URL("..", import.meta.url).pathname;
const proofs = collectProofs(root);

interface Listed {
  readonly id: string;
  readonly enforce: readonly string[];
}

const clauses = globSync("packs/policies/*.yaml", { cwd: root }).flatMap(
  (file) => (parse(readFileSync(join(root, file), "utf8")) as { readonly clauses: readonly Listed[] }).clauses,
);

test("the list of tests that name a clause is the one that the tests themselves give (`npm run docs`)", () => {
  assert.equal(readFileSync(join(root, "packs/proofs.json"), "utf8"), proofsText(proofs));
});

test("a clause that a gate, a clock, a calculation, a record or a document must keep is named by a test, or stands in the list of those that are not yet kept", () => {
  const unproved = clauses.filter(({ id, enforce }) => enforce.some((how) => how !== "FLAG") && proofs[id]?.tests === 0).map(({ id }) => id);
  const notYet = readFileSync(join(root, "tests/not-yet-kept.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  assert.deepEqual(unproved.toSorted(), notYet.toSorted(), "take out what is kept now; a clause is put in only together with its pack");
});
