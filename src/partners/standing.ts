// How an agreement stands on a day: whether it runs, which documents are in force, and what lives on when it has ended.
import { addDays, dayOf, startOfDay, type Day, type Instant } from "../kernel/instant.ts";
import { all, last, zoneOf, type PartnerCircumstances, type PartnerHistory, type PartnerRecorded } from "./partner.ts";
import type { PartnerFact } from "./partner-facts.ts";

type Signed = Extract<PartnerFact, { readonly type: "AgreementSigned" }>;
export type SignedDocument = Extract<PartnerFact, { readonly type: "DocumentSigned" }>;

export interface Standing {
  readonly today: Day;
  readonly signed?: Signed;
  /** First moment at which it counts. */
  readonly begins?: Instant;
  readonly ended?: Extract<PartnerFact, { readonly type: "AgreementEnded" }>;
  /** First moment at which it no longer does. */
  readonly ends?: Instant;
  readonly runs: boolean;
}

export function standingOf(history: PartnerHistory, at: PartnerCircumstances): Standing {
  const zone = zoneOf(history, at);
  const today = dayOf(at.now, zone);
  const signed = last(history, "AgreementSigned")?.fact;
  const end = last(history, "AgreementEnded")?.fact;
  // An agreement signed anew after an end counts from its own start.
  const ended = signed !== undefined && end !== undefined && end.on >= signed.startsOn ? end : undefined;
  if (signed === undefined) return { today, runs: false };
  const begins = startOfDay(signed.startsOn, zone);
  const ends = ended === undefined ? undefined : startOfDay(addDays(ended.on, 1), zone);
  return {
    today,
    signed,
    begins,
    ...(ended === undefined || ends === undefined ? {} : { ended, ends }),
    runs: begins <= at.now && (ends === undefined || at.now < ends),
  };
}

/** Its documents in force on a day: an amendment takes the place of what it amends. */
export function documentsOn(history: PartnerHistory, on: Day): readonly SignedDocument[] {
  const ended = new Set(all(history, "AgreementEnded").flatMap(({ fact }) => (on > fact.on ? fact.ends : [])));
  const dated = all(history, "DocumentSigned")
    .map(({ fact }) => fact)
    .filter(({ document, from, until }) => !ended.has(document) && from <= on && (until === undefined || on <= until));
  const replaced = new Set(dated.flatMap(({ amends }) => (amends === undefined ? [] : [amends])));
  return dated.filter(({ document }) => !replaced.has(document));
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
export function outlivesTheAgreement(clause: string): boolean {
  return /^(DPA|SCH1|SEC|USP|EUK|UKA)-/.test(clause);
}

/** The moment from which a clause no longer asks for anything new; absent while it does. */
export function clauseEnds(clause: string, history: PartnerHistory, at: PartnerCircumstances): Instant | undefined {
  const { ends } = standingOf(history, at);
  if (ends === undefined || !outlivesTheAgreement(clause)) return ends;
  const certified = all(history, "CertificateGiven").find(({ fact }) => fact.at >= ends);
  return certified?.fact.at;
}

export function versionOf(history: readonly PartnerRecorded[]): number {
  return history.at(-1)?.version ?? 0;
}
