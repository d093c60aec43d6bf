// Everything about a confirmed paper that its pack asks for and nobody has answered: open questions, never guesses.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { formOf } from "./details-form.ts";
import { labelsOfPaper } from "./details-paper.tsx";
import { paperFields, questionsFor, type PaperField } from "./paper-questions.ts";

export interface OpenQuestions {
  /** Facts about the paper: "Validated by". */
  readonly facts: readonly string[];
  /** What must stand on its face and nobody has looked for, with the check that asks for it. */
  readonly contents: readonly { readonly ask: string; readonly check: string }[];
}

/** Nothing while no paper is confirmed. */
export function openQuestions(view: CaseView, desk: Desk): OpenQuestions {
  const paper = view.confirmed?.instrument?.id;
  if (paper === undefined) return { facts: [], contents: [] };
  const { text, contents } = formOf(view, desk);
  const questions = questionsFor(paper, desk);
  const open = paperFields.filter((field) => questions.matters.has(field) && (text[field] ?? "") === "" && !isNeedless(field, text));
  return {
    facts: [
      ...((text["instrument.signedBy"] ?? "") === "" ? ["Signed by"] : []),
      ...open.map((field) => labelsOfPaper[field]),
      ...(view.confirmed?.protection === undefined ? ["Specially protected data or people"] : []),
    ],
    contents: questions.contents.filter(({ id }) => contents[id] === undefined),
  };
}

/** A moment without a validator is no question, nor is a translation of a paper whose language nobody has named. */
function isNeedless(field: PaperField, text: Readonly<Record<string, string>>): boolean {
  if (field === "instrument.validatedAt") return (text["instrument.validatedBy"] ?? "") === "";
  if (field === "instrument.translation") return (text["instrument.language"] ?? "") === "";
  if (field === "offence.listed") return (text["offence.maxYears"] ?? "") !== "";
  return false;
}
