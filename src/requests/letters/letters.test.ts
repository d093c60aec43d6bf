// Letters: which fact owes one, and that each says what happened, why, and what to do, with nothing personal in its subject.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assured, at, checked, compiled, details, everyLaw, history, received, sealed, signed, verdict, workplace } from "../../../tests/a-case.ts";
import { day, instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { CaseFact } from "../case-facts.ts";
import { composeLetter } from "./compose-letter.ts";
import type { LetterMatter } from "./letter-matter.ts";
import { letterText } from "./letter-text.ts";
import { owedLetter } from "./owed-letter.ts";

const matter: LetterMatter = {
  caseId: "C-7F3K-2M9Q",
  company: "Kutano Ltd",
  mailbox: "legal@kutano.example",
  agency: "Harbor County Sheriff",
  officer: "Deputy Quill",
  matter: "26-CR-77",
  workspace: "Acme Rockets",
  owner: "Rosa Acme",
  lines: ["messages of jo@acme.example, 1 Mar 2026 to 31 Mar 2026"],
  reasons: [{ clause: "KDRP-5", code: "OVERBROAD", because: "The request is broader than a reasonable reading supports." }],
  missing: workplace.requiredContents.filter(({ id }) => id === "date-range"),
  link: "https://desk.example/owner/C-7F3K-2M9Q/token",
  until: "Mon 9 Nov 2026",
};

/** Kinds whose matter is that of every letter. */
const kinds = ["acknowledgement", "missing-contents", "rejection", "referral", "owner-notice", "late-notice", "gag-wish-answer", "production-ready"] as const;
type PlainKind = (typeof kinds)[number];

const unclear: Reason = { clause: "V12", code: "NO_DATE_RANGE", because: "The paper names no first day.", line: "L1" };
const letterOf = (kind: PlainKind, about = matter) => composeLetter(kind, about);
const textOf = (kind: PlainKind, about = matter): string => letterText(letterOf(kind, about));

const warrantCase = history([received(), details()]);
const caseWith = (instrument: string, ...facts: readonly CaseFact[]) =>
  history([received(), details({ instrument: { id: instrument, servedAt: instant("2026-11-02T17:00:00Z") } }), ...facts]);
const owedOn = (instrument: string, fact: CaseFact) => owedLetter(fact, caseWith(instrument, fact), { laws: everyLaw })?.kind;
const owed = (fact: CaseFact) => owedLetter(fact, warrantCase, at());

const refusal: Reason = { clause: "KDRP-11", code: "INSUFFICIENT_PROCESS", because: "A subpoena does not reach files. A search warrant would." };
const keepOnly: Reason = { clause: "KDRP-10", code: "PRESERVATION_ONLY", because: "A preservation letter asks to keep data." };
const denial = (...reasons: readonly Reason[]) => signed([verdict("L1", { decision: "deny", reasons })]);

test("each kind of letter is owed by its fact, and to the right reader", () => {
  const agency = (kind: string) => ({ kind, to: "agency" });
  assert.deepEqual(owed({ type: "RequestAcknowledged" }), agency("acknowledgement"));
  assert.deepEqual(owed({ type: "MissingContentsAsked", missing: [] }), agency("missing-contents"));
  assert.deepEqual(owed({ type: "ReferralMade" }), agency("referral"));
  assert.deepEqual(owed({ type: "RequestRejected", reasons: [] }), agency("rejection"));
  assert.deepEqual(owed({ type: "GagWishNoted" }), agency("gag-wish-answer"));
  assert.deepEqual(
    owed({ type: "ProductionReleased", package: "p", expiresAt: instant("2026-12-01T00:00:00Z"), downloads: 3, link: "l" }),
    agency("production-ready"),
  );
  const costs = { hundredthsOfHour: 1, centsPerHour: 1, expenseCents: 0, currency: "USD", words: sealed("words") };
  assert.deepEqual(owed({ type: "CostsRecorded", ...costs }), agency("invoice"));
});

test("the owner's letter carries the id that the notice gave it, so that its sending starts the waiting time", () => {
  const notice = { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, link: "d" } as const;
  assert.deepEqual(owed({ ...notice, late: false }), { kind: "owner-notice", to: "owner", workspace: "acme", letter: "letter-1" });
  assert.deepEqual(owed({ ...notice, late: true }), { kind: "late-notice", to: "owner", workspace: "acme", letter: "letter-1" });
});

test("a signed review owes a narrowing only where a line was denied, and none where a paper to keep data was answered by keeping it", () => {
  assert.equal(owed(signed()), undefined);
  assert.equal(owed(denial(refusal))?.kind, "narrowing");
  assert.equal(owed(denial(refusal, keepOnly))?.kind, "narrowing");
  assert.equal(owedOn("US-PRES", denial(keepOnly)), undefined);
  assert.equal(owedOn("EU-EPOC-PR", denial(keepOnly)), undefined);
});

test("every answer to a European certificate that is not the data is Form 3, and no other paper of any law is answered by it", () => {
  const answers: readonly CaseFact[] = [
    { type: "RequestRejected", reasons: [refusal] },
    { type: "ClarificationAsked", points: [refusal] },
    { type: "ConflictRaised", conflict: "c", reasons: sealed("reasons") },
    denial(refusal),
    { type: "ChallengeOpened", challenge: "c", brought: "desk", route: "Form 3: it cannot in fact be carried out", grounds: sealed("grounds") },
  ];
  for (const { id } of everyLaw.flatMap(({ instruments }) => instruments)) {
    const isCertificate = id === "EU-EPOC" || id === "EU-EPOC-PR";
    for (const fact of answers) assert.equal(owedOn(id, fact) === "form-3", isCertificate, `${id} ${fact.type}`);
  }
});

test("an objection under another country's law goes by Form 3 or by no letter of its own", () => {
  assert.equal(owedOn("US-SW", { type: "ConflictRaised", conflict: "c", reasons: sealed("reasons") }), undefined);
});

test("an emergency request that is rejected or unclear is answered as one", () => {
  assert.equal(owedOn("US-EDR", { type: "RequestRejected", reasons: [refusal] }), "emergency-answer");
  assert.equal(owedOn("US-EDR", { type: "ClarificationAsked", points: [refusal] }), "emergency-answer");
});

test("the desk's own challenge is told to the agency, the customer's is not", () => {
  const opened = { type: "ChallengeOpened", challenge: "c", grounds: sealed("grounds") } as const;
  assert.equal(owedOn("US-SW", { ...opened, brought: "desk" }), "challenge-grounds");
  assert.equal(owedOn("EU-EPOC", { ...opened, brought: "desk" }), "challenge-grounds");
  assert.equal(owedOn("US-SW", { ...opened, brought: "owner" }), undefined);
});

test("an attempt to lift a secrecy order is written only while its answer is pending", () => {
  for (const addressee of ["issuer", "court", "agency"] as const)
    for (const answer of ["pending", "granted", "refused"] as const)
      assert.equal(
        owed({ type: "GagLiftAttempted", gag: "G1", addressee, beneficiary: "customer", answer, argument: sealed("a") })?.kind,
        answer === "pending" ? "gag-lift-request" : undefined,
      );
});

test("keeping is confirmed when it begins and when it is renewed, and its end is told once, with the proof", () => {
  const copy = { preservation: "P1", object: "o", sha256: "ab" } as const;
  assert.equal(owed({ type: "SnapshotSealed", ...copy, revision: 1, bytes: 1, records: {} })?.kind, "preservation-confirmed");
  assert.equal(owed({ type: "PreservationRenewed", preservation: "P1", until: day("2027-05-01") })?.kind, "preservation-confirmed");
  assert.equal(owed({ type: "PreservationEnded", preservation: "P1", how: "expired" }), undefined);
  assert.equal(owed({ type: "SnapshotDestroyed", ...copy })?.kind, "preservation-ended");
});

test("a clarification that was asked owes the agency its points, and one without points owes nothing", () => {
  assert.deepEqual(owed({ type: "ClarificationAsked", points: [unclear] }), { kind: "clarification", to: "agency" });
  assert.equal(owed({ type: "ClarificationAsked", points: [] }), undefined);
  const text = letterText(composeLetter("clarification", { ...matter, questions: [unclear] }));
  assert.ok(text.includes("Point 1, line L1\n\nThe paper names no first day. [V12]\n\nAnswer each point"));
});

test("no other fact writes a letter by itself", () => {
  const silent: readonly CaseFact[] = [
    received(),
    details(),
    assured("reply-to"),
    compiled(),
    checked(),
    { type: "CaseClosed", outcome: "rejected" },
    { type: "RequestWithdrawn", by: "agency" },
    { type: "NoticeWithheld", ground: "gag", gag: "G1" },
    { type: "GagEnded", gag: "G1", how: "lapsed", on: day("2026-11-30") },
    { type: "SnapshotBegun", preservation: "P1", revision: 1 },
    { type: "LetterUnaddressed", kind: "rejection", to: "agency" },
  ];
  for (const fact of silent) assert.equal(owed(fact), undefined, fact.type);
});

test("no subject names anything but the case number and the kind of letter", () => {
  for (const kind of kinds) {
    const { subject } = letterOf(kind);
    assert.match(subject, /^C-7F3K-2M9Q: [a-z' ]+$/, kind);
    for (const secret of ["Quill", "Acme", "Rosa", "Harbor", "26-CR-77", "jo@"]) assert.ok(!subject.includes(secret), `${kind} names ${secret}`);
  }
});

test("every letter greets its reader and ends with company, mailbox and case", () => {
  for (const kind of kinds) {
    const text = textOf(kind);
    const toOwner = kind === "owner-notice" || kind === "late-notice";
    assert.ok(text.startsWith(toOwner ? "Good day Rosa Acme," : "Good day Deputy Quill,"), kind);
    // The reference is the agency's own: to the customer it would be a number it never gave.
    const reference = toOwner ? "" : ", your reference 26-CR-77";
    assert.ok(text.endsWith(`Kutano Ltd\nLegal requests, legal@kutano.example\nCase C-7F3K-2M9Q${reference}\n`), kind);
    if (toOwner) assert.ok(!text.includes("26-CR-77"), kind);
    assert.doesNotMatch(text, /undefined|null|\[object/);
  }
});

test("a letter about which little is known still reads as a letter", () => {
  const { agency: _, officer: __, matter: ___, workspace: ____, owner: _____, link: ______, until: _______, ...little } = matter;
  for (const kind of kinds) assert.doesNotMatch(textOf(kind, little), /undefined|null/, kind);
  assert.ok(textOf("owner-notice", little).includes("You have 7 days from the day of this letter to object"));
});

test("the agency's letters never name the owner, and the owner's never name the officer", () => {
  for (const kind of kinds) {
    const toOwner = kind === "owner-notice" || kind === "late-notice";
    assert.ok(!textOf(kind).includes(toOwner ? "Quill" : "Rosa"), kind);
  }
});

test("a rejection gives every reason with its clause", () => {
  assert.ok(textOf("rejection").includes("  - The request is broader than a reasonable reading supports. [KDRP-5]"));
});

test("the list of what is missing asks for each item with its clause", () => {
  assert.ok(textOf("missing-contents").includes("  - The first and the last day of the period the data is sought for. (KDRP-2c)"));
});

test("the notice tells the owner what was asked for, until when it may object, and where", () => {
  const text = textOf("owner-notice");
  for (const part of ["Harbor County Sheriff has asked us", "messages of jo@acme.example", "until Mon 9 Nov 2026 to object", matter.link ?? ""])
    assert.ok(text.includes(part), part);
  assert.ok(textOf("late-notice").includes("it has ended"));
});
