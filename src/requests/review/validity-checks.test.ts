// Shows when each facial check is asked, what the facts answer by themselves, and which noes stand against a whole request.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assured,
  at,
  details,
  everyLaw,
  fullyAssured,
  history,
  learning,
  line,
  onDay,
  proposed,
  received,
  sealed,
  signed,
  us,
  workplace,
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { JurisdictionPack, ValidityCheck } from "../../policy/pack.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../intake/events.ts";
import { answeredNo, checkStates, looksForged, narrowingNoes, standingNoes } from "./validity-checks.ts";

const law = (country: string) => everyLaw.find((pack) => pack.country === country) ?? assert.fail(`no pack of ${country}`);
const [eu, gb] = [law("EU"), law("GB")];
const warrant: InstrumentFacts = { id: "US-SW", signedBy: "judge", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };
const { instrument: _, ...noPaper } = details();

function confirmed(changes: Partial<DetailsConfirmed> = {}, ...facts: readonly CaseFact[]): History {
  return history([received(), ...fullyAssured, details(changes), ...facts]);
}

function paper(changes: Partial<InstrumentFacts>, more: Partial<DetailsConfirmed> = {}): History {
  return confirmed({ instrument: { ...warrant, ...changes }, ...more });
}

/** The same law with one kind of check only, so that nothing but what is asked about decides. */
function only(pack: JurisdictionPack, change: Partial<ValidityCheck>): JurisdictionPack {
  return { ...pack, checks: pack.checks.map((check) => ({ ...check, ...change })) };
}

const unaided = (pack: JurisdictionPack) => only(pack, { answeredBy: "machine", applies: ["always"] });

/** What the facts alone say, were no person ever asked. */
function facts(id: string, past: History, on: Circumstances = at(undefined, { laws: [unaided(us)] })): string {
  const state = checkStates(past, on).find(({ check }) => check.id === id) ?? assert.fail(id);
  assert.equal(state.answeredBy, state.answer === "waiting" ? "person" : "machine");
  return state.answer;
}

test("the sender's assurances answer V01 and the call-back answers V02, each for itself", () => {
  const without = (...lacking: readonly ("call-back" | "reply-to")[]) =>
    history([received(), ...fullyAssured.filter(({ fact }) => !lacking.some((name) => name === fact)), details()]);
  assert.deepEqual([facts("V01", without()), facts("V02", without())], ["yes", "yes"]);
  assert.deepEqual([facts("V01", without("call-back")), facts("V02", without("call-back"))], ["yes", "no"]);
  assert.deepEqual([facts("V01", without("reply-to")), facts("V02", without("reply-to"))], ["no", "yes"]);
  assert.deepEqual([facts("V01", without("reply-to", "call-back")), facts("V02", without("reply-to", "call-back"))], ["no", "no"]);
  const stale = history([received(), ...fullyAssured, assured("call-back", { validTo: onDay("2026-11-15") }), details()]);
  assert.equal(facts("V02", stale), "no", "a call-back that is too old is none");
});

test("a paper for another entity, by a wrong way, with a wrong citation, in conflict, without attestation or translation is a plain no; that nothing is seen still waits for a person", () => {
  const everywhere = (pack: JurisdictionPack, more: Partial<Circumstances> = {}) => at(undefined, { laws: [unaided(pack)], ...more });
  const abroad = at(undefined, { laws: [unaided(us), eu] });
  const table: readonly (readonly [check: string, no: History, on: Circumstances])[] = [
    ["V03", paper({ addressedTo: "other" }), everywhere(us)],
    ["V04", paper({ id: "UK-OPO", servedBy: "portal", agreement: "US-GB" }), everywhere(gb)],
    ["V09", paper({ id: "US-D", lacks: ["recital"] }), everywhere(us)],
    ["V20", confirmed({ places: { customer: "DE" } }), abroad],
    ["V21", paper({ issuedIn: "US-TX" }), everywhere(us, { provider: { incorporatedIn: "US-CA" } })],
    ["V22", paper({ language: "fr" }), everywhere(us, { provider: { languages: ["en"] } })],
  ];
  for (const [check, no, on] of table) {
    assert.equal(facts(check, no, on), "no", check);
    assert.equal(facts(check, confirmed(), on), "waiting", check);
  }
});

test("what the paper, the lines and the dates show is answered yes or no without a person", () => {
  const { from: __, ...open } = line("L1");
  const table: readonly (readonly [check: string, no: History])[] = [
    ["V06", history([received(), ...fullyAssured, noPaper])],
    ["V07", paper({ signedBy: "agency" })],
    ["V08", paper({ issuedOn: onDay("2026-01-01") })],
    ["V10", confirmed({ missing: ["matter"] })],
    [
      "V11",
      confirmed({
        subjects: [
          { id: "S1", workspace: "acme", resolved: true },
          { id: "S2", resolved: false },
        ],
      }),
    ],
    ["V12", confirmed({ lines: [open, line("L2")] })],
    ["V13", confirmed({ lines: [] })],
    ["V14", paper({ id: "US-SUBP-GJ", signedBy: "clerk" }, { lines: [line("L1", { dataType: "name" }), line("L2")] })],
    ["V17", confirmed({ lines: [line("L1"), line("L2", { dataType: "realtime-content" })] })],
  ];
  for (const [check, no] of table) {
    assert.equal(facts(check, no), "no", check);
    assert.equal(facts(check, confirmed({ missing: ["range"] })), "yes", check);
  }
});

test("before details are confirmed the facts deny only what would be there: no paper, no lines; the rest waits", () => {
  const unread = history([received(), ...fullyAssured]);
  const answers = Object.fromEntries(
    checkStates(unread, at(undefined, { laws: [unaided(us)] })).map(({ check, answer }): [string, string] => [check.id, answer]),
  );
  assert.deepEqual(
    Object.entries(answers).flatMap(([id, answer]) => (answer === "no" ? [id] : [])),
    ["V06", "V13", "V26"],
  );
  for (const id of ["V10", "V11", "V19", "V24"]) assert.equal(answers[id], "waiting", id);
});

test("a secrecy order with a defect fails V18, whichever of several has it; sound orders and none pass", () => {
  const gag = (id: string, defects: readonly string[]): CaseFact => ({
    type: "GagRecorded",
    gag: id,
    instrument: "US-NDO",
    start: onDay("2026-11-01"),
    defects,
    order: sealed("order"),
  });
  assert.deepEqual([facts("V18", confirmed()), facts("V18", confirmed({}, gag("g1", [])))], ["yes", "yes"]);
  assert.equal(facts("V18", confirmed({}, gag("g1", []), gag("g2", ["NDO_WITHOUT_END"]))), "no");
});

test("a mark of protection is a no for counsel; without one a person still looks, whether anybody looked before or not (V19)", () => {
  assert.equal(facts("V19", confirmed({ protection: ["privilege"] })), "no");
  assert.deepEqual([facts("V19", confirmed({ protection: [] })), facts("V19", confirmed())], ["waiting", "waiting"]);
});

test("a seal answers V24 by itself; where nobody verified one, nobody has answered", () => {
  const sealedBy = (seal?: "valid" | "invalid") => facts("V24", paper(seal === undefined ? {} : { seal }));
  assert.deepEqual([sealedBy("valid"), sealedBy("invalid"), sealedBy()], ["yes", "no", "waiting"]);
});

test("no request is called a duplicate by the desk itself: those never became cases (V25)", () => {
  assert.equal(facts("V25", confirmed()), "yes");
});

test("the customer has been tried when the referral was made, declined or waived; not before, and not while the agency deals with the customer (V26, IGRP-3)", () => {
  const made: CaseFact = { type: "ReferralMade" };
  const table: readonly (readonly [string, readonly CaseFact[], string])[] = [
    ["untried", [], "no"],
    ["made", [made], "yes"],
    ["declined", [made, { type: "ReferralAnswered", answer: "agency-declines" }], "yes"],
    ["accepted", [made, { type: "ReferralAnswered", answer: "agency-turns-to-customer" }], "no"],
    ["waived", [{ type: "ReferralWaived", ground: "only-holder" }], "yes"],
  ];
  for (const [what, past, expected] of table) assert.equal(facts("V26", confirmed({}, ...past)), expected, what);
});

test("what no fact can show waits for a person: power, proportion, holding, emergency, motive", () => {
  for (const id of ["V05", "V15", "V16", "V23", "V27"]) assert.equal(facts(id, confirmed()), "waiting", id);
});

function answered(check: string, answer: "yes" | "no" | "not-applicable", revision = 1): CaseFact {
  return { type: "CheckAnswered", check, revision, answer };
}

function state(id: string, past: History, laws: readonly JurisdictionPack[] = [us]) {
  const found = checkStates(past, at(undefined, { laws })).find(({ check }) => check.id === id) ?? assert.fail(id);
  return `${found.answer} by ${found.answeredBy}`;
}

test("a check that a machine only proposes waits for a person's word; one that a machine answers does not", () => {
  const past = confirmed();
  assert.equal(state("V10", past), "waiting by person");
  assert.equal(state("V14", past), "yes by machine");
  assert.equal(state("V10", past, [only(us, { answeredBy: "person" })]), "waiting by person");
});

test("a person's answer counts for the newest details, and never against a plain no of the facts", () => {
  for (const answer of ["yes", "no", "not-applicable"] as const) assert.equal(state("V10", confirmed({}, answered("V10", answer))), `${answer} by person`);
  assert.equal(state("V10", confirmed({ missing: ["matter"] }, answered("V10", "yes"))), "no by machine");
  assert.equal(state("V14", confirmed({}, answered("V14", "no"))), "yes by machine");
  assert.equal(state("V10", confirmed({ revision: 2 }, answered("V10", "yes", 1))), "waiting by person");
  assert.equal(state("V24", paper({}, {}), [unaided(us)]), "waiting by person");
  assert.equal(state("V24", confirmed({}, answered("V24", "yes")), [unaided(us)]), "yes by person");
});

function asked(occasion: ValidityCheck["applies"][number], past: History, on: Partial<Circumstances> = {}): boolean {
  const laws = (on.laws ?? [us]).map((pack) => only(pack, { applies: [occasion] }));
  return checkStates(past, at(undefined, { ...on, laws })).length > 0;
}

test("each occasion of a check is met by its own kind of case and by no other", () => {
  const unread = history([received()]);
  const plain = paper({}, { lines: [line("L1", { dataType: "name" })] });
  const bare = history([received(), noPaper]);
  const read = (changes: Parameters<typeof proposed>[0]) => history([received(), proposed(changes)]);
  const gagged = confirmed({}, { type: "GagRecorded", gag: "g", instrument: "US-NDO", start: onDay("2026-11-01"), defects: [], order: sealed("o") });
  const table: readonly (readonly [ValidityCheck["applies"][number], yes: readonly History[], no: readonly History[], laws?: readonly JurisdictionPack[]])[] = [
    ["always", [unread, plain], []],
    ["first-contact", [unread, plain], []],
    [
      "content",
      [confirmed(), confirmed({ lines: [line("L1", { dataType: "name" }), line("L2")] })],
      [unread, plain, confirmed({ lines: [] }), confirmed({ lines: [line("L1", { dataType: "horoscopes" })] })],
    ],
    ["gag", [gagged], [unread, plain]],
    [
      "emergency",
      [read({ marks: ["everything", "emergency"] }), paper({ emergency: true }), paper({ id: "US-EDR" })],
      [unread, plain, bare, paper({ emergency: false }), read({ marks: ["everything"] })],
    ],
    ["cross-border", [plain], [unread, bare]],
    ["state-attestation", [plain], [unread, bare]],
    ["european-order", [paper({ id: "EU-EPOC" })], [unread, plain, paper({ id: "UK-OPO" })], [us, eu, gb]],
    ["language", [read({ languageKnown: false }), paper({ language: "en" })], [unread, plain, bare, read({ languageKnown: true })]],
  ];
  for (const [occasion, yes, no, laws = [us]] of table) {
    for (const [index, past] of yes.entries()) assert.ok(asked(occasion, past, { laws }), `${occasion}, yes ${index + 1}`);
    for (const [index, past] of no.entries()) assert.ok(!asked(occasion, past, { laws }), `${occasion}, no ${index + 1}`);
  }
  assert.deepEqual(
    [workplace, learning].map((policy) => asked("referral", plain, { policy })),
    [false, true],
  );
});

test("any one of its occasions is enough for a check, and without one it is not asked", () => {
  const asks = (applies: ValidityCheck["applies"]) => checkStates(confirmed(), at(undefined, { laws: [only(us, { applies })] })).length > 0;
  assert.deepEqual([asks(["gag", "content"]), asks(["content", "gag"]), asks(["gag", "language"])], [true, true, false]);
});

test("a case is asked the checks of its own paper's law; before a paper is known, those of the first law on the shelf; without a law none", () => {
  const named = (past: History, laws: readonly JurisdictionPack[]) => checkStates(past, at(undefined, { laws })).map(({ check }) => check.question);
  const marked = { ...eu, checks: eu.checks.map((check) => ({ ...check, question: `${check.question} (Union)` })) };
  assert.ok(named(paper({ id: "EU-EPOC" }), [us, marked]).every((question) => question.endsWith("(Union)")));
  assert.ok(named(history([received()]), [marked, us]).every((question) => question.endsWith("(Union)")));
  assert.ok(!named(paper({}), [marked, us]).some((question) => question.endsWith("(Union)")));
  assert.deepEqual(named(confirmed(), []), []);
  assert.deepEqual([standingNoes(confirmed(), at(undefined, { laws: [] })), answeredNo(confirmed(), at(undefined, { laws: [] }))], [[], []]);
});

test("while a paper is unknown its authority's own law asks the checks: that of its country, a part of it, or the Union it belongs to", () => {
  const told = (pack: JurisdictionPack, mark: string) => ({ ...pack, checks: pack.checks.map((check) => ({ ...check, question: mark })) });
  const shelf = [told(gb, "gb"), told(us, "us"), told(us, "us again"), told(eu, "eu")];
  const asker = (issuedIn?: string) =>
    checkStates(paper({ id: "XX-NONE", ...(issuedIn === undefined ? {} : { issuedIn }) }), at(undefined, { laws: shelf }))[0]?.check.question;
  assert.deepEqual([asker("US"), asker("US-TX"), asker("DE"), asker("BR"), asker()], ["us", "us", "eu", "gb", "gb"]);
});

const stopping: readonly string[] = ["hold", "reject", "refer", "counsel", "ask"];
const consequences = ["hold", "reject", "deny-line", "narrow", "counsel", "ask", "refer", "note"] as const;

test("a no stands against the whole request where the check holds, rejects or refers; one for counsel or for the agency to answer only when a person said it", () => {
  for (const then of consequences) {
    const on = at(undefined, { laws: [only(us, { then, applies: ["always"] })] });
    const noes = standingNoes(confirmed({ missing: ["matter"] }, answered("V05", "no"), answered("V15", "yes")), on).map(({ check }) => check.id);
    const grave = ["hold", "reject", "refer"].includes(then);
    assert.equal(noes.includes("V10"), grave, `${then}, by the facts`);
    assert.equal(noes.includes("V05"), grave || then === "counsel" || then === "ask", `${then}, by a person`);
    assert.ok(!noes.includes("V15") && !noes.includes("V16"), "a yes and an open question stand against nothing");
  }
});

test("a person who finds the scope too wide or nothing held asks for less; no other no does, and none that the facts give", () => {
  for (const then of consequences) {
    const on = at(undefined, { laws: [only(us, { then, applies: ["always"] })] });
    const noes = narrowingNoes(confirmed({ missing: ["matter"] }, answered("V05", "no"), answered("V15", "yes")), on).map(({ check }) => check.id);
    assert.deepEqual(noes, then === "narrow" || then === "deny-line" ? ["V05"] : [], then);
  }
});

/** Checks whose no the gate hears when every check has this consequence. */
function heard(then: ValidityCheck["then"], past: History): readonly string[] {
  return answeredNo(past, at(undefined, { laws: [only(us, { then })] })).map(({ id }) => id);
}

test("what counsel knew when signing has been weighed; the gate still hears of a no that stops: a hold, a rejection, a referral, counsel, a question", () => {
  for (const then of consequences) {
    const stops = stopping.includes(then);
    const weighed = confirmed({}, answered("V05", "no"), answered("V15", "yes"), signed());
    assert.deepEqual(heard(then, weighed), stops ? ["V05"] : [], then);
  }
});

test("the gate hears of every no that counsel has not weighed: before the signature, right after it, and until a yes or the next signature", () => {
  for (const then of consequences) {
    const unsigned = confirmed({ revision: 2, missing: ["matter"] }, answered("V05", "no", 2), answered("V15", "yes", 2), answered("V16", "no", 1));
    assert.deepEqual(heard(then, unsigned), ["V05"], then);
    const late = confirmed({}, signed(), answered("V05", "no"), answered("V15", "yes"));
    assert.deepEqual(heard(then, late), ["V05"], `${then}, right after the signature`);
    assert.deepEqual(heard(then, history([answered("V05", "yes")], at(), late)), [], `${then}, taken back`);
    const stops = stopping.includes(then);
    assert.deepEqual(heard(then, history([signed()], at(), late)), stops ? ["V05"] : [], `${then}, signed again`);
  }
});

test("a look-alike domain or a call-back that was denied makes a message look forged; what nobody looked at does not", () => {
  assert.deepEqual(
    [
      fullyAssured,
      [],
      [assured("look-alike", { verdict: "unknown" })],
      [assured("look-alike", { verdict: "not-met" })],
      [assured("call-back", { verdict: "not-met" })],
    ].map((past) => looksForged(history(past))),
    [false, false, false, true, true],
  );
});
