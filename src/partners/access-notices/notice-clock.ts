// A partner that gets a government request tells the provider within seventy-two hours, unless a law forbids it for a time (DPA-8.1a, DPA-8.1b).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { addHours, dayOf, type Instant, type Zone } from "../../kernel/instant.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { moment, zoneName } from "../calculation.ts";

const prohibition = z
  .strictObject({ from: moment, to: moment.optional() })
  .refine(({ from, to }) => to === undefined || to >= from, { path: ["to"], error: "The prohibition ends before it begins." });

export const accessRequest = z.strictObject({
  zone: zoneName,
  /** Every receipt by anybody of the partner, or of its sub-processors, whose acts are the partner's (DPA-6.2). */
  receipts: z
    .array(z.strictObject({ at: moment, by: z.enum(["partner", "sub-processor"]) }))
    .min(1)
    .max(1000),
  /** Times in which a law forbade the notice; without an end it still does. */
  prohibitions: z.array(prohibition).max(1000).default([]),
  /** Attempts to have a prohibition waived. */
  attempts: z.array(moment).max(10_000).default([]),
  notifiedAt: moment.optional(),
  asked: moment,
});
export type AccessRequest = z.output<typeof accessRequest>;

export interface NoticeClock {
  readonly startedAt: Instant;
  /** Absent while a prohibition without an end holds. */
  readonly dueAt?: Instant;
  readonly state: "open" | "suspended" | "met" | "late" | "overdue";
  readonly derivation: string;
  readonly findings: readonly Reason[];
}

const hoursToTell = 72;
/** House default for a partner's notice once a prohibition has ended: the text says as soon as possible. */
const hoursAfterProhibition = 24;

/** A prohibition never shortens the time: what is left of the seventy-two hours stays when it ends early. */
export function noticeClock(request: AccessRequest): NoticeClock {
  const { zone, asked, notifiedAt } = request;
  const startedAt = request.receipts.map(({ at }) => at).reduce((one, other) => (other < one ? other : one));
  const first = dueBy({ n: hoursToTell, unit: "hours", clause: "DPA-8.1a" }, { event: "request received", at: startedAt }, { zone, holidays: [] });
  const counted = throughProhibitions({ dueAt: first.due, derivation: first.derivation }, request);
  return {
    startedAt,
    ...(counted.dueAt === undefined ? {} : { dueAt: counted.dueAt }),
    state: stateOf(counted, request, asked, notifiedAt),
    derivation: counted.derivation,
    findings: findingsOf(request, startedAt),
  };
}

interface Counted {
  readonly dueAt: Instant | undefined;
  readonly derivation: string;
}

/** Each prohibition that began in time moves the end; one that came when it was already too late excuses nothing. */
function throughProhibitions(first: { readonly dueAt: Instant; readonly derivation: string }, { prohibitions, zone }: AccessRequest): Counted {
  let counted: Counted = first;
  for (const { from, to } of prohibitions.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    if (counted.dueAt === undefined || from > counted.dueAt) break;
    if (to === undefined) return { dueAt: undefined, derivation: `${counted.derivation}; forbidden since ${placed(from, zone)}, no end on record, DPA-8.1b` };
    const fresh = addHours(to, hoursAfterProhibition);
    const dueAt = fresh > counted.dueAt ? fresh : counted.dueAt;
    const words = fresh > counted.dueAt ? `a fresh ${hoursAfterProhibition} hours end ${placed(dueAt, zone)}` : "the first end stays, which is later";
    counted = { dueAt, derivation: `${counted.derivation}; forbidden ${placed(from, zone)} to ${placed(to, zone)}, ${words}, DPA-8.1b` };
  }
  return counted;
}

function stateOf({ dueAt }: Counted, { prohibitions }: AccessRequest, asked: Instant, notifiedAt: Instant | undefined): NoticeClock["state"] {
  const told = notifiedAt !== undefined && notifiedAt <= asked;
  if (told) return dueAt === undefined || notifiedAt <= dueAt ? "met" : "late";
  if (prohibitions.some(({ from, to }) => from <= asked && (to === undefined || asked < to)) && (dueAt === undefined || asked <= dueAt)) return "suspended";
  return dueAt !== undefined && asked > dueAt ? "overdue" : "open";
}

function findingsOf({ prohibitions, attempts, asked }: AccessRequest, startedAt: Instant): readonly Reason[] {
  const forbidden = prohibitions.some(({ from }) => from <= asked);
  const tried = attempts.some((at) => startedAt <= at && at <= asked);
  if (!forbidden || tried) return [];
  return [
    {
      clause: "DPA-8.1b",
      code: "NO_ATTEMPT",
      because:
        "The notice was forbidden and no attempt to have that waived is on record. Try to have it waived, and record it: the highest effort that any of the documents asks for counts (X-07).",
    },
  ];
}

function placed(moment: Instant, zone: Zone): string {
  const local = Temporal.Instant.from(moment).toZonedDateTimeISO(zone);
  return `${dayWords(dayOf(moment, zone))} ${local.toPlainTime().toString({ smallestUnit: "minute" })}`;
}
