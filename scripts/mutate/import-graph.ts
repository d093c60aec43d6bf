// Reads which file needs which other, so that only the tests which can notice a mutation are asked.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path/posix";
import { parseSync } from "oxc-parser";

export interface Graph {
  /** Text of every project file that a judging test needs, by path relative to the root. */
  readonly sources: ReadonlyMap<string, string>;
  /** What each file imports: project files as paths, everything else as written. */
  readonly imports: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Tests that judge. */
  readonly tests: readonly string[];
  /** Tests left aside, each with the import that needs a database, a browser or the whole program. */
  readonly leftAside: ReadonlyMap<string, string>;
}

const outside = [/^src\/main\.ts$/, /^src\/adapters\/(?!packs\/)/, /^playwright/, /^pg($|-)/, /\.tsx$/, /^hono/];

/** Reads the files once: whoever edits them meanwhile does not disturb the run. */
export function readGraph(root: string, testGlobs: readonly string[]): Graph {
  const sources = new Map<string, string>();
  const imports = new Map<string, ReadonlyMap<string, string>>();
  const found = globSync([...testGlobs], { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  const leftAside = new Map<string, string>();
  const tests = found.toSorted().filter((test) => {
    const foreign = readAll(test, { root, sources, imports });
    if (foreign !== undefined) leftAside.set(test, foreign);
    return foreign === undefined;
  });
  const needed = reachable(tests, imports);
  const kept = <Value>(all: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> => new Map([...all].filter(([file]) => needed.has(file)));
  return { sources: kept(sources), imports: kept(imports), tests, leftAside };
}

function reachable(first: readonly string[], imports: ReadonlyMap<string, ReadonlyMap<string, string>>): ReadonlySet<string> {
  const found = new Set(first);
  for (const file of found) for (const target of imports.get(file)?.values() ?? []) found.add(target);
  return found;
}

interface Reading {
  readonly root: string;
  readonly sources: Map<string, string>;
  readonly imports: Map<string, ReadonlyMap<string, string>>;
}

/** Gives back the first import that a judging test must not have. */
function readAll(first: string, { root, sources, imports }: Reading): string | undefined {
  const waiting = [first];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (outside.some((pattern) => pattern.test(file ?? ""))) return file;
    if (!sources.has(file)) {
      const source = readFileSync(join(root, file), "utf8");
      sources.set(file, source);
      imports.set(file, importsOf(file, source, root));
    }
    for (const [, target] of imports.get(file) ?? []) {
      if (!sources.has(target) && !existsSync(join(root, target))) {
        if (outside.some((pattern) => pattern.test(target))) return target;
      } else if (!seen.has(target)) {
        seen.add(target);
        waiting.push(target);
      }
    }
  }
  return undefined;
}

function importsOf(file: string, source: string, root: string): ReadonlyMap<string, string> {
  const { module } = parseSync(file, source);
  const written = [
    ...module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) => (moduleRequest === null || isType ? [] : [moduleRequest.value])),
    ),
  ];
  return new Map(written.map((specifier) => [specifier, specifier.startsWith(".") ? relative("", join(dirname(file), specifier)) : bareName(specifier, root)]));
}

/** A package is never taken for a project file of the same name. */
function bareName(specifier: string, root: string): string {
  return existsSync(join(root, specifier)) ? `package:${specifier}` : specifier;
}

/** The file itself and every file that needs it, however far. */
export function dependents(file: string, { imports }: Pick<Graph, "imports">): ReadonlySet<string> {
  const found = new Set([file]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [importer, targets] of imports) if (targets.values().some((target) => found.has(target))) found.add(importer);
  }
  return found;
}
