// The scope that collection sees: signed lines and confirmed accounts only, and never a moment after the day of service.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, details, everyLaw, history, line, onDay, received, reviewed, sealed, signed, us, verdict, workplace } from "../../../tests/a-case.ts";
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
  assert.equal(cutOff({ servedAt: instant("2026-11-02T17:00:00Z") }, at()), "2026-11-03T06:59:59.999Z");
});

test("an undated line ends with the day of service too", () => {
  const past = history([received(), details({ lines: [{ id: "L1", subject: "S1", dataType: "name" }] }), signed()]);
  assert.deepEqual(scopeOfCase("C", past, accounts, at())?.lines, [
    { line: "L1", dataType: "name", dataClass: us.classOf["name"], accounts: ["U-1"], workspace: "acme", until: "2026-11-03T07:00:00.000Z" },
  ]);
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

const emergencies = {
  ...workplace,
  settings: { ...workplace.settings, allowVoluntaryEmergency: true, emergency: { dataTypes: ["name", "contact", "sign-in-history"], paperWithinDays: 7 } },
};

function urgent(policy: typeof workplace) {
  const past = history([
    received(),
    details({ instrument: { id: "US-EDR", signedBy: "agency", servedAt: instant("2026-11-02T17:00:00Z") }, lines: [line("L1", { dataType: "name" })] }),
    signed(),
  ]);
  return scopeOfCase("C", past, accounts, at(undefined, { policy }));
}

test("in an emergency that the policy allows, collection may reach the classes of the policy's minimum and nothing else", () => {
  assert.deepEqual(urgent(emergencies)?.reach, [...new Set([us.classOf["name"], us.classOf["contact"], us.classOf["sign-in-history"]])]);
  const none = { ...emergencies, settings: { ...emergencies.settings, emergency: { dataTypes: ["name", "horoscope"], paperWithinDays: 7 } } };
  assert.deepEqual(urgent(none)?.reach, [us.classOf["name"]]);
});

test("an emergency reaches nothing where the policy has not switched it on, or names no minimum", () => {
  assert.deepEqual(urgent(workplace)?.reach, []);
  const off = { ...emergencies, settings: { ...emergencies.settings, allowVoluntaryEmergency: false } };
  assert.deepEqual(urgent(off)?.reach, []);
  const { emergency: _, ...noMinimum } = emergencies.settings;
  assert.deepEqual(urgent({ ...emergencies, settings: noMinimum })?.reach, []);
});

test("a policy for emergencies changes nothing about what a warrant reaches", () => {
  assert.deepEqual(
    scopeOfCase("C", reviewed, accounts, at(undefined, { policy: emergencies }))?.reach,
    us.instruments.find(({ id }) => id === "US-SW")?.compels,
  );
});

test("sign-in data asked for only to find out who the user is has a class of its own in the Union, and is traffic data otherwise", () => {
  const epoc = { id: "EU-EPOC", signedBy: "judge", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") } as const;
  const classes = [true, false].map((onlyToIdentify) => {
    const past = history([received(), details({ instrument: epoc, lines: [line("L1", { dataType: "sign-in-history", onlyToIdentify })] }), signed()]);
    return scopeOfCase("C", past, accounts, at(undefined, { laws: everyLaw }))?.lines.map(({ dataClass }) => dataClass);
  });
  assert.deepEqual(classes, [["IDENTIFY_ONLY"], ["TRAFFIC"]]);
});

test("data to which the law of the paper gives no class is not collected", () => {
  const past = history([received(), details({ lines: [line("L1", { dataType: "horoscope" }), line("L2")] }), signed([verdict("L1"), verdict("L2")])]);
  assert.deepEqual(
    scopeOfCase("C", past, accounts, at())?.lines.map(({ line: id }) => id),
    ["L2"],
  );
});

test("each line is collected from the account and the workspace of its own subject, and not at all where one of them is unknown", () => {
  const subjects = [
    { id: "S1", workspace: "acme", resolved: true },
    { id: "S2", workspace: "bolt", resolved: true },
    { id: "S3", resolved: false },
  ];
  const lines = [line("L1"), line("L2", { subject: "S2" }), line("L3", { subject: "S3" }), line("L4", { subject: "S4" })];
  const past = history([received(), details({ subjects, lines }), signed(lines.map(({ id }) => verdict(id)))]);
  const known = { S1: { account: "U-1" }, S2: { account: "U-2" }, S3: { account: "U-3" }, S4: { account: "U-4" } };
  assert.deepEqual(
    scopeOfCase("C", past, known, at())?.lines.map(({ line: id, accounts: found, workspace }) => [id, found, workspace]),
    [
      ["L1", ["U-1"], "acme"],
      ["L2", ["U-2"], "bolt"],
    ],
  );
  assert.deepEqual(
    scopeOfCase("C", past, { S1: {}, S2: { account: "U-2" } }, at())?.lines.map(({ line: id }) => id),
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
