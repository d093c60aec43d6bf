// Sends the form: the answers become a message with the papers attached, and go in by the same command as a message from the mailbox.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createTransport } from "nodemailer";
import type { Desk } from "../../app/desk.ts";
import { receiptProof, submissionId } from "../../app/portal.ts";
import { receiveMessage, type ReceivedCase } from "../../app/receive-message.ts";
import type { FormError } from "../look/forms.tsx";
import type { WebContext } from "../web.tsx";
import { errorsOf, questionIds } from "./answers.ts";
import { rateLimit, type RateLimit } from "../rate-limit.ts";
import { checkPage, mostAttachedBytes, readDraft, todayOf, type Draft } from "./request-form.tsx";
import { requestText } from "./request-text.ts";
import { clientAddress } from "../client-address.ts";
import { facePath, proveFirst, provenMailbox } from "./visit.tsx";

const mostFiles = 20;

export function submissionLimit(): RateLimit {
  return rateLimit({ most: 20, windowMs: 60 * 60_000 });
}

export async function sendRequest(c: WebContext, limit: RateLimit) {
  const mailbox = await provenMailbox(c);
  if (mailbox === undefined) return proveFirst(c);
  const body = await c.req.parseBody({ all: true });
  const draft = readDraft(c, body);
  const papers = [body["papers"] ?? []].flat().filter((each): each is File => typeof each !== "string" && each.name !== "");
  const errors = [...wrongAnswers(c.get("desk"), draft), ...wrongPapers(papers)];
  if (errors.length > 0) return checkPage(c, mailbox, draft, errors);
  if (!limit.allows(mailbox, performance.now()))
    return checkPage(c, mailbox, draft, [{ field: "papers", text: "You sent many requests within the hour. Wait, or send this one by e-mail" }], 429);
  const { caseId, how } = await submit(c, mailbox, draft, papers);
  await receiptProof(c.get("desk"), caseId);
  c.get("web").nudge();
  return c.redirect(`${facePath}/case/${caseId}/receipt${how === "duplicate" ? "?again" : ""}`, 303);
}

/** Everything is checked again: what the page carried may have been changed on the way. */
function wrongAnswers(desk: Desk, { answers }: Draft): readonly FormError[] {
  const today = todayOf(desk);
  return questionIds.flatMap((id) =>
    errorsOf(id, { answers, desk, today })
      .slice(0, 1)
      .map(({ text }) => ({ field: `change-${id}`, text })),
  );
}

function wrongPapers(papers: readonly File[]): readonly FormError[] {
  if (papers.length > mostFiles) return [{ field: "papers", text: `Attach at most ${mostFiles} files` }];
  return papers.reduce((sum, { size }) => sum + size, 0) > mostAttachedBytes
    ? [{ field: "papers", text: "Attach at most 60 MB together; send the rest as an answer to our letter" }]
    : [];
}

/** The message lies in a file of its own only until the case has its sealed copy. */
async function submit(c: WebContext, mailbox: string, draft: Draft, papers: readonly File[]): Promise<ReceivedCase> {
  const desk = c.get("desk");
  const receivedAt = desk.ports.clock.now();
  const folder = await mkdtemp(join(tmpdir(), "portcullis-form-"));
  try {
    const path = join(folder, "message.eml");
    await writeMessage(path, desk, { mailbox, draft, papers, receivedAt });
    return await receiveMessage(desk, {
      ...c.get("web").installation.fileMessage(path),
      door: "portal",
      clientIp: clientAddress(c),
      helo: "",
      mailFrom: mailbox,
      receivedAt,
      provenMailbox: mailbox,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Submission {
  readonly mailbox: string;
  readonly draft: Draft;
  readonly papers: readonly File[];
  readonly receivedAt: string;
}

async function writeMessage(path: string, desk: Desk, { mailbox, draft, papers, receivedAt }: Submission): Promise<void> {
  const { subject, text } = requestText(desk, mailbox, draft.answers);
  const digests = await Promise.all(papers.map(digestOf));
  const messageId = await submissionId(desk, mailbox, draft.form, text, ...digests);
  const writer = createTransport({ streamTransport: true, buffer: false, newline: "windows", disableFileAccess: true, disableUrlAccess: true });
  const { message } = await writer.sendMail({
    from: { name: draft.answers.officerName ?? "", address: mailbox },
    to: { name: "", address: desk.profile.mailboxes[0] ?? "" },
    subject,
    text,
    textEncoding: "base64",
    messageId: `<${messageId}>`,
    date: new Date(receivedAt),
    attachments: papers.map((paper) => ({ filename: paper.name, contentType: mediaType(paper), content: contentOf(paper) })),
  });
  await pipeline(message as Readable, createWriteStream(path, { mode: 0o600, flags: "wx" }));
}

function contentOf(paper: File): Readable {
  return Readable.fromWeb(paper.stream() as Parameters<typeof Readable.fromWeb>[0]);
}

/** The browser's word for it; the reader looks at the bytes themselves. */
function mediaType({ type }: File): string {
  return /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(type) && !type.startsWith("message/") && !type.startsWith("multipart/") ? type : "application/octet-stream";
}

async function digestOf(paper: File): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of contentOf(paper)) hash.update(piece as Uint8Array);
  return `${paper.name}\n${hash.digest("hex")}`;
}
