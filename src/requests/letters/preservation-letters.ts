// What an agency is told about data kept at its request: what is kept and until when, and later that it is kept no longer.
import { heading, list, paragraph, type Block } from "./letter.ts";
import type { PreservationEndMatter, PreservationMatter } from "./letter-matter.ts";

export function preservationConfirmed({ lines, since, until, mailbox }: PreservationMatter): readonly Block[] {
  return [
    paragraph(`At your request we keep a copy of what we held on ${since}:`),
    list(lines.length === 0 ? ["nothing: we hold none of what you name"] : lines),
    paragraph(`It is kept until ${until}. After that day it is destroyed, unless a renewed request or a paper that compels its disclosure is here before.`),
    paragraph("To keep is not to disclose: nobody outside our desk reads the copy, and what comes into being later is not part of it."),
    paragraph(`Write to ${mailbox} and keep the case number in the subject line.`),
  ];
}

const endings = {
  released: "You released us from keeping it",
  expired: "The time for which it had to be kept is over, and no paper that compels its disclosure has come",
  "process-followed": "What your paper compels was disclosed from it",
} as const;

export function preservationEnded({ lines, endedOn, how, destroyed }: PreservationEndMatter): readonly Block[] {
  return [
    paragraph(`Since ${endedOn} the copy that we kept at your request is kept no longer. ${endings[how]}. It was of:`),
    list(lines),
    heading("What became of the copy"),
    ...(destroyed === undefined
      ? [paragraph("Nothing was destroyed: the copy is part of the production and follows its rules.")]
      : [
          paragraph(`It was destroyed on ${destroyed.on}: ${destroyed.records} records, together with the key that opened them.`),
          paragraph(`SHA-256 of the copy before it was destroyed: ${destroyed.sha256}`),
          paragraph("The same digest stands in our ledger. It tells nothing about what the copy held, and proves which copy it was."),
        ]),
    paragraph("The customer's own data in our service is not touched by this."),
  ];
}
