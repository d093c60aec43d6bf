// The gag register: an order with an end forbids notice, a wish never does, and the day after the end the notice falls due by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, details, everyLaw, history, learning, onDay, proposed, received, sealed, take, told, us, workplace } from "../../../tests/a-case.ts";
import { addDays, day, instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import { giveNotice, makeLateNoticeDue, withholdForGag } from "../notice/notice-steps.ts";
import { noticeReasons } from "../notice/notice-state.ts";
import { lapseGags, noteGagWish, objectToGag, recordGag, recordLiftAttempt, renewGag, secrecyUndecided, wishUnanswered } from "./gag-steps.ts";
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

/** Nobody has confirmed yet which paper it is: any order may belong to it. */
const unread = history([received()]);

test("an order that cannot forbid to speak of the confirmed paper is none of its gags", () => {
  told(open, recordGag)
    .when({ ...order, instrument: "US-NSL", issuedBy: "statute" }, at())
    .refused("GAG_OF_ANOTHER_PAPER");
});

test("only an instrument that forbids notice by itself is a gag", () => {
  const accepted = us.instruments
    .filter(({ id }) => told(unread, recordGag).when({ ...order, instrument: id }, at()).outcome.kind === "accepted")
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

test("the desk's people record and renew secrecy orders and try to lift them, counsel alone objects, and only the clock lets them lapse", () => {
  assert.deepEqual(
    [recordGag, noteGagWish, recordLiftAttempt, objectToGag, renewGag, lapseGags].map(({ name, askers }) => [name, ...askers]),
    [
      ["RecordGag", "analyst", "counsel"],
      ["NoteGagWish", "analyst", "counsel"],
      ["RecordLiftAttempt", "counsel", "analyst"],
      ["ObjectToGag", "counsel"],
      ["RenewGag", "analyst", "counsel"],
      ["LapseGags", "desk"],
    ],
  );
});

test("each refusal around secrecy cites its check, and a mere wish the promise to tell the customer", () => {
  const clauses = (policy: typeof workplace) =>
    told(open, recordGag)
      .when({ ...order, instrument: "US-SW", issuedBy: "requester", end: "2026-10-01" }, at(undefined, { policy }))
      .refused("NO_LEGAL_GAG", "NOT_A_GAG", "GAG_ENDS_BEFORE_START")
      .map(({ clause }) => clause);
  assert.deepEqual(clauses(workplace), ["KDRP-13", "V18", "V18"]);
  assert.deepEqual(clauses(learning), ["IGRP-1", "V18", "V18"]);
  const answered = history([{ type: "GagWishNoted" }], at(), open);
  const lasting = { gag: "G1", end: "2027-01-31", private: order.private };
  assert.deepEqual(
    [
      told(answered, noteGagWish).when({}, at()).refused("WISH_ANSWERED"),
      told(open, recordLiftAttempt).when(attempt, at()).refused("NO_OPEN_GAG"),
      told(gagged, renewGag).when(lasting, at()).refused("RENEWAL_NOT_LATER"),
      told(gagged, lapseGags).when({}, at()).refused("NO_GAG_ENDED"),
    ].map(([reason]) => reason?.clause),
    ["V18", "V18", "V18", "V18"],
  );
});

const objection = { gag: "G1", private: { objection: "The secrecy serves no purpose any more." } };

test("counsel tells the government that we object, and the order binds meanwhile", () => {
  told(gagged, objectToGag)
    .when(objection, at())
    .then({ type: "GagObjected", gag: "G1", objection: sealed("evidence-3") });
  assert.equal(bindingGags(take(gagged, objectToGag, objection, at()), onDay("2026-11-17")).length, 1);
});

test("only an order that is open can be objected to", () => {
  const lifted = history([{ type: "GagEnded", gag: "G1", how: "lifted", on: day("2026-11-10") }], at(), gagged);
  told(open, objectToGag).when(objection, at()).refused("NO_OPEN_GAG");
  told(lifted, objectToGag).when(objection, at()).refused("NO_OPEN_GAG");
  told(gagged, objectToGag)
    .when({ ...objection, gag: "G2" }, at())
    .refused("NO_OPEN_GAG");
  const second = history([gag({ gag: "G2" })], at(), lifted);
  told(second, objectToGag).when(objection, at()).refused("NO_OPEN_GAG");
  told(second, objectToGag)
    .when({ ...objection, gag: "G2" }, at())
    .then({ type: "GagObjected", gag: "G2" });
});

test("while one order is open its own steps can be taken, whatever became of another", () => {
  const two = history([gag({ gag: "G2" }), { type: "GagEnded", gag: "G1", how: "lifted", on: day("2026-11-10") }], at(), gagged);
  told(two, recordLiftAttempt).when(attempt, at()).refused("NO_OPEN_GAG");
  told(two, recordLiftAttempt)
    .when({ ...attempt, gag: "G2" }, at())
    .then({ type: "GagLiftAttempted", gag: "G2" });
  told(two, renewGag)
    .when({ gag: "G2", end: "2027-02-28", private: order.private }, at())
    .then({ type: "GagRenewed", gag: "G2", end: onDay("2027-02-28"), order: sealed("evidence-5") });
});

test("an order of one day ends on the day on which it starts, and binds on that day", () => {
  told(open, recordGag)
    .when({ ...order, end: order.start }, at())
    .then({ start: onDay("2026-11-02"), end: onDay("2026-11-02"), defects: [] });
  told(open, recordGag)
    .when({ ...order, end: "2026-11-01" }, at())
    .refused("GAG_ENDS_BEFORE_START");
});

test("an order is recorded as coming from a judge, a court or a statute, and from nobody else", () => {
  for (const issuedBy of ["judge", "court", "statute"])
    told(open, recordGag)
      .when({ ...order, issuedBy }, at())
      .then({ type: "GagRecorded" });
  assert.equal(recordGag.schema.safeParse({ type: "RecordGag", ...order, issuedBy: "officer" }).success, false);
});

test("a warrant cannot forbid notice by itself, though an order can forbid telling about it; nor can a paper that compels nothing", () => {
  const forbids = (instrument: string) => told(unread, recordGag).when({ ...order, instrument }, at(undefined, { laws: everyLaw })).outcome.kind === "accepted";
  assert.ok(us.instruments.find(({ id }) => id === "US-SW")?.gagBy.includes("US-NDO"));
  assert.deepEqual(["US-SW", "US-NDO", "EU-EPOC", "US-CONSENT"].map(forbids), [false, true, true, false]);
  const laws = everyLaw.map((law) => ({
    ...law,
    instruments: law.instruments.map((each) => (each.id === "US-CONSENT" ? { ...each, gagBy: [each.id] } : each)),
  }));
  told(open, recordGag)
    .when({ ...order, instrument: "US-CONSENT" }, at(undefined, { laws }))
    .refused("NOT_A_GAG");
});

test("the yard-stick for too long an order is the one of the paper's law, and a year where that has none", () => {
  const laws = everyLaw.map((law) => ({ ...law, instruments: law.instruments.map((each) => (each.id === "US-NDO" ? { ...each, maxGagDays: 30 } : each)) }));
  const defects = (end: string, where: typeof laws) => {
    const { outcome } = told(open, recordGag).when({ ...order, end }, at(undefined, { laws: where }));
    return outcome.kind === "accepted" && outcome.facts[0]?.type === "GagRecorded" ? outcome.facts[0].defects : [];
  };
  assert.deepEqual(
    ["2026-12-02", "2026-12-03"].map((end) => defects(end, laws)),
    [[], ["NDO_TOO_LONG"]],
  );
  assert.deepEqual(gagDefects(onDay("2026-11-02"), undefined), ["NDO_WITHOUT_END"]);
});

test("a renewal is measured from the end of the order before it; one that brings the first end is measured by nothing", () => {
  const defects = (before: CaseFact, end: string) =>
    gagsOf(take(history([before], at(), open), renewGag, { gag: "G1", end, private: order.private }, at())).flatMap((each) => each.defects);
  assert.deepEqual(defects(gag(), "2028-01-31"), []);
  assert.deepEqual(defects(gag(), "2028-02-01"), ["NDO_TOO_LONG"]);
  assert.deepEqual(defects(gag({ defects: ["NDO_TOO_LONG"] }), "2029-01-31"), ["NDO_TOO_LONG"]);
  assert.deepEqual(defects(gag({ defects: ["NDO_TOO_LONG"] }), "2027-04-30"), ["NDO_TOO_LONG"]);
  const { end: _, ...endless } = gag({ defects: ["NDO_WITHOUT_END"] }) as Extract<CaseFact, { type: "GagRecorded" }>;
  assert.deepEqual(defects(endless, "2030-01-01"), []);
});

test("what is said of an order that was never recorded changes no order", () => {
  const strange = history([{ type: "GagEnded", gag: "G9", how: "lifted", on: day("2026-11-10") }], at(), gagged);
  assert.deepEqual(
    gagsOf(strange).map(({ gag: id, ended }) => [id, ended]),
    [["G1", undefined]],
  );
});

test("an order that has not begun does not lapse, though its end has been recorded as past", () => {
  const future = history([gag({ start: onDay("2026-12-01"), end: onDay("2026-12-31") })], at(), open);
  told(future, lapseGags).when({}, at()).refused("NO_GAG_ENDED");
  told(future, lapseGags)
    .when({}, at("2027-01-01T12:00:00Z"))
    .then({ type: "GagEnded", gag: "G1", how: "lapsed", on: onDay("2026-12-31") });
});

test("every order that has passed its last day lapses in one step, each on its own day", () => {
  const two = history([gag({ gag: "G2", end: onDay("2026-11-30") }), gag({ gag: "G3", end: onDay("2027-12-31") })], at(), gagged);
  told(two, lapseGags)
    .when({}, at("2027-02-01T12:00:00Z"))
    .then({ type: "GagEnded", gag: "G1", on: onDay("2027-01-31") }, { type: "GagEnded", gag: "G2", on: onDay("2026-11-30") });
});

test("a case that was withdrawn or set aside still sees its orders lapse", () => {
  for (const fact of [
    { type: "RequestWithdrawn", by: "agency" },
    { type: "SetAside", as: "newsletter" },
  ] as const)
    told(history([fact], at(), gagged), lapseGags)
      .when({}, at("2027-02-01T12:00:00Z"))
      .then({ type: "GagEnded", gag: "G1", how: "lapsed" });
});

test("an attempt that is granted to the authority, or refused to the customer, ends nothing", () => {
  for (const [beneficiary, answer] of [
    ["customer", "refused"],
    ["data-protection-authority", "refused"],
    ["data-protection-authority", "granted"],
  ])
    assert.deepEqual(
      gagsOf(take(gagged, recordLiftAttempt, { ...attempt, beneficiary, answer }, at())).map(({ ended, attempts }) => [ended, attempts]),
      [[undefined, [{ on: "2026-11-16", beneficiary, answer }]]],
    );
  for (const addressee of ["issuer", "court", "agency"] as const)
    told(gagged, recordLiftAttempt)
      .when({ ...attempt, addressee }, at())
      .then({ type: "GagLiftAttempted", addressee });
});

test("whether silence is ordered is undecided while a paper seems to order it, or its kind is secret, and nobody has said what it is", () => {
  const marked = history([received(), proposed({ marks: ["gag-order"] })]);
  const paper = (id: string) => history([received(), details({ instrument: { id, servedAt: instant("2026-11-02T17:00:00Z") } })]);
  const undecided = (past: Parameters<typeof secrecyUndecided>[0]) => secrecyUndecided(past, at());
  assert.deepEqual([undecided([]), undecided(history([received(), proposed({ marks: ["gag-wish"] })])), undecided(marked)], [false, false, true]);
  assert.deepEqual(
    ["US-SW", "US-PRTT", "US-T3", "US-NSL", "US-FISA-ORDER", "US-CONSENT"].map((id) => undecided(paper(id))),
    [false, true, true, true, true, false],
  );
  assert.equal(undecided(history([gag()], at(), marked)), false);
  assert.equal(undecided(history([{ type: "GagWishNoted" }], at(), marked)), false);
  assert.equal(undecided(history([gag()], at(), paper("US-NSL"))), false);
});

test("a wish that intake did not read, or that was answered, waits for no answer", () => {
  assert.equal(wishUnanswered([]), false);
  assert.equal(wishUnanswered(history([received(), proposed()])), false);
  assert.equal(wishUnanswered(history([received(), proposed({ marks: ["gag-order"] })])), false);
});

test("attempts are counted apart for the customer and for the data-protection authority, and one on any track is on record", () => {
  const tried = take(gagged, recordLiftAttempt, { ...attempt, beneficiary: "data-protection-authority" }, at("2026-11-06T17:00:00Z"));
  const [found] = gagsOf(tried);
  assert.ok(found);
  assert.equal(nextAttemptOn(found, "customer", [5, 30]), "2026-11-07");
  assert.equal(nextAttemptOn(found, "data-protection-authority", [5, 30]), "2026-12-02");
  assert.deepEqual(attemptReasons(tried), []);
  assert.equal(nextAttemptOn(found, "customer", []), undefined);
});

test("an order, an attempt and an objection are recorded only with words that say something, and with no more than a record can hold", () => {
  const bounds = (schema: typeof recordGag.schema, lengths: readonly number[], command: (text: string) => unknown) =>
    lengths.map((length) => schema.safeParse(command("w".repeat(length))).success);
  const recording = (changes: object) => ({ type: "RecordGag", ...order, private: { ...order.private, ...changes } });
  assert.deepEqual(
    bounds(recordGag.schema, [1, 2, 300, 301], (court) => recording({ court })),
    [false, true, true, false],
  );
  assert.deepEqual(
    bounds(recordGag.schema, [200, 201], (number) => recording({ number })),
    [true, false],
  );
  assert.deepEqual(
    bounds(recordGag.schema, [2000, 2001], (scope) => recording({ scope })),
    [true, false],
  );
  assert.deepEqual(
    bounds(recordGag.schema, [40, 41], (instrument) => ({ ...recording({}), instrument })),
    [true, false],
  );
  const trying = (changes: object) => ({ type: "RecordLiftAttempt", ...attempt, private: { ...attempt.private, ...changes } });
  assert.deepEqual(
    bounds(recordLiftAttempt.schema, [0, 1, 10_000, 10_001], (argument) => trying({ argument })),
    [false, true, true, false],
  );
  assert.deepEqual(
    bounds(recordLiftAttempt.schema, [10_000, 10_001], (answer) => trying({ answer })),
    [true, false],
  );
  const objecting = (text: string) => ({ type: "ObjectToGag", gag: "G1", private: { objection: text } });
  assert.deepEqual(bounds(objectToGag.schema, [0, 1, 10_000, 10_001], objecting), [false, true, true, false]);
});

test("every attempt stays on record, in the order in which they were made", () => {
  const first = take(gagged, recordLiftAttempt, attempt, at("2026-11-06T17:00:00Z"));
  const second = take(first, recordLiftAttempt, { ...attempt, answer: "refused" }, at("2026-12-02T17:00:00Z"));
  assert.deepEqual(
    gagsOf(second).flatMap(({ attempts }) => attempts.map(({ on, answer }) => [on, answer])),
    [
      ["2026-11-06", "pending"],
      ["2026-12-02", "refused"],
    ],
  );
});

test("while no order is open, no attempt, no objection and no renewal is offered", () => {
  const lifted = history([{ type: "GagEnded", gag: "G1", how: "lifted", on: day("2026-11-10") }], at(), gagged);
  for (const step of [recordLiftAttempt, objectToGag, renewGag]) {
    const codes = [open, lifted, gagged].map((past) => step.against(past, at()).map(({ code }) => code));
    assert.deepEqual(codes, [["NO_OPEN_GAG"], ["NO_OPEN_GAG"], []], step.name);
  }
});

test("an order without an end is recorded without one: no empty day stands in its place", () => {
  const { end: _, ...endless } = order;
  const facts = told(open, recordGag).when(endless, at()).then({ type: "GagRecorded" });
  assert.deepEqual(facts, [
    { type: "GagRecorded", gag: "fresh-id", instrument: "US-NDO", start: "2026-11-02", defects: ["NDO_WITHOUT_END"], order: sealed("evidence-2") },
  ]);
  assert.deepEqual(gagsOf(history(facts, at(), open)), [
    { gag: "fresh-id", instrument: "US-NDO", start: "2026-11-02", defects: ["NDO_WITHOUT_END"], attempts: [] },
  ]);
});
