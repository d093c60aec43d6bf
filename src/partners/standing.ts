// How an agreement stands on a day: whether it runs, which documents are in force, and what lives on when it has ended.
import { addDays, dayOf, startOfDay, type Day, type Instant, type Zone } from "../kernel/instant.ts";
import { all, zoneOf, type PartnerCircumstances, type PartnerHistory } from "./partner.ts";
import type { PartnerFact } from "./partner-facts.ts";

type Signed = Extract<PartnerFact, { readonly type: "AgreementSigned" }>;
type Ended = Extract<PartnerFact, { readonly type: "AgreementEnded" }>;
type DocumentSigned = Extract<PartnerFact, { readonly type: "DocumentSigned" }>;

/** With what it takes over from the document that it changes. */
export interface SignedDocument extends DocumentSigned {
  /** What kind the first document of the chain is. */
  readonly root: DocumentSigned["kind"];
}

/** One agreement from its first day to its last. */
export interface Term {
  readonly signed: Signed;
  readonly ended?: Ended;
  /** First day of the agreement that comes after it. */
  readonly nextStartsOn?: Day;
}

/** Every agreement on record, the earliest first, each with its own end. */
export function termsOf(history: PartnerHistory): readonly Term[] {
  const signed = all(history, "AgreementSigned")
    .map(({ fact }) => fact)
    .filter(({ changedFrom }) => changedFrom === undefined)
    .toSorted((one, other) => (one.startsOn < other.startsOn ? -1 : 1));
  return signed.map((each, index) => {
    const nextStartsOn = signed[index + 1]?.startsOn;
    const ended = endOf(each, nextStartsOn, history);
    return { signed: each, ...(ended === undefined ? {} : { ended }), ...(nextStartsOn === undefined ? {} : { nextStartsOn }) };
  });
}

/** An end belongs to the agreement that ran on its day; a renewal that was cancelled in time ends it by itself. */
function endOf({ startsOn }: Signed, nextStartsOn: Day | undefined, history: PartnerHistory): Ended | undefined {
  const isOwn = (on: Day): boolean => startsOn <= on && (nextStartsOn === undefined || on < nextStartsOn);
  const zone = zoneOf(history, { zone: "UTC" as Zone });
  const recorded = all(history, "AgreementEnded").find(({ fact }) => isOwn(fact.on))?.fact;
  const lastDay = all(history, "RenewalCancelled")
    .filter(({ fact }) => isOwn(dayOf(fact.receivedAt, zone)))
    .map(({ fact }) => addDays(fact.renewsOn, -1))
    .find(isOwn);
  if (lastDay === undefined || (recorded !== undefined && recorded.on <= lastDay)) return recorded;
  return { type: "AgreementEnded", ground: "not-renewed", on: lastDay, ends: [] };
}

export function termOn(on: Day, history: PartnerHistory): Term | undefined {
  return termsOf(history).find(({ signed, ended }) => signed.startsOn <= on && (ended === undefined || on <= ended.on));
}

export interface Standing {
  readonly today: Day;
  readonly signed?: Signed;
  /** First moment at which it counts. */
  readonly begins?: Instant;
  readonly ended?: Ended;
  /** First moment at which it no longer does. */
  readonly ends?: Instant;
  readonly runs: boolean;
}

/** The agreement that began last; before any has begun, the first one. */
export function standingOf(history: PartnerHistory, at: PartnerCircumstances): Standing {
  const zone = zoneOf(history, at);
  const today = dayOf(at.now, zone);
  const terms = termsOf(history);
  const term = terms.findLast(({ signed }) => signed.startsOn <= today) ?? terms[0];
  if (term === undefined) return { today, runs: false };
  const { signed, ended } = term;
  const begins = startOfDay(signed.startsOn, zone);
  const ends = ended === undefined ? undefined : startOfDay(addDays(ended.on, 1), zone);
  return {
    today,
    signed: { ...signed, ...flagsOn(signed, today, history) },
    begins,
    ...(ended === undefined || ends === undefined ? {} : { ended, ends }),
    runs: begins <= at.now && (ends === undefined || at.now < ends),
  };
}

type Flags = Pick<Signed, "aiProduct" | "usStaff">;

/** What the agreement says of the partner on a day, with later changes. */
function flagsOn(signed: Signed, on: Day, history: PartnerHistory): Flags {
  return flagPeriods(signed, history).findLast(({ from }) => from <= on)?.flags ?? signed;
}

/** From which day each answer holds. */
export function flagPeriods(signed: Signed, history: PartnerHistory): readonly { readonly from: Day; readonly flags: Flags }[] {
  return all(history, "AgreementSigned")
    .map(({ fact }) => fact)
    .filter(({ startsOn }) => startsOn === signed.startsOn)
    .map(({ startsOn, changedFrom = startsOn, aiProduct, usStaff }) => ({ from: changedFrom, flags: { aiProduct, usStaff } }))
    .toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
}

/** Its documents in force on a day: an amendment takes the place of what it amends, and keeps what it is silent on; all end with the agreement (PPT-4b). */
export function documentsOn(history: PartnerHistory, on: Day): readonly SignedDocument[] {
  const ends = termsOf(history).flatMap(({ ended }) => (ended === undefined ? [] : [ended.on]));
  const dated = all(history, "DocumentSigned")
    .map(({ fact }) => fact)
    .filter(({ from, until }) => from <= on && (until === undefined || on <= until) && !ends.some((end) => from <= end && end < on));
  const replaced = new Set(dated.flatMap(({ amends }) => (amends === undefined ? [] : [amends])));
  return dated.filter(({ document }) => !replaced.has(document)).map((document) => wholeDocument(document, history));
}

export function wholeDocument(document: DocumentSigned, history: PartnerHistory): SignedDocument {
  const amended = all(history, "DocumentSigned").find(({ fact }) => fact.document === document.amends)?.fact;
  if (amended === undefined) return { ...document, root: document.kind };
  const { root, sharePercent, objectionDays, quantity, usageLimit } = wholeDocument(amended, history);
  return {
    ...(sharePercent === undefined ? {} : { sharePercent }),
    ...(objectionDays === undefined ? {} : { objectionDays }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(usageLimit === undefined ? {} : { usageLimit }),
    ...document,
    root,
  };
}

/** The first day of the renewal that comes next after today, as the term repeats. */
export function nextRenewal({ renewsOn, termMonths }: Pick<Signed, "renewsOn" | "termMonths">, today: Day): Day {
  const first = Temporal.PlainDate.from(renewsOn);
  for (let turn = 0; ; turn++) {
    const next = first.add({ months: termMonths * turn }).toString() as Day;
    if (next > today) return next;
  }
}

/** Data protection lives on until everything is returned or deleted (DPA-10c); the rest of the standing duties end with the agreement. */
function outlivesTheAgreement(clause: string): boolean {
  return /^(DPA|SCH1|SEC|USP|EUK|UKA)-/.test(clause);
}

/**
 * The moment from which a clause no longer asks for anything new under this agreement; absent while it does. Data protection ends with
 * a certificate that holds nothing back, or when the next agreement takes over.
 */
export function clauseEnds(clause: string, { ended, nextStartsOn }: Term, history: PartnerHistory, at: PartnerCircumstances): Instant | undefined {
  if (ended === undefined) return undefined;
  const zone = zoneOf(history, at);
  const ends = startOfDay(addDays(ended.on, 1), zone);
  if (!outlivesTheAgreement(clause)) return ends;
  const certified = all(history, "CertificateGiven").find(({ fact }) => fact.at >= ends && fact.held.length === 0 && fact.stores.length > 0)?.fact.at;
  const takenOver = nextStartsOn === undefined ? undefined : startOfDay(nextStartsOn, zone);
  return [certified, takenOver].filter((each) => each !== undefined).toSorted()[0];
}
