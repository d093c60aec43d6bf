// One case as the officer who sent it may see it: where it stands, what is missing, our letters, and the few steps that are theirs.
import { caseStream } from "../../kernel/ids.ts";
import { findOwnCase, officerActor, readCaseNumber, receiptProof } from "../../app/portal.ts";
import type { CaseView, LetterView } from "../../app/case-view.ts";
import { handle } from "../../app/handle.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { ClauseChip } from "../look/clause-chip.tsx";
import { Button, ErrorSummary, Field, SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner, SealMark } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { State } from "../look/icons.tsx";
import { formText, Refusal, type WebContext } from "../web.tsx";
import { facePath, notYours, officerPage, proveFirst, provenMailbox } from "./visit.tsx";

interface Visit {
  readonly mailbox: string;
  readonly view: CaseView;
}

/** Every page of a case begins here: a session, and a case that this mailbox sent. */
export function forOwnCase(show: (c: WebContext, visit: Visit) => Response | Promise<Response>) {
  return async (c: WebContext): Promise<Response> => {
    const mailbox = await provenMailbox(c);
    if (mailbox === undefined) return proveFirst(c);
    const view = await findOwnCase(c.get("desk"), mailbox, c.req.param("id") ?? "");
    return view === undefined ? notYours(c, mailbox) : show(c, { mailbox, view });
  };
}

export async function lookUpPage(c: WebContext, given = "", error?: string) {
  const mailbox = await provenMailbox(c);
  if (mailbox === undefined) return proveFirst(c);
  return officerPage(
    c,
    {
      title: "Look up your case",
      mailbox,
      hasErrors: error !== undefined,
      alert: <ErrorSummary errors={error === undefined ? [] : [{ field: "number", text: error }]} />,
      children: (
        <form method="post" novalidate>
          <Field
            kind="text"
            id="number"
            name="number"
            width="medium"
            label="Case number"
            value={given}
            error={error}
            autocomplete="off"
            hint="Such as C-7F3K-2M9Q. It stands in our acknowledgement and on your receipt. You see only cases that came from your mailbox."
          />
          <Button label="Show the case" />
        </form>
      ),
    },
    error === undefined ? 200 : 422,
  );
}

export async function lookUp(c: WebContext) {
  const given = (await formText(c))["number"] ?? "";
  const caseId = readCaseNumber(given);
  return caseId === undefined ? lookUpPage(c, given.slice(0, 40), "Enter a case number such as C-7F3K-2M9Q") : c.redirect(`${facePath}/case/${caseId}`, 303);
}

interface Standing {
  readonly word: string;
  readonly state: State;
  readonly means: string;
}

const checking: Standing = { word: "Being checked", state: "open", means: "We check who sent it and what the paper says. We may call your agency." };
const waiting: Standing = { word: "Waiting", state: "held", means: "The review is done. A waiting time runs, or somebody outside the desk must act first." };
const answered: Standing = { word: "Answered", state: "kept", means: "We have answered. Our letters below say how." };

/** Five words, and the two ends that are not an answer. Why the desk waits or doubts stays on the desk. */
const standings: Readonly<Record<CaseView["stage"], Standing>> = {
  new: { word: "Received", state: "open", means: "Your request is recorded, unchanged. Nobody has looked at it yet." },
  checking,
  held: checking,
  review: { word: "Under review", state: "open", means: "Counsel holds each line of the request against the paper and the law." },
  waiting,
  ready: waiting,
  suspended: waiting,
  released: answered,
  closed: answered,
  "set-aside": {
    word: "Set aside",
    state: "kept",
    means: "The message was read as no request for data. If it is one, answer our letter or write to us with the case number.",
  },
  withdrawn: { word: "Withdrawn", state: "kept", means: "The request was withdrawn. Nothing is disclosed on it." },
};

export function casePage(c: WebContext, { mailbox, view }: Visit, reasons: readonly Reason[] = []) {
  const { register } = c.get("web");
  const desk = c.get("desk");
  const { word, state, means } = standings[view.stage];
  const isOpen = view.standing === "open";
  return officerPage(
    c,
    {
      title: `Case ${view.caseId}`,
      mailbox,
      alert: reasons.length === 0 ? undefined : <Refusal reasons={reasons} register={register} />,
      children: (
        <>
          <p>
            <StateTag state={state} word={word} />
          </p>
          <p>{means}</p>
          <SummaryList
            answers={[
              { label: "Received", value: <Moment at={view.receivedAt} zone={desk.zone} /> },
              { label: "Proof of receipt", value: <a href={`${facePath}/case/${view.caseId}/receipt`}>Receipt and its proof</a> },
            ]}
          />
          {isOpen && view.missing.length > 0 ? <Missing c={c} view={view} /> : <></>}
          <OwnSteps view={view} />
          <Letters c={c} letters={view.letters.filter(({ to, content }) => to === "agency" && content?.to.toLowerCase() === mailbox.toLowerCase())} />
        </>
      ),
    },
    reasons.length === 0 ? 200 : 409,
  );
}

function Missing({ c, view }: { readonly c: WebContext; readonly view: CaseView }) {
  const { register } = c.get("web");
  return (
    <>
      <h2>What the request still needs</h2>
      <ul class="reasons">
        {view.missing.map(({ ask, clause }) => (
          <li>
            <span dir="auto">{ask}</span> <ClauseChip clause={clause} register={register} />
          </li>
        ))}
      </ul>
      <p>Send it in one message from the same mailbox, with {view.caseId} in the subject line.</p>
    </>
  );
}

function isOffered(view: CaseView, name: string): boolean {
  return view.steps.some((step) => step.name === name && step.against.length === 0);
}

function OwnSteps({ view }: { readonly view: CaseView }) {
  const path = `${facePath}/case/${view.caseId}`;
  return (
    <>
      {isOffered(view, "RecordReferralAnswer") ? (
        <>
          <h2>We asked you to turn to the customer</h2>
          <p>The data belongs to one of our customers. Will you ask the customer instead?</p>
          <form method="post" action={`${path}/referral`}>
            <div class="actions">
              <Button label="We will ask the customer" name="answer" value="agency-turns-to-customer" kind="secondary" />
              <Button label="We cannot; go on with the review" name="answer" value="agency-declines" kind="secondary" />
            </div>
          </form>
        </>
      ) : (
        <></>
      )}
      {isOffered(view, "AnswerRecall") ? (
        <>
          <h2>We took back a production</h2>
          <p>Our letter below says why and what we ask. Destroy every copy, also those you gave to others, then tell us here.</p>
          <form method="post" action={`${path}/recall`}>
            <Field kind="textarea" rows={3} id="words" name="words" label="What you did, where copies were, and who did it" autocomplete="off" />
            <div class="actions">
              <Button label="Every copy is destroyed" name="answer" value="destroyed" />
              <Button label="It was never opened, and is deleted" name="answer" value="not-opened" kind="secondary" />
              <Button label="It was sent back, and no copy is kept" name="answer" value="returned" kind="secondary" />
              <Button label="We do not give it up" name="answer" value="refused" kind="secondary" />
            </div>
          </form>
        </>
      ) : (
        <></>
      )}
      {isOffered(view, "RecordWithdrawal") ? (
        <div class="actions">
          <a class="button button-secondary" href={`${path}/withdraw`}>
            Withdraw the request
          </a>
        </div>
      ) : (
        <></>
      )}
    </>
  );
}

function Letters({ c, letters }: { readonly c: WebContext; readonly letters: readonly LetterView[] }) {
  const { zone } = c.get("desk");
  if (letters.length === 0) return <></>;
  return (
    <>
      <h2>Our letters to you</h2>
      {letters.map(({ content, writtenAt, state }) => (
        <section>
          <h3>
            <bdi>{content?.subject ?? "A letter that was forgotten"}</bdi>
          </h3>
          <p>
            Written <Moment at={writtenAt} zone={zone} />, {letterWords[state]}
          </p>
          <div class="letter">
            <LetterText text={content?.text ?? ""} />
          </div>
        </section>
      ))}
    </>
  );
}

const letterWords = { waiting: "waiting to be sent", sent: "sent", failed: "could not be delivered" } as const;

/** A letter's own line breaks, without a style of its own. */
function LetterText({ text }: { readonly text: string }) {
  return (
    <div class="letter-body">
      {text
        .split(/\n{2,}/)
        .filter((paragraph) => paragraph.trim() !== "")
        .map((paragraph) => (
          <p dir="auto">
            {paragraph.split("\n").map((line, index) => (
              <>
                {index === 0 ? <></> : <br />}
                {line}
              </>
            ))}
          </p>
        ))}
    </div>
  );
}

export function withdrawPage(c: WebContext, { mailbox, view }: Visit) {
  if (!isOffered(view, "RecordWithdrawal")) return casePage(c, { mailbox, view }, view.steps.find(({ name }) => name === "RecordWithdrawal")?.against ?? []);
  return officerPage(c, {
    title: `Withdraw case ${view.caseId}`,
    mailbox,
    children: (
      <form method="post">
        <p>The case is closed at once and nothing is disclosed on it. This cannot be taken back; a new request opens a new case.</p>
        <div class="actions">
          <Button label="Withdraw the request" kind="danger" />
          <a class="button button-secondary" href={`${facePath}/case/${view.caseId}`}>
            Keep it
          </a>
        </div>
      </form>
    ),
  });
}

export async function withdraw(c: WebContext, visit: Visit) {
  return take(c, visit, { type: "RecordWithdrawal" });
}

export async function answerReferral(c: WebContext, visit: Visit) {
  return take(c, visit, { type: "RecordReferralAnswer", answer: (await formText(c))["answer"] });
}

export async function attestRecall(c: WebContext, visit: Visit) {
  const { answer, words = "" } = await formText(c);
  return take(c, visit, { type: "AnswerRecall", answer, private: { words } });
}

async function take(c: WebContext, { mailbox, view }: Visit, command: { readonly type: string; readonly [member: string]: unknown }) {
  const handled = await handle(c.get("desk"), { caseId: view.caseId, by: officerActor(view.caseId), askers: ["officer"], command });
  if (handled.kind === "refused") return casePage(c, { mailbox, view }, handled.reasons);
  c.get("web").nudge();
  return c.redirect(`${facePath}/case/${view.caseId}`, 303);
}

export async function receiptPage(c: WebContext, { mailbox, view }: Visit) {
  const proof = await receiptProof(c.get("desk"), view.caseId);
  const path = `${facePath}/case/${view.caseId}`;
  const isAgain = c.req.query("again") !== undefined;
  return officerPage(c, {
    title: "Your receipt",
    mailbox,
    alert: isAgain ? <Banner kind="note" title="This form was sent before: it is the same case." /> : <Banner kind="done" title="Your request is recorded." />,
    children: (
      <>
        <SummaryList
          answers={[
            { label: "Case number", value: <strong>{view.caseId}</strong> },
            { label: "Received", value: <Moment at={view.receivedAt} zone={c.get("desk").zone} /> },
            {
              label: "In the ledger",
              value: <SealMark seal={proof === undefined ? { status: "recorded" } : { status: "sealed", position: proof.position }} />,
            },
          ]}
        />
        <p>
          The arrival of your request stands in an append-only ledger at a position that never changes. The proof shows it to anybody, without asking us and
          without telling what you asked for.
        </p>
        <ul>
          <li>
            <a href={`${path}/proof.json`} download>
              Download the proof
            </a>{" "}
            (JSON)
          </li>
          <li>
            <a href={`${path}/checkpoint.txt`} download>
              Download the signed checkpoint
            </a>{" "}
            (signed note)
          </li>
        </ul>
        <div class="actions">
          <a class="button button-primary" href={path}>
            Go to the case
          </a>
        </div>
      </>
    ),
  });
}

export async function proofFile(c: WebContext, { mailbox, view }: Visit) {
  const { installation } = c.get("web");
  const proof = await receiptProof(c.get("desk"), view.caseId);
  if (proof === undefined) return notYours(c, mailbox);
  const text = JSON.stringify({ case: view.caseId, stream: caseStream(view.caseId), logKey: installation.logKey, proof }, null, 2);
  return asFile(c, `${view.caseId}-receipt.json`, "application/json; charset=utf-8", `${text}\n`);
}

export async function checkpointFile(c: WebContext, { mailbox, view }: Visit) {
  const proof = await receiptProof(c.get("desk"), view.caseId);
  return proof === undefined ? notYours(c, mailbox) : asFile(c, `${view.caseId}-checkpoint.txt`, "text/plain; charset=utf-8", proof.checkpoint);
}

function asFile(c: WebContext, name: string, type: string, text: string) {
  return c.body(text, 200, { "Content-Type": type, "Content-Disposition": `attachment; filename="${name}"`, "Cache-Control": "no-store" });
}
