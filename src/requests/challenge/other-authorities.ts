// The steps around other authorities: what the state that was told answers, and an objection under another country's law.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse } from "../../kernel/outcome.ts";
import type { CaseFact } from "../case-facts.ts";
import { decision, evidenceOf, type History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { reasonsIfReleased, reasonsUnlessOpen } from "../open-case.ts";
import { conflictsOf } from "./authority-hold.ts";

export const recordAuthorityAnswer = decision({
  name: "RecordAuthorityAnswer",
  label: "Record the answer of the authority that was told",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("RecordAuthorityAnswer"),
    answer: z.enum(["cleared", "refused", "partial"]),
    /** Lines it leaves standing; needed after a partial refusal. */
    lines: z.array(z.string()).optional(),
    private: z.strictObject({ words: z.string().min(1).max(20_000) }),
  }),
  // In an emergency the authority may object after the data was sent: it is then for the issuing authority to delete it.
  against: (history) => [...reasonsUnlessOpen(history), ...(isUrgent(history) ? [] : reasonsIfReleased(history)), ...reasonsUnlessTold(history)],
  decide: ({ answer, lines }, history, at) => {
    const known = intakeOf(history).details?.lines.map(({ id }) => id) ?? [];
    if (answer === "partial" && (lines === undefined || lines.some((line) => !known.includes(line))))
      return refuse({
        clause: "V20",
        code: "PARTIAL_OF_WHAT",
        because: "A partial refusal must name the lines it leaves standing, from the lines of this request.",
      });
    return accept({ type: "AuthorityAnswered", answer, ...(answer === "partial" && lines !== undefined ? { lines } : {}), evidence: evidenceOf(at) });
  },
});

function isUrgent(history: History): boolean {
  return intakeOf(history).details?.instrument?.emergency === true;
}

function reasonsUnlessTold(history: History): readonly Reason[] {
  if (intakeOf(history).details?.instrument?.authorityNotified === true) return [];
  return [{ clause: "V20", code: "NO_AUTHORITY_TOLD", because: "No other authority was told of this order. Correct the details of the paper if one was." }];
}

export const raiseConflict = decision({
  name: "RaiseConflict",
  label: "Object under the law of another country",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("RaiseConflict"),
    private: z.strictObject({ law: z.string().min(3).max(5000), whyItApplies: z.string().min(3).max(5000), conflict: z.string().min(3).max(5000) }),
  }),
  against: (history) => [
    ...reasonsUnlessOpen(history),
    ...reasonsIfReleased(history),
    ...(conflictsOf(history).some(({ decided }) => decided === undefined)
      ? [{ clause: "V20", code: "CONFLICT_PENDING", because: "An objection under the law of another country is pending." }]
      : []),
  ],
  decide: (_command, _history, at) => accept({ type: "ConflictRaised", conflict: at.fresh, reasons: evidenceOf(at) }),
});

export const decideConflict = decision({
  name: "DecideConflict",
  label: "Record the court's decision on the conflict",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("DecideConflict"),
    conflict: z.string(),
    upheld: z.boolean(),
    private: z.strictObject({ decision: z.string().min(1).max(20_000) }),
  }),
  against: reasonsUnlessOpen,
  decide: ({ conflict, upheld }, history, at) => {
    if (!conflictsOf(history).some(({ raised, decided }) => raised.conflict === conflict && decided === undefined))
      return refuse({ clause: "V20", code: "NO_CONFLICT_PENDING", because: "This objection is not pending." });
    return accept<CaseFact>(
      { type: "ConflictDecided", conflict, upheld, decision: evidenceOf(at) },
      ...(upheld ? [{ type: "CaseClosed" as const, outcome: "challenged" as const }] : []),
    );
  },
});
