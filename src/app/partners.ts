// The road to the ledger for a partner: read its facts, ask the step, write what it decided; and what only people with a right may see of it.
import { partnerIdFrom, partnerStream, type Actor, type PartnerId } from "../kernel/ids.ts";
import type { Day } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { Alongside, Claim, FactBody } from "../ledger/port.ts";
import type { ContractPack } from "../policy/contract-pack.ts";
import type { Asker } from "../requests/decision.ts";
import { dutiesOf } from "../partners/duties.ts";
import type { Duty } from "../partners/duty.ts";
import { all, last, type PartnerAsker, type PartnerCircumstances, type PartnerHistory, type PartnerStep } from "../partners/partner.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import { findPartnerStep, partnerSteps } from "../partners/steps.ts";
import { findSealed, type Desk } from "./desk.ts";
import { plain } from "./directory.ts";
import { readElections } from "./elections.ts";
import { readCommand, sealPrivate } from "./read-command.ts";

/** Name and mailboxes: what lies in the vault under the partner's own key. */
export interface PartnerDetails {
  readonly name: string;
  readonly notices: string;
  readonly security?: string;
  readonly privacy?: string;
}

export interface PartnerAsk {
  readonly partner: PartnerId;
  readonly by: Actor;
  readonly askers: readonly PartnerAsker[];
  readonly command: { readonly type: string; readonly [member: string]: unknown };
}

export type PartnerHandled =
  | { readonly kind: "done"; readonly facts: readonly PartnerFact[]; readonly version: number }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] };

const tries = 20;

function contractOf({ shelf }: Pick<Desk, "shelf">): ContractPack {
  const [contract] = shelf.contracts;
  if (contract === undefined) throw new Error("no contract pack is installed");
  return contract;
}

export function partnerActor(partner: PartnerId): Actor {
  return `partner:${partner}` as Actor;
}

/** What a member of staff may be towards partners. An approver decides releases and is one of the company's people here. */
export function partnerAskersOf(askers: readonly Asker[]): readonly PartnerAsker[] {
  if (askers.includes("counsel")) return ["vendor", "counsel"];
  return askers.includes("analyst") || askers.includes("approver") ? ["vendor"] : [];
}

export async function partnerCircumstances(desk: Desk, by: Actor): Promise<PartnerCircumstances> {
  const elections = await readElections(desk);
  return {
    now: desk.ports.clock.now(),
    by,
    contract: contractOf(desk),
    zone: desk.zone,
    // Days of a pack were read as days when it was loaded.
    holidays: (desk.laws[0]?.holidays ?? []) as unknown as readonly Day[],
    elections: new Map([...elections].map(([defect, { choice }]) => [defect, choice])),
    fresh: desk.ports.chance.id(),
  };
}

/** Empty for a partner that does not exist. */
export async function readPartner(desk: Pick<Desk, "id" | "ports">, partner: PartnerId): Promise<PartnerHistory> {
  return (await desk.ports.ledger.readStream(desk.id, partnerStream(partner))) as unknown as PartnerHistory;
}

export async function takePartnerStep(desk: Desk, { partner, by, askers, command }: PartnerAsk): Promise<PartnerHandled> {
  const step = findPartnerStep(command.type);
  if (step === undefined) return { kind: "refused", reasons: [{ clause: "INPUT", code: "UNKNOWN_STEP", because: "The partner program knows no such step." }] };
  if (!step.askers.some((asker) => askers.includes(asker))) return { kind: "refused", reasons: [notTheirs(step)] };
  const read = readCommand(step, command);
  if (read.kind === "refused") return read;
  for (let attempt = 0; attempt < tries; attempt++) {
    const history = await readPartner(desk, partner);
    const prepared = await sealPrivate(desk, partner, read.secret);
    const at = { ...(await partnerCircumstances(desk, by)), ...(prepared === undefined ? {} : { evidence: prepared.sealed }) };
    const outcome = step.decide(read.open as never, history, at);
    if (outcome.kind === "refused") return outcome;
    const claims = await mailboxClaims(desk, command);
    const alongside = { ...prepared?.alongside, claims };
    const version = await appendPartnerFacts(desk, { partner, by, expectedVersion: history.length, facts: outcome.facts, alongside });
    if (version === "claimed") return { kind: "refused", reasons: [mailboxTaken] };
    if (version !== undefined) return { kind: "done", facts: outcome.facts, version };
  }
  throw new Error(`the partner changed ${tries} times while the step ${step.name} was taken`);
}

function notTheirs({ askers, label, clauses }: PartnerStep): Reason {
  const who = askers.map((asker) => ({ partner: "the partner", vendor: "the company's people", counsel: "counsel", desk: "the program" })[asker]).join(" or ");
  return { clause: clauses[0] ?? "INPUT", code: "NOT_YOURS_TO_TAKE", because: `“${label}” is a step for ${who}. Ask them.` };
}

interface PartnerAppend {
  readonly partner: PartnerId;
  readonly by: Actor;
  readonly expectedVersion: number;
  readonly facts: readonly PartnerFact[];
  readonly alongside: Alongside;
}

const mailboxTaken: Reason = {
  clause: "PPT-16a",
  code: "MAILBOX_TAKEN",
  because: "One of these mailboxes signs in for another partner. A mailbox belongs to one partner: give another one.",
};

/** A mailbox signs in for one partner and stays that partner's: the key of its claim is a keyed digest. */
async function mailboxClaims(desk: Desk, { type, private: secret }: PartnerAsk["command"]): Promise<readonly Claim[]> {
  if (type !== "RegisterPartner" && type !== "ChangePartnerDetails") return [];
  return Promise.all(mailboxesOf(secret as PartnerDetails).map(async (mailbox) => ({ key: await mailboxKey(desk, mailbox) })));
}

function mailboxKey({ id, ports }: Pick<Desk, "id" | "ports">, mailbox: string): Promise<string> {
  return ports.vault.digest(id, "partner-mailbox", plain(mailbox));
}

/** The partner for which this mailbox signs in now; undefined for any other. */
export async function partnerOfMailbox(desk: Pick<Desk, "id" | "ports">, mailbox: string): Promise<PartnerId | undefined> {
  const stream = await desk.ports.claims.find(desk.id, await mailboxKey(desk, mailbox));
  if (stream === undefined) return undefined;
  const partner = stream.slice("partner:".length) as PartnerId;
  const details = await partnerDetails(desk, await readPartner(desk, partner));
  return details !== undefined && mailboxesOf(details).includes(plain(mailbox)) ? partner : undefined;
}

/** The version afterwards; undefined when somebody was faster, "claimed" when another stream holds one of the claims. */
export async function appendPartnerFacts(
  desk: Pick<Desk, "id" | "ports">,
  { partner, by, expectedVersion, facts, alongside }: PartnerAppend,
): Promise<number | "claimed" | undefined> {
  const answer = await desk.ports.ledger.append({
    desk: desk.id,
    stream: partnerStream(partner),
    expectedVersion,
    at: desk.ports.clock.now(),
    by,
    facts: facts as unknown as readonly FactBody[],
    alongside,
  });
  if (answer.kind === "claimed") return "claimed";
  return answer.kind === "appended" ? answer.version : undefined;
}

/** Gives the new partner its number. */
export async function registerPartner(
  desk: Desk,
  ask: Omit<PartnerAsk, "partner" | "command"> & { readonly command: Omit<PartnerAsk["command"], "type"> },
): Promise<PartnerHandled & { readonly partner: PartnerId }> {
  const partner = partnerIdFrom(desk.ports.chance.bytes(5));
  return { ...(await takePartnerStep(desk, { ...ask, partner, command: { ...ask.command, type: "RegisterPartner" } })), partner };
}

/** Undefined when it was forgotten or never was. */
export async function partnerDetails(desk: Pick<Desk, "id" | "ports">, history: PartnerHistory): Promise<PartnerDetails | undefined> {
  const details = last(history, "PartnerDetailsChanged")?.fact.details ?? last(history, "PartnerRegistered")?.fact.details;
  return details === undefined ? undefined : ((await findSealed(desk.ports, desk.id, details)) as unknown as PartnerDetails | undefined);
}

export interface PossiblePartnerStep {
  readonly name: string;
  readonly label: string;
  readonly topic: string;
  readonly clauses: readonly string[];
}

/** What these askers may be offered now; what a step is refused for is told when it is asked. */
export function partnerStepsFor(askers: readonly PartnerAsker[], history: PartnerHistory, at: PartnerCircumstances): readonly PossiblePartnerStep[] {
  return partnerSteps
    .filter((step) => step.askers.some((asker) => askers.includes(asker)) && step.offered(history, at))
    .map(({ name, label, topic, clauses }) => ({ name, label, topic, clauses }));
}

export interface PartnerView {
  readonly partner: PartnerId;
  readonly history: PartnerHistory;
  readonly details: PartnerDetails | undefined;
  readonly duties: readonly Duty[];
  readonly at: PartnerCircumstances;
}

/** A partner's whole record at this moment; undefined for a number that nobody has. */
export async function findPartnerView(desk: Desk, partner: PartnerId, by: Actor): Promise<PartnerView | undefined> {
  const history = await readPartner(desk, partner);
  if (history.length === 0) return undefined;
  const at = await partnerCircumstances(desk, by);
  return { partner, history, details: await partnerDetails(desk, history), duties: dutiesOf(history, at), at };
}

/** The words that one fact sealed, for people who may read the partner's record. */
export async function openPaper(desk: Pick<Desk, "id" | "ports">, history: PartnerHistory, version: number) {
  const fact = history.find((each) => each.version === version)?.fact;
  const sealed = Object.values(fact ?? {}).find(isVaulted);
  return sealed === undefined ? undefined : findSealed(desk.ports, desk.id, sealed);
}

function isVaulted(member: unknown): member is Vaulted {
  return typeof member === "object" && member !== null && "vault" in member && "commitment" in member;
}

/** Mailboxes that may sign in for the partner. */
function mailboxesOf({ notices, security, privacy }: PartnerDetails): readonly string[] {
  return [...new Set([notices, security, privacy].filter((each) => each !== undefined).map(plain))];
}

/** Letters of the program to this partner, newest first: what was written and what became of it. */
export function partnerLetters(history: PartnerHistory) {
  return all(history, "PartnerLetterWritten")
    .map(({ fact, at }) => {
      const sent = all(history, "PartnerLetterSent").find((each) => each.fact.letter === fact.letter);
      const failed = all(history, "PartnerLetterFailed").find((each) => each.fact.letter === fact.letter);
      return {
        letter: fact.letter,
        kind: fact.kind,
        at,
        fate: sent === undefined ? (failed === undefined ? ("waiting" as const) : ("failed" as const)) : ("sent" as const),
      };
    })
    .toReversed();
}
