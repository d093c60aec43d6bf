// Audits on record: one a year, another after a breach or for a regulator, each resting on the record that allows it (DPA-9.1).
import type { Day } from "../../kernel/instant.ts";
import { dayOf } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { askDay, askNumber, askOne, askPaper, askWords, optional, type AskedChoice } from "../asks.ts";
import { all, maybeSealed, partnerStep, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { breachesOf } from "../breaches/breach-steps.ts";
import { auditRight, type AuditRight } from "./audit-right.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });

export const recordRegulatorLetter = partnerStep({
  name: "RecordRegulatorLetter",
  label: "Record a regulator's letter",
  topic: "audits",
  clauses: ["DPA-9.1", "DPA-9.2"],
  askers: ["vendor", "partner"],
  asks: { on: askDay("Dated"), words: askWords("Who wrote, and what it asks to look at"), file: optional(askPaper("The letter")) },
  facts: ({ on }, _, at) => [{ type: "RegulatorWrote", letter: at.fresh, on, ...maybeSealed(at) }],
});

function recordsOf(history: PartnerHistory, at: PartnerCircumstances) {
  return [
    ...breachesOf(history).map(({ fact }) => ({ id: fact.breach, kind: "breach" as const, on: dayOf(fact.suspectedAt, zoneOf(history, at)) })),
    ...all(history, "RegulatorWrote").map(({ fact }) => ({ id: fact.letter, kind: "regulator" as const, on: fact.on })),
  ];
}

/** What the contract allows on a day: an audit that was asked for counts from the day it was held, or asked for while it was not. */
function auditRightOn(on: Day, because: string | undefined, history: PartnerHistory, at: PartnerCircumstances): AuditRight | undefined {
  const records = recordsOf(history, at);
  if (because !== undefined && !records.some(({ id }) => id === because)) return undefined;
  const held = all(history, "AuditAsked").map(({ fact }) => ({
    on: all(history, "AuditHeld").find((each) => each.fact.audit === fact.audit)?.fact.on ?? fact.on,
    ...(fact.because === undefined ? {} : { because: fact.because }),
  }));
  return auditRight({ askedOn: on, year: "rolling", held, records, ...(because === undefined ? {} : { because }) });
}

const reasons = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  recordsOf(history, at).map(({ id, kind, on }) => ({
    value: id,
    label: `${kind === "breach" ? "Security breach" : "Regulator's letter"} of ${dayWords(on)}`,
  }));

export const askAudit = partnerStep({
  name: "AskAudit",
  label: "Ask for an audit",
  topic: "audits",
  clauses: ["DPA-9.1"],
  askers: ["vendor"],
  asks: {
    on: askDay("Asked on"),
    because: optional(askOne("What allows an extra one", reasons, { hint: "Empty: the ordinary audit of the year." })),
    words: askWords("What it looks at"),
  },
  against: ({ on, because }, history, at) => {
    const newest = [...all(history, "AuditAsked"), ...all(history, "AuditHeld")]
      .map(({ fact }) => fact.on)
      .toSorted()
      .at(-1);
    return [
      ...(newest !== undefined && on < newest
        ? [refuse("DPA-9.1", "OUT_OF_ORDER", `An audit is on record for ${dayWords(newest)}. A later question is not dated before it.`)]
        : []),
      ...(auditRightOn(on, because, history, at)?.reasons ?? [
        refuse("DPA-9.1", "NO_RECORD", "An extra audit rests on a breach or a regulator's letter on record. Record it first."),
      ]),
    ];
  },
  facts: ({ on, because }, history, at) => [
    {
      type: "AuditAsked",
      audit: at.fresh,
      on,
      as: auditRightOn(on, because, history, at)?.as ?? "ordinary",
      ...(because === undefined ? {} : { because }),
      ...maybeSealed(at),
    },
  ],
});

const open = (history: PartnerHistory): readonly AskedChoice[] => {
  const held = new Set(all(history, "AuditHeld").map(({ fact }) => fact.audit));
  return all(history, "AuditAsked").flatMap(({ fact }) => (held.has(fact.audit) ? [] : [{ value: fact.audit, label: `Asked ${dayWords(fact.on)}` }]));
};

export const holdAudit = partnerStep({
  name: "HoldAudit",
  label: "Record that an audit was held",
  topic: "audits",
  clauses: ["DPA-9.1"],
  askers: ["vendor"],
  offered: (history) => open(history).length > 0,
  asks: {
    audit: askOne("Which audit", open),
    on: askDay("Held on"),
    findings: askNumber("Findings", 0, 10_000),
    words: askWords("Result"),
    file: optional(askPaper("The report")),
  },
  against: ({ audit, on }, history) => {
    const asked = all(history, "AuditAsked").find(({ fact }) => fact.audit === audit)?.fact;
    if (asked === undefined || !open(history).some(({ value }) => value === audit))
      return [refuse("DPA-9.1", "NOT_ASKED", "There is no such open audit. Ask for it first.")];
    return on < asked.on ? [refuse("DPA-9.1", "BEFORE_ASKED", "It cannot be held before it was asked for. Correct the day.")] : [];
  },
  facts: ({ audit, on, findings }, _, at) => [{ type: "AuditHeld", audit, on, findings, ...maybeSealed(at) }],
});
