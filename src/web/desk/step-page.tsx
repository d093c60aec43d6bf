// One step on a page of its own: asks what the step needs, takes it, and on a refusal keeps every answer and shows every reason.
import type { Child } from "hono/jsx";
import { handle } from "../../app/handle.ts";
import { giveNotices } from "../../app/owner-notice.ts";
import { findStep, type PossibleStep } from "../../app/steps.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Button, ErrorSummary, Field, Reasons, type FieldProps, type FormError } from "../look/forms.tsx";
import { formValues, noValues, Refusal, type FormValues, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";
import type { StepField } from "./step-fields.ts";
import { stepForms } from "./step-forms.ts";

interface Shown {
  readonly values: FormValues;
  readonly errors: readonly FormError[];
  readonly reasons: readonly Reason[];
}

const fresh: Shown = { values: noValues, errors: [], reasons: [] };

export async function stepPage(c: WebContext) {
  const found = await findTheirStep(c);
  return found === undefined ? noSuchCase(c) : stepForm(c, found, fresh);
}

export async function takeStep(c: WebContext) {
  const found = await findTheirStep(c);
  if (found === undefined) return noSuchCase(c);
  const values = await formValues(c);
  const { opened, step } = found;
  const fields = fieldsOf(c, found);
  const errors = unanswered(fields, values);
  if (errors.length > 0) return stepForm(c, found, { values, errors, reasons: [] });
  const command = commandOf(found, fields, values);
  const misread = inputErrors(step.name, command, fields);
  if (misread.length > 0) return stepForm(c, found, { values, errors: misread, reasons: [] });
  const reasons = await take(c, opened, command);
  if (reasons.length > 0) return stepForm(c, found, { values, errors: [], reasons });
  c.get("web").nudge();
  return c.redirect(`/desk/case/${opened.view.caseId}?done=${step.name}`, 303);
}

interface Found {
  readonly opened: OpenCase;
  readonly step: PossibleStep;
}

async function findTheirStep(c: WebContext): Promise<Found | undefined> {
  const opened = await openCase(c);
  const step = opened?.steps.find(({ name }) => name === c.req.param("step"));
  return opened === undefined || step === undefined ? undefined : { opened, step };
}

type Command = { readonly type: string; readonly [member: string]: unknown };

/** Notice needs a link for each owner; every other step is one command. Returns what stands against it. */
async function take(c: WebContext, { view, by, askers }: OpenCase, command: Command): Promise<readonly Reason[]> {
  const desk = c.get("desk");
  if (command.type === "GiveNotice") return (await giveNotices(desk, view.caseId, by, askers)).reasons;
  const handled = await handle(desk, { caseId: view.caseId, by, askers, command });
  return handled.kind === "refused" ? handled.reasons : [];
}

function fieldsOf(c: WebContext, { opened: { view }, step }: Found): readonly StepField[] {
  if (step.name === "AnswerChecks") return checkFields(view);
  const asked = stepForms[step.name]?.asks ?? [];
  const desk = c.get("desk");
  return asked.map((field) => ("choices" in field && typeof field.choices === "function" ? { ...field, choices: field.choices(view, desk) } : field));
}

function checkFields({ checks }: OpenCase["view"]): readonly StepField[] {
  const choices = [
    { value: "yes", label: "Yes" },
    { value: "no", label: "No" },
    { value: "not-applicable", label: "Does not apply" },
  ];
  const asked = checks.filter(({ answeredBy }) => answeredBy === "person");
  return [
    ...asked.map(({ id, question }): StepField => ({ path: `answer.${id}`, kind: "radios", label: `${id}: ${question}`, optional: true, choices })),
    { path: "private.note", kind: "textarea", rows: 3, label: "Note", hint: "What you looked at. It stays sealed with the case.", optional: true },
  ];
}

function unanswered(fields: readonly StepField[], values: FormValues): readonly FormError[] {
  return fields
    .filter(({ path, optional }) => optional !== true && values.one(path) === "")
    .map(({ path, label, kind }) => ({ field: path, text: `${kind === "radios" || kind === "select" || kind === "yes-no" ? "Choose" : "Enter"}: ${label}` }));
}

function commandOf({ step }: Found, fields: readonly StepField[], values: FormValues): Command {
  if (step.name === "AnswerChecks") return answersCommand(fields, values);
  const answers = fields.flatMap((field): [string, unknown][] => {
    if (field.kind === "checkboxes") return values.many(field.path).length === 0 ? [] : [[field.path, values.many(field.path)]];
    if (values.one(field.path) === "") return [];
    return [[field.path, field.kind === "yes-no" ? values.one(field.path) === "yes" : values.one(field.path)]];
  });
  return nested([["type", step.name], ...answers]) as Command;
}

function answersCommand(fields: readonly StepField[], values: FormValues): Command {
  const answers = fields.flatMap(({ path }) =>
    path.startsWith("answer.") && values.one(path) !== "" ? [{ check: path.slice("answer.".length), answer: values.one(path) }] : [],
  );
  return { type: "AnswerChecks", answers, private: { note: values.one("private.note") } };
}

/** `private.number` → `{ private: { number } }`; two levels are all that commands have. */
function nested(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const command: Record<string, unknown> = {};
  for (const [path, value] of entries) {
    const [outer = "", inner] = path.split(".");
    command[outer] = inner === undefined ? value : { ...(command[outer] as object | undefined), [inner]: value };
  }
  return command;
}

/** What the step's own schema cannot read, beside the field it speaks of. */
function inputErrors(name: string, command: Command, fields: readonly StepField[]): readonly FormError[] {
  const parsed = findStep(name)?.schema.safeParse(command);
  if (fields.length === 0 || parsed === undefined || parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const { path } = issue;
    const field = fields.find((each) => each.path === path.join(".")) ?? fields.find((each) => each.path === path[0]) ?? fields[0];
    return {
      field: field?.path ?? "step",
      text: name === "AnswerChecks" && path[0] === "answers" ? "Answer at least one check" : `${field?.label ?? name}: ${remedyFor(issue)}`,
    };
  });
}

type Issue = NonNullable<ReturnType<NonNullable<ReturnType<typeof findStep>>["schema"]["safeParse"]>["error"]>["issues"][number];

/** What to do about an answer that the step cannot read. */
function remedyFor(issue: Issue): string {
  if (issue.code === "too_small" && issue.origin === "string") return `say it in ${issue.minimum} characters or more`;
  if (issue.code === "too_big" && issue.origin === "string") return `say it in ${issue.maximum} characters or fewer`;
  if (issue.code === "invalid_format" && issue.format === "date") return "enter a day that exists";
  if (issue.code === "invalid_value") return "choose one of the answers offered";
  return issue.message;
}

async function stepForm(c: WebContext, { opened, step }: Found, { values, errors, reasons }: Shown) {
  const { register } = c.get("web");
  const { caseId } = opened.view;
  const against = reasons.length > 0 ? reasons : step.against;
  const form = stepForms[step.name];
  const alert = (
    <>
      <ErrorSummary errors={errors} />
      {against.length === 0 ? <></> : <Refusal reasons={against} register={register} />}
    </>
  );
  return deskFrame(
    c,
    {
      title: caseTitle(opened.view, `${step.label},`),
      hasErrors: errors.length > 0,
      alert,
      heading: step.label,
      children: (
        <>
          <p>
            <a href={`/desk/case/${caseId}`}>Back to case {caseId}</a>
          </p>
          {form?.confirm === undefined ? <></> : <p>{form.confirm}</p>}
          {form?.shows === "open-points" ? <PointsToAsk view={opened.view} register={register} /> : <></>}
          <form method="post" id="step">
            {fieldsOf(c, { opened, step }).map((field) => (
              <StepControl field={field} values={values} error={errors.find((error) => error.field === field.path)?.text} />
            ))}
            {step.against.length > 0 ? (
              <></>
            ) : (
              <div class="actions">
                <Button label={step.label} kind={form?.confirm === undefined ? "primary" : "danger"} />
              </div>
            )}
          </form>
        </>
      ),
    },
    errors.length > 0 ? 422 : reasons.length > 0 ? 409 : 200,
  );
}

/** The letter of this step asks exactly these. */
function PointsToAsk({ view, register }: { readonly view: OpenCase["view"]; readonly register: Parameters<typeof Reasons>[0]["register"] }) {
  if (view.openPoints.length === 0) return <></>;
  return (
    <>
      <h2>What the agency is asked</h2>
      <Reasons reasons={view.openPoints} register={register} />
    </>
  );
}

function StepControl({ field, values, error }: { readonly field: StepField; readonly values: FormValues; readonly error: string | undefined }): Child {
  const { path, label, hint, optional, kind } = field;
  const shared = { id: path, name: path, label, hint, optional, error };
  if (field.kind === "yes-no") {
    const choices = [
      { value: "yes", label: field.yes },
      { value: "no", label: field.no },
    ];
    return <Field {...shared} kind="radios" choices={choices} value={values.one(path)} />;
  }
  return <Field {...({ ...shared, ...controlOf(field, values), kind } as FieldProps)} />;
}

function controlOf(field: StepField, values: FormValues): object {
  if (!("choices" in field))
    return { value: values.one(field.path), autocomplete: "off", ...(field.kind === "textarea" ? { rows: field.rows } : { width: "medium" }) };
  const choices = typeof field.choices === "function" ? [] : field.choices;
  if (field.kind === "checkboxes") return { choices, values: values.many(field.path) };
  const value = values.one(field.path) || (field.kind === "select" && choices.length === 1 ? choices[0]?.value : undefined);
  return { choices, value, ...(field.kind === "select" ? { placeholder: "Choose" } : {}) };
}
