// Shows which version of a pack a case keeps: that of the day on which its paper was served.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, day } from "../kernel/instant.ts";
import { inForceOn } from "./pack-versions.ts";

function version(id: string, number: string, validFrom: string, validTo?: string) {
  return { pack: { id, version: number, validFrom, ...(validTo === undefined ? {} : { validTo }) } };
}

function named(packs: readonly ReturnType<typeof version>[], on: string): readonly string[] {
  return inForceOn(packs, day(on)).map(({ pack }) => `${pack.id}@${pack.version}`);
}

test("a pack is in force from its first day to its last, both included", () => {
  const packs = [version("eu", "2026.1", "2026-08-18", "2026-12-31")];
  assert.deepEqual(
    ["2026-08-17", "2026-08-18", "2026-12-31", "2027-01-01"].map((on) => named(packs, on)),
    [[], ["eu@2026.1"], ["eu@2026.1"], []],
  );
});

test("a pack without a last day stays in force until a newer version begins", () => {
  const packs = [version("us", "2026.1", "2026-01-01"), version("us", "2026.2", "2026-07-01")];
  assert.deepEqual(
    ["2025-12-31", "2026-06-30", "2026-07-01", "2036-01-01"].map((on) => named(packs, on)),
    [[], ["us@2026.1"], ["us@2026.2"], ["us@2026.2"]],
  );
});

test("of versions that begin on one day the higher number is in force: 2026.10 is newer than 2026.9, and 2027.1 than both", () => {
  const begun = ["2026.9", "2027.1", "2026.10"].map((number) => version("us", number, "2026-01-01"));
  const [ninth, first, tenth] = begun;
  assert.deepEqual(named(begun, "2026-06-01"), ["us@2027.1"]);
  assert.deepEqual(named(begun.toReversed(), "2026-06-01"), ["us@2027.1"]);
  assert.ok(ninth !== undefined && first !== undefined && tenth !== undefined);
  assert.deepEqual(named([ninth, tenth], "2026-06-01"), ["us@2026.10"]);
  assert.deepEqual(named([tenth, ninth], "2026-06-01"), ["us@2026.10"]);
});

test("a later beginning counts before a higher number: the pack that took effect last is the law of the day", () => {
  const packs = [version("us", "2026.9", "2026-01-01"), version("us", "2026.2", "2026-03-01")];
  assert.deepEqual(named(packs, "2026-06-01"), ["us@2026.2"]);
  assert.deepEqual(named(packs.toReversed(), "2026-06-01"), ["us@2026.2"]);
});

test("when the newest version has ended, the one before it speaks again for the days that only it covers", () => {
  const packs = [version("us", "2026.1", "2026-01-01"), version("us", "2026.2", "2026-03-01", "2026-03-31")];
  assert.deepEqual(
    ["2026-03-31", "2026-04-01"].map((on) => named(packs, on)),
    [["us@2026.2"], ["us@2026.1"]],
  );
});

test("packs of different names stand side by side, in the order of the shelf", () => {
  const packs = [version("us", "2026.1", "2026-01-01"), version("eu", "2026.1", "2026-08-18"), version("gb", "2026.3", "2026-01-01")];
  assert.deepEqual(named(packs, "2026-09-01"), ["us@2026.1", "eu@2026.1", "gb@2026.3"]);
  assert.deepEqual(named(packs, "2026-08-17"), ["us@2026.1", "gb@2026.3"]);
});

test("on every day each pack speaks with one voice at most, and always with one that has begun and has not ended", () => {
  const start = day("2026-01-01");
  const someVersions = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom("us", "eu", "gb"),
      number: fc.integer({ min: 1, max: 20 }),
      from: fc.nat({ max: 60 }),
      lasts: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
    }),
    { selector: ({ id, number }) => `${id} ${number}`, maxLength: 12 },
  );
  fc.assert(
    fc.property(someVersions, fc.nat({ max: 120 }), (described, offset) => {
      const packs = described.map(({ id, number, from, lasts }) =>
        version(id, `2026.${number}`, addDays(start, from), lasts === undefined ? undefined : addDays(start, from + lasts)),
      );
      const on = addDays(start, offset);
      const valid = packs.filter(({ pack }) => pack.validFrom <= on && !("validTo" in pack && pack.validTo !== undefined && pack.validTo < on));
      const found = inForceOn(packs, on);
      assert.equal(new Set(found.map(({ pack }) => pack.id)).size, found.length);
      assert.deepEqual(new Set(found.map(({ pack }) => pack.id)), new Set(valid.map(({ pack }) => pack.id)));
      assert.ok(found.every((pack) => valid.includes(pack)));
    }),
  );
});
