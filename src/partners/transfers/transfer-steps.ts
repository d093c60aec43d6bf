// Flows of data on record: role, countries and states, the one mechanism that holds today, and what happens on the night a listing disappears (EUK-3 to EUK-5, DPA-7).
import { dayOf, startOfDay, addDays, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { contractingEntities } from "../agreements/events.ts";
import { askChoice, askCode, askCountry, askDay, askOne, askPaper, askStates, askWords, askYesNo, optional, type AskedChoice } from "../asks.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import { all, happenedOn, last, maybeSealed, partnerStep, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { standingOf } from "../standing.ts";
import type { PartnerFact } from "../partner-facts.ts";
import type { FlowRecorded } from "./events.ts";
import { transferMechanism, type TransferMechanism } from "./transfer-mechanism.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });

const origins = { EEA: "The EEA", UK: "The United Kingdom", CH: "Switzerland", US: "The United States", other: "Elsewhere" } as const;
const roles = { controller: "Controller", processor: "Processor" } as const;

/** Acts that the schedule on US states lists; later ones are not in the text. */
const listedStates = ["CA", "VA", "CO", "CT", "UT"] as const;

export function flowsOf(history: PartnerHistory): readonly FlowRecorded[] {
  const ended = new Set(all(history, "FlowEnded").map(({ fact }) => fact.flow));
  return all(history, "FlowRecorded")
    .map(({ fact }) => fact)
    .filter(({ flow }) => !ended.has(flow));
}

/** Which schedules a flow brings into play (EUK-0, USP-0). */
export function schedulesOf({ origin, states }: Pick<FlowRecorded, "origin" | "states">): readonly ("schedule-4" | "schedule-5")[] {
  return [
    ...(states.some((state) => (listedStates as readonly string[]).includes(state)) ? (["schedule-4"] as const) : []),
    ...(origin === "EEA" || origin === "UK" || origin === "CH" ? (["schedule-5"] as const) : []),
  ];
}

function isRestrictable(origin: FlowRecorded["origin"]): origin is "EEA" | "UK" | "CH" {
  return origin === "EEA" || origin === "UK" || origin === "CH";
}

/** The mechanism of a flow on a day, from what is on record; undefined for data that no such law protects. */
export function mechanismOf(
  flow: Pick<FlowRecorded, "origin" | "destination" | "vendorIs">,
  on: Day,
  history: PartnerHistory,
  at: PartnerCircumstances,
): TransferMechanism | undefined {
  if (!isRestrictable(flow.origin)) return undefined;
  const listing = (framework: Framework) => {
    const newest = looksOf("partner", framework, history).findLast((look) => look.on <= on);
    return newest?.activeFrom === undefined ? undefined : { from: newest.activeFrom, ...(newest.activeUntil === undefined ? {} : { to: newest.activeUntil }) };
  };
  const [euUs, ukExtension, swissUs] = [listing("euUs"), listing("ukExtension"), listing("swissUs")];
  return transferMechanism({
    on,
    origin: flow.origin,
    destination: flow.destination,
    vendorIs: flow.vendorIs,
    adequate: at.contract.adequate as { EEA: string[]; UK: string[]; CH: string[] },
    dpf: { ...(euUs === undefined ? {} : { euUs }), ...(ukExtension === undefined ? {} : { ukExtension }), ...(swissUs === undefined ? {} : { swissUs }) },
    signed: [...new Set(all(history, "ClausesSigned").flatMap(({ fact }) => (fact.on <= on ? [fact.clauses] : [])))],
    switchedOff: [...at.contract.switchedOff.map((each) => ({ ...each, since: each.since as Day })), ...ownLapse(flow.origin, on, history)],
  });
}

type Framework = Look["framework"];
type Look = Extract<PartnerFact, { readonly type: "ListingChecked" }>;

/** What the list said of one side, by the day of the look: one that is recorded late stands in its own place. */
function looksOf(of: Look["of"], framework: Framework, history: PartnerHistory): readonly Look[] {
  return all(history, "ListingChecked")
    .map(({ fact }) => fact)
    .filter((look) => look.of === of && look.framework === framework)
    .toSorted((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
}

function isActiveOn({ activeFrom, activeUntil }: Look, on: Day): boolean {
  return activeFrom !== undefined && activeFrom <= on && (activeUntil === undefined || on <= activeUntil);
}

/** The lists on which the framework for this data rests. */
function listsFor(origin: "EEA" | "UK" | "CH"): readonly Framework[] {
  if (origin === "CH") return ["swissUs"];
  return origin === "UK" ? ["euUs", "ukExtension"] : ["euUs"];
}

/** Where the company's own entry is on record and not active, nobody relies on the framework (EUK-4.1a). */
function ownLapse(origin: "EEA" | "UK" | "CH", on: Day, history: PartnerHistory) {
  const isGone = listsFor(origin).some((framework) => {
    const own = looksOf("vendor", framework, history).findLast((look) => look.on <= on);
    return own !== undefined && !isActiveOn(own, on);
  });
  return isGone ? [{ mechanism: "dpf" as const, since: on, citation: "the company's own entry in the list is not active, EUK-4.1a" }] : [];
}

const approvedCountries = (history: PartnerHistory): ReadonlySet<string> => new Set(all(history, "RegionApproved").map(({ fact }) => fact.country));

/** Every reason why data may not flow there: region, agreement, mechanism, measures (DPA-7, EUK-3). */
function flowReasons(
  flow: Pick<FlowRecorded, "origin" | "destination" | "vendorIs" | "isOnward">,
  history: PartnerHistory,
  at: PartnerCircumstances,
): readonly Reason[] {
  const { runs, today } = standingOf(history, at);
  const home = last(history, "PartnerRegistered")?.fact.country;
  const mechanism = mechanismOf(flow, today, history, at);
  return [
    ...(runs
      ? []
      : [
          refuse("EUK-3(a)", "NOT_SIGNED", "The DPA is signed with the agreement, and none is in force. Sign it first."),
          refuse("EUK-3(b)", "NOT_UNDER_THE_DPA", "Data is processed under the agreement and the DPA, and none is in force under which it could be."),
        ]),
    ...(approvedCountries(history).has(flow.destination) || (flow.destination === home && !flow.isOnward)
      ? []
      : [refuse("DPA-7", "REGION_NOT_APPROVED", `${flow.destination} is no approved region. The company's written consent comes first.`)]),
    ...(mechanism?.result === "blocked"
      ? [
          refuse("EUK-3(c)", "NO_MECHANISM", "No lawful mechanism is on record for this transfer."),
          ...mechanism.against.map(({ clause, code, because }) => refuse(clause, code, because)),
        ]
      : []),
    ...(mechanism?.result === "dpf" ? staleReasons(flow.origin, today, history) : []),
  ];
}

const freshLookDays = 7;

/** A new flow does not rest on what a list said long ago: seven days by house default. */
function staleReasons(origin: FlowRecorded["origin"], today: Day, history: PartnerHistory): readonly Reason[] {
  if (!isRestrictable(origin)) return [];
  return listsFor(origin).flatMap((framework) => {
    const newest = looksOf("partner", framework, history).findLast((look) => look.on <= today);
    return newest !== undefined && newest.on < addDays(today, -freshLookDays)
      ? [
          refuse(
            "EUK-4.1a",
            "LOOK_TOO_OLD",
            `The list of the ${frameworks[framework]} was last looked at on ${dayWords(newest.on)}. Look again: a new flow rests on a look of the last ${freshLookDays} days.`,
          ),
        ]
      : [];
  });
}

export const recordFlow = partnerStep({
  name: "RecordFlow",
  label: "Record a flow of data",
  topic: "transfers",
  clauses: ["DPA-2.1", "DPA-7", "EUK-0", "EUK-3(a)", "EUK-3(b)", "EUK-3(c)", "USP-0", "USP-3.1"],
  askers: ["partner", "vendor"],
  asks: {
    origin: askChoice("Whose law protects the data", origins),
    destination: askCountry("Country that it goes to"),
    vendorIs: askChoice("The company's role in this flow", roles, { hint: "Of this flow, not of the contract (X-09)." }),
    exporter: askChoice("Which company exports it", contractingEntities),
    states: optional(askStates("US states whose acts protect it", { hint: "CA VA, separated by blanks." })),
    isOnward: askYesNo("It is an onward transfer, to a sub-processor"),
    words: askWords("What data, of whom, for what, on which written instruction"),
  },
  against: (flow, history, at) => flowReasons({ ...flow }, history, at),
  facts: ({ origin, destination, vendorIs, exporter, states, isOnward }, history, at) => {
    const { today } = standingOf(history, at);
    const flow: FlowRecorded = {
      type: "FlowRecorded",
      flow: at.fresh,
      origin,
      destination,
      vendorIs,
      exporter,
      states: statesOf(states),
      isOnward,
      ...maybeSealed(at),
    };
    return [flow, ...foundNow(flow, today, history, at)];
  },
});

function statesOf(text: string | undefined): readonly string[] {
  return (text ?? "").split(/\s+/).filter((each) => each !== "");
}

function foundNow(flow: FlowRecorded, today: Day, history: PartnerHistory, at: PartnerCircumstances) {
  const mechanism = mechanismOf(flow, today, history, at);
  if (mechanism === undefined) return [];
  const { result, words, module } = mechanism;
  return [{ type: "MechanismFound" as const, flow: flow.flow, on: today, result, words, ...(module === undefined ? {} : { module }) }];
}

const flowChoices = (history: PartnerHistory): readonly AskedChoice[] =>
  flowsOf(history).map(({ flow, origin, destination }) => ({ value: flow, label: `${origin} → ${destination} (${flow.slice(0, 6)})` }));

export const endFlow = partnerStep({
  name: "EndFlow",
  label: "End a flow of data",
  topic: "transfers",
  clauses: ["DPA-7"],
  askers: ["partner", "vendor"],
  offered: (history) => flowChoices(history).length > 0,
  asks: { flow: askOne("Which flow", flowChoices), on: askDay("Its last day") },
  against: ({ flow }, history) =>
    flowChoices(history).some(({ value }) => value === flow) ? [] : [refuse("INPUT", "NO_SUCH_FLOW", "There is no such flow. Choose one of the list.")],
  facts: ({ flow, on }, history, at) => [{ type: "FlowEnded", flow, on: happenedOn(on, history, at) }],
});

export const approveRegion = partnerStep({
  name: "ApproveRegion",
  label: "Consent to a country",
  topic: "transfers",
  clauses: ["DPA-7"],
  askers: ["counsel"],
  asks: { country: askCountry("Country"), words: askWords("The written consent, and for what") },
  facts: ({ country }, _, at) => [{ type: "RegionApproved", country, ...maybeSealed(at) }],
});

const clauseWords = { scc: "Standard contractual clauses", "uk-addendum": "UK Addendum" } as const;

export const signClauses = partnerStep({
  name: "SignClauses",
  label: "Record signed transfer clauses",
  topic: "transfers",
  clauses: ["EUK-4.2(c)", "UKA-T1", "UKA-T2", "UKA-T3", "UKA-P2"],
  askers: ["vendor"],
  asks: {
    clauses: askChoice("Which clauses", clauseWords),
    version: askCode("Version", { hint: "2021/914, or B1.0 for the addendum." }),
    law: optional(askCountry("Law that governs them", { hint: "Of a member state of the EU, for the standard clauses: IE, NL." })),
    on: askDay("Signed on"),
    file: optional(askPaper("The signed clauses")),
  },
  against: ({ clauses, version, law }) => [
    ...(clauses === "uk-addendum" && version !== ukAddendumVersion
      ? [
          refuse(
            "UKA-P2",
            "OTHER_VERSION",
            `The addendum in force is ${ukAddendumVersion}. Sign that version, or have the pack revised when the Commissioner revises it.`,
          ),
        ]
      : []),
    ...(clauses === "scc" && (law === undefined || !memberStates.includes(law))
      ? [
          refuse(
            "EUK-4.2(c)",
            "NO_LAW",
            "The standard clauses need the law of a member state of the EU; the fall-back on the law of the UK is not open to them (X-16). Choose one.",
          ),
        ]
      : []),
  ],
  facts: ({ clauses, version, law, on }, history, at) => {
    const signed = { type: "ClausesSigned" as const, clauses, version, ...(law === undefined ? {} : { law }), on, ...maybeSealed(at) };
    return [signed, ...recheck([...history, { version: 0, at: at.now, by: at.by, fact: signed }], at)];
  },
});

const ukAddendumVersion = "B1.0";
const memberStates = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

const frameworks = { euUs: "EU-US framework", ukExtension: "UK Extension", swissUs: "Swiss-US framework" } as const;

export const checkListing = partnerStep({
  name: "CheckListing",
  label: "Record what the list of the framework says",
  topic: "transfers",
  clauses: ["EUK-4.1a", "EUK-4.1(ii)", "EUK-4"],
  askers: ["vendor", "desk"],
  asks: {
    of: askChoice("Whose entry", { partner: "The partner", vendor: "The company" }),
    framework: askChoice("Which list", frameworks),
    on: askDay("Looked at on"),
    activeFrom: optional(askDay("Active since", { hint: "Empty: there is no entry." })),
    activeUntil: optional(askDay("Last day on which it was active", { mayLieAhead: true, hint: "Empty: it still is." })),
  },
  against: ({ activeFrom, activeUntil }) =>
    activeFrom !== undefined && activeUntil !== undefined && activeUntil < activeFrom
      ? [refuse("EUK-4.1a", "ENDS_BEFORE", "It cannot end before it began. Correct one of the two days.")]
      : [],
  facts: ({ of, framework, on, activeFrom, activeUntil }, history, at) => {
    const checked = {
      type: "ListingChecked" as const,
      of,
      framework,
      on,
      ...(activeFrom === undefined ? {} : { activeFrom }),
      ...(activeUntil === undefined ? {} : { activeUntil }),
    };
    return [checked, ...recheck([...history, { version: 0, at: at.now, by: at.by, fact: checked }], at)];
  },
});

/** Where today's mechanism is another than the one on record, the new one: the fall-back is automatic. */
export function recheck(history: PartnerHistory, at: PartnerCircumstances) {
  const { today } = standingOf(history, at);
  return flowsOf(history).flatMap((flow) => {
    const known = all(history, "MechanismFound").findLast(({ fact }) => fact.flow === flow.flow)?.fact;
    return foundNow(flow, today, history, at).filter(({ result, words }) => result !== known?.result || words !== known.words);
  });
}

export const recheckTransfers = partnerStep({
  name: "RecheckTransfers",
  label: "Check every mechanism again",
  topic: "transfers",
  clauses: ["EUK-4", "EUK-4.1(ii)"],
  askers: ["desk", "vendor"],
  offered: (history) => flowsOf(history).length > 0,
  asks: {},
  against: (_, history, at) => (recheck(history, at).length === 0 ? [refuse("EUK-4", "UNCHANGED", "Every flow rests on the mechanism on record.")] : []),
  facts: (_, history, at) => recheck(history, at),
});

export const addMeasures = partnerStep({
  name: "AddMeasures",
  label: "Record supplementary measures",
  topic: "transfers",
  clauses: ["EUK-3(d)"],
  askers: ["partner", "vendor"],
  offered: (history) => flowChoices(history).length > 0,
  asks: {
    flow: askOne("Which flow", flowChoices),
    on: askDay("In place since"),
    words: askWords("The assessment and the measures"),
    file: optional(askPaper("The assessment on paper")),
  },
  against: ({ flow }, history) =>
    flowChoices(history).some(({ value }) => value === flow) ? [] : [refuse("INPUT", "NO_SUCH_FLOW", "There is no such flow. Choose one of the list.")],
  facts: ({ flow, on }, _, at) => [{ type: "MeasuresAdded", flow, on, ...maybeSealed(at) }],
});

export interface Lapse {
  readonly flow: string;
  /** The last day of the certification; where no entry was found, the day of the look. */
  readonly on: Day;
  readonly toldAt?: Instant;
}

/** The days on which an entry ended: a look without an active one after a look with it, a gap between two, or a last day that has passed. */
function lapseDays(looks: readonly Look[], today: Day): readonly Day[] {
  const found: Day[] = [];
  let active: Look | undefined;
  for (const look of looks) {
    const until = active?.activeUntil;
    const isOver = until !== undefined && until < look.on;
    if (isActiveOn(look, look.on)) {
      if (isOver && look.activeFrom !== undefined && look.activeFrom > until) found.push(until);
      active = look;
      continue;
    }
    if (active !== undefined) found.push(isOver ? until : look.activeUntil !== undefined && look.activeUntil < look.on ? look.activeUntil : look.on);
    active = undefined;
  }
  if (active?.activeUntil !== undefined && active.activeUntil < today) found.push(active.activeUntil);
  return found;
}

const flowEnd = (flow: string, history: PartnerHistory) => all(history, "FlowEnded").find(({ fact }) => fact.flow === flow);

/** Certifications under which data flowed and that ended, also those that were renewed or whose flow has ended since. */
function lapsesOf(history: PartnerHistory, at: PartnerCircumstances): readonly Lapse[] {
  const { today } = standingOf(history, at);
  return all(history, "FlowRecorded").flatMap(({ fact: { flow, origin } }) => {
    if (!isRestrictable(origin)) return [];
    const endedOn = flowEnd(flow, history)?.fact.on;
    const mechanisms = all(history, "MechanismFound").filter(({ fact }) => fact.flow === flow);
    // What took over on the same day did so because of the lapse.
    const relied = (on: Day) => mechanisms.findLast(({ fact }) => fact.on < on || (fact.on === on && fact.result === "dpf"))?.fact.result === "dpf";
    const days = new Set(listsFor(origin).flatMap((framework) => lapseDays(looksOf("partner", framework, history), today)));
    return [...days]
      .filter((on) => relied(on) && (endedOn === undefined || on <= endedOn))
      .map((on) => {
        const toldAt = all(history, "LapseTold").find(({ fact }) => fact.flow === flow && fact.on >= on)?.at;
        return { flow, on, ...(toldAt === undefined ? {} : { toldAt }) };
      });
  });
}

const untold = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  lapsesOf(history, at).flatMap(({ flow, on, toldAt }) =>
    toldAt === undefined ? [{ value: flow, label: `Ended ${dayWords(on)} (${flow.slice(0, 6)})` }] : [],
  );

export const tellOfLapse = partnerStep({
  name: "TellOfLapse",
  label: "Tell that a certification ended",
  topic: "transfers",
  clauses: ["EUK-4.1(ii)"],
  askers: ["partner", "vendor"],
  offered: (history, at) => untold(history, at).length > 0,
  asks: { flow: askOne("Which flow", untold), words: askWords("What ended, and since when") },
  against: ({ flow }, history, at) =>
    untold(history, at).some(({ value }) => value === flow) ? [] : [refuse("EUK-4.1(ii)", "NOTHING_LAPSED", "No certification of this flow ended untold.")],
  facts: ({ flow }, history, at) => [{ type: "LapseTold", flow, on: dayOf(at.now, zoneOf(history, at)), ...maybeSealed(at) }],
});

export function transferDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return [...lapseDuties(history, at), ...blockedDuties(history, at), ...measureDuties(history, at), ...listingDuties(history, at)];
}

/** What a flow owes is excused when the flow ended in time; what was overdue by then stays so. */
function standsWithFlow(flow: string, { dueAt, settledAt }: Pick<Duty, "settledAt"> & { readonly dueAt: Instant }, history: PartnerHistory, now: Instant) {
  const ended = flowEnd(flow, history)?.at;
  if (settledAt === undefined && ended !== undefined && ended <= dueAt) return { state: "excused" as const, settledAt: ended };
  return { state: stateOf({ dueAt, settledAt, now }), ...(settledAt === undefined ? {} : { settledAt }) };
}

function lapseDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  const rule = ruleOf(at.contract, "EUK-4.1(ii)");
  return lapsesOf(history, at).map(({ flow, on, toldAt }): Duty => {
    const began = startOfDay(addDays(on, 1), zone);
    const { due, derivation } = dueBy(rule, { event: "certification ended", at: began }, { zone, holidays: [] });
    return {
      id: `EUK-4.1(ii):${flow}:${on}`,
      clause: "EUK-4.1(ii)",
      label: "Tell that the certification ended",
      owedBy: "partner",
      began,
      dueAt: due,
      ...standsWithFlow(flow, { dueAt: due, ...(toldAt === undefined ? {} : { settledAt: toldAt }) }, history, at.now),
      derivation: `${derivation} (house default); the clauses took over by themselves`,
      basis: "house",
      findings: [],
      report: { step: "TellOfLapse", values: { flow } },
    };
  });
}

const hoursToStop = 24;

/** A flow that no lawful mechanism carries any more is ended, or gets another mechanism, within a day by house default (EUK-3(c)). */
function blockedDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  return all(history, "FlowRecorded").flatMap(({ fact: { flow } }) => {
    const mechanisms = all(history, "MechanismFound").filter(({ fact }) => fact.flow === flow);
    const blocked = mechanisms.filter(({ fact }, index) => fact.result === "blocked" && mechanisms[index - 1]?.fact.result !== "blocked");
    return blocked.map(({ fact: { on, words }, at: began, version }): Duty => {
      const { due, derivation } = dueBy(
        { n: hoursToStop, unit: "hours", clause: "EUK-3(c)" },
        { event: "transfer blocked", at: began },
        { zone, holidays: [] },
      );
      const other = mechanisms.find((each) => each.version > version && each.fact.result !== "blocked")?.at;
      const settledAt = [other, flowEnd(flow, history)?.at].filter((each) => each !== undefined).toSorted()[0];
      return {
        id: `EUK-3(c):${flow}:${on}`,
        clause: "EUK-3(c)",
        label: "End the flow of data, or give it a lawful mechanism",
        owedBy: "partner",
        began,
        dueAt: due,
        state: stateOf({ dueAt: due, settledAt, now: at.now }),
        ...(settledAt === undefined ? {} : { settledAt }),
        derivation: `${derivation} (house default)`,
        basis: "house",
        findings: settledAt === undefined ? [refuse("EUK-3(c)", "NO_MECHANISM", `${words}. End the flow, or have the clauses signed.`)] : [],
        report: { step: "EndFlow", values: { flow } },
      };
    });
  });
}

const daysForMeasures = 30;

/** Where the clauses carry a transfer, measures beside them are owed where needed; a house default gives thirty days to show them. */
function measureDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return all(history, "FlowRecorded").flatMap(({ fact: { flow } }): Duty[] => {
    const first = all(history, "MechanismFound").find(({ fact }) => fact.flow === flow && fact.result === "scc");
    if (first === undefined) return [];
    const { due, derivation } = dueBy(
      { n: daysForMeasures, unit: "days", clause: "EUK-3(d)" },
      { event: "the clauses carry the transfer since", on: first.fact.on },
      { zone: zoneOf(history, at), holidays: [] },
    );
    const settledAt = all(history, "MeasuresAdded").find(({ fact }) => fact.flow === flow)?.at;
    return [
      {
        id: `EUK-3(d):${flow}`,
        clause: "EUK-3(d)",
        label: "Show the assessment and the measures beside the clauses",
        owedBy: "partner",
        began: first.at,
        dueAt: due,
        ...standsWithFlow(flow, { dueAt: due, ...(settledAt === undefined ? {} : { settledAt }) }, history, at.now),
        derivation: `${derivation} (house default)`,
        basis: "house",
        findings: [],
        report: { step: "AddMeasures", values: { flow } },
      },
    ];
  });
}

/** While a flow rests on a framework, its list is looked at every day; the newest look is what counts. */
function listingDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "EUK-4.1a");
  const relied = flowsOf(history).flatMap(({ flow, origin }) =>
    isRestrictable(origin) && all(history, "MechanismFound").findLast(({ fact }) => fact.flow === flow)?.fact.result === "dpf" ? listsFor(origin) : [],
  );
  return [...new Set(relied)].flatMap((framework): Duty[] => {
    const newest = looksOf("partner", framework, history).at(-1);
    if (newest === undefined) return [];
    const { due, derivation } = dueBy(rule, { event: "list last looked at", on: newest.on }, { zone: at.zone, holidays: [] });
    return [
      {
        id: `EUK-4.1a:${framework}:${newest.on}`,
        clause: "EUK-4.1a",
        label: `Look at the list of the ${frameworks[framework]} again`,
        owedBy: "vendor",
        began: startOfDay(newest.on, at.zone),
        dueAt: due,
        state: stateOf({ dueAt: due, now: at.now }),
        derivation: `${derivation} (house default)`,
        basis: "house",
        findings: [],
        report: { step: "CheckListing", values: { of: "partner", framework } },
      },
    ];
  });
}

/** One line of the annex that Schedule 5 and the UK tables ask for. */
export interface AnnexLine {
  readonly heading: string;
  readonly value: string;
  readonly clause: string;
  /** The defect that the document has here, and how it is read. */
  readonly defect?: string;
}

/** The elections and the UK tables, filled from the record, with the documents' own defects marked. */
export function annexOf(history: PartnerHistory, at: PartnerCircumstances): readonly AnnexLine[] {
  const { signed } = standingOf(history, at);
  const flows = flowsOf(history);
  const law = all(history, "ClausesSigned").findLast(({ fact }) => fact.law !== undefined)?.fact.law;
  const modules = [
    ...new Set(flows.filter(({ origin }) => isRestrictable(origin)).map(({ vendorIs }) => (vendorIs === "controller" ? "Module Two" : "Module Three"))),
  ];
  const defect = (id: string): string => {
    const found = at.contract.defects.find((each) => each.id === id);
    const inForce = found?.readings.find((reading) => reading.id === found.inForce)?.words ?? "";
    return `${id}: ${inForce}`;
  };
  return [
    {
      heading: "Parties",
      value: signed === undefined ? "No agreement is on record" : `${contractingEntities[signed.entity]} and the partner on record`,
      clause: "UKA-T1",
    },
    { heading: "Date", value: signed === undefined ? "—" : dayWords(signed.signedOn), clause: "UKA-T1" },
    { heading: "Modules", value: modules.length === 0 ? "None: no flow needs one" : modules.join(" and "), clause: "UKA-T2", defect: defect("X-09") },
    { heading: "Docking clause (7)", value: "On", clause: "EUK-4.2(c)" },
    { heading: "Sub-processors (9), EEA", value: "Option 2, general authorisation, 20 days; 30 days by the DPA", clause: "EUK-4.2(c)", defect: defect("X-01") },
    { heading: "Sub-processors (9), UK", value: "Specific authorisation, 20 days: silence opens nothing", clause: "UKA-T2", defect: defect("X-01") },
    { heading: "Option of clause 11", value: "Off", clause: "EUK-4.2(c)" },
    {
      heading: "Governing law (17) and courts (18)",
      value:
        law === undefined
          ? "The law of a member state of the EU, to be chosen; the fallback to the law of the UK is not open to the clauses"
          : `The law of ${law}, chosen with the clauses`,
      clause: "EUK-4.2(c)",
      defect: defect("X-16"),
    },
    { heading: "Annex I", value: "Schedule 1 of the DPA", clause: "UKA-T3" },
    { heading: "Annex II", value: "Schedule 2 of the DPA", clause: "UKA-T3", defect: defect("X-15") },
    { heading: "Annex III", value: "The register of sub-processors", clause: "UKA-T3" },
    { heading: "Who may end the addendum", value: "Importer and exporter", clause: "UKA-T4" },
    { heading: "Mandatory Clauses", value: `Version ${ukAddendumVersion}, laid 2 February 2022, in force 21 March 2022`, clause: "UKA-P2" },
  ];
}
