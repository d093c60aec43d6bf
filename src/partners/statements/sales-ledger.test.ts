// One row of a sales ledger, and what many rows add up to.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { currency } from "../../kernel/money.ts";
import { openTally, plainMinorUnits, readSale, readSalesHeader, shareOfSales, type SalesColumns } from "./sales-ledger.ts";

const header = readSalesHeader(["date", "product", "currency", "kind", "amount", "reference"]);
const columns = header.columns ?? assert.fail("the header is whole");
const good = { date: "2026-03-31", product: "Helper 2.0", currency: "USD", kind: "sale", amount: "18450.00", reference: "" };
const read = (changes: Partial<typeof good>, of: SalesColumns = columns) => readSale(Object.values({ ...good, ...changes }), of, 7);

function faultsOf(changes: Partial<typeof good>) {
  const sale = read(changes);
  if ("minorUnits" in sale) return [];
  return sale.map(({ line, column, what }) => `${line} ${column}: ${what}`);
}

test("a sale is read as its month, product, currency, kind and minor units (AI-5b)", () => {
  assert.deepEqual(read({}), { month: "2026-03", product: "Helper 2.0", currency: "USD", kind: "sale", minorUnits: 1845000n });
  assert.deepEqual(
    ["12", "12.5", "0.05", "0"].map((amount) => (read({ amount }) as { minorUnits: bigint }).minorUnits),
    [1200n, 1250n, 5n, 0n],
  );
  assert.equal((read({ currency: "JPY", amount: "999999999999999" }) as { minorUnits: bigint }).minorUnits, 999999999999999n);
  assert.equal((read({ currency: "BHD", amount: "1.234" }) as { minorUnits: bigint }).minorUnits, 1234n);
});

test("a row that is none is told what to write instead, each place for itself", () => {
  const wrong = {
    date: ["2026-02-29", "2026-13-01", "20260301", "+002026-03-01", "2026-3-1", "", "2026-03-01T00:00"],
    product: ["", "a".repeat(101), "Café", "a,b", "=cmd()", "a\tb", "a\nb"],
    currency: ["usd", "US", "XXQ", "", "USD "],
    kind: ["refund", "Sale", "", " sale"],
    amount: ["", "-1", "-0", "+1", "1,000.00", "1.", ".5", "01", "1e3", "1.234", "1234567890123456", " 1", "١", "NaN"],
  };
  for (const [column, texts] of Object.entries(wrong))
    for (const text of texts) {
      const faults = faultsOf({ [column]: text });
      assert.equal(faults.length, 1, `${column} ${JSON.stringify(text)}`);
      assert.match(faults[0] ?? "", new RegExp(`^7 ${column}: .+\\. [A-Z].+\\.$|^7 ${column}: .+\\.$`));
    }
  assert.deepEqual(
    faultsOf({ date: "2026-04-31", product: "", currency: "XXQ", kind: "x", amount: "-1", reference: "r".repeat(1001) }).map((each) => each.split(":")[0]),
    ["7 date", "7 product", "7 currency", "7 kind", "7 amount", "7 reference"],
  );
  assert.deepEqual(faultsOf({ reference: "r".repeat(1000) }), []);
});

test("what is deducted is written without a minus, and a sum no finer than its currency (AI-5b)", () => {
  assert.match(faultsOf({ kind: "tax", amount: "-5" })[0] ?? "", /What is deducted is written without a minus/);
  assert.match(faultsOf({ currency: "JPY", amount: "5.0" })[0] ?? "", /JPY, which has 0 digits/);
  assert.deepEqual(faultsOf({ currency: "XXQ", amount: "5.0000" }).length, 1);
});

test("a row with too many or too few fields, and an empty line, are told apart", () => {
  const faults = (fields: readonly string[]) => (readSale(fields, columns, 3) as readonly { what: string }[])[0]?.what;
  assert.match(faults(["2026-01-01", "a"]) ?? "", /has 2 fields and the header 6/);
  assert.match(faults([""]) ?? "", /empty/);
});

test("a fault shows no more than the beginning of a text, and nothing that moves a cursor", () => {
  assert.match(faultsOf({ kind: `\u001b[2J${"x".repeat(200)}` })[0] ?? "", /"�\[2Jx{36}…"/);
});

test("a header names each of the five columns once, in any order, and nothing that nobody knows", () => {
  const faults = (names: readonly string[]) => readSalesHeader(names).faults.map(({ column, what }) => `${column}: ${what}`);
  assert.deepEqual(faults(["amount", "kind", "currency", "product", "date"]), []);
  assert.deepEqual(readSalesHeader(["amount", "kind", "currency", "product", "date"]).columns, {
    date: 4,
    product: 3,
    currency: 2,
    kind: 1,
    amount: 0,
    reference: undefined,
    count: 5,
  });
  assert.match(faults(["date", "product", "currency", "kind"])[0] ?? "", /^amount: The header names no column amount/);
  assert.match(faults(["date", "product", "currency", "kind", "amount", "date"])[0] ?? "", /^date: .* twice/);
  assert.match(faults(["date", "product", "currency", "kind", "amount", "Amount"])[0] ?? "", /"Amount" that nobody knows/);
});

test("a sum read from bytes is the sum read from its text, or is left to the text", () => {
  const digits = fc.constantFrom(0, 2, 3);
  const near = fc.stringMatching(/^[0-9]{0,17}[.,-]?[0-9]{0,4}$/);
  fc.assert(
    fc.property(near, digits, fc.nat(3), (amount, of, before) => {
      const bytes = new Uint8Array([...Array.from({ length: before }, () => 57), ...Array.from(amount, (letter) => letter.charCodeAt(0)), 57]);
      const plain = plainMinorUnits(bytes, before, before + amount.length, of);
      const sale = read({ amount, currency: of === 0 ? "JPY" : of === 2 ? "USD" : "BHD" });
      if (plain >= 0) assert.equal("minorUnits" in sale && sale.minorUnits, BigInt(plain));
      else if ("minorUnits" in sale) assert.ok(amount.length > 12, amount);
    }),
    { numRuns: 2000 },
  );
});

test("sums stay exact beyond the numbers that a machine counts in, and a month that outgrows a sum is named", () => {
  const tally = openTally(10);
  const cell = tally.cellOf({ month: "2026-03", product: "a", currency: currency("USD") }) ?? assert.fail("there is room");
  for (let nth = 0; nth < 20; nth++) cell.addPlain(0, 2 ** 52 - nth);
  cell.add(0, 1n);
  assert.deepEqual(tally.months(), [
    { month: "2026-03", product: "a", currency: "USD", gross: "900719925474097.31", taxes: "0.00", credits: "0.00", expenses: "0.00" },
  ]);
  for (let nth = 0; nth < 3; nth++) cell.addPlain(1, 2 ** 52);
  cell.add(1, 10n ** 17n);
  assert.deepEqual(tally.months(), { tooLarge: ["2026-03, a, USD"] });
});

test("months stand in order, one a product and currency, and there is an end to how many there can be", () => {
  const tally = openTally(3);
  const at = (month: string, product: string, code: string) => tally.cellOf({ month, product, currency: currency(code) });
  for (const [month, product, code] of [
    ["2026-02", "b", "USD"],
    ["2026-01", "b", "USD"],
    ["2026-01", "a", "JPY"],
  ] as const)
    at(month, product, code)?.add(2, 1n);
  assert.equal(at("2026-04", "b", "USD"), undefined);
  assert.ok(at("2026-02", "b", "USD") !== undefined);
  assert.deepEqual(
    (tally.months() as readonly { month: string; product: string; credits: string }[]).map(({ month, product, credits }) => [month, product, credits]),
    [
      ["2026-01", "a", "1"],
      ["2026-01", "b", "0.01"],
      ["2026-02", "b", "0.01"],
    ],
  );
});

test("W-1: the share of a month that was added up is the share of its five lines (AI-5a, AI-5b)", () => {
  const { net, share } = shareOfSales({
    month: "2026-03",
    product: "a",
    currency: "USD",
    gross: "18450.00",
    taxes: "1230.00",
    credits: "640.00",
    expenses: "415.50",
  });
  assert.deepEqual([net, share], ["16164.50", "4849.35"]);
});
