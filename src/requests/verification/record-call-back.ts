// The desk calls the officer back at a number that did not come from the message.
import { z } from "zod";
import { addDays } from "../../kernel/instant.ts";
import { accept } from "../../kernel/outcome.ts";
import { decision, evidenceOf } from "../decision.ts";
import { reasonsUnlessOpen } from "../open-case.ts";

const answers = {
  confirmed: {
    verdict: "met",
    code: "CALL_BACK_CONFIRMED",
    because: "The agency confirmed the officer and the request by telephone, at a number found independently.",
  },
  "not-reached": {
    verdict: "unknown",
    code: "CALL_BACK_NOT_REACHED",
    because: "Nobody was reached at the agency's own number. Try again; nothing leaves before the officer is confirmed.",
  },
  denied: {
    verdict: "not-met",
    code: "CALL_BACK_DENIED",
    because: "The agency does not know this request. Treat the message as a fraud attempt and warn the agency.",
  },
} as const;

export const recordCallBack = decision({
  name: "RecordCallBack",
  label: "Record call-back",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("RecordCallBack"),
    answer: z.enum(["confirmed", "not-reached", "denied"]),
    /** Where the number came from. The message itself is no such place. */
    numberSource: z.enum(["agency-directory", "government-website", "court-directory", "earlier-verified-case"]),
    private: z.strictObject({ number: z.string().min(3).max(64), answeredBy: z.string().max(200), note: z.string().max(2000).optional() }),
  }),
  against: reasonsUnlessOpen,
  decide: (command, _history, at) => {
    const { verdict, code, because } = answers[command.answer];
    const validTo = verdict === "met" ? { validTo: addDays(at.today, at.policy.settings.callBackValidDays) } : {};
    return accept({ type: "AssuranceRecorded", fact: "call-back", verdict, code, clause: "V02", because, ...validTo, evidence: evidenceOf(at) });
  },
});
