// Each line against its paper: which lines are allowed, denied, asked about or sent to counsel, with every reason.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, both, details, learning, line, onDay, us, workplace } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../intake/events.ts";
import { findInstrument, verdictsFor } from "./line-verdicts.ts";

const paper: InstrumentFacts = { id: "US-SW", signedBy: "judge", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };

function judged(changes: Partial<DetailsConfirmed>, policy = workplace) {
  const [verdict] = verdictsFor(details(changes), at(undefined, { policy }));
  return verdict === undefined
    ? assert.fail("no verdict")
    : { decision: verdict.decision, codes: verdict.reasons.map(({ code }) => code), reasons: verdict.reasons };
}

function under(changes: Partial<InstrumentFacts>, dataType = "messages", policy = workplace) {
  const { decision, codes } = judged({ instrument: { ...paper, ...changes }, lines: [line("L1", { dataType })] }, policy);
  return [decision, ...codes];
}

test("a warrant signed by a judge and served in time allows message content", () => {
  assert.deepEqual(under({}), ["allow"]);
});

test("a subpoena does not reach message content; the reason cites KDRP-11 and says what would", () => {
  const { decision, reasons } = judged({ instrument: { ...paper, id: "US-SUBP-GJ" } });
  assert.equal(decision, "deny");
  assert.deepEqual(
    reasons.map(({ clause, code, line: id }) => ({ clause, code, id })),
    [{ clause: "KDRP-11", code: "INSUFFICIENT_PROCESS", id: "L1" }],
  );
  assert.match(reasons[0]?.because ?? "", /search warrant would/);
});

test("a subpoena reaches subscriber data", () => {
  assert.deepEqual(under({ id: "US-SUBP-GJ", signedBy: "clerk" }, "name"), ["allow"]);
});

test("a request without a known instrument is asked about", () => {
  const { instrument: _, ...rest } = details();
  assert.deepEqual(
    verdictsFor(rest, at()).flatMap(({ decision, reasons }) => [decision, ...reasons.map(({ code }) => code)]),
    ["ask", "NO_INSTRUMENT"],
  );
  assert.deepEqual(under({ id: "XX-NONE" }), ["ask", "NO_INSTRUMENT"]);
});

test("a paper that compels nothing is denied, also an emergency request, under every policy", () => {
  for (const policy of [workplace, learning, both]) {
    for (const id of ["US-EDR", "US-CONSENT", "US-DELAY"]) assert.deepEqual(under({ id }, "name", policy), ["deny", "NOT_COMPULSORY"], id);
  }
  const clauses = [workplace, learning].map((policy) => judged({ instrument: { ...paper, id: "US-EDR" } }, policy).reasons.map(({ clause }) => clause));
  assert.deepEqual(clauses, [["KDRP-7"], ["IGRP-4"]]);
});

test("an emergency request is denied also where a policy would allow voluntary answers: that path has locks of its own", () => {
  const open = { ...workplace, settings: { ...workplace.settings, allowVoluntaryEmergency: true } };
  assert.notEqual(under({ id: "US-EDR" }, "name", open)[0], "allow");
});

test("a preservation letter asks to keep and not to hand over", () => {
  assert.deepEqual(under({ id: "US-PRES" }, "name"), ["deny", "PRESERVATION_ONLY"]);
});

test("a warrant that no judge signed, and a paper that nobody signed, are asked about", () => {
  assert.deepEqual(under({ signedBy: "prosecutor" }), ["ask", "WRONG_ISSUER"]);
  assert.deepEqual(under({ id: "US-SUBP-GJ", signedBy: "nobody" }, "name"), ["ask", "NOT_SIGNED"]);
});

test("a warrant of 30 October can be served through 13 November 2026 and is expired on the 14th, in the desk's zone", () => {
  assert.deepEqual(under({ servedAt: instant("2026-11-14T06:59:59Z") }), ["allow"]);
  assert.deepEqual(under({ servedAt: instant("2026-11-14T07:00:00Z") }), ["deny", "EXPIRED"]);
});

test("the expiry on the paper's own face counts before the law's fourteen days", () => {
  assert.deepEqual(under({ expiresOn: onDay("2026-11-01") }), ["deny", "EXPIRED"]);
  assert.deepEqual(under({ expiresOn: onDay("2026-11-02") }), ["allow"]);
});

test("an account that cannot be told apart, or belongs to no known workspace, is asked about", () => {
  assert.deepEqual(judged({ subjects: [{ id: "S1", workspace: "acme", resolved: false }] }).codes, ["UNIDENTIFIABLE"]);
  assert.deepEqual(judged({ subjects: [{ id: "S1", resolved: true }] }).codes, ["UNIDENTIFIABLE"]);
  assert.deepEqual(judged({ subjects: [] }).decision, "ask");
});

test("dated records need a first and a last day; a name needs none", () => {
  const { from: _, ...noStart } = line("L1");
  const { to: __, ...noEnd } = line("L1");
  for (const open of [noStart, noEnd]) assert.deepEqual(judged({ lines: [open] }).codes, ["NO_DATE_RANGE"]);
  assert.deepEqual(judged({ lines: [{ id: "L1", subject: "S1", dataType: "name" }] }).decision, "allow");
});

test("a line that starts after the day of service is real-time collection and goes to counsel", () => {
  assert.deepEqual(judged({ lines: [line("L1", { from: onDay("2026-11-03"), to: onDay("2026-11-30") })] }).codes, ["REALTIME"]);
  assert.equal(judged({ lines: [line("L1", { from: onDay("2026-11-02"), to: onDay("2026-11-30") })] }).decision, "allow");
});

test("live data and papers for live collection go to counsel under every policy", () => {
  for (const policy of [workplace, learning, both]) {
    assert.equal(under({}, "realtime-content", policy)[0], "counsel");
    assert.equal(under({ id: "US-T3" }, "messages", policy)[0], "counsel");
  }
});

test("the gravest finding decides, and lesser findings keep their reasons", () => {
  const { decision, codes } = judged({ instrument: { ...paper, id: "US-SUBP-GJ", signedBy: "nobody" }, subjects: [] });
  assert.equal(decision, "deny");
  assert.deepEqual(codes, ["NOT_SIGNED", "UNIDENTIFIABLE", "INSUFFICIENT_PROCESS"]);
});

test("lines are judged one by one: a denied line leaves its neighbours standing", () => {
  const lines = [line("L1", { dataType: "name" }), line("L2")];
  assert.deepEqual(
    verdictsFor(details({ lines, instrument: { ...paper, id: "US-SUBP-GJ", signedBy: "clerk" } }), at()).map(({ line: id, decision }) => [id, decision]),
    [
      ["L1", "allow"],
      ["L2", "deny"],
    ],
  );
});

test("an instrument is found in the law that knows it", () => {
  assert.equal(findInstrument(paper, [us])?.law.country, "US");
  assert.equal(findInstrument(undefined, [us]), undefined);
});

const someDetails = fc.record({
  id: fc.constantFrom(...us.instruments.map(({ id }) => id), "XX-NONE"),
  signedBy: fc.constantFrom("judge", "prosecutor", "clerk", "agency", "nobody" as const),
  served: fc.integer({ min: 0, max: 40 }),
  dataType: fc.constantFrom(...workplace.dataTypes.map(({ id }) => id), "unheard-of"),
  resolved: fc.boolean(),
  from: fc.integer({ min: -50, max: 50 }),
  policy: fc.constantFrom(workplace, learning, both),
});

test("a line is allowed only under a compulsory production paper of the ordinary queue, and every other line has a reason", () => {
  fc.assert(
    fc.property(someDetails, ({ id, signedBy, served, dataType, resolved, from, policy }) => {
      const servedAt = instant(
        Temporal.Instant.from("2026-10-30T17:00:00Z")
          .add({ hours: 24 * served })
          .toString(),
      );
      const start = onDay(Temporal.PlainDate.from("2026-11-02").add({ days: from }).toString());
      const [verdict] = verdictsFor(
        details({
          instrument: { ...paper, id, signedBy, servedAt },
          subjects: [{ id: "S1", workspace: "acme", resolved }],
          lines: [line("L1", { dataType, from: start, to: onDay("2026-12-31") })],
        }),
        at(undefined, { policy }),
      );
      assert.equal(verdict?.decision === "allow", verdict?.reasons.length === 0);
      if (verdict?.decision !== "allow") return;
      const known = us.instruments.find((instrument) => instrument.id === id);
      assert.ok(known?.compulsory && known.route === "desk" && known.family === "production", id);
      assert.ok(resolved && start <= servedAt.slice(0, 10));
      assert.ok(policy.dataTypes.find((type) => type.id === dataType)?.kind !== "real-time");
    }),
    runs,
  );
});
