// The place where hostile papers are opened and copies made: a thread that may be ended at any moment without harm to the desk.
import { parentPort } from "node:worker_threads";
import type {
  Approvals,
  CheckOutcome,
  InspectionOutcome,
  PageImageOutcome,
  PaperFinding,
  RedactionOutcome,
  SurveyOutcome,
  View,
} from "../../app/redaction-port.ts";
import { type Removal, type Target, removalsFor } from "../../production/redact/removals.ts";
import { findLeaks, pagesHolding } from "./find-leaks.ts";
import { inspectPaper } from "./inspect-paper.ts";
import { type Engine, startEngine } from "../pdf-engine.ts";
import { type RedactionLimits, type Refusable, pagePicture, redactPaper, redactionLimits, surveyPaper } from "./redact-paper.ts";

export type RedactionTask =
  | { readonly kind: "survey"; readonly bytes: Uint8Array; readonly view: View }
  | { readonly kind: "picture"; readonly bytes: Uint8Array; readonly page: number; readonly view?: View }
  | { readonly kind: "redact"; readonly bytes: Uint8Array; readonly view: View; readonly approvals: Approvals }
  | { readonly kind: "check"; readonly bytes: Uint8Array; readonly gone: readonly Target[] }
  | { readonly kind: "inspect"; readonly bytes: Uint8Array; readonly terms: readonly string[] };

export type TaskOutcome = SurveyOutcome | PageImageOutcome | RedactionOutcome | CheckOutcome | InspectionOutcome;

export interface TaskOrder {
  readonly number: number;
  readonly task: RedactionTask;
  readonly engineBytes: number;
  readonly limits: Partial<RedactionLimits>;
}

export type TaskReport =
  | { readonly number: number; readonly kind: "page"; readonly done: number; readonly of: number }
  | { readonly number: number; readonly kind: "outcome"; readonly outcome: TaskOutcome };

const port = parentPort;
if (port === null) throw new Error("the redaction worker runs only as a worker");
let engine: Promise<Engine> | undefined;

port.on("message", (order: TaskOrder) => {
  const report = (message: TaskReport): void => port.postMessage(message);
  const onPage = (done: number, of: number): void => report({ number: order.number, kind: "page", done, of });
  carryOut(order, onPage).then(
    (outcome) => port.postMessage({ number: order.number, kind: "outcome", outcome } satisfies TaskReport, handedOver(outcome)),
    () => {
      // An abort inside the engine leaves its memory in an unknown state.
      engine = undefined;
      report({ number: order.number, kind: "outcome", outcome: { kind: "refused", findings: [broke] } });
    },
  );
});

/** A finished copy is handed over and not copied once more. */
function handedOver(outcome: TaskOutcome): ArrayBuffer[] {
  if (outcome.kind !== "redacted") return [];
  const { buffer, byteLength } = outcome.pdf;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

const broke: PaperFinding = {
  code: "PDF_BROKEN",
  weight: "refuses",
  because: "The paper broke the program that reads it: it is damaged, or asks for more memory than a paper needs. Fetch it again, or print and scan it.",
};

async function carryOut(order: TaskOrder, onPage: (done: number, of: number) => void): Promise<TaskOutcome> {
  const { task } = order;
  const { bytes } = task;
  const limits = { ...redactionLimits, ...order.limits };
  const started = await (engine ??= startEngine(order.engineBytes));
  switch (task.kind) {
    case "survey":
      return surveyTwice({ engine: started, bytes, view: task.view, limits, onPage });
    case "picture":
      return answer(pagePicture({ engine: started, bytes, limits }, task.page, task.view), (result) => result);
    case "redact":
      return redactAndCheck({ engine: started, bytes, view: task.view, limits, onPage }, task.approvals);
    case "check": {
      const { leaks, pages } = await findLeaks(bytes, { targets: task.gone, words: new Set() }, onPage);
      const [first, ...more] = leaks;
      return first === undefined ? { kind: "clean", pages } : { kind: "leaks", leaks: [first, ...more] };
    }
    case "inspect":
      return answer(await inspectPaper({ engine: started, bytes, terms: task.terms, limits, onPage }), (result) => ({ kind: "inspected", ...result }));
    default:
      return task satisfies never;
  }
}

function answer<Result, Outcome>(refusable: Refusable<Result>, give: (result: Result) => Outcome): Outcome | Extract<Refusable<Result>, { kind: "refused" }> {
  return refusable.kind === "refused" ? refusable : give(refusable.result);
}

/** A page on which only the second engine finds something has letters that the first one misreads: no box would stand there. */
async function surveyTwice(job: Parameters<typeof surveyPaper>[0]): Promise<SurveyOutcome> {
  const survey = surveyPaper(job);
  if (survey.kind === "refused") return survey;
  const { pages, findings, view } = survey.result;
  const removals = removalsFor(job.view.audience, job.view.removals);
  const holding = await pagesHolding(
    job.bytes,
    removals.map(({ target }) => target),
    (done, of) => job.onPage(of + done, of * 2),
  );
  const boxed = new Set(pages.filter(({ boxes }) => boxes.some(({ removal }) => removals[removal]?.target.kind !== "region")).map(({ page }) => page));
  const disagree = [...holding].filter((page) => !boxed.has(page)).map(disagreement);
  return { kind: "surveyed", view, pages, findings: [...findings, ...disagree] };
}

function disagreement(page: number): PaperFinding {
  return {
    code: "ENGINES_DISAGREE",
    weight: "look",
    page,
    because: `A second program reads something on page ${page} that is to be taken out, and the first one does not. Read the page by eye and draw regions.`,
  };
}

/** The copy goes no further than this function unless the check found nothing in it. */
async function redactAndCheck(job: Parameters<typeof redactPaper>[0], approvals: Approvals): Promise<RedactionOutcome> {
  const made = redactPaper(job, approvals);
  if (made.kind === "refused") return made;
  const { pdf, pages, log, findings, goneWords } = made.result;
  const targets = removalsFor(job.view.audience, job.view.removals).map((removal: Removal) => removal.target);
  const checked = await findLeaks(pdf, { targets, words: goneWords }, () => job.onPage(pages * 2, pages * 2));
  const wrongPages = checked.pages === pages ? [] : [{ code: "UNREADABLE", engine: "pdf.js" } as const];
  const [first, ...more] = [...checked.leaks, ...wrongPages];
  return first === undefined ? { kind: "redacted", pdf, pages, log, findings } : { kind: "leaks", leaks: [first, ...more] };
}
