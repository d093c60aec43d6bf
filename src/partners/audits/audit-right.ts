// Whether an audit may be held now: one a year, another after a breach, and what a regulator asks for (DPA-9.1).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import type { Day } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { dayText } from "../calculation.ts";

const audit = z.strictObject({
  on: dayText,
  /** The record it was held for; absent: the ordinary one of its year. */
  because: z.string().min(1).max(100).optional(),
});

export const auditQuestion = z
  .strictObject({
    askedOn: dayText,
    /** `rolling`: a year from the last ordinary audit, the house default. `calendar`: one in each calendar year. */
    year: z.enum(["rolling", "calendar"]).default("rolling"),
    held: z.array(audit).max(1000).default([]),
    /** Breaches and letters of regulators on record. */
    records: z
      .array(z.strictObject({ id: z.string().min(1).max(100), kind: z.enum(["breach", "regulator"]), on: dayText, scope: z.string().max(2000).optional() }))
      .max(1000)
      .default([]),
    /** The record an extra audit is asked for; absent: the ordinary one. */
    because: z.string().min(1).max(100).optional(),
  })
  .refine(({ because, records }) => because === undefined || records.some(({ id }) => id === because), {
    path: ["because"],
    error: "No such breach or letter is on record. Record it first: an extra audit rests on it.",
  });
export type AuditQuestion = z.output<typeof auditQuestion>;

export interface AuditRight {
  readonly allowed: boolean;
  readonly as?: "ordinary" | "after-breach" | "for-regulator";
  /** What the audit may look at, when the letter of a regulator limits it. */
  readonly scope?: string;
  /** The first day of the next ordinary audit. */
  readonly nextOrdinaryOn?: Day;
  readonly reasons: readonly Reason[];
  readonly derivation: string;
}

/** Extra audits do not use up the yearly one and do not move it. */
export function auditRight(question: AuditQuestion): AuditRight {
  const { askedOn, because, records } = question;
  const next = nextOrdinary(question);
  const derivation = next === undefined ? "no ordinary audit has been held, DPA-9.1" : derivationOf(question, next);
  const known = { ...(next === undefined ? {} : { nextOrdinaryOn: next }), derivation };
  if (because === undefined) {
    if (next === undefined || askedOn >= next) return { ...known, allowed: true, as: "ordinary", reasons: [] };
    return { ...known, allowed: false, reasons: [tooEarly(next)] };
  }
  const record = records.find(({ id }) => id === because);
  if (record === undefined) throw new Error("an audit was asked for a record that is not there");
  const against = [...(record.on > askedOn ? [ahead] : []), ...(question.held.some((each) => each.because === because) ? [used] : [])];
  if (against.length > 0) return { ...known, allowed: false, reasons: against };
  return {
    ...known,
    allowed: true,
    as: record.kind === "breach" ? "after-breach" : "for-regulator",
    ...(record.scope === undefined ? {} : { scope: record.scope }),
    reasons: [],
  };
}

function nextOrdinary({ held, year, askedOn }: AuditQuestion): Day | undefined {
  const last = held
    .filter((each) => each.because === undefined && each.on <= askedOn)
    .map(({ on }) => on)
    .toSorted()
    .at(-1);
  if (last === undefined) return undefined;
  if (year === "calendar") return `${Number(last.slice(0, 4)) + 1}-01-01` as Day;
  return Temporal.PlainDate.from(last).add({ years: 1 }).toString() as Day;
}

function derivationOf({ year }: AuditQuestion, next: Day): string {
  const by = year === "calendar" ? "one in each calendar year" : "one in a year from the last";
  return `ordinary audits: ${by}; the next from ${dayWords(next)}, DPA-9.1`;
}

function tooEarly(next: Day): Reason {
  return {
    clause: "DPA-9.1",
    code: "AUDIT_THIS_YEAR",
    because: `The yearly audit has been held; the next may be asked for from ${dayWords(next)}. A security breach or a regulator's request on record would allow one now.`,
  };
}

const ahead: Reason = {
  clause: "DPA-9.1",
  code: "RECORD_AHEAD",
  because: "The breach or letter is dated after the day of the question. Correct one of the two days.",
};
const used: Reason = {
  clause: "DPA-9.1",
  code: "RECORD_USED",
  because: "An audit has been held for this record. Another breach or letter would allow another.",
};
