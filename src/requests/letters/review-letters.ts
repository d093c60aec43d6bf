// What a review says to the agency line by line: what its paper reaches, what not, and the narrower request that would do.
import { heading, inWords, list, paragraph, type Block, type ListItem } from "./letter.ts";
import type { LetterMatter, NarrowingMatter, RefusedLine } from "./letter-matter.ts";

export function verdict({ lines, refusedLines }: LetterMatter): readonly Block[] {
  return [
    paragraph("We have reviewed your request line by line. Your paper reaches:"),
    reached(lines),
    paragraph("It does not reach:"),
    list(refusedLines.map(refused)),
    paragraph("We go on with what it reaches. For the rest, send a paper that reaches it."),
  ];
}

export function narrowing({ lines, refusedLines, reasons, offered, mailbox }: NarrowingMatter): readonly Block[] {
  return [
    paragraph("We have reviewed your request line by line. As it stands it asks for more than your paper can compel."),
    ...(reasons.length === 0 ? [] : [list(reasons.map(inWords))]),
    heading("What your paper reaches"),
    reached(lines),
    heading("What it does not reach"),
    list(refusedLines.length === 0 ? ["nothing else was asked for"] : refusedLines.map(refused)),
    heading("What we would accept"),
    ...offer(offered, mailbox),
  ];
}

function offer(offered: readonly string[], mailbox: string): readonly Block[] {
  if (offered.length === 0) return [paragraph("No narrower request under this paper would reach the rest. Another paper would; the reasons above name it.")];
  return [
    paragraph("The smallest request that would serve the purpose you name, and that we would accept under the same paper, is:"),
    list(offered),
    paragraph(
      `If you agree, answer to ${mailbox} that the request is narrowed to these lines. You need not send the paper again. Nothing leaves before you answer.`,
    ),
  ];
}

function reached(lines: readonly string[]): Block {
  return list(lines.length === 0 ? ["nothing of what was asked for"] : lines);
}

function refused({ line, reasons }: RefusedLine): ListItem {
  return { text: line, under: reasons.map((reason) => `because: ${inWords(reason)}`) };
}
