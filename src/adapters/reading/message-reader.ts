// Has messages read in a thread with limits on memory and time, and tells what was too costly instead of failing.
import { Worker } from "node:worker_threads";
import type { MessageReader, RawMessage, ReadMessage, ReadingProblem } from "../../app/reading-port.ts";
import type { ReadingReport, ReadingTask } from "./reading-worker.ts";

export interface ReaderSettings {
  /** For taking a message apart, and again for each PDF in it. */
  readonly stepMs: number;
  /** For one message with all its PDFs; the rest of them stay closed. */
  readonly totalMs: number;
  readonly memoryMebibytes: number;
}

const ordinary: ReaderSettings = { stepMs: 30_000, totalMs: 180_000, memoryMebibytes: 768 };

/** One message at a time, in the order they were asked for. An idle reader does not keep the process alive. */
export function startMessageReader(settings: Partial<ReaderSettings> = {}): MessageReader {
  const chosen = { ...ordinary, ...settings };
  let worker: Worker | undefined;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };
  const attempt = async (task: ReadingTask, lastMoment = Number.POSITIVE_INFINITY): Promise<Attempt> => {
    if (closed) throw new Error("the message reader is closed");
    worker ??= startWorker(chosen, () => (worker = undefined));
    const outcome = await runTask(worker, task, chosen.stepMs, lastMoment);
    if (outcome.kind === "died") worker = undefined;
    return outcome;
  };

  return {
    read: (raw) => inTurn(() => readPatiently(raw, chosen.totalMs, attempt)),
    extractAttachment: (raw, index) =>
      inTurn(async () => {
        const outcome = await attempt({ kind: "extract", raw, index });
        return outcome.kind === "extracted" ? outcome.content : undefined;
      }),
    close: async () => {
      closed = true;
      await queue;
      await worker?.terminate();
      worker = undefined;
    },
  };
}

function startWorker(settings: ReaderSettings, onExit: () => void): Worker {
  const worker = new Worker(new URL("./reading-worker.ts", import.meta.url), {
    // Nothing of the desk's surroundings belongs next to hostile bytes.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMebibytes, maxYoungGenerationSizeMb: 64, stackSizeMb: 8 },
  });
  // An idle worker that dies is replaced at the next message.
  worker.on("error", () => {});
  worker.on("exit", onExit);
  worker.unref();
  return worker;
}

type Attempt =
  | { readonly kind: "read"; readonly message: ReadMessage }
  | { readonly kind: "extracted"; readonly content: Uint8Array | undefined }
  | { readonly kind: "died"; readonly atPdf: number | undefined };

function runTask(worker: Worker, task: ReadingTask, stepMs: number, lastMoment: number): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    let atPdf: number | undefined;
    let timer = setTimeout(giveUp, stepMs);
    function settle(): void {
      clearTimeout(timer);
      // One by one: to remove all of them would also remove the ones that Node's own plumbing rests on.
      worker.off("message", take).off("error", giveUp).off("exit", giveUp);
      worker.unref();
    }
    function giveUp(): void {
      settle();
      worker.terminate().then(() => resolve({ kind: "died", atPdf }), reject);
    }
    worker.ref();
    function take(report: ReadingReport): void {
      if (report.kind === "pdf-started") {
        atPdf = report.attachment;
        clearTimeout(timer);
        timer = setTimeout(giveUp, Math.max(0, Math.min(stepMs, lastMoment - performance.now())));
        return;
      }
      settle();
      if (report.kind === "failed") reject(new Error("the message could not be fetched for reading", { cause: report.error }));
      else resolve(report);
    }
    worker.on("message", take);
    worker.on("error", giveUp);
    worker.on("exit", giveUp);
    worker.postMessage(task);
  });
}

const mostPdfRetries = 3;
const firstBytes = 256 * 1024;
const everyPdf: readonly number[] = Array.from({ length: 1000 }, (_, index) => index + 1);

/** Leaves out what was too costly and tries again, down to the first bytes of the message, and then to nothing but the truth about it. */
async function readPatiently(raw: RawMessage, totalMs: number, attempt: (task: ReadingTask, lastMoment?: number) => Promise<Attempt>): Promise<ReadMessage> {
  const lastMoment = performance.now() + totalMs;
  let skipPdfs: readonly number[] = [];
  for (let retry = 0; retry <= mostPdfRetries; retry++) {
    const outcome = await attempt({ kind: "read", raw, skipPdfs }, lastMoment);
    if (outcome.kind === "read") return outcome.message;
    if (outcome.kind === "died" && outcome.atPdf === undefined) break;
    if (outcome.kind === "died" && outcome.atPdf !== undefined)
      skipPdfs = retry === mostPdfRetries - 1 || performance.now() > lastMoment ? everyPdf : [...skipPdfs, outcome.atPdf];
  }
  const outcome = await attempt({ kind: "read", raw, skipPdfs: everyPdf, onlyFirstBytes: firstBytes });
  return outcome.kind === "read" ? { ...outcome.message, problems: [tooCostly, ...outcome.message.problems] } : unreadable;
}

const tooCostly: ReadingProblem = {
  code: "READING_TOO_COSTLY",
  because: "The message takes more time or memory to read than a request needs. At most its beginning was read; open the original with care.",
};

const unreadable: ReadMessage = {
  sha256: "",
  sizeBytes: 0,
  from: [],
  replyTo: [],
  to: [],
  automatic: false,
  text: "",
  languages: [],
  attachments: [],
  sources: [],
  problems: [tooCostly],
};
