// What stands on a page: words, where they stand, and which of them a box touches. A word that is touched by a part is gone as a whole.
import type { Hit } from "./find-hits.ts";
import type { Box, Removal } from "./removals.ts";

/** One character as the reading engine gives it. */
export interface PlacedCharacter {
  readonly text: string;
  /** Where its ink is; absent for a character that the engine added, such as a space between two columns. */
  readonly box?: Box;
  /** Nobody sees it, although it can be read. */
  readonly hidden?: boolean;
}

export interface PageText {
  readonly text: string;
  readonly characters: readonly PlacedCharacter[];
  /** For every UTF-16 unit of `text`: the index of its character. */
  readonly characterAt: readonly number[];
}

export interface PageWord {
  readonly text: string;
  /** Indexes of characters; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** It follows the word before it without a space, as words of some scripts do. */
  readonly glued: boolean;
  readonly hidden: boolean;
}

export function pageText(characters: readonly PlacedCharacter[]): PageText {
  const characterAt: number[] = [];
  let text = "";
  for (const [index, character] of characters.entries()) {
    text += character.text;
    for (let unit = 0; unit < character.text.length; unit++) characterAt.push(index);
  }
  return { text, characters, characterAt };
}

const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const between = /^[\s\u0000\u0001\u0003-\u001f\ufeff\uffff]*$/u;

export function wordsOf({ characters }: PageText): PageWord[] {
  const words: PageWord[] = [];
  let line = 0;
  let from = 0;
  let glued = false;
  const finish = (to: number, nextIsGlued: boolean): void => {
    if (to > from) words.push(wordFrom(characters, from, to, line, glued));
    glued = nextIsGlued && to > from;
    from = to;
  };
  for (const [index, character] of characters.entries()) {
    const alone = unspaced.test(character.text);
    if (alone) finish(index, true);
    if (!between.test(character.text)) {
      if (alone) finish(index + 1, true);
      continue;
    }
    finish(index, false);
    from = index + 1;
    glued = false;
    if (character.text.includes("\n")) line++;
  }
  finish(characters.length, false);
  return words;
}

function wordFrom(characters: readonly PlacedCharacter[], from: number, to: number, line: number, glued: boolean): PageWord {
  const own = characters.slice(from, to);
  return { text: own.map(({ text }) => text).join(""), from, to, line, glued, hidden: own.some(({ hidden }) => hidden === true) };
}

export interface PlacedBox {
  readonly box: Box;
  readonly removal: number;
}

/** Room around the ink: letters lean over their boxes, and pictures of them are blurred at the edge. In points. */
const padAlong = 0.8;
const padAcross = 0.4;

/**
 * The boxes for what was found: whole words, as tall as their line, so that the height of a box says nothing about the letters under
 * it. A find over several lines gets a box on each.
 */
export function boxesForHits(page: PageText, words: readonly PageWord[], hits: readonly Hit[], removals: readonly Removal[]): PlacedBox[] {
  const lines = Map.groupBy(words, (word) => word.line);
  return hits.flatMap((hit) => {
    const first = page.characterAt[hit.from] ?? 0;
    const last = page.characterAt[hit.to - 1] ?? first;
    const touched = words.filter((word) => word.from <= last && word.to > first);
    return [...Map.groupBy(touched, (word) => word.line)].flatMap(([line, found]) => {
      const whole = lines.get(line) ?? found;
      const covered = removals[hit.removal]?.cover === "line" ? whole : found;
      const box = boxInLine(page, covered, whole);
      return box === undefined ? [] : [{ box, removal: hit.removal }];
    });
  });
}

/** Boxes for words that go as a whole: one for each run of neighbours, as tall as their line, so that no letter shows its height. */
export function boxesForWords(page: PageText, words: readonly PageWord[], goes: (index: number) => boolean): Box[] {
  const boxes: Box[] = [];
  const lines = Map.groupBy(words, (word) => word.line);
  let run: PageWord[] = [];
  const finish = (): void => {
    const [first] = run;
    const box = first === undefined ? undefined : boxInLine(page, run, lines.get(first.line) ?? run);
    if (box !== undefined) boxes.push(box);
    run = [];
  };
  for (const [index, word] of words.entries()) {
    if (!goes(index) || run[0]?.line !== word.line) finish();
    if (goes(index)) run.push(word);
  }
  finish();
  return boxes;
}

function boxInLine(page: PageText, covered: readonly PageWord[], line: readonly PageWord[]): Box | undefined {
  const [own, all] = [unionOf(inkOf(page, covered)), unionOf(inkOf(page, line))];
  if (own === undefined || all === undefined) return undefined;
  const upright = runsDown(page, line);
  const [x, y] = upright ? [padAcross, padAlong] : [padAlong, padAcross];
  const merged = upright ? { ...own, left: all.left, width: all.width } : { ...own, top: all.top, height: all.height };
  return { left: merged.left - x, top: merged.top - y, width: merged.width + 2 * x, height: merged.height + 2 * y };
}

/** Where the letters of words stand, those that have a place. */
function inkOf(page: PageText, words: readonly PageWord[]): Box[] {
  return words.flatMap((word) => page.characters.slice(word.from, word.to).flatMap(({ box }) => (box === undefined ? [] : [box])));
}

/** Whether the letters of a line stand one above another rather than side by side. */
function runsDown(page: PageText, line: readonly PageWord[]): boolean {
  let [across, down] = [0, 0];
  for (const word of line) {
    const boxes = inkOf(page, [word]);
    for (const [index, box] of boxes.entries()) {
      const before = boxes[index - 1];
      if (before === undefined) continue;
      across += Math.abs(box.left + box.width / 2 - before.left - before.width / 2);
      down += Math.abs(box.top + box.height / 2 - before.top - before.height / 2);
    }
  }
  return down > across;
}

export function unionOf(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.left);
    top = Math.min(top, box.top);
    right = Math.max(right, box.left + box.width);
    bottom = Math.max(bottom, box.top + box.height);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** The words with a yes or no each: is any of its ink, or any place it has no ink for, under a box? */
export function touchedWords(page: PageText, words: readonly PageWord[], boxes: readonly Box[]): boolean[] {
  return words.map((word) => {
    const ink = inkOf(page, [word]);
    // A word whose place is unknown may stand under any box.
    if (ink.length === 0) return boxes.length > 0;
    return ink.some((box) => boxes.some((cover) => overlaps(box, cover)));
  });
}

/**
 * The words with a yes or no each: is the middle of one of its letters under a box? For boxes that were made for words: where lines
 * stand close, such a box reaches into the ink of the lines beside it, whose words nobody asked to take out.
 */
export function coveredWords(page: PageText, words: readonly PageWord[], boxes: readonly Box[]): boolean[] {
  return words.map((word) => {
    const placed = page.characters.slice(word.from, word.to).filter(({ box }) => box !== undefined);
    // A word whose place is unknown may stand under any box.
    if (placed.length === 0) return boxes.length > 0;
    const letters = placed.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
    const ink = (letters.length === 0 ? placed : letters).flatMap(({ box }) => (box === undefined ? [] : [box]));
    return ink.some((box) => boxes.some((cover) => overlaps(middleOf(box), cover)));
  });
}

function middleOf({ left, top, width, height }: Box): Box {
  return { left: left + width / 2, top: top + height / 2, width: 0, height: 0 };
}

export function overlaps(one: Box, other: Box): boolean {
  return one.left < other.left + other.width && other.left < one.left + one.width && one.top < other.top + other.height && other.top < one.top + one.height;
}
