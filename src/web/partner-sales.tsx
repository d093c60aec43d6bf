// A sales ledger that somebody uploads: read piece by piece, and its faults told with their lines.
import type { SalesFault } from "../partners/statements/sales-ledger.ts";
import { EmptyState, Table, Banner } from "./look/records.tsx";
import type { WebContext } from "./web.tsx";

export interface SalesFaultList {
  readonly rows: number;
  readonly faults: number;
  /** The first ones. */
  readonly shown: readonly SalesFault[];
}

const mostShown = 200;

type SalesForm =
  | { readonly kind: "missing"; readonly error: string }
  | { readonly kind: "file"; readonly bytes: AsyncIterable<Uint8Array>; readonly onFault: (fault: SalesFault) => void; readonly shown: readonly SalesFault[] };

export async function readSalesForm(c: WebContext): Promise<SalesForm> {
  const file = (await c.req.parseBody())["file"];
  if (!(file instanceof File) || file.size === 0) return { kind: "missing", error: "Choose the file with the sales ledger" };
  const shown: SalesFault[] = [];
  return {
    kind: "file",
    bytes: file.stream(),
    onFault: (fault) => {
      if (shown.length < mostShown) shown.push(fault);
    },
    shown,
  };
}

export function SalesFaults({ list: { rows, faults, shown } }: { readonly list: SalesFaultList }) {
  return (
    <Banner
      kind="stop"
      title={`${faults.toLocaleString("en")} ${faults === 1 ? "fault" : "faults"} in ${rows.toLocaleString("en")} rows: nothing was recorded`}
    >
      <Table
        caption={faults > shown.length ? `The first ${shown.length} faults; the terminal lists all of them` : "Every fault"}
        columns={[
          { key: "line", head: "Line" },
          { key: "column", head: "Column" },
          { key: "what", head: "What to write instead" },
        ]}
        empty={<EmptyState title="No fault" />}
        rows={shown.map(({ line, column, what }) => ({ cells: { line: String(line), column: column ?? "", what } }))}
      />
    </Banner>
  );
}
