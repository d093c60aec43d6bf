import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { CollectedRecord, FieldValue } from "../shapes.ts";
import { type RecordRedaction, recordRedactor } from "./redact-records.ts";

const digestWith = (key: string) => (text: string) => createHmac("sha256", key).update(text).digest("hex");

function record(fields: { readonly [column: string]: FieldValue }, key = "R-1"): CollectedRecord {
  return { source: "workspace", collection: "posts", line: "L-1", key, fields, witness: { subject: "A-1" } };
}

function redaction(changes: Partial<RecordRedaction> = {}): RecordRedaction {
  return { audience: "officer", fields: [], text: [], people: [], digest: digestWith("one"), ...changes };
}

const mails = { target: { kind: "pattern", pattern: "e-mail" }, reason: "THIRD_PARTY" } as const;

test("a field is removed, replaced or masked by rule, and the receiver is told the reason and the count alone", () => {
  const rule = { collection: "posts", reason: "OUTSIDE_LINE" } as const;
  const redactor = recordRedactor(
    redaction({
      fields: [
        { ...rule, field: "note", action: { kind: "remove" } },
        { ...rule, field: "title", action: { kind: "replace", by: "(withheld)" } },
        { ...rule, field: "account", action: { kind: "mask", keepLast: 4 } },
        { ...rule, field: "pin", action: { kind: "mask", keepLast: 4 } },
      ],
    }),
  );
  const { record: out, removals } = redactor.redact(record({ note: "x", title: "y", account: "1234567890", pin: "1234", body: "kept" }));
  assert.deepEqual(out.fields, { note: null, title: "(withheld)", account: "•••7890", pin: "•••", body: "kept" });
  assert.equal(removals, 4);
  assert.deepEqual(redactor.log().totals, [{ reason: "OUTSIDE_LINE", clause: "IGRP-9", removals: 4 }]);
  assert.ok(!JSON.stringify(redactor.log()).includes("1234"));
});

test("forms and terms inside a text are taken out, and a number that has the form too", () => {
  const redactor = recordRedactor(redaction({ text: [mails, { target: { kind: "pattern", pattern: "card" }, reason: "THIRD_PARTY" }] }));
  const { record: out } = redactor.redact(record({ body: "ask ben@mail.example, then pay", card: 4111111111111111, size: 12 }));
  assert.deepEqual(out.fields, { body: "ask [removed: THIRD_PARTY], then pay", card: "[removed: THIRD_PARTY]", size: 12 });
});

test("JSON inside a field is redacted inside, also where it is escaped or nested, and the rest keeps every sign", () => {
  const inner = JSON.stringify({ to: "ben@mail.example" });
  const body = `{ "to": "\\u0062en@mail.example", "id": 12345678901234567890, "raw": ${JSON.stringify(inner)}, "ben@mail.example": 1.50 }`;
  const { record: out } = recordRedactor(redaction({ text: [mails] })).redact(record({ body }));
  const text = String(out.fields["body"]);
  assert.ok(!text.includes("mail.example") && !text.includes("u0062"), text);
  assert.ok(text.includes("12345678901234567890") && text.includes("1.50"));
  assert.doesNotThrow(() => JSON.parse(text));
});

test("a rule reaches a value inside JSON by its path", () => {
  const rule = { collection: "posts", field: "body", path: ["user", "name"], action: { kind: "replace", by: "?" }, reason: "PRIVILEGE" } as const;
  const { record: out } = recordRedactor(redaction({ fields: [rule] })).redact(record({ body: '{"user":{"name":"Anna","id":7},"list":[{"name":"x"}]}' }));
  assert.equal(out.fields["body"], '{"user":{"name":"?","id":7},"list":[{"name":"x"}]}');
});

test("JSON that is nested deeper than anybody can follow is removed", () => {
  let body = '["ben@mail.example"]';
  for (let depth = 0; depth < 6; depth++) body = JSON.stringify([body]);
  const { record: out, removals } = recordRedactor(redaction({ text: [mails] })).redact(record({ body }));
  assert.ok(!String(out.fields["body"]).includes("mail.example"));
  assert.equal(removals, 1);
});

test("a person has one name in one production, by any spelling, and another order in another production", () => {
  const people = Array.from({ length: 12 }, (_, index) => ({
    names: [`Name${index} Family${index}`, `u${index}@mail.example`] as const,
    reason: "THIRD_PARTY" as const,
  }));
  const body = people.map(({ names }) => `${names[0]} = ${names[1]}`).join("\n");
  const redacted = (key: string): string =>
    String(recordRedactor(redaction({ people, digest: digestWith(key) })).redact(record({ body })).record.fields["body"]);
  for (const line of redacted("one").split("\n")) assert.match(line, /^(Person \d+) = \1$/);
  assert.equal(redacted("one"), redacted("one"));
  assert.notEqual(redacted("one"), redacted("two"));
});

test("a key that holds what is taken out is given another", () => {
  const { record: out } = recordRedactor(redaction({ text: [mails] })).redact(record({ body: "-" }, "ben@mail.example/7"));
  assert.match(out.key, /^record-[0-9a-f]{20}$/);
});

test("a file inside a record is named, since nobody looked into it", () => {
  const { files } = recordRedactor(redaction({ text: [mails] })).redact(record({ content: Uint8Array.of(1, 2) }));
  assert.deepEqual(files, ["content"]);
});

test("a rule for the public does not touch what the officer gets", () => {
  const rule = { collection: "posts", field: "body", action: { kind: "remove" }, reason: "TRADE_SECRET", audiences: ["public"] } as const;
  const get = (audience: "officer" | "public") => recordRedactor(redaction({ audience, fields: [rule] })).redact(record({ body: "b" })).record.fields["body"];
  assert.deepEqual([get("officer"), get("public")], ["b", null]);
});

test("a person named for another reader's copy alone does not make two people of this one's copy the same", () => {
  const reason = "THIRD_PARTY" as const;
  const own = [
    { names: ["Tom Hill"], reason },
    { names: ["Jerry Moss"], reason },
  ] as const;
  const redactor = recordRedactor(redaction({ people: [...own, { names: ["Tom Hill", "Jerry Moss"], reason, audiences: ["customer"] }] }));
  const { record: out } = redactor.redact(record({ body: "Tom Hill and Jerry Moss" }));
  assert.deepEqual(
    String(out.fields["body"])
      .match(/Person \d/g)
      ?.toSorted(),
    ["Person 1", "Person 2"],
  );
});
