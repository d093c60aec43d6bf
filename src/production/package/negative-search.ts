// The certificate that says what was looked for and not found, so that silence is never mistaken for an answer.
import type { Plan, PlannedRead, Scope } from "../shapes.ts";
import type { Declared } from "./papers.ts";

export interface NegativeSearch {
  /** Not held at all, or not searchable within bounds, with the reason. */
  readonly notHeld: Plan["nothingHeld"];
  /** Reads that were made in full and gave no record. */
  readonly emptyReads: readonly EmptyRead[];
  /** Lines without a single record in this package. */
  readonly linesWithoutRecords: readonly string[];
}

type EmptyRead = Pick<PlannedRead, "source" | "collection" | "line" | "dataType" | "from" | "until">;

/** How a read is counted while a package is filled. */
export type NamedRead = Pick<PlannedRead, "source" | "collection" | "line">;

export function readKey({ source, collection, line }: NamedRead): string {
  return `${source}\u0000${collection}\u0000${line}`;
}

/** Undefined where every line and every read gave something. */
export function negativeSearchOf(scope: Scope, plan: Plan, recordsByRead: ReadonlyMap<string, number>): NegativeSearch | undefined {
  const emptyReads = plan.reads
    .filter((read) => (recordsByRead.get(readKey(read)) ?? 0) === 0)
    .map(({ source, collection, line, dataType, from, until }) => ({
      source,
      collection,
      line,
      dataType,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    }));
  const found = new Set(plan.reads.filter((read) => (recordsByRead.get(readKey(read)) ?? 0) > 0).map((read) => read.line));
  const linesWithoutRecords = scope.lines.map(({ line }) => line).filter((line) => !found.has(line));
  const isNothing = emptyReads.length === 0 && plan.nothingHeld.length === 0 && linesWithoutRecords.length === 0;
  return isNothing ? undefined : { notHeld: plan.nothingHeld, emptyReads, linesWithoutRecords };
}

/** `data/negative-search.txt`. */
export function negativeSearchText(
  search: NegativeSearch,
  { custodian, organisation, declaredAt, scope }: Omit<Declared, "recordsByLine" | "findings">,
): string {
  return [
    "CERTIFICATE OF SEARCH WITHOUT RESULT",
    "",
    `Case: ${scope.caseId}`,
    `Instrument: ${scope.instrument}, served ${scope.servedAt}`,
    "",
    `I, ${custodian}, keep the records of ${organisation}. A diligent search was made of the places named below, through the`,
    "reads in plan.json, which name every account, column and moment that was searched. This is what it did not find.",
    "",
    ...part(
      "No record in this package answers these lines:",
      search.linesWithoutRecords.map((line) => `${line}  ${scope.lines.find((each) => each.line === line)?.dataType ?? ""}`),
    ),
    ...part(
      "Searched in full, and no record found:",
      search.emptyReads.map((read) => `${read.line}  ${read.dataType} in ${read.source}, ${read.collection}${spanWords(read)}`),
    ),
    ...part(
      "Not held, or not searchable within the lines of the instrument:",
      search.notHeld.map(({ line, because }) => `${line}  ${because}`),
    ),
    "It does not say that such records never existed: only that none is held in these places today.",
    "",
    `${custodian}, for ${organisation}`,
    declaredAt,
    "",
  ].join("\n");
}

function spanWords({ from, until }: EmptyRead): string {
  if (until === undefined) return ", standing facts without a date";
  return from === undefined ? `, everything before ${until}` : `, from ${from} until before ${until}`;
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
}
