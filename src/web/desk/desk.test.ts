// A day at the desk in a real browser, over a real server and a real database: from the one-time link to the open gate.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "@hono/node-server";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { Browser, BrowserContext, BrowserContextOptions, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { decryptAge } from "../../adapters/package/age-payload.ts";
import { pdfReader } from "../../adapters/reading/read-pdf.ts";
import { rehearsalClock } from "../../adapters/clock/clocks.ts";
import type { Desk } from "../../app/desk.ts";
import { admitStaff } from "../../app/directory.ts";
import { handle } from "../../app/handle.ts";
import { takeSnapshot } from "../../app/preserve.ts";
import { settleViews } from "../../app/project-views.ts";
import { openPackage } from "../../app/withheld-opening.ts";
import { settleLinkedCopies } from "../../app/preserve.ts";
import { receiveMessage } from "../../app/receive-message.ts";
import { sendLetters } from "../../app/send-letters.ts";
import { setUpDesk, setUpFile } from "../../app/set-up.ts";
import { offerStaffLink } from "../../app/sign-in.ts";

import type { Actor, CaseId } from "../../kernel/ids.ts";
import { instant } from "../../kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../../main.ts";
import { ada, slackItems, slackWorkspace } from "../../rehearsal/slack-export.ts";
import { zipOf } from "../../rehearsal/zip.ts";
import { createWeb } from "../http.tsx";
import { marked } from "./case-message.tsx";
import { readCaseNumber } from "./desk-frame.tsx";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 390, height: 844 } };
const shots = process.env["PORTCULLIS_SHOTS"];

const dns = JSON.stringify({
  "police.harborview.gov": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]], MX: [{ priority: 10, exchange: "mx.police.harborview.gov" }] },
  "_dmarc.police.harborview.gov": { TXT: [["v=DMARC1; p=reject"]] },
});

function warrantMail(number: string, more = ""): string {
  return [
    'From: "Det. Maria Reyes" <mreyes@police.harborview.gov>',
    "To: legal@harborworks.example",
    `Subject: Search warrant ${number}`,
    `Message-ID: <${number}@police.harborview.gov>`,
    "Date: Thu, 05 Mar 2026 09:00:00 -0700",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    `Harborview Police Department, Cyber Crimes Unit

Please find below a search warrant issued by the District Court of Clark County on March 4, 2026 and signed by
Judge Harold Stone, case no. ${number}, in a criminal investigation (fraud).

Workspace: Harbor Pilots
Account: ada@harborworks.example
Date range: March 1, 2026 through March 4, 2026
Data sought: message content and profile information.
${more}
Detective Maria Reyes, Badge 4471
Harborview Police Department
100 Main Street, Harborview, CO 80000
Phone: +1 303 555 0100
mreyes@police.harborview.gov`,
  ].join("\r\n");
}

describe("the desk", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-desk-"));
  const clock = rehearsalClock(instant("2026-03-05T16:30:00Z"));
  const trouble: unknown[] = [];
  let installation: OpenInstallation;
  let server: ReturnType<typeof serve>;
  let browser: Browser;
  let base = "";
  let caseId = "";
  let officerIdentity = "";

  before(async () => {
    officerIdentity = await generateX25519Identity();
    chmodSync(folder, 0o711);
    const port = await freePort();
    base = `http://localhost:${port}`;
    installation = await openInstallation({ dataDir: folder, zone: dns }, { clock, letters: postBox });
    await setUp();
    caseId = await receive(warrantMail("26-SW-1042"));
    server = serve({
      fetch: createWeb({ installation, isSecure: false, rehearsal: false, nudge: () => undefined, log: ({ error }) => trouble.push(error) }).fetch,
      port,
      hostname: "127.0.0.1",
    });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await new Promise<void>((done) => (server === undefined ? done() : server.close(() => done())));
    await installation?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function setUp(): Promise<void> {
    const file = join(folder, "export.zip");
    writeFileSync(file, zipOf(slackItems()));
    const parsed = setUpFile.parse({
      desk: { legalEntity: "Harbor Works Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@harborworks.example"], publicUrl: base },
      policyPacks: ["data-request"],
      workspaces: [
        {
          id: slackWorkspace,
          name: "Harbor Pilots",
          owners: [{ name: "Olive Owner", email: "owner@pilots.example" }],
          accounts: [{ id: ada, name: "Ada Ashdown", email: "ada@harborworks.example" }],
        },
      ],
      staff: [
        { id: "ana", name: "Ana Analyst", email: "ana@harborworks.example", roles: ["analyst", "counsel", "approver", "admin"] },
        { id: "ben", name: "Ben Approver", email: "ben@harborworks.example", roles: ["approver"] },
        { id: "adi", name: "Adi Admin", email: "adi@harborworks.example", roles: ["admin"] },
        { id: "aud", name: "Audra Auditor", email: "aud@harborworks.example", roles: ["auditor"] },
      ],
      sources: [
        {
          kind: "slack-export",
          name: "slack-export",
          dataMap: readFileSync(new URL("../../../packs/data-maps/slack-export.yaml", import.meta.url), "utf8"),
          file,
          workspace: slackWorkspace,
        },
      ],
    });
    const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, parsed, "desk" as Actor);
    assert.equal(done.kind, "done", JSON.stringify(done));
  }

  async function desk(): Promise<Desk> {
    return (await installation.desk()) ?? assert.fail("no desk");
  }

  async function receive(text: string): Promise<string> {
    const file = join(folder, `${createHash("sha256").update(text).digest("hex").slice(0, 8)}.eml`);
    writeFileSync(file, text);
    const at = await desk();
    const received = await receiveMessage(at, {
      ...installation.fileMessage(file),
      door: "mail",
      clientIp: "203.0.113.5",
      helo: "mx.police.harborview.gov",
      mailFrom: "mreyes@police.harborview.gov",
      receivedAt: clock.now(),
    });
    await settleViews(at);
    return received.caseId;
  }

  async function linkFor(staff: string): Promise<string> {
    return ((await offerStaffLink(await desk(), staff, "staff:operator" as Actor)) ?? assert.fail("no link")).replace("/auditor/", "/desk/");
  }

  async function enter(options: BrowserContextOptions, staff = "ana"): Promise<{ readonly context: BrowserContext; readonly tab: Tab }> {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    const tab = await context.newPage();
    await tab.goto(await linkFor(staff));
    await press(tab, "Sign in");
    return { context, tab };
  }

  test("a one-time link is spent by its button and not by opening it", async () => {
    const link = await linkFor("ana");
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(link);
    await tab.goto(link);
    await press(tab, "Sign in");
    assert.equal(new URL(tab.url()).pathname, "/desk");
    const [session] = (await context.cookies()).filter(({ name }) => name === "portcullis-desk");
    assert.equal(session?.path, "/desk");
    assert.equal(session?.httpOnly, true);
    const again = await tab.goto(link);
    assert.equal(again?.status(), 410);
    await tab.goto(`${base}/desk`);
    await press(tab, "Sign out");
    await tab.goto(`${base}/desk/case/${caseId}`);
    assert.equal(new URL(tab.url()).pathname, "/desk/sign-in");
    await context.close();
  });

  test("nobody sees a page of the desk without a session, and nobody's post is taken", async () => {
    for (const path of [
      "",
      "?queue=all",
      `/case/${caseId}`,
      `/case/${caseId}/plan`,
      `/case/${caseId}/step/ConfirmDetails`,
      `/case/${caseId}/proof/1`,
      "/set-up",
      "/report",
      "/passkeys",
    ]) {
      const answer = await fetch(`${base}/desk${path}`, { redirect: "manual" });
      assert.equal(answer.headers.get("location"), "/desk/sign-in", path);
    }
    for (const path of [`/case/${caseId}/step/RecordWithdrawal`, `/case/${caseId}/release`, "/set-up/staff", "/report", "/passkeys/options"]) {
      const answer = await fetch(`${base}/desk${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { origin: base, "content-type": "application/x-www-form-urlencoded" },
        body: "",
      });
      assert.equal(answer.headers.get("location"), "/desk/sign-in", path);
    }
  });

  test("a person who only audits is sent to the audit pages", async () => {
    const { context, tab } = await enter(wide, "aud");
    const answer = await tab.goto(`${base}/desk`);
    assert.equal(answer?.status(), 403);
    assert.equal(await tab.getByRole("link", { name: "Go to the audit pages" }).getAttribute("href"), "/auditor");
    await context.close();
  });

  test("a passkey is added once and then signs in without a link; its answer works once", async () => {
    const { context, tab } = await enter(wide);
    const devtools = await context.newCDPSession(tab);
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await tab.goto(`${base}/desk/passkeys`);
    await tab.getByRole("button", { name: "Add a passkey" }).click();
    await tab.getByText("The passkey was added.").waitFor();
    await assertClean(tab, "passkeys");
    await press(tab, "Sign out");
    const answers: string[] = [];
    tab.on("request", (request) => {
      if (request.url().endsWith("/sign-in/passkey/verify")) answers.push(request.postData() ?? "");
    });
    for (const round of [1, 2]) {
      await tab.goto(`${base}/desk/sign-in`);
      await tab.getByRole("button", { name: "Sign in with a passkey" }).click();
      await tab.waitForURL(`${base}/desk`);
      assert.ok(await tab.getByText("ana@harborworks.example").isVisible(), `round ${round}`);
      await press(tab, "Sign out");
    }
    const replay = await fetch(`${base}/desk/sign-in/passkey/verify`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: answers[0] ?? "",
    });
    assert.equal(replay.status, 422);
    assert.match(((await replay.json()) as { because: string }).because, /used before/);
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await tab.goto(`${base}/desk/sign-in`);
    await tab.getByRole("button", { name: "Sign in with a passkey" }).click();
    await tab.getByText("The device did not confirm.").waitFor();
    await context.close();
  });

  test("a passkey's counter that runs backwards is refused", async () => {
    const { context, tab } = await enter(wide, "ben");
    const devtools = await context.newCDPSession(tab);
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "usb",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await tab.goto(`${base}/desk/passkeys`);
    await tab.getByRole("button", { name: "Add a passkey" }).click();
    await tab.getByText("The passkey was added.").waitFor();
    const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
    const [first] = credentials;
    assert.ok(first !== undefined);
    await press(tab, "Sign out");
    for (const { signCount, taken } of [
      { signCount: 40, taken: true },
      { signCount: 3, taken: false },
    ]) {
      await devtools.send("WebAuthn.clearCredentials", { authenticatorId });
      await devtools.send("WebAuthn.addCredential", { authenticatorId, credential: { ...first, signCount } });
      await tab.goto(`${base}/desk/sign-in`);
      await tab.getByRole("button", { name: "Sign in with a passkey" }).click();
      await (taken ? tab.waitForURL(`${base}/desk`) : tab.getByText("could not be verified").waitFor());
      if (taken) await press(tab, "Sign out");
    }
    await context.close();
  });

  test("the queue, the case and every form are free of accessibility faults, wide and narrow", async () => {
    for (const size of [wide, narrow]) {
      const { context, tab } = await enter(size);
      const places = [
        "",
        "?queue=overdue",
        "?case=C-AAAA-AAAA",
        `/case/${caseId}`,
        `/case/${caseId}/step/ConfirmDetails`,
        `/case/${caseId}/step/RecordCallBack`,
        `/case/${caseId}/step/RecordGag`,
        `/case/${caseId}/plan`,
        `/case/${caseId}/release`,
        `/case/${caseId}/proof/1`,
        "/set-up",
        "/report?year=2026",
        "/passkeys",
      ];
      for (const path of places) {
        await tab.goto(`${base}/desk${path}`);
        await assertClean(tab, `${path} at ${size.viewport.width}`);
        if (shots !== undefined)
          await tab.screenshot({ path: join(shots, `${size.viewport.width}${path.replaceAll(/[^A-Za-z]+/g, "-")}.png`), fullPage: true });
      }
      await context.close();
    }
  });

  test("a case goes from its details to a sealed package without JavaScript; two people approve it, one by passkey and one by phrase, and the officer opens what left", async () => {
    const { context, tab } = await enter({ ...wide, javaScriptEnabled: false });
    await follow(tab, () => tab.getByRole("link", { name: caseId }).click());
    assert.match(await tab.locator(".gate-title").innerText(), /shut/);
    assert.ok((await tab.locator("mark").count()) > 4, "words that details were read from are marked");
    await confirmTheDetails(tab);
    await assertRecorded(tab, "Confirm details");
    await callBack(tab);
    await answerEveryCheck(tab);
    await step(tab, "Sign the review");
    await tab.getByLabel("Reasoning").fill("The warrant is signed by a judge and names the account and the days.");
    await press(tab, "Sign the review");
    await assertRecorded(tab, "Sign the review");
    await press(tab, "Send notice");
    await assertRecorded(tab, "Send notice");
    await sendLetters(await desk());
    await step(tab, "Compile plan and check");
    assert.ok(await tab.getByText("Columns that leave").first().isVisible());
    await press(tab, "Record plan and check");
    await assertRecorded(tab, "Check the records");
    await step(tab, "Pack and seal");
    await press(tab, "Pack and seal");
    assert.match(await tab.locator("main").innerText(), /Fewer than two people who approve have a key of their own/);
    const ana = await enter(wide);
    await addPasskey(ana.tab);
    await makeKeyFromPasskey(ana.tab);
    const ben = await enter(wide, "ben");
    const phrase = await makeKeyWithPhrase(ben.tab);
    await tab.goto(`${base}/desk/case/${caseId}`);
    await step(tab, "Pack and seal");
    await press(tab, "Pack and seal");
    await assertRecorded(tab, "Seal the package");
    await approve(ana.tab, "Approve with your passkey");
    await approve(ben.tab, "Approve with your phrase", phrase);
    await ana.context.close();
    await ben.context.close();
    await tab.goto(`${base}/desk/case/${caseId}`);
    assert.match(await tab.locator(".gate-title").innerText(), /1 of 8 conditions not met/);
    clock.set(instant("2026-03-20T16:00:00Z"));
    await tab.goto(await linkFor("ana"));
    await press(tab, "Sign in");
    await callBackAgainWhenStale(tab);
    await tab.goto(`${base}/desk/case/${caseId}`);
    assert.match(await tab.locator(".gate-title").innerText(), /open/);
    if (shots !== undefined) await tab.screenshot({ path: join(shots, "open-gate.png"), fullPage: true });
    await follow(tab, () => tab.getByRole("link", { name: "Go to release" }).click());
    await press(tab, "Release the production");
    await assertRecorded(tab, "Release the production");
    assert.match(await tab.locator(".summary").first().innerText(), /Released/);
    const file = await openPackage(await desk(), caseId as CaseId);
    const opened = await Array.fromAsync(decryptAge(officerIdentity, file ?? assert.fail("nothing left")));
    assert.match(Buffer.concat(opened).toString("latin1"), /DECLARATION OF THE CUSTODIAN/);
    await context.close();
    assert.deepEqual(trouble, []);
  });

  test("a case that has been through everything is free of accessibility faults with all its parts open", async () => {
    for (const look of [wide, narrow, { ...wide, colorScheme: "dark" as const }]) {
      const { context, tab } = await enter(look);
      await tab.goto(`${base}/desk/case/${caseId}`);
      await tab.evaluate('document.querySelectorAll("details:not(.chip)").forEach((part) => { part.open = true; })');
      await assertClean(tab, `${look.viewport.width} ${"colorScheme" in look ? "dark" : "light"}`);
      if (shots !== undefined)
        await tab.screenshot({
          path: join(shots, `whole-${look.viewport.width}${"colorScheme" in look ? "-dark" : ""}.png`),
          clip: { x: 0, y: 0, width: look.viewport.width, height: 3600 },
          fullPage: true,
        });
      await context.close();
    }
  });

  async function confirmTheDetails(tab: Tab): Promise<void> {
    await step(tab, "Confirm details");
    assert.equal(await tab.getByLabel("Matter", { exact: true }).inputValue(), "26-SW-1042");
    await tab.getByLabel("Rank", { exact: true }).fill("Detective");
    await tab.getByLabel("Delivery key").fill(await identityToRecipient(officerIdentity));
    const rows = await tab.locator('input[name="line.id"]').count();
    await press(tab, "Add a line");
    assert.equal(await tab.locator('input[name="line.id"]').count(), rows + 1, "a row was added");
    assert.equal(await tab.getByLabel("Rank", { exact: true }).inputValue(), "Detective", "what was typed is kept");
    await tab.getByLabel(`L${rows + 1}: type of data`).selectOption("messages");
    await tab.getByLabel(`L${rows + 1}: first day`).fill("2026-03-04");
    await tab.getByLabel(`L${rows + 1}: last day`).fill("2026-03-01");
    await press(tab, "Confirm details");
    assert.ok(await tab.getByText("ends before it starts").isVisible(), "the refusal says why");
    assert.equal(await tab.getByLabel("Rank", { exact: true }).inputValue(), "Detective", "what was typed is kept after a refusal");
    await tab.getByLabel(`L${rows + 1}: type of data`).selectOption("");
    for (const box of await tab.locator('input[name="given"]').all()) await box.check();
    await press(tab, "Confirm details");
  }

  async function step(tab: Tab, label: string): Promise<void> {
    await follow(tab, () => tab.locator("main").getByRole("link", { name: label, exact: true }).click());
  }

  async function callBack(tab: Tab): Promise<void> {
    await step(tab, "Record call-back");
    await press(tab, "Record call-back");
    assert.ok(await tab.getByText("Enter: Number that was called").first().isVisible(), "what is missing is said");
    await tab.getByLabel("It confirmed the officer and the request").check();
    await tab.getByLabel("Where the number came from").selectOption("agency-directory");
    await tab.getByLabel("Number that was called").fill("+1 303 555 0199");
    await tab.getByLabel("Who answered").fill("Records clerk");
    await press(tab, "Record call-back");
    await assertRecorded(tab, "Record call-back");
  }

  async function answerEveryCheck(tab: Tab): Promise<void> {
    await step(tab, "Record answers");
    for (const box of await tab.locator('input[type="radio"][value="yes"]').all()) await box.check();
    await tab.getByLabel("Note").fill("Read against the paper.");
    await press(tab, "Record answers");
    await assertRecorded(tab, "Record answers");
  }

  async function approve(tab: Tab, button: string, phrase?: string): Promise<void> {
    await tab.goto(`${base}/desk/case/${caseId}`);
    await step(tab, "Approve the release");
    assert.ok(await tab.getByText("What the plan reads").isVisible(), "an approver sees the plan");
    await assertClean(tab, "the approval page");
    if (shots !== undefined) await tab.screenshot({ path: join(shots, `approve-${phrase === undefined ? "passkey" : "phrase"}.png`), fullPage: true });
    if (phrase !== undefined) {
      await tab.getByLabel("Your recovery phrase").fill(phrase.replace(/\w+$/, "wrongly"));
      await tab.getByRole("button", { name: button }).click();
      await tab.getByText("Look for a misspelt word").waitFor();
      await tab.getByLabel("Your recovery phrase").fill(phrase);
    }
    await tab.getByRole("button", { name: button }).click();
    await tab.waitForURL(/done=ApproveRelease/);
    await assertRecorded(tab, "Approve the release");
  }

  /** A device that gives a secret of its own to a site that asks for one. */
  async function addPasskey(tab: Tab): Promise<void> {
    const devtools = await tab.context().newCDPSession(tab);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true },
    });
    await tab.goto(`${base}/desk/passkeys`);
    await tab.getByRole("button", { name: "Add a passkey" }).click();
    await tab.waitForURL(/done=added/);
  }

  async function makeKeyFromPasskey(tab: Tab): Promise<void> {
    await tab.getByRole("button", { name: "Make the key from a passkey" }).click();
    await tab.waitForURL(/done=key/);
    assert.match(await tab.locator("main").innerText(), /You have one, from a passkey/);
    await assertClean(tab, "the keys page");
  }

  async function makeKeyWithPhrase(tab: Tab): Promise<string> {
    await tab.goto(`${base}/desk/passkeys`);
    await tab.getByRole("button", { name: "Make the key with a recovery phrase" }).click();
    const phrase = await tab.locator("[data-phrase]").innerText();
    assert.equal(phrase.split(" ").length, 24);
    if (shots !== undefined) await tab.screenshot({ path: join(shots, "phrase.png"), fullPage: true });
    await tab.getByRole("button", { name: "I have written the words down" }).click();
    await tab.waitForURL(/done=key/);
    return phrase;
  }

  async function callBackAgainWhenStale(tab: Tab): Promise<void> {
    await tab.goto(`${base}/desk/case/${caseId}`);
    if (/open/.test(await tab.locator(".gate-title").innerText())) return;
    await callBack(tab);
  }

  test("a step that is not one's own cannot be reached or posted", async () => {
    const { context, tab } = await enter(wide, "ben");
    for (const name of ["SignReview", "RejectRequest", "GiveNotice", "Release", "RecordPlan", "NoSuchStep"]) {
      const answer = await context.request.post(`${base}/desk/case/${caseId}/step/${name}`, { headers: { origin: base }, form: { because: "overbroad" } });
      assert.equal(answer.status(), 404, name);
    }
    const admin = await tab.goto(`${base}/desk/set-up`);
    assert.equal(admin?.status(), 403);
    await context.close();
  });

  test("an admin without another role sets up the desk and sees no case", async () => {
    const { context, tab } = await enter(wide, "adi");
    assert.equal(new URL(tab.url()).pathname, "/desk/set-up");
    assert.deepEqual(await tab.getByRole("navigation", { name: "Queues" }).getByRole("link").allInnerTexts(), ["Set-up", "Your keys"]);
    for (const path of [
      "?queue=all",
      `/case/${caseId}`,
      `/case/${caseId}/plan`,
      `/case/${caseId}/step/ConfirmDetails`,
      "/calendar",
      "/calendar.ics",
      "/gags",
      "/report",
    ]) {
      const answer = await context.request.get(`${base}/desk${path}`, { maxRedirects: 0 });
      assert.ok(path === "?queue=all" ? answer.status() === 303 : answer.status() === 403, `${path} ${answer.status()}`);
      assert.ok(!(await answer.text()).includes(caseId), path);
    }
    await context.close();
  });

  test("a blocked step that is posted all the same is refused with its reasons", async () => {
    const other = await receive(warrantMail("26-SW-2000"));
    const { context } = await enter(wide);
    const answer = await context.request.post(`${base}/desk/case/${other}/step/SignReview`, {
      headers: { origin: base },
      form: { "private.reasoning": "I would like to." },
    });
    assert.equal(answer.status(), 409);
    const page = await answer.text();
    assert.match(page, /Confirm the details first/);
    assert.match(page, /I would like to\./);
    await context.close();
  });

  test("a printed case holds what is folded away on the screen", async () => {
    const { context, tab } = await enter(wide);
    await tab.goto(`${base}/desk/case/${caseId}`);
    const closed = tab.locator("details.desk-fold:not([open])").filter({ hasText: "Evidence as it was recorded" });
    const evidence = closed.locator(".desk-code").first();
    assert.equal(await evidence.isVisible(), false);
    const words = (await evidence.textContent()) ?? "";
    const { pages } = await pdfReader()(await tab.pdf(), "the case");
    const bare = (text: string) => text.replaceAll(/\s/g, "");
    assert.ok(words.length > 20 && bare(pages.join("")).includes(bare(words).slice(0, 60)), words);
    await context.close();
  });

  test("a case under a secrecy order shows nothing but its number in the queue and in its title", async () => {
    const secret = await receive(warrantMail("26-SW-3000"));
    const { context, tab } = await enter({ ...wide, javaScriptEnabled: false });
    await tab.goto(`${base}/desk/case/${secret}/step/RecordGag`);
    await tab.getByLabel("Kind of order").selectOption({ index: 1 });
    await tab.getByLabel("A court").check();
    await tab.getByLabel("First day").fill("2026-03-02");
    await tab.getByLabel("Last day").fill("2026-06-19");
    await tab.getByLabel("Court or authority that issued it").fill("District Court");
    await tab.getByLabel("Number of the order").fill("26-ND-7");
    await tab.getByLabel("What it forbids").fill("To tell the subscriber.");
    await press(tab, "Record a secrecy order");
    await assertRecorded(tab, "Record a secrecy order");
    assert.equal(await tab.locator("h1").innerText(), secret);
    assert.equal(await tab.title(), `${secret} · Harbor Works Inc. · Portcullis`);
    await settleViews(await desk());
    await tab.goto(`${base}/desk?queue=all`);
    const row = tab.locator("tr", { hasText: secret });
    assert.equal(await row.count(), 1);
    assert.match((await row.getAttribute("class")) ?? "", /sealed/);
    assert.match(await row.innerText(), new RegExp(`^\\s*${secret}\\s*Sealed\\s*$`));
    if (shots !== undefined) await tab.screenshot({ path: join(shots, "queue-sealed.png"), fullPage: true });
    await context.close();
  });

  test("the checklist tests itself, admits a person and hands out a link that works once", async () => {
    const { context, tab } = await enter(narrow);
    await tab.goto(`${base}/desk/set-up`);
    const list = await tab.locator(".tasks").innerText();
    assert.match(list, /Data source slack-export/);
    assert.match(list, /Every registered workspace \(1\) has an owner to tell/);
    assert.match(list, /Letters wait: no relay is set/);
    await press(tab, "Admit");
    assert.ok(await tab.getByText("Enter the person's name").first().isVisible());
    await tab.getByLabel("Id", { exact: true }).fill("cleo");
    await tab.getByLabel("Name", { exact: true }).fill("Cleo Counsel");
    await tab.getByLabel("E-mail").fill("cleo@harborworks.example");
    await tab.getByLabel("Counsel").check();
    await press(tab, "Admit");
    const link = await tab.locator("#link").innerText();
    const cleo = await browser.newContext();
    const page = await cleo.newPage();
    await page.goto(link);
    await press(page, "Sign in");
    assert.ok(await page.getByText("cleo@harborworks.example").isVisible());
    await cleo.close();
    await context.close();
  });

  test("counsel counts the year and publishes it; a second edition must say what it corrects", async () => {
    const { context, tab } = await enter(wide);
    await tab.goto(`${base}/desk/report`);
    await press(tab, "Count the year");
    await press(tab, "Publish the report");
    await tab.getByText("The report was published.").waitFor();
    await press(tab, "Count the year");
    await press(tab, "Publish the report");
    assert.ok(await tab.getByText("A later edition says what it corrects").first().isVisible());
    await context.close();
  });

  test("a hundred and one cases are paged by key, each shown once", async () => {
    const at = await desk();
    const from = await at.ports.views.position(at.id);
    const rows = Array.from({ length: 101 }, (_, index) => ({
      row: {
        caseId: `C-PAGE-${String(index).padStart(4, "0")}` as never,
        receivedAt: instant(`2025-01-01T00:${String(index % 60).padStart(2, "0")}:00Z`),
        door: "mail",
        stage: "withdrawn",
        secret: false,
      },
      due: [],
      kept: [],
    }));
    await at.ports.views.advance(at.id, from, from, rows);
    const { context, tab } = await enter(wide);
    const seen = new Set<string>();
    await tab.goto(`${base}/desk?queue=closed`);
    for (let page = 1; page <= 3; page++) {
      for (const text of await tab.locator("[data-queue] [data-row-link]").allInnerTexts()) seen.add(text);
      const older = tab.getByRole("link", { name: "Older cases" });
      if ((await older.count()) > 0) await tab.goto(new URL((await older.getAttribute("href")) ?? "", base).href);
    }
    assert.equal([...seen].filter((id) => id.startsWith("C-PAGE")).length, 101);
    await context.close();
  });

  async function takes(id: CaseId, command: { readonly type: string; readonly [member: string]: unknown }): Promise<void> {
    const handled = await handle(await desk(), { caseId: id, by: "staff:ana" as Actor, askers: ["analyst", "counsel"], command });
    assert.equal(handled.kind, "done", JSON.stringify(handled));
  }

  async function confirmed(words: string, instrument: string): Promise<CaseId> {
    const id = (await receive(warrantMail(words))) as CaseId;
    await takes(id, {
      type: "ConfirmDetails",
      nature: "criminal",
      instrument: { id: instrument, signedBy: "judge", issuedOn: "2026-03-04", servedAt: clock.now() },
      subjects: [{ id: "S1", workspace: slackWorkspace, resolved: true }],
      lines: [{ id: "L1", subject: "S1", dataType: "messages", from: "2026-03-01", to: "2026-03-04" }],
      private: { subjects: { S1: { asWritten: "Ada", account: ada } }, deliveryKey: await identityToRecipient(await generateX25519Identity()) },
      given: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"],
    });
    return id;
  }

  async function keeps(words: string): Promise<CaseId> {
    const id = await confirmed(words, "US-PRES");
    const taken = await takeSnapshot(await desk(), id, "staff:ana" as Actor);
    assert.equal(taken.kind, "taken", JSON.stringify(taken));
    await settleViews(await desk());
    return id;
  }

  async function pictured(tab: Tab, name: string, part = "main"): Promise<void> {
    const { width } = tab.viewportSize() ?? assert.fail("no viewport");
    await assertClean(tab, `${name} at ${width}`);
    if (shots !== undefined) await tab.locator(part).screenshot({ path: join(shots, `kept-${name}-${width}.png`) });
  }

  test("a warrant's page lists the copies that other cases keep, links one by its button, and the letter's page says for which case it waits", async () => {
    const open = await keeps("26-PL-1");
    const sealedOff = await keeps("26-PL-2 with the attached non-disclosure order under 18 USC 2705(b)");
    const id = await confirmed("26-SW-2001", "US-SW");
    for (const size of [wide, narrow]) {
      const { context, tab } = await enter(size);
      await tab.goto(`${base}/desk/case/${id}`);
      await pictured(tab, "listed");
      await tab.goto(`${base}/desk/case/${id}/kept-elsewhere`);
      await pictured(tab, "page");
      await context.close();
    }
    const { context, tab } = await enter({ ...wide, javaScriptEnabled: false });
    await tab.goto(`${base}/desk/case/${id}`);
    const row = (of: CaseId) => tab.getByRole("row").filter({ hasText: of });
    assert.match(await row(open).innerText(), /20 Mar 2026[^]*18 Jun 2026/);
    assert.match(await row(sealedOff).innerText(), /Sealed[^]*Not shown[^]*Not shown/);
    const link = (of: CaseId) => follow(tab, () => row(of).getByRole("button", { name: "Answer from this copy" }).click());
    await link(open);
    await assertRecorded(tab, "Answer from what another case keeps");
    assert.match(await row(open).innerText(), /Linked: compile the plan/);
    await tab.goto(`${base}/desk/case/${open}`);
    assert.match(await tab.locator(".summary").filter({ hasText: "Waits for" }).innerText(), new RegExp(`Case ${id}: its paper compels production`));

    await tab.goto(`${base}/desk/case/${id}`);
    await takes(sealedOff, { type: "ReleasePreservation", private: { reason: "The office let it go." } });
    await link(sealedOff);
    assert.match(await tab.locator(".error-summary, .banner-stop").first().innerText(), /keeps no such copy, or keeps it no longer/);
    assert.equal(await row(sealedOff).count(), 0, "what is kept no longer is offered no longer");
    assert.match(await row(open).innerText(), /Linked/);
    for (const size of [wide, narrow]) {
      const again = await enter(size);
      await again.tab.goto(`${base}/desk/case/${id}`);
      await pictured(again.tab, "linked");
      await again.tab.goto(`${base}/desk/case/${open}`);
      await pictured(again.tab, "waits");
      await again.context.close();
    }
    await context.close();
    await takes(id, { type: "RecordWithdrawal" });
    await settleLinkedCopies(await desk(), id);
  });

  test("a case without such a copy says so, a letter is told why it opens none, and an approver finds no button", async () => {
    const keeping = await keeps("26-PL-3");
    const id = await confirmed("26-SW-2002", "US-SW");
    const ben = await enter(wide, "ben");
    await ben.tab.goto(`${base}/desk/case/${id}`);
    assert.ok((await ben.tab.getByText("Not linked: an analyst or counsel can link it").count()) > 0);
    assert.equal(await ben.tab.getByRole("button", { name: "Answer from this copy" }).count(), 0);
    await ben.context.close();
    const { context, tab } = await enter(wide);
    assert.equal((await tab.goto(`${base}/desk/case/${keeping}/kept-elsewhere`))?.status(), 200);
    assert.ok(await tab.getByText("The confirmed paper compels no production").isVisible());
    await pictured(tab, "refused");
    const { ports, id: deskId } = await desk();
    const living = await ports.views.keptOf(deskId, [slackWorkspace], 50);
    for (const copy of living)
      await handle(await desk(), {
        caseId: copy.caseId,
        by: "staff:ana" as Actor,
        askers: ["counsel"],
        command: { type: "ReleasePreservation", private: { reason: "The office let it go." } },
      });
    await tab.goto(`${base}/desk/case/${id}/kept-elsewhere`);
    assert.ok(await tab.getByText("No other case keeps a copy").isVisible());
    await pictured(tab, "empty");
    await tab.goto(`${base}/desk/case/${id}`);
    assert.equal(await tab.locator("#kept-elsewhere").count(), 0);
    assert.equal(await tab.getByRole("link", { name: "Answer from what another case keeps" }).count(), 0);
    await context.close();
  });

  test("admitting a person anew with another role takes effect at once", async () => {
    const { context, tab } = await enter(wide, "ben");
    const at = await desk();
    await admitStaff(at.ports, at.id, "desk" as Actor, { id: "ben", name: "Ben", email: "ben@harborworks.example", roles: ["auditor"] });
    assert.equal((await tab.goto(`${base}/desk`))?.status(), 403);
    await context.close();
  });
});

/** A click does not wait for the page it leads to. */
async function follow(tab: Tab, click: () => Promise<void>): Promise<void> {
  const arrived = tab.waitForEvent("framenavigated");
  await click();
  await arrived;
  await tab.waitForLoadState();
}

function press(tab: Tab, label: string): Promise<void> {
  return follow(tab, () => tab.getByRole("button", { name: label, exact: true }).click());
}

/** Says what the page says instead when the step was refused. */
async function assertRecorded(tab: Tab, label: string): Promise<void> {
  const said = await tab.locator(".banner, .error-summary").allInnerTexts();
  assert.ok(
    said.some((text) => text.includes(`${label}: recorded.`)),
    `${label}: ${said.join(" | ").slice(0, 1500)} (${await tab.title()})`,
  );
}

const postBox = {
  sendLetter: async ({ id }: { readonly id: string }) => ({
    kind: "sent" as const,
    response: "250 kept",
    messageId: `<${id}@rehearsal>`,
    transcriptSha256: createHash("sha256").update(id).digest("hex"),
  }),
  close: () => undefined,
};

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}

/** Every WCAG 2.2 AA rule, target size and best practice, and no scrolling sideways. */
async function assertClean(tab: Tab, where: string): Promise<void> {
  await tab.evaluate(axe);
  const findings = (await tab.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`,
  )) as readonly string[];
  assert.deepEqual(findings, [], where);
  assert.ok(await tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), `${where} scrolls sideways`);
}

test("a case number is found however it was typed, and nothing else is one", () => {
  for (const text of ["C-7F3K-2M9Q", "c-7f3k-2m9q", " 7F3K2M9Q ", "C7F3K2M9Q"]) assert.equal(readCaseNumber(text), "C-7F3K-2M9Q", text);
  assert.equal(readCaseNumber("c-o00l-0000"), "C-0001-0000");
  for (const text of ["", "C-7F3K", "jo@acme.example", "C-7F3K-2M9U", "C-7F3K-2M9Q-1"]) assert.equal(readCaseNumber(text), undefined, text);
});

test("marking loses no letter of the text, also where spans overlap or reach past its end", () => {
  const spans = [
    { source: "body", start: 2, end: 6, what: "a" },
    { source: "body", start: 4, end: 99, what: "b" },
    { source: "body", start: 3, end: 3, what: "c" },
  ];
  const html = marked("0123456789", spans).map(String).join("");
  assert.equal(html.replaceAll(/<[^>]*>/g, ""), "0123456789");
  assert.match(html, /title="a, b"/);
});
