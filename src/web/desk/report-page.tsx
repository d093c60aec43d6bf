// Counsel counts a year and publishes it: the figures come from the sealed ledger, and a later edition is a correction.
import { countReport, publishedReports, publishReport, type PublishedReport } from "../../app/publish-report.ts";
import { dayOf } from "../../kernel/instant.ts";
import { findBands } from "../../reporting/module.ts";
import { Button, ErrorSummary, Field, type FormError } from "../look/forms.tsx";
import { countWords, SmallNumber } from "../look/figures.tsx";
import { Day } from "../look/moment.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import { staffActor, type WebContext } from "../web.tsx";
import { deskFrame, formValues, getStaff } from "./desk-frame.tsx";

type Report = PublishedReport["report"];

interface Shown {
  readonly year: string;
  readonly counted?: Report;
  readonly errors: readonly FormError[];
  readonly correction?: string;
}

export async function reportPage(c: WebContext) {
  if (!isCounsel(c)) return notYours(c);
  const desk = c.get("desk");
  const year = c.req.query("year") ?? dayOf(desk.ports.clock.now(), desk.zone).slice(0, 4);
  const errors = yearErrors(c, year);
  if (c.req.query("year") === undefined || errors.length > 0) return reportFrame(c, { year, errors });
  const size = (await desk.ports.ledger.findCheckpoint(desk.id))?.size ?? 0;
  return reportFrame(c, { year, errors, counted: await countReport(desk, Number(year), 0, size) });
}

function isCounsel(c: WebContext): boolean {
  return getStaff(c).roles.includes("counsel");
}

function notYours(c: WebContext) {
  return deskFrame(
    c,
    {
      title: "The report is counsel's",
      children: (
        <p>
          Published reports are open to everybody: <a href="/report">read them</a>.
        </p>
      ),
    },
    403,
  );
}

function yearErrors(c: WebContext, year: string): readonly FormError[] {
  const desk = c.get("desk");
  const last = Number(dayOf(desk.ports.clock.now(), desk.zone).slice(0, 4));
  return /^20\d\d$/.test(year) && Number(year) <= last ? [] : [{ field: "year", text: `Enter a year up to ${last}` }];
}

export async function publish(c: WebContext) {
  if (!isCounsel(c)) return notYours(c);
  const desk = c.get("desk");
  const values = await formValues(c);
  const [year, correction] = [values.one("year"), values.one("correction")];
  const isLater = (await publishedReports(desk)).some(({ fact }) => String(fact.year) === year);
  const errors = [
    ...yearErrors(c, year),
    ...(isLater && correction === "" ? [{ field: "correction", text: "Say what this edition corrects: one of this year is published already" }] : []),
  ];
  if (errors.length > 0) return reportFrame(c, { year, errors, correction });
  await publishReport(desk, Number(year), staffActor(getStaff(c)).by, correction === "" ? undefined : correction.slice(0, 2000));
  c.get("web").nudge();
  return c.redirect("/desk/report?done=published", 303);
}

async function reportFrame(c: WebContext, { year, counted, errors, correction = "" }: Shown) {
  const desk = c.get("desk");
  const published = await publishedReports(desk);
  const error = (field: string) => errors.find((each) => each.field === field)?.text;
  return deskFrame(
    c,
    {
      title: "Transparency report",
      current: "report",
      hasErrors: errors.length > 0,
      alert: (
        <>
          {c.req.query("done") === "published" ? <Banner kind="done" title="The report was published." /> : <></>}
          <ErrorSummary errors={errors} />
        </>
      ),
      children: (
        <>
          <form method="get" action="/desk/report">
            <Field id="year" name="year" kind="text" inputmode="numeric" width="short" label="Year" value={year} error={error("year")} autocomplete="off" />
            <Button label="Count the year" kind="secondary" />
          </form>
          {counted === undefined ? <></> : <Counted report={counted} />}
          {counted === undefined && error("correction") === undefined ? (
            <></>
          ) : (
            <form method="post" action="/desk/report">
              <input type="hidden" name="year" value={year} />
              <Field
                id="correction"
                name="correction"
                kind="textarea"
                rows={3}
                label="What this edition corrects"
                hint="Leave it empty for the first edition of a year."
                value={correction}
                error={error("correction")}
                optional={!published.some(({ fact }) => String(fact.year) === year)}
              />
              <p>The report is counted anew from everything sealed, and published as a fact. It is never replaced: a correction is a new edition.</p>
              <Button label="Publish the report" />
            </form>
          )}
          <h2>Published</h2>
          <Published published={published} zone={desk.zone} />
        </>
      ),
    },
    errors.length > 0 ? 422 : 200,
  );
}

function Counted({ report }: { readonly report: Report }) {
  const measures = Object.keys(report.totals) as readonly (keyof Report["totals"])[];
  const figure = ({ low, high }: Report["liftAttempts"]) => (
    <SmallNumber count={low === high ? { kind: "exact", n: low } : { kind: "range", from: low, to: high }} />
  );
  return (
    <>
      <h2>{`${report.year}, as it would be published`}</h2>
      <p>{`Counted from ${report.treeSize.toLocaleString("en")} sealed facts. Counts from 1 to ${report.smallNumber} are published as a range.`}</p>
      <Table
        caption={`Requests of ${report.year}`}
        quietCaption
        columns={[
          { key: "what", head: "Counted" },
          ...report.rows.map(({ bucket }) => ({ key: bucket, head: bucket, figures: true })),
          { key: "total", head: "Total", figures: true },
        ]}
        empty={<></>}
        rows={measures.map((measure) => ({
          cells: {
            what: measureWords(measure),
            ...Object.fromEntries(report.rows.map(({ bucket, cells }) => [bucket, figure(cells[measure])])),
            total: figure(report.totals[measure]),
          } as Record<string, ReturnType<typeof figure> | string>,
        }))}
      />
      <p>
        Attempts to lift secrecy: {figure(report.liftAttempts)}; lifted: {figure(report.lifted)}.
      </p>
      <Bands report={report} />
    </>
  );
}

function Bands({ report }: { readonly report: Report }) {
  const bands = findBands(report);
  if (bands === undefined) return <p>National security: no structure of bands is named, so nothing is printed, whatever was received.</p>;
  return (
    <ul>
      {bands.rows.map(({ label, from, to, band }) => (
        <li>
          {label}, <Day day={from} /> to <Day day={to} />: {countWords({ kind: "range", from: band.low, to: band.high })}
        </li>
      ))}
    </ul>
  );
}

function measureWords(measure: string): string {
  const words = measure.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function Published({ published, zone }: { readonly published: readonly PublishedReport[]; readonly zone: Parameters<typeof dayOf>[1] }) {
  return (
    <Table
      caption="Published reports"
      quietCaption
      columns={[
        { key: "year", head: "Year" },
        { key: "edition", head: "Edition", figures: true },
        { key: "on", head: "Published" },
        { key: "why", head: "Corrects" },
      ]}
      empty={<EmptyState title="No report has been published">Count a year first, then publish it.</EmptyState>}
      rows={published.toReversed().map(({ fact }) => ({
        cells: {
          year: String(fact.year),
          edition: String(fact.edition),
          on: <Day day={dayOf(fact.countedAt, zone)} />,
          why: fact.correction ?? <span class="absent">First edition</span>,
        },
      }))}
    />
  );
}
