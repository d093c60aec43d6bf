import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { usClassOf } from "../../../tests/fixtures/production.ts";
import {
  type Format,
  eventColumns,
  peopleRows,
  readOf,
  settingsOf,
  someEvents,
  tableMap,
  tableScope,
  textFiles,
  writtenByDuckDb,
} from "../../../tests/fixtures/table-files.ts";
import type { Opened, Source } from "../../app/production-port.ts";
import type { Collected } from "../../production/shapes.ts";
import type { BucketSettings } from "./object-bucket.ts";
import { type TableFilesSettings, openTableFiles } from "./table-files.ts";

const home = mkdtempSync(join(tmpdir(), "portcullis-bucket-"));
const secret = { accessKeyId: "AKTESTONLY", secretAccessKey: "invented/for+this=test" };

/** A bucket in memory whose doorkeeper reckons every signature itself, from the rules of Signature Version 4. */
const shelf = new Map<string, Buffer>();
const seen: string[] = [];
/** What befalls the next requests, if anything. */
const trouble: { answer?: (request: IncomingMessage, response: ServerResponse) => boolean } = {};
let server: Server;
let endpoint = "";

before(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  shelf.clear();
  seen.length = 0;
  delete trouble.answer;
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  seen.push(`${request.method} ${request.url}`);
  if (trouble.answer?.(request, response) === true) return;
  const url = new URL(request.url ?? "/", endpoint);
  if (!isSigned(request, url)) return void response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
  if (url.pathname === "/exports") return void response.writeHead(200, { "content-type": "application/xml" }).end(listOf(url.searchParams));
  const object = shelf.get(decodeURIComponent(url.pathname.slice("/exports/".length)));
  if (object === undefined) return void response.writeHead(404).end();
  if (request.headers["if-match"] !== undefined && request.headers["if-match"] !== tagOf(object)) return void response.writeHead(412).end();
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  // As real storage does, the object's own packing is named: a client that unpacks by itself would break the ranges.
  const packing = object[0] === 0x1f ? { "content-encoding": "gzip" } : {};
  response.writeHead(206, { ...packing, "content-range": `bytes ${from}-${to}/${object.length}` }).end(object.subarray(Number(from), Number(to) + 1));
}

function tagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

/** Two objects a page, so that pages are turned. */
function listOf(query: URLSearchParams): string {
  const names = [...shelf.keys()].filter((name) => name.startsWith(query.get("prefix") ?? "")).toSorted((a, b) => (a < b ? -1 : 1));
  const start = Number(query.get("continuation-token") ?? 0);
  const items = names.slice(start, start + 2).map((name) => {
    const bytes = shelf.get(name) ?? Buffer.alloc(0);
    return `<Contents><Key>${encodeURIComponent(name)}</Key><ETag>&quot;${tagOf(bytes).slice(1, -1)}&quot;</ETag><Size>${bytes.length}</Size><Owner><ID>x</ID></Owner></Contents>`;
  });
  const more =
    start + 2 < names.length
      ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${start + 2}</NextContinuationToken>`
      : "<IsTruncated>false</IsTruncated>";
  return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType>${more}${items.join("")}</ListBucketResult>`;
}

function isSigned(request: IncomingMessage, url: URL): boolean {
  const [, day = "", signedHeaders = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=AKTESTONLY\/(\d{8})\/eu-test-1\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? "",
    ) ?? [];
  const header = (name: string) => String(request.headers[name] ?? "").trim();
  const query = url.search
    .slice(1)
    .split("&")
    .filter(Boolean)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join("&");
  const names = signedHeaders.split(";");
  const canonical = [
    request.method,
    url.pathname,
    query,
    ...names.map((name) => `${name}:${header(name)}`),
    "",
    signedHeaders,
    header("x-amz-content-sha256"),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", header("x-amz-date"), `${day}/eu-test-1/s3/aws4_request`, createHash("sha256").update(canonical).digest("hex")].join(
    "\n",
  );
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const key = ["eu-test-1", "s3", "aws4_request"].reduce<Buffer>((from, part) => hmac(from, part), hmac(`AWS4${secret.secretAccessKey}`, day));
  const mustSign = ["host", "x-amz-date", ...(request.headers["if-match"] === undefined ? [] : ["if-match"])];
  return mustSign.every((name) => names.includes(name)) && hmac(key, toSign).toString("hex") === signature;
}

function bucket(changes: Partial<BucketSettings> = {}): TableFilesSettings["place"] {
  return { kind: "bucket", endpoint, region: "eu-test-1", bucket: "exports", prefix: "daily/", spoolFolder: join(home, "spool"), ...secret, ...changes };
}

function open(collections: TableFilesSettings["collections"], changes: Partial<BucketSettings> = {}): Promise<Opened> {
  return openTableFiles({ source: "table-files", place: bucket(changes), collections });
}

async function sourceOf(collections: TableFilesSettings["collections"], changes: Partial<BucketSettings> = {}): Promise<Source> {
  const opened = await open(collections, changes);
  return opened.kind === "open" ? opened.source : assert.fail(JSON.stringify(opened));
}

async function parquet(name: string, rows: readonly (readonly (string | null)[])[], columns: readonly string[]): Promise<Buffer> {
  const path = join(home, name);
  await writtenByDuckDb(path, "format parquet", rows, columns);
  return readFileSync(path);
}

async function fill(kind: Format): Promise<void> {
  if (kind === "parquet") {
    shelf.set("daily/people.parquet", await parquet("people.parquet", peopleRows, ["account", "workspace_id", "full_name"]));
    shelf.set(
      "daily/events é+&1.parquet",
      await parquet(
        "events.parquet",
        someEvents.map((event) => eventColumns.map((column) => event[column])),
        eventColumns,
      ),
    );
    return;
  }
  const { people, events } = textFiles(kind);
  shelf.set(`daily/people.${kind}`, Buffer.from(people));
  shelf.set(`daily/events é+&1.${kind}`, gzipSync(events));
  shelf.set(`daily/other.${kind}`, Buffer.from("not asked for"));
  shelf.set(`elsewhere/events.${kind}`, Buffer.from("not asked for"));
}

for (const kind of ["csv", "json-lines", "parquet"] as const) {
  keepsSourcePromises(`Tables in ${kind} in object storage`, async () => {
    shelf.clear();
    await fill(kind);
    const source = await sourceOf(settingsOf(kind, `.${kind}`));
    return { source, located: tableMap(), classOf: usClassOf, scope: tableScope(), expected: { "L-name": 1, "L-messages": 2 } };
  });
}

function failuresOf(items: readonly Collected[]): readonly string[] {
  return items.flatMap((item) => (item.kind === "failed" ? [item.failure.code] : []));
}

test("a key that is wrong, and storage that does not answer as it should, refuse the source", async () => {
  await fill("csv");
  const opened = await open(settingsOf("csv", ".csv"), { secretAccessKey: "wrong" });
  assert.match(opened.kind === "refused" ? opened.findings[0].what : "", /cannot be read \(REFUSED\)/);
  for (const [status, body, code] of [
    [500, "", "NO_ANSWER"],
    [404, "", "NO_ANSWER"],
    [307, "", "NO_ANSWER"],
    [200, '<!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult/>', "NO_ANSWER"],
    [200, "<ListBucketResult><Contents><Key>daily/events.csv</Key></Contents></ListBucketResult>", "NO_ANSWER"],
  ] as const) {
    trouble.answer = (_request, response) => (response.writeHead(status, { location: "http://127.0.0.1:1/" }).end(body), true);
    const odd = await open(settingsOf("csv", ".csv"));
    assert.match(odd.kind === "refused" ? odd.findings[0].what : "", new RegExp(`\\(${code}\\)`));
  }
});

test("customer data does not travel in the clear: only this machine may be asked without TLS", async () => {
  for (const unsafe of [
    "http://storage.example",
    "http://10.0.0.1:9000",
    "ftp://127.0.0.1",
    "https://user:word@storage.example",
    "https://storage.example/path",
    "nonsense",
  ]) {
    const opened = await open(settingsOf("csv", ".csv"), { endpoint: unsafe });
    assert.match(opened.kind === "refused" ? opened.findings[0].what : "", /\(REFUSED\)/, unsafe);
  }
  assert.deepEqual(seen, []);
});

test("only what begins like the names of the settings is listed", async () => {
  await fill("csv");
  await sourceOf(settingsOf("csv", ".csv"));
  assert.ok(seen.length > 0);
  assert.ok(seen.every((line) => /prefix=daily%2F(people\.csv|events)/.test(line)));
});

test("an object that changes between two pieces stops the production", async () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => `${index},007,W-1,2026-01-05T00:00:00Z,words`);
  shelf.set("daily/events.csv", Buffer.from(`${eventColumns.join(",")}\n${rows.join("\n")}\n`));
  const source = await sourceOf(settingsOf("csv", ".csv"));
  const items: Collected[] = [];
  for await (const item of source.read(readOf("events"))) {
    if (items.length === 0) shelf.set("daily/events.csv", Buffer.from(shelf.get("daily/events.csv") ?? "").fill("x", 8_000_000));
    items.push(item);
  }
  assert.deepEqual(failuresOf(items), ["CHANGED"]);
});

test("storage that cuts an answer short, or says more than it was asked, stops the production", async () => {
  await fill("csv");
  const source = await sourceOf(settingsOf("csv", ".csv"));
  for (const [length, code] of [
    [10, "CHANGED"],
    [5_000_000, "TOO_LARGE"],
  ] as const) {
    trouble.answer = (request, response) => {
      if (request.headers.range === undefined) return false;
      response.writeHead(206, { "content-range": String(request.headers.range) }).end(Buffer.alloc(length, "x"));
      return true;
    };
    assert.deepEqual(failuresOf(await Array.fromAsync(source.read(readOf("events")))), [code]);
  }
});

test("names that could lead out are told and never asked for", async () => {
  await fill("csv");
  shelf.set("daily/../events-secret.csv", Buffer.from("x"));
  shelf.set("daily//events.csv", Buffer.from("x"));
  const opened = await open({ events: { files: ["**/events*.csv"], format: { kind: "csv" } } });
  assert.deepEqual(
    opened.findings.filter(({ code }) => code === "ODD_NAME").map(({ where }) => where),
    ["../events-secret.csv", "/events.csv"],
  );
});

test("Parquet is spooled into a private folder and has no name there, also while it is read", async () => {
  await fill("parquet");
  const spool = join(home, "spool-seen");
  mkdirSync(spool, { mode: 0o755 });
  writeFileSync(join(spool, "portcullis-spool-left-behind"), "from a process that died");
  writeFileSync(join(spool, "somebody's own.txt"), "stays");
  const source = await sourceOf(settingsOf("parquet", ".parquet"), { spoolFolder: spool });
  assert.deepEqual(readdirSync(spool), ["somebody's own.txt"]);
  assert.equal(statSync(spool).mode & 0o777, 0o700);
  let records = 0;
  for await (const item of source.read(readOf("events"))) {
    if (item.kind === "record") records += 1;
    assert.deepEqual(readdirSync(spool), ["somebody's own.txt"]);
  }
  assert.equal(records, 2);
});

test("Parquet in object storage needs a spool folder of its own, and has a largest size", async () => {
  await fill("parquet");
  const reading = async (changes: Partial<BucketSettings>) =>
    failuresOf(await Array.fromAsync((await sourceOf(settingsOf("parquet", ".parquet"), changes)).read(readOf("events"))));
  assert.deepEqual(await reading({ spoolBytes: 100 }), ["TOO_LARGE"]);
  const link = join(home, "link");
  symlinkSync(join(home, "spool"), link);
  const opened = await open(settingsOf("parquet", ".parquet"), { spoolFolder: link });
  assert.match(opened.kind === "refused" ? opened.findings[0].what : "", /\((SPOOL|EEXIST)\)/);
});

test("a read of object storage that is aborted leaves nothing on the disk", async () => {
  await fill("parquet");
  const spool = join(home, "spool-abort");
  const source = await sourceOf(settingsOf("parquet", ".parquet"), { spoolFolder: spool });
  const aborting = new AbortController();
  trouble.answer = (request) => {
    if (request.headers.range !== undefined) setTimeout(() => aborting.abort(), 20);
    return request.headers.range !== undefined;
  };
  assert.deepEqual(failuresOf(await Array.fromAsync(source.read(readOf("events"), aborting.signal))), ["ABORTED"]);
  assert.deepEqual(readdirSync(spool), []);
});
