// The steps that settle what a paper leaves open: ask the agency, record a ground for a transfer, decide on an emergency.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import { decision, evidenceOf, type Circumstances, type History } from "../decision.ts";
import { clarificationOpen } from "../deadlines/paper-clocks.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import { reasonsUnlessOpen } from "../open-case.ts";
import { decidedBy } from "./emergency.ts";
import { findInstrument } from "./line-verdicts.ts";
import { openPoints } from "./open-points.ts";

function reasonsWithoutPaper(history: History): readonly Reason[] {
  const open = reasonsUnlessOpen(history);
  if (open.length > 0 || intakeOf(history).details?.instrument !== undefined) return open;
  return [{ clause: "KDRP-4", code: "DETAILS_NOT_CONFIRMED", because: "Confirm the details and the paper first." }];
}

export const askClarification = decision({
  name: "AskClarification",
  label: "Ask the agency to make the paper clear",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("AskClarification") }),
  against: (history, at) => [
    ...reasonsWithoutPaper(history),
    ...(clarificationOpen(history)
      ? [{ clause: "KDRP-5", code: "CLARIFICATION_PENDING", because: "A clarification has been asked and is not answered." }]
      : []),
    ...(openPoints(history, at).length === 0
      ? [{ clause: "KDRP-5", code: "NOTHING_UNCLEAR", because: "No line waits for an answer of the agency. Review the request, or reject it." }]
      : []),
  ],
  decide: (_command, history, at) => accept({ type: "ClarificationAsked", points: openPoints(history, at) }),
});

export const recordClarification = decision({
  name: "RecordClarification",
  label: "Record the agency's clarification",
  askers: ["analyst", "counsel", "officer"],
  schema: z.strictObject({ type: z.literal("RecordClarification"), private: z.strictObject({ answer: z.string().min(1).max(20_000) }) }),
  against: (history) => [
    ...reasonsWithoutPaper(history),
    ...(clarificationOpen(history) ? [] : [{ clause: "KDRP-5", code: "NO_CLARIFICATION_PENDING", because: "No clarification waits for an answer." }]),
  ],
  decide: (_command, _history, at) => accept({ type: "ClarificationAnswered", answer: evidenceOf(at) }),
});

export const recordTransferGround = decision({
  name: "RecordTransferGround",
  label: "Record the ground for a transfer abroad",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("RecordTransferGround"),
    ground: z.enum(["agreement", "derogation"]),
    private: z.strictObject({ reasoning: z.string().min(1).max(20_000) }),
  }),
  against: reasonsWithoutPaper,
  decide: ({ ground }, history, at) => {
    const revision = revisionOf(history);
    const same = history.some(({ fact, by }) => fact.type === "TransferGroundRecorded" && fact.revision === revision && by === at.by);
    if (same)
      return refuse({
        clause: "V20",
        code: "SECOND_PERSON",
        because: "You have recorded this ground for these details. A second, different person must find it too.",
      });
    return accept({ type: "TransferGroundRecorded", ground, revision, evidence: evidenceOf(at) });
  },
});

export const decideEmergency = decision({
  name: "DecideEmergency",
  label: "Decide on the emergency",
  askers: ["counsel", "approver"],
  schema: z.strictObject({
    type: z.literal("DecideEmergency"),
    /** The officer's supervisor, called back on a number found independently, vouches for the facts. */
    supervisorAttests: z.boolean(),
    private: z.strictObject({
      danger: z.string().min(10).max(5000),
      whyNow: z.string().min(10).max(5000),
      whyThisData: z.string().min(10).max(5000),
      supervisor: z.string().max(300),
    }),
  }),
  against: (history, at) => [...reasonsWithoutPaper(history), ...reasonsUnlessEmergency(history, at), ...secondPerson(history, at)],
  decide: ({ supervisorAttests }, history, at) => accept({ type: "EmergencyDecided", supervisorAttests, revision: revisionOf(history), facts: evidenceOf(at) }),
});

function reasonsUnlessEmergency(history: History, { laws, policy }: Circumstances): readonly Reason[] {
  const family = findInstrument(intakeOf(history).details?.instrument, laws)?.instrument.family;
  if (family !== "emergency") return [{ clause: "V23", code: "NO_EMERGENCY", because: "The paper is no emergency request." }];
  if (policy.settings.allowVoluntaryEmergency) return [];
  return [
    {
      clause: cite(policy, "IGRP-4", "KDRP-7"),
      code: "EMERGENCY_OFF",
      because: "The policy does not let data leave in an emergency. Reject the request and name the compulsory ways.",
    },
  ];
}

function secondPerson(history: History, { by }: Circumstances): readonly Reason[] {
  return decidedBy(history).has(by) ? [{ clause: "V23", code: "SECOND_PERSON", because: "You have decided. A second, different person must." }] : [];
}
