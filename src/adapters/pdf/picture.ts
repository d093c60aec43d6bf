// Pictures of pages: covering parts of them, comparing two of them, and writing them down without any library.
import { crc32, deflateSync } from "node:zlib";
import type { Box } from "../../production/redact/removals.ts";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Blue, green and red from the lowest byte up. */
  readonly pixels: Uint32Array;
}

/** Rows of grey or of red, green and blue. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** A sample's bits: with four, a row that does not fill its last byte is filled up. */
  readonly bits: 4 | 8;
  readonly bytes: Uint8Array;
}

const [finest, coarsest] = [150, 8];
const pointsPerInch = 72;

/** Fine enough to read, and never more pixels than the cap however large the page says it is. */
export function pixelsPerPointFor(
  page: { readonly width: number; readonly height: number },
  mostPixels: number,
): { readonly scale: number; readonly coarser: boolean } {
  const wanted = finest / pointsPerInch;
  const possible = Math.sqrt(mostPixels / (page.width * page.height));
  return possible >= wanted ? { scale: wanted, coarser: false } : { scale: Math.max(coarsest / pointsPerInch / 8, possible), coarser: true };
}

interface Pixels {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Whole pixels, outward: a pixel that is covered in part is covered. */
function pixelsUnder(picture: Picture, box: Box, pixelsPerPoint: number, more = 0): Pixels {
  const inside = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  return {
    left: inside(Math.floor(box.left * pixelsPerPoint) - more, picture.width),
    top: inside(Math.floor(box.top * pixelsPerPoint) - more, picture.height),
    right: inside(Math.ceil((box.left + box.width) * pixelsPerPoint) + more, picture.width),
    bottom: inside(Math.ceil((box.top + box.height) * pixelsPerPoint) + more, picture.height),
  };
}

const black = 0xff000000;

/** Overwrites what is under the boxes; the pixel beside an edge goes too, since letters are blurred over it. */
export function burn(picture: Picture, boxes: readonly Box[], pixelsPerPoint: number): void {
  for (const box of boxes) {
    const { left, top, right, bottom } = pixelsUnder(picture, box, pixelsPerPoint, 1);
    for (let row = top; row < bottom; row++) picture.pixels.fill(black, row * picture.width + left, row * picture.width + right);
  }
}

/** How far two colours may lie apart and still look the same to a reader, by channel. */
const sameToTheEye = 16;

/** Whether any pixel under the box looks different in the other picture. */
export function differs(one: Picture, other: Picture, box: Box, pixelsPerPoint: number): boolean {
  const { left, top, right, bottom } = pixelsUnder(one, box, pixelsPerPoint);
  for (let row = top; row < bottom; row++)
    for (let at = row * one.width + left; at < row * one.width + right; at++) {
      const [mine, theirs] = [one.pixels[at] ?? 0, other.pixels[at] ?? 0];
      if (mine !== theirs && apart(mine, theirs) > sameToTheEye) return true;
    }
  return false;
}

export function apart(one: number, other: number): number {
  return Math.max(
    Math.abs((one & 255) - (other & 255)),
    Math.abs(((one >> 8) & 255) - ((other >> 8) & 255)),
    Math.abs(((one >> 16) & 255) - ((other >> 16) & 255)),
  );
}

export function pixelAt(picture: Picture, x: number, y: number): number {
  const inside = (value: number, most: number): number => Math.max(0, Math.min(most - 1, Math.floor(value)));
  return picture.pixels[inside(y, picture.height) * picture.width + inside(x, picture.width)] ?? 0;
}

/**
 * Grey where nothing on the page has a colour. Sixteen greys where the page holds no `pictures` and little lies between black and white:
 * letters need no more, and a photograph loses nothing.
 */
export function samplesOf(picture: Picture, pictures: number): Samples {
  const { width, height, pixels } = picture;
  const seen = inSixteenGreys(picture);
  if (seen.kind === "colours") return { width, height, channels: 3, bits: 8, bytes: inColour(pixels) };
  if (pictures > 0 || seen.between > pixels.length * edgesOnly) return { width, height, channels: 1, bits: 8, bytes: inGrey(pixels) };
  return { width, height, channels: 1, bits: 4, bytes: seen.bytes };
}

const white = 0xffffffff;
/** Edges of letters are grey. A page with more grey than this is shaded. */
const edgesOnly = 0.2;

function inGrey(pixels: Uint32Array): Uint8Array {
  // An array of bytes keeps the lowest byte of what is put into it: blue, which is what all three are.
  return new Uint8Array(pixels);
}

interface SixteenGreys {
  readonly kind: "greys";
  readonly bytes: Uint8Array;
  /** How many pixels are neither black nor white. */
  readonly between: number;
}

/** In one pass, which ends at the first colour: most pages are white, and a page must not take long. */
function inSixteenGreys({ width, height, pixels }: Picture): SixteenGreys | { readonly kind: "colours" } {
  const row = Math.ceil(width / 2);
  const bytes = new Uint8Array(row * height).fill(255);
  let between = 0;
  for (let line = 0, pixel = 0; line < height; line++) {
    const start = line * row;
    if (width % 2 === 1) bytes[start + row - 1] = 0xf0;
    for (let x = 0; x < width; x++, pixel++) {
      const colour = pixels[pixel] ?? 0;
      if (colour === white) continue;
      if (colour !== black) {
        // Each channel against its neighbour: blue with green, green with red.
        if (((colour ^ (colour >>> 8)) & 0xffff) !== 0) return { kind: "colours" };
        between++;
      }
      const grey = sixteenth[colour & 255] ?? 0;
      const at = start + (x >> 1);
      const kept = bytes[at] ?? 0;
      bytes[at] = (x & 1) === 0 ? (grey << 4) | (kept & 0x0f) : (kept & 0xf0) | grey;
    }
  }
  return { kind: "greys", bytes, between };
}

/** The nearest of sixteen greys, which lie seventeen apart. */
const sixteenth = Uint8Array.from({ length: 256 }, (_, grey) => Math.round(grey / 17));

function inColour(pixels: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(pixels.length * 3);
  for (let index = 0, at = 0; index < pixels.length; index++) {
    const pixel = pixels[index] ?? 0;
    bytes[at++] = (pixel >> 16) & 255;
    bytes[at++] = (pixel >> 8) & 255;
    bytes[at++] = pixel & 255;
  }
  return bytes;
}

/** Large areas of one colour, which is what paper is, pack well at a low level, and a page must not take long. */
const level = 4;

export function packed(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes, { level });
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export function pngOf({ width, height, channels, bits, bytes }: Samples): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, channels === 1 ? 0 : 2, 0, 0, 0], 8);
  const row = Math.ceil((width * channels * bits) / 8);
  const filtered = new Uint8Array((row + 1) * height);
  for (let line = 0; line < height; line++) filtered.set(bytes.subarray(line * row, (line + 1) * row), line * (row + 1) + 1);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", packed(filtered)), chunk("IEND", new Uint8Array())]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
