// A case for tests, told step by step: the real packs, the real decisions, and facts built in one line each.
import assert from "node:assert/strict";
import { readShelf } from "../src/adapters/packs/read-shelf.ts";
import { given } from "../src/kernel/given.ts";
import type { Actor, DeskId } from "../src/kernel/ids.ts";
import { day, dayOf, instant, zone, type Day, type Instant } from "../src/kernel/instant.ts";
import type { Outcome } from "../src/kernel/outcome.ts";
import { refuse } from "../src/kernel/outcome.ts";
import type { Vaulted } from "../src/kernel/vaulted.ts";
import type { Recorded } from "../src/ledger/port.ts";
import type { PolicyPack } from "../src/policy/pack.ts";
import { policyInForce, type PolicyInForce } from "../src/policy/policy-in-force.ts";
import type { CaseFact } from "../src/requests/case-facts.ts";
import type { PackageSealed } from "../src/requests/disclosure/events.ts";
import type { Circumstances, Decision, History } from "../src/requests/decision.ts";
import type { DetailsConfirmed, ReadingProposed, RequestLine, RequestReceived } from "../src/requests/intake/events.ts";
import type { LetterFailed, LetterSent } from "../src/requests/letters/events.ts";
import type { LineVerdict, ReviewSigned } from "../src/requests/review/events.ts";
import { assuredFacts } from "../src/requests/verification/assurances.ts";
import type { AssuranceRecorded, AssuredFact } from "../src/requests/verification/events.ts";

const reading = await readShelf(new URL("../packs", import.meta.url).pathname);
const shelf = reading.kind === "shelf" ? reading.shelf : assert.fail(`the packs have problems: ${JSON.stringify(reading.problems[0])}`);

export const us = shelf.laws.find(({ country }) => country === "US") ?? assert.fail("no US pack");

/** Every jurisdiction on the shelf. */
export const everyLaw = shelf.laws;

export function policyPackOf(id: "data-request" | "government-request"): PolicyPack {
  return shelf.policies.find(({ pack }) => pack.id === id) ?? assert.fail(`no policy pack ${id}`);
}

/** KDRP: every ground for silence, no referral first. */
export const workplace: PolicyInForce = policyInForce([policyPackOf("data-request")]);
/** IGRP: only a secrecy order holds notice back, the customer is tried first. */
export const learning: PolicyInForce = policyInForce([policyPackOf("government-request")]);
export const both: PolicyInForce = policyInForce([policyPackOf("data-request"), policyPackOf("government-request")]);

const denver = zone("America/Denver");
export const people = {
  ada: "staff:ada" as Actor,
  ben: "staff:ben" as Actor,
  cleo: "staff:cleo" as Actor,
  desk: "desk" as Actor,
  owner: "owner:acme" as Actor,
};

/** Monday 16 November 2026, eight in the morning in Denver, unless told otherwise. */
export function at(now = "2026-11-16T15:00:00Z", changes: Partial<Omit<Circumstances, "now" | "today">> = {}): Circumstances {
  const moment = instant(now);
  const place = changes.zone ?? denver;
  return { now: moment, today: dayOf(moment, place), zone: place, by: people.ada, policy: workplace, laws: [us], fresh: "fresh-id", ...changes };
}

export function recorded(fact: CaseFact, on: { readonly now: Instant; readonly by: Actor }, version: number): Recorded<CaseFact> {
  return { desk: "desk-1" as DeskId, stream: "case:C-TEST-CASE", version, at: on.now, by: on.by, fact };
}

/** Facts in order, all recorded in these circumstances. */
export function history(facts: readonly CaseFact[], on: Circumstances = at("2026-11-02T17:00:00Z"), before: History = []): History {
  return [...before, ...facts.map((fact, index) => recorded(fact, on, before.length + index + 1))];
}

export function without(from: History, index: number): History {
  return from.filter((_, place) => place !== index);
}

/** What the only road to the ledger does with a command: schema, private values, every reason against, decision. */
export function ask(
  command: { readonly type: string; readonly [member: string]: unknown },
  step: Decision,
  past: History,
  on: Circumstances,
): Outcome<CaseFact> {
  assert.equal(command.type, step.name);
  const { private: secret, ...open } = step.schema.parse(command) as { readonly private?: unknown };
  const circumstances = secret === undefined ? on : { ...on, evidence: sealed(`evidence-${past.length}`) };
  const [first, ...rest] = step.against(past, circumstances);
  return first === undefined ? step.decide(open as never, past, circumstances) : refuse(first, ...rest);
}

/** `told(history, step).when({...}, at()).then({...})`: the command needs no `type`. */
export function told(past: History, step: Decision) {
  return given<Readonly<Record<string, unknown>>, CaseFact, History, Circumstances>(past, (command, facts, on) =>
    ask({ type: step.name, ...command }, step, facts, on),
  );
}

/** Takes a step that must be possible and gives back the longer history. */
export function take(past: History, step: Decision, command: Readonly<Record<string, unknown>>, on: Circumstances): History {
  const outcome = ask({ type: step.name, ...command }, step, past, on);
  assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
  return outcome.kind === "accepted" ? history(outcome.facts, on, past) : past;
}

export function sealed(name: string): Vaulted {
  return { vault: name, commitment: `commitment-of-${name}` };
}

export function received(receivedAt = "2026-11-02T17:00:00Z"): RequestReceived {
  return {
    type: "RequestReceived",
    door: "mail",
    receivedAt: instant(receivedAt),
    message: { object: "object-1", bytes: 2048, commitment: "c" },
    packs: ["data-request@2026.1", "us@2026.1"],
  };
}

export function proposed(changes: Partial<ReadingProposed> = {}): ReadingProposed {
  return {
    type: "ReadingProposed",
    sort: "request",
    language: "en",
    languageKnown: true,
    instruments: ["US-SW"],
    dataTypes: ["messages"],
    missing: [],
    marks: [],
    reading: sealed("reading"),
    ...changes,
  };
}

export function assured(fact: AssuredFact, changes: Partial<AssuranceRecorded> = {}): AssuranceRecorded {
  return {
    type: "AssuranceRecorded",
    fact,
    verdict: "met",
    code: "MET",
    clause: fact === "call-back" ? "V02" : "KDRP-3",
    because: "The desk has seen it.",
    ...changes,
  };
}

export const fullyAssured: readonly AssuranceRecorded[] = assuredFacts.map((fact) =>
  fact === "call-back" ? assured(fact, { validTo: day("2027-02-14") }) : assured(fact),
);

export function line(id: string, changes: Partial<RequestLine> = {}): RequestLine {
  return { id, subject: "S1", dataType: "messages", from: day("2026-03-01"), to: day("2026-03-31"), ...changes };
}

/** A search warrant of 30 October 2026, served on 2 November, for one account in the workspace `acme`. */
export function details(changes: Partial<DetailsConfirmed> = {}): DetailsConfirmed {
  return {
    type: "DetailsConfirmed",
    revision: 1,
    nature: "criminal",
    instrument: { id: "US-SW", signedBy: "judge", issuedOn: day("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") },
    subjects: [{ id: "S1", workspace: "acme", resolved: true }],
    lines: [line("L1")],
    missing: [],
    details: sealed("details"),
    ...changes,
  };
}

export function verdict(id: string, changes: Partial<LineVerdict> = {}): LineVerdict {
  return { line: id, decision: "allow", reasons: [], citation: "18 USC 2703(a)", ...changes };
}

export function signed(lines: readonly LineVerdict[] = [verdict("L1")], revision = 1): ReviewSigned {
  return { type: "ReviewSigned", revision, lines, packs: ["data-request@2026.1", "us@2026.1"] };
}

export function sent(letter: string): LetterSent {
  return { type: "LetterSent", letter, kind: "owner-notice", transcript: "0".repeat(64) };
}

export function failed(letter: string, permanent = true): LetterFailed {
  return { type: "LetterFailed", letter, kind: "owner-notice", permanent, code: "550" };
}

export const planA = "a".repeat(64);
export const planB = "b".repeat(64);

export function compiled(plan = planA, lines: readonly string[] = ["L1"], revision = 1): CaseFact {
  return {
    type: "PlanCompiled",
    revision,
    plan,
    reads: lines.map((id) => ({ source: "database", collection: "messages", line: id, columns: ["text"], expected: 3 })),
    nothingHeld: [],
    scope: sealed("scope"),
  };
}

export function checked(plan = planA, outside = 0): CaseFact {
  return { type: "RecordsChecked", plan, passed: outside === 0, records: 3, outside };
}

/** What sealing a package says of it. */
export const sealCommand = {
  revision: 1,
  plan: planA,
  sha256: "c".repeat(64),
  bytes: 4096,
  sealedWith: "age" as const,
  opening: "d".repeat(64),
  object: "object-1",
  records: { messages: 3 },
  accounts: 1,
  holders: Object.values(people) as string[],
  private: { opening: "AA==", shares: [] },
};

export function packaged(changes: Partial<PackageSealed> = {}): PackageSealed {
  const { private: _, ...known } = sealCommand;
  return { type: "PackageSealed", package: "package-1", ...known, shares: sealed("shares"), ...changes };
}

export function approved(gives: "share" | "opening" = "share", name = "package-1"): CaseFact {
  return { type: "ReleaseApproved", plan: planA, package: name, gives, part: sealed("part") };
}

export function approveCommand(gives: "share" | "opening" = "share", name = "package-1") {
  return { package: name, gives, private: gives === "share" ? { shares: [] } : { opening: "AA==" } };
}

export const releaseCommand = { package: "package-1", link: "link-digest" };

export function onDay(text: string): Day {
  return day(text);
}

/** Received, assured, confirmed and signed on 2 November 2026. */
export const reviewed: History = history([received(), ...fullyAssured, details(), signed()]);

/** Every bar up on 10 November 2026: notice sent on the 2nd, seven days waited, plan checked, two approvals. */
export const releasable: History = [
  ...history([
    ...reviewed.map(({ fact }) => fact),
    { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, late: false, link: "owner-link" },
    sent("letter-1"),
    compiled(),
    checked(),
    packaged(),
  ]),
].concat(
  recorded(approved(), { now: instant("2026-11-03T17:00:00Z"), by: people.ben }, 16),
  recorded(approved("opening"), { now: instant("2026-11-03T18:00:00Z"), by: people.cleo }, 17),
);
/** 00:00 of 10 November 2026 in Denver: the first moment at which `releasable` may leave. */
export const opensAt = "2026-11-10T07:00:00Z";
