// From signed lines to a sealed package: what the plan would read, the independent check, and the release.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { dryRun, planAndCheck, releaseProduction, type Planned } from "../../app/produce.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Button } from "../look/forms.tsx";
import { Banner, Copyable, EmptyState, Table } from "../look/records.tsx";
import { Refusal, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";

/** A dry run: counts are read, no record leaves its source, nothing is recorded. */
export async function planPage(c: WebContext) {
  const opened = await openCase(c);
  return opened === undefined || opened.askers.length === 0 ? noSuchCase(c) : planFrame(c, opened, []);
}

async function planFrame(c: WebContext, { view, plan }: OpenCase, refused: readonly Reason[]) {
  const { register } = c.get("web");
  const planned = plan.against.length > 0 ? undefined : await dryRun(c.get("desk"), view.caseId);
  const dryReasons = planned?.kind === "refused" ? planned.reasons : plan.against;
  const reasons = refused.length > 0 ? refused : dryReasons;
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Plan of"),
      heading: "Compile plan and check",
      ...(reasons.length === 0 ? {} : { alert: <Refusal reasons={reasons} register={register} /> }),
      children: (
        <>
          <BackToCase view={view} />
          {planned?.kind === "planned" ? <PlanTables planned={planned} /> : <></>}
          {planned?.kind === "planned" ? (
            <form method="post">
              <p>The desk records this plan, reads what it names, and lets a second implementation judge every record. Nothing leaves.</p>
              <div class="actions">
                <Button label="Record plan and check" />
              </div>
            </form>
          ) : (
            <></>
          )}
        </>
      ),
    },
    refused.length > 0 ? 409 : 200,
  );
}

function BackToCase({ view }: { readonly view: CaseView }) {
  return (
    <p>
      <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>
    </p>
  );
}

function PlanTables({ planned }: { readonly planned: Planned }) {
  const { counts, plan, findings, digest } = planned;
  return (
    <>
      <Table
        caption="What the plan reads"
        columns={[
          { key: "line", head: "Line" },
          { key: "from", head: "Source and table" },
          { key: "columns", head: "Columns that leave" },
          { key: "range", head: "Moments" },
          { key: "count", head: "Records", figures: true },
        ]}
        empty={<EmptyState title="The plan reads nothing" />}
        rows={counts.map(({ read, counted }) => ({
          cells: {
            line: read.line,
            from: `${read.source}: ${read.collection}`,
            columns: <span class="desk-columns">{read.columns.join(", ")}</span>,
            range: read.from === undefined && read.until === undefined ? "Standing facts" : `${read.from ?? "the beginning"} to ${read.until ?? ""}`,
            count: counted.kind === "counted" ? counted.records.toLocaleString("en") : `Not counted: ${counted.failure.what}`,
          },
        }))}
      />
      {plan.nothingHeld.length === 0 ? (
        <></>
      ) : (
        <>
          <h2>Looked for and not held</h2>
          <ul>
            {plan.nothingHeld.map(({ line, because }) => (
              <li>{`${line}: ${because}`}</li>
            ))}
          </ul>
        </>
      )}
      {findings.length === 0 ? (
        <></>
      ) : (
        <Banner kind="caution" title="The sources show something a person should know">
          <ul>
            {findings.map(({ where, what }) => (
              <li>{`${where}: ${what}`}</li>
            ))}
          </ul>
        </Banner>
      )}
      <p>
        Digest of the plan: <Copyable id="plan-digest" label="Digest of the plan" value={digest} />
      </p>
    </>
  );
}

export async function checkPlan(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0) return noSuchCase(c);
  const handled = await planAndCheck(c.get("desk"), opened.view.caseId, opened.by);
  c.get("web").nudge();
  if (handled.kind === "refused") return planFrame(c, opened, handled.reasons);
  return c.redirect(`/desk/case/${opened.view.caseId}?done=RecordCheck`, 303);
}

/** The approver sees what the plan reads now; its recorded digest is what the approval names. */
export async function PlanToApprove({ view, desk }: { readonly view: CaseView; readonly desk: Desk }) {
  const planned = view.release.plan === undefined ? undefined : await dryRun(desk, view.caseId);
  return (
    <>
      <input type="hidden" name="plan" value={view.release.plan ?? ""} />
      {planned?.kind === "planned" && planned.digest !== view.release.plan ? (
        <Banner kind="stop" title="The plan has changed since it was recorded. Compile and check it again before anybody approves." />
      ) : (
        <></>
      )}
      {planned?.kind === "planned" ? <PlanTables planned={planned} /> : <></>}
      <p>The release needs two different people. You approve exactly this plan; a changed one must be approved anew.</p>
    </>
  );
}

export async function releasePage(c: WebContext) {
  const opened = await openCase(c);
  return opened === undefined || opened.askers.length === 0 ? noSuchCase(c) : releaseFrame(c, opened, []);
}

function releaseFrame(c: WebContext, { view, release }: OpenCase, refused: readonly Reason[]) {
  const reasons = refused.length > 0 ? refused : release.against;
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Release of"),
      heading: "Release the production",
      ...(reasons.length === 0 ? {} : { alert: <Refusal reasons={reasons} register={c.get("web").register} /> }),
      children: (
        <>
          <BackToCase view={view} />
          {release.against.length > 0 ? (
            <></>
          ) : (
            <form method="post">
              <p>{`The plan reads ${view.release.reads} times and expects ${view.release.expected.toLocaleString("en")} records. They are read, judged again one by one, packed and encrypted to the officer's key. The officer gets a letter with a link. This cannot be taken back.`}</p>
              <div class="actions">
                <Button label="Release the production" kind="danger" />
              </div>
            </form>
          )}
        </>
      ),
    },
    refused.length > 0 ? 409 : 200,
  );
}

export async function releaseNow(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0) return noSuchCase(c);
  const released = await releaseProduction(c.get("desk"), opened.view.caseId, opened.by);
  c.get("web").nudge();
  return released.kind === "refused" ? releaseFrame(c, opened, released.reasons) : c.redirect(`/desk/case/${opened.view.caseId}?done=Release`, 303);
}
