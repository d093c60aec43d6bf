import assert from "node:assert/strict";
import { test } from "node:test";
import type { InspectionOutcome } from "../app/redaction-port.ts";
import type { Terminal } from "./command.ts";
import { redactCheck } from "./redact-commands.ts";

async function checked(outcome: InspectionOutcome, terms?: string) {
  let asked: readonly string[] = [];
  const terminal = {
    readText: () => Promise.resolve(terms ?? ""),
    inspectPaper: (_file: string, given: readonly string[]) => {
      asked = given;
      return Promise.resolve(outcome);
    },
  };
  const options = terms === undefined ? {} : { terms: "words.txt" };
  // The command opens no desk and asks nothing else of the terminal.
  const answer = await redactCheck.run({ positionals: ["paper.pdf"], options }, terminal as unknown as Terminal, undefined as never);
  assert.ok(redactCheck.output.safeParse(answer.json).success);
  return { ...answer, asked };
}

test("words under a black box are an alarm that names page and number and never the words", async () => {
  const answer = await checked({ kind: "inspected", bad: [{ code: "TEXT_UNDER_RECTANGLE", class: 1, page: 2, words: 3 }], findings: [] }, "Smith\n\nJones\n");
  assert.equal(answer.exit, 1);
  assert.match(answer.text, /under a drawn box on page 2 \(3 words\)/);
  assert.deepEqual(answer.asked, ["Smith", "Jones"]);
});

test("a scan with its text is told and is no alarm, and a sound paper passes", async () => {
  const scan = await checked({ kind: "inspected", bad: [{ code: "OCR_UNDER_IMAGE", class: 4, page: 1, words: 90 }], findings: [] });
  assert.deepEqual([scan.exit, scan.text.includes("page 1")], [0, true]);
  assert.equal((await checked({ kind: "inspected", bad: [], findings: [] })).exit, 0);
});

test("a paper that cannot be read through cannot be called sound", async () => {
  const answer = await checked({ kind: "refused", findings: [{ code: "PDF_ENCRYPTED", weight: "refuses", because: "The paper is locked." }] });
  assert.equal(answer.exit, 1);
});
