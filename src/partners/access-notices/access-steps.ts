// Government requests that reach a partner: told within seventy-two hours, assessed, challenged where there are grounds, and answered with the minimum (DPA-8).
import { dayOf, endOfDay, startOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { askChoice, askCountry, askDay, askMoment, askNumber, askOne, askPaper, askWords, askYesNo, optional, type AskedChoice } from "../asks.ts";
import { choosing } from "../chosen.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import {
  all,
  happenedOn,
  maybeSealed,
  partnerStep,
  receivedAt,
  sideOf,
  zoneOf,
  type PartnerCircumstances,
  type PartnerHistory,
  type PartnerRecorded,
} from "../partner.ts";
import type { PartnerFact } from "../partner-facts.ts";
import { servedOnWords } from "./events.ts";
import { noticeClock, type NoticeClock } from "./notice-clock.ts";

type Seen = Extract<PartnerFact, { readonly type: "AccessRequestSeen" }>;

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });

export interface AccessRequest {
  readonly seen: Seen;
  readonly toldAt?: Instant;
  /** Times in which telling was forbidden; without an end it still is. */
  readonly prohibitions: readonly { readonly from: Instant; readonly to?: Instant }[];
  readonly attempts: readonly Instant[];
  readonly assessed?: Extract<PartnerFact, { readonly type: "LawfulnessAssessed" }>;
  /** The assessment that found grounds, and when counsel withdrew them. */
  readonly grounds?: { readonly at: Instant; readonly challengeBy?: Day; readonly withdrawnAt?: Instant };
  readonly challenges: readonly Extract<PartnerFact, { readonly type: "AccessChallenged" }>[];
  readonly rulings: readonly Extract<PartnerFact, { readonly type: "ChallengeRuled" }>[];
  readonly disclosed?: Extract<PartnerFact, { readonly type: "PartnerDisclosed" }>;
}

function accessRequestsOf(history: PartnerHistory): readonly AccessRequest[] {
  return all(history, "AccessRequestSeen").flatMap(({ fact: first }) => {
    if (first.isCorrection === true) return [];
    const { request } = first;
    const of = <Fact extends { readonly fact: { readonly request: string } }>(facts: readonly Fact[]) => facts.filter(({ fact }) => fact.request === request);
    const toldAt = of(all(history, "AccessRequestTold"))[0]?.fact.at;
    const assessed = of(all(history, "LawfulnessAssessed")).at(-1)?.fact;
    const grounds = groundsOf(of(all(history, "LawfulnessAssessed")));
    const disclosed = of(all(history, "PartnerDisclosed")).at(-1)?.fact;
    const seen = of(all(history, "AccessRequestSeen")).at(-1)?.fact ?? first;
    return {
      seen,
      ...(toldAt === undefined ? {} : { toldAt }),
      prohibitions: prohibitionsOf(request, history),
      attempts: of(all(history, "WaiverTried")).map(({ fact }) => fact.at),
      ...(assessed === undefined ? {} : { assessed }),
      ...(grounds === undefined ? {} : { grounds }),
      challenges: of(all(history, "AccessChallenged")).map(({ fact }) => fact),
      rulings: of(all(history, "ChallengeRuled")).map(({ fact }) => fact),
      ...(disclosed === undefined ? {} : { disclosed }),
    };
  });
}

/** Grounds once found stand until counsel withdraws them. */
function groundsOf(assessments: readonly PartnerRecorded<Extract<PartnerFact, { readonly type: "LawfulnessAssessed" }>>[]): AccessRequest["grounds"] {
  const found = assessments.filter(({ fact }) => fact.hasGrounds);
  const [first, newest] = [found[0], found.at(-1)];
  if (first === undefined || newest === undefined) return undefined;
  const withdrawnAt = assessments.find(({ fact, version }) => !fact.hasGrounds && version > newest.version)?.at;
  const { challengeBy } = newest.fact;
  return { at: first.at, ...(challengeBy === undefined ? {} : { challengeBy }), ...(withdrawnAt === undefined ? {} : { withdrawnAt }) };
}

/** In order of record: a new one begins only when the one before has ended. */
function prohibitionsOf(request: string, history: PartnerHistory): AccessRequest["prohibitions"] {
  const ends = all(history, "ProhibitionEnded").filter(({ fact }) => fact.request === request);
  return all(history, "TellingForbidden")
    .filter(({ fact }) => fact.request === request)
    .map(({ fact }, turn) => {
      const to = ends[turn]?.fact.at;
      return { from: fact.from, ...(to === undefined ? {} : { to }) };
    });
}

function clockOf({ seen, prohibitions, attempts, toldAt }: AccessRequest, history: PartnerHistory, at: PartnerCircumstances): NoticeClock {
  return noticeClock({
    zone: zoneOf(history, at),
    receipts: [{ at: seen.receivedAt, by: seen.servedOn }],
    prohibitions: [...prohibitions],
    attempts: [...attempts],
    ...(toldAt === undefined ? {} : { notifiedAt: toldAt }),
    asked: at.now,
  });
}

const label = (request: AccessRequest) => `Received ${request.seen.receivedAt.slice(0, 16).replace("T", " ")} UTC, ${request.seen.country}`;
const { choose, some, find } = choosing(accessRequestsOf, ({ seen }) => seen.request, label);
const unknown = refuse("INPUT", "NO_SUCH_REQUEST", "There is no such request on record. Choose one of the list, or report it first.");

export const reportAccessRequest = partnerStep({
  name: "ReportAccessRequest",
  label: "Report a government request",
  topic: "access-notices",
  clauses: ["DPA-8.1a", "DPA-2.2.2(1)", "PPT-9.4a"],
  askers: ["partner", "vendor"],
  asks: {
    receivedAt: askMoment("When anybody of yours first received it", {
      hint: "Any member of staff, or a sub-processor of yours: not when your lawyers read it.",
    }),
    servedOn: askChoice("Who received it", servedOnWords),
    isBinding: askYesNo("It is legally binding"),
    country: askCountry("Country of the authority"),
    toldAt: optional(askMoment("When the report reached us", { deskOnly: true })),
    words: askWords("Summary of its nature", { hint: "Who asks, on which legal basis, for what and by when." }),
    file: optional(askPaper("The request, if you may show it")),
  },
  against: ({ receivedAt: received, toldAt }) =>
    toldAt !== undefined && toldAt < received
      ? [refuse("DPA-8.1a", "TOLD_BEFORE", "The report cannot have reached us before the request was received. Correct one of the two.")]
      : [],
  facts: ({ receivedAt: received, servedOn, isBinding, country, toldAt }, _, at) => [
    { type: "AccessRequestSeen", request: at.fresh, receivedAt: received, servedOn, isBinding, country },
    { type: "AccessRequestTold", request: at.fresh, at: receivedAt(toldAt, at), ...maybeSealed(at) },
  ],
});

/** A request that the partner could not tell of when it came, or that the company learned of otherwise. */
export const noteAccessRequest = partnerStep({
  name: "NoteAccessRequest",
  label: "Note a government request that is not told yet",
  topic: "access-notices",
  clauses: ["DPA-8.1a", "DPA-8.1b"],
  askers: ["partner", "vendor"],
  asks: {
    receivedAt: askMoment("When it was first received"),
    servedOn: askChoice("Who received it", servedOnWords),
    isBinding: askYesNo("It is legally binding"),
    country: askCountry("Country of the authority"),
    forbiddenFrom: optional(askMoment("From when a law forbids to tell", { hint: "Empty: nothing forbids it." })),
    words: optional(askWords("As much as may be told")),
  },
  facts: ({ receivedAt: received, servedOn, isBinding, country, forbiddenFrom }, _, at) => [
    { type: "AccessRequestSeen", request: at.fresh, receivedAt: received, servedOn, isBinding, country },
    ...(forbiddenFrom === undefined ? [] : [{ type: "TellingForbidden" as const, request: at.fresh, from: receivedAt(forbiddenFrom, at), ...maybeSealed(at) }]),
  ],
});

export const tellOfAccessRequest = partnerStep({
  name: "TellOfAccessRequest",
  label: "Give the notice with its summary",
  topic: "access-notices",
  clauses: ["DPA-8.1a", "DPA-8.1b"],
  askers: ["partner", "vendor"],
  offered: some(({ toldAt }) => toldAt === undefined),
  asks: {
    request: askOne(
      "Which request",
      choose(({ toldAt }) => toldAt === undefined),
    ),
    receivedAt: optional(askMoment("When the notice reached us", { deskOnly: true })),
    words: askWords("Summary of its nature"),
    file: optional(askPaper("The request, if you may show it")),
  },
  against: ({ request, receivedAt: said }, history) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    return [
      ...(found.toldAt === undefined ? [] : [refuse("DPA-8.1a", "TOLD", "The notice of this request has been given.")]),
      ...(said !== undefined && said < found.seen.receivedAt
        ? [refuse("DPA-8.1a", "TOLD_BEFORE", "The report cannot have reached us before the request was received. Correct the moment.")]
        : []),
    ];
  },
  facts: ({ request, receivedAt: said }, _, at) => [{ type: "AccessRequestTold", request, at: receivedAt(said, at), ...maybeSealed(at) }],
});

export const forbidTelling = partnerStep({
  name: "ForbidTelling",
  label: "Record that telling is forbidden",
  topic: "access-notices",
  clauses: ["DPA-8.1b"],
  askers: ["partner", "vendor"],
  offered: some(({ toldAt }) => toldAt === undefined),
  asks: {
    request: askOne(
      "Which request",
      choose(({ toldAt }) => toldAt === undefined),
    ),
    from: askMoment("From when"),
    words: askWords("Which law or order forbids it"),
  },
  against: ({ request, from: said }, history, at) => {
    const found = find(request, history);
    const from = receivedAt(said, at);
    if (found === undefined) return [unknown];
    if (found.prohibitions.some(({ to }) => to === undefined))
      return [refuse("DPA-8.1b", "FORBIDDEN", "A prohibition of this request is on record and has not ended.")];
    return found.prohibitions.some(({ to }) => to !== undefined && from < to)
      ? [refuse("DPA-8.1b", "OVERLAPS", "An earlier prohibition ended after this moment. Begin the new one after it.")]
      : [];
  },
  facts: ({ request, from }, _, at) => [{ type: "TellingForbidden", request, from: receivedAt(from, at), ...maybeSealed(at) }],
});

const isForbidden = ({ prohibitions }: AccessRequest) => prohibitions.some(({ to }) => to === undefined);

export const endProhibition = partnerStep({
  name: "EndProhibition",
  label: "Record that a prohibition ended",
  topic: "access-notices",
  clauses: ["DPA-8.1b"],
  askers: ["partner", "vendor"],
  offered: some(isForbidden),
  asks: { request: askOne("Which request", choose(isForbidden)), at: askMoment("When it ended") },
  against: ({ request, at: ended }, history) => {
    const found = find(request, history);
    if (found === undefined || !isForbidden(found)) return [refuse("DPA-8.1b", "NOT_FORBIDDEN", "No prohibition of this request is open.")];
    return found.prohibitions.some(({ from, to }) => to === undefined && ended < from)
      ? [refuse("DPA-8.1b", "ENDS_BEFORE", "It cannot end before it began. Correct the moment.")]
      : [];
  },
  facts: ({ request, at: ended }) => [{ type: "ProhibitionEnded", request, at: ended }],
});

export const tryWaiver = partnerStep({
  name: "TryWaiver",
  label: "Record an attempt to have the prohibition waived",
  topic: "access-notices",
  clauses: ["DPA-8.1b"],
  askers: ["partner", "vendor"],
  offered: some(({ prohibitions }) => prohibitions.length > 0),
  asks: {
    request: askOne(
      "Which request",
      choose(({ prohibitions }) => prohibitions.length > 0),
    ),
    at: askMoment("When it was asked"),
    answer: askChoice("Answer", { pending: "None yet", granted: "Granted", refused: "Refused" }),
    words: askWords("Who was asked, and what was argued"),
  },
  against: ({ request }, history) => (find(request, history) === undefined ? [unknown] : []),
  facts: ({ request, at: tried, answer }, _, at) => [{ type: "WaiverTried", request, at: receivedAt(tried, at), answer, ...maybeSealed(at) }],
});

const undecided = ({ disclosed }: AccessRequest) => disclosed === undefined;

export const assessLawfulness = partnerStep({
  name: "AssessLawfulness",
  label: "Record the assessment of its lawfulness",
  topic: "access-notices",
  clauses: ["DPA-8.2a"],
  askers: ["partner", "vendor"],
  offered: some(undecided),
  asks: {
    request: askOne("Which request", choose(undecided)),
    hasGrounds: askYesNo("There are reasonable grounds to consider it unlawful"),
    challengeBy: optional(askDay("Last day on which the local law lets it be challenged", { mayLieAhead: true })),
    words: askWords("The assessment"),
    file: optional(askPaper("The assessment on paper")),
  },
  against: ({ request, hasGrounds, challengeBy }, history, at) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    const { grounds } = found;
    const standing = grounds !== undefined && grounds.withdrawnAt === undefined;
    return [
      ...(hasGrounds && challengeBy === undefined
        ? [refuse("DPA-8.2a", "NO_LAST_DAY", "Where there are grounds it must be challenged in the time the local law gives. Say the last day.")]
        : []),
      ...(!hasGrounds && standing
        ? [refuse("DPA-8.2a", "GROUNDS_STAND", "Grounds were found, and they stand until counsel withdraws them. Challenge the request, or ask counsel.")]
        : []),
      ...(sideOf(at) === "partner" && standing && challengeBy !== undefined && grounds.challengeBy !== undefined && challengeBy > grounds.challengeBy
        ? [refuse("DPA-8.2a", "LATER_DAY", `The last day on record is ${dayWords(grounds.challengeBy)}. Only the company records a later one.`)]
        : []),
    ];
  },
  facts: ({ request, hasGrounds, challengeBy }, _, at) => [
    { type: "LawfulnessAssessed", request, hasGrounds, ...(challengeBy === undefined ? {} : { challengeBy }), ...maybeSealed(at) },
  ],
});

const hasStandingGrounds = ({ grounds }: AccessRequest) => grounds !== undefined && grounds.withdrawnAt === undefined;

export const withdrawGrounds = partnerStep({
  name: "WithdrawGrounds",
  label: "Find that there are no grounds after all",
  topic: "access-notices",
  clauses: ["DPA-8.2a"],
  askers: ["counsel"],
  offered: some(hasStandingGrounds),
  asks: { request: askOne("Which request", choose(hasStandingGrounds)), words: askWords("Why it is lawful after all") },
  against: ({ request }, history) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    return hasStandingGrounds(found) ? [] : [refuse("DPA-8.2a", "NO_GROUNDS", "No grounds against this request stand on record.")];
  },
  facts: ({ request }, _, at) => [{ type: "LawfulnessAssessed", request, hasGrounds: false, ...maybeSealed(at) }],
});

/** Whether a request binds decides what the partner owes: counsel corrects what the partner said of it. */
export const correctAccessRequest = partnerStep({
  name: "CorrectAccessRequest",
  label: "Correct whether a government request binds",
  topic: "access-notices",
  clauses: ["DPA-8.1a", "DPA-2.2.2(1)"],
  askers: ["counsel"],
  offered: some(() => true),
  asks: {
    request: askOne(
      "Which request",
      choose(() => true),
    ),
    isBinding: askYesNo("It is legally binding"),
    words: askWords("Why"),
  },
  against: ({ request }, history) => (find(request, history) === undefined ? [unknown] : []),
  facts: ({ request, isBinding }, history) => {
    const seen = find(request, history)?.seen;
    return seen === undefined ? [] : [{ ...seen, isBinding, isCorrection: true }];
  },
});

export const challengeAccess = partnerStep({
  name: "ChallengeAccess",
  label: "Record a challenge or an appeal",
  topic: "access-notices",
  clauses: ["DPA-8.2a", "DPA-8.2b"],
  askers: ["partner", "vendor"],
  offered: some(({ assessed }) => assessed !== undefined),
  asks: {
    request: askOne(
      "Which request",
      choose(({ assessed }) => assessed !== undefined),
    ),
    step: askChoice("Which step", { challenge: "The challenge", appeal: "An appeal" }),
    on: askDay("Filed on"),
    asksSuspension: askYesNo("It asks to suspend the effect of the request meanwhile"),
    words: askWords("Court and file"),
    file: optional(askPaper("The filing")),
  },
  against: ({ request, step, on, asksSuspension }, history, at) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    return [
      ...(happenedOn(on, history, at) < dayOf(found.seen.receivedAt, zoneOf(history, at))
        ? [refuse("DPA-8.2a", "FILED_BEFORE", "It cannot have been filed before the request was received. Correct the day.")]
        : []),
      ...(asksSuspension
        ? []
        : [
            refuse(
              "DPA-8.2b",
              "NO_SUSPENSION",
              "With the challenge goes an application to suspend the request until the court has decided. File it, then record both.",
            ),
          ]),
      ...(step === "appeal" && found.rulings.length === 0
        ? [refuse("DPA-8.2a", "NO_RULING", "An appeal goes against a ruling, and none is on record. Record the ruling first.")]
        : []),
      ...(step === "challenge" && found.challenges.length > 0
        ? [refuse("DPA-8.2a", "CHALLENGED", "It has been challenged. What follows is a ruling, then an appeal.")]
        : []),
    ];
  },
  facts: ({ request, step, on, asksSuspension }, history, at) => [
    { type: "AccessChallenged", request, step, on: happenedOn(on, history, at), asksSuspension, ...maybeSealed(at) },
  ],
});

/** Filed and not ruled upon. */
const isPending = ({ challenges, rulings }: AccessRequest): boolean => challenges.length > rulings.length;

export const ruleOnChallenge = partnerStep({
  name: "RuleOnChallenge",
  label: "Record a ruling",
  topic: "access-notices",
  clauses: ["DPA-8.2a"],
  askers: ["partner", "vendor"],
  offered: some(isPending),
  asks: {
    request: askOne("Which request", choose(isPending)),
    outcome: askChoice("The ruling", { upheld: "The request falls", narrowed: "It stands in part", rejected: "It stands" }),
    on: askDay("Ruled on"),
    appealBy: optional(askDay("Last day for an appeal", { mayLieAhead: true })),
    words: askWords("Court and file"),
    file: optional(askPaper("The ruling")),
  },
  against: ({ request, on, appealBy }, history) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    if (!isPending(found)) return [refuse("DPA-8.2a", "NOTHING_PENDING", "No challenge waits for a ruling.")];
    return appealBy !== undefined && appealBy < on
      ? [refuse("DPA-8.2a", "ENDS_BEFORE", "The time for an appeal cannot end before the ruling. Correct one of the two days.")]
      : [];
  },
  facts: ({ request, outcome, on, appealBy }, _, at) => [
    { type: "ChallengeRuled", request, outcome, on, ...(appealBy === undefined ? {} : { appealBy }), ...maybeSealed(at) },
  ],
});

export const recordDisclosure = partnerStep({
  name: "RecordDisclosure",
  label: "Record what was disclosed",
  topic: "access-notices",
  clauses: ["DPA-2.2.2(1)", "DPA-8.2c", "DPA-8.2d"],
  askers: ["partner", "vendor"],
  offered: some(undecided),
  asks: {
    request: askOne("Which request", choose(undecided)),
    on: askDay("On which day"),
    asked: askNumber("Items that were asked for"),
    given: askNumber("Items that are given"),
    words: askWords("Each item that is given, and what compels it", { hint: "The minimum that a reasonable reading permits." }),
    file: optional(askPaper("The comparison of asked and given")),
  },
  against: ({ request, on, asked, given }, history, at) => {
    const found = find(request, history);
    return found === undefined
      ? [unknown]
      : [
          ...disclosureReasons(found, on, history, at),
          ...(given > asked ? [refuse("DPA-8.2d", "MORE_THAN_ASKED", "More is given than was asked for. Only the minimum goes out.")] : []),
        ];
  },
  facts: ({ request, on, asked, given }, _, at) => [{ type: "PartnerDisclosed", request, on, asked, given, ...maybeSealed(at) }],
});

/** Every reason why nothing may be disclosed yet. */
function disclosureReasons(request: AccessRequest, on: Day, history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  const { seen, toldAt, assessed, rulings, challenges, disclosed } = request;
  const ruling = rulings.at(-1);
  const clock = clockOf(request, history, at);
  const canAppeal =
    ruling !== undefined &&
    ruling.outcome !== "upheld" &&
    ruling.appealBy !== undefined &&
    on <= ruling.appealBy &&
    assessed?.hasGrounds === true &&
    !isPending(request);
  return [
    ...(disclosed === undefined ? [] : [refuse("DPA-8.2d", "DISCLOSED", "What was disclosed is on record. A new request would have a record of its own.")]),
    ...(seen.isBinding ? [] : [refuse("DPA-2.2.2(1)", "NOT_BINDING", "Nothing binds the partner to answer: it discloses nothing.")]),
    ...(toldAt === undefined && clock.state !== "suspended"
      ? [refuse("DPA-2.2.2(1)", "NOT_TOLD", "The company must be told before anything is disclosed. Give the notice first.")]
      : []),
    ...(clock.state === "suspended" ? clock.findings : []),
    ...(assessed === undefined ? [refuse("DPA-8.2a", "NOT_ASSESSED", "Its lawfulness has not been assessed. Assess it first.")] : []),
    ...(assessed?.hasGrounds === true && challenges.length === 0
      ? [refuse("DPA-8.2a", "NOT_CHALLENGED", "There are grounds to consider it unlawful: it must be challenged.")]
      : []),
    ...(isPending(request) ? [refuse("DPA-8.2c", "CHALLENGE_PENDING", "A challenge is pending. Nothing is disclosed until the court requires it.")] : []),
    ...(ruling?.outcome === "upheld" ? [refuse("DPA-8.2c", "REQUEST_FELL", "The court struck the request down: nothing is disclosed.")] : []),
    ...(canAppeal
      ? [
          refuse(
            "DPA-8.2a",
            "APPEAL_OPEN",
            `An appeal is possible through ${dayWords(ruling.appealBy ?? on)}, and the clause asks for it. File it, or let the day pass.`,
          ),
        ]
      : []),
  ];
}

export function accessDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return [
    ...accessRequestsOf(history).flatMap((request) => [
      ...noticeDuties(request, history, at),
      ...waiverDuty(request, history, at),
      ...challengeDuties(request, history, at),
    ]),
    ...directAccessDuties(history, at),
  ];
}

function noticeDuties(request: AccessRequest, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  if (!request.seen.isBinding) return [];
  const clock = clockOf(request, history, at);
  const { toldAt, seen } = request;
  return [
    {
      id: `DPA-8.1a:${seen.request}`,
      clause: "DPA-8.1a",
      label: "Tell of a government request, with a summary",
      owedBy: "partner",
      began: clock.startedAt,
      ...(clock.dueAt === undefined ? {} : { dueAt: clock.dueAt }),
      state: clock.state,
      ...(toldAt === undefined ? {} : { settledAt: toldAt }),
      derivation: clock.derivation,
      basis: "document",
      findings: toldAt === undefined ? clock.findings : [],
      report: { step: "TellOfAccessRequest", values: { request: seen.request } },
    },
  ];
}

/** While telling is forbidden, waivers are tried: the first within twenty-four hours, a house default. */
function waiverDuty({ seen, prohibitions, attempts }: AccessRequest, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "DPA-8.1b");
  return prohibitions.map(({ from, to }, turn): Duty => {
    const { due, derivation } = dueBy({ ...rule, n: rule.n }, { event: "telling forbidden", at: from }, { zone: zoneOf(history, at), holidays: [] });
    // One that is tried after the end is late: the next prohibition has attempts of its own.
    const next = prohibitions[turn + 1]?.from;
    const tried = attempts.filter((each) => each >= from && (next === undefined || each < next)).toSorted()[0];
    const isOver = to !== undefined && to <= due && (tried === undefined || tried > to);
    return {
      id: `DPA-8.1b:${seen.request}:${turn}`,
      clause: "DPA-8.1b",
      label: "Try to have the prohibition waived",
      owedBy: "partner",
      began: from,
      dueAt: due,
      state: isOver ? "excused" : stateOf({ dueAt: due, settledAt: tried, now: at.now }),
      ...(isOver ? { settledAt: to } : tried === undefined ? {} : { settledAt: tried }),
      derivation: isOver ? `${derivation}; the prohibition ended before` : derivation,
      basis: "house",
      findings: [],
      report: { step: "TryWaiver", values: { request: seen.request } },
    };
  });
}

function challengeDuties({ seen, grounds, challenges, rulings }: AccessRequest, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  const first = challenges.find(({ step }) => step === "challenge");
  if (grounds === undefined) return [];
  const ruledAt = all(history, "ChallengeRuled").filter(({ fact }) => fact.request === seen.request);
  const steps: { readonly id: string; readonly label: string; readonly by: Day; readonly began: Instant; readonly doneOn: Day | undefined }[] = [
    ...(grounds.challengeBy !== undefined
      ? [{ id: "challenge", label: "Challenge the request, and ask for its suspension", by: grounds.challengeBy, began: grounds.at, doneOn: first?.on }]
      : []),
    ...rulings.flatMap((ruling, turn) =>
      ruling.appealBy !== undefined && ruling.outcome !== "upheld"
        ? [
            {
              began: ruledAt[turn]?.at ?? grounds.at,
              id: `appeal-${turn}`,
              label: "Appeal against the ruling",
              by: ruling.appealBy,
              doneOn: challenges.filter(({ step }) => step === "appeal")[turn]?.on,
            },
          ]
        : [],
    ),
  ];
  const { withdrawnAt } = grounds;
  return steps.map(({ id, label: words, by, began, doneOn }): Duty => {
    const dueAt = endOfDay(by, zone);
    // A filing has a day and no hour: one on the last day is in time.
    const filedAt = doneOn === undefined ? undefined : startOfDay(doneOn, zone);
    const isWithdrawn = filedAt === undefined && withdrawnAt !== undefined;
    const settledAt = isWithdrawn ? withdrawnAt : filedAt;
    return {
      id: `DPA-8.2a:${seen.request}:${id}`,
      clause: "DPA-8.2a",
      label: words,
      owedBy: "partner",
      began,
      dueAt,
      state: isWithdrawn ? "excused" : stateOf({ dueAt, settledAt, now: at.now }),
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation: `the local law lets it be filed through ${dayWords(by)}, DPA-8.2a`,
      basis: "law",
      findings: [],
      report: { step: "ChallengeAccess", values: { request: seen.request } },
    };
  });
}

const hoursToTellOfAccess = 24;

export const reportDirectAccess = partnerStep({
  name: "ReportDirectAccess",
  label: "Report direct access by a public body",
  topic: "access-notices",
  clauses: ["IGRP-2", "DPA-8.1a"],
  askers: ["partner", "vendor"],
  asks: {
    knownAt: askMoment("When it became known"),
    words: askWords("Which body reached which data, as far as it is known"),
    file: optional(askPaper("Evidence")),
  },
  facts: ({ knownAt }, _, at) => [{ type: "DirectAccessFound", access: at.fresh, knownAt, ...maybeSealed(at) }],
});

const untold = (history: PartnerHistory): readonly AskedChoice[] => {
  const told = new Set(all(history, "DirectAccessTold").map(({ fact }) => fact.access));
  return all(history, "DirectAccessFound").flatMap(({ fact }) =>
    told.has(fact.access) ? [] : [{ value: fact.access, label: `Known ${fact.knownAt.slice(0, 16).replace("T", " ")} UTC` }],
  );
};

export const tellOfDirectAccess = partnerStep({
  name: "TellOfDirectAccess",
  label: "Record that the customers were told of direct access",
  topic: "access-notices",
  clauses: ["IGRP-2"],
  askers: ["vendor"],
  offered: (history) => untold(history).length > 0,
  asks: { access: askOne("Which access", untold), at: askMoment("When they were told"), words: askWords("Who was told, and what") },
  against: ({ access }, history) =>
    untold(history).some(({ value }) => value === access) ? [] : [refuse("IGRP-2", "TOLD", "There is no such access, or its customers were told.")],
  facts: ({ access, at: told }, _, at) => [{ type: "DirectAccessTold", access, at: told, ...maybeSealed(at) }],
});

function directAccessDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return all(history, "DirectAccessFound").flatMap(({ fact, at: recorded, by }): readonly Duty[] => {
    const isReported = sideOf({ by }) === "partner";
    const rule = { n: hoursToTellOfAccess, unit: "hours", clause: "IGRP-2" } as const;
    const report = dueBy(rule, { event: "direct access known", at: fact.knownAt }, { zone: zoneOf(history, at), holidays: [] });
    // The company learns of it with the partner's report.
    const began = isReported ? recorded : fact.knownAt;
    const { due, derivation } = dueBy(
      rule,
      { event: isReported ? "direct access reported" : "direct access known", at: began },
      { zone: at.zone, holidays: [] },
    );
    const settledAt = all(history, "DirectAccessTold").find((each) => each.fact.access === fact.access)?.fact.at;
    const own: Duty = {
      id: `IGRP-2:report:${fact.access}`,
      clause: "IGRP-2",
      label: "Report direct access by a public body",
      owedBy: "partner",
      began: fact.knownAt,
      dueAt: report.due,
      state: stateOf({ dueAt: report.due, settledAt: recorded, now: at.now }),
      settledAt: recorded,
      derivation: `${report.derivation} (house default)`,
      basis: "house",
      findings: [],
    };
    const telling: Duty = {
      id: `IGRP-2:${fact.access}`,
      clause: "IGRP-2",
      label: "Tell the customers whose data was reached directly",
      owedBy: "vendor",
      began,
      dueAt: due,
      state: stateOf({ dueAt: due, settledAt, now: at.now }),
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation: `${derivation} (house default)`,
      basis: "house",
      findings: [],
      report: { step: "TellOfDirectAccess", values: { access: fact.access } },
    };
    return isReported ? [own, telling] : [telling];
  });
}
