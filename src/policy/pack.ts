// The shape of a policy and of a jurisdiction as data: dated, cited, and refused when something is missing.
import { z } from "zod";

/** Pack-neutral classes of data, from least to most intrusive. */
export const dataClasses = ["SUBSCRIBER", "IDENTIFY_ONLY", "TRAFFIC", "RECORDS", "LOCATION", "CONTENT", "REALTIME_META", "REALTIME_CONTENT"] as const;
export type DataClass = (typeof dataClasses)[number];

/** Where a statement comes from: the document itself, the law, memory that counsel must confirm, or our own default. */
const basis = z.enum(["document", "law", "memory", "house"]);
export type Basis = z.infer<typeof basis>;

const dayText = z.iso.date();
const source = z.string().trim().min(3);
const code = z.string().regex(/^[A-Z][A-Z0-9_]+$/);
const clauseId = z.string().regex(/^[A-Z][A-Za-z0-9]*-[A-Za-z0-9.()]+$/);
const slug = z.string().regex(/^[a-z][a-z0-9-]*$/);

const header = z.strictObject({
  id: slug,
  title: z.string().min(3),
  version: z.string().regex(/^\d{4}\.\d+$/),
  validFrom: dayText,
  validTo: dayText.optional(),
  sources: z.array(source).min(1),
  reviewedBy: z.string(),
  reviewedOn: dayText,
});

const clause = z.strictObject({
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

const deadline = z.strictObject({
  n: z.int().min(0).optional(),
  unit: z.enum(["hours", "days", "business-days", "months"]).optional(),
  from: z.enum(["received", "served", "issued"]).optional(),
  kind: z.enum(["statutory", "on-document", "none"]),
  /** A last day on a weekend or holiday moves to the next working day. */
  rolls: z.boolean().default(false),
  basis,
});

const challenge = z.strictObject({
  /** How a lawyer would name it: "motion to quash or modify". */
  route: z.string().min(5),
  within: deadline.optional(),
  /** Production waits while it is pending, without asking a court to order the wait. */
  suspends: z.boolean(),
  citation: source,
  basis,
});

const instrument = z.strictObject({
  id: z.string().regex(/^[A-Z]{2}-[A-Z0-9-]+$/),
  label: z.string(),
  /** The word for it in a sentence: "a search warrant". */
  phrase: z.string(),
  /** How papers call it, in the country's languages, most specific first: what intake looks for. */
  names: z.array(z.string()),
  form: processForm.default("other"),
  family: z.enum(["production", "preservation", "gag", "realtime", "emergency", "mla", "voluntary", "national-security", "civil"]),
  compulsory: z.boolean(),
  issuers: z.array(z.enum(["judge", "court", "prosecutor", "agency", "grand-jury", "clerk", "official", "litigant", "customer", "foreign-authority"])),
  compels: z.array(z.enum(dataClasses)),
  /** When present: of those classes, nothing but these data types of the policy. */
  only: z.array(slug).optional(),
  /** Facts the paper must show on its face. */
  facial: z.array(
    z.enum([
      "signature-of-judge",
      "signature",
      "issued-on",
      "court",
      "matter",
      "legal-basis",
      "account",
      "expiry",
      "return-date",
      "statute",
      "recital",
      "gag-end",
      "emergency-facts",
    ]),
  ),
  deadline,
  /** Days after issue within which it must be served or executed. */
  expiresAfterDays: z.int().min(1).optional(),
  /** Instruments that can forbid telling the customer about this one; its own id when it forbids that itself. */
  gagBy: z.array(z.string()).default([]),
  /** A secrecy order that lasts longer than this many days is flagged and chased. */
  maxGagDays: z.int().min(1).optional(),
  challenge: z.array(challenge).default([]),
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
  when: z.strictObject({ dataClass: z.enum(dataClasses).optional(), dataType: slug.optional() }),
  /** Only these instruments reach it. An override narrows what `compels` says and never widens it. */
  requires: z.array(z.string()),
  because: z.string().min(10),
  citation: source,
  basis,
});
export type Override = Readonly<z.infer<typeof override>>;

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

export const jurisdictionPack = z.strictObject({
  pack: header,
  kind: z.literal("jurisdiction"),
  country: z.string().regex(/^[A-Z]{2}$/),
  languages: z.array(z.string()).min(1),
  /** Data type of the policy → class under this law. A type that is missing here reaches nobody. */
  classOf: z.record(slug, z.enum(dataClasses)),
  instruments: z.array(instrument).min(1),
  overrides: z.array(override).max(200),
  checks: z.array(check),
  holidays: z.array(dayText),
  /** A domain is a government's when it is one of these zones or lies under one: `gov`, `state.ca.us`. */
  governmentZones: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)),
});
/** A jurisdiction pack as the program uses it: validated, every default filled in. */
export type JurisdictionPack = Readonly<z.infer<typeof jurisdictionPack>>;
