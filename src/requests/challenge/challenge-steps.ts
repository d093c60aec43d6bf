// The desk's own challenge, and the outcome of any challenge.
import { z } from "zod";
import { day } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse } from "../../kernel/outcome.ts";
import type { CaseFact } from "../case-facts.ts";
import { decision, evidenceOf, type History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { reasonsIfReleased, reasonsUnlessOpen } from "../open-case.ts";
import { challengeGrounds } from "./events.ts";
import { challengesOf } from "./pending-challenges.ts";

export const openChallenge = decision({
  name: "OpenChallenge",
  label: "Challenge the request",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("OpenChallenge"),
    /** The route of the paper's law it takes. */
    route: z.string().max(300).optional(),
    on: z.array(z.enum(challengeGrounds)).min(1).max(15).optional(),
    private: z.strictObject({ grounds: z.string().min(1).max(20_000), forum: z.string().max(300), interimMeasures: z.string().max(2000).optional() }),
  }),
  against: (history) => [...reasonsUnlessOpen(history), ...reasonsIfReleased(history)],
  decide: ({ route, on }, _history, at) =>
    accept({
      type: "ChallengeOpened",
      challenge: at.fresh,
      brought: "desk",
      ...(route === undefined ? {} : { route }),
      ...(on === undefined ? {} : { on }),
      grounds: evidenceOf(at),
    }),
});

export const takeChallengeStep = decision({
  name: "TakeChallengeStep",
  label: "Record a step of the challenge",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("TakeChallengeStep"),
    challenge: z.string(),
    step: z.enum(["filed", "interim-measures-asked", "interim-measures-granted", "interim-measures-refused", "hearing-set", "hearing-held", "appealed"]),
    /** The day it happened; for a hearing that is set, the day of the hearing. */
    on: z.iso.date(),
    private: z.strictObject({ papers: z.string().min(1).max(20_000) }),
  }),
  against: (history) => [...reasonsUnlessOpen(history), ...reasonsWithoutChallenge(history)],
  decide: ({ challenge, step, on }, history, at) => {
    if (!challengesOf(history).some(({ opened, resolved }) => opened.challenge === challenge && (resolved === undefined || step === "appealed")))
      return refuse({ clause: "IGRP-8", code: "NO_CHALLENGE_PENDING", because: "This challenge is not pending." });
    return accept({ type: "ChallengeStepTaken", challenge, step, on: day(on), papers: evidenceOf(at) });
  },
});

function reasonsWithoutChallenge(history: History): readonly Reason[] {
  return challengesOf(history).length > 0 ? [] : [{ clause: "IGRP-8", code: "NO_CHALLENGE_PENDING", because: "No challenge is pending." }];
}

export const resolveChallenge = decision({
  name: "ResolveChallenge",
  label: "Record the outcome of the challenge",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("ResolveChallenge"),
    challenge: z.string(),
    outcome: z.enum(["upheld", "narrowed", "dismissed", "withdrawn"]),
    lines: z.array(z.string()).optional(),
    appeal: z.enum(["brought", "none"]).optional(),
    /** The ruling, and the appeal brought or why none was: the record must say one of them. */
    private: z.strictObject({ ruling: z.string().min(1).max(20_000), appeal: z.string().min(1).max(5000) }),
  }),
  against: (history) => [
    ...reasonsUnlessOpen(history),
    ...(challengesOf(history).some(({ resolved }) => resolved === undefined)
      ? []
      : [{ clause: "IGRP-8", code: "NO_CHALLENGE_PENDING", because: "No challenge is pending." }]),
  ],
  decide: (command, history, at) => {
    if (!challengesOf(history).some(({ opened, resolved }) => opened.challenge === command.challenge && resolved === undefined))
      return refuse({ clause: "IGRP-8", code: "NO_CHALLENGE_PENDING", because: "This challenge is not pending." });
    const known = intakeOf(history).details?.lines.map(({ id }) => id) ?? [];
    const unknown = (command.lines ?? []).filter((line) => !known.includes(line));
    if (command.outcome === "narrowed" && (command.lines === undefined || command.lines.length === 0 || unknown.length > 0))
      return refuse({ clause: "IGRP-8", code: "NARROWED_TO_WHAT", because: "A ruling that narrows the request must name the lines it leaves standing." });
    const lines = command.outcome === "narrowed" && command.lines !== undefined ? { lines: command.lines } : {};
    return accept<CaseFact>(
      {
        type: "ChallengeResolved",
        challenge: command.challenge,
        outcome: command.outcome,
        ...lines,
        ...(command.appeal === undefined ? {} : { appeal: command.appeal }),
        ruling: evidenceOf(at),
      },
      ...(command.outcome === "upheld" ? [{ type: "CaseClosed" as const, outcome: "challenged" as const }] : []),
    );
  },
});
