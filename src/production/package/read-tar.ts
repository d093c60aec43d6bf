// Opens a package from an unknown hand: a tar is read once, in order, with limits, and nothing in it is ever written to disk.

export interface BagLimits {
  readonly entries: number;
  readonly totalBytes: number;
}

export const ordinaryLimits: BagLimits = { entries: 200_000, totalBytes: 64 * 1024 ** 3 };

/** The package is not what it claims; what was read before may be true, and no more was read. */
export class BadArchive extends Error {
  readonly where: string;

  constructor(where: string, what: string, options?: ErrorOptions) {
    super(what, options);
    this.where = where;
  }
}

export interface ArchivedFile {
  /** Inside the bag, without its top folder. */
  readonly path: string;
  readonly bytes: number;
  /** Read before the next file is asked for; what is left unread is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The platform's own reading of UTF-8, which replaces what is malformed. */
type DecodeUtf8 = (bytes: Uint8Array) => string;

const blockBytes = 512;
const mostExtendedBytes = 64 * 1024;

/** The files of a bag in a tar. Throws `BadArchive` for links, devices, paths that lead outside, two top folders, a name twice, and too much of anything. */
export async function* filesOfTar(tar: AsyncIterable<Uint8Array>, limits: BagLimits, decode: DecodeUtf8): AsyncGenerator<ArchivedFile> {
  const source = new Blocks(tar);
  const seen = new Seen(limits);
  let extended: Extended = {};
  try {
    for (;;) {
      const block = await source.block();
      if (block === undefined) break;
      if (block.every((byte) => byte === 0)) {
        // To the very end: only there does a sealed file show that nothing in it was changed.
        await source.onlyZeros(limits.totalBytes);
        break;
      }
      const header = readHeader(block, decode);
      if (header.type === "x" || header.type === "g" || header.type === "L") {
        const told = await source.small(header.bytes);
        if (header.type === "x") extended = { ...extended, ...readPax(told, decode) };
        if (header.type === "L") extended = { ...extended, name: decode(told).replace(/\0+$/, "") };
        continue;
      }
      const entry = { ...header, ...extended };
      extended = {};
      const path = seen.admit(entry);
      const content = source.content(entry.bytes);
      if (path !== undefined) yield { path, bytes: entry.bytes, content };
      for await (const _rest of content);
      await source.skip((blockBytes - (entry.bytes % blockBytes)) % blockBytes);
    }
  } finally {
    await source.close();
  }
  if (seen.top === undefined) throw new BadArchive("tar", "The archive is empty or is not a tar.");
}

interface Header {
  readonly name: string;
  readonly bytes: number;
  readonly type: string;
}

interface Extended {
  readonly name?: string;
  readonly bytes?: number;
}

function readHeader(block: Uint8Array, decode: DecodeUtf8): Header {
  const text = (from: number, bytes: number) => decode(untilZero(block.subarray(from, from + bytes)));
  const stated = octal(block.subarray(148, 156));
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  const bytes = octal(block.subarray(124, 136));
  if (stated !== sum || bytes === undefined) throw new BadArchive("tar", "The archive is damaged or is not a tar.");
  const prefix = text(257, 6) === "ustar" ? text(345, 155) : "";
  const name = text(0, 100);
  return { name: prefix === "" ? name : `${prefix}/${name}`, bytes, type: String.fromCharCode(block[156] ?? 0) };
}

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Octal digits, or the base-256 form that some programs write for large files. */
function octal(field: Uint8Array): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...field))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

function readPax(bytes: Uint8Array, decode: DecodeUtf8): Extended {
  let found: Extended = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(String.fromCharCode(...bytes.subarray(at, Math.min(space, at + 8))));
    if (!Number.isInteger(length) || length < 5 || at + length > bytes.length) throw new BadArchive("tar", "An extended header of the archive is damaged.");
    const [, key, value = ""] = /^([^=]+)=([\s\S]*)\n$/.exec(decode(bytes.subarray(space + 1, at + length))) ?? [];
    if (key === "path") found = { ...found, name: value };
    if (key === "size" && /^\d{1,15}$/.test(value)) found = { ...found, bytes: Number(value) };
    at += length;
  }
  return found;
}

/** Takes a stream of pieces of any length as blocks and stretches. */
class Blocks {
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Undefined where the stream ends cleanly. */
  async block(): Promise<Uint8Array | undefined> {
    const block = new Uint8Array(blockBytes);
    let filled = 0;
    for await (const piece of this.upTo(blockBytes)) {
      block.set(piece, filled);
      filled += piece.length;
    }
    if (filled !== 0 && filled !== blockBytes) throw cutShort();
    return filled === 0 ? undefined : block;
  }

  async small(bytes: number): Promise<Uint8Array> {
    if (bytes > mostExtendedBytes) throw new BadArchive("tar", "An extended header of the archive is longer than any of ours.");
    const all = new Uint8Array(bytes);
    let filled = 0;
    for await (const piece of this.content(bytes)) {
      all.set(piece, filled);
      filled += piece.length;
    }
    await this.skip((blockBytes - (bytes % blockBytes)) % blockBytes);
    return all;
  }

  /** Exactly so many bytes, once. */
  content(bytes: number): AsyncIterable<Uint8Array> {
    let left = bytes;
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      if (left === 0) return { done: true, value: undefined };
      const value = await this.piece(left);
      if (value === undefined) throw cutShort();
      left -= value.length;
      return { done: false, value };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  async skip(bytes: number): Promise<void> {
    for await (const _passed of this.content(bytes));
  }

  async onlyZeros(most: number): Promise<void> {
    for (let passed = 0; passed <= most;) {
      const piece = await this.piece(blockBytes * 128);
      if (piece === undefined) return;
      if (piece.some((byte) => byte !== 0)) throw new BadArchive("tar", "There is something behind the end of the archive.");
      passed += piece.length;
    }
    throw new BadArchive("tar", "The archive unpacks to more than it may.");
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async *upTo(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0;) {
      const piece = await this.piece(left);
      if (piece === undefined) return;
      left -= piece.length;
      yield piece;
    }
  }

  private async piece(most: number): Promise<Uint8Array | undefined> {
    while (this.held.length === 0) {
      const next = await this.source.next();
      if (next.done === true) return undefined;
      this.held = next.value;
    }
    const piece = this.held.subarray(0, most);
    this.held = this.held.subarray(piece.length);
    return piece;
  }
}

function cutShort(): BadArchive {
  return new BadArchive("tar", "The archive is damaged or is not a tar.");
}

class Seen {
  top: string | undefined;
  private readonly limits: BagLimits;
  private readonly paths = new Set<string>();
  private bytes = 0;

  constructor(limits: BagLimits) {
    this.limits = limits;
  }

  /** The path inside the bag; none for a folder. */
  admit({ name, bytes, type }: Header): string | undefined {
    this.bytes += bytes;
    if (this.paths.size >= this.limits.entries) throw new BadArchive("tar", `The archive holds more than ${this.limits.entries} files.`);
    if (this.bytes > this.limits.totalBytes) throw new BadArchive("tar", "The archive unpacks to more than it may.");
    if (type !== "0" && type !== "\0" && type !== "5") throw new BadArchive(name, "The archive holds a link or a device, which a bag never does.");
    const [top, ...inside] = name.replace(/\/$/, "").split("/");
    if (top === undefined || [top, ...inside].some(leadsOutside)) throw new BadArchive(name, "The path leads outside the bag.");
    this.top ??= top;
    if (top !== this.top) throw new BadArchive(name, "The archive holds more than one bag.");
    if (type === "5") return undefined;
    if (inside.length === 0 || this.paths.has(name)) throw new BadArchive(name, "The archive holds this file twice, or outside the bag's folder.");
    this.paths.add(name);
    return inside.join("/");
  }
}

function leadsOutside(segment: string): boolean {
  return segment === "" || segment === "." || segment === ".." || segment.includes("\\") || segment.includes("\0") || /^[A-Za-z]:$/.test(segment);
}
