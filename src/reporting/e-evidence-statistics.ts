// The yearly statistics that a provider may send to the Commission under article 28(4) of the e-Evidence Regulation (template EU-EEV-28-4).
import { day, type Day } from "../kernel/instant.ts";
import { fulfilmentOf, type Fulfilment } from "./outcome-rows.ts";
import { average, csv, gapsOf, openOfYear, stateFinding, stateOf, type Gap, type RequestRow, type RowFinding } from "./request-row.ts";

/** Data categories of the Regulation, by the pack's class; where somebody was is traffic data (article 3(11)). */
const dataCategories: Readonly<Record<string, string>> = {
  SUBSCRIBER: "subscriber",
  IDENTIFY_ONLY: "identification",
  TRAFFIC: "traffic",
  LOCATION: "traffic",
  CONTENT: "content",
};

const kinds = ["EPOC", "EPOC-PR"] as const;
type Kind = (typeof kinds)[number];

/** Instrument ids of the two certificates. */
export interface Certificates {
  readonly production: readonly string[];
  readonly preservation: readonly string[];
}

const emergencies = ["no", "yes", "unrecorded"] as const;
type Emergency = (typeof emergencies)[number];

/** `all` in the rows of totals: an order for two categories counts once there, and once under each of the two. */
export interface StatisticsRow {
  readonly kind: Kind;
  readonly dataCategory: string;
  readonly issuingState: string;
  readonly emergency: Emergency | "all";
  readonly received: number;
  /** Wholly or in part. */
  readonly fulfilled: number;
  readonly fulfilledInPart: number;
  readonly notFulfilled: number;
  readonly open: number;
  /** Over the fulfilled ones: for an EPOC from receipt to the data, for an EPOC-PR from its issue to that of the production order. Empty, not 0, without any. */
  readonly averageHours: number | undefined;
}

export interface EvidenceStatistics {
  readonly template: "EU-EEV-28-4";
  readonly year: number;
  /** To the Commission; sending them is voluntary. */
  readonly dueOn: Day;
  /** Exact numbers, for the Commission: they are not published. */
  readonly rows: readonly StatisticsRow[];
  readonly findings: readonly RowFinding[];
  readonly gaps: readonly Gap[];
}

const gapWords = {
  emergency: "Nobody has recorded whether these orders are emergencies, so they stand in rows of their own. Confirm it in the details of each.",
  "production-issued":
    "The average time of a preservation runs from its issue to that of the production order that followed. The desk knows days of issue, not hours, and does not tie the two orders together: the cell stays empty.",
} as const;

interface Counted {
  readonly kind: Kind;
  readonly categories: readonly string[];
  readonly state: string;
  readonly emergency: Emergency;
  readonly fulfilment: Fulfilment;
  readonly hours: number | undefined;
}

export function evidenceStatistics(requests: readonly RequestRow[], year: number, certificates: Certificates): EvidenceStatistics {
  const asked = openOfYear(requests, year).flatMap(({ row, request }) => {
    const kind = kindOf(request, certificates);
    return kind === undefined ? [] : [{ row, request, kind }];
  });
  const findings = asked.flatMap(({ row, request }) => findingOf(row, request) ?? []);
  const flawed = new Set(findings.map(({ row }) => row));
  const placed = asked.filter(({ row }) => !flawed.has(row));
  const orders = placed.map(({ request, kind }) => countedAs(request, kind));
  return {
    template: "EU-EEV-28-4",
    year,
    dueOn: day(`${year + 1}-03-31`),
    rows: kinds.flatMap((kind) => rowsOf(orders, kind)),
    findings,
    gaps: gapsOf(placed, gapWords),
  };
}

function kindOf({ instrument }: RequestRow, { production, preservation }: Certificates): Kind | undefined {
  if (production.includes(instrument)) return "EPOC";
  return preservation.includes(instrument) ? "EPOC-PR" : undefined;
}

/** Denmark takes no part in the Regulation. */
function findingOf(row: number, request: RequestRow): RowFinding | undefined {
  const unknown = request.dataCategories.filter((category) => dataCategories[category] === undefined);
  if (request.dataCategories.length > 0 && unknown.length === 0) return stateFinding(row, request, ["DK"]);
  return {
    row,
    code: "DATA_CATEGORY_UNKNOWN",
    because: `The Regulation knows subscriber, identification, traffic and content data; this order asks for ${unknown.join(", ") || "nothing"}. Correct the classes of its lines.`,
  };
}

function countedAs(request: RequestRow, kind: Kind): Counted {
  const isPreserved = kind === "EPOC-PR" && request.effectAfterHours !== undefined;
  return {
    kind,
    categories: [...new Set(request.dataCategories.flatMap((category) => dataCategories[category] ?? []))],
    state: stateOf(request) ?? "",
    emergency: request.emergency === undefined ? "unrecorded" : request.emergency ? "yes" : "no",
    fulfilment: isPreserved ? "fulfilled" : fulfilmentOf(request.outcome),
    hours: kind === "EPOC" ? request.effectAfterHours : request.productionIssuedAfterHours,
  };
}

function rowsOf(orders: readonly Counted[], kind: Kind): readonly StatisticsRow[] {
  const mine = orders.filter((order) => order.kind === kind);
  const states = [...new Set(mine.map(({ state }) => state))].toSorted();
  const parts = [...new Set(Object.values(dataCategories))].flatMap((category) =>
    states.flatMap((state) =>
      emergencies.flatMap((emergency) => {
        const these = mine.filter((order) => order.categories.includes(category) && order.state === state && order.emergency === emergency);
        return these.length === 0 ? [] : [statisticsRow(these, kind, category, state, emergency)];
      }),
    ),
  );
  return [...parts, statisticsRow(mine, kind, "all", "all", "all")];
}

function statisticsRow(
  orders: readonly Counted[],
  kind: Kind,
  dataCategory: string,
  issuingState: string,
  emergency: StatisticsRow["emergency"],
): StatisticsRow {
  const fulfilled = orders.filter(({ fulfilment }) => fulfilment === "fulfilled" || fulfilment === "fulfilled-in-part");
  const times = (fulfilment: Fulfilment) => orders.filter((order) => order.fulfilment === fulfilment).length;
  return {
    kind,
    dataCategory,
    issuingState,
    emergency,
    received: orders.length,
    fulfilled: fulfilled.length,
    fulfilledInPart: times("fulfilled-in-part"),
    notFulfilled: times("not-fulfilled"),
    open: times("open"),
    averageHours: average(fulfilled.flatMap(({ hours }) => hours ?? [])),
  };
}

export function evidenceStatisticsCsv({ template, year, rows }: EvidenceStatistics): string {
  return csv([
    [
      "template",
      "year",
      "certificate",
      "data_category",
      "issuing_state",
      "emergency",
      "received",
      "fulfilled",
      "fulfilled_in_part",
      "not_fulfilled",
      "open",
      "average_hours",
    ],
    ...rows.map((row) => [
      template,
      year,
      row.kind,
      row.dataCategory,
      row.issuingState,
      row.emergency,
      row.received,
      row.fulfilled,
      row.fulfilledInPart,
      row.notFulfilled,
      row.open,
      row.averageHours,
    ]),
  ]);
}
