// Reads which agency asks, from a form field, a signature, a letterhead or the way the writer introduces himself.
import type { Proposed, Span } from "./details.ts";
import { bodiesIn, fieldValue } from "./read-bodies.ts";
import { contactUnits } from "./read-officer.ts";
import { isAttachment, mentionsWithin, type SourceText } from "./read-parts.ts";

/** The agency that asks: from a form field, a letterhead, a signature, or, less surely, from anywhere in the text. */
export function readAgency(sources: readonly SourceText[]): Proposed<string> | undefined {
  for (const read of [labelledAgency, signatureAgency, letterheadAgency, introducedAgency]) {
    for (const source of sources) {
      const found = read(source);
      if (found) return { value: found.name, spans: [found.span], certainty: "stated" };
    }
  }
  for (const source of sources) {
    const [found] = source.units.filter(({ region }) => region === "main").flatMap((unit) => bodiesIn(source, "agencies", unit));
    if (found) return { value: found.name, spans: [found.span], certainty: "inferred" };
  }
  return undefined;
}

type Named = { readonly name: string; readonly span: Span };

function labelledAgency(source: SourceText): Named | undefined {
  for (const unit of source.units) {
    if (unit.region !== "main" && unit.region !== "signature") continue;
    for (const label of mentionsWithin(source, "label.agency", { start: unit.start, end: unit.start + 12 })) {
      const value = fieldValue(source, label.end, unit.end);
      if (value && /\p{L}{3}/u.test(value.name)) return value;
    }
  }
  return undefined;
}

function letterheadAgency(source: SourceText): Named | undefined {
  const head = source.units.filter(({ region }) => region === "main").slice(0, isAttachment(source) ? 8 : 6);
  return head
    .filter((unit) => unit.shape !== "prose" && unit.end - unit.start < 90 && mentionsWithin(source, "label.matter", unit).length === 0)
    .flatMap((unit) => bodiesIn(source, "agencies", unit))[0];
}

function signatureAgency(source: SourceText): Named | undefined {
  const contact = new Set(contactUnits(source).map(({ index }) => index));
  return source.units
    .filter(({ region, index, shape }) => region === "signature" || (shape === "line" && contact.has(index)))
    .flatMap((unit) => bodiesIn(source, "agencies", unit))[0];
}

/** "I am a detective with the Marlow Police Department". */
function introducedAgency(source: SourceText): Named | undefined {
  for (const unit of source.units) {
    if (unit.region !== "main") continue;
    const speaks = mentionsWithin(source, "people.introductions", unit).length > 0 || mentionsWithin(source, "people.officers", unit).length > 0;
    const [body] = speaks ? bodiesIn(source, "agencies", unit) : [];
    if (body) return body;
  }
  return undefined;
}
