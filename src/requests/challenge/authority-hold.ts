// What another authority, or another country's law, says of an order: a refusal stops it, an open objection holds it.
import type { Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { History } from "../decision.ts";
import type { AuthorityAnswered, ConflictDecided, ConflictRaised } from "./events.ts";

/** The newest answer of the authority that was told. */
export function authorityAnswer(history: History): { readonly fact: AuthorityAnswered; readonly at: Instant } | undefined {
  const found = history.findLast(({ fact }) => fact.type === "AuthorityAnswered");
  return found?.fact.type === "AuthorityAnswered" ? { fact: found.fact, at: found.at } : undefined;
}

export interface Conflict {
  readonly raised: ConflictRaised;
  readonly raisedAt: Instant;
  readonly decided?: ConflictDecided;
}

export function conflictsOf(history: History): readonly Conflict[] {
  const decided = new Map(history.flatMap(({ fact }) => (fact.type === "ConflictDecided" ? [[fact.conflict, fact] as const] : [])));
  return history.flatMap(({ fact, at }): Conflict[] => {
    if (fact.type !== "ConflictRaised") return [];
    const decision = decided.get(fact.conflict);
    return [{ raised: fact, raisedAt: at, ...(decision === undefined ? {} : { decided: decision }) }];
  });
}

export function authorityReasons(history: History): readonly Reason[] {
  const refused = authorityAnswer(history)?.fact.answer === "refused";
  const conflicts = conflictsOf(history);
  return [
    ...(refused
      ? [
          {
            clause: "V20",
            code: "AUTHORITY_REFUSED",
            because: "The authority of the addressee's state has refused the order. Nothing is transferred unless it takes its refusal back.",
          },
        ]
      : []),
    ...(conflicts.some(({ decided }) => decided === undefined)
      ? [
          {
            clause: "V20",
            code: "CONFLICT_PENDING",
            because: "An objection under the law of another country is pending. Nothing leaves until the court has decided it.",
          },
        ]
      : []),
    ...(conflicts.some(({ decided }) => decided?.upheld === true)
      ? [
          {
            clause: "V20",
            code: "CONFLICT_UPHELD",
            because: "The court found that the law of another country forbids the answer. Nothing may be disclosed on this request.",
          },
        ]
      : []),
  ];
}

/** Lines a partial refusal left standing; undefined when there was none. */
export function linesLeftByAuthority(history: History): ReadonlySet<string> | undefined {
  const answer = authorityAnswer(history)?.fact;
  return answer?.answer === "partial" ? new Set(answer.lines ?? []) : undefined;
}
