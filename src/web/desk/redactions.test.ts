// Redaction at the desk in a real browser: rules without JavaScript, the preview, a region drawn with the mouse, and pages approved one by one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { openRedactionCase, removed, type RedactionCase } from "../../../tests/desks/redaction-case.ts";
import { admitStaff } from "../../app/directory.ts";
import { readCase } from "../../app/handle.ts";
import { giveNotices } from "../../app/owner-notice.ts";
import { planAndCheck } from "../../app/produce.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor } from "../../kernel/ids.ts";
import { releaseOf } from "../../requests/disclosure/module.ts";
import { redactionOf } from "../../requests/redaction/module.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 390, height: 844 } };
const shots = process.env["PORTCULLIS_SHOTS"];

describe("redaction at the desk", () => {
  let opened: RedactionCase;
  let browser: Browser;
  let place = "";

  before(async () => {
    opened = await openRedactionCase();
    const { installation } = opened.running;
    await admitStaff(installation.ports, installation.deskId, "staff:ana" as Actor, {
      id: "abe",
      name: "Abe",
      email: "abe@kutano.example",
      roles: ["approver"],
    });
    place = `${opened.running.url}/desk/case/${opened.caseId}/redactions`;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await opened?.stop();
  });

  async function enter(options: BrowserContextOptions, staff = "ana"): Promise<Tab> {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    const tab = await context.newPage();
    tab.setDefaultTimeout(10_000);
    const link = (await offerStaffLink(await opened.running.desk(), staff, "staff:operator" as Actor)) ?? assert.fail("no link");
    await tab.goto(link.replace("/auditor/", "/desk/"));
    await press(tab, "Sign in");
    return tab;
  }

  async function checkPlan(): Promise<void> {
    const handled = await planAndCheck(await opened.running.desk(), opened.caseId, "staff:ana" as Actor);
    assert.equal(handled.kind, "done", JSON.stringify(handled));
  }

  async function history() {
    return readCase(await opened.running.desk(), opened.caseId);
  }

  test("content is shown to analysts and counsel of the desk and to nobody else", async () => {
    const tab = await enter(wide, "abe");
    for (const path of ["", "?preview=1", "/some-paper-of-the-case", "/some-paper-of-the-case/page/1/original.png"])
      assert.equal((await tab.goto(`${place}${path}`))?.status(), 404, path);
    assert.equal((await fetch(place, { redirect: "manual" })).headers.get("location"), "/desk/sign-in");
    await tab.context().close();
  });

  test("rules are added and removed without JavaScript, and an empty answer is named where it stands", async () => {
    const tab = await enter({ ...wide, javaScriptEnabled: false });
    await tab.goto(place);
    await tab.getByText("Nothing is taken out").waitFor();
    await press(tab, "Add the words");
    assert.ok(await tab.getByRole("link", { name: "Enter the words to take out, two signs or more" }).isVisible());
    await tab.locator("#term").fill("Zebra");
    await tab.locator("#reason-term").selectOption("PRIVILEGE");
    await press(tab, "Add the words");
    await tab.getByText("“Zebra”").waitFor();
    await tab.locator("#names").fill(`${removed.person}\n`);
    await tab.locator("#reason-person").selectOption("THIRD_PARTY");
    await press(tab, "Add the person");
    await tab.locator("#pattern").selectOption("e-mail");
    await tab.locator("#reason-pattern").selectOption("THIRD_PARTY");
    await press(tab, "Add the kind of detail");
    await tab.locator("#column").selectOption({ label: "workspace-database: posts.channel_name" });
    await tab.locator("#action").selectOption("replace");
    await tab.locator("#reason-column").selectOption("OUTSIDE_LINE");
    await press(tab, "Add the column");
    assert.ok(await tab.getByRole("link", { name: "Enter the text that stands in its place" }).isVisible());
    await tab.locator("#by").fill("(withheld)");
    await press(tab, "Add the column");
    await tab.getByText("replaced by “(withheld)”").waitFor();
    await tab.getByRole("row", { name: /Zebra/ }).getByRole("button").click();
    assert.equal(await tab.getByText("“Zebra”").count(), 0);
    const { rules } = redactionOf(await history());
    assert.deepEqual([rules?.fields, rules?.texts, rules?.people, rules?.reasons], [1, 1, 1, { OUTSIDE_LINE: 1, THIRD_PARTY: 2 }]);
    await tab.context().close();
  });

  test("a page that was opened before somebody else changed the rules overwrites nothing", async () => {
    const [one, other] = [await enter(wide), await enter(wide)];
    for (const tab of [one, other]) await tab.goto(place);
    for (const [tab, form] of [
      [one, "telephone"],
      [other, "iban"],
    ] as const) {
      await tab.locator("#pattern").selectOption(form);
      await tab.locator("#reason-pattern").selectOption("THIRD_PARTY");
      await press(tab, "Add the kind of detail");
    }
    await other.getByText("Somebody else has changed the rules").waitFor();
    assert.equal(redactionOf(await history()).rules?.texts, 2);
    await one.context().close();
    await other.context().close();
  });

  test("the preview shows records before and after, is never stored by the browser, and follows the check", async () => {
    const tab = await enter(wide);
    const answer = await tab.goto(`${place}?preview=1`);
    assert.equal(answer?.headers()["cache-control"], "no-store");
    await tab.getByText(`Ask ${removed.person} (${removed.address}, ${removed.telephone}) about the rent`).first().waitFor();
    await tab.getByText("Ask Person 1 ([removed: THIRD_PARTY], [removed: THIRD_PARTY]) about the rent").first().waitFor();
    await shoot(tab, "redactions-preview");
    await checkPlan();
    await tab.goto(place);
    await tab.getByText("Pages wait for approval").waitFor();
    await tab.getByRole("link", { name: "PDF 1" }).click();
    await tab.getByRole("heading", { name: "PDF 1, page 1 of 2" }).waitFor();
    await tab.context().close();
  });

  test("a region drawn with the mouse lands where it was drawn, and every page is approved as it is then", async () => {
    const tab = await enter(wide);
    await tab.goto(place);
    await tab.getByRole("link", { name: "PDF 1" }).click();
    await loaded(tab);
    await press(tab, "Approve page 1");
    await tab.getByRole("heading", { name: "PDF 1, page 2 of 2" }).waitFor();
    await loaded(tab);
    await tab.locator("[data-draw] img").scrollIntoViewIfNeeded();
    const shown = (await tab.locator("[data-draw] img").boundingBox()) ?? assert.fail("no picture");
    const scale = shown.width / 612;
    const at = (x: number, y: number) => [shown.x + x * scale, shown.y + y * scale] as const;
    await tab.mouse.move(...at(60, 98));
    await tab.mouse.down();
    await tab.mouse.move(...at(200, 110), { steps: 4 });
    await tab.mouse.move(...at(320, 120), { steps: 4 });
    await tab.mouse.up();
    await tab.getByText("Drawn. Choose the reason").waitFor();
    assert.ok(await tab.locator(".desk-mark").isVisible());
    await tab.locator("#reason").selectOption("TRADE_SECRET");
    await press(tab, "Mark the region");
    await tab.getByText("Boxes on this page, by reason").waitFor();
    const [marks] = [...redactionOf(await history()).papers.values()];
    assert.deepEqual([marks?.marked?.regions, marks?.marked?.reasons, marks?.approved.size], [1, { TRADE_SECRET: 1 }, 0]);
    const numbers = ((await tab.getByText(/^\d+, \d+, \d+, \d+$/).textContent()) ?? "").match(/\d+/g)?.map(Number) ?? [];
    for (const [index, wanted] of [60, 98, 260, 22].entries()) assert.ok(Math.abs((numbers[index] ?? 0) - wanted) <= 2, `${numbers.join()} at ${index}`);
    await loaded(tab);
    await shoot(tab, "redactions-page");
    await press(tab, "Approve page 2");
    await tab.getByText("Page 2 is approved").waitFor();
    await tab.getByRole("link", { name: "Page 1" }).click();
    await press(tab, "Approve page 1");
    await tab.goto(place);
    await tab.getByText("Every page approved").waitFor();
    const { check, sealed } = releaseOf(await history());
    assert.ok(check?.passed === true && sealed === undefined);
    await tab.context().close();
  });

  test("a region that stands nowhere is refused in words, and one is typed and removed without a mouse", async () => {
    const tab = await enter({ ...wide, javaScriptEnabled: false });
    await tab.goto(place);
    await tab.getByRole("link", { name: "PDF 1" }).click();
    await tab.locator("#left").fill("900");
    await press(tab, "Mark the region");
    assert.ok(await tab.getByRole("link", { name: "From the left: enter points from 0 to 612" }).isVisible());
    for (const [label, value] of [
      ["#left", "10"],
      ["#top", "10.5"],
      ["#width", "40"],
      ["#height", "20"],
    ] as const)
      await tab.locator(label).fill(value);
    await tab.locator("#reason").selectOption("PRIVILEGE");
    await press(tab, "Mark the region");
    await tab.getByText("10, 11, 40, 20").waitFor();
    await tab
      .getByRole("row", { name: /10, 11, 40, 20/ })
      .getByRole("button")
      .click();
    await tab.getByText("No region is marked on this page").waitFor();
    await tab.context().close();
  });

  test("the customer's copy is a view of its own: marked, approved and given beside the officer's, and read by the owner with the letter", async () => {
    const tab = await enter({ ...wide, javaScriptEnabled: false });
    await tab.goto(place);
    await tab.getByRole("link", { name: "PDF 1" }).click();
    await tab.getByRole("link", { name: "The customer's copy" }).click();
    await tab.getByText("As the customer gets it").waitFor();
    for (const [label, value] of [
      ["#left", "50"],
      ["#top", "60"],
      ["#width", "300"],
      ["#height", "30"],
    ] as const)
      await tab.locator(label).fill(value);
    await tab.locator("#reason").selectOption("PRIVILEGE");
    await tab.locator("#only").selectOption("customer");
    await press(tab, "Mark the region");
    await tab.getByRole("row", { name: /50, 60, 300, 30.*customer's copies/ }).waitFor();
    assert.equal(await tab.getByRole("button", { name: "Give the customer this copy" }).count(), 0, "not before every page is approved");
    await press(tab, "Approve page 1");
    await press(tab, "Approve page 2");
    await press(tab, "Give the customer this copy");
    await tab.getByText("has not had its notice").waitFor();
    const desk = await opened.running.desk();
    const { links } = await giveNotices(desk, opened.caseId, "staff:ana" as Actor, ["analyst", "counsel"]);
    await press(tab, "Give the customer this copy");
    await tab.getByText("The customer can read this copy beside our letter").waitFor();
    await shoot(tab, "customer-copy-given");
    const [marks] = [...redactionOf(await history()).papers.values()];
    assert.deepEqual([marks?.marked?.customer, marks?.approved.size, marks?.customer.approved.size], [1, 0, 2], "a mark asks for both approvals anew");
    const owner = await (await browser.newContext(narrow)).newPage();
    const [link = ""] = links.values();
    await owner.goto(link);
    await press(owner, "Read the message");
    await owner.getByRole("heading", { name: "Papers we mean to send, as you may read them" }).waitFor();
    await assertClean(owner, "the letter with a paper");
    await shoot(owner, "owner-letter-with-paper");
    const [saved] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("link", { name: "Paper 1, 2 pages (PDF)" }).click()]);
    assert.equal(saved.suggestedFilename(), `${opened.caseId}-paper-1.pdf`);
    assert.equal(
      readFileSync(await saved.path())
        .subarray(0, 5)
        .toString(),
      "%PDF-",
    );
    const copy = owner.url().replace(/\/?$/, "/copy/");
    for (const number of ["0", "2", "1.5", "x"]) assert.equal((await owner.goto(copy + number))?.status(), 404, number);
    const stranger = await (await browser.newContext()).newPage();
    assert.equal((await stranger.goto(`${copy}1`))?.status(), 401);
    await Promise.all([owner, stranger, tab].map((page) => page.context().close()));
  });

  test("the pages are free of accessibility faults, wide, narrow and dark", async () => {
    for (const [name, size] of [
      ["wide", wide],
      ["narrow", narrow],
      ["dark", { ...wide, colorScheme: "dark" }],
    ] as const) {
      const tab = await enter(size);
      const [paper] = releaseOf(await history()).check?.papers ?? [];
      await tab.goto(place.replace(/\/redactions$/, ""));
      await assertClean(tab, `the case ${name}`);
      for (const path of ["", "?preview=1", `/${paper}?page=2`, `/${paper}?page=1&copy=customer`, "/no-paper-of-this-case"]) {
        await tab.goto(`${place}${path}`);
        await assertClean(tab, `${path} ${name}`);
        await shoot(tab, `redactions-${name}-${path.replaceAll(/\W+/g, "").slice(-8)}`);
      }
      await tab.context().close();
    }
  });

  test("files that nobody looks into leave when counsel decides on as many as were found, and a wrong number says how many that is", async () => {
    const { installation } = opened.running;
    const cleo = { id: "cleo", name: "Cleo", email: "cleo@kutano.example", roles: ["counsel"] } as const;
    await admitStaff(installation.ports, installation.deskId, "staff:ana" as Actor, cleo);
    await opened.addFile("notes.txt", "text/plain", "Plain words");
    await opened.addFile("list.txt", "text/plain", "More words");
    await checkPlan();
    for (const [name, size] of [
      ["wide", wide],
      ["narrow", narrow],
    ] as const) {
      const tab = await enter(size, "cleo");
      await tab.goto(place);
      await tab.getByText("Plain text: 2. Take their column out with a rule").waitFor();
      await tab.getByRole("link", { name: "let them leave unredacted" }).click();
      await assertClean(tab, `the step ${name}`);
      await shoot(tab, `allow-files-${name}`);
      await tab.getByLabel("Plain text").check();
      await tab.getByLabel("How many files of these kinds").fill("1");
      await tab.getByLabel("Why they may leave unredacted").fill("Read by hand: they name nobody.");
      await tab.locator("form button[type=submit], form button:not([type])").last().click();
      await tab.getByText("The newest check found 2 files of these kinds.").waitFor();
      await assertClean(tab, `the refusal ${name}`);
      await shoot(tab, `allow-files-refused-${name}`);
      if (name === "narrow") {
        await tab.getByLabel("How many files of these kinds").fill("2");
        await tab.locator("form button[type=submit], form button:not([type])").last().click();
        await tab.waitForLoadState("load");
        const fact = (await history()).findLast((each) => each.fact.type === "FilesAllowed")?.fact;
        assert.deepEqual(fact?.type === "FilesAllowed" && fact.files, { text: 2 });
      }
      await tab.context().close();
    }
  });

  async function loaded(tab: Tab): Promise<void> {
    await tab.waitForLoadState("load");
    assert.equal(await tab.evaluate("[...document.images].filter((image) => image.complete && image.naturalWidth > 0).length"), 2);
  }

  async function shoot(tab: Tab, name: string): Promise<void> {
    if (shots !== undefined) await tab.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }
});

async function press(tab: Tab, name: string): Promise<void> {
  await Promise.all([tab.waitForLoadState("load"), tab.getByRole("button", { name, exact: true }).click()]);
}

async function assertClean(tab: Tab, where: string): Promise<void> {
  await tab.evaluate(axe);
  const findings = (await tab.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`,
  )) as readonly string[];
  assert.deepEqual(findings, [], where);
  assert.ok(await tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), `${where} scrolls sideways`);
}
