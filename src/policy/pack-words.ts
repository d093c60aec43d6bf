// Says the rules of a pack in plain words: the same ones on a page, in the terminal and in a comparison.
import {
  ranks,
  type Basis,
  type DataClass,
  type Family,
  type Instrument,
  type Override,
  type PaperClock,
  type Period,
  type PlaceOf,
  type Protection,
  type ProviderKind,
  type Rank,
  type ServiceRoute,
  type Telling,
  type Tier,
  type ValidityCheck,
  type When,
} from "./pack.ts";
import { rankWords } from "./process-ladder.ts";

export const classWords: Readonly<Record<DataClass, string>> = {
  SUBSCRIBER: "subscriber data",
  IDENTIFY_ONLY: "data only to identify",
  TRAFFIC: "traffic data",
  RECORDS: "other records",
  LOCATION: "location",
  CONTENT: "content",
  REALTIME_META: "live traffic",
  REALTIME_CONTENT: "live content",
};

/** Short enough for a mark beside a rule. */
export const basisMarks: Readonly<Record<Basis, string>> = {
  document: "Document",
  law: "Law",
  memory: "Memory: counsel must confirm",
  house: "House rule",
};

/** Reads on from "served". */
export const routeWords: Readonly<Record<ServiceRoute, string>> = {
  "legal-process-mailbox": "to the mailbox for legal process",
  portal: "through the portal",
  "registered-agent": "on the registered agent",
  "in-person": "in person",
  post: "by post",
  "decentralised-it-system": "over the decentralised IT system",
  "electronic-contact-point": "to the electronic contact point",
  "secretary-of-state": "through the Secretary of State",
  "lord-advocate": "through the Lord Advocate",
  "designated-authority": "through the designated authority",
  "classified-channel": "over a classified channel",
  "police-direct": "by the police themselves",
};

export const toldWords: Readonly<Record<Telling["who"], string>> = {
  customer: "the customer",
  user: "the user",
  recipient: "the recipient of the service",
  exporter: "the exporter of the data",
  controller: "the controller of the data",
  "issuing-authority": "the issuing authority",
  "enforcing-authority": "the enforcing authority",
  "designated-authority": "the designated authority",
  "supervisory-authority": "the supervisory authority",
};

export const familyWords: Readonly<Record<Family, string>> = {
  production: "production of data",
  preservation: "preservation",
  gag: "secrecy",
  realtime: "live collection",
  emergency: "emergency",
  mla: "mutual legal assistance",
  voluntary: "voluntary disclosure",
  "national-security": "national security",
  civil: "civil procedure",
  "content-order": "order about content",
};

export const formWords: Readonly<Record<Instrument["form"], string>> = {
  subpoena: "subpoena",
  "court-order": "court order",
  "search-warrant": "search warrant",
  other: "none of the three forms",
};

/** What a clock of each kind asks of whom. */
export const clockKindWords: Readonly<Record<PaperClock["kind"], string>> = {
  duty: "we act by then",
  hold: "nothing leaves before",
  keep: "data is kept until then",
  option: "a right of ours ends",
  theirs: "the other side acts by then",
};

const startWords: Readonly<Record<PaperClock["from"], string>> = {
  served: "service",
  issued: "issue",
  "hold-ended": "the end of the hold",
  "clarification-asked": "the question that asked for clarification",
  "gag-objected": "the objection to the secrecy order",
  "conflict-raised": "the notice of the conflict of laws",
  "emergency-answered": "the emergency answer",
  "effect-given": "effect being given to it",
};

export const suspendingWords: Readonly<Record<PaperClock["suspendedBy"][number], string>> = {
  challenge: "a challenge is pending",
  clarification: "a clarification is awaited",
};

export const endingWords: Readonly<Record<PaperClock["endedBy"][number], string>> = {
  "authority-cleared": "the notified authority clears it",
  lapse: "the duty lapses",
  acknowledged: "its receipt is acknowledged",
  "answer-sent": "the answer has been sent",
  validated: "the paper has been validated",
};

export const answererWords: Readonly<Record<ValidityCheck["answeredBy"], string>> = {
  machine: "the desk, from facts",
  person: "a named person",
  both: "the desk, confirmed by a person",
};

export const checkCaseWords: Readonly<Record<ValidityCheck["applies"][number], string>> = {
  always: "of every paper",
  "first-contact": "at the first contact",
  content: "when content is asked for",
  gag: "when secrecy is asked for",
  "cross-border": "across a border",
  emergency: "in an emergency",
  "state-attestation": "when a state asks for an attestation",
  "european-order": "of a European order",
  language: "when the language is another",
  referral: "when the agency may be referred to the customer",
};

export const consequenceWords: Readonly<Record<ValidityCheck["then"], string>> = {
  hold: "everything waits",
  reject: "the paper is refused",
  "deny-line": "the line is refused",
  narrow: "a narrower scope is offered",
  counsel: "counsel decides",
  ask: "the officer is asked",
  refer: "the agency is referred to the customer",
  note: "it is noted and chased",
};

const placeWords: Readonly<Record<PlaceOf, string>> = {
  customer: "the customer",
  person: "the person asked about",
  data: "the data",
  incorporation: "our place of incorporation",
  headquarters: "our headquarters",
  designee: "our designated establishment",
};

const protectionWords: Readonly<Record<Protection, string>> = {
  privilege: "privilege",
  journalism: "journalism",
  health: "health data",
  minors: "data of minors",
  education: "education records",
  "public-authority": "data of a public authority",
};

export const providerWords: Readonly<Record<ProviderKind, string>> = {
  "telecoms-operator": "a telecoms operator",
  hosting: "a hosting provider",
  "online-platform": "an online platform",
  processor: "a processor",
  controller: "a controller",
};

/** "14 days", "5 working days". */
export function periodWords({ n, unit }: { readonly n: number; readonly unit: Period["unit"] | "years" }): string {
  const words = { hours: "hour", days: "day", "business-days": "working day", months: "month", years: "year" }[unit];
  return `${n.toLocaleString("en")} ${words}${n === 1 ? "" : "s"}`;
}

/** The period with what its count starts from and how its last day is found: "10 days after the day of service; never rolls". */
export function countWords(period: Period, from: PaperClock["from"]): string {
  if (period.unit === "hours") return `${periodWords(period)} after ${startWords[from]}, in elapsed hours`;
  const counted = period.counts === "after" ? "after" : "beginning with";
  return `${periodWords(period)} ${counted} the day of ${startWords[from]}; ${rollWords(period)}`;
}

/** The period with its counting rule where no event is named: "14 days, the first day not counted; never rolls". */
export function fullPeriodWords(period: Period): string {
  if (period.unit === "hours") return periodWords(period);
  return `${periodWords(period)}, the first day ${period.counts === "after" ? "not counted" : "counted"}; ${rollWords(period)}`;
}

function rollWords({ rolls }: Period): string {
  return rolls ? "a last day on a weekend or holiday moves to the next working day" : "never rolls";
}

/** How grave an offence must be, and whether the law's own list is enough. */
export function offenceWords({ minYears, orListed }: NonNullable<Tier["offence"]>): string {
  return `an offence punishable with at least ${minYears.toLocaleString("en")} ${minYears === 1 ? "year" : "years"}${orListed ? ", or one on the law's list" : ""}`;
}

/** Everything that must hold, joined by "and"; `labelOf` names an instrument. No condition at all is "always". */
export function whenWords(when: When | undefined, labelOf: (instrument: string) => string = (id) => id): string {
  const conditions = when === undefined ? [] : conditionsOf(when, labelOf);
  return conditions.length === 0 ? "always" : `when ${conditions.join(", and ")}`;
}

function conditionsOf(when: When, labelOf: (instrument: string) => string): readonly string[] {
  const { instruments, families, dataClass, dataClasses, dataType, emergency, authorityNotified, authorityIn, authorityOutside } = when;
  const { providerIs, authorityAtDesignee, anyPlace, everyPlace } = when;
  const told = "the authority of the enforcing state";
  return [
    instruments && `the paper is ${listOr(instruments.map(labelOf))}`,
    families && `the paper is of the family ${listOr(families.map((family) => familyWords[family]))}`,
    dataClass && `the data is ${classWords[dataClass]}`,
    dataClasses && `the data is ${listOr(dataClasses.map((each) => classWords[each]))}`,
    dataType && `the kind of data is ${dataType.replaceAll("-", " ")}`,
    emergency !== undefined && (emergency ? "it is an emergency" : "it is no emergency"),
    authorityNotified !== undefined && (authorityNotified ? `${told} was notified` : `${told} was not notified`),
    authorityIn && `the asking authority sits in ${regionWords(authorityIn)}`,
    authorityOutside && `the asking authority sits outside ${regionWords(authorityOutside)}`,
    providerIs && `we are ${listOr(providerIs.map((kind) => providerWords[kind]))}`,
    authorityAtDesignee !== undefined && `the paper ${authorityAtDesignee ? "comes" : "does not come"} from the state of our designated establishment`,
    when.protected && `a person marked the data as ${listOr(when.protected.map((each) => protectionWords[each]))}`,
    anyPlace && placedWords(anyPlace, "or"),
    everyPlace && placedWords(everyPlace, "and"),
  ].filter((words): words is string => typeof words === "string");
}

function placedWords({ of, in: inside, outside }: NonNullable<When["anyPlace"]>, joint: "and" | "or"): string {
  const places = of.map((place) => placeWords[place]);
  const is = of.length > 1 && joint === "and" ? "are" : "is";
  const parts = [inside && `${is} in ${regionWords(inside)}`, outside && `${is} outside ${regionWords(outside)}`].filter((part) => part !== undefined);
  return `${joint === "or" ? listOr(places) : listAnd(places)} ${parts.join(" and ")}`;
}

function regionWords(regions: readonly string[]): string {
  return listOr(regions.map((region) => (region === "here" ? "this law's territory" : region.endsWith("-*") ? `a part of ${region.slice(0, -2)}` : region)));
}

/** What an override does to a line it applies to. */
export function effectWords(
  { requires, then, unless }: Override,
  labelOf: (id: string) => string = (id) => id,
  askOf: (content: string) => string = (id) => id,
): string {
  const narrows = requires === undefined ? [] : [requires.length === 0 ? "no paper reaches it" : `only ${listOr(requires.map(labelOf))} reaches it`];
  const stops = then === undefined ? [] : [{ deny: "the line is refused", ask: "the officer is asked", counsel: "counsel decides" }[then]];
  const lifts = unless === undefined ? [] : liftWords(unless, askOf);
  return `${[...narrows, ...stops].join("; ")}${lifts.length === 0 ? "" : `, unless ${lifts.join(", or ")}`}`;
}

function liftWords({ shows, agreements, transferGround }: NonNullable<Override["unless"]>, askOf: (content: string) => string): readonly string[] {
  return [
    ...(shows.length === 0 ? [] : [`the paper shows ${listAnd(shows.map(askOf))}`]),
    ...(agreements.length === 0 ? [] : [`it is made under the agreement ${listOr(agreements)}`]),
    ...(transferGround ? ["a ground for the transfer is on record"] : []),
  ];
}

/** Who tells whom, when, and under which condition: "we tell the customer before anything leaves". */
export function tellingWords({ who, by, when, applies }: Telling, labelOf?: (instrument: string) => string): string {
  const condition = applies === undefined ? "" : `, ${whenWords(applies, labelOf)}`;
  return `${by === "us" ? "we tell" : "the authority tells"} ${toldWords[who]} ${when}${condition}`;
}

/** Who may sign, who may validate another authority's paper, and who may issue it first in an emergency. */
export function issuerWords({ issuers, validators, emergencyIssuers }: Pick<Tier, "issuers" | "validators" | "emergencyIssuers">): string {
  return [
    `issued by ${rankWords({ issuers })}`,
    ...(validators.length === 0 ? [] : [`or issued by another authority and validated by ${rankWords({ issuers: validators })}`]),
    ...(emergencyIssuers.length === 0 ? [] : [`in an emergency first by ${rankWords({ issuers: emergencyIssuers })}`]),
  ].join("; ");
}

/** One row of a table of issuers: who, within what, and for which offences. */
export function tierWords(tier: Tier): string {
  const { validatedWithinHours, offence } = tier;
  return [
    issuerWords(tier),
    ...(validatedWithinHours === undefined ? [] : [`validated within ${periodWords({ n: validatedWithinHours, unit: "hours" })}`]),
    ...(offence === undefined ? [] : [`for ${offenceWords(offence)}`]),
  ].join("; ");
}

/** "a judge" for a word that is a rank; undefined for any other. */
export function findRankWords(word: string): string | undefined {
  const rank: Rank | undefined = ranks.find((each) => each === word);
  return rank === undefined ? undefined : rankWords({ issuers: [rank] });
}

export function listOr(words: readonly string[]): string {
  return joined(words, "or");
}

export function listAnd(words: readonly string[]): string {
  return joined(words, "and");
}

function joined(words: readonly string[], joint: string): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1)}`;
}
