// Which papers of the same law would compel what an emergency request asks for: the agency is told the way, not only the no.
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { PolicyInForce } from "../../policy/policy-in-force.ts";
import { climb } from "../../policy/process-ladder.ts";
import type { RequestLine } from "../intake/events.ts";

/** "a search warrant: messages, display name (18 USC 2703(a))"; empty when no ordinary paper of this law reaches any of it. */
export function compulsoryWays(
  law: JurisdictionPack,
  policy: PolicyInForce,
  lines: readonly Pick<RequestLine, "dataType" | "onlyToIdentify">[],
): readonly string[] {
  const papers = law.instruments.filter(({ family, compulsory, route }) => family === "production" && compulsory && route === "desk");
  const ways = papers.flatMap(({ id, phrase, citation }) => {
    const reached = lines.filter((line) => climb({ ...line, policy, law, instrument: id }).kind === "reaches");
    const labels = new Set(reached.map(({ dataType }) => policy.dataTypes.find((type) => type.id === dataType)?.label ?? dataType));
    return labels.size === 0 ? [] : [`${phrase}: ${[...labels].join(", ")} (${citation})`];
  });
  return [...new Set(ways)];
}
