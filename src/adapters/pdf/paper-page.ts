// One page of a paper: its characters with their places as a reader sees them, and its picture with and without text.
import { type PageText, type PlacedCharacter, pageText } from "../../production/redact/page-words.ts";
import type { Box } from "../../production/redact/removals.ts";
import type { Engine } from "../pdf-engine.ts";
import { withMemory } from "./engine-memory.ts";
import type { OpenPaper } from "./open-paper.ts";
import type { Picture } from "./picture.ts";

export interface PaperPage {
  readonly engine: Engine;
  readonly document: number;
  readonly page: number;
  /** Points, as a reader sees it. */
  readonly width: number;
  readonly height: number;
  readonly toReader: ToReader;
  /** Notes and form fields could not be drawn into the page and are left out. */
  readonly withoutNotes: boolean;
}

/** From the page's own coordinates to points from the top left corner that a reader sees. */
type ToReader = (x: number, y: number) => readonly [number, number];

const flattenFailed = 0;

/** `flat` draws notes and form fields into the page, so that they are found and covered like everything else. None when the page is broken. */
export function withPage<Result>(engine: Engine, paper: OpenPaper, index: number, flat: boolean, use: (page: PaperPage) => Result): Result | undefined {
  let page = engine.FPDF_LoadPage(paper.document, index);
  if (page === 0) return undefined;
  let withoutNotes = false;
  if (flat && engine.FPDFPage_GetAnnotCount(page) > 0) {
    withoutNotes = engine.FPDFPage_Flatten(page, 0) === flattenFailed;
    engine.FPDF_ClosePage(page);
    page = engine.FPDF_LoadPage(paper.document, index);
    if (page === 0) return undefined;
  }
  try {
    const [width, height] = [sizeOf(engine.FPDF_GetPageWidthF(page)), sizeOf(engine.FPDF_GetPageHeightF(page))];
    return use({ engine, document: paper.document, page, width, height, toReader: readerView(engine, page, width, height), withoutNotes });
  } finally {
    engine.FPDF_ClosePage(page);
  }
}

const [smallestPage, largestPage] = [1, 14_400];

/** A page may claim any size; beyond what paper and viewers have it is taken for the largest there is. */
function sizeOf(points: number): number {
  return Number.isFinite(points) ? Math.min(largestPage, Math.max(smallestPage, points)) : 612;
}

/** The engine answers in whole units, so it is asked on a fine grid. */
const fine = 64;

function readerView(engine: Engine, page: number, width: number, height: number): ToReader {
  const at = (x: number, y: number): readonly [number, number] =>
    withMemory(engine, 8, (memory) => {
      engine.FPDF_PageToDevice(page, 0, 0, Math.round(width * fine), Math.round(height * fine), 0, x, y, memory, memory + 4);
      return [(engine.pdfium.HEAP32[memory >> 2] ?? 0) / fine, (engine.pdfium.HEAP32[(memory + 4) >> 2] ?? 0) / fine];
    });
  const step = 1000;
  const [[x0, y0], [xx, yx], [xy, yy]] = [at(0, 0), at(step, 0), at(0, step)];
  const [a, b, c, d] = [(xx - x0) / step, (yx - y0) / step, (xy - x0) / step, (yy - y0) / step];
  return (x, y) => [x0 + a * x + c * y, y0 + b * x + d * y];
}

export interface ReadCharacter extends PlacedCharacter {
  /** The object it was written by, or 0. */
  readonly object: number;
}

export interface ReadPage {
  readonly text: PageText;
  readonly characters: readonly ReadCharacter[];
  /** The page has more characters than are read from one page. */
  readonly cut: boolean;
}

const mostCharacters = 200_000;

export function readPage(page: PaperPage): ReadPage {
  const { engine } = page;
  const handle = engine.FPDFText_LoadPage(page.page);
  if (handle === 0) return { text: pageText([]), characters: [], cut: false };
  try {
    const count = Math.max(0, engine.FPDFText_CountChars(handle));
    const characters = withMemory(engine, 64, (memory) => {
      const found: ReadCharacter[] = [];
      for (let index = 0; index < Math.min(count, mostCharacters); index++) found.push(readCharacter(page, handle, index, memory));
      return found;
    });
    return { text: pageText(characters), characters, cut: count > mostCharacters };
  } finally {
    engine.FPDFText_ClosePage(handle);
  }
}

function readCharacter(page: PaperPage, handle: number, index: number, memory: number): ReadCharacter {
  const { engine } = page;
  const code = engine.FPDFText_GetUnicode(handle, index);
  const text = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  const generated = engine.FPDFText_IsGenerated(handle, index) === 1;
  const object = generated ? 0 : engine.FPDFText_GetTextObject(handle, index);
  const box = generated ? undefined : boxOf(page, handle, index, memory);
  return box === undefined ? { text, object } : { text, object, box };
}

function boxOf(page: PaperPage, handle: number, index: number, memory: number): Box | undefined {
  const { engine } = page;
  // In this order the engine writes left, right, bottom, top.
  if (!engine.FPDFText_GetCharBox(handle, index, memory, memory + 8, memory + 16, memory + 24)) return undefined;
  const doubles = engine.pdfium.HEAPF64;
  const at = memory >> 3;
  return readerBox(page.toReader, doubles[at] ?? 0, doubles[at + 2] ?? 0, doubles[at + 1] ?? 0, doubles[at + 3] ?? 0);
}

function readerBox(toReader: ToReader, left: number, bottom: number, right: number, top: number): Box | undefined {
  const [[x1, y1], [x2, y2]] = [toReader(left, bottom), toReader(right, top)];
  const box = { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
  return [box.left, box.top, box.width, box.height].every(Number.isFinite) ? box : undefined;
}

export const kinds = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;

export interface PageObject {
  readonly handle: number;
  readonly kind: number;
  readonly box?: Box;
}

const mostObjects = 500_000;
const deepestForm = 12;

/** Every object in the order it is drawn, those inside forms too. */
export function objectsOf(page: PaperPage): PageObject[] {
  const { engine } = page;
  const found: PageObject[] = [];
  const walk = (count: number, get: (index: number) => number, depth: number, inForm: PageObject | undefined): void => {
    for (let index = 0; index < count && found.length < mostObjects; index++) {
      const handle = get(index);
      if (handle === 0) continue;
      const kind = engine.FPDFPageObj_GetType(handle);
      // Places inside a form are told in the form's own coordinates; the form's place stands for them.
      const box = inForm === undefined ? boundsOf(page, handle) : inForm.box;
      const object: PageObject = box === undefined ? { handle, kind } : { handle, kind, box };
      found.push(object);
      if (kind === kinds.form && depth < deepestForm)
        walk(engine.FPDFFormObj_CountObjects(handle), (at) => engine.FPDFFormObj_GetObject(handle, at), depth + 1, inForm ?? object);
    }
  };
  walk(engine.FPDFPage_CountObjects(page.page), (at) => engine.FPDFPage_GetObject(page.page, at), 0, undefined);
  return found;
}

function boundsOf(page: PaperPage, handle: number): Box | undefined {
  const { engine } = page;
  return withMemory(engine, 16, (memory) => {
    if (!engine.FPDFPageObj_GetBounds(handle, memory, memory + 4, memory + 8, memory + 12)) return undefined;
    const [left = 0, bottom = 0, right = 0, top = 0] = engine.pdfium.HEAPF32.subarray(memory >> 2, (memory >> 2) + 4);
    return readerBox(page.toReader, left, bottom, right, top);
  });
}

/** Text is no longer drawn; everything else is. Holds until the page is closed. */
export function hideText(page: PaperPage, objects: readonly PageObject[]): void {
  for (const object of objects) if (object.kind === kinds.text) page.engine.FPDFPageObj_SetIsActive(object.handle, false);
}

const blueGreenRedUnused = 3;
const white = 0xffffffff;

/** `notes` draws annotations over the page; a page opened flat has them in it. */
export function drawPage(page: PaperPage, pixelsPerPoint: number, notes = false): Picture {
  const { engine } = page;
  const [width, height] = [Math.max(1, Math.round(page.width * pixelsPerPoint)), Math.max(1, Math.round(page.height * pixelsPerPoint))];
  const bitmap = engine.FPDFBitmap_CreateEx(width, height, blueGreenRedUnused, 0, 0);
  if (bitmap === 0) throw new RangeError("the engine has no memory left to draw this page");
  try {
    engine.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white);
    engine.FPDF_RenderPageBitmap(bitmap, page.page, 0, 0, width, height, 0, notes ? 1 : 0);
    const at = engine.FPDFBitmap_GetBuffer(bitmap);
    const stride = engine.FPDFBitmap_GetStride(bitmap);
    if (stride !== width * 4) throw new Error("the engine pads the rows of a picture where it did not");
    const pixels = new Uint32Array(engine.pdfium.HEAPU8.slice(at, at + stride * height).buffer);
    return { width, height, pixels };
  } finally {
    engine.FPDFBitmap_Destroy(bitmap);
  }
}
