// Shows what a review still has to ask, what people have put on record, and whom the law makes us tell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, everyLaw, history, line, onDay, people, received, recorded, sealed, us } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { JurisdictionPack, Telling } from "../../policy/pack.ts";
import type { CaseFact } from "../case-facts.ts";
import type { DetailsConfirmed } from "../intake/events.ts";
import { openPoints, tellingsOf, verdictsOf, worksheetOf } from "./open-points.ts";

const eu = everyLaw.find(({ country }) => country === "EU") ?? assert.fail("no pack of the Union");
const warrant = { id: "US-SW", signedBy: "judge" as const, issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };
const { issuedOn: _, ...undated } = warrant;
const unread = history([received()]);
const ground: CaseFact = { type: "TransferGroundRecorded", ground: "agreement", revision: 1, evidence: sealed("ground") };

/** A ground for a transfer counts once two different people have found it. */
function confirmed(changes: Partial<DetailsConfirmed> = {}, ...facts: readonly CaseFact[]) {
  const past = history([received(), details(changes), ...facts]);
  return facts.includes(ground) ? grounded(past) : past;
}

function grounded(past: ReturnType<typeof history>) {
  return [...past, recorded(ground, { now: at().now, by: people.ben }, past.length + 1)];
}

test("before details are confirmed there is no verdict, no worksheet, nothing to ask and nobody to tell", () => {
  for (const question of [verdictsOf, worksheetOf, openPoints, tellingsOf])
    assert.deepEqual(question(unread, at(undefined, { laws: [us, eu] })), [], question.name);
});

test("the same case in the same circumstances has the same verdicts; a longer case or another law is judged anew", () => {
  const [past, on] = [confirmed({ places: { customer: "DE" } }), at(undefined, { laws: [us, eu] })];
  assert.equal(verdictsOf(past, on), verdictsOf(past, on));
  const decisions = (from: typeof past, circumstances = on) => verdictsOf(from, circumstances).map(({ decision }) => decision);
  assert.deepEqual(decisions(past), ["counsel"]);
  assert.deepEqual(decisions(past, at(undefined, { laws: [us] })), ["allow"]);
  assert.deepEqual(decisions(grounded(history([ground], at(), past))), ["allow"]);
  assert.deepEqual(decisions(past), ["counsel"]);
});

test("a ground for a transfer counts once somebody has recorded it, for the verdicts and on the worksheet", () => {
  const on = at(undefined, { laws: [us, eu] });
  const rule = (past: typeof unread) => worksheetOf(past, on).find((row) => row.rule === "gdpr-48")?.answer;
  assert.deepEqual([rule(confirmed({ places: { data: "FR" } })), rule(confirmed({ places: { data: "FR" } }, ground))], ["applies", "lifted-or-not-applicable"]);
});

test("a derogation needs two different people, and a ground found for earlier details counts for nothing", () => {
  const on = at(undefined, { laws: [us, eu] });
  const found = (by: "ada" | "ben", revision = 1) =>
    recorded({ type: "TransferGroundRecorded", ground: "derogation", revision, evidence: sealed("g") }, { now: on.now, by: people[by] }, 9);
  const decided = (...grounds: readonly ReturnType<typeof found>[]) => verdictsOf([...confirmed({ places: { customer: "DE" } }), ...grounds], on)[0]?.decision;
  assert.equal(decided(found("ada")), "counsel");
  assert.equal(decided(found("ada"), found("ada")), "counsel");
  assert.equal(decided(found("ada"), found("ben")), "allow");
  assert.equal(decided(found("ada", 2), found("ben")), "counsel");
  assert.equal(verdictsOf([...confirmed({ places: { customer: "DE" }, revision: 2 }), found("ada"), found("ben")], on)[0]?.decision, "counsel");
});

test("every question to the agency is put once, whichever lines it concerns, and different questions stand side by side", () => {
  const { from: __, ...open } = line("L3");
  const points = openPoints(confirmed({ instrument: { ...undated, lacks: ["court"] }, lines: [line("L1"), line("L2"), open] }), at());
  assert.deepEqual(
    points.map(({ code }) => code),
    ["UNDATED", "NO_COURT", "NO_DATE_RANGE"],
  );
});

test("a line that is refused or counsel's asks the agency nothing, even where one of its reasons is a question", () => {
  const subpoena = { ...undated, id: "US-SUBP-GJ", signedBy: "clerk" as const };
  assert.deepEqual(openPoints(confirmed({ instrument: subpoena }), at()), []);
  assert.deepEqual(openPoints(confirmed({ instrument: undated, lines: [line("L1", { dataType: "realtime-content" })] }), at()), []);
});

test("a paper to keep data hands nothing over, and what is unclear about it or its lines is asked all the same", () => {
  const { from: __, ...open } = line("L1");
  const letter = { ...warrant, id: "US-PRES", signedBy: "agency" as const };
  const { signedBy: ___, ...unsigned } = letter;
  const codes = (changes: Partial<DetailsConfirmed>) => openPoints(confirmed(changes), at()).map(({ code }) => code);
  assert.deepEqual(codes({ instrument: letter }), []);
  assert.deepEqual(codes({ instrument: unsigned, lines: [open] }), ["ISSUER_UNKNOWN", "NO_DATE_RANGE"]);
  const future = line("L1", { from: onDay("2026-11-03"), to: onDay("2026-11-30") });
  assert.deepEqual(codes({ instrument: unsigned, lines: [future] }), [], "a line into the future is counsel's");
});

test("what the law of issuers, of offences or of another country leaves open is asked as well as what the paper's face does", () => {
  const order = { ...undated, id: "EU-EPOC", issuedIn: "DE" };
  const points = openPoints(confirmed({ instrument: order }), at(undefined, { laws: [eu], provider: { kinds: ["processor"] } }));
  assert.deepEqual(
    points.map(({ clause, code, line: id }) => [clause, code, id]),
    [
      ["V08", "UNDATED", "L1"],
      ["V09", "OFFENCE_UNKNOWN", "L1"],
      ["V03", "CONTROLLER_FIRST", "L1"],
    ],
  );
});

test("only the lines that wait for the agency are asked about, each with its own question", () => {
  const { from: __, ...open } = line("L2");
  const lines = [line("L1", { dataType: "realtime-content", subject: "S9" }), open, line("L3")];
  assert.deepEqual(
    openPoints(confirmed({ lines }), at()).map(({ code, line: id }) => [code, id]),
    [["NO_DATE_RANGE", "L2"]],
  );
});

test("a ground for a transfer that is on record is no longer asked for", () => {
  const rule = { ...(eu.overrides.find(({ id }) => id === "gdpr-48") ?? assert.fail("no rule")), then: "ask" as const };
  const on = at(undefined, { laws: [us, { ...eu, overrides: [rule] }] });
  const codes = (...facts: readonly CaseFact[]) => openPoints(confirmed({ places: { customer: "DE" } }, ...facts), on).map(({ code }) => code);
  assert.deepEqual([codes(), codes(ground)], [["CONFLICT"], []]);
});

const telling: Telling = { who: "customer", by: "us", when: "before anything is disclosed", paperMayForbid: false, citation: "Rule of a test", basis: "house" };
const rule = us.overrides.find(({ id }) => id === "contents-to-foreign-authorities") ?? assert.fail("no rule");
const { then: __then, unless: ___unless, code: ____code, check: _____check, ...silent } = rule;

function tells(changes: { readonly instrument?: readonly Telling[]; readonly rules?: readonly JurisdictionPack["overrides"][number][] }): JurisdictionPack {
  const instruments = us.instruments.map((one) => (one.id === "US-SW" ? { ...one, tells: [...(changes.instrument ?? [])] } : one));
  return { ...us, instruments, overrides: [...(changes.rules ?? [])] };
}

const told = (laws: readonly JurisdictionPack[], changes: Partial<DetailsConfirmed> = {}) =>
  tellingsOf(confirmed(changes), at(undefined, { laws })).map(({ who }) => who);

test("a paper's own row says whom to tell, for the lines it speaks of and while nobody has ruled it out", () => {
  assert.deepEqual(told([tells({ instrument: [telling] })]), ["customer"]);
  const about = (applies: Telling["applies"]) => told([tells({ instrument: [{ ...telling, ...(applies === undefined ? {} : { applies }) }] })]);
  assert.deepEqual(about({ dataClass: "CONTENT" }), ["customer"]);
  assert.deepEqual(about({ instruments: ["US-D"] }), []);
  assert.deepEqual(about({ emergency: true }), ["customer"], "nobody has said that it is no emergency");
});

test("a duty to tell about one kind of line stands when any line is of that kind", () => {
  const traffic = tells({ instrument: [{ ...telling, applies: { dataType: "message-metadata", instruments: ["US-SW"] } }] });
  assert.deepEqual(told([traffic], { lines: [line("L1", { dataType: "name" }), line("L2", { dataType: "message-metadata" })] }), ["customer"]);
});

test("a duty to tell about one kind of data does not stand where every line is of another kind; where no line is confirmed it may still come to stand", () => {
  const content = tells({ instrument: [{ ...telling, applies: { dataClass: "CONTENT" } }] });
  assert.deepEqual(told([content], { lines: [line("L1", { dataType: "name" })] }), []);
  assert.deepEqual(told([content], { lines: [] }), ["customer"]);
});

test("a rule that binds every paper makes us tell about papers of other countries; one for its own papers does not", () => {
  const order = { instrument: { ...warrant, id: "EU-EPOC", issuedIn: "DE" } };
  const own = { ...silent, when: {}, binds: "own-papers" as const, tells: [{ ...telling, who: "exporter" as const }] };
  const every = { ...own, binds: "every-paper" as const };
  const bare = { ...eu, overrides: [], instruments: eu.instruments.map((one) => ({ ...one, tells: [] })) };
  assert.deepEqual(told([tells({ rules: [own] }), bare], order), []);
  assert.deepEqual(told([tells({ rules: [every] }), bare], order), ["exporter"]);
  assert.deepEqual(told([tells({ rules: [own] }), bare]), ["exporter"], "its own paper");
  assert.deepEqual(told([tells({ rules: [{ ...every, when: { instruments: ["US-D"] } }] })]), [], "a rule that does not meet the case");
  assert.deepEqual(told([tells({ rules: [{ ...every, tells: [{ ...telling, applies: { families: ["preservation"] } }] }] })]), [], "a telling that does not");
  assert.deepEqual(told([tells({ rules: [{ ...every, tells: [] }] })]), []);
});

test("a case whose paper nobody knows tells nobody by law", () => {
  assert.deepEqual(told([tells({ instrument: [telling] })], { instrument: { ...warrant, id: "XX-NONE" } }), []);
});

test("a certificate of the Union tells the controller; the issuing authority tells the user itself (Regulation (EU) 2023/1543, art. 5(7), 13)", () => {
  const order = history([received(), details({ instrument: { ...warrant, id: "EU-EPOC", issuedIn: "DE" } })]);
  assert.deepEqual(
    tellingsOf(order, at(undefined, { laws: [us, eu] })).map(({ who, by }) => `${who} by ${by}`),
    ["controller by us", "user by authority"],
  );
});
