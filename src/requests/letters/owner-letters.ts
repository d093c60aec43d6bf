// What the customer is told: that somebody asks for its data, what for, and until when it may object.
import { list, paragraph, type Block } from "./letter.ts";
import type { LetterMatter } from "./letter-matter.ts";

export function ownerNotice(matter: LetterMatter): readonly Block[] {
  return notice(
    matter,
    `${asker(matter)} has asked us for data of your workspace${named(matter)}. We tell you before anything is disclosed (KDRP-13, IGRP-1).`,
  );
}

export function lateNotice(matter: LetterMatter): readonly Block[] {
  return notice(
    matter,
    `${asker(matter)} asked us for data of your workspace${named(matter)}. A lawful ground kept us from telling you until now; it has ended, so we tell you at once (KDRP-13, IGRP-1).`,
  );
}

function notice({ lines, link, until, noticeDays }: LetterMatter, opening: string): readonly Block[] {
  const waiting =
    until === undefined
      ? `You have ${noticeDays ?? 7} days from the day of this letter to object or to answer the agency yourself.`
      : `You have until ${until} to object or to answer the agency yourself.`;
  return [
    paragraph(opening),
    paragraph("What was asked for:"),
    list(lines),
    paragraph(`${waiting} If you do nothing, we disclose the least that the law compels.`),
    paragraph(link?.startsWith("http") === true ? `Read the request and answer here: ${link}` : "To read the request or to object, answer this letter."),
    paragraph("You may want to show this letter to your lawyer."),
  ];
}

function asker({ agency }: LetterMatter): string {
  return agency ?? "A government agency";
}

function named({ workspace }: LetterMatter): string {
  return workspace === undefined ? "" : ` ${workspace}`;
}
