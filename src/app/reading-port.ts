// What the program asks of the outside when a message arrives: take it in, say who vouches for its sender, read it, and send letters back.

/** A raw message: its bytes, or the file that holds them. A file keeps memory flat for large messages. */
export type RawMessage = Uint8Array | { readonly path: string };

/** Something is wrong with the input. `because` says what to do next and never holds a name, an address or a file name. */
export interface ReadingProblem {
  /** Stable code, upper snake case: `PDF_ENCRYPTED`. */
  readonly code: string;
  readonly because: string;
  /** Number of the attachment it speaks of, counted from 1. */
  readonly attachment?: number;
}

export interface MailAddress {
  /** Decoded display name; empty when there is none. */
  readonly name: string;
  readonly address: string;
}

/** What the bytes of an attachment are, whatever its label claims. `archive` covers zip and its kin and is never unpacked. */
export type AttachmentKind = "pdf" | "text" | "archive" | "image" | "message" | "office" | "other";

export interface ReadAttachment {
  /** Counted from 1, in the order of the message; attachments of an attached message follow it. */
  readonly index: number;
  /** The attached message this one was found in, when it was. */
  readonly within?: number;
  /** Cleaned of control and direction-changing characters; empty when the message names none. */
  readonly fileName: string;
  /** As the message claims, lower case. */
  readonly mediaType: string;
  readonly kind: AttachmentKind;
  /** Shown inside the message, such as a logo, rather than attached to it. */
  readonly inline: boolean;
  readonly sizeBytes: number;
  /** Lower-case hex, of the decoded bytes. */
  readonly sha256: string;
  /** One entry a page for a PDF, one entry for anything else; absent when nothing was read. */
  readonly text?: { readonly pages: readonly string[] };
  readonly problems: readonly ReadingProblem[];
}

/** A text that was read, under the name spans use for it. Offsets are UTF-16 code units. */
export interface ReadSource {
  /** `subject`, `body`, `attachment-1`, … */
  readonly id: string;
  readonly text: string;
  /** Where each page starts in `text`; only for paged attachments. */
  readonly pageStarts?: readonly number[];
}

export interface ReadMessage {
  /** Lower-case hex, of the raw message: two equal messages are one message. Empty when it could not be read at all. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Without angle brackets. */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly subject?: string;
  readonly from: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  /** As the sender claims, ISO 8601 in UTC; absent when it is no date. */
  readonly date?: string;
  /** A machine wrote it: an automatic reply, a list or a delivery report (RFC 3834). */
  readonly automatic: boolean;
  /** The best plain text of the body. */
  readonly text: string;
  /** Language tags that headers or markup claim, lower case, most trusted first. */
  readonly languages: readonly string[];
  readonly attachments: readonly ReadAttachment[];
  readonly sources: readonly ReadSource[];
  readonly problems: readonly ReadingProblem[];
}

/** Reads hostile mail in a place of its own. Bad input gives problems; a promise is rejected only when the file is gone or the reader is closed. */
export interface MessageReader {
  read(raw: RawMessage): Promise<ReadMessage>;
  /** The decoded bytes of one attachment, by its `index`; none when there is no such attachment. */
  extractAttachment(raw: RawMessage, index: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Asks the DNS. Same promise as `dns.promises.resolve(name, type)`: answers in that shape, or an error with a `code` such as `ENOTFOUND`. */
export type DnsResolver = (name: string, type: string) => Promise<readonly unknown[]>;

/** One question to the DNS and what came back: evidence for the results that rest on it. */
export type DnsAnswer =
  | { readonly name: string; readonly type: string; readonly answers: readonly DnsRecord[] }
  | { readonly name: string; readonly type: string; readonly error: string };

export type DnsRecord = string | readonly string[] | { readonly [member: string]: string | number };

export type MailResult = "pass" | "fail" | "softfail" | "neutral" | "none" | "policy" | "temperror" | "permerror";

export interface DkimResult {
  readonly result: MailResult;
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: string;
  /** The signing domain is the From domain, or shares its organisation where the policy allows. */
  readonly aligned: boolean;
  /** Bytes of the body the signature leaves open to change; such a signature vouches for nothing. */
  readonly unsignedBytes: number;
  readonly comment?: string;
}

/** Whether somebody in charge of the From domain vouches for the message. `unknown` when the DNS did not answer: ask again later. */
export type Alignment =
  | { readonly kind: "aligned"; readonly by: readonly ("dkim" | "spf")[]; readonly policy: "enforced" | "monitored" | "no-policy" }
  | { readonly kind: "not-aligned" }
  | { readonly kind: "unknown" };

/** What can be said about the sender of a message from the message, the connection and the DNS. Holds addresses: it belongs in the vault. */
export interface MailAuthentication {
  /** A-labels, lower case; absent unless the message names exactly one author. */
  readonly fromDomain?: string;
  readonly fromAddress?: string;
  readonly displayName?: string;
  readonly spf: { readonly result: MailResult; readonly domain: string; readonly comment?: string };
  readonly dkim: readonly DkimResult[];
  readonly dmarc: { readonly result: MailResult; readonly policy?: "none" | "quarantine" | "reject"; readonly policyDomain?: string; readonly record?: string };
  /** Informative only: it never makes a message aligned. */
  readonly arc: { readonly result: MailResult; readonly instances: number };
  readonly aligned: Alignment;
  readonly dnsAnswers: readonly DnsAnswer[];
  readonly findings: readonly ReadingProblem[];
}

export interface Arrival {
  readonly raw: RawMessage;
  readonly clientIp: string;
  readonly helo: string;
  /** Empty for the null reverse path of a bounce. */
  readonly mailFrom: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
}

/** Never throws for bad mail or a bad DNS; throws when the file cannot be read. */
export type AuthenticateSender = (arrival: Arrival) => Promise<MailAuthentication>;

/** A message as the listener hands it over. The file is removed after `TakeMessage` has settled: copy what must stay. */
export interface ReceivedMessage {
  readonly raw: { readonly path: string };
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly clientIp: string;
  readonly helo: string;
  readonly mailFrom: string;
  /** Mailboxes of the desk it was addressed to, lower case. */
  readonly recipients: readonly string[];
  readonly receivedAt: string;
  readonly secure: boolean;
}

/** Answers when the message is durable. A throw makes the sender's server try again later. */
export type TakeMessage = (
  message: ReceivedMessage,
) => Promise<{ readonly accepted: true; readonly caseId: string } | { readonly accepted: false; readonly code: number; readonly text: string }>;

export interface Letter {
  /** Idempotency key: the Message-ID is made from it, so a copy sent twice is recognisable. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Message-ID of the message it answers, without angle brackets. */
  readonly inReplyTo?: string;
  readonly attachments?: readonly { readonly fileName: string; readonly mediaType: string; readonly content: Uint8Array }[];
}

export type LetterFate =
  | { readonly kind: "sent"; readonly response: string; readonly messageId: string; readonly transcriptSha256: string }
  | { readonly kind: "failed"; readonly permanent: boolean; readonly code: string; readonly response?: string };

/** At least once: a crash between the server's yes and our record sends the letter again under the same Message-ID. Never rejects. */
export interface LetterSender {
  sendLetter(letter: Letter): Promise<LetterFate>;
  close(): void;
}
