// Bands of national-security process that were published between two yearly reports: every edition, as a page and as data.
import { publishedBands, type PublishedBands } from "../../app/band-reports.ts";
import { bandCsv } from "../../reporting/module.ts";
import { BandRows } from "../look/band-rows.tsx";
import { SummaryList } from "../look/forms.tsx";
import { dayWords, Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { Banner, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { CheckCommands } from "./check-commands.tsx";
import { dataFile, publicFrame } from "./public-frame.tsx";

/** Nothing is drawn while none were published; that says nothing about what was received. */
export function BandList({ published, zone }: { readonly published: readonly PublishedBands[]; readonly zone: string }) {
  if (published.length === 0) return <></>;
  const days = [...new Set(published.map(({ fact }) => fact.publishedOn))].toSorted().toReversed();
  const rows = days.flatMap((day) => {
    const newest = editionsOf(published, day).at(-1);
    return newest === undefined ? [] : [bandsRow(newest, zone)];
  });
  return (
    <section aria-labelledby="bands">
      <h2 id="bands">National-security process in bands</h2>
      <Prose>
        <p>
          United States law lets a company that must keep such process secret publish it in bands only (50 USC 1874). These were published between the yearly
          reports.
        </p>
      </Prose>
      <Table
        caption="Published bands, newest first"
        quietCaption
        columns={[
          { key: "day", head: "Published for" },
          { key: "structure", head: "Structure" },
          { key: "edition", head: "Edition" },
          { key: "counted", head: "Counted" },
        ]}
        rows={rows}
        empty={<></>}
      />
    </section>
  );
}

function bandsRow({ fact, report: { bands } }: PublishedBands, zone: string) {
  return {
    href: `/report/bands/${fact.publishedOn}`,
    cells: {
      day: dayWords(fact.publishedOn),
      structure: `Option ${bands.option}: ${bands.title}`,
      edition: fact.edition === 1 ? "Edition 1" : `Edition ${fact.edition}, corrected`,
      counted: <Moment at={fact.countedAt} zone={zone} />,
    },
  };
}

/** Oldest first. */
function editionsOf(published: readonly PublishedBands[], publishedOn: string): readonly PublishedBands[] {
  return published.filter(({ fact }) => fact.publishedOn === publishedOn).toSorted((a, b) => a.fact.edition - b.fact.edition);
}

interface Asked {
  readonly editions: readonly PublishedBands[];
  /** The edition asked for, or the newest. */
  readonly published: PublishedBands;
}

async function findAsked(c: WebContext): Promise<Asked | undefined> {
  const editions = editionsOf(await publishedBands(c.get("desk")), c.req.param("day") ?? "");
  const edition = c.req.param("edition");
  const published = edition === undefined ? editions.at(-1) : editions.find(({ fact }) => fact.edition === Number(edition));
  return published === undefined ? undefined : { editions, published };
}

export async function bandsPage(c: WebContext) {
  const asked = await findAsked(c);
  if (asked === undefined) return noBands(c);
  const { zone, profile } = c.get("desk");
  const { editions, published } = asked;
  const { fact, report } = published;
  const newest = editions.at(-1);
  const isOld = newest !== undefined && newest.fact.edition !== fact.edition;
  const base = `/report/bands/${fact.publishedOn}/edition/${fact.edition}`;
  return publicFrame(c, {
    title: `National-security process, published for ${dayWords(fact.publishedOn)}`,
    way: "/report",
    ...(isOld ? { alert: <Superseded newest={newest} /> } : {}),
    children: (
      <>
        <Prose>
          <p>
            What {report.company} may say of process under the national security law of the United States, in bands and over the days that 50 USC 1874 allows.
            Counted from the desk's sealed record on <Moment at={fact.countedAt} zone={zone} />. The first band is printed also when there was none.
          </p>
        </Prose>
        <BandRows bands={report.bands} />
        <section aria-labelledby="corrections">
          <h2 id="corrections">Editions and corrections</h2>
          <Editions {...asked} zone={zone} />
        </section>
        <section aria-labelledby="check">
          <h2 id="check">Check this yourself</h2>
          <SummaryList
            answers={[
              { label: "Bands, SHA-256", value: <code>{fact.figures}</code> },
              { label: "Counted from", value: `the first ${fact.treeSize.toLocaleString("en")} records of the desk's log` },
              {
                label: "The same bands as data",
                value: (
                  <>
                    <a href={`${base}/bands.csv`}>CSV</a>, <a href={`${base}/bands.json`}>JSON</a>
                  </>
                ),
              },
            ]}
          />
          <CheckCommands site={profile.publicUrl} json={`${base}/bands.json`} linked />
        </section>
      </>
    ),
  });
}

function Superseded({ newest: { fact } }: { readonly newest: PublishedBands }) {
  return (
    <Banner kind="caution" title="This edition was corrected.">
      <p>
        It stays so that the correction can be seen. {fact.correction === undefined ? "" : `Why it was corrected: ${fact.correction} `}
        <a href={`/report/bands/${fact.publishedOn}`}>Read edition {fact.edition}</a>
      </p>
    </Banner>
  );
}

function Editions({ editions, published, zone }: Asked & { readonly zone: string }) {
  const { publishedOn } = published.fact;
  return (
    <Table
      caption={`Editions of the bands of ${dayWords(publishedOn)}`}
      quietCaption
      columns={[
        { key: "edition", head: "Edition" },
        { key: "counted", head: "Counted" },
        { key: "why", head: "Why" },
      ]}
      rows={editions.map(({ fact }) => ({
        href: `/report/bands/${publishedOn}/edition/${fact.edition}`,
        cells: {
          edition: `Edition ${fact.edition}${fact.edition === published.fact.edition ? ", this one" : ""}`,
          counted: <Moment at={fact.countedAt} zone={zone} />,
          why: fact.correction ?? "First publication",
        },
      }))}
      empty={<></>}
    />
  );
}

function noBands(c: WebContext) {
  return publicFrame(
    c,
    {
      title: "No bands were published for this day",
      way: "/report",
      children: (
        <p>
          None were published, or not in that edition. <a href="/report">All reports</a>
        </p>
      ),
    },
    404,
  );
}

export async function bandsCsvFile(c: WebContext) {
  const asked = await findAsked(c);
  if (asked === undefined) return c.text("There are no such bands.\n", 404);
  return dataFile(c, "text/csv; charset=utf-8", bandCsv(asked.published.report));
}

/** The document as it was published, beside what the ledger says of it. Internal references stay inside. */
export async function bandsJsonFile(c: WebContext) {
  const asked = await findAsked(c);
  if (asked === undefined) return c.text("There are no such bands.\n", 404);
  const { publishedOn, edition, figures, treeSize, countedAt, correction } = asked.published.fact;
  const published = { publishedOn, edition, figures, treeSize, countedAt, ...(correction === undefined ? {} : { correction }), report: asked.published.report };
  return dataFile(c, "application/json; charset=utf-8", `${JSON.stringify(published, null, 2)}\n`);
}
