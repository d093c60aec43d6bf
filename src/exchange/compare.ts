// Holds what an order's XML says against what was read in its PDF, and names each field in which they contradict each other.
import type { CasePart } from "./case-part.ts";

type ComparedField =
  | "instrument"
  | "issuedOn"
  | "expiresOn"
  | "returnOn"
  | "issuer"
  | "validator"
  | "issuedIn"
  | "emergency"
  | "hold"
  | "authority"
  | "reference"
  | "identifiers"
  | "data"
  | "period";

/** `xml` and `paper` are the two values, word for word; they may be personal, while `what` never is. */
export interface Contradiction {
  readonly field: ComparedField;
  readonly code: "XML_AND_PAPER_DISAGREE";
  readonly what: string;
  readonly remedy: string;
  readonly xml: string;
  readonly paper: string;
}

/** Only what both of them say can contradict; what one leaves out is no contradiction. */
export function compareParts(xml: CasePart, paper: CasePart): readonly Contradiction[] {
  const told = comparisons.flatMap(({ field, label, of }) => {
    const [inXml, onPaper] = [of(xml), of(paper)];
    return inXml.length === 0 || onPaper.length === 0 || isSame(inXml, onPaper) ? [] : [contradiction({ field, label, inXml, onPaper })];
  });
  return [...told, ...periods(xml, paper)];
}

interface Comparison {
  readonly field: ComparedField;
  /** "The day of issue". */
  readonly label: string;
  /** What it says, as a set of words; empty when it says nothing. */
  readonly of: (part: CasePart) => readonly string[];
}

const said = (value: string | boolean | undefined): readonly string[] => (value === undefined ? [] : [String(value)]);

const comparisons: readonly Comparison[] = [
  { field: "instrument", label: "The kind of paper", of: ({ paper }) => said(paper.instrument) },
  { field: "issuedOn", label: "The day of issue", of: ({ paper }) => said(paper.issuedOn) },
  { field: "expiresOn", label: "The last day of validity", of: ({ paper }) => said(paper.expiresOn) },
  { field: "returnOn", label: "The day by which an answer is wanted", of: ({ paper }) => said(paper.returnOn) },
  { field: "issuer", label: "Who issued it", of: ({ paper }) => said(paper.signedBy) },
  { field: "validator", label: "Who validated it", of: ({ paper }) => said(paper.validatedBy) },
  { field: "issuedIn", label: "Where it was issued", of: ({ paper }) => said(paper.issuedIn) },
  { field: "emergency", label: "Whether it is an emergency", of: ({ paper }) => said(paper.emergency) },
  { field: "hold", label: "Whether the enforcing authority was told", of: ({ paper }) => said(paper.authorityNotified) },
  { field: "authority", label: "The name of the authority", of: ({ authority }) => said(authority.name).map(plain) },
  { field: "reference", label: "The reference number", of: ({ authority }) => said(authority.reference).map(plain) },
  {
    field: "identifiers",
    label: "Whose data is asked for",
    of: ({ subjects }) => subjects.flatMap(({ identifiers }) => identifiers.map(({ kind, value }) => identifier(kind, value))),
  },
  {
    field: "data",
    label: "Which data is asked for",
    of: ({ lines }) => lines.map(({ dataType, onlyToIdentify }) => (onlyToIdentify === true ? `${dataType} (only to identify the user)` : dataType)),
  },
];

/** Two ways to write one thing are no contradiction: spaces, hyphens, full stops and capitals do not count. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s.\-/_,]+/g, " ")
    .trim();
}

function identifier(kind: string, value: string): string {
  const spelled = kind === "phone" ? value.replaceAll(/[^\d]/g, "").replace(/^00/, "") : value.normalize("NFKC").toLowerCase().trim();
  return `${kind} ${spelled}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).symmetricDifference(new Set(b)).size === 0;
}

function contradiction({
  field,
  label,
  inXml,
  onPaper,
}: {
  field: ComparedField;
  label: string;
  inXml: readonly string[];
  onPaper: readonly string[];
}): Contradiction {
  return {
    field,
    code: "XML_AND_PAPER_DISAGREE",
    what: `${label} is not the same in the XML and on the paper.`,
    remedy: "Ask the authority which one holds; until it answers, the narrower one counts.",
    xml: [...new Set(inXml)].join("; "),
    paper: [...new Set(onPaper)].join("; "),
  };
}

/** Periods are compared data type by data type, and only where both give one. */
function periods(xml: CasePart, paper: CasePart): readonly Contradiction[] {
  const types = [...new Set(xml.lines.map(({ dataType }) => dataType))];
  const pairs = types.map((type) => ({ type, inXml: periodsOf(xml, type), onPaper: periodsOf(paper, type) }));
  return pairs
    .filter(({ inXml, onPaper }) => inXml.length > 0 && onPaper.length > 0 && !isSame(inXml, onPaper))
    .map(({ type, inXml, onPaper }) => contradiction({ field: "period", label: `The period for ${type}`, inXml, onPaper }));
}

function periodsOf({ lines }: CasePart, type: string): readonly string[] {
  return lines
    .filter(({ dataType, from, to }) => dataType === type && (from !== undefined || to !== undefined))
    .map(({ from = "open", to = "open" }) => `${from} to ${to}`);
}
