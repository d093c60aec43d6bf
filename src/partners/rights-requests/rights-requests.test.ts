// Requests of people about their data: relayed in seventy-two hours, and not answered without consent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";

const received = "2026-03-02T16:00:00Z";
const asked = { receivedAt: received, right: "access", from: "data-subject" };
const asPartner = "partner:P-0000-0001";

test("a request is relayed at the latest after 72 hours; the odd words of the document are shown beside the date (DPA-3a, X-02)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.take(received, "NoteRightsRequest", asked), "request");
  const duty = partner.duty("2026-03-05T16:00:00Z", "DPA-3a:");
  assert.deepEqual([duty.state, duty.dueAt], ["open", "2026-03-05T16:00:00.000Z"]);
  assert.match(duty.derivation, /“in no less than 72 hours”; read as at most, X-02/);
  partner.report("2026-03-05T16:00:01Z", "SendRightsRequest", { request });
  assert.equal(partner.duty("2026-03-06T16:00:00Z", "DPA-3a:").state, "late");
  const other = APartner.signed();
  other.report("2026-03-03T16:00:00Z", "RelayRightsRequest", asked);
  assert.equal(other.duty("2026-03-09T16:00:00Z", "DPA-3a:").state, "met");
});

test("before the company consents a partner confirms and redirects, and does not answer (DPA-3b, USP-4.1c, X-26)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report(received, "RelayRightsRequest", { ...asked, from: "customer" }), "request");
  assert.deepEqual(partner.refuses(received, "RecordReply", { request, says: ["confirms", "answers"] }, asPartner), ["NO_CONSENT"]);
  partner.report(received, "RecordReply", { request, says: ["confirms", "redirects"] });
  partner.take(received, "ConsentToReply", { request });
  partner.report(received, "RecordReply", { request, says: ["answers"] });
});

test("the outcome is recorded once, with the help that was given (DPA-3c, USP-4.3)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.report(received, "RelayRightsRequest", asked), "request");
  partner.take(received, "CloseRightsRequest", { request, outcome: "fulfilled" });
  assert.deepEqual(partner.refuses(received, "CloseRightsRequest", { request, outcome: "refused" }), ["CLOSED"]);
});

test("a request that came by post counts from when it reached the company, and not before the partner had it (DPA-3a)", () => {
  const partner = APartner.signed();
  const request = refOf(partner.take(received, "NoteRightsRequest", asked), "request");
  const at = "2026-03-09T16:00:00Z";
  assert.deepEqual(partner.refuses(at, "SendRightsRequest", { request, receivedAt: "2026-03-01T16:00:00Z" }), ["RELAYED_BEFORE"]);
  partner.take(at, "SendRightsRequest", { request, receivedAt: "2026-03-04T16:00:00Z" });
  assert.equal(partner.duty(at, "DPA-3a:").state, "met");
});
