// Data maps at the terminal, by its own road: words in, an exit code and an answer of the promised shape out; the sources are small and made up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { memorySource } from "../../tests/fixtures/memory-source.ts";
import { openSampleDesk, type SampleDesk } from "../../tests/desks/sample-desk.ts";
import { connectSource } from "../app/directory.ts";
import type { Actor } from "../kernel/ids.ts";
import { loadShelf } from "../main.ts";
import type { LiveSchema } from "../production/shapes.ts";
import type { Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommand } from "./run.ts";

let sample: SampleDesk;
const files = new Map<string, string>();
const operator = "staff:operator" as Actor;
const map = (name: string, more = "") =>
  `fides_key: ${name}\ncollections:\n  - name: members\n    fields:\n      - { name: email, data_categories: [user.contact.email] }\n${more}`;
const schema: LiveSchema = {
  source: "product",
  collections: [
    {
      name: "members",
      columns: [
        { name: "email", kind: "text" },
        { name: "phone", kind: "text" },
      ],
    },
  ],
};

before(async () => {
  sample = await openSampleDesk();
  for (const name of ["product", "archive"])
    await connectSource(sample.desk.ports, sample.desk.id, operator, { kind: "workspace-database", name, dataMap: map(name) });
});
after(() => sample?.stop());

async function run(...words: readonly string[]) {
  const product = { ...memorySource("product", {}), describe: async () => ({ schema, findings: [] }) };
  const found = await sample.installation.desk();
  const sources = async () => ({ sources: [product], maps: [], findings: [{ code: "UNREACHABLE", where: "archive", what: "Nobody answers." } as const] });
  const desk = found === undefined ? undefined : { ...found, ports: { ...found.ports, sources } };
  const terminal = {
    exists: async (path: string) => path.endsWith("/keys") || files.has(path),
    open: async () => ({ ...sample.installation, desk: async () => desk, stop: async () => undefined }),
    readText: async (file: string) => files.get(file) ?? assert.fail(file),
    writeText: async (file: string, text: string) => void files.set(file, text),
    loadShelf: () => loadShelf(),
    progress: () => undefined,
  };
  let text = "";
  const { exit } = await runCommand(words, terminal as unknown as Terminal, (line) => (text += line));
  return { exit, text, json: words.includes("--json") ? (JSON.parse(text) as { readonly [member: string]: unknown }) : {} };
}

function assertPromised(name: string, json: unknown): void {
  const output = commands.find((each) => each.name === name)?.output ?? assert.fail(name);
  assert.ok(output.safeParse(json).success, `what ${name} prints has its promised shape: ${JSON.stringify(json)}`);
}

test("a draft of a connected source is printed, or written to a new file and never over another", async () => {
  const printed = await run("data-map", "draft", "--source", "product");
  assert.equal(printed.exit, 0);
  assert.match(printed.text, /- name: phone\n +data_categories: \[user.contact.phone_number\]/);
  const { json } = await run("data-map", "draft", "--source", "product", "--out", "new.yaml", "--json");
  assert.deepEqual(json, { ok: true, collections: 1, fields: 2, out: "new.yaml" });
  assertPromised("data-map draft", json);
  assert.equal(files.get("new.yaml")?.trimEnd(), printed.text);
  const again = await run("data-map", "draft", "--source", "product", "--out", "new.yaml");
  assert.deepEqual([again.exit, again.text.includes("names a file that exists")], [2, true]);
});

test("drafting onto a map prints that map with what is new", async () => {
  files.set("mine.yaml", map("product", "# ours\n"));
  const { json } = await run("data-map", "draft", "--source", "product", "--onto", "mine.yaml", "--json");
  assertPromised("data-map draft", json);
  assert.deepEqual([json["ok"], json["fields"]], [true, 1]);
  assert.equal(json["map"], map("product", "      - name: phone\n        data_categories: [user.contact.phone_number]\n# ours\n"));
});

test("a map that cannot be read is not drafted onto, and says where it is broken", async () => {
  files.set("broken.yaml", map("product").replace("name: email", "title: email"));
  const { exit, json } = await run("data-map", "draft", "--source", "product", "--onto", "broken.yaml", "--json");
  assert.equal(exit, 1);
  assertPromised("data-map draft", json);
  assert.match(JSON.stringify(json), /"line":5,"column":9,"what":"A field needs a `name`/);
});

test("a source that is not connected, or does not answer, is named", async () => {
  const unknown = await run("data-map", "draft", "--source", "nowhere");
  assert.deepEqual([unknown.exit, /Connected: product, archive/.test(unknown.text)], [2, true]);
  const silent = await run("data-map", "draft", "--source", "archive", "--json");
  assert.equal(silent.exit, 1);
  assertPromised("data-map draft", silent.json);
  assert.match(silent.text, /could not be opened. archive: Nobody answers/);
});

test("the check of all sources tells new columns, sources that do not answer, and what is never produced, and its exit code says that something is to repair", async () => {
  const { exit, json } = await run("data-map", "check", "--json");
  assert.equal(exit, 1);
  assertPromised("data-map check", json);
  const findings = json["findings"] as readonly { readonly severity: string; readonly code: string; readonly what: string }[];
  assert.deepEqual(
    findings.filter(({ severity }) => severity === "fault").map(({ code }) => code),
    ["NOT_OPEN", "NOT_MAPPED"],
  );
  assert.equal(findings.filter(({ code }) => code === "NEVER_PRODUCED").length, 2);
  const { text } = await run("data-map", "check");
  assert.match(text, /✗ product.yaml:3:11: `members` has the column `phone`/);
  assert.match(text, /2 to repair\.$/);
});

test("one file alone is checked without a desk: exit code 0 when nothing is to repair", async () => {
  files.set("alone.yaml", map("product"));
  const clean = await run("--data", "/nowhere", "data-map", "check", "--file", "alone.yaml", "--json");
  assert.equal(clean.exit, 0);
  assertPromised("data-map check", clean.json);
  files.set("alone.yaml", map("product").replace("email, ", "email, fides_meta: { portcullis: { class: content, data_types: [contact] } }, "));
  const lent = await run("data-map", "check", "--file", "alone.yaml");
  assert.equal(lent.exit, 1);
  assert.match(lent.text, /✗ alone.yaml:5:\d+: `email` is content and `contact` is not/);
});
