// Reads the public pages as a customer, a journalist and a log client would, over a real server, database and browser.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { recordEntry } from "../../app/directory.ts";
import { publishBands } from "../../app/publish-bands.ts";
import { publishedReports, publishReport } from "../../app/publish-report.ts";
import type { Actor } from "../../kernel/ids.ts";
import { climb } from "../../policy/process-ladder.ts";
import { ladder } from "./ladder-table.tsx";
import { renderReportFile } from "./report-file.tsx";
import { openSampleDesk, type SampleDesk, secretCase } from "../../../tests/desks/sample-desk.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const operator = "staff:operator" as Actor;
const shots = process.env["PORTCULLIS_SHOTS"];
const why = "Two requests of May were counted under the wrong paper.";
const pages = ["/", "/promises", "/report", "/report/2026", "/report/2026/edition/1", "/report/1999", "/check"];

let sample: SampleDesk;
let browser: Browser;

before(async () => {
  sample = await openSampleDesk();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await sample?.stop();
});

const get = (path: string) => fetch(`${sample.site}${path}`, { redirect: "manual" });
const text = async (path: string) => (await get(path)).text();

describe("before anything was published", () => {
  test("the report page says that there is no report yet, and when the first one follows", async () => {
    const page = await text("/report");
    assert.match(page, /No report has been published yet/);
    assert.match(page, /within 60 days/);
    assert.equal((await get("/report/2026")).status, 404);
    assert.equal((await get("/report/2026/report.csv")).status, 404);
  });
});

describe("what the public reads", () => {
  before(async () => {
    await publishReport(sample.desk, 2026, operator);
    await publishReport(sample.desk, 2026, operator, why);
    await sample.desk.ports.ledger.seal(sample.desk.id, sample.desk.ports.clock.now());
  });

  test("a worried customer gets from the first page to every other one without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(`${sample.site}/`);
    await tab.getByRole("link", { name: "Every promise, in the documents' own words" }).click();
    assert.equal(await tab.locator("h1").textContent(), "What we promise, and what keeps it");
    await tab.getByRole("navigation").getByRole("link", { name: "Report" }).click();
    await tab.getByRole("table").getByRole("link", { name: "2026" }).click();
    assert.equal(await tab.locator("h1").textContent(), "Government requests in 2026");
    await tab.getByRole("link", { name: "How the record is kept, and what each check proves" }).click();
    assert.equal(await tab.locator("h1").textContent(), "Check this yourself");
    await context.close();
  });

  for (const width of [1280, 390]) {
    test(`axe finds nothing on the public pages at ${width} pixels, and nothing scrolls sideways`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: "light" });
      const tab = await context.newPage();
      for (const path of pages) {
        await tab.goto(`${sample.site}${path}`);
        assert.deepEqual(await findViolations(tab), [], path);
        assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), width, `${path} scrolls sideways`);
      }
      await context.close();
    });
  }

  test("no page names a case, least of all one under a secrecy order", async () => {
    for (const path of [...pages, "/report/2026/report.json", "/report/2026/report.csv"])
      assert.doesNotMatch(await text(path), new RegExp(`C-TEST|${secretCase}|staff:`), path);
  });

  test("every clause and check that a chip may cite has its line on the page of promises", async () => {
    const page = await text("/promises");
    const { policies, laws, contracts } = sample.installation.shelf;
    const ids = [
      ...[...policies, ...contracts].flatMap(({ clauses }) => clauses.map(({ id }) => id)),
      ...laws.flatMap(({ checks }) => checks.map(({ id }) => id)),
    ];
    assert.ok(ids.includes("KDRP-11") && ids.includes("V01") && ids.includes("V27") && ids.includes("DPA-8.1a"));
    for (const id of ids) assert.equal(page.split(`<section id="${id}"`).length, 2, `${id} stands there exactly once`);
    for (const target of page.matchAll(/href="#([^"]+)"/g))
      assert.ok(page.includes(` id="${decodeURIComponent(target[1] ?? "")}"`), `${target[1]} leads somewhere`);
  });

  test("each clause stands with the document's own sentence, what keeps it, and its defects", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/promises`);
    const { policies, contracts } = sample.installation.shelf;
    for (const { clauses } of [...policies, ...contracts]) {
      for (const { id, quote, rule, kept, defects } of clauses) {
        const words = await tab.locator(`section[id="${id}"]`).textContent();
        for (const part of [quote, rule, kept, ...defects]) assert.ok(words?.includes(part), `${id}: ${part}`);
      }
    }
    await tab.close();
  });

  test("a clause of the contract says who owes whom, when and by when, and nothing that is only planned is passed off as kept", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/promises`);
    const words = async (id: string) => (await tab.locator(`section[id="${id}"]`).innerText()).replaceAll(/\s+/g, " ");
    const notice = await words("DPA-8.1a");
    assert.match(notice, /Who owes whom the partner to the vendor/);
    assert.match(notice, /By when At the latest 72 hours from receipt\. /);
    assert.match(notice, /Enforced by src\/partners\/access-notices Today no duty under it yet/);
    assert.match(notice, / Kept by .* Proved by “W-4: /);
    const { proofs } = sample.installation.shelf;
    const [unproved] = Object.entries(proofs).filter(([, { tests }]) => tests === 0);
    assert.match(
      await words(unproved?.[0] ?? assert.fail("every clause is kept: let this test go")),
      /To be kept by .* no test yet: the program does not keep it so far/,
    );
    const defect = await words("X-11");
    assert.match(defect, /Reading in force .* Another reading .* Stays shut .*statement/);
    await tab.close();
  });

  test("no clause that a gate, a clock, a calculation, a record or a document keeps has an empty cell: rule, folder, tests and today's count", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/promises`);
    const words = new Map(
      await tab.locator("section.chip-body[id]").evaluateAll((sections) => sections.map((section) => [section.id, section.textContent ?? ""] as const)),
    );
    const enforced = sample.installation.shelf.contracts.flatMap(({ clauses }) => clauses.filter(({ enforce }) => enforce.some((how) => how !== "FLAG")));
    assert.ok(enforced.length > 130);
    for (const { id, rule } of enforced) {
      const cell = words.get(id) ?? assert.fail(`${id} is not on the page`);
      assert.ok(cell.includes(rule), id);
      for (const head of [/Enforced bysrc\//, /Kept by/, /Proved by“/, /Today(\d|no duty)/]) assert.match(cell, head, id);
    }
    await tab.close();
  });

  test("the ladder gives each paper the verdict that decides the requests, for every kind of data", async () => {
    const [law] = sample.desk.laws;
    assert.ok(law !== undefined);
    const columns = ladder(sample.desk, law);
    for (const { id } of law.instruments) {
      const [column, ...more] = columns.filter(({ papers }) => papers.some((paper) => paper.id === id));
      assert.ok(column !== undefined && more.length === 0, `${id} stands in one column`);
      for (const type of sample.desk.policy.dataTypes) {
        assert.equal(
          column.verdicts.get(type.id)?.kind,
          climb({ policy: sample.desk.policy, law, instrument: id, dataType: type.id }).kind,
          `${id} × ${type.id}`,
        );
      }
    }
  });

  test("the printed ladder says that a search warrant reaches messages and a subpoena does not", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/promises`);
    const row = tab.getByRole("row").filter({ hasText: "Message content" });
    assert.equal(await row.locator('td[data-head="Search warrant"]').textContent(), "Reaches");
    assert.equal(await row.locator('td[data-head*="subpoena"]').first().textContent(), "Does not reach");
    await tab.close();
  });

  test("while the mailbox is not set, neither page passes itself off as the whole policy (X-04)", async () => {
    const { desk, installation } = sample;
    const record = (mailboxes: readonly string[]) =>
      recordEntry(desk.ports, desk.id, {
        stream: "desk",
        by: operator,
        value: { ...JSON.parse(JSON.stringify(desk.profile)), mailboxes },
        fact: (profile) => ({ ...desk.setUp, profile }),
      });
    assert.doesNotMatch(await text("/promises"), /not published as complete/);
    await record([]);
    assert.deepEqual((await installation.desk())?.profile.mailboxes, []);
    for (const path of ["/", "/promises"]) assert.match(await text(path), /This policy is not complete yet, and is not published as complete/, path);
    assert.match(await text("/promises"), /Not set: this clause is not complete \(X-04\)/);
    await record(desk.profile.mailboxes);
  });
});

describe("the published report", () => {
  test("CSV, JSON and the page's tables hold the same numbers", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/report/2026`);
    const csv = (await text("/report/2026/report.csv"))
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    const json = (await (await get("/report/2026/report.json")).json()) as Printed;
    const [heads = [], ...rows] = csv;
    const bucketAt = heads.indexOf("type");
    assert.equal(rows.length, json.report.rows.length + 1);
    const seen = new Set<string>();
    for (const row of rows) {
      const bucket = row[bucketAt] ?? "";
      const figures = bucket === "total" ? json.report.totals : json.report.rows.find((each) => each.bucket === bucket)?.cells;
      for (const [index, measure] of heads.entries()) {
        if (["year", "edition", "type"].includes(measure)) continue;
        const { low, high } = figures?.[measure] ?? { low: -1, high: -1 };
        assert.equal(row[index], low === high ? String(low) : `${low}–${high}`, `${bucket} ${measure}: CSV and JSON`);
        const cell = tab.locator(`tr:has(:text-is("${rowWords(bucket)}")) td[data-head="${heading[measure]}"]`);
        assert.equal(await cell.count(), 1, `${bucket} ${measure} stands once on the page`);
        assert.equal(
          (await cell.locator("bdi, .number:not(.number-range)").first().textContent())?.replaceAll(",", ""),
          low === high ? String(low) : `${low} to ${high}`,
          `${bucket} ${measure}: page`,
        );
        seen.add(measure);
      }
    }
    assert.equal(seen.size, 15);
    assert.ok(rows.some((row) => row.some((cell) => cell.includes("–"))) && rows.some((row) => row.includes("45")), "the sample has ranges and exact numbers");
    await tab.close();
  });

  test("the digest on the page is the one anybody computes from the JSON", async () => {
    const json = (await (await get("/report/2026/report.json")).json()) as Printed;
    const digest = createHash("sha256").update(sorted(json.report)).digest("hex");
    assert.equal(digest, json.figures);
    assert.ok((await text("/report/2026")).includes(digest));
  });

  test("the national-security request is in no number, and the page says that bands would be used whether or not there was one", async () => {
    const json = (await (await get("/report/2026/report.json")).json()) as Printed;
    assert.equal(json.report.nationalSecurity, null);
    assert.ok(!json.report.rows.some(({ bucket }) => bucket === "national-security"));
    assert.match(await text("/report/2026"), /whether or not there was anything to count/);
  });

  test("a correction is a new edition with its reason, and the earlier one stays", async () => {
    assert.equal(((await (await get("/report/2026/report.json")).json()) as Printed).edition, 2);
    assert.equal(((await (await get("/report/2026/edition/1/report.json")).json()) as Printed).edition, 1);
    assert.ok((await text("/report/2026")).includes(why));
    const old = await text("/report/2026/edition/1");
    assert.match(old, /This edition was corrected/);
    assert.ok(old.includes(why));
    assert.equal((await get("/report/2026/edition/3")).status, 404);
  });

  test("the report as one file holds the same numbers, no script, and asks nobody for anything", async () => {
    const published = (await publishedReports(sample.desk)).at(-1);
    assert.ok(published !== undefined);
    const html = await renderReportFile(sample.desk, published);
    assert.doesNotMatch(html, /<script|<link|url\("\/|src=/);
    const folder = await mkdtemp(join(tmpdir(), "portcullis-report-"));
    const file = join(folder, "index.html");
    await writeFile(file, html);
    const context = await browser.newContext({ viewport: { width: 390, height: 900 } });
    const tab = await context.newPage();
    const asked: string[] = [];
    tab.on("request", (each) => asked.push(each.url()));
    await tab.goto(pathToFileURL(file).href);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith("data:")),
      [pathToFileURL(file).href],
    );
    assert.equal(await tab.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Source Serif 4\"'))"), true);
    assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), 390);
    assert.deepEqual(await findViolations(tab), []);
    const online = await context.newPage();
    await online.goto(`${sample.site}/report/2026`);
    const figures = (page: Tab) => page.locator(".number").allTextContents();
    assert.deepEqual(await figures(tab), await figures(online));
    await context.close();
    await rm(folder, { recursive: true });
  });
});

describe("published bands", () => {
  const day = "2027-01-15";
  const correction = "A paper had been confirmed late. ".repeat(10).trim();
  const bandPages = ["/report", `/report/bands/${day}`, `/report/bands/${day}/edition/1`, "/report/bands/2026-01-01"];

  test("while none were published, the report page has no place for them, whatever was received", async () => {
    assert.doesNotMatch(await text("/report"), /National-security process in bands/);
    assert.equal((await get(`/report/bands/${day}`)).status, 404);
    for (const file of ["csv", "json"]) assert.equal((await get(`/report/bands/${day}/bands.${file}`)).status, 404);
  });

  test("they stand beside the yearly reports, with every edition, and the newest first", async () => {
    const desk = { ...sample.desk, setUp: { ...sample.desk.setUp, bandOption: 1 as const } };
    assert.equal((await publishBands(desk, { by: operator })).kind, "published");
    assert.equal((await publishBands(desk, { by: operator, correction })).kind, "published");
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/report`);
    await tab.getByRole("link", { name: "Fri 15 Jan 2027" }).click();
    assert.equal(await tab.getByRole("row").filter({ hasText: "0 to 999" }).count(), 8);
    assert.ok(await tab.getByRole("row", { name: "Edition 2, this one" }).getByText(correction).isVisible());
    await tab.getByRole("link", { name: "Edition 1" }).click();
    assert.ok(await tab.getByText("This edition was corrected.").isVisible());
    await tab.close();
  });

  test("CSV and JSON hold the bands of the page, and the printed digest is that of the JSON", async () => {
    const published = JSON.parse(await text(`/report/bands/${day}/edition/2/bands.json`)) as {
      readonly figures: string;
      readonly edition: number;
      readonly report: { readonly bands: { readonly rows: readonly { readonly band: Range }[] } };
    };
    assert.equal(hash(Buffer.from(sorted(published.report))).toString("hex"), published.figures);
    assert.ok((await text(`/report/bands/${day}`)).includes(published.figures));
    assert.deepEqual([published.edition, published.report.bands.rows.every(({ band }) => band.low === 0 && band.high === 999)], [2, true]);
    const csv = (await text(`/report/bands/${day}/bands.csv`)).trim().split("\r\n");
    assert.equal(csv.length, published.report.bands.rows.length + 1);
    assert.ok(
      csv.slice(1).every((line) => /^2027-01-15,2,1,national-security [a-z-]+ [\d/-]+,(0–999,|,0–999)$/.test(line)),
      csv.join("\n"),
    );
  });

  test("no page and no file of them names a case, a person or an inner reference", async () => {
    for (const path of [...bandPages, `/report/bands/${day}/bands.json`, `/report/bands/${day}/bands.csv`])
      assert.doesNotMatch(await text(path), /C-TEST|C-SECR|staff:|"vault"|"commitment"/, path);
  });

  for (const width of [1280, 390]) {
    test(`axe finds nothing on their pages at ${width} pixels, and nothing scrolls sideways`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: "light" });
      const tab = await context.newPage();
      for (const path of bandPages) {
        await tab.goto(`${sample.site}${path}`);
        assert.deepEqual(await findViolations(tab), [], path);
        assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), width, `${path} scrolls sideways`);
        if (shots !== undefined) await tab.screenshot({ path: join(shots, `public${path.replaceAll("/", "-")}-${width}.png`), fullPage: true });
      }
      await context.close();
    });
  }
});

describe("the public log", () => {
  test("a client that knows only RFC 6962 and Ed25519 computes the signed root from the tiles", async () => {
    const note = await text("/log/checkpoint");
    const { origin, size, root } = openNote(note, (await text("/log/key")).trim());
    assert.equal(origin, "portcullis/main");
    assert.ok(size > 256, "the sample fills more than one tile");
    const leaves = await hashesOf(0, size);
    assert.equal(leaves.length, size);
    assert.equal(rootOf(leaves).toString("base64"), root);
    const above = await hashesOf(1, Math.floor(size / 256));
    assert.deepEqual(above, [rootOf(leaves.slice(0, 256))]);
  });

  test("each entry bundle holds the entries whose leaf hashes the tiles hold", async () => {
    const size = Number((await text("/log/checkpoint")).split("\n")[1]);
    const leaves = await hashesOf(0, size);
    for (let index = 0; index * 256 < size; index++) {
      const width = Math.min(256, size - index * 256);
      const bundle = Buffer.from(await (await get(`/log/tile/entries/${String(index).padStart(3, "0")}${width === 256 ? "" : `.p/${width}`}`)).arrayBuffer());
      const entries = readBundle(bundle);
      assert.deepEqual(
        entries.map((entry) => hash(Buffer.of(0), entry)),
        leaves.slice(index * 256, index * 256 + width),
      );
    }
  });

  test("a checkpoint with one changed character is not accepted by that client", async () => {
    const note = await text("/log/checkpoint");
    const key = (await text("/log/key")).trim();
    const size = note.split("\n")[1] ?? "";
    assert.throws(() => openNote(note.replace(`\n${size}\n`, `\n${Number(size) + 1}\n`), key), /signature/);
  });

  test("what never changes may be kept for ever, and what may come is not kept as missing", async () => {
    const tile = await get("/log/tile/0/000");
    assert.equal(tile.headers.get("content-type"), "application/octet-stream");
    assert.match(tile.headers.get("cache-control") ?? "", /max-age=31536000, immutable/);
    const checkpoint = await get("/log/checkpoint");
    assert.equal(checkpoint.headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(checkpoint.headers.get("cache-control"), "no-cache");
    const missing = await get("/log/tile/0/900");
    assert.equal(missing.status, 404);
    assert.equal(missing.headers.get("cache-control"), "no-store");
  });

  test("no other spelling of a name, no width the log has not reached, and no way out of the log is understood", async () => {
    const names = [
      "0/0",
      "0/0000",
      "00/000",
      "0/000/",
      "0//000",
      "0/x000/000",
      "0/000.p/0",
      "0/000.p/256",
      "0/000.p/257",
      "0/000.p/007",
      "0/001.p/255",
      "64/000",
      "-1/000",
      "0/999",
      "entries/",
      "entries/000.p",
      "a/000",
      "0/%30%30%30",
      "%30/000",
      "0/000%00",
      "..%2f..%2fetc%2fpasswd",
      "%2e%2e/%2e%2e/etc/passwd",
      "../../../etc/passwd",
      "..\\..\\etc\\passwd",
      "0/000?x=../..",
    ];
    for (const name of names.slice(0, -1)) assert.ok([400, 404].includes(await rawStatus(`/log/tile/${name}`)), name);
    assert.equal(await rawStatus("/log/tile/0/000?x=../.."), 200, "a query says nothing");
    assert.equal(await rawStatus("/log/tile"), 404);
    assert.deepEqual(sample.failures, []);
  });
});

interface Range {
  readonly low: number;
  readonly high: number;
}
interface Printed {
  readonly edition: number;
  readonly figures: string;
  readonly report: {
    readonly rows: readonly { readonly bucket: string; readonly cells: Readonly<Record<string, Range>> }[];
    readonly totals: Readonly<Record<string, Range>>;
    readonly nationalSecurity: Range | null;
  };
}

/** What the page calls each column of the CSV, written down a second time on purpose. */
const heading: Readonly<Record<string, string>> = {
  received: "Received",
  produced_full: "In full",
  produced_partial: "In part",
  rejected: "Rejected",
  referred: "Referred",
  withdrawn: "Withdrawn",
  challenged: "Challenged",
  no_records: "No records",
  pending: "Pending",
  accounts: "Accounts",
  content: "Content",
  non_content: "Other data",
  notice_before: "Before",
  notice_late: "Late",
  notice_withheld: "Withheld",
};

function rowWords(bucket: string): string {
  const known: Readonly<Record<string, string>> = {
    total: "All papers",
    "no-instrument": "No paper named",
    "search-warrant": "Search warrant",
    "court-order": "Court order",
    subpoena: "Subpoena",
  };
  return known[bucket] ?? bucket;
}

/** JSON with sorted members and no white space, as jq -cS prints it. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function findViolations(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe);
  const findings = (await tab.evaluate(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
  }).then((result) => result.violations)`)) as readonly AxeFinding[];
  return findings.flatMap((finding) => finding.nodes.map((node) => `${finding.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

/** Below: a log client of its own, sharing no line with the desk's code. */
function hash(...parts: readonly Uint8Array[]): Buffer {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** RFC 6962, 2.1: the largest power of two smaller than the count splits the leaves. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return hash(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

async function hashesOf(level: number, count: number): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  for (let index = 0; index * 256 < count; index++) {
    const width = Math.min(256, count - index * 256);
    const response = await get(`/log/tile/${level}/${String(index).padStart(3, "0")}${width === 256 ? "" : `.p/${width}`}`);
    assert.equal(response.status, 200);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.length, width * 32);
    for (let at = 0; at < bytes.length; at += 32) hashes.push(bytes.subarray(at, at + 32));
  }
  return hashes;
}

function readBundle(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

function openNote(note: string, verifier: string): { readonly origin: string; readonly size: number; readonly root: string } {
  const [name = "", id = "", ...rest] = verifier.split("+");
  const typed = Buffer.from(rest.join("+"), "base64");
  assert.equal(typed[0], 1, "an Ed25519 key");
  assert.equal(
    hash(Buffer.from(`${name}\n`), typed)
      .subarray(0, 4)
      .toString("hex"),
    id,
  );
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: typed.subarray(1).toString("base64url") }, format: "jwk" });
  const end = note.lastIndexOf("\n\n");
  const signed = Buffer.from(note.slice(0, end + 1));
  const signatures = note
    .slice(end + 2)
    .split("\n")
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => Buffer.from(line.split(" ")[2] ?? "", "base64"));
  const holds = signatures.some((bytes) => bytes.subarray(0, 4).toString("hex") === id && verify(null, signed, key, bytes.subarray(4)));
  if (!holds) throw new Error("no valid signature of the key");
  const [origin = "", size = "", root = ""] = note.split("\n");
  return { origin, size: Number(size), root };
}

/** Sends the path as it is written: fetch would tidy it first. */
function rawStatus(path: string): Promise<number> {
  const { hostname, port } = new URL(sample.site);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method: "GET" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}
