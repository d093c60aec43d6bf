// What a production cost the company and what the government is asked to pay back: 18 USC 2706, reckoned to the cent.
import { heading, list, paragraph, type Block } from "./letter.ts";
import type { LetterMatter } from "./letter-matter.ts";

export interface InvoiceMatter extends LetterMatter {
  readonly invoice: { readonly number: string; readonly currency: string; readonly payTo: readonly string[]; readonly dueOn?: string };
  readonly work: readonly WorkEntry[];
  readonly expenses: readonly { readonly on: string; readonly what: string; readonly cents: number }[];
}

interface WorkEntry {
  readonly on: string;
  readonly what: string;
  /** Whole hundredths of an hour: 125 is an hour and a quarter. */
  readonly hundredthsOfHour: number;
  readonly centsPerHour: number;
}

export function invoice({ invoice: { number, currency, payTo, dueOn }, work, expenses, matter }: InvoiceMatter): readonly Block[] {
  const worked = work.map(workCents);
  const spent = expenses.map(({ cents }) => whole(cents));
  const workTotal = sum(worked);
  return [
    paragraph(`Invoice ${number}${matter === undefined ? "" : `, for your matter ${matter}`}. All sums are in ${currency}.`),
    paragraph(
      "A governmental entity that obtains records or contents pays the provider what was reasonably necessary and directly spent to search for, assemble, reproduce or otherwise provide them (18 U.S.C. 2706(a)). The amount is as agreed between us or, without agreement, as the court that issued the order decides (2706(b)).",
    ),
    heading("Work"),
    {
      kind: "table",
      columns: [{ label: "Date" }, { label: "Work" }, { label: "Hours", figures: true }, { label: "Rate", figures: true }, { label: "Sum", figures: true }],
      rows: work.map(({ on, what, hundredthsOfHour, centsPerHour }, index) => [
        on,
        what,
        decimal(whole(hundredthsOfHour)),
        decimal(whole(centsPerHour)),
        decimal(worked[index] ?? 0n),
      ]),
      total: ["Total", "", decimal(sum(work.map(({ hundredthsOfHour }) => whole(hundredthsOfHour)))), "", decimal(workTotal)],
    },
    ...(expenses.length === 0 ? [] : expenseTable(expenses, spent)),
    paragraph(`To pay: ${currency} ${decimal(workTotal + sum(spent))}${dueOn === undefined ? "" : `, by ${dueOn}`}.`),
    heading("Pay to"),
    list(payTo),
  ];
}

function expenseTable(expenses: InvoiceMatter["expenses"], spent: readonly bigint[]): readonly Block[] {
  return [
    heading("Expenses"),
    {
      kind: "table",
      columns: [{ label: "Date" }, { label: "What for" }, { label: "Sum", figures: true }],
      rows: expenses.map(({ on, what }, index) => [on, what, decimal(spent[index] ?? 0n)]),
      total: ["Total", "", decimal(sum(spent))],
    },
  ];
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
