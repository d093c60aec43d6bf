// Government requests at partners in the yearly report (IGRP-2, DPA-8.1a).
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, instant, zone } from "../kernel/instant.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import { countPartner, emptyPartnerTally, partnerFigures } from "./partner-figures.ts";

const seen = (request: string, receivedAt: string): PartnerFact => ({
  type: "AccessRequestSeen",
  request,
  receivedAt: instant(receivedAt),
  servedOn: "partner",
  isBinding: true,
  country: "US",
});
const told = (request: string): PartnerFact => ({ type: "AccessRequestTold", request, at: instant("2026-12-31T00:00:00Z") });
const figures = (facts: readonly PartnerFact[], smallNumber = 0) =>
  partnerFigures([facts.reduce(countPartner, emptyPartnerTally)], 2026, smallNumber, (moment) => dayOf(moment, zone("America/Denver")));
const exact = (published: ReturnType<typeof figures>) => Object.values(published).map(({ low, high }) => (low === high ? low : `${low}-${high}`));

test("a partner's requests count in the year in which they were received, once each, and only when they have been told (DPA-8.1a)", () => {
  const facts = [seen("a", "2026-01-01T06:59:59Z"), told("a"), seen("b", "2026-01-01T07:00:00Z"), told("b"), told("b"), seen("c", "2026-05-01T00:00:00Z")];
  assert.deepEqual(exact(figures(facts)), [1, 0, 0, 0]);
});

test("those that were challenged, and those on which something left, are counted among them; direct access is counted apart (IGRP-2)", () => {
  const facts: readonly PartnerFact[] = [
    seen("a", "2026-03-01T00:00:00Z"),
    told("a"),
    { type: "AccessChallenged", request: "a", step: "challenge", on: "2026-03-02" as never, asksSuspension: true },
    { type: "AccessChallenged", request: "a", step: "appeal", on: "2026-03-03" as never, asksSuspension: true },
    seen("b", "2026-04-01T00:00:00Z"),
    told("b"),
    { type: "PartnerDisclosed", request: "b", on: "2026-04-09" as never, asked: 3, given: 1 },
    { type: "DirectAccessFound", access: "x", knownAt: instant("2026-06-01T00:00:00Z") },
    { type: "DirectAccessFound", access: "y", knownAt: instant("2025-06-01T00:00:00Z") },
  ];
  assert.deepEqual(exact(figures(facts)), [2, 1, 1, 1]);
});

test("few are a range, and none is none", () => {
  assert.deepEqual(exact(figures([seen("a", "2026-03-01T00:00:00Z"), told("a")], 9)), ["1-9", 0, 0, 0]);
});
