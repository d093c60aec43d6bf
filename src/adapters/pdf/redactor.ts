// Has papers redacted in a thread with limits on memory and time, and says what was too costly instead of failing.
import { Worker } from "node:worker_threads";
import type {
  Asking,
  CheckOutcome,
  InspectionOutcome,
  PageImageOutcome,
  PaperFinding,
  RedactionOutcome,
  Redactor,
  SurveyOutcome,
} from "../../app/redaction-port.ts";
import type { RedactionLimits } from "./redact-paper.ts";
import type { RedactionTask, TaskOrder, TaskOutcome, TaskReport } from "./redaction-worker.ts";

export interface RedactorSettings {
  /** Without any page being finished. */
  readonly stepMs: number;
  /** For one whole task. */
  readonly totalMs: number;
  /** What the engine may hold at once. */
  readonly engineMebibytes: number;
  /** What the rest of the thread may hold, apart from the bytes of the paper and its copy. */
  readonly memoryMebibytes: number;
  readonly limits: Partial<RedactionLimits>;
}

const ordinary: RedactorSettings = { stepMs: 60_000, totalMs: 3_600_000, engineMebibytes: 768, memoryMebibytes: 1024, limits: {} };

/** One task at a time, in the order they were asked. An idle redactor does not keep the process alive. */
export function startRedactor(settings: Partial<RedactorSettings> = {}): Redactor {
  const chosen = { ...ordinary, ...settings };
  let worker: Worker | undefined;
  let closed = false;
  let last = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const ask = <Outcome extends TaskOutcome>(task: RedactionTask, asking: Asking = {}): Promise<Outcome | Refusal> => {
    const result = queue.then(async () => {
      if (closed) throw new Error("the redactor is closed");
      if (asking.signal?.aborted === true) return stopped;
      const order: TaskOrder = { number: ++last, task, engineBytes: chosen.engineMebibytes * 1024 * 1024, limits: chosen.limits };
      const own = (worker ??= startWorker(chosen, (ended) => {
        if (worker === ended) worker = undefined;
      }));
      const ending = await runTask(own, order, chosen, asking);
      if (ending.kind === "answered") return ending.outcome as Outcome;
      if (worker === own) worker = undefined;
      return ending.kind === "stopped" ? stopped : tooCostly;
    });
    queue = result.catch(() => {});
    return result;
  };

  return {
    survey: (bytes, view, asking) => ask<SurveyOutcome>({ kind: "survey", bytes, view }, asking),
    renderPage: (bytes, page, view) => ask<PageImageOutcome>(view === undefined ? { kind: "picture", bytes, page } : { kind: "picture", bytes, page, view }),
    redact: (bytes, view, approvals, asking) => ask<RedactionOutcome>({ kind: "redact", bytes, view, approvals }, asking),
    check: (bytes, gone, asking) => ask<CheckOutcome>({ kind: "check", bytes, gone }, asking),
    inspect: (bytes, terms = [], asking) => ask<InspectionOutcome>({ kind: "inspect", bytes, terms }, asking),
    close: async () => {
      closed = true;
      await queue;
      await worker?.terminate();
      worker = undefined;
    },
  };
}

interface Refusal {
  readonly kind: "refused";
  readonly findings: readonly [PaperFinding];
}

const stopped: Refusal = { kind: "refused", findings: [{ code: "STOPPED", weight: "refuses", because: "The work was stopped, and nothing was kept of it." }] };

const tooCostly: Refusal = {
  kind: "refused",
  findings: [
    {
      code: "PDF_TOO_COSTLY",
      weight: "refuses",
      because: "The paper takes more time or memory than a paper needs, and nothing was kept of it. Split it, or print and scan it.",
    },
  ],
};

function startWorker(settings: RedactorSettings, onExit: (ended: Worker) => void): Worker {
  const worker = new Worker(new URL("./redaction-worker.ts", import.meta.url), {
    // Nothing of the desk's surroundings belongs next to hostile bytes, and what engines print may come from a paper.
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMebibytes, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  // An idle worker that dies is replaced at the next task.
  worker.on("error", () => {});
  worker.on("exit", () => onExit(worker));
  worker.unref();
  return worker;
}

type Ending = { readonly kind: "answered"; readonly outcome: TaskOutcome } | { readonly kind: "stopped" } | { readonly kind: "died" };

function runTask(worker: Worker, order: TaskOrder, settings: RedactorSettings, asking: Asking): Promise<Ending> {
  return new Promise((resolve) => {
    const lastMoment = performance.now() + settings.totalMs;
    let timer = setTimeout(died, Math.min(settings.stepMs, settings.totalMs));
    function settle(): void {
      clearTimeout(timer);
      worker.off("message", take).off("error", died).off("exit", died);
      asking.signal?.removeEventListener("abort", stop);
      worker.unref();
    }
    function end(ending: Ending): void {
      settle();
      worker.terminate().then(
        () => resolve(ending),
        () => resolve(ending),
      );
    }
    function died(): void {
      end({ kind: "died" });
    }
    function stop(): void {
      end({ kind: "stopped" });
    }
    function take(report: TaskReport): void {
      if (report.number !== order.number) return;
      if (report.kind === "page") {
        clearTimeout(timer);
        timer = setTimeout(died, Math.max(0, Math.min(settings.stepMs, lastMoment - performance.now())));
        asking.onPage?.(report.done, report.of);
        return;
      }
      settle();
      resolve({ kind: "answered", outcome: report.outcome });
    }
    worker.ref();
    worker.on("message", take);
    worker.on("error", died);
    worker.on("exit", died);
    asking.signal?.addEventListener("abort", stop);
    worker.postMessage(order);
  });
}
