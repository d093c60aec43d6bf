// Signs in as an auditor and reads the record: proofs, samples, exports, the check of the whole, and nothing that changes a case.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, BrowserContext, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { openPool } from "../../adapters/postgres/pool.ts";
import { findCaseView } from "../../app/case-view.ts";
import { publishReport } from "../../app/publish-report.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor, CaseId } from "../../kernel/ids.ts";
import type { LedgerProof, Sealed } from "../../ledger/port.ts";
import { openSampleDesk, type SampleDesk, secretCase } from "../../../tests/desks/sample-desk.ts";
import { drawSample } from "./draw-sample.ts";
import { ledgerCheck } from "./ledger-check.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let sample: SampleDesk;
let browser: Browser;
/** Signed in as the auditor, with JavaScript off. */
let auditor: BrowserContext;
let cookie: string;
let sealed: readonly Sealed[];

before(async () => {
  sample = await openSampleDesk();
  await publishReport(sample.desk, 2026, "staff:operator" as Actor);
  await sample.desk.ports.ledger.seal(sample.desk.id, sample.desk.ports.clock.now());
  browser = await launchBrowser();
  auditor = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
});
after(async () => {
  await browser?.close();
  await sample?.stop();
});

const pages = [
  "/auditor",
  "/auditor?before=60",
  "/auditor/checkpoint",
  "/auditor/verify",
  "/auditor/sample",
  "/auditor/sample?seed=round+4711&cases=12",
  "/auditor/sample?seed=&cases=0",
  "/auditor/export",
  "/auditor/fact/30",
];
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${sample.site}${path}`, { redirect: "manual", headers });
const read = (path: string) => get(path, { cookie });
const post = (path: string, headers: Record<string, string>, body = "") =>
  fetch(`${sample.site}${path}`, {
    method: "POST",
    redirect: "manual",
    body,
    headers: { origin: sample.site, "content-type": "application/x-www-form-urlencoded", ...headers },
  });

async function linkFor(staff: string): Promise<string> {
  const link = await offerStaffLink(sample.desk, staff, "staff:operator" as Actor);
  assert.ok(link !== undefined);
  return link;
}

describe("who may read", () => {
  test("somebody who is not signed in sees how to get in and nothing of the ledger", async () => {
    for (const path of [...pages, "/auditor/fact/30/proof.json", "/auditor/export/facts.ndjson"]) {
      const answer = await get(path);
      assert.equal(answer.status, 401, path);
      const page = await answer.text();
      assert.match(page, /portcullis staff link/);
      assert.doesNotMatch(page, /RequestReceived|case:C-|C-TEST|audrey/, path);
    }
    assert.equal((await post("/auditor/verify", {})).status, 401);
    assert.equal((await get("/auditor", { cookie: "portcullis-auditor=made-up" })).status, 401);
  });

  test("a session of the desk does not open the record, and an analyst's link is not used up here", async () => {
    const token = (await linkFor("ana")).split("/").at(-1) ?? "";
    assert.equal((await get(`/auditor/sign-in/${token}`)).status, 422);
    const refused = await post(`/auditor/sign-in/${token}`, {});
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /not used up/);
    const { signIn, vault, clock } = sample.desk.ports;
    assert.equal(await signIn.peek(sample.desk.id, await vault.digest(sample.desk.id, "link", token), "staff", clock.now()), "ana");
  });

  test("opening the link does not spend it, its button does, once", async () => {
    const link = (await linkFor("audrey")).replace("/desk/", "/auditor/");
    for (let opened = 0; opened < 3; opened++) assert.equal((await fetch(link)).status, 200);
    const tab = await auditor.newPage();
    await tab.goto(link);
    await tab.getByRole("button", { name: "Sign in" }).click();
    assert.equal(await tab.locator("h1").textContent(), "Ledger");
    const [session] = await auditor.cookies();
    assert.deepEqual(
      { path: session?.path, httpOnly: session?.httpOnly, sameSite: session?.sameSite },
      { path: "/auditor", httpOnly: true, sameSite: "Strict" },
    );
    cookie = `${session?.name}=${session?.value}`;
    assert.equal((await fetch(link)).status, 410);
    assert.equal((await post(new URL(link).pathname, {})).status, 410);
    await tab.close();
  });

  test("a link that was made for the desk can be pasted, whole", async () => {
    const answer = await post("/auditor/sign-in", {}, `link=${encodeURIComponent(` ${await linkFor("audrey")} `)}`);
    assert.equal(answer.status, 303);
    assert.match(answer.headers.get("set-cookie") ?? "", /Path=\/auditor.*HttpOnly.*SameSite=Strict/);
    assert.equal((await post("/auditor/sign-in", {}, "link=nonsense")).status, 410);
  });
});

const isSealedOff = async (caseId: string) => (await findCaseView(sample.desk, caseId as CaseId, "desk" as Actor, []))?.secret === true;

describe("the record", () => {
  before(async () => {
    await sample.desk.ports.ledger.seal(sample.desk.id, sample.desk.ports.clock.now());
    sealed = await sample.desk.ports.ledger.readSealed(sample.desk.id, 0, 10_000);
  });

  for (const width of [1280, 390]) {
    test(`axe finds nothing on the auditor's pages at ${width} pixels, and nothing scrolls sideways`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: "light" });
      await context.addCookies(await auditor.cookies());
      const tab = await context.newPage();
      for (const path of [...pages, "/auditor/sign-in"]) {
        await tab.goto(`${sample.site}${path}`);
        assert.deepEqual(await findViolations(tab), [], path);
        assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), width, `${path} scrolls sideways`);
      }
      await context.close();
    });
  }

  test("walking back through the list meets every sealed fact once, newest first", async () => {
    const tab = await auditor.newPage();
    await tab.goto(`${sample.site}/auditor`);
    const met: number[] = [];
    for (;;) {
      met.push(...(await tab.locator("tbody th a").allTextContents()).map((text) => Number(text.replaceAll(",", ""))));
      const older = tab.getByRole("link", { name: "Older facts" });
      if ((await older.count()) === 0) break;
      await older.click();
    }
    assert.ok(sealed.length > 300);
    assert.deepEqual(met, sealed.map(({ position }) => position).toReversed());
    await tab.close();
  });

  test("of a case under a secrecy order every page and file shows the number alone", async () => {
    const facts = sealed.filter(({ stream }) => stream === `case:${secretCase}`);
    assert.equal(facts.length, 3);
    for (const { position } of facts) {
      const page = await (await read(`/auditor/fact/${position}`)).text();
      assert.ok(page.includes(secretCase));
      assert.doesNotMatch(page, /GagRecorded|SECRET-GAG|RequestReceived|DetailsConfirmed|salt/i);
      assert.equal((await read(`/auditor/fact/${position}/proof.json`)).status, 404);
      const list = await (await read(`/auditor?before=${position + 1}`)).text();
      const row = list.split("<tr").find((each) => each.includes(`/auditor/fact/${position}"`));
      assert.ok(row?.includes(secretCase) === true && row.includes("Not shown"));
      assert.doesNotMatch(row, /GagRecorded|RequestReceived|DetailsConfirmed|<time/);
    }
    const lines = await exported();
    assert.deepEqual(
      lines.filter((line) => line["case"] === secretCase).map((line) => Object.keys(line)),
      facts.map(() => ["position", "case", "secret"]),
    );
    assert.ok(!JSON.stringify(lines).includes("SECRET-GAG"));
  });

  test("the export holds every sealed fact in order, as the ledger has it", async () => {
    const lines = await exported();
    assert.equal(lines.length, sealed.length);
    for (const [index, fact] of sealed.entries()) {
      if (fact.stream.startsWith("case:") && (await isSealedOff(fact.stream.slice("case:".length)))) continue;
      const { desk: _, ...shown } = fact;
      assert.deepEqual(lines[index], JSON.parse(JSON.stringify(shown)));
    }
  });

  test("a downloaded proof leads to the public checkpoint by SHA-256 alone, and its page says the same hashes", async () => {
    for (const position of [3, 30, sealed.length - 1]) {
      const proof = (await (await read(`/auditor/fact/${position}/proof.json`)).json()) as LedgerProof;
      const page = await (await read(`/auditor/fact/${position}`)).text();
      const commitment = sha256(Buffer.from("portcullis/fact/v1\n"), Buffer.from(proof.salt, "base64"), Buffer.from(proof.record));
      const leaf = sha256(Buffer.of(0), commitment);
      const root = climb(leaf, proof);
      assert.equal(root.toString("base64"), proof.checkpoint.split("\n")[2]);
      assert.equal(proof.checkpoint, await (await get("/log/checkpoint")).text());
      for (const hash of [commitment, leaf, root]) assert.ok(page.includes(hash.toString("hex")));
      assert.match(page, /this fact leads to the root of the signed checkpoint/);
      assert.equal((JSON.parse(proof.record) as Sealed).stream, sealed[position]?.stream);
    }
  });

  test("there is no fact at a position that is not a plain number or not reached", async () => {
    for (const position of ["-1", "1e1", "00", "999999", "1.5", "x", "9007199254740993"])
      assert.equal((await read(`/auditor/fact/${position}`)).status, 404, position);
  });
});

describe("the random sample", () => {
  test("what was drawn follows from the root, the public value and SHA-256, and holds only first facts of cases", async () => {
    const size = sealed.length;
    const [, , root = ""] = (await (await get("/log/checkpoint")).text()).split("\n");
    const expected: string[] = [];
    for (let nth = 1; expected.length < 12; nth++) {
      const position = Number(BigInt(`0x${sha256(Buffer.from(`${root}\nround 4711\n${nth}`)).toString("hex")}`) % BigInt(size));
      const fact = sealed[position];
      const caseId = fact?.version === 1 && fact.stream.startsWith("case:") ? fact.stream.slice(5) : undefined;
      if (caseId !== undefined && !expected.includes(caseId)) expected.push(caseId);
    }
    const tab = await auditor.newPage();
    await tab.goto(`${sample.site}/auditor/sample`);
    await tab.getByLabel("Public random value").fill("round 4711");
    await tab.getByLabel("How many cases").fill("12");
    await tab.getByRole("button", { name: "Draw the sample" }).click();
    assert.deepEqual(await tab.locator("tbody th a").allTextContents(), expected);
    await tab.close();
  });

  test("a case with many facts is not likelier than one with few", async () => {
    const openings = new Map([
      [0, "one fact"],
      [1, "fifty facts"],
      [51, "nine facts"],
    ]);
    const drawn = new Map<string, number>();
    for (let seed = 0; seed < 3000; seed++) {
      const { cases } = await drawSample({
        root: "root",
        seed: String(seed),
        size: 60,
        wanted: 1,
        mostDraws: 4000,
        findOpening: async (position) => openings.get(position),
      });
      for (const { found } of cases) drawn.set(found, (drawn.get(found) ?? 0) + 1);
    }
    for (const [name, times] of drawn) assert.ok(times > 900 && times < 1100, `${name}: ${times} of 3000`);
    assert.equal(drawn.size, 3);
  });

  test("asking for more cases than there are ends and says so", async () => {
    const { cases, short } = await drawSample({
      root: "r",
      seed: "s",
      size: 60,
      wanted: 10,
      mostDraws: 4000,
      findOpening: async (position) => (position === 7 ? "case" : undefined),
    });
    assert.equal(cases.length, 1);
    assert.ok(short);
  });

  test("without a public value nothing is drawn, and the page says what is missing", async () => {
    const answer = await read("/auditor/sample?seed=&cases=10");
    assert.equal(answer.status, 422);
    const page = await answer.text();
    assert.match(page, /Enter the public random value/);
    assert.doesNotMatch(page, /Cases drawn/);
  });
});

describe("nothing can be changed here", () => {
  test("the only forms check the ledger, draw a sample and sign out", async () => {
    const tab = await auditor.newPage();
    const forms = new Set<string>();
    for (const path of pages) {
      await tab.goto(`${sample.site}${path}`);
      assert.equal(await tab.locator(".read-only").textContent(), "You are reading a record. Nothing can be changed here.");
      for (const form of await tab.locator("form").all()) forms.add(`${await form.getAttribute("method")} ${await form.getAttribute("action")}`);
    }
    assert.deepEqual([...forms].sort(), ["get /auditor/sample", "post /auditor/sign-out", "post /auditor/verify"]);
    await tab.close();
  });

  test("no other post is taken from an auditor, and the ledger is as before", async () => {
    const before = await recorded();
    const command = `type=CloseCase&caseId=C-TEST-0001`;
    const paths = [
      "/auditor",
      "/auditor/fact/30",
      "/auditor/fact/30/proof.json",
      "/auditor/checkpoint",
      "/auditor/sample",
      "/auditor/export",
      "/auditor/export/facts.ndjson",
      "/auditor/case/C-TEST-0001",
      "/desk",
      "/desk/case/C-TEST-0001",
      "/desk/C-TEST-0001/step",
      "/report",
      "/log/checkpoint",
    ];
    for (const path of paths) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const answer = await fetch(`${sample.site}${path}`, {
          method,
          redirect: "manual",
          body: command,
          headers: { cookie, origin: sample.site, "content-type": "application/x-www-form-urlencoded" },
        });
        assert.ok(
          [401, 403, 404, 405].includes(answer.status) || (answer.status === 303 && (answer.headers.get("location") ?? "").includes("sign-in")),
          `${method} ${path}: ${answer.status}`,
        );
      }
    }
    assert.deepEqual(await recorded(), before);
  });

  test("a post from another site starts nothing", async () => {
    const failures = sample.failures.length;
    assert.ok((await post("/auditor/verify", { cookie, origin: "https://elsewhere.example" })).status >= 400);
    sample.failures.length = failures;
    assert.match(await (await read("/auditor/verify")).text(), /No check has run/);
  });
});

describe("verify now", () => {
  test("the check runs behind the page and ends with the sizes, the root and the figures", async () => {
    const tab = await auditor.newPage();
    await tab.goto(`${sample.site}/auditor/verify`);
    await tab.getByRole("button", { name: "Verify now" }).click();
    const words = await settled(tab);
    assert.match(words, /The ledger is whole: \d+ facts/);
    assert.match(words, /Every published figure follows from the ledger/);
    await tab.close();
  });

  test("a check that was stopped stays stopped, and the next one starts anew", async () => {
    const check = ledgerCheck();
    check.start(sample.installation, sample.desk);
    check.cancel();
    assert.equal(check.state().kind, "cancelled");
    await wait(400);
    assert.equal(check.state().kind, "cancelled");
    check.start(sample.installation, sample.desk);
    assert.equal(check.state().kind, "running");
    while (check.state().kind === "running") await wait(20);
    assert.equal(check.state().kind, "done");
  });

  test("a fact that was changed behind the desk's back is named: stream, version, position", async () => {
    const owner = openPool(sample.installation.database.owner, { max: 1 });
    const fact = sealed.find(({ fact: { type } }) => type === "CaseClosed");
    assert.ok(fact !== undefined);
    const key = [sample.desk.id, fact.stream, fact.version];
    const { rows } = await owner.query<{ body: string }>("select body from events where desk = $1 and stream = $2 and version = $3", key);
    await owner.query("alter table events disable trigger user");
    await owner.query("update events set body = replace(body, 'rejected', 'referred') where desk = $1 and stream = $2 and version = $3", key);
    const tab = await auditor.newPage();
    await tab.goto(`${sample.site}/auditor/verify`);
    await tab.getByRole("button", { name: "Verify again" }).click();
    const words = await settled(tab);
    assert.match(words, /The ledger does not fit its checkpoints/);
    assert.ok(words.includes(`${fact.stream.slice(5)}, version ${fact.version}`));
    assert.ok(words.includes("EVENT_CHANGED"));
    assert.doesNotMatch(words, /The ledger is whole/);
    await tab.goto(`${sample.site}/auditor/fact/${fact.position}`);
    assert.match((await tab.locator("main").textContent()) ?? "", /does not lead to the root/);
    await owner.query("update events set body = $4 where desk = $1 and stream = $2 and version = $3", [...key, rows[0]?.body]);
    await owner.query("alter table events enable trigger user");
    await owner.end();
    await tab.close();
  });

  test("after signing out the record is closed", async () => {
    const tab = await auditor.newPage();
    await tab.goto(`${sample.site}/auditor`);
    await tab.getByRole("button", { name: "Sign out" }).click();
    assert.equal((await read("/auditor")).status, 401);
    await tab.close();
    assert.deepEqual(sample.failures, []);
  });
});

async function exported(): Promise<readonly Record<string, unknown>[]> {
  const answer = await read("/auditor/export/facts.ndjson");
  assert.match(answer.headers.get("content-type") ?? "", /x-ndjson/);
  return (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function recorded(): Promise<readonly string[]> {
  const { rows } = await sample.installation.pool.query<{ name: string }>("select stream || ':' || version as name from events order by 1");
  return rows.map(({ name }) => name);
}

/** Reloads like a person would until the check has ended. */
async function settled(tab: Tab): Promise<string> {
  for (;;) {
    const words = (await tab.locator("main").textContent()) ?? "";
    if (!words.includes("Stop the check")) return words;
    await wait(50);
    await tab.reload();
  }
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** RFC 6962 from the other end: which half of the tree the position lies in decides on which side each neighbour stands. */
function climb(leaf: Buffer, { position, treeSize, path }: LedgerProof): Buffer {
  const go = (at: number, size: number, siblings: readonly string[]): Buffer => {
    if (size === 1) return leaf;
    const split = 2 ** Math.floor(Math.log2(size - 1));
    const sibling = Buffer.from(siblings.at(-1) ?? "", "base64");
    const rest = siblings.slice(0, -1);
    return at < split ? sha256(Buffer.of(1), go(at, split, rest), sibling) : sha256(Buffer.of(1), sibling, go(at - split, size - split, rest));
  };
  return go(position, treeSize, path);
}

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function findViolations(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe);
  const findings = (await tab.evaluate(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
  }).then((result) => result.violations)`)) as readonly AxeFinding[];
  return findings.flatMap((finding) => finding.nodes.map((node) => `${finding.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}
