// Opens a zip from an unknown hand with limits, so that a bomb, a path that leads outside or a damaged file is a finding and not an accident.
import { crc32 } from "node:zlib";
import { openPromise, validateFileName } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import type { SourceFinding } from "../../production/shapes.ts";

export interface ArchiveLimits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** Unpacked bytes for each packed one, for entries of more than a megabyte. */
  readonly ratio: number;
  /** Folders inside folders. */
  readonly depth: number;
}

export const ordinaryLimits: ArchiveLimits = { entries: 500_000, entryBytes: 64 * 1024 ** 2, totalBytes: 32 * 1024 ** 3, ratio: 250, depth: 3 };

type EntryReading = { readonly kind: "read"; readonly bytes: Buffer } | { readonly kind: "unreadable"; readonly finding: SourceFinding };

export interface Archive {
  /** Files only, in the order of the archive's directory. */
  readonly names: readonly string[];
  /** The whole entry, at most `entryBytes`; its checksum is verified. */
  readEntry(name: string): Promise<EntryReading>;
  close(): void;
}

export type ArchiveOpening =
  | { readonly kind: "open"; readonly archive: Archive }
  | { readonly kind: "refused"; readonly findings: readonly [SourceFinding, ...SourceFinding[]] };

/** Reads the directory only. Every entry is judged before any is unpacked. */
export async function openArchive(file: string, limits: ArchiveLimits): Promise<ArchiveOpening> {
  let zip: ZipFile;
  try {
    // Names are decoded here, but judged below: the library would stop at the first bad one.
    zip = await openPromise(file, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
  } catch (error) {
    if (isSystemError(error)) throw new Error("the export cannot be read", { cause: error });
    return refused([finding("NOT_AN_EXPORT", "zip", "The file is not a zip archive, or its end is missing.")]);
  }
  const directory = await readDirectory(zip, limits);
  if (directory.findings.length > 0) {
    zip.close();
    return refused(directory.findings);
  }
  const entries = directory.entries;
  return {
    kind: "open",
    archive: { names: [...entries.keys()], readEntry: (name) => readEntry(zip, entries.get(name), { name, limits }), close: () => zip.close() },
  };
}

function refused(findings: readonly SourceFinding[]): ArchiveOpening {
  const [first, ...rest] = findings;
  if (first === undefined) throw new Error("a refusal needs a finding");
  return { kind: "refused", findings: [first, ...rest] };
}

interface Directory {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly findings: readonly SourceFinding[];
}

async function readDirectory(zip: ZipFile, limits: ArchiveLimits): Promise<Directory> {
  const entries = new Map<string, Entry>();
  const findings: SourceFinding[] = [];
  if (zip.entryCount > limits.entries)
    return { entries, findings: [finding("TOO_LARGE", "zip", `The archive says it holds ${zip.entryCount} entries; ${limits.entries} are allowed.`)] };
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      total += entry.uncompressedSize;
      findings.push(...faultsOf(entry, name, limits), ...(entries.has(name) ? [finding("ODD_NAME", name, "The archive holds this name twice.")] : []));
      if (!name.endsWith("/")) entries.set(name, entry);
      if (total > limits.totalBytes) findings.push(finding("TOO_LARGE", "zip", "The archive unpacks to more than is allowed."));
      if (findings.length > 20 || total > limits.totalBytes) return { entries, findings };
    }
  } catch {
    findings.push(finding("NOT_AN_EXPORT", "zip", "The archive's directory is damaged."));
  }
  return { entries, findings: [...findings, ...overlaps([...entries])] };
}

function nameOf(entry: Entry): string {
  return (entry.fileName as unknown as Buffer).toString("utf8");
}

function faultsOf(entry: Entry, name: string, limits: ArchiveLimits): SourceFinding[] {
  const unsafe = validateFileName(name) !== null || [...name].some((sign) => sign < " ");
  const { uncompressedSize: bytes, compressedSize: packed } = entry;
  return [
    ...(unsafe ? [finding("ODD_NAME", printable(name), "The entry's path leads outside the archive.")] : []),
    ...(name.replace(/\/$/, "").split("/").length > limits.depth
      ? [finding("ODD_NAME", printable(name), "The entry lies deeper than an export has folders.")]
      : []),
    ...(isLink(entry) ? [finding("ODD_NAME", printable(name), "The entry is a link.")] : []),
    ...(entry.isEncrypted() ? [finding("ENCRYPTED", printable(name), "The entry is encrypted.")] : []),
    ...(bytes > limits.entryBytes ? [finding("TOO_LARGE", printable(name), `The entry unpacks to ${bytes} bytes; ${limits.entryBytes} are allowed.`)] : []),
    ...(bytes > 1024 ** 2 && bytes > packed * limits.ratio
      ? [finding("TOO_LARGE", printable(name), "The entry is packed more densely than text can be.")]
      : []),
  ];
}

function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "?").slice(0, 120);
}

/** Entries that share bytes are how a small file becomes a large one without a high ratio. */
function overlaps(entries: readonly (readonly [string, Entry])[]): SourceFinding[] {
  const byOffset = [...entries].sort(([, a], [, b]) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  return byOffset.slice(1).flatMap(([name, entry], index) => {
    const before = byOffset[index]?.[1];
    const end = before === undefined ? 0 : before.relativeOffsetOfLocalHeader + 30 + before.compressedSize;
    return entry.relativeOffsetOfLocalHeader < end ? [finding("TOO_LARGE", printable(name), "The entry shares its bytes with another one.")] : [];
  });
}

async function readEntry(zip: ZipFile, entry: Entry | undefined, asked: { readonly name: string; readonly limits: ArchiveLimits }): Promise<EntryReading> {
  const { name, limits } = asked;
  const unreadable = (what: string): EntryReading => ({ kind: "unreadable", finding: finding("UNREADABLE", printable(name), what) });
  if (entry === undefined) return unreadable("The export holds no such entry.");
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > limits.entryBytes) return unreadable("The entry unpacks to more than its directory says.");
    }
  } catch {
    return unreadable("The entry cannot be unpacked.");
  }
  const content = Buffer.concat(chunks, bytes);
  return crc32(content) === entry.crc32 ? { kind: "read", bytes: content } : unreadable("The entry's checksum is wrong: it was damaged or changed.");
}

function isSystemError(error: unknown): boolean {
  return typeof (error as { syscall?: unknown }).syscall === "string";
}

function finding(code: SourceFinding["code"], where: string, what: string): SourceFinding {
  return { code, where, what };
}
