// Reads customer data from any HTTP API that answers with JSON, as its settings describe it, and believes nothing of what the server says it filtered.
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Counted, Opened, Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import type { Instant } from "../../kernel/instant.ts";
import type { After, Collected, FieldValue, LiveCollection, LiveSchema, PlannedRead, SourceFailure, SourceFinding } from "../../production/shapes.ts";
import { type Answer, type AnswerLimits, ask, type Clock, Stopped } from "./json-answer.ts";
import { itemsIn, type Page, pagesOf, type Paging, valueAt } from "./json-pages.ts";
import { placesTogether, type Figures, type PlaceBetweenPages, type StartOfList } from "./json-place.ts";
import { recordOf, type Row } from "./planned-rows.ts";

export interface JsonApiSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  /** `https:`, or `http:` on this machine. Nothing outside of it is ever asked. */
  readonly baseUrl: string;
  /** Sent with every request, and shown nowhere: they may hold a secret. */
  readonly headers?: { readonly [name: string]: string };
  readonly collections: readonly JsonCollection[];
  readonly requestsPerSecond?: number;
  readonly limits?: Partial<JsonApiLimits>;
}

export interface JsonCollection {
  readonly name: string;
  /** Below the base, with `{account}`, `{workspace}`, `{from}` and `{until}` where they go. With `{account}` every account is asked for by itself. */
  readonly path: string;
  /** Where the list of records lies, as a dotted path; absent when the answer is the list. */
  readonly records?: string;
  /** Where the server says how many there are, if it does. */
  readonly total?: string;
  readonly paging: Paging;
  /** What a record may hold, by dotted path: `author.id`. A column that is not named here does not exist for the desk. */
  readonly columns: readonly { readonly name: string; readonly kind: "text" | "number" | "boolean" | "other" }[];
  /** The column that tells one record from another. */
  readonly id: string;
  /** The column that says when. An ISO text must bear a zone. `{from}` and `{until}` are written in the same way. */
  readonly moment?: { readonly column: string; readonly format: "iso" | "epoch-seconds" | "epoch-milliseconds" };
}

interface JsonApiLimits extends AnswerLimits {
  readonly pages: number;
  readonly records: number;
  /** For one read, with what is done to its records meanwhile. */
  readonly readMs: number;
}

const ordinaryLimits: JsonApiLimits = {
  bytesPerAnswer: 32 * 1024 * 1024,
  depth: 32,
  requestMs: 60_000,
  longestWaitMs: 120_000,
  attempts: 5,
  pages: 100_000,
  records: 1_000_000,
  readMs: 6 * 3_600_000,
};

const systemClock: Clock = { now: () => Date.now(), sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }) };

interface Api {
  readonly settings: JsonApiSettings;
  readonly base: URL;
  readonly headers: { readonly [name: string]: string };
  readonly limits: JsonApiLimits;
  readonly clock: Clock;
  readonly turn: (signal?: AbortSignal) => Promise<void>;
}

/** Refuses settings that say too little or too much, and an API that does not answer. */
export async function openJsonApi(settings: JsonApiSettings, clock: Clock = systemClock): Promise<Opened> {
  const [first, ...rest] = faultsIn(settings).map((what) => finding(settings, "UNREADABLE", what));
  if (first !== undefined) return { kind: "refused", findings: [first, ...rest] };
  const headers = { accept: "application/json", ...settings.headers };
  const limits = { ...ordinaryLimits, ...settings.limits };
  const api = { settings, base: baseOf(settings), headers, limits, clock, turn: pacedBy(settings.requestsPerSecond ?? 5, clock) };
  if (!(await answers(api))) return { kind: "refused", findings: [finding(settings, "UNREACHABLE", "The API does not answer at its base address.")] };
  return { kind: "open", source: jsonApi(api), findings: [] };
}

function jsonApi(api: Api): Source {
  return {
    name: api.settings.source,
    describe: () => Promise.resolve({ schema: schemaOf(api.settings), findings: [] }),
    count: (read, signal) => count(api, read, signal),
    read: (read, signal, after) => readRecords(api, read, signal, after),
    close: () => Promise.resolve(),
  };
}

function baseOf({ baseUrl }: JsonApiSettings): URL {
  const base = new URL(baseUrl);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

/** Any answer will do: what lies at the base itself is nobody's concern. */
async function answers({ base, headers, limits, turn }: Api): Promise<boolean> {
  await turn();
  const response = await fetch(base, { method: "HEAD", headers, redirect: "manual", signal: AbortSignal.timeout(limits.requestMs) }).catch(() => undefined);
  await response?.body?.cancel().catch(() => undefined);
  return response !== undefined;
}

function pacedBy(perSecond: number, clock: Clock): (signal?: AbortSignal) => Promise<void> {
  let free = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const at = Math.max(clock.now(), free);
    free = at + 1000 / perSecond;
    if (at > clock.now()) await clock.sleep(at - clock.now(), signal);
  };
}

const places = ["account", "workspace", "from", "until"] as const;

function faultsIn(settings: JsonApiSettings): string[] {
  const pace = settings.requestsPerSecond ?? 1;
  return [
    ...baseFaults(settings.baseUrl),
    ...headerFaults(settings.headers ?? {}),
    ...(pace > 0 && Number.isFinite(pace) ? [] : ["The number of requests a second must be above zero."]),
    ...(settings.collections.length > 0 ? [] : ["No collection is described."]),
    ...settings.collections.flatMap((collection) => collectionFaults(collection).map((what) => `\`${collection.name}\`: ${what}`)),
  ];
}

function baseFaults(text: string): string[] {
  const base = URL.parse(text);
  if (base === null) return ["The base address is no address."];
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(base.hostname);
  return [
    ...(base.protocol === "https:" || (base.protocol === "http:" && isHere) ? [] : ["The base address must begin with https, or be on this machine."]),
    ...(base.username === "" && base.password === "" ? [] : ["The base address holds a password. Put it into a header."]),
    ...(base.search === "" && base.hash === "" ? [] : ["The base address must end with its path."]),
  ];
}

function headerFaults(headers: { readonly [name: string]: string }): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    try {
      new Headers([[name, value]]);
      return [];
    } catch {
      return ["A header has a name or a value that cannot be sent."];
    }
  });
}

function collectionFaults({ path, columns, id, moment, paging }: JsonCollection): string[] {
  const names = columns.map(({ name }) => name);
  const unknown = [...path.matchAll(/\{([^}]*)\}/g)].map(([, place = ""]) => place).filter((place) => !places.some((known) => known === place));
  const usesRange = /\{(?:from|until)\}/.test(path);
  return [
    ...(isBelow(path) ? [] : ["The path is written below the base: without a slash at its start, without `..` and without `#`."]),
    ...unknown.map(() => `The path may hold {${places.join("}, {")}} and nothing else in braces.`),
    ...(new Set(names).size === names.length ? [] : ["A column is named twice."]),
    ...(names.includes(id) ? [] : ["The id is not one of the columns."]),
    ...(moment === undefined || names.includes(moment.column) ? [] : ["The moment is not one of the columns."]),
    ...(usesRange && moment === undefined ? ["The path asks for a range and no column says when."] : []),
    ...(paging.kind === "offset" && !(paging.size > 0) ? ["A page must hold one record at least."] : []),
  ];
}

function isBelow(path: string): boolean {
  const base = new URL("https://base.invalid/a/");
  const url = URL.parse(path.replaceAll(/[{}]/g, ""), base);
  return url !== null && url.origin === base.origin && url.pathname.startsWith(base.pathname) && !path.startsWith("/") && !path.includes("#");
}

function finding(settings: JsonApiSettings, code: SourceFinding["code"], what: string): SourceFinding {
  return { code, where: settings.source, what };
}

function schemaOf({ source, collections }: JsonApiSettings): LiveSchema {
  const columnsOf = ({ columns, moment }: JsonCollection): LiveCollection["columns"] =>
    columns.map(({ name, kind }) => ({ name, kind: name === moment?.column ? "moment" : kind }));
  return { source, collections: collections.map((collection) => ({ name: collection.name, columns: columnsOf(collection) })) };
}

async function count(api: Api, read: PlannedRead, signal?: AbortSignal): Promise<Counted> {
  let records = 0;
  for await (const item of readRecords(api, read, signal)) {
    if (item.kind === "failed") return item;
    if (item.kind === "record") records += 1;
  }
  return { kind: "counted", records };
}

/** What one read has seen so far. */
interface Progress {
  records: number;
  page: number;
  readonly keys: Set<string>;
  /** Those since the last place. */
  newKeys: string[];
  readonly figures: { -readonly [figure in keyof Figures]: number };
  readonly changes: Set<string>;
  places: number;
}

function progressFrom(before: PlaceBetweenPages | undefined, records: number): Progress {
  const figures = { twice: 0, others: 0, outOfRange: 0, undeclared: 0, ...before?.figures };
  return {
    records,
    page: 0,
    keys: new Set(before?.keys),
    newKeys: [],
    figures,
    changes: new Set(before?.changes),
    places: before === undefined ? 0 : before.number + 1,
  };
}

async function* readRecords(api: Api, read: PlannedRead, signal?: AbortSignal, after?: After): AsyncGenerator<Collected> {
  let progress = progressFrom(undefined, after?.records ?? 0);
  try {
    signal?.throwIfAborted();
    const collection = collectionOf(api, read);
    const of = settingsDigest(api, collection);
    const before = after === undefined ? undefined : placesTogether(after.places, of);
    progress = progressFrom(before, progress.records);
    const until = api.clock.now() + api.limits.readMs;
    for (const [list, first] of firstPages(api, collection, read).entries()) {
      if (list < (before?.list ?? 0)) continue;
      const goesOn = list === before?.list;
      if (list > 0 && !goesOn) yield placeOf({ of, list, addresses: [], bodies: [], totals: [] }, read, progress);
      for await (const step of stepsOf({ api, collection, first, until, signal, progress, ...(goesOn ? { before } : {}) })) {
        if (step.kind === "turned") yield placeOf({ of, list, ...step.since }, read, progress);
        else if (isTaken(step.row, { read, collection, progress })) {
          if (progress.records >= api.limits.records) throw new Stopped("TOO_MANY_RECORDS");
          yield { kind: "record", record: recordOf(step.row, read) };
          progress.records += 1;
        }
      }
    }
    for (const found of findingsOf(progress, read)) yield { kind: "finding", finding: found };
  } catch (error) {
    yield { kind: "failed", failure: failureOf(read, progress, signal?.aborted === true ? "ABORTED" : codeOf(error)) };
  }
}

/** Whoever is asked another way may count pages another way. Headers are left out, since they hold what is renewed. */
function settingsDigest({ settings: { baseUrl } }: Api, collection: JsonCollection): string {
  return createHash("sha256")
    .update(JSON.stringify([baseUrl, collection]))
    .digest("base64");
}

function placeOf(
  between: Omit<PlaceBetweenPages, "number" | "figures" | "changes" | "keys">,
  { source, collection, line }: PlannedRead,
  progress: Progress,
): Extract<Collected, { readonly kind: "place" }> {
  const { newKeys, figures, changes } = progress;
  progress.newKeys = [];
  const place: PlaceBetweenPages = { ...between, number: progress.places++, figures, changes: [...changes], keys: newKeys };
  return { kind: "place", place: { source, collection, line, place: JSON.stringify(place), records: progress.records } };
}

function collectionOf({ settings }: Api, { collection, columns, witness }: PlannedRead): JsonCollection {
  const found = settings.collections.find(({ name }) => name === collection);
  if (found === undefined) throw new Stopped("NO_COLLECTION");
  const asked = [...columns, witness.subject, witness.workspace, witness.moment, witness.key].filter((name) => name !== undefined);
  if (!asked.every((name) => found.columns.some((column) => column.name === name))) throw new Stopped("NO_COLUMN");
  if (witness.moment !== found.moment?.column && witness.moment !== undefined) throw new Stopped("MOMENT_WITHOUT_ZONE");
  return found;
}

/** One list an account where the path names the account, else one for all. */
function firstPages(api: Api, collection: JsonCollection, read: PlannedRead): URL[] {
  const accounts = collection.path.includes("{account}") ? read.accounts : [""];
  return accounts.map((account) => addressOf(api, collection, { account, read }));
}

function addressOf({ base }: Api, { path, moment }: JsonCollection, { account, read }: { readonly account: string; readonly read: PlannedRead }): URL {
  const written = (edge: Instant | undefined, upwards: boolean) => (edge === undefined ? undefined : writtenMoment(edge, moment?.format ?? "iso", upwards));
  const values = { account, workspace: read.workspace, from: written(read.from, false), until: written(read.until, true) };
  const filled = (value: (place: keyof typeof values) => string) =>
    new URL(
      path.replace(/\{(account|workspace|from|until)\}/g, (_all, place: keyof typeof values) => value(place)),
      base,
    );
  const url = filled((place) => encoded(values[place]));
  // An account called `..` would climb out of its place in the path.
  if (url.pathname.split("/").length !== filled(() => "x").pathname.split("/").length || !url.pathname.startsWith(base.pathname) || url.origin !== base.origin)
    throw new Stopped("ODD_ACCOUNT");
  return url;
}

function encoded(value: string | undefined): string {
  if (value === undefined) throw new Stopped("NO_RANGE");
  if (!value.isWellFormed()) throw new Stopped("ODD_ACCOUNT");
  return encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function writtenMoment(moment: Instant, format: "iso" | "epoch-seconds" | "epoch-milliseconds", upwards: boolean): string {
  const milliseconds = Temporal.Instant.from(moment).epochMilliseconds;
  if (format === "iso") return moment;
  if (format === "epoch-milliseconds") return String(milliseconds);
  return String(upwards ? Math.ceil(milliseconds / 1000) : Math.floor(milliseconds / 1000));
}

interface Listing {
  readonly api: Api;
  readonly collection: JsonCollection;
  readonly first: URL;
  /** When the read must be done. */
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly progress: Progress;
  /** Where the list goes on that was cut off. */
  readonly before?: PlaceBetweenPages;
}

type Step =
  | { readonly kind: "row"; readonly row: Row }
  | { readonly kind: "turned"; readonly since: Required<Pick<PlaceBetweenPages, "ahead" | "start" | "addresses" | "bodies" | "totals">> };

async function* stepsOf(listing: Listing): AsyncGenerator<Step> {
  const { api, collection, first, progress, before } = listing;
  const { base, limits } = api;
  const { paging, records } = collection;
  const totals = [...(before?.totals ?? [])];
  let since: Page | undefined;
  let sent = before?.ahead?.offset ?? 0;
  let start = before?.start;
  progress.page = before?.ahead?.number ?? 1;
  const from = before?.ahead === undefined ? {} : { from: { ...before, ahead: before.ahead } };
  for await (const step of pagesOf({ first, base, paging, records, mostPages: limits.pages, ask: (url) => requestAhead(url, listing), ...from })) {
    if (step.kind === "turn") {
      if (since !== undefined && start !== undefined) yield { kind: "turned", since: { ahead: step.ahead, start, ...told(since, collection) } };
      continue;
    }
    since = step;
    start ??= { url: step.url.href, ...(step.answer.etag === undefined ? {} : { etag: step.answer.etag }) };
    totals.push(...told(step, collection).totals);
    sent += step.items.length;
    if (step.isRepeated) progress.figures.twice += step.items.length;
    else for (const item of step.items) yield { kind: "row", row: rowOf(item, { collection, progress }) };
    progress.page = step.number + 1;
  }
  noteTotals(progress, totals, sent);
  await lookAtStart(start, listing);
}

/** What a page adds to what is known of its list. */
function told({ url, body, answer }: Page, { total }: JsonCollection): Pick<PlaceBetweenPages, "addresses" | "bodies" | "totals"> {
  const said = total === undefined ? undefined : valueAt(answer.value, total);
  return { addresses: [url.href], bodies: [body], totals: typeof said === "number" ? [said] : [] };
}

/** What says nothing of the page itself: it may pass, or is about us. */
const notOfThePage: ReadonlySet<string> = new Set([
  ...[401, 403, 408, 429, 500, 502, 503, 504].map((status) => `HTTP_${status}`),
  "UNREACHABLE",
  "ANSWER_TOO_SLOW",
  "ANSWER_CUT_OFF",
  "WAIT_TOO_LONG",
  "READ_TOO_LONG",
]);

async function request(url: URL, { api: { headers, limits, clock, turn }, until, signal }: Listing): Promise<Answer> {
  if (clock.now() > until) throw new Stopped("READ_TOO_LONG");
  return await ask(url, { headers, limits, clock, turn, signal });
}

/** The page at which a list goes on may be forgotten by now, as cursors are: then it fails while the first page of the list still answers. */
async function requestAhead(url: URL, listing: Listing): Promise<Answer> {
  const { before, collection } = listing;
  if (url.href !== before?.ahead?.url || before.start === undefined) return await request(url, listing);
  const answered = async (page: URL): Promise<Answer> => {
    const answer = await request(page, listing);
    itemsIn(answer.value, collection.records);
    return answer;
  };
  try {
    return await answered(url);
  } catch (error) {
    if (!(error instanceof Stopped) || notOfThePage.has(error.code)) throw error;
    const start = await answered(new URL(before.start.url)).catch(() => undefined);
    throw start === undefined ? error : new Stopped("CHANGED_SINCE");
  }
}

/** Where the server marks its pages, the first one shows whether the list is still the one that was read. */
async function lookAtStart(start: StartOfList | undefined, listing: Listing): Promise<void> {
  const { progress } = listing;
  if (start?.etag !== undefined && progress.page > 2 && (await request(new URL(start.url), listing)).etag !== start.etag)
    progress.changes.add("The first page was another one when the last had been read.");
}

/** A list that changes while its pages are turned can repeat a record or hide one. */
function noteTotals({ changes }: Progress, totals: readonly number[], sent: number): void {
  const [first] = totals;
  if (first === undefined) return;
  if (totals.some((total) => total !== first)) changes.add("The server gave different totals while the list was read.");
  if (totals.at(-1) !== sent) changes.add("The server sent another number of records than it said there were.");
}

/** Only the declared columns; an object or a list within a column becomes JSON text. */
function rowOf(item: unknown, { collection, progress }: { readonly collection: JsonCollection; readonly progress: Progress }): Row {
  if (typeof item !== "object" || item === null || Array.isArray(item)) throw new Stopped("NOT_THE_SHAPE");
  const heads = new Set(collection.columns.map(({ name }) => name.split(".", 1)[0]));
  if (Object.keys(item).some((name) => !heads.has(name))) progress.figures.undeclared += 1;
  return Object.fromEntries(
    collection.columns.map(({ name }) => [
      name,
      name === collection.moment?.column ? momentOf(valueAt(item, name), collection.moment.format) : fieldOf(valueAt(item, name)),
    ]),
  );
}

function fieldOf(value: unknown): FieldValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : (value as string | number | boolean);
}

const isoMoment = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/;

/** Null stays null. Anything that does not tell a moment as the settings say it does ends the read: it could hide a record of the range. */
function momentOf(value: unknown, format: "iso" | "epoch-seconds" | "epoch-milliseconds"): Instant | null {
  if (value === undefined || value === null) return null;
  try {
    if (format === "iso") return typeof value === "string" && isoMoment.test(value) ? instant(value) : noMoment();
    const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
    if (!/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return noMoment();
    const milliseconds = format === "epoch-seconds" ? Number(text) * 1000 : Number(text);
    return instant(Temporal.Instant.fromEpochMilliseconds(Math.floor(milliseconds + 1e-4)).toString());
  } catch {
    return noMoment();
  }
}

function noMoment(): never {
  throw new Stopped("MOMENT_WITHOUT_ZONE");
}

interface Taking {
  readonly read: PlannedRead;
  readonly collection: JsonCollection;
  readonly progress: Progress;
}

/** The server's filter is not trusted: whose, where and when are judged here. */
function isTaken(row: Row, { read, collection, progress }: Taking): boolean {
  const { subject, workspace, moment } = read.witness;
  const person = wordIn(row, subject);
  if (person === undefined || !read.accounts.includes(person)) return leaveOut(progress, "others");
  if (workspace !== undefined && wordIn(row, workspace) !== read.workspace) return leaveOut(progress, "others");
  if (moment !== undefined && !isInRange(wordIn(row, moment), read)) return leaveOut(progress, "outOfRange");
  const key = wordIn(row, collection.id);
  if (key === undefined || key === "") throw new Stopped("NO_ID");
  if (progress.keys.has(key)) return leaveOut(progress, "twice");
  progress.keys.add(key);
  progress.newKeys.push(key);
  return true;
}

function isInRange(moment: string | undefined, { from, until }: PlannedRead): boolean {
  return moment !== undefined && from !== undefined && until !== undefined && moment >= from && moment < until;
}

function leaveOut({ figures }: Progress, why: "others" | "outOfRange" | "twice"): false {
  figures[why] += 1;
  return false;
}

function wordIn(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === undefined || value === null ? undefined : String(value);
}

function findingsOf({ figures: { others, outOfRange, undeclared, twice }, changes }: Progress, { collection, line }: PlannedRead): SourceFinding[] {
  const found = (code: SourceFinding["code"], what: string): SourceFinding => ({ code, where: collection, what });
  const beyond = [
    others > 0 && `${others} records of other accounts or workspaces`,
    outOfRange > 0 && `${outOfRange} records outside the range`,
    undeclared > 0 && `fields that the settings do not name in ${undeclared} records`,
  ].filter((words) => words !== false);
  return [
    ...(beyond.length === 0 ? [] : [found("LEFT_OUT", `Line ${line}: the server sent ${beyond.join(", ")}; they were left out.`)]),
    ...(twice === 0 ? [] : [found("TWICE", `Line ${line}: the server sent ${twice} records more than once; each is given once.`)]),
    ...[...changes].map((what) => found("CHANGED_MEANWHILE", `Line ${line}: ${what}`)),
  ];
}

const connecting: ReadonlySet<string> = new Set(["UNREACHABLE", "HTTP_401", "HTTP_403"]);

function failureOf(read: PlannedRead, { records, page }: Progress, code: string): SourceFailure {
  const { source, collection, line } = read;
  const step = page === 0 ? "query" : page === 1 && connecting.has(code) ? "connect" : "read";
  const why = code === "CHANGED_SINCE" ? " The API no longer gives the page that the read had come to." : "";
  const what = `${source} stopped at \`${collection}\` on page ${page} after ${records} records (${step}, ${code}).${why}`;
  return { source, collection, line, step, code, what, recordsBefore: records };
}

function codeOf(error: unknown): string {
  return error instanceof Stopped ? error.code : "UNREADABLE";
}
