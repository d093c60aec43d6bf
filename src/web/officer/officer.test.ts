// The officer's whole journey in a browser without JavaScript, and what a hostile visitor must not reach.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { openSecrets } from "../../app/case-secrets.ts";
import { appendFacts, handle, readCase } from "../../app/handle.ts";
import { base64 } from "../../app/package-key.ts";
import { findOwnCase } from "../../app/portal.ts";
import { proposeDetails } from "../../app/propose-details.ts";
import { addHours } from "../../kernel/instant.ts";
import type { Actor, CaseId } from "../../kernel/ids.ts";
import { noteCrypto } from "../../adapters/keys/log-signing.ts";
import type { LedgerProof } from "../../ledger/port.ts";
import { verifyProof } from "../../ledger/verify-proof.ts";
import { rateLimit } from "../rate-limit.ts";
import { officer, otherOfficer, startDesk, type RunningDesk } from "../../../tests/desks/running-desk.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env["PORTCULLIS_PICTURES"];
const xss = `<script>alert(1)</script><img src=x onerror=alert(2)>"'`;

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

async function tab(width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: false, acceptDownloads: true });
  return context.newPage();
}

/** Looks at the page as it is now with axe, at 1280 and 390 px: in a twin page with scripts, since the page itself has none. */
async function holdsUp(page: Page, name: string): Promise<void> {
  const html = await page.content();
  for (const width of [1280, 390]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const twin = await context.newPage();
    await twin.route("**/*", async (route) =>
      route.request().url() === page.url() ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html }) : route.continue(),
    );
    await twin.goto(page.url());
    if (pictures !== undefined) await twin.screenshot({ path: `${pictures}/officer-${name}-${width}.png`, fullPage: true });
    await twin.evaluate(axe);
    const violations = (await twin.evaluate(
      `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" | ")))`,
    )) as string[];
    assert.deepEqual(violations, [], `${name} at ${width} px`);
    const overflow = (await twin.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) as number;
    assert.ok(overflow <= 0, `${name} is ${overflow} px too wide at ${width} px`);
    await context.close();
  }
}

const linkIn = (letter: string) => /http:\/\/127\.0\.0\.1:\d+(\/\S+)/.exec(letter.replaceAll("=\r\n", ""))?.[1] ?? "";

const sessions = new Map<string, Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>>();

/** Once a mailbox: more letters than three are not sent within a quarter of an hour. */
async function signIn(page: Page, mailbox: string): Promise<void> {
  const known = sessions.get(mailbox);
  if (known !== undefined) return page.context().addCookies(known);
  const before = running.caught.length;
  await page.goto(`${running.url}/officer/mailbox`);
  await page.getByLabel("Your government mailbox").fill(mailbox);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.goto(running.url + linkIn(await running.letterTo(mailbox, before)));
  await page.getByRole("button", { name: "Sign in" }).click();
  sessions.set(mailbox, await page.context().cookies());
}

async function fillForm(page: Page, given: { readonly agency?: string; readonly key?: string; readonly look?: boolean } = {}): Promise<void> {
  const go = async (name: string) => {
    if (given.look === true) await holdsUp(page, name);
    await page.getByRole("button", { name: "Save and continue" }).click();
  };
  await page.goto(`${running.url}/officer/request`);
  if (given.look === true) await holdsUp(page, "list");
  await page.getByRole("button", { name: "Start with the first question" }).click();
  await page.getByLabel("Name of the agency").fill(given.agency ?? "Springfield Police Department");
  await go("agency");
  await page.getByLabel("Your full name").fill("Maria Reyes");
  await page.getByLabel("Rank or title").fill("Detective");
  await page.getByLabel("Badge or service number").fill("4471");
  await page.getByLabel("Telephone").fill("+1 303 555 0100");
  await page.getByLabel("Postal address at the agency").fill("100 Main Street\nSpringfield, CO 80000");
  await go("you");
  await page.getByLabel("Case or docket number").fill("26-SW-1042");
  await page.getByLabel("Criminal", { exact: true }).check();
  await go("matter");
  await page.getByLabel("Search warrant", { exact: true }).check();
  await page.getByLabel("A judge or magistrate").check();
  await page.getByLabel("Court that issued it").fill("District Court of Clark County");
  await page.getByLabel("Date of the paper").fill("2026-03-01");
  await go("paper");
  await page.getByLabel("Name of the workspace").fill("Acme Robotics");
  await go("workspace");
  await page.getByLabel("Accounts, one a line").fill("jo@acme.example");
  await go("accounts");
  await page.getByLabel("Message content").check();
  await page.getByLabel("Sign-in history").check();
  await go("types");
  await page.getByLabel("First day").fill("2026-01-01");
  await page.getByLabel("Last day").fill("2026-02-15");
  await go("dates");
  await page.getByLabel("No", { exact: true }).check();
  await go("secrecy");
  await page.getByLabel("Public key").fill(given.key ?? "");
  await go("key");
}

test("an officer proves a mailbox, fills in the form, gets a provable receipt, follows the case and withdraws it", { timeout: 180_000 }, async () => {
  const page = await tab();
  await page.goto(`${running.url}/officer`);
  await holdsUp(page, "start");
  await page.goto(`${running.url}/officer/mailbox`);
  await holdsUp(page, "mailbox");
  await page.getByLabel("Your government mailbox").fill(officer);
  await page.getByRole("button", { name: "Send the link" }).click();
  await holdsUp(page, "link-sent");
  const link = running.url + linkIn(await running.letterTo(officer));
  for (let looks = 0; looks < 3; looks++) assert.equal((await fetch(link)).status, 200, "opening the link spends nothing");
  await page.goto(link);
  await holdsUp(page, "link");
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(new URL(page.url()).pathname, "/officer");
  assert.equal((await fetch(link)).status, 410, "the button spends the link");

  const key = await identityToRecipient(await generateIdentity());
  await fillForm(page, { key, look: true });
  await holdsUp(page, "check");
  assert.match(await page.locator("main").innerText(), /Maria Reyes[\s\S]*26-SW-1042[\s\S]*jo@acme\.example[\s\S]*Message content/);
  await page
    .getByLabel("Attach the paper")
    .setInputFiles([{ name: "warrant.txt", mimeType: "text/plain", buffer: Buffer.from("SEARCH WARRANT\n\nThe court orders …\n") }]);
  await page.getByRole("button", { name: "Send the request" }).click();
  await holdsUp(page, "receipt");
  const caseId = /C-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(page.url())?.[0] as CaseId;
  assert.match(await page.locator("main").innerText(), /Sealed, position/);

  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const receipt = (await (await fetch(`${running.url}/officer/case/${caseId}/proof.json`, { headers: { cookie: cookies } })).json()) as {
    logKey: string;
    proof: Parameters<typeof verifyProof>[1];
  };
  assert.equal(verifyProof(noteCrypto, receipt.proof, receipt.logKey).kind, "proved");
  assert.match(receipt.proof.record, /RequestReceived/);
  assert.doesNotMatch(receipt.proof.record, /springfield|Reyes|acme/i);

  const desk = await running.desk();
  const view = await findOwnCase(desk, officer, caseId);
  assert.equal(view?.door, "portal");
  assert.deepEqual(view?.missing, []);
  assert.equal(view?.assurances.find(({ fact }) => fact === "mail-authentication")?.verdict, "met");
  assert.equal(view?.proposal?.private.deliveryKey, key);
  assert.deepEqual(view?.proposal?.lines.map(({ dataType }) => dataType).toSorted(), ["messages", "sign-in-history"]);
  assert.deepEqual(
    view?.message?.attachments.map(({ fileName }) => fileName),
    ["warrant.txt"],
  );

  await page.goto(`${running.url}/officer/cases`);
  await page.getByLabel("Case number").fill(caseId.toLowerCase());
  await page.getByRole("button", { name: "Show the case" }).click();
  await holdsUp(page, "case");
  assert.match(await page.locator("main").innerText(), /Received[\s\S]*your request has arrived[\s\S]*under case number/);
  await page.getByRole("link", { name: "Withdraw the request" }).click();
  await holdsUp(page, "withdraw");
  await page.getByRole("button", { name: "Withdraw the request" }).click();
  assert.match(await page.locator("main").innerText(), /Withdrawn/);
  assert.equal(
    (await readCase(desk, caseId)).some(({ fact, by }) => fact.type === "RequestWithdrawn" && by === `officer:${caseId}`),
    true,
  );
  await page.context().close();
});

test("every wrong answer is named beside its field and in the summary, and what was right stays", async () => {
  const page = await tab();
  await signIn(page, otherOfficer);
  await page.goto(`${running.url}/officer/request`);
  await page.getByRole("button", { name: "You", exact: true }).click();
  await page.getByLabel("Your full name").fill("Lee Chen");
  await page.getByLabel("Telephone").fill("12");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await holdsUp(page, "errors");
  const summary = await page.locator(".error-summary").innerText();
  for (const words of ["rank", "badge", "telephone", "postal address"]) assert.match(summary, new RegExp(words, "i"));
  assert.equal(await page.getByLabel("Your full name").inputValue(), "Lee Chen");
  await page.context().close();
});

test("a button pressed twice opens one case", async () => {
  const page = await tab();
  await signIn(page, otherOfficer);
  await fillForm(page);
  const body = new FormData();
  for (const name of ["answers", "form"]) body.append(name, await page.locator(`form[action$="/send"] input[name=${name}]`).inputValue());
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const send = () => fetch(`${running.url}/officer/request/send`, { method: "POST", body, redirect: "manual", headers: { cookie, origin: running.url } });
  const [first, second] = [await send(), await send()];
  assert.equal(first.status, 303);
  assert.equal(`${first.headers.get("location")}?again`, second.headers.get("location"));
  await page.context().close();
});

test("markup in an answer stays text, and 50 MB of paper arrive whole", { timeout: 120_000 }, async () => {
  const page = await tab();
  await signIn(page, otherOfficer);
  await fillForm(page, { agency: `Agency ${xss}` });
  assert.equal(await page.locator("main script, main img").count(), 0);
  const body = new FormData();
  for (const name of ["answers", "form"]) body.append(name, await page.locator(`form[action$="/send"] input[name=${name}]`).inputValue());
  body.append("papers", new File([new Uint8Array(50 * 1024 * 1024).fill(7)], "../../etc/passwd\u202Efdp.pdf", { type: "text/html" }));
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const sent = await fetch(`${running.url}/officer/request/send`, { method: "POST", body, redirect: "manual", headers: { cookie, origin: running.url } });
  assert.equal(sent.status, 303);
  const caseId = /C-[0-9A-Z-]+/.exec(sent.headers.get("location") ?? "")?.[0] ?? "";
  const view = await findOwnCase(await running.desk(), otherOfficer, caseId);
  assert.deepEqual(
    view?.message?.attachments.map(({ bytes }) => bytes),
    [50 * 1024 * 1024],
  );
  await page.goto(`${running.url}/officer/case/${caseId}`);
  assert.equal(await page.locator("main script, main img").count(), 0);
  await page.context().close();
});

test("another officer's case, and a case that does not exist, are the same page", async () => {
  const { caseId } = await running.receive(mail);
  const page = await tab();
  await signIn(page, otherOfficer);
  const read = async (path: string) => {
    const answer = await page.goto(`${running.url}${path}`);
    return { status: answer?.status(), text: await page.locator("main").innerText() };
  };
  const theirs = await read(`/officer/case/${caseId}`);
  assert.equal(theirs.status, 404);
  assert.deepEqual(theirs, await read("/officer/case/C-0000-0000"));
  for (const path of ["receipt", "proof.json", "checkpoint.txt", "withdraw"]) assert.equal((await read(`/officer/case/${caseId}/${path}`)).status, 404);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const stolen = await fetch(`${running.url}/officer/case/${caseId}/withdraw`, {
    method: "POST",
    headers: { cookie, origin: running.url, "content-type": "application/x-www-form-urlencoded" },
    body: "",
  });
  assert.equal(stolen.status, 404);
  const foreign = await fetch(`${running.url}/officer/case/${caseId}/withdraw`, {
    method: "POST",
    headers: { cookie, origin: "https://evil.example", "content-type": "application/x-www-form-urlencoded" },
    body: "",
  });
  assert.equal(foreign.status, 403, "a post from another site is refused");
  assert.equal(
    (await readCase(await running.desk(), caseId)).some(({ fact }) => fact.type === "RequestWithdrawn"),
    false,
  );
  assert.equal((await fetch(`${running.url}/officer/case/${caseId}`)).status, 401, "and without a session nobody sees anything");
  await page.context().close();
});

test("an officer who was asked to turn to the customer answers on the page of the case", async () => {
  const desk = await running.desk();
  const { caseId } = await running.receive(mail.replaceAll(officer, otherOfficer).replace("abc123", "referral").replaceAll("26-SW-1042", "26-SW-1043"));
  const history = await readCase(desk, caseId);
  const ana = { caseId, by: "staff:ana" as Actor, askers: ["analyst"] as const };
  const proposal = await proposeDetails(desk, history, await openSecrets(desk, caseId, history));
  for (const command of [{ ...proposal, type: "ConfirmDetails" }, { type: "ReferToCustomer" }])
    assert.equal((await handle(desk, { ...ana, command })).kind, "done");
  const page = await tab();
  await signIn(page, otherOfficer);
  await page.goto(`${running.url}/officer/case/${caseId}`);
  await holdsUp(page, "referral");
  await page.getByRole("button", { name: "We cannot; go on with the review" }).click();
  assert.equal(await page.getByRole("button", { name: "We will ask the customer" }).count(), 0);
  assert.ok(
    (await readCase(desk, caseId)).some(({ fact, by }) => fact.type === "ReferralAnswered" && fact.answer === "agency-declines" && by === `officer:${caseId}`),
  );
  await page.context().close();
});

test("a request with a wrong answer in its hidden field is refused as a whole, with every reason", async () => {
  const page = await tab();
  await signIn(page, otherOfficer);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  for (const answers of [
    "{}",
    "not json",
    JSON.stringify({ agency: "A", instrument: "US-T3", to: "2099-01-01", from: "2026-01-01", dataTypes: "realtime-content" }),
  ]) {
    const body = new FormData();
    body.append("answers", answers);
    const sent = await fetch(`${running.url}/officer/request/send`, { method: "POST", body, redirect: "manual", headers: { cookie, origin: running.url } });
    assert.equal(sent.status, 422);
    const text = await sent.text();
    for (const words of ["Choose the kind of paper", "Choose at least one type of data", "Enter your name"]) assert.ok(text.includes(words), words);
  }
  await page.context().close();
});

const mail = `From: "Det. Maria Reyes" <${officer}>
To: legal-process@kutano.example
Subject: Search warrant 26-SW-1042
Message-ID: <abc123@police.springfield.gov>
Date: Mon, 02 Mar 2026 10:00:00 -0700
Content-Type: text/plain; charset=utf-8

Springfield Police Department

Please find below a search warrant issued by the District Court of Clark County on March 1, 2026 and signed by
Judge Harold Stone, case no. 26-SW-1042, in a criminal investigation (fraud).

Workspace: Acme Robotics
Account: jo@acme.example
Date range: January 1, 2026 through February 15, 2026
Data sought: message content and login history.

Detective Maria Reyes, Badge 4471
100 Main Street, Springfield, CO 80000
Phone: +1 303 555 0100
${officer}
`;

/** A production as release leaves it: a package in the object store, and the facts that say so. */
async function released(text: string, subject: string, opened = 16 * 1024) {
  const desk = await running.desk();
  const { caseId } = await running.receive(mail.replace("26-SW-1042", subject).replace("abc123", subject));
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const sealed = await encrypter.encrypt(text);
  const stored = await desk.ports.objects.put(desk.id, caseId, [sealed.subarray(opened)]);
  const opening = sealed.subarray(0, opened);
  const { values, alongside } = await desk.ports.vault.prepare(desk.id, caseId, [{ opening: base64(opening) }]);
  const token = desk.ports.chance.token();
  const history = await readCase(desk, caseId);
  await appendFacts(desk, {
    caseId,
    by: "desk" as Actor,
    expectedVersion: history.length,
    facts: [
      {
        type: "PackageSealed",
        revision: 1,
        plan: "0".repeat(64),
        package: "p",
        sha256: createHash("sha256").update(sealed).digest("hex"),
        bytes: sealed.length,
        sealedWith: "age",
        opening: createHash("sha256").update(opening).digest("hex"),
        holders: [],
        shares: { vault: "none", commitment: "none" },
        object: stored.objectId,
        records: { messages: 12, files: 1 },
        accounts: 1,
      },
      { type: "ReleaseApproved", plan: "0".repeat(64), package: "p", gives: "opening", part: values[0] ?? assert.fail("nothing was sealed") },
      {
        type: "ProductionReleased",
        package: "p",
        expiresAt: addHours(desk.ports.clock.now(), 24 * 14),
        downloads: 3,
        link: await desk.ports.vault.digest(desk.id, "officer-link", token),
      },
    ],
    alongside: [alongside],
  });
  return { caseId, identity, sealed, path: `/officer/${caseId}/download/${token}` };
}

const press = (path: string) =>
  fetch(running.url + path, { method: "POST", headers: { origin: running.url, "content-type": "application/x-www-form-urlencoded" }, body: "" });

test("the production opens with the officer's key, three times and no more, and a look at the page counts nothing", { timeout: 60_000 }, async () => {
  const production = await released("what the paper reaches", "26-SW-2001");
  const page = await tab();
  await page.goto(running.url + production.path);
  await holdsUp(page, "download");
  assert.match(await page.locator("main").innerText(), /Message content[\s\S]*12 records[\s\S]*age -d -i key\.txt[\s\S]*/);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the production" }).click()]);
  assert.equal(saved.suggestedFilename(), `${production.caseId}.tar.age`);
  for (let times = 2; times <= 3; times++) {
    const fetched = await press(production.path);
    assert.equal(fetched.status, 200);
    const bytes = new Uint8Array(await fetched.arrayBuffer());
    assert.equal(fetched.headers.get("content-length"), String(bytes.length));
    const decrypter = new Decrypter();
    decrypter.addIdentity(production.identity);
    assert.equal(await decrypter.decrypt(bytes, "text"), "what the paper reaches");
  }
  const fourth = await press(production.path);
  assert.equal(fourth.status, 409);
  assert.match(await fourth.text(), /may be downloaded 3 times/);
  await page.goto(running.url + production.path);
  await holdsUp(page, "download-used");
  assert.equal((await readCase(await running.desk(), production.caseId)).filter(({ fact }) => fact.type === "ProductionDownloaded").length, 3);
  await page.context().close();
});

test("a download that breaks off goes on where it stopped, without counting again, until the production is recalled", async () => {
  const production = await released("what the paper reaches, at some length ".repeat(5000), "26-SW-2055");
  const whole = await press(production.path);
  assert.match(whole.url, /\/file\/[\w-]+$/);
  const etag = whole.headers.get("etag") ?? assert.fail("no etag");
  const bytes = new Uint8Array(await whole.arrayBuffer());
  assert.ok(Buffer.from(bytes).equals(production.sealed));
  for (const from of [1, 16_383, 16_384, 100_000, bytes.length - 1]) {
    const rest = await fetch(whole.url, { headers: { range: `bytes=${from}-`, "if-range": etag } });
    assert.equal(rest.status, 206);
    assert.equal(rest.headers.get("content-range"), `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    assert.ok(Buffer.from(await rest.arrayBuffer()).equals(Buffer.from(bytes.subarray(from))), `from ${from}`);
  }
  assert.equal((await fetch(whole.url, { headers: { range: `bytes=${bytes.length}-` } })).status, 416);
  assert.equal((await fetch(whole.url, { headers: { range: "bytes=5-", "if-range": '"another"' } })).status, 200);
  assert.equal((await fetch(whole.url.replace(/.$/, (sign) => (sign === "A" ? "B" : "A")))).status, 404);
  const desk = await running.desk();
  const counted = (await readCase(desk, production.caseId)).filter(({ fact }) => fact.type === "ProductionDownloaded");
  assert.equal(counted.length, 1);
  const receipt = (await (await fetch(`${running.url}${production.path}/receipt.json`)).json()) as { sha256: string; logKey: string; proofs: LedgerProof[] };
  assert.equal(receipt.sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.equal(receipt.proofs.length, 4);
  for (const proof of receipt.proofs) assert.equal(verifyProof(noteCrypto, proof, receipt.logKey).kind, "proved");
  const recall = { type: "RecallProduction", ground: "wrong-account", private: { words: "Another customer's account was named." } };
  const recalled = await handle(desk, { caseId: production.caseId, by: "staff:cole" as Actor, askers: ["counsel"], command: recall });
  assert.equal(recalled.kind, "done", JSON.stringify(recalled));
  assert.equal((await fetch(whole.url)).status, 404);
  const page = await tab();
  await signIn(page, officer);
  await page.goto(`${running.url}/officer/case/${production.caseId}`);
  await holdsUp(page, "recall");
  assert.match(await page.locator("main").innerText(), /We took back a production[\s\S]*a production is taken back[\s\S]*Our records show one download/);
  await page.getByLabel("What you did").fill("Wiped from the evidence share and the backup of that night. Det. Reyes.");
  await page.getByRole("button", { name: "Every copy is destroyed" }).click();
  assert.equal(await page.getByRole("button", { name: "Every copy is destroyed" }).count(), 0);
  const answered = (await readCase(desk, production.caseId)).findLast(({ fact }) => fact.type === "RecallAnswered");
  assert.ok(answered?.fact.type === "RecallAnswered" && answered.fact.answer === "destroyed" && answered.by === `officer:${production.caseId}`);
  await page.context().close();
});

test("ten who press at the same moment get three downloads between them", async () => {
  const production = await released("once more", "26-SW-2002");
  const answers = await Promise.all(Array.from({ length: 10 }, () => press(production.path)));
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 200, 200, 409, 409, 409, 409, 409, 409, 409],
  );
});

test("a wrong token, and the right token of another case, open nothing", async () => {
  const [first, second] = [await released("one", "26-SW-2003"), await released("two", "26-SW-2004")];
  const token = first.path.split("/").at(-1) ?? "";
  for (const path of [
    `/officer/${second.caseId}/download/${token}`,
    `/officer/${first.caseId}/download/${"A".repeat(43)}`,
    `/officer/nonsense/download/${token}`,
  ]) {
    assert.equal((await fetch(running.url + path)).status, 404);
    assert.equal((await press(path)).status, 404);
  }
});

test("a link letter goes out three times a quarter of an hour to one address, and the page says the same each time", async () => {
  const ask = async (mailbox: string) => {
    const answer = await fetch(`${running.url}/officer/mailbox`, {
      method: "POST",
      headers: { origin: running.url, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ mailbox }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const known = await ask(officer);
  assert.equal(known.status, 200);
  assert.deepEqual(await ask("nobody@nowhere.example"), known, "an address nobody knows gets the same page");
  const statuses: number[] = [];
  for (let times = 0; times < 25; times++) statuses.push((await ask(officer)).status);
  assert.equal(statuses.at(-1), 429, "and one client may not ask for ever");
  const { rows } = await running.installation.pool.query<{ subject: string }>("select subject from sessions union all select subject from one_time_links");
  assert.ok(rows.length > 5);
  for (const { subject } of rows) assert.doesNotMatch(subject, /springfield|@|nowhere/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(running.caught.filter(({ to, raw }) => to === officer && raw.includes("Your link to the request desk")).length <= 3);
});

test("the count of attempts starts anew after its window and never holds more keys than it may", () => {
  const limit = rateLimit({ most: 2, windowMs: 1000, mostKeys: 3 });
  assert.deepEqual(
    [0, 1, 2, 999, 1000].map((at) => limit.allows("a", at)),
    [true, true, false, false, true],
  );
  for (let key = 0; key < 1000; key++) limit.allows(`k${key}`, 1001);
  assert.equal(limit.allows("a", 1002), true, "the oldest key was forgotten");
});

test("a desk without a mail server says so instead of promising a letter", async () => {
  const silent = await startDesk({ withRelay: false });
  try {
    const answer = await fetch(`${silent.url}/officer/mailbox`, {
      method: "POST",
      headers: { origin: silent.url, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ mailbox: officer }),
    });
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /cannot send mail yet/);
  } finally {
    await silent.stop();
  }
});
