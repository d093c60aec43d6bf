// Turns a described case into the facts the desk would have recorded, so that the same gate, clocks and verdicts judge it.
import type { Actor, DeskId } from "../kernel/ids.ts";
import { addDays, day, dayOf, instant, type Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Circumstances, Decision, History } from "../requests/decision.ts";
import { recordGag } from "../requests/gag/module.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "../requests/intake/events.ts";
import { giveNotice, withholdForGag } from "../requests/notice/module.ts";
import { signReview } from "../requests/review/module.ts";
import { assuredFacts } from "../requests/verification/module.ts";
import type { CaseDescription } from "./description.ts";

export interface Replayed {
  readonly history: History;
  /** Steps the description says were taken and the desk would have refused. */
  readonly refused: readonly { readonly step: string; readonly reasons: readonly Reason[] }[];
}

/** Something that happened as told, or a step that must pass the desk's own decision first. */
type Deed =
  | { readonly fact: CaseFact; readonly at: Instant; readonly by: Actor }
  | { readonly step: Decision; readonly command: Readonly<Record<string, unknown>>; readonly at: Instant; readonly fresh: string };

const nowhere: Vaulted = { vault: "", commitment: "" };
const someone = "staff:described" as Actor;

/** `at` holds the packs and the moment of the question. Pure: the same description under the same packs gives the same facts. */
export function replay(description: CaseDescription, at: Circumstances): Replayed {
  return deedsOf(description, at).reduce<Replayed>((told, deed) => tell(told, deed, at), { history: [], refused: [] });
}

function tell({ history, refused }: Replayed, deed: Deed, at: Circumstances): Replayed {
  if ("fact" in deed) return { history: [...history, recorded(deed.fact, deed.at, deed.by, history.length)], refused };
  const then: Circumstances = { ...at, now: deed.at, today: dayOf(deed.at, at.zone), by: someone, evidence: nowhere, fresh: deed.fresh };
  const against = deed.step.against(history, then);
  const outcome = against.length > 0 ? undefined : deed.step.decide({ type: deed.step.name, ...deed.command } as never, history, then);
  if (outcome?.kind !== "accepted") return { history, refused: [...refused, { step: deed.step.name, reasons: outcome?.reasons ?? against }] };
  return { history: [...history, ...outcome.facts.map((fact, index) => recorded(fact, deed.at, someone, history.length + index))], refused };
}

function recorded(fact: CaseFact, at: Instant, by: Actor, before: number): History[number] {
  return { desk: "assessment" as DeskId, stream: "case:described", version: before + 1, at, by, fact };
}

function deedsOf(description: CaseDescription, at: Circumstances): readonly Deed[] {
  const served = instant(description.paper.servedAt);
  const onService = [received(served), ...assurances(description, at, served), detailsOf(description), ...answers(description), ...referral(description)];
  return [
    ...onService.map((fact) => happened(fact, served)),
    ...(description.gagWish ? [happened({ type: "GagWishNoted" }, served)] : []),
    ...description.gags.flatMap((order, index) => gagDeeds(order, `gag-${index + 1}`, served)),
    ...openQuestions(description),
    ...(description.reviewSigned ? [{ step: signReview, command: { leaveOut: [] }, at: at.now, fresh: "" }] : []),
    ...objections(description),
    ...notices(description, at, served),
    ...preservation(description, served),
    ...emergency(description, served),
    ...production(description, at),
  ];
}

function happened(fact: CaseFact, at: string, by: Actor = someone): Deed {
  return { fact, at: instant(at), by };
}

function received(receivedAt: Instant): CaseFact {
  return { type: "RequestReceived", door: "terminal", receivedAt, message: { object: "", bytes: 0, commitment: "" }, packs: [] };
}

function assurances({ assured, callBackValidTo }: CaseDescription, { policy, zone }: Circumstances, served: Instant): readonly CaseFact[] {
  const validTo = callBackValidTo === undefined ? addDays(dayOf(served, zone), policy.settings.callBackValidDays) : day(callBackValidTo);
  return assuredFacts
    .filter((fact) => assured === "all" || assured.includes(fact))
    .map((fact) => ({
      type: "AssuranceRecorded",
      fact,
      verdict: "met",
      code: "MET",
      clause: fact === "call-back" ? "V02" : "KDRP-3",
      because: "Described as met.",
      ...(fact === "call-back" ? { validTo } : {}),
    }));
}

/** The details a person would have confirmed. */
export function detailsOf({ paper, lines, subjects, places, protection, missing }: CaseDescription): DetailsConfirmed {
  return {
    type: "DetailsConfirmed",
    revision: 1,
    nature: paper.nature,
    ...(paper.instrument === undefined ? {} : { instrument: instrumentOf(paper, paper.instrument) }),
    subjects: subjects.map(({ id, workspace, resolved }) => ({ id, resolved, ...(workspace === undefined ? {} : { workspace }) })),
    lines: lines.map((line) => lineOf(line, subjects[0]?.id ?? "")),
    places: present(places),
    ...(protection === undefined ? {} : { protection }),
    missing,
    details: nowhere,
  };
}

function instrumentOf(
  { nature: _, instrument: __, issuedOn, expiresOn, returnOn, servedAt, validatedAt, offence, ...paper }: CaseDescription["paper"],
  id: string,
): InstrumentFacts {
  return {
    ...present(paper),
    id,
    servedAt: instant(servedAt),
    ...(validatedAt === undefined ? {} : { validatedAt: instant(validatedAt) }),
    ...(issuedOn === undefined ? {} : { issuedOn: day(issuedOn) }),
    ...(expiresOn === undefined ? {} : { expiresOn: day(expiresOn) }),
    ...(returnOn === undefined ? {} : { returnOn: day(returnOn) }),
    ...(offence === undefined ? {} : { offence: present(offence) }),
  };
}

function lineOf({ id, dataType, subject, from, to, onlyToIdentify }: CaseDescription["lines"][number], first: string): RequestLine {
  return {
    id,
    dataType,
    subject: subject ?? first,
    ...(from === undefined ? {} : { from: day(from) }),
    ...(to === undefined ? {} : { to: day(to) }),
    ...(onlyToIdentify === undefined ? {} : { onlyToIdentify }),
  };
}

type Present<Value> = { [Member in keyof Value]: Exclude<Value[Member], undefined> };

function present<Value extends object>(value: Value): Present<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Present<Value>;
}

function answers({ checks }: CaseDescription): readonly CaseFact[] {
  return Object.entries(checks).map(([check, answer]) => ({ type: "CheckAnswered", check, revision: 1, answer, evidence: nowhere }));
}

function referral({ referral: state }: CaseDescription): readonly CaseFact[] {
  const made: CaseFact = { type: "ReferralMade" };
  switch (state) {
    case "not-tried":
      return [];
    case "made":
      return [made];
    case "waived":
      return [{ type: "ReferralWaived", ground: "only-holder" }];
    default:
      return [made, { type: "ReferralAnswered", answer: state === "declined" ? "agency-declines" : "agency-turns-to-customer" }];
  }
}

function gagDeeds({ attempts, endedOn, objectedAt, start, end, ...order }: CaseDescription["gags"][number], gag: string, served: Instant): readonly Deed[] {
  const began = `${start}T12:00:00Z`;
  const at = instant(began < served ? served : began);
  return [
    { step: recordGag, command: { ...order, start: day(start), ...(end === undefined ? {} : { end: day(end) }) }, at, fresh: gag },
    ...attempts.map(({ on, ...attempt }) =>
      happened({ type: "GagLiftAttempted", gag, on: day(on), addressee: "court", ...attempt, argument: nowhere }, `${on}T12:00:00Z`),
    ),
    ...(objectedAt === undefined ? [] : [happened({ type: "GagObjected", gag, objection: nowhere }, objectedAt)]),
    ...(endedOn === undefined ? [] : [happened({ type: "GagEnded", gag, how: "lifted", on: day(endedOn) }, `${endedOn}T12:00:00Z`)]),
  ];
}

/** What was asked of the agency, and what counsel has put on record, before anybody signs. */
function openQuestions({ clarification, conflict }: CaseDescription): readonly Deed[] {
  return [
    ...(clarification === undefined ? [] : [happened({ type: "ClarificationAsked", points: [] }, clarification.askedAt)]),
    ...(clarification?.answeredAt === undefined ? [] : [happened({ type: "ClarificationAnswered", answer: nowhere }, clarification.answeredAt)]),
    ...(conflict?.transferGround === undefined
      ? []
      : // A described derogation is taken to have been found by the two people it needs.
        [someone, "staff:second" as Actor].map((by) =>
          happened({ type: "TransferGroundRecorded", ground: conflict.transferGround ?? "agreement", revision: 1, evidence: nowhere }, conflict.raisedAt, by),
        )),
  ];
}

/** After the signature: what authorities, courts and owners said. */
function objections({ hold, conflict, challenge }: CaseDescription): readonly Deed[] {
  const lines = hold?.lines === undefined ? {} : { lines: hold.lines };
  const raised = conflict !== undefined && conflict.transferGround === undefined;
  return [
    ...(hold === undefined ? [] : [happened({ type: "AuthorityAnswered", answer: hold.answer, ...lines, evidence: nowhere }, hold.at)]),
    ...(raised ? [happened({ type: "ConflictRaised", conflict: "conflict-1", reasons: nowhere }, conflict.raisedAt)] : []),
    ...(raised && conflict.upheld !== undefined
      ? [happened({ type: "ConflictDecided", conflict: "conflict-1", upheld: conflict.upheld === "yes", decision: nowhere }, conflict.raisedAt)]
      : []),
    ...(challenge === undefined ? [] : challengeDeeds(challenge)),
  ];
}

function challengeDeeds({ openedAt, brought, route, interimMeasuresOn, outcome, lines }: NonNullable<CaseDescription["challenge"]>): readonly Deed[] {
  const left = lines === undefined ? {} : { lines };
  const challenge = "challenge-1";
  const granted = interimMeasuresOn === undefined ? [] : [day(interimMeasuresOn)];
  return [
    happened({ type: "ChallengeOpened", challenge, brought, ...(route === undefined ? {} : { route }), grounds: nowhere }, openedAt),
    ...granted.map((on) => happened({ type: "ChallengeStepTaken", challenge, step: "interim-measures-granted", on, papers: nowhere }, `${on}T12:00:00Z`)),
    ...(outcome === undefined ? [] : [happened({ type: "ChallengeResolved", challenge, outcome, ...left, ruling: nowhere }, openedAt)]),
  ];
}

function notices({ notice, subjects, gags }: CaseDescription, { zone }: Circumstances, served: Instant): readonly Deed[] {
  const { sentAt, failed, withheld, ownerAnswers } = notice;
  const workspaces = [...new Set(subjects.flatMap(({ workspace }) => workspace ?? []))];
  const given = workspaces.flatMap((workspace, index): Deed[] => {
    if (sentAt === undefined) return [];
    const letter = `notice-${index + 1}`;
    const fate: CaseFact =
      failed === true
        ? { type: "LetterFailed", letter, kind: "owner-notice", permanent: true, code: "550" }
        : { type: "LetterSent", letter, kind: "owner-notice", transcript: "" };
    return [{ step: giveNotice, command: { workspace, link: "described" }, at: instant(sentAt), fresh: letter }, happened(fate, sentAt)];
  });
  return [
    ...given,
    ...(withheld === undefined ? [] : [withholding(withheld, gags, zone)]),
    ...(ownerAnswers === true ? [happened({ type: "OwnerWillAnswer" }, sentAt ?? served)] : []),
  ];
}

/** Silence rests on the order that is named, or on the one that binds longest on the day it is recorded. */
function withholding(
  { ground, gag, reviewOn, at }: NonNullable<CaseDescription["notice"]["withheld"]>,
  gags: CaseDescription["gags"],
  zone: Circumstances["zone"],
): Deed {
  const today = dayOf(instant(at), zone);
  const ends = gags.map(({ start, end, endedOn }) => (start <= today && (endedOn ?? end ?? "9999") >= today ? (endedOn ?? end ?? "9999") : ""));
  const longest = Math.max(0, ends.indexOf(ends.toSorted().at(-1) ?? "")) + 1;
  if (ground === "gag") return { step: withholdForGag, command: { gag: `gag-${gag ?? longest}` }, at: instant(at), fresh: "" };
  return happened({ type: "NoticeWithheld", ground, ...(reviewOn === undefined ? {} : { reviewOn: day(reviewOn) }) }, at);
}

function preservation({ preservation: kept }: CaseDescription, served: Instant): readonly Deed[] {
  if (kept === undefined) return [];
  const renewed: CaseFact = { type: "PreservationRenewed", preservation: "preservation-1", until: day(served.slice(0, 10)) };
  return [
    ...Array.from({ length: kept.renewals }, () => happened(renewed, served)),
    ...(kept.released === true ? [happened({ type: "PreservationEnded", preservation: "preservation-1", how: "released" }, served)] : []),
  ];
}

function emergency({ emergency: decided }: CaseDescription, served: Instant): readonly Deed[] {
  const supervisorAttests = decided?.supervisorAttests === "yes";
  return (decided?.decidedBy ?? []).map((person) =>
    happened({ type: "EmergencyDecided", supervisorAttests, revision: 1, facts: nowhere }, served, `staff:${person}` as Actor),
  );
}

/** Who approves has a sealed package before them; what is in it a description does not say. */
function approvalsOf(plan: string, approvals: readonly string[], now: Instant): readonly Deed[] {
  if (approvals.length === 0) return [];
  const sealed = {
    revision: 1,
    plan,
    package: "K1",
    sha256: plan,
    bytes: 0,
    sealedWith: "age" as const,
    opening: plan,
    object: "none",
    holders: [],
    records: {},
    accounts: 0,
  };
  return [
    happened({ type: "PackageSealed", ...sealed, shares: nowhere }, now),
    ...approvals.map((person, index) =>
      happened({ type: "ReleaseApproved", plan, package: "K1", gives: index === 0 ? "share" : "opening", part: nowhere }, now, `staff:${person}` as Actor),
    ),
  ];
}

/** A described plan is taken to read for signed lines only: whether it does is the checker's word, not the description's. */
function production({ plan, approvals }: CaseDescription, { now }: Circumstances): readonly Deed[] {
  if (plan === "none") return [];
  const digest = "0".repeat(64);
  return [
    happened({ type: "PlanCompiled", revision: 1, plan: digest, reads: [], nothingHeld: [], scope: nowhere }, now),
    ...(plan === "compiled"
      ? []
      : [happened({ type: "RecordsChecked", plan: digest, passed: plan === "checked", records: 0, outside: plan === "checked" ? 0 : 1 }, now)]),
    ...approvalsOf(digest, approvals, now),
  ];
}
