// Reads two things that leave the ordinary road: an emergency, and a wish to watch people live.
import { isNegated } from "./read-asking.ts";
import type { Proposed, Span } from "./details.ts";
import { mentionsWithin, unitAt, type SourceText } from "./read-parts.ts";

/** The words that speak of an emergency, or of collecting in real time, with the sentence of the first as the value. */
export function readUrgency(sources: readonly SourceText[], kind: "emergency" | "realTime"): Proposed<string> | undefined {
  const spans = sources.flatMap((source) => spansIn(source, `urgency.${kind}`).slice(0, 50));
  const [first] = spans;
  const source = sources.find(({ id }) => id === first?.source);
  const unit = first && source ? unitAt(source, first.start) : undefined;
  if (!source || !unit) return undefined;
  const value = source.text.slice(unit.start, unit.end).replace(/\s+/g, " ").trim().slice(0, 300);
  return { value, spans, certainty: "stated" };
}

function spansIn(source: SourceText, kind: string): Span[] {
  return (source.mentions.get(kind) ?? []).flatMap(({ start, end, ...mention }) => {
    const unit = unitAt(source, start);
    if (unit?.region !== "main" || isNegated(source, unit, { start, end, ...mention })) return [];
    const talked = mentionsWithin(source, "cue.talkedAbout", { start: Math.max(unit.start, start - 30), end: start }).length > 0;
    return talked ? [] : [{ source: source.id, start, end }];
  });
}
