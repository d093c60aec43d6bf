// Publishes bands of national-security process for one day, as the law lets a company do twice a year, between its yearly reports.
import type { Actor } from "../kernel/ids.ts";
import { dayOf, type Day } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import { findBands, nameBandReport, reasonsAgainstEdition, type BandReport, type Naming } from "../reporting/module.ts";
import type { BandsPublished } from "../requests/directory/events.ts";
import { countBands, findBandedLaw, publishedBands, reportStream, type PublishedBands } from "./band-reports.ts";
import type { Desk } from "./desk.ts";
import { recordEntryAt } from "./directory.ts";
import { publishedReports } from "./publish-report.ts";

type Refused = { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };
export type BandsCounted = { readonly kind: "counted"; readonly report: BandReport } | Refused;
export type BandsRecorded = ({ readonly kind: "published" } & PublishedBands) | Refused;

/** The bands as they would be published on this day, from the first `treeSize` sealed facts; every reason against otherwise. */
export async function countBandReport(desk: Desk, treeSize: number, publishedOn = today(desk)): Promise<BandsCounted> {
  const { naming, editions } = await judge(desk, publishedOn);
  if (naming.kind === "refused") return naming;
  const report = await countBands(desk, {
    company: desk.profile.legalEntity,
    edition: editions + 1,
    option: naming.structure.option,
    publishedOn,
    treeSize,
  });
  if (report === undefined) throw new Error("the law lost its tables between naming and counting");
  return { kind: "counted", report };
}

export interface BandsToPublish {
  /** Today when absent. An earlier day only to correct the bands that were published on it. */
  readonly publishedOn?: Day | undefined;
  readonly correction?: string | undefined;
}

/** Every reason against publishing these bands now; empty when nothing stands in the way. */
export async function reasonsAgainstBands(desk: Desk, { publishedOn = today(desk), correction }: BandsToPublish): Promise<readonly Reason[]> {
  const { naming, editions } = await judge(desk, publishedOn);
  return [...reasonsAgainstEdition({ publishedOn, editions }, written(correction)), ...(naming.kind === "refused" ? naming.reasons : [])];
}

/** A fact like the yearly report's: sealed document, digest in the ledger, counted again by `checkReports`. */
export async function publishBands(desk: Desk, asked: BandsToPublish & { readonly by: Actor }): Promise<BandsRecorded> {
  const { id, ports } = desk;
  const { by, publishedOn = today(desk) } = asked;
  const correction = written(asked.correction);
  const decidedOn = (await ports.ledger.readStream(id, reportStream)).length;
  const [first, ...rest] = await reasonsAgainstBands(desk, { publishedOn, correction });
  if (first !== undefined) return { kind: "refused", reasons: [first, ...rest] };
  const counted = await countBandReport(desk, (await ports.ledger.seal(id, ports.clock.now()))?.size ?? 0, publishedOn);
  if (counted.kind === "refused") return counted;
  const { report } = counted;
  const value = report as unknown as Json;
  const factWith = (document: BandsPublished["document"]): BandsPublished => ({
    type: "BandsPublished",
    publishedOn,
    edition: report.edition,
    figures: ports.digest(canonicalJson(value)),
    treeSize: report.treeSize,
    countedAt: ports.clock.now(),
    document,
    ...(correction === undefined ? {} : { correction }),
  });
  const { kind } = await recordEntryAt(ports, id, { stream: reportStream, by, value, fact: factWith }, decidedOn);
  // Something else was published in between: the second of two presses is judged by what stands now.
  if (kind !== "appended") return publishBands(desk, asked);
  const published = (await publishedBands(desk)).find(({ fact }) => fact.publishedOn === publishedOn && fact.edition === report.edition);
  if (published === undefined) throw new Error("the bands were not published");
  return { kind: "published", ...published };
}

function today(desk: Desk): Day {
  return dayOf(desk.ports.clock.now(), desk.zone);
}

function written(correction: string | undefined): string | undefined {
  return correction?.trim() === "" ? undefined : correction;
}

interface Judged {
  readonly naming: Exclude<Naming, { kind: "none" }>;
  /** Of the bands of this day, so far. */
  readonly editions: number;
}

async function judge(desk: Desk, publishedOn: Day): Promise<Judged> {
  const law = findBandedLaw(desk);
  const published = await publishedBands(desk);
  const ofDay = published.filter(({ fact }) => fact.publishedOn === publishedOn);
  const yearly = (await publishedReports(desk)).flatMap(({ report }) => findBands(report) ?? []);
  const naming = nameBandReport({
    bands: law?.reportBands,
    // An edition keeps the structure of the first, whatever the set-up names today.
    option: ofDay[0]?.report.bands.option ?? desk.setUp.bandOption,
    instruments: law?.instruments ?? [],
    printed: [...yearly, ...published.map(({ report }) => report.bands)],
    editions: ofDay.length,
    publishedOn,
    today: today(desk),
  });
  return { naming, editions: ofDay.length };
}
