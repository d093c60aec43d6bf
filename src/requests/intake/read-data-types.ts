// Reads which kinds of data a message asks for, in the policy's data types, and whether it asks for everything.
import { asksFor, isNegated, type Asked } from "./read-asking.ts";
import type { Proposed, Span } from "./details.ts";
import { mentionsWithin, type SourceText, type Unit } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";

interface Reading {
  readonly id: string;
  readonly span: Span;
  readonly firm: boolean;
}

export function readDataTypes(source: SourceText, asked: Asked): Proposed<string>[] {
  const readings = [...asked.units.keys()].flatMap((index) => {
    const unit = source.units[index];
    return unit ? readUnit(source, unit, asked) : [];
  });
  return mergeReadings(readings);
}

/** Kinds of data that a served paper names without any word of asking: a person should look. */
export function readNamedDataTypes(source: SourceText): Proposed<string>[] {
  const nothingAsked: Asked = { units: new Map(), refused: new Set() };
  const readings = source.units.filter(({ region }) => region === "main").flatMap((unit) => readUnit(source, unit, nothingAsked));
  return mergeReadings(readings.map((reading) => ({ ...reading, firm: false })));
}

/** One entry a data type, in the order of first mention. */
function mergeReadings(readings: readonly Reading[]): Proposed<string>[] {
  const byId = new Map<string, { spans: Span[]; firm: boolean }>();
  for (const { id, span, firm } of readings) {
    const entry = byId.get(id) ?? { spans: [], firm: false };
    byId.set(id, { spans: [...entry.spans, span], firm: entry.firm || firm });
  }
  return [...byId].map(([value, { spans, firm }]) => ({ value, spans, certainty: firm ? "stated" : "inferred" }));
}

function readUnit(source: SourceText, unit: Unit, asked: Asked): Reading[] {
  const meant = (mention: Mention) => isAskedFor(source, unit, mention);
  const span = ({ start, end }: Mention): Span => ({ source: source.id, start, end });
  const strong = mentionsWithin(source, "data.type", unit).filter(meant);
  const weak = mentionsWithin(source, "data.weak", unit).filter((mention) => meant(mention) && asksFor(asked, unit, mention.first));
  const groups = mentionsWithin(source, "data.group", unit).filter(meant);
  const inList = asked.units.get(unit.index)?.by === "list" || weak.length + strong.length + groups.length > 1;
  const readings = [
    ...strong.map((mention) => ({ id: mention.value, span: span(mention), firm: true, start: mention.start })),
    ...weak.map((mention) => ({ id: mention.value, span: span(mention), firm: inList, start: mention.start })),
    ...groups.flatMap((mention) => mention.value.split(" ").map((id) => ({ id, span: span(mention), firm: true, start: mention.start }))),
  ];
  return readings.sort((a, b) => a.start - b.start);
}

function isAskedFor(source: SourceText, unit: Unit, mention: Mention): boolean {
  return !isNegated(source, unit, mention) && !namesAnIdentifier(source, mention) && !isReadersOwn(source, mention);
}

/** "E-mail address: a@b.example" and "IP address 203.0.113.5" tell who is meant; they ask for nothing. */
function namesAnIdentifier({ text }: SourceText, { end }: Mention): boolean {
  const after = text.slice(end, end + 80);
  if (/^["'’)*\]\s]{0,3}[:=][ \t]*[\p{L}\p{N}+(@]/u.test(after) && !/^["'’)*\]\s]{0,3}[:=][ \t]*(?:\p{L}+[ ,]+){3}/u.test(after)) return true;
  if (/^ [\p{L}\d._-]*[\d_][\p{L}\d_]*/u.test(after) && !/^ \d{1,2}\b/.test(after)) return true;
  return /^["'’(<[\s]{1,4}(?:[^\s@]{1,64}@|\d{1,3}\.\d{1,3}\.\d|\+\d[\d ()-]{6})/.test(after);
}

function isReadersOwn(source: SourceText, mention: Mention): boolean {
  const near = { start: Math.max(0, mention.start - 24), end: mention.start };
  return mentionsWithin(source, "asking.readersOwn", near).some(({ last }) => mention.first - last <= 2);
}

/** "Any and all records": a demand for no type at all. */
export function readEverything(source: SourceText, asked: Asked): Proposed<string> | undefined {
  const spans: Span[] = [];
  for (const index of asked.units.keys()) {
    const unit = source.units[index];
    if (!unit) continue;
    const mentions = mentionsWithin(source, "data.everything", unit).filter((mention) => isAskedFor(source, unit, mention));
    spans.push(...mentions.map(({ start, end }) => ({ source: source.id, start, end })));
  }
  const [first] = spans;
  return first && { value: source.text.slice(first.start, first.end), spans, certainty: "stated" };
}
