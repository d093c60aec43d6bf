// Flows of data on record: role, region, mechanism, the night a listing disappears, and the annex.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, refOf } from "../../../tests/a-partner.ts";
import { annexOf, schedulesOf } from "./transfer-steps.ts";

const now = "2026-03-02T16:00:00Z";
const flow = { origin: "EEA", destination: "US", vendorIs: "controller", exporter: "uk-limited", isOnward: false };
const listed = { of: "partner", framework: "euUs", on: "2026-03-01", activeFrom: "2025-01-01" };

test("each flow has the company's role and its exporter, and these choose the module (DPA-2.1, USP-3.1, EUK-4.2(a), EUK-4.2(b), X-09)", () => {
  for (const [vendorIs, module] of [
    ["controller", "two"],
    ["processor", "three"],
  ] as const) {
    const partner = APartner.signed();
    partner.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
    const facts = partner.take(now, "RecordFlow", { ...flow, vendorIs });
    const found = facts.find(({ type }) => type === "MechanismFound");
    assert.deepEqual(found?.type === "MechanismFound" && [found.result, found.module], ["scc", module]);
    const recorded = facts.find(({ type }) => type === "FlowRecorded");
    assert.deepEqual(recorded?.type === "FlowRecorded" && [recorded.vendorIs, recorded.exporter], [vendorIs, "uk-limited"]);
  }
});

test("without an agreement nothing flows (EUK-3(a), EUK-3(b)), without a mechanism neither (EUK-3(c)), and each one that fails says why", () => {
  assert.deepEqual(
    new APartner()
      .reasons(now, "RecordFlow", flow)
      .map(({ clause }) => clause)
      .slice(0, 1),
    ["EUK-3(a)"],
  );
  const reasons = APartner.signed().reasons(now, "RecordFlow", flow);
  assert.deepEqual([reasons[0]?.clause, reasons[0]?.code, reasons.map(({ code }) => code).includes("SCC_NOT_SIGNED")], ["EUK-3(c)", "NO_MECHANISM", true]);
  const ended = APartner.signed();
  ended.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
  ended.take(now, "EndAgreement", { ground: "agreed", on: "2026-03-02" });
  assert.deepEqual(
    ended.reasons("2026-03-03T16:00:00Z", "RecordFlow", flow).map(({ clause, code }) => [clause, code]),
    [
      ["EUK-3(a)", "NOT_SIGNED"],
      ["EUK-3(b)", "NOT_UNDER_THE_DPA"],
    ],
  );
});

test("a country that nobody approved in writing is closed, and so is every onward transfer (DPA-7)", () => {
  const partner = APartner.signed();
  partner.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
  assert.deepEqual(partner.refuses(now, "RecordFlow", { ...flow, destination: "IN" }), ["REGION_NOT_APPROVED"]);
  assert.deepEqual(partner.refuses(now, "RecordFlow", { ...flow, isOnward: true }), ["REGION_NOT_APPROVED"]);
  partner.take(now, "ApproveRegion", { country: "IN" });
  partner.take(now, "RecordFlow", { ...flow, destination: "IN" });
});

test("on the night a certification lapses the clauses take over by themselves, and the notice is owed within a day (EUK-4.1(ii), W-9)", () => {
  const partner = APartner.signed();
  partner.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
  partner.take(now, "CheckListing", listed);
  const id = refOf(partner.take(now, "RecordFlow", flow), "flow");
  assert.deepEqual(partner.refuses(now, "RecheckTransfers", {}, "desk"), ["UNCHANGED"]);
  partner.take("2026-03-10T16:00:00Z", "CheckListing", { ...listed, on: "2026-03-10", activeUntil: "2026-03-31" });
  assert.deepEqual(partner.refuses("2026-03-31T20:00:00Z", "RecheckTransfers", {}, "desk"), ["UNCHANGED"]);
  const [found] = partner.take("2026-04-01T07:00:00Z", "RecheckTransfers", {}, "desk");
  assert.deepEqual(found?.type === "MechanismFound" && [found.result, found.words, found.on], ["scc", "SCC Module Two", "2026-04-01"]);
  const owed = partner.duty("2026-04-01T07:00:00Z", "EUK-4.1(ii):");
  assert.deepEqual([owed.state, owed.dueAt], ["open", "2026-04-02T06:00:00.000Z"]);
  partner.report("2026-04-01T18:00:00Z", "TellOfLapse", { flow: id });
  assert.equal(partner.duty("2026-04-09T07:00:00Z", "EUK-4.1(ii):").state, "met");
  assert.deepEqual(partner.refuses("2026-04-09T07:00:00Z", "TellOfLapse", { flow: id }), ["NOTHING_LAPSED"]);
});

test("a lapse without signed clauses blocks the flow (EUK-3(c))", () => {
  const partner = APartner.signed();
  partner.take(now, "CheckListing", listed);
  partner.take(now, "RecordFlow", flow);
  const facts = partner.take("2026-03-10T16:00:00Z", "CheckListing", { ...listed, on: "2026-03-10", activeUntil: "2026-03-05" });
  assert.deepEqual(
    facts.flatMap((fact) => (fact.type === "MechanismFound" ? [fact.result] : [])),
    ["blocked"],
  );
});

test("while a flow rests on the framework the company looks at its list every day (EUK-4.1a)", () => {
  const partner = APartner.signed();
  partner.take(now, "CheckListing", { ...listed, on: "2026-03-02" });
  assert.deepEqual(
    partner.duties(now).filter(({ clause }) => clause === "EUK-4.1a"),
    [],
  );
  partner.take(now, "RecordFlow", flow);
  assert.equal(partner.duty("2026-03-04T06:00:00Z", "EUK-4.1a:").state, "open");
  assert.equal(partner.duty("2026-03-04T07:00:00Z", "EUK-4.1a:").state, "overdue");
  partner.take("2026-03-04T16:00:00Z", "CheckListing", { ...listed, on: "2026-03-04" });
  assert.equal(partner.duty("2026-03-04T16:00:00Z", "EUK-4.1a:").state, "open");
});

test("where the clauses carry a transfer, the assessment and the measures are shown (EUK-3(d))", () => {
  const partner = APartner.signed();
  partner.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
  const id = refOf(partner.take(now, "RecordFlow", flow), "flow");
  assert.equal(partner.duty("2026-04-02T12:00:00Z", "EUK-3(d):").state, "overdue");
  partner.report("2026-03-20T12:00:00Z", "AddMeasures", { flow: id, on: "2026-03-20" });
  assert.equal(partner.duty("2026-04-02T12:00:00Z", "EUK-3(d):").state, "met");
});

test("data of a listed state brings Schedule 4 into play, data of the EEA, the UK or Switzerland Schedule 5, and later state acts neither (USP-0, EUK-0, X-17)", () => {
  const of = (origin: "EEA" | "UK" | "CH" | "US" | "other", ...states: string[]) => schedulesOf({ origin, states });
  assert.deepEqual(
    [of("US", "CA"), of("US", "TX"), of("EEA"), of("UK", "VA"), of("CH"), of("other")],
    [["schedule-4"], [], ["schedule-5"], ["schedule-4", "schedule-5"], ["schedule-5"], []],
  );
  assert.throws(() => APartner.signed().take(now, "RecordFlow", { ...flow, origin: "US", states: "California" }), /two capital letters/);
});

test("the British addendum is signed in the version in force (UKA-P2)", () => {
  const partner = APartner.signed();
  assert.deepEqual(partner.refuses(now, "SignClauses", { clauses: "uk-addendum", version: "A1.0", on: "2026-01-05" }), ["OTHER_VERSION"]);
  partner.take(now, "SignClauses", { clauses: "uk-addendum", version: "B1.0", on: "2026-01-05" });
});

const stands = (partner: APartner, at: string, id: string) => partner.duties(at).flatMap((duty) => (duty.id.startsWith(id) ? [[duty.id, duty.state]] : []));
const look = (partner: APartner, on: string, more: object = {}) =>
  partner.take(`${on}T16:00:00Z`, "CheckListing", { of: "partner", framework: "euUs", on, ...more });
function onFramework() {
  const partner = APartner.signed();
  partner.take(now, "CheckListing", listed);
  return { partner, flow: refOf(partner.take(now, "RecordFlow", flow), "flow") };
}

test("the standard clauses need the law of a member state, and never that of the UK (EUK-4.2(c), X-16)", () => {
  const sign = { clauses: "scc", version: "2021/914", on: "2026-01-05" };
  for (const law of [undefined, "GB", "CH"])
    assert.deepEqual(APartner.signed().refuses(now, "SignClauses", { ...sign, ...(law === undefined ? {} : { law }) }), ["NO_LAW"]);
  const partner = APartner.signed();
  partner.take(now, "SignClauses", { ...sign, law: "NL" });
  assert.match(annexOf(partner.history, partner.at(now)).find(({ heading }) => heading.startsWith("Governing law"))?.value ?? "", /law of NL/);
});

test("a look at the list that is recorded late stands in its own place and brings no framework back (EUK-4.1(ii))", () => {
  const { partner, flow: id } = onFramework();
  look(partner, "2026-03-10", { activeFrom: "2025-01-01", activeUntil: "2026-03-05" });
  const facts = partner.take("2026-03-11T16:00:00Z", "CheckListing", { ...listed, on: "2026-03-04" });
  assert.deepEqual(
    facts.map(({ type }) => type),
    ["ListingChecked"],
  );
  assert.deepEqual(stands(partner, "2026-03-11T16:00:00Z", "EUK-4.1(ii)"), [[`EUK-4.1(ii):${id}:2026-03-05`, "overdue"]]);
});

test("an entry that disappears owes its notice from the day of the look, and a flow without a mechanism is ended within a day (EUK-4.1(ii), EUK-3(c))", () => {
  const { partner, flow: id } = onFramework();
  look(partner, "2026-03-10");
  const at = "2026-03-11T12:00:00Z";
  assert.deepEqual(stands(partner, at, "EUK-4.1(ii)"), [[`EUK-4.1(ii):${id}:2026-03-10`, "open"]]);
  assert.deepEqual([partner.duty(at, "EUK-3(c):").state, partner.duty(at, "EUK-3(c):").dueAt], ["open", "2026-03-11T16:00:00.000Z"]);
  assert.equal(partner.duty("2026-03-11T16:00:01Z", "EUK-3(c):").state, "overdue");
  partner.take("2026-03-11T17:00:00Z", "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-03-11" });
  assert.equal(partner.duty("2026-03-11T18:00:00Z", "EUK-3(c):").state, "late");
  const other = onFramework();
  look(other.partner, "2026-03-10");
  other.partner.report(at, "EndFlow", { flow: other.flow, on: "2026-03-03" });
  assert.deepEqual([other.partner.duty(at, "EUK-3(c):").state, other.partner.duty(at, "EUK-4.1(ii):").state], ["met", "excused"]);
});

test("each lapse is told by itself: a renewal erases none, and the first telling does not keep the second (EUK-4.1(ii))", () => {
  const { partner, flow: id } = onFramework();
  look(partner, "2026-03-10", { activeFrom: "2025-01-01", activeUntil: "2026-03-09" });
  look(partner, "2026-04-01", { activeFrom: "2026-04-01" });
  look(partner, "2026-06-01", { activeFrom: "2026-04-01", activeUntil: "2026-05-31" });
  const both = (first: string, second: string) => [
    [`EUK-4.1(ii):${id}:2026-03-09`, first],
    [`EUK-4.1(ii):${id}:2026-05-31`, second],
  ];
  assert.deepEqual(stands(partner, "2026-07-01T16:00:00Z", "EUK-4.1(ii)"), both("overdue", "overdue"));
  partner.report("2026-07-01T17:00:00Z", "TellOfLapse", { flow: id });
  assert.deepEqual(stands(partner, "2026-07-01T17:00:00Z", "EUK-4.1(ii)"), both("late", "late"));
  const told = onFramework();
  look(told.partner, "2026-03-10", { activeFrom: "2025-01-01", activeUntil: "2026-03-09" });
  told.partner.report("2026-03-10T17:00:00Z", "TellOfLapse", { flow: told.flow });
  look(told.partner, "2026-04-01", { activeFrom: "2026-04-01" });
  look(told.partner, "2026-06-01", { activeFrom: "2026-04-01", activeUntil: "2026-05-31" });
  assert.deepEqual(
    stands(told.partner, "2026-07-01T16:00:00Z", "EUK-4.1(ii)").map(([, state]) => state),
    ["met", "overdue"],
  );
});

test("what a flow owed and did not keep stays overdue when the flow ends (EUK-4.1(ii), EUK-3(d))", () => {
  const { partner, flow: id } = onFramework();
  partner.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
  look(partner, "2026-03-10", { activeFrom: "2025-01-01", activeUntil: "2026-03-05" });
  partner.report("2026-06-01T00:00:00Z", "EndFlow", { flow: id, on: "2026-03-03" });
  const at = "2026-06-01T00:00:00Z";
  assert.deepEqual([partner.duty(at, "EUK-4.1(ii):").state, partner.duty(at, "EUK-3(d):").state], ["overdue", "overdue"]);
});

test("each list that a flow rests on is looked at by itself, and a new flow needs a look of the last seven days (EUK-4.1a)", () => {
  const { partner } = onFramework();
  partner.take("2026-03-20T16:00:00Z", "CheckListing", { of: "partner", framework: "swissUs", on: "2026-03-20" });
  assert.equal(partner.duty("2026-03-20T16:00:00Z", "EUK-4.1a:").state, "overdue");
  assert.deepEqual(partner.refuses("2026-03-20T16:00:00Z", "RecordFlow", flow), ["LOOK_TOO_OLD"]);
  look(partner, "2026-03-20", { activeFrom: "2025-01-01" });
  partner.take("2026-03-20T17:00:00Z", "RecordFlow", flow);
});

test("where the company's own entry is on record and has ended, nobody relies on the framework (EUK-4.1a)", () => {
  const partner = APartner.signed();
  partner.take(now, "CheckListing", listed);
  partner.take(now, "CheckListing", { of: "vendor", framework: "euUs", on: "2026-03-01" });
  assert.deepEqual(partner.refuses(now, "RecordFlow", flow).slice(0, 2), ["NO_MECHANISM", "SWITCHED_OFF"]);
});

test("the annex is filled from the record, with parties, modules and appendices, and the documents' defects marked (UKA-T1, UKA-T2, UKA-T3, UKA-T4, UKA-P2)", () => {
  const partner = APartner.signed();
  partner.take(now, "SignClauses", { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" });
  partner.take(now, "RecordFlow", { ...flow, vendorIs: "processor" });
  const lines = new Map(annexOf(partner.history, partner.at(now)).map((line) => [line.heading, line]));
  assert.equal(lines.get("Date")?.value, "Thu 1 Jan 2026");
  assert.equal(lines.get("Modules")?.value, "Module Three");
  assert.match(lines.get("Annex II")?.value ?? "", /Schedule 2/);
  assert.match(lines.get("Annex II")?.defect ?? "", /^X-15: /);
  assert.match(lines.get("Sub-processors (9), UK")?.defect ?? "", /^X-01: /);
  assert.deepEqual([...new Set([...lines.values()].map(({ clause }) => clause))].toSorted(), ["EUK-4.2(c)", "UKA-P2", "UKA-T1", "UKA-T2", "UKA-T3", "UKA-T4"]);
});
