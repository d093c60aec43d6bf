// The tree cut into tiles (C2SP tlog-tiles), so that anyone can fetch it as plain files and compute every proof alone.
import type { Frontier, Sha256, TreeNode } from "./merkle.ts";
import { frontierRoot, joinHashes, nodeHash, nodesOfRange, pushLeaf } from "./merkle.ts";

export const tileWidth = 256;

/** A run of hashes: level 0 holds leaf hashes, each level above the hash of a full tile below. */
interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256 hashes of 32 bytes. */
  readonly data: Uint8Array;
}

export interface TileName {
  readonly level: number | "entries";
  readonly index: number;
  /** 1 to 256; less than 256 is a partial tile. */
  readonly width: number;
}

/** `tile/0/x001/x234/067` or, for a partial tile, `tile/0/x001/x234/067.p/17`. */
export function tilePath(name: TileName): string {
  const partial = name.width === tileWidth ? "" : `.p/${name.width}`;
  return `tile/${name.level}/${indexPath(name.index)}${partial}`;
}

function indexPath(index: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join("/");
}

/** Reads a path that a client asks for; undefined for every other way of writing it. */
export function parseTilePath(path: string): TileName | undefined {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!parts) return undefined;
  const name = {
    level: parts[1] === "entries" ? ("entries" as const) : Number(parts[1]),
    index: Number((parts[2] ?? "").replace(/[x/]/g, "")),
    width: parts[3] === undefined ? tileWidth : Number(parts[3]),
  };
  if (name.level !== "entries" && name.level > 63) return undefined;
  return Number.isSafeInteger(name.index) && name.width > 0 && tilePath(name) === path ? name : undefined;
}

/** How many hashes a tile holds in a tree of this size; 0 when it does not exist. */
export function tileWidthAt(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / tileWidth ** level) - index * tileWidth;
  return Math.max(0, Math.min(tileWidth, hashes));
}

/** An entry bundle: each entry after its length as two bytes, high byte first. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + 2 + entry.length, 0));
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError("an entry is longer than a bundle can say");
    bundle.set([entry.length >> 8, entry.length & 0xff], offset);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/** The entries of a bundle; undefined when it ends early. */
export function parseEntryBundle(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bundle.length) {
    const [high, low] = [bundle[offset], bundle[offset + 1]];
    if (high === undefined || low === undefined) return undefined;
    const end = offset + 2 + high * 256 + low;
    if (end > bundle.length) return undefined;
    entries.push(bundle.slice(offset + 2, end));
    offset = end;
  }
  return entries;
}

/** Where a subtree's hash comes from: `count` neighbouring hashes of one tile. */
export interface TilePart {
  readonly level: number;
  readonly index: number;
  readonly offset: number;
  readonly count: number;
}

export function tilePartOf(node: TreeNode): TilePart {
  const count = 2 ** (node.level % 8);
  const first = node.index * count;
  return { level: Math.floor(node.level / 8), index: Math.floor(first / tileWidth), offset: first % tileWidth, count };
}

export type FindTile = (level: number, index: number) => Uint8Array | undefined;

/** The hash of a range of subtrees, read from tiles; throws when a tile is missing or too short. */
export function hashFromTiles(sha256: Sha256, nodes: readonly TreeNode[], findTile: FindTile): Uint8Array {
  return joinHashes(
    sha256,
    nodes.map((node) => nodeFromTile(sha256, node, findTile)),
  );
}

function nodeFromTile(sha256: Sha256, node: TreeNode, findTile: FindTile): Uint8Array {
  const part = tilePartOf(node);
  const data = findTile(part.level, part.index);
  const end = (part.offset + part.count) * 32;
  if (!data || data.length < end) throw new Error(`the tile ${part.level}/${part.index} is missing or too short`);
  return subtreeHash(sha256, data.slice(part.offset * 32, end));
}

function subtreeHash(sha256: Sha256, hashes: Uint8Array): Uint8Array {
  if (hashes.length === 32) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(sha256, subtreeHash(sha256, hashes.slice(0, middle)), subtreeHash(sha256, hashes.slice(middle)));
}

/** The partial tiles at the right edge of a tree: all that is needed to let it grow. */
export function edgeTiles(size: number): readonly { readonly level: number; readonly index: number }[] {
  const edge: { level: number; index: number }[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / tileWidth)) {
    if (hashes % tileWidth !== 0) edge.push({ level, index: Math.floor(hashes / tileWidth) });
  }
  return edge;
}

export interface Growth {
  readonly size: number;
  readonly root: Uint8Array;
  /** Tiles that are new or longer than before. */
  readonly tiles: readonly Tile[];
}

/** Adds leaf hashes to a tree of which the edge tiles are known. */
export function growTree(sha256: Sha256, size: number, findTile: FindTile, leaves: Iterable<Uint8Array>): Growth {
  const frontier = frontierOf(sha256, size, findTile);
  const grown = new Map<string, { level: number; index: number; data: Uint8Array; length: number }>();
  const counts: number[] = [];
  const place = (level: number, hash: Uint8Array): void => {
    const count = counts[level] ?? Math.floor(size / tileWidth ** level);
    counts[level] = count + 1;
    const index = Math.floor(count / tileWidth);
    const tile = grown.get(`${level}/${index}`) ?? openTile(level, index, count % tileWidth, findTile);
    grown.set(`${level}/${index}`, tile);
    tile.data.set(hash, tile.length);
    tile.length += 32;
  };
  for (const leaf of leaves) pushLeaf(sha256, frontier, leaf, place);
  const tiles = [...grown.values()].map(({ level, index, data, length }) => ({ level, index, data: data.slice(0, length) }));
  return { size: frontier.size, root: frontierRoot(sha256, frontier), tiles };
}

function openTile(level: number, index: number, width: number, findTile: FindTile) {
  const data = new Uint8Array(tileWidth * 32);
  const before = width === 0 ? undefined : findTile(level, index);
  if (width > 0 && (!before || before.length < width * 32)) throw new Error(`the tile ${level}/${index} is missing or too short`);
  if (before) data.set(before.subarray(0, width * 32));
  return { level, index, data, length: width * 32 };
}

function frontierOf(sha256: Sha256, size: number, findTile: FindTile): Frontier {
  const waiting: (Uint8Array | undefined)[] = [];
  for (const node of nodesOfRange(0, size)) waiting[node.level] = nodeFromTile(sha256, node, findTile);
  return { size, waiting };
}
