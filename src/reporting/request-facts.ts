// Follows one request through its facts and says what the European reports may count of it: nothing that no fact records.
import type { Day, Instant } from "../kernel/instant.ts";
import type { Instrument, JurisdictionPack } from "../policy/pack.ts";
import { classUnder } from "../policy/process-ladder.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "../requests/intake/events.ts";
import { findSecretPaper } from "./national-security.ts";
import type { RequestRow, Unrecorded } from "./request-row.ts";
import { count, emptyTally, outcomeOfTally, type Tally } from "./tally.ts";

/** Report buckets of the packs whose papers the European reports count. */
export const europeanBuckets = {
  production: "eu-production-order",
  preservation: "eu-preservation-order",
  toAct: "dsa-order-illegal-content",
  toInform: "dsa-order-information",
} as const;

/** Ids of the papers a pack reports under this bucket. */
export function papersReportedAs(laws: readonly JurisdictionPack[], bucket: string): readonly string[] {
  return laws.flatMap(({ instruments }) => instruments.filter(({ report }) => report === bucket).map(({ id }) => id));
}

export interface RequestTrail {
  readonly tally: Tally;
  readonly paper?: InstrumentFacts;
  readonly asked: readonly Pick<RequestLine, "dataType" | "onlyToIdentify">[];
  readonly acknowledgedAt?: Instant;
  readonly keptAt?: Instant;
  readonly releasedAt?: Instant;
}

export const emptyTrail: RequestTrail = { tally: emptyTally, asked: [] };

export function follow(trail: RequestTrail, fact: CaseFact, at: Instant): RequestTrail {
  return { ...noted(trail, fact, at), tally: count(trail.tally, fact) };
}

function noted(trail: RequestTrail, fact: CaseFact, at: Instant): RequestTrail {
  switch (fact.type) {
    case "DetailsConfirmed":
      return { ...trail, asked: distinctTypes(fact), ...(fact.instrument === undefined ? {} : { paper: fact.instrument }) };
    case "LetterSent":
      return fact.kind === "acknowledgement" && trail.acknowledgedAt === undefined ? { ...trail, acknowledgedAt: at } : trail;
    case "SnapshotSealed":
      return trail.keptAt === undefined && holdsRecords(fact.records) ? { ...trail, keptAt: at } : trail;
    case "ProductionReleased":
      return trail.releasedAt === undefined && holdsRecords(trail.tally.packed?.records ?? {}) ? { ...trail, releasedAt: at } : trail;
    default:
      return trail;
  }
}

function distinctTypes({ lines }: DetailsConfirmed): RequestTrail["asked"] {
  const types = lines.map(({ dataType, onlyToIdentify }) => ({ dataType, ...(onlyToIdentify === true ? { onlyToIdentify } : {}) }));
  return [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
}

function holdsRecords(records: Readonly<Record<string, number>>): boolean {
  return Object.values(records).some((n) => n > 0);
}

/**
 * Undefined for what no European report counts: what was set aside, a paper of no pack, and everything that may be
 * national-security process. A case under a secrecy order is a request like any other here, as it is in the yearly
 * report: its number is in the count, and nothing of the case is.
 */
export function findRequestRow(trail: RequestTrail, laws: readonly JurisdictionPack[], dayOf: (moment: Instant) => Day): RequestRow | undefined {
  const { tally } = trail;
  const law = laws.find(({ instruments }) => instruments.some(({ id }) => id === tally.instrument));
  const instrument = law?.instruments.find(({ id }) => id === tally.instrument);
  if (law === undefined || instrument === undefined || tally.receivedAt === undefined || tally.setAside) return undefined;
  if (isSecret(tally, laws)) return undefined;
  const { emergency } = trail.paper ?? {};
  const issuedIn = trail.paper?.issuedIn ?? (law.territory.length === 1 ? law.country : undefined);
  return {
    receivedOn: dayOf(tally.receivedAt),
    instrument: instrument.id,
    family: instrument.family,
    bucket: instrument.report,
    ...(issuedIn === undefined ? {} : { issuedIn }),
    dataCategories: categoriesOf(trail, law),
    ...hoursOf(trail, instrument, tally.receivedAt),
    outcome: outcomeOfTally(tally),
    ...(emergency === undefined ? {} : { emergency }),
    unrecorded: unrecordedOf(instrument, emergency),
  };
}

function isSecret(tally: Tally, laws: readonly JurisdictionPack[]): boolean {
  return laws.some(({ instruments }) => findSecretPaper(tally, instruments) !== undefined);
}

/** A type the law gives no class stands under its own name, so that the report names it instead of dropping it. */
function categoriesOf({ asked }: RequestTrail, law: JurisdictionPack): readonly string[] {
  return [...new Set(asked.map((line) => classUnder(law, line) ?? line.dataType))];
}

/** From the earlier of service and arrival: the law's clock runs from the first, and the desk cannot have acted before the second. */
function hoursOf({ paper, acknowledgedAt, keptAt, releasedAt }: RequestTrail, instrument: Instrument, receivedAt: Instant): Partial<RequestRow> {
  const from = paper !== undefined && paper.servedAt < receivedAt ? paper.servedAt : receivedAt;
  const effectAt = isOrderToAct(instrument) ? undefined : instrument.family === "preservation" ? keptAt : releasedAt;
  return {
    ...(acknowledgedAt === undefined ? {} : { acknowledgedAfterHours: hoursBetween(from, acknowledgedAt) }),
    ...(effectAt === undefined ? {} : { effectAfterHours: hoursBetween(from, effectAt) }),
  };
}

function hoursBetween(from: Instant, to: Instant): number {
  return Temporal.Instant.from(from).until(to).total("hours");
}

function unrecordedOf(instrument: Instrument, emergency: boolean | undefined): readonly Unrecorded[] {
  return [
    "illegal-content",
    ...(isOrderToAct(instrument) ? (["items", "effect"] as const) : []),
    ...(emergency === undefined ? (["emergency"] as const) : []),
    ...(instrument.family === "preservation" ? (["production-issued"] as const) : []),
  ];
}

/** It is acted on where the content stands, not at the desk. */
function isOrderToAct({ report }: Instrument): boolean {
  return report === europeanBuckets.toAct;
}
