// What a paper can say about itself that changes what it compels: which of it matters for the chosen instrument, asked of its pack.
import type { Desk } from "../../app/desk.ts";
import { applies } from "../../policy/circumstance.ts";
import { ranks, type Instrument, type JurisdictionPack, type Override, type PlaceOf, type Rank, type When } from "../../policy/pack.ts";
import { findInstrument } from "../../requests/review/module.ts";

/** Answers of the form, by the name of their field. */
export const paperFields = [
  "instrument.issuedIn",
  "instrument.validatedBy",
  "instrument.validatedAt",
  "instrument.servedBy",
  "instrument.addressedTo",
  "instrument.language",
  "instrument.translation",
  "offence.maxYears",
  "offence.listed",
  "instrument.emergency",
  "instrument.authorityNotified",
  "instrument.agreement",
  "instrument.seal",
  "instrument.carriesSecrecy",
  "instrument.newPlatform",
  "places.customer",
  "places.person",
  "places.data",
] as const;
export type PaperField = (typeof paperFields)[number];

export interface PaperContent {
  readonly id: string;
  /** As a letter asks for it: "the day it was issued". */
  readonly ask: string;
  readonly check: string;
}

export interface PaperQuestions {
  /** Facts that a rule of some pack in force asks for this paper. */
  readonly matters: ReadonlySet<PaperField>;
  readonly contents: readonly PaperContent[];
  /** Ranks the pack names first, the others after them. */
  readonly ranks: { readonly named: readonly Rank[]; readonly others: readonly Rank[] };
  readonly validators: readonly Rank[];
  /** Agreements that lift a rule of some pack: `US-GB`. */
  readonly agreements: readonly string[];
}

export function questionsFor(instrumentId: string | undefined, { laws }: Pick<Desk, "laws">): PaperQuestions {
  const known = instrumentId === undefined ? undefined : findInstrument({ id: instrumentId }, laws);
  if (known === undefined)
    return { matters: new Set(["instrument.addressedTo"]), contents: [], ranks: { named: [], others: ranks }, validators: ranks, agreements: [] };
  const { instrument, law } = known;
  const rules = rulesThatMayMeet(instrument, law, laws);
  const named = ranks.filter((rank) => rank === "nobody" || ranksOf(instrument).has(rank));
  return {
    matters: new Set(paperFields.filter((field) => matters[field](instrument, rules, law))),
    contents: contentsOf(instrument, law, rules),
    ranks: { named, others: ranks.filter((rank) => !named.includes(rank)) },
    validators: ranks.filter((rank) => instrument.tiers.some(({ validators }) => validators.includes(rank))),
    agreements: [...new Set(rules.flatMap(({ unless }) => unless?.agreements ?? []))].toSorted(),
  };
}

interface Rule extends Override {
  readonly law: JurisdictionPack;
}

/** Rules that stand in the way of this paper or could, once the facts they ask for are known. */
function rulesThatMayMeet({ id, family }: Instrument, own: JurisdictionPack, laws: readonly JurisdictionPack[]): readonly Rule[] {
  return laws.flatMap((law) =>
    law.overrides
      .filter(({ then, binds }) => then !== undefined && (binds === "every-paper" || law === own))
      .filter(({ when }) => applies(when, { instrument: id, family, places: {} }, law.territory) !== "no")
      .map((rule) => ({ ...rule, law })),
  );
}

function ranksOf({ issuers, tiers }: Instrument): ReadonlySet<Rank> {
  return new Set([...issuers, ...tiers.flatMap((tier) => [...tier.issuers, ...tier.emergencyIssuers])]);
}

/** What the pack wants on the paper's face, and what a rule accepts as a reason to stand back. */
function contentsOf({ facial }: Instrument, law: JurisdictionPack, rules: readonly Rule[]): readonly PaperContent[] {
  const own = facial.flatMap((id) => contentOf(id, law));
  const lifting = rules.flatMap((rule) => (rule.unless?.shows ?? []).flatMap((id) => contentOf(id, rule.law)));
  return [...own, ...lifting].filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index);
}

function contentOf(id: string, { contents }: JurisdictionPack): readonly PaperContent[] {
  const found = contents[id];
  return found === undefined ? [] : [{ id, ask: found.ask, check: found.check }];
}

type Matters = (instrument: Instrument, rules: readonly Rule[], law: JurisdictionPack) => boolean;

const validated: Matters = ({ tiers }) => tiers.some(({ validators }) => validators.length > 0);
const graveOffence: Matters = ({ tiers }) => tiers.some(({ offence }) => offence !== undefined);

const matters: Readonly<Record<PaperField, Matters>> = {
  "instrument.issuedIn": (_, rules, { country, territory }) =>
    !territory.includes(country) ||
    rules.some(({ when }) => when.authorityIn !== undefined || when.authorityOutside !== undefined || when.authorityAtDesignee !== undefined),
  "instrument.validatedBy": validated,
  "instrument.validatedAt": ({ tiers }) => tiers.some(({ validatedWithinHours }) => validatedWithinHours !== undefined),
  "instrument.servedBy": ({ servedBy }) => servedBy !== undefined,
  "instrument.addressedTo": () => true,
  "instrument.language": (_, __, { languages }) => languages.length > 1,
  "instrument.translation": (_, __, { languages }) => languages.length > 1,
  "offence.maxYears": graveOffence,
  "offence.listed": graveOffence,
  "instrument.emergency": (instrument, rules) =>
    instrument.tiers.some(({ emergencyIssuers }) => emergencyIssuers.length > 0) ||
    conditionsOf(instrument, rules).some(({ emergency }) => emergency !== undefined),
  "instrument.authorityNotified": (instrument, rules) => conditionsOf(instrument, rules).some(({ authorityNotified }) => authorityNotified !== undefined),
  "instrument.agreement": (_, rules) => rules.some(({ unless }) => (unless?.agreements ?? []).length > 0),
  "instrument.seal": ({ facial }) => facial.includes("seal"),
  "instrument.carriesSecrecy": ({ secrecy }) => secrecy === "may-carry",
  "instrument.newPlatform": ({ family }) => family === "national-security",
  "places.customer": (instrument, rules) => asksPlace("customer", instrument, rules),
  "places.person": (instrument, rules) => asksPlace("person", instrument, rules),
  "places.data": (instrument, rules) => asksPlace("data", instrument, rules),
};

/** Every condition under which a clock, a route of challenge or a rule applies. */
function conditionsOf({ clocks, challenge }: Instrument, rules: readonly Rule[]): readonly When[] {
  return [...clocks, ...challenge, ...rules].flatMap(({ when }) => (when === undefined ? [] : [when]));
}

function asksPlace(place: PlaceOf, instrument: Instrument, rules: readonly Rule[]): boolean {
  return conditionsOf(instrument, rules).some(({ anyPlace, everyPlace }) => anyPlace?.of.includes(place) === true || everyPlace?.of.includes(place) === true);
}
