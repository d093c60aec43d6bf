// A sales ledger becomes statements: read whole first, its products added up by month and currency, and then all of them or none.
import type { Actor, PartnerId } from "../kernel/ids.ts";
import { currency, exactly, inCurrency } from "../kernel/money.ts";
import type { PartnerAsker } from "../partners/partner.ts";
import type { SalesFault, SalesMonth } from "../partners/statements/sales-ledger.ts";
import type { Desk } from "./desk.ts";
import { takePartnerStep, type PartnerHandled } from "./partners.ts";

interface SalesImport {
  readonly partner: PartnerId;
  readonly by: Actor;
  readonly askers: readonly PartnerAsker[];
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Called for every faulty row, in the order of the lines. */
  readonly onFault: (fault: SalesFault) => void | Promise<void>;
}

type SalesImported = (PartnerHandled & { readonly rows: number }) | { readonly kind: "faulty"; readonly rows: number; readonly faults: number };

/** Nothing is recorded when one row is faulty, nor when one month may not be stated. */
export async function importSalesLedger(desk: Desk, { partner, by, askers, bytes, onFault }: SalesImport): Promise<SalesImported> {
  const reading = await desk.ports.readSales(bytes, { onFault });
  if (reading.kind === "refused") return { kind: "faulty", rows: reading.rows, faults: reading.faults };
  const { rows, sha256 } = reading;
  const handled = await takePartnerStep(desk, { partner, by, askers, command: { type: "ImportSales", rows, sha256, months: byMonth(reading.months) } });
  return { ...handled, rows };
}

const lines = ["gross", "taxes", "credits", "expenses"] as const;

/** A statement speaks of a month and a currency; its products are added up exactly. */
function byMonth(months: readonly SalesMonth[]) {
  const groups = Map.groupBy(months, ({ month, currency: code }) => `${month} ${code}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const code = currency(first.currency);
    const sums = Object.fromEntries(
      lines.map((line) => [
        line,
        inCurrency(
          group.reduce((sum, each) => sum.plus(exactly(each[line])), exactly("0")),
          code,
        ),
      ]),
    );
    return [{ month: first.month, currency: first.currency, ...sums }];
  });
}
