// Shows what a case tells a rule of the law about itself, and what it leaves unsaid.
import assert from "node:assert/strict";
import { test } from "node:test";
import { details, everyLaw, line, us } from "../../../tests/a-case.ts";
import { situationOf } from "./case-situation.ts";
import { findInstrument } from "./line-verdicts.ts";

const eu = everyLaw.find(({ country }) => country === "EU") ?? assert.fail("no pack of the Union");
const { instrument: warrant = assert.fail("no paper"), ...unread } = details();
const known = findInstrument(warrant, [us]);
const epoc = { ...warrant, id: "EU-EPOC" };

test("before anything is known a case says nothing, and no rule may assume what it leaves out", () => {
  assert.deepEqual(situationOf(unread, undefined, undefined, us), { places: {} });
});

test("a warrant says which paper it is, of which family and from which country; a line adds its kind of data and its class", () => {
  const paper = { instrument: "US-SW", family: "production", authority: "US", places: {} };
  assert.deepEqual(situationOf(details(), known, undefined, us), paper);
  assert.deepEqual(situationOf(details(), known, undefined, us, line("L1")), { ...paper, dataType: "messages", dataClass: "CONTENT" });
});

test("the rule that asks gives the line its class: what sinks under one law need not sink under another", () => {
  const history = line("L1", { dataType: "sign-in-history" });
  assert.equal(situationOf(unread, undefined, undefined, us, history).dataClass, "SUBSCRIBER");
  assert.equal(situationOf(unread, undefined, undefined, eu, history).dataClass, "TRAFFIC");
  assert.equal(situationOf(unread, undefined, undefined, eu, { ...history, onlyToIdentify: true }).dataClass, "IDENTIFY_ONLY");
  const unheard = situationOf(unread, undefined, undefined, us, line("L1", { dataType: "horoscopes" }));
  assert.deepEqual(unheard, { dataType: "horoscopes", places: {} });
});

test("a national paper comes from its nation unless it says more; a paper of the Union says itself which member sent it", () => {
  const union = findInstrument(epoc, [us, eu]);
  const authority = (instrument: typeof epoc, of = known) => situationOf(details({ instrument }), of, undefined, us).authority;
  assert.equal(authority(warrant), "US");
  assert.equal(authority({ ...warrant, issuedIn: "US-TX" }), "US-TX");
  assert.equal(authority(epoc, union), undefined);
  assert.equal(authority({ ...epoc, issuedIn: "FR" }, union), "FR");
  const unknown = { ...warrant, id: "XX-NONE" };
  assert.equal(situationOf(details({ instrument: unknown }), undefined, undefined, us).authority, undefined);
  assert.equal(situationOf(details({ instrument: { ...unknown, issuedIn: "BR" } }), undefined, undefined, us).authority, "BR");
});

test("that something is no emergency, or that no authority was told, is an answer and is not lost", () => {
  for (const said of [true, false]) {
    const { emergency, authorityNotified } = situationOf(
      details({ instrument: { ...warrant, emergency: said, authorityNotified: said } }),
      known,
      undefined,
      us,
    );
    assert.deepEqual([emergency, authorityNotified], [said, said]);
  }
});

test("the company's own places stand beside those of the case, and what nobody configured stays unknown", () => {
  const placed = details({ places: { customer: "DE", data: "IE" } });
  assert.deepEqual(situationOf(placed, known, {}, us).places, { customer: "DE", data: "IE" });
  const provider = { incorporatedIn: "US-DE", headquarteredIn: "US-CA", designatedIn: "IE", kinds: ["processor" as const] };
  const situation = situationOf(placed, known, provider, us);
  assert.deepEqual(situation.places, { customer: "DE", data: "IE", incorporation: "US-DE", headquarters: "US-CA", designee: "IE" });
  assert.deepEqual(situation.provider, ["processor"]);
  assert.ok(!("provider" in situationOf(placed, known, {}, us)));
});

test("a person's marks of protection are told as they stand, also when there are none", () => {
  assert.deepEqual(situationOf(details({ protection: ["health"] }), known, undefined, us).protection, ["health"]);
  assert.deepEqual(situationOf(details({ protection: [] }), known, undefined, us).protection, []);
  assert.ok(!("protection" in situationOf(details(), known, undefined, us)), "nobody has looked");
});
