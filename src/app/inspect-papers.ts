// Looks in the papers that arrive for redactions that do not hold, so that a reviewer knows that the agency sent more than it shows.
import type { Desk } from "./desk.ts";
import type { BadRedaction } from "./redaction-port.ts";
import type { RawMessage, ReadingProblem, ReadMessage } from "./reading-port.ts";

/** Each may take seconds; more are left to a person. */
const mostPapers = 5;
const largestBytes = 20 * 1024 * 1024;

/** The message with a problem more for each redaction that does not hold: page and kind, never a word. */
export async function withBadRedactions(desk: Desk, raw: RawMessage, read: ReadMessage): Promise<ReadMessage> {
  const { inspectPaper, reader } = desk.ports;
  if (inspectPaper === undefined) return read;
  const papers = read.attachments.filter(({ kind, sizeBytes }) => kind === "pdf" && sizeBytes <= largestBytes).slice(0, mostPapers);
  const problems: ReadingProblem[] = [];
  for (const { index } of papers) {
    const bytes = await reader.extractAttachment(raw, index);
    const inspected = bytes === undefined ? undefined : await inspectPaper(bytes);
    if (inspected?.kind === "inspected") problems.push(...inspected.bad.flatMap((bad) => problemOf(bad, index)));
  }
  return problems.length === 0 ? read : { ...read, problems: [...read.problems, ...problems] };
}

/** What a sound paper has none of. A scan with its text, an attachment or an earlier state says nothing about a redaction. */
const words: Partial<Record<BadRedaction["code"], string>> = {
  TEXT_UNDER_RECTANGLE: "The paper has text under a black box",
  TEXT_UNDER_IMAGE: "The paper has text under a picture",
  TEXT_UNDER_ANNOTATION: "The paper has text under a mark that covers it",
  TEXT_IN_BACKGROUND_COLOUR: "The paper has text in the colour of its ground",
};

function problemOf({ code, page }: BadRedaction, attachment: number): readonly ReadingProblem[] {
  const what = words[code];
  if (what === undefined) return [];
  const because = `${what}${page === undefined ? "" : ` on page ${page}`}. It may be a redaction of the agency that does not hold: do not use what stands there, and tell the agency.`;
  return [{ code: "BAD_REDACTION", because, attachment }];
}
