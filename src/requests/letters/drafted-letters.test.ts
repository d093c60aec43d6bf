// The letters that the law around a request needs: one golden letter of each kind, word for word.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { composeLetter } from "./compose-letter.ts";
import type { Form3Matter } from "./form-3.ts";
import type { InvoiceMatter } from "./invoice.ts";
import type { Letter } from "./letter.ts";
import type { EmergencyMatter, GagLiftMatter, LetterMatter, NarrowingMatter, PreservationEndMatter } from "./letter-matter.ts";
import { letterText } from "./letter-text.ts";

const matter: LetterMatter = {
  caseId: "C-7F3K-2M9Q",
  company: "Kutano Ltd",
  mailbox: "legal@kutano.example",
  agency: "Harbor County Sheriff",
  officer: "Deputy Quill",
  matter: "26-CR-77",
  lines: ["registration data of jo@acme.example"],
  reasons: [{ clause: "V15", code: "OVERBROAD", because: "The request names a whole workspace where one account is meant." }],
  missing: [],
};

const end = "Kutano Ltd\nLegal requests, legal@kutano.example\nCase C-7F3K-2M9Q, your reference 26-CR-77\n";

/** The letter reads exactly so, and its subject names nothing but case and kind. */
function reads(letter: Letter, ...paragraphs: readonly string[]): void {
  assert.equal(letterText(letter), [...paragraphs, end].join("\n\n"));
  assert.match(letter.subject, /^C-7F3K-2M9Q: [a-z' ]+$/);
}

const reviewed: NarrowingMatter = {
  ...matter,
  offered: ["registration data of jo@acme.example", "login history of jo@acme.example, 1 Mar 2026 to 31 Mar 2026"],
  refused: [
    {
      line: "files of jo@acme.example",
      reasons: [{ clause: "KDRP-11", code: "INSUFFICIENT_PROCESS", because: "A subpoena does not reach files. A search warrant would." }],
    },
  ],
  leftOut: [
    {
      line: "profile of jo@acme.example",
      reasons: [{ clause: "KDRP-5", code: "LEFT_OUT", because: "The reviewer left this line out of the smallest scope that the paper supports." }],
    },
  ],
  undecided: ["location of jo@acme.example"],
};

test("the narrowing letter says what the paper does not reach, what is left out, and names the smallest scope as lines", () => {
  reads(
    composeLetter("narrowing", reviewed),
    "Good day Deputy Quill,",
    "We have reviewed your request line by line. As it stands it asks for more than the smallest scope that your paper supports.",
    "What your paper does not reach",
    "  - files of jo@acme.example\n      because: A subpoena does not reach files. A search warrant would. [KDRP-11]",
    "What we leave out of the smallest scope",
    "  - profile of jo@acme.example\n      because: The reviewer left this line out of the smallest scope that the paper supports. [KDRP-5]",
    "What our counsel still looks at",
    "  - location of jo@acme.example",
    "What we would accept",
    "The smallest scope that your paper supports, as we read it, is:",
    "  - registration data of jo@acme.example\n  - login history of jo@acme.example, 1 Mar 2026 to 31 Mar 2026",
    "We go on with these lines. If you agree, answer to legal@kutano.example that the request is narrowed to them; you need not send the paper again. For the rest, send a paper that reaches it.",
  );
});

test("where no narrower request would help, the narrowing letter says so and offers nothing", () => {
  const text = letterText(composeLetter("narrowing", { ...reviewed, offered: [], leftOut: [], undecided: [] }));
  assert.ok(text.includes("No narrower request under this paper would do."));
  for (const words of ["If you agree", "We go on", "leave out", "counsel"]) assert.ok(!text.includes(words), words);
  const waiting = letterText(composeLetter("narrowing", { ...reviewed, offered: [] }));
  assert.ok(waiting.includes("Nothing so far:") && !waiting.includes("would do"));
});

test("the clarification asks point by point, each with what is unclear", () => {
  reads(
    composeLetter("clarification", {
      ...matter,
      questions: [
        { clause: "V12", code: "NO_DATE_RANGE", because: "The paper names no first day.", line: "L2", ask: "From which day do you seek the login history?" },
        { clause: "V11", code: "UNIDENTIFIABLE", because: "Two accounts bear the name in the paper.", ask: "Which e-mail address does the account have?" },
      ],
    }),
    "Good day Deputy Quill,",
    "Parts of your request can be read in more than one way. We do not guess what a paper compels, so we ask:",
    "Point 1, line L2",
    "The paper names no first day. [V12]",
    "From which day do you seek the login history?",
    "Point 2",
    "Two accounts bear the name in the paper. [V11]",
    "Which e-mail address does the account have?",
    "Answer each point in one message to legal@kutano.example. Until then we disclose nothing for the lines that a point speaks of; the others go on.",
  );
});

const form: Form3Matter = {
  ...matter,
  certificate: { kind: "EPOC", receivedOn: "Mon 2 Nov 2026" },
  authorities: { validating: "a court; the name is not recorded" },
  capacity: "designated establishment or legal representative (NL)",
  refused: [],
  reached: [],
  conflict: {
    law: "18 U.S.C. 2702",
    applies: "the service is offered from the United States",
    nature: "it forbids to disclose content to a foreign authority",
  },
  asked: ["the unique identifier of the account"],
  preserved: { since: "Mon 2 Nov 2026", until: "Fri 1 Jan 2027" },
};

test("Form 3 has its sections A to H, says what is not recorded, and a footnote says that their letters are from memory", () => {
  reads(
    composeLetter("form-3", form),
    "Good day Deputy Quill,",
    "This is Form 3, the answer to a European Order Certificate. What is not carried out, and why, stands in sections D to F.",
    "A. The certificate [1]",
    "  - European Production Order Certificate (EPOC)\n  - number: 26-CR-77\n  - issued on: not recorded\n  - received on: Mon 2 Nov 2026",
    "B. The authorities",
    "  - issuing authority: Harbor County Sheriff\n  - validating authority: a court; the name is not recorded\n  - enforcing authority: not recorded",
    "C. The addressee",
    "  - Kutano Ltd\n  - in its capacity as: designated establishment or legal representative (NL)",
    "D. Reasons for not carrying out the certificate",
    "  - The request names a whole workspace where one account is meant. [V15]",
    "E. Conflict with the law of a third country (article 17)",
    "  - the law: 18 U.S.C. 2702\n  - why it applies here: the service is offered from the United States\n  - the nature of the conflict: it forbids to disclose content to a foreign authority",
    "Such an objection may rest neither on the data being stored outside the Union alone, nor on the third country having no such order (article 17(2)).",
    "F. What we ask you to add or to clear up",
    "  - the unique identifier of the account",
    "Please answer within five days of this form. Our time limits stand still until you answer (article 10(6)).",
    "G. Is the data preserved?",
    "Yes: the data asked for, as far as we hold it, is kept since Mon 2 Nov 2026 and until Fri 1 Jan 2027.",
    "H. Contact",
    "  - Kutano Ltd, legal requests\n  - legal@kutano.example",
    "[1] The sections follow Annex III of Regulation (EU) 2023/1543; their letters are given from memory and must be compared with the Official Journal before this form is relied on.",
  );
});

test("an unanswered question lets the duty to preserve end, but only holds up a production", () => {
  const preservation = letterText(composeLetter("form-3", { ...form, certificate: { ...form.certificate, kind: "EPOC-PR" } }));
  assert.ok(preservation.includes("the duty to preserve ends (article 11(5))"));
  assert.ok(!preservation.includes("stand still"));
});

test("a Form 3 with no reason, no conflict, no question and nothing kept says so in each section", () => {
  const { conflict: _, preserved: __, capacity: ___, ...plain } = form;
  const text = letterText(composeLetter("form-3", { ...plain, reasons: [], asked: [] }));
  for (const words of [
    "None beside sections E and F.",
    "None is raised.",
    "Nothing is asked.",
    "No copy is on record so far.",
    "in its capacity as: not recorded",
  ])
    assert.ok(text.includes(words), words);
});

test("a Form 3 after a review names the lines that are not carried out, and those that are; an objection gives its route and grounds", () => {
  const { conflict: _, ...plain } = form;
  const text = letterText(
    composeLetter("form-3", {
      ...plain,
      reasons: [],
      refused: reviewed.refused,
      reached: reviewed.offered,
      objection: { route: "Form 3: another reason", grounds: ["we do not hold the data"] },
    }),
  );
  assert.ok(text.includes("  - Form 3: another reason\n      we do not hold the data\n  - files of jo@acme.example\n      because: A subpoena"));
  assert.ok(text.includes("The certificate reaches these lines, and we go on with them:\n\n  - registration data"));
});

test("the challenge tells the agency its forum, its route, its grounds, and what is asked for meanwhile", () => {
  reads(
    composeLetter("challenge-grounds", {
      ...matter,
      forum: "the Superior Court of Harbor County",
      route: "motion to quash or modify (18 USC 2703(d))",
      on: ["overbroad", "undue-burden"],
      interim: "that the time for compliance be extended until the decision",
    }),
    "Good day Deputy Quill,",
    "Kutano Ltd challenges your order 26-CR-77 and turns to the Superior Court of Harbor County (IGRP-8).",
    "The way the law gives for it: motion to quash or modify (18 USC 2703(d)).",
    "What the order asks for",
    "  - registration data of jo@acme.example",
    "Grounds",
    "We challenge it because:",
    "  - it asks for more than its purpose needs\n  - it puts an undue burden on us",
    "Until the decision",
    "Nothing is disclosed while the challenge is pending.",
    "Meanwhile this is asked for: that the time for compliance be extended until the decision",
  );
});

test("a challenge about which little is recorded invents no forum, no route and no ground, and never names the customer", () => {
  const text = letterText(composeLetter("challenge-grounds", { ...matter, owner: "Rosa Acme", on: [] }));
  for (const words of ["turns to the court or authority that may decide on it", "The grounds are not part of this letter.", "No interim measure is asked for."])
    assert.ok(text.includes(words), words);
  for (const words of ["Rosa", "The way the law gives"]) assert.ok(!text.includes(words), words);
});

const lift: GagLiftMatter = {
  ...matter,
  order: { issuer: "the District Court", number: "26-ND-4", since: "Mon 2 Nov 2026" },
  addressee: "court",
  beneficiary: "customer",
  argument: "The arrest that secrecy was to protect has been made public.",
};

test("the request to lift a secrecy order says which order, for whom, why, and what to answer", () => {
  reads(
    composeLetter("gag-lift-request", lift),
    "To the court:",
    "The secrecy order 26-ND-4 of the District Court, in force from Mon 2 Nov 2026 with no last day, keeps us from telling our customer that its data has been asked for.",
    "We ask the court to lift it, or to narrow it so far that we may tell our customer (IGRP-10). We keep the order until you decide.",
    "Why",
    "The arrest that secrecy was to protect has been made public.",
    "What we ask you to answer",
    "  - whether the order is lifted or narrowed, and from which day\n  - if not, which of its grounds still holds, and for how long\n  - when the order ends, because it names no last day",
    "Answer to legal@kutano.example. We record this request and your answer, and ask again when the grounds may have fallen away (IGRP-12).",
  );
});

test("the two tracks of lifting cite their own rule, and an order with an end is not asked for one", () => {
  for (const addressee of ["issuer", "court", "agency"] as const) {
    const text = letterText(
      composeLetter("gag-lift-request", {
        ...lift,
        addressee,
        beneficiary: "data-protection-authority",
        order: { issuer: "the Court", since: "Mon 2 Nov 2026", endsOn: "Mon 1 Mar 2027" },
      }),
    );
    assert.ok(text.includes("the competent data-protection authority") && text.includes("(IGRP-11)") && !text.includes("IGRP-10)"), addressee);
    assert.ok(
      text.startsWith({ issuer: "To the authority that issued the order:", court: "To the court:", agency: "Good day Deputy Quill," }[addressee]),
      addressee,
    );
    assert.ok(text.includes("in force from Mon 2 Nov 2026 until Mon 1 Mar 2027") && !text.includes("names no last day"), addressee);
  }
});

const kept = {
  ...matter,
  since: "Mon 2 Nov 2026",
  keptUntil: { day: "Sun 31 Jan 2027", derivation: "served Mon 2 Nov 2026 10:00 Denver + 90 days = end of Sun 31 Jan 2027 Denver, 18 USC 2703(f)" },
  renewed: false,
};

test("the confirmation of a preservation says what is kept, since when and until when, how that was counted, and that keeping is not disclosing", () => {
  reads(
    composeLetter("preservation-confirmed", kept),
    "Good day Deputy Quill,",
    "At your request we keep a copy, made on Mon 2 Nov 2026, of what we held of:",
    "  - registration data of jo@acme.example",
    "It is kept until Sun 31 Jan 2027. After that day it is destroyed, unless a renewed request or a paper that compels its disclosure is here before.",
    "How the day was counted: served Mon 2 Nov 2026 10:00 Denver + 90 days = end of Sun 31 Jan 2027 Denver, 18 USC 2703(f)",
    "This letter does not say whether there was anything to keep: only a paper that compels its disclosure answers that.",
    "To keep is not to disclose: nobody outside our desk reads the copy, and what comes into being later is not part of it.",
    "Write to legal@kutano.example and keep the case number in the subject line.",
  );
});

test("a renewal is confirmed as one, and a copy without a last day is promised no day", () => {
  const { keptUntil: _, ...endless } = kept;
  const text = letterText(composeLetter("preservation-confirmed", { ...endless, renewed: true }));
  assert.ok(text.includes("At your renewed request we go on keeping the copy of what we held on Mon 2 Nov 2026, of:"));
  assert.ok(text.includes("names no last day") && !text.includes("After that day"));
});

const ended: PreservationEndMatter = { ...matter, endedOn: "Mon 1 Feb 2027", how: "expired", destroyed: { on: "Mon 1 Feb 2027", sha256: "ab".repeat(32) } };

test("the end of a preservation is told with the digest of the copy that was destroyed, and not with how much there was", () => {
  reads(
    composeLetter("preservation-ended", ended),
    "Good day Deputy Quill,",
    "Since Mon 1 Feb 2027 the copy that we kept at your request is kept no longer. The time for which it had to be kept is over. It was of:",
    "  - registration data of jo@acme.example",
    "What became of the copy",
    "It was destroyed on Mon 1 Feb 2027, together with the key that opened it.",
    `SHA-256 of the copy before it was destroyed: ${"ab".repeat(32)}`,
    "The same digest stands in our ledger. It tells nothing about what the copy held, and proves which copy it was.",
    "The customer's own data in our service is not touched by this.",
  );
});

test("each way in which keeping ends has its own words", () => {
  const text = (how: PreservationEndMatter["how"]) => letterText(composeLetter("preservation-ended", { ...ended, how }));
  assert.ok(text("process-followed").includes("A paper that compels its disclosure came and was answered."));
  assert.ok(text("released").includes("Nothing requires that it be kept any more."));
});

const declined: EmergencyMatter = {
  ...matter,
  answer: "declined",
  reasons: [{ clause: "IGRP-4", code: "NOT_COMPELLED", because: "Our policy discloses only what the law compels, and knows no exception for emergencies." }],
  ways: ["a search warrant: everything stored, with its contents", "a court order under 18 U.S.C. 2703(d): records without contents"],
};

test("a declined emergency request is told why, and which papers would compel", () => {
  reads(
    composeLetter("emergency-answer", declined),
    "Good day Deputy Quill,",
    "You ask us to disclose data because of an emergency. The law permits a provider to do so and does not compel it. We do not disclose:",
    "  - Our policy discloses only what the law compels, and knows no exception for emergencies. [IGRP-4]",
    "These papers would compel us, for what each of them reaches:",
    "  - a search warrant: everything stored, with its contents\n  - a court order under 18 U.S.C. 2703(d): records without contents",
    "Send a paper that compels to legal@kutano.example and keep the case number in the subject line.",
  );
});

test("an emergency request that says too little is asked for what is needed, without a promise", () => {
  reads(
    composeLetter("emergency-answer", {
      ...matter,
      answer: "more-needed",
      questions: [{ clause: "V23", code: "NO_EMERGENCY", because: "Nothing says who is in danger.", ask: "Who is in danger of death or serious injury?" }],
    }),
    "Good day Deputy Quill,",
    "You ask us to disclose data because of an emergency. We cannot judge that yet. Tell us at once:",
    "  - Who is in danger of death or serious injury?\n      Nothing says who is in danger. [V23]",
    "Answer to legal@kutano.example and keep the case number in the subject line. This is not a promise to disclose.",
  );
});

const bill: InvoiceMatter = {
  ...matter,
  invoice: { number: "C-7F3K-2M9Q-2", replaces: "C-7F3K-2M9Q-1", currency: "USD", payTo: ["Kutano Ltd, 1 Quay Street", "Account 12 34"] },
  rule: { says: "The government pays what the production reasonably and directly costs.", citation: "18 USC 2706" },
  work: [
    { what: "Search for one account", hundredthsOfHour: 125, centsPerHour: 120_000 },
    { what: "Check, encrypt and hand over the package, with the declaration of the custodian", hundredthsOfHour: 33, centsPerHour: 15_050 },
  ],
  expenses: [{ what: "Storage medium", cents: 1_999 }],
};

test("the invoice cites the rule it rests on, lists work, hours and rate, and adds up to the cent", () => {
  reads(
    composeLetter("invoice", bill),
    "Good day Deputy Quill,",
    "Invoice C-7F3K-2M9Q-2, for your matter 26-CR-77. All sums are in USD.",
    "It takes the place of invoice C-7F3K-2M9Q-1.",
    "The government pays what the production reasonably and directly costs. (18 USC 2706)",
    "Work",
    [
      "  Work                                                             Hours      Rate       Sum",
      "  Search for one account                                            1.25  1,200.00  1,500.00",
      "  Check, encrypt and hand over the package, with the declaration    0.33    150.50     49.67",
      "  of the custodian",
      "  Total                                                             1.58            1,549.67",
    ].join("\n"),
    "Expenses",
    ["  What for          Sum", "  Storage medium  19.99", "  Total           19.99"].join("\n"),
    "To pay: USD 1,569.66.",
    "Pay to",
    "  - Kutano Ltd, 1 Quay Street\n  - Account 12 34",
  );
});

test("whatever was worked, the rows of an invoice add up to what is to be paid, and no cent is lost to a fraction", () => {
  const entry = fc.record({ what: fc.constant("w"), hundredthsOfHour: fc.nat(100_000), centsPerHour: fc.nat(10_000_000) });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (work) => {
      const { blocks } = composeLetter("invoice", { ...bill, work, expenses: [] });
      const table = blocks.find((block) => block.kind === "table");
      assert.ok(table?.kind === "table");
      const cents = (text = "") => BigInt(text.replaceAll(/[,.]/g, ""));
      const rows = table.rows.map((row) => cents(row[3]));
      assert.equal(
        rows.reduce((sum, row) => sum + row, 0n),
        cents(table.total?.[3]),
      );
      for (const [at, row] of rows.entries()) {
        const exact = BigInt(work[at]?.hundredthsOfHour ?? 0) * BigInt(work[at]?.centsPerHour ?? 0);
        const off = row * 100n - exact;
        assert.ok(off > -50n && off <= 50n);
      }
    }),
  );
});

test("an invoice over a fraction of a cent, or below zero, is not written", () => {
  for (const hundredthsOfHour of [0.5, -1, Number.NaN, 2 ** 60])
    assert.throws(() => composeLetter("invoice", { ...bill, work: [{ what: "w", hundredthsOfHour, centsPerHour: 1 }] }), RangeError);
});
