// Reads archives of mail (files of one message, and mailbox files) as a source: whose mailbox a file is, a person has confirmed in the settings.
import { createHash } from "node:crypto";
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import type { Counted, Described, Opened, Source } from "../../app/production-port.ts";
import type { Collected, LiveCollection, PlannedRead, SourceFinding } from "../../production/shapes.ts";
import { fileFolder } from "./file-folder.ts";
import { type FilePlace, type Listing, Stopped, type StoredFile, isOddName, printable } from "./file-place.ts";
import { isDamagedPacking, unpacked } from "./file-rows.ts";
import { type MboxForm, type MboxItem, mboxMessages } from "./mbox-messages.ts";
import { type MessageMoment, momentOfMessage } from "./message-moment.ts";
import { type Row, codeOf, failureOf, isAsked, recordOf } from "./planned-rows.ts";

export interface MailArchiveSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  readonly folder: string;
  readonly workspace: string;
  readonly mailboxes: readonly [Mailbox, ...Mailbox[]];
  readonly limits?: Partial<MailLimits>;
}

export interface Mailbox {
  /** The account whose mailbox these files are: every message in them is this account's record. */
  readonly account: string;
  /** Where it is not the workspace of the whole archive. */
  readonly workspace?: string;
  /** Names below the folder; `*` and `?` stay inside one folder, `**` does not. What ends in `.eml` is one message, all else a mailbox file. */
  readonly files: readonly [string, ...string[]];
  /** How the mailbox files mark where a message ends; `mboxrd` where nothing is said. */
  readonly form?: MboxForm;
}

interface MailLimits {
  /** Of one message; a larger one is left out and told. */
  readonly messageBytes: number;
  /** Of one file, unpacked; more stops the read. */
  readonly fileBytes: number;
  readonly files: number;
  /** Of one message; the others are left out and told. */
  readonly attachments: number;
}

const ordinaryLimits: MailLimits = { messageBytes: 64 * 1024 ** 2, fileBytes: 256 * 1024 ** 3, files: 1_000_000, attachments: 1000 };
const deepestPart = 50;
const mostHeaderBytes = 2 * 1024 ** 2;

const columns: { readonly [collection: string]: { readonly [column: string]: LiveCollection["columns"][number]["kind"] } } = {
  messages: {
    key: "text",
    account: "text",
    workspace: "text",
    date: "moment",
    dated_by: "text",
    from: "text",
    to: "text",
    cc: "text",
    subject: "text",
    text: "text",
    html: "text",
    message_id: "text",
    attachment_count: "number",
    raw: "bytes",
  },
  attachments: { key: "text", message: "text", account: "text", workspace: "text", date: "moment", name: "text", type: "text", size: "number", bytes: "bytes" },
};

interface Archive {
  readonly settings: MailArchiveSettings;
  readonly place: FilePlace;
  readonly limits: MailLimits;
}

/** Refuses a file that is said to be two people's mailbox, paths that lead outside, and a folder without mail. */
export async function openMailArchive(settings: MailArchiveSettings): Promise<Opened> {
  const tell = (code: SourceFinding["code"], what: string): Opened => ({ kind: "refused", findings: [finding(code, settings.source, what)] });
  if (settings.mailboxes.some((mailbox) => mailbox.files.some(isOddName)))
    return tell("SETTINGS", "A file is named by a path that leads outside or holds odd signs. Name it from the folder on, with `/` between folders.");
  try {
    const archive: Archive = { settings, place: await fileFolder(settings.folder), limits: { ...ordinaryLimits, ...settings.limits } };
    const listings = await Promise.all(settings.mailboxes.map((mailbox) => listed(archive, mailbox)));
    const names = listings.flatMap((listing) => listing.names);
    if (names.length === 0) return tell("NO_TABLES", "No file of any mailbox is there. Check the folder and the names.");
    if (new Set(names).size < names.length) return tell("SETTINGS", "A file is said to be in two mailboxes. Say of each file whose it is.");
    return { kind: "open", source: mailArchive(archive), findings: listings.flatMap((listing) => listing.findings) };
  } catch (error) {
    return tell("UNREACHABLE", `The folder cannot be read (${codeOf(error)}).`);
  }
}

function finding(code: SourceFinding["code"], where: string, what: string): SourceFinding {
  return { code, where: printable(where), what };
}

function mailArchive(archive: Archive): Source {
  return {
    name: archive.settings.source,
    describe: () => describe(archive),
    count: (read, signal) => count(archive, read, signal),
    read: (read, signal) => readRecords(archive, read, signal),
    close: () => Promise.resolve(),
  };
}

async function listed({ place, limits }: Archive, mailbox: Mailbox, signal?: AbortSignal): Promise<Listing> {
  const listing = await place.list(mailbox.files, signal);
  if (listing.names.length > limits.files) throw new Stopped("TOO_MANY_FILES", "the mailbox has too many files");
  if (listing.names.length > 0 || listing.findings.length > 0) return listing;
  return { ...listing, findings: mailbox.files.map((pattern) => finding("NO_ENTRIES", pattern, "No file of the mailbox is there.")) };
}

/** Opens no message: what columns there are does not depend on them. */
async function describe(archive: Archive): Promise<Described> {
  const listings = await Promise.all(archive.settings.mailboxes.map((mailbox) => listed(archive, mailbox)));
  const collections = Object.entries(columns).map(([name, known]) => ({
    name,
    columns: Object.entries(known).map(([column, kind]) => ({ name: column, kind })),
  }));
  return { schema: { source: archive.settings.source, collections }, findings: listings.flatMap((listing) => listing.findings) };
}

async function count(archive: Archive, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  let records = 0;
  for await (const item of readRecords(archive, read, signal)) {
    if (item.kind === "failed") return item;
    if (item.kind === "record") records += 1;
  }
  return { kind: "counted", records };
}

async function* readRecords(archive: Archive, read: PlannedRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  let records = 0;
  try {
    signal?.throwIfAborted();
    if (!Object.hasOwn(columns, read.collection)) throw new Stopped("NO_COLLECTION", "an archive of mail has no such collection");
    for (const mailbox of archive.settings.mailboxes.filter((candidate) => isWanted(archive, candidate, read))) {
      const listing = await listed(archive, mailbox, signal);
      for (const found of listing.findings) yield { kind: "finding", finding: found };
      for (const name of listing.names) {
        for await (const item of recordsOfFile(archive, { name, mailbox, read }, signal)) {
          signal?.throwIfAborted();
          yield item;
          if (item.kind === "record") records += 1;
        }
      }
    }
  } catch (error) {
    yield { kind: "failed", failure: failureOf(read, records, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  }
}

function isWanted({ settings }: Archive, mailbox: Mailbox, read: PlannedRead): boolean {
  return read.accounts.includes(mailbox.account) && (mailbox.workspace ?? settings.workspace) === read.workspace;
}

interface FileRead {
  readonly name: string;
  readonly mailbox: Mailbox;
  readonly read: PlannedRead;
}

/** What was left out of one file, or came out of it incomplete. */
interface Tally {
  undated: number;
  tooLarge: number;
  unreadable: number;
  attachments: number;
}

async function* recordsOfFile(archive: Archive, asked: FileRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  const tally: Tally = { undated: 0, tooLarge: 0, unreadable: 0, attachments: 0 };
  const file = await archive.place.open(asked.name, signal);
  try {
    for await (const item of messagesOf(archive, file, { asked, signal })) {
      if (item.kind === "message") yield* recordsOfMessage(archive, asked, item, tally);
      else if (item.kind === "too large") tally.tooLarge += 1;
      else yield { kind: "finding", finding: finding("UNREADABLE", asked.name, item.what) };
    }
    await file.confirm();
  } finally {
    await file.close();
  }
  for (const found of findingsOf(asked.name, tally)) yield { kind: "finding", finding: found };
}

async function* messagesOf(
  { limits }: Archive,
  file: StoredFile,
  from: { readonly asked: FileRead; readonly signal: AbortSignal | undefined },
): AsyncGenerator<MboxItem> {
  const { asked, signal } = from;
  const pieces = unpacked(file.pieces(signal), limits.fileBytes);
  try {
    if (!/\.eml$/i.test(asked.name)) return yield* mboxMessages(pieces, asked.mailbox.form ?? "mboxrd", limits.messageBytes);
    const raw = await whole(pieces, limits.messageBytes);
    yield raw === undefined ? { kind: "too large", number: 1 } : { kind: "message", number: 1, raw };
  } catch (error) {
    if (signal?.aborted === true || !isDamagedPacking(error)) throw error;
    yield { kind: "broken", what: "The file cannot be unpacked any further. What follows the damage is not read." };
  }
}

async function whole(pieces: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > mostBytes) return undefined;
    parts.push(piece);
  }
  return Buffer.concat(parts, bytes);
}

async function* recordsOfMessage(
  archive: Archive,
  { name, mailbox, read }: FileRead,
  item: Extract<MboxItem, { readonly kind: "message" }>,
  tally: Tally,
): AsyncGenerator<Collected> {
  const { raw, number } = item;
  const moment = momentOfMessage(raw);
  if (moment === undefined && read.witness.moment !== undefined) tally.undated += 1;
  // Not the file's name: mail programs name files after subjects, and a subject is content.
  const key = `${createHash("sha256").update(name).digest("hex").slice(0, 32)}-${number}`;
  const place = { key, account: mailbox.account, workspace: mailbox.workspace ?? archive.settings.workspace, date: moment?.at ?? null };
  const accounts = new Set(read.accounts);
  // Only a message that is asked for is taken apart.
  if (!isAsked(place, read, accounts)) return;
  const email = await parsed(raw, tally);
  tally.attachments += Math.max(0, email.attachments.length - archive.limits.attachments);
  const rows =
    read.collection === "messages"
      ? [messageRow(place, { email, raw, moment })]
      : attachmentRows(place, email.attachments.slice(0, archive.limits.attachments));
  for (const row of rows) if (isAsked(row, read, accounts)) yield { kind: "record", record: recordOf(row, read) };
}

const nothing: Email = { headers: [], headerLines: [], attachments: [] };

/** A message that cannot be taken apart is still a record: its bytes are all there. */
async function parsed(raw: Buffer, tally: Tally): Promise<Email> {
  try {
    return await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: deepestPart, maxHeadersSize: mostHeaderBytes });
  } catch {
    tally.unreadable += 1;
    return nothing;
  }
}

type Place = Row & { readonly key: string };

function messageRow(place: Place, message: { readonly email: Email; readonly raw: Buffer; readonly moment: MessageMoment | undefined }): Row {
  const { email, raw, moment } = message;
  return {
    ...place,
    dated_by: moment?.by ?? null,
    from: addresses(email.from === undefined ? undefined : [email.from]),
    to: addresses(email.to),
    cc: addresses(email.cc),
    subject: email.subject ?? null,
    text: email.text ?? null,
    html: email.html ?? null,
    message_id: email.messageId ?? null,
    attachment_count: email.attachments.length,
    raw: Uint8Array.from(raw),
  };
}

/** As JSON, because a name can hold every sign that could stand between two addresses. */
function addresses(list: readonly Address[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list.flatMap((entry) => entry.group ?? [entry]).map(({ name, address }) => ({ name, address })));
}

function* attachmentRows(place: Place, attachments: readonly Attachment[]): Generator<Row> {
  for (const [index, attachment] of attachments.entries()) {
    const bytes = typeof attachment.content === "string" ? Buffer.from(attachment.content) : new Uint8Array(attachment.content);
    yield { ...place, key: `${place.key}/${index + 1}`, message: place.key, name: attachment.filename, type: attachment.mimeType, size: bytes.length, bytes };
  }
}

function findingsOf(name: string, tally: Readonly<Tally>): SourceFinding[] {
  const told: readonly (readonly [number, SourceFinding["code"], string])[] = [
    [tally.undated, "UNDATED", "messages have no readable date with a zone; they are in no range and are left out."],
    [tally.tooLarge, "TOO_LARGE", "messages are larger than the source may read and are left out."],
    [tally.unreadable, "UNREADABLE", "messages cannot be taken apart; their bytes are given as they are, without text and attachments of their own."],
    [tally.attachments, "TOO_LARGE", "attachments are more than one message may have; they are inside the bytes of their messages only."],
  ];
  return told.flatMap(([number, code, what]) => (number === 0 ? [] : [finding(code, name, `${number} ${what}`)]));
}
