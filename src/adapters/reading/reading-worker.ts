// The place where hostile mail is opened: a thread that may be ended at any moment without harm to the desk.
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import type { RawMessage, ReadMessage } from "../../app/reading-port.ts";
import { pdfReader } from "./read-pdf.ts";
import { extractAttachment, readMessage, readingLimits, type ReadingLimits } from "./read-message.ts";

export type ReadingTask =
  | { readonly kind: "read"; readonly raw: RawMessage; readonly skipPdfs: readonly number[]; readonly onlyFirstBytes?: number }
  | { readonly kind: "extract"; readonly raw: RawMessage; readonly index: number };

export type ReadingReport =
  | { readonly kind: "pdf-started"; readonly attachment: number }
  | { readonly kind: "read"; readonly message: ReadMessage }
  | { readonly kind: "extracted"; readonly content: Uint8Array | undefined }
  | { readonly kind: "failed"; readonly error: unknown };

const port = parentPort;
if (port === null) throw new Error("the reading worker runs only as a worker");
const readPdf = pdfReader();
const report = (message: ReadingReport): void => port.postMessage(message);

port.on("message", (task: ReadingTask) => {
  carryOut(task).then(report, (error: unknown) => report({ kind: "failed", error }));
});

async function carryOut(task: ReadingTask): Promise<ReadingReport> {
  const raw = await bytesOf(task.raw);
  if (task.kind === "extract") return { kind: "extracted", content: await extractAttachment(raw, task.index) };
  const limits: ReadingLimits = task.onlyFirstBytes === undefined ? readingLimits : { ...readingLimits, rawBytes: task.onlyFirstBytes };
  const onPdf = (attachment: number): void => report({ kind: "pdf-started", attachment });
  return { kind: "read", message: await readMessage(raw, { limits, readPdf, onPdf, skipPdfs: new Set(task.skipPdfs) }) };
}

async function bytesOf(raw: RawMessage): Promise<Uint8Array> {
  return raw instanceof Uint8Array ? raw : await readFile(raw.path);
}
