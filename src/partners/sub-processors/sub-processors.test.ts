// Sub-processors on record: noticed, objected to, examined and bound before they begin, and listed in three days.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";
import { noticeContents } from "./objection-window.ts";

const asPartner = "partner:P-0000-0001";
const noticed = "2026-07-17T16:00:00Z";
const intended = { country: "US", regimes: ["dpf"], says: [...noticeContents] };
const shows = ["due-diligence", "contract", "measures", "mechanism"];

function withNotice(more: object = {}) {
  const partner = APartner.signed();
  const subProcessor = refOf(partner.report(noticed, "NoticeSubProcessor", { ...intended, ...more }), "subProcessor");
  return { partner, subProcessor };
}

test("W-6: a complete notice of 17 July opens on 17 August, when everything else is shown (DPA-6.6a, DPA-6.3, DPA-6.4)", () => {
  const { partner, subProcessor } = withNotice();
  const start = (now: string, on: string) => partner.refuses(now, "StartSubProcessor", { subProcessor, on }, asPartner);
  assert.deepEqual(start("2026-08-16T20:00:00Z", "2026-08-16"), ["WINDOW_OPEN", "NOT_SHOWN", "NOT_SHOWN", "NOT_SHOWN", "NOT_SHOWN"]);
  partner.report(noticed, "ShowBeforeStart", { subProcessor, shows });
  assert.deepEqual(start("2026-08-16T20:00:00Z", "2026-08-16"), ["WINDOW_OPEN"]);
  assert.deepEqual(start("2026-08-17T20:00:00Z", "2026-08-16"), ["BEFORE_WINDOW"]);
  partner.report("2026-08-17T20:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-17" });
  assert.deepEqual(start("2026-08-18T20:00:00Z", "2026-08-18"), ["STARTED"]);
});

test("each thing that must be shown before it begins is asked for by its own clause: DPA-6.3, DPA-6.4, EUK-5(b), and an agreement in force by EUK-5(a)", () => {
  for (const [left, clause] of [
    ["due-diligence", "DPA-6.3"],
    ["contract", "DPA-6.4"],
    ["measures", "DPA-6.4"],
    ["mechanism", "EUK-5(b)"],
  ] as const) {
    const { partner, subProcessor } = withNotice();
    partner.report(noticed, "ShowBeforeStart", { subProcessor, shows: shows.filter((each) => each !== left) });
    const reasons = partner.reasons("2026-08-20T20:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-20" }, asPartner);
    assert.deepEqual(
      reasons.map((reason) => reason.clause),
      [clause],
    );
    partner.take("2026-08-20T20:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-08-20" });
    assert.deepEqual(
      partner.reasons("2026-08-21T20:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-21" }, asPartner).map((reason) => reason.clause),
      ["EUK-5(a)", clause],
    );
  }
});

test("data of one country alone needs no mechanism; for a third country it is shown without delay (EUK-5(c))", () => {
  const { partner, subProcessor } = withNotice({ regimes: ["domestic"] });
  partner.report(noticed, "ShowBeforeStart", { subProcessor, shows: shows.slice(0, 3) });
  partner.report("2026-08-17T20:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-17" });
  const third = withNotice({ country: "IN", regimes: ["scc"] });
  assert.deepEqual(
    third.partner
      .reasons("2026-08-20T20:00:00Z", "StartSubProcessor", { subProcessor: third.subProcessor, on: "2026-08-20" })
      .map(({ clause }) => clause)
      .slice(0, 1),
    ["DPA-7"],
    "and its country needs the company's consent",
  );
  third.partner.take(noticed, "ApproveRegion", { country: "IN" });
  third.partner.report(noticed, "ShowBeforeStart", { subProcessor: third.subProcessor, shows: shows.slice(0, 3) });
  assert.deepEqual(
    third.partner.reasons("2026-08-20T20:00:00Z", "StartSubProcessor", { subProcessor: third.subProcessor, on: "2026-08-20" }).map(({ clause }) => clause),
    ["EUK-5(b)"],
  );
});

test("an incomplete notice starts no time; what completes it does (DPA-6.6a)", () => {
  const { partner, subProcessor } = withNotice({ says: ["name", "place"] });
  assert.deepEqual(
    partner.duties(noticed).filter(({ clause }) => clause === "DPA-6.6b"),
    [],
  );
  partner.report("2026-07-20T16:00:00Z", "CompleteNotice", { subProcessor, says: noticeContents.slice(2) });
  assert.equal(partner.duty("2026-07-20T16:00:00Z", "DPA-6.6b:").dueAt, "2026-08-20T05:59:59.999Z");
  assert.deepEqual(partner.refuses("2026-07-21T16:00:00Z", "CompleteNotice", { subProcessor, says: ["name"] }), ["COMPLETE"]);
});

test("an objection on day 30 bars, on day 31 it is too late, and a second one is refused (DPA-6.6b, DPA-6.6c)", () => {
  const { partner, subProcessor } = withNotice();
  const objecting = { subProcessor };
  assert.deepEqual(partner.refuses("2026-08-17T06:00:00Z", "ObjectToSubProcessor", objecting), ["TOO_LATE"]);
  partner.take("2026-08-17T05:59:00Z", "ObjectToSubProcessor", objecting);
  assert.deepEqual(partner.refuses("2026-08-17T05:59:30Z", "ObjectToSubProcessor", objecting), ["OBJECTED"]);
  partner.report("2026-08-17T12:00:00Z", "ShowBeforeStart", { subProcessor, shows });
  assert.deepEqual(partner.refuses("2026-09-30T12:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-09-30" }, asPartner), ["OBJECTED"]);
  assert.deepEqual(partner.refuses("2026-09-30T12:00:00Z", "ApproveSubProcessor", { subProcessor, waivesDays: false }), ["OBJECTED"]);
  partner.take("2026-09-30T12:00:00Z", "WithdrawObjection", { subProcessor });
  partner.report("2026-09-30T13:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-09-30" });
});

test("W-6: silence never opens British data; a recorded approval does, after the twenty days unless they are given up (UKA-T2)", () => {
  const { partner, subProcessor } = withNotice({ regimes: ["uk", "dpf"] });
  partner.report(noticed, "ShowBeforeStart", { subProcessor, shows });
  assert.deepEqual(partner.refuses("2027-07-17T16:00:00Z", "StartSubProcessor", { subProcessor, on: "2027-07-17" }), ["APPROVAL_NEEDED"]);
  partner.take("2026-07-18T16:00:00Z", "ApproveSubProcessor", { subProcessor, waivesDays: false });
  assert.deepEqual(partner.refuses("2026-08-06T16:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-06" }), ["WINDOW_OPEN"]);
  partner.report("2026-08-07T16:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-07" });
});

test("those in use on the first day are authorised by the signature; later ones need a notice (DPA-6.1, DPA-2.2.2(3))", () => {
  const partner = APartner.signed();
  partner.report("2026-01-02T16:00:00Z", "ListSubProcessor", { since: "2025-06-01", country: "US", regimes: ["dpf"] });
  assert.deepEqual(partner.refuses("2026-02-02T16:00:00Z", "ListSubProcessor", { since: "2026-01-15", country: "US", regimes: ["dpf"] }), ["NOTICE_NEEDED"]);
});

test("the list is given three days after the written request, and it says as many as the register has in use (SCH1-A)", () => {
  const partner = APartner.signed();
  partner.report("2026-01-02T16:00:00Z", "ListSubProcessor", { since: "2025-06-01", country: "US", regimes: ["dpf"] });
  const asked = refOf(partner.take("2026-03-02T16:00:00Z", "AskForList", { receivedAt: "2026-03-02T16:00:00Z" }), "asked");
  assert.equal(partner.duty("2026-03-02T16:00:00Z", "SCH1-A:").dueAt, "2026-03-06T06:59:59.999Z");
  partner.report("2026-03-03T16:00:00Z", "GiveList", { asked, entries: 2 });
  const given = partner.duty("2026-03-09T16:00:00Z", "SCH1-A:");
  assert.deepEqual([given.state, given.findings.map(({ code }) => code)], ["met", ["OTHER_NUMBER"]], "another number is shown and undoes nothing");
  const again = refOf(partner.take("2026-04-02T16:00:00Z", "AskForList", { receivedAt: "2026-04-02T16:00:00Z" }), "asked");
  partner.report("2026-04-03T16:00:00Z", "GiveList", { asked: again, entries: 1 });
  assert.deepEqual(partner.duty("2026-04-03T16:00:00Z", `SCH1-A:${again}`).findings, []);
  assert.deepEqual(partner.refuses("2026-03-09T16:00:00Z", "GiveList", { asked, entries: 1 }), ["NOT_ASKED"]);
});

test("a partner lists the sub-processors of the first day within thirty days of it; later the company does (DPA-6.1, DPA-6.6a)", () => {
  const partner = APartner.signed();
  const first = { since: "2025-12-31", country: "IN", regimes: ["uk"] };
  assert.deepEqual(partner.refuses("2026-09-01T16:00:00Z", "ListSubProcessor", first, asPartner), ["LIST_CLOSED"]);
  partner.take("2026-09-01T16:00:00Z", "ListSubProcessor", first);
});

test("an objection to a notice that is not complete yet bars it all the same (DPA-6.6c)", () => {
  const { partner, subProcessor } = withNotice({ says: ["name"] });
  partner.take("2026-07-20T16:00:00Z", "ObjectToSubProcessor", { subProcessor });
  partner.report("2026-07-25T16:00:00Z", "CompleteNotice", { subProcessor, says: noticeContents.slice(1) });
  partner.report("2026-07-25T16:00:00Z", "ShowBeforeStart", { subProcessor, shows });
  assert.deepEqual(partner.refuses("2026-08-30T16:00:00Z", "StartSubProcessor", { subProcessor, on: "2026-08-30" }, asPartner), ["OBJECTED"]);
});

test("parts of a notice count in the order in which they were received, however late they are recorded (DPA-6.6a)", () => {
  const parts = [
    { says: ["place"], receivedAt: "2026-08-05T16:00:00Z" },
    { says: noticeContents.slice(2), receivedAt: "2026-07-20T16:00:00Z" },
  ];
  for (const order of [parts, parts.toReversed()]) {
    const partner = APartner.signed();
    const notice = { ...intended, says: ["name"], receivedAt: noticed };
    const subProcessor = refOf(partner.take(noticed, "NoticeSubProcessor", notice), "subProcessor");
    assert.deepEqual(partner.refuses("2026-08-06T16:00:00Z", "CompleteNotice", { ...parts[0], subProcessor, receivedAt: "2026-07-01T16:00:00Z" }), [
      "BEFORE_NOTICE",
    ]);
    for (const part of order) partner.take("2026-08-06T16:00:00Z", "CompleteNotice", { subProcessor, ...part });
    assert.equal(partner.duty("2026-08-06T16:00:00Z", "DPA-6.6b:").dueAt, "2026-09-05T05:59:59.999Z");
  }
});

test("the reading of X-01 that counsel elects changes the time, and an order form below twenty days is shown as a weakening (DPA-6.6b, UKA-T2)", () => {
  const opensAfter = (reading: string, regimes: readonly string[]) => {
    const { partner, subProcessor } = withNotice({ regimes });
    partner.take(noticed, "ElectReading", { defect: "X-01", reading });
    partner.report(noticed, "ShowBeforeStart", { subProcessor, shows });
    return ["2026-08-07", "2026-08-17", "2026-12-01"].find((on) => partner.offers(`${on}T20:00:00Z`, "StartSubProcessor", { subProcessor, on }, asPartner));
  };
  assert.deepEqual(
    [opensAfter("general-twenty", ["uk"]), opensAfter("general-thirty", ["uk"]), opensAfter("specific", ["dpf"]), opensAfter("each-regime-stricter", ["dpf"])],
    ["2026-08-07", "2026-08-17", undefined, "2026-08-17"],
  );
  const { partner } = withNotice();
  partner.take(noticed, "SignDocument", { kind: "order-form", number: "OF-1", signedOn: "2026-01-01", from: "2026-01-01", objectionDays: 10 });
  assert.deepEqual(
    partner.duty(noticed, "DPA-6.6b:").findings.map(({ code }) => code),
    ["ORDER_FORM_WEAKENS"],
  );
});
