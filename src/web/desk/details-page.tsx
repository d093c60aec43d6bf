// A person confirms or corrects what was read: the paper, the officer, whose data, which data, which days.
import { handle } from "../../app/handle.ts";
import { findStep } from "../../app/steps.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Button, ErrorSummary, Field, type FormError } from "../look/forms.tsx";
import { Banner } from "../look/records.tsx";
import { formValues, Refusal, type WebContext } from "../web.tsx";
import { blankLine, blankSubject, commandOf, formOf, readForm, withoutBlankRows, type DetailsForm, type LineRow, type SubjectRow } from "./details-form.ts";
import { labelsOfPaper, PaperItself, rankChoices } from "./details-paper.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";

export async function confirmDetailsPage(c: WebContext) {
  const opened = await openTheirs(c);
  return opened === undefined ? noSuchCase(c) : detailsFrame(c, opened, { form: formOf(opened.view, c.get("desk")), errors: [], reasons: [] });
}

async function openTheirs(c: WebContext): Promise<OpenCase | undefined> {
  const opened = await openCase(c);
  return opened?.steps.some(({ name }) => name === "ConfirmDetails") === true ? opened : undefined;
}

/** Adding a row comes back with the form as it was typed, so that it works without JavaScript. */
export async function confirmDetails(c: WebContext) {
  const opened = await openTheirs(c);
  if (opened === undefined) return noSuchCase(c);
  const values = await formValues(c);
  const typed = readForm(values, c.get("desk"));
  const add = values.one("add");
  if (add === "subject")
    return detailsFrame(c, opened, { form: { ...typed, subjects: [...typed.subjects, blankSubject(typed.subjects)] }, errors: [], reasons: [] });
  if (add === "line") return detailsFrame(c, opened, { form: { ...typed, lines: [...typed.lines, blankLine(typed.lines)] }, errors: [], reasons: [] });
  if (add === "paper") return detailsFrame(c, opened, { form: typed, errors: [], reasons: [] });
  return confirm(c, opened, withoutBlankRows(typed));
}

async function confirm(c: WebContext, opened: OpenCase, form: DetailsForm) {
  const desk = c.get("desk");
  const { view, by, askers } = opened;
  const command = await commandOf(form, view, desk);
  const errors = inputErrors(command);
  if (errors.length > 0) return detailsFrame(c, opened, { form, errors, reasons: [] });
  const handled = await handle(desk, { caseId: view.caseId, by, askers, command });
  if (handled.kind === "refused") return detailsFrame(c, opened, { form, errors: [], reasons: handled.reasons });
  c.get("web").nudge();
  return c.redirect(`/desk/case/${view.caseId}?done=ConfirmDetails`, 303);
}

function inputErrors(command: object): readonly FormError[] {
  const parsed = findStep("ConfirmDetails")?.schema.safeParse(command);
  if (parsed === undefined || parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => {
    const at = path.join(".");
    const field = at.startsWith("private.officer.")
      ? at.slice("private.".length)
      : at
          .replace(/^instrument\.offence\./, "offence.")
          .replace(/^subjects\.(\d+).*/, "subject.$1")
          .replace(/^lines\.(\d+).*/, "line.$1")
          .replace(/^private\.subjects.*/, "subject.0");
    return { field, text: `${labels[field] ?? field}: ${messageOf(field, message)}` };
  });
}

const labels: Readonly<Record<string, string>> = {
  "instrument.signedBy": "Signed by",
  "instrument.issuedOn": "Issued on",
  "instrument.servedAt": "Served at",
  "instrument.expiresOn": "Expires on",
  "instrument.returnOn": "Answer wanted by",
  "private.agency": "Agency",
  "private.matter": "Matter",
  "private.court": "Court",
  "private.deliveryKey": "Delivery key",
  ...labelsOfPaper,
};

function messageOf(field: string, message: string): string {
  if (field === "instrument.signedBy") return "Choose who signed the paper.";
  if (/On$|servedAt$|validatedAt$/.test(field)) return "Enter a date.";
  if (/issuedIn$|^places\./.test(field)) return "Enter a country as two letters, with the part where it matters: US, US-CA, DE.";
  if (field === "instrument.language") return "Enter a language as two letters: en, de.";
  if (field === "offence.maxYears") return "Enter a number of years from 0 to 1,000.";
  return message;
}

interface Shown {
  readonly form: DetailsForm;
  readonly errors: readonly FormError[];
  readonly reasons: readonly Reason[];
}

function detailsFrame(c: WebContext, { view, steps }: OpenCase, { form, errors, reasons }: Shown) {
  const { register } = c.get("web");
  const desk = c.get("desk");
  const against = reasons.length > 0 ? reasons : (steps.find(({ name }) => name === "ConfirmDetails")?.against ?? []);
  const text = (name: string) => ({
    id: name,
    name,
    value: form.text[name] ?? "",
    error: errors.find(({ field }) => field === name)?.text,
    autocomplete: "off",
  });
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Confirm details,"),
      heading: "Confirm details",
      hasErrors: errors.length > 0,
      alert: (
        <>
          <ErrorSummary errors={errors} />
          {against.length === 0 ? <></> : <Refusal reasons={against} register={register} />}
        </>
      ),
      children: (
        <>
          <p>
            <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>, <a href={`/desk/case/${view.caseId}#message`}>the message as it was read</a>
          </p>
          {view.details === "confirmed" ? (
            <Banner
              kind="note"
              title={`Revision ${view.confirmed?.revision ?? 0} stands. Confirming again makes a new one: its review, plan and approvals start anew.`}
            />
          ) : (
            <></>
          )}
          <form method="post">
            <h2>The paper</h2>
            <div class="desk-pair">
              <Field
                {...text("instrument.id")}
                kind="select"
                label="Instrument"
                placeholder="None found"
                choices={desk.laws.flatMap(({ instruments }) => instruments).map(({ id, label }) => ({ value: id, label }))}
              />
              <Field {...text("instrument.signedBy")} kind="select" label="Signed by" placeholder="Not known" choices={rankChoices(form, desk)} />
              <Field {...text("instrument.issuedOn")} kind="date" label="Issued on" />
              <Field {...text("instrument.servedAt")} kind="datetime-local" label="Served at" hint={`In the desk's time, ${desk.zone}.`} />
              <Field {...text("instrument.expiresOn")} kind="date" label="Expires on" optional />
              <Field {...text("instrument.returnOn")} kind="date" label="Answer wanted by" optional />
              <Field {...text("nature")} kind="select" label="Kind of matter" choices={natures} />
              <Field {...text("private.matter")} kind="text" label="Matter" hint="Case or docket number." />
              <Field {...text("private.agency")} kind="text" label="Agency" />
              <Field {...text("private.court")} kind="text" label="Court" optional />
            </div>
            <PaperItself form={form} desk={desk} register={register} field={text} />
            <h2>The officer</h2>
            <div class="desk-pair">
              <Field {...text("officer.name")} kind="text" label="Name" />
              <Field {...text("officer.rank")} kind="text" label="Rank" />
              <Field {...text("officer.badge")} kind="text" label="Badge number" />
              <Field {...text("officer.phone")} kind="tel" label="Telephone" />
              <Field {...text("officer.email")} kind="text" label="E-mail" />
              <Field {...text("officer.address")} kind="text" label="Postal address" />
              <Field
                {...text("private.deliveryKey")}
                kind="textarea"
                rows={2}
                label="Delivery key"
                hint="An age recipient (it starts with age1) or an OpenPGP public key. Where the agency can do no better: the word passphrase."
                optional
              />
            </div>
            <h2 id="subject.0">Whose data</h2>
            <Subjects rows={form.subjects} />
            <Button label="Add an account" kind="secondary" name="add" value="subject" />
            <h2 id="line.0">Which data</h2>
            <Lines rows={form.lines} subjects={form.subjects} dataTypes={desk.policy.dataTypes} />
            <Button label="Add a line" kind="secondary" name="add" value="line" />
            <h2>What the paper gives</h2>
            <Field
              id="given"
              name="given"
              kind="checkboxes"
              label="The paper gives"
              hint="What is not ticked is missing: the agency can be asked for it in one letter."
              values={[...form.given]}
              choices={desk.policy.requiredContents.filter(({ id }) => id !== "government-mailbox").map(({ id, ask }) => ({ value: id, label: ask }))}
            />
            <div class="actions">
              <Button label="Confirm details" />
            </div>
          </form>
        </>
      ),
    },
    errors.length > 0 ? 422 : reasons.length > 0 ? 409 : 200,
  );
}

const natures = [
  { value: "criminal", label: "Criminal" },
  { value: "civil", label: "Civil" },
  { value: "unknown", label: "Not known" },
];

function Subjects({ rows }: { readonly rows: readonly SubjectRow[] }) {
  return (
    <table class="table desk-rows" role="table">
      <caption>Accounts. A row without a name is left out; an empty account id is looked up in the directory.</caption>
      <Heads heads={["Account", "As the paper names it", "Workspace", "Id in the source"]} />
      <tbody role="rowgroup">
        {rows.map(({ id, asWritten, workspace, account }) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {id}
              <input type="hidden" name="subject.id" value={id} />
            </th>
            <td role="cell" data-head="As named">
              <Cell name="subject.asWritten" label={`${id}: as the paper names it`} value={asWritten} />
            </td>
            <td role="cell" data-head="Workspace">
              <Cell name="subject.workspace" label={`${id}: workspace`} value={workspace} />
            </td>
            <td role="cell" data-head="Id">
              <Cell name="subject.account" label={`${id}: id in the source`} value={account} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Heads({ heads }: { readonly heads: readonly string[] }) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {heads.map((head) => (
          <th scope="col" role="columnheader">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Cell({
  name,
  label,
  value,
  type = "text",
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly type?: "text" | "date";
}) {
  return <input class="control" type={type} name={name} value={value} aria-label={label} autocomplete="off" dir={type === "text" ? "auto" : undefined} />;
}

interface LinesProps {
  readonly rows: readonly LineRow[];
  readonly subjects: readonly SubjectRow[];
  readonly dataTypes: readonly { readonly id: string; readonly label: string }[];
}

function Lines({ rows, subjects, dataTypes }: LinesProps) {
  return (
    <table class="table desk-rows" role="table">
      <caption>Lines. A row without a type of data is left out.</caption>
      <Heads heads={["Line", "Account", "Type of data", "First day", "Last day", "Only to identify"]} />
      <tbody role="rowgroup">
        {rows.map(({ id, subject, dataType, from, to, onlyToIdentify }) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {id}
              <input type="hidden" name="line.id" value={id} />
            </th>
            <td role="cell" data-head="Account">
              <select class="control" name="line.subject" aria-label={`${id}: account`}>
                {subjects.map((each) => (
                  <option value={each.id} selected={each.id === subject}>
                    {each.asWritten === "" ? each.id : `${each.id}: ${each.asWritten}`}
                  </option>
                ))}
              </select>
            </td>
            <td role="cell" data-head="Type">
              <select class="control" name="line.dataType" aria-label={`${id}: type of data`}>
                <option value="">Leave this line out</option>
                {dataTypes.map((type) => (
                  <option value={type.id} selected={type.id === dataType}>
                    {type.label}
                  </option>
                ))}
              </select>
            </td>
            <td role="cell" data-head="First day">
              <Cell name="line.from" label={`${id}: first day`} value={from} type="date" />
            </td>
            <td role="cell" data-head="Last day">
              <Cell name="line.to" label={`${id}: last day`} value={to} type="date" />
            </td>
            <td role="cell" data-head="Only to identify">
              <input
                type="checkbox"
                class="desk-box"
                name="line.onlyToIdentify"
                value={id}
                checked={onlyToIdentify}
                aria-label={`${id}: only to find out who the user is`}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
