// Long work that a person watches: it tells how far it is, and it ends at a word.
import type { Collected } from "../production/shapes.ts";

export interface Progress {
  readonly records: number;
  /** Of the sealed package; 0 where nothing is written. */
  readonly bytes: number;
}

export interface Watch {
  /** Ends the work between two records. */
  readonly signal?: AbortSignal;
  /** Called often: it must be quick. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Somebody ended the work before it was done. */
export class Stopped extends Error {
  constructor() {
    super("the work was stopped");
  }
}

/** The same items. Throws `Stopped` when the signal says so, and lets the source go. */
export async function* watched(items: AsyncIterable<Collected>, { signal }: Watch, onRecord: () => void): AsyncGenerator<Collected> {
  for await (const item of items) {
    if (signal?.aborted === true) throw new Stopped();
    if (item.kind === "record") onRecord();
    yield item;
  }
}

/** The first cause of this kind, however deep it lies. */
export function causeOf<Kind extends Error>(error: unknown, kind: abstract new (...given: never[]) => Kind): Kind | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof kind) return cause;
  return undefined;
}
