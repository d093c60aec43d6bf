// One paper of a production, page by page: as it came beside what the officer will see, what is marked, and the approval.
import { approvePages, giveCustomerCopy, markRegions, openPaper, pageImage, regionsOf, type OpenPaper, type PaperCopy } from "../../app/look-through-papers.ts";
import { audiencesOf, reasonChoices } from "../../app/redaction-rules.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { Box, Removal } from "../../production/redact/removals.ts";
import { Button, ErrorSummary, Field, type FormError } from "../look/forms.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import { formValues, noValues, Refusal, type FormValues, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, type OpenCase } from "./open-case.ts";
import { onlyOf, reasonWords, whoseChoices, whoseWords } from "./redaction-words.ts";
import { openForRedaction } from "./redactions-page.tsx";

interface Shown {
  readonly values: FormValues;
  readonly errors: readonly FormError[];
  readonly reasons: readonly Reason[];
}

export async function paperPage(c: WebContext) {
  const opened = await openForRedaction(c);
  return opened === undefined ? noSuchCase(c) : paperFrame(c, opened, { values: noValues, errors: [], reasons: [] });
}

/** The officer's copy, unless the address asks for the customer's. */
function copyOf(c: WebContext): PaperCopy {
  return { paper: c.req.param("paper") ?? "", audience: c.req.query("copy") === "customer" ? "customer" : "officer" };
}

const readers = { officer: "the officer", customer: "the customer" } as const;

/** The address of a page, of the same copy or of the other one. */
function address(place: string, page: number, audience: PaperCopy["audience"]): string {
  return `${place}?page=${page}${audience === "customer" ? "&copy=customer" : ""}`;
}

function pageOf(c: WebContext, pages: number): number {
  const asked = Number(c.req.query("page") ?? "1");
  return Number.isSafeInteger(asked) && asked >= 1 && asked <= pages ? asked : 1;
}

async function paperFrame(c: WebContext, { view, by }: OpenCase, shown: Shown) {
  const { register } = c.get("web");
  const opened = await openPaper(c.get("desk"), view.caseId, by, copyOf(c));
  const reasons = opened.kind === "refused" ? opened.reasons : shown.reasons;
  const page = opened.kind === "open" ? pageOf(c, opened.pages.length) : 1;
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Redacted paper of"),
      heading: opened.kind === "open" ? `PDF ${opened.number}, page ${page} of ${opened.pages.length}` : "A paper of the production",
      hasErrors: shown.errors.length > 0,
      alert: (
        <>
          <ErrorSummary errors={shown.errors} />
          {reasons.length === 0 ? <></> : <Refusal reasons={reasons} register={register} />}
        </>
      ),
      children: (
        <>
          <p>
            <a href={`/desk/case/${view.caseId}/redactions#papers`}>Back to the redactions of case {view.caseId}</a>
          </p>
          {opened.kind === "open" ? (
            <PageOfPaper paper={opened} page={page} place={`/desk/case/${view.caseId}/redactions/${copyOf(c).paper}`} shown={shown} />
          ) : (
            <></>
          )}
        </>
      ),
    },
    shown.errors.length > 0 ? 422 : reasons.length > 0 ? 409 : 200,
  );
}

interface PageProps {
  readonly paper: OpenPaper;
  readonly page: number;
  /** Address of the paper. */
  readonly place: string;
  readonly shown: Shown;
}

function PageOfPaper(props: PageProps) {
  const { paper, page, place } = props;
  const isApproved = paper.approved.has(page);
  const { audience } = paper;
  const isWhole = paper.approved.size === paper.pages.length;
  return (
    <>
      <nav class="actions" aria-label="Whose copy">
        {(["officer", "customer"] as const).map((each) => {
          const words = each === "officer" ? "The officer's copy" : "The customer's copy";
          return each === audience ? <strong aria-current="page">{words}</strong> : <a href={address(place, page, each)}>{words}</a>;
        })}
      </nav>
      <Turning {...props} />
      <Findings paper={paper} page={page} />
      <div class="desk-before-after">
        <figure data-draw="" data-width={paper.pages[page - 1]?.width} data-height={paper.pages[page - 1]?.height}>
          <figcaption>As it came</figcaption>
          <img src={`${place}/page/${page}/original.png`} alt={`Page ${page} as it came`} draggable={false} />
        </figure>
        <figure>
          <figcaption>{`As ${readers[audience]} gets it`}</figcaption>
          <img src={`${place}/page/${page}/redacted.png?view=${paper.view}&copy=${audience}`} alt={`Page ${page} as ${readers[audience]} gets it`} />
        </figure>
      </div>
      <TakenOut paper={paper} page={page} />
      <form method="post" action={address(place, page, audience)}>
        <input type="hidden" name="view" value={paper.view} />
        {isApproved ? <Banner kind="done" title={`Page ${page} is approved as it is redacted now.`} /> : <></>}
        {paper.isGiven ? <Banner kind="done" title="The customer can read this copy beside our letter." /> : <></>}
        <div class="actions">
          {isApproved ? <></> : <Button label={`Approve page ${page}`} name="act" value="approve" />}
          {audience === "customer" && isWhole && !paper.isGiven ? <Button label="Give the customer this copy" name="act" value="give" /> : <></>}
          <span>{`${paper.approved.size} of ${paper.pages.length} pages approved`}</span>
        </div>
      </form>
      <h2 id="regions">Regions of this page</h2>
      <Regions {...props} />
      <RegionForm {...props} />
    </>
  );
}

function Turning({ paper, page, place }: PageProps) {
  return (
    <nav class="pagination" aria-label="Pages of the paper">
      {page > 1 ? (
        <a rel="prev" href={address(place, page - 1, paper.audience)}>
          Page {page - 1}
        </a>
      ) : (
        <span />
      )}
      {page < paper.pages.length ? (
        <a rel="next" href={address(place, page + 1, paper.audience)}>
          Page {page + 1}
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}

/** What a person must look at, on this page and of the whole paper. */
function Findings({ paper, page }: Pick<PageProps, "paper" | "page">) {
  const findings = paper.findings.filter((finding) => finding.page === undefined || finding.page === page);
  if (findings.length === 0) return <></>;
  return (
    <Banner kind={findings.some(({ weight }) => weight !== "note") ? "caution" : "note"} title="Look at this before you approve">
      <ul>
        {findings.map(({ because }) => (
          <li>{because}</li>
        ))}
      </ul>
    </Banner>
  );
}

function TakenOut({ paper, page }: Pick<PageProps, "paper" | "page">) {
  const counts = new Map<string, number>();
  const { boxes, pictures } = paper.pages[page - 1] ?? { boxes: [], pictures: 0 };
  for (const { reason } of boxes) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const words = [...counts].map(([reason, count]) => `${reasonWords(reason)}: ${count}`).join("; ");
  return (
    <p>
      {counts.size === 0 ? "Nothing is taken out of this page." : `Boxes on this page, by reason: ${words}.`}
      {pictures === 0 ? "" : ` It has ${pictures} ${pictures === 1 ? "picture" : "pictures"}, in which no words are found: read them by eye.`}
    </p>
  );
}

/** Names a region by what it is: its place in a list may be another's by the time a button is pressed. */
function regionName({ target, reason, audiences }: Removal): string {
  return JSON.stringify([target, reason, audiences ?? null]);
}

interface ShownRegion {
  readonly box: Box;
  readonly reason: string;
  readonly whose: string;
  readonly name: string;
  readonly index: number;
}

function regionsOnPage({ regions }: OpenPaper, page: number): readonly ShownRegion[] {
  return regions.flatMap((region, index) => {
    const { target, reason, audiences } = region;
    if (target.kind !== "region" || target.page !== page) return [];
    return [{ box: target.box, reason, whose: whoseWords(audiences?.[0]), name: regionName(region), index }];
  });
}

function Regions({ paper, page, place }: PageProps) {
  return (
    <Table
      caption={`Regions marked on page ${page}`}
      quietCaption
      columns={[
        { key: "box", head: "From the left, from the top, width, height (points)" },
        { key: "reason", head: "Reason" },
        { key: "whose", head: "Whose copy" },
        { key: "remove", head: "Change" },
      ]}
      empty={<EmptyState title="No region is marked on this page" />}
      rows={regionsOnPage(paper, page).map(({ box, reason, whose, name, index }) => ({
        cells: {
          whose,
          box: [box.left, box.top, box.width, box.height].map((points) => Math.round(points)).join(", "),
          reason: reasonWords(reason),
          remove: (
            <form method="post" action={address(place, page, paper.audience)}>
              <input type="hidden" name="region" value={name} />
              <input type="hidden" name="view" value={paper.view} />
              <button class="button button-secondary" type="submit" name="act" value="unmark">
                Remove<span class="sr-only">{` region ${index + 1}`}</span>
              </button>
            </form>
          ),
        },
      }))}
    />
  );
}

const sides = [
  { name: "left", label: "From the left" },
  { name: "top", label: "From the top" },
  { name: "width", label: "Width" },
  { name: "height", label: "Height" },
] as const;

function RegionForm({ paper, page, place, shown: { values, errors } }: PageProps) {
  const { width = 0, height = 0 } = paper.pages[page - 1] ?? {};
  const field = (id: string) => ({ id, name: id, value: values.one(id), error: errors.find((error) => error.field === id)?.text });
  return (
    <form method="post" action={address(place, page, paper.audience)} data-region="">
      <h3>Mark a region</h3>
      <p data-said="">
        {`Type where it stands, in points; the page is ${Math.round(width)} wide and ${Math.round(height)} high. With a mouse, draw it on the page as it came.`}
      </p>
      <input type="hidden" name="view" value={paper.view} />
      <div class="desk-sides">
        {sides.map(({ name, label }) => (
          <Field {...field(name)} kind="text" label={label} inputmode="numeric" width="short" autocomplete="off" />
        ))}
      </div>
      <Field
        {...field("reason")}
        kind="select"
        label="Reason"
        placeholder="Choose"
        choices={reasonChoices.map(({ value, because }) => ({ value, label: `${reasonWords(value)}: ${because}` }))}
      />
      <Field {...field("only")} kind="select" label="Taken out of" choices={whoseChoices} />
      <Button label="Mark the region" kind="secondary" name="act" value="mark" />
      <script type="module" src="/desk/assets/draw-region.js"></script>
    </form>
  );
}

export async function changePaper(c: WebContext) {
  const opened = await openForRedaction(c);
  if (opened === undefined) return noSuchCase(c);
  const values = await formValues(c);
  const act = values.one("act");
  const open = await openPaper(c.get("desk"), opened.view.caseId, opened.by, copyOf(c));
  if (open.kind === "refused") return paperFrame(c, opened, { values, errors: [], reasons: open.reasons });
  if (act === "approve") return approve(c, opened, values, open);
  if (act === "give") return give(c, opened, values, open);
  const marked = act === "unmark" ? await unmarked(c, opened, values) : await marking(c, opened, values, open);
  if (marked === undefined) return paperFrame(c, opened, { values, errors: [], reasons: [changedMeanwhile] });
  if ("errors" in marked) return paperFrame(c, opened, { values, errors: marked.errors, reasons: [] });
  // Somebody else may have marked something since this page was opened: what they marked is not lost.
  if (open.view !== values.one("view")) return paperFrame(c, opened, { values, errors: [], reasons: [changedMeanwhile] });
  const handled = await markRegions(c.get("desk"), opened.view.caseId, opened.by, copyOf(c).paper, marked.regions);
  if (handled.kind === "refused") return paperFrame(c, opened, { values, errors: [], reasons: handled.reasons });
  return turnTo(c, opened, pageOf(c, open.pages.length));
}

const changedMeanwhile: Reason = {
  clause: "IGRP-9",
  code: "OTHER_VIEW",
  because: "What is taken out of this paper has changed since you opened this page. Look at it and do it again.",
};

async function approve(c: WebContext, opened: OpenCase, values: FormValues, open: OpenPaper) {
  const page = pageOf(c, open.pages.length);
  const handled = await approvePages(c.get("desk"), opened.view.caseId, opened.by, { ...copyOf(c), view: values.one("view"), pages: [page] });
  if (handled.kind === "refused") return paperFrame(c, opened, { values, errors: [], reasons: handled.reasons });
  c.get("web").nudge();
  const next = open.pages.find((each) => each.page > page && !open.approved.has(each.page))?.page;
  return turnTo(c, opened, next ?? page);
}

async function give(c: WebContext, opened: OpenCase, values: FormValues, open: OpenPaper) {
  const handled = await giveCustomerCopy(c.get("desk"), opened.view.caseId, opened.by, copyOf(c).paper, values.one("view"));
  if (handled.kind === "refused") return paperFrame(c, opened, { values, errors: [], reasons: handled.reasons });
  c.get("web").nudge();
  return turnTo(c, opened, pageOf(c, open.pages.length));
}

function turnTo(c: WebContext, { view }: OpenCase, page: number) {
  const { paper, audience } = copyOf(c);
  return c.redirect(address(`/desk/case/${view.caseId}/redactions/${paper}`, page, audience), 303);
}

type Marked = { readonly regions: readonly Removal[] } | { readonly errors: readonly FormError[] };

async function unmarked(c: WebContext, { view }: OpenCase, values: FormValues): Promise<Marked | undefined> {
  const regions = await regionsOf(c.get("desk"), view.caseId, copyOf(c).paper);
  const at = regions.findIndex((region) => regionName(region) === values.one("region"));
  return at < 0 ? undefined : { regions: regions.toSpliced(at, 1) };
}

async function marking(c: WebContext, { view }: OpenCase, values: FormValues, open: OpenPaper): Promise<Marked> {
  const page = pageOf(c, open.pages.length);
  const size = open.pages[page - 1] ?? { width: 0, height: 0 };
  const [left, top, width, height] = [points(values, "left"), points(values, "top"), points(values, "width"), points(values, "height")];
  const reason = reasonChoices.find(({ value }) => value === values.one("reason"))?.value;
  const errors = [
    ...(left >= 0 && left < size.width ? [] : [{ field: "left", text: `From the left: enter points from 0 to ${Math.round(size.width)}` }]),
    ...(top >= 0 && top < size.height ? [] : [{ field: "top", text: `From the top: enter points from 0 to ${Math.round(size.height)}` }]),
    ...(width > 0 ? [] : [{ field: "width", text: "Width: enter how many points wide it is" }]),
    ...(height > 0 ? [] : [{ field: "height", text: "Height: enter how many points high it is" }]),
  ];
  if (reason === undefined) errors.push({ field: "reason", text: "Choose the reason why it is taken out" });
  if (errors.length > 0 || reason === undefined) return { errors };
  const box = { left, top, width: Math.min(width, size.width - left), height: Math.min(height, size.height - top) };
  const regions = await regionsOf(c.get("desk"), view.caseId, copyOf(c).paper);
  return { regions: [...regions, { target: { kind: "region", page, box }, reason, ...audiencesOf(onlyOf(values.one("only"))) }] };
}

function points(values: FormValues, name: string): number {
  const text = values.one(name).replace(",", ".");
  return text === "" ? Number.NaN : Number(text);
}

/** A page as a picture: only for those who prepare the production, and never kept by the browser. */
export async function paperImage(c: WebContext) {
  const opened = await openForRedaction(c);
  if (opened === undefined) return noSuchCase(c);
  const as = c.req.param("as") === "original.png" ? "original" : "redacted";
  const image = await pageImage(c.get("desk"), opened.view.caseId, opened.by, { ...copyOf(c), page: Number(c.req.param("page")), as });
  if (image.kind === "refused") return c.notFound();
  c.header("Content-Type", "image/png");
  c.header("X-Content-Type-Options", "nosniff");
  return c.body(new Uint8Array(image.png));
}
