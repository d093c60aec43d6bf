// What the European reports count of one request: plain values out of its facts, so that the reports need to know nothing else.
import type { Day } from "../kernel/instant.ts";
import type { CountedOutcome } from "./tally.ts";

export interface RequestRow {
  /** The day of receipt in the desk's zone: it decides the year. */
  readonly receivedOn: Day;
  /** Instrument id of the pack: `EU-EPOC`. */
  readonly instrument: string;
  readonly family: string;
  /** Report bucket of the pack. */
  readonly bucket: string;
  /** ISO 3166 code of the State whose authority issued it; a part of a State (`DE-BY`) counts as the State. */
  readonly issuedIn?: string;
  /** Categories of data asked for, each at most once: `SUBSCRIBER`, `TRAFFIC`. */
  readonly dataCategories: readonly string[];
  /** What the order calls illegal, in the codes of the Commission's template; absent when it names no legal ground at all. */
  readonly illegalContent?: IllegalContent;
  /** Pieces of content that an order to act names; one when it does not say. */
  readonly items?: number;
  /** Hours from receipt until the authority was told of it; 0 may stand for an automatic confirmation within the hour. */
  readonly acknowledgedAfterHours?: number;
  /** Hours from receipt until the order had its effect: the data provided, the content acted on, the data preserved. */
  readonly effectAfterHours?: number;
  /** For a preservation: hours from its issue until the production that followed was issued. */
  readonly productionIssuedAfterHours?: number;
  readonly outcome: CountedOutcome;
  /** Absent: nobody has recorded whether it is one. */
  readonly emergency?: boolean;
  /** What the desk has no fact for: there, an absent member says nothing about the paper. */
  readonly unrecorded?: readonly Unrecorded[];
}

export type Unrecorded = "illegal-content" | "items" | "effect" | "emergency" | "production-issued";

export interface IllegalContent {
  /** `STATEMENT_CATEGORY_SCAMS_AND_FRAUD`. */
  readonly category: string;
  /** `KEYWORD_PHISHING`; absent when the order says no more than the category. */
  readonly keyword?: string;
  /** What it is, in a few words, under `KEYWORD_OTHER`. */
  readonly described?: string;
}

/** A request that a report of the law cannot place; it is counted nowhere until somebody completes the case. */
export interface RowFinding {
  /** Position in the rows that were given. */
  readonly row: number;
  readonly code: "ISSUING_STATE_UNKNOWN" | "ISSUING_STATE_OUTSIDE" | "CATEGORY_UNKNOWN" | "DATA_CATEGORY_UNKNOWN";
  readonly because: string;
}

/** What nobody has recorded of some orders: they are counted, and what it would have said stays empty. */
export interface Gap {
  readonly about: Unrecorded;
  /** Positions in the rows that were given. */
  readonly rows: readonly number[];
  /** What is missing, where it is missing, and what to do about it. */
  readonly because: string;
}

export interface PlacedRow {
  readonly row: number;
  readonly request: RequestRow;
}

export function isUnrecorded({ unrecorded = [] }: RequestRow, about: Unrecorded): boolean {
  return unrecorded.includes(about);
}

/** In the order of the words; only what is missing. */
export function gapsOf(counted: readonly PlacedRow[], words: Readonly<Partial<Record<Unrecorded, string>>>): readonly Gap[] {
  return (Object.entries(words) as [Unrecorded, string][]).flatMap(([about, because]) => {
    const rows = counted.filter(({ request }) => isUnrecorded(request, about)).map(({ row }) => row);
    return rows.length === 0 ? [] : [{ about, rows, because }];
  });
}

/** National-security process is in bands and in no other number, whatever its bucket says. */
export function openOfYear(rows: readonly RequestRow[], year: number): readonly PlacedRow[] {
  return rows
    .map((request, row) => ({ row, request }))
    .filter(({ request }) => request.family !== "national-security" && request.receivedOn.startsWith(`${year}-`));
}

/** Member States of the Union, in ISO 3166. */
const memberStates = new Set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "));

export function stateOf({ issuedIn }: RequestRow): string | undefined {
  return issuedIn?.slice(0, 2);
}

/** Why an order cannot be counted under a Member State that may issue it; undefined when it can. */
export function stateFinding(row: number, request: RequestRow, without: readonly string[] = []): RowFinding | undefined {
  const state = stateOf(request);
  if (state === undefined)
    return { row, code: "ISSUING_STATE_UNKNOWN", because: "No issuing State is on record for this order. Add the country of its authority to the case." };
  if (!memberStates.has(state) || without.includes(state))
    return {
      row,
      code: "ISSUING_STATE_OUTSIDE",
      because: `${state} is not a Member State that can issue this order. Check the paper's kind and the country of its authority.`,
    };
  return undefined;
}

/** Undefined, not 0, when there is nothing to take it of; the mean of the middle two when the number is even. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}

export function average(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** RFC 4180: quoted where a comma, a quote or a line end asks for it. */
export function csv(lines: readonly (readonly (string | number | undefined)[])[]): string {
  return lines.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

/** Hours print with at most two decimals. */
function csvCell(value: string | number | undefined): string {
  const text = typeof value === "number" ? String(Math.round(value * 100) / 100) : (value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
