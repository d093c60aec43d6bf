// A report of bands between two yearly ones: which day it may be published on, so that no two tables print the same days.
import { addDays, type Day } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Instrument } from "../policy/pack.ts";
import {
  bandCells,
  bandTable,
  nameStructure,
  type BandOption,
  type BandStructure,
  type BandTable,
  type Naming,
  type ReportBands,
} from "./national-security.ts";
import { csv } from "./request-row.ts";

export interface BandReport {
  readonly company: string;
  /** 1 for the first of its day; a correction is a new edition and the old one stays. */
  readonly edition: number;
  readonly treeSize: number;
  readonly bands: BandTable;
}

/**
 * Whether two tables count some of the same days; a table printed again for its own day is the same table. What two
 * overlapping windows print would narrow the number down, and so would two widths; tables of two options are compared as if
 * every category held every paper.
 */
export function sharesDays(one: BandTable, other: BandTable): boolean {
  if (one.publishedOn === other.publishedOn && one.option === other.option) return false;
  return one.rows.some((row) =>
    other.rows.some(
      (beside) => row.from <= beside.to && beside.from <= row.to && (one.option === other.option ? row.id === beside.id : row.counts === beside.counts),
    ),
  );
}

export interface AskedBands {
  /** Undefined when the desk's laws have no such tables. */
  readonly bands: ReportBands | undefined;
  readonly option: BandOption | undefined;
  readonly instruments: readonly Instrument[];
  /** Every table that was printed, in yearly reports and in others. */
  readonly printed: readonly BandTable[];
  /** How many editions the bands of this day have. */
  readonly editions: number;
  readonly publishedOn: Day;
  readonly today: Day;
}

/**
 * The structure of a band report of this day, or every reason against. Never depends on what was received. A day that may
 * not be published is not counted either: looking at one day after the other would find the edge of a band, and so the number.
 */
export function nameBandReport(asked: AskedBands): Exclude<Naming, { kind: "none" }> {
  const { bands, option, instruments, publishedOn, today, editions } = asked;
  const naming = nameStructure({ bands, option, instruments, beside: besideOf(asked) });
  const structure = bands?.structures.find((each) => each.option === option);
  const [first, ...rest] = [
    ...(option === undefined ? [unnamed] : []),
    ...(naming.kind === "refused" ? naming.reasons : []),
    ...(publishedOn > today ? [ahead(publishedOn)] : []),
    ...(publishedOn < today && editions === 0 ? [past] : []),
    ...(structure === undefined ? [] : printedTwice(structure, asked)),
  ];
  if (first !== undefined) return { kind: "refused", reasons: [first, ...rest] };
  if (naming.kind !== "named") throw new Error("a structure that was neither named nor refused");
  return naming;
}

/** Options of the tables that one structure binds together: those of the same calendar year, and those that share days. */
function besideOf({ bands, option, printed, publishedOn }: AskedBands): readonly BandOption[] {
  const structure = bands?.structures.find((each) => each.option === option);
  const year = publishedOn.slice(0, 4);
  return printed
    .filter((table) => table.publishedOn.startsWith(year) || (structure !== undefined && sharesDays(table, bandTable(structure, publishedOn, []))))
    .map((table) => table.option);
}

function printedTwice(structure: BandStructure, { printed, publishedOn }: AskedBands): readonly Reason[] {
  const shared = printed.filter((table) => table.option === structure.option && sharesDays(table, bandTable(structure, publishedOn, [])));
  if (shared.length === 0) return [];
  const days = [...new Set(shared.map((table) => table.publishedOn))].toSorted();
  return [
    {
      clause,
      code: "BAND_DAYS_PRINTED",
      because:
        `The bands of ${days.join(" and of ")} cover some of the same days, and two tables that overlap would narrow the number down. ` +
        `The first day on which they no longer overlap is ${firstFreeDay(structure, printed, publishedOn)}.`,
    },
  ];
}

/** The first day from this one on whose table shares no day with one that was printed. */
export function firstFreeDay(structure: BandStructure, printed: readonly BandTable[], from: Day): Day {
  let free = from;
  while (printed.some((table) => sharesDays(table, bandTable(structure, free, [])))) free = addDays(free, 1);
  return free;
}

const clause = "KDRP-14";

const unnamed: Reason = {
  clause,
  code: "BAND_OPTION_UNNAMED",
  because:
    "The desk's set-up names no structure of 50 USC 1874, so nothing is printed, whatever was received. Name one as nationalSecurityBands in the set-up file.",
};

const past: Reason = {
  clause,
  code: "BAND_DAY_PAST",
  because: "Bands are published on the day their periods are counted back from, and an earlier day is only corrected. Publish them for today.",
};

function ahead(publishedOn: Day): Reason {
  return { clause, code: "BAND_DAY_AHEAD", because: `${publishedOn} has not come, and its days cannot be counted yet. Publish them for today.` };
}

/** Why an edition may not be published although its day may: a later one says what it corrects, and a first one corrects nothing. */
export function reasonsAgainstEdition(
  { publishedOn, editions }: Pick<AskedBands, "publishedOn" | "editions">,
  correction: string | undefined,
): readonly Reason[] {
  if (editions > 0 && correction === undefined)
    return [
      {
        clause,
        code: "CORRECTION_UNEXPLAINED",
        because: `Bands of ${publishedOn} have been published. A later edition says what it corrects: give the reason.`,
      },
    ];
  if (editions === 0 && correction !== undefined)
    return [
      { clause, code: "CORRECTION_OF_NOTHING", because: `No bands of ${publishedOn} have been published. Publish the first edition without a correction.` },
    ];
  return [];
}

/** RFC 4180, one line a category: an order's band and a band of selectors stand in columns of their own, as in the yearly CSV. */
export function bandCsv({ edition, bands }: BandReport): string {
  return csv([
    ["published_on", "edition", "option", "type", "received", "accounts"],
    ...bandCells(bands).map(({ type, measure, band }) => [
      bands.publishedOn,
      edition,
      bands.option,
      type,
      measure === "received" ? band : "",
      measure === "accounts" ? band : "",
    ]),
  ]);
}
