// What a production cost the company and what is asked back under the law of its paper, reckoned to the cent.
import { heading, list, paragraph, type Block, type TableBlock } from "./letter.ts";
import type { LetterMatter } from "./letter-matter.ts";

export interface InvoiceMatter extends LetterMatter {
  readonly invoice: {
    readonly number: string;
    /** The earlier invoice that this one takes the place of. */
    readonly replaces?: string;
    /** ISO 4217. */
    readonly currency: string;
    readonly payTo: readonly string[];
  };
  /** The rule of the pack that lets the company ask. */
  readonly rule: { readonly says: string; readonly citation: string };
  readonly work: readonly WorkEntry[];
  readonly expenses: readonly { readonly what: string; readonly cents: number }[];
}

interface WorkEntry {
  readonly what: string;
  /** Whole hundredths of an hour: 125 is an hour and a quarter. */
  readonly hundredthsOfHour: number;
  readonly centsPerHour: number;
}

export function invoice({ invoice: { number, replaces, currency, payTo }, rule, work, expenses, matter }: InvoiceMatter): readonly Block[] {
  const total = sum([...work.map(workCents), ...expenses.map(({ cents }) => whole(cents))]);
  return [
    paragraph(`Invoice ${number}${matter === undefined ? "" : `, for your matter ${matter}`}. All sums are in ${currency}.`),
    ...(replaces === undefined ? [] : [paragraph(`It takes the place of invoice ${replaces}.`)]),
    paragraph(`${rule.says} (${rule.citation})`),
    ...(work.length === 0 ? [] : [heading("Work"), workTable(work)]),
    ...(expenses.length === 0 ? [] : [heading("Expenses"), expenseTable(expenses)]),
    paragraph(`To pay: ${currency} ${decimal(total)}.`),
    heading("Pay to"),
    list(payTo),
  ];
}

function workTable(work: readonly WorkEntry[]): TableBlock {
  return {
    kind: "table",
    columns: [{ label: "Work" }, { label: "Hours", figures: true }, { label: "Rate", figures: true }, { label: "Sum", figures: true }],
    rows: work.map((entry) => [entry.what, decimal(whole(entry.hundredthsOfHour)), decimal(whole(entry.centsPerHour)), decimal(workCents(entry))]),
    total: ["Total", decimal(sum(work.map(({ hundredthsOfHour }) => whole(hundredthsOfHour)))), "", decimal(sum(work.map(workCents)))],
  };
}

function expenseTable(expenses: InvoiceMatter["expenses"]): TableBlock {
  return {
    kind: "table",
    columns: [{ label: "What for" }, { label: "Sum", figures: true }],
    rows: expenses.map(({ what, cents }) => [what, decimal(whole(cents))]),
    total: ["Total", decimal(sum(expenses.map(({ cents }) => whole(cents))))],
  };
}

/** Rounded to the cent in each row, half a cent up, so that the column adds up to its sum. */
function workCents({ hundredthsOfHour, centsPerHour }: WorkEntry): bigint {
  return (whole(hundredthsOfHour) * whole(centsPerHour) + 50n) / 100n;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function whole(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("an invoice is reckoned in whole hundredths and whole cents, none below zero");
  return BigInt(value);
}

/** 123456 → "1,234.56". */
function decimal(hundredths: bigint): string {
  const thousands = (hundredths / 100n).toString().replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${thousands}.${(hundredths % 100n).toString().padStart(2, "0")}`;
}
