import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { ada, bram, slackItems, slackWorkspace, ts } from "../../rehearsal/slack-export.ts";
import { type ZipItem, zipOf } from "../../rehearsal/zip.ts";
import type { Opened, Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import { compileScope } from "../../production/plan/compile-scope.ts";
import type { Collected, ScopeLine } from "../../production/shapes.ts";
import type { ArchiveLimits } from "./slack-archive.ts";
import { ordinaryLimits } from "./slack-archive.ts";
import { openSlackExport } from "./slack-export.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-slack-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function openItems(items: readonly ZipItem[], limits?: ArchiveLimits): Promise<Opened> {
  files += 1;
  const file = join(folder, `${files}.zip`);
  writeFileSync(file, zipOf(items));
  return openSlackExport({ source: "slack-export", file, workspace: slackWorkspace, ...(limits === undefined ? {} : { limits }) });
}

async function opened(changes?: Parameters<typeof slackItems>[0]): Promise<{ source: Source; codes: string[] }> {
  const result = await openItems(slackItems(changes));
  assert.ok(result.kind === "open", JSON.stringify(result));
  return { source: result.source, codes: result.findings.map((finding) => `${finding.code} ${finding.where}`) };
}

const located = deliveredMap("slack-export");
const march = { accounts: [ada], workspace: slackWorkspace, from: instant("2026-03-02T00:00:00Z"), until: instant("2026-03-05T00:00:00Z") };

async function read(source: Source, collection: string, changes: Partial<ScopeLine> = {}): Promise<Collected[]> {
  const compiled = compileScope({ scope: scopeOf([lineOf("messages", { ...march, ...changes })], warrant), maps: [located.map], classOf: usClassOf });
  const planned = compiled.kind === "planned" ? compiled.plan.reads.find((candidate) => candidate.collection === collection) : undefined;
  return Array.fromAsync(source.read(planned ?? assert.fail()));
}

keepsSourcePromises("Slack export", async () => ({
  source: (await opened()).source,
  located,
  classOf: usClassOf,
  scope: scopeOf([lineOf("contact", march), lineOf("messages", march), lineOf("file-names", march), lineOf("member-list", march)], warrant),
  expected: { "L-contact": 1, "L-messages": 5, "L-file-names": 1, "L-member-list": 3 },
}));

test("messages of private and direct conversations are found where the export holds them", async () => {
  const items = await read((await opened()).source, "messages");
  const kinds = items.flatMap((item) => (item.kind === "record" ? [item.record.fields["channel_kind"]] : []));
  assert.deepEqual(kinds.toSorted(), ["channel", "channel", "channel", "direct-message", "private-channel"]);
});

test("a silent day is lawful, and said", async () => {
  assert.ok((await opened()).codes.includes("MISSING_DAYS general"));
});

test("a range past the days of the export is said with the records", async () => {
  const items = await read((await opened()).source, "messages", { until: instant("2026-03-20T00:00:00Z") });
  const findings = items.flatMap((item) => (item.kind === "finding" ? [item.finding] : []));
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.what ?? "", /asks for 2026-03-02 to 2026-03-19; the export holds days from 2026-03-01 to 2026-03-04/);
});

test("a broken day is named, and the other days are still given", async () => {
  const { source } = await opened({ "general/2026-03-02.json": '[{"type": "mess' });
  const items = await read(source, "messages");
  assert.deepEqual(
    items.flatMap((item) => (item.kind === "finding" ? [`${item.finding.code} ${item.finding.where}`] : [])),
    ["UNREADABLE general/2026-03-02.json"],
  );
  assert.equal(items.filter((item) => item.kind === "record").length, 3);
  assert.ok((await source.describe()).findings.some((finding) => finding.where === "general/2026-03-02.json"));
});

test("a day whose checksum is wrong is named", async () => {
  const items = slackItems().map((item) => (item.name === "general/2026-03-04.json" ? { ...item, statedSum: 1 } : item));
  const result = await openItems(items);
  assert.ok(result.kind === "open");
  const found = (await read(result.source, "messages")).flatMap((item) => (item.kind === "finding" ? [item.finding.where] : []));
  assert.deepEqual(found, ["general/2026-03-04.json"]);
});

test("a message with no readable moment is never inside a range", async () => {
  const { source } = await opened({
    "general/2026-03-02.json": JSON.stringify([{ user: ada, text: "when?", ts: "soon" }, { user: ada, text: "now", ts: ts(2, 1) }, 7]),
  });
  const items = await read(source, "messages");
  assert.equal(items.filter((item) => item.kind === "record").length, 4);
});

test("a message cannot claim another workspace or another moment than its own", async () => {
  const forged = [{ user: bram, "witness.subject": ada, workspace_id: "T0OTHER", sent_at: "2026-03-02T00:00:00.000Z", ts: ts(1, 1), text: "x" }];
  const { source } = await opened({ "general/2026-03-02.json": JSON.stringify(forged) });
  assert.equal((await read(source, "messages", { accounts: [bram] })).filter((item) => item.kind === "record").length, 2);
});

test("the log of integrations is not a sign-in history", async () => {
  const compiled = compileScope({ scope: scopeOf([lineOf("sign-in-history", march)]), maps: [located.map], classOf: usClassOf });
  assert.deepEqual(compiled.kind === "planned" && compiled.plan, {
    caseId: "C-7F3K-2M9Q",
    reads: [],
    nothingHeld: [{ line: "L-sign-in-history", because: "No source holds data of the type `sign-in-history`." }],
  });
});

test("folders of no conversation, conversations without a day and odd names are told", async () => {
  const { codes } = await opened({
    "ghost/2026-03-01.json": "[]",
    "general/2026-02-31.json": "[]",
    "channels.json": JSON.stringify([
      { id: "C01", name: "general" },
      { id: "C02", name: "quiet" },
    ]),
  });
  assert.deepEqual(
    codes.filter((code) => !code.startsWith("MISSING")),
    ["UNLISTED ghost/2026-03-01.json", "ODD_NAME general/2026-02-31.json", "NO_ENTRIES C02"],
  );
});

const small: ArchiveLimits = { ...ordinaryLimits, entries: 20, entryBytes: 3_000_000, totalBytes: 8_000_000 };
const bomb = (name: string): ZipItem => ({ name, content: Buffer.alloc(2_500_000), packed: true });
const hostile: readonly (readonly [string, readonly ZipItem[], string])[] = [
  ["a dense entry", [...slackItems(), bomb("general/2026-03-05.json")], "TOO_LARGE"],
  ["too many bytes together", [...slackItems(), ...[5, 6, 7, 8].map((day) => bomb(`general/2026-03-0${day}.json`))], "TOO_LARGE"],
  ["too many entries", [...slackItems(), ...Array.from({ length: 21 }, (_, i) => ({ name: `general/${i}.json`, content: "[]" }))], "TOO_LARGE"],
  ["an entry larger than it may be", [...slackItems(), { name: "general/2026-03-05.json", content: Buffer.alloc(3_500_000, "[1]") }], "TOO_LARGE"],
  ["a path that leads outside", [...slackItems(), { name: "../../etc/passwd", content: "[]" }], "ODD_NAME"],
  ["an absolute path", [...slackItems(), { name: "/etc/passwd", content: "[]" }], "ODD_NAME"],
  ["folders in folders", [...slackItems(), { name: "a/b/c/d/2026-03-05.json", content: "[]" }], "ODD_NAME"],
  ["a link", [...slackItems(), { name: "general/2026-03-05.json", content: "/etc/passwd", mode: 0o120777 }], "ODD_NAME"],
  ["a name twice", [...slackItems(), { name: "users.json", content: "[]" }], "ODD_NAME"],
  ["a zip that is no export", [{ name: "letter.txt", content: "hello" }], "NOT_AN_EXPORT"],
];
for (const [what, items, code] of hostile) {
  test(`an archive with ${what} is refused with a finding`, async () => {
    const result = await openItems(items, small);
    assert.ok(result.kind === "refused");
    assert.ok(
      result.findings.some((finding) => finding.code === code),
      JSON.stringify(result.findings),
    );
  });
}

test("an entry that unpacks to more than it says is unreadable, not unpacked", async () => {
  const result = await openItems([
    ...slackItems({ "general/2026-03-04.json": undefined }),
    { name: "general/2026-03-04.json", content: `[${" ".repeat(900_000)}]`, packed: true, statedBytes: 100 },
  ]);
  assert.ok(result.kind === "open");
  assert.deepEqual(
    (await read(result.source, "messages")).flatMap((item) => (item.kind === "finding" ? [item.finding.what] : [])),
    ["The entry cannot be unpacked."],
  );
});

test("a file that is no zip, or one cut short, is refused", async () => {
  for (const bytes of [Buffer.from("hello"), Buffer.alloc(0), zipOf(slackItems()).subarray(0, 900)]) {
    const file = join(folder, "broken.zip");
    writeFileSync(file, bytes);
    const result = await openSlackExport({ source: "slack-export", file, workspace: slackWorkspace });
    assert.deepEqual(result.kind === "refused" && result.findings.map((finding) => finding.code), ["NOT_AN_EXPORT"]);
  }
});

const real = new URL("../../../../shared/data/workspace-data/slack-export-viewer/testarchive.zip", import.meta.url).pathname;
test(
  "a real export of 2016 gives the messages of one person on the days asked for",
  { skip: existsSync(real) ? false : "the shared test data is not here" },
  async () => {
    const result = await openSlackExport({ source: "slack-export", file: real, workspace: "T0BMHLSRH" });
    assert.ok(result.kind === "open");
    const line = { accounts: ["U0BMQB6JE"], workspace: "T0BMHLSRH", from: instant("2016-01-14T00:00:00Z"), until: instant("2016-01-17T00:00:00Z") };
    const items = await read(result.source, "messages", line);
    const texts = items.flatMap((item) => (item.kind === "record" ? [String(item.record.fields["sent_at"])] : []));
    // Counted apart from this program.
    assert.equal(texts.length, 9);
    assert.ok(texts.every((moment) => moment >= line.from && moment < line.until));
  },
);
