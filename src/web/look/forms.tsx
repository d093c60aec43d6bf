// Holds the pieces a person answers with: one question, its hint, its error, and the lists that gather answers.
import type { Child } from "hono/jsx";
import { ClauseChip } from "./clause-chip.tsx";
import type { ClauseRegister } from "./clause-chip.tsx";
import { StateTag } from "./state-tag.tsx";
import type { State } from "./icons.tsx";

/** One thing to put right; `field` is the `id` of the `Field` it speaks of. */
export interface FormError {
  readonly field: string;
  /** What happened and what to do: "Enter the date the warrant was issued". */
  readonly text: string;
}

/** Stands before the heading and takes the focus when the page opens. Empty: nothing is drawn. */
export function ErrorSummary({ errors, title = "There is a problem" }: { readonly errors: readonly FormError[]; readonly title?: string }) {
  if (errors.length === 0) return <></>;
  return (
    <div class="error-summary" role="alert" tabindex={-1} autofocus aria-labelledby="error-summary-title">
      <h2 id="error-summary-title">{title}</h2>
      <ul>
        {errors.map((error) => (
          <li>
            <a href={`#${error.field}`}>{error.text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One answer of a closed list. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

interface FieldBase {
  /** Also the fragment an error summary links to. */
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** Said beside the label; everything else must be answered. */
  readonly optional?: boolean | undefined;
  /** The label is the page's one question and therefore its `h1`. */
  readonly isHeading?: boolean | undefined;
}

interface Typed {
  readonly value?: string | undefined;
  /** A WCAG 1.3.5 purpose such as `email`, `tel`, `organization`; `off` for everything about a case. */
  readonly autocomplete?: string | undefined;
}

export type FieldProps = FieldBase &
  (
    | (Typed & {
        readonly kind: "text" | "email" | "tel" | "search";
        readonly width?: "short" | "medium" | undefined;
        readonly inputmode?: "numeric" | "text" | undefined;
      })
    | (Typed & { readonly kind: "date" | "datetime-local"; readonly min?: string | undefined; readonly max?: string | undefined })
    | (Typed & { readonly kind: "textarea"; readonly rows?: number | undefined; readonly maxlength?: number | undefined })
    | { readonly kind: "select"; readonly choices: readonly Choice[]; readonly value?: string | undefined; readonly placeholder?: string | undefined }
    | { readonly kind: "radios"; readonly choices: readonly Choice[]; readonly value?: string | undefined }
    | { readonly kind: "checkboxes"; readonly choices: readonly Choice[]; readonly values?: readonly string[] | undefined }
    /** One box; the label stands beside it. */
    | { readonly kind: "checkbox"; readonly value: string; readonly checked?: boolean | undefined }
    | { readonly kind: "file"; readonly accept?: string | undefined; readonly multiple?: boolean | undefined }
  );

/** A label, its hint, its error and the control, tied together for screen readers. Groups are a `fieldset`. */
export function Field(props: FieldProps) {
  if (props.kind === "radios" || props.kind === "checkboxes") return <Group {...props} />;
  if (props.kind === "checkbox") return <SingleBox {...props} />;
  const label = (
    <label class="field-label" for={props.id}>
      {props.label}
      <Optional {...props} />
    </label>
  );
  return (
    <div class={fieldClass(props)}>
      {props.isHeading === true ? <h1 class="field-heading">{label}</h1> : label}
      <HintAndError {...props} />
      <Control {...props} />
    </div>
  );
}

type ControlProps = Extract<FieldProps, { kind: "text" | "email" | "tel" | "search" | "date" | "datetime-local" | "textarea" | "select" | "file" }>;

function Control(props: ControlProps) {
  const shared = { id: props.id, name: props.name, ...described(props) };
  switch (props.kind) {
    case "select":
      return (
        <select class="control" {...shared}>
          {props.placeholder === undefined ? <></> : <option value="">{props.placeholder}</option>}
          {props.choices.map((choice) => (
            <option value={choice.value} selected={choice.value === props.value}>
              {choice.label}
            </option>
          ))}
        </select>
      );
    case "textarea":
      return (
        <textarea class="control" rows={props.rows ?? 5} maxlength={props.maxlength} autocomplete={props.autocomplete} dir="auto" {...shared}>
          {props.value ?? ""}
        </textarea>
      );
    case "file":
      return <input class="control control-file" type="file" accept={props.accept} multiple={props.multiple === true} {...shared} />;
    case "date":
    case "datetime-local":
      return (
        <input
          class="control control-medium"
          type={props.kind}
          value={props.value}
          min={props.min}
          max={props.max}
          autocomplete={props.autocomplete}
          {...shared}
        />
      );
    default:
      return (
        <input
          class={props.width === undefined ? "control" : `control control-${props.width}`}
          type={props.kind}
          value={props.value}
          inputmode={props.inputmode}
          autocomplete={props.autocomplete}
          dir={props.kind === "text" || props.kind === "search" ? "auto" : undefined}
          data-search={props.kind === "search" ? "" : undefined}
          {...shared}
        />
      );
  }
}

function Group(props: Extract<FieldProps, { kind: "radios" | "checkboxes" }>) {
  const legend = (
    <>
      {props.label}
      <Optional {...props} />
    </>
  );
  return (
    <fieldset class={fieldClass(props)} {...described(props)} aria-invalid={undefined}>
      <legend class="field-label">{props.isHeading === true ? <h1 class="field-heading">{legend}</h1> : legend}</legend>
      <HintAndError {...props} />
      {props.choices.map((choice, index) => (
        <Option
          id={index === 0 ? props.id : `${props.id}-${index + 1}`}
          name={props.name}
          type={props.kind === "radios" ? "radio" : "checkbox"}
          choice={choice}
          checked={props.kind === "radios" ? choice.value === props.value : (props.values ?? []).includes(choice.value)}
        />
      ))}
    </fieldset>
  );
}

interface OptionProps {
  readonly id: string;
  readonly name: string;
  readonly type: "radio" | "checkbox";
  readonly choice: Choice;
  readonly checked: boolean;
}

function Option({ id, name, type, choice, checked }: OptionProps) {
  const hintId = choice.hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="choice">
      <input type={type} id={id} name={name} value={choice.value} checked={checked} aria-describedby={hintId} />
      <label for={id}>{choice.label}</label>
      {choice.hint === undefined ? (
        <></>
      ) : (
        <p class="field-hint" id={hintId}>
          {choice.hint}
        </p>
      )}
    </div>
  );
}

function SingleBox(props: Extract<FieldProps, { kind: "checkbox" }>) {
  return (
    <div class={fieldClass(props)}>
      <HintAndError {...props} />
      <div class="choice">
        <input type="checkbox" id={props.id} name={props.name} value={props.value} checked={props.checked === true} {...described(props)} />
        <label for={props.id}>{props.label}</label>
      </div>
    </div>
  );
}

function Optional({ optional }: FieldBase) {
  return optional === true ? <span class="field-optional"> (optional)</span> : <></>;
}

function HintAndError({ id, hint, error }: FieldBase) {
  return (
    <>
      {hint === undefined ? (
        <></>
      ) : (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? (
        <></>
      ) : (
        <p class="field-error" id={`${id}-error`}>
          <span class="sr-only">Error: </span>
          {error}
        </p>
      )}
    </>
  );
}

function fieldClass({ error }: FieldBase): string {
  return error === undefined ? "field" : "field field-wrong";
}

function described({ id, hint, error }: FieldBase): { readonly "aria-describedby"?: string; readonly "aria-invalid"?: "true" } {
  const ids = [hint === undefined ? [] : [`${id}-hint`], error === undefined ? [] : [`${id}-error`]].flat();
  return { ...(ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") }), ...(error === undefined ? {} : { "aria-invalid": "true" as const }) };
}

/** Why a step cannot be taken now. A refusal of the kernel has this shape. */
export interface Because {
  readonly clause: string;
  readonly because: string;
}

export interface ButtonProps {
  /** A verb and its object: "Record call-back", never "Submit". */
  readonly label: string;
  /** `danger` for what cannot be taken back. */
  readonly kind?: "primary" | "secondary" | "danger" | undefined;
  /** With a target it is a link that looks like a button; without, it sends its form. */
  readonly href?: string | undefined;
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** Where it sends the form when not to the form's own action. */
  readonly formaction?: string | undefined;
}

/** A next step. */
export function Button({ label, kind = "primary", href, name, value, formaction }: ButtonProps) {
  const style = `button button-${kind}`;
  if (href !== undefined) {
    return (
      <a class={style} href={href}>
        {label}
      </a>
    );
  }
  return (
    <button class={style} type="submit" name={name} value={value} formaction={formaction}>
      {label}
    </button>
  );
}

export interface BlockedStepProps {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly reasons: readonly Because[];
  readonly register: ClauseRegister;
}

/** A next step that the deciders refuse now: the button is there, cannot be pressed, and every reason stands under it. */
export function BlockedStep({ id, label, reasons, register }: BlockedStepProps) {
  return (
    <div class="blocked">
      <button class="button button-secondary" type="button" disabled aria-describedby={`${id}-why`}>
        {label}
      </button>
      <div id={`${id}-why`}>
        <Reasons reasons={reasons} register={register} />
      </div>
    </div>
  );
}

/** Every reason against, each with its clause: the same words as in the letter, in JSON and in the terminal. */
export function Reasons({ reasons, register }: { readonly reasons: readonly Because[]; readonly register: ClauseRegister }) {
  return (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li>
          <span dir="auto">{reason.because}</span> <ClauseChip clause={reason.clause} register={register} />
        </li>
      ))}
    </ul>
  );
}

/** One task of a list. A task that cannot start yet has no `href`. */
export interface Task {
  readonly label: string;
  readonly href?: string | undefined;
  readonly hint?: string | undefined;
  readonly state: State;
  /** Replaces the state's word: "Completed", "Cannot start yet". */
  readonly word?: string | undefined;
}

/** Progress through a form or a case, one line a task. */
export function TaskList({ tasks }: { readonly tasks: readonly Task[] }) {
  return (
    <ul class="tasks">
      {tasks.map((task) => (
        <li>
          <div>
            {task.href === undefined ? (
              <span class="task-label">{task.label}</span>
            ) : (
              <a class="task-label" href={task.href}>
                {task.label}
              </a>
            )}
            {task.hint === undefined ? <></> : <p class="field-hint">{task.hint}</p>}
          </div>
          <StateTag state={task.state} word={task.word} />
        </li>
      ))}
    </ul>
  );
}

/** One answer, with the way back to its question. */
export interface Answer {
  readonly label: string;
  /** Left out: the question has not been answered, and the list says so. */
  readonly value?: Child | undefined;
  readonly changeHref?: string | undefined;
}

/** Check answers before they are sent. Also any list of names and values. */
export function SummaryList({ answers }: { readonly answers: readonly Answer[] }) {
  return (
    <dl class="summary">
      {answers.map((answer) => (
        <div>
          <dt>{answer.label}</dt>
          <dd>{answer.value ?? <span class="absent">Not answered</span>}</dd>
          {answer.changeHref === undefined ? (
            <></>
          ) : (
            <dd class="summary-change">
              <a href={answer.changeHref}>
                Change<span class="sr-only"> {answer.label}</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
