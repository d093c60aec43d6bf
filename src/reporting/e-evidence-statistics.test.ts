// The statistics for the Commission: every European order of the year once, by category, State and urgency.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../tests/random-case.ts";
import { day } from "../kernel/instant.ts";
import { evidenceStatistics, evidenceStatisticsCsv, type StatisticsRow } from "./e-evidence-statistics.ts";
import type { RequestRow } from "./request-row.ts";
import { outcomes } from "./tally.ts";

const certificates = { production: ["EU-EPOC"], preservation: ["EU-EPOC-PR"] };

function order(changes: Partial<RequestRow> = {}): RequestRow {
  return {
    receivedOn: day("2026-11-02"),
    instrument: "EU-EPOC",
    family: "production",
    bucket: "european-production-order",
    issuedIn: "DE",
    dataCategories: ["SUBSCRIBER"],
    outcome: "produced_full",
    emergency: false,
    ...changes,
  };
}

function statistics(...requests: readonly RequestRow[]) {
  return evidenceStatistics(requests, 2026, certificates);
}

function line({ kind, dataCategory, issuingState, emergency, received, fulfilled, fulfilledInPart, notFulfilled, open, averageHours }: StatisticsRow): string {
  return [kind, dataCategory, issuingState, emergency, received, fulfilled, fulfilledInPart, notFulfilled, open, averageHours ?? "-"].join(" ");
}

test("the report is template EU-EEV-28-4, for a calendar year, and due to the Commission on 31 March", () => {
  const { template, year, dueOn } = statistics();
  assert.deepEqual([template, year, dueOn], ["EU-EEV-28-4", 2026, "2027-03-31"]);
});

test("a year without orders is a row of zeros for each certificate, without an average", () => {
  assert.deepEqual(statistics().rows.map(line), ["EPOC all all all 0 0 0 0 0 -", "EPOC-PR all all all 0 0 0 0 0 -"]);
});

test("orders are counted by category, State and emergency, and answers as fulfilled, in part, not, or open", () => {
  const { rows, findings } = statistics(
    order({ effectAfterHours: 100 }),
    order({ effectAfterHours: 51, outcome: "produced_partial" }),
    order({ outcome: "no_records", effectAfterHours: 1 }),
    order({ outcome: "pending" }),
    order({ issuedIn: "FR-75", dataCategories: ["TRAFFIC", "CONTENT"], emergency: true, effectAfterHours: 7 }),
    order({ issuedIn: "FR", dataCategories: ["IDENTIFY_ONLY"], outcome: "rejected" }),
  );
  assert.deepEqual(findings, []);
  assert.deepEqual(rows.map(line), [
    "EPOC subscriber DE no 4 2 1 1 1 75.5",
    "EPOC identification FR no 1 0 0 1 0 -",
    "EPOC traffic FR yes 1 1 0 0 0 7",
    "EPOC content FR yes 1 1 0 0 0 7",
    `EPOC all all all 6 3 1 2 1 ${158 / 3}`,
    "EPOC-PR all all all 0 0 0 0 0 -",
  ]);
});

test("a preservation is fulfilled when the data was preserved, and its time runs from its issue to that of the production order", () => {
  const kept = { instrument: "EU-EPOC-PR", family: "preservation", outcome: "pending" } as const;
  const { rows } = statistics(
    order({ ...kept, effectAfterHours: 2, productionIssuedAfterHours: 480 }),
    order({ ...kept, effectAfterHours: 4 }),
    order(kept),
    order({ ...kept, outcome: "withdrawn" }),
  );
  assert.deepEqual(rows.map(line), ["EPOC all all all 0 0 0 0 0 -", "EPOC-PR subscriber DE no 4 2 0 1 1 480", "EPOC-PR all all all 4 2 0 1 1 480"]);
});

test("other papers, other years and national-security process are not counted", () => {
  const { rows, findings } = statistics(
    order({ instrument: "US-SW" }),
    order({ receivedOn: day("2025-12-31") }),
    order({ receivedOn: day("2027-01-01") }),
    order({ family: "national-security" }),
  );
  assert.deepEqual([rows.at(0)?.received, findings], [0, []]);
});

test("an order that cannot be placed is counted nowhere and named: no State, a State outside, Denmark, a category the Regulation does not know, or none", () => {
  const { issuedIn: _, ...nowhere } = order();
  const { rows, findings } = statistics(
    order(),
    nowhere,
    order({ issuedIn: "US-CA" }),
    order({ issuedIn: "DK" }),
    order({ dataCategories: ["RECORDS"] }),
    order({ dataCategories: [] }),
  );
  assert.equal(rows.find(({ dataCategory }) => dataCategory === "all")?.received, 1);
  assert.deepEqual(
    findings.map(({ row, code }) => `${row} ${code}`),
    ["1 ISSUING_STATE_UNKNOWN", "2 ISSUING_STATE_OUTSIDE", "3 ISSUING_STATE_OUTSIDE", "4 DATA_CATEGORY_UNKNOWN", "5 DATA_CATEGORY_UNKNOWN"],
  );
});

const someOrder = fc
  .record({
    instrument: fc.constantFrom("EU-EPOC", "EU-EPOC-PR"),
    issuedIn: fc.constantFrom("DE", "FR", "GR", "IE"),
    dataCategories: fc.subarray(["SUBSCRIBER", "IDENTIFY_ONLY", "TRAFFIC", "CONTENT"], { minLength: 1 }),
    effectAfterHours: fc.nat({ max: 300 }),
    outcome: fc.constantFrom(...outcomes),
    emergency: fc.boolean(),
  })
  .map((changes) => order(changes));

test("in every row received is fulfilled, not fulfilled and open together, and totals count an order once however many categories it has", () => {
  fc.assert(
    fc.property(fc.array(someOrder, { maxLength: 30 }), (orders) => {
      const { rows } = statistics(...orders);
      for (const row of rows) {
        assert.equal(row.received, row.fulfilled + row.notFulfilled + row.open);
        assert.ok(row.fulfilledInPart <= row.fulfilled);
      }
      for (const [kind, instrument] of [
        ["EPOC", "EU-EPOC"],
        ["EPOC-PR", "EU-EPOC-PR"],
      ]) {
        const mine = orders.filter((each) => each.instrument === instrument);
        assert.equal(rows.find((row) => row.kind === kind && row.dataCategory === "all")?.received, mine.length);
        const parts = rows.filter((row) => row.kind === kind && row.dataCategory !== "all");
        assert.equal(
          parts.reduce((sum, { received }) => sum + received, 0),
          mine.reduce((sum, { dataCategories }) => sum + dataCategories.length, 0),
        );
      }
    }),
    { numRuns: Math.min(300, runs.numRuns) },
  );
});

test("the CSV has a line a row, with an empty cell where there is no average", () => {
  assert.equal(
    evidenceStatisticsCsv(statistics(order({ effectAfterHours: 33.333 }))),
    "template,year,certificate,data_category,issuing_state,emergency,received,fulfilled,fulfilled_in_part,not_fulfilled,open,average_hours\r\n" +
      "EU-EEV-28-4,2026,EPOC,subscriber,DE,no,1,1,0,0,0,33.33\r\n" +
      "EU-EEV-28-4,2026,EPOC,all,all,all,1,1,0,0,0,33.33\r\n" +
      "EU-EEV-28-4,2026,EPOC-PR,all,all,all,0,0,0,0,0,\r\n",
  );
});

test("an order of which nobody has recorded whether it is an emergency stands in a row of its own, and is named", () => {
  const { emergency: _, ...quiet } = order();
  const { rows, gaps, findings } = statistics(order({ emergency: true }), { ...quiet, unrecorded: ["illegal-content", "emergency"] });
  assert.deepEqual(rows.slice(0, 2).map(line), ["EPOC subscriber DE yes 1 1 0 0 0 -", "EPOC subscriber DE unrecorded 1 1 0 0 0 -"]);
  assert.deepEqual([findings, gaps.map(({ about, rows: at }) => [about, at])], [[], [["emergency", [1]]]]);
});

test("a preservation whose production nobody ties to it is counted, its average stays empty, and the gap is named", () => {
  const kept = order({ instrument: "EU-EPOC-PR", outcome: "pending", effectAfterHours: 4, unrecorded: ["production-issued"] });
  const { rows, gaps } = statistics(kept);
  assert.equal(rows.map(line).at(-1), "EPOC-PR all all all 1 1 0 0 0 -");
  assert.deepEqual(
    gaps.map(({ about, rows: at }) => [about, at]),
    [["production-issued", [0]]],
  );
});

test("where somebody was counts as traffic data, once beside other traffic", () => {
  assert.deepEqual(
    statistics(order({ dataCategories: ["LOCATION", "TRAFFIC"] }))
      .rows.map(line)
      .slice(0, -1),
    ["EPOC traffic DE no 1 1 0 0 0 -", "EPOC all all all 1 1 0 0 0 -"],
  );
});
