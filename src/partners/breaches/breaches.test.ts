// Security breaches on record: told in a day, updated every day, closed when nothing is missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";

const suspected = "2026-10-24T07:00:00Z";
const whole = { to: ["security", "privacy"], blocks: ["nature", "contact", "consequences", "measures"] };
const breach = { suspectedAt: suspected, touchesPersonalData: true, causedByPartner: true };

test("W-5: suspected on Saturday at 09:00 in Berlin, told by Sunday 08:00, to both mailboxes and in four blocks (SEC-2.1a, SEC-2.1b)", () => {
  const partner = APartner.signed({ zone: "Europe/Berlin" });
  const id = refOf(partner.report("2026-10-25T06:00:00Z", "ReportBreach", { ...breach, to: ["security"], blocks: ["nature", "contact"] }), "breach");
  const duty = partner.duty("2026-10-25T07:00:00Z", "SEC-2.1a:");
  assert.deepEqual(
    [duty.state, duty.dueAt, duty.findings.map(({ code }) => code)],
    ["open", "2026-10-25T07:00:00.000Z", ["MAILBOX_MISSING", "BLOCK_MISSING", "BLOCK_MISSING"]],
  );
  partner.report("2026-10-25T07:00:01Z", "UpdateBreach", { breach: id, ...whole });
  assert.equal(partner.duty("2026-10-26T00:00:00Z", "SEC-2.1a:").state, "late");
});

test("each word asks for the next one a day later until the breach is closed, and it closes only with a whole notice (SEC-2.1b, SEC-2.2)", () => {
  const partner = APartner.signed();
  const id = refOf(partner.report("2026-10-24T08:00:00Z", "ReportBreach", { ...breach, to: ["security", "privacy"], blocks: ["nature"] }), "breach");
  assert.deepEqual(partner.refuses("2026-10-24T09:00:00Z", "CloseBreach", { breach: id }), ["BLOCK_MISSING", "BLOCK_MISSING", "BLOCK_MISSING"]);
  partner.report("2026-10-25T07:00:00Z", "UpdateBreach", { breach: id, ...whole });
  assert.equal(partner.duty("2026-10-25T08:00:00Z", `SEC-2.1b:${id}:0`).state, "met");
  assert.equal(partner.duty("2026-10-26T07:00:01Z", `SEC-2.1b:${id}:1`).state, "overdue");
  partner.take("2026-10-26T06:00:00Z", "CloseBreach", { breach: id });
  assert.equal(partner.duty("2026-10-26T07:00:01Z", `SEC-2.1b:${id}:1`).state, "excused");
  assert.deepEqual(partner.refuses("2026-10-27T06:00:00Z", "UpdateBreach", { breach: id, ...whole }), ["NO_SUCH_BREACH"]);
});

test("a breach that the company learned of otherwise is still the partner's to tell (SEC-2.1a)", () => {
  const partner = APartner.signed();
  const id = refOf(partner.take("2026-10-24T08:00:00Z", "NoteBreach", breach), "breach");
  assert.equal(partner.duty("2026-10-25T07:00:01Z", "SEC-2.1a:").state, "overdue");
  assert.deepEqual(partner.refuses("2026-10-25T08:00:00Z", "CloseBreach", { breach: id }), ["NOT_TOLD"]);
  partner.report("2026-10-25T08:00:00Z", "UpdateBreach", { breach: id, ...whole });
  assert.equal(partner.duty("2026-10-25T09:00:00Z", "SEC-2.1a:").state, "late");
});

test("counsel corrects what the partner said of a breach, and the right to end the agreement follows (SEC-2.3)", () => {
  const partner = APartner.signed();
  const said = { ...breach, touchesPersonalData: false, causedByPartner: false, ...whole };
  const id = refOf(partner.report("2026-10-24T08:00:00Z", "ReportBreach", said), "breach");
  const end = { ground: "security-breach", because: id, on: "2026-10-25" };
  assert.deepEqual(partner.refuses("2026-10-25T16:00:00Z", "EndAgreement", end), ["NO_PERSONAL_DATA", "NOT_CAUSED"]);
  partner.take("2026-10-25T16:00:00Z", "CorrectBreach", { breach: id, touchesPersonalData: true, causedByPartner: true });
  assert.equal(partner.duty("2026-10-25T16:00:00Z", "SEC-2.1a:").state, "met");
  assert.deepEqual(partner.refuses("2026-10-25T16:00:00Z", "UpdateBreach", { breach: id, ...whole, receivedAt: "2020-01-01T00:00:00Z" }), ["TOLD_BEFORE"]);
  partner.take("2026-10-25T16:00:00Z", "EndAgreement", end);
});
