import assert from "node:assert/strict";
import { test } from "node:test";
import {
  at,
  checked,
  compiled,
  history,
  opensAt,
  packaged,
  planA,
  releasable,
  releaseCommand,
  reviewed,
  sealCommand,
  sealed,
  take,
  told,
} from "../../../tests/a-case.ts";
import { addDays } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { History } from "../decision.ts";
import { gateReasons } from "../disclosure/gate.ts";
import { releaseOf } from "../disclosure/release-state.ts";
import { recordCheck, release, sealPackage } from "../disclosure/release-steps.ts";
import { customerCopies, redactionOf } from "./redaction-state.ts";
import { allowFiles, approvePages, giveCustomerCopy, markPaper, seeOriginals, setRedactions } from "./redaction-steps.ts";

const on = at(opensAt);
const [rules, other] = ["digest-of-these-rules-1", "digest-of-other-rules-2"];
const [paper, second] = ["digest-of-the-first-paper", "digest-of-the-second-paper"];
const view = "digest-of-one-view-of-a-paper";
const setting = { rules, fields: 1, texts: 2, people: 1, reasons: { THIRD_PARTY: 4 }, private: { words: "sealed" } };
const check = { plan: planA, records: 3, outside: 0 };
const seeing = { ...check, rules, redactions: { THIRD_PARTY: 7 }, papers: [paper, second], files: { image: 2 }, others: { L1: 5 } };

const ruled = take(history([compiled()], at(), reviewed), setRedactions, setting, on);
const inspected = take(ruled, recordCheck, seeing, on);

const codes = (past: History): readonly string[] => gateReasons(past, on).map(({ code }) => code);
const approve = (name: string, pages: readonly number[], of = 2) => ({ paper: name, view, rules, pages, of });

test("rules are counted by reason and sealed away, and are never changed after the release", () => {
  told(reviewed, setRedactions)
    .when(setting, on)
    .then({ type: "RedactionsSet", rules, fields: 1, texts: 2, people: 1, reasons: { THIRD_PARTY: 4 }, sealed: sealed(`evidence-${reviewed.length}`) });
  told(take(releasable, release, releaseCommand, on), setRedactions)
    .when(setting, on)
    .refused("ALREADY_RELEASED");
  told([], setRedactions).when(setting, on).refused("CASE_NOT_OPEN");
});

test("new rules end the check, the package and its approvals", () => {
  assert.deepEqual(codes(releasable), []);
  const again = take(releasable, setRedactions, setting, on);
  assert.ok(codes(again).includes("NOT_CHECKED"));
  const { check: left, sealed: open, approvals, toDiscard } = releaseOf(again);
  assert.deepEqual([left, open, approvals, toDiscard.length], [undefined, undefined, [], 1]);
});

test("a check or a package of other rules than those in force is refused", () => {
  told(ruled, recordCheck).when(check, on).refused("RULES_CHANGED");
  told(ruled, recordCheck)
    .when({ ...check, rules: other }, on)
    .refused("RULES_CHANGED");
  told(ruled, recordCheck)
    .when({ ...check, rules }, on)
    .then({ type: "RecordsChecked", passed: true, rules });
  told(history([compiled()], at(), reviewed), recordCheck)
    .when({ ...check, rules }, on)
    .refused("RULES_CHANGED");
  const plain = take(ruled, recordCheck, { ...check, rules }, on);
  told(plain, sealPackage)
    .when({ ...sealCommand }, on)
    .refused("RULES_CHANGED");
  told(plain, sealPackage)
    .when({ ...sealCommand, rules, redactions: { THIRD_PARTY: 7 } }, on)
    .then({ type: "PackageSealed", rules, redactions: { THIRD_PARTY: 7 } });
});

test("a fact that claims a check of other rules does not open the gate", () => {
  const past = history([{ ...checked(), rules: other } as ReturnType<typeof checked>, packaged()], on, ruled);
  assert.ok(codes(past).includes("RULES_NOT_CHECKED"));
});

test("nothing is sealed until every page of every paper was approved and counsel let the other files go", () => {
  told(inspected, sealPackage)
    .when({ ...sealCommand, rules }, on)
    .refused("PAGES_NOT_APPROVED", "FILES_NOT_LOOKED_INTO");
  const allowed = take(inspected, allowFiles, { kinds: ["image"], files: 2, private: { reason: "Pictures of a landscape." } }, on);
  const one = take(allowed, approvePages, approve(paper, [1, 2]), on);
  told(one, sealPackage)
    .when({ ...sealCommand, rules }, on)
    .refused("PAGES_NOT_APPROVED");
  const half = take(one, approvePages, approve(second, [2]), on);
  told(half, sealPackage)
    .when({ ...sealCommand, rules }, on)
    .refused("PAGES_NOT_APPROVED");
  const whole = take(half, approvePages, approve(second, [1]), on);
  told(whole, sealPackage)
    .when({ ...sealCommand, rules }, on)
    .then({ type: "PackageSealed", rules });
});

test("an approval of another view takes the place of an earlier one, and one under other rules is refused", () => {
  const one = take(inspected, approvePages, approve(paper, [1]), on);
  const other_ = take(one, approvePages, { ...approve(paper, [2]), view: "digest-of-another-view-of-it" }, on);
  assert.deepEqual([...(redactionOf(other_).papers.get(paper)?.approved ?? [])], [2]);
  told(inspected, approvePages)
    .when({ ...approve(paper, [1]), rules: other }, on)
    .refused("OTHER_VIEW");
  told(inspected, approvePages)
    .when(approve(paper, [3]), on)
    .refused("OTHER_VIEW");
  told(inspected, approvePages)
    .when(approve("digest-of-an-unknown-paper", [1]), on)
    .refused("NO_SUCH_PAPER");
  told(ruled, approvePages)
    .when(approve(paper, [1]), on)
    .refused("NOT_CHECKED");
});

test("a paper that is marked anew loses its approvals and the package that was sealed, and keeps the check", () => {
  const ready = take(take(inspected, approvePages, approve(paper, [1, 2]), on), approvePages, approve(second, [1, 2]), on);
  const allowed = take(ready, allowFiles, { kinds: ["image"], files: 2, private: { reason: "Pictures of a landscape." } }, on);
  const wrapped = take(allowed, sealPackage, { ...sealCommand, rules }, on);
  const marked = take(wrapped, markPaper, { paper, regions: 1, reasons: { PRIVILEGE: 1 }, private: { regions: [] } }, on);
  assert.equal(releaseOf(marked).sealed, undefined);
  assert.equal(releaseOf(marked).check?.passed, true);
  told(marked, sealPackage)
    .when({ ...sealCommand, rules }, on)
    .refused("PAGES_NOT_APPROVED");
  told(inspected, markPaper).when({ paper: "digest-of-an-unknown-paper", regions: 1, reasons: {}, private: {} }, on).refused("NO_SUCH_PAPER");
});

test("without rules a paper leaves as it is until a region of it is marked", () => {
  const plain = take(history([compiled()], at(), reviewed), recordCheck, { ...check, papers: [paper] }, on);
  told(plain, sealPackage).when(sealCommand, on).then({ type: "PackageSealed" });
  const marked = take(plain, markPaper, { paper, regions: 1, reasons: { PRIVILEGE: 1 }, private: {} }, on);
  told(marked, sealPackage).when(sealCommand, on).refused("PAGES_NOT_APPROVED");
  const seen = take(marked, approvePages, { paper, view, pages: [1], of: 1 }, on);
  // Packed before the mark, recorded after somebody marked and approved.
  told(seen, sealPackage).when(sealCommand, on).refused("RULES_CHANGED");
  told(seen, sealPackage)
    .when({ ...sealCommand, marks: 1 }, on)
    .then({ type: "PackageSealed" });
  const unmarked = take(marked, markPaper, { paper, regions: 0, reasons: {}, private: {} }, on);
  told(unmarked, sealPackage)
    .when({ ...sealCommand, marks: 2 }, on)
    .then({ type: "PackageSealed" });
});

test("rules for whole fields ask for no look into papers", () => {
  const whole = take(history([compiled()], at(), reviewed), setRedactions, { ...setting, texts: 0, people: 0 }, on);
  const looked = take(whole, recordCheck, seeing, on);
  told(looked, sealPackage)
    .when({ ...sealCommand, rules }, on)
    .then({ type: "PackageSealed" });
  told(ruled, allowFiles)
    .when({ kinds: ["text"], files: 1, private: { reason: "Before any check." } }, on)
    .refused("NOT_CHECKED");
  told(looked, allowFiles)
    .when({ kinds: ["text"], files: 1, private: { reason: "No need at all." } }, on)
    .refused("NOTHING_LOOKED_FOR");
});

test("only counsel lets files leave unread, for the rules in force, and new rules ask again", () => {
  assert.deepEqual(allowFiles.askers, ["counsel"]);
  const allowed = take(inspected, allowFiles, { kinds: ["image"], files: 2, private: { reason: "Pictures of a landscape." } }, on);
  assert.ok(!codes(allowed).includes("FILES_NOT_LOOKED_INTO"));
  assert.ok(codes(take(allowed, recordCheck, { ...seeing, files: { image: 3 } }, on)).includes("FILES_NOT_LOOKED_INTO"), "one more than was allowed");
  assert.ok(!codes(take(allowed, recordCheck, { ...seeing, files: { image: 1 } }, on)).includes("FILES_NOT_LOOKED_INTO"), "fewer than were allowed");
  told(inspected, allowFiles)
    .when({ kinds: ["archive"], files: 1, private: { reason: "There is none of these." } }, on)
    .refused("NO_SUCH_FILES");
  told(inspected, allowFiles)
    .when({ kinds: ["image"], files: 1, private: { reason: "Decided before the newest check." } }, on)
    .refused("OTHER_COUNT");
  const anew = take(take(allowed, setRedactions, { ...setting, rules: other, before: rules }, on), recordCheck, { ...seeing, rules: other }, on);
  assert.ok(codes(anew).includes("FILES_NOT_LOOKED_INTO"));
});

test("rules without any rule take all of them back", () => {
  const none = take(ruled, setRedactions, { ...setting, rules: other, before: rules, fields: 0, texts: 0, people: 0, reasons: {} }, on);
  assert.equal(redactionOf(none).rules, undefined);
  told(none, recordCheck).when(check, on).then({ type: "RecordsChecked" });
});

test("rules that somebody else has changed meanwhile are not overwritten", () => {
  told(ruled, setRedactions)
    .when({ ...setting, rules: other }, on)
    .refused("RULES_CHANGED");
  told(ruled, setRedactions)
    .when({ ...setting, rules: other, before: rules }, on)
    .then({ type: "RedactionsSet", rules: other });
});

test("a marked paper that the newest check does not list stops everything until its marks are dropped: a changed file is another file", () => {
  const seen = take(history([compiled()], at(), reviewed), recordCheck, { ...check, papers: [paper] }, on);
  const marks = { paper, regions: 1, reasons: { THIRD_PARTY: 1 }, private: { regions: [] } };
  const marked = take(take(seen, markPaper, marks, on), approvePages, { paper, view, pages: [1], of: 1 }, on);
  const again = take(history([compiled()], at(), marked), recordCheck, { ...check, papers: [second] }, on);
  assert.ok(codes(again).includes("MARKED_PAPER_GONE"));
  told(again, markPaper)
    .when({ ...marks, paper: "digest-of-a-paper-nobody-knows" }, on)
    .refused("NO_SUCH_PAPER");
  const dropped = take(again, markPaper, { ...marks, regions: 0, reasons: {} }, on);
  assert.ok(!codes(dropped).includes("MARKED_PAPER_GONE"));
});

test("who looks at originals stands on record once a check, and nobody looks after the release or the end of the case", () => {
  const looked = take(inspected, seeOriginals, { paper }, on);
  told(inspected, seeOriginals).when({ paper }, on).then({ type: "OriginalsSeen", paper });
  told(looked, seeOriginals).when({ paper }, on).refused("ON_RECORD_ALREADY");
  told(looked, seeOriginals).when({ paper: second }, on).then({ type: "OriginalsSeen", paper: second });
  told(looked, seeOriginals).when({}, on).then({ type: "OriginalsSeen" });
  told(take(looked, recordCheck, seeing, on), seeOriginals)
    .when({ paper }, on)
    .then({ type: "OriginalsSeen", paper });
  told(looked, seeOriginals).when({ paper: "digest-of-a-paper-nobody-knows" }, on).refused("NO_SUCH_PAPER");
  told(take(releasable, release, releaseCommand, on), seeOriginals)
    .when({}, on)
    .refused("ALREADY_RELEASED");
  told([], seeOriginals).when({}, on).refused("CASE_NOT_OPEN");
});

test("the customer's copy of a paper is approved beside the officer's, and given only to who was told, while no secrecy order binds", () => {
  const copy = { paper, view, workspace: "acme", object: "object-1", pages: 2, redactions: { PRIVILEGE: 1 } };
  const seen = take(inspected, approvePages, { ...approve(paper, [1, 2]), audience: "customer" }, on);
  assert.deepEqual([redactionOf(seen).papers.get(paper)?.approved.size, redactionOf(seen).papers.get(paper)?.customer.approved.size], [0, 2]);
  assert.ok(codes(seen).includes("PAGES_NOT_APPROVED"), "the officer's copy still waits");
  told(seen, giveCustomerCopy).when(copy, on).refused("NOT_TOLD_YET");
  const notice: CaseFact = { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, late: false, link: "owner-link" };
  const noticed = history([notice], on, seen);
  told(noticed, giveCustomerCopy)
    .when(copy, on)
    .then({ type: "CustomerCopyGiven", ...copy });
  told(noticed, giveCustomerCopy)
    .when({ ...copy, view: "digest-of-another-view-of-it" }, on)
    .refused("PAGES_NOT_APPROVED");
  told(seen, giveCustomerCopy)
    .when({ ...copy, paper: second }, on)
    .refused("PAGES_NOT_APPROVED");
  const given = take(noticed, giveCustomerCopy, copy, on);
  assert.deepEqual(customerCopies(given), [{ type: "CustomerCopyGiven", ...copy }]);
  const markedSince = take(given, markPaper, { paper, regions: 0, customer: 1, reasons: { PRIVILEGE: 1 }, private: {} }, on);
  assert.deepEqual(customerCopies(markedSince), [], "what was marked since is not read any more");
  assert.deepEqual(customerCopies(take(given, setRedactions, { ...setting, rules: other, before: rules }, on)), [], "nor under other rules");
  const officers = take(inspected, approvePages, approve(paper, [1, 2]), on);
  told(officers, giveCustomerCopy).when(copy, on).refused("PAGES_NOT_APPROVED");
  const gag: CaseFact = { type: "GagRecorded", gag: "G1", instrument: "US-NDO", start: addDays(on.today, -5), defects: [], order: sealed("order") };
  told(history([gag], on, seen), giveCustomerCopy)
    .when(copy, on)
    .refused("GAGGED");
  told(take(releasable, release, releaseCommand, on), giveCustomerCopy)
    .when(copy, on)
    .refused("ALREADY_RELEASED");
});

test("what is marked for the customer alone leaves the officer's copy as it is, and still ends what was seen of both", () => {
  const plain = take(history([compiled()], at(), reviewed), recordCheck, { ...check, papers: [paper] }, on);
  const seen = take(plain, approvePages, { paper, view, pages: [1], of: 1, audience: "customer" }, on);
  const marked = take(seen, markPaper, { paper, regions: 0, customer: 1, reasons: { PRIVILEGE: 1 }, private: {} }, on);
  assert.equal(redactionOf(marked).papers.get(paper)?.customer.approved.size, 0);
  told(marked, sealPackage)
    .when({ ...sealCommand, marks: 1 }, on)
    .then({ type: "PackageSealed" });
});
