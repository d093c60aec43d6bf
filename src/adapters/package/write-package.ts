// Makes the package an officer receives: a bag in a tar, encrypted while it is written, so that no plain record ever lies on a disk.
import { createHash, webcrypto } from "node:crypto";
import { pack as tarPack } from "tar-stream";
import type { Pack } from "tar-stream";
import type { PackageFigures, PackageOrder, PackageSink, Packed, Packager } from "../../app/production-port.ts";
import { bagDeclaration, bagInfoText, manifestText } from "../../production/package/bag.ts";
import type { BagFile } from "../../production/package/bag.ts";
import { declarationText, dictionaryOf, instrumentText, planText, recordText } from "../../production/package/papers.ts";
import type { FileReference, PackedRecord } from "../../production/package/papers.ts";
import type { Collected, CollectedRecord, SourceFinding } from "../../production/shapes.ts";
import { encryptAge, makeAgeHeader } from "./age-payload.ts";

/** Records wait in memory until a part of this size is full: a tar entry must know its size before its first byte. */
const partBytes = 4 * 1024 * 1024;

export const packager: Packager = { pack };

const { subtle } = webcrypto;

type Stopped = Exclude<Packed, { readonly kind: "packed" }>;

async function pack(order: PackageOrder, collected: AsyncIterable<Collected>, sink: PackageSink): Promise<Packed> {
  const bag = new Bag(order);
  const sealing = sealInto(sink, order.recipients, bag.tar as AsyncIterable<Uint8Array>);
  // A failing sink ends the filling; its cause comes out of `sealing`, so the stream's own echo of it is not needed.
  bag.tar.on("error", () => undefined);
  sealing.catch((cause: Error) => bag.tar.destroy(cause));
  try {
    const stopped = await fill(bag, order, collected);
    if (stopped !== undefined) {
      bag.tar.destroy();
      await sealing.catch(() => undefined);
      await sink.drop();
      return stopped;
    }
    const sealed = await sealing;
    await sink.keep();
    return { kind: "packed", ...sealed, figures: bag.figures(), findings: bag.findings };
  } catch (cause) {
    bag.tar.destroy();
    await sealing.catch(() => undefined);
    await sink.drop();
    throw new Error("the package could not be written", { cause });
  }
}

async function fill(bag: Bag, order: PackageOrder, collected: AsyncIterable<Collected>): Promise<Stopped | undefined> {
  await bag.begin();
  for await (const item of collected) {
    const stopped = await take(bag, order, item);
    if (stopped !== undefined) return stopped;
  }
  await bag.finish();
  return undefined;
}

async function take(bag: Bag, order: PackageOrder, item: Collected): Promise<Stopped | undefined> {
  if (item.kind === "failed") return item;
  if (item.kind === "finding") {
    bag.findings.push(item.finding);
    return undefined;
  }
  const { record } = item;
  const judgement = order.judge(record);
  if (judgement.kind === "outside") {
    const { source, collection, line, key } = record;
    return { kind: "outside", source, collection, line, key, reasons: judgement.reasons };
  }
  await bag.addRecord(record);
  return undefined;
}

async function sealInto(
  sink: PackageSink,
  recipients: PackageOrder["recipients"],
  plain: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  const digest = createHash("sha256");
  let bytes = 0;
  for await (const chunk of encryptAge(await makeAgeHeader(recipients), plain)) {
    digest.update(chunk);
    bytes += chunk.length;
    await sink.write(chunk);
  }
  return { sha256: digest.digest("hex"), bytes };
}

/** The bag while it is filled: papers first, so that a reader can judge each record as it comes; lists of what is inside last. */
class Bag {
  readonly tar: Pack = tarPack();
  readonly findings: SourceFinding[] = [];
  private readonly order: PackageOrder;
  private readonly whyOf: ReadonlyMap<string, string>;
  private readonly typeOf: ReadonlyMap<string, string>;
  private readonly payload: BagFile[] = [];
  private readonly tags: BagFile[] = [];
  private readonly byType = new Map<string, number>();
  private readonly byLine = new Map<string, number>();
  private readonly partsOf = new Map<string, number>();
  private part: { place: string; texts: Buffer[]; bytes: number } = { place: "", texts: [], bytes: 0 };
  private files = 0;

  constructor(order: PackageOrder) {
    this.order = order;
    this.whyOf = new Map(order.asked.flatMap((asked) => (asked.verdict === "produced" ? [[asked.line, asked.why] as const] : [])));
    this.typeOf = new Map(order.scope.lines.map((line) => [line.line, line.dataType]));
  }

  async begin(): Promise<void> {
    const { scope, plan, maps, asked } = this.order;
    await this.add("bagit.txt", bagDeclaration);
    await this.add("data/instrument.json", instrumentText({ scope, asked }));
    await this.add("data/plan.json", planText(plan));
    await this.add("data/dictionary.json", `${JSON.stringify(dictionaryOf(plan, maps), null, 2)}\n`);
  }

  async addRecord(record: CollectedRecord): Promise<void> {
    const place = `${safe(record.source)}.${safe(record.collection)}`;
    if (place !== this.part.place) await this.closePart(place);
    const why = this.whyOf.get(record.line);
    if (why === undefined) throw new Error(`line ${record.line} is not among the produced lines`);
    const { source, collection, line } = record;
    const text = Buffer.from(recordText({ source, collection, line, why, fields: await this.fieldsOf(record, place) }));
    this.part.texts.push(text);
    this.part.bytes += text.length;
    count(this.byLine, line);
    count(this.byType, this.typeOf.get(line) ?? "");
    if (this.part.bytes >= partBytes) await this.closePart(place);
  }

  async finish(): Promise<void> {
    const { order } = this;
    await this.closePart("");
    const declared = { ...order.declaration, scope: order.scope, plan: order.plan, recordsByLine: Object.fromEntries(this.byLine), findings: this.findings };
    await this.add("data/declaration.txt", declarationText(declared));
    if (order.plan.nothingHeld.length > 0) await this.add("data/negative-search.json", `${JSON.stringify(order.plan.nothingHeld, null, 2)}\n`);
    if (this.findings.length > 0) await this.add("data/findings.json", `${JSON.stringify(this.findings, null, 2)}\n`);
    if (order.proof !== undefined) await this.add("data/proof.json", `${JSON.stringify(order.proof, null, 2)}\n`);
    const { organisation } = order.declaration;
    await this.add(
      "bag-info.txt",
      bagInfoText({ organisation, caseId: order.scope.caseId, instrument: order.scope.instrument, day: order.packagedAt.slice(0, 10), payload: this.payload }),
    );
    await this.add("manifest-sha256.txt", manifestText(this.payload));
    await this.add("tagmanifest-sha256.txt", manifestText(this.tags));
    this.tar.finalize();
  }

  figures(): PackageFigures {
    return {
      records: [...this.byLine.values()].reduce((sum, records) => sum + records, 0),
      recordsByDataType: Object.fromEntries(this.byType),
      recordsByLine: Object.fromEntries(this.byLine),
      files: this.files,
      payloadBytes: this.payload.reduce((sum, file) => sum + file.bytes, 0),
    };
  }

  /** A file's content leaves as a file with a number for a name: its real name may belong to another line. */
  private async fieldsOf(record: CollectedRecord, place: string): Promise<PackedRecord["fields"]> {
    const fields: { [column: string]: PackedRecord["fields"][string] } = {};
    for (const name in record.fields) {
      const value = record.fields[name] ?? null;
      fields[name] = value instanceof Uint8Array ? await this.addFile(value, place) : value;
    }
    return fields;
  }

  private async addFile(content: Uint8Array, place: string): Promise<FileReference> {
    this.files += 1;
    const { path, bytes, sha256 } = await this.add(`data/files/${place}.${String(this.files).padStart(6, "0")}`, content);
    return { file: path, bytes, sha256 };
  }

  private async closePart(nextPlace: string): Promise<void> {
    const { place, texts, bytes } = this.part;
    this.part = { place: nextPlace, texts: [], bytes: 0 };
    if (texts.length === 0) return;
    const number = (this.partsOf.get(place) ?? 0) + 1;
    this.partsOf.set(place, number);
    await this.add(`data/records/${place}${number === 1 ? "" : `-part-${number}`}.ndjson`, Buffer.concat(texts, bytes));
  }

  private async add(path: string, content: string | Uint8Array): Promise<BagFile> {
    const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    // The digest is taken on another thread while this one encrypts the same bytes.
    const [digest] = await Promise.all([subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>), this.entry(path, bytes)]);
    const file = { path, bytes: bytes.length, sha256: Buffer.from(digest).toString("hex") };
    (path.startsWith("data/") ? this.payload : this.tags).push(file);
    return file;
  }

  private entry(path: string, bytes: Buffer): Promise<void> {
    const mtime = new Date(this.order.packagedAt);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const name = `${safe(this.order.scope.caseId)}/${path}`;
    this.tar.entry({ name, size: bytes.length, mtime, mode: 0o644 }, bytes, (error) => (error ? reject(error) : resolve())).on("error", reject);
    return promise;
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** A name that is one path segment on any system. */
function safe(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, "%2E");
}
