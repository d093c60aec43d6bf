// One partner: its facts in order, what a decision may know beside them, and how a step of the partner program is made.
import type { z } from "zod";
import type { Actor } from "../kernel/ids.ts";
import type { Day, Instant, Zone } from "../kernel/instant.ts";
import { dayOf } from "../kernel/instant.ts";
import { unless, type Outcome, type Reason } from "../kernel/outcome.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { ContractPack, Side } from "../policy/contract-pack.ts";
import { commandSchema, type Answers, type Asks } from "./asks.ts";
import type { PartnerFact } from "./partner-facts.ts";

export interface PartnerRecorded<Fact extends PartnerFact = PartnerFact> {
  readonly version: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly fact: Fact;
}

export type PartnerHistory = readonly PartnerRecorded[];

/** Values, never services. */
export interface PartnerCircumstances {
  readonly now: Instant;
  readonly by: Actor;
  readonly contract: ContractPack;
  /** The company's own zone; a partner's clocks run in the partner's. */
  readonly zone: Zone;
  readonly holidays: readonly Day[];
  /** Readings elected for every contract, by defect. */
  readonly elections: ReadonlyMap<string, string>;
  /** A fresh random id for whatever the step brings into being. */
  readonly fresh: string;
  /** Where the command's `private` values were sealed. */
  readonly evidence?: Vaulted;
}

/** `vendor`: any of the company's people whose role takes steps. `counsel`: only those. `desk`: the program itself. */
export type PartnerAsker = "partner" | "vendor" | "counsel" | "desk";

export interface PartnerStep {
  /** An imperative: `ReportAccessRequest`. */
  readonly name: string;
  /** What the button says. */
  readonly label: string;
  /** Folder of the program that decides it. */
  readonly topic: string;
  readonly clauses: readonly string[];
  readonly askers: readonly PartnerAsker[];
  readonly asks: Asks;
  readonly schema: z.ZodType;
  /** Whether a person may be offered it now; what it is refused for is told when it is asked. */
  readonly offered: (history: PartnerHistory, at: PartnerCircumstances) => boolean;
  readonly decide: (command: never, history: PartnerHistory, at: PartnerCircumstances) => Outcome<PartnerFact>;
}

/** Refused with every reason that `against` gives; otherwise `facts` follow. */
export function partnerStep<const A extends Asks>(about: {
  readonly name: string;
  readonly label: string;
  readonly topic: string;
  readonly clauses: readonly string[];
  readonly askers: readonly PartnerAsker[];
  readonly asks: A;
  readonly offered?: PartnerStep["offered"];
  readonly against?: (command: Answers<A>, history: PartnerHistory, at: PartnerCircumstances) => readonly Reason[];
  readonly facts: (command: Answers<A>, history: PartnerHistory, at: PartnerCircumstances) => readonly PartnerFact[];
}): PartnerStep {
  const { against = () => [], facts, offered = () => true, ...rest } = about;
  return {
    ...rest,
    offered,
    schema: commandSchema(about.name, about.asks),
    decide: (command: Answers<A>, history, at) => {
      const [first, ...others] = [...missingRegistration(about.name, history), ...futureMoments(about.asks, command, history, at)];
      if (first !== undefined) return { kind: "refused", reasons: [first, ...others] };
      return unless(against(command, history, at), () => facts(command, history, at));
    },
  };
}

function missingRegistration(name: string, history: PartnerHistory): readonly Reason[] {
  const isNew = name === "RegisterPartner";
  if (isNew === (history.length === 0)) return [];
  return [
    isNew
      ? { clause: "PPT-1.2", code: "REGISTERED", because: "This partner is on record already. Change its contacts instead." }
      : { clause: "PPT-1.2", code: "NOT_REGISTERED", because: "There is no such partner. Register it first." },
  ];
}

/** What has happened lies behind us: a moment of receipt after now is a slip of the pen, and its clock would be wrong. */
function futureMoments(asks: Asks, command: object, history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  // Whoever records it may live in either zone: a day is ahead when it is ahead for both.
  const today = [dayOf(at.now, zoneOf(history, at)), dayOf(at.now, at.zone)].toSorted().at(-1) ?? "";
  return Object.entries(asks).flatMap(([name, { kind, label, mayLieAhead }]) => {
    const value = (command as Record<string, unknown>)[name];
    if (typeof value !== "string" || mayLieAhead === true) return [];
    const isAhead = (kind === "moment" && value > at.now) || (kind === "date" && value > today);
    return isAhead ? [{ clause: "INPUT", code: "NOT_YET", because: `“${label}” lies in the future. Enter when it happened.` }] : [];
  });
}

type Of<Type extends PartnerFact["type"]> = Extract<PartnerFact, { readonly type: Type }>;

/** The facts of one kind, in order. */
export function all<Type extends PartnerFact["type"]>(history: PartnerHistory, type: Type): readonly PartnerRecorded<Of<Type>>[] {
  return history.filter((each): each is PartnerRecorded<Of<Type>> => each.fact.type === type);
}

export function last<Type extends PartnerFact["type"]>(history: PartnerHistory, type: Type): PartnerRecorded<Of<Type>> | undefined {
  return all(history, type).at(-1);
}

/** The partner's own zone: it is where its people receive and its days end. */
export function zoneOf(history: PartnerHistory, { zone }: Pick<PartnerCircumstances, "zone">): Zone {
  return last(history, "PartnerRegistered")?.fact.zone ?? zone;
}

/** On whose behalf a step is taken. */
export function sideOf({ by }: Pick<PartnerCircumstances, "by">): Side {
  return by.startsWith("partner:") ? "partner" : "vendor";
}

/** A partner's own report counts from the moment the program took it; what came by other ways, from the moment the company's people say. */
export function receivedAt(said: Instant | undefined, at: Pick<PartnerCircumstances, "by" | "now">): Instant {
  return sideOf(at) === "partner" || said === undefined ? at.now : said;
}

/** The same for a day: what a partner says of itself counts from the day on which the program took it, in the partner's zone. */
export function happenedOn(said: Day, history: PartnerHistory, at: PartnerCircumstances): Day {
  return sideOf(at) === "partner" ? dayOf(at.now, zoneOf(history, at)) : said;
}

/** Where the days of whoever owes something begin and end. */
export function zoneOfObligor(owedBy: Side, history: PartnerHistory, at: Pick<PartnerCircumstances, "zone">): Zone {
  return owedBy === "vendor" ? at.zone : zoneOf(history, at);
}

/** The vault reference of the command's private values; throws when the step promised some and none came. */
export function sealed({ evidence }: PartnerCircumstances): Vaulted {
  if (evidence === undefined) throw new Error("a step asked for private values and none were sealed");
  return evidence;
}

export function maybeSealed({ evidence }: PartnerCircumstances): { readonly paper?: Vaulted } {
  return evidence === undefined ? {} : { paper: evidence };
}
