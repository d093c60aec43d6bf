// One duty on a page: its clock, why that date, what is missing, how to report it, and how to say that one sees it otherwise.
import type { Duty } from "../../partners/duty.ts";
import { openDisputes } from "../../partners/agreements/disputes.ts";
import { Button } from "../look/forms.tsx";
import { Banner } from "../look/records.tsx";
import { DutyClock } from "../partner-pieces.tsx";
import { findPartnerStep } from "../../partners/steps.ts";
import { basisWords } from "../look/clause-chip.tsx";
import type { WebContext } from "../web.tsx";
import { facePath, nothingHere, partnerPage, type PartnerVisit } from "./visit.tsx";

export function dutyPage(c: WebContext, visit: PartnerVisit) {
  const { view } = visit;
  const duty = view.duties.find(({ id }) => id === c.req.param("duty"));
  if (duty === undefined) return nothingHere(c, visit);
  const isDisputed = openDisputes(view.history).some(({ about }) => about === duty.id);
  const together =
    duty.paper === undefined
      ? []
      : view.duties.filter(({ paper, id, dueAt, state }) => paper === duty.paper && id !== duty.id && dueAt === duty.dueAt && state === duty.state);
  return partnerPage(c, {
    title: duty.label,
    current: "What you owe",
    visit,
    alert: isDisputed ? <Banner kind="note" title="This duty is disputed. Its clock runs on until the dispute is settled." /> : <></>,
    children: (
      <>
        <h2>By when, and why</h2>
        <DutyClock duty={duty} view={view} register={c.get("web").register} />
        <p>{basisWords[duty.basis]}</p>
        {together.length === 0 ? (
          <></>
        ) : (
          <p>
            The same paper confirms {together.length} more clauses: {together.map(({ clause }) => clause).join(", ")}.
          </p>
        )}
        <div class="actions">
          {canReport(duty) ? <Button label={findPartnerStep(duty.report?.step ?? "")?.label ?? "Report"} href={reportHref(duty)} /> : <></>}
          {isDisputed ? <></> : <Button kind="secondary" label="Dispute it" href={`${facePath}/report/RaiseDispute?about=${encodeURIComponent(duty.id)}`} />}
        </div>
        <p>
          <a href={facePath}>Everything you owe</a>
        </p>
      </>
    ),
  });
}

function canReport({ report, state }: Duty): boolean {
  const step = report === undefined ? undefined : findPartnerStep(report.step);
  return step !== undefined && step.askers.includes("partner") && state !== "met" && state !== "late" && state !== "excused";
}

function reportHref({ report }: Duty): string {
  const query = new URLSearchParams(report?.values ?? {}).toString();
  return `${facePath}/report/${report?.step ?? ""}${query === "" ? "" : `?${query}`}`;
}
