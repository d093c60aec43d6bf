// Bands of national-security process between two yearly reports: what may be published today, what stands against it, what was published.
import type { PublishedBands } from "../../app/band-reports.ts";
import type { BandsCounted } from "../../app/publish-bands.ts";
import { dayOf, type Zone } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { BandRows } from "../look/band-rows.tsx";
import type { ClauseRegister } from "../look/clause-chip.tsx";
import { BlockedStep, Button, Field } from "../look/forms.tsx";
import { Day, dayWords } from "../look/moment.tsx";
import { EmptyState, Table } from "../look/records.tsx";

export interface BandsShown {
  /** Against publishing them today. */
  readonly reasons: readonly Reason[];
  /** Absent: nobody asked to count them. */
  readonly counted?: BandsCounted | undefined;
  readonly published: readonly PublishedBands[];
  readonly zone: Zone;
  readonly register: ClauseRegister;
  /** Of the form that corrects. */
  readonly correction: string;
  readonly error: string | undefined;
}

export function BandSection({ bands }: { readonly bands: BandsShown }) {
  const { reasons, counted, register, published, zone } = bands;
  return (
    <section aria-labelledby="bands">
      <h2 id="bands">National-security process in bands</h2>
      <p class="desk-lead">
        United States law lets a company that must keep such process secret publish it in bands only (50 USC 1874). Bands may be published between two yearly
        reports, in the one structure that the set-up names, when no two tables cover the same days. A band is printed also when nothing was received; a count
        is printed nowhere.
      </p>
      <Today reasons={reasons} counted={counted} register={register} />
      <h3>Published bands</h3>
      <PublishedTable published={published} zone={zone} />
      {published.length === 0 ? <></> : <Correct {...bands} />}
    </section>
  );
}

function Today({ reasons, counted, register }: Pick<BandsShown, "reasons" | "counted" | "register">) {
  if (reasons.length > 0) return <BlockedStep id="publish-bands" label="Publish the bands" reasons={reasons} register={register} />;
  if (counted?.kind !== "counted")
    return (
      <form method="get" action="/desk/report#bands">
        <input type="hidden" name="bands" value="today" />
        <div class="actions">
          <Button label="Count the bands for today" kind="secondary" />
        </div>
      </form>
    );
  return (
    <>
      <h3>As they would be published today</h3>
      <BandRows bands={counted.report.bands} />
      <form method="post" action="/desk/report/bands">
        <p>They are counted anew from everything sealed, and published as a fact. They are never replaced: a correction is a new edition.</p>
        <div class="actions">
          <Button label="Publish the bands" />
        </div>
      </form>
    </>
  );
}

function PublishedTable({ published, zone }: Pick<BandsShown, "published" | "zone">) {
  return (
    <Table
      caption="Published bands, newest first"
      quietCaption
      columns={[
        { key: "day", head: "Published for" },
        { key: "edition", head: "Edition", figures: true },
        { key: "on", head: "Published" },
        { key: "why", head: "Corrects" },
      ]}
      empty={
        <EmptyState title="No bands have been published on their own">The yearly report prints them as well, when the set-up names a structure.</EmptyState>
      }
      rows={published.toReversed().map(({ fact }) => ({
        href: `/report/bands/${fact.publishedOn}/edition/${fact.edition}`,
        cells: {
          day: dayWords(fact.publishedOn),
          edition: String(fact.edition),
          on: <Day day={dayOf(fact.countedAt, zone)} />,
          why: fact.correction ?? <span class="absent">First edition</span>,
        },
      }))}
    />
  );
}

function Correct({ published, correction, error }: BandsShown) {
  const days = [...new Set(published.map(({ fact }) => fact.publishedOn))].toSorted().toReversed();
  return (
    <details class="desk-fold" open={error !== undefined}>
      <summary>Correct published bands</summary>
      <form method="post" action="/desk/report/bands">
        <Field
          id="published-on"
          name="published-on"
          kind="select"
          label="Bands of"
          choices={days.map((day) => ({ value: day, label: dayWords(day) }))}
          value={days[0] ?? ""}
        />
        <Field
          id="bands-correction"
          name="correction"
          kind="textarea"
          rows={3}
          label="What this edition corrects"
          hint="It is published with the bands: no number, no name, no case."
          value={correction}
          error={error}
        />
        <p>The new edition keeps the structure and the days of the first, and is counted from everything sealed since.</p>
        <div class="actions">
          <Button label="Publish the corrected bands" />
        </div>
      </form>
    </details>
  );
}
