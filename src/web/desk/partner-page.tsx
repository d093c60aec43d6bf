// One partner's whole record at the desk: what is owed and why, documents, sub-processors, flows, statements, every fact, and what can be done.
import { mailPartnerLink, makePartnerLink, partnerProof, takeEverythingBack } from "../../app/partner-portal.ts";
import {
  findPartnerView,
  openPaper,
  partnerAskersOf,
  partnerLetters,
  partnerCircumstances,
  partnerStepsFor,
  registerPartner,
  takePartnerStep,
  type PartnerView,
} from "../../app/partners.ts";
import { correctionOf, findStatement } from "../../app/statement-document.ts";
import { partnerStream, readPartnerNumber, type PartnerId } from "../../kernel/ids.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { openDisputes } from "../../partners/agreements/disputes.ts";
import { governingLaw, termsOn } from "../../partners/agreements/agreement-steps.ts";
import { contractingEntities, documentKinds } from "../../partners/agreements/events.ts";
import { storedPaper } from "../../partners/asks.ts";
import type { Duty } from "../../partners/duty.ts";
import { zoneOf } from "../../partners/partner.ts";
import { documentsOn, standingOf } from "../../partners/standing.ts";
import { subProcessorsOf } from "../../partners/sub-processors/sub-processor-steps.ts";
import { findPartnerStep } from "../../partners/steps.ts";
import { annexOf, flowsOf, mechanismOf } from "../../partners/transfers/transfer-steps.ts";
import { ClauseChip, type ClauseRegister } from "../look/clause-chip.tsx";
import { Button, ErrorSummary, SummaryList, type FormError } from "../look/forms.tsx";
import { Day, Moment } from "../look/moment.tsx";
import { Banner, Copyable, EmptyState, SealMark, Table } from "../look/records.tsx";
import { answersOf, chooseAgain, knownAnswers, readStepForm, StepFormFields, withPaper, type Answered, type PartnerForm } from "../partner-form.tsx";
import { PaperWords, paperResponse } from "../partner-papers.tsx";
import { DutyClock, DutyTable, linesOf, RecordList, StatementList } from "../partner-pieces.tsx";
import { byTopic, factSentence, topicWords } from "../partner-words.ts";
import { StatementSheet, statementResponse } from "../partner-statement.tsx";
import { Refusal, staffActor, type WebContext } from "../web.tsx";
import { deskFrame, getStaff } from "./desk-frame.tsx";

interface Opened {
  readonly view: PartnerView;
  readonly by: ReturnType<typeof staffActor>["by"];
  readonly askers: ReturnType<typeof partnerAskersOf>;
}

async function openPartner(c: WebContext): Promise<Opened | undefined> {
  const partner = readPartnerNumber(c.req.param("partner") ?? "");
  const { by, askers } = staffActor(getStaff(c));
  const view = partner === undefined ? undefined : await findPartnerView(c.get("desk"), partner, by);
  return view === undefined ? undefined : { view, by, askers: partnerAskersOf(askers) };
}

function noSuchPartner(c: WebContext) {
  return deskFrame(
    c,
    {
      title: "There is no such partner",
      current: "partners",
      children: (
        <p>
          The number may be mistyped. <a href="/desk/partners">All partners</a>
        </p>
      ),
    },
    404,
  );
}

const base = (partner: PartnerId): string => `/desk/partners/${partner}`;

export async function partnerRecordPage(c: WebContext) {
  const opened = await openPartner(c);
  if (opened === undefined) return noSuchPartner(c);
  const { view } = opened;
  const { register } = c.get("web");
  const disputed = new Set(openDisputes(view.history).map(({ about }) => about));
  const isOpen = ({ state, isRight }: Duty) => (state === "open" || state === "overdue" || state === "suspended") && isRight !== true;
  const overdue = view.duties.filter(({ state }) => state === "overdue");
  const rest = view.duties.filter((duty) => isOpen(duty) && duty.state !== "overdue");
  const rights = view.duties.filter(({ isRight, state }) => isRight === true && state === "open");
  const done = c.req.query("done");
  return deskFrame(c, {
    title: `Partner ${view.partner}`,
    heading: `${view.details?.name ?? "Partner"} (${view.partner})`,
    current: "partners",
    alert: done === undefined ? <></> : <Banner kind="done" title={`${findPartnerStep(done)?.label ?? "The step"}: it is on record.`} />,
    children: (
      <>
        <Agreement view={view} register={register} />
        <h2 id="overdue">Overdue</h2>
        {overdue.length === 0 ? (
          <EmptyState title="Nothing is overdue">Every clock of this partner is kept, open or excused.</EmptyState>
        ) : (
          linesOf(overdue).map(({ duty, clauses }) => <Line duty={duty} clauses={clauses} view={view} register={register} />)
        )}
        <h2 id="open">Open</h2>
        <DutyTable
          caption="Open"
          duties={rest}
          view={view}
          register={register}
          disputed={disputed}
          hrefOf={({ id }) => `${base(view.partner)}/duty/${encodeURIComponent(id)}`}
        />
        {rights.length === 0 ? (
          <></>
        ) : (
          <>
            <h2>Rights that end</h2>
            <DutyTable
              caption="Rights"
              duties={rights}
              view={view}
              register={register}
              disputed={disputed}
              hrefOf={({ id }) => `${base(view.partner)}/duty/${encodeURIComponent(id)}`}
            />
          </>
        )}
        <Disputes view={view} />
        <Steps opened={opened} />
        <SubProcessors view={view} register={register} />
        <Flows view={view} register={register} />
        <h2 id="statements">Statements</h2>
        <StatementList view={view} hrefOf={(statement) => `${base(view.partner)}/statement/${statement}`} />
        <Letters view={view} zone={c.get("desk").zone} />
        <h2 id="record">Record</h2>
        <RecordList history={view.history} zone={zoneOf(view.history, view.at)} hrefOf={(version) => `${base(view.partner)}/fact/${version}`} />
      </>
    ),
  });
}

function Line({
  duty,
  clauses,
  view,
  register,
}: {
  readonly duty: Duty;
  readonly clauses: readonly string[];
  readonly view: PartnerView;
  readonly register: ClauseRegister;
}) {
  return (
    <div id={encodeURIComponent(duty.id)}>
      <DutyClock duty={duty} view={view} register={register} />
      {clauses.length > 1 ? <p class="field-hint">The same paper confirms {clauses.slice(1).join(", ")}.</p> : <></>}
    </div>
  );
}

function Agreement({ view, register }: { readonly view: PartnerView; readonly register: ClauseRegister }) {
  const { signed, ended, today, runs } = standingOf(view.history, view.at);
  if (signed === undefined)
    return <EmptyState title="No agreement is on record">Record the signed agreement: its duties and clocks follow from it.</EmptyState>;
  const law = governingLaw(signed.entity);
  return (
    <SummaryList
      answers={[
        {
          label: "Agreement",
          value:
            ended === undefined ? (
              runs ? (
                "In force"
              ) : (
                "Not in force yet"
              )
            ) : (
              <>
                Ends <Day day={ended.on} />
              </>
            ),
        },
        { label: "In force from", value: <Day day={signed.startsOn} /> },
        { label: "Contracting company", value: contractingEntities[signed.entity] },
        {
          label: "Governing law",
          value: (
            <>
              {law.derivation} <ClauseChip clause="PPT-18" register={register} />
            </>
          ),
        },
        {
          label: "Documents in force",
          value:
            documentsOn(view.history, today)
              .map(({ kind, number }) => `${documentKinds[kind]} ${number}`)
              .join(", ") || "The Terms and their exhibits alone",
        },
        { label: "Terms in force", value: termsOn(today, view.history, view.at) ?? "As signed" },
        { label: "Notices go to", value: <bdi>{view.details?.notices ?? "The details were forgotten"}</bdi> },
      ]}
    />
  );
}

function Disputes({ view }: { readonly view: PartnerView }) {
  const disputes = openDisputes(view.history);
  if (disputes.length === 0) return <></>;
  return (
    <>
      <h2 id="disputed">Disputed</h2>
      <ul>
        {disputes.map(({ dispute, about, by }) => (
          <li>
            {view.duties.find(({ id }) => id === about)?.label ?? about}, raised by the {by === "vendor" ? "company" : "partner"}.{" "}
            <a href={`${base(view.partner)}/step/SettleDispute?dispute=${dispute}`}>Settle it</a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Steps({ opened: { view, askers } }: { readonly opened: Opened }) {
  const topics = byTopic(partnerStepsFor(askers, view.history, view.at));
  return (
    <>
      <h2 id="steps">What can be recorded</h2>
      {topics.map(([topic, steps]) => (
        <details class="topic">
          <summary>{topicWords[topic] ?? topic}</summary>
          <ul>
            {steps
              .filter(({ name }) => Object.keys(findPartnerStep(name)?.asks ?? {}).length > 0)
              .map(({ name, label }) => (
                <li>
                  <a href={`${base(view.partner)}/step/${name}`}>{label}</a>
                </li>
              ))}
          </ul>
        </details>
      ))}
      <form method="post" action={`${base(view.partner)}/link`}>
        <div class="actions">
          <Button kind="secondary" label="Send a sign-in link to the partner" name="how" value="mail" />
          {askers.includes("counsel") ? <Button kind="secondary" label="Show a sign-in link" name="how" value="show" /> : <></>}
          <Button kind="danger" label="Take back every session, link and key" name="how" value="back" />
        </div>
      </form>
    </>
  );
}

function SubProcessors({ view, register }: { readonly view: PartnerView; readonly register: ClauseRegister }) {
  const found = subProcessorsOf(view.history, view.at);
  if (found.length === 0) return <></>;
  return (
    <>
      <h2 id="sub-processors">Sub-processors</h2>
      <Table
        caption="Sub-processors"
        quietCaption
        columns={[
          { key: "id", head: "Entry" },
          { key: "country", head: "Country" },
          { key: "serves", head: "Data" },
          { key: "state", head: "Standing" },
          { key: "why", head: "Why" },
        ]}
        empty={<EmptyState title="None" />}
        rows={found.map(({ subProcessor, country, regimes, startedOn, endedOn, window, isListed }) => ({
          cells: {
            id: subProcessor.slice(0, 8),
            country,
            serves: regimes.join(", "),
            state:
              endedOn !== undefined
                ? `Ended ${endedOn}`
                : startedOn !== undefined
                  ? `In use since ${startedOn}${isListed ? ", from the first day" : ""}`
                  : (window?.state ?? "").replaceAll("-", " "),
            why: (
              <>
                <span>{window?.derivation ?? "Authorised by the signature of the agreement"}</span>{" "}
                <ClauseChip clause={window === undefined ? "DPA-6.1" : "DPA-6.6b"} register={register} />
              </>
            ),
          },
        }))}
      />
    </>
  );
}

function Flows({ view, register }: { readonly view: PartnerView; readonly register: ClauseRegister }) {
  const flows = flowsOf(view.history);
  const { today } = standingOf(view.history, view.at);
  if (flows.length === 0) return <></>;
  return (
    <>
      <h2 id="flows">Where data goes</h2>
      {flows.map((flow) => {
        const mechanism = mechanismOf(flow, today, view.history, view.at);
        return (
          <section class="flow">
            <h3>
              {flow.origin} → {flow.destination}
            </h3>
            <p>
              The company is {flow.vendorIs} in this flow. {mechanism === undefined ? "No law asks for a mechanism." : `It rests on: ${mechanism.words}.`}
            </p>
            {mechanism === undefined || mechanism.against.length === 0 ? (
              <></>
            ) : (
              <details>
                <summary>Why not another mechanism</summary>
                <ul class="reasons">
                  {mechanism.against.map(({ because, clause, mechanism: other }) => (
                    <li>
                      <span>
                        {other}: {because}
                      </span>{" "}
                      <ClauseChip clause={clause} register={register} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </section>
        );
      })}
      <p>
        <a href={`${base(view.partner)}/annex`}>Annex with elections and the UK tables</a>
      </p>
    </>
  );
}

const fateWords = { waiting: "Waits for the mail server", sent: "Handed to the mail server", failed: "Could not be delivered" } as const;

function Letters({ view, zone }: { readonly view: PartnerView; readonly zone: string }) {
  const letters = partnerLetters(view.history);
  if (letters.length === 0) return <></>;
  return (
    <>
      <h2 id="letters">Letters</h2>
      <Table
        caption="Letters"
        quietCaption
        columns={[
          { key: "kind", head: "Letter" },
          { key: "at", head: "Written" },
          { key: "fate", head: "What became of it" },
        ]}
        empty={<EmptyState title="No letter" />}
        rows={letters.map(({ kind, at, fate }) => ({
          cells: { kind: kind === "reminder" ? "Reminder" : "Sign-in link", at: <Moment at={at} zone={zone} />, fate: fateWords[fate] },
        }))}
      />
    </>
  );
}

export async function partnerAnnexPage(c: WebContext) {
  const opened = await openPartner(c);
  if (opened === undefined) return noSuchPartner(c);
  const { view } = opened;
  return deskFrame(c, {
    title: `Annex of ${view.partner}`,
    current: "partners",
    children: (
      <>
        <p>Filled from the record. Where the documents contradict themselves, the reading in force stands beside it.</p>
        <Table
          caption="Elections and tables"
          quietCaption
          columns={[
            { key: "heading", head: "Point" },
            { key: "value", head: "As it stands" },
            { key: "defect", head: "Defect of the document" },
            { key: "clause", head: "Clause" },
          ]}
          empty={<EmptyState title="Nothing" />}
          rows={annexOf(view.history, view.at).map(({ heading, value, defect, clause }) => ({
            cells: { heading, value, defect: defect ?? "", clause: <ClauseChip clause={clause} register={c.get("web").register} /> },
          }))}
        />
        <p>
          <a href={base(view.partner)}>Back to the partner</a>
        </p>
      </>
    ),
  });
}

export async function partnerDutyPage(c: WebContext) {
  const opened = await openPartner(c);
  const duty = opened?.view.duties.find(({ id }) => id === c.req.param("duty"));
  if (opened === undefined || duty === undefined) return noSuchPartner(c);
  const { view, askers } = opened;
  const step = duty.report === undefined ? undefined : findPartnerStep(duty.report.step);
  const query = new URLSearchParams(duty.report?.values ?? {}).toString();
  return deskFrame(c, {
    title: `${duty.label}, ${view.partner}`,
    heading: duty.label,
    current: "partners",
    children: (
      <>
        <p>
          <a href={base(view.partner)}>Back to {view.partner}</a>
        </p>
        <h2>By when, and why</h2>
        <DutyClock duty={duty} view={view} register={c.get("web").register} />
        <div class="actions">
          {step?.askers.some((asker) => askers.includes(asker)) === true ? (
            <Button label={step.label} href={`${base(view.partner)}/step/${step.name}?${query}`} />
          ) : (
            <></>
          )}
          {openDisputes(view.history).some(({ about }) => about === duty.id) ? (
            <></>
          ) : (
            <Button kind="secondary" label="Dispute it" href={`${base(view.partner)}/step/RaiseDispute?about=${encodeURIComponent(duty.id)}`} />
          )}
          {askers.includes("counsel") && duty.owedBy === "partner" ? (
            <Button kind="secondary" label="Let it go" href={`${base(view.partner)}/step/ExcuseDuty?duty=${encodeURIComponent(duty.id)}`} />
          ) : (
            <></>
          )}
        </div>
      </>
    ),
  });
}

interface Shown {
  readonly form: PartnerForm;
  readonly values: Answered;
  readonly errors: readonly FormError[];
  readonly reasons: readonly Reason[];
  readonly back: string;
}

function stepForm(c: WebContext, { form, values, errors, reasons, back }: Shown) {
  return deskFrame(
    c,
    {
      title: form.step.label,
      current: "partners",
      hasErrors: errors.length > 0,
      alert: (
        <>
          <ErrorSummary errors={errors} />
          {reasons.length === 0 ? <></> : <Refusal reasons={reasons} register={c.get("web").register} title="This cannot be recorded as it is" />}
        </>
      ),
      children: (
        <>
          <p>
            <a href={back}>Back</a>
          </p>
          <StepFormFields form={form} known={knownAnswers(c)} values={values} errors={errors} />
        </>
      ),
    },
    errors.length > 0 ? 422 : reasons.length > 0 ? 409 : 200,
  );
}

/** Desk people write moments in the desk's zone. */
function formOf(
  c: WebContext,
  name: string,
  { view, askers }: Pick<Opened, "askers"> & { readonly view: Pick<PartnerView, "history" | "at"> },
): PartnerForm | undefined {
  const step = findPartnerStep(name);
  if (step === undefined || !step.askers.some((asker) => askers.includes(asker)) || Object.keys(step.asks).length === 0) return undefined;
  return { step, history: view.history, at: view.at, zone: c.get("desk").zone, isDesk: true };
}

export async function partnerStepPage(c: WebContext) {
  const opened = await openPartner(c);
  const form = opened === undefined ? undefined : formOf(c, c.req.param("step") ?? "", opened);
  if (opened === undefined || form === undefined) return noSuchPartner(c);
  return stepForm(c, { form, values: answersOf(knownAnswers(c)), errors: [], reasons: [], back: base(opened.view.partner) });
}

export async function takePartnerStepNow(c: WebContext) {
  const opened = await openPartner(c);
  const form = opened === undefined ? undefined : formOf(c, c.req.param("step") ?? "", opened);
  if (opened === undefined || form === undefined) return noSuchPartner(c);
  const desk = c.get("desk");
  const { partner } = opened.view;
  const back = base(partner);
  const { values, command, errors, object } = await readStepForm(c, form, partner);
  if (errors.length > 0) return stepForm(c, { form, values, errors, reasons: [], back });
  const handled = await withPaper(desk, partner, object, () => takePartnerStep(desk, { partner, by: opened.by, askers: opened.askers, command }));
  if (handled.kind === "refused") return stepForm(c, { form, values, errors: chooseAgain(object), reasons: handled.reasons, back });
  c.get("web").nudge();
  return c.redirect(`${back}?done=${form.step.name}`, 303);
}

async function newPartnerForm(
  c: WebContext,
): Promise<{ readonly form: PartnerForm; readonly by: Opened["by"]; readonly askers: Opened["askers"] } | undefined> {
  const { by, askers } = staffActor(getStaff(c));
  const partnerAskers = partnerAskersOf(askers);
  const form = formOf(c, "RegisterPartner", { view: { history: [], at: await partnerCircumstances(c.get("desk"), by) }, askers: partnerAskers });
  return form === undefined ? undefined : { form, by, askers: partnerAskers };
}

export async function newPartnerPage(c: WebContext) {
  const found = await newPartnerForm(c);
  return found === undefined ? noSuchPartner(c) : stepForm(c, { form: found.form, values: answersOf({}), errors: [], reasons: [], back: "/desk/partners" });
}

export async function registerNow(c: WebContext) {
  const found = await newPartnerForm(c);
  if (found === undefined) return noSuchPartner(c);
  const { values, command, errors } = await readStepForm(c, found.form, "P-0000-0000" as PartnerId);
  if (errors.length > 0) return stepForm(c, { form: found.form, values, errors, reasons: [], back: "/desk/partners" });
  const handled = await registerPartner(c.get("desk"), { by: found.by, askers: found.askers, command });
  if (handled.kind === "refused") return stepForm(c, { form: found.form, values, errors: [], reasons: handled.reasons, back: "/desk/partners" });
  c.get("web").nudge();
  return c.redirect(`${base(handled.partner)}?done=RegisterPartner`, 303);
}

export async function partnerFactPage(c: WebContext) {
  const opened = await openPartner(c);
  const recorded = opened?.view.history.find(({ version }) => version === Number(c.req.param("version")));
  if (opened === undefined || recorded === undefined) return noSuchPartner(c);
  const { view } = opened;
  const desk = c.get("desk");
  const proof = await desk.ports.ledger.findProof(desk.id, partnerStream(view.partner), recorded.version);
  const words = await openPaper(desk, view.history, recorded.version);
  return deskFrame(c, {
    title: `Fact ${recorded.version} of ${view.partner}`,
    current: "partners",
    children: (
      <>
        <p>
          <a href={`${base(view.partner)}#record`}>Back to {view.partner}</a>
        </p>
        <SummaryList
          answers={[
            { label: "What", value: factSentence(recorded.fact) },
            { label: "Recorded", value: <Moment at={recorded.at} zone={desk.zone} /> },
            { label: "Ledger", value: <SealMark seal={proof === undefined ? { status: "recorded" } : { status: "sealed", position: proof.position }} /> },
          ]}
        />
        <PaperWords words={words} fileHref={`${base(view.partner)}/fact/${recorded.version}/file`} />
        <h2>The fact as it was recorded</h2>
        <div class="desk-code">{JSON.stringify(recorded.fact, undefined, 2)}</div>
        <p>
          <a href={`${base(view.partner)}/fact/${recorded.version}/proof.json`}>Download the proof</a>
        </p>
      </>
    ),
  });
}

export async function partnerFactFile(c: WebContext) {
  const opened = await openPartner(c);
  const words = opened === undefined ? undefined : await openPaper(c.get("desk"), opened.view.history, Number(c.req.param("version")));
  const stored = storedPaper.safeParse((words as { readonly file?: unknown } | undefined)?.file);
  const response = opened !== undefined && stored.success ? await paperResponse(c, opened.view.partner, stored.data) : undefined;
  return response ?? noSuchPartner(c);
}

export async function partnerFactProof(c: WebContext) {
  const opened = await openPartner(c);
  const proof = opened === undefined ? undefined : await partnerProof(c.get("desk"), opened.view.partner, Number(c.req.param("version")));
  if (opened === undefined || proof === undefined) return noSuchPartner(c);
  c.header("Content-Disposition", `attachment; filename="${opened.view.partner}-${c.req.param("version")}-proof.json"`);
  return c.json(proof);
}

export async function partnerStatementPage(c: WebContext) {
  const opened = await openPartner(c);
  const statement = opened === undefined ? undefined : findStatement(opened.view, c.req.param("statement") ?? "");
  if (opened === undefined || statement === undefined) return noSuchPartner(c);
  const { view } = opened;
  const href = `${base(view.partner)}/statement/${statement.statement}`;
  const correction = correctionOf(view, statement.statement);
  return deskFrame(c, {
    title: `Statement of ${statement.month}, ${view.partner}`,
    heading: `Statement of ${statement.month}`,
    current: "partners",
    children: (
      <>
        <p>
          <a href={`${base(view.partner)}#statements`}>Back to {view.partner}</a>
        </p>
        <StatementSheet
          view={view}
          statement={statement}
          register={c.get("web").register}
          correctedBy={correction === undefined ? undefined : `${base(view.partner)}/statement/${correction.statement}`}
        />
        <div class="actions">
          <Button kind="secondary" label="Download PDF" href={`${href}/statement.pdf`} />
          <Button kind="secondary" label="Download CSV" href={`${href}/statement.csv`} />
          <Button label="Record a payment" href={`${base(view.partner)}/step/PayShare?statement=${statement.statement}`} />
        </div>
      </>
    ),
  });
}

export async function partnerStatementFile(c: WebContext) {
  const opened = await openPartner(c);
  const statement = opened === undefined ? undefined : findStatement(opened.view, c.req.param("statement") ?? "");
  const response =
    opened === undefined || statement === undefined
      ? undefined
      : await statementResponse(c, opened.view, statement, c.req.param("file") === "statement.pdf" ? "pdf" : "csv");
  return response ?? noSuchPartner(c);
}

function noLink(c: WebContext, partner: PartnerId, why: string) {
  return deskFrame(
    c,
    {
      title: "No link was made",
      current: "partners",
      children: (
        <p>
          {why} <a href={base(partner)}>Back to {partner}</a>
        </p>
      ),
    },
    409,
  );
}

export async function partnerLink(c: WebContext) {
  const opened = await openPartner(c);
  if (opened === undefined) return noSuchPartner(c);
  const { view } = opened;
  const desk = c.get("desk");
  const how = (await c.req.parseBody())["how"];
  const mailbox = view.details?.notices;
  if (how === "back") {
    await takeEverythingBack(desk, view.partner, opened.by);
    return c.redirect(base(view.partner), 303);
  }
  // Whoever holds a shown link acts for the partner.
  if (how === "show" && !opened.askers.includes("counsel"))
    return noLink(c, view.partner, "Only counsel may show a link. Send it to the partner's mailbox instead.");
  const isSent = how === "mail" && mailbox !== undefined && (await mailPartnerLink(desk, view.partner, mailbox, opened.by));
  if (how !== "show" && !isSent) return noLink(c, view.partner, "No mail can be sent to this partner now. Counsel may show a link to hand over.");
  const link = isSent ? undefined : await makePartnerLink(desk, view.partner, opened.by);
  return deskFrame(c, {
    title: isSent ? "The link is on its way" : "A sign-in link for the partner",
    current: "partners",
    children: (
      <>
        {link === undefined ? (
          <p>
            A letter with a link goes to <bdi>{mailbox}</bdi>. It works once, for 30 minutes.
          </p>
        ) : (
          <>
            <p>It works once, for 30 minutes. Hand it to the partner by a way that you trust.</p>
            <Copyable id="link" label="Sign-in link" value={link} />
          </>
        )}
        <p>
          <a href={base(view.partner)}>Back to {view.partner}</a>
        </p>
      </>
    ),
  });
}
