// Security breaches: told to both mailboxes within a day of the first suspicion, in four blocks, then updated until they are closed (SEC-2).
import type { Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dueBy } from "../../policy/deadline-rule.ts";
import { askChoices, askMoment, askOne, askPaper, askWords, askYesNo, optional, type AskedChoice } from "../asks.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, receivedAt, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { breachClock } from "./breach-clock.ts";

const mailboxWords = { security: "The security mailbox", privacy: "The privacy mailbox" } as const;
const blockWords = {
  nature: "Its nature, with categories and numbers of people and records",
  contact: "The data protection officer or another contact",
  consequences: "The likely consequences",
  measures: "The measures taken or proposed",
} as const;

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });

/** What a notice says is asked for block by block; one that says "not known yet" is there. */
const told = {
  to: askChoices("Mailboxes that have it", mailboxWords, { hint: "The notice counts when both have it. This page sends it to both." }),
  blocks: askChoices("What it speaks of", blockWords, { hint: "As far as it is known: “not known yet” is an answer." }),
  receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
  words: askWords("The notice, block by block"),
  file: optional(askPaper("Attachment")),
};

export const reportBreach = partnerStep({
  name: "ReportBreach",
  label: "Report a suspected security breach",
  topic: "breaches",
  clauses: ["SEC-2.1a", "SEC-2.1b", "SEC-2.3"],
  askers: ["partner", "vendor"],
  asks: {
    suspectedAt: askMoment("When it was first suspected", { hint: "Not when it was confirmed." }),
    touchesPersonalData: askYesNo("It touches personal data, or may"),
    causedByPartner: askYesNo("It comes from an act or omission of the partner or its sub-processors, or may"),
    ...told,
  },
  against: ({ suspectedAt, receivedAt: said }) =>
    said !== undefined && said < suspectedAt
      ? [refuse("SEC-2.1a", "TOLD_BEFORE", "The notice cannot have reached us before the suspicion. Correct one of the two.")]
      : [],
  facts: ({ suspectedAt, touchesPersonalData, causedByPartner, to, blocks, receivedAt: said }, _, at) => [
    { type: "BreachSuspected", breach: at.fresh, suspectedAt, touchesPersonalData, causedByPartner },
    { type: "BreachTold", breach: at.fresh, at: receivedAt(said, at), to, blocks, ...maybeSealed(at) },
  ],
});

/** What the company learned otherwise: the partner still owes its notice. */
export const noteBreach = partnerStep({
  name: "NoteBreach",
  label: "Note a breach that the partner has not told",
  topic: "breaches",
  clauses: ["SEC-2.1a", "SEC-2.3"],
  askers: ["vendor"],
  asks: {
    suspectedAt: askMoment("When the partner first suspected it"),
    touchesPersonalData: askYesNo("It touches personal data, or may"),
    causedByPartner: askYesNo("It comes from an act or omission of the partner, or may"),
  },
  facts: ({ suspectedAt, touchesPersonalData, causedByPartner }, _, at) => [
    { type: "BreachSuspected", breach: at.fresh, suspectedAt, touchesPersonalData, causedByPartner },
  ],
});

/** Each breach once, as it was corrected last; its record stays where the first one stands. */
export function breachesOf(history: PartnerHistory) {
  const known = all(history, "BreachSuspected");
  return known.flatMap((first) =>
    first.fact.isCorrection === true ? [] : [{ ...first, fact: known.findLast(({ fact }) => fact.breach === first.fact.breach)?.fact ?? first.fact }],
  );
}

const knownBreaches = (history: PartnerHistory): readonly AskedChoice[] =>
  breachesOf(history).map(({ fact }) => ({ value: fact.breach, label: `Suspected ${fact.suspectedAt.slice(0, 16).replace("T", " ")} UTC` }));

const closedAt = (breach: string, history: PartnerHistory): Instant | undefined =>
  all(history, "BreachClosed").find(({ fact }) => fact.breach === breach)?.fact.at;

const openBreaches = (history: PartnerHistory): readonly AskedChoice[] =>
  breachesOf(history).flatMap(({ fact }) =>
    closedAt(fact.breach, history) === undefined ? [{ value: fact.breach, label: `Suspected ${fact.suspectedAt.slice(0, 16).replace("T", " ")} UTC` }] : [],
  );

const isOpen = (breach: string, history: PartnerHistory) => openBreaches(history).some(({ value }) => value === breach);
const notOpen = refuse("INPUT", "NO_SUCH_BREACH", "There is no such breach, or it is closed. Choose one of the list.");

export const updateBreach = partnerStep({
  name: "UpdateBreach",
  label: "Give an update on a breach",
  topic: "breaches",
  clauses: ["SEC-2.1a", "SEC-2.1b", "SEC-2.2"],
  askers: ["partner", "vendor"],
  offered: (history) => openBreaches(history).length > 0,
  asks: { breach: askOne("Which breach", openBreaches), ...told },
  against: ({ breach, receivedAt: said }, history) => {
    const suspected = breachesOf(history).find(({ fact }) => fact.breach === breach)?.fact;
    if (suspected === undefined || !isOpen(breach, history)) return [notOpen];
    return said !== undefined && said < suspected.suspectedAt
      ? [refuse("SEC-2.1a", "TOLD_BEFORE", "The notice cannot have reached us before the suspicion. Correct the moment.")]
      : [];
  },
  facts: ({ breach, to, blocks, receivedAt: said }, _, at) => [{ type: "BreachTold", breach, at: receivedAt(said, at), to, blocks, ...maybeSealed(at) }],
});

/** What a breach touches and where it comes from decides whether the agreement may end at once: counsel corrects what the partner said. */
export const correctBreach = partnerStep({
  name: "CorrectBreach",
  label: "Correct what a breach touches and who caused it",
  topic: "breaches",
  clauses: ["SEC-2.3"],
  askers: ["counsel"],
  offered: (history) => knownBreaches(history).length > 0,
  asks: {
    breach: askOne("Which breach", knownBreaches),
    touchesPersonalData: askYesNo("It touches personal data, or may"),
    causedByPartner: askYesNo("It comes from an act or omission of the partner or its sub-processors, or may"),
    words: askWords("Why"),
  },
  against: ({ breach }, history) => (knownBreaches(history).some(({ value }) => value === breach) ? [] : [notOpen]),
  facts: ({ breach, touchesPersonalData, causedByPartner }, history) =>
    breachesOf(history).flatMap(({ fact }) => (fact.breach === breach ? [{ ...fact, touchesPersonalData, causedByPartner, isCorrection: true as const }] : [])),
});

export const closeBreach = partnerStep({
  name: "CloseBreach",
  label: "Close a breach",
  topic: "breaches",
  clauses: ["SEC-2.1b", "SEC-2.2"],
  askers: ["vendor"],
  offered: (history) => openBreaches(history).length > 0,
  asks: { breach: askOne("Which breach", openBreaches), words: askWords("Cause, and what was done about it") },
  against: ({ breach }, history, at) => {
    if (!isOpen(breach, history)) return [notOpen];
    const missing = clockOf(breach, history, at)?.findings ?? [];
    return all(history, "BreachTold").some(({ fact }) => fact.breach === breach)
      ? missing
      : [refuse("SEC-2.1a", "NOT_TOLD", "The partner has not told of it. It is closed when its notice is complete.")];
  },
  facts: ({ breach }, _, at) => [{ type: "BreachClosed", breach, at: at.now, ...maybeSealed(at) }],
});

function clockOf(breach: string, history: PartnerHistory, at: PartnerCircumstances) {
  const suspected = breachesOf(history).find(({ fact }) => fact.breach === breach)?.fact;
  if (suspected === undefined) return undefined;
  const notices = all(history, "BreachTold")
    .filter(({ fact }) => fact.breach === breach)
    .map(({ fact }) => ({ at: fact.at, to: [...fact.to], blocks: [...fact.blocks] }));
  return breachClock({ zone: zoneOf(history, at), suspectedAt: suspected.suspectedAt, notices, asked: at.now });
}

export function breachDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return breachesOf(history).flatMap(({ fact: { breach, suspectedAt } }) => {
    const clock = clockOf(breach, history, at);
    if (clock === undefined) return [];
    const report = { step: "UpdateBreach", values: { breach } };
    const first: Duty = {
      id: `SEC-2.1a:${breach}`,
      clause: "SEC-2.1a",
      label: "Tell of a security breach",
      owedBy: "partner",
      began: suspectedAt,
      dueAt: clock.dueAt,
      state: clock.state,
      ...(clock.completeAt === undefined ? {} : { settledAt: clock.completeAt }),
      derivation: clock.derivation,
      basis: "document",
      findings: clock.findings,
      report,
    };
    return [first, ...updateDuties(breach, history, at)];
  });
}

/** Each word of the partner's asks for the next one a day later, until the breach is closed. */
function updateDuties(breach: string, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "SEC-2.1b");
  const given = all(history, "BreachTold")
    .filter(({ fact }) => fact.breach === breach)
    .map(({ fact }) => fact.at)
    .toSorted();
  const closed = closedAt(breach, history);
  return given.map((after, turn): Duty => {
    const { due, derivation } = dueBy(rule, { event: turn === 0 ? "first notice" : "last update", at: after }, { zone: zoneOf(history, at), holidays: [] });
    const next = given[turn + 1];
    const isClosed = next === undefined && closed !== undefined && closed <= due;
    return {
      id: `SEC-2.1b:${breach}:${turn}`,
      clause: "SEC-2.1b",
      label: "Give the next update on the breach",
      owedBy: "partner",
      began: after,
      dueAt: due,
      state: isClosed ? "excused" : stateOf({ dueAt: due, settledAt: next ?? closed, now: at.now }),
      ...(next === undefined && closed === undefined ? {} : { settledAt: next ?? closed ?? due }),
      derivation: isClosed ? `${derivation}; closed before` : `${derivation} (house default)`,
      basis: "house",
      findings: [],
      report: { step: "UpdateBreach", values: { breach } },
    };
  });
}
