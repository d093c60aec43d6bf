// Sends the desk's letters through the operator's mail server, in a form in which a second copy is recognised as one.
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { createTransport } from "nodemailer";
import type { Letter, LetterFate, LetterSender } from "../../app/reading-port.ts";

export interface LetterSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 465); otherwise STARTTLS is required, except to this machine. */
  readonly implicitTls?: boolean;
  readonly user?: { readonly name: string; readonly password: string };
  /** PEM of the authority that vouches for the server, when it is not a public one. */
  readonly certificateAuthority?: string;
  /** The desk's own mailbox, and what to call it. */
  readonly from: { readonly name: string; readonly address: string };
  /** Where bounces go; the desk's mailbox when absent. */
  readonly bounces?: string;
  readonly timeoutMs?: number;
}

const mailbox = /^[^\s\p{Cc}<>()[\]\\,;:"]{1,64}@[^\s\p{Cc}<>()[\]\\,;:"@]{1,253}$/u;
const letterId = /^[\w-]{1,128}$/;

/** Throws when the settings themselves could not name a sender. */
export function openLetterSender(settings: LetterSettings): LetterSender {
  if (!mailbox.test(settings.from.address)) throw new Error("the desk's own mailbox is not an address");
  const timeout = settings.timeoutMs ?? 30_000;
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.implicitTls === true,
    requireTLS: settings.implicitTls !== true && !isLoopback(settings.host),
    ignoreTLS: false,
    tls: {
      minVersion: "TLSv1.2",
      rejectUnauthorized: !isLoopback(settings.host) || settings.certificateAuthority !== undefined,
      ...(settings.certificateAuthority === undefined ? {} : { ca: settings.certificateAuthority }),
    },
    ...(settings.user === undefined ? {} : { auth: { user: settings.user.name, pass: settings.user.password } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    logger: false,
    // A letter is made of values; it may never fetch a file or a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    sendLetter: async (letter) => {
      const refused = whyUnsendable(letter);
      if (refused !== undefined) return { kind: "failed", permanent: true, code: refused };
      const messageId = messageIdOf(letter.id, settings.from.address);
      try {
        const sent = await transport.sendMail(mailOf(letter, messageId, settings));
        return { kind: "sent", response: plainResponse(sent.response), messageId, transcriptSha256: transcriptOf(letter, messageId, sent.response) };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "::1" || host === "localhost";
}

/** The same letter has the same Message-ID whenever it is sent. */
export function messageIdOf(id: string, deskAddress: string): string {
  return `letter.${id}@${deskAddress.slice(deskAddress.lastIndexOf("@") + 1)}`;
}

function whyUnsendable(letter: Letter): string | undefined {
  if (!letterId.test(letter.id)) return "LETTER_ID_INVALID";
  if (!mailbox.test(letter.to)) return "ADDRESS_INVALID";
  if (hasControl(letter.subject) || letter.subject.length > 500) return "SUBJECT_INVALID";
  if (letter.attachments?.some((each) => hasControl(each.fileName) || !/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(each.mediaType))) return "ATTACHMENT_INVALID";
  return undefined;
}

function hasControl(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

function mailOf(letter: Letter, messageId: string, settings: LetterSettings) {
  // A reference that no header can carry is left out: the letter matters more than its thread.
  const reply =
    letter.inReplyTo === undefined || !/^[^\s\p{Cc}<>]{1,990}$/u.test(letter.inReplyTo)
      ? {}
      : { inReplyTo: `<${letter.inReplyTo}>`, references: `<${letter.inReplyTo}>` };
  return {
    from: { name: settings.from.name, address: settings.from.address },
    to: { name: "", address: letter.to },
    envelope: { from: settings.bounces ?? settings.from.address, to: [letter.to] },
    subject: letter.subject,
    text: letter.text,
    ...(letter.html === undefined ? {} : { html: letter.html }),
    messageId: `<${messageId}>`,
    ...reply,
    // Robots that answer letters would open cases (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    attachments: (letter.attachments ?? []).map((each) => ({ filename: each.fileName, contentType: each.mediaType, content: Buffer.from(each.content) })),
  };
}

/** What the desk can show later: the server's yes, to which letter, in which wording. */
function transcriptOf(letter: Letter, messageId: string, response: string): string {
  const hash = createHash("sha256");
  const pieces = [messageId, letter.to, letter.subject, letter.text, letter.html ?? "", response];
  for (const piece of pieces) hash.update(`${Buffer.byteLength(piece)}:`).update(piece);
  for (const each of letter.attachments ?? []) hash.update(`${each.content.length}:`).update(each.content);
  return hash.digest("hex");
}

/** Words of the server without addresses: they end up next to facts. */
function plainResponse(response: unknown): string {
  return (typeof response === "string" ? response : "")
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .replaceAll(/<?[^\s<>]+@[^\s<>]+>?/g, "<address>")
    .slice(0, 300);
}

/** What a later attempt could not mend. */
const lastingCodes = new Set(["EENVELOPE", "EMESSAGE"]);

function failureOf(error: unknown): LetterFate {
  const details = (error instanceof Error ? error : {}) as { readonly code?: unknown; readonly responseCode?: unknown; readonly response?: unknown };
  const code = typeof details.code === "string" && /^[A-Z]\w{1,30}$/.test(details.code) ? details.code : "EUNKNOWN";
  const status = typeof details.responseCode === "number" ? details.responseCode : undefined;
  const permanent = status === undefined ? lastingCodes.has(code) : status >= 500;
  const failed = { kind: "failed", permanent, code: status === undefined ? code : `${code}_${status}` } as const;
  return details.response === undefined ? failed : { ...failed, response: plainResponse(details.response) };
}
