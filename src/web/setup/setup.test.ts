// The first page of a new installation in a real browser: from the terminal's link to a desk that knows its laws and what it is.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "@hono/node-server";
import type { Browser, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { openInstallation, type OpenInstallation } from "../../main.ts";
import { createWeb } from "../http.tsx";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env["PORTCULLIS_SHOTS"];
const token = "a-link-of-the-terminal";

describe("the first set-up", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-first-"));
  let installation: OpenInstallation;
  let server: ReturnType<typeof serve>;
  let browser: Browser;
  let base = "";

  before(async () => {
    chmodSync(folder, 0o711);
    installation = await openInstallation({ dataDir: folder });
    const web = createWeb({
      installation,
      isSecure: false,
      rehearsal: false,
      nudge: () => undefined,
      log: ({ error }) => assert.fail(String(error)),
      setUpToken: token,
    });
    await new Promise<void>((listening) => (server = serve({ fetch: web.fetch, port: 0, hostname: "127.0.0.1" }, () => listening())));
    base = `http://localhost:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await new Promise<void>((done) => (server === undefined ? done() : server.close(() => done())));
    await installation?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("another link than the terminal's opens nothing and sets nothing up", async () => {
    for (const method of ["GET", "POST"]) {
      const answer = await fetch(`${base}/set-up/a-link-of-somebody`, { method, headers: { origin: base } });
      assert.equal(answer.status, 410);
    }
    assert.equal(await installation.desk(), undefined);
  });

  test("what is missing or impossible is said at its field, and nothing that was typed is lost", async () => {
    const tab = await openPage(390);
    await tab.getByLabel("Country", { exact: true }).fill("Utopia");
    await tab.getByLabel("Time zone of the desk").fill("Mars/Olympus");
    await tab.getByLabel("Languages declared to authorities").fill("en, german");
    await tab.getByLabel(/^United States/).uncheck();
    await tab.getByLabel("a hosting provider").check();
    await tab.getByRole("button", { name: "Set up the desk" }).click();
    const told = await tab.getByRole("alert").innerText();
    for (const words of [
      /legal entity/,
      /Two capital letters/,
      /No such time zone/,
      /legal-process mailbox/,
      /at least one law/,
      /Two small letters/,
      /your name/,
      /your e-mail/,
    ])
      assert.match(told, words);
    assert.equal(await tab.getByLabel("Country", { exact: true }).inputValue(), "Utopia");
    assert.equal(await tab.getByLabel("a hosting provider").isChecked(), true);
    assert.equal(await tab.getByLabel(/^United States/).isChecked(), false);
    await assertClean(tab, "errors");
    if (shots !== undefined) await tab.screenshot({ path: join(shots, "first-set-up-errors-390.png"), fullPage: true });
    assert.equal(await installation.desk(), undefined);
    await tab.close();
  });

  test("the desk knows the laws that were chosen and what the company is, and the link is spent", async () => {
    const tab = await openPage(1280);
    await assertClean(tab, "empty");
    if (shots !== undefined) await tab.screenshot({ path: join(shots, "first-set-up-1280.png"), fullPage: true });
    await tab.getByLabel("Legal entity that receives requests").fill("Kutano, Inc.");
    await tab.getByLabel("Legal-process mailbox").fill("legal-process@kutano.example");
    await tab.getByLabel(/^European Union/).check();
    await tab.getByLabel(/^Incorporated in/).fill("US-CA");
    await tab.getByLabel(/^Seat in the Union/).fill("IE");
    await tab.getByLabel("an online platform").check();
    await tab.getByLabel(/^Languages declared/).fill("en, de");
    await tab.getByLabel("Your name").fill("Cole Unsel");
    await tab.getByLabel("Your e-mail address").fill("cole@kutano.example");
    await tab.getByRole("button", { name: "Set up the desk" }).click();
    await tab.getByRole("button", { name: "Sign in" }).click();
    assert.equal(new URL(tab.url()).pathname, "/desk");
    const desk = (await installation.desk()) ?? assert.fail("no desk");
    assert.deepEqual(desk.laws.map(({ pack }) => pack.id).toSorted(), ["eu", "us"]);
    assert.deepEqual(desk.setUp.provider, { incorporatedIn: "US-CA", designatedIn: "IE", kinds: ["online-platform"], languages: ["en", "de"] });
    assert.equal((await tab.goto(`${base}/set-up/${token}`))?.status(), 410);
    await tab.close();
  });

  async function openPage(width: number): Promise<Tab> {
    const tab = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
    await tab.goto(`${base}/set-up/${token}`);
    return tab;
  }
});

async function assertClean(tab: Tab, where: string): Promise<void> {
  await tab.evaluate(axe);
  const findings = await tab.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations.map(({ id }) => id))`,
  );
  assert.deepEqual(findings, [], where);
  assert.ok(await tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), `${where} scrolls sideways`);
}
