// Which document decides a topic: the ladder of precedence, walked for each kind of data, with every step said (PPT-1.1, W-10).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { dayText } from "../calculation.ts";

/** From the top. What stands higher decides first; among the supplements, Schedule 5 stands over the DPA. */
export const ladder = [
  "mandatory-law",
  "transfer-clauses",
  "order-form",
  "schedule-5",
  "schedule-4",
  "schedules-1-3",
  "dpa",
  "ai-addendum",
  "terms",
  "linked-policy",
] as const;
type Rung = (typeof ladder)[number];

const rungWords: Readonly<Record<Rung, string>> = {
  "mandatory-law": "mandatory law",
  "transfer-clauses": "the clauses for transfers",
  "order-form": "the Order Form",
  "schedule-5": "Schedule 5",
  "schedule-4": "Schedule 4",
  "schedules-1-3": "Schedules 1 to 3",
  dpa: "the data processing agreement",
  "ai-addendum": "the AI Addendum",
  terms: "the Terms",
  "linked-policy": "a linked policy",
};

const flows = ["eea", "uk", "ch", "us"] as const;
type Flow = (typeof flows)[number];

const rule = z.strictObject({
  rung: z.enum(ladder),
  clause: z.string().min(1).max(60),
  value: z.union([z.number(), z.string().min(1).max(2000)]),
  /** Data it speaks of; absent: all. */
  flows: z.array(z.enum(flows)).min(1).optional(),
  /** `value`: it says what holds. `at-least`: less than this is not lawful. `approval-only`: nothing but a recorded approval will do. */
  binds: z.enum(["value", "at-least", "approval-only"]).default("value"),
});
type Rule = z.output<typeof rule>;

export const precedenceQuestion = z
  .strictObject({
    topic: z.string().min(1).max(200),
    flows: z.array(z.enum(flows)).min(1).default(["us"]),
    rules: z.array(rule).min(1).max(200),
    /** The topic is about an AI Product in the marketplace: then two sentences name different winners. */
    aiProduct: z.boolean().default(false),
    /** Which reading of X-11 a named person has chosen for this contract. */
    election: z
      .strictObject({ reading: z.enum(["order-form-first", "addendum-over-agreement", "addendum-over-terms"]), by: z.string().min(1).max(200), on: dayText })
      .optional(),
  })
  .refine(({ rules }) => rules.every(({ binds, value }) => binds !== "at-least" || typeof value === "number"), {
    path: ["rules"],
    error: "A least value is a number.",
  });
export type PrecedenceQuestion = z.output<typeof precedenceQuestion>;

interface Resolved {
  readonly flow: Flow;
  /** "approval-only": no value opens it. Absent: no rule speaks of this data. */
  readonly value?: number | string;
  readonly clause?: string;
  readonly rung?: Rung;
  /** Every rung that was looked at, in words. */
  readonly walked: readonly string[];
  /** A blocking one stands until a named person has settled it. */
  readonly warnings: readonly (Reason & { readonly blocks: boolean })[];
}

export interface Precedence {
  readonly topic: string;
  readonly resolved: readonly Resolved[];
  /** Two documents claim the last word and nobody has elected one: nothing that rests on it is settled. */
  readonly conflict?: { readonly between: readonly [string, string]; readonly provisional: number | string; readonly reason: Reason };
}

export function precedence(question: PrecedenceQuestion): Precedence {
  const conflict = conflictOf(question);
  return {
    topic: question.topic,
    resolved: question.flows.map((flow) => resolve(flow, question)),
    ...(conflict === undefined ? {} : { conflict }),
  };
}

/** PPT-1.1 puts the Order Form first; PPT-14 puts the AI Addendum over the whole agreement. Never resolved silently. */
function conflictOf({ rules, aiProduct, election }: PrecedenceQuestion): Precedence["conflict"] {
  const order = rules.find(({ rung }) => rung === "order-form");
  const addendum = rules.find(({ rung }) => rung === "ai-addendum");
  if (!aiProduct || election !== undefined || order === undefined || addendum === undefined || order.value === addendum.value) return undefined;
  return {
    between: ["PPT-1.1", "PPT-14"],
    provisional: addendum.value,
    reason: {
      clause: "PPT-14",
      code: "PRECEDENCE_UNSETTLED",
      because: `PPT-1.1 gives ${order.value} by the Order Form (${order.clause}), PPT-14 gives ${addendum.value} by the AI Addendum (${addendum.clause}) (X-11). A named person elects one; until then ${addendum.value} is shown as provisional and no statement is made.`,
    },
  };
}

function resolve(flow: Flow, question: PrecedenceQuestion): Resolved {
  const rules = inOrder(question).filter((each) => each.flows === undefined || each.flows.includes(flow));
  const named = rules.find(({ binds }) => binds === "value");
  const decides = decidingOf(rules, named);
  return {
    flow,
    ...(decides === undefined
      ? {}
      : { value: decides.binds === "approval-only" ? "approval-only" : decides.value, clause: decides.clause, rung: decides.rung }),
    walked: rules.map((each) => stepWords(each, each === decides)),
    warnings: weakenings(named, rules),
  };
}

/** What nothing but an approval opens stays shut; a least value raises what a lower document says. */
function decidingOf(rules: readonly Rule[], named: Rule | undefined): Rule | undefined {
  const closed = rules.find(({ binds }) => binds === "approval-only");
  if (closed !== undefined) return closed;
  const [floor] = rules.filter(({ binds }) => binds === "at-least").toSorted((one, other) => Number(other.value) - Number(one.value));
  if (named === undefined || floor === undefined) return named ?? floor;
  return typeof named.value === "number" && named.value < Number(floor.value) ? floor : named;
}

/** From the top of the ladder; under PPT-14 the AI Addendum stands over the Order Form, and over nothing that law or clauses say. */
function inOrder({ rules, aiProduct, election }: PrecedenceQuestion): readonly Rule[] {
  const aiFirst = aiProduct && (election === undefined || election.reading === "addendum-over-agreement");
  const place = (each: Rule) => (aiFirst && each.rung === "ai-addendum" ? ladder.indexOf("order-form") - 0.5 : ladder.indexOf(each.rung));
  return rules.toSorted((one, other) => place(one) - place(other));
}

function stepWords({ rung, clause, value, binds }: Rule, decides: boolean): string {
  const says = { value: String(value), "at-least": `no less than ${value}`, "approval-only": "a recorded approval only" }[binds];
  return `${rungWords[rung]} (${clause}): ${says}${decides ? ", which decides" : ""}`;
}

const protecting: readonly Rung[] = ["transfer-clauses", "schedule-5", "dpa"];

/** An Order Form may not lower what protects the data: it is shown, and a named person settles it. */
function weakenings(deciding: Rule | undefined, rules: readonly Rule[]): Resolved["warnings"] {
  if (deciding?.rung !== "order-form" || typeof deciding.value !== "number") return [];
  const { value, clause } = deciding;
  return rules
    .filter(({ rung, value: other, binds }) => protecting.includes(rung) && (binds === "approval-only" || (typeof other === "number" && value < other)))
    .map(({ rung, clause: lowered, value: other, binds }) => ({
      clause: lowered,
      code: "ORDER_FORM_WEAKENS",
      because: `The Order Form (${clause}) has ${value}, and ${rungWords[rung]} (${lowered}) ${binds === "approval-only" ? "a recorded approval" : other}: it may not lower what protects the data (X-11). Have it changed, or settled by a named person.`,
      blocks: true,
    }));
}
