// The bag while it is filled: papers first, so that a reader can judge each record as it comes; lists of what is inside last.
import { createHash, hash, webcrypto } from "node:crypto";
import { availableParallelism } from "node:os";
import type { PackageFigures, PackageOrder } from "../../app/production-port.ts";
import { signManifest, signaturePath } from "../../production/package/manifest-signature.ts";
import { bagDeclaration, bagInfoText, manifestParts } from "../../production/package/bag.ts";
import type { BagFile } from "../../production/package/bag.ts";
import { certificateText } from "../../production/package/certificate.ts";
import { CsvColumns, csvHeader, csvRow } from "../../production/package/csv.ts";
import { custodyText } from "../../production/package/custody.ts";
import { dictionaryCsv, dictionaryText } from "../../production/package/dictionary-text.ts";
import { negativeSearchOf, negativeSearchText, readKey } from "../../production/package/negative-search.ts";
import type { PackingCheckpoint, ReadProgress } from "../../production/package/packing-state.ts";
import { type Declared, declarationText, dictionaryOf, instrumentText, planText, recordText } from "../../production/package/papers.ts";
import type { FileReference, PackedRecord } from "../../production/package/papers.ts";
import { tarEndBytes, tarHeader, tarPadding } from "../../production/package/write-tar.ts";
import type { CollectedRecord, ReadPlace, SourceFinding } from "../../production/shapes.ts";
import type { Sealer } from "./age-sealer.ts";
import { FileList } from "./file-list.ts";
import { TextPart } from "./text-part.ts";

/** Records wait in memory until a part of this size is full: a tar entry must know its size before its first byte. */
const partBytes = 4 * 1024 * 1024;
/** A part ends as well when records brought this much in files, so that a packing can go on from there. */
const partFileBytes = 64 * 1024 * 1024;
/** In UTF-16 units. Where hardly a record of a long list is taken, its places alone make a checkpoint, behind the next record. */
const placesForCheckpoint = 1024 * 1024;
/** More between two records are not kept: such a read is read again from its beginning. */
const mostPlaces = 16 * placesForCheckpoint;
/** Content of this size is hashed on another thread where there is a processor for it: two are busy with reading and sealing. */
const largeBytes = availableParallelism() > 2 ? 256 * 1024 : Number.POSITIVE_INFINITY;

const { subtle } = webcrypto;

type Progress = Omit<PackingCheckpoint, "version" | "order" | "seal">;
export type TellProgress = (progress: Progress) => Promise<void>;

export class Bag {
  readonly findings: SourceFinding[] = [];
  private readonly order: PackageOrder;
  private readonly sealer: Sealer;
  private readonly tell: TellProgress | undefined;
  private readonly whyOf: ReadonlyMap<string, string>;
  private readonly payload = new FileList();
  private readonly tags = new FileList();
  private readonly reads: { source: string; collection: string; line: string; records: number; lastKey: string }[] = [];
  private readonly partsOf = new Map<string, number>();
  private readonly columns: CsvColumns;
  private readonly part = new OpenPart();
  private newFiles: BagFile[] = [];
  private newPlaces: ReadPlace[] = [];
  private placeSize = 0;
  private placed: { readonly of: string; readonly records: number } | undefined;
  /** A read that said more places than are kept. */
  private unplaced: string | undefined;
  private checkpoints = 0;
  private files = 0;
  /** Bytes since the last checkpoint that are in parts which are closed. */
  private closedBytes = 0;
  private fileBytes = 0;

  constructor(order: PackageOrder, sealer: Sealer, tell?: TellProgress, done: readonly PackingCheckpoint[] = []) {
    this.order = order;
    this.sealer = sealer;
    this.tell = tell;
    this.whyOf = new Map(order.asked.flatMap((asked) => (asked.verdict === "produced" ? [[asked.line, asked.why] as const] : [])));
    const last = done.at(-1);
    this.columns = new CsvColumns(order.plan, last?.columns);
    this.checkpoints = done.length;
    for (const { newFiles } of done) for (const file of newFiles) this.listOf(file.path).add(file);
    if (last === undefined) return;
    this.findings.push(...last.findings);
    this.reads.push(...last.reads.map((read) => ({ ...read })));
    for (const [place, parts] of Object.entries(last.parts)) this.partsOf.set(place, parts);
    this.files = last.originals;
    const read = last.reads.at(-1);
    if (last.placed !== null && read !== undefined) this.placed = { of: readKey(read), records: last.placed };
  }

  async begin(): Promise<void> {
    const { scope, plan, maps, asked } = this.order;
    const dictionary = dictionaryOf(plan, maps);
    await this.add("bagit.txt", bagDeclaration);
    await this.add("data/instrument.json", instrumentText({ scope, asked }));
    await this.add("data/plan.json", planText(plan));
    await this.add("data/dictionary.json", json(dictionary));
    await this.add("data/dictionary.csv", dictionaryCsv(dictionary));
    await this.add("data/dictionary.txt", dictionaryText(dictionary));
  }

  async addRecord(record: CollectedRecord): Promise<void> {
    if (!this.part.isOf(record) || this.part.lacks(record)) await this.openPart(record);
    const why = this.whyOf.get(record.line);
    if (why === undefined) throw new Error(`line ${record.line} is not among the produced lines`);
    const { source, collection, line } = record;
    const fields = fieldsWithoutFile(record.fields) ?? (await this.fieldsOf(record));
    const packed: PackedRecord = { source, collection, line, why, fields, ...(record.chain === undefined ? {} : { chain: record.chain }) };
    this.part.add(recordText(packed), csvRow(packed, this.part.columns));
    this.count(record);
    const isDue = this.closedBytes + this.part.lines.length >= partBytes || this.fileBytes >= partFileBytes || this.placeSize >= placesForCheckpoint;
    if (isDue) await this.closeAndTell();
  }

  notePlace(place: ReadPlace): void {
    if (this.tell === undefined) return;
    const of = readKey(place);
    if (of === this.unplaced) return;
    if (this.placed?.of !== of) this.forgetPlaces();
    this.newPlaces.push(place);
    this.placeSize += place.place.length;
    this.placed = { of, records: place.records };
    if (this.placeSize < mostPlaces) return;
    this.forgetPlaces();
    this.placed = undefined;
    this.unplaced = of;
  }

  private forgetPlaces(): void {
    this.newPlaces = [];
    this.placeSize = 0;
  }

  /** Right behind a record and before the next is asked for: whoever gives the records stands where the checkpoint stands. */
  private async closeAndTell(isComplete = false): Promise<void> {
    await this.closePart();
    this.closedBytes = 0;
    this.fileBytes = 0;
    await this.tellProgress(isComplete);
  }

  private async openPart(record: CollectedRecord): Promise<void> {
    await this.closePart();
    this.columns.grow(record, this.columns.missing(record));
    this.part.open(record, this.columns.of(record));
  }

  async finish(): Promise<void> {
    const { order } = this;
    // A packing that goes on behind its last record has told so already.
    if (this.closedBytes > 0 || !this.part.isEmpty()) await this.closeAndTell(true);
    const { scope, plan, declaration } = order;
    const redactions = order.redactions?.();
    const recordsByLine = this.recordsBy((read) => read.line);
    const declared: Declared = { ...declaration, scope, plan, recordsByLine, findings: this.findings, ...(redactions === undefined ? {} : { redactions }) };
    await this.add("data/declaration.txt", declarationText(declared));
    await this.add("data/certificate.txt", certificateText(declared));
    await this.addNegativeSearch(declared);
    if (this.findings.length > 0) await this.add("data/findings.json", json(this.findings));
    if (redactions !== undefined) await this.add("data/redactions.json", json(redactions));
    if (order.proof !== undefined) await this.add("data/proof.json", json(order.proof));
    await this.add("data/chain-of-custody.jsonld", custodyText({ ...declared, packagedAt: order.packagedAt, payload: this.payload, uuidOf }));
    await this.addLists();
    await this.sealer.zeros(tarEndBytes);
  }

  figures(): PackageFigures {
    const typeOf = new Map(this.order.scope.lines.map((line) => [line.line, line.dataType]));
    return {
      records: this.reads.reduce((sum, { records }) => sum + records, 0),
      recordsByDataType: this.recordsBy(({ line }) => typeOf.get(line) ?? ""),
      recordsByLine: this.recordsBy(({ line }) => line),
      files: this.files,
      payloadBytes: this.payload.bytes,
    };
  }

  private async addNegativeSearch(declared: Declared): Promise<void> {
    const found = new Map<string, number>();
    for (const read of this.reads) found.set(readKey(read), (found.get(readKey(read)) ?? 0) + read.records);
    const search = negativeSearchOf(declared.scope, declared.plan, found);
    if (search === undefined) return;
    await this.add("data/negative-search.json", json(search));
    await this.add("data/negative-search.txt", negativeSearchText(search, declared));
  }

  private async addLists(): Promise<void> {
    const { declaration, scope, packagedAt, sign } = this.order;
    const { caseId, instrument } = scope;
    await this.add(
      "bag-info.txt",
      bagInfoText({ organisation: declaration.organisation, caseId, instrument, day: packagedAt.slice(0, 10), payload: this.payload }),
    );
    const { sha256 } = await this.addParts("manifest-sha256.txt", () => manifestParts(this.payload));
    if (sign !== undefined) await this.add(signaturePath, signManifest(sha256Bytes, sign, { caseId, packagedAt, sha256 }));
    await this.addParts("tagmanifest-sha256.txt", () => manifestParts(this.tags));
  }

  private count({ source, collection, line, key }: CollectedRecord): void {
    const last = this.reads.at(-1);
    if (last?.source === source && last.collection === collection && last.line === line) {
      last.records += 1;
      last.lastKey = key;
    } else this.reads.push({ source, collection, line, records: 1, lastKey: key });
  }

  private recordsBy(nameOf: (read: ReadProgress) => string): { [name: string]: number } {
    const counts: { [name: string]: number } = {};
    for (const read of this.reads) counts[nameOf(read)] = (counts[nameOf(read)] ?? 0) + read.records;
    return counts;
  }

  /** A file's content leaves as a file with a number for a name: its real name may belong to another line. */
  private async fieldsOf(record: CollectedRecord): Promise<PackedRecord["fields"]> {
    const fields: { [column: string]: PackedRecord["fields"][string] } = {};
    for (const name in record.fields) {
      const value = record.fields[name] ?? null;
      fields[name] = value instanceof Uint8Array ? await this.addFile(value) : value;
    }
    return fields;
  }

  private async addFile(content: Uint8Array): Promise<FileReference> {
    this.files += 1;
    this.fileBytes += content.length;
    const { path, bytes, sha256 } = await this.add(`data/files/${this.part.place}.${String(this.files).padStart(6, "0")}`, content);
    return { file: path, bytes, sha256 };
  }

  private async closePart(): Promise<void> {
    const { part } = this;
    if (part.isEmpty()) return part.close();
    const number = (this.partsOf.get(part.place) ?? 0) + 1;
    this.partsOf.set(part.place, number);
    const path = `data/records/${part.place}${number === 1 ? "" : `-part-${number}`}`;
    this.closedBytes += part.lines.length;
    await this.add(`${path}.ndjson`, part.lines.bytes());
    await this.add(`${path}.csv`, part.rows.bytes());
    part.close();
  }

  private async tellProgress(isComplete: boolean): Promise<void> {
    if (this.tell === undefined) return;
    const { newFiles, newPlaces, findings, files } = this;
    this.newFiles = [];
    this.forgetPlaces();
    const reads = this.reads.map((read) => ({ ...read }));
    const last = reads.at(-1);
    const { placed } = this;
    const isPlaced = placed !== undefined && last !== undefined && placed.of === readKey(last);
    await this.tell({
      number: this.checkpoints++,
      isComplete,
      newFiles,
      reads,
      findings: [...findings],
      ...(isPlaced ? { newPlaces, placed: placed.records } : { newPlaces: [], placed: null }),
      parts: Object.fromEntries(this.partsOf),
      columns: this.columns.all(),
      originals: files,
    });
  }

  private async add(path: string, content: string | Uint8Array): Promise<BagFile> {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const [sha256] = await Promise.all([digestOf(bytes), this.entry(path, bytes)]);
    return this.listed({ path, bytes: bytes.length, sha256 });
  }

  /** A text that is made twice instead of held: once for its length and digest, which stand before it, and once to be written. */
  private async addParts(path: string, parts: () => Iterable<string>): Promise<BagFile> {
    const digest = createHash("sha256");
    let bytes = 0;
    for (const part of parts()) {
      digest.update(part);
      bytes += Buffer.byteLength(part);
    }
    await this.writeHeader(path, bytes);
    for (const part of parts()) await this.sealer.write(Buffer.from(part));
    await this.sealer.zeros(tarPadding(bytes));
    return this.listed({ path, bytes, sha256: digest.digest("hex") });
  }

  private listed(file: BagFile): BagFile {
    this.listOf(file.path).add(file);
    if (this.tell !== undefined) this.newFiles.push(file);
    return file;
  }

  private listOf(path: string): FileList {
    return path.startsWith("data/") ? this.payload : this.tags;
  }

  private async entry(path: string, bytes: Uint8Array): Promise<void> {
    await this.writeHeader(path, bytes.length);
    await this.sealer.write(bytes);
    await this.sealer.zeros(tarPadding(bytes.length));
  }

  private async writeHeader(path: string, bytes: number): Promise<void> {
    const mtimeSeconds = Math.floor(Date.parse(this.order.packagedAt) / 1000);
    await this.sealer.write(tarHeader({ name: `${safe(this.order.scope.caseId)}/${path}`, bytes, mtimeSeconds }));
  }
}

/** The records of one place that wait to become a file, as NDJSON and as CSV. */
class OpenPart {
  place = "";
  columns: readonly string[] = [];
  readonly lines = new TextPart(partBytes);
  readonly rows = new TextPart(partBytes);
  private source: string | undefined;
  private collection: string | undefined;
  private known: ReadonlySet<string> = new Set();
  private records = 0;

  open({ source, collection }: CollectedRecord, columns: readonly string[]): void {
    this.source = source;
    this.collection = collection;
    this.place = `${safe(source)}.${safe(collection)}`;
    this.columns = columns;
    this.known = new Set(columns);
    this.rows.add(csvHeader(columns));
  }

  isOf({ source, collection }: CollectedRecord): boolean {
    return source === this.source && collection === this.collection;
  }

  /** A column that the table's first row does not name. */
  lacks({ fields }: CollectedRecord): boolean {
    for (const name in fields) if (!this.known.has(name)) return true;
    return false;
  }

  add(line: string, row: string): void {
    this.lines.add(line);
    this.rows.add(row);
    this.records += 1;
  }

  isEmpty(): boolean {
    return this.records === 0;
  }

  close(): void {
    this.source = undefined;
    this.lines.clear();
    this.rows.clear();
    this.records = 0;
  }
}

/** The fields as they are, where none of them is a file's content. */
function fieldsWithoutFile(fields: CollectedRecord["fields"]): PackedRecord["fields"] | undefined {
  for (const name in fields) if (fields[name] instanceof Uint8Array) return undefined;
  // Every value was looked at just now.
  return fields as PackedRecord["fields"];
}

function digestOf(bytes: Uint8Array): string | Promise<string> {
  if (bytes.length < largeBytes) return hash("sha256", bytes);
  return subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>).then((digest) => Buffer.from(digest).toString("hex"));
}

function sha256Bytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash("sha256", bytes, "buffer"));
}

/** A UUID of version 8 (RFC 9562) from the digest of the words. */
function uuidOf(words: string): string {
  const hex = hash("sha256", words);
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) & 3] ?? "8";
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A name that is one path segment on any system. */
function safe(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, "%2E");
}
