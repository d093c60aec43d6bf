// A table of bands, the same for counsel and for the public: what is counted, over which days, in which band; never a count.
import type { BandTable } from "../../reporting/module.ts";
import { countWords } from "./figures.tsx";
import { Day } from "./moment.tsx";
import { Table } from "./records.tsx";

export function BandRows({ bands }: { readonly bands: BandTable }) {
  return (
    <Table
      caption={`Option ${bands.option}: ${bands.title} (${bands.citation})`}
      columns={[
        { key: "what", head: "Counted" },
        { key: "period", head: "Days covered, both included" },
        { key: "band", head: "Band", figures: true },
      ]}
      rows={bands.rows.map(({ label, from, to, band }) => ({
        cells: {
          what: label,
          period: (
            <>
              <Day day={from} /> to <Day day={to} />
            </>
          ),
          band: <span class="number">{countWords({ kind: "range", from: band.low, to: band.high })}</span>,
        },
      }))}
      empty={<></>}
    />
  );
}
