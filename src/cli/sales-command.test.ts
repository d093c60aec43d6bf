// A sales ledger at the terminal: statements from every row, or every fault and nothing else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSalesLedger } from "../adapters/reading/read-sales-ledger.ts";
import type { SalesFault } from "../partners/statements/sales-ledger.ts";
import type { Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommand } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-sales-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const terminal = {
  readSales: (file: string, onFault: (fault: SalesFault) => Promise<void>) => readSalesLedger(createReadStream(file), { onFault }),
  writeText: (file: string, text: string, how: "new" | "more" | "secret") => (how === "new" ? writeFileSync(file, text) : appendFileSync(file, text)),
};

async function run(...words: readonly string[]) {
  let text = "";
  const { exit } = await runCommand(["calc", "sales", ...words], terminal as unknown as Terminal, (line) => (text += line));
  return { exit, text };
}

function ledger(name: string, ...rows: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `date,product,currency,kind,amount\n${rows.map((row) => `${row}\n`).join("")}`);
  return file;
}

const march = [
  "2026-03-01,Helper,USD,sale,18000.00",
  "2026-03-31,Helper,USD,sale,450",
  "2026-03-31,Helper,USD,tax,1230.00",
  "2026-03-05,Helper,USD,credit,640",
  "2026-03-06,Helper,USD,expense,415.50",
];
const command = commands.find(({ name }) => name === "calc sales") ?? assert.fail("there is such a command");

test("W-1: a ledger's month is stated with its five lines and the share of 30 % (AI-5a, AI-5b)", async () => {
  const file = ledger("good.csv", ...march, "2026-04-02,Helper,JPY,credit,500");
  const { exit, text } = await run(file);
  assert.equal(exit, 0);
  assert.match(text, /^2026-03 {2}Helper {3}USD {7}18450\.00 {2}1230\.00 {3}640\.00 {4}415\.50 {2}16164\.50 {2}4849\.35$/m);
  assert.match(text, /^2026-04 {2}Helper {3}JPY .* -500 +0$/m);
  assert.match(text, /not carried forward/);
  assert.match(text, /6 rows were read and none is faulty/);
  const answered = JSON.parse((await run(file, "--json")).text) as { months: readonly { share: string }[] };
  assert.equal(answered.months[0]?.share, "4849.35");
  assert.ok(command.output.safeParse(answered).success);
});

test("a ledger with faults gives the first fifty and their number, all of them in the file that was asked for, and no sum", async () => {
  const file = ledger(
    "bad.csv",
    ...march,
    ...Array.from({ length: 60 }, (_, nth) => `2026-03-01,Helper,USD,gift "${nth},1`),
    ...Array.from({ length: 3000 }, () => "2026-02-30,Helper,USD,sale,1"),
  );
  const list = join(folder, "faults.csv");
  writeFileSync(list, "an older list");
  const { exit, text } = await run(file, "--faults", list);
  assert.equal(exit, 1);
  assert.equal(text.match(/ {2}✗ Line/g)?.length, 50);
  assert.match(text, /✗ Line 7: A quote stands inside/);
  assert.match(text, /and 3010 more\./);
  assert.match(text, /3060 faults in 3065 rows: nothing of this file is counted/);
  assert.doesNotMatch(text, /gross|16164/);
  const lines = readFileSync(list, "utf8").trimEnd().split("\r\n");
  assert.deepEqual([lines.length, lines[0]], [3061, "line,column,what"]);
  assert.equal(lines[3060], '3066,date,"""2026-02-30"" is no day. Write one that exists, as 2026-03-31."');
  const refused = JSON.parse((await run(file, "--json")).text) as { ok: boolean; faults: number; reasons: readonly unknown[] };
  assert.deepEqual([refused.ok, refused.faults, refused.reasons.length], [false, 3060, 50]);
  assert.ok(command.output.safeParse(refused).success);
});

test("a list of faults is never written over the ledger itself, and a list of none says so", async () => {
  const file = ledger("own.csv", ...march);
  assert.equal((await run(file, "--faults", join(folder, "x", "..", "own.csv"))).exit, 2);
  assert.match(readFileSync(file, "utf8"), /^date,product/);
  const list = join(folder, "none.csv");
  assert.equal((await run(file, "--faults", list)).exit, 0);
  assert.equal(readFileSync(list, "utf8"), "line,column,what\r\n");
});

test("the program itself reads a ledger from a file or from standard input, and writes the list of faults", () => {
  const portcullis = (words: readonly string[], input = "") =>
    spawnSync(process.execPath, ["--import", "tsx", "src/portcullis.ts", "calc", "sales", ...words], { input, encoding: "utf8" });
  const good = portcullis(["-", "--json"], readFileSync(ledger("piped.csv", ...march), "utf8"));
  assert.equal((JSON.parse(good.stdout) as { months: readonly { net: string }[] }).months[0]?.net, "16164.50");
  const list = join(folder, "list.csv");
  const bad = portcullis([ledger("short.csv", "2026-03-01,Helper"), "--faults", list]);
  assert.deepEqual([good.status, bad.status], [0, 1]);
  assert.match(readFileSync(list, "utf8"), /^line,column,what\r\n2,,"The line has 2 fields/);
});
