// Tries every mutation against the tests that reach it, and says which of them nobody noticed.
import { parseSync } from "oxc-parser";
import { dirname } from "node:path/posix";
import { dependents, type Graph } from "./import-graph.ts";
import { employ, type Given, type Task } from "./judges.ts";
import type { Order, Surveyed, TestId } from "./messages.ts";
import { told, type Mutation } from "./mutation-points.ts";

export type Fate = "killed" | "timed-out" | "survived" | "not-covered" | "no-program" | "not-tried";

export interface Tried {
  readonly mutation: Mutation;
  readonly fate: Fate;
  /** The test that noticed. */
  readonly by?: string;
}

export interface Trial {
  readonly tried: readonly Tried[];
  /** Tests that fail on unchanged code: they judge nothing. */
  readonly failing: readonly string[];
  readonly tests: number;
}

export interface Trying {
  readonly root: string;
  readonly graph: Graph;
  readonly mutations: readonly Mutation[];
  readonly judges: number;
  /** `performance.now()` at which no further mutation is begun. */
  readonly until: number;
  readonly progress: (words: string) => void;
}

const surveyLimitMs = 120_000;
/** Optimised code is not counted in full, so that a test would seem to reach less than it does. */
const countingFlags = ["--no-opt", "--no-maglev", "--no-flush-bytecode"];

export async function tryMutations(trying: Trying): Promise<Trial> {
  const { graph, mutations, root } = trying;
  const points = mutations.map(({ file, reachedAt }, id) => ({ id, file, reachedAt }));
  const prepare: Order = { order: "prepare", root, sources: graph.sources, imports: graph.imports, points };
  const survey = await surveyTests(trying, prepare);
  trying.progress(`${survey.reaching.length} tests reach the code; trying ${mutations.length} mutations`);
  return { tried: await tryEach(trying, prepare, survey.reaching), failing: survey.failing, tests: survey.reaching.length };
}

interface Reaching {
  readonly id: TestId;
  readonly milliseconds: number;
  readonly loadMilliseconds: number;
  readonly reached: ReadonlySet<number>;
}

interface Survey {
  readonly reaching: readonly Reaching[];
  readonly failing: readonly string[];
}

async function surveyTests({ graph, mutations, judges }: Trying, prepare: Order): Promise<Survey> {
  const changed = new Set(mutations.map(({ file }) => file));
  const concerned = new Set([...changed].flatMap((file) => [...dependents(file, graph)]));
  const reaching: Reaching[] = [];
  const failing: string[] = [];
  const tasks = graph.tests
    .filter((file) => concerned.has(file))
    .map((file): Task => {
      const done = (given: Given): void => {
        const { found, failed } = surveyed(file, given);
        reaching.push(...found);
        failing.push(...failed);
      };
      return { order: { order: "survey", file }, limitMs: surveyLimitMs, done };
    });
  await employ(tasks, { judges, prepare, flags: countingFlags, isOver: () => false });
  return { reaching, failing: failing.toSorted() };
}

function surveyed(file: string, given: Given): { readonly found: readonly Reaching[]; readonly failed: readonly string[] } {
  if (given.answer !== "surveyed") return { found: [], failed: [`${file}: ${"by" in given ? given.by : given.answer}`] };
  if (given.failure !== undefined) return { found: [], failed: [`${file}: ${given.failure}`] };
  const { reachedOnLoad, milliseconds: loadMilliseconds } = given;
  const numbered = given.tests.map((test, nth) => ({ test, id: { file, nth } }));
  return {
    found: numbered
      .filter(({ test }) => test.failure === undefined)
      .map(({ test, id }) => ({ id, milliseconds: test.milliseconds, loadMilliseconds, reached: new Set([...reachedOnLoad, ...test.reached]) })),
    failed: numbered.flatMap(({ test }) => (test.failure === undefined ? [] : [failureWords(file, test)])),
  };
}

function failureWords(file: string, { name, failure }: Surveyed): string {
  return `${file}: ${name}: ${failure?.split("\n", 1)[0]}`;
}

async function tryEach({ graph, mutations, judges, until, progress }: Trying, prepare: Order, reaching: readonly Reaching[]): Promise<readonly Tried[]> {
  const fates = new Map<number, Omit<Tried, "mutation">>();
  const needing = new Map([...new Set(mutations.map(({ file }) => file))].map((file) => [file, dependents(file, graph)]));
  const tasks = mutations.flatMap((mutation, id): Task[] => {
    const source = told(mutation, graph.sources.get(mutation.file) ?? "");
    const tests = reaching.filter(({ reached }) => reached.has(id));
    const known = withoutTrial(mutation.file, source, tests);
    if (known !== undefined) {
      fates.set(id, { fate: known });
      return [];
    }
    const done = (given: Given): void => {
      fates.set(id, fateOf(given));
      if (fates.size % 200 === 0) progress(`${fates.size} of ${mutations.length}`);
    };
    const order: Order = { order: "judge", file: mutation.file, source, anew: needing.get(mutation.file) ?? new Set(), tests: soonest(tests, mutation.file) };
    return [{ order, limitMs: limitOf(tests), done }];
  });
  await employ(tasks, { judges, prepare, isOver: () => performance.now() > until });
  return mutations.map((mutation, id) => ({ mutation, ...(fates.get(id) ?? { fate: "not-tried" }) }));
}

function withoutTrial(file: string, source: string, tests: readonly Reaching[]): Fate | undefined {
  if (tests.length === 0) return "not-covered";
  return parseSync(file, source).errors.length > 0 ? "no-program" : undefined;
}

function fateOf(given: Given): Omit<Tried, "mutation"> {
  switch (given.answer) {
    case "killed":
      return { fate: "killed", by: given.by };
    case "died":
      return { fate: "killed", by: "the process died" };
    case "survived":
    case "timed-out":
      return { fate: given.answer };
    default:
      throw new Error(`a judge answered ${given.answer} when it was asked about a mutation`);
  }
}

/** Tests beside the code first, quick ones before slow ones: most mutations are noticed at once. */
function soonest(tests: readonly Reaching[], file: string): readonly TestId[] {
  const cost = ({ id, milliseconds, loadMilliseconds }: Reaching): number => (dirname(id.file) === dirname(file) ? 0 : loadMilliseconds) + milliseconds;
  const files = Map.groupBy(tests, ({ id }) => id.file);
  const ordered = [...files.values()].toSorted((one, other) => Math.min(...one.map(cost)) - Math.min(...other.map(cost)));
  return ordered.flatMap((group) => group.toSorted((one, other) => one.milliseconds - other.milliseconds).map(({ id }) => id));
}

function limitOf(tests: readonly Reaching[]): number {
  const loads = new Map(tests.map(({ id, loadMilliseconds }) => [id.file, loadMilliseconds]));
  const usual = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0) + loads.values().reduce((sum, each) => sum + each, 0);
  return Math.round(3000 + 5 * usual);
}
