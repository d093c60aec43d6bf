// The agreement on record: what was signed, what it costs, how it is breached, cured, ended, and which notices count.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";
import { choicesOf } from "../asks.ts";
import { documentsOn, standingOf } from "../standing.ts";
import { findPartnerStep } from "../steps.ts";
import { day } from "../../kernel/instant.ts";
import { governingLaw, survives, termsOn } from "./agreement-steps.ts";

const now = "2026-03-02T16:00:00Z";
const asPartner = "partner:P-0000-0001";
const agreement = {
  entity: "us-inc",
  signedOn: "2026-01-01",
  startsOn: "2026-01-01",
  renewsOn: "2027-01-01",
  termMonths: 12,
  aiProduct: false,
  usStaff: false,
  apiPolicy: "2026.1",
};

test("the signed agreement is on record with its days and the API policy that was accepted (PPT-1.2, PPT-2.2api)", () => {
  const { signed, runs } = standingOf(APartner.signed().history, APartner.signed().at(now));
  assert.deepEqual([signed?.signedOn, signed?.apiPolicy, runs], ["2026-01-01", "2026.1", true]);
});

test("terms that overlap, a start before the signature and a renewal before the start are refused (PPT-1.2, PPT-5b)", () => {
  const partner = APartner.signed();
  const ask = (more: object) => partner.refuses(now, "SignAgreement", { ...agreement, ...more });
  assert.deepEqual(ask({}), ["TERMS_OVERLAP"]);
  assert.deepEqual(ask({ signedOn: "2026-02-01" }), ["BEFORE_SIGNATURE", "TERMS_OVERLAP"]);
  assert.deepEqual(ask({ renewsOn: "2026-01-01" }), ["RENEWS_BEFORE_START", "TERMS_OVERLAP"]);
  partner.take(now, "EndAgreement", { ground: "agreed", on: "2026-03-02" });
  assert.deepEqual(ask({ startsOn: "2026-03-02", renewsOn: "2027-03-02" }), ["TERMS_OVERLAP"]);
  partner.take(now, "SignAgreement", { ...agreement, startsOn: "2026-03-03", renewsOn: "2027-03-03" });
});

const form = { kind: "order-form", number: "OF-1", signedOn: "2026-01-05", from: "2026-01-05" };

test("two order forms of one number may not overlap; an amendment takes the place of what it changes (PPT-1.1)", () => {
  const partner = APartner.signed();
  const document = refOf(partner.take(now, "SignDocument", form), "document");
  assert.deepEqual(partner.refuses(now, "SignDocument", { ...form, from: "2026-02-01" }), ["TERMS_OVERLAP"]);
  assert.deepEqual(partner.refuses(now, "SignDocument", { ...form, number: "OF-2", from: "2026-01-01" }), ["BEFORE_SIGNATURE"]);
  assert.deepEqual(partner.refuses(now, "SignDocument", { ...form, number: "OF-2", until: "2026-01-04" }), ["ENDS_BEFORE"]);
  partner.take(now, "SignDocument", { ...form, from: "2026-02-01", amends: document, usageLimit: 10 });
  assert.deepEqual(
    documentsOn(partner.history, day("2026-01-31")).map(({ usageLimit }) => usageLimit),
    [undefined],
  );
  assert.deepEqual(
    documentsOn(partner.history, day("2026-02-01")).map(({ usageLimit }) => usageLimit),
    [10],
  );
});

test("a quantity does not go down during its term, and may with the next one (PPT-5d)", () => {
  const partner = APartner.signed();
  const amends = refOf(partner.take(now, "SignDocument", { ...form, quantity: 100, until: "2026-12-31" }), "document");
  const less = { ...form, kind: "amendment", number: "A-1", amends, quantity: 99 };
  assert.deepEqual(partner.refuses(now, "SignDocument", { ...less, from: "2026-12-31" }), ["QUANTITY_DOWN"]);
  partner.take(now, "SignDocument", { ...less, from: "2027-01-01" });
  partner.take(now, "SignDocument", { ...less, number: "A-2", quantity: 100, from: "2026-06-01" });
});

test("use above the limit of the documents in force shows as a breach of that month (PPT-2.2(f))", () => {
  const partner = APartner.signed();
  partner.take(now, "SignDocument", { ...form, usageLimit: 100 });
  partner.report(now, "ReportUsage", { month: "2026-01", used: 100 });
  partner.report(now, "ReportUsage", { month: "2026-02", used: 101 });
  const over = partner.duties(now).filter(({ clause }) => clause === "PPT-2.2(f)");
  assert.deepEqual(
    over.map(({ id, state, derivation }) => [id, state, derivation]),
    [["PPT-2.2(f):2026-02", "overdue", "used 101 of 100 in 2026-02, PPT-2.2(f)"]],
  );
  assert.deepEqual(partner.refuses(now, "ReportUsage", { month: "2026-13", used: 1 }), ["NO_MONTH"]);
});

test("W-3: an invoice dated 10 April 2026 is paid with its taxes by 10 May (PPT-5a, PPT-5c)", () => {
  const partner = APartner.signed();
  const bill = { number: "R-1", kind: "upgrade", datedOn: "2026-04-10", currency: "USD", net: "1000.00", taxes: "82.50" };
  const invoice = refOf(partner.take("2026-04-10T16:00:00Z", "IssueInvoice", bill), "invoice");
  const duty = partner.duty("2026-05-01T16:00:00Z", "PPT-5a:");
  assert.deepEqual([duty.state, duty.dueAt, duty.label], ["open", "2026-05-11T05:59:59.999Z", "Pay invoice R-1 with its taxes"]);
  assert.deepEqual(partner.refuses("2026-05-01T16:00:00Z", "IssueInvoice", bill), ["KNOWN"]);
  assert.deepEqual(partner.refuses("2026-05-01T16:00:00Z", "IssueInvoice", { ...bill, number: "R-2", net: "0" }), ["NOTHING"]);
  partner.take("2026-05-10T20:00:00Z", "PayInvoice", { invoice, on: "2026-05-10" });
  assert.equal(partner.duty("2026-06-01T16:00:00Z", "PPT-5a:").state, "met");
  assert.deepEqual(partner.refuses("2026-05-11T16:00:00Z", "PayInvoice", { invoice, on: "2026-05-10" }), ["NOT_OPEN"]);
});

test("W-3: a renewal on 1 January 2027 can be cancelled through 2 December 2026, and not a day later (PPT-5b)", () => {
  const partner = APartner.signed();
  const right = partner.duty("2026-12-02T16:00:00Z", "PPT-5b:");
  assert.deepEqual([right.state, right.isRight, right.dueAt], ["open", true, "2026-12-03T06:59:59.999Z"]);
  assert.deepEqual(partner.refuses("2026-12-03T07:00:00Z", "CancelRenewal", {}, asPartner), ["TOO_LATE"]);
  partner.report("2026-12-03T06:59:00Z", "CancelRenewal");
  assert.equal(partner.duty("2026-12-20T16:00:00Z", "PPT-5b:").state, "met");
  assert.deepEqual(partner.refuses("2026-12-20T16:00:00Z", "EndAgreement", { ground: "not-renewed", on: "2026-12-30" }), ["OTHER_DAY"]);
  partner.take("2026-12-20T16:00:00Z", "EndAgreement", { ground: "not-renewed", on: "2026-12-31" });
  const renewed = APartner.signed();
  assert.equal(renewed.duty("2027-01-01T16:00:00Z", "PPT-5b:").id, "PPT-5b:2028-01-01");
  assert.deepEqual(renewed.refuses("2026-12-20T16:00:00Z", "EndAgreement", { ground: "not-renewed", on: "2026-12-31" }), ["NOT_CANCELLED"]);
});

test("W-3: notice received on 31 January, cure through 2 March, and from 3 March the right to end the agreement has arisen (PPT-4a)", () => {
  const partner = APartner.signed();
  const notice = refOf(partner.take("2026-02-01T16:00:00Z", "NoticeBreach", { clause: "PPT-2.2(a)", receivedOn: "2026-01-31" }), "notice");
  const end = { ground: "uncured-breach", because: notice, on: "2026-03-03" };
  assert.deepEqual(partner.refuses("2026-03-03T06:59:59Z", "EndAgreement", end), ["CURE_OPEN"]);
  const late = structuredClone(end);
  assert.equal(partner.duty("2026-03-03T06:59:59Z", "PPT-4a:").state, "open");
  assert.equal(partner.duty("2026-03-03T07:00:00Z", "PPT-4a:").state, "overdue");
  assert.deepEqual(partner.refuses("2026-03-03T07:00:00Z", "EndAgreement", late, asPartner), ["OWN_BREACH"]);
  partner.take("2026-03-03T07:00:00Z", "EndAgreement", late);
});

test("a cure on the last evening keeps the right from arising; a breach of any item of 2.2 is material (PPT-4a, PPT-2.2z)", () => {
  const partner = APartner.signed();
  partner.take("2026-02-01T16:00:00Z", "RecordIncident", { clause: "PPT-2.2(j)", on: "2026-01-30" });
  const notice = refOf(partner.take("2026-02-01T16:00:00Z", "NoticeBreach", { clause: "PPT-2.2(j)", receivedOn: "2026-01-31" }), "notice");
  partner.report("2026-03-03T06:40:00Z", "ShowCure", { notice });
  assert.equal(partner.duty("2026-03-10T16:00:00Z", "PPT-4a:").state, "met");
  assert.deepEqual(partner.refuses("2026-03-10T16:00:00Z", "EndAgreement", { ground: "uncured-breach", because: notice, on: "2026-03-10" }), ["CURED"]);
  assert.deepEqual(partner.refuses("2026-03-10T16:00:00Z", "ShowCure", { notice }), ["CURED"]);
  assert.deepEqual(partner.refuses("2026-03-10T16:00:00Z", "EndAgreement", { ground: "uncured-breach", on: "2026-03-10" }), ["NO_NOTICE"]);
});

test("a breach from the partner's own doing that touches personal data ends it at once, and no other does (SEC-2.3)", () => {
  const partner = APartner.signed();
  const told = { suspectedAt: "2026-03-01T16:00:00Z", to: ["security", "privacy"], blocks: ["nature"] };
  const breach = (touches: boolean, caused: boolean) =>
    refOf(partner.report("2026-03-01T17:00:00Z", "ReportBreach", { ...told, touchesPersonalData: touches, causedByPartner: caused }), "breach");
  const ask = (because: string) => partner.refuses(now, "EndAgreement", { ground: "security-breach", because, on: "2026-03-02" });
  assert.deepEqual(ask(breach(false, true)), ["NO_PERSONAL_DATA"]);
  assert.deepEqual(ask(breach(true, false)), ["NOT_CAUSED"]);
  assert.deepEqual(ask("none"), ["NO_BREACH"]);
  const because = breach(true, true);
  assert.deepEqual(partner.refuses(now, "EndAgreement", { ground: "security-breach", because, on: "2026-03-02" }, asPartner), ["NOT_YOURS_TO_TAKE"]);
  partner.take(now, "EndAgreement", { ground: "security-breach", because, on: "2026-03-02" });
});

test("a certification that was false ends it at once, one that was only insufficient does not (CMP-1c)", () => {
  const partner = APartner.signed({ agreement: { usStaff: true } });
  const filing = refOf(partner.report(now, "FilePaper", { paper: "e-verify", on: "2026-03-01", confirms: ["CMP-1a"], shows: [] }), "filing");
  const end = { ground: "false-certification", because: filing, on: "2026-03-02" };
  assert.deepEqual(partner.refuses(now, "EndAgreement", end), ["NO_FALSE_PAPER"]);
  partner.take(now, "RejectPaper", { filing, isFalse: true });
  partner.take(now, "EndAgreement", end);
});

test("after a claim that the Services infringe, the company ends only what it has decided to end (PPT-13b)", () => {
  const partner = APartner.signed();
  const end = { ground: "ip-claim", on: "2026-03-02" };
  assert.deepEqual(partner.refuses(now, "EndAgreement", end), ["NO_DECISION"]);
  partner.take(now, "KeepEntry", { clause: "PPT-13b", on: "2026-03-01" });
  partner.take(now, "EndAgreement", end);
});

test("with the agreement every order form ends at the same moment (PPT-4b)", () => {
  const partner = APartner.signed();
  partner.take(now, "SignDocument", form);
  partner.take(now, "SignDocument", { ...form, kind: "supplement", number: "S-1" });
  partner.take(now, "EndAgreement", { ground: "agreed", on: "2026-03-02" });
  assert.equal(documentsOn(partner.history, day("2026-03-02")).length, 2);
  assert.deepEqual(documentsOn(partner.history, day("2026-03-03")), []);
  assert.deepEqual(partner.refuses("2026-03-05T16:00:00Z", "SignDocument", { ...form, number: "OF-9", from: "2026-03-05" }), ["ENDED"]);
});

test("sections 4 to 7 and 9 to 19 live on by the numbers that are meant, and the share of what was sold before (PPT-4c, AI-5e, X-10)", () => {
  const lives = ["PPT-4a", "PPT-7a", "PPT-9.4a", "PPT-10d", "PPT-19b", "AI-5a", "AI-5c"];
  const ends = ["PPT-1.1", "PPT-2.2(a)", "PPT-3(d)", "PPT-8", "PPT-20a", "AI-2"];
  assert.deepEqual([lives.filter((clause) => !survives(clause)), ends.filter(survives)], [[], []]);
});

test("after the end nobody of the company's is recruited for twelve months, and an incident within them stays overdue (PPT-10d)", () => {
  const partner = APartner.signed();
  partner.take(now, "EndAgreement", { ground: "agreed", on: "2026-03-02" });
  const bar = partner.duty("2026-06-01T16:00:00Z", "PPT-10d:");
  assert.deepEqual([bar.state, bar.dueAt], ["open", "2027-03-03T06:59:59.999Z"]);
  assert.equal(partner.duty("2027-03-03T07:00:00Z", "PPT-10d:").state, "met");
  partner.take("2026-07-01T16:00:00Z", "RecordIncident", { clause: "PPT-10d", on: "2026-06-30" });
  assert.equal(partner.duty("2027-03-03T07:00:00Z", "PPT-10d:").state, "overdue");
});

test("the contracting company gives the governing law, and for the British one its courts (PPT-18)", () => {
  assert.deepEqual([governingLaw("us-inc").law, governingLaw("us-inc").courts], ["Delaware", undefined]);
  assert.deepEqual([governingLaw("uk-limited").law, governingLaw("uk-limited").courts], ["England and Wales", "England and Wales"]);
});

const notice = { from: "partner", way: "mail", language: "en", receivedAt: "2026-03-01T16:00:00Z", copies: ["general-counsel", "legal-mailbox"] };

test("a notice counts in English, from its receipt (PPT-16a), and to the company with its copies (PPT-16b)", () => {
  const partner = APartner.signed();
  const ask = (more: object) => partner.refuses(now, "TakeNotice", { ...notice, ...more });
  assert.deepEqual(ask({ language: "other" }), ["NOT_ENGLISH"]);
  assert.deepEqual(ask({ copies: ["legal-mailbox"] }), ["NO_COPY_TO_COUNSEL"]);
  assert.deepEqual(ask({ copies: undefined }), ["NO_COPY_TO_COUNSEL", "NO_COPY_TO_MAILBOX"]);
  assert.deepEqual(ask({ receivedAt: "2026-03-02T16:00:00.001Z" }), ["NOT_YET"]);
  partner.take(now, "TakeNotice", { ...notice, way: "courier", copies: ["general-counsel"] });
  partner.take(now, "TakeNotice", { ...notice, from: "vendor", copies: undefined });
  const [taken] = partner.take(now, "TakeNotice", notice);
  assert.equal(taken?.type === "NoticeTaken" && taken.receivedAt, "2026-03-01T16:00:00.000Z");
});

test("revised Terms bind from their day (PPT-19a); a material change only thirty days after its notice, which the company owes (PPT-19b)", () => {
  const partner = APartner.signed();
  partner.take(now, "ReviseTerms", { version: "2026.2", effectiveOn: "2026-04-01", isMaterial: false });
  partner.take(now, "ReviseTerms", { version: "2026.3", effectiveOn: "2026-06-01", isMaterial: true });
  const on = (text: string) => termsOn(day(text), partner.history, partner.at(now));
  assert.deepEqual([on("2026-03-31"), on("2026-04-01"), on("2026-06-01")], [undefined, "2026.2", "2026.2"]);
  const owed = partner.duty(now, "PPT-19b:");
  assert.deepEqual([owed.owedBy, owed.state, owed.dueAt], ["vendor", "open", "2026-05-03T05:59:59.999Z"]);
  assert.deepEqual(partner.refuses(now, "ReviseTerms", { version: "2026.4", effectiveOn: "2026-06-01", isMaterial: false }), ["OUT_OF_ORDER"]);
  partner.take("2026-05-20T16:00:00Z", "NoticeRevision", { version: "2026.3", at: "2026-05-20T16:00:00Z" });
  assert.equal(partner.duty("2026-05-20T16:00:00Z", "PPT-19b:").state, "late");
  assert.deepEqual([on("2026-06-18"), on("2026-06-19")], ["2026.2", "2026.3"]);
});

test("a duty is disputed once, withdrawn by the side that raised it and accepted by the other", () => {
  const partner = APartner.signed();
  const about = partner.duty(now, "SEC-1.3:").id;
  const dispute = refOf(partner.report(now, "RaiseDispute", { about }), "dispute");
  assert.deepEqual(partner.refuses(now, "RaiseDispute", { about }), ["DISPUTED"]);
  assert.deepEqual(partner.refuses(now, "SettleDispute", { dispute, how: "withdrawn" }), ["NOT_YOURS_TO_WITHDRAW"]);
  assert.deepEqual(partner.refuses(now, "SettleDispute", { dispute, how: "accepted" }, asPartner), ["NOT_YOURS_TO_ACCEPT"]);
  partner.take(now, "SettleDispute", { dispute, how: "accepted" });
  assert.deepEqual(partner.refuses(now, "SettleDispute", { dispute, how: "agreed" }), ["NO_SUCH_DISPUTE"]);
});

test("nothing is recorded of a partner that is not registered, and none is registered twice", () => {
  const partner = new APartner();
  assert.deepEqual(partner.refuses(now, "RegisterPartner", { country: "US", zone: "America/Denver", private: { name: "Other", notices: "a@b.example" } }), [
    "REGISTERED",
  ]);
});

const ended = (partner: APartner, at: string) => standingOf(partner.history, partner.at(at)).ended?.on;

test("counsel alone records that both sides agreed on an end, and one end is enough (PPT-4a)", () => {
  const partner = APartner.signed();
  assert.deepEqual(partner.refuses(now, "EndAgreement", { ground: "agreed", on: "2026-03-02" }, asPartner), ["NOT_YOURS_TO_TAKE"]);
  partner.take(now, "EndAgreement", { ground: "agreed", on: "2026-03-31" });
  assert.deepEqual(partner.refuses(now, "EndAgreement", { ground: "agreed", on: "2029-12-31" }), ["ENDS"]);
  assert.equal(ended(partner, now), "2026-03-31");
});

test("a partner's notice of a breach is received when the program takes it, and nobody ends the agreement alone in the past or before the right arose (PPT-4a)", () => {
  const partner = APartner.signed();
  const [fact] = partner.report(now, "NoticeBreach", { clause: "DPA-10e", receivedOn: "2026-01-10" });
  assert.equal(fact?.type === "BreachNoticed" && fact.receivedOn, "2026-03-02");
  const notice = refOf(partner.take("2026-02-01T16:00:00Z", "NoticeBreach", { clause: "PPT-3", receivedOn: "2026-01-10" }), "notice");
  const end = { ground: "uncured-breach", because: notice };
  assert.deepEqual(partner.refuses(now, "EndAgreement", { ...end, on: "2026-03-01" }), ["IN_THE_PAST"]);
  assert.deepEqual(partner.refuses(now, "EndAgreement", { ...end, on: "2026-02-09" }), ["BEFORE_THE_RIGHT", "IN_THE_PAST"]);
  partner.take(now, "EndAgreement", { ...end, on: "2026-03-02" });
});

test("the side that broke the contract shows its cure now; what a partner sent by post counts from its receipt (PPT-4a)", () => {
  const partner = APartner.signed();
  const own = refOf(partner.report("2026-02-01T16:00:00Z", "NoticeBreach", { clause: "DPA-10e", receivedOn: "2026-02-01" }), "notice");
  partner.take("2026-04-01T16:00:00Z", "ShowCure", { notice: own, receivedAt: "2026-02-15T00:00:00Z" });
  assert.equal(partner.duty("2026-04-01T16:00:01Z", `PPT-4a:${own}`).state, "late");
  const theirs = refOf(partner.take("2026-04-01T16:00:00Z", "NoticeBreach", { clause: "PPT-3", receivedOn: "2026-04-01" }), "notice");
  assert.deepEqual(partner.refuses("2026-05-20T16:00:00Z", "ShowCure", { notice: theirs, receivedAt: "2026-03-20T16:00:00Z" }), ["BEFORE_NOTICE"]);
  partner.take("2026-05-20T16:00:00Z", "ShowCure", { notice: theirs, receivedAt: "2026-04-20T16:00:00Z" });
  assert.equal(partner.duty("2026-05-20T16:00:00Z", `PPT-4a:${theirs}`).state, "met");
});

test("an agreement signed ahead leaves the running one alone, and each ends by its own end (PPT-1.2)", () => {
  const partner = APartner.signed();
  partner.take("2026-10-01T16:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-12-31" });
  partner.take("2026-11-01T16:00:00Z", "SignAgreement", { ...agreement, signedOn: "2026-11-01", startsOn: "2027-01-01", renewsOn: "2028-01-01" });
  const at = (moment: string) => standingOf(partner.history, partner.at(moment));
  assert.deepEqual([at("2026-12-31T12:00:00Z").runs, ended(partner, "2026-12-31T12:00:00Z")], [true, "2026-12-31"]);
  assert.deepEqual(
    [at("2027-01-01T12:00:00Z").signed?.startsOn, at("2027-01-01T12:00:00Z").runs, ended(partner, "2027-01-01T12:00:00Z")],
    ["2027-01-01", true, undefined],
  );
  assert.equal(partner.duty("2027-02-01T12:00:00Z", "PPT-10d:").id, "PPT-10d:2026-12-31");
});

test("a renewal that was cancelled in time ends the agreement on the day before it, by itself and with its documents (PPT-5b, PPT-4b)", () => {
  const partner = APartner.signed();
  partner.take(now, "SignDocument", form);
  partner.report(now, "CancelRenewal");
  assert.deepEqual(partner.refuses(now, "CancelRenewal", {}, asPartner), ["ENDS"]);
  assert.deepEqual([ended(partner, now), standingOf(partner.history, partner.at("2027-01-02T12:00:00Z")).runs], ["2026-12-31", false]);
  assert.deepEqual(documentsOn(partner.history, day("2027-01-01")), []);
  assert.deepEqual(
    partner.duties("2027-06-01T12:00:00Z").filter(({ clause }) => clause === "PPT-5b"),
    [],
  );
});

test("two shares of one time cannot both hold, and an amendment keeps what it is silent on (PPT-1.1, PPT-5d)", () => {
  const partner = APartner.signed();
  const first = refOf(partner.take(now, "SignDocument", { ...form, sharePercent: 25, quantity: 10 }), "document");
  assert.deepEqual(partner.refuses(now, "SignDocument", { ...form, number: "OF-2", sharePercent: 20 }), ["SHARE_CONFLICT"]);
  const amendment = { ...form, kind: "amendment", number: "A-1", amends: first };
  const second = refOf(partner.take(now, "SignDocument", { ...amendment, usageLimit: 5 }), "document");
  const [whole] = documentsOn(partner.history, day("2026-03-02"));
  assert.deepEqual([whole?.sharePercent, whole?.quantity, whole?.usageLimit], [25, 10, 5]);
  assert.deepEqual(partner.refuses(now, "SignDocument", { ...amendment, number: "A-2", amends: second, quantity: 5 }), ["QUANTITY_DOWN"]);
});

test("the newest report of a month counts, and a notice of the breach settles what was over the limit (PPT-2.2(f))", () => {
  const partner = APartner.signed();
  partner.take(now, "SignDocument", { ...form, usageLimit: 100 });
  partner.report(now, "ReportUsage", { month: "2026-01", used: 150 });
  partner.report(now, "ReportUsage", { month: "2026-01", used: 90 });
  partner.report(now, "ReportUsage", { month: "2026-02", used: 120 });
  assert.equal(partner.duty(now, "PPT-2.2(f):").id, "PPT-2.2(f):2026-02");
  partner.take("2026-03-03T16:00:00Z", "NoticeBreach", { clause: "PPT-2.2(f)", receivedOn: "2026-03-03" });
  assert.equal(partner.duty("2026-03-03T16:00:00Z", "PPT-2.2(f):").state, "late");
  assert.deepEqual(partner.refuses(now, "ReportUsage", { month: "2026-04", used: 1 }), ["MONTH_AHEAD"]);
});

test("a partner records no notice in the company's name, and its own counts from now (PPT-16a)", () => {
  const partner = APartner.signed();
  assert.deepEqual(partner.refuses(now, "TakeNotice", { ...notice, from: "vendor" }, asPartner), ["OTHER_SIDE"]);
  const [taken] = partner.report(now, "TakeNotice", { ...notice, receivedAt: "2026-01-02T00:00:00Z" });
  assert.equal(taken?.type === "NoticeTaken" && taken.receivedAt, "2026-03-02T16:00:00.000Z");
});

test("a partner does not settle a dispute as agreed by itself", () => {
  const partner = APartner.signed();
  const dispute = refOf(partner.take(now, "RaiseDispute", { about: partner.duty(now, "SEC-1.3:").id }), "dispute");
  const asked = findPartnerStep("SettleDispute")?.asks["dispute"] ?? assert.fail("no question");
  assert.deepEqual(
    choicesOf(asked, partner.history, partner.at(now)).map(({ label }) => label),
    ["SEC-1.3: Security certification"],
  );
  assert.deepEqual(partner.refuses(now, "SettleDispute", { dispute, how: "agreed" }, asPartner), ["NOT_YOURS_TO_AGREE"]);
  partner.take(now, "SettleDispute", { dispute, how: "agreed" });
});

test("a year that is a slip of the pen is not taken: no day lies before 1950 or after 2150", () => {
  const partner = APartner.signed();
  for (const on of ["9999-12-31", "1026-03-02"])
    assert.throws(() => partner.take(now, "EndAgreement", { ground: "agreed", on }), /between the years 1950 and 2150/);
});

test("people in the United States who come later owe E-Verify from then on (CMP-1a)", () => {
  const partner = APartner.signed();
  partner.take(now, "ChangeAgreementFacts", { from: "2026-03-01", aiProduct: false, usStaff: true });
  assert.deepEqual([standingOf(partner.history, partner.at(now)).signed?.usStaff, partner.duty(now, "CMP-1a:").owedBy], [true, "partner"]);
  assert.deepEqual(partner.refuses(now, "ChangeAgreementFacts", { from: "2025-12-31", aiProduct: false, usStaff: true }), ["NOT_RUNNING"]);
});

test("an incident against any item of 2.2 opens the company's right to give notice of it as a material breach (PPT-2.2z)", () => {
  const partner = APartner.signed();
  partner.take(now, "RecordIncident", { clause: "PPT-2.2(j)", on: "2026-03-01" });
  partner.take(now, "RecordIncident", { clause: "PPT-10d", on: "2026-03-01" });
  const right = partner.duty(now, "PPT-2.2z:");
  assert.deepEqual([right.owedBy, right.isRight, right.state], ["vendor", true, "open"]);
  partner.take("2026-03-03T16:00:00Z", "NoticeBreach", { clause: "PPT-2.2(j)", receivedOn: "2026-03-03" });
  assert.equal(partner.duty("2026-03-03T16:00:00Z", "PPT-2.2z:").state, "met");
});
