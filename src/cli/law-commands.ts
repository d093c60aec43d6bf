// The terminal's questions to the law: judge a described case, run a pack's examples, compare two versions.
import { z } from "zod";
import { assess } from "../assessment/assess.ts";
import { assessmentOutput } from "../assessment/output.ts";
import { runFixtures } from "../assessment/fixtures.ts";
import { isContract, loadPack } from "../policy/load-pack.ts";
import type { JurisdictionPack, PolicyPack } from "../policy/pack.ts";
import { comparePacks } from "../policy/pack-diff.ts";
import { assessmentText, fixturesText, problemsText } from "./assess-words.ts";
import { need, Usage, type Command, type Given, type Terminal } from "./command.ts";

const problems = z.array(z.object({ path: z.string(), what: z.string(), remedy: z.string() }));

export const assessCase: Command = {
  name: "assess",
  usage: "assess FILE.json",
  describe:
    "Judges a case described in JSON (portcullis-case/1, docs/formats) by the packs, without a desk: verdict per line, gate, clocks, notice, counsel, open questions. FILE may be - for standard input.",
  options: {},
  output: z.union([assessmentOutput, z.object({ ok: z.literal(false), problems })]),
  needsDesk: false,
  run: async (given, terminal) => {
    const found = assess(parsed(await terminal.readText(need(given, 0, "The description"))), await terminal.loadLaw());
    if (found.kind === "refused") return { json: { ok: false, problems: found.problems }, text: problemsText(found.problems), exit: 1 };
    return { json: found.assessment, text: assessmentText(found.assessment), exit: 0 };
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Usage(`The description is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.`);
  }
}

const change = z.object({
  path: z.string(),
  kind: z.enum(["added", "removed", "changed"]),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  line: z.string(),
  weakens: z.boolean(),
});

export const packsDiff: Command = {
  name: "packs diff",
  usage: "packs diff OLD.yaml NEW.yaml",
  describe: "Compares two versions of a pack in words; what lets more leave comes first, with a mark, and makes the exit code 1.",
  options: {},
  output: z.object({ ok: z.boolean(), changes: z.array(change) }),
  needsDesk: false,
  run: async (given, terminal) => {
    const [before, after] = await Promise.all([onePack(given, 0, terminal), onePack(given, 1, terminal)]);
    if (before.kind !== after.kind)
      throw new Usage("The two files are packs of different kinds. Compare a policy with a policy, a jurisdiction with a jurisdiction.");
    const changes = comparePacks(before, after);
    const ordered = [...changes.filter(({ weakens }) => weakens), ...changes.filter(({ weakens }) => !weakens)];
    const lines = ordered.map(({ weakens, line, path }) => `  ${weakens ? "!" : " "} ${line}  [${path}]`);
    const weakened = changes.some(({ weakens }) => weakens);
    return {
      json: { ok: !weakened, changes: ordered },
      text:
        lines.length === 0 ? "Nothing differs." : [`${before.pack.id}@${before.pack.version} → ${after.pack.id}@${after.pack.version}`, ...lines].join("\n"),
      exit: weakened ? 1 : 0,
    };
  },
};

async function onePack(given: Given, index: number, terminal: Terminal): Promise<PolicyPack | JurisdictionPack> {
  const file = need(given, index, index === 0 ? "The older file" : "The newer file");
  const loaded = loadPack({ file, text: await terminal.readText(file) });
  if (isContract(loaded)) throw new Usage("Contracts are not compared. Compare a policy with a policy, a jurisdiction with a jurisdiction.");
  if (loaded.kind === "loaded") return loaded.pack;
  throw new Usage(loaded.problems.map(({ line, column, what, remedy }) => `${file}:${line}:${column}: ${what} ${remedy}`).join("\n"));
}

export const packsTest: Command = {
  name: "packs test",
  usage: "packs test [ID…]",
  describe: "Runs the packs' own examples (packs/fixtures), all of them or those of the packs named.",
  options: {},
  output: z.object({
    ok: z.boolean(),
    packs: z.array(z.object({ pack: z.string(), examples: z.int(), failed: z.array(z.object({ name: z.string(), differences: z.array(z.string()) })) })),
  }),
  needsDesk: false,
  run: async ({ positionals }, terminal) => {
    const files = await terminal.loadFixtures();
    const broken = files.filter(({ fixtures }) => fixtures === undefined);
    if (broken.length > 0)
      throw new Usage(broken.map(({ file, problems: found }) => found.map(({ path, what }) => `${file}: ${path}: ${what}`).join("\n")).join("\n"));
    const chosen = files.flatMap(({ fixtures }) =>
      fixtures === undefined || (positionals.length > 0 && !positionals.includes(fixtures.pack)) ? [] : [fixtures],
    );
    const unknown = positionals.filter((id) => !chosen.some(({ pack }) => pack === id));
    if (unknown.length > 0) throw new Usage(`There are no examples for ${unknown.join(", ")}.`);
    const law = await terminal.loadLaw();
    const results = chosen.map((fixtures) => ({ pack: fixtures.pack, results: runFixtures(fixtures, law) }));
    const packs = results.map(({ pack, results: each }) => ({
      pack,
      examples: each.length,
      failed: each.filter(({ differences }) => differences.length > 0).map(({ name, differences }) => ({ name, differences: [...differences] })),
    }));
    const ok = packs.every(({ failed }) => failed.length === 0);
    return { json: { ok, packs }, text: results.map(({ pack, results: each }) => fixturesText(pack, each)).join("\n"), exit: ok ? 0 : 1 };
  },
};
