// Text that grows in one stretch of memory, so that millions of records leave no trail of small pieces.

export class TextPart {
  private readonly ordinaryBytes: number;
  private memory: Buffer;
  private used = 0;

  constructor(ordinaryBytes: number) {
    this.ordinaryBytes = ordinaryBytes;
    this.memory = Buffer.alloc(0);
  }

  get length(): number {
    return this.used;
  }

  add(text: string): void {
    // A UTF-16 unit becomes three bytes at most.
    if (this.used + text.length * 3 > this.memory.length) this.grow(this.used + Buffer.byteLength(text));
    this.used += this.memory.write(text, this.used);
  }

  bytes(): Uint8Array {
    return this.memory.subarray(0, this.used);
  }

  clear(): void {
    this.used = 0;
    if (this.memory.length > 2 * this.ordinaryBytes) this.memory = Buffer.alloc(0);
  }

  private grow(bytes: number): void {
    if (bytes <= this.memory.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(2 * bytes, bytes + this.ordinaryBytes), 64 * 1024));
    larger.set(this.memory.subarray(0, this.used));
    this.memory = larger;
  }
}
