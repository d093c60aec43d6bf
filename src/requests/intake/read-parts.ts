// Cuts a message into lines, regions and sentences, so that a signature, a quoted mail or a disclaimer is not read as a request.
import type { ReadingPack } from "../../policy/reading-pack.ts";
import { foldedSet, mentionsIn, type Mention, type Vocabulary } from "./read-vocabulary.ts";
import { wordsOf, type Word } from "./read-words.ts";

type Region = "main" | "quoted" | "signature" | "disclaimer";

/** A sentence, a list item, a form field or a heading. `last` is exclusive here: words first … last - 1. */
export interface Unit {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
  readonly region: Region;
  /** `field`: begins with a label of the pack; `item`: bullet or table row; `line`: short, alone, without a full stop. */
  readonly shape: "field" | "item" | "line" | "prose";
  /** True for the first unit after an empty line. */
  readonly opensParagraph: boolean;
}

/** One source of the message, cut up and searched. */
export interface SourceText {
  readonly id: string;
  readonly text: string;
  readonly words: readonly Word[];
  readonly units: readonly Unit[];
  readonly mentions: ReadonlyMap<string, readonly Mention[]>;
  readonly packs: readonly ReadingPack[];
}

export const isAttachment = ({ id }: SourceText) => id.startsWith("attachment");

export function cutSource(source: { readonly id: string; readonly text: string }, vocabulary: Vocabulary): SourceText {
  const words = wordsOf(source.text);
  const mentions = mentionsIn(words, vocabulary);
  const draft: SourceText = { ...source, words, units: [], mentions, packs: vocabulary.packs };
  const lines = withRegions(draft, linesOf(draft));
  return { ...draft, units: unitsOf(draft, lines) };
}

/** Mentions of the kind that begin in [start, end), in order. */
export function mentionsWithin(source: SourceText, kind: string, { start, end }: { readonly start: number; readonly end: number }): readonly Mention[] {
  const list = source.mentions.get(kind);
  if (!list) return [];
  const from = firstAtOrAfter(list, start);
  let to = from;
  while ((list[to]?.start ?? Infinity) < end) to++;
  return from === to ? [] : list.slice(from, to);
}

/** Index of the first entry that starts at or after the offset. */
export function firstAtOrAfter(list: readonly { readonly start: number }[], start: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The mention of the kind that ends last before `end` without starting before `start`. */
export function lastMentionBefore(source: SourceText, kind: string, start: number, end: number): Mention | undefined {
  return mentionsWithin(source, kind, { start, end })
    .filter((mention) => mention.end <= end)
    .at(-1);
}

export function unitAt(source: SourceText, offset: number): Unit | undefined {
  const at = firstAtOrAfter(source.units, offset + 1) - 1;
  return source.units[at];
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly region: Region;
}

function linesOf({ text }: SourceText): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    lines.push({ start, end, text: text.slice(start, end).trim(), region: "main" });
    start = end + 1;
  }
  return lines;
}

function withRegions(source: SourceText, lines: readonly Line[]): Line[] {
  const disclaimed = disclaimerLines(source, lines);
  const result: Line[] = [];
  let region: Region = "main";
  let left = 0;
  lines.forEach((line, at) => {
    if (region === "signature" && (--left < 0 || opensAnnex(source, line) || (line.text.length > 120 && !disclaimed.has(at)))) region = "main";
    if (region !== "quoted" && !isAttachment(source) && opensQuote(source, lines, at)) region = "quoted";
    result.push({ ...line, region: lineRegion(line, region, disclaimed.has(at)) });
    if (region === "main" && opensSignature(source, line)) {
      region = "signature";
      left = signatureLines;
    }
  });
  return result;
}

const signatureLines = 24;

function lineRegion(line: Line, region: Region, disclaimed: boolean): Region {
  if (line.text.startsWith(">")) return "quoted";
  return disclaimed && region !== "quoted" ? "disclaimer" : region;
}

function disclaimerLines(source: SourceText, lines: readonly Line[]): ReadonlySet<number> {
  const disclaimed = new Set<number>();
  for (const mention of source.mentions.get("layout.disclaimers") ?? []) {
    const at = lineIndex(lines, mention.start);
    if (disclaimed.has(at)) continue;
    for (let up = at; up >= 0 && lines[up]?.text && !disclaimed.has(up); up--) disclaimed.add(up);
    for (let down = at + 1; lines[down]?.text && !disclaimed.has(down); down++) disclaimed.add(down);
  }
  return disclaimed;
}

function lineIndex(lines: readonly Line[], offset: number): number {
  return Math.max(0, firstAtOrAfter(lines, offset + 1) - 1);
}

function opensQuote(source: SourceText, lines: readonly Line[], at: number): boolean {
  const line = lines[at];
  if (!line?.text) return false;
  const [header] = mentionsWithin(source, "layout.quoteHeaders", line);
  if (header && (line.text.endsWith(":") || /^[-_=*\s]{2,}/.test(line.text))) return true;
  if (at < 3 || lines[at - 1]?.text || !startsWithLabel(source, line, "layout.mailFrom")) return false;
  const next = lines.slice(at + 1, at + 6);
  const has = (kind: string) => next.some((candidate) => startsWithLabel(source, candidate, kind));
  return has("layout.mailTo") && (has("layout.mailSent") || has("layout.mailSubject"));
}

function startsWithLabel(source: SourceText, line: Line, kind: string): boolean {
  const [mention] = mentionsWithin(source, kind, line);
  return mention !== undefined && mention.start - line.start <= 4 && /^[*_\s]*:/.test(source.text.slice(mention.end, mention.end + 4));
}

function opensSignature(source: SourceText, line: Line): boolean {
  if (line.text === "--") return true;
  if (line.text.length > 60) return false;
  const [closing] = mentionsWithin(source, "people.closings", line);
  if (!closing || source.text.slice(line.start, closing.start).trim() !== "") return false;
  if (source.text.slice(0, line.start).trim() === "") return false;
  const rest = source.text.slice(closing.end, line.end).trim();
  return /^[,.!;-]*$/.test(rest) || /^[,.-]? ?\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3}$/u.test(rest);
}

/** A line such as "ATTACHMENT A" or the title of a paper: the letter's signature is over. */
function opensAnnex(source: SourceText, line: Line): boolean {
  if (!line.text || line.text.length > 90) return false;
  const [annex] = mentionsWithin(source, "asking.attachment", line);
  if (annex && annex.start - line.start <= 4 && /^[\s.:#]*(?:[A-Z]|\d{1,2}|[IVX]{1,4})\b(?!\w)/.test(source.text.slice(annex.end, line.end))) return true;
  const paper = [...mentionsWithin(source, "instrument.named", line), ...mentionsWithin(source, "instrument.family", line)];
  return paper.length > 0 && isCapitals(line.text);
}

export function isCapitals(text: string): boolean {
  return /\p{Lu}{3}/u.test(text) && !/\p{Ll}/u.test(text);
}

const bullet = /^(?:[-*•·–▪◦]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])\s+/;

function unitsOf(source: SourceText, lines: readonly Line[]): Unit[] {
  const units: Unit[] = [];
  const abbreviations = foldedSet(source.packs.flatMap(({ layout }) => layout.abbreviations));
  let block: Line[] = [];
  let opensParagraph = true;
  const flush = () => {
    if (block.length > 0) addBlock(source, block, units, opensParagraph, abbreviations);
    if (block.length > 0) opensParagraph = false;
    block = [];
  };
  lines.forEach((line) => {
    const before = block.at(-1);
    if (!line.text || (before && startsBlock(source, block, line))) flush();
    if (!line.text) opensParagraph = true;
    else block.push(line);
  });
  flush();
  return units;
}

function startsBlock(source: SourceText, block: readonly Line[], line: Line): boolean {
  const before = block.at(-1);
  if (!before || before.region !== line.region) return true;
  if (before.text.length < 60 && startsWithContact(source, line)) return true;
  if (before.text.length < 60 && (/^\S+@\S+/.test(line.text) || /@\S+$/.test(before.text))) return true;
  if (bullet.test(line.text) || isRow(line.text) || isRow(before.text) || isField(source, line)) return true;
  if (before.text.endsWith(":") || isCapitals(before.text) !== isCapitals(line.text)) return true;
  const widest = block.slice(-12).reduce((most, { text }) => Math.max(most, text.length), line.text.length);
  const short = before.text.length < 60 && (before.text.length < widest * 0.75 || widest < 60);
  return short && /^[\p{Lu}\p{N}"'(@]/u.test(line.text);
}

/** "tel. 32 555 11 87" below a name. */
function startsWithContact(source: SourceText, line: Line): boolean {
  return ["label.phone", "label.email", "label.badge"].some((kind) => {
    const [label] = mentionsWithin(source, kind, { start: line.start, end: Math.min(line.end, line.start + 3) });
    return label !== undefined && /^[\s.:#]{1,4}[+(]?\d|^[\s.:]{1,3}\S+@/.test(source.text.slice(label.end, label.end + 30));
  });
}

function isRow(text: string): boolean {
  return text.includes("|") || text.includes("\t") || / {3,}/.test(text) || isCommaRow(text);
}

/** A row of comma-separated values: three cells or more, and no blank behind the commas as in a sentence. */
export function isCommaRow(text: string): boolean {
  const cells = text.slice(0, 1000).split(",");
  return cells.length >= 3 && cells.every((cell) => /^\S/.test(cell));
}

const fieldKinds = [
  "agency",
  "matter",
  "weakMatter",
  "workspace",
  "account",
  "userName",
  "userId",
  "personName",
  "officer",
  "rank",
  "badge",
  "phone",
  "email",
  "address",
  "dateRange",
  "rangeStart",
  "rangeEnd",
  "issued",
  "expires",
  "returns",
  "otherDate",
  "issuer",
  "instrument",
  "recipient",
].map((kind) => `label.${kind}`);

function isField(source: SourceText, { start, end, text }: { readonly start: number; readonly end: number; readonly text: string }): boolean {
  if (/^[\p{L}\p{N} ./'’()#°º-]{1,48}:\s/u.test(`${text} `)) return true;
  return fieldKinds.some((kind) => {
    const [label] = mentionsWithin(source, kind, { start, end: Math.min(end, start + 8) });
    return label !== undefined && /^[^\p{L}\p{N}]{0,6}[:|\t=]/u.test(source.text.slice(label.end, label.end + 8));
  });
}

function addBlock(source: SourceText, block: readonly Line[], units: Unit[], opensParagraph: boolean, abbreviations: ReadonlySet<string>): void {
  const [head] = block;
  const tail = block.at(-1);
  if (!head || !tail) return;
  const whole = { start: head.start, end: tail.end, text: head.text };
  const shape = shapeOf(source, block, whole);
  const cuts = shape === "prose" || block.length > 1 || head.text.length > 90 ? sentenceEnds(source, whole, abbreviations) : [whole.end];
  let start = whole.start;
  for (const end of cuts) {
    const first = firstAtOrAfter(source.words, start);
    const last = firstAtOrAfter(source.words, end);
    if (last > first)
      units.push({ index: units.length, start, end, first, last, region: head.region, shape, opensParagraph: opensParagraph && start === whole.start });
    start = end;
  }
}

function shapeOf(source: SourceText, block: readonly Line[], whole: { readonly start: number; readonly end: number; readonly text: string }): Unit["shape"] {
  if (bullet.test(whole.text) || isRow(whole.text)) return "item";
  if (isField(source, whole)) return "field";
  return block.length === 1 && whole.text.length <= 90 && !/[.!?]$/.test(whole.text) ? "line" : "prose";
}

/** A sentence without an end is cut here, so that reading stays linear in hostile text. */
const longestUnit = 2000;

function sentenceEnds({ text }: SourceText, { start, end }: { readonly start: number; readonly end: number }, abbreviations: ReadonlySet<string>): number[] {
  const ends: number[] = [];
  for (let at = start; at < end; at++) {
    const letter = text[at];
    if (at - (ends.at(-1) ?? start) > longestUnit && /\s/.test(letter ?? "")) ends.push(at);
    if (letter !== "." && letter !== "!" && letter !== "?") continue;
    if (!/^["')\]]?\s+["'([]?[\p{Lu}\p{N}¿¡]/u.test(text.slice(at + 1, at + 8))) continue;
    if (letter === "." && isAbbreviation(text, start, at, abbreviations)) continue;
    ends.push(at + 1);
  }
  return [...ends, end];
}

function isAbbreviation(text: string, start: number, dot: number, abbreviations: ReadonlySet<string>): boolean {
  let from = dot;
  while (from > start && dot - from < 12 && /[\p{L}\p{N}.]/u.test(text[from - 1] ?? "")) from--;
  const word = text.slice(from, dot);
  if (/^\p{N}{1,2}$/u.test(word)) return /^\.\s+\p{L}/u.test(text.slice(dot, dot + 4));
  return word.includes(".") || /^\p{Lu}\p{L}{0,2}$/u.test(word) || word.length === 1 || abbreviations.has(word.toLowerCase());
}
