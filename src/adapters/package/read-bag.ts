// Opens a package from an unknown hand: a tar is read once, in order, with limits, and nothing in it is ever written to disk.
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import type { Header } from "tar-stream";

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
  /** Must be read to its end before the next file is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The files of a bag in a tar. Throws `BadArchive` for links, devices, paths that lead outside, two top folders, a name twice, and too much of anything. */
export async function* filesOfTar(tar: AsyncIterable<Uint8Array>, limits: BagLimits): AsyncGenerator<ArchivedFile> {
  const entries = extract();
  const source = Readable.from(tar);
  source.on("error", (cause) => entries.destroy(cause));
  source.pipe(entries);
  const seen = new Seen(limits);
  try {
    for await (const entry of entries) {
      const path = seen.admit(entry.header);
      if (path !== undefined) yield { path, bytes: entry.header.size ?? 0, content: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
  } catch (cause) {
    if (cause instanceof BadArchive || source.errored !== null) throw source.errored ?? cause;
    throw new BadArchive("tar", "The archive is damaged or is not a tar.", { cause });
  } finally {
    source.destroy();
  }
  if (seen.top === undefined) throw new BadArchive("tar", "The archive is empty or is not a tar.");
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
  admit(header: Header): string | undefined {
    const { name, type } = header;
    this.bytes += header.size ?? 0;
    if (this.paths.size >= this.limits.entries) throw new BadArchive("tar", `The archive holds more than ${this.limits.entries} files.`);
    if (this.bytes > this.limits.totalBytes) throw new BadArchive("tar", "The archive unpacks to more than it may.");
    if (type !== "file" && type !== "directory") throw new BadArchive(name, "The archive holds a link or a device, which a bag never does.");
    const [top, ...inside] = name.replace(/\/$/, "").split("/");
    if (top === undefined || [top, ...inside].some(leadsOutside)) throw new BadArchive(name, "The path leads outside the bag.");
    this.top ??= top;
    if (top !== this.top) throw new BadArchive(name, "The archive holds more than one bag.");
    if (type === "directory") return undefined;
    if (inside.length === 0 || this.paths.has(name)) throw new BadArchive(name, "The archive holds this file twice, or outside the bag's folder.");
    this.paths.add(name);
    return inside.join("/");
  }
}

function leadsOutside(segment: string): boolean {
  return segment === "" || segment === "." || segment === ".." || segment.includes("\\") || segment.includes("\0") || /^[A-Za-z]:$/.test(segment);
}
