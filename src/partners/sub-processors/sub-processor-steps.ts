// Sub-processors on record: noticed in full, open to objection, examined and bound before they begin, and listed within three days when asked (DPA-6, SCH1-A, EUK-5).
import { addDays, dayOf, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dueBy } from "../../policy/deadline-rule.ts";
import { askChoices, askCountry, askDay, askMoment, askNumber, askOne, askPaper, askWords, askYesNo, optional, type AskedChoice } from "../asks.ts";
import { choosing } from "../chosen.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import {
  all,
  last,
  maybeSealed,
  partnerStep,
  receivedAt,
  sealed,
  sideOf,
  zoneOf,
  type PartnerCircumstances,
  type PartnerHistory,
  type PartnerRecorded,
} from "../partner.ts";
import type { PartnerFact } from "../partner-facts.ts";
import { readingOf } from "../agreements/agreement-steps.ts";
import { documentsOn, standingOf } from "../standing.ts";
import { beforeStartWords } from "./events.ts";
import { noticeContents, objectionWindow, type ObjectionWindow, type regimes } from "./objection-window.ts";

type Regime = (typeof regimes)[number];

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });

const contentWords = {
  name: "Its name",
  place: "Where it processes",
  processing: "What it does with the data",
  "data-categories": "Which categories of data",
  "transfer-mechanism": "The transfer mechanism",
  contact: "A contact",
} as const satisfies Record<(typeof noticeContents)[number], string>;

const regimeWords = {
  scc: "Data of the EEA under the standard clauses",
  dpf: "Data of the EEA or Switzerland under the framework",
  uk: "Data of the United Kingdom",
  domestic: "Other data",
} as const satisfies Record<Regime, string>;

export interface SubProcessor {
  readonly subProcessor: string;
  readonly country: string;
  readonly regimes: readonly Regime[];
  readonly isListed: boolean;
  readonly shown: ReadonlySet<keyof typeof beforeStartWords>;
  readonly startedOn?: string;
  readonly endedOn?: string;
  readonly window?: ObjectionWindow;
  readonly objectionAt?: Instant;
}

const of =
  (id: string) =>
  ({ fact }: { readonly fact: { readonly subProcessor: string } }) =>
    fact.subProcessor === id;

export function subProcessorsOf(history: PartnerHistory, at: PartnerCircumstances): readonly SubProcessor[] {
  const known = [
    ...all(history, "SubProcessorListed").map(({ fact }) => ({ ...fact, isListed: true, since: fact.since as string | undefined })),
    ...all(history, "SubProcessorNoticed").map(({ fact }) => ({ ...fact, isListed: false, since: undefined })),
  ];
  return known.map(({ subProcessor, country, regimes: serves, isListed, since }) => {
    const startedOn = since ?? all(history, "SubProcessorStarted").find(of(subProcessor))?.fact.on;
    const endedOn = all(history, "SubProcessorEnded").find(of(subProcessor))?.fact.on;
    const window = isListed ? undefined : windowOf(subProcessor, serves, history, at);
    const objectionAt = standingObjection(subProcessor, history);
    return {
      subProcessor,
      country,
      regimes: serves,
      isListed,
      shown: new Set(
        all(history, "SubProcessorShown")
          .filter(of(subProcessor))
          .flatMap(({ fact }) => fact.shows),
      ),
      ...(startedOn === undefined ? {} : { startedOn }),
      ...(endedOn === undefined ? {} : { endedOn }),
      ...(window === undefined ? {} : { window }),
      ...(objectionAt === undefined ? {} : { objectionAt }),
    };
  });
}

function standingObjection(id: string, history: PartnerHistory): Instant | undefined {
  const made = all(history, "ObjectionMade").findLast(of(id))?.fact.at;
  const withdrawn = all(history, "ObjectionWithdrawn").findLast(of(id))?.fact.at;
  return made === undefined || (withdrawn !== undefined && withdrawn >= made) ? undefined : made;
}

function windowOf(id: string, serves: readonly Regime[], history: PartnerHistory, at: PartnerCircumstances): ObjectionWindow {
  const first = all(history, "SubProcessorNoticed").find(of(id))?.fact;
  if (first === undefined) throw new Error("a window was asked for without a notice");
  // A later notice adds to those received before it: together they are complete or not.
  const parts = [
    first,
    ...all(history, "NoticeCompleted")
      .filter(of(id))
      .map(({ fact }) => fact),
  ].toSorted((one, other) => (one.receivedAt < other.receivedAt ? -1 : one.receivedAt > other.receivedAt ? 1 : 0));
  const notices = parts.map(({ receivedAt: received }, index) => ({
    receivedAt: received,
    says: [...new Set(parts.slice(0, index + 1).flatMap(({ says }) => says))],
  }));
  const approved = all(history, "SubProcessorApproved").findLast(of(id))?.fact;
  const withdrawals = all(history, "ObjectionWithdrawn").filter(of(id));
  return objectionWindow({
    // The company receives the notice and counts its own days.
    zone: at.zone,
    notices,
    regimes: [...serves],
    reading: readingOf("X-01", history, at).reading,
    objections: all(history, "ObjectionMade")
      .filter(of(id))
      .map(({ fact }) => {
        const withdrawnAt = withdrawals.find((each) => each.fact.at >= fact.at)?.fact.at;
        return { at: fact.at, ...(withdrawnAt === undefined ? {} : { withdrawnAt }) };
      }),
    ...(approved === undefined ? {} : { approvedAt: approved.at }),
    waived: approved?.waivesDays === true,
    asked: at.now,
  });
}

/** Where it is, since when it is on record, and how it stands. */
function labelOf({ subProcessor, country, startedOn, endedOn, window }: SubProcessor, history: PartnerHistory): string {
  const noticed = all(history, "SubProcessorNoticed").find(of(subProcessor))?.fact.receivedAt.slice(0, 10);
  const state = endedOn !== undefined ? "ended" : startedOn !== undefined ? `in use since ${startedOn}` : stateWords[window?.state ?? "incomplete"];
  return `${country}, ${noticed === undefined ? "of the first day" : `notice of ${noticed}`}, ${state}`;
}

const stateWords = {
  incomplete: "notice incomplete",
  waiting: "time to object runs",
  "needs-approval": "waits for an approval",
  barred: "objected to",
  open: "may begin",
} as const satisfies Record<ObjectionWindow["state"], string>;
const { choose, some, find } = choosing(subProcessorsOf, ({ subProcessor }) => subProcessor, labelOf);
const unknown = refuse("INPUT", "NO_SUCH_SUB_PROCESSOR", "There is no such sub-processor on record. Choose one of the list, or give notice of it first.");
const intended = ({ isListed, startedOn, endedOn }: SubProcessor) => !isListed && startedOn === undefined && endedOn === undefined;
const running = ({ startedOn, endedOn }: SubProcessor) => startedOn !== undefined && endedOn === undefined;

const daysToList = 30;

export const listSubProcessor = partnerStep({
  name: "ListSubProcessor",
  label: "List a sub-processor of the first day",
  topic: "sub-processors",
  clauses: ["DPA-6.1", "SCH1-A"],
  askers: ["partner", "vendor"],
  asks: {
    since: askDay("In use since"),
    country: askCountry("Country in which it processes"),
    regimes: askChoices("Whose data it processes", regimeWords),
    words: askWords("Its name, what it does, and a contact"),
  },
  against: ({ since }, history, at) => {
    const { signed, today } = standingOf(history, at);
    if (signed === undefined)
      return [refuse("DPA-6.1", "NOT_SIGNED", "No agreement is on record. Its signature authorises the sub-processors listed with it.")];
    return [
      ...(since > signed.startsOn
        ? [refuse("DPA-6.6a", "NOTICE_NEEDED", "Only those in use on the first day are authorised by the signature. Give notice of later ones.")]
        : []),
      ...(sideOf(at) === "partner" && today > addDays(signed.startsOn, daysToList)
        ? [
            refuse(
              "DPA-6.6a",
              "LIST_CLOSED",
              `A partner lists those of the first day within ${daysToList} days of it, by house default. Give notice, or ask the company to complete the list.`,
            ),
          ]
        : []),
    ];
  },
  facts: ({ since, country, regimes: serves }, _, at) => [
    { type: "SubProcessorListed", subProcessor: at.fresh, since, country, regimes: serves, details: sealed(at) },
  ],
});

export const noticeSubProcessor = partnerStep({
  name: "NoticeSubProcessor",
  label: "Give notice of a new sub-processor",
  topic: "sub-processors",
  clauses: ["DPA-6.6a", "DPA-2.2.2(3)"],
  askers: ["partner", "vendor"],
  asks: {
    country: askCountry("Country in which it processes"),
    regimes: askChoices("Whose data it would process", regimeWords),
    says: askChoices("What the notice gives", contentWords, { hint: "The time to object begins when all of it is there." }),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: askWords("The notice: name, place, processing, categories, mechanism, contact"),
    file: optional(askPaper("The notice on paper")),
  },
  facts: ({ country, regimes: serves, says, receivedAt: said }, _, at) => [
    { type: "SubProcessorNoticed", subProcessor: at.fresh, receivedAt: receivedAt(said, at), says, country, regimes: serves, details: sealed(at) },
  ],
});

export const completeNotice = partnerStep({
  name: "CompleteNotice",
  label: "Complete a notice",
  topic: "sub-processors",
  clauses: ["DPA-6.6a"],
  askers: ["partner", "vendor"],
  offered: some(({ window }) => window?.state === "incomplete"),
  asks: {
    subProcessor: askOne(
      "Which sub-processor",
      choose(({ window }) => window?.state === "incomplete"),
    ),
    says: askChoices("What this adds", contentWords),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: askWords("What was missing"),
  },
  against: ({ subProcessor, receivedAt: said }, history, at) => {
    const found = find(subProcessor, history, at);
    if (found === undefined) return [unknown];
    const first = all(history, "SubProcessorNoticed").find(of(subProcessor))?.fact.receivedAt;
    return [
      ...(found.window?.state === "incomplete" ? [] : [refuse("DPA-6.6a", "COMPLETE", "The notice is complete, and the time to object runs from it.")]),
      ...(said !== undefined && first !== undefined && said < first
        ? [refuse("DPA-6.6a", "BEFORE_NOTICE", "What completes a notice cannot have come before it. Correct the moment.")]
        : []),
    ];
  },
  facts: ({ subProcessor, says, receivedAt: said }, _, at) => [
    { type: "NoticeCompleted", subProcessor, receivedAt: receivedAt(said, at), says, ...maybeSealed(at) },
  ],
});

export const objectToSubProcessor = partnerStep({
  name: "ObjectToSubProcessor",
  label: "Object to a sub-processor",
  topic: "sub-processors",
  clauses: ["DPA-6.6b", "DPA-6.6c"],
  askers: ["counsel"],
  offered: some(intended),
  asks: { subProcessor: askOne("Which sub-processor", choose(intended)), words: askWords("The grounds, which must be reasonable") },
  against: ({ subProcessor }, history, at) => {
    const found = find(subProcessor, history, at);
    if (found === undefined) return [unknown];
    const { contractDay } = found.window ?? {};
    return [
      ...(found.objectionAt === undefined
        ? []
        : [refuse("DPA-6.6b", "OBJECTED", "An objection to it stands already. One is enough: it bars the appointment until it is withdrawn.")]),
      ...(contractDay !== undefined && dayOf(at.now, at.zone) > contractDay
        ? [
            refuse(
              "DPA-6.6b",
              "TOO_LATE",
              `The time to object ended on ${contractDay} (${found.window?.derivation ?? ""}). A reasonable ground may still end the processing under DPA-2.2.1(iv).`,
            ),
          ]
        : []),
    ];
  },
  facts: ({ subProcessor }, _, at) => [{ type: "ObjectionMade", subProcessor, at: at.now, ...maybeSealed(at) }],
});

const objected = ({ objectionAt }: SubProcessor) => objectionAt !== undefined;

export const withdrawObjection = partnerStep({
  name: "WithdrawObjection",
  label: "Withdraw an objection",
  topic: "sub-processors",
  clauses: ["DPA-6.6c"],
  askers: ["counsel"],
  offered: some(objected),
  asks: { subProcessor: askOne("Which sub-processor", choose(objected)) },
  against: ({ subProcessor }, history, at) =>
    find(subProcessor, history, at)?.objectionAt === undefined ? [refuse("DPA-6.6c", "NO_OBJECTION", "No objection stands against it.")] : [],
  facts: ({ subProcessor }, _, at) => [{ type: "ObjectionWithdrawn", subProcessor, at: at.now }],
});

export const approveSubProcessor = partnerStep({
  name: "ApproveSubProcessor",
  label: "Approve a sub-processor",
  topic: "sub-processors",
  clauses: ["DPA-6.6b", "UKA-T2", "EUK-4.2(c)"],
  askers: ["counsel"],
  offered: some((each) => intended(each) && each.objectionAt === undefined),
  asks: {
    subProcessor: askOne(
      "Which sub-processor",
      choose((each) => intended(each) && each.objectionAt === undefined),
    ),
    waivesDays: askYesNo("The company gives up the twenty days of the clauses"),
    words: optional(askWords("Conditions")),
  },
  against: ({ subProcessor }, history, at) => {
    const found = find(subProcessor, history, at);
    if (found === undefined) return [unknown];
    return [
      ...(found.objectionAt === undefined ? [] : [refuse("DPA-6.6c", "OBJECTED", "An objection stands against it. Withdraw it first.")]),
      ...(found.window?.state === "incomplete" ? found.window.reasons : []),
    ];
  },
  facts: ({ subProcessor, waivesDays }, _, at) => [{ type: "SubProcessorApproved", subProcessor, at: at.now, waivesDays, ...maybeSealed(at) }],
});

export const showBeforeStart = partnerStep({
  name: "ShowBeforeStart",
  label: "Show what a sub-processor needs before it begins",
  topic: "sub-processors",
  clauses: ["DPA-6.3", "DPA-6.4", "EUK-5(a)", "EUK-5(b)", "EUK-5(c)"],
  askers: ["partner", "vendor"],
  offered: some(intended),
  asks: {
    subProcessor: askOne("Which sub-processor", choose(intended)),
    shows: askChoices("What is shown", beforeStartWords),
    words: optional(askWords("In words")),
    file: optional(askPaper("The paper")),
  },
  against: ({ subProcessor }, history, at) => (find(subProcessor, history, at) === undefined ? [unknown] : []),
  facts: ({ subProcessor, shows }, _, at) => [{ type: "SubProcessorShown", subProcessor, shows, ...maybeSealed(at) }],
});

/** The partner's own country, or one to which the company consented in writing (DPA-7). */
function isRegionApproved(country: string, history: PartnerHistory): boolean {
  return last(history, "PartnerRegistered")?.fact.country === country || all(history, "RegionApproved").some(({ fact }) => fact.country === country);
}

/** Every reason why it may not process yet. */
function startReasons(
  { window, shown, country, regimes: serves, startedOn }: SubProcessor,
  history: PartnerHistory,
  at: PartnerCircumstances,
): readonly Reason[] {
  const crosses = serves.some((each) => each !== "domestic");
  const lacks = (what: keyof typeof beforeStartWords, clause: string) =>
    shown.has(what) ? [] : [refuse(clause, "NOT_SHOWN", `Before it begins: ${beforeStartWords[what].toLowerCase()}. Show it.`)];
  return [
    ...(startedOn === undefined ? [] : [refuse("DPA-6.3", "STARTED", "It has begun already.")]),
    ...(standingOf(history, at).runs ? [] : [refuse("EUK-5(a)", "NOT_SIGNED", "No agreement is in force that authorises it.")]),
    ...(isRegionApproved(country, history)
      ? []
      : [refuse("DPA-7", "REGION_NOT_APPROVED", `${country} is no approved region. The company's written consent comes first.`)]),
    ...(window?.reasons ?? []),
    ...lacks("due-diligence", "DPA-6.3"),
    ...lacks("contract", "DPA-6.4"),
    ...lacks("measures", "DPA-6.4"),
    ...(crosses ? lacks("mechanism", "EUK-5(b)") : []),
  ];
}

export const startSubProcessor = partnerStep({
  name: "StartSubProcessor",
  label: "Let a sub-processor begin",
  topic: "sub-processors",
  clauses: ["DPA-2.2.2(3)", "DPA-6.3", "DPA-6.4", "DPA-6.6c", "EUK-5(a)", "EUK-5(b)"],
  askers: ["partner", "vendor"],
  offered: some(intended),
  asks: { subProcessor: askOne("Which sub-processor", choose(intended)), on: askDay("First day of processing") },
  against: ({ subProcessor, on }, history, at) => {
    const found = find(subProcessor, history, at);
    if (found === undefined) return [unknown];
    const opens = found.window?.opensAt;
    return [
      ...startReasons(found, history, at),
      ...(opens !== undefined && opens <= at.now && on < dayOf(opens, at.zone)
        ? [refuse("DPA-6.6b", "BEFORE_WINDOW", `Its lawful first day is ${dayOf(opens, at.zone)} (${found.window?.derivation ?? ""}).`)]
        : []),
    ];
  },
  facts: ({ subProcessor, on }) => [{ type: "SubProcessorStarted", subProcessor, on }],
});

export const endSubProcessor = partnerStep({
  name: "EndSubProcessor",
  label: "Record that a sub-processor ended",
  topic: "sub-processors",
  clauses: ["DPA-6.1"],
  askers: ["partner", "vendor"],
  offered: some(running),
  asks: { subProcessor: askOne("Which sub-processor", choose(running)), on: askDay("Its last day") },
  against: ({ subProcessor }, history, at) => (some((each) => running(each) && each.subProcessor === subProcessor)(history, at) ? [] : [unknown]),
  facts: ({ subProcessor, on }) => [{ type: "SubProcessorEnded", subProcessor, on }],
});

export const askForList = partnerStep({
  name: "AskForList",
  label: "Ask for the list of sub-processors",
  topic: "sub-processors",
  clauses: ["SCH1-A"],
  askers: ["vendor"],
  asks: { receivedAt: askMoment("When the partner received the written request") },
  facts: ({ receivedAt: received }, _, at) => [{ type: "ListAsked", asked: at.fresh, receivedAt: received }],
});

const openLists = (history: PartnerHistory): readonly AskedChoice[] => {
  const given = new Set(all(history, "ListGiven").map(({ fact }) => fact.asked));
  return all(history, "ListAsked").flatMap(({ fact }) =>
    given.has(fact.asked) ? [] : [{ value: fact.asked, label: `Asked ${fact.receivedAt.slice(0, 10)}` }],
  );
};

export const giveList = partnerStep({
  name: "GiveList",
  label: "Give the list of sub-processors",
  topic: "sub-processors",
  clauses: ["SCH1-A"],
  askers: ["partner", "vendor"],
  offered: (history) => openLists(history).length > 0,
  asks: {
    asked: askOne("Which request", openLists),
    entries: askNumber("How many are on it", 0, 10_000),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: askWords("The list: name, purpose and place of each"),
    file: optional(askPaper("The list on paper")),
  },
  against: ({ asked }, history) =>
    openLists(history).some(({ value }) => value === asked) ? [] : [refuse("SCH1-A", "NOT_ASKED", "There is no such open request for the list.")],
  facts: ({ asked, entries, receivedAt: said }, _, at) => [{ type: "ListGiven", asked, at: receivedAt(said, at), entries, ...maybeSealed(at) }],
});

export function subProcessorDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return [...listDuties(history, at), ...objectionRights(history, at)];
}

function listDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "SCH1-A");
  return all(history, "ListAsked").map(({ fact: { asked, receivedAt: received } }): Duty => {
    const { due, derivation } = dueBy(rule, { event: "written request received", at: received }, { zone: zoneOf(history, at), holidays: [] });
    const given = all(history, "ListGiven").find(({ fact }) => fact.asked === asked);
    const settledAt = given?.fact.at;
    return {
      id: `SCH1-A:${asked}`,
      clause: "SCH1-A",
      label: "Give the list of sub-processors",
      owedBy: "partner",
      began: received,
      dueAt: due,
      state: stateOf({ dueAt: due, settledAt, now: at.now }),
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation,
      basis: "document",
      findings: given === undefined ? [] : numberFindings(given, history, at),
      report: { step: "GiveList", values: { asked } },
    };
  });
}

/** The list names those in use on the first day or now; any other number is shown, and does not undo what was given. */
function numberFindings(
  { fact: { entries }, version }: PartnerRecorded<Extract<PartnerFact, { readonly type: "ListGiven" }>>,
  history: PartnerHistory,
  at: PartnerCircumstances,
): readonly Reason[] {
  const known = subProcessorsOf(
    history.filter((each) => each.version <= version),
    at,
  );
  const { signed } = standingOf(history, at);
  const first = known.filter(
    ({ startedOn, endedOn }) =>
      signed !== undefined && startedOn !== undefined && startedOn <= signed.startsOn && (endedOn === undefined || endedOn >= signed.startsOn),
  ).length;
  const now = known.filter(running).length;
  return entries === first || entries === now
    ? []
    : [
        refuse(
          "SCH1-A",
          "OTHER_NUMBER",
          `The register had ${first} in use on the first day and ${now} when the list came, and the list has ${entries}. Give notice of those that are missing here, or record those that ended.`,
        ),
      ];
}

const leastDays = 20;

/** An order form may give another time to object; for data of the EEA and the UK never fewer than the twenty days of the clauses (W-10). */
function shorterTimes(serves: readonly Regime[], on: Day, history: PartnerHistory): readonly Reason[] {
  return documentsOn(history, on).flatMap(({ number, objectionDays }) => {
    if (objectionDays === undefined) return [];
    const isProtected = serves.some((each) => each !== "domestic");
    return [
      isProtected && objectionDays < leastDays
        ? refuse(
            "DPA-6.6b",
            "ORDER_FORM_WEAKENS",
            `${number} gives ${objectionDays} days to object. For data of the EEA and the UK there are never fewer than ${leastDays}, and the time of the contract is shown.`,
          )
        : refuse(
            "DPA-6.6b",
            "ORDER_FORM_DIFFERS",
            `${number} gives ${objectionDays} days to object. The time of the contract is shown; counsel decides which holds.`,
          ),
    ];
  });
}

/** The company's right to object, until its thirty days are over. */
function objectionRights(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return subProcessorsOf(history, at).flatMap(({ subProcessor, regimes: serves, window, objectionAt }): Duty[] => {
    if (window?.contractDay === undefined || window.startsOn === undefined) return [];
    const { due } = dueBy({ n: 0, unit: "days", clause: "DPA-6.6b" }, { event: "day", on: window.contractDay }, { zone: at.zone, holidays: [] });
    const approved = all(history, "SubProcessorApproved").find(of(subProcessor))?.fact.at;
    const settledAt = objectionAt ?? approved;
    return [
      {
        id: `DPA-6.6b:${subProcessor}`,
        clause: "DPA-6.6b",
        label: "Object to a new sub-processor, or let the time pass",
        owedBy: "vendor",
        dueAt: due,
        state: settledAt !== undefined ? "met" : at.now > due ? "excused" : "open",
        ...(settledAt === undefined ? {} : { settledAt }),
        derivation: window.derivation,
        basis: "document",
        findings: shorterTimes(serves, window.startsOn, history),
        report: { step: "ObjectToSubProcessor", values: { subProcessor } },
        isRight: true,
      },
    ];
  });
}
