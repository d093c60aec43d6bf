// Asks whether the tests would notice a lie in the code that decides: changes it in small ways, one at a time, and runs the tests that reach it.
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path/posix";
import { parseArgs } from "node:util";
import { readEquivalents } from "./mutate/equivalents.ts";
import { readGraph } from "./mutate/import-graph.ts";
import { mutationsOf, type Mutation } from "./mutate/mutation-points.ts";
import { reportMarkdown, reportOn, reportText, shortcomings } from "./mutate/report.ts";
import { tryMutations } from "./mutate/try-mutations.ts";

const usualTargets = [
  "src/requests/review",
  "src/requests/deadlines",
  "src/requests/disclosure",
  "src/policy/process-ladder.ts",
  "src/policy/deadline-rule.ts",
  "src/production/plan/compile-scope.ts",
  "src/production/plan/find-owners.ts",
  "src/production/check",
];
const judgingTests = [
  "src/requests/**/*.test.ts",
  "src/policy/**/*.test.ts",
  "src/assessment/**/*.test.ts",
  "src/production/{plan,check}/*.test.ts",
  "tests/worlds.test.ts",
];
const judges = 2;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, json: { type: "string" }, markdown: { type: "string" }, list: { type: "boolean", default: false } },
});
const root = process.cwd().replaceAll("\\", "/");
const seconds = options.seconds === undefined ? Infinity : Number(options.seconds);
if (!(seconds > 0)) throw new Error("--seconds needs a number above zero");

const files = (positionals.length > 0 ? positionals : usualTargets).flatMap(filesOf);
if (files.length === 0) throw new Error("no source file was found there");
const mutations = files.flatMap((file) => mutationsOf(file, readFileSync(join(root, file), "utf8")));

if (options.list) for (const each of mutations) process.stdout.write(`${lineOf(each)}\n`);
else process.exitCode = await judge();

function filesOf(target: string): readonly string[] {
  const path = relative(root, resolve(root, target));
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return globSync("**/*.ts", { cwd: join(root, path) })
    .map((file) => join(path, file.replaceAll("\\", "/")))
    .filter((file) => !file.endsWith(".test.ts"))
    .toSorted();
}

function lineOf({ file, line, what, original, mutated }: Mutation): string {
  return `${file}:${line} ${what}: ${original} → ${mutated}`;
}

async function judge(): Promise<number> {
  const start = performance.now();
  const entries = readEquivalents(join(root, "scripts/mutate/equivalent.json"));
  const graph = readGraph(root, judgingTests);
  for (const [test, foreign] of graph.leftAside) say(`left aside: ${test} (needs ${foreign})`);
  const chosen = seconds === Infinity ? mutations : spread(mutations);
  const trial = await tryMutations({ root, graph, mutations: chosen, judges, until: start + seconds * 1000, progress: say });
  const report = reportOn(trial, entries, (performance.now() - start) / 1000);
  process.stdout.write(reportText(report));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (options.markdown !== undefined) writeFileSync(options.markdown, reportMarkdown(report));
  return shortcomings(report).length > 0 ? 1 : 0;
}

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

/** When the time may end first, every file gets its share: the order is mixed, always in the same way. */
function spread(all: readonly Mutation[]): readonly Mutation[] {
  const stride = 7919;
  return all.toSorted((one, other) => ((one.start * stride) % 1009) - ((other.start * stride) % 1009));
}
