// A partner that suspects a security breach tells two mailboxes within twenty-four hours, with four blocks of what it knows (SEC-2.1).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import type { Instant } from "../../kernel/instant.ts";
import { dueBy } from "../../policy/deadline-rule.ts";
import { moment, zoneName } from "../calculation.ts";

export const breachMailboxes = ["security", "privacy"] as const;
export const breachBlocks = ["nature", "contact", "consequences", "measures"] as const;

const blockWords: Readonly<Record<(typeof breachBlocks)[number], string>> = {
  nature: "the nature of the breach, with categories and numbers of people and records",
  contact: "the data protection officer or another contact",
  consequences: "the likely consequences",
  measures: "the measures taken or proposed",
};

export const suspectedBreach = z.strictObject({
  zone: zoneName,
  /** First suspicion, not confirmation. */
  suspectedAt: moment,
  notices: z
    .array(
      z.strictObject({
        at: moment,
        to: z.array(z.enum(breachMailboxes)).max(2),
        /** Blocks it has; one that says "not known yet" is there. */
        blocks: z.array(z.enum(breachBlocks)).max(4),
      }),
    )
    .max(1000)
    .default([]),
  asked: moment,
});
export type SuspectedBreach = z.output<typeof suspectedBreach>;

export interface BreachClock {
  readonly dueAt: Instant;
  readonly state: "open" | "met" | "late" | "overdue";
  /** When a notice to both mailboxes with every block had been given; absent until then. */
  readonly completeAt?: Instant;
  readonly derivation: string;
  /** What the notices given so far lack. */
  readonly findings: readonly Reason[];
}

/** Mailboxes and blocks may come in several notices: it is met when the last of them is there. */
export function breachClock({ zone, suspectedAt, notices, asked }: SuspectedBreach): BreachClock {
  const { due, derivation } = dueBy({ n: 24, unit: "hours", clause: "SEC-2.1a" }, { event: "breach suspected", at: suspectedAt }, { zone, holidays: [] });
  const given = notices.filter(({ at }) => at <= asked).toSorted((one, other) => (one.at < other.at ? -1 : 1));
  const complete = given.find((_, index) => lacking(given.slice(0, index + 1)).length === 0)?.at;
  const inTime = complete !== undefined && complete <= due;
  return {
    dueAt: due,
    state: complete === undefined ? (asked > due ? "overdue" : "open") : inTime ? "met" : "late",
    ...(complete === undefined ? {} : { completeAt: complete }),
    derivation,
    findings: given.length === 0 ? [] : lacking(given),
  };
}

function lacking(notices: SuspectedBreach["notices"]): readonly Reason[] {
  const told = new Set(notices.flatMap(({ to }) => to));
  const said = new Set(notices.flatMap(({ blocks }) => blocks));
  return [
    ...breachMailboxes
      .filter((mailbox) => !told.has(mailbox))
      .map((mailbox) => ({
        clause: "SEC-2.1a",
        code: "MAILBOX_MISSING",
        because: `The ${mailbox} mailbox has not been told. The notice counts when both have it.`,
      })),
    ...breachBlocks
      .filter((block) => !said.has(block))
      .map((block) => ({
        clause: "SEC-2.1b",
        code: "BLOCK_MISSING",
        because: `The notice does not speak of ${blockWords[block]}. Say it, or say that it is not known yet.`,
      })),
  ];
}
