// Government requests that reach a partner: told, assessed, challenged, and answered with the minimum.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";

const asPartner = "partner:P-0000-0001";
/** Friday 6 March 2026, 22:15 in Denver. */
const received = "2026-03-07T05:15:00Z";
const seen = { receivedAt: received, servedOn: "partner", isBinding: true, country: "US" };

test("W-4: a binding request of Friday night is told by Monday 23:15 in Denver, an hour later on the wall for the clocks went forward (DPA-8.1a)", () => {
  const partner = APartner.signed();
  partner.report("2026-03-07T06:00:00Z", "NoteAccessRequest", seen);
  const duty = partner.duty("2026-03-10T05:15:00Z", "DPA-8.1a:");
  assert.deepEqual([duty.state, duty.dueAt], ["open", "2026-03-10T05:15:00.000Z"]);
  assert.match(duty.derivation, /Mon 9 Mar 2026 23:15 Denver \(clocks went forward\)/);
  assert.equal(partner.duty("2026-03-10T05:15:00.001Z", "DPA-8.1a:").state, "overdue");
  partner.report("2026-03-10T05:15:00Z", "TellOfAccessRequest", { request: duty.id.slice(9) });
  assert.equal(partner.duty("2026-04-01T00:00:00Z", "DPA-8.1a:").state, "met");
});

test("W-4: served on its sub-processor, the clock runs from there; a request that does not bind owes no notice (DPA-8.1a, DPA-6.2)", () => {
  const partner = APartner.signed();
  partner.report("2026-03-08T05:15:00Z", "ReportAccessRequest", { ...seen, servedOn: "sub-processor" });
  assert.equal(partner.duty("2026-03-09T05:15:00Z", "DPA-8.1a:").state, "met");
  const other = APartner.signed();
  other.report("2026-03-08T05:15:00Z", "NoteAccessRequest", { ...seen, isBinding: false });
  assert.deepEqual(
    other.duties("2026-03-20T05:15:00Z").filter(({ clause }) => clause === "DPA-8.1a"),
    [],
  );
});

test("while telling is forbidden the clock is suspended, waivers are tried within a day, and a fresh day follows the end (DPA-8.1b)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report("2026-03-07T06:00:00Z", "NoteAccessRequest", { ...seen, forbiddenFrom: received }), "request");
  const at = "2026-03-20T12:00:00Z";
  assert.deepEqual(
    [partner.duty(at, "DPA-8.1a:").state, partner.duty(at, "DPA-8.1b:").state, partner.duty(at, "DPA-8.1a:").findings.map(({ code }) => code)],
    ["suspended", "overdue", ["NO_ATTEMPT"]],
  );
  assert.deepEqual(partner.refuses(at, "ForbidTelling", { request, from: at }, asPartner), ["FORBIDDEN"]);
  partner.report(at, "TryWaiver", { request, at, answer: "refused" });
  partner.report("2026-04-01T12:00:00Z", "EndProhibition", { request, at: "2026-04-01T12:00:00Z" });
  assert.deepEqual(
    [partner.duty("2026-04-02T12:00:00Z", "DPA-8.1a:").state, partner.duty("2026-04-02T12:00:00Z", "DPA-8.1a:").dueAt],
    ["open", "2026-04-02T12:00:00.000Z"],
  );
  assert.deepEqual(partner.refuses("2026-04-02T12:00:00Z", "EndProhibition", { request, at: "2026-04-02T12:00:00Z" }, asPartner), ["NOT_FORBIDDEN"]);
  assert.deepEqual(partner.refuses("2026-04-02T12:00:00Z", "ForbidTelling", { request, from: "2026-03-30T12:00:00Z" }), ["OVERLAPS"]);
});

const give = { on: "2026-03-12", asked: 4, given: 2 };
const later = "2026-03-12T18:00:00Z";

test("nothing is disclosed untold or unassessed, and nothing that no law compels (DPA-2.2.2(1), DPA-8.2a)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report("2026-03-07T06:00:00Z", "NoteAccessRequest", { ...seen, isBinding: false }), "request");
  assert.deepEqual(partner.refuses(later, "RecordDisclosure", { ...give, request }, asPartner), ["NOT_BINDING", "NOT_TOLD", "NOT_ASSESSED"]);
});

function assessed(hasGrounds: boolean) {
  const partner = APartner.signed();
  const request = refOf(partner.report("2026-03-07T06:00:00Z", "ReportAccessRequest", seen), "request");
  partner.report("2026-03-08T06:00:00Z", "AssessLawfulness", { request, hasGrounds, ...(hasGrounds ? { challengeBy: "2026-03-20" } : {}) });
  return { partner, request, ask: (more: object = {}) => partner.refuses(later, "RecordDisclosure", { ...give, request, ...more }, asPartner) };
}

test("a lawful request is answered with no more than was asked, item by item (DPA-8.2d)", () => {
  const { partner, request, ask } = assessed(false);
  assert.deepEqual(ask({ given: 5 }), ["MORE_THAN_ASKED"]);
  partner.report(later, "RecordDisclosure", { ...give, request });
});

test("where there are grounds it must be challenged in the time of the local law, with an application to suspend it (DPA-8.2a, DPA-8.2b)", () => {
  const { partner, request, ask } = assessed(true);
  assert.deepEqual(ask(), ["NOT_CHALLENGED"]);
  const duty = partner.duty(later, "DPA-8.2a:");
  assert.deepEqual([duty.state, duty.dueAt, duty.basis], ["open", "2026-03-21T05:59:59.999Z", "law"]);
  const challenge = { request, step: "challenge", on: "2026-03-12", asksSuspension: true };
  assert.deepEqual(partner.refuses(later, "ChallengeAccess", { ...challenge, asksSuspension: false }, asPartner), ["NO_SUSPENSION"]);
  assert.deepEqual(partner.refuses(later, "ChallengeAccess", { ...challenge, step: "appeal" }, asPartner), ["NO_RULING"]);
  partner.report(later, "ChallengeAccess", challenge);
  assert.equal(partner.duty("2026-04-01T06:00:00Z", "DPA-8.2a:").state, "met");
  assert.deepEqual(partner.refuses(later, "ChallengeAccess", challenge, asPartner), ["CHALLENGED"]);
});

test("while a challenge or an appeal is pending nothing leaves, and never what the court struck down (DPA-8.2c)", () => {
  const { partner, request, ask } = assessed(true);
  partner.report(later, "ChallengeAccess", { request, step: "challenge", on: "2026-03-12", asksSuspension: true });
  assert.deepEqual(ask(), ["CHALLENGE_PENDING"]);
  partner.report(later, "RuleOnChallenge", { request, outcome: "rejected", on: "2026-03-12", appealBy: "2026-03-30" });
  assert.deepEqual(ask(), ["APPEAL_OPEN"]);
  assert.equal(partner.duty("2026-03-31T06:00:00Z", `DPA-8.2a:${request}:appeal`).state, "overdue");
  partner.report(later, "ChallengeAccess", { request, step: "appeal", on: "2026-03-12", asksSuspension: true });
  assert.deepEqual(ask(), ["CHALLENGE_PENDING"]);
  partner.report(later, "RuleOnChallenge", { request, outcome: "upheld", on: "2026-03-12" });
  assert.deepEqual(ask(), ["REQUEST_FELL"]);
  assert.deepEqual(partner.refuses(later, "RuleOnChallenge", { request, outcome: "rejected", on: "2026-03-12" }, asPartner), ["NOTHING_PENDING"]);
});

test("direct access by a public body is a record of its own, and the customers are told within a day (IGRP-2)", () => {
  const partner = APartner.signed();
  const access = refOf(partner.report(received, "ReportDirectAccess", { knownAt: received }), "access");
  const duty = partner.duty("2026-03-08T05:15:00Z", `IGRP-2:${access}`);
  assert.deepEqual([duty.owedBy, duty.state, duty.dueAt], ["vendor", "open", "2026-03-08T05:15:00.000Z"]);
  assert.equal(partner.duty("2026-03-08T05:15:00.001Z", `IGRP-2:${access}`).state, "overdue");
  partner.take("2026-03-08T06:00:00Z", "TellOfDirectAccess", { access, at: "2026-03-08T05:00:00Z" });
  assert.equal(partner.duty("2026-03-09T06:00:00Z", `IGRP-2:${access}`).state, "met");
});

test("the company's day to tell of direct access runs from the partner's report, and the partner owes that report within a day (IGRP-2)", () => {
  const partner = APartner.signed();
  const access = refOf(partner.report("2026-03-10T00:00:00Z", "ReportDirectAccess", { knownAt: "2026-03-02T00:00:00Z" }), "access");
  const at = "2026-03-10T00:00:00Z";
  assert.deepEqual([partner.duty(at, `IGRP-2:${access}`).dueAt, partner.duty(at, "IGRP-2:report:").state], ["2026-03-11T00:00:00.000Z", "late"]);
});

test("a partner dates back neither a prohibition nor its attempt to have it waived (DPA-8.1a, DPA-8.1b)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report("2026-03-07T06:00:00Z", "NoteAccessRequest", seen), "request");
  const at = "2026-03-20T00:00:00Z";
  partner.report(at, "ForbidTelling", { request, from: "2026-03-08T00:00:00Z" });
  assert.equal(partner.duty(at, "DPA-8.1a:").state, "overdue");
  partner.report("2026-03-22T00:00:00Z", "TryWaiver", { request, at: "2026-03-20T10:00:00Z", answer: "refused" });
  assert.equal(partner.duty("2026-03-22T00:00:00Z", "DPA-8.1b:").state, "late");
});

test("a waiver that is tried after the prohibition ended is late, and the next prohibition stands by itself (DPA-8.1b)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report("2026-03-07T06:00:00Z", "NoteAccessRequest", { ...seen, forbiddenFrom: received }), "request");
  partner.report("2026-03-10T00:00:00Z", "EndProhibition", { request, at: "2026-03-10T00:00:00Z" });
  partner.report("2026-03-11T00:00:00Z", "TryWaiver", { request, at: "2026-03-11T00:00:00Z", answer: "granted" });
  assert.equal(partner.duty("2026-03-12T00:00:00Z", "DPA-8.1b:").state, "late");
  partner.report("2026-03-10T00:00:00Z", "ForbidTelling", { request, from: "2026-03-10T00:00:00Z" });
  assert.equal(partner.duty("2026-03-12T00:00:00Z", "DPA-8.1a:").state, "suspended");
  partner.report("2026-03-15T00:00:00Z", "EndProhibition", { request, at: "2026-03-15T00:00:00Z" });
  assert.equal(partner.duty("2026-03-15T00:00:00Z", "DPA-8.1a:").dueAt, "2026-03-16T00:00:00.000Z");
});

test("grounds once found stand until counsel withdraws them, and the partner does not move the last day out (DPA-8.2a)", () => {
  const { partner, request } = assessed(true);
  const by = "2026-03-25T18:00:00Z";
  assert.deepEqual(partner.refuses(by, "AssessLawfulness", { request, hasGrounds: false }, asPartner), ["GROUNDS_STAND"]);
  assert.deepEqual(partner.refuses(by, "AssessLawfulness", { request, hasGrounds: true, challengeBy: "2027-03-10" }, asPartner), ["LATER_DAY"]);
  assert.deepEqual([partner.duty(by, "DPA-8.2a:").state, partner.duty(by, "DPA-8.2a:").began], ["overdue", "2026-03-08T06:00:00.000Z"]);
  partner.take(by, "WithdrawGrounds", { request });
  assert.equal(partner.duty(by, "DPA-8.2a:").state, "excused");
  assert.deepEqual(partner.refuses(by, "WithdrawGrounds", { request }), ["NO_GROUNDS"]);
  partner.report(by, "RecordDisclosure", { ...give, request });
});

test("a challenge that is filed late is late, whatever day the partner gives, and never before the request (DPA-8.2a)", () => {
  const { partner, request } = assessed(true);
  const challenge = { request, step: "challenge", on: "2026-01-01", asksSuspension: true };
  assert.deepEqual(partner.refuses(later, "ChallengeAccess", challenge), ["FILED_BEFORE"]);
  partner.report("2026-06-20T18:00:00Z", "ChallengeAccess", challenge);
  const { state, dueAt = "", settledAt = "" } = partner.duty("2026-06-20T18:00:00Z", "DPA-8.2a:");
  assert.deepEqual([state, settledAt > dueAt], ["late", true]);
});

test("a disclosure is recorded once, and not with a day that is still to come (DPA-8.2c, DPA-8.2d)", () => {
  const { partner, request, ask } = assessed(false);
  assert.deepEqual(ask({ on: "2026-03-31" }), ["NOT_YET"]);
  partner.report(later, "RecordDisclosure", { ...give, request });
  assert.deepEqual(ask(), ["DISCLOSED"]);
});

test("counsel corrects what a partner said of a request, and a notice that binds is owed from its receipt (DPA-8.1a)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report("2026-03-07T06:00:00Z", "NoteAccessRequest", { ...seen, isBinding: false }), "request");
  partner.take("2026-03-12T06:00:00Z", "CorrectAccessRequest", { request, isBinding: true });
  assert.equal(partner.duty("2026-03-12T06:00:00Z", "DPA-8.1a:").state, "overdue");
  assert.deepEqual(partner.refuses("2026-03-12T06:00:00Z", "TellOfAccessRequest", { request, receivedAt: "2026-03-01T00:00:00Z" }), ["TOLD_BEFORE"]);
});

test("a report that reached the company before the request was received is a slip of the pen", () => {
  assert.deepEqual(APartner.signed().refuses(later, "ReportAccessRequest", { ...seen, toldAt: "2026-03-01T00:00:00Z" }), ["TOLD_BEFORE"]);
});
