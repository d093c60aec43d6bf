// Turns the words of reading packs and the names of instruments into phrases that can be looked for in a text.
import type { JurisdictionPack } from "../../policy/pack.ts";
import { instrumentFamilies, type InstrumentFamily, type ReadingPack } from "../../policy/reading-pack.ts";
import { findPhrases, foldWord, phrasesOf, wordsOf, type Phrases, type Word } from "./read-words.ts";

/** A phrase of a pack found in a text. Offsets are UTF-16 code units; `first` and `last` are word indexes, inclusive. */
export interface Mention {
  readonly kind: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

interface Meaning {
  readonly kind: string;
  readonly value: string;
}
type Entry = readonly [string, Meaning];

/** Phrases of one group compete: where "search warrant requirement" stands, "search warrant" is not found again. */
export interface Vocabulary {
  readonly groups: readonly Phrases<Meaning>[];
  readonly packs: readonly ReadingPack[];
}

const plainGroups = ["asking", "negation", "secrecy", "urgency", "sort", "label", "people", "bodies", "matter", "subject", "law", "layout"] as const;

export function vocabularyOf(packs: readonly ReadingPack[], jurisdictions: readonly JurisdictionPack[]): Vocabulary {
  const groups = packs.flatMap((pack) => [
    ...plainGroups.map((name) => phrasesOf(kindsOf(name, pack[name]))),
    phrasesOf(dateEntries(pack)),
    phrasesOf(dataEntries(pack)),
    phrasesOf(kindsOf("cue", { served: pack.instrument.served, talkedAbout: pack.instrument.talkedAbout })),
  ]);
  return { groups: [...groups, phrasesOf(instrumentEntries(packs, jurisdictions))], packs };
}

function kindsOf(group: string, kinds: Readonly<Record<string, readonly string[]>>): Entry[] {
  return Object.entries(kinds).flatMap(([kind, phrases]) => phrases.map((phrase): Entry => [phrase, { kind: `${group}.${kind}`, value: phrase }]));
}

function dateEntries({ dates }: ReadingPack): Entry[] {
  const { from, to, between, and, present, since, onward, before, on, during, year, last, openStart, glue, filler } = dates;
  return [
    ...kindsOf("date", { from, to, between, and, present, since, onward, before, on, during, year, last, openStart, glue, filler }),
    ...dates.months.flatMap((names, at) => names.map((name): Entry => [name, { kind: "date.month", value: String(at + 1) }])),
    ...Object.entries(dates.units).flatMap(([unit, names]) => names.map((name): Entry => [name, { kind: "date.unit", value: unit }])),
    ...Object.entries(dates.numbers).map(([word, count]): Entry => [word, { kind: "date.number", value: String(count) }]),
  ];
}

function dataEntries({ data }: ReadingPack): Entry[] {
  const types = Object.entries(data.types).flatMap(([id, { words, weak }]) => [
    ...words.map((phrase): Entry => [phrase, { kind: "data.type", value: id }]),
    ...weak.map((phrase): Entry => [phrase, { kind: "data.weak", value: id }]),
  ]);
  const groups = data.groups.flatMap(({ words, means }) => words.map((phrase): Entry => [phrase, { kind: "data.group", value: means.join(" ") }]));
  return [...types, ...groups, ...kindsOf("data", { everything: data.everything, not: data.not })];
}

function instrumentEntries(packs: readonly ReadingPack[], jurisdictions: readonly JurisdictionPack[]): Entry[] {
  const named = jurisdictions.flatMap(({ instruments }) =>
    instruments.flatMap(({ id, names }) => names.map((name): Entry => [name, { kind: "instrument.named", value: id }])),
  );
  const families = packs.flatMap(({ instrument }) => [
    ...Object.entries(instrument.families).flatMap(([family, words]) => words.map((phrase): Entry => [phrase, { kind: "instrument.family", value: family }])),
    ...kindsOf("instrument", { not: instrument.not }),
  ]);
  return [...named, ...families];
}

/** Every mention, by kind, in the order of the text. */
export function mentionsIn(words: readonly Word[], { groups }: Vocabulary): Map<string, Mention[]> {
  const byKind = new Map<string, Mention[]>();
  for (const group of groups) {
    for (const { value, first, last } of findPhrases(words, group)) {
      const start = words[first]?.start ?? 0;
      const list = byKind.get(value.kind) ?? [];
      byKind.set(value.kind, list);
      list.push({ ...value, start, end: words[last]?.end ?? start, first, last });
    }
  }
  for (const list of byKind.values()) list.sort((a, b) => a.start - b.start || b.end - a.end);
  return byKind;
}

/** Which family words an instrument's own names hold: `US-SUBP-GJ` is a `subpoena`. */
export function familiesOfInstruments(packs: readonly ReadingPack[], jurisdictions: readonly JurisdictionPack[]): Map<string, ReadonlySet<string>> {
  const families = packs.map(({ instrument }) =>
    phrasesOf(Object.entries(instrument.families).flatMap(([family, words]) => words.map((phrase) => [phrase, family] as const))),
  );
  const result = new Map<string, ReadonlySet<string>>();
  for (const { instruments } of jurisdictions) {
    for (const { id, names } of instruments) {
      const hits = names.flatMap((name) => families.flatMap((phrases) => findPhrases(wordsOf(name), phrases).map(({ value }) => value)));
      result.set(id, new Set(hits));
    }
  }
  return result;
}

/** What a paper does: `production`, `gag`, `preservation`… by instrument id or family word. */
export function jobOf(id: string, jurisdictions: readonly JurisdictionPack[]): string {
  for (const { instruments } of jurisdictions) {
    const instrument = instruments.find((candidate) => candidate.id === id);
    if (instrument) return instrument.family;
  }
  return id in instrumentFamilies ? instrumentFamilies[id as InstrumentFamily] : "production";
}

export function foldedSet(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map(foldWord));
}
