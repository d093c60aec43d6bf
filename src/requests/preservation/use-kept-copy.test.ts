// A copy that one case keeps and another case needs: when it may wait, what it may be read for, and when it has waited long enough.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  packaged,
  at,
  checked,
  compiled,
  details,
  history,
  onDay,
  planA,
  planB,
  received,
  releasable,
  releaseCommand,
  reviewed,
  take,
  told,
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import { approveRelease, gateReasons, recordPlan, release } from "../disclosure/module.ts";
import { recordWithdrawal } from "../intake/module.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Decision, History } from "../decision.ts";
import { destructionCertificate } from "./destruction-certificate.ts";
import * as preservation from "./module.ts";

const letter = { id: "US-PRES", signedBy: "official", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } as const;
const served = at("2026-11-02T18:00:00Z", { fresh: "P1" });
const sealing = { preservation: "P1", object: "object-1", sha256: "d".repeat(64), bytes: 4096, records: { messages: 3 } };
/** Kept through 31 January 2027. */
const kept = take(
  take(history([received(), details({ instrument: letter })]), preservation.beginSnapshot, {}, served),
  preservation.recordSnapshot,
  sealing,
  served,
);
const dayAfter = at("2027-02-01T07:00:00.000Z");
const askedOf = (changes: object = {}) => ({ case: "C-LATE-CASE", preservation: "P1", workspaces: ["acme"], servedOn: "2027-01-20", ...changes });
const waiting = take(kept, preservation.holdForProcess, askedOf(), at("2027-01-20T15:00:00Z"));
const ended = (records?: number) =>
  take(waiting, preservation.recordProcessEnd, { case: "C-LATE-CASE", preservation: "P1", ...(records === undefined ? {} : { records }) }, dayAfter);

const copy = { from: "C-KEEP-CASE", preservation: "P1" };
const linked = take(reviewed, preservation.useKeptCopy, copy, at());
const used = (changes: object = {}) => ({ ...copy, plan: planA, records: 3, ...changes });

function codes(past: History, step: Decision, on = at()): readonly string[] {
  return step.against(past, on).map(({ code }) => code);
}

test("a warrant that came as a case of its own is answered from a copy that another case keeps, each copy once", () => {
  told(reviewed, preservation.useKeptCopy)
    .when(copy, at())
    .then({ type: "KeptCopyLinked", ...copy });
  told(linked, preservation.useKeptCopy).when(copy, at()).refused("ALREADY_LINKED");
  told(linked, preservation.useKeptCopy)
    .when({ ...copy, preservation: "P2" }, at())
    .then({ type: "KeptCopyLinked" });
});

test("a case does not link what it keeps itself: its own paper is answered from it without a link", () => {
  told(reviewed, preservation.useKeptCopy)
    .when({ ...copy, from: "C-TEST-CASE" }, at())
    .refused("OWN_COPY");
});

test("a paper that compels no production opens no copy of another case: not a letter, not an emergency, not a consent, and not an unconfirmed one", () => {
  for (const id of ["US-PRES", "US-EDR", "US-CONSENT"]) {
    const other = history([received(), details({ instrument: { ...letter, id } })]);
    assert.deepEqual(codes(other, preservation.useKeptCopy), ["NOT_COMPELLING"], id);
  }
  assert.deepEqual(codes(history([received()]), preservation.useKeptCopy), ["NO_INSTRUMENT"]);
});

test("a case that has been answered, withdrawn or closed links nothing", () => {
  const out = take(releasable, release, releaseCommand, at());
  assert.deepEqual(codes(out, preservation.useKeptCopy), ["ALREADY_RELEASED"]);
  assert.deepEqual(codes(take(reviewed, recordWithdrawal, {}, at()), preservation.useKeptCopy), ["CASE_NOT_OPEN"]);
  assert.deepEqual(codes(history([{ type: "CaseClosed", outcome: "rejected" }], at(), reviewed), preservation.useKeptCopy), ["CASE_NOT_OPEN"]);
});

test("the case that keeps is asked who waits, whom the paper names and when it was served", () => {
  assert.deepEqual(preservation.holdFor("C-LATE-CASE", copy, reviewed, at()), {
    type: "HoldForProcess",
    case: "C-LATE-CASE",
    preservation: "P1",
    workspaces: ["acme"],
    servedOn: "2026-11-02",
  });
});

test("a copy waits for a paper that was served on its last day, and not for one that came the day after", () => {
  const asking = (servedOn: string) => told(kept, preservation.holdForProcess).when(askedOf({ servedOn }), at("2027-01-31T15:00:00Z"));
  asking("2027-01-31").then({ type: "ProcessLinked", preservation: "P1", case: "C-LATE-CASE" });
  const [reason] = asking("2027-02-01").refused("SERVED_TOO_LATE");
  assert.doesNotMatch(reason?.because ?? "", /\d/, "no day of a case that may be sealed");
});

test("a copy waits only for a paper that names one of its customers", () => {
  told(kept, preservation.holdForProcess)
    .when(askedOf({ workspaces: ["bolt"] }), at())
    .refused("OTHER_CUSTOMER");
  told(kept, preservation.holdForProcess)
    .when(askedOf({ workspaces: [] }), at())
    .refused("OTHER_CUSTOMER");
  told(kept, preservation.holdForProcess)
    .when(askedOf({ workspaces: ["bolt", "acme"] }), at())
    .then({ type: "ProcessLinked" });
});

test("nothing waits that is not kept: unknown, ended, over, or withdrawn by its own agency", () => {
  const asked = (past: History, on = at()) => told(past, preservation.holdForProcess).when(askedOf(), on);
  told(kept, preservation.holdForProcess)
    .when(askedOf({ preservation: "P9" }), at())
    .refused("NOT_KEPT");
  asked(kept, dayAfter).refused("NOT_KEPT");
  asked(take(kept, preservation.releasePreservation, { private: { reason: "The office let it go." } }, at())).refused("NOT_KEPT");
  asked(take(kept, recordWithdrawal, {}, at())).refused("NOT_KEPT");
  asked(waiting).refused("ALREADY_WAITING");
});

test("counsel cannot let go of what another case waits for, and may once that case has ended", () => {
  const letGo = { private: { reason: "The office let it go." } };
  told(waiting, preservation.releasePreservation).when(letGo, at()).refused("PROCESS_PENDING");
  const over = take(waiting, preservation.recordProcessEnd, { case: "C-LATE-CASE", preservation: "P1" }, at());
  told(over, preservation.releasePreservation).when(letGo, at()).then({ type: "PreservationEnded", how: "released" });
});

test("while another case waits the copy outlives its last day, and a withdrawal of its own letter", () => {
  const [reason] = preservation.expirePreservation.against(waiting, dayAfter);
  assert.equal(reason?.code, "PROCESS_PENDING");
  assert.match(reason?.because ?? "", /in case C-LATE-CASE\./);
  assert.deepEqual(preservation.keepingDue(waiting, dayAfter), [], "nothing wakes the desk to destroy it");
  const withdrawn = take(waiting, recordWithdrawal, {}, at("2027-01-21T15:00:00Z"));
  assert.deepEqual(codes(withdrawn, preservation.expirePreservation, dayAfter), ["PROCESS_PENDING"]);
  assert.deepEqual(codes(withdrawn, preservation.linkProcess, dayAfter), ["NOT_ANSWERED"]);
});

test("a case that ends without a production gives the copy back to its own last day", () => {
  assert.deepEqual(codes(ended(), preservation.linkProcess, at("2027-01-25T15:00:00Z")), ["NOT_ANSWERED"]);
  assert.deepEqual(codes(ended(), preservation.expirePreservation, at("2027-01-25T15:00:00Z")), ["NOT_OVER"]);
  told(ended(), preservation.expirePreservation).when({}, dayAfter).then({ type: "PreservationEnded", preservation: "P1", how: "expired" });
  assert.deepEqual(
    preservation.keepingDue(ended(), dayAfter).map(({ preservation: id, dueAt }) => [id, dueAt]),
    [["P1", "2027-02-01T06:59:59.999Z"]],
  );
});

test("a production that took the whole copy ends it; one that took a part leaves the rest until the last day", () => {
  const before = at("2027-01-25T15:00:00Z");
  told(ended(3), preservation.linkProcess).when({}, before).then({ type: "PreservationEnded", preservation: "P1", how: "process-followed" });
  assert.deepEqual(codes(ended(2), preservation.linkProcess, before), ["NOT_ANSWERED"]);
  assert.deepEqual(codes(ended(0), preservation.linkProcess, before), ["NOT_ANSWERED"]);
});

test("a copy that two cases wait for stays until both have ended", () => {
  const both = take(waiting, preservation.holdForProcess, askedOf({ case: "C-MORE-CASE" }), at("2027-01-21T15:00:00Z"));
  const one = take(both, preservation.recordProcessEnd, { case: "C-LATE-CASE", preservation: "P1", records: 3 }, dayAfter);
  assert.deepEqual(codes(one, preservation.linkProcess, dayAfter), ["NOT_ANSWERED"]);
  assert.deepEqual(codes(one, preservation.expirePreservation, dayAfter), ["PROCESS_PENDING"]);
  const two = take(one, preservation.recordProcessEnd, { case: "C-MORE-CASE", preservation: "P1" }, dayAfter);
  assert.deepEqual(codes(two, preservation.linkProcess, dayAfter), []);
});

test("a copy that its own case has been answered from stays while another case waits for it", () => {
  const answer: readonly CaseFact[] = [
    details({ revision: 2 }),
    compiled(planA, ["L1"], 2),
    { type: "SnapshotOpened", preservation: "P1", plan: planA, records: 3 },
    packaged({ revision: 2 }),
    { type: "ProductionReleased", package: "package-1", expiresAt: at().now, downloads: 3, link: "link" },
  ];
  assert.deepEqual(codes(history(answer, at(), kept), preservation.linkProcess), []);
  assert.deepEqual(codes(history(answer, at(), waiting), preservation.linkProcess), ["NOT_ANSWERED"]);
});

test("the end of a case for which nothing waits is not recorded, and none is recorded twice", () => {
  assert.deepEqual(codes(kept, preservation.recordProcessEnd), ["NOT_WAITING"]);
  told(waiting, preservation.recordProcessEnd).when({ case: "C-MORE-CASE", preservation: "P1" }, at()).refused("NOT_WAITING");
  assert.deepEqual(codes(ended(3), preservation.recordProcessEnd), ["NOT_WAITING"]);
});

test("a linked copy is read for the plan of the signed lines, and a copy that nobody linked is not", () => {
  const planned = history([compiled()], at(), linked);
  told(planned, preservation.recordSnapshotUse)
    .when(used(), at())
    .then({ type: "SnapshotOpened", ...used() });
  told(planned, preservation.recordSnapshotUse)
    .when(used({ preservation: "P2" }), at())
    .refused("NOTHING_KEPT");
  told(planned, preservation.recordSnapshotUse)
    .when(used({ from: "C-MORE-CASE" }), at())
    .refused("NOTHING_KEPT");
  told(planned, preservation.recordSnapshotUse)
    .when(used({ from: undefined }), at())
    .refused("NOTHING_KEPT");
  told(planned, preservation.recordSnapshotUse)
    .when(used({ plan: planB }), at())
    .refused("PLAN_CHANGED");
  told(linked, preservation.recordSnapshotUse).when(used(), at()).refused("PRESERVATION_ONLY", "PLAN_CHANGED");
});

const late = take(releasable, preservation.useKeptCopy, copy, at("2026-11-12T15:00:00Z"));

test("a copy that is linked after the plan was compiled stops approval and release until the plan is compiled and checked again", () => {
  assert.deepEqual(gateReasons(releasable, at()), []);
  const [reason, ...more] = gateReasons(late, at());
  assert.deepEqual([reason?.code, more], ["COPY_LINKED_SINCE", []]);
  assert.match(reason?.because ?? "", /Compile and check it again/);
  assert.deepEqual(codes(late, release), ["COPY_LINKED_SINCE"]);
  assert.deepEqual(codes(late, approveRelease, at()), ["COPY_LINKED_SINCE"]);
  const again = history([compiled(planB)], at(), late);
  assert.deepEqual(
    gateReasons(again, at()).map(({ code }) => code),
    ["NOT_CHECKED", "APPROVALS_MISSING"],
  );
  assert.deepEqual(codes(history([checked(planB), packaged({ plan: planB })], at(), again), approveRelease, at()), []);
  assert.deepEqual(codes(linked, approveRelease), ["NO_PLAN"], "before there is a plan nothing was linked since");
  assert.deepEqual(codes(linked, recordPlan), []);
});

test("the newest plan stands with the copies that were opened for it, and with none of an earlier one", () => {
  const opened = (plan: string, changes: object = {}): CaseFact => ({ type: "SnapshotOpened", ...used({ plan, ...changes }) });
  const past = history([compiled(planA), opened(planA), checked(planA), compiled(planA), opened(planA, { records: 2 })], at(), linked);
  assert.deepEqual(
    preservation.openedForPlan(past).map(({ from, records }) => [from, records]),
    [["C-KEEP-CASE", 2]],
  );
});

test("what the production took from the copy is told to the case that keeps it; a case that is still open tells nothing", () => {
  const opened: CaseFact = { type: "SnapshotOpened", ...used() };
  const answered = history(
    [compiled(), opened, checked(), { type: "ProductionReleased", package: "p", expiresAt: at().now, downloads: 3, link: "l" }],
    at(),
    linked,
  );
  assert.deepEqual(preservation.processEnd(copy, answered), { records: 3 });
  assert.deepEqual(preservation.processEnd({ ...copy, preservation: "P2" }, answered), { records: 0 }, "a copy that gave nothing was answered without it");
  assert.equal(preservation.processEnd(copy, linked), undefined);
  assert.deepEqual(preservation.processEnd(copy, take(linked, recordWithdrawal, {}, at())), {});
});

test("a copy that waited beyond its last day and went the day the other case ended was destroyed on time, and its certificate says why", () => {
  const on = at("2027-03-10T15:00:00Z");
  const over = take(take(waiting, preservation.recordProcessEnd, { case: "C-LATE-CASE", preservation: "P1" }, on), preservation.expirePreservation, {}, on);
  const gone = take(over, preservation.recordDestruction, { preservation: "P1", object: sealing.object, sha256: sealing.sha256 }, on);
  const text = destructionCertificate("C-TEST-CASE", "P1", gone, on) ?? assert.fail("no certificate");
  assert.match(text, /Waited until Wed 10 Mar 2027 for a paper that compels production\n/);
  assert.match(text, /Destroyed: Wed 10 Mar 2027, on time/);
  assert.ok(!text.includes("C-LATE-CASE"), "the other case may be sealed");
});

test("the facts of two linked cases hold numbers of cases and copies and counts, and nothing else", () => {
  const facts = [...linked, ...ended(3)].map(({ fact }) => fact);
  assert.deepEqual(
    facts.filter(({ type }) => ["KeptCopyLinked", "ProcessLinked", "LinkedProcessEnded"].includes(type)),
    [
      { type: "KeptCopyLinked", from: "C-KEEP-CASE", preservation: "P1" },
      { type: "ProcessLinked", preservation: "P1", case: "C-LATE-CASE" },
      { type: "LinkedProcessEnded", preservation: "P1", case: "C-LATE-CASE", records: 3 },
    ],
  );
});
