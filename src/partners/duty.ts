// What one side owes the other, by when and why, and how it stands: every clock of the partner program ends in one of these.
import { endOfDay, type Day, type Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Basis } from "../policy/pack.ts";
import { dueBy, type Calendar, type DeadlineRule, type Trigger } from "../policy/deadline-rule.ts";
import type { ContractPack, Side } from "../policy/contract-pack.ts";

export type DutyState = "open" | "suspended" | "met" | "late" | "overdue" | "excused";

export interface Duty {
  /** Stable and unique for one partner: the clause and what it is about. */
  readonly id: string;
  readonly clause: string;
  /** In words that name nobody. */
  readonly label: string;
  readonly owedBy: Side;
  /** The last moment that is in time; absent while nothing counts. */
  readonly dueAt?: Instant;
  readonly state: DutyState;
  /** When it was kept or excused. */
  readonly settledAt?: Instant;
  readonly derivation: string;
  readonly basis: Basis;
  /** What is still missing. */
  readonly findings: readonly Reason[];
  /** The step that meets it, and the answers that are known already. */
  readonly report?: { readonly step: string; readonly values: Readonly<Record<string, string>> };
  /** The paper that confirms it together with other clauses. */
  readonly paper?: string;
  /** A right that ends, not a duty. */
  readonly isRight?: true;
  readonly began?: Instant;
}

interface Counted {
  readonly dueAt: Instant | undefined;
  readonly settledAt?: Instant | undefined;
  readonly now: Instant;
  readonly isSuspended?: boolean;
}

/** Kept in time is kept for ever; nothing is both kept and overdue. */
export function stateOf({ dueAt, settledAt, now, isSuspended = false }: Counted): DutyState {
  if (settledAt !== undefined && settledAt <= now) return dueAt === undefined || settledAt <= dueAt ? "met" : "late";
  if (isSuspended) return "suspended";
  return dueAt !== undefined && now > dueAt ? "overdue" : "open";
}

/** The deadline of a clause as the pack gives it; throws for a clause without a number. */
export function ruleOf(contract: ContractPack, clause: string): DeadlineRule & { readonly basis: Basis } {
  const deadline = contract.clauses.find(({ id }) => id === clause)?.deadline;
  if (deadline?.n === undefined || deadline.unit === undefined) throw new Error(`${clause} gives no number to count with`);
  return { n: deadline.n, unit: deadline.unit, clause, basis: deadline.basis };
}

export interface Extension {
  readonly until: Day;
}

/** The clause's own end, moved out by extensions; one that ends earlier moves nothing. */
export function dueWith(rule: DeadlineRule, trigger: Trigger, calendar: Calendar, extensions: readonly Extension[] = []) {
  const first = dueBy(rule, trigger, calendar);
  return extensions.reduce(
    (counted, { until }) => {
      const moved = endOfDay(until, calendar.zone);
      return moved > counted.due ? { due: moved, derivation: `${counted.derivation}; more time given through ${until}` } : counted;
    },
    { due: first.due, derivation: first.derivation },
  );
}

export function isSettled({ state }: Duty): boolean {
  return state === "met" || state === "late" || state === "excused";
}

/** What one paper confirms, ends on one day and stands alike is one line of a list and of a letter: a partner files the paper once. */
export function lineOf({ paper, id, state, dueAt }: Pick<Duty, "paper" | "id" | "state" | "dueAt">): string {
  return paper === undefined ? id : `${paper} ${state} ${dueAt ?? ""}`;
}

/** The first duty of each line. */
export function leadsOf(duties: readonly Duty[]): readonly Duty[] {
  return [...Map.groupBy(duties, lineOf).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}
