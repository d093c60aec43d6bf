// By when data is returned or deleted, and what a hold keeps out of it (W-7).
import assert from "node:assert/strict";
import { test } from "node:test";
import { deletionDue, deletionQuestion } from "./deletion-due.ts";

const due = (changes: object = {}) => deletionDue(deletionQuestion.parse({ zone: "America/Denver", terminatedOn: "2026-09-30", ...changes }));

test("W-7: an agreement that ended on 30 September 2026 has its data deleted by 29 December (DPA-10a)", () => {
  const { lastDay, dueAt, derivation } = due();
  assert.deepEqual([lastDay, dueAt], ["2026-12-29", "2026-12-30T06:59:59.999Z"]);
  assert.match(derivation, /agreement ended Wed 30 Sep 2026 \+ 90 days = end of Tue 29 Dec 2026 Denver, DPA-10a/);
});

test("W-7: a request shortens it and never extends it (DPA-10b)", () => {
  assert.equal(due({ requestsReceivedOn: ["2026-10-20"] }).lastDay, "2026-11-19");
  assert.equal(due({ requestsReceivedOn: ["2026-12-15"] }).lastDay, "2026-12-29");
  assert.deepEqual(
    due({ requestsReceivedOn: ["2026-12-15", "2026-10-20"] }).counted.map(({ clause, lastDay }) => `${clause} ${lastDay}`),
    ["DPA-10b 2026-11-19", "DPA-10a 2026-12-29", "DPA-10b 2027-01-14"],
  );
});

test("W-7: during the term a request alone makes it due, and without either nothing is", () => {
  assert.equal(due({ terminatedOn: undefined, requestsReceivedOn: ["2026-10-20"] }).lastDay, "2026-11-19");
  assert.equal(deletionQuestion.safeParse({ zone: "America/Denver" }).success, false);
});

test("W-7: a hold keeps what it names and nothing else, and the certificate says so", () => {
  const { lastDay, held } = due({
    holds: [
      { item: "mailbox of one account", ground: "us-preservation", until: "2027-01-31" },
      { item: "a ledger", ground: "legal-hold" },
    ],
  });
  assert.equal(lastDay, "2026-12-29", "what is not held is deleted in time");
  assert.deepEqual(
    held.map(({ item, because }) => `${item}: ${because}`),
    [
      "mailbox of one account: It is kept under a preservation under 18 USC 2703(f) through Sun 31 Jan 2027; everything else is deleted in time.",
      "a ledger: It is kept under a legal hold, whose end is not on record; everything else is deleted in time.",
    ],
  );
});
