// A packing that was begun before something changed is never sealed: what leaves is what was checked last.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checked, compiled, history, opensAt, reviewed, sealCommand, take, told } from "../../../tests/a-case.ts";
import type { CaseFact } from "../case-facts.ts";
import { unfinishedPacking } from "./packing-state.ts";
import { abandonPacking, beginPacking } from "./packing-steps.ts";
import { sealPackage } from "./release-steps.ts";

const on = at(opensAt);
const inspected = history([compiled(), checked()], at(), reviewed);
const begun = take(inspected, beginPacking, {}, on);
const packing = unfinishedPacking(begun)?.packing ?? assert.fail("nothing was begun");

test("a packing is begun once, and sealed as what it was begun for", () => {
  told(begun, beginPacking).when({}, on).refused("PACKING_UNFINISHED");
  told(begun, sealPackage)
    .when({ ...sealCommand, packing }, on)
    .then({ type: "PackageSealed", packing });
  told(begun, sealPackage)
    .when({ ...sealCommand, packing: "another" }, on)
    .refused("PLAN_CHANGED");
});

test("after a new check of the same plan, a packing that was begun before is stale and cannot be sealed", () => {
  const later: readonly (readonly CaseFact[])[] = [[checked()], [compiled(), checked()]];
  for (const facts of later) {
    const past = history(facts, at(), begun);
    assert.equal(unfinishedPacking(past)?.stale, true);
    told(past, sealPackage)
      .when({ ...sealCommand, packing }, on)
      .refused("PLAN_CHANGED");
    const given = take(past, abandonPacking, { packing, ground: "ended" }, on);
    assert.equal(unfinishedPacking(given), undefined);
  }
});
