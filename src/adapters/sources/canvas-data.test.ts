import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { dataTypes, deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import type { Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import { checkDataMap } from "../../production/plan/check-data-map.ts";
import { compileScope } from "../../production/plan/compile-scope.ts";
import { readDataMap } from "../../production/plan/read-data-map.ts";
import type { Collected } from "../../production/shapes.ts";
import { parse } from "yaml";
import { type CanvasDataSettings, openCanvasData } from "./canvas-data.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-canvas-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const large = "463100000000004693";
const rowsOf = (rows: readonly string[]) => rows.map((row) => `${row}\n`).join("");
const entry = (id: string, user: string, at: string, message: string) =>
  `{"key":{"id":${id}},"value":{"user_id":${user},"created_at":"${at}","discussion_topic_id":7,"parent_id":null,"message":${JSON.stringify(message)}},"meta":{"ts":"2026-02-01T00:00:00Z"}}`;
mkdirSync(join(folder, "discussion_entries", "job_1"), { recursive: true });
writeFileSync(
  join(folder, "users.json"),
  rowsOf([
    `{"key":{"id":${large}},"value":{"name":"Ada Ross","sortable_name":"Ross, Ada","created_at":"2025-09-01T08:00:00.000Z"},"meta":{"ts":"2026-02-01T00:00:00Z"}}`,
    `{"key":{"id":4693},"value":{"name":"Bo Lind"},"meta":{}}`,
  ]),
);
writeFileSync(
  join(folder, "communication_channels.json.gz"),
  gzipSync(rowsOf([`{"key":{"id":1},"value":{"user_id":${large},"path":"ada@school.example","path_type":"email"}}`])),
);
writeFileSync(
  join(folder, "discussion_entries", "job_1", "part-00000.json.gz"),
  gzipSync(
    rowsOf([
      entry("11", large, "2026-01-05T09:00:00.123Z", "hello"),
      entry("12", "4693", "2026-01-05T09:00:00Z", "no"),
      entry("13", large, "2026-02-05T09:00:00Z", "late"),
    ]),
  ),
);
writeFileSync(
  join(folder, "discussion_entries", "job_1", "part-00001.json"),
  rowsOf([entry("14", large, "2026-01-06T09:00:00Z", "__CD2_oversized_truncated__"), '{"key":{"id":15},"meta":{"action":"D"}}']),
);

const located = deliveredMap("canvas-data");
const january = { accounts: [large], workspace: "school-1", from: instant("2026-01-01T00:00:00Z"), until: instant("2026-02-01T00:00:00Z") };
const asked = scopeOf(
  ["name", "contact", "messages"].map((dataType) => lineOf(dataType, january)),
  warrant,
);

async function opened(changes: Partial<CanvasDataSettings> = {}): Promise<Source> {
  const result = await openCanvasData({ source: "canvas-data", place: { kind: "folder", folder }, workspace: "school-1", shape: "nested", ...changes });
  return result.kind === "open" ? result.source : assert.fail(JSON.stringify(result));
}

keepsSourcePromises("Canvas Data 2", async () => ({
  source: await opened(),
  located,
  classOf: usClassOf,
  scope: asked,
  expected: { "L-name": 1, "L-contact": 1, "L-messages": 2 },
}));

function readOf(collection: string, dataType: string, line: Partial<typeof january> = {}) {
  const compiled = compileScope({ scope: scopeOf([lineOf(dataType, { ...january, ...line })], warrant), maps: [located.map], classOf: usClassOf });
  const read = compiled.kind === "planned" ? compiled.plan.reads.find((candidate) => candidate.collection === collection) : undefined;
  return read ?? assert.fail(JSON.stringify(compiled));
}

function fieldsOf(items: readonly Collected[]) {
  return items.flatMap((item) => (item.kind === "record" ? [item.record.fields] : []));
}

test("the e-mail address of an account lies in another table than the account, under an id longer than a number can hold", async () => {
  const [row, ...others] = fieldsOf(await Array.fromAsync((await opened()).read(readOf("communication_channels", "contact"))));
  assert.deepEqual([row?.["value.user_id"], row?.["value.path"], others], [large, "ada@school.example", []]);
});

test("a value that was too large for the export, and rows that were deleted, are told", async () => {
  const items = await Array.fromAsync((await opened()).read(readOf("discussion_entries", "messages")));
  assert.deepEqual(
    fieldsOf(items).map((row) => row["value.message"]),
    ["hello", "__CD2_oversized_truncated__"],
  );
  assert.deepEqual(
    items.flatMap((item) => (item.kind === "finding" ? [item.finding.code] : [])),
    ["OTHER_COLUMNS", "TOO_LARGE"],
  );
});

test("the data map speaks the data types of the learning platform's policy too", () => {
  const policy = parse(readFileSync(new URL("../../../packs/policies/government-request.yaml", import.meta.url), "utf8")) as { dataTypes: typeof dataTypes };
  const text = readFileSync(new URL("../../../packs/data-maps/canvas-data.yaml", import.meta.url), "utf8");
  assert.equal(readDataMap("canvas-data.yaml", text, policy.dataTypes).kind, "read");
});

test("grades, scores, passwords and addresses of pages are never produced", async () => {
  const { neverProduced } = checkDataMap(located, (await (await opened()).describe()).schema);
  for (const column of ["submissions.value.score", "submissions.value.grade", "pseudonyms.value.crypted_password", "web_logs.value.url", "users.meta.ts"])
    assert.ok(neverProduced.includes(column), column);
});

const real = new URL("../../../../shared/data/workspace-data/canvas-data2-synthetic", import.meta.url).pathname;
test(
  "tables made by others, with `key` and `value` taken away, give one person's name and courses",
  { skip: existsSync(real) ? false : "the shared test data is not here" },
  async () => {
    const source = await opened({ place: { kind: "folder", folder: real }, shape: "flat", zone: "UTC" });
    const { schema, findings } = await source.describe();
    assert.deepEqual(checkDataMap(located, schema).problems, []);
    assert.deepEqual(new Set(findings.map((finding) => finding.code)), new Set(["NO_ENTRIES"]));
    assert.deepEqual(
      fieldsOf(await Array.fromAsync(source.read(readOf("users", "name", { accounts: ["4693"] })))).map((row) => row["value.name"]),
      ["Amanda Mathis"],
    );
    const lines = readFileSync(join(real, "enrollments.json"), "utf8")
      .split("\n")
      .filter((line) => /"user_id":4693[,}]/.test(line));
    assert.ok(lines.length > 0);
    assert.deepEqual(await source.count(readOf("enrollments", "member-list", { accounts: ["4693"] })), { kind: "counted", records: lines.length });
  },
);
