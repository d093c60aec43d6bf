// The same rows as rules for json-rules-engine: one rule a row, and the obstacles as rules of their own.
import { Engine, type RuleProperties, type TopLevelCondition } from "json-rules-engine";
import { factsAsked, type Condition, type LineFacts, type PaperRules, type Row } from "./pack-rows.ts";

export interface RulesEngineRival {
  readonly prepare: (facts: LineFacts) => LineFacts;
  readonly allows: (prepared: LineFacts) => Promise<boolean>;
}

type Nested = Extract<TopLevelCondition, { all: unknown }>["all"][number];

/** Engines for these rows and obstacles, built once. What rules out most rows is asked first, and obstacles only when a row lets the line through. */
export function rulesEngineRival(paper: PaperRules): RulesEngineRival {
  const permits = paper.rows.map((row): RuleProperties => ({
    conditions: { all: [...scope(row), ...row.conditions.map((one) => nested(one, 1))] },
    event: { type: "permit" },
  }));
  const stops = paper.stops.map((stop): RuleProperties => ({
    conditions: { all: [nested(stop)] },
    event: { type: "stop" },
  }));
  const [permitting, stopping] = [engineOf(permits), engineOf(stops)];
  const asked = new Set([...factsAsked(paper), "dataType", "dataClass"]);
  return {
    prepare: (facts) => Object.fromEntries(Object.entries(facts).filter(([fact]) => asked.has(fact))),
    allows: async (facts) => (await permitting.run(facts)).events.length > 0 && (await stopping.run(facts)).events.length === 0,
  };
}

function engineOf(rules: RuleProperties[]): Engine {
  const engine = new Engine(rules, { allowUndefinedFacts: true });
  addOperators(engine);
  return engine;
}

function scope({ dataClass, dataTypes }: Row): readonly Nested[] {
  return [
    { fact: "dataClass", operator: "equal", value: dataClass, priority: 2 },
    { fact: "dataType", operator: "in", value: dataTypes, priority: 2 },
  ];
}

/** The library has no operators for what may be absent; its own way is to add them. */
function addOperators(engine: Engine): void {
  engine.addOperator("known", (fact: unknown) => fact !== undefined);
  engine.addOperator("unknown", (fact: unknown) => fact === undefined);
  engine.addOperator("notAfter", (fact: number | undefined, other: number | undefined) => fact === undefined || other === undefined || fact <= other);
  engine.addOperator("same", (fact: unknown, other: unknown) => fact !== undefined && fact === other);
  engine.addOperator("member", (fact: string | undefined, other: readonly string[] | undefined) => fact !== undefined && other?.includes(fact) === true);
  engine.addOperator("overlaps", (fact: readonly string[] | undefined, values: readonly string[]) => fact?.some((one) => values.includes(one)) === true);
  engine.addOperator("includesAll", (fact: readonly string[] | undefined, values: readonly string[]) => values.every((one) => fact?.includes(one) === true));
  engine.addOperator("disjoint", (fact: readonly string[] | undefined, values: readonly string[]) => fact?.some((one) => values.includes(one)) !== true);
}

function nested(condition: Condition, priority?: number): Nested {
  const order = priority === undefined ? {} : { priority };
  switch (condition.asks) {
    case "known":
    case "unknown":
      return { fact: condition.fact, operator: condition.asks, value: true, ...order };
    case "is":
      return { fact: condition.fact, operator: "equal", value: condition.value, ...order };
    case "one-of":
      return { fact: condition.fact, operator: "in", value: condition.values, ...order };
    case "at-least":
      return {
        fact: condition.fact,
        operator: "greaterThanInclusive",
        value: condition.value,
        ...order,
      };
    case "not-after":
      return {
        fact: condition.fact,
        operator: "notAfter",
        value: { fact: condition.other },
        ...order,
      };
    case "same":
      return { fact: condition.fact, operator: "same", value: { fact: condition.other }, ...order };
    case "member":
      return {
        fact: condition.fact,
        operator: "member",
        value: { fact: condition.other },
        ...order,
      };
    case "overlaps":
      return { fact: condition.fact, operator: "overlaps", value: condition.values, ...order };
    case "includes-all":
      return { fact: condition.fact, operator: "includesAll", value: condition.values, ...order };
    case "every":
      return { all: condition.of.map((one) => nested(one)), ...order };
    case "some":
      return { any: condition.of.map((one) => nested(one)), ...order };
    case "not":
      return negated(condition.of, order);
  }
}

/** A plain operator instead of a wrapper where the library has one: it is what a careful author would write, and faster. */
function negated(condition: Condition, order: { readonly priority?: number }): Nested {
  if (condition.asks === "one-of") return { fact: condition.fact, operator: "notIn", value: condition.values, ...order };
  if (condition.asks === "is") return { fact: condition.fact, operator: "notEqual", value: condition.value, ...order };
  if (condition.asks === "overlaps") return { fact: condition.fact, operator: "disjoint", value: condition.values, ...order };
  return { not: nested(condition), ...order };
}
