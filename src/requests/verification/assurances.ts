// What is known about the sender, fact by fact, and which assurances are still owed before anything may leave.
import type { Reason } from "../../kernel/outcome.ts";
import type { Day } from "../../kernel/instant.ts";
import type { Circumstances, History } from "../decision.ts";
import type { AssuranceRecorded, AssuredFact } from "./events.ts";

/** Every one of these must be met: a mailbox, a domain or a telephone call alone proves too little. */
export const assuredFacts: readonly AssuredFact[] = [
  "mail-authentication",
  "domain-class",
  "look-alike",
  "reply-to",
  "display-name",
  "contact-details",
  "call-back",
];

export type Assurances = ReadonlyMap<AssuredFact, AssuranceRecorded>;

export function assurancesOf(history: History): Assurances {
  const latest = new Map<AssuredFact, AssuranceRecorded>();
  for (const { fact } of history) if (fact.type === "AssuranceRecorded") latest.set(fact.fact, fact);
  return latest;
}

const unanswered: Record<AssuredFact, { readonly clause: string; readonly because: string }> = {
  "mail-authentication": { clause: "KDRP-3", because: "The mail's origin has not been checked. It must pass SPF or DKIM in line with its sender, and DMARC." },
  "domain-class": { clause: "KDRP-3", because: "Nobody has looked whether the sender's domain belongs to a government." },
  "look-alike": { clause: "V01", because: "Nobody has looked whether the sender's domain imitates another one." },
  "reply-to": { clause: "V01", because: "Nobody has looked whether replies go where the mail says it comes from." },
  "display-name": { clause: "V01", because: "Nobody has looked whether the sender's displayed name misleads." },
  "contact-details": { clause: "KDRP-3", because: "The officer's full contact details have not been confirmed: name, rank, badge, telephone and address." },
  "call-back": { clause: "V02", because: "The officer has not been called back. Call a number that did not come from the message and record who answered." },
};

export function outstandingAssurances(history: History, today: Day): readonly Reason[] {
  const known = assurancesOf(history);
  return assuredFacts.flatMap((fact) => {
    const assurance = known.get(fact);
    if (assurance === undefined) return [{ ...unanswered[fact], code: "SENDER_UNVERIFIED" }];
    if (assurance.verdict !== "met") return [{ clause: assurance.clause, code: assurance.code, because: assurance.because }];
    if (assurance.validTo !== undefined && assurance.validTo < today) return [expired(assurance)];
    return [];
  });
}

function expired(assurance: AssuranceRecorded): Reason {
  return {
    clause: assurance.clause,
    code: "ASSURANCE_EXPIRED",
    because: `What was known about this (${assurance.fact}) could be relied on until ${assurance.validTo}. Check it again.`,
  };
}

export function requesterAssured(history: History, at: Pick<Circumstances, "today">): boolean {
  return outstandingAssurances(history, at.today).length === 0;
}
