// Acts that need leave or proof first, and registers with dated entries.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, contract, refOf } from "../../../tests/a-partner.ts";

const now = "2026-03-02T16:00:00Z";
const asPartner = "partner:P-0000-0001";

function gate(clause: string) {
  const found = contract.clauses.find(({ id }) => id === clause);
  return found?.works?.as === "gate" ? found.works : assert.fail(`${clause} is no gate`);
}

const needs = (clause: string) => gate(clause).needs.map(({ id }) => `${clause}/${id}`);

test("an act is refused for each thing that is not shown, and recorded when all are: PPT-3(b), PPT-9.2, PPT-15b, AI-3c, DPA-4", () => {
  for (const clause of ["PPT-3(b)", "PPT-9.2", "PPT-15b", "AI-3c", "DPA-4"]) {
    const partner = APartner.signed();
    const act = { clause, on: "2026-03-02" };
    assert.deepEqual(
      partner.refuses(now, "RecordAct", { ...act, shows: [] }, asPartner),
      needs(clause).map(() => "NOT_SHOWN"),
      clause,
    );
    for (const need of needs(clause))
      assert.deepEqual(partner.refuses(now, "RecordAct", { ...act, shows: needs(clause).filter((each) => each !== need) }, asPartner), ["NOT_SHOWN"], need);
    partner.report(now, "RecordAct", { ...act, shows: needs(clause) });
  }
});

test("what needs the company's leave is refused without it, while it is asked, when it is refused and when it was used: PPT-7a, PPT-13e, PPT-20a, DPA-2.2, SEC-1.2.3", () => {
  for (const clause of ["PPT-7a", "PPT-13e", "PPT-20a", "DPA-2.2", "SEC-1.2.3"]) {
    const partner = APartner.signed();
    const act = { clause, on: "2026-03-02", shows: needs(clause) };
    const because = (leave?: string) =>
      partner.reasons(now, "RecordAct", { ...act, ...(leave === undefined ? {} : { leave }) }, asPartner).map(({ code, because: words }) => `${code} ${words}`);
    assert.match(because().join(), /^NO_LEAVE It needs the written leave of the vendor first/, clause);
    const first = refOf(partner.report(now, "AskLeave", { clause }), "leave");
    assert.match(because(first).join(), /not decided yet/, clause);
    partner.take(now, "DecideLeave", { leave: first, answer: "refused" });
    assert.match(because(first).join(), /refused/, clause);
    assert.deepEqual(partner.refuses(now, "DecideLeave", { leave: first, answer: "granted" }), ["DECIDED"]);
    const second = refOf(partner.report(now, "AskLeave", { clause }), "leave");
    partner.take(now, "DecideLeave", { leave: second, answer: "granted" });
    partner.report(now, "RecordAct", { ...act, leave: second });
    assert.match(because(second).join(), /has been used/, clause);
  }
});

test("a leave for one act opens no other (PPT-7a, PPT-20a)", () => {
  const partner = APartner.signed();
  const leave = refOf(partner.report(now, "AskLeave", { clause: "PPT-7a" }), "leave");
  partner.take(now, "DecideLeave", { leave, answer: "granted" });
  assert.deepEqual(partner.refuses(now, "RecordAct", { clause: "PPT-20a", leave, on: "2026-03-02", shows: needs("PPT-20a") }, asPartner), ["NO_LEAVE"]);
  assert.deepEqual(partner.refuses(now, "AskLeave", { clause: "PPT-3(b)" }), ["NO_SUCH_LEAVE"]);
});

test("confidential information goes out only after the notice, the objection, counsel's opinion and the request for confidential treatment (PPT-9.4a, PPT-9.4c)", () => {
  const partner = APartner.signed();
  const occasion = refOf(partner.report(now, "RecordOccasion", { clause: "PPT-9.4a", at: now }), "occasion");
  const act = { clause: "PPT-9.4c", on: "2026-03-02", shows: needs("PPT-9.4c") };
  assert.deepEqual(partner.refuses(now, "RecordAct", act, asPartner), ["NOT_YET_KEPT"]);
  assert.deepEqual(partner.refuses("2026-03-04T16:00:00Z", "RecordAct", act, asPartner), ["OVERDUE_BEFORE"]);
  partner.report(now, "GiveAnswer", { occasion, shows: ["paper", "what", "by-when"] });
  assert.deepEqual(partner.refuses(now, "RecordAct", { ...act, shows: act.shows.slice(1) }, asPartner), ["NOT_SHOWN"]);
  partner.report(now, "RecordAct", act);
});

test("while fees are overdue the company need not defend a claim about its Services (PPT-13a)", () => {
  const partner = APartner.signed();
  const act = { clause: "PPT-13a", on: "2026-03-02", shows: needs("PPT-13a") };
  const invoice = refOf(
    partner.take("2026-01-05T12:00:00Z", "IssueInvoice", { number: "R-1", kind: "upgrade", datedOn: "2026-01-05", currency: "USD", net: "100", taxes: "7" }),
    "invoice",
  );
  assert.deepEqual(partner.refuses(now, "RecordAct", act, asPartner), ["OVERDUE_BEFORE"]);
  partner.take(now, "PayInvoice", { invoice, on: "2026-03-02" });
  partner.report(now, "RecordAct", act);
});

test("registers take dated entries and nothing else: PPT-3, PPT-7b, PPT-9.4b, PPT-13b, DPA-2.2.1(v), DPA-3c, DPA-9.3, SEC-1.2.1, SEC-2.2, USP-4.3, EUK-4.1(iii), UKA-T4", () => {
  const registers = [
    "PPT-3",
    "PPT-7b",
    "PPT-9.4b",
    "PPT-13b",
    "DPA-2.2.1(v)",
    "DPA-3c",
    "DPA-9.3",
    "SEC-1.2.1",
    "SEC-2.2",
    "USP-4.3",
    "EUK-4.1(iii)",
    "UKA-T4",
  ];
  const partner = APartner.signed();
  for (const clause of registers) {
    const [fact] = partner.report(now, "KeepEntry", { clause, on: "2026-03-01" });
    assert.deepEqual(
      [fact?.type, fact?.type === "EntryKept" && fact.clause, fact?.type === "EntryKept" && fact.paper?.vault !== undefined],
      ["EntryKept", clause, true],
    );
    assert.deepEqual(partner.refuses(now, "KeepEntry", { clause, on: "2026-03-03" }), ["NOT_YET"]);
  }
  assert.deepEqual(partner.refuses(now, "KeepEntry", { clause: "DPA-8.1a", on: "2026-03-01" }), ["NO_SUCH_REGISTER"]);
});

test("without a demand on record and its notice no confidential information goes out (PPT-9.4c)", () => {
  assert.deepEqual(APartner.signed().refuses(now, "RecordAct", { clause: "PPT-9.4c", on: "2026-03-02", shows: needs("PPT-9.4c") }, asPartner), ["NO_NOTICE"]);
});

test("an act is not dated before its leave, and after the end only what lives on is done (PPT-7a, PPT-4c, DPA-4)", () => {
  const partner = APartner.signed();
  const leave = refOf(partner.report(now, "AskLeave", { clause: "PPT-7a" }), "leave");
  partner.take(now, "DecideLeave", { leave, answer: "granted" });
  const act = { clause: "PPT-7a", leave, shows: needs("PPT-7a") };
  assert.deepEqual(partner.refuses(now, "RecordAct", { ...act, on: "2025-02-01" }, asPartner), ["BEFORE_LEAVE"]);
  partner.take(now, "EndAgreement", { ground: "agreed", on: "2026-03-02" });
  const later = "2026-04-02T16:00:00Z";
  assert.deepEqual(partner.refuses(later, "RecordAct", { clause: "DPA-4", on: "2026-04-02", shows: needs("DPA-4") }, asPartner), ["NOT_RUNNING"]);
  partner.report(later, "RecordAct", { ...act, on: "2026-04-02" });
});
