// Challenges that are pending: each one suspends everything.
import type { Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import type { ChallengeOpened, ChallengeResolved } from "./events.ts";

export interface Challenge {
  readonly opened: ChallengeOpened;
  readonly openedAt: Instant;
  readonly resolved?: ChallengeResolved;
}

export function challengesOf(history: History): readonly Challenge[] {
  const challenges = new Map<string, Challenge>();
  for (const { fact, at } of history) {
    if (fact.type === "ChallengeOpened") challenges.set(fact.challenge, { opened: fact, openedAt: at });
    const challenge = fact.type === "ChallengeResolved" ? challenges.get(fact.challenge) : undefined;
    if (fact.type === "ChallengeResolved" && challenge !== undefined) challenges.set(fact.challenge, { ...challenge, resolved: fact });
  }
  return [...challenges.values()];
}

export function challengeReasons(history: History, { policy }: Pick<Circumstances, "policy">): readonly Reason[] {
  const ours = cite(policy, "IGRP-8", "KDRP-5");
  return challengesOf(history).flatMap(({ opened, resolved }): Reason[] => {
    if (resolved === undefined)
      return [
        {
          clause: opened.brought === "owner" ? cite(policy, "KDRP-13", "IGRP-1") : ours,
          code: "CHALLENGE_PENDING",
          because:
            opened.brought === "owner"
              ? "The customer has objected. Nothing leaves until the objection is decided."
              : "The request is being challenged. Nothing leaves until the challenge is decided.",
        },
      ];
    if (resolved.outcome === "upheld")
      return [{ clause: ours, code: "CHALLENGE_UPHELD", because: "The challenge succeeded. Nothing may be disclosed on this request." }];
    return [];
  });
}

/** Lines a ruling left standing; undefined when no ruling narrowed the request. */
export function linesLeftByRulings(history: History): ReadonlySet<string> | undefined {
  const narrowed = challengesOf(history).flatMap(({ resolved }) => (resolved?.outcome === "narrowed" ? [new Set(resolved.lines ?? [])] : []));
  return narrowed.length === 0 ? undefined : narrowed.reduce((left, right) => left.intersection(right));
}
