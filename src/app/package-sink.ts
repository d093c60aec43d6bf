// Lets a package or a snapshot flow into the sealed object store: visible only when it is whole, gone when anything went wrong.
import type { Desk } from "./desk.ts";
import type { PackageSink } from "./production-port.ts";
import type { StoredObject } from "./vault-port.ts";

export interface SealedPackage<Packed> {
  readonly packed: Packed;
  /** Undefined when nothing was kept. */
  readonly stored: StoredObject | undefined;
}

/** `key` is a case id, or the name of a snapshot: under its key the object is sealed. */
export async function packageInto<Packed>(desk: Desk, key: string, pack: (sink: PackageSink) => Promise<Packed>): Promise<SealedPackage<Packed>> {
  const pipe = openPipe();
  const storing = desk.ports.objects.put(desk.id, key, pipe.chunks()).then(
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
  return { packed, stored: kept };
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
