// How many described cases one core assesses in a second, and its line decisions beside the same decisions in Cedar and in json-rules-engine.
// Usage: node --import tsx bench/assess.ts [--rounds 7] [--starts 10]
import { execFileSync } from "node:child_process";
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
import type { PolicyPack } from "../src/policy/pack.ts";
import { policyInForce, type PolicyInForce } from "../src/policy/policy-in-force.ts";
import type { DetailsConfirmed } from "../src/requests/intake/events.ts";
import type { Rulebook, Settled } from "../src/requests/review/line-verdicts.ts";
import { verdictsFor } from "../src/requests/review/module.ts";
import { cedarAllows, cedarErrors, cedarRival, type CedarRival } from "./assess/cedar-rival.ts";
import { describedCases } from "./assess/described-cases.ts";
import { lineFacts, paperRules, type LineFacts } from "./assess/pack-rows.ts";
import { rulesEngineRival, type RulesEngineRival } from "./assess/rules-engine-rival.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" }, starts: { type: "string", default: "10" } } });
const [rounds, starts] = [values.rounds, values.starts].map(Number) as [number, number];
const caseCount = 1000;
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
}

type Allows = (nth: number) => readonly boolean[] | Promise<readonly boolean[]>;

/** A comparison of different answers is worth nothing: every line of every case must have one answer, whoever gives it. */
async function agree(cases: readonly Prepared[], shelf: AssessmentShelf, rivals: Readonly<Record<string, Allows>>): Promise<string> {
  const seen = new Set<string>();
  let allowed = 0;
  for (const [nth, { described, details, rules, settled, instrument }] of cases.entries()) {
    const verdicts = verdictsFor(details, rules, settled);
    const ours = verdicts.map(({ decision }) => decision === "allow");
    for (const { code } of verdicts.flatMap(({ reasons }) => reasons)) seen.add(code);
    const whole: Allows = () => wholly(described, shelf);
    for (const [name, allows] of Object.entries({ "the whole assessment": whole, ...rivals })) {
      const theirs = await allows(nth);
      if (theirs.length === ours.length && theirs.every((one, line) => one === ours[line])) continue;
      console.error(`case ${nth}, ${instrument}: ${name} says ${theirs.join(", ")}; ours says ${ours.join(", ")}`);
      console.error(JSON.stringify({ described, verdicts }));
      throw new Error("the contenders disagree: nothing is timed");
    }
    allowed += ours.filter(Boolean).length;
  }
  const lines = lineCount(cases);
  if (allowed < lines / 10 || seen.size < 15) throw new Error(`${allowed} of ${lines} lines allowed for ${seen.size} reasons: the cases say too little`);
  return `${cases.length} cases of ${shelf.laws.length} countries, ${lines} lines: all agree on every line; ${allowed} allowed, the others for ${seen.size} different reasons`;
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

/** Each contender in each round for a while, in turns, by this process's processor time: a busy neighbour does not count. */
async function passesPerSecond(contenders: readonly Contender[], expected: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const { name, pass } of contenders) {
      const rate = await rateOf(pass, expected);
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

function row(name: string, rates: readonly number[], ours: readonly number[], lines: number): string {
  const [least, middle, most] = [sorted(rates)[0] ?? 0, median(rates), sorted(rates).at(-1) ?? 0];
  // Rounds are neighbours in time: their ratio says more on a busy machine than the ratio of two medians.
  const ratio = median(rates.map((rate, round) => (ours[round] ?? 0) / rate));
  const spread = [least, middle, most].map((rate) => whole(rate * caseCount).padStart(8)).join("");
  return `  ${name.padEnd(46)}${spread} ${whole(middle * lines).padStart(10)}   ${ratio.toFixed(2).padStart(6)}`;
}

async function main(): Promise<void> {
  const shelf = await shelfOf();
  const pack = policyOf(shelf);
  const policy = policyInForce([pack]);
  const cases = describedCases(caseCount, shelf.laws, pack).map((described) => prepare(described, shelf, policy));
  const papers = paperRules(shelf.laws, policy);
  const cedarByPaper = new Map(papers.map((paper) => [paper.instrument, cedarRival(paper.instrument, [paper])]));
  const cedarWhole = cedarRival("every paper", papers);
  const engines = new Map(papers.map((paper) => [paper.instrument, rulesEngineRival(paper)]));

  const calls = cases.map(({ instrument, lines }) => lines.map((facts) => need(cedarByPaper, instrument).prepare(instrument, facts)));
  const wholeCalls = cases.map(({ instrument, lines }) => lines.map((facts) => cedarWhole.prepare(instrument, facts)));
  const facts = cases.map(({ instrument, lines }) => ({
    engine: need(engines, instrument),
    lines: lines.map((line) => need(engines, instrument).prepare(line)),
  }));
  const errors = calls.flat().flatMap(cedarErrors);
  if (errors.length > 0) throw new Error(`Cedar could not evaluate a policy: ${JSON.stringify(errors[0])}`);

  const agreement = await agree(cases, shelf, {
    "Cedar, one set a paper": (nth) => calls[nth]?.map(cedarAllows) ?? [],
    "Cedar, one set": (nth) => wholeCalls[nth]?.map(cedarAllows) ?? [],
    "json-rules-engine": async (nth) => await allowedBy(facts[nth]),
  });
  console.log(agreement);
  console.log(
    `the packs as ${[...cedarByPaper.values()].reduce((sum, { policies }) => sum + policies, 0)} Cedar policies and ${[...engines.values()].reduce((sum, { rules }) => sum + rules, 0)} rules of json-rules-engine, over ${papers.length} papers`,
  );
  await compare(cases, shelf, calls, wholeCalls, facts);
  ownTime(cases);
}

type CedarCalls = readonly (readonly ReturnType<CedarRival["prepare"]>[])[];
type EngineLines = { readonly engine: RulesEngineRival; readonly lines: readonly LineFacts[] };

async function allowedBy(given: EngineLines | undefined): Promise<readonly boolean[]> {
  const allowed: boolean[] = [];
  for (const line of given?.lines ?? []) allowed.push((await given?.engine.allows(line)) === true);
  return allowed;
}

const ownLines = "Portcullis: lines, with every reason and clause";

async function compare(
  cases: readonly Prepared[],
  shelf: AssessmentShelf,
  calls: CedarCalls,
  wholeCalls: CedarCalls,
  facts: readonly EngineLines[],
): Promise<void> {
  const lines = lineCount(cases);
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
  const linesPass = () =>
    sum(cases.map(({ details, rules, settled }) => verdictsFor(details, rules, settled).filter(({ decision }) => decision === "allow").length));
  const contenders: readonly Contender[] = [
    { name: ownLines, pass: linesPass },
    { name: "Cedar, the caller picks the paper's policies", pass: () => sum(calls.map((one) => count(one.map(cedarAllows)))) },
    { name: "Cedar, one set of policies", pass: () => sum(wholeCalls.map((one) => count(one.map(cedarAllows)))) },
    { name: "json-rules-engine, an engine a paper", pass: async () => sum((await inTurn(facts)).map(count)) },
    { name: "Portcullis: the whole assessment", pass: () => sum(cases.map(({ described }) => count(wholly(described, shelf)))) },
  ];
  const figures = await passesPerSecond(contenders, linesPass());
  const ours = figures.get(ownLines) ?? [];
  console.log(
    `per second of one core's time, ${rounds} rounds in turns${" ".repeat(7)}   cases: min  median     max      lines   ours is so many times as fast`,
  );
  for (const [name, rates] of figures) console.log(row(name, rates, ours, lines));
  for (const remark of remarks) console.log(`  ${remark}`);
}

async function inTurn(facts: readonly EngineLines[]): Promise<readonly (readonly boolean[])[]> {
  const found: (readonly boolean[])[] = [];
  for (const one of facts) found.push(await allowedBy(one));
  return found;
}

const remarks: readonly string[] = [
  "The rivals answer allow or not, and nothing else: no reasons with clauses, no asking what nobody has recorded (an unknown fact is a silent no), no counsel, no clocks, no questions.",
  "They are given days as numbers, the class of the data under each law, the country of each region and the last day of service; Portcullis works these out inside its time.",
  "Cedar: policies parsed once (preparsePolicySet, statefulIsAuthorized), facts cut to those the paper's policies ask; the cost of crossing into WebAssembly is in it. Neither rival has a batch call.",
  "The whole assessment reads the description, replays the case and adds gate, checks, notice, clocks, worksheet, counsel and questions.",
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
    const of = (which: "help" | "assess", figure: "wall" | "user") => median(runs.map((run) => run[which][figure]));
    const words = (figure: "wall" | "user") =>
      `${figure} ${whole(of("assess", figure) - of("help", figure))} ms (${whole(of("assess", figure))} beside ${whole(of("help", figure))} of --help)`;
    console.log(`own time of one \`portcullis assess\`, medians of ${starts} starts: ${words("wall")}, ${words("user")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of one start of the program. */
function start(given: readonly string[]): { readonly wall: number; readonly user: number } {
  const [from, before] = [performance.now(), process.resourceUsage().userCPUTime];
  execFileSync(process.execPath, ["--import", "tsx", join(root, "src", "portcullis.ts"), ...given], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return { wall: performance.now() - from, user: (process.resourceUsage().userCPUTime - before) / 1000 };
}

await main();
