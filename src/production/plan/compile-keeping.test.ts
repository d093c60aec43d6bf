// What is kept is read by the rules of a production, and can never be made into one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import { instant } from "../../kernel/instant.ts";
import { judgeKeeping } from "../check/judge-keeping.ts";
import type { CollectedRecord, KeepingScope, Plan, Scope } from "../shapes.ts";
import { compileKeeping } from "./compile-keeping.ts";
import { compileScope } from "./compile-scope.ts";

const maps = [deliveredMap("workspace-database").map];
const { reach: _, ...bare } = scopeOf([lineOf("messages"), lineOf("name")], { instrument: "US-PRES" });
const keeping: KeepingScope = { ...bare, keeps: ["CONTENT", "SUBSCRIBER"] };

test("a snapshot reads exactly what a warrant for the same lines would", () => {
  const kept = compileKeeping({ keeping, maps, classOf: usClassOf });
  const produced = compileScope({ scope: { ...bare, ...warrant, reach: warrant.reach ?? [] }, maps, classOf: usClassOf });
  assert.ok(kept.kind === "planned" && produced.kind === "planned");
  assert.ok(kept.plan.reads.length > 0);
  assert.deepEqual([kept.plan.reads, kept.plan.nothingHeld], [produced.plan.reads, produced.plan.nothingHeld]);
});

test("neither what is kept nor its reads are a scope or a plan of a production: the compiler of the program refuses them", () => {
  const kept = compileKeeping({ keeping, maps, classOf: usClassOf });
  assert.ok(kept.kind === "planned");
  // @ts-expect-error A scope for keeping reaches nothing.
  const scope: Scope = keeping;
  // @ts-expect-error The reads of a snapshot are no plan.
  const plan: Plan = kept.plan;
  assert.equal(Object.hasOwn(scope, "reach") || Object.hasOwn(plan, "caseId"), false);
});

test("nothing made after the day of service is kept, nothing live, and no class that the lines do not have", () => {
  const codes = (changes: Partial<KeepingScope>) => {
    const compiled = compileKeeping({ keeping: { ...keeping, ...changes }, maps, classOf: usClassOf });
    return compiled.kind === "refused" ? compiled.reasons.map(({ code }) => code) : [];
  };
  assert.deepEqual(codes({ lines: [lineOf("messages", { until: instant("2026-04-03T00:00:00Z") })] }), ["REACHES_FUTURE"]);
  assert.deepEqual(codes({ keeps: ["SUBSCRIBER"] }), ["INSUFFICIENT_PROCESS"]);
  assert.deepEqual(codes({ lines: [lineOf("messages", { dataClass: "REALTIME_CONTENT" })], keeps: ["REALTIME_CONTENT"] }), ["REALTIME"]);
});

test("the second opinion keeps nobody else's record out of the snapshot's own lines", () => {
  const judge = judgeKeeping({ keeping, maps, classOf: usClassOf });
  const moment = instant("2026-02-01T08:00:00Z");
  const record: CollectedRecord = {
    source: "workspace-database",
    collection: "posts",
    line: "L-messages",
    key: "1",
    fields: { id: 1, body: "Text" },
    witness: { subject: "M-HARBOR-00", workspace: "W-HARBOR", moment },
  };
  assert.equal(judge(record).kind, "inside");
  assert.equal(judge({ ...record, witness: { ...record.witness, subject: "M-HARBOR-01" } }).kind, "outside");
  assert.equal(judge({ ...record, line: "L-files" }).kind, "outside");
});
