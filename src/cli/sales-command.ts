// A partner's sales ledger at the terminal: the months' statements from every single sale, or every reason why the file is none (AI-5b).
import { resolve } from "node:path";
import { z } from "zod";
import { shareOfSales } from "../partners/module.ts";
import type { SalesFault, SalesMonth, SalesReading } from "../partners/statements/sales-ledger.ts";
import { need, optionText, Usage, type Answer, type Command, type Terminal } from "./command.ts";
import { reason, refusal } from "./schemas.ts";

/** Shown at the terminal; the file of faults holds them all. */
const shownFaults = 50;
const clauses = ["AI-5a", "AI-5b"];

const statement = z.object({
  month: z.string(),
  product: z.string(),
  currency: z.string(),
  gross: z.string(),
  taxes: z.string(),
  credits: z.string(),
  expenses: z.string(),
  net: z.string(),
  share: z.string(),
  notes: z.array(z.string()),
});

export const calcSales: Command = {
  name: "calc sales",
  usage: "calc sales FILE.csv",
  describe:
    "Adds up a partner's sales ledger, row by row and exactly, and gives each month's net revenue and the share of 30 % of it (AI-5a, AI-5b). Every row is checked; one faulty row and no sum is given. docs/formats/sales-ledger.md says how the file is written. FILE may be - for standard input.",
  options: {
    faults: { type: "string", value: "FILE", describe: "Writes every fault to a CSV file: line, column, what. The first fifty are shown in any case." },
  },
  needsDesk: false,
  output: z.union([
    z.object({ ok: z.literal(true), clauses: z.array(z.string()), rows: z.number(), sha256: z.string(), months: z.array(statement) }),
    z.object({ ok: z.literal(false), reasons: z.array(reason), rows: z.number(), sha256: z.string(), faults: z.number() }),
    refusal,
  ]),
  run: async (given, terminal) => {
    const file = need(given, 0, "The sales ledger");
    const listed = optionText(given, "faults");
    if (listed !== undefined && resolve(listed) === resolve(file)) throw new Usage("The list of faults would overwrite the sales ledger. Name another file.");
    const list = listed === undefined ? undefined : faultList(terminal, listed);
    const first: SalesFault[] = [];
    const reading = await terminal.readSales(file, async (fault) => {
      if (first.length < shownFaults) first.push(fault);
      await list?.add(fault);
    });
    await list?.close();
    return reading.kind === "read" ? statements(reading) : refused(reading, first);
  },
};

/** Written piece by piece, because a file of ten million rows can have ten million faults. */
function faultList(terminal: Terminal, file: string) {
  let waiting = "line,column,what\r\n";
  let isBegun = false;
  const write = async () => {
    await terminal.writeText(file, waiting, isBegun ? "more" : "new");
    isBegun = true;
    waiting = "";
  };
  return {
    add: async ({ line, column, what }: SalesFault) => {
      waiting += `${line},${column},"${what.replaceAll('"', '""')}"\r\n`;
      if (waiting.length > 65_536) await write();
    },
    close: write,
  };
}

function statements({ rows, sha256, months }: Extract<SalesReading, { readonly kind: "read" }>): Answer {
  const stated = months.map((month) => {
    const { net, share, notes } = shareOfSales(month);
    return { ...month, net, share, notes };
  });
  const notes = new Set(stated.flatMap((each) => each.notes));
  return {
    json: { ok: true, clauses, rows, sha256, months: stated },
    text: [
      ...table(stated),
      ...notes,
      "Net is gross less taxes, credits and expenses (AI-5b); the share is 30 % of it (AI-5a).",
      `${rows} rows were read and none is faulty. SHA-256 of the file: ${sha256}`,
    ].join("\n"),
    exit: 0,
  };
}

const words = ["month", "product", "currency"] as const;
const sums = ["gross", "taxes", "credits", "expenses", "net", "share"] as const;

function table(rows: readonly (SalesMonth & { readonly net: string; readonly share: string })[]): readonly string[] {
  const columns = [...words, ...sums];
  const head = Object.fromEntries(columns.map((column) => [column, column])) as Readonly<Record<(typeof columns)[number], string>>;
  const width = Object.fromEntries(columns.map((column) => [column, Math.max(...[head, ...rows].map((row) => row[column].length))]));
  const lineOf = (row: typeof head) =>
    [...words.map((column) => row[column].padEnd(width[column] ?? 0)), ...sums.map((column) => row[column].padStart(width[column] ?? 0))].join("  ");
  return [head, ...rows].map(lineOf);
}

function refused({ rows, sha256, faults }: Extract<SalesReading, { readonly kind: "refused" }>, first: readonly SalesFault[]): Answer {
  const reasons = first.map((fault) => ({ clause: "INPUT", code: "SALES_LEDGER_FAULT", because: faultWords(fault) }));
  return {
    json: { ok: false, reasons, rows, sha256, faults },
    text: [
      ...reasons.map(({ because }) => `  ✗ ${because}`),
      ...(faults > first.length ? [`  … and ${faults - first.length} more. --faults FILE writes them all.`] : []),
      `${faults} ${faults === 1 ? "fault" : "faults"} in ${rows} rows: nothing of this file is counted. Correct it and read it again. SHA-256 of the file: ${sha256}`,
    ].join("\n"),
    exit: 1,
  };
}

function faultWords({ line, column, what }: SalesFault): string {
  return `Line ${line}${column === "" ? "" : `, ${column}`}: ${what}`;
}
