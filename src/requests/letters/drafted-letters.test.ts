// The letters that the law around a request needs: one golden letter of each kind, word for word.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { composeLetter } from "./compose-letter.ts";
import type { Form3Matter } from "./form-3.ts";
import type { InvoiceMatter } from "./invoice.ts";
import type { Letter } from "./letter.ts";
import type { EmergencyMatter, GagLiftMatter, LetterMatter, PreservationEndMatter } from "./letter-matter.ts";
import { letterText } from "./letter-text.ts";

const matter: LetterMatter = {
  caseId: "C-7F3K-2M9Q",
  company: "Kutano Ltd",
  mailbox: "legal@kutano.example",
  agency: "Harbor County Sheriff",
  officer: "Deputy Quill",
  matter: "26-CR-77",
  lines: ["registration data of jo@acme.example"],
  refusedLines: [
    {
      line: "files of jo@acme.example",
      reasons: [{ clause: "KDRP-11", code: "INSUFFICIENT_PROCESS", because: "A subpoena does not reach files. A search warrant would." }],
    },
  ],
  reasons: [{ clause: "V15", code: "OVERBROAD", because: "The request names a whole workspace where one account is meant." }],
  missing: [],
};

const end = "Kutano Ltd\nLegal requests, legal@kutano.example\nCase C-7F3K-2M9Q, your reference 26-CR-77\n";

/** The letter reads exactly so, and its subject names nothing but case and kind. */
function reads(letter: Letter, ...paragraphs: readonly string[]): void {
  assert.equal(letterText(letter), [...paragraphs, end].join("\n\n"));
  assert.match(letter.subject, /^C-7F3K-2M9Q: [a-z' ]+$/);
}

test("the narrowing letter says what the paper reaches, what not, and offers the smallest scope as lines", () => {
  reads(
    composeLetter("narrowing", { ...matter, offered: ["registration data of jo@acme.example", "login history of jo@acme.example, 1 Mar 2026 to 31 Mar 2026"] }),
    "Good day Deputy Quill,",
    "We have reviewed your request line by line. As it stands it asks for more than your paper can compel.",
    "  - The request names a whole workspace where one account is meant. [V15]",
    "What your paper reaches",
    "  - registration data of jo@acme.example",
    "What it does not reach",
    "  - files of jo@acme.example\n      because: A subpoena does not reach files. A search warrant would. [KDRP-11]",
    "What we would accept",
    "The smallest request that would serve the purpose you name, and that we would accept under the same paper, is:",
    "  - registration data of jo@acme.example\n  - login history of jo@acme.example, 1 Mar 2026 to 31 Mar 2026",
    "If you agree, answer to legal@kutano.example that the request is narrowed to these lines. You need not send the paper again. Nothing leaves before you answer.",
  );
});

test("where no narrower request would help, the narrowing letter says so and offers nothing", () => {
  const text = letterText(composeLetter("narrowing", { ...matter, offered: [] }));
  assert.ok(text.includes("No narrower request under this paper would reach the rest."));
  assert.ok(!text.includes("If you agree"));
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
  certificate: { kind: "EPOC", number: "EPOC-26-1", receivedOn: "Mon 2 Nov 2026" },
  authorities: { issuing: "Staatsanwaltschaft Hamburg", validating: "Amtsgericht Hamburg" },
  addressee: { name: "Kutano Europe BV", capacity: "designated establishment" },
  conflict: {
    law: "18 U.S.C. 2702",
    applies: "the service is offered from the United States",
    nature: "it forbids to disclose content to a foreign authority",
  },
  asked: ["the unique identifier of the account"],
  preserved: { kind: "kept", since: "Mon 2 Nov 2026", until: "Fri 1 Jan 2027" },
  contact: { name: "Legal desk", telephone: "+31 20 000 0000" },
};

test("Form 3 has its sections A to H, and a footnote says that their letters are from memory", () => {
  reads(
    composeLetter("form-3", form),
    "Good day Deputy Quill,",
    "This is Form 3, the answer to a European Order Certificate. What is not carried out, and why, stands in section D.",
    "A. The certificate [1]",
    "  - European Production Order Certificate (EPOC), number EPOC-26-1\n  - received on Mon 2 Nov 2026",
    "B. The authorities",
    "  - issuing authority: Staatsanwaltschaft Hamburg\n  - validating authority: Amtsgericht Hamburg\n  - enforcing authority: not notified, as far as the certificate says",
    "C. The addressee",
    "Kutano Europe BV, as designated establishment of the service provider.",
    "D. Reasons for not carrying out the certificate",
    "  - The request names a whole workspace where one account is meant. [V15]",
    "E. Conflict with the law of a third country (article 17)",
    "  - the law: 18 U.S.C. 2702\n  - why it applies here: the service is offered from the United States\n  - the nature of the conflict: it forbids to disclose content to a foreign authority",
    "The objection does not rest on the data being stored outside the Union alone, nor on the third country having no such order.",
    "F. What we ask you to add or to clear up",
    "  - the unique identifier of the account",
    "Please answer within five days of this form. Our time limits stand still until you answer (article 10(6)).",
    "G. Is the data preserved?",
    "Yes: the data asked for, as far as we hold it, is kept since Mon 2 Nov 2026 and until Fri 1 Jan 2027.",
    "H. Contact",
    "  - Legal desk\n  - legal@kutano.example\n  - +31 20 000 0000",
    "[1] The sections follow Annex III of Regulation (EU) 2023/1543; their letters are given from memory and must be compared with the Official Journal before this form is relied on.",
  );
});

test("an unanswered question lets the duty to preserve end, but only holds up a production", () => {
  const preservation = letterText(composeLetter("form-3", { ...form, certificate: { ...form.certificate, kind: "EPOC-PR" } }));
  assert.ok(preservation.includes("the duty to preserve ends (article 11(5))"));
  assert.ok(!preservation.includes("stand still"));
});

test("a Form 3 with no conflict, no question and nothing kept says so in each section", () => {
  const { conflict: _, ...plain } = form;
  const text = letterText(composeLetter("form-3", { ...plain, reasons: [], asked: [], preserved: { kind: "not-kept", because: "We hold none of it" } }));
  for (const words of ["None is raised.", "Nothing is asked.", "No: We hold none of it.", "None: the certificate is carried out"])
    assert.ok(text.includes(words), words);
});

test("the challenge gives its grounds in order, the forum, what is asked for, and what is asked for meanwhile", () => {
  reads(
    composeLetter("challenge-grounds", {
      ...matter,
      forum: "the Superior Court of Harbor County",
      relief: ["that the order be narrowed to the account it names"],
      interim: ["that the time for compliance be extended until the decision"],
    }),
    "To the court:",
    "Kutano Ltd received the order 26-CR-77 and asks the Superior Court of Harbor County to decide on it (IGRP-8).",
    "What the order asks for",
    "  - registration data of jo@acme.example",
    "Grounds",
    "1. The request names a whole workspace where one account is meant. [V15]",
    "What is asked for",
    "  - that the order be narrowed to the account it names",
    "Until the decision",
    "  - that the time for compliance be extended until the decision",
    "The data is kept as it is, so that a decision either way can be carried out. Nothing is disclosed while the challenge is pending.",
  );
});

test("a challenge names no officer and no customer to the court", () => {
  const letter = composeLetter("challenge-grounds", { ...matter, owner: "Rosa Acme", forum: "the court", relief: ["x"], interim: [] });
  assert.deepEqual(letter.to, []);
  for (const name of ["Quill", "Rosa"]) assert.ok(!letterText(letter).includes(name), name);
});

const lift: GagLiftMatter = {
  ...matter,
  order: { issuer: "the District Court", number: "26-ND-4", madeOn: "Mon 2 Nov 2026" },
  addressee: "court",
  beneficiary: "customer",
  reasons: [{ clause: "IGRP-10", code: "PURPOSE_GONE", because: "The arrest that secrecy was to protect has been made public." }],
};

test("the request to lift a secrecy order says which order, for whom, why, and what to answer", () => {
  reads(
    composeLetter("gag-lift-request", lift),
    "To the court:",
    "The secrecy order 26-ND-4 of the District Court, made on Mon 2 Nov 2026, with no last day, keeps us from telling our customer that its data has been asked for.",
    "We ask the court to lift it, or to narrow it so far that we may tell our customer (IGRP-10). We keep the order until you decide.",
    "Why",
    "  - The arrest that secrecy was to protect has been made public. [IGRP-10]",
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
        order: { issuer: "the Court", endsOn: "Mon 1 Mar 2027" },
      }),
    );
    assert.ok(text.includes("the competent data-protection authority") && text.includes("(IGRP-11)") && !text.includes("IGRP-10)"), addressee);
    assert.ok(
      text.startsWith({ issuer: "To the authority that issued the order:", court: "To the court:", agency: "Good day Deputy Quill," }[addressee]),
      addressee,
    );
    assert.ok(text.includes("in force until Mon 1 Mar 2027") && !text.includes("names no last day"), addressee);
  }
});

test("the confirmation of a preservation says what is kept, since when and until when, and that keeping is not disclosing", () => {
  reads(
    composeLetter("preservation-confirmed", { ...matter, since: "Mon 2 Nov 2026", until: "Sun 31 Jan 2027" }),
    "Good day Deputy Quill,",
    "At your request we keep a copy of what we held on Mon 2 Nov 2026:",
    "  - registration data of jo@acme.example",
    "It is kept until Sun 31 Jan 2027. After that day it is destroyed, unless a renewed request or a paper that compels its disclosure is here before.",
    "To keep is not to disclose: nobody outside our desk reads the copy, and what comes into being later is not part of it.",
    "Write to legal@kutano.example and keep the case number in the subject line.",
  );
});

const ended: PreservationEndMatter = {
  ...matter,
  endedOn: "Mon 1 Feb 2027",
  how: "expired",
  destroyed: { on: "Mon 1 Feb 2027", records: 214, sha256: "ab".repeat(32) },
};

test("the end of a preservation is told with the digest of the copy that was destroyed", () => {
  reads(
    composeLetter("preservation-ended", ended),
    "Good day Deputy Quill,",
    "Since Mon 1 Feb 2027 the copy that we kept at your request is kept no longer. The time for which it had to be kept is over, and no paper that compels its disclosure has come. It was of:",
    "  - registration data of jo@acme.example",
    "What became of the copy",
    "It was destroyed on Mon 1 Feb 2027: 214 records, together with the key that opened them.",
    `SHA-256 of the copy before it was destroyed: ${"ab".repeat(32)}`,
    "The same digest stands in our ledger. It tells nothing about what the copy held, and proves which copy it was.",
    "The customer's own data in our service is not touched by this.",
  );
});

test("a copy that was produced is not said to be destroyed", () => {
  const { destroyed: _, ...kept } = ended;
  const text = letterText(composeLetter("preservation-ended", { ...kept, how: "process-followed" }));
  assert.ok(text.includes("Nothing was destroyed") && text.includes("What your paper compels was disclosed from it") && !text.includes("SHA-256"));
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
    "Send the paper to legal@kutano.example and keep the case number in the subject line.",
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
  invoice: { number: "2026-14", currency: "USD", payTo: ["Kutano Ltd, 1 Quay Street"], dueOn: "Wed 2 Dec 2026" },
  work: [
    { on: "2 Nov 2026", what: "Search for one account", hundredthsOfHour: 125, centsPerHour: 120_000 },
    { on: "3 Nov 2026", what: "Check, encrypt and hand over the package, with the declaration of the custodian", hundredthsOfHour: 33, centsPerHour: 15_050 },
  ],
  expenses: [{ on: "3 Nov 2026", what: "Storage medium", cents: 1_999 }],
};

test("the invoice lists dates, work, hours and rate, and adds up to the cent", () => {
  reads(
    composeLetter("invoice", bill),
    "Good day Deputy Quill,",
    "Invoice 2026-14, for your matter 26-CR-77. All sums are in USD.",
    "A governmental entity that obtains records or contents pays the provider what was reasonably necessary and directly spent to search for, assemble, reproduce or otherwise provide them (18 U.S.C. 2706(a)). The amount is as agreed between us or, without agreement, as the court that issued the order decides (2706(b)).",
    "Work",
    [
      "  Date        Work                                                 Hours      Rate       Sum",
      "  2 Nov 2026  Search for one account                                1.25  1,200.00  1,500.00",
      "  3 Nov 2026  Check, encrypt and hand over the package, with the    0.33    150.50     49.67",
      "              declaration of the custodian",
      "  Total                                                             1.58            1,549.67",
    ].join("\n"),
    "Expenses",
    ["  Date        What for          Sum", "  3 Nov 2026  Storage medium  19.99", "  Total                       19.99"].join("\n"),
    "To pay: USD 1,569.66, by Wed 2 Dec 2026.",
    "Pay to",
    "  - Kutano Ltd, 1 Quay Street",
  );
});

test("whatever was worked, the rows of an invoice add up to what is to be paid, and no cent is lost to a fraction", () => {
  const entry = fc.record({ on: fc.constant("d"), what: fc.constant("w"), hundredthsOfHour: fc.nat(100_000), centsPerHour: fc.nat(10_000_000) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (work) => {
      const { blocks } = composeLetter("invoice", { ...bill, work, expenses: [] });
      const table = blocks.find((block) => block.kind === "table");
      assert.ok(table?.kind === "table");
      const cents = (text = "") => BigInt(text.replaceAll(/[,.]/g, ""));
      const rows = table.rows.map((row) => cents(row[4]));
      assert.equal(
        rows.reduce((sum, row) => sum + row, 0n),
        cents(table.total?.[4]),
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
    assert.throws(() => composeLetter("invoice", { ...bill, work: [{ on: "d", what: "w", hundredthsOfHour, centsPerHour: 1 }] }), RangeError);
});
