// The gag register: an order with an end forbids notice, a wish never does, and the day after the end the notice falls due by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, details, history, learning, onDay, proposed, received, sealed, take, told, us, workplace } from "../../../tests/a-case.ts";
import { day, addDays } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import { giveNotice, makeLateNoticeDue, withholdForGag } from "../notice/notice-steps.ts";
import { noticeReasons } from "../notice/notice-state.ts";
import { lapseGags, noteGagWish, recordGag, recordLiftAttempt, renewGag, wishUnanswered } from "./gag-steps.ts";
import { attemptReasons, bindingGags, gagDefects, gagsOf, nextAttemptOn } from "./open-gags.ts";

const open = history([received(), details()]);
const order = {
  instrument: "US-NDO",
  issuedBy: "judge",
  start: "2026-11-02",
  end: "2027-01-31",
  private: { court: "D. Colo.", number: "26-sw-1", scope: "This warrant." },
};
const gagged = history([gag()], at(), open);

function gag(changes: Partial<Extract<CaseFact, { type: "GagRecorded" }>> = {}): CaseFact {
  return {
    type: "GagRecorded",
    gag: "G1",
    instrument: "US-NDO",
    start: onDay("2026-11-02"),
    end: onDay("2027-01-31"),
    defects: [],
    order: sealed("order"),
    ...changes,
  };
}

test("a secrecy order is recorded with its court sealed away, its start and its end", () => {
  told(open, recordGag)
    .when(order, at())
    .then({
      type: "GagRecorded",
      gag: "fresh-id",
      instrument: "US-NDO",
      start: onDay("2026-11-02"),
      end: onDay("2027-01-31"),
      defects: [],
      order: sealed("evidence-2"),
    });
});

test("a wish in a cover letter is never a gag, whatever instrument it names", () => {
  for (const { id } of us.instruments) {
    const { outcome } = told(open, recordGag).when({ ...order, instrument: id, issuedBy: "requester" }, at());
    assert.equal(outcome.kind === "refused" && outcome.reasons[0].code, "NO_LEGAL_GAG", id);
  }
  told(open, recordGag)
    .when({ ...order, issuedBy: "requester" }, at(undefined, { policy: learning }))
    .refused("NO_LEGAL_GAG");
});

test("only an instrument that forbids notice by itself is a gag", () => {
  const accepted = us.instruments
    .filter(({ id }) => told(open, recordGag).when({ ...order, instrument: id }, at()).outcome.kind === "accepted")
    .map(({ id }) => id);
  const fisa = ["US-FISA-ORDER", "US-FISA-PRTT", "US-FISA-RECORDS", "US-FISA-CALL-RECORDS", "US-FISA-DIRECTIVE"];
  assert.deepEqual(accepted, ["US-NDO", "US-NSL", "US-PRTT", "US-T3", ...fisa]);
  told(open, recordGag)
    .when({ ...order, instrument: "XX-NONE" }, at())
    .refused("NOT_A_GAG");
});

test("every reason against an order is given at once", () => {
  told(open, recordGag)
    .when({ ...order, instrument: "US-SW", issuedBy: "requester", end: "2026-10-01" }, at())
    .refused("NO_LEGAL_GAG", "NOT_A_GAG", "GAG_ENDS_BEFORE_START");
  told([], recordGag).when(order, at()).refused("CASE_NOT_OPEN");
});

test("an order without an end is recorded and flagged; one of 366 days is flagged as too long, one of 365 is not", () => {
  const { end: _, ...endless } = order;
  told(open, recordGag)
    .when(endless, at())
    .then({ defects: ["NDO_WITHOUT_END"] });
  assert.deepEqual(gagDefects(onDay("2026-11-02"), onDay("2027-11-02")), []);
  assert.deepEqual(gagDefects(onDay("2026-11-02"), onDay("2027-11-03")), ["NDO_TOO_LONG"]);
});

test("a renewal that brings the missing end cures that defect", () => {
  const { end: _, ...endless } = gag({ defects: ["NDO_WITHOUT_END"] }) as Extract<CaseFact, { type: "GagRecorded" }>;
  const renewed = take(history([endless], at(), open), renewGag, { gag: "G1", end: "2027-02-28", private: order.private }, at());
  assert.deepEqual(
    gagsOf(renewed).map(({ end, defects }) => ({ end, defects })),
    [{ end: "2027-02-28", defects: [] }],
  );
});

test("an order binds from its first day through its last, and not a day more", () => {
  const days = ["2026-11-01", "2026-11-02", "2027-01-31", "2027-02-01"].map((day) => bindingGags(gagged, onDay(day)).length);
  assert.deepEqual(days, [0, 1, 1, 0]);
});

test("the wish for silence is answered once", () => {
  const wished = history([received(), proposed({ marks: ["gag-wish"] })]);
  assert.ok(wishUnanswered(wished));
  const answered = take(wished, noteGagWish, {}, at());
  assert.ok(!wishUnanswered(answered));
  told(answered, noteGagWish).when({}, at()).refused("WISH_ANSWERED");
  told([], noteGagWish).when({}, at()).refused("CASE_NOT_OPEN");
  assert.deepEqual(bindingGags(answered, onDay("2026-11-16")), []);
});

const attempt = { gag: "G1", addressee: "court", beneficiary: "customer", answer: "pending", private: { argument: "The investigation is public." } };

test("an attempt to lift an order is recorded, and a granted one for the customer ends it", () => {
  told(gagged, recordLiftAttempt)
    .when(attempt, at())
    .then({ type: "GagLiftAttempted", gag: "G1", answer: "pending", argument: sealed("evidence-3") });
  told(gagged, recordLiftAttempt)
    .when({ ...attempt, answer: "granted" }, at())
    .then({ type: "GagLiftAttempted" }, { type: "GagEnded", gag: "G1", how: "lifted", on: day("2026-11-16") });
});

test("leave to tell a data-protection authority does not lift the order for the customer", () => {
  told(gagged, recordLiftAttempt)
    .when({ ...attempt, beneficiary: "data-protection-authority", answer: "granted" }, at())
    .then({ type: "GagLiftAttempted" });
});

test("what is not open can be neither lifted nor renewed", () => {
  const renewal = { gag: "G1", end: "2027-06-30", private: order.private };
  for (const past of [open, history([{ type: "GagEnded", gag: "G1", how: "lapsed", on: day("2026-11-30") }], at(), gagged)]) {
    told(past, recordLiftAttempt).when(attempt, at()).refused("NO_OPEN_GAG");
    told(past, renewGag).when(renewal, at()).refused("NO_OPEN_GAG");
  }
  told(gagged, recordLiftAttempt)
    .when({ ...attempt, gag: "G2" }, at())
    .refused("NO_OPEN_GAG");
  told(gagged, renewGag)
    .when({ ...renewal, gag: "G2" }, at())
    .refused("NO_OPEN_GAG");
});

test("a renewal must end after the order it renews, and then the order binds until the new end", () => {
  told(gagged, renewGag).when({ gag: "G1", end: "2027-01-31", private: order.private }, at()).refused("RENEWAL_NOT_LATER");
  const renewed = take(gagged, renewGag, { gag: "G1", end: "2027-04-30", private: order.private }, at());
  assert.equal(bindingGags(renewed, onDay("2027-04-30")).length, 1);
  assert.equal(bindingGags(renewed, onDay("2027-05-01")).length, 0);
});

test("an order lapses on the day after its last day, also in a closed case, and once", () => {
  const closed = history([{ type: "CaseClosed", outcome: "produced_full" }], at(), gagged);
  const lastMoment = at("2027-02-01T06:59:59.999Z");
  const dayAfter = at("2027-02-01T07:00:00Z");
  for (const past of [gagged, closed]) {
    told(past, lapseGags).when({}, lastMoment).refused("NO_GAG_ENDED");
    told(past, lapseGags).when({}, dayAfter).then({ type: "GagEnded", gag: "G1", how: "lapsed" });
    told(take(past, lapseGags, {}, dayAfter), lapseGags)
      .when({}, dayAfter)
      .refused("NO_GAG_ENDED");
  }
  told([], lapseGags).when({}, dayAfter).refused("CASE_NOT_OPEN", "NO_GAG_ENDED");
});

test("attempts fall due five days after the order, then at thirty, sixty and ninety days, then every ninety days", () => {
  const tried = (...days: string[]) =>
    ({ ...gagsOf(gagged)[0], attempts: days.map((day) => ({ on: onDay(day), beneficiary: "customer", answer: "pending" })) }) as ReturnType<
      typeof gagsOf
    >[number];
  const { gagLiftAttemptDays } = workplace.settings;
  assert.deepEqual(
    [
      tried(),
      tried("2026-11-06"),
      tried("2026-11-06", "2026-12-02"),
      tried("2026-11-06", "2026-12-02", "2027-01-01"),
      tried("2026-11-06", "2026-12-02", "2027-01-01", "2027-01-31"),
    ].map((order_) => nextAttemptOn(order_, "customer", gagLiftAttemptDays)),
    ["2026-11-07", "2026-12-02", "2027-01-01", "2027-01-31", "2027-05-01"],
  );
  assert.equal(nextAttemptOn({ ...tried(), ended: "lifted" }, "customer", gagLiftAttemptDays), undefined);
});

test("a gagged case owes one attempt on record for each order", () => {
  assert.deepEqual(
    attemptReasons(gagged).map(({ clause, code }) => [clause, code]),
    [["IGRP-12", "NO_LIFT_ATTEMPT"]],
  );
  assert.deepEqual(attemptReasons(take(gagged, recordLiftAttempt, attempt, at())), []);
  assert.deepEqual(attemptReasons(open), []);
});

test("until the end of an order notice is refused; on the day after it the order lapses, the late notice falls due and notice can be given", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 800 }),
      fc.integer({ min: -3, max: 805 }),
      fc.constantFrom("America/Denver", "Europe/Berlin", "Asia/Tokyo"),
      (length, later, place) => {
        const start = onDay("2026-01-05");
        const end = addDays(start, length);
        const noon = (day: string) => at(`${day}T12:00:00Z`, { zone: place as ReturnType<typeof at>["zone"] });
        const silent = take(history([gag({ start, end })], noon(start), open), withholdForGag, { gag: "G1" }, noon(start));
        const on = noon(addDays(start, later));
        const notice = told(silent, giveNotice).when({ workspace: "acme", link: "digest" }, on);
        const over = on.today > end;
        const binds = on.today >= start && !over;
        assert.equal(told(silent, lapseGags).when({}, on).outcome.kind === "accepted", over);
        assert.equal(told(silent, makeLateNoticeDue).when({}, on).outcome.kind === "accepted", !binds);
        assert.equal(noticeReasons(silent, on).length === 0, binds);
        if (binds) notice.refused("GAGGED");
        else notice.then({ type: "NoticeGiven", workspace: "acme" });
      },
    ),
    runs,
  );
});

test("an order without an end forbids notice until it is lifted, and never lapses", () => {
  const { end: _, ...endless } = gag() as Extract<CaseFact, { type: "GagRecorded" }>;
  const past = history([endless], at(), open);
  told(past, giveNotice).when({ workspace: "acme", link: "digest" }, at("2036-11-16T15:00:00Z")).refused("GAGGED");
  told(past, lapseGags).when({}, at("2036-11-16T15:00:00Z")).refused("NO_GAG_ENDED");
  const lifted = take(past, recordLiftAttempt, { ...attempt, answer: "granted" }, at());
  told(lifted, giveNotice).when({ workspace: "acme", link: "digest" }, at()).then({ type: "NoticeGiven" });
});
