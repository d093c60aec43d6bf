// A person confirms or corrects what was read: only then is it a request with lines.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { unless } from "../../kernel/outcome.ts";
import type { Day, Instant } from "../../kernel/instant.ts";
import { day, dayOf, endOfDay, instant } from "../../kernel/instant.ts";
import { placesOf, protections, ranks, serviceRoutes } from "../../policy/pack.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { standing } from "../open-case.ts";
import { assurancesOf } from "../verification/assurances.ts";
import type { AssuranceRecorded } from "../verification/events.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "./events.ts";
import { intakeOf } from "./request-details.ts";

const dayText = z.iso.date().transform((text): Day => day(text));
const moment = z.iso.datetime({ offset: true }).transform((text): Instant => instant(text));
const short = z.string().max(300);
const region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);
const content = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .max(60);

export const confirmDetailsSchema = z.strictObject({
  type: z.literal("ConfirmDetails"),
  nature: z.enum(["criminal", "civil", "unknown"]),
  instrument: z
    .strictObject({
      id: z.string().max(40),
      signedBy: z.enum(ranks).optional(),
      validatedBy: z.enum(ranks).optional(),
      validatedAt: moment.optional(),
      issuedIn: region.optional(),
      issuedOn: dayText.optional(),
      servedAt: moment.optional(),
      servedBy: z.enum(serviceRoutes).optional(),
      addressedTo: z.enum(["us", "controller", "other"]).optional(),
      expiresOn: dayText.optional(),
      returnOn: dayText.optional(),
      shows: z.array(content).max(60).optional(),
      lacks: z.array(content).max(60).optional(),
      language: z
        .string()
        .regex(/^[a-z]{2}$/)
        .optional(),
      translation: z.boolean().optional(),
      offence: z.strictObject({ maxYears: z.number().min(0).max(1000).optional(), listed: z.boolean().optional() }).optional(),
      emergency: z.boolean().optional(),
      authorityNotified: z.boolean().optional(),
      agreement: z
        .string()
        .regex(/^[A-Z]{2}-[A-Z]{2}$/)
        .optional(),
      seal: z.enum(["valid", "invalid"]).optional(),
      carriesSecrecy: z.boolean().optional(),
      newPlatform: z.boolean().optional(),
    })
    .optional(),
  subjects: z.array(z.strictObject({ id: z.string().max(20), workspace: short.optional(), resolved: z.boolean() })).max(500),
  lines: z
    .array(
      z.strictObject({
        id: z.string().max(20),
        subject: z.string().max(20),
        dataType: z.string().max(60),
        from: dayText.optional(),
        to: dayText.optional(),
        onlyToIdentify: z.boolean().optional(),
      }),
    )
    .max(5000),
  places: z.partialRecord(z.enum(placesOf), region).optional(),
  protection: z.array(z.enum(protections)).max(10).optional(),
  private: z.strictObject({
    agency: short.optional(),
    matter: short.optional(),
    officer: z
      .strictObject({
        name: short.optional(),
        rank: short.optional(),
        badge: short.optional(),
        phone: short.optional(),
        email: short.optional(),
        address: z.string().max(1000).optional(),
      })
      .optional(),
    court: short.optional(),
    /** Subject id → how the paper names it, and the account id the source knows it by. */
    subjects: z.record(z.string(), z.strictObject({ asWritten: short, account: short.optional(), workspaceName: short.optional() })),
    /** An age recipient (`age1…`) the package is sealed to. */
    deliveryKey: z.string().max(65_536).optional(),
  }),
  /** Ids of required contents that the paper gives, judged from the private values by the door. */
  given: z.array(z.string()),
});

type ConfirmDetails = Omit<z.output<typeof confirmDetailsSchema>, "private">;

export const confirmDetails = decision({
  name: "ConfirmDetails",
  label: "Confirm details",
  askers: ["analyst", "counsel"],
  schema: confirmDetailsSchema,
  against: (history) => {
    const now = standing(history);
    return now === "open" || now === "set-aside"
      ? []
      : [{ clause: "KDRP-1", code: "CASE_NOT_OPEN", because: "Details can be confirmed only while the case is open." }];
  },
  decide: (command, history, at) => {
    const { received, details } = intakeOf(history);
    return unless([...contradictions(command, received?.receivedAt ?? at.now, at), ...reusedLines(command, history)], () =>
      confirmed(command, history, at, (details?.revision ?? 0) + 1, received?.receivedAt ?? at.now),
    );
  },
});

function confirmed(command: ConfirmDetails, history: History, at: Circumstances, revision: number, receivedAt: Instant): readonly CaseFact[] {
  const { instrument } = command;
  const fact: DetailsConfirmed = {
    type: "DetailsConfirmed",
    revision,
    nature: command.nature,
    ...(instrument === undefined
      ? {}
      : { instrument: withoutAbsent({ ...instrument, servedAt: instrument.servedAt ?? receivedAt }) as NonNullable<DetailsConfirmed["instrument"]> }),
    subjects: command.subjects.map((subject) => withoutAbsent(subject) as DetailsConfirmed["subjects"][number]),
    lines: command.lines.map((line) => withoutAbsent(line) as RequestLine),
    ...(command.places === undefined ? {} : { places: withoutAbsent(command.places) }),
    ...(command.protection === undefined ? {} : { protection: command.protection }),
    missing: at.policy.requiredContents
      .map(({ id }) => id)
      .filter((id) => (id === "government-mailbox" ? assurancesOf(history).get("domain-class")?.verdict === "not-met" : !command.given.includes(id))),
    details: evidenceOf(at),
  };
  return [fact, contactAssurance(command, at)];
}

function contactAssurance(command: ConfirmDetails, at: Circumstances): AssuranceRecorded {
  const met = command.given.includes("officer-contact");
  return {
    type: "AssuranceRecorded",
    fact: "contact-details",
    verdict: met ? "met" : "not-met",
    code: met ? "CONTACT_COMPLETE" : "CONTACT_INCOMPLETE",
    clause: "KDRP-3",
    because: met
      ? "The officer's full contact details were given and confirmed by the desk."
      : "The officer's full contact details are missing: name, rank or badge, telephone, e-mail and postal address.",
    evidence: evidenceOf(at),
  };
}

/** What cannot be true of any paper: refused with every contradiction at once. */
function contradictions(command: ConfirmDetails, receivedAt: Instant, at: Circumstances): readonly Reason[] {
  const served = dayOf(command.instrument?.servedAt ?? receivedAt, at.zone);
  return [...instrumentContradictions(command, served, receivedAt, at), ...command.lines.flatMap((line) => lineContradictions(line, command, at))];
}

function instrumentContradictions({ instrument }: ConfirmDetails, served: Day, receivedAt: Instant, at: Circumstances): readonly Reason[] {
  if (instrument === undefined) return [];
  const reasons: Reason[] = [];
  if (!at.laws.some((law) => law.instruments.some(({ id }) => id === instrument.id)))
    reasons.push({
      clause: "V06",
      code: "UNKNOWN_INSTRUMENT",
      because: `No jurisdiction pack knows the instrument ${instrument.id}. Choose one from the list, or leave it open.`,
    });
  if (instrument.servedAt !== undefined && instrument.servedAt > (at.now > receivedAt ? at.now : receivedAt))
    reasons.push({
      clause: cite(at.policy, "KDRP-6", "V08"),
      code: "SERVED_IN_FUTURE",
      because: "The paper cannot have been served later than now. Correct the moment of service: nothing after it may be produced.",
    });
  if (instrument.issuedOn !== undefined && instrument.issuedOn > served)
    reasons.push({ clause: "V08", code: "POST_DATED", because: "The paper is dated after the day it was served. Ask the agency which date is right." });
  if (instrument.expiresOn !== undefined && instrument.issuedOn !== undefined && instrument.expiresOn < instrument.issuedOn)
    reasons.push({
      clause: "V08",
      code: "EXPIRES_BEFORE_ISSUE",
      because: "The paper expires before the day it was issued. Ask the agency which date is right.",
    });
  return reasons;
}

function lineContradictions(line: ConfirmDetails["lines"][number], command: ConfirmDetails, at: Circumstances): readonly Reason[] {
  const reasons: Reason[] = [];
  const speak = (clause: string, code: string, because: string) => reasons.push({ clause, code, because, line: line.id });
  if (!command.subjects.some(({ id }) => id === line.subject))
    speak("V11", "UNKNOWN_SUBJECT", `Line ${line.id} names a subject that is not in the list of subjects.`);
  if (!at.policy.dataTypes.some(({ id }) => id === line.dataType))
    speak("V13", "UNKNOWN_DATA_TYPE", `Line ${line.id} asks for a type of data that the policy does not know. Choose one from its list.`);
  if (line.from !== undefined && line.to !== undefined && line.to < line.from)
    speak("V12", "RANGE_REVERSED", `Line ${line.id} ends before it starts. Swap the dates or ask the agency.`);
  if (command.lines.filter(({ id }) => id === line.id).length > 1)
    speak("V13", "LINE_TWICE", `There are two lines called ${line.id}. Give each line its own id.`);
  return reasons;
}

/** A ruling or a partial refusal speaks of lines by their ids: such a line may become narrower and never another one. */
function reusedLines(command: ConfirmDetails, history: History): readonly Reason[] {
  const named = new Set(
    history.flatMap(({ fact }) => ((fact.type === "ChallengeResolved" || fact.type === "AuthorityAnswered") && fact.lines !== undefined ? fact.lines : [])),
  );
  const before = intakeOf(history).details?.lines ?? [];
  return command.lines.flatMap((line): Reason[] => {
    const old = before.find(({ id }) => id === line.id);
    if (!named.has(line.id) || (old !== undefined && isWithin(line, old))) return [];
    return [
      {
        clause: "V13",
        code: "LINE_REUSED",
        because: `Line ${line.id} was left standing by a ruling or an authority. Keep what it asks for, or give the new line an id of its own.`,
        line: line.id,
      },
    ];
  });
}

function isWithin(line: ConfirmDetails["lines"][number], old: RequestLine): boolean {
  const same = line.subject === old.subject && line.dataType === old.dataType && (old.onlyToIdentify !== true || line.onlyToIdentify === true);
  const starts = old.from === undefined || (line.from !== undefined && line.from >= old.from);
  const ends = old.to === undefined || (line.to !== undefined && line.to <= old.to);
  return same && starts && ends;
}

function withoutAbsent(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** The last moment of the day an instrument was served: nothing after it may be produced (KDRP-6). */
export function cutOff({ servedAt }: Pick<InstrumentFacts, "servedAt">, { zone }: Pick<Circumstances, "zone">): Instant {
  return endOfDay(dayOf(servedAt, zone), zone);
}
