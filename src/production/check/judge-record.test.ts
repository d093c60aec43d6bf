import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deliveredMap, lineOf, manyCases, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { instant } from "../../kernel/instant.ts";
import type { Instant } from "../../kernel/instant.ts";
import { compileScope } from "../plan/compile-scope.ts";
import type { CollectedRecord, FieldValue, PlannedRead, Scope } from "../shapes.ts";
import { judgeFor } from "./judge-record.ts";

const { map } = deliveredMap("workspace-database");
const scope = scopeOf([lineOf("messages"), lineOf("message-metadata"), lineOf("name"), lineOf("billing")], warrant);
const judge = judgeFor({ scope, maps: [map], classOf: usClassOf });

function codesOf(record: CollectedRecord, under: Scope = scope): string[] {
  const judgement = judgeFor({ scope: under, maps: [map], classOf: usClassOf })(record);
  return judgement.kind === "inside" ? [] : judgement.reasons.map((reason) => reason.code);
}

type Row = { readonly [column: string]: FieldValue };
const columns = map.collections.find((collection) => collection.name === "posts")?.fields.map((field) => field.name) ?? [];
const rows: readonly Row[] = ["M-HARBOR-00", "M-HARBOR-01"].flatMap((author) =>
  ["W-HARBOR", "W-ORCHARD"].flatMap((workspace) =>
    ["2026-01-09T23:59:59.999Z", "2026-01-10T00:00:00.000Z", "2026-02-28T23:59:59.999Z", "2026-03-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z"].map(
      (moment) => ({
        ...Object.fromEntries(columns.map((name) => [name, `${name} of it`])),
        author_id: author,
        workspace_id: workspace,
        sent_at: moment,
        password: "secret",
      }),
    ),
  ),
);

/** A source that does what the read says and knows no scope: what an adapter with a faulty plan would give. */
function obey(read: PlannedRead): CollectedRecord[] {
  const { subject, workspace = "", moment = "" } = read.witness;
  const wanted = rows.filter(
    (row) =>
      read.accounts.includes(String(row[subject])) &&
      (workspace === "" || row[workspace] === read.workspace) &&
      (read.from === undefined || String(row[moment]) >= read.from) &&
      (read.until === undefined || String(row[moment]) < read.until),
  );
  return wanted.map((row) => ({
    source: read.source,
    collection: read.collection,
    line: read.line,
    key: String(row["id"]),
    fields: Object.fromEntries(read.columns.map((name) => [name, row[name] ?? null])),
    witness: {
      subject: String(row[subject]),
      ...(workspace === "" ? {} : { workspace: String(row[workspace]) }),
      ...(moment === "" ? {} : { moment: String(row[moment]) as Instant }),
    },
  }));
}

const compiled = compileScope({ scope, maps: [map], classOf: usClassOf });
const readOf = (line: string) =>
  (compiled.kind === "planned" ? compiled.plan.reads.find((read) => read.line === line && read.collection === "posts") : undefined) ?? assert.fail();
const messages = readOf("L-messages");
const metadata = readOf("L-message-metadata");

test("what a true plan gives is inside, to the millisecond", () => {
  assert.deepEqual(
    [messages, metadata].flatMap(obey).map((record) => [record.witness.moment, judge(record).kind]),
    [
      ["2026-01-10T00:00:00.000Z", "inside"],
      ["2026-02-28T23:59:59.999Z", "inside"],
      ["2026-01-10T00:00:00.000Z", "inside"],
      ["2026-02-28T23:59:59.999Z", "inside"],
    ],
  );
});

const { from: _from, ...withoutFrom } = messages;
const { until: _until, ...withoutUntil } = messages;
const { workspace: _workspace, ...witnessWithoutWorkspace } = messages.witness;
/** Faults planted in the compiler's plan, and what the checker says of them. */
const faults: readonly (readonly [string, PlannedRead, string])[] = [
  ["a column of no data type", { ...messages, columns: [...messages.columns, "password"] }, "COLUMN_OUTSIDE"],
  ["the content of a message for its metadata", { ...metadata, columns: [...metadata.columns, "body"] }, "COLUMN_OUTSIDE"],
  ["no first day", withoutFrom, "BEFORE_RANGE"],
  ["no last day", withoutUntil, "AFTER_RANGE"],
  ["no last day, past the day of service", withoutUntil, "AFTER_SERVICE"],
  ["a range one millisecond too long", { ...messages, until: instant("2026-03-01T00:00:00.001Z") }, "AFTER_RANGE"],
  ["another account", { ...messages, accounts: ["M-HARBOR-01"] }, "OTHER_ACCOUNT"],
  ["one account more", { ...messages, accounts: ["M-HARBOR-00", "M-HARBOR-01"] }, "OTHER_ACCOUNT"],
  ["another workspace", { ...messages, workspace: "W-ORCHARD" }, "OTHER_WORKSPACE"],
  ["no workspace", { ...messages, witness: witnessWithoutWorkspace }, "OTHER_WORKSPACE"],
  ["the content read under the metadata's line", { ...messages, line: "L-message-metadata" }, "COLUMN_OUTSIDE"],
  ["a line nobody asked for", { ...messages, line: "L-9" }, "NO_SUCH_LINE"],
  ["a collection no map knows", { ...messages, collection: "secrets" }, "NOT_MAPPED"],
  [
    "the wrong column for the person",
    { ...messages, accounts: ["channel_id of it"], witness: { ...messages.witness, subject: "channel_id" } },
    "OTHER_ACCOUNT",
  ],
];
for (const [what, read, code] of faults) {
  test(`a plan with ${what} is caught by the checker`, () => {
    const found = obey(read).flatMap((record) => codesOf(record));
    assert.ok(found.includes(code), `found ${found.join() || "nothing"}`);
  });
}

test("a line whose class the instrument does not reach, or the law does not give, makes its records outside", () => {
  const record = obey(messages)[0] ?? assert.fail();
  assert.deepEqual(codesOf(record, { ...scope, reach: ["SUBSCRIBER"] }), ["BEYOND_INSTRUMENT"]);
  const lied = scopeOf([lineOf("messages", { dataClass: "SUBSCRIBER" })]);
  assert.deepEqual(codesOf(record, lied).toSorted(), ["CONTENT_OUTSIDE", "CONTENT_OUTSIDE", "WRONG_CLASS"]);
  assert.deepEqual(codesOf(record, scopeOf([lineOf("messages", { dataClass: "REALTIME_CONTENT" })], { reach: ["REALTIME_CONTENT"] }))[0], "REALTIME");
});

test("a source whose record shows something else than the source says of it is not believed", () => {
  const record = obey(messages)[0] ?? assert.fail();
  const shows = (changes: Row) => codesOf({ ...record, fields: { ...record.fields, ...changes } });
  assert.deepEqual(shows({ author_id: "M-HARBOR-01" }), ["OTHER_ACCOUNT"]);
  assert.deepEqual(shows({ author_id: null }), ["OTHER_ACCOUNT"]);
  assert.deepEqual(shows({ workspace_id: "W-ORCHARD" }), ["OTHER_WORKSPACE"]);
  assert.deepEqual(shows({ sent_at: "2026-05-01T00:00:00.000Z" }), ["NO_MOMENT"]);
  assert.deepEqual(codesOf({ ...record, witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR" } }), ["NO_MOMENT"]);
  assert.deepEqual(codesOf({ ...record, witness: { ...record.witness, moment: "infinity" as Instant }, fields: { ...record.fields, sent_at: "infinity" } }), [
    "NO_MOMENT",
  ]);
});

test("a standing fact has no date and needs none", () => {
  const fields = { id: "M-HARBOR-00", workspace_id: "W-HARBOR", full_name: "Ada Ashdown" };
  assert.deepEqual(
    codesOf({
      source: "workspace-database",
      collection: "members",
      line: "L-name",
      key: "1",
      fields,
      witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR" },
    }),
    [],
  );
});

test("a record is inside exactly when a plan that was compiled for the scope gives it", () => {
  const accounts = fc.subarray(["M-HARBOR-00", "M-HARBOR-01"], { minLength: 1 });
  const from = fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-10T00:00:00Z", "2026-02-28T23:59:59.999Z").map(instant);
  const until = fc.constantFrom("2026-03-01T00:00:00Z", "2026-03-01T00:00:00.001Z").map(instant);
  fc.assert(
    fc.property(
      accounts,
      from,
      until,
      fc.constantFrom("messages", "message-metadata"),
      fc.constantFrom("W-HARBOR", "W-ORCHARD"),
      (people, first, last, type, workspace) => {
        const one = scopeOf([lineOf(type, { accounts: people, from: first, until: last, workspace })], warrant);
        const plan = compileScope({ scope: one, maps: [map], classOf: usClassOf });
        const read = (plan.kind === "planned" ? plan.plan.reads.find((candidate) => candidate.collection === "posts") : undefined) ?? assert.fail();
        const given = new Set(obey(read).map((record) => JSON.stringify(record)));
        const { from: _first, until: _last, ...anyTime } = read;
        const everything = ["W-HARBOR", "W-ORCHARD"].flatMap((place) => obey({ ...anyTime, accounts: ["M-HARBOR-00", "M-HARBOR-01"], workspace: place }));
        for (const record of everything) assert.equal(codesOf(record, one).length === 0, given.has(JSON.stringify(record)));
      },
    ),
    { numRuns: manyCases },
  );
});
