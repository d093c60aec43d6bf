// Occasions and answers: the pack says by when, in whose hands, and what an answer must show.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { APartner, contract, refOf } from "../../../tests/a-partner.ts";

const begins = "2026-03-02T16:00:00Z";
const asPartner = "partner:P-0000-0001";

function works(clause: string) {
  const found = contract.clauses.find(({ id }) => id === clause);
  return found?.works?.as === "answer" ? found.works : assert.fail(`${clause} asks for no answer`);
}

/** The occasion arises; the end is where the clause puts it; half an answer leaves it open; the whole one in time keeps it. */
function answersInTime(clause: string, lastMoment: string): void {
  const { seenBy, owedBy, shows } = works(clause);
  const partner = APartner.signed({ agreement: { aiProduct: true } });
  const seer = seenBy === "vendor" ? "staff:ana" : asPartner;
  const occasion = refOf(partner.take(begins, "RecordOccasion", { clause, at: begins }, seer), "occasion");
  const id = `${clause}:${occasion}`;
  assert.equal(partner.duty(begins, id).dueAt, lastMoment, clause);
  assert.equal(partner.duty(begins, id).owedBy, owedBy, clause);
  const later = new Date(Date.parse(lastMoment) + 1).toISOString();
  assert.deepEqual([partner.duty(lastMoment, id).state, partner.duty(later, id).state], ["open", "overdue"], clause);
  const by = owedBy === "vendor" ? "staff:ana" : asPartner;
  const [first, ...rest] = shows.map((each) => each.id);
  partner.take("2026-03-02T17:00:00Z", "GiveAnswer", { occasion, shows: first === undefined ? [] : [first] }, by);
  if (rest.length > 0) {
    assert.deepEqual(
      partner.duty("2026-03-02T17:00:00Z", id).findings.map(({ code }) => code),
      rest.map(() => "PART_MISSING"),
      clause,
    );
    partner.take("2026-03-02T18:00:00Z", "GiveAnswer", { occasion, shows: rest }, by);
  }
  assert.equal(partner.duty(later, id).state, "met", clause);
  assert.deepEqual(partner.refuses("2026-03-02T19:00:00Z", "GiveAnswer", { occasion, shows: [] }, by), ["ANSWERED"], clause);
}

test("within twenty-four hours: unauthorised access (PPT-3(d)), a demand for confidential information (PPT-9.4a), protection that is no longer kept (DPA-2.2.1(ii)), a stop order (DPA-2.2.1(iv))", () => {
  for (const clause of ["PPT-3(d)", "PPT-9.4a", "DPA-2.2.1(ii)", "DPA-2.2.1(iv)"]) answersInTime(clause, "2026-03-03T16:00:00.000Z");
});

test("within ten business days: a claim (PPT-13d), questions about the AI Product (AI-3a), data of the Partnership (AI-3b), the contact (DPA-2.2.1(viii)), modern slavery (CMP-2b)", () => {
  for (const clause of ["PPT-13d", "AI-3a", "AI-3b", "DPA-2.2.1(viii)", "CMP-2b"]) answersInTime(clause, "2026-03-17T05:59:59.999Z");
});

test("within five business days: a regulator's question (DPA-2.2.1(vi)), a regulator's access (DPA-9.2), steps after a breach (DPA-11b), laws no longer complied with (USP-4.2(d))", () => {
  for (const clause of ["DPA-2.2.1(vi)", "DPA-9.2", "DPA-11b", "USP-4.2(d)"]) answersInTime(clause, "2026-03-10T05:59:59.999Z");
});

test("within ten days: a sub-processor's contract (DPA-6.5), three screens (CMP-1b), the certificate against corruption (CMP-4b), a consumer request handed down (USP-4.1b), proof of deletion (USP-4.2(e))", () => {
  for (const clause of ["DPA-6.5", "CMP-1b", "CMP-4b", "USP-4.1b", "USP-4.2(e)"]) answersInTime(clause, "2026-03-13T05:59:59.999Z");
});

test("the company owes answers too: a verified consumer request within two business days (USP-4.1a), unused data within thirty days (DPA-10e)", () => {
  answersInTime("USP-4.1a", "2026-03-05T06:59:59.999Z");
  answersInTime("DPA-10e", "2026-04-02T05:59:59.999Z");
});

test("a partner does not record what the company asked for, nor answer what the company owes", () => {
  const partner = APartner.signed();
  assert.deepEqual(partner.refuses(begins, "RecordOccasion", { clause: "DPA-6.5", at: begins }, asPartner), ["NOT_YOURS_TO_RECORD"]);
  const occasion = refOf(partner.take(begins, "RecordOccasion", { clause: "USP-4.1a", at: begins }), "occasion");
  assert.deepEqual(partner.refuses(begins, "GiveAnswer", { occasion, shows: [] }, asPartner), ["NOT_YOURS_TO_ANSWER"]);
  assert.deepEqual(partner.refuses(begins, "GiveAnswer", { occasion: "none", shows: [] }), ["NO_SUCH_OCCASION"]);
  assert.deepEqual(partner.refuses(begins, "GiveAnswer", { occasion, shows: ["horoscope"] }), ["NO_SUCH_PART"]);
});

test("more time that is given never shortens the clock, in whatever order it comes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }), (days) => {
      const partner = APartner.signed();
      const occasion = refOf(partner.take(begins, "RecordOccasion", { clause: "DPA-6.5", at: begins }), "occasion");
      const duty = `DPA-6.5:${occasion}`;
      let before = partner.duty(begins, duty).dueAt ?? "";
      for (const more of days) {
        const until = new Date(Date.parse("2026-03-02") + more * 86_400_000).toISOString().slice(0, 10);
        partner.take(begins, "GiveMoreTime", { duty, until });
        const after = partner.duty(begins, duty).dueAt ?? "";
        assert.ok(after >= before, `${before} became ${after}`);
        before = after;
      }
    }),
    { numRuns: 50 },
  );
});

test("a duty that the company lets go is excused, not kept, and one that is kept cannot be let go", () => {
  const partner = APartner.signed();
  const occasion = refOf(partner.take(begins, "RecordOccasion", { clause: "DPA-6.5", at: begins }), "occasion");
  const duty = `DPA-6.5:${occasion}`;
  partner.take("2026-04-01T12:00:00Z", "ExcuseDuty", { duty });
  assert.equal(partner.duty("2026-04-01T12:00:00Z", duty).state, "excused");
  assert.deepEqual(partner.refuses("2026-04-02T12:00:00Z", "ExcuseDuty", { duty }), ["NOT_OPEN"]);
});

test("parts of an answer count in the order in which they came, and none before the occasion (DPA-6.5)", () => {
  const parts = [
    { shows: ["contract"], receivedAt: "2026-03-03T00:00:00Z" },
    { shows: ["implementation"], receivedAt: "2026-03-20T00:00:00Z" },
  ];
  for (const order of [parts, parts.toReversed()]) {
    const partner = APartner.signed();
    const occasion = refOf(partner.take(begins, "RecordOccasion", { clause: "DPA-6.5", at: begins }), "occasion");
    assert.deepEqual(partner.refuses("2026-03-21T00:00:00Z", "GiveAnswer", { occasion, shows: [], receivedAt: "2020-01-01T00:00:00Z" }), ["BEFORE_OCCASION"]);
    for (const part of order) partner.take("2026-03-21T00:00:00Z", "GiveAnswer", { occasion, ...part });
    assert.equal(partner.duty("2026-03-22T00:00:00Z", "DPA-6.5").state, "late");
  }
});

test("more time is given for what the partner owes and has not answered, and not for what the company owes (USP-4.1a, DPA-6.5)", () => {
  const partner = APartner.signed({ zone: "Pacific/Auckland", country: "NZ" });
  const own = refOf(partner.take(begins, "RecordOccasion", { clause: "USP-4.1a", at: begins }), "occasion");
  assert.deepEqual(partner.refuses(begins, "GiveMoreTime", { duty: `USP-4.1a:${own}`, until: "2027-01-01" }), ["OWN_DUTY"]);
  assert.equal(partner.duty(begins, "USP-4.1a:").dueAt, "2026-03-05T06:59:59.999Z", "the company's days end in its own zone");
  const theirs = refOf(partner.take(begins, "RecordOccasion", { clause: "DPA-6.5", at: begins }), "occasion");
  partner.report("2026-04-01T00:00:00Z", "GiveAnswer", { occasion: theirs, shows: ["contract", "implementation"] });
  assert.deepEqual(partner.refuses("2026-04-02T00:00:00Z", "GiveMoreTime", { duty: `DPA-6.5:${theirs}`, until: "2026-04-30" }), ["SETTLED"]);
});

test("from the first day of the agreement the partner owes the name of whoever is responsible for data protection (DPA-2.2.1(viii))", () => {
  assert.equal(APartner.signed().duty("2026-01-02T00:00:00Z", "DPA-2.2.1(viii):").state, "open");
  assert.equal(APartner.signed().duty("2026-03-02T00:00:00Z", "DPA-2.2.1(viii):").state, "overdue");
});
