// The report's page on national security: a table of bands where a structure was named, and the same words for everybody where none was.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { us, workplace } from "../../../tests/a-case.ts";
import type { PublishedReport } from "../../app/publish-report.ts";
import { day, instant } from "../../kernel/instant.ts";
import { bandTable, emptyTally, transparencyReport, type BandTable, type ReportBands, type Tally, type TransparencyReport } from "../../reporting/module.ts";
import { ReportDocument } from "./report-document.tsx";

const fixture = readFileSync(new URL("../../reporting/national-security.fixture.yaml", import.meta.url), "utf8");
const { reportBands } = parse(fixture) as { readonly reportBands: ReportBands };
const letters: readonly Tally[] = Array.from({ length: 7 }, () => ({ ...emptyTally, receivedAt: instant("2026-12-01T12:00:00Z"), instrument: "US-NSL" }));

function report(cases: readonly Tally[], more: { readonly bands?: BandTable; readonly rules?: TransparencyReport["rules"] } = {}): TransparencyReport {
  return transparencyReport(cases, {
    company: "Kutano",
    year: 2026,
    edition: 1,
    smallNumber: 9,
    treeSize: 1,
    dataTypes: workplace.dataTypes,
    instruments: us.instruments,
    ...more,
  });
}

async function page(shown: TransparencyReport): Promise<string> {
  const fact = { year: 2026, edition: 1, figures: "f", treeSize: 1, countedAt: instant("2027-01-15T10:00:00Z") } as PublishedReport["fact"];
  const published = { fact, report: shown };
  return (await ReportDocument({ published, editions: [published], zone: "America/Denver", site: undefined, hrefs: "none" })).toString();
}

function bandsOf(n: number, count: number): BandTable {
  const structure = reportBands.structures.find(({ option }) => option === n) ?? assert.fail(`no option ${n}`);
  const cases = Array.from({ length: count }, () => ({ paper: "US-NSL", receivedOn: day("2026-12-01"), selectors: 1, newPlatform: false }));
  return bandTable(structure, day("2027-01-15"), cases);
}

test("each option prints its categories, their days and their bands", async () => {
  const first = { 1: "0 to 999", 2: "0 to 499", 3: "0 to 249", 4: "0 to 99" };
  for (const [option, band] of Object.entries(first)) {
    const bands = bandsOf(Number(option), 0);
    const html = await page(report([], { bands }));
    assert.ok(html.includes(`Option ${option}: ${bands.title}`));
    assert.equal(html.split(`<span class="number">${band}</span>`).length, bands.rows.length + 1, `option ${option}: every category prints ${band}`);
    for (const { label, from, to } of bands.rows) for (const said of [label, `datetime="${from}"`, `datetime="${to}"`]) assert.ok(html.includes(said), said);
  }
});

test("a page with 7 letters is the page with 3, and the one with 251 differs by its band alone", async () => {
  const [three, seven, many] = await Promise.all([3, 7, 251].map((n) => page(report([], { bands: bandsOf(3, n) }))));
  assert.equal(three, seven);
  assert.equal(many, seven?.replaceAll("0 to 249", "250 to 499"));
});

test("a report without a structure says that bands are used from the first report that names one, whether or not there was anything to count", async () => {
  const nothing = await page(report([]));
  assert.match(nothing, /Bands are used from the first report/);
  assert.doesNotMatch(nothing, /0 to 249/);
  assert.equal(await page(report(letters)), nothing);
});

test("a report of the first rules keeps its one band and its rules", async () => {
  const html = await page(report(letters, { rules: "2026.1" }));
  assert.match(html, /0 to 249/);
  assert.match(html, /These are the counting rules 2026\.1\./);
  assert.doesNotMatch(html, /prints no number/);
});
