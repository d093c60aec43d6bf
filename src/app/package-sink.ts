// Lets a package flow into the sealed object store: visible only when it is whole, gone when anything went wrong.
import type { CaseId } from "../kernel/ids.ts";
import type { Desk } from "./desk.ts";
import type { Packed, PackageSink } from "./production-port.ts";
import type { StoredObject } from "./vault-port.ts";

export interface SealedPackage {
  readonly packed: Packed;
  /** Id of the stored object; undefined when nothing was kept. */
  readonly object: string | undefined;
}

export async function packageInto(desk: Desk, caseId: CaseId, pack: (sink: PackageSink) => Promise<Packed>): Promise<SealedPackage> {
  const pipe = openPipe();
  const storing = desk.ports.objects.put(desk.id, caseId, pipe.chunks()).then(
    (stored) => ({ stored }),
    (error: unknown) => {
      pipe.fail(error);
      return { error };
    },
  );
  let kept: StoredObject | undefined;
  const packed = await pack({
    write: pipe.write,
    keep: async () => {
      pipe.end();
      const outcome = await storing;
      if ("error" in outcome) throw new Error("the package could not be stored", { cause: outcome.error });
      kept = outcome.stored;
    },
    drop: async () => {
      pipe.fail(new Error("the package was dropped"));
      await storing;
    },
  });
  return { packed, object: kept?.objectId };
}

/** One chunk at a time: `write` settles when the store has dealt with it, because the packer may use its memory again. */
function openPipe() {
  let offered: { readonly bytes: Uint8Array; readonly settle: (error?: unknown) => void } | undefined;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  const news = () => new Promise<void>((resolve) => (wake = resolve));
  const fail = (error: unknown): void => {
    failure ??= { error };
    offered?.settle(error);
    wake();
  };
  return {
    fail,
    write(bytes: Uint8Array): Promise<void> {
      if (failure !== undefined) return Promise.reject(failure.error);
      return new Promise((resolve, reject) => {
        offered = { bytes, settle: (error) => (error === undefined ? resolve() : reject(error)) };
        wake();
      });
    },
    end(): void {
      isOver = true;
      wake();
    },
    async *chunks(): AsyncGenerator<Uint8Array> {
      for (;;) {
        if (failure !== undefined) throw failure.error;
        const next = offered;
        if (next === undefined) {
          if (isOver) return;
          await news();
          continue;
        }
        yield next.bytes;
        offered = undefined;
        next.settle();
      }
    },
  };
}
