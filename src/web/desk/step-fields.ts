// What a form of a step is made of, and the questions that more than one step asks.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import type { Choice } from "../look/forms.tsx";
import { instrumentWords } from "./case-words.ts";

interface Asked {
  /** Where the answer stands in the command: `private.number`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
}

type Choices = readonly Choice[] | ((view: CaseView, desk: Desk) => readonly Choice[]);

export type StepField = Asked &
  (
    | { readonly kind: "text" | "tel" | "date" }
    | { readonly kind: "textarea"; readonly rows?: number }
    | { readonly kind: "radios" | "select" | "checkboxes"; readonly choices: Choices }
    /** The command takes true or false. */
    | { readonly kind: "yes-no"; readonly yes: string; readonly no: string }
  );

export interface StepForm {
  /** Absent: the step asks nothing. */
  readonly asks?: readonly StepField[];
  /** What cannot be taken back, said before the button. */
  readonly confirm?: string;
  /** What the step will send or rest on, shown before the button. */
  readonly shows?: "open-points";
}

export const linesOfCase: Choices = (view) => view.lines.map(({ id, words }) => ({ value: id, label: `${id}: ${words}` }));

export const openGag: StepField = {
  path: "gag",
  kind: "select",
  label: "Secrecy order",
  choices: ({ gags }, desk) =>
    gags
      .filter(({ ended }) => ended === undefined)
      .map(({ gag, instrument, start, end }) => ({
        value: gag,
        label: `${instrumentWords(instrument, desk.laws)}, from ${start} ${end === undefined ? "without an end" : `to ${end}`}`,
      })),
};
