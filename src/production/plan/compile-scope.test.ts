import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deliveredMap, lineOf, manyCases, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { instant } from "../../kernel/instant.ts";
import { type DataClass, dataClasses } from "../../policy/pack.ts";
import type { DataMap, MappedCollection, MappedField, Plan, PlannedRead, Scope, ScopeLine } from "../shapes.ts";
import { type Compiled, compileScope } from "./compile-scope.ts";

const maps = [deliveredMap("workspace-database").map, deliveredMap("slack-export").map];
const compile = (scope: Scope, over: readonly DataMap[] = maps) => compileScope({ scope, maps: over, classOf: usClassOf });
const codes = (compiled: Compiled) => (compiled.kind === "refused" ? compiled.reasons.map((reason) => `${reason.clause} ${reason.code}`) : []);
const planned = (compiled: Compiled): Plan => (compiled.kind === "planned" ? compiled.plan : assert.fail(codes(compiled).join()));

test("a subpoena's plan names the columns of its data type and no other", () => {
  const { reads } = planned(compile(scopeOf([lineOf("name")])));
  assert.deepEqual(
    reads.map((read) => [read.source, read.collection, read.columns]),
    [
      ["slack-export", "users", ["id", "workspace_id", "real_name", "profile.display_name"]],
      ["workspace-database", "members", ["id", "workspace_id", "full_name"]],
    ],
  );
});

test("a subpoena does not reach content, and the reason says what would", () => {
  const compiled = compile(scopeOf([lineOf("messages")]));
  assert.deepEqual(codes(compiled), ["KDRP-11 INSUFFICIENT_PROCESS"]);
  assert.match(compiled.kind === "refused" ? compiled.reasons[0].because : "", /A search warrant would\./);
});

test("an instrument that does not compel a class does not reach it", () => {
  assert.deepEqual(codes(compile(scopeOf([lineOf("message-metadata")]))), ["KDRP-12 INSUFFICIENT_PROCESS"]);
});

test("real-time data is never planned, whatever the instrument says", () => {
  const scope = scopeOf([lineOf("realtime-content"), lineOf("realtime-metadata"), lineOf("messages", { dataClass: "REALTIME_CONTENT", line: "L-3" })], {
    reach: [...dataClasses],
  });
  assert.deepEqual(codes(compile(scope)), ["KDRP-6 REALTIME", "KDRP-6 REALTIME", "KDRP-6 REALTIME"]);
});

test("a line may end with the day of service in the desk's zone, and not a moment later", () => {
  const end = instant("2026-04-02T06:00:00Z");
  assert.equal(compile(scopeOf([lineOf("messages", { until: end })], warrant)).kind, "planned");
  assert.deepEqual(codes(compile(scopeOf([lineOf("messages", { until: instant("2026-04-02T06:00:00.001Z") })], warrant))), ["KDRP-6 REACHES_FUTURE"]);
});

test("a line must name accounts and one workspace, and end after it begins", () => {
  const from = instant("2026-03-01T00:00:00Z");
  assert.deepEqual(codes(compile(scopeOf([lineOf("name", { accounts: [" "], workspace: "", from })]))), [
    "KDRP-2c NO_ACCOUNT",
    "KDRP-2c NO_WORKSPACE",
    "KDRP-2c EMPTY_RANGE",
  ]);
  assert.deepEqual(codes(compile(scopeOf([lineOf("name", { accounts: [] })]))), ["KDRP-2c NO_ACCOUNT"]);
});

test("a line that names a class the law does not give is refused", () => {
  assert.deepEqual(codes(compile(scopeOf([lineOf("messages", { dataClass: "SUBSCRIBER" })]))), ["KDRP-12 CLASS_MISMATCH"]);
  assert.deepEqual(codes(compile(scopeOf([lineOf("diaries")]))), ["KDRP-12 UNKNOWN_DATA_TYPE"]);
});

test("two lines with one number are refused", () => {
  assert.deepEqual(codes(compile(scopeOf([lineOf("name"), lineOf("contact", { line: "L-name" })]))), ["IGRP-9 LINE_TWICE"]);
});

test("a map that gives content to a data type that is not content is refused", () => {
  const collection: MappedCollection = {
    name: "notes",
    undated: true,
    fields: [{ name: "who", categories: [], class: "content", dataTypes: ["name"], role: "subject" }],
  };
  assert.deepEqual(codes(compile(scopeOf([lineOf("name")]), [{ source: "s", title: "S", collections: [collection] }])), ["KDRP-11 MAP_GIVES_CONTENT"]);
});

test("standing facts are read without dates, dated records within the range", () => {
  const { reads } = planned(compile(scopeOf([lineOf("billing")])));
  assert.deepEqual(
    reads.map((read) => [read.collection, read.from, read.until]),
    [
      ["invoices", "2026-01-10T00:00:00.000Z", "2026-03-01T00:00:00.000Z"],
      ["payment_methods", undefined, undefined],
    ],
  );
});

test("without a first day dated records are left out, and the plan says so", () => {
  const { from: _, ...undated } = lineOf("billing");
  const plan = planned(compile(scopeOf([undated])));
  assert.deepEqual(
    plan.reads.map((read) => read.collection),
    ["payment_methods"],
  );
  assert.deepEqual(plan.nothingHeld, [
    { line: "L-billing", because: "`invoices` of Workspace database was not searched: its records have dates and the line gives no first day." },
  ]);
});

test("a data type that no source holds is a negative search", () => {
  const plan = planned(compile(scopeOf([lineOf("location")], warrant)));
  assert.deepEqual([plan.reads, plan.nothingHeld], [[], [{ line: "L-location", because: "No source holds data of the type `location`." }]]);
});

const types = ["name", "billing", "message-metadata", "messages", "files", "realtime-content"] as const;
const fields: fc.Arbitrary<MappedField> = fc.record(
  {
    name: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    categories: fc.constant([]),
    class: fc.constantFrom("content", "non-content"),
    dataTypes: fc.subarray([...types]),
    role: fc.constantFrom("subject", "workspace", "moment", "key"),
  },
  { requiredKeys: ["name", "categories", "dataTypes"] },
);
/** Most collections say whose and when, so that many reads are planned. */
const whoAndWhen: readonly MappedField[] = (["subject", "workspace", "moment"] as const).map((role) => ({
  name: role,
  categories: [],
  class: "non-content",
  dataTypes: [...types],
  role,
}));
const anyFields = fc
  .tuple(fc.uniqueArray(fields, { selector: (of) => of.name }), fc.integer({ min: 0, max: 3 }))
  .map(([some, dice]) => (dice === 0 ? some : [...whoAndWhen, ...some.map((field) => ({ ...field, role: "key" as const }))]));
const collections = fc.record({ name: fc.constantFrom("one", "two", "three"), undated: fc.boolean(), fields: anyFields });
const anyMap: fc.Arbitrary<DataMap> = fc.record({
  source: fc.constantFrom("s1", "s2"),
  title: fc.constant("S"),
  collections: fc.uniqueArray(collections, { selector: (of) => of.name }),
});
const anyMaps = fc.uniqueArray(anyMap, { selector: (map) => map.source });
const moments = fc.constantFrom("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-04-02T06:00:00Z", "2026-05-01T00:00:00Z").map(instant);
const anyLine = fc.record(
  {
    line: fc.constantFrom("1", "2", "3", "4"),
    dataType: fc.constantFrom(...types, "name", "messages", "billing"),
    dataClass: fc.constantFrom<DataClass>(...dataClasses),
    accounts: fc.subarray(["A", "B", "*"]),
    workspace: fc.constantFrom("W", "", "%"),
    from: moments,
    until: moments,
  },
  { requiredKeys: ["line", "dataType", "dataClass", "accounts", "workspace", "until"] },
);
/** Most lines carry the law's class, so that many scopes compile. */
const likelyLine: fc.Arbitrary<ScopeLine> = fc.tuple(anyLine, fc.integer({ min: 0, max: 7 })).map(([line, dice]) =>
  dice === 0
    ? line
    : {
        ...line,
        dataClass: usClassOf(line.dataType) ?? "RECORDS",
        workspace: "W",
        accounts: ["A", "*"],
        from: instant("2026-01-01T00:00:00Z"),
        until: instant("2026-03-01T00:00:00Z"),
      },
);
const anyScope = fc
  .record({
    lines: fc.uniqueArray(likelyLine, { selector: (line) => line.line, maxLength: 4 }),
    reach: fc.oneof(fc.constant([...dataClasses]), fc.subarray([...dataClasses])),
  })
  .map(({ lines, reach }) => scopeOf(lines, { reach }));

/** One walk over the cases serves all three: to make a case costs more than to judge it. */
test("whatever the maps and lines are, a planned read stays inside its line, its map and the instrument; taking away a line or a class of data never adds or widens a read", () => {
  let reads = 0;
  fc.assert(
    fc.property(anyScope, anyMaps, fc.nat(), fc.constantFrom(...dataClasses), (scope, over, which, lost) => {
      const narrower = compile({ ...scope, reach: scope.reach.filter((reached) => reached !== lost) }, over);
      const compiled = compile(scope, over);
      if (narrower.kind === "planned") assert.deepEqual(narrower, compiled);
      if (compiled.kind === "refused") return;
      for (const read of compiled.plan.reads) {
        reads += 1;
        staysInside(read, scope, over);
      }
      const fewer = compile({ ...scope, lines: scope.lines.filter((_, index) => index !== which % Math.max(scope.lines.length, 1)) }, over);
      const known = new Set(compiled.plan.reads.map((read) => JSON.stringify(read)));
      assert.ok(planned(fewer).reads.every((read) => known.has(JSON.stringify(read))));
    }),
    { numRuns: manyCases },
  );
  assert.ok(reads > manyCases / 5, `only ${reads} reads were planned`);
});

function staysInside(read: PlannedRead, scope: Scope, over: readonly DataMap[]): void {
  const line = scope.lines.find((candidate) => candidate.line === read.line) ?? assert.fail();
  const collection = over.find((map) => map.source === read.source)?.collections.find((candidate) => candidate.name === read.collection) ?? assert.fail();
  assert.ok(scope.reach.includes(line.dataClass) && usClassOf(line.dataType) === line.dataClass && !line.dataClass.startsWith("REALTIME"));
  for (const column of read.columns) {
    const mapped = collection.fields.find((field) => field.name === column);
    assert.ok(mapped?.class !== undefined && mapped.dataTypes.includes(line.dataType) && (mapped.class !== "content" || line.dataClass === "CONTENT"));
  }
  assert.ok(read.accounts.length > 0 && read.accounts.every((account) => line.accounts.includes(account)));
  assert.equal(read.workspace, line.workspace);
  assert.ok(line.until <= "2026-04-02T06:00:00.000Z");
  if (collection.undated) assert.deepEqual([read.from, read.until], [undefined, undefined]);
  else assert.ok(read.from !== undefined && read.from === line.from && read.until === line.until && read.witness.moment !== undefined);
}
