// Holds one paper against one kind of data: whether the law and the company's own policy together let it through.
import type { DataType, Instrument, JurisdictionPack, Override, PolicyPack } from "./pack.ts";

/** What a request line asks: may this paper have this kind of data, under this law and this policy? */
export interface Asked {
  readonly policy: { readonly dataTypes: readonly DataType[]; readonly settings: Pick<PolicyPack["settings"], "allowVoluntaryEmergency"> };
  readonly law: JurisdictionPack;
  /** Instrument id of the law. */
  readonly instrument: string;
  /** Data type id of the policy. */
  readonly dataType: string;
}

export type Verdict =
  | { readonly kind: "reaches"; readonly citation: string; readonly clause: string }
  | {
      readonly kind: "does-not-reach";
      readonly clause: string;
      readonly code: "INSUFFICIENT_PROCESS" | "NOT_COMPULSORY" | "UNKNOWN_DATA_TYPE" | "UNKNOWN_INSTRUMENT";
      readonly because: string;
      /** Ids of the instruments that would reach it, in the pack's order; empty when the asker can obtain none. */
      readonly wouldReach: readonly string[];
    }
  | { readonly kind: "counsel"; readonly clause: string; readonly code: "REALTIME" | "COUNSEL_ONLY" | "POLICY_ASKS_MORE"; readonly because: string };

/** Never throws. What the packs do not know reaches nobody; live data and secret papers go to counsel, whatever else is true. */
export function climb(asked: Asked): Verdict {
  const { policy, law } = asked;
  const type = policy.dataTypes.find(({ id }) => id === asked.dataType);
  if (type === undefined || classOf(type, law) === undefined) return unknownDataType(asked);
  const instrument = law.instruments.find(({ id }) => id === asked.instrument);
  if (instrument === undefined) return unknownInstrument(type, asked);
  if (isRealTime(type, law))
    return toCounsel(
      type,
      "REALTIME",
      `${labelOf(type)} would have to be collected live, and the desk has no such collection (${type.clause}). Counsel answers this.`,
    );
  if (belongsToCounsel(instrument, type, asked)) return counselOnly(instrument, type, policy);
  if (!lawReaches(instrument, type, law)) return tooLittle(instrument, type, asked);
  if (!type.accepts.includes(instrument.form)) return policyAsksMore(instrument, type);
  return { kind: "reaches", citation: instrument.citation, clause: type.clause };
}

function classOf(type: DataType, law: JurisdictionPack): string | undefined {
  return Object.hasOwn(law.classOf, type.id) ? law.classOf[type.id] : undefined;
}

function isRealTime(type: DataType, law: JurisdictionPack): boolean {
  const dataClass = classOf(type, law);
  return type.kind === "real-time" || dataClass === "REALTIME_META" || dataClass === "REALTIME_CONTENT";
}

/** A paper on counsel's desk stays there, except where the law gives a private litigant a plain no. */
function belongsToCounsel(instrument: Instrument, type: DataType, { law, policy }: Asked): boolean {
  if (instrument.family === "emergency" && policy.settings.allowVoluntaryEmergency) return true;
  if (instrument.family === "realtime" || instrument.family === "national-security") return true;
  return instrument.route === "counsel" && (instrument.family !== "civil" || lawReaches(instrument, type, law));
}

/** Compelled by law: the class is one it compels, the type is not left out, and every override names it. */
function lawReaches(instrument: Instrument, type: DataType, law: JurisdictionPack): boolean {
  const compelled = instrument.compulsory && instrument.compels.some((dataClass) => dataClass === classOf(type, law));
  const within = instrument.only === undefined || instrument.only.includes(type.id);
  return compelled && within && overridesOn(type, law).every(({ requires }) => requires.includes(instrument.id));
}

function overridesOn(type: DataType, law: JurisdictionPack): readonly Override[] {
  return law.overrides.filter(
    ({ when }) => (when.dataType === undefined || when.dataType === type.id) && (when.dataClass === undefined || when.dataClass === classOf(type, law)),
  );
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
function sufficientFor(type: DataType, { law }: Asked): readonly Instrument[] {
  return law.instruments.filter((instrument) => instrument.route === "desk" && lawReaches(instrument, type, law) && type.accepts.includes(instrument.form));
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
