// Counts tables of bands from the sealed ledger, finds those that were published between yearly reports, and counts them again.
import { dayOf, type Day } from "../kernel/instant.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import type { JurisdictionPack } from "../policy/pack.ts";
import { bandTable, count, emptyTally, secretCases, type BandOption, type BandReport, type BandTable, type Tally } from "../reporting/module.ts";
import type { BandsPublished, DirectoryFact } from "../requests/directory/events.ts";
import { findSealed, type Desk } from "./desk.ts";
import { foldSealedCases } from "./sealed-cases.ts";

/** The stream in which every report is published. */
export const reportStream = "reports";

export function findBandedLaw(desk: Pick<Desk, "laws">): JurisdictionPack | undefined {
  return desk.laws.find((law) => law.reportBands !== undefined);
}

/** Undefined when no law of the desk has the structure any more. */
export function findTable(desk: Desk, option: BandOption, publishedOn: Day, tallies: readonly Tally[]): BandTable | undefined {
  const law = findBandedLaw(desk);
  const structure = law?.reportBands?.structures.find((each) => each.option === option);
  if (law === undefined || structure === undefined) return undefined;
  return bandTable(
    structure,
    publishedOn,
    secretCases(tallies, law.instruments, (moment) => dayOf(moment, desk.zone)),
  );
}

export interface BandsAsked {
  readonly company: string;
  readonly edition: number;
  readonly option: BandOption;
  readonly publishedOn: Day;
  readonly treeSize: number;
}

/** Undefined when no law of the desk has the structure any more. */
export async function countBands(desk: Desk, { option, publishedOn, ...about }: BandsAsked): Promise<BandReport | undefined> {
  const tallies = await foldSealedCases(desk, about.treeSize, emptyTally, count);
  const bands = findTable(desk, option, publishedOn, [...tallies.values()]);
  return bands === undefined ? undefined : { ...about, bands };
}

export interface PublishedBands {
  readonly fact: BandsPublished;
  readonly report: BandReport;
}

/** Oldest first. */
export async function publishedBands(desk: Desk): Promise<readonly PublishedBands[]> {
  const facts = (await desk.ports.ledger.readStream(desk.id, reportStream)).map(({ fact }) => fact as unknown as DirectoryFact);
  const published = facts.filter((fact) => fact.type === "BandsPublished");
  const opened = await Promise.all(
    published.map(async (fact) => ({ fact, report: (await findSealed(desk.ports, desk.id, fact.document)) as unknown as BandReport | undefined })),
  );
  return opened.flatMap(({ fact, report }) => (report === undefined ? [] : [{ fact, report }]));
}

/** Why a table that was published does not follow from the ledger; empty when it does. */
export async function differencesOfBands(desk: Desk, { fact, report }: PublishedBands): Promise<readonly string[]> {
  const { company, edition, treeSize, bands } = report;
  const again = await countBands(desk, { company, edition, treeSize, option: bands.option, publishedOn: bands.publishedOn });
  const figures = (value: BandReport) => desk.ports.digest(canonicalJson(value as unknown as Json));
  return [
    // Never which band it is now: beside the printed one it would tell on which side of its edge the number lies.
    ...(again === undefined || figures(again) !== fact.figures ? ["The bands counted from the ledger differ from the published ones."] : []),
    ...(figures(report) === fact.figures ? [] : ["The stored bands are not the ones that were published."]),
  ];
}
