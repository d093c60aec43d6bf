// Government requests that reached partners, for the yearly report: counted from the facts of the partners' streams, in ranges where few.
import type { Day, Instant } from "../kernel/instant.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import { publish, type Published } from "./small-numbers.ts";

/** What the company was told of. A request of which a partner may not speak is in no figure until it has been told. */
export interface PartnerTally {
  /** Day-independent: moments of receipt, by request. */
  readonly received: Readonly<Record<string, Instant>>;
  readonly told: readonly string[];
  readonly challenged: readonly string[];
  readonly disclosed: readonly string[];
  readonly directAccess: readonly Instant[];
}

export const emptyPartnerTally: PartnerTally = { received: {}, told: [], challenged: [], disclosed: [], directAccess: [] };

export function countPartner(tally: PartnerTally, fact: PartnerFact): PartnerTally {
  switch (fact.type) {
    case "AccessRequestSeen":
      return { ...tally, received: { ...tally.received, [fact.request]: fact.receivedAt } };
    case "AccessRequestTold":
      return { ...tally, told: [...tally.told, fact.request] };
    case "AccessChallenged":
      return { ...tally, challenged: [...tally.challenged, fact.request] };
    case "PartnerDisclosed":
      return fact.given === 0 ? tally : { ...tally, disclosed: [...tally.disclosed, fact.request] };
    case "DirectAccessFound":
      return { ...tally, directAccess: [...tally.directAccess, fact.knownAt] };
    default:
      return tally;
  }
}

export const partnerMeasures = ["requests", "challenged", "disclosed", "direct_access"] as const;
export type PartnerFigures = Readonly<Record<(typeof partnerMeasures)[number], Published>>;

/** Requests by the day on which the partner received them, in the desk's own zone. */
export function partnerFigures(tallies: readonly PartnerTally[], year: number, smallNumber: number, dayOf: (moment: Instant) => Day): PartnerFigures {
  const isOfYear = (moment: Instant | undefined) => moment !== undefined && dayOf(moment).startsWith(`${year}-`);
  const requests = tallies.flatMap((tally) => [...new Set(tally.told)].filter((id) => isOfYear(tally.received[id])).map((id) => ({ id, tally })));
  const among = (pick: (tally: PartnerTally) => readonly string[]) => publish(requests.filter(({ id, tally }) => pick(tally).includes(id)).length, smallNumber);
  return {
    requests: publish(requests.length, smallNumber),
    challenged: among(({ challenged }) => challenged),
    disclosed: among(({ disclosed }) => disclosed),
    direct_access: publish(tallies.flatMap(({ directAccess }) => directAccess.filter(isOfYear)).length, smallNumber),
  };
}
