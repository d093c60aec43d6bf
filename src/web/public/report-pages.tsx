// The yearly reports on the public pages: the newest edition of each year, every earlier one, and the same figures as data.
import { publishedBands } from "../../app/band-reports.ts";
import { publishedReports, type PublishedReport } from "../../app/publish-report.ts";
import { reportCsv } from "../../reporting/module.ts";
import { countWords } from "../look/figures.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { BandList } from "./band-pages.tsx";
import { dataFile, publicFrame } from "./public-frame.tsx";
import { ReportDocument } from "./report-document.tsx";
import { countOf } from "./report-words.ts";

/** Every year with its newest edition; a single year's readers find it by its own address. */
export async function reportsPage(c: WebContext) {
  const desk = c.get("desk");
  const published = await publishedReports(desk);
  const years = [...new Set(published.map(({ fact }) => fact.year))].toSorted((a, b) => b - a);
  const rows = years.flatMap((year) => {
    const newest = editionsOf(published, year).at(-1);
    return newest === undefined ? [] : [yearRow(newest, desk.zone)];
  });
  return publicFrame(c, {
    title: "The yearly report",
    way: "/report",
    children: (
      <>
        <p>Each year we count the requests that public bodies made, what became of them, and whom we told. The figures follow from the desk's sealed record.</p>
        <Table
          caption="Reports, newest year first"
          quietCaption
          columns={[
            { key: "year", head: "Year" },
            { key: "received", head: "Requests", figures: true },
            { key: "edition", head: "Edition" },
            { key: "counted", head: "Counted" },
          ]}
          rows={rows}
          empty={
            <EmptyState title="No report has been published yet">
              The first one follows within {desk.policy.settings.reportDueDays} days of the end of the year.
            </EmptyState>
          }
        />
        <BandList published={await publishedBands(desk)} zone={desk.zone} />
      </>
    ),
  });
}

function yearRow({ fact, report }: PublishedReport, zone: string) {
  return {
    href: `/report/${fact.year}`,
    cells: {
      year: String(fact.year),
      received: countWords(countOf(report.totals.received)),
      edition: fact.edition === 1 ? "Edition 1" : `Edition ${fact.edition}, corrected`,
      counted: <Moment at={fact.countedAt} zone={zone} />,
    },
  };
}

/** Oldest first. */
export function editionsOf(published: readonly PublishedReport[], year: number): readonly PublishedReport[] {
  return published.filter(({ fact }) => fact.year === year).toSorted((a, b) => a.fact.edition - b.fact.edition);
}

interface Asked {
  readonly editions: readonly PublishedReport[];
  /** The edition asked for, or the newest. */
  readonly published: PublishedReport;
}

async function findAsked(c: WebContext): Promise<Asked | undefined> {
  const editions = editionsOf(await publishedReports(c.get("desk")), Number(c.req.param("year")));
  const edition = c.req.param("edition");
  const published = edition === undefined ? editions.at(-1) : editions.find(({ fact }) => fact.edition === Number(edition));
  return published === undefined ? undefined : { editions, published };
}

export async function reportPage(c: WebContext) {
  const asked = await findAsked(c);
  const year = c.req.param("year") ?? "";
  if (asked === undefined) return noReport(c, year);
  const desk = c.get("desk");
  const newest = asked.editions.at(-1);
  const isOld = newest !== undefined && newest.fact.edition !== asked.published.fact.edition;
  return publicFrame(c, {
    title: `Government requests in ${year}`,
    way: "/report",
    ...(isOld ? { alert: <Superseded newest={newest} /> } : {}),
    children: <ReportDocument {...asked} zone={desk.zone} site={desk.profile.publicUrl} hrefs="site" />,
  });
}

function Superseded({ newest: { fact } }: { readonly newest: PublishedReport }) {
  return (
    <Banner kind="caution" title="This edition was corrected.">
      <p>
        It stays so that the correction can be seen. {fact.correction === undefined ? "" : `Why it was corrected: ${fact.correction} `}
        <a href={`/report/${fact.year}`}>Read edition {fact.edition}</a>
      </p>
    </Banner>
  );
}

function noReport(c: WebContext, year: string) {
  return publicFrame(
    c,
    {
      title: `No report for ${year}`,
      way: "/report",
      children: (
        <p>
          None was published, or not in that edition. <a href="/report">All reports</a>
        </p>
      ),
    },
    404,
  );
}

export async function reportCsvFile(c: WebContext) {
  const asked = await findAsked(c);
  if (asked === undefined) return c.text("There is no such report.\n", 404);
  return dataFile(c, "text/csv; charset=utf-8", reportCsv(asked.published.report));
}

/** The document as it was published, beside what the ledger says of it. Internal references stay inside. */
export async function reportJsonFile(c: WebContext) {
  const asked = await findAsked(c);
  if (asked === undefined) return c.text("There is no such report.\n", 404);
  const { year, edition, figures, treeSize, countedAt, correction } = asked.published.fact;
  const published = { year, edition, figures, treeSize, countedAt, ...(correction === undefined ? {} : { correction }), report: asked.published.report };
  return dataFile(c, "application/json; charset=utf-8", `${JSON.stringify(published, null, 2)}\n`);
}
