// How the partner program speaks of itself on pages: topics, states and what each fact means in a sentence.
import type { PartnerFact } from "../partners/partner-facts.ts";
import type { Duty } from "../partners/duty.ts";
import type { State } from "./look/icons.tsx";
import { dayWords } from "./look/moment.tsx";

/** What cannot wait stands first. */
export const topicWords: Readonly<Record<string, string>> = {
  breaches: "Security breaches",
  "access-notices": "Government requests",
  "rights-requests": "Requests of people about their data",
  statements: "Statements and payments",
  attestations: "Papers and proofs",
  answers: "Questions and answers",
  "sub-processors": "Sub-processors",
  transfers: "Where data goes",
  leaves: "Leave and registers",
  audits: "Audits",
  deletions: "Return and deletion",
  agreements: "Agreement",
};

/** Steps by topic, in that order. */
export function byTopic<Step extends { readonly topic: string }>(steps: readonly Step[]): readonly (readonly [string, readonly Step[]])[] {
  return Object.keys(topicWords).flatMap((topic) => {
    const some = steps.filter((step) => step.topic === topic);
    return some.length === 0 ? [] : [[topic, some] as const];
  });
}

const stateWords: Readonly<Record<Duty["state"], string>> = {
  open: "Open",
  suspended: "Suspended",
  met: "Kept",
  late: "Kept late",
  overdue: "Overdue",
  excused: "Let go",
};

/** In the five states that every page tells. */
export function tagOf(duty: Pick<Duty, "state" | "dueAt">, now: string): { readonly state: State; readonly word: string } {
  switch (duty.state) {
    case "met":
    case "late":
    case "excused":
      return { state: "kept", word: stateWords[duty.state] };
    case "suspended":
      return { state: "held", word: stateWords.suspended };
    case "overdue":
      return { state: "overdue", word: stateWords.overdue };
    case "open":
      return isSoon(duty.dueAt, now) ? { state: "due", word: "Due soon" } : { state: "open", word: stateWords.open };
    default:
      return duty.state satisfies never;
  }
}

const dueSoonHours = 72;

function isSoon(dueAt: string | undefined, now: string): boolean {
  return dueAt !== undefined && Temporal.Instant.from(now).until(Temporal.Instant.from(dueAt)).total("hours") <= dueSoonHours;
}

/** One sentence, without a name: names lie in the vault. */
const partnerFactWords: { readonly [Type in PartnerFact["type"]]: (fact: Extract<PartnerFact, { readonly type: Type }>) => string } = {
  PartnerRegistered: ({ country }) => `The partner was registered, in ${country}`,
  PartnerDetailsChanged: () => "Name and mailboxes were changed",
  AgreementSigned: ({ signedOn, startsOn, renewsOn, changedFrom, aiProduct, usStaff }) =>
    changedFrom !== undefined
      ? `From ${dayWords(changedFrom)}: ${aiProduct ? "an AI Product in the marketplace" : "no AI Product"}, ${usStaff ? "people in the United States" : "nobody in the United States"}`
      : `The agreement was signed on ${dayWords(signedOn)}, in force from ${dayWords(startsOn)}, first renewal ${dayWords(renewsOn)}`,
  DocumentSigned: ({ kind, number, from }) => `${kind.replace("-", " ")} ${number} was signed, in force from ${dayWords(from)}`,
  ReadingElected: ({ defect, reading }) => `For ${defect} the reading “${reading}” was elected`,
  UsageReported: ({ month, used }) => `Use in ${month}: ${used.toLocaleString("en")}`,
  InvoiceIssued: ({ number, datedOn, currency, net, taxes }) => `Invoice ${number} of ${dayWords(datedOn)}: ${currency} ${net} and taxes of ${taxes}`,
  InvoicePaid: ({ on }) => `An invoice was paid on ${dayWords(on)}`,
  RenewalCancelled: ({ renewsOn }) => `The renewal of ${dayWords(renewsOn)} was cancelled`,
  BreachNoticed: ({ clause, receivedOn }) => `Notice of a breach of ${clause}, received ${dayWords(receivedOn)}`,
  CureShown: () => "A breach was shown to be cured",
  AgreementEnded: ({ on, ends }) => `The agreement ends on ${dayWords(on)}, and ${ends.length} of its documents with it`,
  NoticeTaken: ({ from, way }) => `A notice from the ${from === "vendor" ? "company" : "partner"} was received by ${way === "mail" ? "e-mail" : way}`,
  TermsRevised: ({ version, effectiveOn }) => `Terms ${version}, in effect from ${dayWords(effectiveOn)}`,
  RevisionNoticed: ({ version }) => `The partner was told of Terms ${version}`,
  IncidentRecorded: ({ clause, on }) => `An incident against ${clause} on ${dayWords(on)}`,
  DisputeRaised: ({ about }) => `A duty is disputed: ${about}`,
  DisputeSettled: ({ how }) => `A dispute was settled: ${how}`,
  StatementMade: ({ month, currency, share, replaces }) =>
    `${replaces === undefined ? "Statement" : "Corrected statement"} of ${month}: share ${currency} ${share}`,
  SharePaid: ({ amount, on }) => `${amount} of a share was paid on ${dayWords(on)}`,
  AccessRequestSeen: ({ country, isBinding, isCorrection }) =>
    isCorrection === true
      ? `A government request was corrected: it ${isBinding ? "binds" : "does not bind"}`
      : `A government request from ${country} was received${isBinding ? "" : ", which does not bind"}`,
  AccessRequestTold: () => "The company was told of a government request",
  TellingForbidden: () => "A law forbids to tell of a request",
  ProhibitionEnded: () => "A prohibition to tell has ended",
  WaiverTried: ({ answer }) => `A waiver of the prohibition was tried: ${answer === "pending" ? "no answer yet" : answer}`,
  LawfulnessAssessed: ({ hasGrounds }) => `A request was assessed: ${hasGrounds ? "there are grounds to challenge it" : "no grounds to challenge it"}`,
  AccessChallenged: ({ step, on }) => `${step === "challenge" ? "A challenge" : "An appeal"} was filed on ${dayWords(on)}`,
  ChallengeRuled: ({ outcome, on }) => `A court ruled on ${dayWords(on)}: ${outcome}`,
  PartnerDisclosed: ({ asked, given, on }) => `${given} of ${asked} items were disclosed on ${dayWords(on)}`,
  DirectAccessFound: () => "A public body reached data directly",
  DirectAccessTold: () => "The customers were told of direct access",
  BreachSuspected: ({ isCorrection, touchesPersonalData, causedByPartner }) =>
    isCorrection === true
      ? `A breach was corrected: ${touchesPersonalData ? "it touches personal data" : "no personal data"}, ${causedByPartner ? "from the partner's doing" : "not from the partner's doing"}`
      : "A security breach is suspected",
  BreachTold: ({ to, blocks }) => `Word of a breach: ${to.length} of 2 mailboxes, ${blocks.length} of 4 blocks`,
  BreachClosed: () => "A breach was closed",
  RightsRequestReceived: ({ right }) => `A person asked about their data: ${right}`,
  RightsRequestRelayed: () => "A person's request was relayed",
  ReplyConsented: () => "The company consented to an answer",
  RightsReplied: ({ says }) => `The person was told: ${says.join(", ")}`,
  RightsOutcome: ({ outcome }) => `A person's request ended: ${outcome}`,
  SubProcessorListed: ({ country, since }) => `A sub-processor in ${country}, in use since ${dayWords(since)}, was listed`,
  SubProcessorNoticed: ({ country, says }) => `Notice of a new sub-processor in ${country}, with ${says.length} of 6 parts`,
  NoticeCompleted: () => "A notice of a sub-processor was completed",
  ObjectionMade: () => "The company objected to a sub-processor",
  ObjectionWithdrawn: () => "An objection was withdrawn",
  SubProcessorApproved: () => "A sub-processor was approved",
  SubProcessorShown: ({ shows }) => `Shown of a sub-processor: ${shows.join(", ")}`,
  SubProcessorStarted: ({ on }) => `A sub-processor begins on ${dayWords(on)}`,
  SubProcessorEnded: ({ on }) => `A sub-processor ended on ${dayWords(on)}`,
  ListAsked: () => "The list of sub-processors was asked for",
  ListGiven: ({ entries }) => `The list of sub-processors was given, with ${entries} on it`,
  FlowRecorded: ({ origin, destination }) => `A flow of data was recorded: ${origin} → ${destination}`,
  FlowEnded: ({ on }) => `A flow of data ended on ${dayWords(on)}`,
  RegionApproved: ({ country }) => `The company consented to ${country}`,
  ClausesSigned: ({ clauses, version }) => `${clauses === "scc" ? "Standard contractual clauses" : "UK Addendum"} ${version} were signed`,
  ListingChecked: ({ on, activeFrom, activeUntil }) =>
    `The list of the framework was looked at on ${dayWords(on)}: ${activeFrom === undefined ? "no entry" : activeUntil === undefined ? "active" : `active through ${dayWords(activeUntil)}`}`,
  MeasuresAdded: ({ on }) => `Supplementary measures, in place since ${dayWords(on)}`,
  MechanismFound: ({ words, on }) => `From ${dayWords(on)} a flow rests on: ${words}`,
  LapseTold: () => "The company was told that a certification ended",
  RegulatorWrote: ({ on }) => `A regulator wrote on ${dayWords(on)}`,
  AuditAsked: ({ on, as }) => `An audit was asked for on ${dayWords(on)}, ${as.replaceAll("-", " ")}`,
  AuditHeld: ({ on, findings }) => `An audit was held on ${dayWords(on)}, with ${findings} findings`,
  DeletionAsked: ({ receivedOn, how }) => `The company asked to ${how === "both" ? "return and delete" : how}, received ${dayWords(receivedOn)}`,
  HoldPlaced: ({ store, by, isConfirmed }) =>
    isConfirmed === true
      ? `Counsel confirmed that the store ${store} is held back from deletion`
      : `The store ${store} is held back from deletion${by === "partner" ? ", which waits for counsel" : ""}`,
  HoldLifted: ({ on }) => `A hold was lifted on ${dayWords(on)}`,
  StoreNamed: ({ store, kind }) => `A store was named: ${store} (${kind})`,
  StoreCleared: ({ store, on, how }) => `The store ${store} was ${how} on ${dayWords(on)}`,
  CertificateAsked: () => "The certificate of deletion was asked for",
  CertificateGiven: ({ through, stores, held }) => `Deletion was certified through ${dayWords(through)}: ${stores.length} stores cleared, ${held.length} held`,
  PaperFiled: ({ paper, on, confirms }) => `Paper of ${dayWords(on)} filed: ${paper.replaceAll("-", " ")}, confirming ${confirms.length} clauses`,
  PaperRejected: ({ isFalse }) => (isFalse ? "A paper was rejected as false" : "A paper was rejected as insufficient"),
  DataSetRecorded: ({ dataSet, kind }) => `The ${kind === "model" ? "model" : "data set"} ${dataSet} was recorded`,
  DataSetUsed: ({ dataSet, purpose }) => `${dataSet} is used: ${purpose.replaceAll("-", " ")}`,
  SubcontractSigned: ({ subcontract, currency, amount }) => `Subcontract ${subcontract} of ${currency} ${amount} was signed`,
  OccasionArose: ({ clause }) => `Something is owed an answer by ${clause}`,
  AnswerGiven: ({ shows }) => `An answer was given, showing ${shows.length} parts`,
  MoreTimeGiven: ({ until }) => `More time was given, through ${dayWords(until)}`,
  DutyExcused: ({ duty }) => `A duty was let go: ${duty}`,
  LeaveAsked: ({ clause }) => `Leave was asked for under ${clause}`,
  LeaveDecided: ({ isGranted }) => (isGranted ? "Leave was granted" : "Leave was refused"),
  ActRecorded: ({ clause, on }) => `Done under ${clause} on ${dayWords(on)}`,
  EntryKept: ({ clause, on }) => `Entry in the register of ${clause}, ${dayWords(on)}`,
  ReminderGiven: ({ percent }) => `The partner was reminded when ${percent} % of a clock had run`,
  ReminderMissed: ({ percent, why }) => `A reminder at ${percent} % was missed: ${why === "NO_ADDRESS" ? "there is no address" : "it was too late for it"}`,
  DutyFellOverdue: ({ clause }) => `A duty under ${clause} fell overdue`,
  PartnerLinkMade: ({ how }) => `The company ${how === "mailed" ? "mailed the partner a sign-in link" : "made a sign-in link to hand over"}`,
  PartnerKeyGiven: ({ kind }) => (kind === "api" ? "An API key was made" : "A calendar link was made"),
  PartnerKeysTakenBack: () => "Every session, link and key of the partner was taken back",
  PartnerLetterWritten: () => "A letter to the partner was written",
  PartnerLetterSent: () => "A letter to the partner was handed to its mail server",
  PartnerLetterFailed: ({ code }) => `A letter to the partner could not be delivered: ${code}`,
};

export function factSentence(fact: PartnerFact): string {
  return (partnerFactWords[fact.type] as (each: PartnerFact) => string)(fact);
}
