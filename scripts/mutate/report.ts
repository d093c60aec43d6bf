// Says what the trial showed: a figure for each file and folder, and every mutation that no test noticed.
import { dirname } from "node:path/posix";
import { isEquivalent, wrongEntries, type Equivalent } from "./equivalents.ts";
import type { Tried, Trial } from "./try-mutations.ts";

export interface Figures {
  readonly name: string;
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly notCovered: number;
  readonly equivalent: number;
  readonly notTried: number;
  /** Noticed of all that could be noticed, in percent; 100 when there was none. */
  readonly scorePercent: number;
}

export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly within: string;
  readonly what: string;
  readonly original: string;
  readonly mutation: string;
  readonly covered: boolean;
}

export interface Report {
  readonly total: Figures;
  readonly folders: readonly Figures[];
  readonly files: readonly Figures[];
  readonly survivors: readonly Survivor[];
  readonly equivalents: readonly Equivalent[];
  /** Entries of the list of equivalents that are wrong. */
  readonly wrongEquivalents: readonly string[];
  readonly failingTests: readonly string[];
  /** Mutations that do not parse: a fault of this runner, counted nowhere. */
  readonly noPrograms: readonly Survivor[];
  readonly tests: number;
  readonly seconds: number;
}

export const leastPercent = 90;

export function reportOn({ tried, failing, tests }: Trial, entries: readonly Equivalent[], seconds: number): Report {
  const excused = new Set(tried.filter(({ mutation }) => entries.some((entry) => isEquivalent(mutation, entry))));
  const figures = (name: string, among: readonly Tried[]): Figures => count(name, among, excused);
  const byFile = Map.groupBy(tried, ({ mutation }) => mutation.file);
  const byFolder = Map.groupBy(tried, ({ mutation }) => dirname(mutation.file));
  return {
    total: figures("all", tried),
    folders: [...byFolder].map(([name, among]) => figures(name, among)),
    files: [...byFile].map(([name, among]) => figures(name, among)),
    survivors: tried
      .filter((each) => isUnnoticed(each) && !excused.has(each))
      .map(survivor)
      .toSorted((one, other) => one.file.localeCompare(other.file) || one.line - other.line),
    equivalents: entries.filter((entry) => tried.some(({ mutation }) => isEquivalent(mutation, entry))),
    wrongEquivalents: wrongEntries(entries, tried),
    failingTests: failing,
    noPrograms: tried.filter(({ fate }) => fate === "no-program").map(survivor),
    tests,
    seconds,
  };
}

/** Every reason for which a run does not pass. */
export function shortcomings({ total, folders, wrongEquivalents, failingTests, noPrograms }: Report): readonly string[] {
  return [
    ...[...folders, total].filter(({ scorePercent }) => scorePercent < leastPercent).map(({ name }) => `The score of ${name} is below ${leastPercent} %.`),
    ...(wrongEquivalents.length > 0 ? [`${wrongEquivalents.length} entries of the list of equivalents are wrong.`] : []),
    ...(failingTests.length > 0 ? [`${failingTests.length} tests fail on unchanged code.`] : []),
    ...(noPrograms.length > 0 ? [`${noPrograms.length} mutations do not parse.`] : []),
  ];
}

function isUnnoticed({ fate }: Tried): boolean {
  return fate === "survived" || fate === "not-covered";
}

function count(name: string, among: readonly Tried[], excused: ReadonlySet<Tried>): Figures {
  const of = (fate: Tried["fate"]): number => among.filter((each) => each.fate === fate && !(excused.has(each) && isUnnoticed(each))).length;
  const [killed, timedOut, survived, notCovered] = [of("killed"), of("timed-out"), of("survived"), of("not-covered")];
  const all = killed + timedOut + survived + notCovered;
  return {
    name,
    killed,
    timedOut,
    survived,
    notCovered,
    equivalent: among.filter((each) => excused.has(each) && isUnnoticed(each)).length,
    notTried: of("not-tried"),
    scorePercent: all === 0 ? 100 : Math.floor(((killed + timedOut) / all) * 1000) / 10,
  };
}

function survivor({ mutation, fate }: Tried): Survivor {
  const { file, line, within, what, original, mutated } = mutation;
  return { file, line, within, what, original, mutation: mutated, covered: fate === "survived" };
}

export function reportText(report: Report): string {
  const { files, folders, total, survivors, equivalents } = report;
  return [
    table([...files, ...folders.map((each) => ({ ...each, name: `${each.name}/` })), total]),
    section("No test noticed", survivors.map(survivorText)),
    section(
      "Equivalent",
      equivalents.map(({ file, within, original, mutation, reason }) => `${file}, ${within}: ${original} → ${mutation}\n    ${reason}`),
    ),
    section("Wrong entries in the list of equivalents", report.wrongEquivalents),
    section("Mutations that do not parse", report.noPrograms.map(survivorText)),
    section("Tests that fail on unchanged code and judged nothing", report.failingTests),
    `${total.scorePercent} % noticed by ${report.tests} tests in ${Math.round(report.seconds)} s.${total.notTried > 0 ? ` ${total.notTried} mutations were not tried: the time was over.` : ""}`,
    ...shortcomings(report),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** A page for readers: the figures, and every mutation that no test noticed, by file. */
export function reportMarkdown({ files, folders, total, survivors, tests }: Report): string {
  const row = ({ name, killed, timedOut, survived, notCovered, equivalent, scorePercent }: Figures): string =>
    `| ${name} | ${killed + timedOut} | ${survived + notCovered} | ${equivalent} | ${scorePercent} |`;
  const byFile = Map.groupBy(survivors, ({ file }) => file);
  return [
    "# What the tests notice",
    "",
    "`npm run mutate` changes the code that decides in small ways, one at a time, and runs the tests that reach it. A change that no",
    "test notices is a survivor; one that cannot change what the code does stands, with its reason, in `scripts/mutate/equivalent.json` and is counted apart.",
    `At least ${leastPercent} % of each folder must be noticed, or the command fails. This page is written by \`npm run mutate -- --markdown docs/mutation.md\`.`,
    "",
    `${total.scorePercent} % of ${total.killed + total.timedOut + total.survived + total.notCovered} changes are noticed, by ${tests} tests.`,
    "",
    "| | noticed | not noticed | equivalent | % |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...[...files, ...folders.map((each) => ({ ...each, name: `**${each.name}**` })), { ...total, name: "**all**" }].map(row),
    "",
    "## Survivors",
    ...(survivors.length === 0 ? ["", "None."] : []),
    ...[...byFile].flatMap(([file, those]) => ["", `**${file}**`, "", ...those.map(survivorMarkdown)]),
    "",
  ].join("\n");
}

function survivorMarkdown({ within, original, mutation, covered }: Survivor): string {
  const code = (text: string): string => `\`\` ${text.replaceAll(/\s+/g, " ").trim()} \`\``;
  return `- ${within}: ${code(original)} → ${code(mutation)}${covered ? "" : " (no test runs this)"}`;
}

function survivorText({ file, line, what, covered, original, mutation }: Survivor): string {
  return `${file}:${line} ${what}${covered ? "" : " (no test runs this)"}\n    ${original}\n  → ${mutation}`;
}

function section(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? "" : [`${title} (${entries.length})`, ...entries.map((entry) => `  ${entry}`)].join("\n");
}

const columns = ["killed", "survived", "timed out", "not covered", "equivalent", "score %"];

function table(rows: readonly Figures[]): string {
  const cells = rows.map(({ killed, survived, timedOut, notCovered, equivalent, scorePercent }) => [
    killed,
    survived,
    timedOut,
    notCovered,
    equivalent,
    scorePercent,
  ]);
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const lineOf = (name: string, values: readonly string[]): string =>
    [name.padEnd(nameWidth), ...values.map((value, nth) => value.padStart(columns[nth]?.length ?? 0))].join("  ");
  return [lineOf("", columns), ...rows.map(({ name }, nth) => lineOf(name, (cells[nth] ?? []).map(String)))].join("\n");
}
