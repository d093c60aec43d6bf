// An emergency disclosure has locks of its own: it is off unless a policy switches it on, and then needs two people and a supervisor's word.
import type { Reason } from "../../kernel/outcome.ts";
import type { Instrument } from "../../policy/pack.ts";
import { cite, type PolicyInForce } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { revisionOf } from "../intake/request-details.ts";

/** An emergency request may let data leave only where a policy pack has switched that on. */
export function emergencyAllowed({ family }: Instrument, { settings }: PolicyInForce): boolean {
  return family === "emergency" && settings.allowVoluntaryEmergency && settings.emergency !== undefined;
}

/** Everything that still stands against disclosing in an emergency; asked only for an emergency request. */
export function emergencyReasons(history: History, at: Circumstances): readonly Reason[] {
  const clause = cite(at.policy, "IGRP-4", "KDRP-7");
  const decided = decisionsOf(history);
  const people = new Set(decided.map(({ by }) => by));
  const reasons: Reason[] = [];
  if (!decided.some(({ attested }) => attested))
    reasons.push({
      clause: "V23",
      code: "SUPERVISOR_MISSING",
      because: "No supervisor of the officer has vouched for the facts of the emergency (V23). Call one back on a number found independently.",
    });
  if (people.size < 2)
    reasons.push({
      clause,
      code: "EMERGENCY_NOT_DECIDED",
      because:
        people.size === 0
          ? "Nobody has decided on the emergency. Two different people must."
          : "One person has decided on the emergency. A second, different person must.",
    });
  return reasons;
}

/** Decisions for the newest revision; one taken before the details changed no longer counts. */
function decisionsOf(history: History): readonly { readonly by: string; readonly attested: boolean }[] {
  const revision = revisionOf(history);
  return history.flatMap(({ fact, by }) => (fact.type === "EmergencyDecided" && fact.revision === revision ? [{ by, attested: fact.supervisorAttests }] : []));
}

export function decidedBy(history: History): ReadonlySet<string> {
  return new Set(decisionsOf(history).map(({ by }) => by));
}
