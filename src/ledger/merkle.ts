// The tree over everything that happened (RFC 6962): one root hash stands for all entries, and short proofs lead to it.
import { sameBytes } from "./text-bytes.ts";

/** SHA-256 of the bytes. The result must be a new array: trees keep it. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** A full subtree: the `index`-th one with 2^`level` leaves, counted from the left. Level 0 is a leaf. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1);
  bytes.set(entry, 1);
  return sha256(bytes);
}

// One buffer serves every inner node: hashing is synchronous and the hash is a new array.
const nodeBytes = new Uint8Array(65);
nodeBytes[0] = 1;

export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 33);
  return sha256(nodeBytes);
}

export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** The full subtrees that make up leaves `from` to `to` (exclusive), left to right, when `from` starts a subtree. */
export function nodesOfRange(from: number, to: number): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  let at = from;
  while (at < to) {
    const { level, width } = largestPowerUpTo(to - at);
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** The hash over neighbouring full subtrees, largest first: RFC 6962's hash of a range. */
export function joinHashes(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot(sha256);
  return hashes.reduceRight((right, left) => nodeHash(sha256, left, right));
}

/** For each hash of an inclusion proof (leaf side first), the full subtrees it is joined from. */
export function inclusionNodes(position: number, size: number): readonly (readonly TreeNode[])[] {
  if (!(position >= 0 && position < size)) throw new RangeError("the position is outside the tree");
  const path: (readonly TreeNode[])[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (position < middle) {
      path.push(nodesOfRange(middle, to));
      to = middle;
    } else {
      path.push(nodesOfRange(from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** For each hash of a consistency proof between two sizes, the full subtrees it is joined from. */
export function consistencyNodes(oldSize: number, newSize: number): readonly (readonly TreeNode[])[] {
  if (!(oldSize > 0 && oldSize <= newSize)) throw new RangeError("the older tree must be neither empty nor larger");
  const path: (readonly TreeNode[])[] = [];
  let [from, to] = [0, newSize];
  while (to !== oldSize) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      path.push(nodesOfRange(middle, to));
      to = middle;
    } else {
      path.push(nodesOfRange(from, middle));
      from = middle;
    }
  }
  if (from > 0) path.push(nodesOfRange(from, to));
  return path.reverse();
}

export interface InclusionClaim {
  readonly position: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether the path leads from the leaf at its position to the root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(sha256: Sha256, claim: InclusionClaim): boolean {
  const { position, size, leaf, path, root } = claim;
  if (!areSizes(position, size) || position >= size) return false;
  if (![leaf, root, ...path].every((hash) => hash.length === 32)) return false;
  let [node, last, hash] = [position, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hash = nodeHash(sha256, hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** Whether the newer tree begins with everything in the older one (RFC 9162, 2.1.4.2). Nothing is proved about an empty tree. */
export function verifyConsistency(sha256: Sha256, claim: ConsistencyClaim): boolean {
  const { oldSize, newSize, oldRoot, newRoot, path } = claim;
  if (!areSizes(oldSize, newSize) || oldSize === 0 || oldSize > newSize) return false;
  if (![oldRoot, newRoot, ...path].every((hash) => hash.length === 32)) return false;
  if (oldSize === newSize) return path.length === 0 && sameBytes(oldRoot, newRoot);
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path;
  if (first === undefined || (isPowerOfTwo(oldSize) && path.length === 0)) return false;
  let [node, last] = [oldSize - 1, newSize - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [oldHash, newHash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sha256, sibling, oldHash);
      newHash = nodeHash(sha256, sibling, newHash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else newHash = nodeHash(sha256, newHash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(oldHash, oldRoot) && sameBytes(newHash, newRoot);
}

/** The right edge of a growing tree: for each level, the hash of the full subtree that still waits for its sibling. */
export interface Frontier {
  size: number;
  readonly waiting: (Uint8Array | undefined)[];
}

/** Adds a leaf; `completed` is told every subtree of 256, 65,536 … leaves that it fills, and the leaf itself as level 0. */
export function pushLeaf(sha256: Sha256, frontier: Frontier, leaf: Uint8Array, completed: (tileLevel: number, hash: Uint8Array) => void): void {
  completed(0, leaf);
  let hash = leaf;
  let level = 0;
  for (let sibling = frontier.waiting[0]; sibling !== undefined; sibling = frontier.waiting[level]) {
    hash = nodeHash(sha256, sibling, hash);
    frontier.waiting[level++] = undefined;
    if (level % 8 === 0) completed(level / 8, hash);
  }
  frontier.waiting[level] = hash;
  frontier.size++;
}

export function frontierRoot(sha256: Sha256, frontier: Frontier): Uint8Array {
  return joinHashes(sha256, frontier.waiting.filter((hash) => hash !== undefined).reverse());
}

/** How many leaves go left: the largest power of two below the size. */
function splitOf(size: number): number {
  return largestPowerUpTo(size - 1).width;
}

function largestPowerUpTo(count: number): { readonly level: number; readonly width: number } {
  let [level, width] = [0, 1];
  while (width * 2 <= count) [level, width] = [level + 1, width * 2];
  return { level, width };
}

// Sizes may pass 2^32, where bit operators would cut them off.
function half(count: number): number {
  return Math.floor(count / 2);
}

function isPowerOfTwo(count: number): boolean {
  return largestPowerUpTo(count).width === count;
}

function areSizes(...counts: readonly number[]): boolean {
  return counts.every((count) => Number.isSafeInteger(count) && count >= 0);
}
