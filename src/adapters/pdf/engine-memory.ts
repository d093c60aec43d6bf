// Memory of the PDF engine, lent for as long as a call runs; nothing a paper carries is ever run.
import type { Engine } from "../pdf-engine.ts";

/** A piece of the engine's memory for as long as `use` runs. */
export function withMemory<Result>(engine: Engine, bytes: number, use: (at: number) => Result): Result {
  const at = engine.pdfium.wasmExports.malloc(bytes);
  if (at === 0) throw new RangeError("the engine has no memory left for this paper");
  try {
    return use(at);
  } finally {
    engine.pdfium.wasmExports.free(at);
  }
}
