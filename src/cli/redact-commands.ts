// Looks in a paper for redactions that do not hold: black boxes over words that are still there.
import { z } from "zod";
import type { BadRedaction, InspectionOutcome, PaperFinding } from "../app/redaction-port.ts";
import { need, optionText, type Command } from "./command.ts";

const finding = z.object({ code: z.string(), page: z.number().optional(), words: z.number().optional(), alarm: z.boolean(), because: z.string() });
const output = z.object({ ok: z.boolean(), findings: z.array(finding) });
type Finding = z.output<typeof finding>;

const words: Readonly<Record<BadRedaction["code"], string>> = {
  TEXT_UNDER_RECTANGLE: "Text can be read under a drawn box",
  TEXT_UNDER_IMAGE: "Text can be read under a picture",
  TEXT_UNDER_ANNOTATION: "Text can be read under a note or a mark",
  TEXT_IN_BACKGROUND_COLOUR: "Text stands in the colour of its ground",
  INVISIBLE_TEXT: "Text is there that nobody sees",
  OCR_UNDER_IMAGE: "A scan carries text that a program read from it",
  TINY_TEXT: "Text is too small to be seen",
  CLIPPED_TEXT: "Text is cut off and can be read",
  TEXT_OFF_PAGE: "Text stands outside the page",
  HIDDEN_LAYER: "A layer that is switched off holds text",
  EARLIER_REVISION: "An earlier state of the file holds words that were taken out later",
  ATTACHMENT: "A file is attached",
  THUMBNAIL: "A small picture of a page is kept in the file",
  OUTLINE_OR_METADATA: "Titles, bookmarks or properties hold a word that is looked for",
};

/** These stand in many sound papers: somebody should know, and nothing is wrong yet. */
const harmless: ReadonlySet<BadRedaction["code"]> = new Set(["OCR_UNDER_IMAGE", "ATTACHMENT", "THUMBNAIL"]);

export const redactCheck: Command = {
  name: "redact check",
  usage: "redact check FILE.pdf [--terms FILE]",
  describe: "Looks in a PDF for redactions that do not hold. It says page and kind, never what stands there; the exit code is 1 when something can be read.",
  options: { terms: { type: "string", value: "FILE", describe: "Words that must be gone, one a line; - reads them from standard input." } },
  needsDesk: false,
  output,
  run: async (given, terminal) => {
    const file = need(given, 0, "The PDF");
    const list = optionText(given, "terms");
    const terms = list === undefined ? [] : (await terminal.readText(list)).split(/\r?\n/).filter((line) => line.trim() !== "");
    const findings = findingsOf(await terminal.inspectPaper(file, terms));
    const ok = !findings.some(({ alarm }) => alarm);
    return { json: { ok, findings }, text: textOf(findings), exit: ok ? 0 : 1 };
  },
};

function findingsOf(outcome: InspectionOutcome): readonly Finding[] {
  if (outcome.kind === "refused") return outcome.findings.map(ofPaper);
  return [...outcome.bad.map(ofRedaction), ...outcome.findings.map(ofPaper)];
}

function ofRedaction({ code, page, words: count }: BadRedaction): Finding {
  const many = count === undefined ? "" : ` (${count.toLocaleString("en")} ${count === 1 ? "word" : "words"})`;
  return {
    code,
    ...(page === undefined ? {} : { page }),
    ...(count === undefined ? {} : { words: count }),
    alarm: !harmless.has(code),
    because: `${words[code]}${page === undefined ? "" : ` on page ${page}`}${many}.`,
  };
}

/** A paper that cannot be read through cannot be called sound. */
function ofPaper({ code, page, weight, because }: PaperFinding): Finding {
  return { code, ...(page === undefined ? {} : { page }), alarm: weight === "refuses", because };
}

function textOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing was found that a reader could see and should not.";
  return findings.map(({ alarm, because, code }) => `  ${alarm ? "✗" : "·"} ${because} [${code}]`).join("\n");
}
