// What the desk says about a sender, fact by fact.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MailAuthentication } from "../../app/reading-port.ts";
import { day } from "../../kernel/instant.ts";
import { assessSender, trustLevels, type SenderAssessment, type SenderFacts } from "./assess-sender.ts";
import type { AssuredFact } from "./events.ts";
import { emptyRegister } from "./sender-domain.ts";

const today = day("2026-11-21");
const register = { ...emptyRegister, verified: ["police.springfield.example"] };
const allDetails = { name: true, rankOrBadge: true, phone: true, postalAddress: true, email: true };

function authentication(change: Partial<MailAuthentication> = {}): MailAuthentication {
  return {
    fromDomain: "agency.gov",
    fromAddress: "jane.roe@agency.gov",
    displayName: "Jane Roe",
    spf: { result: "pass", domain: "agency.gov" },
    dkim: [{ result: "pass", domain: "agency.gov", selector: "s1", algorithm: "rsa-sha256", aligned: true, unsignedBytes: 0 }],
    dmarc: { result: "pass", policy: "reject" },
    arc: { result: "none", instances: 0 },
    aligned: { kind: "aligned", by: ["dkim", "spf"], policy: "enforced" },
    dnsAnswers: [],
    findings: [],
    ...change,
  };
}

function assess(change: Partial<SenderFacts> = {}): SenderAssessment {
  return assessSender({ authentication: authentication(), replyTo: [], contact: allDetails, today, ...change }, register);
}

function verdict(assessment: SenderAssessment, fact: AssuredFact): string {
  const found = assessment.assurances.find((each) => each.fact === fact);
  return `${found?.verdict} ${found?.code}`;
}

const confirmed = { outcome: "confirmed", on: day("2026-11-01"), numberFrom: "independent", validDays: 90 } as const;
const police = authentication({ fromDomain: "police.springfield.example", fromAddress: "jane.roe@police.springfield.example" });

test("every fact is assessed once, each with the clause that asks for it", () => {
  const { assurances } = assess();
  assert.deepEqual(
    assurances.map((each) => each.fact),
    ["mail-authentication", "domain-class", "look-alike", "reply-to", "display-name", "contact-details", "call-back"],
  );
  assert.ok(assurances.every((each) => each.clause === "KDRP-3"));
});

test("a government domain alone is never enough", () => {
  assert.equal(assess({ contact: { ...allDetails, phone: false } }).senderTrust, "none");
  assert.equal(assess().senderTrust, "low");
});

test("trust is the least of what the mail, the domain and the person earn", () => {
  assert.equal(assess({ callBack: confirmed }).senderTrust, "medium");
  assert.equal(assess({ callBack: confirmed, authentication: police }).senderTrust, "high");
  assert.equal(
    assess({ callBack: confirmed, authentication: { ...police, aligned: { kind: "aligned", by: ["dkim"], policy: "monitored" } } }).senderTrust,
    "medium",
  );
  assert.equal(
    assess({ callBack: confirmed, authentication: { ...police, aligned: { kind: "aligned", by: ["spf"], policy: "no-policy" } } }).senderTrust,
    "low",
  );
});

test("a message nobody stands behind earns nothing, and one that could not be asked about waits", () => {
  const forged = assess({ callBack: confirmed, authentication: authentication({ aligned: { kind: "not-aligned" } }) });
  assert.deepEqual([verdict(forged, "mail-authentication"), forged.senderTrust], ["not-met SENDER_UNVERIFIED", "none"]);
  const open = assess({ callBack: confirmed, authentication: authentication({ aligned: { kind: "unknown" } }) });
  assert.deepEqual([verdict(open, "mail-authentication"), open.senderTrust], ["unknown AUTHENTICATION_UNKNOWN", "none"]);
});

test("a message without one clear author earns nothing", () => {
  const { fromDomain: _domain, fromAddress: _address, ...rest } = authentication({ aligned: { kind: "not-aligned" } });
  const assessment = assess({ authentication: { ...rest, findings: [{ code: "FROM_SEVERAL_FIELDS", because: "Two authors." }] } });
  assert.equal(verdict(assessment, "mail-authentication"), "not-met AUTHOR_UNCLEAR");
  assert.equal(assessment.senderTrust, "none");
});

test("answers must go to the domain the message comes from", () => {
  assert.equal(verdict(assess({ replyTo: [{ address: "records@AGENCY.gov" }] }), "reply-to"), "met REPLY_TO_SAME");
  const elsewhere = assess({ callBack: confirmed, replyTo: [{ address: "jane@agency.gov" }, { address: "jane@agency-gov.example" }] });
  assert.deepEqual([verdict(elsewhere, "reply-to"), elsewhere.senderTrust], ["not-met REPLY_TO_ELSEWHERE", "none"]);
});

test("a name does not make a free mailbox an agency's", () => {
  for (const displayName of ["FBI Special Agent Roe", "Polizei Hamburg", "District Attorney", "Ｆ\uff22\uff29"]) {
    const assessment = assess({ authentication: authentication({ displayName, fromDomain: "gmail.com", fromAddress: "roe@gmail.com" }) });
    assert.equal(verdict(assessment, "display-name"), "not-met DISPLAY_NAME_CLAIMS_AGENCY", displayName);
    assert.equal(verdict(assessment, "domain-class"), "not-met FREEMAIL");
  }
  const other = assess({ authentication: authentication({ displayName: "director@fbi.gov" }) });
  assert.deepEqual([verdict(other, "display-name"), other.senderTrust], ["not-met DISPLAY_NAME_HOLDS_ADDRESS", "none"]);
});

test("a domain that imitates an agency's earns nothing, whoever was called", () => {
  const assessment = assess({
    callBack: confirmed,
    authentication: authentication({ fromDomain: "agency.gov.co.evil.example", fromAddress: "a@agency.gov.co.evil.example" }),
  });
  assert.deepEqual([verdict(assessment, "look-alike"), assessment.senderTrust], ["not-met LOOK_ALIKE", "none"]);
});

test("missing contact details are named all at once", () => {
  const { assurances } = assess({ contact: { ...allDetails, phone: false, rankOrBadge: false } });
  const found = assurances.find((each) => each.fact === "contact-details");
  assert.equal(found?.code, "CONTACT_INCOMPLETE");
  assert.match(found?.because ?? "", /rank or badge number, telephone number/);
});

const calls = [
  [{ ...confirmed, on: today }, "met CALL_BACK_CONFIRMED"],
  [{ ...confirmed, on: day("2026-08-23") }, "met CALL_BACK_CONFIRMED"],
  [{ ...confirmed, on: day("2026-08-22") }, "unknown CALL_BACK_EXPIRED"],
  [{ ...confirmed, on: day("2026-11-22") }, "unknown CALL_BACK_EXPIRED"],
  [{ ...confirmed, numberFrom: "message" }, "unknown CALL_BACK_NUMBER_FROM_MESSAGE"],
  [{ ...confirmed, outcome: "no-answer" }, "unknown CALL_BACK_NO_ANSWER"],
  [{ ...confirmed, outcome: "denied", on: day("2020-01-01") }, "not-met CALL_BACK_DENIED"],
] as const;
for (const [callBack, expected] of calls) {
  test(`a call-back (${callBack.outcome}, ${callBack.on}, number from ${callBack.numberFrom}) counts as ${expected}`, () => {
    const assessment = assess({ callBack });
    assert.equal(verdict(assessment, "call-back"), expected);
    if (expected !== "met CALL_BACK_CONFIRMED") assert.ok(["none", "low"].includes(assessment.senderTrust));
  });
}

test("no sentence holds a name or an address, and taking a good fact away never raises trust", () => {
  const domains = fc.constantFrom("agency.gov", "police.springfield.example", "gmail.com", "agency-gov.example", "unknown.example");
  const facts = fc.record({ domain: domains, aligned: fc.boolean(), phone: fc.boolean(), called: fc.boolean(), elsewhere: fc.boolean() });
  fc.assert(
    fc.property(facts, fc.constantFrom("aligned", "phone", "called"), (chosen, taken) => {
      const of = (given: typeof chosen): SenderAssessment =>
        assess({
          authentication: authentication({
            fromDomain: given.domain,
            fromAddress: `jane.roe@${given.domain}`,
            displayName: "Zaphod Beeblebrox",
            aligned: given.aligned ? { kind: "aligned", by: ["dkim"], policy: "enforced" } : { kind: "not-aligned" },
          }),
          contact: { ...allDetails, phone: given.phone },
          replyTo: given.elsewhere ? [{ address: "trillian@evil.example" }] : [],
          ...(given.called ? { callBack: confirmed } : {}),
        });
      const whole = of(chosen);
      for (const each of whole.assurances) assert.doesNotMatch(each.because, /@|Zaphod|trillian|\.gov|example/);
      assert.ok(trustLevels.indexOf(of({ ...chosen, [taken]: false }).senderTrust) <= trustLevels.indexOf(whole.senderTrust));
    }),
  );
});
