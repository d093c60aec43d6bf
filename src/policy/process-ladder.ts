// Holds one paper against one kind of data: whether the law and the company's own policy together let it through.
import { applies, type CaseSituation } from "./circumstance.ts";
import type { DataClass, DataType, Instrument, JurisdictionPack, Override, PolicyPack, Rank, Tier } from "./pack.ts";

/** What is known about the paper's signature and its offence. An absent member is unknown and is asked for. */
export interface PaperAuthority {
  readonly signedBy?: Rank;
  readonly validatedBy?: Rank;
  readonly emergency?: boolean;
  readonly offence?: { readonly maxYears?: number; readonly listed?: boolean };
}

/** What a request line asks: may this paper have this kind of data, under this law and this policy? */
export interface Asked {
  readonly policy: {
    readonly dataTypes: readonly DataType[];
    readonly settings: Pick<PolicyPack["settings"], "allowVoluntaryEmergency" | "emergency">;
  };
  readonly law: JurisdictionPack;
  /** Instrument id of the law. */
  readonly instrument: string;
  /** Data type id of the policy. */
  readonly dataType: string;
  /** Asked for only to find out who the user is. */
  readonly onlyToIdentify?: boolean;
  /** Absent: only the paper's kind is judged, not who signed it. */
  readonly authority?: PaperAuthority;
}

export type Verdict =
  | { readonly kind: "reaches"; readonly citation: string; readonly clause: string }
  | {
      readonly kind: "does-not-reach";
      readonly clause: string;
      readonly code:
        | "INSUFFICIENT_PROCESS"
        | "NOT_COMPULSORY"
        | "UNKNOWN_DATA_TYPE"
        | "UNKNOWN_INSTRUMENT"
        | "WRONG_ISSUER"
        | "OFFENCE_BELOW_THRESHOLD"
        | "BEYOND_EMERGENCY_MINIMUM";
      readonly because: string;
      /** Ids of the instruments that would reach it, in the pack's order; empty when the asker can obtain none. */
      readonly wouldReach: readonly string[];
    }
  | { readonly kind: "ask"; readonly clause: string; readonly code: "ISSUER_UNKNOWN" | "OFFENCE_UNKNOWN"; readonly because: string }
  | { readonly kind: "counsel"; readonly clause: string; readonly code: "REALTIME" | "COUNSEL_ONLY" | "POLICY_ASKS_MORE"; readonly because: string };

/** Never throws. What the packs do not know reaches nobody; live data and secret papers go to counsel, whatever else is true. */
export function climb(asked: Asked): Verdict {
  const { policy, law } = asked;
  const type = policy.dataTypes.find(({ id }) => id === asked.dataType);
  if (type === undefined || classUnder(law, asked) === undefined) return unknownDataType(asked);
  const instrument = law.instruments.find(({ id }) => id === asked.instrument);
  if (instrument === undefined) return unknownInstrument(type, asked);
  if (isRealTime(type, asked))
    return toCounsel(
      type,
      "REALTIME",
      `${labelOf(type)} would have to be collected live, and the desk has no such collection (${type.clause}). Counsel answers this.`,
    );
  if (belongsToCounsel(instrument, type, asked)) return counselOnly(instrument, type, policy);
  if (isEmergency(instrument, asked)) return emergency(instrument, type, asked);
  if (!lawReaches(instrument, type, asked)) return tooLittle(instrument, type, asked);
  const tier = tierOf(instrument, classUnder(law, asked));
  const open = tier === undefined || asked.authority === undefined ? undefined : tierOpen(tier, instrument, type, asked.authority, asked);
  if (open !== undefined) return open;
  if (!type.accepts.includes(tier?.form ?? instrument.form)) return policyAsksMore(instrument, type);
  return { kind: "reaches", citation: tier?.citation ?? instrument.citation, clause: type.clause };
}

/** The class a kind of data has under this law: lower when it is asked for only to find out who the user is. Undefined: the law gives it none. */
export function classUnder(law: JurisdictionPack, { dataType, onlyToIdentify }: Pick<Asked, "dataType" | "onlyToIdentify">): DataClass | undefined {
  if (onlyToIdentify === true && law.identifyOnly.includes(dataType)) return "IDENTIFY_ONLY";
  return Object.hasOwn(law.classOf, dataType) ? law.classOf[dataType] : undefined;
}

/** The row of the paper's table of issuers that speaks of this class; undefined when the paper has one rule for everything. */
export function tierOf(instrument: Instrument, dataClass: DataClass | undefined): Tier | undefined {
  return instrument.tiers.find(({ classes }) => classes.some((one) => one === dataClass));
}

/** A row is met by its own issuers, by another authority's paper that the right rank validated, or in an emergency by the ranks it names. */
export function issuerMeets(tier: Tier, { signedBy, validatedBy, emergency: urgent }: PaperAuthority): boolean | undefined {
  if (validatedBy !== undefined && tier.validators.includes(validatedBy)) return true;
  if (signedBy === undefined) return undefined;
  return tier.issuers.includes(signedBy) || (urgent === true && tier.emergencyIssuers.includes(signedBy));
}

function tierOpen(tier: Tier, instrument: Instrument, type: DataType, authority: PaperAuthority, asked: Asked): Verdict | undefined {
  const meets = issuerMeets(tier, authority);
  if (meets === undefined)
    return {
      kind: "ask",
      clause: "V07",
      code: "ISSUER_UNKNOWN",
      because: `Nobody has recorded who issued ${instrument.phrase}. ${capital(spoken(type))} needs ${rankWords(tier)} (V07).`,
    };
  if (!meets)
    return {
      kind: "does-not-reach",
      clause: "V07",
      code: "WRONG_ISSUER",
      because: `${capital(instrument.phrase)} of this authority does not reach ${spoken(type)} (V07). One issued${tier.validators.length === 0 ? "" : " or validated"} by ${rankWords(tier)} would.`,
      wouldReach: [asked.instrument],
    };
  return offenceOpen(tier, instrument, type, authority);
}

function offenceOpen(tier: Tier, instrument: Instrument, type: DataType, { offence }: PaperAuthority): Verdict | undefined {
  if (tier.offence === undefined) return undefined;
  const { minYears, orListed } = tier.offence;
  if (offence?.maxYears !== undefined && offence.maxYears >= minYears) return undefined;
  if (orListed && offence?.listed === true) return undefined;
  const rule = `${capital(spoken(type))} needs an offence punishable with at least ${minYears} years${orListed ? ", or one on the law's list" : ""}`;
  if (offence?.maxYears === undefined || (orListed && offence.listed === undefined))
    return { kind: "ask", clause: "V09", code: "OFFENCE_UNKNOWN", because: `${rule}, and nobody has recorded the offence (V09).` };
  return {
    kind: "does-not-reach",
    clause: "V09",
    code: "OFFENCE_BELOW_THRESHOLD",
    because: `${rule}; the paper names a lesser one (V09). ${capital(instrument.phrase)} for such an offence would reach it.`,
    wouldReach: [],
  };
}

const rankNames: Record<Rank, string> = {
  judge: "a judge",
  court: "a court",
  "investigating-judge": "an investigating judge",
  prosecutor: "a prosecutor",
  clerk: "a clerk of the court",
  agency: "an agency",
  official: "an official of the rank the statute names",
  minister: "a minister",
  "grand-jury": "a grand jury",
  litigant: "a party to the case",
  customer: "the customer",
  "foreign-authority": "a foreign authority",
  nobody: "nobody",
};

export function rankWords({ issuers }: Pick<Tier, "issuers">): string {
  return oneOf(issuers.map((rank) => rankNames[rank]));
}

function isEmergency(instrument: Instrument, { policy }: Asked): boolean {
  return instrument.family === "emergency" && policy.settings.allowVoluntaryEmergency;
}

/** Only where a policy pack has switched it on, and only the minimum that policy names. */
function emergency(instrument: Instrument, type: DataType, { policy }: Asked): Verdict {
  if (policy.settings.emergency?.dataTypes.includes(type.id) === true) return { kind: "reaches", citation: instrument.citation, clause: type.clause };
  return {
    kind: "does-not-reach",
    clause: type.clause,
    code: "BEYOND_EMERGENCY_MINIMUM",
    because: `In an emergency the policy lets only a named minimum leave, without ${spoken(type)} (${type.clause}). A compulsory paper would change this.`,
    wouldReach: [],
  };
}

function isRealTime(type: DataType, asked: Asked): boolean {
  const dataClass = classUnder(asked.law, asked);
  return type.kind === "real-time" || dataClass === "REALTIME_META" || dataClass === "REALTIME_CONTENT";
}

/** A paper on counsel's desk stays there, except where the law gives a private litigant a plain no. */
function belongsToCounsel(instrument: Instrument, type: DataType, asked: Asked): boolean {
  if (instrument.family === "realtime" || instrument.family === "national-security") return true;
  return instrument.route === "counsel" && (instrument.family !== "civil" || lawReaches(instrument, type, asked));
}

/** Compelled by law: the class is one it compels, the type is not left out, and every override names it. */
function lawReaches(instrument: Instrument, type: DataType, asked: Asked): boolean {
  const dataClass = classUnder(asked.law, asked);
  const compelled = instrument.compulsory && instrument.compels.some((one) => one === dataClass);
  const within = instrument.only === undefined || instrument.only.includes(type.id);
  return compelled && within && overridesOn(type, asked).every(({ requires }) => requires === undefined || requires.includes(instrument.id));
}

/** Overrides that name the papers which alone reach this; what the case does not say counts as if it applied. */
function overridesOn(type: DataType, asked: Asked): readonly Override[] {
  const dataClass = classUnder(asked.law, asked);
  const situation: CaseSituation = { dataType: type.id, places: {}, ...(dataClass === undefined ? {} : { dataClass }) };
  const found = asked.law.overrides.filter(({ requires, when }) => requires !== undefined && applies(when, situation, asked.law.territory) !== "no");
  const replaced = new Set(found.map(({ replaces }) => replaces));
  return found.filter(({ id }) => !replaced.has(id));
}

function unknownDataType({ policy, dataType }: Asked): Verdict {
  const type = policy.dataTypes.find(({ id }) => id === dataType);
  const because =
    type === undefined
      ? "The policy does not know this kind of data, so no paper reaches it. Choose the kind of data again."
      : `This law gives no class to ${spoken(type)}, so no paper reaches such data (${type.clause}). Counsel must add the class to the pack first.`;
  return { kind: "does-not-reach", clause: type?.clause ?? "V13", code: "UNKNOWN_DATA_TYPE", because, wouldReach: [] };
}

function unknownInstrument(type: DataType, asked: Asked): Verdict {
  const enough = sufficientFor(type, asked);
  const because = `This kind of paper is not known here, so it does not reach ${spoken(type)} (${type.clause}).${wouldWords(enough)}`;
  return { kind: "does-not-reach", clause: type.clause, code: "UNKNOWN_INSTRUMENT", because, wouldReach: enough.map(({ id }) => id) };
}

function counselOnly(instrument: Instrument, type: DataType, policy: Asked["policy"]): Verdict {
  if (instrument.family !== "realtime")
    return toCounsel(type, "COUNSEL_ONLY", `${capital(instrument.phrase)} is read by counsel only and never enters the ordinary queue (${type.clause}).`);
  const live = policy.dataTypes.find(({ kind }) => kind === "real-time") ?? type;
  return toCounsel(live, "REALTIME", `${capital(instrument.phrase)} asks for live collection, and the desk has none (${live.clause}). Counsel answers this.`);
}

function tooLittle(instrument: Instrument, type: DataType, asked: Asked): Verdict {
  const enough = instrument.family === "civil" ? [] : sufficientFor(type, asked);
  const remedy = instrument.family === "civil" ? " No paper that a private litigant can obtain would." : wouldWords(enough);
  const because = `${capital(instrument.phrase)} ${instrument.compulsory ? "does not reach" : "compels nothing and does not reach"} ${spoken(type)} (${type.clause}).${remedy}`;
  const code = instrument.compulsory ? "INSUFFICIENT_PROCESS" : "NOT_COMPULSORY";
  return { kind: "does-not-reach", clause: type.clause, code, because, wouldReach: enough.map(({ id }) => id) };
}

function policyAsksMore(instrument: Instrument, type: DataType): Verdict {
  const forms = type.accepts.map((form) => formWords[form]);
  const asks = forms.length === 0 ? "lets no paper through" : `asks for ${oneOf(forms)}`;
  return toCounsel(type, "POLICY_ASKS_MORE", `By law ${instrument.phrase} reaches ${spoken(type)}, but the policy ${asks} (${type.clause}). Counsel decides.`);
}

const formWords = { subpoena: "a subpoena", "court-order": "a court order", "search-warrant": "a search warrant", other: "another compulsory paper" } as const;

function toCounsel({ clause }: DataType, code: Extract<Verdict, { kind: "counsel" }>["code"], because: string): Verdict {
  return { kind: "counsel", clause, code, because };
}

/** The papers of the ordinary queue that let this kind of data through. */
function sufficientFor(type: DataType, asked: Asked): readonly Instrument[] {
  const dataClass = classUnder(asked.law, asked);
  return asked.law.instruments.filter(
    (instrument) =>
      instrument.route === "desk" && lawReaches(instrument, type, asked) && type.accepts.includes(tierOf(instrument, dataClass)?.form ?? instrument.form),
  );
}

function wouldWords(enough: readonly Instrument[]): string {
  const phrases = [...new Set(enough.map(({ phrase }) => phrase))];
  return phrases.length === 0 ? "" : ` ${capital(oneOf(phrases))} would.`;
}

/** `a subpoena, a court order or a search warrant`. */
function oneOf(phrases: readonly string[]): string {
  return phrases.length < 2 ? phrases.join("") : `${phrases.slice(0, -1).join(", ")} or ${phrases.at(-1)}`;
}

function labelOf({ label }: DataType): string {
  return capital(label);
}

function spoken({ label }: DataType): string {
  return label.slice(0, 1).toLowerCase() + label.slice(1);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
