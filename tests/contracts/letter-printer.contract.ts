// What every printer of letters promises.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdfReader } from "../../src/adapters/reading/read-pdf.ts";
import type { LetterPrinter, Printed } from "../../src/app/ports.ts";
import { day } from "../../src/kernel/instant.ts";
import type { Letter } from "../../src/requests/letters/letter.ts";

export const plainLetter: Letter = {
  subject: "C-7F3K-2M9Q: your request cannot be answered",
  title: "Your request cannot be answered",
  to: ["Prokurator Zażółć Gęślą", "Εισαγγελία Αθηνών", "Прокуратура Київ"],
  greeting: "Good day Prokurator Zażółć Gęślą,",
  blocks: [
    { kind: "paragraph", text: "We do not disclose data on your request. The reasons are:" },
    { kind: "list", items: [{ text: "A subpoena does not reach files.", under: ["because: of the law"] }, { text: "The range has no first day." }] },
    { kind: "heading", text: "What it cost", note: "As the law provides." },
    {
      kind: "table",
      columns: [{ label: "Date" }, { label: "Sum", figures: true }],
      rows: [["2 Nov 2026", "150.00"]],
      total: ["Total", "150.00"],
    },
  ],
  closing: { company: "Kutano Ltd", mailbox: "legal@kutano.example" },
  reference: { caseId: "C-7F3K-2M9Q", yours: "26-CR-77" },
};

const today = day("2026-11-02");
const readPdf = pdfReader();

export async function pagesOf(printed: Printed): Promise<readonly string[]> {
  assert.equal(printed.kind, "printed");
  const { pages, problems } = await readPdf(printed.kind === "printed" ? printed.pdf : new Uint8Array(), "The letter");
  assert.deepEqual(problems, []);
  return pages.map((page) => page.replaceAll(/\s+/g, " "));
}

/** Every string of the letter that somebody outside may have chosen is this one. */
function letterSaying(words: string): Letter {
  return {
    subject: `C-7F3K-2M9Q: ${words}`,
    title: words,
    to: [words, words],
    greeting: words,
    blocks: [
      { kind: "paragraph", text: words, note: words },
      { kind: "heading", text: words },
      { kind: "list", items: [{ text: words, under: [words] }] },
      { kind: "table", columns: [{ label: words }], rows: [[words]], total: [words] },
    ],
    closing: { company: words, mailbox: words },
    reference: { caseId: "C-7F3K-2M9Q", yours: words },
  };
}

export function testLetterPrinter(name: string, subject: () => LetterPrinter): void {
  test(`${name}: a letter is printed with all its words, in the scripts of Europe, and with its own date`, async () => {
    const [page = "", ...more] = await pagesOf(await subject().print(plainLetter, today));
    assert.equal(more.length, 0);
    const words = ["Kutano Ltd", "Prokurator Zażółć Gęślą", "Εισαγγελία Αθηνών", "Прокуратура Київ", "26-CR-77", "2 November 2026", "As the law provides."];
    for (const each of [...words, "Your request cannot be answered", "because: of the law", "What it cost", "150.00", "Page 1 of 1"])
      assert.ok(page.includes(each), each);
  });

  test(`${name}: the page has a title, a language and the structure that a screen reader needs`, async () => {
    const printed = await subject().print(plainLetter, today);
    assert.equal(printed.kind, "printed");
    const raw = Buffer.from(printed.kind === "printed" ? printed.pdf : []).toString("latin1");
    for (const part of ["/StructTreeRoot", "/Marked true", "/Lang (en)", "/S /H1", "/S /H2", "/S /L\n", "/S /Table", "/S /TH", "/S /Note"])
      assert.ok(raw.includes(part), part);
    assert.ok(raw.includes('<rdf:li xml:lang="x-default">C-7F3K-2M9Q: your request cannot be answered</rdf:li>'));
  });

  test(`${name}: the same letter of the same day gives the same bytes, another day others`, async () => {
    const [first, again, later] = [
      await subject().print(plainLetter, today),
      await subject().print(plainLetter, today),
      await subject().print(plainLetter, day("2026-11-03")),
    ];
    assert.deepEqual(again, first);
    assert.notDeepEqual(later, first);
  });

  test(`${name}: no words of a letter are ever taken for instructions to the printer`, async () => {
    for (const words of [
      '#panic("x")',
      '#read("/etc/passwd")',
      '"] #sys.version [',
      "*bold* _it_ $x$ <l> @r `c` // gone",
      "\\u{41} \\ #image(1)",
      '{"letter":1}',
      "= Head\n- item",
    ]) {
      const shown = words.replaceAll(/\s+/g, " ");
      const page = (await pagesOf(await subject().print(letterSaying(words), today))).join(" ");
      assert.ok(page.split(shown).length - 1 >= 11, `${words}: ${page}`);
    }
  });

  test(`${name}: a character without a shape is shown as its number and counted, never left out in silence`, async () => {
    const printed = await subject().print({ ...plainLetter, greeting: "Good day 山田,", to: [] }, today);
    assert.equal(printed.kind === "printed" && printed.replaced, 2);
    const [page = ""] = await pagesOf(printed);
    assert.ok(page.includes("Good day [U+5C71 U+7530],"));
    assert.ok(page.includes("stand as their Unicode numbers"));
  });

  test(`${name}: a long letter goes over pages that are numbered, and a word wider than the page is whole when copied`, async () => {
    const wide = "x".repeat(300);
    const pages = await pagesOf(
      await subject().print(
        { ...plainLetter, blocks: Array.from({ length: 120 }, (_, at) => ({ kind: "paragraph", text: `Paragraph ${at}. ${at === 0 ? wide : ""}` })) },
        today,
      ),
    );
    assert.ok(pages.length >= 3);
    for (const [at, page] of pages.entries()) assert.ok(page.includes(`Page ${at + 1} of ${pages.length}`));
    assert.equal((pages[0] ?? "").replaceAll(" ", "").split("x".repeat(300)).length, 2);
  });

  test(`${name}: a letter beyond all measure is refused with a code, and the next one is printed`, async () => {
    const huge: Letter = { ...plainLetter, blocks: [{ kind: "paragraph", text: "word ".repeat(60_000) }] };
    assert.deepEqual(await subject().print(huge, today), { kind: "failed", code: "PRINT_TOO_LARGE" });
    const many: Letter = { ...plainLetter, blocks: [{ kind: "list", items: Array.from({ length: 6_000 }, () => ({ text: "x" })) }] };
    assert.deepEqual(await subject().print(many, today), { kind: "failed", code: "PRINT_TOO_LARGE" });
    assert.equal((await subject().print(plainLetter, today)).kind, "printed");
  });
}
