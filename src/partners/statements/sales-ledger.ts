// Reads a partner's sales row by row and adds them up to the last cent, so that a month's statement rests on every sale and on nothing else (AI-5b).
import { day } from "../../kernel/instant.ts";
import { currency, exactly, inCurrency, isCurrency, sumPattern, type Currency } from "../../kernel/money.ts";
import { revenueMonth, revenueShare, type RevenueShare } from "./revenue-share.ts";

export const salesColumns = ["date", "product", "currency", "kind", "amount"] as const;
type SalesColumn = (typeof salesColumns)[number];

/** Gross first, then the three deductions of AI-5b. */
export const salesKinds = ["sale", "tax", "credit", "expense"] as const;
type SalesKind = (typeof salesKinds)[number];

/** What is wrong at one place, and what to do about it. */
export interface SalesFault {
  /** Of the file, from 1; the line on which the row begins. */
  readonly line: number;
  /** Empty when it is the whole line. */
  readonly column: string;
  readonly what: string;
}

/** The totals of one month, product and currency, as `revenueMonth` takes them. */
export interface SalesMonth {
  readonly month: string;
  readonly product: string;
  readonly currency: string;
  readonly gross: string;
  readonly taxes: string;
  readonly credits: string;
  readonly expenses: string;
}

/** A whole file, or nothing of it: where one row is faulty no sum is given. */
export type SalesReading =
  | { readonly kind: "read"; readonly rows: number; readonly sha256: string; readonly months: readonly SalesMonth[] }
  | { readonly kind: "refused"; readonly rows: number; readonly sha256: string; readonly faults: number };

/** Where each column stands in this file. */
export type SalesColumns = Readonly<Record<SalesColumn, number>> & { readonly reference: number | undefined; readonly count: number };

export interface Sale {
  readonly month: string;
  readonly product: string;
  readonly currency: Currency;
  readonly kind: SalesKind;
  readonly minorUnits: bigint;
}

type Found<Value> = { readonly kind: "found"; readonly value: Value } | { readonly kind: "fault"; readonly what: string };

const found = <Value>(value: Value): Found<Value> => ({ kind: "found", value });
const fault = (what: string) => ({ kind: "fault", what }) as const;

/** As much of a text as a list of faults can bear, without what would move a terminal's cursor. */
function shown(text: string): string {
  const start = text.slice(0, 40).replaceAll(/[\p{C}]/gu, "�");
  return `"${start}${text.length > 40 ? "…" : ""}"`;
}

/** Reads the header; without all five columns there is no telling what the rows say. */
export function readSalesHeader(names: readonly string[]): {
  readonly columns: SalesColumns | undefined;
  readonly faults: readonly Omit<SalesFault, "line">[];
} {
  const known: readonly string[] = [...salesColumns, "reference"];
  const missing = salesColumns.filter((column) => !names.includes(column));
  const faults = [
    ...missing.map((column) => ({ column, what: `The header names no column ${column}. Its columns are ${salesColumns.join(",")}.` })),
    ...names.flatMap((name, index) => {
      if (!known.includes(name)) return [{ column: "", what: `The header names a column ${shown(name)} that nobody knows. Take it out.` }];
      return names.indexOf(name) === index ? [] : [{ column: name, what: `The header names the column ${name} twice. Take one out.` }];
    }),
  ];
  if (missing.length > 0) return { columns: undefined, faults };
  const at = (column: SalesColumn) => names.indexOf(column);
  const reference = names.includes("reference") ? names.indexOf("reference") : undefined;
  return {
    columns: { date: at("date"), product: at("product"), currency: at("currency"), kind: at("kind"), amount: at("amount"), reference, count: names.length },
    faults,
  };
}

/** Answers that come again and again are looked up; the memory of them is bounded. */
function remembering<Value>(read: (text: string) => Found<Value>): (text: string) => Found<Value> {
  const known = new Map<string, Found<Value>>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = read(text);
    if (known.size >= 10_000) known.clear();
    if (answer.kind === "found") known.set(text, answer);
    return answer;
  };
}

/** The month of a day that exists: `2026-03`. */
export const monthOf = remembering((text): Found<string> => {
  const wrong = fault(`${shown(text)} is no day. Write one that exists, as 2026-03-31.`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return wrong;
  try {
    return found(day(text).slice(0, 7));
  } catch {
    return wrong;
  }
});

export const productOf = remembering((text): Found<string> =>
  /^[A-Za-z0-9._ -]{1,100}$/.test(text)
    ? found(text)
    : fault(`${shown(text)} names no product. Use 1 to 100 letters from A to Z, digits, points, hyphens, underscores and spaces.`),
);

interface CurrencyDigits {
  readonly code: Currency;
  /** Digits behind the point that its sums have. */
  readonly digits: number;
}

export const currencyOf = remembering((text): Found<CurrencyDigits> =>
  isCurrency(text)
    ? found({ code: currency(text), digits: digitsOf(currency(text)) })
    : fault(`${shown(text)} is no currency. Use three letters of ISO 4217: USD.`),
);

function digitsOf(code: Currency): number {
  return inCurrency(exactly("0"), code).split(".")[1]?.length ?? 0;
}

export function kindOf(text: string): Found<SalesKind> {
  const kind = salesKinds.find((each) => each === text);
  return kind === undefined ? fault(`${shown(text)} is no kind. Use sale, tax, credit or expense.`) : found(kind);
}

/** Without a currency only the writing is checked. */
function minorUnitsOf(text: string, of: CurrencyDigits | undefined): Found<bigint> {
  if (text.startsWith("-")) return fault(`${shown(text)} has a minus. What is deducted is written without a minus: its kind says that it is deducted.`);
  if (!sumPattern.test(text)) return fault(`${shown(text)} is no sum. Write digits and at most one point, without grouping: 18450.00.`);
  const [whole = "0", decimals = ""] = text.split(".");
  if (of === undefined) return found(0n);
  if (decimals.length > of.digits)
    return fault(`${shown(text)} is finer than ${of.code}, which has ${of.digits} digits behind the point. Write the sum that was booked.`);
  return found(BigInt(whole + decimals.padEnd(of.digits, "0")));
}

/** Powers of ten for every number of digits a currency can have. */
const tens = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000] as const;
/** A number up to here, and the sum of two such numbers, is a whole number without any rounding. */
const largestExact = 2 ** 52;

/** The same as the sum read as text, for the many sums that are written plainly; -1 leaves the judgement to the text. */
export function plainMinorUnits(bytes: Uint8Array, from: number, to: number, digits: number): number {
  const isZeroLed = bytes[from] === 48 && to - from > 1 && bytes[from + 1] !== 46;
  if (to === from || to - from > 15 || isZeroLed) return -1;
  let units = 0;
  let decimals = -1;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit >= 0 && digit <= 9) {
      units = units * 10 + digit;
      if (decimals >= 0) decimals++;
    } else if (digit === -2 && decimals < 0 && at > from) decimals = 0;
    else return -1;
  }
  if (decimals === 0 || decimals > digits) return -1;
  const minorUnits = units * (tens[decimals < 0 ? digits : digits - decimals] ?? Infinity);
  return minorUnits <= largestExact ? minorUnits : -1;
}

const longestReference = 1000;

/** Reads one row of as many fields as the header has; every fault of it, not only the first. */
export function readSale(fields: readonly string[], columns: SalesColumns, line: number): Sale | readonly SalesFault[] {
  if (fields.length !== columns.count) return [{ line, column: "", what: fieldsWords(fields, columns) }];
  const month = monthOf(fields[columns.date] ?? "");
  const product = productOf(fields[columns.product] ?? "");
  const code = currencyOf(fields[columns.currency] ?? "");
  const kind = kindOf(fields[columns.kind] ?? "");
  const minorUnits = minorUnitsOf(fields[columns.amount] ?? "", code.kind === "found" ? code.value : undefined);
  const isLong = columns.reference !== undefined && (fields[columns.reference] ?? "").length > longestReference;
  if (month.kind === "found" && product.kind === "found" && code.kind === "found" && kind.kind === "found" && minorUnits.kind === "found" && !isLong)
    return { month: month.value, product: product.value, currency: code.value.code, kind: kind.value, minorUnits: minorUnits.value };
  const read = { date: month, product, currency: code, kind, amount: minorUnits };
  return [
    ...salesColumns.flatMap((column) => {
      const reading = read[column];
      return reading.kind === "fault" ? [{ line, column, what: reading.what }] : [];
    }),
    ...(isLong ? [{ line, column: "reference", what: `The reference is longer than ${longestReference} characters. Shorten it.` }] : []),
  ];
}

function fieldsWords(fields: readonly string[], { count }: SalesColumns): string {
  if (fields.length === 1 && fields[0] === "") return "The line is empty. Take it out.";
  return `The line has ${fields.length} fields and the header ${count}. A comma inside a field needs quotes around the field.`;
}

export interface SalesTally {
  /** Where the sums of a month, product and currency stand; undefined when there would be too many of them. */
  cellOf(at: Pick<Sale, "month" | "product" | "currency">): SalesCell | undefined;
  /** Sorted totals, or what cannot be stated. */
  months(): readonly SalesMonth[] | { readonly tooLarge: readonly string[] };
}

/** The four sums of one month, product and currency. */
export class SalesCell {
  /** In minor units, by the place of the kind in `salesKinds`. */
  private readonly settled = [0n, 0n, 0n, 0n];
  /** Whole numbers small enough to be exact: they spare a big number on every row. */
  private readonly pending = [0, 0, 0, 0];

  add(kind: number, minorUnits: bigint): void {
    this.settled[kind] = (this.settled[kind] ?? 0n) + minorUnits;
  }

  /** Takes what `plainMinorUnits` gives, which is never above 2^52. */
  addPlain(kind: number, minorUnits: number): void {
    const sum = (this.pending[kind] ?? 0) + minorUnits;
    if (sum <= largestExact) this.pending[kind] = sum;
    else {
      this.pending[kind] = 0;
      this.add(kind, BigInt(sum));
    }
  }

  total(kind: SalesKind): bigint {
    const at = salesKinds.indexOf(kind);
    return (this.settled[at] ?? 0n) + BigInt(this.pending[at] ?? 0);
  }
}

/** Adds without rounding; holds at most `most` months, products and currencies, however long the file. */
export function openTally(most: number): SalesTally {
  const cells = new Map<string, { readonly at: Pick<Sale, "month" | "product" | "currency">; readonly cell: SalesCell }>();
  return {
    cellOf: (at) => {
      // Neither a month nor a currency holds a slash, so no two of them share a key.
      const key = `${at.month}/${at.currency}/${at.product}`;
      const before = cells.get(key);
      if (before !== undefined || cells.size >= most) return before?.cell;
      const cell = new SalesCell();
      cells.set(key, { at, cell });
      return cell;
    },
    months: () => {
      const months = [...cells.values()].map(({ at, cell }) => totalsOf(at, cell)).toSorted(inOrder);
      const tooLarge = months.filter((month) => !revenueMonth.safeParse(asRevenue(month)).success);
      return tooLarge.length === 0 ? months : { tooLarge: tooLarge.map(({ month, product, currency: code }) => `${month}, ${product}, ${code}`) };
    },
  };
}

function totalsOf({ month, product, currency: code }: Pick<Sale, "month" | "product" | "currency">, cell: SalesCell): SalesMonth {
  const sum = (kind: SalesKind) => sumText(cell.total(kind), digitsOf(code));
  return { month, product, currency: code, gross: sum("sale"), taxes: sum("tax"), credits: sum("credit"), expenses: sum("expense") };
}

function sumText(minorUnits: bigint, digits: number): string {
  const text = minorUnits.toString().padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function inOrder(one: SalesMonth, other: SalesMonth): number {
  return compare(one.month, other.month) || compare(one.product, other.product) || compare(one.currency, other.currency);
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));

const asRevenue = ({ product: _, ...revenue }: SalesMonth) => revenue;

/** The statement of one month, by the same rule as a month whose five lines somebody typed. */
export function shareOfSales(month: SalesMonth): RevenueShare {
  return revenueShare(revenueMonth.parse(asRevenue(month)));
}
