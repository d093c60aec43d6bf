// Guesses the language of a text from its script and its commonest words, and says when it does not know.
import type { ReadingPack } from "../../policy/reading-pack.ts";
import { wordsOf } from "./read-words.ts";

export interface LanguageGuess {
  /** ISO 639-1, or `und`. */
  readonly language: string;
  /** Packs to read the text with, best first; empty when the language is not known. */
  readonly packs: readonly ReadingPack[];
  /** Words of the language seen: how much the guess rests on. */
  readonly weight: number;
}

const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/gu, "ja"],
  [/\p{Script=Hangul}/gu, "ko"],
  [/\p{Script=Han}/gu, "zh"],
  [/\p{Script=Greek}/gu, "el"],
  [/\p{Script=Hebrew}/gu, "he"],
  [/\p{Script=Devanagari}/gu, "hi"],
  [/\p{Script=Arabic}/gu, "ar"],
  [/\p{Script=Thai}/gu, "th"],
  [/\p{Script=Cyrillic}/gu, "ru"],
];

/** Letters by which neighbours that share a script are told apart. */
const scriptRefinements: readonly (readonly [string, RegExp, string])[] = [
  ["ru", /[іїєґ]/i, "uk"],
  ["ru", /[ўЎ]/, "be"],
  ["ru", /[ђћџљњј]/i, "sr"],
  ["ar", /[پچژگ]/, "fa"],
  ["ar", /[ٹڈڑے]/, "ur"],
];

const sampleLength = 20_000;

/** `und` when the text is too short or in a language without a pack; a script without a pack still names its likely language. */
export function guessLanguage(text: string, packs: readonly ReadingPack[]): LanguageGuess {
  const sample = text.slice(0, sampleLength);
  const byScript = scriptLanguage(sample);
  if (byScript) return { language: byScript, packs: packs.filter(({ language }) => language === byScript), weight: 100 };
  const words = wordsOf(sample).filter(({ word }) => word.length > 1 && /^\p{L}/u.test(word));
  const scores = packs.map((pack) => ({
    pack,
    share: share(
      words.map(({ word }) => word),
      pack,
    ),
    foreign: foreignShare(sample, pack),
  }));
  scores.sort((a, b) => b.share - a.share);
  const [best] = scores;
  if (!best || words.length < 3 || best.share < minimumShare(words.length) || best.foreign > 0.004) return { language: "und", packs: [], weight: 0 };
  const close = scores.filter(({ share: value, foreign }) => value >= best.share * 0.6 && value >= 0.18 && foreign < 0.004).slice(0, 2);
  return { language: best.pack.language, packs: close.length > 0 ? close.map(({ pack }) => pack) : [best.pack], weight: Math.round(best.share * words.length) };
}

/** A short note or a form holds fewer small words than prose. */
function minimumShare(words: number): number {
  return words < 12 ? 0.12 : words < 60 ? 0.13 : 0.16;
}

function share(words: readonly string[], pack: ReadingPack): number {
  const common = new Set(pack.recognise.common.flatMap((word) => wordsOf(word).map(({ word: folded }) => folded)));
  const hits = words.filter((word) => common.has(word)).length;
  const formal = words.length < formLength ? formWords(pack) : new Set<string>();
  const labels = words.filter((word) => !common.has(word) && formal.has(word)).length;
  return (hits + labels / 2) / Math.max(1, words.length);
}

/** Below this many words a text may be a form: its labels tell the language too. */
const formLength = 120;

function formWords({ label, asking, people, matter }: ReadingPack): ReadonlySet<string> {
  const phrases = [...Object.values(label).flat(), ...asking.asks, ...asking.headings, ...people.closings, ...matter.criminal];
  return new Set(phrases.flatMap((phrase) => wordsOf(phrase).map(({ word }) => word)).filter((word) => word.length > 2));
}

function foreignShare(sample: string, pack: ReadingPack): number {
  const foreign = new Set(pack.recognise.foreignLetters);
  let count = 0;
  for (const letter of sample.toLowerCase()) if (foreign.has(letter)) count++;
  return count / Math.max(1, sample.length);
}

function scriptLanguage(sample: string): string | undefined {
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  for (const [script, language] of scripts) {
    const count = sample.match(script)?.length ?? 0;
    if (count / letters < (language === "ja" ? 0.1 : 0.3)) continue;
    return scriptRefinements.find(([base, mark]) => base === language && mark.test(sample))?.[2] ?? language;
  }
  return undefined;
}
