// Holds the questions about a paper against the packs and against the step that takes their answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { readShelf } from "../../adapters/packs/read-shelf.ts";
import { placesOf, ranks } from "../../policy/pack.ts";
import { confirmDetailsSchema } from "../../requests/intake/module.ts";
import { labelsOfPaper } from "./details-paper.tsx";
import { paperFields, questionsFor } from "./paper-questions.ts";

const reading = await readShelf(new URL("../../../packs", import.meta.url).pathname);
const { laws } = reading.kind === "shelf" ? reading.shelf : assert.fail("the packs have problems");
const only = (...countries: readonly string[]) => ({ laws: laws.filter(({ country }) => countries.includes(country)) });
const everywhere = only("US", "EU", "GB");

/** These stand in the first part of the form, or are the answers about contents. */
const elsewhere = ["id", "signedBy", "issuedOn", "servedAt", "expiresOn", "returnOn", "shows", "lacks", "offence"];
/** The company's own places come from its profile. */
const ours = ["incorporation", "headquarters", "designee"];

test("every fact that the step takes about a paper is asked, and nothing it does not take", () => {
  const { instrument } = confirmDetailsSchema.shape;
  const facts = instrument.unwrap().shape;
  assert.deepEqual(
    paperFields
      .filter((field) => field.startsWith("instrument."))
      .map((field) => field.slice("instrument.".length))
      .toSorted(),
    Object.keys(facts)
      .filter((name) => !elsewhere.includes(name))
      .toSorted(),
  );
  const offence = facts.offence.unwrap();
  assert.ok(offence instanceof z.ZodObject);
  assert.deepEqual(
    paperFields.filter((field) => field.startsWith("offence.")),
    Object.keys(offence.shape).map((name) => `offence.${name}`),
  );
  assert.deepEqual(
    paperFields.filter((field) => field.startsWith("places.")),
    placesOf.filter((place) => !ours.includes(place)).map((place) => `places.${place}`),
  );
  for (const field of paperFields) assert.ok(labelsOfPaper[field].length > 5);
});

test("for every paper of every pack the whole list of ranks is offered, those it names first", () => {
  const papers = laws.flatMap(({ instruments }) => instruments);
  assert.ok(papers.length > 30);
  for (const { id, issuers, facial } of papers) {
    const { ranks: offered, contents } = questionsFor(id, { laws });
    assert.deepEqual([...offered.named, ...offered.others].toSorted(), [...ranks].toSorted(), id);
    for (const issuer of issuers) assert.ok(offered.named.includes(issuer), `${id} ${issuer}`);
    for (const content of facial)
      assert.ok(
        contents.some((each) => each.id === content),
        `${id} ${content}`,
      );
  }
});

test("a European order asks who validated it, for which offence, and whether another authority was told; a subpoena does not", () => {
  const european = questionsFor("EU-EPOC", everywhere).matters;
  const subpoena = questionsFor("US-SUBP-GJ", only("US")).matters;
  for (const field of [
    "instrument.validatedBy",
    "offence.maxYears",
    "offence.listed",
    "instrument.emergency",
    "instrument.authorityNotified",
    "instrument.seal",
    "instrument.issuedIn",
  ] as const) {
    assert.ok(european.has(field), field);
    if (field !== "instrument.issuedIn") assert.ok(!subpoena.has(field), field);
  }
});

test("a paper that can be served in certain ways only asks how it was served", () => {
  assert.ok(questionsFor("UK-OPO", everywhere).matters.has("instrument.servedBy"));
  assert.ok(!questionsFor("US-SW", only("US")).matters.has("instrument.servedBy"));
});

test("what lifts a rule is asked beside what must stand on the paper's face", () => {
  const { contents } = questionsFor("US-SW", only("US"));
  assert.ok(
    contents.some(({ id }) => id === "attestation"),
    "the attestation that California asks of other states' papers",
  );
  assert.ok(questionsFor("UK-OPO", everywhere).agreements.includes("US-GB"));
});

test("without an instrument only the addressee is asked, and every rank is open", () => {
  for (const id of [undefined, "", "XX-NONE"]) {
    const { matters, contents, ranks: offered } = questionsFor(id, everywhere);
    assert.deepEqual([[...matters], contents, offered.named], [["instrument.addressedTo"], [], []]);
  }
});
