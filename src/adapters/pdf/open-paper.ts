// Opens a paper for redaction and says what it is: locked, broken, signed, a form, or carrying things a copy will not have.
import type { PaperFinding, PaperFindingCode } from "../../app/redaction-port.ts";
import type { Engine } from "../pdf-engine.ts";
import { withMemory } from "./engine-memory.ts";

export interface PaperLimits {
  readonly bytes: number;
  readonly pages: number;
}

export interface OpenPaper {
  readonly document: number;
  readonly pageCount: number;
  readonly findings: readonly PaperFinding[];
}

export type Opening<Result> = { readonly kind: "opened"; readonly result: Result } | { readonly kind: "refused"; readonly findings: readonly [PaperFinding] };

/** The paper is open while `use` runs, and closed whatever happens. */
export function withPaper<Result>(engine: Engine, bytes: Uint8Array, limits: PaperLimits, use: (paper: OpenPaper) => Result): Opening<Result> {
  if (bytes.length > limits.bytes) return refused("PDF_TOO_LARGE", `The paper is larger than ${Math.floor(limits.bytes / 1e6)} MB. Split it.`);
  if (bytes.length < 8) return refused("PDF_BROKEN", "The file is empty. Fetch it again.");
  return withMemory(engine, bytes.length, (memory) => {
    engine.pdfium.HEAPU8.set(bytes, memory);
    const document = engine.FPDF_LoadMemDocument(memory, bytes.length, "");
    if (document === 0) return whyClosed(engine.FPDF_GetLastError());
    try {
      const pageCount = engine.FPDF_GetPageCount(document);
      if (pageCount <= 0) return refused("PDF_BROKEN", "The paper has no pages. Fetch it again.");
      if (pageCount > limits.pages)
        return refused("PDF_TOO_MANY_PAGES", `The paper has ${pageCount} pages and at most ${limits.pages} are redacted at once. Split it.`);
      return { kind: "opened", result: use({ document, pageCount, findings: aboutPaper(engine, document, bytes) }) };
    } finally {
      engine.FPDF_CloseDocument(document);
    }
  });
}

const passwordNeeded = 4;
const unknownSecurity = 5;

function whyClosed(error: number): Opening<never> {
  if (error === passwordNeeded) return refused("PDF_ENCRYPTED", "The paper is locked with a password. Unlock it and bring it again.");
  if (error === unknownSecurity) return refused("PDF_ENCRYPTED", "The paper is protected in a way the desk cannot open. Bring an unprotected copy.");
  return refused("PDF_BROKEN", "The paper could not be opened: it is damaged or no PDF. Fetch it again.");
}

function refused(code: PaperFindingCode, because: string): Opening<never> {
  return { kind: "refused", findings: [{ code, weight: "refuses", because }] };
}

const xfaForms: readonly number[] = [2, 3];

function aboutPaper(engine: Engine, document: number, bytes: Uint8Array): PaperFinding[] {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const findings: PaperFinding[] = [];
  const add = (code: PaperFindingCode, weight: PaperFinding["weight"], because: string): void => void findings.push({ code, weight, because });
  if (engine.FPDF_GetSignatureCount(document) > 0)
    add(
      "PDF_SIGNED",
      "look",
      "The paper is signed. A redacted copy is another paper: the signature ends with it. Keep the original for whoever must check it.",
    );
  if (engine.FPDFDoc_GetJavaScriptActionCount(document) > 0 || source.includes("/JavaScript") || source.includes("/Launch"))
    add("PDF_HAS_SCRIPT", "note", "The paper carries a program. It was not run and the copy will not have it.");
  if (engine.FPDFDoc_GetAttachmentCount(document) > 0)
    add("PDF_HAS_ATTACHMENTS", "look", "The paper has other files inside. The copy will not have them; take them out and treat each as a paper of its own.");
  const form = engine.FPDF_GetFormType(document);
  if (xfaForms.includes(form))
    add("PDF_DYNAMIC_FORM", "look", "The paper is a form that only one program can show. See on every page whether it is all there.");
  else if (form > 0) add("PDF_HAS_FORM", "look", "The paper is a form. What was typed in is drawn into the copy; see on every page whether it is all there.");
  if (!source.includes("startxref") || source.lastIndexOf("%%EOF") < 0)
    add("PDF_REPAIRED", "look", "The list of contents of the paper is damaged and was made anew. See on every page whether it is all there.");
  return findings;
}
