// An XML and its PDF: what they say differently is named field by field, and what only one of them says is no contradiction.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fixtureTree } from "../../tests/fixtures/exchange/trees.ts";
import type { CasePart } from "./case-part.ts";
import { compareParts } from "./compare.ts";
import { readEpoc } from "./read-epoc.ts";

const part = (name: string): CasePart => {
  const reading = readEpoc(fixtureTree(name));
  if (reading.kind !== "read") throw new Error("refused");
  return reading.description;
};
const base = part("epoc-content-judge-notified.xml");
const fields = (paper: CasePart) => compareParts(base, paper).map(({ field }) => field);
const empty: CasePart = { paper: {}, lines: [], subjects: [], authority: {}, places: {} };

test("an order agrees with itself, and with a paper that says nothing", () => {
  for (const name of ["epoc-subscriber-prosecutor.xml", "epoc-content-judge-notified.xml", "epoc-pr.xml"]) {
    assert.deepEqual(compareParts(part(name), part(name)), []);
    assert.deepEqual(compareParts(part(name), empty), []);
    assert.deepEqual(compareParts(empty, part(name)), []);
  }
});

test("each field that is different is named, and no other", () => {
  const changed: readonly (readonly [string, CasePart])[] = [
    ["instrument", { ...base, paper: { ...base.paper, instrument: "EU-EPOC-PR" } }],
    ["issuedOn", { ...base, paper: { ...base.paper, issuedOn: "2026-11-01" } }],
    ["issuer", { ...base, paper: { ...base.paper, signedBy: "prosecutor" } }],
    ["issuedIn", { ...base, paper: { ...base.paper, issuedIn: "FR" } }],
    ["emergency", { ...base, paper: { ...base.paper, emergency: true } }],
    ["hold", { ...base, paper: { ...base.paper, authorityNotified: false } }],
    ["authority", { ...base, authority: { ...base.authority, name: "Amtsgericht Musterstadt" } }],
    ["reference", { ...base, authority: { ...base.authority, reference: "999 Js 1/26" } }],
    ["identifiers", { ...base, subjects: [{ id: "S1", resolved: false, identifiers: [{ kind: "user-id", value: "U999" }] }] }],
    ["data", { ...base, lines: base.lines.slice(1) }],
    ["period", { ...base, lines: base.lines.map((line) => (line.dataType === "files" ? { ...line, to: "2026-07-30" } : line)) }],
  ];
  for (const [field, paper] of changed) assert.deepEqual(fields(paper), [field]);
});

test("the same thing written in two ways is no contradiction", () => {
  const xml: CasePart = {
    ...empty,
    authority: { name: "Landgericht Musterstadt", reference: "123 Js 456/26" },
    subjects: [
      {
        id: "S1",
        resolved: false,
        identifiers: [
          { kind: "email", value: "Anna@Example.org" },
          { kind: "phone", value: "+49 170 5550199" },
        ],
      },
    ],
  };
  const paper: CasePart = {
    ...empty,
    authority: { name: "LANDGERICHT  MUSTERSTADT", reference: "123 Js 456-26" },
    subjects: [
      {
        id: "S9",
        resolved: false,
        identifiers: [
          { kind: "phone", value: "0049-170-5550199" },
          { kind: "email", value: "anna@example.org" },
        ],
      },
    ],
  };
  assert.deepEqual(compareParts(xml, paper), []);
});

test("data asked for only to identify the user is not the same as the same data in full", () => {
  const identify: CasePart = { ...empty, lines: [{ id: "L1", dataType: "sign-in-history", onlyToIdentify: true }] };
  const full: CasePart = { ...empty, lines: [{ id: "L1", dataType: "sign-in-history" }] };
  assert.deepEqual(
    compareParts(identify, full).map(({ field }) => field),
    ["data"],
  );
});

test("a contradiction is one in both directions, and its words name nobody", () => {
  const day = fc.option(fc.constantFrom("2026-01-01", "2026-01-02"), { nil: undefined });
  const name = fc.option(fc.constantFrom("Anna Beispiel", "Max Muster"), { nil: undefined });
  const arbitrary = fc.record({ issuedOn: day, name }).map(({ issuedOn, name: officer }): CasePart => ({
    ...empty,
    paper: issuedOn === undefined ? {} : { issuedOn },
    authority: officer === undefined ? {} : { name: officer },
  }));
  fc.assert(
    fc.property(arbitrary, arbitrary, (a, b) => {
      assert.deepEqual(
        compareParts(a, b).map(({ field }) => field),
        compareParts(b, a).map(({ field }) => field),
      );
      for (const { what, remedy } of compareParts(a, b)) assert.doesNotMatch(what + remedy, /Anna|Max/);
    }),
  );
});
