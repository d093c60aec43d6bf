// Finds in a text what the removals take out of it, however it is spelt, spaced, broken over lines or turned round.
import { readingsOf } from "./escapes.ts";
import { type FoldedText, foldTerm, foldText, hole, isWordEdge } from "./fold-text.ts";
import { type Span, findCustom, namedPatterns } from "./patterns.ts";
import type { Removal, Target } from "./removals.ts";
import { wrappedIn } from "./wrapped-text.ts";

export interface Hit extends Span {
  /** Index into the removals that were asked. */
  readonly removal: number;
}

interface Search {
  readonly removal: number;
  find(views: Views): Span[];
}

/** The text as each kind of search wants to see it. */
interface Views {
  readonly folded: readonly FoldedText[];
  readonly spaced: FoldedText;
  readonly squeezed: readonly FoldedText[];
}

export type FindHits = (text: string) => Hit[];

/** Makes the search once for many texts. Regions are places and not texts: they find nothing here. */
export function hitFinder(removals: readonly Removal[]): FindHits {
  const searches = removals.flatMap(({ target }, removal) => {
    const find = searchFor(target);
    return find === undefined ? [] : [{ removal, find } satisfies Search];
  });
  if (searches.length === 0) return () => [];
  return (text) => {
    const hits = searchAll(text, searches);
    return hits.length === 0 ? hits : untilQuiet(text, hits, searches);
  };
}

const mostRounds = 4;

/** What is left may have a form it had not before; it is looked at again with a hole where something was found. */
function untilQuiet(text: string, first: readonly Hit[], searches: readonly Search[]): Hit[] {
  const hits = [...first];
  for (let round = 0; round < mostRounds; round++) {
    const more = searchAll(blank(text, hits), searches);
    if (more.length === 0) break;
    hits.push(...more);
  }
  return hits;
}

function blank(text: string, hits: readonly Hit[]): string {
  let rest = "";
  let at = 0;
  for (const { from, to } of hits.toSorted((one, other) => one.from - other.from || one.to - other.to)) {
    if (to <= at) continue;
    rest += text.slice(at, Math.max(at, from)) + hole.repeat(to - Math.max(at, from));
    at = to;
  }
  return rest + text.slice(at);
}

/** In the text as it stands, and in text that lies in it as Base64: of that, all goes. */
function searchAll(text: string, searches: readonly Search[]): Hit[] {
  // What is wrapped stands in most readings alike, and is searched once for each depth it lies in.
  const known = Array.from({ length: deepestWrapping }, () => new Map<string, ReadonlySet<number>>());
  const removalsIn = (wrapped: string, left: number): ReadonlySet<number> => {
    const removals = known[left]?.get(wrapped) ?? new Set(searchReadings(wrapped, (reading) => search(reading, left)).map(({ removal }) => removal));
    known[left]?.set(wrapped, removals);
    return removals;
  };
  const search = (reading: string, left: number): Hit[] => [
    ...searchText(reading, searches),
    ...(left === 0
      ? []
      : wrappedIn(reading).flatMap(({ text: wrapped, from, to }) => [...removalsIn(wrapped, left - 1)].map((removal) => ({ removal, from, to })))),
  ];
  return once(searchReadings(text, (reading) => search(reading, deepestWrapping)));
}

/** Base64 in Base64 is opened, and nothing deeper. */
const deepestWrapping = 2;

/** As it stands, and as a program reads it that knows its escapes. */
function searchReadings(text: string, search: (reading: string) => Hit[]): Hit[] {
  return [...search(text), ...readingsOf(text).flatMap((reading) => search(reading.text).map((hit) => ({ ...hit, ...back(reading, hit) })))];
}

function once(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.map((hit) => [`${hit.removal} ${hit.from} ${hit.to}`, hit])).values()];
}

function searchText(text: string, searches: readonly Search[]): Hit[] {
  const joined = foldText(text, { joinLines: true });
  const apart = foldText(text, { joinLines: false });
  const views: Views = {
    folded: joined.text === apart.text ? [joined] : [joined, apart],
    spaced: joinLetters(apart),
    squeezed: [squeeze(text, false), ...(joined.text === apart.text ? [] : [squeeze(text, true)])],
  };
  return searches.flatMap(({ removal, find }) => find(views).map((span) => ({ ...span, removal })));
}

function searchFor(target: Target): ((views: Views) => Span[]) | undefined {
  switch (target.kind) {
    case "region":
      return undefined;
    case "term":
      return termSearch(target.term, target.anywhere ?? false);
    case "pattern": {
      const find = namedPatterns[target.pattern];
      return ({ squeezed }) => squeezed.flatMap((view) => find(view.text).map((span) => back(view, span)));
    }
    case "custom":
      return ({ squeezed }) => squeezed.flatMap((view) => findCustom(view.text, target.pattern).map((span) => back(view, span)));
    default:
      return target satisfies never;
  }
}

function termSearch(term: string, anywhere: boolean): (views: Views) => Span[] {
  const wanted = foldTerm(term);
  if (wanted === "") return () => [];
  const turned = [...wanted].toReversed().join("");
  const spellings = turned === wanted ? [wanted] : [wanted, turned];
  return ({ folded, spaced }) => [
    ...folded.flatMap((view) => spellings.flatMap((spelling) => findWords(view, spelling, anywhere))),
    ...spellings.flatMap((spelling) => findWords(spaced, spelling.replaceAll(" ", ""), true)),
  ];
}

function findWords(view: FoldedText, wanted: string, anywhere: boolean): Span[] {
  const spans: Span[] = [];
  for (let at = view.text.indexOf(wanted); at >= 0; at = view.text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const isWhole = isWordEdge(view.text[at - 1], view.text[at]) && isWordEdge(view.text[end - 1], view.text[end]);
    if (anywhere || isWhole) spans.push(back(view, { from: at, to: end }));
  }
  return spans;
}

function back(view: FoldedText, { from, to }: Span): Span {
  return { from: view.starts[from] ?? 0, to: view.ends[to - 1] ?? 0 };
}

/** Only runs of single letters, put together: `S m i t h` reads as one word, and all other words are left out. */
function joinLetters(view: FoldedText): FoldedText {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const run of view.text.matchAll(/(?<![^ ])[^ ](?: [^ ](?![^ ]))+/g)) {
    for (let at = run.index; at < run.index + run[0].length; at += 2) {
      text += view.text[at] ?? "";
      starts.push(view.starts[at] ?? 0);
      ends.push(view.ends[at] ?? 0);
    }
    text += " ";
    starts.push(ends.at(-1) ?? 0);
    ends.push(ends.at(-1) ?? 0);
  }
  return { text, starts, ends };
}

const dashes = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const space = /[\s\u0000-\u001f]/;

/** The text as forms want it: one space for a run of them, plain dashes, compatible signs (full-width digits) in their plain form. */
function squeeze(source: string, joinLines: boolean): FoldedText {
  let text = "";
  let last = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < source.length;) {
    const broken = joinLines ? lengthOfHyphen(source, at) : 0;
    if (broken > 0) {
      at += broken;
      continue;
    }
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    const to = at + character.length;
    const seen = seenAs(character);
    // The last sign is kept apart: to ask a text that grows for its end costs as much as the text is long.
    if (!(seen === " " && last === " "))
      for (const unit of seen.split("")) {
        text += unit;
        last = unit;
        starts.push(at);
        ends.push(to);
      }
    at = to;
  }
  return { text, starts, ends };
}

const hyphen = /[\u0002\ufffe-]\s*\n\s*|[\u0002\ufffe\u00ad]/y;

function lengthOfHyphen(source: string, at: number): number {
  hyphen.lastIndex = at;
  return hyphen.exec(source)?.[0].length ?? 0;
}

function seenAs(character: string): string {
  if (character === "\u0002" || character === "\ufffe") return "-";
  if (space.test(character)) return " ";
  if (character < "\u0080") return character;
  if (/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/.test(character)) return "";
  return dashes.test(character) ? "-" : character.normalize("NFKC");
}
