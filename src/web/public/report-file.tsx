// The yearly report as one file that needs nothing else: no script, no request to anybody, readable from a disk or an archive.
import { readFile } from "node:fs/promises";
import { raw } from "hono/html";
import { publishedReports, type PublishedReport } from "../../app/publish-report.ts";
import type { Desk } from "../../app/desk.ts";
import { fontFiles } from "../look/fonts.ts";
import { Hatches, PortcullisMark } from "../look/icons.tsx";
import { lookAssets } from "../look/assets.ts";
import { ReportDocument, type ReportDocumentProps } from "./report-document.tsx";
import { editionsOf } from "./report-pages.tsx";

/** A complete HTML document, from the doctype on. Styles and type faces lie inside it; its own policy forbids every request. */
export async function renderReportFile(desk: Desk, published: PublishedReport): Promise<string> {
  const editions = editionsOf(await publishedReports(desk), published.fact.year);
  const page = await ReportFile({ published, editions, style: await inlineStyle(), zone: desk.zone, site: desk.profile.publicUrl });
  return page.toString();
}

type ReportFileProps = Omit<ReportDocumentProps, "hrefs"> & { readonly style: string };

function ReportFile({ style, ...document }: ReportFileProps) {
  const { report, fact } = document.published;
  const title = `Government requests in ${report.year}`;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en" dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>
            {title} · {report.company}
          </title>
          <style>{raw(style)}</style>
        </head>
        <body class="face-public">
          <Hatches />
          <header class="head">
            <div class="head-inner">
              <span class="wordmark">
                <PortcullisMark />
                <span class="wordmark-name">{report.company}</span>
              </span>
              <span class="head-face">Government requests</span>
            </div>
          </header>
          <div class="frame">
            <main id="main">
              <h1>{title}</h1>
              <ReportDocument {...document} hrefs="none" />
            </main>
          </div>
          <footer class="foot">
            <div class="foot-inner">
              <p>Edition {fact.edition}. Kept with Portcullis, an open-source request desk.</p>
            </div>
          </footer>
        </body>
      </html>
    </>
  );
}

/** The faces a report in English needs; every other one falls back to the reader's own. */
const needed = ["public-sans-latin.woff2", "source-serif-4-latin-400.woff2", "source-serif-4-latin-600.woff2"].map((name) => `/look/fonts/${name}`);

async function inlineStyle(): Promise<string> {
  const sheet = lookAssets.get("/look/stylesheet.css");
  if (sheet === undefined) throw new Error("the stylesheet is missing from the look");
  const faces = new Map(await Promise.all(needed.map(async (path) => [path, await dataUri(path)] as const)));
  const text = await readFile(sheet.file, "utf8");
  return text.replaceAll(/@font-face \{[^}]*url\("([^"]+)"\)[^}]*\}\n?/g, (rule, path: string) => {
    const inlined = faces.get(path);
    return inlined === undefined ? "" : rule.replace(path, inlined);
  });
}

async function dataUri(path: string): Promise<string> {
  const file = fontFiles.get(path);
  if (file === undefined) throw new Error(`the type face ${path} is missing from the look`);
  return `data:font/woff2;base64,${(await readFile(file)).toString("base64")}`;
}
