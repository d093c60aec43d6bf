// Telling the customer: who is told, when the waiting time is over, on which ground silence is lawful, and for how long.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, both, details, failed, history, learning, onDay, people, received, sealed, sent, take, told } from "../../../tests/a-case.ts";
import { addHours, instant, startOfDay, zone } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { affectedWorkspaces, noticeOf, noticeReasons, untoldWorkspaces, waitingOf } from "./notice-state.ts";
import { approveWithholding, giveNotice, makeLateNoticeDue, ownerAnswersItself, ownerObjects, proposeWithholding, withholdForGag } from "./notice-steps.ts";

const open = history([received(), details()]);
const two = history([
  received(),
  details({
    subjects: [
      { id: "S1", workspace: "acme", resolved: true },
      { id: "S2", workspace: "bolt", resolved: true },
      { id: "S3", workspace: "acme", resolved: true },
    ],
  }),
]);
const released: CaseFact = { type: "ProductionReleased", package: "p", expiresAt: instant("2026-12-01T00:00:00Z"), downloads: 3, link: "l" };
const closed: CaseFact = { type: "CaseClosed", outcome: "rejected" };
const gag: CaseFact = {
  type: "GagRecorded",
  gag: "G1",
  instrument: "US-NDO",
  start: onDay("2026-11-02"),
  end: onDay("2026-11-17"),
  defects: [],
  order: sealed("order"),
};

function notice(letter = "letter-1", workspace = "acme", revision = 1): CaseFact {
  return { type: "NoticeGiven", workspace, revision, letter, noticeDays: 7, late: false, link: "digest" };
}

function codes(past: History, on = at()): string[] {
  return noticeReasons(past, on).map(({ code }) => code);
}

test("notice is given to the owner of an affected workspace, with the policy's seven days", () => {
  told(open, giveNotice)
    .when({ workspace: "acme", link: "digest" }, at())
    .then({ type: "NoticeGiven", workspace: "acme", revision: 1, letter: "fresh-id", noticeDays: 7, late: false, link: "digest" });
});

test("notice needs confirmed details, a known workspace and an open case", () => {
  const give = (past: History) => told(past, giveNotice).when({ workspace: "acme", link: "digest" }, at());
  give([]).refused("CASE_NOT_OPEN", "DETAILS_NOT_CONFIRMED");
  give(history([received()])).refused("DETAILS_NOT_CONFIRMED");
  give(history([received(), details({ subjects: [{ id: "S1", resolved: false }] })])).refused("NO_WORKSPACE");
  give(history([closed], at(), open)).refused("CASE_NOT_OPEN");
});

test("a workspace that the request does not concern is told nothing", () => {
  told(open, giveNotice).when({ workspace: "bolt", link: "digest" }, at()).refused("NOT_AFFECTED");
});

test("each customer is told once, and of two customers both are told", () => {
  assert.deepEqual(affectedWorkspaces(two), ["acme", "bolt"]);
  const once = take(two, giveNotice, { workspace: "acme", link: "digest" }, at());
  told(once, giveNotice).when({ workspace: "acme", link: "digest" }, at()).refused("NOTICE_GIVEN");
  assert.deepEqual(untoldWorkspaces(once), ["bolt"]);
  const twice = take(once, giveNotice, { workspace: "bolt", link: "digest" }, at());
  told(twice, giveNotice).when({ workspace: "bolt", link: "digest" }, at()).refused("NOTICE_GIVEN");
});

test("a notice that came back for good is owed again; one that was only delayed is not", () => {
  const delayed = history([received(), details(), notice(), sent("letter-1"), failed("letter-1", false)]);
  assert.deepEqual(codes(delayed, at("2026-11-10T07:00:00Z")), []);
  const bounced = history([failed("letter-1")], at(), delayed);
  assert.deepEqual(codes(bounced, at("2027-01-01T00:00:00Z")), ["NOTICE_NOT_DELIVERED"]);
  told(bounced, giveNotice).when({ workspace: "acme", link: "digest" }, at()).then({ type: "NoticeGiven", letter: "fresh-id" });
});

test("notice sent on Friday 17 July 2026: the day of notice is day 0, the customer has until Friday the 24th, data may leave from Saturday the 25th (W-6's counting)", () => {
  const past = [...history([received(), details(), notice()]), ...history([sent("letter-1")], at("2026-07-17T20:30:00Z"))];
  assert.deepEqual(codes(past, at("2026-07-25T05:59:59.999Z")), ["NOTICE_WAITING"]);
  assert.deepEqual(codes(past, at("2026-07-25T06:00:00Z")), []);
  const period = waitingOf(noticeOf(past).given.get("acme") ?? assert.fail(), at());
  assert.deepEqual([period?.lastDay, period?.opensOn, period?.opensAt], ["2026-07-24", "2026-07-25", "2026-07-25T06:00:00.000Z"]);
  assert.equal(
    period?.derivation,
    "notice sent Fri 17 Jul 2026 14:30 Denver (day 0); days 1 to 7 end on Fri 24 Jul 2026; open from Sat 25 Jul 2026 Denver, KDRP-13",
  );
});

test("the waiting time runs over a change of the clock and ends at local midnight", () => {
  const past = [...history([received(), details(), notice()]), ...history([sent("letter-1")], at("2026-10-28T18:00:00Z"))];
  assert.deepEqual(codes(past, at("2026-11-05T06:59:59.999Z")), ["NOTICE_WAITING"]);
  assert.deepEqual(codes(past, at("2026-11-05T07:00:00Z")), []);
});

test("the waiting time starts when the letter was sent, not when it was written", () => {
  assert.deepEqual(codes(history([received(), details(), notice()]), at("2027-11-16T00:00:00Z")), ["NOTICE_NOT_SENT"]);
});

test("data may leave on no moment before seven whole days belong to the customer, whenever and wherever the letter went out", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 24 * 365 * 2 }),
      fc.integer({ min: 0, max: 24 * 10 }),
      fc.constantFrom("America/Denver", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu"),
      (sentHours, later, place) => {
        const where = zone(place);
        const sentAt = addHours(instant("2026-01-01T00:30:00Z"), sentHours);
        const now = addHours(sentAt, later);
        const past = [...history([received(), details(), notice()]), ...history([sent("letter-1")], at(sentAt, { zone: where }))];
        const sentOn = Temporal.Instant.from(sentAt).toZonedDateTimeISO(place).toPlainDate();
        const opens = startOfDay(onDay(sentOn.add({ days: 8 }).toString()), where);
        assert.equal(codes(past, at(now, { zone: where })).length === 0, now >= opens);
      },
    ),
    runs,
  );
});

test("a change of the details owes the notice anew: the customer was told of something else", () => {
  const past = history([received(), details(), notice(), sent("letter-1"), details({ revision: 2 })]);
  assert.deepEqual(codes(past, at("2027-01-01T00:00:00Z")), ["NOTICE_OWED"]);
  assert.deepEqual(untoldWorkspaces(past), ["acme"]);
});

test("while no workspace is known the notice is owed, and no gate opens for want of a customer", () => {
  assert.deepEqual(codes(history([received(), details({ subjects: [] })])), ["NOTICE_OWED"]);
});

test("a secrecy order bars notice and names its end; on the day after it does not", () => {
  const [reason] = told(history([gag], at(), open), giveNotice)
    .when({ workspace: "acme", link: "digest" }, at())
    .refused("GAGGED");
  assert.match(reason?.because ?? "", /until the end of 2026-11-17/);
  told(history([gag], at(), open), giveNotice)
    .when({ workspace: "acme", link: "digest" }, at("2026-11-18T07:00:00Z"))
    .then({ type: "NoticeGiven" });
});

test("notice is withheld for a secrecy order only while that very order binds", () => {
  const gagged = history([gag], at(), open);
  told(gagged, withholdForGag).when({ gag: "G1" }, at()).then({ type: "NoticeWithheld", ground: "gag", gag: "G1" });
  told(gagged, withholdForGag).when({ gag: "G2" }, at()).refused("NO_OPEN_GAG");
  told(gagged, withholdForGag).when({ gag: "G1" }, at("2026-11-18T07:00:00Z")).refused("NO_LEGAL_GAG");
  told(open, withholdForGag).when({ gag: "G1" }, at()).refused("NO_LEGAL_GAG");
  told([], withholdForGag).when({ gag: "G1" }, at()).refused("CASE_NOT_OPEN", "NO_LEGAL_GAG");
});

test("a customer whom the letter did not reach before the order came is lawfully not told while the order binds", () => {
  const past = history([notice(), failed("letter-1"), gag, { type: "NoticeWithheld", ground: "gag", gag: "G1" }], at(), open);
  assert.deepEqual(codes(past), []);
  assert.deepEqual(codes(past, at("2026-11-18T12:00:00Z")), ["NOTICE_NOT_DELIVERED"]);
});

test("a customer who was told keeps its days, also when silence would have been lawful", () => {
  const past = history([gag, { type: "NoticeWithheld", ground: "gag", gag: "G1" }, notice(), sent("letter-1")], at(), open);
  assert.deepEqual(codes(past), ["NOTICE_WAITING"]);
});

test("a mere wish for silence withholds nothing", () => {
  told(history([{ type: "GagWishNoted" }], at(), open), withholdForGag)
    .when({ gag: "wish" }, at())
    .refused("NO_LEGAL_GAG");
});

test("what was told cannot be withheld afterwards", () => {
  const informed = history([gag, notice()], at(), open);
  told(informed, withholdForGag).when({ gag: "G1" }, at()).refused("NOTICE_GIVEN");
  told(informed, proposeWithholding).when(threat(), at()).refused("NOTICE_GIVEN");
  told(history([proposal()], at(), informed), approveWithholding)
    .when({}, at(undefined, { by: people.ben }))
    .refused("NOTICE_GIVEN");
});

function threat(reviewOn = "2026-12-01") {
  return { ground: "risk-of-harm", reviewOn, private: { why: "A witness has been threatened." } };
}

function proposal(): CaseFact {
  return { type: "WithholdingProposed", ground: "risk-of-harm", reviewOn: onDay("2026-12-01"), why: sealed("why") };
}

test("silence for fear of harm is proposed by one person and approved by another", () => {
  const proposed = take(open, proposeWithholding, threat(), at());
  told(proposed, approveWithholding).when({}, at()).refused("SECOND_PERSON");
  told(proposed, approveWithholding)
    .when({}, at(undefined, { by: people.ben }))
    .then({ type: "NoticeWithheld", ground: "risk-of-harm", reviewOn: onDay("2026-12-01") });
  told(open, approveWithholding).when({}, at()).refused("NOTHING_PROPOSED");
});

test("a proposal that was approved is spent: it cannot be approved again", () => {
  const withheld = take(take(open, proposeWithholding, threat(), at()), approveWithholding, {}, at(undefined, { by: people.ben }));
  told(withheld, approveWithholding)
    .when({}, at(undefined, { by: people.cleo }))
    .refused("NOTHING_PROPOSED");
});

test("a proposal whose review day has passed cannot be approved any more", () => {
  const proposed = take(open, proposeWithholding, threat("2026-11-20"), at());
  told(proposed, approveWithholding)
    .when({}, at("2026-11-20T18:00:00Z", { by: people.ben }))
    .then({ type: "NoticeWithheld" });
  told(proposed, approveWithholding)
    .when({}, at("2026-11-21T18:00:00Z", { by: people.ben }))
    .refused("REVIEW_DAY");
});

test("a ground must be looked at again on a day from tomorrow to the ninetieth", () => {
  for (const [reviewOn, fine] of [
    ["2026-11-16", false],
    ["2026-11-17", true],
    ["2027-02-14", true],
    ["2027-02-15", false],
  ] as const) {
    const proposing = told(open, proposeWithholding).when(threat(reviewOn), at());
    if (fine) proposing.then({ type: "WithholdingProposed" });
    else proposing.refused("REVIEW_DAY");
  }
});

test("the learning platform's policy knows no ground but a legal prohibition (X-24), alone or beside another policy", () => {
  for (const policy of [learning, both]) told(open, proposeWithholding).when(threat(), at(undefined, { policy })).refused("GROUND_NOT_IN_POLICY");
  const withheld = history([{ type: "NoticeWithheld", ground: "risk-of-harm", reviewOn: onDay("2026-12-01") }], at(), open);
  assert.deepEqual(codes(withheld), []);
  assert.deepEqual(codes(withheld, at(undefined, { policy: both })), ["NOTICE_OWED"]);
});

test("no ground is proposed or approved in a case that is not open", () => {
  told([], proposeWithholding).when(threat(), at()).refused("CASE_NOT_OPEN");
  told([], approveWithholding).when({}, at()).refused("CASE_NOT_OPEN", "NOTHING_PROPOSED");
});

test("silence is lawful through the review day; on the day after, the late notice falls due", () => {
  const withheld = history([{ type: "NoticeWithheld", ground: "risk-of-harm", reviewOn: onDay("2026-12-01") }], at(), open);
  assert.deepEqual(codes(withheld, at("2026-12-02T06:59:59Z")), []);
  told(withheld, makeLateNoticeDue).when({}, at("2026-12-02T06:59:59Z")).refused("NO_NOTICE_OWED");
  assert.deepEqual(codes(withheld, at("2026-12-02T07:00:00Z")), ["NOTICE_OWED"]);
  told(withheld, makeLateNoticeDue).when({}, at("2026-12-02T07:00:00Z")).then({ type: "LateNoticeFellDue", ground: "risk-of-harm" });
});

test("two lawful grounds keep silence as long as one of them holds", () => {
  const grounds: readonly CaseFact[] = [
    gag,
    { type: "NoticeWithheld", ground: "gag", gag: "G1" },
    { type: "NoticeWithheld", ground: "risk-of-harm", reviewOn: onDay("2026-11-05") },
  ];
  for (const order of [grounds, [gag, ...grounds.slice(1).toReversed()]]) {
    const past = history(order, at(), open);
    assert.deepEqual(codes(past), []);
    told(past, makeLateNoticeDue).when({}, at()).refused("NO_NOTICE_OWED");
    assert.deepEqual(codes(past, at("2026-11-18T12:00:00Z")), ["NOTICE_OWED"]);
  }
});

test("an order that ended on Tuesday 17 November 2026 has its late notice due three business days later: on Friday the 20th, whenever the desk wakes (W-4, §2.3)", () => {
  const silent = history([gag, { type: "NoticeWithheld", ground: "gag", gag: "G1" }], at(), open);
  const [fact] = told(silent, makeLateNoticeDue)
    .when({}, at("2026-11-18T07:00:00Z"))
    .then({ type: "LateNoticeFellDue", ground: "gag", dueAt: instant("2026-11-21T06:59:59.999Z") });
  assert.equal(
    fact?.type === "LateNoticeFellDue" && fact.derivation,
    "ground for silence held to the end of Tue 17 Nov 2026 + 3 business days = end of Fri 20 Nov 2026 Denver, KDRP-13",
  );
});

test("Thanksgiving is no business day for a late notice", () => {
  const silent = history(
    [
      { ...gag, end: onDay("2026-11-24") },
      { type: "NoticeWithheld", ground: "gag", gag: "G1" },
    ],
    at(),
    open,
  );
  told(silent, makeLateNoticeDue)
    .when({}, at("2026-11-25T15:00:00Z"))
    .then({ dueAt: instant("2026-12-01T06:59:59.999Z") });
});

test("a late notice falls due once, also in a closed case, and the closed case may then still tell its customer", () => {
  const silent = history([gag, { type: "NoticeWithheld", ground: "gag", gag: "G1" }, closed], at(), open);
  const on = at("2026-11-18T15:00:00Z");
  told(silent, giveNotice).when({ workspace: "acme", link: "digest" }, on).refused("CASE_NOT_OPEN");
  const due = take(silent, makeLateNoticeDue, {}, on);
  told(due, makeLateNoticeDue).when({}, on).refused("NO_NOTICE_OWED");
  told(due, giveNotice).when({ workspace: "acme", link: "digest" }, on).then({ type: "NoticeGiven", late: true });
});

test("no late notice falls due while another order still binds, nor for a customer who was told", () => {
  const second: CaseFact = { ...gag, gag: "G2", end: onDay("2026-12-31") };
  const silent: readonly CaseFact[] = [gag, { type: "NoticeWithheld", ground: "gag", gag: "G1" }];
  const on = at("2026-11-18T15:00:00Z");
  told(history([...silent, second], at(), open), makeLateNoticeDue)
    .when({}, on)
    .refused("NO_NOTICE_OWED");
  told(history([...silent, notice()], at(), open), makeLateNoticeDue)
    .when({}, on)
    .refused("NO_NOTICE_OWED");
  told(open, makeLateNoticeDue).when({}, on).refused("NO_NOTICE_OWED");
});

const objection = { private: { text: "The warrant names another company." } };
const informed = history([notice()], at(), open);

test("an owner who was told may object, and the objection opens a challenge", () => {
  told(informed, ownerObjects)
    .when(objection, at(undefined, { by: people.owner }))
    .then(
      { type: "OwnerObjected", objection: sealed("evidence-3") },
      { type: "ChallengeOpened", challenge: "fresh-id", brought: "owner", grounds: sealed("evidence-3") },
    );
});

test("an owner who will answer the agency stops the disclosure", () => {
  const past = take(informed, ownerAnswersItself, {}, at(undefined, { by: people.owner }));
  assert.deepEqual(codes(past, at("2027-01-01T00:00:00Z")), ["OWNER_ANSWERS"]);
});

test("an owner who was not told, or whose data has left, can neither object nor answer for itself", () => {
  for (const [step, command] of [
    [ownerObjects, objection],
    [ownerAnswersItself, {}],
  ] as const) {
    told(open, step).when(command, at()).refused("NOT_TOLD_YET");
    told(history([released], at(), informed), step)
      .when(command, at())
      .refused("ALREADY_RELEASED");
    told(history([closed], at(), informed), step)
      .when(command, at())
      .refused("CASE_NOT_OPEN");
  }
});

test("an owner told of an earlier revision may still object", () => {
  told(history([details({ revision: 2 })], at(), informed), ownerObjects)
    .when(objection, at())
    .then({ type: "OwnerObjected" }, { type: "ChallengeOpened" });
});

const widened = details({
  revision: 2,
  subjects: [
    { id: "S1", workspace: "acme", resolved: true },
    { id: "S2", workspace: "bolt", resolved: true },
  ],
});

test("a risk that was weighed for one customer is no ground for silence towards another that a revision names", () => {
  const proposed = take(open, proposeWithholding, threat(), at());
  const second = at(undefined, { by: people.ben });
  const withheld = take(proposed, approveWithholding, {}, second);
  assert.deepEqual(codes(withheld), []);
  assert.deepEqual(codes(history([widened], at(), withheld)), ["NOTICE_OWED"]);
  const approvedAfter = take(history([widened], at(), proposed), approveWithholding, {}, second);
  assert.deepEqual(codes(approvedAfter), ["NOTICE_OWED"], "what was proposed was weighed for the first customer");
  const weighedForBoth = take(take(history([widened], at(), withheld), proposeWithholding, threat(), at()), approveWithholding, {}, second);
  assert.deepEqual(codes(weighedForBoth), []);
});

test("an order for silence binds whomever the request concerns, also one that a revision names", () => {
  const withheld = take(history([gag], at(), open), withholdForGag, { gag: "G1" }, at());
  assert.deepEqual(codes(history([widened], at(), withheld)), []);
});
