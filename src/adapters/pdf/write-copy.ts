// Writes the copy that may leave: pictures of pages and the words that remain, in a file made from nothing, with no date and no name in it.
import { giveBack } from "../give-back.ts";
import { type Samples, packed } from "./picture.ts";

interface CopyPage {
  /** Points. */
  readonly width: number;
  readonly height: number;
  readonly picture: Samples;
  /** Lines of words that remain, in reading order. */
  readonly lines: readonly (readonly string[])[];
}

export interface CopyWriter {
  /** The picture's bytes are used up. */
  add(page: CopyPage): void;
  /** Bytes so far. */
  size(): number;
  finish(): Uint8Array;
}

/** Object numbers that every copy has; pages follow with three each. */
const fixed = { catalog: 1, pages: 2, latinFont: 3, otherFont: 4, otherGlyphs: 5, glyphMetrics: 6, toUnicode: 7 } as const;
const firstPage = 8;
const perPage = 3;

export function copyWriter(): CopyWriter {
  const written = growingBytes();
  const offsets: number[] = [];
  let pages = 0;
  const write = (...parts: readonly (string | Uint8Array)[]): void => {
    for (const part of parts) written.add(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  };
  const object = (number: number, ...body: readonly (string | Uint8Array)[]): void => {
    offsets[number] = written.size();
    write(`${number} 0 obj\n`, ...body, "\nendobj\n");
  };
  const stream = (number: number, entries: string, data: Uint8Array): void =>
    object(number, `<< ${entries}/Filter /FlateDecode /Length ${data.length} >>\nstream\n`, data, "\nendstream");
  write("%PDF-1.7\n%", Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3), "\n");
  for (const [number, body] of fonts) object(number, body);
  stream(fixed.toUnicode, "", packed(Buffer.from(everyCodeIsItself, "latin1")));
  return {
    add: (page) => {
      const number = firstPage + pages++ * perPage;
      const [width, height] = [points(page.width), points(page.height)];
      const { picture } = page;
      object(
        number,
        `<< /Type /Page /Parent ${fixed.pages} 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${number + 1} 0 R\n`,
        `/Resources << /XObject << /I ${number + 2} 0 R >> /Font << /L ${fixed.latinFont} 0 R /O ${fixed.otherFont} 0 R >> >> >>`,
      );
      stream(number + 1, "", packed(Buffer.from(`q ${width} 0 0 ${height} 0 0 cm /I Do Q\n${textLayer(page)}`, "latin1")));
      const colours = picture.channels === 3 ? "/DeviceRGB" : "/DeviceGray";
      const entries = `/Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace ${colours} /BitsPerComponent ${picture.bits} `;
      stream(number + 2, entries, packed(picture.bytes));
      giveBack(picture.bytes);
    },
    size: written.size,
    finish: () => {
      const kids = Array.from({ length: pages }, (_, index) => `${firstPage + index * perPage} 0 R`).join(" ");
      object(fixed.pages, `<< /Type /Pages /Count ${pages} /Kids [${kids}] >>`);
      object(fixed.catalog, `<< /Type /Catalog /Pages ${fixed.pages} 0 R >>`);
      const table = written.size();
      const total = firstPage + pages * perPage;
      write(`xref\n0 ${total}\n0000000000 65535 f \n`);
      for (let number = 1; number < total; number++) write(`${String(offsets[number] ?? 0).padStart(10, "0")} 00000 n \n`);
      write(`trailer\n<< /Size ${total} /Root ${fixed.catalog} 0 R >>\nstartxref\n${table}\n%%EOF\n`);
      return written.finish();
    },
  };
}

const blockBytes = 1024 * 1024;

/** Copies what it is given: pieces that stay would keep the larger stretches alive that they were cut from. */
function growingBytes() {
  const blocks: Uint8Array[] = [];
  let size = 0;
  return {
    size: () => size,
    add: (bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length;) {
        const inBlock = size % blockBytes;
        if (inBlock === 0) blocks.push(new Uint8Array(blockBytes));
        const part = bytes.subarray(at, at + blockBytes - inBlock);
        blocks.at(-1)?.set(part, inBlock);
        at += part.length;
        size += part.length;
      }
    },
    /** Each block is let go when its bytes have their place: a copy of many pages is never held twice. */
    finish: (): Uint8Array => {
      const all = new Uint8Array(size);
      for (const [index, block] of blocks.entries()) {
        all.set(block.subarray(0, size - index * blockBytes), index * blockBytes);
        giveBack(block);
      }
      return all;
    },
  };
}

/** Both fonts give every letter the same width. The second has no glyphs of its own: its text is never painted, only found. */
const fonts: readonly (readonly [number, string])[] = [
  [fixed.latinFont, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"],
  [
    fixed.otherFont,
    `<< /Type /Font /Subtype /Type0 /BaseFont /Courier /Encoding /Identity-H /DescendantFonts [${fixed.otherGlyphs} 0 R] /ToUnicode ${fixed.toUnicode} 0 R >>`,
  ],
  [
    fixed.otherGlyphs,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Courier /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 600 /FontDescriptor ${fixed.glyphMetrics} 0 R >>`,
  ],
  [
    fixed.glyphMetrics,
    "<< /Type /FontDescriptor /FontName /Courier /Flags 5 /FontBBox [0 -250 600 800] /ItalicAngle 0 /Ascent 800 /Descent -250 /CapHeight 600 /StemV 80 >>",
  ],
];

/** Ranges may not cross a change of the first byte, and a block holds at most a hundred. */
const everyCodeIsItself = ((): string => {
  const byte = (value: number): string => value.toString(16).padStart(2, "0").toUpperCase();
  const ranges = Array.from({ length: 256 }, (_, high) => `<${byte(high)}00> <${byte(high)}FF> <${byte(high)}00>`);
  const blocks = [ranges.slice(0, 100), ranges.slice(100, 200), ranges.slice(200)];
  const listed = blocks.map((block) => `${block.length} beginbfrange\n${block.join("\n")}\nendbfrange\n`).join("");
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Itself def /CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n${listed}endcmap end end\n`;
})();

function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const letterWidth = 0.6;
const lineHeight = 1.2;
const margin = 0.05;
const fewestColumns = 80;

/**
 * The words on a grid of its own, not where they stood: the place of a word would tell how wide the gap beside it is. It is there to be
 * searched and read aloud, and is never painted.
 */
function textLayer(page: CopyPage): string {
  const grid = gridFor(page);
  const left = page.width * margin;
  const rows = grid.rows.map((row, index) => {
    const y = page.height * (1 - margin) - (index + 1) * grid.size * lineHeight;
    return `1 0 0 1 ${points4(left)} ${points4(y)} Tm ${row.map((part) => shown(part, grid.size)).join(" ")}\n`;
  });
  return rows.length === 0 ? "" : `BT 3 Tr\n${rows.join("")}ET\n`;
}

function points4(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}

interface Part {
  readonly font: "L" | "O";
  readonly text: string;
}

interface Grid {
  readonly size: number;
  readonly rows: readonly (readonly Part[])[];
}

/** As many columns as are needed so that all rows fit the page. */
function gridFor(page: CopyPage): Grid {
  const [width, height] = [page.width * (1 - 2 * margin), page.height * (1 - 2 * margin)];
  for (let columns = fewestColumns; ; columns = Math.ceil(columns * 1.25)) {
    const rows = page.lines.flatMap((line) => wrapped(line, columns));
    const size = Math.min(12, width / (columns * letterWidth), height / (Math.max(1, rows.length) * lineHeight));
    if (size >= width / (columns * letterWidth) || columns > 100_000 || size >= 12 || rows.length === page.lines.length)
      return { size: Math.min(size, 12), rows: rows.map(partsOf) };
  }
}

function wrapped(words: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of words.flatMap((each) => pieces(each, columns))) {
    if (row !== "" && row.length + 1 + word.length > columns) {
      rows.push(row);
      row = "";
    }
    row = row === "" ? word : `${row} ${word}`;
  }
  return row === "" ? rows : [...rows, row];
}

/** A word that is wider than the page is cut, or it would stand outside and be lost. */
function pieces(word: string, columns: number): string[] {
  return word.length <= columns ? [word] : (word.match(new RegExp(`.{1,${columns}}`, "gsu")) ?? []);
}

const latin = /^[\x20-\x7e\xa1-\xac\xae-\xff]*$/;

/** Words of one font together; the space between two belongs to the first. */
function partsOf(row: string): Part[] {
  const parts: { font: "L" | "O"; text: string }[] = [];
  for (const [index, word] of row.split(" ").entries()) {
    const font = latin.test(word) ? "L" : "O";
    const last = parts.at(-1);
    if (last !== undefined && index > 0) last.text += " ";
    if (last?.font === font) last.text += word;
    else parts.push({ font, text: word });
  }
  return parts;
}

function shown({ font, text }: Part, size: number): string {
  const written = font === "L" ? `(${text.replaceAll(/[\\()]/g, String.raw`\$&`)})` : `<${utf16(text)}>`;
  return `/${font} ${points4(size)} Tf ${written} Tj`;
}

/** Codes have two bytes; a sign that needs four has none here. */
function utf16(text: string): string {
  return [...text].map((sign) => (sign.length > 1 ? "FFFD" : sign.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase())).join("");
}
