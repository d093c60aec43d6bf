// Whether each customer has been told, since when, and until when nothing may leave.
import type { Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords, opensAfter, type WaitingPeriod } from "../../policy/deadline-rule.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { secrecyUndecided } from "../gag/gag-steps.ts";
import { bindingGags } from "../gag/open-gags.ts";
import type { DetailsConfirmed } from "../intake/events.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import type { LateNoticeFellDue, NoticeGiven, NoticeWithheld, WithholdingProposed } from "./events.ts";

export interface WorkspaceNotice {
  readonly given: NoticeGiven;
  /** When the notice's letter was handed over: day 0 of the waiting time. */
  readonly sentAt?: Instant;
  readonly failed: boolean;
}

export interface Notice {
  /** By workspace, for the newest revision of the details. */
  readonly given: ReadonlyMap<string, WorkspaceNotice>;
  readonly withheld?: NoticeWithheld;
  /** Every ground recorded since a notice last fell due: silence is lawful while one of them holds. */
  readonly grounds: readonly Ground[];
  readonly proposed?: { readonly fact: WithholdingProposed; readonly by: string; readonly workspaces: readonly string[] };
  /** Named by the details that were confirmed last. */
  readonly workspaces: readonly string[];
  /** A ground ended and the notice it held back is still owed. */
  readonly lateDue?: LateNoticeFellDue;
  readonly objected: boolean;
  readonly ownerAnswers: boolean;
}

interface Ground {
  readonly fact: NoticeWithheld;
  /** The customers somebody weighed it for; absent for an order, which binds whomever the request concerns. */
  readonly workspaces?: readonly string[];
}

export function noticeOf(history: History): Notice {
  const revision = revisionOf(history);
  let notice: Notice = { given: new Map(), grounds: [], workspaces: [], objected: false, ownerAnswers: false };
  for (const recorded of history) notice = evolve(notice, recorded, revision);
  return notice;
}

function evolve(notice: Notice, { fact, at, by }: History[number], revision: number): Notice {
  switch (fact.type) {
    case "DetailsConfirmed":
      return { ...notice, workspaces: workspacesIn(fact) };
    case "NoticeGiven":
      return fact.revision === revision ? { ...notice, given: new Map(notice.given).set(fact.workspace, { given: fact, failed: false }) } : notice;
    case "LetterSent":
      return withLetter(notice, fact.letter, (told) => ({ ...told, sentAt: at, failed: false }));
    case "LetterFailed":
      return fact.permanent ? withLetter(notice, fact.letter, (told) => ({ ...told, failed: true })) : notice;
    case "WithholdingProposed":
      return { ...notice, proposed: { fact, by, workspaces: notice.workspaces } };
    case "NoticeWithheld":
      return withGround(notice, fact);
    case "LateNoticeFellDue": {
      const { withheld: _, ...rest } = notice;
      return { ...rest, grounds: [], lateDue: fact };
    }
    case "OwnerObjected":
      return { ...notice, objected: true };
    case "OwnerWillAnswer":
      return { ...notice, ownerAnswers: true };
    default:
      return notice;
  }
}

/** A proposal that became a ground is spent: it cannot be approved a second time. */
function withGround({ proposed, ...notice }: Notice, fact: NoticeWithheld): Notice {
  if (fact.ground === "gag") return { ...notice, ...(proposed === undefined ? {} : { proposed }), withheld: fact, grounds: [...notice.grounds, { fact }] };
  return { ...notice, withheld: fact, grounds: [...notice.grounds, { fact, workspaces: proposed?.workspaces ?? notice.workspaces }] };
}

function withLetter(notice: Notice, letter: string, change: (told: WorkspaceNotice) => WorkspaceNotice): Notice {
  const found = [...notice.given].find(([, { given }]) => given.letter === letter);
  return found === undefined ? notice : { ...notice, given: new Map(notice.given).set(found[0], change(found[1])) };
}

/** The workspaces whose owners the promise is owed to. */
export function affectedWorkspaces(history: History): readonly string[] {
  const { details } = intakeOf(history);
  return details === undefined ? [] : workspacesIn(details);
}

function workspacesIn({ subjects }: DetailsConfirmed): readonly string[] {
  return [...new Set(subjects.flatMap(({ workspace }) => (workspace === undefined ? [] : [workspace])))];
}

/** Workspaces whose owner has not been told, or could not be reached. */
export function untoldWorkspaces(history: History): readonly string[] {
  const { given } = noticeOf(history);
  return affectedWorkspaces(history).filter((workspace) => given.get(workspace)?.failed ?? true);
}

/** The customer's time to object: day of notice is day 0, days 1 to n belong to the customer. Undefined until the letter was sent. */
export function waitingOf({ given, sentAt }: WorkspaceNotice, at: Pick<Circumstances, "zone" | "policy">): WaitingPeriod | undefined {
  if (sentAt === undefined) return undefined;
  return opensAfter({ days: given.noticeDays, clause: clauseOf(at) }, { event: "notice sent", at: sentAt }, { zone: at.zone, holidays: [] });
}

/** Every reason why the promise to tell the customer first does not yet allow disclosure. */
export function noticeReasons(history: History, at: Circumstances): readonly Reason[] {
  const notice = noticeOf(history);
  if (notice.ownerAnswers)
    return [
      {
        clause: "IGRP-3",
        code: "OWNER_ANSWERS",
        because: "The customer will answer the agency itself. The desk discloses nothing while they deal with each other.",
      },
    ];
  if (secrecyUndecided(history, at)) return [undecided(at)];
  const workspaces = affectedWorkspaces(history);
  if (workspaces.length === 0) return [owed(at)];
  const reasons = workspaces.flatMap((workspace) => workspaceReasons(notice, workspace, history, at));
  return reasons.filter((reason, index) => reasons.findIndex(({ because }) => because === reason.because) === index);
}

function workspaceReasons(notice: Notice, workspace: string, history: History, at: Circumstances): readonly Reason[] {
  const told = notice.given.get(workspace);
  const reached = told !== undefined && !told.failed;
  if (!reached && silenceHolds(history, at, workspace)) return [];
  return told === undefined ? [owed(at)] : waitingReasons(told, at);
}

/** Whether at least one ground for silence holds today, towards this customer or towards any. */
export function silenceHolds(history: History, at: Circumstances, workspace?: string): boolean {
  return noticeOf(history).grounds.some(
    ({ fact, workspaces }) => (workspace === undefined || workspaces === undefined || workspaces.includes(workspace)) && withholdingHolds(fact, history, at),
  );
}

/** Why the customer may not be told today, also when a person would like to: an order that binds, or one that nobody has decided on. */
export function secrecyReasons(history: History, at: Circumstances): readonly Reason[] {
  const clause = cite(at.policy, "IGRP-1", "KDRP-13");
  const open: readonly Reason[] = secrecyUndecided(history, at)
    ? [
        {
          clause,
          code: "SECRECY_UNDECIDED",
          because: "The message seems to carry a secrecy order. Record the order, or answer it as a mere wish, before the customer is told.",
        },
      ]
    : [];
  const binding = bindingGags(history, at.today).map(({ end }) => ({
    clause,
    code: "GAGGED",
    because:
      end === undefined
        ? "A secrecy order without an end forbids the notice. Ask the court to set an end or to lift it."
        : `A secrecy order forbids the notice until the end of ${end}. It falls due by itself on the next day.`,
  }));
  return [...open, ...binding];
}

function undecided(at: Circumstances): Reason {
  return {
    clause: clauseOf(at),
    code: "SECRECY_UNDECIDED",
    because:
      "The paper is secret by its own law, or may be, and nobody has said so on record. Record the secrecy it carries before anybody is told or anything leaves.",
  };
}

function owed(at: Circumstances): Reason {
  return { clause: clauseOf(at), code: "NOTICE_OWED", because: "The customer has not been told. Send the notice, or withhold it on a recorded lawful ground." };
}

function clauseOf(at: Pick<Circumstances, "policy">): string {
  return cite(at.policy, "KDRP-13", "IGRP-1");
}

function waitingReasons(told: WorkspaceNotice, at: Circumstances): readonly Reason[] {
  const clause = clauseOf(at);
  if (told.failed) return [{ clause, code: "NOTICE_NOT_DELIVERED", because: "The notice could not be delivered. Send it to another contact of the customer." }];
  const waiting = waitingOf(told, at);
  if (waiting === undefined) return [{ clause, code: "NOTICE_NOT_SENT", because: "The notice is written and waits to be sent." }];
  if (at.now >= waiting.opensAt) return [];
  return [
    {
      clause,
      code: "NOTICE_WAITING",
      because: `The customer has until the end of ${dayWords(waiting.lastDay)} to object. Data may leave from ${dayWords(waiting.opensOn)}.`,
    },
  ];
}

/** A ground holds only while what it rests on holds: a gag that binds today, or a review day that has not passed. */
function withholdingHolds(withheld: NoticeWithheld, history: History, at: Circumstances): boolean {
  if (!at.policy.settings.noticeExceptions.includes(withheld.ground)) return false;
  if (withheld.ground === "gag") return bindingGags(history, at.today).some(({ gag }) => gag === withheld.gag);
  return withheld.reviewOn !== undefined && at.today <= withheld.reviewOn;
}
