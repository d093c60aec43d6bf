// Reads the command line, runs one command, prints its answer in words or as JSON.
import { parseArgs } from "node:util";
import { commands } from "./commands.ts";
import { Usage, type Answer, type Command, type Given, type Terminal } from "./command.ts";

export interface Ran {
  readonly exit: number;
}

/** Options that every command takes. */
const common = {
  data: { type: "string", value: "DIR", describe: "The desk's folder (default: ./desk)." },
  "database-url": { type: "string", value: "URL", describe: "A PostgreSQL of your own, 15 or newer (default: DATABASE_URL, else the embedded one)." },
  json: { type: "boolean", describe: "Prints JSON." },
  help: { type: "boolean", describe: "Prints this." },
} as const;

export async function runCommand(argv: readonly string[], terminal: Terminal, print: (text: string) => void): Promise<Ran> {
  const wantsJson = argv.includes("--json");
  try {
    const answer = await answerTo(argv, terminal);
    print(wantsJson ? JSON.stringify(answer.json, null, 2) : answer.text);
    return { exit: answer.exit };
  } catch (error) {
    if (!(error instanceof Usage)) throw error;
    print(
      wantsJson
        ? JSON.stringify({ ok: false, reasons: [{ clause: "INPUT", code: "USAGE", because: error.message }] }, null, 2)
        : `${error.message}\nportcullis --help lists the commands.`,
    );
    return { exit: 2 };
  }
}

async function answerTo(argv: readonly string[], terminal: Terminal): Promise<Answer> {
  const found = findCommand(argv);
  const unknown = argv[firstWord(argv)];
  if (found === undefined && unknown !== undefined && !argv.includes("--help")) throw new Usage(`There is no command "${unknown}".`);
  if (found === undefined)
    return {
      json: { commands: commands.map(({ name, usage, describe }) => ({ name, usage, describe })) },
      text: helpText(),
      exit: argv.length === 0 || argv.includes("--help") ? 0 : 2,
    };
  const { command, rest } = found;
  const given = readOptions(command, rest);
  if (given.options["help"] === true) return { json: { usage: command.usage }, text: commandHelp(command), exit: 0 };
  const needsDesk = typeof command.needsDesk === "function" ? command.needsDesk(given) : command.needsDesk;
  if (!needsDesk) return command.run(given, terminal, undefined as never);
  const { data, "database-url": url, dns } = given.options;
  const folder = typeof data === "string" ? data : "desk";
  // A mistyped folder must not become an empty desk that verifies as whole.
  if (command.name !== "setup" && !(await terminal.exists(`${folder}/keys`)))
    throw new Usage(`There is no desk in ${folder}. Set one up first: portcullis --data ${folder} setup FILE.`);
  const installation = await terminal.open({
    dataDir: folder,
    ...(typeof url === "string" ? { databaseUrl: url } : {}),
    ...(typeof dns === "string" ? { zone: await terminal.readText(dns) } : {}),
    onProgress: terminal.progress,
  });
  try {
    return await command.run(given, terminal, installation);
  } finally {
    await installation.stop();
  }
}

/** The command's words may stand after options such as --data DIR. */
function findCommand(argv: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  const start = firstWord(argv);
  const words = argv.slice(start);
  const command = commands.toSorted((a, b) => b.name.length - a.name.length).find(({ name }) => name.split(" ").every((word, index) => words[index] === word));
  return command === undefined ? undefined : { command, rest: [...argv.slice(0, start), ...words.slice(command.name.split(" ").length)] };
}

/** Where the command stands: options such as `--data DIR` may come before it. */
export function firstWord(argv: readonly string[]): number {
  let index = 0;
  while (index < argv.length && argv[index]?.startsWith("--") === true) {
    const name = argv[index]?.slice(2).split("=")[0] ?? "";
    const takesValue = name in common && common[name as keyof typeof common].type === "string" && !(argv[index] ?? "").includes("=");
    index += takesValue ? 2 : 1;
  }
  return index;
}

function readOptions(command: Command, rest: readonly string[]): Given {
  const all = { ...common, ...command.options };
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      allowPositionals: true,
      options: Object.fromEntries(Object.entries(all).map(([name, { type }]) => [name, { type }])),
    });
    return { positionals, options: values as Given["options"] };
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : "The options are off.");
  }
}

function helpText(): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length)) + 2;
  return [
    "portcullis [--data DIR] COMMAND [--json]",
    "",
    ...commands.map(({ usage, describe }) => `  ${usage.padEnd(width)}${describe}`),
    "",
    "  start                 Starts the desk: its pages and its mailbox.",
    "  demo                  Plays the main job on invented data.",
    "",
    "portcullis COMMAND --help shows its options.",
  ].join("\n");
}

function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...common }) as [string, { readonly describe: string; readonly value?: string }][];
  return [
    `portcullis ${command.usage}`,
    "",
    command.describe,
    "",
    ...options.map(([name, { value, describe }]) => `  ${`--${name}${value === undefined ? "" : ` ${value}`}`.padEnd(26)}${describe}`),
  ].join("\n");
}
