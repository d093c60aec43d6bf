// Reads files from object storage that speaks the S3 interface, piece by piece, and notices when an object is not the one that was listed.
import { type FileHandle, chmod, lstat, mkdir, open, readdir, unlink } from "node:fs/promises";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { AwsV4Signer } from "aws4fetch";
import { SaxesParser } from "saxes";
import type { SourceFinding } from "../../production/shapes.ts";
import { absent, byText, descriptorOf } from "./file-folder.ts";
import { type FilePlace, type Listing, Stopped, type StoredFile, isOddName, matcherOf, printable } from "./file-place.ts";

export interface BucketSettings {
  /** `https://host` or, on this machine only, `http://127.0.0.1:port`. The bucket stands in the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** What stands before every name, such as `exports/2026/`. */
  readonly prefix?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** A folder of this program alone, for Parquet: it has to be read out of order. A folder in memory keeps it off the disk. */
  readonly spoolFolder?: string;
  /** The largest object that may be spooled. */
  readonly spoolBytes?: number;
  readonly answerWithinMs?: number;
}

interface Bucket extends Required<Omit<BucketSettings, "sessionToken" | "spoolFolder">> {
  readonly sessionToken?: string;
  readonly spoolFolder?: string;
  readonly objects: Map<string, StoredObject>;
}

interface StoredObject {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
}

const mostObjects = 200_000;
const listBytes = 16 * 1024 ** 2;
const pieceBytes = 4 * 1024 ** 2;
const spoolPrefix = "portcullis-spool-";

/** Throws when the settings are unsafe or the spool folder is not private. The bucket is asked for the first time by `list`. */
export async function objectBucket(settings: BucketSettings): Promise<FilePlace> {
  if (!isSafeEndpoint(settings.endpoint) || !/^[a-z0-9][a-z0-9.-]{1,62}$/i.test(settings.bucket))
    throw new Stopped("REFUSED", "the endpoint is not https, or the bucket's name is none");
  if (settings.spoolFolder !== undefined) await prepareSpool(settings.spoolFolder);
  const bucket: Bucket = { prefix: "", spoolBytes: 8 * 1024 ** 3, answerWithinMs: 60_000, ...settings, objects: new Map() };
  return { list: (patterns, signal) => list(bucket, patterns, signal), open: (name, signal) => openObject(bucket, name, signal) };
}

function isSafeEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, pathname, search, username, password } = new URL(endpoint);
  const isBare = pathname === "/" && search === "" && username === "" && password === "";
  return isBare && (protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname)));
}

/** What an earlier process left with a name, in the moment between making a file and taking its name away. */
async function prepareSpool(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const seen = await lstat(folder);
  if (!seen.isDirectory() || seen.uid !== process.getuid?.()) throw new Stopped("SPOOL", "the spool folder is not this program's own");
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) if (name.startsWith(spoolPrefix)) await unlink(join(folder, name)).catch(() => undefined);
}

async function list(bucket: Bucket, patterns: readonly string[], signal?: AbortSignal): Promise<Listing> {
  const isWanted = matcherOf(patterns);
  const findings: SourceFinding[] = [];
  const names: string[] = [];
  let seen = 0;
  for (const start of distinctStarts(patterns)) {
    for await (const object of objectsBelow(bucket, bucket.prefix + start, signal)) {
      seen += 1;
      if (seen > mostObjects) throw new Stopped("TOO_MANY_FILES", "the bucket lists too many objects");
      const name = object.name.slice(bucket.prefix.length);
      if (!isWanted(name)) continue;
      if (isOddName(name) || isOddName(object.name))
        findings.push({ code: "ODD_NAME", where: printable(name), what: "The object's name could be read as a way out; it is not read." });
      else {
        names.push(name);
        bucket.objects.set(name, object);
      }
    }
  }
  const sorted = [...new Set(names)].toSorted(byText);
  return { names: sorted, findings: [...findings, ...absent(patterns, sorted)] };
}

/** What stands before the first sign that can be anything: no more of the bucket is listed than that. */
function distinctStarts(patterns: readonly string[]): readonly string[] {
  const starts = patterns.map((pattern) => /^[^*?]*/.exec(pattern)?.[0] ?? "");
  return [...new Set(starts)].filter((start) => !starts.some((other) => other !== start && start.startsWith(other)));
}

async function* objectsBelow(bucket: Bucket, prefix: string, signal?: AbortSignal): AsyncGenerator<StoredObject> {
  for (let token: string | undefined = ""; token !== undefined;) {
    const query = new URLSearchParams({ "list-type": "2", "encoding-type": "url", prefix, ...(token === "" ? {} : { "continuation-token": token }) });
    const answer = await ask(bucket, { path: `/${bucket.bucket}`, query, headers: {} }, signal);
    const page = pageIn((await bytesOf(answer, listBytes)).toString("utf8"));
    for (const object of page.objects) if (object.name.startsWith(prefix)) yield object;
    token = page.next;
  }
}

interface Page {
  readonly objects: readonly StoredObject[];
  readonly next?: string;
}

function pageIn(xml: string): Page {
  const objects: StoredObject[] = [];
  const path: string[] = [];
  let [item, said]: [{ [name: string]: string }, { [name: string]: string }] = [{}, {}];
  let text = "";
  const parser = new SaxesParser();
  parser.on("doctype", () => {
    throw new Stopped("NO_ANSWER", "the list declares a document type");
  });
  parser.on("opentag", ({ name }) => {
    path.push(name);
    text = "";
    if (path.length === 2 && name === "Contents") item = {};
  });
  parser.on("text", (more) => (text += more));
  parser.on("closetag", ({ name }) => {
    if (path.length === 2 && name === "Contents") objects.push(objectOf(item));
    else if (path.length === 2) said = { ...said, [name]: text };
    else if (path.length === 3 && path[1] === "Contents") item = { ...item, [name]: text };
    path.pop();
  });
  parser.write(xml).close();
  const isEncoded = said["EncodingType"] === "url";
  const next = said["IsTruncated"] === "true" ? said["NextContinuationToken"] : undefined;
  return { objects: objects.map((object) => (isEncoded ? { ...object, name: plainName(object.name) } : object)), ...(next === undefined ? {} : { next }) };
}

function objectOf(item: { readonly [name: string]: string }): StoredObject {
  const bytes = Number(item["Size"]);
  if (item["Key"] === undefined || item["ETag"] === undefined || !Number.isSafeInteger(bytes))
    throw new Stopped("NO_ANSWER", "the list shows an object without name, size or tag");
  return { name: item["Key"], bytes, etag: quoted(item["ETag"]) };
}

function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

function plainName(name: string): string {
  return decodeURIComponent(name.replaceAll("+", "%20"));
}

async function openObject(bucket: Bucket, name: string, signal?: AbortSignal): Promise<StoredFile> {
  const object = bucket.objects.get(name) ?? (await list(bucket, [name], signal), bucket.objects.get(name));
  if (object === undefined) throw new Stopped("GONE", "the object is not there any more");
  let spooled: FileHandle | undefined;
  return {
    bytes: object.bytes,
    pieces: (reading) => pieces(bucket, object, reading),
    localPath: async (reading) => {
      spooled ??= await spool(bucket, object, reading);
      return descriptorOf(spooled);
    },
    // Every piece was asked for by the tag of the object that was listed.
    confirm: () => Promise.resolve(),
    close: async () => spooled?.close(),
  };
}

async function* pieces(bucket: Bucket, object: StoredObject, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const path = `/${bucket.bucket}/${object.name.split("/").map(encoded).join("/")}`;
  for (let from = 0; from < object.bytes;) {
    const to = Math.min(from + pieceBytes, object.bytes) - 1;
    const answer = await ask(bucket, { path, query: new URLSearchParams(), headers: { range: `bytes=${from}-${to}`, "if-match": object.etag } }, signal);
    const piece = await bytesOf(answer, pieceBytes);
    const isWhole = answer.statusCode === 200 && from === 0 && to === object.bytes - 1;
    const isPart = answer.statusCode === 206 && answer.headers["content-range"] === `bytes ${from}-${to}/${object.bytes}`;
    if ((!isWhole && !isPart) || piece.length !== to - from + 1) throw new Stopped("CHANGED", "the object is not as long as it was");
    yield piece;
    from += piece.length;
  }
}

/** RFC 3986, which the signature is reckoned over. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

interface Question {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string };
}

/** The bytes as they are stored: what asks like a browser would unpack them on the way and follow where it is sent. */
async function ask(bucket: Bucket, question: Question, signal?: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(bucket.endpoint);
  url.pathname = question.path;
  url.search = question.query.toString().replaceAll("+", "%20");
  const { accessKeyId, secretAccessKey, region, sessionToken } = bucket;
  const signer = new AwsV4Signer({
    url: url.href,
    headers: { ...question.headers },
    accessKeyId,
    secretAccessKey,
    region,
    service: "s3",
    ...(sessionToken === undefined ? {} : { sessionToken }),
  });
  const signed = await signer.sign();
  const answer = await answerTo(signed.url, Object.fromEntries(signed.headers), { withinMs: bucket.answerWithinMs, signal });
  const status = answer.statusCode ?? 0;
  if (status === 200 || status === 206) return answer;
  answer.destroy();
  if (question.headers["if-match"] !== undefined && [404, 412, 416].includes(status)) throw new Stopped("CHANGED", "the object is not the one that was listed");
  throw new Stopped(status === 401 || status === 403 ? "REFUSED" : "NO_ANSWER", `the object storage answered ${status}`);
}

async function answerTo(
  url: URL,
  headers: { readonly [name: string]: string },
  until: { readonly withinMs: number; readonly signal: AbortSignal | undefined },
): Promise<IncomingMessage> {
  const late = AbortSignal.timeout(until.withinMs);
  const signal = until.signal === undefined ? late : AbortSignal.any([late, until.signal]);
  const send = url.protocol === "https:" ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { headers: { ...headers }, signal });
    request.on("error", (error) => reject(until.signal?.aborted === true ? error : new Stopped("NO_ANSWER", "the object storage does not answer", error)));
    request.on("response", resolve);
    request.end();
  });
}

async function bytesOf(answer: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      if (bytes > most) throw new Stopped("TOO_LARGE", "the answer is longer than was asked for");
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof Stopped ? error : new Stopped("NO_ANSWER", "the answer ends too early", error);
  }
  return Buffer.concat(chunks, bytes);
}

/** The file loses its name as soon as it has one: nobody finds it, and no crash leaves it behind. */
async function spool(bucket: Bucket, object: StoredObject, signal?: AbortSignal): Promise<FileHandle> {
  if (bucket.spoolFolder === undefined) throw new Stopped("SPOOL", "the settings name no spool folder");
  if (object.bytes > bucket.spoolBytes) throw new Stopped("TOO_LARGE", "the object is larger than may be spooled");
  const path = join(bucket.spoolFolder, spoolPrefix + randomUUID());
  const handle = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    for await (const piece of pieces(bucket, object, signal)) await handle.writeFile(piece);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
