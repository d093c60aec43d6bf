// The place where letters are printed: a thread with no reach to files or the network beyond its type faces, which may be ended at any moment.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import initialise, { TypstCompilerBuilder, TypstFontResolverBuilder, type TypstCompiler } from "@myriaddreamin/typst-ts-web-compiler";
import type { Letter } from "../../requests/letters/letter.ts";
import { printableLetter } from "./printable-letter.ts";
import { unpackFont } from "./unpack-font.ts";

export interface PrintingTask {
  readonly letter: Letter;
  /** The letter's own day, `YYYY-MM-DD`: the only date the PDF knows. */
  readonly on: string;
  /** BCP 47. */
  readonly language: string;
}

export type PrintingReport =
  | { readonly kind: "printed"; readonly pdf: Uint8Array; readonly replaced: number }
  | { readonly kind: "failed"; readonly code: "PRINT_TOO_LARGE" | "PRINT_FAILED" };

const port = parentPort;
if (port === null) throw new Error("the print worker runs only as a worker");
const require = createRequire(import.meta.url);
const scripts = ["latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese"] as const;
const weights = [400, 600] as const;
const mostPdfBytes = 10 * 1024 * 1024;
const page = readFileSync(new URL("./letter.typ", import.meta.url), "utf8");

interface Press {
  readonly compiler: TypstCompiler;
  readonly has: (codePoint: number) => boolean;
}

const press = openPress();

port.on("message", (task: PrintingTask) => {
  press.then((ready) => port.postMessage(print(ready, task))).catch(() => port.postMessage({ kind: "failed", code: "PRINT_FAILED" } satisfies PrintingReport));
});

async function openPress(): Promise<Press> {
  await initialise({ module_or_path: readFileSync(require.resolve("@myriaddreamin/typst-ts-web-compiler/wasm")) });
  const fonts = new TypstFontResolverBuilder();
  const covered = new Set<number>();
  for (const script of scripts) {
    for (const weight of weights) {
      const font = unpackFont(readFileSync(require.resolve(`@fontsource/source-serif-4/files/source-serif-4-${script}-${weight}-normal.woff`)));
      fonts.add_raw_font(font);
      // Both weights have the same characters.
      if (weight === 400) for (const codePoint of coverage(fonts.get_font_info(font))) covered.add(codePoint);
    }
  }
  const builder = new TypstCompilerBuilder();
  // No files and no packages: what is not put in by name does not exist.
  builder.set_dummy_access_model();
  const compiler = await builder.build();
  compiler.set_fonts(await fonts.build());
  compiler.add_source("/letter.typ", page);
  return { compiler, has: (codePoint) => covered.has(codePoint) };
}

interface FontInfo {
  readonly info: readonly { readonly coverage: readonly number[] }[];
}

/** The compiler gives runs: so many characters missing, so many present, and so on. */
function coverage(info: FontInfo): readonly number[] {
  const runs = info.info[0]?.coverage ?? [];
  let at = 0;
  return runs.flatMap((length, nth) => {
    const first = at;
    at += length;
    return nth % 2 === 0 ? [] : Array.from({ length }, (_, offset) => first + offset);
  });
}

function print({ compiler, has }: Press, { letter, on, language }: PrintingTask): PrintingReport {
  const measured = printableLetter(letter, has);
  if (measured.kind === "too-large") return { kind: "failed", code: "PRINT_TOO_LARGE" };
  compiler.map_shadow("/letter.json", Buffer.from(JSON.stringify({ letter: measured.letter, on, language })));
  try {
    const made = compiler.compile("/letter.typ", null, "pdf", 2) as { readonly result?: Uint8Array };
    if (made.result === undefined) return { kind: "failed", code: "PRINT_FAILED" };
    if (made.result.byteLength > mostPdfBytes) return { kind: "failed", code: "PRINT_TOO_LARGE" };
    return { kind: "printed", pdf: made.result, replaced: measured.replaced };
  } finally {
    compiler.unmap_shadow("/letter.json");
  }
}
