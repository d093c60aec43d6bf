// Random lives of a case: sensible steps and senseless ones, all through the real decisions, with a clock that jumps.
import fc from "fast-check";
import { steps } from "../src/app/steps.ts";
import type { Actor } from "../src/kernel/ids.ts";
import { addDays, addHours, instant, type Instant } from "../src/kernel/instant.ts";
import type { PolicyInForce } from "../src/policy/policy-in-force.ts";
import type { CaseFact } from "../src/requests/case-facts.ts";
import { challengesOf } from "../src/requests/challenge/module.ts";
import type { Circumstances, History } from "../src/requests/decision.ts";
import { gateReasons, linesToProduce, releaseOf } from "../src/requests/disclosure/module.ts";
import { bindingGags, gagsOf } from "../src/requests/gag/module.ts";
import { intakeOf } from "../src/requests/intake/module.ts";
import { noticeOf, untoldWorkspaces } from "../src/requests/notice/module.ts";
import { redactionOf, untouched } from "../src/requests/redaction/module.ts";
import { checkStates, reviewOf, verdictsFor } from "../src/requests/review/module.ts";
import { assuredFacts, assurancesOf, outstandingAssurances } from "../src/requests/verification/assurances.ts";
import {
  approveCommand,
  ask,
  assured,
  at,
  both,
  failed,
  history as facts,
  learning,
  people,
  planA,
  planB,
  proposed,
  received,
  sealCommand,
  sent,
  workplace,
} from "./a-case.ts";

/** `PROPERTY_RUNS` sets how many cases each property tries; 2,000 when it is silent. */
export const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 2000) };

interface Move {
  readonly what: string;
  /** Whatever the move has to choose. */
  readonly n: number;
  readonly by: Actor;
  readonly hours: number;
}

export interface Life {
  readonly policy: PolicyInForce;
  readonly moves: readonly Move[];
}

const staff = [people.ada, people.ben, people.cleo];
const dataTypes = ["messages", "name", "audit-log", "file-names", "realtime-content", "location"];
const papers = ["US-SW", "US-SW", "US-SW", "US-SUBP-GJ", "US-D", "US-EDR", "US-CONSENT", "US-T3", "US-CIVIL", "US-PRES", undefined];

type Command = { readonly type: string; readonly [member: string]: unknown };
type Deed = { readonly command: Command } | { readonly fact: CaseFact } | { readonly wait: number } | undefined;
type Doing = (past: History, on: Circumstances, n: number) => Deed;

function pick<Item>(items: readonly Item[], n: number): Item | undefined {
  return items[n % Math.max(items.length, 1)];
}

function command(type: string, members: Readonly<Record<string, unknown>> = {}): Deed {
  return { command: { type, ...members } };
}

function confirm(on: Circumstances, n: number, paper: string | undefined, wild: boolean): Deed {
  const workspaces = n % 3 === 0 ? ["acme", "bolt"] : ["acme"];
  const subjects = workspaces.map((workspace, index) =>
    wild && n % 7 === 0 ? { id: `S${index}`, resolved: false } : { id: `S${index}`, workspace, resolved: true },
  );
  const lines = [0, 1, 2].slice(0, 1 + (n % 3)).map((index) => ({
    id: `L${index}`,
    subject: `S${index % workspaces.length}`,
    dataType: wild ? pick(dataTypes, n + index) : "messages",
    from: wild && n % 5 === 0 ? addDays(on.today, 1) : addDays(on.today, -60),
    to: addDays(on.today, wild ? (n % 9) - 3 : -30),
  }));
  const instrument =
    paper === undefined
      ? {}
      : { instrument: { id: paper, signedBy: wild && n % 6 === 0 ? "nobody" : "judge", issuedOn: addDays(on.today, wild ? -(n % 20) : -1), servedAt: on.now } };
  const given = wild && n % 4 === 0 ? [] : ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"];
  return command("ConfirmDetails", { nature: "criminal", ...instrument, subjects, lines, private: { subjects: {} }, given });
}

function sign(past: History, on: Circumstances, n: number, strict: boolean): Deed {
  const waiting = checkStates(past, on).filter(({ answer }) => answer === "waiting");
  if (waiting.length > 0) return command("AnswerChecks", { answers: waiting.map(({ check }) => ({ check: check.id, answer: "yes" })), private: { note: "" } });
  const { details } = intakeOf(past);
  const open = details === undefined ? [] : verdictsFor(details, on).filter(({ decision }, index) => decision === "ask" || (strict && (n >> index) % 2 === 1));
  return command("SignReview", { leaveOut: open.map(({ line }) => line), private: { reasoning: "Read and weighed." } });
}

function tell(past: History, on: Circumstances): Deed {
  const gag = bindingGags(past, on.today)[0];
  return gag === undefined
    ? command("GiveNotice", { workspace: untoldWorkspaces(past)[0] ?? "acme", link: "digest" })
    : command("WithholdForGag", { gag: gag.gag });
}

function post(past: History, n: number, arrives: boolean): Deed {
  const letter = pick(
    [...noticeOf(past).given.values()].filter(({ sentAt }) => !arrives || sentAt === undefined),
    n,
  )?.given.letter;
  if (letter === undefined) return undefined;
  return { fact: arrives ? sent(letter) : failed(letter, n % 2 === 0) };
}

function assure(past: History, on: Circumstances, n: number): Deed {
  const known = assurancesOf(past);
  const owed = pick(
    assuredFacts.filter((fact) => known.get(fact)?.verdict !== "met" || (known.get(fact)?.validTo ?? on.today) < on.today),
    n,
  );
  if (owed === "call-back")
    return command("RecordCallBack", { answer: "confirmed", numberSource: "agency-directory", private: { number: "+1 303 555 0100", answeredBy: "Clerk" } });
  if (owed === "contact-details") return confirm(on, n, "US-SW", false);
  return owed === undefined ? undefined : { fact: assured(owed) };
}

function refer(past: History, n: number): Deed {
  if (n % 3 === 0) return command("WaiveReferral", { ground: "only-holder" });
  return reviewOf(past).referral === "made" ? command("RecordReferralAnswer", { answer: "agency-declines" }) : command("ReferToCustomer");
}

function plan(past: History, n: number, lines: readonly string[]): Deed {
  return command("RecordPlan", {
    plan: n % 2 === 0 ? planA : planB,
    reads: lines.map((line) => ({ source: "database", collection: "messages", line, columns: ["text"], expected: n % 4 })),
    nothingHeld: [],
    private: {},
  });
}

const somePapers = ["paper-of-the-production-1", "paper-of-the-production-2"];

function check(past: History, outside: number, n = 0): Deed {
  const { rules } = redactionOf(past);
  const seen = { papers: somePapers.slice(0, n % 3), files: n % 5 === 0 ? { image: 2 } : {}, others: n % 4 === 0 ? { L0: 1 } : {} };
  return command("RecordCheck", {
    plan: releaseOf(past).plan?.plan ?? planA,
    records: 5,
    outside,
    ...(rules === undefined ? {} : { rules: rules.rules }),
    ...seen,
  });
}

function setRules(past: History, n: number): Deed {
  const { rules: now } = redactionOf(past);
  const before = now === undefined ? {} : { before: now.rules };
  const [fields, texts, people] = [n % 2, n % 3, n % 4 === 0 ? 1 : 0];
  return command("SetRedactions", {
    rules: `digest-of-the-rules-number-${n}`,
    fields,
    texts,
    people,
    reasons: { THIRD_PARTY: fields + texts + people },
    ...before,
    private: {},
  });
}

function markPaper(n: number): Deed {
  return command("MarkPaper", { paper: pick(somePapers, n), regions: n % 3, reasons: { PRIVILEGE: n % 3 }, private: {} });
}

function approvePages(past: History, n: number): Deed {
  const { rules, papers } = redactionOf(past);
  const isWhole = (paper: string) => (papers.get(paper) ?? untouched).approved.size === 2;
  const paper = somePapers.find((each) => !isWhole(each)) ?? somePapers[0];
  const view = `digest-of-a-view-of-the-paper-${papers.get(paper ?? "")?.marked?.regions ?? 0}`;
  return command("ApprovePages", { paper, view, pages: n % 3 === 0 ? [1 + (n % 2)] : [1, 2], of: 2, ...(rules === undefined ? {} : { rules: rules.rules }) });
}

function allowFiles(): Deed {
  return command("AllowFiles", { kinds: ["image"], files: 2, private: { reason: "Holiday pictures without people." } });
}

function seal(past: History): Deed {
  const { plan: compiled } = releaseOf(past);
  const { rules, marks } = redactionOf(past);
  const records = { messages: compiled?.reads.reduce((sum, { expected }) => sum + expected, 0) ?? 0 };
  return command("SealPackage", {
    ...sealCommand,
    plan: compiled?.plan ?? planA,
    revision: compiled?.revision ?? 0,
    records,
    marks,
    holders: staff,
    ...(rules === undefined ? {} : { rules: rules.rules }),
  });
}

function approve(past: History, name = releaseOf(past).sealed?.package ?? "none"): Deed {
  return command("ApproveRelease", approveCommand(releaseOf(past).approvals.length === 0 ? "share" : "opening", name));
}

function resolve(past: History, outcome: string, n: number): Deed {
  const pending = challengesOf(past).find(({ resolved }) => resolved === undefined);
  const lines = outcome === "narrowed" ? { lines: (intakeOf(past).details?.lines ?? []).filter((_, index) => (n >> index) % 2 === 0).map(({ id }) => id) } : {};
  return pending === undefined
    ? undefined
    : command("ResolveChallenge", { challenge: pending.opened.challenge, outcome, ...lines, private: { ruling: "So ordered.", appeal: "None." } });
}

function recordGag(on: Circumstances, n: number): Deed {
  const end = n % 5 === 0 ? {} : { end: addDays(on.today, n % 40) };
  return command("RecordGag", {
    instrument: n % 11 === 0 ? "US-SW" : "US-NDO",
    issuedBy: n % 7 === 0 ? "requester" : "judge",
    start: addDays(on.today, (n % 3) - 1),
    ...end,
    private: { court: "D. Colo.", number: "26-1", scope: "this warrant" },
  });
}

/** The step that answers one of the reasons against release: what a diligent desk would do next. */
const remedies: Readonly<Record<string, Doing>> = {
  NO_INSTRUMENT: (_, on, n) => confirm(on, n, "US-SW", false),
  NOT_COMPULSORY: (_, on, n) => confirm(on, n, "US-SW", false),
  REVIEW_NOT_SIGNED: (past, on, n) => (intakeOf(past).details === undefined ? confirm(on, n, "US-SW", false) : sign(past, on, n, false)),
  NO_LINE_ALLOWED: (_, on, n) => confirm(on, n, "US-SW", false),
  REFERRAL_OPEN: (past, _, n) => refer(past, n),
  NOTICE_OWED: (past, on) => tell(past, on),
  NOTICE_NOT_DELIVERED: (past, on) => tell(past, on),
  NOTICE_NOT_SENT: (past, _, n) => post(past, n, true),
  NOTICE_WAITING: (_, __, n) => ({ wait: 24 * (1 + (n % 8)) }),
  CHALLENGE_PENDING: (past, _, n) => resolve(past, n % 3 === 0 ? "narrowed" : "dismissed", n),
  NO_PLAN: (past, _, n) => plan(past, n, linesToProduce(past)),
  PLAN_OUTSIDE_LINES: (past, _, n) => plan(past, n, linesToProduce(past)),
  NOT_CHECKED: (past, _, n) => check(past, 0, n),
  RECORD_OUTSIDE_SCOPE: (past, _, n) => check(past, 0, n),
  PAGES_NOT_APPROVED: (past, _, n) => approvePages(past, n),
  FILES_NOT_LOOKED_INTO: () => allowFiles(),
  COPY_LINKED_SINCE: (past, _, n) => plan(past, n, linesToProduce(past)),
  NOT_SEALED: (past) => seal(past),
  APPROVALS_MISSING: (past) => approve(past),
};

function diligent(past: History, on: Circumstances, n: number): Deed {
  const noes = [...reviewOf(past).answers.values()].filter(({ answer }) => answer === "no");
  if (noes.length > 0) return command("AnswerChecks", { answers: noes.map(({ check: id }) => ({ check: id, answer: "yes" })), private: { note: "Settled." } });
  if (intakeOf(past).details === undefined) return confirm(on, n, "US-SW", false);
  if (outstandingAssurances(past, on.today).length > 0) return assure(past, on, n);
  const reason = pick(gateReasons(past, on), n);
  return remedies[reason?.code ?? ""]?.(past, on, n);
}

/** One of two copies that another case keeps. */
export function copyElsewhere(n: number): { readonly from: string; readonly preservation: string } {
  return { from: "C-KEEP-CASE", preservation: `elsewhere-${n % 2}` };
}

const deeds: Readonly<Record<string, Doing>> = {
  diligent,
  confirm: (_, on, n) => confirm(on, n, pick(papers, n), true),
  doubt: (_, on, n) => ({ fact: assured(pick(assuredFacts, n) ?? "reply-to", n % 2 === 0 ? { verdict: "not-met" } : { validTo: addDays(on.today, n % 30) }) }),
  callBack: (_, __, n) =>
    command("RecordCallBack", {
      answer: pick(["confirmed", "not-reached", "denied"], n),
      numberSource: "court-directory",
      private: { number: "+1 303 555 0100", answeredBy: "Clerk" },
    }),
  refer: (past, _, n) => refer(past, n),
  turned: () => command("RecordReferralAnswer", { answer: "agency-turns-to-customer" }),
  sign: (past, on, n) => sign(past, on, n, true),
  settle: (_, __, n) =>
    command("AnswerChecks", { answers: [{ check: pick(["V03", "V15", "V19", "V21", "V25"], n), answer: n % 4 === 0 ? "no" : "yes" }], private: { note: "" } }),
  gag: (_, on, n) => recordGag(on, n),
  renew: (past, on, n) =>
    command("RenewGag", {
      gag: pick(gagsOf(past), n)?.gag ?? "none",
      end: addDays(on.today, n % 60),
      private: { court: "D. Colo.", number: "26-1", scope: "same" },
    }),
  lift: (past, _, n) =>
    command("RecordLiftAttempt", {
      gag: pick(gagsOf(past), n)?.gag ?? "none",
      addressee: "court",
      beneficiary: pick(["customer", "data-protection-authority"], n),
      answer: pick(["pending", "granted", "refused"], n),
      private: { argument: "The reason has gone." },
    }),
  lapse: () => command("LapseGags"),
  tell,
  withhold: (past, _, n) => command("WithholdForGag", { gag: pick(gagsOf(past), n)?.gag ?? "none" }),
  propose: (_, on, n) =>
    command("ProposeWithholding", {
      ground: pick(["illegal-conduct", "risk-of-harm"], n),
      reviewOn: addDays(on.today, 1 + (n % 30)),
      private: { why: "A threat." },
    }),
  approveSilence: () => command("ApproveWithholding"),
  late: () => command("MakeLateNoticeDue"),
  post: (past, _, n) => post(past, n, true),
  bounce: (past, _, n) => post(past, n, false),
  object: () => command("OwnerObjects", { private: { text: "No." } }),
  answer: () => command("OwnerAnswersItself"),
  challenge: () => command("OpenChallenge", { private: { grounds: "Overbroad.", forum: "D. Colo." } }),
  resolve: (past, _, n) => resolve(past, pick(["narrowed", "dismissed", "withdrawn", "upheld"], n) ?? "dismissed", n),
  plan: (past, _, n) => plan(past, n, (intakeOf(past).details?.lines ?? []).map(({ id }) => id).slice(0, n % 3)),
  check: (past, _, n) => check(past, n % 2, n),
  redact: (past, _, n) => setRules(past, n),
  markPaper: (_, __, n) => markPaper(n),
  approvePages: (past, _, n) => approvePages(past, n),
  allowFiles: () => allowFiles(),
  seal: (past) => seal(past),
  approve: (past, _, n) => approve(past, n % 5 === 0 ? "another" : undefined),
  linkCopy: (_, __, n) => command("UseKeptCopy", copyElsewhere(n)),
  openCopy: (past, _, n) => command("RecordSnapshotUse", { ...copyElsewhere(n), plan: releaseOf(past).plan?.plan ?? planA, records: n % 5 }),
  reject: () => command("RejectRequest", { because: "overbroad" }),
  withdraw: () => command("RecordWithdrawal"),
  close: () => command("CloseCase"),
  rest: () => ({ wait: 24 * 40 }),
};

const often: readonly string[] = [
  "confirm",
  "doubt",
  "settle",
  "callBack",
  "sign",
  "gag",
  "renew",
  "lift",
  "lapse",
  "tell",
  "withhold",
  "propose",
  "approveSilence",
  "late",
  "post",
  "bounce",
  "object",
  "challenge",
  "resolve",
  "plan",
  "check",
  "redact",
  "markPaper",
  "approvePages",
  "allowFiles",
  "seal",
  "approve",
  "rest",
  "refer",
  "linkCopy",
  "openCopy",
];
const seldom: readonly string[] = ["turned", "answer", "reject", "withdraw", "close"];

const someMove: fc.Arbitrary<Move> = fc.record({
  what: fc.oneof(
    { weight: 110, arbitrary: fc.constant("diligent") },
    { weight: 40, arbitrary: fc.constantFrom(...often) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  ),
  n: fc.nat({ max: 999 }),
  by: fc.constantFrom(...staff),
  hours: fc.constantFrom(0, 0, 1, 5, 24),
});

export const someLife: fc.Arbitrary<Life> = fc.record({
  policy: fc.constantFrom(workplace, learning, both),
  moves: fc.array(someMove, { minLength: 25, maxLength: 60, size: "max" }),
});

export interface Moment {
  readonly past: History;
  readonly on: Circumstances;
}

/** Plays a life and shows every moment of it to `watch`, which may add a step of its own. Gives back the last moment. */
export function live({ policy, moves }: Life, watch: (moment: Moment) => History = ({ past }) => past): Moment {
  let now: Instant = instant("2026-09-01T15:00:00Z");
  let past: History = facts(
    [received(now), ...assuredFacts.filter((fact) => fact !== "call-back" && fact !== "contact-details").map((fact) => assured(fact)), proposed()],
    at(now),
  );
  let on = at(now, { policy });
  for (const { what, n, by, hours } of moves) {
    now = addHours(now, hours);
    on = at(now, { policy, by, fresh: `id-${past.length}` });
    const deed = deeds[what]?.(past, on, n);
    if (deed !== undefined && "wait" in deed) now = addHours(now, deed.wait);
    if (deed !== undefined && "fact" in deed) past = facts([deed.fact], on, past);
    if (deed !== undefined && "command" in deed) past = obey(deed.command, past, on);
    on = at(now, { policy, by, fresh: `own-${past.length}` });
    past = watch({ past, on });
  }
  return { past, on };
}

/** The step when nothing stands against it; otherwise nothing happens. */
export function obey(asked: Command, past: History, on: Circumstances): History {
  const step = steps.find(({ name }) => name === asked.type);
  if (step === undefined) throw new Error(`no step ${asked.type}`);
  const outcome = ask(asked, step, past, on);
  return outcome.kind === "accepted" ? facts(outcome.facts, on, past) : past;
}

/** The release that the desk would ask for at this moment. */
export function releaseOfPlan(past: History): Command {
  return { type: "Release", package: releaseOf(past).sealed?.package ?? "none", link: "digest" };
}
