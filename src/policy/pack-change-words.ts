// One plain line for each change to a pack: what it is about, what it says now, and what it said before.
import type {
  Basis,
  Clause,
  DataClass,
  DataType,
  Family,
  Instrument,
  JurisdictionPack,
  Override,
  PaperClock,
  PolicyPack,
  RequiredContent,
  ServiceRoute,
  Telling,
  Tier,
  ValidityCheck,
  When,
} from "./pack.ts";
import type { PlacedChange } from "./pack-diff.ts";
import {
  answererWords,
  basisMarks,
  checkCaseWords,
  classWords,
  clockKindWords,
  consequenceWords,
  countWords,
  effectWords,
  endingWords,
  familyWords,
  findRankWords,
  formWords,
  fullPeriodWords,
  listAnd,
  listOr,
  offenceWords,
  periodWords,
  routeWords,
  suspendingWords,
  tellingWords,
  tierWords,
  toldWords,
  whenWords,
} from "./pack-words.ts";

/** "US-SW: must be executed within 14 days → 10 days"; "US-SW: reaches content (new)". */
export function changeLine(change: PlacedChange): string {
  const { kind, before, after, place } = change;
  const statement = statements[place] ?? { says: place.slice(place.lastIndexOf(".") + 1), value: plain };
  const value = (given: unknown, pack: Pack) => valueWords(given, statement, pack);
  const subject = subjectOf(change, statement);
  const lead = `${subject}${subject === "" ? "" : ": "}${statement.says}${statement.says === "" ? "" : " "}`;
  if (kind === "added") return `${lead}${value(after, change.packs.after)} (new)`;
  if (kind === "removed") return `${lead}${value(before, change.packs.before)} (dropped)`;
  if (Array.isArray(before) && Array.isArray(after)) return `${lead}the same entries in another order`;
  return `${lead}${changedWords(value(before, change.packs.before), value(after, change.packs.after), statement, change)}`;
}

type Pack = JurisdictionPack | PolicyPack;
type Bands = NonNullable<JurisdictionPack["reportBands"]>;
type BandWindow = Bands["structures"][number]["window"][string];

interface Statement {
  /** Reads on with a value: "must be executed within" 14 days. */
  readonly says: string;
  readonly value: (value: never, pack: Pack) => string;
  /** The longer words, where the short ones of both sides are alike. */
  readonly exact?: (value: never) => string;
  /** The value is a whole entry that names itself. */
  readonly entry?: true;
}

function valueWords(value: unknown, statement: Statement, pack: Pack): string {
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : listAnd(value.map((each) => statement.value(each as never, pack)));
  return statement.value(value as never, pack);
}

function changedWords(before: string, after: string, { exact }: Statement, change: PlacedChange): string {
  if (before !== after || exact === undefined) return `${before} → ${after}`;
  return `${exact(change.before as never)} → ${exact(change.after as never)}`;
}

/** The entry it lies in: "US-SW", "EU-EPOC, clock hold". A whole entry is named by itself, within what it lies in. */
function subjectOf({ holders, place, steps }: PlacedChange, { entry }: Statement): string {
  const around = holders.map((holder) => entryWords(holder.place, holder.step, holder.before));
  const named = place.startsWith("classOf.")
    ? `data type ${steps[1]}`
    : place.startsWith("contents.")
      ? `content ${steps[1]}`
      : place.includes(".window.")
        ? `window ${steps[4]}`
        : "";
  const top = named === "" && around.length === 0 && entry !== true && place.startsWith("pack.") ? "the pack" : named;
  return [...around, top].filter((part) => part !== "").join(", ");
}

function entryWords(place: string, step: string, entry: Readonly<Record<string, unknown>>): string {
  switch (place) {
    case "instruments.clocks":
      return `clock ${step}`;
    case "instruments.tiers":
      return `table of issuers, ${listAnd((entry as unknown as Tier).classes.map((each) => classWords[each]))}`;
    case "instruments.challenge":
      return `challenge “${String(entry["route"])}”`;
    case "instruments.tells":
    case "overrides.tells":
      return `telling ${toldWords[(entry as unknown as Telling).who]}`;
    case "instruments.duties":
      return `duty ${step}`;
    case "reportBands.structures":
      return `structure ${step} of the bands`;
    case "reportBands.structures.categories":
      return `category ${step}`;
    case "overrides":
      return `override ${step}`;
    case "dataTypes":
      return `data type ${step}`;
    case "requiredContents":
      return `required content ${step}`;
    default:
      return step;
  }
}

const plain = (value: unknown): string => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value));
const quoted = (value: string): string => `“${value}”`;
const data = (value: DataClass): string => classWords[value];
const rank = (value: string): string => findRankWords(value) ?? value;
const years = (value: number): string => `${value} ${value === 1 ? "year" : "years"}`;
const days = (n: number): string => periodWords({ n, unit: "days" });
const workingDays = (n: number): string => periodWords({ n, unit: "business-days" });
const hours = (n: number): string => periodWords({ n, unit: "hours" });
const condition = (value: When): string => whenWords(value);
const isOn =
  (on: string, off: string) =>
  (value: boolean): string =>
    value ? on : off;

/** What the letter asks for when it is missing: the pack's own words for the id. */
function shown(id: string, pack: Pack): string {
  return pack.kind === "jurisdiction" ? (pack.contents[id]?.ask ?? id) : id;
}

const citation: Statement = { says: "rests on", value: quoted };
const basis: Statement = { says: "basis", value: (value: Basis) => basisMarks[value].toLowerCase() };
const period: Pick<Statement, "value" | "exact"> = { value: periodWords, exact: fullPeriodWords };

function clockWords({ id, label, kind, lasts, from }: PaperClock): string {
  return `clock ${id} “${label}”: ${clockKindWords[kind]}, ${lasts === undefined ? "on the day the paper names" : countWords(lasts, from)}`;
}

function instrumentWords({ label, compels, compulsory }: Instrument): string {
  return `the paper “${label}”, ${compulsory && compels.length > 0 ? `which reaches ${listAnd(compels.map(data))}` : "which reaches no data by itself"}`;
}

function settingEmergency({ dataTypes, paperWithinDays }: NonNullable<PolicyPack["settings"]["emergency"]>): string {
  return `${listAnd(dataTypes)}, with the compulsory paper within ${days(paperWithinDays)}`;
}

/** Papers and overrides name in the same way whom they make us tell. */
function tellingsAt(place: string): Readonly<Record<string, Statement>> {
  return {
    [place]: { says: "", value: (telling: Telling) => tellingWords(telling), entry: true },
    [`${place}.who`]: { says: "told is", value: (who: Telling["who"]) => toldWords[who] },
    [`${place}.by`]: { says: "told by", value: (by: Telling["by"]) => (by === "us" ? "us" : "the authority") },
    [`${place}.when`]: { says: "told", value: quoted },
    [`${place}.applies`]: { says: "told", value: condition },
    [`${place}.paperMayForbid`]: { says: "the paper may forbid it:", value: plain },
    [`${place}.citation`]: citation,
    [`${place}.basis`]: basis,
  };
}

/** Every place where packs can differ, and how its value reads on. A test walks the real packs and fails when one is missing. */
export const statements: Readonly<Record<string, Statement>> = {
  kind: { says: "what the pack is:", value: plain },
  "pack.id": { says: "id", value: plain },
  "pack.title": { says: "title", value: quoted },
  "pack.version": { says: "version", value: plain },
  "pack.validFrom": { says: "valid from", value: plain },
  "pack.validTo": { says: "valid to", value: plain },
  "pack.sources": { says: "source", value: quoted },
  "pack.reviewedBy": { says: "reviewed by", value: quoted },
  "pack.reviewedOn": { says: "reviewed on", value: plain },

  "settings.noticeDays": { says: "days between notice and production:", value: days },
  "settings.noticeExceptions": { says: "notice may be withheld on the ground", value: plain },
  "settings.lateNoticeBusinessDays": { says: "late notice follows within", value: workingDays },
  "settings.referralFirst": { says: "the agency is referred to the customer first:", value: plain },
  "settings.allowVoluntaryEmergency": { says: "voluntary disclosure in an emergency:", value: isOn("allowed", "not allowed") },
  "settings.emergency": { says: "in an emergency may leave", value: settingEmergency },
  "settings.emergency.dataTypes": { says: "in an emergency may leave", value: plain },
  "settings.emergency.paperWithinDays": { says: "after an emergency the compulsory paper follows within", value: days },
  "settings.callBackValidDays": { says: "a call-back stays good for", value: days },
  "settings.gagLiftAttemptDays": { says: "a secrecy order is contested on day", value: plain },
  "settings.smallNumber": { says: "published as a range: counts up to", value: plain },
  "settings.reportDueDays": { says: "the yearly report follows within", value: days },
  "settings.downloadDays": { says: "a package can be downloaded for", value: days },
  "settings.downloads": { says: "times a package can be downloaded:", value: plain },
  dataTypes: { says: "the data type", value: ({ id, label, accepts }: DataType) => `${id} “${label}”, let through on ${formsWords(accepts)}`, entry: true },
  "dataTypes.label": { says: "called", value: quoted },
  "dataTypes.kind": { says: "counts as", value: plain },
  "dataTypes.clause": { says: "clause", value: plain },
  "dataTypes.accepts": { says: "let through on a paper of the form", value: (form: Instrument["form"]) => formWords[form] },
  "dataTypes.dated": { says: "needs a date range:", value: plain },
  requiredContents: { says: "every request must name", value: ({ ask, clause }: RequiredContent) => `${ask} (${clause})`, entry: true },
  "requiredContents.clause": { says: "clause", value: plain },
  "requiredContents.code": { says: "code", value: plain },
  "requiredContents.ask": { says: "asks for", value: quoted },
  clauses: { says: "the clause", value: ({ id, rule }: Clause) => `${id} “${rule}”`, entry: true },
  "clauses.parties": { says: "who owes whom:", value: plain },
  "clauses.rule": { says: "rule", value: quoted },
  "clauses.quote": { says: "the document's sentence", value: quoted },
  "clauses.basis": basis,
  "clauses.enforce": { says: "kept as", value: plain },
  "clauses.kept": { says: "kept by", value: quoted },
  "clauses.counsel": { says: "counsel must confirm the reading:", value: plain },
  "clauses.defects": { says: "touched by the defect", value: plain },

  country: { says: "country", value: plain },
  languages: { says: "accepts the language", value: plain },
  territory: { says: "covers", value: plain },
  callingCode: { says: "telephone numbers begin with", value: plain },
  domainEnding: { says: "mail domains end with", value: plain },
  listedOffences: { says: "listed offence", value: quoted },
  identifyOnly: { says: "sinks to the lowest class when asked for only to identify:", value: plain },
  "classOf.*": { says: "counts as", value: data },
  "contents.*": { says: "asks for", value: ({ ask }: JurisdictionPack["contents"][string]) => quoted(ask) },
  "contents.*.ask": { says: "asks for", value: quoted },
  "contents.*.check": { says: "when it is missing it fails the check", value: plain },
  "contents.*.code": { says: "when it is missing it has the code", value: plain },
  instruments: { says: "", value: (value: Instrument) => `${value.id}: ${instrumentWords(value)}`, entry: true },
  "instruments.label": { says: "called", value: quoted },
  "instruments.phrase": { says: "called in a sentence", value: quoted },
  "instruments.names": { says: "recognised by the name", value: quoted },
  "instruments.form": { says: "counts for the policies as", value: (form: Instrument["form"]) => formWords[form] },
  "instruments.family": { says: "family", value: (family: Family) => familyWords[family] },
  "instruments.compulsory": { says: "is", value: isOn("compulsory", "not compulsory") },
  "instruments.issuers": { says: "may be issued by", value: rank },
  "instruments.validators": { says: "may be validated by", value: rank },
  "instruments.emergencyIssuers": { says: "in an emergency may first be issued by", value: rank },
  "instruments.compels": { says: "reaches", value: data },
  "instruments.only": { says: "reaches of those classes only", value: plain },
  "instruments.tiers": {
    says: "table of issuers,",
    value: (value: Tier) => `${listAnd(value.classes.map(data))}: ${tierWords(value)}`,
    entry: true,
  },
  "instruments.tiers.classes": { says: "speaks of", value: data },
  "instruments.tiers.issuers": { says: "issued by", value: rank },
  "instruments.tiers.validators": { says: "validated by", value: rank },
  "instruments.tiers.offence": { says: "for", value: offenceWords },
  "instruments.tiers.offence.minYears": { says: "for an offence punishable with at least", value: years },
  "instruments.tiers.offence.orListed": { says: "an offence on the law's list is enough:", value: plain },
  "instruments.tiers.emergencyIssuers": { says: "in an emergency first issued by", value: rank },
  "instruments.tiers.validatedWithinHours": { says: "validated after an emergency within", value: hours },
  "instruments.tiers.form": { says: "counts for the policies as", value: (form: Instrument["form"]) => formWords[form] },
  "instruments.tiers.citation": citation,
  "instruments.tiers.basis": basis,
  "instruments.facial": { says: "must show", value: shown },
  "instruments.clocks": { says: "", value: clockWords, entry: true },
  "instruments.clocks.label": { says: "called", value: quoted },
  "instruments.clocks.kind": { says: "meaning:", value: (kind: PaperClock["kind"]) => clockKindWords[kind] },
  "instruments.clocks.lasts": { says: "lasts", ...period },
  "instruments.clocks.from": { says: "counts from", value: plain },
  "instruments.clocks.when": { says: "runs", value: condition },
  "instruments.clocks.suspendedBy": { says: "stands still while", value: (by: PaperClock["suspendedBy"][number]) => suspendingWords[by] },
  "instruments.clocks.endedBy": { says: "ends early when", value: (by: PaperClock["endedBy"][number]) => endingWords[by] },
  "instruments.clocks.renewal": {
    says: "can be lengthened by",
    value: ({ lasts, times }: NonNullable<PaperClock["renewal"]>) => `${periodWords(lasts)}, ${timesWords(times)}`,
  },
  "instruments.clocks.renewal.lasts": { says: "can be lengthened by", ...period },
  "instruments.clocks.renewal.times": { says: "can be lengthened", value: timesWords },
  "instruments.clocks.renewal.citation": { says: "its lengthening rests on", value: quoted },
  "instruments.clocks.onEnd": { says: "its end means", value: quoted },
  "instruments.clocks.citation": citation,
  "instruments.clocks.basis": basis,
  "instruments.duties": { says: "duty", value: ({ says }: Instrument["duties"][number]) => quoted(says), entry: true },
  "instruments.duties.says": { says: "says", value: quoted },
  "instruments.duties.citation": citation,
  "instruments.duties.basis": basis,
  "instruments.expires": { says: "must be executed within", ...period },
  "instruments.expires.citation": { says: "its expiry rests on", value: quoted },
  "instruments.expires.basis": { says: "its expiry, basis", value: basis.value },
  "instruments.servedBy": { says: "may be served", value: (route: ServiceRoute) => routeWords[route] },
  ...tellingsAt("instruments.tells"),
  "instruments.gagBy": { says: "can be kept secret by", value: plain },
  "instruments.maxGagDays": { says: "secrecy is chased when it is longer than", value: days },
  "instruments.mayTell": { says: "although it is secret, may be told:", value: plain },
  "instruments.grounds": { says: "may be given on the ground", value: quoted },
  "instruments.challenge": {
    says: "can be challenged by",
    value: ({ route, suspends }: Instrument["challenge"][number]) => `${quoted(route)}; while it is pending production ${suspends ? "waits" : "goes on"}`,
    entry: true,
  },
  "instruments.challenge.route": { says: "called", value: quoted },
  "instruments.challenge.within": { says: "must be made within", ...period },
  "instruments.challenge.within.from": { says: "its time counts from", value: plain },
  "instruments.challenge.within.basis": { says: "its time, basis", value: basis.value },
  "instruments.challenge.when": { says: "open", value: condition },
  "instruments.challenge.suspends": { says: "while it is pending production", value: isOn("waits", "goes on") },
  "instruments.challenge.citation": citation,
  "instruments.challenge.basis": basis,
  "instruments.costs": { says: "costs:", value: ({ rule }: NonNullable<Instrument["costs"]>) => quoted(rule) },
  "instruments.costs.rule": { says: "costs:", value: quoted },
  "instruments.costs.citation": { says: "its costs rest on", value: quoted },
  "instruments.costs.basis": { says: "its costs, basis", value: basis.value },
  "instruments.route": { says: "read by", value: (route: Instrument["route"]) => (route === "desk" ? "the ordinary queue" : "counsel only") },
  "instruments.keepsUntilAnswered": { says: "while it is unanswered the data", value: isOn("is kept", "may go") },
  "instruments.refusedBy": { says: "not carried out, it is answered by", value: (how: Instrument["refusedBy"]) => (how === "form-3" ? "Form 3" : "a letter") },
  "instruments.secrecy": {
    says: "its own secrecy:",
    value: (secrecy: Instrument["secrecy"]) => ({ none: "none", "may-carry": "it can carry one", always: "its law forbids to speak of it" })[secrecy],
  },
  "instruments.appliesFrom": { says: "applies from", value: plain },
  "instruments.report": { says: "counted in the report as", value: plain },
  "instruments.citation": citation,
  "instruments.basis": basis,
  "instruments.confirm": { says: "open point for counsel", value: quoted },
  overrides: { says: "the override", value: (value: Override) => `${value.id}: ${whenWords(value.when)}, ${effectWords(value)}`, entry: true },
  "overrides.when": { says: "applies", value: condition },
  "overrides.binds": {
    says: "binds",
    value: (binds: Override["binds"]) => (binds === "every-paper" ? "papers of every country" : "papers of its own country"),
  },
  "overrides.requires": { says: "reached by", value: plain },
  "overrides.then": { says: "effect:", value: plain },
  "overrides.unless": { says: "lifted", value: liftedWords },
  "overrides.unless.shows": { says: "lifted when the paper shows", value: shown },
  "overrides.unless.agreements": { says: "lifted by the agreement", value: plain },
  "overrides.unless.transferGround": { says: "lifted by a ground for the transfer:", value: plain },
  ...tellingsAt("overrides.tells"),
  "overrides.confirm": { says: "open point for counsel", value: quoted },
  "overrides.code": { says: "code", value: plain },
  "overrides.check": { says: "answers the check", value: plain },
  "overrides.replaces": { says: "takes the place of", value: plain },
  "overrides.because": { says: "because", value: quoted },
  "overrides.citation": citation,
  "overrides.basis": basis,
  checks: { says: "the check", value: ({ id, question, then }: ValidityCheck) => `${id} “${question}”; if not, ${consequenceWords[then]}`, entry: true },
  "checks.question": { says: "asks", value: quoted },
  "checks.answeredBy": { says: "answered by", value: (by: ValidityCheck["answeredBy"]) => answererWords[by] },
  "checks.applies": { says: "asked", value: (on: ValidityCheck["applies"][number]) => checkCaseWords[on] },
  "checks.ifNo": { says: "code of a no", value: plain },
  "checks.orCodes": { says: "or the code", value: plain },
  "checks.then": { says: "if not,", value: (then: ValidityCheck["then"]) => consequenceWords[then] },
  "checks.clauses": { says: "keeps the clause", value: plain },
  "checks.kept": { says: "kept by", value: quoted },
  "checks.citation": citation,
  "checks.basis": basis,
  reportBands: { says: "secret orders may be published in bands:", value: ({ structures }: Bands) => listAnd(structures.map(({ title }) => quoted(title))) },
  "reportBands.structures": { says: "structure", value: ({ option, title }: Bands["structures"][number]) => `${option} ${quoted(title)}`, entry: true },
  "reportBands.structures.title": { says: "called", value: quoted },
  "reportBands.structures.every": { says: "published every", value: (every: string) => every.replace("-", " ") },
  "reportBands.structures.width": { says: "numbers in a band:", value: plain },
  "reportBands.structures.start": { says: "the first band begins with", value: plain },
  "reportBands.structures.window.*": {
    says: "days that are counted:",
    value: ({ length, endsBefore }: BandWindow) => `${periodWords(length)}, ending ${periodWords(endsBefore)} before the report`,
  },
  "reportBands.structures.window.*.length": { says: "counts over", ...period },
  "reportBands.structures.window.*.endsBefore": { says: "ends before the report by", ...period },
  "reportBands.structures.window.*.newPlatformDays": { says: "a new platform waits", value: days },
  "reportBands.structures.categories": {
    says: "the category",
    value: ({ id, label }: Bands["structures"][number]["categories"][number]) => `${id} ${quoted(label)}`,
    entry: true,
  },
  "reportBands.structures.categories.label": { says: "called", value: quoted },
  "reportBands.structures.categories.window": { says: "counted over", value: plain },
  "reportBands.structures.categories.counts.what": { says: "counts", value: plain },
  "reportBands.structures.categories.counts.papers": { says: "counts papers of the kind", value: plain },
  "reportBands.structures.citation": citation,
  holidays: { says: "holiday", value: plain },
  "zones.*": { says: "counts days in", value: plain },
  governmentZones: { says: "an authority's mailbox may lie under", value: plain },
};

function liftedWords({ shows, agreements, transferGround }: NonNullable<Override["unless"]>, pack: Pack): string {
  const ways = [
    ...(shows.length === 0 ? [] : [`when the paper shows ${listAnd(shows.map((id) => shown(id, pack)))}`]),
    ...(agreements.length === 0 ? [] : [`by the agreement ${listOr(agreements)}`]),
    ...(transferGround ? ["by a ground for the transfer"] : []),
  ];
  return ways.length === 0 ? "by nothing" : listOr(ways);
}

function formsWords(forms: DataType["accepts"]): string {
  return forms.length === 0 ? "no paper" : listOr(forms.map((form) => formWords[form]));
}

function timesWords(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}
