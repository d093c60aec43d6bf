// What a review says to the agency line by line: what its paper does not reach, what is left out, and the scope that we go on with.
import { heading, inWords, list, paragraph, type Block, type ListItem } from "./letter.ts";
import type { NarrowingMatter, RefusedLine } from "./letter-matter.ts";

export function narrowing({ refused, leftOut, undecided, offered, mailbox }: NarrowingMatter): readonly Block[] {
  return [
    paragraph("We have reviewed your request line by line. As it stands it asks for more than the smallest scope that your paper supports."),
    ...section("What your paper does not reach", refused.map(refusedLine)),
    ...section("What we leave out of the smallest scope", leftOut.map(refusedLine)),
    ...section("What our counsel still looks at", undecided),
    heading("What we would accept"),
    ...offer(offered, undecided.length > 0, mailbox),
  ];
}

function section(title: string, items: readonly (string | ListItem)[]): readonly Block[] {
  return items.length === 0 ? [] : [heading(title), list(items)];
}

function offer(offered: readonly string[], counselDecides: boolean, mailbox: string): readonly Block[] {
  if (offered.length === 0 && counselDecides) return [paragraph("Nothing so far: our counsel still looks at the lines above.")];
  if (offered.length === 0) return [paragraph("No narrower request under this paper would do. Where another paper would, the reasons above name it.")];
  return [
    paragraph("The smallest scope that your paper supports, as we read it, is:"),
    list(offered),
    paragraph(
      `We go on with these lines. If you agree, answer to ${mailbox} that the request is narrowed to them; you need not send the paper again. For the rest, send a paper that reaches it.`,
    ),
  ];
}

export function refusedLine({ line, reasons }: RefusedLine): ListItem {
  return { text: line, under: reasons.map((reason) => `because: ${inWords(reason)}`) };
}
