// Copies of the same workspace that other cases keep: which of them answer this case, and a button for each that could.
import type { CaseView } from "../../app/case-view.ts";
import { handle } from "../../app/handle.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { useKeptCopy } from "../../requests/preservation/module.ts";
import { Button } from "../look/forms.tsx";
import { Day } from "../look/moment.tsx";
import { EmptyState, Table } from "../look/records.tsx";
import { formValues, Refusal, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";

/** Nothing where no other case keeps anything: most cases have no such copy. */
export function KeptElsewhere({ opened }: { readonly opened: OpenCase }) {
  const { linkedCopies, keptElsewhere } = opened.view;
  if (linkedCopies.length + keptElsewhere.length === 0) return <></>;
  return (
    <>
      <h2 id="kept-elsewhere">Kept in other cases</h2>
      <Copies opened={opened} />
    </>
  );
}

function Copies({ opened }: { readonly opened: OpenCase }) {
  const { linkedCopies, keptElsewhere } = opened.view;
  return (
    <>
      <p class="desk-lead">
        A copy holds what was there on the day it was sealed, also what the customer has deleted since. The plan reads from it what counsel signed and nothing
        else, and the copy is kept until this case has ended.
      </p>
      <Table
        caption="Copies of the same workspaces that other cases keep"
        quietCaption
        columns={[
          { key: "case", head: "Case" },
          { key: "sealed", head: "Copy sealed on" },
          { key: "until", head: "Last day" },
          { key: "here", head: "In this case" },
        ]}
        empty={
          <EmptyState title="No other case keeps a copy">
            No copy is kept of a workspace that this paper names, or none that was still kept when the paper was served. The plan reads the sources as they are.
          </EmptyState>
        }
        rows={[...linkedCopies.map((copy) => linkedRow(copy, opened.view)), ...keptElsewhere.map((copy) => possibleRow(copy, opened))]}
      />
    </>
  );
}

function linkedRow(copy: CaseView["linkedCopies"][number], { release }: CaseView) {
  return { cells: { ...daysOf(copy), here: linkedWords(copy, release) }, sealed: copy.secret, href: `/desk/case/${copy.caseId}` };
}

function linkedWords({ isKept, records }: CaseView["linkedCopies"][number], { released, plan }: CaseView["release"]): string {
  const taken = `${(records ?? 0).toLocaleString("en")} ${records === 1 ? "record" : "records"}`;
  if (released) return `Answered from it: ${taken}`;
  if (!isKept) return "Linked, and kept no longer: the plan reads the sources as they are";
  return records === undefined || plan === undefined ? "Linked: compile the plan, and it reads from it" : `Linked: the plan takes ${taken} from it`;
}

function possibleRow(copy: CaseView["keptElsewhere"][number], { view, steps }: OpenCase) {
  const isTheirs = steps.some(({ name }) => name === useKeptCopy.name);
  const here = isTheirs ? <Answer copy={copy} caseId={view.caseId} /> : "Not linked: an analyst or counsel can link it";
  return { cells: { ...daysOf(copy), here }, sealed: copy.secret, href: `/desk/case/${copy.caseId}` };
}

function daysOf({ caseId, sealedOn, until, secret }: CaseView["keptElsewhere"][number] | CaseView["linkedCopies"][number]) {
  return {
    case: caseId,
    sealed: sealedOn === undefined ? "Not shown" : <Day day={sealedOn} />,
    until: until === undefined ? secret ? "Not shown" : "None" : <Day day={until} />,
  };
}

function Answer({ copy: { caseId: from, preservation }, caseId }: { readonly copy: CaseView["keptElsewhere"][number]; readonly caseId: string }) {
  return (
    <form method="post" action={`/desk/case/${caseId}/kept-elsewhere`}>
      <input type="hidden" name="from" value={from} />
      <input type="hidden" name="preservation" value={preservation} />
      <Button label="Answer from this copy" kind="secondary" />
    </form>
  );
}

export async function keptElsewherePage(c: WebContext) {
  const opened = await openCase(c);
  return opened === undefined || opened.askers.length === 0 ? noSuchCase(c) : copiesFrame(c, opened, []);
}

function copiesFrame(c: WebContext, opened: OpenCase, refused: readonly Reason[]) {
  const { view } = opened;
  const against = view.linkedCopies.length > 0 ? [] : (opened.steps.find(({ name }) => name === useKeptCopy.name)?.against ?? []);
  const reasons = refused.length > 0 ? refused : against;
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Kept in other cases,"),
      heading: "Kept in other cases",
      ...(reasons.length === 0 ? {} : { alert: <Refusal reasons={reasons} register={c.get("web").register} /> }),
      children: (
        <>
          <p>
            <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>
          </p>
          {against.length === 0 ? <Copies opened={opened} /> : <></>}
        </>
      ),
    },
    refused.length > 0 ? 409 : 200,
  );
}

export async function answerFromCopy(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0) return noSuchCase(c);
  const { view, by, askers } = opened;
  const values = await formValues(c);
  const command = { type: useKeptCopy.name, from: values.one("from"), preservation: values.one("preservation") };
  const handled = await handle(c.get("desk"), { caseId: view.caseId, by, askers, command });
  if (handled.kind === "refused") return copiesFrame(c, opened, handled.reasons);
  c.get("web").nudge();
  return c.redirect(`/desk/case/${view.caseId}?done=${useKeptCopy.name}`, 303);
}
