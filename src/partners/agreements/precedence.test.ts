// Which document decides: the ladder, its floors, and the two sentences that nobody may settle silently (W-10, X-11).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ladder, precedence, precedenceQuestion } from "./precedence.ts";

const ask = (changes: object) => precedence(precedenceQuestion.parse({ topic: "sub-processor objection", ...changes }));
const days = [
  { rung: "order-form", clause: "OF-7", value: 10 },
  { rung: "dpa", clause: "DPA-6.6b", value: 30 },
  { rung: "transfer-clauses", clause: "EUK-4.2(c)", value: 20, binds: "at-least", flows: ["eea", "ch"] },
  { rung: "transfer-clauses", clause: "UKA-T2", value: "specific authorisation", binds: "approval-only", flows: ["uk"] },
];

test("W-10: an Order Form's ten days hold for American data, become twenty for European data, and open nothing for British data", () => {
  const { resolved, conflict } = ask({ flows: ["eea", "uk", "us"], rules: days });
  assert.deepEqual(
    resolved.map(({ flow, value, clause }) => `${flow} ${value} ${clause}`),
    ["eea 20 EUK-4.2(c)", "uk approval-only UKA-T2", "us 10 OF-7"],
  );
  assert.equal(conflict, undefined);
  assert.deepEqual(
    resolved.map(({ warnings }) => warnings.map(({ code, clause }) => `${code} ${clause}`)),
    [
      ["ORDER_FORM_WEAKENS EUK-4.2(c)", "ORDER_FORM_WEAKENS DPA-6.6b"],
      ["ORDER_FORM_WEAKENS UKA-T2", "ORDER_FORM_WEAKENS DPA-6.6b"],
      ["ORDER_FORM_WEAKENS DPA-6.6b"],
    ],
  );
  assert.deepEqual(resolved[0]?.walked, [
    "the clauses for transfers (EUK-4.2(c)): no less than 20, which decides",
    "the Order Form (OF-7): 10",
    "the data processing agreement (DPA-6.6b): 30",
  ]);
});

const shares = [
  { rung: "order-form", clause: "OF-3", value: 25 },
  { rung: "ai-addendum", clause: "AI-5a", value: 30 },
];

test("W-10: an AI Addendum of thirty per cent against an Order Form of twenty-five is a conflict, shown as thirty until a named person elects (X-11)", () => {
  const { conflict, resolved } = ask({ topic: "share", rules: shares, aiProduct: true });
  assert.deepEqual([conflict?.between, conflict?.provisional, conflict?.reason.code], [["PPT-1.1", "PPT-14"], 30, "PRECEDENCE_UNSETTLED"]);
  assert.equal(resolved[0]?.value, 30);
  const elected = (reading: string) => ask({ topic: "share", rules: shares, aiProduct: true, election: { reading, by: "staff:cole", on: "2026-11-22" } });
  for (const reading of ["order-form-first", "addendum-over-terms"])
    assert.deepEqual([elected(reading).resolved[0]?.value, elected(reading).conflict], [25, undefined]);
  assert.deepEqual([elected("addendum-over-agreement").resolved[0]?.value, elected("addendum-over-agreement").conflict], [30, undefined]);
  assert.deepEqual([ask({ topic: "share", rules: shares }).resolved[0]?.value, ask({ topic: "share", rules: shares }).conflict], [25, undefined]);
});

test("of two documents the one that stands higher decides, whatever their order in the question", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ladder], { minLength: 1 }), (rungs) => {
      const rules = rungs.map((rung) => ({ rung, clause: rung, value: rung }));
      const highest = ladder.find((rung) => rungs.includes(rung));
      assert.equal(ask({ rules }).resolved[0]?.value, highest);
    }),
  );
});

test("a least value of the law is never undercut, and a topic of which nothing speaks has no value", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.constantFrom(...ladder.slice(2)), (least, value, rung) => {
      const rules = [
        { rung: "mandatory-law", clause: "LAW", value: least, binds: "at-least" },
        { rung, clause: "X", value },
      ];
      assert.equal(ask({ rules }).resolved[0]?.value, Math.max(least, value));
    }),
  );
  assert.deepEqual(ask({ rules: [{ rung: "dpa", clause: "DPA-1", value: 1, flows: ["eea"] }], flows: ["us"] }).resolved, [
    { flow: "us", walked: [], warnings: [] },
  ]);
  assert.equal(precedenceQuestion.safeParse({ topic: "t", rules: [{ rung: "dpa", clause: "c", value: "many", binds: "at-least" }] }).success, false);
});
