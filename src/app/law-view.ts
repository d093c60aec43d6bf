// What the law makes of one case, for people to read: the paper's own row, what nobody has looked at, and everything that stands in the way.
import type { Day, Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { Basis, Instrument, Telling } from "../policy/pack.ts";
import { authorityAnswer, challengesOf, conflictsOf } from "../requests/challenge/module.ts";
import type { AuthorityAnswered, ChallengeGround, ChallengeOpened, ChallengeResolved, ChallengeStepTaken } from "../requests/challenge/events.ts";
import { holdReasons } from "../requests/deadlines/paper-clocks.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import type { InstrumentFacts } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { emergencyAllowed, emergencyReasons } from "../requests/review/emergency.ts";
import type { WorksheetRow } from "../requests/review/line-verdicts.ts";
import { keepingClock, preservationsOf, waitingProcesses } from "../requests/preservation/module.ts";
import { findInstrument, openPoints, tellingsOf, worksheetOf } from "../requests/review/module.ts";
import { findSealed, type Desk } from "./desk.ts";

/** The row of the pack that the paper answers to. */
interface PaperView {
  readonly label: string;
  /** Version and row: `us@2026.1 US-SW`. */
  readonly rule: string;
  readonly citation: string;
  readonly basis: Basis;
  /** What the row says from memory or with doubt, in words for counsel. */
  readonly fromMemory: readonly string[];
  readonly duties: readonly { readonly says: string; readonly citation: string; readonly basis: Basis }[];
  readonly tells: readonly Telling[];
  readonly routes: readonly { readonly route: string; readonly citation: string; readonly basis: Basis; readonly suspends: boolean }[];
  readonly costs?: { readonly rule: string; readonly citation: string; readonly basis: Basis };
}

interface ChallengeView {
  readonly challenge: string;
  readonly brought: "owner" | "desk";
  readonly openedAt: Instant;
  readonly route?: string;
  readonly on: readonly ChallengeGround[];
  /** Sealed words: absent once the case was forgotten. */
  readonly grounds?: string;
  readonly forum?: string;
  readonly interimMeasures?: string;
  readonly steps: readonly { readonly step: ChallengeStepTaken["step"]; readonly on: Day; readonly papers?: string }[];
  readonly outcome?: ChallengeResolved["outcome"];
  readonly decidedAt?: Instant;
  /** Lines the ruling left standing, when it narrowed the request. */
  readonly lines?: readonly string[];
  readonly appeal?: "brought" | "none";
  readonly ruling?: string;
  /** The appeal in words, or why none was brought. */
  readonly appealWords?: string;
}

interface ConflictView {
  readonly conflict: string;
  readonly raisedAt: Instant;
  readonly upheld?: boolean;
  readonly law?: string;
  readonly whyItApplies?: string;
  readonly words?: string;
  readonly decision?: string;
}

interface AuthorityView {
  readonly told: boolean;
  readonly answer?: AuthorityAnswered["answer"];
  readonly answeredAt?: Instant;
  readonly lines?: readonly string[];
  readonly words?: string;
  /** Why nothing may leave yet: its time to refuse still runs. */
  readonly holds: readonly Reason[];
}

interface EmergencyView {
  /** False: no policy in force lets data leave in an emergency. */
  readonly allowed: boolean;
  readonly locks: readonly Reason[];
}

export interface LawView {
  readonly paper?: PaperView;
  /** Points that only the agency or a person can settle, each once; empty before details are confirmed. */
  readonly openPoints: readonly Reason[];
  /** Every rule of every country in force that meets the case, or could once a place or a fact is known. */
  readonly worksheet: readonly WorksheetRow[];
  readonly challenges: readonly ChallengeView[];
  readonly conflicts: readonly ConflictView[];
  readonly authority?: AuthorityView;
  readonly emergency?: EmergencyView;
  /** Snapshots kept for an agency, in the order they were sealed. */
  readonly preservations: readonly PreservationView[];
}

interface PreservationView {
  readonly preservation: string;
  readonly sealedAt: Instant;
  readonly sha256: string;
  /** Records by data type. */
  readonly records: Readonly<Record<string, number>>;
  /** Absent: its law names no last day. */
  readonly lastDay?: Day;
  readonly derivation?: string;
  readonly ended?: "expired" | "released" | "process-followed";
  readonly destroyedAt?: Instant;
  /** Numbers of the cases whose paper waits for it: until they have ended it is kept beyond its last day. */
  readonly waitsFor: readonly string[];
}

/** `facts` are the paper's as confirmed or, before that, as the text suggests. */
export async function lawOf(desk: Desk, history: History, at: Circumstances, facts: Pick<InstrumentFacts, "id"> | undefined): Promise<LawView> {
  const paper = paperOf(at, facts, intakeOf(history).details === undefined ? undefined : tellingsOf(history, at));
  const authority = await authorityOf(desk, history, at);
  const emergency = emergencyOf(history, at);
  return {
    ...(paper === undefined ? {} : { paper }),
    openPoints: openPoints(history, at),
    worksheet: worksheetOf(history, at),
    preservations: preservationViews(history, at),
    challenges: await challengeViews(desk, history),
    conflicts: await conflictViews(desk, history),
    ...(authority === undefined ? {} : { authority }),
    ...(emergency === undefined ? {} : { emergency }),
  };
}

function preservationViews(history: History, at: Circumstances): readonly PreservationView[] {
  const waiting = waitingProcesses(history);
  return preservationsOf(history).flatMap((kept): PreservationView[] => {
    const { preservation, sealed, sealedAt, ended, destroyedAt } = kept;
    if (sealed === undefined || sealedAt === undefined) return [];
    const clock = keepingClock(kept, history, at);
    return [
      {
        preservation,
        sealedAt,
        sha256: sealed.sha256,
        records: sealed.records,
        ...(clock === undefined ? {} : { lastDay: clock.lastDay, derivation: clock.running.derivation }),
        ...(ended === undefined ? {} : { ended: ended.how }),
        ...(destroyedAt === undefined ? {} : { destroyedAt }),
        waitsFor: waiting.flatMap((each) => (each.preservation === preservation ? [each.case] : [])),
      },
    ];
  });
}

/** `tells` absent: the row's own, before anybody has confirmed what decides whom the law makes us tell. */
function paperOf({ laws }: Circumstances, facts: Pick<InstrumentFacts, "id"> | undefined, tells: readonly Telling[] | undefined): PaperView | undefined {
  const known = findInstrument(facts, laws);
  if (known === undefined) return undefined;
  const { instrument, law } = known;
  const { label, citation, basis, duties, challenge, costs } = instrument;
  return {
    label,
    rule: `${law.pack.id}@${law.pack.version} ${instrument.id}`,
    citation,
    basis,
    fromMemory: fromMemory(instrument),
    duties,
    tells: tells ?? instrument.tells,
    routes: challenge.map(({ route, citation: cited, basis: rests, suspends }) => ({ route, citation: cited, basis: rests, suspends })),
    ...(costs === undefined ? {} : { costs }),
  };
}

/** The pack's own doubts first, then every part of the row that rests on memory. */
function fromMemory({ label, citation, basis, confirm, clocks, expires, challenge, duties, tells, costs }: Instrument): readonly string[] {
  const parts: readonly (readonly [string, { readonly citation: string; readonly basis: Basis } | undefined])[] = [
    [`${label}: the whole row`, { citation, basis }],
    ...clocks.map((clock) => [clock.label, clock] as const),
    ["How long it can be served", expires],
    ...challenge.map((each) => [each.route, each] as const),
    ...duties.map((each) => [each.says, each] as const),
    ...tells.map((each) => [`Who is told: ${each.who.replaceAll("-", " ")}, ${each.when}`, each] as const),
    ["Costs", costs],
  ];
  return [...confirm, ...parts.flatMap(([words, part]) => (part?.basis === "memory" ? [`${words} (${part.citation})`] : []))];
}

async function challengeViews(desk: Desk, history: History): Promise<readonly ChallengeView[]> {
  const momentOf = (type: string, id: string) => history.find(({ fact }) => fact.type === type && "challenge" in fact && fact.challenge === id)?.at;
  return Promise.all(
    challengesOf(history).map(async ({ opened, resolved }): Promise<ChallengeView> => {
      const steps = history.flatMap(({ fact }) => (fact.type === "ChallengeStepTaken" && fact.challenge === opened.challenge ? [fact] : []));
      return {
        ...(await openedView(desk, opened, momentOf("ChallengeOpened", opened.challenge))),
        steps: await Promise.all(steps.map(async ({ step, on, papers }) => ({ step, on, ...words(await open(desk, papers), "papers", "papers") }))),
        ...(resolved === undefined ? {} : await resolvedView(desk, resolved, momentOf("ChallengeResolved", opened.challenge))),
      };
    }),
  );
}

async function openedView(desk: Desk, { challenge, brought, route, on, grounds }: ChallengeOpened, openedAt: Instant | undefined) {
  if (openedAt === undefined) throw new Error("a challenge was opened at no moment");
  const sealed = await open(desk, grounds);
  return {
    challenge,
    brought,
    openedAt,
    ...(route === undefined ? {} : { route }),
    on: on ?? [],
    ...words(sealed, "grounds", "grounds"),
    ...words(sealed, "forum", "forum"),
    ...words(sealed, "interimMeasures", "interimMeasures"),
    // A customer's objection is sealed as plain text.
    ...words(sealed, "text", "grounds"),
  };
}

async function resolvedView(desk: Desk, { outcome, lines, appeal, ruling }: ChallengeResolved, decidedAt: Instant | undefined) {
  const sealed = await open(desk, ruling);
  return {
    outcome,
    ...(decidedAt === undefined ? {} : { decidedAt }),
    ...(lines === undefined ? {} : { lines }),
    ...(appeal === undefined ? {} : { appeal }),
    ...words(sealed, "ruling", "ruling"),
    ...words(sealed, "appeal", "appealWords"),
  };
}

async function conflictViews(desk: Desk, history: History): Promise<readonly ConflictView[]> {
  return Promise.all(
    conflictsOf(history).map(async ({ raised, decided }): Promise<ConflictView> => {
      const reasons = await open(desk, raised.reasons);
      const raisedAt = history.find(({ fact }) => fact === raised)?.at;
      if (raisedAt === undefined) throw new Error("an objection was raised at no moment");
      return {
        conflict: raised.conflict,
        raisedAt,
        ...words(reasons, "law", "law"),
        ...words(reasons, "whyItApplies", "whyItApplies"),
        ...words(reasons, "conflict", "words"),
        ...(decided === undefined ? {} : { upheld: decided.upheld, ...words(await open(desk, decided.decision), "decision", "decision") }),
      };
    }),
  );
}

/** Undefined where nobody has said that another authority was told of the paper. */
async function authorityOf(desk: Desk, history: History, at: Circumstances): Promise<AuthorityView | undefined> {
  const told = intakeOf(history).details?.instrument?.authorityNotified;
  const answered = authorityAnswer(history);
  if (told === undefined && answered === undefined) return undefined;
  return {
    told: told === true,
    ...(answered === undefined
      ? {}
      : {
          answer: answered.fact.answer,
          answeredAt: answered.at,
          ...(answered.fact.lines === undefined ? {} : { lines: answered.fact.lines }),
          ...words(await open(desk, answered.fact.evidence), "words", "words"),
        }),
    holds: holdReasons(history, at),
  };
}

function emergencyOf(history: History, at: Circumstances): EmergencyView | undefined {
  const instrument = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument;
  if (instrument?.family !== "emergency") return undefined;
  const allowed = emergencyAllowed(instrument, at.policy);
  return { allowed, locks: allowed ? emergencyReasons(history, at) : [] };
}

type Opened = Readonly<Record<string, unknown>> | undefined;

async function open(desk: Desk, sealed: Vaulted): Promise<Opened> {
  return (await findSealed(desk.ports, desk.id, sealed)) as Opened;
}

/** One member of a sealed value, when it has it and it says something. */
function words<Name extends string>(sealed: Opened, member: string, name: Name): { readonly [Key in Name]?: string } {
  const value = sealed?.[member];
  return typeof value === "string" && value !== "" ? ({ [name]: value } as { readonly [Key in Name]?: string }) : {};
}
