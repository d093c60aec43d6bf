// From a connected database to a map that a person can judge, at the terminal: a real source with real columns, and the desk's own records.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ClientConfig } from "pg";
import { openDatabase, type Database } from "../../src/adapters/postgres/supervisor.ts";
import { connectSource } from "../../src/app/directory.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { runCommand } from "../../src/cli/run.ts";
import type { Actor } from "../../src/kernel/ids.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";
import { openSampleDesk, type SampleDesk } from "../desks/sample-desk.ts";
import { deliveredMap } from "../fixtures/production.ts";

const name = "workspace-database";
const delivered = readFileSync(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
let server: Database;
let sample: SampleDesk;
let reader: ClientConfig & { user?: string };
const files = new Map([["delivered.yaml", delivered]]);

before(async () => {
  server = await openDatabase({ dataDir: join(tmpdir(), "portcullis-test-database") });
  const { owner, app } = await server.createDatabase(`test_${randomBytes(8).toString("hex")}`);
  reader = app;
  await seedWorkspaceDatabase(owner, reader.user ?? "");
  sample = await openSampleDesk();
});
after(async () => {
  await sample?.stop();
  await server?.stop();
});

function connect(dataMap: string): Promise<void> {
  const { host, port, user, database } = reader;
  return connectSource(sample.desk.ports, sample.desk.id, "staff:operator" as Actor, { kind: name, name, dataMap, host, port, user, database });
}

async function run(...words: readonly string[]) {
  const terminal = {
    exists: async () => true,
    open: async () => ({ ...sample.installation, stop: async () => undefined }),
    readText: async (file: string) => files.get(file) ?? assert.fail(file),
    progress: () => undefined,
  };
  let text = "";
  const { exit } = await runCommand([...words, "--json"], terminal as unknown as Terminal, (line) => (text += line));
  return {
    exit,
    json: JSON.parse(text) as {
      readonly map?: string;
      readonly findings?: readonly { readonly severity: string; readonly code: string; readonly what: string }[];
    },
  };
}

/** `posts.author_id subject` for each suggested role of a draft. */
function suggestedRoles(draft: string): ReadonlySet<string> {
  let [collection, field] = ["", ""];
  const found = new Set<string>();
  for (const line of draft.split("\n")) {
    const [, indent = "", named] = /^( *)- name: (.*)$/.exec(line) ?? [];
    if (named !== undefined && indent.length === 6) collection = named;
    if (named !== undefined && indent.length > 6) field = named;
    const [, role] = /# suggested role: (\w+)$/.exec(line) ?? [];
    if (role !== undefined) found.add(`${collection}.${field} ${role}`);
  }
  return found;
}

test("a source is connected with an empty map, drafted, judged, checked, and drafted again when it has changed", async () => {
  await connect(`fides_key: ${name}\ncollections: []\n`);
  const first = await run("data-map", "draft", "--source", name);
  assert.equal(first.exit, 0, JSON.stringify(first.json));
  const suggested = suggestedRoles(first.json.map ?? "");
  const judged = deliveredMap(name).map.collections.flatMap((collection) =>
    collection.fields.flatMap((field) => (field.role === undefined ? [] : [`${collection.name}.${field.name} ${field.role}`])),
  );
  assert.deepEqual(
    judged.filter((each) => !suggested.has(each)),
    [],
    "every role that a person chose was suggested",
  );

  await connect(delivered);
  const changed = await run("data-map", "check");
  assert.equal(changed.exit, 1);
  const faults = changed.json.findings?.filter(({ severity }) => severity === "fault") ?? [];
  assert.ok(faults.length > 0 && faults.every(({ code }) => code === "NOT_MAPPED"), JSON.stringify(faults));

  const onto = await run("data-map", "draft", "--source", name, "--onto", "delivered.yaml");
  assert.ok(onto.json.map?.startsWith(delivered.trimEnd()), "every character of the judged map stays");
  await connect(onto.json.map ?? "");
  const clean = await run("data-map", "check");
  assert.deepEqual([clean.exit, clean.json.findings?.filter(({ severity }) => severity === "fault")], [0, []]);
});
