// Seals a package as an age file while it is written: small ones here, large ones on a second thread.
import { Worker } from "node:worker_threads";
import type { AgeHeader } from "./age-payload.ts";
import { type SealedSoFar, SlabSealer, chunkBytes, sealedSlabBytes, slabBytes } from "./seal-chunks.ts";
import type { SealAnswer, SealTask, SealWork } from "./seal-worker.ts";

/** What takes plain bytes and leaves sealed ones in the store. */
export interface Sealer {
  /** The memory of `plain` may be used again when it returns. */
  write(plain: Uint8Array): Promise<void>;
  zeros(count: number): Promise<void>;
  end(): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Gives up what it holds; nothing more is written. */
  drop(): Promise<void>;
}

export interface AgeMark extends SealedSoFar {
  /** Plain bytes that are not sealed yet: less than a chunk. */
  readonly tail: Uint8Array;
}

/** How many slabs are under way at a time: a whole part of records finds room while the thread is still busy. */
const slabsUnderWay = 6;

type Write = (sealed: Uint8Array) => Promise<void>;

/** An age sealer that can say where it stands and be opened there again. */
export class AgeSealer implements Sealer {
  private readonly write_: Write;
  private readonly thread: SealThread;
  private readonly free: ArrayBuffer[] = [];
  private readonly freeOut: ArrayBuffer[] = [];
  private made = 0;
  private slab: Uint8Array | undefined;
  private filled = 0;
  /** Sealed slabs reach the store in their order. */
  private stored: Promise<void> = Promise.resolve();
  private underWay = 0;
  private failure: { readonly cause: unknown } | undefined;
  private wake: () => void = () => undefined;
  private opening: Uint8Array | undefined;

  constructor(header: AgeHeader, write: Write, from?: AgeMark) {
    this.write_ = write;
    this.thread = new SealThread({ key: header.payloadKey, chunks: from?.chunks ?? 0 });
    if (from === undefined) {
      this.opening = header.opening;
      return;
    }
    this.thread.start((cause) => this.fail(cause));
    this.fill(from.tail);
  }

  /** What was sealed and stored before this sealer was opened: it belongs to the digest. */
  async passBy(sealed: Uint8Array): Promise<void> {
    await this.thread.passBy(sealed);
  }

  async write(plain: Uint8Array): Promise<void> {
    for (let at = 0; at < plain.length;) {
      if (this.filled === slabBytes) await this.send(false);
      this.slab ??= await this.emptySlab();
      at += this.fill(plain.subarray(at));
    }
  }

  async zeros(count: number): Promise<void> {
    await this.write(new Uint8Array(count));
  }

  async end(): Promise<{ sha256: string; bytes: number }> {
    await this.send(true);
    await this.settled();
    const { sha256, bytes } = await this.thread.soFar();
    await this.thread.close();
    return { sha256, bytes };
  }

  /** Seals every full chunk, waits until it is stored, and says where the stream stands. There must be more to come. */
  async mark(): Promise<AgeMark> {
    const full = this.filled - (this.filled % chunkBytes);
    const tail = (this.slab ?? new Uint8Array(0)).slice(full, this.filled);
    this.filled = full;
    await this.send(false);
    await this.settled();
    if (tail.length > 0) {
      this.slab ??= await this.emptySlab();
      this.fill(tail);
    }
    return { ...(await this.thread.soFar()), tail };
  }

  async drop(): Promise<void> {
    this.failure ??= { cause: new Error("the package was dropped") };
    await this.thread.close();
    await this.stored.catch(() => undefined);
  }

  private fill(plain: Uint8Array): number {
    this.slab ??= new Uint8Array(slabBytes);
    const taken = Math.min(slabBytes - this.filled, plain.length);
    this.slab.set(taken === plain.length ? plain : plain.subarray(0, taken), this.filled);
    this.filled += taken;
    return taken;
  }

  private async send(isLast: boolean): Promise<void> {
    this.throwFailure();
    // A package that fits into one slab is not worth a thread.
    if (!isLast) this.thread.start((cause) => this.fail(cause));
    if (this.opening !== undefined) {
      const { opening } = this;
      this.opening = undefined;
      const passed = this.thread.passBy(opening);
      passed.catch(() => undefined);
      this.store(async () => {
        await passed;
        await this.write_(opening);
      });
    }
    if (!isLast && this.filled === 0) return;
    const slab = this.slab ?? new Uint8Array(0);
    const { filled } = this;
    this.slab = undefined;
    this.filled = 0;
    this.underWay += 1;
    const sealed = this.thread.seal(slab, filled, isLast, this.freeOut.pop());
    // Its failure is told by the storing below.
    sealed.catch(() => undefined);
    this.store(async () => {
      const { plain, out, used } = await sealed;
      await this.write_(new Uint8Array(out, 0, used));
      this.underWay -= 1;
      if (plain.byteLength === slabBytes) this.free.push(plain);
      if (out.byteLength === sealedSlabBytes) this.freeOut.push(out);
      this.wake();
    });
  }

  private store(step: () => Promise<void>): void {
    this.stored = this.stored.then(async () => {
      if (this.failure === undefined) await step();
    });
    this.stored.catch((cause: unknown) => this.fail(cause));
  }

  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.wake();
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure.cause;
  }

  private async settled(): Promise<void> {
    await this.stored;
    this.throwFailure();
  }

  private async emptySlab(): Promise<Uint8Array> {
    for (;;) {
      this.throwFailure();
      const free = this.free.pop();
      if (free !== undefined) return new Uint8Array(free);
      if (this.made < slabsUnderWay) {
        this.made += 1;
        return new Uint8Array(slabBytes);
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

interface SealedSlab {
  readonly plain: ArrayBuffer;
  readonly out: ArrayBuffer;
  readonly used: number;
}

/** Seals on this thread until it is started, and on its own from then on. It can be started only before the first slab. */
class SealThread {
  private readonly work: SealWork;
  private here: SlabSealer | undefined;
  private worker: Worker | undefined;
  private readonly waiting: { readonly resolve: (answer: SealAnswer) => void; readonly reject: (cause: unknown) => void }[] = [];
  private failure: unknown;

  constructor(work: SealWork) {
    this.work = work;
  }

  /** The thread of a package that has begun is not changed: what was passed by here stays here. */
  async passBy(sealed: Uint8Array): Promise<void> {
    if (this.worker === undefined) this.sealer().passBy(sealed);
    else await this.ask({ kind: "pass-by", sealed: Uint8Array.from(sealed) }, []);
  }

  start(onFailure: (cause: unknown) => void): void {
    if (this.worker !== undefined || this.here !== undefined) return;
    const worker = new Worker(new URL("./seal-worker.ts", import.meta.url), {
      workerData: this.work,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    worker.on("message", (answer: SealAnswer) => this.waiting.shift()?.resolve(answer));
    worker.on("error", (cause) => this.fail(cause, onFailure));
    worker.on("exit", () => this.fail(new Error("the sealing thread ended"), onFailure));
    this.worker = worker;
  }

  async seal(slab: Uint8Array, used: number, isLast: boolean, room: ArrayBuffer | undefined): Promise<SealedSlab> {
    const plain = slab.buffer as ArrayBuffer;
    const out = room ?? new ArrayBuffer(sealedSlabBytes);
    if (this.worker === undefined) return { plain, out, used: this.sealer().seal(slab.subarray(0, used), isLast, new Uint8Array(out)) };
    const answer = await this.ask({ kind: "seal", plain, used, isLast, out }, [plain, out]);
    if (answer.kind !== "sealed") throw new Error("the sealing thread gave another answer than was asked");
    return answer;
  }

  async soFar(): Promise<SealedSoFar> {
    if (this.worker === undefined) return this.sealer().soFar();
    const answer = await this.ask({ kind: "so-far" }, []);
    if (answer.kind !== "so-far") throw new Error("the sealing thread gave another answer than was asked");
    return answer.soFar;
  }

  async close(): Promise<void> {
    this.failure ??= new Error("the sealing thread is closed");
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
    await this.worker?.terminate();
  }

  private sealer(): SlabSealer {
    this.here ??= new SlabSealer(this.work.key, this.work.chunks);
    return this.here;
  }

  private ask(task: SealTask, transfer: readonly ArrayBuffer[]): Promise<SealAnswer> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker?.postMessage(task, transfer);
    });
  }

  private fail(cause: unknown, onFailure: (cause: unknown) => void): void {
    if (this.failure !== undefined) return;
    this.failure = cause;
    for (const { reject } of this.waiting.splice(0)) reject(cause);
    onFailure(cause);
  }
}
