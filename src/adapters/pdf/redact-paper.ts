// Makes the view of a paper for one audience: first where boxes must stand on every page, then the copy with what is under them gone.
import { createHash } from "node:crypto";
import type { Approvals, PageImageOutcome, PaperFinding, SurveyedPage, View } from "../../app/redaction-port.ts";
import { type FindHits, type Hit, hitFinder } from "../../production/redact/find-hits.ts";
import { foldTerm } from "../../production/redact/fold-text.ts";
import {
  type PageText,
  type PageWord,
  type PlacedBox,
  boxesForHits,
  boxesForWords,
  coveredWords,
  pageText,
  touchedWords,
  wordsOf,
} from "../../production/redact/page-words.ts";
import { type RedactionLog, removalCounter } from "../../production/redact/redaction-log.ts";
import { type Box, type Removal, checkRemovals, removalsFor } from "../../production/redact/removals.ts";
import { type OpenPaper, type Opening, type PaperLimits, withPaper } from "./open-paper.ts";
import { type PaperPage, type ReadPage, drawPage, hideText, kinds, objectsOf, readPage, withPage } from "./paper-page.ts";
import type { Engine } from "../pdf-engine.ts";
import { giveBack } from "../give-back.ts";
import { burn, differs, pixelsPerPointFor, pngOf, samplesOf } from "./picture.ts";
import { copyWriter } from "./write-copy.ts";

export interface RedactionLimits extends PaperLimits {
  readonly pixelsPerPage: number;
  readonly copyBytes: number;
}

export const redactionLimits: RedactionLimits = { bytes: 256 * 1024 * 1024, pages: 10_000, pixelsPerPage: 20_000_000, copyBytes: 1024 * 1024 * 1024 };

export interface Surveyed {
  readonly view: string;
  readonly pages: readonly SurveyedPage[];
  readonly findings: readonly PaperFinding[];
}

export type Refusable<Result> =
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "refused"; readonly findings: readonly [PaperFinding, ...PaperFinding[]] };

type OnPage = (done: number, of: number) => void;

interface Job {
  readonly engine: Engine;
  readonly bytes: Uint8Array;
  readonly view: View;
  readonly limits: RedactionLimits;
  readonly onPage: OnPage;
}

/** Where boxes will stand, page by page. */
export function surveyPaper(job: Job): Refusable<Surveyed> {
  const bad = badRemovals(job.view);
  if (bad !== undefined) return bad;
  return settled(
    withPaper(job.engine, job.bytes, job.limits, (paper) => {
      const { pages, findings } = planPages(job, paper);
      return { kind: "done", result: { view: viewId(job.bytes, job.view), pages, findings: [...paper.findings, ...findings] } };
    }),
  );
}

/** The name of one view of one paper: another paper, removal or audience has another. */
function viewId(bytes: Uint8Array, view: View): string {
  return createHash("sha256")
    .update(createHash("sha256").update(bytes).digest())
    .update(JSON.stringify([view.audience, removalsFor(view.audience, view.removals)]))
    .digest("hex");
}

function badRemovals(view: View): Refusable<never> | undefined {
  const [first, ...rest] = checkRemovals(view.removals).map(({ because }): PaperFinding => ({ code: "BAD_REMOVALS", weight: "refuses", because }));
  return first === undefined ? undefined : { kind: "refused", findings: [first, ...rest] };
}

function settled<Result>(opening: Opening<Refusable<Result>>): Refusable<Result> {
  return opening.kind === "refused" ? opening : opening.result;
}

interface Planned {
  readonly pages: readonly SurveyedPage[];
  readonly findings: readonly PaperFinding[];
}

/** How far a name may reach over the end of a page, in UTF-16 units. */
const overlap = 400;

function planPages(job: Job, paper: OpenPaper): Planned {
  const removals = removalsFor(job.view.audience, job.view.removals);
  const find = hitFinder(removals);
  const pages: SurveyedPage[] = [];
  const findings: PaperFinding[] = [];
  let before: ReadForPlan | undefined;
  for (let index = 0; index < paper.pageCount; index++) {
    const read = withPage(job.engine, paper, index, true, readForPlan);
    if (read === undefined) findings.push(brokenPage(index + 1));
    else {
      findings.push(...aboutPage(read, index + 1));
      pages.push(surveyed(read, index + 1, removals, find(read.text.text)));
      if (before !== undefined) addOverPages(pages, before, read, removals, find);
    }
    before = read;
    job.onPage(index + 1, paper.pageCount * 2);
  }
  return { pages, findings };
}

interface ReadForPlan extends ReadPage {
  readonly words: readonly PageWord[];
  readonly width: number;
  readonly height: number;
  readonly pictures: number;
  readonly withoutNotes: boolean;
}

function readForPlan(page: PaperPage): ReadForPlan {
  const read = readPage(page);
  const pictures = objectsOf(page).filter(({ kind }) => kind === kinds.image).length;
  return { ...read, words: wordsOf(read.text), width: page.width, height: page.height, pictures, withoutNotes: page.withoutNotes };
}

function surveyed(read: ReadForPlan, number: number, removals: readonly Removal[], hits: readonly Hit[]): SurveyedPage {
  const { width, height, pictures } = read;
  const regions = removals.flatMap(({ target }, removal): PlacedBox[] =>
    target.kind === "region" && target.page === number ? [{ box: target.box, removal }] : [],
  );
  const boxes = withReasons([...regions, ...boxesForHits(read.text, read.words, hits, removals)], removals);
  return { page: number, width, height, words: read.words.length, pictures, boxes };
}

function withReasons(boxes: readonly PlacedBox[], removals: readonly Removal[]): SurveyedPage["boxes"] {
  const seen = new Set<string>();
  return boxes.flatMap(({ box, removal }) => {
    const key = JSON.stringify([box, removal]);
    const reason = removals[removal]?.reason;
    if (seen.has(key) || reason === undefined) return [];
    seen.add(key);
    return [{ box, removal, reason }];
  });
}

/** What begins at the end of one page and ends at the beginning of the next. */
function addOverPages(pages: SurveyedPage[], before: ReadForPlan, after: ReadForPlan, removals: readonly Removal[], find: FindHits): void {
  const tail = before.text.text.slice(-overlap);
  const skipped = before.text.text.length - tail.length;
  const seam = tail.length + 1;
  const crossing = find(`${tail}\n${after.text.text.slice(0, overlap)}`).filter((hit) => hit.from < tail.length && hit.to > seam);
  const add = (at: number, read: ReadForPlan, hits: readonly Hit[]): void => {
    const page = pages.at(at);
    if (page === undefined) return;
    const known = page.boxes.map(({ box, removal }) => ({ box, removal }));
    pages.splice(at, 1, { ...page, boxes: withReasons([...known, ...boxesForHits(read.text, read.words, hits, removals)], removals) });
  };
  add(
    pages.length - 2,
    before,
    crossing.map((hit) => ({ ...hit, from: hit.from + skipped, to: before.text.text.length })),
  );
  add(
    pages.length - 1,
    after,
    crossing.map((hit) => ({ ...hit, from: 0, to: hit.to - seam })),
  );
}

function brokenPage(page: number): PaperFinding {
  return { code: "PDF_PAGE_BROKEN", weight: "refuses", page, because: `Page ${page} could not be opened. Fetch the paper again, or take the page out.` };
}

const garbled = /[\ufffd\ue000-\uf8ff]/g;

function aboutPage(read: ReadForPlan, page: number): PaperFinding[] {
  const findings: PaperFinding[] = [];
  const look = (code: PaperFinding["code"], because: string): void => void findings.push({ code, weight: "look", page, because });
  const { text } = read.text;
  if (read.cut) findings.push({ code: "PDF_TOO_LARGE", weight: "refuses", page, because: `Page ${page} holds more text than can be searched. Split it.` });
  if (read.words.length === 0) look("NO_TEXT_ON_PAGE", `Page ${page} has no text that can be searched. Read it by eye and draw regions.`);
  if (text.length >= 20 && (text.match(garbled)?.length ?? 0) / text.length > 0.1)
    look("TEXT_GARBLED", `The letters of page ${page} do not say which characters they are, so nothing can be found there. Read it by eye and draw regions.`);
  if (read.withoutNotes) look("ANNOTATIONS_LEFT_OUT", `The notes on page ${page} could not be drawn and are not in the copy. See whether they matter.`);
  return findings;
}

export interface RedactedPaper {
  readonly pdf: Uint8Array;
  readonly pages: number;
  readonly log: RedactionLog;
  readonly findings: readonly PaperFinding[];
  /** Words that stood under a box or unseen and nowhere else, folded: the check must not meet them in any page's text. */
  readonly goneWords: ReadonlySet<string>;
}

/** The copy, not yet checked: only the caller that checks it may hand it out. */
export function redactPaper(job: Job, approvals: Approvals): Refusable<RedactedPaper> {
  const bad = badRemovals(job.view);
  if (bad !== undefined) return bad;
  if (approvals.view !== viewId(job.bytes, job.view))
    return refusedBy({
      code: "STALE_APPROVAL",
      weight: "refuses",
      because: "The approval is for another paper, audience or set of removals. Look through the pages again.",
    });
  return settled(withPaper(job.engine, job.bytes, job.limits, (paper) => copyPaper(job, paper, approvals)));
}

function refusedBy(finding: PaperFinding): Refusable<never> {
  return { kind: "refused", findings: [finding] };
}

function copyPaper(job: Job, paper: OpenPaper, approvals: Approvals): Refusable<RedactedPaper> {
  const missing = Array.from({ length: paper.pageCount }, (_, index) => index + 1).filter((page) => !approvals.pages.includes(page));
  if (missing.length > 0)
    return refusedBy({
      code: "PAGE_NOT_APPROVED",
      weight: "refuses",
      page: missing[0] ?? 1,
      because: `${missing.length} of ${paper.pageCount} pages are not approved; the first is page ${missing[0]}. Approve every page.`,
    });
  const plan = planPages(job, paper);
  const [refusal, ...more] = plan.findings.filter(({ weight }) => weight === "refuses");
  if (refusal !== undefined) return { kind: "refused", findings: [refusal, ...more] };
  return writePages(job, paper, plan);
}

function writePages(job: Job, paper: OpenPaper, plan: Planned): Refusable<RedactedPaper> {
  const removals = removalsFor(job.view.audience, job.view.removals);
  const find = hitFinder(removals);
  const writer = copyWriter();
  const counter = removalCounter(job.view.audience);
  const findings = [...paper.findings, ...plan.findings];
  const [gone, kept] = [new Set<string>(), new Set<string>()];
  for (const planned of plan.pages) {
    const made = withPage(job.engine, paper, planned.page - 1, true, (page) => makePage(page, planned, job.limits, removals, find));
    if (made === undefined) return refusedBy(brokenPage(planned.page));
    writer.add({ width: planned.width, height: planned.height, picture: samplesOf(made.picture, planned.pictures), lines: made.lines });
    giveBack(made.picture.pixels);
    for (const { reason } of made.boxes) counter.count(reason, { kind: "page", page: planned.page });
    for (const word of made.gone) gone.add(word);
    for (const word of made.kept) kept.add(word);
    findings.push(...made.findings);
    if (writer.size() > job.limits.copyBytes)
      return refusedBy({ code: "PDF_TOO_LARGE", weight: "refuses", because: "The copy would be too large. Split the paper." });
    job.onPage(paper.pageCount + planned.page, paper.pageCount * 2);
  }
  const goneWords = new Set([...gone].filter((word) => !kept.has(word)));
  return { kind: "done", result: { pdf: writer.finish(), pages: paper.pageCount, log: counter.log(), findings, goneWords } };
}

interface MadePage {
  readonly picture: ReturnType<typeof drawPage>;
  readonly lines: readonly (readonly string[])[];
  readonly boxes: SurveyedPage["boxes"];
  readonly gone: readonly string[];
  readonly kept: readonly string[];
  readonly findings: readonly PaperFinding[];
}

function makePage(page: PaperPage, planned: SurveyedPage, limits: RedactionLimits, removals: readonly Removal[], find: FindHits): MadePage {
  const { scale, coarser } = pixelsPerPointFor(page, limits.pixelsPerPage);
  const { picture, text } = seenText(page, scale, "hidden");
  const words = wordsOf(text);
  const boxes = withReasons([...planned.boxes, ...hitsInSight(text, words, removals, find)], removals);
  const [regions = [], found = []] = [true, false].map((isRegion) =>
    boxes.filter(({ removal }) => (removals[removal]?.target.kind === "region") === isRegion).map(({ box }) => box),
  );
  // A word that a region cuts goes as a whole, from the picture as from the text. A box for words has the height of their line already.
  const touchedByRegion = touchedWords(text, words, regions);
  const cut = boxesForWords(text, words, (index) => touchedByRegion[index] === true);
  const covered = coveredWords(text, words, [...found, ...cut]);
  const touched = words.map((_, index) => touchedByRegion[index] === true || covered[index] === true);
  burn(picture, [...regions, ...found, ...cut], scale);
  const remains = words.map((word, index) => !word.hidden && touched[index] === false);
  const hidden = words.filter((word) => word.hidden && hasLetter(word.text)).length;
  return {
    picture,
    lines: linesOf(words, remains, touched),
    boxes,
    gone: tokens(words.filter((_, index) => remains[index] === false)),
    kept: tokens(words.filter((_, index) => remains[index] === true)),
    findings: aboutCopy(planned.page, hidden, coarser),
  };
}

function aboutCopy(page: number, hidden: number, coarser: boolean): PaperFinding[] {
  return [
    ...(hidden === 0
      ? []
      : [
          {
            code: "HIDDEN_TEXT_LEFT_OUT",
            weight: "look",
            page,
            because: `Page ${page} has ${hidden} words that can be read but not seen. They are not in the copy.`,
          } as const,
        ]),
    ...(coarser
      ? [
          {
            code: "PAGE_MADE_COARSER",
            weight: "look",
            page,
            because: `Page ${page} is so large that its picture is coarse. See whether it can be read.`,
          } as const,
        ]
      : []),
  ];
}

const invisible: ReadonlySet<number> = new Set([3, 7]);

/**
 * The page's picture, and its text with a mark on every character that changes nothing in the picture when it is not drawn. With
 * `hidden` also on those that lie on others: a copy leaves them out of its text, while they are no sign of a bad redaction.
 */
export function seenText(
  page: PaperPage,
  scale: number,
  overprints: "kept" | "hidden",
): { readonly picture: ReturnType<typeof drawPage>; readonly read: ReadPage; readonly text: PageText } {
  const read = readPage(page);
  const picture = drawPage(page, scale);
  if (read.characters.length === 0) return { picture, read, text: read.text };
  const modes = new Map<number, number>();
  const objects = objectsOf(page);
  for (const { handle, kind } of objects) if (kind === kinds.text) modes.set(handle, page.engine.FPDFTextObj_GetTextRenderMode(handle));
  hideText(page, objects);
  const bare = drawPage(page, scale);
  const overprinted = overprints === "hidden" ? overprintedIn(read.characters) : new Set<number>();
  const characters = read.characters.map((character, index) => {
    const { box, text } = character;
    if (box === undefined || !hasLetter(text)) return character;
    const isHidden = overprinted.has(index) || invisible.has(modes.get(character.object) ?? 0) || !differs(picture, bare, box, scale);
    return isHidden ? { ...character, hidden: true } : character;
  });
  giveBack(bare.pixels);
  return { picture, read: { ...read, characters }, text: pageText(characters) };
}

/** Side of the squares in which neighbours are looked for, in points. */
const square = 16;

/**
 * Characters of different objects that lie on each other. Which of them is seen the picture does not tell, so neither goes into the
 * copy's text; the same letter printed twice is bold type.
 */
function overprintedIn(characters: ReadPage["characters"]): ReadonlySet<number> {
  const found = new Set<number>();
  const squares = new Map<string, number[]>();
  for (const [index, { box, text, object }] of characters.entries()) {
    if (box === undefined || !hasLetter(text)) continue;
    for (const place of squaresOf(box)) {
      const neighbours = squares.get(place) ?? [];
      for (const other of neighbours) {
        const there = characters[other];
        if (there?.box === undefined || there.object === object || there.text === text || !liesOn(box, there.box)) continue;
        found.add(index).add(other);
      }
      if (neighbours.length < 200) squares.set(place, [...neighbours, index]);
    }
  }
  return found;
}

function squaresOf({ left, top, width, height }: Box): readonly string[] {
  const [across, down] = [Math.min(8, Math.floor(width / square) + 2), Math.min(8, Math.floor(height / square) + 2)];
  return Array.from(
    { length: across * down },
    (_, index) => `${Math.floor(left / square) + (index % across)},${Math.floor(top / square) + Math.floor(index / across)}`,
  );
}

/** A third of the smaller one lies in the other: of two that touch less, as lines that stand close do, both are seen. */
function liesOn(one: Box, other: Box): boolean {
  const across = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const down = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return across > 0 && down > 0 && across * down * 3 > Math.min(one.width * one.height, other.width * other.height);
}

export function hasLetter(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** Where unseen words stand between two that are seen, a reader sees the two side by side. */
function hitsInSight(text: PageText, words: readonly PageWord[], removals: readonly Removal[], find: FindHits): PlacedBox[] {
  if (words.every(({ hidden }) => !hidden)) return [];
  const unseen = new Set(words.filter(({ hidden }) => hidden).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)));
  const inSight = pageText(text.characters.map((character, index) => (unseen.has(index) ? { ...character, text: "\u200b" } : character)));
  return boxesForHits(inSight, words, find(inSight.text), removals);
}

/** Stands where words were taken out, so that the words beside a box do not meet. */
const mark = "[x]";

function linesOf(words: readonly PageWord[], remains: readonly boolean[], touched: readonly boolean[]): string[][] {
  const lines = new Map<number, string[]>();
  for (const [index, word] of words.entries()) {
    const line = lines.get(word.line) ?? [];
    lines.set(word.line, line);
    if (remains[index] === true) {
      const text = cleaned(word.text);
      const last = line.at(-1);
      if (word.glued && remains[index - 1] === true && last !== undefined) line.splice(-1, 1, last + text);
      else if (text !== "") line.push(text);
    } else if (touched[index] === true && line.at(-1) !== mark) line.push(mark);
  }
  return [...lines.values()];
}

/** The engine's sign for a hyphen at the end of a line is one; signs that nobody sees are left out. */
function cleaned(text: string): string {
  return text.replaceAll(/[\u0002\ufffe]/g, "-").replaceAll(/[\p{Cc}\p{Cf}\p{Co}\uffff]/gu, "");
}

function tokens(words: readonly PageWord[]): string[] {
  return words.flatMap(({ text }) =>
    foldTerm(text)
      .split(" ")
      .filter((token) => token.length > 2),
  );
}

/** One page as PNG, as it is or as a view will show it. */
export function pagePicture(
  job: Omit<Job, "view" | "onPage">,
  number: number,
  view?: View,
): Refusable<Extract<PageImageOutcome, { readonly kind: "rendered" }>> {
  const bad = view === undefined ? undefined : badRemovals(view);
  if (bad !== undefined) return bad;
  return settled(
    withPaper(job.engine, job.bytes, job.limits, (paper) => {
      if (!Number.isSafeInteger(number) || number < 1 || number > paper.pageCount)
        return refusedBy({ code: "NO_SUCH_PAGE", weight: "refuses", because: `The paper has ${paper.pageCount} pages. Ask for one of them.` });
      return drawOne(job, paper, number, view) ?? refusedBy(brokenPage(number));
    }),
  );
}

function drawOne(
  job: Omit<Job, "view" | "onPage">,
  paper: OpenPaper,
  number: number,
  view: View | undefined,
): Refusable<Extract<PageImageOutcome, { readonly kind: "rendered" }>> | undefined {
  const planned = view === undefined ? undefined : planAround(job, paper, number, view);
  const removals = view === undefined ? [] : removalsFor(view.audience, view.removals);
  return withPage(job.engine, paper, number - 1, true, (page) => {
    const { scale } = pixelsPerPointFor(page, job.limits.pixelsPerPage);
    const picture = planned === undefined ? drawPage(page, scale) : makePage(page, planned, job.limits, removals, hitFinder(removals)).picture;
    const samples = samplesOf(picture, planned?.pictures ?? 1);
    giveBack(picture.pixels);
    const png = pngOf(samples);
    giveBack(samples.bytes);
    return { kind: "done", result: { kind: "rendered", png, width: picture.width, height: picture.height } };
  });
}

/** The plan of one page: its neighbours matter, because a name may begin or end on them. */
function planAround(job: Omit<Job, "view" | "onPage">, paper: OpenPaper, number: number, view: View): SurveyedPage | undefined {
  const removals = removalsFor(view.audience, view.removals);
  const find = hitFinder(removals);
  const pages: SurveyedPage[] = [];
  let before: ReadForPlan | undefined;
  for (let page = Math.max(1, number - 1); page <= Math.min(paper.pageCount, number + 1); page++) {
    const read = withPage(job.engine, paper, page - 1, true, readForPlan);
    if (read !== undefined) {
      pages.push(surveyed(read, page, removals, find(read.text.text)));
      if (before !== undefined) addOverPages(pages, before, read, removals, find);
    }
    before = read;
  }
  return pages.find((each) => each.page === number);
}
