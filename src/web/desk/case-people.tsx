// What is known of the sender and the paper: one fact a line, how we know it and since when, and the checks of the law.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { dayOf } from "../../kernel/instant.ts";
import { ClauseChip } from "../look/clause-chip.tsx";
import type { ClauseRegister } from "../look/clause-chip.tsx";
import { AssuranceTable, type Assurance } from "../look/evidence.tsx";
import { SummaryList } from "../look/forms.tsx";
import { Table } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import { assuranceWords, instrumentWords } from "./case-words.ts";

export function People({ view, desk, register }: { readonly view: CaseView; readonly desk: Desk; readonly register: ClauseRegister }) {
  const unmet = view.assurances.filter(({ verdict }) => verdict !== "met");
  return (
    <>
      <SummaryList answers={whoAndWhat(view, desk)} />
      <AssuranceTable caption="What we know of the sender" assurances={view.assurances.map((assurance) => row(assurance, desk))} />
      {unmet.length === 0 ? (
        <></>
      ) : (
        <ul class="reasons">
          {unmet.map(({ fact, clause }) => (
            <li>
              <span>{assuranceWords[fact] ?? fact}: asked for by </span>
              <ClauseChip clause={clause} register={register} />
            </li>
          ))}
        </ul>
      )}
      <Evidence view={view} />
    </>
  );
}

function whoAndWhat({ privateDetails, proposal, message, confirmed }: CaseView, { laws }: Desk) {
  const known = privateDetails ?? proposal?.private;
  const officer = [known?.officer?.rank, known?.officer?.name, known?.officer?.badge].filter((part) => part !== undefined && part !== "").join(", ");
  const contact = [known?.officer?.email, known?.officer?.phone, known?.officer?.address].filter((part) => part !== undefined && part !== "").join(", ");
  const instrument = confirmed?.instrument?.id ?? proposal?.instrument?.id;
  return [
    { label: "From", value: message?.from.map(({ name, address }) => (name === "" ? address : `${name} <${address}>`)).join(", ") },
    { label: "Agency", value: known?.agency },
    { label: "Matter", value: known?.matter },
    { label: "Officer", value: officer === "" ? undefined : officer },
    { label: "Contact", value: contact === "" ? undefined : contact },
    { label: "Paper", value: instrument === undefined ? undefined : instrumentWords(instrument, laws) },
    { label: "Delivery key", value: known?.deliveryKey },
  ];
}

function row({ fact, verdict, because, since, validTo, evidence }: CaseView["assurances"][number], { zone }: Desk): Assurance {
  return {
    fact: assuranceWords[fact] ?? fact,
    how: `${because}${validTo === undefined ? "" : ` May be relied on until ${validTo}.`}`,
    since: dayOf(since, zone),
    state: verdict === "met" ? "kept" : verdict === "unknown" ? "open" : "overdue",
    ...(evidence === undefined ? {} : { evidence: { label: "Evidence below", href: `#evidence-${fact}` } }),
  };
}

/** Evidence as it was recorded, under the fact it speaks for. */
function Evidence({ view }: { readonly view: CaseView }) {
  const shown = view.assurances.filter(({ evidence }) => evidence !== undefined);
  if (shown.length === 0) return <></>;
  return (
    <details class="desk-fold">
      <summary>Evidence as it was recorded</summary>
      {shown.map(({ fact, evidence }) => (
        <div id={`evidence-${fact}`}>
          <h3>{assuranceWords[fact] ?? fact}</h3>
          <div class="desk-code">{JSON.stringify(evidence, undefined, 2)}</div>
        </div>
      ))}
    </details>
  );
}

const answerStates = {
  yes: ["kept", "Yes"],
  no: ["overdue", "No"],
  "not-applicable": ["kept", "Does not apply"],
  waiting: ["open", "Waits for a person"],
} as const;

export function Checks({ view, register }: { readonly view: CaseView; readonly register: ClauseRegister }) {
  if (view.checks.length === 0) return <></>;
  const waiting = view.checks.filter(({ answer }) => answer === "waiting").length;
  return (
    <details class="desk-fold" open={waiting > 0}>
      <summary>{`Checks of the paper: ${view.checks.length - waiting} of ${view.checks.length} answered`}</summary>
      <Table
        caption="Checks of the paper"
        quietCaption
        columns={[
          { key: "id", head: "Check" },
          { key: "question", head: "Question" },
          { key: "answer", head: "Answer" },
          { key: "by", head: "Answered by" },
        ]}
        empty={<></>}
        rows={view.checks.map(({ id, question, answer, answeredBy }) => {
          const [state, word] = answerStates[answer as keyof typeof answerStates] ?? ["open", answer];
          return {
            cells: {
              id: <ClauseChip clause={id} register={register} />,
              question,
              answer: <StateTag state={state} word={word} />,
              by: answer === "waiting" ? <span class="absent">Nobody yet</span> : answeredBy === "machine" ? "the facts" : "a person",
            },
          };
        })}
      />
    </details>
  );
}
