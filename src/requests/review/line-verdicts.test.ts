// Each line against its paper: which lines are allowed, denied, asked about or sent to counsel, with every reason.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../../tests/random-case.ts";
import { at, both, details, everyLaw, learning, line, onDay, us, workplace } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { JurisdictionPack, Override } from "../../policy/pack.ts";
import { ranks } from "../../policy/pack.ts";
import type { ProviderFacts } from "../decision.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "../intake/events.ts";
import { conflictWorksheet, findInstrument, questionsFor, verdictsFor, type Settled } from "./line-verdicts.ts";

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

test("a line that runs on after the day of service is allowed up to that day, and its verdict says where it ends", () => {
  const notesOf = (from: string | undefined, to: string) => {
    const asked = { id: "L1", subject: "S1", dataType: "messages", ...(from === undefined ? {} : { from: onDay(from) }), to: onDay(to) };
    return verdictsFor(details({ lines: [asked] }), at()).flatMap(({ notes = [] }) => notes.map(({ clause, code, line: id }) => `${id} ${clause} ${code}`));
  };
  assert.deepEqual(notesOf("2026-10-01", "2026-11-03"), ["L1 KDRP-6 CUT_AT_SERVICE"]);
  assert.deepEqual(notesOf("2026-11-02", "2026-11-30"), ["L1 KDRP-6 CUT_AT_SERVICE"]);
  assert.deepEqual(notesOf(undefined, "2026-11-03"), ["L1 KDRP-6 CUT_AT_SERVICE"], "whatever its first day may turn out to be");
  assert.deepEqual(notesOf("2026-10-01", "2026-11-02"), [], "the whole day of service is given");
  assert.deepEqual(notesOf("2026-11-03", "2026-11-30"), [], "nothing is left of it, which is a reason and no note");
  const [verdict] = verdictsFor(details({ lines: [line("L1", { from: onDay("2026-10-01"), to: onDay("2026-11-30") })] }), at());
  assert.match(verdict?.notes?.[0]?.because ?? "", /after Mon 2 Nov 2026, the day of service, is no part of the answer/);
  const [learned] = verdictsFor(details({ lines: [line("L1", { to: onDay("2026-11-30") })] }), at(undefined, { policy: learning }));
  assert.equal(learned?.notes?.[0]?.clause, "IGRP-5");
});

test("a paper of one country that names another as its issuer contradicts itself; one that may speak for an authority abroad does not", () => {
  const elsewhere = us.instruments.filter(({ id }) => under({ id, issuedIn: "FR" }, "name").includes("ISSUED_ELSEWHERE")).map(({ family }) => family);
  assert.deepEqual([...new Set(elsewhere)].toSorted(), ["civil", "gag", "national-security", "production", "realtime"]);
  assert.ok(!under({ issuedIn: "US-TX" }).includes("ISSUED_ELSEWHERE"));
  assert.deepEqual(answer({ instrument: { ...paper, issuedIn: "FR" } }), ["ask", "V05 ISSUED_ELSEWHERE"]);
  assert.deepEqual(words({ instrument: { ...paper, issuedIn: "FR" } }), [
    "The paper is recorded as a search warrant and as issued in France, where no such paper is issued (V05). The right paper, or the right state, would change this.",
  ]);
  const danish = answer({ instrument: { ...paper, id: "EU-DSA-9", issuedIn: "DK" }, laws: [eu] });
  assert.ok(!danish.includes("V05 ISSUED_ELSEWHERE"), "a law of several states says itself whose papers it knows");
  const ofTwo = { ...us, territory: [...us.territory, "MH"] };
  assert.deepEqual(answer({ instrument: { ...paper, issuedIn: "FR" }, laws: [ofTwo] }), ["allow"], "two states are several");
});

test("what did not exist when the paper was served is watching a customer: counsel answers, and says why (KDRP-6)", () => {
  const future = { lines: [line("L1", { from: onDay("2026-11-03"), to: onDay("2026-11-30") })] };
  assert.deepEqual(answer(future), ["counsel", "KDRP-6 REALTIME"]);
  assert.deepEqual(answer({ ...future, policy: learning }), ["counsel", "IGRP-5 REALTIME"]);
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

const law = (country: string) => everyLaw.find((pack) => pack.country === country) ?? assert.fail(`no pack of ${country}`);
const [eu, gb] = [law("EU"), law("GB")];
const subpoena: InstrumentFacts = { ...paper, id: "US-SUBP-GJ", signedBy: "clerk" };

interface Asked {
  readonly instrument?: InstrumentFacts;
  readonly lines?: readonly RequestLine[];
  readonly laws?: readonly JurisdictionPack[];
  readonly provider?: ProviderFacts;
  readonly policy?: typeof workplace;
  readonly settled?: Settled;
  readonly more?: Partial<DetailsConfirmed>;
}

/** The reasons of one line, each as `clause CODE`, after its decision. */
function answer({ instrument = paper, lines, laws = [us], provider, policy = workplace, settled, more = {} }: Asked): readonly string[] {
  const rules = { ...at(undefined, { policy, laws }), ...(provider === undefined ? {} : { provider }) };
  const [verdict] = verdictsFor(details({ instrument, ...(lines === undefined ? {} : { lines }), ...more }), rules, settled);
  assert.ok(verdict !== undefined);
  return [verdict.decision, ...verdict.reasons.map(({ clause, code }) => `${clause} ${code}`)];
}

function words(asked: Asked): readonly string[] {
  const rules = {
    ...at(undefined, { policy: asked.policy ?? workplace, laws: asked.laws ?? [us] }),
    ...(asked.provider === undefined ? {} : { provider: asked.provider }),
  };
  const given = details({ instrument: asked.instrument ?? paper, ...(asked.lines === undefined ? {} : { lines: asked.lines }), ...asked.more });
  return verdictsFor(given, rules, asked.settled)[0]?.reasons.map(({ because }) => because) ?? [];
}

test("each reason cites the clause of the policy in force: KDRP for data requests, IGRP for government requests", () => {
  const noPaper = (policy: typeof workplace) => {
    const { instrument: _, ...rest } = details();
    return verdictsFor(rest, at(undefined, { policy })).flatMap(({ reasons }) => reasons.map(({ clause, code }) => `${clause} ${code}`));
  };
  const { from: _, ...undated } = line("L1");
  const table: readonly (readonly [what: string, ask: (policy: typeof workplace) => readonly string[], kdrp: string, igrp: string])[] = [
    ["no paper", noPaper, "KDRP-10 NO_INSTRUMENT", "IGRP-7 NO_INSTRUMENT"],
    ["an emergency request", (policy) => answer({ instrument: { ...paper, id: "US-EDR" }, policy }).slice(1), "KDRP-7 NOT_COMPULSORY", "IGRP-4 NOT_COMPULSORY"],
    [
      "a letter to preserve",
      (policy) => answer({ instrument: { ...paper, id: "US-PRES" }, policy }).slice(1),
      "KDRP-10 PRESERVATION_ONLY",
      "IGRP-4 PRESERVATION_ONLY",
    ],
    ["no account", (policy) => answer({ more: { subjects: [] }, policy }).slice(1), "KDRP-2c UNIDENTIFIABLE", "IGRP-9 UNIDENTIFIABLE"],
    ["no first day", (policy) => answer({ lines: [undated], policy }).slice(1), "KDRP-2c NO_DATE_RANGE", "IGRP-9 NO_DATE_RANGE"],
  ];
  for (const [what, ask, kdrp, igrp] of table) assert.deepEqual([ask(workplace), ask(learning)], [[kdrp], [igrp]], what);
});

test("who may sign is asked of every rank: a warrant needs a judge or a court, a grand jury's subpoena any of its own issuers (V07)", () => {
  for (const signedBy of ranks) {
    const warrant = answer({ instrument: { ...paper, signedBy } });
    assert.deepEqual(warrant, signedBy === "judge" || signedBy === "court" ? ["allow"] : ["ask", "V07 WRONG_ISSUER"], `warrant: ${signedBy}`);
    const jury = answer({ instrument: { ...subpoena, signedBy }, lines: [line("L1", { dataType: "name" })] });
    const enough = ["grand-jury", "prosecutor", "clerk", "judge", "court"].includes(signedBy);
    assert.deepEqual(jury, enough ? ["allow"] : ["ask", `V07 ${signedBy === "nobody" ? "NOT_SIGNED" : "WRONG_ISSUER"}`], `subpoena: ${signedBy}`);
  }
});

test("a paper of which nobody has recorded who signed it is asked about, and the reason says what to do (V07)", () => {
  const { signedBy: _, ...unread } = paper;
  assert.deepEqual(answer({ instrument: unread }), ["ask", "V07 ISSUER_UNKNOWN"]);
  assert.deepEqual(words({ instrument: unread }), ["Nobody has recorded who signed a search warrant (V07). Read the paper and record it."]);
});

test("each reason about a signature names the paper and the rank that would do", () => {
  assert.deepEqual(words({ instrument: { ...paper, signedBy: "prosecutor" } }), [
    "This search warrant was not signed by a judge (V07). A signed copy would change this; nothing is disclosed until it is here.",
  ]);
  assert.deepEqual(words({ instrument: { ...subpoena, signedBy: "litigant" }, lines: [line("L1", { dataType: "name" })] }), [
    "This grand jury subpoena was not signed by a grand jury, a prosecutor, a clerk of the court, a judge or a court (V07). One that was would change this; nothing is disclosed until it is here.",
  ]);
});

test("an investigating judge is a judge, and still not the one whom a law of the United States names", () => {
  assert.deepEqual(words({ instrument: { ...paper, signedBy: "investigating-judge" } }), [
    "This search warrant was not signed by a judge or a court (V07). One that was would change this; nothing is disclosed until it is here.",
  ]);
});

test("a paper on counsel's desk goes to counsel whatever it is: it is not refused for compelling nothing", () => {
  for (const { id, route, family } of everyLaw.flatMap(({ instruments }) => instruments)) {
    if (route !== "counsel" || family === "civil") continue;
    const [decision, ...reasons] = answer({ instrument: { ...paper, id }, laws: everyLaw });
    assert.equal(decision, "counsel", id);
    assert.ok(!reasons.some((reason) => /NOT_COMPULSORY|PRESERVATION_ONLY/.test(reason)), id);
  }
});

test("where a policy lets a named minimum leave in an emergency, an emergency request is held against that minimum and not refused outright", () => {
  const emergency = { dataTypes: ["name"], paperWithinDays: 7 };
  const policy = { ...workplace, settings: { ...workplace.settings, allowVoluntaryEmergency: true, emergency } };
  const request: InstrumentFacts = { ...paper, id: "US-EDR", signedBy: "agency" };
  const asked = (dataType: string, facts: Partial<InstrumentFacts> = {}) =>
    answer({ instrument: { ...request, ...facts }, policy, lines: [line("L1", { dataType })] });
  assert.deepEqual(asked("name"), ["allow"]);
  assert.deepEqual(asked("messages"), ["deny", "KDRP-11 BEYOND_EMERGENCY_MINIMUM"]);
  assert.deepEqual(asked("name", { signedBy: "nobody" }), ["ask", "V07 NOT_SIGNED"], "the request itself is signed");
});

test("a paper that nobody signed was issued by nobody, whether or not its law asks for a signature", () => {
  const notice = { ...paper, id: "UK-IPA-CD", signedBy: "nobody" as const };
  assert.deepEqual(answer({ instrument: notice, laws: [gb], lines: [line("L1", { dataType: "name" })] }), ["ask", "V07 WRONG_ISSUER"]);
  assert.deepEqual(answer({ instrument: { ...notice, signedBy: "litigant" }, laws: [gb], lines: [line("L1", { dataType: "name" })] }), [
    "ask",
    "V07 WRONG_ISSUER",
  ]);
});

test("a European preservation order counts when a prosecutor issued or validated it, or in an emergency when the police did (Regulation (EU) 2023/1543, art. 4)", () => {
  const order = (facts: Partial<InstrumentFacts>) => {
    const { signedBy: _, ...rest } = paper;
    return answer({ instrument: { ...rest, id: "EU-EPOC-PR", issuedIn: "DE", ...facts }, laws: [eu] });
  };
  const keeps = ["deny", "KDRP-10 PRESERVATION_ONLY"];
  assert.deepEqual(order({ signedBy: "prosecutor" }), keeps);
  assert.deepEqual(order({ signedBy: "agency", validatedBy: "prosecutor" }), keeps);
  assert.deepEqual(order({ signedBy: "agency", emergency: true }), keeps);
  for (const facts of [
    { signedBy: "agency" },
    { signedBy: "agency", emergency: false },
    { signedBy: "agency", validatedBy: "agency" },
    { signedBy: "litigant", emergency: true },
  ] as const)
    assert.deepEqual(order(facts), [...keeps, "V07 WRONG_ISSUER"], JSON.stringify(facts));
  assert.deepEqual(order({}), [...keeps, "V07 ISSUER_UNKNOWN"], "who orders us to keep data is asked too");
});

test("who signed a paper that compels nothing is not asked: a signature would change nothing", () => {
  const { signedBy: _, ...unread } = paper;
  for (const id of ["US-CONSENT", "US-EDR"]) assert.deepEqual(answer({ instrument: { ...unread, id } }), ["deny", "KDRP-7 NOT_COMPULSORY"], id);
});

test("a paper that compels nothing and one that only keeps say in their own names what would change the answer", () => {
  assert.deepEqual(words({ instrument: { ...paper, id: "US-EDR" } }), [
    "An emergency request compels nothing. Customer data leaves only when the law compels it; a compulsory paper would change this.",
  ]);
  assert.match(words({ instrument: { ...paper, id: "US-PRES" } })[0] ?? "", /^A preservation .* asks to keep data, not to hand it over\./);
});

test("where a table of issuers goes class by class, the table answers and not the paper as a whole", () => {
  const order: InstrumentFacts = { ...paper, id: "EU-EPOC", issuedIn: "DE", signedBy: "prosecutor", offence: { maxYears: 5 } };
  const asked = (dataType: string, facts: Partial<InstrumentFacts> = {}, onlyToIdentify = false) =>
    answer({ instrument: { ...order, ...facts }, laws: [eu], lines: [line("L1", { dataType, onlyToIdentify })] });
  assert.deepEqual(asked("name"), ["allow"]);
  assert.deepEqual(asked("messages"), ["deny", "V07 WRONG_ISSUER"]);
  assert.deepEqual(asked("messages", { signedBy: "litigant" }), ["deny", "V07 WRONG_ISSUER"]);
  assert.deepEqual(asked("messages", { signedBy: "judge" }), ["allow"]);
  assert.deepEqual(asked("messages", { signedBy: "judge", offence: {} }), ["ask", "V09 OFFENCE_UNKNOWN"]);
  assert.deepEqual(asked("sign-in-history"), ["deny", "V07 WRONG_ISSUER"]);
  assert.deepEqual(asked("sign-in-history", {}, true), ["allow"], "only to find out who the user is");
});

test("a table of issuers with one row only answers like one with several", () => {
  const instruments = eu.instruments.map((one) =>
    one.id === "EU-EPOC" ? { ...one, tiers: one.tiers.filter(({ classes }) => classes.includes("CONTENT")) } : one,
  );
  const order: InstrumentFacts = { ...paper, id: "EU-EPOC", issuedIn: "DE", signedBy: "litigant" };
  assert.deepEqual(answer({ instrument: order, laws: [{ ...eu, instruments }] }), ["deny", "V07 WRONG_ISSUER"]);
});

test("a paper without a date is asked for one where its law wants a date on its face, and not where it does not (V08)", () => {
  const { issuedOn: _, ...undated } = paper;
  assert.deepEqual(answer({ instrument: undated }), ["ask", "V08 UNDATED"]);
  const { issuedOn: __, ...letter } = { ...paper, id: "US-PRES", signedBy: "agency" as const };
  assert.deepEqual(answer({ instrument: letter }), ["deny", "KDRP-10 PRESERVATION_ONLY"]);
});

test("the dates of a paper must be possible: issued by the day it is served, expiring and returnable no earlier than issued (V08)", () => {
  const dated = (facts: Partial<InstrumentFacts>) => answer({ instrument: { ...subpoena, ...facts }, lines: [line("L1", { dataType: "name" })] });
  assert.deepEqual(dated({ issuedOn: onDay("2026-11-02") }), ["allow"]);
  assert.deepEqual(dated({ issuedOn: onDay("2026-11-03") }), ["ask", "V08 POST_DATED"]);
  assert.deepEqual(dated({ returnOn: onDay("2026-10-30") }), ["allow"]);
  assert.deepEqual(dated({ returnOn: onDay("2026-10-29") }), ["ask", "V08 RETURN_DATE_IMPOSSIBLE"]);
  assert.deepEqual(dated({ issuedOn: onDay("2026-11-02"), expiresOn: onDay("2026-11-02") }), ["allow"]);
  assert.deepEqual(dated({ issuedOn: onDay("2026-11-02"), expiresOn: onDay("2026-11-01") }), ["deny", "V08 EXPIRES_BEFORE_ISSUE", "V08 EXPIRED"]);
  const { issuedOn: _, ...undated } = subpoena;
  const lines = [line("L1", { dataType: "name" })];
  assert.deepEqual(answer({ instrument: { ...undated, returnOn: onDay("2026-01-01") }, lines }), ["ask", "V08 UNDATED"]);
  assert.deepEqual(answer({ instrument: { ...undated, expiresOn: onDay("2026-11-02") }, lines }), ["ask", "V08 UNDATED"]);
  assert.deepEqual(answer({ instrument: { ...undated, expiresOn: onDay("2026-11-01") }, lines }), ["deny", "V08 UNDATED", "V08 EXPIRED"]);
});

test("a paper that ends before it begins is asked about although it is refused for another reason: both are put to the agency", () => {
  const asked = questionsFor(details({ instrument: { ...paper, issuedOn: onDay("2026-11-02"), expiresOn: onDay("2026-11-01") } }), at());
  assert.deepEqual(
    asked.map(({ clause, code }) => `${clause} ${code}`),
    ["V08 EXPIRES_BEFORE_ISSUE"],
  );
});

test("a paper of a law that did not apply yet when it was served is refused under the check of the authority's power (V05)", () => {
  const later = { ...us, instruments: us.instruments.map((one) => ({ ...one, appliesFrom: "2026-11-03" })) };
  assert.deepEqual(answer({ laws: [later] }), ["deny", "V05 NOT_IN_FORCE"]);
  assert.deepEqual(answer({ laws: [later], instrument: { ...paper, servedAt: instant("2026-11-03T17:00:00Z") } }), ["allow"]);
});

test("an expired paper is told its last day and the day it came, counted from its date where its face names none", () => {
  assert.deepEqual(words({ instrument: { ...paper, issuedOn: onDay("2026-10-01") } }), [
    "The paper could be served until Thu 15 Oct 2026; it came on Mon 2 Nov 2026 (V08). A fresh one would change this.",
  ]);
  assert.deepEqual(answer({ instrument: { ...paper, issuedOn: onDay("2026-10-19") } }), ["allow"], "the fourteenth day is in time");
  assert.deepEqual(answer({ instrument: { ...paper, issuedOn: onDay("2026-10-18") } }), ["deny", "V08 EXPIRED"]);
  assert.deepEqual(
    answer({ instrument: { ...subpoena, issuedOn: onDay("2020-01-01") }, lines: [line("L1", { dataType: "name" })] }),
    ["allow"],
    "a subpoena has no last day of service",
  );
  const { issuedOn: _, ...undated } = paper;
  assert.deepEqual(answer({ instrument: undated }), ["ask", "V08 UNDATED"], "without a date nothing is counted");
});

test("each content seen to be missing is asked for under its own check; what the law does not ask for, or nobody looked for, is not held against the paper", () => {
  for (const id of us.instruments.find((one) => one.id === "US-SW")?.facial ?? assert.fail("no warrant")) {
    const content = us.contents[id] ?? assert.fail(`no words for ${id}`);
    const because = words({ instrument: { ...paper, lacks: [id] } });
    assert.deepEqual(answer({ instrument: { ...paper, lacks: [id] } }), ["ask", `${content.check} ${content.code}`]);
    assert.deepEqual(because, [`The paper does not show ${content.ask} (${content.check}). A copy that does would change this.`]);
  }
  assert.deepEqual(answer({ instrument: { ...paper, lacks: ["return-date"] } }), ["allow"], "a warrant needs no return date");
  const { court: _, ...contents } = us.contents;
  assert.deepEqual(answer({ instrument: { ...paper, lacks: ["court", "account"] }, laws: [{ ...us, contents }] }), ["ask", "V11 UNIDENTIFIABLE"]);
});

test("a paper addressed to the customer or to another company is not for us; one to us, or of which nobody said, is (V03)", () => {
  const to = (addressedTo: InstrumentFacts["addressedTo"]) => ({ instrument: { ...paper, ...(addressedTo === undefined ? {} : { addressedTo }) } });
  assert.deepEqual([answer(to("us")), answer(to(undefined))], [["allow"], ["allow"]]);
  for (const entity of ["controller", "other"] as const) assert.deepEqual(answer(to(entity)), ["deny", "V03 WRONG_ENTITY"]);
  assert.deepEqual(words(to("controller")), ["The paper is addressed to our customer, not to us (V03). One addressed to us would change this."]);
  assert.deepEqual(words(to("other")), ["The paper is addressed to another legal entity, not to us (V03). One addressed to us would change this."]);
});

test("an overseas production order comes through the Secretary of State or the Lord Advocate and by no other way (V04)", () => {
  const served = (servedBy?: InstrumentFacts["servedBy"]) => ({
    instrument: { ...paper, id: "UK-OPO", agreement: "US-GB", ...(servedBy === undefined ? {} : { servedBy }) },
    laws: [gb],
  });
  for (const route of ["secretary-of-state", "lord-advocate", undefined] as const) assert.deepEqual(answer(served(route)), ["allow"]);
  assert.deepEqual(answer(served("portal")), ["deny", "V04 WRONG_SERVICE"]);
  assert.deepEqual(words(served("portal")), [
    "An overseas production order can be served only through the Secretary of State or through the Lord Advocate (V04). Service by that way would change this.",
  ]);
  assert.deepEqual(answer({ instrument: { ...paper, servedBy: "post" } }), ["allow"], "a warrant may come every lawful way");
});

test("a seal that does not verify is asked about; one that does, and a paper without one, are not (V24)", () => {
  assert.deepEqual(answer({ instrument: { ...paper, seal: "invalid" } }), ["ask", "V24 BAD_SIGNATURE"]);
  assert.deepEqual([answer({ instrument: { ...paper, seal: "valid" } }), answer({})], [["allow"], ["allow"]]);
});

test("a paper in a language the company has not declared needs a translation (V22)", () => {
  const provider = { languages: ["en", "de"] };
  const written = (facts: Partial<InstrumentFacts>, by: ProviderFacts | undefined = provider) =>
    answer({ instrument: { ...paper, ...facts }, ...(by === undefined ? {} : { provider: by }) });
  assert.deepEqual(written({ language: "fr" }), ["ask", "V22 LANGUAGE"]);
  assert.deepEqual(written({ language: "fr", translation: false }), ["ask", "V22 LANGUAGE"]);
  assert.deepEqual(written({ language: "fr", translation: true }), ["allow"]);
  assert.deepEqual(written({ language: "de" }), ["allow"]);
  assert.deepEqual(written({}), ["allow"]);
  assert.deepEqual(written({ language: "fr" }, {}), ["allow"], "a company that has declared no languages asks for none");
  assert.deepEqual(answer({ instrument: { ...paper, language: "fr" } }), ["allow"], "a company of which nothing is known asks for none");
  assert.deepEqual(words({ instrument: { ...paper, language: "fr" }, provider }), [
    "The paper is in a language the company has not declared (V22). A translation into English or German would change this.",
  ]);
});

test("a line that ends before it starts is asked about; a line of one day is whole (V12)", () => {
  const range = (from: string, to: string) => ({ lines: [line("L1", { from: onDay(from), to: onDay(to) })] });
  assert.deepEqual(answer(range("2026-03-02", "2026-03-02")), ["allow"]);
  assert.deepEqual(answer(range("2026-03-02", "2026-03-01")), ["ask", "V12 RANGE_REVERSED"]);
  assert.deepEqual(words(range("2026-03-02", "2026-03-01")), ["The line ends on Sun 1 Mar 2026, before it starts (V12). The right dates would change this."]);
});

test("half a range is no reversed one, and a name with a range is held to it too", () => {
  const { to: _, ...open } = line("L1");
  const { from: __, ...begun } = line("L1");
  for (const half of [open, begun]) assert.deepEqual(answer({ lines: [half] }), ["ask", "KDRP-2c NO_DATE_RANGE"]);
  assert.deepEqual(answer({ lines: [line("L1", { dataType: "name", from: onDay("2026-03-02"), to: onDay("2026-03-01") })] }), ["ask", "V12 RANGE_REVERSED"]);
});

test("each line is about its own account: that another one is known does not help it", () => {
  const subjects = [
    { id: "S1", workspace: "acme", resolved: true },
    { id: "S2", resolved: false },
  ];
  const lines = [line("L1"), line("L2", { subject: "S2" }), line("L3", { subject: "S3" })];
  assert.deepEqual(
    verdictsFor(details({ subjects, lines }), at()).map(({ line: id, decision }) => [id, decision]),
    [
      ["L1", "allow"],
      ["L2", "ask"],
      ["L3", "ask"],
    ],
  );
});

test("a line into the future is not called live before anybody knows when the paper was served", () => {
  const { instrument: _, ...rest } = details({ lines: [line("L1", { from: onDay("2027-01-01"), to: onDay("2027-01-31") })] });
  assert.deepEqual(
    verdictsFor(rest, at()).flatMap(({ reasons }) => reasons.map(({ code }) => code)),
    ["NO_INSTRUMENT"],
  );
});

test("a verdict names the row of the pack that decided and its source; without a known paper it names neither", () => {
  const [known] = verdictsFor(details(), at());
  assert.deepEqual([known?.rule, known?.citation], ["us@2026.1 US-SW", "18 USC 2703(a), (b), (c)(1)(A)"]);
  const { instrument: _, ...rest } = details();
  const [unknown] = verdictsFor(rest, at());
  const because = "No legal instrument has been confirmed. Ask the agency for the paper that compels an answer.";
  assert.deepEqual(unknown, { line: "L1", decision: "ask", reasons: [{ clause: "KDRP-10", code: "NO_INSTRUMENT", because, line: "L1" }], citation: "" });
});

test("counsel's word is graver than a refusal, and a refusal graver than a question", () => {
  const { from: _, ...undated } = line("L1");
  const provider = { incorporatedIn: "US-DE" };
  const order: InstrumentFacts = { ...paper, id: "EU-EPOC", issuedIn: "DE", signedBy: "prosecutor" };
  assert.deepEqual(answer({ instrument: order, laws: [us, eu], provider, lines: [undated] }), [
    "counsel",
    "KDRP-2c NO_DATE_RANGE",
    "V07 WRONG_ISSUER",
    "V20 CONFLICT",
  ]);
  assert.deepEqual(answer({ instrument: order, laws: [eu], lines: [undated] }), ["deny", "KDRP-2c NO_DATE_RANGE", "V07 WRONG_ISSUER"]);
});

test("an instrument is found in whichever law on the shelf knows it", () => {
  assert.deepEqual(
    ["US-SW", "EU-EPOC", "UK-OPO"].map((id) => findInstrument({ id }, [us, eu, gb])?.law.country),
    ["US", "EU", "GB"],
  );
  assert.equal(findInstrument({ id: "XX-NONE" }, [us, eu, gb]), undefined);
});

test("another state's paper against a company of California needs the attestation; California's own and a federal one do not (Cal. Penal Code 1546.5)", () => {
  const from = (issuedIn: string | undefined, facts: Partial<InstrumentFacts> = {}, provider: ProviderFacts = { incorporatedIn: "US-CA" }) =>
    answer({ instrument: { ...paper, ...facts, ...(issuedIn === undefined ? {} : { issuedIn }) }, provider });
  assert.deepEqual(from("US-TX"), ["ask", "V21 MISSING_ATTESTATION"]);
  assert.deepEqual(from("US-TX", { shows: ["attestation"] }), ["allow"]);
  assert.deepEqual(from("US-TX", { shows: ["court"] }), ["ask", "V21 MISSING_ATTESTATION"]);
  for (const issuedIn of ["US-CA", "US", undefined]) assert.deepEqual(from(issuedIn), ["allow"], issuedIn ?? "federal, unless the paper says more");
  assert.deepEqual(from("US-TX", {}, { incorporatedIn: "US-DE", headquarteredIn: "US-NY" }), ["allow"]);
  assert.deepEqual(from("US-TX", {}, {}), ["allow"], "where the company sits is not known: the worksheet asks, the line is not stopped");
  assert.match(
    words({ instrument: { ...paper, issuedIn: "US-TX" }, provider: { incorporatedIn: "US-CA" } })[0] ?? "",
    /would change this\. \(V21, Cal\. Penal Code/,
  );
});

test("an American warrant against data of the Union is a conflict unless an agreement is named or people have recorded a ground (GDPR, art. 48 and 49)", () => {
  const asked = (facts: Partial<InstrumentFacts>, settled?: Settled) =>
    answer({ instrument: { ...paper, ...facts }, laws: [us, eu], more: { places: { customer: "DE" } }, ...(settled === undefined ? {} : { settled }) });
  assert.deepEqual(asked({}), ["counsel", "V20 CONFLICT"]);
  assert.deepEqual(asked({ agreement: "EU-US" }), ["allow"]);
  assert.deepEqual(asked({ agreement: "US-GB" }), ["counsel", "V20 CONFLICT"]);
  assert.deepEqual(asked({}, { transferGround: true }), ["allow"]);
  assert.deepEqual(asked({}, { transferGround: false }), ["counsel", "V20 CONFLICT"]);
  assert.deepEqual(answer({ more: { places: { customer: "DE" } } }), ["allow"], "only the laws on the shelf speak");
});

test("a recorded ground for a transfer lifts only the rules that know such a ground (18 USC 2702 knows none)", () => {
  const order: InstrumentFacts = { ...paper, id: "EU-EPOC", issuedIn: "DE", offence: { listed: true } };
  const asked = (settled?: Settled) =>
    answer({ instrument: order, laws: [us, eu], provider: { incorporatedIn: "US-DE" }, ...(settled === undefined ? {} : { settled }) });
  assert.deepEqual(asked(), ["counsel", "V20 CONFLICT"]);
  assert.deepEqual(asked({ transferGround: true }), ["counsel", "V20 CONFLICT"]);
});

test("a country's rule for its own papers does not stand in the way of another country's", () => {
  const order: InstrumentFacts = { ...paper, id: "EU-EPOC", issuedIn: "DE", signedBy: "judge", offence: { maxYears: 5 } };
  const provider = { kinds: ["processor" as const] };
  assert.deepEqual(answer({ instrument: order, laws: [eu], provider }), ["ask", "V03 CONTROLLER_FIRST"]);
  const always: Override = { ...ruleOf(eu, "controller-first"), when: {} };
  const others = { ...eu, overrides: [always] };
  assert.deepEqual(answer({ laws: [us, others] }), ["allow"]);
  assert.deepEqual(answer({ laws: [us, { ...others, overrides: [{ ...always, binds: "every-paper" }] }] }), ["ask", "V03 CONTROLLER_FIRST"]);
});

function ruleOf(pack: JurisdictionPack, id: string): Override {
  return pack.overrides.find((rule) => rule.id === id) ?? assert.fail(`no rule ${id}`);
}

function underRules(...overrides: readonly Override[]): readonly JurisdictionPack[] {
  return [{ ...us, overrides: [...us.overrides, ...overrides] }];
}

const { unless: _lift, ...bare } = ruleOf(us, "california-attestation");
/** A rule of ours for tests: it always applies, and nothing lifts it. */
const stop: Override = { ...bare, id: "stop", when: {}, then: "counsel", code: "CONFLICT", check: "V20" };

test("a rule without a way out is lifted by nothing; one that asks for two contents is lifted only by both; an empty way out is none", () => {
  const lift = { shows: [], agreements: [], transferGround: false };
  const stopped = (rule: Override, facts: Partial<InstrumentFacts> = {}, settled: Settled = { transferGround: true }) =>
    answer({ instrument: { ...paper, ...facts }, laws: underRules(rule), settled })[0] === "counsel";
  assert.ok(stopped(stop, { shows: ["attestation"], agreement: "US-GB" }));
  assert.ok(stopped({ ...stop, unless: lift }, { shows: ["attestation"], agreement: "US-GB" }));
  const twofold = { ...stop, unless: { ...lift, shows: ["court", "recital"] } };
  assert.deepEqual(
    [undefined, ["court"], ["recital"], ["recital", "court"]].map((shows) => stopped(twofold, shows === undefined ? {} : { shows })),
    [true, true, true, false],
  );
  const agreed = { ...stop, unless: { ...lift, agreements: ["US-GB"] } };
  assert.deepEqual([stopped(agreed), stopped(agreed, { agreement: "US-AU" }), stopped(agreed, { agreement: "US-GB" })], [true, true, false]);
  const ground = { ...stop, unless: { ...lift, transferGround: true } };
  assert.deepEqual([stopped(ground, {}, {}), stopped(ground, {}, { transferGround: false }), stopped(ground)], [true, true, false]);
});

test("a rule takes another's place only where it surely applies", () => {
  const closer = (when: Override["when"]): Override => ({
    ...stop,
    id: "closer",
    when,
    then: "ask",
    code: "MISSING_ATTESTATION",
    check: "V21",
    replaces: "stop",
  });
  assert.deepEqual(answer({ laws: underRules(stop, closer({})) }), ["ask", "V21 MISSING_ATTESTATION"]);
  assert.deepEqual(answer({ laws: underRules(stop, closer({ emergency: true })) }), ["counsel", "V20 CONFLICT"], "unknown");
  assert.deepEqual(answer({ laws: underRules(stop, closer({ instruments: ["US-D"] })) }), ["counsel", "V20 CONFLICT"], "not this paper");
  assert.deepEqual(answer({ laws: underRules(closer({}), stop) }), ["ask", "V21 MISSING_ATTESTATION"], "whichever stands first");
});

test("what a rule denies is denied and what it leaves to counsel is counsel's; a rule that names papers only is the ladder's", () => {
  for (const then of ["ask", "deny", "counsel"] as const) assert.deepEqual(answer({ laws: underRules({ ...stop, then }) }), [then, "V20 CONFLICT"]);
  const { then: _, ...names } = { ...stop, requires: ["US-SW"] };
  assert.deepEqual(answer({ laws: underRules(names) }), ["allow"]);
  assert.deepEqual(answer({ laws: underRules(stop, { ...names, id: "names", replaces: "stop" }) }), ["counsel", "V20 CONFLICT"], "naming papers lifts no stop");
});

test("the worksheet has one row for every rule of any country that could stand in the way, with the lines it meets, and says what is open (IGRP-6)", () => {
  const provider = { incorporatedIn: "US-DE" };
  const order: InstrumentFacts = { ...paper, id: "EU-EPOC", issuedIn: "DE", signedBy: "judge", offence: { maxYears: 5 } };
  const lines = [line("L1"), line("L2", { dataType: "name" }), line("L3", { dataType: "horoscopes" })];
  const rows = conflictWorksheet(details({ instrument: order, lines }), { ...at(undefined, { laws: [us, eu] }), provider });
  assert.deepEqual(
    rows.map(({ pack, rule, answer: met, lines: ids }) => [pack.split("@")[0], rule, met, ids.join(" ")]),
    [
      ["us", "contents-to-foreign-authorities", "applies", "L1"],
      ["eu", "gdpr-48", "lifted-or-not-applicable", ""],
      ["eu", "not-a-bound-member", "lifted-or-not-applicable", ""],
      ["eu", "controller-first", "open", "L1 L2 L3"],
      ["eu", "dsa-10-needs-a-basis", "lifted-or-not-applicable", ""],
      ["eu", "dsa-authority-of-the-union", "lifted-or-not-applicable", ""],
      ["eu", "same-state-order", "open", "L1 L2 L3"],
    ],
  );
  const [first] = rows;
  const rule = ruleOf(us, "contents-to-foreign-authorities");
  assert.deepEqual(first, {
    pack: "us@2026.1",
    rule: rule.id,
    answer: "applies",
    lines: ["L1"],
    because: rule.because,
    citation: rule.citation,
  });
});

test("a rule that a ground lifts stays on the worksheet as lifted, and rules of papers of other countries only where they bind those", () => {
  const row = (settled?: Settled) =>
    conflictWorksheet(details({ places: { customer: "DE" } }), { ...at(undefined, { laws: [us, eu] }) }, settled).find(({ rule }) => rule === "gdpr-48")
      ?.answer;
  assert.deepEqual([row(), row({ transferGround: true })], ["applies", "lifted-or-not-applicable"]);
  const { instrument: _, ...unknown } = details();
  const rows = conflictWorksheet(unknown, at(undefined, { laws: [us, eu] })).map(({ rule }) => rule);
  assert.deepEqual(rows, ["contents-to-foreign-authorities", "gdpr-48"]);
});

test("a rule that binds every paper meets a case without a paper too: nothing on it can lift the rule", () => {
  const { instrument: _, ...rest } = details();
  const rule: Override = { ...stop, binds: "every-paper", unless: { shows: ["court"], agreements: ["US-GB"], transferGround: false } };
  const [verdict] = verdictsFor(rest, at(undefined, { laws: underRules(rule) }));
  assert.deepEqual([verdict?.decision, ...(verdict?.reasons.map(({ code }) => code) ?? [])], ["counsel", "NO_INSTRUMENT", "CONFLICT"]);
});

test("rules of two countries that share a name keep their own rows on the worksheet", () => {
  const rule: Override = { ...stop, binds: "every-paper" };
  const laws = [
    { ...us, overrides: [{ ...rule, when: { instruments: ["US-D"] } }] },
    { ...eu, overrides: [rule] },
  ];
  assert.deepEqual(
    conflictWorksheet(details(), at(undefined, { laws })).map(({ pack, answer: met }) => [pack.split("@")[0], met]),
    [
      ["us", "lifted-or-not-applicable"],
      ["eu", "applies"],
    ],
  );
});

test("one line for which nobody knows whether a rule applies is enough to keep its row open", () => {
  const rows = conflictWorksheet(details(), { ...at(undefined, { laws: [us] }), provider: {} });
  const texas = conflictWorksheet(details({ instrument: { ...paper, issuedIn: "US-TX" } }), at());
  assert.equal(rows.find(({ rule }) => rule === "california-attestation")?.answer, "lifted-or-not-applicable", "a federal warrant");
  assert.deepEqual(
    texas.filter(({ rule }) => rule === "california-attestation").map(({ answer: met, lines }) => [met, lines]),
    [["open", ["L1"]]],
  );
});
