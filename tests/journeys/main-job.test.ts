// The main job from mail to report, played once on real parts; then judged by readers that share no code with it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { openInstallation } from "../../src/main.ts";
import { rehearse } from "../../src/rehearse.ts";

const out = mkdtempSync(join(tmpdir(), "portcullis-journey-"));
chmodSync(out, 0o711);
const lines: string[] = [];

interface Story {
  readonly story: string;
  readonly case: string;
  readonly outcome: string;
  readonly stage: string;
  readonly reasons: readonly { readonly clause: string; readonly code: string; readonly because: string }[];
  readonly letters: readonly string[];
  readonly package?: string;
}

const summary = () => JSON.parse(readFileSync(join(out, "summary.json"), "utf8")) as { readonly stories: readonly Story[]; readonly logKey: string };
const story = (name: string): Story => {
  const found = summary().stories.find((each) => each.story === name);
  assert.ok(found, `no story ${name}`);
  return found;
};

before(async () => {
  await rehearse({ once: true, out, port: 0, say: (text) => lines.push(text) }, Promise.resolve());
});
after(() => rmSync(out, { recursive: true, force: true }));

const hasAge = spawnSync("age", ["--version"]).status === 0;

/** Opens a package with the age program and tar, not with our code. */
function opened(name: string): string {
  const folder = mkdtempSync(join(out, "opened-"));
  const plain = spawnSync("age", ["-d", "-i", join(out, "officer-identity.txt"), join(out, story(name).package ?? "")], { maxBuffer: 1 << 28 });
  assert.equal(plain.status, 0, plain.stderr.toString());
  assert.equal(spawnSync("tar", ["x", "-C", folder], { input: plain.stdout }).status, 0);
  const [bag] = readdirSync(folder);
  assert.ok(bag);
  return join(folder, bag);
}

interface Packed {
  readonly collection: string;
  readonly line: string;
  readonly why: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function recordsOf(bag: string): readonly Packed[] {
  const folder = join(bag, "data", "records");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ndjson"))
    .flatMap((file) =>
      readFileSync(join(folder, file), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Packed),
    );
}

test("a warrant is produced in full after the customer was told and the waiting time was over", () => {
  const { outcome, letters } = story("warrant-produced-in-full");
  assert.equal(outcome, "produced_full");
  assert.ok(letters.includes("owner-notice: sent") && letters.includes("production-ready: sent"));
});

test("the warrant's bag holds exactly the records a plain query finds", { skip: !hasAge && "the age program is not here" }, async () => {
  const bag = opened("warrant-produced-in-full");
  const installation = await openInstallation({ dataDir: join(out, "desk") });
  try {
    const product = await installation.database.createDatabase("workspace_product");
    const client = new Client(product.app);
    await client.connect();
    try {
      const query = (table: string, who: string, when: string) =>
        client.query<{ id: string }>(
          `select id::text from ${table} where ${who} = 'M-HARBOR-02' and workspace_id = 'W-HARBOR' and ${when} >= '2026-01-01 00:00 America/Denver' and ${when} < '2026-02-16 00:00 America/Denver' order by id::text`,
        );
      const produced = (collection: string) =>
        recordsOf(bag)
          .filter((record) => record.collection === collection)
          .map(({ fields }) => String(fields["id"]))
          .toSorted();
      for (const [table, who, when] of [
        ["posts", "author_id", "sent_at"],
        ["files", "owner_id", "uploaded_at"],
        ["sign_ins", "member_id", "at"],
      ] as const) {
        const expected = (await query(table, who, when)).rows.map(({ id }) => id);
        assert.ok(expected.length > 0, `the plain query found nothing in ${table}`);
        assert.deepEqual(produced(table), expected.toSorted(), table);
      }
    } finally {
      await client.end();
    }
  } finally {
    await installation.stop();
  }
});

test("every file of the bag has the digest its manifest states, and no file is unlisted", { skip: !hasAge && "the age program is not here" }, () => {
  const bag = opened("warrant-produced-in-full");
  const manifest = new Map(
    readFileSync(join(bag, "manifest-sha256.txt"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const payload = readdirSync(join(bag, "data"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(bag.length + 1));
  assert.deepEqual(payload.toSorted(), [...manifest.keys()].toSorted());
  for (const [file, digest] of manifest)
    assert.equal(
      createHash("sha256")
        .update(readFileSync(join(bag, file)))
        .digest("hex"),
      digest,
      file,
    );
});

test("a subpoena that asks for content loses that line, keeps the others, and no content leaves", { skip: !hasAge && "the age program is not here" }, () => {
  const { outcome, reasons } = story("subpoena-narrowed");
  assert.equal(outcome, "produced_partial");
  assert.ok(reasons.some(({ clause, code }) => clause === "KDRP-11" && code === "INSUFFICIENT_PROCESS"));
  const records = recordsOf(opened("subpoena-narrowed"));
  assert.ok(records.length > 0);
  assert.deepEqual(
    records.filter(({ collection }) => ["posts", "files", "drafts"].includes(collection)),
    [],
  );
  const columns = new Set(records.flatMap(({ fields }) => Object.keys(fields)));
  for (const content of ["body", "content", "name", "channel_name", "user_agent", "password_hash", "phone"]) assert.equal(columns.has(content), false, content);
});

test("a letter from a look-alike domain is held and nobody answers it", () => {
  const { stage, letters, reasons } = story("look-alike-held");
  assert.equal(stage, "held");
  assert.deepEqual(letters, []);
  assert.ok(reasons.some(({ code }) => code === "LOOK_ALIKE"));
});

test("when a secrecy order lapses, the customer is told by itself", () => {
  const { letters, outcome } = story("gag-lapsed-late-notice");
  assert.equal(outcome, "produced_full");
  assert.ok(letters.includes("late-notice: sent"));
  assert.equal(
    letters.some((letter) => letter.startsWith("owner-notice")),
    false,
  );
});

test("an objection suspends everything", () => {
  const { stage, reasons } = story("objection-suspended");
  assert.equal(stage, "suspended");
  assert.ok(reasons.some(({ code }) => code === "CHALLENGE_PENDING"));
});

test("a request without a date range is asked for everything that is missing, once", () => {
  const { letters, reasons } = story("no-date-range-asked");
  assert.deepEqual(
    letters.filter((letter) => letter.startsWith("missing-contents")),
    ["missing-contents: sent"],
  );
  assert.ok(reasons.some(({ clause, code }) => clause === "KDRP-2c" && code === "NO_DATE_RANGE"));
});

test("every reason of every story cites a clause and says something", () => {
  const reasons = summary().stories.flatMap((each) => each.reasons);
  assert.ok(reasons.length > 10);
  for (const { clause, because } of reasons) assert.ok(/^(?:[A-Z]+-|V\d\d)/.test(clause) && because.length > 15, `${clause}: ${because}`);
});

test("the report shows no number between one and nine, and counts no newsletter", () => {
  const report = JSON.parse(readFileSync(join(out, "report", "report.json"), "utf8")) as {
    readonly rows: readonly { readonly bucket: string; readonly cells: Readonly<Record<string, { readonly low: number; readonly high: number }>> }[];
  };
  const exact = report.rows.flatMap(({ cells }) => Object.values(cells)).filter(({ low, high }) => low === high && low >= 1 && low <= 9);
  assert.deepEqual(exact, []);
  assert.deepEqual(report.rows.map(({ bucket }) => bucket).includes("no-instrument"), false);
});

test("no name, address or case content stands in the ledger, in plain words or as a mail address", async () => {
  const installation = await openInstallation({ dataDir: join(out, "desk") });
  try {
    const { rows } = await installation.pool.query<{ body: string }>("select body from events");
    assert.ok(rows.length > 200);
    const text = rows.map(({ body }) => body).join("\n");
    for (const secret of ["Reyes", "Ortiz", "celia", "harborworks", "Orchard Street", "Celia", "Stone", "26-SW-1042", "+1 303", "age1"])
      assert.equal(text.includes(secret), false, secret);
    assert.equal(/[\w.]+@[\w-]+\.\w+/.test(text.replaceAll(/[a-z-]+@2026\.\d/g, "")), false);
  } finally {
    await installation.stop();
  }
});

test("one changed byte in any ledger row makes the verification fail and name it", async () => {
  const installation = await openInstallation({ dataDir: join(out, "desk") });
  try {
    const owner = new Client(installation.database.owner);
    await owner.connect();
    try {
      assert.equal((await installation.verifyLedger({})).ok, true);
      const { rows } = await owner.query<{ stream: string; version: number; body: string }>(
        "select stream, version, body from events where stream like 'case:%' order by stream, version offset 7 limit 1",
      );
      const [row] = rows;
      assert.ok(row);
      await owner.query("update events set body = $3 where stream = $1 and version = $2", [row.stream, row.version, row.body.replace('"type":"', '"type":"X')]);
      const broken = await installation.verifyLedger({});
      assert.equal(broken.ok, false);
      assert.deepEqual({ stream: broken.finding?.stream, version: broken.finding?.version }, { stream: row.stream, version: row.version });
      await owner.query("update events set body = $3 where stream = $1 and version = $2", [row.stream, row.version, row.body]);
      assert.equal((await installation.verifyLedger({})).ok, true);
    } finally {
      await owner.end();
    }
  } finally {
    await installation.stop();
  }
});
