import assert from "node:assert/strict";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { dataTypes, lineOf, manyCases, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import type { Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import { readDataMap } from "../../production/plan/read-data-map.ts";
import type { Collected, PlannedRead } from "../../production/shapes.ts";
import { jsonOf } from "./json-answer.ts";
import { type JsonApiSettings, type JsonCollection, openJsonApi } from "./json-api.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

let server: Server;
let origin: string;
let asked: string[] = [];
let answer: Handler = (_request, response) => void response.end();

before(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", origin);
    if (request.method === "HEAD") return void response.end();
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    answer(request, response, url);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => void (asked = []));

after(() => {
  server.closeAllConnections();
  server.close();
});

const json = (response: ServerResponse, value: unknown, headers: { readonly [name: string]: string } = {}) =>
  void response.writeHead(200, { "content-type": "application/json", ...headers }).end(typeof value === "string" ? value : JSON.stringify(value));

/** Time passes only by waiting, and every wait is noted. */
function standingClock() {
  const waits: number[] = [];
  let now = Date.parse("2026-05-01T00:00:00Z");
  const sleep = (milliseconds: number) => {
    waits.push(Math.round(milliseconds));
    now += milliseconds;
    return Promise.resolve();
  };
  return { waits, clock: { now: () => now, sleep } };
}

const posts: JsonCollection = {
  name: "posts",
  path: "people/{account}/posts?workspace={workspace}&since={from}&before={until}",
  records: "data.items",
  paging: { kind: "next-in-body", field: "data.next" },
  columns: [
    { name: "id", kind: "number" },
    { name: "author.id", kind: "text" },
    { name: "workspace", kind: "text" },
    { name: "at", kind: "text" },
    { name: "body", kind: "text" },
    { name: "tags", kind: "other" },
  ],
  id: "id",
  moment: { column: "at", format: "iso" },
};

const settingsOf = (changes: Partial<JsonCollection> = {}, more: Partial<JsonApiSettings> = {}): JsonApiSettings => ({
  source: "api",
  baseUrl: `${origin}/v1`,
  headers: { authorization: "Bearer very-secret" },
  requestsPerSecond: 1000,
  collections: [{ ...posts, ...changes }],
  ...more,
});

const read: PlannedRead = {
  source: "api",
  collection: "posts",
  line: "L",
  dataType: "messages",
  columns: ["id", "author.id", "at", "body", "tags"],
  witness: { subject: "author.id", workspace: "workspace", moment: "at", key: "id" },
  accounts: ["M-HARBOR-00"],
  workspace: "W-HARBOR",
  from: instant("2026-01-10T00:00:00Z"),
  until: instant("2026-03-01T00:00:00Z"),
};

const post = (id: number | string, changes: object = {}) => ({
  id,
  author: { id: "M-HARBOR-00" },
  workspace: "W-HARBOR",
  at: "2026-02-01T10:00:00+01:00",
  body: `Note ${id}`,
  tags: [1, { b: 2 }],
  ...changes,
});
const listOf = (items: readonly unknown[], next: string | null = null) => ({ data: { items, next } });

async function opened(settings: JsonApiSettings, clock = standingClock().clock): Promise<Source> {
  const opening = await openJsonApi(settings, clock);
  return opening.kind === "open" ? opening.source : assert.fail(JSON.stringify(opening.findings));
}

/** Keys of records, codes of findings, and how it failed, in order. */
async function gained(settings: JsonApiSettings, wanted: PlannedRead = read, clock = standingClock().clock): Promise<string[]> {
  return told(await Array.fromAsync((await opened(settings, clock)).read(wanted)));
}

function told(items: readonly Collected[]): string[] {
  return items.flatMap((item) => {
    if (item.kind === "record") return [item.record.key];
    assert.doesNotMatch(JSON.stringify(item), /very-secret|Note/, "no secret and no content");
    if (item.kind === "place") return [];
    assert.doesNotMatch(JSON.stringify(item), /M-HARBOR/, "no person");
    return [item.kind === "finding" ? item.finding.code : item.failure.code];
  });
}

const marks = (types: string, role?: string, kind = "non-content") =>
  `fides_meta: { portcullis: { class: ${kind}, data_types: [${types}]${role === undefined ? "" : `, role: ${role}`} } }`;
const mapText = `
dataset:
  - fides_key: api
    name: API
    collections:
      - name: people
        fides_meta: { portcullis: { undated: true } }
        fields:
          - { name: id, data_categories: [user.unique_id], ${marks("name", "subject")} }
          - { name: workspace, data_categories: [user.workplace], ${marks("name", "workspace")} }
          - { name: name, data_categories: [user.name], ${marks("name")} }
      - name: posts
        fields:
          - { name: id, data_categories: [system.operations], ${marks("messages", "key")} }
          - { name: workspace, data_categories: [user.workplace], ${marks("messages", "workspace")} }
          - { name: author.id, data_categories: [user.unique_id], ${marks("messages", "subject")} }
          - { name: at, data_categories: [user.behavior], ${marks("messages", "moment")} }
          - { name: body, data_categories: [user.content], ${marks("messages", undefined, "content")} }
`;

keepsSourcePromises("JSON API", async () => {
  const reading = readDataMap("api.yaml", mapText, dataTypes);
  const located = reading.kind === "read" ? reading.maps[0] : undefined;
  const all = ["M-HARBOR-00", "M-HARBOR-01"].flatMap((id, who) =>
    Array.from({ length: 30 }, (_, i) =>
      post(who * 100 + i, {
        author: { id },
        at: Temporal.Instant.from("2026-01-01T08:00:00Z")
          .add({ hours: i * 72 })
          .toString(),
      }),
    ),
  );
  // It filters nothing at all.
  answer = (_request, response, url) => {
    if (url.pathname.endsWith("/people"))
      return json(response, [
        { id: "M-HARBOR-00", workspace: "W-HARBOR", name: "Ada" },
        { id: "M-HARBOR-01", workspace: "W-HARBOR", name: "Bram" },
      ]);
    const page = Number(url.searchParams.get("page") ?? 0);
    json(response, listOf(all.slice(page * 7, page * 7 + 7), page < 9 ? `?page=${page + 1}` : null));
  };
  const people: JsonCollection = {
    name: "people",
    path: "people",
    paging: { kind: "one-page" },
    id: "id",
    columns: ["id", "workspace", "name"].map((name) => ({ name, kind: "text" })),
  };
  return {
    source: await opened(settingsOf({}, { collections: [people, posts] })),
    located: located ?? assert.fail(JSON.stringify(reading)),
    classOf: usClassOf,
    scope: scopeOf([lineOf("name"), lineOf("messages")], warrant),
    expected: { "L-name": 1, "L-messages": 17 },
  };
});

test("an account, a workspace and a range are percent-encoded into the path, and an account cannot climb out of it", async () => {
  answer = (_request, response) => json(response, listOf([]));
  assert.deepEqual(await gained(settingsOf(), { ...read, accounts: ["a/b?c#d&e=é '"] }), []);
  assert.deepEqual(asked, [
    "GET /v1/people/a%2Fb%3Fc%23d%26e%3D%C3%A9%20%27/posts?workspace=W-HARBOR&since=2026-01-10T00%3A00%3A00.000Z&before=2026-03-01T00%3A00%3A00.000Z",
  ]);
  for (const odd of ["..", ".", "\ud800"]) assert.deepEqual(await gained(settingsOf(), { ...read, accounts: [odd] }), ["ODD_ACCOUNT"]);
});

test("settings that would send the secret elsewhere, or that say no moment, are refused", async () => {
  const refusals = async (settings: JsonApiSettings) => {
    const opening = await openJsonApi(settings, standingClock().clock);
    return opening.kind === "refused" ? opening.findings.map(({ what }) => what).join(" ") : assert.fail("it was opened");
  };
  assert.match(await refusals(settingsOf({}, { baseUrl: "http://api.example/v1" })), /must begin with https/);
  assert.match(await refusals(settingsOf({}, { baseUrl: "https://u:p@api.example/v1" })), /password/);
  for (const path of ["//evil.example/x", "https://evil.example/", "/x", "../x", "a/../../x", "x#y"])
    assert.match(await refusals(settingsOf({ path })), /below the base/, path);
  assert.match(await refusals(settingsOf({ path: "x/{secret}" })), /nothing else in braces/);
  assert.match(await refusals(settingsOf({ moment: { column: "when", format: "iso" } })), /moment is not one/);
  assert.match(await refusals(settingsOf({}, { headers: { "x-key": "a\nb" } })), /cannot be sent/);
  assert.match(await refusals(settingsOf({}, { baseUrl: "http://127.0.0.1:9/" })), /does not answer/);
});

test("what the server sends beyond what was asked is left out and counted", async () => {
  const others = [
    post(2, { author: { id: "m-harbor-00" } }),
    post(3, { workspace: "W" }),
    post(4, { at: "2026-03-01T00:00:00Z" }),
    post(5, { at: null }),
    post(6, { extra: "x" }),
  ];
  answer = (_request, response) => json(response, listOf([post(1), ...others]));
  const items = await Array.fromAsync((await opened(settingsOf())).read(read));
  assert.deepEqual(
    items.map((item) => (item.kind === "record" ? item.record.fields : item.kind === "finding" ? item.finding.what : item.kind)),
    [
      { id: 1, "author.id": "M-HARBOR-00", at: "2026-02-01T09:00:00.000Z", body: "Note 1", tags: '[1,{"b":2}]' },
      { id: 6, "author.id": "M-HARBOR-00", at: "2026-02-01T09:00:00.000Z", body: "Note 6", tags: '[1,{"b":2}]' },
      "Line L: the server sent 2 records of other accounts or workspaces, 2 records outside the range, fields that the settings do not name in 1 records; they were left out.",
    ],
  );
});

test("every kind of paging comes to the last record", async () => {
  const all = Array.from({ length: 25 }, (_, id) => post(id));
  const pageAt = (start: number) => all.slice(start, start + 10);
  const wanted = all.map(({ id }) => String(id));
  answer = (_request, response, url) =>
    json(
      response,
      pageAt(Number(url.searchParams.get("skip") ?? 0)),
      url.searchParams.get("skip") === "20"
        ? {}
        : { link: `<${origin}/v1/x?skip=0>; rel="first", <?skip=${Number(url.searchParams.get("skip") ?? 0) + 10}>; title="a, b"; rel="next"` },
    );
  const { records: _records, ...bare } = posts;
  assert.deepEqual(await gained(settingsOf({}, { collections: [{ ...bare, paging: { kind: "next-in-header" } }] })), wanted);
  answer = (_request, response, url) => {
    const at = Number(url.searchParams.get("cursor")?.slice(1) ?? 0);
    json(response, { ...listOf(pageAt(at)), more: at < 20 ? `c${at + 10}` : "" });
  };
  assert.deepEqual(await gained(settingsOf({ paging: { kind: "cursor", field: "more", parameter: "cursor" } })), wanted);
  answer = (_request, response, url) => json(response, listOf(pageAt((Number(url.searchParams.get("page")) - 1) * 10)));
  assert.deepEqual(await gained(settingsOf({ paging: { kind: "page-number", parameter: "page", first: 1 } })), wanted);
  answer = (_request, response, url) => json(response, listOf(pageAt(Number(url.searchParams.get("offset"))).slice(0, Number(url.searchParams.get("limit")))));
  assert.deepEqual(await gained(settingsOf({ paging: { kind: "offset", offset: "offset", limit: "limit", size: 4 } })), wanted);
});

test("paging that goes in circles, elsewhere or on for ever is a failure", async () => {
  answer = (_request, response, url) =>
    json(response, listOf([post(Number(url.searchParams.get("p") ?? 0))], url.searchParams.get("p") === "1" ? "?p=2" : "?p=1"));
  assert.deepEqual(await gained(settingsOf()), ["0", "1", "2", "ENDLESS_PAGING"]);
  answer = (_request, response) => json(response, { ...listOf([post(1)]), more: "same" });
  assert.deepEqual(await gained(settingsOf({ paging: { kind: "cursor", field: "more", parameter: "c" } })), ["1", "ENDLESS_PAGING"]);
  assert.deepEqual(await gained(settingsOf({ paging: { kind: "page-number", parameter: "p", first: 0 } })), ["1", "ENDLESS_PAGING"]);
  for (const next of [
    "https://evil.example/v1/x",
    "//evil.example/v1/",
    "http://127.0.0.1:1/v1/",
    "/v2/x",
    "..",
    `${origin.replace("//", "//u:p@")}/v1/x`,
    "file:///etc/passwd",
  ]) {
    answer = (_request, response) => json(response, listOf([post(1)], next));
    assert.deepEqual(await gained(settingsOf()), ["1", "OTHER_ORIGIN"], next);
  }
  let turn = 0;
  answer = (_request, response) => json(response, listOf([post(++turn)], `?p=${turn}`));
  assert.deepEqual(await gained(settingsOf({}, { limits: { pages: 3 } })), ["1", "2", "3", "TOO_MANY_PAGES"]);
  assert.deepEqual(await gained(settingsOf({}, { limits: { records: 1 } })), ["4", "TOO_MANY_RECORDS"]);
});

test("a record or a page that comes twice is given once, and this is told", async () => {
  answer = (_request, response, url) =>
    json(response, listOf([post(1), post(2)], url.search.includes("again") ? "?last" : url.search.includes("last") ? null : "?again"));
  assert.deepEqual(await gained(settingsOf()), ["1", "2", "TWICE"]);
  answer = (_request, response, url) =>
    json(response, listOf(url.search.includes("p=2") ? [post(2), post(3)] : [post(1), post(2)], url.search.includes("p=2") ? null : "?p=2"));
  assert.deepEqual(await gained(settingsOf()), ["1", "2", "3", "TWICE"]);
});

test("totals that shrink or lie, and a first page that became another, are told", async () => {
  answer = (_request, response, url) =>
    json(response, {
      ...listOf([post(url.search.includes("p=2") ? 2 : 1)], url.search.includes("p=2") ? null : "?p=2"),
      total: url.search.includes("p=2") ? 2 : 3,
    });
  assert.deepEqual(await gained(settingsOf({ total: "total" })), ["1", "2", "CHANGED_MEANWHILE"]);
  answer = (_request, response) => json(response, { ...listOf([post(1)]), total: 500 });
  assert.deepEqual(await gained(settingsOf({ total: "total" })), ["1", "CHANGED_MEANWHILE"]);
  answer = (_request, response, url) =>
    json(response, listOf([post(url.search.includes("p=2") ? 2 : 1)], url.search.includes("p=2") ? null : "?p=2"), { etag: `"${asked.length}"` });
  assert.deepEqual(await gained(settingsOf()), ["1", "2", "CHANGED_MEANWHILE"]);
});

test("a server that asks for patience gets it, up to a bound; one that stays away is a failure that names the page", async () => {
  let left = 2;
  const ask =
    (status: number, headers: { readonly [name: string]: string }): Handler =>
    (_request, response) =>
      left-- > 0 ? void response.writeHead(status, headers).end() : json(response, listOf([post(1)]));
  const patient = standingClock();
  answer = ask(429, { "retry-after": "7" });
  assert.deepEqual(await gained(settingsOf(), read, patient.clock), ["1"]);
  assert.equal(patient.waits.filter((milliseconds) => milliseconds === 7000).length, 2);
  left = 1;
  answer = ask(503, { "retry-after": "Fri, 01 May 2026 00:00:30 GMT" });
  const dated = standingClock();
  assert.deepEqual(await gained(settingsOf(), read, dated.clock), ["1"]);
  assert.ok(dated.waits.some((milliseconds) => milliseconds > 29_000 && milliseconds <= 30_000));
  left = 3;
  answer = ask(500, {});
  const backing = standingClock();
  assert.deepEqual(await gained(settingsOf(), read, backing.clock), ["1"]);
  assert.deepEqual(
    backing.waits.filter((milliseconds) => milliseconds >= 500),
    [500, 1000, 2000],
  );
  left = 1;
  answer = ask(429, { "retry-after": "86400" });
  assert.deepEqual(await gained(settingsOf()), ["WAIT_TOO_LONG"]);
  answer = (_request, response, url) => (url.search.includes("p=2") ? void response.writeHead(502).end() : json(response, listOf([post(1)], "?p=2")));
  const items = await Array.fromAsync((await opened(settingsOf())).read(read));
  const last = items.at(-1);
  assert.ok(last?.kind === "failed");
  assert.deepEqual([last.failure.code, last.failure.recordsBefore, last.failure.step], ["HTTP_502", 1, "read"]);
  assert.match(last.failure.what, /page 2 after 1 records/);
});

test("our own pace is kept", async () => {
  const { waits, clock } = standingClock();
  answer = (_request, response, url) =>
    json(
      response,
      listOf([post(Number(url.searchParams.get("p") ?? 0))], url.searchParams.get("p") === "3" ? null : `?p=${Number(url.searchParams.get("p") ?? 0) + 1}`),
    );
  assert.deepEqual(await gained(settingsOf({}, { requestsPerSecond: 2 }), read, clock), ["0", "1", "2", "3"]);
  assert.deepEqual(waits, [500, 500, 500, 500]);
});

test("a redirect is never followed, and a refusal is not tried again", async () => {
  answer = (_request, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
  assert.deepEqual(await gained(settingsOf()), ["REDIRECTED"]);
  answer = (_request, response) => void response.writeHead(403).end("no, M-HARBOR-00");
  asked = [];
  assert.deepEqual(await gained(settingsOf()), ["HTTP_403"]);
  assert.equal(asked.length, 1);
});

test("answers without end, packed, dripping, cut off or too deep are failures", async () => {
  const failing = (requestMs = 60_000) => gained(settingsOf({}, { limits: { bytesPerAnswer: 100_000, requestMs, attempts: 1 } }));
  const impatient = 500;
  answer = (_request, response) => {
    response.on("error", () => undefined);
    const more = () => void (response.destroyed || response.write(" ".repeat(50_000), () => setImmediate(more)));
    more();
  };
  assert.deepEqual(await failing(), ["ANSWER_TOO_LARGE"]);
  answer = (_request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(" ".repeat(50_000_000)));
  assert.deepEqual(await failing(), ["ANSWER_TOO_LARGE"]);
  answer = (_request, response) => {
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  };
  assert.deepEqual(await failing(impatient), ["ANSWER_TOO_SLOW"]);
  answer = () => undefined;
  assert.deepEqual(await failing(impatient), ["ANSWER_TOO_SLOW"]);
  answer = (_request, response) => {
    response.writeHead(200, { "content-length": "1000" }).write("[");
    setTimeout(() => response.destroy(), 20);
  };
  assert.deepEqual(await failing(), ["ANSWER_CUT_OFF"]);
  answer = (_request, response) => json(response, "[".repeat(90_000));
  assert.deepEqual(await failing(), ["TOO_DEEP"]);
  answer = (request) => request.socket.destroy();
  assert.deepEqual(await failing(), ["UNREACHABLE"]);
});

test("what is not JSON in UTF-8, or not of the shape that the settings describe, is a failure that says so", async () => {
  const failing = async (body: string | Uint8Array, contentType = "application/json") => {
    answer = (_request, response) => void response.writeHead(200, { "content-type": contentType }).end(body);
    return (await gained(settingsOf())).join();
  };
  assert.equal(await failing("<html>"), "NOT_JSON");
  assert.equal(await failing('{"data":{"items":[]}'), "NOT_JSON");
  assert.equal(await failing(Buffer.from([0x22, 0xe9, 0x22])), "NOT_UTF8");
  assert.equal(await failing('\uFEFF{"data":{"items":[]}}'), "BYTE_ORDER_MARK");
  assert.equal(await failing('{"data":{"items":[]}}', 'application/json; charset="iso-8859-1"'), "OTHER_CHARSET");
  assert.equal(await failing('{"data":{"items":[]}}', "application/json; charset=UTF-8"), "");
  for (const shape of ["{}", '{"data":{"items":null}}', '{"data":{"items":{}}}', '{"data":{"items":[1]}}', '{"data":{"items":[[]]}}', "null"])
    assert.equal(await failing(shape), "NOT_THE_SHAPE", shape);
  assert.equal(await failing(JSON.stringify(listOf([post("")]))), "NO_ID");
  for (const at of ["2026-02-01T10:00:00", "2026-02-01", 1769940000, "yesterday", "2026-02-30T00:00:00Z", true])
    assert.equal(await failing(JSON.stringify(listOf([post(1, { at })]))), "MOMENT_WITHOUT_ZONE", String(at));
});

test("moments may be counted from 1970, and the range is asked for in the same way", async () => {
  answer = (_request, response) => json(response, listOf([post(1, { at: 1769940000.123 }), post(2, { at: "1769940000" })]));
  const path = "posts?since={from}";
  const items = await Array.fromAsync((await opened(settingsOf({ path, moment: { column: "at", format: "epoch-seconds" } }))).read(read));
  assert.deepEqual(
    items.map((item) => item.kind === "record" && item.record.witness.moment),
    ["2026-02-01T10:00:00.123Z", "2026-02-01T10:00:00.000Z"],
  );
  assert.deepEqual(asked, ["GET /v1/posts?since=1768003200"]);
});

test("a number too large for JavaScript stays what it is, as text", async () => {
  answer = (_request, response) =>
    json(response, '{"data":{"items":[{"id":9007199254740993,"author":{"id":"M-HARBOR-00"},"workspace":"W-HARBOR","at":"2026-02-01T10:00:00Z"}]}}');
  assert.deepEqual(await gained(settingsOf()), ["9007199254740993"]);
  assert.deepEqual(jsonOf("[1, 0.1, 1e2, -0.0, 12345678901234567890.5, 1e400, 9007199254740991]", 4), [
    1,
    0.1,
    100,
    -0,
    "12345678901234567890.5",
    "1e400",
    9007199254740991,
  ]);
  assert.deepEqual(jsonOf('{"a\\\\":"]]]\\"[[[[[[","b":[[1]]}', 3), { "a\\": ']]]"[[[[[[', b: [[1]] });
});

test("a column that the settings do not name cannot be read, nor can a read without its range", async () => {
  answer = (_request, response) => json(response, listOf([post(1)]));
  assert.deepEqual(await gained(settingsOf(), { ...read, columns: ["password"] }), ["NO_COLUMN"]);
  assert.deepEqual(await gained(settingsOf(), { ...read, columns: ["__proto__"] }), ["NO_COLUMN"]);
  const { from: _from, until: _until, ...undated } = read;
  assert.deepEqual(await gained(settingsOf(), undated), ["NO_RANGE"]);
});

test("whatever the server sends, a read gives exactly what a plain filter gives", async () => {
  const name = fc.constantFrom("M-HARBOR-00", "M-HARBOR-0", "m-harbor-00", "M-HARBOR-00 ", "__proto__", "", "1");
  const minute = fc.integer({ min: 0, max: 30 });
  const at = (minutes: number) => Temporal.Instant.from("2026-05-01T00:00:00Z").add({ minutes }).toString({ smallestUnit: "millisecond" });
  const item = fc.record({ id: fc.integer({ min: 1, max: 15 }), author: name, workspace: fc.constantFrom("W", "w"), minute });
  const source = await opened(settingsOf({ path: "posts", paging: { kind: "offset", offset: "o", limit: "l", size: 5 } }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 30 }),
      fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      minute,
      minute,
      async (items, accounts, start, end) => {
        const all = items.map((one, place) => post(one.id, { author: { id: one.author }, workspace: one.workspace, at: at(one.minute), body: String(place) }));
        answer = (_request, response, url) => json(response, listOf(all.slice(Number(url.searchParams.get("o")), Number(url.searchParams.get("o")) + 5)));
        const wanted = new Set(
          items.flatMap((one) => (accounts.includes(one.author) && one.workspace === "W" && one.minute >= start && one.minute < end ? [String(one.id)] : [])),
        );
        const given = await Array.fromAsync(source.read({ ...read, accounts, workspace: "W", from: instant(at(start)), until: instant(at(end)) }));
        assert.deepEqual(
          new Set(given.flatMap((one) => (one.kind === "record" ? [one.record.key] : one.kind === "failed" ? assert.fail(one.failure.code) : []))),
          wanted,
        );
        assert.equal(given.filter(({ kind }) => kind === "record").length, wanted.size);
      },
    ),
    { numRuns: Math.min(manyCases, 200) },
  );
});

const pagings: readonly JsonCollection["paging"][] = [
  { kind: "next-in-body", field: "data.next" },
  { kind: "next-in-header" },
  { kind: "cursor", field: "data.next", parameter: "at" },
  { kind: "page-number", parameter: "page", first: 1 },
  { kind: "offset", offset: "skip", limit: "take", size: 3 },
];

/** Lists of three a page, one an account, that may repeat records, hold others', and change their first page. */
function paged(
  lists: readonly (readonly object[])[],
  { paging, startChanges = false }: { readonly paging: JsonCollection["paging"]; readonly startChanges?: boolean },
): Handler {
  let starts = 0;
  return (_request, response, url) => {
    const list = lists[Number(/people\/M-(\d)/.exec(url.pathname)?.[1])] ?? [];
    const parameter = { "page-number": "page", offset: "skip" }[paging.kind as string] ?? "at";
    const given = Number(url.searchParams.get(parameter) ?? 0);
    const at = paging.kind === "page-number" ? (given - 1) * 3 : given;
    const next = at + 3 < list.length ? (paging.kind === "cursor" ? String(at + 3) : `?at=${at + 3}`) : null;
    const headers = { ...(next === null ? {} : { link: `<${next}>; rel="next"` }), etag: at === 0 && startChanges ? `"${starts++}"` : '"same"' };
    json(response, { data: { items: list.slice(at, at + 3), next }, total: list.length }, headers);
  };
}

const people = ["M-0", "M-1", "M-2"];
const listed = fc.record({
  id: fc.integer({ min: 0, max: 12 }),
  who: fc.constantFrom(...people, "M-9"),
  extra: fc.boolean(),
  at: fc.constantFrom("2026-02-01T10:00:00Z", "2026-05-01T10:00:00Z"),
});

test("a read that is cut off goes on at its page: what it gives and tells is what it would have been, and no page before is asked again", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(listed, { maxLength: 14 }), { minLength: 3, maxLength: 3 }),
      fc.constantFrom(...pagings),
      fc.boolean(),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 30 }),
      async (lists, paging, startChanges, firstCut, secondCut) => {
        const rows = lists.map((list) => list.map(({ id, who, extra, at }) => ({ ...post(id, { author: { id: who }, at }), ...(extra ? { extra } : {}) })));
        await assertSameWhenCutOff(settingsOf({ paging, total: "total" }), { ...read, accounts: people }, [firstCut, secondCut], () =>
          paged(rows, { paging, startChanges }),
        );
      },
    ),
    { numRuns: manyCases / 100 },
  );
});

test("a list that repeats pages, goes in circles or changes its total is judged as a whole, however often it is cut off", async () => {
  const page = fc.record({
    items: fc.constantFrom([1, 2], [1, 2], [1, 2], [3, 4], [5]),
    total: fc.constantFrom(3, 3, 3, 4),
    next: fc.constantFrom("on", "on", "on", "on", "back"),
  });
  const cut = fc.integer({ min: 0, max: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(page, { minLength: 2, maxLength: 12 }), fc.boolean(), cut, cut, async (pages, isNumbered, ...cuts) => {
      const settings = settingsOf({ total: "total", ...(isNumbered ? { paging: { kind: "page-number", parameter: "p", first: 0 } } : {}) });
      await assertSameWhenCutOff(settings, read, cuts, () => (_request, response, url) => {
        const at = Number(url.searchParams.get("p") ?? 0);
        const { items = [], total = 3, next = "on" } = pages[at] ?? {};
        const following = next === "back" ? Math.max(0, at - 1) : at + 1;
        const list = items.map((id) => post(id));
        json(response, { ...listOf(list, isNumbered || following >= pages.length ? null : `?p=${following}`), total });
      });
    }),
    { numRuns: manyCases / 10 },
  );
});

/** Each handler is asked by one reading, or by all parts of one. */
async function assertSameWhenCutOff(settings: JsonApiSettings, wanted: PlannedRead, cuts: readonly number[], handler: () => Handler): Promise<void> {
  answer = handler();
  const whole = wordFor(await Array.fromAsync((await opened(settings)).read(wanted)));
  answer = handler();
  const given: Collected[] = [];
  const places: string[] = [];
  let records = 0;
  for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
    const items = await Array.fromAsync((await opened(settings)).read(wanted, undefined, places.length === 0 ? undefined : { places, records }));
    const kept = items.slice(0, lastPlace(items, cut));
    places.push(...kept.flatMap((item) => (item.kind === "place" ? [item.place.place] : [])));
    records += kept.filter(({ kind }) => kind === "record").length;
    given.push(...kept);
  }
  assert.deepEqual(wordFor(given), whole);
}

function wordFor(items: readonly Collected[]): string[] {
  return items.flatMap((item) =>
    item.kind === "place" ? [] : [item.kind === "record" ? item.record.key : item.kind === "finding" ? item.finding.what : item.failure.what],
  );
}

/** Behind the last place before the cut; without one, nothing was kept. */
function lastPlace(items: readonly Collected[], cut: number): number {
  return cut === Number.POSITIVE_INFINITY ? items.length : items.slice(0, cut).findLastIndex(({ kind }) => kind === "place") + 1;
}

test("the pages that were read are not asked again, and one that is forgotten, or asked another way, cannot be gone on from", async () => {
  const rows = [Array.from({ length: 12 }, (_, id) => post(id, { author: { id: "M-0" } }))];
  const paging = { kind: "cursor", field: "data.next", parameter: "at" } as const;
  const wanted = { ...read, accounts: ["M-0"] };
  answer = paged(rows, { paging });
  const items = await Array.fromAsync((await opened(settingsOf({ paging }))).read(wanted));
  const places = items.flatMap((item) => (item.kind === "place" ? [item.place.place] : []));
  assert.equal(places.length, 3);
  assert.ok(
    places.every(({ length }) => Math.abs(length - (places[0]?.length ?? 0)) < 20),
    "a place says what is new, and not all again",
  );
  const after = { places: places.slice(0, 2), records: 6 };
  const goingOn = async (settings: JsonApiSettings) => Array.fromAsync((await opened(settings)).read(wanted, undefined, after));
  asked = [];
  assert.deepEqual(told(await goingOn(settingsOf({ paging }))), ["6", "7", "8", "9", "10", "11"]);
  assert.deepEqual(
    asked.map((line) => /at=(\d+)$/.exec(line)?.[1]),
    ["6", "9", undefined],
    "and the first page once, to see whether the list is still the same",
  );
  assert.deepEqual(told(await goingOn(settingsOf({ paging: { ...paging, parameter: "from" } }))), ["CHANGED_SINCE"]);
  const failing = async (fails: Handler, startAnswers = true) => {
    answer = (request, response, url) => {
      const isAhead = url.searchParams.get("at") === "6";
      if (isAhead || !startAnswers) fails(request, response, url);
      else paged(rows, { paging })(request, response, url);
    };
    const [failed] = await goingOn(settingsOf({ paging }));
    return failed?.kind === "failed" ? [failed.failure.code, failed.failure.recordsBefore] : assert.fail("it went on");
  };
  const refusing =
    (status: number): Handler =>
    (_request, response) =>
      void response.writeHead(status, status === 302 ? { location: "/" } : {}).end();
  const invalid: Handler = (_request, response) => json(response, { ok: false, error: "invalid_cursor" });
  for (const status of [400, 402, 404, 410, 302]) assert.deepEqual(await failing(refusing(status)), ["CHANGED_SINCE", 6], `${status}`);
  assert.deepEqual(await failing(invalid), ["CHANGED_SINCE", 6]);
  for (const status of [401, 403, 408, 500, 503]) assert.deepEqual(await failing(refusing(status)), [`HTTP_${status}`, 6], "it may pass, or is about us");
  for (const status of [404, 402]) assert.deepEqual(await failing(refusing(status), false), [`HTTP_${status}`, 6], "the whole list is away");
  assert.deepEqual(await failing(invalid, false), ["NOT_THE_SHAPE", 6]);
  answer = (request, response, url) =>
    url.searchParams.get("at") === "9" ? void response.writeHead(404).end() : paged(rows, { paging })(request, response, url);
  assert.deepEqual(told(await goingOn(settingsOf({ paging }))), ["6", "7", "8", "HTTP_404"], "a page behind it is another matter");
});
