// Reads the names of agencies and courts: a word such as "police" and the capitalised words around it.
import type { Span } from "./details.ts";
import { mentionsWithin, type SourceText, type Unit } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";
import { foldedSet } from "./read-vocabulary.ts";
import { foldWord } from "./read-words.ts";

export interface NamedBody {
  readonly name: string;
  readonly span: Span;
  readonly unit: Unit;
}

const longestName = 12;

export function bodiesIn(source: SourceText, kind: "agencies" | "courts", unit: Unit): NamedBody[] {
  const found: NamedBody[] = [];
  for (const mention of mentionsWithin(source, `bodies.${kind}`, unit)) {
    const last = found.at(-1);
    if (last && mention.start < last.span.end) continue;
    if (!/^[\p{Lu}\p{N}]/u.test(source.text.slice(mention.start, mention.start + 1))) continue;
    const named = nameAround(source, mention);
    if (kind === "agencies" || named.name.includes(" ")) found.push({ ...named, unit });
  }
  return found;
}

function nameAround(source: SourceText, mention: Mention): { name: string; span: Span } {
  const rules = rulesOf(source);
  const left = extendLeft(source, mention.first, rules);
  const right = extendRight(source, mention.last, rules);
  const start = source.words[left]?.start ?? mention.start;
  const end = source.words[right]?.end ?? mention.end;
  return { name: source.text.slice(start, end).replace(/\s+/g, " "), span: { source: source.id, start, end } };
}

interface NameRules {
  readonly joints: ReadonlySet<string>;
  readonly common: ReadonlySet<string>;
}

const rulesOfPacks = new WeakMap<SourceText["packs"], NameRules>();

function rulesOf({ packs }: SourceText): NameRules {
  const known = rulesOfPacks.get(packs);
  if (known) return known;
  const rules = {
    joints: foldedSet(packs.flatMap(({ bodies }) => bodies.joints.flatMap((joint) => joint.split(" ")))),
    common: foldedSet(packs.flatMap(({ recognise }) => recognise.common)),
  };
  rulesOfPacks.set(packs, rules);
  return rules;
}

function extendLeft(source: SourceText, first: number, { joints, common }: NameRules): number {
  let left = first;
  for (let at = first - 1; at >= 0 && first - at <= longestName; at--) {
    const word = source.words[at];
    if (!word || !isJoined(source, at + 1) || isTitle(source, word)) break;
    if (isCapitalised(source, at) && !common.has(word.word)) left = at;
    else if (!joints.has(word.word) || !isCapitalised(source, at - 1) || !isJoined(source, at)) break;
  }
  return left;
}

function extendRight(source: SourceText, last: number, { joints, common }: NameRules): number {
  let right = last;
  for (let at = last + 1; at < source.words.length && at - last <= longestName; at++) {
    const word = source.words[at];
    if (!word || !isJoined(source, at)) break;
    const joint = joints.has(word.word);
    const numbered = /^\d{1,3}$/.test(word.word) && /^n[ºo°]?$/.test(source.words[at - 1]?.word ?? "");
    if (numbered || (isCapitalised(source, at) && (!common.has(word.word) || joint) && !isTitle(source, word))) right = at;
    else if (!joint) break;
  }
  return right;
}

/** The word hangs on the one before it: same line, no comma, no bracket. */
function isJoined(source: SourceText, at: number): boolean {
  const before = source.words[at - 1];
  const word = source.words[at];
  if (!before || !word) return false;
  const between = source.text.slice(before.end, word.start);
  return /^(?:[ \t]{1,2}|['’.&/-]| & )$/.test(between) || (between === ". " && before.word.length <= 3);
}

function isCapitalised(source: SourceText, at: number): boolean {
  const word = source.words[at];
  if (!word) return false;
  if (word.word === "s" && at > 0) return isCapitalised(source, at - 1);
  return /^\p{Lu}/u.test(source.text.slice(word.start, word.start + 2));
}

function isTitle(source: SourceText, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return [
    "people.officers",
    "people.judges",
    "instrument.family",
    "instrument.named",
    "date.month",
    "label.instrument",
    "label.agency",
    "layout.mailFrom",
  ].some((kind) => mentionsWithin(source, kind, { start, end }).length > 0);
}

/** The text behind a label up to the end of its line: "Agency: …", "Agency | …". */
export function fieldValue(source: SourceText, labelEnd: number, unitEnd: number): Omit<NamedBody, "unit"> | undefined {
  const rest = source.text.slice(labelEnd, Math.min(unitEnd, labelEnd + 200));
  const match = /^[*_)\s]{0,3}[:|=\t][ \t|*_]*([^\n|\t]{1,120})/.exec(rest);
  const raw = match?.[1]?.trimEnd();
  if (!match || !raw) return undefined;
  const value = raw.replace(/[*_]+$/, "").trim();
  const start = labelEnd + match[0].indexOf(raw);
  return value ? { name: value, span: { source: source.id, start, end: start + value.length } } : undefined;
}

/** Words of a field's value that stand for a person: 2 to 5, capitalised, with the joints of the language between. */
export function looksLikeName(source: SourceText, value: string): boolean {
  const joints = foldedSet(source.packs.flatMap(({ people }) => people.nameJoints.flatMap((joint) => joint.split(" "))));
  const words = value.split(/[\s]+/);
  if (words.length < 2 || words.length > 6 || /[\d@|:;]/.test(value)) return false;
  return words.every(
    (word, at) =>
      (at === 0 && /^(?:mrs?|dr|drs|ing|prof|mgr|dott|avv|mag|lic|st)\.$/i.test(word)) ||
      /^\p{Lu}[\p{L}.'’-]*,?$/u.test(word) ||
      joints.has(foldWord(word.replace(/[.,]/g, ""))),
  );
}
