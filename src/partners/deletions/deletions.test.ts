// Return and deletion on record: the earlier end, held stores, and a certificate that says no more than was done.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";

function ended() {
  const partner = APartner.signed();
  partner.take("2026-09-30T16:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-09-30" });
  return partner;
}

test("W-7: ended on 30 September 2026, due 29 December; a request of 20 October shortens it to 19 November, one of 15 December does not extend it (DPA-10a, DPA-10b)", () => {
  const partner = ended();
  const now = "2026-10-20T16:00:00Z";
  assert.equal(partner.duty(now, "DPA-10a:").dueAt, "2026-12-30T06:59:59.999Z");
  partner.take(now, "AskDeletion", { receivedOn: "2026-10-20", how: "delete" });
  assert.equal(partner.duty(now, "DPA-10b:").dueAt, "2026-11-20T06:59:59.999Z");
  const late = ended();
  late.take("2026-12-15T16:00:00Z", "AskDeletion", { receivedOn: "2026-12-15", how: "delete" });
  assert.equal(late.duty("2026-12-15T16:00:00Z", "DPA-10b:").dueAt, "2026-12-30T06:59:59.999Z");
});

test("a hold keeps only what it names: everything else is cleared, and the certificate names both, backups included (DPA-10a, DPA-10d)", () => {
  const partner = ended();
  const now = "2026-10-10T16:00:00Z";
  assert.deepEqual(
    partner.duty(now, "DPA-10a:").findings.map(({ code }) => code),
    ["NO_STORE"],
  );
  for (const [store, kind] of [
    ["db", "live"],
    ["tapes", "backup"],
    ["mail", "archive"],
  ])
    partner.report(now, "NameStore", { store, kind });
  const hold = refOf(partner.take(now, "PlaceHold", { store: "mail", ground: "us-preservation" }), "hold");
  assert.deepEqual(partner.refuses(now, "ClearStore", { store: "mail", on: "2026-10-10", how: "deleted" }), ["HELD"]);
  assert.deepEqual(partner.refuses(now, "GiveCertificate", { through: "2026-10-10" }), ["NOT_CLEARED", "NOT_CLEARED"]);
  for (const store of ["db", "tapes"]) partner.report(now, "ClearStore", { store, on: "2026-10-10", how: "deleted" });
  assert.equal(partner.duty(now, "DPA-10a:").state, "met");
  const [certificate] = partner.report(now, "GiveCertificate", { through: "2026-10-10" });
  assert.deepEqual(certificate?.type === "CertificateGiven" && [certificate.stores, certificate.held], [["db", "tapes"], ["mail"]]);
  partner.take(now, "LiftHold", { hold, on: "2026-10-10" });
  assert.equal(partner.duty(now, "DPA-10a:").state, "open");
});

test("a certificate for the wrong period is refused: before the end of the agreement, or before a store was cleared (DPA-10d)", () => {
  const partner = ended();
  const now = "2026-10-20T16:00:00Z";
  partner.report(now, "NameStore", { store: "db", kind: "live" });
  partner.report(now, "ClearStore", { store: "db", on: "2026-10-15", how: "deleted" });
  assert.deepEqual(partner.refuses(now, "GiveCertificate", { through: "2026-10-14" }), ["WRONG_PERIOD"]);
  assert.deepEqual(partner.refuses(now, "GiveCertificate", { through: "2026-09-29" }), ["WRONG_PERIOD", "WRONG_PERIOD"]);
  partner.take("2026-10-16T16:00:00Z", "AskCertificate", { receivedAt: "2026-10-16T16:00:00Z" });
  assert.equal(partner.duty(now, "DPA-10d:").dueAt, "2026-10-24T05:59:59.999Z");
  partner.report(now, "GiveCertificate", { through: "2026-10-20" });
  assert.equal(partner.duty("2026-11-01T16:00:00Z", "DPA-10d:").state, "met");
});

test("a store is named once, cleared once, and held only while it is there", () => {
  const partner = ended();
  const now = "2026-10-20T16:00:00Z";
  partner.report(now, "NameStore", { store: "db", kind: "live" });
  assert.deepEqual(partner.refuses(now, "NameStore", { store: "db", kind: "backup" }), ["KNOWN"]);
  assert.deepEqual(partner.refuses(now, "ClearStore", { store: "cellar", on: "2026-10-20", how: "deleted" }), ["NO_SUCH_STORE"]);
  partner.report(now, "ClearStore", { store: "db", on: "2026-10-20", how: "deleted" });
  assert.deepEqual(partner.refuses(now, "ClearStore", { store: "db", on: "2026-10-20", how: "deleted" }), ["CLEARED"]);
  assert.deepEqual(partner.refuses(now, "PlaceHold", { store: "db", ground: "legal-hold" }), ["NOTHING_TO_HOLD"]);
});
