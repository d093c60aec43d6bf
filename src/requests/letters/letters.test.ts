// Letters: which fact owes one, and that each says what happened, why, and what to do, with nothing personal in its subject.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assured, checked, compiled, details, received, signed, verdict, workplace } from "../../../tests/a-case.ts";
import { day, instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { CaseFact } from "../case-facts.ts";
import { composeLetter } from "./compose-letter.ts";
import type { LetterMatter, OwedKind } from "./letter-matter.ts";
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
  refusedLines: [
    {
      line: "files of jo@acme.example",
      reasons: [{ clause: "KDRP-11", code: "INSUFFICIENT_PROCESS", because: "A subpoena does not reach files. A search warrant would." }],
    },
  ],
  reasons: [{ clause: "KDRP-5", code: "OVERBROAD", because: "The request is broader than a reasonable reading supports." }],
  missing: workplace.requiredContents.filter(({ id }) => id === "date-range"),
  link: "https://desk.example/owner/C-7F3K-2M9Q/token",
  until: "Mon 9 Nov 2026",
};

const kinds: readonly OwedKind[] = [
  "acknowledgement",
  "missing-contents",
  "clarification",
  "rejection",
  "referral",
  "owner-notice",
  "late-notice",
  "gag-wish-answer",
  "verdict",
  "production-ready",
];

const unclear: Reason = { clause: "V12", code: "NO_DATE_RANGE", because: "The paper names no first day.", line: "L1" };
const letterOf = (kind: OwedKind, about = matter) => composeLetter(kind, { ...about, questions: [unclear] });
const textOf = (kind: OwedKind, about = matter): string => letterText(letterOf(kind, about));

test("each kind of letter is owed by its fact, and to the right reader", () => {
  const owed = (fact: CaseFact) => owedLetter(fact);
  assert.deepEqual(owed({ type: "RequestAcknowledged" }), { kind: "acknowledgement", to: "agency" });
  assert.deepEqual(owed({ type: "MissingContentsAsked", missing: [] }), { kind: "missing-contents", to: "agency" });
  assert.deepEqual(owed({ type: "ReferralMade" }), { kind: "referral", to: "agency" });
  assert.deepEqual(owed({ type: "RequestRejected", reasons: [] }), { kind: "rejection", to: "agency" });
  assert.deepEqual(owed({ type: "GagWishNoted" }), { kind: "gag-wish-answer", to: "agency" });
  assert.deepEqual(owed({ type: "ProductionReleased", package: "p", expiresAt: instant("2026-12-01T00:00:00Z"), downloads: 3, link: "l" }), {
    kind: "production-ready",
    to: "agency",
  });
});

test("the owner's letter carries the id that the notice gave it, so that its sending starts the waiting time", () => {
  const notice = { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, link: "d" } as const;
  assert.deepEqual(owedLetter({ ...notice, late: false }), { kind: "owner-notice", to: "owner", workspace: "acme", letter: "letter-1" });
  assert.deepEqual(owedLetter({ ...notice, late: true }), { kind: "late-notice", to: "owner", workspace: "acme", letter: "letter-1" });
});

test("a signed review owes the agency a verdict only where a line was denied", () => {
  assert.equal(owedLetter(signed()), undefined);
  assert.deepEqual(owedLetter(signed([verdict("L1"), verdict("L2", { decision: "deny" })])), { kind: "verdict", to: "agency" });
});

test("a clarification that was asked owes the agency its points, and one without points owes nothing", () => {
  assert.deepEqual(owedLetter({ type: "ClarificationAsked", points: [unclear] }), { kind: "clarification", to: "agency" });
  assert.equal(owedLetter({ type: "ClarificationAsked", points: [] }), undefined);
  assert.ok(textOf("clarification").includes("Point 1, line L1\n\nThe paper names no first day. [V12]\n\nAnswer each point"));
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
  ];
  for (const fact of silent) assert.equal(owedLetter(fact), undefined, fact.type);
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
    assert.ok(text.endsWith("Kutano Ltd\nLegal requests, legal@kutano.example\nCase C-7F3K-2M9Q, your reference 26-CR-77\n"), kind);
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

test("the verdict says line by line what the paper reaches, and what would change a refusal", () => {
  const text = textOf("verdict");
  assert.ok(text.includes("  - messages of jo@acme.example, 1 Mar 2026 to 31 Mar 2026"));
  assert.ok(text.includes("because: A subpoena does not reach files. A search warrant would. [KDRP-11]"));
  assert.ok(textOf("verdict", { ...matter, lines: [] }).includes("nothing of what was asked for"));
});

test("the notice tells the owner what was asked for, until when it may object, and where", () => {
  const text = textOf("owner-notice");
  for (const part of ["Harbor County Sheriff has asked us", "messages of jo@acme.example", "until Mon 9 Nov 2026 to object", matter.link ?? ""])
    assert.ok(text.includes(part), part);
  assert.ok(textOf("late-notice").includes("it has ended"));
});
