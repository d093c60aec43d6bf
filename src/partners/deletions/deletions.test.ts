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
  assert.equal(partner.duty(now, "DPA-10a:").state, "suspended");
  const [certificate] = partner.report(now, "GiveCertificate", { through: "2026-10-10" });
  assert.deepEqual(certificate?.type === "CertificateGiven" && [certificate.stores, certificate.held], [["db", "tapes"], ["mail"]]);
  partner.take("2026-12-20T16:00:00Z", "LiftHold", { hold, on: "2026-12-20" });
  assert.deepEqual(
    stands(partner, "2026-12-20T16:00:00Z", "DPA-10a:"),
    [
      ["DPA-10a:2026-09-30", "met", "2026-12-30T06:59:59.999Z"],
      ["DPA-10a:2026-09-30:mail", "open", "2027-01-20T06:59:59.999Z"],
    ],
    "a hold that is lifted opens thirty days of its own",
  );
});

const stands = (partner: APartner, now: string, id: string) =>
  partner.duties(now).flatMap((duty) => (duty.id.startsWith(id) ? [[duty.id, duty.state, duty.dueAt]] : []));
const name = (partner: APartner, now: string, ...stores: readonly string[]) => stores.map((store) => partner.report(now, "NameStore", { store, kind: "live" }));
const clear = (partner: APartner, now: string, store: string) => partner.report(now, "ClearStore", { store, on: now.slice(0, 10), how: "deleted" });

test("only the side that placed a hold lifts it (DPA-10a)", () => {
  const partner = ended();
  const now = "2026-10-10T16:00:00Z";
  name(partner, now, "db");
  const hold = refOf(partner.take(now, "PlaceHold", { store: "db", ground: "us-preservation" }), "hold");
  assert.deepEqual(partner.refuses(now, "LiftHold", { hold, on: "2026-10-10" }, "partner:P-0000-0001"), ["NOT_YOURS_TO_LIFT"]);
  assert.deepEqual(partner.refuses(now, "ClearStore", { store: "db", on: "2026-10-10", how: "deleted" }), ["HELD"]);
});

test("a partner's own hold counts only when counsel has confirmed it, and one that came too late excuses nothing (DPA-10a)", () => {
  const partner = ended();
  name(partner, "2026-10-10T16:00:00Z", "db", "mail");
  clear(partner, "2026-10-11T16:00:00Z", "db");
  const late = "2027-02-01T16:00:00Z";
  const hold = refOf(partner.report(late, "PlaceHold", { store: "mail", ground: "legal-hold" }), "hold");
  const duty = partner.duty(late, "DPA-10a:");
  assert.deepEqual([duty.state, duty.findings.map(({ code }) => code)], ["overdue", ["NOT_CLEARED", "HOLD_NOT_CONFIRMED"]]);
  partner.take(late, "ConfirmHold", { hold });
  assert.equal(partner.duty(late, "DPA-10a:").state, "suspended");
  assert.deepEqual(partner.refuses(late, "ConfirmHold", { hold }), ["NO_SUCH_HOLD"]);
  partner.report("2027-02-02T16:00:00Z", "LiftHold", { hold, on: "2027-02-02" });
  assert.equal(partner.duty("2027-02-02T16:00:00Z", "DPA-10a:").state, "overdue");
  clear(partner, "2027-02-03T16:00:00Z", "mail");
  assert.equal(partner.duty("2027-02-03T16:00:00Z", "DPA-10a:").state, "late");
});

test("while every store is held the deletion is suspended and never met, and each has thirty days when its hold is over by itself (DPA-10a)", () => {
  const partner = ended();
  name(partner, "2026-10-10T16:00:00Z", "db");
  partner.take("2026-10-10T16:00:00Z", "PlaceHold", { store: "db", ground: "legal-hold", until: "2027-03-31" });
  assert.deepEqual(partner.refuses("2026-10-11T16:00:00Z", "GiveCertificate", { through: "2026-10-11" }), ["ONLY_HELD"]);
  assert.deepEqual(
    stands(partner, "2027-03-31T20:00:00Z", "DPA-10a:").map(([, state]) => state),
    ["suspended"],
  );
  assert.deepEqual(
    stands(partner, "2027-04-01T06:00:00Z", "DPA-10a:").map(([id, state, dueAt]) => [id, state, dueAt]),
    [
      ["DPA-10a:2026-09-30", "excused", "2026-12-30T06:59:59.999Z"],
      ["DPA-10a:2026-09-30:db", "open", "2027-05-02T05:59:59.999Z"],
    ],
  );
  clear(partner, "2027-04-02T16:00:00Z", "db");
});

test("each request and the end are kept by what was cleared after them, and one that is kept stays kept (DPA-10a, DPA-10b)", () => {
  const partner = APartner.signed();
  const first = refOf(partner.take("2026-02-01T16:00:00Z", "AskDeletion", { receivedOn: "2026-02-01", how: "delete" }), "request");
  name(partner, "2026-02-02T12:00:00Z", "db");
  clear(partner, "2026-02-03T12:00:00Z", "db");
  const second = refOf(partner.take("2026-10-20T16:00:00Z", "AskDeletion", { receivedOn: "2026-10-20", how: "delete" }), "request");
  assert.deepEqual(stands(partner, "2026-10-21T00:00:00Z", "DPA-10b:"), [
    [`DPA-10b:${first}`, "met", "2026-03-04T06:59:59.999Z"],
    [`DPA-10b:${second}`, "open", "2026-11-20T06:59:59.999Z"],
  ]);
  clear(partner, "2026-10-22T12:00:00Z", "db");
  partner.take("2026-11-30T16:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-11-30" });
  assert.deepEqual(stands(partner, "2026-12-05T00:00:00Z", "DPA-10a:"), [["DPA-10a:2026-11-30", "open", "2027-03-01T06:59:59.999Z"]]);
  clear(partner, "2026-12-06T12:00:00Z", "db");
  name(partner, "2027-06-01T12:00:00Z", "tapes");
  assert.deepEqual(
    stands(partner, "2027-06-01T12:00:00Z", "DPA-10a:").map(([id, state]) => [id, state]),
    [
      ["DPA-10a:2026-11-30", "met"],
      ["DPA-10a:2026-11-30:tapes", "open"],
    ],
  );
});

test("a partner that clears late does not date it back (DPA-10a)", () => {
  const partner = ended();
  name(partner, "2026-10-01T16:00:00Z", "db");
  partner.report("2027-02-01T00:00:00Z", "ClearStore", { store: "db", on: "2026-10-01", how: "deleted" });
  assert.equal(partner.duty("2027-02-01T00:00:00Z", "DPA-10a:").state, "late");
});

test("data protection lives on while a certificate holds something back, or speaks of the time before the end (DPA-10c, DPA-10d)", () => {
  const partner = APartner.signed();
  name(partner, "2026-09-01T16:00:00Z", "db", "mail");
  clear(partner, "2026-09-02T16:00:00Z", "db");
  clear(partner, "2026-09-02T16:00:00Z", "mail");
  partner.report("2026-09-03T16:00:00Z", "GiveCertificate", { through: "2026-09-03" });
  partner.take("2026-09-30T16:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-09-30" });
  const now = "2026-10-10T16:00:00Z";
  const hold = refOf(partner.take(now, "PlaceHold", { store: "mail", ground: "legal-hold" }), "hold");
  clear(partner, now, "db");
  partner.report(now, "GiveCertificate", { through: "2026-10-10" });
  const standards = (at: string) =>
    partner
      .duties(at)
      .filter(({ clause }) => clause === "SEC-1.1(a)")
      .map(({ state }) => state);
  assert.deepEqual(standards("2027-01-01T16:00:00Z"), ["overdue"]);
  partner.take("2027-01-02T16:00:00Z", "LiftHold", { hold, on: "2027-01-02" });
  clear(partner, "2027-01-03T16:00:00Z", "mail");
  partner.report("2027-01-04T16:00:00Z", "GiveCertificate", { through: "2027-01-04" });
  partner.take("2027-01-05T16:00:00Z", "AskCertificate", { receivedAt: "2027-01-05T16:00:00Z" });
  assert.equal(partner.duty("2027-01-05T16:00:00Z", "DPA-10d:").state, "open");
});

test("a store is named by a code, not by somebody's name", () => {
  assert.throws(() => ended().report("2026-10-10T16:00:00Z", "NameStore", { store: "Jane Doe 555-0100", kind: "live" }), /without blanks/);
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
