import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { test } from "node:test";
import fc from "fast-check";
import { type Picture, pngOf, type Samples, samplesOf } from "./picture.ts";

const black = 0xff000000;
const white = 0xffffffff;
const grey = (value: number): number => (black | (value << 16) | (value << 8) | value) >>> 0;

function picture(width: number, height: number, at: (index: number) => number): Picture {
  return { width, height, pixels: Uint32Array.from({ length: width * height }, (_, index) => at(index)) };
}

function sampleAt({ bits, width, channels, bytes }: Samples, x: number, y: number): number {
  if (bits === 8) return bytes[(y * width + x) * channels] ?? -1;
  const byte = bytes[y * Math.ceil(width / 2) + (x >> 1)] ?? -1;
  return 17 * (x % 2 === 0 ? byte >> 4 : byte & 15);
}

test("a page of letters is kept in sixteen greys, a page with a photograph or with tones in all of them, and a page with a colour in colour", () => {
  const page = picture(11, 10, (index) => (index % 10 === 0 ? grey(100) : index % 3 === 0 ? black : white));
  const letters = samplesOf(page, 0);
  assert.deepEqual([letters.channels, letters.bits, letters.bytes.length], [1, 4, 60]);
  const withPhotograph = samplesOf(page, 1);
  assert.deepEqual([withPhotograph.channels, withPhotograph.bits, withPhotograph.bytes.length], [1, 8, 110]);
  const tones = samplesOf(
    picture(11, 10, (index) => grey(index)),
    0,
  );
  assert.deepEqual([tones.channels, tones.bits, tones.bytes.length], [1, 8, 110]);
  const colour = samplesOf(
    picture(11, 10, (index) => (index === 57 ? 0xff0000fe : white)),
    0,
  );
  assert.deepEqual([colour.channels, colour.bits, colour.bytes.length], [3, 8, 330]);
});

test("no grey of a copy lies further from the page's than half a step, and black and white stay what they are", () => {
  const pixel = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(black, white) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map(grey) });
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  const pictures = sizes.chain(([width, height]) =>
    fc.array(pixel, { minLength: width * height, maxLength: width * height }).map((pixels) => picture(width, height, (index) => pixels[index] ?? white)),
  );
  fc.assert(
    fc.property(pictures, (page) => {
      const samples = samplesOf(page, 0);
      for (let y = 0; y < page.height; y++)
        for (let x = 0; x < page.width; x++) {
          const wanted = (page.pixels[y * page.width + x] ?? 0) & 255;
          const found = sampleAt(samples, x, y);
          assert.ok(wanted === 0 || wanted === 255 ? found === wanted : Math.abs(found - wanted) <= 8, `${found} for ${wanted}`);
        }
    }),
  );
});

test("a preview in sixteen greys says so in its header and has a filter byte and whole bytes in every row", () => {
  const samples = samplesOf(
    picture(5, 3, (index) => (index === 7 ? black : white)),
    0,
  );
  const png = Buffer.from(pngOf(samples));
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]], [5, 3, 4, 0]);
  const data = png.indexOf("IDAT");
  const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  assert.deepEqual([...rows], [0, 0xff, 0xff, 0xf0, 0, 0xff, 0x0f, 0xf0, 0, 0xff, 0xff, 0xf0]);
});
