// Lets a library that wants streams seal a package: plain bytes go in at one end, sealed ones are written and counted at the other.
import { createHash } from "node:crypto";
import type { Sealer } from "./age-sealer.ts";

type Write = (sealed: Uint8Array) => Promise<void>;

/** `seal` gets the plain stream and gives the sealed one to `write`, in order; it settles when all is written. */
export function streamSealer(write: Write, seal: (plain: ReadableStream<Uint8Array>, write: Write) => Promise<void>): Sealer {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, new ByteLengthQueuingStrategy({ highWaterMark: 4 * 1024 * 1024 }));
  const plain = writable.getWriter();
  const digest = createHash("sha256");
  let bytes = 0;
  let failure: { readonly cause: unknown } | undefined;
  const sealing = seal(readable, async (sealed) => {
    digest.update(sealed);
    bytes += sealed.length;
    await write(sealed);
  }).catch(async (cause: unknown) => {
    failure ??= { cause };
    await plain.abort(cause).catch(() => undefined);
  });
  plain.closed.catch(() => undefined);
  const put = async (piece: Uint8Array) => {
    // A failure of the stream is only an echo: its cause is told below.
    await plain.ready.catch(() => undefined);
    if (failure !== undefined) throw failure.cause;
    plain.write(piece).catch(() => undefined);
  };
  return {
    write: (piece) => put(Uint8Array.from(piece)),
    zeros: (count) => (count === 0 ? Promise.resolve() : put(new Uint8Array(count))),
    end: async () => {
      await plain.close().catch(() => undefined);
      await sealing;
      if (failure !== undefined) throw failure.cause;
      return { sha256: digest.digest("hex"), bytes };
    },
    drop: async () => {
      failure ??= { cause: new Error("the package was dropped") };
      await plain.abort(failure.cause).catch(() => undefined);
      await sealing;
    },
  };
}
