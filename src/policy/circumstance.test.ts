// Shows when a rule of the law meets a case: what holds, what does not, and what the case does not say.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Applies, CaseSituation } from "./circumstance.ts";
import { applies, liesIn } from "./circumstance.ts";
import type { When } from "./pack.ts";
import { placesOf, protections, providerKinds } from "./pack.ts";

const nowhere: CaseSituation = { places: {} };
const union = ["DE", "FR", "IE"];
const of = (when: When, situation: Partial<CaseSituation> = {}) => applies(when, { ...nowhere, ...situation }, union);
const answers = ["yes", "no", "unknown"] as const;

/** A condition, a case that meets it, and one that says otherwise; a case that says nothing leaves it unknown. */
const conditions: readonly { readonly when: When; readonly met: Partial<CaseSituation>; readonly unmet: Partial<CaseSituation> }[] = [
  { when: { instruments: ["EU-EPOC", "EU-EPOC-PR"] }, met: { instrument: "EU-EPOC-PR" }, unmet: { instrument: "EU-EIO" } },
  { when: { families: ["production", "emergency"] }, met: { family: "emergency" }, unmet: { family: "preservation" } },
  { when: { dataClass: "CONTENT" }, met: { dataClass: "CONTENT" }, unmet: { dataClass: "TRAFFIC" } },
  { when: { dataClasses: ["TRAFFIC", "LOCATION"] }, met: { dataClass: "LOCATION" }, unmet: { dataClass: "CONTENT" } },
  { when: { dataType: "file-names" }, met: { dataType: "file-names" }, unmet: { dataType: "files" } },
  { when: { emergency: true }, met: { emergency: true }, unmet: { emergency: false } },
  { when: { emergency: false }, met: { emergency: false }, unmet: { emergency: true } },
  { when: { authorityNotified: true }, met: { authorityNotified: true }, unmet: { authorityNotified: false } },
  { when: { authorityNotified: false }, met: { authorityNotified: false }, unmet: { authorityNotified: true } },
  { when: { authorityIn: ["US-*", "GB"] }, met: { authority: "US-TX" }, unmet: { authority: "US" } },
  { when: { authorityIn: ["here"] }, met: { authority: "IE" }, unmet: { authority: "DK" } },
  { when: { authorityOutside: ["here", "DK"] }, met: { authority: "US-CA" }, unmet: { authority: "DK" } },
  { when: { providerIs: ["hosting", "processor"] }, met: { provider: ["controller", "processor"] }, unmet: { provider: ["controller"] } },
  { when: { protected: ["privilege", "health"] }, met: { protection: ["minors", "health"] }, unmet: { protection: [] } },
  {
    when: { authorityAtDesignee: true },
    met: { authority: "DE-BY", places: { designee: "DE" } },
    unmet: { authority: "FR", places: { designee: "DE" } },
  },
  {
    when: { authorityAtDesignee: false },
    met: { authority: "FR", places: { designee: "DE-BE" } },
    unmet: { authority: "DE", places: { designee: "DE-BE" } },
  },
  { when: { anyPlace: { of: ["data"], in: ["here"] } }, met: { places: { data: "FR" } }, unmet: { places: { data: "GB" } } },
  { when: { anyPlace: { of: ["person"], outside: ["US"] } }, met: { places: { person: "GB" } }, unmet: { places: { person: "US-CA" } } },
  { when: { everyPlace: { of: ["data"], in: ["here"] } }, met: { places: { data: "FR" } }, unmet: { places: { data: "GB" } } },
  { when: { everyPlace: { of: ["person"], outside: ["US"] } }, met: { places: { person: "GB" } }, unmet: { places: { person: "US-CA" } } },
];

test("a rule without a condition meets every case, also one that says nothing about itself", () => {
  assert.equal(applies(undefined, nowhere, union), "yes");
  assert.equal(of({}), "yes");
});

test("each condition holds, does not hold, or is unknown where the case does not say: nothing is assumed", () => {
  for (const { when, met, unmet } of conditions) {
    assert.equal(of(when, met), "yes", JSON.stringify(when));
    assert.equal(of(when, unmet), "no", JSON.stringify(when));
    assert.equal(of(when), "unknown", JSON.stringify(when));
  }
});

test("every member of a condition must hold: one that does not is decisive, and one that nobody knows leaves the whole unknown", () => {
  const instrument: Record<Applies, Partial<CaseSituation>> = { yes: { instrument: "EU-EPOC" }, no: { instrument: "EU-EIO" }, unknown: {} };
  const emergency: Record<Applies, Partial<CaseSituation>> = { yes: { emergency: true }, no: { emergency: false }, unknown: {} };
  for (const one of answers) {
    for (const other of answers) {
      const expected = [one, other].includes("no") ? "no" : [one, other].includes("unknown") ? "unknown" : "yes";
      assert.equal(of({ instruments: ["EU-EPOC"], emergency: true }, { ...instrument[one], ...emergency[other] }), expected, `${one} and ${other}`);
    }
  }
});

test("of several places one inside is enough for `any`, and one outside is enough against `every`; an unknown place never decides", () => {
  const lies: Record<Applies, string | undefined> = { yes: "DE", no: "US-CA", unknown: undefined };
  const places = (customer: Applies, person: Applies) => {
    const [one, other] = [lies[customer], lies[person]];
    return { places: { ...(one === undefined ? {} : { customer: one }), ...(other === undefined ? {} : { person: other }) } };
  };
  const joined = (all: readonly Applies[], decisive: Applies, otherwise: Applies) =>
    all.includes(decisive) ? decisive : all.includes("unknown") ? "unknown" : otherwise;
  for (const customer of answers) {
    for (const person of answers) {
      const asked = { of: ["customer" as const, "person" as const], in: ["here"] };
      const named = `customer ${customer}, person ${person}`;
      assert.equal(of({ anyPlace: asked }, places(customer, person)), joined([customer, person], "yes", "no"), `any: ${named}`);
      assert.equal(of({ everyPlace: asked }, places(customer, person)), joined([customer, person], "no", "yes"), `every: ${named}`);
    }
  }
});

test("a place may have to lie inside one region and outside another: the Union without Ireland", () => {
  const asked = { of: ["data" as const], in: ["here"], outside: ["IE"] };
  const at = (data?: string) => of({ anyPlace: asked }, data === undefined ? {} : { places: { data } });
  assert.deepEqual([at("DE"), at("IE"), at("US"), at()], ["yes", "no", "no", "unknown"]);
});

test("whether the authority is that of the designated establishment stays open until both states are known", () => {
  assert.equal(of({ authorityAtDesignee: true }, { authority: "DE" }), "unknown");
  assert.equal(of({ authorityAtDesignee: true }, { places: { designee: "DE" } }), "unknown");
});

test("a country covers its parts; a part covers neither its country nor another part whose name begins alike", () => {
  const table: readonly (readonly [value: string, region: string, inside: boolean])[] = [
    ["US", "US", true],
    ["US-CA", "US", true],
    ["US", "US-CA", false],
    ["US-CA", "US-CA", true],
    ["US-TX", "US-CA", false],
    ["US-CA", "US-*", true],
    ["US", "US-*", false],
    ["US-", "US-*", false],
    ["CA-ON", "US-*", false],
    ["UA-30", "US-*", false],
    ["USX", "US", false],
    ["FR", "here", true],
    ["FR-75", "here", true],
    ["DK", "here", false],
  ];
  for (const [value, region, inside] of table) assert.equal(liesIn(value, region, union), inside, `${value} in ${region}`);
});

test("a mark that the law names counts among several, and only a person's look without a find is a no", () => {
  for (const mark of protections) {
    assert.equal(of({ protected: [mark] }, { protection: protections }), "yes");
    assert.equal(of({ protected: [mark] }, { protection: protections.filter((other) => other !== mark) }), "no");
  }
  for (const kind of providerKinds) assert.equal(of({ providerIs: [kind] }, { provider: [kind] }), "yes");
});

test("each place is asked under its own name: where the customer sits says nothing of where the data lies", () => {
  for (const asked of placesOf) {
    for (const given of placesOf) {
      const answer = of({ anyPlace: { of: [asked], in: ["here"] } }, { places: { [given]: "FR" } });
      assert.equal(answer, asked === given ? "yes" : "unknown", `${asked} asked, ${given} given`);
    }
  }
});

test("learning more about a case never turns a yes into a no or a no into a yes: it only settles what was unknown", () => {
  const sides = conditions.flatMap(({ met, unmet }) => [met, unmet]);
  const merged = (facts: readonly Partial<CaseSituation>[]): CaseSituation =>
    facts.reduce<CaseSituation>((known, fact) => ({ ...fact, ...known, places: { ...fact.places, ...known.places } }), nowhere);
  fc.assert(
    fc.property(
      fc.subarray(conditions.map(({ when }) => when)),
      fc.array(fc.constantFrom(...sides), { maxLength: 8 }),
      fc.array(fc.constantFrom(...sides), { maxLength: 8 }),
      (asked, known, learned) => {
        const when = Object.assign({}, ...asked) as When;
        const before = of(when, merged(known));
        if (before !== "unknown") assert.equal(of(when, merged([...known, ...learned])), before);
      },
    ),
  );
});
