// Keeping data for an agency: what may be kept, how long, how often renewed, and when it must be gone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, line, onDay, packaged, planA, received, recorded, sealed, take, told, us, people } from "../../../tests/a-case.ts";
import { readShelf } from "../../adapters/packs/read-shelf.ts";
import { addDays, instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, Decision, History } from "../decision.ts";
import { destructionCertificate } from "./destruction-certificate.ts";
import { asksToKeep } from "./keeping-paper.ts";
import { keepingScope } from "./keeping-scope.ts";
import { recordWithdrawal } from "../intake/module.ts";
import * as preservation from "./module.ts";

const letter = { id: "US-PRES", signedBy: "official", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } as const;
const confirmed: History = history([received(), details({ instrument: letter })]);
const sealing = { preservation: "P1", object: "object-1", sha256: "d".repeat(64), bytes: 4096, records: { messages: 3 } };
const onServiceDay = at("2026-11-02T18:00:00Z", { fresh: "P1" });
const begun = take(confirmed, preservation.beginSnapshot, {}, onServiceDay);
const kept = take(begun, preservation.recordSnapshot, sealing, onServiceDay);
const asked = { private: { request: "Letter of 20 January 2027, renewed by the same office." } };

const lastMoment = "2027-02-01T06:59:59.999Z";
const firstMomentAfter = "2027-02-01T07:00:00.000Z";
const renewedOnce = () => take(kept, preservation.renewPreservation, asked, at("2027-01-20T15:00:00Z"));

function codes(past: History, step: Decision, on: Circumstances): readonly string[] {
  return step.against(past, on).map(({ code }) => code);
}

test("a confirmed preservation letter lets the desk begin, and what is sealed is on record with digest and counts", () => {
  assert.deepEqual(begun.at(-1)?.fact, { type: "SnapshotBegun", preservation: "P1", revision: 1 });
  assert.deepEqual(kept.at(-1)?.fact, { type: "SnapshotSealed", revision: 1, ...sealing });
});

test("a paper that does not ask to keep data begins nothing, and neither does no paper", () => {
  assert.deepEqual(codes(history([received(), details()]), preservation.beginSnapshot, at()), ["NOT_PRESERVATION"]);
  const { instrument: _, ...without } = details();
  assert.deepEqual(codes(history([received(), without]), preservation.beginSnapshot, at()), ["NO_INSTRUMENT"]);
  assert.deepEqual(codes(history([received()]), preservation.beginSnapshot, at()), ["NO_INSTRUMENT"]);
});

test("a line whose account cannot be told apart stops the snapshot and is named", () => {
  const vague = history([
    received(),
    details({
      instrument: letter,
      lines: [line("L1"), line("L2", { subject: "S2" })],
      subjects: [
        { id: "S1", workspace: "acme", resolved: true },
        { id: "S2", resolved: false },
      ],
    }),
  ]);
  const reasons = preservation.beginSnapshot.against(vague, at());
  assert.deepEqual(
    reasons.map(({ code, line: id }) => [code, id]),
    [["UNIDENTIFIABLE", "L2"]],
  );
  assert.deepEqual(codes(history([received(), details({ instrument: letter, lines: [] })]), preservation.beginSnapshot, at()), ["NO_LINES"]);
});

test("one living snapshot a revision: a second is refused, corrected details make room for another", () => {
  assert.deepEqual(codes(kept, preservation.beginSnapshot, at()), ["ALREADY_KEPT"]);
  assert.deepEqual(codes(begun, preservation.beginSnapshot, at()), ["SNAPSHOT_UNDER_WAY"]);
  const corrected = history([details({ instrument: letter, revision: 2 })], at(), kept);
  assert.deepEqual(codes(corrected, preservation.beginSnapshot, at()), []);
});

test("half a snapshot never counts: what was given up cannot be sealed, and what was never begun cannot either", () => {
  const given = take(begun, preservation.abandonSnapshot, { preservation: "P1" }, at());
  told(given, preservation.recordSnapshot).when(sealing, at()).refused("NOT_BEGUN");
  told(confirmed, preservation.recordSnapshot).when(sealing, at()).refused("NOT_BEGUN");
  assert.deepEqual(codes(given, preservation.beginSnapshot, at()), []);
  assert.equal(preservation.livingPreservations(given).length, 0);
});

test("details that were corrected while the snapshot was taken end it: it holds what is no longer asked", () => {
  const corrected = history([details({ instrument: letter, revision: 2 })], at(), begun);
  told(corrected, preservation.recordSnapshot).when(sealing, at()).refused("DETAILS_CHANGED");
});

test("ninety days from 2 November 2026: kept through 31 January 2027, expired in the first moment of 1 February and not before (18 USC 2703(f)(2))", () => {
  assert.equal(preservation.keepingClock({ preservation: "P1", revision: 1 }, kept, at())?.lastDay, "2027-01-31");
  assert.deepEqual(codes(kept, preservation.expirePreservation, at(lastMoment)), ["NOT_OVER"]);
  const ended = take(kept, preservation.expirePreservation, {}, at(firstMomentAfter, { by: people.desk }));
  assert.deepEqual(ended.at(-1)?.fact, { type: "PreservationEnded", preservation: "P1", how: "expired" });
});

test("one renewed request gives ninety days more, through 1 May 2027, and a second gives none", () => {
  const renewed = renewedOnce();
  assert.deepEqual(renewed.at(-1)?.fact, { type: "PreservationRenewed", preservation: "P1", until: "2027-05-01", request: sealed(`evidence-${kept.length}`) });
  assert.deepEqual(codes(renewed, preservation.expirePreservation, at(firstMomentAfter)), ["NOT_OVER"]);
  const [again] = preservation.renewPreservation.against(renewed, at("2027-04-01T15:00:00Z"));
  assert.equal(again?.code, "RENEWALS_USED");
  assert.match(again?.because ?? "", /once, and it has been \(18 USC 2703\(f\)\(2\)\)/);
  assert.deepEqual(codes(renewed, preservation.expirePreservation, at("2027-05-02T06:00:00.000Z")), []);
});

test("what has ended, or runs out this moment, is not renewed; neither is what was never kept", () => {
  assert.deepEqual(codes(kept, preservation.renewPreservation, at(lastMoment)), []);
  assert.deepEqual(codes(kept, preservation.renewPreservation, at(firstMomentAfter)), ["PERIOD_ENDED"]);
  assert.deepEqual(codes(confirmed, preservation.renewPreservation, at()), ["NOTHING_KEPT"]);
  const released = take(kept, preservation.releasePreservation, { private: { reason: "The office withdrew it by telephone." } }, at());
  assert.deepEqual(codes(released, preservation.renewPreservation, at()), ["NOTHING_KEPT"]);
});

test("a renewal without the renewed request is not understood, and a release without its reason neither", () => {
  assert.equal(preservation.renewPreservation.schema.safeParse({ type: "RenewPreservation" }).success, false);
  assert.equal(preservation.renewPreservation.schema.safeParse({ type: "RenewPreservation", private: { request: " " } }).success, false);
  assert.equal(preservation.releasePreservation.schema.safeParse({ type: "ReleasePreservation", private: {} }).success, false);
});

test("a law that knows no renewal gives none", () => {
  const laws = [{ ...us, instruments: us.instruments.map((each) => ({ ...each, clocks: each.clocks.map(({ renewal: _, ...clock }) => clock) })) }];
  assert.deepEqual(codes(kept, preservation.renewPreservation, at(undefined, { laws })), ["NO_RENEWAL"]);
});

test("while a warrant waits for its answer what is kept does not expire; when the case ends without production it does", () => {
  const warrant = history([details({ revision: 2 })], at("2027-01-15T15:00:00Z"), kept);
  assert.deepEqual(codes(warrant, preservation.expirePreservation, at("2027-03-01T15:00:00Z")), ["PROCESS_PENDING"]);
  const closed = history([{ type: "CaseClosed", outcome: "rejected" }], at("2027-03-01T15:00:00Z"), warrant);
  assert.deepEqual(codes(closed, preservation.expirePreservation, at("2027-03-01T15:00:00Z")), []);
  const early = history([{ type: "CaseClosed", outcome: "rejected" }], at("2027-01-16T15:00:00Z"), warrant);
  assert.deepEqual(codes(early, preservation.expirePreservation, at("2027-01-17T15:00:00Z")), ["NOT_OVER"]);
});

test("a case that the agency withdraws lets go of what is kept at once", () => {
  const withdrawn = take(kept, recordWithdrawal, {}, at());
  const ended = take(withdrawn, preservation.expirePreservation, {}, at());
  assert.deepEqual(ended.at(-1)?.fact, { type: "PreservationEnded", preservation: "P1", how: "released" });
});

const produced = (records: number): History =>
  history(
    [
      details({ revision: 2 }),
      { type: "ReviewSigned", revision: 2, lines: [{ line: "L1", decision: "allow", reasons: [], citation: "18 USC 2703(a)" }], packs: [] },
      { type: "PlanCompiled", revision: 2, plan: planA, reads: [], nothingHeld: [], scope: sealed("scope") },
      { type: "SnapshotOpened", preservation: "P1", plan: planA, records },
      packaged({ package: "K1" }),
      { type: "ProductionReleased", package: "K1", expiresAt: instant("2027-02-15T00:00:00Z"), downloads: 3, link: "k" },
    ],
    at("2027-01-15T15:00:00Z"),
    kept,
  );

test("a production from all that is kept ends it as followed by process; one from a part leaves the rest until its last day", () => {
  assert.deepEqual(take(produced(3), preservation.linkProcess, {}, at()).at(-1)?.fact, {
    type: "PreservationEnded",
    preservation: "P1",
    how: "process-followed",
  });
  assert.deepEqual(codes(produced(2), preservation.linkProcess, at("2027-01-16T15:00:00Z")), ["NOT_ANSWERED"]);
  assert.deepEqual(codes(produced(2), preservation.expirePreservation, at(lastMoment)), ["NOT_OVER"]);
  assert.deepEqual(codes(produced(2), preservation.expirePreservation, at(firstMomentAfter)), []);
});

test("what is kept is opened only for the current plan", () => {
  const use = { preservation: "P1", plan: planA, records: 1 };
  told(kept, preservation.recordSnapshotUse).when(use, at()).refused("PRESERVATION_ONLY", "PLAN_CHANGED");
});

test("nothing is destroyed before its end, nothing but what was sealed, and nothing twice", () => {
  const { object, sha256 } = sealing;
  const named = { preservation: "P1", object, sha256 };
  assert.deepEqual(codes(kept, preservation.recordDestruction, at()), ["NOTHING_ENDED"]);
  const ended = take(kept, preservation.expirePreservation, {}, at(firstMomentAfter));
  told(ended, preservation.recordDestruction)
    .when({ ...named, sha256: "e".repeat(64) }, at())
    .refused("OTHER_OBJECT");
  told(ended, preservation.recordDestruction)
    .when({ ...named, preservation: "P2" }, at())
    .refused("NOT_KEPT");
  const gone = take(ended, preservation.recordDestruction, named, at(firstMomentAfter));
  assert.deepEqual(gone.at(-1)?.fact, { type: "SnapshotDestroyed", ...named });
  assert.deepEqual(codes(gone, preservation.recordDestruction, at()), ["NOTHING_ENDED"]);
});

test("the certificate names digest, last day, renewal, end and day of destruction, and says when it was late", () => {
  const { object, sha256 } = sealing;
  const named = { preservation: "P1", object, sha256 };
  const gone = (now: string) => take(take(renewedOnce(), preservation.expirePreservation, {}, at(now)), preservation.recordDestruction, named, at(now));
  const text = destructionCertificate("C-TEST-CASE", "P1", gone("2027-05-02T06:00:00Z"), at()) ?? assert.fail("no certificate");
  for (const words of [sha256, "Last day: Sat 1 May 2027", "Renewed: through Sat 1 May 2027", "Destroyed: Sun 2 May 2027, on time", "messages: 3"])
    assert.ok(text.includes(words), `${words}\n${text}`);
  assert.match(destructionCertificate("C-TEST-CASE", "P1", gone("2027-05-05T06:00:00Z"), at()) ?? "", /Destroyed: Wed 5 May 2027, 3 days late/);
  assert.equal(destructionCertificate("C-TEST-CASE", "P1", renewedOnce(), at()), undefined);
});

test("a letter that names no first day keeps from the beginning, and nothing after the day it was served (KDRP-6)", () => {
  const open = history([received(), details({ instrument: letter, lines: [{ id: "L1", subject: "S1", dataType: "messages" }] })]);
  const scope = keepingScope("C-TEST-CASE", open, { S1: { account: "U-1" } }, at()) ?? assert.fail("no scope");
  assert.deepEqual(
    scope.lines.map(({ from, until }) => [from, until]),
    [["1970-01-01T00:00:00.000Z", "2026-11-03T07:00:00.000Z"]],
  );
  assert.deepEqual(scope.keeps, ["CONTENT"]);
  assert.equal("reach" in scope, false);
  assert.equal(keepingScope("C-TEST-CASE", open, {}, at()), undefined);
});

test("an EPOC lets nothing be lost until it is answered: it keeps at once, has no last day and ends with its production", async () => {
  const reading = await readShelf(new URL("../../../packs", import.meta.url).pathname);
  const eu = reading.kind === "shelf" ? reading.shelf.laws.find(({ country }) => country === "EU") : undefined;
  assert.ok(eu !== undefined, JSON.stringify(reading.kind === "problems" ? reading.problems[0] : ""));
  const laws = [eu];
  assert.deepEqual(
    eu.instruments.filter(asksToKeep).map(({ id }) => id),
    ["EU-EPOC", "EU-EPOC-PR"],
  );
  const epoc = history([received(), details({ instrument: { ...letter, id: "EU-EPOC", signedBy: "judge" } })]);
  const on = at(undefined, { laws, fresh: "P1" });
  const living = take(take(epoc, preservation.beginSnapshot, {}, on), preservation.recordSnapshot, sealing, on);
  assert.deepEqual(codes(living, preservation.expirePreservation, at("2030-01-01T00:00:00Z", { laws })), ["NO_LAST_DAY"]);
  assert.deepEqual(codes(living, preservation.renewPreservation, on), ["NO_LAST_DAY"]);
  const order = history([received(), details({ instrument: { ...letter, id: "EU-EPOC-PR", signedBy: "judge" } })]);
  const ordered = take(take(order, preservation.beginSnapshot, {}, on), preservation.recordSnapshot, sealing, on);
  assert.equal(preservation.keepingClock({ preservation: "P1", revision: 1 }, ordered, on)?.lastDay, addDays(onDay("2026-11-02"), 60));
  const renewed = take(ordered, preservation.renewPreservation, asked, on);
  assert.equal(preservation.keepingClock({ preservation: "P1", revision: 1 }, renewed, on)?.lastDay, addDays(onDay("2026-11-02"), 90));
  assert.deepEqual(codes(renewed, preservation.renewPreservation, on), ["RENEWALS_USED"]);
});

test("the case's other snapshots change nothing in the time of this one", () => {
  const other: CaseFact[] = [
    { type: "SnapshotBegun", preservation: "P0", revision: 1 },
    { type: "SnapshotSealed", revision: 1, ...sealing, preservation: "P0" },
    { type: "PreservationRenewed", preservation: "P0", until: onDay("2027-05-01") },
    { type: "PreservationEnded", preservation: "P0", how: "released" },
  ];
  const both = [...kept, ...other.map((fact, index) => recorded(fact, { now: onServiceDay.now, by: people.desk }, kept.length + index + 1))];
  const [clock] = preservation.livingPreservations(both).map((each) => preservation.keepingClock(each, both, at()));
  assert.deepEqual([clock?.lastDay, clock?.isOver], ["2027-01-31", false]);
});

test("the row that wakes the desk stands until the end is on record, also when a warrant came and went and also when the day has passed", () => {
  const row = (past: History, now: string) => preservation.keepingDue(past, at(now)).map(({ dueAt }) => dueAt);
  assert.deepEqual(row(kept, "2026-11-16T15:00:00Z"), [lastMoment]);
  assert.deepEqual(row(kept, "2027-02-10T15:00:00Z"), [lastMoment]);
  const warrant = history([details({ revision: 2 })], at("2027-01-15T15:00:00Z"), kept);
  assert.deepEqual(row(warrant, "2027-01-16T15:00:00Z"), []);
  assert.deepEqual(row(history([{ type: "CaseClosed", outcome: "rejected" }], at("2027-01-16T15:00:00Z"), warrant), "2027-01-17T15:00:00Z"), [lastMoment]);
  assert.deepEqual(row(take(kept, preservation.expirePreservation, {}, at(firstMomentAfter)), "2027-02-10T15:00:00Z"), []);
});

test("a law without a last day ends what is kept when its production is released, whatever part of it was produced", () => {
  const released = produced(1);
  const laws = [{ ...us, instruments: us.instruments.map((each) => ({ ...each, clocks: each.clocks.filter(({ kind }) => kind !== "keep") })) }];
  assert.deepEqual(codes(released, preservation.linkProcess, at(undefined, { laws })), []);
  assert.deepEqual(codes(released, preservation.linkProcess, at()), ["NOT_ANSWERED"]);
});
