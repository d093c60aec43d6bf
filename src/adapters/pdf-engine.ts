// Starts the PDF engine with a bound on the memory it may take: one start for those who read papers and those who redact them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";

/** The engine with its memory, which the package exports but does not declare. The views are replaced whenever the memory grows. */
export type Engine = WrappedPdfiumModule & {
  readonly pdfium: {
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    readonly HEAPU32: Uint32Array<ArrayBuffer>;
    readonly HEAP32: Int32Array<ArrayBuffer>;
    readonly HEAPF32: Float32Array<ArrayBuffer>;
    readonly HEAPF64: Float64Array<ArrayBuffer>;
  };
};

type Imports = { readonly [module: string]: { readonly [name: string]: (...values: number[]) => unknown } };

/** The one part of WebAssembly that is needed here; Node has it and its types do not say so. */
interface Assembly {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Imports) => { readonly exports: object };
}

export async function startEngine(memoryBytes: number): Promise<Engine> {
  const assembly = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly;
  const binary = new assembly.Module(readFileSync(fileURLToPath(import.meta.resolve("@embedpdf/pdfium/pdfium.wasm"))));
  const instantiateWasm = (imports: Imports, ready: (instance: object) => void): object => {
    const grow = imports["env"]?.["emscripten_resize_heap"];
    if (grow === undefined) throw new Error("the PDF engine no longer asks for memory where it did");
    const limited = { ...imports["env"], emscripten_resize_heap: (bytes: number) => (bytes >>> 0 > memoryBytes ? 0 : grow(bytes)) };
    const instance = new assembly.Instance(binary, { ...imports, env: limited });
    ready(instance);
    return instance.exports;
  };
  // The engine prints about damaged files on its own; those words may come from the file.
  const settings = { instantiateWasm, print: () => {}, printErr: () => {} };
  const pdfium = await init(settings as Parameters<typeof init>[0]);
  pdfium.PDFiumExt_Init();
  return pdfium as Engine;
}
