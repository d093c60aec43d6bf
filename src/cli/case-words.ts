// A case in the words of the terminal: the same facts, reasons and clause ids as the page.
import type { CaseView } from "../app/case-view.ts";
import { reasonsText } from "./command.ts";

export function caseText(view: CaseView): string {
  const parts = [heading(view), senderText(view), missingText(view), linesText(view), gateText(view), clocksText(view), keptText(view), lettersText(view)];
  return parts.filter((part) => part !== "").join("\n\n");
}

function heading({ caseId, stage, receivedAt, door, reading, outcome, message, duplicates }: CaseView): string {
  const problems = (message?.problems ?? []).map(({ code, because }) => `  ! ${because} [${code}]`);
  const sort =
    reading === undefined
      ? []
      : [`  read as: ${reading.sort}, language ${reading.language}${reading.languageKnown ? "" : " (no reading pack: a person must read it)"}`];
  return [
    `Case ${caseId}: ${stage}${outcome === undefined ? "" : `, ${outcome}`}`,
    `  received ${receivedAt} by ${door}${duplicates > 0 ? `, ${duplicates} duplicates kept` : ""}`,
    ...sort,
    ...problems,
  ].join("\n");
}

const marks = { met: "✓", "not-met": "✗", unknown: "?" } as const;

function senderText({ assurances }: CaseView): string {
  return ["Who", ...assurances.map(({ fact, verdict, because, clause }) => `  ${marks[verdict as keyof typeof marks]} ${fact}: ${because} [${clause}]`)].join(
    "\n",
  );
}

function missingText({ missing }: CaseView): string {
  return missing.length === 0 ? "" : ["Missing", ...missing.map(({ ask, clause, code }) => `  ✗ ${ask} [${clause}, ${code}]`)].join("\n");
}

function linesText({ lines, details }: CaseView): string {
  if (lines.length === 0) return "Lines\n  none";
  return [
    `Lines (${details})`,
    ...lines.map(({ id, words, decision, reasons, notes }) =>
      [
        `  ${id} ${decision}: ${words}`,
        ...(reasons.length === 0 ? [] : [reasonsText(reasons).replaceAll(/^/gm, "    ")]),
        ...notes.map(({ because, clause, code }) => `      • ${because} [${clause}, ${code}]`),
      ].join("\n"),
    ),
  ].join("\n");
}

function gateText({ gate }: CaseView): string {
  return [
    `Gate: ${gate.open ? "open" : "shut"}`,
    ...gate.bars.map(({ label, reasons }) => (reasons.length === 0 ? `  ▀ ${label}` : `  █ ${label}\n${reasonsText(reasons).replaceAll(/^/gm, "    ")}`)),
  ].join("\n");
}

function clocksText({ clocks }: CaseView): string {
  return clocks.length === 0 ? "" : ["Clocks", ...clocks.map(({ label, state, derivation }) => `  ${state}: ${label}: ${derivation}`)].join("\n");
}

function keptText({ linkedCopies, keptElsewhere }: CaseView): string {
  if (linkedCopies.length + keptElsewhere.length === 0) return "";
  const named = ({ caseId, preservation }: CaseView["keptElsewhere"][number]) => `case ${caseId}, preservation ${preservation}`;
  return [
    "Kept in other cases",
    ...linkedCopies.map((copy) => `  ✓ ${named(copy)}: ${copy.isKept ? "answers this case" : "linked, and kept no longer"}`),
    ...keptElsewhere.map((copy) => `  ? ${named(copy)}: could answer this case (step UseKeptCopy)`),
  ].join("\n");
}

function lettersText({ letters }: CaseView): string {
  return letters.length === 0 ? "" : ["Letters", ...letters.map(({ kind, to, state }) => `  ${state}: ${kind} to the ${to}`)].join("\n");
}
