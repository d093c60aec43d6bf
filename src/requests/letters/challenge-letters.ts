// What the desk says to those who may give way: that an order is challenged and why, and that somebody should be told of it.
import type { ChallengeGround } from "../challenge/events.ts";
import { heading, list, paragraph, type Block } from "./letter.ts";
import type { ChallengeMatter, GagLiftMatter } from "./letter-matter.ts";

/** The grounds in the words of a sentence that begins "We challenge it because". */
export const groundWords: Readonly<Record<ChallengeGround, string>> = {
  "wrong-issuer": "who issued it could not issue it for what it asks",
  "insufficient-process": "it does not reach what it asks for",
  overbroad: "it asks for more than its purpose needs",
  "undue-burden": "it puts an undue burden on us",
  vague: "it does not say clearly what it asks for",
  privilege: "it reaches what a privilege protects",
  "free-expression": "it strikes at free expression",
  "conflict-of-laws": "the law of another country forbids the answer",
  comity: "the interests of another country's law weigh against it (comity)",
  "secrecy-unlawful": "the secrecy it demands is unlawful",
  "not-held": "we do not hold the data",
  "wrong-entity": "it is addressed to an entity that it does not bind",
  "human-rights": "it does not stand with human rights",
  "customer-objects": "our customer objects",
  other: "of another ground, which is none of the usual ones",
};

export function challengeGrounds({ company, forum, matter, lines, route, on, interim }: ChallengeMatter): readonly Block[] {
  const order = matter === undefined ? "your order" : `your order ${matter}`;
  const where = forum === undefined ? "the court or authority that may decide on it" : forum;
  return [
    paragraph(`${company} challenges ${order} and turns to ${where} (IGRP-8).`),
    ...(route === undefined ? [] : [paragraph(`The way the law gives for it: ${route}.`)]),
    heading("What the order asks for"),
    list(lines.length === 0 ? ["the lines stand in the order itself"] : lines),
    heading("Grounds"),
    ...(on.length === 0
      ? [paragraph("The grounds are not part of this letter.")]
      : [paragraph("We challenge it because:"), list(on.map((ground) => groundWords[ground]))]),
    heading("Until the decision"),
    paragraph("Nothing is disclosed while the challenge is pending."),
    paragraph(interim === undefined ? "No interim measure is asked for." : `Meanwhile this is asked for: ${interim}`),
  ];
}

const beneficiaries = {
  customer: { who: "our customer", of: "that its data has been asked for", rule: "IGRP-10" },
  "data-protection-authority": { who: "the competent data-protection authority", of: "that personal data has been asked for", rule: "IGRP-11" },
} as const;

const requests = {
  issuer: "We ask you, who issued it, to lift it",
  court: "We ask the court to lift it",
  agency: "We ask you to have it lifted by whoever issued it",
} as const;

export function gagLiftRequest({ order, addressee, beneficiary, argument, mailbox }: GagLiftMatter): readonly Block[] {
  const { who, of, rule } = beneficiaries[beneficiary];
  return [
    paragraph(`${orderWords(order)} keeps us from telling ${who} ${of}.`),
    paragraph(`${requests[addressee]}, or to narrow it so far that we may tell ${who} (${rule}). We keep the order until you decide.`),
    heading("Why"),
    paragraph(argument),
    heading("What we ask you to answer"),
    list([
      "whether the order is lifted or narrowed, and from which day",
      "if not, which of its grounds still holds, and for how long",
      ...(order.endsOn === undefined ? ["when the order ends, because it names no last day"] : []),
    ]),
    paragraph(`Answer to ${mailbox}. We record this request and your answer, and ask again when the grounds may have fallen away (IGRP-12).`),
  ];
}

function orderWords({ issuer, number, since, endsOn }: GagLiftMatter["order"]): string {
  const which = number === undefined ? "A secrecy order" : `The secrecy order ${number}`;
  const ends = endsOn === undefined ? "with no last day" : `until ${endsOn}`;
  return `${which} of ${issuer}, in force from ${since} ${ends},`;
}
