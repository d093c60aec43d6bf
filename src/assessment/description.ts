// A case described in one file: the paper, the places, the lines, and how far the desk has come. What it leaves out is unknown.
import { z } from "zod";
import { placesOf, protections, providerKinds, ranks, serviceRoutes } from "../policy/pack.ts";

const dayText = z.iso.date();
const moment = z.iso.datetime({ offset: true });
const short = z.string().trim().min(1).max(300);
const slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .max(60);
const region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);
const yesNo = z.enum(["yes", "no"]);

/** Identifiers of whose data it is; they are personal and never enter a verdict. */
const identifierKinds = ["email", "phone", "ipv4", "ipv6", "imei", "mac", "user-id", "user-name", "workspace", "url", "other"] as const;

const paper = z.strictObject({
  /** Instrument id of a pack: `US-SW`, `EU-EPOC`. Absent: nobody knows what kind of paper it is. */
  instrument: z.string().max(40).optional(),
  nature: z.enum(["criminal", "civil", "unknown"]).default("unknown"),
  signedBy: z.enum(ranks).optional(),
  validatedBy: z.enum(ranks).optional(),
  validatedAt: moment.optional(),
  /** Region of the authority: `US` (federal), `US-CA`, `DE`. */
  issuedIn: region.optional(),
  issuedOn: dayText.optional(),
  servedAt: moment,
  servedBy: z.enum(serviceRoutes).optional(),
  addressedTo: z.enum(["us", "controller", "other"]).optional(),
  expiresOn: dayText.optional(),
  /** The day by which the paper wants its answer. */
  returnOn: dayText.optional(),
  /** Contents the paper shows, and contents it was seen to lack: ids of the pack's `contents`. */
  shows: z.array(slug).max(60).default([]),
  lacks: z.array(slug).max(60).default([]),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  translation: z.boolean().optional(),
  offence: z.strictObject({ maxYears: z.number().min(0).max(1000).optional(), listed: z.boolean().optional() }).optional(),
  emergency: z.boolean().optional(),
  /** The authority of our own state was told of the order (e-Evidence, section K). */
  authorityNotified: z.boolean().optional(),
  /** Executive agreement or treaty it rests on: `US-GB`. */
  agreement: z
    .string()
    .regex(/^[A-Z]{2}-[A-Z]{2}$/)
    .optional(),
  seal: z.enum(["valid", "invalid"]).optional(),
  /** Whether the paper itself forbids to speak of it, where its law lets it. */
  carriesSecrecy: z.boolean().optional(),
});

const line = z.strictObject({
  id: z.string().trim().min(1).max(20),
  dataType: slug,
  from: dayText.optional(),
  to: dayText.optional(),
  /** Subject id; absent: the first subject. */
  subject: z.string().max(20).optional(),
  /** Asked for only to find out who the user is. */
  onlyToIdentify: z.boolean().optional(),
});

const subject = z.strictObject({
  id: z.string().trim().min(1).max(20),
  workspace: short.optional(),
  /** A person has matched it to exactly one account. */
  resolved: z.boolean().default(true),
  identifiers: z
    .array(z.strictObject({ kind: z.enum(identifierKinds), value: short }))
    .max(100)
    .default([]),
});

const gag = z.strictObject({
  instrument: z.string().max(40),
  issuedBy: z.enum(["judge", "court", "statute", "requester"]).default("judge"),
  start: dayText,
  end: dayText.optional(),
  /** Lifted, or lapsed, on this day. */
  endedOn: dayText.optional(),
  /** The company has told the government that it objects: the reciprocal notice of 18 USC 3511. */
  objectedAt: moment.optional(),
  attempts: z
    .array(
      z.strictObject({
        on: dayText,
        beneficiary: z.enum(["customer", "data-protection-authority"]),
        answer: z.enum(["pending", "granted", "refused"]).default("pending"),
      }),
    )
    .max(50)
    .default([]),
});

const notice = z.strictObject({
  sentAt: moment.optional(),
  failed: z.boolean().optional(),
  withheld: z
    .strictObject({
      ground: z.enum(["gag", "illegal-conduct", "risk-of-harm"]),
      /** Which of `gags` it rests on, counted from 1; absent: the one that binds longest on that day. */
      gag: z.int().min(1).optional(),
      reviewOn: dayText.optional(),
      at: moment,
    })
    .optional(),
  ownerAnswers: z.boolean().optional(),
});

export const caseDescription = z.strictObject({
  format: z.literal("portcullis-case/1"),
  /** The moment of the question: every clock and every gate is judged as of then. */
  asked: moment,
  /** IANA zone of the desk; days are days there. */
  zone: z.string().max(60).default("UTC"),
  policy: z
    .strictObject({
      packs: z.array(slug).min(1).max(10).default(["data-request"]),
      /** Settings counsel has changed: `allowVoluntaryEmergency`, `noticeDays`. */
      settings: z.record(z.string(), z.unknown()).default({}),
    })
    .default({ packs: ["data-request"], settings: {} }),
  /** Pack ids; absent: every jurisdiction on the shelf. */
  laws: z.array(slug).max(100).optional(),
  provider: z
    .strictObject({
      incorporatedIn: region.optional(),
      headquarteredIn: region.optional(),
      /** Country of the designated establishment in the Union. */
      designatedIn: region.optional(),
      kinds: z.array(z.enum(providerKinds)).max(10).optional(),
      /** Languages the designated establishment accepts, ISO 639-1. */
      languages: z
        .array(z.string().regex(/^[a-z]{2}$/))
        .max(40)
        .optional(),
    })
    .default({}),
  paper,
  /** Where the customer is established, the person lives and the data lies. */
  places: z.partialRecord(z.enum(placesOf), region).default({}),
  /** What makes the data or its owner specially protected: counsel looks. */
  protection: z.array(z.enum(protections)).max(10).optional(),
  /** Personal words, for exchange only; they never enter a verdict. */
  authority: z
    .strictObject({
      name: short.optional(),
      officer: short.optional(),
      email: short.optional(),
      phone: short.optional(),
      reference: short.optional(),
      technicalId: short.optional(),
    })
    .default({}),
  subjects: z
    .array(subject)
    .max(500)
    .default([{ id: "S1", resolved: true, workspace: "customer", identifiers: [] }]),
  lines: z.array(line).max(5000),
  /** Required contents of the policy that the request lacks. */
  missing: z.array(slug).max(20).default([]),
  /** Assurances about the sender that are met; absent: every one is owed. */
  assured: z.union([z.literal("all"), z.array(slug).max(20)]).default([]),
  /** The last day on which the call-back may be relied on; absent: counted from the day of service by the policy. */
  callBackValidTo: dayText.optional(),
  /** Answers of a person to the checks V01 to V27. */
  checks: z.record(z.string().regex(/^V\d\d$/), z.enum(["yes", "no", "not-applicable"])).default({}),
  referral: z.enum(["not-tried", "made", "declined", "accepted", "waived"]).default("not-tried"),
  gagWish: z.boolean().default(false),
  gags: z.array(gag).max(50).default([]),
  notice: notice.default({}),
  /** Answers of the state's authority that was told of the order. */
  hold: z.strictObject({ answer: z.enum(["cleared", "refused", "partial"]), at: moment, lines: z.array(z.string()).optional() }).optional(),
  clarification: z.strictObject({ askedAt: moment, answeredAt: moment.optional() }).optional(),
  /** An objection under the law of another country. */
  conflict: z.strictObject({ raisedAt: moment, upheld: yesNo.optional(), transferGround: z.enum(["agreement", "derogation"]).optional() }).optional(),
  challenge: z
    .strictObject({
      openedAt: moment,
      brought: z.enum(["owner", "desk"]).default("desk"),
      /** The route of the paper's law, in the pack's words: only some stay the duty to answer. */
      route: z.string().max(300).optional(),
      interimMeasuresOn: dayText.optional(),
      outcome: z.enum(["upheld", "narrowed", "dismissed", "withdrawn"]).optional(),
      lines: z.array(z.string()).optional(),
    })
    .optional(),
  preservation: z.strictObject({ renewals: z.int().min(0).max(20).default(0), released: z.boolean().optional() }).optional(),
  emergency: z
    .strictObject({
      /** The officer's supervisor has vouched for the facts. */
      supervisorAttests: yesNo.optional(),
      /** People of the company who decided for disclosure. */
      decidedBy: z.array(z.string().max(60)).max(20).default([]),
    })
    .optional(),
  /** Counsel has signed the review of these lines. */
  reviewSigned: z.boolean().default(false),
  plan: z.enum(["none", "compiled", "checked", "outside"]).default("none"),
  /** People who approved the release. */
  approvals: z.array(z.string().max(60)).max(20).default([]),
});

/** A case as described, with every default filled in. */
export type CaseDescription = z.infer<typeof caseDescription>;
