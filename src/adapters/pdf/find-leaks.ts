// The independent check of a copy: another engine reads it as a receiver's program would, and a scan goes through its bytes. Nothing found, or nothing leaves.
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";
import type { Leak } from "../../app/redaction-port.ts";
import { type GoneCheck, goneCheck, tokensOf } from "../../production/redact/check-gone.ts";
import type { Target } from "../../production/redact/removals.ts";
import { type ScanLimits, scanFile, scanLimits } from "./scan-file.ts";

export interface LeakCheck {
  readonly leaks: readonly Leak[];
  readonly pages: number;
}

export interface MustBeGone {
  readonly targets: readonly Target[];
  /** Single words, folded, that may stand in no page's text. */
  readonly words: ReadonlySet<string>;
}

type OnPage = (done: number, of: number) => void;

/** What cannot be read is itself a finding. */
export async function findLeaks(copy: Uint8Array, gone: MustBeGone, onPage: OnPage, limits: ScanLimits = scanLimits): Promise<LeakCheck> {
  const check = goneCheck(gone.targets);
  // Every object is a sign of life: pictures of many pages take longer than a single page may.
  const scanned = scanFile(copy, check, limits, () => onPage(0, 1));
  const read = await readWithSecondEngine(copy, check, gone.words, onPage);
  return { leaks: [...read.leaks, ...scanned], pages: read.pages };
}

type SecondEngine = typeof import("pdfjs-dist");
let engine: Promise<SecondEngine> | undefined;

async function secondEngine(): Promise<SecondEngine> {
  // The build for servers; what the package declares is the same interface.
  return (engine ??= withoutCanvas(() => import("pdfjs-dist/legacy/build/pdf.mjs")).then((loaded) => {
    const found = loaded as unknown as SecondEngine;
    found.GlobalWorkerOptions.workerSrc = fileURLToPath(import.meta.resolve("pdfjs-dist/legacy/build/pdf.worker.mjs"));
    return found;
  }));
}

/** The engine asks for a program in machine code that draws. Text needs none, and none is loaded beside hostile papers. */
async function withoutCanvas<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const nothing = { url: "portcullis:no-canvas", format: "commonjs", shortCircuit: true } as const;
  const hooks = registerHooks({
    resolve: (name, context, next) => (name === "@napi-rs/canvas" ? nothing : next(name, context)),
    load: (url, context, next) =>
      url === nothing.url ? { ...nothing, source: "module.exports = { DOMMatrix: class {}, Path2D: class {} };" } : next(url, context),
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}

/** Text only: no fonts, pictures or programs are needed to read what a file says. */
export async function openWithSecondEngine(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  const { getDocument } = await secondEngine();
  const settings = { verbosity: 0, useSystemFonts: false, disableFontFace: true, enableXfa: true, stopAtErrors: false, useWorkerFetch: false };
  // It takes the bytes for itself, so it gets a copy.
  return getDocument({ ...settings, data: Uint8Array.from(bytes) }).promise;
}

async function readWithSecondEngine(copy: Uint8Array, check: GoneCheck, words: ReadonlySet<string>, onPage: OnPage): Promise<LeakCheck> {
  const leaks: Leak[] = [];
  const report = (leak: Omit<Leak, "engine">): void => void leaks.push({ ...leak, engine: "pdf.js" });
  let pages = 0;
  try {
    const document = await openWithSecondEngine(copy);
    try {
      pages = document.numPages;
      await readBesidePages(document, check, report);
      let before = "";
      for (let page = 1; page <= pages; page++) {
        before = await readPage(await document.getPage(page), page, before, check, words, report);
        await letGo(document, page);
        onPage(page, pages);
      }
    } finally {
      await document.loadingTask.destroy();
    }
  } catch {
    report({ code: "UNREADABLE" });
  }
  return { leaks, pages };
}

/** The pages on which the second engine reads something of this; none when it cannot read the paper, which proves nothing. */
export async function pagesHolding(paper: Uint8Array, targets: readonly Target[], onPage: OnPage): Promise<ReadonlySet<number>> {
  const check = goneCheck(targets);
  const holding = new Set<number>();
  try {
    const document = await openWithSecondEngine(paper);
    try {
      for (let number = 1; number <= document.numPages; number++) {
        const page = await document.getPage(number);
        if (check.inText(await textOf(page))) holding.add(number);
        page.cleanup();
        await letGo(document, number);
        onPage(number, document.numPages);
      }
    } finally {
      await document.loadingTask.destroy();
    }
  } catch {
    return new Set();
  }
  return holding;
}

const pagesBetween = 50;

/** What the engine keeps of fonts and pages grows with every page. */
async function letGo(document: PDFDocumentProxy, page: number): Promise<void> {
  if (page % pagesBetween === 0) await document.cleanup();
}

async function textOf(page: PDFPageProxy): Promise<string> {
  const content = await page.getTextContent();
  return content.items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
}

type Report = (leak: Omit<Leak, "engine">) => void;

async function readBesidePages(document: PDFDocumentProxy, check: GoneCheck, report: Report): Promise<void> {
  const places: readonly (readonly [Leak["code"], unknown])[] = [
    ["TERM_IN_OUTLINE", await document.getOutline()],
    ["TERM_IN_METADATA", await metadataOf(document)],
    ["TERM_IN_ATTACHMENT", await document.getAttachments()],
    ["TERM_IN_FORM", await document.getFieldObjects()],
    ["TERM_IN_FORM", await document.getJSActions()],
  ];
  for (const [code, held] of places) if (check.inText(wordsIn(held).join("\n"))) report({ code });
}

async function metadataOf(document: PDFDocumentProxy): Promise<unknown> {
  const { info, metadata } = await document.getMetadata();
  return [info, metadata === null ? "" : [...metadata]];
}

const seam = 400;

/** Reads one page and gives back its end, since a name may go on on the next. */
async function readPage(page: PDFPageProxy, number: number, before: string, check: GoneCheck, words: ReadonlySet<string>, report: Report): Promise<string> {
  const text = await textOf(page);
  if (check.inText(`${before}\n${text}`)) report({ code: "TERM_IN_PAGE_TEXT", page: number });
  if (words.size > 0 && tokensOf(text).some((token) => words.has(token))) report({ code: "WORD_UNDER_A_BOX", page: number });
  const notes = await page.getAnnotations();
  if (check.inText(wordsIn(notes).join("\n"))) report({ code: "TERM_IN_ANNOTATION", page: number });
  const form = await page.getXfa();
  if (check.inText(wordsIn(form).join("\n"))) report({ code: "TERM_IN_FORM", page: number });
  page.cleanup();
  return text.slice(-seam);
}

const deepest = 20;

/** Every string in what the engine gives, however it is nested. */
export function wordsIn(held: unknown, depth = 0): string[] {
  if (typeof held === "string") return [held];
  if (held instanceof Uint8Array) return [Buffer.from(held).toString("latin1")];
  if (typeof held !== "object" || held === null || depth > deepest) return [];
  const values: unknown[] = held instanceof Map ? [...held.entries()].flat() : Object.values(held);
  return values.flatMap((value) => wordsIn(value, depth + 1));
}
