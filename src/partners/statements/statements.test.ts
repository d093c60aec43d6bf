// Monthly statements on record: five lines, before any payment, corrected by new ones, and interest on what is late.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { APartner, contract, refOf } from "../../../tests/a-partner.ts";
import { day } from "../../kernel/instant.ts";
import { exactly } from "../../kernel/money.ts";
import { accountOf, standingStatements } from "./statement-steps.ts";

const ai = { agreement: { aiProduct: true } };
const now = "2026-04-10T16:00:00Z";
const march = { month: "2026-03", currency: "USD", gross: "18450.00", taxes: "1230.00", credits: "640.00", expenses: "415.50" };

test("W-1: the statement of March shows all five lines, and its share of 30 % is 4,849.35 (AI-5a, AI-5b)", () => {
  const [made] = APartner.signed(ai).report(now, "MakeStatement", march);
  assert.ok(made?.type === "StatementMade");
  assert.deepEqual(
    [made.gross, made.taxes, made.credits, made.expenses, made.net, made.sharePercent, made.share],
    ["18450.00", "1230.00", "640.00", "415.50", "16164.50", 30, "4849.35"],
  );
});

test("each month in which the product is sold owes a statement and a payment, thirty days after it is over (AI-5a, AI-5b)", () => {
  const partner = APartner.signed(ai);
  const owed = partner.duties(now).filter(({ clause }) => clause === "AI-5a");
  assert.deepEqual(
    owed.map(({ id, dueAt, state }) => [id, dueAt, state]),
    [
      ["AI-5a:2026-01", "2026-03-03T06:59:59.999Z", "overdue"],
      ["AI-5a:2026-02", "2026-03-31T05:59:59.999Z", "overdue"],
      ["AI-5a:2026-03", "2026-05-01T05:59:59.999Z", "open"],
      ["AI-5a:2026-04", "2026-05-31T05:59:59.999Z", "open"],
    ],
  );
  assert.deepEqual(
    APartner.signed()
      .duties(now)
      .filter(({ clause }) => clause.startsWith("AI-5")),
    [],
  );
});

test("no payment without its statement, none of nothing, and none above what is open (AI-5b)", () => {
  const partner = APartner.signed(ai);
  assert.deepEqual(partner.refuses(now, "PayShare", { statement: "none", amount: "1", on: "2026-04-10" }), ["NO_STATEMENT"]);
  const statement = refOf(partner.report(now, "MakeStatement", march), "statement");
  assert.deepEqual(partner.refuses(now, "PayShare", { statement, amount: "4849.36", on: "2026-04-10" }), ["TOO_MUCH"]);
  assert.deepEqual(partner.refuses(now, "PayShare", { statement, amount: "0.00", on: "2026-04-10" }), ["NOTHING"]);
  partner.take(now, "PayShare", { statement, amount: "4849.35", on: "2026-04-10" });
  assert.deepEqual([partner.duty(now, "AI-5a:2026-03").state, partner.duty(now, "AI-5b:2026-03").state], ["met", "met"]);
});

test("a month that is not over, one before the agreement, a second statement and an unknown currency are refused (AI-5b)", () => {
  const partner = APartner.signed(ai);
  const ask = (more: object) => partner.refuses(now, "MakeStatement", { ...march, ...more });
  assert.deepEqual(ask({ month: "2026-04" }), ["MONTH_NOT_OVER"]);
  assert.deepEqual(ask({ month: "2025-12" }), ["BEFORE_START"]);
  assert.deepEqual(ask({ month: "March" }), ["NO_MONTH"]);
  partner.report(now, "MakeStatement", march);
  assert.deepEqual(ask({}), ["STATED"]);
  partner.report(now, "MakeStatement", { ...march, currency: "EUR" });
  assert.throws(() => partner.refuses(now, "MakeStatement", { ...march, currency: "QQQ" }), /There is no currency|no such currency/);
  assert.deepEqual(APartner.signed().refuses(now, "MakeStatement", march), ["NO_AI_PRODUCT"]);
});

test("a correction is a statement of its own and takes the place of the wrong one; payments follow it (AI-5b)", () => {
  const partner = APartner.signed(ai);
  const wrong = refOf(partner.report(now, "MakeStatement", march), "statement");
  partner.take(now, "PayShare", { statement: wrong, amount: "4849.35", on: "2026-04-10" });
  const { month: _, currency: __, ...lines } = march;
  const right = refOf(partner.report(now, "CorrectStatement", { ...lines, statement: wrong, gross: "19450.00" }), "statement");
  const [standing] = standingStatements(partner.history);
  assert.deepEqual([standingStatements(partner.history).length, standing?.statement, standing?.replaces, standing?.share], [1, right, wrong, "5149.35"]);
  assert.equal(partner.duty(now, "AI-5a:2026-03").state, "open");
  assert.equal(standing && accountOf(standing, day("2026-04-10"), partner.history, partner.at(now)).open, "300.00");
  partner.take(now, "PayShare", { statement: right, amount: "300.00", on: "2026-04-10" });
  assert.equal(partner.duty(now, "AI-5a:2026-03").state, "met");
  assert.deepEqual(partner.refuses(now, "CorrectStatement", { ...lines, statement: wrong }), ["NO_SUCH_STATEMENT"]);
});

test("a month below zero owes nothing and is paid when it is stated; nothing is carried forward (X-12)", () => {
  const partner = APartner.signed(ai);
  const [made] = partner.report(now, "MakeStatement", { ...march, gross: "500.00", taxes: "33.33", credits: "900.00", expenses: "50.00" });
  assert.deepEqual(made?.type === "StatementMade" && [made.net, made.share], ["-483.33", "0.00"]);
  assert.equal(partner.duty(now, "AI-5a:2026-03").state, "met");
});

test("W-1: on 4,849.35 that is late, 1.5 % a month is compounded: 4,922.09, 4,995.92, 5,070.86, 5,302.49 and 5,797.97 after 1, 2, 3, 6 and 12 months (AI-5c)", () => {
  const partner = APartner.signed(ai);
  partner.report(now, "MakeStatement", march);
  const [statement] = standingStatements(partner.history);
  const open = (on: string) => statement && accountOf(statement, day(on), partner.history, partner.at("2027-05-01T16:00:00Z")).open;
  assert.deepEqual(["2026-04-30", "2026-05-30", "2026-06-30", "2026-07-30", "2026-10-30", "2027-04-30"].map(open), [
    "4849.35",
    "4922.09",
    "4995.92",
    "5070.86",
    "5302.49",
    "5797.97",
  ]);
  const [finding] = partner.duty("2026-07-30T20:00:00Z", "AI-5a:2026-03").findings;
  assert.deepEqual([finding?.clause, finding?.code], ["AI-5c", "INTEREST_RUNS"]);
});

test("a payment in between takes from what is open, and interest runs on the rest (AI-5c)", () => {
  const partner = APartner.signed(ai);
  const statement = refOf(partner.report(now, "MakeStatement", march), "statement");
  partner.take("2026-06-01T16:00:00Z", "PayShare", { statement, amount: "4000.00", on: "2026-06-01" });
  const [standing] = standingStatements(partner.history);
  const account = (on: string) => (standing === undefined ? assert.fail() : accountOf(standing, day(on), partner.history, partner.at("2026-08-01T16:00:00Z")));
  // 4,849.35 + 72.74 − 4,000.00 = 922.09; a month later + 13.83.
  assert.deepEqual([account("2026-06-01").open, account("2026-06-30").open], ["922.09", "935.92"]);
});

test("a legal maximum that is lower caps the interest for the same period, by the governing law and its dates (AI-5c, PPT-18)", () => {
  const legalMaxima = [{ law: "Delaware", percentPerYear: "10", citation: "an act of the test" }];
  const partner = APartner.signed({ ...ai, contract: { ...contract, legalMaxima } });
  partner.report(now, "MakeStatement", march);
  const [standing] = standingStatements(partner.history);
  assert.equal(standing && accountOf(standing, day("2026-07-30"), partner.history, partner.at("2026-08-01T16:00:00Z")).interest, "121.23");
});

test("a late share says which law sets no maximum, and says so where nobody looked it up (AI-5c, PPT-18)", () => {
  const words = (legalMaxima: typeof contract.legalMaxima) => {
    const { partner, statement } = stated({}, { contract: { ...contract, legalMaxima } });
    const [standing] = standingStatements(partner.history);
    assert.equal(standing?.statement, statement);
    return standing && accountOf(standing, day("2026-07-30"), partner.history, partner.at("2026-08-01T16:00:00Z")).derivation;
  };
  assert.match(words(contract.legalMaxima) ?? "", /interest USD 221\.51; the law of Delaware sets no maximum \(6 Del\. C\./);
  assert.match(words([]) ?? "", /no legal maximum of the governing law is on record/);
});

test("W-10: an order form of 25 % against 30 % of the addendum blocks the first statement until a named person elects a reading (PPT-1.1, PPT-14, X-11)", () => {
  const partner = APartner.signed(ai);
  partner.take("2026-03-01T12:00:00Z", "SignDocument", { kind: "order-form", number: "OF-1", signedOn: "2026-01-02", from: "2026-01-02", sharePercent: 25 });
  const [reason] = partner.reasons(now, "MakeStatement", march);
  assert.deepEqual([reason?.clause, reason?.code], ["PPT-14", "PRECEDENCE_UNSETTLED"]);
  assert.deepEqual(
    [partner.duty(now, "AI-5a:2026-03").state, partner.duty(now, "AI-5b:2026-03").findings.map(({ code }) => code)],
    ["suspended", ["PRECEDENCE_UNSETTLED"]],
  );
  const readings = contract.defects.find(({ id }) => id === "X-11")?.readings.map(({ id }) => id) ?? [];
  assert.deepEqual(partner.refuses(now, "ElectReading", { defect: "X-11", reading: "the-cheaper-one" }), ["NO_SUCH_READING"]);
  partner.take(now, "ElectReading", { defect: "X-11", reading: readings.find((id) => id.includes("order-form")) ?? "" });
  const [made] = partner.report(now, "MakeStatement", march);
  assert.deepEqual(made?.type === "StatementMade" && [made.sharePercent, made.share], [25, "4041.12"]);
});

test("what is stated, paid and open adds up to the cent over any payments (AI-5a, AI-5c)", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 200_000 })), { maxLength: 6 }), (payments) => {
      const partner = APartner.signed(ai);
      const statement = refOf(partner.report(now, "MakeStatement", march), "statement");
      const at = "2027-03-01T16:00:00Z";
      for (const [days, cents] of payments.toSorted(([one], [other]) => one - other)) {
        const on = new Date(Date.parse("2026-04-10") + days * 86_400_000).toISOString().slice(0, 10);
        const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
        const [standing] = standingStatements(partner.history);
        if (standing === undefined || exactly(amount).greaterThan(exactly(accountOf(standing, day(on), partner.history, partner.at(at)).open))) continue;
        partner.take(at, "PayShare", { statement, amount, on });
      }
      const [standing] = standingStatements(partner.history);
      assert.ok(standing);
      const account = accountOf(standing, day("2027-03-01"), partner.history, partner.at(at));
      assert.equal(exactly(account.share).plus(exactly(account.interest)).minus(exactly(account.paid)).toFixed(2), account.open);
      assert.ok(!exactly(account.open).isNegative());
    }),
    { numRuns: 60 },
  );
});

const standingOne = (partner: APartner) => standingStatements(partner.history)[0] ?? assert.fail("no statement");
const account = (partner: APartner, on: string, at = "2036-05-01T16:00:00Z") => accountOf(standingOne(partner), day(on), partner.history, partner.at(at));
const stated = (more: object = {}, setting: object = {}) => {
  const partner = APartner.signed({ ...ai, ...setting });
  return { partner, statement: refOf(partner.report(now, "MakeStatement", { ...march, ...more }), "statement") };
};

test("the months of interest count from the due day, whatever is paid in between, and large sums are counted to the end (AI-5c)", () => {
  const december = { month: "2025-12" };
  const since = { agreement: { aiProduct: true, signedOn: "2025-01-01", startsOn: "2025-01-01" } };
  const [alone, paid] = [stated(december, since), stated(december, since)];
  paid.partner.take("2026-04-10T16:00:00Z", "PayShare", { statement: paid.statement, amount: "0.01", on: "2026-02-28" });
  assert.deepEqual(
    ["2026-03-29", "2026-03-30"].map((on) => [account(alone.partner, on).interest, account(paid.partner, on).interest]),
    [
      ["72.74", "72.74"],
      ["146.57", "146.57"],
    ],
  );
  const large = stated({ currency: "VND", gross: "999999999999999", taxes: "0", credits: "0", expenses: "0" });
  assert.equal(large.partner.duty("2036-04-10T16:00:00Z", "AI-5a:2026-03").findings[0]?.code, "INTEREST_RUNS");
});

test("the legal maximum holds over the whole time, however the payments are cut (AI-5c)", () => {
  const legalMaxima = [{ law: "Delaware", percentPerYear: "10", citation: "an act of the test" }];
  const cut = stated({}, { contract: { ...contract, legalMaxima } });
  for (const month of ["05", "06", "07", "08", "09", "10", "11", "12"])
    cut.partner.take("2027-04-30T16:00:00Z", "PayShare", { statement: cut.statement, amount: "0.01", on: `2026-${month}-30` });
  assert.ok(Number(account(cut.partner, "2027-04-30").interest) <= 484.94, account(cut.partner, "2027-04-30").interest);
});

test("nothing is paid twice by an earlier day, and what a correction leaves too much is shown (AI-5a)", () => {
  const { partner, statement } = stated();
  const pay = { statement, amount: "4849.35" };
  partner.take("2026-04-20T16:00:00Z", "PayShare", { ...pay, on: "2026-04-20" });
  assert.deepEqual(partner.refuses("2026-04-20T16:00:00Z", "PayShare", { ...pay, on: "2026-04-19" }), ["TOO_MUCH"]);
  const { month: _, currency: __, ...lines } = march;
  partner.report("2026-04-21T16:00:00Z", "CorrectStatement", { ...lines, statement, gross: "17450.00" });
  assert.deepEqual([account(partner, "2026-04-21").open, account(partner, "2026-04-21").credit], ["0.00", "300.00"]);
});

test("a share of nothing is paid at the moment of its statement, in whatever zone (AI-5a)", () => {
  const nothing = { ...march, gross: "0", taxes: "0", credits: "0", expenses: "0" };
  const [denver, auckland] = [APartner.signed(ai), APartner.signed({ ...ai, zone: "Pacific/Auckland", country: "NZ" })];
  denver.report("2026-05-01T03:00:00Z", "MakeStatement", nothing);
  auckland.report("2026-04-30T13:00:00Z", "MakeStatement", nothing);
  assert.deepEqual(
    [denver, auckland].map((each) => [each.duty("2026-05-02T03:00:00Z", "AI-5a:2026-03").state, each.duty("2026-05-02T03:00:00Z", "AI-5b:2026-03").state]),
    [
      ["met", "met"],
      ["late", "late"],
    ],
  );
});

test("each currency of a month is owed by itself, and a later one changes nothing about the first (AI-5a, AI-5b)", () => {
  const partner = APartner.signed(ai);
  partner.report(now, "MakeStatement", { ...march, currency: "EUR", gross: "0", taxes: "0", credits: "0", expenses: "0" });
  const at = "2026-06-10T17:00:00Z";
  partner.report(at, "MakeStatement", { ...march, currency: "USD" });
  const states = partner.duties(at).flatMap(({ id, state }) => (id.includes("2026-03") && id.startsWith("AI-5") ? [`${id} ${state}`] : []));
  assert.deepEqual(states.toSorted(), ["AI-5a:2026-03 met", "AI-5a:2026-03:USD overdue", "AI-5b:2026-03 met", "AI-5b:2026-03:USD late"]);
});

test("a new agreement takes no month of the old one away: what is unpaid stays, and can still be stated (AI-5a, AI-5e)", () => {
  const { partner } = stated();
  partner.take("2026-05-31T16:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-05-31" });
  partner.take("2026-06-20T16:00:00Z", "SignAgreement", {
    entity: "uk-limited",
    signedOn: "2026-06-20",
    startsOn: "2026-06-20",
    renewsOn: "2027-06-20",
    termMonths: 12,
    aiProduct: false,
    usStaff: false,
    apiPolicy: "2",
  });
  const at = "2026-06-21T16:00:00Z";
  assert.equal(partner.duty(at, "AI-5a:2026-03").state, "overdue");
  partner.report(at, "MakeStatement", { ...march, month: "2026-04" });
  assert.deepEqual(partner.refuses("2026-07-21T16:00:00Z", "MakeStatement", { ...march, month: "2026-06" }), ["AFTER_END"]);
});

test("a reading that is elected late gives thirty days from then, and no interest before (X-11, AI-5a)", () => {
  const partner = APartner.signed(ai);
  partner.take("2026-01-02T16:00:00Z", "SignDocument", { kind: "order-form", number: "OF-1", signedOn: "2026-01-01", from: "2026-01-01", sharePercent: 25 });
  partner.take("2026-09-01T12:00:00Z", "ElectReading", { defect: "X-11", reading: "order-form-first" });
  const duty = partner.duty("2026-09-01T12:00:01Z", "AI-5b:2026-03");
  assert.deepEqual([duty.state, duty.dueAt], ["open", "2026-10-02T05:59:59.999Z"]);
});

test("a statement that came by post counts from its receipt, and its clock begins when the month is over (AI-5b)", () => {
  const partner = APartner.signed(ai);
  assert.deepEqual(partner.refuses("2026-05-03T16:00:00Z", "MakeStatement", { ...march, receivedAt: "2026-03-31T16:00:00Z" }), ["BEFORE_END"]);
  partner.take("2026-05-03T16:00:00Z", "MakeStatement", { ...march, receivedAt: "2026-04-29T16:00:00Z" });
  const duty = partner.duty("2026-05-03T16:00:00Z", "AI-5b:2026-03");
  assert.deepEqual([duty.state, duty.began], ["met", "2026-04-01T06:00:00.000Z"]);
});

test("a ledger that gives one month and currency twice is refused as a whole (AI-5b)", () => {
  const entry = { month: "2026-03", currency: "USD", gross: "1.00", taxes: "0", credits: "0", expenses: "0" };
  const ledger = { rows: 2, sha256: "0".repeat(64), months: [entry, entry] };
  assert.deepEqual(APartner.signed(ai).refuses(now, "ImportSales", ledger), ["TWICE"]);
});
