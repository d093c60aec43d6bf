// Reads a raw message: who wrote it, what it says, what is attached, and everything that is wrong with it.
import { createHash } from "node:crypto";
import PostalMime, { addressParser, type Address, type Attachment, type Email } from "postal-mime";
import type { AttachmentKind, MailAddress, ReadAttachment, ReadMessage, ReadSource, ReadingProblem } from "../../app/reading-port.ts";
import { detectKind } from "./detect-kind.ts";
import { htmlToText } from "./html-to-text.ts";
import { pdfReader, type ReadPdf } from "./read-pdf.ts";
import { surveyMessage, type Survey } from "./survey-message.ts";

export interface ReadingLimits {
  readonly rawBytes: number;
  readonly parts: number;
  readonly depth: number;
  readonly headerBytes: number;
  readonly attachments: number;
  /** How many messages may sit inside each other. */
  readonly messageDepth: number;
  /** Decoded, over all attachments and the attachments of attached messages. */
  readonly decodedBytes: number;
  readonly bodyLength: number;
  readonly attachmentTextLength: number;
  /** Over all sources together. */
  readonly textLength: number;
}

const mebi = 1024 * 1024;

export const readingLimits: ReadingLimits = {
  rawBytes: 96 * mebi,
  parts: 1000,
  depth: 50,
  headerBytes: 1.5 * mebi,
  attachments: 100,
  messageDepth: 4,
  decodedBytes: 192 * mebi,
  bodyLength: mebi,
  attachmentTextLength: 2 * mebi,
  textLength: 8 * mebi,
};

export interface ReadingTools {
  readonly limits: ReadingLimits;
  readonly readPdf: ReadPdf;
  /** Called before each PDF, so that one that never ends can be named and left out next time. */
  readonly onPdf: (attachment: number) => void;
  /** Attachments whose PDF is not to be opened. */
  readonly skipPdfs: ReadonlySet<number>;
}

function readingTools(limits: ReadingLimits = readingLimits): ReadingTools {
  return { limits, readPdf: pdfReader(), onPdf: () => {}, skipPdfs: new Set() };
}

/** What one message and the messages inside it share. */
interface Progress {
  readonly tools: ReadingTools;
  readonly attachments: ReadAttachment[];
  readonly contents: Uint8Array[];
  readonly sources: ReadSource[];
  readonly problems: ReadingProblem[];
  decodedBytes: number;
  textLength: number;
}

/** Never rejects for anything the bytes hold. */
export async function readMessage(raw: Uint8Array, tools: ReadingTools = readingTools()): Promise<ReadMessage> {
  const progress = startProgress(tools);
  const opened = await openMessage(viewOf(raw), progress);
  addSource(progress, { id: "subject", text: opened.subject ?? "" });
  addSource(progress, { id: "body", text: opened.text });
  await readAttachments(opened, progress, 1, undefined);
  return {
    sha256: createHash("sha256").update(raw).digest("hex"),
    sizeBytes: raw.length,
    ...opened.heading,
    text: opened.text,
    attachments: progress.attachments,
    sources: progress.sources,
    problems: distinct(progress.problems),
  };
}

/** The decoded bytes of one attachment, counted as `readMessage` counts them. */
export async function extractAttachment(raw: Uint8Array, index: number, limits: ReadingLimits = readingLimits): Promise<Uint8Array | undefined> {
  const noPdf: ReadPdf = async () => ({ pages: [], problems: [] });
  const progress = startProgress({ ...readingTools(limits), readPdf: noPdf });
  const opened = await openMessage(viewOf(raw), progress);
  await readAttachments(opened, progress, 1, undefined);
  return progress.contents[index - 1];
}

function startProgress(tools: ReadingTools): Progress {
  return { tools, attachments: [], contents: [], sources: [], problems: [], decodedBytes: 0, textLength: 0 };
}

function viewOf(raw: Uint8Array): Buffer {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

interface Opened {
  readonly heading: Omit<ReadMessage, "sha256" | "sizeBytes" | "text" | "attachments" | "sources" | "problems">;
  readonly subject?: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly survey: Survey;
}

async function openMessage(raw: Buffer, progress: Progress): Promise<Opened> {
  const { limits } = progress.tools;
  if (raw.length === 0) progress.problems.push({ code: "MESSAGE_EMPTY", because: "The message holds nothing at all. Ask the sender to send it again." });
  if (raw.length > limits.rawBytes)
    progress.problems.push({
      code: "MESSAGE_TOO_LARGE",
      because: "The message is larger than the desk reads by itself. Only its beginning was read; open the original to see the rest.",
    });
  const readable = raw.subarray(0, limits.rawBytes);
  const survey = surveyMessage(readable, limits);
  progress.problems.push(...survey.problems, ...aboutProtection(survey));
  const email = await parse(readable.subarray(0, survey.readableBytes), limits, progress);
  const heading = readHeading(email);
  const text = readBody(email, readable, survey, progress);
  const opened = { heading, text, attachments: email.attachments, survey };
  return heading.subject === undefined ? opened : { ...opened, subject: heading.subject };
}

const noEmail: Email = { headers: [], headerLines: [], attachments: [] };

async function parse(readable: Buffer, limits: ReadingLimits, progress: Progress): Promise<Email> {
  try {
    return await PostalMime.parse(readable, { forceRfc822Attachments: true, maxNestingDepth: limits.depth + 10, maxHeadersSize: limits.headerBytes * 2 });
  } catch {
    progress.problems.push({
      code: "MESSAGE_UNREADABLE",
      because: "The message is built in a way the desk cannot take apart. Its plain bytes were searched for text; open the original with care.",
    });
    return noEmail;
  }
}

function readHeading(email: Email): Opened["heading"] {
  const subject = cleanLine(email.subject, 998);
  const messageId = messageIdOf(email.messageId);
  const inReplyTo = messageIdOf(email.inReplyTo);
  const date = email.date !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(email.date) ? email.date : undefined;
  return {
    from: everyAddress(email, "from"),
    replyTo: everyAddress(email, "reply-to"),
    to: [...everyAddress(email, "to"), ...everyAddress(email, "cc")],
    automatic: isAutomatic(email),
    languages: claimedLanguages(email),
    ...(subject === undefined ? {} : { subject }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(date === undefined ? {} : { date }),
  };
}

function messageIdOf(header: string | undefined): string | undefined {
  const id = /<([^<>\s]{1,990})>/.exec(header ?? "")?.[1] ?? header?.trim().split(/\s/)[0];
  return cleanLine(id, 990);
}

const mostAddresses = 200;
const longestAddressField = 64 * 1024;

function everyAddress(email: Email, key: string): readonly MailAddress[] {
  const fields = email.headers.filter((header) => header.key === key).slice(0, 20);
  return fields
    .flatMap((header) => addressParser(header.value.slice(0, longestAddressField)))
    .flatMap((entry: Address) => entry.group ?? [entry])
    .filter((entry) => entry.address !== "")
    .slice(0, mostAddresses)
    .map((entry) => ({ name: cleanLine(entry.name, 256) ?? "", address: cleanLine(entry.address, 320) ?? "" }));
}

function headerValue(email: Email, key: string): string {
  return (
    email.headers
      .find((header) => header.key === key)
      ?.value.slice(0, 2048)
      .toLowerCase() ?? ""
  );
}

/** RFC 3834 and what robots send beside it. */
function isAutomatic(email: Email): boolean {
  const submitted = headerValue(email, "auto-submitted");
  if (submitted !== "" && !submitted.startsWith("no")) return true;
  if (/^(bulk|junk|list|auto[-_]reply)/.test(headerValue(email, "precedence"))) return true;
  if (/^multipart\/report|report-type=/.test(headerValue(email, "content-type"))) return true;
  return email.headers.some((header) => header.key === "list-id" || header.key === "x-autoreply" || header.key === "x-autorespond");
}

function claimedLanguages(email: Email): readonly string[] {
  const fromHeader = headerValue(email, "content-language").split(",");
  const fromHtml = email.html === undefined ? undefined : /<html\b[^>]{0,500}\blang\s*=\s*["']?([a-z-]{2,16})/i.exec(email.html.slice(0, 8192))?.[1];
  const tags = [...fromHeader, fromHtml ?? ""].map((tag) => tag.trim().toLowerCase());
  return [...new Set(tags.filter((tag) => /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(tag)))].slice(0, 5);
}

function readBody(email: Email, readable: Buffer, survey: Survey, progress: Progress): string {
  const { limits } = progress.tools;
  const html = email.html === undefined ? undefined : htmlToText(email.html, limits.bodyLength);
  if (html !== undefined && html.hidden !== "")
    progress.problems.push({
      code: "HIDDEN_TEXT",
      because: "The message holds words that its reader would not see. They were left out; look at the original before you rely on it.",
    });
  const text = cleanText(bestOf(email.text, html, progress) ?? recoverText(email, readable, survey, progress));
  aboutCharacters(text, survey, progress);
  if (text.length > limits.bodyLength)
    progress.problems.push({ code: "BODY_CUT", because: "The text of the message is longer than the desk reads by itself. Read the rest in the original." });
  return text.slice(0, limits.bodyLength).toWellFormed();
}

function bestOf(plain: string | undefined, html: { readonly text: string; readonly hidden: string } | undefined, progress: Progress): string | undefined {
  const said = plain?.trim();
  if (html === undefined || html.text === "") return said === "" ? undefined : said;
  if (said === undefined || said === "") return html.text;
  // Where a part has only an HTML form, the parser's own conversion would show what the markup hides.
  if (html.hidden.length > 8 && squeeze(said).includes(squeeze(html.hidden).slice(0, 200))) return html.text;
  if (html.text.length > 400 && said.length < html.text.length / 4) {
    progress.problems.push({
      code: "TEXT_FORMS_DIFFER",
      because: "The message says much less in its plain form than in its formatted form. The formatted form was read; compare it with the original.",
    });
    return html.text;
  }
  return said;
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}

/** When the parts cannot be told apart, the bytes after the headers may still say something. */
function recoverText(email: Email, readable: Buffer, survey: Survey, progress: Progress): string {
  if (email.attachments.length > 0) return "";
  const body = readable
    .subarray(survey.bodyStart, survey.bodyStart + 256 * 1024)
    .toString("utf8")
    .trim();
  if (body === "" || survey.problems.length === 0) return "";
  progress.problems.push({
    code: "BODY_RECOVERED",
    because: "The message is damaged; its raw text is shown as far as it could be found. Compare it with the original.",
  });
  return body;
}

function aboutCharacters(text: string, survey: Survey, progress: Progress): void {
  const bodies = survey.parts.filter((part) => part.mediaType.startsWith("text/") && part.disposition !== "attachment");
  if (bodies.some((part) => part.charset !== "" && !isKnownCharset(part.charset)))
    progress.problems.push({
      code: "CHARSET_UNKNOWN",
      because: "The message says it is written in a character set the desk does not know, so letters may be wrong. Compare it with the original.",
    });
  else if (text.includes("\ufffd"))
    progress.problems.push({
      code: "CHARACTERS_LOST",
      because: "Some characters of the message do not fit the character set it claims. Compare it with the original.",
    });
  if (/[\u202a-\u202e\u2066-\u2069]/.test(text))
    progress.problems.push({
      code: "DIRECTION_CHANGED",
      because: "The message holds characters that change the direction of reading, so it may look different from what it says. Compare it with the original.",
    });
}

function isKnownCharset(charset: string): boolean {
  const label = charset.replace(/^x-/, "").replace(/\*.*$/, "");
  if (/^(cp|ms|ibm|win)-?\d+$|^iso-?2022-jp|^ms_kanji$|^(uhc|junet|utf-?8|us-?ascii|ascii|ansi.*)$/.test(label)) return true;
  return [charset, label].some((name) => {
    try {
      return new TextDecoder(name).encoding !== "replacement";
    } catch {
      return false;
    }
  });
}

function aboutProtection(survey: Survey): readonly ReadingProblem[] {
  const types = survey.parts.map((part) => part.mediaType);
  if (types.some((type) => type === "application/pgp-encrypted" || type === "application/pkcs7-mime" || type === "application/x-pkcs7-mime"))
    return [
      {
        code: "MESSAGE_PROTECTED",
        because: "The message, or a part of it, is encrypted or wrapped in a signature that the desk cannot open. Ask the sender for a plain copy.",
      },
    ];
  return [];
}

async function readAttachments(opened: Opened, progress: Progress, depth: number, within: number | undefined): Promise<void> {
  const { limits } = progress.tools;
  const charsets = attachedCharsets(opened);
  for (const [order, attachment] of opened.attachments.entries()) {
    if (progress.attachments.length >= limits.attachments) {
      progress.problems.push({
        code: "TOO_MANY_ATTACHMENTS",
        because: `The message has more than ${limits.attachments} attachments. Only the first ones were read; open the original to see the rest.`,
      });
      return;
    }
    const bytes = contentOf(attachment);
    progress.decodedBytes += bytes.length;
    if (progress.decodedBytes > limits.decodedBytes) {
      progress.problems.push({
        code: "MESSAGE_TOO_LARGE",
        because: "The message unpacks to more than the desk reads by itself. Only its beginning was read; open the original to see the rest.",
      });
      return;
    }
    await readOneAttachment(attachment, bytes, charsets[order] ?? "", progress, depth, within);
  }
}

function contentOf(attachment: Attachment): Buffer {
  const { content } = attachment;
  if (typeof content === "string") return Buffer.from(content);
  return content instanceof ArrayBuffer ? Buffer.from(content) : viewOf(content);
}

/** The parser does not say in which character set an attached text is; the survey does, when both count the same attachments. */
function attachedCharsets(opened: Opened): readonly string[] {
  const leaves = opened.survey.parts.filter((part) => part.disposition === "attachment" || !["text/plain", "text/html"].includes(part.mediaType));
  return leaves.length === opened.attachments.length ? leaves.map((part) => part.charset) : [];
}

async function readOneAttachment(
  attachment: Attachment,
  bytes: Buffer,
  charset: string,
  progress: Progress,
  depth: number,
  within: number | undefined,
): Promise<void> {
  const index = progress.attachments.length + 1;
  const what = `Attachment ${index}`;
  const kind = detectKind(bytes, attachment.mimeType, attachment.filename ?? "");
  const inline = attachment.related === true || attachment.disposition === "inline";
  const problems: Omit<ReadingProblem, "attachment">[] = aboutKind(kind, attachment, bytes, what, inline);
  const place = progress.attachments.push({} as ReadAttachment) - 1;
  progress.contents.push(bytes);

  let pages: readonly string[] | undefined;
  let nested: Opened | undefined;
  if (kind === "pdf") pages = await readPdfPages(bytes, index, what, progress, problems);
  if (kind === "text") pages = [readText(bytes, attachment, charset, what, problems)];
  if (kind === "message" && depth >= progress.tools.limits.messageDepth)
    problems.push({
      code: "NESTED_TOO_DEEP",
      because: `${what} is a message inside a message inside a message, too deep to be opened. Open the original with care.`,
    });
  else if (kind === "message") {
    nested = await openMessage(bytes, progress);
    pages = [nestedText(nested)];
  }

  progress.attachments[place] = {
    index,
    ...(within === undefined ? {} : { within }),
    fileName: cleanLine(attachment.filename ?? "", 255) ?? "",
    mediaType: cleanLine(attachment.mimeType, 127) ?? "",
    kind,
    inline,
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    ...withText(pages, index, progress, problems),
    problems: problems.map((problem) => ({ ...problem, attachment: index })),
  };
  progress.problems.push(...problems.map((problem) => ({ ...problem, attachment: index })));
  if (nested !== undefined) await readAttachments(nested, progress, depth + 1, index);
}

function withText(
  pages: readonly string[] | undefined,
  index: number,
  progress: Progress,
  problems: Omit<ReadingProblem, "attachment">[],
): { readonly text?: { readonly pages: readonly string[] } } {
  if (pages === undefined || pages.every((page) => page === "")) return {};
  const starts: number[] = [];
  let text = "";
  for (const page of pages) {
    starts.push(text.length);
    text += `${page}\n`;
  }
  const kept = addSource(progress, { id: `attachment-${index}`, text, ...(pages.length > 1 ? { pageStarts: starts } : {}) });
  if (!kept)
    problems.push({
      code: "TEXT_CUT",
      because: `The message and its attachments hold more text than the desk reads by itself. Read attachment ${index} by eye.`,
    });
  return kept ? { text: { pages } } : {};
}

function addSource(progress: Progress, source: ReadSource): boolean {
  if (progress.textLength + source.text.length > progress.tools.limits.textLength) return false;
  progress.textLength += source.text.length;
  progress.sources.push(source);
  return true;
}

async function readPdfPages(
  bytes: Buffer,
  index: number,
  what: string,
  progress: Progress,
  problems: Omit<ReadingProblem, "attachment">[],
): Promise<readonly string[]> {
  if (progress.tools.skipPdfs.has(index)) {
    problems.push({
      code: "PDF_TOO_COSTLY",
      because: `${what} is a PDF that takes more time or memory to open than a paper needs. It was left closed; ask the officer for a plain copy.`,
    });
    return [];
  }
  progress.tools.onPdf(index);
  const reading = await progress.tools.readPdf(bytes, what);
  problems.push(...reading.problems);
  return reading.pages;
}

function readText(bytes: Buffer, attachment: Attachment, charset: string, what: string, problems: Omit<ReadingProblem, "attachment">[]): string {
  const decoded = decodeText(bytes, charset);
  if (decoded.guessed)
    problems.push({
      code: "CHARSET_GUESSED",
      because: `${what} does not say how its letters are written, and they were guessed. Compare it with the original.`,
    });
  const text =
    attachment.mimeType === "text/html" || /^\s*<(!doctype html|html)\b/i.test(decoded.text.slice(0, 512))
      ? htmlToText(decoded.text, readingLimits.attachmentTextLength).text
      : decoded.text;
  if (text.length > readingLimits.attachmentTextLength)
    problems.push({ code: "TEXT_CUT", because: `${what} holds more text than the desk reads by itself. Read the rest by eye.` });
  return cleanText(text.slice(0, readingLimits.attachmentTextLength));
}

function decodeText(bytes: Buffer, charset: string): { readonly text: string; readonly guessed: boolean } {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
  for (const label of [marked, "utf-8", charset]) {
    if (label === undefined || label === "") continue;
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(bytes), guessed: false };
    } catch {
      // Not that one.
    }
  }
  return { text: new TextDecoder("windows-1252").decode(bytes), guessed: true };
}

function nestedText(opened: Opened): string {
  const { from, to, subject, date } = opened.heading;
  const written = (addresses: readonly MailAddress[]): string =>
    addresses.map((entry) => (entry.name === "" ? entry.address : `${entry.name} <${entry.address}>`)).join(", ");
  const lines = [`From: ${written(from)}`, `To: ${written(to)}`, `Date: ${date ?? ""}`, `Subject: ${subject ?? ""}`];
  return `${lines.join("\n")}\n\n${opened.text}`;
}

function aboutKind(kind: AttachmentKind, attachment: Attachment, bytes: Buffer, what: string, inline: boolean): Omit<ReadingProblem, "attachment">[] {
  if (bytes.length === 0) return [{ code: "ATTACHMENT_EMPTY", because: `${what} is empty. Ask the officer to send it again.` }];
  if (kind === "archive")
    return [
      { code: "ARCHIVE_NOT_OPENED", because: `${what} is an archive. The desk does not unpack archives; ask the officer to attach the papers themselves.` },
    ];
  if (kind === "office")
    return [
      {
        code: "OFFICE_NOT_READ",
        because: `${what} is an office document, which the desk does not open. Ask the officer for a PDF, or read it on a machine made for that.`,
      },
    ];
  if (kind === "image" && !inline) return [{ code: "IMAGE_NOT_READ", because: `${what} is a picture. Read it by eye and enter what it says.` }];
  if (kind === "other" && isProgram(bytes))
    return [{ code: "PROGRAM_ATTACHED", because: `${what} is a program. Do not open it; no lawful request needs one.` }];
  if (kind === "other" && claimsPdf(attachment))
    return [{ code: "PDF_BROKEN", because: `${what} is called a PDF and is none. Ask the officer to send it again.` }];
  if (kind === "other" && !/signature|calendar|delivery-status|headers/.test(attachment.mimeType))
    return [{ code: "ATTACHMENT_NOT_READ", because: `${what} is of a kind the desk does not know. Ask the officer for a PDF.` }];
  return [];
}

function claimsPdf(attachment: Attachment): boolean {
  return attachment.mimeType === "application/pdf" || /\.pdf$/i.test(attachment.filename ?? "");
}

function isProgram(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4).toString("latin1");
  return start.startsWith("MZ") || start === "\u007fELF" || start.startsWith("#!");
}

/** One line without control, format and direction characters; absent when nothing is left. */
function cleanLine(text: string | undefined, longest: number): string | undefined {
  if (text === undefined) return undefined;
  const clean = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .trim();
  return clean === "" ? undefined : clean.slice(0, longest).toWellFormed();
}

function cleanText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/(?![\n\t])[\p{Cc}\ufeff]/gu, "")
    .toWellFormed()
    .trim();
}

function distinct(problems: readonly ReadingProblem[]): readonly ReadingProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.code}/${problem.attachment ?? 0}`, problem])).values()];
}
