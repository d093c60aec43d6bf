// The owner's page: a letter, not a dashboard, with two large buttons and what happens if nobody presses one.
import type { Child } from "hono/jsx";
import { findCaseView, type CaseView, type LineView } from "../../app/case-view.ts";
import { findWorkspace } from "../../app/directory.ts";
import { copiesFor, type OwnerVisit } from "../../app/portal.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Clock } from "../look/clock.tsx";
import { BlockedStep, Button, ErrorSummary, Field, Reasons } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner } from "../look/records.tsx";
import { frame, Refusal, type WebContext } from "../web.tsx";
import { longestObjection, ownerActor, ownerPage } from "./owner-page.tsx";
import { ownView, type OwnView } from "./own-view.ts";

interface Attempt {
  readonly text?: string;
  readonly tooLong?: boolean;
  readonly reasons?: readonly Reason[];
}

export async function letterPage(c: WebContext, visit: OwnerVisit, attempt: Attempt = {}) {
  const desk = c.get("desk");
  const view = await findCaseView(desk, visit.caseId, ownerActor(visit), ["owner"]);
  if (view === undefined || view.secret) return closedForNow(c);
  const own = ownView(view, visit.workspace, ownerActor(visit), await copiesFor(desk, visit));
  const status = attempt.tooLong === true ? 422 : attempt.reasons === undefined ? 200 : 409;
  return frame(
    c,
    {
      title: "A legal request for data of your workspace",
      face: "owner",
      navigation: [],
      hasErrors: attempt.tooLong === true,
      alert: <Alerts c={c} own={own} attempt={attempt} />,
      children: (
        <Letter
          c={c}
          view={view}
          own={own}
          attempt={attempt}
          workspace={(await findWorkspace(desk, visit.workspace))?.name ?? "your workspace"}
          id={visit.workspace}
        />
      ),
    },
    status,
  );
}

/** A secrecy order that binds today also closes a page that was open yesterday. */
function closedForNow(c: WebContext) {
  const mailbox = c.get("desk").profile.mailboxes[0] ?? "";
  return ownerPage(c, "There is nothing to show at the moment", <p>Come back with the link from our letter later, or write to {mailbox}.</p>, 404);
}

function Alerts({ c, own, attempt }: { readonly c: WebContext; readonly own: OwnView; readonly attempt: Attempt }) {
  const [newest] = own.answers;
  if (attempt.tooLong === true) return <ErrorSummary errors={[{ field: "text", text: tooLongWords }]} />;
  if (attempt.reasons !== undefined) return <Refusal reasons={attempt.reasons} register={c.get("web").register} title="We could not take your answer" />;
  if (newest === undefined) return <></>;
  return (
    <Banner kind="done" title={newest.kind === "objected" ? "Your objection has arrived." : "You will answer the agency yourselves."}>
      <p>
        Recorded <Moment at={newest.at} zone={c.get("desk").zone} />.{" "}
        {newest.kind === "objected"
          ? "Everything stops until it is decided. Nothing is disclosed meanwhile, and we will write to you when there is a decision."
          : "We disclose nothing while you and the agency deal with each other."}
      </p>
    </Banner>
  );
}

const tooLongWords = `Shorten your reasons to ${longestObjection.toLocaleString("en")} characters; you can send us papers by e-mail`;

interface LetterProps {
  readonly c: WebContext;
  readonly view: CaseView;
  readonly own: OwnView;
  readonly attempt: Attempt;
  /** The workspace's name, and its id in the register. */
  readonly workspace: string;
  readonly id: string;
}

function Letter({ c, view, own, attempt, workspace, id }: LetterProps) {
  const { profile } = c.get("desk");
  const agency = view.privateDetails?.agency;
  return (
    <>
      <Prose>
        <p>Good day,</p>
        <p>
          {agency === undefined ? "A government agency" : <bdi>{agency}</bdi>} has asked {profile.legalEntity} for data of your workspace <bdi>{workspace}</bdi>
          . {toldWords(view)} Our case number is {view.caseId}.
        </p>
      </Prose>
      <Asked own={own} />
      <TimeToObject c={c} view={view} id={id} />
      <WhatWeMeanToSend c={c} view={view} own={own} />
      <Copies view={view} own={own} />
      <Answering c={c} view={view} own={own} attempt={attempt} />
      <Paper own={own} />
      <Prose>
        <p>You may want to show this letter to your lawyer. You can print it.</p>
        <p>
          {profile.legalEntity}
          <br />
          Legal requests, {profile.mailboxes[0] ?? ""}
        </p>
      </Prose>
    </>
  );
}

/** What the officer gets of a paper and what its owner may read of it are two views of one original. */
function Copies({ view, own }: { readonly view: CaseView; readonly own: OwnView }) {
  if (own.copies.length === 0) return <></>;
  return (
    <Prose>
      <h2>{view.release.released ? "Papers we sent, as you may read them" : "Papers we mean to send, as you may read them"}</h2>
      <p>These are your papers. Passages that concern other people are covered in your copy. The agency's copy may be covered in other places.</p>
      <ul>
        {own.copies.map(({ pages, redactions }, index) => {
          const covered = Object.values(redactions).reduce((sum, times) => sum + times, 0);
          return (
            <li>
              <a href={`/owner/${view.caseId}/copy/${index + 1}`}>{`Paper ${index + 1}, ${pages} ${pages === 1 ? "page" : "pages"} (PDF)`}</a>
              {covered === 0 ? ", nothing covered" : `, ${covered} ${covered === 1 ? "passage" : "passages"} covered`}
            </li>
          );
        })}
      </ul>
    </Prose>
  );
}

function toldWords(view: CaseView): string {
  if (view.release.released) return "Data has been handed over on this request.";
  if (view.outcome === "withdrawn") return "The agency has withdrawn the request. Nothing was handed over.";
  if (view.standing !== "open") return "The case is closed. Nothing was handed over.";
  return view.notice.late ? "The law forbade us to tell you until now." : "We tell you before anything is handed over.";
}

function Asked({ own }: { readonly own: OwnView }) {
  return (
    <Prose>
      <h2>What was asked for</h2>
      {own.lines.length === 0 ? (
        <p>Since we wrote to you, the request was read again. It no longer names an account of your workspace.</p>
      ) : (
        <ul>
          {own.lines.map(({ words }) => (
            <li>
              <bdi>{words}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Prose>
  );
}

function TimeToObject({ c, view, id }: { readonly c: WebContext; readonly view: CaseView; readonly id: string }) {
  const desk = c.get("desk");
  const clock = view.clocks.find((each) => each.id === `waiting:${id}`);
  if (view.release.released || view.standing !== "open") return <></>;
  return (
    <>
      <Prose>
        <h2>How long you have</h2>
        {clock === undefined ? <p>Your time to object starts when our letter has been sent. Until then nothing can be handed over.</p> : <></>}
      </Prose>
      {clock === undefined ? (
        <></>
      ) : (
        <Clock
          label="Your time to object"
          startedAt={clock.startedAt}
          dueAt={clock.dueAt}
          now={desk.ports.clock.now()}
          zone={desk.zone}
          derivation={clock.derivation}
          clause={clock.clause}
          register={c.get("web").register}
          state={clock.state}
        />
      )}
    </>
  );
}

function WhatWeMeanToSend({ c, view, own }: { readonly c: WebContext; readonly view: CaseView; readonly own: OwnView }) {
  const isSigned = view.timeline.some(({ type }) => type === "ReviewSigned");
  const reached = own.lines.filter(({ decision }) => decision === "allow");
  const refused = own.lines.filter(({ decision }) => decision === "deny");
  const open = own.lines.filter(({ decision }) => decision !== "allow" && decision !== "deny");
  const { released } = view.release;
  if (!released && view.standing !== "open") return <></>;
  return (
    <>
      <Prose>
        <h2>{released ? "What was handed over, as far as we hold it" : "What we mean to send"}</h2>
        {isSigned ? <></> : <p>Our review is not signed yet, so this may still become less.</p>}
        <Lines lines={reached} none="Nothing: as it stands, the paper reaches no line of your workspace." />
        {open.length === 0 ? (
          <></>
        ) : (
          <>
            <p>Not decided yet:</p>
            <Lines lines={open} none="" />
          </>
        )}
        {refused.length === 0 ? <></> : <p>{released ? "What was not handed over, and why:" : "What we do not mean to send, and why:"}</p>}
      </Prose>
      {refused.map(({ words, reasons }) => (
        <section class="owner-refused">
          <h3>
            <s>
              <bdi>{words}</bdi>
            </s>
          </h3>
          <Reasons reasons={reasons} register={c.get("web").register} />
        </section>
      ))}
    </>
  );
}

function Lines({ lines, none }: { readonly lines: readonly LineView[]; readonly none: string }) {
  if (lines.length === 0) return <p>{none}</p>;
  return (
    <ul>
      {lines.map(({ words, citation }) => (
        <li>
          <bdi>{words}</bdi>
          {citation === "" ? "" : ` (${citation})`}
        </li>
      ))}
    </ul>
  );
}

function Answering({ c, view, own, attempt }: Pick<LetterProps, "c" | "view" | "own" | "attempt">) {
  const against = (name: string) => view.steps.find((step) => step.name === name)?.against ?? [];
  const hasObjected = own.answers.some(({ kind }) => kind === "objected");
  const answersItself = own.answers.some(({ kind }) => kind === "answers-itself");
  const { register } = c.get("web");
  const isOver = view.standing !== "open" && !view.release.released;
  if (isOver || (hasObjected && answersItself)) return <></>;
  return (
    <>
      <Prose>
        <h2>What you can do</h2>
      </Prose>
      {hasObjected ? (
        <></>
      ) : (
        <Answer id="object" reasons={against("OwnerObjects")} label="We object" register={register}>
          <form method="post">
            <Prose>
              <p>You object: we stop, and nothing is handed over until your objection is decided.</p>
            </Prose>
            <Field
              kind="textarea"
              rows={6}
              id="text"
              name="text"
              label="Why you object"
              optional
              hint="In your own words. Counsel reads it; you can send papers by e-mail."
              value={attempt.text}
              error={attempt.tooLong === true ? tooLongWords : undefined}
              autocomplete="off"
            />
            <div class="actions">
              <Button label="We object" name="answer" value="object" />
            </div>
          </form>
        </Answer>
      )}
      {answersItself ? (
        <></>
      ) : (
        <Answer id="ourselves" reasons={against("OwnerAnswersItself")} label="We will answer ourselves" register={register}>
          <form method="post">
            <Prose>
              <p>You deal with the agency: we hand over nothing while you do.</p>
            </Prose>
            <div class="actions">
              <Button label="We will answer ourselves" name="answer" value="ourselves" kind="secondary" />
            </div>
          </form>
        </Answer>
      )}
      {own.answers.length > 0 || view.release.released || view.standing !== "open" ? (
        <></>
      ) : (
        <Prose>
          <h2>If you do nothing</h2>
          <p>
            When your time is over, we hand over the least that the law compels, encrypted, to the agency that asked. You need not answer, and not answering is
            no consent.
          </p>
        </Prose>
      )}
    </>
  );
}

function Answer({
  id,
  label,
  reasons,
  register,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly reasons: readonly Reason[];
  readonly register: Parameters<typeof Reasons>[0]["register"];
  readonly children: Child;
}) {
  return reasons.length === 0 ? <>{children}</> : <BlockedStep id={id} label={label} reasons={reasons} register={register} />;
}

function Paper({ own }: { readonly own: OwnView }) {
  if (own.texts.length === 0) {
    return (
      <Prose>
        <h2>The request itself</h2>
        <p>The paper also speaks of others, so we cannot show it to you. The lines above are everything it asks of your workspace.</p>
      </Prose>
    );
  }
  return (
    <>
      <Prose>
        <h2>The request itself</h2>
        <p>As our program read it, without its layout.</p>
      </Prose>
      {own.texts.map(({ id, text }) => (
        <section>
          <h3>{sourceWords(id)}</h3>
          <div class="letter">
            <div class="letter-body">
              <TextLines text={text.slice(0, longestShown)} />
              {text.length > longestShown ? <p>The text goes on. Ask us for the whole paper.</p> : <></>}
            </div>
          </div>
        </section>
      ))}
    </>
  );
}

function TextLines({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split(/\n{2,}/)
        .filter((paragraph) => paragraph.trim() !== "")
        .map((paragraph) => (
          <p dir="auto">
            {paragraph.split("\n").map((line, index) =>
              index === 0 ? (
                line
              ) : (
                <>
                  <br />
                  {line}
                </>
              ),
            )}
          </p>
        ))}
    </>
  );
}

/** UTF-16 code units of one text: a page that a telephone can still open. */
const longestShown = 60_000;

function sourceWords(id: string): string {
  if (id === "subject") return "Subject";
  return id === "body" ? "The agency's message" : `Attachment ${id.replace("attachment-", "")}`;
}
