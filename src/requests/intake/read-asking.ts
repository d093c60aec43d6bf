// Tells which sentences and lists of a message ask for something, and which say that something is not asked for.
import { isAttachment, lastMentionBefore, mentionsWithin, type SourceText, type Unit } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";

/** Where asking begins: words of the unit before `from` tell a story, words after it name what is asked. */
interface Asking {
  readonly from: number;
  readonly by: "words" | "heading" | "list";
}

/** What the units of one source ask, by unit index. */
export interface Asked {
  readonly units: ReadonlyMap<number, Asking>;
  /** Units that stand in a list of what is *not* asked for. */
  readonly refused: ReadonlySet<number>;
}

type OpenList = "none" | "asked" | "refused";

export function askedIn(source: SourceText): Asked {
  const units = new Map<number, Asking>();
  const refused = new Set<number>();
  let list: OpenList = "none";
  let justOpened = false;
  for (const unit of source.units) {
    if (unit.region !== "main") {
      list = "none";
      continue;
    }
    const own = ownAsking(source, unit);
    if (own) units.set(unit.index, own);
    else if (list === "asked" && continuesList(source, unit, justOpened)) units.set(unit.index, { from: unit.first, by: "list" });
    else if (list === "refused" && continuesList(source, unit, justOpened)) refused.add(unit.index);
    const opened = opensList(source, unit, own);
    justOpened = opened !== "none";
    if (opened !== "none") list = opened;
    else if (!units.has(unit.index) && !refused.has(unit.index) && !isNeutralField(source, unit)) list = "none";
  }
  return { units, refused };
}

function ownAsking(source: SourceText, unit: Unit): Asking | undefined {
  const ask = mentionsWithin(source, "asking.asks", unit).find((mention) => !isNegated(source, unit, mention));
  const heading = mentionsWithin(
    source,
    "asking.headings",
    unit.shape === "prose" && unit.end - unit.start > 90 ? { start: unit.start, end: unit.start + 4 } : unit,
  )[0];
  if (heading && (isLabel(source, heading) || unit.shape !== "prose" || heading.start - unit.start <= 4)) return { from: heading.first, by: "heading" };
  return ask && { from: ask.first, by: "words" };
}

/** A mention that a colon, a bar or the end of its line follows. */
function isLabel(source: SourceText, mention: { readonly end: number }): boolean {
  return /^["'*_)\s]{0,3}(?:[:|=\t]|\r?\n|$)/.test(source.text.slice(mention.end, mention.end + 6));
}

function opensList(source: SourceText, unit: Unit, own: Asking | undefined): OpenList {
  const text = source.text.slice(unit.start, unit.end).trimEnd();
  const invites = /[:–—-]$/.test(text) || mentionsWithin(source, "asking.following", unit).length > 0;
  if (own?.by === "heading") return "asked";
  if (!invites) return "none";
  const denies = mentionsWithin(source, "negation.before", unit).at(-1);
  const revives = denies && mentionsWithin(source, "negation.ends", unit).some(({ start }) => start > denies.start);
  if (denies && !revives && !own) return "refused";
  return own ? "asked" : "none";
}

function continuesList(source: SourceText, unit: Unit, justOpened: boolean): boolean {
  if (unit.shape === "prose") return justOpened || (isAttachment(source) && unit.end - unit.start < 240 && !unit.opensParagraph);
  return unit.shape !== "field" || !hasKnownLabel(source, unit);
}

const contactLabels = [
  "agency",
  "matter",
  "weakMatter",
  "officer",
  "rank",
  "badge",
  "phone",
  "email",
  "address",
  "issued",
  "expires",
  "returns",
  "otherDate",
  "issuer",
  "instrument",
  "recipient",
  "account",
  "userName",
  "userId",
  "personName",
  "workspace",
  "dateRange",
  "rangeStart",
  "rangeEnd",
];
const neutralLabels = ["account", "userName", "userId", "personName", "workspace", "dateRange", "rangeStart", "rangeEnd"];

/** A form field with a known label and a value: "Badge: 4411". A label with nothing behind it may be an item of a list. */
function hasKnownLabel(source: SourceText, unit: Unit): boolean {
  return contactLabels.some((kind) => isFilledLabel(source, unit, kind));
}

function isNeutralField(source: SourceText, unit: Unit): boolean {
  return neutralLabels.some((kind) => isFilledLabel(source, unit, kind));
}

function isFilledLabel(source: SourceText, unit: Unit, kind: string): boolean {
  const [label] = mentionsWithin(source, `label.${kind}`, { start: unit.start, end: unit.start + 10 });
  return label !== undefined && /^[^\p{L}\p{N}\n]{0,4}[:|=\t][^\p{L}\p{N}\n]{0,20}[\p{L}\p{N}@+]/u.test(source.text.slice(label.end, label.end + 30));
}

/** True when the sentence says that just this is not meant: "we do not seek the content of …", "content is not requested". */
export function isNegated(source: SourceText, unit: Unit, mention: Mention): boolean {
  const before = lastMentionBefore(source, "negation.before", unit.start, mention.start);
  if (before && !isCutOff(source, before.last, mention.first)) return true;
  const opening = mentionsWithin(source, "negation.after", { start: unit.start, end: mention.start })[0];
  if (opening && opening.first - unit.first <= 1 && !isCutOff(source, opening.last, mention.first)) return true;
  const after = mentionsWithin(source, "negation.after", { start: mention.end, end: unit.end })[0];
  return after !== undefined && !isCutOff(source, mention.last, after.first);
}

/** Whether the sentence turns between two words: a semicolon, "but", "only". */
function isCutOff(source: SourceText, first: number, last: number): boolean {
  for (let at = first + 1; at <= last; at++) if ((source.words[at]?.gap ?? 0) >= 2) return true;
  const start = source.words[first]?.end ?? 0;
  const end = source.words[last]?.start ?? start;
  return mentionsWithin(source, "negation.ends", { start, end }).length > 0;
}

/** Whether the unit asks for what stands at this word. */
export function asksFor(asked: Asked, unit: Unit, wordIndex: number): boolean {
  const asking = asked.units.get(unit.index);
  return asking !== undefined && wordIndex >= asking.from;
}
