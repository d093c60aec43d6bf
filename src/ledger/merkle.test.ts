import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  consistencyNodes,
  emptyRoot,
  type Frontier,
  frontierRoot,
  inclusionNodes,
  joinHashes,
  leafHash,
  nodeHash,
  nodesOfRange,
  pushLeaf,
  type Sha256,
  type TreeNode,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";

const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** RFC 6962, 2.1, word for word: the slow tree that the quick one is held against. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot(sha256);
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(sha256, rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, index) => leafHash(sha256, Buffer.from(`entry ${index}`)));
const hashesOf = (leaves: readonly Uint8Array[], path: readonly (readonly TreeNode[])[]) =>
  path.map((nodes) =>
    joinHashes(
      sha256,
      nodes.map(({ level, index }) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
    ),
  );

test("a tree without entries, a leaf and a node have the hashes that RFC 6962 gives them", () => {
  assert.equal(hex(emptyRoot(sha256)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(hex(leafHash(sha256, new Uint8Array(0))), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  const [left, right] = [leafHash(sha256, Buffer.from("a")), leafHash(sha256, Buffer.from("b"))];
  assert.equal(hex(nodeHash(sha256, left, right)), hex(hash("sha256", Buffer.concat([Buffer.of(1), left, right]), "buffer")));
});

test("a tree that grows leaf by leaf has at every size the root that RFC 6962 defines", () => {
  const leaves = leavesOf(70);
  const frontier: Frontier = { size: 0, waiting: [] };
  for (let size = 0; size <= leaves.length; size++) {
    assert.equal(hex(frontierRoot(sha256, frontier)), hex(rootOf(leaves.slice(0, size))), `size ${size}`);
    if (size < leaves.length) pushLeaf(sha256, frontier, leaves[size] as Uint8Array, () => undefined);
  }
});

test("every entry of every small tree has a proof that holds, and for no other position, size, leaf or root", () => {
  for (let size = 1; size <= 33; size++) {
    const leaves = leavesOf(size);
    const root = rootOf(leaves);
    for (let position = 0; position < size; position++) {
      const path = hashesOf(leaves, inclusionNodes(position, size));
      const claim = { position, size, leaf: leaves[position] as Uint8Array, path, root };
      assert.ok(verifyInclusion(sha256, claim));
      for (let other = 0; other < size; other++) if (other !== position) assert.ok(!verifyInclusion(sha256, { ...claim, position: other }));
      assert.ok(!verifyInclusion(sha256, { ...claim, leaf: root }) || size === 1);
      assert.ok(!verifyInclusion(sha256, { ...claim, path: [...path, root] }));
      assert.ok(path.length === 0 || !verifyInclusion(sha256, { ...claim, path: path.slice(1) }));
    }
  }
});

test("every small tree is shown to begin with every smaller one, and with no other", () => {
  for (let newSize = 1; newSize <= 33; newSize++) {
    const leaves = leavesOf(newSize);
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const path = hashesOf(leaves, consistencyNodes(oldSize, newSize));
      const claim = { oldSize, newSize, oldRoot: rootOf(leaves.slice(0, oldSize)), newRoot: rootOf(leaves), path };
      assert.ok(verifyConsistency(sha256, claim), `${oldSize} → ${newSize}`);
      assert.ok(!verifyConsistency(sha256, { ...claim, oldRoot: emptyRoot(sha256) }));
      assert.ok(!verifyConsistency(sha256, { ...claim, newRoot: emptyRoot(sha256) }));
      assert.ok(!verifyConsistency(sha256, { ...claim, path: [...path, claim.newRoot] }));
      if (oldSize > 1) assert.ok(!verifyConsistency(sha256, { ...claim, oldSize: oldSize - 1 }));
    }
  }
});

const flip = (bytes: Uint8Array, bit: number) => {
  const flipped = Uint8Array.from(bytes);
  flipped[Math.floor(bit / 8)] = (flipped[Math.floor(bit / 8)] as number) ^ (1 << (bit % 8));
  return flipped;
};

test("in proofs of random trees no bit can be changed", () => {
  const tree = fc.record({
    size: fc.integer({ min: 2, max: 600 }),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    pick: fc.nat(),
    bit: fc.integer({ min: 0, max: 255 }),
  });
  const check = ({ size, at, pick, bit }: { size: number; at: number; pick: number; bit: number }) => {
    const leaves = leavesOf(size);
    const root = rootOf(leaves);
    const position = Math.floor(at * size);
    const path = hashesOf(leaves, inclusionNodes(position, size));
    const claim = { position, size, leaf: leaves[position] as Uint8Array, path, root };
    assert.ok(verifyInclusion(sha256, claim));
    const changed = path.map((sibling, place) => (place === pick % path.length ? flip(sibling, bit) : sibling));
    assert.ok(!verifyInclusion(sha256, { ...claim, path: changed }));
    assert.ok(!verifyInclusion(sha256, { ...claim, leaf: flip(claim.leaf, bit) }));
    const oldSize = Math.max(1, position);
    const older = hashesOf(leaves, consistencyNodes(oldSize, size));
    const growth = { oldSize, newSize: size, oldRoot: rootOf(leaves.slice(0, oldSize)), newRoot: root, path: older };
    assert.ok(verifyConsistency(sha256, growth));
    assert.ok(!verifyConsistency(sha256, { ...growth, path: older.map((sibling, place) => (place === pick % older.length ? flip(sibling, bit) : sibling)) }));
  };
  fc.assert(fc.property(tree, check), { numRuns: 60 });
});

test("sizes beyond what bit operators can count are proved as well", () => {
  const size = 2 ** 40 + 3;
  assert.deepEqual(nodesOfRange(0, size), [
    { level: 40, index: 0 },
    { level: 1, index: 2 ** 39 },
    { level: 0, index: 2 ** 40 + 2 },
  ]);
  const leaf = leafHash(sha256, Buffer.from("last"));
  const path = [leafHash(sha256, Buffer.from("pair")), leafHash(sha256, Buffer.from("all before"))];
  const root = nodeHash(sha256, path[1] as Uint8Array, nodeHash(sha256, path[0] as Uint8Array, leaf));
  assert.equal(inclusionNodes(size - 1, size).length, 2);
  assert.ok(verifyInclusion(sha256, { position: size - 1, size, leaf, path, root }));
});

test("what is not a hash or not a size is never proved", () => {
  const leaf = leafHash(sha256, Buffer.from("a"));
  assert.ok(verifyInclusion(sha256, { position: 0, size: 1, leaf, path: [], root: leaf }));
  for (const position of [-1, 1, 0.5, Number.NaN]) assert.ok(!verifyInclusion(sha256, { position, size: 1, leaf, path: [], root: leaf }));
  assert.ok(!verifyInclusion(sha256, { position: 0, size: 1, leaf: leaf.subarray(1), path: [], root: leaf.subarray(1) }));
  assert.ok(!verifyConsistency(sha256, { oldSize: 0, newSize: 1, oldRoot: emptyRoot(sha256), newRoot: leaf, path: [] }));
});

const vectors = join(import.meta.dirname, "../../../shared/data/tlog-merkle-testdata");
const skip = existsSync(vectors) ? false : "the collection of known proofs is not at hand";

function readVectors(kind: string): readonly { file: string; vector: Record<string, unknown> }[] {
  const files = readdirSync(join(vectors, kind), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.map((file) => ({ file, vector: JSON.parse(readFileSync(join(vectors, kind, file), "utf8")) as Record<string, unknown> }));
}

const bytesOf = (text: unknown) => Buffer.from(typeof text === "string" ? text : "", "base64");
const pathOf = (proof: unknown) => ((proof ?? []) as readonly string[]).map(bytesOf);

test("we judge collected inclusion proofs, good and bad, as other logs do", { skip }, () => {
  const cases = readVectors("inclusion");
  assert.ok(cases.length > 50, "the collection was read");
  for (const { file, vector } of cases) {
    const claim = {
      position: Number(vector["leafIdx"]),
      size: Number(vector["treeSize"]),
      leaf: bytesOf(vector["leafHash"]),
      path: pathOf(vector["proof"]),
      root: bytesOf(vector["root"]),
    };
    assert.equal(verifyInclusion(sha256, claim), !vector["wantErr"], file);
  }
});

test("we judge collected consistency proofs, good and bad, as other logs do", { skip }, () => {
  const cases = readVectors("consistency");
  assert.ok(cases.length > 50, "the collection was read");
  for (const { file, vector } of cases) {
    const claim = {
      oldSize: Number(vector["size1"]),
      newSize: Number(vector["size2"]),
      oldRoot: bytesOf(vector["root1"]),
      newRoot: bytesOf(vector["root2"]),
      path: pathOf(vector["proof"]),
    };
    // We ask for more: nothing follows from an empty tree, and a root has 32 bytes.
    const isBeyond = claim.oldSize === 0 || claim.oldRoot.length !== 32 || claim.newRoot.length !== 32;
    assert.equal(verifyConsistency(sha256, claim), !isBeyond && !vector["wantErr"], file);
  }
});
