// By when personal data is returned or deleted: ninety days after the end, thirty after a request, whichever is earlier (DPA-10a, DPA-10b).
import { z } from "zod";
import { endOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import { dayWords, dueBy, type Due } from "../../policy/deadline-rule.ts";
import { dayText, zoneName } from "../calculation.ts";

export const deletionQuestion = z
  .strictObject({
    zone: zoneName,
    /** The day the agreement ended; absent during its term. */
    terminatedOn: dayText.optional(),
    /** Days on which a written request was received. */
    requestsReceivedOn: z.array(dayText).max(1000).default([]),
    /** What a legal hold or a preservation keeps: by store or item, never more than it names. */
    holds: z
      .array(
        z.strictObject({ item: z.string().min(1).max(300), ground: z.enum(["legal-hold", "us-preservation", "eu-preservation"]), until: dayText.optional() }),
      )
      .max(10_000)
      .default([]),
  })
  .refine(({ terminatedOn, requestsReceivedOn }) => terminatedOn !== undefined || requestsReceivedOn.length > 0, {
    path: ["terminatedOn"],
    error: "Nothing is due: the agreement runs and no request has been received.",
  });
export type DeletionQuestion = z.output<typeof deletionQuestion>;

export interface DeletionDue {
  readonly lastDay: Day;
  readonly dueAt: Instant;
  /** What was counted, the one that binds first. */
  readonly counted: readonly { readonly clause: string; readonly lastDay: Day; readonly derivation: string }[];
  readonly derivation: string;
  /** Left out of the deletion, and named on its certificate. */
  readonly held: readonly { readonly item: string; readonly because: string }[];
}

const holdWords = {
  "legal-hold": "a legal hold",
  "us-preservation": "a preservation under 18 USC 2703(f)",
  "eu-preservation": "a European preservation order",
} as const;

export function deletionDue({ zone, terminatedOn, requestsReceivedOn, holds }: DeletionQuestion): DeletionDue {
  const calendar = { zone, holidays: [] };
  const ends: readonly (Due & { readonly clause: string })[] = [
    ...(terminatedOn === undefined
      ? []
      : [{ clause: "DPA-10a", ...dueBy({ n: 90, unit: "days", clause: "DPA-10a" }, { event: "agreement ended", on: terminatedOn }, calendar) }]),
    ...requestsReceivedOn.map((on) => ({
      clause: "DPA-10b",
      ...dueBy({ n: 30, unit: "days", clause: "DPA-10b" }, { event: "written request received", on }, calendar),
    })),
  ];
  const counted = ends
    .map(({ clause, dueDay, due, derivation }) => ({ clause, lastDay: dueDay ?? (due.slice(0, 10) as Day), derivation }))
    .toSorted((one, other) => (one.lastDay < other.lastDay ? -1 : 1));
  const [binding] = counted;
  if (binding === undefined) throw new Error("a deletion was asked about that nothing makes due");
  return {
    lastDay: binding.lastDay,
    dueAt: endOfDay(binding.lastDay, zone),
    counted,
    derivation: counted.length === 1 ? binding.derivation : `${binding.derivation}; the earliest of ${counted.length}: a request shortens and never extends`,
    held: holds.map(({ item, ground, until }) => ({
      item,
      because: `It is kept under ${holdWords[ground]}${until === undefined ? ", whose end is not on record" : ` through ${dayWords(until)}`}; everything else is deleted in time.`,
    })),
  };
}
