// Opens the gallery in a real browser and holds the look to what it promises: readable, reachable, calm and free of inline style.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import type { Browser, BrowserContextOptions, Page as Tab } from "playwright-core";
import { launchBrowser } from "../../../tests/browser.ts";
import { policyPack } from "../../policy/pack.ts";
import type { Clause } from "../../policy/pack.ts";
import { assetHref, lookAssets } from "./assets.ts";
import { timeLeft } from "./assets/time-left.js";
import type { ClauseRegister } from "./clause-chip.tsx";
import { shareOfLine } from "./clock.tsx";
import { fontFiles } from "./fonts.ts";
import { Gallery } from "./gallery.tsx";
import type { GalleryProps } from "./gallery.tsx";
import { gateWords } from "./gate.tsx";
import type { GateBar } from "./gate.tsx";
import { dayWords, momentWords } from "./moment.tsx";

const policy =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const stylesheet = readFileSync(new URL("./stylesheet.css", import.meta.url), "utf8");
const faces = ["desk", "officer", "owner", "partner", "auditor", "public", "setup"] as const;

function galleryHtml(props: GalleryProps): string {
  return String(Gallery(props));
}

function serveGallery(): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://loopback");
    const asset = lookAssets.get(url.pathname);
    if (asset !== undefined) {
      response.setHeader("content-type", asset.type);
      return response.end(readFileSync(asset.file));
    }
    const face = faces.find((name) => url.pathname.slice(1) === name);
    response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (face === undefined) {
      response.statusCode = 404;
      return response.end();
    }
    return response.end(galleryHtml({ face, dir: url.searchParams.get("dir") === "rtl" ? "rtl" : "ltr" }));
  });
}

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Runs axe with every WCAG 2.2 AA rule, target size, best practice, and the 7 : 1 contrast of AAA. */
async function findViolations(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe);
  const findings = (await tab.evaluate(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
  }).then((result) => result.violations)`)) as readonly AxeFinding[];
  return findings.flatMap((finding) => finding.nodes.map((node) => `${finding.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

describe("the gallery in a browser", () => {
  const server = serveGallery();
  let browser: Browser;
  let base: string;

  before(async () => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  async function look<Answer>(path: string, options: BrowserContextOptions, ask: (tab: Tab) => Promise<Answer>): Promise<Answer> {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on("console", (message) => complaints.push(message.text()));
    tab.on("pageerror", (error) => complaints.push(String(error)));
    await tab.goto(`${base}${path}`);
    await tab.evaluate("document.fonts.ready");
    const answer = await ask(tab);
    await context.close();
    assert.deepEqual(complaints, [], "the browser complained, for instance about the content security policy");
    return answer;
  }

  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const path of ["/desk", "/desk?dir=rtl", "/owner"]) {
        test(`axe finds nothing on ${path} at ${width} pixels in ${colorScheme}, and nothing scrolls sideways`, async () => {
          const seen = await look(path, { viewport: { width, height: 900 }, colorScheme }, async (tab) => ({
            violations: await findViolations(tab),
            width: await tab.evaluate("document.documentElement.scrollWidth"),
          }));
          assert.deepEqual(seen, { violations: [], width });
        });
      }
    }
  }

  test("axe finds nothing on the other faces", async () => {
    for (const face of ["officer", "auditor", "public", "setup"]) {
      assert.deepEqual(await look(`/${face}`, { viewport: { width: 390, height: 800 } }, findViolations), [], face);
    }
  });

  test("every opened clause chip is readable and stays inside the page at 390 pixels", async () => {
    const seen = await look("/desk", { viewport: { width: 390, height: 800 } }, async (tab) => {
      await tab.evaluate("for (const chip of document.querySelectorAll('details')) chip.open = true");
      return { violations: await findViolations(tab), width: await tab.evaluate("document.documentElement.scrollWidth") };
    });
    assert.deepEqual(seen, { violations: [], width: 390 });
  });

  test("on the faces outside the desk everything that can be pressed is at least 44 pixels high, links in running text apart", async () => {
    const small = await look("/officer", { viewport: { width: 390, height: 800 } }, (tab) =>
      tab.evaluate(`[...document.querySelectorAll("button, summary, select, input, textarea, a.button, .nav a, .wordmark, .tasks a")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0)
        .filter((one) => !["radio", "checkbox"].includes(one.type))
        .filter((one) => one.getBoundingClientRect().height < 44)
        .map((one) => one.outerHTML.slice(0, 120))`),
    );
    assert.deepEqual(small, []);
  });

  test("the focus ring is 3 pixels wide on every kind of control", async () => {
    const rings = await look("/desk", { viewport: { width: 1280, height: 900 } }, async (tab) => {
      const seen = new Set<unknown>();
      for (let presses = 0; presses < 60; presses++) {
        await tab.keyboard.press("Tab");
        seen.add(await tab.evaluate("getComputedStyle(document.activeElement).outlineWidth"));
      }
      return [...seen];
    });
    assert.deepEqual(rings, ["3px"]);
  });

  test("without JavaScript the page says everything, chips open, and nothing is offered that would not work", async () => {
    const seen = await look("/desk", { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }, async (tab) => {
      await tab.locator("#gate-reaches summary").click();
      return { quote: await tab.locator("#gate-reaches blockquote").isVisible(), copy: await tab.locator("button[data-copy]").isVisible() };
    });
    assert.deepEqual(seen, { quote: true, copy: false });
  });

  test("the keys stay silent until they are switched on, then j and k walk the queue and / goes to the search", async () => {
    await look("/desk", { viewport: { width: 1280, height: 900 } }, async (tab) => {
      const focused = () => tab.evaluate("document.activeElement.textContent || document.activeElement.id");
      await tab.evaluate("document.activeElement.blur()");
      await tab.keyboard.press("j");
      assert.notEqual(await focused(), "C-7F3K-2M9Q");
      await tab.keyboard.press("?");
      assert.equal(await tab.locator("details[data-keys]").getAttribute("open"), null);
      await tab.locator("details[data-keys] summary").click();
      await tab.locator("[data-keys-toggle]").click();
      await tab.keyboard.press("j");
      assert.equal(await focused(), "C-7F3K-2M9Q");
      await tab.keyboard.press("j");
      assert.equal(await focused(), "C-0A1B-22CD");
      await tab.keyboard.press("k");
      assert.equal(await focused(), "C-7F3K-2M9Q");
      await tab.keyboard.press("/");
      assert.equal(await focused(), "find");
      await tab.keyboard.type("jk?/");
      assert.equal(await tab.locator("#find").inputValue(), "jk?/");
    });
  });

  test("a countdown moves on by itself, from the server's moment and not from the reader's clock", async () => {
    await look("/desk", {}, async (tab) => {
      const left = tab.locator("[data-left]").first();
      assert.equal(await left.textContent(), "33 hours 15 minutes left");
      await tab.clock.install({ time: new Date("2031-01-01T00:00:00Z") });
      await tab.reload();
      // Half a minute short of two hours: the answer must not hang on the milliseconds the page took to load.
      await tab.clock.fastForward("01:59:30");
      assert.equal(await left.textContent(), "31 hours 15 minutes left");
    });
  });

  test("a case number is copied with one press, and the page says so", async () => {
    await look("/desk", { permissions: ["clipboard-read", "clipboard-write"] }, async (tab) => {
      await tab.locator("button[data-copy]").click();
      await tab.locator(".copyable-said", { hasText: "Copied" }).waitFor();
      assert.equal(await tab.evaluate("navigator.clipboard.readText()"), "C-7F3K-2M9Q");
    });
  });

  test("on paper the gate, its list and every clock are there, and what can only be pressed is not", async () => {
    const seen = await look("/desk", { colorScheme: "dark" }, async (tab) => {
      await tab.emulateMedia({ media: "print" });
      return {
        list: await tab.locator("#gate-reaches").isVisible(),
        navigation: await tab.locator(".nav").isVisible(),
        buttons: await tab.locator(".actions").first().isVisible(),
        ink: await tab.evaluate("getComputedStyle(document.body).color"),
      };
    });
    assert.deepEqual(seen, { list: true, navigation: false, buttons: false, ink: "rgb(20, 33, 31)" });
  });

  test("a bar that just rose is seen to rise, unless motion is unwanted", async () => {
    const animation = (tab: Tab) => tab.evaluate("getComputedStyle(document.querySelector('.gate-iron-rising')).animationName");
    assert.equal(await look("/desk", { reducedMotion: "no-preference" }, animation), "gate-rise");
    assert.equal(await look("/desk", { reducedMotion: "reduce" }, animation), "none");
  });

  test("screen readers are told each condition once", async () => {
    const said = await look("/desk", {}, (tab) => tab.locator("#main").ariaSnapshot());
    assert.equal(said.split("Smallest scope checked").length - 1, 2, "once in the shut gate and once in the open one");
  });
});

describe("the markup", () => {
  test("no page carries inline style, inline script or an event attribute", () => {
    for (const face of faces) {
      for (const dir of ["ltr", "rtl"] as const) {
        const html = galleryHtml({ face, dir });
        assert.match(html, /^<!doctype html>/);
        assert.doesNotMatch(html, /\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)|javascript:/i);
      }
    }
  });

  test("no id is used twice", () => {
    const ids = [...galleryHtml({ face: "desk", dir: "ltr" }).matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  });
});

describe("the stylesheet", () => {
  test("names only files that the server hands out, and every font it hands out is there", () => {
    const named = [...stylesheet.matchAll(/url\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
    assert.deepEqual([...named].sort(), [...fontFiles.keys()].sort());
    for (const { file } of lookAssets.values()) assert.ok(existsSync(file), file);
  });

  test("an asset's address changes with its content and an unknown asset has none", () => {
    assert.match(assetHref("/look/stylesheet.css"), /^\/look\/stylesheet\.css\?v=[0-9a-f]{12}$/);
    assert.throws(() => assetHref("/look/../secret"), /no such look asset/);
  });

  test("has no raw colour outside the tokens and no physical side", () => {
    const rules = stylesheet.split("/* ---- The document ---- */")[1] ?? "";
    assert.ok(rules.length > 1000);
    assert.doesNotMatch(
      rules.replaceAll(/:dir\(rtl\)|border-left: 2px solid var\(--ink\)/g, ""),
      /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|margin-left|margin-right|padding-left|padding-right|text-align: (left|right)/,
    );
  });

  for (const scheme of ["light", "dark"] as const) {
    test(`text stands at 7 : 1 and controls at 4.5 : 1 on every ground in ${scheme}`, () => {
      const tokens = tokensOf(scheme);
      const inks = ["ink", "ink-quiet", "accent", "state-open", "state-due", "state-overdue", "state-kept", "state-held"];
      for (const ink of inks) for (const ground of ["paper", "paper-deep"]) assertContrast(tokens, ink, ground, 7);
      for (const state of ["open", "due", "overdue", "kept", "held"]) assertContrast(tokens, `state-${state}`, `state-${state}-ground`, 7);
      for (const [text, ground] of [
        ["on-accent", "accent"],
        ["on-iron", "iron"],
      ] as const)
        assertContrast(tokens, text, ground, 7);
      for (const control of ["line-control", "focus"]) for (const ground of ["paper", "paper-deep"]) assertContrast(tokens, control, ground, 4.5);
    });
  }
});

function tokensOf(scheme: "light" | "dark"): ReadonlyMap<string, string> {
  const [light = "", dark = ""] = stylesheet.split(/\/\* ---- Tokens: (?:dark|the reader's own colours) ---- \*\//);
  const text = scheme === "light" ? light : dark;
  return new Map([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function assertContrast(tokens: ReadonlyMap<string, string>, front: string, ground: string, least: number): void {
  const [one, two] = [luminance(tokens.get(front)), luminance(tokens.get(ground))];
  const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  assert.ok(ratio >= least, `${front} on ${ground}: ${ratio.toFixed(2)} is below ${least}`);
}

function luminance(colour: string | undefined): number {
  assert.ok(colour !== undefined, "a token is missing");
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("the words", () => {
  test("a moment carries weekday, zone and the clock change: 72 hours over the change in Denver end at 23:15", () => {
    assert.equal(momentWords("2026-03-07T05:15:00.000Z", "America/Denver"), "Fri 6 Mar 2026 22:15 Denver");
    assert.equal(momentWords("2026-03-10T05:15:00.000Z", "America/Denver"), "Mon 9 Mar 2026 23:15 Denver");
    assert.equal(momentWords("2026-01-01T00:00:00.000Z", "Etc/UTC"), "Thu 1 Jan 2026 00:00 UTC");
    assert.equal(dayWords("2028-02-29"), "Tue 29 Feb 2028");
    assert.throws(() => dayWords("2026-02-29"), RangeError);
  });

  test("time left is said in the two largest units that matter", () => {
    const hour = 3_600_000;
    assert.equal(timeLeft(0, 72 * hour), "3 days left");
    assert.equal(timeLeft(0, 49 * hour), "2 days 1 hour left");
    assert.equal(timeLeft(0, 47 * hour + 60_000), "47 hours 1 minute left");
    assert.equal(timeLeft(0, 59_999), "due now");
    assert.equal(timeLeft(1, 0), "overdue");
    assert.equal(timeLeft(28 * hour, 0), "28 hours overdue");
  });

  test("the gate is open exactly when it has bars and every one is met", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ met: fc.boolean(), held: fc.boolean() }), { maxLength: 16 }), (rows) => {
        const bars: readonly GateBar[] = rows.map((row, index) => ({ id: String(index), label: "x", ...row }));
        const isOpen = rows.length > 0 && rows.every((row) => row.met);
        assert.equal(gateWords(bars).startsWith("The gate is open"), isOpen);
      }),
    );
  });

  test("the mark and the due moment never leave the line, whatever the clock says", () => {
    const moment = fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }).map((date) => date.toISOString());
    fc.assert(
      fc.property(moment, moment, moment, (startedAt, dueAt, mark) => {
        const shares = shareOfLine({ startedAt, dueAt, mark });
        for (const share of Object.values(shares)) assert.ok(share >= 0 && share <= 100);
        assert.equal(Math.max(shares.mark, shares.due), 100);
      }),
    );
  });

  test("a clause of a policy pack fits a chip as it stands", () => {
    const clause: Clause = policyPack.shape.clauses.element.parse({
      id: "KDRP-11",
      parties: "G→K",
      rule: "Content only on a search warrant.",
      quote: "",
      basis: "document",
      enforce: ["GATE"],
      kept: "A gate.",
    });
    const register: ClauseRegister = new Map([[clause.id, clause]]);
    assert.equal(register.get("KDRP-11")?.rule, clause.rule);
  });
});
