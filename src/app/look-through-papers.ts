// What people see while they prepare a redaction: records before and after, and the papers of a production page by page.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { cite } from "../policy/policy-in-force.ts";
import { fileKindOf } from "../production/redact/file-kind.ts";
import { checkRemovals, removalsFor, type Removal } from "../production/redact/removals.ts";
import type { CollectedRecord } from "../production/shapes.ts";
import { releaseOf } from "../requests/disclosure/module.ts";
import { customerCopies, giveCustomerCopy as giveCustomerCopyStep, lostPapers, redactionOf, untouched, type SeenPages } from "../requests/redaction/module.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { readForRedaction } from "./produce.ts";
import { approvedCopy, openRegions, paperName, paperView, viewName, type PaperAudience } from "./redact-production.ts";
import type { PageImageOutcome, PaperFinding, SurveyedPage, View } from "./redaction-port.ts";
import { countReasons, inText, keptColumns, rulesOf } from "./redaction-rules.ts";

type Refused = { readonly kind: "refused"; readonly reasons: readonly Reason[] };

export interface RedactedSample {
  readonly before: CollectedRecord;
  readonly after: CollectedRecord;
}

interface RecordsPreview {
  readonly kind: "preview";
  /** Records from which something is taken; the first of them. */
  readonly samples: readonly RedactedSample[];
  /** How many were looked at. */
  readonly records: number;
  readonly isAll: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

/** That somebody sees originals stands on record before they are read. Refused when the case is over or the production has left. */
async function putOnRecord(desk: Desk, caseId: CaseId, by: Actor, paper?: string): Promise<Refused | undefined> {
  const handled = await handle(desk, { caseId, by, askers: ["desk"], command: { type: "SeeOriginals", ...(paper === undefined ? {} : { paper }) } });
  return handled.kind === "refused" && handled.reasons.some(({ code }) => code !== "ON_RECORD_ALREADY") ? handled : undefined;
}

/** What the rules would do to the first records. Nobody but the person who asks sees it; that they saw originals stands on record. */
export async function previewRecords(
  desk: Desk,
  caseId: CaseId,
  by: Actor,
  { most, shown }: { readonly most: number; readonly shown: number },
): Promise<RecordsPreview | Refused> {
  const barred = await putOnRecord(desk, caseId, by);
  if (barred !== undefined) return barred;
  return readForRedaction(desk, caseId, async ({ redaction, records: collected }): Promise<RecordsPreview | Refused> => {
    if (redaction.against.length > 0) return { kind: "refused", reasons: redaction.against };
    const samples: RedactedSample[] = [];
    let records = 0;
    let isAll = true;
    for await (const item of collected) {
      if (item.kind === "failed") return { kind: "refused", reasons: [failedSource(desk, item.failure.what)] };
      if (item.kind !== "record") continue;
      if (records >= most) {
        isAll = false;
        break;
      }
      records += 1;
      const looked = await redaction.look(item.record);
      if (looked.kind === "refused") return { kind: "refused", reasons: [looked.reason] };
      if (samples.length < shown && isChanged(item.record, looked.record)) samples.push({ before: item.record, after: looked.record });
    }
    return { kind: "preview", samples, records, isAll, counts: redaction.counts() };
  });
}

function failedSource(desk: Desk, what: string): Reason {
  return { clause: cite(desk.policy, "IGRP-9", "KDRP-5"), code: "SOURCE_FAILED", because: `A source could not be read: ${what} Try again when it answers.` };
}

function isChanged(before: CollectedRecord, after: CollectedRecord): boolean {
  return Object.entries(before.fields).some(([column, value]) => after.fields[column] !== value);
}

/** A column of the production, as a rule names it. */
export interface ProducedColumn {
  readonly source: string;
  readonly collection: string;
  readonly field: string;
}

/** The columns that the plan reads; those that show whose record it is are left out. */
export async function findColumns(desk: Desk, caseId: CaseId): Promise<readonly ProducedColumn[]> {
  const found = await readForRedaction(desk, caseId, ({ plan, maps }) => {
    const keeps = ({ source, collection, field }: ProducedColumn): boolean => {
      const place = maps.find((map) => map.source === source)?.collections.find(({ name }) => name === collection);
      return place === undefined || keptColumns(place).has(field);
    };
    const all = plan.reads.flatMap(({ source, collection, columns }) => columns.map((field) => ({ source, collection, field })));
    return Promise.resolve({ columns: all.filter((column) => !keeps(column)) });
  });
  return "columns" in found ? [...new Map(found.columns.map((column) => [JSON.stringify(column), column])).values()] : [];
}

interface FoundPaper {
  readonly bytes: Uint8Array;
  /** Whose record holds it; undefined where the record does not say. */
  readonly workspace: string | undefined;
}

interface HeldPaper extends FoundPaper {
  readonly key: string;
  readonly atMs: number;
}

const heldMs = 5 * 60_000;
/** One paper a desk, in memory alone: a person turns its pages, and each turn would read the source again. */
const held = new WeakMap<Desk["ports"]["vault"], HeldPaper>();

/** The original of a paper, read again from its source; undefined when it is there no more. */
async function findPaper(desk: Desk, caseId: CaseId, paper: string): Promise<FoundPaper | undefined> {
  const key = `${desk.id}\n${caseId}\n${paper}`;
  const atMs = Temporal.Instant.from(desk.ports.clock.now()).epochMilliseconds;
  const known = held.get(desk.ports.vault);
  if (known?.key === key && Math.abs(atMs - known.atMs) < heldMs) return known;
  held.delete(desk.ports.vault);
  const found = await readForRedaction(desk, caseId, async ({ records }) => {
    for await (const item of records) {
      if (item.kind !== "record") continue;
      for (const value of Object.values(item.record.fields))
        if (value instanceof Uint8Array && fileKindOf(value) === "pdf" && (await paperName(desk, value)) === paper)
          return { paper: { bytes: value, workspace: item.record.witness.workspace } };
    }
    return { paper: undefined };
  });
  if (!("paper" in found) || found.paper === undefined) return undefined;
  held.set(desk.ports.vault, { key, ...found.paper, atMs });
  return found.paper;
}

export interface OpenPaper {
  readonly kind: "open";
  readonly audience: PaperAudience;
  /** Its place among the papers of the production, from 1. */
  readonly number: number;
  /** What an approval names. */
  readonly view: string;
  readonly pages: readonly SurveyedPage[];
  readonly findings: readonly PaperFinding[];
  readonly approved: ReadonlySet<number>;
  readonly regions: readonly Removal[];
  /** The customer was given the copy as it is now. */
  readonly isGiven: boolean;
}

/** One copy of one paper. */
export interface PaperCopy {
  readonly paper: string;
  readonly audience: PaperAudience;
}

/** A paper with everything that is taken out of it now. */
export async function openPaper(desk: Desk, caseId: CaseId, by: Actor, copy: PaperCopy): Promise<OpenPaper | Refused> {
  const found = await paperAndView(desk, caseId, by, copy);
  if (found.kind === "refused") return found;
  const { bytes, removals, number, state, history } = found;
  const survey = await found.redactor.survey(bytes, removals);
  if (survey.kind === "refused") return { kind: "refused", reasons: survey.findings.map((finding) => paperReason(desk, number, finding)) };
  const view = await viewName(desk, survey.view);
  const regions = removals.removals.filter(({ target }) => target.kind === "region");
  const isGiven = customerCopies(history).some((given) => given.paper === copy.paper && given.view === view);
  const approved = state.view === view ? state.approved : new Set<number>();
  return { kind: "open", audience: copy.audience, number, view, pages: survey.pages, findings: survey.findings, approved, regions, isGiven };
}

async function paperAndView(desk: Desk, caseId: CaseId, by: Actor, { paper, audience }: PaperCopy) {
  const history = await readCase(desk, caseId);
  const number = (releaseOf(history).check?.papers ?? []).indexOf(paper) + 1;
  const { redactor } = desk.ports;
  if (number === 0) return paperRefused(desk, "NO_SUCH_PAPER", "The production that was checked holds no such PDF. Open the list again.");
  if (redactor === undefined) return paperRefused(desk, "NO_REDACTOR", "Papers cannot be redacted: this desk runs without the program that does it.");
  const barred = await putOnRecord(desk, caseId, by, paper);
  if (barred !== undefined) return barred;
  const found = await findPaper(desk, caseId, paper);
  if (found === undefined)
    return paperRefused(desk, "PAPER_GONE", `PDF ${number} is in no source any more, or the sources cannot be read. Compile and check the plan again.`);
  const redaction = redactionOf(history);
  const removals: View = await paperView({ desk, redaction, all: inText(await rulesOf(desk, history)) }, paper, audience);
  const seen = redaction.papers.get(paper) ?? untouched;
  const state: SeenPages = audience === "customer" ? seen.customer : seen;
  return { kind: "found" as const, ...found, redactor, number, removals, history, state };
}

function paperRefused(desk: Desk, code: string, because: string): Refused {
  return { kind: "refused", reasons: [{ clause: cite(desk.policy, "IGRP-9", "KDRP-5"), code, because }] };
}

function paperReason(desk: Desk, number: number, { code, because }: PaperFinding): Reason {
  return { clause: cite(desk.policy, "IGRP-9", "KDRP-5"), code, because: `PDF ${number}: ${because}` };
}

/** One page as a picture: as it came, or as the officer will see it. */
export async function pageImage(
  desk: Desk,
  caseId: CaseId,
  by: Actor,
  { page, as, ...copy }: PaperCopy & { readonly page: number; readonly as: "original" | "redacted" },
): Promise<PageImageOutcome | Refused> {
  const found = await paperAndView(desk, caseId, by, copy);
  if (found.kind === "refused") return found;
  return as === "original" ? found.redactor.renderPage(found.bytes, page) : found.redactor.renderPage(found.bytes, page, found.removals);
}

/** The regions of one paper that were marked by hand; each call replaces them all. */
export async function markRegions(desk: Desk, caseId: CaseId, by: Actor, paper: string, regions: readonly Removal[]): Promise<Handled> {
  const against = checkRemovals(regions);
  if (against.length > 0) return { kind: "refused", reasons: against };
  const officers = removalsFor("officer", regions).length;
  const marks = { regions: JSON.parse(JSON.stringify(regions)) as unknown };
  return handle(desk, {
    caseId,
    by,
    askers: ["desk"],
    command: {
      type: "MarkPaper",
      paper,
      regions: officers,
      ...(officers === regions.length ? {} : { customer: regions.length - officers }),
      reasons: countReasons(regions),
      private: marks,
    },
  });
}

/** Drops the marks of papers that are not there any more, so that those that are can be marked. */
export async function dropLostMarks(desk: Desk, caseId: CaseId, by: Actor): Promise<void> {
  for (const paper of await findLostPapers(desk, caseId)) await markRegions(desk, caseId, by, paper, []);
}

export async function findLostPapers(desk: Desk, caseId: CaseId): Promise<readonly string[]> {
  const history = await readCase(desk, caseId);
  const { check } = releaseOf(history);
  return check === undefined ? [] : lostPapers(history, check);
}

export async function regionsOf(desk: Desk, caseId: CaseId, paper: string): Promise<readonly Removal[]> {
  const marked = redactionOf(await readCase(desk, caseId)).papers.get(paper)?.marked;
  return marked === undefined ? [] : openRegions(desk, marked);
}

/** Approves pages as they were seen: when anything else is taken out by now, the approval is refused. */
export async function approvePages(
  desk: Desk,
  caseId: CaseId,
  by: Actor,
  { paper, audience, ...seen }: PaperCopy & { readonly view: string; readonly pages: readonly number[] },
): Promise<Handled> {
  const { rules } = redactionOf(await readCase(desk, caseId));
  const opened = await openPaper(desk, caseId, by, { paper, audience });
  if (opened.kind === "refused") return opened;
  if (opened.view !== seen.view) return paperRefused(desk, "OTHER_VIEW", otherView);
  return handle(desk, {
    caseId,
    by,
    askers: ["desk"],
    command: {
      type: "ApprovePages",
      paper,
      ...seen,
      ...(audience === "customer" ? { audience } : {}),
      of: opened.pages.length,
      ...(rules === undefined ? {} : { rules: rules.rules }),
    },
  });
}

const otherView = "What is taken out of this paper has changed since you looked at it. Look at the page again.";

/** Makes the customer's copy of a paper, as every page of it was approved, and lets the customer read it beside the letter. */
export async function giveCustomerCopy(desk: Desk, caseId: CaseId, by: Actor, paper: string, view: string): Promise<Handled> {
  const copy = { paper, audience: "customer" } as const;
  const found = await paperAndView(desk, caseId, by, copy);
  if (found.kind === "refused") return found;
  const { bytes, removals, number, state, workspace } = found;
  if (workspace === undefined) return paperRefused(desk, "NO_WORKSPACE", `PDF ${number} belongs to no workspace that could be told from its record.`);
  const barred = giveCustomerCopyStep.against(found.history, caseCircumstances(desk, found.history, by));
  if (barred.length > 0) return { kind: "refused", reasons: barred };
  if (state.view !== view) return paperRefused(desk, "OTHER_VIEW", otherView);
  const made = await approvedCopy(desk, bytes, { named: `PDF ${number}`, clause: cite(desk.policy, "IGRP-9", "KDRP-5"), view: removals, seen: state });
  if (made.kind === "refused") return { kind: "refused", reasons: [made.reason] };
  const stored = await desk.ports.objects.put(desk.id, caseId, [made.pdf]);
  const redactions = Object.fromEntries(made.log.totals.map(({ reason, removals: times }) => [reason, times]));
  const handled = await handle(desk, {
    caseId,
    by,
    askers: ["desk"],
    command: { type: "GiveCustomerCopy", paper, view, workspace, object: stored.objectId, pages: made.pages, redactions },
  });
  if (handled.kind === "refused") await desk.ports.objects.remove(desk.id, caseId, stored.objectId);
  return handled;
}
