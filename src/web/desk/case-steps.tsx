// What can be done next, asked of the same definitions that enforce it: a possible step is a button, another says why not yet.
import type { PossibleStep } from "../../app/steps.ts";
import { BlockedStep, Button } from "../look/forms.tsx";
import type { ClauseRegister } from "../look/clause-chip.tsx";
import { stepHref, type OpenCase } from "./open-case.ts";
import { Others } from "./redactions-page.tsx";
import { stepForms } from "./step-forms.ts";

export function NextSteps({ opened, register }: { readonly opened: OpenCase; readonly register: ClauseRegister }) {
  const { view, steps, plan, seal, renew, keep, askers } = opened;
  const shown =
    askers.length === 0
      ? []
      : [
          ...steps.filter(({ name }) => name !== "UseKeptCopy" || view.keptElsewhere.length > 0),
          ...keeping(keep),
          { ...plan, label: "Compile plan and check" },
          { ...seal, label: view.release.package === undefined ? "Pack and seal" : "Pack and seal anew" },
          ...(view.release.released ? [renew] : []),
        ];
  const possible = shown.filter(({ against }) => against.length === 0);
  const blocked = shown.filter(({ against }) => against.length > 0);
  return (
    <>
      {possible.length === 0 ? <p>No step of yours is possible now. The reasons stand below.</p> : <></>}
      <div class="desk-steps">
        {possible.map((step, index) => (
          <Possible step={step} caseId={view.caseId} isFirst={index === 0} />
        ))}
      </div>
      {view.release.released ? <></> : <Others view={view} />}
      {askers.includes("analyst") || askers.includes("counsel") ? (
        <p>
          <a href={`/desk/case/${view.caseId}/redactions`}>Redactions: what is taken out of the officer's copy</a>
        </p>
      ) : (
        <></>
      )}
      {blocked.length === 0 ? (
        <></>
      ) : (
        <details class="desk-fold">
          <summary>{`Steps that cannot be taken now: ${blocked.length}`}</summary>
          {blocked.map(({ name, label, against }) => (
            <BlockedStep id={`blocked-${name}`} label={label} reasons={against} register={register} />
          ))}
        </details>
      )}
    </>
  );
}

/** Offered only for papers that ask to keep data: for every other one it would be noise among the steps that cannot be taken. */
function keeping(keep: PossibleStep): readonly PossibleStep[] {
  const foreign = keep.against.some(({ code }) => code === "NOT_PRESERVATION" || code === "NO_INSTRUMENT");
  return foreign ? [] : [{ ...keep, label: "Keep what the paper names" }];
}

/** Steps with a page that is no form of questions. */
const ownPages: Readonly<Record<string, string>> = {
  RecordPlan: "plan",
  BeginSnapshot: "keep",
  SealPackage: "seal",
  RenewDownload: "renew",
  ApproveRelease: "approve",
};

/** A step that asks nothing is taken at once; one that asks or cannot be taken back has a page of its own. */
function Possible({ step, caseId, isFirst }: { readonly step: PossibleStep; readonly caseId: OpenCase["view"]["caseId"]; readonly isFirst: boolean }) {
  const kind = isFirst ? "primary" : "secondary";
  const form = stepForms[step.name];
  const page = ownPages[step.name];
  if (page !== undefined) return <Button label={step.label} kind={kind} href={`/desk/case/${caseId}/${page}`} />;
  if (step.name === "UseKeptCopy") return <Button label={step.label} kind={kind} href="#kept-elsewhere" />;
  if (form !== undefined) return <Button label={step.label} kind={form.confirm === undefined ? kind : "danger"} href={stepHref({ caseId }, step.name)} />;
  return (
    <form method="post" action={stepHref({ caseId }, step.name)}>
      <Button label={step.label} kind={kind} />
    </form>
  );
}
