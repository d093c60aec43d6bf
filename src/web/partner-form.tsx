// The form of any step of the partner program, and how its answers become a command: one road for the partner's pages and the desk's.
import type { Child } from "hono/jsx";
import type { Desk } from "../app/desk.ts";
import type { PartnerId } from "../kernel/ids.ts";
import type { Zone } from "../kernel/instant.ts";
import { choicesOf, type Ask, type Known } from "../partners/asks.ts";
import type { PartnerCircumstances, PartnerHistory, PartnerStep } from "../partners/partner.ts";
import { Button, Field, type FieldProps, type FormError } from "./look/forms.tsx";
import type { WebContext } from "./web.tsx";

export interface PartnerForm {
  readonly step: PartnerStep;
  readonly history: PartnerHistory;
  readonly at: PartnerCircumstances;
  /** Zone in which moments are written. */
  readonly zone: Zone;
  readonly isDesk: boolean;
}

export interface Answered {
  readonly one: (name: string) => string;
  readonly many: (name: string) => readonly string[];
}

/** Answers that came with the address: those of a duty that is reported, or of a first question. */
export function knownAnswers(c: WebContext): Known {
  return Object.fromEntries(Object.entries(c.req.query()).map(([name, value]) => [name, value.slice(0, 120)]));
}

export function answersOf(known: Known): Answered {
  return { one: (name) => known[name] ?? "", many: (name) => (known[name] === undefined ? [] : [known[name]]) };
}

/** The question that must be answered before the others can be asked; undefined when it is. */
function leading({ step }: PartnerForm, known: Known): readonly [string, Ask] | undefined {
  return Object.entries(step.asks).find(([name, { leads }]) => leads === true && (known[name] ?? "") === "");
}

function asked({ step, at, isDesk }: PartnerForm, known: Known): readonly (readonly [string, Ask])[] {
  return Object.entries(step.asks).filter(([, { deskOnly, askedWhen }]) => (deskOnly !== true || isDesk) && (askedWhen?.(known, at) ?? true));
}

export function StepFormFields({
  form,
  known: addressed,
  values,
  errors,
}: {
  readonly form: PartnerForm;
  readonly known: Known;
  readonly values: Answered;
  readonly errors: readonly FormError[];
}) {
  const known = { ...addressed, ...leadingAnswers(form, values) };
  const first = leading(form, known);
  if (first !== undefined)
    return (
      <form method="get" id="step">
        <AskField form={form} name={first[0]} ask={first[1]} known={known} values={values} error={undefined} />
        <div class="actions">
          <Button label="Continue" />
        </div>
      </form>
    );
  const hasFile = Object.values(form.step.asks).some(({ kind }) => kind === "file");
  return (
    <form method="post" id="step" novalidate enctype={hasFile ? "multipart/form-data" : undefined}>
      {asked(form, known).map(([name, ask]) => (
        <AskField form={form} name={name} ask={ask} known={known} values={values} error={errors.find(({ field }) => field === name)?.text} />
      ))}
      <div class="actions">
        <Button label={form.step.label} />
      </div>
    </form>
  );
}

interface AskFieldProps {
  readonly form: PartnerForm;
  readonly name: string;
  readonly ask: Ask;
  readonly known: Known;
  readonly values: Answered;
  readonly error: string | undefined;
}

function AskField({ form, name, ask, known, values, error }: AskFieldProps): Child {
  const { kind, label, hint, optional } = ask;
  const shared = { id: name, name, label, hint: kind === "moment" ? joined(hint, `Time in ${form.zone.replaceAll("_", " ")}.`) : hint, optional, error };
  const value = values.one(name);
  switch (kind) {
    case "yes-no":
      return (
        <Field
          {...shared}
          kind="radios"
          value={value}
          choices={[
            { value: "yes", label: "Yes" },
            { value: "no", label: "No" },
          ]}
        />
      );
    case "choice": {
      const choices = choicesOf(ask, form.history, form.at, known);
      if (choices.length === 0) return <EmptyChoice {...shared} />;
      return choices.length > 6 ? (
        <Field {...shared} kind="select" choices={choices} value={value} placeholder="Choose" />
      ) : (
        <Field {...shared} kind="radios" choices={choices} value={value} />
      );
    }
    case "choices": {
      const choices = choicesOf(ask, form.history, form.at, known);
      return choices.length === 0 ? <EmptyChoice {...shared} /> : <Field {...shared} kind="checkboxes" choices={choices} values={values.many(name)} />;
    }
    case "moment":
      return <Field {...shared} kind="datetime-local" value={value} autocomplete="off" />;
    case "date":
      return <Field {...shared} kind="date" value={value} autocomplete="off" />;
    case "textarea":
      return <Field {...shared} kind="textarea" value={value} rows={6} autocomplete="off" />;
    case "file":
      return <Field {...shared} kind="file" />;
    case "sum":
    case "number":
    case "text":
      return (
        <Field
          {...({
            ...shared,
            kind: "text",
            value,
            width: kind === "text" ? undefined : "short",
            inputmode: kind === "number" ? "numeric" : "text",
            autocomplete: "off",
          } as FieldProps)}
        />
      );
    default:
      return kind satisfies never;
  }
}

function EmptyChoice({ label, optional }: { readonly label: string; readonly optional: boolean }) {
  return optional ? <></> : <p class="field-hint">{label}: there is nothing on record to choose from.</p>;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}

export interface ReadForm {
  readonly values: Answered;
  readonly command: { readonly type: string; readonly [member: string]: unknown };
  readonly errors: readonly FormError[];
  /** The paper that was put into the store for this command; taken back when the step is refused. */
  readonly object?: string;
}

const largestPaper = 50 * 1024 * 1024;

/** Reads a posted form. What is wrong is said field by field; nothing is stored then. */
export async function readStepForm(c: WebContext, form: PartnerForm, partner: PartnerId): Promise<ReadForm> {
  const body = await c.req.parseBody({ all: true });
  const many = (name: string) =>
    [body[name]].flat().flatMap((value) => (typeof value === "string" ? [value.replaceAll("\r\n", "\n").toWellFormed().trim()] : []));
  const known = knownAnswers(c);
  const values: Answered = { many: (name) => many(name).filter((value) => value !== ""), one: (name) => many(name).at(-1) ?? known[name] ?? "" };
  const open: Record<string, unknown> = {};
  const hidden: Record<string, unknown> = {};
  const errors: FormError[] = [];
  const questions = asked(form, { ...known, ...leadingAnswers(form, values) });
  // Of several things that could be shown, none was asked for: none is shown.
  for (const [name, { kind, optional }] of Object.entries(form.step.asks))
    if (kind === "choices" && !optional && !questions.some(([each]) => each === name)) open[name] = [];
  for (const [name, ask] of questions) {
    if (ask.kind === "file") continue;
    const read = readAnswer(name, ask, values, form.zone);
    if (read.error !== undefined) errors.push({ field: name, text: read.error });
    else if (read.value !== undefined) (ask.sealed ? hidden : open)[name] = read.value;
  }
  const paper = await storePaper(c, form, partner, body, errors);
  if (paper !== undefined) hidden["file"] = paper;
  const command = { type: form.step.name, ...open, ...(Object.keys(hidden).length === 0 ? {} : { private: hidden }) };
  const parsed = errors.length > 0 ? undefined : form.step.schema.safeParse(command);
  if (parsed?.success === false) errors.push(...parsed.error.issues.map((issue) => schemaError(form, issue)));
  if (errors.length > 0 && paper !== undefined) await c.get("desk").ports.objects.remove(c.get("desk").id, partner, paper.object);
  return { values, command, errors, ...(paper === undefined ? {} : { object: paper.object }) };
}

/** The paper of a step that was refused or failed is taken back: no fact names it. */
export async function withPaper<Handled extends { readonly kind: string }>(
  desk: Desk,
  partner: PartnerId,
  object: string | undefined,
  take: () => Promise<Handled>,
): Promise<Handled> {
  const drop = async () => {
    if (object !== undefined) await desk.ports.objects.remove(desk.id, partner, object);
  };
  try {
    const handled = await take();
    if (handled.kind === "refused") await drop();
    return handled;
  } catch (error) {
    await drop();
    throw error;
  }
}

/** After a refusal the other answers stand in the form, and the paper does not. */
export function chooseAgain(object: string | undefined): readonly FormError[] {
  return object === undefined ? [] : [{ field: "file", text: "Choose the paper again: it is kept only when the step is taken" }];
}

function leadingAnswers({ step }: PartnerForm, values: Answered): Known {
  return Object.fromEntries(
    Object.entries(step.asks).flatMap(([name, { leads }]) => (leads === true && values.one(name) !== "" ? [[name, values.one(name)]] : [])),
  );
}

type ReadAnswer = { readonly value?: unknown; readonly error?: string };

function readAnswer(name: string, { kind, label, optional }: Ask, values: Answered, zone: Zone): ReadAnswer {
  if (kind === "choices") {
    const chosen = values.many(name);
    return optional && chosen.length === 0 ? {} : { value: chosen };
  }
  const text = values.one(name);
  if (text === "") return optional ? {} : { error: `${kind === "choice" || kind === "yes-no" ? "Choose" : "Enter"}: ${label}` };
  if (kind === "yes-no") return { value: text === "yes" };
  if (kind === "moment") return readMoment(text, label, zone);
  return { value: text };
}

/** A time that the clock showed twice is read as the earlier one: clocks that start there then end no later than they may. */
function readMoment(text: string, label: string, zone: Zone): ReadAnswer {
  try {
    return { value: Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: "earlier" }).toInstant().toString() };
  } catch {
    return { error: `${label}: enter a day and a time that exist, such as 2026-03-06 22:15` };
  }
}

function schemaError({ step }: PartnerForm, { path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): FormError {
  const name = String(path[0] === "private" ? (path[1] ?? "") : (path[0] ?? ""));
  const label = step.asks[name]?.label ?? step.label;
  return { field: name === "" ? "step" : name, text: `${label}: ${message}` };
}

async function storePaper(c: WebContext, { step }: PartnerForm, partner: PartnerId, body: Readonly<Record<string, unknown>>, errors: FormError[]) {
  if (step.asks["file"] === undefined) return undefined;
  const file = [body["file"]].flat().at(-1);
  if (!(file instanceof File) || file.size === 0) return undefined;
  if (file.size > largestPaper) {
    errors.push({ field: "file", text: "The paper is larger than 50 MB. Send a smaller copy." });
    return undefined;
  }
  if (errors.length > 0) {
    errors.push({ field: "file", text: "Choose the paper again: it is kept only when everything else is answered" });
    return undefined;
  }
  const desk: Desk = c.get("desk");
  const { objectId, bytes, sha256 } = await desk.ports.objects.put(desk.id, partner, [new Uint8Array(await file.arrayBuffer())]);
  return { object: objectId, bytes, sha256, fileName: safeName(file.name) };
}

/** A name for a download: without paths and control characters. */
function safeName(name: string): string {
  const safe = name
    .slice(-150)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}/\\"<>|:*?]/gu, "_")
    .trim();
  return safe === "" ? "paper" : safe;
}
