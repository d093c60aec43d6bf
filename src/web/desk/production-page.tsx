// From signed lines to a sealed package: what the plan would read, the independent check, and the release.
import type { CaseView } from "../../app/case-view.ts";
import { readCase } from "../../app/handle.ts";
import { forgetWork, type WorkKind } from "../../app/long-work.ts";
import { giveUpPacking } from "../../app/packing-job.ts";
import type { Watch } from "../../app/watched-work.ts";
import { unfinishedPacking } from "../../requests/disclosure/module.ts";
import type { Desk } from "../../app/desk.ts";
import { dryRun, planAndCheck, releaseProduction, renewDownload, sealProduction, type Planned } from "../../app/produce.ts";
import type { PossibleStep } from "../../app/steps.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Button } from "../look/forms.tsx";
import { Banner, Copyable, EmptyState, Table } from "../look/records.tsx";
import { Refusal, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { Others } from "./redactions-page.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";
import { progressFrame, startAndWait, workHref, workUnderWay } from "./work-page.tsx";

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
  return takeLongStep(c, opened, "check");
}

/** The steps that may take longer than a page waits. */
const longSteps = {
  check: {
    run: (desk: Desk, { view, by }: OpenCase, watch: Watch) => planAndCheck(desk, view.caseId, by, watch),
    refused: (c: WebContext, opened: OpenCase, reasons: readonly Reason[]) => planFrame(c, opened, reasons),
    done: "RecordCheck",
  },
  seal: {
    run: (desk: Desk, { view, by }: OpenCase, watch: Watch) => sealProduction(desk, view.caseId, by, watch),
    refused: (c: WebContext, opened: OpenCase, reasons: readonly Reason[]) => deskStepFrame(c, opened, deskSteps.seal, reasons),
    done: "SealPackage",
  },
} as const satisfies Readonly<Record<WorkKind, object>>;

async function takeLongStep(c: WebContext, opened: OpenCase, kind: WorkKind) {
  const desk = c.get("desk");
  const isQuick = await startAndWait(c, opened, kind, (watch) => longSteps[kind].run(desk, opened, watch));
  return isQuick ? showWork(c, opened, kind) : c.redirect(workHref(opened, kind), 303);
}

/** How far the work is, or what came of it. */
async function showWork(c: WebContext, opened: OpenCase, kind: WorkKind) {
  const back = `/desk/case/${opened.view.caseId}`;
  const work = workUnderWay(c, opened, kind);
  if (work === undefined) return c.redirect(back, 303);
  if (!(await work.endsWithin(0))) return progressFrame(c, opened, kind, work);
  forgetWork({ desk: c.get("desk"), caseId: opened.view.caseId, kind });
  const { run, refused, done } = longSteps[kind];
  const taken = (await work.outcome) as Awaited<ReturnType<typeof run>>;
  c.get("web").nudge();
  return taken.kind === "refused" ? refused(c, opened, taken.reasons) : c.redirect(`${back}?done=${done}`, 303);
}

function workKindOf(c: WebContext): WorkKind | undefined {
  const kind = c.req.param("kind");
  return kind === "check" || kind === "seal" ? kind : undefined;
}

export async function workPage(c: WebContext) {
  const [opened, kind] = [await openCase(c), workKindOf(c)];
  return opened === undefined || opened.askers.length === 0 || kind === undefined ? noSuchCase(c) : showWork(c, opened, kind);
}

export async function stopWork(c: WebContext) {
  const [opened, kind] = [await openCase(c), workKindOf(c)];
  if (opened === undefined || opened.askers.length === 0 || kind === undefined) return noSuchCase(c);
  workUnderWay(c, opened, kind)?.stop();
  return c.redirect(workHref(opened, kind), 303);
}

/** A person wants nothing of a packing that was cut off: its notes, its key and what was sealed go. */
export async function giveUpHalf(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0) return noSuchCase(c);
  await giveUpPacking(c.get("desk"), opened.view.caseId);
  c.get("web").nudge();
  return c.redirect(`/desk/case/${opened.view.caseId}`, 303);
}

async function CutOff({ desk, view }: { readonly desk: Desk; readonly view: CaseView }) {
  if (unfinishedPacking(await readCase(desk, view.caseId)) === undefined) return <></>;
  return (
    <Banner kind="caution" title="A packing of this production was cut off or is under way">
      <p>“Pack and seal” goes on from where it stood. While it is unfinished, its notes on this server hold the key of the half package, sealed.</p>
      <form method="post" action={`/desk/case/${view.caseId}/work/seal/give-up`}>
        <Button label="Give it up and destroy it" kind="secondary" />
      </form>
    </Banner>
  );
}

/** What the plan of the sealed package reads, as it would be read now: a changed one is said. */
export async function PlanOfPackage({ view, desk }: { readonly view: CaseView; readonly desk: Desk }) {
  const planned = view.release.plan === undefined ? undefined : await dryRun(desk, view.caseId);
  return (
    <>
      {planned?.kind === "planned" && planned.digest !== view.release.plan ? (
        <Banner kind="stop" title="The plan has changed since it was recorded. Compile and check it again before anybody approves." />
      ) : (
        <></>
      )}
      {planned?.kind === "planned" ? <PlanTables planned={planned} /> : <></>}
    </>
  );
}

/** The steps that the desk itself takes on a person's word, each on a page that says what will happen. */
interface DeskStep {
  readonly title: string;
  readonly heading: string;
  readonly button: string;
  readonly kind: "primary" | "danger";
  readonly step: (opened: OpenCase) => PossibleStep;
  readonly words: (release: CaseView["release"]) => string;
  readonly act: (desk: Desk, caseId: CaseView["caseId"], by: OpenCase["by"]) => Promise<{ readonly kind: string; readonly reasons?: readonly Reason[] }>;
  readonly done: string;
}

const deskSteps = {
  seal: {
    title: "Sealing of",
    heading: "Pack and seal",
    button: "Pack and seal",
    kind: "primary",
    step: ({ seal }) => seal,
    words: ({ reads, expected }) =>
      `The plan reads ${reads} times and expects ${expected.toLocaleString("en")} records. They are read, judged again one by one, packed and encrypted to the officer's key. The package's first bytes, without which nobody opens it, are split among those who approve: from then on two of them are needed, and the desk alone cannot.`,
    act: (desk, caseId, by) => sealProduction(desk, caseId, by),
    done: "SealPackage",
  },
  release: {
    title: "Release of",
    heading: "Release the production",
    button: "Release the production",
    kind: "danger",
    step: ({ release }) => release,
    words: ({ records, bytes }) =>
      `The approved package holds ${Object.values(records)
        .reduce((sum, count) => sum + count, 0)
        .toLocaleString(
          "en",
        )} records in ${(bytes ?? 0).toLocaleString("en")} bytes. The officer gets a letter with a link. A mistaken production can be recalled; what was fetched before that cannot be taken back.`,
    act: releaseProduction,
    done: "Release",
  },
  renew: {
    title: "Download of",
    heading: "Send a new download link",
    button: "Send a new link",
    kind: "primary",
    step: ({ renew }) => renew,
    words: ({ downloads }) => `The package was fetched ${downloads} times. The officer gets a letter with a new link; the earlier one no longer works.`,
    act: renewDownload,
    done: "RenewDownload",
  },
} as const satisfies Readonly<Record<string, DeskStep>>;

function isDeskStep(name: string): name is keyof typeof deskSteps {
  return Object.hasOwn(deskSteps, name);
}

export async function deskStepPage(c: WebContext) {
  const name = c.req.param("act") ?? "";
  const opened = await openCase(c);
  return opened === undefined || opened.askers.length === 0 || !isDeskStep(name) ? noSuchCase(c) : deskStepFrame(c, opened, deskSteps[name], []);
}

function deskStepFrame(c: WebContext, opened: OpenCase, page: DeskStep, refused: readonly Reason[]) {
  const { view } = opened;
  const { against } = page.step(opened);
  const reasons = refused.length > 0 ? refused : against;
  return deskFrame(
    c,
    {
      title: caseTitle(view, page.title),
      heading: page.heading,
      ...(reasons.length === 0 ? {} : { alert: <Refusal reasons={reasons} register={c.get("web").register} /> }),
      children: (
        <>
          <BackToCase view={view} />
          {page === deskSteps.seal ? <CutOff desk={c.get("desk")} view={view} /> : <></>}
          {against.length > 0 ? (
            <></>
          ) : (
            <form method="post">
              <p>{page.words(view.release)}</p>
              <Others view={view} />
              <div class="actions">
                <Button label={page.button} kind={page.kind} />
              </div>
            </form>
          )}
        </>
      ),
    },
    refused.length > 0 ? 409 : 200,
  );
}

export async function takeDeskStep(c: WebContext) {
  const name = c.req.param("act") ?? "";
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0 || !isDeskStep(name)) return noSuchCase(c);
  if (name === "seal") return takeLongStep(c, opened, "seal");
  const page: DeskStep = deskSteps[name];
  const taken = await page.act(c.get("desk"), opened.view.caseId, opened.by);
  c.get("web").nudge();
  if (taken.kind === "refused") return deskStepFrame(c, opened, page, taken.reasons ?? []);
  return c.redirect(`/desk/case/${opened.view.caseId}?done=${page.done}`, 303);
}
