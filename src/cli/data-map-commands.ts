// Commands of those who describe what the company holds: draft a data map from a source, and check what was described.
import { z } from "zod";
import { checkMapFile, checkMapsOf, draftMapOf } from "../app/data-maps.ts";
import { optionText, Usage, type Answer, type Command, type Given, type Terminal } from "./command.ts";
import { getDesk } from "./desk-of.ts";
import { refusal } from "./schemas.ts";

const problem = z.object({ file: z.string(), line: z.number(), column: z.number(), what: z.string(), remedy: z.string() });

const draft: Command = {
  name: "data-map draft",
  usage: "data-map draft --source NAME [--onto FILE] [--out FILE]",
  describe:
    "Drafts the data map of a connected source from the columns it has now, with suggestions as remarks. Nothing of a draft is produced before a person has written classes into it.",
  options: {
    source: { type: "string", value: "NAME", describe: "The connected source." },
    onto: { type: "string", value: "FILE", describe: "A map that people have worked on: it is kept to the letter, and what is new is added." },
    out: { type: "string", value: "FILE", describe: "Writes a new file instead of printing; never over one that exists." },
  },
  needsDesk: true,
  output: z.union([
    z.object({ ok: z.literal(true), collections: z.number(), fields: z.number(), map: z.string().optional(), out: z.string().optional() }),
    z.object({ ok: z.literal(false), problems: z.array(problem) }),
    refusal,
  ]),
  run: async (given, terminal, installation) => {
    const source = optionText(given, "source");
    if (source === undefined) throw new Usage("Which source it is, is missing: give --source.");
    const out = optionText(given, "out");
    if (out !== undefined && (await terminal.exists(out))) throw new Usage("--out names a file that exists. A draft is never written over another file.");
    const drafted = await draftMapOf(await getDesk(installation), source, await fileGiven(given, terminal));
    if (drafted.kind === "no-source") throw new Usage(noSource(source, drafted.connected));
    if (drafted.kind === "not-open") return notOpen(source, drafted.findings);
    if (drafted.kind === "refused")
      return { json: { ok: false, problems: drafted.problems }, text: drafted.problems.map((each) => placed(each)).join("\n"), exit: 1 };
    const { collections, fields, text } = drafted;
    if (out === undefined) return { json: { ok: true, collections, fields, map: text }, text: text.trimEnd(), exit: 0 };
    await terminal.writeText(out, text, "new");
    return { json: { ok: true, collections, fields, out }, text: `${out}: ${fields} new fields, ${collections} new collections.`, exit: 0 };
  },
};

async function fileGiven(given: Given, terminal: Terminal): Promise<{ readonly file: string; readonly text: string } | undefined> {
  const file = optionText(given, "onto");
  return file === undefined ? undefined : { file, text: await terminal.readText(file) };
}

function noSource(name: string, connected: readonly string[]): string {
  return `There is no source ${name}. Connected: ${connected.join(", ") || "none"}. Connect it first, with a map that has \`collections: []\`.`;
}

function notOpen(name: string, findings: readonly string[]): Answer {
  const because = [`The source ${name} could not be opened.`, ...findings].join(" ");
  return { json: { ok: false, reasons: [{ clause: "SET-UP", code: "NOT_OPEN", because }] }, text: because, exit: 1 };
}

const finding = z.object({
  severity: z.enum(["fault", "note"]).describe("A fault makes the exit code 1."),
  code: z.enum(["MAP_PROBLEM", "NOT_THERE", "NOT_MAPPED", "NO_OWNER", "NO_DATE", "NOT_OPEN", "NEVER_PRODUCED", "UNKNOWN_CATEGORY", "NOT_HELD", "SOURCE"]),
  at: z.object({ file: z.string(), line: z.number(), column: z.number() }).optional(),
  what: z.string(),
  remedy: z.string(),
});
type Finding = z.output<typeof finding>;

const check: Command = {
  name: "data-map check",
  usage: "data-map check [--file MAP.yaml]",
  describe:
    "Holds the data maps of all connected sources against the columns that are there now and against the policy, or looks at one file alone: what is wrong with file, line, column and remedy, and what is never produced.",
  options: { file: { type: "string", value: "MAP.yaml", describe: "Looks at this map alone, without a desk; - reads standard input." } },
  needsDesk: ({ options }) => options["file"] === undefined,
  output: z.object({ ok: z.boolean(), findings: z.array(finding) }),
  run: async (given, terminal, installation) => {
    const file = optionText(given, "file");
    if (file === undefined) return answer(await checkMapsOf(await getDesk(installation)));
    return answer(checkMapFile(file, await terminal.readText(file), await terminal.loadShelf()));
  },
};

function answer(findings: readonly Finding[]): Answer {
  const faults = findings.filter(({ severity }) => severity === "fault").length;
  const last = faults === 0 ? "Nothing is wrong." : `${faults} to repair.`;
  return { json: { ok: faults === 0, findings }, text: [...findings.map(findingText), last].join("\n"), exit: faults === 0 ? 0 : 1 };
}

function findingText({ severity, at, what, remedy }: Finding): string {
  const mark = severity === "fault" ? "✗" : "·";
  return `  ${mark} ${at === undefined ? `${what} ${remedy}` : placed({ ...at, what, remedy })}`;
}

function placed({ file, line, column, what, remedy }: z.output<typeof problem>): string {
  return `${file}:${line}:${column}: ${what} ${remedy}`;
}

export const dataMapCommands: readonly Command[] = [draft, check];
