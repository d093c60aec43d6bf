// Costs: whole numbers on record, asked back once, only for a production that was made and only where the paper's law lets the company ask.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  at,
  details,
  history,
  learning,
  line,
  onDay,
  opensAt,
  received,
  releasable,
  releaseCommand,
  sealed,
  signed,
  take,
  told,
  us,
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import { recordCosts } from "./record-costs.ts";
import { release } from "./release-steps.ts";

const on = at(opensAt);
const gone = take(releasable, release, releaseCommand, on);
const words = { work: "Search and export of one account.", payTo: "Northwind Ltd, IBAN DE00" };
const bill = { hours: "1.25", ratePerHour: "80", expenses: "12.5", currency: "USD", replaces: false, private: words };

test("costs are recorded by the desk's people, in hundredths of an hour and in cents, and the words are sealed away", () => {
  told(gone, recordCosts)
    .when(bill, on)
    .then({ type: "CostsRecorded", hundredthsOfHour: 125, centsPerHour: 8000, expenseCents: 1250, currency: "USD", words: sealed(`evidence-${gone.length}`) });
  assert.deepEqual(recordCosts.askers, ["analyst", "counsel"]);
});

test("a number is read with a point or a comma and at most two decimals, and nothing is rounded", () => {
  const cents = (text: string) => {
    const parsed = recordCosts.schema.safeParse({ ...bill, type: "RecordCosts", hours: text });
    return parsed.success ? (parsed.data as { readonly hours: number }).hours : undefined;
  };
  assert.deepEqual(["1", "1.5", "1,5", "1.05", " 12.50 ", "0", "9999999.99"].map(cents), [100, 150, 150, 105, 1250, 0, 999_999_999]);
  for (const text of ["", "-1", "1.", ".5", "1.255", "1.5.5", "1e3", "x1", "1x", "10000000", "1 000"]) assert.equal(cents(text), undefined, text);
});

test("before a paper is known there is nothing to ask costs back for", () => {
  told(history([received()]), recordCosts)
    .when(bill, on)
    .refused("NOT_RELEASED", "NO_COSTS_RULE");
});

test("expenses may be left out, and then there were none", () => {
  const { expenses: _, ...without } = bill;
  told(gone, recordCosts).when(without, on).then({ type: "CostsRecorded", expenseCents: 0 });
});

test("a currency is three capital letters", () => {
  const fits = (currency: string) => recordCosts.schema.safeParse({ ...bill, type: "RecordCosts", currency }).success;
  assert.deepEqual(["EUR", "eur", "EU", "EURO", "$"].map(fits), [true, false, false, false, false]);
});

test("costs are asked back only for a production that was made, under each company's own clause", () => {
  const clauses = [on, at(opensAt, { policy: learning })].map((when) =>
    told(releasable, recordCosts)
      .when(bill, when)
      .refused("NOT_RELEASED")
      .map(({ clause }) => clause),
  );
  assert.deepEqual(clauses, [["KDRP-8"], ["IGRP-9"]]);
});

function releasedUnder(paper: string | undefined) {
  const { instrument: _, ...unknown } = details({ lines: [line("L1")] });
  const known = details({ instrument: { id: paper ?? "", signedBy: "judge", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } });
  const out: CaseFact = { type: "ProductionReleased", package: "p", expiresAt: on.now, downloads: 3, link: "l" };
  return history([received(), paper === undefined ? unknown : known, signed(), out]);
}

test("costs are asked back under every paper of the United States whose law says so, and under no other", () => {
  for (const { id, costs, phrase, citation } of us.instruments) {
    const asked = told(releasedUnder(id), recordCosts).when(bill, on);
    if (costs !== undefined) asked.then({ type: "CostsRecorded" });
    else
      assert.deepEqual(
        asked.refused("NO_COSTS_RULE").map(({ because }) => because),
        [`The law of ${phrase} has no rule on costs (${citation}), so nothing can be asked back. A paper whose pack has such a rule would change this.`],
      );
  }
});

test("where no paper is known nothing can be asked back", () => {
  for (const paper of ["XX-NONE", undefined])
    assert.deepEqual(
      told(releasedUnder(paper), recordCosts)
        .when(bill, on)
        .refused("NO_COSTS_RULE")
        .map(({ clause, because }) => [clause, because.slice(0, 17)]),
      [["KDRP-8", "No paper is known"]],
    );
});

test("what comes to nothing is no invoice; half a cent is a cent", () => {
  const sum = (hours: string, ratePerHour: string, expenses: string) => told(gone, recordCosts).when({ ...bill, hours, ratePerHour, expenses }, on);
  sum("0", "80", "0").refused("NOTHING_TO_PAY");
  sum("1", "0", "0").refused("NOTHING_TO_PAY");
  sum("0.07", "0.07", "0").refused("NOTHING_TO_PAY");
  sum("0.1", "0.05", "0").then({ type: "CostsRecorded" });
  sum("0.07", "0.07", "0.01").then({ type: "CostsRecorded" });
  sum("0", "0", "0.01").then({ type: "CostsRecorded" });
});

test("the same money is not asked for twice: a second invoice says that it takes the place of the first, and a first one cannot", () => {
  told(gone, recordCosts)
    .when({ ...bill, replaces: true }, on)
    .refused("NO_INVOICE");
  const billed = take(gone, recordCosts, bill, on);
  told(billed, recordCosts).when(bill, on).refused("COSTS_RECORDED");
  told(billed, recordCosts)
    .when({ ...bill, hours: "2", replaces: true }, on)
    .then({ type: "CostsRecorded", hundredthsOfHour: 200 });
});

test("what was done and where to pay are said in words that say something, and with no more than a record can hold", () => {
  const bounds = (lengths: readonly number[], member: string) =>
    lengths.map((length) => recordCosts.schema.safeParse({ ...bill, type: "RecordCosts", private: { ...words, [member]: "w".repeat(length) } }).success);
  assert.deepEqual(bounds([2, 3, 2000, 2001], "work"), [false, true, true, false]);
  assert.deepEqual(bounds([0, 2000, 2001], "expenses"), [true, true, false]);
  assert.deepEqual(bounds([2, 3, 2000, 2001], "payTo"), [false, true, true, false]);
});

test("blanks around the words are no words", () => {
  const parsed = (changes: object) => recordCosts.schema.safeParse({ ...bill, type: "RecordCosts", private: { ...words, ...changes } });
  for (const member of ["work", "payTo"]) assert.equal(parsed({ [member]: "     " }).success, false, member);
  const kept = parsed({ work: " Search. ", expenses: " Courier. ", payTo: " IBAN DE00 " });
  assert.deepEqual(kept.success && (kept.data as { readonly private: unknown }).private, { work: "Search.", expenses: "Courier.", payTo: "IBAN DE00" });
});

test("the desk says whether an invoice is written already, or none is there to be replaced", () => {
  const billed = take(gone, recordCosts, bill, on);
  const said = (past: typeof gone, replaces: boolean, code: string) =>
    told(past, recordCosts)
      .when({ ...bill, replaces }, on)
      .refused(code)
      .map(({ clause, because }) => `${clause} ${because}`);
  assert.deepEqual(said(billed, false, "COSTS_RECORDED"), [
    "KDRP-8 The costs are on record and their invoice is written. Say that this one takes its place, where it was wrong.",
  ]);
  assert.deepEqual(said(gone, true, "NO_INVOICE"), ["KDRP-8 No invoice has been written that this one could take the place of. Say that it is the first."]);
});
