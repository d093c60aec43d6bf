// Reads which legal paper is served, by its title or by the words of the letter, and what the paper says of itself.
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { Proposed, ProposedInstrument, Span } from "./details.ts";
import { bodiesIn } from "./read-bodies.ts";
import { citationsIn, sectionOf } from "./read-citations.ts";
import { datesIn, type DateMention, type DateOrder } from "./read-dates.ts";
import { isNegated } from "./read-asking.ts";
import { isAttachment, isCapitals, mentionsWithin, unitAt, type SourceText, type Unit } from "./read-parts.ts";
import { jobOf, type Mention } from "./read-vocabulary.ts";

/** How a paper is named, strongest first. `loose`: named, but nobody says that it is served. */
type Role = "attachment-title" | "title" | "subject" | "served" | "loose";
const strength: readonly Role[] = ["attachment-title", "title", "subject", "served", "loose"];

interface Naming {
  readonly id: string;
  readonly role: Role;
  readonly span: Span;
}

export interface InstrumentWords {
  readonly jurisdictions: readonly JurisdictionPack[];
  /** Family words in the names of each instrument. */
  readonly families: ReadonlyMap<string, ReadonlySet<string>>;
  /** Country codes that the message does not speak against. */
  readonly applies: (jurisdiction: JurisdictionPack) => boolean;
  readonly order: DateOrder;
}

export interface InstrumentsRead {
  readonly instruments: readonly Proposed<ProposedInstrument>[];
  /** A paper is served: by its title, in the subject or in the words of the letter. */
  readonly served: boolean;
  /** The title of an attached paper was seen. */
  readonly titled: boolean;
}

export function readInstruments(sources: readonly SourceText[], words: InstrumentWords): InstrumentsRead {
  const namings = sources.flatMap((source) => namingsIn(source, words));
  const merged = refineByCitation(mergeFamilies(byId(namings), words), sources, words);
  const firm = merged.filter(({ role }) => role !== "loose");
  const kept = withoutGeneral(firm.length > 0 ? firm : merged);
  const facts = sources.flatMap((source) => factsIn(source, words.order));
  const instruments = kept.map((entry) => propose(entry, kept, facts, words.jurisdictions));
  return { instruments, served: firm.length > 0, titled: firm.some(({ role }) => role === "attachment-title") };
}

function namingsIn(source: SourceText, words: InstrumentWords): Naming[] {
  const spans = new Map<number, Mention[]>();
  for (const kind of ["instrument.named", "instrument.family"]) {
    for (const mention of source.mentions.get(kind) ?? [])
      if (!isBareCitation(source, mention)) spans.set(mention.start, [...(spans.get(mention.start) ?? []), mention]);
  }
  return [...spans.values()].slice(0, mostNamings).flatMap((mentions) => {
    const [mention] = mentions;
    const unit = mention && unitAt(source, mention.start);
    const role = mention && unit && roleOf(source, unit, mention);
    if (!mention || !role) return [];
    const span = { source: source.id, start: mention.start, end: mention.end };
    return idsOf(mentions, words).map((id) => ({ id, role, span }));
  });
}

const mostNamings = 400;

/** Packs also know papers by their section ("18 U.S.C. § 2703(d)"): a citation alone names no paper, it only makes one more exact. */
function isBareCitation(source: SourceText, { start, end }: Mention): boolean {
  const text = source.text.slice(start, end);
  return /^\d/.test(text) && !/\p{Ll}{3}/u.test(text);
}

/** One instrument when the words and the country single it out; otherwise the family word; otherwise all that share the name. */
function idsOf(mentions: readonly Mention[], { jurisdictions, families, applies }: InstrumentWords): string[] {
  const named = mentions.filter(({ kind }) => kind === "instrument.named").map(({ value }) => value);
  const here = jurisdictions.filter(applies).flatMap(({ instruments }) => instruments.map(({ id }) => id));
  const candidates = [...new Set(named)].filter((id) => here.includes(id));
  const family = mentions.find(({ kind }) => kind === "instrument.family")?.value ?? commonFamily(named, families);
  if (candidates.length === 1) return candidates;
  return family ? [family] : candidates;
}

function commonFamily(ids: readonly string[], families: InstrumentWords["families"]): string | undefined {
  const [first, ...rest] = ids.map((id) => families.get(id) ?? new Set<string>());
  return first && [...first].find((family) => rest.every((set) => set.has(family)));
}

function roleOf(source: SourceText, unit: Unit, mention: Mention): Role | undefined {
  if (unit.region !== "main" && !(unit.region === "signature" && isCapitals(source.text.slice(unit.start, unit.end)))) return undefined;
  if (isNegated(source, unit, mention) || isTalkedAbout(source, unit, mention)) return undefined;
  if (isTitle(source, unit, mention)) return isAttachment(source) ? "attachment-title" : source.id === "subject" ? "subject" : "title";
  if (source.id === "subject") return "subject";
  return nearestCue(source, unit, mention, "cue.served") < Infinity ? "served" : "loose";
}

function isTalkedAbout(source: SourceText, unit: Unit, mention: Mention): boolean {
  const talked = nearestCue(source, unit, mention, "cue.talkedAbout");
  return talked < Infinity && talked <= nearestCue(source, unit, mention, "cue.served");
}

/** Words between the mention and the nearest cue in the sentence; a cue behind the mention counts as two words further. */
function nearestCue(source: SourceText, unit: Unit, mention: Mention, kind: string): number {
  let nearest = Infinity;
  for (const cue of mentionsWithin(source, kind, unit)) {
    const before = mention.first - cue.last;
    const after = cue.first - mention.last + 2;
    if (before > 0 && before <= 12) nearest = Math.min(nearest, before);
    if (after > 2 && after <= 12) nearest = Math.min(nearest, after);
  }
  return nearest;
}

function isTitle(source: SourceText, unit: Unit, mention: Mention): boolean {
  const text = source.text.slice(unit.start, unit.end).trim();
  const label = mentionsWithin(source, "label.instrument", unit)[0];
  if (label && label.end <= mention.start && mention.start - label.end <= 6) return true;
  if (text.length > 120 || (unit.shape === "prose" && !isCapitals(text))) return false;
  if (/[.?!]$/.test(text) && !isCapitals(text)) return false;
  const words = mention.last - mention.first + 1;
  return (
    isCapitals(source.text.slice(mention.start, mention.end)) ||
    (mention.start - unit.start <= 30 && unit.last - unit.first <= words + 7) ||
    (isAttachment(source) && unit.index < 6)
  );
}

interface Entry {
  readonly id: string;
  readonly role: Role;
  readonly namings: readonly Naming[];
}

function byId(namings: readonly Naming[]): Entry[] {
  const ids = [...new Set(namings.map(({ id }) => id))];
  return ids.map((id) =>
    entryOf(
      id,
      namings.filter((naming) => naming.id === id),
    ),
  );
}

function entryOf(id: string, namings: readonly Naming[]): Entry {
  const role = strength.find((candidate) => namings.some((naming) => naming.role === candidate)) ?? "loose";
  return { id, role, namings: namings.filter((naming) => naming.role !== "loose" || role === "loose") };
}

/** "This subpoena" further down is the grand jury subpoena of the title. */
function mergeFamilies(entries: readonly Entry[], { families }: InstrumentWords): Entry[] {
  const isFamily = ({ id }: Entry) => !families.has(id);
  const specific = entries.filter((entry) => !isFamily(entry));
  const merged = specific.map((entry) => {
    const general = entries.filter((other) => isFamily(other) && families.get(entry.id)?.has(other.id));
    return entryOf(entry.id, [...entry.namings, ...general.flatMap(({ namings }) => namings)]);
  });
  const left = entries.filter((entry) => isFamily(entry) && !specific.some(({ id }) => families.get(id)?.has(entry.id)));
  return [...merged, ...left];
}

/** A "court order" under 18 U.S.C. § 2703(d) is the instrument that cites this section, when only one does. */
function refineByCitation(entries: readonly Entry[], sources: readonly SourceText[], words: InstrumentWords): Entry[] {
  const cited = sources.flatMap((source) => citationsIn(source).map(({ span, section }) => ({ span, section })));
  const found = [
    ...sources.flatMap((source) => bareCitations(source, words)),
    ...cited.flatMap(({ span, section }) => instrumentsCiting(section, words).map((id) => ({ id, span }))),
  ];
  const ids = [...new Set(found.map(({ id }) => id))].filter((id) => !entries.some((entry) => entry.id === id));
  const refined = [...entries];
  for (const id of ids) {
    const at = refined.findIndex((entry) => words.families.get(id)?.has(entry.id));
    const spans = found.filter((entry) => entry.id === id).map(({ span }): Naming => ({ id, role: "loose", span }));
    const general = refined[at];
    if (general) refined[at] = entryOf(id, [...general.namings, ...spans]);
    else if (!entries.some((entry) => jobOf(entry.id, words.jurisdictions) === jobOf(id, words.jurisdictions))) refined.push(entryOf(id, spans));
  }
  return refined;
}

function bareCitations(source: SourceText, { jurisdictions, applies }: InstrumentWords): { id: string; span: Span }[] {
  const here = new Set(jurisdictions.filter(applies).flatMap(({ instruments }) => instruments.map(({ id }) => id)));
  const mentions = (source.mentions.get("instrument.named") ?? []).filter((mention) => isBareCitation(source, mention) && here.has(mention.value));
  return mentions.slice(0, 100).flatMap(({ value, start, end }) => {
    const unit = unitAt(source, start);
    if (unit?.region !== "main" || mentionsWithin(source, "cue.talkedAbout", { start: Math.max(unit.start, start - 40), end: start }).length > 0) return [];
    return [{ id: value, span: { source: source.id, start, end } }];
  });
}

function instrumentsCiting(section: string, { jurisdictions, applies }: InstrumentWords): string[] {
  if (!section.includes("(")) return [];
  const ids = jurisdictions
    .filter(applies)
    .flatMap(({ instruments }) => instruments.filter(({ citation }) => sectionOf(citation) === section).map(({ id }) => id));
  return ids.length === 1 ? ids : [];
}

const courtPapers = new Set(["search-warrant", "production-order", "real-time-order", "secrecy-order"]);

/** "The court's order" and "our request" are only wider words for a warrant or an order that is named as well. */
function withoutGeneral(entries: readonly Entry[]): readonly Entry[] {
  const warrant = entries.some(({ id, role }) => courtPapers.has(id) && role !== "loose");
  const compels = entries.some(({ id }) => id !== "information-request");
  return entries.filter(({ id }) => !(id === "court-order" && warrant) && !(id === "information-request" && compels));
}

type FactName = Exclude<keyof ProposedInstrument, "id">;

interface Fact {
  readonly name: FactName;
  readonly value: string;
  readonly span: Span;
}

function factsIn(source: SourceText, order: DateOrder): Fact[] {
  const units = source.units.filter(({ region }) => region === "main" || region === "signature");
  return [...courtsIn(source, units).slice(0, 50), ...ownDates(source, order).slice(0, 50), ...signersIn(source, units).slice(0, 50), ...basesIn(source)];
}

function courtsIn(source: SourceText, units: readonly Unit[]): Fact[] {
  return units.flatMap((unit) => bodiesIn(source, "courts", unit).map(({ name, span }): Fact => ({ name: "issuer", value: name, span })));
}

function ownDates(source: SourceText, order: DateOrder): Fact[] {
  const roles: readonly (readonly [FactName, string])[] = [
    ["issuedOn", "label.issued"],
    ["expiresOn", "label.expires"],
    ["returnOn", "label.returns"],
  ];
  const dates = datesIn(source, order);
  const isRangeEnd = (at: number) => isJoined(source, dates[at - 1], dates[at]) || isJoined(source, dates[at], dates[at + 1]);
  return dates.flatMap((date, at) => {
    const unit = unitAt(source, date.start);
    if (isRangeEnd(at) || date.unit !== "day" || !unit || (unit.region !== "main" && unit.region !== "signature")) return [];
    const start = Math.max(unit.start, date.start - 90);
    const near = roles.map(([name, kind]) => ({
      name,
      at:
        mentionsWithin(source, kind, { start, end: date.start })
          .filter((label) => !isTooFar(label, date.start))
          .at(-1)?.start ?? -1,
    }));
    const other = mentionsWithin(source, "label.otherDate", { start, end: date.start }).at(-1)?.start ?? -1;
    const [nearest] = near.sort((a, b) => b.at - a.at);
    if (!nearest || nearest.at < 0 || other > nearest.at) return [];
    return [{ name: nearest.name, value: date.readings[0].from, span: { source: source.id, start: date.start, end: date.end } }];
  });
}

/** Two dates with "to" or a dash between are a range, and none of them the date of the paper. */
function isJoined(source: SourceText, first: DateMention | undefined, second: DateMention | undefined): boolean {
  if (!first || !second || second.start - first.end > 40) return false;
  return (
    /^\s*[-–—]\s*$/.test(source.text.slice(first.tail, second.start)) || mentionsWithin(source, "date.to", { start: first.end, end: second.start }).length > 0
  );
}

/** "By" says when only right before the date: "by 1 December". */
function isTooFar({ start, end }: Mention, date: number): boolean {
  return end - start <= 4 && date - end > 3;
}

const signers: readonly (readonly [NonNullable<ProposedInstrument["signedBy"]>, string])[] = [
  ["judge", "people.judges"],
  ["clerk", "people.clerks"],
  ["prosecutor", "people.prosecutors"],
  ["agency", "people.officers"],
];

/** "/s/ …, United States Magistrate Judge", "signed by the investigating judge". */
function signersIn(source: SourceText, units: readonly Unit[]): Fact[] {
  return units.flatMap((unit, at) => {
    const sign = mentionsWithin(source, "people.signs", unit).find(({ value, start }) => !value.includes("/") || source.text[start - 1] === "/");
    if (!sign) return [];
    const near = [unit, units[at + 1], units[at + 2]].filter((candidate) => candidate !== undefined);
    for (const place of near) {
      const hit = signers
        .map(([who, kind]) => ({ who, mention: mentionsWithin(source, kind, place).find(({ start }) => start >= sign.start) }))
        .find(({ mention }) => mention);
      if (hit?.mention) return [{ name: "signedBy" as const, value: hit.who, span: { source: source.id, start: sign.start, end: hit.mention.end } }];
    }
    return [];
  });
}

function basesIn(source: SourceText): Fact[] {
  return citationsIn(source).map(({ text, span }): Fact => ({ name: "legalBasis", value: text, span }));
}

/** A fact belongs to the paper whose title, or else first naming, stands last before it in the same source. */
function ownerOf(fact: Fact, entries: readonly Entry[], jurisdictions: readonly JurisdictionPack[]): Entry | undefined {
  const here = entries.flatMap((entry) => entry.namings.filter(({ span }) => span.source === fact.span.source).map((naming) => ({ entry, naming })));
  const titles = here.filter(({ naming }) => naming.role === "attachment-title" || naming.role === "title");
  const anchors = (titles.length > 0 ? titles : here).sort((a, b) => a.naming.span.start - b.naming.span.start);
  const main = anchors.find(({ entry }) => jobOf(entry.id, jurisdictions) !== "gag") ?? anchors[0];
  if (titles.length === 0) return main?.entry ?? entries[0];
  return anchors.filter(({ naming }) => naming.span.start <= fact.span.start + 400).at(-1)?.entry ?? anchors[0]?.entry;
}

function propose(entry: Entry, all: readonly Entry[], facts: readonly Fact[], jurisdictions: readonly JurisdictionPack[]): Proposed<ProposedInstrument> {
  const own = facts.filter((fact) => ownerOf(fact, all, jurisdictions)?.id === entry.id);
  const attached = own.filter(({ span }) => entry.namings.some(({ role, span: at }) => role === "attachment-title" && at.source === span.source));
  const chosen = new Map<FactName, Fact>();
  for (const fact of [...attached, ...own]) if (!chosen.has(fact.name)) chosen.set(fact.name, fact);
  const values = Object.fromEntries([...chosen].map(([name, { value }]) => [name, value]));
  const spans = [...entry.namings.map(({ span }) => span), ...[...chosen.values()].map(({ span }) => span)];
  return { value: { id: entry.id, ...values }, spans, certainty: certaintyOf(entry, all, jurisdictions) };
}

/** An attached title is what the paper is; a letter that calls it otherwise is only a second opinion. Without titles, two papers that both compel production contradict each other. */
function certaintyOf(entry: Entry, all: readonly Entry[], jurisdictions: readonly JurisdictionPack[]): "stated" | "inferred" {
  if (entry.role === "loose") return "inferred";
  if (entry.role === "attachment-title") return "stated";
  const job = jobOf(entry.id, jurisdictions);
  const rivals = all.filter((other) => other !== entry && jobOf(other.id, jurisdictions) === job);
  if (rivals.length === 0) return "stated";
  return entry.role === "title" && rivals.every(({ role }) => role !== "attachment-title" && role !== "title") ? "stated" : "inferred";
}
