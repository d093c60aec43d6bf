// Says whether a text still holds what must be gone. It shares no search with what made the boxes, so that one mistake cannot blind both.
import { findCustom, namedPatterns } from "./patterns.ts";
import type { Target } from "./removals.ts";

export interface GoneCheck {
  /** Whole words and forms, also spaced out, broken over lines or turned round. */
  inText(text: string): boolean;
  /** Words only: for places where numbers belong to the file and not to its text. */
  inWords(text: string): boolean;
  /** Long words anywhere in letters that were picked out of bytes: short ones would be met by chance. */
  inLetters(letters: string): boolean;
}

export function goneCheck(gone: readonly Target[]): GoneCheck {
  const terms = gone.flatMap((target) => (target.kind === "term" ? [{ tokens: tokensOf(target.term), anywhere: target.anywhere ?? false }] : []));
  const used = terms.filter(({ tokens }) => tokens.length > 0);
  const whole = expressions(used.map(({ tokens, anywhere }) => expressionFor(tokens, anywhere)));
  const wordy = used.filter(({ tokens }) => /\p{L}/u.test(tokens.join("")));
  const words = expressions(wordy.map(({ tokens, anywhere }) => expressionFor(tokens, anywhere)));
  const long = expressions(wordy.map(({ tokens }) => tokens.join("")).filter((joined) => joined.length >= longEnough));
  const joined = expressions(used.map(({ tokens }) => escaped(tokens.join(""))));
  const forms = gone.filter(({ kind }) => kind === "pattern" || kind === "custom");
  return {
    inText: (text) => variants(text).some((each) => matches(whole, each)) || matches(joined, singleLetters(text)) || holdsForm(forms, text),
    inWords: (text) => variants(text).some((each) => matches(words, each)),
    inLetters: (letters) => matches(long, plain(letters)) || matches(long, turned(plain(letters))),
  };
}

const longEnough = 6;

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
}

/** Words in their plain form, as the check compares them. */
export function tokensOf(text: string): string[] {
  return plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

function variants(text: string): string[] {
  const folded = plain(text);
  const joined = folded.replaceAll(/[\u0002\ufffe\u2010\u2011-]\s*\n\s*/g, "");
  return joined === folded ? [folded, turned(folded)] : [folded, turned(folded), joined];
}

function turned(text: string): string {
  return [...text].toReversed().join("");
}

/** Only letters that stand alone, put together where one space parts them. */
function singleLetters(text: string): string {
  const runs = plain(text).match(/(?<![\p{L}\p{N}])[\p{L}\p{N}](?:[^\p{L}\p{N}]+[\p{L}\p{N}](?![\p{L}\p{N}]))+/gu) ?? [];
  return runs.map((run) => run.replaceAll(/[^\p{L}\p{N}]+/gu, "")).join(" ");
}

const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function expressionFor(tokens: readonly string[], anywhere: boolean): string {
  const body = tokens.map(escaped).join(String.raw`[^\p{L}\p{N}]+`);
  if (anywhere || unspaced.test(tokens.join(""))) return body;
  return String.raw`(?<![\p{L}\p{N}])${body}(?![\p{L}\p{N}])`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

const inOne = 200;

/** Every alternative is words with single gaps between them, so none can be matched in two ways. */
function expressions(sources: readonly string[]): RegExp[] {
  const unique = [...new Set(sources)].filter((source) => source !== "");
  return Array.from({ length: Math.ceil(unique.length / inOne) }, (_, index) => new RegExp(unique.slice(index * inOne, (index + 1) * inOne).join("|"), "u"));
}

function matches(all: readonly RegExp[], text: string): boolean {
  return all.some((each) => each.test(text));
}

function holdsForm(forms: readonly Target[], text: string): boolean {
  const squeezed = text.normalize("NFKC").replaceAll(/\s+/g, " ");
  return forms.some((target) => {
    if (target.kind === "pattern") return namedPatterns[target.pattern](squeezed).length > 0;
    return target.kind === "custom" && findCustom(squeezed, target.pattern).length > 0;
  });
}
