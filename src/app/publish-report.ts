// Counts the yearly report from the sealed ledger, publishes it as a fact, and counts it again whenever somebody doubts it.
import type { Actor } from "../kernel/ids.ts";
import { dayOf, type Day } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import {
  count,
  countPartner,
  emptyPartnerTally,
  emptyTally,
  findBands,
  nameStructure,
  partnerFigures,
  receivedIn,
  sharesDays,
  transparencyReport,
  type BandOption,
  type BandTable,
  type Naming,
  type TransparencyReport,
} from "../reporting/module.ts";
import type { DirectoryFact, ReportPublished } from "../requests/directory/events.ts";
import { differencesOfBands, findBandedLaw, findTable, publishedBands, reportStream } from "./band-reports.ts";
import { findSealed, type Desk } from "./desk.ts";
import { recordEntryAt } from "./directory.ts";
import { foldSealedCases, foldSealedPartners } from "./sealed-cases.ts";

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
  const tallies = [...(await foldSealedCases(desk, treeSize, emptyTally, count)).values()];
  const table = bands === undefined ? undefined : findTable(desk, bands.option, bands.publishedOn, tallies);
  const partners = [...(await foldSealedPartners(desk, treeSize, emptyPartnerTally, countPartner)).values()];
  const figures = partners.length === 0 ? undefined : partnerFigures(partners, year, printing.smallNumber, (moment) => dayOf(moment, desk.zone));
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
      ...(figures === undefined ? {} : { partners: figures }),
    },
  );
}

function naming(desk: Desk, option: BandOption | undefined, earlier: readonly PublishedReport[], overlaps: readonly BandTable[]): Naming {
  const law = findBandedLaw(desk);
  const printed = earlier.flatMap(({ report }) => findBands(report) ?? []);
  // An edition prints the days of the first again, so that what overlaps today is nothing to it.
  const beside = (printed.length > 0 ? printed : overlaps).map((table) => table.option);
  return nameStructure({ bands: law?.reportBands, option, beside, instruments: law?.instruments ?? [] });
}

async function editionsOf(desk: Desk, year: number): Promise<readonly PublishedReport[]> {
  return (await publishedReports(desk)).filter(({ fact }) => fact.year === year);
}

/** Tables already printed, here or between two years, that cover some of the days this option would cover today; oldest first. */
async function overlapping(desk: Desk, option: BandOption | undefined): Promise<readonly BandTable[]> {
  const ofToday = option === undefined ? undefined : findTable(desk, option, today(desk), []);
  if (ofToday === undefined) return [];
  const yearly = (await publishedReports(desk)).flatMap(({ report }) => findBands(report) ?? []);
  return [...yearly, ...(await publishedBands(desk)).map(({ report }) => report.bands)]
    .filter((table) => sharesDays(table, ofToday))
    .toSorted((one, other) => (one.publishedOn < other.publishedOn ? -1 : 1));
}

function today(desk: Desk): Day {
  return dayOf(desk.ports.clock.now(), desk.zone);
}

/**
 * The periods of the bands are those of the first edition that printed them, and of the newest table whose days still run:
 * two tables never differ by a day that could be told apart.
 */
function bandDay(desk: Desk, earlier: readonly PublishedReport[], overlaps: readonly BandTable[]): Day {
  return earlier.flatMap(({ report }) => findBands(report)?.publishedOn ?? [])[0] ?? overlaps.at(-1)?.publishedOn ?? today(desk);
}

export interface PublishedReport {
  readonly fact: ReportPublished;
  readonly report: TransparencyReport;
}

type Refused = { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };
export type EditionCounted = { readonly kind: "counted"; readonly report: TransparencyReport } | Refused;
export type EditionPublished = ({ readonly kind: "published" } & PublishedReport) | Refused;

/** The year as its next edition would print it, from the first `treeSize` sealed facts; every reason against its bands otherwise. */
export async function countNextEdition(desk: Desk, year: number, treeSize: number, bandOption = desk.setUp.bandOption): Promise<EditionCounted> {
  const earlier = await editionsOf(desk, year);
  const overlaps = await overlapping(desk, bandOption);
  const named = naming(desk, bandOption, earlier, overlaps);
  if (named.kind === "refused") return named;
  const report = await countReport(desk, year, earlier.length + 1, treeSize, {
    company: desk.profile.legalEntity,
    smallNumber: desk.policy.settings.smallNumber,
    ...(named.kind === "none" ? {} : { bands: { option: named.structure.option, publishedOn: bandDay(desk, earlier, overlaps) } }),
  });
  return { kind: "counted", report };
}

/**
 * A later edition of the same year is a correction and says why; the earlier one stays. Without `bandOption` nothing is
 * printed about national-security process, whatever was received.
 */
export async function publishReport(
  desk: Desk,
  year: number,
  by: Actor,
  correction?: string,
  bandOption: BandOption | undefined = desk.setUp.bandOption,
): Promise<EditionPublished> {
  const { ports, id } = desk;
  const decidedOn = (await ports.ledger.readStream(id, reportStream)).length;
  const unexplained = correction === undefined && (await editionsOf(desk, year)).length > 0;
  const counted = await countNextEdition(desk, year, (await ports.ledger.seal(id, ports.clock.now()))?.size ?? 0, bandOption);
  if (unexplained) return refusedFor(unexplainedEdition(year), counted);
  if (counted.kind === "refused") return counted;
  const { report } = counted;
  const value = report as unknown as Json;
  const factWith = (document: ReportPublished["document"]): ReportPublished => ({
    type: "ReportPublished",
    year,
    edition: report.edition,
    figures: ports.digest(canonicalJson(value)),
    treeSize: report.treeSize,
    countedAt: ports.clock.now(),
    document,
    ...(correction === undefined ? {} : { correction }),
  });
  const { kind } = await recordEntryAt(ports, id, { stream: reportStream, by, value, fact: factWith }, decidedOn);
  // Something else was published in between: the second of two presses is judged by what stands now.
  if (kind !== "appended") return publishReport(desk, year, by, correction, bandOption);
  const published = (await editionsOf(desk, year)).find(({ fact }) => fact.edition === report.edition);
  if (published === undefined) throw new Error("the report was not published");
  return { kind: "published", ...published };
}

function unexplainedEdition(year: number): Reason {
  return {
    clause: "KDRP-14",
    code: "CORRECTION_UNEXPLAINED",
    because: `The report of ${year} has been published. A later edition says what it corrects: give the reason.`,
  };
}

function refusedFor(reason: Reason, counted: EditionCounted): Refused {
  return { kind: "refused", reasons: [reason, ...(counted.kind === "refused" ? counted.reasons : [])] };
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
  /** The day of the bands it speaks of, when it speaks of bands that stand in no yearly report. */
  readonly bandsOf?: Day;
  readonly what: string;
}

export function figureWords({ year, edition, bandsOf, what }: FigureFinding): string {
  return `${bandsOf === undefined ? `Report ${year}` : `Bands of ${bandsOf}`}, edition ${edition}: ${what}`;
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
  for (const bands of await publishedBands(desk)) {
    const { publishedOn, edition } = bands.fact;
    const where = { year: Number(publishedOn.slice(0, 4)), edition, bandsOf: publishedOn };
    findings.push(...(await differencesOfBands(desk, bands)).map((what) => ({ ...where, what })));
  }
  return findings;
}

function firstDifference(published: unknown, counted: unknown, path = ""): string {
  // Which band it is now would tell, beside the printed one, on which side of its edge the number lies.
  if (path === "nationalSecurity") return canonicalJson(published as Json) === canonicalJson(counted as Json) ? "" : `${path}: the bands`;
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
