// Reports national-security process only as the law lets a company report it: in bands, for one period, under one structure.
import type { Reason } from "../kernel/outcome.ts";
import { addDays, type Day, type Instant } from "../kernel/instant.ts";
import type { Instrument } from "../policy/pack.ts";
import { band, words, type Published } from "./small-numbers.ts";
import type { Tally } from "./tally.ts";

/** Number of the structure in 50 USC 1874(a). */
export type BandOption = 1 | 2 | 3 | 4;

/** The structures a law offers, as a jurisdiction pack gives them. A report uses exactly one. */
export interface ReportBands {
  readonly structures: readonly BandStructure[];
}

export interface BandStructure {
  readonly option: BandOption;
  readonly title: string;
  readonly every: "half-year" | "year";
  /** Numbers in a band: 250 for 0–249. */
  readonly width: number;
  /** Where the first band starts. */
  readonly start: number;
  /** By name; each category says which of them it is counted in. */
  readonly window: Readonly<Record<string, BandWindow>>;
  readonly categories: readonly BandCategory[];
  readonly citation: string;
}

interface Span {
  readonly n: number;
  readonly unit: "days" | "years";
}

export interface BandWindow {
  /** Both ends included: 180 days are 180 days. */
  readonly length: Span;
  /** How long before publication it ends at the latest; 0 days: it ends on the day of publication. */
  readonly endsBefore: Span;
  /** The first order on a new platform stays out of every report published before this many days after its receipt. */
  readonly newPlatformDays?: number | undefined;
}

interface BandCategory {
  readonly id: string;
  readonly label: string;
  /** Name of its window. */
  readonly window: string;
  /** Orders are papers received; selectors are the accounts and identifiers they targeted. */
  readonly counts: { readonly what: "orders" | "selectors"; readonly papers: readonly string[] };
}

export interface Period {
  readonly from: Day;
  readonly to: Day;
}

/** What is printed. It knows bands and never a count. */
export interface BandTable {
  readonly option: BandOption;
  readonly title: string;
  readonly citation: string;
  readonly every: "half-year" | "year";
  readonly width: number;
  /** The day the periods are counted back from; every edition of a year keeps that of the first, so that two editions cover the same days. */
  readonly publishedOn: Day;
  readonly rows: readonly BandRow[];
}

interface BandRow {
  readonly id: string;
  readonly label: string;
  readonly counts: "orders" | "selectors";
  readonly from: Day;
  readonly to: Day;
  readonly band: Published;
}

/** One letter, order or directive, for counting only. */
export interface SecretCase {
  /** Instrument id of the pack. */
  readonly paper: string;
  readonly receivedOn: Day;
  readonly selectors: number;
  /** The first such order on a platform, product or service that is not an iteration of an older one. */
  readonly newPlatform: boolean;
}

/** The latest period that a report published on this day may cover. */
export function periodCovered({ length, endsBefore }: BandWindow, publishedOn: Day): Period {
  const to = back(publishedOn, endsBefore);
  return { from: addDays(back(to, length), 1), to };
}

/** A year before 29 February is 28 February: never less than the year. */
function back(from: Day, { n, unit }: Span): Day {
  return Temporal.PlainDate.from(from)
    .subtract(unit === "days" ? { days: n } : { years: n })
    .toString() as Day;
}

/** The first day of publication on which the first order on a new platform is no longer silent. */
export function silentUntil(receivedOn: Day, newPlatformDays: number): Day {
  return addDays(receivedOn, newPlatformDays);
}

function isSilent({ newPlatform, receivedOn }: SecretCase, { newPlatformDays }: BandWindow, publishedOn: Day): boolean {
  return newPlatform && newPlatformDays !== undefined && publishedOn < silentUntil(receivedOn, newPlatformDays);
}

/** Every category prints its band, also when nothing was received. */
export function bandTable(structure: BandStructure, publishedOn: Day, cases: readonly SecretCase[]): BandTable {
  const { option, title, citation, every, width } = structure;
  return { option, title, citation, every, width, publishedOn, rows: structure.categories.map((category) => bandRow(structure, category, publishedOn, cases)) };
}

function bandRow({ window: windows, width, start }: BandStructure, category: BandCategory, publishedOn: Day, cases: readonly SecretCase[]): BandRow {
  const { id, label, counts } = category;
  const window = windows[category.window];
  if (window === undefined) throw new Error(`the band category ${id} names a window that its structure lacks`);
  const { from, to } = periodCovered(window, publishedOn);
  const counted = cases.filter(
    (secret) => counts.papers.includes(secret.paper) && from <= secret.receivedOn && secret.receivedOn <= to && !isSilent(secret, window, publishedOn),
  );
  const n = counts.what === "orders" ? counted.length : counted.reduce((sum, { selectors }) => sum + selectors, 0);
  return { id, label, counts: counts.what, from, to, band: band(n, width, start) };
}

/** The structure that was named; none when nobody named one. Never depends on what was received. */
export type Naming =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly structure: BandStructure }
  | { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };

export interface Named {
  /** Undefined when the desk's laws have no such tables. */
  readonly bands: ReportBands | undefined;
  /** Named for this report. */
  readonly option: BandOption | undefined;
  /** Options of the tables it stands beside: those of the earlier editions of its year. */
  readonly beside: readonly BandOption[];
  /** Papers of the law that has the tables. */
  readonly instruments: readonly Instrument[];
}

/** One structure for all tables and editions of a report, and every paper of the law in it. */
export function nameStructure({ bands, option, beside, instruments }: Named): Naming {
  const others = [...new Set(beside)].filter((other) => other !== option);
  const structure = bands?.structures.find((each) => each.option === option);
  const [first, ...rest] = [
    ...(others.length > 0 ? [mixed(others, option)] : []),
    ...(option !== undefined && structure === undefined ? [unknown(option)] : []),
    ...(structure === undefined ? [] : uncountedPapers(structure, instruments).map((paper) => uncounted(paper, structure.option))),
  ];
  if (first !== undefined) return { kind: "refused", reasons: [first, ...rest] };
  return structure === undefined ? { kind: "none" } : { kind: "named", structure };
}

/** Papers that a structure counts not exactly once as an order and once by its selectors. */
function uncountedPapers({ categories }: BandStructure, instruments: readonly Instrument[]): readonly string[] {
  const times = (paper: string, what: "orders" | "selectors") =>
    categories.filter(({ counts }) => counts.what === what && counts.papers.includes(paper)).length;
  return instruments
    .filter(({ family, id }) => family === "national-security" && (times(id, "orders") !== 1 || times(id, "selectors") !== 1))
    .map(({ id }) => id);
}

const clause = "KDRP-14";

function mixed(others: readonly BandOption[], option: BandOption | undefined): Reason {
  return {
    clause,
    code: "BAND_STRUCTURES_MIXED",
    because:
      `A report uses one structure of 50 USC 1874 for all its tables and editions. Option ${others.join(" and ")} was printed, ` +
      `and this edition names ${option === undefined ? "none" : `option ${option}`}: two band widths, or a band that vanishes, would narrow the number down. ` +
      `Name option ${others.join(" or ")} again.`,
  };
}

function unknown(option: BandOption): Reason {
  return {
    clause,
    code: "BAND_STRUCTURE_UNKNOWN",
    because: `No law of this desk has a table for option ${option} of 50 USC 1874. Name an option that its pack gives, or none.`,
  };
}

function uncounted(paper: string, option: BandOption): Reason {
  return {
    clause,
    code: "BAND_PAPER_UNCOUNTED",
    because: `Option ${option} does not count ${paper} exactly once as an order and once by its selectors. Name it in one category of each kind in the pack.`,
  };
}

/** Every paper the case may have come on: as confirmed, or, while nobody confirmed one, whatever the reading proposed. */
function papersOf({ instrument, proposed }: Tally): readonly string[] {
  return proposed ?? (instrument === undefined ? [] : [instrument]);
}

/** The national-security paper of a case, if one of its papers is. Such a case is counted in bands and nowhere else. */
export function findSecretPaper(tally: Tally, instruments: readonly Instrument[]): string | undefined {
  return papersOf(tally).find((paper) => instruments.some(({ id, family }) => id === paper && family === "national-security"));
}

/** Cases of every year: the periods of the law are not those of the report. */
export function secretCases(tallies: readonly Tally[], instruments: readonly Instrument[], dayOf: (moment: Instant) => Day): readonly SecretCase[] {
  return tallies.flatMap((tally) => {
    const paper = findSecretPaper(tally, instruments);
    if (paper === undefined || tally.receivedAt === undefined || tally.setAside) return [];
    return [{ paper, receivedOn: dayOf(tally.receivedAt), selectors: tally.selectors, newPlatform: tally.newPlatform }];
  });
}

/** Lines of the report's CSV: an order's band stands under `received`, a band of selectors under `accounts`. */
export function bandCells({ rows }: BandTable): readonly { readonly type: string; readonly measure: "received" | "accounts"; readonly band: string }[] {
  return rows.map(({ id, counts, from, to, band: printed }) => ({
    type: `national-security ${id} ${from}/${to}`,
    measure: counts === "orders" ? "received" : "accounts",
    band: words(printed),
  }));
}
