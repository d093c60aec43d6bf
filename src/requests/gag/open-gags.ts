// The register of secrecy orders in one case: which bind today, until when, and what was tried to lift them.
import type { Day } from "../../kernel/instant.ts";
import { addDays, daysBetween } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { History } from "../decision.ts";
import type { GagLiftAttempted, GagRecorded, GagRenewed } from "./events.ts";

export interface Gag {
  readonly gag: string;
  readonly instrument: string;
  readonly start: Day;
  readonly end?: Day;
  readonly ended?: "lapsed" | "lifted";
  /** The last day it bound, once it has ended. */
  readonly endedOn?: Day;
  readonly defects: readonly string[];
  readonly attempts: readonly { readonly on: Day; readonly beneficiary: GagLiftAttempted["beneficiary"]; readonly answer: GagLiftAttempted["answer"] }[];
}

export function gagsOf(history: History): readonly Gag[] {
  const gags = new Map<string, Gag>();
  for (const { fact, at } of history) {
    if (fact.type === "GagRecorded") gags.set(fact.gag, recorded(fact));
    const gag = "gag" in fact && typeof fact.gag === "string" ? gags.get(fact.gag) : undefined;
    if (gag === undefined) continue;
    if (fact.type === "GagRenewed") gags.set(gag.gag, renewed(gag, fact));
    if (fact.type === "GagEnded") gags.set(gag.gag, { ...gag, ended: fact.how, endedOn: fact.on });
    if (fact.type === "GagLiftAttempted")
      gags.set(gag.gag, {
        ...gag,
        attempts: [...gag.attempts, { on: fact.on ?? (at.slice(0, 10) as Day), beneficiary: fact.beneficiary, answer: fact.answer }],
      });
  }
  return [...gags.values()];
}

function recorded(fact: GagRecorded): Gag {
  return {
    gag: fact.gag,
    instrument: fact.instrument,
    start: fact.start,
    ...(fact.end === undefined ? {} : { end: fact.end }),
    defects: fact.defects,
    attempts: [],
  };
}

/** A renewal brings the end that was missing; each order is measured from the end of the one before it. */
function renewed(gag: Gag, { end }: GagRenewed): Gag {
  const tooLong = gag.end === undefined ? [] : gagDefects(gag.end, end);
  return { ...gag, end, defects: [...new Set([...gag.defects.filter((defect) => defect !== "NDO_WITHOUT_END"), ...tooLong])] };
}

export function binds(gag: Gag, today: Day): boolean {
  return gag.ended === undefined && gag.start <= today && (gag.end === undefined || today <= gag.end);
}

export function bindingGags(history: History, today: Day): readonly Gag[] {
  return gagsOf(history).filter((gag) => binds(gag, today));
}

/** For whom leave to speak is asked: two tracks with attempts of their own (IGRP-10, IGRP-11, X-25). */
export const beneficiaries: readonly GagLiftAttempted["beneficiary"][] = ["customer", "data-protection-authority"];

/** The next day on which an attempt to lift the gag is due on one track; after the last scheduled one, every so many days again. */
export function nextAttemptOn(gag: Gag, beneficiary: GagLiftAttempted["beneficiary"], attemptDays: readonly number[]): Day | undefined {
  if (gag.ended !== undefined) return undefined;
  const attempts = gag.attempts.filter((attempt) => attempt.beneficiary === beneficiary);
  const days = attemptDays[Math.min(attempts.length, attemptDays.length - 1)];
  if (days === undefined) return undefined;
  const last = attempts.at(-1)?.on;
  return last !== undefined && attempts.length >= attemptDays.length ? addDays(last, days) : addDays(gag.start, days);
}

/** IGRP-12: a gagged case cannot close with no attempt on record. */
export function attemptReasons(history: History): readonly Reason[] {
  return gagsOf(history)
    .filter(({ attempts }) => attempts.length === 0)
    .map(() => ({
      clause: "IGRP-12",
      code: "NO_LIFT_ATTEMPT",
      because: "No attempt to lift the secrecy order is on record. Ask the issuer for a waiver and record what you asked.",
    }));
}

const yardStickDays = 365;

/** Longer than the pack's yard-stick (one year where it has none), or without an end: a defect of policy, not of law. */
export function gagDefects(start: Day, end: Day | undefined, maxDays = yardStickDays): readonly string[] {
  if (end === undefined) return ["NDO_WITHOUT_END"];
  return daysBetween(start, end) > maxDays ? ["NDO_TOO_LONG"] : [];
}
