// Reads a Slack workspace export (the zip Slack gives its customers) as a source: people, channels, messages and the files they mention.
import type { Counted, Described, Opened, Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import type { Instant } from "../../kernel/instant.ts";
import type { Collected, LiveCollection, PlannedRead, SourceFinding } from "../../production/shapes.ts";
import { codeOf, failureOf, flattened, isAsked, recordOf, type Row } from "./planned-rows.ts";
import { openArchive, ordinaryLimits } from "./slack-archive.ts";
import type { Archive, ArchiveLimits } from "./slack-archive.ts";

export interface SlackExportSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  readonly file: string;
  /** The workspace this export was made of, confirmed by a person: an export does not always say so itself. */
  readonly workspace: string;
  readonly limits?: ArchiveLimits;
}

type Kind = LiveCollection["columns"][number]["kind"];

/** What Slack documents; an export may hold more, which is shown as never produced. */
const columns: { readonly [collection: string]: { readonly [column: string]: Kind } } = {
  users: {
    id: "text",
    workspace_id: "text",
    team_id: "text",
    name: "text",
    real_name: "text",
    deleted: "boolean",
    tz: "text",
    updated: "number",
    is_admin: "boolean",
    is_owner: "boolean",
    is_bot: "boolean",
    "profile.email": "text",
    "profile.phone": "text",
    "profile.title": "text",
    "profile.real_name": "text",
    "profile.display_name": "text",
    "profile.first_name": "text",
    "profile.last_name": "text",
    "profile.status_text": "text",
    "profile.skype": "text",
  },
  memberships: { user: "text", workspace_id: "text", channel_id: "text", channel_name: "text", channel_kind: "text" },
  messages: {
    key: "text",
    user: "text",
    workspace_id: "text",
    channel_id: "text",
    channel_name: "text",
    channel_kind: "text",
    sent_at: "moment",
    ts: "text",
    type: "text",
    subtype: "text",
    text: "text",
    thread_ts: "text",
    parent_user_id: "text",
    reply_count: "number",
    "edited.ts": "text",
    "edited.user": "text",
    reactions: "other",
    attachments: "other",
    blocks: "other",
    files: "other",
  },
  files: {
    id: "text",
    user: "text",
    workspace_id: "text",
    channel_id: "text",
    created_at: "moment",
    name: "text",
    title: "text",
    mimetype: "text",
    filetype: "text",
    size: "number",
    url_private: "text",
  },
};

const lists = [
  { file: "channels.json", kind: "channel", folder: "name" },
  { file: "groups.json", kind: "private-channel", folder: "name" },
  { file: "mpims.json", kind: "group-message", folder: "name" },
  { file: "dms.json", kind: "direct-message", folder: "id" },
] as const;

interface Conversation {
  readonly id: string;
  readonly name: string;
  readonly kind: (typeof lists)[number]["kind"];
  readonly folder: string;
  readonly members: readonly string[];
}

interface DayFile {
  readonly entry: string;
  readonly folder: string;
  readonly day: string;
}

/** The export's table of contents. Day files are opened only when a read needs them. */
interface Export {
  readonly settings: SlackExportSettings;
  readonly archive: Archive;
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly users: readonly Row[];
  readonly days: readonly DayFile[];
  readonly findings: readonly SourceFinding[];
}

/** Refuses what is no export and what cannot be opened within limits; tells everything else that is odd. */
export async function openSlackExport(settings: SlackExportSettings): Promise<Opened> {
  const opening = await openArchive(settings.file, settings.limits ?? ordinaryLimits);
  if (opening.kind === "refused") return opening;
  const { archive } = opening;
  if (!archive.names.includes("users.json") || !archive.names.some((name) => lists.some((list) => list.file === name))) {
    archive.close();
    return {
      kind: "refused",
      findings: [finding("NOT_AN_EXPORT", "zip", "The archive holds no users.json or no list of channels: it is not a Slack export.")],
    };
  }
  const contents = await readContents(settings, archive);
  return { kind: "open", source: slackExport(contents), findings: contents.findings };
}

function slackExport(contents: Export): Source {
  return {
    name: contents.settings.source,
    describe: () => describe(contents),
    count: (read, signal) => count(contents, read, signal),
    read: (read, signal) => readRecords(contents, read, signal),
    close: () => Promise.resolve(contents.archive.close()),
  };
}

async function readContents(settings: SlackExportSettings, archive: Archive): Promise<Export> {
  const findings: SourceFinding[] = [];
  const conversations = new Map<string, Conversation>();
  for (const list of lists.filter(({ file }) => archive.names.includes(file))) {
    for (const item of await readList(archive, list.file, findings)) addConversation(conversations, conversationOf(item, list), { file: list.file, findings });
  }
  const users = (await readList(archive, "users.json", findings)).map((user) => flattened({ ...user, workspace_id: settings.workspace }));
  if (users.some((user) => typeof user["team_id"] === "string" && user["team_id"] !== settings.workspace)) {
    findings.push(finding("OTHER_WORKSPACE", "users.json", "Some accounts belong to another workspace than the one this export is said to be of."));
  }
  const days = archive.names.flatMap((entry) => dayFileOf(entry, conversations, findings));
  return { settings, archive, conversations, users, days, findings: [...findings, ...emptyConversations(conversations, days), ...gaps(days)] };
}

async function readList(archive: Archive, entry: string, findings: SourceFinding[]): Promise<{ [name: string]: unknown }[]> {
  const reading = await archive.readEntry(entry);
  const parsed = reading.kind === "read" ? objectsIn(reading.bytes) : undefined;
  if (parsed !== undefined && parsed.others === 0) return parsed.objects;
  findings.push(
    reading.kind === "unreadable"
      ? reading.finding
      : finding("UNREADABLE", entry, parsed === undefined ? "The entry is not a JSON list." : `${parsed.others} items of the list are not objects.`),
  );
  return parsed?.objects ?? [];
}

function objectsIn(bytes: Buffer): { objects: { [name: string]: unknown }[]; others: number } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!Array.isArray(value)) return undefined;
    const objects = value.filter((item): item is { [name: string]: unknown } => typeof item === "object" && item !== null && !Array.isArray(item));
    return { objects, others: value.length - objects.length };
  } catch {
    return undefined;
  }
}

function conversationOf(item: { readonly [name: string]: unknown }, list: (typeof lists)[number]): Conversation | undefined {
  const id = item["id"];
  const name = item["name"] ?? id;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  const members = Array.isArray(item["members"]) ? item["members"].filter((member) => typeof member === "string") : [];
  return { id, name, kind: list.kind, folder: list.folder === "id" ? id : name, members };
}

function addConversation(
  conversations: Map<string, Conversation>,
  conversation: Conversation | undefined,
  from: { file: string; findings: SourceFinding[] },
): void {
  if (conversation === undefined) return void from.findings.push(finding("UNREADABLE", from.file, "A conversation has no id."));
  if (conversations.has(conversation.folder))
    return void from.findings.push(finding("ODD_NAME", from.file, "Two conversations share one folder; the first is kept."));
  conversations.set(conversation.folder, conversation);
}

const otherFiles = /^(?:users|channels|groups|dms|mpims|integration_logs|canvases|file_conversations|huddle_transcripts|huddles|lists|org_users)\.json$/;

function dayFileOf(entry: string, conversations: ReadonlyMap<string, Conversation>, findings: SourceFinding[]): DayFile[] {
  if (otherFiles.test(entry)) return [];
  const [, folder, day] = /^(.+)\/(\d{4}-\d\d-\d\d)\.json$/.exec(entry) ?? [];
  if (folder === undefined || day === undefined || !isDay(day))
    findings.push(finding("ODD_NAME", entry, "The entry is neither a list nor a day of a conversation; it is not read."));
  else if (!conversations.has(folder)) findings.push(finding("UNLISTED", entry, "The folder belongs to no listed conversation; it is not read."));
  else return [{ entry, folder, day }];
  return [];
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}

function emptyConversations(conversations: ReadonlyMap<string, Conversation>, days: readonly DayFile[]): SourceFinding[] {
  const filled = new Set(days.map((day) => day.folder));
  return [...conversations.values()]
    .filter(({ folder }) => !filled.has(folder))
    .map(({ id }) => finding("NO_ENTRIES", id, "The conversation is listed and has no day: it is empty, or its folder is missing."));
}

/** Slack writes no file for a silent day, so a gap is lawful; but nobody can see from the export that the day was silent. */
function gaps(days: readonly DayFile[]): SourceFinding[] {
  return [...Map.groupBy(days, (day) => day.folder)].flatMap(([folder, files]) => {
    const sorted = files.map((file) => file.day).sort();
    const span = daysBetween(sorted[0] ?? "", sorted.at(-1) ?? "") + 1;
    const missing = span - sorted.length;
    return missing > 0
      ? [finding("MISSING_DAYS", folder, `${missing} of the ${span} days from ${sorted[0]} to ${sorted.at(-1)} have no file. Slack leaves silent days out.`)]
      : [];
  });
}

function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "days" }).days;
}

/** Unpacks every day once, to see which can be read and which columns there are. */
async function describe(contents: Export): Promise<Described> {
  const findings: SourceFinding[] = [...contents.findings];
  const seen = new Map(Object.entries(columns).map(([name, known]) => [name, new Map(Object.entries(known))]));
  const note = (collection: string, row: Row) => {
    for (const name in row) if (seen.get(collection)?.has(name) === false) seen.get(collection)?.set(name, "other");
  };
  for (const user of contents.users) note("users", user);
  for (const day of contents.days) {
    for (const message of await readList(contents.archive, day.entry, findings)) {
      note("messages", flattened(message));
      for (const file of filesOf(message)) note("files", flattened(file));
    }
  }
  const collections = [...seen].map(([name, known]) => ({ name, columns: [...known].map(([column, kind]) => ({ name: column, kind })) }));
  return { schema: { source: contents.settings.source, collections }, findings };
}

async function count(contents: Export, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  let records = 0;
  for await (const item of readRecords(contents, read, signal)) {
    if (item.kind === "failed") return item;
    if (item.kind === "record") records += 1;
  }
  return { kind: "counted", records };
}

async function* readRecords(contents: Export, read: PlannedRead, signal?: AbortSignal): AsyncGenerator<Collected> {
  let records = 0;
  try {
    signal?.throwIfAborted();
    if (read.workspace !== contents.settings.workspace) return;
    const wanted = new Set(read.accounts);
    for await (const item of rowsOf(contents, read, signal)) {
      if (item.kind === "finding") yield item;
      if (item.kind === "finding" || !isAsked(item.row, read, wanted)) continue;
      yield { kind: "record", record: recordOf(item.row, read) };
      records += 1;
    }
  } catch (error) {
    yield { kind: "failed", failure: failureOf(read, records, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  }
}

type RowItem = { readonly kind: "row"; readonly row: Row } | { readonly kind: "finding"; readonly finding: SourceFinding };

async function* rowsOf(contents: Export, read: PlannedRead, signal?: AbortSignal): AsyncGenerator<RowItem> {
  if (read.collection === "users") return yield* asRows(contents.users);
  if (read.collection === "memberships") return yield* asRows(membershipsOf(contents));
  if (read.collection !== "messages" && read.collection !== "files") throw Object.assign(new Error("unknown collection"), { code: "NO_COLLECTION" });
  for (const item of daysAskedFor(contents, read)) yield item;
  for (const day of contents.days.filter((candidate) => mayHold(candidate, read))) {
    signal?.throwIfAborted();
    const conversation = contents.conversations.get(day.folder);
    const findings: SourceFinding[] = [];
    const messages = await readList(contents.archive, day.entry, findings);
    for (const found of findings) yield { kind: "finding", finding: found };
    if (conversation === undefined) continue;
    for (const message of messages)
      yield* asRows(read.collection === "messages" ? [messageRow(message, conversation, contents)] : fileRows(message, conversation, contents));
  }
}

function* asRows(rows: Iterable<Row>): Generator<RowItem> {
  for (const row of rows) yield { kind: "row", row };
}

/** A day file is cut in the workspace's own zone: a day on either side may hold moments of the range. A file is shared after it was made, so files are looked for to the end. */
function mayHold(day: DayFile, read: PlannedRead): boolean {
  const first = read.from === undefined ? day.day : dayNear(read.from, -1);
  const last = read.until === undefined || read.collection === "files" ? day.day : dayNear(read.until, 1);
  return day.day >= first && day.day <= last;
}

function dayNear(moment: Instant, days: number): string {
  return Temporal.Instant.from(moment).toZonedDateTimeISO("UTC").toPlainDate().add({ days }).toString();
}

/** Says when the range reaches past the days the export covers at all. */
function daysAskedFor(contents: Export, read: PlannedRead): RowItem[] {
  const days = contents.days.map((day) => day.day).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (read.from === undefined || read.until === undefined) return [];
  const where = contents.settings.source;
  if (first === undefined || last === undefined) return [{ kind: "finding", finding: finding("MISSING_DAYS", where, "The export holds no day at all.") }];
  const lastAsked = instant(Temporal.Instant.from(read.until).subtract({ milliseconds: 1 }).toString()).slice(0, 10);
  if (read.from.slice(0, 10) >= first && lastAsked <= last) return [];
  return [
    {
      kind: "finding",
      finding: finding(
        "MISSING_DAYS",
        where,
        `Line ${read.line} asks for ${read.from.slice(0, 10)} to ${lastAsked}; the export holds days from ${first} to ${last} only.`,
      ),
    },
  ];
}

function* membershipsOf(contents: Export): Generator<Row> {
  for (const { id, name, kind, members } of contents.conversations.values()) {
    for (const user of members) yield { user, workspace_id: contents.settings.workspace, channel_id: id, channel_name: name, channel_kind: kind };
  }
}

function messageRow(message: { readonly [name: string]: unknown }, conversation: Conversation, contents: Export): Row {
  const sentAt = momentOf(message["ts"]);
  const place = { workspace_id: contents.settings.workspace, channel_id: conversation.id, channel_name: conversation.name, channel_kind: conversation.kind };
  return { ...flattened(message), ...place, sent_at: sentAt ?? null, key: `${conversation.id}/${String(message["ts"])}` };
}

function* fileRows(message: { readonly [name: string]: unknown }, conversation: Conversation, contents: Export): Generator<Row> {
  for (const file of filesOf(message)) {
    const owner = typeof file["user"] === "string" ? file["user"] : message["user"];
    const createdAt = momentOf(file["created"]) ?? momentOf(message["ts"]);
    yield {
      ...flattened(file),
      user: typeof owner === "string" ? owner : null,
      workspace_id: contents.settings.workspace,
      channel_id: conversation.id,
      created_at: createdAt ?? null,
    };
  }
}

function filesOf(message: { readonly [name: string]: unknown }): { readonly [name: string]: unknown }[] {
  const files = message["files"] ?? (message["file"] === undefined ? [] : [message["file"]]);
  return Array.isArray(files) ? files.filter((file) => typeof file === "object" && file !== null && !Array.isArray(file)) : [];
}

/** Slack's `1452837318.000002`: seconds since 1970, and a number that tells messages of one second apart. */
function momentOf(ts: unknown): Instant | undefined {
  if (typeof ts !== "string" && typeof ts !== "number") return undefined;
  const [, seconds, fraction = ""] = /^(\d{1,11})(?:\.(\d{1,6}))?$/.exec(String(ts)) ?? [];
  if (seconds === undefined) return undefined;
  return instant(Temporal.Instant.fromEpochMilliseconds(Number(seconds) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3))).toString());
}

function finding(code: SourceFinding["code"], where: string, what: string): SourceFinding {
  return { code, where, what };
}
