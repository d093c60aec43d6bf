// Partner calculations at the terminal: each worked question has its answer, and a file that is none is refused at its place.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { calculations } from "../partners/module.ts";
import type { Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommand } from "./run.ts";

const folder = new URL("../../docs/calc/", import.meta.url);

async function run(words: readonly string[], text = "") {
  const terminal = { readText: async (file: string) => (file === "-" ? text : readFileSync(new URL(file, folder), "utf8")), progress: () => undefined };
  let told = "";
  const { exit } = await runCommand(words, terminal as unknown as Terminal, (line) => (told += line));
  return { exit, text: told };
}

/** What the answer must say, in the words of the terminal. */
const worked: Readonly<Record<string, readonly RegExp[]>> = {
  share: [/net: 16164\.50/, /share: 4849\.35/],
  interest: [/contractual: 221\.51/, /^interest: 121\.23/m],
  cap: [/literal:\n {2}paid: 650\.00\n {2}cap: 650\.00/, /extended:\n {2}paid: 5499\.35/, /excluded: 2000\.00/, /owed: 650\.00/],
  cure: [/last day: 2026-03-02/, /state: right-has-arisen/],
  notice: [/due at: 2026-03-10T05:15:00\.000Z/, /Mon 9 Mar 2026 23:15 Denver/],
  breach: [/state: overdue/, /✗ The privacy mailbox has not been told\..*\[SEC-2\.1a, MAILBOX_MISSING\]/],
  window: [/scc day: 2026-08-06/, /contract day: 2026-08-16/, /opens at: 2026-08-16T22:00:00\.000Z/, /state: waiting/],
  register: [/on: 2026-08-17/, /added:\n {6}Gamma Logs/, /removed:\n {6}Beta Mail/, /\[DPA-6\.6a, NOTICE_NEEDED\]/],
  deletion: [/last day: 2026-11-19/, /a request shortens and never extends/],
  audit: [/allowed: false/, /AUDIT_THIS_YEAR/, /next ordinary on: 2027-03-10/],
  mechanism: [/words: SCC Module Two and the UK Addendum/, /NO_UK_EXTENSION/],
  precedence: [/- flow: eea\n {4}value: 20/, /- flow: uk\n {4}value: approval-only/, /- flow: us\n {4}value: 10/],
};

test("every calculation has a worked question, and the terminal answers it", async () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  assert.deepEqual(files.map((file) => file.replace(".json", "")).toSorted(), calculations.map(({ name }) => name).toSorted());
  for (const { name, clauses } of calculations) {
    const { exit, text } = await run(["calc", name, `${name}.json`]);
    assert.equal(exit, 0, text);
    for (const words of worked[name] ?? assert.fail(`no figures for ${name}`)) assert.match(text, words);
    const answered = JSON.parse((await run(["calc", name, `${name}.json`, "--json"])).text);
    assert.deepEqual([answered.calculation, answered.clauses], [name, clauses]);
    assert.ok(commands.find((each) => each.name === "calc")?.output.safeParse(answered).success);
  }
});

test("every calculation prints the schema of its file, and its worked question fits it", async () => {
  for (const { name } of calculations) {
    const { exit, text } = await run(["calc", name, "--schema"]);
    assert.equal(exit, 0);
    const { properties } = JSON.parse(text) as { readonly properties: Readonly<Record<string, unknown>> };
    const question = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as object;
    for (const member of Object.keys(question)) assert.ok(member in properties, `${name}.${member}`);
  }
});

test("a file that is none is refused with every place and reason; an unknown question is told which there are", async () => {
  const wrong = await run(
    ["calc", "share", "-"],
    '{ "month": "2026-13", "currency": "XXQ", "gross": 18450, "taxes": "-1", "credits": "0", "expenses": "0", "extra": 1 }',
  );
  assert.equal(wrong.exit, 1);
  for (const place of ["month", "currency", "gross", "taxes", "The file"]) assert.match(wrong.text, new RegExp(`✗ ${place}: `));
  assert.equal((await run(["calc", "share", "-"], "not JSON")).exit, 2);
  const unknown = await run(["calc", "fortune", "-"], "{}");
  assert.deepEqual([unknown.exit, /share, interest/.test(unknown.text)], [2, true]);
});
