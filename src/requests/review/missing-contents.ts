// What a request must give and does not: received, but not complete (KDRP-2, KDRP-3).
import type { Reason } from "../../kernel/outcome.ts";
import type { Circumstances, History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";

/** Contents that stand against the lines they concern, or against the sender, and are asked for there. */
const saidElsewhere: readonly string[] = ["account", "workspace", "date-range", "data-type", "officer-contact", "government-mailbox"];

/** One reason for each content of the whole request that is missing in the newest details. */
export function missingReasons(history: History, { policy }: Pick<Circumstances, "policy">): readonly Reason[] {
  const { details } = intakeOf(history);
  return policy.requiredContents
    .filter(({ id }) => details?.missing.includes(id) === true && !saidElsewhere.includes(id))
    .map(({ clause, code, ask }) => ({ clause, code, because: `The request is not complete (${clause}). Ask the agency for it: ${ask}` }));
}
