// Papers that confirm standing duties, the origin of data sets and models, and subcontracts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner, contract, refOf } from "../../../tests/a-partner.ts";

const confirmedBy = (paper: string) => contract.clauses.flatMap(({ id, works }) => (works?.as === "paper" && works.paper === paper ? [id] : []));
const file = (partner: APartner, now: string, paper: string, more: object = {}) =>
  partner.report(now, "FilePaper", { paper, on: now.slice(0, 10), confirms: confirmedBy(paper), shows: [], ...more });
/** `SEC-1.3:0`: the first turn of the clause. */
const turn = (partner: APartner, now: string, id: string) => {
  const [clause = "", index] = id.split(/:(?=\d+$)/);
  return partner.turn(now, clause, Number(index));
};
const state = (partner: APartner, now: string, id: string) => turn(partner, now, id).state;

/** Owed at first, kept when it is filed, owed again when it has lapsed. */
function lives(partner: APartner, clause: string, paper: string, more: object = {}): void {
  assert.equal(state(partner, "2026-01-01T12:00:00Z", `${clause}:0`), "open", clause);
  assert.equal(state(partner, "2026-03-01T12:00:00Z", `${clause}:0`), "overdue", clause);
  file(partner, "2026-03-02T12:00:00Z", paper, more);
  assert.equal(state(partner, "2026-03-02T12:00:00Z", `${clause}:0`), "late", clause);
  assert.equal(state(partner, "2026-12-01T12:00:00Z", `${clause}:1`), "open", clause);
  assert.equal(state(partner, "2027-06-01T12:00:00Z", `${clause}:1`), "overdue", clause);
  file(partner, "2027-06-02T12:00:00Z", paper, more);
  assert.equal(state(partner, "2027-06-02T12:00:00Z", `${clause}:1`), "late", clause);
}

test("each of these is owed from the start, kept while its paper is fresh, and owed again when it lapses: PPT-2.2api, PPT-6(a), PPT-6(b), PPT-6(c), PPT-6(d)", () => {
  for (const [clause, paper] of [
    ["PPT-2.2api", "program-rules"],
    ["PPT-6(a)", "representations"],
    ["PPT-6(b)", "representations"],
    ["PPT-6(c)", "representations"],
    ["PPT-6(d)", "representations"],
  ] as const)
    lives(APartner.signed(), clause, paper);
});

test("the statement on data protection confirms DPA-2.2.1(i), DPA-2.2.1(iii), DPA-2.2.1(vii), DPA-2.2.2(2), DPA-2.2.2(4) and DPA-5, each by itself", () => {
  for (const clause of ["DPA-2.2.1(i)", "DPA-2.2.1(iii)", "DPA-2.2.1(vii)", "DPA-2.2.2(2)", "DPA-2.2.2(4)", "DPA-5"]) {
    lives(APartner.signed(), clause, "data-protection");
    const partner = APartner.signed();
    partner.report("2026-01-05T12:00:00Z", "FilePaper", {
      paper: "data-protection",
      on: "2026-01-05",
      confirms: confirmedBy("data-protection").filter((each) => each !== clause),
      shows: [],
    });
    const open = turn(partner, "2026-01-05T12:00:00Z", `${clause}:0`);
    assert.deepEqual([open.state, open.findings.map(({ code }) => code)], ["open", ["NOT_CONFIRMED"]], clause);
  }
});

const eight = [
  "information-security",
  "risk-management",
  "incident-response",
  "vulnerability",
  "policy-management",
  "data-access-request",
  "change-management",
  "system-access",
];
const standards = { shows: eight.map((each) => `SEC-1.1(k)/${each}`), logDays: 180 };

test("the security standards are shown point by point: SEC-1.1(a), SEC-1.1(b), SEC-1.1(d), SEC-1.1(e), SEC-1.1(f), SEC-1.1(g), SEC-1.1(h), SEC-1.1(j) and SEC-1.2.2", () => {
  for (const clause of ["SEC-1.1(a)", "SEC-1.1(b)", "SEC-1.1(d)", "SEC-1.1(e)", "SEC-1.1(f)", "SEC-1.1(g)", "SEC-1.1(h)", "SEC-1.1(j)", "SEC-1.2.2"])
    lives(APartner.signed(), clause, "security-standards", standards);
});

test("logs that are kept for 179 days are not enough, and 180 are (SEC-1.1(i))", () => {
  const partner = APartner.signed();
  file(partner, "2026-01-05T12:00:00Z", "security-standards", { ...standards, logDays: 179 });
  assert.deepEqual(
    turn(partner, "2026-01-05T12:00:00Z", "SEC-1.1(i):0").findings.map(({ because }) => because),
    ["It states 179 days that logs are kept; at least 180 are asked for."],
  );
  file(partner, "2026-01-06T12:00:00Z", "security-standards", standards);
  assert.equal(state(partner, "2026-01-06T12:00:00Z", "SEC-1.1(i):0"), "met");
});

test("seven of the eight policies leave the clause open and name the eighth (SEC-1.1(k))", () => {
  const partner = APartner.signed();
  file(partner, "2026-01-05T12:00:00Z", "security-standards", { ...standards, shows: standards.shows.slice(1) });
  assert.deepEqual(
    turn(partner, "2026-01-05T12:00:00Z", "SEC-1.1(k):0").findings.map(({ because }) => because),
    ["The newest paper does not show: information security policy. Add it."],
  );
  file(partner, "2026-01-06T12:00:00Z", "security-standards", standards);
  assert.equal(state(partner, "2026-01-06T12:00:00Z", "SEC-1.1(k):0"), "met");
});

test("a penetration test counts 365 days, counted from the day of the test and not of its filing (SEC-1.1(c))", () => {
  const partner = APartner.signed();
  file(partner, "2026-01-20T12:00:00Z", "penetration-test", { on: "2025-11-01" });
  const next = turn(partner, "2026-01-20T12:00:00Z", "SEC-1.1(c):1");
  assert.equal(next.dueAt, "2026-11-02T06:59:59.999Z");
  assert.match(next.derivation, /Sat 1 Nov 2025 \+ 365 days = end of Sun 1 Nov 2026/);
  lives(APartner.signed(), "SEC-1.1(c)", "penetration-test");
});

test("training is due within 365 days and the exercise of incident response within twelve months (SEC-1.1(l), SEC-1.1(m))", () => {
  lives(APartner.signed(), "SEC-1.1(l)", "training");
  lives(APartner.signed(), "SEC-1.1(m)", "incident-exercise");
});

test("no back door, no process changed to ease access, no law that asks for one: certified at signature and every twelve months (SEC-1.2.4(a), SEC-1.2.4(b), SEC-1.2.4(c))", () => {
  for (const clause of ["SEC-1.2.4(a)", "SEC-1.2.4(b)", "SEC-1.2.4(c)"]) lives(APartner.signed(), clause, "no-back-doors");
});

test("one valid certification is enough on every day of the term; it lapses on its own last day (SEC-1.3)", () => {
  const partner = APartner.signed();
  assert.equal(state(partner, "2026-01-02T12:00:00Z", "SEC-1.3:0"), "overdue");
  file(partner, "2026-01-02T13:00:00Z", "certification", { on: "2025-06-01", until: "2026-05-31", proof: "iso-27001" });
  const next = turn(partner, "2026-05-31T12:00:00Z", "SEC-1.3:1");
  assert.deepEqual([next.state, next.dueAt], ["open", "2026-06-01T05:59:59.999Z"]);
  assert.equal(state(partner, "2026-06-01T06:00:00Z", "SEC-1.3:1"), "overdue");
  file(partner, "2026-06-02T12:00:00Z", "certification", { on: "2026-06-02", until: "2027-06-01", proof: "soc-2", highFindings: 1 });
  assert.deepEqual(
    turn(partner, "2026-06-02T12:00:00Z", "SEC-1.3:1").findings.map(({ code }) => code),
    ["HIGH_FINDINGS"],
  );
  file(partner, "2026-06-03T12:00:00Z", "certification", { until: "2027-06-01", proof: "assessment", openFindings: 2 });
  assert.deepEqual(
    turn(partner, "2026-06-03T12:00:00Z", "SEC-1.3:1").findings.map(({ code }) => code),
    ["NO_PLAN"],
  );
  file(partner, "2026-06-04T12:00:00Z", "certification", { until: "2027-06-01", proof: "assessment", openFindings: 2, shows: ["SEC-1.3/plan"] });
  assert.equal(state(partner, "2026-06-04T12:00:00Z", "SEC-1.3:1"), "late");
});

test("a certificate that was rejected never counted, and the duty is overdue again (SEC-1.3, DPA-2.2.1(iii))", () => {
  const partner = APartner.signed();
  const filing = refOf(file(partner, "2026-01-01T13:00:00Z", "certification", { until: "2026-12-31", proof: "iso-27001" }), "filing");
  assert.equal(state(partner, "2026-01-02T12:00:00Z", "SEC-1.3:0"), "met");
  partner.take("2026-02-01T12:00:00Z", "RejectPaper", { filing, isFalse: false });
  assert.equal(state(partner, "2026-02-01T12:00:00Z", "SEC-1.3:0"), "overdue");
  assert.deepEqual(partner.refuses("2026-02-02T12:00:00Z", "RejectPaper", { filing, isFalse: false }), ["NO_SUCH_PAPER"]);
});

test("E-Verify is owed where people work in the United States, and only there (CMP-1a)", () => {
  assert.deepEqual(
    APartner.signed()
      .duties("2026-03-01T12:00:00Z")
      .filter(({ clause }) => clause === "CMP-1a"),
    [],
  );
  lives(APartner.signed({ agreement: { usStaff: true } }), "CMP-1a", "e-verify");
});

test("modern slavery, a drug-free workplace and corruption each have a statement of their own: CMP-2a, CMP-3(a), CMP-3(b), CMP-3(c), CMP-4a", () => {
  for (const [clause, paper] of [
    ["CMP-2a", "modern-slavery"],
    ["CMP-3(a)", "drug-free-workplace"],
    ["CMP-3(b)", "drug-free-workplace"],
    ["CMP-3(c)", "drug-free-workplace"],
    ["CMP-4a", "anti-corruption"],
  ] as const)
    lives(APartner.signed(), clause, paper);
});

test("the statement on state privacy is owed once data of a listed state flows: USP-4(a), USP-4(b), USP-4(c), USP-4.2(a), USP-4.2(b), USP-4.2(c)", () => {
  for (const clause of ["USP-4(a)", "USP-4(b)", "USP-4(c)", "USP-4.2(a)", "USP-4.2(b)", "USP-4.2(c)"]) {
    const partner = APartner.signed();
    assert.deepEqual(
      partner.duties("2026-01-01T12:00:00Z").filter((duty) => duty.clause === clause),
      [],
    );
    partner.take("2026-01-01T11:00:00Z", "RecordFlow", {
      origin: "US",
      destination: "US",
      vendorIs: "controller",
      exporter: "us-inc",
      states: "CA",
      isOnward: false,
    });
    lives(partner, clause, "state-privacy");
  }
});

test("whoever relies on the framework confirms its Principles (EUK-4.1(i))", () => {
  const partner = APartner.signed();
  partner.take("2026-01-01T11:00:00Z", "CheckListing", { of: "partner", framework: "euUs", on: "2026-01-01", activeFrom: "2025-01-01" });
  lives(partner, "EUK-4.1(i)", "framework-principles");
});

test("a paper that confirms nothing, another paper's clause, or ends before it begins is refused with its clause", () => {
  const partner = APartner.signed();
  const ask = (more: object) =>
    partner.refuses("2026-02-01T12:00:00Z", "FilePaper", { paper: "training", on: "2026-02-01", confirms: ["SEC-1.1(l)"], shows: [], ...more });
  assert.deepEqual(ask({ confirms: [] }), ["CONFIRMS_NOTHING"]);
  assert.deepEqual(ask({ confirms: ["SEC-1.1(c)"] }), ["OTHER_PAPER"]);
  assert.deepEqual(ask({ until: "2026-01-31" }), ["ENDS_BEFORE"]);
  assert.deepEqual(ask({ paper: "horoscope", confirms: [] }), ["NO_SUCH_PAPER"]);
  assert.deepEqual(ask({ on: "2026-02-02" }), ["NOT_YET"]);
});

test("with the agreement the standing duties end, but those of data protection only with the certificate of deletion (DPA-10c, USP-2)", () => {
  const partner = APartner.signed();
  partner.take("2026-01-10T12:00:00Z", "RecordFlow", {
    origin: "US",
    destination: "US",
    vendorIs: "controller",
    exporter: "us-inc",
    states: "CA",
    isOnward: false,
  });
  partner.take("2026-01-20T12:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-01-20" });
  const at = "2026-04-01T12:00:00Z";
  assert.deepEqual(
    [state(partner, at, "PPT-2.2api:0"), state(partner, at, "SEC-1.1(a):0"), state(partner, at, "USP-4(a):0")],
    ["excused", "overdue", "overdue"],
  );
  partner.report("2026-01-21T12:00:00Z", "NameStore", { store: "db", kind: "live" });
  partner.report("2026-01-22T12:00:00Z", "ClearStore", { store: "db", on: "2026-01-22", how: "deleted" });
  partner.report("2026-01-23T12:00:00Z", "GiveCertificate", { through: "2026-01-23" });
  assert.deepEqual([state(partner, at, "SEC-1.1(a):0"), state(partner, at, "USP-4(a):0")], ["excused", "excused"]);
});

test("what was made from the vendor's AI data stays out of every other product, over any number of steps (AI-2)", () => {
  const partner = APartner.signed({ agreement: { aiProduct: true } });
  const record = (dataSet: string, kind: string, isVendorData: boolean, madeFrom: readonly string[]) =>
    partner.report("2026-02-01T12:00:00Z", "RecordDataSet", { dataSet, kind, isVendorData, madeFrom });
  record("prompts", "data", true, []);
  record("own", "data", false, []);
  record("weights-1", "model", false, ["prompts", "own"]);
  record("weights-2", "model", false, ["weights-1"]);
  record("weights-own", "model", false, ["own"]);
  const use = { on: "2026-02-02", purpose: "own-product" };
  const [reason] = partner.reasons("2026-02-02T12:00:00Z", "UseDataSet", { ...use, dataSet: "weights-2" });
  assert.deepEqual([reason?.clause, reason?.code], ["AI-2", "VENDOR_AI_DATA"]);
  assert.match(reason?.because ?? "", /goes back to prompts/);
  partner.report("2026-02-02T12:00:00Z", "UseDataSet", { ...use, dataSet: "weights-2", purpose: "partnership" });
  partner.report("2026-02-02T12:00:00Z", "UseDataSet", { ...use, dataSet: "weights-own" });
  assert.deepEqual(partner.refuses("2026-02-03T12:00:00Z", "RecordDataSet", { dataSet: "x", kind: "data", isVendorData: false, madeFrom: ["nowhere"] }), [
    "UNKNOWN_SOURCE",
  ]);
});

test("above 10,000 US dollars a subcontract holds the clauses on a drug-free workplace; exactly 10,000 need not (CMP-3(iv))", () => {
  const partner = APartner.signed();
  const contractOf = (amount: string, more: object = {}) => ({
    subcontract: `S${amount}`,
    on: "2026-02-01",
    currency: "USD",
    amount,
    flowsDown: false,
    ...more,
  });
  partner.report("2026-02-01T12:00:00Z", "RecordSubcontract", contractOf("10000.00"));
  const ask = (command: object) => partner.refuses("2026-02-01T12:00:00Z", "RecordSubcontract", command as never);
  assert.deepEqual(ask(contractOf("10000.01")), ["NO_FLOW_DOWN"]);
  assert.deepEqual(ask(contractOf("9000", { currency: "EUR" })), ["NO_DOLLARS"]);
  assert.deepEqual(ask(contractOf("9500", { currency: "EUR", inDollars: "10400" })), ["NO_FLOW_DOWN"]);
  partner.report("2026-02-01T12:00:00Z", "RecordSubcontract", contractOf("10000.01", { flowsDown: true }));
});

const stands = (partner: APartner, now: string, clause: string) =>
  partner.duties(now).flatMap((duty) => (duty.clause === clause ? [[duty.id, duty.state]] : []));
const certificate = (partner: APartner, now: string, until: string, proof = "iso-27001") =>
  refOf(file(partner, now, "certification", { on: "2025-06-01", until, proof }), "filing");

test("a paper keeps a turn only where it covers more than is covered: not an older one, a shorter one, the same one or one that is over (SEC-1.1(c), SEC-1.3)", () => {
  const older = APartner.signed();
  file(older, "2026-01-10T12:00:00Z", "penetration-test");
  file(older, "2026-02-10T12:00:00Z", "penetration-test", { on: "2025-12-01" });
  file(older, "2026-02-11T12:00:00Z", "penetration-test", { on: "2020-01-01" });
  assert.deepEqual(stands(older, "2026-02-11T12:00:00Z", "SEC-1.1(c)"), [
    ["SEC-1.1(c):2026-01-31", "met"],
    ["SEC-1.1(c):2027-01-10", "open"],
  ]);
  const shorter = APartner.signed();
  certificate(shorter, "2026-01-01T12:00:00Z", "2028-12-31");
  certificate(shorter, "2026-02-01T12:00:00Z", "2026-03-31", "soc-2");
  certificate(shorter, "2026-02-02T12:00:00Z", "2028-12-31");
  assert.deepEqual(stands(shorter, "2026-05-01T12:00:00Z", "SEC-1.3"), [
    ["SEC-1.3:2026-01-01", "met"],
    ["SEC-1.3:2028-12-31", "open"],
  ]);
  const over = APartner.signed();
  certificate(over, "2026-05-01T12:00:00Z", "2026-04-30");
  assert.deepEqual(stands(over, "2026-05-01T12:00:00Z", "SEC-1.3"), [["SEC-1.3:2026-01-01", "overdue"]]);
  assert.deepEqual(
    over.turn("2026-05-01T12:00:00Z", "SEC-1.3", 0).findings.map(({ code }) => code),
    [],
  );
});

test("a certificate says its last day (SEC-1.3)", () => {
  const ask = { paper: "certification", on: "2015-01-01", confirms: ["SEC-1.3"], shows: [], proof: "soc-2" };
  assert.deepEqual(APartner.signed().refuses("2026-01-01T12:00:00Z", "FilePaper", ask), ["NO_LAST_DAY"]);
});

test("a turn keeps its name when a paper before it is rejected, and letting one go lets no other go for ever (SEC-1.1(l), SEC-1.3)", () => {
  const partner = APartner.signed();
  file(partner, "2026-01-01T12:00:00Z", "training");
  const second = refOf(file(partner, "2026-02-01T12:00:00Z", "training"), "filing");
  partner.take("2026-03-01T12:00:00Z", "ExcuseDuty", { duty: "SEC-1.1(l):2027-02-01" });
  partner.take("2026-03-02T12:00:00Z", "RejectPaper", { filing: second, isFalse: false });
  assert.deepEqual(stands(partner, "2027-01-02T12:00:00Z", "SEC-1.1(l)"), [
    ["SEC-1.1(l):2026-01-31", "met"],
    ["SEC-1.1(l):2027-01-01", "overdue"],
  ]);
  const other = APartner.signed();
  other.take("2026-01-05T12:00:00Z", "ExcuseDuty", { duty: "SEC-1.3:2026-01-01" });
  assert.deepEqual(stands(other, "2030-01-01T12:00:00Z", "SEC-1.3"), [
    ["SEC-1.3:2026-01-01", "excused"],
    ["SEC-1.3:2027-01-05", "overdue"],
  ]);
});

test("what is owed only for some is owed from the fact that brings it, and the act of a state that is not listed brings none (USP-4(a), EUK-4.1(i), X-17)", () => {
  const partner = APartner.signed();
  const flow = { origin: "US", destination: "US", vendorIs: "controller", exporter: "us-inc", isOnward: false };
  partner.take("2026-06-01T11:00:00Z", "RecordFlow", { ...flow, states: "TX" });
  assert.deepEqual(stands(partner, "2026-06-01T11:00:00Z", "USP-4(a)"), []);
  partner.take("2026-06-02T11:00:00Z", "RecordFlow", { ...flow, states: "TX CA" });
  assert.deepEqual(stands(partner, "2026-06-02T11:00:00Z", "USP-4(a)"), [["USP-4(a):2026-07-02", "open"]]);
  partner.take("2026-06-01T11:00:00Z", "CheckListing", { of: "partner", framework: "euUs", on: "2026-06-01", activeFrom: "2026-06-01" });
  assert.deepEqual(stands(partner, "2026-06-02T11:00:00Z", "EUK-4.1(i)"), [["EUK-4.1(i):2026-07-01", "open"]]);
});

test("a paper of an agreement that has ended does not keep what a later one asks for (SEC-1.1(l))", () => {
  const partner = APartner.signed();
  file(partner, "2026-01-05T12:00:00Z", "training");
  partner.take("2026-05-31T16:00:00Z", "EndAgreement", { ground: "agreed", on: "2026-05-31" });
  partner.take("2028-01-01T16:00:00Z", "SignAgreement", {
    entity: "us-inc",
    signedOn: "2028-01-01",
    startsOn: "2028-01-01",
    renewsOn: "2029-01-01",
    termMonths: 12,
    aiProduct: false,
    usStaff: false,
    apiPolicy: "2",
  });
  const turns = stands(partner, "2028-01-02T12:00:00Z", "SEC-1.1(l)");
  assert.deepEqual(turns.at(-1), ["SEC-1.1(l):2028-01-31", "open"]);
});

test("a paper that came by post counts from its receipt, and a partner's from its filing (SEC-1.3)", () => {
  const filed = {
    paper: "certification",
    on: "2025-06-01",
    until: "2026-12-31",
    confirms: ["SEC-1.3"],
    shows: [],
    proof: "soc-2",
    receivedAt: "2026-01-01T12:00:00Z",
  };
  const [posted, own] = [APartner.signed(), APartner.signed()];
  posted.take("2026-01-09T12:00:00Z", "FilePaper", filed);
  own.report("2026-01-09T12:00:00Z", "FilePaper", filed);
  assert.deepEqual([state(posted, "2026-01-09T12:00:00Z", "SEC-1.3:0"), state(own, "2026-01-09T12:00:00Z", "SEC-1.3:0")], ["met", "late"]);
});
