// Duties that one side sees otherwise: raised once, withdrawn by whoever raised it, accepted by the other; the clock runs on meanwhile.
import { askChoice, askOne, askPaper, askWords, optional, type AskedChoice } from "../asks.ts";
import type { Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, sideOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";

export function openDisputes(history: PartnerHistory) {
  const settled = new Set(all(history, "DisputeSettled").map(({ fact }) => fact.dispute));
  return all(history, "DisputeRaised")
    .map(({ fact }) => fact)
    .filter(({ dispute }) => !settled.has(dispute));
}

export function raiseDisputeWith(dutiesOf: (history: PartnerHistory, at: PartnerCircumstances) => readonly Duty[]) {
  const choices = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
    dutiesOf(history, at).map(({ id, clause, label }) => ({ value: id, label: `${clause}: ${label}` }));
  return partnerStep({
    name: "RaiseDispute",
    label: "Dispute a duty",
    topic: "agreements",
    clauses: ["PPT-16a"],
    askers: ["partner", "vendor"],
    asks: { about: askOne("Which duty", choices), words: askWords("What you see otherwise, and why"), file: optional(askPaper("Proof")) },
    against: ({ about }, history, at) => [
      ...(openDisputes(history).some((each) => each.about === about)
        ? [{ clause: "PPT-16a", code: "DISPUTED", because: "This duty is disputed already. Settle that first." }]
        : []),
      ...(dutiesOf(history, at).some(({ id }) => id === about)
        ? []
        : [{ clause: "INPUT", code: "NO_SUCH_DUTY", because: "There is no such duty. Choose one of the list." }]),
    ],
    facts: ({ about }, _, at) => [{ type: "DisputeRaised", dispute: at.fresh, about, by: sideOf(at), ...maybeSealed(at) }],
  });
}

export function settleDisputeWith(dutiesOf: (history: PartnerHistory, at: PartnerCircumstances) => readonly Duty[]) {
  const disputes = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] => {
    const labels = new Map(dutiesOf(history, at).map(({ id, clause, label }) => [id, `${clause}: ${label}`]));
    return openDisputes(history).map(({ dispute, about }) => ({ value: dispute, label: labels.get(about) ?? about }));
  };
  return partnerStep({
    name: "SettleDispute",
    label: "Settle a dispute",
    topic: "agreements",
    clauses: ["PPT-16a"],
    askers: ["vendor", "partner"],
    offered: (history) => openDisputes(history).length > 0,
    asks: {
      dispute: askOne("Which dispute", disputes),
      how: askChoice("How", { withdrawn: "Withdrawn", accepted: "The other side accepts it", agreed: "Both sides agreed" }),
      words: optional(askWords("In words")),
    },
    against: ({ dispute, how }, history, at) => {
      const found = openDisputes(history).find((each) => each.dispute === dispute);
      if (found === undefined) return [{ clause: "INPUT", code: "NO_SUCH_DISPUTE", because: "There is no such open dispute. Choose one of the list." }];
      const isOwn = found.by === sideOf(at);
      if (how === "agreed" && sideOf(at) === "partner")
        return [{ clause: "PPT-16a", code: "NOT_YOURS_TO_AGREE", because: "The company records what both sides agreed. You can withdraw or accept it." }];
      if (how === "withdrawn" && !isOwn) return [{ clause: "PPT-16a", code: "NOT_YOURS_TO_WITHDRAW", because: "Only the side that raised it withdraws it." }];
      return how === "accepted" && isOwn
        ? [{ clause: "PPT-16a", code: "NOT_YOURS_TO_ACCEPT", because: "The other side accepts it. You can withdraw it." }]
        : [];
    },
    facts: ({ dispute, how }, _, at) => [{ type: "DisputeSettled", dispute, how, ...maybeSealed(at) }],
  });
}
