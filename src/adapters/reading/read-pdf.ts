// Reads the words of a PDF page by page; nothing a PDF carries is ever run.
import type { ReadingProblem } from "../../app/reading-port.ts";
import { startEngine, type Engine } from "../pdf-engine.ts";

export interface PdfLimits {
  readonly pages: number;
  /** UTF-16 code units over all pages. */
  readonly textLength: number;
  /** What the engine may hold at once. */
  readonly memoryBytes: number;
}

const pdfLimits: PdfLimits = { pages: 500, textLength: 2 * 1024 * 1024, memoryBytes: 512 * 1024 * 1024 };

interface PdfReading {
  readonly pages: readonly string[];
  readonly problems: readonly Omit<ReadingProblem, "attachment">[];
}

/** Reads one PDF after another. `what` is how sentences call it ("Attachment 2"). Never throws: a PDF that breaks the engine costs only its own text. */
export type ReadPdf = (bytes: Uint8Array, what: string) => Promise<PdfReading>;

/** An engine that is started at the first PDF and started afresh after one that broke it. */
export function pdfReader(limits: PdfLimits = pdfLimits): ReadPdf {
  let engine: Promise<Engine> | undefined;
  return async (bytes, what) => {
    const pdfium = await (engine ??= startEngine(limits.memoryBytes));
    try {
      return readDocument(pdfium, bytes, what, limits);
    } catch {
      // An abort inside the engine leaves its memory in an unknown state.
      engine = undefined;
      return {
        pages: [],
        problems: [
          {
            code: "PDF_BROKEN",
            because: `${what} is a PDF that could not be opened: it is damaged, or asks for more memory than a paper needs. Ask the officer to send it again.`,
          },
        ],
      };
    }
  };
}

function readDocument(pdfium: Engine, bytes: Uint8Array, what: string, limits: PdfLimits): PdfReading {
  const { malloc, free } = pdfium.pdfium.wasmExports;
  const memory = malloc(bytes.length);
  if (memory === 0) throw new RangeError("no memory for the document");
  pdfium.pdfium.HEAPU8.set(bytes, memory);
  const document = pdfium.FPDF_LoadMemDocument(memory, bytes.length, "");
  try {
    if (document === 0) return { pages: [], problems: [whyClosed(pdfium.FPDF_GetLastError(), what)] };
    const pages = readPages(pdfium, document, limits);
    return { pages: pages.texts, problems: [...aboutText(pages, what, limits), ...aboutContents(pdfium, document, bytes, what)] };
  } finally {
    if (document !== 0) pdfium.FPDF_CloseDocument(document);
    free(memory);
  }
}

const passwordNeeded = 4;
const unknownSecurity = 5;

function whyClosed(error: number, what: string): Omit<ReadingProblem, "attachment"> {
  if (error === passwordNeeded) return { code: "PDF_ENCRYPTED", because: `${what} is locked with a password. Ask the officer for an unlocked copy.` };
  if (error === unknownSecurity)
    return { code: "PDF_ENCRYPTED", because: `${what} is protected in a way the desk cannot open. Ask the officer for an unprotected copy.` };
  return { code: "PDF_BROKEN", because: `${what} is a PDF that could not be opened: it is damaged or incomplete. Ask the officer to send it again.` };
}

interface Pages {
  readonly texts: readonly string[];
  readonly count: number;
  readonly broken: number;
  readonly cut: boolean;
}

function readPages(pdfium: Engine, document: number, limits: PdfLimits): Pages {
  const count = pdfium.FPDF_GetPageCount(document);
  const texts: string[] = [];
  let room = limits.textLength;
  let broken = 0;
  for (let index = 0; index < Math.min(count, limits.pages) && room > 0; index++) {
    const text = readPage(pdfium, document, index, room);
    if (text === undefined) broken++;
    texts.push(text ?? "");
    room -= text?.length ?? 0;
  }
  return { texts, count, broken, cut: room <= 0 };
}

function readPage(pdfium: Engine, document: number, index: number, room: number): string | undefined {
  const page = pdfium.FPDF_LoadPage(document, index);
  if (page === 0) return undefined;
  const text = pdfium.FPDFText_LoadPage(page);
  try {
    if (text === 0) return undefined;
    return readCharacters(pdfium, text, Math.min(pdfium.FPDFText_CountChars(text), room));
  } finally {
    if (text !== 0) pdfium.FPDFText_ClosePage(text);
    pdfium.FPDF_ClosePage(page);
  }
}

function readCharacters(pdfium: Engine, text: number, count: number): string {
  if (count <= 0) return "";
  const { malloc, free } = pdfium.pdfium.wasmExports;
  // A character may need two code units; the engine writes a closing zero.
  const bytes = (count * 2 + 1) * 2;
  const buffer = malloc(bytes);
  if (buffer === 0) throw new RangeError("no memory for the text of a page");
  try {
    const units = pdfium.FPDFText_GetText(text, 0, count, buffer);
    const written = Buffer.from(pdfium.pdfium.HEAPU8.buffer, buffer, Math.max(0, units - 1) * 2);
    return cleanPageText(written.toString("utf16le"));
  } finally {
    free(buffer);
  }
}

function cleanPageText(text: string): string {
  // U+FFFE and U+0002 are how the engine writes a hyphen at the end of a line.
  const clean = text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\ufffe\u0002]\n?/g, "-\n")
    .replaceAll(/(?![\n\t])[\p{Cc}\ufeff\uffff]/gu, "");
  return clean.toWellFormed();
}

function aboutText(pages: Pages, what: string, limits: PdfLimits): Omit<ReadingProblem, "attachment">[] {
  const problems: Omit<ReadingProblem, "attachment">[] = [];
  const empty = pages.texts.filter((text) => text.trim() === "").length;
  const all = pages.texts.join("");
  if (pages.count === 0) problems.push({ code: "PDF_BROKEN", because: `${what} is a PDF without pages. Ask the officer to send it again.` });
  else if (pages.broken === pages.texts.length)
    problems.push({ code: "PDF_BROKEN", because: `No page of ${inSentence(what)} could be opened. Ask the officer to send it again.` });
  else if (empty === pages.texts.length)
    problems.push({ code: "PDF_NO_TEXT", because: `${what} holds pictures of pages and no text, as a scan does. Read it by eye and enter what it says.` });
  else if (empty > 0)
    problems.push({
      code: "PDF_PAGES_WITHOUT_TEXT",
      because: `${empty} of the ${pages.texts.length} pages of ${inSentence(what)} hold no text. Read those by eye.`,
    });
  if (pages.broken > 0 && pages.broken < pages.texts.length)
    problems.push({ code: "PDF_PAGES_BROKEN", because: `${pages.broken} pages of ${inSentence(what)} could not be opened. Ask the officer to send it again.` });
  if (pages.count > limits.pages)
    problems.push({ code: "PDF_TOO_MANY_PAGES", because: `${what} has ${pages.count} pages; the first ${limits.pages} were read. Read the rest by eye.` });
  if (pages.cut) problems.push({ code: "PDF_TEXT_CUT", because: `${what} holds more text than the desk reads by itself. Read the rest by eye.` });
  if (looksGarbled(all))
    problems.push({
      code: "PDF_TEXT_GARBLED",
      because: `The letters of ${inSentence(what)} do not say which characters they are, so its text cannot be trusted. Read it by eye.`,
    });
  return problems;
}

function looksGarbled(text: string): boolean {
  if (text.length < 20) return false;
  const strange = text.match(/[\ufffd\ue000-\uf8ff]/g)?.length ?? 0;
  return strange / text.length > 0.1;
}

const xfaForms: readonly number[] = [2, 3];

function aboutContents(pdfium: Engine, document: number, bytes: Uint8Array, what: string): Omit<ReadingProblem, "attachment">[] {
  const problems: Omit<ReadingProblem, "attachment">[] = [];
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 || source.includes("/JavaScript") || source.includes("/Launch"))
    problems.push({ code: "PDF_HAS_SCRIPT", because: `${what} carries a program. It was not run; open the paper only in a viewer that runs none.` });
  const inside = pdfium.FPDFDoc_GetAttachmentCount(document);
  if (inside > 0)
    problems.push({
      code: "PDF_HAS_ATTACHMENTS",
      because: `${what} has ${inside === 1 ? "another file" : `${inside} other files`} inside, which the desk did not open. Ask the officer to send them as attachments of the message.`,
    });
  const form = pdfium.FPDF_GetFormType(document);
  if (xfaForms.includes(form))
    problems.push({
      code: "PDF_DYNAMIC_FORM",
      because: `${what} is a form that only one program can show. Ask the officer for a printed copy as a plain PDF.`,
    });
  else if (form > 0)
    problems.push({
      code: "PDF_HAS_FORM",
      because: `${what} is a form; what was typed into its fields may not be in the text that was read. Compare it by eye.`,
    });
  return problems;
}

function inSentence(what: string): string {
  return what.charAt(0).toLowerCase() + what.slice(1);
}
