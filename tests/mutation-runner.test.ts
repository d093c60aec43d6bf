// The runner that asks whether tests would notice a lie must itself be caught when it does not ask.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { mutationsOf, told } from "../scripts/mutate/mutation-points.ts";

const runner = fileURLToPath(new URL("../scripts/mutate.ts", import.meta.url));
const packages = fileURLToPath(new URL("../node_modules", import.meta.url));

function rewritten(source: string): readonly string[] {
  return mutationsOf("a.ts", source).map((mutation) => told(mutation, source));
}

test("each small change is made in place, and nothing else is touched", () => {
  const cases: readonly (readonly [source: string, ...expected: string[]])[] = [
    ["f(a < b);", "f((a <= b));", "f((a >= b));"],
    ["f(a === b);", "f((a !== b));"],
    ["f(a && b);", "f((a || b));", "f((a));", "f((b));"],
    ["f(a ?? b);", "f((a));", "f((b));"],
    ["f(!a);", "f((a));"],
    ["f(true);", "f(false);"],
    ["f(7);", "f(8);"],
    ['f("CODE");', 'f("");'],
    ['f("");', 'f("mutated");'],
    ["f(a - b);", "f((a + b));"],
    ["f(Math.min(a, b));", "f(Math.max(a, b));"],
    ["f(a.some(g));", "f(a.every(g));"],
    ["f(a.filter(g));", "f(a);"],
    ["f(a.find(g));", "f(a.findLast(g));"],
    ["f(a.at(-1));", "f(a.at(0));"],
    ["f(a?.b);", "f(a.b);"],
    ["f(a?.[b]);", "f(a[b]);"],
    ["f(a?.(b));", "f(a(b));"],
    ["f(a ? b : c);", "f((b));", "f((c));"],
    ["f([...a, b]);", "f([ b]);"],
    ["f({ ...(a ? { b } : {}) });", "f({ ...(({ b })) });", "f({ ...(({})) });", "f({ ...(a ? { b } : { mutated: true }) });"],
    ["f(day.add({ days }));", "f(day.subtract({ days }));"],
    ["f(/^a$/);", "f(/a$/);", "f(/^a/);"],
  ];
  for (const [source, ...expected] of cases) {
    const found = rewritten(source).filter((text) => text !== ";");
    assert.deepEqual(found.toSorted(), expected.toSorted(), source);
  }
});

test("a guard is never and always taken, an answer is emptied or filled, a statement vanishes", () => {
  const source = "function f(a) { g(a); if (a) return []; return [a]; }";
  const found = rewritten(source);
  for (const part of ["if (false)", "if (true)", 'return ["mutated"]', "{ ; if", "return []; }"])
    assert.ok(
      found.some((text) => text.includes(part)),
      part,
    );
  assert.equal(found.length, 5);
});

test("types, imports and sentences for people are left alone", () => {
  for (const source of [
    'import { a } from "./a.ts";',
    'export { a } from "./a.ts";',
    'type A = "x" | 1 | true;',
    'interface A { readonly kind: "x" }',
    'const a = { because: "No", label: `A ${b.toLowerCase()}` };',
    'const a = "Words with blanks are a sentence.";',
    'const a = { "CODE": b };',
    "const a = c as 1;",
  ])
    assert.deepEqual(rewritten(source), [], source);
});

test("what is looked up by its id is not looked up from the other end", () => {
  assert.deepEqual(rewritten("const a = b.find(({ id }) => id === c);"), ["const a = b.find(({ id }) => (id !== c));"]);
});

test("a mutation knows its line and the name it stands in", () => {
  const [mutation] = mutationsOf("a.ts", "\nfunction outer() {\n  const inner = x === y;\n}\n");
  assert.deepEqual(mutation && { line: mutation.line, within: mutation.within, original: mutation.original, mutated: mutation.mutated }, {
    line: 3,
    within: "inner",
    original: "x === y",
    mutated: "(x !== y)",
  });
});

const age = `export type Answer = "yes" | "no";
export function mayVote(age: number): Answer {
  return isGrown(age) ? "yes" : "no";
}
function isGrown(age: number): boolean {
  return age >= 18;
}
`;
const ageTest = (borders: readonly number[]) => `import assert from "node:assert/strict";
import { test } from "node:test";
import { mayVote } from "./age.ts";
test("asked so often that the engine makes the code anew", () => {
  for (let n = 0; n < 300_000; n += 1) if (mayVote(30 + (n % 3)) !== "yes") assert.fail("no");
});
test("who may vote", () => {
  for (const age of [${borders.join(", ")}]) assert.equal(mayVote(age), age < 18 ? "no" : "yes");
});
`;
const counting = `export function count(to: number): number {
  let n = 0;
  while (n < to) n += 1;
  return n;
}
`;
const countingTest = `import assert from "node:assert/strict";
import { test } from "node:test";
import { count } from "./count.ts";
test("counting", () => {
  assert.deepEqual([count(0), count(3)], [0, 3]);
});
`;
const unasked = "export function unasked(): boolean {\n  return true;\n}\n";
const foreign = `import { test } from "node:test";
import "../../adapters/database.ts";
import { mayVote } from "./age.ts";
test("never run", () => { mayVote(18); throw new Error("a test that needs a database was run"); });
`;

let root = "";
before(() => {
  root = mkdtempSync(join(tmpdir(), "mutations-"));
  symlinkSync(packages, join(root, "node_modules"));
});
after(() => rmSync(root, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

interface Judged {
  readonly total: { readonly killed: number; readonly timedOut: number; readonly survived: number; readonly notCovered: number; readonly equivalent: number };
  readonly survivors: readonly {
    readonly file: string;
    readonly line: number;
    readonly original: string;
    readonly mutation: string;
    readonly covered: boolean;
  }[];
  readonly wrongEquivalents: readonly string[];
}

function judge(
  borders: readonly number[],
  equivalents: readonly object[] = [],
): { readonly status: number | null; readonly report: Judged; readonly text: string } {
  put({
    "src/requests/age/age.ts": age,
    "src/requests/age/age.test.ts": ageTest(borders),
    "src/requests/age/foreign.test.ts": foreign,
    "src/adapters/database.ts": "export {};\n",
    "scripts/mutate/equivalent.json": JSON.stringify(equivalents),
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), runner, "src/requests/age", "--json", "out.json"], {
    cwd: root,
    encoding: "utf8",
    timeout: 120_000,
  });
  assert.notEqual(stdout, "", stderr);
  return { status, report: JSON.parse(readFileSync(join(root, "out.json"), "utf8")) as Judged, text: stdout };
}

const noticed = { file: "src/requests/age/age.ts", within: "mayVote", original: '"yes"', mutation: '""', reason: "Planted." };

test("tests that ask on both sides of a border notice every lie, also one that never ends", () => {
  put({ "src/requests/age/count.ts": counting, "src/requests/age/count.test.ts": countingTest });
  const { status, report, text } = judge([17, 18]);
  for (const file of ["count.ts", "count.test.ts"]) rmSync(join(root, "src/requests/age", file));
  assert.equal(status, 0, text);
  assert.deepEqual(report.survivors, []);
  assert.ok(report.total.killed > 5);
  assert.ok(report.total.timedOut >= 1, "counting backwards never ends");
});

test("a border that no test asks for is named with its line, and the run fails", () => {
  put({ "src/requests/age/unasked.ts": unasked });
  const { status, report, text } = judge([10, 30]);
  rmSync(join(root, "src/requests/age/unasked.ts"));
  assert.equal(status, 1);
  assert.deepEqual(
    report.survivors.map(({ file, line, original, mutation, covered }) => ({ file, line, original, mutation, covered })),
    [
      { file: "src/requests/age/age.ts", line: 6, original: "age >= 18", mutation: "(age > 18)", covered: true },
      { file: "src/requests/age/age.ts", line: 6, original: "18", mutation: "19", covered: true },
      { file: "src/requests/age/unasked.ts", line: 2, original: "true", mutation: "false", covered: false },
    ],
  );
  assert.match(text, /age\.ts:6 operator/);
});

test("an equivalent is excused and shown, and an entry that a test contradicts or that names nothing is an error", () => {
  const border = { file: "src/requests/age/age.ts", within: "isGrown", original: "age >= 18", mutation: "(age > 18)", reason: "Planted." };
  const excused = judge([10, 18.5, 18.2], [border]);
  assert.equal(excused.report.total.equivalent, 1, excused.text);
  assert.match(excused.text, /Equivalent \(1\)/);
  const wrong = judge([17, 18], [border, { ...noticed, original: "nowhere" }, noticed]);
  assert.equal(wrong.status, 1);
  assert.deepEqual(
    wrong.report.wrongEquivalents.map((words) => words.split(":", 1)[0]?.slice(0, 14)),
    ["is noticed (sr", "names no mutat", "is noticed (sr"],
  );
});
