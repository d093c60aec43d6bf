import assert from "node:assert/strict";
import { after, test } from "node:test";
import { linesOf, smallPdf } from "../../tests/fixtures/small-pdf.ts";
import { startRedactor } from "../adapters/pdf/redactor.ts";
import type { Desk } from "./desk.ts";
import { withBadRedactions } from "./inspect-papers.ts";
import type { ReadMessage } from "./reading-port.ts";

const redactor = startRedactor();
after(() => redactor.close());

async function problemsOf(pages: readonly string[], inspected = true): Promise<ReadMessage["problems"]> {
  const bytes = smallPdf({ pages: pages.map((content) => ({ content })) });
  const ports = {
    reader: { extractAttachment: () => Promise.resolve(bytes) },
    ...(inspected ? { inspectPaper: (paper: Uint8Array) => redactor.inspect(paper) } : {}),
  };
  // Looking in papers asks nothing else of the desk and of the message.
  const desk = { ports } as unknown as Desk;
  const read = { problems: [], attachments: [{ index: 1, kind: "pdf", sizeBytes: bytes.length }] } as unknown as ReadMessage;
  return (await withBadRedactions(desk, new Uint8Array(), read)).problems;
}

const covered = `${linesOf(["Witness Quillfeather"])} q 0 g 60 710 200 30 re f Q`;

test("text under a black box of a paper that arrives is told with its page and never with its words", async () => {
  const [problem, ...more] = await problemsOf([linesOf(["A warrant"]), covered]);
  assert.deepEqual([problem?.code, problem?.attachment, more], ["BAD_REDACTION", 1, []]);
  assert.match(problem?.because ?? "", /black box on page 2/);
  assert.ok(!(problem?.because ?? "").includes("Quillfeather"));
});

test("a sound paper is told nothing of, and a desk that cannot look adds nothing", async () => {
  assert.deepEqual(await problemsOf([linesOf(["A warrant"])]), []);
  assert.deepEqual(await problemsOf([covered], false), []);
});
