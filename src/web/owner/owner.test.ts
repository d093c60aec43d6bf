// The owner's journey from the letter to the answer, in a browser without JavaScript, and what one customer must never see of another.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { openSecrets } from "../../app/case-secrets.ts";
import { handle, readCase } from "../../app/handle.ts";
import { giveNotices } from "../../app/owner-notice.ts";
import { proposeDetails } from "../../app/propose-details.ts";
import type { CaseView } from "../../app/case-view.ts";
import { instant } from "../../kernel/instant.ts";
import type { Actor, CaseId } from "../../kernel/ids.ts";
import { startDesk, owners, type RunningDesk } from "../../../tests/desks/running-desk.ts";
import { ownView } from "./own-view.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env["PORTCULLIS_PICTURES"];
const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as const };

let running: RunningDesk;
let browser: Browser;

before(async () => {
  running = await startDesk();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await running?.stop();
});

async function tab(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  return context.newPage();
}

async function holdsUp(page: Page, name: string): Promise<void> {
  const html = await page.content();
  for (const width of [1280, 390]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const twin = await context.newPage();
    await twin.route("**/*", async (route) =>
      route.request().url() === page.url() ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html }) : route.continue(),
    );
    await twin.goto(page.url());
    if (pictures !== undefined) await twin.screenshot({ path: `${pictures}/owner-${name}-${width}.png`, fullPage: true });
    await twin.evaluate(axe);
    const violations = (await twin.evaluate(
      `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" | ")))`,
    )) as string[];
    assert.deepEqual(violations, [], `${name} at ${width} px`);
    const overflow = (await twin.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) as number;
    assert.ok(overflow <= 0, `${name} is ${overflow} px too wide at ${width} px`);
    const small = (await twin.evaluate(
      `[...document.querySelectorAll("main button, main textarea, main a.button")].filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)`,
    )) as string[];
    assert.deepEqual(small, [], "every target is at least 44 px high");
    await context.close();
  }
}

interface Given {
  readonly number: string;
  readonly workspaces: readonly string[];
  readonly accounts: readonly string[];
  readonly more?: string;
}

const mail = ({ number, workspaces, accounts, more = "" }: Given) => `From: "Det. Maria Reyes" <mreyes@police.springfield.gov>
To: legal-process@kutano.example
Subject: Search warrant ${number}
Message-ID: <${number}@police.springfield.gov>
Date: Mon, 02 Mar 2026 10:00:00 -0700
Content-Type: text/plain; charset=utf-8

Springfield Police Department

Please find below a search warrant issued by the District Court of Clark County on March 1, 2026 and signed by
Judge Harold Stone, case no. ${number}, in a criminal investigation (fraud). ${more}

${workspaces.map((workspace) => `Workspace: ${workspace}`).join("\n")}
${accounts.map((account) => `Account: ${account}`).join("\n")}
Date range: January 1, 2026 through February 15, 2026
Data sought: message content and login history.

Detective Maria Reyes, Badge 4471
Phone: +1 303 555 0100
mreyes@police.springfield.gov
`;

/** A case whose owners have been told; links by workspace. */
async function noticed(given: Given): Promise<{ readonly caseId: CaseId; readonly links: ReadonlyMap<string, string> }> {
  const desk = await running.desk();
  const { caseId } = await running.receive(mail(given));
  const history = await readCase(desk, caseId);
  const proposal = await proposeDetails(desk, history, await openSecrets(desk, caseId, history));
  assert.ok(proposal);
  const confirmed = await handle(desk, { caseId, ...ana, command: { ...proposal } });
  assert.equal(confirmed.kind, "done", JSON.stringify(confirmed));
  const { links, reasons } = await giveNotices(desk, caseId, ana.by, ana.askers);
  assert.deepEqual(reasons, []);
  await running.sendWaitingLetters();
  return { caseId, links };
}

async function open(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Read the message" }).click();
}

const words = (page: Page) => page.locator("main").innerText();

test(
  "an owner opens the letter's link, reads what was asked and what will be sent, objects, and reads that everything stops",
  { timeout: 120_000 },
  async () => {
    const { caseId, links } = await noticed({ number: "26-SW-3001", workspaces: ["Acme Robotics"], accounts: ["jo@acme.example"] });
    const letter = (await running.letterTo(owners.acme)).replaceAll("=\r\n", "").replaceAll("=3D", "=");
    const link = links.get("acme") ?? "";
    assert.ok(letter.includes(link), "the link stands in the letter");
    const page = await tab();
    await page.goto(link);
    await holdsUp(page, "door");
    assert.doesNotMatch(await words(page), /Springfield|jo@|warrant|object/i, "before the button nothing is said");
    assert.equal((await fetch(`${running.url}/owner/${caseId}`)).status, 401);
    await page.getByRole("button", { name: "Read the message" }).click();
    await holdsUp(page, "letter");
    const text = await words(page);
    for (const said of [
      /Springfield Police Department has asked Kutano, Inc\./,
      /Acme Robotics/,
      /Message content of jo@acme\.example/,
      /Sign-in history of jo@acme\.example/,
      /Tue 10 Mar 2026/,
      /7 days/,
      /If you do nothing/,
      /Badge 4471/,
      /review is not signed yet/,
    ])
      assert.match(text, said);
    await page.getByLabel("Why you object").fill(`We are journalists. <script>alert(1)</script>`);
    await page.getByRole("button", { name: "We object" }).click();
    await holdsUp(page, "objected");
    assert.match(await words(page), /Your objection has arrived[\s\S]*Nothing is disclosed meanwhile/);
    const history = await readCase(await running.desk(), caseId);
    assert.equal(
      history.some(({ fact, by }) => fact.type === "ChallengeOpened" && fact.brought === "owner" && by === "owner:acme"),
      true,
    );
    assert.equal(await page.getByRole("button", { name: "We object" }).count(), 0);
    await page.getByRole("button", { name: "We will answer ourselves" }).click();
    assert.match(await words(page), /You will answer the agency yourselves/);
    await page.context().close();
  },
);

test("when two customers are affected, each reads the own lines only, and neither reads the paper", { timeout: 60_000 }, async () => {
  const { caseId, links } = await noticed({
    number: "26-SW-3002",
    workspaces: ["Acme Robotics", "Beta School"],
    accounts: ["jo@acme.example", "kim@beta.example"],
  });
  assert.equal(links.size, 2);
  const read = async (workspace: string) => {
    const page = await tab();
    await open(page, links.get(workspace) ?? "");
    const html = await page.content();
    await holdsUp(page, `shared-${workspace}`);
    await page.context().close();
    return html;
  };
  const [acme, beta] = [await read("acme"), await read("beta")];
  assert.match(acme, /jo@acme\.example/);
  assert.doesNotMatch(acme, /kim|beta/i);
  assert.match(beta, /kim@beta\.example/);
  assert.doesNotMatch(beta, /jo@|acme/i);
  const page = await tab();
  await open(page, links.get("beta") ?? "");
  await page.getByRole("button", { name: "We object" }).click();
  await page.context().close();
  const other = await tab();
  await open(other, links.get("acme") ?? "");
  assert.doesNotMatch(await words(other), /objection has arrived/, "one customer does not learn what another answered");
  assert.equal((await readCase(await running.desk(), caseId)).filter(({ fact }) => fact.type === "OwnerObjected").length, 1);
  await other.context().close();
});

test("an account that nobody could place may be another customer's, so the paper stays closed", () => {
  const subject = (id: string, workspace?: string) => ({ id, resolved: workspace !== undefined, ...(workspace === undefined ? {} : { workspace }) });
  const texts = (subjects: readonly object[]) =>
    ownView(
      { confirmed: { subjects, lines: [] }, lines: [], timeline: [], message: { sources: [{ id: "body", text: "paper" }] } } as unknown as CaseView,
      "acme",
      "owner:acme",
      [],
    ).texts.length;
  assert.equal(texts([subject("s1", "acme"), subject("s2", "acme")]), 1);
  assert.equal(texts([subject("s1", "acme"), subject("s2")]), 0);
  assert.equal(texts([subject("s1", "acme"), subject("s2", "beta")]), 0);
  assert.equal(texts([]), 0);
});

test("a wrong token, a token of another case and another case's page open nothing", async () => {
  const [first, second] = [
    await noticed({ number: "26-SW-3004", workspaces: ["Acme Robotics"], accounts: ["jo@acme.example"] }),
    await noticed({ number: "26-SW-3005", workspaces: ["Beta School"], accounts: ["kim@beta.example"] }),
  ];
  const token = first.links.get("acme")?.split("/").at(-1) ?? "";
  const enter = (path: string) =>
    fetch(running.url + path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: running.url, "content-type": "application/x-www-form-urlencoded" },
      body: "",
    });
  for (const path of [
    `/owner/${second.caseId}/${token}`,
    `/owner/${first.caseId}/${"A".repeat(43)}`,
    `/owner/C-0000-0000/${token}`,
    `/owner/nonsense/${token}`,
  ])
    assert.equal((await enter(path)).status, 404, path);
  const page = await tab();
  await open(page, first.links.get("acme") ?? "");
  assert.equal((await page.goto(`${running.url}/owner/${second.caseId}`))?.status(), 401);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const object = (caseId: string, origin: string, answer = "object", text = "") =>
    fetch(`${running.url}/owner/${caseId}`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie, origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ answer, text }),
    });
  assert.equal((await object(second.caseId, running.url)).status, 401);
  assert.equal((await object(first.caseId, "https://evil.example")).status, 403, "a post from another site is refused");
  const tooLong = await object(first.caseId, running.url, "object", "x".repeat(20_001));
  assert.equal(tooLong.status, 422);
  assert.match(await tooLong.text(), /Shorten your reasons/);
  for (const caseId of [first.caseId, second.caseId])
    assert.equal(
      (await readCase(await running.desk(), caseId)).some(({ fact }) => fact.type === "OwnerObjected"),
      false,
    );
  await page.context().close();
});

test("markup in the agency's paper stays text", async () => {
  const { links } = await noticed({
    number: "26-SW-3006",
    workspaces: ["Acme Robotics"],
    accounts: ["jo@acme.example"],
    more: "<script>alert(1)</script><img src=x onerror=alert(2)>",
  });
  const page = await tab();
  await open(page, links.get("acme") ?? "");
  assert.match(await words(page), /<script>alert\(1\)<\/script>/);
  assert.equal(await page.locator("main script, main img").count(), 0);
  await page.context().close();
});

test("a secrecy order that binds closes the letter, whoever holds the link", async () => {
  const { caseId, links } = await noticed({ number: "26-SW-3007", workspaces: ["Acme Robotics"], accounts: ["jo@acme.example"] });
  const gagged = await handle(await running.desk(), { caseId, ...ana, command: gag });
  assert.equal(gagged.kind, "done", JSON.stringify(gagged));
  const page = await tab();
  await open(page, links.get("acme") ?? "");
  assert.doesNotMatch(await page.content(), /Springfield|jo@acme|secrecy/i);
  await page.context().close();
});

const gag = {
  type: "RecordGag",
  instrument: "US-NDO",
  issuedBy: "court",
  start: "2026-03-02",
  end: "2026-05-01",
  private: { court: "District Court of Clark County", number: "26-NDO-7", scope: "the existence of the warrant" },
};

test("when the request was withdrawn, the letter says why it takes no answer", async () => {
  const { caseId, links } = await noticed({ number: "26-SW-3008", workspaces: ["Acme Robotics"], accounts: ["jo@acme.example"] });
  const page = await tab();
  await open(page, links.get("acme") ?? "");
  await handle(await running.desk(), { caseId, ...ana, command: { type: "RecordWithdrawal" } });
  await page.getByRole("button", { name: "We object" }).click();
  await holdsUp(page, "too-late");
  assert.match(await words(page), /We could not take your answer[\s\S]*The case is closed/);
  await page.context().close();
});

test("the time to object is over on the eighth day, and the letter shows it", async () => {
  const { links } = await noticed({ number: "26-SW-3009", workspaces: ["Acme Robotics"], accounts: ["jo@acme.example"] });
  running.clock.set(instant("2026-03-11T12:00:00Z"));
  const page = await tab();
  await open(page, links.get("acme") ?? "");
  assert.match(await words(page), /Kept/);
  await holdsUp(page, "time-over");
  await page.context().close();
});
