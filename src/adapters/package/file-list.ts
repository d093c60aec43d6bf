// The files of a package in their order, held packed and outside the heap: there may be millions, and they are gone through twice.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { BagFile, BagFiles } from "../../production/package/bag.ts";

const inPart = 1000;

export class FileList implements BagFiles {
  count = 0;
  bytes = 0;
  private readonly parts: Buffer[] = [];
  private newest: BagFile[] = [];

  add(file: BagFile): void {
    this.count += 1;
    this.bytes += file.bytes;
    this.newest.push(file);
    if (this.newest.length < inPart) return;
    this.parts.push(Buffer.from(deflateRawSync(JSON.stringify(this.newest), { level: 1 })));
    this.newest = [];
  }

  *[Symbol.iterator](): Generator<BagFile> {
    for (const part of this.parts) yield* JSON.parse(inflateRawSync(part).toString()) as readonly BagFile[];
    yield* this.newest;
  }
}
