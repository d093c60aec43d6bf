// The register of clauses at the terminal: what each one asks, which part of the program keeps it, and which tests prove it.
import { z } from "zod";
import type { Shelf } from "../app/desk.ts";
import type { Clause } from "../policy/pack.ts";
import { Usage, type Command } from "./command.ts";

const listed = z.object({
  id: z.string(),
  document: z.string(),
  parties: z.string(),
  rule: z.string(),
  enforce: z.array(z.string()),
  keptBy: z.string(),
  topic: z.string(),
  basis: z.string(),
  counsel: z.boolean(),
  defects: z.array(z.string()),
  tests: z.number().describe("How many tests name it."),
  named: z.array(z.object({ file: z.string(), test: z.string() })).describe("The first of them."),
});
type Listed = z.infer<typeof listed>;

export const clauses: Command = {
  name: "clauses",
  usage: "clauses [ID or its beginning…]",
  describe:
    "Prints the clauses of every document: the rule, what keeps it, the part of the program, and the tests that prove it. ✗ marks one that something must keep and no test names.",
  options: {},
  needsDesk: false,
  output: z.object({ clauses: z.array(listed) }),
  run: async (given, terminal) => {
    const all = listOf(await terminal.loadShelf());
    const wanted = given.positionals;
    const found = wanted.length === 0 ? all : all.filter(({ id }) => wanted.some((start) => id === start || id.startsWith(start)));
    if (found.length === 0) throw new Usage(`No clause begins with ${wanted.join(" or ")}.`);
    return { json: { clauses: found }, text: [...found.map(wordsOf), "", summary(found)].join("\n"), exit: 0 };
  },
};

function listOf({ policies, contracts, proofs }: Shelf): readonly Listed[] {
  const of = (clause: Clause, document: string, topic: string): Listed => {
    const { tests = 0, named = [] } = proofs[clause.id] ?? {};
    const { id, parties, rule, enforce, kept, basis, counsel, defects } = clause;
    return { id, document, parties, rule, enforce, keptBy: kept, topic, basis, counsel, defects, tests, named: [...named] };
  };
  return [
    ...policies.flatMap(({ pack, clauses: own }) => own.map((clause) => of(clause, pack.title, "requests"))),
    ...contracts.flatMap(({ pack, clauses: own }) => own.map((clause) => of(clause, pack.title, clause.topic))),
  ];
}

/** Everything but what is only flagged must be kept by something that a test proves. */
function isUnproved({ enforce, tests }: Listed): boolean {
  return tests === 0 && enforce.some((how) => how !== "FLAG");
}

function wordsOf(clause: Listed): string {
  const { id, enforce, topic, rule, tests, named } = clause;
  const proof = tests === 0 ? "no test names it" : `${tests} ${tests === 1 ? "test" : "tests"}: ${named[0]?.test ?? ""}`;
  return `${isUnproved(clause) ? "✗" : " "} ${id} [${enforce.join(" ") || "—"}; ${topic}] ${rule}\n    ${proof}`;
}

function summary(found: readonly Listed[]): string {
  const unproved = found.filter(isUnproved).length;
  return `${found.length} clauses, ${unproved} that something must keep and no test names yet.`;
}
