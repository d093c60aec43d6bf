// Acts that need leave or proof first: the pack names them, and an act without what it needs cannot be recorded as done rightly.
import type { Reason } from "../../kernel/outcome.ts";
import type { ContractClause, Works } from "../../policy/contract-pack.ts";
import { askChoice, askDay, askOne, askPaper, askSome, askWords, optional, type AskedChoice, type Known } from "../asks.ts";
import { dayOf, type Day, type Instant } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { survives } from "../agreements/agreement-steps.ts";
import type { Duty } from "../duty.ts";
import { standingOf } from "../standing.ts";
import { all, maybeSealed, partnerStep, sideOf, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";

type Gated = ContractClause & { readonly works: Extract<Works, { readonly as: "gate" }> };

function gates(at: PartnerCircumstances): readonly Gated[] {
  return at.contract.clauses.filter((clause): clause is Gated => clause.works?.as === "gate");
}

export interface Leave {
  readonly leave: string;
  readonly clause: string;
  readonly state: "asked" | "granted" | "refused" | "used";
  readonly decidedAt?: Instant;
}

function leavesOf(history: PartnerHistory): readonly Leave[] {
  return all(history, "LeaveAsked").map(({ fact: { leave, clause } }) => {
    const decided = all(history, "LeaveDecided").findLast(({ fact }) => fact.leave === leave)?.fact;
    const isUsed = all(history, "ActRecorded").some(({ fact }) => fact.leave === leave);
    return {
      leave,
      clause,
      ...(decided === undefined ? {} : { decidedAt: decided.at }),
      state: isUsed ? "used" : decided === undefined ? "asked" : decided.isGranted ? "granted" : "refused",
    };
  });
}

const gateChoices =
  (only: (gate: Gated) => boolean) =>
  (_: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
    gates(at)
      .filter(only)
      .map(({ id, works }) => ({ value: id, label: `${id}: ${works.act}` }));

const needChoices = (_: PartnerHistory, at: PartnerCircumstances, { clause }: Known): readonly AskedChoice[] =>
  gates(at)
    .filter(({ id }) => clause === undefined || id === clause)
    .flatMap(({ id, works }) => works.needs.map((each) => ({ value: `${id}/${each.id}`, label: `${id}: ${each.words}` })));

const openLeaves =
  (state: Leave["state"]) =>
  (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
    leavesOf(history)
      .filter((each) => each.state === state)
      .map(({ leave, clause }) => ({ value: leave, label: `${clause}: ${gates(at).find(({ id }) => id === clause)?.works.act ?? clause}` }));

export const askLeave = partnerStep({
  name: "AskLeave",
  label: "Ask for leave",
  topic: "leaves",
  clauses: ["PPT-7a", "PPT-13e", "PPT-20a", "DPA-2.2", "SEC-1.2.3"],
  askers: ["partner", "vendor"],
  asks: {
    clause: askOne(
      "What you want to do",
      gateChoices(({ works }) => works.leaveOf !== undefined),
    ),
    words: askWords("What exactly, where and when"),
    file: optional(askPaper("The draft or the terms")),
  },
  against: ({ clause }, _, at) =>
    gates(at).some(({ id, works }) => id === clause && works.leaveOf !== undefined)
      ? []
      : [{ clause: "INPUT", code: "NO_SUCH_LEAVE", because: `Nothing under ${clause} needs a leave. Choose one of the list.` }],
  facts: ({ clause }, _, at) => [{ type: "LeaveAsked", leave: at.fresh, clause, by: sideOf(at), ...maybeSealed(at) }],
});

export const decideLeave = partnerStep({
  name: "DecideLeave",
  label: "Grant or refuse leave",
  topic: "leaves",
  clauses: ["PPT-7a", "PPT-13e", "PPT-20a", "DPA-2.2", "SEC-1.2.3"],
  askers: ["vendor"],
  offered: (history, at) => openLeaves("asked")(history, at).length > 0,
  asks: {
    leave: askOne("What was asked", openLeaves("asked")),
    answer: askChoice("Answer", { granted: "Granted", refused: "Refused" }),
    words: optional(askWords("Conditions, or why not")),
  },
  against: ({ leave }, history) => {
    const found = leavesOf(history).find((each) => each.leave === leave);
    if (found === undefined) return [{ clause: "INPUT", code: "NO_SUCH_LEAVE", because: "Nobody asked for this leave. Choose one of the list." }];
    return found.state === "asked" ? [] : [{ clause: found.clause, code: "DECIDED", because: "It has been decided. A new question would get a new answer." }];
  },
  facts: ({ leave, answer }, _, at) => [{ type: "LeaveDecided", leave, isGranted: answer === "granted", at: at.now, ...maybeSealed(at) }],
});

/** Every reason why an act may not be done now; `duties` are those of the same partner. */
function reasonsAgainstAct(
  act: { readonly clause: string; readonly leave?: string | undefined; readonly on?: Day; readonly shows: readonly string[] },
  history: PartnerHistory,
  at: PartnerCircumstances,
  duties: readonly Duty[],
): readonly Reason[] {
  const gate = gates(at).find(({ id }) => id === act.clause);
  if (gate === undefined) return [{ clause: "INPUT", code: "NO_SUCH_ACT", because: `No act of ${act.clause} is known. Choose one of the list.` }];
  const { needs, leaveOf, after } = gate.works;
  const reason = (code: string, because: string): Reason => ({ clause: gate.id, code, because });
  const missing = needs.filter(({ id }) => !act.shows.includes(`${gate.id}/${id}`));
  const overdue = duties.filter(({ clause, state }) => after.includes(clause) && state === "overdue");
  const open = duties.filter(({ clause, state }) => after.includes(clause) && (state === "open" || state === "suspended"));
  const isNoticed = duties.some(({ clause }) => after.includes(clause));
  const granted = leavesOf(history).find(({ leave }) => leave === act.leave)?.decidedAt;
  const { signed, runs } = standingOf(history, at);
  return [
    ...(runs || signed === undefined || survives(gate.id)
      ? []
      : [reason("NOT_RUNNING", "The agreement does not run, and this clause does not live on after it. A new agreement comes first.")]),
    ...(granted !== undefined && act.on !== undefined && act.on < dayOf(granted, zoneOf(history, at))
      ? [reason("BEFORE_LEAVE", `Leave was given on ${dayWords(dayOf(granted, zoneOf(history, at)))}. The act comes on that day or later.`)]
      : []),
    ...missing.map(({ words }) => reason("NOT_SHOWN", `It needs ${words}. Show it, and the act can be recorded.`)),
    ...(leaveOf === undefined ? [] : leaveReasons(gate, act.leave, history)),
    ...overdue.map(({ clause, label }) => reason("OVERDUE_BEFORE", `Before it, ${clause} must be kept, and it is overdue: ${label}.`)),
    // A notice that must come first must be there; a fee that is not yet due does not stand against anything.
    ...(gate.id === "PPT-9.4c" && !isNoticed
      ? [reason("NO_NOTICE", "Before it, the other side is told in writing (PPT-9.4a), and no such demand is on record. Record it, and give the notice.")]
      : []),
    ...(gate.id === "PPT-9.4c" ? open : []).map(({ clause, label }) => reason("NOT_YET_KEPT", `Before it, ${clause} must be kept: ${label}.`)),
  ];
}

function leaveReasons({ id, works }: Gated, leave: string | undefined, history: PartnerHistory): readonly Reason[] {
  const found = leavesOf(history).find((each) => each.leave === leave && each.clause === id);
  if (found?.state === "granted") return [];
  const because =
    found === undefined
      ? `It needs the written leave of the ${works.leaveOf} first. Ask for it.`
      : found.state === "used"
        ? "This leave has been used. Ask for another one."
        : `The leave it rests on is ${found.state === "asked" ? "not decided yet" : "refused"}. Only a granted one opens it.`;
  return [{ clause: id, code: "NO_LEAVE", because }];
}

export function recordActWith(dutiesOf: (history: PartnerHistory, at: PartnerCircumstances) => readonly Duty[]) {
  return partnerStep({
    name: "RecordAct",
    label: "Record an act",
    topic: "leaves",
    clauses: ["PPT-3(b)", "PPT-7a", "PPT-9.2", "PPT-9.4c", "PPT-13a", "PPT-13e", "PPT-15b", "PPT-20a", "AI-3c", "DPA-2.2", "DPA-4", "SEC-1.2.3"],
    askers: ["partner", "vendor"],
    asks: {
      clause: askOne(
        "What is done",
        gateChoices(() => true),
        { leads: true },
      ),
      leave: optional(
        askOne("The leave it rests on", openLeaves("granted"), {
          askedWhen: ({ clause }, at) => gates(at).some(({ id, works }) => (clause === undefined || id === clause) && works.leaveOf !== undefined),
        }),
      ),
      on: askDay("On which day", { mayLieAhead: true }),
      shows: askSome("What is shown", needChoices),
      words: optional(askWords("In words")),
      file: optional(askPaper("The paper")),
    },
    against: (act, history, at) => reasonsAgainstAct(act, history, at, dutiesOf(history, at)),
    facts: ({ clause, leave, on, shows }, _, at) => [
      { type: "ActRecorded", act: at.fresh, clause, ...(leave === undefined ? {} : { leave }), on, shows, ...maybeSealed(at) },
    ],
  });
}

const registers = (_: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  at.contract.clauses.flatMap(({ id, works }) => (works?.as === "record" ? [{ value: id, label: `${id}: ${works.entry}` }] : []));

export const keepEntry = partnerStep({
  name: "KeepEntry",
  label: "Add to a register",
  topic: "leaves",
  clauses: ["PPT-3", "PPT-7b", "PPT-9.4b", "PPT-13b", "DPA-2.2.1(v)", "DPA-3c", "DPA-9.3", "SEC-1.2.1", "SEC-2.2", "USP-4.3", "EUK-4.1(iii)", "UKA-T4"],
  askers: ["partner", "vendor"],
  asks: { clause: askOne("Which register", registers), on: askDay("Day"), words: askWords("The entry"), file: optional(askPaper("The paper")) },
  against: ({ clause }, history, at) =>
    registers(history, at).some(({ value }) => value === clause)
      ? []
      : [{ clause: "INPUT", code: "NO_SUCH_REGISTER", because: `${clause} keeps no register. Choose one of the list.` }],
  facts: ({ clause, on }, _, at) => [{ type: "EntryKept", entry: at.fresh, clause, on, ...maybeSealed(at) }],
});
