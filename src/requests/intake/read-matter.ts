// Reads the criminal or civil matter a request belongs to: its reference and its nature.
import type { RequestReading, Span } from "./details.ts";
import { mentionsWithin, unitAt, type SourceText } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";

type Matter = NonNullable<RequestReading["matter"]>;
type Nature = Matter["value"]["nature"];

export function readMatter(sources: readonly SourceText[]): Matter | undefined {
  for (const kind of ["label.matter", "label.weakMatter"]) {
    for (const source of sources) {
      const found = referenceBehind(source, kind);
      if (found)
        return {
          value: { reference: found.reference, nature: natureOf(found.reference, sources) },
          spans: [found.span],
          certainty: kind === "label.matter" ? "stated" : "inferred",
        };
    }
  }
  return investigationIn(sources);
}

interface Reference {
  readonly reference: string;
  readonly span: Span;
}

function referenceBehind(source: SourceText, kind: string): Reference | undefined {
  for (const label of source.mentions.get(kind) ?? []) {
    const region = unitAt(source, label.start)?.region;
    if (region !== "main" && region !== "signature") continue;
    const found = referenceAt(source, label);
    if (found) return found;
  }
  return undefined;
}

/** Pieces behind the label as long as they look like a file number: "1:26-mj-00417", "123 Js 4567/26", "OP-2026/55". */
function referenceAt(source: SourceText, label: Mention): Reference | undefined {
  const rest = source.text.slice(label.end, label.end + 100);
  const lead = /^(?:[\s:.#|=*_()[\]-]|n[°ºr]\.?|no\.?(?=[\s:])|num(?:ber|mer|éro|ero)?\b\.?|\(s\)|is\b){0,10}/i.exec(rest)?.[0] ?? "";
  if (/\n\s*\n/.test(lead)) return undefined;
  const pieces: string[] = [];
  let length = 0;
  let end = 0;
  for (const match of rest.slice(lead.length).matchAll(/\S+/g)) {
    const gap = rest.slice(lead.length + length, lead.length + match.index);
    const piece = match[0].replace(/[,;.)\]|*"”]+$/, "");
    if (pieces.length >= 8 || /[\n|\t]/.test(gap) || !isPiece(piece, pieces.length)) break;
    pieces.push(piece);
    length = match.index + match[0].length;
    if (/\d/.test(piece)) end = match.index + piece.length;
    if (piece !== match[0] && (/\d/.test(piece) || match[0] !== `${piece}.`)) break;
  }
  const reference = rest.slice(lead.length, lead.length + end).trim();
  const start = label.end + lead.length;
  return /\d/.test(reference) && reference.length >= 3 && !isDate(reference)
    ? { reference, span: { source: source.id, start, end: start + reference.length } }
    : undefined;
}

function isPiece(piece: string, at: number): boolean {
  if (piece.length > 32 || /@/.test(piece)) return false;
  if (/\d/.test(piece)) return /^[\p{L}\p{N}][\p{L}\p{N}:/._–()-]*$/u.test(piece);
  return /^[\p{Lu}][\p{L}.]{0,5}$/u.test(piece) || (at > 0 && /^[-–/]$/.test(piece));
}

function isDate(reference: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/.test(reference);
}

function natureOf(reference: string, sources: readonly SourceText[]): Nature {
  if (/[-: ](?:cr|mj|mc|sw|gj)[-: ]?\d/i.test(reference) || /\b\d+ ?(?:Js|Gs|Ds|Ls|Kls)\b/.test(reference)) return "criminal";
  if (/[-: ]cv[-: ]\d/i.test(reference)) return "civil";
  const count = (kind: string) =>
    sources.reduce(
      (sum, source) =>
        sum +
        (source.mentions.get(kind) ?? []).filter(({ start }) => unitAt(source, start)?.region !== "quoted" && unitAt(source, start)?.region !== "disclaimer")
          .length,
      0,
    );
  const criminal = count("matter.criminal");
  const civil = count("matter.civil");
  return criminal > civil ? "criminal" : civil > criminal ? "civil" : "unknown";
}

/** Without a number: what the investigation is about, in the letter's own words. */
function investigationIn(sources: readonly SourceText[]): Matter | undefined {
  for (const source of sources) {
    for (const mention of source.mentions.get("matter.investigations") ?? []) {
      const unit = unitAt(source, mention.start);
      if (unit?.region !== "main" || mentionsWithin(source, "negation.before", { start: unit.start, end: mention.start }).length > 0) continue;
      const rest = source.text.slice(mention.end, Math.min(unit.end, mention.end + 90));
      const words = /^[\s:]{1,2}([^.,;:\n(]{4,80})/.exec(rest.replace(/\n/g, " "))?.[1]?.trimEnd();
      if (!words) continue;
      const start = mention.end + rest.replace(/\n/g, " ").indexOf(words);
      return {
        value: { reference: words, nature: natureOf("", sources) },
        spans: [{ source: source.id, start, end: start + words.length }],
        certainty: "inferred",
      };
    }
  }
  return undefined;
}
