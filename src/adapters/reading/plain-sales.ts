// Adds the sales that are written plainly, without making a text of each: ten million rows take seconds, and whatever is unusual is left to the careful
// reading, which alone finds faults.
import { isUtf8 } from "node:buffer";
import type { Currency } from "../../kernel/money.ts";
import {
  currencyOf,
  kindOf,
  monthOf,
  plainMinorUnits,
  productOf,
  salesKinds,
  type SalesCell,
  type SalesColumns,
  type SalesTally,
} from "../../partners/statements/sales-ledger.ts";
import { carriageReturn, comma, lineFeed, quote, type Block } from "./csv-record.ts";

/** 0: may stand in any field; 1: the comma, only between quotes; 2: ends a field, or may not be there at all. */
const sorts = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === comma) return 1;
  return byte === quote || byte === lineFeed || byte === carriageReturn || byte === 0 ? 2 : 0;
});

/** Longer rows are measured by the careful reading; a reference that is too long makes its row longer than this. */
const plainBytes = 1000;

/** A power of two, and many times the days of a year, so that two of them seldom want the same slot. */
const slots = 16_384;

/** What was read at a place before, by its bytes; a later one takes the slot of an earlier one, so it never grows. */
class Remembered<Value> {
  private readonly slots: ({ readonly bytes: Buffer; readonly value: Value } | undefined)[] = Array(slots).fill(undefined);
  private readonly read: (text: string) => Value | undefined;
  constructor(read: (text: string) => Value | undefined) {
    this.read = read;
  }

  find(bytes: Buffer, from: number, to: number, hash: number): Value | undefined {
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.slots[slot];
    return known !== undefined && isSame(known.bytes, bytes, from, to) ? known.value : this.learn(slot, bytes, from, to);
  }

  private learn(slot: number, bytes: Buffer, from: number, to: number): Value | undefined {
    const value = this.read(bytes.toString("latin1", from, to));
    if (value !== undefined) this.slots[slot] = { bytes: Buffer.from(bytes.subarray(from, to)), value };
    return value;
  }
}

function isSame(known: Buffer, bytes: Buffer, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[from + at]) return false;
  return true;
}

interface Month {
  readonly text: string;
  readonly number: number;
}

interface Product {
  readonly text: string;
  /** By month and currency. */
  readonly cells: Map<number, SalesCell>;
}

interface PlainCurrency {
  readonly text: Currency;
  readonly number: number;
  readonly digits: number;
}

function monthAt(text: string): Month | undefined {
  const month = monthOf(text);
  if (month.kind === "fault") return undefined;
  const [year, ofYear] = month.value.split("-").map(Number);
  return { text: month.value, number: (year ?? 0) * 12 + (ofYear ?? 0) };
}

function productAt(text: string): Product | undefined {
  const product = productOf(text);
  return product.kind === "found" ? { text: product.value, cells: new Map() } : undefined;
}

/** Currencies in the order of their first sale. */
function numberingCurrencies(): (text: string) => PlainCurrency | undefined {
  const numbers = new Map<string, number>();
  return (text) => {
    const found = currencyOf(text);
    if (found.kind === "fault") return undefined;
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return { text: found.value.code, digits: found.value.digits, number };
  };
}

function kindAt(text: string): number | undefined {
  const kind = kindOf(text);
  return kind.kind === "found" ? salesKinds.indexOf(kind.value) : undefined;
}

/** More than there are currencies. */
const currencies = 1024;

/** Adds the row that begins at `from` and says where the next one begins; 0, and nothing added, when the careful reading must decide. */
export type AddPlainSale = (block: Block, from: number) => number;

export function plainSales(columns: SalesColumns, tally: SalesTally): AddPlainSale {
  const [froms, tos, hashes] = [new Int32Array(columns.count), new Int32Array(columns.count), new Int32Array(columns.count)];
  const [months, products, codes, kinds] = [new Remembered(monthAt), new Remembered(productAt), new Remembered(numberingCurrencies()), new Remembered(kindAt)];
  const at = <Value>(remembered: Remembered<Value>, { bytes }: Block, column: number) =>
    remembered.find(bytes, froms[column] ?? 0, tos[column] ?? 0, hashes[column] ?? 0);

  /** Notes where each field stands; gives where the next row begins, or 0 unless there are as many as the header has and all are plain. */
  function fieldsOf({ bytes, end }: Block, from: number): number {
    let place = from;
    let bits = 0;
    for (let field = 0; field < columns.count; field++) {
      const isQuoted = bytes[place] === quote;
      if (isQuoted) place++;
      froms[field] = place;
      let hash = 0;
      for (const most = Number(isQuoted); place < end; place++) {
        const byte = bytes[place] ?? 0;
        if ((sorts[byte] ?? 2) <= most) {
          hash = Math.imul(hash ^ byte, 0x9e3779b1);
          bits |= byte;
        } else if (isQuoted && place + 1 < end && byte === quote && bytes[place + 1] === quote) place++;
        else break;
      }
      tos[field] = place;
      hashes[field] = hash;
      if (isQuoted && bytes[place++] !== quote) return 0;
      if (place >= end) return 0;
      if (bytes[place] !== comma)
        return field + 1 === columns.count && (bits < 128 || isUtf8(bytes.subarray(from, place))) ? lineEndAfter(bytes, place, end) : 0;
      place++;
    }
    return 0;
  }

  function cellAt(month: Month, product: Product, currency: PlainCurrency): SalesCell | undefined {
    const key = month.number * currencies + currency.number;
    const known = product.cells.get(key);
    if (known !== undefined) return known;
    const cell = tally.cellOf({ month: month.text, product: product.text, currency: currency.text });
    if (cell !== undefined) product.cells.set(key, cell);
    return cell;
  }

  return (block, from) => {
    const next = fieldsOf(block, from);
    if (next === 0 || next - from > plainBytes) return 0;
    const [month, product, currency, kind] = [
      at(months, block, columns.date),
      at(products, block, columns.product),
      at(codes, block, columns.currency),
      at(kinds, block, columns.kind),
    ];
    if (month === undefined || product === undefined || currency === undefined || kind === undefined) return 0;
    const minorUnits = plainMinorUnits(block.bytes, froms[columns.amount] ?? 0, tos[columns.amount] ?? 0, currency.digits);
    const cell = minorUnits < 0 ? undefined : cellAt(month, product, currency);
    if (cell === undefined) return 0;
    cell.addPlain(kind, minorUnits);
    return next;
  };
}

function lineEndAfter(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] === lineFeed) return at + 1;
  return bytes[at] === carriageReturn && at + 1 < end && bytes[at + 1] === lineFeed ? at + 2 : 0;
}
