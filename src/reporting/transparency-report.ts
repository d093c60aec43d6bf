// The yearly transparency report, counted from the ledger alone: type by outcome, accounts, content and non-content, notice.
import type { DataType, Instrument } from "../policy/pack.ts";
import { bandCells, findSecretPaper, type BandTable } from "./national-security.ts";
import { reportRowOf } from "./outcome-rows.ts";
import { band, publish, total, words, type Published } from "./small-numbers.ts";
import { partnerMeasures, type PartnerFigures } from "./partner-figures.ts";
import { disclosed, outcomeOfTally, outcomes, type CountedOutcome, type Tally } from "./tally.ts";

/** Counted for every type of request, in the order of the columns. */
export const measures = ["received", ...outcomes, "accounts", "content", "non_content", "notice_before", "notice_late", "notice_withheld"] as const;
export type Measure = (typeof measures)[number];

export interface ReportRow {
  /** Report bucket of the jurisdiction pack: `search-warrant`. */
  readonly bucket: string;
  readonly cells: Readonly<Record<Measure, Published>>;
}

/** 2026.1 printed one band of 250 for the calendar year; 2026.2 prints a table of 50 USC 1874 or nothing; 2026.3 also counts requests at partners. */
type CountingRules = "2026.1" | "2026.2" | "2026.3";

export interface TransparencyReport {
  readonly company: string;
  readonly year: number;
  /** 1 for the first; a correction is a new edition and the old one stays. */
  readonly edition: number;
  /** Counts from 1 to this number are shown as a range. */
  readonly smallNumber: number;
  /** Version of these counting rules. */
  readonly rules: CountingRules;
  readonly treeSize: number;
  readonly rows: readonly ReportRow[];
  readonly totals: Readonly<Record<Measure, Published>>;
  readonly liftAttempts: Published;
  readonly lifted: Published;
  /** Kept out of every other number (50 USC 1874); bands also when there were none. Null when the desk names no structure, whatever it received. */
  readonly nationalSecurity: BandTable | Published | null;
  /** Requests that reached partners; absent under older rules and for a desk without partners. */
  readonly partners?: PartnerFigures;
}

export interface Counting {
  readonly company: string;
  readonly year: number;
  readonly edition: number;
  readonly smallNumber: number;
  readonly treeSize: number;
  readonly dataTypes: readonly DataType[];
  readonly instruments: readonly Instrument[];
  /** The newest unless a report printed under older ones is counted again. */
  readonly rules?: CountingRules;
  /** Counted apart, over the periods of its law. */
  readonly bands?: BandTable;
  readonly partners?: PartnerFigures;
}

/** Band width of the rules 2026.1. */
const firstRulesBand = 250;

/** Every case of the year exactly once; what has no paper yet counts as `no-instrument`. */
export function transparencyReport(cases: readonly Tally[], counting: Counting): TransparencyReport {
  const { smallNumber, rules = "2026.3" } = counting;
  const counted = cases.filter(({ setAside }) => !setAside);
  const open = counted.filter((tally) => findSecretPaper(tally, counting.instruments) === undefined);
  const buckets = [...new Set(open.map((tally) => bucketOf(tally, counting)))].sort();
  const rows = buckets.map((bucket) =>
    row(
      bucket,
      open.filter((tally) => bucketOf(tally, counting) === bucket),
      counting,
    ),
  );
  return {
    company: counting.company,
    year: counting.year,
    edition: counting.edition,
    smallNumber,
    rules,
    treeSize: counting.treeSize,
    rows,
    totals: totalsOf(rows),
    liftAttempts: publish(
      open.reduce((sum, { liftAttempts }) => sum + liftAttempts, 0),
      smallNumber,
    ),
    lifted: publish(
      open.reduce((sum, { lifted }) => sum + lifted, 0),
      smallNumber,
    ),
    nationalSecurity: rules === "2026.1" ? band(counted.length - open.length, firstRulesBand) : (counting.bands ?? null),
    ...(rules === "2026.3" && counting.partners !== undefined ? { partners: counting.partners } : {}),
  };
}

/** The bands of a report that has a table of them. */
export function findBands({ nationalSecurity }: TransparencyReport): BandTable | undefined {
  return nationalSecurity !== null && "rows" in nationalSecurity ? nationalSecurity : undefined;
}

function instrumentOf(tally: Tally, { instruments }: Counting): Instrument | undefined {
  return instruments.find(({ id }) => id === tally.instrument);
}

function bucketOf(tally: Tally, counting: Counting): string {
  return instrumentOf(tally, counting)?.report ?? "no-instrument";
}

function row(bucket: string, cases: readonly Tally[], { smallNumber, dataTypes }: Counting): ReportRow {
  const numbers = {
    received: cases.length,
    ...countOutcomes(cases),
    accounts: cases.reduce((sum, { accounts }) => sum + accounts, 0),
    content: cases.filter((tally) => disclosed(tally, dataTypes).content).length,
    non_content: cases.filter((tally) => disclosed(tally, dataTypes).nonContent).length,
    notice_before: cases.filter(({ noticeBefore }) => noticeBefore).length,
    notice_late: cases.filter(({ noticeLate, noticeBefore }) => noticeLate && !noticeBefore).length,
    notice_withheld: cases.filter(({ withheld, noticeBefore, noticeLate }) => withheld !== undefined && !noticeBefore && !noticeLate).length,
  };
  const cells = Object.fromEntries(measures.map((measure) => [measure, publish(numbers[measure], smallNumber)])) as Record<Measure, Published>;
  // Always the sum of the published outcomes: an exact number of requests would give a hidden outcome away.
  const received = total(outcomes.map((outcome) => cells[outcome]));
  return { bucket, cells: guarded({ ...cells, received }, numbers.accounts) };
}

/** Counted beside the outcomes: every one of them bounds how many productions or requests there were. */
const beside = ["content", "non_content", "notice_before", "notice_late", "notice_withheld"] as const satisfies readonly Measure[];
const accountsStep = 100;

/**
 * Once one cell of a row is a range, no other figure of the row may be subtracted from it: a subpoena discloses only
 * non-content, so an exact `non_content` less an exact `produced_full` would be the hidden `produced_partial`. What is
 * not zero then runs from 1 to the published number of requests; accounts, which have no such ceiling, to a round number.
 */
function guarded(cells: Record<Measure, Published>, accounts: number): Record<Measure, Published> {
  if (!measures.some((measure) => isRange(cells[measure]))) return cells;
  // The small ones too: what was produced must be content or other data, so two small ranges could be pinned by their sum.
  const wide = beside.flatMap((measure): [Measure, Published][] => (cells[measure].high === 0 ? [] : [[measure, { low: 1, high: cells.received.high }]]));
  const ceiling = Math.ceil(Math.max(accounts, cells.received.high) / accountsStep) * accountsStep;
  return { ...cells, ...Object.fromEntries(wide), ...(accounts === 0 ? {} : { accounts: { low: 1, high: ceiling } }) };
}

function isRange({ low, high }: Published): boolean {
  return low !== high;
}

function countOutcomes(cases: readonly Tally[]): Record<CountedOutcome, number> {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<CountedOutcome, number>;
  for (const tally of cases) counts[reportRowOf(outcomeOfTally(tally))] += 1;
  return counts;
}

function totalsOf(rows: readonly ReportRow[]): Record<Measure, Published> {
  return Object.fromEntries(measures.map((measure) => [measure, total(rows.map(({ cells }) => cells[measure]))])) as Record<Measure, Published>;
}

/** RFC 4180, one row a bucket and a row of totals, then the bands, which are in no total; ranges as `1–9`. */
export function reportCsv(report: TransparencyReport): string {
  const line = (type: string, cell: (measure: Measure) => string) => [report.year, report.edition, type, ...measures.map(cell)].join(",");
  const figures = (type: string, cells: Readonly<Record<Measure, Published>>) => line(type, (measure) => words(cells[measure]));
  const bands = findBands(report);
  return (
    [
      ["year", "edition", "type", ...measures].join(","),
      ...report.rows.map(({ bucket, cells }) => figures(bucket, cells)),
      figures("total", report.totals),
      ...(bands === undefined ? [] : bandCells(bands)).map(({ type, measure: counted, band: printed }) =>
        line(type, (measure) => (measure === counted ? printed : "")),
      ),
      ...(report.partners === undefined ? [] : partnerMeasures.map((name) => partnerLine(name, report.partners, line))),
    ].join("\r\n") + "\r\n"
  );
}

type Line = (type: string, cell: (measure: Measure) => string) => string;

/** In no total: what reached partners was asked of them and not of the company. */
function partnerLine(name: (typeof partnerMeasures)[number], partners: PartnerFigures | undefined, line: Line): string {
  return line(`partners-${name.replace("_", "-")}`, (measure) => (measure === "received" && partners !== undefined ? words(partners[name]) : ""));
}
