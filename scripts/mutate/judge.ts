// A process of its own that tries mutations: it may be killed at any moment, when a mutation never ends.
import { Session } from "node:inspector/promises";
import { runTest, takeTests, type Test } from "./collected-tests.ts";
import { fileUrl, load, openLibrary, type Library, type Shelf } from "./fresh-modules.ts";
import type { Answer, Order, Point, Surveyed } from "./messages.ts";

type Judging = Extract<Order, { order: "judge" }>;
interface Prepared {
  readonly library: Library;
  readonly unchanged: Shelf;
  readonly points: ReadonlyMap<string, readonly Point[]>;
}

let prepared: Prepared | undefined;

process.on("message", (order: Order) => {
  obey(order).then(answer, (failure: unknown) => answer(killed(wordsOf(failure))));
});
process.on("uncaughtException", (failure) => answer(killed(wordsOf(failure))));
process.on("disconnect", () => process.exit());

function answer(given: Answer): void {
  process.send?.(given);
}

async function obey(order: Order): Promise<Answer> {
  if (order.order === "prepare") {
    prepared = await prepare(order);
    return { answer: "prepared" };
  }
  if (prepared === undefined) throw new Error("an order came before the preparation");
  switch (order.order) {
    case "survey":
      return survey(order.file, prepared);
    case "warm":
      return warm(order.files, prepared);
    case "judge":
      return judged(order, prepared);
  }
}

async function prepare({ root, sources, imports, points }: Extract<Order, { order: "prepare" }>): Promise<Prepared> {
  const library = await openLibrary(root, { sources, imports });
  sameRandomness(library);
  const byUrl = Map.groupBy(points, ({ file }) => fileUrl(root, file));
  return { library, unchanged: { library, modules: new Map() }, points: byUrl };
}

/** Properties are tried with the same cases every time, and a failing case is not made smaller: the first failure is enough. */
function sameRandomness({ packages }: Library): void {
  const known = packages.get("fast-check")?.namespace as { readonly configureGlobal?: (options: object) => void } | undefined;
  known?.configureGlobal?.({ seed: 20_260_101, endOnFailure: true });
}

async function warm(files: readonly string[], { unchanged }: Prepared): Promise<Answer> {
  for (const file of files) await load(file, unchanged);
  return { answer: "warm" };
}

async function judged(order: Judging, { library, unchanged }: Prepared): Promise<Answer> {
  takeTests();
  const anew = { files: order.anew, file: order.file, source: order.source, below: unchanged };
  const shelf: Shelf = { library, modules: new Map(), anew };
  for (const [file, wanted] of Map.groupBy(order.tests, (test) => test.file)) {
    const failure = await firstFailure(
      file,
      wanted.map(({ nth }) => nth),
      shelf,
    );
    if (failure !== undefined) return killed(wordsOf(failure));
  }
  return { answer: "survived", memoryBytes: process.memoryUsage.rss() };
}

async function firstFailure(file: string, wanted: readonly number[], shelf: Shelf): Promise<unknown> {
  let tests: readonly Test[] = [];
  try {
    await load(file, shelf);
    tests = takeTests();
  } catch (failure) {
    return failure ?? new Error("the file did not load");
  }
  for (const nth of wanted) {
    const test = tests[nth];
    if (test === undefined) return new Error(`${file} lost a test`);
    try {
      await runTest(test);
    } catch {
      return new Error(`${file}: ${test.name}`);
    }
  }
  return undefined;
}

function killed(by: string): Answer {
  return { answer: "killed", by, memoryBytes: process.memoryUsage.rss() };
}

async function survey(file: string, { library, points }: Prepared): Promise<Answer> {
  const coverage = await watch(points);
  const start = performance.now();
  try {
    await load(file, { library, modules: new Map() });
  } catch (failure) {
    return { answer: "surveyed", milliseconds: performance.now() - start, failure: wordsOf(failure), reachedOnLoad: [], tests: [] };
  }
  const milliseconds = performance.now() - start;
  const reachedOnLoad = await coverage.reached();
  const tests: Surveyed[] = [];
  for (const test of takeTests()) {
    const failure = { ...(await failureOf(test)) };
    tests.push({ name: test.name, ...failure, reached: await coverage.reached() });
  }
  await coverage.end();
  return { answer: "surveyed", milliseconds, reachedOnLoad, tests };
}

async function failureOf(test: Test): Promise<Pick<Surveyed, "failure" | "milliseconds">> {
  const start = performance.now();
  try {
    await runTest(test);
    return { milliseconds: performance.now() - start };
  } catch (failure) {
    return { milliseconds: performance.now() - start, failure: wordsOf(failure) };
  }
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

async function watch(points: ReadonlyMap<string, readonly Point[]>) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return {
    /** The points reached since the last call. */
    reached: async (): Promise<readonly number[]> => {
      const { result } = await session.post("Profiler.takePreciseCoverage");
      const reached = new Set<number>();
      for (const { url, functions } of result) {
        const ranges = functions.flatMap((each) => each.ranges);
        for (const { id, reachedAt } of points.get(url) ?? []) if ((innermost(ranges, reachedAt)?.count ?? 0) > 0) reached.add(id);
      }
      return [...reached];
    },
    end: async (): Promise<void> => {
      await session.post("Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}

function innermost(ranges: readonly Range[], offset: number): Range | undefined {
  let found: Range | undefined;
  for (const range of ranges) {
    if (range.startOffset > offset || range.endOffset <= offset) continue;
    if (found === undefined || range.endOffset - range.startOffset <= found.endOffset - found.startOffset) found = range;
  }
  return found;
}

function wordsOf(failure: unknown): string {
  return failure instanceof Error ? failure.message.slice(0, 300) : String(failure);
}
