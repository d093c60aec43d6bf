// Audits on record, each resting on what allows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";

test("W-8: held on 10 March 2026, the next ordinary one on 10 March 2027; a breach or a regulator's letter allows one more, once (DPA-9.1, DPA-9.2)", () => {
  const partner = APartner.signed();
  const ask = (now: string, more: object = {}) => partner.refuses(now, "AskAudit", { on: now.slice(0, 10), ...more });
  const audit = refOf(partner.take("2026-03-10T16:00:00Z", "AskAudit", { on: "2026-03-10" }), "audit");
  assert.deepEqual(partner.refuses("2026-03-10T16:00:00Z", "HoldAudit", { audit, on: "2026-03-09", findings: 0 }), ["BEFORE_ASKED"]);
  partner.take("2026-03-10T16:00:00Z", "HoldAudit", { audit, on: "2026-03-10", findings: 0 });
  assert.deepEqual(ask("2026-10-01T16:00:00Z"), ["AUDIT_THIS_YEAR"]);
  assert.deepEqual(ask("2026-10-01T16:00:00Z", { because: "rumour" }), ["NO_RECORD"]);
  const breach = refOf(
    partner.take("2026-09-15T16:00:00Z", "NoteBreach", { suspectedAt: "2026-09-15T12:00:00Z", touchesPersonalData: true, causedByPartner: true }),
    "breach",
  );
  const [extra] = partner.take("2026-10-01T16:00:00Z", "AskAudit", { on: "2026-10-01", because: breach });
  assert.equal(extra?.type === "AuditAsked" && extra.as, "after-breach");
  assert.deepEqual(ask("2026-10-02T16:00:00Z", { because: breach }), ["RECORD_USED"]);
  const letter = refOf(partner.take("2026-11-05T16:00:00Z", "RecordRegulatorLetter", { on: "2026-11-05" }), "letter");
  const [forRegulator] = partner.take("2026-11-06T16:00:00Z", "AskAudit", { on: "2026-11-06", because: letter });
  assert.equal(forRegulator?.type === "AuditAsked" && forRegulator.as, "for-regulator");
  assert.deepEqual(ask("2027-03-09T16:00:00Z"), ["AUDIT_THIS_YEAR"]);
  partner.take("2027-03-10T16:00:00Z", "AskAudit", { on: "2027-03-10" });
});

test("a question is not dated before the audit that was held (DPA-9.1)", () => {
  const partner = APartner.signed();
  const audit = refOf(partner.take("2026-03-10T16:00:00Z", "AskAudit", { on: "2026-03-10" }), "audit");
  partner.take("2026-03-10T16:00:00Z", "HoldAudit", { audit, on: "2026-03-10", findings: 0 });
  assert.deepEqual(partner.refuses("2026-10-01T16:00:00Z", "AskAudit", { on: "2026-03-09" }), ["OUT_OF_ORDER"]);
});
