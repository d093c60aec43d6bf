// The same rows as Cedar policies: one permit a row, one forbid an obstacle, parsed once.
import { preparsePolicySet, statefulIsAuthorized, type StatefulAuthorizationCall as CedarCall } from "@cedar-policy/cedar-wasm/nodejs";
import { factsAsked, type Condition, type FactValue, type LineFacts, type PaperRules } from "./pack-rows.ts";

export type { CedarCall };

interface CedarRival {
  readonly policies: number;
  /** Everything that can be done before the question is asked. */
  readonly prepare: (instrument: string, facts: LineFacts) => CedarCall;
}

/** `set` names the parsed policies. With one set for all papers Cedar finds the paper's policies; with a set each the caller has done so. */
export function cedarRival(set: string, papers: readonly PaperRules[]): CedarRival {
  const policies = papers.flatMap(policiesOf);
  const parsed = preparsePolicySet(set, { staticPolicies: policies.join("\n") });
  if (parsed.type === "failure") throw new Error(`Cedar refuses the policies: ${JSON.stringify(parsed.errors).slice(0, 2000)}`);
  const asked = new Map(papers.map((paper) => [paper.instrument, factsAsked(paper)]));
  return {
    policies: policies.length,
    prepare: (instrument, facts) => ({
      principal: { type: "Paper", id: instrument },
      action: { type: "Action", id: String(facts["dataType"]) },
      resource: { type: "DataClass", id: String(facts["dataClass"] ?? "") },
      context: Object.fromEntries(Object.entries(facts).flatMap(([fact, value]) => (asked.get(instrument)?.has(fact) === true ? [[fact, plain(value)]] : []))),
      preparsedPolicySetId: set,
      entities: [],
    }),
  };
}

export function cedarAllows(call: CedarCall): boolean {
  const answer = statefulIsAuthorized(call);
  if (answer.type === "failure") throw new Error(`Cedar fails: ${JSON.stringify(answer.errors)}`);
  return answer.response.decision === "allow";
}

/** Cedar answers with a policy left out when evaluating it fails; in a comparison that must not happen unseen. */
export function cedarErrors(call: CedarCall): readonly unknown[] {
  const answer = statefulIsAuthorized(call);
  return answer.type === "failure" ? answer.errors : answer.response.diagnostics.errors;
}

function plain(value: FactValue): string | number | boolean | string[] {
  return typeof value === "object" ? [...value] : value;
}

function policiesOf({ instrument, rows, stops }: PaperRules): readonly string[] {
  const paper = `principal == Paper::${text(instrument)}`;
  const permits = rows.map(
    ({ dataClass, dataTypes, conditions }) =>
      `permit(${paper}, action in [${dataTypes.map((type) => `Action::${text(type)}`).join(", ")}], resource == DataClass::${text(dataClass)}) when { ${all(conditions)} };`,
  );
  return [...permits, ...(rows.length === 0 ? [] : stops.map((stop) => `forbid(${paper}, action, resource) when { ${expression(stop)} };`))];
}

function expression(condition: Condition): string {
  switch (condition.asks) {
    case "known":
      return has(condition.fact);
    case "unknown":
      return `!(${has(condition.fact)})`;
    case "is":
      return `(${has(condition.fact)} && ${condition.value ? "" : "!"}context.${condition.fact})`;
    case "one-of":
      return `(${has(condition.fact)} && ${oneOf(condition.fact, condition.values)})`;
    case "at-least":
      return `(${has(condition.fact)} && context.${condition.fact} >= ${condition.value})`;
    case "not-after":
      return `(!(${has(condition.fact)} && ${has(condition.other)}) || context.${condition.fact} <= context.${condition.other})`;
    case "same":
      return `(${has(condition.fact)} && ${has(condition.other)} && context.${condition.fact} == context.${condition.other})`;
    case "member":
      return `(${has(condition.fact)} && ${has(condition.other)} && context.${condition.other}.contains(context.${condition.fact}))`;
    case "overlaps":
      return `(${has(condition.fact)} && context.${condition.fact}.containsAny(${list(condition.values)}))`;
    case "includes-all":
      return `(${has(condition.fact)} && context.${condition.fact}.containsAll(${list(condition.values)}))`;
    case "every":
      return `(${all(condition.of)})`;
    case "some":
      return `(${condition.of.length === 0 ? "false" : condition.of.map(expression).join(" || ")})`;
    case "not":
      return `!${expression(condition.of)}`;
  }
}

function all(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? "true" : conditions.map(expression).join(" && ");
}

function oneOf(fact: string, values: readonly string[]): string {
  return values.length === 1 ? `context.${fact} == ${text(values[0] ?? "")}` : `${list(values)}.contains(context.${fact})`;
}

function has(fact: string): string {
  return `context has ${fact}`;
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
