// Makes text comparable before words are looked for: case, accents, ligatures, spacing and broken lines must not hide a name.

/** Folded text with the way back: `starts[i]` and `ends[i]` delimit what character i of `text` was in the original. */
export interface FoldedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Letters that Unicode does not take apart. */
const letters: { readonly [letter: string]: string } = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ħ: "h", ı: "i", þ: "th", ŋ: "n" };

/** A word broken at the end of a line; the reading engine writes U+0002 or U+FFFE for a hyphen it knows to be one. */
const brokenLine = /[\u0002\ufffe](?:\r?\n)?|[-\u00ad\u2010\u2011]\s*\r?\n\s*/y;
const unseen = /\p{M}|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u;
const wordPart = /[\p{L}\p{N}]/u;

/** Stands where something was taken out: it belongs to no word and no form, and what is left and right of it does not meet. */
export const hole = "\ue000";

/**
 * Letters and digits in their plainest form with single spaces for everything between them. `joinLines` reads a word that is broken
 * at the end of a line as one word; without it the hyphen stands between two.
 */
export function foldText(source: string, { joinLines }: { readonly joinLines: boolean }): FoldedText {
  let text = "";
  let last = "";
  const starts: number[] = [];
  const ends: number[] = [];
  const put = (folded: string, from: number, to: number): void => {
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(from);
      ends.push(to);
    }
    text += folded;
    // Kept apart: to ask a text that grows for its end costs as much as the text is long.
    if (folded !== "") last = folded.at(-1) ?? "";
  };
  for (let at = 0; at < source.length;) {
    const broken = joinLines ? lengthOfBreak(source, at) : 0;
    if (broken > 0) {
      at += broken;
      continue;
    }
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    const to = at + character.length;
    const folded = foldCharacter(character);
    if (folded !== undefined && !(folded === " " && (last === "" || last === " "))) put(folded, at, to);
    at = to;
  }
  return { text, starts, ends };
}

function lengthOfBreak(source: string, at: number): number {
  brokenLine.lastIndex = at;
  return brokenLine.exec(source)?.[0].length ?? 0;
}

/** None for a character that is not seen; a space for one that stands between words. */
function foldCharacter(character: string): string | undefined {
  const code = character.charCodeAt(0);
  if (code < 128) return plain[code];
  if (character === hole) return hole;
  if (unseen.test(character)) return undefined;
  let folded = "";
  for (const part of character.normalize("NFKD").toLowerCase().normalize("NFKD")) {
    if (unseen.test(part)) continue;
    folded += letters[part] ?? (wordPart.test(part) ? part : " ");
  }
  const squeezed = folded.replaceAll(/ +/g, " ");
  return squeezed === "" ? " " : squeezed;
}

const plain: readonly string[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code).toLowerCase();
  return /[a-z0-9]/.test(character) ? character : " ";
});

/** A search term in the same form. */
export function foldTerm(term: string): string {
  return foldText(term, { joinLines: false }).text.trim();
}

/** Scripts that write words without spaces: there a word has no edge to ask for. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Whether a word may begin or end between these two characters of folded text; either may be missing. */
export function isWordEdge(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined || before === hole || after === hole) return true;
  return before === " " || after === " " || unspaced.test(before) || unspaced.test(after);
}
