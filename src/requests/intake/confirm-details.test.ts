// A person confirms what was read: what cannot be true of any paper is refused at once, and what is missing is named.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, learning, onDay, received, sealed, told } from "../../../tests/a-case.ts";
import { instant, zone } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import { confirmDetails, cutOff } from "./confirm-details.ts";

const open = history([received()]);
const everything = ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact", "government-mailbox"];
const warrant = { id: "US-SW", signedBy: "judge", issuedOn: "2026-10-30" };
const asked = { id: "L1", subject: "S1", dataType: "messages", from: "2026-03-01", to: "2026-03-31" };

function confirming(changes: Readonly<Record<string, unknown>> = {}, past = open, on = at()) {
  return told(past, confirmDetails).when(
    {
      nature: "criminal",
      instrument: warrant,
      subjects: [{ id: "S1", workspace: "acme", resolved: true }],
      lines: [asked],
      private: { agency: "Harbor County Sheriff", subjects: { S1: { asWritten: "jo@acme.example", account: "U-1" } } },
      given: everything,
      ...changes,
    },
    on,
  );
}

test("confirmed details are revision 1, served when the message arrived, with every name sealed away", () => {
  confirming().then(
    {
      type: "DetailsConfirmed",
      revision: 1,
      nature: "criminal",
      instrument: { id: "US-SW", signedBy: "judge", issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") },
      subjects: [{ id: "S1", workspace: "acme", resolved: true }],
      lines: [{ id: "L1", subject: "S1", dataType: "messages", from: onDay("2026-03-01"), to: onDay("2026-03-31") }],
      missing: [],
      details: sealed("evidence-1"),
    },
    { type: "AssuranceRecorded", fact: "contact-details", verdict: "met", code: "CONTACT_COMPLETE" },
  );
  assert.doesNotMatch(JSON.stringify(confirming().outcome), /jo@|Harbor|U-1/);
});

test("each correction is the next revision", () => {
  confirming({}, history([received(), details({ revision: 4 })])).then({ type: "DetailsConfirmed", revision: 5 }, { type: "AssuranceRecorded" });
});

test("a moment of service on the paper counts before the message's arrival", () => {
  const [fact] = confirming({ instrument: { ...warrant, servedAt: "2026-11-01T10:00:00-07:00" } }).then({ type: "DetailsConfirmed" }, {});
  assert.equal(fact?.type === "DetailsConfirmed" && fact.instrument?.servedAt, "2026-11-01T17:00:00.000Z");
});

test("what the policy asks for and the paper does not give is missing; the mailbox is judged elsewhere", () => {
  confirming({ given: [] }).then(
    { missing: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"] },
    { verdict: "not-met", code: "CONTACT_INCOMPLETE", clause: "KDRP-3" },
  );
  confirming({ given: [] }, open, at(undefined, { policy: learning })).then({ missing: [] }, { verdict: "not-met" });
});

test("details are confirmed while the case is open, also after it was set aside, and not afterwards", () => {
  confirming({}, history([received(), { type: "SetAside", as: "not-a-request" }])).then({ type: "DetailsConfirmed" }, {});
  for (const facts of [[], [received(), { type: "CaseClosed", outcome: "rejected" }], [received(), { type: "RequestWithdrawn", by: "agency" }]] as const)
    confirming({}, history(facts as readonly CaseFact[])).refused("CASE_NOT_OPEN");
});

test("a paper that no law knows, dated after its service, or expiring before its issue is refused", () => {
  confirming({ instrument: { ...warrant, id: "XX-NONE" } }).refused("UNKNOWN_INSTRUMENT");
  confirming({ instrument: { ...warrant, issuedOn: "2026-11-03" } }).refused("POST_DATED");
  confirming({ instrument: { ...warrant, issuedOn: "2026-11-02" } }).then({ type: "DetailsConfirmed" }, {});
  confirming({ instrument: { ...warrant, expiresOn: "2026-10-29" } }).refused("EXPIRES_BEFORE_ISSUE");
});

test("a paper may be left open: what is not known is not guessed", () => {
  confirming({ instrument: undefined }).then({ type: "DetailsConfirmed", instrument: undefined }, {});
});

test("a line with an unknown subject, an unknown type of data, reversed dates or another line's id is refused by its name", () => {
  const one = (changes: Readonly<Record<string, unknown>>) => confirming({ lines: [{ ...asked, ...changes }] });
  const [reason] = one({ subject: "S9" }).refused("UNKNOWN_SUBJECT");
  assert.equal(reason?.line, "L1");
  one({ dataType: "dreams" }).refused("UNKNOWN_DATA_TYPE");
  one({ from: "2026-04-01" }).refused("RANGE_REVERSED");
  one({ from: "2026-03-31" }).then({ type: "DetailsConfirmed" }, {});
  confirming({ lines: [asked, asked] }).refused("LINE_TWICE", "LINE_TWICE");
});

test("every contradiction is given at once", () => {
  confirming({
    instrument: { ...warrant, id: "XX-NONE", issuedOn: "2026-11-03", expiresOn: "2026-10-01" },
    lines: [{ ...asked, subject: "S9", dataType: "dreams", from: "2026-04-01" }],
  }).refused("UNKNOWN_INSTRUMENT", "POST_DATED", "EXPIRES_BEFORE_ISSUE", "UNKNOWN_SUBJECT", "UNKNOWN_DATA_TYPE", "RANGE_REVERSED");
});

test("the cut-off is the last moment of the day of service in the desk's zone", () => {
  const served = { servedAt: instant("2026-11-02T17:00:00Z") };
  assert.equal(cutOff(served, at()), "2026-11-03T06:59:59.999Z");
  assert.equal(cutOff(served, { zone: zone("Europe/Berlin") }), "2026-11-02T22:59:59.999Z");
});
