// A letter's page at the desk: opened from its case by those who may open the case, under a name that tells nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { startDesk, type RunningDesk } from "../../../tests/desks/running-desk.ts";
import { startLetterPrinter } from "../../adapters/print/letter-printer.ts";
import { findCaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { receiveMessage } from "../../app/receive-message.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor, CaseId } from "../../kernel/ids.ts";

const raw = (nth: number) =>
  Buffer.from(
    `From: "Det. Reyes" <mreyes@police.springfield.gov>\r\nTo: legal-process@kutano.example\r\nSubject: Subpoena ${nth}\r\nMessage-ID: <page-${nth}@police.springfield.gov>\r\n\r\nSubpoena ${nth} for jo@acme.example in workspace Acme Robotics.\r\n`,
  );

let running: RunningDesk;
let cookie = "";
let printed: CaseId;
let unprinted: CaseId;

before(async () => {
  running = await startDesk();
  const desk = await running.desk();
  printed = await openCase(desk, 1);
  const printer = startLetterPrinter({ timeoutMs: 1 });
  unprinted = await openCase({ ...desk, ports: { ...desk.ports, printer } }, 2);
  await printer.close();
  const link = (await offerStaffLink(desk, "ana", "desk" as Actor)) ?? assert.fail("no link");
  const answer = await fetch(link, { method: "POST", headers: { origin: running.url }, redirect: "manual" });
  cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
});
after(() => running.stop());

async function openCase(desk: Desk, nth: number): Promise<CaseId> {
  const bytes = raw(nth);
  const pieces = async function* () {
    yield bytes;
  };
  const received = { door: "mail", clientIp: "203.0.113.5", helo: "mx.police.springfield.gov", mailFrom: "mreyes@police.springfield.gov" } as const;
  return (await receiveMessage(desk, { raw: bytes, bytes: pieces, ...received, receivedAt: running.clock.now() })).caseId;
}

async function pathOf(caseId: CaseId): Promise<string> {
  const view = await findCaseView(await running.desk(), caseId, "desk" as Actor, ["desk"]);
  return `/desk/case/${caseId}/letter/${view?.letters[0]?.letter ?? assert.fail("no letter")}`;
}

const get = (path: string, as = cookie) => fetch(`${running.url}${path}`, { headers: as === "" ? {} : { cookie: as }, redirect: "manual" });

test("a member of the desk gets the page as a file, named after the case and the kind of letter alone", async () => {
  const answer = await get(await pathOf(printed));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/pdf");
  assert.equal(answer.headers.get("content-disposition"), `attachment; filename="${printed}-letter-acknowledgement.pdf"`);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 5)
      .toString(),
    "%PDF-",
  );
});

test("a stranger is sent to the door and learns nothing of the letter", async () => {
  for (const as of ["", "portcullis-desk=stolen"]) {
    const answer = await get(await pathOf(printed), as);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "/desk/sign-in");
  }
});

test("another letter's number, another case's number, or a letter without a page is not found", async () => {
  const letter = (await pathOf(printed)).split("/").at(-1);
  for (const path of [
    `/desk/case/${printed}/letter/x`,
    `/desk/case/${unprinted}/letter/${letter}`,
    `/desk/case/C-0000-0000/letter/${letter}`,
    await pathOf(unprinted),
  ])
    assert.equal((await get(path)).status, 404, path);
});

test("the case page offers the page, and says it openly where a letter has none", async () => {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url: `${running.url}/desk` }]);
    const tab = await context.newPage();
    await openLetters(tab, printed);
    await shoot(tab, "letter-with-page");
    assert.equal(await tab.getByRole("link", { name: /^This letter as PDF \(\d+ KiB\)$/ }).getAttribute("href"), await pathOf(printed));
    await openLetters(tab, unprinted);
    assert.ok((await tab.locator(".banner").allInnerTexts()).some((text) => text.includes("This letter has no page as PDF and goes as text alone.")));
    await tab.setViewportSize({ width: 390, height: 844 });
    assert.ok(await tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways");
    await shoot(tab, "letter-without-page");
  } finally {
    await browser.close();
  }
});

async function openLetters(tab: Tab, caseId: CaseId): Promise<void> {
  await tab.goto(`${running.url}/desk/case/${caseId}`);
  await tab.locator('details[name="letter"] summary', { hasText: "to the agency" }).click();
}

async function shoot(tab: Tab, name: string): Promise<void> {
  const folder = process.env["PORTCULLIS_SHOTS"];
  if (folder !== undefined) await tab.locator('details[name="letter"]').screenshot({ path: `${folder}/${name}.png` });
}
