// Every answer a case can have is exactly one row of the report, and every row is one answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fulfilmentOf, reportRowOf } from "./outcome-rows.ts";
import { emptyTally, outcomes } from "./tally.ts";
import { transparencyReport } from "./transparency-report.ts";
import { us, workplace } from "../../tests/a-case.ts";
import { instant } from "../kernel/instant.ts";

/** The answer states of the rules, written out. */
const states = ["produced_full", "produced_partial", "rejected", "referred", "withdrawn", "challenged", "no_records", "pending"] as const;

test("the eight answers of the checklist are the eight rows of the report, one to one", () => {
  assert.deepEqual([...outcomes], [...states]);
  assert.deepEqual(
    states.map((state) => reportRowOf(state)),
    [...states],
  );
  assert.equal(new Set(states.map((state) => reportRowOf(state))).size, 8);
});

test("what was no request has no row", () => {
  assert.equal(reportRowOf("not_a_request"), undefined);
});

test("twelve cases of one answer fill that answer's row, and no other", () => {
  for (const state of states) {
    const one = { ...emptyTally, receivedAt: instant("2026-06-01T12:00:00Z"), instrument: "US-SW", ...(state === "pending" ? {} : { closed: state }) };
    const { totals } = transparencyReport(
      Array.from({ length: 12 }, () => one),
      {
        company: "Kutano",
        year: 2026,
        edition: 1,
        smallNumber: 9,
        treeSize: 1,
        dataTypes: workplace.dataTypes,
        instruments: us.instruments,
      },
    );
    assert.deepEqual(
      states.map((row) => totals[row].high),
      states.map((row) => (row === state ? 12 : 0)),
      state,
    );
  }
});

test("for the e-Evidence statistics an answer is fulfilled, in part, not, or not yet known", () => {
  assert.deepEqual(
    states.map((state) => fulfilmentOf(state)),
    ["fulfilled", "fulfilled-in-part", "not-fulfilled", "not-fulfilled", "not-fulfilled", "not-fulfilled", "not-fulfilled", "open"],
  );
});
