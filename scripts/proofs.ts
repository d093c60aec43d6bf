// Which tests name which clause: read from the tests' own source, title first, so that nobody has to keep a list.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { parse } from "yaml";

/** A clause with every test that names it. */
export interface Proofs {
  readonly [clause: string]: { readonly tests: number; readonly named: readonly { readonly file: string; readonly test: string }[] };
}

/** Shown of each clause; those whose title names it come first. */
const shown = 5;

export function collectProofs(root: string): Proofs {
  const clauses = clauseIds(root);
  const tests = globSync(["src/**/*.test.ts", "tests/**/*.test.ts"], { cwd: root })
    .toSorted()
    .flatMap((file) => testsIn(file, readFileSync(join(root, file), "utf8")));
  if (tests.length < 100) throw new Error(`only ${tests.length} tests were found`);
  return Object.fromEntries(
    clauses.map((id) => {
      const names = naming(id);
      const found = tests.filter(({ text }) => names.test(text));
      const ordered = found.toSorted((one, other) => Number(names.test(other.title)) - Number(names.test(one.title)));
      return [id, { tests: found.length, named: ordered.slice(0, shown).map(({ file, title }) => ({ file, test: title })) }];
    }),
  );
}

export function proofsText(proofs: Proofs): string {
  return `${JSON.stringify(proofs, undefined, 2)}\n`;
}

function clauseIds(root: string): readonly string[] {
  return globSync("packs/policies/*.yaml", { cwd: root })
    .toSorted()
    .flatMap((file) => (parse(readFileSync(join(root, file), "utf8")) as { readonly clauses: readonly { readonly id: string }[] }).clauses.map(({ id }) => id));
}

/** `DPA-8.1` is not named by `DPA-8.1a`, nor `SEC-1.1` by `SEC-1.1(c)`. */
function naming(id: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9.])${id.replaceAll(/[.()]/g, "\\$&")}(?![A-Za-z0-9(]|\\.\\d)`);
}

interface FoundTest {
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

function testsIn(file: string, source: string): readonly FoundTest[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} could not be read`);
  const found: FoundTest[] = [];
  walk(program, (node) => {
    const { type, callee, arguments: given, start, end } = node as Call;
    if (type !== "CallExpression" || callee?.type !== "Identifier" || callee.name !== "test") return;
    const title = given?.[0]?.type === "Literal" && typeof given[0].value === "string" ? given[0].value : undefined;
    if (title !== undefined) found.push({ file, title, text: source.slice(start, end) });
  });
  return found;
}

interface Call {
  readonly type?: string;
  readonly start: number;
  readonly end: number;
  readonly callee?: { readonly type: string; readonly name?: string };
  readonly arguments?: readonly { readonly type: string; readonly value?: unknown }[];
}

function walk(node: unknown, visit: (node: object) => void): void {
  if (Array.isArray(node)) for (const each of node) walk(each, visit);
  else if (typeof node === "object" && node !== null) {
    visit(node);
    for (const each of Object.values(node)) walk(each, visit);
  }
}
