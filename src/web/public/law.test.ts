// Reads the law's pages as counsel would: every rule with its source, two versions side by side, over a real server, database and browser.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page as Tab } from "playwright-core";
import { parse, stringify } from "yaml";
import { launchBrowser } from "../../../tests/browser.ts";
import type { SampleDesk } from "../../../tests/desks/sample-desk.ts";
import type { JurisdictionPack } from "../../policy/pack.ts";
import { climb, classUnder } from "../../policy/process-ladder.ts";
import { reachLines } from "./law-reach.tsx";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const packs = mkdtempSync(join(tmpdir(), "portcullis-law-packs-"));

let sample: SampleDesk;
let browser: Browser;
let laws: readonly JurisdictionPack[];

/** The shelf of the checkout with a second version of the US pack, which is in force on the sample desk's day. */
function layOutShelf(): void {
  for (const part of ["policies", "jurisdictions", "reading"])
    cpSync(fileURLToPath(new URL(`../../../packs/${part}`, import.meta.url)), join(packs, part), { recursive: true });
  const next = parse(readFileSync(join(packs, "jurisdictions/us.yaml"), "utf8"), { schema: "core" });
  Object.assign(next.pack, { version: "2027.1", validFrom: "2027-01-01" });
  const paper = (id: string) => next.instruments.find((each: { readonly id: string }) => each.id === id);
  paper("US-SW").expires.n = 10;
  paper("US-SW").facial = paper("US-SW").facial.filter((id: string) => id !== "signature-of-judge");
  paper("US-SUBP-GJ").compels.push("TRAFFIC");
  writeFileSync(join(packs, "jurisdictions/us.zz.yaml"), stringify(next));
}

before(async () => {
  layOutShelf();
  process.env["PORTCULLIS_PACKS"] = packs;
  // The shelf's folder is read from the environment when the program is loaded.
  const { openSampleDesk } = await import("../../../tests/desks/sample-desk.ts");
  sample = await openSampleDesk();
  laws = sample.desk.shelf.laws;
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await sample?.stop();
  rmSync(packs, { recursive: true, force: true });
});

const get = (path: string) => fetch(`${sample.site}${path}`, { redirect: "manual" });
const text = async (path: string) => (await get(path)).text();

/** What a browser shows, with every collapsed part opened. */
async function wordsOf(tab: Tab, path: string): Promise<string> {
  await tab.goto(`${sample.site}${path}`);
  return ((await tab.locator("main").textContent()) ?? "").replaceAll(/\s+/g, " ");
}

function says(words: string, part: string, where: string): void {
  const plain = part.replaceAll(/\s+/g, " ").trim();
  const [first = "", rest] = [plain.slice(0, 1), plain.slice(1)];
  assert.ok(words.includes(plain) || words.includes(`${first.toUpperCase()}${rest}`), `${where}: ${plain}`);
}

describe("the list of packs", () => {
  test("a reader comes from the list to a pack and to a paper of it without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(`${sample.site}/law`);
    await tab.getByRole("link", { name: "United States (US)" }).click();
    assert.equal(await tab.locator("h1").textContent(), "The law: United States");
    await tab.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Search warrant", exact: true }).click();
    assert.match(tab.url(), /\/law\/us#US-SW$/);
    await context.close();
  });

  test("every pack stands there once, with its review and its rules from memory counted", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/law`);
    for (const { pack } of [...laws, ...sample.desk.shelf.policies]) {
      const row = tab.getByRole("row").filter({ has: tab.getByRole("link", { name: pack.title }) });
      assert.equal(await row.count(), 1, pack.id);
      says((await row.textContent()) ?? "", pack.reviewedBy, pack.id);
    }
    const us = tab.getByRole("row").filter({ hasText: "United States" });
    const law = laws.find(({ pack }) => pack.id === "us" && pack.version === "2027.1");
    assert.equal(await us.locator('td[data-head="Rules from memory"]').textContent(), String(JSON.stringify(law).split('"basis":"memory"').length - 1));
    assert.equal(await us.locator('td[data-head="Version"]').textContent(), "2027.1, compare all 2");
    await tab.close();
  });

  test("a pack's address shows the version in force today, and each version has its own", async () => {
    assert.match(await text("/law/us"), /<strong>2027\.1<\/strong>/);
    assert.match(await text("/law/us/2026.1"), /<strong>2026\.1<\/strong>/);
    for (const path of ["/law/xx", "/law/us/1999.1", "/law/us/..%2f..", "/law/xx/compare", "/law/__proto__", "/law/us/compare?from=1999.1"])
      assert.equal((await get(path)).status, 404, path);
  });
});

describe("the page of a pack", () => {
  test("every rule of every pack stands on its page with its source", async () => {
    const tab = await browser.newPage();
    for (const law of laws) {
      const words = await wordsOf(tab, `/law/${law.pack.id}/${law.pack.version}`);
      const at = `${law.pack.id} ${law.pack.version}`;
      for (const source of law.pack.sources) says(words, source, at);
      for (const { id, label, citation, facial, clocks, challenge, tells, duties, confirm, names } of law.instruments) {
        const section = ((await tab.locator(`section[aria-labelledby="${id}"]`).textContent()) ?? "").replaceAll(/\s+/g, " ");
        const parts = [label, citation, ...confirm, ...names, ...facial.map((content) => law.contents[content]?.ask ?? "")];
        const ruled = [...clocks, ...challenge, ...tells, ...duties].map((rule) => rule.citation);
        for (const part of [...parts, ...ruled, ...clocks.map((clock) => clock.label), ...challenge.map(({ route }) => route)])
          says(section, part, `${at} ${id}`);
        const fromMemory = [...clocks, ...challenge, ...tells, ...duties].filter(({ basis }) => basis === "memory").length;
        assert.ok(section.split("Memory: counsel must confirm").length - 1 >= fromMemory, `${at} ${id} shows what is from memory`);
      }
      for (const { because, citation } of law.overrides) for (const part of [because, citation]) says(words, part, at);
      for (const { id, question, citation } of law.checks) for (const part of [`${id}. ${question}`, citation]) says(words, part, at);
      for (const zone of law.governmentZones) says(words, zone, at);
    }
    await tab.close();
  });

  test("no two places of a page share a name, and every link on it leads somewhere", async () => {
    for (const { pack } of laws) {
      const page = await text(`/law/${pack.id}/${pack.version}`);
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1] ?? "");
      assert.equal(new Set(ids).size, ids.length, pack.id);
      for (const target of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(decodeURIComponent(target[1] ?? "")), `${pack.id}: ${target[1]}`);
    }
  });

  test("the table of reach agrees with the rule that decides the requests, for every paper and every kind of data", () => {
    let compared = 0;
    for (const law of laws) {
      const forms = ["subpoena", "court-order", "search-warrant", "other"] as const;
      const dataTypes = sample.desk.policy.dataTypes.map((type) => ({ ...type, accepts: [...forms], kind: "non-content" as const }));
      const policy = { dataTypes, settings: { allowVoluntaryEmergency: false } };
      const lines = reachLines(law);
      for (const { id: instrument } of law.instruments)
        for (const { id: dataType } of dataTypes) {
          const dataClass = classUnder(law, { dataType });
          if (dataClass === undefined) continue;
          const cells = lines.filter((line) => line.instrument.id === instrument).map((line) => line.cells.get(dataClass));
          const reached = cells.filter((cell) => cell?.word !== "No");
          const verdict = climb({ policy, law, instrument, dataType });
          const where = `${law.pack.id} ${instrument} × ${dataType}`;
          assert.ok(reached.length <= 1, `${where}: one line of the table speaks of it`);
          if (verdict.kind === "reaches") assert.equal(reached.length, 1, where);
          if (verdict.kind === "does-not-reach") {
            const [cell] = reached;
            assert.ok(cell === undefined || cell.word === "In part" || (cell.word === "Yes" && cell.unless.length > 0), `${where}: ${verdict.because}`);
          }
          compared += 1;
        }
    }
    assert.ok(compared > 1000, `only ${compared} were compared`);
  });

  test("the printed table says that a search warrant reaches content and a court order does not", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}/law/us`);
    const cell = (paper: string) =>
      tab
        .getByRole("row")
        .filter({ has: tab.getByRole("link", { name: paper, exact: true }) })
        .locator('td[data-head="Content"]')
        .first();
    assert.equal(await cell("Search warrant").textContent(), "Yes");
    assert.equal(await cell("Court order under 2703(d)").textContent(), "No");
    await tab.close();
  });

  test("on paper everything stands there but the choice of versions", async () => {
    const tab = await browser.newPage();
    await tab.emulateMedia({ media: "print" });
    await tab.goto(`${sample.site}/law/us/compare`);
    assert.equal(await tab.locator("form").isVisible(), false);
    assert.equal(await tab.getByRole("table").first().isVisible(), true);
    await tab.close();
  });
});

describe("two versions", () => {
  test("what lets more leave stands first, then everything else, in words", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(`${sample.site}/law/us`);
    await tab.getByRole("link", { name: "Compare two versions" }).click();
    assert.equal(await tab.locator("h1").textContent(), "What changed: United States");
    const linesOf = async (nth: number) => tab.getByRole("table").nth(nth).getByRole("rowheader").allTextContents();
    assert.deepEqual(await linesOf(0), ["US-SUBP-GJ: reaches traffic data (new)", "US-SW: must show the signature of a judge (dropped)"]);
    assert.deepEqual((await linesOf(1)).slice(-1), ["US-SW: must be executed within 14 days → 10 days"]);
    await context.close();
  });

  test("the other way round the same changes are turned, and what came back weakens nothing", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(`${sample.site}/law/us/compare`);
    await tab.getByLabel("From version").selectOption("2027.1");
    await tab.getByLabel("To version").selectOption("2026.1");
    await tab.getByRole("button", { name: "Compare the versions" }).click();
    assert.match(tab.url(), /from=2027\.1&to=2026\.1$/);
    assert.deepEqual(await tab.getByRole("table").first().getByRole("rowheader").allTextContents(), ["US-SW: must be executed within 10 days → 14 days"]);
    await context.close();
  });

  test("a version against itself shows nothing, and a pack with one version says so", async () => {
    assert.match(await text("/law/us/compare?from=2026.1&to=2026.1"), /Nothing differs: 2026\.1 to 2026\.1/);
    assert.match(await text("/law/data-request/compare"), /The shelf holds one version of this pack/);
  });

  test("what is typed into the address is not repeated on the page", async () => {
    const page = await get("/law/us/compare?from=%3Cscript%3Ealert(1)%3C/script%3E");
    assert.equal(page.status, 404);
    assert.doesNotMatch(await page.text(), /alert\(1\)/);
  });
});

for (const { width, colorScheme } of [
  { width: 1280, colorScheme: "light" },
  { width: 390, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
] as const) {
  test(`axe finds nothing on the law's pages at ${width} pixels in the ${colorScheme}, and nothing scrolls sideways`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const tab = await context.newPage();
    const every = [...new Set(laws.map(({ pack }) => `/law/${pack.id}`))];
    const shown = width === 390 ? every : ["/law/us"];
    for (const path of ["/law", ...shown, "/law/us/compare", "/law/gb/compare", "/law/xx"]) {
      await tab.goto(`${sample.site}${path}`);
      assert.deepEqual(await findViolations(tab), [], path);
      assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), width, `${path} scrolls sideways`);
    }
    await context.close();
  });
}

test("no page of the law names a case or a person of the desk", async () => {
  for (const path of ["/law", ...laws.map(({ pack }) => `/law/${pack.id}/${pack.version}`), "/law/us/compare"])
    assert.doesNotMatch(await text(path), /C-TEST|C-SECR|staff:|@kutano/, path);
  assert.deepEqual(sample.failures, []);
});

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
