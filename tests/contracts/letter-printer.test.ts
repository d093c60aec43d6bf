import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { startLetterPrinter } from "../../src/adapters/print/letter-printer.ts";
import { day } from "../../src/kernel/instant.ts";
import { pagesOf, plainLetter, testLetterPrinter } from "./letter-printer.contract.ts";

const printer = startLetterPrinter();
after(() => printer.close());
const today = day("2026-11-02");

testLetterPrinter("with typst", () => printer);

test("two threads print the same letter to the same bytes", async () => {
  const other = startLetterPrinter({ lettersPerThread: 1 });
  const [first, second] = [await other.print(plainLetter, today), await other.print(plainLetter, today)];
  assert.equal(first.kind, "printed");
  assert.deepEqual(second, first);
  assert.deepEqual(await printer.print(plainLetter, today), first);
  await other.close();
});

test("a letter that takes too long is given up, and the next one has a fresh thread", async () => {
  const hasty = startLetterPrinter({ timeoutMs: 1 });
  assert.deepEqual(await hasty.print(plainLetter, today), { kind: "failed", code: "PRINT_TOO_SLOW" });
  assert.deepEqual(await hasty.print(plainLetter, today), { kind: "failed", code: "PRINT_TOO_SLOW" });
  await hasty.close();
});

test("a printer that was left alone lets its thread go, and prints the next letter all the same", async () => {
  const rested = startLetterPrinter({ idleMs: 1 });
  const first = await rested.print(plainLetter, today);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(await rested.print(plainLetter, today), first);
  assert.equal(first.kind, "printed");
  await rested.close();
});

test("letters asked for at once are printed one after the other; a closed printer says so", async () => {
  const own = startLetterPrinter();
  const all = await Promise.all(Array.from({ length: 5 }, (_, at) => own.print({ ...plainLetter, greeting: `Good day ${at},` }, today)));
  for (const [at, each] of all.entries()) assert.ok((await pagesOf(each))[0]?.includes(`Good day ${at},`));
  await own.close();
  assert.deepEqual(await own.print(plainLetter, today), { kind: "failed", code: "PRINTER_CLOSED" });
});

const noPdfinfo = spawnSync("pdfinfo", ["-v"]).status === 0 ? false : "the program pdfinfo is not installed";

test("another reader of PDF finds the headings, the list, the table and the note where they belong", { skip: noPdfinfo }, async () => {
  const printed = await printer.print(plainLetter, today);
  assert.ok(printed.kind === "printed");
  const folder = mkdtempSync(join(tmpdir(), "portcullis-print-"));
  try {
    const file = join(folder, "letter.pdf");
    writeFileSync(file, printed.pdf);
    const about = spawnSync("pdfinfo", [file], { encoding: "utf8" }).stdout;
    assert.match(about, /^Tagged: +yes$/m);
    assert.match(about, /^Page size: .*A4/m);
    const tree = spawnSync("pdfinfo", ["-struct", file], { encoding: "utf8" })
      .stdout.split("\n")
      .map((line) => line.trim().split(/[ :]/)[0]);
    const order = ["H1", "P", "P", "L", "LI", "LBody", "LI", "H2", "Note", "Table", "THead", "TH", "TBody", "TD", "TFoot"];
    let at = 0;
    for (const element of order) {
      const found = tree.indexOf(element, at);
      assert.ok(found >= 0, `${element} after ${at}: ${tree.join(" ")}`);
      at = found + 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
