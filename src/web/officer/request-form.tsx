// The form: one question a page, answers carried in the page itself, a list of tasks, and a last look before it is sent.
import type { Child } from "hono/jsx";
import { dayOf } from "../../kernel/instant.ts";
import type { Desk } from "../../app/desk.ts";
import { Button, ErrorSummary, Field, type FormError } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { WebContext } from "../web.tsx";
import { answerNames, cleanAnswer, errorsOf, questionIds, readCarried, type AnswerName, type Answers, type QuestionId } from "./answers.ts";
import { questions } from "./questions.tsx";
import { facePath, officerPage, proveFirst, provenMailbox } from "./visit.tsx";

/** What one page hands to the next: everything is in the page, nothing on the server. */
export interface Draft {
  readonly answers: Answers;
  /** Made when the form is opened: the same form sent twice opens one case. */
  readonly form: string;
}

type Target = QuestionId | "list" | "check";

export async function openForm(c: WebContext) {
  const mailbox = await provenMailbox(c);
  if (mailbox === undefined) return proveFirst(c);
  return listPage(c, mailbox, { answers: {}, form: c.get("desk").ports.chance.id() });
}

/** Every move within the form: on, back, to the list, to one question. Only moving on checks the answer. */
export async function moveOn(c: WebContext) {
  const mailbox = await provenMailbox(c);
  if (mailbox === undefined) return proveFirst(c);
  const body = await c.req.parseBody({ all: true });
  const at = questionIds.find((id) => id === body["at"]);
  const draft = withAnswers(readDraft(c, body), at === undefined ? {} : body);
  const wanted = typeof body["go"] === "string" ? body["go"] : "list";
  if (at === undefined || wanted !== "next") return showPage(c, mailbox, draft, targetOf(wanted));
  const errors = errorsOf(at, { answers: draft.answers, desk: c.get("desk"), today: todayOf(c.get("desk")) });
  if (errors.length > 0) return questionPage(c, mailbox, draft, at, errors);
  return showPage(c, mailbox, draft, openQuestion(c.get("desk"), draft.answers, at));
}

export function todayOf(desk: Desk) {
  return dayOf(desk.ports.clock.now(), desk.zone);
}

type Body = Readonly<Record<string, string | File | readonly (string | File)[]>>;

export function readDraft(c: WebContext, body: Body): Draft {
  const form = typeof body["form"] === "string" && /^[\w-]{10,60}$/.test(body["form"]) ? body["form"] : c.get("desk").ports.chance.id();
  return { form, answers: readCarried(typeof body["answers"] === "string" ? body["answers"] : undefined) };
}

/** The fields of the page that was sent replace what was carried; an emptied field empties the answer. */
function withAnswers({ answers, form }: Draft, body: Body): Draft {
  const at = questionIds.find((id) => id === body["at"]);
  const sent = answerNames.flatMap((name): [AnswerName, string][] => {
    const value = textOf(body[name]);
    return value === undefined ? [] : [[name, cleanAnswer(name, value)]];
  });
  const merged: Record<string, string> = { ...answers, ...Object.fromEntries(sent) };
  // A browser sends nothing at all for a group of boxes without a tick.
  if (at === "types" && body["dataTypes"] === undefined) delete merged["dataTypes"];
  return { form, answers: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== "")) };
}

function textOf(value: Body[string] | undefined): string | undefined {
  if (Array.isArray(value)) return value.filter((each) => typeof each === "string").join(" ");
  return typeof value === "string" ? value : undefined;
}

function targetOf(wanted: string): Target {
  return questionIds.find((id) => id === wanted) ?? (wanted === "check" ? "check" : "list");
}

/** The next question after this one that is not in order; the last look when all are. */
function openQuestion(desk: Desk, answers: Answers, after: QuestionId): Target {
  const from = questionIds.indexOf(after) + 1;
  const inOrder = [...questionIds.slice(from), ...questionIds.slice(0, from)];
  return inOrder.find((id) => !isAnswered(desk, answers, id)) ?? "check";
}

function isAnswered(desk: Desk, answers: Answers, id: QuestionId): boolean {
  return errorsOf(id, { answers, desk, today: todayOf(desk) }).length === 0;
}

function showPage(c: WebContext, mailbox: string, draft: Draft, target: Target) {
  if (target === "list") return listPage(c, mailbox, draft);
  if (target === "check") return checkPage(c, mailbox, draft, []);
  return questionPage(c, mailbox, draft, target, []);
}

function Carried({ draft }: { readonly draft: Draft }) {
  return (
    <>
      <input type="hidden" name="answers" value={JSON.stringify(draft.answers)} />
      <input type="hidden" name="form" value={draft.form} />
    </>
  );
}

function Go({ to, children, id }: { readonly to: Target; readonly children: Child; readonly id?: string }) {
  return (
    <button class="button button-quiet" type="submit" name="go" value={to} id={id} formnovalidate>
      {children}
    </button>
  );
}

function listPage(c: WebContext, mailbox: string, draft: Draft) {
  const desk = c.get("desk");
  const done = questionIds.filter((id) => isAnswered(desk, draft.answers, id)).length;
  const next = questionIds.find((id) => !isAnswered(desk, draft.answers, id));
  return officerPage(c, {
    title: "Your request",
    mailbox,
    children: (
      <form method="post" action={`${facePath}/request`}>
        <Carried draft={draft} />
        <Prose>
          <p>
            {done} of {questionIds.length} questions are answered. Your answers stay in this page until you send them; leaving the form discards them.
          </p>
        </Prose>
        <ul class="tasks">
          {questionIds.map((id) => (
            <li>
              <Go to={id}>{questions[id].short}</Go>
              {isAnswered(desk, draft.answers, id) ? (
                <StateTag state="kept" word={id === "key" && draft.answers.deliveryKey === undefined ? "Left open" : "Answered"} />
              ) : (
                <StateTag state="open" word="Not answered" />
              )}
            </li>
          ))}
        </ul>
        <div class="actions">
          <Button
            label={next === undefined ? "Check your answers" : done === 0 ? "Start with the first question" : "Go on with the next question"}
            name="go"
            value={next ?? "check"}
          />
        </div>
      </form>
    ),
  });
}

function questionPage(c: WebContext, mailbox: string, draft: Draft, id: QuestionId, errors: readonly FormError[]) {
  const { title, fields } = questions[id];
  const position = questionIds.indexOf(id);
  const before = questionIds[position - 1];
  return officerPage(
    c,
    {
      title,
      mailbox,
      hasErrors: errors.length > 0,
      alert: <ErrorSummary errors={errors} />,
      children: (
        <form method="post" action={`${facePath}/request`} novalidate>
          <Carried draft={draft} />
          <input type="hidden" name="at" value={id} />
          <Prose>
            <p>
              Question {position + 1} of {questionIds.length}
            </p>
          </Prose>
          {fields({ answers: draft.answers, errors, desk: c.get("desk"), mailbox })}
          <div class="actions">
            <Button label="Save and continue" name="go" value="next" />
            {before === undefined ? <></> : <Go to={before}>Back</Go>}
            <Go to="list">All questions</Go>
          </div>
        </form>
      ),
    },
    errors.length > 0 ? 422 : 200,
  );
}

/** Together, before the letters of MIME make them a third longer. */
export const mostAttachedBytes = 60 * 1024 * 1024;

export function checkPage(
  c: WebContext,
  mailbox: string,
  draft: Draft,
  errors: readonly FormError[],
  status: 200 | 413 | 422 | 429 = errors.length > 0 ? 422 : 200,
) {
  const desk = c.get("desk");
  const error = (field: string) => errors.find((each) => each.field === field)?.text;
  return officerPage(
    c,
    {
      title: "Check your answers and send",
      mailbox,
      hasErrors: errors.length > 0,
      alert: <ErrorSummary errors={errors} />,
      children: (
        <>
          <form method="post" action={`${facePath}/request`}>
            <Carried draft={draft} />
            <dl class="summary">
              <div>
                <dt>From</dt>
                <dd>
                  <bdi>{mailbox}</bdi>
                </dd>
              </div>
              {questionIds.map((id) => (
                <div>
                  <dt>{questions[id].short}</dt>
                  <dd>
                    {questions[id].read(draft.answers, desk) ?? <span class="absent">Not answered</span>}
                    {error(`change-${id}`) === undefined ? <></> : <p class="field-error">{error(`change-${id}`)}</p>}
                  </dd>
                  <dd class="summary-change">
                    <Go to={id} id={`change-${id}`}>
                      Change<span class="sr-only"> {questions[id].short}</span>
                    </Go>
                  </dd>
                </div>
              ))}
            </dl>
          </form>
          <form method="post" action={`${facePath}/request/send`} enctype="multipart/form-data">
            <Carried draft={draft} />
            <Field
              kind="file"
              multiple
              id="papers"
              name="papers"
              label="Attach the paper"
              optional
              error={error("papers")}
              hint="The signed paper, and the secrecy order when there is one. PDF is best; 60 MB together, 20 files. Without the paper we must ask you for it."
            />
            <p>The request is recorded when it arrives, unchanged. You get a case number and a receipt.</p>
            <div class="actions">
              <Button label="Send the request" />
            </div>
          </form>
        </>
      ),
    },
    status,
  );
}
