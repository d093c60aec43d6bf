// Shows the locks of an emergency disclosure: off by default, two people, a supervisor's word, and all of it for the details as they stand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, learning, people, received, sealed, us, workplace } from "../../../tests/a-case.ts";
import { families } from "../../policy/pack.ts";
import type { PolicyInForce } from "../../policy/policy-in-force.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { decidedBy, emergencyAllowed, emergencyReasons } from "./emergency.ts";

const request = us.instruments.find(({ id }) => id === "US-EDR") ?? assert.fail("no emergency request");
const minimum = { dataTypes: ["name"], paperWithinDays: 7 };

function switched(allow: boolean, emergency?: typeof minimum): PolicyInForce {
  const { emergency: _, ...settings } = workplace.settings;
  return { ...workplace, settings: { ...settings, allowVoluntaryEmergency: allow, ...(emergency === undefined ? {} : { emergency }) } };
}

function decided(supervisorAttests: boolean, revision = 1): CaseFact {
  return { type: "EmergencyDecided", supervisorAttests, revision, facts: sealed("facts") };
}

const begun = history([received(), details()]);

function after(...decisions: readonly (readonly [by: keyof typeof people, supervisorAttests: boolean, revision?: number])[]): History {
  return decisions.reduce((past, [by, attests, revision]) => history([decided(attests, revision)], at(undefined, { by: people[by] }), past), begun);
}

const codes = (past: History) => emergencyReasons(past, at()).map(({ clause, code }) => `${clause} ${code}`);

test("both policies as shipped let nothing leave in an emergency (KDRP-7, IGRP-4)", () => {
  for (const policy of [workplace, learning]) assert.equal(emergencyAllowed(request, policy), false);
});

test("an emergency request counts only where the policy has switched it on and named its minimum, and no other paper ever does", () => {
  for (const family of families) {
    const paper = { ...request, family };
    assert.equal(emergencyAllowed(paper, switched(true, minimum)), family === "emergency", family);
    for (const policy of [switched(false, minimum), switched(true), switched(false)]) assert.equal(emergencyAllowed(paper, policy), false, family);
  }
});

test("without a decision two things are missing: a supervisor's word (V23) and two people, under the policy's own clause", () => {
  assert.deepEqual(codes(begun), ["V23 SUPERVISOR_MISSING", "KDRP-7 EMERGENCY_NOT_DECIDED"]);
  const [, other] = emergencyReasons(begun, at(undefined, { policy: learning }));
  assert.deepEqual(other, { clause: "IGRP-4", code: "EMERGENCY_NOT_DECIDED", because: "Nobody has decided on the emergency. Two different people must." });
});

test("one person is not enough, also when that person decides twice; two different people are, once a supervisor has vouched", () => {
  assert.deepEqual(codes(after(["ada", true])), ["KDRP-7 EMERGENCY_NOT_DECIDED"]);
  assert.deepEqual(codes(after(["ada", true], ["ada", true])), ["KDRP-7 EMERGENCY_NOT_DECIDED"]);
  assert.deepEqual(codes(after(["ada", true], ["ben", true])), []);
  assert.deepEqual(codes(after(["ada", false], ["ben", true])), [], "the supervisor need be called back once");
  assert.deepEqual(codes(after(["ada", false], ["ben", false])), ["V23 SUPERVISOR_MISSING"]);
  assert.equal(emergencyReasons(after(["ada", true]), at())[0]?.because, "One person has decided on the emergency. A second, different person must.");
});

test("a decision on earlier details no longer counts: each revision is decided anew", () => {
  const changed = history([details({ revision: 2 })], at(), after(["ada", true], ["ben", true]));
  assert.deepEqual(codes(changed), ["V23 SUPERVISOR_MISSING", "KDRP-7 EMERGENCY_NOT_DECIDED"]);
  const again = history([decided(true, 2)], at(undefined, { by: people.cleo }), changed);
  assert.deepEqual([...decidedBy(again)], [people.cleo]);
  assert.deepEqual(codes(again), ["KDRP-7 EMERGENCY_NOT_DECIDED"]);
});

test("a decision without confirmed details counts for nothing", () => {
  assert.deepEqual(codes(history([received(), decided(true, 1)])), ["V23 SUPERVISOR_MISSING", "KDRP-7 EMERGENCY_NOT_DECIDED"]);
});
