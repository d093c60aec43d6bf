// A described case is judged like the case itself: the same verdicts, whatever has happened to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { live, runs, someLife, type Moment } from "../../tests/random-case.ts";
import { replay } from "../assessment/replay.ts";
import type { CaseId } from "../kernel/ids.ts";
import { challengesOf } from "../requests/challenge/module.ts";
import { gate, gateReasons } from "../requests/disclosure/module.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { standing } from "../requests/open-case.ts";
import type { LineVerdict } from "../requests/review/events.ts";
import { reviewOf, verdictsOf } from "../requests/review/module.ts";
import { descriptionOf } from "./export-case.ts";

const packs = { policies: ["data-request"], laws: ["us"] };
const secrets = { caseId: "C-TEST-CASE" as CaseId, message: undefined, reading: undefined, details: undefined };

const inShort = ({ line, decision, reasons, rule }: LineVerdict) => [line, decision, rule, reasons.map(({ code, clause }) => `${clause} ${code}`)];

function described({ past, on }: Moment) {
  const { details } = intakeOf(past);
  if (details === undefined) return undefined;
  const description = descriptionOf(packs, { history: past, details, at: on, secrets, forms: [] });
  return { description, again: replay(description, on).history };
}

test("a case of which anything may have happened gets the verdicts of its own page from its description", () => {
  let judged = 0;
  fc.assert(
    fc.property(someLife, (life) => {
      const moment = live(life);
      const found = described(moment);
      if (found === undefined) return;
      const { past, on } = moment;
      const page = reviewOf(past).signed?.lines ?? verdictsOf(past, on);
      const told = new Set(found.description.lines.map(({ id }) => id));
      assert.deepEqual(verdictsOf(found.again, on).map(inShort), page.filter(({ line }) => told.has(line)).map(inShort));
      assert.ok(page.every(({ line, reasons }) => told.has(line) || reasons.some(({ code }) => code === "LEFT_OUT")));
      judged += page.length;
    }),
    { ...runs, numRuns: Math.min(runs.numRuns, 500) },
  );
  assert.ok(judged > 100, `only ${judged} verdicts were compared`);
});

test("nothing may leave by the description that may not leave in the open case; with one challenge at most this holds bar by bar", () => {
  fc.assert(
    fc.property(someLife, (life) => {
      const moment = live(life);
      const { past, on } = moment;
      const found = described(moment);
      if (found === undefined || standing(past) !== "open") return;
      assert.ok(gateReasons(found.again, on).length > 0 || gateReasons(past, on).length === 0);
      if (challengesOf(past).length > 1) return;
      const shut = gate(past, on).filter(({ reasons }) => reasons.length > 0);
      const open = gate(found.again, on).filter(({ reasons }) => reasons.length === 0);
      const risen = open.map(({ id }) => id).filter((id) => shut.some((bar) => bar.id === id));
      assert.deepEqual(risen, []);
    }),
    { ...runs, numRuns: Math.min(runs.numRuns, 500) },
  );
});
