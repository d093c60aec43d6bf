// Reads one message the way a paralegal reads it first: what is it, who asks, whose data, which, from when to when.
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { ReadingPack } from "../../policy/reading-pack.ts";
import { ageKeysIn, domainOf, emailsIn, phonesIn } from "./read-addresses.ts";
import { askedIn } from "./read-asking.ts";
import { readAgency } from "./read-agency.ts";
import { rangeCandidates, settleRanges } from "./read-date-range.ts";
import { dateOrder, mayApply } from "./read-country.ts";
import { dayText } from "./read-dates.ts";
import { readDataTypes, readEverything, readNamedDataTypes } from "./read-data-types.ts";
import type { Proposed, RequestReading, Span } from "./details.ts";
import { readInstruments } from "./read-instruments.ts";
import { guessLanguage } from "./read-language.ts";
import { readMatter } from "./read-matter.ts";
import { contactUnits, readOfficer } from "./read-officer.ts";
import { cutSource, type SourceText } from "./read-parts.ts";
import { readGags } from "./read-secrecy.ts";
import { sortOf } from "./read-sort.ts";
import { mergeSubjects, readSubjects, readWorkspaces, settleWorkspaces, type SubjectContext } from "./read-subjects.ts";
import { readUrgency } from "./read-urgency.ts";
import { familiesOfInstruments, vocabularyOf } from "./read-vocabulary.ts";

/** One text of the message: `subject`, `body`, `attachment-1`, `attachment-2` … */
export interface MessageSource {
  readonly id: string;
  readonly text: string;
}

export interface ReadingMaterial {
  readonly sources: readonly MessageSource[];
  readonly readingPacks: readonly ReadingPack[];
  readonly jurisdictions: readonly JurisdictionPack[];
  /** Names of workspaces the desk knows: found even where no word says that they are one. */
  readonly knownWorkspaces?: readonly string[];
  /** Day the message was sent, `YYYY-MM-DD`: gives "the last 90 days" their dates. */
  readonly messageDate?: string;
  /** Mailbox the message came from: never an account, and a hint to the country. */
  readonly sender?: string;
  /** Domains of the company itself: its mailboxes are not accounts, its subdomains are workspaces. */
  readonly ownDomains?: readonly string[];
  /** A person has looked and says that it is a request: everything is proposed, whatever the sort. */
  readonly readAs?: "request";
}

/** UTF-16 code units read of one source, and of all together. What lies beyond is named in `unread`. */
export const readLimits = { source: 300_000, message: 900_000, sources: 40 } as const;

/** Never throws on any text. Time grows with the length of the texts only. */
export function readRequest(material: ReadingMaterial): RequestReading {
  const { sources, unread } = withinLimits(material.sources);
  const message = guessLanguage(
    sources
      .filter(({ id }) => !id.startsWith("attachment"))
      .map(({ text }) => text)
      .join("\n"),
    material.readingPacks,
  );
  const whole =
    message.packs.length > 0 || message.language !== "und" ? message : guessLanguage(sources.map(({ text }) => text).join("\n"), material.readingPacks);
  const cut = cutSources(sources, whole.packs, material);
  const languageKnown = whole.packs.length > 0;
  return { ...readCut(cut, material, languageKnown), language: whole.language, languageKnown, unread };
}

function withinLimits(all: readonly MessageSource[]): { sources: MessageSource[]; unread: Span[] } {
  const sources: MessageSource[] = [];
  const unread: Span[] = [];
  let left: number = readLimits.message;
  for (const { id, text } of all) {
    const length = sources.length < readLimits.sources ? Math.min(text.length, readLimits.source, left) : 0;
    if (length > 0) sources.push({ id, text: text.slice(0, length) });
    if (length < text.length) unread.push({ source: id, start: length, end: text.length });
    left -= length;
  }
  return { sources, unread };
}

/** Each source in its own language; what is too short to tell is read as the message is. */
function cutSources(sources: readonly MessageSource[], fallback: readonly ReadingPack[], { readingPacks, jurisdictions }: ReadingMaterial): SourceText[] {
  const vocabularies = new Map<string, ReturnType<typeof vocabularyOf>>();
  return sources.map((source) => {
    const own = source.text.length > 200 ? guessLanguage(source.text, readingPacks) : undefined;
    const packs = own && own.packs.length > 0 && own.weight >= 8 ? own.packs : fallback;
    const key = packs.map(({ language }) => language).join(" ");
    const vocabulary = vocabularies.get(key) ?? vocabularyOf(packs, packs.length > 0 ? jurisdictions : []);
    vocabularies.set(key, vocabulary);
    return cutSource(source, vocabulary);
  });
}

type Read = Omit<RequestReading, "language" | "languageKnown" | "unread">;

function readCut(sources: readonly SourceText[], material: ReadingMaterial, languageKnown: boolean): Read {
  const officials = officialMailboxes(sources, material);
  const hints = { mailboxes: officials, phones: sources.flatMap(phonesOf) };
  const order = dateOrder(
    sources.flatMap(({ packs }) => packs.slice(0, 1)),
    hints,
    material.jurisdictions,
  );
  const asked = new Map(sources.map((source) => [source, askedIn(source)]));
  const askedOf = (source: SourceText) => asked.get(source) ?? { units: new Map(), refused: new Set<number>() };
  const contexts = sources.map((source): SubjectContext => ({
    source,
    asked: askedOf(source),
    officerDomains: new Set(officials.map(domainOf)),
    ownDomains: material.ownDomains ?? [],
  }));

  const { instruments, served, titled } = readInstruments(sources, {
    jurisdictions: material.jurisdictions,
    families: familiesOfInstruments(material.readingPacks, material.jurisdictions),
    applies: (jurisdiction) => mayApply(jurisdiction, hints),
    order,
  });
  const bodiesFirst = sources.toSorted((a, b) => Number(a.id === "subject") - Number(b.id === "subject"));
  const agency = readAgency(bodiesFirst);
  const matter = readMatter(bodiesFirst);
  const officer = readOfficer(sources);
  const subjects = mergeSubjects(contexts.flatMap(readSubjects));
  const workspaces = settleWorkspaces(
    contexts.flatMap((context) => readWorkspaces(context, material.knownWorkspaces ?? [])),
    material,
  );
  const asks = mergeById(sources.flatMap((source) => readDataTypes(source, askedOf(source))));
  const dataTypes = asks.length === 0 && served ? mergeById(sources.flatMap(readNamedDataTypes)) : asks;
  const everything = first(sources.map((source) => readEverything(source, askedOf(source))));
  const [dateRange, ...otherDateRanges] = settleRanges(sources.flatMap((source) => rangeCandidates(source, askedOf(source), order, messageDay(material))));
  const sort = sortOf({
    sources,
    languageKnown,
    agency: agency?.certainty === "stated",
    officer: officer?.value.rank !== undefined || officer?.value.badge !== undefined,
    governmentMailbox: officials.some((email) => isGovernment(email, material.jurisdictions)),
    legalBasis: instruments.some(({ value }) => value.legalBasis !== undefined),
    served,
    titled,
    data: dataTypes.length > 0 || everything !== undefined,
    accounts: subjects.some(({ certainty }) => certainty === "stated") || workspaces.some(({ certainty }) => certainty === "stated"),
    matter: matter?.certainty === "stated",
    asks: [...asked.values()].some(({ units }) => units.size > 0),
  });
  const proposals = {
    ...present({ agency, matter, officer, dateRange, everything }),
    instruments: asCivil(instruments, matter, material.jurisdictions),
    subjects: subjects.length > 0 ? subjects : workspaceSubjects(workspaces),
    workspaces,
    otherDateRanges,
    dataTypes,
    gags: readGags(sources, { instruments, jurisdictions: material.jurisdictions, order }),
    ...present({ emergency: readUrgency(bodiesFirst, "emergency"), realTime: readUrgency(bodiesFirst, "realTime"), deliveryKey: deliveryKey(sources) }),
  };
  return { ...withholdIfNotAsked({ ...proposals, sort }, material.readAs), sort };
}

/** A message that asks for nothing proposes nothing, except the matter and the sender that help to file it. */
function withholdIfNotAsked(read: Read, readAs: ReadingMaterial["readAs"]): Read {
  if (readAs === "request") return read;
  const empty: Read = { sort: read.sort, instruments: [], subjects: [], workspaces: [], otherDateRanges: [], dataTypes: [], gags: [] };
  switch (read.sort) {
    case "request":
    case "follow-up":
    case "withdrawal":
    case "unclear":
      return read;
    case "court-notice":
      return { ...empty, ...present({ matter: read.matter }) };
    case "automatic-reply":
    case "not-a-request":
      return empty;
    default:
      return read.sort satisfies never;
  }
}

/** A subpoena of no other kind in a civil matter is a litigant's: it reaches no content and no government. */
function asCivil(
  instruments: RequestReading["instruments"],
  matter: RequestReading["matter"],
  jurisdictions: readonly JurisdictionPack[],
): RequestReading["instruments"] {
  if (matter?.value.nature !== "civil") return instruments;
  const named = jurisdictions.flatMap((pack) => pack.instruments.filter(({ family }) => family === "civil").map(({ id }) => id));
  const id = named.length === 1 && named[0] ? named[0] : "civil-subpoena";
  return instruments.map((entry) => (entry.value.id === "subpoena" ? { ...entry, value: { ...entry.value, id }, certainty: "inferred" } : entry));
}

/** No account is named but a workspace is: then the workspace itself is what is meant, and a person should look. */
function workspaceSubjects(workspaces: readonly Proposed<string>[]): RequestReading["subjects"] {
  return workspaces.map(({ value, spans }) => ({ value: { kind: "workspace", value, identifier: "workspace-name" }, spans, certainty: "inferred" }));
}

function present<Values extends Record<string, unknown>>(values: Values): { [Name in keyof Values]?: NonNullable<Values[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Name in keyof Values]?: NonNullable<Values[Name]> };
}

function first<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  return values.find((value) => value !== undefined);
}

function mergeById(readings: readonly Proposed<string>[]): Proposed<string>[] {
  const merged = new Map<string, Proposed<string>>();
  for (const reading of readings) {
    const before = merged.get(reading.value);
    const certainty = before?.certainty === "stated" ? "stated" : reading.certainty;
    merged.set(reading.value, before ? { ...before, certainty, spans: [...before.spans, ...reading.spans] } : reading);
  }
  return [...merged.values()];
}

/** The sender's mailbox and those in signatures and contact fields. */
function officialMailboxes(sources: readonly SourceText[], { sender, ownDomains = [] }: ReadingMaterial): string[] {
  const written = sources.flatMap((source) =>
    contactUnits(source).flatMap(({ start, end }) => emailsIn(source.text.slice(start, end)).map(({ value }) => value)),
  );
  const all = [...(sender ? [sender] : []), ...written];
  return all.filter((email) => !ownDomains.includes(domainOf(email)));
}

function phonesOf(source: SourceText): string[] {
  return contactUnits(source).flatMap(({ start, end }) => phonesIn(source.text.slice(start, end)).map(({ value }) => value));
}

function isGovernment(email: string, jurisdictions: readonly JurisdictionPack[]): boolean {
  const domain = domainOf(email);
  return jurisdictions.some(({ governmentZones }) => governmentZones.some((zone) => domain === zone || domain.endsWith(`.${zone.replace(/^\./, "")}`)));
}

function messageDay({ messageDate }: ReadingMaterial): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(messageDate ?? "") ?? [];
  return dayText(Number(year), Number(month), Number(day));
}

function deliveryKey(sources: readonly SourceText[]): Proposed<string> | undefined {
  const keys = sources.flatMap((source) => ageKeysIn(source).map(({ value, start, end }) => ({ value, span: { source: source.id, start, end } })));
  const [key] = keys;
  if (!key) return undefined;
  const contradicted = keys.some(({ value }) => value !== key.value);
  return { value: key.value, spans: keys.map(({ span }) => span), certainty: contradicted ? "inferred" : "stated" };
}
