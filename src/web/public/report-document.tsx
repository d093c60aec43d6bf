// The yearly report as people read it: three figures, charts with their tables, definitions, corrections, and how to check it.
import type { PublishedReport } from "../../app/publish-report.ts";
import { findBands, partnerMeasures, type Measure, type Published, type TransparencyReport } from "../../reporting/module.ts";
import { BandRows } from "../look/band-rows.tsx";
import { BarChart, Figures, SmallNumber } from "../look/figures.tsx";
import { SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { Table } from "../look/records.tsx";
import { CheckCommands } from "./check-commands.tsx";
import { bucketWords, countOf, definitions, measureHeads, sumOf } from "./report-words.ts";

export interface ReportDocumentProps {
  readonly published: PublishedReport;
  /** Every edition of the year, oldest first. */
  readonly editions: readonly PublishedReport[];
  /** IANA zone in which moments are said. */
  readonly zone: string;
  /** Address of the public pages without a final slash; undefined when the report cannot know it. */
  readonly site: string | undefined;
  /** Where this edition's own page, CSV and JSON lie: "" is this site. */
  readonly hrefs: "site" | "none";
}

export function ReportDocument(props: ReportDocumentProps) {
  const { report, fact } = props.published;
  return (
    <>
      <Prose>
        <p>
          What public bodies asked {report.company} for in {report.year}, and what became of it. Counted from the desk's sealed record on{" "}
          <Moment at={fact.countedAt} zone={props.zone} />.
        </p>
      </Prose>
      <ThreeFigures report={report} />
      <ByType report={report} />
      <Answers report={report} />
      <Disclosed report={report} />
      <Notice report={report} />
      <Secrecy report={report} />
      <Partners report={report} />
      <NationalSecurity report={report} />
      <Ranges report={report} />
      <Definitions report={report} />
      <Corrections {...props} />
      <CheckIt {...props} />
    </>
  );
}

function produced({ totals }: TransparencyReport): Published {
  return sumOf(totals.produced_full, totals.produced_partial);
}

function ThreeFigures({ report }: { readonly report: TransparencyReport }) {
  const { totals } = report;
  return (
    <Figures
      figures={[
        { count: countOf(totals.received), label: "Requests received", note: "each request once" },
        { count: countOf(produced(report)), label: "Requests on which data left", note: "in full or in part" },
        { count: countOf(totals.notice_before), label: "Requests with notice first", note: "the customer was told before data left" },
      ]}
    />
  );
}

function ByType({ report }: { readonly report: TransparencyReport }) {
  const { rows, totals, year, company } = report;
  const bars = [
    ...rows.map(({ bucket, cells }) => ({ label: bucketWords(bucket), count: countOf(cells.received) })),
    { label: "All papers", count: countOf(totals.received) },
  ];
  return (
    <section aria-labelledby="types">
      <h2 id="types">What was asked</h2>
      <BarChart
        title={`Requests received by ${company} in ${year}, by the paper they came on`}
        rowHead="Paper"
        countHead="Requests"
        bars={rows.length === 0 ? bars.slice(-1) : bars}
        note="Requests under national security law are in none of these figures; what may be said about them stands below."
      />
    </section>
  );
}

const answers: readonly Measure[] = ["produced_full", "produced_partial", "no_records", "rejected", "referred", "withdrawn", "challenged", "pending"];

function Answers({ report }: { readonly report: TransparencyReport }) {
  const { totals, year } = report;
  const name = (measure: Measure) => definitions.find((each) => each.measure === measure)?.name ?? measure;
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">What became of it</h2>
      <BarChart
        title={`Answers to the requests of ${year}`}
        rowHead="Answer"
        countHead="Requests"
        bars={answers.map((measure) => ({ label: name(measure), count: countOf(totals[measure]) }))}
      />
      <MeasureTable report={report} caption={`Paper by answer, ${year}`} measures={["received", ...answers]} />
    </section>
  );
}

function Disclosed({ report }: { readonly report: TransparencyReport }) {
  const { totals, year } = report;
  return (
    <section aria-labelledby="disclosed">
      <h2 id="disclosed">What left</h2>
      <BarChart
        title={`Requests on which data left, ${year}, by kind of data`}
        rowHead="Data"
        countHead="Requests"
        bars={[
          { label: "Content", count: countOf(totals.content) },
          { label: "Other data", count: countOf(totals.non_content) },
        ]}
        note="Content is what users wrote or uploaded. A request with both kinds counts in both."
      />
      <MeasureTable report={report} caption={`Paper by what left, ${year}`} measures={["content", "non_content", "accounts"]} />
    </section>
  );
}

function Notice({ report }: { readonly report: TransparencyReport }) {
  const { totals, year } = report;
  return (
    <section aria-labelledby="notice">
      <h2 id="notice">Who was told</h2>
      <BarChart
        title={`Requests by notice to the customer, ${year}`}
        rowHead="The customer was"
        countHead="Requests"
        bars={[
          { label: "Told before data left", count: countOf(totals.notice_before) },
          { label: "Told late", count: countOf(totals.notice_late) },
          { label: "Not told, on a lawful ground", count: countOf(totals.notice_withheld) },
        ]}
      />
      <MeasureTable report={report} caption={`Paper by notice, ${year}`} measures={["notice_before", "notice_late", "notice_withheld"]} />
    </section>
  );
}

function Secrecy({ report }: { readonly report: TransparencyReport }) {
  const { year, liftAttempts, lifted } = report;
  return (
    <section aria-labelledby="secrecy">
      <h2 id="secrecy">Orders to stay silent</h2>
      <BarChart
        title={`Attempts to have secrecy orders lifted, ${year}`}
        rowHead="Attempts"
        countHead="Number"
        bars={[
          { label: "Made", count: countOf(liftAttempts) },
          { label: "Granted", count: countOf(lifted) },
        ]}
        note="Every attempt on a request of the year, whether for the customer or for a data protection authority."
      />
    </section>
  );
}

const partnerWords = {
  requests: "Received by partners, and told",
  challenged: "Of these, challenged",
  disclosed: "Of these, with data given",
  direct_access: "Direct access by a public body",
} as const;

function Partners({ report: { partners, year } }: { readonly report: TransparencyReport }) {
  if (partners === undefined) return <></>;
  return (
    <section aria-labelledby="partners">
      <h2 id="partners">At our partners</h2>
      <BarChart
        title={`Government requests that reached partners, ${year}`}
        rowHead="Requests"
        countHead="Number"
        bars={partnerMeasures.map((name) => ({ label: partnerWords[name], count: countOf(partners[name]) }))}
        note="By the day on which the partner received them. They were asked of the partners and are in no other figure of this report; a request of which a partner may not speak is counted once it has been told."
      />
    </section>
  );
}

function NationalSecurity({ report }: { readonly report: TransparencyReport }) {
  const bands = findBands(report);
  const firstRules = bands === undefined ? report.nationalSecurity : null;
  return (
    <section aria-labelledby="national-security">
      <h2 id="national-security">National security</h2>
      {bands === undefined ? <></> : <BandRows bands={bands} />}
      {firstRules === null || "rows" in firstRules ? (
        <></>
      ) : (
        <SummaryList answers={[{ label: `Requests under national security law, ${report.year}`, value: <SmallNumber count={countOf(firstRules)} /> }]} />
      )}
      <Prose>
        <p>
          United States law lets a company that must keep such a request secret publish it in bands only, under one of four structures (50 USC 1874).{" "}
          {report.nationalSecurity === null
            ? "This report names none of them and prints no number, whether or not there was anything to count. Bands are used from the first report that does, and the first of them is printed also when there were none."
            : "The first band is printed also when there were none."}{" "}
          They are counted in no other figure of this report.
        </p>
      </Prose>
    </section>
  );
}

function MeasureTable({ report, caption, measures }: { readonly report: TransparencyReport; readonly caption: string; readonly measures: readonly Measure[] }) {
  const columns = [{ key: "type", head: "Paper" }, ...measures.map((measure) => ({ key: measure, head: measureHeads[measure], figures: true }))];
  const cells = (type: string, figures: TransparencyReport["totals"]) => ({
    cells: { type, ...Object.fromEntries(measures.map((measure) => [measure, <SmallNumber count={countOf(figures[measure])} />])) },
  });
  const rows = [...report.rows.map(({ bucket, cells: figures }) => cells(bucketWords(bucket), figures)), cells("All papers", report.totals)];
  return <Table caption={caption} columns={columns} rows={rows} empty={<></>} />;
}

function Ranges({ report: { smallNumber } }: { readonly report: TransparencyReport }) {
  return (
    <section aria-labelledby="ranges">
      <h2 id="ranges">Why some figures are ranges</h2>
      <Prose>
        <p>
          A count from 1 to {smallNumber} could point at one customer, so it is published as “1 to {smallNumber}”. Zero is published as zero, and larger counts
          exactly. Totals are made from what is printed here, never from the counts behind it. That is why a total can be a wide range, and why the number
          received is a range where an answer is one.
        </p>
      </Prose>
    </section>
  );
}

function Definitions({ report: { rules } }: { readonly report: TransparencyReport }) {
  return (
    <section aria-labelledby="definitions">
      <h2 id="definitions">Definitions and counting rules</h2>
      <Prose>
        <p>
          These are the counting rules {rules}. Each request is counted once, under the paper it came on as the desk confirmed it, and has exactly one answer.
          “No paper named” are requests on which no legal paper was found. Other kinds of paper go by the name their law gives them.
        </p>
      </Prose>
      <SummaryList answers={definitions.map(({ name, counts }) => ({ label: name, value: counts }))} />
    </section>
  );
}

function Corrections({ published, editions, zone, hrefs }: ReportDocumentProps) {
  const { year } = published.fact;
  const newest = editions.at(-1)?.fact.edition;
  return (
    <section aria-labelledby="corrections">
      <h2 id="corrections">Editions and corrections</h2>
      <Prose>
        <p>
          {editions.length === 1
            ? `This is the first edition of the report for ${year}. It has not been corrected.`
            : "A correction is a new edition; the earlier ones stay."}
        </p>
      </Prose>
      <Table
        caption={`Editions of the report for ${year}`}
        quietCaption
        columns={[
          { key: "edition", head: "Edition" },
          { key: "counted", head: "Counted" },
          { key: "why", head: "Why" },
        ]}
        rows={editions.map(({ fact }) => ({
          ...(hrefs === "none" ? {} : { href: fact.edition === newest ? `/report/${year}` : `/report/${year}/edition/${fact.edition}` }),
          cells: {
            edition: `Edition ${fact.edition}${fact.edition === published.fact.edition ? ", this one" : ""}`,
            counted: <Moment at={fact.countedAt} zone={zone} />,
            why: fact.correction ?? (fact.edition === 1 ? "First publication" : "No reason was recorded"),
          },
        }))}
        empty={<></>}
      />
    </section>
  );
}

function CheckIt({ published, site, hrefs }: ReportDocumentProps) {
  const { fact } = published;
  return (
    <section aria-labelledby="check">
      <h2 id="check">Check this yourself</h2>
      <SummaryList
        answers={[
          { label: "Figures, SHA-256", value: <code>{fact.figures}</code> },
          { label: "Counted from", value: `the first ${fact.treeSize.toLocaleString("en")} records of the desk's log` },
          ...(hrefs === "none" ? [] : [{ label: "The same figures as data", value: <DataLinks year={fact.year} edition={fact.edition} /> }]),
        ]}
      />
      <CheckCommands site={site} json={`/report/${fact.year}/edition/${fact.edition}/report.json`} linked={hrefs === "site"} />
    </section>
  );
}

function DataLinks({ year, edition }: { readonly year: number; readonly edition: number }) {
  const base = `/report/${year}/edition/${edition}`;
  return (
    <>
      <a href={`${base}/report.csv`}>CSV</a>, <a href={`${base}/report.json`}>JSON</a>
    </>
  );
}
