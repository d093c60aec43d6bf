import assert from "node:assert/strict";
import { test } from "node:test";
import { record } from "../../../tests/fixtures/package.ts";
import type { CollectedRecord, FieldValue } from "../shapes.ts";
import { judgeRedacted } from "./judge-redacted.ts";

const original = record(1);
const keeps = new Set(["author_id", "workspace_id", "sent_at"]);
const inside = () => ({ kind: "inside" }) as const;
const with_ = (fields: { readonly [column: string]: FieldValue }, changes: Partial<CollectedRecord> = {}): CollectedRecord => ({
  ...original,
  ...changes,
  fields: { ...original.fields, ...fields },
});
const verdict = (after: CollectedRecord) => judgeRedacted(inside, { original, record: after, keeps });

test("a record from which something was taken away is judged inside when its original was", () => {
  assert.equal(verdict(with_({ body: "[removed: THIRD_PARTY]", channel_name: null })).kind, "inside");
  const { body: _, ...fewer } = original.fields;
  assert.equal(verdict({ ...original, fields: fewer }).kind, "inside");
});

test("nothing may be added or changed by redaction: no column, no value where none was, no owner, line or source", () => {
  const faults = [
    with_({ note: "x" }),
    with_({ note: null }),
    with_({ edited_at: "2026-01-01" }),
    with_({ author_id: "M-HARBOR-09" }),
    with_({ author_id: null }),
    with_({ body: 7 }),
    with_({ body: new Uint8Array(2) }),
    with_({}, { line: "L-files" }),
    with_({}, { collection: "drafts" }),
    with_({}, { witness: { subject: "M-HARBOR-09" } }),
  ];
  for (const fault of faults) {
    const judged = verdict(fault);
    assert.ok(judged.kind === "outside", JSON.stringify(fault));
    assert.deepEqual(
      judged.reasons.map(({ clause, code, line }) => [clause, code, line]),
      [["IGRP-9", "REDACTION_ADDED", original.line]],
    );
  }
});

test("an original that is outside stays outside whatever is taken from it", () => {
  const outside = (each: CollectedRecord) =>
    each === original ? ({ kind: "outside", reasons: [{ clause: "IGRP-9", code: "OTHER_ACCOUNT", because: "Not theirs." }] } as const) : inside();
  assert.equal(judgeRedacted(outside, { original, record: with_({ body: null }), keeps }).kind, "outside");
});

test("a file may become another file, words or nothing; words and numbers become words, and nothing becomes a file", () => {
  const bytes = Uint8Array.of(1);
  const file = with_({ body: bytes, edited_at: null });
  const after = (fields: { readonly [column: string]: FieldValue }, before = file) =>
    judgeRedacted(inside, { original: before, record: { ...before, fields: { ...before.fields, ...fields } }, keeps }).kind;
  assert.deepEqual([after({ body: Uint8Array.of(2) }), after({ body: null })], ["inside", "inside"]);
  assert.deepEqual([after({ body: 1 }), after({ edited_at: Uint8Array.of(1) })], ["outside", "outside"]);
  assert.deepEqual([after({ id: "[removed: PRIVILEGE]" }, with_({ id: 7 })), after({ id: 8 }, with_({ id: 7 }))], ["inside", "outside"]);
  assert.equal(after({ body: Uint8Array.of(1) }, with_({ body: "words" })), "outside");
});
