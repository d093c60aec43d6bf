// "Verify now": starts the check of the whole ledger, shows how far it is, and names the first record that does not fit.
import type { LedgerCheck } from "../../app/installation.ts";
import { figureWords, type FigureFinding } from "../../app/publish-report.ts";
import { Progress } from "../look/figures.tsx";
import { Button, SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { Banner } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { auditorFrame } from "./auditor-frame.tsx";
import type { CheckState, RunningCheck } from "./ledger-check.ts";
import { caseOf } from "./shown-facts.ts";

const place = "/auditor/verify";

export function checkPage(c: WebContext, check: RunningCheck) {
  const state = check.state();
  return auditorFrame(c, {
    title: "Verify the ledger",
    way: place,
    children: (
      <>
        <Prose>
          <p>
            This reads every fact, computes the whole tree anew, holds it against every signed checkpoint, and counts every published figure again. It changes
            nothing. A large ledger takes minutes; the check goes on when you leave this page.
          </p>
        </Prose>
        <Standing state={state} zone={c.get("desk").zone} />
        {state.kind === "running" ? <></> : <Start again={state.kind !== "never"} />}
      </>
    ),
  });
}

function Start({ again }: { readonly again: boolean }) {
  return (
    <form method="post" action={place}>
      <Button label={again ? "Verify again" : "Verify now"} />
    </form>
  );
}

function Standing({ state, zone }: { readonly state: CheckState; readonly zone: string }) {
  switch (state.kind) {
    case "never":
      return <p>No check has run since this server was started.</p>;
    case "running":
      return <Running state={state} zone={zone} />;
    case "cancelled":
      return <Banner kind="note" title={`The check was stopped after ${state.verified.toLocaleString("en")} facts. It says nothing about the rest.`} />;
    case "failed":
      return (
        <Banner
          kind="stop"
          title="The check could not be finished. That is a fault of the machine or the database, not a finding about the ledger. Try again."
        />
      );
    case "done":
      return <Done state={state} zone={zone} />;
  }
}

function Running({ state, zone }: { readonly state: Extract<CheckState, { kind: "running" }>; readonly zone: string }) {
  return (
    <>
      <Progress
        label={state.part === "facts" ? "Computing the tree" : "The tree is whole; counting the published figures"}
        done={state.verified}
        of={state.total}
        unit="facts"
      />
      <p>
        Started <Moment at={state.startedAt} zone={zone} />. <a href={place}>Reload to see how far it is</a>
      </p>
      <form method="post" action={`${place}/cancel`}>
        <Button label="Stop the check" kind="secondary" />
      </form>
    </>
  );
}

function Done({ state: { check, figures, startedAt, endedAt }, zone }: { readonly state: Extract<CheckState, { kind: "done" }>; readonly zone: string }) {
  return (
    <>
      {check.finding === undefined ? <Whole check={check} /> : <Broken finding={check.finding} />}
      {check.ok ? (
        <FigureFindings figures={figures} />
      ) : (
        <Banner kind="note" title="The published figures were not counted again, because the ledger they come from is not whole." />
      )}
      <SummaryList
        answers={[
          { label: "Started", value: <Moment at={startedAt} zone={zone} /> },
          { label: "Ended", value: <Moment at={endedAt} zone={zone} /> },
          ...(check.ok
            ? [
                { label: "Facts", value: check.size.toLocaleString("en") },
                { label: "Waiting for the next checkpoint", value: check.waiting.toLocaleString("en") },
                { label: "Checkpoints", value: check.checkpoints.toLocaleString("en") },
                { label: "Root, Base64", value: <code>{check.root}</code> },
              ]
            : []),
        ]}
      />
    </>
  );
}

function Whole({ check }: { readonly check: LedgerCheck }) {
  return <Banner kind="done" title={`The ledger is whole: ${check.size.toLocaleString("en")} facts, ${check.checkpoints.toLocaleString("en")} checkpoints.`} />;
}

/** The first record that does not fit. Everything before it is as it was sealed. */
function Broken({ finding }: { readonly finding: NonNullable<LedgerCheck["finding"]> }) {
  const { code, because, stream, version, position, record } = finding;
  const where = stream === undefined ? undefined : (caseOf({ stream }) ?? stream);
  return (
    <>
      <Banner kind="stop" title="The ledger does not fit its checkpoints.">
        <p>{because}</p>
      </Banner>
      <SummaryList
        answers={[
          { label: "First record that does not fit", value: record ?? `${where ?? "unknown"}${version === undefined ? "" : `, version ${version}`}` },
          ...(position === undefined ? [] : [{ label: "Position", value: position.toLocaleString("en") }]),
          { label: "Code", value: <code>{code}</code> },
          { label: "What to do", value: "Keep the database and its backups as they are, and compare with a checkpoint kept outside." },
        ]}
      />
    </>
  );
}

function FigureFindings({ figures }: { readonly figures: readonly FigureFinding[] }) {
  if (figures.length === 0) return <Banner kind="done" title="Every published figure follows from the ledger." />;
  return (
    <Banner kind="stop" title="Published figures differ from the ledger.">
      <ul>
        {figures.map((figure) => (
          <li>{figureWords(figure)}</li>
        ))}
      </ul>
    </Banner>
  );
}

export function startCheckNow(c: WebContext, check: RunningCheck) {
  check.start(c.get("web").installation, c.get("desk"));
  return c.redirect(place, 303);
}

export function cancelCheck(c: WebContext, check: RunningCheck) {
  check.cancel();
  return c.redirect(place, 303);
}
