// The year's European orders from real facts: what is counted, what is named as missing, and what never enters.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appendCase, openSampleDesk, type SampleDesk } from "../../tests/desks/sample-desk.ts";
import type { FactBody } from "../ledger/port.ts";
import { countDsaOrders, countEvidenceStatistics, readEuropeanOrders, reportsEuropeanOrders, type EuropeanOrders } from "./european-statistics.ts";

let sample: SampleDesk;
let orders: EuropeanOrders;

const arrived = "2026-11-02T15:00:00.000Z";

function received(receivedAt = arrived): FactBody {
  return { type: "RequestReceived", door: "mail", receivedAt, message: { object: "o", bytes: 1, commitment: "c" }, packs: [] };
}

function paper(id: string, more: { readonly issuedIn?: string; readonly emergency?: boolean } = {}, dataTypes: readonly string[] = ["name"]): FactBody {
  const lines = dataTypes.map((dataType, nth) => ({ id: `L${nth}`, subject: "S1", dataType }));
  return { type: "DetailsConfirmed", revision: 1, subjects: [], lines, missing: [], instrument: { id, servedAt: arrived, ...more } };
}

const given: readonly FactBody[] = [
  { type: "ReviewSigned", revision: 1, lines: [{ line: "L0", decision: "allow", reasons: [], citation: "" }], packs: [] },
  { type: "PackageSealed", plan: "p", package: "P", sha256: "0", bytes: 1, object: "o", records: { name: 1 }, accounts: 1 },
  { type: "ProductionReleased", package: "P", expiresAt: arrived, downloads: 3, link: "k" },
];
const gag: FactBody = { type: "GagRecorded", gag: "G", instrument: "EU-EPOC", start: "2026-11-02", end: "2027-06-01", defects: [] };
const kept: FactBody = { type: "SnapshotSealed", preservation: "K", revision: 1, object: "o", sha256: "0", bytes: 1, records: { name: 1 } };
const reading = { sort: "request", language: "en", languageKnown: true, dataTypes: [], missing: [], marks: [], reading: { vault: "v", commitment: "c" } };

const cases: Readonly<Record<string, readonly FactBody[]>> = {
  "C-EU00-0001": [received(), paper("EU-EPOC", { issuedIn: "DE", emergency: false }), ...given],
  "C-EU00-0002": [received(), paper("EU-EPOC", { issuedIn: "FR", emergency: true }, ["messages"]), gag],
  "C-EU00-0003": [received(), paper("EU-EPOC", { emergency: false })],
  "C-EU00-0004": [received(), paper("EU-EPOC-PR", { issuedIn: "IT", emergency: false }), kept],
  "C-EU00-0005": [received(), paper("EU-DSA-10", { issuedIn: "GR", emergency: false }), ...given],
  "C-EU00-0006": [received(), paper("EU-DSA-9", { issuedIn: "SE" })],
  "C-EU00-0007": [received("2027-01-02T15:00:00.000Z"), paper("EU-EPOC", { issuedIn: "DE", emergency: false })],
  "C-EU00-0008": [received(), { type: "ReadingProposed", instruments: ["EU-EPOC", "US-NSL"], ...reading }],
  "C-EU00-0009": [received(), paper("US-NSL", { issuedIn: "US" })],
  "C-EU00-0010": [received(), paper("EU-EPOC", { issuedIn: "DK", emergency: false })],
  "C-EU00-0011": [received(), paper("EU-EPOC", { issuedIn: "DE" })],
};

before(async () => {
  sample = await openSampleDesk({ jurisdictions: ["us", "eu"] });
  for (const [caseId, facts] of Object.entries(cases)) await appendCase(sample.desk, caseId, facts);
  const { id, ports } = sample.desk;
  orders = await readEuropeanOrders(sample.desk, (await ports.ledger.seal(id, ports.clock.now()))?.size ?? 0);
});
after(() => sample?.stop());

test("the statistics count the year's orders by kind, category, State and emergency, and those under a secrecy order too", () => {
  const { csv } = countEvidenceStatistics(sample.desk, orders, 2026);
  assert.deepEqual(
    csv
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.replace("EU-EEV-28-4,2026,", "").replace(/,[\d.]+$/, ",hours")),
    [
      "EPOC,subscriber,DE,no,1,1,0,0,0,hours",
      "EPOC,subscriber,DE,unrecorded,1,0,0,0,1,",
      "EPOC,content,FR,yes,1,0,0,0,1,",
      "EPOC,all,all,all,3,1,0,0,2,hours",
      "EPOC-PR,subscriber,IT,no,1,1,0,0,0,",
      "EPOC-PR,all,all,all,1,1,0,0,0,",
    ],
  );
});

test("what cannot be placed is counted nowhere and named by its case; what is missing is named and stays empty", () => {
  const { findings, gaps } = countEvidenceStatistics(sample.desk, orders, 2026);
  assert.deepEqual(
    findings.map(({ caseId, code }) => [caseId, code]),
    [
      ["C-EU00-0003", "ISSUING_STATE_UNKNOWN"],
      ["C-EU00-0010", "ISSUING_STATE_OUTSIDE"],
    ],
  );
  assert.deepEqual(
    gaps.map(({ about, caseIds }) => [about, caseIds]),
    [
      ["emergency", ["C-EU00-0011"]],
      ["production-issued", ["C-EU00-0004"]],
    ],
  );
});

test("the orders sheet counts orders of the Digital Services Act by State, Greece as EL, and production orders when counsel says so", () => {
  const total = (csv: string, scope: string) =>
    csv
      .split("\r\n")
      .find((line) => line.includes(`,TOTAL,,${scope},`))
      ?.split(",")
      .slice(6, 13)
      .join("|");
  const { csv, gaps } = countDsaOrders(sample.desk, orders, { year: 2026, service: "Kutano" });
  assert.match(total(csv, "EL") ?? "", /^0\|0\|\|\|1\|\|\d+/);
  assert.equal(total(csv, "SE"), "1||||0||");
  assert.equal(total(csv, "DE"), undefined);
  assert.deepEqual(gaps.find(({ about }) => about === "effect")?.caseIds, ["C-EU00-0006"]);
  const wider = countDsaOrders(sample.desk, orders, { year: 2026, withProductionOrders: true, service: "Kutano, Workspace" });
  assert.match(total(wider.csv.replaceAll('"Kutano, Workspace"', "W"), "DE") ?? "", /^0\|0\|\|\|2\|/);
});

test("what is or may be national-security process is in neither report, in no finding and in no gap", () => {
  const told = JSON.stringify([
    countEvidenceStatistics(sample.desk, orders, 2026),
    countDsaOrders(sample.desk, orders, { year: 2026, withProductionOrders: true }),
  ]);
  assert.doesNotMatch(told, /C-EU00-0008|C-EU00-0009|NSL/);
  assert.ok(orders.rows.every(({ family }) => family !== "national-security"));
});

test("a desk without European papers has neither report", () => {
  assert.equal(reportsEuropeanOrders(sample.desk), true);
  assert.equal(reportsEuropeanOrders({ laws: sample.desk.laws.filter(({ country }) => country === "US") }), false);
});
