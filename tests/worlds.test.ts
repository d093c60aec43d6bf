// Worlds made up at random: what is produced is exactly what a naive scan of everything finds, whatever way the records refer to each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc, { type Arbitrary } from "fast-check";
import { liveCollector } from "../src/app/collect-live.ts";
import { collectPlan, countPlan } from "../src/app/production-port.ts";
import { instant } from "../src/kernel/instant.ts";
import { judgeFor } from "../src/production/check/judge-record.ts";
import { compileScope } from "../src/production/plan/compile-scope.ts";
import type { CollectedRecord, DataMap, FieldReference, MappedCollection, MappedField, Scope, ScopeLine } from "../src/production/shapes.ts";
import { memorySource, type Row } from "./fixtures/memory-source.ts";
import { lineOf, manyCases, scopeOf, usClassOf, warrant } from "./fixtures/production.ts";

/** Continuous integration looks at 20,000 worlds. */
const worlds = Math.min(manyCases, 20_000);
const types = ["messages", "name", "billing"] as const;
const days = [
  "2026-01-09T23:59:59.999Z",
  "2026-01-10T00:00:00.000Z",
  "2026-02-11T08:00:00.000Z",
  "2026-02-28T23:59:59.999Z",
  "2026-03-01T00:00:00.000Z",
] as const;

interface World {
  readonly maps: readonly DataMap[];
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly scope: Scope;
}

type Draw = <Value>(of: Arbitrary<Value>) => Value;

const anyWorld: Arbitrary<World> = fc.gen().map((gen) => drawWorld((of) => gen(() => of)));

function drawWorld(draw: Draw): World {
  const names = ["a", "b", "c", "d"].slice(0, draw(fc.constantFrom(1, 2, 3, 4, 4)));
  const sources = names.map(() => draw(fc.constantFrom("north", "south")));
  const place = (index: number) => ({ source: sources[index] ?? "north", collection: names[index] ?? "a" });
  const collections = names.map((name, index) => ({ ...place(index), mapped: drawCollection(draw, name, names, place) }));
  const maps = ["north", "south"].map((source) => ({
    source,
    title: source,
    collections: collections.filter((one) => one.source === source).map(({ mapped }) => mapped),
  }));
  const rows = new Map(collections.map(({ source, mapped }) => [nameOf(source, mapped.name), drawRows(draw, mapped)]));
  const lines = types.filter(() => draw(fc.boolean())).map((type) => drawLine(draw, type));
  return { maps, rows, scope: scopeOf(lines.length === 0 ? [drawLine(draw, "messages")] : lines, warrant) };
}

function drawCollection(
  draw: Draw,
  name: string,
  names: readonly string[],
  place: (index: number) => { source: string; collection: string },
): MappedCollection {
  const undated = draw(fc.boolean());
  const hasSubject = name === "a" || draw(fc.integer({ min: 0, max: 3 })) === 0;
  const marked = draw(fc.boolean());
  const mark = (content: boolean): Pick<MappedField, "class" | "dataTypes"> => {
    const held = draw(fc.constantFrom("content", "non-content", "non-content", "non-content", undefined));
    if (held === undefined) return { dataTypes: types.filter(() => draw(fc.boolean())) };
    if (held === "content" && !content) return { dataTypes: [] };
    return { class: held, dataTypes: held === "content" ? ["messages"] : types.filter(() => draw(fc.boolean())) };
  };
  const field = (of: string, more: Partial<MappedField> = {}): MappedField => ({ name: of, categories: [], ...mark(of === "text"), ...more });
  const reference = (): FieldReference => {
    const direction = draw(fc.constantFrom("from", "to", undefined));
    return {
      ...place(draw(fc.integer({ min: 0, max: names.length - 1 }))),
      column: draw(fc.constantFrom("id", "id", "ref")),
      ...(direction === undefined ? {} : { direction }),
    };
  };
  return {
    name,
    undated,
    fields: [
      field("id", { role: "key" }),
      field("text"),
      ...(hasSubject ? [field("who", { role: "subject" as const })] : []),
      ...(draw(fc.boolean()) ? [field("where", { role: "workspace" as const })] : []),
      ...(!undated && draw(fc.boolean()) ? [field("at", { role: "moment" as const })] : []),
      ...["ref", "other"].map((of, index) => {
        const references = Array.from({ length: draw(fc.constantFrom(...(index === 0 ? [1, 1, 1, 0] : [0, 0, 1, 2]))) }, reference);
        return field(of, { ...(references.length === 0 ? {} : { references }), ...(marked && references.length > 0 ? { role: "owner" as const } : {}) });
      }),
    ],
  };
}

function drawRows(draw: Draw, { fields }: MappedCollection): readonly Row[] {
  const small = () => draw(fc.constantFrom("1", "2", "3", "4", "5", null));
  const value = (name: string, index: number) => {
    if (name === "id") return String(index + 1);
    if (name === "who") return draw(fc.constantFrom("M-HARBOR-00", "M-HARBOR-01"));
    if (name === "where") return draw(fc.constantFrom("W-HARBOR", "W-HARBOR", "W-ORCHARD"));
    if (name === "at") return draw(fc.constantFrom(...days));
    return name === "text" ? `text ${index}` : small();
  };
  return Array.from({ length: draw(fc.integer({ min: 0, max: 8 })) }, (_, index) => Object.fromEntries(fields.map(({ name }) => [name, value(name, index)])));
}

function drawLine(draw: Draw, type: (typeof types)[number]): ScopeLine {
  const line = lineOf(type, { accounts: draw(fc.constantFrom(["M-HARBOR-00"], ["M-HARBOR-01"], ["M-HARBOR-00", "M-HARBOR-01"])) });
  if (draw(fc.integer({ min: 0, max: 5 })) > 0) return line;
  const { from: _, ...undated } = line;
  return undated;
}

function nameOf(source: string, collection: string): string {
  return `${source}.${collection}`;
}

/** Everything is scanned until nothing new is found; the compiler, the collector and the checker have no part in it. */
class Scan {
  private readonly world: World;
  private readonly line: ScopeLine;
  /** Row → the dates it may have: its own, or those of the rows it belongs to. `-` is no date. */
  private readonly dates = new Map<Row, Set<string>>();

  constructor(world: World, line: ScopeLine) {
    this.world = world;
    this.line = line;
    for (let before = -1; before !== this.size();) {
      before = this.size();
      for (const { source, mapped, row } of this.all()) this.settle(source, mapped, row);
    }
  }

  find(source: string, mapped: MappedCollection): readonly Row[] {
    return (this.world.rows.get(nameOf(source, mapped.name)) ?? []).filter((row) =>
      [...(this.dates.get(row) ?? [])].some((date) => this.isInTime(mapped, date)),
    );
  }

  private isInTime(mapped: MappedCollection, date: string): boolean {
    return mapped.undated || (date !== "-" && this.line.from !== undefined && date >= this.line.from && date < this.line.until);
  }

  private size(): number {
    return [...this.dates.values()].reduce((sum, dates) => sum + dates.size, 0);
  }

  private *all() {
    for (const { source, collections } of this.world.maps)
      for (const mapped of collections) for (const row of this.world.rows.get(nameOf(source, mapped.name)) ?? []) yield { source, mapped, row };
  }

  private settle(source: string, mapped: MappedCollection, row: Row): void {
    if (mapped.fields.some(({ role }) => role === "workspace") && row["where"] !== this.line.workspace) return;
    const own = mapped.fields.some(({ role }) => role === "moment") ? String(row["at"]) : undefined;
    for (const date of this.datesBefore(source, mapped, row)) this.dates.set(row, (this.dates.get(row) ?? new Set()).add(own ?? date));
  }

  private datesBefore(source: string, mapped: MappedCollection, row: Row): readonly string[] {
    if (mapped.fields.some(({ role }) => role === "subject")) return this.line.accounts.includes(String(row["who"])) ? ["-"] : [];
    return [...this.all()].flatMap((parent) =>
      this.dates.has(parent.row) && this.belongs({ source, mapped, row }, parent) ? [...(this.dates.get(parent.row) ?? [])] : [],
    );
  }

  private belongs(child: { source: string; mapped: MappedCollection; row: Row }, parent: { source: string; mapped: MappedCollection; row: Row }): boolean {
    const marked = child.mapped.fields.filter(({ role }) => role === "owner");
    const equal = (mine: string, theirs: string) => child.row[mine] !== null && child.row[mine] !== undefined && child.row[mine] === parent.row[theirs];
    const allowed = (mine: string) => marked.length === 0 || marked.some(({ name }) => name === mine);
    const upward = child.mapped.fields.some(({ name, references = [] }) =>
      references.some(
        (to) => to.direction !== "to" && to.source === parent.source && to.collection === parent.mapped.name && allowed(name) && equal(name, to.column),
      ),
    );
    const downward = parent.mapped.fields.some(({ name, references = [] }) =>
      references.some(
        (to) => to.direction === "to" && to.source === child.source && to.collection === child.mapped.name && allowed(to.column) && equal(to.column, name),
      ),
    );
    return upward || downward;
  }
}

const seen = { worlds: 0, byWay: 0, records: 0, chains: 0, longest: 0 };

test("what is produced is exactly what a naive scan of every source finds, and the checker says so of each record", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, async (world) => {
      const grounds = { scope: world.scope, maps: world.maps, classOf: usClassOf };
      const compiled = compileScope(grounds);
      if (compiled.kind === "refused") return;
      seen.worlds += 1;
      const { plan } = compiled;
      const tables = (source: string) =>
        Object.fromEntries([...world.rows].flatMap(([name, rows]) => (name.startsWith(`${source}.`) ? [[name.slice(source.length + 1), rows]] : [])));
      const collector = liveCollector([memorySource("north", tables("north")), memorySource("south", tables("south"))]);
      const items = await Array.fromAsync(collectPlan(plan, collector));
      const records = items.flatMap((item) => (item.kind === "record" ? [item.record] : assert.fail(JSON.stringify(item))));
      const judge = judgeFor(grounds);
      for (const record of records) {
        assert.deepEqual(judge(record), { kind: "inside" });
        holdColumns(record, world);
      }
      for (const line of world.scope.lines) compareWithScan(world, line, records, plan);
      for (const { read, counted } of await countPlan(plan, collector))
        assert.deepEqual(counted, { kind: "counted", records: records.filter((record) => isOf(record, read)).length });
      seen.records += records.length;
      seen.chains += records.filter(({ chain }) => chain !== undefined).length;
      seen.longest = Math.max(seen.longest, ...records.map(({ chain }) => chain?.steps.length ?? 0));
      if (plan.reads.some(({ through }) => through !== undefined)) seen.byWay += 1;
    }),
    { numRuns: worlds, endOnFailure: true },
  );
});

function isOf(record: CollectedRecord, read: { readonly source: string; readonly collection: string; readonly line: string }): boolean {
  return record.source === read.source && record.collection === read.collection && record.line === read.line;
}

/** A collection that was left out is named with its reason; every other one is compared, the empty ones too. */
function compareWithScan(
  world: World,
  line: ScopeLine,
  records: readonly CollectedRecord[],
  plan: { readonly reads: readonly { source: string; collection: string; line: string }[] },
): void {
  const scan = new Scan(world, line);
  for (const { source, collections } of world.maps) {
    for (const mapped of collections) {
      const found = records.filter((record) => isOf(record, { source, collection: mapped.name, line: line.line })).map(({ key }) => key);
      const reached = mapped.fields.some(({ class: held, dataTypes }) => held !== undefined && dataTypes.includes(line.dataType));
      const isRead = plan.reads.some((read) => read.source === source && read.collection === mapped.name && read.line === line.line);
      if (!reached || !isRead) assert.deepEqual(found, []);
      else
        assert.deepEqual(
          found.toSorted(),
          scan
            .find(source, mapped)
            .map(({ id }) => String(id))
            .toSorted(),
        );
    }
  }
}

function holdColumns(record: CollectedRecord, { maps, scope }: World): void {
  const line = scope.lines.find((candidate) => candidate.line === record.line) ?? assert.fail();
  const mapped = maps.find(({ source }) => source === record.source)?.collections.find(({ name }) => name === record.collection) ?? assert.fail();
  for (const column of Object.keys(record.fields)) {
    const field = mapped.fields.find(({ name }) => name === column) ?? assert.fail();
    assert.ok(field.class !== undefined && field.dataTypes.includes(line.dataType), `${column} is not part of ${line.dataType}`);
    assert.ok(field.class === "non-content" || usClassOf(line.dataType) === "CONTENT", `${column} is content`);
  }
}

test("the worlds are no empty ones: many are reached by references, some over several links", () => {
  assert.ok(seen.worlds > worlds / 4, JSON.stringify(seen));
  assert.ok(seen.byWay > worlds / 20 && seen.chains > worlds / 20 && seen.longest >= (worlds < 5000 ? 2 : 3), JSON.stringify(seen));
});

const late: Arbitrary<number> = fc.integer({ min: 0, max: 3 });

test("a broken chain is outside: another value, another link, a missing step, another account or workspace", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, late, async (world, index) => {
      const grounds = { scope: world.scope, maps: world.maps, classOf: usClassOf };
      const compiled = compileScope(grounds);
      if (compiled.kind === "refused") return;
      const tables = (source: string) =>
        Object.fromEntries([...world.rows].flatMap(([name, rows]) => (name.startsWith(`${source}.`) ? [[name.slice(source.length + 1), rows]] : [])));
      const items = await Array.fromAsync(
        collectPlan(compiled.plan, liveCollector([memorySource("north", tables("north")), memorySource("south", tables("south"))])),
      );
      const judge = judgeFor(grounds);
      for (const item of items) {
        if (item.kind !== "record" || item.record.chain === undefined) continue;
        for (const changed of broken(item.record, index, inheritsDate(item.record, world)))
          assert.equal(judge(changed).kind, "outside", JSON.stringify(changed));
      }
    }),
    { numRuns: Math.min(worlds, 3000), endOnFailure: true },
  );
});

function inheritsDate({ source, collection, witness }: CollectedRecord, { maps }: World): boolean {
  const mapped = maps.find((map) => map.source === source)?.collections.find(({ name }) => name === collection);
  return witness.moment !== undefined && mapped?.fields.every(({ role }) => role !== "moment") === true;
}

function broken(record: CollectedRecord, index: number, inherits: boolean): readonly CollectedRecord[] {
  const { chain } = record;
  if (chain === undefined) return [];
  const [first, ...rest] = chain.steps;
  const at = index % chain.steps.length;
  const change = (step: Partial<typeof first>): CollectedRecord => {
    const [head, ...tail] = chain.steps.map((each, position) => (position === at ? { ...each, ...step } : each));
    return { ...record, chain: { ...chain, steps: [head ?? first, ...tail] } };
  };
  const step = chain.steps[at] ?? first;
  const { chain: _, ...alone } = record;
  return [
    alone,
    change({ out: { ...step.out, value: `${step.out.value}9` } }),
    change({ out: { ...step.out, column: "text" } }),
    change({ collection: "z" }),
    { ...record, chain: { ...chain, column: "text" } },
    { ...record, chain: { ...chain, steps: [{ ...first, subject: "M-HARBOR-09" }, ...rest] } },
    { ...record, witness: { ...record.witness, subject: "M-HARBOR-09" } },
    ...(!inherits ? [] : [{ ...record, witness: { ...record.witness, moment: instant("2026-02-20T20:20:20Z") } }]),
  ];
}
