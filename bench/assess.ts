// How many described cases one core assesses in a second, and its line decisions beside the same decisions in Cedar and in json-rules-engine.
// Usage: node --import tsx bench/assess.ts [--cases 1000] [--rounds 7] [--starts 10]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readShelf } from "../src/adapters/packs/read-shelf.ts";
import { assess, type AssessmentShelf } from "../src/assessment/assess.ts";
import { caseDescription, type CaseDescription } from "../src/assessment/description.ts";
import { detailsOf } from "../src/assessment/replay.ts";
import { dayOf, instant, zone } from "../src/kernel/instant.ts";
import { inForceOn } from "../src/policy/pack-versions.ts";
import { dataClasses, type PolicyPack } from "../src/policy/pack.ts";
import { policyInForce, type PolicyInForce } from "../src/policy/policy-in-force.ts";
import type { DetailsConfirmed } from "../src/requests/intake/events.ts";
import type { Rulebook, Settled } from "../src/requests/review/line-verdicts.ts";
import { verdictsFor } from "../src/requests/review/module.ts";
import { cedarAllows, cedarErrors, cedarRival, type CedarCall } from "./assess/cedar-rival.ts";
import { describedCases } from "./assess/described-cases.ts";
import { lineFacts, paperRules, rulesOfClass, type LineFacts, type PaperRules } from "./assess/pack-rows.ts";
import { rulesEngineRival, type RulesEngineRival } from "./assess/rules-engine-rival.ts";

const { values } = parseArgs({
  options: { cases: { type: "string", default: "1000" }, rounds: { type: "string", default: "7" }, starts: { type: "string", default: "10" } },
});
const [caseCount, rounds, starts] = [values.cases, values.rounds, values.starts].map(Number) as [number, number, number];
const root = new URL("..", import.meta.url).pathname;

/** One described case, ready for everybody who is asked about it. */
interface Prepared {
  readonly described: object;
  readonly details: DetailsConfirmed;
  readonly rules: Rulebook;
  readonly settled: Settled;
  readonly instrument: string;
  readonly lines: readonly LineFacts[];
}

async function shelfOf(): Promise<AssessmentShelf> {
  const reading = await readShelf(join(root, "packs"));
  if (reading.kind === "problems") throw new Error(`the packs have problems: ${JSON.stringify(reading.problems[0])}`);
  return reading.shelf;
}

function policyOf({ policies }: AssessmentShelf): PolicyPack {
  const found = policies.find(({ pack }) => pack.id === "data-request");
  if (found === undefined) throw new Error("no policy pack data-request");
  return found;
}

function prepare(described: object, shelf: AssessmentShelf, policy: PolicyInForce): Prepared {
  const description = caseDescription.parse(described);
  const details = detailsOf(description);
  const place = zone(description.zone);
  const laws = inForceOn(shelf.laws, dayOf(instant(description.paper.servedAt), place));
  const rules: Rulebook = { policy, laws, zone: place, provider: known(description.provider) };
  const settled: Settled = description.conflict?.transferGround === undefined ? {} : { transferGround: true };
  return {
    described,
    details,
    rules,
    settled,
    instrument: details.instrument?.id ?? "",
    lines: details.lines.map((line) => lineFacts(details, line, rules, settled)),
  };
}

function known(provider: CaseDescription["provider"]): NonNullable<Rulebook["provider"]> {
  return Object.fromEntries(Object.entries(provider).filter(([, member]) => member !== undefined));
}

interface Contender {
  readonly name: string;
  /** Decides every line of every case once and says how many are allowed. */
  readonly pass: () => number | Promise<number>;
  readonly allows: number;
}

type Answers = (each: Prepared, nth: number) => readonly boolean[] | Promise<readonly boolean[]>;

/** A comparison of different answers is worth nothing: every line of every case has one answer, whoever gives it. Says how many lines are allowed. */
async function agree(cases: readonly Prepared[], shelf: AssessmentShelf, others: Readonly<Record<string, Answers>>): Promise<number> {
  const allowed = cases.map(ownAnswers);
  const differing: string[] = [];
  for (const [nth, each] of cases.entries())
    for (const [name, answers] of Object.entries(others)) {
      const [theirs, ours] = [(await answers(each, nth)).join(", "), allowed[nth]?.join(", ")];
      if (theirs !== ours) differing.push(`case ${nth}, ${each.instrument}: ${name} says ${theirs}; ours says ${ours}\n  ${JSON.stringify(each.described)}`);
    }
  if (differing.length > 0)
    throw new Error(`the contenders disagree, so nothing is timed. ${differing.length} times; first:\n${differing.slice(0, 3).join("\n")}`);
  const reasons = new Set(
    cases.flatMap(({ details, rules, settled }) => verdictsFor(details, rules, settled).flatMap((verdict) => verdict.reasons.map(({ code }) => code))),
  );
  const [through, lines] = [sum(allowed.map(count)), lineCount(cases)];
  if (through < lines / 10 || reasons.size < 20)
    throw new Error(`${through} of ${lines} lines allowed, for ${reasons.size} reasons: such cases say too little`);
  console.log(
    `${cases.length} cases under ${shelf.laws.length} packs, ${lines} lines: all agree on every line; ${through} are allowed, the others stopped for ${reasons.size} different reasons`,
  );
  return through;
}

function ownAnswers({ details, rules, settled }: Prepared): readonly boolean[] {
  return verdictsFor(details, rules, settled).map(({ decision }) => decision === "allow");
}

function wholly(described: object, shelf: AssessmentShelf): readonly boolean[] {
  const found = assess(described, shelf);
  if (found.kind === "refused") throw new Error(`the description is refused: ${JSON.stringify(found.problems)}`);
  return found.assessment.lines.map(({ decision }) => decision === "allow");
}

function lineCount(cases: readonly Prepared[]): number {
  return cases.reduce((sum, { lines }) => sum + lines.length, 0);
}

function count(allowed: readonly boolean[]): number {
  return allowed.filter(Boolean).length;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

const ownLines = "Portcullis, the lines: with every reason and its clause";
const ownWhole = "Portcullis, the whole assessment";

/** Each contender in each round for a while, in turns, by this process's processor time: a busy neighbour does not count. */
async function passesPerSecond(contenders: readonly Contender[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const { name, pass, allows } of contenders) {
      const rate = await rateOf(pass, allows);
      // The first round warms up.
      if (round >= 0) figures.get(name)?.push(rate);
    }
  return figures;
}

const leastMicroseconds = 150_000;

async function rateOf(pass: Contender["pass"], expected: number): Promise<number> {
  const before = process.cpuUsage();
  for (let passes = 1; ; passes++) {
    const found = await pass();
    if (found !== expected) throw new Error(`${found} lines allowed instead of ${expected}`);
    const { user, system } = process.cpuUsage(before);
    if (user + system >= leastMicroseconds) return passes / ((user + system) / 1e6);
  }
}

const sorted = (figures: readonly number[]) => figures.toSorted((a, b) => a - b);
const median = (figures: readonly number[]) => sorted(figures)[Math.floor(figures.length / 2)] ?? 0;
const whole = (figure: number) => Math.round(figure).toLocaleString("en");

type Figures = ReadonlyMap<string, readonly number[]>;

function row(name: string, rates: readonly number[], figures: Figures, lines: number): string {
  const spread = [sorted(rates)[0] ?? 0, median(rates), sorted(rates).at(-1) ?? 0].map((rate) => whole(rate * caseCount).padStart(9)).join("");
  const ratios = [ownLines, ownWhole].map((own) => timesAsFast(figures.get(own) ?? [], rates).padStart(8)).join("");
  return `  ${name.padEnd(58)}${spread}${whole(median(rates) * lines).padStart(10)}${name === ownWhole || name === ownLines ? "" : ratios}`;
}

/** Rounds are neighbours in time: the median of their ratios says more on a busy machine than the ratio of two medians. */
function timesAsFast(ours: readonly number[], rates: readonly number[]): string {
  return median(rates.map((rate, round) => (ours[round] ?? 0) / rate)).toFixed(2);
}

type CedarCalls = readonly (readonly CedarCall[])[];

/** What every rival is handed: all of it is made before anybody is timed. */
interface Handed {
  readonly byClass: CedarCalls;
  readonly wholeSet: CedarCalls;
  readonly empty: CedarCalls;
  readonly engines: readonly (readonly EngineCall[])[];
}

interface EngineCall {
  readonly engine: RulesEngineRival;
  readonly facts: LineFacts;
}

function handOut(cases: readonly Prepared[], papers: readonly PaperRules[]): Handed {
  const parts = papers.flatMap((paper) => dataClasses.map((dataClass) => [`${paper.instrument} ${dataClass}`, rulesOfClass(paper, dataClass)] as const));
  const cedars = new Map(parts.map(([id, part]) => [id, cedarRival(id, [part])]));
  const engines = new Map(parts.map(([id, part]) => [id, rulesEngineRival(part)]));
  const [wholeSet, empty] = [cedarRival("every paper", papers), cedarRival("nothing", [])];
  console.log(`the ${papers.length} papers of the packs as ${wholeSet.policies} Cedar policies, and as the same rows and obstacles in json-rules-engine`);
  const eachLine = <Made>(make: (instrument: string, facts: LineFacts, part: string) => Made) =>
    cases.map(({ instrument, lines }) => lines.map((facts) => make(instrument, facts, `${instrument} ${String(facts["dataClass"])}`)));
  return {
    byClass: eachLine((instrument, facts, part) => need(cedars, part).prepare(instrument, facts)),
    wholeSet: eachLine((instrument, facts) => wholeSet.prepare(instrument, facts)),
    empty: eachLine((instrument, facts) => empty.prepare(instrument, facts)),
    engines: eachLine((_, facts, part) => ({ engine: need(engines, part), facts: need(engines, part).prepare(facts) })),
  };
}

async function enginesAllow(calls: readonly EngineCall[]): Promise<readonly boolean[]> {
  const allowed: boolean[] = [];
  for (const { engine, facts } of calls) allowed.push(await engine.allows(facts));
  return allowed;
}

async function enginesPass(cases: Handed["engines"]): Promise<number> {
  let allowed = 0;
  for (const calls of cases) allowed += count(await enginesAllow(calls));
  return allowed;
}

function contendersFor(
  cases: readonly Prepared[],
  shelf: AssessmentShelf,
  { byClass, wholeSet, empty, engines }: Handed,
  allows: number,
): readonly Contender[] {
  const cedarPass = (calls: CedarCalls) => () => sum(calls.map((one) => count(one.map(cedarAllows))));
  return [
    { name: ownWhole, allows, pass: () => sum(cases.map(({ described }) => count(wholly(described, shelf)))) },
    { name: ownLines, allows, pass: () => sum(cases.map((each) => count(ownAnswers(each)))) },
    { name: "Cedar, policies picked by paper and class", allows, pass: cedarPass(byClass) },
    { name: "Cedar, every policy in one set", allows, pass: cedarPass(wholeSet) },
    { name: "Cedar asked nothing: no policies, no facts (its floor)", allows: 0, pass: cedarPass(empty) },
    { name: "json-rules-engine, rules picked by paper and class", allows, pass: async () => await enginesPass(engines) },
  ];
}

async function compare(cases: readonly Prepared[], contenders: readonly Contender[]): Promise<void> {
  const figures = await passesPerSecond(contenders);
  console.log(`cases per second of one core's time, ${rounds} rounds in turns; how many times as fast ours is at the lines, and as a whole`);
  console.log(
    `  ${"".padEnd(58)}${["min", "median", "max"].map((word) => word.padStart(9)).join("")}${"lines/s".padStart(10)}${"lines".padStart(8)}${"whole".padStart(8)}`,
  );
  for (const [name, rates] of figures) console.log(row(name, rates, figures, lineCount(cases)));
  for (const remark of remarks) console.log(`  ${remark}`);
}

async function main(): Promise<void> {
  const shelf = await shelfOf();
  const pack = policyOf(shelf);
  const policy = policyInForce([pack]);
  const cases = describedCases(caseCount, shelf.laws, pack).map((described) => prepare(described, shelf, policy));
  const handed = handOut(cases, paperRules(shelf.laws, policy));
  const errors = [...handed.byClass, ...handed.wholeSet].flat().flatMap(cedarErrors);
  if (errors.length > 0) throw new Error(`Cedar could not evaluate a policy: ${JSON.stringify(errors[0])}`);
  const allows = await agree(cases, shelf, {
    "the whole assessment": ({ described }) => wholly(described, shelf),
    "Cedar, by paper and class": (_, nth) => handed.byClass[nth]?.map(cedarAllows) ?? [],
    "Cedar, one set": (_, nth) => handed.wholeSet[nth]?.map(cedarAllows) ?? [],
    "json-rules-engine": async (_, nth) => await enginesAllow(handed.engines[nth] ?? []),
  });
  await compare(cases, contendersFor(cases, shelf, handed, allows));
  ownTime(cases);
}

const remarks: readonly string[] = [
  "The rivals answer allow or not, and nothing else: no reasons with clauses, no question where a fact is unknown (it is a silent no), no counsel, no clocks.",
  "They are given, outside their time: days as numbers, the last day of service, the country of each region, the class of the data under each law. Ours works these out inside.",
  "Cedar: policies parsed once (preparsePolicySet, statefulIsAuthorized), only the facts its policies ask. Its floor is the crossing into WebAssembly alone. No rival has a batch call.",
  "json-rules-engine: built once, what rules out most asked first, the obstacles asked only of a line that a row lets through.",
  "The whole: reads the description, replays the case, adds gate, checks, notice, clocks, worksheet, counsel and questions.",
];

function need<Value>(from: ReadonlyMap<string, Value>, id: string): Value {
  const found = from.get(id);
  if (found === undefined) throw new Error(`nothing was prepared for ${id}`);
  return found;
}

/** What the terminal's command adds to starting the program: reading the packs, judging one case, printing it. */
function ownTime(cases: readonly Prepared[]): void {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    const file = join(folder, "case.json");
    writeFileSync(file, JSON.stringify(cases[0]?.described));
    const runs = Array.from({ length: starts }, () => ({ help: start(["--help"]), assess: start(["assess", file, "--json"]) }));
    const words = (figure: keyof Started) => {
      const [own, help] = [median(runs.map((run) => run.assess[figure])), median(runs.map((run) => run.help[figure]))];
      return `${figure} ${whole(own - help)} ms (${whole(own)} beside ${whole(help)} for --help)`;
    };
    console.log(`own time of one \`portcullis assess\`, medians of ${starts} starts each: ${words("wall")}, ${words("user")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds. */
interface Started {
  readonly wall: number;
  readonly user: number;
}

/** The program says at its end how much of the processor it had: no outside tool is needed. */
const saysItsTime = `data:text/javascript,process.on("exit",()=>process.stderr.write("user="+process.cpuUsage().user+"\\n"))`;

function start(given: readonly string[]): Started {
  const from = performance.now();
  const program = join(root, "src", "portcullis.ts");
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--import", saysItsTime, program, ...given], { cwd: root, encoding: "utf8" });
  const wall = performance.now() - from;
  const user = /user=(\d+)/.exec(stderr)?.[1];
  if (status !== 0 || user === undefined) throw new Error(`portcullis ${given[0]} ended with ${status}: ${stderr}`);
  return { wall, user: Number(user) / 1000 };
}

await main();
