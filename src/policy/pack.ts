// The shape of a policy and of a jurisdiction as data: dated, cited, and refused when something is missing.
import { z } from "zod";
import { isZone } from "../kernel/instant.ts";

/** Pack-neutral classes of data, from least to most intrusive. */
export const dataClasses = ["SUBSCRIBER", "IDENTIFY_ONLY", "TRAFFIC", "RECORDS", "LOCATION", "CONTENT", "REALTIME_META", "REALTIME_CONTENT"] as const;
export type DataClass = (typeof dataClasses)[number];

/** Where a statement comes from: the document itself, the law, memory that counsel must confirm, or our own default. */
export const basis = z.enum(["document", "law", "memory", "house"]);
export type Basis = z.infer<typeof basis>;

const dayText = z.iso.date();
const source = z.string().trim().min(3);
const code = z.string().regex(/^[A-Z][A-Z0-9_]+$/);
const clauseId = z.string().regex(/^[A-Z][A-Za-z0-9]*-[A-Za-z0-9.()]+$/);
const slug = z.string().regex(/^[a-z][a-z0-9-]*$/);

export const header = z.strictObject({
  id: slug,
  title: z.string().min(3),
  version: z.string().regex(/^\d{4}\.\d+$/),
  validFrom: dayText,
  validTo: dayText.optional(),
  sources: z.array(source).min(1),
  reviewedBy: z.string(),
  reviewedOn: dayText,
});

export const clause = z.strictObject({
  id: clauseId,
  /** Who owes whom: `V→C`. */
  parties: z.string(),
  /** The rule in our words. */
  rule: z.string().min(10),
  /** The document's own sentence. */
  quote: z.string(),
  basis,
  enforce: z.array(z.enum(["GATE", "CLOCK", "REC", "CALC", "DOC", "FLAG"])),
  /** What the desk does about it, in one sentence: which gate, clock, record or document keeps it. */
  kept: z.string().min(5),
  counsel: z.boolean().default(false),
  /** Ids of known defects of the documents that touch this clause (`X-24`). */
  defects: z.array(z.string().regex(/^X-\d\d$/)).default([]),
});
export type Clause = Readonly<z.infer<typeof clause>>;

/** The forms of process the policies speak of. `other` is every paper that is none of the three. */
const processForm = z.enum(["subpoena", "court-order", "search-warrant", "other"]);

const dataType = z.strictObject({
  id: slug,
  label: z.string(),
  /** What the policy calls it. Real-time data exists only to be sent to counsel. */
  kind: z.enum(["non-content", "content", "real-time"]),
  clause: clauseId,
  /** Which forms of process the policy itself demands; the law may ask for more, never for less. Empty: none is enough. */
  accepts: z.array(processForm),
  /** Its records have dates, so a request for it must give a range; a name has none. */
  dated: z.boolean(),
});
export type DataType = Readonly<z.infer<typeof dataType>>;

const requiredContent = z.strictObject({
  id: z.enum(["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact", "government-mailbox"]),
  clause: clauseId,
  code,
  /** What the letter asks for, as a line of a list. */
  ask: z.string().min(5),
});
export type RequiredContent = Readonly<z.infer<typeof requiredContent>>;

export const policyPack = z.strictObject({
  pack: header,
  kind: z.literal("policy"),
  settings: z.strictObject({
    /** Days between notice and the earliest production; day of notice is day 0, production from day n + 1. */
    noticeDays: z.int().min(0),
    /** Grounds on which notice may be withheld. Every ground but `gag` needs two approvers. */
    noticeExceptions: z.array(z.enum(["gag", "illegal-conduct", "risk-of-harm"])),
    lateNoticeBusinessDays: z.int().min(0),
    referralFirst: z.boolean(),
    allowVoluntaryEmergency: z.boolean(),
    /** Read only when the line above is true: the minimum that may leave in an emergency, and until when the compulsory paper must follow. */
    emergency: z.strictObject({ dataTypes: z.array(slug).min(1), paperWithinDays: z.int().min(1) }).optional(),
    callBackValidDays: z.int().min(1),
    gagLiftAttemptDays: z.array(z.int()),
    /** Counts from 1 to this number are published as a range. */
    smallNumber: z.int().min(5),
    reportDueDays: z.int().min(0),
    downloadDays: z.int().min(1),
    downloads: z.int().min(1),
  }),
  dataTypes: z.array(dataType).min(1),
  requiredContents: z.array(requiredContent),
  clauses: z.array(clause).min(1),
});
/** A policy pack as the program uses it: validated, every default filled in. */
export type PolicyPack = Readonly<z.infer<typeof policyPack>>;

/** Who signs a paper or validates it, as a rank that every country's words are mapped to. */
export const ranks = [
  "judge",
  "court",
  "investigating-judge",
  "prosecutor",
  "clerk",
  "agency",
  "official",
  "minister",
  "grand-jury",
  "litigant",
  "customer",
  "foreign-authority",
  "nobody",
] as const;
export type Rank = (typeof ranks)[number];
const rank = z.enum(ranks);

/** The ways a paper can reach the company. */
export const serviceRoutes = [
  "legal-process-mailbox",
  "portal",
  "registered-agent",
  "in-person",
  "post",
  "decentralised-it-system",
  "electronic-contact-point",
  "secretary-of-state",
  "lord-advocate",
  "designated-authority",
  "classified-channel",
  "police-direct",
] as const;
export type ServiceRoute = (typeof serviceRoutes)[number];

/** `US` is the country and its federal authorities and covers every part of it; `US-CA` is one part; `US-*` any part but not the whole; `here` the pack's own territory. */
const region = z.string().regex(/^(here|[A-Z]{2}|[A-Z]{2}-([A-Z0-9]{1,3}|\*))$/);

export const families = [
  "production",
  "preservation",
  "gag",
  "realtime",
  "emergency",
  "mla",
  "voluntary",
  "national-security",
  "civil",
  "content-order",
] as const;
export type Family = (typeof families)[number];

/** Places that may decide which law stands in the way. */
export const placesOf = ["customer", "person", "data", "incorporation", "headquarters", "designee"] as const;
export type PlaceOf = (typeof placesOf)[number];

/** What a company can be under a law; more than one can be true. */
export const providerKinds = ["telecoms-operator", "hosting", "online-platform", "processor", "controller"] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** What makes data or its owner specially protected; a person says so. */
export const protections = ["privilege", "journalism", "health", "minors", "education", "public-authority"] as const;
export type Protection = (typeof protections)[number];

/** When a rule applies: every member that is present must hold. What the case does not say is unknown, never assumed. */
const when = z.strictObject({
  instruments: z.array(z.string()).min(1).optional(),
  families: z.array(z.enum(families)).min(1).optional(),
  dataClass: z.enum(dataClasses).optional(),
  dataClasses: z.array(z.enum(dataClasses)).min(1).optional(),
  dataType: slug.optional(),
  emergency: z.boolean().optional(),
  /** The state whose authority must be told of the order has been told. */
  authorityNotified: z.boolean().optional(),
  authorityIn: z.array(region).min(1).optional(),
  authorityOutside: z.array(region).min(1).optional(),
  providerIs: z.array(z.enum(providerKinds)).min(1).optional(),
  /** The issuing state is the one in which the company has designated its establishment. */
  authorityAtDesignee: z.boolean().optional(),
  /** A person has marked the data or its owner so. */
  protected: z.array(z.enum(protections)).min(1).optional(),
  /** One of these places lies inside, or outside, one of these regions. */
  anyPlace: z
    .strictObject({ of: z.array(z.enum(placesOf)).min(1), in: z.array(region).min(1).optional(), outside: z.array(region).min(1).optional() })
    .optional(),
  /** Every one of these places lies there. */
  everyPlace: z
    .strictObject({ of: z.array(z.enum(placesOf)).min(1), in: z.array(region).min(1).optional(), outside: z.array(region).min(1).optional() })
    .optional(),
});
export type When = Readonly<z.infer<typeof when>>;

const period = z.strictObject({
  n: z.int().min(0).max(36_600),
  unit: z.enum(["hours", "days", "business-days", "months"]),
  /** `beginning-with`: the day of the event is day 1. `after`: it is day 0. */
  counts: z.enum(["after", "beginning-with"]).default("after"),
  /** A last day on a weekend or holiday moves to the next working day. */
  rolls: z.boolean().default(false),
});
export type Period = Readonly<z.infer<typeof period>>;

/** What a clock of a paper starts from. */
export const clockStarts = [
  "served",
  "issued",
  "hold-ended",
  "clarification-asked",
  "gag-objected",
  "conflict-raised",
  "emergency-answered",
  "effect-given",
] as const;

const paperClock = z.strictObject({
  id: slug,
  label: z.string().min(5),
  /** `duty`: we act by then; `hold`: nothing leaves before; `keep`: data is kept until then; `option`: a right of ours ends; `theirs`: the other side acts by then. */
  kind: z.enum(["duty", "hold", "keep", "option", "theirs"]),
  /** Absent: the paper itself names the day. */
  lasts: period.optional(),
  from: z.enum(clockStarts).default("served"),
  when: when.optional(),
  /** It stands still while this is open. */
  suspendedBy: z.array(z.enum(["challenge", "clarification"])).default([]),
  /** It ends early by this. */
  endedBy: z.array(z.enum(["authority-cleared", "lapse", "acknowledged", "answer-sent", "validated"])).default([]),
  /** It can be lengthened this many times, each time by this much. */
  renewal: z.strictObject({ lasts: period, times: z.int().min(1).max(20), citation: source }).optional(),
  /** What its end means: "the duty lapses". */
  onEnd: z.string().min(5).optional(),
  citation: source,
  basis,
});
export type PaperClock = Readonly<z.infer<typeof paperClock>>;

const challenge = z.strictObject({
  /** How a lawyer would name it: "motion to quash or modify". */
  route: z.string().min(5),
  within: period.extend({ from: z.enum(clockStarts).default("served"), basis }).optional(),
  when: when.optional(),
  /** Production waits while it is pending, without asking a court to order the wait. */
  suspends: z.boolean(),
  citation: source,
  basis,
});

/** One row of a table of who may ask for what: of the classes the paper compels, these need this rank. */
const tier = z.strictObject({
  classes: z.array(z.enum(dataClasses)).min(1),
  issuers: z.array(rank).min(1),
  /** A paper of another authority counts when one of these has validated it. */
  validators: z.array(rank).default([]),
  /** The offence must be this grave, or stand in the law's list. */
  offence: z.strictObject({ minYears: z.int().min(0), orListed: z.boolean() }).optional(),
  /** In an emergency a rank below may issue it first; it must be validated within these hours. */
  emergencyIssuers: z.array(rank).default([]),
  validatedWithinHours: z.int().min(1).optional(),
  /** What the policies would call the paper for these classes; absent: the instrument's own form. */
  form: processForm.optional(),
  citation: source,
  basis,
});
export type Tier = Readonly<z.infer<typeof tier>>;

const telling = z.strictObject({
  who: z.enum([
    "customer",
    "user",
    "recipient",
    "exporter",
    "controller",
    "issuing-authority",
    "enforcing-authority",
    "designated-authority",
    "supervisory-authority",
  ]),
  by: z.enum(["us", "authority"]),
  /** In words: "before anything is disclosed". */
  when: z.string().min(5),
  applies: when.optional(),
  /** The paper may lawfully say that this one is not told. */
  paperMayForbid: z.boolean().default(false),
  citation: source,
  basis,
});
export type Telling = Readonly<z.infer<typeof telling>>;

const instrument = z.strictObject({
  id: z.string().regex(/^[A-Z]{2}-[A-Z0-9-]+$/),
  label: z.string(),
  /** The word for it in a sentence: "a search warrant". */
  phrase: z.string(),
  /** How papers call it, in the country's languages, most specific first: what intake looks for. */
  names: z.array(z.string()),
  form: processForm.default("other"),
  family: z.enum(families),
  compulsory: z.boolean(),
  /** Who may sign it; with `tiers`, who may sign it for anything at all. */
  issuers: z.array(rank).min(1),
  /** A paper of another authority counts when one of these has validated it. */
  validators: z.array(rank).default([]),
  /** Ranks that may issue it in an emergency, before it is validated. */
  emergencyIssuers: z.array(rank).default([]),
  compels: z.array(z.enum(dataClasses)),
  /** When present: of those classes, nothing but these data types of the policy. */
  only: z.array(slug).optional(),
  /** Rows that ask for more, class by class: together they cover `compels` exactly once. */
  tiers: z.array(tier).default([]),
  /** What the paper must show on its face: ids of `contents`. */
  facial: z.array(slug),
  clocks: z.array(paperClock).default([]),
  /** Data is kept from the day of service until the paper is answered, also where it asks for production. */
  keepsUntilAnswered: z.boolean().default(false),
  /** How it is told that a paper is not carried out. */
  refusedBy: z.enum(["letter", "form-3"]).default("letter"),
  /** Duties without a day: "keep it confidential". */
  duties: z.array(z.strictObject({ says: z.string().min(10), citation: source, basis })).default([]),
  /** The first day on which such a paper could be served; absent: since before the pack begins. */
  appliesFrom: dayText.optional(),
  /** After this it can no longer be served or executed. */
  expires: period.extend({ citation: source, basis }).optional(),
  /** Only these ways of service count; absent: every lawful way. */
  servedBy: z.array(z.enum(serviceRoutes)).min(1).optional(),
  tells: z.array(telling).default([]),
  /** Instruments that can forbid telling the customer about this one; its own id when it forbids that itself. */
  gagBy: z.array(z.string()).default([]),
  /** `always`: its own law forbids to speak of it; `may-carry`: it can, and a person must say whether it does. */
  secrecy: z.enum(["none", "may-carry", "always"]).default("none"),
  /** A secrecy order that lasts longer than this many days is flagged and chased. */
  maxGagDays: z.int().min(1).optional(),
  /** Who may be told although it binds: "a lawyer". */
  mayTell: z.array(z.string().min(3)).default([]),
  /** The grounds on which it may be given. */
  grounds: z.array(z.string().min(3)).default([]),
  challenge: z.array(challenge).default([]),
  costs: z.strictObject({ rule: z.string().min(10), citation: source, basis }).optional(),
  /** Who looks at it: the ordinary queue, or counsel only (never production). */
  route: z.enum(["desk", "counsel"]),
  report: slug,
  citation: source,
  basis,
  /** What this row says from memory or with doubt: counsel confirms it before anybody relies on it. */
  confirm: z.array(z.string().min(10)).default([]),
});
export type Instrument = Readonly<z.infer<typeof instrument>>;

const override = z.strictObject({
  id: slug,
  when,
  /** `every-paper`: it also stands in the way of papers of other countries. */
  binds: z.enum(["own-papers", "every-paper"]).default("own-papers"),
  /** Only these instruments reach it. An override narrows what `compels` says and never widens it. */
  requires: z.array(z.string()).optional(),
  /** Or: it stops the line, unless the paper shows this, an agreement is named, or a transfer ground is on record. */
  then: z.enum(["deny", "ask", "counsel"]).optional(),
  unless: z
    .strictObject({
      shows: z.array(slug).default([]),
      agreements: z.array(z.string().regex(/^[A-Z]{2}-[A-Z]{2}$/)).default([]),
      transferGround: z.boolean().default(false),
    })
    .optional(),
  /** Whom it makes us tell, whatever else is decided. */
  tells: z.array(telling).default([]),
  confirm: z.array(z.string().min(10)).default([]),
  /** The reason's code and the check it answers; needed with `then`. */
  code: code.optional(),
  check: z
    .string()
    .regex(/^V\d\d$/)
    .optional(),
  /** The override whose place it takes where both apply. */
  replaces: slug.optional(),
  because: z.string().min(10),
  citation: source,
  basis,
});
export type Override = Readonly<z.infer<typeof override>>;

const content = z.strictObject({
  /** What a letter asks for, as a line of a list: "the signature of a judge". */
  ask: z.string().min(5),
  /** The check that a missing one fails. */
  check: z.string().regex(/^V\d\d$/),
  code,
});

const check = z.strictObject({
  id: z.string().regex(/^V\d\d$/),
  question: z.string(),
  /** `machine`: answered from facts; `person`: waits for one; `both`: a machine proposes, a person confirms. */
  answeredBy: z.enum(["machine", "person", "both"]),
  /** Any one of these is enough for the question to be asked. */
  applies: z
    .array(z.enum(["always", "first-contact", "content", "gag", "cross-border", "emergency", "state-attestation", "european-order", "language", "referral"]))
    .min(1),
  /** The code of a plain no. */
  ifNo: code,
  /** Closer codes that the answer may use instead: `WITHDRAWN` beside `DUPLICATE`. */
  orCodes: z.array(code).default([]),
  then: z.enum(["hold", "reject", "deny-line", "narrow", "counsel", "ask", "refer", "note"]),
  /** Clauses of the policies this check keeps. */
  clauses: z.array(clauseId),
  /** What the desk does about it, in one sentence. */
  kept: z.string().min(5),
  citation: source,
  basis,
});
export type ValidityCheck = Readonly<z.infer<typeof check>>;

const span = z.strictObject({ n: z.int().min(0), unit: z.enum(["days", "years"]) });

/** Structures among which a report chooses exactly one; see `src/reporting/national-security.ts`. */
const reportBands = z.strictObject({
  structures: z
    .array(
      z.strictObject({
        option: z.literal([1, 2, 3, 4]),
        title: z.string().min(5),
        every: z.enum(["half-year", "year"]),
        /** Numbers in a band: 250 for 0–249. */
        width: z.int().min(2),
        start: z.int().min(0),
        window: z.record(slug, z.strictObject({ length: span, endsBefore: span, newPlatformDays: z.int().min(1).optional() })),
        categories: z
          .array(
            z.strictObject({
              id: slug,
              label: z.string().min(5),
              window: slug,
              counts: z.strictObject({ what: z.enum(["orders", "selectors"]), papers: z.array(z.string()).min(1) }),
            }),
          )
          .min(1),
        citation: source,
      }),
    )
    .min(1),
});

export const jurisdictionPack = z.strictObject({
  pack: header,
  kind: z.literal("jurisdiction"),
  country: z.string().regex(/^[A-Z]{2}$/),
  /** Offences the law names one by one, whatever their gravity. */
  listedOffences: z.array(z.string().min(3)).default([]),
  languages: z.array(z.string()).min(1),
  /** Country code of its telephone numbers, without the plus; absent: numbers say nothing about its papers. */
  callingCode: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional(),
  /** Ending of its mail domains where that is not the country's code. */
  domainEnding: z
    .string()
    .regex(/^[a-z]{2,}$/)
    .optional(),
  /** Regions the law covers: the country itself, or a union's members. */
  territory: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
  /** Data type of the policy → class under this law. A type that is missing here reaches nobody. */
  classOf: z.record(slug, z.enum(dataClasses)),
  /** Data types that sink to the lowest class when they are asked for only to identify the user. */
  identifyOnly: z.array(slug).default([]),
  /** What papers of this country must show: id → words and check. */
  contents: z.record(slug, content).default({}),
  instruments: z.array(instrument).min(1),
  overrides: z.array(override).max(200),
  checks: z.array(check),
  /** How numbers of secret orders may be published; absent where the law has no bands. */
  reportBands: reportBands.optional(),
  holidays: z.array(dayText),
  /** Where this law's days begin and end: country → IANA zone. Empty: they are counted at the desk. */
  zones: z
    .record(
      z.string().regex(/^[A-Z]{2}$/),
      z.string().refine((name) => name.includes("/") && isZone(name), { error: "No such time zone. Use an IANA name such as Europe/Dublin.", abort: true }),
    )
    .default({}),
  /** A domain is a government's when it is one of these zones or lies under one: `gov`, `state.ca.us`. */
  governmentZones: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)),
});
/** A jurisdiction pack as the program uses it: validated, every default filled in. */
export type JurisdictionPack = Readonly<z.infer<typeof jurisdictionPack>>;
