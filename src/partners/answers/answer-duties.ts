// Occasions and answers: the pack says when something is owed and what the answer must hold; the clock follows from the record.
import { dayOf, type Day } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { ContractClause, Side, Works } from "../../policy/contract-pack.ts";
import { askDay, askMoment, askOne, askPaper, askSome, askWords, optional, type AskedChoice, type Known } from "../asks.ts";
import { dueWith, isSettled, ruleOf, stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, receivedAt, sideOf, zoneOf, zoneOfObligor, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";

type Answering = ContractClause & { readonly works: Extract<Works, { readonly as: "answer" }> };

function answering(at: PartnerCircumstances): readonly Answering[] {
  return at.contract.clauses.filter((clause): clause is Answering => clause.works?.as === "answer");
}

function findAnswering(id: string, at: PartnerCircumstances): Answering | undefined {
  return answering(at).find((clause) => clause.id === id);
}

/** More time that was given for a duty. */
function extensionsOf(duty: string, history: PartnerHistory): readonly { readonly until: Day }[] {
  return all(history, "MoreTimeGiven").flatMap(({ fact }) => (fact.duty === duty ? [{ until: fact.until }] : []));
}

/** When the side that is owed let it go; absent when it has not. */
export function excusedAt(duty: string, history: PartnerHistory) {
  return all(history, "DutyExcused").find(({ fact }) => fact.duty === duty)?.at;
}

export function answerDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return all(history, "OccasionArose").flatMap(({ fact: { occasion, clause, at: arose } }) => {
    const found = findAnswering(clause, at);
    if (found === undefined) return [];
    const rule = ruleOf(at.contract, clause);
    const id = `${clause}:${occasion}`;
    const counted = dueWith(
      rule,
      { event: found.deadline?.from ?? "occasion", at: arose },
      { zone: zoneOfObligor(found.works.owedBy, history, at), holidays: at.holidays },
      extensionsOf(id, history),
    );
    const { settledAt, missing } = answeredOf(occasion, found, history);
    return [
      {
        id,
        clause,
        label: found.action.replace(/\.$/, ""),
        owedBy: found.works.owedBy,
        began: arose,
        dueAt: counted.due,
        state: stateOf({ dueAt: counted.due, settledAt, now: at.now }),
        ...(settledAt === undefined ? {} : { settledAt }),
        derivation: counted.derivation,
        basis: rule.basis,
        findings: missing,
        report: { step: "GiveAnswer", values: { occasion } },
      } satisfies Duty,
    ];
  });
}

/** Parts may come in several answers: it is kept when the last of them is there. */
function answeredOf(occasion: string, { id, works }: Answering, history: PartnerHistory) {
  const given = all(history, "AnswerGiven")
    .filter(({ fact }) => fact.occasion === occasion)
    .toSorted((one, other) => (one.fact.at < other.fact.at ? -1 : one.fact.at > other.fact.at ? 1 : 0));
  const lacks = (count: number) => works.shows.filter((each) => !given.slice(0, count).some(({ fact }) => fact.shows.includes(each.id)));
  const complete = given.findIndex((_, index) => lacks(index + 1).length === 0);
  const missing =
    given.length === 0 || complete >= 0
      ? []
      : lacks(given.length).map((each): Reason => ({
          clause: id,
          code: "PART_MISSING",
          because: `The answer does not show ${each.words}. One that does completes it.`,
        }));
  return { settledAt: complete < 0 ? undefined : given[complete]?.fact.at, missing };
}

const whenChoices = (side: Side) => (_: PartnerHistory, at: PartnerCircumstances) =>
  answering(at)
    .filter(({ works }) => works.seenBy === undefined || works.seenBy === side)
    .map(({ id, works }): AskedChoice => ({ value: id, label: `${id}: ${works.when}` }));

const openOccasions = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  answerDuties(history, at)
    .filter((duty) => !isSettled(duty))
    .map((duty) => ({ value: duty.report?.values["occasion"] ?? "", label: `${duty.clause}: ${duty.label}` }));

const openDuties = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  answerDuties(history, at)
    .filter((duty) => !isSettled(duty) && duty.owedBy === "partner")
    .map(({ id, clause, label }) => ({ value: id, label: `${clause}: ${label}` }));

const showChoices = (history: PartnerHistory, at: PartnerCircumstances, { occasion }: Known): readonly AskedChoice[] => {
  const clause = all(history, "OccasionArose").find(({ fact }) => fact.occasion === occasion)?.fact.clause;
  return answering(at)
    .filter(({ id }) => occasion === undefined || id === clause)
    .flatMap(({ id, works }) => works.shows.map((each) => ({ value: each.id, label: `${id}: ${each.words}` })));
};

export const recordOccasion = partnerStep({
  name: "RecordOccasion",
  label: "Record an occasion",
  topic: "answers",
  clauses: ["PPT-3(d)", "DPA-2.2.1(ii)", "AI-3a", "DPA-6.5", "USP-4.1b"],
  askers: ["partner", "vendor"],
  asks: {
    clause: askOne("What was asked or happened", (history, at) => [...whenChoices(sideOf(at))(history, at)]),
    at: askMoment("When it reached the side that owes the answer"),
    words: optional(askWords("In words")),
    file: optional(askPaper("The paper")),
  },
  against: ({ clause }, _, at) => {
    const found = findAnswering(clause, at);
    const side = sideOf(at);
    if (found === undefined)
      return [{ clause: "INPUT", code: "NO_SUCH_CLAUSE", because: `${clause} is no clause by which an answer is owed. Choose one of the list.` }];
    if (found.works.seenBy !== undefined && found.works.seenBy !== side)
      return [{ clause, code: "NOT_YOURS_TO_RECORD", because: `That ${found.works.when} is put on record by the ${found.works.seenBy}. Ask them.` }];
    return [];
  },
  facts: ({ clause, at: arose }, _, at) => [{ type: "OccasionArose", occasion: at.fresh, clause, at: arose, recordedBy: sideOf(at), ...maybeSealed(at) }],
});

export const giveAnswer = partnerStep({
  name: "GiveAnswer",
  label: "Give an answer",
  topic: "answers",
  clauses: ["PPT-3(d)", "PPT-9.4a", "PPT-13d", "AI-3a", "AI-3b", "DPA-6.5", "DPA-9.2", "CMP-1b", "CMP-4b", "USP-4.2(d)"],
  askers: ["partner", "vendor"],
  offered: (history, at) => openOccasions(history, at).length > 0,
  asks: {
    occasion: askOne("What is answered", openOccasions, { leads: true }),
    shows: askSome("What the answer shows", showChoices),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: optional(askWords("The answer in words")),
    file: optional(askPaper("The paper")),
  },
  against: ({ occasion, shows, receivedAt: said }, history, at) => {
    const arose = all(history, "OccasionArose").find(({ fact }) => fact.occasion === occasion)?.fact;
    const found = arose === undefined ? undefined : findAnswering(arose.clause, at);
    if (arose === undefined || found === undefined)
      return [{ clause: "INPUT", code: "NO_SUCH_OCCASION", because: "There is no such occasion. Choose one of the list, or record it first." }];
    const side = sideOf(at);
    const unknown = shows.filter((show) => !found.works.shows.some(({ id }) => id === show));
    return [
      ...(side === "partner" && found.works.owedBy === "vendor"
        ? [{ clause: arose.clause, code: "NOT_YOURS_TO_ANSWER", because: "The company owes this answer. It records it itself." }]
        : []),
      ...(said !== undefined && said < arose.at
        ? [{ clause: arose.clause, code: "BEFORE_OCCASION", because: "The answer cannot have come before it was asked for. Correct the moment." }]
        : []),
      ...(answeredOf(occasion, found, history).settledAt === undefined
        ? []
        : [{ clause: arose.clause, code: "ANSWERED", because: "It has been answered in full. A new occasion would ask for a new answer." }]),
      ...(unknown.length === 0
        ? []
        : [
            {
              clause: arose.clause,
              code: "NO_SUCH_PART",
              because: `“${unknown.join(", ")}” is no part of this answer. It asks for ${found.works.shows.map(({ id }) => id).join(", ")}.`,
            },
          ]),
    ];
  },
  facts: ({ occasion, shows, receivedAt: said }, _, at) => [{ type: "AnswerGiven", occasion, at: receivedAt(said, at), shows, ...maybeSealed(at) }],
});

export const giveMoreTime = partnerStep({
  name: "GiveMoreTime",
  label: "Give more time",
  topic: "answers",
  clauses: ["PPT-16a"],
  askers: ["vendor"],
  asks: { duty: askOne("Which answer", openDuties), until: askDay("New last day", { mayLieAhead: true }) },
  against: ({ duty, until }, history, at) => {
    const owed = answerDuties(history, at).find(({ id }) => id === duty);
    return [
      ...(owed?.owedBy === "vendor"
        ? [{ clause: owed.clause, code: "OWN_DUTY", because: "The company does not give itself more time: the partner is owed this." }]
        : []),
      ...(owed?.owedBy === "partner" && isSettled(owed)
        ? [{ clause: owed.clause, code: "SETTLED", because: "It has been answered or let go. There is nothing left to give time for." }]
        : []),
      ...(owed === undefined
        ? [
            {
              clause: "INPUT",
              code: "NO_SUCH_DUTY",
              because: "More time can be given for answers only; other clocks stand in the contract or the law. Give the id of an answer that is owed.",
            },
          ]
        : []),
      ...(until < dayOf(at.now, zoneOf(history, at))
        ? [{ clause: "PPT-16a", code: "IN_THE_PAST", because: "The new last day is over already. Choose one that is still to come." }]
        : []),
    ];
  },
  facts: ({ duty, until }) => [{ type: "MoreTimeGiven", duty, until, by: "vendor" }],
});
