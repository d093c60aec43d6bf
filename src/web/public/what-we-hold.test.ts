// Reads "What we hold" as a customer would, over a real server, database and browser, with maps whose names must stay inside.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { openSampleDesk, type SampleDesk } from "../../../tests/desks/sample-desk.ts";
import { connectSource } from "../../app/directory.ts";
import type { Actor } from "../../kernel/ids.ts";
import { climb } from "../../policy/process-ladder.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const operator = "staff:operator" as Actor;
const shots = process.env["PORTCULLIS_SHOTS"];
const path = "/what-we-hold";

let sample: SampleDesk;
let browser: Browser;

before(async () => {
  sample = await openSampleDesk({ jurisdictions: ["us", "eu"] });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await sample?.stop();
});

const text = async () => (await fetch(`${sample.site}${path}`)).text();
const connect = (name: string, dataMap: string) => connectSource(sample.desk.ports, sample.desk.id, operator, { kind: "workspace-database", name, dataMap });

const delivered = readFileSync(new URL("../../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
const marks = (words: string) => `fides_meta: { portcullis: { ${words} } }`;
const hidden = `dataset:
  - fides_key: zq-source
    name: Zq Title
    retention: Two years after the account ends
    collections:
      - name: zq_table
        retention: Ninety days.
        fields:
          - { name: zq_id, data_categories: [user.unique_id], ${marks("class: non-content, data_types: [location], role: subject")} }
          - { name: zq_at, data_categories: [user.behavior], ${marks("class: non-content, data_types: [location], role: moment")} }
          - { name: zq_place, data_categories: [zq.of_our_own], ${marks("class: non-content, data_types: [location]")} }
          - { name: zq_unjudged, data_categories: [user.health_and_medical] }
`;

describe("before a source is connected", () => {
  test("the page says that nothing can be given from here", async () => {
    assert.match(await text(), /Nothing is described yet/);
    assert.match(await text(), /nothing can be given from here/);
    await look("empty");
  });
});

describe("with connected sources", () => {
  before(async () => {
    await connect("workspace-database", delivered);
    await connect("zq-source", hidden);
  });

  test("it is two clicks from the first page, without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(`${sample.site}/`);
    await tab.getByRole("main").getByRole("link", { name: "What we hold" }).click();
    assert.equal(await tab.locator("h1").textContent(), "What we hold");
    assert.equal(await tab.getByRole("navigation").getByRole("link", { name: "What we hold" }).getAttribute("aria-current"), "page");
    await context.close();
  });

  test("each data type says whether it is content, what it is made of, how long it is kept and which papers reach it, as the gate decides", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}${path}`);
    const row = (label: string) => tab.getByRole("row").filter({ has: tab.getByRole("rowheader", { name: label, exact: true }) });
    const cell = async (label: string, head: string) => ((await row(label).locator(`td[data-head="${head}"]`).innerText()) ?? "").trim();
    assert.match(await cell("Message content", "Made of"), /what people wrote or uploaded/);
    assert.equal(await cell("Message content", "Kept"), "Not stated");
    assert.match(await cell("Location history", "Made of"), /; other data$/);
    assert.equal(await cell("Location history", "Kept"), "Ninety days.");
    assert.equal(await tab.locator("h2#content + table").getByRole("rowheader", { name: "Message content" }).count(), 1);
    assert.equal(await tab.locator("h2#not-content + table").getByRole("rowheader", { name: "Location history" }).count(), 1);
    const { desk } = sample;
    for (const type of desk.policy.dataTypes) {
      if ((await row(type.label).count()) === 0) continue;
      for (const law of desk.laws) {
        const told = await row(type.label)
          .locator("p", { hasText: `${law.pack.title}: ` })
          .innerText();
        const reaching = law.instruments.filter(({ id }) => climb({ policy: desk.policy, law, instrument: id, dataType: type.id }).kind === "reaches");
        const expected = reaching.length === 0 ? ["no paper by itself", "counsel answers"] : [...new Set(reaching.map(({ label }) => label))];
        assert.deepEqual(
          told
            .slice(law.pack.title.length + 2)
            .split("; ")
            .toSorted(),
          expected.toSorted(),
          `${type.id}, ${law.pack.id}`,
        );
      }
    }
    await tab.close();
  });

  test("what no source holds stands apart, live data is said to be never given, and so are fields that nobody classed", async () => {
    const page = await text();
    assert.match(page, /What we do not hold.*<li>Deleted items<\/li>/s);
    assert.doesNotMatch(page, /<li>Location history<\/li>/);
    assert.match(page, /Fields that nobody has classed/);
    assert.match(page, /<li>Live content: we watch nobody live/);
    assert.doesNotMatch(page, /health/i, "a field without class is not even a kind of data");
  });

  test("no name of a source, table or column stands on the page, and no number of them", async () => {
    const page = await text();
    assert.doesNotMatch(page, /zq|workspace.database|full_name|sent_at|author_id|sign_ins|channel_members|password_hash|data_types|fides/i);
    const tab = await browser.newPage();
    await tab.goto(`${sample.site}${path}`);
    assert.doesNotMatch(await tab.locator("main").innerText(), /\d+ (fields|columns|tables|sources|records|collections)/i);
    await tab.close();
  });

  test("a source that is described anew is told anew at once", async () => {
    await connect("zq-source", hidden.replace("Ninety days.", "Sixty days"));
    assert.match(await text(), /Sixty days\./);
    assert.doesNotMatch(await text(), /Ninety/);
  });

  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`axe finds nothing at ${width} pixels in ${colorScheme} colours, and nothing scrolls sideways`, () => look(colorScheme, width, colorScheme));
    }
  }

  test("it can be printed: nothing is cut off at the width of a page", async () => {
    const tab = await browser.newPage({ viewport: { width: 720, height: 1000 } });
    await tab.emulateMedia({ media: "print" });
    await tab.goto(`${sample.site}${path}`);
    assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), 720);
    assert.ok(await tab.getByRole("rowheader", { name: "Message content" }).isVisible());
    if (shots !== undefined) await tab.screenshot({ path: join(shots, "what-we-hold-print.png"), fullPage: true });
    await tab.close();
  });

  test("a map that can no longer be read is said to be missing, and what it described is not shown", async () => {
    await connect("zq-source", "collections: [");
    const page = await text();
    assert.match(page, /A part of the description is being corrected/);
    assert.doesNotMatch(page, /zq|Sixty days/);
  });
});

async function look(name: string, width = 1280, colorScheme: "light" | "dark" = "light"): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const tab = await context.newPage();
  await tab.goto(`${sample.site}${path}`);
  assert.deepEqual(await findViolations(tab), []);
  assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), width);
  if (shots !== undefined) await tab.screenshot({ path: join(shots, `what-we-hold-${name}-${width}.png`), fullPage: true });
  await context.close();
}

async function findViolations(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe);
  const findings = (await tab.evaluate(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
  }).then((result) => result.violations)`)) as readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  return findings.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
