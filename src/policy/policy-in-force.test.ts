// Several policies on one desk: of each setting the stricter is in force, whatever the order they are named in.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { both, policyPackOf } from "../../tests/a-case.ts";
import { runs } from "../../tests/random-case.ts";
import type { PolicyPack } from "./pack.ts";
import { cite, policyInForce } from "./policy-in-force.ts";

const workplacePack = policyPackOf("data-request");
const learningPack = policyPackOf("government-request");

function having(settings: Partial<PolicyPack["settings"]>): PolicyPack {
  return { ...workplacePack, settings: { ...workplacePack.settings, ...settings } };
}

test("one policy alone is in force as it is written", () => {
  assert.deepEqual(policyInForce([workplacePack]).settings, workplacePack.settings);
  assert.deepEqual(policyInForce([workplacePack]).versions, ["data-request@2026.1"]);
});

test("the two policies together: only a legal prohibition holds notice back, and the customer is tried first (X-24)", () => {
  assert.deepEqual(both.settings.noticeExceptions, ["gag"]);
  assert.equal(both.settings.referralFirst, true);
  assert.deepEqual(both.versions, ["data-request@2026.1", "government-request@2026.1"]);
});

test("content needs a search warrant as soon as one of the policies says so (KDRP-11)", () => {
  for (const packs of [
    [workplacePack, learningPack],
    [learningPack, workplacePack],
  ] as const) {
    assert.deepEqual(policyInForce(packs).dataTypes.find(({ id }) => id === "messages")?.accepts, ["search-warrant"]);
  }
});

test("of every setting the stricter one wins", () => {
  const lax = having({
    noticeDays: 3,
    lateNoticeBusinessDays: 9,
    allowVoluntaryEmergency: true,
    callBackValidDays: 365,
    smallNumber: 4,
    reportDueDays: 90,
    downloadDays: 30,
    downloads: 10,
    gagLiftAttemptDays: [60, 10],
  });
  const { settings } = policyInForce([lax, workplacePack]);
  assert.deepEqual(settings, { ...workplacePack.settings, gagLiftAttemptDays: [5, 10, 30, 60, 90] });
});

test("emergency answers are on only where every policy switches them on", () => {
  const on = having({ allowVoluntaryEmergency: true });
  assert.equal(policyInForce([on, on]).settings.allowVoluntaryEmergency, true);
  assert.equal(policyInForce([on, workplacePack]).settings.allowVoluntaryEmergency, false);
  assert.equal(policyInForce([workplacePack, on]).settings.allowVoluntaryEmergency, false);
});

test("each type of data and each required content stands once, in the first policy's words", () => {
  assert.equal(new Set(both.dataTypes.map(({ id }) => id)).size, both.dataTypes.length);
  assert.equal(both.dataTypes.find(({ id }) => id === "messages")?.clause, "KDRP-11");
  assert.equal(policyInForce([learningPack, workplacePack]).dataTypes.find(({ id }) => id === "messages")?.clause, "IGRP-7");
  assert.deepEqual(policyInForce([learningPack, workplacePack]).requiredContents, workplacePack.requiredContents);
});

test("a company cites its own document: the first candidate it contains, and the first of all when it contains none", () => {
  assert.equal(cite(policyInForce([workplacePack]), "IGRP-1", "KDRP-13"), "KDRP-13");
  assert.equal(cite(policyInForce([learningPack]), "IGRP-1", "KDRP-13"), "IGRP-1");
  assert.equal(cite(both, "IGRP-1", "KDRP-13"), "IGRP-1");
  assert.equal(cite(both, "V18", "KDRP-99"), "V18");
});

const someSettings = fc.record({
  noticeDays: fc.nat({ max: 30 }),
  noticeExceptions: fc.subarray(["gag", "illegal-conduct", "risk-of-harm"] as const).map((grounds) => [...grounds]),
  lateNoticeBusinessDays: fc.nat({ max: 9 }),
  referralFirst: fc.boolean(),
  allowVoluntaryEmergency: fc.boolean(),
  callBackValidDays: fc.integer({ min: 1, max: 400 }),
  gagLiftAttemptDays: fc.uniqueArray(fc.nat({ max: 100 }), { maxLength: 4 }),
  smallNumber: fc.integer({ min: 2, max: 20 }),
  reportDueDays: fc.nat({ max: 90 }),
  downloadDays: fc.integer({ min: 1, max: 30 }),
  downloads: fc.integer({ min: 1, max: 9 }),
});

test("joining policies never loosens any of them, in whatever order they are named", () => {
  fc.assert(
    fc.property(someSettings, someSettings, (a, b) => {
      const { settings } = policyInForce([having(a), having(b)]);
      for (const alone of [a, b]) {
        assert.ok(settings.noticeDays >= alone.noticeDays && settings.smallNumber >= alone.smallNumber);
        assert.ok(settings.lateNoticeBusinessDays <= alone.lateNoticeBusinessDays && settings.callBackValidDays <= alone.callBackValidDays);
        assert.ok(settings.reportDueDays <= alone.reportDueDays && settings.downloadDays <= alone.downloadDays && settings.downloads <= alone.downloads);
        assert.ok(settings.noticeExceptions.every((ground) => alone.noticeExceptions.includes(ground)));
        assert.ok(alone.gagLiftAttemptDays.every((days) => settings.gagLiftAttemptDays.includes(days)));
        assert.ok(settings.referralFirst || !alone.referralFirst);
        assert.ok(!settings.allowVoluntaryEmergency || alone.allowVoluntaryEmergency);
      }
      const other = policyInForce([having(b), having(a)]).settings;
      assert.deepEqual(
        { ...other, noticeExceptions: other.noticeExceptions.toSorted() },
        { ...settings, noticeExceptions: settings.noticeExceptions.toSorted() },
      );
    }),
    runs,
  );
});
