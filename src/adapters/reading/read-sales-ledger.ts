// Takes in a partner's sales ledger of any length: every row is read and every fault told, and where there is one, no sum is given.
import { createHash } from "node:crypto";
import {
  openTally,
  readSale,
  readSalesHeader,
  salesColumns,
  salesKinds,
  type Sale,
  type SalesColumns,
  type SalesFault,
  type SalesReading,
  type SalesTally,
} from "../../partners/statements/sales-ledger.ts";
import { lineFeed, recordAt, type Block, type CsvRecord } from "./csv-record.ts";
import { plainSales, type AddPlainSale } from "./plain-sales.ts";

export interface SalesLedgerLimits {
  /** Of one row, all its lines together; a thousand at least. Twice as much is the memory that reading takes. */
  readonly rowBytes: number;
  readonly rows: number;
  /** Of different months, products and currencies. */
  readonly sums: number;
}

const usualLimits: SalesLedgerLimits = { rowBytes: 65_536, rows: 100_000_000, sums: 10_000 };

interface Reading {
  /** Told in the order of the lines; the file is read on when it returns. */
  readonly onFault: (fault: SalesFault) => void | Promise<void>;
  readonly limits?: Partial<SalesLedgerLimits>;
}

/** Reads in one pass and in the same memory whatever the length; the digest is of the bytes as they came. */
export async function readSalesLedger(bytes: AsyncIterable<Uint8Array>, { onFault, limits }: Reading): Promise<SalesReading> {
  const hash = createHash("sha256");
  const ledger = new Ledger({ ...usualLimits, ...limits });
  let faults = 0;
  const tell = async (found: readonly SalesFault[]) => {
    faults += found.length;
    for (const each of found) await onFault(each);
  };
  for await (const block of blocksOf(bytes, ledger.limits.rowBytes, (chunk) => hash.update(chunk))) {
    for (let before = -1; block.used > before;) {
      before = block.used;
      block.used = ledger.take(block);
      await tell(ledger.takeFaults());
    }
  }
  const months = ledger.tally.months();
  if ("tooLarge" in months)
    await tell(
      months.tooLarge.map((of) => ({ line: ledger.line, column: "amount", what: `The sums of ${of} have more than fifteen digits. Check their amounts.` })),
    );
  const read = { rows: ledger.rows, sha256: hash.digest("hex") };
  return faults > 0 || "tooLarge" in months ? { kind: "refused", ...read, faults } : { kind: "read", ...read, months };
}

/** What a block's reader did not use comes again at the beginning of the next. */
interface FilledBlock extends Block {
  used: number;
}

/** The same memory filled again and again, whatever the size of the chunks; the last block may be empty. */
async function* blocksOf(chunks: AsyncIterable<Uint8Array>, rowBytes: number, onChunk: (chunk: Uint8Array) => void): AsyncGenerator<FilledBlock> {
  const bytes = Buffer.alloc(2 * rowBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    onChunk(chunk);
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + bytes.length - filled);
      bytes.set(part, filled);
      from += part.length;
      filled += part.length;
      if (filled < bytes.length) continue;
      const block: FilledBlock = { bytes, end: filled, isLast: false, used: 0 };
      yield block;
      bytes.copyWithin(0, block.used, filled);
      filled -= block.used;
    }
  }
  yield { bytes, end: filled, isLast: true, used: 0 };
}

/** Held in memory until they are told. */
const faultsAtOnce = 1000;

/** What is known of the file up to a place in it. */
class Ledger {
  rows = 0;
  /** On which the next row begins. */
  line = 1;
  readonly limits: SalesLedgerLimits;
  readonly tally: SalesTally;
  private columns: SalesColumns | undefined;
  private addPlain: AddPlainSale = () => 0;
  private faults: SalesFault[] = [];
  /** The rest of a line that is already known to be faulty. */
  private isSkipping = false;
  /** Nothing more is read: without a header or beyond the last row that is allowed. */
  private isClosed = false;
  private hasTooManySums = false;

  constructor(limits: SalesLedgerLimits) {
    this.limits = limits;
    this.tally = openTally(limits.sums);
  }

  takeFaults(): readonly SalesFault[] {
    const found = this.faults;
    this.faults = [];
    return found;
  }

  /** Reads rows that are whole in the block, until it has so many faults that they should be told first; returns how far it came. */
  take(block: FilledBlock): number {
    let at = this.columns === undefined && !this.isClosed ? this.takeHeader(block) : block.used;
    while (at < block.end && this.faults.length < faultsAtOnce) {
      const next = this.takeRow(block, at);
      if (next === at) break;
      at = next;
    }
    return at;
  }

  private takeHeader(block: Block): number {
    const start = block.end >= 3 && block.bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
    const header = recordAt(block, start, this.limits.rowBytes);
    const names = `Its first line names the columns: ${salesColumns.join(",")}.`;
    if (block.isLast && start === block.end) return this.close(block, { line: 1, column: "", what: `The file is empty. ${names}` });
    if (header.kind !== "record") return this.close(block, { line: 1, column: "", what: header.kind === "broken" ? header.what : names });
    const { columns, faults } = readSalesHeader(header.fields);
    this.faults.push(...faults.map((fault) => ({ line: 1, ...fault })));
    if (columns === undefined) return this.close(block);
    this.columns = columns;
    this.addPlain = plainSales(columns, this.tally);
    this.line += header.lines;
    return header.next;
  }

  private close(block: Block, ...faults: readonly SalesFault[]): number {
    this.faults.push(...faults);
    this.isClosed = true;
    return block.end;
  }

  /** Where the next row begins; `at` again when the row does not end in this block. */
  private takeRow(block: Block, at: number): number {
    if (this.isClosed) return block.end;
    if (this.isSkipping) return this.skipLine(block, at);
    if (this.rows === this.limits.rows)
      return this.close(block, {
        line: this.line,
        column: "",
        what: `The file has more than ${this.limits.rows} rows. Split it; the rows from here on were not read.`,
      });
    const next = this.addPlain(block, at);
    if (next === 0) return this.takeCarefully(block, at, recordAt(block, at, this.limits.rowBytes));
    this.rows++;
    this.line++;
    return next;
  }

  private takeCarefully(block: Block, at: number, record: CsvRecord): number {
    if (record.kind === "unfinished" || this.columns === undefined) return at;
    this.rows++;
    if (record.kind === "broken") return this.skipFaulty(block, at, record.what);
    if (runsOver(record, this.columns))
      return this.skipFaulty(block, at, "A quoted field runs over the end of this line. Close it; only a reference may hold line ends.");
    const sale = readSale(record.fields, this.columns, this.line);
    if ("minorUnits" in sale) this.add(sale);
    else this.faults.push(...sale);
    this.line += record.lines;
    return record.next;
  }

  private add(sale: Sale): void {
    const cell = this.tally.cellOf(sale);
    if (cell !== undefined) cell.add(salesKinds.indexOf(sale.kind), sale.minorUnits);
    else if (!this.hasTooManySums) {
      this.hasTooManySums = true;
      const what = `From here on there are more than ${this.limits.sums} different months, products and currencies. Split the file, or check how products are named.`;
      this.faults.push({ line: this.line, column: "product", what });
    }
  }

  /** What opened on this line may have swallowed others, so reading goes on at the line that follows it. */
  private skipFaulty(block: Block, at: number, what: string): number {
    this.faults.push({ line: this.line, column: "", what });
    this.isSkipping = true;
    return this.skipLine(block, at);
  }

  private skipLine({ bytes, end }: Block, at: number): number {
    const lineEnd = bytes.indexOf(lineFeed, at);
    if (lineEnd < 0 || lineEnd >= end) return end;
    this.isSkipping = false;
    this.line++;
    return lineEnd + 1;
  }
}

function runsOver({ fields }: Extract<CsvRecord, { readonly kind: "record" }>, { count, reference }: SalesColumns): boolean {
  const overLines = fields.flatMap((text, column) => (text.includes("\n") ? [column] : []));
  return overLines.length > 0 && (fields.length !== count || overLines.some((column) => column !== reference));
}
