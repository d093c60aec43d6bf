// A production from the scope to the receiver's own check, in the browser: dry run, check, redaction, sealing, two passkeys, download, verification without a network.
import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { generateX25519Identity } from "age-encryption";
import type { Browser, Page } from "playwright-core";
import { decryptAge } from "../../src/adapters/package/age-payload.ts";
import { verifyPageHtml } from "../../src/adapters/package/write-verify-page.ts";
import { admitStaff } from "../../src/app/directory.ts";
import { offerStaffLink } from "../../src/app/sign-in.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { launchBrowser } from "../browser.ts";
import { connectWorkspace, reviewedWarrant } from "../desks/case-to-produce.ts";
import { officer, startDesk, type RunningDesk } from "../desks/running-desk.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-production-journey-"));
const file = join(folder, "package.tar.age");
let running: RunningDesk;
let browser: Browser;
let caseId: CaseId;
let identity = "";

before(async () => {
  running = await startDesk({ host: "localhost" });
  browser = await launchBrowser();
  identity = await generateX25519Identity();
  await connectWorkspace(running);
  const desk = await running.desk();
  const people = [
    { id: "cole", roles: ["analyst", "counsel"] },
    { id: "uma", roles: ["approver"] },
    { id: "vic", roles: ["approver"] },
  ] as const;
  for (const { id, roles } of people)
    await admitStaff(desk.ports, desk.id, "staff:operator" as Actor, { id, name: id, email: `${id}@kutano.example`, roles: [...roles] });
  caseId = await reviewedWarrant(running, identity);
});

after(async () => {
  await browser.close();
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(staff: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", acceptDownloads: true });
  const page = await context.newPage();
  const link = (await offerStaffLink(await running.desk(), staff, "staff:operator" as Actor)) ?? assert.fail("no link");
  await page.goto(link.replace("/auditor/", "/desk/"));
  await page.getByRole("button", { name: "Sign in" }).click();
  return page;
}

/** Accessible, and no wider than the window, on a wide screen and on a telephone. */
async function looksRight(page: Page, what: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(axe.source);
    const found = await page.evaluate<readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]>(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => violations)",
    );
    assert.deepEqual(
      found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`),
      [],
      `${what} at ${width}`,
    );
    assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= width, `${what} is wider than ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function openStep(page: Page, name: string): Promise<void> {
  await page.goto(`${running.url}/desk/case/${caseId}`);
  await follow(page, () => page.locator("main").getByRole("link", { name, exact: true }).click());
}

/** Until the next page is there as a whole. */
async function follow(page: Page, act: () => Promise<void>): Promise<void> {
  const here = page.url();
  await act();
  await page.waitForURL((url) => url.href !== here, { waitUntil: "load" });
}

/** A device that gives a secret of its own to this site. */
async function makeKeys(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true },
  });
  await page.goto(`${running.url}/desk/passkeys`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.waitForURL(/done=added/);
  await page.getByRole("button", { name: "Make the key from a passkey" }).click();
  await page.waitForURL(/done=key/);
}

async function approve(page: Page): Promise<void> {
  await openStep(page, "Approve the release");
  await looksRight(page, "approval");
  await page.getByRole("button", { name: "Approve with your passkey" }).click();
  await page.waitForURL(/done=ApproveRelease/);
}

test("the dry run shows what would be read, with counts, before anything is; the check then says of each record that it is inside", async () => {
  const cole = await signIn("cole");
  await openStep(cole, "Compile plan and check");
  const words = await cole.locator("main").innerText();
  assert.match(words, /workspace-database: posts/);
  assert.match(words, /id, workspace_id, author_id[\s\S]*2026-01-01T07:00:00\.000Z/);
  await looksRight(cole, "plan");
  await cole.getByRole("button", { name: "Record plan and check" }).click();
  await cole.waitForURL(/done=RecordCheck/);
  await cole.context().close();
});

test("what must not be seen is taken out by a rule, shown before and after, and the plan is checked anew with it", async () => {
  const cole = await signIn("cole");
  await cole.goto(`${running.url}/desk/case/${caseId}/redactions`);
  await looksRight(cole, "redactions");
  await cole.locator("#column").selectOption({ label: "workspace-database: posts.channel_name" });
  await cole.locator("#action").selectOption("replace");
  await cole.locator("#by").fill("(withheld)");
  await cole.locator("#reason-column").selectOption("OUTSIDE_LINE");
  await cole.getByRole("button", { name: "Add the column" }).click();
  await cole.getByText("replaced by “(withheld)”").waitFor();
  await follow(cole, () => cole.getByRole("link", { name: "Look at the first records" }).click());
  assert.match(await cole.locator("main").innerText(), /\(withheld\)/);
  await looksRight(cole, "preview of redactions");
  await openStep(cole, "Compile plan and check");
  await cole.getByRole("button", { name: "Record plan and check" }).click();
  await cole.waitForURL(/done=RecordCheck/);
  await cole.context().close();
});

test("two people make keys from their passkeys; the package is sealed for them, and both approve it in their own browsers", async () => {
  const [uma, vic] = [await signIn("uma"), await signIn("vic")];
  await makeKeys(uma);
  await makeKeys(vic);
  const cole = await signIn("cole");
  await openStep(cole, "Pack and seal");
  await looksRight(cole, "sealing");
  await cole.getByRole("button", { name: "Pack and seal" }).click();
  await cole.waitForURL(/done=SealPackage/, { timeout: 60_000 });
  await approve(uma);
  await approve(vic);
  await uma.goto(`${running.url}/desk/case/${caseId}`);
  assert.equal(await uma.locator("main").getByRole("link", { name: "Approve the release", exact: true }).count(), 0, "nobody approves twice");
  for (const page of [uma, vic, cole]) await page.context().close();
});

test("when the customer's days are over the production is released; the officer fetches it by the letter's link, once counted", async () => {
  running.clock.set(instant("2026-03-12T17:00:00Z"));
  const cole = await signIn("cole");
  const sent = running.caught.length;
  await cole.goto(`${running.url}/desk/case/${caseId}`);
  await follow(cole, () => cole.getByRole("link", { name: "Go to release" }).click());
  await looksRight(cole, "release");
  await cole.getByRole("button", { name: "Release the production" }).click();
  await cole.waitForURL(/done=Release/);
  await cole.context().close();
  await running.sendWaitingLetters();
  const letter = (await running.letterTo(officer, sent)).replaceAll("=\r\n", "").replaceAll("=3D", "=");
  const link = /http:\/\/localhost:\d+\/officer\/[^\s"<]+\/download\/[\w-]+/.exec(letter)?.[0] ?? assert.fail("the letter has no link");
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(link);
  await looksRight(page, "download");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the production" }).click()]);
  await download.saveAs(file);
  await page.goto(link);
  assert.match(await page.locator("main").innerText(), /So far: 1/);
  await context.close();
  const plain = Buffer.concat(await Array.fromAsync(decryptAge(identity, createReadStream(file)))).toString("latin1");
  assert.match(plain, /"channel_name":"\(withheld\)"/);
  assert.match(plain, /Passages blacked out, by reason:\n {2}OUTSIDE_LINE: \d+/);
});

test("without a network the receiver's page says that the package is good, who made it, and that its check stands in the ledger", async () => {
  const check = join(folder, "check.html");
  writeFileSync(check, await verifyPageHtml());
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(check).href);
  await page.setInputFiles("#file", file);
  await page.fill("#identity", identity);
  await page.fill("#key", running.installation.logKey);
  await page.click("#button");
  await page.waitForSelector("#outcome:not([hidden])");
  assert.equal(await page.textContent("#verdict"), "The package is good");
  const text = (await page.textContent("#outcome")) ?? "";
  assert.match(text, /L1: \d+ records/);
  const bytes = readFileSync(file);
  bytes[40_000] = (bytes[40_000] ?? 0) ^ 1;
  const changed = join(folder, "changed.tar.age");
  writeFileSync(changed, bytes);
  await page.setInputFiles("#file", changed);
  await page.click("#button");
  await page.locator("#verdict").filter({ hasNotText: "The package is good" }).waitFor();
  assert.match((await page.textContent("#outcome")) ?? "", /changed|cut short/);
  await context.close();
});
