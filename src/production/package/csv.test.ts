import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manyCases } from "../../../tests/fixtures/production.ts";
import { type PackedValue, csvHeader, csvRow } from "./csv.ts";
import type { PackedRecord } from "./papers.ts";

type Cell = { readonly text: string; readonly quoted: boolean };

/** RFC 4180 read by hand, so that the writer is not judged by itself. */
function readCsv(csv: string): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  for (let at = 0; at < csv.length;) {
    const quoted = csv[at] === '"';
    let text = "";
    if (quoted) {
      for (at += 1; csv[at] !== '"' || csv[at + 1] === '"'; at += 1) {
        if (csv[at] === '"') at += 1;
        text += csv[at];
      }
      at += 1;
    } else for (; csv[at] !== "," && csv[at] !== "\r"; at += 1) text += csv[at];
    row.push({ text, quoted });
    if (csv[at] === ",") at += 1;
    else {
      assert.equal(csv.slice(at, at + 2), "\r\n");
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** The value as the dictionary's rules say to read it. */
function valueOf({ text, quoted }: Cell): PackedValue {
  if (quoted) return text.startsWith("'") ? text.slice(1) : text;
  if (text === "") return null;
  return text === "true" || text === "false" ? text === "true" : Number(text);
}

const columns = ["id", "=cmd", 'quo"te', "body"];
const awkward = fc.constantFrom("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "'quoted", "", '"', "a,b", "a\r\nb", "-5");
const value: fc.Arbitrary<PackedValue> = fc.oneof(
  awkward,
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const record: fc.Arbitrary<PackedRecord> = fc.tuple(value, value, value, value).map((values) => ({
  source: "s",
  collection: "c",
  line: "L-1",
  why: "-because",
  fields: Object.fromEntries(columns.map((name, i) => [name, values[i] ?? null])),
}));

test("the CSV and the NDJSON of the same records say the same", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const [header, ...rows] = readCsv(csvHeader(columns) + records.map((each) => csvRow(each, columns)).join(""));
      assert.deepEqual(header?.map(valueOf), ["line", "why", ...columns]);
      const read = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, valueOf(row[i + 2] ?? assert.fail())])));
      assert.deepEqual(
        read,
        records.map((each) => (JSON.parse(JSON.stringify(each)) as PackedRecord).fields),
      );
    }),
    { numRuns: manyCases },
  );
});

test("no cell of a CSV begins as a formula does", () => {
  fc.assert(
    fc.property(record, (one) => {
      for (const { text, quoted } of readCsv(csvRow(one, columns)).flat()) {
        if (quoted) assert.doesNotMatch(text, /^[=+\-@\t\r\n]/);
        else assert.match(text, /^(?:|true|false|-?[\d.]+(?:e[+-]\d+)?)$/);
      }
    }),
    { numRuns: manyCases },
  );
});

test("a file is named by its path", () => {
  const file = { file: "data/files/s.c.000001", bytes: 3, sha256: "ab" };
  assert.equal(csvRow({ source: "s", collection: "c", line: "L", why: "w", fields: { content: file } }, ["content"]), '"L","w","data/files/s.c.000001"\r\n');
});
