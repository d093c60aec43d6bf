// Everything about a confirmed paper that its pack asks for and nobody has answered: open questions, never guesses.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { formOf } from "./details-form.ts";
import { labelsOfPaper } from "./details-paper.tsx";
import { paperFields, questionsFor, type PaperField } from "./paper-questions.ts";

/** Each in words; empty while no paper is confirmed. */
export function openQuestions(view: CaseView, desk: Desk): readonly string[] {
  const { text, contents } = formOf(view, desk);
  const paper = view.confirmed?.instrument?.id;
  if (paper === undefined) return [];
  const questions = questionsFor(paper, desk);
  const facts = paperFields.filter((field) => questions.matters.has(field) && (text[field] ?? "") === "" && !isNeedless(field, text));
  return [
    ...((text["instrument.signedBy"] ?? "") === "" ? ["Signed by: not known."] : []),
    ...facts.map((field) => `${labelsOfPaper[field]}: not known.`),
    ...questions.contents
      .filter(({ id }) => contents[id] === undefined)
      .map(({ ask, check }) => `Nobody has looked whether the paper shows ${ask} (${check}).`),
  ];
}

/** A moment without a validator is no question, nor is a translation of a paper whose language nobody has named. */
function isNeedless(field: PaperField, text: Readonly<Record<string, string>>): boolean {
  if (field === "instrument.validatedAt") return (text["instrument.validatedBy"] ?? "") === "";
  if (field === "instrument.translation") return (text["instrument.language"] ?? "") === "";
  if (field === "offence.listed") return (text["offence.maxYears"] ?? "") !== "";
  return false;
}
