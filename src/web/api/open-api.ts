// Describes the partner's API from the steps themselves, so that the description cannot differ from what is enforced.
import { z } from "zod";
import { partnerSteps } from "../../partners/steps.ts";

const reasons = {
  type: "object",
  properties: {
    ok: { const: false },
    reasons: { type: "array", items: { type: "object", properties: { clause: { type: "string" }, code: { type: "string" }, because: { type: "string" } } } },
  },
} as const;

const json = (schema: object) => ({ "application/json": { schema } });
const ok = (description: string) => ({ description, content: json({ type: "object", properties: { ok: { const: true } } }) });
const refusals = {
  "401": { description: "No key, or one that was taken back", content: json(reasons) },
  "429": { description: "More than 600 steps in a quarter of an hour: wait as Retry-After says", content: json(reasons) },
  "409": { description: "Refused, with every reason and its clause", content: json(reasons) },
  "422": { description: "The input is not what it claims to be", content: json(reasons) },
};

export function openApi(): object {
  const steps = partnerSteps.filter(({ askers, asks }) => askers.includes("partner") && Object.keys(asks).length > 0);
  return {
    openapi: "3.1.0",
    info: { title: "Portcullis partner API", version: "1", description: "What a partner owes and reports. Every refusal carries the clause that asks for it." },
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    security: [{ key: [] }],
    paths: {
      "/api/partner/duties": {
        get: {
          summary: "Everything owed, by when and why",
          parameters: [{ name: "state", in: "query", schema: { type: "string" }, description: "open,overdue,suspended,met,late,excused" }],
          responses: { "200": ok("Duties"), "401": refusals["401"] },
        },
      },
      "/api/partner/duties/{duty}": {
        get: {
          summary: "One duty",
          parameters: [{ name: "duty", in: "path", required: true, schema: { type: "string" } }],
          responses: { "200": ok("The duty"), "401": refusals["401"] },
        },
      },
      "/api/partner/steps": { get: { summary: "What can be reported now", responses: { "200": ok("Steps"), "401": refusals["401"] } } },
      "/api/partner/statements": {
        get: { summary: "Statements that stand, with their accounts", responses: { "200": ok("Statements"), "401": refusals["401"] } },
      },
      "/api/partner/record": { get: { summary: "Every fact on record", responses: { "200": ok("Facts"), "401": refusals["401"] } } },
      "/api/partner/sales": {
        post: {
          summary: "Make statements from a sales ledger: all of them or none",
          requestBody: { required: true, content: { "text/csv": { schema: { type: "string" } } } },
          responses: { "201": ok("The statements that were made"), ...refusals },
        },
      },
      ...Object.fromEntries(
        steps.map(({ name, label, clauses, schema, topic }) => [
          `/api/partner/steps/${name}`,
          {
            post: {
              summary: label,
              description: `Clauses: ${clauses.join(", ")}`,
              tags: [topic],
              requestBody: { required: true, content: json(withoutType(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }))) },
              responses: { "201": ok("The facts that followed"), ...refusals },
            },
          },
        ]),
      ),
    },
  };
}

/** The address names the step: the body need not. */
function withoutType({ $schema: _, ...schema }: { readonly [name: string]: unknown; readonly properties?: unknown; readonly required?: unknown }): object {
  const { type: __, ...properties } = (schema.properties ?? {}) as Record<string, unknown>;
  return { ...schema, properties, required: ((schema.required ?? []) as readonly string[]).filter((name) => name !== "type") };
}
