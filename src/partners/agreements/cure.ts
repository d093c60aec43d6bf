// A material breach and its thirty days: counted from receipt, over at midnight, and kept by a cure on the last day (PPT-4a); and dates like it.
import { z } from "zod";
import { addDays, startOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import { dayWords, dueBy, opensAfter } from "../../policy/deadline-rule.ts";
import { dayText, moment, zoneName } from "../calculation.ts";

export const breachNotice = z.strictObject({
  zone: zoneName,
  /** The day on which the written notice was received: not the day it was sent. */
  receivedOn: dayText,
  /** When it was shown that the breach is cured; absent: not yet. */
  curedAt: moment.optional(),
  asked: moment,
});
export type BreachNotice = z.output<typeof breachNotice>;

export interface Cure {
  readonly lastDay: Day;
  /** The first moment at which the other side may end the agreement, unless it was cured. */
  readonly rightArisesAt: Instant;
  readonly state: "open" | "cured" | "right-has-arisen";
  readonly derivation: string;
}

export function cureOf({ zone, receivedOn, curedAt, asked }: BreachNotice): Cure {
  const period = opensAfter({ days: 30, clause: "PPT-4a" }, { event: "written notice received", on: receivedOn }, { zone, holidays: [] });
  const cured = curedAt !== undefined && curedAt < period.opensAt && curedAt <= asked;
  return {
    lastDay: period.lastDay,
    rightArisesAt: period.opensAt,
    state: cured ? "cured" : asked >= period.opensAt ? "right-has-arisen" : "open",
    derivation: period.derivation,
  };
}

/** The upgrade fee falls due thirty days after the date of the invoice, not after its receipt (PPT-5a). */
export function upgradeFeeDue(invoiceOn: Day): { readonly dueOn: Day; readonly derivation: string } {
  const dueOn = addDays(invoiceOn, 30);
  return { dueOn, derivation: `invoice dated ${dayWords(invoiceOn)} + 30 days = ${dayWords(dueOn)}, PPT-5a` };
}

/** The last day on which a written notice not to renew may be received (PPT-5b). */
export function lastDayToCancel(renewsOn: Day): { readonly lastDay: Day; readonly derivation: string } {
  const lastDay = addDays(renewsOn, -30);
  return { lastDay, derivation: `renewal ${dayWords(renewsOn)} − 30 days = ${dayWords(lastDay)}, PPT-5b` };
}

/** The last day of twelve months after the end in which nobody of the other side may be solicited or hired (PPT-10d). */
export function nonSolicitationEnds(
  endedOn: Day,
  zone: z.output<typeof zoneName>,
): { readonly lastDay: Day; readonly freeAt: Instant; readonly derivation: string } {
  const { dueDay = endedOn, derivation } = dueBy(
    { n: 12, unit: "months", clause: "PPT-10d" },
    { event: "agreement ended", on: endedOn },
    { zone, holidays: [] },
  );
  return { lastDay: dueDay, freeAt: startOfDay(addDays(dueDay, 1), zone), derivation };
}
