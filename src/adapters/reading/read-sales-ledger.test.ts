// Whole sales ledgers: what is good adds up to the cent, what is not is told with its line, and nothing is taken in by halves.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { currency, exactly, inCurrency } from "../../kernel/money.ts";
import type { SalesFault } from "../../partners/statements/sales-ledger.ts";
import { readSalesLedger, type SalesLedgerLimits } from "./read-sales-ledger.ts";

const head = "date,product,currency,kind,amount";
const row = "2026-03-01,Helper,USD,sale,10.00";

async function* inPieces(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): AsyncGenerator<Uint8Array> {
  for (let from = 0, nth = 0; from < bytes.length; nth++) {
    const to = from + Math.max(1, sizes[nth % sizes.length] ?? 1);
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function read(file: string | Uint8Array, { sizes, limits = {} }: { sizes?: readonly number[]; limits?: Partial<SalesLedgerLimits> } = {}) {
  const bytes = typeof file === "string" ? Buffer.from(file) : file;
  const faults: SalesFault[] = [];
  const reading = await readSalesLedger(inPieces(bytes, sizes), { onFault: (fault) => void faults.push(fault), limits });
  assert.equal(reading.sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.equal(reading.kind === "refused" ? reading.faults : 0, faults.length);
  return { reading, faults, at: faults.map(({ line, column }) => `${line} ${column}`.trim()) };
}

/** The least memory that reading can do with, so that small files are read in many parts. */
const narrow = { rowBytes: 1024 };

const whole = async (file: string | Uint8Array, sizes?: readonly number[]) => {
  const { reading, faults } = await read(file, sizes === undefined ? {} : { sizes, limits: narrow });
  return reading.kind === "read" ? reading : assert.fail(JSON.stringify(faults));
};

const kinds = ["sale", "tax", "credit", "expense"] as const;
const members = ["gross", "taxes", "credits", "expenses"] as const;

interface Row {
  readonly date: string;
  readonly product: string;
  readonly currency: string;
  readonly kind: (typeof kinds)[number];
  readonly amount: string;
  readonly reference: string;
}

const anyAmount = (digits: number) =>
  fc
    .record({ whole: fc.oneof(fc.nat(999), fc.nat(99_999_999), fc.constant(9_999_999_999)), decimals: fc.stringMatching(new RegExp(`^\\d{0,${digits}}$`)) })
    .map(({ whole: units, decimals }) => (decimals === "" ? `${units}` : `${units}.${decimals}`));

const anyRow: fc.Arbitrary<Row> = fc.constantFrom(["USD", 2] as const, ["EUR", 2] as const, ["JPY", 0] as const, ["BHD", 3] as const).chain(([code, digits]) =>
  fc.record({
    date: fc.date({ min: new Date("2025-12-01"), max: new Date("2026-03-01"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
    product: fc.oneof(fc.constantFrom("Helper", "Helper 2", "a"), fc.stringMatching(/^[A-Za-z0-9._ -]{1,30}$/)),
    currency: fc.constant(code),
    kind: fc.constantFrom(...kinds),
    amount: anyAmount(digits),
    reference: fc.oneof(
      fc.constant(""),
      fc.constantFrom('say "yes"', "Zürich, 北京 🧾", "over\r\ntwo lines", '"', "\n"),
      fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\0", "")),
    ),
  }),
);

const columns = ["date", "product", "currency", "kind", "amount", "reference"] as const;

const anyFile = fc.record({
  rows: fc.array(anyRow, { maxLength: 120 }),
  order: fc.shuffledSubarray([...columns], { minLength: columns.length }),
  quotes: fc.infiniteStream(fc.boolean()),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  hasMark: fc.boolean(),
  endsWithLine: fc.boolean(),
  sizes: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
});

function written({ rows, order, quotes, lineEnd, hasMark, endsWithLine }: FileParts): Buffer {
  const field = (text: string) => (/[",\r\n]/.test(text) || quotes.next().value === true ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [order.map(field), ...rows.map((each) => order.map((column) => field(each[column])))].map((fields) => fields.join(","));
  return Buffer.from(`${hasMark ? "\uFEFF" : ""}${lines.join(lineEnd)}${endsWithLine ? lineEnd : ""}`);
}

interface FileParts {
  readonly rows: readonly Row[];
  readonly order: readonly (typeof columns)[number][];
  readonly quotes: { next(): { value?: boolean } };
  readonly lineEnd: string;
  readonly hasMark: boolean;
  readonly endsWithLine: boolean;
}

/** The same by another way: sums in decimal numbers, kept in a map. */
function recomputed(rows: readonly Row[]) {
  const sums = new Map<string, Map<string, ReturnType<typeof exactly>>>();
  for (const each of rows) {
    const key = JSON.stringify([each.date.slice(0, 7), each.product, each.currency]);
    const cell = sums.get(key) ?? new Map<string, ReturnType<typeof exactly>>();
    cell.set(each.kind, (cell.get(each.kind) ?? exactly("0")).plus(exactly(each.amount)));
    sums.set(key, cell);
  }
  return [...sums].map(([key, cell]) => {
    const [month, product, code] = JSON.parse(key) as [string, string, string];
    const total = (kind: string) => inCurrency(cell.get(kind) ?? exactly("0"), currency(code));
    return { month, product, currency: code, ...Object.fromEntries(members.map((member, nth) => [member, total(kinds[nth] ?? "")])) };
  });
}

const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

test("any good ledger, however quoted, ended and cut into chunks, adds up to what a plain exact recomputation gives (AI-5b)", async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async ({ sizes, ...parts }) => {
      const { rows, months } = await whole(written(parts), sizes);
      assert.equal(rows, parts.rows.length);
      assert.deepEqual(months.toSorted(byText), recomputed(parts.rows).toSorted(byText));
    }),
    { numRuns: 150 },
  );
});

test("a damaged row that ends in a line end, and may be read quickly, is judged as when it ends the file and is read with care", async () => {
  const damage = fc.record({
    at: fc.nat(39),
    byte: fc.oneof(fc.constantFrom(0, 10, 13, 34, 44, 45, 46, 48, 255), fc.integer({ min: 32, max: 126 })),
    isMore: fc.boolean(),
  });
  const damaged = fc.array(damage, { minLength: 1, maxLength: 3 }).map((damages) => {
    const bytes = [...Buffer.from('2026-03-01,"Helper",USD,sale,1000.25,R-1')];
    for (const { at, byte, isMore } of damages) bytes.splice(at, isMore ? 0 : 1, byte);
    return Buffer.from(bytes);
  });
  await fc.assert(
    fc.asyncProperty(
      damaged.filter((bytes) => bytes.at(-1) !== 10 && bytes.at(-1) !== 13),
      async (bytes) => {
        const file = Buffer.concat([Buffer.from(`${head},reference\n`), bytes]);
        const [careful, quick] = [await read(file), await read(Buffer.concat([file, Buffer.from("\n")]))];
        assert.deepEqual([quick.at, "months" in quick.reading && quick.reading.months], [careful.at, "months" in careful.reading && careful.reading.months]);
      },
    ),
    { numRuns: 1500 },
  );
});

/** The file, and where its faults are. */
const faulty: readonly (readonly [string, string | Uint8Array, readonly string[], RegExp])[] = [
  ["an empty file", "", ["1"], /empty/],
  ["a file of nothing but a byte-order mark", "\uFEFF", ["1"], /empty/],
  ["a missing column", `date,product,currency,kind\n${row}\n`, ["1 amount"], /no column amount/],
  ["a column named twice", `${head},amount\n${row},1\n`, ["1 amount"], /twice/],
  ["an unknown column", `${head},colour\n${row},red\n`, ["1"], /"colour" that nobody knows/],
  ["an unknown column, and faults behind it", `${head},colour\n${row},red\n${row},red,red\n`, ["1", "3"], /nobody knows/],
  ["an empty line", `${head}\n${row}\n\n${row}\n`, ["3"], /empty/],
  ["a field too many", `${head}\n${row}\n${row},\n${row}\n`, ["3"], /6 fields and the header 5/],
  ["a field too few", `${head}\n2026-03-01,Helper\n${row}\n`, ["2"], /2 fields/],
  [
    "broken UTF-8",
    Buffer.concat([Buffer.from(`${head}\n${row}\n2026-03-01,`), Buffer.of(0xc3, 0x28), Buffer.from(`,USD,sale,1\n${row}\n`)]),
    ["3"],
    /not UTF-8/,
  ],
  ["a file in UTF-16", Buffer.from(`\uFEFF${head}\n${row}\n`, "utf16le"), ["1"], /UTF-8/],
  ["a NUL byte", `${head}\n${row}\n2026-03-01,Hel\0per,USD,sale,1\n${row}\n`, ["3"], /NUL/],
  ["a quote that the file never closes", `${head}\n${row}\n2026-03-01,"Helper,USD,sale,1\n${row}\nx\n`, ["3", "5"], /does not close it/],
  ["a quote that a later row closes", `${head}\n2026-03-01,"Helper,USD,sale,1\n${row}\n2026-13-01,"Helper",USD,sale,1\n`, ["2", "4 date"], /closing quote/],
  ["a field over two lines that is no reference", `${head}\n2026-03-01,"Hel\nper",USD,sale,1\n`, ["2", "3"], /runs over the end/],
  ["a quote inside a field", `${head}\n2026-03-01,Hel"per,USD,sale,1\n${row}\n`, ["2"], /inside a field/],
  ["something behind a closing quote", `${head}\n2026-03-01,"Helper" ,USD,sale,1\n${row}\n`, ["2"], /behind the closing quote/],
  ["a carriage return alone", `${head}\n2026-03-01,Helper\r,USD,sale,1\n${row}\n`, ["2"], /carriage return stands alone/],
  ["line ends of carriage returns only", `${head}\r${row}\r`, ["1"], /carriage return stands alone/],
  ["half a line end at the end", `${head}\n${row}\r`, ["2"], /carriage return stands alone/],
  [
    "a line that is too long",
    `${head}\n${row}\n${"x".repeat(70_000)}\n${row}\n2026-03-32,,USD,sale,1\n`,
    ["3", "5 date", "5 product"],
    /longer than 65536 bytes/,
  ],
  ["a long line in the middle of its end", `${head}\n${"x".repeat(400_000)}`, ["2"], /longer than/],
  ["an open quote with very much behind it", `${head}\n2026-03-01,"Helper,USD,sale,1\n${`${row}\n`.repeat(10_000)}x\n`, ["2", "10003"], /does not close it/],
  ["a long reference", `${head},reference\n${row},${"r".repeat(1001)}\n`, ["2 reference"], /longer than 1000/],
  ["sums that outgrow a sum", `${head}\n${"2026-03-01,Helper,USD,sale,999999999999999\n".repeat(2)}`, ["4 amount"], /more than fifteen digits/],
];

for (const [what, file, places, words] of faulty)
  test(`${what} is a fault with its line, whatever the chunks, and nothing is counted`, async () => {
    for (const sizes of [[1_000_000], [1], [7, 64]]) {
      if (sizes[0] === 1 && file.length > 100_000) continue;
      const { reading, faults, at } = await read(file, { sizes });
      assert.deepEqual(at, places);
      assert.match(faults[0]?.what ?? "", words);
      assert.deepEqual([reading.kind, "months" in reading], ["refused", false]);
    }
  });

test("one faulty row among many refuses the ledger, and every other faulty row is told as well", async () => {
  const bad = new Map([
    [20_000, "2026-02-30,Helper,USD,sale,1"],
    [20_001, '"2026-03-01","Helper","USD","gift","-1"'],
    [50_001, "2026-03-01,Helper,USD,sale,1.005"],
  ]);
  const lines = Array.from({ length: 50_000 }, (_, nth) => bad.get(nth + 2) ?? row);
  const { reading, at } = await read(`${[head, ...lines].join("\r\n")}\r\n`, { sizes: [10_007] });
  assert.deepEqual(at, ["20000 date", "20001 kind", "20001 amount", "50001 amount"]);
  assert.deepEqual([reading.kind, reading.rows], ["refused", 50_000]);
  assert.ok(!("months" in reading));
});

test("lines are counted through references that hold line ends", async () => {
  const { at } = await read(`${head},reference\n${row},"one\ntwo\r\nthree"\n${row},ok\n2026-03-00,Helper,USD,sale,1,"x\ny"\nnone\n`);
  assert.deepEqual(at, ["6 date", "8"]);
});

test("a ledger with a header and no rows is whole and says nothing", async () => {
  assert.deepEqual((await whole(`${head}`)).months, []);
  assert.deepEqual((await whole(`\uFEFF${head}\r\n`)).rows, 0);
});

test("a chunk may end inside a letter, a quote, a line end or the byte-order mark", async () => {
  const file = Buffer.from(
    `\uFEFF"date",product,currency,kind,amount,reference\r\n2026-03-01,"Helper",USD,sale,0.10,"Zürich ""北京"" 🧾"\r\n${row},"a\r\nb"\r\n`,
  );
  for (let cut = 1; cut < file.length; cut++) {
    const { rows, months } = await whole(file, [cut, file.length]);
    assert.deepEqual([rows, months.map(({ gross }) => gross)], [2, ["10.10"]]);
  }
});

test("the memory of a read may end at any byte of a row", async () => {
  const rows = `2026-03-01,"Helper",USD,sale,0.10,"Zürich ""北京"" 🧾"\r\n${row},"a\r\nb"\r\n`;
  for (let shift = 0; shift <= Buffer.byteLength(rows); shift++) {
    const { rows: count, months } = await whole(`${head},reference\n${row},${"x".repeat(shift)}\n${rows.repeat(40)}`, [700]);
    assert.deepEqual([count, months.map(({ gross }) => gross)], [81, ["414.00"]]);
  }
});

test("what stood in the memory behind the end of the file does not count", async () => {
  for (let length = 0; length < 100; length++) {
    const { rows, months } = await whole(`${head},reference\n${`${row},"R ""1"""\n`.repeat(60)}${row},"${"x".repeat(length)}"`, [700]);
    assert.deepEqual([rows, months.map(({ gross }) => gross)], [61, ["610.00"]]);
  }
});

test("thousands of products that are written much alike are never taken for each other (AI-5b)", async () => {
  const rows = Array.from({ length: 5000 }, (_, nth) => `2026-03-01,P${String(nth).padStart(4, "0")},USD,sale,${nth}`);
  const { months } = await whole(`${[head, ...rows, ...rows.toReversed()].join("\n")}\n`);
  assert.deepEqual(
    months.map(({ product, gross }) => `${product} ${gross}`),
    Array.from({ length: 5000 }, (_, nth) => `P${String(nth).padStart(4, "0")} ${2 * nth}.00`),
  );
});

test("there is an end to the rows and to the different sums of one ledger, and the line is told where it is passed", async () => {
  const rows = Array.from({ length: 20 }, (_, nth) => `2026-03-01,Helper ${nth},USD,sale,1\n`).join("");
  const few = await read(`${head}\n${rows}2026-03-01,,USD,sale,1\n`, { limits: { sums: 5 } });
  assert.deepEqual(few.at, ["7 product", "22 product"]);
  const short = await read(`${head}\n${rows}`, { limits: { rows: 12 } });
  assert.deepEqual([short.at, short.reading.rows], [["14"], 12]);
  assert.equal((await read(`${head}\n${rows}`, { limits: { rows: 20, sums: 20 } })).reading.kind, "read");
});

test("reading waits for whoever writes the faults down, and tells them in the order of the lines", async () => {
  const lines: number[] = [];
  let open = 0;
  const onFault = async ({ line }: SalesFault) => {
    assert.equal(open++, 0);
    await new Promise((resolve) => setImmediate(resolve));
    lines.push(line);
    open--;
  };
  await readSalesLedger(inPieces(Buffer.from(`${head}\n${"x\n".repeat(50)}`)), { onFault });
  assert.deepEqual(
    lines,
    Array.from({ length: 50 }, (_, nth) => nth + 2),
  );
});

test("two million rows take no more memory than two hundred thousand", async () => {
  async function* ledger(rows: number): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${head},reference\n`);
    for (let from = 0; from < rows; from += 1000)
      yield Buffer.from(
        Array.from(
          { length: 1000 },
          (_, nth) => `2026-${String(1 + (nth % 12)).padStart(2, "0")}-07,Helper ${nth % 30},EUR,tax,${nth}.5,R-${from + nth}\n`,
        ).join(""),
      );
  }
  const onFault = ({ what }: SalesFault) => assert.fail(what);
  await readSalesLedger(ledger(200_000), { onFault });
  const before = process.memoryUsage().rss;
  const reading = await readSalesLedger(ledger(2_000_000), { onFault });
  const grown = process.memoryUsage().rss - before;
  assert.deepEqual([reading.kind, reading.rows], ["read", 2_000_000]);
  // The rows themselves are some ninety megabytes, and as objects five times that.
  assert.ok(grown < 150e6, `${Math.round(grown / 1e6)} MB`);
});
