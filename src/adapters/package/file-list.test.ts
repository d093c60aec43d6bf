import assert from "node:assert/strict";
import { test } from "node:test";
import { FileList } from "./file-list.ts";

test("a list of files gives every file in its order, as often as it is asked, and their number and sizes", () => {
  for (const count of [0, 1, 999, 1000, 1001, 3210]) {
    const files = Array.from({ length: count }, (_, n) => ({
      path: `data/files/é "${n}"\n.txt`,
      bytes: n * 1_000_000_007,
      sha256: String(n).padStart(64, "0"),
    }));
    const list = new FileList();
    for (const file of files) list.add(file);
    assert.deepEqual([[...list], [...list]], [files, files]);
    assert.deepEqual([list.count, list.bytes], [count, files.reduce((sum, { bytes }) => sum + bytes, 0)]);
  }
});
