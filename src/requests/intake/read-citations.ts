// Reads the law a paper cites: a code's name with a section number beside it.
import type { Span } from "./details.ts";
import { mentionsWithin, unitAt, type SourceText } from "./read-parts.ts";

export interface Citation {
  readonly text: string;
  /** The section with its subsections, such as `2703(d)`. */
  readonly section: string;
  readonly span: Span;
}

const number = String.raw`\d{1,5}[a-z]{0,7}(?:\.?[ºª])?(?: (?:bis|ter|quater|quinquies|sexies|septies|octies)(?: [a-z])?)?(?:[-–.]\d{1,4}){0,3}(?: ?\([a-zA-Z0-9]{1,4}\)){0,4}`;
const sign = String.raw`(?:§{1,2}|sec(?:tion|tions|s)?\.?|s\.|ss\.|art(?:icle|icles|ikel|icolo|icoli|ículo|ículos|igo|igos|ykuł|ykułu)?s?\.?|arts?\.|rule)`;
const rest = String.raw`(?:[, ]{1,2}(?:(?:Abs\.|Satz|S\.|Nr\.|al\.|alinéa|comma|co\.|ust\.|§|lid|apartado|n\.º|and|und|et|y|e|i|en|to|ff\.?) ?)?(?:§ ?)?${number}){0,4}`;
const behind = new RegExp(String.raw`^[\s.,]{0,3}(?:${sign}[\s ]{0,2})?(${number})`, "i");
const before = new RegExp(
  String.raw`(?:${sign}[\s ]{0,2})(${number})${rest}[\s,]{0,2}(?:of|of the|du|de la|de|del|della|do|da|des|der|van het|van|z|the)?[\s]{0,2}(?:the |l['’])?$`,
  "i",
);

/** In the order of the text; at most 100. */
export function citationsIn(source: SourceText): Citation[] {
  const codes = (source.mentions.get("law.codes") ?? []).slice(0, 100);
  return codes.flatMap((code) => {
    const region = unitAt(source, code.start)?.region;
    if ((region !== "main" && region !== "signature") || isTalkedAbout(source, code.start)) return [];
    const citation = citationAround(source, code);
    return citation ? [citation] : [];
  });
}

/** "…, for which a search warrant under § 2703(a) would be needed" founds nothing. */
function isTalkedAbout(source: SourceText, at: number): boolean {
  const unit = unitAt(source, at);
  const near = { start: Math.max(unit?.start ?? 0, at - 60), end: at };
  return ["cue.talkedAbout", "negation.before"].some((kind) => mentionsWithin(source, kind, near).length > 0);
}

function citationAround(source: SourceText, code: { readonly start: number; readonly end: number }): Citation | undefined {
  const titleNumber = /(?:^|[\s(])(\d{1,2}) $/.exec(source.text.slice(Math.max(0, code.start - 4), code.start));
  const after = behind.exec(source.text.slice(code.end, code.end + 60));
  if (after?.[1] && (titleNumber || mentionsWithin(source, "law.sections", { start: code.end, end: code.end + 12 }).length > 0)) {
    const start = titleNumber?.[1] ? code.start - titleNumber[1].length - 1 : code.start;
    return cite(source, start, code.end + after[0].length, after[1]);
  }
  const from = Math.max(0, code.start - 80);
  const ahead = before.exec(source.text.slice(from, code.start));
  if (ahead?.[1]) return cite(source, from + ahead.index, code.end, ahead[1]);
  const name = source.text.slice(code.start, code.end);
  return /\d{2}/.test(name) ? cite(source, code.start, code.end, name) : undefined;
}

function cite(source: SourceText, start: number, end: number, section: string): Citation {
  return { text: source.text.slice(start, end).replace(/\s+/g, " "), section: section.replace(/\s/g, ""), span: { source: source.id, start, end } };
}

/** The section a pack's citation names, such as `2703(d)` in "18 USC 2703(d)"; its last one when there are several. */
export function sectionOf(citation: string): string {
  const sections = citation.match(/\d{2,5}[a-z]?(?:\([a-zA-Z0-9]{1,4}\))+/g) ?? [];
  return sections.length === 1 ? (sections[0] ?? "") : "";
}
