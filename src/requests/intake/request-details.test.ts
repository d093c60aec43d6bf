// What intake knows of a request: the newest details, the first reading, what was acknowledged and asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { details, history, proposed, received, sealed } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import { intakeOf, revisionOf } from "./request-details.ts";

test("of an empty case intake knows nothing", () => {
  assert.deepEqual(intakeOf([]), { acknowledged: false, duplicates: 0 });
});

test("message, reading and newest details stand side by side", () => {
  const read = { type: "MessageRead", attachments: [], problems: [], content: sealed("content") } as const;
  const intake = intakeOf(history([received(), read, proposed(), details(), details({ revision: 2 })]));
  assert.deepEqual([intake.received, intake.message, intake.reading, intake.details?.revision], [received(), read, proposed(), 2]);
});

test("a request has the revision of its newest details, and none is 0", () => {
  assert.deepEqual([revisionOf([]), revisionOf(history([received(), details(), details({ revision: 2 })]))], [0, 2]);
});

test("duplicates are counted and change nothing else", () => {
  const twin = { type: "DuplicateArrived", door: "mail", same: "bytes", receivedAt: instant("2026-11-03T00:00:00Z"), message: received().message } as const;
  assert.deepEqual(intakeOf(history([received(), twin, twin])), { received: received(), acknowledged: false, duplicates: 2 });
});

test("what was asked for belongs to the revision it was asked about", () => {
  const asked = { type: "MissingContentsAsked", missing: ["agency"] } as const;
  assert.equal(intakeOf(history([received(), asked])).askedMissingAt, 0);
  assert.equal(intakeOf(history([received(), details(), asked, details({ revision: 2 })])).askedMissingAt, 1);
});

test("an acknowledgement is remembered", () => {
  assert.equal(intakeOf(history([received(), { type: "RequestAcknowledged" }])).acknowledged, true);
});
