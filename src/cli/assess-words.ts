// A verdict in the words of the terminal: the same reasons, clauses and dates as the JSON.
import type { Assessment, DescriptionProblem } from "../assessment/assess.ts";
import type { FixtureResult } from "../assessment/fixtures.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import { reasonsText } from "./command.ts";

export function assessmentText(found: Assessment): string {
  const parts = [
    headingText(found),
    linesText(found),
    gateText(found),
    clocksText(found),
    noticeText(found),
    counselText(found),
    worksheetText(found),
    questionsText(found),
    confirmText(found),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

export function problemsText(problems: readonly DescriptionProblem[]): string {
  return [
    "The description cannot be judged.",
    ...problems.map(({ path, what, remedy }) => `  ✗ ${path === "" ? "the file" : path}: ${what}\n    ${remedy}`),
  ].join("\n");
}

function headingText({ instrument, packs, asked, report, letter }: Assessment): string {
  return [
    instrument === undefined ? "No pack knows this paper" : `${instrument.label} (${instrument.id}), ${instrument.citation}`,
    `  asked ${asked}, judged by ${packs.join(", ")}`,
    `  report: ${report.bucket ?? "no bucket"}, ${report.outcome}${report.bandsOnly ? "; printed only in bands, never in another total" : ""}`,
    ...(letter === undefined ? [] : [`  letter: ${letter}`]),
  ].join("\n");
}

function linesText({ lines }: Assessment): string {
  if (lines.length === 0) return "Lines\n  none";
  return [
    "Lines",
    ...lines.map(({ id, dataType, dataClass, decision, reasons, rule }) =>
      [
        `  ${id} ${decision}: ${dataType}${dataClass === undefined ? "" : ` (${dataClass})`}${rule === undefined ? "" : `, by ${rule}`}`,
        ...indented(reasonsText(reasons)),
      ].join("\n"),
    ),
  ].join("\n");
}

function indented(text: string): readonly string[] {
  return text === "" ? [] : [text.replaceAll(/^/gm, "  ")];
}

function gateText({ gate }: Assessment): string {
  return [
    `Gate: ${gate.open ? "open" : "shut"}`,
    ...gate.bars.map(({ label, reasons }) => [`  ${reasons.length === 0 ? "▀" : "█"} ${label}`, ...indented(reasonsText(reasons))].join("\n")),
  ].join("\n");
}

function clocksText({ clocks }: Assessment): string {
  if (clocks.length === 0) return "";
  return [
    "Clocks",
    ...clocks.map(({ state, label, kind, derivation }) => `  ${state.padEnd(9)} ${label}${kind === undefined ? "" : ` (${kind})`}\n            ${derivation}`),
  ].join("\n");
}

function noticeText({ notice, tells, duties }: Assessment): string {
  const { state, clause, earliest, latest, derivation, mustNotTell } = notice;
  return [
    `Notice to the customer: ${state} [${clause}]`,
    `  ${earliest === undefined ? "no day yet" : `from ${dayWords(earliest)}`}${latest === undefined ? "" : `, at the latest ${dayWords(latest)}`}`,
    `  ${derivation}`,
    ...mustNotTell.map(
      ({ instrument, until, mayTell }) =>
        `  ✗ ${instrument} binds ${until === undefined ? "without an end" : `until ${dayWords(until)}`}${mayTell.length === 0 ? "" : `; may be told: ${mayTell.join(", ")}`}`,
    ),
    ...tells.map(
      ({ who, by, when, citation }) => `  ${by === "us" ? "we tell" : "the authority tells"} the ${who.replaceAll("-", " ")}: ${when} [${citation}]`,
    ),
    ...duties.map(({ says, citation }) => `  • ${says} [${citation}]`),
  ].join("\n");
}

function counselText({ counsel }: Assessment): string {
  return counsel.length === 0 ? "" : `Counsel\n${reasonsText(counsel)}`;
}

function worksheetText({ worksheet }: Assessment): string {
  const rows = worksheet.filter(({ answer }) => answer !== "lifted-or-not-applicable");
  return rows.length === 0
    ? ""
    : [
        "Conflict of laws",
        ...rows.map(({ pack, rule, answer, lines, citation }) => `  ${answer === "applies" ? "✗" : "?"} ${pack} ${rule}: ${lines.join(", ")} [${citation}]`),
      ].join("\n");
}

function questionsText({ questions }: Assessment): string {
  return questions.length === 0 ? "" : ["Open questions", ...questions.map(({ about, question }) => `  ? ${question} (${about})`)].join("\n");
}

function confirmText({ instrument }: Assessment): string {
  const open = [...(instrument?.basis === "memory" ? ["The whole row of this paper is from memory."] : []), ...(instrument?.confirm ?? [])];
  return open.length === 0 ? "" : ["From memory: counsel confirms", ...open.map((line) => `  ! ${line}`)].join("\n");
}

export function fixturesText(pack: string, results: readonly FixtureResult[]): string {
  const failed = results.filter(({ differences }) => differences.length > 0);
  return [
    `${failed.length === 0 ? "✓" : "✗"} ${pack}: ${results.length - failed.length} of ${results.length} examples hold`,
    ...failed.map(({ name, differences }) => [`  ✗ ${name}`, ...differences.map((line) => `      ${line}`)].join("\n")),
  ].join("\n");
}
