// Makes a letter fit for print: within measure, without invisible characters, and with every character its type face lacks shown as one.
import type { Letter } from "../../requests/letters/letter.ts";

interface PrintingLimits {
  /** Of all words of the letter together, in UTF-16 code units. */
  readonly characters: number;
  /** Paragraphs, headings, list items and table rows together. */
  readonly parts: number;
}

const printingLimits: PrintingLimits = { characters: 200_000, parts: 5_000 };

export type Measured = { readonly kind: "printable"; readonly letter: Letter; readonly replaced: number } | { readonly kind: "too-large" };

/** `has` says whether the type face has a character. */
export function printableLetter(letter: Letter, has: (codePoint: number) => boolean, limits = printingLimits): Measured {
  const texts = textsOf(letter);
  if (texts.length > limits.parts || texts.reduce((sum, text) => sum + text.length, 0) > limits.characters) return { kind: "too-large" };
  const replaced = texts.reduce((sum, text) => sum + strange(clean(text), has), 0);
  const shown = mapTexts(letter, (text) => showStrange(clean(text), has)) as Letter;
  return replaced === 0 ? { kind: "printable", letter: shown, replaced } : { kind: "printable", letter: withExplanation(shown), replaced };
}

const explanation =
  "Characters that this letter's type face does not have stand as their Unicode numbers in square brackets. The same letter as plain text has them as they were written.";

function withExplanation(letter: Letter): Letter {
  return { ...letter, blocks: [...letter.blocks, { kind: "paragraph", text: explanation }] };
}

/** Control characters and line breaks become spaces; characters that only steer others, such as changes of direction, are left out. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/\p{Cf}/gu, "");
}

function strange(text: string, has: (codePoint: number) => boolean): number {
  return Array.from(text).filter((character) => !isPrintable(character, has)).length;
}

function showStrange(text: string, has: (codePoint: number) => boolean): string {
  return Array.from(text, (character) => (isPrintable(character, has) ? character : `[${unicodeNumber(character)}]`))
    .join("")
    .replaceAll("][U+", " U+");
}

function isPrintable(character: string, has: (codePoint: number) => boolean): boolean {
  return has(character.codePointAt(0) ?? 0);
}

function unicodeNumber(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each: unknown) => mapTexts(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)]));
}
