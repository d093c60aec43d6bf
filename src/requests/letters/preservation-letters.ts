// What an agency is told about data kept at its request: what is kept and until when, and later that it is kept no longer.
import { heading, list, paragraph, type Block } from "./letter.ts";
import type { PreservationEndMatter, PreservationMatter } from "./letter-matter.ts";

export function preservationConfirmed({ lines, since, keptUntil, renewed, mailbox }: PreservationMatter): readonly Block[] {
  return [
    paragraph(
      renewed
        ? `At your renewed request we go on keeping the copy of what we held on ${since}, of:`
        : `At your request we keep a copy, made on ${since}, of what we held of:`,
    ),
    list(lines),
    ...untilWhen(keptUntil),
    // Whether an account exists, and how much it holds, is customer data too.
    paragraph("This letter does not say whether there was anything to keep: only a paper that compels its disclosure answers that."),
    paragraph("To keep is not to disclose: nobody outside our desk reads the copy, and what comes into being later is not part of it."),
    paragraph(`Write to ${mailbox} and keep the case number in the subject line.`),
  ];
}

function untilWhen(until: PreservationMatter["keptUntil"]): readonly Block[] {
  if (until === undefined) return [paragraph("The law of your paper names no last day: it is kept until your paper is answered or you release us from it.")];
  return [
    paragraph(`It is kept until ${until.day}. After that day it is destroyed, unless a renewed request or a paper that compels its disclosure is here before.`),
    paragraph(`How the day was counted: ${until.derivation}`),
  ];
}

const endings = {
  released: "Nothing requires that it be kept any more",
  expired: "The time for which it had to be kept is over",
  "process-followed": "A paper that compels its disclosure came and was answered",
} as const;

/** How much there was is not told: that would disclose, without a paper, what the copy held. */
export function preservationEnded({ lines, endedOn, how, destroyed }: PreservationEndMatter): readonly Block[] {
  return [
    paragraph(`Since ${endedOn} the copy that we kept at your request is kept no longer. ${endings[how]}. It was of:`),
    list(lines),
    heading("What became of the copy"),
    paragraph(`It was destroyed on ${destroyed.on}, together with the key that opened it.`),
    paragraph(`SHA-256 of the copy before it was destroyed: ${destroyed.sha256}`),
    paragraph("The same digest stands in our ledger. It tells nothing about what the copy held, and proves which copy it was."),
    paragraph("The customer's own data in our service is not touched by this."),
  ];
}
