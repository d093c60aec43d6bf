// The second part of the details: what the paper says about itself. Only a person who looked answers; the rest stays an open question.
import type { Desk } from "../../app/desk.ts";
import { protections, ranks, serviceRoutes, type Rank } from "../../policy/pack.ts";
import { ClauseChip, type ClauseRegister } from "../look/clause-chip.tsx";
import { Button, Field, type Choice } from "../look/forms.tsx";
import { findInstrument } from "../../requests/review/module.ts";
import { noProtection, type DetailsForm, type Seen } from "./details-form.ts";
import { protectionWords, rankWords, serviceWords } from "./law-words.ts";
import { paperFields, questionsFor, type PaperContent, type PaperField, type PaperQuestions } from "./paper-questions.ts";

export const labelsOfPaper: Readonly<Record<PaperField, string>> = {
  "instrument.issuedIn": "Where the issuing authority sits",
  "instrument.validatedBy": "Validated by",
  "instrument.validatedAt": "Validated at",
  "instrument.servedBy": "How it was served",
  "instrument.addressedTo": "Addressed to",
  "instrument.language": "Language of the paper",
  "instrument.translation": "Translation into a language we declared",
  "offence.maxYears": "Longest sentence for the offence, in years",
  "offence.listed": "Offence stands in the law's own list",
  "instrument.emergency": "It says that it is an emergency",
  "instrument.authorityNotified": "The authority of our own state was told",
  "instrument.agreement": "Agreement it rests on",
  "instrument.seal": "Electronic seal or signature",
  "instrument.carriesSecrecy": "It forbids by itself to speak of it",
  "instrument.newPlatform": "First paper of its kind for this service: the report stays silent for a time",
  "places.customer": "Where the customer is established",
  "places.person": "Where the person lives",
  "places.data": "Where the data lies",
};

/** Ranks the pack names stand first: any other makes the paper fall short. */
export function rankChoices(form: DetailsForm, desk: Desk): readonly Choice[] {
  const { named, others } = questionsFor(form.text["instrument.id"], desk).ranks;
  const rest = named.length === 0 ? "" : " (not a rank this paper needs)";
  return [...named.map((rank) => choiceOf(rank, "")), ...others.map((rank) => choiceOf(rank, rest))];
}

function choiceOf(rank: Rank, rest: string): Choice {
  return { value: rank, label: `${rankWords[rank]}${rest}` };
}

type FieldOf = (name: string) => {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly autocomplete: string;
};

interface PaperProps {
  readonly form: DetailsForm;
  readonly desk: Desk;
  readonly register: ClauseRegister;
  readonly field: FieldOf;
}

export function PaperItself({ form, desk, register, field }: PaperProps) {
  const questions = questionsFor(form.text["instrument.id"], desk);
  const known = findInstrument({ id: form.text["instrument.id"] ?? "" }, desk.laws);
  const asked = paperFields.filter((name) => questions.matters.has(name));
  const rest = paperFields.filter((name) => !questions.matters.has(name) && (name !== "instrument.agreement" || (form.text[name] ?? "") !== ""));
  const isOpen = rest.some((name) => (form.text[name] ?? "") !== "" || field(name).error !== undefined);
  return (
    <>
      <h2 id="paper-itself">What the paper says about itself</h2>
      <p class="desk-lead">
        {known === undefined
          ? "Choose the instrument above, then show its questions."
          : `These questions are those of: ${known.instrument.label} (${known.law.pack.title}, version ${known.law.pack.version}).`}{" "}
        What you leave open stays unknown: it is shown as an open question and never guessed.
      </p>
      <Button label="Show the questions of this instrument" kind="secondary" name="add" value="paper" />
      <div class="desk-pair desk-gap">
        {asked.map((name) => (
          <PaperControl name={name} questions={questions} field={field} />
        ))}
      </div>
      {questions.contents.length === 0 ? <></> : <Contents contents={questions.contents} seen={form.contents} register={register} />}
      <Field
        id="protection"
        name="protection"
        kind="checkboxes"
        label="Specially protected data or people"
        hint="A mark goes to counsel. Tick nothing when nobody has looked."
        optional
        values={form.protection}
        choices={[
          ...protections.map((value) => ({ value, label: protectionWords[value] })),
          { value: noProtection, label: "None of these: somebody has looked" },
        ]}
      />
      {rest.length === 0 ? (
        <></>
      ) : (
        <details class="desk-fold" open={isOpen}>
          <summary>Other facts the paper may give</summary>
          <p class="field-hint">No rule in force asks them of this instrument.</p>
          <div class="desk-pair">
            {rest.map((name) => (
              <PaperControl name={name} questions={questions} field={field} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

interface ContentsProps {
  readonly contents: readonly PaperContent[];
  readonly seen: DetailsForm["contents"];
  readonly register: ClauseRegister;
}

const answers: readonly { readonly value: Seen | ""; readonly label: string }[] = [
  { value: "shown", label: "Shown" },
  { value: "missing", label: "Missing" },
  { value: "", label: "Not looked" },
];

function Contents({ contents, seen, register }: ContentsProps) {
  const open = contents.filter(({ id }) => seen[id] === undefined).length;
  return (
    <div class="desk-contents" id="contents">
      <h3>{`What must stand on its face: ${contents.length - open} of ${contents.length} looked at`}</h3>
      {contents.map(({ id, ask, check }) => (
        <fieldset class="desk-content" id={`content.${id}`}>
          <legend>{capital(ask)}</legend>
          <div class="desk-three">
            {answers.map(({ value, label }) => (
              <label>
                <input type="radio" name={`content.${id}`} value={value} checked={(seen[id] ?? "") === value} /> {label}
              </label>
            ))}
          </div>
          <ClauseChip clause={check} register={register} />
        </fieldset>
      ))}
    </div>
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const yesNo: readonly Choice[] = [
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
];

const places = "As two letters, with the part where it matters: US, US-CA, DE.";

function PaperControl({ name, questions, field }: { readonly name: PaperField; readonly questions: PaperQuestions; readonly field: FieldOf }) {
  const shared = { ...field(name), label: labelsOfPaper[name], optional: true };
  switch (name) {
    case "instrument.issuedIn":
    case "places.customer":
    case "places.person":
    case "places.data":
      return <Field {...shared} kind="text" width="short" hint={places} />;
    case "instrument.language":
      return <Field {...shared} kind="text" width="short" hint="Two letters: en, de." />;
    case "instrument.validatedAt":
      return <Field {...shared} kind="datetime-local" hint="In the desk's time." />;
    case "offence.maxYears":
      return <Field {...shared} kind="text" width="short" inputmode="numeric" />;
    default:
      return <Field {...shared} kind="select" placeholder="Not known" choices={choicesOf(name, questions, shared.value)} />;
  }
}

function choicesOf(name: PaperField, { validators, agreements }: PaperQuestions, value: string): readonly Choice[] {
  switch (name) {
    case "instrument.validatedBy":
      return ranks
        .filter((rank) => validators.length === 0 || validators.includes(rank) || rank === value)
        .map((rank) => ({ value: rank, label: rankWords[rank] }));
    case "instrument.servedBy":
      return serviceRoutes.map((route) => ({ value: route, label: serviceWords[route] }));
    case "instrument.addressedTo":
      return [
        { value: "us", label: "Us" },
        { value: "controller", label: "Our customer" },
        { value: "other", label: "Another legal entity" },
      ];
    case "instrument.agreement":
      return [...new Set([...agreements, ...(value === "" ? [] : [value])])].map((agreement) => ({ value: agreement, label: agreementWords(agreement) }));
    case "instrument.seal":
      return [
        { value: "valid", label: "It verifies" },
        { value: "invalid", label: "It does not verify" },
      ];
    default:
      return yesNo;
  }
}

/** `US-GB` is an agreement between these two states. */
function agreementWords(agreement: string): string {
  return `Between ${agreement.replace("-", " and ")}`;
}
