import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { inclusionNodes, leafHash, type Sha256, verifyInclusion } from "./merkle.ts";
import { edgeTiles, entryBundle, growTree, hashFromTiles, parseEntryBundle, parseTilePath, tilePath, tileWidthAt } from "./tiles.ts";

const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");
const leafAt = (index: number) => leafHash(sha256, Buffer.from(`entry ${index}`));

test("tiles are named as C2SP tlog-tiles names them", () => {
  assert.equal(tilePath({ level: 0, index: 1234067, width: 256 }), "tile/0/x001/x234/067");
  assert.equal(tilePath({ level: 1, index: 0, width: 17 }), "tile/1/000.p/17");
  assert.equal(tilePath({ level: "entries", index: 999, width: 1 }), "tile/entries/999.p/1");
  assert.equal(tilePath({ level: 2, index: 1000, width: 256 }), "tile/2/x001/000");
});

test("every tile name is read back, and no other spelling of it is", () => {
  const name = fc.record({
    level: fc.oneof(fc.constant("entries" as const), fc.integer({ min: 0, max: 63 })),
    index: fc.nat({ max: 10 ** 12 }),
    width: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(fc.property(name, (tile) => assert.deepEqual(parseTilePath(tilePath(tile)), { ...tile })));
  for (const path of [
    "tile/00/000",
    "tile/64/000",
    "tile/0/0",
    "tile/0/x000/000",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000/",
    "tile/0/-01",
    "x/tile/0/000",
  ]) {
    assert.equal(parseTilePath(path), undefined, path);
  }
});

test("a tree of 70,000 entries has the tiles that the specification counts", () => {
  assert.deepEqual([tileWidthAt(70_000, 0, 272), tileWidthAt(70_000, 0, 273), tileWidthAt(70_000, 0, 274)], [256, 112, 0]);
  assert.deepEqual([tileWidthAt(70_000, 1, 0), tileWidthAt(70_000, 1, 1), tileWidthAt(70_000, 2, 0)], [256, 17, 1]);
  assert.deepEqual(edgeTiles(70_000), [
    { level: 0, index: 273 },
    { level: 1, index: 1 },
    { level: 2, index: 0 },
  ]);
  assert.deepEqual(edgeTiles(256), [{ level: 1, index: 0 }]);
});

test("entry bundles give back their entries, and half a bundle gives nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), fc.nat(), (entries, cut) => {
      const bundle = entryBundle(entries);
      assert.deepEqual(parseEntryBundle(bundle), entries);
      const ends = new Set(entries.map((_entry, place) => entryBundle(entries.slice(0, place + 1)).length).concat(0));
      const length = cut % (bundle.length + 1);
      assert.equal(parseEntryBundle(bundle.slice(0, length)) === undefined, !ends.has(length));
    }),
  );
});

test("however a tree is cut into steps, it ends with the same root and tiles, and every entry is proved from tiles", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 }), fc.nat(), (steps, pick) => {
      const tiles = new Map<string, Uint8Array>();
      const find = (level: number, index: number) => tiles.get(`${level}/${index}`);
      let [size, root] = [0, new Uint8Array()];
      for (const step of steps) {
        const growth = growTree(
          sha256,
          size,
          find,
          Array.from({ length: step }, (_, place) => leafAt(size + place)),
        );
        for (const tile of growth.tiles) tiles.set(`${tile.level}/${tile.index}`, tile.data);
        [size, root] = [growth.size, Uint8Array.from(growth.root)];
      }
      const whole = growTree(
        sha256,
        0,
        () => undefined,
        Array.from({ length: size }, (_, place) => leafAt(place)),
      );
      assert.deepEqual(Buffer.from(root), Buffer.from(whole.root));
      assert.deepEqual(new Map(whole.tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.data])), tiles);
      for (const [name, data] of tiles) assert.equal(data.length, 32 * tileWidthAt(size, ...(name.split("/").map(Number) as [number, number])));
      const position = pick % size;
      const path = inclusionNodes(position, size).map((nodes) => hashFromTiles(sha256, nodes, find));
      assert.ok(verifyInclusion(sha256, { position, size, leaf: leafAt(position), path, root }));
    }),
    { numRuns: 30 },
  );
});

test("a tree that has 65,536 entries grows a third level of tiles", () => {
  const growth = growTree(
    sha256,
    0,
    () => undefined,
    Array.from({ length: 65_537 }, (_, place) => leafAt(place)),
  );
  const widths = growth.tiles.filter(({ level }) => level > 0).map(({ level, index, data }) => [level, index, data.length / 32]);
  assert.deepEqual(widths, [
    [1, 0, 256],
    [2, 0, 1],
  ]);
});
