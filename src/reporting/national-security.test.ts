// National-security process: four lawful ways to report it, their periods to the day, and no way to read a count out of a report.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { us, workplace } from "../../tests/a-case.ts";
import { runs } from "../../tests/random-case.ts";
import { addDays, day, dayOf, daysBetween, instant, zone, type Day } from "../kernel/instant.ts";
import type { Instrument } from "../policy/pack.ts";
import {
  bandTable,
  findSecretPaper,
  nameStructure,
  periodCovered,
  secretCases,
  silentUntil,
  type BandOption,
  type BandStructure,
  type Naming,
  type ReportBands,
  type SecretCase,
} from "./national-security.ts";
import { words } from "./small-numbers.ts";
import { emptyTally, outcomes, type Tally } from "./tally.ts";
import { reportCsv, transparencyReport, type Counting } from "./transparency-report.ts";

const fixture = readFileSync(new URL("national-security.fixture.yaml", import.meta.url), "utf8");
const { reportBands: bands } = parse(fixture) as { readonly reportBands: ReportBands };
const options: readonly BandOption[] = [1, 2, 3, 4];
const published = day("2027-01-15");

function option(n: BandOption): BandStructure {
  return bands.structures.find((structure) => structure.option === n) ?? assert.fail(`no option ${n}`);
}

function secret(paper: string, receivedOn: string, changes: Partial<SecretCase> = {}): SecretCase {
  return { paper, receivedOn: day(receivedOn), selectors: 1, newPlatform: false, ...changes };
}

/** Bands one wide show the count, so that a test can see what a category counts. */
function countsOf(structure: BandStructure, publishedOn: Day, cases: readonly SecretCase[]): Record<string, number> {
  return Object.fromEntries(bandTable({ ...structure, width: 1 }, publishedOn, cases).rows.map(({ id, band }) => [id, band.low]));
}

test("each option has the categories, the band and the rhythm of 50 USC 1874(a)", () => {
  assert.deepEqual(
    options.map((n) => {
      const { every, width, start, categories } = option(n);
      return [n, every, width, start, categories.map(({ id }) => id)];
    }),
    [
      [
        1,
        "half-year",
        1000,
        0,
        [
          "letters",
          "letter-selectors",
          "content-orders",
          "content-selectors",
          "non-content-orders",
          "non-content-selectors-pen-register",
          "non-content-selectors-records",
          "non-content-selectors-call-records",
        ],
      ],
      [2, "half-year", 500, 0, ["letters", "letter-selectors", "content-orders", "content-selectors", "non-content-orders", "non-content-selectors"]],
      [3, "half-year", 250, 0, ["process", "selectors"]],
      [4, "year", 100, 0, ["process", "selectors"]],
    ],
  );
});

test("a report of 15 January 2027 covers these days under each option, both ends included", () => {
  const periods = options.flatMap((n) => bandTable(option(n), published, []).rows.map(({ id, from, to }) => `${n} ${id} ${from}…${to}`));
  const [letters, orders] = ["2026-07-20…2027-01-15", "2026-01-21…2026-07-19"];
  assert.deepEqual(periods, [
    `1 letters ${letters}`,
    `1 letter-selectors ${letters}`,
    `1 content-orders ${orders}`,
    `1 content-selectors ${orders}`,
    `1 non-content-orders ${orders}`,
    `1 non-content-selectors-pen-register ${orders}`,
    `1 non-content-selectors-records ${orders}`,
    `1 non-content-selectors-call-records ${orders}`,
    `2 letters ${letters}`,
    `2 letter-selectors ${letters}`,
    `2 content-orders ${orders}`,
    `2 content-selectors ${orders}`,
    `2 non-content-orders ${orders}`,
    `2 non-content-selectors ${orders}`,
    `3 process ${letters}`,
    `3 selectors ${letters}`,
    "4 process 2025-01-16…2026-01-15",
    "4 selectors 2025-01-16…2026-01-15",
  ]);
});

const someDay = fc.integer({ min: 0, max: 36_500 }).map((n) => addDays(day("2020-01-01"), n));

test("on whatever day a report is published, 180 days are 180 days, and no window ends later than the law allows", () => {
  fc.assert(
    fc.property(someDay, fc.constantFrom(...options), (publishedOn, n) => {
      for (const [name, window] of Object.entries(option(n).window)) {
        const { from, to } = periodCovered(window, publishedOn);
        const inclusive = daysBetween(from, to) + 1;
        const silence = daysBetween(to, publishedOn);
        if (n === 4) assert.ok((inclusive === 365 || inclusive === 366) && (silence === 365 || silence === 366), `${publishedOn} ${from} ${to}`);
        else assert.deepEqual([inclusive, silence], [180, name === "orders" ? 180 : 0]);
      }
    }),
    runs,
  );
});

test("a year before 29 February 2028 is 28 February 2027, and that year begins on 1 March", () => {
  const window = option(4).window["all"] ?? assert.fail("no window");
  assert.deepEqual(periodCovered(window, day("2028-02-29")), { from: "2026-03-01", to: "2027-02-28" });
});

test("the first and the last day of a period count, the days beside them do not", () => {
  const letters = ["2026-07-19", "2026-07-20", "2027-01-15", "2027-01-16"].map((on) => secret("US-NSL", on));
  assert.deepEqual(
    letters.map((letter) => countsOf(option(1), published, [letter])["letters"]),
    [0, 1, 1, 0],
  );
  const orders = ["2026-01-20", "2026-01-21", "2026-07-19", "2026-07-20"].map((on) => secret("US-FISA-DIRECTIVE", on));
  assert.deepEqual(
    orders.map((order) => countsOf(option(2), published, [order])["content-orders"]),
    [0, 1, 1, 0],
  );
});

test("options 1 and 2 hold FISA orders back for 180 days; option 3 has no such delay", () => {
  const recent = [secret("US-FISA-ORDER", "2026-12-01", { selectors: 3 }), secret("US-NSL", "2026-12-01", { selectors: 2 })];
  assert.deepEqual(countsOf(option(2), published, recent), {
    letters: 1,
    "letter-selectors": 2,
    "content-orders": 0,
    "content-selectors": 0,
    "non-content-orders": 0,
    "non-content-selectors": 0,
  });
  assert.deepEqual(countsOf(option(3), published, recent), { process: 2, selectors: 5 });
});

test("option 1 splits the selectors of orders for non-contents by title and counts the orders together", () => {
  const on = "2026-05-05";
  const counts = countsOf(option(1), published, [
    secret("US-FISA-PRTT", on, { selectors: 2 }),
    secret("US-FISA-RECORDS", on, { selectors: 3 }),
    secret("US-FISA-CALL-RECORDS", on, { selectors: 5 }),
  ]);
  assert.equal(counts["non-content-orders"], 3);
  assert.deepEqual(
    ["pen-register", "records", "call-records"].map((title) => counts[`non-content-selectors-${title}`]),
    [2, 3, 5],
  );
});

test("the first order on a new platform, received on 1 February 2026, is silent until 26 July 2027", () => {
  assert.equal(silentUntil(day("2026-02-01"), 540), "2027-07-26");
  const order = secret("US-FISA-ORDER", "2026-02-01", { newPlatform: true });
  assert.equal(countsOf(option(1), published, [order])["content-orders"], 0);
  assert.equal(countsOf(option(1), published, [{ ...order, newPlatform: false }])["content-orders"], 1);
  // An older window, which the law allows too, still covers the order when its silence ends.
  const { window } = option(1);
  const older = {
    ...option(1),
    window: { ...window, orders: { ...(window["orders"] ?? assert.fail("no window")), endsBefore: { n: 400, unit: "days" as const } } },
  };
  assert.deepEqual(
    ["2027-07-25", "2027-07-26"].map((on) => countsOf(older, day(on), [order])["content-orders"]),
    [0, 1],
  );
});

test("a new platform delays no letter, and nothing under options 3 and 4", () => {
  const letter = secret("US-NSL", "2026-12-01", { newPlatform: true });
  assert.equal(countsOf(option(1), published, [letter])["letters"], 1);
  assert.equal(countsOf(option(3), published, [secret("US-FISA-ORDER", "2026-12-01", { newPlatform: true })])["process"], 1);
  assert.equal(countsOf(option(4), published, [secret("US-FISA-ORDER", "2025-12-01", { newPlatform: true })])["process"], 1);
});

test("nothing received prints the first band in every category", () => {
  assert.deepEqual(
    options.map((n) => [...new Set(bandTable(option(n), published, []).rows.map(({ band }) => words(band)))]),
    [["0–999"], ["0–499"], ["0–249"], ["0–99"]],
  );
});

test("a band that starts elsewhere starts there", () => {
  const table = bandTable({ ...option(3), start: 1, width: 250 }, published, many(251));
  assert.equal(words(table.rows[0]?.band ?? assert.fail("no row")), "251–500");
});

function many(n: number, changes: Partial<SecretCase> = {}): SecretCase[] {
  return Array.from({ length: n }, () => secret("US-NSL", "2026-12-01", changes));
}

const instruments: readonly Instrument[] = us.instruments;
const allNamed = { bands, instruments, beside: [] };

function codes(naming: Naming): readonly string[] {
  return naming.kind === "refused" ? naming.reasons.map(({ code }) => code) : [naming.kind];
}

test("every option that is named alone, or beside itself, is the structure of the report", () => {
  for (const n of options) {
    assert.deepEqual(nameStructure({ ...allNamed, option: n }), { kind: "named", structure: option(n) });
    assert.deepEqual(codes(nameStructure({ ...allNamed, option: n, beside: [n, n] })), ["named"]);
  }
  assert.deepEqual(nameStructure({ ...allNamed, option: undefined }), { kind: "none" });
  assert.deepEqual(nameStructure({ ...allNamed, bands: undefined, option: undefined }), { kind: "none" });
});

test("two structures in one report are refused with the reason, and so is a table that vanishes from a later edition", () => {
  for (const named of [...options, undefined])
    for (const other of options)
      if (named !== other) assert.deepEqual(codes(nameStructure({ ...allNamed, option: named, beside: [other] })), ["BAND_STRUCTURES_MIXED"]);
  const refused = nameStructure({ ...allNamed, option: 1, beside: [3] });
  assert.ok(refused.kind === "refused");
  assert.equal(
    refused.reasons[0].because,
    "A report uses one structure of 50 USC 1874 for all its tables and editions. Option 3 was printed, and this edition names option 1: " +
      "two band widths, or a band that vanishes, would narrow the number down. Name option 3 again.",
  );
});

test("an option without a table is refused, and a table that leaves out a paper of its law is too", () => {
  assert.deepEqual(codes(nameStructure({ ...allNamed, bands: { structures: [] }, option: 2 })), ["BAND_STRUCTURE_UNKNOWN"]);
  assert.deepEqual(codes(nameStructure({ ...allNamed, bands: undefined, option: 2, beside: [1] })), ["BAND_STRUCTURES_MIXED", "BAND_STRUCTURE_UNKNOWN"]);
  for (const n of options) {
    const { categories } = option(n);
    for (const without of categories) {
      if (without.counts.papers.every((paper) => !instruments.some(({ id }) => id === paper))) continue;
      const narrowed = { structures: [{ ...option(n), categories: categories.filter(({ id }) => id !== without.id) }] };
      assert.ok(codes(nameStructure({ ...allNamed, bands: narrowed, option: n })).includes("BAND_PAPER_UNCOUNTED"), `option ${n} without ${without.id}`);
    }
  }
});

const counting: Counting = {
  company: "Kutano",
  year: 2026,
  edition: 1,
  smallNumber: 9,
  treeSize: 1000,
  dataTypes: workplace.dataTypes,
  instruments,
};
const secretPapers = instruments.filter(({ family }) => family === "national-security").map(({ id }) => id);
const openPapers = instruments.filter(({ family }) => family !== "national-security").map(({ id }) => id);
const receivedAt = instant("2026-12-01T12:00:00Z");

function someTally(papers: readonly string[]): fc.Arbitrary<Tally> {
  return fc
    .record({
      paper: fc.constantFrom(...papers),
      also: fc.option(fc.constantFrom(...openPapers)),
      outcome: fc.constantFrom(...outcomes),
      produced: fc.boolean(),
      records: fc.constantFrom({ name: 1 }, { messages: 3 }, {}),
      accounts: fc.nat({ max: 40 }),
      selectors: fc.nat({ max: 400 }),
      attempts: fc.nat({ max: 20 }),
      noticeLate: fc.boolean(),
      noticeBefore: fc.boolean(),
      withheld: fc.boolean(),
      newPlatform: fc.boolean(),
    })
    .map(({ paper, also, outcome, produced, attempts, withheld, ...counts }) => ({
      ...emptyTally,
      receivedAt,
      ...(also === null ? { instrument: paper } : { instrument: also, proposed: papers === secretPapers ? [also, paper] : [also] }),
      ...(outcome === "pending" ? {} : { closed: outcome }),
      ...(withheld ? { withheld: "gag" as const } : {}),
      ...counts,
      released: produced,
      full: produced,
      liftAttempts: attempts,
      lifted: attempts,
    }));
}

const inDenver = (moment: typeof receivedAt) => dayOf(moment, zone("America/Denver"));

test("adding or removing national-security cases changes nothing in the rest of the report, in JSON or in CSV", () => {
  assert.ok(secretPapers.length >= 3);
  fc.assert(
    fc.property(
      fc.array(someTally(openPapers), { maxLength: 30 }),
      fc.array(someTally(secretPapers), { maxLength: 30 }),
      fc.constantFrom(...options),
      (open, hidden, n) => {
        const all = [...hidden, ...open];
        assert.deepEqual(transparencyReport(all, counting), transparencyReport(open, counting));
        const tableOf = (tallies: readonly Tally[]) => bandTable(option(n), published, secretCases(tallies, instruments, inDenver));
        assert.deepEqual(tableOf(all), tableOf(hidden), "open cases are in no band");
        const { nationalSecurity: _, ...rest } = transparencyReport(all, { ...counting, bands: tableOf(all) });
        const { nationalSecurity: __, ...without } = transparencyReport(open, { ...counting, bands: tableOf(open) });
        assert.deepEqual(rest, without);
        const open1 = (csv: string) => csv.split("\r\n").filter((line) => !line.includes(",national-security "));
        assert.deepEqual(
          open1(reportCsv(transparencyReport(all, { ...counting, bands: tableOf(all) }))),
          open1(reportCsv(transparencyReport(open, { ...counting, bands: tableOf(open) }))),
        );
      },
    ),
    { ...runs, numRuns: Math.ceil((runs.numRuns ?? 2000) / 4) },
  );
});

test("two numbers in the same band print the same table, JSON and CSV; two numbers in different bands do not", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1200 }), fc.nat({ max: 1200 }), (one, other) => {
      const { width } = option(3);
      const [first, second] = [one, other].map((n) => bandTable(option(3), published, many(n)));
      const same = Math.floor(one / width) === Math.floor(other / width);
      (same ? assert.deepEqual : assert.notDeepEqual)(first, second);
    }),
    { numRuns: 200 },
  );
});

test("no number of a table tells more than its band: every one of them is the option, the width, or an end of a band", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3000 }), { maxLength: 5 }), fc.constantFrom(...options), (selectors, n) => {
      const table = bandTable(
        option(n),
        published,
        selectors.flatMap((each) => secretPapers.map((paper) => secret(paper, n === 4 ? "2025-06-01" : "2026-07-19", { selectors: each }))),
      );
      const { option: named, width, rows } = JSON.parse(JSON.stringify(table)) as typeof table;
      assert.deepEqual([named, width], [n, option(n).width]);
      for (const { band, ...rest } of rows) {
        assert.ok(Object.values(rest).every((value) => typeof value === "string"));
        assert.deepEqual([band.low % width, band.high - band.low, Object.keys(band).length], [0, width - 1, 2]);
      }
    }),
    runs,
  );
});

test("the CSV prints each band after the totals, under received or accounts, with its days", () => {
  const table = bandTable(option(3), published, many(260, { selectors: 2 }));
  const lines = reportCsv(transparencyReport([], { ...counting, bands: table }))
    .trimEnd()
    .split("\r\n");
  assert.deepEqual(lines.slice(2), [
    "2026,1,national-security process 2026-07-20/2027-01-15,250–499,,,,,,,,,,,,,,",
    "2026,1,national-security selectors 2026-07-20/2027-01-15,,,,,,,,,,500–749,,,,,",
  ]);
});

test("a case whose reading proposes a letter beside another paper is secret until a person has confirmed which one it is", () => {
  const proposed: Tally = { ...emptyTally, receivedAt, instrument: "US-SUBP-GJ", proposed: ["US-SUBP-GJ", "US-NSL"] };
  assert.equal(findSecretPaper(proposed, instruments), "US-NSL");
  assert.deepEqual(transparencyReport([proposed], counting).rows, []);
  const { proposed: _, ...confirmed } = proposed;
  assert.equal(findSecretPaper(confirmed, instruments), undefined);
  assert.equal(transparencyReport([confirmed], counting).rows.length, 1);
});

test("what was set aside, or never received, is in no band", () => {
  const letter: Tally = { ...emptyTally, receivedAt, instrument: "US-NSL", selectors: 2, newPlatform: true };
  const { receivedAt: _, ...never } = letter;
  assert.deepEqual(secretCases([letter, { ...letter, setAside: true }, never, { ...letter, instrument: "US-SW" }], instruments, inDenver), [
    { paper: "US-NSL", receivedOn: "2026-12-01", selectors: 2, newPlatform: true },
  ]);
});
