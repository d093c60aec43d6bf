// Web fonts opened for print: every table whole, with the checksum that the font itself carries.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { unpackFont } from "./unpack-font.ts";

const require = createRequire(import.meta.url);
const woff = readFileSync(require.resolve("@fontsource/source-serif-4/files/source-serif-4-greek-400-normal.woff"));

/** The checksum of a table as the OpenType specification reckons it; `head` leaves out its own adjustment. */
function checksum(table: Uint8Array, tag: string): number {
  const whole = new Uint8Array((table.length + 3) & ~3);
  whole.set(table);
  if (tag === "head") whole.fill(0, 8, 12);
  const view = new DataView(whole.buffer);
  let sum = 0;
  for (let at = 0; at < whole.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}

test("every table of the font comes out whole", () => {
  const font = unpackFont(woff);
  const view = new DataView(font.buffer);
  const count = view.getUint16(4);
  assert.ok(count > 8);
  for (let nth = 0; nth < count; nth++) {
    const entry = 12 + nth * 16;
    const tag = String.fromCharCode(...font.subarray(entry, entry + 4));
    const [offset, length] = [view.getUint32(entry + 8), view.getUint32(entry + 12)];
    assert.equal(offset % 4, 0, tag);
    assert.equal(checksum(font.subarray(offset, offset + length), tag), view.getUint32(entry + 4), tag);
  }
});

test("what is no WOFF font, or was cut or altered, is refused", () => {
  assert.throws(() => unpackFont(new Uint8Array(0)), RangeError);
  assert.throws(() => unpackFont(Buffer.alloc(100)), RangeError);
  assert.throws(() => unpackFont(woff.subarray(0, woff.length / 2)));
  const altered = Uint8Array.from(woff);
  new DataView(altered.buffer).setUint32(44 + 12, 7);
  assert.throws(() => unpackFont(altered));
});
