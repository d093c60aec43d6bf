// What every source promises, whatever it reads from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { liveCollector } from "../../src/app/collect-live.ts";
import { type Source, collectPlan, countPlan } from "../../src/app/production-port.ts";
import { judgeFor } from "../../src/production/check/judge-record.ts";
import { checkDataMap } from "../../src/production/plan/check-data-map.ts";
import { compileScope } from "../../src/production/plan/compile-scope.ts";
import type { LocatedDataMap } from "../../src/production/plan/read-data-map.ts";
import type { ClassOf, CollectedRecord, Plan, PlannedRead, Scope } from "../../src/production/shapes.ts";

export interface SourceTrial {
  readonly source: Source;
  readonly located: LocatedDataMap;
  readonly classOf: ClassOf;
  /** A scope with a dated line and an undated one, of which the source holds records inside and outside. */
  readonly scope: Scope;
  /** Records inside, by line. */
  readonly expected: { readonly [line: string]: number };
}

export function keepsSourcePromises(name: string, open: () => Promise<SourceTrial>): void {
  test(`${name}: the data map names only columns the source has`, async () => {
    const { source, located } = await open();
    const { schema } = await source.describe();
    assert.deepEqual(checkDataMap(located, schema).problems, []);
  });

  test(`${name}: a plan gives exactly the records in scope, and the checker says so of each`, async () => {
    const trial = await open();
    const records = await recordsOf(trial, planOf(trial));
    assert.deepEqual(Object.fromEntries([...Map.groupBy(records, (record) => record.line)].map(([line, of]) => [line, of.length])), trial.expected);
    const judge = judgeFor({ scope: trial.scope, maps: [trial.located.map], classOf: trial.classOf });
    for (const record of records) assert.deepEqual(judge(record), { kind: "inside" });
  });

  test(`${name}: a dry run counts what a read then gives`, async () => {
    const trial = await open();
    const plan = planOf(trial);
    const records = await recordsOf(trial, plan);
    for (const { read, counted } of await countPlan(plan, liveCollector([trial.source]))) {
      assert.deepEqual(counted, {
        kind: "counted",
        records: records.filter((record) => record.line === read.line && record.collection === read.collection).length,
      });
    }
  });

  test(`${name}: only the planned columns leave, in their order`, async () => {
    const trial = await open();
    for (const read of planOf(trial).reads) {
      const narrowed: PlannedRead = { ...read, columns: read.columns.slice(0, 1) };
      for (const record of await recordsOf(trial, { caseId: "C", reads: [narrowed], nothingHeld: [] }))
        assert.deepEqual(Object.keys(record.fields), narrowed.columns);
    }
  });

  test(`${name}: another account, another workspace or an earlier range gives nothing of these`, async () => {
    const trial = await open();
    for (const read of planOf(trial).reads) {
      for (const changed of [
        { ...read, accounts: ["nobody'; drop table posts; --"] },
        { ...read, workspace: "another" },
      ]) {
        assert.deepEqual(await recordsOf(trial, { caseId: "C", reads: [changed], nothingHeld: [] }), []);
      }
    }
  });

  test(`${name}: a collection that is not there is a failure that names it`, async () => {
    const trial = await open();
    const [read] = planOf(trial).reads;
    assert.ok(read);
    const items = await Array.fromAsync(trial.source.read({ ...read, collection: 'secrets"; drop' }));
    const last = items.at(-1);
    assert.equal(last?.kind, "failed");
    assert.equal(last?.kind === "failed" && last.failure.collection, 'secrets"; drop');
  });

  test(`${name}: an aborted read ends with a failure and gives no more`, async () => {
    const trial = await open();
    const read = planOf(trial).reads.find((candidate) => candidate.from !== undefined);
    assert.ok(read);
    const items = await Array.fromAsync(trial.source.read(read, AbortSignal.abort()));
    assert.deepEqual(
      items.map((item) => (item.kind === "failed" ? item.failure.code : item.kind)),
      ["ABORTED"],
    );
  });
}

function planOf(trial: SourceTrial): Plan {
  const compiled = compileScope({ scope: trial.scope, maps: [trial.located.map], classOf: trial.classOf });
  assert.equal(compiled.kind, "planned");
  return compiled.kind === "planned" ? compiled.plan : assert.fail();
}

async function recordsOf(trial: SourceTrial, plan: Plan): Promise<CollectedRecord[]> {
  const items = await Array.fromAsync(collectPlan(plan, liveCollector([trial.source])));
  return items.flatMap((item) => (item.kind === "record" ? [item.record] : item.kind === "failed" ? assert.fail(item.failure.what) : []));
}
