// What a command of the terminal is: one definition gives its help, its options, its answer in words and in JSON.
import type { z } from "zod";
import type { Installation, OpenOptions, PackageCheck } from "../app/installation.ts";
import type { InspectionOutcome } from "../app/redaction-port.ts";
import type { AssessmentShelf } from "../assessment/assess.ts";
import type { PackFixtures } from "../assessment/fixtures.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Shelf } from "../app/desk.ts";
import type { SalesFault, SalesReading } from "../partners/statements/sales-ledger.ts";

interface OptionDefinition {
  readonly type: "string" | "boolean";
  readonly describe: string;
  readonly value?: string;
}

/** A file of examples, or why it cannot be used. */
interface FixtureFile {
  readonly file: string;
  readonly fixtures?: PackFixtures;
  readonly problems: readonly { readonly path: string; readonly what: string }[];
}

/** The outside world of a command: what `main` gives it. */
export interface Terminal {
  open(options: OpenOptions): Promise<Installation>;
  loadShelf(folder?: string): Promise<Shelf>;
  /** Policies and jurisdictions only, from what was validated before where the files have not changed. */
  loadLaw(): Promise<AssessmentShelf>;
  /** The packs' own examples. */
  loadFixtures(): Promise<readonly FixtureFile[]>;
  verifyPackage(file: string, options: { readonly identity?: string; readonly passphrase?: string; readonly logKey?: string }): Promise<PackageCheck>;
  /** Looks in a PDF for redactions that do not hold, and for these words in what no page shows. */
  inspectPaper(file: string, terms: readonly string[]): Promise<InspectionOutcome>;
  /** The same check as one HTML file. */
  verifyPage(): Promise<string>;
  readText(file: string): Promise<string>;
  /** The bytes of a file of any length, piece by piece. */
  readBytes(file: string): AsyncIterable<Uint8Array>;
  /** Reads a partner's sales ledger of any length; every fault is told in the order of the lines, and reading waits for the teller. */
  readSales(file: string, onFault: (fault: SalesFault) => Promise<void>): Promise<SalesReading>;
  /** `new` begins the file, `more` goes on with it. */
  /** `secret`: readable by its owner alone, and never over a file that exists. */
  writeText(file: string, text: string, how: "new" | "more" | "secret"): Promise<void>;
  exists(path: string): Promise<boolean>;
  writeStream(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** Calm lines on standard error; nothing when --json is given. */
  progress(text: string): void;
}

export interface Given {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

export interface Answer {
  /** What --json prints; follows the command's schema. */
  readonly json: unknown;
  readonly text: string;
  /** 0: done; 1: refused or not in order; 2: the command's words are off. */
  readonly exit: 0 | 1 | 2;
}

export interface Command {
  /** `ledger verify`. */
  readonly name: string;
  readonly usage: string;
  readonly describe: string;
  readonly options: Readonly<Record<string, OptionDefinition>>;
  /** Schema of what --json prints. */
  readonly output: z.ZodType;
  /** False for commands that work without a desk's folder; with a function it depends on what was given. */
  readonly needsDesk: boolean | ((given: Given) => boolean);
  readonly run: (given: Given, terminal: Terminal, installation: Installation) => Promise<Answer>;
}

export class Usage extends Error {}

export function optionText(given: Given, name: string): string | undefined {
  const value = given.options[name];
  return typeof value === "string" ? value : undefined;
}

export function need(given: Given, index: number, what: string): string {
  const value = given.positionals[index];
  if (value === undefined) throw new Usage(`${what} is missing.`);
  return value;
}

export function refusedAnswer(reasons: readonly Reason[]): Answer {
  return { json: { ok: false, reasons }, text: reasonsText(reasons), exit: 1 };
}

export function reasonsText(reasons: readonly Reason[]): string {
  return reasons.map(({ clause, because, code }) => `  ✗ ${because} [${clause}, ${code}]`).join("\n");
}
