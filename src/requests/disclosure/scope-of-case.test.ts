// The scope that collection sees: signed lines and confirmed accounts only, and never a moment after the day of service.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, details, history, line, onDay, received, reviewed, sealed, signed, us, verdict } from "../../../tests/a-case.ts";
import { addDays, addHours, instant, zone } from "../../kernel/instant.ts";
import { cutOff } from "../intake/confirm-details.ts";
import type { RequestLine } from "../intake/events.ts";
import { scopeOfCase } from "./scope-of-case.ts";

const accounts = { S1: { account: "U-1" } };

test("the scope names case, paper, reach, day of service and the signed line with its account", () => {
  assert.deepEqual(scopeOfCase("C-TEST-CASE", reviewed, accounts, at()), {
    caseId: "C-TEST-CASE",
    instrument: "US-SW",
    reach: us.instruments.find(({ id }) => id === "US-SW")?.compels,
    servedAt: "2026-11-02T17:00:00.000Z",
    zone: "America/Denver",
    lines: [
      {
        line: "L1",
        dataType: "messages",
        dataClass: "CONTENT",
        accounts: ["U-1"],
        workspace: "acme",
        from: "2026-03-01T07:00:00.000Z",
        until: "2026-04-01T06:00:00.000Z",
      },
    ],
  });
});

test("a line that asks beyond the day of service ends with that day: 2 November 2026, midnight in Denver (KDRP-6)", () => {
  for (const to of ["2026-11-02", "2026-11-03", "2030-01-01"]) {
    const past = history([received(), details({ lines: [line("L1", { to: onDay(to) })] }), signed()]);
    assert.equal(scopeOfCase("C", past, accounts, at())?.lines[0]?.until, "2026-11-03T07:00:00.000Z", to);
  }
  assert.equal(cutOff(details(), at()), "2026-11-03T06:59:59.999Z");
});

test("an undated line ends with the day of service too", () => {
  const past = history([received(), details({ lines: [{ id: "L1", subject: "S1", dataType: "name" }] }), signed()]);
  assert.deepEqual(
    scopeOfCase("C", past, accounts, at())?.lines.map(({ from, until }) => [from, until]),
    [[undefined, "2026-11-03T07:00:00.000Z"]],
  );
});

test("without details, instrument, signature, allowed line, account or workspace there is no scope", () => {
  const { instrument: _, ...noPaper } = details();
  const signature = signed();
  assert.equal(scopeOfCase("C", [], accounts, at()), undefined);
  assert.equal(scopeOfCase("C", history([received(), noPaper, signature]), accounts, at()), undefined);
  assert.equal(scopeOfCase("C", history([received(), details()]), accounts, at()), undefined);
  assert.equal(scopeOfCase("C", history([received(), details(), signed([verdict("L1", { decision: "deny" })])]), accounts, at()), undefined);
  assert.equal(scopeOfCase("C", reviewed, {}, at()), undefined);
  assert.equal(scopeOfCase("C", history([received(), details({ subjects: [{ id: "S1", resolved: true }] }), signature]), accounts, at()), undefined);
  assert.equal(scopeOfCase("C", reviewed, accounts, at(undefined, { laws: [] })), undefined);
});

test("a line that a ruling struck is not in the scope", () => {
  const past = history([
    received(),
    details({ lines: [line("L1"), line("L2")] }),
    signed([verdict("L1"), verdict("L2")]),
    { type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") },
    { type: "ChallengeResolved", challenge: "C1", outcome: "narrowed", lines: ["L2"], ruling: sealed("r") },
  ]);
  assert.deepEqual(
    scopeOfCase("C", past, accounts, at())?.lines.map(({ line: id }) => id),
    ["L2"],
  );
});

const someLine = fc.record({
  from: fc.option(fc.integer({ min: -800, max: 800 })),
  to: fc.option(fc.integer({ min: -800, max: 800 })),
  dataType: fc.constantFrom("messages", "name", "location"),
  decision: fc.constantFrom("allow", "deny", "ask", "counsel"),
});

test("no scope reaches past the end of the day of service, whatever the lines say and wherever the desk is", () => {
  fc.assert(
    fc.property(
      fc.array(someLine, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 24 * 365 }),
      fc.constantFrom("America/Denver", "Pacific/Kiritimati", "Pacific/Apia", "Europe/Lisbon", "Africa/Cairo"),
      (lines, hours, place) => {
        const where = zone(place);
        const servedAt = addHours(instant("2026-01-01T05:30:00Z"), hours);
        const servedOn = Temporal.Instant.from(servedAt).toZonedDateTimeISO(place).toPlainDate();
        const asked = lines.map(({ from, to, dataType }, index): RequestLine => ({
          id: `L${index}`,
          subject: "S1",
          dataType,
          ...(from === null ? {} : { from: addDays(onDay("2026-06-01"), from) }),
          ...(to === null ? {} : { to: addDays(onDay("2026-06-01"), to) }),
        }));
        const past = history([
          received(),
          details({ lines: asked, instrument: { id: "US-SW", signedBy: "judge", issuedOn: onDay("2025-12-31"), servedAt } }),
          signed(lines.map(({ decision }, index) => verdict(`L${index}`, { decision }))),
        ]);
        const scope = scopeOfCase("C", past, accounts, at(undefined, { zone: where }));
        const end = servedOn.add({ days: 1 }).toZonedDateTime({ timeZone: place }).toInstant();
        for (const { until } of scope?.lines ?? [])
          assert.ok(Temporal.Instant.compare(Temporal.Instant.from(until), end) <= 0, `${until} is after ${end.toString()}`);
        assert.deepEqual(
          scope?.lines.map(({ line: id }) => id) ?? [],
          lines.flatMap(({ decision }, index) => (decision === "allow" ? [`L${index}`] : [])),
        );
        for (const { line: id, until } of scope?.lines ?? []) {
          const to = asked.find((each) => each.id === id)?.to;
          if (to !== undefined)
            assert.ok(
              Temporal.Instant.compare(
                Temporal.Instant.from(until),
                Temporal.PlainDate.from(to).add({ days: 1 }).toZonedDateTime({ timeZone: place }).toInstant(),
              ) <= 0,
            );
        }
      },
    ),
    runs,
  );
});
