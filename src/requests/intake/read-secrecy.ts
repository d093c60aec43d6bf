// Tells an order of secrecy, which a court made and cites its ground, from a wish for silence in a letter.
import type { JurisdictionPack } from "../../policy/pack.ts";
import { isNegated } from "./read-asking.ts";
import { datesIn, type DateOrder } from "./read-dates.ts";
import type { Proposed, ProposedGag, ProposedInstrument, Span } from "./details.ts";
import { mentionsWithin, type SourceText, type Unit } from "./read-parts.ts";
import { jobOf } from "./read-vocabulary.ts";

export interface GagContext {
  readonly instruments: readonly Proposed<ProposedInstrument>[];
  readonly jurisdictions: readonly JurisdictionPack[];
  readonly order: DateOrder;
}

export function readGags(sources: readonly SourceText[], context: GagContext): Proposed<ProposedGag>[] {
  const orders = sources.flatMap((source) => orderSpans(source, context));
  const periods = sources.flatMap((source) => periodsIn(source, context));
  const wishes = sources.flatMap((source) => wishSpans(source));
  const gags: Proposed<ProposedGag>[] = [];
  if (orders.length > 0) {
    const firm = orders.some(({ firm: isFirm }) => isFirm);
    const period = periods[0];
    const spans = [...orders.map(({ span }) => span), ...(period ? [period.span] : [])];
    gags.push({ value: { kind: "order", ...period?.value }, spans, certainty: firm ? "stated" : "inferred" });
  }
  const loose = wishes.filter((wish) => !orders.some(({ span }) => span.source === wish.source && span.start < wish.end + 400 && wish.start < span.end + 400));
  if (loose.length > 0) gags.push({ value: { kind: "wish" }, spans: loose, certainty: "stated" });
  return gags;
}

interface OrderSpan {
  readonly span: Span;
  /** The paper itself was named as served; otherwise only words of command with a court or a citation beside them. */
  readonly firm: boolean;
}

function orderSpans(source: SourceText, { instruments, jurisdictions }: GagContext): OrderSpan[] {
  const papers = instruments.filter(({ value }) => jobOf(value.id, jurisdictions) === "gag");
  const named = papers.flatMap(({ spans, certainty }) =>
    spans.filter((span) => span.source === source.id).map((span) => ({ span, firm: certainty === "stated" })),
  );
  const commanded = source.units.filter(({ region }) => region === "main").flatMap((unit) => commandIn(source, unit));
  return [...named, ...commanded];
}

/** "IT IS ORDERED under 18 U.S.C. § 2705(b) that the provider shall not disclose …". */
function commandIn(source: SourceText, unit: Unit): OrderSpan[] {
  const citation = mentionsWithin(source, "secrecy.citations", unit).find((mention) => !isNegated(source, unit, mention));
  const court = mentionsWithin(source, "secrecy.courts", unit)[0];
  const command = mentionsWithin(source, "secrecy.commands", unit)[0];
  const wish = mentionsWithin(source, "secrecy.wishes", unit)[0];
  const silence = command ?? wish;
  const ground = citation ?? court;
  if (!silence || !ground || (silence === wish && !citation && !isBefore(court, wish))) return [];
  const first = Math.min(ground.start, silence.start);
  if (mentionsWithin(source, "cue.talkedAbout", { start: Math.max(unit.start, first - 60), end: first }).length > 0) return [];
  return [{ span: { source: source.id, start: first, end: Math.max(ground.end, silence.end) }, firm: citation !== undefined }];
}

function isBefore(first: { readonly start: number } | undefined, second: { readonly start: number } | undefined): boolean {
  return first !== undefined && second !== undefined && first.start < second.start;
}

function wishSpans(source: SourceText): Span[] {
  return source.units
    .filter(({ region }) => region === "main")
    .flatMap((unit) => [...mentionsWithin(source, "secrecy.wishes", unit), ...mentionsWithin(source, "secrecy.commands", unit)])
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ source: source.id, start, end }));
}

interface Period {
  readonly value: { readonly endsOn?: string; readonly days?: number };
  readonly span: Span;
}

/** How long: "until 3 September 2026", "for a period of 90 days", in a sentence about secrecy or the one after it. */
function periodsIn(source: SourceText, { order, instruments, jurisdictions }: GagContext): Period[] {
  const near = source.units.filter((unit, at) => {
    const before = source.units[at - 1];
    return (
      unit.region === "main" &&
      (speaksOfSecrecy(source, unit, instruments, jurisdictions) ||
        (before !== undefined && !unit.opensParagraph && speaksOfSecrecy(source, before, instruments, jurisdictions)))
    );
  });
  return near.flatMap((unit) => [...daysIn(source, unit), ...endsIn(source, unit, order)]).slice(0, 20);
}

function speaksOfSecrecy(source: SourceText, unit: Unit, instruments: GagContext["instruments"], jurisdictions: readonly JurisdictionPack[]): boolean {
  if (["secrecy.wishes", "secrecy.commands", "secrecy.citations"].some((kind) => mentionsWithin(source, kind, unit).length > 0)) return true;
  return instruments.some(
    ({ value, spans }) =>
      jobOf(value.id, jurisdictions) === "gag" && spans.some((span) => span.source === source.id && span.start >= unit.start && span.start < unit.end),
  );
}

function daysIn(source: SourceText, unit: Unit): Period[] {
  return mentionsWithin(source, "date.unit", unit).flatMap((mention) => {
    for (let at = mention.first - 1; at >= Math.max(unit.first, mention.first - 2); at--) {
      const word = source.words[at];
      if (!word) continue;
      const spelled = mentionsWithin(source, "date.number", word)[0];
      const count = /^\d{1,4}$/.test(word.word) ? Number(word.word) : spelled ? Number(spelled.value) : undefined;
      if (count) return [{ value: { days: count * daysIn1(mention.value) }, span: { source: source.id, start: word.start, end: mention.end } }];
    }
    return [];
  });
}

function daysIn1(unit: string): number {
  return unit === "years" ? 365 : unit === "months" ? 30 : unit === "weeks" ? 7 : 1;
}

function endsIn(source: SourceText, unit: Unit, order: DateOrder): Period[] {
  if (!mentionsWithin(source, "date.month", unit).length && !/\d[./-]\d/.test(source.text.slice(unit.start, unit.end))) return [];
  const dates = datesIn({ ...source, words: source.words.slice(unit.first, unit.last) }, order).filter(({ start }) => start >= unit.start && start < unit.end);
  return dates.flatMap((date) => {
    const near = { start: Math.max(unit.start, date.start - 40), end: date.start };
    const until = ["date.to", "date.before", "label.expires"].some((kind) => mentionsWithin(source, kind, near).length > 0);
    return until && date.unit === "day" ? [{ value: { endsOn: date.readings[0].to }, span: { source: source.id, start: date.start, end: date.end } }] : [];
  });
}
