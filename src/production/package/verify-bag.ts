// Checks an opened package away from the desk that made it: whole, unchanged, each record inside the lines of the instrument, the signature and the ledger's proof true.
import type { LedgerProof } from "../../ledger/port.ts";
import type { NoteCrypto } from "../../ledger/signed-note.ts";
import { judgeFor } from "../check/judge-record.ts";
import type { Chain, CollectedRecord, DataMap, FieldValue, Judge, MappedCollection, Plan } from "../shapes.ts";
import { checkBag, manifestAlgorithm, readBagDeclaration, tagEncoding } from "./check-bag.ts";
import type { SeenFile } from "./check-bag.ts";
import { CsvColumns, csvHeader, csvRow } from "./csv.ts";
import { type SignatureVerdict, checkManifestSignature, signaturePath } from "./manifest-signature.ts";
import { classesOf } from "./papers.ts";
import type { FileReference, InstrumentPaper, PackedRecord } from "./papers.ts";
import { BadArchive, filesOfTar, ordinaryLimits } from "./read-tar.ts";
import type { ArchivedFile, BagLimits } from "./read-tar.ts";

type ProofCheck = (
  proof: LedgerProof,
  trustedLogKey: string,
) => { readonly kind: "proved"; readonly sealed: { readonly fact: object } } | { readonly kind: "refuted"; readonly code: string; readonly because: string };

interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. */
  hex(): string;
}

/** What a server and a browser do each in their own way. */
export interface VerifyPlatform {
  readonly sha256: () => RunningDigest;
  /** Text in a named encoding, with its byte order mark kept. Throws for an encoding it does not know. */
  readonly decode: (bytes: Uint8Array, encoding: string) => string;
  readonly encode: (text: string) => Uint8Array;
}

export interface BagGrounds {
  /** The log's published verifier key. Without it neither the proof nor the signature is checked. */
  readonly trustedLogKey?: string;
  readonly verifyProof?: ProofCheck;
  /** For the manifest's signature. */
  readonly noteCrypto?: NoteCrypto;
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
  /** Who signed the manifest. `absent`: the package does not say who made it. */
  readonly signature: SignatureVerdict;
}

const largestPaperBytes = 256 * 1024 * 1024;
const largestLineBytes = 64 * 1024 * 1024;
const mostFindings = 1000;
const mostSteps = 1000;

/** Reads the plain tar of a package once. What is wrong with the package is a finding; what `tar` itself throws is thrown on. */
export async function verifyBag(platform: VerifyPlatform, grounds: BagGrounds, tar: AsyncIterable<Uint8Array>): Promise<VerifyResult> {
  const check = new Check(platform, grounds);
  try {
    const decode = (bytes: Uint8Array) => platform.decode(bytes, "utf-8");
    for await (const archived of filesOfTar(tar, grounds.limits ?? ordinaryLimits, decode)) await check.take(archived);
  } catch (error) {
    if (error instanceof BadArchive) return check.refused("BAD_ARCHIVE", error.where, error.message);
    throw error;
  }
  return check.finish();
}

/** The result for a package that could not be opened. */
export function notOpened(where: string, what: string): VerifyResult {
  const finding: VerifyFinding = { severity: "fault", code: "NOT_OPENED", where, what };
  const unchecked = { kind: "not-checked" } as const;
  return { ok: false, findings: [finding], records: 0, recordsByLine: {}, recordsByDataType: {}, proof: unchecked, signature: unchecked };
}

/** What is known of the package while its files pass by once. */
class Check {
  private readonly platform: VerifyPlatform;
  private readonly options: BagGrounds;
  private readonly findings: VerifyFinding[] = [];
  private readonly files = new Map<string, SeenFile>();
  private readonly papers = new Map<string, Uint8Array>();
  private readonly references = new Map<string, FileReference>();
  private readonly byLine = new Map<string, number>();
  /** Digest that each CSV must have, told from its NDJSON. */
  private readonly tables = new Map<string, string>();
  private columns: CsvColumns | undefined;
  private judgeRecord: RecordJudge | undefined;
  private records = 0;

  constructor(platform: VerifyPlatform, options: BagGrounds) {
    this.platform = platform;
    this.options = options;
  }

  async take(file: ArchivedFile): Promise<void> {
    const isTable = file.path.startsWith("data/records/") && file.path.endsWith(".csv");
    const isRecords = file.path.startsWith("data/records/") && !isTable;
    const isPaper = !isRecords && !isTable && !file.path.startsWith("data/files/");
    if (isPaper && file.bytes > largestPaperBytes) throw new BadArchive(file.path, "The paper is larger than any paper of ours.");
    const digest = this.platform.sha256();
    const table = new TableOf(this.platform);
    const lines = new Lines(file.path, this.platform);
    const kept: Uint8Array[] = [];
    for await (const chunk of file.content) {
      digest.update(chunk);
      if (isPaper) kept.push(chunk.slice());
      if (isRecords) for (const line of lines.add(chunk)) this.judge(file.path, line, table);
    }
    if (isRecords) for (const line of lines.rest()) this.judge(file.path, line, table);
    if (isRecords) this.tables.set(file.path.replace(/\.ndjson$/, ".csv"), table.hex());
    if (isPaper) this.papers.set(file.path, joined(kept));
    this.files.set(file.path, { bytes: file.bytes, digests: { sha256: digest.hex() } });
  }

  refused(code: string, where: string, what: string): VerifyResult {
    this.fault(code, where, what);
    return this.result({ kind: "not-checked" }, { kind: "not-checked" });
  }

  finish(): VerifyResult {
    for (const finding of checkBag({ files: this.files, tags: this.tagTexts() })) this.tell(finding);
    for (const paper of ["data/instrument.json", "data/plan.json", "data/dictionary.json", "data/declaration.txt"]) {
      if (!this.papers.has(paper)) this.fault("NO_PAPER", paper, "A package of ours always holds this paper.");
    }
    this.checkReferences();
    this.checkTables();
    return this.result(this.proofVerdict(), this.signatureVerdict());
  }

  private judge(path: string, line: Numbered, table: TableOf): void {
    this.judgeRecord ??= this.openGrounds();
    const where = `${path}:${line.number}`;
    const record = asRecord(line.text);
    if (record === undefined) return this.fault("UNREADABLE_RECORD", where, "The line is not a record.");
    this.records += 1;
    this.columns ??= new CsvColumns(this.plan());
    table.add(record, this.columns);
    this.byLine.set(record.line, (this.byLine.get(record.line) ?? 0) + 1);
    for (const value of Object.values(record.fields)) if (isReference(value)) this.references.set(value.file, value);
    for (const reason of this.judgeRecord(record, where)) this.fault("OUTSIDE_SCOPE", where, `${reason.because} (${reason.clause})`);
  }

  /** The papers stand before the records. Without them nothing can be judged, so nothing is inside. */
  private openGrounds(): RecordJudge {
    const paper = this.paper<InstrumentPaper>("data/instrument.json");
    const maps = this.paper<DataMap[]>("data/dictionary.json");
    try {
      if (paper !== undefined && maps !== undefined) return recordJudge(paper, maps);
    } catch {
      // Papers of another shape than ours are as good as none.
    }
    return () => [{ clause: "IGRP-9", because: "The papers that say what was asked are missing or unreadable." }];
  }

  /** The plan as far as the CSV needs it; no columns where it cannot be read. */
  private plan(): Plan {
    const plan = this.paper<Partial<Plan>>("data/plan.json");
    const good = (Array.isArray(plan?.reads) ? plan.reads : []).filter((read) => Array.isArray(read?.columns));
    return { caseId: "", reads: good, nothingHeld: [] };
  }

  private paper<Shape>(path: string): Shape | undefined {
    const bytes = this.papers.get(path);
    return bytes === undefined ? undefined : parsed<Shape>(this.decode(bytes, "utf-8"));
  }

  private decode(bytes: Uint8Array, encoding = "utf-8"): string {
    try {
      return this.platform.decode(bytes, tagEncoding(encoding, bytes));
    } catch {
      return "";
    }
  }

  private tagTexts(): Map<string, string> {
    const declaration = readBagDeclaration(this.decode(this.papers.get("bagit.txt") ?? new Uint8Array(0)));
    const isTag = (path: string) => ["bagit.txt", "bag-info.txt", "fetch.txt"].includes(path) || manifestAlgorithm(path) !== undefined;
    return new Map(
      [...this.papers]
        .filter(([path]) => isTag(path))
        .map(([path, bytes]) => [path, this.decode(bytes, path === "bagit.txt" ? "utf-8" : declaration?.encoding)]),
    );
  }

  private checkReferences(): void {
    for (const [path, reference] of this.references) {
      if (this.files.get(path)?.digests["sha256"] !== reference.sha256)
        this.fault("FILE_MISSING", path, "A record names this file, and it is missing or another one.");
    }
    for (const path of this.files.keys()) {
      const known = /^data\/(?:records\/|files\/|[a-z-]+\.(?:json|jsonld|txt|csv)$)/.test(path);
      if (path.startsWith("data/files/") && !this.references.has(path)) this.fault("FILE_UNEXPLAINED", path, "No record names this file.");
      else if (path.startsWith("data/") && !known) this.fault("FILE_UNEXPLAINED", path, "No paper names this file.");
    }
  }

  /** A CSV that says something else than its NDJSON could carry what no checker has judged. */
  private checkTables(): void {
    for (const [path, file] of this.files) {
      if (!path.startsWith("data/records/") || !path.endsWith(".csv")) continue;
      if (file.digests["sha256"] !== this.tables.get(path)) this.fault("CSV_DIFFERS", path, "The CSV does not say what the NDJSON beside it says.");
    }
  }

  private signatureVerdict(): SignatureVerdict {
    const note = this.papers.get(signaturePath);
    const { trustedLogKey, noteCrypto } = this.options;
    if (note === undefined) {
      if (trustedLogKey !== undefined)
        this.fault("SIGNATURE_ABSENT", signaturePath, "The package does not show that the holder of this key made it: its manifest is not signed.");
      return { kind: "absent" };
    }
    if (trustedLogKey === undefined || noteCrypto === undefined) return { kind: "not-checked" };
    const manifest = this.files.get("manifest-sha256.txt")?.digests["sha256"] ?? "";
    const verdict = checkManifestSignature(noteCrypto, this.decode(note), manifest, trustedLogKey);
    if (verdict.kind === "refuted") this.fault("SIGNATURE_REFUTED", signaturePath, verdict.because);
    return verdict;
  }

  private proofVerdict(): VerifyResult["proof"] {
    const bytes = this.papers.get("data/proof.json");
    const { verifyProof, trustedLogKey } = this.options;
    if (bytes === undefined) {
      if (trustedLogKey !== undefined)
        this.fault("PROOF_ABSENT", "data/proof.json", "The package carries no proof that its plan passed its check in the log of this key.");
      return { kind: "absent" };
    }
    if (verifyProof === undefined || trustedLogKey === undefined) return { kind: "not-checked" };
    const proof = parsed<LedgerProof>(this.decode(bytes));
    const verdict = proof === undefined ? { kind: "refuted" as const, because: "The proof is unreadable." } : safely(() => verifyProof(proof, trustedLogKey));
    if (verdict.kind === "refuted") {
      this.fault("PROOF_REFUTED", "data/proof.json", verdict.because);
      return { kind: "refuted", because: verdict.because };
    }
    return { kind: "proved", tied: this.isTied(verdict.sealed.fact) };
  }

  private isTied(fact: object): boolean {
    const { type, plan: stated, passed } = fact as { readonly type?: unknown; readonly plan?: unknown; readonly passed?: unknown };
    if (type !== "RecordsChecked" || passed !== true) {
      this.fault("PROOF_OF_SOMETHING_ELSE", "data/proof.json", "The proof is of another fact than the passed check of a plan.");
      return false;
    }
    const tied = stated === this.files.get("data/plan.json")?.digests["sha256"];
    if (!tied) this.fault("OTHER_PLAN", "data/plan.json", "The ledger's fact is of another plan than this package carries.");
    return tied;
  }

  private fault(code: string, where: string, what: string): void {
    this.tell({ severity: "fault", code, where, what });
  }

  private tell(finding: VerifyFinding): void {
    if (this.findings.length < mostFindings) this.findings.push(finding);
  }

  private result(proof: VerifyResult["proof"], signature: SignatureVerdict): VerifyResult {
    const paper = this.paper<InstrumentPaper>("data/instrument.json");
    const byType: { [type: string]: number } = {};
    for (const line of Array.isArray(paper?.scope?.lines) ? paper.scope.lines : []) {
      const records = this.byLine.get(line.line);
      if (records !== undefined) byType[line.dataType] = (byType[line.dataType] ?? 0) + records;
    }
    const ok = this.findings.every((finding) => finding.severity === "note");
    return { ok, findings: this.findings, records: this.records, recordsByLine: Object.fromEntries(this.byLine), recordsByDataType: byType, proof, signature };
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
  const steps = record.chain?.steps ?? [];
  const workspace = said("workspace") ?? steps.findLast((step) => step.workspace !== undefined)?.workspace;
  const moment = said("moment") ?? steps.findLast((step) => step.moment !== undefined)?.moment;
  const witness = {
    subject: said("subject") ?? steps[0]?.subject ?? "",
    ...(workspace === undefined ? {} : { workspace }),
    ...(moment === undefined ? {} : { moment: moment as never }),
  };
  const { source, collection: name, line, chain } = record;
  return { source, collection: name, line, key, fields, witness, ...(chain === undefined ? {} : { chain }) };
}

function asRecord(text: string): PackedRecord | undefined {
  const record = parsed<PackedRecord>(text);
  const texts = [record?.source, record?.collection, record?.line, record?.why];
  const good = texts.every((value) => typeof value === "string") && typeof record?.fields === "object" && record.fields !== null;
  const plain = good && Object.values(record.fields).every((value) => value === null || typeof value !== "object" || isReference(value));
  return plain && (record.chain === undefined || isChain(record.chain)) ? record : undefined;
}

function isChain(chain: Partial<Chain> | null): boolean {
  const isPair = (pair: unknown) => isTexts(pair) && typeof (pair as { value?: unknown }).value === "string";
  const steps: unknown = chain?.steps;
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > mostSteps || typeof chain?.column !== "string" || typeof chain.value !== "string")
    return false;
  return steps.every((step: unknown) => {
    if (typeof step !== "object" || step === null) return false;
    const { in: into, out, ...texts } = step as Record<string, unknown>;
    return (into === undefined || isPair(into)) && isPair(out) && isTexts(texts);
  });
}

function isTexts(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "string");
}

function isReference(value: unknown): value is FileReference {
  const reference = value as Partial<FileReference> | null;
  return typeof value === "object" && typeof reference?.file === "string" && typeof reference.sha256 === "string" && reference.file.startsWith("data/files/");
}

function parsed<Shape>(text: string): Shape | undefined {
  try {
    return JSON.parse(text) as Shape;
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

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The digest of the CSV that belongs to a file of records. */
class TableOf {
  private readonly platform: VerifyPlatform;
  private readonly digest: RunningDigest;
  private columns: readonly string[] | undefined;

  constructor(platform: VerifyPlatform) {
    this.platform = platform;
    this.digest = platform.sha256();
  }

  add(record: PackedRecord, known: CsvColumns): void {
    if (this.columns === undefined) {
      known.grow(record, known.missing(record));
      this.columns = known.of(record);
      this.put(csvHeader(this.columns));
    }
    this.put(csvRow(record, this.columns));
  }

  hex(): string {
    return this.digest.hex();
  }

  private put(text: string): void {
    this.digest.update(this.platform.encode(text));
  }
}

interface Numbered {
  readonly number: number;
  readonly text: string;
}

/** Cuts a file into its lines as it arrives. */
class Lines {
  private readonly path: string;
  private readonly platform: VerifyPlatform;
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private number = 0;

  constructor(path: string, platform: VerifyPlatform) {
    this.path = path;
    this.platform = platform;
  }

  *add(chunk: Uint8Array): Generator<Numbered> {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield this.numbered(this.held.length === 0 ? rest.subarray(0, end) : joined([...this.held, rest.subarray(0, end)]));
      this.held = [];
      this.heldBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length === 0) return;
    this.held.push(rest.slice());
    this.heldBytes += rest.length;
    if (this.heldBytes > largestLineBytes) throw new BadArchive(this.path, "A record is larger than any record of ours.");
  }

  *rest(): Generator<Numbered> {
    if (this.heldBytes > 0) yield this.numbered(joined(this.held));
  }

  private numbered(line: Uint8Array): Numbered {
    this.number += 1;
    return { number: this.number, text: this.platform.decode(line, "utf-8") };
  }
}
