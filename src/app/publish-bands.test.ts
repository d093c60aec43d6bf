// Bands between two yearly reports, over a real ledger: one table for the same days, editions beside each other, and no count in any word.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appendCase, openSampleDesk, type SampleDesk } from "../../tests/desks/sample-desk.ts";
import type { Actor } from "../kernel/ids.ts";
import { day, instant } from "../kernel/instant.ts";
import type { FactBody } from "../ledger/port.ts";
import type { BandOption, BandReport } from "../reporting/module.ts";
import { publishedBands } from "./band-reports.ts";
import type { Desk } from "./desk.ts";
import { countBandReport, publishBands, reasonsAgainstBands } from "./publish-bands.ts";
import { checkReports, figureWords, publishReport } from "./publish-report.ts";

const by = "staff:operator" as Actor;
let sample: SampleDesk;

before(async () => {
  sample = await openSampleDesk();
});
after(() => sample?.stop());

/** The desk with its clock at this moment, under the structure its set-up names. */
function deskOn(today: string, option: BandOption | "none" = 3): Desk {
  const { bandOption: _, ...setUp } = sample.desk.setUp;
  const clock = { now: () => instant(`${today}T18:00:00Z`) };
  return { ...sample.desk, setUp: option === "none" ? setUp : { ...setUp, bandOption: option }, ports: { ...sample.desk.ports, clock } };
}

let letters = 0;

/** National-security letters that arrived on this day, each for one account. */
async function receive(count: number, on: string): Promise<void> {
  const at = `${on}T15:00:00.000Z`;
  const arrived: FactBody = { type: "RequestReceived", door: "mail", receivedAt: at, message: { object: "o", bytes: 1, commitment: "c" }, packs: [] };
  const subjects = [{ id: "S1", workspace: "acme", resolved: true }];
  const confirmed: FactBody = { type: "DetailsConfirmed", revision: 1, subjects, lines: [], missing: [], instrument: { id: "US-NSL", servedAt: at } };
  for (let nth = 0; nth < count; nth++) await appendCase(sample.desk, `C-NSL0-${String(++letters).padStart(4, "0")}`, [arrived, confirmed]);
}

async function sealedSize({ id, ports }: Desk): Promise<number> {
  return (await ports.ledger.seal(id, ports.clock.now()))?.size ?? 0;
}

function printedBy({ bands }: BandReport): readonly string[] {
  return bands.rows.map(({ id, from, to, band }) => `${id} ${from}…${to} ${band.low}–${band.high}`);
}

async function publish(desk: Desk, more: { readonly publishedOn?: string; readonly correction?: string } = {}) {
  const { publishedOn, correction } = more;
  return publishBands(desk, { by, correction, ...(publishedOn === undefined ? {} : { publishedOn: day(publishedOn) }) });
}

async function codesOf(done: ReturnType<typeof publish>): Promise<readonly string[]> {
  const outcome = await done;
  return outcome.kind === "refused" ? outcome.reasons.map(({ code }) => code) : [];
}

test("a desk whose set-up names no structure publishes no bands, and is told which line to write", async () => {
  const outcome = await publish(deskOn("2026-06-30", "none"));
  assert.ok(outcome.kind === "refused");
  assert.deepEqual(
    outcome.reasons.map(({ clause, code }) => [clause, code]),
    [["KDRP-14", "BAND_OPTION_UNNAMED"]],
  );
  assert.match(outcome.reasons[0].because, /nationalSecurityBands/);
});

test("three letters print what none prints", async () => {
  const desk = deskOn("2026-06-30");
  const none = await countBandReport(desk, 0);
  await receive(3, "2026-06-01");
  const three = await countBandReport(desk, await sealedSize(desk));
  assert.ok(none.kind === "counted" && three.kind === "counted");
  assert.deepEqual(three.report.bands, none.report.bands);
  assert.deepEqual(printedBy(three.report), ["process 2026-01-02…2026-06-30 0–249", "selectors 2026-01-02…2026-06-30 0–249"]);
});

test("published bands become a fact without a count, and are found again in the ledger", async () => {
  const done = await publish(deskOn("2026-06-30"));
  assert.ok(done.kind === "published");
  const { document, ...open } = done.fact;
  assert.deepEqual(Object.keys(open).toSorted(), ["countedAt", "edition", "figures", "publishedOn", "treeSize", "type"]);
  assert.deepEqual([open.publishedOn, open.edition, open.figures.length], ["2026-06-30", 1, 64]);
  assert.ok(document.vault !== "");
  assert.deepEqual(await checkReports(deskOn("2026-06-30")), []);
});

test("a second table over some of the same days is refused with the first day it may follow on, and published on that day", async () => {
  for (const on of ["2026-07-01", "2026-12-26"]) {
    const refused = await publish(deskOn(on));
    assert.ok(refused.kind === "refused", on);
    assert.deepEqual(
      refused.reasons.map(({ code }) => code),
      ["BAND_DAYS_PRINTED"],
    );
    assert.match(refused.reasons[0].because, /no longer overlap is 2026-12-27\.$/);
    assert.equal((await countBandReport(deskOn(on), 1)).kind, "refused", "and what may not be published is not counted");
  }
  const done = await publish(deskOn("2026-12-27"));
  assert.ok(done.kind === "published");
  assert.equal(printedBy(done.report)[0], "process 2026-07-01…2026-12-27 0–249");
});

test("another structure is refused while the days of the last one run", async () => {
  for (const option of [1, 2, 4] as const)
    assert.deepEqual(await codesOf(publish(deskOn("2026-12-31", option))), ["BAND_STRUCTURES_MIXED"], `option ${option}`);
});

test("a yearly report of another structure is refused on the very day of the bands", async () => {
  const refused = await publishReport(deskOn("2026-12-27", 1), 2025, by);
  assert.match(refused.kind === "refused" ? refused.reasons[0].because : "", /one structure of 50 USC 1874/);
});

test("a day that has passed without bands is neither published nor counted, and a day to come is not either", async () => {
  const desk = deskOn("2027-07-30");
  for (const [on, code] of [
    ["2027-07-29", "BAND_DAY_PAST"],
    ["2027-07-31", "BAND_DAY_AHEAD"],
  ] as const) {
    assert.deepEqual(await codesOf(publish(desk, { publishedOn: on })), [code]);
    const counted = await countBandReport(desk, 1, day(on));
    assert.deepEqual(counted.kind === "refused" ? counted.reasons.map((each) => each.code) : [], [code]);
  }
});

test("a correction says why, keeps its days and its structure whatever the set-up names by then, and leaves the first edition", async () => {
  assert.deepEqual(await codesOf(publish(deskOn("2027-02-01"), { publishedOn: "2026-06-30" })), ["CORRECTION_UNEXPLAINED"]);
  assert.deepEqual(await codesOf(publish(deskOn("2027-02-01"), { publishedOn: "2026-06-30", correction: "  " })), ["CORRECTION_UNEXPLAINED"]);
  assert.deepEqual(await codesOf(publish(deskOn("2027-09-01"), { correction: "of nothing" })), ["CORRECTION_OF_NOTHING"]);
  await receive(2, "2026-05-05");
  const done = await publish(deskOn("2027-02-01", 1), { publishedOn: "2026-06-30", correction: "Letters of May were recorded late." });
  assert.ok(done.kind === "published");
  assert.deepEqual([done.fact.edition, done.fact.correction, done.report.bands.option], [2, "Letters of May were recorded late.", 3]);
  assert.equal(printedBy(done.report)[0], "process 2026-01-02…2026-06-30 0–249");
  const editions = (await publishedBands(sample.desk)).filter(({ fact }) => fact.publishedOn === "2026-06-30");
  assert.deepEqual(
    editions.map(({ fact }) => fact.edition),
    [1, 2],
  );
  assert.deepEqual(await checkReports(sample.desk), []);
});

test("a yearly report that follows prints the days of the bands again, not days that overlap them", async () => {
  const done = await publishReport(deskOn("2027-02-01"), 2026, by);
  const { report } = done.kind === "published" ? done : assert.fail("the report was refused");
  assert.ok(report.nationalSecurity !== null && "rows" in report.nationalSecurity);
  assert.equal(report.nationalSecurity.publishedOn, "2026-12-27");
  assert.deepEqual(await reasonsAgainstBands(deskOn("2027-02-01"), {}).then((all) => all.map(({ code }) => code)), ["BAND_DAYS_PRINTED"]);
});

test("of two people who publish at the same moment one does, and the other is asked what the edition corrects", async () => {
  const desk = deskOn("2027-07-30");
  const outcomes = await Promise.all([publish(desk), publish(desk)]);
  assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ["published", "refused"]);
  assert.deepEqual(
    outcomes.flatMap((outcome) => (outcome.kind === "refused" ? outcome.reasons.map(({ code }) => code) : [])),
    ["CORRECTION_UNEXPLAINED"],
  );
});

test("bands that no longer follow from the ledger are found, in words that tell no band and no count", async () => {
  const narrower = sample.desk.laws.map((law) =>
    law.reportBands === undefined ? law : { ...law, reportBands: { structures: law.reportBands.structures.map((structure) => ({ ...structure, width: 2 })) } },
  );
  const findings = (await checkReports({ ...sample.desk, laws: narrower })).filter(({ bandsOf }) => bandsOf !== undefined);
  assert.ok(findings.length >= 4);
  for (const finding of findings) {
    assert.match(figureWords(finding), /^Bands of \d{4}-\d\d-\d\d, edition \d: The bands counted from the ledger differ from the published ones\.$/);
    assert.doesNotMatch(finding.what, /\d/);
  }
});

test("a stored document that is not the one that was published is found", async () => {
  const open = sample.desk.ports.vault.open.bind(sample.desk.ports.vault);
  const vault: Desk["ports"]["vault"] = {
    ...sample.desk.ports.vault,
    open: async (...asked) => {
      const opened = await open(...asked);
      return opened.kind === "open" ? { ...opened, value: JSON.parse(JSON.stringify(opened.value).replaceAll('"high":249', '"high":499')) } : opened;
    },
  };
  const findings = await checkReports({ ...sample.desk, ports: { ...sample.desk.ports, vault } });
  assert.ok(findings.some(({ bandsOf, what }) => bandsOf === "2026-06-30" && what === "The stored bands are not the ones that were published."));
});
