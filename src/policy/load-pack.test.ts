// Shows that a pack is taken whole or refused with every problem at once, each at its line and with a way out.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../ledger/canonical-json.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Loaded, PackProblem } from "./load-pack.ts";
import { crossCheck, isJurisdiction, isPolicy, loadPack } from "./load-pack.ts";
import type { JurisdictionPack, PolicyPack } from "./pack.ts";

const root = new URL("../../", import.meta.url);
const textOf = (file: string) => readFileSync(new URL(`packs/${file}`, root), "utf8");
const files = ["policies/data-request.yaml", "policies/government-request.yaml", "jurisdictions/us.yaml"] as const;
const [workplaceText, learningText, usText] = [textOf(files[0]), textOf(files[1]), textOf(files[2])];

function policy(text = workplaceText): Loaded<PolicyPack> {
  const loaded = loadPack({ file: "policy.yaml", text });
  assert.ok(isPolicy(loaded), JSON.stringify(loaded));
  return loaded;
}

function jurisdiction(text = usText): Loaded<JurisdictionPack> {
  const loaded = loadPack({ file: "law.yaml", text });
  assert.ok(isJurisdiction(loaded), JSON.stringify(loaded));
  return loaded;
}

function problems(text: string): readonly PackProblem[] {
  const result = loadPack({ file: "broken.yaml", text });
  assert.equal(result.kind, "problems");
  return result.kind === "problems" ? result.problems : [];
}

/** The pack's text with one passage replaced; fails when the passage is not there. */
function changed(text: string, from: string, to: string): string {
  assert.ok(text.includes(from), `the pack no longer holds "${from}"`);
  return text.replace(from, to);
}

function lineOf(text: string, passage: string): number {
  return text.slice(0, text.indexOf(passage)).split("\n").length;
}

test("the packs that come with the desk load", () => {
  for (const file of files) assert.equal(loadPack({ file, text: textOf(file) }).kind, "loaded");
  for (const law of [jurisdiction()]) for (const own of [policy(), policy(learningText)]) assert.deepEqual(crossCheck(own, [law]), []);
});

test("the settings of the two policies differ in the exceptions to notice and in referral, and in nothing else", () => {
  const [workplace, learning] = [policy().pack.settings, policy(learningText).pack.settings];
  assert.deepEqual(workplace, {
    noticeDays: 7,
    noticeExceptions: ["gag", "illegal-conduct", "risk-of-harm"],
    lateNoticeBusinessDays: 3,
    referralFirst: false,
    allowVoluntaryEmergency: false,
    callBackValidDays: 90,
    gagLiftAttemptDays: [5, 30, 60, 90],
    smallNumber: 9,
    reportDueDays: 60,
    downloadDays: 14,
    downloads: 3,
  });
  assert.deepEqual(learning, { ...workplace, noticeExceptions: ["gag"], referralFirst: true });
});

test("every quotation stands word for word in the published document", (t) => {
  const documents = [
    ["data-request-policy.txt", workplaceText],
    ["government-request-policy.txt", learningText],
  ] as const;
  for (const [name, text] of documents) {
    const document = new URL(`../shared/policies/${name}`, root);
    if (!existsSync(document)) return t.skip("the published documents are not on this machine");
    const published = readFileSync(document, "utf8");
    for (const { id, quote } of policy(text).pack.clauses) for (const part of quote.split(" […] ")) assert.ok(published.includes(part), `${id}: ${part}`);
  }
});

test("the workplace policy asks for eight contents, the four of KDRP-2c each for itself; the other asks for none", () => {
  assert.deepEqual(
    policy().pack.requiredContents.map(({ id, clause }) => `${clause} ${id}`),
    [
      "KDRP-2a agency",
      "KDRP-2b matter",
      "KDRP-2c workspace",
      "KDRP-2c account",
      "KDRP-2c date-range",
      "KDRP-2c data-type",
      "KDRP-3 officer-contact",
      "KDRP-3 government-mailbox",
    ],
  );
  assert.deepEqual(policy(learningText).pack.requiredContents, []);
});

test("the holidays are those of 5 USC 6103 on the days they are observed, 2025 to 2028", () => {
  const on = (year: number, month: number, date: number) => Temporal.PlainDate.from({ year, month, day: date });
  const nth = (year: number, month: number, weekday: number, n: number) => {
    const first = on(year, month, 1);
    return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (n - 1) });
  };
  const lastMonday = (year: number, month: number) => {
    const end = on(year, month, on(year, month, 1).daysInMonth);
    return end.subtract({ days: end.dayOfWeek - 1 });
  };
  const observed = (date: Temporal.PlainDate) => (date.dayOfWeek === 6 ? date.subtract({ days: 1 }) : date.dayOfWeek === 7 ? date.add({ days: 1 }) : date);
  const ofYear = (year: number) => [
    observed(on(year, 1, 1)),
    nth(year, 1, 1, 3),
    nth(year, 2, 1, 3),
    lastMonday(year, 5),
    observed(on(year, 6, 19)),
    observed(on(year, 7, 4)),
    nth(year, 9, 1, 1),
    nth(year, 10, 1, 2),
    observed(on(year, 11, 11)),
    nth(year, 11, 4, 4),
    observed(on(year, 12, 25)),
  ];
  const expected = [2025, 2026, 2027, 2028, 2029]
    .flatMap(ofYear)
    .map(String)
    .filter((date) => date >= "2025" && date < "2029")
    .toSorted();
  assert.deepEqual(jurisdiction().pack.holidays, expected);
  assert.equal(expected.length, 44);
});

test("government zones hold the federal ones and one for each state and the District of Columbia", () => {
  const { governmentZones } = jurisdiction().pack;
  assert.deepEqual(governmentZones.slice(0, 3), ["gov", "mil", "fed.us"]);
  assert.equal(new Set(governmentZones).size, 3 + 51);
});

test("the canonical text is the ledger's own, and does not depend on the order or the comments of the file", () => {
  for (const loaded of [policy(), policy(learningText), jurisdiction()]) assert.equal(loaded.canonical, canonicalJson(loaded.pack as unknown as Json));
  const commented = changed(usText, "country: US\n", "").replace("languages: [en]", "# English\nlanguages: [en]\ncountry: US");
  assert.equal(jurisdiction(commented).canonical, jurisdiction().canonical);
  assert.notEqual(jurisdiction(changed(usText, "expires: { n: 14,", "expires: { n: 10,")).canonical, jurisdiction().canonical);
});

test("text that is no YAML is refused with every place", () => {
  const found = problems("kind: policy\npack: [1, 2\nsettings: {a: b: c}\n");
  assert.ok(found.length >= 2);
  for (const { file, line, column, what, remedy } of found)
    assert.ok(file === "broken.yaml" && line >= 1 && column >= 1 && what.includes("not valid YAML") && remedy.length > 10);
});

test("a tab, a second document and a tag each get their own remedy", () => {
  assert.ok(problems("kind: policy\npack:\n\tid: x\n").some(({ remedy, line }) => line === 3 && remedy.includes("spaces")));
  assert.ok(problems("kind: policy\n---\nkind: policy\n").some(({ remedy }) => remedy.includes("one pack in one file")));
  assert.ok(problems("kind: !!js/function policy\n").some(({ remedy }) => remedy.includes("tag")));
});

test("an empty file, a list and a file of another kind are asked what they are", () => {
  for (const text of ["", "- a\n", "kind: recipe\n", "null", "kind: [policy]\n"]) {
    const [only, ...others] = problems(text);
    assert.deepEqual([only?.path, others], ["kind", []]);
    assert.ok(only?.remedy.includes("kind: policy"));
  }
});

test("a key that stands twice is refused where it stands the second time", () => {
  const [only, ...others] = problems(changed(usText, "languages: [en]\n", "languages: [en]\nlanguages: [es]\n"));
  assert.deepEqual([only?.line, only?.column, only?.path, others], [lineOf(usText, "languages: [en]") + 1, 1, "languages", []]);
});

test("a missing citation is found at its instrument, with the reason why one is needed", () => {
  const text = changed(usText, "    citation: 18 USC 2703(c)(1)(B), (d)\n", "");
  const [only, ...others] = problems(text);
  assert.deepEqual([only?.path, only?.line, others], ["instruments[3].citation", lineOf(text, "- id: US-D\n"), []]);
  assert.match(only?.remedy ?? "", /statute/);
  assert.equal(problems(changed(usText, "citation: 18 USC 2703(c)(1)(B), (d)", 'citation: "    "')).length, 1);
});

test("values of the wrong kind are each found at their line, all at once and in the order of the file", () => {
  let text = changed(usText, 'version: "2026.1"', "version: 2026.1");
  text = changed(text, "validFrom: 2025-01-01", "validFrom: 2025-02-30");
  text = changed(text, "  name: SUBSCRIBER # (A)", "  name: SUBSCRIBERS # (A)");
  text = changed(text, "    expires: { n: 14,", "    expires: { n: fourteen,");
  text = changed(text, "    answeredBy: machine", "    answeredBy: oracle\n    colour: red");
  const found = problems(text);
  assert.deepEqual(
    found.map(({ path }) => path),
    ["pack.version", "pack.validFrom", "classOf.name", "instruments[4].expires.n", "checks[13].answeredBy", "checks[13].colour"],
  );
  assert.deepEqual(
    found.map(({ line }) => line),
    ["version: 2026.1", "validFrom", "name: SUBSCRIBERS", "expires: { n: fourteen", "answeredBy: oracle", "colour"].map((passage) => lineOf(text, passage)),
  );
  assert.match(found[0]?.remedy ?? "", /quotes/);
  assert.match(found[1]?.remedy ?? "", /day that exists/);
  assert.match(found[2]?.remedy ?? "", /SUBSCRIBER, /);
});

test("a number without quotes where text belongs, and quotes where a number belongs, each get their remedy", () => {
  const text = changed(changed(workplaceText, 'version: "2026.1"', "version: 2026.1"), "noticeDays: 7", 'noticeDays: "7"');
  assert.deepEqual(
    problems(text).map(({ path, remedy }) => `${path}: ${remedy}`),
    ["pack.version: Put the value in double quotes.", "settings.noticeDays: Correct the value; numbers, true and false stand without quotes."],
  );
});

test("two entries with one id are refused, wherever ids are given", () => {
  const cases: readonly (readonly [text: string, from: string, to: string, path: string])[] = [
    [usText, "- id: US-D\n", "- id: US-SUBP-GJ\n", "instruments[3].id"],
    [usText, "- id: V02\n", "- id: V01\n", "checks[1].id"],
    [usText, "id: file-names-are-content", "id: content-needs-a-warrant", "overrides[1].id"],
    [usText, "  - 2025-01-20", "  - 2025-01-01", "holidays[1]"],
    [workplaceText, "- id: KDRP-2a\n", "- id: KDRP-1\n", "clauses[1].id"],
    [workplaceText, "{ id: contact,", "{ id: name,", "dataTypes[1].id"],
    [workplaceText, "- id: matter\n", "- id: agency\n", "requiredContents[1].id"],
  ];
  for (const [text, from, to, path] of cases)
    assert.ok(
      problems(changed(text, from, to)).some((one) => one.path === path && one.what.includes("twice")),
      path,
    );
});

test("one name may not belong to two papers, whatever its capitals", () => {
  const [only] = problems(changed(usText, "      - wiretap order\n", "      - Search Warrant\n"));
  assert.match(only?.what ?? "", /"Search Warrant" of US-T3 already belongs to US-SW/);
});

test("an override that names an unknown instrument, and a gag that does, are refused with the ids there are", () => {
  const text = changed(changed(usText, "    requires: [US-SW]\n", "    requires: [US-SW, US-MAGIC]\n"), "gagBy: [US-NDO]", "gagBy: [US-GAG]");
  const found = problems(text).filter(({ what }) => what.startsWith("There is no instrument"));
  assert.deepEqual(
    found.map(({ path }) => path),
    ["instruments[0].gagBy[0]", "overrides[0].requires[1]"],
  );
  assert.match(found[0]?.remedy ?? "", /US-NDO/);
});

test("an override that names an unknown class is refused with the classes there are", () => {
  const [only] = problems(changed(usText, "{ dataClass: LOCATION }", "{ dataClass: PLACES }"));
  assert.equal(only?.path, "overrides[2].when.dataClass");
  assert.match(only?.remedy ?? "", /LOCATION/);
});

test("an override about nothing, about an unclassified kind of data, or one that can never apply is refused", () => {
  for (const when of ["{ }", "{ dataType: dreams }", "{ dataType: messages, dataClass: LOCATION }"]) {
    const [only, ...others] = problems(changed(usText, "{ dataClass: LOCATION }", when));
    assert.deepEqual([only?.path, others], ["overrides[2].when", []]);
  }
});

test("overrides of the same data that name different papers contradict each other", () => {
  const wider = changed(usText, "when: { dataType: file-names }\n    requires: [US-SW]", "when: { dataType: file-names }\n    requires: [US-SW, US-D]");
  assert.deepEqual(
    problems(wider).map(({ path }) => path),
    ["overrides[1].requires"],
  );
  const sameClass = changed(usText, "when: { dataClass: LOCATION }\n    requires: [US-SW]", "when: { dataClass: CONTENT }\n    requires: [US-D]");
  assert.deepEqual(
    problems(sameClass).map(({ path }) => path),
    ["overrides[2].requires", "overrides[2].requires"],
  );
});

test("an override on one kind of data may narrow the one on its class", () => {
  const general = changed(usText, "when: { dataClass: CONTENT }\n    requires: [US-SW]", "when: { dataClass: CONTENT }\n    requires: [US-SW, US-D]");
  assert.equal(jurisdiction(general).pack.overrides.length, jurisdiction().pack.overrides.length);
});

test("a pack that ends before it begins is refused; one that ends on its first day is not", () => {
  const [only] = problems(changed(usText, "validTo: 2028-12-31", "validTo: 2024-12-31"));
  assert.equal(only?.path, "pack.validTo");
  assert.match(only?.what ?? "", /ends on 2024-12-31, before it begins on 2025-01-01/);
  jurisdiction(changed(usText, "validTo: 2028-12-31", "validTo: 2025-01-01"));
});

test("a statutory deadline must say how long it is, in an instrument and in a challenge", () => {
  const text = changed(changed(usText, "        lasts: { n: 90, unit: days }\n", "        lasts: { unit: days }\n"), "within: { n: 14, ", "within: { ");
  assert.deepEqual(
    problems(text).map(({ path }) => path),
    ["instruments[4].challenge[1].within.n", "instruments[7].clocks[0].lasts.n"],
  );
  const [endless] = problems(changed(usText, "        lasts: { n: 90, unit: days }\n", ""));
  assert.match(endless?.what ?? "", /"preservation" does not say how long it lasts/);
});

test("a clause that a data type or a required content names must exist, and a clause of the document must quote it", () => {
  let text = changed(workplaceText, "clause: KDRP-6, accepts", "clause: KDRP-66, accepts");
  text = changed(text, "    clause: KDRP-2a\n    code", "    clause: KDRP-2x\n    code");
  text = changed(text, 'quote: "(a) the government entity or law enforcement agency"', 'quote: ""');
  assert.deepEqual(
    problems(text).map(({ path }) => path),
    ["dataTypes[19].clause", "requiredContents[0].clause", "clauses[1].quote"],
  );
});

test("a class for a kind of data the policy does not know is found when the two meet, at its own line", () => {
  const text = changed(usText, "  drafts: CONTENT\n", "  drafts: CONTENT\n  dreams: CONTENT\n");
  const [only, ...others] = crossCheck(policy(), [jurisdiction(text)]);
  assert.deepEqual([only?.file, only?.path, only?.line, others], ["law.yaml", "classOf.dreams", lineOf(text, "dreams"), []]);
});

test("a kind of data that the law gives no class is found when the two meet", () => {
  const [only, ...others] = crossCheck(policy(), [jurisdiction(changed(usText, "  drafts: CONTENT\n", ""))]);
  assert.deepEqual([only?.path, others], ["classOf", []]);
  assert.match(only?.what ?? "", /"drafts".*no instrument reaches it/);
});

test("a check that keeps a clause the policy does not have is found; clauses of other policies are left to them", () => {
  const law = jurisdiction(changed(usText, "clauses: [KDRP-1, IGRP-5]", "clauses: [KDRP-99, IGRP-99, DPA-3b]"));
  assert.deepEqual(
    crossCheck(policy(), [law]).map(({ path }) => path),
    ["checks[3].clauses[0]"],
  );
  assert.deepEqual(
    crossCheck(policy(learningText), [law]).map(({ path }) => path),
    ["checks[3].clauses[1]"],
  );
});

test("a file beyond 1 MiB is not read", () => {
  const [only, ...others] = problems(`kind: policy\n${"# padding\n".repeat(110_000)}`);
  assert.match(only?.what ?? "", /1100013 characters/);
  assert.deepEqual(others, []);
});

test("references may not multiply, neither in number nor by nesting", () => {
  const many = `kind: policy\na: &a [x]\nb: [${Array.from({ length: 51 }, () => "*a").join(", ")}]\n`;
  assert.match(problems(many)[0]?.what ?? "", /refers 51 times/);
  const nested = ["kind: policy", "a0: &a0 [x, x]", ...Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join("\n");
  assert.match(problems(nested)[0]?.what ?? "", /grow beyond measure/);
});

test("depth, width and repetition cost no more than a moment", () => {
  const started = performance.now();
  for (const text of [
    "[".repeat(20_000),
    `kind: jurisdiction\n${Array.from({ length: 40_000 }, (_, n) => `k${n}: 1`).join("\n")}`,
    `kind: policy\nclauses:\n${"  - {}\n".repeat(40_000)}`,
  ]) {
    const found = problems(text);
    assert.ok(found.length > 0 && found.length <= 200);
  }
  assert.ok(performance.now() - started < 20_000);
});

test("whatever stands in a file, loading it gives a pack or problems with places, and never throws", () => {
  const lines = usText.split("\n");
  const scrambled = fc
    .tuple(fc.nat({ max: lines.length - 1 }), fc.constantFrom("", "  ", "- ", "a: b", "x: *y", "{", "é\u0000", "? q", "<<: *a"))
    .map(([at, line]) => lines.toSpliced(at, 1, line).join("\n"));
  fc.assert(
    fc.property(fc.oneof(fc.string(), scrambled), (text) => {
      const result = loadPack({ file: "any.yaml", text });
      if (result.kind === "problems") for (const { line, column } of result.problems) assert.ok(line >= 1 && column >= 1);
    }),
    { numRuns: 60 },
  );
});

test("two rows of a table that speak of one class, and a class in no row, are refused", () => {
  const tiers = (rows: string) =>
    changed(
      usText,
      "    facial: [signature-of-judge, issued-on, court, account, expiry]\n",
      `    tiers:\n${rows}    facial: [signature-of-judge, issued-on, court, account, expiry]\n`,
    );
  const row = (classes: string) => `      - { classes: [${classes}], issuers: [judge], citation: 18 USC 2703(a), basis: law }\n`;
  const all = "SUBSCRIBER, IDENTIFY_ONLY, TRAFFIC, RECORDS, LOCATION, CONTENT";
  jurisdiction(tiers(row(all)));
  assert.match(problems(tiers(row(all) + row("CONTENT")))[0]?.what ?? "", /Two rows of US-SW speak of CONTENT/);
  assert.match(problems(tiers(row("SUBSCRIBER, IDENTIFY_ONLY, TRAFFIC, RECORDS, LOCATION")))[0]?.what ?? "", /No row of US-SW speaks of CONTENT/);
  assert.match(problems(tiers(row(`${all}, REALTIME_META`)))[0]?.what ?? "", /REALTIME_META, which it does not compel/);
});

test("overrides that replace each other in a circle, or one that is not there, are refused", () => {
  const replacing = (first: string, second: string) =>
    changed(
      changed(usText, "  - id: content-needs-a-warrant\n", `  - id: content-needs-a-warrant\n    replaces: ${first}\n`),
      "  - id: file-names-are-content\n",
      `  - id: file-names-are-content\n    replaces: ${second}\n`,
    );
  const circle = problems(replacing("file-names-are-content", "content-needs-a-warrant"));
  assert.deepEqual(
    circle.map(({ path }) => path),
    ["overrides[0].replaces", "overrides[1].replaces"],
  );
  assert.match(circle[0]?.what ?? "", /circle: content-needs-a-warrant → file-names-are-content → content-needs-a-warrant/);
  assert.match(problems(replacing("nothing-of-the-kind", "content-needs-a-warrant"))[0]?.what ?? "", /no override nothing-of-the-kind/);
});

test("an override without an effect, with two, or that stops a line without a code is refused", () => {
  const without = problems(changed(usText, "    then: ask\n", ""));
  assert.match(without[0]?.what ?? "", /california-attestation has no effect/);
  const two = problems(changed(usText, "    then: ask\n", "    then: ask\n    requires: [US-SW]\n"));
  assert.match(two[0]?.what ?? "", /california-attestation has two effects/);
  const mute = problems(changed(usText, "    code: MISSING_ATTESTATION\n    check: V21\n", "    check: V21\n"));
  assert.match(mute[0]?.what ?? "", /stops a line without a code/);
});

test("two clocks of one name that can run at once are refused, unless their conditions exclude each other", () => {
  const answer = "      - { id: answer, label: House target for an answer, kind: duty,";
  const twice = (when: string) =>
    changed(usText, answer, `      - { id: answer, label: Another answer, kind: duty, ${when}citation: House rule, basis: house }\n${answer}`);
  assert.match(problems(twice(""))[0]?.what ?? "", /Two clocks called "answer"/);
  jurisdiction(changed(twice("when: { emergency: false }, "), answer, `${answer} when: { emergency: true },`));
});

test("what a paper must show needs words, and a clock of working days needs a calendar", () => {
  assert.match(
    problems(changed(usText, "facial: [signature-of-judge, issued-on, court, account, expiry]", "facial: [signature-of-judge, magic]"))[0]?.what ?? "",
    /"magic" has no words/,
  );
  const noHolidays = usText
    .replace(/holidays:\n( {2}- [^\n]*\n)+/, "holidays: []\n")
    .replace("lasts: { n: 90, unit: days }\n        renewal", "lasts: { n: 90, unit: business-days }\n        renewal");
  assert.match(problems(noHolidays)[0]?.what ?? "", /counts working days and the pack has no holidays/);
});

test("a policy that switches emergencies on must name the minimum that may leave, from its own data types", () => {
  const on = changed(workplaceText, "allowVoluntaryEmergency: false", "allowVoluntaryEmergency: true");
  assert.match(problems(on)[0]?.what ?? "", /switched on without saying what may leave/);
  const stray = changed(on, "allowVoluntaryEmergency: true", "allowVoluntaryEmergency: true\n  emergency: { dataTypes: [name, dreams], paperWithinDays: 7 }");
  assert.deepEqual(problems(stray)[0]?.path, "settings.emergency.dataTypes[1]");
});
