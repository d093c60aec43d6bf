// Counts the year's European orders: the statistics for the Commission (EU-EEV-28-4), and the orders sheet of the Digital Services Act.
import type { CaseId } from "../kernel/ids.ts";
import { dayOf } from "../kernel/instant.ts";
import {
  dsaOrdersSheet,
  emptyTrail,
  europeanBuckets,
  evidenceStatistics,
  evidenceStatisticsCsv,
  findRequestRow,
  follow,
  papersReportedAs,
  type DsaOrdersSheet,
  type EvidenceStatistics,
  type Gap,
  type RequestRow,
  type RowFinding,
} from "../reporting/module.ts";
import type { Desk } from "./desk.ts";
import { foldSealedCases } from "./sealed-cases.ts";

/*
 * Both templates ask for exact numbers, so the range for small numbers does not apply, and the numbers of a small State may
 * point at one order. They are therefore no fact of the ledger and on no public page: counsel takes them from here and gives
 * them to the Commission, or publishes the sheet where the law makes the company publish it. Cases under a secrecy order are
 * counted, as in the yearly report; what may be national-security process never is.
 */

/** An order that could not be placed, by its case: counted nowhere until somebody completes the case. */
export interface OrderFinding extends Pick<RowFinding, "code" | "because"> {
  readonly caseId: CaseId;
}

/** What nobody has recorded of these cases: they are counted, and a cell stays empty. */
export interface OrderGap extends Pick<Gap, "about" | "because"> {
  readonly caseIds: readonly CaseId[];
}

type OfCases<Report extends { readonly findings: unknown; readonly gaps: unknown }> = Omit<Report, "findings" | "gaps"> & {
  readonly csv: string;
  readonly findings: readonly OrderFinding[];
  readonly gaps: readonly OrderGap[];
};

export type EvidenceStatisticsOfCases = OfCases<EvidenceStatistics>;
export type DsaSheetOfCases = OfCases<DsaOrdersSheet>;

/** Whether a law of the desk has papers for these reports at all. */
export function reportsEuropeanOrders({ laws }: Pick<Desk, "laws">): boolean {
  return Object.values(europeanBuckets).some((bucket) => papersReportedAs(laws, bucket).length > 0);
}

/** Every request of every year as the European reports see it. */
export interface EuropeanOrders {
  readonly rows: readonly RequestRow[];
  /** The case of each row. */
  readonly cases: readonly CaseId[];
}

/** From the first `treeSize` sealed facts. */
export async function readEuropeanOrders(desk: Desk, treeSize: number): Promise<EuropeanOrders> {
  const trails = await foldSealedCases(desk, treeSize, emptyTrail, follow);
  const found = [...trails].flatMap(([caseId, trail]) => {
    const row = findRequestRow(trail, desk.laws, (moment) => dayOf(moment, desk.zone));
    return row === undefined ? [] : [{ row, caseId: caseId as CaseId }];
  });
  return { rows: found.map(({ row }) => row), cases: found.map(({ caseId }) => caseId) };
}

export function countEvidenceStatistics({ laws }: Pick<Desk, "laws">, { rows, cases }: EuropeanOrders, year: number): EvidenceStatisticsOfCases {
  const statistics = evidenceStatistics(rows, year, {
    production: papersReportedAs(laws, europeanBuckets.production),
    preservation: papersReportedAs(laws, europeanBuckets.preservation),
  });
  return { ...statistics, ...byCase(statistics, cases), csv: evidenceStatisticsCsv(statistics) };
}

export interface SheetAsked {
  readonly year: number;
  /** One sheet for each service; the company's name where it has only one. */
  readonly service?: string | undefined;
  /** Counsel's choice: the template's counts include the orders of articles 9 and 10 and are not limited to them. */
  readonly withProductionOrders?: boolean | undefined;
}

export function countDsaOrders(
  { laws, profile }: Pick<Desk, "laws" | "profile">,
  { rows, cases }: EuropeanOrders,
  { year, service = profile.legalEntity, withProductionOrders = false }: SheetAsked,
): DsaSheetOfCases {
  const sheet = dsaOrdersSheet(rows, {
    service,
    year,
    toAct: papersReportedAs(laws, europeanBuckets.toAct),
    toInform: [...papersReportedAs(laws, europeanBuckets.toInform), ...(withProductionOrders ? papersReportedAs(laws, europeanBuckets.production) : [])],
  });
  return { ...sheet, ...byCase(sheet, cases) };
}

function byCase({ findings, gaps }: { readonly findings: readonly RowFinding[]; readonly gaps: readonly Gap[] }, cases: readonly CaseId[]) {
  const casesAt = (row: number) => cases.slice(row, row + 1);
  return {
    findings: findings.flatMap(({ row, code, because }) => casesAt(row).map((caseId) => ({ caseId, code, because }))),
    gaps: gaps.map(({ about, because, rows }) => ({ about, because, caseIds: rows.flatMap(casesAt) })),
  };
}
