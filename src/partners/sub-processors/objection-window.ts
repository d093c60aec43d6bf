// When a new sub-processor may start: twenty and thirty days from a complete notice, an objection bars it, and silence opens no British flow (DPA-6.6, EUK-4.2(c)).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { addDays, dayOf, startOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { moment, zoneName } from "../calculation.ts";

/** What a notice of a new sub-processor must say before its window opens. */
export const noticeContents = ["name", "place", "processing", "data-categories", "transfer-mechanism", "contact"] as const;

/** `uk` flows need a recorded approval (X-01); `scc` ones have the twenty days of clause 9; others the thirty of the contract. */
export const regimes = ["scc", "dpf", "uk", "domestic"] as const;

export const intendedSubProcessor = z.strictObject({
  zone: zoneName,
  notices: z
    .array(z.strictObject({ receivedAt: moment, says: z.array(z.enum(noticeContents)).max(noticeContents.length) }))
    .min(1)
    .max(100),
  /** Regimes of the data that it would process; the strictest wins when it serves several. */
  regimes: z.array(z.enum(regimes)).min(1),
  objections: z
    .array(z.strictObject({ at: moment, withdrawnAt: moment.optional() }))
    .max(100)
    .default([]),
  approvedAt: moment.optional(),
  /** The vendor gave up the twenty days of the clauses in writing. */
  waived: z.boolean().default(false),
  /** The reading of X-01 that was elected; any other name means the stricter one for each regime. */
  reading: z.string().max(60).default("each-regime-stricter"),
  asked: moment,
});
export type IntendedSubProcessor = z.output<typeof intendedSubProcessor>;

export interface ObjectionWindow {
  /** Absent until a notice is complete. */
  readonly startsOn?: Day;
  readonly sccDay?: Day;
  readonly contractDay?: Day;
  /** The first moment at which it may process; absent while only an approval would open it, or when it is barred. */
  readonly opensAt?: Instant;
  readonly state: "incomplete" | "waiting" | "needs-approval" | "barred" | "open";
  readonly derivation: string;
  readonly reasons: readonly Reason[];
}

const sccDays = 20;
const contractDays = 30;

export function objectionWindow(intended: IntendedSubProcessor): ObjectionWindow {
  const { notices, zone, asked } = intended;
  const complete = notices
    .filter(({ says, receivedAt }) => receivedAt <= asked && noticeContents.every((content) => says.includes(content)))
    .map(({ receivedAt }) => receivedAt)
    .toSorted()[0];
  if (complete === undefined) return incomplete(intended);
  const startsOn = dayOf(complete, zone);
  const toObject = intended.reading === "general-twenty" ? sccDays : contractDays;
  const [sccDay, contractDay] = [addDays(startsOn, sccDays), addDays(startsOn, toObject)];
  const derivation =
    `complete notice received ${dayWords(startsOn)} (day 0); ${sccDays} days end on ${dayWords(sccDay)} (EUK-4.2(c)), ` +
    `${toObject} days on ${dayWords(contractDay)} (DPA-6.6b)${isElected(intended) ? `, by the reading “${intended.reading}” that was elected (X-01)` : ""}`;
  const known = { startsOn, sccDay, contractDay };
  const bar = barring(intended, contractDay);
  if (bar !== undefined) return { ...known, state: "barred", derivation, reasons: [bar] };
  const opensAt = opening(intended, known);
  if (opensAt === undefined) return { ...known, state: "needs-approval", derivation, reasons: [silence] };
  const waiting = {
    clause: "DPA-6.6b",
    code: "WINDOW_OPEN",
    because: `The other side may object until the end of its time. It may start from ${dayWords(dayOf(opensAt, zone))}.`,
  };
  return { ...known, opensAt, state: asked >= opensAt ? "open" : "waiting", derivation, reasons: asked >= opensAt ? [] : [waiting] };
}

function isElected({ reading }: IntendedSubProcessor): boolean {
  return reading === "general-twenty" || reading === "general-thirty" || reading === "specific";
}

/** Where only a recorded approval opens it: British data, or every one by the reading that was elected. */
function needsApproval({ reading, regimes: serves }: IntendedSubProcessor): boolean {
  if (reading === "specific") return true;
  return serves.includes("uk") && reading !== "general-twenty" && reading !== "general-thirty";
}

const silence: Reason = {
  clause: "UKA-T2",
  code: "APPROVAL_NEEDED",
  because: "The authorisation is specific here, as it is for data from the United Kingdom (X-01): silence never opens it. A recorded approval would.",
};

function incomplete({ notices, asked }: IntendedSubProcessor): ObjectionWindow {
  const newest = notices.filter(({ receivedAt }) => receivedAt <= asked).at(-1);
  const missing = noticeContents.filter((content) => newest?.says.includes(content) !== true);
  return {
    state: "incomplete",
    derivation: "no complete notice has been received, so that no time runs, DPA-6.6a",
    reasons: missing.map((content) => ({
      clause: "DPA-6.6a",
      code: "NOTICE_INCOMPLETE",
      because: `The notice does not give: ${content.replaceAll("-", " ")}. One that does starts the time.`,
    })),
  };
}

/** An objection within thirty days of the notice, or before it was complete, bars it until it is withdrawn; a later one does not. */
function barring({ objections, zone, asked }: IntendedSubProcessor, to: Day): Reason | undefined {
  const stands = objections.some(({ at, withdrawnAt }) => {
    const on = dayOf(at, zone);
    return at <= asked && on <= to && (withdrawnAt === undefined || withdrawnAt > asked);
  });
  return stands
    ? { clause: "DPA-6.6c", code: "OBJECTED", because: "The other side objected in time. It is not appointed unless the objection is withdrawn." }
    : undefined;
}

/** The earliest lawful start by silence or by approval; undefined where only an approval counts and none is on record. */
function opening(intended: IntendedSubProcessor, days: { readonly sccDay: Day; readonly contractDay: Day }): Instant | undefined {
  const { regimes: serves, approvedAt, waived, zone, asked } = intended;
  const after = (day: Day) => startOfDay(addDays(day, 1), zone);
  const bySilence = needsApproval(intended) ? undefined : after(days.contractDay);
  if (approvedAt === undefined || approvedAt > asked) return bySilence;
  // An approval shortens the contract's time; those of the clauses run on unless the vendor gives them up.
  const least = (serves.includes("scc") || serves.includes("uk")) && !waived ? after(days.sccDay) : approvedAt;
  const byApproval = approvedAt > least ? approvedAt : least;
  return bySilence === undefined || byApproval < bySilence ? byApproval : bySilence;
}
