// Checks a package away from the desk that made it: whole, unchanged, each record inside the lines of the instrument, the ledger's proof true.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { LedgerProof } from "../../ledger/port.ts";
import { judgeFor } from "../../production/check/judge-record.ts";
import { checkBag, manifestAlgorithm, readBagDeclaration, tagEncoding } from "../../production/package/check-bag.ts";
import type { SeenFile } from "../../production/package/check-bag.ts";
import { classesOf } from "../../production/package/papers.ts";
import type { FileReference, InstrumentPaper, PackedRecord } from "../../production/package/papers.ts";
import type { CollectedRecord, DataMap, FieldValue, Judge, MappedCollection } from "../../production/shapes.ts";
import { NotOpened, decryptAge } from "./age-payload.ts";
import { BadArchive, filesOfTar, ordinaryLimits } from "./read-bag.ts";
import type { ArchivedFile, BagLimits } from "./read-bag.ts";

type ProofCheck = (
  proof: LedgerProof,
  trustedLogKey: string,
) => { readonly kind: "proved"; readonly sealed: { readonly fact: object } } | { readonly kind: "refuted"; readonly code: string; readonly because: string };

export interface VerifyOptions {
  /** The officer's `AGE-SECRET-KEY-1…`; needed for an encrypted package. */
  readonly identity?: string;
  /** The log's published verifier key. Without it the proof is reported as not checked. */
  readonly trustedLogKey?: string;
  readonly verifyProof?: ProofCheck;
  readonly limits?: BagLimits;
}

interface VerifyFinding {
  /** A `note` leaves the package good. */
  readonly severity: "fault" | "note";
  readonly code: string;
  readonly where: string;
  readonly what: string;
}

export interface VerifyResult {
  /** No fault. It says nothing about a proof that could not be checked: read `proof`. */
  readonly ok: boolean;
  readonly findings: readonly VerifyFinding[];
  readonly records: number;
  readonly recordsByLine: { readonly [line: string]: number };
  readonly recordsByDataType: { readonly [dataType: string]: number };
  /** `tied` says whether the proven fact names the digest of this package's plan (`plan`). */
  readonly proof:
    | { readonly kind: "absent" | "not-checked" }
    | { readonly kind: "proved"; readonly tied: boolean }
    | { readonly kind: "refuted"; readonly because: string };
}

const largestPaperBytes = 256 * 1024 * 1024;
const largestLineBytes = 64 * 1024 * 1024;
const mostFindings = 1000;

/** Works offline. A file that is no package gives findings; it throws only when the file cannot be read at all. */
export async function verifyPackage(file: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const check = new Check(options);
  const sealed = (await firstBytes(file, 21)) === "age-encryption.org/v1";
  if (sealed && options.identity === undefined) return check.refused("NOT_OPENED", file, "The package is encrypted. Give the identity it was encrypted to.");
  const bytes = createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>;
  try {
    const tar = sealed && options.identity !== undefined ? decryptAge(options.identity, bytes) : bytes;
    for await (const archived of filesOfTar(tar, options.limits ?? ordinaryLimits)) await check.take(archived);
  } catch (error) {
    if (error instanceof NotOpened) return check.refused("NOT_OPENED", file, `The package cannot be opened: ${error.message}.`);
    if (error instanceof BadArchive) return check.refused("BAD_ARCHIVE", error.where, error.message);
    throw error;
  }
  return check.finish();
}

async function firstBytes(file: string, bytes: number): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead).toString("latin1");
  } finally {
    await handle.close();
  }
}

/** What is known of the package while its files pass by once. */
class Check {
  private readonly options: VerifyOptions;
  private readonly findings: VerifyFinding[] = [];
  private readonly files = new Map<string, SeenFile>();
  private readonly papers = new Map<string, Buffer>();
  private readonly references = new Map<string, FileReference>();
  private readonly byLine = new Map<string, number>();
  private judgeRecord: RecordJudge | undefined;
  private records = 0;

  constructor(options: VerifyOptions) {
    this.options = options;
  }

  async take(file: ArchivedFile): Promise<void> {
    const isRecords = file.path.startsWith("data/records/");
    const isPaper = !isRecords && !file.path.startsWith("data/files/");
    if (isPaper && file.bytes > largestPaperBytes) throw new BadArchive(file.path, "The paper is larger than any paper of ours.");
    const digest = createHash("sha256");
    const lines = new Lines(file.path);
    const kept: Uint8Array[] = [];
    for await (const chunk of file.content) {
      digest.update(chunk);
      if (isPaper) kept.push(chunk);
      if (isRecords) for (const line of lines.add(chunk)) this.judge(file.path, line);
    }
    if (isRecords) for (const line of lines.rest()) this.judge(file.path, line);
    if (isPaper) this.papers.set(file.path, Buffer.concat(kept));
    this.files.set(file.path, { bytes: file.bytes, digests: { sha256: digest.digest("hex") } });
  }

  refused(code: string, where: string, what: string): VerifyResult {
    this.fault(code, where, what);
    return this.result({ kind: "not-checked" });
  }

  finish(): VerifyResult {
    for (const finding of checkBag({ files: this.files, tags: this.tagTexts() })) this.tell(finding);
    for (const paper of ["data/instrument.json", "data/plan.json", "data/dictionary.json", "data/declaration.txt"]) {
      if (!this.papers.has(paper)) this.fault("NO_PAPER", paper, "A package of ours always holds this paper.");
    }
    this.checkReferences();
    return this.result(this.proofVerdict());
  }

  private judge(path: string, line: Numbered): void {
    this.judgeRecord ??= this.openGrounds();
    const where = `${path}:${line.number}`;
    const record = asRecord(line.text);
    if (record === undefined) return this.fault("UNREADABLE_RECORD", where, "The line is not a record.");
    this.records += 1;
    this.byLine.set(record.line, (this.byLine.get(record.line) ?? 0) + 1);
    for (const value of Object.values(record.fields)) if (isReference(value)) this.references.set(value.file, value);
    for (const reason of this.judgeRecord(record, where)) this.fault("OUTSIDE_SCOPE", where, `${reason.because} (${reason.clause})`);
  }

  /** The papers stand before the records. Without them nothing can be judged, so nothing is inside. */
  private openGrounds(): RecordJudge {
    const paper = parsed<InstrumentPaper>(this.papers.get("data/instrument.json"));
    const maps = parsed<DataMap[]>(this.papers.get("data/dictionary.json"));
    try {
      if (paper !== undefined && maps !== undefined) return recordJudge(paper, maps);
    } catch {
      // Papers of another shape than ours are as good as none.
    }
    return () => [{ clause: "IGRP-9", because: "The papers that say what was asked are missing or unreadable." }];
  }

  private tagTexts(): Map<string, string> {
    const declaration = readBagDeclaration(this.papers.get("bagit.txt")?.toString("utf8") ?? "");
    const isTag = (path: string) => ["bagit.txt", "bag-info.txt", "fetch.txt"].includes(path) || manifestAlgorithm(path) !== undefined;
    return new Map(
      [...this.papers].filter(([path]) => isTag(path)).map(([path, bytes]) => [path, decode(bytes, path === "bagit.txt" ? "utf-8" : declaration?.encoding)]),
    );
  }

  private checkReferences(): void {
    for (const [path, reference] of this.references) {
      if (this.files.get(path)?.digests["sha256"] !== reference.sha256)
        this.fault("FILE_MISSING", path, "A record names this file, and it is missing or another one.");
    }
    for (const path of this.files.keys()) {
      const known = /^data\/(?:records\/|files\/|[a-z-]+\.(?:json|txt)$)/.test(path);
      if (path.startsWith("data/files/") && !this.references.has(path)) this.fault("FILE_UNEXPLAINED", path, "No record names this file.");
      else if (path.startsWith("data/") && !known) this.fault("FILE_UNEXPLAINED", path, "No paper names this file.");
    }
  }

  private proofVerdict(): VerifyResult["proof"] {
    const bytes = this.papers.get("data/proof.json");
    const { verifyProof, trustedLogKey } = this.options;
    if (bytes === undefined) {
      if (trustedLogKey !== undefined)
        this.fault("PROOF_ABSENT", "data/proof.json", "The package carries no proof that its plan was approved in the log of this key.");
      return { kind: "absent" };
    }
    if (verifyProof === undefined || trustedLogKey === undefined) return { kind: "not-checked" };
    const proof = parsed<LedgerProof>(bytes);
    const verdict = proof === undefined ? { kind: "refuted" as const, because: "The proof is unreadable." } : safely(() => verifyProof(proof, trustedLogKey));
    if (verdict.kind === "refuted") {
      this.fault("PROOF_REFUTED", "data/proof.json", verdict.because);
      return { kind: "refuted", because: verdict.because };
    }
    return { kind: "proved", tied: this.isTied(verdict.sealed.fact) };
  }

  private isTied(fact: object): boolean {
    const { type, plan: stated } = fact as { readonly type?: unknown; readonly plan?: unknown };
    if (type !== "ReleaseApproved") {
      this.fault("PROOF_OF_SOMETHING_ELSE", "data/proof.json", "The proof is of another fact than the approval of a release.");
      return false;
    }
    const tied = stated === this.files.get("data/plan.json")?.digests["sha256"];
    if (!tied) this.fault("OTHER_PLAN", "data/plan.json", "The ledger's fact approves another plan than this package carries.");
    return tied;
  }

  private fault(code: string, where: string, what: string): void {
    this.tell({ severity: "fault", code, where, what });
  }

  private tell(finding: VerifyFinding): void {
    if (this.findings.length < mostFindings) this.findings.push(finding);
  }

  private result(proof: VerifyResult["proof"]): VerifyResult {
    const paper = parsed<InstrumentPaper>(this.papers.get("data/instrument.json"));
    const byType: { [type: string]: number } = {};
    for (const line of Array.isArray(paper?.scope?.lines) ? paper.scope.lines : []) {
      const records = this.byLine.get(line.line);
      if (records !== undefined) byType[line.dataType] = (byType[line.dataType] ?? 0) + records;
    }
    const ok = this.findings.every((finding) => finding.severity === "note");
    return { ok, findings: this.findings, records: this.records, recordsByLine: Object.fromEntries(this.byLine), recordsByDataType: byType, proof };
  }
}

type RecordJudge = (record: PackedRecord, key: string) => readonly { readonly clause: string; readonly because: string }[];

function recordJudge(paper: InstrumentPaper, maps: readonly DataMap[]): RecordJudge {
  const judge: Judge = judgeFor({ scope: paper.scope, maps, classOf: classesOf(paper.scope) });
  const collections = new Map(maps.flatMap((map) => map.collections.map((collection) => [`${map.source}\u0000${collection.name}`, collection])));
  const whys = new Map(paper.asked.map((asked) => [asked.line, asked.verdict === "produced" ? asked.why : undefined]));
  return (record, key) => {
    const why = whys.get(record.line);
    if (why === undefined) return [{ clause: "IGRP-9", because: "The line of this record was not produced." }];
    if (why !== record.why) return [{ clause: "IGRP-9", because: "The record gives another reason than its line." }];
    const judgement = judge(collectedAgain(record, key, collections.get(`${record.source}\u0000${record.collection}`)));
    return judgement.kind === "inside" ? [] : judgement.reasons;
  };
}

/** The record as the checker wants it; what the source said of it is read from its own columns. */
function collectedAgain(record: PackedRecord, key: string, collection: MappedCollection | undefined): CollectedRecord {
  const fields = Object.fromEntries(
    Object.entries(record.fields).map(([name, value]): [string, FieldValue] => [name, isReference(value) ? value.file : value]),
  );
  const said = (role: string) => {
    const value = fields[collection?.fields.find((field) => field.role === role)?.name ?? ""];
    return value === undefined || value === null ? undefined : String(value);
  };
  const workspace = said("workspace");
  const moment = said("moment");
  const witness = {
    subject: said("subject") ?? "",
    ...(workspace === undefined ? {} : { workspace }),
    ...(moment === undefined ? {} : { moment: moment as never }),
  };
  return { source: record.source, collection: record.collection, line: record.line, key, fields, witness };
}

function asRecord(text: string): PackedRecord | undefined {
  const record = parsed<PackedRecord>(text);
  const texts = [record?.source, record?.collection, record?.line, record?.why];
  const good = texts.every((value) => typeof value === "string") && typeof record?.fields === "object" && record.fields !== null;
  return good && Object.values(record.fields).every((value) => value === null || typeof value !== "object" || isReference(value)) ? record : undefined;
}

function isReference(value: unknown): value is FileReference {
  const reference = value as Partial<FileReference> | null;
  return typeof value === "object" && typeof reference?.file === "string" && typeof reference.sha256 === "string" && reference.file.startsWith("data/files/");
}

function parsed<Shape>(bytes: Uint8Array | string | undefined): Shape | undefined {
  try {
    return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as Shape);
  } catch {
    return undefined;
  }
}

function safely(check: () => ReturnType<ProofCheck>): ReturnType<ProofCheck> {
  try {
    return check();
  } catch {
    return { kind: "refuted", code: "PROOF_UNREADABLE", because: "The proof is unreadable." };
  }
}

function decode(bytes: Uint8Array, encoding = "utf-8"): string {
  try {
    return new TextDecoder(tagEncoding(encoding, bytes), { ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}

interface Numbered {
  readonly number: number;
  readonly text: string;
}

/** Cuts a file into its lines as it arrives. */
class Lines {
  private readonly path: string;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private number = 0;

  constructor(path: string) {
    this.path = path;
  }

  *add(chunk: Uint8Array): Generator<Numbered> {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield this.numbered(Buffer.concat([...this.held, rest.subarray(0, end)]));
      this.held = [];
      this.heldBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length === 0) return;
    this.held.push(rest);
    this.heldBytes += rest.length;
    if (this.heldBytes > largestLineBytes) throw new BadArchive(this.path, "A record is larger than any record of ours.");
  }

  *rest(): Generator<Numbered> {
    if (this.heldBytes > 0) yield this.numbered(Buffer.concat(this.held));
  }

  private numbered(line: Buffer): Numbered {
    this.number += 1;
    return { number: this.number, text: line.toString("utf8") };
  }
}
