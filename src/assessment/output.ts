// The shape of a verdict as JSON: what lawyers and tests may rely on.
import { z } from "zod";
import { dataClasses, families } from "../policy/pack.ts";

const reason = z.strictObject({ clause: z.string(), code: z.string(), because: z.string(), line: z.string().optional() });
const basis = z.enum(["document", "law", "memory", "house"]);
const day = z.iso.date();
const moment = z.iso.datetime();

/** `portcullis-assessment/1`. Reasons, clause ids and derivations are those of the desk's pages and letters. */
export const assessmentOutput = z.strictObject({
  format: z.literal("portcullis-assessment/1"),
  asked: moment.describe("The moment of the question, in UTC."),
  packs: z.array(z.string()).describe("Versions that judged: us@2026.1."),
  instrument: z
    .strictObject({
      id: z.string(),
      label: z.string(),
      family: z.enum(families),
      compulsory: z.boolean(),
      citation: z.string(),
      basis,
      confirm: z.array(z.string()).describe("What counsel must confirm before anybody relies on it."),
      pack: z.string(),
    })
    .optional(),
  lines: z.array(
    z.strictObject({
      id: z.string(),
      dataType: z.string(),
      dataClass: z.enum(dataClasses).optional(),
      decision: z.enum(["allow", "deny", "ask", "counsel"]).describe("The gravest finding decides: counsel, deny, ask; without a finding allow."),
      reasons: z.array(reason),
      notes: z.array(reason).optional().describe("What is to be known of the line beside its reasons: nothing here stands against it."),
      rule: z.string().optional().describe("Which row of which pack version decided."),
      citation: z.string(),
    }),
  ),
  gate: z.strictObject({
    open: z.boolean(),
    bars: z.array(z.strictObject({ id: z.string(), label: z.string(), clause: z.string(), reasons: z.array(reason) })),
    reasons: z.array(reason).describe("Every reason why not; empty when the gate is open."),
  }),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      question: z.string(),
      answer: z.enum(["yes", "no", "not-applicable", "waiting"]),
      answeredBy: z.enum(["machine", "person"]),
    }),
  ),
  notice: z.strictObject({
    state: z.enum(["undecided", "bound", "deferred", "owed", "waiting", "given", "withheld", "none"]),
    clause: z.string(),
    earliest: day.optional(),
    latest: day.optional(),
    derivation: z.string(),
    reasons: z.array(reason),
    mustNotTell: z.array(z.strictObject({ gag: z.string(), instrument: z.string(), until: day.optional(), mayTell: z.array(z.string()) })),
  }),
  tells: z.array(
    z.strictObject({
      applies: z.unknown().optional(),
      who: z.string(),
      by: z.enum(["us", "authority"]),
      when: z.string(),
      paperMayForbid: z.boolean(),
      citation: z.string(),
      basis,
    }),
  ),
  clocks: z.array(
    z.strictObject({
      id: z.string(),
      label: z.string(),
      kind: z.enum(["duty", "hold", "keep", "option", "theirs"]).optional(),
      startedAt: moment,
      dueAt: moment.describe("The last moment at which it is still in time."),
      dueDay: day,
      derivation: z.string(),
      clause: z.string(),
      state: z.enum(["open", "due", "overdue", "kept", "suspended"]),
      isDuty: z.boolean(),
      wakes: z.string().optional(),
    }),
  ),
  duties: z.array(z.strictObject({ says: z.string(), citation: z.string(), basis })),
  challenge: z.array(z.strictObject({ route: z.string(), suspends: z.boolean(), citation: z.string(), basis })),
  costs: z.strictObject({ rule: z.string(), citation: z.string(), basis }).optional(),
  counsel: z.array(reason),
  worksheet: z.array(
    z.strictObject({
      pack: z.string(),
      rule: z.string(),
      answer: z.enum(["applies", "open", "lifted-or-not-applicable"]),
      lines: z.array(z.string()),
      because: z.string(),
      citation: z.string(),
    }),
  ),
  questions: z.array(z.strictObject({ about: z.string(), question: z.string() })).describe("What nobody has recorded and the law asks for."),
  letter: z.enum(["missing-contents", "clarification", "narrowing", "rejection", "form-3", "preservation-confirmed"]).optional(),
  report: z.strictObject({
    bucket: z.string().optional(),
    outcome: z.enum(["pending", "produced_full", "produced_partial", "rejected", "no_lines"]),
    bandsOnly: z.boolean().describe("A case of national security: printed only in bands, in no other total."),
  }),
  refused: z
    .array(z.strictObject({ step: z.string(), reasons: z.array(reason) }))
    .describe("Steps that the description says were taken and the desk would have refused."),
});

/** The text of `docs/formats/assessment.schema.json`. */
export function assessmentSchemaText(): string {
  const schema = z.toJSONSchema(assessmentOutput, { target: "draft-2020-12" });
  return `${JSON.stringify({ ...schema, $id: "urn:portcullis:assessment:1", title: "Portcullis assessment, format 1" }, null, 2)}\n`;
}
