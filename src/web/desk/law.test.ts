// The law at the desk in a real browser: what a paper says about itself, challenges, other authorities, the calendar and the secrecy orders.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "@hono/node-server";
import type { Browser, BrowserContext, BrowserContextOptions, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { rehearsalClock } from "../../adapters/clock/clocks.ts";
import type { Desk } from "../../app/desk.ts";
import { admitStaff } from "../../app/directory.ts";
import { settleViews } from "../../app/project-views.ts";
import { receiveMessage } from "../../app/receive-message.ts";
import { setUpDesk, setUpFile } from "../../app/set-up.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor } from "../../kernel/ids.ts";
import { instant } from "../../kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../../main.ts";
import { createWeb } from "../http.tsx";
import { splitReason } from "./case-law.tsx";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 390, height: 844 } };
const dark = { ...wide, colorScheme: "dark" as const };
const plain = { ...wide, javaScriptEnabled: false };
const shots = process.env["PORTCULLIS_SHOTS"];

const dns = JSON.stringify({
  "police.harborview.gov": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]], MX: [{ priority: 10, exchange: "mx.police.harborview.gov" }] },
});

function requestMail(number: string): string {
  return [
    'From: "Det. Maria Reyes" <mreyes@police.harborview.gov>',
    "To: legal@harborworks.example",
    `Subject: Search warrant ${number}`,
    `Message-ID: <${number}@police.harborview.gov>`,
    "Date: Mon, 16 Nov 2026 08:00:00 -0700",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    `Please find below a search warrant issued by the District Court of Clark County on November 13, 2026 and signed by
Judge Harold Stone, case no. ${number}, in a criminal investigation (fraud).

Workspace: Harbor Pilots
Account: ada@pilots.example
Date range: November 1, 2026 through November 12, 2026
Data sought: message content and profile information.

Detective Maria Reyes, Badge 4471
Harborview Police Department
100 Main Street, Harborview, CO 80000
Phone: +1 303 555 0100
mreyes@police.harborview.gov`,
  ].join("\r\n");
}

describe("the law at the desk", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-law-"));
  const clock = rehearsalClock(instant("2026-11-16T15:30:00Z"));
  const trouble: unknown[] = [];
  let installation: OpenInstallation;
  let server: ReturnType<typeof serve>;
  let browser: Browser;
  let base = "";
  let warrant = "";
  let european = "";
  let sealed = "";

  before(async () => {
    chmodSync(folder, 0o711);
    const port = await freePort();
    base = `http://localhost:${port}`;
    installation = await openInstallation({ dataDir: folder, zone: dns }, { clock });
    const parsed = setUpFile.parse({
      desk: { legalEntity: "Harbor Works Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@harborworks.example"], publicUrl: base },
      policyPacks: ["data-request"],
      jurisdictions: ["us", "eu", "gb"],
      workspaces: [
        {
          id: "harbor-pilots",
          name: "Harbor Pilots",
          owners: [{ name: "Olive Owner", email: "owner@pilots.example" }],
          accounts: [{ id: "ada", name: "Ada Ashdown", email: "ada@pilots.example" }],
        },
      ],
      staff: [{ id: "ana", name: "Ana Analyst", email: "ana@harborworks.example", roles: ["analyst", "counsel", "approver"] }],
    });
    const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, parsed, "desk" as Actor);
    assert.equal(done.kind, "done", JSON.stringify(done));
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

  async function desk(): Promise<Desk> {
    return (await installation.desk()) ?? assert.fail("no desk");
  }

  async function receive(number: string): Promise<string> {
    const file = join(folder, `${number}.eml`);
    writeFileSync(file, requestMail(number));
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

  async function enter(options: BrowserContextOptions): Promise<{ readonly context: BrowserContext; readonly tab: Tab }> {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    const tab = await context.newPage();
    await tab.goto((await offerStaffLink(await desk(), "ana", "staff:operator" as Actor)) ?? assert.fail("no link"));
    await press(tab, "Sign in");
    return { context, tab };
  }

  async function shoot(tab: Tab, name: string): Promise<void> {
    if (shots !== undefined) await tab.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  test("an empty calendar and an empty register of secrecy orders say what will come there", async () => {
    for (const [look, name] of [
      [wide, "1280"],
      [narrow, "390"],
    ] as const) {
      const { context, tab } = await enter(look);
      for (const [path, title] of [
        ["calendar", "No clock runs"],
        ["gags", "No secrecy order is open"],
      ] as const) {
        await tab.goto(`${base}/desk/${path}`);
        assert.ok(await tab.getByText(title).isVisible());
        await assertClean(tab, `${path} empty at ${name}`);
        await shoot(tab, `${path}-empty-${name}`);
      }
      await context.close();
    }
    const { context } = await enter(plain);
    const file = await (await context.request.get(`${base}/desk/calendar.ics`)).text();
    assert.match(file, /BEGIN:VTIMEZONE/);
    await context.close();
  });

  test("without JavaScript the questions of a paper come from its pack, an answer it cannot read is said, and nothing typed is lost", async () => {
    european = await receive("26-EP-1");
    const { context, tab } = await enter(plain);
    await tab.goto(`${base}/desk/case/${european}/step/ConfirmDetails`);
    assert.equal(await tab.locator("#content\\.seal").count(), 0, "a warrant has no electronic seal to look for");
    await tab.getByLabel("Instrument").selectOption("EU-EPOC");
    await press(tab, "Show the questions of this instrument");
    assert.equal(await tab.getByLabel("Instrument").inputValue(), "EU-EPOC");
    for (const id of ["seal", "criminal-provisions", "issuing-authority"]) await tab.locator(`#content\\.${id}`).getByLabel("Shown").check();
    await tab.locator("#content\\.system-record").getByLabel("Missing").check();
    await tab.getByLabel("Signed by").selectOption("judge");
    await tab.getByLabel("Where the issuing authority sits").fill("Germany");
    await tab.getByLabel("Longest sentence for the offence").fill("many");
    await tab.getByLabel("It says that it is an emergency").selectOption("no");
    await tab.getByLabel("The authority of our own state was told").selectOption("yes");
    await tab.getByLabel("It forbids by itself to speak of it").selectOption("no");
    await tab.getByLabel("L1: only to find out who the user is").check();
    await press(tab, "Confirm details");
    assert.match(await tab.title(), /^Error/);
    assert.ok(await tab.getByRole("link", { name: "Enter a country as two letters" }).first().isVisible());
    assert.ok(await tab.getByRole("link", { name: "Enter a number of years" }).first().isVisible());
    assert.ok(await tab.locator("#content\\.system-record").getByLabel("Missing").isChecked(), "what was looked at is kept");
    assert.ok(await tab.getByLabel("L1: only to find out who the user is").isChecked());
    await shoot(tab, "details-error-1280");
    await tab.getByLabel("L1: only to find out who the user is").uncheck();
    await tab.getByLabel("Where the issuing authority sits").fill("de");
    await tab.getByLabel("Longest sentence for the offence").fill("5");
    await tab.getByLabel("Where the customer is established").fill("de");
    await tab.getByLabel("None of these: somebody has looked").check();
    await press(tab, "Confirm details");
    await assertRecorded(tab, "Confirm details");
    const [fact] = (await installation.ports.ledger.readStream(installation.deskId, `case:${european}`)).flatMap(({ fact: each }) =>
      each.type === "DetailsConfirmed" ? [each as unknown as { instrument: Record<string, unknown>; places: unknown; protection: unknown }] : [],
    );
    assert.deepEqual(fact?.places, { customer: "DE" });
    assert.deepEqual(fact?.protection, [], "somebody has looked and found nothing protected");
    assert.equal(fact?.instrument["issuedIn"], "DE");
    assert.deepEqual(fact?.instrument["offence"], { maxYears: 5 });
    assert.equal(fact?.instrument["authorityNotified"], true);
    assert.deepEqual(fact?.instrument["lacks"], ["system-record"]);
    assert.equal(fact?.instrument["validatedBy"], undefined, "what was left open is unknown");
    await context.close();
  });

  test("the case shows each line's rule, what is open, the other authority's time and the marks from memory", async () => {
    const { context, tab } = await enter(plain);
    await tab.goto(`${base}/desk/case/${european}`);
    assert.match(await tab.locator("#verdicts + table").innerText(), /eu@\d{4}\.\d+ EU-EPOC/);
    assert.match(await tab.locator("#verdicts + table").innerText(), /would change this/);
    assert.ok(await tab.getByText("why it did not come over the decentralised IT system").first().isVisible(), "what was seen to be missing is an open point");
    const questions = tab.locator("details", { hasText: "Questions nobody has answered" });
    assert.match(await questions.innerText(), /Questions nobody has answered about the paper: \d+/);
    await questions.locator("summary").click();
    assert.equal(await questions.getByText("the qualified electronic seal").count(), 0, "the seal was looked at");
    assert.equal(await questions.getByText("the authority's word that its content is accurate").count(), 1, "nobody has looked for the certification");
    assert.match(await questions.innerText(), /Not known: Validated by;/);
    assert.ok(await tab.getByText("From memory: counsel confirms").first().isVisible());
    assert.match(await tab.locator("main").innerText(), /may refuse it until the end of/);
    assert.ok(await tab.locator("#worksheet").isVisible());
    await tab.goto(`${base}/desk/case/${european}/step/RecordAuthorityAnswer`);
    await press(tab, "Record the answer of the authority that was told");
    assert.ok(await tab.getByText("Choose: What the authority answered").first().isVisible());
    await tab.getByLabel("It refuses a part of it").check();
    await tab.getByLabel("Its answer in words").fill("Not the content of messages.");
    await press(tab, "Record the answer of the authority that was told");
    assert.ok(await tab.getByText("must name the lines it leaves standing").isVisible(), "the refusal says why");
    await tab.getByLabel(/^L1:/).check();
    await press(tab, "Record the answer of the authority that was told");
    await assertRecorded(tab, "Record the answer of the authority that was told");
    assert.match(await tab.locator("#authority + dl").innerText(), /refuses a part of it[\s\S]*L1[\s\S]*Not the content of messages/);
    await context.close();
  });

  test("an unclear paper is asked about in one letter, and the answer is recorded", async () => {
    const { context, tab } = await enter(plain);
    await tab.goto(`${base}/desk/case/${european}/step/AskClarification`);
    assert.match(await tab.locator("main").innerText(), /What the agency is asked[\s\S]*decentralised IT system/);
    await press(tab, "Ask the agency to make the paper clear");
    await assertRecorded(tab, "Ask the agency to make the paper clear");
    await settleViews(await desk());
    await tab.goto(`${base}/desk/calendar`);
    assert.match(
      await tab.locator("main").innerText(),
      /The issuing authority answers our Form 3[\s\S]*Nothing is sent while the enforcing authority may refuse/,
      "the other authority's time runs on while the issuing one is asked",
    );
    await tab.goto(`${base}/desk/case/${european}/step/RecordClarification`);
    await tab.getByLabel("The agency's answer").fill("The system was down on that day.");
    await press(tab, "Record the agency's clarification");
    await assertRecorded(tab, "Record the agency's clarification");
    await context.close();
  });

  test("a challenge carries its route, grounds, hearing and interim measures, and ends with the scope it won and its appeal", async () => {
    warrant = await receive("26-SW-1");
    const { context, tab } = await enter(plain);
    await confirmWarrant(tab, warrant);
    await tab.goto(`${base}/desk/case/${warrant}/step/OpenChallenge`);
    await tab.getByLabel("Route of the paper's law").selectOption("motion to quash or modify");
    await tab.getByLabel("It asks for too much").check();
    await tab.getByLabel("It is vague").check();
    await tab.getByLabel("Grounds", { exact: true }).fill("It names no message and no day.");
    await tab.getByLabel("Where it is brought").fill("District Court of Clark County");
    await press(tab, "Challenge the request");
    await assertRecorded(tab, "Challenge the request");
    await takeStepOfChallenge(tab, "A hearing was set", "2026-12-01", "Room 4, at nine.");
    assert.match(await tab.locator("#challenges + p").innerText(), /the time to answer runs on/);
    await takeStepOfChallenge(tab, "Interim measures were granted", "2026-11-17", "Production is stayed.");
    assert.match(await tab.locator("#challenges + p").innerText(), /the time to answer stands still/);
    await settleViews(await desk());
    await tab.goto(`${base}/desk/calendar`);
    assert.match(await tab.locator(".desk-day", { hasText: "Tue 1 Dec 2026" }).innerText(), /Hearing of the challenge/, "the hearing stands in the calendar");
    await tab.goto(`${base}/desk/case/${warrant}/step/ResolveChallenge`);
    await tab.getByLabel("Narrowed to some lines").check();
    await tab.getByLabel(/^L1:/).check();
    await tab.getByLabel("The ruling").fill("Only the profile.");
    await tab.getByLabel("None was brought").check();
    await tab.getByLabel("The appeal that was brought, or why none was").fill("The ruling is right.");
    await press(tab, "Record the outcome of the challenge");
    await assertRecorded(tab, "Record the outcome of the challenge");
    const told = await tab.locator("#challenges ~ section").first().innerText();
    for (const words of [
      /motion to quash or modify/,
      /It asks for too much; It is vague/,
      /Tue 1 Dec 2026: A hearing was set/,
      /Room 4/,
      /Production is stayed/,
      /Only these lines may still leave: L1/,
      /None\. The ruling is right/,
    ])
      assert.match(told, words);
    await context.close();
  });

  test("an objection under the law of another country is raised, holds everything, and is decided", async () => {
    const { context, tab } = await enter(plain);
    await tab.goto(`${base}/desk/case/${warrant}/step/RaiseConflict`);
    await tab.getByLabel("The law of the other country").fill("No");
    await tab.getByLabel("Why it applies to this case").fill("The customer is established there.");
    await tab.getByLabel("Why answering would break it").fill("It forbids the transfer.");
    await press(tab, "Object under the law of another country");
    assert.ok(await tab.getByText("say it in 3 characters or more").first().isVisible());
    await tab.getByLabel("The law of the other country").fill("GDPR, article 48");
    await press(tab, "Object under the law of another country");
    await assertRecorded(tab, "Object under the law of another country");
    assert.match(await tab.locator(".gate").innerText(), /objection under the law of another country is pending/i);
    await tab.goto(`${base}/desk/case/${warrant}/step/DecideConflict`);
    await tab.getByLabel("No: the order stands").check();
    await tab.getByLabel("The court's decision").fill("Comity does not outweigh it.");
    await press(tab, "Record the court's decision on the conflict");
    await assertRecorded(tab, "Record the court's decision on the conflict");
    assert.match(await tab.locator("section", { hasText: "Objection 1" }).last().innerText(), /Dismissed[\s\S]*Comity does not outweigh it/);
    await context.close();
  });

  test("steps that nothing calls for are refused with their reasons when they are posted all the same", async () => {
    const { context } = await enter(plain);
    const posts: readonly (readonly [string, Record<string, string>, RegExp])[] = [
      [
        "DecideEmergency",
        {
          supervisorAttests: "yes",
          "private.danger": "A danger to life",
          "private.whyNow": "It is now or never",
          "private.whyThisData": "It shows the place",
          "private.supervisor": "Nobody",
        },
        /no emergency request/,
      ],
      ["RecordClarification", { "private.answer": "Yes." }, /No clarification waits/],
      ["ObjectToGag", { gag: "none", "private.objection": "It is unlawful." }, /No secrecy order is open/],
      ["RecordAuthorityAnswer", { answer: "cleared", "private.words": "Yes." }, /No other authority was told/],
      ["TakeChallengeStep", { challenge: "none", step: "filed", on: "2026-11-16", "private.papers": "It." }, /not pending/],
    ];
    for (const [step, form, because] of posts) {
      const answer = await context.request.post(`${base}/desk/case/${warrant}/step/${step}`, { headers: { origin: base }, form });
      assert.equal(answer.status(), 409, step);
      assert.match(await answer.text(), because);
    }
    await context.close();
  });

  test("the calendar shows every clock with its derivation, keeps to the kinds that are asked for, and of a sealed case the number only", async () => {
    sealed = await receive("26-SW-2");
    const { context, tab } = await enter(plain);
    await confirmWarrant(tab, sealed);
    await tab.goto(`${base}/desk/case/${sealed}/step/RecordGag`);
    await tab.getByLabel("Kind of order").selectOption("US-NDO");
    await tab.getByLabel("A court").check();
    await tab.getByLabel("First day").fill("2026-11-13");
    await tab.getByLabel("Court or authority that issued it").fill("District Court");
    await tab.getByLabel("Number of the order").fill("26-ND-7");
    await tab.getByLabel("What it forbids").fill("To tell the subscriber.");
    await press(tab, "Record a secrecy order");
    await assertRecorded(tab, "Record a secrecy order");
    assert.match(await tab.locator("#gags ~ section").first().innerText(), /a lawyer/, "who may be told");
    await settleViews(await desk());
    await tab.goto(`${base}/desk/calendar`);
    const all = await tab.locator("main").innerText();
    assert.match(all, new RegExp(`${warrant}[\\s\\S]*return date on the paper Mon 30 Nov 2026`), "with the derivation in words");
    assert.match(all, new RegExp(`${european}`));
    const ofSealed = tab.locator(".desk-sealed", { hasText: sealed });
    assert.equal(await ofSealed.count(), 1);
    assert.match(await ofSealed.innerText(), new RegExp(`Lists show their number only\\.\\s+${sealed}$`));
    assert.equal(await tab.locator(".desk-entry", { hasText: sealed }).count(), 0);
    await tab.getByLabel("The other side acts by then").check();
    await press(tab, "Show these kinds");
    assert.equal(await tab.locator(".desk-entry", { hasText: "We act by then" }).count(), 0);
    await context.close();
  });

  test("the register counts open orders by what must be looked at first, and names who may be told", async () => {
    const { context, tab } = await enter(plain);
    await tab.goto(`${base}/desk/gags`);
    const first = await tab.locator("#first + table").innerText();
    assert.match(first, new RegExp(`Without an end\\s+1\\s+${sealed}`));
    assert.match(await tab.locator("#attempts + table").innerText(), new RegExp(`For the customer: \\w+( \\w+)?\\s+1\\s+${sealed}`));
    assert.match(await tab.locator("#may-tell + table").innerText(), /Non-disclosure order\s+1\s+a lawyer/);
    assert.doesNotMatch(await tab.locator("#may-tell + table").innerText(), /C-/);
    await context.close();
  });

  test("the calendar file holds numbers and kinds and no names; a link reads it without signing in until it is taken back", async () => {
    const { context, tab } = await enter(plain);
    const file = await (await context.request.get(`${base}/desk/calendar.ics`)).text();
    const unfolded = file.replaceAll("\r\n ", "");
    assert.match(unfolded, new RegExp(`SUMMARY:${warrant}: We act by then\r\n`));
    assert.match(unfolded, /DTSTART;VALUE=DATE:20261130/);
    assert.doesNotMatch(unfolded, new RegExp(sealed));
    assert.doesNotMatch(unfolded, /Harbor Pilots|harbor-pilots|Reyes|Ada/);
    const uids = [...unfolded.matchAll(/^UID:(\S+)/gm)].map(([, uid]) => uid);
    assert.equal(new Set(uids).size, uids.length);
    const again = (await (await context.request.get(`${base}/desk/calendar.ics?as=tasks`)).text()).replaceAll("\r\n ", "");
    assert.deepEqual(
      [...again.matchAll(/^UID:(\S+)/gm)].map(([, uid]) => uid),
      uids,
      "the same clock keeps its id",
    );
    assert.equal((await fetch(`${base}/desk/calendar.ics`, { redirect: "manual" })).headers.get("location"), "/desk/sign-in");
    await tab.goto(`${base}/desk/calendar`);
    await press(tab, "Make a link");
    const first = await tab.locator("#calendar-link").innerText();
    assert.equal((await fetch(first)).status, 200);
    assert.match((await fetch(first)).headers.get("content-type") ?? "", /^text\/calendar/);
    const secret = first.split("/").at(-2) ?? "";
    const asSession = await fetch(`${base}/desk`, { redirect: "manual", headers: { cookie: `portcullis-desk=${secret}` } });
    assert.equal(asSession.headers.get("location"), "/desk/sign-in", "the link opens nothing else");
    await tab.goto(`${base}/desk/calendar`);
    assert.doesNotMatch(await tab.content(), new RegExp(secret), "it is shown once");
    await press(tab, "Make a new link");
    const second = await tab.locator("#calendar-link").innerText();
    assert.deepEqual([(await fetch(first)).status, (await fetch(second)).status], [404, 200], "a new link replaces the old one");
    await press(tab, "Take the link back");
    assert.equal((await fetch(second)).status, 404);
    await tab.goto(`${base}/desk/calendar`);
    await press(tab, "Make a link");
    const third = await tab.locator("#calendar-link").innerText();
    await admit(["auditor"]);
    assert.equal((await fetch(third)).status, 404, "who no longer works at the desk reads no calendar");
    await admit(["analyst", "counsel", "approver"]);
    await context.close();
  });

  test("every page of the law is free of accessibility faults: wide, narrow, dark, and with all its parts open", async () => {
    for (const [look, name] of [
      [wide, "1280"],
      [narrow, "390"],
      [dark, "dark"],
    ] as const) {
      const { context, tab } = await enter(look);
      const places = [
        "calendar",
        "gags",
        `case/${warrant}`,
        `case/${european}/step/ConfirmDetails`,
        `case/${sealed}/step/ObjectToGag`,
        "calendar?kind=duty&kind=theirs",
        `case/${european}`,
        `case/${sealed}`,
        `case/${warrant}/step/OpenChallenge`,
        `case/${warrant}/step/TakeChallengeStep`,
        `case/${european}/step/RecordTransferGround`,
        `case/${european}/step/DecideEmergency`,
      ];
      for (const path of look === dark ? places.slice(0, 5) : places) {
        await tab.goto(`${base}/desk/${path}`);
        await tab.evaluate('document.querySelectorAll("details:not(.chip)").forEach((part) => { part.open = true; })');
        await assertClean(tab, `${path} at ${name}`);
        await shoot(
          tab,
          `${path
            .replace(european, "european")
            .replace(warrant, "warrant")
            .replace(sealed, "sealed")
            .replaceAll(/[^A-Za-z]+/g, "-")}-${name}`,
        );
      }
      await context.close();
    }
    assert.deepEqual(trouble, []);
  });

  async function confirmWarrant(tab: Tab, caseId: string): Promise<void> {
    await tab.goto(`${base}/desk/case/${caseId}/step/ConfirmDetails`);
    await tab.getByLabel("Signed by").selectOption("judge");
    await tab.getByLabel("Answer wanted by").fill("2026-11-30");
    for (const box of await tab.locator('input[name="given"]').all()) await box.check();
    await press(tab, "Confirm details");
    await assertRecorded(tab, "Confirm details");
  }

  async function takeStepOfChallenge(tab: Tab, what: string, on: string, words: string): Promise<void> {
    await tab.goto(`${base}/desk/case/${warrant}/step/TakeChallengeStep`);
    await tab.getByLabel(what).check();
    await tab.getByLabel("Day", { exact: true }).fill(on);
    await tab.getByLabel("In words").fill(words);
    await press(tab, "Record a step of the challenge");
    await assertRecorded(tab, "Record a step of the challenge");
  }

  async function admit(roles: readonly ("auditor" | "analyst" | "counsel" | "approver")[]): Promise<void> {
    const at = await desk();
    await admitStaff(at.ports, at.id, "desk" as Actor, { id: "ana", name: "Ana Analyst", email: "ana@harborworks.example", roles });
  }
});

/** A click does not wait for the page it leads to. */
async function press(tab: Tab, label: string): Promise<void> {
  await Promise.all([tab.waitForNavigation(), tab.getByRole("button", { name: label, exact: true }).first().click()]);
}

async function assertRecorded(tab: Tab, label: string): Promise<void> {
  const said = tab.getByText(`${label}: recorded.`);
  assert.ok(await said.isVisible(), `${label}: ${await tab.locator("main").innerText()}`.slice(0, 1500));
}

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

test("what would change a verdict is the last sentence of its reason; a reason that ends with its citation has none", () => {
  assert.deepEqual(splitReason("A subpoena does not reach message content (KDRP-11). A search warrant would."), {
    why: "A subpoena does not reach message content (KDRP-11).",
    change: "A search warrant would.",
  });
  assert.deepEqual(splitReason("An order from abroad does not reach it. (V21, 18 USC 2702)"), {
    why: "An order from abroad does not reach it. (V21, 18 USC 2702)",
  });
  assert.deepEqual(splitReason("One sentence."), { why: "One sentence." });
});
