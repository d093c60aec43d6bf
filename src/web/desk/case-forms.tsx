// The forms that came with a case: what each says, where it contradicts its own paper, and what only a person can read.
import type { CaseView } from "../../app/case-view.ts";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import { SummaryList } from "../look/forms.tsx";

type Form = CaseView["forms"][number];

const kindWords: Readonly<Record<Form["kind"], string>> = {
  epoc: "European Production Order Certificate (Form 1)",
  "epoc-pr": "European Preservation Order Certificate (Form 2)",
  "form-5": "Subsequent production (Form 5)",
  "form-6": "Longer preservation (Form 6)",
  "103120": "ETSI TS 103 120 message",
  case: "Portcullis case file",
  counsel: "Order to listen in",
  refused: "A form that cannot be read",
};

export function Forms({ view }: { readonly view: CaseView }) {
  if (view.forms.length === 0) return <></>;
  return (
    <>
      <h2 id="forms">Forms</h2>
      {view.forms.map((form) => (
        <OneForm form={form} />
      ))}
    </>
  );
}

function OneForm({ form }: { readonly form: Form }) {
  return (
    <section aria-label={`${kindWords[form.kind]}, ${form.fileName}`}>
      <h3>{kindWords[form.kind]}</h3>
      <Advice form={form} />
      <SummaryList
        answers={[
          { label: "File", value: `${form.fileName}${form.attachment === undefined ? "" : `, attachment ${form.attachment}`}` },
          { label: "Used for", value: form.proposes ? "The details proposed for confirmation come from it" : "To be read beside the details" },
          ...saidOf(form),
        ]}
      />
      <Contradictions form={form} />
      <Findings form={form} />
      <ForPerson form={form} />
      <Mapped form={form} />
    </section>
  );
}

function Advice({ form }: { readonly form: Form }) {
  switch (form.kind) {
    case "counsel":
      return <Banner kind="stop" title="It orders live collection. The desk has none; counsel answers it." />;
    case "form-6":
      return <Banner kind="note" title="It asks to keep the data longer. Record it with the step that renews the preservation." />;
    case "form-5":
      return <Banner kind="caution" title="A production order follows. The data is not let go while it is awaited." />;
    case "refused":
      return <Banner kind="caution" title="The file is kept as it came. What is wrong with it stands below; ask for a whole one." />;
    default:
      return <></>;
  }
}

const saidWords: Readonly<Record<string, string>> = {
  deadline: "Deadline it names",
  addressee: "Addressed to",
  delivery: "Wants the data delivered to",
  earlier: "Refers to",
  preserveUntil: "Keep until",
  validatedOn: "Validated on",
};

/** What the form says beside the case, in its own words. */
function saidOf({ said = {} }: Form) {
  return Object.entries(saidWords).flatMap(([member, label]) => {
    const value = said[member];
    return value === undefined || value === null ? [] : [{ label, value: wordsOf(value) }];
  });
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join("; ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(wordsOf).join(", ");
  return String(value);
}

function Contradictions({ form: { contradictions } }: { readonly form: Form }) {
  if (contradictions.length === 0) return <></>;
  return (
    <Table
      caption="Where the form and the paper contradict each other"
      columns={[
        { key: "what", head: "What" },
        { key: "xml", head: "The form says" },
        { key: "paper", head: "The paper says" },
        { key: "remedy", head: "What to do" },
      ]}
      empty={<></>}
      rows={contradictions.map(({ what, xml, paper, remedy }) => ({ cells: { what, xml: wordsOf(xml), paper: wordsOf(paper), remedy } }))}
    />
  );
}

function Findings({ form: { findings, problems } }: { readonly form: Form }) {
  const all = [...findings, ...problems.map(({ path, what, remedy }) => ({ path, code: "FORM_REFUSED", what, remedy }))];
  if (all.length === 0) return <></>;
  return (
    <Table
      caption="What does not fit"
      columns={[
        { key: "what", head: "Finding" },
        { key: "remedy", head: "What to do" },
        { key: "where", head: "Where" },
      ]}
      empty={<></>}
      rows={all.map(({ path, what, remedy }) => ({ cells: { what, remedy, where: <code>{path}</code> } }))}
    />
  );
}

function ForPerson({ form: { forPerson } }: { readonly form: Form }) {
  if (forPerson.length === 0) return <EmptyState title="Nothing is left for a person">Every element of the form became a member of the case.</EmptyState>;
  return (
    <details open>
      <summary>{`For a person to read: ${forPerson.length}`}</summary>
      <Table
        caption="For a person to read"
        quietCaption
        columns={[
          { key: "value", head: "What it says" },
          { key: "why", head: "Why a person" },
          { key: "where", head: "Where" },
        ]}
        empty={<></>}
        rows={forPerson.map(({ path, value, why }) => ({ cells: { value, why, where: <code>{path}</code> } }))}
      />
    </details>
  );
}

function Mapped({ form: { mapped } }: { readonly form: Form }) {
  if (mapped.length === 0) return <></>;
  return (
    <details>
      <summary>{`Where each value was read: ${mapped.length}`}</summary>
      <ul class="desk-plain">
        {mapped.map(({ path, field }) => (
          <li>
            <code>{field}</code> from <code>{path}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
