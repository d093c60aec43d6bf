// One case as a person of the desk may see it: pages, terminal and JSON are made from this and from nothing else.
import type { CaseId } from "../kernel/ids.ts";
import type { Actor } from "../kernel/ids.ts";
import type { Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { clocksOf, type RunningClock } from "../requests/deadlines/module.ts";
import type { Asker, Circumstances, History } from "../requests/decision.ts";
import { aroundRelease, gate, gateReasons, outcomeOf, releaseOf, type Bar } from "../requests/disclosure/module.ts";
import { gagsOf, type Gag } from "../requests/gag/module.ts";
import type { RequestReading } from "../requests/intake/details.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import type { LetterKind } from "../requests/letters/events.ts";
import { noticeOf } from "../requests/notice/module.ts";
import { standing, type Standing } from "../requests/open-case.ts";
import { everyPageApproved, mustBeRedacted, redactionOf, untouched } from "../requests/redaction/module.ts";
import { checkStates, reviewOf, verdictsFor, verdictsOf } from "../requests/review/module.ts";
import type { LineVerdict } from "../requests/review/events.ts";
import { assurancesOf } from "../requests/verification/module.ts";
import { instant, day, dayOf } from "../kernel/instant.ts";
import { openSecrets, type CaseSecrets } from "./case-secrets.ts";
import { caseCircumstances, findSealed, type Desk } from "./desk.ts";
import { readCase } from "./handle.ts";
import { formsOf, type FormView, type SealedReading } from "./import-document.ts";
import { lawOf, type LawView } from "./law-view.ts";
import { findKeptElsewhere, readLinkedCopies, type KeptElsewhere, type LinkedCopy } from "./linked-cases.ts";
import { isSecret, stageOf, type Stage } from "./project-views.ts";
import { proposeDetails, type DetailsProposal } from "./propose-details.ts";
import { stepsFor, type PossibleStep } from "./steps.ts";
import { lineWords } from "./letter-matter.ts";
import type { LetterContent } from "./write-letter.ts";

export interface LineView {
  readonly id: string;
  readonly words: string;
  readonly dataType: string;
  readonly from?: string;
  readonly to?: string;
  readonly decision: LineVerdict["decision"];
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
  readonly citation: string;
  /** Which row of which version decided: `us@2026.1 US-SW`; absent where no paper is known. */
  readonly rule?: string;
}

export interface LetterView {
  readonly letter: string;
  readonly kind: LetterKind;
  readonly to: "agency" | "owner";
  readonly writtenAt: Instant;
  readonly state: "waiting" | "sent" | "failed";
  readonly content: LetterContent | undefined;
}

/** Counts only; what is taken out is seen by those who prepare it. */
interface RedactionView {
  readonly hasRules: boolean;
  /** What the newest check or package takes out, by reason code. */
  readonly counts: Readonly<Record<string, number>>;
  /** Records by line whose text speaks of somebody else. */
  readonly others: Readonly<Record<string, number>>;
  readonly papers: readonly {
    readonly paper: string;
    readonly regions: number;
    readonly approved: number;
    readonly pages?: number;
    readonly isOpen: boolean;
  }[];
  readonly files: Readonly<Record<string, number>>;
}

export interface CaseView extends LawView {
  readonly caseId: CaseId;
  readonly standing: Standing;
  readonly stage: Stage;
  readonly outcome?: string;
  readonly secret: boolean;
  readonly receivedAt: Instant;
  readonly door: string;
  readonly packs: readonly string[];
  readonly duplicates: number;
  readonly message: CaseSecrets["message"];
  readonly reading: RequestReading | undefined;
  /** Documents of exchange formats that came with the request or with a later message, in order; empty once the case was forgotten. */
  readonly forms: readonly FormView[];
  /** Later messages of the agency, oldest first; the content is undefined once the case was forgotten. */
  readonly followUps: readonly { readonly receivedAt: Instant; readonly sort: string; readonly content: CaseSecrets["message"] }[];
  readonly assurances: readonly {
    readonly fact: string;
    readonly verdict: string;
    readonly code: string;
    readonly clause: string;
    readonly because: string;
    readonly since: Instant;
    readonly validTo?: string;
    readonly evidence: unknown;
  }[];
  /** `confirmed`: a person has looked; `proposed`: the lines and verdicts are only what the text suggests. */
  readonly details: "confirmed" | "proposed" | "none";
  readonly confirmed?: DetailsConfirmed;
  readonly privateDetails: CaseSecrets["details"];
  readonly proposal?: DetailsProposal;
  readonly missing: readonly { readonly id: string; readonly clause: string; readonly code: string; readonly ask: string }[];
  readonly lines: readonly LineView[];
  readonly checks: readonly { readonly id: string; readonly question: string; readonly answer: string; readonly answeredBy: string }[];
  readonly referral: string;
  /** Once something was released, the gate as it stood at that moment (`asOf`): what ran out since then changes nothing. */
  readonly gate: { readonly open: boolean; readonly bars: readonly Bar[]; readonly reasons: readonly Reason[]; readonly asOf?: Instant };
  readonly clocks: readonly RunningClock[];
  readonly gags: readonly Gag[];
  readonly notice: { readonly told: readonly string[]; readonly withheld?: string; readonly late: boolean; readonly objected: boolean };
  readonly letters: readonly LetterView[];
  readonly release: {
    readonly plan?: string;
    readonly reads: number;
    readonly expected: number;
    readonly checked?: boolean;
    readonly approvals: number;
    readonly released: boolean;
    readonly downloads: number;
    readonly records: Readonly<Record<string, number>>;
    /** Productions of this case that were taken back. */
    readonly recalled: number;
    /** Of the package that is sealed. */
    readonly package?: string;
    readonly sha256?: string;
    readonly bytes?: number;
    readonly redaction: RedactionView;
  };
  /** Copies of other cases that answer this one, and those that could. */
  readonly linkedCopies: readonly LinkedCopy[];
  readonly keptElsewhere: readonly KeptElsewhere[];
  readonly steps: readonly PossibleStep[];
  readonly timeline: readonly { readonly version: number; readonly type: string; readonly at: Instant; readonly by: string }[];
}

export async function findCaseView(desk: Desk, caseId: CaseId, by: Actor, askers: readonly Asker[]): Promise<CaseView | undefined> {
  const history = await readCase(desk, caseId);
  const { received } = intakeOf(history);
  if (received === undefined) return undefined;
  const at = caseCircumstances(desk, history, by, "");
  const secrets = await openSecrets(desk, caseId, history);
  const { details } = intakeOf(history);
  const proposal = details === undefined ? await proposeDetails(desk, history, secrets) : undefined;
  return {
    ...(await peopleAndPaper(desk, history, secrets)),
    forms: await formsOf(desk, history, secrets.reading as SealedReading | undefined),
    ...lawful(desk, history, at, secrets, proposal),
    ...(await lawOf(desk, history, at, details?.instrument ?? proposal?.instrument)),
    caseId,
    receivedAt: received.receivedAt,
    door: received.door,
    packs: received.packs,
    ...(proposal === undefined ? {} : { proposal }),
    clocks: clocksOf(history, at),
    letters: await lettersOf(desk, history),
    release: releaseView(history),
    linkedCopies: await readLinkedCopies(desk, caseId, history, at),
    keptElsewhere: await findKeptElsewhere(desk, caseId, history, at),
    steps: stepsFor(askers, history, at),
    timeline: history.map(({ version, fact, at: when, by: who }) => ({ version, type: fact.type, at: when, by: who })),
  };
}

async function peopleAndPaper(desk: Desk, history: History, { message, reading, details }: CaseSecrets) {
  const since = new Map(history.flatMap(({ fact, at }) => (fact.type === "AssuranceRecorded" ? [[fact.fact, at] as const] : [])));
  const assurances = await Promise.all(
    [...assurancesOf(history).values()].map(async ({ type: _, evidence, ...assurance }) => ({
      ...assurance,
      since: since.get(assurance.fact) ?? instant("1970-01-01T00:00:00Z"),
      evidence: evidence === undefined ? undefined : await findSealed(desk.ports, desk.id, evidence),
    })),
  );
  const followUps = await Promise.all(
    history
      .flatMap(({ fact }) => (fact.type === "FollowUpReceived" ? [fact] : []))
      .map(async ({ receivedAt, sort, content }) => ({
        receivedAt,
        sort,
        content: (await findSealed(desk.ports, desk.id, content)) as unknown as CaseSecrets["message"],
      })),
  );
  return { message, reading, followUps, privateDetails: details, assurances, duplicates: intakeOf(history).duplicates };
}

/** Everything the rules say: from confirmed details when there are some, from what the text suggests otherwise. */
function lawful(desk: Desk, history: History, at: Circumstances, secrets: CaseSecrets, proposal: DetailsProposal | undefined) {
  const { details, reading } = intakeOf(history);
  const rules = details ?? (proposal === undefined ? undefined : provisional(proposal));
  const names = { details: secrets.details ?? proposal?.private };
  const unsigned = () => (details === undefined ? (rules === undefined ? [] : verdictsFor(rules, at)) : verdictsOf(history, at));
  const verdicts = new Map((reviewOf(history).signed?.lines ?? unsigned()).map((verdict) => [verdict.line, verdict]));
  const missing = details?.missing ?? reading?.missing ?? [];
  const outcome = outcomeOf(history);
  const notice = noticeOf(history);
  return {
    standing: standing(history),
    stage: stageOf(history, at),
    ...(outcome === undefined ? {} : { outcome }),
    secret: isSecret(history, at),
    details: details !== undefined ? ("confirmed" as const) : rules === undefined ? ("none" as const) : ("proposed" as const),
    ...(details === undefined ? {} : { confirmed: details }),
    missing: desk.policy.requiredContents.filter(({ id }) => missing.includes(id)),
    lines: (rules?.lines ?? []).map((line): LineView => {
      const verdict = verdicts.get(line.id);
      return {
        id: line.id,
        words: lineWords(desk, line, names),
        dataType: line.dataType,
        ...(line.from === undefined ? {} : { from: line.from }),
        ...(line.to === undefined ? {} : { to: line.to }),
        decision: verdict?.decision ?? "ask",
        reasons: verdict?.reasons ?? [],
        notes: verdict?.notes ?? [],
        citation: verdict?.citation ?? "",
        ...(verdict?.rule === undefined ? {} : { rule: verdict.rule }),
      };
    }),
    checks: checkStates(history, at).map(({ check, answer, answeredBy }) => ({ id: check.id, question: check.question, answer, answeredBy })),
    referral: reviewOf(history).referral,
    gate: gateView(history, at),
    gags: gagsOf(history),
    notice: {
      told: [...notice.given.keys()],
      ...(notice.withheld === undefined ? {} : { withheld: notice.withheld.ground }),
      late: notice.lateDue !== undefined,
      objected: notice.objected,
    },
  };
}

function gateView(history: History, at: Circumstances): CaseView["gate"] {
  const { then: before, since } = aroundRelease(history);
  const moment = releaseOf(history).released === undefined ? undefined : since[0]?.at;
  if (moment === undefined) return { open: gateReasons(history, at).length === 0, bars: gate(history, at), reasons: gateReasons(history, at) };
  const then = { ...at, now: moment, today: dayOf(moment, at.zone) };
  return { open: gateReasons(before, then).length === 0, bars: gate(before, then), reasons: gateReasons(before, then), asOf: moment };
}

/** Details as the text suggests them, so that the same rules can say what they would mean. */
function provisional(proposal: DetailsProposal): DetailsConfirmed {
  const { instrument } = proposal;
  return {
    type: "DetailsConfirmed",
    revision: 0,
    nature: proposal.nature,
    ...(instrument === undefined
      ? {}
      : {
          instrument: withMoments(instrument),
        }),
    subjects: proposal.subjects,
    ...(proposal.places === undefined ? {} : { places: proposal.places }),
    lines: proposal.lines.map(({ from, to, ...line }) => ({
      ...line,
      ...(from === undefined ? {} : { from: day(from) }),
      ...(to === undefined ? {} : { to: day(to) }),
    })),
    missing: [],
    details: { vault: "", commitment: "" },
  };
}

function withMoments({ servedAt, issuedOn, expiresOn, returnOn, validatedAt, ...facts }: NonNullable<DetailsProposal["instrument"]>): InstrumentFacts {
  return {
    ...facts,
    servedAt: instant(servedAt),
    ...(issuedOn === undefined ? {} : { issuedOn: day(issuedOn) }),
    ...(expiresOn === undefined ? {} : { expiresOn: day(expiresOn) }),
    ...(returnOn === undefined ? {} : { returnOn: day(returnOn) }),
    ...(validatedAt === undefined ? {} : { validatedAt: instant(validatedAt) }),
  };
}

async function lettersOf(desk: Desk, history: History): Promise<readonly LetterView[]> {
  const fates = new Map(
    history.flatMap(({ fact }) =>
      fact.type === "LetterSent" || (fact.type === "LetterFailed" && fact.permanent)
        ? [[fact.letter, fact.type === "LetterSent" ? ("sent" as const) : ("failed" as const)] as const]
        : [],
    ),
  );
  const written = history.flatMap(({ fact, at }) => (fact.type === "LetterWritten" ? [{ fact, at }] : []));
  return Promise.all(
    written.map(async ({ fact: { letter, kind, to, content }, at }) => ({
      letter,
      kind,
      to,
      writtenAt: at,
      state: fates.get(letter) ?? ("waiting" as const),
      content: (await findSealed(desk.ports, desk.id, content)) as unknown as LetterContent | undefined,
    })),
  );
}

function releaseView(history: History): CaseView["release"] {
  const { plan, check, approvals, released, downloads, sealed, recalled } = releaseOf(history);
  return {
    ...(plan === undefined ? {} : { plan: plan.plan }),
    reads: plan?.reads.length ?? 0,
    expected: plan?.reads.reduce((sum, { expected }) => sum + expected, 0) ?? 0,
    ...(check === undefined ? {} : { checked: check.passed }),
    approvals: new Set(approvals.map(({ by }) => by)).size,
    released: released !== undefined,
    downloads,
    records: sealed?.records ?? {},
    recalled: recalled.length,
    redaction: redactionView(history),
    ...(sealed === undefined ? {} : { sha256: sealed.sha256, package: sealed.package, bytes: sealed.bytes }),
  };
}

function redactionView(history: History): RedactionView {
  const { check, sealed } = releaseOf(history);
  const redaction = redactionOf(history);
  return {
    hasRules: redaction.rules !== undefined,
    counts: sealed?.redactions ?? check?.redactions ?? {},
    others: check?.others ?? {},
    files: check?.files ?? {},
    papers: (check?.papers ?? []).map((paper) => {
      const state = redaction.papers.get(paper) ?? untouched;
      return {
        paper,
        regions: state.marked?.regions ?? 0,
        approved: state.approved.size,
        ...(state.pages === undefined ? {} : { pages: state.pages }),
        isOpen: mustBeRedacted(redaction, paper) && !everyPageApproved(state),
      };
    }),
  };
}
