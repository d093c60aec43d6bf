// Makes the package an officer receives: a bag in a tar, sealed while it is written, so that no plain record ever lies on a disk.
import { createHash, hash } from "node:crypto";
import type { OtherSealing, PackageOrder, PackageSink, Packed, Packager, ResumableSink, Resealing, Resumed, SealedFile } from "../../app/production-port.ts";
import { canonicalJson, type Json } from "../../ledger/canonical-json.ts";
import { checkpointVersion, type PackingCheckpoint } from "../../production/package/packing-state.ts";
import type { Collected } from "../../production/shapes.ts";
import { decryptAge, makeAgeHeader } from "./age-payload.ts";
import { AgeSealer, type Sealer } from "./age-sealer.ts";
import { Bag, type TellProgress } from "./fill-bag.ts";

export const packager = { pack, resume, reseal } satisfies Packager;

type Stopped = Exclude<Packed, { readonly kind: "packed" }>;

async function pack(order: PackageOrder, collected: AsyncIterable<Collected>, sink: PackageSink): Promise<Packed> {
  return writeOrDrop(sink, async () => {
    const { sealer, bag } = await open(order, sink);
    return fill({ bag, sealer, order, sink }, async () => bag.begin(), collected);
  });
}

interface Work {
  readonly bag: Bag;
  readonly sealer: Sealer;
  readonly order: PackageOrder;
  readonly sink: PackageSink;
}

async function open(order: PackageOrder, sink: PackageSink): Promise<Pick<Work, "bag" | "sealer">> {
  const header = await makeAgeHeader(order.recipients);
  const sealer = new AgeSealer(header, (sealed) => sink.write(sealed));
  return { sealer, bag: new Bag(order, sealer, checkpointing(order, sink, sealer, header.payloadKey)) };
}

async function reseal({ identity, package: sealed, sealing, caseId, packagedAt }: Resealing, sink: PackageSink): Promise<SealedFile> {
  return writeOrDrop(sink, async () => {
    const sealer = await otherSealer(sealing, { name: `${caseId}.tar`, at: packagedAt, write: (piece) => sink.write(piece) });
    try {
      for await (const plain of decryptAge(identity, sealed)) await sealer.write(plain);
      const file = await sealer.end();
      await sink.keep();
      return file;
    } catch (cause) {
      await sealer.drop();
      throw cause;
    }
  });
}

interface OtherFile {
  /** Of what lies inside: a ZIP does not hide it. */
  readonly name: string;
  readonly at: string;
  readonly write: (sealed: Uint8Array) => Promise<void>;
}

/** These ways to seal bring large libraries, which are loaded only where they are used. */
async function otherSealer(sealing: OtherSealing, file: OtherFile): Promise<Sealer> {
  if (sealing.kind === "openpgp") return (await import("./openpgp-sealer.ts")).openPgpSealer({ ...file, key: sealing.key });
  return (await import("./zip-sealer.ts")).zipSealer({ ...file, passphrase: sealing.passphrase });
}

/** What a checkpoint takes besides the bag: everything sealed is in the store before anybody is told. */
function checkpointing(order: PackageOrder, sink: PackageSink, sealer: AgeSealer, payloadKey: Uint8Array): TellProgress | undefined {
  const { onCheckpoint } = order;
  if (onCheckpoint === undefined) return undefined;
  const digest = orderDigest(order);
  return async (progress) => {
    const { tail, ...soFar } = await sealer.mark();
    await sink.flush?.();
    const seal = { ...soFar, payloadKey: Buffer.from(payloadKey).toString("base64"), tail: Buffer.from(tail).toString("base64") };
    await onCheckpoint({ version: checkpointVersion, order: digest, seal, ...progress });
  };
}

/** Everything that decides what the package holds. The judge is code, and the signer's key is public. */
function orderDigest(order: PackageOrder): string {
  const { judge: _judge, onCheckpoint: _onCheckpoint, redactions: _redactions, sign, ...matter } = order;
  const signer = sign === undefined ? null : { name: sign.name, key: Buffer.from(sign.publicKey).toString("base64") };
  return hash("sha256", canonicalJson(JSON.parse(JSON.stringify({ ...matter, signer })) as Json));
}

async function fill(work: Work, begin: () => Promise<void>, collected: AsyncIterable<Collected>): Promise<Packed> {
  const { bag, sealer, order, sink } = work;
  try {
    await begin();
    for await (const item of collected) {
      const stopped = await take(bag, order, item);
      if (stopped !== undefined) return await stop(work, stopped);
    }
    await bag.finish();
    const sealed = await sealer.end();
    await sink.keep();
    return { kind: "packed", ...sealed, figures: bag.figures(), findings: bag.findings };
  } catch (cause) {
    await sealer.drop();
    throw cause;
  }
}

/** A source that fails may be well again tomorrow, and a packing with checkpoints goes on then; a record outside ends it for good. */
async function stop({ sealer, order, sink }: Work, stopped: Stopped): Promise<Stopped> {
  await sealer.drop();
  if (stopped.kind === "failed" && order.onCheckpoint !== undefined && sink.pause !== undefined) await sink.pause();
  else await sink.drop();
  return stopped;
}

async function take(bag: Bag, order: PackageOrder, item: Collected): Promise<Stopped | undefined> {
  if (item.kind === "failed") return item;
  if (item.kind === "finding") {
    bag.findings.push(item.finding);
    return undefined;
  }
  if (item.kind === "place") {
    bag.notePlace(item.place);
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

async function writeOrDrop<Result>(sink: PackageSink, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    await sink.drop();
    throw new Error("the package could not be written", { cause });
  }
}

async function resume(
  checkpoints: readonly PackingCheckpoint[],
  order: PackageOrder,
  collectedFromThere: AsyncIterable<Collected>,
  sink: ResumableSink,
): Promise<Resumed> {
  return writeOrDrop(sink, async () => {
    const last = checkpoints.at(-1);
    const against = last === undefined ? "There is no checkpoint to go on from." : unfit(last, checkpoints, order);
    if (last === undefined || against !== undefined) return notResumable(sink, against ?? "");
    const payloadKey = new Uint8Array(Buffer.from(last.seal.payloadKey, "base64"));
    const tail = new Uint8Array(Buffer.from(last.seal.tail, "base64"));
    const { chunks, bytes, sha256 } = last.seal;
    const stored = new StoredSoFar(sink);
    const sealer = new AgeSealer({ opening: new Uint8Array(0), payloadKey }, (sealed) => stored.write(sealed), { chunks, bytes, sha256, tail });
    try {
      if ((await stored.readUntil(bytes, (piece) => sealer.passBy(piece))) !== sha256) {
        await sealer.drop();
        return await notResumable(sink, "What is stored is not what the checkpoint names: it is shorter, or was changed.");
      }
      const whole: PackageSink = {
        ...pausing(sink),
        write: (sealed) => sink.write(sealed),
        flush: () => stored.flush(),
        drop: () => sink.drop(),
        keep: () => stored.keep(),
      };
      const bag = new Bag(order, sealer, checkpointing(order, whole, sealer, payloadKey), checkpoints);
      return await fill({ bag, sealer, order, sink: whole }, async () => undefined, collectedFromThere);
    } catch (cause) {
      await sealer.drop();
      if (cause instanceof OtherBytes) return await notResumable(sink, cause.message);
      throw cause;
    } finally {
      await stored.close();
    }
  });
}

function pausing(sink: ResumableSink): Pick<PackageSink, "pause"> {
  return sink.pause === undefined ? {} : { pause: () => sink.pause?.() ?? Promise.resolve() };
}

function unfit(last: PackingCheckpoint, all: readonly PackingCheckpoint[], order: PackageOrder): string | undefined {
  if (last.version !== checkpointVersion || last.order !== orderDigest(order)) return "The checkpoint belongs to another order.";
  return all.every(({ number }, index) => number === index) ? undefined : "A checkpoint is missing, and with it what was packed before it.";
}

async function notResumable(sink: PackageSink, because: string): Promise<Resumed> {
  await sink.drop();
  return { kind: "not-resumable", because };
}

class OtherBytes extends Error {}

/**
 * The stored bytes beside the sealed ones. Bytes after the last checkpoint were sealed with the same key and the same
 * nonces: they may be made again only when they come out the same, so each is compared before a new one is written.
 */
class StoredSoFar {
  private readonly sink: ResumableSink;
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array(0);
  private isOver = false;

  constructor(sink: ResumableSink) {
    this.sink = sink;
    this.source = sink.stored()[Symbol.asyncIterator]();
  }

  /** The digest of the first bytes, or none when there are fewer. */
  async readUntil(bytes: number, see: (piece: Uint8Array) => Promise<void>): Promise<string | undefined> {
    const digest = createHash("sha256");
    for (let left = bytes; left > 0;) {
      const piece = await this.piece(left);
      if (piece === undefined) return undefined;
      digest.update(piece);
      await see(piece);
      left -= piece.length;
    }
    return digest.digest("hex");
  }

  async write(sealed: Uint8Array): Promise<void> {
    for (let at = 0; at < sealed.length;) {
      const piece = await this.piece(sealed.length - at);
      if (piece === undefined) return this.sink.write(at === 0 ? sealed : sealed.subarray(at));
      if (Buffer.compare(piece, sealed.subarray(at, at + piece.length)) !== 0)
        throw new OtherBytes("A source gives other records than before the stop, and the same key must not seal both. Pack again from the beginning.");
      at += piece.length;
    }
  }

  /** Nothing was stored behind a checkpoint that was never noted. */
  async flush(): Promise<void> {
    await this.readToEnd();
    await this.sink.flush?.();
  }

  /** Keeps the package when nothing is stored behind its end. */
  async keep(): Promise<void> {
    await this.readToEnd();
    await this.sink.keep();
  }

  private async readToEnd(): Promise<void> {
    if ((await this.piece(1)) !== undefined) throw new OtherBytes("More is stored than was packed. Pack again from the beginning.");
  }

  async close(): Promise<void> {
    if (!this.isOver) await this.source.return?.();
  }

  private async piece(most: number): Promise<Uint8Array | undefined> {
    while (this.held.length === 0) {
      if (this.isOver) return undefined;
      const next = await this.source.next();
      if (next.done === true) this.isOver = true;
      else this.held = next.value;
    }
    const piece = this.held.subarray(0, most);
    this.held = this.held.subarray(piece.length);
    return piece;
  }
}
