// The year's European orders for counsel: two sheets in exact numbers to take away, and the cases that nobody has completed yet.
import {
  countDsaOrders,
  countEvidenceStatistics,
  readEuropeanOrders,
  reportsEuropeanOrders,
  type DsaSheetOfCases,
  type EvidenceStatisticsOfCases,
  type OrderFinding,
  type OrderGap,
} from "../../app/european-statistics.ts";
import type { Desk } from "../../app/desk.ts";
import type { CaseId } from "../../kernel/ids.ts";
import { Button, Field } from "../look/forms.tsx";
import { Day } from "../look/moment.tsx";
import type { WebContext } from "../web.tsx";

export interface EuropeanYear {
  readonly year: number;
  readonly service: string;
  readonly statistics: EvidenceStatisticsOfCases;
  readonly sheet: DsaSheetOfCases;
}

/** Undefined where no law of the desk has such papers. */
export async function findEuropeanYear(desk: Desk, year: number, treeSize: number): Promise<EuropeanYear | undefined> {
  if (!reportsEuropeanOrders(desk)) return undefined;
  const orders = await readEuropeanOrders(desk, treeSize);
  return {
    year,
    service: desk.profile.legalEntity,
    statistics: countEvidenceStatistics(desk, orders, year),
    sheet: countDsaOrders(desk, orders, { year }),
  };
}

/** Exact numbers: only behind the counsel's door, and kept by no cache. */
export async function statisticsFile(c: WebContext, year: number) {
  const desk = c.get("desk");
  if (!reportsEuropeanOrders(desk)) return c.notFound();
  return csvFile(c, `eu-eev-28-4-${year}.csv`, countEvidenceStatistics(desk, await readEuropeanOrders(desk, await sealedSize(desk)), year).csv);
}

export async function dsaOrdersFile(c: WebContext, year: number) {
  const desk = c.get("desk");
  if (!reportsEuropeanOrders(desk)) return c.notFound();
  const service = (c.req.query("service") ?? "").trim().slice(0, 200);
  const asked = { year, withProductionOrders: c.req.query("production-orders") === "yes", ...(service === "" ? {} : { service }) };
  const sheet = countDsaOrders(desk, await readEuropeanOrders(desk, await sealedSize(desk)), asked);
  return csvFile(c, `${sheet.name}-${year}.csv`, sheet.csv);
}

async function sealedSize({ id, ports }: Desk): Promise<number> {
  return (await ports.ledger.findCheckpoint(id))?.size ?? 0;
}

function csvFile(c: WebContext, name: string, text: string) {
  c.header("Content-Type", "text/csv; charset=utf-8");
  c.header("Content-Disposition", `attachment; filename="${name}"`);
  return c.body(text);
}

export function EuropeanOrders({ orders: { year, service, statistics, sheet } }: { readonly orders: EuropeanYear }) {
  return (
    <section aria-labelledby="european">
      <h2 id="european">{`European orders of ${year}`}</h2>
      <p class="desk-lead">
        Both sheets ask for exact numbers, so the desk publishes neither: take them away and give them to whom the law names. National-security process is in
        neither of them.
      </p>
      <h3>Statistics for the Commission (EU-EEV-28-4)</h3>
      <p class="desk-lead">
        Sending them is voluntary (Regulation (EU) 2023/1543, article 28(4)); they go to the Commission by <Day day={statistics.dueOn} />.
      </p>
      <div class="actions">
        <Button label="Download the statistics" kind="secondary" href={`/desk/report/${year}/e-evidence.csv`} />
      </div>
      <Unplaced findings={statistics.findings} gaps={statistics.gaps} of="the statistics" />
      <h3>Orders sheet of the Digital Services Act</h3>
      <p class="desk-lead">
        Whoever must report publishes it by <Day day={sheet.dueOn} /> (Regulation (EU) 2022/2065, article 15(1)(a)). {sheet.keep}
      </p>
      <form class="desk-gap" method="get" action={`/desk/report/${year}/dsa-orders.csv`}>
        <Field id="service" name="service" kind="text" label="Service" hint="One sheet for each service." value={service} autocomplete="off" />
        <Field
          id="production-orders"
          name="production-orders"
          kind="checkbox"
          value="yes"
          label="Count European Production Orders among the orders to provide information"
          hint="Counsel's choice: the template counts the orders of articles 9 and 10 and is not limited to them. Those that cannot be placed are listed above."
        />
        <div class="actions">
          <Button label="Download the sheet" kind="secondary" />
        </div>
      </form>
      <Unplaced findings={sheet.findings} gaps={sheet.gaps} of="the sheet" />
    </section>
  );
}

interface UnplacedProps {
  readonly findings: readonly OrderFinding[];
  readonly gaps: readonly OrderGap[];
  readonly of: string;
}

function Unplaced({ findings, gaps, of }: UnplacedProps) {
  const codes = [...new Set(findings.map(({ code }) => code))];
  if (codes.length === 0 && gaps.length === 0) return <p>{`Every order of the year stands in ${of} with all it asks for.`}</p>;
  return (
    <ul class="desk-plain">
      {codes.map((code) => (
        <li>
          <Cases
            words={`Counted nowhere in ${of}. ${findingWords[code]}`}
            caseIds={findings.filter((each) => each.code === code).map(({ caseId }) => caseId)}
          />
        </li>
      ))}
      {gaps.map(({ because, caseIds }) => (
        <li>
          <Cases words={because} caseIds={caseIds} />
        </li>
      ))}
    </ul>
  );
}

/** A list says the number of a case and nothing of its paper: some of them are sealed. */
const findingWords: Readonly<Record<OrderFinding["code"], string>> = {
  ISSUING_STATE_UNKNOWN: "No issuing State is on record. Add the country of the authority to each case.",
  ISSUING_STATE_OUTSIDE:
    "The issuing State on record is not a Member State that can issue such an order. Check the paper's kind and the country of its authority.",
  CATEGORY_UNKNOWN: "The template has no such category of illegal content. Choose one of its categories.",
  DATA_CATEGORY_UNKNOWN: "What is asked for is none of the four kinds of data that the Regulation knows, or nothing. Confirm the details and their lines.",
};

function Cases({ words, caseIds }: { readonly words: string; readonly caseIds: readonly CaseId[] }) {
  return (
    <details class="desk-fold">
      <summary>{`${caseIds.length.toLocaleString("en")} ${caseIds.length === 1 ? "order" : "orders"}: ${words}`}</summary>
      <ul class="desk-numbers">
        {caseIds.map((caseId) => (
          <li>
            <a href={`/desk/case/${caseId}`}>{caseId}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}
