// The shapes of what the commands print with --json.
import { z } from "zod";

export const reason = z.object({ clause: z.string(), code: z.string(), because: z.string(), line: z.string().optional() });
export const refusal = z.object({ ok: z.literal(false), reasons: z.array(reason) });

const assurance = z.object({
  fact: z.string(),
  verdict: z.enum(["met", "not-met", "unknown"]),
  code: z.string(),
  clause: z.string(),
  because: z.string(),
  since: z.string(),
  validTo: z.string().optional(),
  evidence: z.unknown(),
});

const line = z.object({
  id: z.string(),
  words: z.string(),
  dataType: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  decision: z.enum(["allow", "deny", "ask", "counsel"]),
  reasons: z.array(reason),
  citation: z.string(),
});

const bar = z.object({ id: z.string(), label: z.string(), clause: z.string(), reasons: z.array(reason) });
const clock = z.object({
  id: z.string(),
  label: z.string(),
  startedAt: z.string(),
  dueAt: z.string(),
  derivation: z.string(),
  clause: z.string(),
  state: z.enum(["open", "due", "overdue", "kept", "suspended"]),
  isDuty: z.boolean(),
  wakes: z.string().optional(),
  kind: z.string().optional(),
});

export const caseOutput = z.object({
  caseId: z.string(),
  standing: z.string(),
  stage: z.string(),
  outcome: z.string().optional(),
  secret: z.boolean(),
  receivedAt: z.string(),
  door: z.string(),
  packs: z.array(z.string()),
  duplicates: z.number(),
  message: z.unknown().optional(),
  reading: z.unknown().optional(),
  followUps: z.array(z.object({ receivedAt: z.string(), sort: z.string(), content: z.unknown() })),
  assurances: z.array(assurance),
  details: z.enum(["confirmed", "proposed", "none"]),
  confirmed: z.unknown().optional(),
  privateDetails: z.unknown().optional(),
  proposal: z.unknown().optional(),
  missing: z.array(z.object({ id: z.string(), clause: z.string(), code: z.string(), ask: z.string() })),
  lines: z.array(line),
  checks: z.array(z.object({ id: z.string(), question: z.string(), answer: z.string(), answeredBy: z.string() })),
  referral: z.string(),
  gate: z.object({ open: z.boolean(), bars: z.array(bar), reasons: z.array(reason), asOf: z.string().optional() }),
  forms: z.array(z.unknown()),
  paper: z.unknown().optional(),
  openPoints: z.array(reason),
  worksheet: z.array(z.unknown()),
  preservations: z.array(z.unknown()),
  linkedCopies: z.array(z.unknown()).describe("Copies of other cases that answer this one."),
  keptElsewhere: z
    .array(z.object({ caseId: z.string(), preservation: z.string(), sealedOn: z.string().optional(), until: z.string().optional(), secret: z.boolean() }))
    .describe("Copies of the same workspaces that other cases keep: the step UseKeptCopy takes the number as `from`."),
  conflicts: z.array(z.unknown()),
  authority: z.unknown().optional(),
  emergency: z.unknown().optional(),
  clocks: z.array(clock),
  gags: z.array(z.unknown()),
  notice: z.unknown(),
  challenges: z.array(z.unknown()),
  letters: z.array(
    z.object({
      letter: z.string(),
      kind: z.string(),
      to: z.enum(["agency", "owner"]),
      writtenAt: z.string(),
      state: z.enum(["waiting", "sent", "failed"]),
      content: z.unknown(),
    }),
  ),
  release: z.unknown(),
  steps: z.array(z.object({ name: z.string(), label: z.string(), against: z.array(reason) })),
  timeline: z.array(z.object({ version: z.number(), type: z.string(), at: z.string(), by: z.string() })),
});

export const ledgerOutput = z.object({
  ok: z.boolean(),
  size: z.number(),
  waiting: z.number(),
  checkpoints: z.number(),
  root: z.string(),
  logKey: z.string(),
  finding: z
    .object({
      code: z.string(),
      because: z.string(),
      stream: z.string().optional(),
      version: z.number().optional(),
      position: z.number().optional(),
      record: z.string().optional(),
    })
    .optional(),
  figures: z
    .array(z.object({ year: z.number(), edition: z.number(), bandsOf: z.string().optional(), what: z.string() }))
    .describe("Published figures that do not follow from the ledger; empty when all do."),
  vault: z
    .array(z.object({ stream: z.string(), version: z.number(), vault: z.string(), what: z.string() }))
    .describe("Sealed values that are not what their facts committed to; empty when all are."),
});

export const packageOutput = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ severity: z.enum(["fault", "note"]), code: z.string(), where: z.string(), what: z.string() })),
  records: z.number(),
  recordsByLine: z.record(z.string(), z.number()),
  recordsByDataType: z.record(z.string(), z.number()),
  proof: z.object({ kind: z.string(), tied: z.boolean().optional(), because: z.string().optional() }),
  signature: z.object({ kind: z.string(), by: z.string().optional(), because: z.string().optional() }),
});

/** A step that was taken, with the facts it made. */
export const done = z.object({ ok: z.literal(true), facts: z.array(z.string()), version: z.number() });
