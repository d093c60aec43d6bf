// Counsel's report page in a real browser: European sheets to take away, bands to publish or the reasons against, and nothing for anybody else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { appendCase, openSampleDesk, type SampleDesk } from "../../../tests/desks/sample-desk.ts";
import { rehearsalClock } from "../../adapters/clock/clocks.ts";
import { recordEntry } from "../../app/directory.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor } from "../../kernel/ids.ts";
import { instant } from "../../kernel/instant.ts";
import type { FactBody } from "../../ledger/port.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env["PORTCULLIS_SHOTS"];
const counsel = { id: "cora", name: "Cora", email: "cora@kutano.example" };
const clock = rehearsalClock(instant("2027-01-15T18:00:00Z"));

let european: SampleDesk;
let american: SampleDesk;
let browser: Browser;

before(async () => {
  [european, american] = await Promise.all([
    openSampleDesk({ clock, counsel, jurisdictions: ["us", "eu"], bandOption: 1 }),
    openSampleDesk({ clock, counsel }),
  ]);
  for (let nth = 1; nth <= 40; nth++) await appendCase(european.desk, `C-EUR0-${String(nth).padStart(4, "0")}`, europeanOrder(nth));
  await appendCase(european.desk, "C-EUR0-SECR", [...europeanOrder(0), gag]);
  await european.desk.ports.ledger.seal(european.desk.id, clock.now());
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await Promise.all([european?.stop(), american?.stop()]);
});

const gag: FactBody = { type: "GagRecorded", gag: "SECRET-GAG", instrument: "EU-EPOC", start: "2026-11-02", end: "2028-06-01", defects: [] };

/** One in four is placed; the others lack a State or come from one that takes no part. */
function europeanOrder(nth: number): readonly FactBody[] {
  const receivedAt = "2026-11-02T15:00:00.000Z";
  const issuedIn = nth % 4 === 1 ? { issuedIn: "DE" } : nth % 4 === 0 ? { issuedIn: "DK" } : {};
  return [
    { type: "RequestReceived", door: "mail", receivedAt, message: { object: "o", bytes: 1, commitment: "c" }, packs: [] },
    {
      type: "DetailsConfirmed",
      revision: 1,
      subjects: [],
      lines: [{ id: "L0", subject: "S1", dataType: "name" }],
      missing: [],
      instrument: { id: nth % 8 === 1 ? "EU-DSA-9" : "EU-EPOC", servedAt: receivedAt, ...issuedIn },
    },
  ];
}

async function enter({ desk }: SampleDesk, staff: string, width = 1280): Promise<{ readonly context: BrowserContext; readonly tab: Tab }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: "reduce", colorScheme: "light" });
  const tab = await context.newPage();
  await tab.goto((await offerStaffLink(desk, staff, "desk" as Actor)) ?? assert.fail("no link"));
  await press(tab, "Sign in");
  return { context, tab };
}

async function press(tab: Tab, name: string): Promise<void> {
  await Promise.all([tab.waitForEvent("load"), tab.getByRole("button", { name, exact: true }).click()]);
}

async function assertClean(tab: Tab, where: string): Promise<void> {
  await tab.evaluate(axe);
  const findings = await tab.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`,
  );
  assert.deepEqual(findings, [], where);
  assert.ok(await tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), `${where} scrolls sideways`);
  if (shots !== undefined) await tab.screenshot({ path: join(shots, `${where}.png`), fullPage: true });
}

/** The page at both widths, without an accessibility fault. */
async function look(at: SampleDesk, path: string, where: string): Promise<void> {
  for (const width of [1280, 390]) {
    const { context, tab } = await enter(at, "cora", width);
    await tab.goto(`${at.site}${path}`);
    for (const fold of await tab.locator("main details.desk-fold > summary").all()) await fold.click();
    await assertClean(tab, `${where}-${width}`);
    await context.close();
  }
}

test("who is not counsel sees neither the page nor a sheet, and publishes nothing", async () => {
  const { context, tab } = await enter(european, "ana");
  for (const path of ["/desk/report?year=2026", "/desk/report?bands=today", "/desk/report/2026/e-evidence.csv", "/desk/report/2026/dsa-orders.csv"]) {
    const answer = await context.request.get(`${european.site}${path}`);
    assert.equal(answer.status(), 403, path);
    assert.doesNotMatch(await answer.text(), /C-EUR0|EPOC/, path);
    assert.equal((await fetch(`${european.site}${path}`, { redirect: "manual" })).headers.get("location"), "/desk/sign-in", path);
  }
  const posted = await context.request.post(`${european.site}/desk/report/bands`, { form: {}, headers: { origin: european.site } });
  assert.equal(posted.status(), 403);
  assert.match(await (await fetch(`${european.site}/report`)).text(), /No report has been published yet/);
  assert.ok(!(await tab.getByRole("link", { name: "Report", exact: true }).isVisible()));
  await context.close();
});

test("counsel takes both sheets away, and finds every order that is missing in them by its case", async () => {
  const { context, tab } = await enter(european, "cora");
  await tab.goto(`${european.site}/desk/report`);
  await tab.getByLabel("Year").fill("2026");
  await press(tab, "Count the year");
  const section = tab.locator('section[aria-labelledby="european"]');
  const [statistics] = await Promise.all([tab.waitForEvent("download"), section.getByRole("link", { name: "Download the statistics" }).click()]);
  assert.equal(statistics.suggestedFilename(), "eu-eev-28-4-2026.csv");
  assert.match(readFileSync(await statistics.path(), "utf8"), /EU-EEV-28-4,2026,EPOC,all,all,all,5,/);
  await section.getByLabel("Service").fill("Kutano Workspace");
  await section.getByLabel(/Count European Production Orders/).check();
  const [sheet] = await Promise.all([tab.waitForEvent("download"), section.getByRole("button", { name: "Download the sheet" }).click()]);
  assert.equal(sheet.suggestedFilename(), "3_member_states_orders-2026.csv");
  assert.match(readFileSync(await sheet.path(), "utf8"), /All,Kutano Workspace,2026-01-01\/2026-12-31,TOTAL,,DE,5,,,,5,/);
  const summaries = await section.locator("summary").allTextContents();
  assert.ok(
    summaries.some((words) => words.startsWith("20 orders: Counted nowhere in the statistics. No issuing State is on record.")),
    summaries.join("\n"),
  );
  const first = section.locator("details").first();
  await first.locator("summary").click();
  assert.match((await first.getByRole("link").first().getAttribute("href")) ?? "", /^\/desk\/case\/C-EUR0-\d{4}$/);
  await context.close();
});

test("the list of orders that cannot be placed says a number of a sealed case, and nothing of its paper", async () => {
  const { context, tab } = await enter(european, "cora");
  await tab.goto(`${european.site}/desk/report?year=2026`);
  const section = await tab.locator('section[aria-labelledby="european"]').textContent();
  assert.match(section ?? "", /C-EUR0-SECR/);
  assert.doesNotMatch(section ?? "", /DK|Denmark|SECRET-GAG/);
  await context.close();
});

test("where no law of the desk has European papers, there is no sheet", async () => {
  const { context, tab } = await enter(american, "cora");
  await tab.goto(`${american.site}/desk/report?year=2026`);
  assert.equal(await tab.locator('section[aria-labelledby="european"]').count(), 0);
  for (const file of ["e-evidence", "dsa-orders"]) assert.equal((await context.request.get(`${american.site}/desk/report/2026/${file}.csv`)).status(), 404);
  await context.close();
});

test("a desk that names no structure is told why it cannot publish bands, and how it could", async () => {
  const { context, tab } = await enter(american, "cora");
  await tab.goto(`${american.site}/desk/report`);
  const section = tab.locator('section[aria-labelledby="bands"]');
  assert.ok(await section.getByRole("button", { name: "Publish the bands" }).isDisabled());
  assert.match((await section.textContent()) ?? "", /nationalSecurityBands/);
  const posted = await context.request.post(`${american.site}/desk/report/bands`, { form: {}, headers: { origin: american.site } });
  assert.equal(posted.status(), 422);
  await context.close();
  await look(american, "/desk/report?year=2026", "refused-no-structure");
});

test("counsel counts the bands, publishes them once, corrects them with a reason, and is refused over the same days", async () => {
  await look(european, "/desk/report", "empty");
  await look(european, "/desk/report?year=2026", "european");
  await look(european, "/desk/report?year=2025", "european-nothing-missing");
  await look(european, "/desk/report?bands=today", "bands-today");
  const { context, tab } = await enter(european, "cora");
  const section = tab.locator('section[aria-labelledby="bands"]');
  await tab.goto(`${european.site}/desk/report`);
  await press(tab, "Count the bands for today");
  assert.equal(await section.getByRole("row").filter({ hasText: "0 to 999" }).count(), 8);
  await press(tab, "Publish the bands");
  await tab.getByText("The bands were published.").waitFor();
  assert.ok(await section.getByRole("button", { name: "Publish the bands" }).isDisabled());
  assert.match((await section.textContent()) ?? "", /A later edition says what it corrects/);
  await section.getByText("Correct published bands").click();
  await press(tab, "Publish the corrected bands");
  assert.ok(
    await tab
      .getByRole("alert")
      .getByText(/give the reason/)
      .isVisible(),
  );
  await assertClean(tab, "correction-refused-1280");
  await section.getByLabel("What this edition corrects").fill("One paper had been confirmed late. ".repeat(12));
  await press(tab, "Publish the corrected bands");
  await tab.getByText("The bands were published.").waitFor();
  assert.deepEqual(await section.locator('td[data-head="Edition"]').allTextContents(), ["2", "1"]);
  await context.close();
  clock.set(instant("2027-02-01T18:00:00Z"));
  const later = await enter(european, "cora");
  await later.tab.goto(`${european.site}/desk/report?bands=today`);
  assert.match((await later.tab.locator('section[aria-labelledby="bands"]').textContent()) ?? "", /first day on which they no longer overlap is 2027-07-14/);
  await later.context.close();
  await look(european, "/desk/report", "bands-refused");
});

test("a yearly report whose structure may not stand beside the bands that were printed is refused on the page, and not published", async () => {
  const { desk, site } = european;
  const { profile: _, ...setUp } = desk.setUp;
  const value = JSON.parse(JSON.stringify(desk.profile));
  await recordEntry(desk.ports, desk.id, { stream: "desk", by: "desk" as Actor, value, fact: (profile) => ({ ...setUp, bandOption: 2, profile }) });
  await look(european, "/desk/report?year=2026", "year-refused");
  const { context, tab } = await enter(european, "cora");
  await tab.goto(`${site}/desk/report?year=2026`);
  assert.ok(await tab.getByRole("button", { name: "Publish the report" }).isDisabled());
  assert.match((await tab.locator("main").textContent()) ?? "", /Name option 1 again/);
  const posted = await context.request.post(`${site}/desk/report`, { form: { year: "2026" }, headers: { origin: site } });
  assert.equal(posted.status(), 422);
  assert.equal((await fetch(`${site}/report/2026`)).status, 404);
  await context.close();
});

test("no page failed", () => {
  assert.deepEqual([...european.failures, ...american.failures], []);
});
