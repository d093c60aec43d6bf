// The side that is owed may let a duty go; it is counted as excused, never as kept.
import { askOne, askWords } from "../asks.ts";
import { isSettled, type Duty } from "../duty.ts";
import { maybeSealed, partnerStep, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";

export function excuseDutyWith(dutiesOf: (history: PartnerHistory, at: PartnerCircumstances) => readonly Duty[]) {
  const open = (history: PartnerHistory, at: PartnerCircumstances) =>
    dutiesOf(history, at)
      .filter((duty) => !isSettled(duty) && duty.isRight !== true && duty.owedBy === "partner")
      .map(({ id, label }) => ({ value: id, label: `${id}: ${label}` }));
  return partnerStep({
    name: "ExcuseDuty",
    label: "Let a duty go",
    topic: "answers",
    clauses: ["PPT-16a", "PPT-20b"],
    askers: ["counsel"],
    asks: { duty: askOne("Which duty", open), words: askWords("Why") },
    against: ({ duty }, history, at) =>
      open(history, at).some(({ value }) => value === duty)
        ? []
        : [{ clause: "PPT-20b", code: "NOT_OPEN", because: "There is no such open duty of the partner's. Choose one of the list." }],
    facts: ({ duty }, _, at) => [{ type: "DutyExcused", duty, by: "vendor", ...maybeSealed(at) }],
  });
}
