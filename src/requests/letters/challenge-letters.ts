// What the desk asks of those who may decide against an order: to set it aside, or to let somebody be told of it.
import { heading, inWords, list, paragraph, reasonList, type Block } from "./letter.ts";
import type { ChallengeMatter, GagLiftMatter } from "./letter-matter.ts";

export function challengeGrounds({ company, forum, matter, lines, reasons, relief, interim }: ChallengeMatter): readonly Block[] {
  const order = matter === undefined ? "the order" : `the order ${matter}`;
  return [
    paragraph(`${company} received ${order} and asks ${forum} to decide on it (IGRP-8).`),
    heading("What the order asks for"),
    list(lines.length === 0 ? ["the lines stand in the order itself"] : lines),
    heading("Grounds"),
    ...reasons.map((reason, index) => paragraph(`${index + 1}. ${inWords(reason)}`)),
    heading("What is asked for"),
    list(relief),
    heading("Until the decision"),
    ...(interim.length === 0
      ? [paragraph("No interim measure is asked for. Nothing is disclosed while the challenge is pending.")]
      : [
          list(interim),
          paragraph("The data is kept as it is, so that a decision either way can be carried out. Nothing is disclosed while the challenge is pending."),
        ]),
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

export function gagLiftRequest({ order, addressee, beneficiary, reasons, mailbox }: GagLiftMatter): readonly Block[] {
  const { who, of, rule } = beneficiaries[beneficiary];
  return [
    paragraph(`${orderWords(order)} keeps us from telling ${who} ${of}.`),
    paragraph(`${requests[addressee]}, or to narrow it so far that we may tell ${who} (${rule}). We keep the order until you decide.`),
    heading("Why"),
    reasonList(reasons),
    heading("What we ask you to answer"),
    list([
      "whether the order is lifted or narrowed, and from which day",
      "if not, which of its grounds still holds, and for how long",
      ...(order.endsOn === undefined ? ["when the order ends, because it names no last day"] : []),
    ]),
    paragraph(`Answer to ${mailbox}. We record this request and your answer, and ask again when the grounds may have fallen away (IGRP-12).`),
  ];
}

function orderWords({ issuer, number, madeOn, endsOn }: GagLiftMatter["order"]): string {
  const which = number === undefined ? "A secrecy order" : `The secrecy order ${number}`;
  const made = madeOn === undefined ? "" : `, made on ${madeOn}`;
  const ends = endsOn === undefined ? "with no last day" : `in force until ${endsOn}`;
  return `${which} of ${issuer}${made}, ${ends},`;
}
