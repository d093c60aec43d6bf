// Reads an XML paper from a stranger into a tree, strictly: no document type, no entities of its own, and limits on everything.
import { SaxesParser } from "saxes";
import type { SaxesTagNS } from "saxes";
import { textFromUtf8 } from "./text-from-utf8.ts";

/** One thing that keeps a document from being read. `line` and `column` count from 1 and are absent where a format has none. */
export interface Problem {
  readonly line?: number;
  readonly column?: number;
  /** Where it stands: `/EPOC/SectionB`. */
  readonly path: string;
  readonly what: string;
  readonly remedy: string;
}

export type Problems = readonly [Problem, ...Problem[]];

interface XmlName {
  readonly namespace: string;
  readonly name: string;
}

export interface XmlAttribute extends XmlName {
  readonly value: string;
}

export interface XmlElement extends XmlName {
  /** Unique in its document: `/EPOC/SectionEToF/Evidence[2]`; the first of a name carries no number. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Without namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  /** What `xsi:type` names, with its prefix resolved. */
  readonly type?: XmlName;
  readonly children: readonly XmlElement[];
  /** The element's own text, comments left out and edges trimmed. */
  readonly text: string;
}

export type XmlReading = { readonly kind: "tree"; readonly root: XmlElement } | { readonly kind: "refused"; readonly problems: Problems };

/** The limits of a document; each is a refusal, never a cut. */
export const xmlLimits = { bytes: 1 << 20, depth: 40, elements: 20_000, attributes: 200, textCharacters: 1 << 16 } as const;

/** Elements that may hold more text than others: a document in Base64. */
const roomy = new Set(["http://uri.etsi.org/03120/common/2020/09/Document Contents"]);
const roomyCharacters = 700_000;

const xsi = "http://www.w3.org/2001/XMLSchema-instance";
const declarations = "http://www.w3.org/2000/xmlns/";
const pieceCharacters = 4096;
const mostProblems = 20;

type Draft = { -readonly [Key in keyof Omit<XmlElement, "children">]: XmlElement[Key] } & { children: Draft[]; seen: Map<string, number> };

/**
 * Never throws on what it is given. Stops at the first piece of text that breaks a rule, so a bomb costs no more than that piece.
 * Entities beyond the five of XML are refused, so nothing can expand and nothing outside can be fetched.
 */
export function readXml(input: Uint8Array | string): XmlReading {
  if (input.length > xmlLimits.bytes) return refused("The document is larger than 1 MiB.", "Send the papers that belong to it as separate files.");
  const text = typeof input === "string" ? input : textFromUtf8(input);
  // Half a surrogate pair makes the parser itself throw; UTF-8 cannot hold one, but a string can.
  if (text === undefined || !text.isWellFormed()) return refused("The document is not written in UTF-8.", "Save it as UTF-8 and send it again.");
  const reader = new TreeReader();
  const root = reader.read(text);
  const [first, ...rest] = reader.problems;
  if (first !== undefined) return { kind: "refused", problems: [first, ...rest] };
  return root === undefined ? refused("The document holds no element.", "Send the whole file.") : { kind: "tree", root };
}

function refused(what: string, remedy: string): XmlReading {
  return { kind: "refused", problems: [{ line: 1, column: 1, path: "/", what, remedy }] };
}

/** What is gathered while one document is read. */
class TreeReader {
  readonly problems: Problem[] = [];
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #open: Draft[] = [];
  #root: Draft | undefined;
  #elements = 0;
  #attributes = 0;

  read(text: string): XmlElement | undefined {
    this.#listen();
    for (let at = 0; at < text.length && this.problems.length === 0; at += pieceCharacters) this.#parser.write(text.slice(at, at + pieceCharacters));
    if (this.problems.length === 0) this.#parser.close();
    return this.#root;
  }

  #listen(): void {
    const parser = this.#parser;
    parser.on("error", (error) =>
      this.#tell(
        `This is not well-formed XML: ${error.message.replace(/^\d+:\d+: /, "")}`,
        "Repair the file at this place, or have it written again by the system it came from.",
      ),
    );
    parser.on("xmldecl", (declaration) => this.#declare(declaration.version, declaration.encoding));
    parser.on("doctype", () =>
      this.#tell(
        "The document declares a document type (DOCTYPE).",
        "Remove the DOCTYPE; the desk follows no schema and no entity that a document brings along.",
      ),
    );
    parser.on("processinginstruction", () =>
      this.#tell("The document holds a processing instruction.", "Remove it; only the XML declaration on the first line may stay."),
    );
    parser.on("attribute", ({ value }) => this.#countAttribute(value));
    parser.on("opentagstart", () => (this.#attributes = 0));
    parser.on("opentag", (tag) => this.#openElement(tag));
    parser.on("text", (text) => this.#addText(text));
    parser.on("cdata", (text) => this.#addText(text));
    parser.on("closetag", () => this.#closeElement());
  }

  #tell(what: string, remedy: string): void {
    if (this.problems.length >= mostProblems || this.problems.some((told) => told.what === what)) return;
    this.problems.push({ line: this.#parser.line, column: Math.max(1, this.#parser.column), path: this.#open.at(-1)?.path ?? "/", what, remedy });
  }

  #declare(version: string | undefined, encoding: string | undefined): void {
    if (version !== undefined && version !== "1.0") this.#tell("The document is not XML 1.0.", "Write it as XML 1.0.");
    if (encoding !== undefined && encoding.toLowerCase() !== "utf-8")
      this.#tell("The document says that it is not written in UTF-8.", "Save it as UTF-8 and say so in its first line.");
  }

  #countAttribute(value: string): void {
    this.#attributes++;
    if (this.#attributes === xmlLimits.attributes + 1)
      this.#tell(`An element has more than ${xmlLimits.attributes} attributes.`, "Send the form as its own system writes it.");
    if (value.length > xmlLimits.textCharacters) this.#tell("An attribute holds more than 64 KiB of text.", "Send long text as a separate document.");
  }

  #openElement(tag: SaxesTagNS): void {
    const parent = this.#open.at(-1);
    this.#elements++;
    if (this.#elements === xmlLimits.elements + 1) this.#tell(`The document has more than ${xmlLimits.elements} elements.`, "Split the request into several.");
    if (this.#open.length === xmlLimits.depth)
      this.#tell(`Elements are nested more than ${xmlLimits.depth} deep.`, "Send the form as its own system writes it.");
    if (this.problems.length > 0) return;
    const type = this.#typeOf(tag);
    const element: Draft = {
      namespace: tag.uri,
      name: tag.local,
      path: `${parent?.path ?? ""}/${tag.local}${numberAmong(parent, tag.local)}`,
      line: this.#parser.line,
      column: Math.max(1, this.#parser.column),
      attributes: attributesOf(tag),
      ...(type === undefined ? {} : { type }),
      children: [],
      text: "",
      seen: new Map(),
    };
    parent?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
  }

  /** `xsi:type` holds a prefixed name; only here are the prefixes known. */
  #typeOf(tag: SaxesTagNS): XmlName | undefined {
    const said = Object.values(tag.attributes)
      .find(({ uri, local }) => uri === xsi && local === "type")
      ?.value.trim();
    if (said === undefined) return undefined;
    const colon = said.indexOf(":");
    const namespace = this.#parser.resolve(colon < 0 ? "" : said.slice(0, colon));
    if (namespace !== undefined) return { namespace, name: said.slice(colon + 1) };
    this.#tell("A type (xsi:type) uses a prefix that the document does not declare.", "Declare the prefix, or use the prefixes of the schema.");
    return undefined;
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined || this.problems.length > 0) return;
    element.text += text;
    const most = roomy.has(`${element.namespace} ${element.name}`) ? roomyCharacters : xmlLimits.textCharacters;
    if (element.text.length > most) this.#tell(`An element holds more than ${most} characters of text.`, "Send long text as a separate document.");
  }

  #closeElement(): void {
    const element = this.#open.pop();
    if (element !== undefined) element.text = element.text.trim();
  }
}

function numberAmong(parent: Draft | undefined, name: string): string {
  if (parent === undefined) return "";
  const number = (parent.seen.get(name) ?? 0) + 1;
  parent.seen.set(name, number);
  return number === 1 ? "" : `[${number}]`;
}

function attributesOf(tag: SaxesTagNS): readonly XmlAttribute[] {
  return Object.values(tag.attributes)
    .filter(({ uri }) => uri !== declarations)
    .map(({ uri, local, value }) => ({ namespace: uri, name: local, value }));
}
