// The door of the exchange formats: every document is recognised, read, sent to counsel or refused, and never more than one of them.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { exchangeFixture } from "../../tests/fixtures/exchange/trees.ts";
import { importDocument, recogniseDocument } from "./module.ts";

const expected: Readonly<Record<string, readonly [claim: string | undefined, kind: string]>> = {
  "103120-interception.xml": ["103120", "counsel"],
  "103120-preservation.xml": ["103120", "103120"],
  "103120-production.xml": ["103120", "103120"],
  "deep-nesting.xml": ["epoc", "refused"],
  "dtd-bomb.xml": ["epoc", "refused"],
  "epoc-agency-validated.xml": ["epoc", "epoc"],
  "epoc-both-ten-day-values.xml": ["epoc", "epoc"],
  "epoc-content-judge-notified.xml": ["epoc", "epoc"],
  "epoc-emergency-eight-hours.xml": ["epoc", "epoc"],
  "epoc-pr.xml": ["epoc", "epoc"],
  "epoc-subscriber-prosecutor.xml": ["epoc", "epoc"],
  "external-entity.xml": ["epoc", "refused"],
  "form-5-production-follows.xml": ["epoc", "epoc"],
  "form-6-extension.xml": ["epoc", "epoc"],
  "wrong-namespace.xml": ["epoc", "refused"],
};

test("each fixture is recognised for what it claims to be and ends where it belongs", () => {
  const names = readdirSync(new URL("../../tests/fixtures/exchange/", import.meta.url)).filter((name) => name.endsWith(".xml"));
  assert.deepEqual(names.toSorted(), Object.keys(expected).toSorted());
  for (const name of names) {
    const bytes = exchangeFixture(name);
    assert.deepEqual([recogniseDocument(bytes), importDocument(bytes, { name }).kind], expected[name], name);
    assert.deepEqual(importDocument(new TextDecoder().decode(bytes), { name }).kind, expected[name]?.[1], name);
  }
});

const small = {
  format: "portcullis-case/1",
  asked: "2026-11-03T09:00:00Z",
  paper: { servedAt: "2026-11-02T09:00:00Z" },
  lines: [{ id: "L1", dataType: "name" }],
};

test("a case in our own format is read with its defaults, and a faulty one is refused with every place", () => {
  const text = JSON.stringify(small);
  assert.equal(recogniseDocument(text), "case");
  const imported = importDocument(Buffer.from(`\ufeff${text}`), { name: "case.json" });
  assert.equal(imported.kind === "case" ? imported.description.zone : imported.kind, "UTC");
  const faulty = importDocument(JSON.stringify({ ...small, paper: { servedAt: "soon" }, lines: [{ id: "L1" }], extra: 1 }), { name: "case.json" });
  assert.deepEqual(faulty.kind === "refused" ? faulty.problems.map(({ path }) => path).toSorted() : faulty.kind, ["/", "/lines/0/dataType", "/paper/servedAt"]);
  for (const each of ["{", '{"format":1}', "{}", "x".repeat(3), `{"a":"${"x".repeat(1 << 20)}"}`])
    assert.equal(importDocument(each, { name: "case.json" }).kind, "refused");
  assert.equal(importDocument(`${"[".repeat(100_000)}`, { name: "deep.json" }).kind, "refused");
  assert.equal(importDocument(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, { name: "deep.json" }).kind, "refused");
});

test("an attachment of another kind is not ours to refuse", () => {
  for (const other of ["Dear company", "", "<html><body>hello</body></html>", '{"a":1}', "%PDF-1.7", new Uint8Array([0, 1, 2, 255])])
    assert.equal(recogniseDocument(other), undefined);
});

test("whatever arrives is answered", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("", "{", "<a>", '{"format":"portcullis-case/1",'), (bytes, start) => {
      const input = Buffer.concat([Buffer.from(start), bytes]);
      recogniseDocument(input);
      assert.equal(importDocument(input, { name: "x" }).kind, "refused");
    }),
  );
});
