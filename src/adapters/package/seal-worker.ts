// The thread that seals a large package, so that reading, checking and packing go on meanwhile.
import { parentPort, workerData } from "node:worker_threads";
import { SlabSealer, type SealedSoFar } from "./seal-chunks.ts";

export interface SealWork {
  readonly key: Uint8Array;
  readonly chunks: number;
}

export type SealTask =
  | { readonly kind: "seal"; readonly plain: ArrayBuffer; readonly used: number; readonly isLast: boolean; readonly out: ArrayBuffer }
  | { readonly kind: "pass-by"; readonly sealed: Uint8Array }
  | { readonly kind: "so-far" };

export type SealAnswer =
  | { readonly kind: "sealed"; readonly plain: ArrayBuffer; readonly out: ArrayBuffer; readonly used: number }
  | { readonly kind: "passed" }
  | { readonly kind: "so-far"; readonly soFar: SealedSoFar };

const { key, chunks } = workerData as SealWork;
const sealer = new SlabSealer(key, chunks);

parentPort?.on("message", (task: SealTask) => {
  if (task.kind === "pass-by") {
    sealer.passBy(task.sealed);
    return parentPort?.postMessage({ kind: "passed" } satisfies SealAnswer);
  }
  if (task.kind === "so-far") return parentPort?.postMessage({ kind: "so-far", soFar: sealer.soFar() } satisfies SealAnswer);
  const { plain, out } = task;
  const used = sealer.seal(new Uint8Array(plain, 0, task.used), task.isLast, new Uint8Array(out));
  parentPort?.postMessage({ kind: "sealed", plain, out, used } satisfies SealAnswer, [plain, out]);
});
