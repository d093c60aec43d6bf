// Counts one case for the yearly report, fact by fact, with flat memory for each case.
import type { Day, Instant } from "../kernel/instant.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Outcome } from "../requests/disclosure/events.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../requests/intake/events.ts";
import type { DataType } from "../policy/pack.ts";

/** Answer states of the report, in its order. A set-aside message is no request and is in no column. */
export const outcomes = ["produced_full", "produced_partial", "rejected", "referred", "withdrawn", "challenged", "no_records", "pending"] as const;
export type CountedOutcome = (typeof outcomes)[number];

export interface Tally {
  readonly receivedAt?: Instant;
  readonly instrument?: string;
  /** Every paper the reading proposed; gone once a person confirmed which one it is. */
  readonly proposed?: readonly string[];
  /** Whose data was asked for: the accounts and identifiers a paper targets. */
  readonly selectors: number;
  /** The first order of its kind on a new platform, product or service. */
  readonly newPlatform: boolean;
  readonly setAside: boolean;
  readonly linesAsked: number;
  /** Ids signed as allowed, and those every ruling left standing. */
  readonly allowed: readonly string[];
  readonly left?: readonly string[];
  readonly released: boolean;
  /** Whether every line that was asked left with it. */
  readonly full: boolean;
  readonly records: Readonly<Record<string, number>>;
  readonly accounts: number;
  /** What is sealed and has not left. */
  readonly packed?: Pick<Tally, "records" | "accounts">;
  readonly closed?: Outcome;
  readonly noticeBefore: boolean;
  readonly noticeLate: boolean;
  readonly withheld?: "gag" | "illegal-conduct" | "risk-of-harm";
  readonly liftAttempts: number;
  readonly lifted: number;
}

export const emptyTally: Tally = {
  selectors: 0,
  newPlatform: false,
  setAside: false,
  linesAsked: 0,
  allowed: [],
  released: false,
  full: false,
  records: {},
  accounts: 0,
  noticeBefore: false,
  noticeLate: false,
  liftAttempts: 0,
  lifted: 0,
};

export function count(tally: Tally, fact: CaseFact): Tally {
  switch (fact.type) {
    case "RequestReceived":
      return { ...tally, receivedAt: fact.receivedAt };
    case "ReadingProposed":
      return fact.instruments[0] === undefined || tally.instrument !== undefined
        ? tally
        : { ...tally, instrument: fact.instruments[0], proposed: fact.instruments };
    case "SetAside":
      return { ...tally, setAside: true };
    case "DetailsConfirmed":
      return confirmed(tally, fact);
    case "ReviewSigned":
      return { ...tally, allowed: fact.lines.filter(({ decision }) => decision === "allow").map(({ line }) => line) };
    case "ChallengeResolved":
      return fact.lines === undefined ? tally : { ...tally, left: fact.lines.filter((line) => tally.left?.includes(line) ?? true) };
    case "PackageSealed":
      return { ...tally, packed: { records: fact.records, accounts: fact.accounts } };
    case "ProductionReleased":
      return releasedNow(tally);
    case "ProductionRecalled":
      // What was fetched before it was taken back was disclosed.
      return fact.downloads > 0 ? reopened(tally) : { ...reopened(tally), released: false, full: false, records: {}, accounts: 0 };
    case "NoticeGiven":
      return tally.released || fact.late ? { ...tally, noticeLate: true } : { ...tally, noticeBefore: true };
    case "NoticeWithheld":
      return { ...tally, withheld: fact.ground };
    case "GagLiftAttempted":
      return { ...tally, liftAttempts: tally.liftAttempts + 1, lifted: tally.lifted + (fact.answer === "granted" ? 1 : 0) };
    case "CaseClosed":
      return { ...tally, closed: fact.outcome };
    default:
      return tally;
  }
}

/** A paper that was confirmed takes the place of everything the reading proposed; without one, the proposal stands. */
function confirmed(tally: Tally, { instrument, lines, subjects }: DetailsConfirmed): Tally {
  const asked = { ...tally, setAside: false, linesAsked: lines.length, selectors: subjects.length, allowed: [] };
  if (instrument === undefined) return asked;
  const { proposed: _, ...rest } = asked;
  // Said of a national-security order alone; a paper that does not say it is no such order.
  const { id, newPlatform = false }: InstrumentFacts & { readonly newPlatform?: boolean } = instrument;
  return { ...rest, instrument: id, newPlatform };
}

function reopened({ closed: _, ...tally }: Tally): Tally {
  return tally;
}

function releasedNow(tally: Tally): Tally {
  const { left, allowed } = tally;
  const lines = left === undefined ? allowed : allowed.filter((line) => left.includes(line));
  return { ...tally, ...tally.packed, released: true, full: lines.length === tally.linesAsked };
}

export function outcomeOfTally(tally: Tally): CountedOutcome {
  if (tally.closed !== undefined && tally.closed !== "not_a_request") return tally.closed;
  if (!tally.released) return "pending";
  if (sum(tally.records) === 0) return "no_records";
  return tally.full ? "produced_full" : "produced_partial";
}

export function disclosed(tally: Tally, dataTypes: readonly DataType[]): { readonly content: boolean; readonly nonContent: boolean } {
  const kinds = Object.entries(tally.records).flatMap(([id, records]) => (records > 0 ? [dataTypes.find((type) => type.id === id)?.kind] : []));
  return { content: tally.released && kinds.includes("content"), nonContent: tally.released && kinds.includes("non-content") };
}

export function receivedIn(tally: Tally, year: number, dayOf: (moment: Instant) => Day): boolean {
  return tally.receivedAt !== undefined && dayOf(tally.receivedAt).startsWith(`${year}-`);
}

function sum(records: Readonly<Record<string, number>>): number {
  return Object.values(records).reduce((total, n) => total + n, 0);
}
