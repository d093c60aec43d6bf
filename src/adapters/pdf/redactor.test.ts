import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { type Line, type SmallPdf, firstExtra, linesOf, revised, smallPdf, streamOf, written } from "../../../tests/fixtures/small-pdf.ts";
import type { BadRedaction, Leak, RedactionOutcome, View } from "../../app/redaction-port.ts";
import type { Removal, Target } from "../../production/redact/removals.ts";
import { pagesHolding } from "./find-leaks.ts";
import { startRedactor } from "./redactor.ts";

const redactor = startRedactor();
const folder = mkdtempSync(join(tmpdir(), "portcullis-redact-"));
after(async () => {
  await redactor.close();
  rmSync(folder, { recursive: true, force: true });
});

const has = (program: string): boolean => spawnSync(program, ["-v"]).error === undefined;
const noPdftotext = has("pdftotext") ? false : "pdftotext is not installed";

const term = (text: string): Target => ({ kind: "term", term: text });
const remove = (...targets: Target[]): View => ({ audience: "officer", removals: targets.map((target): Removal => ({ target, reason: "THIRD_PARTY" })) });
const paper = (...lines: (string | Line)[]): Uint8Array => smallPdf({ pages: [{ content: linesOf(lines) }] });

async function redacted(original: Uint8Array, view: View): Promise<RedactionOutcome> {
  const survey = await redactor.survey(original, view);
  if (survey.kind !== "surveyed") return survey;
  return redactor.redact(original, view, { view: survey.view, pages: survey.pages.map(({ page }) => page) });
}

async function copyOf(original: Uint8Array, view: View): Promise<Extract<RedactionOutcome, { kind: "redacted" }>> {
  const outcome = await redacted(original, view);
  return outcome.kind === "redacted" ? outcome : assert.fail(JSON.stringify(outcome));
}

function readBy(program: "pdftotext" | "mutool", copy: Uint8Array): string {
  const path = join(folder, "copy.pdf");
  writeFileSync(path, copy);
  const given = program === "pdftotext" ? ["-q", path, "-"] : ["draw", "-q", "-F", "txt", path];
  return spawnSync(program, given, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).stdout;
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

test("a name is gone from the copy, the other words remain, and the log says why and how often", { skip: noPdftotext }, async () => {
  const copy = await copyOf(paper("Statement of Anna Smith", "Mr Jones met Anna", "Smith on Monday"), remove(term("Anna Smith")));
  const words = wordsOf(readBy("pdftotext", copy.pdf));
  for (const kept of ["statement", "jones", "met", "monday"]) assert.ok(words.has(kept), kept);
  for (const gone of ["anna", "smith"]) assert.ok(!words.has(gone), gone);
  assert.deepEqual(copy.log.lines, [{ reason: "THIRD_PARTY", clause: "IGRP-9", place: { kind: "page", page: 1 }, removals: 3 }]);
  assert.ok(!JSON.stringify([copy.log, copy.findings]).includes("Smith"));
});

test("where lines stand so close that they touch, the words above and below what is found remain", { skip: noPdftotext }, async () => {
  for (const leading of [9, 10, 12, 14]) {
    const lines = ["yearly gypsy jumping, quality", "happy Anna Quigley; paying", "TALLEST BIRDS fljk, (paid)", "AGAIN QUIGLEY Anna fbd"];
    const content = `BT /F 12 Tf ${leading} TL 72 700 Td ${lines.map((line) => `(${line.replaceAll(/[()]/g, String.raw`\$&`)}) Tj T*`).join(" ")} ET`;
    const copy = await copyOf(smallPdf({ pages: [{ content }] }), remove(term("Anna Quigley")));
    const words = wordsOf(readBy("pdftotext", copy.pdf));
    for (const kept of ["yearly", "gypsy", "jumping", "quality", "happy", "paying", "tallest", "birds", "fljk", "paid", "again", "fbd"])
      assert.ok(words.has(kept), `${kept} at ${leading}`);
    assert.deepEqual(
      copy.log.totals.map(({ removals }) => removals),
      [1],
      `at ${leading}`,
    );
  }
});

test("a word that a region touches by a part is gone as a whole", { skip: noPdftotext }, async () => {
  // "Confidentiality" begins 72 points from the left; the region covers its first letter.
  const region: Target = { kind: "region", page: 1, box: { left: 70, top: 62, width: 6, height: 14 } };
  const words = wordsOf(readBy("pdftotext", (await copyOf(paper("Confidentiality remains"), remove(region))).pdf));
  assert.ok(!words.has("confidentiality") && words.has("remains"));
});

/** The one picture of a copy of one page, as greys from 0 to 15. */
function greysOf(copy: Uint8Array): { readonly width: number; readonly at: (x: number, y: number) => number } {
  const text = Buffer.from(copy).toString("latin1");
  const found =
    /\/Width (\d+) \/Height \d+ \/ColorSpace \/DeviceGray \/BitsPerComponent 4 .*?\/Length (\d+) >>\nstream\n/s.exec(text) ??
    assert.fail("no picture in greys");
  const width = Number(found[1]);
  const start = found.index + found[0].length;
  const bytes = inflateSync(copy.subarray(start, start + Number(found[2])));
  const row = Math.ceil(width / 2);
  return { width, at: (x, y) => ((bytes[y * row + (x >> 1)] ?? 0) >> (x % 2 === 0 ? 4 : 0)) & 15 };
}

test("nothing of a word that a region touches by a part is left in the picture either", async () => {
  const region: Target = { kind: "region", page: 1, box: { left: 70, top: 62, width: 6, height: 14 } };
  const { at } = greysOf((await copyOf(paper("Confidentiality", "remains below"), remove(region))).pdf);
  const scale = 150 / 72;
  const greys = new Set<number>();
  for (let y = Math.floor(55 * scale); y < 78 * scale; y++) for (let x = Math.floor(60 * scale); x < 300 * scale; x++) greys.add(at(x, y));
  assert.deepEqual(
    [...greys].toSorted((a, b) => a - b),
    [0, 15],
    "black boxes on white, and no edge of a letter",
  );
});

test("under a box nothing of the letters is left in the picture", async () => {
  const box = { left: 60, top: 55, width: 300, height: 40 };
  const view = remove({ kind: "region", page: 1, box });
  const [one, other] = await Promise.all([paper("Anna Smith"), paper("Bertram Wolff-Eisner")].map((each) => copyOf(each, view)));
  assert.deepEqual(one?.pdf, other?.pdf);
});

test("the engine that checks brings no machine code for drawing with it", async () => {
  assert.equal((await redactor.check(paper("Anna Smith"), [term("Smith")])).kind, "leaks");
  const { sharedObjects } = process.report.getReport() as unknown as { readonly sharedObjects: readonly string[] };
  assert.deepEqual(
    sharedObjects.filter((name) => /canvas|skia/.test(name)),
    [],
  );
});

test("equal input gives equal bytes", async () => {
  const view = remove(term("Smith"));
  const [one, other] = [await copyOf(paper("Anna Smith"), view), await copyOf(paper("Anna Smith"), view)];
  assert.deepEqual(one.pdf, other.pdf);
});

test("the width of a gap is not to be read from the text of the copy", async () => {
  const text = async (name: string): Promise<string> => pageTextOf((await copyOf(paper(`Dear ${name} today`), remove(term(name)))).pdf);
  assert.equal(await text("Al"), await text("Maximilian-Alexander"));
});

/** The content of the first page, unpacked. */
function pageTextOf(copy: Uint8Array): string {
  const source = Buffer.from(copy);
  for (let at = source.indexOf("stream\n"); at >= 0; at = source.indexOf("stream\n", at + 1)) {
    const end = source.indexOf("\nendstream", at);
    const head = source.subarray(Math.max(0, at - 200), at).toString("latin1");
    if (end < 0 || head.includes("/Image") || !head.includes("/FlateDecode")) continue;
    const content = inflateSync(source.subarray(at + 7, end)).toString("latin1");
    if (content.includes("/I Do")) return content;
  }
  return assert.fail("the copy has no page");
}

test("each audience gets a view of its own from one original", { skip: noPdftotext }, async () => {
  const removals: Removal[] = [
    { target: term("Smith"), reason: "THIRD_PARTY" },
    { target: term("recipe"), reason: "TRADE_SECRET", audiences: ["public"] },
  ];
  const original = paper("Smith knows the recipe well");
  const words = async (audience: View["audience"]): Promise<Set<string>> => wordsOf(readBy("pdftotext", (await copyOf(original, { audience, removals })).pdf));
  assert.ok((await words("officer")).has("recipe"));
  assert.ok(!(await words("public")).has("recipe"));
});

test("a copy is refused until every page of this very view is approved", async () => {
  const original = smallPdf({ pages: [{ content: linesOf(["one"]) }, { content: linesOf(["two"]) }] });
  const view = remove(term("two"));
  const survey = await redactor.survey(original, view);
  assert.ok(survey.kind === "surveyed");
  const codes = async (approvals: { view: string; pages: number[] }, other = view): Promise<string[]> => {
    const outcome = await redactor.redact(original, other, approvals);
    return outcome.kind === "refused" ? outcome.findings.map(({ code }) => code) : [outcome.kind];
  };
  assert.deepEqual(await codes({ view: survey.view, pages: [1] }), ["PAGE_NOT_APPROVED"]);
  assert.deepEqual(await codes({ view: survey.view, pages: [1, 2] }, remove(term("one"))), ["STALE_APPROVAL"]);
  assert.deepEqual(await codes({ view: survey.view, pages: [2, 1] }), ["redacted"]);
});

test("a name over the end of a page is covered on both", async () => {
  const original = smallPdf({ pages: [{ content: linesOf(["signed by Anna"]) }, { content: linesOf(["Smith in person"]) }] });
  const survey = await redactor.survey(original, remove(term("Anna Smith")));
  assert.ok(survey.kind === "surveyed");
  assert.deepEqual(
    survey.pages.map(({ boxes }) => boxes.length),
    [1, 1],
  );
});

test("the second program says on which pages it reads what is to be taken out", async () => {
  const original = smallPdf({ pages: [{ content: linesOf(["Anna"]) }, { content: linesOf(["by Anna Smith"]) }, { content: linesOf(["Smithsonian"]) }] });
  assert.deepEqual([...(await pagesHolding(original, [term("Smith")], () => {}))], [2]);
});

test("a turned page is covered where a reader sees the name", async () => {
  const content = linesOf(["Anna Smith"]);
  const boxes = await Promise.all(
    ["", "/Rotate 90"].map(async (entries) => {
      const survey = await redactor.survey(smallPdf({ pages: [{ content, entries }] }), remove(term("Smith")));
      return survey.kind === "surveyed" ? survey.pages[0]?.boxes[0]?.box : undefined;
    }),
  );
  const [straight, turned] = boxes;
  assert.ok(straight !== undefined && turned !== undefined);
  assert.ok(straight.width > straight.height && turned.height > turned.width);
});

test("a typed-in field and a note are drawn into the copy, found and covered", async () => {
  const appearance = streamOf(
    linesOf([{ text: "Anna Smith", x: 2, y: 4 }]),
    "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F 3 0 R >> >>",
  );
  const field = `<< /Type /Annot /Subtype /Widget /FT /Tx /T (who) /V (Anna Smith) /Rect [72 500 272 520] /F 4 /AP << /N ${firstExtra} 0 R >> >>`;
  const original = smallPdf({
    pages: [{ content: linesOf(["Name:"]), entries: `/Annots [${firstExtra + 1} 0 R]` }],
    objects: [appearance, field],
    catalog: `/AcroForm << /Fields [${firstExtra + 1} 0 R] >>`,
  });
  const survey = await redactor.survey(original, remove(term("Smith")));
  assert.ok(survey.kind === "surveyed" && survey.pages[0]?.boxes.length === 1, JSON.stringify(survey));
  assert.equal((await redacted(original, remove(term("Smith")))).kind, "redacted");
});

test("the preview of a page is a picture, as it is and as it will be", async () => {
  const original = paper("Anna Smith");
  const [plain, covered] = [await redactor.renderPage(original, 1), await redactor.renderPage(original, 1, remove(term("Smith")))];
  assert.ok(plain.kind === "rendered" && covered.kind === "rendered");
  assert.deepEqual([...plain.png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.notDeepEqual(plain.png, covered.png);
  const none = await redactor.renderPage(original, 9);
  assert.equal(none.kind === "refused" && none.findings[0].code, "NO_SUCH_PAGE");
});

// The check.

/** What the scan finds: the other engine must not do its work for it. */
async function leaksIn(pdf: Uint8Array, ...gone: Target[]): Promise<string[]> {
  const outcome = await redactor.check(pdf, gone);
  if (outcome.kind === "clean") return [];
  return outcome.kind === "leaks" ? scanned(outcome.leaks) : assert.fail(JSON.stringify(outcome));
}

function scanned(leaks: readonly Leak[]): string[] {
  return leaks.filter(({ engine }) => engine === "scan").map(({ code, key }) => (key === undefined ? code : `${code} ${key}`));
}

test("a copy in which the check finds something is thrown away, and nobody is told what it is", async () => {
  // The mark that stands for a box happens to make up what the second term looks for.
  const outcome = await redacted(paper("Dear Bob today"), remove(term("Bob"), term("Dear x")));
  assert.equal(outcome.kind, "leaks");
  assert.ok(!("pdf" in outcome) && !JSON.stringify(outcome).includes("Dear"));
  assert.deepEqual(outcome.kind === "leaks" && [...new Set(outcome.leaks.map(({ engine }) => engine))].toSorted(), ["pdf.js", "scan"]);
});

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const wide = (text: string): string => `FEFF${Buffer.from(text, "utf16le").swap16().toString("hex")}`;
const shown = (operators: string): SmallPdf => ({ pages: [{ content: `BT /F 12 Tf 72 700 Td ${operators} ET` }] });

/** Whole groups of four bytes only. */
function base85(text: string): string {
  return (text.match(/.{4}/gs) ?? [])
    .map((group) => {
      let value = Buffer.from(group, "latin1").readUInt32BE();
      let digits = "";
      for (let digit = 0; digit < 5; digit++, value = Math.floor(value / 85)) digits = String.fromCharCode(33 + (value % 85)) + digits;
      return digits;
    })
    .join("");
}

/** Nine bits a code: a start, then letters, with one pair of them taken from the table, and an end. */
function lzw(text: string): string {
  const codes = [256, ...Buffer.from(text.slice(0, 2), "latin1"), 258, ...Buffer.from(text.slice(4), "latin1"), 257];
  const bits = codes.map((code) => code.toString(2).padStart(9, "0")).join("");
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte.padEnd(8, "0"), 2))).join("");
}

test("the check sees a name in every form a file can hold it in", async () => {
  const flate = (text: string): string => {
    const packed = deflateSync(Buffer.from(text, "latin1"));
    return `<< /Filter [/ASCIIHexDecode /FlateDecode] /Length ${packed.length * 2 + 1} >>\nstream\n${packed.toString("hex")}>\nendstream`;
  };
  const hidden: { readonly [how: string]: SmallPdf } = {
    "plain text": shown("(by Smithson) Tj"),
    "hexadecimal text": shown(`<${hex("by Smithson")}> Tj`),
    "octal signs": shown(String.raw`(by \123mithson) Tj`),
    "kerned in pieces": shown("[(by Sm) -20 (it) 15 (hson)] TJ"),
    "one letter after another": shown("(S m i t h s o n) Tj"),
    "turned round": shown("(nosht) Tj (nosht imS) Tj (noshtimS) Tj"),
    "a packed stream that no page shows": { ...shown("() Tj"), objects: [flate("BT (Smithson) Tj ET")] },
    "a stream in five-letter groups": { ...shown("() Tj"), objects: [streamOf(`${base85("BT (by Smithson) Tj ET!!")}~>`, "/Filter /ASCII85Decode")] },
    "a stream of runs": {
      ...shown("() Tj"),
      objects: [streamOf(`${String.fromCharCode(15)}(by Smithson) Tj${String.fromCharCode(254)} \x80`, "/Filter /RunLengthDecode")],
    },
    "a stream packed the old way": { ...shown("() Tj"), objects: [streamOf(lzw("(by Smithson) Tj (by Smithson) Tj"), "/Filter /LZWDecode")] },
    "a wide string": { ...shown("() Tj"), objects: [`<< /Whatever <${wide("Smithson")}> >>`] },
    "a name": { ...shown("() Tj"), objects: ["<< /Smithson true >>"] },
    "a name with escapes": { ...shown("() Tj"), objects: ["<< /K /Smith#73on >>"] },
    "a comment": { ...shown("() Tj"), objects: ["<< >> % Smithson"] },
    "bytes of a picture": {
      ...shown("() Tj"),
      objects: [streamOf("\x01\x02xxSmithson\x03", "/Subtype /Image /Width 4 /Height 3 /BitsPerComponent 8 /ColorSpace /DeviceGray")],
    },
  };
  for (const [how, pdf] of Object.entries(hidden)) assert.notDeepEqual(await leaksIn(smallPdf(pdf), term("Smithson")), [], how);
  assert.deepEqual(await leaksIn(smallPdf(shown("(by Smithsonian) Tj")), term("Smithson")), []);
});

test("the check sees what stands beside the pages, and keys that a copy may not have", async () => {
  const bare = shown("() Tj");
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["FORBIDDEN_KEY Info", smallPdf({ ...bare, objects: ["<< /Title (x) >>"], trailer: `/Info ${firstExtra} 0 R` })],
    ["FORBIDDEN_KEY Metadata", smallPdf({ ...bare, objects: [streamOf("<x/>", "/Type /Metadata")], catalog: `/Metadata ${firstExtra} 0 R` })],
    ["FORBIDDEN_KEY JavaScript", smallPdf({ ...bare, objects: ["<< /S /JavaScript >>"] })],
    ["FORBIDDEN_KEY EmbeddedFile", smallPdf({ ...bare, objects: [streamOf("x", "/Type /EmbeddedFile")] })],
    ["FORBIDDEN_KEY ActualText", smallPdf(shown("/Span << /ActualText (x) >> BDC () Tj EMC"))],
    ["FORBIDDEN_KEY AcroForm", smallPdf({ ...bare, catalog: "/AcroForm << >>" })],
    ["FORBIDDEN_KEY Outlines", smallPdf({ ...bare, catalog: "/Outlines << >>" })],
    ["FORBIDDEN_KEY Annots", smallPdf({ pages: [{ content: "", entries: "/Annots []" }] })],
    ["EARLIER_REVISION", revised(smallPdf(bare), 11, streamOf("BT ET"))],
    ["TRAILING_BYTES", Buffer.concat([smallPdf(bare), Buffer.from("x")])],
  ];
  for (const [code, pdf] of cases) assert.ok((await leaksIn(pdf, term("Smithson"))).includes(code), code);
});

test("a stream that unpacks to more than anybody has room for is a finding", async () => {
  let bomb = Buffer.alloc(300 * 1024 * 1024);
  bomb = deflateSync(bomb);
  const pdf = smallPdf({ ...shown("() Tj"), objects: [streamOf(bomb.toString("latin1"), "/Filter /FlateDecode")] });
  assert.ok((await leaksIn(pdf, term("Smithson"))).includes("TOO_LARGE_TO_CHECK"));
});

// The six ways in which a redaction fails.

async function badIn(pdf: Uint8Array, terms: readonly string[] = []): Promise<readonly BadRedaction[]> {
  const outcome = await redactor.inspect(pdf, terms);
  return outcome.kind === "inspected" ? outcome.bad : assert.fail(JSON.stringify(outcome));
}

const box = (colour: string): string => `q ${colour} 60 690 300 50 re f Q`;
const secret = linesOf(["Anna Smith"]);

const failing: readonly (readonly [BadRedaction["code"], BadRedaction["class"], Uint8Array])[] = [
  ["TEXT_UNDER_RECTANGLE", 1, smallPdf({ pages: [{ content: `${secret} ${box("0 g")}` }] })],
  ["TEXT_UNDER_RECTANGLE", 1, smallPdf({ pages: [{ content: `${secret} ${box("1 g")}` }] })],
  ["TEXT_UNDER_IMAGE", 1, smallPdf({ pages: [{ content: `${secret} q 300 0 0 50 60 690 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x20 EI Q` }] })],
  [
    "TEXT_UNDER_ANNOTATION",
    2,
    smallPdf({
      pages: [{ content: secret, entries: `/Annots [${firstExtra + 1} 0 R]` }],
      objects: [
        streamOf("0 g 0 0 300 50 re f", "/Type /XObject /Subtype /Form /BBox [0 0 300 50]"),
        `<< /Type /Annot /Subtype /Square /Rect [60 690 360 740] /F 4 /AP << /N ${firstExtra} 0 R >> >>`,
      ],
    }),
  ],
  ["TEXT_IN_BACKGROUND_COLOUR", 3, paper({ text: "Anna Smith", before: "1 g" })],
  ["TEXT_IN_BACKGROUND_COLOUR", 3, smallPdf({ pages: [{ content: `${box("0 g")} ${secret}` }] })],
  ["INVISIBLE_TEXT", 4, paper({ text: "Anna Smith", before: "3 Tr" })],
  ["TINY_TEXT", 4, paper({ text: "Anna Smith", size: 0.5 })],
  ["CLIPPED_TEXT", 4, smallPdf({ pages: [{ content: `q 0 0 10 10 re W n ${secret} Q` }] })],
  ["OCR_UNDER_IMAGE", 4, smallPdf({ pages: [{ content: `3 Tr ${secret} q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x20 EI Q` }] })],
  ["TEXT_OFF_PAGE", 5, paper({ text: "Anna Smith", x: 700 })],
  ["TEXT_OFF_PAGE", 5, smallPdf({ pages: [{ content: secret, entries: "/CropBox [0 0 612 600]" }] })],
  [
    "HIDDEN_LAYER",
    5,
    smallPdf({
      pages: [{ content: `/OC /L BDC ${secret} EMC` }],
      resources: `/Properties << /L ${firstExtra} 0 R >>`,
      objects: ["<< /Type /OCG /Name (layer) >>"],
      catalog: `/OCProperties << /OCGs [${firstExtra} 0 R] /D << /OFF [${firstExtra} 0 R] >> >>`,
    }),
  ],
  ["EARLIER_REVISION", 6, revised(paper("Anna Smith"), 11, streamOf(linesOf(["nobody"])))],
];
for (const [index, [code, kind, pdf]] of failing.entries())
  test(`a redaction of the class ${kind} that does not hold is seen: ${code} (${index + 1})`, async () => {
    const bad = await badIn(pdf);
    assert.ok(
      bad.some((each) => each.code === code && each.class === kind),
      JSON.stringify(bad),
    );
    assert.ok(!JSON.stringify(bad).includes("Smith"));
  });

test("a name in the title of a paper is seen when it is asked for", async () => {
  const pdf = smallPdf({ pages: [{ content: linesOf(["text"]) }], objects: ["<< /Title (About Smith) >>"], trailer: `/Info ${firstExtra} 0 R` });
  assert.deepEqual(await badIn(pdf, ["Smith"]), [{ code: "OUTLINE_OR_METADATA", class: 6 }]);
  assert.deepEqual(await badIn(pdf, ["Jones"]), []);
});

test("a plain paper, a box beside text and a see-through mark give no alarm", async () => {
  for (const content of [secret, `${secret} q 0 g 60 600 300 50 re f Q`, `q 1 1 0 rg 60 690 300 50 re f Q ${secret}`])
    assert.deepEqual(await badIn(smallPdf({ pages: [{ content }] })), []);
});

test("what nobody sees in the original is not in the text of the copy", { skip: noPdftotext }, async () => {
  for (const [code, , pdf] of failing) {
    if (code === "EARLIER_REVISION") continue;
    const outcome = await copyOf(pdf, remove(term("nobody")));
    const words = wordsOf(readBy("pdftotext", outcome.pdf));
    if (code !== "TINY_TEXT") assert.ok(!words.has("smith"), code);
  }
});

// Papers of others.

const shared = join(import.meta.dirname, "../../../../shared/data/pdf");
const noPapers = existsSync(shared) ? false : "the shared test data is not here";
const papersIn = (name: string): string[] => (noPapers === false ? readdirSync(join(shared, name)).filter((file) => file.endsWith(".pdf")) : []);

for (const file of papersIn("x-ray-redactions"))
  test(`court filing ${file}: an alarm exactly where a redaction does not hold`, async () => {
    const bad = await badIn(readFileSync(join(shared, "x-ray-redactions", file)));
    assert.equal(bad.length > 0, file.startsWith("rectangles_yes"), JSON.stringify(bad));
  });

for (const file of papersIn("py-pdf-sample-files"))
  test(`sample ${file} is redacted, or refused with a finding that says why`, async () => {
    const outcome = await redacted(readFileSync(join(shared, "py-pdf-sample-files", file)), remove(term("the"), { kind: "pattern", pattern: "e-mail" }));
    assert.equal(outcome.kind, file.includes("password") ? "refused" : "redacted", JSON.stringify(outcome).slice(0, 500));
    if (outcome.kind === "refused") assert.equal(outcome.findings[0].code, "PDF_ENCRYPTED");
  });

test("the papers of others are here", { skip: noPapers }, () => assert.ok(papersIn("py-pdf-sample-files").length > 10));

// Bad input.

test("what is no paper, is cut off or has no pages is refused with a finding", async () => {
  const whole = paper("Anna");
  for (const bytes of [new Uint8Array(), Buffer.from("hello, this is no paper"), whole.subarray(0, 60), smallPdf({ pages: [] })]) {
    const outcome = await redactor.survey(bytes, remove(term("Anna")));
    assert.equal(outcome.kind === "refused" && outcome.findings[0].code, "PDF_BROKEN");
  }
});

test("a paper with a broken table of contents is repaired, said to be so, and redacted", async () => {
  const broken = Buffer.from(
    Buffer.from(paper("Anna Smith"))
      .toString("latin1")
      .replace(/startxref[\s\S]*$/, ""),
    "latin1",
  );
  const outcome = await copyOf(broken, remove(term("Smith")));
  assert.ok(outcome.findings.some(({ code }) => code === "PDF_REPAIRED"));
});

test("a signed paper is said to lose its signature, and a program in it is not carried over", async () => {
  const signature = `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>`;
  const field = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /V ${firstExtra} 0 R /Rect [0 0 0 0] /F 132 >>`;
  const original = smallPdf({
    pages: [{ content: secret, entries: `/Annots [${firstExtra + 1} 0 R]` }],
    objects: [signature, field, "<< /S /JavaScript /JS (app.alert) >>"],
    catalog: `/AcroForm << /Fields [${firstExtra + 1} 0 R] /SigFlags 3 >> /OpenAction ${firstExtra + 2} 0 R`,
  });
  const outcome = await copyOf(original, remove(term("Smith")));
  const codes = outcome.findings.map(({ code }) => code);
  assert.ok(codes.includes("PDF_SIGNED") && codes.includes("PDF_HAS_SCRIPT"), codes.join());
});

test("a page of absurd size is drawn within the cap, and it is said that it is coarse", async () => {
  const outcome = await copyOf(smallPdf({ pages: [{ content: secret, box: "[0 0 90000 90000]" }] }), remove(term("Smith")));
  assert.ok(outcome.findings.some(({ code }) => code === "PAGE_MADE_COARSER"));
});

test("a paper with more pages than the cap is refused, and one below it is worked through page by page", async () => {
  const small = startRedactor({ limits: { pages: 5, pixelsPerPage: 10_000 } });
  try {
    const pages = (count: number): Uint8Array => smallPdf({ pages: Array.from({ length: count }, () => ({ content: secret })) });
    const refused = await small.survey(pages(6), remove(term("Smith")));
    assert.equal(refused.kind === "refused" && refused.findings[0].code, "PDF_TOO_MANY_PAGES");
    const seen: number[] = [];
    await small.survey(pages(5), remove(term("Smith")), { onPage: (done) => seen.push(done) });
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  } finally {
    await small.close();
  }
});

test("work is stopped when it is told to, nothing is handed out, and the next paper is read", async () => {
  const own = startRedactor();
  try {
    const stop = new AbortController();
    const many = smallPdf({ pages: Array.from({ length: 300 }, () => ({ content: secret })) });
    const outcome = await own.survey(many, remove(term("Smith")), { signal: stop.signal, onPage: () => stop.abort() });
    assert.equal(outcome.kind === "refused" && outcome.findings[0].code, "STOPPED");
    assert.equal((await own.survey(paper("Anna"), remove(term("Anna")))).kind, "surveyed");
  } finally {
    await own.close();
  }
});

test("a paper that would keep the engine busy for ever is given up", async () => {
  const own = startRedactor({ stepMs: 1500 });
  try {
    const form = (next: number): string =>
      streamOf(`/X Do `.repeat(30), `/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /X ${next} 0 R >> >>`);
    const depth = 9;
    const objects = Array.from({ length: depth }, (_, index) => form(firstExtra + index + 1));
    const last = streamOf("0 0 600 700 re f ".repeat(50), "/Type /XObject /Subtype /Form /BBox [0 0 600 700]");
    const endless = smallPdf({ pages: [{ content: "/X Do" }], resources: `/XObject << /X ${firstExtra} 0 R >>`, objects: [...objects, last] });
    const outcome = await redactedBy(own, endless);
    assert.equal(outcome.kind === "refused" && outcome.findings[0].code, "PDF_TOO_COSTLY", JSON.stringify(outcome).slice(0, 300));
  } finally {
    await own.close();
  }
});

async function redactedBy(own: typeof redactor, bytes: Uint8Array): Promise<RedactionOutcome> {
  const view = remove(term("Smith"));
  const survey = await own.survey(bytes, view);
  return survey.kind === "surveyed" ? own.redact(bytes, view, { view: survey.view, pages: survey.pages.map(({ page }) => page) }) : survey;
}

// The promise.

const cases = Math.min(200, Math.max(20, Math.floor(Number(process.env["PROPERTY_CASES"] ?? 1000) / 40)));
const word = fc.stringMatching(/^[A-Za-zäéñß]{2,10}$/);
const randomPage = fc.record({
  lines: fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
  size: fc.integer({ min: 7, max: 20 }),
  turn: fc.constantFrom("", "/Rotate 90", "/Rotate 180", "/Rotate 270"),
});

test("whatever a paper says and whatever is taken out, no program finds it again, and what remains is found", { skip: noPdftotext }, async () => {
  const mutool = has("mutool");
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(randomPage, { minLength: 1, maxLength: 2 }), fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), async (pages, picks) => {
      const all = pages.flatMap(({ lines }) => lines.flat());
      const gone = [...new Set(picks.map((pick) => all[pick % all.length] ?? ""))];
      const pdf = smallPdf({
        pages: pages.map(({ lines, size, turn }) => ({
          content: linesOf(lines.map((words, index) => ({ text: words.join(" "), size, y: 740 - index * 26 }))),
          entries: turn,
          box: "[0 0 900 792]",
        })),
      });
      const survey = await redactor.survey(pdf, remove(...gone.map(term)));
      assert.ok(survey.kind === "surveyed");
      const outcome = await redactor.redact(pdf, remove(...gone.map(term)), { view: survey.view, pages: survey.pages.map(({ page }) => page) });
      // The scan is stricter than any reader. A copy in which it alone sees a removed word is kept back: safe, and it must stay rare.
      if (outcome.kind === "leaks" && outcome.leaks.every(({ engine }) => engine === "scan")) {
        refused += 1;
        return;
      }
      const copy = outcome.kind === "redacted" ? outcome : assert.fail(JSON.stringify(outcome).slice(0, 300));
      for (const program of mutool ? (["pdftotext", "mutool"] as const) : (["pdftotext"] as const)) {
        const left = wordsOf(readBy(program, copy.pdf));
        for (const each of gone) assert.ok(!left.has(each.toLowerCase()), `${program} finds ${each}`);
      }
      const left = new Set([...wordsOf(readBy("pdftotext", copy.pdf))].map(plain));
      const taken = new Set(gone.map(plain));
      for (const each of all) if (!isTaken(plain(each), taken)) assert.ok(left.has(plain(each)), `${each} is lost`);
      assert.equal((await redactor.check(copy.pdf, gone.map(term))).kind, "clean");
    }),
    // Each case draws pages; to look for a smaller one would take minutes.
    { numRuns: cases, endOnFailure: true },
  );
  assert.ok(refused <= Math.max(1, cases / 20), `${refused} of ${cases} copies were kept back without need`);
});

function plain(text: string): string {
  return text.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss");
}

/** Taken as it is or turned round. */
function isTaken(each: string, taken: ReadonlySet<string>): boolean {
  return taken.has(each) || taken.has([...each].toReversed().join(""));
}

test("the test's own writer can write what it is given", () => assert.equal(written("a(b"), String.raw`(a\(b)`));

test("a name under a black box on which somebody printed a label does not reach the copy's text", { skip: noPdftotext }, async () => {
  const content = [
    "BT /F1 14 Tf 72 700 Td (Informant Quentin Tarkovsky) Tj ET",
    "0 g 70 694 200 20 re f",
    "1 g BT /F1 9 Tf 72 700 Td (REDACTED BY COUNSEL FOR ALL) Tj ET",
    "0 g BT /F1 14 Tf 72 600 Td (Below stands plain text) Tj ET",
  ].join("\n");
  const copy = await copyOf(smallPdf({ pages: [{ content }] }), remove(term("nothing of this")));
  const text = readBy("pdftotext", copy.pdf);
  assert.doesNotMatch(text, /Informant|Quentin|Tarkovsky/);
  assert.match(text, /Below stands plain text/);
});
