// One partner's year through the browser: registered, signed, reporting, reminded, disputed, corrected, ended and certified; and another partner sees none of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { admitStaff } from "../../src/app/directory.ts";
import { readDirectAccess, recordAccessNotice, recordDirectAccess } from "../../src/app/direct-access.ts";
import { projectPartners } from "../../src/app/project-partners.ts";
import { givePartnerKey, makePartnerLink } from "../../src/app/partner-portal.ts";
import { findPartnerView, partnerActor, readPartner } from "../../src/app/partners.ts";
import { offerStaffLink } from "../../src/app/sign-in.ts";
import { react } from "../../src/app/wake.ts";
import { wakePartners } from "../../src/app/wake-partners.ts";
import { readPartnerNumber, type Actor, type PartnerId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { launchBrowser } from "../browser.ts";
import { partnerMailboxes, startDesk, type RunningDesk } from "../desks/running-desk.ts";

let desk: RunningDesk;
let browser: Browser;
let counsel: Page;
let pine: Page;
let partner: PartnerId;

const ana = "staff:ana" as Actor;

before(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchBrowser()]);
  const { id, ports } = await desk.desk();
  await admitStaff(ports, id, ana, { id: "cleo", name: "Cleo", email: "cleo@kutano.example", roles: ["counsel"] });
  counsel = await newPage();
  await counselSignsIn();
});
after(async () => {
  await browser.close();
  await desk.stop();
});

/** Presses what leads to another page, and waits until that one is there. */
async function press(what: Locator): Promise<void> {
  await Promise.all([what.page().waitForEvent("load"), what.click()]);
}

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(8000);
  return page;
}

async function counselSignsIn(): Promise<void> {
  await counsel.goto((await offerStaffLink(await desk.desk(), "cleo", ana)) ?? "");
  await press(counsel.getByRole("button").first());
}

/** Sessions end after some hours: on another day everybody signs in again. */
async function onAnotherDay(moment: string): Promise<void> {
  desk.clock.set(instant(moment));
  await counselSignsIn();
  // A mailbox gets three letters a quarter of an hour: this time the company hands the link over.
  await pine.goto(await makePartnerLink(await desk.desk(), partner, "staff:cleo" as Actor));
  await press(pine.getByRole("button", { name: "Sign in" }));
}

/** One round as the service makes it: seal, lists, reactions, clocks, letters. */
async function round(): Promise<void> {
  const current = await desk.desk();
  await current.ports.ledger.seal(current.id, current.ports.clock.now());
  await projectPartners(current);
  await react(current);
  await wakePartners(current);
  await desk.sendWaitingLetters();
}

type Answers = Readonly<Record<string, string | readonly string[]>>;

/** Fills a form by the names of its fields: text, choices by value. */
async function fill(page: Page, answers: Answers): Promise<void> {
  for (const [name, value] of Object.entries(answers)) {
    const field = page.locator(`[name="${name}"]`).first();
    const kind = await field.evaluate((element) =>
      element.tagName === "INPUT" ? (element as unknown as { readonly type: string }).type : element.tagName.toLowerCase(),
    );
    if (kind === "radio" || kind === "checkbox") for (const each of [value].flat()) await page.check(`input[name="${name}"][value="${each}"]`);
    else if (kind === "select") await field.selectOption(String(value));
    else await field.fill(String(value));
  }
}

async function desks(step: string, answers: Answers, query = ""): Promise<void> {
  await counsel.goto(`${desk.url}/desk/partners/${partner}/step/${step}${query}`);
  await fill(counsel, answers);
  await press(counsel.locator("#step button[type=submit]"));
  assert.match(counsel.url(), new RegExp(`done=${step}`), await counsel.locator("main").innerText());
}

async function reports(step: string, answers: Answers, query = ""): Promise<void> {
  await pine.goto(`${desk.url}/partner/report/${step}${query}`);
  await fill(pine, answers);
  await press(pine.locator("#step button[type=submit]"));
  assert.match(pine.url(), /\/partner\/receipt\/\d+$/, await pine.locator("main").innerText());
}

/** The sign-in link of the newest letter to this mailbox. */
async function linkFor(mailbox: string, count: number): Promise<string> {
  const raw = (await desk.letterTo(mailbox, count)).replaceAll("=\r\n", "").replaceAll("=3D", "=");
  return /http:\/\/127[^\s]+\/partner\/link\/[\w-]+/.exec(raw)?.[0] ?? assert.fail("the letter holds no link");
}

async function signIn(mailbox: string): Promise<Page> {
  const page = await newPage();
  const count = desk.caught.length;
  await page.goto(`${desk.url}/partner/sign-in`);
  await page.fill("#mailbox", mailbox);
  await press(page.getByRole("button", { name: "Send the link" }));
  await page.goto(await linkFor(mailbox, count));
  await press(page.getByRole("button", { name: "Sign in" }));
  assert.equal(new URL(page.url()).pathname, "/partner");
  return page;
}

async function newPartner(name: string, notices: string): Promise<PartnerId> {
  await counsel.goto(`${desk.url}/desk/partners/new`);
  await fill(counsel, { country: "US", zone: "America/Denver", name, notices });
  await press(counsel.locator("#step button[type=submit]"));
  return readPartnerNumber(new URL(counsel.url()).pathname.split("/").at(-1) ?? "") ?? assert.fail(counsel.url());
}

const agreement = {
  entity: "us-inc",
  signedOn: "2026-03-01",
  startsOn: "2026-03-02",
  renewsOn: "2027-03-02",
  termMonths: "12",
  aiProduct: "yes",
  usStaff: "no",
  apiPolicy: "2026.1",
};

test("a partner is registered and its agreement recorded; the page says at once what it owes and why that date", async () => {
  partner = await newPartner("Pine Learning", partnerMailboxes.pine);
  await desks("SignAgreement", agreement);
  pine = await signIn(partnerMailboxes.pine);
  const text = await pine.locator("main").innerText();
  assert.match(text, /Security certification/);
  assert.match(text, /State the revenue of 2026-03/);
  await press(pine.getByRole("link", { name: "Security certification" }));
  assert.match(await pine.locator("main").innerText(), /owed since Mon 2 Mar 2026/);
});

test("the longest name of a duty or a right fits a telephone, for the partner and for the desk", async () => {
  const sizes = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 800 } };
  for (const [page, path] of [
    [pine, "/partner"],
    [counsel, `/desk/partners/${partner}`],
  ] as const) {
    await page.setViewportSize(sizes.narrow);
    await looksRight(page, path);
    assert.match(await page.locator("main").innerText(), /Last day to cancel the renewal of/);
    await page.setViewportSize(sizes.wide);
  }
});

test("what is reported is on record with a receipt whose proof stands in the ledger", async () => {
  await reports(
    "FilePaper",
    { on: "2026-03-02", until: "2027-03-01", confirms: ["SEC-1.3"], proof: "iso-27001", words: "Certificate of our data centre" },
    "?paper=certification",
  );
  const proof = await pine.context().request.get(`${pine.url()}/proof.json`);
  assert.equal(proof.status(), 200);
  assert.equal(((await proof.json()) as { readonly record: string }).record.includes("PaperFiled"), true);
  await press(pine.getByRole("link", { name: "See the words and papers" }));
  assert.match(await pine.locator("main").innerText(), /Certificate of our data centre/);
});

test("a paper that is uploaded comes back byte for byte, and never opens in the browser", async () => {
  await pine.goto(`${desk.url}/partner/report/FilePaper?paper=training`);
  await fill(pine, { on: "2026-03-01", confirms: ["SEC-1.1(l)"] });
  await pine.setInputFiles("#file", { name: "training <b>.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 hello") });
  await press(pine.locator("#step button[type=submit]"));
  const version = /receipt\/(\d+)$/.exec(pine.url())?.[1] ?? assert.fail(await pine.locator("main").innerText());
  const got = await pine.context().request.get(`${desk.url}/partner/paper/${version}/file`);
  assert.equal(await got.text(), "%PDF-1.7 hello");
  assert.equal(got.headers()["content-type"], "application/octet-stream");
  assert.match(got.headers()["content-disposition"] ?? "", /^attachment/);
});

test("a form that lacks an answer says which, keeps the others and records nothing", async () => {
  const before = (await readPartner(await desk.desk(), partner)).length;
  await pine.goto(`${desk.url}/partner/report/ReportAccessRequest`);
  await fill(pine, { country: "usa", words: "They ask for one account." });
  await press(pine.locator("#step button[type=submit]"));
  const text = await pine.locator(".error-summary").innerText();
  assert.match(text, /Enter: When anybody of yours first received it/);
  assert.equal(await pine.inputValue("#words"), "They ask for one account.");
  assert.equal((await readPartner(await desk.desk(), partner)).length, before);
});

test("a government request and a breach are told in time, each beside its clock (DPA-8.1a, SEC-2.1a)", async () => {
  await onAnotherDay("2026-03-09T16:00:00Z");
  await reports("ReportAccessRequest", {
    receivedAt: "2026-03-06T22:15",
    servedOn: "partner",
    isBinding: "yes",
    country: "US",
    words: "A subpoena for one account.",
  });
  await reports("ReportBreach", {
    suspectedAt: "2026-03-08T20:00",
    touchesPersonalData: "yes",
    causedByPartner: "yes",
    to: ["security", "privacy"],
    blocks: ["nature", "contact", "consequences", "measures"],
    words: "A key was published by mistake.",
  });
  await pine.goto(`${desk.url}/partner`);
  assert.match(await pine.locator("main").innerText(), /Give the next update on the breach/);
  await counsel.goto(`${desk.url}/desk/partners/${partner}`);
  assert.match(await counsel.locator("main").innerText(), /The company was told of a government request/);
});

test("reminders come at fractions of each clock, in one letter that names nobody in its subject; what was too late for one is a fact", async () => {
  const count = desk.caught.length;
  await onAnotherDay("2026-03-17T19:00:00Z");
  await round();
  const raw = await desk.letterTo(partnerMailboxes.pine, count);
  assert.match(raw, new RegExp(`Subject: Reminder for ${partner}: \\d+ due soon`));
  assert.match(raw.replaceAll("=\r\n", ""), /Why this date: owed since/);
  const facts = (await readPartner(await desk.desk(), partner)).map(({ fact }) => fact.type);
  for (const type of ["ReminderGiven", "ReminderMissed", "DutyFellOverdue", "PartnerLetterWritten", "PartnerLetterSent"] as const)
    assert.ok(facts.includes(type), type);
  const before = facts.length;
  await round();
  assert.equal(
    (await readPartner(await desk.desk(), partner)).filter(({ fact }) => fact.type === "ReminderGiven").length,
    facts.filter((type) => type === "ReminderGiven").length,
  );
  assert.ok((await readPartner(await desk.desk(), partner)).length <= before + 1);
});

test("the desk sees who is late, and a duty that is disputed", async () => {
  await counsel.goto(`${desk.url}/desk/partners`);
  assert.match(await counsel.locator("main").innerText(), new RegExp(partner));
  await counsel.goto(`${desk.url}/desk/partners?list=overdue`);
  assert.match(await counsel.locator("main").innerText(), /Certificate of no back doors/);
  await pine.goto(`${desk.url}/partner`);
  await press(pine.getByRole("link", { name: "Certificate of no back doors" }).first());
  await press(pine.getByRole("link", { name: "Dispute it" }));
  await fill(pine, { words: "We sent it by post in February." });
  await press(pine.locator("#step button[type=submit]"));
  await round();
  await counsel.goto(`${desk.url}/desk/partners?list=disputed`);
  assert.match(await counsel.locator("main").innerText(), new RegExp(`${partner}[\\s\\S]*Disputed`));
});

test("a faulty sales ledger records nothing and lists every faulty row; a whole one makes the statements, with PDF and CSV (AI-5b)", async () => {
  await onAnotherDay("2026-05-04T16:00:00Z");
  const rows = [
    "date,product,currency,kind,amount",
    "2026-03-04,tutor,USD,sale,18450.00",
    "2026-03-09,tutor,USD,tax,1230.00",
    "2026-03-11,tutor,USD,credit,640.00",
    "2026-03-30,tutor,USD,expense,415.50",
    "2026-04-02,tutor,USD,sale,100.00",
  ];
  const upload = async (lines: readonly string[]) => {
    await pine.goto(`${desk.url}/partner/sales`);
    await pine.setInputFiles("#file", { name: "sales.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
    await press(pine.getByRole("button", { name: "Check and make statements" }));
  };
  await upload([...rows.slice(0, 2), "2026-03-41,tutor,QQQ,sale,-5", ...rows.slice(2)]);
  const text = await pine.locator("main").innerText();
  assert.match(text, /3 faults in 6 rows: nothing was recorded/);
  await upload(rows);
  assert.equal(new URL(pine.url()).pathname, "/partner/statements");
  assert.match(await pine.locator("main").innerText(), /2026-03[\s\S]*USD 4849\.35/);
  await press(pine.getByRole("link", { name: "2026-03" }));
  const request = pine.context().request;
  assert.match(await (await request.get(`${pine.url()}/statement.csv`)).text(), /Net revenue,16164\.50,AI-5b/);
  assert.equal((await (await request.get(`${pine.url()}/statement.pdf`)).body()).subarray(0, 5).toString(), "%PDF-");
});

test("late payment: interest has run by the whole month, and the desk records what was paid (AI-5c)", async () => {
  await onAnotherDay("2026-06-02T16:00:00Z");
  await counsel.goto(`${desk.url}/desk/partners/${partner}`);
  await press(counsel.getByRole("link", { name: "2026-03" }).first());
  assert.match(await counsel.locator("main").innerText(), /USD 4922\.09/);
  await press(counsel.getByRole("link", { name: "Record a payment" }));
  await fill(counsel, { amount: "4922.09", on: "2026-06-02" });
  await press(counsel.locator("#step button[type=submit]"));
  assert.match(counsel.url(), /done=PayShare/, await counsel.locator("main").innerText());
});

test("another partner sees nothing of this one: no duty, no fact, no paper, no statement, and no key opens both", async () => {
  const oak = await newPartner("Oak Tutors", partnerMailboxes.oak);
  const other = await signIn(partnerMailboxes.oak);
  const request = other.context().request;
  for (const path of ["/partner", "/partner/record", "/partner/statements"]) {
    await other.goto(`${desk.url}${path}`);
    assert.doesNotMatch(await other.locator("body").innerText(), new RegExp(`${partner}|Pine|4849`), path);
  }
  const history = await readPartner(await desk.desk(), partner);
  const statement = history.find(({ fact }) => fact.type === "StatementMade")?.fact;
  assert.ok(statement?.type === "StatementMade");
  for (const path of [
    `/partner/statement/${statement.statement}`,
    `/partner/statement/${statement.statement}/statement.csv`,
    "/partner/receipt/5",
    "/partner/paper/5/file",
    `/partner/duty/${encodeURIComponent("SEC-1.3:2026-03-02")}`,
  ])
    assert.equal((await request.get(`${desk.url}${path}`)).status(), 404, path);
  assert.equal((await request.get(`${desk.url}/desk/partners/${partner}`, { maxRedirects: 0 })).status(), 303);
  await other.goto(`${desk.url}/partner/settings`);
  await press(other.getByRole("button", { name: "Make an API key" }));
  const key = (await other.locator("#secret").textContent()) ?? "";
  const answer = (await (await fetch(`${desk.url}/api/partner/record`, { headers: { authorization: `Bearer ${key}` } })).json()) as {
    readonly partner: string;
    readonly facts: readonly { readonly fact: { readonly type: string } }[];
  };
  assert.deepEqual([answer.partner, answer.facts.map(({ fact }) => fact.type)], [oak, ["PartnerRegistered", "PartnerKeyGiven"]]);
  assert.equal((await fetch(`${desk.url}/api/partner/record`, { headers: { authorization: "Bearer wrong-wrong-wrong-wrong" } })).status, 401);
  assert.equal((await fetch(`${desk.url}/api/partner/record`)).status, 401);
});

test("the API takes the same steps with the same refusals, and a key that was taken back opens nothing", async () => {
  await pine.goto(`${desk.url}/partner/settings`);
  await press(pine.getByRole("button", { name: "Make an API key" }));
  const key = (await pine.locator("#secret").textContent()) ?? "";
  const ask = (path: string, body?: unknown) =>
    fetch(`${desk.url}/api/partner/${path}`, {
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
  const told = await ask("steps/RelayRightsRequest", {
    receivedAt: "2026-06-02T10:00:00-06:00",
    right: "access",
    from: "data-subject",
    private: { words: "A student asks for her data." },
  });
  assert.equal(told.status, 201, await told.clone().text());
  const refused = await ask("steps/EndAgreement", { ground: "security-breach", on: "2026-06-30" });
  assert.deepEqual(
    [refused.status, ((await refused.json()) as { readonly reasons: readonly { readonly clause: string }[] }).reasons[0]?.clause],
    [409, "SEC-2.3"],
  );
  const misread = await ask("steps/RelayRightsRequest", { right: "telepathy" });
  assert.equal(misread.status, 422);
  assert.equal((await ask("steps/DecideLeave", { leave: "x", answer: "granted" })).status, 409);
  const due = (await (await ask("duties?state=met")).json()) as { readonly duties: readonly { readonly clause: string; readonly derivation: string }[] };
  assert.ok(due.duties.some(({ clause }) => clause === "DPA-3a"));
  assert.ok(due.duties.every(({ derivation }) => derivation.length > 10));
  await pine.goto(`${desk.url}/partner/settings`);
  await press(pine.getByRole("button", { name: "Take it back" }));
  assert.equal((await ask("duties")).status, 401);
});

test("a calendar program reads the dates by a link, and nothing else opens with it", async () => {
  await pine.goto(`${desk.url}/partner/settings`);
  await press(pine.getByRole("button", { name: "Make a calendar link" }));
  const link = (await pine.locator("#secret").textContent()) ?? "";
  const file = await (await fetch(link)).text();
  assert.match(file, /BEGIN:VEVENT[\s\S]*SUMMARY:P-[\w-]+: AI-5/);
  assert.doesNotMatch(file, /Pine/);
  assert.equal((await fetch(link.replace(/subscribed\/./, "subscribed/~"))).status, 404);
  assert.equal((await fetch(`${desk.url}/partner`, { redirect: "manual" })).status, 303);
});

test("the year ends: breach, cure that does not come, end of the agreement, deletion, certificate (PPT-4a, DPA-10a, DPA-10d)", async () => {
  await desks("NoticeBreach", { clause: "SEC-1.2.4(a)", receivedOn: "2026-06-02", words: "The certificate of no back doors is missing." });
  await onAnotherDay("2026-07-03T16:00:00Z");
  const history = await readPartner(await desk.desk(), partner);
  const notice = history.find(({ fact }) => fact.type === "BreachNoticed")?.fact;
  assert.ok(notice?.type === "BreachNoticed");
  await desks("EndAgreement", { ground: "uncured-breach", because: notice.notice, on: "2026-07-03" });
  await onAnotherDay("2026-07-05T16:00:00Z");
  await reports("NameStore", { store: "db-1", kind: "live" });
  await reports("NameStore", { store: "tape-1", kind: "backup" });
  await reports("ClearStore", { store: "db-1", on: "2026-07-05", how: "deleted" });
  await pine.goto(`${desk.url}/partner/report/GiveCertificate`);
  await fill(pine, { through: "2026-07-05", words: "P. Pine, director" });
  await press(pine.locator("#step button[type=submit]"));
  assert.match(await pine.locator(".banner-stop").innerText(), /tape-1 is neither cleared nor held/);
  await reports("ClearStore", { store: "tape-1", on: "2026-07-05", how: "overwritten" });
  await reports("GiveCertificate", { through: "2026-07-05", words: "P. Pine, director" });
  await pine.goto(`${desk.url}/partner`);
  assert.doesNotMatch(await pine.locator("main").innerText(), /Return or delete/);
});

test("the promises count it all: kept, late, open, overdue and excused, clause by clause", async () => {
  await round();
  const page = await newPage();
  await page.goto(`${desk.url}/promises`);
  assert.match(await page.locator(`[id="DPA-8.1a"]`).innerText(), /Today\s+1 kept, 0 kept late/);
  assert.match(await page.locator(`[id="SEC-1.2.4(a)"]`).innerText(), /Enforced by\s+src\/partners\/attestations/);
  for (const clause of ["PPT-1.2", "DPA-4", "PPT-7a", "UKA-T3"])
    assert.match(await page.locator(`[id="${clause}"]`).innerText(), /Today\s+no duty under it/, clause);
});

test("direct access at the company itself is recorded, told within a day, and told once (IGRP-2)", async () => {
  await counsel.goto(`${desk.url}/desk/direct-access`);
  await fill(counsel, { knownAt: "2026-07-04T09:00", words: "An agency read one mailbox through a broken interface." });
  await press(counsel.getByRole("button", { name: "Record direct access" }));
  assert.match(await counsel.locator("main").innerText(), /Sat 4 Jul 2026 09:00 Denver \+ 24 hours = Sun 5 Jul 2026 09:00 Denver/);
  await counsel.getByLabel("Who was told, and what").fill("The owner of the workspace, by letter.");
  await press(counsel.getByRole("button", { name: "Record the notice" }));
  assert.match(await counsel.locator("main").innerText(), /Kept/);
  const current = await desk.desk();
  const [recorded] = await readDirectAccess(current);
  const again = await recordAccessNotice(current, ana, { access: recorded?.access ?? "", words: "again" });
  assert.deepEqual(again.kind === "refused" && again.reasons.map(({ code }) => code), ["TOLD"]);
  const ahead = await recordDirectAccess(current, ana, { knownAt: "2027-01-01T00:00:00Z", words: "not yet" });
  assert.deepEqual(ahead.kind === "refused" && ahead.reasons.map(({ code }) => code), ["NOT_YET"]);
});

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function looksRight(page: Page, path: string): Promise<void> {
  await page.goto(`${desk.url}${path}`);
  await page.evaluate(axe);
  const findings = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`,
  );
  assert.deepEqual(findings, [], path);
  assert.ok(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), `${path} scrolls sideways`);
}

for (const width of [1280, 390]) {
  test(`axe finds nothing on the pages of the partner program at ${width} pixels, and nothing scrolls sideways`, async () => {
    const history = await readPartner(await desk.desk(), partner);
    const statement = history.find(({ fact }) => fact.type === "StatementMade")?.fact;
    assert.ok(statement?.type === "StatementMade");
    await pine.setViewportSize({ width, height: 800 });
    await counsel.setViewportSize({ width, height: 800 });
    const [{ id = "" } = {}] = (await findPartnerView(await desk.desk(), partner, ana))?.duties ?? [];
    const own = [
      "",
      "/report",
      "/report/FilePaper",
      "/report/FilePaper?paper=security-standards",
      "/report/ReportBreach",
      "/statements",
      `/statement/${statement.statement}`,
      "/sales",
      "/record",
      "/receipt/3",
      "/paper/3",
      "/settings",
      `/duty/${encodeURIComponent(id)}`,
    ];
    for (const path of own) await looksRight(pine, `/partner${path}`);
    const lists = ["late", "overdue", "due", "open", "disputed", "partners"].map((list) => `?list=${list}`);
    for (const path of [
      ...lists,
      "/new",
      `/${partner}`,
      `/${partner}/annex`,
      `/${partner}/duty/${encodeURIComponent(id)}`,
      `/${partner}/step/SignDocument`,
      `/${partner}/fact/3`,
      `/${partner}/statement/${statement.statement}`,
    ])
      await looksRight(counsel, `/desk/partners${path}`);
    await looksRight(counsel, "/desk/direct-access");
  });
}

test("a partner who signed out sees the sign-in page, and its spent link opens nothing", async () => {
  await pine.goto(`${desk.url}/partner`);
  await press(pine.getByRole("button", { name: "Sign out" }));
  await pine.goto(`${desk.url}/partner/record`);
  assert.equal(new URL(pine.url()).pathname, "/partner/sign-in");
  const count = desk.caught.length;
  await pine.fill("#mailbox", partnerMailboxes.pine);
  await press(pine.getByRole("button", { name: "Send the link" }));
  const link = await linkFor(partnerMailboxes.pine, count);
  const token = new URL(link).pathname;
  assert.equal((await fetch(`${desk.url}${token}`)).status, 200);
  assert.equal((await fetch(`${desk.url}${token}`)).status, 200);
  const spend = () =>
    fetch(`${desk.url}${token}`, { method: "POST", redirect: "manual", headers: { origin: desk.url, "content-type": "application/x-www-form-urlencoded" } });
  assert.deepEqual([(await spend()).status, (await spend()).status], [303, 410]);
});

test("one partner cannot flood the ledger: past six hundred steps in a quarter of an hour it is told to wait, and may still read", async () => {
  const elm = await newPartner("Elm Tutors", "notices@elm.example");
  const key = await givePartnerKey(await desk.desk(), elm, "api", partnerActor(elm));
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const send = () => fetch(`${desk.url}/api/partner/steps/NoSuchStep`, { method: "POST", headers, body: "{}" });
  let answer = await send();
  for (let sent = 1; answer.status === 404 && sent <= 600; sent += 1) {
    await answer.arrayBuffer();
    answer = await send();
  }
  assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "900"]);
  assert.match(await answer.text(), /TOO_MUCH/);
  assert.equal((await fetch(`${desk.url}/api/partner/duties`, { headers })).status, 200);
});
