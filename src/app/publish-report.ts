// Counts the yearly report from the sealed ledger, publishes it as a fact, and counts it again whenever somebody doubts it.
import type { Actor } from "../kernel/ids.ts";
import { dayOf, type Day } from "../kernel/instant.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import type { JurisdictionPack } from "../policy/pack.ts";
import {
  bandTable,
  count,
  emptyTally,
  findBands,
  nameStructure,
  receivedIn,
  secretCases,
  transparencyReport,
  type BandOption,
  type BandTable,
  type Naming,
  type Tally,
  type TransparencyReport,
} from "../reporting/module.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { DirectoryFact, ReportPublished } from "../requests/directory/events.ts";
import { findSealed, type Desk } from "./desk.ts";
import { recordEntry } from "./directory.ts";

const reportStream = "reports";
const batch = 2000;

/** What a report says about its own counting; a printed one is counted again under the same. */
interface Printing extends Pick<TransparencyReport, "company" | "smallNumber"> {
  readonly rules?: TransparencyReport["rules"];
  /** Structure of the national-security bands, and the day their periods are counted back from. */
  readonly bands?: { readonly option: BandOption; readonly publishedOn: Day };
}

function printingOf(report: TransparencyReport): Printing {
  const bands = findBands(report);
  const { company, smallNumber, rules } = report;
  return { company, smallNumber, rules, ...(bands === undefined ? {} : { bands: { option: bands.option, publishedOn: bands.publishedOn } }) };
}

/** Counts every case of the year among the first `treeSize` sealed facts. */
export async function countReport(
  desk: Desk,
  year: number,
  edition: number,
  treeSize: number,
  { bands, ...printing }: Printing = { company: desk.profile.legalEntity, smallNumber: desk.policy.settings.smallNumber },
): Promise<TransparencyReport> {
  const tallies = await countCases(desk, treeSize);
  const table = bands === undefined ? undefined : findTable(desk, bands.option, bands.publishedOn, tallies);
  return transparencyReport(
    tallies.filter((tally) => receivedIn(tally, year, (moment) => dayOf(moment, desk.zone))),
    {
      ...printing,
      year,
      edition,
      treeSize,
      dataTypes: desk.policy.dataTypes,
      instruments: desk.laws.flatMap(({ instruments }) => instruments),
      ...(table === undefined ? {} : { bands: table }),
    },
  );
}

async function countCases(desk: Desk, treeSize: number): Promise<readonly Tally[]> {
  const tallies = new Map<string, Tally>();
  for (let from = 0; from < treeSize; from += batch) {
    for (const { stream, fact } of await desk.ports.ledger.readSealed(desk.id, from, Math.min(batch, treeSize - from))) {
      if (stream.startsWith("case:")) tallies.set(stream, count(tallies.get(stream) ?? emptyTally, fact as unknown as CaseFact));
    }
  }
  return [...tallies.values()];
}

function findBandedLaw(desk: Desk): JurisdictionPack | undefined {
  return desk.laws.find((law) => law.reportBands !== undefined);
}

/** Undefined when no law of the desk has the structure any more. */
function findTable(desk: Desk, option: BandOption, publishedOn: Day, tallies: readonly Tally[]): BandTable | undefined {
  const law = findBandedLaw(desk);
  const structure = law?.reportBands?.structures.find((each) => each.option === option);
  if (law === undefined || structure === undefined) return undefined;
  return bandTable(
    structure,
    publishedOn,
    secretCases(tallies, law.instruments, (moment) => dayOf(moment, desk.zone)),
  );
}

/** Whether the next report of the year may print the bands of this option, or none when it is undefined; every reason against otherwise. */
export async function nameBands(desk: Desk, year: number, option: BandOption | undefined): Promise<Naming> {
  return naming(desk, await editionsOf(desk, year), option);
}

function naming(desk: Desk, earlier: readonly PublishedReport[], option: BandOption | undefined): Naming {
  const law = findBandedLaw(desk);
  const beside = earlier.flatMap(({ report }) => findBands(report)?.option ?? []);
  return nameStructure({ bands: law?.reportBands, option, beside, instruments: law?.instruments ?? [] });
}

async function editionsOf(desk: Desk, year: number): Promise<readonly PublishedReport[]> {
  return (await publishedReports(desk)).filter(({ fact }) => fact.year === year);
}

/** The periods of the bands are those of the first edition that printed them: two editions never differ by a day that could be told apart. */
function bandDay(desk: Desk, earlier: readonly PublishedReport[]): Day {
  return earlier.flatMap(({ report }) => findBands(report)?.publishedOn ?? [])[0] ?? dayOf(desk.ports.clock.now(), desk.zone);
}

export interface PublishedReport {
  readonly fact: ReportPublished;
  readonly report: TransparencyReport;
}

/**
 * A later edition of the same year is a correction and says why; the earlier one stays. Without `bandOption` nothing is
 * printed about national-security process, whatever was received. Throws when `nameBands` refuses the option: ask it first.
 */
export async function publishReport(
  desk: Desk,
  year: number,
  by: Actor,
  correction?: string,
  bandOption: BandOption | undefined = desk.setUp.bandOption,
): Promise<PublishedReport> {
  const { ledger, clock, digest } = desk.ports;
  const checkpoint = await ledger.seal(desk.id, clock.now());
  const earlier = await editionsOf(desk, year);
  const edition = earlier.length + 1;
  const named = naming(desk, earlier, bandOption);
  if (named.kind === "refused") throw new Error(`the bands were refused: ${named.reasons.map(({ because }) => because).join(" ")}`);
  const report = await countReport(desk, year, edition, checkpoint?.size ?? 0, {
    company: desk.profile.legalEntity,
    smallNumber: desk.policy.settings.smallNumber,
    ...(named.kind === "none" ? {} : { bands: { option: named.structure.option, publishedOn: bandDay(desk, earlier) } }),
  });
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
    const again = await countReport(desk, fact.year, fact.edition, fact.treeSize, printingOf(report));
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
