// What the desk writes to an agency about its request before and after the review: arrived, unclear, refused, referred, ready.
import { heading, inWords, list, paragraph, reasonList, type Block } from "./letter.ts";
import type { ClarificationMatter, EmergencyMatter, LetterMatter, Question, RecallMatter } from "./letter-matter.ts";

export function acknowledgement({ caseId, mailbox }: LetterMatter): readonly Block[] {
  return [
    paragraph(`Your message has arrived and is kept, unchanged, under case number ${caseId}.`),
    paragraph(
      "This is not an answer to it. We check who sent it, what it asks for and what the law compels. We may call your agency at a number we find ourselves.",
    ),
    paragraph(`Write to ${mailbox} and keep the case number in the subject line.`),
  ];
}

export function missingContents({ missing, mailbox }: LetterMatter): readonly Block[] {
  return [
    paragraph("We cannot review your request yet, because it does not say:"),
    list(missing.map(({ ask, clause }) => `${ask} (${clause})`)),
    paragraph(
      `Send all of it in one message from your agency's own mailbox to ${mailbox}. Nothing is disclosed and no time limit of ours starts until it is here.`,
    ),
  ];
}

export function clarification({ questions, mailbox }: ClarificationMatter): readonly Block[] {
  return [
    paragraph("Parts of your request can be read in more than one way. We do not guess what a paper compels, so we ask:"),
    ...questions.flatMap(questionBlocks),
    paragraph(`Answer each point in one message to ${mailbox}. Until then we disclose nothing for the lines that a point speaks of; the others go on.`),
  ];
}

function questionBlocks(question: Question, index: number): readonly Block[] {
  const where = question.line === undefined ? "" : `, line ${question.line}`;
  return [heading(`Point ${index + 1}${where}`), paragraph(inWords(question)), ...(question.ask === undefined ? [] : [paragraph(question.ask)])];
}

export function rejection({ reasons }: LetterMatter): readonly Block[] {
  return [paragraph("We do not disclose data on your request. The reasons are:"), reasonList(reasons), paragraph("You may send a new request at any time.")];
}

export function referral({ workspace }: LetterMatter): readonly Block[] {
  const whose = workspace === undefined ? "" : ` ${workspace}`;
  return [
    paragraph(`The data you ask for belongs to our customer${whose}. A government agency should ask the customer directly; we ask you to do so (IGRP-3).`),
    paragraph("If you cannot, tell us why. We record your answer and go on with the review of your request."),
  ];
}

export function gagWishAnswer(): readonly Block[] {
  return [
    paragraph(
      "You ask us not to tell our customer about your request. A wish in a letter is not a secrecy order: we tell the customer unless a court order or a statute forbids it (V18).",
    ),
    paragraph(
      "If you have such an order, send us a copy that shows the court, the date, what it covers and when it ends. If you would rather withdraw the request, tell us now.",
    ),
  ];
}

export function emergencyAnswer(matter: EmergencyMatter): readonly Block[] {
  return matter.answer === "declined" ? emergencyDeclined(matter) : emergencyQuestions(matter);
}

function emergencyDeclined({ reasons, ways, mailbox }: Extract<EmergencyMatter, { answer: "declined" }>): readonly Block[] {
  return [
    paragraph("You ask us to disclose data because of an emergency. The law permits a provider to do so and does not compel it. We do not disclose:"),
    reasonList(reasons),
    ...(ways.length === 0 ? [] : [paragraph("These papers would compel us, for what each of them reaches:"), list(ways)]),
    paragraph(`Send a paper that compels to ${mailbox} and keep the case number in the subject line.`),
  ];
}

function emergencyQuestions({ questions, mailbox }: Extract<EmergencyMatter, { answer: "more-needed" }>): readonly Block[] {
  return [
    paragraph("You ask us to disclose data because of an emergency. We cannot judge that yet. Tell us at once:"),
    list(questions.map(({ ask, ...reason }) => (ask === undefined ? inWords(reason) : { text: ask, under: [inWords(reason)] }))),
    paragraph(`Answer to ${mailbox} and keep the case number in the subject line. This is not a promise to disclose.`),
  ];
}

export function productionReady({ link, until }: LetterMatter): readonly Block[] {
  return [
    paragraph("The data that your paper compels is ready. It is encrypted to the key you gave us; only its holder can open it."),
    paragraph(`Fetch it here: ${link ?? ""}`),
    paragraph(`The link opens a page with a button; the button may be used a few times, until ${until ?? "it expires"}.`),
    paragraph(
      "Inside: the records, a dictionary of the fields, the lines of your paper, why each record is there, the custodian's declaration and a proof that the release stands in our ledger.",
    ),
  ];
}

const recallGrounds: Readonly<Record<RecallMatter["ground"], string>> = {
  "wrong-account": "It holds records of an account that your paper does not name.",
  "outside-scope": "It holds records that your paper does not reach.",
  "redaction-failed": "It shows what should have been removed from it.",
  "wrong-recipient": "It was made available to somebody who should not have it.",
  other: "It should not have left us in this form.",
};

export function recall({ ground, sha256, releasedOn, downloads, mailbox }: RecallMatter): readonly Block[] {
  return [
    paragraph(`We take back the production that we made available on ${releasedOn}. ${recallGrounds[ground]} The mistake is ours.`),
    paragraph(`The file's SHA-256 is ${sha256}. Our records show ${downloads === 1 ? "one download" : `${downloads} downloads`}. Its link no longer works.`),
    heading("What we ask of you"),
    list([
      "Do not open the file, and do not read, copy or use what is in it.",
      "Destroy every copy, also in backups and with anybody you gave it to.",
      `Tell us in writing what you did, on the page of your case or to ${mailbox}.`,
    ]),
    paragraph("What your paper does compel follows as a new production of its own. It does not take this one's place in silence: both stand in our ledger."),
  ];
}
