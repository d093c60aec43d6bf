// Counsel counts a year and publishes it: the figures come from the sealed ledger, and a later edition is a correction.
import { findBandedLaw, publishedBands } from "../../app/band-reports.ts";
import type { Desk } from "../../app/desk.ts";
import { countBandReport, publishBands, reasonsAgainstBands, type BandsRecorded } from "../../app/publish-bands.ts";
import {
  countNextEdition,
  publishedReports,
  publishReport,
  type EditionCounted,
  type EditionPublished,
  type PublishedReport,
} from "../../app/publish-report.ts";
import { day, dayOf, type Day as CalendarDay } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { findBands } from "../../reporting/module.ts";
import { BlockedStep, Button, ErrorSummary, Field, type FormError } from "../look/forms.tsx";
import { BandRows } from "../look/band-rows.tsx";
import { SmallNumber } from "../look/figures.tsx";
import { Day } from "../look/moment.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import { formValues, staffActor, type WebContext } from "../web.tsx";
import { deskFrame, getStaff } from "./desk-frame.tsx";
import { BandSection, type BandsShown } from "./report-bands.tsx";
import { dsaOrdersFile, EuropeanOrders, findEuropeanYear, statisticsFile, type EuropeanYear } from "./report-european.tsx";

type Report = PublishedReport["report"];

interface Shown {
  readonly year: string;
  readonly counted?: EditionCounted;
  readonly european?: EuropeanYear | undefined;
  readonly errors: readonly FormError[];
  readonly correction?: string;
  readonly bands?: Pick<BandsShown, "counted" | "correction">;
}

export async function reportPage(c: WebContext) {
  if (!isCounsel(c)) return notYours(c);
  const desk = c.get("desk");
  const year = c.req.query("year") ?? thisYear(desk);
  const errors = yearErrors(c, year);
  const size = (await desk.ports.ledger.findCheckpoint(desk.id))?.size ?? 0;
  if (c.req.query("bands") === "today") return reportFrame(c, { year, errors, bands: { counted: await countBandReport(desk, size), correction: "" } });
  if (c.req.query("year") === undefined || errors.length > 0) return reportFrame(c, { year, errors });
  return reportFrame(c, {
    year,
    errors,
    counted: await countNextEdition(desk, Number(year), size),
    european: await findEuropeanYear(desk, Number(year), size),
  });
}

/** A year of four digits by its route. */
export function downloadStatistics(c: WebContext) {
  return isCounsel(c) ? statisticsFile(c, Number(c.req.param("year"))) : notYours(c);
}

export function downloadDsaOrders(c: WebContext) {
  return isCounsel(c) ? dsaOrdersFile(c, Number(c.req.param("year"))) : notYours(c);
}

function thisYear(desk: Desk): string {
  return dayOf(desk.ports.clock.now(), desk.zone).slice(0, 4);
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
  const last = thisYear(c.get("desk"));
  return /^20\d\d$/.test(year) && year <= last ? [] : [{ field: "year", text: `Enter a year up to ${last}` }];
}

export async function publish(c: WebContext) {
  if (!isCounsel(c)) return notYours(c);
  const desk = c.get("desk");
  const values = await formValues(c);
  const [year, correction] = [values.one("year"), values.one("correction")];
  const errors = yearErrors(c, year);
  if (errors.length > 0) return reportFrame(c, { year, errors, correction });
  const done = await publishReport(desk, Number(year), staffActor(getStaff(c)).by, correction === "" ? undefined : correction.slice(0, 2000));
  if (done.kind === "refused") return reportFrame(c, { year, correction, ...refusedYear(done) }, 422);
  c.get("web").nudge();
  return c.redirect("/desk/report?done=published", 303);
}

/** Without a day for today; with one, an edition that corrects the bands of that day. */
export async function publishTheBands(c: WebContext) {
  if (!isCounsel(c)) return notYours(c);
  const desk = c.get("desk");
  if (findBandedLaw(desk) === undefined) return c.notFound();
  const values = await formValues(c);
  const publishedOn = findDay(values.one("published-on"));
  const correction = values.one("correction").slice(0, 2000);
  const done = await publishBands(desk, { by: staffActor(getStaff(c)).by, publishedOn, correction });
  if (done.kind === "refused") return reportFrame(c, { year: thisYear(desk), errors: correctionErrors(done, publishedOn), bands: { correction } }, 422);
  c.get("web").nudge();
  return c.redirect("/desk/report?done=bands", 303);
}

function findDay(text: string): CalendarDay | undefined {
  try {
    return text === "" ? undefined : day(text);
  } catch {
    return undefined;
  }
}

/** What the person can answer on this page stands at its field, the rest under the counted year. */
function refusedYear({ reasons }: Extract<EditionPublished, { kind: "refused" }>): Pick<Shown, "errors" | "counted"> {
  const [first, ...rest] = reasons.filter(({ code }) => code !== "CORRECTION_UNEXPLAINED");
  return {
    errors: reasons.flatMap(({ code, because }) => (code === "CORRECTION_UNEXPLAINED" ? [{ field: "correction", text: because }] : [])),
    ...(first === undefined ? {} : { counted: { kind: "refused", reasons: [first, ...rest] } }),
  };
}

/** What stands against today's bands stands under their button; what stands against a correction, at its field. */
function correctionErrors(refused: Extract<BandsRecorded, { kind: "refused" }>, publishedOn: CalendarDay | undefined): readonly FormError[] {
  return publishedOn === undefined ? [] : refused.reasons.map(({ because }) => ({ field: "bands-correction", text: because }));
}

async function readBandsShown(c: WebContext, { bands, errors }: Shown): Promise<BandsShown | undefined> {
  const desk = c.get("desk");
  if (findBandedLaw(desk) === undefined) return undefined;
  return {
    reasons: await reasonsAgainstBands(desk, {}),
    counted: bands?.counted,
    published: await publishedBands(desk),
    zone: desk.zone,
    register: c.get("web").register,
    correction: bands?.correction ?? "",
    error: errors.find(({ field }) => field === "bands-correction")?.text,
  };
}

const receipts: ReadonlyMap<string, string> = new Map([
  ["published", "The report was published."],
  ["bands", "The bands were published."],
]);

async function reportFrame(c: WebContext, shown: Shown, status: 200 | 422 = 200) {
  const { year, counted, european, errors, correction = "" } = shown;
  const desk = c.get("desk");
  const published = await publishedReports(desk);
  const bands = await readBandsShown(c, shown);
  const receipt = receipts.get(c.req.query("done") ?? "");
  const error = (field: string) => errors.find((each) => each.field === field)?.text;
  return deskFrame(
    c,
    {
      title: "Transparency report",
      current: "report",
      hasErrors: errors.length > 0,
      alert: (
        <>
          {receipt === undefined ? <></> : <Banner kind="done" title={receipt} />}
          <ErrorSummary errors={errors} />
        </>
      ),
      children: (
        <>
          <form method="get" action="/desk/report">
            <Field id="year" name="year" kind="text" inputmode="numeric" width="short" label="Year" value={year} error={error("year")} autocomplete="off" />
            <Button label="Count the year" kind="secondary" />
          </form>
          {counted?.kind === "counted" ? <Counted report={counted.report} /> : <></>}
          {counted?.kind === "refused" ? <Refused year={year} reasons={counted.reasons} register={c.get("web").register} /> : <></>}
          {counted?.kind !== "counted" && error("correction") === undefined ? (
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
              <div class="actions">
                <Button label="Publish the report" />
              </div>
            </form>
          )}
          <h2>Published</h2>
          <Published published={published} zone={desk.zone} />
          {european === undefined ? <></> : <EuropeanOrders orders={european} />}
          {bands === undefined ? <></> : <BandSection bands={bands} />}
        </>
      ),
    },
    errors.length > 0 ? 422 : status,
  );
}

function Refused({ year, reasons, register }: { readonly year: string; readonly reasons: readonly Reason[]; readonly register: BandsShown["register"] }) {
  return (
    <>
      <h2>{`${year} cannot be published as the set-up stands`}</h2>
      <BlockedStep id="publish-report" label="Publish the report" reasons={reasons} register={register} />
    </>
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
          ...report.rows.map(({ bucket }) => ({ key: bucket, head: inWords(bucket), figures: true })),
          { key: "total", head: "Total", figures: true },
        ]}
        empty={<></>}
        rows={measures.map((measure) => ({
          cells: {
            what: inWords(measure),
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
  return <BandRows bands={bands} />;
}

/** "Produced full" of `produced_full`, "Court order" of `court-order`. */
function inWords(code: string): string {
  const words = code.replaceAll(/[_-]/g, " ");
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
