// The small steps of intake: acknowledge once, ask for what is missing, withdraw, set aside.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { accept } from "../../kernel/outcome.ts";
import { decision } from "../decision.ts";
import { reasonsIfReleased, reasonsUnlessOpen } from "../open-case.ts";
import { intakeOf } from "./request-details.ts";

export const acknowledge = decision({
  name: "Acknowledge",
  label: "Send acknowledgement",
  askers: ["desk", "analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("Acknowledge") }),
  against: (history) => [
    ...reasonsUnlessOpen(history),
    ...(intakeOf(history).acknowledged
      ? [{ clause: "KDRP-1", code: "ALREADY_ACKNOWLEDGED", because: "The request has been acknowledged. An acknowledgement goes out once." }]
      : []),
  ],
  decide: () => accept({ type: "RequestAcknowledged" }),
});

export const askForMissing = decision({
  name: "AskForMissing",
  label: "Ask for what is missing",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("AskForMissing") }),
  against: (history) => {
    const { details, askedMissingAt } = intakeOf(history);
    const reasons: Reason[] = [...reasonsUnlessOpen(history)];
    if (details === undefined)
      reasons.push({
        clause: "KDRP-2a",
        code: "DETAILS_NOT_CONFIRMED",
        because: "Confirm the details first: the letter lists everything that is missing, once.",
      });
    else if (details.missing.length === 0)
      reasons.push({ clause: "KDRP-2a", code: "NOTHING_MISSING", because: "The request gives everything the policy asks for." });
    else if (askedMissingAt === details.revision)
      reasons.push({ clause: "KDRP-2a", code: "ALREADY_ASKED", because: "The agency has been asked for everything that is missing." });
    return reasons;
  },
  decide: (_command, history) => accept({ type: "MissingContentsAsked", missing: intakeOf(history).details?.missing ?? [] }),
});

export const recordWithdrawal = decision({
  name: "RecordWithdrawal",
  label: "Record withdrawal",
  askers: ["analyst", "counsel", "officer"],
  schema: z.strictObject({ type: z.literal("RecordWithdrawal") }),
  against: (history) => [...reasonsUnlessOpen(history), ...reasonsIfReleased(history)],
  decide: () => accept({ type: "RequestWithdrawn", by: "agency" }, { type: "CaseClosed", outcome: "withdrawn" }),
});

export const setAside = decision({
  name: "SetAside",
  label: "Set aside: no request",
  askers: ["desk", "analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("SetAside"), as: z.enum(["court-notice", "automatic-reply", "not-a-request"]) }),
  against: (history) => [
    ...reasonsUnlessOpen(history),
    ...(intakeOf(history).details === undefined
      ? []
      : [{ clause: "KDRP-1", code: "DETAILS_CONFIRMED", because: "A person has confirmed that this is a request. Reject it or record a withdrawal instead." }]),
  ],
  decide: ({ as }) => accept({ type: "SetAside", as }),
});
