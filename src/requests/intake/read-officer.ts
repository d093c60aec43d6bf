// Reads who signs the request: name, rank, badge, telephone, mailbox and address, from fields, a signature or an introduction.
import type { Proposed, RequestReading, Span } from "./details.ts";
import { emailsIn, phonesIn, type Found } from "./read-addresses.ts";
import { bodiesIn, fieldValue, looksLikeName } from "./read-bodies.ts";
import { isAttachment, isCapitals, mentionsWithin, type SourceText, type Unit } from "./read-parts.ts";
import { foldedSet } from "./read-vocabulary.ts";

type Officer = NonNullable<RequestReading["officer"]>["value"];
type Part = keyof Officer;
interface Piece {
  readonly part: Part;
  readonly value: string;
  readonly span: Span;
}

/** The units that speak of the officer: the signature, fields with contact labels, and the lines around a rank. */
export function contactUnits(source: SourceText): Unit[] {
  const signature = source.units.filter(({ region }) => region === "signature");
  const marked = new Set<number>(signature.map(({ index }) => index));
  for (const unit of source.units) {
    if (unit.region !== "main" || unit.shape === "prose") continue;
    if (isContactField(source, unit)) marked.add(unit.index);
    else if (isRankLine(source, unit)) for (const near of aroundRank(source, unit)) marked.add(near);
  }
  for (const index of lastBlock(source)) marked.add(index);
  return source.units.filter(({ index }) => marked.has(index));
}

const contactFields = ["officer", "rank", "badge", "phone", "email", "address"];

function isContactField(source: SourceText, unit: Unit): boolean {
  return contactFields.some((kind) => {
    const [label] = mentionsWithin(source, `label.${kind}`, { start: unit.start, end: unit.start + 10 });
    return label !== undefined && fieldValue(source, label.end, unit.end) !== undefined;
  });
}

function isRankLine(source: SourceText, unit: Unit): boolean {
  return unit.shape === "line" && unit.end - unit.start < 90 && mentionsWithin(source, "people.officers", unit).length > 0;
}

function aroundRank({ units }: SourceText, { index }: Unit): number[] {
  const near: number[] = [];
  for (let at = index - 1; at >= index - 2 && units[at]?.shape === "line" && !units[at + 1]?.opensParagraph; at--) near.push(at);
  near.push(index);
  for (let at = index + 1; at <= index + 6 && units[at] && units[at]?.shape !== "prose" && !units[at]?.opensParagraph; at++) near.push(at);
  return near;
}

/** A letter that ends without a greeting: a last paragraph of short lines that begins with a name. */
function lastBlock(source: SourceText): number[] {
  if (isAttachment(source)) return [];
  const units = source.units.filter(({ region }) => region === "main");
  const from = units.findLastIndex(({ opensParagraph }) => opensParagraph);
  const named = units.findIndex(({ shape }, at) => at >= from && shape !== "field");
  const block = named < 0 ? [] : units.slice(named);
  const [name] = block;
  if (!name || from < 1 || block.length < 2 || block.some(({ shape, start, end }) => shape === "prose" || shape === "item" || end - start > 70)) return [];
  return looksLikeName(source, source.text.slice(name.start, name.end).trim()) ? block.map(({ index }) => index) : [];
}

export function readOfficer(sources: readonly SourceText[]): Proposed<Officer> | undefined {
  const order = [...sources].sort((a, b) => Number(isAttachment(a)) - Number(isAttachment(b)));
  const pieces = order.flatMap((source) => [...fieldPieces(source), ...signaturePieces(source), ...introducedPieces(source), ...spokenPieces(source)]);
  const chosen = new Map<Part, Piece>();
  for (const piece of pieces) if (!chosen.has(piece.part) || isFullerRank(piece, chosen.get(piece.part))) chosen.set(piece.part, piece);
  if (chosen.size === 0) return undefined;
  const value: Officer = Object.fromEntries([...chosen].map(([part, piece]) => [part, piece.value]));
  const spans = [...chosen.values()].map(({ span }) => span);
  const whole = chosen.has("name") || chosen.has("badge");
  return { value, spans, certainty: whole ? "stated" : "inferred" };
}

/** "Maresciallo Capo" under the name says more than "Mar." before it. */
function isFullerRank({ part, value, span }: Piece, before: Piece | undefined): boolean {
  return part === "rank" && before !== undefined && before.span.source === span.source && before.value.length <= 4 && value.length > before.value.length;
}

function fieldPieces(source: SourceText): Piece[] {
  const parts: readonly (readonly [Part, string])[] = [
    ["name", "officer"],
    ["rank", "rank"],
    ["badge", "badge"],
    ["phone", "phone"],
    ["email", "email"],
    ["address", "address"],
  ];
  const units = contactUnits(source);
  return parts.flatMap(([part, kind]) =>
    units.flatMap((unit) => mentionsWithin(source, `label.${kind}`, unit).flatMap((label) => fieldPiece(source, unit, part, label))),
  );
}

function fieldPiece(source: SourceText, unit: Unit, part: Part, label: { readonly start: number; readonly end: number }): Piece[] {
  if (part === "badge") return badgePiece(source, unit, label.end);
  const rest = source.text.slice(label.end, Math.min(unit.end, label.end + 120));
  if (part === "phone" || part === "email") {
    const [hit] = part === "phone" ? phonesIn(rest) : emailsIn(rest);
    return hit && hit.start <= 24 ? [piece(source, part, shift(hit, label.end))] : [];
  }
  const value = fieldValue(source, label.end, unit.end);
  if (!value || unit.start + 10 < label.start) return [];
  if (part === "name") return namePieces(source, unit, value.span.start, value.span.end, true);
  return [{ part, value: value.name, span: value.span }];
}

function badgePiece(source: SourceText, unit: Unit, from: number): Piece[] {
  const match = /^[\s:#.|=nº°No()-]{0,8}([A-Z]{0,4}[-/ ]?\d(?:[\dA-Z/-]|\.(?=\d)){0,14})/i.exec(source.text.slice(from, Math.min(unit.end, from + 30)));
  if (!match?.[1]) return [];
  const start = from + match[0].length - match[1].length;
  return [piece(source, "badge", { value: match[1].trim(), start, end: start + match[1].length })];
}

function piece(source: SourceText, part: Part, { value, start, end }: Found): Piece {
  return { part, value, span: { source: source.id, start, end } };
}

function shift({ value, start, end }: Found, by: number): Found {
  return { value, start: start + by, end: end + by };
}

/** A name with or without a rank before or behind it: "Det. Jane Roe", "Jane Roe, Detective". */
function namePieces(source: SourceText, unit: Unit, start: number, end: number, labelled: boolean): Piece[] {
  const bodies = bodiesIn(source, "agencies", unit);
  const rank = mentionsWithin(source, "people.officers", { start, end }).find(
    (mention) => !bodies.some(({ span }) => span.start <= mention.start && span.end >= mention.end),
  );
  const pieces: Piece[] = rank ? [piece(source, "rank", { value: source.text.slice(rank.start, rank.end), start: rank.start, end: rank.end })] : [];
  const from = rank && rank.start - start <= 4 ? rank.end : start;
  const until = rank && rank.start - start > 4 ? rank.start : end;
  const raw = source.text.slice(from, until);
  const lead = /^[\s.,:*_"'-]*/.exec(raw)?.[0].length ?? 0;
  const whole =
    raw
      .slice(lead)
      .split(/[,;|(\n#]| - | – /)[0]
      ?.trim() ?? "";
  const number = rank ? /\s+(\d{2,6})$/.exec(whole) : null;
  const name = number ? whole.slice(0, number.index) : whole;
  if (number?.[1])
    pieces.push(piece(source, "badge", { value: number[1], start: from + lead + whole.length - number[1].length, end: from + lead + whole.length }));
  const isBody = bodies.some(({ span }) => span.start <= from + lead && span.end >= from + lead + name.length);
  if (isBody || !(looksLikeName(source, name) || (labelled && /^\p{Lu}/u.test(name) && name.length < 60))) return pieces;
  return [...pieces, piece(source, "name", { value: name, start: from + lead, end: from + lead + name.length })];
}

function signaturePieces(source: SourceText): Piece[] {
  if (isAttachment(source)) return [];
  return contactUnits(source).flatMap((unit) => {
    if ((unit.shape === "field" && unit.region === "main") || mentionsWithin(source, "people.closings", unit).length > 0) return [];
    const text = source.text.slice(unit.start, unit.end);
    const names = namePieces(source, unit, unit.start, unit.end, false);
    const badges = mentionsWithin(source, "label.badge", unit).flatMap((label) => badgePiece(source, unit, label.end));
    const phones = phonesIn(text).filter(({ start }) => !/fax[^\d]{0,12}$/i.test(text.slice(Math.max(0, start - 16), start)));
    return [
      ...names,
      ...badges,
      ...phones
        .filter((hit) => !badges.some(({ span }) => span.start <= unit.start + hit.start && span.end >= unit.start + hit.end))
        .map((hit) => piece(source, "phone", shift(hit, unit.start))),
      ...emailsIn(text).map((hit) => piece(source, "email", shift(hit, unit.start))),
      ...addressPieces(source, unit),
    ];
  });
}

/** A line with a number and a word for a street, with the town line that follows it. */
function addressPieces(source: SourceText, unit: Unit): Piece[] {
  const text = source.text.slice(unit.start, unit.end);
  if (!/\d/.test(text) || text.length > 160 || mentionsWithin(source, "layout.streets", unit).length === 0 || text.includes("@")) return [];
  const next = source.units[unit.index + 1];
  const town =
    next &&
    !next.opensParagraph &&
    next.shape === "line" &&
    /\d{4,5}/.test(source.text.slice(next.start, next.end)) &&
    phonesIn(source.text.slice(next.start, next.end)).length === 0;
  const end = town && next ? next.end : unit.end;
  const value = source.text.slice(unit.start, end).trim();
  const skip = /^[\p{L} ]{2,20}:\s*/u.exec(value)?.[0].length ?? 0;
  const lead = source.text.slice(unit.start, end).length - source.text.slice(unit.start, end).trimStart().length + skip;
  return [
    piece(source, "address", { value: value.slice(skip).replace(/\s*\n\s*/g, ", "), start: unit.start + lead, end: unit.start + lead + value.length - skip }),
  ];
}

/** "My name is Jane Roe and I am a detective …", "I am Detective Jane Roe". */
function introducedPieces(source: SourceText): Piece[] {
  if (isAttachment(source)) return [];
  return source.units
    .filter(({ region }) => region === "main")
    .slice(0, 40)
    .flatMap((unit) => {
      const [intro] = mentionsWithin(source, "people.introductions", unit);
      if (!intro) return [];
      const [rank] = mentionsWithin(source, "people.officers", { start: intro.end, end: unit.end });
      const names = [intro.end, ...(rank ? [rank.end] : [])].flatMap((from) => nameAfter(source, unit, from));
      const ranks = rank ? [piece(source, "rank", { value: source.text.slice(rank.start, rank.end), start: rank.start, end: rank.end })] : [];
      const badges = mentionsWithin(source, "label.badge", unit).flatMap((label) => badgePiece(source, unit, label.end));
      if (ranks.length === 0 && badges.length === 0) return [];
      return [...names.slice(0, 1), ...ranks, ...badges];
    });
}

/** "Call me on …", "write to …" in a sentence. */
function spokenPieces(source: SourceText): Piece[] {
  if (isAttachment(source)) return [];
  return source.units
    .filter(({ region }) => region === "main")
    .slice(0, 60)
    .flatMap((unit) => {
      const text = source.text.slice(unit.start, unit.end);
      const near = (at: number, kinds: readonly string[]) =>
        kinds.some((kind) => mentionsWithin(source, kind, { start: Math.max(unit.start, unit.start + at - 40), end: unit.start + at }).length > 0);
      const account = (at: number) => near(at, ["subject.account", "label.account"]);
      return [
        ...mentionsWithin(source, "label.badge", unit).flatMap((label) => badgePiece(source, unit, label.end)),
        ...phonesIn(text)
          .filter(({ start }) => near(start, ["label.phone", "subject.contact"]) && !account(start))
          .map((hit) => piece(source, "phone", shift(hit, unit.start))),
        ...emailsIn(text)
          .filter(({ start }) => near(start, ["subject.contact", "label.email"]) && !account(start))
          .map((hit) => piece(source, "email", shift(hit, unit.start))),
      ];
    });
}

function nameAfter(source: SourceText, unit: Unit, from: number): Piece[] {
  const match = /^[\s,.:]{1,3}((?:\p{Lu}[\p{L}.'’-]*)(?: (?:\p{Lu}[\p{L}.'’-]*|van|von|de|der|den|la|del|di|da|dos)){1,4})/u.exec(
    source.text.slice(from, Math.min(unit.end, from + 80)),
  );
  if (!match?.[1] || mentionsWithin(source, "bodies.agencies", { start: from, end: from + match[0].length }).length > 0) return [];
  const [rank] = mentionsWithin(source, "people.officers", { start: from, end: from + match[0].length });
  if (rank && rank.start - from <= 2) return [];
  const value = untilCommonWord(source, match[1]).replace(/[.,]$/, "");
  if (!value.includes(" ")) return [];
  const start = from + match[0].length - match[1].length;
  return [piece(source, "name", { value, start, end: start + value.length })];
}

/** In capitals every word looks like a name: it ends where the language's small words begin. */
function untilCommonWord(source: SourceText, name: string): string {
  const common = foldedSet(source.packs.flatMap(({ recognise }) => recognise.common));
  const words = name.split(" ");
  const end = words.findIndex((word) => isCapitals(name) && common.has(word.toLowerCase()));
  return (end < 0 ? words : words.slice(0, end)).join(" ");
}
