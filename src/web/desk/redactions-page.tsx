// Where people say what is taken out of a production, see what that does to its records, and find its papers.
import { type Only, setRedactions, patternChoices, reasonChoices, rulesOf, type RedactionRules } from "../../app/redaction-rules.ts";
import { dropLostMarks, findColumns, findLostPapers, previewRecords, type ProducedColumn, type RedactedSample } from "../../app/look-through-papers.ts";
import { readCase } from "../../app/handle.ts";
import type { CaseView } from "../../app/case-view.ts";
import type { Actor } from "../../kernel/ids.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { redactionOf } from "../../requests/redaction/module.ts";
import { Button, ErrorSummary, Field, type Choice, type FormError } from "../look/forms.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import { formValues, noValues, Refusal, type FormValues, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";
import { actionWords, fileKinds, onlyOf, patternWords, reasonWords, whoseChoices, whoseWords } from "./redaction-words.ts";

/** Content is shown to those who prepare the production, and to nobody else. */
export async function openForRedaction(c: WebContext): Promise<OpenCase | undefined> {
  const opened = await openCase(c);
  return opened?.askers.some((asker) => asker === "analyst" || asker === "counsel") === true ? opened : undefined;
}

export async function redactionsPage(c: WebContext) {
  const opened = await openForRedaction(c);
  return opened === undefined ? noSuchCase(c) : rulesFrame(c, opened, { values: noValues, errors: [], reasons: [] });
}

interface Shown {
  readonly values: FormValues;
  readonly errors: readonly FormError[];
  readonly reasons: readonly Reason[];
}

async function rulesFrame(c: WebContext, { view, steps, by }: OpenCase, { values, errors, reasons }: Shown) {
  const desk = c.get("desk");
  const { register } = c.get("web");
  const history = await readCase(desk, view.caseId);
  const rules = await rulesOf(desk, history);
  const inForce = redactionOf(history).rules?.rules ?? "";
  const columns = await findColumns(desk, view.caseId);
  const lost = await findLostPapers(desk, view.caseId);
  const isPreview = c.req.query("preview") !== undefined;
  const { redaction } = view.release;
  const mayAllow = steps.find(({ name }) => name === "AllowFiles");
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Redactions of"),
      heading: "Redactions",
      hasErrors: errors.length > 0,
      alert: (
        <>
          <ErrorSummary errors={errors} />
          {reasons.length === 0 ? <></> : <Refusal reasons={reasons} register={register} />}
        </>
      ),
      children: (
        <>
          <p>
            <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>
          </p>
          <p class="desk-lead">
            What you set here is taken out of the officer's copy, of the customer's copies of papers, or of both, and of nothing else. The ledger and the
            receiver are told the reasons and how often; the words stay sealed with the case. Each change ends the check, the package and its approvals.
          </p>
          <Others view={view} />
          <h2 id="rules">Rules</h2>
          <RuleTable rules={rules} inForce={inForce} />
          <h2 id="add">Add a rule</h2>
          <AddForms inForce={inForce} columns={columns} values={values} errors={errors} />
          <h2 id="preview">What the rules do to records</h2>
          {isPreview ? <Preview c={c} view={view} by={by} /> : <></>}
          <div class="actions">
            <Button label={isPreview ? "Look again" : "Look at the first records"} kind="secondary" href="?preview=1#preview" />
          </div>
          <h2 id="papers">Papers of the production</h2>
          {lost.length === 0 ? <></> : <LostMarks lost={lost.length} />}
          <Papers view={view} />
          {Object.keys(redaction.files).length === 0 || !redaction.hasRules ? (
            <></>
          ) : (
            <Banner kind="caution" title="The production holds files that are no PDF. Nobody looks in them for what is taken out.">
              <p>
                {fileKinds
                  .flatMap(({ value, label }) => (redaction.files[value] === undefined ? [] : [`${label}: ${redaction.files[value].toLocaleString("en")}`]))
                  .join(", ")}
                {". Take their column out with a rule, or "}
                {mayAllow === undefined ? "have counsel let them go" : <a href={`/desk/case/${view.caseId}/step/AllowFiles`}>let them leave unredacted</a>}.
              </p>
            </Banner>
          )}
        </>
      ),
    },
    errors.length > 0 ? 422 : reasons.length > 0 ? 409 : 200,
  );
}

function LostMarks({ lost }: { readonly lost: number }) {
  return (
    <Banner kind="stop" title={`${lost === 1 ? "A marked PDF is" : `${lost} marked PDFs are`} no longer among the papers of this production`}>
      <p>
        A file that was changed is another file, and the regions of the earlier one are not taken out of it. Look through the papers below and mark them, then
        drop the marks of what is gone.
      </p>
      <form method="post">
        <Button label="Drop the marks of what is gone" kind="secondary" name="act" value="drop-lost" />
      </form>
    </Banner>
  );
}

/** What reviewers and approvers see alike: whose data the records speak of, and how much is taken out. */
export function Others({ view }: { readonly view: CaseView }) {
  const { others, counts } = view.release.redaction;
  const lines = Object.entries(others);
  const taken = Object.entries(counts);
  return (
    <>
      {lines.length === 0 ? (
        <></>
      ) : (
        <Banner kind="caution" title="Records speak of people the request does not ask about">
          <p>
            {`By line: ${lines.map(([line, count]) => `${line}: ${count.toLocaleString("en")}`).join(", ")}. Their text holds other addresses, numbers or mentions. Give those people pseudonyms, or be ready to say why they leave.`}
          </p>
        </Banner>
      )}
      {taken.length === 0 ? (
        <></>
      ) : (
        <p>{`Taken out, by reason: ${taken.map(([reason, count]) => `${reasonWords(reason)}: ${count.toLocaleString("en")}`).join("; ")}.`}</p>
      )}
    </>
  );
}

function RuleTable({ rules, inForce }: { readonly rules: RedactionRules; readonly inForce: string }) {
  const rows = [
    ...rules.fields.map(({ source, collection, field, action, reason }, index) => ({
      id: `fields.${index}`,
      kind: "Column",
      what: `${source}: ${collection}.${field}, ${actionWords(action)}`,
      reason,
      whose: "The officer's copy only",
    })),
    ...rules.texts.map((rule, index) => ({
      id: `texts.${index}`,
      kind: rule.kind === "term" ? "Words" : "Detail",
      what: rule.kind === "term" ? `“${rule.term}”${rule.anywhere === true ? ", also inside words" : ""}` : patternWords[rule.pattern],
      reason: rule.reason,
      whose: whoseWords(rule.only),
    })),
    ...rules.people.map(({ names, reason, only }, index) => ({
      id: `people.${index}`,
      kind: "Person",
      what: names.join(", "),
      reason,
      whose: whoseWords(only),
    })),
  ];
  return (
    <Table
      caption="What is taken out"
      quietCaption
      columns={[
        { key: "kind", head: "Kind" },
        { key: "what", head: "What" },
        { key: "reason", head: "Reason" },
        { key: "whose", head: "Whose copy" },
        { key: "remove", head: "Change" },
      ]}
      empty={<EmptyState title="Nothing is taken out">Every record and every paper inside the scope leaves as it is.</EmptyState>}
      rows={rows.map(({ id, kind, what, reason, whose }, index) => ({
        cells: {
          kind,
          whose,
          what: (
            <span class="desk-columns" dir="auto">
              {what}
            </span>
          ),
          reason: reasonWords(reason),
          remove: (
            <form method="post">
              <input type="hidden" name="before" value={inForce} />
              <input type="hidden" name="rule" value={id} />
              <button class="button button-secondary" type="submit" name="act" value="remove">
                Remove<span class="sr-only">{` rule ${index + 1}`}</span>
              </button>
            </form>
          ),
        },
      }))}
    />
  );
}

const reasonsToChoose: readonly Choice[] = reasonChoices.map(({ value, because }) => ({ value, label: `${reasonWords(value)}: ${because}` }));

interface AddProps {
  readonly inForce: string;
  readonly columns: readonly ProducedColumn[];
  readonly values: FormValues;
  readonly errors: readonly FormError[];
}

function AddForms({ inForce, columns, values, errors }: AddProps) {
  const text = (id: string) => ({ id, name: id, value: values.one(id), error: errors.find(({ field }) => field === id)?.text });
  const why = (of: string) => <Field {...text(`reason-${of}`)} kind="select" label="Reason" choices={reasonsToChoose} placeholder="Choose" />;
  const whose = (of: string) => <Field {...text(`only-${of}`)} kind="select" label="Taken out of" choices={whoseChoices} />;
  const hidden = <input type="hidden" name="before" value={inForce} />;
  const choose = (label: string, choices: readonly Choice[], id: string) => (
    <Field {...text(id)} kind="select" label={label} choices={choices} placeholder="Choose" />
  );
  return (
    <div class="desk-pair">
      <form method="post" aria-labelledby="add-person">
        <h3 id="add-person">Give a person a pseudonym</h3>
        {hidden}
        <Field
          {...text("names")}
          kind="textarea"
          rows={3}
          label="Names, one a line"
          hint="Every spelling, account id and address that means this person. Each becomes the same “Person 1”."
          autocomplete="off"
        />
        {why("person")}
        {whose("person")}
        <Button label="Add the person" kind="secondary" name="act" value="person" />
      </form>
      <form method="post" aria-labelledby="add-term">
        <h3 id="add-term">Take out words</h3>
        {hidden}
        <Field {...text("term")} kind="text" label="Words" hint="Found however they are spelt or spaced, also inside papers." autocomplete="off" />
        <Field id="anywhere" name="anywhere" kind="checkbox" value="yes" label="Also inside longer words" checked={values.one("anywhere") === "yes"} />
        {why("term")}
        {whose("term")}
        <Button label="Add the words" kind="secondary" name="act" value="term" />
      </form>
      <form method="post" aria-labelledby="add-form">
        <h3 id="add-form">Take out a kind of detail</h3>
        {hidden}
        {choose(
          "Kind of detail",
          patternChoices.map((value) => ({ value, label: patternWords[value] })),
          "pattern",
        )}
        {why("pattern")}
        {whose("pattern")}
        <Button label="Add the kind of detail" kind="secondary" name="act" value="pattern" />
      </form>
      <form method="post" aria-labelledby="add-column">
        <h3 id="add-column">Change a column</h3>
        {hidden}
        {columns.length === 0 ? (
          <p class="field-hint">Columns are listed when the lines are signed and a source is connected.</p>
        ) : (
          <>
            {choose(
              "Column",
              columns.map((column) => ({ value: columnValue(column), label: `${column.source}: ${column.collection}.${column.field}` })),
              "column",
            )}
            {choose("What happens to it", columnActions, "action")}
            <Field {...text("by")} kind="text" label="Text in its place" optional autocomplete="off" width="medium" />
            {why("column")}
            <Button label="Add the column" kind="secondary" name="act" value="column" />
          </>
        )}
      </form>
    </div>
  );
}

const columnActions: readonly Choice[] = [
  { value: "remove", label: "Removed" },
  { value: "replace", label: "Replaced by the text below" },
  { value: "mask", label: "Masked up to its last four signs" },
  { value: "pseudonym", label: "Replaced by a pseudonym" },
];

function columnValue({ source, collection, field }: ProducedColumn): string {
  return JSON.stringify([source, collection, field]);
}

export async function changeRedactions(c: WebContext) {
  const opened = await openForRedaction(c);
  if (opened === undefined) return noSuchCase(c);
  const desk = c.get("desk");
  const { caseId } = opened.view;
  const values = await formValues(c);
  if (values.one("act") === "drop-lost") {
    await dropLostMarks(desk, caseId, opened.by);
    return c.redirect(`/desk/case/${caseId}/redactions#papers`, 303);
  }
  const rules = await rulesOf(desk, await readCase(desk, caseId));
  const changed = changedBy(values, rules);
  if ("errors" in changed) return rulesFrame(c, opened, { values, errors: changed.errors, reasons: [] });
  const before = values.one("before");
  const handled = await setRedactions(desk, caseId, opened.by, changed, before === "" ? undefined : before);
  if (handled.kind === "refused") return rulesFrame(c, opened, { values, errors: [], reasons: handled.reasons });
  c.get("web").nudge();
  return c.redirect(`/desk/case/${caseId}/redactions#rules`, 303);
}

type Changed = RedactionRules | { readonly errors: readonly FormError[] };

function changedBy(values: FormValues, rules: RedactionRules): Changed {
  switch (values.one("act")) {
    case "remove":
      return withoutRule(values.one("rule"), rules);
    case "person":
      return withPerson(values, rules);
    case "term":
      return withTerm(values, rules);
    case "pattern":
      return withPattern(values, rules);
    case "column":
      return withColumn(values, rules);
    default:
      return { errors: [{ field: "add", text: "Choose what to add or remove" }] };
  }
}

function withoutRule(id: string, rules: RedactionRules): RedactionRules {
  const keep = (list: string) => (_: unknown, index: number) => id !== `${list}.${index}`;
  return { fields: rules.fields.filter(keep("fields")), texts: rules.texts.filter(keep("texts")), people: rules.people.filter(keep("people")) };
}

function reasonOf(values: FormValues, field: string) {
  return reasonChoices.find(({ value }) => value === values.one(field))?.value;
}

function onlyIn(values: FormValues, of: string): { readonly only?: NonNullable<Only> } {
  const only = onlyOf(values.one(`only-${of}`));
  return only === undefined ? {} : { only };
}

function faults(...found: readonly (FormError | false)[]): { readonly errors: readonly FormError[] } {
  return { errors: found.filter((each) => each !== false) };
}

const noReason = (of: string): FormError => ({ field: `reason-${of}`, text: "Choose the reason why it is taken out" });

function withPerson(values: FormValues, rules: RedactionRules): Changed {
  const [first, ...more] = values
    .one("names")
    .split("\n")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const reason = reasonOf(values, "reason-person");
  if (first === undefined || reason === undefined)
    return faults(first === undefined && { field: "names", text: "Enter at least one name of the person" }, reason === undefined && noReason("person"));
  return { ...rules, people: [...rules.people, { names: [first, ...more], reason, ...onlyIn(values, "person") }] };
}

function withTerm(values: FormValues, rules: RedactionRules): Changed {
  const term = values.one("term");
  const reason = reasonOf(values, "reason-term");
  if (term.length < 2 || reason === undefined)
    return faults(term.length < 2 && { field: "term", text: "Enter the words to take out, two signs or more" }, reason === undefined && noReason("term"));
  return {
    ...rules,
    texts: [...rules.texts, { kind: "term", term, ...(values.one("anywhere") === "yes" ? { anywhere: true } : {}), reason, ...onlyIn(values, "term") }],
  };
}

function withPattern(values: FormValues, rules: RedactionRules): Changed {
  const pattern = patternChoices.find((each) => each === values.one("pattern"));
  const reason = reasonOf(values, "reason-pattern");
  if (pattern === undefined || reason === undefined)
    return faults(pattern === undefined && { field: "pattern", text: "Choose the kind of detail to take out" }, reason === undefined && noReason("pattern"));
  return { ...rules, texts: [...rules.texts, { kind: "pattern", pattern, reason, ...onlyIn(values, "pattern") }] };
}

function withColumn(values: FormValues, rules: RedactionRules): Changed {
  const place = columnOf(values.one("column"));
  const action = actionOf(values);
  const reason = reasonOf(values, "reason-column");
  if (place === undefined || action === undefined || reason === undefined)
    return faults(
      place === undefined && { field: "column", text: "Choose the column" },
      action === undefined &&
        (values.one("action") === "replace"
          ? { field: "by", text: "Enter the text that stands in its place" }
          : { field: "action", text: "Choose what happens to the column" }),
      reason === undefined && noReason("column"),
    );
  return { ...rules, fields: [...rules.fields, { ...place, action, reason }] };
}

function columnOf(text: string): ProducedColumn | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const [source, collection, field] = Array.isArray(parsed) ? (parsed as readonly unknown[]) : [];
    return typeof source === "string" && typeof collection === "string" && typeof field === "string" ? { source, collection, field } : undefined;
  } catch {
    return undefined;
  }
}

function actionOf(values: FormValues): RedactionRules["fields"][number]["action"] | undefined {
  const by = values.one("by");
  switch (values.one("action")) {
    case "remove":
      return { kind: "remove" };
    case "replace":
      return by === "" ? undefined : { kind: "replace", by };
    case "mask":
      return { kind: "mask", keepLast: 4 };
    case "pseudonym":
      return { kind: "pseudonym" };
    default:
      return undefined;
  }
}

async function Preview({ c, view, by }: { readonly c: WebContext; readonly view: CaseView; readonly by: Actor }) {
  const preview = await previewRecords(c.get("desk"), view.caseId, by, { most: 500, shown: 20 });
  if (preview.kind === "refused") return <Refusal reasons={preview.reasons} register={c.get("web").register} title="The records cannot be shown" />;
  const { samples, records, isAll, counts } = preview;
  const taken = Object.entries(counts).map(([reason, count]) => `${reasonWords(reason)}: ${count.toLocaleString("en")}`);
  return (
    <>
      <p>{`Looked at ${isAll ? "all" : "the first"} ${records.toLocaleString("en")} records. ${taken.length === 0 ? "Nothing is taken out of them." : `Taken out, by reason: ${taken.join("; ")}.`}`}</p>
      {samples.map((sample, index) => (
        <Sample sample={sample} number={index + 1} />
      ))}
    </>
  );
}

const longestShown = 2000;

function Sample({ sample: { before, after }, number }: { readonly sample: RedactedSample; readonly number: number }) {
  const changed = Object.keys(before.fields).filter((column) => before.fields[column] !== after.fields[column]);
  return (
    <section aria-label={`Changed record ${number}`}>
      <h3>{`Record ${number}: ${before.collection}, line ${before.line}`}</h3>
      {changed.map((column) => (
        <div class="desk-before-after">
          <figure>
            <figcaption>{`${column}, before`}</figcaption>
            <p class="desk-code" dir="auto">
              {shownValue(before.fields[column])}
            </p>
          </figure>
          <figure>
            <figcaption>{`${column}, as the officer gets it`}</figcaption>
            <p class="desk-code" dir="auto">
              {shownValue(after.fields[column])}
            </p>
          </figure>
        </div>
      ))}
    </section>
  );
}

function shownValue(value: RedactedSample["before"]["fields"][string] | undefined): string {
  if (value === null || value === undefined) return "(nothing)";
  if (value instanceof Uint8Array) return `(a file of ${value.length.toLocaleString("en")} bytes)`;
  const text = String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)} …` : text;
}

function Papers({ view }: { readonly view: CaseView }) {
  const { papers } = view.release.redaction;
  return (
    <Table
      caption="PDFs of the production"
      quietCaption
      columns={[
        { key: "paper", head: "Paper" },
        { key: "state", head: "State" },
        { key: "regions", head: "Regions marked", figures: true },
        { key: "pages", head: "Pages approved", figures: true },
      ]}
      empty={
        <EmptyState title="No PDF is known">
          {view.release.checked === undefined
            ? "Which papers the production holds is seen when its plan is checked."
            : "The production that was checked holds none."}
        </EmptyState>
      }
      rows={papers.map(({ paper, regions, approved, pages, isOpen }, index) => ({
        cells: {
          paper: <a href={`/desk/case/${view.caseId}/redactions/${paper}`}>{`PDF ${index + 1}`}</a>,
          state: isOpen ? "Pages wait for approval" : pages === undefined ? "Leaves as it is" : "Every page approved",
          regions,
          pages: pages === undefined ? "None" : `${approved} of ${pages}`,
        },
      }))}
    />
  );
}
