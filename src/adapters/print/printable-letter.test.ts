// A letter made fit for print: nothing invisible, nothing without a shape, nothing beyond measure.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plainLetter } from "../../../tests/contracts/letter-printer.contract.ts";
import type { Letter } from "../../requests/letters/letter.ts";
import { printableLetter } from "./printable-letter.ts";

const ascii = (codePoint: number) => codePoint >= 0x20 && codePoint < 0x7f;
const saying = (text: string): Letter => ({ ...plainLetter, to: [text], greeting: "Good day,", blocks: [] });

function shown(text: string): { readonly text: string | undefined; readonly replaced: number } {
  const measured = printableLetter(saying(text), ascii);
  assert.equal(measured.kind, "printable");
  return measured.kind === "printable" ? { text: measured.letter.to[0], replaced: measured.replaced } : { text: undefined, replaced: 0 };
}

test("characters without a shape stand as numbers, neighbours in one pair of brackets", () => {
  assert.deepEqual(shown("a山田b"), { text: "a[U+5C71 U+7530]b", replaced: 2 });
  assert.deepEqual(shown("😀"), { text: "[U+1F600]", replaced: 1 });
});

test("what steers text without being seen is left out, and line breaks and other controls become spaces", () => {
  assert.deepEqual(shown("a\u202Eb\u200Bc\u0007d\ne\u2028f"), { text: "abc d e f", replaced: 0 });
});

test("half a character becomes the mark for a broken one, which is shown like any other", () => {
  assert.deepEqual(shown("a\uD800b"), { text: "a[U+FFFD]b", replaced: 1 });
});

test("whatever a letter says, only characters with a shape are printed, and the letter explains itself when some were not", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const measured = printableLetter(saying(text), ascii);
      assert.ok(measured.kind === "printable");
      assert.match(measured.letter.to[0] ?? "", /^[\x20-\x7e]*$/);
      assert.equal(measured.letter.blocks.length, measured.replaced === 0 ? 0 : 1);
    }),
  );
});

test("a letter at the limit is printed, one character or one part more is not", () => {
  const limits = { characters: JSON.stringify(plainLetter).length, parts: 100 };
  assert.equal(printableLetter(plainLetter, () => true, limits).kind, "printable");
  assert.equal(printableLetter(saying("x".repeat(limits.characters + 1)), () => true, limits).kind, "too-large");
  const parts = (count: number): Letter => ({ ...saying("x"), blocks: [{ kind: "list", items: Array.from({ length: count }, () => ({ text: "x" })) }] });
  const most = Array.from({ length: 100 }, (_, count) => count).filter((count) => printableLetter(parts(count), () => true, limits).kind === "printable");
  assert.ok(most.length > 80 && most.length < 100);
});
