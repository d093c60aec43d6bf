// The Commission's sheet of Member State orders: its headers letter for letter, its rows in its order, its medians in hours.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { day } from "../kernel/instant.ts";
import { dsaOrdersSheet, type DsaOrders } from "./dsa-orders.ts";
import { median, type RequestRow } from "./request-row.ts";

const orders: DsaOrders = { service: "Kutano Workspace", year: 2026, toAct: ["EU-DSA-9"], toInform: ["EU-DSA-10"] };

function order(changes: Partial<RequestRow> = {}): RequestRow {
  return {
    receivedOn: day("2026-03-03"),
    instrument: "EU-DSA-10",
    family: "production",
    bucket: "dsa-order",
    issuedIn: "DE",
    dataCategories: ["SUBSCRIBER"],
    illegalContent: { category: "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", keyword: "KEYWORD_PHISHING" },
    outcome: "produced_full",
    emergency: false,
    ...changes,
  };
}

/** RFC 4180, for files with a quoted cell or a byte order mark. */
function readCsv(text: string): readonly (readonly string[])[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ""));
}

function sheet(requests: readonly RequestRow[], changes: Partial<DsaOrders> = {}) {
  const made = dsaOrdersSheet(requests, { ...orders, ...changes });
  const [headers = [], ...rows] = readCsv(made.csv);
  const figures = (scope: string, category: string) =>
    rows
      .filter((row) => row[5] === scope && row[3] === category)
      .map((row) => row.slice(6, 13).join("|"))
      .join(" / ");
  return { ...made, headers, rows, figures };
}

const templateFolder = fileURLToPath(new URL("../../../shared/data/transparency/dsa-template-2024-2835", import.meta.url));
const [templateName] = globSync("*Part_3_member_states_orders.csv", { cwd: templateFolder });
const absent = templateName === undefined ? "the Commission's template is not beside the checkout" : false;

test("the headers are the template's twenty, and the rows of the totals are its rows", { skip: absent }, () => {
  const [headers = [], ...rows] = readCsv(readFileSync(join(templateFolder, templateName ?? ""), "utf8"));
  const made = sheet([]);
  assert.deepEqual(
    made.headers,
    headers.map((header) => header.trim()),
  );
  assert.deepEqual(
    made.rows.map((row) => [row[0], row[3], row[5]]),
    rows.filter((row) => row[5] === "TOTAL").map((row) => [row[0], row[3], row[5]]),
  );
});

test("there are twenty columns, from Applicability to the context of the last median", () => {
  const { headers, rows } = sheet([order()]);
  assert.equal(headers.length, 20);
  assert.deepEqual([headers[0], headers[4], headers[5]], ["Applicability", 'Description of the sub-category "Other"', "Scope"]);
  assert.equal(headers[6], "Number of orders to act against illegal content received");
  assert.equal(headers[13], "Contextual information on number of orders to act against illegal content received");
  assert.equal(headers[19], "Contextual information on Median time to give effect to the order to provide information");
  assert.ok(rows.every((row) => row.length === 20));
});

test("the report is due two months after the year and stays public for five years", () => {
  const { dueOn, publicUntil, keep, name } = sheet([]);
  assert.deepEqual([name, dueOn, publicUntil], ["3_member_states_orders", "2027-02-28", "2032-02-28"]);
  assert.match(keep, /five years/);
  assert.equal(sheet([], { year: 2027 }).dueOn, "2028-02-29");
});

test("there is a total, and rows for the Member States that sent an order, Greece as EL", () => {
  const { rows } = sheet([order({ issuedIn: "GR" }), order({ issuedIn: "AT" }), order({ issuedIn: "DE-BY" }), order({ issuedIn: "DE" })]);
  assert.deepEqual([...new Set(rows.map((row) => row[5]))], ["TOTAL", "AT", "DE", "EL"]);
  assert.deepEqual([...new Set(rows.map((row) => `${row[0]} ${row[1]} ${row[2]}`))], ["All Kutano Workspace 2026-01-01/2026-12-31"]);
});

test("without an order the numbers are 0 and the medians empty", () => {
  const { figures, rows } = sheet([]);
  assert.equal(figures("TOTAL", "TOTAL"), "0|0|||0||");
  assert.equal(rows.length, 91);
});

test("orders to act and orders to inform are counted apart, with their items and their medians in hours", () => {
  const act = { instrument: "EU-DSA-9", family: "content-order" };
  const { figures } = sheet([
    order({ ...act, items: 10, acknowledgedAfterHours: 0, effectAfterHours: 5 }),
    order({ ...act, acknowledgedAfterHours: 3, effectAfterHours: 8 }),
    order({ acknowledgedAfterHours: 1, effectAfterHours: 30 }),
    order({ acknowledgedAfterHours: 2, effectAfterHours: 10.5 }),
    order({
      acknowledgedAfterHours: 9,
      outcome: "pending",
      issuedIn: "FR",
      illegalContent: { category: "STATEMENT_CATEGORY_VIOLENCE", keyword: "KEYWORD_HUMAN_TRAFFICKING" },
    }),
  ]);
  assert.equal(figures("TOTAL", "TOTAL"), "2|11|1.5|6.5|3|2|20.25");
  assert.equal(figures("DE", "KEYWORD_PHISHING"), "2|11|1.5|6.5|2|1.5|20.25");
  assert.equal(figures("FR", "TOTAL"), "0|0|||1|9|");
  assert.equal(figures("FR", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"), "0|0|||0||");
});

test("an order without a sub-category stands under other with a description, and every description has its own row", () => {
  const category = "STATEMENT_CATEGORY_CYBER_VIOLENCE";
  const { rows, figures } = sheet([
    order({ illegalContent: { category, keyword: "KEYWORD_OTHER", described: "Doxing, of officials" } }),
    order({ illegalContent: { category, keyword: "KEYWORD_OTHER", described: "Doxing, of officials" } }),
    order({ illegalContent: { category } }),
  ]);
  assert.equal(figures("DE", category), "0|0|||3||");
  assert.deepEqual(
    rows.filter((row) => row[5] === "DE" && row[4] !== "").map((row) => [row[3], row[4], row[10]]),
    [
      ["KEYWORD_OTHER", "Doxing, of officials", "2"],
      ["KEYWORD_OTHER", "Sub-category not given by the authority (CYBER_VIOLENCE)", "1"],
    ],
  );
});

test("an order that names no legal ground has a category of its own", () => {
  const { illegalContent: _, ...silent } = order();
  assert.equal(sheet([silent]).figures("TOTAL", "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"), "0|0|||1||");
});

test("European Production Orders are counted only where counsel has put them among the orders to inform", () => {
  const european = order({ instrument: "EU-EPOC" });
  assert.equal(sheet([european]).figures("TOTAL", "TOTAL"), "0|0|||0||");
  assert.equal(sheet([european], { toInform: ["EU-DSA-10", "EU-EPOC"] }).figures("TOTAL", "TOTAL"), "0|0|||1||");
});

test("national-security process and other years are in no row; an order that cannot be placed is named and in no row", () => {
  const { issuedIn: _, ...nowhere } = order();
  const { figures, findings } = sheet([
    order({ family: "national-security" }),
    order({ receivedOn: day("2027-01-01") }),
    nowhere,
    order({ issuedIn: "GB" }),
    order({ illegalContent: { category: "STATEMENT_CATEGORY_OTHER_VIOLATION_TC" } }),
    order({ illegalContent: { category: "STATEMENT_CATEGORY_VIOLENCE", keyword: "KEYWORD_PHISHING" } }),
  ]);
  assert.equal(figures("TOTAL", "TOTAL"), "0|0|||0||");
  assert.deepEqual(
    findings.map(({ row, code }) => `${row} ${code}`),
    ["2 ISSUING_STATE_UNKNOWN", "3 ISSUING_STATE_OUTSIDE", "4 CATEGORY_UNKNOWN", "5 CATEGORY_UNKNOWN"],
  );
});

const someOrder = fc
  .record({
    instrument: fc.constantFrom("EU-DSA-9", "EU-DSA-10"),
    issuedIn: fc.constantFrom("DE", "FR", "GR"),
    illegalContent: fc.constantFrom(
      { category: "STATEMENT_CATEGORY_VIOLENCE" },
      { category: "STATEMENT_CATEGORY_VIOLENCE", keyword: "KEYWORD_COORDINATED_HARM" },
      { category: "STATEMENT_CATEGORY_VIOLENCE", keyword: "KEYWORD_OTHER", described: "Threats" },
      { category: "STATEMENT_CATEGORY_SELF_HARM", keyword: "KEYWORD_SUICIDE" },
    ),
  })
  .map((changes) => order(changes));

test("States add up to the total, categories to the total, and sub-categories to their category", () => {
  fc.assert(
    fc.property(fc.array(someOrder, { maxLength: 20 }), (some) => {
      const { rows } = sheet(some);
      const n = (row: readonly string[]) => Number(row[6]) + Number(row[10]);
      const sum = (these: readonly (readonly string[])[]) => these.reduce((total, row) => total + n(row), 0);
      assert.equal(sum(rows.filter((row) => row[3] === "TOTAL" && row[5] !== "TOTAL")), some.length);
      for (const scope of new Set(rows.map((row) => row[5]))) {
        const mine = rows.filter((row) => row[5] === scope);
        const total = sum(mine.slice(0, 1));
        assert.equal(sum(mine.filter((row) => row[3]?.startsWith("STATEMENT_"))), total);
        assert.equal(sum(mine.filter((row) => row[3]?.startsWith("KEYWORD_"))), total);
      }
    }),
    { numRuns: 50 },
  );
});

test("a median is the middle, or the mean of the middle two, or nothing", () => {
  assert.deepEqual(
    [[], [7], [9, 1], [30, 1, 2], [1, 2, 10, 100]].map((values) => median(values)),
    [undefined, 7, 5, 2, 6],
  );
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
      const middle = median(values) ?? assert.fail("no median");
      assert.ok(values.filter((value) => value < middle).length * 2 <= values.length);
      assert.ok(values.filter((value) => value > middle).length * 2 <= values.length);
    }),
  );
});

test("where nobody recorded what an order calls illegal, it stands in the totals and under no category, and the sheet says so", () => {
  const { illegalContent: _, ...bare } = order({ instrument: "EU-DSA-9", acknowledgedAfterHours: 3 });
  const { figures, gaps, rows } = sheet([{ ...bare, unrecorded: ["illegal-content", "items", "effect"] }]);
  assert.equal(figures("DE", "TOTAL"), "1||3||0||");
  assert.equal(figures("DE", "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"), "0|0|||0||");
  assert.deepEqual(
    gaps.map(({ about, rows: at }) => [about, at]),
    [
      ["illegal-content", [0]],
      ["items", [0]],
      ["effect", [0]],
    ],
  );
  const context = rows.find((row) => row[5] === "DE" && row[3] === "TOTAL")?.slice(13) ?? [];
  assert.deepEqual(
    context.map((cell) => cell.slice(0, 30)),
    ["1 of these orders: the categor", "1 of these orders: the number ", "", "1 of these orders: the time of", "", "", ""],
  );
});

test("an order whose ground is known beside one whose ground is not: the total counts both, the category one", () => {
  const { illegalContent: _, ...bare } = order();
  const { figures, gaps } = sheet([order(), { ...bare, unrecorded: ["illegal-content"] }]);
  assert.deepEqual([figures("TOTAL", "TOTAL"), figures("TOTAL", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD")], ["0|0|||2||", "0|0|||1||"]);
  assert.deepEqual(
    gaps.map(({ about, rows }) => [about, rows]),
    [["illegal-content", [1]]],
  );
});
