// What a case says about itself, in the terms in which rules of the law ask: authority, places, paper, line.
import type { CaseSituation } from "../../policy/circumstance.ts";
import { classUnder } from "../../policy/process-ladder.ts";
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { ProviderFacts } from "../decision.ts";
import type { DetailsConfirmed, RequestLine } from "../intake/events.ts";
import type { KnownInstrument } from "./line-verdicts.ts";

/** `law` is the pack whose rule asks: it gives the line its class. Without a line, only the paper and the places are known. */
export function situationOf(
  details: Pick<DetailsConfirmed, "instrument" | "places" | "protection">,
  known: KnownInstrument | undefined,
  provider: ProviderFacts | undefined,
  law: JurisdictionPack,
  line?: RequestLine,
): CaseSituation {
  const paper = details.instrument;
  const dataClass = line === undefined ? undefined : classUnder(law, line);
  const authority = authorityOf(paper?.issuedIn, known);
  return {
    ...(known === undefined ? {} : { instrument: known.instrument.id, family: known.instrument.family }),
    ...(dataClass === undefined ? {} : { dataClass }),
    ...(line === undefined ? {} : { dataType: line.dataType }),
    ...(paper?.emergency === undefined ? {} : { emergency: paper.emergency }),
    ...(paper?.authorityNotified === undefined ? {} : { authorityNotified: paper.authorityNotified }),
    ...(authority === undefined ? {} : { authority }),
    ...(provider?.kinds === undefined ? {} : { provider: provider.kinds }),
    ...(details.protection === undefined ? {} : { protection: details.protection }),
    places: {
      ...details.places,
      ...(provider?.incorporatedIn === undefined ? {} : { incorporation: provider.incorporatedIn }),
      ...(provider?.headquarteredIn === undefined ? {} : { headquarters: provider.headquarteredIn }),
      ...(provider?.designatedIn === undefined ? {} : { designee: provider.designatedIn }),
    },
  };
}

/** A national pack's paper comes from that nation unless the paper says more; a union's paper must say which member sent it. */
function authorityOf(issuedIn: string | undefined, known: KnownInstrument | undefined): string | undefined {
  if (issuedIn !== undefined || known === undefined) return issuedIn;
  const { country, territory } = known.law;
  return territory.includes(country) ? country : undefined;
}
