// Cuts a text into words and finds the phrases of a pack in it, in time that grows only with the text.

/** How two neighbouring words hang together: 0 as one phrase, 1 by a comma, 2 apart, 3 with an empty line between. */
type Gap = 0 | 1 | 2 | 3;

export interface Word {
  /** Small letters, accents taken off. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** The gap before this word. */
  readonly gap: Gap;
}

const wordPattern = /[\p{L}\p{M}]+|\p{N}+|[§№°º#]/gu;
const foldable: Readonly<Record<string, string>> = { ß: "ss", ł: "l", ø: "o", đ: "d", æ: "ae", œ: "oe", ı: "i" };

/** The form in which words are compared: small letters without accents. */
export function foldWord(word: string): string {
  const plain = word.toLowerCase();
  if (/^[a-z0-9]*$/.test(plain)) return plain;
  return plain
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßłøđæœı]/g, (letter) => foldable[letter] ?? letter);
}

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  const folded = new Map<string, string>();
  let end = 0;
  let length = 0;
  for (const match of text.matchAll(wordPattern)) {
    const raw = match[0].length > 80 ? match[0].slice(0, 80) : match[0];
    let word = folded.get(raw);
    if (word === undefined) folded.set(raw, (word = foldWord(raw)));
    words.push({ word, start: match.index, end: match.index + match[0].length, gap: words.length === 0 ? 3 : gapOf(text, end, match.index, length) });
    end = match.index + match[0].length;
    length = match[0].length;
  }
  return words;
}

function gapOf(text: string, from: number, to: number, wordBefore: number): Gap {
  if (to - from === 1 && text[from] !== "." && text[from] !== "," && text[from] !== ":" && text[from] !== "|" && text[from] !== "\t") return 0;
  const between = text.slice(from, Math.min(to, from + 200));
  if (to - from > 200 || /\n[ \t\r>]*\n/.test(between)) return 3;
  if (/[;:!?|\t•·]/.test(between)) return 2;
  if (between.includes(".")) return to - from === 1 || wordBefore <= 4 ? 0 : 2;
  return between.includes(",") ? 1 : 0;
}

interface Node<Value> {
  readonly next: Map<string, Node<Value>>;
  /** Stems (`durchsuchung*`), by their first three letters. */
  readonly stems: Map<string, { readonly stem: string; readonly node: Node<Value> }[]>;
  readonly values: Value[];
}

export interface Phrases<Value> {
  readonly root: Node<Value>;
}

export interface Found<Value> {
  readonly value: Value;
  /** Index of the first word and of the last, inclusive. */
  readonly first: number;
  readonly last: number;
}

export function phrasesOf<Value>(entries: Iterable<readonly [string, Value]>): Phrases<Value> {
  const root = newNode<Value>();
  for (const [phrase, value] of entries) insert(root, phrase, value);
  return { root };
}

function newNode<Value>(): Node<Value> {
  return { next: new Map(), stems: new Map(), values: [] };
}

function insert<Value>(root: Node<Value>, phrase: string, value: Value): void {
  let node = root;
  const pieces = phrase.split(/\s+/).flatMap((piece) => stepsOf(piece));
  if (pieces.length === 0) return;
  for (const { word, stem } of pieces) node = stem ? stemChild(node, word) : wordChild(node, word);
  node.values.push(value);
}

function stepsOf(piece: string): { word: string; stem: boolean }[] {
  const words = wordsOf(piece).map(({ word }) => ({ word, stem: false }));
  const last = words.at(-1);
  if (piece.endsWith("*") && last) last.stem = true;
  return words;
}

function wordChild<Value>(node: Node<Value>, word: string): Node<Value> {
  const child = node.next.get(word) ?? newNode<Value>();
  node.next.set(word, child);
  return child;
}

function stemChild<Value>(node: Node<Value>, stem: string): Node<Value> {
  const bucket = node.stems.get(stem.slice(0, 3)) ?? [];
  node.stems.set(stem.slice(0, 3), bucket);
  const known = bucket.find((entry) => entry.stem === stem);
  if (known) return known.node;
  const child = newNode<Value>();
  bucket.push({ stem, node: child });
  return child;
}

/** Every place where a phrase stands; where several do, the longest from the left, and its values all. */
export function findPhrases<Value>(words: readonly Word[], { root }: Phrases<Value>): Found<Value>[] {
  const found: Found<Value>[] = [];
  let index = 0;
  while (index < words.length) {
    const hit = longestAt(words, index, root);
    if (!hit) {
      index++;
      continue;
    }
    for (const value of hit.values) found.push({ value, first: index, last: hit.last });
    index = hit.last + 1;
  }
  return found;
}

const longestPhrase = 24;

function longestAt<Value>(words: readonly Word[], index: number, root: Node<Value>): { values: Value[]; last: number } | undefined {
  let best: { values: Value[]; last: number } | undefined;
  let nodes: Node<Value>[] = [root];
  for (let at = index; at < words.length && at < index + longestPhrase; at++) {
    const word = words[at];
    if (!word || (at > index && word.gap > 1)) break;
    nodes = nodes.flatMap((node) => children(node, word.word));
    if (nodes.length === 0) break;
    const values = nodes.flatMap((node) => node.values);
    if (values.length > 0) best = { values, last: at };
  }
  return best;
}

function children<Value>(node: Node<Value>, word: string): Node<Value>[] {
  const exact = node.next.get(word);
  const stems = node.stems.size > 0 ? node.stems.get(word.slice(0, 3)) : undefined;
  if (!stems) return exact ? [exact] : [];
  const begun = stems.filter(({ stem }) => word.startsWith(stem)).map((entry) => entry.node);
  return exact ? [exact, ...begun] : begun;
}
