// The day of a band report: one structure, no two tables over the same days, and the first day on which the next may follow.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { us } from "../../tests/a-case.ts";
import { runs } from "../../tests/random-case.ts";
import { addDays, day, daysBetween, type Day } from "../kernel/instant.ts";
import { bandCsv, firstFreeDay, nameBandReport, reasonsAgainstEdition, sharesDays, type AskedBands } from "./band-report.ts";
import { bandTable, periodCovered, type BandOption, type BandStructure, type BandTable } from "./national-security.ts";

const bands = us.reportBands ?? assert.fail("the pack has no bands");
const options: readonly BandOption[] = [1, 2, 3, 4];

function structure(option: BandOption): BandStructure {
  return bands.structures.find((each) => each.option === option) ?? assert.fail(`no option ${option}`);
}

function table(option: BandOption, publishedOn: string): BandTable {
  return bandTable(structure(option), day(publishedOn), []);
}

function asked(changes: Partial<AskedBands> = {}): AskedBands {
  return {
    bands,
    option: 3,
    instruments: us.instruments,
    printed: [],
    editions: 0,
    publishedOn: day("2027-01-15"),
    today: day("2027-01-15"),
    ...changes,
  };
}

function codes(changes: Partial<AskedBands>): readonly string[] {
  const named = nameBandReport(asked(changes));
  return named.kind === "refused" ? named.reasons.map(({ code }) => code) : [];
}

/** Another way to the same answer: every day of both tables, counted out. */
function daysOf(of: BandTable, counts: string, id: string | undefined): ReadonlySet<Day> {
  return new Set(
    of.rows
      .filter((row) => row.counts === counts && (id === undefined || row.id === id))
      .flatMap(({ from, to }) => Array.from({ length: daysBetween(from, to) + 1 }, (_, nth) => addDays(from, nth))),
  );
}

const someDay = fc.integer({ min: 0, max: 1500 }).map((n) => addDays(day("2026-01-01"), n));

test("two tables share days when a day of one category, or of two structures' papers, stands in both", () => {
  fc.assert(
    fc.property(fc.constantFrom(...options), fc.constantFrom(...options), someDay, someDay, (one, other, on, later) => {
      const [first, second] = [table(one, on), table(other, later)];
      const counted = first.rows.some(({ counts, id }) => {
        const category = one === other ? id : undefined;
        const beside = daysOf(second, counts, category);
        return [...daysOf(first, counts, category)].some((each) => beside.has(each));
      });
      assert.equal(sharesDays(first, second), counted && !(one === other && on === later));
      assert.equal(sharesDays(second, first), sharesDays(first, second));
    }),
    { ...runs, numRuns: 60 },
  );
});

test("a table printed again for its own day is the same table, and one of another structure on that day is not", () => {
  assert.equal(sharesDays(table(1, "2027-01-15"), table(1, "2027-01-15")), false);
  assert.equal(sharesDays(table(1, "2027-01-15"), table(2, "2027-01-15")), true);
  assert.equal(sharesDays(table(1, "2027-01-15"), table(3, "2027-01-15")), true);
});

test("the next half-yearly table follows after 180 days, and the next of option 4 after a year", () => {
  const next = (option: BandOption) => firstFreeDay(structure(option), [table(option, "2027-01-15")], day("2027-01-16"));
  assert.deepEqual(options.map(next), ["2027-07-14", "2027-07-14", "2027-07-14", "2028-01-15"]);
});

test("on the first free day no day is printed twice, and none is left out", () => {
  fc.assert(
    fc.property(fc.constantFrom(...options), someDay, (option, on) => {
      const free = firstFreeDay(structure(option), [table(option, on)], addDays(on, 1));
      assert.ok(!sharesDays(table(option, on), table(option, free)));
      assert.ok(sharesDays(table(option, on), table(option, addDays(free, -1))));
      for (const window of Object.values(structure(option).window))
        if (window.length.unit === "days") assert.equal(periodCovered(window, free).from, addDays(periodCovered(window, on).to, 1));
    }),
    runs,
  );
});

test("a report of bands is named only for a day that nothing stands against, and every reason is given at once", () => {
  const july = table(3, "2026-07-19");
  const cases: readonly (readonly [string, Partial<AskedBands>, readonly string[]])[] = [
    ["the first table", {}, []],
    ["after the days of the last", { printed: [july] }, []],
    ["a day too early", { printed: [july], publishedOn: day("2027-01-14"), today: day("2027-01-14") }, ["BAND_DAYS_PRINTED"]],
    ["another structure in the same calendar year", { printed: [table(4, "2027-01-02")] }, ["BAND_STRUCTURES_MIXED"]],
    ["another structure a year before, over the same days", { option: 1, printed: [table(3, "2026-12-01")] }, ["BAND_STRUCTURES_MIXED"]],
    ["another structure on the same day", { option: 1, printed: [table(2, "2027-01-15")] }, ["BAND_STRUCTURES_MIXED"]],
    ["no structure named", { option: undefined }, ["BAND_OPTION_UNNAMED"]],
    ["a law without tables", { bands: undefined }, ["BAND_STRUCTURE_UNKNOWN"]],
    ["a day that has not come", { publishedOn: day("2027-01-16") }, ["BAND_DAY_AHEAD"]],
    ["an earlier day on which nothing was published", { publishedOn: day("2027-01-14") }, ["BAND_DAY_PAST"]],
    ["an earlier day whose bands are corrected", { publishedOn: day("2026-07-19"), printed: [july], editions: 1 }, []],
    ["today, again", { printed: [table(3, "2027-01-15")], editions: 1 }, []],
    ["a past day without a structure", { option: undefined, publishedOn: day("2027-01-14") }, ["BAND_OPTION_UNNAMED", "BAND_DAY_PAST"]],
  ];
  for (const [what, changes, expected] of cases) assert.deepEqual(codes(changes), expected, what);
});

test("who comes too early is told the first day on which no day would be printed twice", () => {
  const named = nameBandReport(asked({ printed: [table(3, "2026-12-01")] }));
  assert.ok(named.kind === "refused");
  assert.match(named.reasons[0].because, /bands of 2026-12-01 .* first day on which they no longer overlap is 2027-05-30\.$/);
});

test("a later edition says what it corrects, and a first one corrects nothing", () => {
  const code = (editions: number, correction?: string) =>
    reasonsAgainstEdition({ publishedOn: day("2027-01-15"), editions }, correction).map((each) => each.code);
  assert.deepEqual([code(0), code(1, "why"), code(1), code(0, "why")], [[], [], ["CORRECTION_UNEXPLAINED"], ["CORRECTION_OF_NOTHING"]]);
});

test("the CSV has one line a category, with bands of papers and of selectors in columns of their own", () => {
  assert.equal(
    bandCsv({ company: "Kutano", edition: 2, treeSize: 9, bands: table(3, "2027-01-15") }),
    [
      "published_on,edition,option,type,received,accounts",
      "2027-01-15,2,3,national-security process 2026-07-20/2027-01-15,0–249,",
      "2027-01-15,2,3,national-security selectors 2026-07-20/2027-01-15,,0–249",
      "",
    ].join("\r\n"),
  );
});
