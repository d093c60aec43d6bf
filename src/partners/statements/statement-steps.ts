// Statements before payments: each month's five lines, its share, what was paid of it, and the interest on what is late (AI-5).
import { addDays, endOfDay, startOfDay, type Day } from "../../kernel/instant.ts";
import { currency as readCurrency, exactly, inCurrency, isCurrency, ratio, sumPattern, type Exactly } from "../../kernel/money.ts";
import { z } from "zod";
import { unless, type Reason } from "../../kernel/outcome.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { governingLaw, readingOf } from "../agreements/agreement-steps.ts";
import { precedence } from "../agreements/precedence.ts";
import { askCode, askCurrency, askDay, askOne, askPaper, askSum, askWords, optional, type AskedChoice } from "../asks.ts";
import { stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, zoneOf, type PartnerCircumstances, type PartnerHistory, type PartnerStep } from "../partner.ts";
import { documentsOn, standingOf } from "../standing.ts";
import type { StatementMade } from "./events.ts";
import { lateInterest } from "./late-interest.ts";
import { revenueShare } from "./revenue-share.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });
const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
const firstOf = (month: string): Day => `${month}-01` as Day;
const lastOf = (month: string): Day => Temporal.PlainYearMonth.from(month).toPlainDate({ day: 31 }).toString() as Day;

/** What the documents in force give as share, and whether two of them claim the last word. */
export function shareOf(month: string, history: PartnerHistory, at: PartnerCircumstances): { readonly percent: number; readonly conflict?: Reason } {
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
  const { signed, today, ended } = standingOf(history, at);
  const { conflict } = shareOf(month, history, at);
  return [
    ...(signed?.aiProduct === true ? [] : [refuse("AI-5a", "NO_AI_PRODUCT", "No AI Product of this partner is in the marketplace, so that no share is owed.")]),
    ...(signed !== undefined && lastOf(month) < signed.startsOn ? [refuse("AI-5a", "BEFORE_START", "The month is over before the agreement began.")] : []),
    ...(ended !== undefined && firstOf(month) > ended.on
      ? [refuse("AI-5a", "AFTER_END", "The month began after the agreement had ended. What arose before is stated for its own month (AI-5e).")]
      : []),
    ...(lastOf(month) >= today ? [refuse("AI-5b", "MONTH_NOT_OVER", `${month} is not over. Its statement is made after ${dayWords(lastOf(month))}.`)] : []),
    ...(conflict === undefined ? [] : [conflict]),
  ];
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
  offered: (history, at) => standingOf(history, at).signed?.aiProduct === true,
  asks: {
    month: askCode("Month", { hint: "2026-03" }),
    currency: askCurrency(),
    ...lines,
    words: optional(askWords("Notes")),
    file: optional(askPaper("The sales ledger")),
  },
  against: ({ month, currency }, history, at) => [
    ...monthReasons(month, history, at),
    ...(standingStatements(history).some((each) => each.month === month && each.currency === currency)
      ? [refuse("AI-5b", "STATED", `A statement for ${month} in ${currency} stands on record. Correct that one instead.`)]
      : []),
  ],
  facts: (given, history, at) => [{ ...factOf(given, shareOf(given.month, history, at).percent, at.fresh), ...maybeSealed(at) }],
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
    .max(1200),
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
    const standing = standingStatements(history);
    const stated = (each: ImportedSales["months"][number]) => standing.find(({ month, currency }) => month === each.month && currency === each.currency);
    const fresh = months.filter((each) => !isSame(each, stated(each)));
    return unless(
      [...reasons, ...(fresh.length === 0 ? [refuse("AI-5b", "STATED", "Every month of this ledger is stated with these sums already.")] : [])],
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

export function paidOn(statement: string, history: PartnerHistory): readonly { readonly on: Day; readonly amount: string }[] {
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
    const account = accountOf(found, on, history, at);
    if (exactly(amount).isZero()) return [refuse("AI-5a", "NOTHING", "A payment of nothing is none.")];
    return exactly(amount).greaterThan(exactly(account.open))
      ? [refuse("AI-5a", "TOO_MUCH", `${found.currency} ${account.open} are open on that day, interest included. Pay that, or correct the statement.`)]
      : [];
  },
  facts: ({ statement, amount, on }) => [{ type: "SharePaid", statement, amount, on }],
});

const daysToPay = 30;

export function shareDueOn(month: string): { readonly dueOn: Day; readonly derivation: string } {
  const dueOn = addDays(lastOf(month), daysToPay);
  return { dueOn, derivation: `end of ${month} on ${dayWords(lastOf(month))} + ${daysToPay} days = ${dayWords(dueOn)} (house default), AI-5a` };
}

export interface ShareAccount {
  readonly share: string;
  readonly interest: string;
  readonly paid: string;
  /** Share and interest less what was paid; never below zero. */
  readonly open: string;
  readonly dueOn: Day;
  readonly derivation: string;
}

/**
 * Interest is counted on what is open, month by month from the due day; every payment takes from it. Sums in the statement's
 * currency; between two payments nothing is rounded.
 */
export function accountOf(statement: StatementMade, on: Day, history: PartnerHistory, at: PartnerCircumstances): ShareAccount {
  const code = readCurrency(statement.currency);
  const { signed } = standingOf(history, at);
  const law = signed === undefined ? undefined : governingLaw(signed.entity).law;
  const { dueOn, derivation } = shareDueOn(statement.month);
  const payments = paidOn(statement.statement, history)
    .filter((each) => each.on <= on)
    .toSorted((one, other) => (one.on < other.on ? -1 : 1));
  const legalMaxima = at.contract.legalMaxima.map(({ percentPerYear, from, to, ...rest }) => ({
    ...rest,
    percentPerYear: exactly(percentPerYear),
    ...(from === undefined ? {} : { from: from as Day }),
    ...(to === undefined ? {} : { to: to as Day }),
  }));
  let [open, interest, since]: [Exactly, Exactly, Day] = [exactly(statement.share), ratio(0, 1), dueOn];
  const words: string[] = [];
  const accrue = (until: Day): void => {
    if (until <= since || open.isNegative() || open.isZero()) return;
    const late = lateInterest({
      currency: code,
      principal: open,
      dueOn: since,
      until,
      partMonths: "whole-months",
      ...(law === undefined ? {} : { governingLaw: law }),
      legalMaxima,
    });
    if (late.months === 0) return;
    words.push(late.derivation);
    [open, interest, since] = [
      open.plus(exactly(late.interest)),
      interest.plus(exactly(late.interest)),
      Temporal.PlainDate.from(since).add({ months: late.months }).toString() as Day,
    ];
  };
  for (const payment of payments) {
    accrue(payment.on);
    open = open.minus(exactly(payment.amount));
  }
  accrue(on);
  const paid = payments.reduce((sum, { amount }) => sum.plus(exactly(amount)), ratio(0, 1));
  return {
    share: statement.share,
    interest: inCurrency(interest, code),
    paid: inCurrency(paid, code),
    open: inCurrency(open.isNegative() ? ratio(0, 1) : open, code),
    dueOn,
    derivation: [derivation, ...words].join("; "),
  };
}

/** One duty for each month in which the product was sold: the statement with its payment. */
export function statementDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const { signed, ended, today } = standingOf(history, at);
  if (signed?.aiProduct !== true || today < signed.startsOn) return [];
  const until = ended !== undefined && ended.on < today ? ended.on : today;
  return monthsBetween(signed.startsOn, until).flatMap((month) => monthDuties(month, history, at));
}

function monthsBetween(from: Day, to: Day): readonly string[] {
  const months: string[] = [];
  for (let month = Temporal.PlainYearMonth.from(from.slice(0, 7)); month.toString() <= to.slice(0, 7); month = month.add({ months: 1 }))
    months.push(month.toString());
  return months;
}

function monthDuties(month: string, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  const { dueOn, derivation } = shareDueOn(month);
  const dueAt = endOfDay(dueOn, zone);
  const standing = standingStatements(history).filter((each) => each.month === month);
  const first = all(history, "StatementMade").find(({ fact }) => fact.month === month);
  const { conflict } = shareOf(month, history, at);
  const shared = { owedBy: "partner", began: startOfDay(firstOf(month), zone), dueAt, derivation, basis: "house" } as const;
  const paidAt = standing.length === 0 ? undefined : paidInFullOn(standing, history, at);
  const paidMoment = paidAt === undefined ? undefined : startOfDay(paidAt, zone);
  return [
    {
      ...shared,
      id: `AI-5b:${month}`,
      clause: "AI-5b",
      label: `State the revenue of ${month}`,
      state: stateOf({ dueAt, settledAt: first?.at, now: at.now, isSuspended: conflict !== undefined }),
      ...(first === undefined ? {} : { settledAt: first.at }),
      findings: conflict === undefined ? [] : [conflict],
      report: { step: "MakeStatement", values: { month } },
    },
    {
      ...shared,
      id: `AI-5a:${month}`,
      clause: "AI-5a",
      label: `Pay the share of ${month}`,
      state: stateOf({ dueAt, settledAt: paidMoment, now: at.now, isSuspended: conflict !== undefined }),
      ...(paidMoment === undefined ? {} : { settledAt: paidMoment }),
      findings: interestFindings(standing, history, at),
      report: { step: "PayShare", values: standing[0] === undefined ? {} : { statement: standing[0].statement } },
    },
  ];
}

/** The day on which nothing was open any more; a share of nothing is paid when it is stated. */
function paidInFullOn(standing: readonly StatementMade[], history: PartnerHistory, at: PartnerCircumstances): Day | undefined {
  const { today } = standingOf(history, at);
  const days = standing.map((statement) => {
    const made = all(history, "StatementMade").find(({ fact }) => fact.statement === statement.statement);
    const candidates = [
      ...paidOn(statement.statement, history).map(({ on }) => on),
      ...(exactly(statement.share).isZero() && made !== undefined ? [made.at.slice(0, 10) as Day] : []),
    ].toSorted();
    return candidates.find((on) => exactly(accountOf(statement, on, history, at).open).isZero());
  });
  const known = days.filter((each) => each !== undefined);
  return known.length === days.length && known.every((each) => each <= today) ? known.toSorted().at(-1) : undefined;
}

function interestFindings(standing: readonly StatementMade[], history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  const { today } = standingOf(history, at);
  return standing.flatMap((statement) => {
    const account = accountOf(statement, today, history, at);
    return exactly(account.interest).isZero() || exactly(account.open).isZero()
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
