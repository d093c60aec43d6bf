// Counts the yearly report from the sealed ledger, publishes it as a fact, and counts it again whenever somebody doubts it.
import type { Actor } from "../kernel/ids.ts";
import { dayOf } from "../kernel/instant.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import { count, emptyTally, receivedIn, transparencyReport, type Tally, type TransparencyReport } from "../reporting/module.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { DirectoryFact, ReportPublished } from "../requests/directory/events.ts";
import { findSealed, type Desk } from "./desk.ts";
import { recordEntry } from "./directory.ts";

const reportStream = "reports";
const batch = 2000;

/** Counts every case of the year among the first `treeSize` sealed facts. A printed report is counted again under its own name and bound for small numbers. */
export async function countReport(
  desk: Desk,
  year: number,
  edition: number,
  treeSize: number,
  printed: Pick<TransparencyReport, "company" | "smallNumber"> = { company: desk.profile.legalEntity, smallNumber: desk.policy.settings.smallNumber },
): Promise<TransparencyReport> {
  const tallies = new Map<string, Tally>();
  for (let from = 0; from < treeSize; from += batch) {
    for (const { stream, fact } of await desk.ports.ledger.readSealed(desk.id, from, Math.min(batch, treeSize - from))) {
      if (stream.startsWith("case:")) tallies.set(stream, count(tallies.get(stream) ?? emptyTally, fact as unknown as CaseFact));
    }
  }
  const cases = [...tallies.values()].filter((tally) => receivedIn(tally, year, (moment) => dayOf(moment, desk.zone)));
  return transparencyReport(cases, {
    ...printed,
    year,
    edition,
    treeSize,
    dataTypes: desk.policy.dataTypes,
    instruments: desk.laws.flatMap(({ instruments }) => instruments),
  });
}

export interface PublishedReport {
  readonly fact: ReportPublished;
  readonly report: TransparencyReport;
}

/** A later edition of the same year is a correction and says why; the earlier one stays. */
export async function publishReport(desk: Desk, year: number, by: Actor, correction?: string): Promise<PublishedReport> {
  const { ledger, clock, digest } = desk.ports;
  const checkpoint = await ledger.seal(desk.id, clock.now());
  const edition = (await publishedReports(desk)).filter((earlier) => earlier.fact.year === year).length + 1;
  const report = await countReport(desk, year, edition, checkpoint?.size ?? 0);
  const value = report as unknown as Json;
  let published: ReportPublished | undefined;
  await recordEntry(desk.ports, desk.id, {
    stream: reportStream,
    by,
    value,
    fact: (document) =>
      (published = {
        type: "ReportPublished",
        year,
        edition,
        figures: digest(canonicalJson(value)),
        treeSize: report.treeSize,
        countedAt: clock.now(),
        document,
        ...(correction === undefined ? {} : { correction }),
      }),
  });
  if (published === undefined) throw new Error("the report was not published");
  return { fact: published, report };
}

/** Oldest first. */
export async function publishedReports(desk: Desk): Promise<readonly PublishedReport[]> {
  const facts = (await desk.ports.ledger.readStream(desk.id, reportStream)).map(({ fact }) => fact as unknown as DirectoryFact);
  const published = facts.filter((fact) => fact.type === "ReportPublished");
  return (
    await Promise.all(
      published.map(async (fact) => ({ fact, report: (await findSealed(desk.ports, desk.id, fact.document)) as unknown as TransparencyReport | undefined })),
    )
  ).flatMap(({ fact, report }) => (report === undefined ? [] : [{ fact, report }]));
}

export interface FigureFinding {
  readonly year: number;
  readonly edition: number;
  readonly what: string;
}

/** Recomputes every published figure; empty when each one follows from the ledger. */
export async function checkReports(desk: Desk): Promise<readonly FigureFinding[]> {
  const findings: FigureFinding[] = [];
  for (const { fact, report } of await publishedReports(desk)) {
    const again = await countReport(desk, fact.year, fact.edition, fact.treeSize, report);
    const where = { year: fact.year, edition: fact.edition };
    if (desk.ports.digest(canonicalJson(again as unknown as Json)) !== fact.figures)
      findings.push({ ...where, what: `The figures counted from the ledger differ from the published ones: ${firstDifference(report, again)}` });
    if (desk.ports.digest(canonicalJson(report as unknown as Json)) !== fact.figures)
      findings.push({ ...where, what: "The stored report is not the one that was published." });
  }
  return findings;
}

function firstDifference(published: unknown, counted: unknown, path = ""): string {
  if (typeof published !== "object" || published === null || typeof counted !== "object" || counted === null)
    return JSON.stringify(published) === JSON.stringify(counted) ? "" : `${path}: published ${JSON.stringify(published)}, counted ${JSON.stringify(counted)}`;
  for (const name of new Set([...Object.keys(published), ...Object.keys(counted)])) {
    const found = firstDifference(
      (published as Record<string, unknown>)[name],
      (counted as Record<string, unknown>)[name],
      path === "" ? name : `${path}.${name}`,
    );
    if (found !== "") return found;
  }
  return "";
}
