// The door of the exchange formats: it recognises a document, reads it, or says everything that keeps it from being read.
import type { CaseDescription } from "../assessment/description.ts";
import { readCase } from "./case-part.ts";
import { formOf } from "./epoc-words.ts";
import { hi1Namespaces } from "./hi1-words.ts";
import { read103120 } from "./read-103120.ts";
import type { Hi1Reading } from "./read-103120.ts";
import { readEpoc } from "./read-epoc.ts";
import type { EpocReading } from "./read-epoc.ts";
import { readXml, xmlLimits } from "./read-xml.ts";
import type { Problems, XmlElement } from "./read-xml.ts";
import { textFromUtf8 } from "./text-from-utf8.ts";

export { caseOf } from "./case-part.ts";
export type { CasePart } from "./case-part.ts";
export { compareParts } from "./compare.ts";
export type { Contradiction } from "./compare.ts";
export { write103120 } from "./write-103120.ts";
export type { Hi1Message } from "./write-103120.ts";
export { writeFormThree } from "./write-form-3.ts";
export type { FormThree } from "./write-form-3.ts";

export type ExchangeFormat = "epoc" | "103120" | "case";

export type Imported =
  | { readonly kind: "epoc"; readonly name: string; readonly reading: EpocReading }
  | { readonly kind: "103120"; readonly name: string; readonly reading: Hi1Reading }
  | { readonly kind: "case"; readonly name: string; readonly description: CaseDescription }
  /** An order to listen in: counsel answers it, and nothing of it becomes a case. */
  | { readonly kind: "counsel"; readonly name: string; readonly problems: Problems }
  | { readonly kind: "refused"; readonly name: string; readonly problems: Problems };

const headCharacters = 4096;

/** Which format a document claims to be, by its first 4 KiB; undefined for every other attachment, which is not ours to refuse. */
export function recogniseDocument(input: Uint8Array | string): ExchangeFormat | undefined {
  const head = typeof input === "string" ? input.slice(0, headCharacters) : latinText(input.subarray(0, headCharacters));
  const start = head.replace(/^(\u00ef\u00bb\u00bf|\ufeff)/, "").trimStart();
  if (start.startsWith("{")) return start.includes('"portcullis-case/') ? "case" : undefined;
  if (!start.startsWith("<")) return undefined;
  if (start.includes("http://data.europa.eu/edm/1/ns/")) return "epoc";
  return start.includes("http://uri.etsi.org/03120/") ? "103120" : undefined;
}

/** One character a byte: enough to find words of plain letters in any encoding that contains them. */
function latinText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Never throws on what it is given. `name` is the file's name and is handed back; it decides nothing. */
export function importDocument(input: Uint8Array | string, { name }: { readonly name: string }): Imported {
  const first = firstCharacter(input);
  if (first === "{") return { name, ...importCase(input) };
  const xml = readXml(input);
  return xml.kind === "refused" ? { ...xml, name } : { name, ...importTree(xml.root) };
}

function firstCharacter(input: Uint8Array | string): string | undefined {
  const head = typeof input === "string" ? input.slice(0, headCharacters) : latinText(input.subarray(0, headCharacters));
  return head.replace(/^(\u00ef\u00bb\u00bf|\ufeff)/, "").trimStart()[0];
}

type Nameless = Imported extends infer Each ? (Each extends Imported ? Omit<Each, "name"> : never) : never;

function importTree(root: XmlElement): Nameless {
  if (formOf(root.namespace) !== undefined) {
    const reading = readEpoc(root);
    return reading.kind === "read" ? { kind: "epoc", reading } : reading;
  }
  if (root.namespace === hi1Namespaces.core && root.name === "HI1Message") {
    const reading = read103120(root);
    return reading.kind === "read" ? { kind: "103120", reading } : { kind: reading.kind, problems: reading.problems };
  }
  return refused(
    root,
    "The document is neither a European order nor a TS 103 120 message: its first element is in another namespace.",
    "Send Form 1, 2, 5 or 6, an HI1Message, or the paper as a PDF.",
  );
}

function refused({ line, column, path }: Pick<XmlElement, "line" | "column" | "path">, what: string, remedy: string): Nameless {
  return { kind: "refused", problems: [{ line, column, path, what, remedy }] };
}

function importCase(input: Uint8Array | string): Nameless {
  const top = { line: 1, column: 1, path: "/" };
  if (input.length > xmlLimits.bytes) return refused(top, "The document is larger than 1 MiB.", "Send one case a file.");
  const text = typeof input === "string" ? input.replace(/^\ufeff/, "") : textFromUtf8(input);
  if (text === undefined) return refused(top, "The document is not written in UTF-8.", "Save it as UTF-8 and send it again.");
  try {
    return readCase(JSON.parse(text));
  } catch {
    return refused(top, "The document is not JSON.", "Check it with a JSON program; the case format has a JSON Schema.");
  }
}
