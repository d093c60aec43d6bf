// Looks for redactions that do not hold: text that can be read although nobody sees it, and earlier states that still have what the last one lost.
import type { BadRedaction, PaperFinding } from "../../app/redaction-port.ts";
import { goneCheck, tokensOf } from "../../production/redact/check-gone.ts";
import { type PageWord, overlaps, unionOf, wordsOf } from "../../production/redact/page-words.ts";
import type { Box } from "../../production/redact/removals.ts";
import { openWithSecondEngine, wordsIn } from "./find-leaks.ts";
import { type OpenPaper, type PaperLimits, withPaper } from "./open-paper.ts";
import { type PageObject, type PaperPage, type ReadCharacter, drawPage, kinds, objectsOf, readPage, withPage } from "./paper-page.ts";
import type { Engine } from "../pdf-engine.ts";
import { withMemory } from "./engine-memory.ts";
import { type Picture, apart, differs, pixelAt, pixelsPerPointFor } from "./picture.ts";
import { type Refusable, hasLetter, seenText } from "./redact-paper.ts";

interface InspectionLimits extends PaperLimits {
  readonly pixelsPerPage: number;
}

interface Inspected {
  readonly bad: readonly BadRedaction[];
  readonly findings: readonly PaperFinding[];
}

interface Inspection {
  readonly engine: Engine;
  readonly bytes: Uint8Array;
  readonly terms: readonly string[];
  readonly limits: InspectionLimits;
  readonly onPage: (done: number, of: number) => void;
}

export async function inspectPaper(job: Inspection): Promise<Refusable<Inspected>> {
  const opening = withPaper(job.engine, job.bytes, job.limits, (paper) => {
    const onPages = Array.from({ length: paper.pageCount }, (_, index) => inspectPage(job, paper, index));
    return { bad: [...onPages.flat(), ...attachments(job.engine, paper)], findings: paper.findings, words: wordsOfPaper(job.engine, paper) };
  });
  if (opening.kind === "refused") return opening;
  const { bad, findings, words } = opening.result;
  const beside = [...hiddenLayers(job.bytes), ...earlierRevisions(job, words), ...(await besidePages(job.bytes, job.terms))];
  return { kind: "done", result: { bad: [...bad, ...beside], findings } };
}

type Code = BadRedaction["code"];

const classOf: { readonly [code in Code]: BadRedaction["class"] } = {
  TEXT_UNDER_RECTANGLE: 1,
  TEXT_UNDER_IMAGE: 1,
  TEXT_UNDER_ANNOTATION: 2,
  TEXT_IN_BACKGROUND_COLOUR: 3,
  INVISIBLE_TEXT: 4,
  OCR_UNDER_IMAGE: 4,
  TINY_TEXT: 4,
  CLIPPED_TEXT: 4,
  TEXT_OFF_PAGE: 5,
  HIDDEN_LAYER: 5,
  EARLIER_REVISION: 6,
  ATTACHMENT: 6,
  THUMBNAIL: 6,
  OUTLINE_OR_METADATA: 6,
};

function badRedaction(code: Code, more: Omit<BadRedaction, "code" | "class"> = {}): BadRedaction {
  return { code, class: classOf[code], ...more };
}

function inspectPage(job: Inspection, paper: OpenPaper, index: number): BadRedaction[] {
  const codes = withPage(job.engine, paper, index, false, (page) => {
    const { scale } = pixelsPerPointFor(page, job.limits.pixelsPerPage);
    return [...hiddenWords(page, scale), ...(hasThumbnail(job.engine, page.page) ? ["THUMBNAIL" as const] : [])];
  });
  job.onPage(index + 1, paper.pageCount);
  return [...Map.groupBy(codes ?? [], (code) => code)].map(([code, all]) =>
    badRedaction(code, code === "THUMBNAIL" ? { page: index + 1 } : { page: index + 1, words: all.length }),
  );
}

interface Scene {
  readonly page: PaperPage;
  readonly scale: number;
  readonly objects: readonly PageObject[];
  readonly characters: readonly ReadCharacter[];
  /** With notes over it, as a reader's program shows it, and the same without text. */
  readonly shown?: { readonly picture: Picture; readonly bare: Picture };
  readonly picture: Picture;
}

/** Why each word is hidden that can be read and not seen. */
function hiddenWords(page: PaperPage, scale: number): Code[] {
  const withNotes = page.engine.FPDFPage_GetAnnotCount(page.page) > 0;
  const shown = withNotes ? drawPage(page, scale, true) : undefined;
  const { picture, read, text } = seenText(page, scale, "kept");
  if (read.characters.length === 0) return [];
  const bare = shown === undefined ? undefined : drawPage(page, scale, true);
  const objects = objectsOf(page);
  const scene: Scene = {
    page,
    scale,
    objects,
    characters: read.characters,
    picture,
    ...(shown !== undefined && bare !== undefined ? { shown: { picture: shown, bare } } : {}),
  };
  const words = wordsOf(text).filter((word) => hasLetter(word.text) && !isLabel(word.text));
  return words.flatMap((word) => {
    const why = whyHidden(scene, word);
    return why === undefined ? [] : [why];
  });
}

/** What programs that redact write into their boxes: it says why something is gone, and not what. */
const labels: ReadonlySet<string> = new Set(["redacted", "redaction", "privilege", "privileged", "confidential", "sealed", "exempt"]);

function isLabel(word: string): boolean {
  return tokensOf(word).every((token) => labels.has(token));
}

const tiniest = 1.2;
const [notPainted, onlyClips] = [3, 7];

function whyHidden(scene: Scene, word: PageWord): Code | undefined {
  const letters = scene.characters.slice(word.from, word.to).filter(({ text, box }) => box !== undefined && hasLetter(text));
  const place = unionOf(letters.flatMap(({ box }) => (box === undefined ? [] : [box])));
  if (place === undefined) return undefined;
  const unseen = letters.filter(({ hidden }) => hidden === true);
  if (unseen.length > 0) return whyNotDrawn(scene, unseen[0] ?? letters[0], place);
  const { shown, scale } = scene;
  if (shown !== undefined && letters.some(({ box }) => box !== undefined && !differs(shown.picture, shown.bare, box, scale))) return "TEXT_UNDER_ANNOTATION";
  return Math.min(place.height, place.width) > 0 && letters.every(({ box }) => Math.max(box?.height ?? 0, box?.width ?? 0) < tiniest) ? "TINY_TEXT" : undefined;
}

function whyNotDrawn(scene: Scene, letter: ReadCharacter | undefined, place: Box): Code | undefined {
  if (letter === undefined) return undefined;
  const { engine, width, height } = scene.page;
  const onPage = { left: 0, top: 0, width, height };
  if (!overlaps(place, onPage)) return "TEXT_OFF_PAGE";
  if (Math.max(place.height, place.width) === 0) return undefined;
  const index = scene.objects.findIndex(({ handle }) => handle === letter.object);
  const mode = letter.object === 0 ? 0 : engine.FPDFTextObj_GetTextRenderMode(letter.object);
  if (mode === notPainted || mode === onlyClips)
    return scene.objects.some((object) => object.kind === kinds.image && overlapsWith(object, place)) ? "OCR_UNDER_IMAGE" : "INVISIBLE_TEXT";
  if (isInLayer(engine, letter.object)) return "HIDDEN_LAYER";
  if (Math.max(letter.box?.height ?? 0, letter.box?.width ?? 0) < tiniest) return "TINY_TEXT";
  const over = scene.objects.slice(index + 1).filter((object) => index >= 0 && overlapsWith(object, letter.box ?? place));
  if (over.some(({ kind }) => kind === kinds.path || kind === kinds.shading)) return "TEXT_UNDER_RECTANGLE";
  if (over.some(({ kind }) => kind === kinds.image || kind === kinds.form)) return "TEXT_UNDER_IMAGE";
  return hasColourOfGround(scene, letter, place) ? "TEXT_IN_BACKGROUND_COLOUR" : "CLIPPED_TEXT";
}

function overlapsWith(object: PageObject, place: Box): boolean {
  return object.box !== undefined && overlaps(object.box, place);
}

const nearly = 24;

function hasColourOfGround({ page, picture, scale }: Scene, letter: ReadCharacter, place: Box): boolean {
  const ground = pixelAt(picture, (place.left + place.width / 2) * scale, (place.top + place.height / 2) * scale);
  const colour = withMemory(page.engine, 16, (memory) => {
    if (!page.engine.FPDFPageObj_GetFillColor(letter.object, memory, memory + 4, memory + 8, memory + 12)) return undefined;
    const [red = 0, green = 0, blue = 0, alpha = 0] = page.engine.pdfium.HEAPU32.subarray(memory >> 2, (memory >> 2) + 4);
    return alpha === 0 ? ground : (red << 16) | (green << 8) | blue;
  });
  return colour !== undefined && apart(colour, ground) <= nearly;
}

const longestMark = 64;

/** Text that belongs to a layer and is not drawn: the layer is switched off. */
function isInLayer(engine: Engine, object: number): boolean {
  if (object === 0) return false;
  return withMemory(engine, longestMark + 4, (memory) => {
    for (let index = 0; index < engine.FPDFPageObj_CountMarks(object); index++) {
      const mark = engine.FPDFPageObj_GetMark(object, index);
      if (mark === 0 || !engine.FPDFPageObjMark_GetName(mark, memory + 4, longestMark, memory)) continue;
      const bytes = engine.pdfium.HEAPU32[memory >> 2] ?? 0;
      const name = Buffer.from(engine.pdfium.HEAPU8.buffer, memory + 4, Math.max(0, Math.min(longestMark, bytes) - 2)).toString("utf16le");
      if (name === "OC") return true;
    }
    return false;
  });
}

function hasThumbnail(engine: Engine, page: number): boolean {
  return engine.FPDFPage_GetRawThumbnailData(page, 0, 0) > 0;
}

function attachments(engine: Engine, paper: OpenPaper): BadRedaction[] {
  return engine.FPDFDoc_GetAttachmentCount(paper.document) > 0 ? [badRedaction("ATTACHMENT")] : [];
}

/** A layer that is off by default holds something nobody sees, be it text or a picture. */
function hiddenLayers(bytes: Uint8Array): BadRedaction[] {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return source.includes("/OCProperties") && /\/OFF\s*\[\s*\d|\/BaseState\s*\/OFF/.test(source) ? [badRedaction("HIDDEN_LAYER")] : [];
}

const mostWords = 500_000;

function wordsOfPaper(engine: Engine, paper: OpenPaper): Set<string> {
  const words = new Set<string>();
  for (let index = 0; index < paper.pageCount && words.size < mostWords; index++)
    for (const word of withPage(engine, paper, index, false, (page) => tokensOf(readPage(page).text.text)) ?? []) words.add(word);
  return words;
}

const mostRevisions = 10;

/** Every earlier end of the file is read as the file it was: words it had and the last state has not were taken out and are still there. */
function earlierRevisions(job: Inspection, words: ReadonlySet<string>): BadRedaction[] {
  const source = Buffer.from(job.bytes.buffer, job.bytes.byteOffset, job.bytes.byteLength);
  const ends: number[] = [];
  for (let at = source.indexOf("%%EOF"); at >= 0; at = source.indexOf("%%EOF", at + 1)) ends.push(at + 5);
  const earlier = ends.slice(0, -1).slice(-mostRevisions);
  const lost = earlier.map((end) => {
    const opening = withPaper(job.engine, job.bytes.subarray(0, end), job.limits, (paper) => wordsOfPaper(job.engine, paper));
    return opening.kind === "opened" ? [...opening.result].filter((word) => !words.has(word)).length : 0;
  });
  const most = Math.max(0, ...lost);
  return most > 0 ? [badRedaction("EARLIER_REVISION", { words: most })] : [];
}

/** Titles, marks and keywords that hold a term although pages may not. Only the second engine tells them. */
async function besidePages(bytes: Uint8Array, terms: readonly string[]): Promise<BadRedaction[]> {
  if (terms.length === 0) return [];
  const gone = goneCheck(terms.map((term) => ({ kind: "term", term })));
  try {
    const document = await openWithSecondEngine(bytes);
    try {
      const { info, metadata } = await document.getMetadata();
      const held = [info, metadata === null ? "" : [...metadata], await document.getOutline()];
      return gone.inText(wordsIn(held).join("\n")) ? [badRedaction("OUTLINE_OR_METADATA")] : [];
    } finally {
      await document.loadingTask.destroy();
    }
  } catch {
    return [];
  }
}
