// The packs read a second time, as plain rows and conditions that any rule engine could hold: which paper lets which data go, and what stops it.
import { dayOf, type Day } from "../../src/kernel/instant.ts";
import { countedFrom } from "../../src/policy/deadline-rule.ts";
import {
  placesOf,
  type DataClass,
  type DataType,
  type Instrument,
  type JurisdictionPack,
  type Override,
  type PlaceOf,
  type Tier,
  type When,
} from "../../src/policy/pack.ts";
import type { PolicyInForce } from "../../src/policy/policy-in-force.ts";
import { classUnder } from "../../src/policy/process-ladder.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "../../src/requests/intake/events.ts";
import type { Rulebook, Settled } from "../../src/requests/review/line-verdicts.ts";

/** What a row asks of the facts. A fact that is absent is unknown, and fulfils nothing but `not-after` and `unknown`. */
export type Condition =
  | { readonly asks: "known" | "unknown"; readonly fact: string }
  | { readonly asks: "is"; readonly fact: string; readonly value: boolean }
  | { readonly asks: "one-of"; readonly fact: string; readonly values: readonly string[] }
  | { readonly asks: "at-least"; readonly fact: string; readonly value: number }
  | {
      readonly asks: "not-after" | "same" | "member";
      readonly fact: string;
      readonly other: string;
    }
  | {
      readonly asks: "overlaps" | "includes-all";
      readonly fact: string;
      readonly values: readonly string[];
    }
  | { readonly asks: "every" | "some"; readonly of: readonly Condition[] }
  | { readonly asks: "not"; readonly of: Condition };

/** One row of a paper's table: for this class of data, these kinds of data leave when every condition holds. */
export interface Row {
  readonly dataClass: DataClass;
  readonly dataTypes: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Everything that decides about one kind of paper: its rows, and the rules of every country that stop it. */
export interface PaperRules {
  readonly instrument: string;
  readonly rows: readonly Row[];
  readonly stops: readonly Condition[];
}

/** Every paper of every pack under one policy. Emergencies that a policy has switched on are not read here. */
export function paperRules(laws: readonly JurisdictionPack[], policy: PolicyInForce): readonly PaperRules[] {
  if (policy.settings.allowVoluntaryEmergency) throw new Error("the rivals are not taught emergencies");
  return laws.flatMap((law) =>
    law.instruments.map((instrument) => ({
      instrument: instrument.id,
      rows: rowsOf(instrument, law, policy),
      stops: stopsOf(instrument, law, laws),
    })),
  );
}

/** The part of a paper's rules that speaks of one class: a caller who knows the paper and the class needs nothing else. */
export function rulesOfClass(paper: PaperRules, dataClass: DataClass): PaperRules {
  return { ...paper, rows: paper.rows.filter((row) => row.dataClass === dataClass) };
}

const outside: readonly Instrument["family"][] = ["preservation", "realtime", "national-security"];

function rowsOf(instrument: Instrument, law: JurisdictionPack, policy: PolicyInForce): readonly Row[] {
  if (!instrument.compulsory || instrument.route !== "desk" || outside.includes(instrument.family)) return [];
  const paper = paperConditions(instrument, law);
  return instrument.compels.flatMap((dataClass) => {
    const tier = instrument.tiers.find(({ classes }) => classes.includes(dataClass));
    const types = policy.dataTypes.filter((type) => reaches(instrument, tier, type, dataClass, law));
    return [true, false].flatMap((dated): readonly Row[] => {
      const dataTypes = types.filter((type) => type.dated === dated).map(({ id }) => id);
      if (dataTypes.length === 0) return [];
      return [
        {
          dataClass,
          dataTypes,
          conditions: [...tierConditions(tier), ...rangeConditions(dated), ...paper],
        },
      ];
    });
  });
}

function reaches({ id, only, form }: Instrument, tier: Tier | undefined, type: DataType, dataClass: DataClass, law: JurisdictionPack): boolean {
  const ofClass = law.classOf[type.id] === dataClass || (dataClass === "IDENTIFY_ONLY" && law.identifyOnly.includes(type.id));
  if (!ofClass || type.kind === "real-time" || dataClass.startsWith("REALTIME") || only?.includes(type.id) === false) return false;
  const narrowing = law.overrides.filter(({ requires, when }) => requires !== undefined && narrows(when, type.id, dataClass));
  const replaced = narrowing.map(({ replaces }) => replaces);
  if (narrowing.some((override) => !replaced.includes(override.id) && override.requires?.includes(id) === false)) return false;
  return type.accepts.includes(tier?.form ?? form);
}

function narrows({ dataType, dataClass, dataClasses }: When, type: string, its: DataClass): boolean {
  return (dataType ?? type) === type && (dataClasses ?? [dataClass ?? its]).includes(its);
}

function tierConditions(tier: Tier | undefined): readonly Condition[] {
  if (tier === undefined) return [];
  const { issuers, validators, emergencyIssuers, offence } = tier;
  const rank: readonly Condition[] = [
    oneOf("signedBy", issuers),
    ...(validators.length === 0 ? [] : [oneOf("validatedBy", validators)]),
    ...(emergencyIssuers.length === 0 ? [] : [every(is("emergency", true), oneOf("signedBy", emergencyIssuers))]),
  ];
  if (offence === undefined) return [some(...rank)];
  const grave: Condition = { asks: "at-least", fact: "maxYears", value: offence.minYears };
  return [some(...rank), offence.orListed ? some(grave, is("listed", true)) : grave];
}

function rangeConditions(dated: boolean): readonly Condition[] {
  const order: readonly Condition[] = [notAfter("fromDay", "toDay"), notAfter("fromDay", "servedDay"), is("resolved", true)];
  return dated ? [...order, known("fromDay"), known("toDay")] : order;
}

function paperConditions(instrument: Instrument, law: JurisdictionPack): readonly Condition[] {
  const { facial, servedBy } = instrument;
  const lackable = facial.filter((id) => law.contents[id] !== undefined);
  return [
    ...signature(instrument),
    ...(facial.includes("issued-on") ? [known("issuedDay")] : []),
    notAfter("issuedDay", "servedDay"),
    notAfter("issuedDay", "expiresDay"),
    notAfter("issuedDay", "returnDay"),
    notAfter("servedDay", "lastDay"),
    ...(lackable.length === 0 ? [] : [not({ asks: "overlaps", fact: "lacks", values: lackable })]),
    not(oneOf("addressedTo", ["other", "controller"])),
    ...(servedBy === undefined ? [] : [some(unknown("servedBy"), oneOf("servedBy", servedBy))]),
    not(oneOf("seal", ["invalid"])),
    ...origin(instrument, law),
    some(unknown("language"), unknown("languages"), is("translation", true), {
      asks: "member",
      fact: "language",
      other: "languages",
    }),
  ];
}

/** A paper of one country's law that another country issued contradicts itself. */
function origin({ family }: Instrument, { territory }: JurisdictionPack): readonly Condition[] {
  if (territory.length > 1 || ["mla", "voluntary", "emergency", "preservation"].includes(family)) return [];
  return [some(unknown("authorityCountry"), oneOf("authorityCountry", territory))];
}

function signature({ facial, issuers, tiers }: Instrument): readonly Condition[] {
  const judges = facial.includes("signature-of-judge") ? [oneOf("signedBy", ["judge", "court", "investigating-judge"])] : [];
  const somebody = facial.includes("signature") ? [not(oneOf("signedBy", ["nobody"]))] : [];
  const rank = tiers.length > 0 ? known("signedBy") : oneOf("signedBy", [...issuers, "nobody"]);
  return [...judges, rank, ...somebody];
}

function stopsOf(instrument: Instrument, own: JurisdictionPack, laws: readonly JurisdictionPack[]): readonly Condition[] {
  return laws.flatMap((law) =>
    law.overrides
      .filter(({ then, binds, when }) => then !== undefined && (binds === "every-paper" || law === own) && canMeet(when, instrument))
      .map((override) => every(...whenConditions(override.when, law), ...unlifted(override))),
  );
}

/** What is known of a paper's kind is settled here, so that no engine has to ask it again. */
function canMeet({ instruments, families }: When, { id, family }: Instrument): boolean {
  return instruments?.includes(id) !== false && families?.includes(family) !== false;
}

/** Members that the rivals are taught; a new one in the pack language must be taught here before anything is compared. */
const taught: Readonly<Record<keyof When, true>> = {
  instruments: true,
  families: true,
  dataClass: true,
  dataClasses: true,
  dataType: true,
  emergency: true,
  authorityNotified: true,
  authorityIn: true,
  authorityOutside: true,
  providerIs: true,
  protected: true,
  authorityAtDesignee: true,
  anyPlace: true,
  everyPlace: true,
};

function whenConditions(when: When, law: JurisdictionPack): readonly Condition[] {
  const strange = Object.keys(when).find((member) => !(member in taught));
  if (strange !== undefined) throw new Error(`the rivals are not taught the condition "${strange}"`);
  const classes = when.dataClasses ?? (when.dataClass === undefined ? undefined : [when.dataClass]);
  return [
    ...(classes === undefined ? [] : [oneOf(classFact(law), classes)]),
    ...(when.dataType === undefined ? [] : [oneOf("dataType", [when.dataType])]),
    ...(when.emergency === undefined ? [] : [is("emergency", when.emergency)]),
    ...(when.authorityNotified === undefined ? [] : [is("authorityNotified", when.authorityNotified)]),
    ...(when.authorityIn === undefined ? [] : [lies("authority", when.authorityIn, law)]),
    ...(when.authorityOutside === undefined ? [] : [known("authority"), not(lies("authority", when.authorityOutside, law))]),
    ...(when.providerIs === undefined ? [] : [{ asks: "overlaps", fact: "kinds", values: when.providerIs } as const]),
    ...(when.protected === undefined ? [] : [{ asks: "overlaps", fact: "protection", values: when.protected } as const]),
    ...(when.authorityAtDesignee === undefined ? [] : atDesignee(when.authorityAtDesignee)),
    ...(when.anyPlace === undefined ? [] : [some(...placed(when.anyPlace, law))]),
    ...(when.everyPlace === undefined ? [] : placed(when.everyPlace, law)),
  ];
}

function atDesignee(expected: boolean): readonly Condition[] {
  const same: Condition = { asks: "same", fact: "authorityCountry", other: "designeeCountry" };
  return [known("authorityCountry"), known("designeeCountry"), expected ? same : not(same)];
}

function placed(asked: NonNullable<When["anyPlace"]>, law: JurisdictionPack): readonly Condition[] {
  return asked.of.map((place) =>
    every(
      ...(asked.in === undefined ? [] : [lies(place, asked.in, law)]),
      ...(asked.outside === undefined ? [] : [known(place), not(lies(place, asked.outside, law))]),
    ),
  );
}

/** A country with every part of it, a part, or any part but not the whole: the country of a region is a fact of its own. */
function lies(fact: string, regions: readonly string[], { territory }: JurisdictionPack): Condition {
  const all = regions.flatMap((region) => (region === "here" ? territory : [region]));
  const countries = all.filter((region) => region.length === 2);
  const exact = all.filter((region) => region.length > 2 && !region.endsWith("-*"));
  const parts = all.filter((region) => region.endsWith("-*")).map((region) => region.slice(0, 2));
  return some(
    ...(countries.length === 0 ? [] : [oneOf(`${fact}Country`, countries)]),
    ...(exact.length === 0 ? [] : [oneOf(fact, exact)]),
    ...(parts.length === 0 ? [] : [every(oneOf(`${fact}Country`, parts), not(oneOf(fact, parts)))]),
  );
}

function unlifted({ unless }: Override): readonly Condition[] {
  if (unless === undefined) return [];
  return [
    ...(unless.shows.length === 0 ? [] : [not({ asks: "includes-all", fact: "shows", values: unless.shows })]),
    ...(unless.agreements.length === 0 ? [] : [not(oneOf("agreement", unless.agreements))]),
    ...(unless.transferGround ? [not(is("transferGround", true))] : []),
  ];
}

export type FactValue = string | number | boolean | readonly string[];
/** Everything a row may ask about one line, computed before anybody is timed. Days are days since 1970. */
export type LineFacts = Readonly<Record<string, FactValue>>;

export function lineFacts(details: DetailsConfirmed, line: RequestLine, { laws, zone, provider = {} }: Rulebook, settled: Settled): LineFacts {
  const paper = details.instrument;
  if (paper === undefined) throw new Error("every case of the bench has a paper");
  const law = laws.find(({ instruments }) => instruments.some(({ id }) => id === paper.id));
  const instrument = law?.instruments.find(({ id }) => id === paper.id);
  if (law === undefined || instrument === undefined) throw new Error(`no pack knows ${paper.id}`);
  const subject = details.subjects.find(({ id }) => id === line.subject);
  return given({
    ...paperFacts(paper, instrument, zone),
    dataType: line.dataType,
    dataClass: classUnder(law, line),
    ...Object.fromEntries(laws.map((each) => [classFact(each), classUnder(each, line)])),
    fromDay: dayNumber(line.from),
    toDay: dayNumber(line.to),
    resolved: subject?.resolved === true && subject.workspace !== undefined,
    protection: details.protection,
    kinds: provider.kinds,
    languages: provider.languages,
    transferGround: settled.transferGround,
    ...region("authority", paper.issuedIn ?? (law.territory.includes(law.country) ? law.country : undefined)),
    ...Object.assign({}, ...placesOf.map((place) => region(place, placeOf(place, details, provider)))),
  });
}

type Loose = Readonly<Record<string, FactValue | undefined>>;

function paperFacts(paper: InstrumentFacts, { expires }: Instrument, zone: Rulebook["zone"]): Loose {
  const {
    signedBy,
    validatedBy,
    emergency,
    authorityNotified,
    addressedTo,
    servedBy,
    seal,
    language,
    translation,
    agreement,
    offence,
    issuedOn,
    expiresOn,
    returnOn,
  } = paper;
  const last = expiresOn ?? (issuedOn === undefined || expires === undefined ? undefined : countedFrom(issuedOn, expires));
  const days = {
    servedDay: dayOf(paper.servedAt, zone),
    issuedDay: issuedOn,
    expiresDay: expiresOn,
    returnDay: returnOn,
    lastDay: last as Day | undefined,
  };
  return {
    signedBy,
    validatedBy,
    emergency,
    authorityNotified,
    addressedTo,
    servedBy,
    seal,
    language,
    translation,
    agreement,
    maxYears: offence?.maxYears,
    listed: offence?.listed,
    lacks: paper.lacks ?? [],
    shows: paper.shows ?? [],
    ...Object.fromEntries(Object.entries(days).map(([fact, date]) => [fact, dayNumber(date)])),
  };
}

function placeOf(
  place: PlaceOf,
  { places }: DetailsConfirmed,
  { incorporatedIn, headquarteredIn, designatedIn }: NonNullable<Rulebook["provider"]>,
): string | undefined {
  const ofProvider: { readonly [Place in PlaceOf]?: string | undefined } = {
    incorporation: incorporatedIn,
    headquarters: headquarteredIn,
    designee: designatedIn,
  };
  return ofProvider[place] ?? places?.[place];
}

function region(fact: string, value: string | undefined): Loose {
  return { [fact]: value, [`${fact}Country`]: value?.slice(0, 2) };
}

function dayNumber(date: Day | undefined): number | undefined {
  return date === undefined ? undefined : Temporal.PlainDate.from("1970-01-01").until(date).days;
}

function given(facts: Loose): LineFacts {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, FactValue] => entry[1] !== undefined));
}

/** The facts that these rules ask about: what an engine is not asked it need not be given. */
export function factsAsked({ rows, stops }: Pick<PaperRules, "rows" | "stops">): ReadonlySet<string> {
  return new Set([...rows.flatMap(({ conditions }) => conditions), ...stops].flatMap(factsIn));
}

function factsIn(condition: Condition): readonly string[] {
  switch (condition.asks) {
    case "every":
    case "some":
      return condition.of.flatMap(factsIn);
    case "not":
      return factsIn(condition.of);
    case "not-after":
    case "same":
    case "member":
      return [condition.fact, condition.other];
    default:
      return [condition.fact];
  }
}

/** A line has a class under each law; an obstacle asks for the one of its own. */
function classFact({ pack }: JurisdictionPack): string {
  return `classUnder${pack.id.toUpperCase()}`;
}

function known(fact: string): Condition {
  return { asks: "known", fact };
}

function unknown(fact: string): Condition {
  return { asks: "unknown", fact };
}

function is(fact: string, value: boolean): Condition {
  return { asks: "is", fact, value };
}

function oneOf(fact: string, values: readonly string[]): Condition {
  return { asks: "one-of", fact, values };
}

function notAfter(fact: string, other: string): Condition {
  return { asks: "not-after", fact, other };
}

function every(...of: readonly Condition[]): Condition {
  return { asks: "every", of };
}

function some(...of: readonly Condition[]): Condition {
  return { asks: "some", of };
}

function not(of: Condition): Condition {
  return { asks: "not", of };
}
