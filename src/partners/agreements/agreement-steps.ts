// What was signed, by which law it lives, how it is renewed, breached, cured and ended, and which notices count (PPT-1 to PPT-20).
import { addDays, dayOf, startOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import {
  askChoice,
  askChoices,
  askCode,
  askCountry,
  askCurrency,
  askDay,
  askKey,
  askMail,
  askMoment,
  askName,
  askNumber,
  askOne,
  askPaper,
  askSum,
  askWords,
  askYesNo,
  askZone,
  optional,
  type AskedChoice,
  type Known,
} from "../asks.ts";
import { exactly } from "../../kernel/money.ts";
import {
  all,
  happenedOn,
  last,
  maybeSealed,
  partnerStep,
  receivedAt,
  sealed,
  sideOf,
  zoneOf,
  zoneOfObligor,
  type PartnerCircumstances,
  type PartnerHistory,
} from "../partner.ts";
import { breachesOf } from "../breaches/breach-steps.ts";
import { documentsOn, nextRenewal, standingOf, termOn, termsOf, wholeDocument } from "../standing.ts";
import { contractingEntities, documentKinds, endGrounds, noticeCopies, noticeWays } from "./events.ts";
import { cureOf, lastDayToCancel } from "./cure.ts";

const side = { vendor: "The company", partner: "The partner" } as const;
const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });

export const registerPartner = partnerStep({
  name: "RegisterPartner",
  label: "Register a partner",
  topic: "agreements",
  clauses: ["PPT-1.2"],
  askers: ["vendor"],
  offered: (history) => history.length === 0,
  asks: {
    country: askCountry("Country in which it is established"),
    zone: askZone("Time zone"),
    name: askName("Name of the company"),
    notices: askMail("Mailbox for notices"),
    security: optional(askMail("Mailbox for security matters")),
    privacy: optional(askMail("Mailbox for privacy matters")),
  },
  facts: ({ country, zone }, _, at) => [{ type: "PartnerRegistered", country, zone, details: sealed(at) }],
});

export const changePartnerDetails = partnerStep({
  name: "ChangePartnerDetails",
  label: "Change name and mailboxes",
  topic: "agreements",
  clauses: ["PPT-16a"],
  askers: ["vendor"],
  asks: {
    name: askName("Name of the company"),
    notices: askMail("Mailbox for notices"),
    security: optional(askMail("Mailbox for security matters")),
    privacy: optional(askMail("Mailbox for privacy matters")),
  },
  facts: (_, __, at) => [{ type: "PartnerDetailsChanged", details: sealed(at) }],
});

export const signAgreement = partnerStep({
  name: "SignAgreement",
  label: "Record the signed agreement",
  topic: "agreements",
  clauses: ["PPT-1.2", "PPT-2.2api", "PPT-18", "PPT-14"],
  askers: ["vendor"],
  offered: (history) => termsOf(history).every(({ ended }) => ended !== undefined),
  asks: {
    entity: askChoice("Contracting company", contractingEntities),
    signedOn: askDay("Signed on"),
    startsOn: askDay("In force from", { mayLieAhead: true }),
    renewsOn: askDay("First day of the first renewal", { mayLieAhead: true }),
    termMonths: askNumber("Length of a renewal term in months", 1, 120),
    aiProduct: askYesNo("It offers an AI Product in the marketplace"),
    usStaff: askYesNo("It has people in the United States who work on this"),
    apiPolicy: askCode("Version of the API policy that was accepted"),
    file: optional(askPaper("The signed agreement")),
  },
  against: ({ signedOn, startsOn, renewsOn }, history) => {
    const other = termsOf(history).find(({ ended }) => ended === undefined || startsOn <= ended.on);
    return [
      ...(startsOn < signedOn
        ? [
            refuse(
              "PPT-1.2",
              "BEFORE_SIGNATURE",
              `It cannot be in force from ${dayWords(startsOn)}, before it was signed on ${dayWords(signedOn)}. Correct one of the two days.`,
            ),
          ]
        : []),
      ...(renewsOn <= startsOn ? [refuse("PPT-5b", "RENEWS_BEFORE_START", "The first renewal lies after the start. Correct one of the two days.")] : []),
      ...(other === undefined
        ? []
        : [
            refuse(
              "PPT-1.2",
              "TERMS_OVERLAP",
              `An agreement is on record from ${dayWords(other.signed.startsOn)}${other.ended === undefined ? " and has no end" : ` through ${dayWords(other.ended.on)}`}. Two terms may not overlap: end the first, or let the new one start after it.`,
            ),
          ]),
    ];
  },
  facts: ({ entity, signedOn, startsOn, renewsOn, termMonths, aiProduct, usStaff, apiPolicy }, history, at) => [
    { type: "AgreementSigned", entity, signedOn, startsOn, renewsOn, termMonths, aiProduct, usStaff, apiPolicy, ...maybeSealed(at) },
    // From its first day the partner owes the name of a data protection officer, or of whoever is responsible.
    {
      type: "OccasionArose",
      occasion: at.fresh,
      clause: "DPA-2.2.1(viii)",
      at: startOfDay(startsOn, zoneOf(history, at)),
      recordedBy: "vendor",
    },
  ],
});

export const changeAgreementFacts = partnerStep({
  name: "ChangeAgreementFacts",
  label: "Record that the partner's product or staff changed",
  topic: "agreements",
  clauses: ["PPT-14", "CMP-1a"],
  askers: ["vendor"],
  offered: (history, at) => standingOf(history, at).runs,
  asks: {
    from: askDay("Since which day"),
    aiProduct: askYesNo("It offers an AI Product in the marketplace"),
    usStaff: askYesNo("It has people in the United States who work on this"),
  },
  against: ({ from }, history) =>
    termOn(from, history) === undefined ? [refuse("PPT-1.2", "NOT_RUNNING", "No agreement ran on that day. Choose a day of its term.")] : [],
  facts: ({ from, aiProduct, usStaff }, history) => {
    const signed = termOn(from, history)?.signed;
    return signed === undefined ? [] : [{ ...signed, aiProduct, usStaff, changedFrom: from }];
  },
});

/** Which law governs, and where it is argued, follows from the company on the contract (PPT-18). */
export function governingLaw(entity: keyof typeof contractingEntities): { readonly law: string; readonly courts?: string; readonly derivation: string } {
  return entity === "us-inc"
    ? { law: "Delaware", derivation: "contracting company: the US corporation, so the law of Delaware; the document names no court, PPT-18" }
    : {
        law: "England and Wales",
        courts: "England and Wales",
        derivation: "contracting company: the UK limited company, so the law and the exclusive courts of England and Wales, PPT-18",
      };
}

const documents = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  documentsOn(history, standingOf(history, at).today).map(({ document, kind, number }) => ({ value: document, label: `${documentKinds[kind]} ${number}` }));

export const signDocument = partnerStep({
  name: "SignDocument",
  label: "Record an order form, supplement, addendum or amendment",
  topic: "agreements",
  clauses: ["PPT-1.1", "PPT-5d", "PPT-2.2(f)", "PPT-14"],
  askers: ["vendor"],
  offered: (history, at) => standingOf(history, at).signed !== undefined,
  asks: {
    kind: askChoice("What it is", documentKinds),
    number: askKey("Its number"),
    signedOn: askDay("Signed on"),
    from: askDay("In force from", { mayLieAhead: true }),
    until: optional(askDay("Its last day", { mayLieAhead: true, hint: "Empty: as long as the agreement." })),
    amends: optional(askOne("The document it changes", documents)),
    sharePercent: optional(askNumber("Share of net revenues in per cent", 0, 100)),
    objectionDays: optional(askNumber("Days to object to a sub-processor", 0, 365)),
    quantity: optional(askNumber("Quantity ordered")),
    usageLimit: optional(askNumber("Limit of use a month")),
    file: optional(askPaper("The signed document")),
  },
  against: ({ kind, number, signedOn, from, until, amends, quantity, sharePercent }, history, at) => {
    const { signed } = standingOf(history, at);
    const open = termsOf(history).some((term) => term.ended === undefined || from <= term.ended.on);
    const others = documentsOn(history, from).filter((each) => each.kind === kind && each.number === number && each.document !== amends);
    const changed = amends === undefined ? undefined : all(history, "DocumentSigned").find(({ fact }) => fact.document === amends)?.fact;
    const amended = changed === undefined ? undefined : wholeDocument(changed, history);
    const otherShare = sharePercent === undefined || kind === "addendum" ? undefined : shareBeside({ from, until, amends, sharePercent }, history);
    return [
      ...(signed === undefined ? [refuse("PPT-1.2", "NOT_SIGNED", "No agreement is on record. Record it first.")] : []),
      ...(signed === undefined || open ? [] : [refuse("PPT-4b", "ENDED", "The agreement has ended, and its documents with it. A new agreement comes first.")]),
      ...(from < signedOn
        ? [
            refuse(
              "PPT-1.1",
              "BEFORE_SIGNATURE",
              `It cannot be in force from ${dayWords(from)}, before it was signed on ${dayWords(signedOn)}. Correct one of the two days.`,
            ),
          ]
        : []),
      ...(until !== undefined && until < from ? [refuse("PPT-1.1", "ENDS_BEFORE", "Its last day lies before its first. Correct one of the two.")] : []),
      ...(others.length > 0
        ? [
            refuse(
              "PPT-1.1",
              "TERMS_OVERLAP",
              `${documentKinds[kind]} ${number} is in force on that day already. Two terms may not overlap: say that the new one changes it, or begin it later.`,
            ),
          ]
        : []),
      ...(otherShare === undefined
        ? []
        : [
            refuse(
              "PPT-1.1",
              "SHARE_CONFLICT",
              `${documentKinds[otherShare.kind]} ${otherShare.number} gives a share of ${otherShare.sharePercent} % in the same time. Two shares cannot hold at once: say that the new document changes that one, or give them other days.`,
            ),
          ]),
      ...(amends !== undefined && amended === undefined
        ? [refuse("PPT-1.1", "NO_SUCH_DOCUMENT", "The document that it changes is not on record. Record that one first.")]
        : []),
      ...(amended?.quantity !== undefined && quantity !== undefined && quantity < amended.quantity && (amended.until === undefined || from <= amended.until)
        ? [refuse("PPT-5d", "QUANTITY_DOWN", `The quantity cannot go down from ${amended.quantity} to ${quantity} during the term. It can with the next one.`)]
        : []),
    ];
  },
  facts: ({ kind, number, signedOn, from, until, amends, sharePercent, objectionDays, quantity, usageLimit }, _, at) => [
    {
      type: "DocumentSigned",
      document: at.fresh,
      kind,
      number,
      signedOn,
      from,
      ...(until === undefined ? {} : { until }),
      ...(amends === undefined ? {} : { amends }),
      ...(sharePercent === undefined ? {} : { sharePercent }),
      ...(objectionDays === undefined ? {} : { objectionDays }),
      ...(quantity === undefined ? {} : { quantity }),
      ...(usageLimit === undefined ? {} : { usageLimit }),
      ...maybeSealed(at),
    },
  ],
});

/** Another document in force in the same time that gives another share. */
function shareBeside(
  given: { readonly from: Day; readonly until: Day | undefined; readonly amends: string | undefined; readonly sharePercent: number },
  history: PartnerHistory,
) {
  const { from, until, amends } = given;
  const days = [
    from,
    ...all(history, "DocumentSigned").flatMap(({ fact }) => (fact.from > from && (until === undefined || fact.from <= until) ? [fact.from] : [])),
  ];
  return days
    .flatMap((on) => documentsOn(history, on))
    .find(
      (each) =>
        each.document !== amends &&
        (amends === undefined || each.amends !== amends) &&
        each.root !== "addendum" &&
        each.sharePercent !== undefined &&
        each.sharePercent !== given.sharePercent,
    );
}

const defects = (_: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  at.contract.defects.map(({ id, says }) => ({ value: id, label: `${id}: ${says}` }));
const readings = (_: PartnerHistory, at: PartnerCircumstances, { defect: known }: Known): readonly AskedChoice[] =>
  at.contract.defects
    .filter(({ id }) => known === undefined || id === known)
    .flatMap((defect) => defect.readings.map(({ id, words }) => ({ value: id, label: `${defect.id}: ${words}` })));

export const electReading = partnerStep({
  name: "ElectReading",
  label: "Elect a reading for this contract",
  topic: "agreements",
  clauses: ["PPT-1.1", "PPT-14"],
  askers: ["counsel"],
  asks: {
    defect: askOne("Which conflict", defects, { leads: true }),
    reading: askOne("Which reading holds", readings),
    words: askWords("Who decided it, and why"),
  },
  against: ({ defect, reading }, _, at) => {
    const found = at.contract.defects.find(({ id }) => id === defect);
    if (found === undefined) return [refuse("INPUT", "NO_SUCH_CONFLICT", "There is no such conflict in the register. Choose one of the list.")];
    return found.readings.some(({ id }) => id === reading)
      ? []
      : [refuse("INPUT", "NO_SUCH_READING", `${defect} has these readings: ${found.readings.map(({ id }) => id).join(", ")}.`)];
  },
  facts: ({ defect, reading }, _, at) => [{ type: "ReadingElected", defect, reading, ...maybeSealed(at) }],
});

/** The reading in force for this contract: its own election, then the company's, then the stricter one of the pack. */
export function readingOf(defect: string, history: PartnerHistory, at: PartnerCircumstances): { readonly reading: string; readonly elected: boolean } {
  const own = all(history, "ReadingElected").findLast(({ fact }) => fact.defect === defect)?.fact.reading;
  const elected = own ?? at.elections.get(defect);
  return { reading: elected ?? at.contract.defects.find(({ id }) => id === defect)?.inForce ?? "literal", elected: elected !== undefined };
}

const month = /^\d{4}-(0[1-9]|1[0-2])$/;

export const reportUsage = partnerStep({
  name: "ReportUsage",
  label: "Report use of the Services",
  topic: "agreements",
  clauses: ["PPT-2.2(f)"],
  askers: ["partner", "vendor"],
  offered: (history, at) => standingOf(history, at).runs,
  asks: { month: askCode("Month", { hint: "2026-03" }), used: askNumber("Use in that month") },
  against: ({ month: of }, history, at) => {
    if (!month.test(of)) return [refuse("PPT-2.2(f)", "NO_MONTH", "A month is written 2026-03.")];
    return of > standingOf(history, at).today.slice(0, 7) ? [refuse("PPT-2.2(f)", "MONTH_AHEAD", "That month has not begun. Report its use when it has.")] : [];
  },
  facts: ({ month: of, used }) => [{ type: "UsageReported", month: of, used }],
});

export interface OverLimit {
  readonly month: string;
  readonly used: number;
  readonly limit: number;
  /** When the company gave notice of it as a breach. */
  readonly noticedAt?: Instant;
}

/** Months in which more was used than the documents in force allow, by the newest report of each. */
export function overLimit(history: PartnerHistory): readonly OverLimit[] {
  const reports = new Map(all(history, "UsageReported").map(({ fact, version }) => [fact.month, { used: fact.used, version }]));
  return [...reports].flatMap(([of, { used }]) => {
    const limits = documentsOn(history, `${of}-01` as Day).flatMap(({ usageLimit }) => (usageLimit === undefined ? [] : [usageLimit]));
    const limit = limits.length === 0 ? undefined : limits.reduce((sum, each) => sum + each, 0);
    if (limit === undefined || used <= limit) return [];
    const reportedAt = all(history, "UsageReported").find(({ fact }) => fact.month === of && fact.used > limit)?.at;
    const noticedAt = all(history, "BreachNoticed").find(
      ({ fact, at }) => fact.clause === "PPT-2.2(f)" && fact.from === "vendor" && reportedAt !== undefined && at >= reportedAt,
    )?.at;
    return [{ month: of, used, limit, ...(noticedAt === undefined ? {} : { noticedAt }) }];
  });
}

export const issueInvoice = partnerStep({
  name: "IssueInvoice",
  label: "Record an invoice",
  topic: "agreements",
  clauses: ["PPT-5a", "PPT-5c"],
  askers: ["vendor"],
  offered: (history, at) => standingOf(history, at).signed !== undefined,
  asks: {
    number: askKey("Number"),
    kind: askChoice("For what", { upgrade: "An upgrade", renewal: "A renewal" }),
    datedOn: askDay("Date on the invoice"),
    currency: askCurrency(),
    net: askSum("Fee"),
    taxes: askSum("Taxes on top", { hint: "Sales, use, VAT or excise tax; not income tax." }),
  },
  against: ({ number, net }, history) => [
    ...(all(history, "InvoiceIssued").some(({ fact }) => fact.number === number) ? [refuse("PPT-5a", "KNOWN", "An invoice of this number is on record.")] : []),
    ...(exactly(net).isZero() ? [refuse("PPT-5a", "NOTHING", "The base program is free: an invoice is for a fee above zero.")] : []),
  ],
  facts: ({ number, kind, datedOn, currency, net, taxes }, _, at) => [
    { type: "InvoiceIssued", invoice: at.fresh, number, kind, datedOn, currency, net, taxes },
  ],
});

const unpaid = (history: PartnerHistory): readonly AskedChoice[] => {
  const paid = new Set(all(history, "InvoicePaid").map(({ fact }) => fact.invoice));
  return all(history, "InvoiceIssued").flatMap(({ fact }) =>
    paid.has(fact.invoice)
      ? []
      : [{ value: fact.invoice, label: `${fact.number}: ${fact.currency} ${exactly(fact.net).plus(exactly(fact.taxes)).toFixed()} with taxes` }],
  );
};

export const payInvoice = partnerStep({
  name: "PayInvoice",
  label: "Record the payment of an invoice",
  topic: "agreements",
  clauses: ["PPT-5a"],
  askers: ["vendor"],
  offered: (history) => unpaid(history).length > 0,
  asks: { invoice: askOne("Which invoice", unpaid), on: askDay("Paid on") },
  against: ({ invoice }, history) =>
    unpaid(history).some(({ value }) => value === invoice)
      ? []
      : [refuse("PPT-5a", "NOT_OPEN", "There is no such invoice, or it is paid. Choose one of the list.")],
  facts: ({ invoice, on }) => [{ type: "InvoicePaid", invoice, on }],
});

export const cancelRenewal = partnerStep({
  name: "CancelRenewal",
  label: "Cancel the renewal",
  topic: "agreements",
  clauses: ["PPT-5b"],
  askers: ["partner", "vendor"],
  offered: (history, at) => standingOf(history, at).runs,
  asks: { receivedAt: optional(askMoment("When the written notice reached us", { deskOnly: true })), words: optional(askWords("In words")) },
  against: ({ receivedAt: said }, history, at) => {
    const { signed, ended, runs } = standingOf(history, at);
    if (signed === undefined || !runs) return [refuse("PPT-5b", "NOT_RUNNING", "No agreement runs that could be renewed.")];
    const on = dayOf(receivedAt(said, at), zoneOf(history, at));
    const renewsOn = nextRenewal(signed, on);
    const { lastDay, derivation } = lastDayToCancel(renewsOn);
    if (on < signed.startsOn) return [refuse("PPT-5b", "BEFORE_START", "The notice cannot have come before the agreement began. Correct the moment.")];
    if (ended !== undefined) return [refuse("PPT-5b", "ENDS", `The agreement ends on ${dayWords(ended.on)} and does not renew.`)];
    return on <= lastDay
      ? []
      : [
          refuse(
            "PPT-5b",
            "TOO_LATE",
            `The notice for the renewal of ${dayWords(renewsOn)} had to be received by ${dayWords(lastDay)} (${derivation}). It renews; the next term can be cancelled.`,
          ),
        ];
  },
  facts: ({ receivedAt: said }, history, at) => {
    const { signed } = standingOf(history, at);
    const received = receivedAt(said, at);
    return signed === undefined
      ? []
      : [{ type: "RenewalCancelled", receivedAt: received, renewsOn: nextRenewal(signed, dayOf(received, zoneOf(history, at))) }];
  },
});

export const recordIncident = partnerStep({
  name: "RecordIncident",
  label: "Record an incident",
  topic: "agreements",
  clauses: ["PPT-2.2z", "PPT-2.2(a)", "PPT-3", "PPT-7c", "PPT-17b"],
  askers: ["vendor"],
  asks: {
    clause: askOne("Against which clause", (_, at) => at.contract.clauses.map(({ id, rule }) => ({ value: id, label: `${id}: ${rule}` }))),
    on: askDay("Day"),
    words: askWords("What happened"),
    file: optional(askPaper("Evidence")),
  },
  against: ({ clause }, _, at) =>
    at.contract.clauses.some(({ id }) => id === clause) ? [] : [refuse("INPUT", "NO_SUCH_CLAUSE", "The contract has no such clause. Choose one of the list.")],
  facts: ({ clause, on }, _, at) => [{ type: "IncidentRecorded", incident: at.fresh, clause, on, ...maybeSealed(at) }],
});

export const noticeBreach = partnerStep({
  name: "NoticeBreach",
  label: "Give notice of a material breach",
  topic: "agreements",
  clauses: ["PPT-4a", "PPT-2.2z"],
  askers: ["counsel", "partner"],
  offered: (history, at) => standingOf(history, at).runs,
  asks: {
    clause: askOne("Which clause is broken", (_, at) => at.contract.clauses.map(({ id, rule }) => ({ value: id, label: `${id}: ${rule}` }))),
    receivedOn: askDay("The other side received it on", { hint: "The day of receipt, not the day it was sent." }),
    words: askWords("What the breach is"),
    file: optional(askPaper("The notice")),
  },
  against: ({ clause, receivedOn }, history, at) => [
    ...(at.contract.clauses.some(({ id }) => id === clause)
      ? []
      : [refuse("INPUT", "NO_SUCH_CLAUSE", "The contract has no such clause. Choose one of the list.")]),
    ...(termOn(happenedOn(receivedOn, history, at), history) === undefined
      ? [refuse("PPT-4a", "NOT_RUNNING", "No agreement ran on that day. Correct the day.")]
      : []),
  ],
  // A partner's notice is received when the program takes it.
  facts: ({ clause, receivedOn }, history, at) => [
    { type: "BreachNoticed", notice: at.fresh, clause, from: sideOf(at), receivedOn: happenedOn(receivedOn, history, at), ...maybeSealed(at) },
  ],
});

export interface Cure {
  readonly notice: string;
  readonly clause: string;
  readonly from: "vendor" | "partner";
  readonly receivedOn: Day;
  readonly lastDay: Day;
  readonly state: "open" | "cured" | "right-has-arisen";
  readonly rightArisesAt: ReturnType<typeof cureOf>["rightArisesAt"];
  readonly derivation: string;
  readonly curedAt?: ReturnType<typeof cureOf>["rightArisesAt"];
}

const otherSide = { vendor: "partner", partner: "vendor" } as const;

export function curesOf(history: PartnerHistory, at: PartnerCircumstances): readonly Cure[] {
  return all(history, "BreachNoticed").map(({ fact: { notice, clause, from, receivedOn } }) => {
    const curedAt = all(history, "CureShown").find(({ fact }) => fact.notice === notice)?.fact.at;
    const zone = zoneOfObligor(otherSide[from], history, at);
    const cure = cureOf({ zone, receivedOn, ...(curedAt === undefined ? {} : { curedAt }), asked: at.now });
    return { notice, clause, from, receivedOn, ...cure, ...(curedAt === undefined ? {} : { curedAt }) };
  });
}

const openCures = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  curesOf(history, at)
    .filter(({ curedAt }) => curedAt === undefined)
    .map(({ notice, clause, lastDay }) => ({ value: notice, label: `${clause}: cure by ${dayWords(lastDay)}` }));

export const showCure = partnerStep({
  name: "ShowCure",
  label: "Show that a breach is cured",
  topic: "agreements",
  clauses: ["PPT-4a"],
  askers: ["partner", "vendor"],
  offered: (history, at) => openCures(history, at).length > 0,
  asks: {
    notice: askOne("Which breach", openCures),
    receivedAt: optional(askMoment("When it was shown to us", { deskOnly: true })),
    words: askWords("How it was cured"),
    file: optional(askPaper("Proof")),
  },
  against: ({ notice, receivedAt: said }, history, at) => {
    const cure = curesOf(history, at).find((each) => each.notice === notice);
    if (cure === undefined) return [refuse("INPUT", "NO_SUCH_NOTICE", "There is no such notice of a breach. Choose one of the list.")];
    if (cure.curedAt !== undefined) return [refuse("PPT-4a", "CURED", "A cure has been shown for this breach.")];
    return [
      ...(cure.from === "partner" && sideOf(at) === "partner" ? [refuse("PPT-4a", "NOT_YOURS_TO_CURE", "The other side broke it and cures it.")] : []),
      ...(said !== undefined && dayOf(said, zoneOf(history, at)) < cure.receivedOn
        ? [refuse("PPT-4a", "BEFORE_NOTICE", "A cure cannot have been shown before the notice was received. Correct the moment.")]
        : []),
    ];
  },
  // Whoever broke it shows the cure now; what the partner sent by post counts from when it reached the company.
  facts: ({ notice, receivedAt: said }, history, at) => {
    const isOwn = curesOf(history, at).find((each) => each.notice === notice)?.from === "partner";
    return [{ type: "CureShown", notice, at: isOwn ? at.now : receivedAt(said, at), ...maybeSealed(at) }];
  },
});

/** What an end rests on: each ground has its own proof on record. */
const proofs = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] => [
  ...curesOf(history, at).flatMap(({ notice, clause, state }) =>
    state === "right-has-arisen" ? [{ value: notice, label: `Uncured breach of ${clause}` }] : [],
  ),
  ...breachesOf(history).map(({ fact }) => ({ value: fact.breach, label: `Security breach suspected ${fact.suspectedAt.slice(0, 10)}` })),
  ...all(history, "PaperRejected").flatMap(({ fact }) => (fact.isFalse ? [{ value: fact.filing, label: "A paper that was false" }] : [])),
];

export const endAgreement = partnerStep({
  name: "EndAgreement",
  label: "End the agreement",
  topic: "agreements",
  clauses: ["PPT-4a", "PPT-4b", "PPT-4c", "PPT-13b", "SEC-2.3", "CMP-1c", "AI-5e"],
  askers: ["counsel", "partner"],
  offered: (history, at) => standingOf(history, at).runs,
  asks: {
    ground: askChoice("On which ground", endGrounds),
    because: optional(askOne("The record it rests on", proofs)),
    on: askDay("Its last day", { mayLieAhead: true }),
    words: optional(askWords("In words")),
    file: optional(askPaper("The notice")),
  },
  against: (end, history, at) => endReasons(end, history, at),
  facts: ({ ground, because, on }, history, at) => [
    {
      type: "AgreementEnded",
      ground,
      on,
      ...(because === undefined ? {} : { because }),
      ends: documentsOn(history, on).map(({ document }) => document),
      ...maybeSealed(at),
    },
  ],
});

function endReasons(
  { ground, because, on }: { readonly ground: keyof typeof endGrounds; readonly because?: string | undefined; readonly on: Day },
  history: PartnerHistory,
  at: PartnerCircumstances,
): readonly Reason[] {
  const { signed, ended, runs, today } = standingOf(history, at);
  if (signed === undefined || !runs) return [refuse("PPT-4a", "NOT_RUNNING", "No agreement runs that could be ended.")];
  if (on < signed.startsOn) return [refuse("PPT-4a", "BEFORE_START", "Its last day lies before its start. Correct the day.")];
  if (all(history, "AgreementEnded").some(({ fact }) => fact.on === ended?.on))
    return [refuse("PPT-4a", "ENDS", `An end is on record: its last day is ${dayWords(ended?.on ?? on)}. One end is enough.`)];
  if (ended !== undefined && on > ended.on)
    return [refuse("PPT-5b", "ENDS", `Its renewal was cancelled, so that it ends on ${dayWords(ended.on)}. Another end comes before that day.`)];
  return [
    ...groundReasons({ ground, because, on }, history, at),
    ...(ground !== "agreed" && on < today
      ? [refuse("PPT-4a", "IN_THE_PAST", "One side alone ends an agreement today or later, never in the past. Choose such a day.")]
      : []),
  ];
}

function groundReasons(
  { ground, because, on }: { readonly ground: keyof typeof endGrounds; readonly because?: string | undefined; readonly on: Day },
  history: PartnerHistory,
  at: PartnerCircumstances,
): readonly Reason[] {
  const isPartner = sideOf(at) === "partner";
  const only = (clause: string) => (isPartner ? [refuse(clause, "NOT_YOURS_TO_TAKE", "This right is the company's.")] : []);
  switch (ground) {
    case "uncured-breach": {
      const cure = curesOf(history, at).find(({ notice }) => notice === because);
      if (cure === undefined)
        return [
          refuse(
            "PPT-4a",
            "NO_NOTICE",
            "An end for a breach rests on a written notice of it. Give the notice first; thirty days from its receipt the right arises.",
          ),
        ];
      if (cure.state !== "right-has-arisen")
        return [
          refuse(
            "PPT-4a",
            cure.state === "cured" ? "CURED" : "CURE_OPEN",
            cure.state === "cured"
              ? "The breach was cured in time: the right did not arise."
              : `The breach can be cured through ${dayWords(cure.lastDay)} (${cure.derivation}). From the day after, the right has arisen.`,
          ),
        ];
      return [
        ...(cure.from === sideOf(at) ? [] : [refuse("PPT-4a", "OWN_BREACH", "Only the side that gave the notice may end the agreement for it.")]),
        ...(on <= cure.lastDay
          ? [refuse("PPT-4a", "BEFORE_THE_RIGHT", `The right arose on ${dayWords(addDays(cure.lastDay, 1))}. End the agreement on that day or later.`)]
          : []),
      ];
    }
    case "security-breach": {
      const breach = breachesOf(history).find(({ fact }) => fact.breach === because)?.fact;
      if (breach === undefined) return [...only("SEC-2.3"), refuse("SEC-2.3", "NO_BREACH", "No such security breach is on record. Record it first.")];
      return [
        ...only("SEC-2.3"),
        ...(breach.touchesPersonalData
          ? []
          : [
              refuse(
                "SEC-2.3",
                "NO_PERSONAL_DATA",
                "The right needs a breach that touches personal data. Other breaches are cured or not within thirty days (PPT-4a).",
              ),
            ]),
        ...(breach.causedByPartner ? [] : [refuse("SEC-2.3", "NOT_CAUSED", "The right needs a breach from the partner's own act or omission.")]),
      ];
    }
    case "false-certification":
      return [
        ...only("CMP-1c"),
        ...(all(history, "PaperRejected").some(({ fact }) => fact.isFalse && fact.filing === because)
          ? []
          : [refuse("CMP-1c", "NO_FALSE_PAPER", "No certification on record was found false. Reject it as false first.")]),
      ];
    case "not-renewed": {
      const { today } = standingOf(history, at);
      const cancelled = all(history, "RenewalCancelled").find(({ fact }) => fact.renewsOn > today)?.fact;
      if (cancelled === undefined) return [refuse("PPT-5b", "NOT_CANCELLED", "Nobody cancelled the renewal in time. The agreement goes on for another term.")];
      return on === addDays(cancelled.renewsOn, -1)
        ? []
        : [refuse("PPT-5b", "OTHER_DAY", `Not renewed, it ends on ${dayWords(addDays(cancelled.renewsOn, -1))}, the day before the renewal. Enter that day.`)];
    }
    case "ip-claim":
      return [
        ...only("PPT-13b"),
        ...(all(history, "EntryKept").some(({ fact }) => fact.clause === "PPT-13b")
          ? []
          : [refuse("PPT-13b", "NO_DECISION", "The choice to change, license or end stands in the register of PPT-13b first.")]),
      ];
    case "agreed":
      return isPartner ? [refuse("PPT-4a", "NOT_YOURS_TO_TAKE", "The company's counsel records what both sides agreed. Ask them.")] : [];
    default:
      return ground satisfies never;
  }
}

/** Sections that live on when the agreement has ended, by the numbers that are meant (X-10). */
const survivingSections = [
  "PPT-4",
  "PPT-5",
  "PPT-6",
  "PPT-7",
  "PPT-9",
  "PPT-10",
  "PPT-11",
  "PPT-12",
  "PPT-13",
  "PPT-14",
  "PPT-15",
  "PPT-16",
  "PPT-17",
  "PPT-18",
  "PPT-19",
] as const;

export function survives(clause: string): boolean {
  if (clause.startsWith("AI-5")) return true;
  const section = /^PPT-\d+/.exec(clause)?.[0];
  return section !== undefined && (survivingSections as readonly string[]).includes(section);
}

export const takeNotice = partnerStep({
  name: "TakeNotice",
  label: "Record a notice",
  topic: "agreements",
  clauses: ["PPT-16a", "PPT-16b"],
  askers: ["partner", "vendor"],
  asks: {
    from: askChoice("From whom", side),
    way: askChoice("How it came", noticeWays),
    language: askChoice("Its language", { en: "English", other: "Another language" }),
    receivedAt: askMoment("When it was received"),
    copies: optional(askChoices("Copies that went with it", noticeCopies)),
    words: askWords("What it says"),
    file: optional(askPaper("The notice and its proof of delivery")),
  },
  against: ({ from, way, language, copies = [] }, _, at) => [
    ...(from === "vendor" && sideOf(at) === "partner"
      ? [refuse("PPT-16a", "OTHER_SIDE", "A partner records its own notices. The company records what it sent.")]
      : []),
    ...(language === "en"
      ? []
      : [
          refuse(
            "PPT-16a",
            "NOT_ENGLISH",
            "A notice counts in English. It stays on file with its sender; send it again in English, and its receipt counts from then.",
          ),
        ]),
    ...(from === "partner" && !copies.includes("general-counsel")
      ? [refuse("PPT-16b", "NO_COPY_TO_COUNSEL", "A notice to the company goes to the General Counsel by post as well. Send the copy, then it counts.")]
      : []),
    ...(from === "partner" && way === "mail" && !copies.includes("legal-mailbox")
      ? [refuse("PPT-16b", "NO_COPY_TO_MAILBOX", "A notice by e-mail goes to the legal mailbox as well. Send the copy, then it counts.")]
      : []),
  ],
  facts: ({ from, way, receivedAt: received, copies = [] }, _, at) => [
    { type: "NoticeTaken", notice: at.fresh, from, way, receivedAt: receivedAt(received, at), copies, ...maybeSealed(at) },
  ],
});

export const reviseTerms = partnerStep({
  name: "ReviseTerms",
  label: "Record a revision of the Terms",
  topic: "agreements",
  clauses: ["PPT-19a", "PPT-19b"],
  askers: ["vendor"],
  asks: {
    version: askCode("Version"),
    effectiveOn: askDay("In effect from", { mayLieAhead: true }),
    isMaterial: askYesNo("It is materially different, or allows more with data"),
  },
  against: ({ version, effectiveOn }, history) => {
    const newest = last(history, "TermsRevised")?.fact;
    return [
      ...(all(history, "TermsRevised").some(({ fact }) => fact.version === version) ? [refuse("PPT-19a", "KNOWN", "This version is on record.")] : []),
      ...(newest !== undefined && effectiveOn <= newest.effectiveOn
        ? [
            refuse(
              "PPT-19a",
              "OUT_OF_ORDER",
              `Version ${newest.version} is in effect from ${dayWords(newest.effectiveOn)}. A later version takes effect later.`,
            ),
          ]
        : []),
    ];
  },
  facts: ({ version, effectiveOn, isMaterial }) => [{ type: "TermsRevised", version, effectiveOn, isMaterial }],
});

const unnoticed = (history: PartnerHistory): readonly AskedChoice[] => {
  const told = new Set(all(history, "RevisionNoticed").map(({ fact }) => fact.version));
  return all(history, "TermsRevised").flatMap(({ fact }) =>
    fact.isMaterial && !told.has(fact.version) ? [{ value: fact.version, label: `Version ${fact.version}, in effect from ${fact.effectiveOn}` }] : [],
  );
};

export const noticeRevision = partnerStep({
  name: "NoticeRevision",
  label: "Record the notice of a revision",
  topic: "agreements",
  clauses: ["PPT-19b"],
  askers: ["vendor"],
  offered: (history) => unnoticed(history).length > 0,
  asks: { version: askOne("Which revision", unnoticed), at: askMoment("When the partner received the notice") },
  against: ({ version }, history) =>
    unnoticed(history).some(({ value }) => value === version) ? [] : [refuse("PPT-19b", "NOT_OWED", "No notice is owed for this version, or it was given.")],
  facts: ({ version, at: told }) => [{ type: "RevisionNoticed", version, at: told }],
});

/** The Terms that bind on a day: a material revision binds from its day of effect, and not before thirty days after its notice. */
export function termsOn(on: Day, history: PartnerHistory, at: PartnerCircumstances): string | undefined {
  const zone = zoneOf(history, at);
  return all(history, "TermsRevised").findLast(({ fact }) => {
    if (fact.effectiveOn > on) return false;
    if (!fact.isMaterial) return true;
    const told = all(history, "RevisionNoticed").find((each) => each.fact.version === fact.version)?.fact.at;
    return told !== undefined && addDays(dayOf(told, zone), 30) <= on;
  })?.fact.version;
}
