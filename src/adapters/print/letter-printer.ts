// Prints letters as tagged PDF in a thread of its own, with a limit on time; a letter that cannot be printed is an answer, not a crash.
import { Worker } from "node:worker_threads";
import type { LetterPrinter, Printed } from "../../app/ports.ts";
import type { PrintingReport, PrintingTask } from "./print-worker.ts";

export interface PrinterSettings {
  /** For one letter, the start of the thread included. */
  readonly timeoutMs: number;
  /** After so many letters the thread is replaced, because the compiler remembers what it has set: about a mebibyte a letter. */
  readonly lettersPerThread: number;
  /** A thread without work is let go after this time: it holds some 150 MiB. */
  readonly idleMs: number;
}

const ordinary: PrinterSettings = { timeoutMs: 20_000, lettersPerThread: 50, idleMs: 60_000 };

/** One letter at a time, in the order they were asked for. An idle printer does not keep the process alive. */
export function startLetterPrinter(settings: Partial<PrinterSettings> = {}): LetterPrinter {
  const { timeoutMs, lettersPerThread, idleMs } = { ...ordinary, ...settings };
  let worker: Worker | undefined;
  let printed = 0;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  const retire = async (): Promise<void> => {
    clearTimeout(idle);
    const old = worker;
    worker = undefined;
    printed = 0;
    await old?.terminate();
  };
  const attempt = async (task: PrintingTask): Promise<Printed> => {
    if (closed) return { kind: "failed", code: "PRINTER_CLOSED" };
    clearTimeout(idle);
    if (printed >= lettersPerThread) await retire();
    worker ??= startWorker((gone) => {
      if (worker === gone) worker = undefined;
    });
    printed += 1;
    const outcome = await runTask(worker, task, timeoutMs);
    if (outcome.kind === "died") await retire();
    else idle = setTimeout(() => void retire(), idleMs).unref();
    return outcome.kind === "died" ? { kind: "failed", code: outcome.code } : outcome;
  };
  return {
    print: (letter, on) => {
      const result = queue.then(() => attempt({ letter, on, language: "en" }));
      queue = result.catch(() => {});
      return result;
    },
    close: async () => {
      closed = true;
      await queue;
      await retire();
    },
  };
}

function startWorker(onExit: (worker: Worker) => void): Worker {
  const worker = new Worker(new URL("./print-worker.ts", import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 8 },
  });
  // A thread that dies while idle is replaced at the next letter.
  worker.on("error", () => {});
  worker.on("exit", () => onExit(worker));
  worker.unref();
  return worker;
}

type Attempt = PrintingReport | { readonly kind: "died"; readonly code: "PRINT_TOO_SLOW" | "PRINTER_UNAVAILABLE" };

function runTask(worker: Worker, task: PrintingTask, timeoutMs: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const settle = (attempt: Attempt): void => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", gone).off("exit", gone);
      worker.unref();
      resolve(attempt);
    };
    const gone = (): void => settle({ kind: "died", code: "PRINTER_UNAVAILABLE" });
    const timer = setTimeout(() => settle({ kind: "died", code: "PRINT_TOO_SLOW" }), timeoutMs);
    worker.ref();
    worker.on("message", settle);
    worker.on("error", gone);
    worker.on("exit", gone);
    worker.postMessage(task);
  });
}
