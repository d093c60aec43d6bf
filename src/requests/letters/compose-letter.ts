// Letters, written from the same reasons as the pages and the JSON: what happened, why, what to do.
import type { Reason } from "../../kernel/outcome.ts";
import type { RequiredContent } from "../../policy/pack.ts";
import type { LetterKind } from "./events.ts";

/** What a letter may speak of. Personal words are allowed here: letters live in the vault. */
export interface LetterMatter {
  readonly caseId: string;
  readonly company: string;
  readonly mailbox: string;
  readonly agency?: string;
  readonly officer?: string;
  readonly matter?: string;
  readonly workspace?: string;
  readonly owner?: string;
  /** Lines in words: "messages of jo@acme.example, 1 Mar 2026 to 31 Mar 2026". */
  readonly lines: readonly string[];
  readonly refusedLines: readonly { readonly line: string; readonly reasons: readonly Reason[] }[];
  readonly reasons: readonly Reason[];
  readonly missing: readonly RequiredContent[];
  readonly link?: string;
  /** When the matter's date falls: end of the waiting time, expiry of a download. */
  readonly until?: string;
  readonly noticeDays?: number;
}

export interface LetterText {
  /** Case number and kind only: subjects travel in the clear. */
  readonly subject: string;
  readonly text: string;
}

export function composeLetter(kind: LetterKind, matter: LetterMatter): LetterText {
  return { subject: `${matter.caseId}: ${subjects[kind]}`, text: layOut(greeting(kind, matter), bodies[kind](matter), matter) };
}

const subjects: Record<LetterKind, string> = {
  acknowledgement: "your request has arrived",
  "missing-contents": "what your request still needs",
  rejection: "your request cannot be answered",
  referral: "please turn to our customer",
  "owner-notice": "a request for your workspace's data",
  "late-notice": "a request for your workspace's data that we could not tell you about before",
  "gag-wish-answer": "your wish that the customer is not told",
  verdict: "which lines of your request the paper reaches",
  "production-ready": "the production is ready",
};

type Paragraphs = readonly (string | readonly string[])[];

const bodies: Record<LetterKind, (matter: LetterMatter) => Paragraphs> = {
  acknowledgement: ({ caseId, mailbox }) => [
    `Your message has arrived and is kept, unchanged, under case number ${caseId}.`,
    "This is not an answer to it. We check who sent it, what it asks for and what the law compels. We may call your agency at a number we find ourselves.",
    `Write to ${mailbox} and keep the case number in the subject line.`,
  ],
  "missing-contents": ({ missing, mailbox }) => [
    "We cannot review your request yet, because it does not say:",
    missing.map(({ ask, clause }) => `${ask} (${clause})`),
    `Send all of it in one message from your agency's own mailbox to ${mailbox}. Nothing is disclosed and no time limit of ours starts until it is here.`,
  ],
  rejection: ({ reasons }) => ["We do not disclose data on your request. The reasons are:", reasonList(reasons), "You may send a new request at any time."],
  referral: ({ workspace }) => [
    `The data you ask for belongs to our customer${workspace === undefined ? "" : ` ${workspace}`}. A government agency should ask the customer directly; we ask you to do so (IGRP-3).`,
    "If you cannot, tell us why. We record your answer and go on with the review of your request.",
  ],
  "owner-notice": (matter) =>
    noticeBody(matter, [
      `${matter.agency ?? "A government agency"} has asked us for data of your workspace${matter.workspace === undefined ? "" : ` ${matter.workspace}`}. We tell you before anything is disclosed (KDRP-13, IGRP-1).`,
    ]),
  "late-notice": (matter) =>
    noticeBody(matter, [
      `${matter.agency ?? "A government agency"} asked us for data of your workspace${matter.workspace === undefined ? "" : ` ${matter.workspace}`}. A lawful ground kept us from telling you until now; it has ended, so we tell you at once (KDRP-13, IGRP-1).`,
    ]),
  "gag-wish-answer": () => [
    "You ask us not to tell our customer about your request. A wish in a letter is not a secrecy order: we tell the customer unless a court order or a statute forbids it (V18).",
    "If you have such an order, send us a copy that shows the court, the date, what it covers and when it ends. If you would rather withdraw the request, tell us now.",
  ],
  verdict: ({ lines, refusedLines }) => [
    "We have reviewed your request line by line. Your paper reaches:",
    lines.length === 0 ? ["nothing of what was asked for"] : lines,
    "It does not reach:",
    refusedLines.flatMap(({ line, reasons }) => [line, ...reasons.map((reason) => `   because: ${reason.because} [${reason.clause}]`)]),
    "We go on with what it reaches. For the rest, send a paper that reaches it.",
  ],
  "production-ready": ({ link, until }) => [
    "The data that your paper compels is ready. It is encrypted to the key you gave us; only its holder can open it.",
    `Fetch it here: ${link ?? ""}`,
    `The link opens a page with a button; the button may be used a few times, until ${until ?? "it expires"}.`,
    "Inside: the records, a dictionary of the fields, the lines of your paper, why each record is there, the custodian's declaration and a proof that the release stands in our ledger.",
  ],
};

function noticeBody({ lines, link, until, noticeDays }: LetterMatter, opening: Paragraphs): Paragraphs {
  const waiting =
    until === undefined
      ? `You have ${noticeDays ?? 7} days from the day of this letter to object or to answer the agency yourself.`
      : `You have until ${until} to object or to answer the agency yourself.`;
  return [
    ...opening,
    "What was asked for:",
    lines,
    `${waiting} If you do nothing, we disclose the least that the law compels.`,
    link?.startsWith("http") === true ? `Read the request and answer here: ${link}` : "To read the request or to object, answer this letter.",
    "You may want to show this letter to your lawyer.",
  ];
}

function reasonList(reasons: readonly Reason[]): readonly string[] {
  return reasons.map(({ because, clause }) => `${because} [${clause}]`);
}

function greeting(kind: LetterKind, { officer, owner }: LetterMatter): string {
  const toOwner = kind === "owner-notice" || kind === "late-notice";
  const name = toOwner ? owner : officer;
  return name === undefined ? "Good day," : `Good day ${name},`;
}

function layOut(opening: string, paragraphs: Paragraphs, { company, caseId, matter, mailbox }: LetterMatter): string {
  const body = paragraphs.map((paragraph) => (typeof paragraph === "string" ? paragraph : paragraph.map((item) => `  - ${item}`).join("\n")));
  const reference = matter === undefined ? `Case ${caseId}` : `Case ${caseId}, your reference ${matter}`;
  return [opening, ...body, `${company}\nLegal requests, ${mailbox}\n${reference}`].join("\n\n") + "\n";
}
