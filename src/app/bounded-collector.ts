// Holds what a source gives against what it counted: a read that swells stops, and one that changed in the meantime is told.
import type { After, Collected, PlannedRead } from "../production/shapes.ts";
import type { Collector } from "./production-port.ts";

/** How many records each read of a plan was expected to give, as the ledger has it. */
export type ExpectedCounts = readonly { readonly source: string; readonly collection: string; readonly line: string; readonly expected: number }[];

/** A few more may come into being while a paper of the same day is answered; a table that is another one may not. */
function most(expected: number): number {
  return expected + Math.max(50, Math.ceil(expected / 10));
}

export function bounded(collector: Collector, counts: ExpectedCounts): Collector {
  return {
    count: (read, signal) => collector.count(read, signal),
    read: (read, signal, after) => readBounded(collector, read, expectedOf(counts, read), signal, after),
  };
}

function expectedOf(counts: ExpectedCounts, { source, collection, line }: PlannedRead): number {
  return counts.find((each) => each.source === source && each.collection === collection && each.line === line)?.expected ?? 0;
}

async function* readBounded(collector: Collector, read: PlannedRead, expected: number, signal?: AbortSignal, after?: After): AsyncGenerator<Collected> {
  const { source, collection, line } = read;
  let records = after?.records ?? 0;
  for await (const item of collector.read(read, signal, after)) {
    if (item.kind === "record" && records >= most(expected)) {
      const what = `${source} gives more of \`${collection}\` than the ${expected.toLocaleString("en")} records that were counted. Compile and check the plan again.`;
      yield { kind: "failed", failure: { source, collection, line, step: "read", code: "MORE_THAN_COUNTED", what, recordsBefore: records } };
      return;
    }
    if (item.kind === "record") records += 1;
    yield item;
    if (item.kind === "failed") return;
  }
  if (records === expected) return;
  const what = `Line ${line}: ${expected.toLocaleString("en")} records of \`${collection}\` were counted and ${records.toLocaleString("en")} were read: they changed in between.`;
  yield { kind: "finding", finding: { code: "CHANGED_MEANWHILE", where: source, what } };
}
