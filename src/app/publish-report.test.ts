// A published report: its bands under one structure, its editions beside each other, and its figures counted again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { openSampleDesk, type SampleDesk } from "../../tests/desks/sample-desk.ts";
import type { Actor } from "../kernel/ids.ts";
import { instant } from "../kernel/instant.ts";
import type { JurisdictionPack } from "../policy/pack.ts";
import { reportCsv } from "../reporting/module.ts";
import type { Desk } from "./desk.ts";
import { checkReports, countNextEdition, countReport, publishReport } from "./publish-report.ts";

const fixture = readFileSync(new URL("../reporting/national-security.fixture.yaml", import.meta.url), "utf8");
const { reportBands } = parse(fixture) as { readonly reportBands: NonNullable<JurisdictionPack["reportBands"]> };
const operator = "staff:operator" as Actor;

let sample: SampleDesk;

before(async () => {
  sample = await openSampleDesk();
});
after(() => sample?.stop());

/** The sample desk, under a law that has the tables. */
function banded(now?: string): Desk {
  const { desk } = sample;
  const laws = desk.laws.map((law): JurisdictionPack => (law.country === "US" ? { ...law, reportBands } : law));
  return { ...desk, laws, ports: now === undefined ? desk.ports : { ...desk.ports, clock: { now: () => instant(now) } } };
}

async function published(...asked: Parameters<typeof publishReport>) {
  const done = await publishReport(...asked);
  return done.kind === "published" ? done.report : assert.fail(done.reasons.map(({ because }) => because).join(" "));
}

function codesOf(done: Awaited<ReturnType<typeof publishReport>> | Awaited<ReturnType<typeof countNextEdition>>): readonly string[] {
  return done.kind === "refused" ? done.reasons.map(({ code }) => code) : [];
}

test("without an option nothing is printed of national-security process, although the desk has received some", async () => {
  const report = await published(banded(), 2025, operator);
  assert.equal(report.nationalSecurity, null);
  assert.doesNotMatch(reportCsv(report), /national-security/);
  assert.deepEqual(await checkReports(banded()), []);
});

test("with an option the report prints its bands over the periods of its law, and its figures are found again", async () => {
  const report = await published(banded(), 2026, operator, undefined, 3);
  assert.deepEqual(report.nationalSecurity, {
    option: 3,
    title: "All process together, in bands of 250",
    citation: "50 USC 1874(a)(3), (b)(2)",
    every: "half-year",
    width: 250,
    publishedOn: "2027-01-15",
    rows: [
      { id: "process", label: "National security process received", counts: "orders", from: "2026-07-20", to: "2027-01-15", band: { low: 0, high: 249 } },
      {
        id: "selectors",
        label: "Customer selectors targeted by national security process",
        counts: "selectors",
        from: "2026-07-20",
        to: "2027-01-15",
        band: { low: 0, high: 249 },
      },
    ],
  });
  assert.ok(!report.rows.some(({ bucket }) => bucket === "national-security"));
  assert.deepEqual(await checkReports(banded()), []);
});

test("a later edition of the year keeps structure and days, and every other choice is refused with its reason", async () => {
  for (const option of [1, 2, 4, undefined] as const) {
    assert.deepEqual(codesOf(await countNextEdition(banded(), 2026, 1, option)), ["BAND_STRUCTURES_MIXED"]);
    assert.deepEqual(codesOf(await publishReport(banded(), 2026, operator, "a correction", option)), ["BAND_STRUCTURES_MIXED"]);
  }
  const later = banded("2027-02-10T10:00:00Z");
  const report = await published(later, 2026, operator, "a correction", 3);
  assert.equal(report.edition, 2);
  assert.ok(report.nationalSecurity !== null && "rows" in report.nationalSecurity);
  assert.equal(report.nationalSecurity.publishedOn, "2027-01-15");
  assert.deepEqual(await checkReports(later), []);
});

test("a later edition without its reason is refused, also when two people press at the same moment", async () => {
  assert.deepEqual(codesOf(await publishReport(banded(), 2026, operator, undefined, 3)), ["CORRECTION_UNEXPLAINED"]);
  const both = await Promise.all([publishReport(banded(), 2023, operator), publishReport(banded(), 2023, operator)]);
  assert.deepEqual(both.map(({ kind }) => kind).toSorted(), ["published", "refused"]);
  assert.deepEqual(both.flatMap(codesOf), ["CORRECTION_UNEXPLAINED"]);
});

test("a desk whose laws have no tables can name no option", async () => {
  assert.deepEqual(codesOf(await countNextEdition({ ...banded(), laws: [] }, 2024, 1, 3)), ["BAND_STRUCTURE_UNKNOWN"]);
});

test("when the tables are gone, the printed bands can no longer be found again, and the check says so", async () => {
  const findings = await checkReports({ ...banded(), laws: banded().laws.map((law) => ({ ...law, reportBands: undefined }) as unknown as JurisdictionPack) });
  assert.deepEqual(
    findings.map(({ year, edition }) => `${year} ${edition}`),
    ["2026 1", "2026 2"],
  );
});

test("a report of the first rules, with its one band, is counted again as it was printed", async () => {
  const { treeSize } = await countReport(sample.desk, 2026, 1, 10);
  const printed = { company: "Kutano, Inc.", smallNumber: 9, rules: "2026.1" as const };
  const again = await countReport(sample.desk, 2026, 1, treeSize, printed);
  assert.deepEqual([again.rules, again.nationalSecurity], ["2026.1", { low: 0, high: 249 }]);
});
