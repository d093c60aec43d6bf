// Statements before payments: each month's five lines, its share, what was paid of it, and the interest on what is late (AI-5).
import { addDays, dayOf, endOfDay, startOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import { currency as readCurrency, exactly, inCurrency, isCurrency, moneyWords, ratio, sumPattern, type Exactly } from "../../kernel/money.ts";
import { z } from "zod";
import { unless, type Reason } from "../../kernel/outcome.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { governingLaw, readingOf } from "../agreements/agreement-steps.ts";
import { precedence } from "../agreements/precedence.ts";
import { askCode, askCurrency, askDay, askMoment, askOne, askPaper, askSum, askWords, optional, type AskedChoice } from "../asks.ts";
import type { ContractPack } from "../../policy/contract-pack.ts";
import { stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, sideOf, zoneOf, type PartnerCircumstances, type PartnerHistory, type PartnerStep } from "../partner.ts";
import { documentsOn, flagPeriods, standingOf, termsOf, type Term } from "../standing.ts";
import type { StatementMade } from "./events.ts";
import { inForce } from "./late-interest.ts";
import { revenueShare } from "./revenue-share.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });
const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
const firstOf = (month: string): Day => `${month}-01` as Day;
const lastOf = (month: string): Day => Temporal.PlainYearMonth.from(month).toPlainDate({ day: 31 }).toString() as Day;

/** What the documents in force give as share, and whether two of them claim the last word. */
function shareOf(month: string, history: PartnerHistory, at: PartnerCircumstances): { readonly percent: number; readonly conflict?: Reason } {
  const order = documentsOn(history, lastOf(month)).findLast(({ sharePercent, root }) => sharePercent !== undefined && root !== "addendum");
  if (order?.sharePercent === undefined) return { percent: sharePercent };
  const { reading, elected } = readingOf("X-11", history, at);
  const resolved = precedence({
    topic: "share of net revenues",
    flows: ["us"],
    aiProduct: true,
    rules: [
      { rung: "order-form", clause: order.number, value: order.sharePercent, binds: "value" },
      { rung: "ai-addendum", clause: "AI-5a", value: sharePercent, binds: "value" },
    ],
    ...(elected ? { election: { reading: electionOf(reading), by: "on record", on: order.signedOn } } : {}),
  });
  const value = resolved.resolved[0]?.value;
  return { percent: typeof value === "number" ? value : sharePercent, ...(resolved.conflict === undefined ? {} : { conflict: resolved.conflict.reason }) };
}

const sharePercent = 30;

function electionOf(reading: string): "order-form-first" | "addendum-over-agreement" | "addendum-over-terms" {
  return reading === "addendum-over-agreement" || reading === "addendum-over-terms" ? reading : "order-form-first";
}

/** The statements that hold: a correction takes the place of what it corrects. */
export function standingStatements(history: PartnerHistory): readonly StatementMade[] {
  const made = all(history, "StatementMade").map(({ fact }) => fact);
  const replaced = new Set(made.flatMap(({ replaces }) => (replaces === undefined ? [] : [replaces])));
  return made.filter(({ statement }) => !replaced.has(statement));
}

const lines = {
  gross: askSum("Gross revenue"),
  taxes: askSum("Taxes"),
  credits: askSum("Credits to customers"),
  expenses: askSum("Directly attributable expenses of the company"),
};

type Lines = { readonly [Line in keyof typeof lines]: string };

function worked(month: string, code: string, { gross, taxes, credits, expenses }: Lines, percent: number) {
  return revenueShare({
    month,
    currency: readCurrency(code),
    gross: exactly(gross),
    taxes: exactly(taxes),
    credits: exactly(credits),
    expenses: exactly(expenses),
    sharePercent: percent,
  });
}

function monthReasons(month: string, history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  if (!isMonth(month)) return [refuse("AI-5b", "NO_MONTH", "A month is written 2026-03.")];
  const { today } = standingOf(history, at);
  const { conflict } = shareOf(month, history, at);
  const sold = soldIn(history);
  const isSold = sold.some((each) => coversMonth(each, month));
  const isEarly = sold.every(({ from }) => lastOf(month) < from);
  return [
    ...(sold.length === 0 ? [refuse("AI-5a", "NO_AI_PRODUCT", "No AI Product of this partner is in the marketplace, so that no share is owed.")] : []),
    ...(sold.length > 0 && !isSold && isEarly ? [refuse("AI-5a", "BEFORE_START", "The month is over before the agreement began.")] : []),
    ...(sold.length > 0 && !isSold && !isEarly
      ? [refuse("AI-5a", "AFTER_END", "The product was not sold under an agreement in that month. What arose before is stated for its own month (AI-5e).")]
      : []),
    ...(lastOf(month) >= today ? [refuse("AI-5b", "MONTH_NOT_OVER", `${month} is not over. Its statement is made after ${dayWords(lastOf(month))}.`)] : []),
    ...(conflict === undefined ? [] : [conflict]),
  ];
}

interface Sold {
  readonly from: Day;
  /** Its last day; absent: it still is. */
  readonly until?: Day;
  readonly entity: Term["signed"]["entity"];
}

/** When an AI Product was sold, over every agreement on record. */
export function soldIn(history: PartnerHistory): readonly Sold[] {
  return termsOf(history).flatMap(({ signed, ended, nextStartsOn }) => {
    const periods = flagPeriods(signed, history);
    const last = ended?.on ?? (nextStartsOn === undefined ? undefined : addDays(nextStartsOn, -1));
    return periods.flatMap(({ from, flags }, index) => {
      const next = periods[index + 1]?.from;
      const until = [last, next === undefined ? undefined : addDays(next, -1)].filter((each) => each !== undefined).toSorted()[0];
      return !flags.aiProduct || (until !== undefined && until < from) ? [] : [{ from, entity: signed.entity, ...(until === undefined ? {} : { until }) }];
    });
  });
}

function coversMonth({ from, until }: Sold, month: string): boolean {
  return from <= lastOf(month) && (until === undefined || firstOf(month) <= until);
}

function factOf(given: Lines & { readonly month: string; readonly currency: string }, percent: number, statement: string) {
  const { month, currency, gross, taxes, credits, expenses } = given;
  const { net, share } = worked(month, currency, given, percent);
  return { type: "StatementMade" as const, statement, month, currency, gross, taxes, credits, expenses, sharePercent: percent, net, share };
}

export const makeStatement = partnerStep({
  name: "MakeStatement",
  label: "Make a monthly statement",
  topic: "statements",
  clauses: ["AI-5a", "AI-5b", "PPT-14"],
  askers: ["partner", "vendor"],
  offered: (history) => soldIn(history).length > 0,
  asks: {
    month: askCode("Month", { hint: "2026-03" }),
    currency: askCurrency(),
    ...lines,
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: optional(askWords("Notes")),
    file: optional(askPaper("The sales ledger")),
  },
  against: ({ month, currency, receivedAt: said }, history, at) => [
    ...monthReasons(month, history, at),
    ...(said !== undefined && isMonth(month) && dayOf(said, zoneOf(history, at)) <= lastOf(month)
      ? [refuse("AI-5b", "BEFORE_END", "The statement cannot have reached us before its month was over. Correct the moment.")]
      : []),
    ...(standingStatements(history).some((each) => each.month === month && each.currency === currency)
      ? [refuse("AI-5b", "STATED", `A statement for ${month} in ${currency} stands on record. Correct that one instead.`)]
      : []),
  ],
  facts: (given, history, at) => [
    {
      ...factOf(given, shareOf(given.month, history, at).percent, at.fresh),
      ...(given.receivedAt === undefined || sideOf(at) === "partner" ? {} : { receivedAt: given.receivedAt }),
      ...maybeSealed(at),
    },
  ],
});

const sumText = z.string().regex(sumPattern);

/** Sums of a sales ledger that was read whole and without a fault. */
const importedSales = z.strictObject({
  type: z.literal("ImportSales"),
  rows: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  months: z
    .array(z.strictObject({ month: z.string(), currency: z.string().refine(isCurrency), gross: sumText, taxes: sumText, credits: sumText, expenses: sumText }))
    .min(1, "The sales ledger holds no month.")
    .max(240, "At most 240 months and currencies at once."),
});
type ImportedSales = z.output<typeof importedSales>;

/** A statement for each month and currency of a sales ledger: all of them or none. A month that was stated otherwise is corrected. */
export const importSales: PartnerStep = {
  name: "ImportSales",
  label: "Make statements from a sales ledger",
  topic: "statements",
  clauses: ["AI-5a", "AI-5b"],
  askers: ["partner", "vendor"],
  asks: {},
  schema: importedSales,
  // It has a page of its own: the ledger is read before the step is taken.
  offered: () => false,
  decide: ({ months, rows, sha256 }: ImportedSales, history, at) => {
    const reasons = months.flatMap(({ month }) => monthReasons(month, history, at).map((reason) => ({ ...reason, because: `${month}: ${reason.because}` })));
    const twice = months.filter((each, index) => months.findIndex(({ month, currency }) => month === each.month && currency === each.currency) !== index);
    const standing = standingStatements(history);
    const stated = (each: ImportedSales["months"][number]) => standing.find(({ month, currency }) => month === each.month && currency === each.currency);
    const fresh = months.filter((each) => !isSame(each, stated(each)));
    return unless(
      [
        ...reasons,
        ...twice.map(({ month, currency }) => refuse("AI-5b", "TWICE", `${month} in ${currency} stands there twice. Add the two up, then import it.`)),
        ...(fresh.length === 0 ? [refuse("AI-5b", "STATED", "Every month of this ledger is stated with these sums already.")] : []),
      ],
      () =>
        fresh.map((each, index) => {
          const replaces = stated(each)?.statement;
          return {
            ...factOf(each, shareOf(each.month, history, at).percent, `${at.fresh}-${index + 1}`),
            ...(replaces === undefined ? {} : { replaces }),
            ledger: { rows, sha256 },
          };
        }),
    );
  },
};

function isSame(one: ImportedSales["months"][number], other: StatementMade | undefined): boolean {
  return other !== undefined && (["gross", "taxes", "credits", "expenses"] as const).every((line) => exactly(one[line]).equals(exactly(other[line])));
}

const statements = (history: PartnerHistory): readonly AskedChoice[] =>
  standingStatements(history).map(({ statement, month, currency, share }) => ({ value: statement, label: `${month}, share ${currency} ${share}` }));

export const correctStatement = partnerStep({
  name: "CorrectStatement",
  label: "Correct a statement",
  topic: "statements",
  clauses: ["AI-5b"],
  askers: ["partner", "vendor"],
  offered: (history) => standingStatements(history).length > 0,
  asks: { statement: askOne("Which statement", statements), ...lines, words: askWords("What was wrong"), file: optional(askPaper("The sales ledger")) },
  against: ({ statement }, history, at) => {
    const wrong = standingStatements(history).find((each) => each.statement === statement);
    if (wrong === undefined) return [refuse("INPUT", "NO_SUCH_STATEMENT", "There is no such statement, or it was corrected before. Choose one of the list.")];
    return monthReasons(wrong.month, history, at);
  },
  facts: (given, history, at) => {
    const wrong = standingStatements(history).find(({ statement }) => statement === given.statement);
    if (wrong === undefined) return [];
    const percent = shareOf(wrong.month, history, at).percent;
    return [{ ...factOf({ ...given, month: wrong.month, currency: wrong.currency }, percent, at.fresh), replaces: wrong.statement, ...maybeSealed(at) }];
  },
});

/** The statement that began the chain this one belongs to, so that payments follow corrections. */
function chainOf(statement: string, history: PartnerHistory): readonly string[] {
  const made = all(history, "StatementMade").map(({ fact }) => fact);
  const replaces = made.find((each) => each.statement === statement)?.replaces;
  return replaces === undefined ? [statement] : [statement, ...chainOf(replaces, history)];
}

function paidOn(statement: string, history: PartnerHistory): readonly { readonly on: Day; readonly amount: string }[] {
  const chain = chainOf(statement, history);
  return all(history, "SharePaid").flatMap(({ fact }) => (chain.includes(fact.statement) ? [{ on: fact.on, amount: fact.amount }] : []));
}

export const payShare = partnerStep({
  name: "PayShare",
  label: "Record a payment of the share",
  topic: "statements",
  clauses: ["AI-5a", "AI-5b", "AI-5c"],
  // Whoever is paid says when the money came.
  askers: ["vendor"],
  asks: { statement: askOne("For which statement", statements), amount: askSum("Amount"), on: askDay("Paid on") },
  against: ({ statement, amount, on }, history, at) => {
    const found = standingStatements(history).find((each) => each.statement === statement);
    if (found === undefined)
      return [refuse("AI-5b", "NO_STATEMENT", "A payment comes with the statement that explains it, and there is none. Make the statement first.")];
    if (exactly(amount).isZero()) return [refuse("AI-5a", "NOTHING", "A payment of nothing is none.")];
    const payments = paidOn(statement, history);
    // With every payment on record, also those of later days: an earlier day opens nothing twice.
    const until = [on, ...payments.map((each) => each.on)].toSorted().at(-1) ?? on;
    const after = countedAccount(found, { on: until, payments: [...payments, { on, amount }] }, history, at);
    return after.credit.isZero()
      ? []
      : [
          refuse(
            "AI-5a",
            "TOO_MUCH",
            `${found.currency} ${accountOf(found, on, history, at).open} are open on that day, interest included, and ${inCurrency(after.credit, readCurrency(found.currency))} would be too much with all that is paid. Pay less, or correct the statement.`,
          ),
        ];
  },
  facts: ({ statement, amount, on }) => [{ type: "SharePaid", statement, amount, on }],
});

const daysToPay = 30;

function shareDueOn(month: string): { readonly dueOn: Day; readonly derivation: string } {
  const dueOn = addDays(lastOf(month), daysToPay);
  return { dueOn, derivation: `end of ${month} on ${dayWords(lastOf(month))} + ${daysToPay} days = ${dayWords(dueOn)} (house default), AI-5a` };
}

/** A reading of X-11 that was elected late gives the partner its thirty days from then, by house default. */
function dueOf(month: string, history: PartnerHistory, at: PartnerCircumstances): ReturnType<typeof shareDueOn> {
  const due = shareDueOn(month);
  const elected = all(history, "ReadingElected").find(({ fact }) => fact.defect === "X-11");
  if (elected === undefined) return due;
  const before = history.filter(({ version }) => version < elected.version);
  const electedOn = dayOf(elected.at, zoneOf(history, at));
  const dueOn = addDays(electedOn, daysToPay);
  if (dueOn <= due.dueOn || lastOf(month) >= electedOn || shareOf(month, before, at).conflict === undefined) return due;
  return { dueOn, derivation: `${due.derivation}; reading of X-11 elected on ${dayWords(electedOn)} + ${daysToPay} days = ${dayWords(dueOn)} (house default)` };
}

export interface ShareAccount {
  readonly share: string;
  readonly interest: string;
  readonly paid: string;
  /** Share and interest less what was paid; never below zero. */
  readonly open: string;
  /** What was paid above that; absent where nothing was. */
  readonly credit?: string;
  readonly dueOn: Day;
  readonly derivation: string;
}

/** Sums in the statement's currency, as they stand at the end of a day. */
export function accountOf(statement: StatementMade, on: Day, history: PartnerHistory, at: PartnerCircumstances): ShareAccount {
  const code = readCurrency(statement.currency);
  const { interest, paid, open, credit, dueOn, derivation } = countedAccount(statement, { on, payments: paidOn(statement.statement, history) }, history, at);
  return {
    share: statement.share,
    interest: inCurrency(interest, code),
    paid: inCurrency(paid, code),
    open: inCurrency(open, code),
    ...(credit.isZero() ? {} : { credit: inCurrency(credit, code) }),
    dueOn,
    derivation,
  };
}

interface CountedAccount {
  readonly interest: Exactly;
  readonly paid: Exactly;
  readonly open: Exactly;
  readonly credit: Exactly;
  readonly dueOn: Day;
  readonly derivation: string;
}

interface Paying {
  readonly on: Day;
  readonly payments: readonly { readonly on: Day; readonly amount: string }[];
}

/**
 * Months count from the due day, whatever is paid in between. At the end of each, interest is counted on what is open; over the whole
 * time it is never more than the legal maximum on the share that was unpaid. Only the end is rounded.
 */
function countedAccount(statement: StatementMade, { on, payments }: Paying, history: PartnerHistory, at: PartnerCircumstances): CountedAccount {
  const code = readCurrency(statement.currency);
  const share = inFull(statement.share);
  const { dueOn, derivation } = dueOf(statement.month, history, at);
  const maximum = legalMaximumOf(statement.month, dueOn, history, at);
  const most = maximum === undefined || maximum.percentPerYear === "none" ? undefined : inFull(maximum.percentPerYear).div(1200);
  const paidBy = (until: Day) => payments.filter((each) => each.on < until).reduce((sum, { amount }) => sum.plus(inFull(amount)), none);
  let [contractual, lawful, months] = [none, none, 0];
  const interestNow = () => inFull(inCurrency(most !== undefined && lawful.lessThan(contractual) ? lawful : contractual, code));
  for (let end = monthsAfter(dueOn, 1); end <= on; end = monthsAfter(dueOn, months + 1)) {
    const paid = paidBy(end);
    // What was settled grows no more.
    if (!share.plus(interestNow()).greaterThan(paid)) break;
    months += 1;
    const unpaid = share.minus(paid);
    contractual = contractual.plus(share.plus(contractual).minus(paid).times(monthlyRate));
    if (most !== undefined && !unpaid.isNegative()) lawful = lawful.plus(unpaid.times(most));
  }
  const interest = interestNow();
  const paid = paidBy(addDays(on, 1));
  const rest = share.plus(interest).minus(paid);
  return {
    interest,
    paid,
    open: rest.isNegative() ? none : rest,
    credit: rest.isNegative() ? rest.negated() : none,
    dueOn,
    derivation: [derivation, ...interestWords({ statement, months, contractual, lawful, maximum })].join("; "),
  };
}

const none = ratio(0, 1);
const monthlyRate = ratio(15, 1000);

/** Any number of digits: a sum that has grown is longer than one that is written. */
function inFull(text: string): Exactly {
  return none.plus(text);
}

function monthsAfter(from: Day, months: number): Day {
  return Temporal.PlainDate.from(from).add({ months }).toString() as Day;
}

type LegalMaximum = ContractPack["legalMaxima"][number];

/** What the governing law of that month's agreement said on the due day, the lowest maximum first (PPT-18); nothing where nobody looked it up. */
function legalMaximumOf(month: string, dueOn: Day, history: PartnerHistory, at: PartnerCircumstances): LegalMaximum | undefined {
  const entity = (soldIn(history).findLast((each) => coversMonth(each, month)) ?? soldIn(history)[0])?.entity;
  const law = entity === undefined ? undefined : governingLaw(entity).law;
  const said = inForce(at.contract.legalMaxima, law, dueOn);
  const rates = said.filter(({ percentPerYear }) => percentPerYear !== "none");
  return rates.toSorted((one, other) => inFull(one.percentPerYear).comparedTo(inFull(other.percentPerYear)))[0] ?? said[0];
}

function interestWords(counted: {
  readonly statement: StatementMade;
  readonly months: number;
  readonly contractual: Exactly;
  readonly lawful: Exactly;
  readonly maximum: LegalMaximum | undefined;
}): readonly string[] {
  const { statement, months, contractual, lawful, maximum } = counted;
  if (months === 0) return [];
  const code = readCurrency(statement.currency);
  const cap = capWords(maximum, moneyWords(lawful, code));
  return [
    `${moneyWords(inFull(statement.share), code)}, ${months} whole month${months === 1 ? "" : "s"} at 1.5 % a month compounded monthly on what was open, interest ${moneyWords(contractual, code)}${cap}, AI-5c`,
  ];
}

function capWords(maximum: LegalMaximum | undefined, lawful: string): string {
  if (maximum === undefined) return "; no legal maximum of the governing law is on record";
  const { law, citation, percentPerYear } = maximum;
  return percentPerYear === "none" ? `; the law of ${law} sets no maximum (${citation})` : `; at most ${lawful} under the law of ${law} (${citation})`;
}

/** For each month in which the product was sold, and for each currency that was stated: the statement and its payment. */
export function statementDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const { today } = standingOf(history, at);
  const months = soldIn(history).flatMap(({ from, until }) => monthsBetween(from, until !== undefined && until < today ? until : today));
  return [...new Set(months)].flatMap((month) => monthDuties(month, history, at));
}

function monthsBetween(from: Day, to: Day): readonly string[] {
  const months: string[] = [];
  if (from > to) return months;
  for (let month = Temporal.PlainYearMonth.from(from.slice(0, 7)); month.toString() <= to.slice(0, 7); month = month.add({ months: 1 }))
    months.push(month.toString());
  return months;
}

/** The currency that was stated first has the month's own name; each further one has its own. */
function monthDuties(month: string, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const currencies = [...new Set(all(history, "StatementMade").flatMap(({ fact }) => (fact.month === month ? [fact.currency] : [])))];
  const [first, ...further] = currencies;
  return [
    ...currencyDuties({ month, currency: first, name: month }, history, at),
    ...further.flatMap((currency) => currencyDuties({ month, currency, name: `${month}:${currency}` }, history, at)),
  ];
}

interface Stated {
  readonly month: string;
  /** Absent while nothing is stated. */
  readonly currency: string | undefined;
  readonly name: string;
}

function currencyDuties({ month, currency, name }: Stated, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  const { dueOn, derivation } = dueOf(month, history, at);
  const dueAt = endOfDay(dueOn, zone);
  const standing = standingStatements(history).find((each) => each.month === month && each.currency === currency);
  const made = all(history, "StatementMade").find(({ fact }) => fact.month === month && fact.currency === currency);
  const statedAt = made === undefined ? undefined : (made.fact.receivedAt ?? made.at);
  const { conflict } = shareOf(month, history, at);
  const isSuspended = conflict !== undefined;
  const shared = { owedBy: "partner", began: startOfDay(addDays(lastOf(month), 1), zone), dueAt, derivation, basis: "house" } as const;
  const paidAt = standing === undefined ? undefined : paidInFullAt(standing, history, at);
  const words = name === month ? month : `${month} in ${currency ?? ""}`;
  return [
    {
      ...shared,
      id: `AI-5b:${name}`,
      clause: "AI-5b",
      label: `State the revenue of ${words}`,
      state: stateOf({ dueAt, settledAt: statedAt, now: at.now, isSuspended }),
      ...(statedAt === undefined ? {} : { settledAt: statedAt }),
      findings: conflict === undefined ? [] : [conflict],
      report: { step: "MakeStatement", values: { month } },
    },
    {
      ...shared,
      id: `AI-5a:${name}`,
      clause: "AI-5a",
      label: `Pay the share of ${words}`,
      state: stateOf({ dueAt, settledAt: paidAt, now: at.now, isSuspended }),
      ...(paidAt === undefined ? {} : { settledAt: paidAt }),
      findings: standing === undefined ? [] : interestFindings([standing], history, at),
      report: { step: "PayShare", values: standing === undefined ? {} : { statement: standing.statement } },
    },
  ];
}

/** The first moment of the day on which nothing was open any more; a share of nothing is paid when it is stated. */
function paidInFullAt(statement: StatementMade, history: PartnerHistory, at: PartnerCircumstances): Instant | undefined {
  const zone = zoneOf(history, at);
  const { today } = standingOf(history, at);
  const made = all(history, "StatementMade").find(({ fact }) => fact.statement === statement.statement);
  if (made !== undefined && inFull(statement.share).isZero()) return made.fact.receivedAt ?? made.at;
  const payments = paidOn(statement.statement, history);
  const on = payments
    .map((each) => each.on)
    .filter((each) => each <= today)
    .toSorted()
    .find((each) => countedAccount(statement, { on: each, payments }, history, at).open.isZero());
  return on === undefined ? undefined : startOfDay(on, zone);
}

/** The next days on which a month of interest is over, for the statements of which something is open. */
export function nextInterestOn(today: Day, history: PartnerHistory, at: PartnerCircumstances): readonly Day[] {
  return standingStatements(history).flatMap((statement) => {
    const { open, dueOn } = countedAccount(statement, { on: today, payments: paidOn(statement.statement, history) }, history, at);
    if (open.isZero()) return [];
    const months = Math.max(0, Temporal.PlainDate.from(dueOn).until(Temporal.PlainDate.from(today), { largestUnit: "months" }).months);
    return [months, months + 1, months + 2].map((each) => monthsAfter(dueOn, each)).filter((each) => each > today);
  });
}

function interestFindings(standing: readonly StatementMade[], history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  const { today } = standingOf(history, at);
  return standing.flatMap((statement) => {
    const counted = countedAccount(statement, { on: today, payments: paidOn(statement.statement, history) }, history, at);
    const account = accountOf(statement, today, history, at);
    return counted.interest.isZero() || counted.open.isZero()
      ? []
      : [
          refuse(
            "AI-5c",
            "INTEREST_RUNS",
            `${statement.currency} ${account.interest} of interest has run: ${account.derivation}. ${statement.currency} ${account.open} are open.`,
          ),
        ];
  });
}

/** A statement as it is read: its five lines and the share, the account, and why each figure is what it is. */
export function statementSheet(statement: StatementMade, history: PartnerHistory, at: PartnerCircumstances) {
  const sheet = worked(statement.month, statement.currency, statement, statement.sharePercent);
  return { ...sheet, account: accountOf(statement, standingOf(history, at).today, history, at) };
}
