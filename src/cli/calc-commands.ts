// Partner calculations from a file: the answer with its derivation and clause ids, without a desk.
import { z } from "zod";
import { calculations } from "../partners/module.ts";
import { need, refusedAnswer, Usage, type Command } from "./command.ts";
import { refusal } from "./schemas.ts";

export const calc: Command = {
  name: "calc",
  usage: `calc ${calculations.map(({ name }) => name).join("|")} FILE.json`,
  describe: `Answers one question of the partner program from a file, without a desk; with --schema it prints what the file may say. Sums are text ("18450.00"). ${calculations.map(({ name, describes, clauses }) => `${name}: ${describes} (${clauses.join(", ")}).`).join(" ")} FILE may be - for standard input.`,
  options: { schema: { type: "boolean", describe: "Prints the JSON Schema of the file instead." } },
  needsDesk: false,
  output: z.union([
    z.object({ calculation: z.string(), clauses: z.array(z.string()), answer: z.record(z.string(), z.unknown()) }),
    z.record(z.string(), z.unknown()),
    refusal,
  ]),
  run: async (given, terminal) => {
    const name = need(given, 0, "What to calculate");
    const found = calculations.find((each) => each.name === name);
    if (found === undefined) throw new Usage(`There is no calculation ${name}. Name one of: ${calculations.map((each) => each.name).join(", ")}.`);
    if (given.options["schema"] === true) {
      const schema = z.toJSONSchema(found.schema, { io: "input", unrepresentable: "any" });
      return { json: schema, text: JSON.stringify(schema, undefined, 2), exit: 0 };
    }
    const done = found.answer(parsed(await terminal.readText(need(given, 1, "The file"))));
    if (done.kind === "refused") return refusedAnswer(done.reasons);
    return { json: { calculation: name, clauses: found.clauses, answer: done.answer }, text: wordsOf(done.answer).join("\n"), exit: 0 };
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Usage(`The file is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.`);
  }
}

/** Members by name, in their order; a reason stands whole on a line of its own. */
function wordsOf(value: object): readonly string[] {
  return Object.entries(value).flatMap(([name, member]): readonly string[] => {
    const label = name.replaceAll(/([A-Z])/g, " $1").toLowerCase();
    if (Array.isArray(member)) return member.length === 0 ? [] : [`${label}:`, ...member.flatMap(itemOf)];
    if (typeof member === "object" && member !== null) return [`${label}:`, ...wordsOf(member).map((line) => `  ${line}`)];
    return [`${label}: ${String(member)}`];
  });
}

function itemOf(item: unknown): readonly string[] {
  if (typeof item !== "object" || item === null) return [`  ${String(item)}`];
  const { because, clause, code } = item as Readonly<Record<string, unknown>>;
  if (typeof because === "string" && typeof clause === "string") return [`  ✗ ${because} [${clause}, ${String(code)}]`];
  return wordsOf(item).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
}
