// A letter's page from its writing to the mail that carries it: sealed like everything else, and never left out in silence.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import PostalMime from "postal-mime";
import { officer, startDesk, type RunningDesk } from "../../tests/desks/running-desk.ts";
import { startLetterPrinter } from "../adapters/print/letter-printer.ts";
import type { Actor } from "../kernel/ids.ts";
import { findCaseView, type LetterView } from "./case-view.ts";
import type { Desk } from "./desk.ts";
import { receiveMessage } from "./receive-message.ts";
import { sendLetters } from "./send-letters.ts";
import { openPage } from "./write-letter.ts";

let running: RunningDesk;
let desk: Desk;
before(async () => {
  running = await startDesk();
  desk = await running.desk();
});
after(() => running.stop());

/** A request whose arrival owes a letter; its case and that letter. */
async function newCase(at: Desk, number: string): Promise<{ readonly caseId: LetterCase; readonly letter: LetterView }> {
  const raw = Buffer.from(
    `From: "Det. Reyes" <${officer}>\r\nTo: legal-process@kutano.example\r\nSubject: Subpoena ${number}\r\nMessage-ID: <${number}@police.springfield.gov>\r\n\r\nSubpoena ${number} for jo@acme.example in workspace Acme Robotics.\r\n`,
  );
  const { caseId } = await receiveMessage(at, {
    raw,
    bytes: async function* () {
      yield raw;
    },
    door: "mail",
    clientIp: "203.0.113.5",
    helo: "mx.police.springfield.gov",
    mailFrom: officer,
    receivedAt: running.clock.now(),
  });
  return { caseId, letter: await firstLetter(at, caseId) };
}

type LetterCase = Parameters<typeof findCaseView>[1];

async function firstLetter(at: Desk, caseId: LetterCase): Promise<LetterView> {
  const view = await findCaseView(at, caseId, "desk" as Actor, ["desk"]);
  return view?.letters[0] ?? assert.fail("no letter was written");
}

async function written(at: Desk, caseId: LetterCase) {
  const facts = await at.ports.ledger.readStream(at.id, `case:${caseId}`);
  return facts.map(({ fact }) => fact).find(({ type }) => type === "LetterWritten");
}

test("a letter goes out with its page, and the page is the one that was sealed when it was written", async () => {
  const { caseId, letter } = await newCase(desk, "26-1");
  const page = letter.content?.page;
  assert.ok(letter.content !== undefined && page?.kind === "printed");
  assert.equal(page.fileName, `${caseId}-letter-acknowledgement.pdf`);
  assert.equal("unprinted" in ((await written(desk, caseId)) ?? {}), false);
  const sealed = (await openPage(desk, caseId, letter.content)) ?? assert.fail("the page is gone");
  assert.equal(createHash("sha256").update(sealed).digest("hex"), page.sha256);
  const before = running.caught.length;
  await sendLetters(desk);
  const mail = await PostalMime.parse(await running.letterTo(officer, before));
  assert.equal(mail.text?.trim(), letter.content.text.trim());
  const [attachment, ...more] = mail.attachments;
  assert.equal(more.length, 0);
  assert.deepEqual({ name: attachment?.filename, type: attachment?.mimeType }, { name: page.fileName, type: "application/pdf" });
  assert.deepEqual(Buffer.from(attachment?.content as ArrayBuffer), Buffer.from(sealed));
});

test("a letter that could not be printed goes as text, and the fact and the letter say why it has no page", async () => {
  const printer = startLetterPrinter({ timeoutMs: 1 });
  const hasty = { ...desk, ports: { ...desk.ports, printer } };
  const { caseId, letter } = await newCase(hasty, "26-2");
  assert.deepEqual(letter.content?.page, { kind: "failed", code: "PRINT_TOO_SLOW" });
  assert.equal(((await written(hasty, caseId)) as { readonly unprinted?: string }).unprinted, "PRINT_TOO_SLOW");
  const before = running.caught.length;
  await sendLetters(hasty);
  assert.deepEqual((await PostalMime.parse(await running.letterTo(officer, before))).attachments, []);
  assert.equal((await firstLetter(hasty, caseId)).state, "sent");
  await printer.close();
});

test("a desk without a printer writes text alone and calls it no failure", async () => {
  const { printer: _, ...ports } = desk.ports;
  const { caseId, letter } = await newCase({ ...desk, ports }, "26-3");
  assert.equal(letter.content?.page, undefined);
  assert.equal("unprinted" in ((await written(desk, caseId)) ?? {}), false);
  await sendLetters(desk);
});

test("a letter whose sealed page was altered or lost does not leave without it, and shows", async () => {
  const altered = await newCase(desk, "26-4");
  const lost = await newCase(desk, "26-5");
  await alterPage(altered.letter);
  assert.ok(lost.letter.content?.page?.kind === "printed");
  await desk.ports.objects.remove(desk.id, lost.caseId, lost.letter.content.page.object);
  const before = running.caught.length;
  assert.deepEqual(await sendLetters(desk), { sent: 0, failed: 2 });
  assert.equal(running.caught.length, before);
  assert.equal((await firstLetter(desk, altered.caseId)).state, "waiting");
  assert.equal((await firstLetter(desk, lost.caseId)).state, "failed");
});

async function alterPage({ content }: LetterView): Promise<void> {
  assert.ok(content?.page?.kind === "printed");
  const { object } = content.page;
  const folder = join(running.installation.dataDir, "objects");
  const name = (await readdir(folder, { recursive: true })).find((path) => path.endsWith(object)) ?? assert.fail("no such object");
  const bytes = await readFile(join(folder, name));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(join(folder, name), bytes);
}
