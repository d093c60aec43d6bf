// Reads the words of the rules as a lawyer would: each condition and each period says what it means, and none is left out.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import { jurisdictionPack, type When } from "./pack.ts";
import { countWords, effectWords, fullPeriodWords, tellingWords, tierWords, whenWords } from "./pack-words.ts";

describe("periods", () => {
  const cases = [
    [{ n: 10, unit: "days", counts: "after", rolls: false }, "10 days after the day of service; never rolls"],
    [{ n: 1, unit: "days", counts: "beginning-with", rolls: false }, "1 day beginning with the day of service; never rolls"],
    [{ n: 5, unit: "business-days", counts: "after", rolls: false }, "5 working days after the day of service; never rolls"],
    [
      { n: 1, unit: "months", counts: "after", rolls: true },
      "1 month after the day of service; a last day on a weekend or holiday moves to the next working day",
    ],
    [{ n: 8, unit: "hours", counts: "after", rolls: true }, "8 hours after service, in elapsed hours"],
  ] as const;
  for (const [period, words] of cases) test(words, () => assert.equal(countWords(period, "served"), words));

  test("two periods that differ in their counting alone have different words", () => {
    const kinds = [true, false].flatMap((rolls) => (["after", "beginning-with"] as const).map((counts) => ({ n: 3, unit: "days", counts, rolls }) as const));
    assert.equal(new Set(kinds.map(fullPeriodWords)).size, 4);
    assert.equal(new Set(kinds.map((period) => countWords(period, "issued"))).size, 4);
  });
});

describe("conditions", () => {
  const one = {
    instruments: ["US-SW"],
    families: ["production"],
    dataClass: "CONTENT",
    dataClasses: ["TRAFFIC", "CONTENT"],
    dataType: "file-names",
    emergency: false,
    authorityNotified: false,
    authorityIn: ["US-*"],
    authorityOutside: ["here", "DK"],
    providerIs: ["processor"],
    authorityAtDesignee: false,
    protected: ["privilege", "health"],
    anyPlace: { of: ["customer", "person"], in: ["GB", "AU"] },
    everyPlace: { of: ["customer", "person"], outside: ["US"] },
  } satisfies When;

  test("every condition that a pack can set has words, alone and beside the others", () => {
    const schema = z.toJSONSchema(jurisdictionPack.shape.overrides.element.shape.when) as { readonly properties: object };
    assert.deepEqual(Object.keys(schema.properties).toSorted(), Object.keys(one).toSorted());
    const alone = Object.entries(one).map(([name, value]) => whenWords({ [name]: value }));
    assert.equal(new Set([...alone, "always"]).size, alone.length + 1, "no two are alike and none says nothing");
    const together = whenWords(one);
    for (const words of alone) assert.ok(together.includes(words.replace(/^when /, "")), words);
  });

  test("a condition turned round has other words", () => {
    for (const name of ["emergency", "authorityNotified", "authorityAtDesignee"] as const)
      assert.notEqual(whenWords({ [name]: true }), whenWords({ [name]: false }));
  });

  test("places and regions read as a sentence", () => {
    assert.equal(whenWords({ anyPlace: one.anyPlace }), "when the customer or the person asked about is in GB or AU");
    assert.equal(whenWords({ everyPlace: one.everyPlace }), "when the customer and the person asked about are outside US");
    assert.equal(whenWords({ authorityOutside: one.authorityOutside }), "when the asking authority sits outside this law's territory or DK");
    assert.equal(whenWords({ authorityIn: one.authorityIn }), "when the asking authority sits in a part of US");
    assert.equal(whenWords(undefined), "always");
    assert.equal(whenWords({}), "always");
  });
});

test("an override says what it does and what lifts it", () => {
  const rule = { id: "x", when: {}, binds: "own-papers", because: "Because of the law.", citation: "Act", basis: "law", tells: [], confirm: [] } as const;
  const names = (id: string) => `“${id}”`;
  assert.equal(effectWords({ ...rule, tells: [], confirm: [], requires: ["A", "B"] }, names), "only “A” or “B” reaches it");
  assert.equal(effectWords({ ...rule, tells: [], confirm: [], requires: [] }), "no paper reaches it");
  assert.equal(
    effectWords({ ...rule, tells: [], confirm: [], then: "counsel", unless: { shows: ["seal"], agreements: ["US-GB"], transferGround: true } }),
    "counsel decides, unless the paper shows seal, or it is made under the agreement US-GB, or a ground for the transfer is on record",
  );
});

test("a row of issuers names everybody who can make the paper good, and for which offences", () => {
  assert.equal(
    tierWords({
      classes: ["CONTENT"],
      issuers: ["judge", "court"],
      validators: ["investigating-judge"],
      emergencyIssuers: ["agency"],
      validatedWithinHours: 48,
      offence: { minYears: 3, orListed: true },
      citation: "Act",
      basis: "law",
    }),
    "issued by a judge or a court; or issued by another authority and validated by an investigating judge; in an emergency first by an agency; validated within 48 hours; for an offence punishable with at least 3 years, or one on the law's list",
  );
});

test("who tells whom stands with its condition", () => {
  const telling = { who: "customer", by: "authority", when: "without delay", paperMayForbid: true, citation: "Act", basis: "law" } as const;
  assert.equal(tellingWords(telling), "the authority tells the customer without delay");
  assert.equal(tellingWords({ ...telling, by: "us", applies: { emergency: true } }), "we tell the customer without delay, when it is an emergency");
});
