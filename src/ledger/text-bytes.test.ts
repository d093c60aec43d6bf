import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromBase64, utf8 } from "./text-bytes.ts";

test("text becomes the bytes that every other program makes of it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.deepEqual(Buffer.from(utf8(text)), Buffer.from(text))));
  assert.throws(() => utf8("\ud800"), RangeError);
  assert.throws(() => utf8("a\udc00b"), RangeError);
});

test("Base64 is read in its one spelling only", () => {
  assert.deepEqual(fromBase64("AQI="), Uint8Array.of(1, 2));
  for (const text of ["AQI", "AQJ=", " AQI=", "AQI=\n", "AQ-_", "%"]) assert.equal(fromBase64(text), undefined, text);
});
