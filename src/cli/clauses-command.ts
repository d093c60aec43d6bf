// The register of clauses at the terminal: what each one asks, which part of the program keeps it, and which tests prove it.
import { z } from "zod";
import type { Shelf } from "../app/desk.ts";
import { enforcedBy } from "../app/enforced-by.ts";
import { clauseCounts } from "../app/partner-counts.ts";
import type { ClauseCount } from "../app/ports.ts";
import type { Clause } from "../policy/pack.ts";
import { optionText, Usage, type Command, type Given, type Terminal } from "./command.ts";
import { getDesk } from "./desk-of.ts";

const listed = z.object({
  id: z.string(),
  document: z.string(),
  parties: z.string(),
  rule: z.string(),
  enforce: z.array(z.string()),
  keptBy: z.string(),
  topic: z.string(),
  enforcedBy: z.string().optional().describe("Folder of the program; absent where nothing can enforce it."),
  basis: z.string(),
  counsel: z.boolean(),
  defects: z.array(z.string()),
  tests: z.number().describe("How many tests name it."),
  named: z.array(z.object({ file: z.string(), test: z.string() })).describe("The first of them."),
  today: z
    .object({ kept: z.number(), late: z.number(), open: z.number(), overdue: z.number(), excused: z.number() })
    .optional()
    .describe("Over all partners of the desk that --data names."),
});
type Listed = z.infer<typeof listed>;

export const clauses: Command = {
  name: "clauses",
  usage: "clauses [ID or its beginning…]",
  describe:
    "Prints the clauses of every document: the rule, what keeps it, the part of the program, and the tests that prove it. With --data DIR also how often each was kept, kept late, is open, overdue or excused today. ✗ marks one that something must keep and no test names.",
  options: {},
  needsDesk: false,
  output: z.object({ clauses: z.array(listed) }),
  run: async (given, terminal) => {
    const counts = await countsOf(given, terminal);
    const all = listOf(await terminal.loadShelf()).map((clause) => ({ ...clause, ...todayOf(clause, counts) }));
    const wanted = given.positionals;
    const found = wanted.length === 0 ? all : all.filter(({ id }) => wanted.some((start) => id === start || id.startsWith(start)));
    if (found.length === 0) throw new Usage(`No clause begins with ${wanted.join(" or ")}.`);
    return { json: { clauses: found }, text: [...found.map(wordsOf), "", summary(found)].join("\n"), exit: 0 };
  },
};

/** Empty without a desk. */
async function countsOf(given: Given, terminal: Terminal): Promise<ReadonlyMap<string, ClauseCount>> {
  const dataDir = optionText(given, "data");
  if (dataDir === undefined) return new Map();
  if (!(await terminal.exists(`${dataDir}/keys`))) throw new Usage(`There is no desk in ${dataDir}.`);
  const url = optionText(given, "database-url");
  const installation = await terminal.open({ dataDir, onProgress: terminal.progress, ...(url === undefined ? {} : { databaseUrl: url }) });
  try {
    return await clauseCounts(await getDesk(installation));
  } finally {
    await installation.stop();
  }
}

function todayOf({ id, enforce }: Listed, counts: ReadonlyMap<string, ClauseCount>): Pick<Listed, "today"> {
  if (counts.size === 0 || enforce.length === 0) return {};
  const { kept = 0, late = 0, open = 0, overdue = 0, excused = 0 } = counts.get(id) ?? {};
  return { today: { kept, late, open, overdue, excused } };
}

function listOf({ policies, contracts, proofs }: Shelf): readonly Listed[] {
  const of = (clause: Clause, document: string, topic: string, room: string | undefined): Listed => {
    const { tests = 0, named = [] } = proofs[clause.id] ?? {};
    const { id, parties, rule, enforce, kept, basis, counsel, defects } = clause;
    return {
      id,
      document,
      parties,
      rule,
      enforce,
      keptBy: kept,
      topic,
      ...(room === undefined ? {} : { enforcedBy: room }),
      basis,
      counsel,
      defects,
      tests,
      named: [...named],
    };
  };
  return [
    ...policies.flatMap(({ pack, clauses: own }) => own.map((clause) => of(clause, pack.title, "requests", "src/requests"))),
    ...contracts.flatMap(({ pack, clauses: own }) => own.map((clause) => of(clause, pack.title, clause.topic, enforcedBy(clause)))),
  ];
}

/** Everything but what is only flagged must be kept by something that a test proves. */
function isUnproved({ enforce, tests }: Listed): boolean {
  return tests === 0 && enforce.some((how) => how !== "FLAG");
}

function wordsOf(clause: Listed): string {
  const { id, enforce, rule, tests, named } = clause;
  const proof = tests === 0 ? "no test names it" : `${tests} ${tests === 1 ? "test" : "tests"}: ${named[0]?.test ?? ""}`;
  const today =
    clause.today === undefined
      ? ""
      : `\n    today: ${Object.entries(clause.today)
          .map(([state, n]) => `${n} ${state}`)
          .join(", ")}`;
  return `${isUnproved(clause) ? "✗" : " "} ${id} [${enforce.join(" ") || "—"}; ${clause.enforcedBy ?? "nothing can enforce it"}] ${rule}\n    ${proof}${today}`;
}

function summary(found: readonly Listed[]): string {
  const unproved = found.filter(isUnproved).length;
  return `${found.length} clauses, ${unproved} that something must keep and no test names yet.`;
}
